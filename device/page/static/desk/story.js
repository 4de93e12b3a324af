// The story: what the device has noted, the latest first.

import { clockText } from "../shared/locale.js";
import { $, element } from "../shared/parts.js";
import { say } from "../shared/say.js";
import { later, localFields, spanText } from "../shared/words.js";

const MOST = 200;
let lastDay = null;

// Each with the time at which it was noted, so that they are in order; some have been true for longer.
export function noteFact(fact) {
  const since = fact.when ? localFields(fact.when) : null;
  const at = since && later(since, fact.said - fact.t);
  const late = since && fact.said - fact.t >= 1 ? ` (${say("since {time}", { time: clockText(since, true) })})` : "";
  const day = at?.toISOString().slice(0, 10);
  if (lastDay && day !== lastDay) $("facts").prepend(element("li", { class: "midnight" }, lastDay));
  lastDay = day;
  const when = at ? clockText(at, true) : spanText(fact.said);
  const says = element("span", {}, fact.says, element("span", { class: "soft" }, late));
  $("facts").prepend(element("li", { class: fact.fact }, element("time", {}, when), says));
  while ($("facts").children.length > MOST) $("facts").lastChild.remove();
}

export function forgetFacts() {
  $("facts").replaceChildren();
  lastDay = null;
}
