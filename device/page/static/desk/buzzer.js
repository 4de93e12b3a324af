// The sign of the buzzer: lit long enough to be seen, with the sound in words.

import { $, setText } from "../shared/parts.js";
import { say } from "../shared/say.js";

const LIT_MS = 1500;
let notes = 0;
let darkens;

export function showNote(hz) {
  clearTimeout(darkens);
  if (hz === null) {
    darkens = setTimeout(showSilence, LIT_MS);
    return;
  }
  notes += 1;
  const [one, two, more] = hz ? ["a soft note", "two soft notes", "soft notes"] : ["a chirp", "two chirps", "chirps"];
  $("buzzer").classList.add("sounds");
  setText("buzzer-says", say(notes === 1 ? one : notes === 2 ? two : more));
  setText("buzzer-hz", hz ? `${hz} Hz` : "");
}

export function showSilence() {
  clearTimeout(darkens);
  notes = 0;
  $("buzzer").classList.remove("sounds");
  setText("buzzer-says", say("silent"));
  setText("buzzer-hz", "");
}
