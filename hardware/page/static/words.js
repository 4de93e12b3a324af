// Times, spans and counts as they are said on both pages.

import { later } from "./live.js";

export function clockText(date, seconds = false) {
  return date.toISOString().slice(11, seconds ? 19 : 16);
}

export function spanText(seconds) {
  const minutes = Math.floor(seconds / 60);
  if (seconds > 0 && seconds < 60) return `${Math.floor(seconds)} s`;
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, "0")}`;
}

export const many = (count, one) => `${count.toLocaleString("en")} ${count === 1 ? one : `${one}s`}`;

export const capitalized = (text) => text[0].toUpperCase() + text.slice(1);

// How long until: to the second where that matters.
export function untilText(seconds) {
  if (seconds <= 0) return "now";
  if (seconds < 600) return `in ${minutesText(Math.ceil(seconds))}`;
  // A part of a minute is one more to wait for, as on the panel.
  return `in ${spanText(60 * Math.ceil(seconds / 60))}`;
}

// To the second, as a stopwatch shows it.
function minutesText(seconds) {
  return `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;
}

// Nobody says any more how things stand.
export const silentText = (wall) => (wall ? `Not heard since ${clockText(wall)}.` : "Nothing is heard of it.");

// Whether reminders sound, and if not, until when they don't.
export function remindersText(standing, wall, at) {
  if (!standing.sounds) return "never sound";
  if (standing.muted_until !== null) {
    return wall ? `muted till ${clockText(later(wall, standing.muted_until - at))}` : "muted";
  }
  return standing.quiet ? "silent: quiet hours" : "may sound";
}

// What is measured now, and how far it has come: the break while there is one to take, else the sitting time.
export function measure(standing, at) {
  const rests = breakSeconds(standing, at);
  if (rests === null) return { name: "Sitting time", text: sittingText(standing, at) };
  if (standing.rested) return { name: "Break", text: "The break counts" };
  return { name: "Break", text: `${minutesText(rests)} of ${minutesText(standing.full_break_s)}` };
}

function sittingText(standing, at) {
  const [sits, due] = [sittingSeconds(standing, at), standing.due_after_s];
  return sits > due ? `${spanText(sits)}, ${spanText(sits - due)} over` : `${spanText(sits)} of ${spanText(due)}`;
}

// How long somebody who has sat is off the chair by now, of what makes a full break; null while nobody is.
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
