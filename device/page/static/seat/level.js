// The level of the seat's sensor as a bar, with what it reads empty and seated, and the thresholds between them.

import { $, setText } from "../shared/parts.js";
import { locale, say } from "../shared/say.js";

const RAIL = 0.995;

export const part = (level) => level.toLocaleString(locale, { minimumFractionDigits: 2, maximumFractionDigits: 2 });

// What holds now: of the settings, of a calibration, or of a drift.
export function showLevel({ level, thresholds, known }) {
  $("sensor").hidden = level === null;
  if (level === null) return;
  const isLevel = level < RAIL;
  $("level").firstElementChild.style.width = isLevel ? `${100 * level}%` : "0";
  mark("i", thresholds);
  mark("b", known);
  const text = isLevel ? part(level) : say("a wire is off");
  $("level").setAttribute("aria-valuenow", isLevel ? level : 0);
  $("level").setAttribute("aria-valuetext", text);
  setText("level-says", text);
  setText("thresholds", thresholds ? say("empty below {low}, taken above {high}", { low: part(thresholds[0]), high: part(thresholds[1]) }) : say("no thresholds yet: it has to be calibrated"));
  setText("known", known ? say("reads {empty} empty, {seated} seated", { empty: part(known[0]), seated: part(known[1]) }) : "");
}

function mark(kind, levels) {
  for (const [nth, each] of $("level").querySelectorAll(kind).entries()) {
    each.hidden = !levels;
    if (levels) each.style.left = `${100 * levels[nth]}%`;
  }
}
