// What the office suggests, with a button to take it and one to decline. Nothing changes without one of them.

import { dayText } from "../shared/locale.js";
import { $, setText } from "../shared/parts.js";
import { say } from "../shared/say.js";
import { spanText } from "../shared/words.js";
import { ask } from "./now.js";

let offer = null;

export function offerSuggestion() {
  $("take-it").onclick = () => answer("taken");
  $("decline-it").onclick = () => answer("declined");
}

const answer = (what) => offer && ask("choose", { name: "office_answer", value: `${offer} ${what}` });

export function showSuggestion({ suggested }, takes) {
  const isShown = !!suggested && takes;
  // Who has just answered goes on from the heading, not from the top of the page.
  if (!isShown && $("suggestion").contains(document.activeElement)) $("now-heading").focus({ preventScroll: true });
  offer = suggested?.offer ?? null;
  $("suggestion").hidden = !isShown;
  if (!isShown) return;
  const due = spanText(suggested.due_after_s), invite = spanText(suggested.invite_after_s);
  setText("suggestion-says", say("{who} suggests: a break due after {due}, and a silent offer from {invite}.", { who: suggested.by, due, invite }));
  const till = dayText(suggested.till, { day: "numeric", month: "long" });
  const own = suggested.own ? `${say("It takes the place of numbers of your own.")} ` : "";
  setText("suggestion-more", `${own}${say("You may take it until {date}. Nothing changes without your answer, and the office isn’t told of it.", { date: till })}`);
}
