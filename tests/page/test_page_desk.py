"""The virtual desk in a real browser: what somebody sees, hears and does there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from device.body.skeleton import Circle
from device.settings.settings import Press, Screens, SeatSettings
from device.stretches.stretch import Side
from device.words.durations import span_text
from device.words.levels import RAIL
from tests.rig import HALF_HOURLY, Browser, Rig, Window, rig, window
from tests.sight import is_seen, minutes_sat, seen, sit_for, to_due, to_stretching
from tests.waiting import until

__all__ = ["rig", "window"]

# An ear beside the loudspeaker: what goes to the one goes to the other.
EAR = """
const connect = AudioNode.prototype.connect;
window.ears = [];
AudioNode.prototype.connect = function (to, ...rest) {
  if (to === this.context.destination) {
    this.context.ear ??= (() => {
      const ear = new AnalyserNode(this.context, { fftSize: 4096, smoothingTimeConstant: 0 });
      window.ears.push(ear);
      return ear;
    })();
    connect.call(this, this.context.ear);
  }
  return connect.call(this, to, ...rest);
};
window.heard = new Set();
setInterval(() => {
  for (const ear of window.ears) {
    const levels = new Float32Array(ear.frequencyBinCount);
    ear.getFloatFrequencyData(levels);
    const loudest = levels.indexOf(Math.max(...levels));
    if (levels[loudest] > -50) window.heard.add(Math.round(loudest * ear.context.sampleRate / ear.fftSize / 50) * 50);
  }
}, 15);
"""

# How many pictures of the panel are told to the page, and how many it draws, each of which begins with darkness.
COUNTING = """
window.told = window.drawn = 0;
const fill = CanvasRenderingContext2D.prototype.fillRect;
CanvasRenderingContext2D.prototype.fillRect = function (x, y, width, height) {
  if (this.canvas.id === "panel" && width === this.canvas.width) window.drawn++;
  return fill.call(this, x, y, width, height);
};
delete window.SharedWorker;
const Source = window.EventSource;
window.EventSource = class extends Source {
  constructor(...all) {
    super(...all);
    this.addEventListener("message", ({ data }) => { if (JSON.parse(data).kind === "panel") window.told++; });
  }
};
"""

# How long the sign of the buzzer is lit.
TIMING = """() => {
  const sign = document.getElementById("buzzer");
  let since = null;
  new MutationObserver(() => {
    if (!sign.classList.contains("sounds")) window.lit_ms = performance.now() - since;
    else since ??= performance.now();
  }).observe(sign, { attributes: true });
}"""

# The first hand takes long to arrive, and the third can't.
CLUMSY = """
const ask = window.fetch;
let hands = 0;
window.fetch = async (...all) => {
  if (all[0] === "/hands" && ++hands === 1) await new Promise((done) => setTimeout(done, 300));
  else if (all[0] === "/hands" && hands === 3) return new Response("that can't be done", { status: 400 });
  return ask(...all);
};
"""


def test_sit_due_hear_press_stand_stretch_and_it_is_honoured(rig: Rig, window: Window) -> None:
    page = window.page
    page.add_init_script(EAR)
    to_due(window, rig)
    assert page.get_attribute("#sound", "aria-pressed") == "false"
    page.evaluate(TIMING)
    page.click("#skip")
    window.waits_for("#facts", "reminder 1")
    window.waits_for("#buzzer-says", "two soft notes")
    until(lambda: rig.things.sounding_hz is None)
    assert page.evaluate("[...heard]") == [], "it is silent until somebody asks"
    window.waits_for("#buzzer-says", "silent")
    assert page.evaluate("lit_ms") >= 1000
    window.waits_for("#unheard", "It sounded. Turn the speaker on to hear it.")
    page.click("#sound")
    page.locator("#sound[aria-pressed=true]").wait_for()
    assert window.text("#unheard") == ""
    page.click("#skip")
    window.waits_for("#facts", "reminder 2")
    page.wait_for_function("() => heard.has(1200) && heard.has(900)")
    page.click("#push")
    window.waits_for("#state", "Acknowledged")
    page.click("#chair")
    window.waits_for("#state", "Guiding")
    page.click("[data-speed='60']")
    window.waits_for("#facts", "The break is honoured: it was due")
    window.waits_for("#facts", "The guide is through.")
    assert "Done:" in window.text("#facts")
    window.waits_for("#sitting", "The break counts")
    page.click("[data-speed='1']")
    page.click("#chair")
    page.locator("#sitting", has_text=re.compile("^[0-9]+ s of 30 min$")).wait_for()


def step(window: Window) -> tuple[str, list[str]]:
    """The step that comes now, and the controls that do it."""
    words = window.page.locator("#steps [aria-current=step] button").all_inner_texts()
    return " ".join(words), window.page.locator("button.primary").evaluate_all("(all) => all.map((each) => each.id)")


def test_the_steps_to_a_first_break_do_what_they_say_and_mark_the_control_that_does_it(
    rig: Rig, window: Window
) -> None:
    page = window.page
    page.goto(rig.address)
    window.waits_for("#state", "Watching")
    top = "() => document.querySelector('.scene').getBoundingClientRect().y"
    before = page.evaluate(top)
    assert step(window) == ("Sit down", ["sit"])
    now = page.locator("#steps button:enabled")
    now.click()
    page.locator("#chair.taken").wait_for()
    assert step(window) == ("Skip ahead", ["skip"]), "nobody waits until they are believed"
    now.focus()
    page.keyboard.press("Enter")
    window.waits_for("#state", "Due: it is time for a break")
    assert step(window) == ("Press the button", ["push"])
    page.keyboard.press("Enter")
    window.waits_for("#state", "Acknowledged")
    assert step(window) == ("Stand up", ["sit"])
    page.keyboard.press("Enter")
    page.locator("#sit", has_text="Sit down").wait_for()
    assert step(window) == ("Move along until it counts", [])
    assert page.get_by_text("It counts.").is_hidden()
    window.waits_for("#state", "Guiding")
    page.click("#skip")
    page.get_by_text("It counts.").wait_for()
    assert page.evaluate(top) == before, "the desk stays in its place"
    page.click("#sit")
    page.locator("#steps [aria-current=step]", has_text="Skip ahead").wait_for()
    page.click("#power")
    window.waits_for("#state", "no power")
    assert step(window) == ("", [])


def test_before_the_device_has_said_a_word_somebody_moves(rig: Rig, window: Window) -> None:
    page = window.page
    page.add_init_script("""
      delete window.SharedWorker;  // Playwright holds up what a page asks, not what a worker asks.
      window.moved = 0;
      addEventListener("DOMContentLoaded", () => new MutationObserver(() => moved++)
        .observe(document.querySelector("#moves .near"), { attributes: true }));
    """)
    asked = []
    page.route("**/live", lambda route: asked.append(route))
    page.goto(rig.address)
    page.wait_for_function("() => moved > 3")
    assert asked, "the device was asked, and has not answered"
    assert not page.locator("#state b").count()


def test_what_to_do_is_said_at_once_and_the_welcome_goes_once_somebody_sits(rig: Rig, window: Window) -> None:
    page = window.page
    page.goto(rig.address)
    window.waits_for("#caption", "A stretch, as it will show you.")
    assert page.locator("#steps button:enabled").all_inner_texts() == ["Sit down"]
    window.waits_for("#glass-says", "dark: nobody sits")
    page.click("#chair")
    window.waits_for("#glass-says", "dark: somebody sits? believed in 0:0")
    window.waits_for("#state", "somebody has just sat down")
    assert page.locator("#moves").is_hidden()
    assert window.text("#caption") == ""
    window.waits_for("#facts", "Somebody sits down.")
    page.locator("#glass-says").wait_for(state="hidden")


def test_nothing_is_black_without_a_word(rig: Rig, window: Window) -> None:
    page = window.page
    page.goto(rig.address)
    window.waits_for("#glass-says", "dark: nobody sits")
    for control, word in (("#power", "no power"), ("#power", "dark"), ("#panel-off", "unplugged")):
        page.click(control)
        window.waits_for("#glass-says", word)


def test_who_stretches_beside_the_chair_is_the_figure_of_the_panel(rig: Rig, window: Window) -> None:
    page = window.page
    to_due(window, rig)
    to_stretching(window)
    page.locator("#moves:visible").wait_for()
    assert page.locator("#standing").is_hidden()
    page.click("[data-speed='0']")
    until(lambda: rig.live.clock.speed == 0)
    page.locator("[data-speed='0'][aria-checked=true]").wait_for()
    snapshot = rig.live._device.snapshot()  # type: ignore[union-attr]
    guide = snapshot.guide
    assert guide is not None
    at = rig.live.clock.now() - guide.began + guide.step.figure_for_s
    drawn = """() => {
      const head = document.querySelector("#moves .head");
      return ["cx", "cy", "r"].map((name) => Number(head.getAttribute(name)));
    }"""

    def heads(at_s: float) -> list[float]:
        strokes = guide.step.figure.strokes_at(at_s, guide.step.side is Side.LEFT)
        (head,) = (each for each in strokes if isinstance(each, Circle))
        return [head.x, head.y, head.radius]

    near = [heads(max(0.0, at + late / 50)) for late in range(-10, 10)]
    until(lambda: any(all(abs(a - b) < 0.5 for a, b in zip(page.evaluate(drawn), head, strict=True)) for head in near))
    page.emulate_media(reduced_motion="reduce")


def test_the_speed_after_a_pause_is_the_one_before_it_even_for_a_page_that_was_loaded_anew(
    rig: Rig, window: Window
) -> None:
    page = window.page
    page.goto(rig.address)
    window.waits_for("#state", "Watching")
    page.click("[data-speed='60']")
    page.locator("[data-speed='60'][aria-checked=true]").wait_for()
    page.keyboard.press("p")
    page.locator("[data-speed='0'][aria-checked=true]").wait_for()
    page.reload()
    page.locator("[data-speed='0'][aria-checked=true]").wait_for()
    page.keyboard.press("p")
    page.locator("[data-speed='60'][aria-checked=true]").wait_for()


def test_a_buzzer_whose_device_was_killed_falls_silent(rig: Rig, window: Window) -> None:
    page = window.page
    page.goto(rig.address)
    window.waits_for("#state", "Watching")
    rig.desk._own[0].tell("sound", kept=False, hz=1200, at=0.0)
    window.waits_for("#buzzer-says", "a soft note")
    rig.desk.stop()
    window.waits_for("#buzzer-says", "silent")


@pytest.mark.parametrize("language", ["en", "de"])
def test_all_that_a_first_break_takes_is_in_sight_and_nothing_shifts_when_the_plug_is_pulled(
    browser: Browser, tmp_path: Path, language: str
) -> None:
    settings = replace(HALF_HOURLY, screens=Screens(language=language, safety_s=0.0))
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    window = Window(context)
    page = window.page
    places = """() => Object.fromEntries([...document.querySelectorAll(
      ".card, .device, #drawing, #push, #sit, #skip, #clock, #state, #power, #panel-off, #noise, h2")].map(
      (each, nth) => [each.id || `${each.className} ${nth}`, JSON.stringify(each.getBoundingClientRect())]))"""
    with Rig(tmp_path, settings).running() as rig:
        page.goto(rig.address)
        page.locator("#state b").wait_for()
        for control in ("#steps button:enabled", "#panel", "#push", "#chair", "#sit", "#skip", "#power", "#noise"):
            box = page.locator(control).bounding_box()
            assert box
            assert box["y"] + box["height"] <= 800, control
        page.click("#chair")
        page.locator("#facts .sat").wait_for()
        before = page.evaluate(places)
        for _ in range(2):
            page.click("#power")
            page.locator("#glass-says:visible").wait_for()
            assert page.evaluate(places) == before
            page.click("#power")
            page.locator("#glass-says").wait_for(state="hidden")
            assert page.evaluate(places) == before
    context.close()


def test_under_the_button_stands_what_it_does_and_a_ring_fills_while_it_is_held(rig: Rig, window: Window) -> None:
    page = window.page
    to_due(window, rig)
    window.waits_for("#push-does", "press: show me")
    window.waits_for("#push-does", "hold: not now")
    high = page.locator(".device").bounding_box()
    filled = "() => 1 - parseFloat(getComputedStyle(document.querySelector('.hold circle')).strokeDashoffset)"
    page.hover("#push")
    page.mouse.down()
    page.locator("#push.holds").wait_for()
    assert page.evaluate(filled) < 0.9
    page.wait_for_function(f"() => ({filled})() === 1")
    window.waits_for("#facts", "A hold: not now.")
    page.mouse.up()
    page.locator("#push:not(.holds)").wait_for()
    page.click("#push")
    window.waits_for("#state", "Acknowledged")
    assert "press" not in window.text("#push-does"), "a press does nothing now"
    page.emulate_media(reduced_motion="reduce")
    page.hover("#push")
    page.mouse.down()
    assert page.evaluate(filled) == 1, "it stands still"
    page.mouse.up()
    page.click("#power")
    page.locator("#push-does", has_text=re.compile("^$")).wait_for()
    assert page.locator(".device").bounding_box() == high


def test_the_ring_fills_for_as_long_as_a_hold_takes_by_the_settings(browser: Browser, tmp_path: Path) -> None:
    context = browser.new_context()
    window = Window(context)
    with Rig(tmp_path, replace(HALF_HOURLY, press=Press(hold_s=2.0))).running() as rig:
        window.page.goto(rig.address)
        window.waits_for("#hold-does", "hold: ")
        window.page.hover("#push")
        window.page.mouse.down()
        window.page.locator("#push.holds").wait_for()
        lasts = window.page.evaluate("getComputedStyle(document.querySelector('.hold circle')).animationDuration")
        window.page.mouse.up()
        assert lasts == "2s"
    context.close()


def test_off_the_chair_the_bar_shows_how_far_the_break_has_come(rig: Rig, window: Window) -> None:
    page = window.page
    to_due(window, rig)
    page.locator("#bar.over").wait_for()
    page.click("#chair")
    page.locator("#bar.rests:not(.over)").wait_for()
    assert window.text("#measured") == "Break"
    assert re.fullmatch("[01]:[0-9]{2} of 2:00", window.text("#sitting"))
    page.click("[data-speed='10']")
    page.locator("#sitting", has_text=re.compile("0:[3-5][0-9] of 2:00")).wait_for()
    page.click("[data-speed='1']")
    wide = page.evaluate("document.querySelector('#bar > div').getBoundingClientRect().width / bar.clientWidth")
    assert 0.2 < wide < 0.8
    page.goto(f"{rig.address}day")
    page.locator("#bar.rests").wait_for()
    page.locator("#sitting", has_text=re.compile("^Break: [01]:[0-9]{2} of 2:00. Reminders")).wait_for()
    rig.hand("skip", True)
    window.waits_for("#sitting", "The break counts.")


def test_the_count_goes_on_after_the_plug_was_pulled(rig: Rig, window: Window) -> None:
    page = window.page
    sit_for(window, rig, minutes=10)
    page.click("[data-speed='1']")
    page.click("#power")
    window.waits_for("#state", "no power")
    window.waits_for("#sitting", "not counted without power")
    window.waits_for("#glass-says", "no power")
    until(lambda: seen(page).getbbox() is None, "the panel is still lit")
    page.click("#power")
    window.waits_for("#facts", "The power is back.")
    window.waits_for("#facts", "too short for a break")
    page.click("[data-speed='10']")
    page.locator("#sitting").filter(has_text="9 min").or_(page.locator("#sitting").filter(has_text="10 min")).wait_for()
    page.locator("#sitting", has_text="11 min").wait_for()


def test_the_panel_on_the_page_is_the_controllers_memory_dot_by_dot(rig: Rig, window: Window) -> None:
    to_due(window, rig)
    page = window.page
    until(lambda: is_seen(page, rig), "due")
    page.click("#push")
    to_stretching(window)
    for _ in range(5):
        page.click("[data-speed='0']")
        until(lambda: rig.live.clock.speed == 0)
        until(lambda: is_seen(page, rig), "a figure that moves")
        assert seen(page).getbbox() is not None
        assert seen(page, "small").tobytes() == seen(page).tobytes()
        page.click("[data-speed='1']")
        page.wait_for_timeout(250)
    page.click("#panel-off")
    window.waits_for("#facts", "The panel doesn't answer.")
    until(lambda: seen(page).getbbox() is None and is_seen(page, rig), "unplugged")
    page.click("#panel-off")
    window.waits_for("#facts", "The panel is back, with its whole picture.")
    page.click("[data-speed='0']")
    until(lambda: rig.live.clock.speed == 0)
    until(lambda: is_seen(page, rig) and seen(page).getbbox() is not None, "plugged in again")


def test_a_panel_that_was_loose_for_a_moment_says_how_to_have_its_picture_back(rig: Rig, window: Window) -> None:
    page = window.page
    page.goto(rig.address)
    page.click("#sit")
    window.waits_for("#state", "somebody sits")
    until(lambda: is_seen(page, rig) and seen(page).getbbox() is not None, "seated")
    page.click("[data-speed='0']")
    until(lambda: rig.live.clock.speed == 0)
    page.click("#panel-off")
    window.waits_for("#glass-says", "unplugged")
    page.click("#panel-off")
    window.waits_for("#glass-says", "no picture: a press brings it back")
    page.click("#push", delay=300)
    until(lambda: seen(page).getbbox() is not None, "a press")
    page.locator("#glass-says").wait_for(state="hidden")


def test_mishaps_are_told_and_bend_no_count(rig: Rig, window: Window) -> None:
    page = window.page
    page.goto(rig.address)
    page.click("#sit")
    page.click("#noise")
    page.click("[data-speed='60']")
    page.locator("#sitting", has_text="9 min").wait_for()
    assert "left the chair" not in window.text("#facts")
    page.click("[data-speed='1']")
    page.locator("[data-speed='1'][aria-checked=true]").wait_for()
    clock, sitting = window.text("#clock"), minutes_sat(window)
    page.click("#clock-on")
    window.waits_for("#facts", "The clock jumped forward by 1 h 00")
    page.wait_for_function("(hour) => document.getElementById('clock').textContent.slice(0, 2) !== hour", arg=clock[:2])
    assert minutes_sat(window) <= sitting + 1


def test_the_keyboard_alone_will_do(rig: Rig, window: Window) -> None:
    page = window.page
    page.goto(rig.address)
    page.keyboard.press("s")
    page.locator("#chair.taken").wait_for()
    page.focus("#chair")
    page.keyboard.press("Enter")
    page.locator("#chair:not(.taken)").wait_for()
    page.keyboard.press("Space")
    page.locator("#chair.taken").wait_for()
    page.focus("[data-speed='1']")
    page.keyboard.press("ArrowRight")
    window.page.locator("[data-speed='10'][aria-checked=true]").wait_for()
    assert page.evaluate("document.activeElement.dataset.speed") == "10"
    window.waits_for("#facts", "Somebody sits down.")
    page.keyboard.press("n")
    window.waits_for("#state", "Due: it is time for a break")
    page.focus("#push")
    page.keyboard.down("Space")
    window.waits_for("#facts", "A hold: not now.")
    page.keyboard.up("Space")
    page.locator("[data-speed='10'][aria-checked=true]").wait_for()
    page.keyboard.press("p")
    page.locator("[data-speed='0'][aria-checked=true]").wait_for()
    page.keyboard.down("b")
    page.locator("#push.down").wait_for()
    page.keyboard.up("b")
    window.waits_for("#facts", "A press")


def test_what_hands_do_arrives_in_order_and_trouble_with_them_passes(rig: Rig, window: Window) -> None:
    page = window.page
    page.add_init_script(CLUMSY)
    page.goto(rig.address)
    window.waits_for("#state", "Watching")
    page.evaluate("for (const type of ['keydown', 'keyup']) dispatchEvent(new KeyboardEvent(type, { key: 'b' }))")
    window.waits_for("#state", "Today: the day's figures are on the panel")
    page.click("#noise")
    window.waits_for("#trouble", "that can't be done")
    page.click("#noise")
    page.locator("#noise[aria-pressed=true]").wait_for()
    page.locator("#trouble").wait_for(state="hidden")


def test_a_worn_pad_blinks_on_the_chair_and_is_not_believed(rig: Rig, window: Window) -> None:
    page = window.page
    page.goto(rig.address)
    window.waits_for("#state", "Watching")
    page.evaluate("""() => {
      window.reads = new Set();
      const line = document.getElementById("pad-line");
      new MutationObserver(() => reads.add(line.classList.contains("taken"))).observe(line, { attributes: true });
    }""")
    page.click("#noise")
    page.click("[data-speed='10']")
    page.locator("#pad", has_text=re.compile("^empty · [0-9]+ blinks, none believed$")).wait_for()
    page.wait_for_function("() => reads.size === 2")


@contextmanager
def an_analog_desk(browser: Browser, folder: Path, seat: SeatSettings) -> Iterator[tuple[Rig, Window]]:
    context = browser.new_context(viewport={"width": 390, "height": 844})
    window = Window(context)
    with Rig(folder, replace(HALF_HOURLY, seat=seat)).running() as rig:
        window.page.goto(rig.address)
        window.page.locator("#sensor:visible").wait_for()
        yield rig, window
    assert window.complaints == []
    context.close()


def test_a_slider_is_the_weight_of_the_person_and_the_level_follows_between_its_thresholds(
    browser: Browser, tmp_path: Path
) -> None:
    with an_analog_desk(browser, tmp_path, SeatSettings(kind="mcp3008", empty=0.02, seated=0.32)) as (there, its):
        page = its.page
        assert its.text("#level-says") == "0.02"
        assert its.text("#thresholds") == "empty below 0.05, taken above 0.08"
        page.click("#chair")
        its.waits_for("#level-says", "0.32")
        page.focus("#weight")
        page.keyboard.press("Home")
        its.waits_for("#level-says", "0.10")
        assert its.text("#weighs") == "20 kg"
        assert page.get_attribute("#weight", "aria-valuetext") == "20 kg"
        page.keyboard.press("ArrowRight")
        its.waits_for("#level-says", "0.12")
        page.keyboard.press("End")
        its.waits_for("#level-says", "0.58")
        assert there.live.chair.level == pytest.approx(0.02 + 140 / 75 * 0.3)
        width, marks = page.evaluate("""() => [document.querySelector("#level div").style.width,
          [...document.querySelectorAll("#level i")].map((each) => each.style.left)]""")
        assert float(width[:-1]) == pytest.approx(58, abs=0.1)
        assert [float(each[:-1]) for each in marks] == sorted(float(each[:-1]) for each in marks)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        page.reload()
        its.waits_for("#weighs", "140 kg")


def test_an_analog_seat_without_thresholds_asks_for_a_calibration_and_goes_by_it_at_once(
    browser: Browser, tmp_path: Path
) -> None:
    with an_analog_desk(browser, tmp_path, SeatSettings(kind="mcp3008")) as (there, its):
        page = its.page
        assert its.text("#thresholds") == "no thresholds yet: it has to be calibrated"
        assert page.locator("#level i:visible, #level b:visible").count() == 0
        its.waits_for("#state", "Uncalibrated")
        its.waits_for("#seat-says", "so nothing is counted.")
        page.click("#to-calibrate")
        its.waits_for("#asks [aria-current]", "Leave the chair empty")
        its.waits_for("#state", "nothing is counted until it is done")
        page.wait_for_function("() => document.activeElement.id === 'there'")
        assert page.evaluate("""() => ["level", "asks", "there", "leave"].every((each) => {
          const { top, bottom } = document.getElementById(each).getBoundingClientRect();
          return 0 <= top && bottom <= innerHeight;
        })"""), "what to do next is in sight on a phone"
        page.click("#there")
        its.waits_for("#there", "Stay so:")
        assert there.hand("speed", 60) == 204
        for does in ("Sit down", "Lean left", "Lean right", "Lean forward", "Get up"):
            page.locator("#there.primary", has_text=does).click()
        its.waits_for("#calibrated", "Calibrated: empty it reads up to 0.006, seated 0.162 or more")
        page.locator("#calibrate:visible").wait_for()
        its.waits_for("#state", "Watching")
        assert page.locator("#steps button:enabled").all_inner_texts() == ["Sit down"]
        its.waits_for("#reminders", "may sound")
        assert its.text("#thresholds") == "empty below 0.04, taken above 0.06"
        assert its.text("#known") == "reads 0.01 empty, 0.30 seated"
        assert page.locator("#level i:visible, #level b:visible").count() == 4
        assert page.locator("#asks, #there, #leave, .spread").locator("visible=true").count() == 0
        page.click("#chair")
        page.locator("#facts .sat").wait_for()
        assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_seat_that_can_t_count_yet_invites_to_a_calibration_and_to_nothing_else(
    browser: Browser, tmp_path: Path
) -> None:
    with an_analog_desk(browser, tmp_path, SeatSettings(kind="mcp3008")) as (_, its):
        page = its.page
        for person in ("Sit down", "Stand up"):
            page.locator("#sit", has_text=person).wait_for()
            its.waits_for("#pad", "not calibrated")
            its.waits_for("#reminders", "none meanwhile")
            assert page.locator("#steps button:enabled").all_inner_texts() == ["Calibrate the seat"]
            assert page.get_attribute("#facts", "data-empty") == "Nothing yet: calibrate the seat."
            assert page.locator("#skip").is_hidden()
            assert page.locator("#sit.primary").count() == 0
            page.click("#chair")
        page.locator("#steps button:enabled").click()
        its.waits_for("#asks [aria-current]", "Leave the chair empty")
        assert page.locator("#steps button:enabled").count() == 0
        page.click("#leave")
        page.locator("#steps button:enabled", has_text="Calibrate the seat").wait_for()


def test_a_step_of_a_calibration_is_asked_for_again_while_a_wire_is_off(browser: Browser, tmp_path: Path) -> None:
    with an_analog_desk(browser, tmp_path, SeatSettings(kind="ads1115")) as (there, its):
        page = its.page
        page.click("#to-calibrate")
        its.waits_for("#asks [aria-current]", "Leave the chair empty")
        assert there.hand("speed", 60) == 204
        chair = there.live.chair
        there.live._soon(lambda: chair._touch(chair._turns["wire"], touches=False))
        page.click("#there")
        its.waits_for("#calibrated", "No level: see to the wire, and try again.")
        its.waits_for("#todo", "a wire is off")
        its.waits_for("#asks [aria-current]", "Leave the chair empty")
        there.live._soon(lambda: chair._touch(chair._turns["wire"], touches=True))
        page.locator("#there.primary").click()
        its.waits_for("#asks [aria-current]", "Sit down")
        assert its.text("#calibrated") == its.text("#todo") == ""


def test_a_wire_that_is_off_reads_no_level(browser: Browser, tmp_path: Path) -> None:
    with an_analog_desk(browser, tmp_path, SeatSettings(kind="ads1115", empty=0.02, seated=0.32)) as (_, its):
        its.waits_for("#scene-says", "Try what can be wrong with a seat.")
        its.page.click("#wire")
        its.waits_for("#level-says", "a wire is off")
        its.waits_for("#scene-says", "Loose wire")
        its.page.click("#wire")
        its.page.locator("#wire[aria-pressed=false]").wait_for()
        its.waits_for("#level-says", "0.02")
        assert its.text("#scene-says").startswith("Try"), "no gap where nothing is wrong"


def test_what_is_wrong_with_the_seat_is_said_in_plain_words_with_what_it_means_for_the_count(
    browser: Browser, tmp_path: Path
) -> None:
    # An MCP3008 would be looked at 180,000 times in the day of the worn mat.
    with an_analog_desk(browser, tmp_path, SeatSettings(kind="ads1115", empty=0.02, seated=0.32)) as (there, its):
        page = its.page
        its.waits_for("#state", "Watching")
        assert page.locator("#seat-trouble").is_hidden()
        there.live._soon(lambda: there.live.chair.read(RAIL))
        its.waits_for("#seat-says", "Nobody knows who sits, so nothing is counted until the seat is back.")
        assert page.locator("#to-calibrate").is_hidden()
        its.waits_for("#pad", "not known")
        its.waits_for("#reminders", "none meanwhile")
        assert page.locator("#steps button:enabled").count() == 0
        page.click("#worn")
        page.locator("#seat-trouble").wait_for(state="hidden")
        page.locator("#facts .sat").wait_for()
        there.live._soon(lambda: there.live.clock.jump(there.live.clock.now() + 25 * 3600))
        its.waits_for("#seat-says", "The pad may be worn. The time still counts, but as doubtful")
        page.goto(f"{there.address}day")
        its.waits_for("#seat-says", "The pad may be worn. The time still counts")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_cat_sits_on_the_chair_and_a_contact_takes_it_for_somebody(rig: Rig, window: Window) -> None:
    page = window.page
    page.goto(rig.address)
    window.waits_for("#state", "Watching")
    assert page.locator("#sensor").is_hidden(), "a contact has no level"
    shape = "[...document.querySelectorAll('.card')].map((each) => [each.offsetTop, each.offsetHeight])"
    before = page.evaluate(shape)
    page.click("#cat")
    page.locator("#cat-there:not([hidden])").wait_for()
    window.waits_for("#pad", "taken; believed")
    page.locator("#cat[aria-pressed=true]").wait_for()
    page.locator("#facts .sat").wait_for()
    page.click("#worn")
    window.waits_for("#scene-says", "Worn mat")
    assert page.evaluate(shape) == before, "nothing shifts"
    page.click("#chair")
    page.locator("#cat-there[hidden]").wait_for(state="attached")


def test_the_seat_of_a_recorded_day_is_nobodys_to_change(rig: Rig, window: Window) -> None:
    page = window.page
    page.goto(rig.address)
    window.waits_for("#state", "Watching")
    page.click("#recorded")
    page.locator("#playing:visible").wait_for()
    page.focus("#weight")
    page.keyboard.press("End")
    window.waits_for("#unheard", "Hands off")
    window.waits_for("#weighs", "75 kg")


def test_the_chair_says_what_a_click_does_and_rings_until_it_is_done(rig: Rig, window: Window) -> None:
    page = window.page
    page.goto(rig.address)
    window.waits_for("#state", "Watching")
    ring = "() => getComputedStyle(document.querySelector('.ring')).stroke"
    still = page.evaluate(ring)
    page.hover("#chair")
    assert page.evaluate(ring) != still
    page.mouse.down()
    page.mouse.up()
    page.locator("#chair-hint", has_text="click: Stand up").wait_for()
    assert page.evaluate(ring) == still
    for wide, high in ((1440, 900), (1280, 720), (820, 1180), (390, 844)):
        page.set_viewport_size({"width": wide, "height": high})
        page.wait_for_function("""() => {
          const hint = document.getElementById("chair-hint");
          return Math.abs(parseFloat(hint.style.fontSize) * hint.getScreenCTM().a - 16) < 0.1;
        }""")
        hint = page.locator("#chair-hint").bounding_box()
        foot = page.locator("#chair circle").nth(0).bounding_box()
        assert hint
        assert foot
        assert foot["y"] + foot["height"] < hint["y"] + 5


def test_a_desk_whose_device_has_gone_says_what_to_look_at(rig: Rig, window: Window) -> None:
    window.page.goto(rig.address)
    window.waits_for("#state", "Watching")
    rig.desk.stop()
    window.waits_for(
        "#trouble", "The device doesn't answer. Is “make run” still running? This page tries again by itself."
    )
    assert window.page.evaluate("document.querySelector('main').inert")


def test_the_panel_fills_its_glass_with_dots_that_have_a_gap_between_them(browser: Browser, rig: Rig) -> None:
    for wide, ratio, dots in ((1440, 1, 4), (1280, 1, 4), (1100, 1, 3), (1440, 2, 8), (390, 2, 5), (390, 1, 2)):
        context = browser.new_context(viewport={"width": wide, "height": 800}, device_scale_factor=ratio)
        page = context.new_page()
        page.goto(rig.address)
        page.locator("#state b").wait_for()
        page.wait_for_function("() => document.getElementById('panel').width !== 300")
        assert page.evaluate("document.getElementById('panel').width") == dots * 128, (wide, ratio)
        glass, panel = (page.locator(each).bounding_box() for each in (".glass", "#panel"))
        assert glass
        assert panel
        assert abs(panel["width"] - dots * 128 / ratio) < 0.1
        assert glass["width"] - panel["width"] < 12
        assert abs((glass["x"] + glass["width"] / 2) - (panel["x"] + panel["width"] / 2)) < 1
        drawn = """async () => {
          const { drawPanel } = await import("/static/desk/panel.js");
          const canvas = document.getElementById("panel");
          drawPanel(canvas, new Uint8Array(8192).fill(1), 255);
          const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width / 128, 1);
          return [...data].filter((_, at) => at % 4 === 2);
        }"""
        row = page.evaluate(drawn)
        assert (row[-1] < 20) == (dots > 2), "the last of each dot is its gap"
        assert row[0] > 128
        context.close()


def test_a_page_draws_every_picture_of_the_panel_that_it_is_told(rig: Rig, window: Window) -> None:
    page = window.page
    page.add_init_script(COUNTING)
    to_due(window, rig)
    to_stretching(window)
    before = page.evaluate("[told, drawn]")
    page.wait_for_function("(before) => told >= before + 60", arg=before[0])
    told, drawn = (now - then for now, then in zip(page.evaluate("[told, drawn]"), before, strict=True))
    assert drawn >= told


def test_the_page_says_spans_of_time_as_the_device_does(rig: Rig, window: Window) -> None:
    window.page.goto(rig.address)
    says = "(all) => import('/static/shared/words.js').then(({ spanText }) => all.map(spanText))"
    spans_s = [0, 0.4, 1, 59.9, 60, 61, 599, 3599.9, 3600, 7261, 36_000, 360_000]
    assert window.page.evaluate(says, spans_s) == [span_text(each) for each in spans_s]


def test_times_to_come_are_rounded_up_as_on_the_panel(rig: Rig, window: Window) -> None:
    window.page.goto(rig.address)
    says = "(all) => import('/static/shared/words.js').then(({ untilText }) => all.map(untilText))"
    assert window.page.evaluate(says, [1080, 1020.5, 3541, 599, 0]) == [
        "in 18 min",
        "in 18 min",
        "in 1 h 00",
        "in 9:59",
        "now",
    ]


def test_tab_goes_through_the_whole_page_and_out_of_it_again(rig: Rig, window: Window) -> None:
    page = window.page
    page.goto(rig.address)
    window.waits_for("#state", "Watching")
    reached = []
    for _ in range(53):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.id || document.activeElement.dataset.speed || 'body'"))
    expected = [
        "push",
        "chair",
        "sit",
        "sound",
        "1",
        "log",
        "power",
        "panel-off",
        "noise",
        "clock-on",
        "keys",
        "weight",
        "worn",
        "wire",
        "cat",
    ]
    assert [each for each in dict.fromkeys(reached) if each in expected] == expected
    assert reached.count("push") >= 2, "and round again"


def test_a_speed_that_has_no_button_is_told_beside_the_clock(rig: Rig, window: Window) -> None:
    page = window.page
    page.goto(rig.address)
    page.locator("[data-speed='1'][aria-checked=true]").wait_for()
    rig.hand("speed", 30)
    window.waits_for("#pace", "30x")
    assert page.locator("[aria-checked=true]").count() == 0
    assert page.locator("[data-speed][tabindex='0']").count() == 1


def test_the_keys_can_be_turned_off_and_stay_so(rig: Rig, window: Window) -> None:
    page = window.page
    page.goto(rig.address)
    page.uncheck("#keys")
    page.reload()
    window.waits_for("#state", "Watching")
    page.keyboard.press("s")
    page.click("#noise")
    page.locator("#noise[aria-pressed=true]").wait_for()
    assert page.locator("#chair.taken").count() == 0
    page.check("#keys")
    page.keyboard.press("s")
    page.locator("#chair.taken").wait_for()


def test_a_page_that_opens_late_knows_what_time_it_is(rig: Rig, window: Window) -> None:
    page = window.page
    sit_for(window, rig, minutes=5)
    page.goto(f"{rig.address}day")
    page.locator("#sitting", has_text=" of 30 min").wait_for()
    assert int(re.findall(r"[0-9]+", window.text("#sitting"))[0]) >= 5


def test_what_the_button_did_is_told_beside_the_panel(rig: Rig, window: Window) -> None:
    page = window.page
    page.goto(rig.address)
    window.waits_for("#reminders", "may sound")
    page.click("#sit")
    window.waits_for("#pad", "taken; believed in 0:0")
    window.waits_for("#facts", "Somebody sits down.")
    # A fact and how things stand come in no promised order.
    until(lambda: window.text("#pad") == "taken", "taken, and nothing more")
    page.locator("#panel[aria-label^='The panel shows: Seated; 0 min']").wait_for()
    page.click("#push")
    window.waits_for("#state", "Today: the day's figures are on the panel")
    page.hover("#push")
    page.mouse.down()
    window.waits_for("#reminders", "muted till")
    page.mouse.up()
    page.goto(f"{rig.address}day")
    window.waits_for("#sitting", "Reminders: muted till")


def test_a_finger_slows_time_down_for_as_long_as_it_presses(rig: Rig, window: Window) -> None:
    to_due(window, rig)
    page = window.page
    page.click("[data-speed='600']")
    page.locator("[data-speed='600'][aria-checked=true]").wait_for()
    page.hover("#push")
    page.mouse.down()
    page.locator("[data-speed='1'][aria-checked=true]").wait_for()
    page.mouse.up()
    # On a busy computer the finger may come up late, and it was a hold.
    page.locator("#facts", has_text=re.compile("A press: silence|A hold: not now")).wait_for()
    page.locator("[data-speed='600'][aria-checked=true]").wait_for()
    assert "too long to be a finger" not in window.text("#facts")


def test_a_working_day_in_a_minute_plays_and_ones_own_desk_waits(rig: Rig, window: Window) -> None:
    page = window.page
    page.goto(rig.address)
    page.click("#sit")
    page.locator("#chair.taken").wait_for()
    page.click("[data-speed='10']")
    window.waits_for("#facts", "Somebody sits down.")
    top = "() => document.querySelector('.scene').getBoundingClientRect().y"
    before = page.evaluate(top)
    page.click("#recorded")
    window.waits_for("#playing", "plays; your own desk waits")
    assert page.evaluate(top) == before, "the desk stays in its place"
    assert page.locator("#steps").is_hidden(), "what a recorded day does, nobody needs to be told to do"
    page.locator("#facts li").nth(6).wait_for()
    assert window.text("#clock") != "--:--"
    window.waits_for("#facts", "The break is honoured")
    page.click("#chair")
    window.waits_for("#unheard", "Hands off: this day is recorded.")
    rig.hand("power", False)
    assert rig.live.levels["power"], "nor does anybody else's hand change it"
    told = page.evaluate("() => fetch('/days.json').then((answer) => answer.json())")
    assert told["today"] == f"{datetime.now().astimezone():%Y-%m-%d}", "the recorded day is none of one's own"
    assert page.locator("#again").is_hidden()
    rig.live._soon(lambda: rig.live.clock.jump(32_380))
    page.locator("#again").wait_for()
    breaks, sounds = (page.locator(f"#facts .{each}").count() for each in ("full_break", "sound"))
    window.waits_for("#playing", "The recorded day is over.")
    page.locator("#over .seated").first.wait_for()
    assert page.locator("#device").is_hidden()
    assert page.locator("#over-strip .rest").count() == breaks - 1 > 3, "the last is the evening"
    assert window.text("#over-says") == f"{breaks} full breaks, {sounds} reminders that sounded"
    page.click("#again")
    page.locator("#device").wait_for()
    page.locator("#again").wait_for(state="hidden")
    window.waits_for("#playing", "plays; your own desk waits")
    page.click("#back")
    page.locator("#playing").wait_for(state="hidden")
    window.waits_for("#facts", "Somebody sits down.")
    assert page.locator("#facts li").count() == 1
    page.locator("[data-speed='10'][aria-checked=true]").wait_for()
    page.goto(f"{rig.address}?play=day")
    window.waits_for("#state", "Watching")
    page.wait_for_timeout(500)
    assert page.locator("#playing").is_hidden(), "whoever links here from elsewhere moves no hands"
