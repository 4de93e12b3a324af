// The plans and the calendars among the settings. Both are only shown: the settings file has them.

import { $, element } from "../shared/parts.js";
import { say } from "../shared/say.js";
import { weekText, whenText } from "../shared/week.js";
import { capitalized } from "../shared/words.js";

export function drawPlans() {
  return element("article", { class: "plans", id: "plans", hidden: "" },
    element("h4", {}, say("Plans")),
    element("p", { class: "soft doc" }, say("Each changes some settings for a part of the week. Of those that fit, the first counts. Edit them in the settings file; see docs/plans.md.")),
    element("ul", { id: "plan-list" }));
}

// `changed` says a setting that a plan changes, and its value.
export function showWeek({ plans, calendars }, wall, changed) {
  $("plans").hidden = !plans.length;
  $("plan-list").replaceChildren(...plans.map((plan) => planItem(plan, changed)));
  showCalendars(calendars, wall);
}

function planItem({ name, week, changes, on }, changed) {
  const now = on ? [" ", element("span", { class: "on" }, say("in force now"))] : [];
  const what = changes.map(([key, text]) => changed(key, text)).join("; ");
  return element("li", {}, element("strong", {}, name), ` ${weekText(week)}`, ...now, element("br"), element("span", { class: "soft" }, what || say("It changes nothing.")));
}

function showCalendars(calendars, wall) {
  const article = document.querySelector('[data-key="meetings.calendar"]');
  article.querySelector(".calendars")?.remove();
  if (!calendars?.length) return;
  article.querySelector(".doc").after(element("ul", { class: "calendars" }, ...calendars.map((each) => element("li", {}, calendarText(each, wall)))));
}

function calendarText({ name, read, trouble }, wall) {
  const says = read ? say("{name}: read {when}.", { name, when: whenText(read, wall) }) : say("{name}: not read yet.", { name });
  return trouble ? `${says} ${capitalized(trouble)}.` : says;
}
