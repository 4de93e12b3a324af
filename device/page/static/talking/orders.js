// Orders: what somebody wants of the device, one after the other, and what it answers.

import { answered } from "./answered.js";

const PATIENCE_MS = 12000;
let last = Promise.resolve();

// The device's answer. An error has a line that says why it doesn't do it.
export function order(what, to) {
  const answer = last.then(() => send(what, to));
  last = answer.catch(() => {});
  return answer;
}

const send = (what, to) =>
  answered("/orders", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ do: what, to }),
    patience_ms: PATIENCE_MS,
  });
