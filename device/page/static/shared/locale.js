// Dates, clocks and weeks as the browser's own locale has them, in the language of the pages.

import { language } from "/said.js";

// Where a week begins on Sunday or Saturday, for browsers that don't know. Elsewhere it begins on Monday.
const SUNDAY = "AG AS BD BR BS BT BW BZ CA CO DM DO ET GT GU HK HN ID IL IN JM JP KE KH KR LA MH MM MO MT MX MZ NI NP PA PE PH PK PR PT PY SA SG SV TH TT TW UM US VE VI WS YE ZA ZW".split(" ");
const SATURDAY = "AE AF BH DJ DZ EG IQ IR JO KW LY OM QA SD SY".split(" ");

const known = navigator.languages.map(localeOf).filter(Boolean);
const own = known.find((each) => each.language === language) ?? known[0] ?? new Intl.Locale(language);

// Names of days and months are in the language of the pages, whatever that of the browser.
export const dates = own.language === language ? own.toString() : new Intl.Locale(language, { region: own.maximize().region }).toString();

const { hourCycle } = new Intl.DateTimeFormat(own.toString(), { hour: "numeric" }).resolvedOptions();

// Whether a clock has twelve hours, and am and pm.
export const isTwelve = hourCycle === "h12" || hourCycle === "h11";

function localeOf(tag) {
  try {
    return new Intl.Locale(tag);
  } catch {
    return null;
  }
}

// What a clock shows; `date` has its local time in its UTC fields.
export function clockText(date, seconds = false) {
  if (!isTwelve) return date.toISOString().slice(11, seconds ? 19 : 16);
  return date.toLocaleTimeString(dates, { hour: "numeric", minute: "2-digit", second: seconds ? "2-digit" : undefined, hourCycle, timeZone: "UTC" });
}

// The same for a time such as "08:30".
export const timeText = (time) => clockText(new Date(`1970-01-01T${time}Z`));

// An hour of the day, as short as it can be.
export function hourText(hour) {
  if (!isTwelve) return `${hour % 24}`;
  return new Date(hour * 3600000).toLocaleTimeString(dates, { hour: "numeric", hourCycle, timeZone: "UTC" });
}

// A day of the calendar, such as "2026-03-02".
export const dayText = (day, parts) => noonOf(day).toLocaleDateString(dates, { ...parts, timeZone: "UTC" });

export const dayParts = (day, parts) => new Intl.DateTimeFormat(dates, { ...parts, timeZone: "UTC" }).formatToParts(noonOf(day));

const noonOf = (day) => new Date(`${day}T12:00Z`);

// The day so many days after that one.
export const dayAfter = (day, by) => new Date(noonOf(day).getTime() + by * 86400000).toISOString().slice(0, 10);

// The last day of the week in which that day is.
export function weekEnd(day) {
  return dayAfter(day, (firstDay() + 6 - noonOf(day).getUTCDay()) % 7);
}

// The weekday with which a week begins: 0 is Sunday.
function firstDay() {
  const told = (own.getWeekInfo?.() ?? own.weekInfo)?.firstDay;
  if (told) return told % 7;
  const { region } = own.maximize();
  return SUNDAY.includes(region) ? 0 : SATURDAY.includes(region) ? 6 : 1;
}
