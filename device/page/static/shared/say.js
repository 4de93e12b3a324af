// What is said, in the language of the screens; English stands where it is said.

import { forms, language, said } from "/said.js";

export { language };

// How numbers are written.
export const locale = language === "en" ? "en-GB" : language;

export function say(text, values = {}) {
  return filled(said[text] ?? text, values);
}

// What the device complains of, with texts inside it that are said, too.
export function tell({ text, values }) {
  const told = Object.entries(values).map(([name, value]) => [name, value?.text ? tell(value) : (said[value] ?? value)]);
  return say(text, Object.fromEntries(told));
}

// One, or how many, in as many forms as the language has.
export function many(count, one, more) {
  const values = { count: count.toLocaleString(locale) };
  const own = forms[more];
  const form = own && (own[new Intl.PluralRules(locale).select(count)] ?? own.other);
  return form ? filled(form, values) : say(count === 1 ? one : more, values);
}

function filled(text, values) {
  return text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}
