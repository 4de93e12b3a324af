// What a page asks its server for, and what there is to say where no answer comes.

import { say } from "../shared/say.js";

const PATIENCE_MS = 40000;

// What is answered; an error says in a line why it isn't.
export async function answered(address, options = {}) {
  let refusal = "";
  try {
    const answer = await fetch(address, { ...options, signal: AbortSignal.timeout(PATIENCE_MS) });
    if (answer.ok) return answer.status === 204 ? null : await answer.json();
    refusal = (await answer.text()).trim();
  } catch {
    // What a browser says of it is in a language of its own.
  }
  throw new Error(refusal || say("The page's own server doesn't answer."));
}
