// The virtual desk: what the device shows, sounds and notes, and hands for its chair, its button and its plugs.

import { clockText } from "../shared/locale.js";
import { $, element, fillBar, setText, trouble } from "../shared/parts.js";
import { locale, many, say } from "../shared/say.js";
import { capitalized, isBlind, measure, nextText, remindersText, seatText, silentText, untilText } from "../shared/words.js";
import { hand } from "../talking/hands.js";
import { Live } from "../talking/live.js";
import { showNote, showSilence } from "./buzzer.js";
import { beginHere, isCalibrating, sayStay, stepAsked } from "../seat/calibrating.js";
import { Figure } from "./figure.js";
import { drawPanel, fitPanel, pixelsOf } from "./panel.js";
import { endRecorded, showRecorded } from "./recorded.js";
import { moveWeight, showSeat } from "./seat.js";
import { Sound } from "./sound.js";
import { markStep } from "./steps.js";
import { forgetFacts, noteFact } from "./story.js";

const HINT_PX = 16;
const MISSING_MS = 1500; // A picture that is only on its way comes sooner.
const WELCOME = "side_lunge"; // What moves beside the chair until somebody has sat down for the first time.
const TAP = matchMedia("(hover: none)").matches;
const live = new Live();
const sound = new Sound();
const figure = new Figure($("moves"));

// ---- what is seen and heard

let lit = null;
let contrast = 0;

live.on("panel", (panel) => {
  lit = pixelsOf(panel.pixels);
  contrast = panel.contrast;
  drawBoth();
  const count = lit.reduce((sum, each) => sum + each, 0);
  $("glow").setAttribute("opacity", Math.min(0.9, count / 900));
  $("bus").textContent = say("{bytes} bytes in {writes}", { bytes: panel.bytes.toLocaleString(locale), writes: many(panel.transfers, "{count} write", "{count} writes") });
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

// The drawing grows and shrinks with the window, but its text does not.
new ResizeObserver(() => {
  $("chair-hint").style.fontSize = `${HINT_PX / $("drawing").getScreenCTM().a}px`;
}).observe($("drawing"));

live.on("sound", ({ hz, at }) => {
  sound.change(hz, at);
  showNote(hz);
  if (hz !== null && !sound.on) setText("unheard", say("It sounded. Turn the speaker on to hear it."));
});

live.on("screen", sayPanel);

// The pixels say whether it is lit; the device says what the text is.
function sayPanel() {
  const words = live.latest.screen?.says;
  const says = words && lit?.includes(1) ? say("The panel shows: {text}", { text: words }) : say("The panel is dark");
  for (const canvas of [$("panel"), $("small")])
    if (canvas.getAttribute("aria-label") !== says) canvas.setAttribute("aria-label", says);
}

let missingSince = null;

// Why it is dark; nothing is black without a word.
function sayGlass() {
  const text = darkText();
  setText("glass-says", text);
  $("glass-says").hidden = !text;
}

function darkText() {
  const { desk, screen, standing } = live.latest;
  if (!desk || !standing) return say("waking up");
  if (!desk.power) return say("no power");
  if (!desk.panel) return say("unplugged");
  // The device can't know that a panel was loose for a moment and has forgotten everything.
  const missing = screen?.says && lit && !lit.includes(1);
  missingSince = missing ? (missingSince ?? performance.now()) : null;
  if (missing) return performance.now() - missingSince > MISSING_MS ? say("no picture: a press brings it back") : "";
  if (lit?.includes(1)) return "";
  if (desk.over) return say("dark: the day is over");
  if (standing.settles_at !== null && readsTaken(desk)) return say("dark: somebody sits? believed {when}", { when: untilText(standing.settles_at - live.at) });
  return standing.seated || readsTaken(desk) || isBlind(standing) ? say("dark") : say("dark: nobody sits");
}

// ---- what it says of itself

live.on("fact", noteFact);
live.on("afresh", () => {
  forgetFacts();
  endRecorded();
  showSilence();
});

live.on("link", ({ up, why, silent }) => {
  const said = why ? `${capitalized(why)}.` : silent ? silentText(live.wall) : say("The device doesn't answer. Is “make run” still running?");
  trouble("link", up ? "" : `${said} ${say("This page tries again by itself.")}`);
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
  const person = say(desk.seat ? "Stand up" : "Sit down");
  $("seated").toggleAttribute("hidden", !desk.seat);
  $("chair").classList.toggle("taken", desk.seat);
  $("pad-line").classList.toggle("taken", desk.pad ?? desk.seat);
  $("chair-hint").textContent = desk.title ? say("hands off: a recorded day") : say(TAP ? "tap: {what}" : "click: {what}", { what: person });
  $("chair").setAttribute("aria-label", person);
  sayEither("sit", desk.seat, "Stand up", "Sit down");
  $("push").classList.toggle("down", desk.button);
  sayEither("power", desk.power, "Pull the plug", "Put the plug back");
  $("cord").setAttribute("d", desk.power ? "M706 150C748 160 742 220 760 226" : "M706 150C738 160 716 270 744 286");
  sayEither("panel-off", desk.panel, "Unplug the panel", "Plug the panel in");
  press($("noise"), desk.noise);
  showSeat(desk);
  $("steps").hidden = $("or-watch").hidden = !!desk.title;
  showRecorded(desk);
});

live.on("time", ({ speed }) => {
  setText("pace", speed === 0 ? say("paused") : speed === 1 ? "" : `${speed}x`);
  const choices = [...document.querySelectorAll("[data-speed]")];
  // Exactly one of a group can be reached by Tab, even at a speed that has no button.
  const chosen = choices.find((each) => Number(each.dataset.speed) === speed);
  for (const each of choices) {
    each.setAttribute("aria-checked", each === chosen);
    each.tabIndex = each === (chosen ?? choices[1]) ? 0 : -1;
  }
  // At speed a screen reader couldn't keep up with the facts.
  $("log").setAttribute("aria-live", speed > 1 ? "off" : "polite");
  tick();
});

function sayEither(id, isFirst, first, second) {
  setText(id, say(isFirst ? first : second));
  $(id).dataset.other = say(isFirst ? second : first);
}

function press(button, pressed) {
  button.setAttribute("aria-pressed", pressed);
}

// A device without power, or one whose seat is being calibrated, doesn't run: what it said last no longer holds.
const runs = (desk) => desk.power && !isCalibrating(desk);

function stopsText(desk) {
  if (!desk.power) return say("off: no power, but time goes on");
  return isCalibrating(desk) ? say("calibrating: nothing is counted until it is done") : null;
}

function tellState() {
  const { standing, desk } = live.latest;
  if (!standing || !desk) return;
  const [mode, says] = (stopsText(desk) ?? standing.says).split(": ");
  if ($("state").dataset.says !== mode + says) {
    $("state").dataset.says = mode + says;
    $("state").replaceChildren(element("b", {}, mode), element("span", { class: "hidden-text" }, ": "), says);
  }
  const isOpen = standing.seat === "uncalibrated";
  const trouble = runs(desk) ? seatText(standing) : "";
  $("seat-trouble").hidden = !trouble;
  setText("seat-says", trouble);
  $("to-calibrate").hidden = !isOpen || !!desk.title;
  $("facts").dataset.empty = say(isOpen ? "Nothing yet: calibrate the seat." : "Nothing yet: sit down.");
  markStep(standing, desk);
  sayWhatThePushDoes(runs(desk) ? standing : {});
  // If nobody sits who counts and nothing comes, there is nothing to skip to, so the button goes.
  $("skip").classList.toggle("nothing", !runs(desk) || (!standing.next && (!desk.seat || isBlind(standing))));
  sayPanel();
  showPerson(standing, desk);
  tick();
}

function sayWhatThePushDoes({ press, hold, hold_s }) {
  $("push").parentElement.style.setProperty("--hold", `${hold_s}s`);
  setText("press-does", press ? say("press: {what}", { what: press }) : "");
  setText("hold-does", hold ? say("hold: {what}", { what: hold }) : "");
}

// The person beside the chair moves as the figure on the panel does; before the first sitting, as a welcome.
function showPerson(standing, desk) {
  const { moves } = standing;
  const welcomes = !desk.seat && !desk.title && !isCalibrating(desk) && !$("facts").children.length;
  const isUp = !desk.seat;
  if (moves && isUp && runs(desk)) figure.show(moves.stretch, moves, () => Math.max(0, live.at - moves.began));
  else if (welcomes) figure.show(WELCOME, {}, () => performance.now() / 1000);
  else figure.hide();
  $("standing").toggleAttribute("hidden", !isUp || (!!moves && runs(desk)) || welcomes);
  setText("caption", welcomes ? say("A stretch, as it will show you.") : "");
}

// Something moves before the device has said a word.
figure.show(WELCOME, {}, () => performance.now() / 1000);

// What blinks is told as a count.
const readsTaken = (desk) => (desk.noise ? desk.seat : desk.pad);

function padText(standing, desk) {
  if (isCalibrating(desk)) return say("not heard meanwhile");
  if (standing.seat === "lost") return say("not known");
  if (standing.seat === "uncalibrated") return say("not calibrated");
  const level = say(readsTaken(desk) ? "taken" : "empty");
  if (runs(desk) && standing.settles_at !== null && readsTaken(desk) !== standing.seated) {
    return say("{level}; believed {when}", { level, when: untilText(standing.settles_at - live.at) });
  }
  if (!desk.noise) return level;
  return desk.blinks ? `${level} · ${many(desk.blinks, "{count} blink, not believed", "{count} blinks, none believed")}` : `${level}, ${say("noisy")}`;
}

function tick() {
  const { standing, desk, time } = live.latest;
  sayGlass();
  const wall = live.wall;
  if (wall) setText("clock", clockText(wall, true));
  if (!standing || !time) return;
  if (desk) setText("pad", padText(standing, desk));
  setText("reminders", !desk?.power ? say("no power") : isCalibrating(desk) ? say("none meanwhile") : remindersText(standing, wall, live.at));
  sayStay(live.at);
  if (desk && !runs(desk)) {
    setText("measured", say("Sitting time"));
    setText("sitting", desk.power ? say("not counted meanwhile") : say("not counted without power"));
    setText("next", "");
    return;
  }
  const { name, text } = measure(standing, live.at);
  setText("measured", name);
  setText("sitting", text);
  fillBar(standing, live.at);
  setText("next", nextText(standing, live.at));
}

setInterval(tick, 250);

// ---- hands

// A recorded day has hands of its own.
function act(what, to) {
  if (live.latest.desk?.title) return setText("unheard", say("Hands off: this day is recorded. Go back to your desk first."));
  return hand(what, to);
}

const sitOrStand = () => act("seat", !live.latest.desk?.seat);
$("sit").onclick = sitOrStand;
$("chair").onclick = () => {
  // The ring has done its job: it shows that the chair can be clicked.
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
  act("button", down);
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

// A screen reader clicks without a pointer: that is a short press.
$("push").onclick = (event) => {
  if (event.detail === 0 && event.pointerType === "") pushShortly();
};

function pushShortly() {
  push(true);
  setTimeout(() => push(false), 200);
}

$("sound").onclick = async () => {
  await sound.turn(!sound.on);
  press($("sound"), sound.on);
  setText("unheard", "");
};

const toggle = (name, now) => () => act(name, !now());
$("power").onclick = toggle("power", () => live.latest.desk?.power);
$("panel-off").onclick = toggle("panel", () => live.latest.desk?.panel);
$("noise").onclick = toggle("noise", () => live.latest.desk?.noise);
for (const scene of ["worn", "wire", "cat"]) $(scene).onclick = toggle(scene, () => live.latest.desk?.[scene]);
$("weight").oninput = () => moveWeight(act, live.latest);
const calibrate = () => beginHere(act);
$("calibrate").onclick = $("to-calibrate").onclick = calibrate;
$("leave").onclick = () => act("calibrate", false);
$("there").onclick = () => stepAsked() && act("there", stepAsked());
$("clock-back").onclick = () => act("step", -3600);
$("clock-on").onclick = () => act("step", 3600);
const skip = () => hand("skip", true);
$("skip").onclick = skip;
$("back").onclick = () => hand("play", false);
$("again").onclick = async () => {
  await hand("play", false);
  await hand("play", true);
};
$("recorded").onclick = () => hand("play", true);

// Each step does what its control does.
const does = { calibrate, sit: sitOrStand, skip, push: pushShortly };
for (const each of $("steps").querySelectorAll("button")) each.onclick = () => does[each.dataset.control]?.();

const speeds = [...document.querySelectorAll("[data-speed]")];
const goAt = (speed) => hand("speed", speed);
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
  p: () => goAt(live.latest.time?.speed ? 0 : (live.latest.desk?.pace ?? 1)),
};
// People who dictate, or who use these letters otherwise, can turn the keys off.
$("keys").checked = localStorage.getItem("keys") !== "off";
$("keys").onchange = () => localStorage.setItem("keys", $("keys").checked ? "on" : "off");

addEventListener("keydown", (event) => {
  if (!$("keys").checked || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  if (event.key === "b") push(true);
  else struck[event.key]?.();
});
addEventListener("keyup", (event) => event.key === "b" && push(false));

live.open();
