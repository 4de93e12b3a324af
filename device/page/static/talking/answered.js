// Asks the server of the page, and says so in a line if no answer comes.

import { say } from "../shared/say.js";

const PATIENCE_MS = 40000;

// The answer. An error has a line that says why there is none.
export async function answered(address, { patience_ms = PATIENCE_MS, ...options } = {}) {
  let refusal = "";
  try {
    const answer = await fetch(address, { ...options, signal: AbortSignal.timeout(patience_ms) });
    if (answer.ok) return answer.status === 204 ? null : await answer.json();
    refusal = (await answer.text()).trim();
  } catch {
    // The browser's own message may be in another language.
  }
  throw new Error(refusal || say("The page's own server doesn't answer."));
}
