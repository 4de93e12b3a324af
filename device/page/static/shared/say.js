// What is said, in the language of the screens; English stands where it is said.

import { language, said } from "/said.js";

export { language };

// Of which English the dates are.
export const locale = language === "en" ? "en-GB" : language;

export function say(text, values = {}) {
  return (said[text] ?? text).replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

// One, or how many.
export function many(count, one, more) {
  return say(count === 1 ? one : more, { count: count.toLocaleString(locale) });
}
