// The first steps on a phone that has just been connected: language and pace, button and sound, and the pad.

import { languages } from "/said.js";
import { $, element, setText, trouble } from "../shared/parts.js";
import { language, say } from "../shared/say.js";
import { isBlind, quietText, seatText } from "../shared/words.js";
import { Live } from "../talking/live.js";
import { order } from "../talking/orders.js";

const LAST = 3;
const SEEN = "unsit-welcomed";
const asked = new URLSearchParams(location.search);
const live = new Live();
let step = Math.min(LAST, Math.max(1, Number(asked.get("step")) || 1));

function show() {
  for (let nth = 1; nth <= LAST; nth += 1) $(`step-${nth}`).hidden = nth !== step;
  [...$("dots").children].forEach((dot, nth) => {
    if (nth + 1 === step) dot.setAttribute("aria-current", "step");
    else dot.removeAttribute("aria-current");
    dot.replaceChildren(element("span", { class: "hidden-text" }, say("{nth} of {all}", { nth: nth + 1, all: LAST })));
  });
  $("back").hidden = step === 1;
  setText("next", step === LAST ? say("To your day") : say("Next"));
}

function go(by) {
  step += by;
  show();
  $(`step-${step}-heading`).focus();
}

function leave(event) {
  event.preventDefault();
  localStorage.setItem(SEEN, "1");
  location.assign("/day");
}

$("next").onclick = (event) => (step === LAST ? leave(event) : go(1));
$("back").onclick = () => go(-1);
$("skip").onclick = leave;

// ---- language and pace

for (const each of languages) {
  const name = new Intl.DisplayNames([each], { type: "language" }).of(each) ?? each;
  const input = element("input", { type: "radio", name: "language", value: each });
  input.onchange = () => choose("choose", { name: "language", value: each });
  $("languages").append(element("label", { class: "choice-row", lang: each }, input, element("span", {}, element("b", {}, name))));
}
for (const each of document.querySelectorAll("input[name=preset]")) {
  each.onchange = () => choose("set", { values: { "limits.preset": each.value } });
}

let asks = false;

// What the device says is chosen, but while it is asked for something else.
function showChosen() {
  if (asks) return;
  const lines = live.latest.device?.settings ?? [];
  const preset = lines.find((line) => line.startsWith("limits.preset="))?.split("=")[1].replaceAll('"', "");
  for (const each of document.querySelectorAll(".welcome input")) each.checked = each.value === (each.name === "preset" ? preset : language);
}

async function choose(what, to) {
  setText("chosen", "");
  asks = true;
  try {
    await order(what, to);
  } catch (error) {
    setText("chosen", error.message);
  } finally {
    asks = false;
  }
  if ($("chosen").textContent) showChosen();
}

live.on("device", (device) => {
  // These pages are in the language of the panel.
  if (device.language !== language && languages.includes(device.language)) location.replace(`/welcome?step=${step}`);
  $("simulated").hidden = !device.simulated;
  showChosen();
});

// ---- button, sound and seat

// A press can be told from time that passes by what it leads to.
const BY_PRESS = ["today", "acknowledged"];
let before = null;

live.on("standing", (standing) => {
  const { mode, seated } = standing;
  if (step === 2 && before && mode !== before && BY_PRESS.includes(mode)) feel();
  before = mode;
  setText("sits", isBlind(standing) ? seatText(standing) : seated ? say("Unsit knows that you sit: the pad lies well.") : say("Sit down, and you read here whether Unsit knows it."));
});

function feel() {
  $("knob").classList.add("felt");
  setText("pressed", say("It has felt you, and the panel answers."));
}

$("try-sound").onclick = async () => {
  setText("sounded", "");
  try {
    await order("try_sound", true);
    setText("sounded", say("That was it. If you heard nothing, look at the buzzer's wires."));
  } catch (error) {
    setText("sounded", error.message);
  }
};

// ---- begin

live.on("link", ({ up, why }) => trouble("link", why || (up ? "" : quietText(false))));
// Who has seen it goes on to the day, unless they ask for it.
if (!location.search && localStorage.getItem(SEEN)) location.replace("/day");
show();
showChosen();
live.open();
