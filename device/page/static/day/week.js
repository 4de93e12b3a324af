// What of the week holds now: a meeting and whether it is quiet, the hours, and the plan in force.

import { $, setText } from "../shared/parts.js";
import { say } from "../shared/say.js";
import { weekText, whenText } from "../shared/week.js";
import { meetingEnd } from "../shared/words.js";
import { followWeek } from "../talking/week.js";
import { ask } from "./now.js";

const LEAST_MUTE_S = 60;
const LONGEST_MUTE_S = 12 * 3600;

let week = null;

export function offerWeek(live, changed) {
  followWeek(live, (told) => {
    week = told;
    changed();
  });
  $("meeting-quiet").onchange = () => ($("meeting-quiet").checked ? quiet(live) : ask("sound", true));
}

// No sound until this meeting is over, as far as a mute lasts.
function quiet({ wall, latest }) {
  const left = (meetingEnd(latest.standing) - wall) / 1000;
  return ask("mute", { for_s: Math.ceil(Math.min(Math.max(left, LEAST_MUTE_S), LONGEST_MUTE_S)) });
}

export function showWeek(standing, wall, takes) {
  const says = [hoursSay(standing, wall), planSays(standing)].filter(Boolean).join(" ");
  setText("week-says", says);
  $("week-says").hidden = !says;
  showMeeting(standing, wall, takes);
}

function hoursSay({ off_hours: isOff }, wall) {
  if (!isOff) return "";
  if (!week?.hours_begin) return say("Outside of your hours: nothing is said.");
  return say("Outside of your hours: nothing is said till {when}.", { when: whenText(week.hours_begin, wall) });
}

function planSays({ plan }) {
  if (!plan) return "";
  const found = week?.plans.find(({ name }) => name === plan);
  return found ? say("Plan in force: {name} ({week}).", { name: plan, week: weekText(found.week) }) : say("Plan in force: {name}.", { name: plan });
}

function showMeeting(standing, wall, takes) {
  const end = meetingEnd(standing);
  $("meeting").hidden = !end;
  if (!end) return;
  const mayChange = takes && standing.sounds && !standing.enough && !standing.back_on && !standing.off_hours;
  setText("meeting-says", say("In a meeting till {when}.", { when: whenText(end.toISOString(), wall) }));
  $("quiet-in-it").hidden = !mayChange;
  $("meeting-quiet").checked = standing.in_meeting || standing.muted_until !== null;
}

export function hideWeek() {
  $("week-says").hidden = $("meeting").hidden = true;
}
