// What the device says, as it comes; and the device's own time, which runs on here between two messages.

export class Live {
  constructor() {
    this.latest = {};
    this.heardAt = 0;
    this.lostAt = null; // Time stands here while nobody tells it.
    this.listeners = {};
  }

  on(kind, listener) {
    (this.listeners[kind] ??= []).push(listener);
    return this;
  }

  open() {
    const source = new EventSource("/live");
    source.onmessage = (event) => this.hear(JSON.parse(event.data));
    source.onerror = () => {
      this.tell({ kind: "link", up: false, full: source.readyState === EventSource.CLOSED });
      // The browser tries again by itself, but not where it was refused.
      if (source.readyState === EventSource.CLOSED) setTimeout(() => this.open(), 5000);
    };
    // A page that is only kept for going back would hold its stream for nobody.
    addEventListener("pagehide", () => source.close(), { once: true });
    addEventListener("pageshow", (event) => event.persisted && location.reload(), { once: true });
  }

  hear(message) {
    if (message.kind === "time") this.heardAt = performance.now() - (message.age ?? 0) * 1000;
    if (message.kind === "afresh") this.latest = {};
    else if (message.kind !== "fact" && message.kind !== "sound") this.latest[message.kind] = message;
    this.tell(message);
  }

  tell(message) {
    if (message.kind === "link") this.lostAt = message.up ? null : (this.lostAt ?? performance.now());
    for (const listener of this.listeners[message.kind] ?? []) listener(message);
  }

  get elapsed() {
    const time = this.latest.time;
    return time ? (((this.lostAt ?? performance.now()) - this.heardAt) / 1000) * time.speed : 0;
  }

  // The device's instant, in its own seconds.
  get at() {
    return this.latest.time ? this.latest.time.at + this.elapsed : null;
  }

  // What its wall clock shows, as a date whose UTC fields are the device's local ones.
  get wall() {
    const reads = this.latest.time?.reads;
    return reads ? later(localFields(reads), this.elapsed) : null;
  }
}

// The fields of a date-time with its zone, whatever the zone of this browser.
export function localFields(text) {
  return new Date(`${text.match(/^[\d-]+T[\d:]+(\.\d{1,3})?/)[0]}Z`);
}

// The same some seconds later.
export const later = (date, seconds) => new Date(date.getTime() + seconds * 1000);

export function clockText(date, seconds = false) {
  return date.toISOString().slice(11, seconds ? 19 : 16);
}

export function spanText(seconds) {
  const minutes = Math.floor(seconds / 60);
  if (seconds > 0 && seconds < 60) return `${Math.floor(seconds)} s`;
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, "0")}`;
}

export const many = (count, one) => `${count.toLocaleString("en")} ${count === 1 ? one : `${one}s`}`;

// How long until: to the second where that matters.
export function untilText(seconds) {
  if (seconds <= 0) return "now";
  if (seconds < 600) {
    const left = Math.ceil(seconds);
    return `in ${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
  }
  return `in ${spanText(seconds)}`;
}

// Whether reminders sound, and if not, until when they don't.
export function remindersText(standing, wall, at) {
  if (standing.muted_until !== null) {
    return wall ? `muted till ${clockText(later(wall, standing.muted_until - at))}` : "muted";
  }
  return standing.quiet ? "silent: quiet hours" : "may sound";
}

// How much of the sitting time there has been of what there may be.
export function sittingText(sits, due) {
  return sits > due ? `${spanText(sits)}, ${spanText(sits - due)} over` : `${spanText(sits)} of ${spanText(due)}`;
}

export function sittingSeconds(standing, at) {
  return standing.sits_since === null ? standing.sitting_s : Math.max(0, at - standing.sits_since);
}

// An element with attributes and children; text stays text, whatever is in it.
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) if (value !== null) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

export function drawn(name, attributes = {}, ...children) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}
