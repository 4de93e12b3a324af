// The seat at the virtual desk: who sits there and how heavy, what is wrong with it, and the level of its sensor.

import { $, setText } from "../shared/parts.js";
import { say } from "../shared/say.js";
import { showCalibration } from "../seat/calibrating.js";
import { showLevel } from "../seat/level.js";

const USUAL_KG = 75; // Under whom the sensor reads what it is calibrated for.
const MOST_KG = 140;
const SCENES = {
  worn: () => say("Worn mat: it stays pressed together and reads taken with nobody there."),
  wire: () => say("Loose wire: the seat's signal comes and goes."),
  cat: () => say("Cat: 4.5 kg come and go while nobody sits. A contact takes it for a person, a sensor only if somebody under 23 kg calibrated it."),
};

let on = []; // In the order in which they were switched on.

export function showSeat(desk) {
  for (const scene of Object.keys(SCENES)) $(scene).setAttribute("aria-pressed", desk[scene]);
  on = [...new Set([...on, ...Object.keys(SCENES)])].filter((scene) => desk[scene]);
  setText("scene-says", on.length ? SCENES[on.at(-1)]() : say("Try what can be wrong with a seat. Each goes on until you press it again."));
  $("cat-there").toggleAttribute("hidden", !desk.cat_is_there);
  $("lead").setAttribute("d", desk.wire ? "M446 130C400 136 404 276 356 272" : "M446 130C400 136 380 250 330 236");
  showWeight(desk);
  $("seated").dataset.leans = desk.leans;
  showLevel(desk);
  showCalibration(desk);
}

const kgOf = (level, [empty, usual]) => Math.round(((level - empty) / (usual - empty)) * USUAL_KG);

// While somebody moves it, it goes by them.
let wanted = null;
let sending = false;

function showWeight({ weight, usual }) {
  const [empty, seated] = usual;
  $("weight").max = Math.min(MOST_KG, 5 * Math.floor(kgOf(1, usual) / 5));
  const kg = kgOf(weight, [empty, seated]);
  for (const each of ["seated", "standing"]) $(each).setAttribute("stroke-width", Math.min(28, 12 + kg / 10));
  if (wanted === null && !sending) sayWeight(kg);
}

function sayWeight(kg) {
  $("weight").value = kg;
  setText("weighs", `${kg} kg`);
  $("weight").setAttribute("aria-valuetext", `${kg} kg`);
}

// `act` tells the device; of many moves while one is on its way, the last will do.
export async function moveWeight(act, latest) {
  wanted = Number($("weight").value);
  sayWeight(wanted);
  if (sending) return;
  sending = true;
  while (wanted !== null && latest.desk) {
    const [kg, [empty, usual]] = [wanted, latest.desk.usual];
    wanted = null;
    await act("weigh", Math.min(1, empty + (kg / USUAL_KG) * (usual - empty)));
  }
  sending = false;
  // What was refused is not so.
  if (latest.desk?.title) showWeight(latest.desk);
}
