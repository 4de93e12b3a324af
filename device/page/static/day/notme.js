// "This was not me": deletes a bout or a whole day from the journal, after the user has said so twice.

import { timeText } from "../shared/locale.js";
import { $, element, setText } from "../shared/parts.js";
import { say } from "../shared/say.js";
import { capitalized } from "../shared/words.js";
import { answered } from "../talking/answered.js";

let shown = null;
let isKnown = false;
let taken = () => {};

// `whenTaken` is called after something was deleted.
export function offerNotMe(day, isThere, whenTaken) {
  [taken, isKnown] = [whenTaken, isThere];
  if (shown === day) return;
  shown = day;
  setText("not-me-says", "");
  $("bouts").replaceChildren();
  if ($("not-me").open && shown) list();
}

$("not-me").ontoggle = () => {
  if ($("not-me").open && shown) list();
};

async function list() {
  const day = shown;
  try {
    const { bouts, may_forget } = await answered(`/bouts.json?day=${day}`);
    if (day !== shown) return;
    $("not-me-how").hidden = may_forget;
    // If a bag still lies there, no bout is finished yet.
    const whole = bouts.length || isKnown ? [{ name: say("the whole day"), what: { day } }] : [];
    const each = bouts.map(({ since, until, at }) => ({ name: say("{first} to {last}", { first: timeText(since), last: timeText(until) }), what: { bout: at } }));
    $("bouts").replaceChildren(...[...each, ...whole].map(may_forget ? asking : told));
    if (!bouts.length) setText("not-me-says", say("No finished bout is written down yet. That takes a minute."));
  } catch (error) {
    setText("not-me-says", capitalized(error.message));
  }
}

// If the journal can only be read from here: the command that deletes it at the device.
function told({ name, what }) {
  const [[kind, value]] = Object.entries(what);
  return element("li", {}, element("span", {}, name), element("code", {}, `sudo unsit forget --${kind} ${value}`));
}

function asking({ name, what }) {
  const row = element("li", {});
  const ask = () => {
    setText("not-me-says", "");
    const yes = button(say("Yes, delete it"), () => forget(row, what));
    const no = button(say("No"), offer);
    row.replaceChildren(element("span", {}, say("Delete {what}, for good?", { what: name })), yes, no);
    no.focus();
  };
  const offer = () => {
    const begin = button(say("This was not me"), ask);
    const again = row.childElementCount > 0;
    row.replaceChildren(element("span", {}, name), begin);
    if (again) begin.focus();
  };
  offer();
  return row;
}

function button(text, does) {
  const made = element("button", {}, text);
  made.onclick = does;
  return made;
}

async function forget(row, what) {
  for (const each of row.querySelectorAll("button")) each.disabled = true;
  let says = say("It is deleted. A running device still knows the sitting that it counts now.");
  try {
    await answered("/forget", { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(what) });
    await taken();
  } catch (error) {
    says = capitalized(error.message);
  }
  await list();
  setText("not-me-says", says);
  $("not-me").querySelector("summary").focus();
}
