// Hands: what somebody does at the desk, told to the device one after the other.

import { trouble } from "../shared/parts.js";
import { say } from "../shared/say.js";

const PATIENCE_MS = 5000;
let last = Promise.resolve();
let lost = 0;

// They go one after the other: an up that came before its down would leave the button down.
export function hand(what, to) {
  const before = lost;
  // Clicks that waited behind a lost one are dropped: nobody wants them minutes later.
  last = last.then(() => lost === before && send(what, to));
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
    lost += 1;
    trouble("hands", say("What you did last has not reached the device."));
  }
}
