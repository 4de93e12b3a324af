// What both pages are put together from.

import { sittingSeconds } from "./words.js";

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

// Only where it changes something, so that a screen reader isn't told the same again.
export function setText(id, text) {
  if ($(id).textContent !== text) $(id).textContent = text;
}

// One line about what is wrong; none takes the last one away.
export function trouble(text) {
  setText("trouble", text);
  $("trouble").hidden = !text;
}

// How far the sitting time has come.
export function fillSittingBar(standing, at) {
  const sits = sittingSeconds(standing, at);
  const filled = $("sitting-bar").firstElementChild;
  filled.style.width = `${Math.min(100, (100 * sits) / standing.due_after_s)}%`;
  $("sitting-bar").classList.toggle("over", sits >= standing.due_after_s);
}
