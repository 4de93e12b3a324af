// The settings: what is in force and where it comes from, and what somebody changes. The device has the last word.

import { $, element, setText, trouble } from "../shared/parts.js";
import { language, many, say, tell } from "../shared/say.js";
import { spansText } from "../shared/week.js";
import { capitalized, quietText } from "../shared/words.js";
import { answered } from "../talking/answered.js";
import { Live } from "../talking/live.js";
import { order } from "../talking/orders.js";
import { followWeek } from "../talking/week.js";
import { control, wordOf } from "./controls.js";
import { bounds, contradictions, isList, read, same, written } from "./values.js";
import { drawPlans, showWeek } from "./week.js";

const OLD_NEWS_MS = 10000;
const SAVED_MS = 4000;
const SAYS_FROM = {
  default: () => say("default"),
  preset: () => say("by “How often”"),
  file: () => say("from the settings file"),
  page: () => say("changed here"),
  command: () => say("from the command line, which takes precedence"),
};
const SAYS_WHERE = {
  file: () => say("Change it in the settings file and restart; not from here."),
  calibration: () => say("A calibration finds it."),
};
const BY_PRESET = ["limits.invite_after", "limits.due_after"];
const CALENDARS = "meetings.calendar";
const OPEN = "day"; // The group that is open at first.

const live = new Live();
let known = null; // The table of the settings, as the page's own process has it.
const rows = new Map(); // What is drawn of each setting, by its key.
const drafts = new Map(); // What somebody has changed and not saved; an Error if it isn't a value.
let sent = null; // What has been sent and isn't told yet.
let refused = ""; // Why the latest wasn't taken.
let saved = ""; // What has just been saved.
let forgetting = null;

// ---- what is in force

// A device that tells no layers tells at least its values.
function inForce() {
  const { settings, device } = live.latest;
  if (settings) return { ...settings, from: settings.from ?? {} };
  if (!device?.settings) return null;
  const values = Object.fromEntries(device.settings.map((line) => line.split(/=(.*)/s)));
  return { values, from: {}, file: null, trouble: null, confirm_by: null };
}

const isTold = (key) => inForce()?.values[key] !== undefined;
const valueOf = (key) => (isChosen(key) ? live.latest.device.language : read(inForce().values[key]));
const fromOf = (key) => inForce().from[key];
// Nobody has set the language, so what was chosen at the device holds.
const isChosen = (key) => key === "screens.language" && fromOf(key) === "default" && !!live.latest.device?.language;
const canChange = (row) => !row.where && fromOf(row.key) !== "command";

function show() {
  const told = inForce();
  const { desk } = live.latest;
  const isPlaying = !!desk?.title;
  $("waiting").hidden = !!told && !isPlaying;
  if (isPlaying) setText("waiting", say("The desk plays a recorded day. Your own settings come back with your desk."));
  $("groups").hidden = $("whence").hidden = !known || !told || isPlaying;
  if (!known || !told) return;
  trouble("settings", told.trouble ? `${capitalized(tell(told.trouble))}.` : "");
  forgetSent();
  for (const { row } of rows.values()) if (isTold(row.key)) showRow(row);
  sayWhence(told);
  check();
  showKeep();
  followLinkOnce();
  speakAsPanel();
}

function showRow(row) {
  const drawn = rows.get(row.key);
  const from = fromOf(row.key);
  const isOwn = from === "page";
  // Somebody else may have changed it to the same.
  if (!sent && isValue(drafts.get(row.key)) && same(row, drafts.get(row.key), valueOf(row.key))) drafts.delete(row.key);
  if (!drafts.has(row.key)) drawn.control?.show(valueOf(row.key));
  drawn.holds.inert = !canChange(row);
  drawn.holds.hidden = !canChange(row);
  setText(drawn.reads, canChange(row) ? "" : shown(row, valueOf(row.key)) || say("none"));
  drawn.article.classList.toggle("own", isOwn);
  setText(drawn.from, chosenText(row) || (SAYS_FROM[from]?.() ?? ""));
  setText(drawn.usual, from === "default" ? "" : say("default: {value}", { value: shown(row, read(row.default)) || say("none") }));
  drawn.reset.hidden = !isOwn || !canChange(row);
}

// What was chosen at the device holds where nothing is set.
function chosenText({ key, words, ...row }) {
  const { spared } = live.latest.standing ?? {};
  if (isChosen(key) && valueOf(key) !== read(row.default)) return say("chosen at the device");
  if (key === "stretches.conditions" && spared?.length) return say("chosen at the device: {what}", { what: spared.map((each) => words[each] ?? each).join(", ") });
  return "";
}

// A value as it is said beside its control.
function shown(row, value) {
  // Where a calendar lies is nobody's business.
  const word = (each) => (row.key === CALENDARS ? each.split("/").at(-1) : wordOf(row, each));
  if (isList(row) && row.kind !== "durations") return value.map(word).join(", ");
  if (row.kind === "toggle") return value === "yes" ? say("on") : say("off");
  if (row.kind === "hours" && value === "") return say("At any time");
  if (row.kind === "spans") return spansText(value);
  return row.options.length ? `${word(value)}` : written(row, value);
}

function sayWhence({ file, from }) {
  const own = Object.values(from).filter((each) => each === "page").length;
  setText("whence-says", file ? say("The settings file is {file}. What is changed here lies over it.", { file }) : say("There is no settings file. What is changed here is kept by the device."));
  $("reset-all").hidden = !own || !$("reset-asks").hidden;
  setText("reset-asks-says", many(own, "{count} setting goes back to what the file or the default says.", "{count} settings go back to what the file or the default says."));
}

// ---- drawing

function draw() {
  for (const group of known.groups) {
    const made = group.keys.map((key) => drawRow(known.settings.find((each) => each.key === key)));
    const count = element("small", { class: "count", "data-group": group.name });
    const warning = group.warns ? [element("p", { class: "warns" }, say("A wrong value here can leave the device deaf, dark or silent. After saving, the page asks whether it still works; without an answer the old values return."))] : [];
    const details = element("details", { class: "card group", id: `group-${group.name}`, open: group.name === OPEN ? "" : null },
      element("summary", {}, element("span", { class: "title", role: "heading", "aria-level": "3" }, group.title), element("small", { class: "soft" }, group.about), count),
      ...warning, ...made, ...(group.name === "hours" ? [drawPlans()] : []));
    $("groups").append(details);
  }
}

function drawRow(row) {
  const [name, about, fault] = ["name", "about", "fault"].map((each) => `${each}-${row.key}`);
  const drawn = { row, fault: element("p", { class: "fault", id: fault, hidden: "" }), from: element("span", {}), usual: element("span", {}), reads: element("span", { class: "reads" }) };
  drawn.control = row.where ? null : control(row, { name, about: `${about} ${fault}` }, (value) => change(row, value));
  drawn.holds = element("div", { class: drawn.control?.isWide ? "holds wide" : "holds" }, ...(drawn.control ? [drawn.control.holds] : []));
  drawn.reset = element("button", { class: "link", "aria-label": say("Reset {name}", { name: row.name }) }, say("Reset"));
  drawn.reset.onclick = () => reset(row);
  const allowed = bounds(row) || (row.options.length || row.kind === "toggle" || ["hours", "spans"].includes(row.kind) || row.where ? "" : row.allowed);
  const where = row.where ? [element("span", {}, SAYS_WHERE[row.where]())] : [];
  drawn.undo = element("button", { class: "link", hidden: "" }, say("Undo"));
  drawn.undo.onclick = () => undo(row);
  drawn.draft = element("span", { class: "draft", hidden: "" }, say("not saved yet"));
  drawn.like = likeTheDayBefore(row, drawn);
  if (drawn.like) drawn.holds.append(drawn.like);
  drawn.article = element("article", { class: "setting", "data-key": row.key },
    element("h4", { id: name }, row.name), drawn.holds, drawn.reads,
    element("p", { class: "soft doc", id: about }, row.doc),
    drawn.fault,
    element("p", { class: "foot" }, drawn.draft, drawn.undo, drawn.from, drawn.usual, ...(allowed ? [element("span", {}, allowed)] : []), ...where, element("code", {}, row.key), drawn.reset));
  rows.set(row.key, drawn);
  return drawn.article;
}

// The hours of a day are often those of the day before.
function likeTheDayBefore(row, drawn) {
  const before = row.kind === "spans" && known.settings[known.settings.findIndex(({ key }) => key === row.key) - 1];
  if (!before || before.kind !== "spans") return null;
  const like = element("button", { class: "link like", type: "button", hidden: "", "aria-label": say("{name}: as on {other}", { name: row.name, other: before.name }) }, say("As on {other}", { other: before.name }));
  like.onclick = () => {
    const value = wouldBe(before.key);
    drawn.control.put(value);
    change(row, value);
    drawn.control.focus();
  };
  return Object.assign(like, { before: before.key });
}

// ---- changing

const isValue = (draft) => draft !== undefined && !(draft instanceof Error);

function change(row, value) {
  if (isValue(value) && same(row, value, valueOf(row.key))) drafts.delete(row.key);
  else drafts.set(row.key, value);
  refused = "";
  check();
}

function undo(row) {
  drafts.delete(row.key);
  rows.get(row.key).control.put(valueOf(row.key));
  rows.get(row.key).control.focus();
  check();
}

$("discard").onclick = () => {
  for (const key of [...drafts.keys()]) {
    drafts.delete(key);
    rows.get(key).control.put(valueOf(key));
  }
  refused = "";
  check();
};

// The value that would hold if all were saved now: a preset brings times of its own.
function wouldBe(key) {
  const draft = drafts.get(key);
  if (isValue(draft)) return draft;
  const preset = drafts.get("limits.preset");
  if (!BY_PRESET.includes(key) || fromOf(key) !== "preset") return valueOf(key);
  return preset ? read(known.presets[preset][key]) : valueOf(key);
}

// Marks what isn't saved, says what is wrong with it, and whether it can be saved.
function check() {
  const faults = new Map();
  for (const [key, value] of drafts) if (value instanceof Error) faults.set(key, value.message);
  if (!faults.size) {
    for (const { keys, says } of contradictions(known.rules, new Map([...rows].map(([key, { row }]) => [key, row])), wouldBe)) {
      const touched = keys.filter((key) => drafts.has(key));
      if (!touched.length && drafts.has("limits.preset")) touched.push("limits.preset");
      for (const key of touched) if (!faults.has(key)) faults.set(key, says);
    }
  }
  for (const [key, drawn] of rows) {
    const isDraft = drafts.has(key), says = faults.get(key) ?? "";
    drawn.article.classList.toggle("changed", isDraft);
    drawn.draft.hidden = drawn.undo.hidden = !isDraft;
    if (drawn.like && isTold(key)) drawn.like.hidden = !!wouldBe(key) || drafts.get(key) instanceof Error || !wouldBe(drawn.like.before);
    setText(drawn.fault, says);
    drawn.fault.hidden = !says;
    for (const each of drawn.control?.marks ?? []) {
      if (says) each.setAttribute("aria-invalid", "true");
      else each.removeAttribute("aria-invalid");
    }
  }
  sayCounts();
  showSaveBar(faults);
}

function sayCounts() {
  for (const group of known.groups) {
    const changed = group.keys.filter((key) => drafts.has(key)).length;
    const own = group.keys.filter((key) => isTold(key) && fromOf(key) === "page").length;
    const says = changed ? many(changed, "{count} not saved", "{count} not saved") : own ? many(own, "{count} changed", "{count} changed") : "";
    setText(document.querySelector(`[data-group="${group.name}"]`), says);
  }
}

function showSaveBar(faults) {
  const isUp = !!live.latest.link?.up;
  const isSaved = !drafts.size && !!saved;
  $("save-bar").hidden = !drafts.size && !isSaved && !refused && !sent;
  $("save").hidden = $("discard").hidden = !drafts.size;
  $("save").setAttribute("aria-disabled", String(!!sent || faults.size > 0 || !isUp));
  $("save").dataset.fault = [...faults.keys()][0] ?? "";
  $("save-bar").classList.toggle("refused", !!refused && !sent);
  setText("save-says", saveText(faults, isUp));
}

function saveText(faults, isUp) {
  if (sent) return say("Saving...");
  if (!isUp && drafts.size) return say("Nothing can be saved until the device answers.");
  if (faults.size) return many(faults.size, "{count} has to be mended first", "{count} have to be mended first");
  return refused || saved || many(drafts.size, "{count} change", "{count} changes");
}

$("save").onclick = () => {
  const fault = $("save").dataset.fault;
  if (fault) return goTo(fault);
  if ($("save").getAttribute("aria-disabled") === "true") return;
  save({ values: Object.fromEntries(drafts) });
};

// Enter is done with a field, and saves.
$("groups").addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.target.type !== "text") return;
  event.target.blur();
  $("save").click();
});

function goTo(key) {
  const { article, control: made } = rows.get(key);
  article.closest("details").open = true;
  article.hidden = false;
  // What can't be changed here can't have the focus.
  made?.focus();
  article.scrollIntoView({ block: "center" });
}

async function save(what) {
  sent = { at: performance.now(), values: new Map(what.values ? drafts : []), resets: what.reset ?? [], isFine: false };
  refused = saved = "";
  check();
  try {
    const { confirm_within_s } = await order("set", what);
    isAskedHere = !!confirm_within_s;
    sent.isFine = true;
    setTimeout(show, OLD_NEWS_MS);
  } catch (error) {
    sent = null;
    refused = capitalized(error.message);
  }
  show();
}

// A change is done once the device says so; what else is drafted meanwhile stays.
function forgetSent() {
  if (!sent?.isFine) return;
  const isTaken = [...sent.values].every(([key, value]) => same(rows.get(key).row, valueOf(key), value)) && sent.resets.every(isReset);
  if (!isTaken && performance.now() - sent.at < OLD_NEWS_MS) return;
  for (const [key, value] of isTaken ? sent.values : []) if (drafts.get(key) === value) drafts.delete(key);
  if (isTaken) saySaved(sent.values.size);
  else refused = say("The device has not said that it took this. Try again.");
  sent = null;
}

const isReset = (key) => (key === "all" ? !Object.values(inForce().from).includes("page") : fromOf(key) !== "page");

function saySaved(count) {
  const isOnTrial = (inForce().confirm_by ?? null) !== null;
  saved = isOnTrial ? say("It goes by that for now. Say above whether it works.") : count ? many(count, "{count} change is saved.", "{count} changes are saved.") : say("Reset.");
  clearTimeout(forgetting);
  forgetting = setTimeout(() => {
    saved = "";
    check();
  }, SAVED_MS);
}

// ---- resetting

const reset = ({ key }) => save({ reset: [key] });

$("reset-all").onclick = () => {
  $("reset-asks").hidden = false;
  $("reset-all").hidden = true;
  $("reset-no").focus();
};
$("reset-no").onclick = () => {
  $("reset-asks").hidden = true;
  show();
  $("reset-all").focus();
};
$("reset-yes").onclick = () => {
  $("reset-asks").hidden = true;
  save({ reset: ["all"] });
};

// ---- keeping what could have gone wrong

let keepFor = 60;
let isAskedHere = false; // Of several phones, the one that has changed the wiring.

function showKeep() {
  const by = inForce()?.confirm_by ?? null;
  const left = by === null || live.at === null ? null : Math.max(0, by - live.at);
  const appears = by !== null && $("keep-card").hidden;
  $("keep-card").hidden = by === null;
  if (by === null) return;
  if (appears) {
    keepFor = Math.max(left ?? 0, 1);
    setText("keep-says", say("The wiring has been changed. Look at the panel, sit down, press the button: if it works, keep it. Without an answer the old values return by themselves."));
  }
  if (isAskedHere) {
    isAskedHere = false;
    $("keep-card").scrollIntoView({ block: "nearest" });
    $("keep").focus({ preventScroll: true });
  }
  if (left === null) return;
  setText("keep-left", say("{count} s left", { count: Math.ceil(left) }));
  $("keep-bar").style.width = `${(100 * left) / keepFor}%`;
}

async function answerKeep(keeps) {
  try {
    await order("keep", keeps);
    trouble("keep", "");
  } catch (error) {
    trouble("keep", error.message);
  }
}

$("keep").onclick = () => answerKeep(true);
$("take-back").onclick = () => answerKeep(false);

setInterval(showKeep, 500);

// ---- searching

$("search").oninput = () => {
  const wanted = $("search").value.trim().toLowerCase();
  let found = 0;
  for (const details of document.querySelectorAll(".group")) {
    let here = 0;
    for (const article of details.querySelectorAll(".setting")) {
      const { row } = rows.get(article.dataset.key);
      const words = [row.name, row.doc, row.key, ...row.options, ...Object.values(row.words ?? {})].join(" ").toLowerCase();
      article.hidden = !wanted.split(/\s+/).every((word) => words.includes(word));
      here += article.hidden ? 0 : 1;
    }
    details.hidden = !here;
    details.open = wanted ? here > 0 : details.id === `group-${OPEN}`;
    found += here;
  }
  $("nothing-found").hidden = found > 0;
};

// ---- begin

live.on("link", ({ up, why, silent }) => {
  const since = quietText(silent, live.wall);
  trouble("link", up ? "" : why ? `${capitalized(why)}. ${say("This page tries again by itself.")}` : `${since} ${say("Nothing can be saved until the device answers.")}`);
  $("groups").inert = $("whence").inert = !up;
  show();
});
for (const kind of ["settings", "device", "desk"]) live.on(kind, show);

// How things stand changes often, what was chosen at the device seldom.
let spared = "";
live.on("standing", (standing) => {
  if (`${standing.spared}` !== spared) show();
  spared = `${standing.spared}`;
});

// The page speaks the language of the panel, once it is loaded anew; and only once, if it doesn't know that language.
function speakAsPanel() {
  const now = live.latest.device?.language;
  if (!now || now === language || drafts.size || sent || sessionStorage.getItem("spoken") === now) return;
  sessionStorage.setItem("spoken", now);
  location.reload();
}

// A link can lead to a single setting.
function followLink() {
  const key = location.hash.slice(1);
  if (rows.has(key)) goTo(key);
  else if ($(`group-${key}`)) $(`group-${key}`).open = true;
}
addEventListener("hashchange", followLink);

// Once there is something to lead to, and it can have the focus.
let isFollowed = false;
function followLinkOnce() {
  if (isFollowed || $("groups").hidden || $("groups").inert) return;
  isFollowed = true;
  followLink();
}

// Whoever leaves with something unsaved is asked.
addEventListener("beforeunload", (event) => drafts.size && event.preventDefault());

// A setting that a plan changes, and its value.
function changedByPlan(key, text) {
  const { row } = rows.get(key);
  return `${row.name}: ${shown(row, read(text)) || say("none")}`;
}

async function begin() {
  try {
    known = await answered("/settings.json");
    trouble("table", "");
    draw();
    show();
    followWeek(live, (week) => showWeek(week, live.wall, changedByPlan));
  } catch (error) {
    trouble("table", error.message);
    setTimeout(begin, 5000);
  }
}

live.open();
begin();
