"""What docs/build.md says is what the data has: its words are read as by somebody who builds by it."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from device.settings.settings import Settings
from device.settings.settings_file import load_settings
from hardware.case.lengths import SLACK_MM
from hardware.case.placing import places, sizes
from hardware.case.screws import screws
from hardware.drawings.readings import readings
from hardware.drawings.single_wires import spans
from hardware.drawings.tables import end_text
from hardware.wiring.figures import SENSOR_EMPTY_OHMS, SENSOR_THIGH_OHMS, bands, parallel, values
from hardware.wiring.header import header
from hardware.wiring.lengths import lengths
from hardware.wiring.outlines import outlines
from hardware.wiring.shopping import bought, total
from hardware.wiring.wires import PLUGGED, SHIPPED, Build, builds, settings_for, under_cushion, wiring

PROJECT = Path(__file__).parents[2]
DOC = (PROJECT / "docs/build.md").read_text("utf-8")
WORDS = " ".join(DOC.split())
STEPS: list[tuple[str, str, str, str]] = re.findall(
    r"^## (\d+)\. ([^\n]+) \((\d+) minutes\)\n(.*?)(?=^## )", DOC, re.MULTILINE | re.DOTALL
)
"""Number, title, minutes and text of each step."""
STEPS_TEXT = "".join(text for *_, text in STEPS)


def step(title: str) -> str:
    """The text of the step whose title begins like that."""
    return next(text for _, named, _, text in STEPS if named.startswith(title))


def rows(text: str) -> list[list[str]]:
    """The cells of all rows of all tables in a text."""
    lines = [line.strip() for line in text.splitlines() if line.strip().startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


# ---- the wires


def test_the_steps_say_both_ends_of_every_wire_and_of_no_other() -> None:
    told = {tuple(row) for row in rows(STEPS_TEXT) if row[0].isdecimal() and len(row) == 4 and "," in row[2]}
    meant = {(str(wire.number), wire.colour, *map(end_text, wire.ends)) for wire in wiring().wires}
    assert told == meant


@pytest.mark.parametrize(
    ("title", "part"),
    [
        ("The wires on the strip board", "board"),
        ("The button", "button"),
        ("The socket of the case", "socket"),
        ("The chair's end", "chair socket"),
        ("The hood", "panel"),
        ("The wires on the header", "header"),
    ],
)
def test_a_step_that_joins_a_part_names_each_of_its_wires(title: str, part: str) -> None:
    told = [row[0] for row in rows(step(title)) if row[0].isdecimal()]
    assert told == [str(wire.number) for wire in wiring().at(part)]


def test_the_wires_that_are_prepared_have_the_ends_that_they_need() -> None:
    prepared = {int(row[0]): row for row in rows(step("The wires")) if row[0].isdecimal()}
    assert prepared.keys() == lengths().keys()
    pins = {wire.number: sum(end.part in ("header", "panel") for end in wire.ends) for wire in wiring().wires}
    assert all(prepared[number][3] == ("none", "one", "both")[pins[number]] for number in prepared)
    by_ends = {count: [number for number in prepared if pins[number] == count] for count in (2, 1, 0)}
    spans = [f"{numbers[0]} to {numbers[-1]}" for numbers in (by_ends[2], by_ends[1])]
    last = " and ".join(map(str, by_ends[0]))
    assert f"wires {spans[0]} have a female end at both ends, {spans[1]} at one, {last} at none" in WORDS


def numbers(text: str) -> set[int]:
    """The wires and pins that a text names: `5 to 7 and 12` are four."""
    found = re.findall(r"(?<![A-H\d])(\d{1,2})(?: to (\d{1,2}))?(?! ?[a-zA-ZΩ%]*m\b)(?!\d)", text)
    return {number for one, last in found for number in range(int(one), int(last or one) + 1)}


def said_for_force() -> list[list[str]]:
    section = DOC.partition("### Force sensors")[2].partition("\n### ")[0]
    return [row for row in rows(section) if len(row) == 3 and row[0].isdecimal()]


def test_each_wire_and_hole_that_a_step_names_is_said_again_for_force_sensors() -> None:
    told: dict[str, str] = {}
    for number, here, _ in said_for_force():
        told[number] = f"{told.get(number, '')} {here}"
    for number, _, _, text in STEPS:
        lines = [line for line in text.splitlines() if not re.match(r"\| \d+ \||!\[", line)]
        prose = " ".join(lines)
        for named in re.findall(r"(?:wires?|If|on) ((?:\d+(?:,| and| to)? ?)+)(?! mm)", prose):
            assert numbers(named) <= numbers(told.get(number, "")), (number, named)
        # Of holes, the steps 3 to 6 are told by the force sensors' own pictures and tables.
        for hole in re.findall(r"hole \**([A-H]\d+)", prose):
            assert hole in told.get(number, "") or int(number) <= 6, (number, hole)


def test_what_is_said_for_the_pad_is_in_that_step() -> None:
    texts = {number: text for number, _, _, text in STEPS}
    for number, here, there in said_for_force():
        assert numbers(here) <= numbers(texts[number]), here
        assert numbers(there) <= set(range(1, len(wiring(Build(seat="force")).wires) + 1)), there


def test_what_is_said_for_force_sensors_is_so() -> None:
    told = [there for _, _, there in said_for_force()]
    at = {(end.part, end.pin): wire.number for wire in wiring(Build(seat="force")).wires for end in wire.ends}
    button = "{} and {}".format(at["button", "one lug"], at["button", "other lug"])
    assert f"wires {button} to the button" in told
    assert f"wires {button} beep while you press" in told
    assert (
        "wire {} on the tip, {} on the sleeve".format(at["chair socket", "tip"], at["chair socket", "sleeve"]) in told
    )
    socket = at["socket", "tip"], at["socket", "sleeve"]
    assert "wire {} on the tip, {} on the sleeve, a tube over each".format(*socket) in told
    assert "wires {} and {} are silent".format(at["header", "1"], at["header", "9"]) in told
    # The panel's power comes over the strip board: that from the Pi is measured against the panel's ground.
    assert "wires {} and {} are silent".format(*sorted((at["header", "1"], at["panel", "GND"]))) in told
    converter = spans(wire.number for wire in wiring(Build(seat="force")).at("converter"))
    assert f"and in it with wires {converter}](build/converter.png)" in WORDS
    on_panel = next(text for text in told if "VCC" in text)
    assert {(name, int(wire)) for wire, name in re.findall(r"(\d+) on (\w+)", on_panel)} == {
        (end.pin, wire.number)
        for wire in wiring(Build(seat="force")).at("panel")
        for end in wire.ends
        if end.part == "panel"
    }
    forked = spans(wire.number for wire in wiring(Build(seat="force")).wires if wire.fork)
    assert any(text.endswith(f"; {forked} are for step 9") for text in told)


def test_how_the_force_sensors_get_their_wires_is_told_as_the_data_has_it() -> None:
    lies = under_cushion()
    forked = [wire for wire in wiring(Build(seat="force")).wires if wire.fork]
    for wire in forked:
        assert wire.fork
        assert f"Cut {wire.fork.lead_mm} mm of the lead" in WORDS
        assert f"{wire.fork.branch_mm} mm stay" in WORDS
        assert wire.fork.branches == 4
    one, other = forked
    assert f"four {one.colour} and four {other.colour} jumpers" in WORDS
    assert f"the one with the {one.colour} jumpers is wire {one.number}" in WORDS
    assert f"sit bones, {lies.apart_mm / 10:g} cm apart" in WORDS
    assert f"{lies.along_mm / 10:g} cm in front of them" in WORDS
    assert f"{lies.behind_mm / 10:g} cm behind the rear ones" in WORDS


def test_what_the_force_sensors_read_is_between_empty_and_pressed() -> None:
    empty = parallel(*[SENSOR_EMPTY_OHMS] * 4)
    pressed = parallel(SENSOR_THIGH_OHMS, *[SENSOR_EMPTY_OHMS] * 3)
    assert pressed < 20_000 < 100_000 < empty
    assert "under 20 kΩ while you press a thumb hard" in WORDS
    assert "over 100 kΩ, or nothing, when you let go" in WORDS


def test_a_wire_that_stays_whole_is_long_enough() -> None:
    ribbon = next(row for row in bought() if row.part == "wires")
    most = max(length.mm for build in builds() for length in lengths(build).values())
    assert "20 cm" in ribbon.name
    assert most <= 200


def test_the_header_is_told_as_it_is_drawn_and_as_it_lies_in_the_case() -> None:
    placed, board = places()["header"], outlines()["zero"]
    x, y = board.pin_1
    one, three, two = (placed.of((x + right, y + up, 0.0)) for right, up in ((0, 0), (2.54, 0), (0, 2.54)))
    # Seen by somebody in front: x to the right, y away.
    assert one[0] > 0
    assert three[0] < one[0]
    assert two[1] < one[1]
    assert "Pin 1 is at the right end, in the row that is farther from you." in WORDS.replace("*", "")
    assert "Odd numbers run to the left from there: 1, 3, 5. Even numbers are in the near row" in WORDS
    assert "its back wall away from you" in WORDS
    # As lengths.py has it for the wires to panel and button.
    assert "Tip the hood forward onto its face, in front of the base" in WORDS
    assert "its ports look away from you" in (PROJECT / "docs/build/header.svg").read_text("utf-8")


def test_the_pins_that_stay_empty_are_named() -> None:
    taken = {int(end.pin) for wire in wiring().wires for end in wire.ends if end.part == "header"}
    last = max(taken)
    empty = [number for number in header() if number not in taken and number <= last]
    five = [number for number in empty if header()[number].name == "5 V"]
    others = [number for number in empty if number not in five]
    told = f"{' and '.join(map(str, five))}, which have 5 V; {', '.join(map(str, others))}; and all from {last + 1} on"
    assert f"These pins are empty: {told}." in WORDS


def test_what_the_symptoms_say_of_pins_is_so() -> None:
    at = {end.pin: wire for wire in wiring().wires for end in wire.ends if end.part == "header"}
    symptoms = DOC.partition("## When it doesn't work")[2].partition("## Care")[0]
    panel = re.findall(r"(VCC|SDA|SCL|GND) on (?:pin )?(\d+)", symptoms)
    assert {name for name, _ in panel} == {"VCC", "SDA", "SCL", "GND"}
    for name, pin in panel:
        assert name in {end.pin for end in at[pin].ends}
    told = [(wire, pin) for wire, pin in re.findall(r"wire (\d+) on pin (\d+)", symptoms)]
    told += [
        pair
        for one, other, a, b in re.findall(r"wires (\d+) and (\d+): pins (\d+) and (\d+)", symptoms)
        for pair in ((one, a), (other, b))
    ]
    assert len(told) == 5
    assert all(at[pin].number == int(wire) for wire, pin in told)


# ---- the strip board


def test_the_strip_board_is_cut_as_the_case_takes_it() -> None:
    board, wired = outlines()["board"], wiring()
    (long, across, _), (beside, _) = board.size, board.hole_a1
    beyond = (across - (len(wired.strips) - 1) * board.pitch) / 2
    assert 2 * beside + (wired.columns - 1) * board.pitch == pytest.approx(long)
    assert across - board.hole_a1[1] == pytest.approx(beyond)
    # A hole of 1 mm: its middle is a pitch away from the outer hole that stays, its outer rim half a millimetre more.
    assert board.pitch < beside < board.pitch + 0.5
    assert beyond < board.pitch
    assert f"a piece of {long:g} mm by {across:g} mm" in WORDS
    assert f"{beside:.1f} mm are left at the short sides, and {beyond:.1f} mm at the long ones" in WORDS


def test_every_hole_that_the_steps_name_has_something_in_it() -> None:
    board = wiring()
    taken = {end.hole for wire in board.wires for end in wire.ends if end.hole}
    taken |= {leg.hole for part in board.soldered for leg in part.legs}
    named = set(re.findall(r"\b([A-H]\d{1,2})\b", STEPS_TEXT))
    assert named == taken


@pytest.mark.parametrize(
    ("heading", "build"),
    [
        ("## 6. Measure", SHIPPED),
        ("### Force sensors", Build(seat="force")),
        ("### An active", Build(buzzer="active")),
    ],
)
def test_each_strip_board_has_its_own_readings_and_its_copper_side(heading: str, build: Build) -> None:
    section = DOC.partition(heading)[2].partition("\n## ")[0].partition("\n### ")[0]
    told = [row for row in rows(section) if row[0].startswith("holes")]
    assert told == [[f"holes {' and '.join(each.holes)}", each.says] for each in readings(wiring(build))]
    assert re.findall(r"build/board-copper[\w-]*\.svg", section)


def test_which_legs_are_bent_right_at_the_body_is_said() -> None:
    close = {
        build: [
            part.name
            for part in wiring(build).soldered
            if values()[part.kind].ohms and part.legs[1].row - part.legs[0].row == 3
        ]
        for build in (SHIPPED, Build(seat="force"), Build(buzzer="active"))
    }
    assert list(close.values()) == [["R3"], ["R2", "R3"], []]
    assert "R3's right at the body" in WORDS
    assert "The legs of R2, too, are bent down right at the body." in WORDS
    assert "Bend R3's legs as R2's." in WORDS


def test_what_the_loose_ends_read_is_computed() -> None:
    told = {row[0]: row[1] for row in rows(step("Measure the loose ends"))}
    of = values()
    assert told["wires 7 and 9, set to ohms"] == f"read {of['seat_pull'].name}"
    # Through the closed pad, which has up to 1 kΩ.
    low, high = of["seat_series"].ohms, of["seat_series"].ohms + 1_000
    assert f"read {low / 1000:g} to {high / 1000:g} kΩ while" in told["wires 8 and 9, set to ohms"]
    assert parallel(of["seat_pull"].ohms, of["seat_pull"].ohms) > high


def test_the_bands_and_the_colours_on_the_strip_board() -> None:
    of = {part.name: bands(values()[part.kind].ohms) for part in wiring().soldered if values()[part.kind].ohms}
    assert list(of) == ["R1", "R2", "R3"]
    first, *others = (f"{name} {', '.join(colours)}" for name, colours in of.items())
    assert f"{first.replace('R1', 'R1 has the bands')}; {'; '.join(others)}; each then a gold one" in WORDS
    colours: dict[str, set[str]] = {}
    for wire in wiring().at("board"):
        for end in wire.ends:
            if end.hole:
                colours.setdefault(wire.colour, set()).add(end.hole[0])
    assert colours == {"red": {"B"}, "black": {"C"}, "green": {"A", "F"}, "orange": {"H"}}
    assert "red in row B, both black ones in row C, green in A and F, orange in H." in WORDS


# ---- the pictures and the words


def test_each_picture_is_shown_somewhere_and_each_that_is_shown_is_there() -> None:
    pictures = {file.name for file in (PROJECT / "docs/build").iterdir()}
    shown = set(re.findall(r"!\[[^]]+\]\(build/([^)]+)\)", DOC))
    shown |= set(re.findall(r"!\[[^]]+\]\(docs/build/([^)]+)\)", (PROJECT / "README.md").read_text("utf-8")))
    assert shown == pictures


@pytest.mark.parametrize(
    ("other_meaning", "word"),
    [
        (r"[Cc]lipped|[Cc]lip (?:it|its|legs|them|what)", "the clip is at the chair: legs are cut off"),
        (r"(?:for|through|in) a panel\b(?! of)", "the panel is what shines: a socket goes through a wall"),
        (r"(?<![Ss]trip )(?:larger|bare|large|same) board", "the board is the strip board: the Pi is the Pi"),
        (
            r"\brings?\b(?!\W+stays|'s lug| and sleeve)(?<!the ring)",
            "the ring is a contact of the plug: resistors have bands",
        ),
        (
            r"[Ff]eet down|tongue|socket strip|power socket|four cards|first card|(?:black|red) lead\b",
            "said in another way",
        ),
    ],
)
def test_a_word_means_one_thing(other_meaning: str, word: str) -> None:
    assert not re.findall(other_meaning, WORDS), word


# ---- the rest


def test_the_readme_says_what_it_costs_roughly() -> None:
    low, high = (round(each, -1) for each in total(bought()))
    readme = " ".join((PROJECT / "README.md").read_text("utf-8").split())
    assert f"for {low:.0f} to {high:.0f} euro or so" in readme


def test_the_minutes_of_the_steps_come_to_about_an_hour() -> None:
    whole = sum(int(minutes) for _, _, minutes, _ in STEPS)
    assert 50 <= whole <= 75
    assert f"The steps take about {whole} minutes" in WORDS
    assert [int(number) for number, *_ in STEPS] == list(range(1, len(STEPS) + 1))


def test_every_step_says_how_to_see_that_it_is_right() -> None:
    for _, title, _, text in STEPS:
        # Two are nothing but a check, and at the last one sees it.
        if not title.startswith(("Measure", "The first break")):
            assert "\nCheck: " in text or "\nCheck by eye: " in text, title


def test_another_panel_or_board_is_printed_as_far_as_its_case_differs() -> None:
    small, full = Build(panel="small"), Build(board="full")
    assert sizes(small).height != sizes().height
    assert "Print base, hood and bar of the folder `zero-small`" in WORDS
    assert sizes(full).depth != sizes().depth
    assert "Print base, hood and bar of the folder `full-large`" in WORDS


def test_the_wires_of_every_build_are_as_long_as_is_said() -> None:
    spare: dict[str, list[int]] = {"zero": [], "full": []}
    for build in builds():
        told = lengths(replace(build, board="zero", panel="large"))
        wires = wiring(build).wires
        for number, length in lengths(build).items():
            if sum(end.part in PLUGGED for end in wires[number - 1].ends) < 2:
                spare[build.board].append(told[number].mm - length.mm)
    assert 0 <= min(spare["zero"]) <= max(spare["zero"]) <= 10
    assert f"cut each wire {-min(spare['full'])} mm longer than its table says, or as long as" in WORDS
    # A female end that is cut off leaves 185 mm of a jumper, and of the slack half is enough.
    assert max(length.mm for build in builds() for length in lengths(build).values()) - 185 <= SLACK_MM / 2


def test_the_card_goes_into_each_pi_with_its_contacts_towards_the_board() -> None:
    for build, contacts in ((SHIPPED, "contacts down"), (Build(board="full"), "contacts up, towards the Pi's board")):
        board = outlines()[build.board]
        left, front, bottom, right, back, _ = board.ports["microSD"]
        assert ("down" if bottom >= board.size[2] else "up") in contacts
        assert contacts in WORDS
        x, _, _ = places(build)["header"].of(((left + right) / 2, (front + back) / 2, bottom))
        assert x > 20.0
    assert "Its slot is at the right end" in WORDS
    assert "on the Pi's underside, at the right" in WORDS


def test_the_force_sensors_are_calibrated_with_the_words_of_panel_and_page() -> None:
    lines = tomllib.loads((PROJECT / "device/content/en/words.toml").read_text("utf-8"))["uncalibrated"]["lines"]
    assert f'its panel says "{" ".join(lines)}"' in WORDS
    static = PROJECT / "device/page/static"
    choose = 'choose "Seat", then "Calibrate the seat"'
    assert choose in WORDS
    assert "{{Seat}}" in (static / "shared/nav.html").read_text("utf-8")
    assert 'say(thresholds ? "Calibrate again" : "Calibrate the seat")' in (static / "seat/calibrating.js").read_text()
    assert choose.removeprefix("choose ") in " ".join((PROJECT / "docs/wiring.md").read_text("utf-8").split())


def test_the_screws_are_those_of_the_case() -> None:
    for build in builds():
        by_length = Counter(screw.length for screw in screws(build))
        assert by_length.keys() <= {6.0, 8.0}
        assert max(by_length.values()) <= 10
    counted = Counter((screw.holds, screw.length) for screw in screws())
    assert counted == {("bar", 8.0): 2, ("header", 6.0): 4, ("board", 6.0): 1, ("base", 8.0): 4}
    assert "fix it with two screws of 8 mm" in WORDS
    assert "Four screws of 6 mm" in WORDS
    assert "A screw of 6 mm in the post before its edge" in WORDS
    assert "Two screws of 8 mm from beneath, at the front; two through the back wall" in WORDS
    held = Counter(screw.length for screw in screws(Build(seat="force")) if screw.holds == "holder")
    assert held == {6.0: 2}
    assert "two posts at the right, with two screws of 6 mm" in WORDS


@pytest.mark.parametrize("build", list(builds()), ids=Build.named)
def test_there_is_filament_enough(build: Build) -> None:
    takes = tomllib.loads((PROJECT / "hardware/case/files/print.toml").read_text("utf-8"))
    wanted = [f"{build.board}-{build.panel}/{part}" for part in ("base", "hood", "bar")]
    grams = sum(takes[name]["grams"] for name in (*wanted, "clip", *(["holder"] if build.seat == "force" else [])))
    (buys,) = (row for row in bought(build) if row.part == "case")
    assert grams <= int(buys.many.removesuffix(" g")) <= 2 * grams


def test_the_lines_for_the_card_make_the_settings_that_the_build_needs(tmp_path: Path) -> None:
    card = DOC.partition("## Write the card")[2].partition("## How to solder")[0]
    file = tmp_path / "unsit.toml"
    lines = "\n".join(re.findall(r"```toml\n(.*?)```", card, re.DOTALL))
    file.write_text(re.sub(r"^   ", "", lines, flags=re.MULTILINE))
    settings, _ = load_settings(file)
    assert settings.panel.driver == settings_for(SHIPPED).panel.driver != Settings().panel.driver
    told = [row[0] for row in rows(step("The first break"))][2:]
    wanted = [
        settings.settle.sit_s,
        settings.limits.invite_after_s,
        settings.limits.due_after_s,
        settings.limits.due_after_s + settings.reminders.after_due_s[0],
    ]
    assert told[:4] == [f"{second:.0f} s" if second < 60 else f"{second / 60:.0f} min" for second in wanted]
    assert told[-1] == f"{settings.limits.full_break_s / 60:.0f} min off the chair"


@pytest.mark.parametrize(
    ("heading", "build"), [("### Force sensors", Build(seat="force")), ("### An active", Build(buzzer="active"))]
)
def test_another_choice_says_its_own_settings(heading: str, build: Build, tmp_path: Path) -> None:
    section = DOC.partition(heading)[2].partition("\n### ")[0]
    file = tmp_path / "unsit.toml"
    file.write_text("\n".join(re.findall(r"```toml\n(.*?)```", section, re.DOTALL)))
    (settings, _), meant = load_settings(file), settings_for(build)
    assert (settings.seat.kind, settings.buzzer.kind) == (meant.seat.kind, meant.buzzer.kind)
