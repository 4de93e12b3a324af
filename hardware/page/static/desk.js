// The virtual desk: what the device shows, sounds and notes, and hands for its chair, its button and its plugs.

import { showNote, showSilence } from "./buzzer.js";
import { hand } from "./hands.js";
import { Live } from "./live.js";
import { drawPanel, fitPanel, pixelsOf } from "./panel.js";
import { $, element, fillBar, setText, trouble } from "./parts.js";
import { Sound } from "./sound.js";
import { markStep } from "./steps.js";
import { forgetFacts, noteFact, sumText } from "./story.js";
import { capitalized, clockText, many, measure, remindersText, silentText, untilText } from "./words.js";

const HINT_PX = 16;
const MISSING_MS = 1500; // A picture that is only on its way comes sooner.
const FORGOTTEN = "no picture: a press brings it back";
const CLICK = matchMedia("(hover: none)").matches ? "tap" : "click";
const GONE = "The device doesn't answer. Is “make run” still running?";
const live = new Live();
const sound = new Sound();

// ---- what is seen and heard

let lit = null;
let contrast = 0;

live.on("panel", (panel) => {
  lit = pixelsOf(panel.pixels);
  contrast = panel.contrast;
  drawBoth();
  const count = lit.reduce((sum, each) => sum + each, 0);
  $("glow").setAttribute("opacity", Math.min(0.9, count / 900));
  $("bus").textContent = `${panel.bytes.toLocaleString("en")} bytes in ${many(panel.transfers, "write")}`;
  sayPanel();
});

function drawBoth() {
  if (!lit) return;
  drawPanel($("panel"), lit, contrast);
  drawPanel($("small"), lit, contrast);
}

new ResizeObserver(([bay]) => {
  fitPanel($("panel"), bay.contentRect.width);
  drawBoth();
}).observe($("bay"));

// The drawing grows and shrinks with the window; what is to be read in it does not.
new ResizeObserver(() => {
  $("chair-hint").style.fontSize = `${HINT_PX / $("drawing").getScreenCTM().a}px`;
}).observe($("drawing"));

live.on("sound", ({ hz, at }) => {
  sound.change(hz, at);
  showNote(hz);
  if (hz !== null && !sound.on) setText("unheard", "It sounded. Turn the speaker on to hear it.");
});

live.on("screen", sayPanel);

// What is lit is on the glass; what it says comes from the device.
function sayPanel() {
  const words = live.latest.screen?.says;
  const says = words && lit?.includes(1) ? `The panel shows: ${words}` : "The panel is dark";
  for (const canvas of [$("panel"), $("small")])
    if (canvas.getAttribute("aria-label") !== says) canvas.setAttribute("aria-label", says);
}

let missingSince = null;

// Why it is dark. Of a panel that was loose for a moment, and has forgotten all since, the device can't know.
function sayGlass() {
  const { desk, screen } = live.latest;
  const missing = desk?.panel && screen?.says && lit && !lit.includes(1);
  missingSince = missing ? (missingSince ?? performance.now()) : null;
  const forgotten = missing && performance.now() - missingSince > MISSING_MS;
  setText("glass-says", !desk ? "" : !desk.power ? "no power" : !desk.panel ? "unplugged" : forgotten ? FORGOTTEN : "");
  $("glass-says").hidden = !$("glass-says").textContent;
}

// ---- what it says of itself

live.on("fact", noteFact);
live.on("afresh", () => {
  forgetFacts();
  showSilence();
});

live.on("link", ({ up, why, silent }) => {
  const said = why ? `${capitalized(why)}.` : silent ? silentText(live.wall) : GONE;
  trouble("link", up ? "" : `${said} This page tries again by itself.`);
  if (!up) {
    sound.stop();
    showSilence();
  }
  tick();
  // With nobody at the other end there is nothing to press.
  document.querySelector("main").inert = !up;
});

live.on("standing", tellState);
live.on("desk", (desk) => {
  tellState();
  const person = desk.seat ? "Stand up" : "Sit down";
  $("seated").toggleAttribute("hidden", !desk.seat);
  $("standing").toggleAttribute("hidden", desk.seat);
  $("chair").classList.toggle("taken", desk.seat);
  $("pad-line").classList.toggle("taken", desk.pad ?? desk.seat);
  $("chair-hint").textContent = `${CLICK} to ${person.toLowerCase()}`;
  $("chair").setAttribute("aria-label", `The chair: ${person.toLowerCase()}`);
  $("sit").textContent = person;
  $("push").classList.toggle("down", desk.button);
  $("power").textContent = desk.power ? "Pull the plug" : "Put the plug back";
  $("cord").setAttribute("d", desk.power ? "M706 150C748 160 742 220 760 226" : "M706 150C738 160 716 270 744 286");
  $("panel-off").textContent = desk.panel ? "Unplug the panel" : "Plug the panel in";
  press($("noise"), desk.noise);
  $("playing").hidden = !desk.title;
  $("steps").hidden = !!desk.title;
  $("again").hidden = !desk.over;
  $("playing").firstElementChild.textContent = `${desk.title} ${desk.over ? `is over: ${sumText()}` : "plays"}; your own desk waits.`;
});

live.on("time", ({ speed }) => {
  setText("pace", speed === 0 ? "paused" : speed === 1 ? "" : `${speed}x`);
  const choices = [...document.querySelectorAll("[data-speed]")];
  // Exactly one of a group can be reached by Tab, even at a speed that has no button.
  const chosen = choices.find((each) => Number(each.dataset.speed) === speed);
  for (const each of choices) {
    each.setAttribute("aria-checked", each === chosen);
    each.tabIndex = each === (chosen ?? choices[1]) ? 0 : -1;
  }
  // At speed nobody could listen to all that is noted.
  $("log").setAttribute("aria-live", speed > 1 ? "off" : "polite");
  tick();
});

function press(button, pressed) {
  button.setAttribute("aria-pressed", pressed);
}

function tellState() {
  const { standing, desk } = live.latest;
  if (!standing || !desk) return;
  const [mode, says] = desk.power ? standing.says.split(": ") : ["off", "no power; time goes on without it"];
  if ($("state").dataset.says !== mode + says) {
    $("state").dataset.says = mode + says;
    $("state").replaceChildren(element("b", {}, mode), element("span", { class: "hidden-text" }, ": "), says);
  }
  const comes = desk.power ? standing.next : null;
  const owed = ["due", "snoozed", "acknowledged", "guiding", "paused"].includes(standing.mode);
  markStep(standing, desk);
  sayWhatThePushDoes(desk.power ? standing : {});
  $("skip").setAttribute("aria-disabled", !comes);
  $("skip").textContent = owed || !standing.seated ? "Skip ahead" : "To the next break";
  sayPanel();
  tick();
}

function sayWhatThePushDoes({ press, hold }) {
  setText("press-does", press ? `press: ${press}` : "");
  setText("hold-does", hold ? `hold: ${hold}` : "");
}

function padText(standing, desk) {
  const level = desk.seat ? "taken" : "empty";
  if (desk.power && desk.seat !== standing.seated) return `${level}; not believed yet`;
  if (!desk.noise) return level;
  return desk.blinks ? `${level} · ${many(desk.blinks, "blink")}, none believed` : `${level}, worn`;
}

function tick() {
  const { standing, desk, time } = live.latest;
  sayGlass();
  const wall = live.wall;
  if (wall) setText("clock", clockText(wall, true));
  if (!standing || !time) return;
  if (desk) setText("pad", padText(standing, desk));
  setText("reminders", desk?.power ? remindersText(standing, wall, live.at) : "no power");
  if (desk && !desk.power) {
    setText("measured", "Sitting time");
    setText("sitting", "not counted without power");
    setText("next", "");
    return;
  }
  const { name, text } = measure(standing, live.at);
  setText("measured", name);
  setText("sitting", text);
  fillBar(standing, live.at);
  const comes = standing.next;
  setText("next", comes ? `Next: ${comes.what} ${untilText(comes.at - live.at)}` : "");
}

setInterval(tick, 250);

// ---- hands

const sitOrStand = () => hand("seat", !live.latest.desk?.seat);
$("sit").onclick = sitOrStand;
$("chair").onclick = () => {
  // Its ring has said that it can be clicked.
  $("chair").classList.add("clicked");
  sitOrStand();
};
$("chair").onpointerleave = () => $("chair").classList.remove("clicked");
$("chair").onkeydown = (event) => {
  if (event.key === "Enter" || event.key === " ") {
    event.preventDefault();
    if (!event.repeat) sitOrStand();
  }
};

let fingers = 0;

function push(down) {
  if (down === fingers > 0) return;
  fingers = down ? 1 : 0;
  $("push").classList.toggle("down", down);
  // What a hold means is fixed when the finger comes down.
  $("push").classList.toggle("holds", down && $("hold-does").textContent !== "");
  hand("button", down);
}

$("push").onpointerdown = (event) => {
  if (event.button !== 0) return;
  $("push").setPointerCapture(event.pointerId);
  push(true);
};
$("push").onpointerup = $("push").onpointercancel = $("push").onlostpointercapture = () => push(false);
$("push").oncontextmenu = (event) => event.preventDefault();

function pushKey(event) {
  if (event.key !== " " && event.key !== "Enter") return;
  event.preventDefault();
  if (!event.repeat) push(event.type === "keydown");
}

$("push").onkeydown = $("push").onkeyup = pushKey;
$("push").onblur = () => push(false);
addEventListener("blur", () => push(false));

// Whoever uses a screen reader clicks without a pointer: that is a short press.
$("push").onclick = (event) => {
  if (event.detail === 0 && event.pointerType === "") {
    push(true);
    setTimeout(() => push(false), 200);
  }
};

$("sound").onclick = async () => {
  await sound.turn(!sound.on);
  press($("sound"), sound.on);
  setText("unheard", "");
};

const toggle = (name, now) => () => hand(name, !now());
$("power").onclick = toggle("power", () => live.latest.desk?.power);
$("panel-off").onclick = toggle("panel", () => live.latest.desk?.panel);
$("noise").onclick = toggle("noise", () => live.latest.desk?.noise);
$("clock-back").onclick = () => hand("step", -3600);
$("clock-on").onclick = () => hand("step", 3600);
const skip = () => $("skip").getAttribute("aria-disabled") !== "true" && hand("skip", true);
$("skip").onclick = skip;
$("back").onclick = () => hand("play", false);
$("again").onclick = async () => {
  await hand("play", false);
  await hand("play", true);
};

$("recorded").onclick = () => hand("play", true);

const speeds = [...document.querySelectorAll("[data-speed]")];
let running = 1;
const goAt = (speed) => hand("speed", (running = speed || running) && speed);
for (const each of speeds) {
  each.onclick = () => goAt(Number(each.dataset.speed));
  each.onkeydown = (event) => {
    const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!by) return;
    event.preventDefault();
    const next = speeds[(speeds.indexOf(each) + by + speeds.length) % speeds.length];
    next.focus();
    next.click();
  };
}

const struck = {
  s: sitOrStand,
  n: skip,
  p: () => goAt(live.latest.time?.speed ? 0 : running),
};
// Somebody may speak to the computer, or have other uses for these letters.
$("keys").checked = localStorage.getItem("keys") !== "off";
$("keys").onchange = () => localStorage.setItem("keys", $("keys").checked ? "on" : "off");

addEventListener("keydown", (event) => {
  if (!$("keys").checked || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  if (event.key === "b") push(true);
  else struck[event.key]?.();
});
addEventListener("keyup", (event) => event.key === "b" && push(false));

live.open();
