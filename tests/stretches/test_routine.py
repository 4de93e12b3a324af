"""Which stretches a break gets, and how the guide walks through them."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from device.body.skeleton import View
from device.files.complaint import ContentError
from device.settings.settings import GuideSettings as GuideSettings
from device.settings.settings import Screens, Settings, Stretching
from device.stretches.guide import Guide
from device.stretches.repertoire import repertoire, routines, shipped
from device.stretches.routine import fitting, measured, plan
from device.stretches.steps import Planned, StepKind, steps
from device.stretches.stretch import Kind, Posture, Side, Stretch
from device.words.traits import CLOTHES, CONDITIONS, NEEDS, Area

ALL = {stretch.id: stretch for stretch in shipped()}
STRETCHES = repertoire(Settings()).stretches
TIMES = GuideSettings(title_s=4.0, side_s=3.0)
A_WEEK = 20
"""Routines: four breaks a day."""


def first(stretch_id: str) -> Planned:
    """The least of it."""
    return Planned(ALL[stretch_id], ALL[stretch_id].least)


def lasts_s(routine: tuple[Planned, ...]) -> float:
    """From the first title to the end."""
    return sum(step.lasts_s for step in steps(routine, TIMES))


def ids(routine: tuple[Planned, ...]) -> list[str]:
    """What it consists of."""
    return [each.stretch.id for each in routine]


def weeks(asked: Stretching, count: int) -> list[tuple[Planned, ...]]:
    """So many routines, one after the other."""
    shows = repertoire(Settings(stretches=asked))
    history: list[list[str]] = []
    done = []
    for _ in range(count):
        done.append(shows.routine(history, TIMES))
        history.append(ids(done[-1]))
    return done


# ---- choosing


def test_a_routine_begins_with_a_warm_up_and_has_something_for_the_hips_and_something_else() -> None:
    routine = plan(STRETCHES, [], 180, TIMES)
    assert routine[0].stretch.warm_up
    assert any(each.stretch.area.is_hips for each in routine[1:])
    assert any(not each.stretch.area.is_hips for each in routine[1:])


def test_what_is_dynamic_comes_before_what_is_held() -> None:
    for routine in weeks(Stretching(), A_WEEK):
        held = [each.stretch.kind is Kind.HOLD for each in routine]
        assert held == sorted(held)


def test_the_same_history_gives_the_same_routine() -> None:
    history = [list(ALL)[:4], list(ALL)[4:8]]
    assert plan(STRETCHES, history, 180, TIMES) == plan(STRETCHES, list(history), 180, TIMES)


def test_one_that_ended_before_it_began_doesn_t_count() -> None:
    before = ids(plan(STRETCHES, [], 180, TIMES))
    assert ids(plan(STRETCHES, [before, [], []], 180, TIMES)) == ids(plan(STRETCHES, [before], 180, TIMES))


def test_what_was_left_unfinished_was_begun_all_the_same() -> None:
    before = ids(plan(STRETCHES, [], 180, TIMES))
    again = ids(plan(STRETCHES, [before[:1]], 180, TIMES))
    assert again[0] != before[0]
    assert again[1] == before[1]


def test_where_there_is_nothing_but_hips_half_of_them_come() -> None:
    hips = [stretch for stretch in STRETCHES if stretch.area.is_hips and not stretch.warm_up]
    routine = plan(hips, [], 600, TIMES)
    assert len(set(ids(routine))) == len(routine) == len(hips) // 2


@pytest.mark.uncounted
@pytest.mark.parametrize("minutes", range(1, 11))
def test_ten_weeks_as_it_comes(minutes: int) -> None:
    done = weeks(Stretching(minutes=minutes), 10 * A_WEEK)
    for one, other in pairwise(done):
        assert not set(ids(one)) & set(ids(other))
    for routine in done:
        assert any(each.stretch.area.is_hips for each in routine)
        assert lasts_s(routine) == pytest.approx(60 * minutes, rel=0.15)
        assert len(set(ids(routine))) == len(routine)
        assert all(each.stretch.least <= each.amount <= each.stretch.most for each in routine)
    for area in Area:
        # In one minute there is no time for much beside the hips.
        if not area.is_hips and minutes > 1:
            for since in range(len(done) - 10):
                assert any(each.stretch.area is area for routine in done[since : since + 10] for each in routine), area
    # In ten minutes two routines take turns with nearly all there is.
    missed = {stretch.id for stretch in STRETCHES} - {each for routine in done for each in ids(routine)}
    assert minutes == 1 or len(missed) <= (minutes == 10), missed


ASKED = st.builds(
    Stretching,
    minutes=st.integers(1, 10),
    seated=st.sampled_from(["no", "yes"]),
    leave_out=st.lists(st.sampled_from(sorted(ALL)), max_size=6).map(tuple),
    areas_out=st.lists(st.sampled_from([area.value for area in Area]), max_size=4).map(tuple),
    without=st.lists(st.sampled_from(NEEDS), max_size=3).map(tuple),
    clothes=st.sampled_from(["any", *CLOTHES]),
    conditions=st.lists(st.sampled_from(CONDITIONS), max_size=2).map(tuple),
    routine=st.sampled_from(["by-turns", *routines()]),
)


@given(ASKED)
@settings(deadline=None)
def test_whatever_is_left_out_is_never_seen_and_hips_always_are(asked: Stretching) -> None:
    try:
        done = weeks(asked, 25)
    except ContentError as error:
        done, said = [], str(error)
    else:
        said = ""
    assert done or re.search("leave no(thing)? ", said)
    if not done:
        return
    for routine in done:
        for each in routine:
            stretch = each.stretch
            assert stretch.id not in asked.leave_out
            assert stretch.area.value not in asked.areas_out
            assert not stretch.needs & set(asked.without)
            assert asked.clothes not in stretch.not_in
            assert not stretch.leave_out & set(asked.conditions)
            assert asked.seated == "yes" or stretch.posture.value != "seated"
        assert lasts_s(routine) <= 60 * asked.minutes * 1.15 or len(routine) == 1 or asked.routine != "by-turns"
    if asked.routine == "by-turns":
        assert all(any(each.stretch.area.is_hips for each in routine) for routine in done)
        left = repertoire(Settings(stretches=asked)).stretches
        (only, *others) = [each.id for each in left if each.area.is_hips and not each.warm_up]
        for one, other in pairwise(done):
            assert not (set(ids(one)) & set(ids(other))) - (set() if others else {only})


def test_where_one_hip_movement_is_left_it_comes_every_time() -> None:
    hips = [stretch.id for stretch in STRETCHES if stretch.area.is_hips]
    done = weeks(Stretching(leave_out=tuple(hips[1:])), 5)
    assert all(hips[0] in ids(routine) for routine in done)


def test_where_no_warm_up_is_left_there_is_none() -> None:
    done = weeks(Stretching(leave_out=("march", "walk")), 5)
    assert not any(each.stretch.warm_up for routine in done for each in routine)


@pytest.mark.parametrize("name", sorted(routines()))
def test_a_ready_made_routine_is_as_it_was_made_in_six_minutes_and_by_turns_in_three(name: str) -> None:
    made = routines()[name]
    for minutes in (3, 6):
        done = weeks(Stretching(routine=name, minutes=minutes), 30)
        for routine in done:
            assert len(routine) == made.only or (minutes == 3 and 3 <= len(routine) < made.only)
            assert ids(routine) == [each for each in made.stretches if each in ids(routine)]
            assert ids(routine)[0] == made.stretches[0] or not ALL[made.stretches[0]].warm_up
        assert {each for routine in done for each in ids(routine)} == set(made.stretches)
        if made.only > 1 and minutes == 3:
            assert all(lasts_s(routine) == pytest.approx(180, rel=0.35) for routine in done)


def test_where_the_time_is_too_short_for_anything_the_hips_come_all_the_same() -> None:
    (only,) = plan(STRETCHES, [], 5, TIMES)
    assert only.stretch.area.is_hips


def test_there_is_nothing_to_choose_where_there_is_nothing() -> None:
    assert plan([], [], 180, TIMES) == ()
    assert plan([ALL["march"]], [], 180, TIMES) == ()


# ---- steps


def test_a_stretch_for_both_sides_has_its_words_and_then_its_movement() -> None:
    title, *words, move = steps([Planned(ALL["march"], 10)], TIMES)
    assert (title.kind, title.lasts_s) == (StepKind.TITLE, 4.0)
    assert [step.kind.value for step in words] == ["place", "watch", "how", "how", "how", "care", "now"]
    assert (move.kind, move.lasts_s, move.side) == (StepKind.MOVE, ALL["march"].lasts_s(10), Side.BOTH)


def test_a_stretch_with_sides_names_each_before_its_movement_and_changes_once() -> None:
    walk = steps([first("hip_lunge")], TIMES)
    assert [step.kind.value for step in walk] == [
        "title", "watch", "how", "how", "how", "how", "care", "now", "side", "move", "side", "move",
    ]  # fmt: skip
    assert [step.side for step in walk] == [Side.RIGHT] * 10 + [Side.LEFT] * 2
    assert [step.changes_side for step in walk] == [False] * 10 + [True, False]
    assert [step.lasts_s for step in walk if step.kind is StepKind.SIDE] == [3.0, 3.0]


def test_a_step_and_a_turn_count_each_and_not_the_pair_of_them() -> None:
    march = steps([Planned(ALL["march"], 6)], TIMES)[-1]
    assert [march.count_at(at) for at in (0, 0.999, 1.0, 2.0, 11.5, 12.0)] == [12, 12, 11, 10, 1, 0]
    for stretch in STRETCHES:
        cues = {pose.cue for pose in stretch.figure.poses}
        assert (stretch.counts == 2) == bool(cues & {"step", "turn"}), "the word names what is counted"
        assert not cues & {"left", "right"}, "12 times right would be as many again to the left"


def test_who_holds_on_beside_a_desk_is_told_to_turn_round_for_the_other_hand() -> None:
    for stretch in ALL.values():
        walk = steps([first(stretch.id)], TIMES)
        turns = [step for step in walk if step.kind is StepKind.TURN]
        assert len(turns) == ("Beside the desk," in stretch.place), stretch.id
        assert [step.changes_side for step in walk if step.side is not walk[0].side][:1] in ([], [True])


def test_all_there_is_to_watch_is_watched_before_it_is_one_s_turn() -> None:
    walk = steps([first("psoas_reach")], TIMES)
    watched = [step.lines for step in walk if step.kind in (StepKind.ASIDE, StepKind.HOW)]
    assert watched == [
        ("Big step", "back"), ("Squeeze", "buttock"),
        ("Right arm", "up"), ("Reach", "up high"), ("Lean left", "and stay"),
    ]  # fmt: skip
    kinds = [step.kind for step in walk]
    assert set(kinds[kinds.index(StepKind.NOW) + 1 :]) == {StepKind.SIDE, StepKind.MOVE}
    assert [step.figure.view for step in walk if step.kind is StepKind.ASIDE] == [View.SIDE] * 2


def test_what_cannot_be_seen_from_there_is_shown_from_elsewhere() -> None:
    (arms,) = (step for step in steps([first("trunk_twist")], TIMES) if step.kind is StepKind.ASIDE)
    assert (arms.lines, arms.side, arms.figure.view) == (("Arms out", "in front"), Side.BOTH, View.SIDE)


def test_where_to_go_and_a_side_stand_long_enough_to_get_there() -> None:
    shows = repertoire(Settings(stretches=Stretching(seated="yes", without=()))).stretches
    for stretch in shows:
        walk = steps([Planned(stretch, stretch.least)], GuideSettings())
        place = next(step for step in walk if step.kind is StepKind.PLACE)
        assert place.lasts_s >= (7 if stretch.needs & {"desk", "wall", "chair", "floor"} else 2), stretch.id
        for side in walk:
            if side.kind is StepKind.SIDE:
                assert side.lasts_s >= (7 if stretch.posture is Posture.FLOOR else 5), stretch.id


@pytest.mark.parametrize("language", ["en", "de"])
def test_beside_each_page_of_how_the_figure_gets_into_what_it_tells_and_stays(language: str) -> None:
    shows = repertoire(Settings(screens=Screens(language=language), stretches=Stretching(seated="yes", without=())))
    for stretch in shows.stretches:
        hows = [step for step in steps([Planned(stretch, stretch.least)], TIMES) if step.kind is StepKind.HOW]
        assert len(stretch.how_poses) in (0, len(hows)), stretch.id
        for step, pose in zip(hows, stretch.how_poses, strict=bool(stretch.how_poses)):
            told = stretch.figure.poses[pose - 1]
            begins = step.figure.cue_at(step.figure_for_s + 0.001)
            ends = step.figure.cue_at(step.figure_for_s + step.lasts_s - 0.01)
            assert (begins, ends) == ((told.cue, told.hold_cue) if pose else (told.hold_cue,) * 2), stretch.id


def test_beside_each_page_of_how_the_figure_moves_from_its_beginning_where_nobody_says_what_belongs_together() -> None:
    each = Planned(replace(first("hip_lunge").stretch, how_poses=()), 3)
    hows = [step for step in steps([each], TIMES) if step.kind is StepKind.HOW]
    assert [(step.figure, step.figure_for_s) for step in hows] == [(each.stretch.figure, 0.0)] * 4


@pytest.mark.parametrize("stretch", STRETCHES, ids=lambda stretch: stretch.id)
def test_one_watches_first_while_the_figure_is_at_rest_and_is_told_when_it_is_one_s_turn(stretch: Stretch) -> None:
    walk = steps([Planned(stretch, stretch.least)], GuideSettings())
    kinds = " ".join(step.kind.value for step in walk)
    does = "( side move( turn)? side move| move)"
    assert re.fullmatch(f"title place watch( aside)*( how)+ care now{does}", kinds), kinds
    watch = next(step for step in walk if step.kind is StepKind.WATCH)
    assert {watch.figure.cue_at(watch.figure_for_s + at) for at in (0.0, watch.lasts_s - 0.001)} == {
        stretch.figure.poses[-1].hold_cue
    }


@pytest.mark.parametrize("language", ["en", "de"])
def test_a_page_of_how_has_two_lines_at_most_and_few_words(language: str) -> None:
    for stretch in shipped(language):
        assert all(len(page) <= 2 and len(" ".join(page).split()) <= 4 for page in stretch.how), stretch.id


@pytest.mark.parametrize("stretch", STRETCHES, ids=lambda stretch: stretch.id)
def test_the_count_changes_as_the_word_of_a_new_time_does_and_no_sooner(stretch: Stretch) -> None:
    move = steps([Planned(stretch, stretch.most)], TIMES)[-1]
    if not stretch.counted:
        return
    most, in_loop = stretch.counts_in(stretch.most), len(stretch.figure.poses) // stretch.counts
    for nth in range(1, most):
        at = move.counts_every_s * nth
        first = nth % stretch.counts * in_loop
        for late_s, count, pose in ((-0.001, nth - 1, first - 1), (0.0, nth, first), (0.001, nth, first)):
            assert move.count_at(at + late_s) == most - count
            told = stretch.figure.poses[pose]
            word = told.cue if pose == first else told.hold_cue
            assert move.figure.cue_at(at + late_s) == word


def test_what_is_held_is_held_for_15_s_net_whatever_the_least_is() -> None:
    for stretch in ALL.values():
        if stretch.kind is Kind.HOLD:
            (each,) = measured([stretch], 5, TIMES)
            assert each.amount >= 15, stretch.id


def test_a_longer_routine_holds_for_longer_before_it_has_more() -> None:
    short, long = (plan(STRETCHES, [], seconds, TIMES) for seconds in (180, 220))
    assert ids(short) == ids(long)
    assert sum(each.amount for each in short) < sum(each.amount for each in long)


def test_repetitions_count_down_once_a_loop() -> None:
    lunge = steps([Planned(ALL["hip_lunge"], 5)], TIMES)[-1]
    assert (lunge.lasts_s, lunge.counts_every_s) == (32.5, 6.5)
    assert [lunge.count_at(at) for at in (0, 6.499, 6.5, 32.499, 32.5, 99)] == [5, 5, 4, 1, 0, 0]


def test_the_seconds_of_a_hold_count_while_it_is_held_and_are_as_many_as_are_shown() -> None:
    reach = steps([Planned(ALL["psoas_reach"], 20)], TIMES)[-1]
    there_s, over_s = reach.figure.held_s
    assert over_s - there_s == 20.0
    moments = (0, there_s, there_s + 0.001, there_s + 1, over_s - 0.5, over_s, reach.lasts_s)
    assert [reach.count_at(at) for at in moments] == [20, 20, 20, 19, 1, 0, 0]
    assert reach.lasts_s == reach.figure.loop_s > over_s


def test_the_seconds_of_a_walk_count_from_its_beginning() -> None:
    walk = steps([Planned(ALL["walk"], 20)], TIMES)[-1]
    assert [walk.count_at(at) for at in (0, 0.001, 1, 19.5, 20)] == [20, 20, 19, 1, 0]


@pytest.mark.parametrize("stretch", ALL.values(), ids=lambda stretch: stretch.id)
def test_a_count_has_three_characters_at_the_most(stretch: Stretch) -> None:
    move = steps([Planned(stretch, stretch.most)], TIMES)[-1]
    assert all(move.count_at(number / 10) <= 999 for number in range(int(move.lasts_s * 10)))


# ---- the guide


def walking() -> Guide:
    """A guide through two stretches that began at 100."""
    return Guide(steps([first("march"), first("hip_lunge")], TIMES), 100.0, asked=True)


def test_it_begins_with_the_first_title() -> None:
    guide = walking()
    assert guide.step.kind is StepKind.TITLE
    assert guide.next_deadline() == 104.0
    assert guide.elapsed_s(101.5) == 1.5


def test_it_goes_from_step_to_step_and_ends_after_the_last() -> None:
    guide = walking()
    kinds = [guide.step.kind.value]
    while guide.advance(200.0):
        kinds.append(guide.step.kind.value)
        assert guide.began == 200.0
    assert kinds == [
        "title", "place", "watch", "how", "how", "how", "care", "now", "move",
        "title", "watch", "how", "how", "how", "how", "care", "now", "side", "move", "side", "move",
    ]  # fmt: skip
    assert guide.step.kind is StepKind.MOVE, "the last step stays"


def test_paused_it_stands_still_and_goes_on_where_it_stood() -> None:
    guide = walking()
    guide.pause(103.0)
    assert guide.next_deadline() is None
    assert guide.elapsed_s(150.0) == 3
    guide.resume(160.0)
    assert guide.elapsed_s(160.5) == 3.5
    assert guide.next_deadline() == 161.0
    assert guide.began == 157.0


def test_what_was_not_paused_is_not_resumed() -> None:
    guide = walking()
    guide.resume(150.0)
    assert guide.began == 100.0


def test_skipping_goes_to_the_next_title_and_past_the_last_stretch_there_is_none() -> None:
    guide = walking()
    assert guide.skip(110.0)
    assert (guide.step.kind, guide.step.stretch, guide.began) == (StepKind.TITLE, ALL["hip_lunge"], 110.0)
    assert not guide.skip(111.0)


def test_skipping_while_paused_begins_with_the_resuming() -> None:
    guide = walking()
    guide.pause(103.0)
    guide.skip(110.0)
    assert guide.elapsed_s(115.0) == 0
    guide.resume(120.0)
    assert guide.next_deadline() == 124.0


def test_a_stretch_that_names_no_caution_goes_on_without_one() -> None:
    walk = steps([Planned(replace(first("hip_lunge").stretch, care=()), 2)], TIMES)
    assert StepKind.CARE not in [step.kind for step in walk]


def test_of_a_ready_made_routine_comes_what_there_is_time_for_in_its_order() -> None:
    short = [first("hip_lunge").stretch, first("calf_stretch").stretch, first("march").stretch]
    (only,) = fitting(short, 10, TIMES)
    assert only is short[0]
    assert fitting(short, 3600, TIMES) == short
    skips = fitting(
        short,
        sum(step.lasts_s for each in (0, 2) for step in steps([Planned(short[each], short[each].least)], TIMES)),
        TIMES,
    )
    assert skips == [short[0], short[2]]
