// What of the week holds now: the plans, the hours and the calendars, as the server tells them.

import { answered } from "./answered.js";

const AGAIN_MS = 5000;

// At a bound the device's clock and the server's may be a moment apart. One of another version tells neither.
function agrees({ hours_begin: begins, plans }, { off_hours: isOff = !!begins, plan = null }) {
  const on = plans.find((each) => each.on)?.name ?? "";
  return isOff === !!begins && (plan === null || plan === on);
}

// Asked for anew when the device tells that something of it has changed.
export function followWeek(live, told) {
  let last = null;
  const look = async () => {
    const { standing, device, settings } = live.latest;
    if (!standing || !device) return;
    const now = JSON.stringify([standing.plan, standing.off_hours, standing.meeting_till, device.settings, settings?.values]);
    if (now === last) return;
    last = now;
    try {
      const week = await answered("/week.json");
      told(week);
      if (agrees(week, standing)) return;
    } catch {
      // It is asked for again.
    }
    last = null;
    setTimeout(look, AGAIN_MS);
  };
  for (const kind of ["standing", "device", "settings"]) live.on(kind, look);
  look();
}
