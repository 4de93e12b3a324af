// The buzzer's notes as they are on its pin, at their true length however fast time runs at the desk.

const LATE_S = 0.06; // What a note waits for, so that the next one is here in time.
const LONGEST_S = 0.6; // At 600x a note's length is a matter of milliseconds, and a late one would drone.
const OWN_PITCH_HZ = 2300; // An active buzzer has its own.

export class Sound {
  constructor() {
    this.context = null;
    this.note = null;
  }

  get on() {
    return this.context !== null && this.context.state === "running";
  }

  async turn(on) {
    if (!on) return this.context?.suspend();
    this.context ??= new AudioContext();
    return this.context.resume();
  }

  // The pin changed at that instant of the device: to a pitch in Hz, 0 for a buzzer with its own pitch, null for silence.
  change(hz, at) {
    if (!this.on) return;
    const now = this.context.currentTime;
    if (this.note !== null) {
      const lasts = Math.min(LONGEST_S, Math.max(0.02, at - this.note.at));
      this.play(this.note.hz || OWN_PITCH_HZ, this.note.begins, lasts);
      this.ends = this.note.begins + lasts;
      this.endedAt = this.note.at + lasts;
      this.note = null;
    }
    if (hz !== null) {
      const goesOn = this.ends !== undefined && at - this.endedAt < 1 && this.ends > now - 0.5;
      const begins = goesOn ? this.ends + Math.max(0, at - this.endedAt) : now + LATE_S;
      this.note = { hz, at, begins: Math.max(begins, now) };
    }
  }

  // The device may be gone in the middle of a note.
  stop() {
    this.note = null;
  }

  play(hz, begins, lasts) {
    const oscillator = new OscillatorNode(this.context, { type: "triangle", frequency: hz });
    const gain = new GainNode(this.context, { gain: 0 });
    gain.gain.setValueAtTime(0, begins);
    gain.gain.linearRampToValueAtTime(0.12, begins + 0.01);
    gain.gain.setValueAtTime(0.12, begins + lasts - 0.01);
    gain.gain.linearRampToValueAtTime(0, begins + lasts);
    oscillator.connect(gain).connect(this.context.destination);
    oscillator.start(begins);
    oscillator.stop(begins + lasts);
  }
}
