// The buzzer's sign: lit for as long as an eye needs, and what it was in words.

import { $, setText } from "./parts.js";

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
  const one = hz ? "soft note" : "chirp";
  $("buzzer").classList.add("sounds");
  setText("buzzer-says", notes === 1 ? `a ${one}` : notes === 2 ? `two ${one}s` : `${one}s`);
  setText("buzzer-hz", hz ? `${hz} Hz` : "");
}

export function showSilence() {
  clearTimeout(darkens);
  notes = 0;
  $("buzzer").classList.remove("sounds");
  setText("buzzer-says", "silent");
  setText("buzzer-hz", "");
}
