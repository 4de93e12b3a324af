// The four steps to a first break: which of them comes now, and which control does it.

import { $ } from "./parts.js";

const SIT = 0, SKIP = 1, PRESS = 2, MOVE = 3;
const CONTROLS = ["sit", "skip", "push"];
const CALLED = ["due", "invited", "snoozed"];

export function markStep(standing, desk) {
  const { step, by } = stepNow(standing, desk);
  [...$("steps").children].forEach((each, nth) => {
    if (nth === step) each.setAttribute("aria-current", "step");
    else each.removeAttribute("aria-current");
  });
  $("steps").classList.toggle("counts", step === MOVE && standing.rested);
  // A recorded day does it all by itself.
  for (const control of CONTROLS) $(control).classList.toggle("primary", control === by && !desk.title);
}

function stepNow(standing, desk) {
  if (!desk.power) return {};
  if (!desk.seat) return rises(standing) ? { step: MOVE } : { step: SIT, by: "sit" };
  if (CALLED.includes(standing.mode)) return { step: PRESS, by: "push" };
  if (standing.mode === "acknowledged") return { step: PRESS, by: "sit" };
  if (standing.mode === "guiding") return { step: MOVE };
  if (standing.mode === "paused") return { step: MOVE, by: "sit" };
  return { step: SKIP, by: "skip" };
}

// Somebody is off the chair who has sat before.
const rises = ({ rested, counts_at, sitting_s, sits_since }) =>
  rested || (counts_at !== null && (sits_since !== null || sitting_s > 0));
