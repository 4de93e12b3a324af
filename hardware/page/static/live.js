// What the device says, as it comes; and the device's own time, which runs on here between two messages.

export class Live {
  constructor() {
    this.latest = {};
    this.heardAt = 0;
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
    if (message.kind === "time") this.heardAt = performance.now();
    if (message.kind === "afresh") this.latest = {};
    else if (message.kind !== "fact" && message.kind !== "sound") this.latest[message.kind] = message;
    this.tell(message);
  }

  tell(message) {
    for (const listener of this.listeners[message.kind] ?? []) listener(message);
  }

  get elapsed() {
    const time = this.latest.time;
    return time ? ((performance.now() - this.heardAt) / 1000) * time.speed : 0;
  }

  // The device's instant, in its own seconds.
  get at() {
    return this.latest.time ? this.latest.time.at + this.elapsed : null;
  }

  // What its wall clock shows, as a date whose UTC fields are the device's local ones.
  get wall() {
    const reads = this.latest.time?.reads;
    return reads ? new Date(localFields(reads).getTime() + this.elapsed * 1000) : null;
  }
}

// The fields of a date-time with its zone, whatever the zone of this browser.
export function localFields(text) {
  return new Date(`${text.match(/^[\d-]+T[\d:]+(\.\d{1,3})?/)[0]}Z`);
}

export function clockText(date, seconds = false) {
  return date.toISOString().slice(11, seconds ? 19 : 16);
}

export function spanText(seconds) {
  const minutes = Math.floor(seconds / 60);
  if (seconds > 0 && seconds < 60) return `${Math.floor(seconds)} s`;
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, "0")}`;
}

// How long until: to the second where that matters.
export function untilText(seconds) {
  if (seconds <= 0) return "now";
  if (seconds < 600) {
    const left = Math.ceil(seconds);
    return `in ${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
  }
  return `in ${spanText(seconds)}`;
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
