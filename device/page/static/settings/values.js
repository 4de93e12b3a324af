// Values of settings: from the text of the settings file and back, as people write them, and whether they are allowed.

import { locale, say } from "../shared/say.js";
import { spansOf, spanText } from "../shared/week.js";

const UNITS_MS = { h: 3600000, min: 60000, m: 60000, s: 1000, ms: 1 };
const PART = /([0-9]{1,12}(?:\.[0-9]{1,12})?)\s*(h|min|ms|m|s)/g;
const DURATION = new RegExp(`^\\s*(?:${PART.source}\\s*)+$`);
const HOURS = /^([01][0-9]|2[0-3]):[0-5][0-9]-([01][0-9]|2[0-3]):[0-5][0-9]$/;
const SPAN = /^([01][0-9]|2[0-3]):[0-5][0-9]-(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$/;
const A_DAY_MIN = 24 * 60;
const LISTS = ["choices", "days", "list", "names", "durations"];

export const isList = ({ kind }) => LISTS.includes(kind);

// A value from its text in the settings file.
export function read(text) {
  if (/^0x[0-9a-f]+$/i.test(text)) return parseInt(text, 16);
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

// How long it is, as written by a person or in the file; NaN if it says no time.
export function milliseconds(text) {
  const plain = `${text}`.replace(/([0-9]),([0-9])/g, "$1.$2");
  if (!DURATION.test(plain)) return NaN;
  return Math.round([...plain.matchAll(PART)].reduce((sum, [, number, unit]) => sum + number * UNITS_MS[unit], 0));
}

// As people write it: 90 min, 2 h, 2.5 s.
export function durationText(ms) {
  if (ms && ms % UNITS_MS.h === 0) return `${ms / UNITS_MS.h} h`;
  if (ms && ms % UNITS_MS.min === 0) return `${ms / UNITS_MS.min} min`;
  if (ms && ms < 1000) return `${ms} ms`;
  return `${(ms / 1000).toLocaleString(locale, { maximumFractionDigits: 3, useGrouping: false })} s`;
}

const address = (number) => `0x${number.toString(16).toUpperCase().padStart(2, "0")}`;

// What stands in a field of text for a value.
export function written({ kind }, value) {
  if (kind === "duration") return durationText(milliseconds(value));
  if (kind === "durations") return value.map((each) => durationText(milliseconds(each))).join(", ");
  if (kind === "address") return address(value);
  if (kind === "number") return value.toLocaleString(locale, { maximumFractionDigits: 3 });
  if (kind === "list" || kind === "names") return value.join(", ");
  return `${value}`;
}

// The value of what somebody has typed. An error has a line that says what is wrong.
export function typed(row, text) {
  const plain = text.trim();
  if (row.kind === "duration") return lasting(row, plain);
  if (row.kind === "durations") return times(row, plain);
  if (row.kind === "address") return number(row, /^0x[0-9a-f]{1,2}$/i.test(plain) ? parseInt(plain, 16) : NaN, address);
  if (row.kind === "whole") return number(row, /^-?[0-9]{1,9}$/.test(plain) ? Number(plain) : NaN, String);
  if (row.kind === "number") return number(row, plain === "" ? NaN : Number(plain.replace(",", ".")), (each) => written(row, each));
  if (row.kind === "hours") return hours(plain);
  if (row.kind === "spans") return spans(plain);
  if (row.kind === "names") return names(plain);
  return plain;
}

function lasting({ low, high }, text) {
  const ms = milliseconds(text);
  const bounds = { low: durationText(low * 1000), high: durationText(high * 1000) };
  if (/^[0-9.,]+$/.test(text)) throw new Error(say("Add a unit, as in 90 min, 2 h or 30 s."));
  if (Number.isNaN(ms)) throw new Error(say("Write it as 90 min, 2 h or 30 s."));
  if (ms < low * 1000 || ms > high * 1000) throw new Error(say("Allowed: {low} to {high}.", bounds));
  return inFile(ms);
}

// As the file has it: without a space, and with a point.
const inFile = (ms) => (ms % 1000 || ms === 0 ? `${ms / 1000}s` : durationText(ms).replace(/\s/g, ""));

function times(row, text) {
  // A comma behind a unit parts two times, one between digits is a decimal mark.
  const parts = text.split(/(?<=[a-z\s])[,;]\s*/i).filter((each) => each.trim());
  const all = parts.map((each) => lasting(row, each));
  const ms = all.map(milliseconds);
  const rises = ms.every((each, nth) => nth === 0 || each - ms[nth - 1] >= 120000);
  if (all.length > 4) throw new Error(say("At most 4 times."));
  if (!rises) throw new Error(say("Each must be 2 min or more after the one before."));
  return all;
}

function number({ low, high }, value, shown) {
  if (Number.isNaN(value)) throw new Error(say("Write a number from {low} to {high}.", { low: shown(low), high: shown(high) }));
  if (value < low || value > high) throw new Error(say("Allowed: {low} to {high}.", { low: shown(low), high: shown(high) }));
  return value;
}

function hours(text) {
  if (text === "") return text;
  if (!HOURS.test(text)) throw new Error(say("Choose both times."));
  if (text.slice(0, 5) === text.slice(6)) throw new Error(say("Choose two different times."));
  return text;
}

// The hours of a day, in the order in which they come. Only the last may go past midnight.
function spans(text) {
  const all = spansOf(text).sort();
  if (!all.every((each) => SPAN.test(each))) throw new Error(say("Choose both times."));
  const minutes = all.map((each) => [minute(each.slice(0, 5)), minute(each.slice(6))]);
  minutes.forEach(([opens, closes], nth) => {
    if (opens === closes) throw new Error(say("Choose two different times."));
    const ends = closes > opens ? closes : closes + A_DAY_MIN;
    if (ends > (minutes[nth + 1]?.[0] ?? Infinity)) throw new Error(say("{one} and {other} overlap.", { one: spanText(all[nth]), other: spanText(all[nth + 1]) }));
  });
  return all.join(", ");
}

const minute = (time) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));

function names(text) {
  const all = text.split(",").map((each) => each.trim().replace(/\s+/g, " ")).filter((each) => each);
  const different = new Set(all.map((each) => each.toLowerCase())).size === all.length;
  if (all.length === 1 || all.length > 8) throw new Error(say("Write 2 to 8 names with commas between, or none."));
  if (all.some((each) => each.length > 12)) throw new Error(say("At most 12 letters each."));
  if (!different) throw new Error(say("Each name only once."));
  return all;
}

// Whether two values mean the same.
export function same(row, one, other) {
  if (row.kind === "duration") return milliseconds(one) === milliseconds(other);
  if (row.kind === "durations") return one.length === other.length && one.every((each, nth) => milliseconds(each) === milliseconds(other[nth]));
  if (row.kind === "spans") return `${spansOf(one)}` === `${spansOf(other)}`;
  // The first name is the one who sits while nobody has said so.
  if (row.kind === "names") return JSON.stringify(one) === JSON.stringify(other);
  if (isList(row)) return one.length === other.length && one.every((each) => other.includes(each));
  return one === other;
}

// What is allowed, in words.
export function bounds(row) {
  const { kind, low, high } = row;
  if (kind === "duration") return say("{low} to {high}", { low: durationText(low * 1000), high: durationText(high * 1000) });
  if (["whole", "number", "address", "slider"].includes(kind)) return say("{low} to {high}", { low: written(row, low), high: written(row, high) });
  if (kind === "durations") return say("up to 4 times, each 2 min or more after the one before");
  return "";
}

// Of rules that don't hold: the keys of both durations, and a line that says what to do.
export function contradictions(rules, rows, valueOf) {
  const said = [];
  for (const { key, other, why, strictly, only_with: onlyWith } of rules) {
    const needs = onlyWith && valueOf(onlyWith);
    if (onlyWith && (Array.isArray(needs) ? !needs.length : milliseconds(needs) === 0)) continue;
    const [first, second] = [key, other].map((each) => milliseconds(valueOf(each)));
    // A device of another version may lack one of them.
    if (Number.isNaN(first + second) || (strictly ? first > second : first >= second)) continue;
    const names = { name: rows.get(key).name, other: rows.get(other).name, first: durationText(first), least: durationText(second), why };
    const must = strictly
      ? say("“{name}” ({first}) must be longer than “{other}” ({least}): {why}. Make it longer, or “{other}” shorter.", names)
      : say("“{name}” ({first}) can't be shorter than “{other}” ({least}): {why}. Make it longer, or “{other}” shorter.", names);
    said.push({ keys: [key, other], says: must });
  }
  return said;
}
