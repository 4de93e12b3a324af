// A day as a strip: when somebody sat, when nobody did, and what the device had to do with it.

import { dayText, hourText, isTwelve } from "./locale.js";
import { drawn, element } from "./parts.js";
import { say } from "./say.js";

// Room for half of the first and the last hour's number.
const LEFT = isTwelve ? 20 : 8;

const LEAST_HOURS = 4;

// An hour's name, and a little room.
const HOUR_WIDE = isTwelve ? 52 : 34;

// `hours` of a day or of several, wide enough to be looked at, with room for the present hour.
export function reaching([first, last], now = null) {
  const begins = now === null ? first : Math.min(first, Math.floor(now));
  const ends = now === null ? last : Math.max(last, Math.ceil(now));
  return [begins, Math.max(ends, begins + LEAST_HOURS)];
}

// Where an hour is on a strip of that width.
export const acrossHours = ([first, last], wide) => (hour) => LEFT + ((hour - first) / (last - first)) * (wide - 2 * LEFT);

// As wide as its place, so that letters and signs are as large on a phone as elsewhere.
export function strip(day, [first, last], wide, { axis = false, now = null } = {}) {
  const x = acrossHours([first, last], wide);
  const top = 14, high = axis ? 44 : 24, bottom = top + high;
  const made = drawn("svg", { class: "strip", role: "img", viewBox: `0 0 ${wide} ${bottom + (axis ? 26 : 4)}` });
  made.setAttribute("aria-label", day ? `${dayText(day.day, { weekday: "long" })}: ${day.in_words}.` : say("Nobody sat."));
  const step = [1, 2, 3, 4, 6].find((each) => ((last - first) / each) * HOUR_WIDE < wide) ?? 12;
  for (let hour = first; hour <= last; hour += step) {
    made.append(drawn("line", { class: "hour", x1: x(hour), x2: x(hour), y1: top - 4, y2: bottom + 4 }));
    if (axis) made.append(drawn("text", { x: x(hour), y: bottom + 20, "text-anchor": "middle" }, hourText(hour)));
  }
  if (day) {
    const part = (what, [since, until], least) => {
      const width = Math.max(least, x(until) - x(since));
      return drawn("rect", { class: what, x: (x(since) + x(until) - width) / 2, width, y: top, height: high });
    };
    made.append(...day.seated.map((span) => part("seated", span, 1)));
    made.append(...day.doubtful.map(([since, until]) => hatching(x(since), x(until), top, bottom)));
    // Breaks are short, but they are what people look for.
    made.append(...day.gaps.map((gap) => (gap[2] ? part("rest", gap, 3) : part("away", gap, 1))));
    for (const [at, what] of day.moments) made.append(...sign(what, x(at), bottom));
  }
  if (now !== null) made.append(drawn("line", { class: "now", x1: x(now), x2: x(now), y1: 2, y2: bottom + 8, "stroke-width": 2, "stroke-dasharray": "4 3" }));
  return made;
}

// Slanted lines from edge to edge.
function hatching(left, right, top, bottom) {
  const lines = [];
  for (let x = left - (bottom - top); x < right; x += 6) {
    const [from, to] = [Math.max(x, left), Math.min(x + bottom - top, right)];
    lines.push(`M${from} ${bottom - (from - x)}L${to} ${bottom - (to - x)}`);
  }
  return drawn("path", { class: "doubtful", d: lines.join("") });
}

function sign(what, x, bottom) {
  if (what === "due") return [drawn("path", { class: "due", d: `M${x - 6} 1h12l-6 11z` })];
  if (what === "sound") return [drawn("circle", { class: "sound", cx: x, cy: bottom - 6, r: 3 })];
  return [];
}

const hatched = () => drawn("g", {}, drawn("rect", { class: "seated", width: 16, height: 16 }), hatching(0, 16, 0, 16));

const SIGNS = {
  seated: () => drawn("rect", { class: "seated", width: 16, height: 16 }),
  doubtful: hatched,
  away: () => drawn("rect", { class: "away", width: 16, height: 16 }),
  full_break: () => drawn("rect", { class: "rest", width: 16, height: 16 }),
  due: () => drawn("path", { class: "due", d: "M2 2h12l-6 11z" }),
  sound: () => drawn("circle", { class: "sound", cx: 8, cy: 8, r: 4 }),
};

// What these signs mean.
export function legend(signs) {
  const icon = (part) => drawn("svg", { viewBox: "0 0 16 16", class: "strip", "aria-hidden": "true" }, part);
  return signs.map(([sign, means]) => element("span", {}, icon(SIGNS[sign]()), means));
}
