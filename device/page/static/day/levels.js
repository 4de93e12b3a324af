// What an analog seat read on a day, below the strip of that day and as wide.

import { $, drawn } from "../shared/parts.js";
import { locale, say } from "../shared/say.js";
import { acrossHours } from "../shared/strip.js";
import { answered } from "../talking/answered.js";

const HIGH = 64, TOP = 6, BOTTOM = 4;
const GAP = 1e-6; // Slots that touch, but for rounding.

let told = { day: null, curve: [], slot: 0 };
let wanted = null;

// What was read on that day, if anything. It is asked for anew only where `fresh`.
export async function showLevels(day, hours, fresh) {
  wanted = day;
  if (day !== told.day || fresh) {
    const answer = day ? await answered(`/levels.json?day=${day}`) : { curve: [], slot: 0 };
    // The user may have gone to another day meanwhile.
    if (day !== wanted) return;
    told = { day, ...answer };
  }
  drawLevels(told, hours);
}

function drawLevels({ curve, slot }, hours) {
  const shown = curve.filter(([at]) => at + slot > hours[0] && at < hours[1]);
  $("levels").hidden = !shown.length;
  if (!shown.length) return;
  const wide = $("level-curve").clientWidth, x = acrossHours(hours, wide);
  const [least, most] = [Math.min(...shown.map(([, low]) => low)), Math.max(...shown.map(([, , high]) => high))];
  const top = Math.max(0.1, Math.ceil(most * 10 - GAP) / 10);
  const y = (level) => TOP + (HIGH - TOP - BOTTOM) * (1 - level / top);
  const made = drawn("svg", { class: "strip", role: "img", viewBox: `0 0 ${wide} ${HIGH}` });
  made.setAttribute("aria-label", say("Level of the sensor: {low} to {high}", { low: text(least), high: text(most) }));
  for (const level of [0, top]) made.append(drawn("line", { class: "hour", x1: x(hours[0]), x2: x(hours[1]), y1: y(level), y2: y(level) }));
  for (const run of runsOf(shown, slot)) {
    const ends = run.map(([at, low, high]) => [x(Math.max(at, hours[0])), x(Math.min(at + slot, hours[1])), y(low), y(high)]);
    const [first, last] = [ends[0][0], ends.at(-1)[1]];
    made.append(drawn("path", { class: "below", d: `M${first} ${y(0)}${ends.map(([l, r, low]) => `L${l} ${low}L${r} ${low}`).join("")}L${last} ${y(0)}Z` }));
    const above = ends.map(([l, r, , high]) => `L${l} ${high}L${r} ${high}`).join("");
    const under = ends.toReversed().map(([l, r, low]) => `L${r} ${low}L${l} ${low}`).join("");
    made.append(drawn("path", { class: "between", d: `M${first} ${ends[0][3]}${above}${under}Z` }));
  }
  made.append(drawn("text", { x: x(hours[0]) + 3, y: y(top) + 12 }, text(top)));
  $("level-curve").replaceChildren(made);
}

// Nothing is drawn where nothing was read.
function runsOf(curve, slot) {
  const runs = [];
  for (const each of curve) {
    const before = runs.at(-1)?.at(-1);
    if (before && each[0] - before[0] < slot + slot / 2) runs.at(-1).push(each);
    else runs.push([each]);
  }
  return runs;
}

const text = (level) => level.toLocaleString(locale, { maximumFractionDigits: 2 });
