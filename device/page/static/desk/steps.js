// The steps to a first break: which of them comes now, and which control does it.

import { $ } from "../shared/parts.js";
import { say } from "../shared/say.js";

const CALIBRATE = 0, SIT = 1, SKIP = 2, PRESS = 3, RISE = 4, MOVE = 5;
const CONTROLS = ["sit", "skip", "push"];
const CALLED = ["due", "invited", "snoozed"];

export function markStep(standing, desk) {
  const { step, by } = stepNow(standing, desk);
  const steps = [...$("steps").children];
  steps[CALIBRATE].hidden = standing.seat !== "uncalibrated";
  // Keeps the focus of the keyboard on the next step.
  const follows = $("steps").contains(document.activeElement);
  steps.forEach((each, nth) => {
    const button = each.querySelector("button");
    if (nth === step) each.setAttribute("aria-current", "step");
    else each.removeAttribute("aria-current");
    button.disabled = nth !== step || !by;
  });
  if (follows) steps[step]?.querySelector("button:enabled")?.focus();
  $("steps").classList.toggle("counts", step === MOVE && standing.rested);
  // A recorded day needs no hands.
  for (const control of CONTROLS) $(control).classList.toggle("primary", control === by && !desk.title);
}

function stepNow(standing, desk) {
  if (!desk.power) return {};
  const isCalibrating = desk.calibration?.on;
  // Before that nothing counts, so there is nothing else to try.
  if (standing.seat === "uncalibrated") return { step: CALIBRATE, by: isCalibrating ? "" : "calibrate" };
  if (isCalibrating || standing.seat === "lost") return {};
  // The card that says to stop if it hurts stands before the first guide until somebody has read it.
  if (!desk.seat && standing.mode === "guiding" && standing.press === say("got it")) return { step: PRESS, by: "push" };
  if (!desk.seat) return rises(standing) ? { step: MOVE } : { step: SIT, by: "sit" };
  if (CALLED.includes(standing.mode)) return { step: PRESS, by: "push" };
  if (standing.mode === "acknowledged") return { step: RISE, by: "sit" };
  if (standing.mode === "guiding") return { step: MOVE };
  if (standing.mode === "paused") return { step: RISE, by: "sit" };
  return { step: SKIP, by: "skip" };
}

// Somebody who has sat is off the chair.
const rises = ({ rested, counts_at, sitting_s, sits_since }) =>
  rested || (counts_at !== null && (sits_since !== null || sitting_s > 0));
