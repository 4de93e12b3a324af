// The stretches: what the next break would show, and every stretch, each of which can be switched on and off.

import { $, element, setText, trouble } from "../shared/parts.js";
import { locale, many, say } from "../shared/say.js";
import { capitalized, quietText } from "../shared/words.js";
import { answered } from "../talking/answered.js";
import { Live } from "../talking/live.js";
import { order } from "../talking/orders.js";

const SOON_MS = 400;
const AGAIN_MS = 5000;
const OLD_NEWS_MS = 10000;
const MINUTES = "stretches.minutes", ROUTINE = "stretches.routine", AREAS = "stretches.areas_out";

const live = new Live();
const cards = new Map(); // By the id of its stretch.
let settings = null; // The table of the settings.

// ---- how the device has it

const isThere = () => !!live.latest.link?.up && !!live.latest.standing && !live.latest.desk?.title;

function valueOf(key) {
  const { settings: told, device } = live.latest;
  const line = device?.settings?.find((each) => each.startsWith(`${key}=`));
  const written = told?.values[key] ?? line?.slice(key.length + 1);
  return written === undefined ? null : JSON.parse(written);
}

const isFromCommand = (key) => live.latest.settings?.from?.[key] === "command";

// ---- the next break

let asking = null;

// Facts come in bursts; the routine is asked for once after each.
function showRoutineSoon() {
  clearTimeout(asking);
  asking = setTimeout(() => showRoutine().then(() => trouble("routine", ""), (error) => trouble("routine", error.message)), SOON_MS);
}

async function showRoutine() {
  const { lasts_s, turns } = await answered("/routine.json");
  const minutes = (lasts_s / 60).toLocaleString(locale, { maximumFractionDigits: 1 });
  setText("lasts", turns.length ? say("{count} min", { count: minutes }) : "");
  $("routine").replaceChildren(...turns.map(turnOf));
  const says = isThere() ? say("What it would show if it came now.") : say("What it would show if it came now, as far as is written down.");
  setText("routine-says", turns.length ? says : say("Nothing is left for a break: switch a hip stretch on."));
}

function turnOf({ id, name, ...amount }) {
  return element("li", {}, picture(id, ""), element("b", {}, name), element("small", {}, amountText(amount)));
}

function amountText({ count, counted, both_sides }) {
  if (counted) return both_sides ? many(count, "{count} time each side", "{count} times each side") : many(count, "{count} time", "{count} times");
  return both_sides ? say("{count} s each side", { count }) : say("{count} s", { count });
}

function picture(id, alt) {
  const still = element("source", { media: "(prefers-reduced-motion: reduce)", srcset: `/stretches/${id}.png` });
  return element("picture", {}, still, element("img", { src: `/stretches/${id}.gif`, alt, loading: "lazy", width: 384, height: 192 }));
}

// ---- choosing the routine and its length

function drawChoices() {
  const rowOf = (key) => settings.settings.find((each) => each.key === key);
  const { low, high } = rowOf(MINUTES);
  for (let nth = low; nth <= high; nth++) $("set-minutes").append(element("option", { value: nth }, `${nth}`));
  const { options, words } = rowOf(ROUTINE);
  for (const each of options) $("set-routine").append(element("option", { value: each }, words[each]));
  $("set-minutes").onchange = () => set(MINUTES, Number($("set-minutes").value));
  $("set-routine").onchange = () => set(ROUTINE, $("set-routine").value);
}

let isSetting = false;

// What was chosen is shown as chosen once the device says so.
async function set(key, value) {
  isSetting = true;
  setText("choose-says", say("Saving..."));
  try {
    await order("set", { values: { [key]: value } });
    trouble("set", (await isTold(key, value)) ? "" : say("The device has not said that it took this. Try again."));
  } catch (error) {
    trouble("set", error.message);
  }
  isSetting = false;
  setText("choose-says", "");
  show();
}

// Whether the device says so, within a while.
let lookForIt = () => {};

function isTold(key, value) {
  const wanted = JSON.stringify(value);
  return new Promise((done) => {
    lookForIt = () => JSON.stringify(valueOf(key)) === wanted && done(true);
    lookForIt();
    setTimeout(() => done(false), OLD_NEWS_MS);
  });
}

function showChoices() {
  const told = [MINUTES, ROUTINE].map(valueOf);
  $("choose").hidden = !settings || told.includes(null) || !!live.latest.desk?.title;
  if ($("choose").hidden || isSetting) return;
  [$("set-minutes").value, $("set-routine").value] = told;
  for (const [id, key] of [["set-minutes", MINUTES], ["set-routine", ROUTINE]]) $(id).disabled = !isThere() || isFromCommand(key);
}

// ---- every stretch

let areas = new Map();

async function draw() {
  areas = new Map();
  for (const each of await answered("/stretches.json")) areas.set(each.area, [...(areas.get(each.area) ?? []), each]);
  drawFilter();
  $("areas-list").replaceChildren(...[...areas].map(([area, all]) => section(area, all)));
  show();
}

function drawFilter() {
  const choices = ["", ...areas.keys()].map((area) => {
    const input = element("input", { type: "radio", name: "area", value: area });
    input.checked = area === "";
    input.onchange = () => filter(area);
    return element("label", { class: "chip" }, input, element("span", {}, area || say("all")));
  });
  $("filter").replaceChildren(...choices);
}

function filter(area) {
  for (const each of document.querySelectorAll(".area")) each.hidden = area !== "" && each.dataset.area !== area;
}

function section(area, all) {
  const out = element("button", { class: "link", hidden: "" });
  out.onclick = () => switchArea(all[0].area_id);
  return element("section", { class: "area-section area", "data-area": area, "data-id": all[0].area_id, "aria-label": area },
    element("div", { class: "area-head" }, element("h3", {}, area), out), element("div", { class: "stretches" }, ...all.map(card)));
}

function switchArea(area) {
  const out = valueOf(AREAS) ?? [];
  set(AREAS, out.includes(area) ? out.filter((each) => each !== area) : [...out, area]);
}

function card(stretch) {
  const input = element("input", { type: "checkbox", role: "switch", class: "switch", "aria-label": stretch.name });
  const says = element("p", { class: "soft says" });
  input.onchange = () => choose(stretch, input);
  const how = element("details", {}, element("summary", {}, say("How")),
    element("ol", {}, ...stretch.steps.map((step) => element("li", {}, step))),
    element("p", {}, element("b", {}, say("Stop if:")), " ", stretch.stop),
    element("p", {}, element("b", {}, say("Careful:")), " ", stretch.caution));
  const made = element("article", { class: "stretch", "data-id": stretch.id }, picture(stretch.id, say("{name}, drawn as on the panel", { name: stretch.name })),
    element("div", {}, element("div", { class: "head" }, element("h4", {}, stretch.name), input),
      element("p", { class: "soft" }, stretch.why), says, how));
  cards.set(stretch.id, { stretch, input, says, made });
  return made;
}

// The switch moves when the device says so.
async function choose({ id }, input) {
  const wanted = input.checked;
  input.checked = !wanted;
  const { made } = cards.get(id);
  made.classList.add("waits");
  try {
    await order("choose", { name: wanted ? "stretch_again" : "stretch_never", value: id });
    trouble("choose", "");
  } catch (error) {
    trouble("choose", error.message);
  }
  made.classList.remove("waits");
  show();
}

function show() {
  showChoices();
  const { standing } = live.latest;
  for (const { stretch, input, says, made } of cards.values()) {
    const why = whyOff(stretch, standing);
    const isNever = !!standing?.left_out.includes(stretch.id);
    input.checked = !why.length && !isNever;
    input.disabled = why.length > 0 || !isThere();
    made.classList.toggle("off", !input.checked);
    sayWhy(says, why, isNever);
  }
  showAreas();
  const on = [...cards.values()].filter(({ input }) => input.checked).length;
  setText("count", cards.size ? say("{count} of {all} on", { count: on, all: cards.size }) : "");
}

// What leaves it out besides the person's own choice, which only that can change.
function whyOff({ left_out_by, not_for }, standing) {
  const conditions = not_for.filter((each) => standing?.spared.includes(each));
  return [...left_out_by, ...(conditions.length ? [""] : [])];
}

function sayWhy(says, why, isNever) {
  const told = JSON.stringify([why, isNever]);
  if (says.dataset.told === told) return;
  says.dataset.told = told;
  const [key] = why;
  if (key) says.replaceChildren(`${say("Left out by the settings.")} `, element("a", { href: `/settings#${key}` }, nameOf(key)));
  else says.replaceChildren(why.length ? say("Left out, as chosen at the device.") : isNever ? say("Never, as you said.") : "");
}

const nameOf = (key) => settings?.settings.find((each) => each.key === key)?.name ?? key;

function showAreas() {
  const out = valueOf(AREAS) ?? [];
  for (const each of document.querySelectorAll(".area")) {
    const button = each.querySelector(".area-head button");
    button.hidden = !isThere() || isFromCommand(AREAS) || !live.latest.settings;
    setText(button, out.includes(each.dataset.id) ? say("Offer this area again") : say("Leave out this area"));
  }
}

// ---- begin

live.on("link", ({ up, why }) => {
  trouble("link", up ? "" : why ? `${capitalized(why)}. ${say("This page tries again by itself.")}` : `${quietText(false)} ${say("Nothing can be changed until it does.")}`);
  show();
});
for (const kind of ["standing", "desk", "time"]) live.on(kind, show);

// What the settings leave out, the page's own process says anew.
let told = "";
function settle() {
  lookForIt();
  const now = JSON.stringify(live.latest.settings?.values ?? live.latest.device?.settings);
  if (now === told) return;
  told = now;
  drawAgain();
  showRoutineSoon();
}
for (const kind of ["settings", "device"]) live.on(kind, settle);

async function drawAgain() {
  try {
    const fresh = new Map((await answered("/stretches.json")).map((each) => [each.id, each]));
    for (const each of cards.values()) each.stretch = fresh.get(each.stretch.id) ?? each.stretch;
    trouble("stretches", "");
  } catch (error) {
    trouble("stretches", error.message);
  }
  show();
}

let left = "";
live.on("standing", ({ left_out, spared }) => {
  const now = JSON.stringify([left_out, spared]);
  if (now !== left) showRoutineSoon();
  left = now;
});
live.on("fact", showRoutineSoon);

async function begin() {
  try {
    settings ??= await answered("/settings.json");
    if (!$("set-minutes").options.length) drawChoices();
    await draw();
    trouble("stretches", "");
  } catch (error) {
    trouble("stretches", error.message);
    setTimeout(begin, AGAIN_MS);
  }
}

live.open();
begin();
showRoutineSoon();
