"""Stories of the guide: when it begins, pauses and ends, and what it may claim."""

from __future__ import annotations

from itertools import groupby, pairwise

from device.settings.settings import Limits, Screens, Settings, Stretching
from device.stretches.repertoire import shipped
from device.stretches.steps import StepKind
from device.words.effects import BigNumber, BigWords, Cue, Dark, Instruction, Movement, Show
from device.words.traits import Area
from tests.facts import details_of
from tests.story import Day, text_of

NO_INVITE = Settings(limits=Limits(invite_after_s=7200.0))
LONG_BREAK = Settings(limits=Limits(invite_after_s=7200.0, full_break_s=3600.0))
"""The break outlasts the guide, so that nothing but the guide is at work."""
SIX_MINUTES = Settings(limits=NO_INVITE.limits, stretches=Stretching(minutes=6))


def due_day(settings: Settings = NO_INVITE) -> Day:
    """A break that has been due for a minute."""
    day = Day(settings)
    day.sit(minutes=121)
    return day


# ---- when it begins


def test_it_begins_once_the_level_has_been_empty_for_2_s_after_due() -> None:
    day = due_day()
    day.rise(seconds=1.999)
    assert day.mode == "due"
    day.wait(seconds=0.001)
    assert day.mode == "guiding"
    assert [details_of(fact) for fact in day.facts("guide_started")] == [{"asked": 0}]


def test_it_begins_after_2_s_when_acknowledged() -> None:
    day = due_day()
    day.press()
    day.rise(seconds=1.999)
    assert day.mode == "acknowledged"
    day.wait(seconds=0.001)
    assert day.mode == "guiding"
    assert [details_of(fact) for fact in day.facts("guide_started")] == [{"asked": 1}]


def test_it_begins_after_2_s_when_a_due_break_was_snoozed() -> None:
    day = due_day()
    day.hold()
    day.rise(seconds=2)
    assert day.mode == "guiding"


def test_a_blip_of_one_sample_does_not_begin_it() -> None:
    day = due_day()
    day.fidget(0.5)
    day.wait(minutes=1)
    assert not day.facts("guide_started")


def test_after_an_invite_it_begins_at_the_settled_leaving() -> None:
    for hold in (False, True):
        day = Day()
        day.sit(minutes=70)
        if hold:
            day.hold()
        day.rise(seconds=14.999)
        assert not day.facts("guide_started")
        day.wait(seconds=0.001)
        assert day.mode == "guiding"


def test_it_never_begins_by_itself_when_nothing_is_owed() -> None:
    day = Day()
    day.sit(minutes=30)
    day.rise(minutes=10)
    assert not day.facts("guide_started")


def test_once_ended_it_does_not_begin_again_in_the_same_absence() -> None:
    invited, due = Day(), due_day()
    invited.sit(minutes=70)
    for day in (invited, due):
        day.press()
        day.rise(seconds=5)
        day.hold()
        day.wait(seconds=50)
        day.touch(1)
        day.wait(seconds=30)
        assert len(day.facts("guide_started")) == 1


def test_a_snooze_off_the_chair_does_not_begin_it_again() -> None:
    day = due_day()
    day.rise(seconds=4)
    day.hold()
    day.hold()
    assert day.mode == "snoozed"
    day.wait(minutes=1)
    assert len(day.facts("guide_started")) == 1


def test_a_blip_while_leaving_is_no_new_absence() -> None:
    day = due_day()
    day.rise(seconds=4)
    day.hold()
    day.touch(1)
    day.wait(minutes=1)
    assert len(day.facts("guide_started")) == 1


def test_a_guide_that_was_taken_up_again_and_finished_does_not_begin_anew() -> None:
    day = due_day()
    day.rise(seconds=5)
    day.sit(seconds=10)
    day.rise(seconds=5)
    assert day.mode == "guiding"
    day.hold()
    day.wait(seconds=60)
    assert len(day.facts("guide_started")) == 1


def test_the_shortest_sitting_there_is_makes_a_new_absence_with_its_own_guide() -> None:
    day = due_day()
    day.rise(seconds=5)
    day.hold()
    day.wait(seconds=30)
    day.sit(seconds=5)
    day.rise(seconds=5)
    assert len(day.facts("guide_started")) == 2


def test_the_next_absence_has_its_own_guide() -> None:
    day = due_day()
    day.rise(seconds=5)
    day.hold()
    day.wait(seconds=30)
    day.sit(minutes=3)
    day.rise(seconds=2)
    assert len(day.facts("guide_started")) == 2


def test_after_a_guide_that_was_finished_on_the_chair_rising_begins_it_anew() -> None:
    day = due_day()
    day.rise(seconds=5)
    day.sit(seconds=10)
    day.hold()
    assert day.mode == "due"
    day.rise(seconds=2)
    assert len(day.facts("guide_started")) == 2


def test_without_stretches_a_break_is_a_break_all_the_same() -> None:
    day = Day(NO_INVITE, stretches=())
    day.sit(minutes=121)
    day.press()
    assert day.screen == BigWords(("Off", "you go"), "walk a little")
    day.rise(minutes=2)
    assert not day.facts("guide_started")
    assert [details_of(fact)["after"] for fact in day.facts("break_honoured")] == ["due"]


# ---- the routine


def test_a_routine_takes_3_min_however_often_and_never_has_the_same_stretch_twice_running() -> None:
    day = Day(NO_INVITE)
    for _ in range(12):
        day.sit(minutes=121)
        day.rise(minutes=6)
    lasted = [ended.t - began.t for began, ended in pairwise(day.facts("guide_started", "guide_ended"))][::2]
    assert len(lasted) == 12
    assert all(180 * 0.85 <= seconds <= 180 * 1.15 for seconds in lasted)
    begun: list[set[object]] = []
    for fact in day.facts("guide_started", "stretch_started"):
        if fact.name == "guide_started":
            begun.append(set())
        else:
            begun[-1].add(details_of(fact)["stretch"])
    assert all(not one & other for one, other in pairwise(begun))
    areas = {stretch.id: stretch.area for stretch in shipped()}
    assert {areas[str(stretch)] for each in begun for stretch in each} == set(Area)


def test_a_stretch_on_the_chair_is_neither_paused_nor_ended_by_sitting() -> None:
    on_chair = [stretch for stretch in shipped() if stretch.id == "chair_squat"]
    day = Day(LONG_BREAK, on_chair)
    day.sit(minutes=121)
    day.rise(seconds=8)
    guide = day.snapshot.guide
    assert guide is not None
    for _ in range(3):
        day.sit(seconds=3)
        assert day.mode == "guiding"
        day.rise(seconds=1)
    day.sit(minutes=3)
    assert [details_of(fact)["how"] for fact in day.facts("guide_ended")] == ["done"]
    assert not day.facts("full_break"), "sitting is no break, whatever one does there"


def test_left_and_right_are_both_done_and_said_in_words_on_the_whole_screen() -> None:
    day = due_day(LONG_BREAK)
    day.rise(minutes=10)
    sides: dict[str, list[str]] = {}
    for fact in day.facts("stretch_started"):
        sides.setdefault(str(details_of(fact)["stretch"]), []).append(str(details_of(fact)["side"]))
    asked = {stretch.id: [side.value for side in stretch.sides] for stretch in shipped()}
    assert any(len(asked[stretch]) > 1 for stretch in sides)
    assert sides == {stretch: asked[stretch] for stretch in sides}
    words = " ".join(text_of(screen) for screen in day.screens if isinstance(screen, Instruction)).lower()
    assert "left" in words
    assert "right" in words


def test_a_change_of_side_has_its_cue_and_the_end_has_one() -> None:
    day = due_day(LONG_BREAK)
    day.rise(minutes=10)
    changes = sum(details_of(fact)["side"] == "right" for fact in day.facts("stretch_started"))
    assert changes > 0
    assert day.cues == [*[Cue.CHANGE_SIDE] * changes, Cue.GUIDE_END]
    assert len(day.facts("sound")) == 1, "the guide's cues are no reminders"


def test_a_press_in_the_guide_goes_to_the_next_stretch() -> None:
    day = due_day(LONG_BREAK)
    day.rise(seconds=10)
    first = day.snapshot.guide
    day.press()
    second = day.snapshot.guide
    assert first is not None
    assert second is not None
    assert second.step.kind is StepKind.TITLE
    assert second.step.stretch.id != first.step.stretch.id


def test_a_press_in_the_last_stretch_ends_the_guide() -> None:
    day = due_day(LONG_BREAK)
    day.rise(seconds=3)
    while not day.facts("guide_ended"):
        day.press()
    assert [details_of(fact) for fact in day.facts("guide_ended")] == [{"how": "skipped"}]
    assert not day.facts("stretch_started"), "none was ever more than its title"
    assert Cue.GUIDE_END not in day.cues


def test_a_hold_finishes_the_guide_running_or_paused() -> None:
    running, paused = due_day(LONG_BREAK), due_day(LONG_BREAK)
    running.rise(seconds=10)
    paused.rise(seconds=10)
    paused.sit(seconds=3)
    assert [running.mode, paused.mode] == ["guiding", "paused"]
    for day in (running, paused):
        day.hold()
        assert [details_of(fact) for fact in day.facts("guide_ended")] == [{"how": "finished"}]
        assert day.mode == "due"


# ---- the break's own clock


def test_how_long_till_the_break_counts_is_always_on_the_screen() -> None:
    day = due_day()
    day.rise(seconds=2)
    shown = len(day.screens)
    day.wait(seconds=117.5)
    for screen in day.screens[shown - 1 :]:
        assert "1:" in text_of(screen) or "0:" in text_of(screen), screen
    assert "0:01" in day.text


def test_the_clock_in_the_guide_is_the_clock_of_the_leaving() -> None:
    day = due_day()
    day.rise(seconds=10)
    assert isinstance(day.screen, Instruction)
    assert day.screen.moving, "how to do it, beside the figure"
    assert day.screen.clock == "break 1:50"
    day.wait(seconds=15)
    assert isinstance(day.screen, Movement)
    assert day.screen.clock == "break 1:35"


def test_while_a_blip_is_on_the_chair_the_clock_stands_at_a_whole_break() -> None:
    day = due_day()
    day.rise(seconds=10)
    day.sit(seconds=1.9)
    assert isinstance(day.screen, Instruction)
    assert day.screen.clock == "break 2:00"


def test_at_the_full_break_the_clock_says_so_and_the_guide_goes_on_as_long_as_you_do() -> None:
    day = due_day()
    day.rise(seconds=119.9)
    before = day.screen
    day.wait(seconds=0.1)
    assert isinstance(day.screen, Instruction | Movement)
    assert isinstance(before, Instruction | Movement)
    assert (before.clock, day.screen.clock) == ("break 0:01", "break done")
    assert type(day.screen) is type(before), "whatever was told before is told on"
    day.wait(seconds=4)
    assert day.mode == "guiding"


def test_before_the_next_stretch_it_says_once_that_the_break_is_done() -> None:
    day = due_day(SIX_MINUTES)
    day.press()
    day.rise(seconds=120)
    assert "Break done." not in day.text
    day.until(StepKind.COUNTS)
    assert day.text == "Break done. Sit, or stay for more break done"
    day.wait(seconds=4)
    assert day.snapshot.guide is not None
    assert day.snapshot.guide.step.kind is StepKind.TITLE, "never between two sides of a stretch"
    shown = len(day.screens)
    day.wait(minutes=5)
    assert not any("Break done" in text_of(screen) for screen in day.screens[shown:-8])


def test_a_break_that_counts_already_is_not_told_in_the_guide() -> None:
    day = Day()
    day.sit(minutes=30)
    day.rise(minutes=3)
    day.press()
    day.press()
    assert day.mode == "guiding"
    shown = len(day.screens)
    day.wait(minutes=4)
    assert not any("Break done" in text_of(screen) for screen in day.screens[shown:-8])


def test_nothing_covers_an_instruction_and_each_stands_long_enough_to_read() -> None:
    """A quarter of a second a word and one more, at least; whatever happens beside it."""
    day = Day(NO_INVITE)
    for _ in range(6):
        day.sit(minutes=121)
        day.rise(minutes=8)
    told = [(at, effect.screen) for at, effect in day.told if isinstance(effect, Show)]
    guided = [(at, screen.lines if isinstance(screen, Instruction) else None) for at, screen in told]
    runs = [(lines, [at for at, _ in run]) for lines, run in groupby(guided, key=lambda each: each[1])]
    ends = [ats[0] for _, ats in runs[1:]]
    read = [(lines, end - ats[0]) for (lines, ats), end in zip(runs, ends, strict=False) if lines]
    assert len(read) > 100
    for lines, seconds in read:
        assert seconds >= 1 + 0.25 * len(" ".join(lines).split()), lines


# ---- sitting down in the middle


def test_sitting_down_too_soon_pauses_it() -> None:
    day = due_day()
    day.rise(seconds=30)
    day.sit(seconds=1.999)
    assert day.mode == "guiding"
    day.wait(seconds=0.001)
    assert day.mode == "paused"
    assert day.text == "Stand to go on press: next   hold: end"


def test_rising_again_takes_it_up_where_it_stood() -> None:
    day = due_day()
    day.rise(seconds=20)
    day.sit(seconds=2)
    stood = day.snapshot.guide
    day.wait(seconds=10)
    day.rise(seconds=2)
    goes_on = day.snapshot.guide
    assert stood is not None
    assert goes_on is not None
    assert goes_on.step == stood.step
    assert goes_on.elapsed_s == stood.elapsed_s
    day.wait(seconds=1)
    assert day.snapshot.guide != goes_on


def test_a_press_while_paused_goes_to_the_next_stretch_which_begins_when_rising() -> None:
    day = due_day(LONG_BREAK)
    day.rise(seconds=20)
    day.sit(seconds=3)
    day.press()
    assert day.mode == "paused"
    day.wait(seconds=10)
    day.rise(seconds=2)
    guide = day.snapshot.guide
    assert guide is not None
    assert (guide.step.kind, guide.elapsed_s) == (StepKind.TITLE, 0.0)


def test_20_s_of_sitting_end_it() -> None:
    day = due_day()
    day.rise(seconds=30)
    day.sit(seconds=19.999)
    assert day.mode == "paused"
    day.wait(seconds=0.001)
    assert day.mode == "due"
    assert [details_of(fact) for fact in day.facts("guide_ended")] == [{"how": "sat_down"}]


def test_after_a_guide_that_was_sat_out_in_a_fidget_there_is_no_reminder_for_2_min() -> None:
    day = Day(NO_INVITE)
    day.sit(minutes=120)
    day.rise(seconds=10)
    day.sit(seconds=119.999)
    assert not day.sounds
    day.wait(seconds=0.001)
    assert day.sounds == [(7330, 1)]


def test_once_the_break_counts_sitting_down_ends_it_at_once_with_thanks() -> None:
    day = due_day()
    day.rise(seconds=130)
    day.sit(seconds=2)
    assert [details_of(fact) for fact in day.facts("guide_ended")] == [{"how": "sat_down"}]
    assert "Well done" in day.text
    day.wait(seconds=5)
    assert isinstance(day.screen, BigNumber)


def test_a_break_that_counts_while_the_guide_is_paused_is_told_as_well() -> None:
    day = due_day(SIX_MINUTES)
    day.rise(seconds=118)
    day.sit(seconds=3)
    assert day.mode == "paused"
    day.rise(seconds=2)
    assert day.mode == "guiding"
    assert day.text.endswith("break done")
    day.until(StepKind.COUNTS)


def test_the_panel_goes_dark_2_min_after_the_end_of_the_guide() -> None:
    day = due_day()
    day.rise(minutes=10)
    (ended,) = day.times("guide_ended")
    again = due_day()
    again.rise()
    again.wait_until(ended + 119.999)
    assert again.screen != Dark()
    again.wait(seconds=0.001)
    assert again.screen == Dark()


def test_the_panel_goes_dark_2_min_after_leaving_when_the_guide_ended_before() -> None:
    day = due_day()
    day.rise(minutes=10)
    day.sit(minutes=30)
    day.rise(seconds=119.999)
    assert day.screen != Dark()
    day.wait(seconds=0.001)
    assert day.screen == Dark()


# ---- what it may claim


def test_a_routine_that_a_press_asked_for_says_what_was_done() -> None:
    day = due_day()
    day.press()
    day.rise(minutes=10)
    assert len(day.facts("stretch_done")) == len(day.facts("stretch_started")) > 3
    assert not day.facts("stretch_shown")
    assert day.snapshot.today.stretches_done == len(day.facts("stretch_done"))


def test_a_routine_that_merely_played_says_what_was_shown() -> None:
    day = due_day()
    day.rise(minutes=10)
    assert len(day.facts("stretch_shown")) == len(day.facts("stretch_started")) > 3
    assert not day.facts("stretch_done")


def test_a_press_that_goes_along_makes_the_rest_count_as_done() -> None:
    day = due_day(LONG_BREAK)
    day.rise(seconds=25)
    day.press()
    day.wait(minutes=10)
    assert len(day.facts("stretch_done")) == len(day.facts("stretch_started")) - 1, "the first was broken off"
    assert not day.facts("stretch_shown")


def test_a_stretch_that_was_broken_off_was_neither_done_nor_shown() -> None:
    day = due_day(LONG_BREAK)
    day.rise(seconds=25)
    day.hold()
    assert len(day.facts("stretch_started")) == 1
    assert not day.facts("stretch_done", "stretch_shown")


def test_a_full_break_after_a_finished_guide_settles_what_was_owed() -> None:
    invited, due, snoozed = Day(), due_day(), due_day()
    invited.sit(minutes=70)
    snoozed.hold()
    for day, before in ((invited, "invited"), (due, "due"), (snoozed, "snoozed")):
        day.rise(seconds=20)
        day.hold()
        assert day.mode == before
        day.wait(minutes=2)
        assert day.mode == "watching"


def test_thanks_stand_for_5_s() -> None:
    day = Day(Settings(limits=LONG_BREAK.limits, screens=Screens(off_after_s=3600.0)))
    day.sit(minutes=121)
    day.rise(seconds=10)
    day.hold()
    assert day.text.startswith("Thanks.")
    day.wait(seconds=5)
    assert day.text.startswith("Off the chair")
