// The days in figures: of one day, of the week as a table, and what was stretched.

import { $, element, setText } from "../shared/parts.js";
import { locale, many, say } from "../shared/say.js";
import { spanText } from "../shared/words.js";

function figures({ figures: all, streak }) {
  return [
    [say("Seated"), spanText(all.seated_s), say("{share} % of the time from the first sitting to the last", { share: Math.round(all.share * 100) })],
    ...(all.doubtful_s ? [[say("Doubtful"), spanText(all.doubtful_s), say("long without a lift, and nobody answered: perhaps a bag")]] : []),
    [say("Longest bout"), spanText(all.longest_s), say("of {bouts}; {long} of an hour or more", { bouts: many(all.bouts, "{count} bout", "{count} bouts"), long: all.over_60 })],
    [say("Breaks"), `${all.breaks}`, say("{count} of them full", { count: all.full_breaks })],
    [say("Due"), `${all.due}`, say("{in_time} in time, {late} late, {not_taken} not taken", all)],
    ...(all.rose_after_s === null ? [] : [[say("Up after"), spanText(all.rose_after_s), say("from when it was due")]]),
    [say("Reminders"), `${all.sounds}`, notNow(all)],
    [say("Stretches"), `${all.stretches_done}`, say("done to their end")],
    [say("Days in a row"), `${streak}`, say("with every due break taken in time")],
  ];
}

function notNow({ snoozes, mutes }) {
  const parts = [];
  if (snoozes) parts.push(many(snoozes, "put off once", "put off {count} times"));
  if (mutes) parts.push(many(mutes, "muted once", "muted {count} times"));
  return parts.join(", ") || say("never put off or muted");
}

export function showFigures(day) {
  const shown = day ? figures(day) : [];
  $("figures").replaceChildren(
    ...shown.map(([name, value, more]) =>
      element("div", {}, element("dt", {}, name), element("dd", {}, value, element("small", { class: "soft" }, more)))),
  );
  $("about").hidden = !day?.about;
  $("taken-out").hidden = !day?.forgotten;
  if (day?.forgotten) setText("taken-out", many(day.forgotten, "{count} bout that was not you is in no figure.", "{count} bouts that were not you are in no figure."));
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
  const head = ["day", ...columns.map(([name]) => name)].map((name) => element("th", { scope: "col" }, say(name)));
  const rows = days.map((day) =>
    element("tr", {},
      element("th", { scope: "row" }, `${weekday(day.day)} ${day.day}${day.about ? " ~" : ""}`),
      ...columns.map(([, cell]) => element("td", {}, `${cell(day)}`))));
  $("table").replaceChildren(element("thead", {}, element("tr", {}, ...head)), element("tbody", {}, ...rows));
}

const weekday = (day) => new Date(`${day}T12:00Z`).toLocaleDateString(locale, { weekday: "short", timeZone: "UTC" });

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
