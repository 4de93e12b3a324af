"""The stretches: what ships, what a block may say, and how a mistake in one is told."""

from __future__ import annotations

import copy
import json
import math
import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from device.figure import Pose
from device.repertoire import shipped
from device.skeleton import FLOOR_Y, SIZE, Circle, Limbs, Line, Stand, Stroke, View
from device.stretch_file import ContentError, read_stretches
from device.stretches import Area, Kind, Posture, Side, Stretch

PROJECT = Path(__file__).parent.parent
SHIPPED = "\n".join(file.read_text("utf-8") for file in sorted((PROJECT / "device/content/stretches").glob("*.toml")))
GUIDE = PROJECT / "docs/adding-a-stretch.md"
STRETCHES = shipped()
EVERY_STRETCH = pytest.mark.parametrize("stretch", STRETCHES, ids=lambda stretch: stretch.id)
BY_ID = {stretch.id: stretch for stretch in STRETCHES}

BLOCK: dict[str, Any] = {
    "id": "side_step",
    "name": "Side step",
    "why": "Room at the side",
    "area": "adductors",
    "muscles": "outer hip",
    "posture": "standing",
    "kind": "dynamic",
    "sides": "each",
    "repeats": [2, 4],
    "title": ["Side step"],
    "left": ["Left leg", "out"],
    "right": ["Right leg", "out"],
    "steps": [["Step out, and back."]],
    "feel": "Outer hip",
    "stop": "Knee pain",
    "mistake": "Leaning over.",
    "caution": "Slowly.",
    "easier": "A small step.",
    "needs": ["space"],
    "not_in": ["skirt"],
    "leave_out": ["knee", "hip replacement"],
    "sources": ["Somebody 2020"],
    "figure": {
        "view": "front",
        "pose": [
            {"cue": "out", "hold_cue": "hold", "moves_s": 1, "holds_s": 1.5, "stand": "left"}
            | {"torso": 2, "left": {}, "right": {"hip": 25}},
            {"cue": "in", "moves_s": 1, "stand": "left", "left": {"shoulder": 10}, "right": {}},
        ],
    },
}


def toml(value: Any) -> str:
    """A value as TOML writes it on one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)} = {toml(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(toml(each) for each in value) + "]"
    if isinstance(value, float):
        return "nan" if math.isnan(value) else repr(value)
    return json.dumps(value)


def with_block(block: dict[str, Any]) -> str:
    """The file that ships, with one block more."""
    return SHIPPED + "\n[[stretch]]\n" + "\n".join(f"{json.dumps(key)} = {toml(block[key])}" for key in block) + "\n"


def changed(path: str, value: Any) -> dict[str, Any]:
    """The block with one value put there or, for `None`, taken away; `path` is keys and numbers with dots between."""
    block = copy.deepcopy(BLOCK)
    *way, last = [int(key) if key.isdigit() else key for key in path.split(".")]
    place: Any = block
    for key in way:
        place = place[key]
    if value is None:
        del place[last]
    else:
        place[last] = value
    return block


def complaint(text: str) -> str:
    """What is said about a text that won't load."""
    with pytest.raises(ContentError) as caught:
        read_stretches(text, "mine.toml")
    return str(caught.value)


def read(block: dict[str, Any]) -> Stretch:
    """The stretch of a block."""
    return read_stretches(with_block(block), "mine.toml")[-1]


def moments(stretch: Stretch, count: int = 200) -> list[float]:
    """As many moments evenly through the loop."""
    return [stretch.figure.loop_s * number / count for number in range(count)]


def toes(stretch: Stretch, elapsed_s: float) -> tuple[tuple[float, float], tuple[float, float]]:
    """Where the far (left) and the near (right) toes are in the picture that isn't mirrored."""
    lines = [stroke for stroke in stretch.figure.strokes_at(elapsed_s, False) if isinstance(stroke, Line)]
    feet = [line for line in lines if math.dist((line.x0, line.y0), (line.x1, line.y1)) == pytest.approx(5)]
    left, right = feet
    return (left.x1, left.y1), (right.x1, right.y1)


def hips(stretch: Stretch, elapsed_s: float) -> tuple[float, float]:
    """Where the hips are: the trunk begins there, the first stroke after those of the far side."""
    strokes = limbs(stretch.figure.strokes_at(elapsed_s, False))
    trunk = next(stroke for stroke in strokes if isinstance(stroke, Line) and not stroke.far)
    return trunk.x0, trunk.y0


def limbs(strokes: tuple[Stroke, ...]) -> list[Stroke]:
    """All that isn't a thing: signs come and go."""
    return [stroke for stroke in strokes if not (isinstance(stroke, Line) and stroke.thing)]


# ---- what ships


def test_there_are_twenty_and_more_for_every_area() -> None:
    assert len(STRETCHES) >= 20
    assert {stretch.area for stretch in STRETCHES} == set(Area)
    assert any(stretch.warm_up for stretch in STRETCHES)


@EVERY_STRETCH
@pytest.mark.parametrize("mirrored", [False, True])
def test_a_figure_never_leaves_its_square_nor_goes_through_the_floor(stretch: Stretch, mirrored: bool) -> None:
    for elapsed_s in moments(stretch, 1000):
        for stroke in stretch.figure.strokes_at(elapsed_s, mirrored):
            if isinstance(stroke, Circle):
                xs = (stroke.x - stroke.radius, stroke.x + stroke.radius)
                ys = (stroke.y - stroke.radius, stroke.y + stroke.radius)
            else:
                xs, ys = (stroke.x0, stroke.x1), (stroke.y0, stroke.y1)
            assert min(xs) >= 0
            assert max(xs) <= SIZE - 1
            assert min(ys) >= 0
            assert max(ys) <= FLOOR_Y + 1e-6 or stretch.figure.zoom > 1, "head and shoulders have no floor"


@EVERY_STRETCH
def test_a_figure_moves_without_jumps(stretch: Stretch) -> None:
    frames = [stretch.figure.strokes_at(elapsed_s, False) for elapsed_s in moments(stretch, 1000)]
    step_s = stretch.figure.loop_s / 1000
    for before, after in pairwise([frames[-1], *frames]):
        for stroke, moved in zip(limbs(before), limbs(after), strict=True):
            if isinstance(stroke, Line) and isinstance(moved, Line):
                way = math.dist((stroke.x1, stroke.y1), (moved.x1, moved.y1))
                assert way <= 120 * step_s * stretch.figure.zoom, "a hand goes 120 px in a second at the most"


@EVERY_STRETCH
def test_bones_keep_their_lengths(stretch: Stretch) -> None:
    """But for those that turn towards the onlooker, and a back that is slumped or bent."""
    frames = [limbs(stretch.figure.strokes_at(elapsed_s, False)) for elapsed_s in moments(stretch)]
    turning = [
        numbers
        for numbers in zip(*(bones(pose) for pose in stretch.figure.poses), strict=True)
        if len(set(numbers)) > 1
    ]
    for strokes in zip(*frames, strict=True):
        lines = [stroke for stroke in strokes if isinstance(stroke, Line)]
        lengths = [math.dist((line.x0, line.y0), (line.x1, line.y1)) for line in lines]
        assert not lengths or turning or max(lengths) - min(lengths) <= 1


def bones(pose: Pose) -> tuple[float, ...]:
    """What may change the length in which something is drawn."""
    body = pose.body
    return (body.stretch, body.spine, body.twist, body.left.thigh, body.left.shank, body.right.thigh, body.right.shank)


@EVERY_STRETCH
def test_a_foot_that_is_planted_stays_on_its_spot_on_the_floor(stretch: Stretch) -> None:
    figure = stretch.figure
    stands = {pose.stand for pose in figure.poses}
    planted = {Stand.LEFT: [0], Stand.RIGHT: [1], Stand.BOTH: [0, 1], Stand.TOES: [1], Stand.MIDDLE: []}
    if len(stands) > 1:
        assert stretch.id == "march", "another foot bears in turn"
        return
    for nth in planted[stands.pop()]:
        spots = [toes(stretch, elapsed_s)[nth] for elapsed_s in moments(stretch)]
        assert max(x for x, _ in spots) - min(x for x, _ in spots) <= 1
        assert min(y for _, y in spots) >= FLOOR_Y - 1


@EVERY_STRETCH
def test_left_is_right_in_a_mirror(stretch: Stretch) -> None:
    for elapsed_s in moments(stretch, 20):
        right, left = (stretch.figure.strokes_at(elapsed_s, mirrored) for mirrored in (False, True))
        for one, other in zip(right, left, strict=True):
            if isinstance(one, Circle):
                assert other == Circle(SIZE - 1 - one.x, one.y, one.radius)
            else:
                assert other == Line(SIZE - 1 - one.x0, one.y0, SIZE - 1 - one.x1, one.y1, one.far, one.thing)


@EVERY_STRETCH
def test_hands_on_the_desk_stay_there_and_none_goes_through_it(stretch: Stretch) -> None:
    figure = stretch.figure
    if figure.desk_x is None:
        return
    for elapsed_s in moments(stretch):
        strokes = limbs(figure.strokes_at(elapsed_s, False))
        assert isinstance(strokes[1], Line)
        assert isinstance(strokes[-3], Line)
        forearms = {Stand.LEFT: strokes[1], Stand.RIGHT: strokes[-3]}
        for hand in figure.on_desk:
            # A pixel or two short is a hand that only just touches.
            assert math.dist((forearms[hand].x1, forearms[hand].y1), (figure.desk_x + 1, 35)) <= 3
        for stroke in strokes:
            if isinstance(stroke, Line) and stroke.x1 >= figure.desk_x + 2:
                assert stroke.y1 < 36.5


@pytest.mark.parametrize("stretch_id", ["hip_lunge", "psoas_reach"])
def test_in_a_lunge_both_feet_stay_where_they_are_and_the_hips_go_forward_and_down(stretch_id: str) -> None:
    stretch = BY_ID[stretch_id]
    for nth in (0, 1):
        spots = [toes(stretch, elapsed_s)[nth] for elapsed_s in moments(stretch)]
        assert max(x for x, _ in spots) - min(x for x, _ in spots) < 0.5
        assert min(y for _, y in spots) > FLOOR_Y - 0.5
    # The first stroke after the far ones is the trunk; it begins at the hips.
    held_s = stretch.figure.loop_s - stretch.figure.poses[-1].moves_s - stretch.figure.poses[-1].holds_s
    rest, deep = (hips(stretch, at) for at in (0, held_s))
    assert deep[0] - rest[0] > 3
    assert deep[1] - rest[1] > 2


def test_marching_lifts_the_knee_that_the_cue_names() -> None:
    march = BY_ID["march"]
    lifted = {"left": 0, "right": 1}
    for elapsed_s in moments(march):
        spots = toes(march, elapsed_s)
        up = lifted[march.figure.cue_at(elapsed_s)]
        assert spots[up][1] <= spots[1 - up][1] + 0.1
        assert spots[1 - up][1] == pytest.approx(FLOOR_Y, abs=0.1), "the other one bears"


def test_walking_brings_either_foot_forward_in_turn() -> None:
    ahead = [left[0] > right[0] for left, right in (toes(BY_ID["walk"], at) for at in moments(BY_ID["walk"]))]
    assert sum(one != other for one, other in pairwise([*ahead, ahead[0]])) == 2


def test_the_leg_that_goes_back_leaves_the_floor_behind_the_other() -> None:
    leg_back = BY_ID["leg_back"]
    left, right = toes(leg_back, leg_back.figure.poses[0].moves_s)
    assert left[1] == pytest.approx(FLOOR_Y, abs=0.1)
    assert right[1] < FLOOR_Y - 1.5
    assert right[0] < left[0] - 8


def test_opening_the_chest_takes_the_hands_apart() -> None:
    def span(elapsed_s: float) -> float:
        strokes = BY_ID["chest_open"].figure.strokes_at(elapsed_s, False)
        xs = [x for stroke in strokes if isinstance(stroke, Line) for x in (stroke.x0, stroke.x1)]
        return max(xs) - min(xs)

    assert span(BY_ID["chest_open"].figure.poses[0].moves_s) > span(0) + 15


@EVERY_STRETCH
def test_left_and_right_are_said_in_words(stretch: Stretch) -> None:
    if stretch.sides == (Side.BOTH,):
        assert stretch.said_left == stretch.said_right == ()
        return
    left, right = (" ".join(stretch.side_lines(side)) for side in (Side.LEFT, Side.RIGHT))
    assert "left" in left.lower()
    swapped = {"left": "right", "right": "left"}
    assert right.lower().split() == [swapped.get(word, word) for word in left.lower().split()]


@pytest.mark.parametrize("stretch_id", ["hip_lunge", "psoas_reach", "leg_back"])
def test_the_leg_that_is_said_to_go_back_is_the_near_one_and_it_is_behind(stretch_id: str) -> None:
    stretch = BY_ID[stretch_id]
    assert stretch.side_lines(Side.RIGHT)[0] == "Right leg"
    assert stretch.side_lines(Side.RIGHT)[1].endswith("back")
    # In the picture that faces right the near leg is the right one; the screens mirror it for the left.
    left, right = toes(stretch, stretch.figure.poses[0].moves_s)
    assert right[0] < left[0] - 8


@EVERY_STRETCH
def test_a_cue_stands_long_enough_to_be_read(stretch: Stretch) -> None:
    figure = stretch.figure
    cues = [figure.cue_at(elapsed_s) for elapsed_s in moments(stretch, 1000)]
    changes = sum(one != other for one, other in pairwise([*cues, cues[0]]))
    assert changes <= figure.loop_s, "a new word a second at the most"


@EVERY_STRETCH
def test_no_text_promises_health(stretch: Stretch) -> None:
    steps = (line for page in stretch.steps for line in page)
    said = " ".join((stretch.name, stretch.why, *steps, stretch.feel, stretch.easier))
    assert not re.search(r"\b(cure|heal|relie[fv]|prevent|pain)", said, re.IGNORECASE)


# ---- what a stretch says


@EVERY_STRETCH
def test_it_says_all_that_a_list_or_the_docs_need(stretch: Stretch) -> None:
    assert len(stretch.why.split()) <= 5
    assert 3 <= len(stretch.steps) <= 5
    assert stretch.sources
    if stretch.posture is Posture.SEATED:
        assert "chair" in stretch.needs
    if stretch.figure.desk_x is not None:
        assert "desk" in stretch.needs
    if stretch.figure.wall_x is not None:
        assert "wall" in stretch.needs


@EVERY_STRETCH
def test_a_hold_is_held_for_as_long_as_it_takes(stretch: Stretch) -> None:
    for amount in (stretch.least, stretch.most):
        figure = stretch.figure_for(amount)
        if stretch.kind is Kind.HOLD:
            assert figure.loop_s == pytest.approx(amount)
            assert max(pose.holds_s for pose in figure.poses) >= 3
        else:
            assert figure == stretch.figure
        assert len(figure.poses) == len(stretch.figure.poses)


def test_a_block_is_all_that_a_stretch_takes() -> None:
    stretch = read(BLOCK)
    assert (stretch.id, stretch.area, stretch.lasts_s(4)) == ("side_step", Area.ADDUCTORS, 14.0)
    assert (stretch.counted, stretch.least, stretch.most, stretch.warm_up) == (True, 2, 4, False)
    assert stretch.needs == {"space"}
    assert stretch.not_in == {"skirt"}
    assert stretch.leave_out == {"knee", "hip replacement"}
    assert stretch.side_lines(Side.LEFT) == ("Left leg", "out")
    assert stretch.side_lines(Side.RIGHT) == ("Right leg", "out")
    figure = stretch.figure
    assert (figure.view, figure.x, figure.desk_x, figure.loop_s) == (View.FRONT, 32.0, None, 3.5)
    out, back = figure.poses
    assert (out.cue, out.hold_cue, out.stand, out.body.right.hip, out.body.torso) == ("out", "hold", Stand.LEFT, 25, 2)
    assert (back.cue, back.hold_cue, back.holds_s, back.body.left.shoulder) == ("in", "in", 0.0, 10)
    assert hash(stretch) == hash(read(BLOCK))


# ---- mistakes


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("id", "Side step", "id: 'Side step' won't do; allowed: up to 24 of a to z, 0 to 9 and _, the first a letter"),
        ("id", "march", "id: is there twice; allowed: each id once"),
        ("name", None, "name: is missing; allowed: text of 1 to 18 characters, one line"),
        ("name", "", "name: '' won't do; allowed: text of 1 to 18 characters, one line"),
        ("name", "two\nlines", r"name: 'two\nlines' won't do; allowed: text of 1 to 18 characters, one line"),
        ("area", "hip", 'area: \'hip\' won\'t do; allowed: "hip_flexors" or "psoas"'),
        ("kind", "slow", """kind: 'slow' won't do; allowed: "dynamic" or "hold\""""),
        ("warm_up", 1, "warm_up: 1 won't do; allowed: true or false"),
        ("needs", ["air"], 'needs: \'air\' won\'t do; allowed: a list of "space", "wall", "desk"'),
        ("needs", "desk", "needs: 'desk' won't do; allowed: a list of \"space\""),
        ("kind", "hold", "repeats: is for what is dynamic; allowed: seconds"),
        ("sides", ["left"], """sides: ['left'] won't do; allowed: "each" or "both\""""),
        (
            "repeats",
            0,
            "repeats: 0 won't do; allowed: a whole number from 1 to 99, or the least and the most, as [4, 8]",
        ),
        (
            "repeats",
            2.5,
            "repeats: 2.5 won't do; allowed: a whole number from 1 to 99, or the least and the most, as [4, 8]",
        ),
        (
            "repeats",
            True,
            "repeats: True won't do; allowed: a whole number from 1 to 99, or the least and the most, as [4, 8]",
        ),
        ("repeats", 40, "repeats: 40 times 3.5 s make 140 s; allowed: up to 120 s a side"),
        ("repeats", None, "repeats: is missing, and so is seconds; allowed: one of them"),
        ("seconds", 30, "repeats: is there, and so is seconds; allowed: one of them"),
        (
            "repeats",
            [8, 4],
            "repeats: [8, 4] won't do; allowed: a whole number from 1 to 99, or the least and the most, as [4, 8]",
        ),
        (
            "seconds",
            300,
            "seconds: 300 won't do; allowed: a whole number from 5 to 120, or the least and the most, as [4, 8]",
        ),
        ("title", [], "title: [] won't do; allowed: a list of 1 to 3 texts"),
        ("title", "Side", "title: 'Side' won't do; allowed: a list of 1 to 3 texts"),
        ("title", ["Step aside!"], "title: 'Step aside!' is 1 too long; allowed: text of 1 to 10 characters, one line"),
        ("left", None, "left: is missing; allowed: a list of 1 to 3 texts"),
        ("steps", [], "steps: [] won't do; allowed: a list of 1 to 5 pages, each a list of 1 to 4 texts"),
        ("steps", [[]], "steps: [] won't do; allowed: a list of 1 to 4 texts"),
        (
            "steps",
            [["ok"], ["a" * 22]],
            f"steps: '{'a' * 22}' is 1 too long; allowed: text of 1 to 21 characters, one line",
        ),
        ("sources", [7], "sources: 7 won't do; allowed: text of 1 to 200 characters, one line"),
        ("cuation", "Slowly.", "unknown key cuation; nearest: caution"),
        ("figure", 3, "figure: 3 won't do; allowed: a table"),
        ("figure.view", "back", """figure: view: 'back' won't do; allowed: "side" or "front\""""),
        ("figure.pose", [], "figure: pose: [] won't do; allowed: one block or more"),
        ("figure.pose", [1], "figure: pose: 1 won't do; allowed: a table"),
        ("figure.desk", 30, "figure: unknown key desk; nearest: desk_x"),
        ("figure.x", math.nan, "figure: x: nan won't do; allowed: 10 to 54"),
        (
            "figure.pose.1.cue",
            "far inward",
            "figure: pose 2: cue: 'far inward' is 2 too long; allowed: text of 1 to 8 characters, one line",
        ),
        ("figure.pose.0.moves_s", 0, "figure: pose 1: moves_s: 0 won't do; allowed: 0.1 to 10"),
        ("figure.pose.0.hold_que", "x", "figure: pose 1: unknown key hold_que; nearest: hold_cue"),
        (
            "figure.pose.0.zz",
            1,
            "pose 1: unknown key zz; allowed: cue, left, right, torso, neck, head, stretch, spine, twist, shift, ",
        ),
        (
            "figure.pose.0.stand",
            "one",
            """pose 1: stand: 'one' won't do; allowed: "left" or "right" or "both" or "toes" """.strip(),
        ),
        ("figure.pose.0.stand", "both", 'figure: stand is "both" in some poses only; allowed: in all of them, or none'),
        ("figure.pose.0.torso", 181, "figure: pose 1: torso: 181 won't do; allowed: -180 to 180"),
        ("figure.pose.0.torso", "10", "figure: pose 1: torso: '10' won't do; allowed: -180 to 180"),
        ("figure.pose.0.right.hip", True, "figure: pose 1: right: hip: True won't do; allowed: -180 to 180"),
        ("figure.pose.0.right.nee", 5, "figure: pose 1: right: unknown key nee; nearest: knee"),
    ],
)
def test_a_mistake_is_told_with_its_place_and_what_is_allowed(path: str, value: Any, said: str) -> None:
    message = complaint(with_block(changed(path, value)))
    assert message.startswith("mine.toml: ")
    assert said in message
    assert "\n" not in message
    if path != "id":
        assert message.startswith("mine.toml: side_step: ")


def test_a_hold_that_there_is_no_time_for_is_told() -> None:
    block = {key: value for key, value in BLOCK.items() if key != "repeats"} | {"kind": "hold", "seconds": [5, 20]}
    assert read(block).kind is Kind.HOLD
    block["figure"] = changed("figure.pose.0.moves_s", 4)["figure"]
    assert complaint(with_block(block)).endswith("seconds: 5 leave no time to hold it; allowed: 8 or more")


def test_a_misspelt_key_that_must_be_there_is_recognized() -> None:
    block = {("nmae" if key == "name" else key): value for key, value in BLOCK.items()}
    assert "side_step: name: is missing (nmae is there); allowed: text of 1 to 18" in complaint(with_block(block))


@pytest.mark.parametrize(
    ("change", "edge"),
    [
        ({"x": 54, "pose.0.right.hip": 60}, "right"),
        ({"x": 10, "pose.0.torso": -60}, "left"),
        ({"pose.0.torso": 180, "pose.0.left.shoulder": 0}, "bottom"),
        ({"pose.0.stretch": 1.2}, "top"),
    ],
)
def test_a_figure_that_leaves_the_picture_is_told_where(change: dict[str, float], edge: str) -> None:
    block = copy.deepcopy(BLOCK)
    # Both arms up: the tallest there is.
    for limbs in ("left", "right"):
        block["figure"]["pose"][0][limbs] = {"shoulder": 180}
    for path, value in change.items():
        place: Any = block["figure"]
        *way, last = [int(key) if key.isdigit() else key for key in path.split(".")]
        for key in way:
            place = place[key]
        place[last] = value
    message = complaint(with_block(block))
    assert f"mine.toml: side_step: figure: pose 1: the figure leaves the picture at the {edge} by " in message
    assert message.endswith("allowed: 0 to 63 both ways; move it by x, or bend it less")


def test_a_block_without_an_id_is_called_by_its_number() -> None:
    message = complaint(with_block(changed("id", None)))
    assert message.startswith(f"mine.toml: stretch {len(STRETCHES) + 1}: id: is missing; allowed: up to 24")


def test_a_file_that_is_no_toml_is_told_with_the_line() -> None:
    assert re.fullmatch(r"mine\.toml: not valid TOML: .*line 2, column .*", complaint("[[stretch]]\nid = march\n"))


def test_a_file_with_something_else_in_it_is_refused() -> None:
    assert complaint("") == "mine.toml: stretch: is missing; allowed: one block or more"
    assert complaint("stretches = 1\n" + SHIPPED).startswith("mine.toml: unknown key stretches; nearest: stretch")


PATHS = sorted({*BLOCK, "figure.x", "figure.view", "figure.pose", "figure.pose.0", "figure.pose.0.left"}) + [
    f"figure.pose.{number}.{key}" for number in (0, 1) for key in ("cue", "moves_s", "holds_s", "torso", "left.hip")
]
SCALARS = st.one_of(
    st.text(max_size=30), st.integers(-300, 300), st.floats(-300, 300), st.booleans(), st.just(math.nan)
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=5,
)


@given(st.sampled_from(PATHS), VALUES)
@example("id", "\x1b")
@example("figure", {"\x1b": 0})
def test_whatever_a_value_is_it_loads_or_one_line_says_why_not(path: str, value: Any) -> None:
    message = ""
    stretches: tuple[Stretch, ...] = ()
    try:
        stretches = read_stretches(with_block(changed(path, value)), "mine.toml")
    except ContentError as error:
        message = str(error)
    assert re.fullmatch(r"mine\.toml: .+", message) if not stretches else not message
    assert message.isprintable()
    for stretch in stretches:
        assert stretch.lasts_s(stretch.least) > 0
        assert len(stretch.figure.strokes_at(0.3, True)) == len(stretch.figure.strokes_at(0, True))


# ---- the document


def documented() -> str:
    """The one block in the document."""
    (block,) = re.findall(r"^```toml\n(.*?)^```$", GUIDE.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    return str(block)


def test_the_block_in_the_document_is_a_stretch() -> None:
    assert read_stretches(SHIPPED + "\n" + documented(), "stretches.toml")[-1].id not in BY_ID


def test_the_mistake_in_the_document_is_told_as_it_says() -> None:
    mistaken = documented().replace("shoulder =", "sholder =", 1)
    with pytest.raises(ContentError) as caught:
        read_stretches(SHIPPED + "\n" + mistaken, "stretches.toml")
    assert str(caught.value) in GUIDE.read_text("utf-8").splitlines()


def test_the_document_names_every_key() -> None:
    text = GUIDE.read_text("utf-8")
    used = {*BLOCK, *BLOCK["figure"], "seconds", "x", "desk_x", *Limbs._fields}
    used |= {"cue", "hold_cue", "moves_s", "holds_s", "stand", "torso", "neck", "head", "stretch", "left", "right"}
    assert [key for key in sorted(used) if not re.search(rf"\b{key}\b", text)] == []


def test_the_document_says_that_it_is_no_medical_advice() -> None:
    assert "no medical advice" in GUIDE.read_text("utf-8")
