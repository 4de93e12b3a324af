// The days in figures: of one day, of the week as a table, and what was stretched.

import { dayText } from "../shared/locale.js";
import { $, element, setText } from "../shared/parts.js";
import { say } from "../shared/say.js";
import { capitalized } from "../shared/words.js";

export function showFigures(day) {
  $("figures").replaceChildren(
    ...(day?.lines ?? []).map(([name, value, more]) =>
      element("div", {}, element("dt", {}, capitalized(name)), element("dd", {}, value, element("small", { class: "soft" }, more)))),
  );
  $("about").hidden = !day?.about;
  $("taken-out").hidden = !day?.taken_out;
  setText("taken-out", day?.taken_out ?? "");
}

export function showTable({ columns, days }) {
  const head = [say("day"), ...columns].map((name) => element("th", { scope: "col" }, name));
  const rows = days.map((day) =>
    element("tr", {},
      element("th", { scope: "row" }, `${dayText(day.day, { weekday: "short" })} ${day.day}${day.about ? " ~" : ""}`),
      ...day.cells.map((cell) => element("td", {}, cell))));
  $("table").replaceChildren(element("thead", {}, element("tr", {}, ...head)), element("tbody", {}, ...rows));
}

export function showAreas(days) {
  const counts = {};
  for (const day of days) for (const [area, count] of Object.entries(day.areas)) counts[area] = (counts[area] ?? 0) + count;
  const most = Math.max(1, ...Object.values(counts));
  const rows = Object.entries(counts).sort((one, other) => other[1] - one[1]).flatMap(([area, count]) => {
    const bar = element("div", {});
    bar.style.width = `${(100 * count) / most}%`;
    return [element("span", {}, say(area)), element("div", { class: "bar", "aria-hidden": "true" }, bar), element("span", {}, `${count}`)];
  });
  $("areas").replaceChildren(...(rows.length ? rows : [element("p", { class: "soft" }, say("None."))]));
}
