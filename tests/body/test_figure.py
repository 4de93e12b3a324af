"""The stick figure: where its strokes are at any moment, for any movement."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate, pairwise
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from device.body.figure import Figure, Pose
from device.body.props import Props, Sign
from device.body.skeleton import FLOOR_Y, SIZE, Body, Circle, Limbs, Planted, Straight, Stroke, View

STILL = Limbs()
STANDING = Body(STILL, STILL)

ANGLES = st.floats(-180, 180)
LIMBS = st.builds(Limbs, ANGLES, ANGLES, ANGLES, ANGLES, ANGLES, *[st.just(1.0)] * 3)
BODIES = st.builds(Body, LIMBS, LIMBS, ANGLES, ANGLES, ANGLES, st.floats(0.5, 1.2))
SPANS_S = st.sampled_from([0.1, 0.6, 1.5])
POSES = st.builds(
    Pose,
    body=BODIES,
    moves_s=SPANS_S,
    holds_s=st.sampled_from([0.0, 0.5, 20.0]),
    cue=st.just("go"),
    hold_cue=st.just("hold"),
    stand=st.sampled_from([stand for stand in Planted if stand is not Planted.BOTH]),
    sign=st.none(),
)
FIGURES = st.builds(Figure, st.sampled_from(View), st.lists(POSES, min_size=1, max_size=4).map(tuple))
MOMENTS_S = st.floats(0, 500)


def pose(body: Body, moves_s: float = 1.0, holds_s: float = 0.0, stand: Planted = Planted.MIDDLE) -> Pose:
    """A pose whose cue is `go` on the way there and `hold` once it is reached."""
    return Pose(body, moves_s, holds_s, "go", "hold", stand)


def standing(view: View = View.SIDE, body: Body = STANDING) -> Figure:
    """A figure that stays in one pose."""
    return Figure(view, (pose(body),))


def lines(strokes: tuple[Stroke, ...]) -> list[Straight]:
    """All strokes but the head."""
    return [stroke for stroke in strokes if isinstance(stroke, Straight)]


def head(strokes: tuple[Stroke, ...]) -> Circle:
    """The one circle."""
    (circle,) = [stroke for stroke in strokes if isinstance(stroke, Circle)]
    return circle


def lifting(*angles: float, holds_s: float = 0.0) -> Figure:
    """A front view whose right arm goes to each of these angles in turn, a second each."""
    return Figure(View.FRONT, tuple(pose(Body(STILL, Limbs(shoulder=angle)), holds_s=holds_s) for angle in angles))


def lifted(figure: Figure, elapsed_s: float) -> float:
    """How far the right arm of such a figure is lifted at that moment, in degrees."""
    upper = next(line for line in lines(figure.strokes_at(elapsed_s, False)) if (line.x0, line.y0) == (38, 19))
    return math.degrees(math.atan2(upper.x1 - upper.x0, upper.y1 - upper.y0))


def lengths(strokes: tuple[Stroke, ...]) -> list[float]:
    """How long each line is."""
    return [math.dist((line.x0, line.y0), (line.x1, line.y1)) for line in lines(strokes)]


# ---- the body


def test_somebody_who_stands_has_the_feet_on_the_floor_and_the_head_on_top() -> None:
    strokes = standing().strokes_at(0, False)
    assert head(strokes) == Circle(32, FLOOR_Y - 26 - 16 - 3 - 4, 4)
    assert max(max(line.y0, line.y1) for line in lines(strokes)) == FLOOR_Y
    feet = [line for line in lines(strokes) if line.y0 == line.y1 == FLOOR_Y]
    assert [foot.far for foot in feet] == [True, False]
    assert [x for foot in feet for x in (foot.x0, foot.x1)] == pytest.approx([32, 37] * 2)


def test_from_the_side_the_left_is_the_far_side_and_is_drawn_first() -> None:
    strokes = standing(body=Body(Limbs(shoulder=90), Limbs(shoulder=-90))).strokes_at(0, False)
    far = [line.far for line in lines(strokes)]
    assert far == sorted(far, reverse=True)
    assert max(line.x1 for line in lines(strokes) if line.far) == pytest.approx(51), "the left arm points forward"
    assert min(line.x1 for line in lines(strokes) if not line.far) == pytest.approx(13), "the right one back"


def test_from_the_front_the_right_arm_is_on_the_right_as_in_a_mirror_and_nothing_is_far() -> None:
    strokes = standing(View.FRONT, Body(STILL, Limbs(shoulder=90))).strokes_at(0, False)
    assert max(line.x1 for line in lines(strokes)) == pytest.approx(32 + 6 + 9 + 10)
    assert not any(line.far for line in lines(strokes))


def test_from_the_front_both_sides_lift_outward_and_elbows_bend_on_outward() -> None:
    limbs = Limbs(shoulder=45, elbow=45, hip=20)
    strokes = standing(View.FRONT, Body(limbs, limbs)).strokes_at(0, False)
    xs = sorted(x for line in lines(strokes) for x in (line.x0, line.x1))
    assert [x + y for x, y in zip(xs, reversed(xs), strict=True)] == pytest.approx([64] * len(xs))
    assert xs[-1] == pytest.approx(32 + 6 + 9 * math.sin(math.radians(45)) + 10)


def test_from_the_side_elbows_and_hips_bend_forward_and_knees_back() -> None:
    """Sitting on the air with the forearm held out: knee ahead of the hip, ankle below the knee, hand ahead."""
    strokes = lines(standing(body=Body(STILL, Limbs(elbow=90, hip=90, knee=90))).strokes_at(0, False))
    trunk = next(number for number, line in enumerate(strokes) if not line.far)
    thigh, shank, foot, upper_arm, forearm = strokes[trunk + 3 : trunk + 8]
    assert (thigh.x1 - thigh.x0, thigh.y1 - thigh.y0) == pytest.approx((13, 0))
    assert (shank.x1 - shank.x0, shank.y1 - shank.y0) == pytest.approx((0, 13))
    assert (foot.x1 - foot.x0, foot.y1 - foot.y0) == pytest.approx((5, 0))
    assert (upper_arm.x1 - upper_arm.x0, upper_arm.y1 - upper_arm.y0) == pytest.approx((0, 9))
    assert (forearm.x1 - forearm.x0, forearm.y1 - forearm.y0) == pytest.approx((10, 0))


def test_ankles_lift_the_toes() -> None:
    strokes = lines(standing(body=Body(STILL, Limbs(hip=90, knee=90, ankle=30))).strokes_at(0, False))
    assert any(line.y1 - line.y0 == pytest.approx(-2.5) for line in strokes)


def test_the_arms_hang_along_a_trunk_that_leans() -> None:
    strokes = standing(body=Body(STILL, STILL, torso=30)).strokes_at(0, False)
    shoulders = (32 + 16 * math.sin(math.radians(30)), 35 - 16 * math.cos(math.radians(30)))
    hands = [line for line in lines(strokes) if (line.x0, line.y0) == pytest.approx(shoulders)][-1]
    assert (hands.x1 - hands.x0) / (hands.y1 - hands.y0) == pytest.approx(-math.tan(math.radians(30)))


def test_a_nose_says_which_way_they_look_and_from_the_front_there_is_none() -> None:
    def nose(head_angle: float, other_side: bool = False) -> Straight:
        strokes = standing(body=Body(STILL, STILL, head=head_angle)).strokes_at(0, other_side)
        face = head(strokes)
        return next(line for line in lines(strokes) if math.dist((line.x0, line.y0), (face.x, face.y)) < 4.1)

    ahead, down, other = nose(0), nose(30), nose(0, other_side=True)
    assert ahead.x1 - ahead.x0 == pytest.approx(2)
    assert down.y1 > ahead.y1
    assert other == ahead, "nobody turns round"
    assert len(standing(View.FRONT).strokes_at(0, False)) == 16, "trunk 3, arms 4, legs 6, across 2, head 1"


def test_in_the_quarter_view_both_sides_are_near_and_apart_and_the_right_is_nearer() -> None:
    strokes = lines(standing(View.QUARTER).strokes_at(0, False))
    assert not any(line.far for line in strokes)
    left_arm, left_leg, right_leg, right_arm = strokes[0], strokes[2], strokes[8], strokes[11]
    assert left_arm.x0 > 32 + 4 > 32 - 4 > right_arm.x0
    assert right_arm.y0 > left_arm.y0 + 4, "it is seen from above: what is nearer is lower"
    assert (left_leg.x0, right_leg.x0) == (34, 30)
    assert left_leg.y1 == right_leg.y1, "both feet are on one floor"
    shoulders, across_hips, nose = strokes[13:]
    assert (shoulders.x0, shoulders.y0, shoulders.x1, shoulders.y1) == (
        left_arm.x0,
        left_arm.y0,
        right_arm.x0,
        right_arm.y0,
    )
    assert (across_hips.x0, across_hips.x1) == (34, 30)
    assert nose.x1 > nose.x0 > 32, "they look to the right"


def test_a_slump_shortens_the_trunk_and_nothing_else() -> None:
    slumped, upright = (lengths(standing(body=Body(STILL, STILL, stretch=s)).strokes_at(0, False)) for s in (0.9, 1.0))
    changed = [(short, long) for short, long in zip(slumped, upright, strict=True) if short != pytest.approx(long)]
    assert [sum(trunk) for trunk in zip(*changed, strict=True)] == pytest.approx([14.4, 16])


def test_an_arm_that_points_at_the_onlooker_is_shorter_and_a_twist_turns_it_aside() -> None:
    def hand(twist: float) -> tuple[float, float]:
        ahead = Limbs(arm=0.1)
        upper, fore = lines(standing(View.FRONT, Body(STILL, ahead, twist=twist)).strokes_at(0, False))[11:13]
        assert (upper.x1, upper.y1) == (fore.x0, fore.y0)
        return fore.x1, fore.y1

    assert hand(0) == pytest.approx((38, 19 + 1.9))
    right, left = hand(80)[0], hand(-80)[0]
    assert right > 32 + 17
    assert left < 32 - 15


def test_from_the_front_the_nose_of_one_who_turns_says_which_way() -> None:
    def nose(twist: float) -> Straight:
        turns = Figure(View.FRONT, (pose(Body(STILL, STILL, twist=twist)), pose(Body(STILL, STILL, twist=50))))
        return lines(turns.strokes_at(1, False))[-1]

    right, ahead, left = nose(50), nose(0), nose(-50)
    assert right.x1 > right.x0 > 32 + 3
    assert left.x1 < left.x0 < 32 - 3
    assert ahead.x1 == ahead.x0


def test_one_who_stands_on_neither_foot_goes_where_the_shift_says() -> None:
    figure = Figure(View.SIDE, (pose(Body(STILL, STILL, shift=-9)), pose(STANDING)))
    assert [head(figure.strokes_at(at, False)).x for at in (0, 1)] == pytest.approx([32, 23])


# ---- what is around it


def around(view: View, **props: Any) -> list[Straight]:
    """What is drawn of these things around somebody."""
    strokes = Figure(view, (pose(STANDING),), props=Props(**props)).strokes_at(0, False)
    things = [line for line in lines(strokes) if line.thing]
    assert all(not line.far for line in things)
    assert things == list(strokes[: len(things)]), "behind the body"
    return things


def test_a_desk_stands_on_the_floor_and_is_drawn_thin() -> None:
    assert around(View.SIDE) == []
    desk = [Straight(40, 37, 54, 37, thing=True), Straight(47, 37, 47, FLOOR_Y, thing=True)]
    assert around(View.SIDE, desk_x=40.0) == desk


def test_a_long_desk_has_two_legs() -> None:
    top, left, right = around(View.SIDE, desk_x=4.0, desk_to=60.0)
    assert (top.x0, top.x1, left.x0, right.x0) == (4, 60, 6, 58)


@pytest.mark.parametrize("view", View)
def test_a_hand_on_the_desk_stays_there_whatever_the_angles(view: View) -> None:
    props = Props(desk_x=16.0, desk_to=31.0, hand_x=30.0)
    body = Body(Limbs(shoulder=120), STILL, torso=-10)
    strokes = lines(Figure(view, (pose(body),), props=props, on_desk=(Planted.LEFT,)).strokes_at(0, False))
    arms = [line for line in strokes if not line.thing][:2]
    assert (arms[1].x1, arms[1].y1) == pytest.approx((30, 35))


def test_without_a_desk_there_is_nothing_for_a_hand_to_stay_on() -> None:
    free, held = (Figure(View.SIDE, (pose(STANDING),), on_desk=hands) for hands in ((), (Planted.LEFT,)))
    assert free.strokes_at(0, False) == held.strokes_at(0, False)


def test_a_wall_is_hatched_on_its_far_side_and_one_behind_is_bricks_from_edge_to_edge() -> None:
    wall, *hatches = around(View.SIDE, wall_x=20.0)
    assert (wall.x0, wall.x1, wall.y1) == (20, 20, FLOOR_Y)
    assert hatches
    assert all(hatch.x1 < hatch.x0 == 20 for hatch in hatches)
    bricks = around(View.FRONT, wall_behind=True)
    courses = [brick for brick in bricks if brick.y0 == brick.y1]
    assert {(course.x0, course.x1) for course in courses} == {(0, SIZE - 1)}, "one wall: it goes on behind the person"
    joints = [{brick.x0 for brick in bricks if brick.y0 == course.y0 < brick.y1} for course in courses]
    assert all(len(one) >= 3 and not one & other for one, other in pairwise(joints)), "no joint above another"


def test_a_chair_has_a_back_wherever_it_is_seen_from() -> None:
    for view, across in ((View.SIDE, 15), (View.FRONT, 26), (View.QUARTER, 24.4)):
        chair = around(view, chair_x=30.0)
        xs, ys = ([end for line in chair for end in ends] for ends in zip(*map(ends_of, chair), strict=True))
        assert max(map(max, xs)) - min(map(min, xs)) == pytest.approx(across)
        assert max(map(max, ys)) == FLOOR_Y
        assert min(map(min, ys)) < FLOOR_Y - 20


def ends_of(line: Straight) -> tuple[tuple[float, float], tuple[float, float]]:
    """Both xs and both ys."""
    return (line.x0, line.x1), (line.y0, line.y1)


def test_a_pad_lies_on_the_floor() -> None:
    pad = around(View.SIDE, pad_x=30.0)
    assert {line.y0 for line in pad} == {FLOOR_Y - up for up in range(4)}
    assert all(line.x0 + line.x1 == 60 for line in pad)


@pytest.mark.parametrize("sign", Sign)
def test_a_sign_stands_beside_the_body_while_the_pose_is_reached_and_held(sign: Sign) -> None:
    told = Pose(Body(STILL, STILL, twist=30), 1, 1, "go", "hold", Planted.MIDDLE, sign)
    figure = Figure(View.SIDE, (told, pose(STANDING)))
    shown = [sum(line.thing for line in lines(figure.strokes_at(at, False))) for at in (0.5, 1.5, 2.5)]
    assert shown[0] == shown[1] > 1
    assert shown[2] == 0


def test_hips_that_circle_have_a_ring_around_them_that_goes_before_and_behind_the_body() -> None:
    told = Pose(STANDING, 1, 1, "go", "hold", Planted.MIDDLE, Sign.CIRCLE)
    strokes = Figure(View.FRONT, (told,)).strokes_at(1.5, False)
    body = [nth for nth, stroke in enumerate(strokes) if isinstance(stroke, Circle) or not stroke.thing]
    behind, before = lines(strokes[: body[0]]), lines(strokes[body[-1] + 1 :])
    assert len(behind) + len(body) + len(before) == len(strokes)
    hips_y = FLOOR_Y - 26
    assert min(line.y1 for line in behind) < hips_y < max(line.y1 for line in before)
    assert behind[-1].x1 < 32 < before[-1].x1, "to the left behind, to the right in front"
    assert abs(before[0].x0 - behind[-1].x1) < 2 > abs(before[-1].x1 - behind[0].x0), "one ring"


def test_an_arrow_ends_in_its_head_and_points_the_way_of_the_twist() -> None:
    def tip(twist: float) -> float:
        told = Pose(Body(STILL, STILL, twist=twist), 1, 1, "go", "hold", Planted.MIDDLE, Sign.TURN)
        arrow = [line for line in lines(Figure(View.FRONT, (told,)).strokes_at(1.5, False)) if line.thing]
        assert {(line.x1, line.y1) for line in arrow[-3:]} == {(arrow[-1].x1, arrow[-1].y1)}
        return arrow[-1].x1

    assert tip(40) > 32 > tip(-40)


# ---- the body, whatever it does


@given(FIGURES, MOMENTS_S)
def test_the_lowest_foot_is_always_on_the_floor(figure: Figure, elapsed_s: float) -> None:
    strokes = lines(figure.strokes_at(elapsed_s, False))
    legs = [*strokes[2:5], *strokes[8:11]]
    assert max(leg.y1 for leg in legs) == pytest.approx(FLOOR_Y)


@given(FIGURES, MOMENTS_S)
def test_bones_keep_their_length_whatever_the_movement(figure: Figure, elapsed_s: float) -> None:
    now = lengths(figure.strokes_at(elapsed_s, False))
    upright = lengths(standing(figure.view).strokes_at(0, False))
    trunk = slice(5, 7)
    del now[trunk], upright[trunk]
    assert now == pytest.approx(upright)


@given(BODIES)
def test_from_the_front_arms_and_legs_hang_from_the_ends_of_shoulders_and_hips(body: Body) -> None:
    strokes = lines(standing(View.FRONT, body).strokes_at(0, False))
    left_arm, left_leg, right_leg, right_arm = strokes[0], strokes[2], strokes[8], strokes[11]
    shoulders, hips = strokes[13:]
    shoulder_ends = (shoulders.x0, shoulders.y0, shoulders.x1, shoulders.y1)
    assert (left_arm.x0, left_arm.y0, right_arm.x0, right_arm.y0) == pytest.approx(shoulder_ends)
    # The hips stay level however far the trunk leans; the line across them leans with it.
    assert (left_leg.x0, right_leg.x0) == pytest.approx((29, 35))
    assert math.dist((hips.x0, hips.y0), (hips.x1, hips.y1)) == pytest.approx(6)


@given(FIGURES, MOMENTS_S)
def test_for_the_other_side_whoever_is_seen_from_the_side_stays_and_near_and_far_limbs_change_places(
    figure: Figure, elapsed_s: float
) -> None:
    def other(pose: Pose) -> Pose:
        return replace(pose, body=replace(pose.body, left=pose.body.right, right=pose.body.left))

    staying = replace(figure, view=View.SIDE, poses=(replace(figure.poses[0], stand=Planted.MIDDLE, sign=None),))
    swapped = replace(staying, poses=tuple(map(other, staying.poses)))

    def drawn(strokes: Sequence[Stroke]) -> set[tuple[float | bool, ...]]:
        return {tuple(round(value, 6) for value in vars_of(stroke)) for stroke in strokes}

    def vars_of(stroke: Stroke) -> tuple[float, ...]:
        if isinstance(stroke, Circle):
            return stroke.x, stroke.y, stroke.radius
        return stroke.x0, stroke.y0, stroke.x1, stroke.y1, stroke.far

    assert drawn(staying.strokes_at(elapsed_s, True)) == drawn(swapped.strokes_at(elapsed_s, False))


@given(FIGURES, MOMENTS_S)
def test_who_is_seen_from_the_front_or_turns_round_for_the_other_side_is_seen_in_a_mirror(
    figure: Figure, elapsed_s: float
) -> None:
    figure = replace(figure, turns=figure.view is View.SIDE)

    def flipped(stroke: Stroke) -> Stroke:
        if isinstance(stroke, Circle):
            return Circle(SIZE - 1 - stroke.x, stroke.y, stroke.radius)
        return Straight(SIZE - 1 - stroke.x0, stroke.y0, SIZE - 1 - stroke.x1, stroke.y1, stroke.far, stroke.thing)

    plain = figure.strokes_at(elapsed_s, False)
    assert figure.strokes_at(elapsed_s, True) == tuple(flipped(stroke) for stroke in plain)


# ---- the movement


def test_a_loop_lasts_as_long_as_its_moves_and_holds() -> None:
    assert Figure(View.SIDE, (pose(STANDING, 1.5, 2.5), pose(STANDING, 1.5, 0.5))).loop_s == 6.0


def test_it_begins_at_its_last_pose_and_is_there_again_at_the_end() -> None:
    figure = lifting(90, 30)
    assert lifted(figure, 0) == pytest.approx(30)
    assert lifted(figure, 1) == pytest.approx(90)
    assert lifted(figure, 2) == pytest.approx(30)


def test_between_turning_points_it_eases_out_and_in() -> None:
    figure = lifting(100, 0)
    assert [lifted(figure, part) for part in (0.25, 0.5, 0.75)] == pytest.approx([15.625, 50, 84.375])


def test_a_pose_that_is_held_is_eased_into_and_stays() -> None:
    figure = lifting(50, 100, 0, holds_s=2)
    assert 37.5 < lifted(figure, 0.75) < 42.1875
    assert [lifted(figure, part) for part in (1, 2, 2.9)] == [50, 50, 50]


def test_a_pose_that_is_held_is_reached_and_left_by_as_much_as_one_sees() -> None:
    """Nothing moves by less: word and figure change at the same instant."""
    figure = lifting(50, 100, 0, holds_s=2)
    leg = figure.strokes_at(1.0, False)
    for almost in (0.999, 3.001):
        ways = [
            math.dist((one.x1, one.y1), (other.x1, other.y1))
            for one, other in zip(leg, figure.strokes_at(almost, False), strict=True)
            if isinstance(one, Straight) and isinstance(other, Straight)
        ]
        assert 0.6 <= max(ways) <= 0.9


def test_a_pose_on_the_way_is_gone_through_without_slowing_down() -> None:
    figure = lifting(50, 100, 0)
    speeds = [(lifted(figure, at + 0.01) - lifted(figure, at - 0.01)) / 0.02 for at in (0.9, 1.0, 1.1)]
    assert speeds == pytest.approx([50, 50, 50], rel=0.2)
    assert lifted(figure, 1) == pytest.approx(50)


@given(
    st.lists(st.integers(-60, 170), min_size=1, max_size=5),
    st.sampled_from([0.0, 1.0]),
    st.floats(0, 1),
    st.integers(0, 4),
)
def test_no_angle_overshoots_the_poses_on_either_side(angles: list[int], holds_s: float, way: float, nth: int) -> None:
    number = nth % len(angles)
    ends = (angles[number - 1], angles[number])
    now = lifted(lifting(*angles, holds_s=holds_s), number * (1 + holds_s) + way)
    assert min(ends) - 1e-6 <= now <= max(ends) + 1e-6


@given(st.sampled_from(View), st.lists(BODIES, min_size=1, max_size=4), st.sampled_from(["left", "right"]), MOMENTS_S)
def test_a_foot_that_is_stood_on_does_not_slide(view: View, bodies: list[Body], side: str, elapsed_s: float) -> None:
    stand = Planted(side)
    figure = Figure(view, tuple(pose(body, stand=stand) for body in bodies))

    def ankle_x(at: float) -> float:
        strokes = lines(figure.strokes_at(at, False))
        feet = [line for line, length in zip(strokes, lengths((*strokes,)), strict=True) if length == pytest.approx(5)]
        return feet[("left", "right").index(side)].x0

    assert ankle_x(elapsed_s) == pytest.approx(ankle_x(0))


def test_the_weight_goes_from_one_foot_to_the_other_without_a_jump() -> None:
    step = Body(Limbs(hip=20), Limbs(hip=-20))
    poses = (pose(step, stand=Planted.LEFT), pose(STANDING, stand=Planted.RIGHT), pose(STANDING, stand=Planted.MIDDLE))
    figure = Figure(View.SIDE, poses)
    heads = [head(figure.strokes_at(number / 100, False)).x for number in range(301)]
    assert max(abs(one - next_one) for one, next_one in pairwise(heads)) < 0.4
    assert max(heads) - min(heads) > 5, "the hips come over to the other foot"


@given(FIGURES, st.floats(0, 60))
def test_once_round_it_is_the_same_again(figure: Figure, elapsed_s: float) -> None:
    # At the very instant at which a pose is reached, floats may lie on either side of it.
    reached_s = accumulate(span_s for pose in figure.poses for span_s in (pose.moves_s, pose.holds_s))
    assume(all(abs(elapsed_s % figure.loop_s - at_s) > 1e-6 for at_s in (0.0, *reached_s)))
    now, later = (lines(figure.strokes_at(at, False)) for at in (elapsed_s, elapsed_s + figure.loop_s))
    for line, same in zip(now, later, strict=True):
        ends = (line.x0, line.y0, line.x1, line.y1)
        assert ends == pytest.approx((same.x0, same.y0, same.x1, same.y1), abs=1e-6)


# ---- a movement that grows


def swinging(grows: int) -> Figure:
    """An arm between 0 and 100 degrees and back, 2 s in all."""
    return replace(lifting(100, 0), grows=grows)


def test_a_movement_that_grows_is_small_at_first_and_whole_in_time() -> None:
    widths = [lifted(swinging(4), at) - lifted(swinging(4), at - 1) for at in (1, 3, 5, 7, 9, 11)]
    assert widths[0] < 50
    assert all(one < other for one, other in pairwise(widths[:5]))
    assert widths[4:] == pytest.approx([100, 100])
    assert swinging(4).grown_s == 8


def test_it_grows_about_its_middle_without_a_jump() -> None:
    grown, figure = swinging(0), swinging(3)
    assert lifted(figure, 0.5) == pytest.approx(50)
    angles = [lifted(figure, number / 100) for number in range(1000)]
    assert max(abs(one - other) for one, other in pairwise(angles)) < 3
    assert [lifted(figure, at) for at in (6, 6.7, 17)] == pytest.approx([lifted(grown, at) for at in (6, 6.7, 17)])


def test_while_it_grows_it_never_stands() -> None:
    figure = replace(lifting(100, 0, holds_s=1), grows=2)
    assert (figure.stands_for_s(1.5), figure.stands_for_s(7.9)) == (0.0, 0.0)
    assert figure.stands_for_s(9.5) == pytest.approx(0.5)


# ---- holds


def test_the_longest_hold_lasts_as_long_as_is_asked() -> None:
    figure = Figure(View.SIDE, (pose(STANDING, 1.5, 0.5), pose(STANDING, 1.0, 3.0), pose(STANDING, 2.0)))
    assert figure.held_s == (3.0, 6.0)
    held = figure.holding(20)
    assert held.held_s == (3.0, 23.0)
    assert held.loop_s == 25.0


# ---- the cue


def test_the_cue_is_one_word_on_the_way_and_may_be_another_once_there() -> None:
    figure = Figure(View.SIDE, (Pose(STANDING, 1.5, 2.5, "glide", "hold", Planted.LEFT), pose(STANDING)))
    moments = (0, 1.499, 1.5, 3.999, 4.0, 4.999, 5.0)
    assert [figure.cue_at(at) for at in moments] == ["glide", "glide", "hold", "hold", "go", "go", "glide"]


@given(FIGURES, MOMENTS_S)
def test_while_it_stands_nothing_about_it_changes_and_then_something_may(figure: Figure, elapsed_s: float) -> None:
    stands_s = figure.stands_for_s(elapsed_s)
    # Sums of seconds end a bit of rounding off.
    assert 0 <= stands_s <= max(pose.holds_s for pose in figure.poses) + 1e-9
    for part in (0.0, 0.5, 0.999) if stands_s > 0.001 else ():
        later_s = elapsed_s + part * stands_s
        assert figure.strokes_at(later_s, other_side=False) == figure.strokes_at(elapsed_s, other_side=False)
        assert figure.cue_at(later_s) == figure.cue_at(elapsed_s)
        assert figure.stands_for_s(later_s) == pytest.approx((1 - part) * stands_s, abs=1e-6)


def test_on_the_way_it_does_not_stand_and_once_there_it_does() -> None:
    figure = Figure(View.SIDE, (pose(STANDING, moves_s=2.0, holds_s=3.0), pose(STANDING)))
    stands_s = [figure.stands_for_s(at) for at in (0.0, 1.9, 2.0, 4.5, 5.0, 5.9, 8.0)]
    assert stands_s == [0.0, 0.0, 3.0, 0.5, 0.0, 0.0, 3.0]


def test_what_a_float_loses_does_not_hold_up_the_next_time_through() -> None:
    figure = Figure(View.SIDE, (pose(STANDING, moves_s=1.2, holds_s=1.0), pose(STANDING, moves_s=1.5, holds_s=1.0)))
    assert 28.2 % figure.loop_s > 4.6, "as floats, the sixth time would not be over"
    assert figure.stands_for_s(28.2) == 0.0
    assert figure.strokes_at(28.2, other_side=False) == figure.strokes_at(0.0, other_side=False)
    assert lifting(90, 30).cue_at(-1e-20) == "go"


def test_figures_alike_are_equal_and_have_one_hash() -> None:
    one, other = lifting(90, 30), lifting(90, 30)
    one.strokes_at(0.5, False)
    assert one == other
    assert hash(one) == hash(other)
    assert one != lifting(90, 31)
