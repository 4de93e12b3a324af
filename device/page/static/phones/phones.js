// The connected devices: their names, since when, when they were last here, and how they are forgotten.

import { dayText } from "../shared/locale.js";
import { $, element, setText, trouble } from "../shared/parts.js";
import { say } from "../shared/say.js";
import { quietText } from "../shared/words.js";
import { answered } from "../talking/answered.js";
import { Live } from "../talking/live.js";
import { order } from "../talking/orders.js";

const OFTEN_MS = 60000;
const live = new Live();
let shown = "";

async function show() {
  try {
    const told = await answered("/phones.json");
    trouble("phones", "");
    // A list that stays the same keeps the focus, and the question that it asks.
    if (JSON.stringify(told) !== shown) list(told);
    shown = JSON.stringify(told);
  } catch (error) {
    trouble("phones", error.message);
  }
}

function list({ phones, open, address }) {
  setText("address", address);
  $("paired").replaceChildren(...phones.map(row));
  $("all").hidden = phones.length < 2;
  $("another").hidden = open;
  offerAll();
  setText("none", phones.length ? "" : say(open ? "This page is for this computer alone: nobody has to connect." : "No device is connected yet."));
}

function row(phone) {
  const about = [];
  if (phone.since) about.push(say("since {day}", { day: dayOf(phone.since) }));
  if (phone.seen) about.push(say("last here {day}", { day: dayOf(phone.seen) }));
  const name = () => [
    element("b", {}, phone.name),
    ...(phone.own ? [element("small", { class: "own" }, say("this one"))] : []),
    element("small", { class: "soft" }, about.join(", ")),
  ];
  const question = phone.own ? say("Forget this one? This page is closed to it then.") : say("Forget {name}?", { name: phone.name });
  return asking(element("li", {}), name, say("Forget"), say("Forget {name}", { name: phone.name }), question, { phone: phone.id }, phone.own);
}

function offerAll() {
  asking($("all"), () => [], say("Forget all"), null, say("Forget all, this one too?"), { all: true }, true);
}

const dayOf = (written) => dayText(written.slice(0, 10), { day: "numeric", month: "long", year: "numeric" });

// Asks before it forgets.
function asking(place, named, does, label, question, what, isOwn) {
  const offer = (isAgain) => {
    const begin = button(does, ask, { "aria-label": label });
    place.replaceChildren(element("div", {}, ...named()), begin);
    if (isAgain) begin.focus();
  };
  const ask = () => {
    const no = button(say("No"), () => offer(true));
    place.replaceChildren(element("div", {}, question), button(say("Yes, forget"), () => forget(what, isOwn)), no);
    no.focus();
  };
  offer(false);
  return place;
}

function button(text, does, attributes = {}) {
  const made = element("button", attributes, text);
  made.onclick = does;
  return made;
}

async function forget(what, isOwn) {
  let says = isOwn ? "" : say("It is forgotten, and this page is closed to it.");
  try {
    await order("forget", what);
    if (isOwn) return location.replace("/pair#forgotten");
  } catch (error) {
    says = error.message;
  }
  shown = "";
  await show();
  setText("says", says);
  $("phones-heading").focus();
}

live.on("pairing", ({ open }) => {
  setText("pairing", open ? say("A code is on the panel now.") : "");
  show();
});
live.on("link", ({ up, why }) => trouble("link", why || (up ? "" : quietText(false))));
live.open();
show();
setInterval(show, OFTEN_MS);
