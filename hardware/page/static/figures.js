// What the days came to, in figures: of one day, of the week as a table, and what was stretched.

import { $, element } from "./parts.js";
import { many, spanText } from "./words.js";

function figures({ figures: all, streak }) {
  return [
    ["Seated", spanText(all.seated_s), `${Math.round(all.share * 100)} % of the time from the first sitting to the last`],
    ...(all.doubtful_s ? [["Doubtful", spanText(all.doubtful_s), "hours without a lift, and nobody answered: perhaps a bag"]] : []),
    ["Longest bout", spanText(all.longest_s), `of ${many(all.bouts, "bout")}; ${all.over_60} of an hour or more`],
    ["Breaks", `${all.breaks}`, `${all.full_breaks} of them full`],
    ["Due", `${all.due}`, `${all.in_time} in time, ${all.late} late, ${all.not_taken} not taken`],
    ...(all.rose_after_s === null ? [] : [["Up after", spanText(all.rose_after_s), "from when it was due"]]),
    ["Reminders", `${all.sounds}`, notNow(all)],
    ["Stretches", `${all.stretches_done}`, "done to their end"],
    ["Days in a row", `${streak}`, "with every due break taken in time"],
  ];
}

function notNow({ snoozes, mutes }) {
  const parts = [];
  if (snoozes) parts.push(`put off ${times(snoozes)}`);
  if (mutes) parts.push(`muted ${times(mutes)}`);
  return parts.join(", ") || "never put off or muted";
}

const times = (count) => ["never", "once", "twice"][count] ?? many(count, "time");

export function showFigures(day) {
  const shown = day ? figures(day) : [];
  // What stands below stays where it is when somebody goes from day to day.
  $("figures").style.minHeight = day ? "" : `${$("figures").offsetHeight}px`;
  $("figures").replaceChildren(
    ...shown.map(([name, value, more]) =>
      element("div", {}, element("dt", {}, name), element("dd", {}, value, element("small", { class: "soft" }, more)))),
  );
  $("about").hidden = !day?.about;
}

const COLUMNS = [
  ["seated", (day) => spanText(day.figures.seated_s)],
  ["doubtful", (day) => (day.figures.doubtful_s ? spanText(day.figures.doubtful_s) : "")],
  ["share", (day) => `${Math.round(day.figures.share * 100)} %`],
  ["longest", (day) => spanText(day.figures.longest_s)],
  ["bouts", (day) => day.figures.bouts],
  ["breaks", (day) => day.figures.breaks],
  ["due", (day) => day.figures.due],
  ["in time", (day) => day.figures.in_time],
  ["late", (day) => day.figures.late],
  ["not taken", (day) => day.figures.not_taken],
  ["stretches", (day) => day.figures.stretches_done],
  ["days in a row", (day) => day.streak],
];

export function showTable(days) {
  const columns = COLUMNS.filter(([name]) => name !== "doubtful" || days.some((day) => day.figures.doubtful_s));
  const head = ["day", ...columns.map(([name]) => name)].map((name) => element("th", { scope: "col" }, name));
  const rows = days.map((day) =>
    element("tr", {},
      element("th", { scope: "row" }, `${day.name.slice(0, 3)} ${day.day}${day.about ? " ~" : ""}`),
      ...columns.map(([, cell]) => element("td", {}, `${cell(day)}`))));
  $("table").replaceChildren(element("thead", {}, element("tr", {}, ...head)), element("tbody", {}, ...rows));
}

export function showAreas(days) {
  const counts = {};
  for (const day of days) for (const [area, count] of Object.entries(day.areas)) counts[area] = (counts[area] ?? 0) + count;
  const most = Math.max(1, ...Object.values(counts));
  const rows = Object.entries(counts).sort((one, other) => other[1] - one[1]).flatMap(([area, count]) => {
    const bar = element("div", {});
    bar.style.width = `${(100 * count) / most}%`;
    return [element("span", {}, area), element("div", { class: "bar", "aria-hidden": "true" }, bar), element("span", {}, `${count}`)];
  });
  $("areas").replaceChildren(...(rows.length ? rows : [element("p", { class: "soft" }, "None.")]));
}
