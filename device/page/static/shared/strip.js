// A day as a strip: when somebody sat, when nobody did, and what the device had to do with it.

import { drawn, element } from "./parts.js";
import { locale, many, say } from "./say.js";
import { spanText } from "./words.js";

// Room for half of the first and the last hour's number.
const LEFT = 8;

// The hours that all of these days fit into.
export function hoursOf(days, now) {
  const ends = days.flatMap((day) => day.seated.flat());
  if (now !== null) ends.push(now);
  if (!ends.length) return [8, 18];
  const [first, last] = [Math.floor(Math.min(...ends)), Math.ceil(Math.max(...ends))];
  return [first, Math.max(last, first + 4)];
}

// As wide as the place it is for, so that letters and signs are as large on a phone.
export function strip(day, [first, last], wide, { axis = false, now = null } = {}) {
  const x = (hour) => LEFT + ((hour - first) / (last - first)) * (wide - 2 * LEFT);
  const top = 14, high = axis ? 44 : 24, bottom = top + high;
  const made = drawn("svg", { class: "strip", role: "img", viewBox: `0 0 ${wide} ${bottom + (axis ? 26 : 4)}` });
  made.setAttribute("aria-label", day ? inWords(day) : say("Nobody sat."));
  const step = [1, 2, 3, 4, 6].find((each) => ((last - first) / each) * 34 < wide) ?? 12;
  for (let hour = first; hour <= last; hour += step) {
    made.append(drawn("line", { class: "hour", x1: x(hour), x2: x(hour), y1: top - 4, y2: bottom + 4 }));
    if (axis) made.append(drawn("text", { x: x(hour), y: bottom + 20, "text-anchor": "middle" }, `${hour % 24}`));
  }
  if (day) {
    const part = (what, [since, until], least) => {
      const width = Math.max(least, x(until) - x(since));
      return drawn("rect", { class: what, x: (x(since) + x(until) - width) / 2, width, y: top, height: high });
    };
    made.append(...day.seated.map((span) => part("seated", span, 1)));
    made.append(...day.doubtful.map(([since, until]) => hatching(x(since), x(until), top, bottom)));
    // Short as they are, it is the breaks that one looks for.
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

function inWords({ day, figures }) {
  const name = new Date(`${day}T12:00Z`).toLocaleDateString(locale, { weekday: "long", timeZone: "UTC" });
  const doubtful = figures.doubtful_s ? say(", {time} of it doubtful", { time: spanText(figures.doubtful_s) }) : "";
  return say("{day}: seated {seated}, longest {longest}, {breaks}.", {
    day: name,
    seated: `${spanText(figures.seated_s)}${doubtful}`,
    longest: spanText(figures.longest_s),
    breaks: many(figures.full_breaks, "{count} full break", "{count} full breaks"),
  });
}

const hatched = () => drawn("g", {}, drawn("rect", { class: "seated", width: 16, height: 16 }), hatching(0, 16, 0, 16));

// What its signs mean.
export function legend(days) {
  const icon = (...parts) => drawn("svg", { viewBox: "0 0 16 16", class: "strip", "aria-hidden": "true" }, ...parts);
  const signs = [
    [drawn("rect", { class: "seated", width: 16, height: 16 }), "seated"],
    ...(days.some((day) => day.doubtful.length) ? [[hatched(), "doubtful: perhaps a bag"]] : []),
    [drawn("rect", { class: "rest", width: 16, height: 16 }), "a full break"],
    [drawn("rect", { class: "away", width: 16, height: 16 }), "off the chair for less"],
    [drawn("path", { class: "due", d: "M2 2h12l-6 11z" }), "a break fell due"],
    [drawn("circle", { class: "sound", cx: 8, cy: 8, r: 4 }), "a reminder sounded"],
  ];
  return signs.map(([part, text]) => element("span", {}, icon(part), say(text)));
}
