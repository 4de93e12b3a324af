// The calibration of the seat: what the person is asked for, what the sensor read, and how it ended.

import { $, element, setText } from "../shared/parts.js";
import { say } from "../shared/say.js";
import { capitalized } from "../shared/words.js";
import { part } from "./level.js";

// In the order in which they are asked for. At the virtual desk a button does what is asked; a person says that they do.
const STEPS = {
  empty: { please: () => say("Leave the chair empty, with nothing on it."), does: () => say("Leave it empty"), done: () => say("It is empty") },
  sit: { please: () => say("Sit down as you usually do."), does: () => say("Sit down"), done: () => say("I sit") },
  left: { please: () => say("Lean left, and stay so."), does: () => say("Lean left"), done: () => say("I lean left") },
  right: { please: () => say("Lean right, and stay so."), does: () => say("Lean right"), done: () => say("I lean right") },
  forward: { please: () => say("Lean forward, over the desk, and stay so."), does: () => say("Lean forward"), done: () => say("I lean forward") },
  rise: { please: () => say("Get up, and leave the chair alone."), does: () => say("Get up"), done: () => say("It is empty again") },
};
const IN_ORDER = Object.keys(STEPS);

let isBegunHere = false;
let asked = null; // The latest that was told.
let listed = ""; // What the list shows.
let byPerson = false; // A real person sits and leans.

export const isCalibrating = (desk) => !!desk?.calibration?.on;

export function showCalibration({ calibration, level, thresholds, title }, isReal = false) {
  asked = calibration;
  byPerson = isReal;
  const { on, step, again, why, fine, todo, spreads } = calibration ?? {};
  const isAsking = !!on && !!step;
  const focused = document.activeElement;
  $("calibrate").hidden = !!on || !!title;
  setText("calibrate", say(thresholds ? "Calibrate again" : "Calibrate the seat"));
  $("calibrate").classList.toggle("primary", level !== null && !thresholds);
  for (const each of ["asks", "there", "leave"]) $(each).hidden = !isAsking;
  if (!isAsking) $("there").classList.remove("primary");
  // Keeps the focus of the keyboard where it goes on.
  if (["calibrate", "there", "leave"].includes(focused.id) && focused.hidden) $(isAsking ? "there" : "calibrate").focus();
  if (isAsking) showSteps(step, spreads);
  if (isAsking && isBegunHere) bringIntoSight();
  if (again) setText("calibrated", `${capitalized(again)}.`);
  else setText("calibrated", why ? say(fine ? "Calibrated: {why}." : "Not calibrated: {why}.", { why }) : "");
  $("todo").replaceChildren(...(todo ?? []).map((each) => element("li", {}, each)));
  for (const each of $("level").querySelectorAll("b")) each.hidden ||= isAsking;
  showSpreads(isAsking ? spreads : {});
}

// Of several who look on, only the one who has begun is taken there.
export function beginHere(act) {
  isBegunHere = true;
  return act("calibrate", true);
}

function bringIntoSight() {
  isBegunHere = false;
  $("there").focus({ preventScroll: true });
  $("sensor").scrollIntoView({ block: "center" });
}

function showSteps(step, spreads) {
  sayStay(null);
  const told = JSON.stringify([step, spreads]);
  if (told === listed) return;
  listed = told;
  const items = IN_ORDER.map((each) => {
    const read = each in spreads ? rangeText(spreads[each]) : "";
    const text = each === step ? STEPS[each].please() : STEPS[each].does();
    return element("li", { "aria-current": each === step ? "step" : null, class: each in spreads ? "done" : null }, element("span", {}, text), element("small", {}, read));
  });
  $("asks").replaceChildren(...items);
}

function rangeText(range) {
  const [low, high] = range.map(part);
  return low === high ? low : say("{low} to {high}", { low, high });
}

// How long the person stays, counted down; before that, what they do.
export function sayStay(at) {
  if (!asked?.on || !asked.step) return;
  const waits = asked.until === null;
  $("there").setAttribute("aria-disabled", !waits);
  $("there").classList.toggle("primary", waits);
  if (waits) setText("there", STEPS[asked.step][byPerson ? "done" : "does"]());
  else if (at !== null) setText("there", say("Stay so: {count} s", { count: Math.max(1, Math.ceil(asked.until - at)) }));
}

// What each step has read, as a band on the bar.
function showSpreads(spreads) {
  const bands = Object.entries(spreads);
  for (const each of $("level").querySelectorAll(".spread")) each.remove();
  for (const [step, [low, high]] of bands) {
    const isEmpty = step === "empty" || step === "rise";
    $("level").append(element("span", { class: isEmpty ? "spread" : "spread sits" }));
    Object.assign($("level").lastChild.style, { left: `${100 * low}%`, width: `${100 * (high - low)}%` });
  }
}

export const stepAsked = () => (asked?.on && asked.until === null ? asked.step : null);
