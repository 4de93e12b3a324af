// What the device says over one connection, and what a page that opens later has to know of it.

const AGAIN_MS = 5000;
const LOOK_MS = 5000;
const SILENT_MS = 30000; // The page's own process says a word every twelve seconds, whatever the device does.
const MOST_FACTS = 300;

export class Stream {
  // `tell` is called with each message.
  constructor(tell) {
    this.pass = tell;
    this.latest = {};
    this.facts = [];
    this.silent = false;
    setInterval(() => this.look(), LOOK_MS);
    this.listen();
  }

  listen() {
    this.source = new EventSource("/live");
    this.heardAt = performance.now();
    this.source.onmessage = (event) => this.hear(JSON.parse(event.data));
    this.source.onerror = () => {
      this.tell({ kind: "link", up: false, silent: this.silent });
      // The browser tries again by itself, but not where it was refused.
      if (this.source.readyState === EventSource.CLOSED) this.askWhy();
    };
  }

  close() {
    this.source.close();
    this.latest = {};
    clearTimeout(this.again);
  }

  async askWhy() {
    const why = await refusal("/live");
    if (why) this.tell({ kind: "link", up: false, why });
    this.again = setTimeout(() => this.listen(), AGAIN_MS);
  }

  // A stopped process doesn't hang up, so silence is all that shows it.
  look() {
    if (this.source.readyState !== EventSource.OPEN || performance.now() - this.heardAt < SILENT_MS) return;
    this.silent = true;
    this.tell({ kind: "link", up: false, silent: true });
  }

  hear(message) {
    this.heardAt = performance.now();
    if (this.silent) {
      this.silent = false;
      // The new connection tells everything again.
      this.source.close();
      return this.listen();
    }
    this.tell(message);
  }

  tell(message) {
    const { kind } = message;
    if (kind === "beat") return;
    if (kind === "afresh") [this.latest, this.facts] = [{}, []];
    else if (kind === "fact") this.facts = [...this.facts, message].slice(-MOST_FACTS);
    else if (kind !== "sound") this.latest[kind] = kind === "time" ? { ...message, age: 0, came: performance.now() - (message.age ?? 0) * 1000 } : message;
    this.pass(message);
  }

  // Everything that a page has to hear when it opens.
  soFar() {
    const { time, ...others } = this.latest;
    const aged = time ? [{ ...time, age: (performance.now() - time.came) / 1000 }] : [];
    return [{ kind: "afresh" }, ...this.facts, ...aged, ...Object.values(others)];
  }
}

// Why the server refuses this address. An EventSource learns only that it was refused.
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
