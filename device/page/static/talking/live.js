// What the device says, as it comes; and the device's own time, which runs on here between two messages.

import { later, localFields } from "../shared/words.js";
import { Stream } from "./stream.js";

const HIDDEN_MS = 120000;
const HIDDEN_ALONE_MS = 20000;

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
    // Only a virtual desk has a page.
    const desk = document.getElementById("to-desk");
    if (desk) this.on("device", ({ simulated }) => (desk.hidden = !simulated));
    if (window.SharedWorker) this.share();
    else this.listenAlone();
    addEventListener("pageshow", (event) => event.persisted && location.reload());
  }

  // All pages of this browser hear the same connection.
  share() {
    const worker = new SharedWorker("/static/talking/shared_stream.js", { type: "module" });
    const { port } = worker;
    worker.onerror = () => this.listenAlone();
    port.onmessage = ({ data }) => this.hear(data);
    whileSeen(() => port.postMessage("seen"), () => port.postMessage("unseen"), HIDDEN_MS);
    addEventListener("pagehide", () => port.postMessage("bye"));
  }

  // Where they can't share one, only those that somebody looks at have one.
  listenAlone() {
    const stream = new Stream((message) => this.hear(message));
    const others = new BroadcastChannel("unsit");
    others.onmessage = () => document.hidden && stream.close();
    const listen = () => {
      others.postMessage("I listen");
      if (stream.isClosed) stream.listen();
    };
    whileSeen(listen, () => stream.close(), HIDDEN_ALONE_MS);
    others.postMessage("I listen");
    // A page that the browser keeps for going back would hold its stream for nothing.
    addEventListener("pagehide", () => stream.close());
  }

  hear(message) {
    if (message.kind === "time") this.heardAt = performance.now() - (message.age ?? 0) * 1000;
    if (message.kind === "afresh") this.latest = {};
    else if (message.kind !== "fact" && message.kind !== "sound") this.latest[message.kind] = message;
    if (message.kind === "link") this.lostAt = message.up ? null : (this.lostAt ?? performance.now());
    for (const listener of this.listeners[message.kind] ?? []) listener(message);
  }

  // The device is silent, but nobody said that it is gone: its present time can't be known.
  get silent() {
    return this.lostAt !== null && !!this.latest.link?.silent;
  }

  get elapsed() {
    const time = this.latest.time;
    if (this.silent) return 0;
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

// `begin` when somebody looks at the page again, `end` once nobody has for a while.
function whileSeen(begin, end, while_ms) {
  let leaving;
  document.addEventListener("visibilitychange", () => {
    clearTimeout(leaving);
    if (document.hidden) leaving = setTimeout(end, while_ms);
    else begin();
  });
}
