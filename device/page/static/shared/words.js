// Times, spans and counts as they are said on both pages.

import { clockText, dayText } from "./locale.js";
import { say } from "./say.js";

// A date whose UTC fields are the local ones of a date-time, in whatever zone the browser is.
export function localFields(text) {
  return new Date(`${text.match(/^[\d-]+T[\d:]+(\.\d{1,3})?/)[0]}Z`);
}

// The date some seconds later.
export const later = (date, seconds) => new Date(date.getTime() + seconds * 1000);

// What the clock will read some seconds later. Half a second on, since a time that was set would else read a minute less.
export const clockAfter = (wall, seconds) => clockText(later(wall, seconds + 0.5));

export function spanText(seconds) {
  const minutes = Math.floor(seconds / 60);
  if (seconds > 0 && seconds < 60) return `${Math.floor(seconds)} s`;
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, "0")}`;
}

export const capitalized = (text) => text[0].toUpperCase() + text.slice(1);

// How long until: to the second where that matters.
export function untilText(seconds) {
  if (seconds <= 0) return say("now");
  if (seconds < 600) return say("in {time}", { time: minutesText(Math.ceil(seconds)) });
  // Minutes are rounded up, as on the panel.
  return say("in {time}", { time: spanText(60 * Math.ceil(seconds / 60)) });
}

// What comes next by time alone.
export const nextText = ({ next }, at) => (next ? say("Next: {what} {when}", { what: next.what, when: untilText(next.at - at) }) : "");

// To the second, as a stopwatch shows it.
function minutesText(seconds) {
  return `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;
}

// What to say while the device is silent.
export const silentText = (wall) => (wall ? say("Not heard since {time}.", { time: clockText(wall) }) : say("Nothing has been heard from the device."));

// The device doesn't answer or isn't heard any more, and what somebody can look at.
export const quietText = (silent, wall) => `${silent ? silentText(wall) : say("The device doesn't answer.")} ${say("Look whether it has power: this page goes on by itself once it is back.")}`;

// What is wrong with the seat, what that means for the count, and what to do; empty if nothing is.
export function seatText({ seat }) {
  if (seat === "lost") return say("Nobody knows who sits, so nothing is counted until the seat is back. Perhaps a wire is off.");
  if (seat === "uncalibrated") return say("Nobody knows yet what the seat reads empty and with somebody on it, so nothing is counted.");
  if (seat === "worn") return say("The pad may be worn. The time still counts, but as doubtful, until somebody sits and rises as usual.");
  if (seat === "loose") return say("A wire may be loose. The time still counts, but as doubtful, until somebody sits and rises as usual.");
  return "";
}

// Whether the device can't know who sits: then it counts nothing and reminds of nothing.
export const isBlind = ({ seat }) => seat === "lost" || seat === "uncalibrated";

// When the present meeting ends, as a date whose UTC fields are the local ones; null without one. Meetings end on the
// minute, and a clock that is corrected slowly would else say a minute less.
export function meetingEnd({ meeting_till: till }) {
  return till ? new Date(Math.round(localFields(till).getTime() / 60000) * 60000) : null;
}

// Whether reminders sound, and if not, until when they don't.
export function remindersText(standing, wall, at) {
  if (!standing.sounds) return say("never sound");
  if (isBlind(standing)) return say("none meanwhile");
  const backOn = standing.back_on && dayText(standing.back_on, { day: "numeric", month: "short" });
  if (backOn) return say("none till {date}", { date: backOn });
  if (standing.enough) return say("none today");
  if (standing.off_hours) return say("none outside of your hours");
  if (standing.muted_until !== null) {
    return wall ? say("muted till {time}", { time: clockAfter(wall, standing.muted_until - at) }) : say("muted");
  }
  const end = standing.in_meeting && meetingEnd(standing);
  if (end) return say("none till {time}, in a meeting", { time: clockText(end) });
  return say(standing.quiet ? "silent: quiet hours" : "may sound");
}

// What is measured now, and how far it has come: the break while there is one to take, else the sitting time.
export function measure(standing, at) {
  const rests = breakSeconds(standing, at);
  if (rests === null) return { name: say("Sitting time"), text: sittingText(standing, at) };
  if (standing.rested) return { name: say("Break"), text: say("The break counts") };
  return { name: say("Break"), text: say("{time} of {all}", { time: minutesText(rests), all: minutesText(standing.full_break_s) }) };
}

function sittingText(standing, at) {
  const [sits, due] = [sittingSeconds(standing, at), standing.due_after_s];
  if (sits > due) return say("{time}, {over} over", { time: spanText(sits), over: spanText(sits - due) });
  return say("{time} of {all}", { time: spanText(sits), all: spanText(due) });
}

// How many seconds of a full break have passed; null if there is no break.
export function breakSeconds(standing, at) {
  if (standing.rested) return standing.full_break_s;
  // A pad that reads empty for a moment is no break.
  if (standing.seated && standing.mode !== "guiding") return null;
  if (standing.counts_at === null || sittingSeconds(standing, at) === 0) return null;
  return Math.min(standing.full_break_s, Math.max(0, standing.full_break_s - (standing.counts_at - at)));
}

export function sittingSeconds(standing, at) {
  return standing.sits_since === null ? standing.sitting_s : Math.max(0, at - standing.sits_since);
}
