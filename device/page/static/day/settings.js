// The settings in force: what has been changed first, then all of them in their groups, each with what it is for.

import { $, element } from "../shared/parts.js";
import { locale, say } from "../shared/say.js";
import { localFields } from "../shared/words.js";

// A word or a time needs no quotes to be told from a number; what is empty or in a list keeps them.
const plain = (value) => value.match(/^"(\w[^"\\]*)"$/)?.[1] ?? value;

// `lines` are those of the device, `known` what each key is for and what it is by default.
export function showSettings(lines, known) {
  const all = new Map(lines.map((line) => line.split(/=(.*)/s)));
  const changed = known.filter(({ key, ...each }) => all.has(key) && all.get(key) !== each.default);
  $("no-settings").hidden = true;
  $("all-settings").hidden = false;
  $("unchanged").hidden = changed.length > 0;
  const found = ofCalibration(all);
  const rows = changed.filter(({ key }) => !found.includes(key)).map((each) => row(each, all.get(each.key), true));
  $("changed").replaceChildren(...rows, ...(found.length ? [calibratedRow(plain(all.get("seat.calibrated")))] : []));
  // One that this page doesn't know, since the device is newer, is shown all the same.
  const strange = [...all.keys()].filter((key) => !known.some((each) => each.key === key)).map((key) => ({ key, doc: "" }));
  $("settings").replaceChildren(...[...known, ...strange].map((each) => (each.key.includes(".") ? all.has(each.key) && row(each, all.get(each.key)) : group(each))).filter(Boolean));
}

// The keys that a calibration has found: nobody has changed those. A threshold that it doesn't list was set by hand.
function ofCalibration(all) {
  if (!plain(all.get("seat.calibrated") ?? '""').match(/^\d/)) return [];
  const thresholds = JSON.parse(all.get("seat.follows") ?? "[]").map((each) => `seat.${each}`);
  return ["seat.empty", "seat.seated", "seat.calibrated", "seat.follows", ...thresholds];
}

function calibratedRow(when) {
  const date = localFields(when).toLocaleDateString(locale, { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
  return element("tr", {}, element("th", { scope: "row" }, say("The seat")), element("td", {}, say("calibrated on {date}", { date })));
}

function row({ key, doc, ...each }, value, withDefault = false) {
  const usual = withDefault ? [element("small", { class: "soft" }, say("default: {value}", { value: plain(each.default) }))] : [];
  return element("tr", {}, element("th", { scope: "row" }, element("code", {}, key), element("small", { class: "soft" }, doc)), element("td", {}, plain(value), ...usual));
}

function group({ key, doc }) {
  return element("tr", { class: "group" }, element("th", { scope: "rowgroup", colspan: 2 }, element("code", {}, key), element("small", {}, doc)));
}
