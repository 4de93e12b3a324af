// The person who moves beside the chair: the figure of the panel, drawn with its strokes.

const STILL = matchMedia("(prefers-reduced-motion: reduce)");
const FAR = 1, THING = 2;
const EVERY_MS = 50;

export class Figure {
  // `drawing` has a path for each kind of stroke, and a head.
  constructor(drawing) {
    this.drawing = drawing;
    this.known = new Map();
    this.shown = null;
  }

  // Shows a stretch until told otherwise; `elapsed` says how many seconds it has been going on.
  async show(stretch, { holds_s = "", other_side = false }, elapsed) {
    const asked = new URLSearchParams({ holds_s, side: other_side ? "other" : "" });
    const address = `/stretches/${encodeURIComponent(stretch)}.json?${asked}`;
    this.elapsed = elapsed;
    if (this.shown === address) return;
    this.shown = address;
    if (!this.known.has(address)) this.known.set(address, fetch(address).then((answer) => (answer.ok ? answer.json() : null)));
    const movement = await this.known.get(address).catch(() => this.known.delete(address) && null);
    if (this.shown !== address || !movement) return;
    this.movement = movement;
    this.draw();
  }

  hide() {
    this.shown = this.movement = null;
    this.drawing.toggleAttribute("hidden", true);
  }

  // Draws again and again while there is something to show.
  draw() {
    clearTimeout(this.next);
    if (!this.movement) return;
    if (!STILL.matches) this.next = setTimeout(() => this.draw(), EVERY_MS);
    const { frames, loop_s, grown_s } = this.movement;
    // With reduced motion, the figure stands at the end of its movement.
    const elapsed = STILL.matches ? grown_s + loop_s / 2 : this.elapsed();
    const at = elapsed < grown_s ? elapsed : grown_s + ((elapsed - grown_s) % loop_s);
    const frame = frames.findLast((each) => each.at <= at) ?? frames[0];
    if (frame === this.frame && !this.drawing.hasAttribute("hidden")) return;
    this.frame = frame;
    const drawn = { near: "", far: "", thing: "" };
    for (const stroke of frame.strokes) {
      if (stroke.length === 3) this.head(...stroke);
      else drawn[stroke[4] === THING ? "thing" : stroke[4] === FAR ? "far" : "near"] += `M${stroke[0]} ${stroke[1]}L${stroke[2]} ${stroke[3]}`;
    }
    for (const [kind, strokes] of Object.entries(drawn)) this.drawing.querySelector(`.${kind}`).setAttribute("d", strokes);
    this.drawing.toggleAttribute("hidden", false);
  }

  head(x, y, radius) {
    const head = this.drawing.querySelector(".head");
    head.setAttribute("cx", x);
    head.setAttribute("cy", y);
    head.setAttribute("r", radius);
  }
}
