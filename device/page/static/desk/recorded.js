// A recorded day beside one's own desk: that it plays, and at its end what it came to.

import { $, setText } from "../shared/parts.js";
import { say } from "../shared/say.js";
import { hoursOf, legend, strip } from "../shared/strip.js";
import { answered } from "../talking/answered.js";
import { sumText } from "./story.js";

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
  const day = await answered("/recorded.json").catch(() => null);
  if (!isOver || !day) return;
  $("over").style.minHeight = `${$("device").offsetHeight}px`;
  $("over").hidden = false;
  $("device").hidden = true;
  $("over-strip").replaceChildren(strip(day, hoursOf([day], null), $("over-strip").clientWidth, { axis: true }));
  $("over-legend").replaceChildren(...legend([day]));
  setText("over-says", sumText());
}
