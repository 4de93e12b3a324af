// What of the week holds now: the plans, the hours and the calendars, as the server tells them.

import { answered } from "./answered.js";

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
      told(await answered("/week.json"));
    } catch {
      last = null;
      setTimeout(look, 5000);
    }
  };
  for (const kind of ["standing", "device", "settings"]) live.on(kind, look);
  look();
}
