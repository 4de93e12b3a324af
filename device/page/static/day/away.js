// Yours to take away: the days and the journal as files, and a report that is read before it is saved.

import { dayAfter } from "../shared/locale.js";
import { $, element, setText } from "../shared/parts.js";
import { say } from "../shared/say.js";
import { capitalized } from "../shared/words.js";

const PATIENCE_MS = 120000;
const AT_FIRST_DAYS = 30;

export function offerAway() {
  for (const kind of ["csv", "json"]) $(`away-${kind}`).onclick = () => save(`/download/days.${kind}?${span()}`);
  $("away-journal").onclick = () => save("/download/journal.db");
  $("report-day").onchange = () => $("report").hidden || showReport();
  $("report-show").onclick = showReport;
}

// The days that a page without further wishes means: the last ones.
export function awayUntil(today) {
  for (const [id, day] of [["away-first", dayAfter(today, -AT_FIRST_DAYS)], ["away-last", today], ["report-day", today]]) {
    $(id).max = today;
    $(id).value ||= day;
  }
}

const span = () => new URLSearchParams({ first: $("away-first").value, last: $("away-last").value });

async function save(address) {
  setText("away-says", say("It is on its way ..."));
  try {
    const answer = await fetched(address);
    keep(await answer.blob(), nameOf(answer));
    setText("away-says", say("{name} is saved.", { name: nameOf(answer) }));
  } catch (error) {
    setText("away-says", capitalized(error.message));
  }
}

// What is shown is what is saved.
async function showReport() {
  setText("away-says", "");
  try {
    const answer = await fetched(`/download/report?last=${encodeURIComponent($("report-day").value)}`);
    const text = await answer.text();
    setText("report-text", text);
    $("report").hidden = false;
    $("report-save").onclick = () => {
      keep(new Blob([text], { type: "text/csv" }), nameOf(answer));
      setText("away-says", say("{name} is saved.", { name: nameOf(answer) }));
    };
    $("report-text").focus();
  } catch (error) {
    $("report").hidden = true;
    setText("away-says", capitalized(error.message));
  }
}

async function fetched(address) {
  let answer = null;
  try {
    answer = await fetch(address, { signal: AbortSignal.timeout(PATIENCE_MS) });
  } catch {
    throw new Error(say("The page's own server doesn't answer."));
  }
  if (!answer.ok) throw new Error((await answer.text()).trim());
  return answer;
}

const nameOf = (answer) => answer.headers.get("content-disposition").match(/filename="(.+)"/)[1];

function keep(blob, name) {
  const link = element("a", { href: URL.createObjectURL(blob), download: name });
  link.click();
  // The browser needs it a little longer.
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}
