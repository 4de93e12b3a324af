// What the device says, as it comes; and the device's own time, which runs on here between two messages.

const AGAIN_MS = 5000;

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
    this.listen();
    // A page that is only kept for going back would hold its stream for nobody.
    addEventListener("pagehide", () => this.source.close());
    addEventListener("pageshow", (event) => event.persisted && location.reload());
  }

  listen() {
    this.source = new EventSource("/live");
    this.source.onmessage = (event) => this.hear(JSON.parse(event.data));
    this.source.onerror = () => {
      this.tell({ kind: "link", up: false });
      // The browser tries again by itself, but not where it was refused.
      if (this.source.readyState === EventSource.CLOSED) this.askWhy();
    };
  }

  async askWhy() {
    const why = await refusal("/live");
    if (why) this.tell({ kind: "link", up: false, why });
    setTimeout(() => this.listen(), AGAIN_MS);
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

// Why this address is refused, in the server's words; a stream itself is told no more than that it was.
async function refusal(address) {
  const asking = new AbortController();
  try {
    const answer = await fetch(address, { signal: asking.signal });
    return answer.ok ? "" : (await answer.text()).trim();
  } catch {
    return "";
  } finally {
    asking.abort();
  }
}

// The fields of a date-time with its zone, whatever the zone of this browser.
export function localFields(text) {
  return new Date(`${text.match(/^[\d-]+T[\d:]+(\.\d{1,3})?/)[0]}Z`);
}

// The same some seconds later.
export const later = (date, seconds) => new Date(date.getTime() + seconds * 1000);
