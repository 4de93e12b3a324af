// What both pages are built from.

import { breakSeconds, sittingSeconds } from "./words.js";

export const $ = (id) => document.getElementById(id);

// An element with attributes and children; text stays text, whatever is in it.
export function element(name, attributes = {}, ...children) {
  return furnish(document.createElement(name), attributes, children);
}

// The same in a drawing.
export function drawn(name, attributes = {}, ...children) {
  return furnish(document.createElementNS("http://www.w3.org/2000/svg", name), attributes, children);
}

function furnish(made, attributes, children) {
  for (const [key, value] of Object.entries(attributes)) if (value !== null) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

// Changes the text only if it differs, so that a screen reader doesn't read it again.
export function setText(what, text) {
  const place = typeof what === "string" ? $(what) : what;
  if (place.textContent !== text) place.textContent = text;
}

const troubles = {};

// Shows what is wrong with something; an empty text takes it away.
export function trouble(about, text) {
  troubles[about] = text;
  const all = Object.values(troubles).filter(Boolean).join(" ");
  setText("trouble", all);
  $("trouble").hidden = !all;
}

// How far the break has come while there is one to take, else the sitting time.
export function fillBar(standing, at) {
  const [rests, sits] = [breakSeconds(standing, at), sittingSeconds(standing, at)];
  const part = rests === null ? sits / standing.due_after_s : rests / standing.full_break_s;
  $("bar").firstElementChild.style.width = `${100 * Math.min(1, part)}%`;
  $("bar").classList.toggle("rests", rests !== null);
  $("bar").classList.toggle("over", rests === null && part >= 1);
}

// What there is to choose from, made anew only if that has changed.
export function fillChoice(select, values, wordOf) {
  const is = [...select.options].map((option) => option.value);
  if (is.length === values.length && values.every((value, nth) => value === is[nth])) return;
  const { value } = select;
  select.replaceChildren(...values.map((each) => element("option", { value: each }, wordOf(each))));
  select.value = values.includes(value) ? value : values[0];
}
