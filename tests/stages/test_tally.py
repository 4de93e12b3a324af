"""What a day adds up to."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, strategies

from device.stages.tally import Figures, Pending, Sums, Tally
from device.words.facts import Fact
from tests.facts import fact_of

NOTHING = Figures(
    seated_s=0.0, doubtful_s=0.0, share=0.0, bouts=0, longest_s=0.0, over_30=0, over_60=0, over_120=0,
    breaks=0, full_breaks=0, due=0, in_time=0, late=0, not_taken=0, honoured=0, rose_after_s=None,
    snoozes=0, mutes=0, enough=0, sounds=0, stretches_done=0,
)  # fmt: skip


def tally_of(*facts: tuple[str, float]) -> Tally:
    """A tally that has heard these facts."""
    tally = Tally()
    for name, t in facts:
        tally.note(fact_of(t, t, name, {"after": "due"}))
    return tally


def test_a_day_without_facts_comes_to_nothing() -> None:
    assert Tally().figures(1000.0) == NOTHING


def test_the_open_bout_is_part_of_the_figures() -> None:
    figures = tally_of(("sat", 100.0)).figures(1900.0)
    assert (figures.seated_s, figures.bouts, figures.longest_s, figures.over_30) == (1800.0, 1, 1800.0, 1)
    assert figures.breaks == 0


def test_a_bout_is_its_seated_seconds_without_the_absences_in_it() -> None:
    figures = tally_of(("sat", 0.0), ("left", 100.0), ("sat", 130.0), ("left", 200.0)).figures(230.0)
    assert (figures.seated_s, figures.bouts, figures.longest_s) == (170.0, 1, 170.0)


def test_a_break_ends_a_bout() -> None:
    figures = tally_of(("sat", 0.0), ("left", 100.0), ("bout", 100.0), ("full_break", 220.0), ("sat", 300.0)).figures(
        330.0
    )
    assert (figures.seated_s, figures.bouts, figures.longest_s) == (130.0, 2, 100.0)
    assert (figures.breaks, figures.full_breaks) == (1, 1)


def test_bouts_of_30_60_and_120_min_are_counted_from_that_very_second_on() -> None:
    def over(seconds: float) -> tuple[int, int, int]:
        figures = tally_of(("sat", 0.0)).figures(seconds)
        return figures.over_30, figures.over_60, figures.over_120

    assert over(1799.999) == (0, 0, 0)
    assert over(1800.0) == (1, 0, 0)
    assert over(3600.0) == (1, 1, 0)
    assert over(7199.999) == (1, 1, 0)
    assert over(7200.0) == (1, 1, 1)


def test_what_is_owed_sounded_and_done_is_counted() -> None:
    names = ["due", "due", "sound", "sound", "sound", "stretch_done", "break_honoured", "stretch_shown", "invite"]
    figures = tally_of(*((name, 0.0) for name in names)).figures(0.0)
    assert (figures.due, figures.sounds, figures.stretches_done, figures.honoured) == (2, 3, 1, 1)


def test_an_honoured_invite_is_no_honoured_break() -> None:
    tally = Tally()
    tally.note(fact_of(0.0, 0.0, "break_honoured", {"after": "invite"}))
    assert tally.figures(0.0).honoured == 0


def test_who_sits_through_a_split_goes_into_both_days() -> None:
    day = tally_of(("sat", 0.0))
    next_day = day.split(100.0)
    assert (day.figures(500.0).seated_s, day.figures(500.0).bouts) == (100.0, 1)
    assert (next_day.figures(150.0).seated_s, next_day.figures(150.0).bouts) == (50.0, 1)


def test_a_bout_that_ended_before_the_split_and_is_said_after_it_is_none_of_the_new_day() -> None:
    day = tally_of(("sat", 0.0), ("left", 80.0))
    next_day = day.split(100.0)
    next_day.note(fact_of(80.0, 140.0, "bout", {}))
    assert day.figures(200.0).bouts == 1
    assert next_day.figures(200.0) == replace(NOTHING, breaks=1)


@given(strategies.lists(strategies.integers(1, 4_000_000), min_size=1, max_size=30), strategies.integers(0, 30))
def test_no_second_is_lost_or_doubled_by_a_split(spans_ms: list[int], split_after: int) -> None:
    day, whole_day, at_ms = Tally(), Tally(), 0
    days = [day]
    for index, span_ms in enumerate(spans_ms):
        fact = fact_of(at_ms / 1000, at_ms / 1000, "left" if index % 2 else "sat")
        days[-1].note(fact)
        whole_day.note(fact)
        at_ms += span_ms
        if index == split_after:
            days.append(days[-1].split((at_ms - span_ms // 2) / 1000))
    in_parts = sum(each.figures(at_ms / 1000).seated_s for each in days)
    assert round(in_parts, 3) == whole_day.figures(at_ms / 1000).seated_s


def test_the_share_is_of_the_time_from_the_first_sitting_to_the_last_leaving() -> None:
    day = tally_of(("sat", 100.0), ("left", 400.0), ("bout", 400.0), ("sat", 1000.0), ("left", 1100.0))
    assert day.figures(9000.0).share == 0.4
    assert tally_of(("sat", 100.0)).figures(200.0).share == 1.0


def test_how_long_it_took_to_rise_is_the_middle_of_all_times() -> None:
    def rose_after(*waited_s: float) -> float | None:
        facts = [each for s in waited_s for each in (("sat", 0.0), ("due", 100.0), ("left", 100.0 + s))]
        return tally_of(*facts).figures(5000.0).rose_after_s

    assert rose_after() is None
    assert rose_after(30.0) == 30.0
    assert rose_after(10.0, 500.0, 40.0) == 40.0


def test_a_break_that_fell_due_and_was_never_risen_for_is_no_time_to_rise() -> None:
    day = tally_of(("sat", 0.0), ("due", 100.0), ("full_break", 900.0), ("sat", 1000.0), ("left", 1100.0))
    assert day.figures(1100.0).rose_after_s is None


def test_days_before_and_after_a_cut_add_up_and_an_open_bout_goes_on() -> None:
    before, since = tally_of(("sat", 0.0), ("left", 600.0)), tally_of(("sat", 700.0), ("left", 1000.0))
    since.join(before)
    figures = since.figures(1000.0)
    assert (figures.seated_s, figures.bouts, figures.share) == (900.0, 1, 0.9)
    since = tally_of(("sat", 700.0), ("left", 1000.0), ("bout", 1000.0))
    since.join(before)
    assert since.figures(1000.0).longest_s == 900.0


def test_a_due_break_can_be_in_time_up_to_the_last_instant() -> None:
    pending, day = Pending(), Sums()
    for name, t in (("sat", 0.0), ("due", 100.0)):
        pending.note(fact_of(t, t, name, {"after": "due"}), day)
    assert pending.may_be_in_time(1000.0, 900.0)
    assert not pending.may_be_in_time(1000.001, 900.0)
    pending.note(fact_of(1000.0, 1000.0, "left"), day)
    assert pending.may_be_in_time(1100.0, 900.0)


def test_absences_before_a_cut_take_their_part_of_the_share() -> None:
    before = tally_of(("sat", 0.0), ("left", 100.0), ("bout", 100.0), ("sat", 700.0), ("left", 800.0), ("bout", 800.0))
    since = tally_of(("sat", 900.0), ("left", 1000.0), ("bout", 1000.0))
    since.join(before)
    assert since.figures(1000.0).share == 0.3


def test_a_break_of_which_nobody_knows_when_it_fell_due_speaks_for_no_day() -> None:
    figures = tally_of(("break_honoured", 300.0)).figures(400.0)
    assert (figures.honoured, figures.due, figures.in_time) == (0, 0, 0)


def test_a_break_that_falls_due_after_a_cut_is_not_the_one_of_before() -> None:
    before, now = tally_of(("sat", 0.0), ("due", 10.0)), tally_of(("sat", 100.0), ("due", 200.0))
    now.join(before)
    now.note(fact_of(230.0, 230.0, "left"))
    now.note(fact_of(350.0, 350.0, "break_honoured", {"after": "due", "rose_after_s": 30.0}))
    figures = now.figures(400.0)
    assert (figures.due, figures.in_time, figures.not_taken, figures.rose_after_s) == (2, 1, 1, 30.0)


def test_doubt_that_is_said_twice_counts_from_the_first_time() -> None:
    tally = tally_of(("sat", 0.0), ("due", 50.0))
    for said, since in ((100.0, 0.0), (200.0, 60.0)):
        tally.note(fact_of(said, said, "stuck", {"what": "seat", "since": since}))
    assert tally.figures(300.0).doubtful_s == 300.0


def doubted(said: float, since: float, why: str = "loose") -> Fact:
    return fact_of(said, said, "seat_doubted", {"why": why, "since": since})


def test_a_seat_that_is_doubted_is_so_until_it_is_trusted_whoever_sits_rises_or_answers() -> None:
    tally = tally_of(("sat", 0.0))
    tally.note(doubted(100.0, 40.0))
    tally.note(doubted(120.0, 110.0, "worn"))
    for name, t in (("answered", 150.0), ("left", 200.0), ("sat", 300.0), ("left", 400.0)):
        tally.note(fact_of(t, t, name))
    assert tally.figures(400.0).doubtful_s == 260.0
    tally.note(fact_of(400.0, 415.0, "seat_trusted"))
    tally.note(fact_of(500.0, 505.0, "sat"))
    assert tally.figures(900.0).doubtful_s == 260.0


def test_the_doubt_that_is_older_counts_while_both_hold() -> None:
    for first, second in ((10.0, 50.0), (50.0, 10.0)):
        tally = tally_of(("sat", 0.0))
        tally.note(fact_of(100.0, 100.0, "stuck", {"what": "seat", "since": first}))
        tally.note(doubted(100.0, second))
        assert tally.figures(100.0).doubtful_s == 90.0


def test_an_answer_leaves_a_break_doubtful_that_fell_due_on_a_doubted_seat() -> None:
    for doubts_seat in (False, True):
        pending, day = Pending(), Sums()
        if doubts_seat:
            pending.note(doubted(5.0, 5.0), day)
        pending.note(fact_of(10.0, 10.0, "due"), day)
        pending.note(fact_of(20.0, 20.0, "stuck", {"what": "seat", "since": 0.0}), day)
        assert day.dues[0].doubtful
        pending.note(fact_of(30.0, 30.0, "answered"), day)
        assert day.dues[0].doubtful == doubts_seat


def test_only_a_break_that_fell_due_since_the_doubt_is_doubtful() -> None:
    for since, so in ((9.0, True), (11.0, False)):
        pending, day = Pending(), Sums()
        pending.note(fact_of(10.0, 10.0, "due"), day)
        pending.note(doubted(20.0, since), day)
        assert day.dues[0].doubtful == so
