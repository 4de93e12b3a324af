// The seat: what it reads and what the device believes, the level of its sensor, its calibration, and what to do.

import { $, element, setText, trouble } from "../shared/parts.js";
import { locale, say } from "../shared/say.js";
import { capitalized, localFields, quietText, seatText, untilText } from "../shared/words.js";
import { hand } from "../talking/hands.js";
import { Live } from "../talking/live.js";
import { order } from "../talking/orders.js";
import { beginHere, sayStay, showCalibration, stepAsked } from "./calibrating.js";
import { part, showLevel } from "./level.js";

const SHIFTED = 0.005; // Less than this is no drift that one could see.
const NO_LEVEL = 1; // Full scale, as with a wire off.
const KINDS = {
  contact: () => say("A pad that switches: it knows taken and empty, and no more."),
  ads1115: () => say("Force sensors on an ADS1115: it knows how hard somebody presses."),
  mcp3008: () => say("Force sensors on an MCP3008: it knows how hard somebody presses."),
};
const HELPS = {
  lost: () => [say("See that the wires between sensor, converter and computer sit tight."), say("If it stays lost, see whether the settings name the right converter.")],
  uncalibrated: () => [say("Calibrate it below: that takes a minute.")],
  worn: () => [say("Get up, and sit down again as usual: if it reads empty in between, all is well."), say("If it goes on reading taken with nobody there, smooth the pad and its cover, or lay it elsewhere on the seat."), say("A pad that stays pressed together is used up: take a new one.")],
  loose: () => [say("Push each plug of the seat in, and move its cable while you watch the reading above."), say("Solder or clamp what jumps.")],
};

const live = new Live();
const isSimulated = () => !!live.latest.device?.simulated;

// At the virtual desk the desk tells it, and a hand does it; a real device tells by itself, and is given orders.
function seatNow() {
  const { desk, level, calibration } = live.latest;
  if (isSimulated()) return desk ?? {};
  // A seat that is lost tells no level any more: what it told last isn't so.
  const isLost = live.latest.standing?.seat === "lost" && !calibration?.on;
  return { level: isLost ? NO_LEVEL : (level?.level ?? null), thresholds: level?.thresholds ?? null, known: level?.known ?? null, calibration: calibration ?? null };
}

async function act(what, to) {
  if (isSimulated()) return hand(what, to);
  try {
    await order(what, to);
    trouble("order", "");
  } catch (error) {
    trouble("order", error.message);
  }
}

function valueOf(key) {
  const { settings, device } = live.latest;
  const line = device?.settings?.find((each) => each.startsWith(`${key}=`));
  const written = settings?.values[key] ?? line?.slice(key.length + 1);
  return written === undefined ? null : JSON.parse(written);
}

// ---- what it reads

const isUp = () => live.latest.link?.up && live.latest.standing && live.lostAt === null;
const isCalibrating = () => !!seatNow().calibration?.on;

function showReading() {
  const { standing, desk } = live.latest;
  if (!isUp()) return sayReading("unknown", say("not known"), say("The device doesn't answer."));
  if (desk?.title) return sayReading("unknown", say("not known"), say("The desk plays a recorded day, not one of yours."));
  if (desk && !desk.power) return sayReading("unknown", say("not known"), say("It has no power."));
  if (isCalibrating()) return sayReading("unknown", say("being calibrated"), say("Nothing is counted meanwhile."));
  if (standing.seat === "lost") return sayReading("unknown", say("not known"), say("The sensor gives no level."));
  if (standing.seat === "uncalibrated") return sayReading("unknown", say("not calibrated"), say("What it reads means nothing yet."));
  const believed = standing.seated;
  // While something settles, the pad reads the opposite of what is believed.
  const isTaken = standing.settles_at === null ? believed : !believed;
  const believes = believed ? say("The device believes that somebody sits.") : say("The device believes that nobody sits.");
  const settles = standing.settles_at === null ? "" : ` ${say("That changes {when}, if it stays so.", { when: untilText(standing.settles_at - live.at) })}`;
  sayReading(isTaken ? "taken" : "", isTaken ? say("taken") : say("empty"), believes + settles);
}

function sayReading(look, word, belief) {
  $("reading").className = `reading ${look}`;
  setText("pad", word);
  setText("belief", belief);
  const kind = valueOf("seat.kind");
  setText("kind", isUp() && !live.latest.desk?.title ? (KINDS[kind]?.() ?? "") : "");
}

// ---- what is wrong with it

function showDoubt() {
  const { standing } = live.latest;
  const what = isUp() && !isCalibrating() ? standing.seat : null;
  $("doubt").hidden = !what || !HELPS[what];
  setText("doubt-heading", what === "uncalibrated" ? say("It has to be calibrated first") : say("Something is wrong with the seat"));
  setText("seat-says", what ? seatText(standing) : "");
  if ($("doubt").hidden || $("helps").dataset.of === what) return;
  $("helps").dataset.of = what;
  $("helps").replaceChildren(...HELPS[what]().map((each) => element("li", {}, each)));
  if (what === "lost") $("helps").lastChild.append(" ", element("a", { href: "/settings#wiring" }, say("Wiring")));
}

// ---- its sensor

const lastOf = {};

function showSensor() {
  const now = seatNow();
  const isAnalog = ![null, "contact"].includes(valueOf("seat.kind"));
  const level = typeof now.level === "number" ? now.level : null;
  // What isn't read keeps its last place.
  if (level !== null) lastOf.level = level;
  const shown = { ...now, level: isAnalog ? (level ?? (now.calibration?.on ? (lastOf.level ?? 0) : null)) : null, thresholds: now.thresholds ?? null, known: now.known ?? null };
  showLevel(shown);
  showCalibration(shown, !isSimulated());
  $("before").hidden = isCalibrating();
  showDates(shown);
}

function showAdvice() {
  const kind = [null, "contact"].includes(valueOf("seat.kind")) ? "contact" : "sensors";
  for (const each of document.querySelectorAll(".advice [data-kind]")) each.hidden = each.dataset.kind !== kind;
}

function showDates({ known }) {
  const when = valueOf("seat.calibrated");
  const date = when ? localFields(when).toLocaleDateString(locale, { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" }) : "";
  setText("calibrated-on", date ? say("calibrated on {date}", { date }) : "");
  const found = [valueOf("seat.empty"), valueOf("seat.seated")];
  const hasMoved = known && found[1] && known.some((each, nth) => Math.abs(each - found[nth]) > SHIFTED);
  setText("drift", hasMoved ? say("It has drifted since: then it read {empty} empty and {seated} seated. The device goes along by itself; calibrate again if it is wrong.", { empty: part(found[0]), seated: part(found[1]) }) : "");
}

$("calibrate").onclick = () => beginHere(act);
$("leave").onclick = () => act("calibrate", false);
$("there").onclick = () => stepAsked() && act("there", stepAsked());

// ---- begin

function show() {
  showReading();
  showDoubt();
  showSensor();
  showAdvice();
  tick();
}

function tick() {
  if (isUp()) showReading();
  sayStay(live.at);
}

live.on("link", ({ up, why, silent }) => {
  const since = quietText(silent, live.wall);
  trouble("link", up ? "" : why ? `${capitalized(why)}. ${say("This page tries again by itself.")}` : since);
  document.querySelector(".steps-row").inert = !up;
  show();
});
for (const kind of ["standing", "desk", "level", "calibration", "settings", "device"]) live.on(kind, show);
setInterval(tick, 250);
live.open();
show();
