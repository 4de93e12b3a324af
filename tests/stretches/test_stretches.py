"""The stretches: what ships, what a block may say, and how a mistake in one is told."""

from __future__ import annotations

import copy
import json
import math
import re
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from PIL import ImageChops

from device.body.figure import Pose
from device.body.props import Props, Sign
from device.body.skeleton import FLOOR_Y, SIZE, Circle, Limbs, Planted, Straight, Stroke, View
from device.files.complaint import ContentError
from device.pictures.person import figure
from device.stretches.repertoire import shipped
from device.stretches.stretch import Kind, Posture, Side, Stretch
from device.stretches.stretch_file import read_stretches
from device.words.traits import Area

PROJECT = Path(__file__).parents[2]
SHIPPED = "\n".join(file.read_text("utf-8") for file in sorted((PROJECT / "device/content/stretches").glob("*.toml")))
ONE_SHIPPED = "[[stretch]]" + next(block for block in SHIPPED.split("[[stretch]]") if 'id = "march"' in block)
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
    """A file that ships, with one block more."""
    return (
        ONE_SHIPPED + "\n[[stretch]]\n" + "\n".join(f"{json.dumps(key)} = {toml(block[key])}" for key in block) + "\n"
    )


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
    """As many moments evenly through the loop, at its full width."""
    return [stretch.figure.grown_s + stretch.figure.loop_s * number / count for number in range(count)]


def toes(stretch: Stretch, elapsed_s: float) -> tuple[tuple[float, float], tuple[float, float]]:
    """Where the far (left) and the near (right) toes are in the picture that isn't other_side."""
    lines = [each for each in limbs(stretch.figure.strokes_at(elapsed_s, False)) if isinstance(each, Straight)]
    left, right = lines[4], lines[10]
    assert all(math.dist((foot.x0, foot.y0), (foot.x1, foot.y1)) == pytest.approx(5) for foot in (left, right))
    return (left.x1, left.y1), (right.x1, right.y1)


def hips(stretch: Stretch, elapsed_s: float) -> tuple[float, float]:
    """Where the hips are: the trunk begins there, the first stroke after those of the far side."""
    strokes = limbs(stretch.figure.strokes_at(elapsed_s, False))
    trunk = next(stroke for stroke in strokes if isinstance(stroke, Straight) and not stroke.far)
    return trunk.x0, trunk.y0


def limbs(strokes: tuple[Stroke, ...]) -> list[Stroke]:
    """All that isn't a thing: signs come and go."""
    return [stroke for stroke in strokes if not (isinstance(stroke, Straight) and stroke.thing)]


# ---- what ships


def test_there_are_twenty_and_more_for_every_area() -> None:
    assert len(STRETCHES) >= 20
    assert {stretch.area for stretch in STRETCHES} == set(Area)
    assert any(stretch.warm_up for stretch in STRETCHES)


def half_width(stroke: Stroke, stretch: Stretch) -> float:
    """How far ink goes beyond the middle of a stroke, in whole pixels."""
    if isinstance(stroke, Circle):
        return stroke.radius
    if stroke.thing or stroke.far:
        return 0.0
    return 1.0 if stretch.figure.zoom == 1.0 else 1.6


@EVERY_STRETCH
@pytest.mark.parametrize("other_side", [False, True])
def test_no_stroke_of_a_figure_leaves_its_square_nor_goes_through_the_floor(stretch: Stretch, other_side: bool) -> None:
    """With all its ink: a hand that is half cut off is none."""
    growing = [stretch.figure.grown_s * number / 200 for number in range(200 if stretch.figure.grows else 0)]
    for elapsed_s in [*growing, *moments(stretch)]:
        for stroke in stretch.figure.strokes_at(elapsed_s, other_side):
            beyond = half_width(stroke, stretch)
            ends = [(stroke.x, stroke.y)] if isinstance(stroke, Circle) else ends_of(stroke)
            for x, y in ends:
                assert beyond - 0.05 <= x <= SIZE - 1 - beyond + 0.05, stroke
                assert y >= beyond - 0.05, stroke
                # Head and shoulders have no floor.
                assert y <= FLOOR_Y + 1e-6 or stretch.figure.zoom > 1


def ends_of(line: Straight) -> list[tuple[float, float]]:
    """Both of them."""
    return [(line.x0, line.y0), (line.x1, line.y1)]


@EVERY_STRETCH
def test_every_figure_moves_so_far_that_one_sees_it(stretch: Stretch) -> None:
    """From a metre, a twelfth of its height; less, where an arrow says which way."""
    frames = [limbs(stretch.figure.strokes_at(elapsed_s, False)) for elapsed_s in moments(stretch, 100)]
    farthest = 0.0
    for same in zip(*frames, strict=True):
        spots = [(each.x, each.y) if isinstance(each, Circle) else (each.x1, each.y1) for each in same]
        farthest = max(farthest, *(math.dist(spot, spots[0]) for spot in spots))
    shown = any(pose.sign for pose in stretch.figure.poses)
    assert farthest >= (5 if shown else 6)


@EVERY_STRETCH
def test_what_moves_changes_the_picture(stretch: Stretch) -> None:
    pictures = [figure(stretch.figure, at, other_side=False).ink.convert("L") for at in moments(stretch, 20)]
    assert max(ImageChops.difference(pictures[0], each).histogram()[255] for each in pictures) >= 100


@EVERY_STRETCH
def test_a_figure_moves_without_jumps(stretch: Stretch) -> None:
    frames = [stretch.figure.strokes_at(elapsed_s, False) for elapsed_s in moments(stretch, 1000)]
    step_s = stretch.figure.loop_s / 1000
    for before, after in pairwise([frames[-1], *frames]):
        for stroke, moved in zip(limbs(before), limbs(after), strict=True):
            if isinstance(stroke, Straight) and isinstance(moved, Straight):
                way = math.dist((stroke.x1, stroke.y1), (moved.x1, moved.y1))
                # It sets out and arrives by as much as one sees.
                most = max(1.0, 120 * step_s * stretch.figure.zoom)
                assert way <= most, "a hand goes 120 px in a second at the most"


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
        lines = [stroke for stroke in strokes if isinstance(stroke, Straight)]
        lengths = [math.dist((line.x0, line.y0), (line.x1, line.y1)) for line in lines]
        assert not lengths or turning or max(lengths) - min(lengths) <= 1


def bones(pose: Pose) -> tuple[float, ...]:
    """What may change the length in which something is drawn."""
    body = pose.body
    return (body.stretch, body.spine, body.twist, *body.left[5:], *body.right[5:])


@EVERY_STRETCH
def test_a_foot_that_is_planted_stays_on_its_spot_on_the_floor(stretch: Stretch) -> None:
    figure = stretch.figure
    stands = {pose.stand for pose in figure.poses}
    planted = {Planted.LEFT: [0], Planted.RIGHT: [1], Planted.BOTH: [0, 1], Planted.TOES: [1], Planted.MIDDLE: []}
    if len(stands) > 1:
        assert stretch.id == "march", "another foot bears in turn"
        return
    for nth in planted[stands.pop()]:
        spots = [toes(stretch, elapsed_s)[nth] for elapsed_s in moments(stretch)]
        assert max(x for x, _ in spots) - min(x for x, _ in spots) <= 1
        assert min(y for _, y in spots) >= FLOOR_Y - 1


@EVERY_STRETCH
def test_the_left_is_a_far_limb_or_right_in_a_mirror(stretch: Stretch) -> None:
    for elapsed_s in moments(stretch, 20):
        right, left = (stretch.figure.strokes_at(elapsed_s, other_side) for other_side in (False, True))
        if stretch.figure.keeps_facing:
            assert [replace(each, far=False) for each in limbs(left) if isinstance(each, Straight)] == [
                replace(each, far=False) for each in limbs(right) if isinstance(each, Straight)
            ]
            continue
        for one, other in zip(right, left, strict=True):
            if isinstance(one, Circle):
                assert other == Circle(SIZE - 1 - one.x, one.y, one.radius)
            else:
                assert other == Straight(SIZE - 1 - one.x0, one.y0, SIZE - 1 - one.x1, one.y1, one.far, one.thing)


def told(stretch: Stretch) -> str:
    """All its steps."""
    return " ".join(line for page in stretch.steps for line in page)


@EVERY_STRETCH
def test_who_is_told_to_hold_on_is_drawn_with_a_hand_on_the_desk(stretch: Stretch) -> None:
    holds_on = re.search(r"[Hh]ands?( lightly)? on (the desk|it\b|its edge)|^Hold (on to )?the desk", told(stretch))
    assert bool(holds_on) == bool(stretch.figure.on_desk)
    assert bool(stretch.figure.on_desk) == (stretch.figure.props.desk_x is not None)


@EVERY_STRETCH
def test_hands_on_the_desk_stay_there_and_none_goes_through_it(stretch: Stretch) -> None:
    hand = stretch.figure.props.hand
    for elapsed_s in moments(stretch) if hand else ():
        strokes = limbs(stretch.figure.strokes_at(elapsed_s, False))
        forearms = {Planted.LEFT: strokes[1], Planted.RIGHT: arm_of(strokes, Planted.RIGHT)[1]}
        for side in stretch.figure.on_desk:
            assert isinstance(forearm := forearms[side], Straight)
            # A pixel or so short is a hand that only just touches.
            assert hand is not None
            assert math.dist((forearm.x1, forearm.y1), hand) <= 1.5


def arm_of(strokes: list[Stroke], side: Planted) -> tuple[Straight, Straight]:
    """The upper arm and the forearm."""
    first = 0 if side is Planted.LEFT else 11
    upper, fore = strokes[first : first + 2]
    assert isinstance(upper, Straight)
    assert isinstance(fore, Straight)
    assert (upper.x1, upper.y1) == pytest.approx((fore.x0, fore.y0))
    return upper, fore


def leg_of(strokes: list[Stroke], side: Planted) -> tuple[Straight, Straight]:
    """Thigh and shank."""
    first = 2 if side is Planted.LEFT else 8
    thigh, shank = strokes[first : first + 2]
    assert isinstance(thigh, Straight)
    assert isinstance(shank, Straight)
    return thigh, shank


def held(stretch: Stretch) -> list[Stroke]:
    """The body while it is held longest."""
    return limbs(stretch.figure.strokes_at(stretch.figure.grown_s + stretch.figure.held_s[0] + 0.01, False))


def bend(two: tuple[Straight, Straight]) -> float:
    """By how many degrees a joint is bent."""
    first, second = (math.atan2(line.y1 - line.y0, line.x1 - line.x0) for line in two)
    return abs(math.degrees(math.remainder(second - first, math.tau)))


@pytest.mark.parametrize(
    ("stretch_id", "limb", "side"),
    [
        ("desk_plank", arm_of, Planted.RIGHT),
        ("psoas_reach", arm_of, Planted.RIGHT),
        ("side_bend", arm_of, Planted.RIGHT),
        ("leg_back", leg_of, Planted.RIGHT),
        ("calf_stretch", leg_of, Planted.RIGHT),
        ("side_lunge", leg_of, Planted.LEFT),
        ("back_bend", leg_of, Planted.RIGHT),
    ],
)
def test_what_is_told_to_be_straight_is_drawn_straight(stretch_id: str, limb: Any, side: Planted) -> None:
    stretch = BY_ID[stretch_id]
    assert re.search("straight|stays long", told(stretch))
    assert bend(limb(held(stretch), side)) < 21


def test_a_plank_is_one_long_line_from_head_to_heel() -> None:
    strokes = held(BY_ID["desk_plank"])
    thigh, shank = leg_of(strokes, Planted.RIGHT)
    trunk = strokes[6]
    assert isinstance(trunk, Straight)
    leans = [math.atan2(line.x0 - line.x1, line.y1 - line.y0) for line in (thigh, shank)]
    assert [math.degrees(lean) for lean in leans] == pytest.approx([38, 38])
    assert math.degrees(math.atan2(trunk.x1 - trunk.x0, trunk.y0 - trunk.y1)) == pytest.approx(38)


def test_the_ankle_that_is_crossed_lies_on_the_other_knee_and_the_hands_stay_on_that_leg_as_the_trunk_tips() -> None:
    figure = BY_ID["figure_four"].figure
    crossed_s = sum(pose.moves_s for pose in figure.poses[:2])
    tipped_s = crossed_s + figure.poses[2].moves_s
    frames = [limbs(figure.strokes_at(crossed_s + (tipped_s - crossed_s) * part / 20, False)) for part in range(21)]
    hands = []
    for strokes in frames:
        bearing, crossed = leg_of(strokes, Planted.LEFT)[0], leg_of(strokes, Planted.RIGHT)[1]
        assert math.dist((crossed.x1, crossed.y1), (bearing.x1, bearing.y1)) < 5
        hands.append(
            [(arm_of(strokes, side)[1].x1, arm_of(strokes, side)[1].y1) for side in (Planted.LEFT, Planted.RIGHT)]
        )
    for hand in zip(*hands, strict=True):
        assert max(math.dist(spot, hand[0]) for spot in hand) < 3, "less than a limb is wide"
    heads = [next(stroke for stroke in strokes if isinstance(stroke, Circle)) for strokes in (frames[0], frames[-1])]
    assert heads[1].x > heads[0].x + 8
    assert heads[1].y > heads[0].y + 4


def test_in_a_side_lunge_the_knee_is_above_the_foot() -> None:
    _, shank = leg_of(held(BY_ID["side_lunge"]), Planted.RIGHT)
    assert 0 <= shank.x0 - shank.x1 <= 2


@EVERY_STRETCH
def test_what_is_told_to_be_there_is_drawn(stretch: Stretch) -> None:
    props, said = stretch.figure.props, told(stretch)
    assert ("wall" in said) == (props.wall_x is not None or props.wall_behind)
    assert ("soft, the other foot" in said) == (props.pad_x is not None)
    if stretch.posture is Posture.SEATED:
        assert props.chair_x is not None


def test_the_knee_that_kneels_is_on_its_pad() -> None:
    stretch = BY_ID["half_kneel"]
    pad_x = stretch.figure.props.pad_x
    assert pad_x is not None
    for elapsed_s in moments(stretch):
        thigh, _ = leg_of(limbs(stretch.figure.strokes_at(elapsed_s, False)), Planted.RIGHT)
        assert abs(thigh.x1 - pad_x) <= 5
        assert FLOOR_Y - 6 <= thigh.y1 <= FLOOR_Y - 4, "its stroke is on the pad's four rows"


@EVERY_STRETCH
def test_who_is_told_to_tuck_the_tailbone_or_to_squeeze_is_shown_where(stretch: Stretch) -> None:
    signs = {pose.sign for each in (stretch.figure, stretch.aside) if each for pose in each.poses}
    if re.search("[Tt]uck the|[Ss]queeze (that|both) buttock", told(stretch)):
        assert signs & {Sign.TUCK, Sign.SQUEEZE}


# ---- doses


@EVERY_STRETCH
def test_what_is_held_is_held_for_15_seconds_and_more_without_the_way_there(stretch: Stretch) -> None:
    if stretch.kind is Kind.HOLD:
        assert stretch.least >= 15
        for amount in (stretch.least, stretch.most):
            began_s, over_s = stretch.figure_for(amount).held_s
            assert over_s - began_s == pytest.approx(amount)
            moves_s = sum(pose.moves_s for pose in stretch.figure.poses)
            assert stretch.lasts_s(amount) == pytest.approx(amount + moves_s, abs=1)


@EVERY_STRETCH
def test_a_word_for_what_is_held_stands_for_two_seconds_and_more(stretch: Stretch) -> None:
    for pose in stretch.figure.poses:
        assert pose.hold_cue == pose.cue or pose.holds_s >= 2


@EVERY_STRETCH
def test_who_stays_anywhere_but_at_the_beginning_is_told_to_hold(stretch: Stretch) -> None:
    for pose in stretch.figure.poses[:-1]:
        assert pose.hold_cue != pose.cue or pose.holds_s < 1


@pytest.mark.parametrize(
    ("stretch_id", "least_s", "most_s"),
    [("glute_squeeze", 3, 5), ("pelvic_tilt", 5, 5), ("chin_tuck", 3, 5), ("side_lunge", 3, 5), ("hip_lunge", 3, 5)],
)
def test_what_is_done_again_and_again_is_held_as_in_handouts(stretch_id: str, least_s: float, most_s: float) -> None:
    assert least_s <= max(pose.holds_s for pose in BY_ID[stretch_id].figure.poses) <= most_s


def test_swings_grow_over_the_first_of_them() -> None:
    swings = BY_ID["leg_swing"]
    assert 3 <= swings.figure.grows < swings.least
    loop_s = swings.figure.loop_s

    def width(nth: int) -> float:
        xs = [toes(swings, loop_s * (nth + part / 50))[1][0] for part in range(50)]
        return max(xs) - min(xs)

    widths = [width(nth) for nth in range(swings.least + 2)]
    assert widths[0] < widths[-1] * 0.65
    assert all(one < other - 1 for one, other in pairwise(widths[: swings.figure.grows]))
    assert widths[-2] == pytest.approx(widths[-1])


# ---- what each does


def test_in_a_lunge_both_feet_stay_where_they_are_and_the_hips_go_forward_and_down() -> None:
    stretch = BY_ID["hip_lunge"]
    for nth in (0, 1):
        spots = [toes(stretch, elapsed_s)[nth] for elapsed_s in moments(stretch)]
        assert max(x for x, _ in spots) - min(x for x, _ in spots) < 0.5
        assert min(y for _, y in spots) > FLOOR_Y - 0.5
    # The first stroke after the far ones is the trunk; it begins at the hips.
    held_s = stretch.figure.loop_s - stretch.figure.poses[-1].moves_s - stretch.figure.poses[-1].holds_s
    rest, deep = (hips(stretch, at) for at in (0, held_s))
    assert deep[0] - rest[0] > 3
    assert deep[1] - rest[1] > 2


def test_who_reaches_leans_while_the_seconds_count_and_the_arm_is_up_before_that() -> None:
    figure = BY_ID["psoas_reach"].figure
    assert figure.view is View.FRONT, "a lean to the side can't be seen from there"
    assert [pose.cue for pose in figure.poses] == ["arm up", "reach", "lean", "up", "down"]
    raised, _, leant, *_ = figure.poses
    assert raised.body.right.shoulder > 150
    assert raised.body.torso == 0
    assert (leant.hold_cue, leant.holds_s >= 15) == ("stay", True)
    assert leant.body.torso < -20
    assert leant.body.right.shoulder > 150


def test_marching_lifts_one_knee_and_then_the_other() -> None:
    march = BY_ID["march"]
    for elapsed_s in moments(march):
        spots = toes(march, elapsed_s)
        up = 1 if elapsed_s < march.figure.loop_s / 2 else 0
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


def test_opening_the_chest_takes_hands_that_hang_behind_and_the_chest_forward() -> None:
    chest = BY_ID["chest_open"]
    slumped, opened = (limbs(chest.figure.strokes_at(at, False)) for at in (0, chest.figure.held_s[0]))
    (_, before), (_, after) = (arm_of(strokes, Planted.RIGHT) for strokes in (slumped, opened))
    assert before.x0 - 2 < before.x1 < before.x0 + 5
    assert after.x1 < 32 - 6


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
    assert re.match(r"Right leg (goes )?back", " ".join(stretch.side_lines(Side.RIGHT)))
    assert stretch.sides[0] is Side.RIGHT
    stretch = replace(stretch, figure=stretch.aside or stretch.figure)
    # In the picture that faces right the near leg is the right one.
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
    assert (stretch.figure.props.desk_x is not None) == ("desk" in stretch.needs)
    assert (stretch.figure.props.wall_x is not None or stretch.figure.props.wall_behind) == ("wall" in stretch.needs)


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
    assert (figure.view, figure.x, figure.props, figure.loop_s) == (View.FRONT, 32.0, Props(), 3.5)
    out, back = figure.poses
    assert (out.cue, out.hold_cue, out.stand, out.body.right.hip, out.body.torso) == (
        "out",
        "hold",
        Planted.LEFT,
        25,
        2,
    )
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
            "repeats: true won't do; allowed: a whole number from 1 to 99, or the least and the most, as [4, 8]",
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
        ("figure.pose", [{}] * 1000, "figure: pose: 1000 are too many; allowed: up to"),
        ("figure.desk", 30, "figure: unknown key desk; nearest: desk_x"),
        ("figure.grows", 2.5, "figure: grows: 2.5 won't do; allowed: a whole number from 0 to 9"),
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
        ("how_poses", [], "how_poses: [] won't do; allowed: a list of 1 to 4 numbers of poses"),
        ("how_poses", [3], "how_poses: 3 won't do; allowed: "),
        ("figure.pose.0.right.hip", True, "figure: pose 1: right: hip: true won't do; allowed: -180 to 180"),
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


def test_the_seconds_of_a_hold_are_those_that_it_is_held() -> None:
    block = {key: value for key, value in BLOCK.items() if key != "repeats"} | {"kind": "hold", "seconds": [5, 20]}
    stretch = read(block)
    assert stretch.kind is Kind.HOLD
    assert (stretch.lasts_s(5), stretch.figure_for(5).held_s) == (7.0, (1.0, 6.0))


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
    assert message.endswith("allowed: 1 to 62 both ways; move it by x, or bend it less")


def test_a_block_without_an_id_is_called_by_its_number() -> None:
    message = complaint(with_block(changed("id", None)))
    assert message.startswith("mine.toml: stretch 2: id: is missing; allowed: up to 24")


def test_a_file_that_is_no_toml_is_told_with_the_line() -> None:
    assert re.fullmatch(r"mine\.toml: not valid TOML: .*line 2, column .*", complaint("[[stretch]]\nid = march\n"))


def test_a_file_with_something_else_in_it_is_refused() -> None:
    assert complaint("") == "mine.toml: stretch: is missing; allowed: one block or more"
    assert complaint("stretches = 1\n" + SHIPPED).startswith("mine.toml: unknown key stretches; nearest: stretch")


def test_what_an_aside_says_goes_with_its_figure() -> None:
    aside = {"aside": BLOCK["figure"], "aside_how": [["Lean"], ["Lean", "on"]]}
    stretch = read(BLOCK | aside)
    assert stretch.aside == stretch.figure
    assert stretch.aside_how == (("Lean",), ("Lean", "on"))
    pages = "allowed: a list of 1 to 2 pages, each a list of 1 to 3 texts"
    for wrong in ({"aside": BLOCK["figure"]}, aside | {"aside_how": [["Lean"]] * 3}):
        assert pages in complaint(with_block(BLOCK | wrong)), "as many as it has poses"
    assert "unknown key aside_how" in complaint(with_block(BLOCK | {"aside_how": [["Lean"]]}))


def test_what_is_seen_from_the_side_begins_with_the_near_side_and_else_a_mirror_does() -> None:
    sided = BLOCK | {"sides": "each", "left": ["Left"], "right": ["Right"], "aside_how": [["Lean"]]}
    for view, first in (("side", Side.RIGHT), ("front", Side.LEFT)):
        assert read(sided | {"aside": BLOCK["figure"] | {"view": view}}).sides[0] is first


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
    used = {*BLOCK, *BLOCK["figure"], "seconds", "x", "grows", *Limbs._fields, *Props.__dataclass_fields__}
    used |= {"counts", "turns", "aside", "aside_how"}
    used |= {sign.value for sign in Sign}
    used |= {"cue", "hold_cue", "moves_s", "holds_s", "stand", "torso", "neck", "head", "stretch", "left", "right"}
    assert [key for key in sorted(used) if not re.search(rf"\b{key}\b", text)] == []


def test_the_document_says_that_it_is_no_medical_advice() -> None:
    assert "no medical advice" in GUIDE.read_text("utf-8")
