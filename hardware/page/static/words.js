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

// How long until: to the second where that matters.
export function untilText(seconds) {
  if (seconds <= 0) return "now";
  if (seconds < 600) {
    const left = Math.ceil(seconds);
    return `in ${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
  }
  return `in ${spanText(seconds)}`;
}

// Whether reminders sound, and if not, until when they don't.
export function remindersText(standing, wall, at) {
  if (standing.muted_until !== null) {
    return wall ? `muted till ${clockText(later(wall, standing.muted_until - at))}` : "muted";
  }
  return standing.quiet ? "silent: quiet hours" : "may sound";
}

// How much of the sitting time there has been of what there may be.
export function sittingText(standing, at) {
  const [sits, due] = [sittingSeconds(standing, at), standing.due_after_s];
  return sits > due ? `${spanText(sits)}, ${spanText(sits - due)} over` : `${spanText(sits)} of ${spanText(due)}`;
}

export function sittingSeconds(standing, at) {
  return standing.sits_since === null ? standing.sitting_s : Math.max(0, at - standing.sits_since);
}
