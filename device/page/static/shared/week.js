// The hours of a week, as people read them.

import { dates, dayText, timeText } from "./locale.js";
import { say } from "./say.js";

const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const A_MONDAY = Date.UTC(2024, 0, 1, 12);
const A_DAY_MS = 86400000;
const ALL_DAY = "00:00-24:00";

export function dayName(day) {
  return new Date(A_MONDAY + DAYS.indexOf(day) * A_DAY_MS).toLocaleDateString(dates, { weekday: "short", timeZone: "UTC" });
}

// Each of the hours of a day, as the settings have them.
export const spansOf = (text) => text.split(",").map((each) => each.trim()).filter((each) => each);

export const spanText = (span) => span.split("-").map(timeText).join("–");

// The hours of a day.
export const spansText = (text) => spansOf(text).map(spanText).join(", ");

// Different hours, each with its days; days in a row stand together.
export function weekText(week) {
  if (week.length === 1 && week[0][0][0].length === 7 && week[0][1] === ALL_DAY) return say("always");
  return week.map(([rows, hours]) => `${rows.map(rowText).join(", ")} ${hours === ALL_DAY ? say("all day") : spansText(hours)}`).join("; ");
}

const rowText = (days) => (days.length === 7 ? say("every day") : days.length > 2 ? [days[0], days.at(-1)].map(dayName).join("–") : days.map(dayName).join(", "));

// A time such as "2026-03-02T09:00"; with its day unless that is today.
export function whenText(time, wall) {
  const [day, clock] = [time.slice(0, 10), timeText(time.slice(11, 16))];
  if (wall?.toISOString().startsWith(day)) return clock;
  const isNear = wall && new Date(`${day}T12:00Z`) - wall < 6 * A_DAY_MS && new Date(`${day}T12:00Z`) > wall;
  return `${dayText(day, isNear ? { weekday: "short" } : { day: "numeric", month: "short" })} ${clock}`;
}
