// What somebody can ask of the device now: no sound for a while, no more today or until a date, a stretch.
// It says what the device says.

import { dayText } from "../shared/locale.js";
import { $, fillChoice, setText } from "../shared/parts.js";
import { say } from "../shared/say.js";
import { clockAfter, isBlind, later } from "../shared/words.js";
import { order } from "../talking/orders.js";

const LONGEST_MUTE_S = 12 * 3600;
const WAITING = ["acknowledged", "guiding", "paused"];

let live = null;

// Whatever the device, phones and buttons do, these show how it stands.
export function offerOrders(source) {
  live = source;
  for (const minutes of [30, 60]) $(`mute-${minutes}`).onclick = () => ask("mute", { for_s: minutes * 60 });
  $("mute-until").onsubmit = (event) => {
    event.preventDefault();
    muteUntil($("until").value);
  };
  $("until").oninput = () => ($("set-until").hidden = !$("until").value);
  $("sound-back").onclick = () => ask("sound", true);
  $("enough").onclick = () => ask("enough", true);
  $("not-enough").onclick = () => ask("sound", true);
  $("be-away").onsubmit = (event) => {
    event.preventDefault();
    beAway($("back-on").value);
  };
  $("back-on").oninput = () => ($("set-away").hidden = !$("back-on").value);
  $("im-back").onclick = () => ask("choose", { name: "away", value: "" });
  $("who-sits").onchange = () => ask("choose", { name: "person", value: $("who-sits").value });
  $("stretch-now").onclick = () => $("stretch-now").ariaDisabled !== "true" && ask("stretch", true);
}

// One order at a time: a second press while the first is on its way does nothing.
let asks = false;

export async function ask(what, to) {
  if (asks) return;
  asks = true;
  $("orders").setAttribute("aria-busy", "true");
  setText("order-says", "");
  try {
    await order(what, to);
  } catch (error) {
    setText("order-says", error.message);
  } finally {
    asks = false;
    $("orders").removeAttribute("aria-busy");
  }
}

// The next time that the device's clock reads so.
function muteUntil(time) {
  const { wall } = live;
  if (!time || !wall) return setText("order-says", say("Write a time first."));
  const day = wall.toISOString().slice(0, 10);
  let until = new Date(`${day}T${time.slice(0, 5)}Z`);
  if (until <= wall) until = later(until, 86400);
  if (until - wall > LONGEST_MUTE_S * 1000) return setText("order-says", say("That is more than twelve hours away. Take an earlier time, or “Enough for today”."));
  const offset = live.latest.time.reads.match(/(Z|[+-]\d\d:\d\d)$/)[0];
  return ask("mute", { until: `${until.toISOString().slice(0, 19)}${offset}` });
}

function beAway(day) {
  if (!day) return setText("order-says", say("Write a day first."));
  return ask("choose", { name: "away", value: day });
}

// Whether it takes orders now.
export function showOrders() {
  const { standing, desk, device } = live.latest;
  // A recorded day, or a desk without power, takes no orders.
  const takes = !!standing && !!device && !live.lostAt && !desk?.title && (!desk || desk.power) && !desk?.calibration?.on;
  $("orders").hidden = !takes;
  if (!takes) return false;
  showWho(standing);
  showStretch(standing);
  showMute(standing);
  showEnough(standing);
  showAway(standing);
  return true;
}

function showWho({ persons = [], person, seated }) {
  $("who").hidden = !persons.length;
  const select = $("who-sits");
  fillChoice(select, ["", ...persons].filter((name) => name || !person), (name) => name || say("nobody yet"));
  // Whoever is just choosing is left alone.
  if (document.activeElement !== select || asks) select.value = person;
  setText("who-says", seated ? say("The whole time since somebody sat down is theirs.") : say("The next time somebody sits down is theirs."));
}

function showStretch(standing) {
  const waits = WAITING.includes(standing.mode), blind = isBlind(standing);
  able($("stretch-now"), !waits && !blind);
  setText("stretch-says", blind ? say("Not while nobody knows who sits.") : waits ? waitingText(standing) : standing.seated ? say("It starts when the chair empties.") : say("It starts at once."));
}

function waitingText({ mode }) {
  if (mode === "acknowledged") return say("Its card is on the panel. Get up, and it starts.");
  return mode === "paused" ? say("It has begun. Stand up to go on.") : say("It is on the panel now.");
}

function showMute(standing) {
  const isMuted = standing.muted_until !== null;
  const may = standing.sounds && !standing.enough && !standing.back_on && !standing.off_hours;
  shows({ mutes: may && !isMuted, "sound-back": may && isMuted });
  setText("mute-says", muteText(standing));
}

function muteText(standing) {
  if (!standing.sounds) return say("Reminders never sound: so the settings say.");
  // Until when there is none is said below.
  if (standing.back_on) return "";
  if (standing.enough) return say("There is no sound today: it is enough.");
  if (standing.off_hours) return say("There is no sound outside of your hours.");
  if (standing.in_meeting && standing.muted_until === null) return say("There is no sound in this meeting. What is owed is called in afterwards.");
  if (standing.muted_until === null) return say("The count goes on. What is owed is called in afterwards.");
  const { wall } = live;
  if (!wall) return say("No sound for now. The count goes on.");
  return say("No sound until {time}. The count goes on.", { time: clockAfter(wall, standing.muted_until - live.at) });
}

function showEnough({ enough, back_on }) {
  // Whoever is away is asked nothing today either.
  shows({ enough: !enough && !back_on, "not-enough": enough && !back_on });
  if (back_on) return setText("enough-says", "");
  setText("enough-says", enough ? say("No more reminders and offers today. The count goes on.") : say("No more reminders and offers today, until you take it back."));
}

function showAway({ back_on }) {
  shows({ "be-away": !back_on, "im-back": !!back_on });
  setText("back-says", back_on ? awayText(back_on) : say("No sound and no offers until that day. The count goes on."));
}

function awayText(day) {
  const date = dayText(day, { weekday: "long", day: "numeric", month: "long" });
  return say("Away until {date}: no sound and no offers. The count goes on.", { date });
}

// What is shown in place of what has the focus gets it.
function shows(wanted) {
  const focused = Object.keys(wanted).find((id) => !wanted[id] && $(id).contains(document.activeElement));
  for (const [id, is] of Object.entries(wanted)) $(id).hidden = !is;
  const other = focused && Object.keys(wanted).find((id) => wanted[id]);
  if (other) ($(other).matches("button") ? $(other) : $(other).querySelector("button")).focus({ preventScroll: true });
}

function able(button, is) {
  button.setAttribute("aria-disabled", `${!is}`);
}
