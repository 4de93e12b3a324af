"""Which stretches a break gets, and how the guide walks through them."""

from __future__ import annotations

from itertools import pairwise

from device.routine import Guide, StepKind, choose, steps
from device.settings import Guide as GuideSettings
from device.stretches import Part, Side, Stretch, shipped_stretches

STRETCHES = shipped_stretches()
TIMES = GuideSettings(title_s=4.0, side_s=3.0)


def first(part: Part) -> Stretch:
    """The first stretch of this part."""
    return next(stretch for stretch in STRETCHES if stretch.part is part)


def sided() -> Stretch:
    """A stretch that has a left and a right."""
    return next(stretch for stretch in STRETCHES if stretch.sides != (Side.BOTH,))


# ---- choosing


def test_a_routine_is_a_warm_up_two_for_the_hips_and_one_for_the_rest_of_the_body() -> None:
    parts = [stretch.part for stretch in choose(STRETCHES, [])]
    assert parts == [Part.WARM_UP, Part.HIPS, Part.HIPS, Part.BODY]


def test_the_two_for_the_hips_are_different_ones() -> None:
    chosen = [stretch.id for stretch in choose(STRETCHES, [])]
    assert len(set(chosen)) == len(chosen)


def test_the_one_whose_turn_is_longest_ago_comes_first() -> None:
    warm_ups = [stretch.id for stretch in STRETCHES if stretch.part is Part.WARM_UP]
    assert choose(STRETCHES, warm_ups)[0].id == warm_ups[0]
    assert choose(STRETCHES, [*warm_ups, warm_ups[0]])[0].id == warm_ups[1]


def test_one_that_never_had_a_turn_comes_before_all_others() -> None:
    warm_ups = [stretch.id for stretch in STRETCHES if stretch.part is Part.WARM_UP]
    assert choose(STRETCHES, warm_ups[:1])[0].id == warm_ups[1]


def test_the_same_history_gives_the_same_routine() -> None:
    history = [stretch.id for stretch in STRETCHES][:3]
    assert choose(STRETCHES, history) == choose(STRETCHES, history)


def test_a_part_without_stretches_is_left_out() -> None:
    hips = [stretch for stretch in STRETCHES if stretch.part is Part.HIPS][:1]
    assert choose(hips, []) == tuple(hips)
    assert choose([], []) == ()


def test_every_stretch_gets_its_turn() -> None:
    history: list[str] = []
    for _ in range(6):
        history += [stretch.id for stretch in choose(STRETCHES, history)]
    assert set(history) == {stretch.id for stretch in STRETCHES}
    assert all(one != other for one, other in pairwise(history))


# ---- steps


def test_a_stretch_for_both_sides_has_its_title_and_its_movement() -> None:
    march = first(Part.WARM_UP)
    title, move = steps([march], TIMES)
    assert (title.kind, title.lasts_s) == (StepKind.TITLE, 4.0)
    assert (move.kind, move.lasts_s, move.side) == (StepKind.MOVE, march.lasts_s, Side.BOTH)


def test_a_stretch_with_sides_names_each_before_its_movement_and_changes_once() -> None:
    stretch = sided()
    walk = steps([stretch], TIMES)
    assert [step.kind.value for step in walk] == ["title", "side", "move", "side", "move"]
    assert [step.side for step in walk[1:]] == [side for side in stretch.sides for _ in range(2)]
    assert [step.changes_side for step in walk] == [False, False, False, True, False]
    assert walk[1].lasts_s == 3.0


# ---- the guide


def walking() -> Guide:
    """A guide through two stretches that began at 100."""
    return Guide(steps([first(Part.WARM_UP), sided()], TIMES), 100.0, asked=True)


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
    assert kinds == ["title", "move", "title", "side", "move", "side", "move"]
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
    assert (guide.step.kind, guide.step.stretch, guide.began) == (StepKind.TITLE, sided(), 110.0)
    assert not guide.skip(111.0)


def test_skipping_while_paused_begins_with_the_resuming() -> None:
    guide = walking()
    guide.pause(103.0)
    guide.skip(110.0)
    assert guide.elapsed_s(115.0) == 0
    guide.resume(120.0)
    assert guide.next_deadline() == 124.0
