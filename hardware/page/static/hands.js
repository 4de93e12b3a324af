// Hands: what somebody does at the desk, told to the device one after the other.

import { trouble } from "./parts.js";

const PATIENCE_MS = 5000;
let last = Promise.resolve();

// None overtakes the one before it: an up that came before its down would be a finger that stays.
export function hand(what, to) {
  last = last.then(() => send(what, to));
  return last;
}

async function send(what, to) {
  try {
    const answer = await fetch("/hands", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ do: what, to }),
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    trouble("hands", answer.ok ? "" : (await answer.text()).trim());
  } catch {
    // Where nobody answers, the stream ends too, and that is told already.
  }
}
