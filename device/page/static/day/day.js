// The day page: what is going on, and the days in figures.

import { dayAfter, dayParts, dayText, weekEnd } from "../shared/locale.js";
import { $, element, fillBar, fillChoice, setText, trouble } from "../shared/parts.js";
import { say } from "../shared/say.js";
import { legend, reaching, strip } from "../shared/strip.js";
import { capitalized, measure, nextText, quietText, remindersText, seatText } from "../shared/words.js";
import { answered } from "../talking/answered.js";
import { hand } from "../talking/hands.js";
import { Live } from "../talking/live.js";
import { awayUntil, offerAway } from "./away.js";
import { showAreas, showFigures, showTable } from "./figures.js";
import { showLevels } from "./levels.js";
import { offerNotMe } from "./notme.js";
import { offerOrders, showOrders } from "./now.js";
import { offerSuggestion, showSuggestion } from "./office.js";
import { followInPlace, keepingFocus } from "./turning.js";
import { hideWeek, offerWeek, showWeek as showWeekNow } from "./week.js";

const OFTEN_MS = 60000;
const live = new Live();
const asked = (name) => new URLSearchParams(location.search).get(name);

// ---- now

live.on("desk", ({ title }) => ($("back").hidden = !title));
$("back").onclick = () => hand("play", false);

live.on("link", ({ up, why, silent }) => {
  trouble("link", why ? `${capitalized(why)}. ${say("This page tries again by itself.")}` : "");
  if (up) return tick();
  showOrders();
  const says = quietText(silent, live.wall);
  sayNothingButThat(`${says} ${say("What it has written down is below.")}`);
});

function sayNothingButThat(text) {
  setText("state", text);
  saySeat("");
  for (const id of ["next", "sitting", "screen"]) setText(id, "");
  $("bar").hidden = true;
  showSuggestion({}, false);
  hideWeek();
}

function saySeat(text) {
  setText("seat-says", text);
  $("seat-says").hidden = !text;
}

live.on("settings", ({ confirm_by: by }) => {
  trouble("keep", (by ?? null) === null ? "" : say("The wiring has been changed. Say in the settings that it works, or the old one returns by itself."));
});
live.on("standing", tick);
live.on("time", tick);
live.on("screen", tick);
live.on("desk", tick);

function tick() {
  const takes = showOrders();
  const { standing, desk, time, screen } = live.latest;
  showSuggestion(standing ?? {}, takes);
  if (!standing || !time || live.lostAt) return;
  if (desk?.title) return sayNothingButThat(say("The desk plays a recorded day, not one of yours."));
  if (desk && !desk.power) return sayNothingButThat(say("It has no power."));
  if (desk?.calibration?.on) return sayNothingButThat(say("Its seat is being calibrated: nothing is counted meanwhile."));
  $("bar").hidden = false;
  setText("state", capitalized(`${standing.says}.`));
  setText("next", nextText(standing, live.at));
  saySeat(seatTroubleText(standing));
  const { name, text } = measure(standing, live.at);
  setText("sitting", `${standing.rested ? text : `${name}: ${text}`}. ${say("Reminders")}: ${remindersText(standing, live.wall, live.at)}.`);
  setText("screen", screen?.says ? say("On the panel: {text}", { text: screen.says }) : say("The panel is dark."));
  showWeekNow(standing, live.wall, takes);
  fillBar(standing, live.at);
}

function seatTroubleText(standing) {
  const text = seatText(standing);
  return standing.seat === "uncalibrated" ? `${text} ${say("Calibrate it on the page of the seat.")}` : text;
}

setInterval(tick, 1000);
offerOrders(live);
offerAway();
offerSuggestion();
offerWeek(live, tick);

// ---- days

let shown = null;

// Whether somebody was away that day.
const isAway = (date) => (shown.aways ?? []).some(([first, last]) => first <= date && date <= last);
let coming = { at: Infinity };

// One timer for everything that shows the days again: the soonest wins, and then the minute starts again.
function showDaysIn(ms) {
  const at = performance.now() + ms;
  if (at >= coming.at) return;
  clearTimeout(coming.timer);
  coming = { at, timer: setTimeout(showDaysNow, ms) };
}

function showDaysNow() {
  coming.at = Infinity;
  showDaysIn(OFTEN_MS);
  showDays().then(() => trouble("days", shown?.trouble ?? ""), (error) => trouble("days", error.message));
}


function nowHour(today) {
  const wall = live.wall;
  if (live.latest.desk?.title) return null;
  return wall && wall.toISOString().startsWith(today) ? wall.getUTCHours() + wall.getUTCMinutes() / 60 + wall.getUTCSeconds() / 3600 : null;
}

async function showDays() {
  const [last, address, whose] = [asked("last"), location.search, $("whose-days").value];
  try {
    const wishes = new URLSearchParams({ ...(last && { last }), ...(whose && { person: whose }) });
    const days = await answered(`/days.json${wishes.size ? `?${wishes}` : ""}`);
    // The user may have gone to another week or person meanwhile.
    if (address !== location.search || whose !== $("whose-days").value) return;
    shown = days;
  } catch (error) {
    if (address !== location.search) return;
    // A wrong address still leads on.
    if (!last || shown) throw error;
    showWeeks(false);
    $("levels").hidden = true;
    $("day-strip").replaceChildren(element("p", {}, `${say("There is no such week:")} ${error.message}. `, element("a", { href: "/day" }, say("Today"))));
    return;
  }
  draw({ fresh: true });
}

followInPlace(document.querySelector("main"), () => {
  // All days of the same week are here already.
  if (shown && (asked("last") ?? shown.today) === shown.last) draw();
  showDaysIn(0);
});

// A week that doesn't exist has nothing to show.
function showWeeks(areThere) {
  for (const each of [$("week-card"), $("areas").parentElement]) each.hidden = !areThere;
  $("day-strip").classList.toggle("empty", !areThere);
}

function datesOf({ first, last }) {
  const dates = [];
  for (let date = first; date <= last; date = dayAfter(date, 1)) dates.push(date);
  return dates;
}

// Whose figures are shown. A week in which one person sat has nothing to choose, unless somebody has chosen.
function showWhose({ persons = [] }) {
  const { value } = $("whose-days");
  $("whose").hidden = !persons.length && !value;
  fillChoice($("whose-days"), ["", ...new Set([...persons, ...(value ? [value] : [])])], (name) => name || say("everybody"));
}

$("whose-days").onchange = () => showDaysIn(0);

function draw({ fresh = false } = {}) {
  const { today, first, last, days } = shown;
  // What happened on a day of another week isn't known here.
  const chosen = datesOf(shown).includes(asked("day")) ? asked("day") : last;
  awayUntil(today);
  showWeeks(true);
  showWhose(shown);
  const day = days.find((each) => each.day === chosen) ?? null;
  const now = chosen === today ? nowHour(today) : null;
  setText("day-heading", chosen === today ? say("Today") : dayText(chosen, { weekday: "long", day: "numeric", month: "long", year: "numeric" }));
  $("day-strip").classList.toggle("empty", !day);
  const wide = $("day-strip").clientWidth;
  $("day-strip").replaceChildren(day ? strip(day, reaching(day.hours, now), wide, { axis: true, now }) : element("p", { class: "soft" }, nothingOn(chosen, today)));
  showLevels(day && chosen, day ? reaching(day.hours, now) : null, fresh).then(() => trouble("levels", ""), (error) => trouble("levels", error.message));
  $("legend").hidden = !days.length;
  $("legend").replaceChildren(...legend(shown.signs));
  showFigures(day);
  // A day of which everything was deleted says so, too.
  $("not-me").hidden = !day && !$("not-me").open;
  offerNotMe(chosen, !!day, showDays);
  keepingFocus($("week-card"), () => showWeek(days, first, last, chosen, today));
  showTable(shown);
  showAreas(days);
}

function nothingOn(day, today) {
  if (isAway(day)) return say("Away.");
  return say(day === today ? "Nobody has sat yet. Sit down, and it appears here." : "Nothing was noted.");
}

function showWeek(days, first, last, chosen, today) {
  const hours = reaching(shown.hours);
  const rows = [];
  for (const date of datesOf({ first, last })) {
    const day = days.find((each) => each.day === date) ?? null;
    const name = dayText(date, { weekday: "short", day: "numeric" });
    const link = element("a", { href: `/day?last=${last}&day=${date}`, "aria-current": date === chosen ? "date" : null }, name);
    rows.push([link, day, date]);
  }
  const made = rows.map(([link, day, date]) => element("div", { class: "week-day" }, link, element("div", {}), seatedOn(day, date)));
  const axis = element("div", { class: "week-day scale" }, element("span", {}), element("div", {}), element("span", {}));
  $("week").replaceChildren(...made, axis);
  $("week").classList.toggle("empty", !days.length);
  const wide = axis.children[1].clientWidth;
  made.forEach((row, nth) => row.children[1].append(strip(rows[nth][1], hours, wide)));
  const scale = strip(null, hours, wide, { axis: true });
  scale.setAttribute("viewBox", `0 62 ${wide} 22`);
  scale.setAttribute("aria-hidden", "true");
  axis.children[1].append(scale);
  const span = spanOfDays(first, last);
  setText("week-heading", last === today ? say("The last seven days") : span);
  setText("areas-heading", last === today ? say("Stretches done in the last seven days") : say("Stretches done {span}", { span }));
  const next = weekEnd(dayAfter(last, 1));
  $("earlier").href = `/day?last=${weekEnd(dayAfter(first, -1))}`;
  $("later").href = `/day?last=${next < today ? next : today}`;
  $("later").hidden = last >= today;
}

function spanOfDays(first, last) {
  return say("{first} to {last}", { first: firstOf(first, last), last: dayText(last, { day: "numeric", month: "short", year: "numeric" }) });
}

// Without its month, if that is the same and comes after the day; with a dot in languages that put one there.
function firstOf(first, last) {
  const parts = dayParts(first, { day: "numeric", month: "short" });
  const at = parts.findIndex(({ type }) => type === "day");
  if (first.slice(0, 7) !== last.slice(0, 7) || at > parts.findIndex(({ type }) => type === "month")) return dayText(first, { day: "numeric", month: "short" });
  return `${parts[at].value}${(parts[at + 1]?.value ?? "").trim()}`;
}

function seatedOn(day, date) {
  const away = isAway(date) ? element("small", { class: "soft" }, say("away")) : "";
  if (day) return element("span", {}, day.sat, away && " ", away);
  if (away) return away;
  return element("span", { class: "soft" }, element("span", { "aria-hidden": "true" }, "–"), element("span", { class: "hidden-text" }, say("nobody sat")));
}

let resized = null;
addEventListener("resize", () => {
  clearTimeout(resized);
  resized = setTimeout(() => shown && draw(), 150);
});

// ---- begin

live.open();
// What the device says first tells which day it is; without one, the page's own computer does.
showDaysIn(700);
let isToldTime = false;
live.on("time", () => {
  if (!isToldTime) showDaysIn(0);
  isToldTime = true;
});

// A fact changes the picture soon; without one it changes each minute.
live.on("fact", () => showDaysIn(1500));
