// What somebody moves to change a setting: a field, a switch or choices, by the kind of its value.

import { element } from "../shared/parts.js";
import { say } from "../shared/say.js";
import { dayName, spansOf } from "../shared/week.js";
import { same, typed, written } from "./values.js";

const MOST_SPANS = 6;

// A control shows a value with `show`, and calls `changed` with a value, or with an error that says what is wrong.
// Those with a `label` of their own name themselves; others are named by the element with that id.
export function control(row, ids, changed) {
  const make = { toggle: aSwitch, choice: oneOf, choices: anyOf, days: anyOf, list: anyOf, hours: twoTimes, spans: hoursOfDay, slider: slider }[row.kind] ?? field;
  return make(row, ids, changed);
}

const isWide = ({ kind }) => kind === "durations" || kind === "names";

function field(row, { name, about }, changed) {
  const modes = { whole: "numeric", number: "decimal" };
  const input = element("input", { type: "text", inputmode: modes[row.kind] ?? null, "aria-labelledby": name, "aria-describedby": about, autocomplete: "off", autocapitalize: "off", spellcheck: "false", class: isWide(row) ? "wide" : null });
  input.oninput = () => {
    try {
      changed(typed(row, input.value));
    } catch (error) {
      changed(error);
    }
  };
  // What is understood is written as the device writes it, once somebody has finished.
  input.onchange = () => {
    try {
      input.value = written(row, typed(row, input.value));
    } catch {
      // It stays for mending.
    }
  };
  const put = (value) => (input.value = written(row, value));
  // Whoever is typing it another way is left alone.
  const says = (value) => {
    try {
      return same(row, typed(row, input.value), value);
    } catch {
      return false;
    }
  };
  const show = (value) => (document.activeElement === input && says(value)) || put(value);
  return { holds: input, isWide: isWide(row), show, put, focus: () => input.focus(), marks: [input] };
}

function slider(row, { name, about }, changed) {
  const input = element("input", { type: "range", min: row.low, max: row.high, "aria-labelledby": name, "aria-describedby": about });
  const says = element("output", {});
  const show = (value) => {
    input.value = value;
    says.textContent = value;
  };
  input.oninput = () => {
    says.textContent = input.value;
    changed(Number(input.value));
  };
  return { holds: element("span", { class: "slider" }, input, says), isWide: true, show, put: show, focus: () => input.focus(), marks: [input] };
}

function aSwitch(row, { name, about }, changed) {
  const input = element("input", { type: "checkbox", role: "switch", class: "switch", "aria-labelledby": name, "aria-describedby": about });
  input.onchange = () => changed(input.checked ? "yes" : "no");
  const show = (value) => (input.checked = value === "yes");
  return { holds: input, isWide: false, show, put: show, focus: () => input.focus(), marks: [input] };
}

// What people call an option.
export const wordOf = ({ kind, words }, option) => (kind === "days" ? dayName(option) : (words?.[option] ?? `${option}`));

function chips(row, type, { name, about }, changed) {
  const inputs = row.options.map((option) => element("input", { type, name: row.key, value: option }));
  const made = inputs.map((input, nth) => element("label", { class: "chip" }, input, element("span", {}, wordOf(row, row.options[nth]))));
  const holds = element("div", { class: "chips", role: type === "radio" ? "radiogroup" : "group", "aria-labelledby": name, "aria-describedby": about }, ...made);
  for (const input of inputs) input.onchange = () => changed(inputs.filter((each) => each.checked).map((each) => row.options[inputs.indexOf(each)]));
  const focus = () => (inputs.find((each) => each.checked) ?? inputs[0])?.focus();
  return { inputs, holds, focus };
}

function oneOf(row, ids, changed) {
  const { inputs, holds, focus } = chips(row, "radio", ids, ([one]) => changed(one));
  const show = (value) => inputs.forEach((input, nth) => (input.checked = row.options[nth] === value));
  return { holds, isWide: true, show, put: show, focus, marks: [holds] };
}

function anyOf(row, ids, changed) {
  const { inputs, holds, focus } = chips(row, "checkbox", ids, changed);
  const show = (value) => inputs.forEach((input, nth) => (input.checked = value.includes(row.options[nth])));
  return { holds, isWide: true, show, put: show, focus, marks: [holds] };
}

function twoTimes(row, { name, about }, changed) {
  const always = element("input", { type: "checkbox" });
  const [from, till] = [say("from"), say("till")].map((label) => element("input", { type: "time", "aria-label": label }));
  const times = element("span", { class: "times" }, from, "–", till);
  const holds = element("div", { class: "chips", role: "group", "aria-labelledby": name, "aria-describedby": about },
    element("label", { class: "chip" }, always, element("span", {}, say("At any time"))), times);
  const tell = () => {
    times.hidden = always.checked;
    try {
      changed(typed(row, always.checked ? "" : `${from.value}-${till.value}`));
    } catch (error) {
      changed(error);
    }
  };
  for (const each of [always, from, till]) each.onchange = tell;
  const show = (value) => {
    always.checked = value === "";
    times.hidden = always.checked;
    if (value) [from.value, till.value] = value.split("-");
  };
  return { holds, isWide: true, show, put: show, focus: () => always.focus(), marks: [from, till] };
}

// A row for each of the hours of a day, and a button that adds one.
function hoursOfDay(row, { name, about }, changed) {
  const list = element("div", { class: "spans" });
  const add = element("button", { class: "link", type: "button", "aria-label": say("{name}: add hours", { name: row.name }) }, say("Add hours"));
  const holds = element("div", { class: "day-hours", role: "group", "aria-labelledby": name, "aria-describedby": about }, list, add);
  const inputs = () => [...list.querySelectorAll("input")];
  const tell = () => {
    add.hidden = list.children.length >= MOST_SPANS;
    try {
      changed(typed(row, textOf(list)));
    } catch (error) {
      changed(error);
    }
  };
  const draw = (from = "", till = "") => {
    const times = [[say("from"), from], [say("till"), till]].map(([label, value]) => element("input", { type: "time", value, "aria-label": `${row.name}, ${label}` }));
    for (const each of times) each.onchange = tell;
    const remove = element("button", { class: "link remove", type: "button", "aria-label": say("{name}: take these hours away", { name: row.name }) }, "×");
    const made = element("div", { class: "times" }, times[0], "–", times[1], remove);
    remove.onclick = () => {
      const next = made.nextElementSibling ?? made.previousElementSibling;
      made.remove();
      (next?.querySelector("input") ?? add).focus();
      tell();
    };
    list.append(made);
    return times[0];
  };
  add.onclick = () => {
    draw(...(list.children.length ? [] : ["09:00", "17:00"])).focus();
    tell();
  };
  const put = (value) => {
    list.replaceChildren();
    // A field for times has no 24:00; it is the midnight at which the day ends.
    for (const span of spansOf(value)) draw(...span.split("-").map((each) => each.replace("24:00", "00:00")));
    add.hidden = list.children.length >= MOST_SPANS;
  };
  // Whoever is choosing keeps the field.
  const show = (value) => textOf(list) === spansOf(value).join(", ") || put(value);
  return { holds, isWide: true, show, put, focus: () => (inputs()[0] ?? add).focus(), get marks() { return inputs(); } };
}

// The hours in these fields as the file has them.
function textOf(list) {
  const spans = [...list.children].map((each) => [...each.querySelectorAll("input")].map((input) => input.value));
  return spans.map(([from, till]) => `${from}-${till === "00:00" ? "24:00" : till}`).join(", ");
}
