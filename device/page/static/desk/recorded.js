// A recorded day: says that it plays, and shows its figures at the end.

import { $, setText } from "../shared/parts.js";
import { say } from "../shared/say.js";
import { legend, reaching, strip } from "../shared/strip.js";
import { answered } from "../talking/answered.js";

let isOver = false;

export function showRecorded(desk) {
  $("playing").hidden = !desk.title;
  $("again").hidden = !desk.over;
  if (desk.title) setText("playing-says", say(desk.over ? "The recorded day is over." : "A recorded day plays; your own desk waits."));
  if (desk.over && !isOver) showStrip();
  if (!desk.over) endRecorded();
}

export function endRecorded() {
  isOver = false;
  $("over").hidden = true;
  $("device").hidden = false;
}

// In place of a panel that stays dark.
async function showStrip() {
  isOver = true;
  const told = await answered("/recorded.json").catch(() => null);
  const day = told?.days[0];
  if (!isOver || !day) return;
  $("over").style.minHeight = `${$("device").offsetHeight}px`;
  $("over").hidden = false;
  $("device").hidden = true;
  $("over-strip").replaceChildren(strip(day, reaching(day.hours), $("over-strip").clientWidth, { axis: true }));
  $("over-legend").replaceChildren(...legend(told.signs));
  setText("over-says", day.breaks_and_sounds);
}
