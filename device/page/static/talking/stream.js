// What the device says over one connection, and what a page that opens later has to know of it.

const AGAIN_MS = 5000;
const LOOK_MS = 5000;
const SILENT_MS = 30000; // The page's own process says a word every twelve seconds, whatever the device does.
const ASLEEP_MS = 90000; // Longer than the minute between two looks that a browser grants a hidden page.
const MOST_FACTS = 300;

export class Stream {
  // `tell` is called with each message.
  constructor(tell) {
    this.pass = tell;
    this.latest = {};
    this.facts = [];
    this.silent = false;
    this.lookedAt = Date.now();
    setInterval(() => this.look(), LOOK_MS);
    this.listen();
  }

  get isClosed() {
    return this.source.readyState === EventSource.CLOSED;
  }

  listen() {
    clearTimeout(this.again);
    this.source?.close();
    this.source = new EventSource("/live");
    this.heardAt = performance.now();
    this.source.onmessage = (event) => this.hear(JSON.parse(event.data));
    this.source.onerror = () => {
      // Nobody is there, which is no silence.
      this.heardAt = performance.now();
      this.tell({ kind: "link", up: false, silent: this.silent });
      // The browser tries again by itself, but not where it was refused.
      if (this.isClosed) this.askWhy();
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

  // Neither a stopped process nor a lost network hangs up, so silence is all that shows it. Only a new connection helps.
  look() {
    const slept = Date.now() - this.lookedAt > ASLEEP_MS;
    this.lookedAt = Date.now();
    if (this.isClosed) return;
    if (!slept) {
      if (performance.now() - this.heardAt < SILENT_MS) return;
      this.silent = true;
      this.tell({ kind: "link", up: false, silent: true });
    }
    this.listen();
  }

  hear(message) {
    this.heardAt = performance.now();
    this.silent = false;
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
