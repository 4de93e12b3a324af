"""Stories of the one button: a press, a hold, and what they mean in each state."""

from __future__ import annotations

from device.mind.rules import Push
from device.settings.settings import GuideSettings, Limits, ReminderSettings, Settings
from device.words.effects import BigWords, Card, Dark, Mark
from tests.facts import details_of
from tests.story import Day

NO_INVITE = Settings(limits=Limits(invite_after_s=7200.0))


def seated_day(settings: Settings = NO_INVITE, *, minutes: float = 30) -> Day:
    """Somebody has sat for so long."""
    day = Day(settings)
    day.sit(minutes=minutes)
    return day


# ---- what a finger does


def test_down_silences_at_once_and_shows_that_it_was_felt() -> None:
    day = seated_day(minutes=121)
    day.wait(seconds=0.1)
    assert day.sounds
    assert not day.silences
    day.down()
    assert day.silences == [day.now]
    assert Mark.FELT in marks(day)


def test_up_before_1_s_is_a_press() -> None:
    day = seated_day(minutes=121)
    day.down()
    day.wait(seconds=0.999)
    day.up()
    day.wait(seconds=0.025)
    assert day.mode == "acknowledged"
    assert Mark.FELT not in marks(day)


def test_down_for_1_s_is_a_hold_said_at_once() -> None:
    day = seated_day(minutes=121)
    day.down()
    day.wait(seconds=0.999)
    assert day.mode == "due"
    day.wait(seconds=0.001)
    assert day.mode == "snoozed"
    assert Mark.FELT not in marks(day)


def test_up_after_a_hold_is_ignored() -> None:
    day = seated_day(minutes=121)
    day.hold()
    assert day.mode == "snoozed"
    assert not day.facts("acknowledged")


def test_contacts_that_bounce_are_one_press_from_the_first_contact_on() -> None:
    day = seated_day()
    for _ in range(3):
        day.down()
        day.wait(seconds=0.01)
        day.up()
        day.wait(seconds=0.01)
    day.wait(seconds=0.1)
    assert day.mode == "today"


def test_a_hold_with_bouncing_contacts_counts_from_the_first_contact_on() -> None:
    day = seated_day()
    day.down()
    day.wait(seconds=0.005)
    day.up()
    day.wait(seconds=0.005)
    day.down()
    day.wait(seconds=0.989)
    assert day.mode == "watching"
    assert not day.facts("muted")
    day.wait(seconds=0.001)
    assert day.facts("muted")


def test_it_is_armed_again_after_25_ms_up_and_not_before() -> None:
    day = seated_day()
    day.down()
    day.wait(seconds=0.1)
    day.up()
    day.wait(seconds=0.024)
    day.down()
    day.wait(seconds=0.1)
    day.up()
    day.wait(seconds=0.025)
    assert day.mode == "today", "one press"
    day.press()
    assert day.mode == "acknowledged", "and another"


def test_down_for_10_s_is_a_stuck_button_said_once_and_ignored_until_up() -> None:
    day = seated_day()
    day.hold()
    day.down()
    day.wait(seconds=9.999)
    assert not day.facts("stuck")
    day.wait(minutes=5)
    (stuck,) = day.facts("stuck")
    assert details_of(stuck) == {"what": "button"}
    assert "stuck" in day.text
    day.up()
    day.wait(seconds=1)
    assert "stuck" not in day.text
    day.press()
    assert day.mode == "today"


def test_a_stuck_button_leaves_the_panel_dark_at_an_empty_chair() -> None:
    day = seated_day()
    day.down()
    day.rise(minutes=1)
    assert "stuck" in day.text
    day.wait(minutes=1)
    assert day.text == ""


def test_a_stuck_button_does_not_hide_that_the_break_is_due() -> None:
    day = seated_day()
    day.down()
    day.wait(minutes=92)
    assert "Time to get up" in day.text


def test_what_it_means_is_fixed_when_the_finger_comes_down() -> None:
    day = Day(NO_INVITE)
    day.sit(seconds=7199.9)
    day.press()
    assert day.mode == "today", "nothing was due when it came down"


# ---- a press


def test_a_press_while_due_invited_or_snoozed_acknowledges() -> None:
    invited, due, snoozed = seated_day(Settings(), minutes=61), seated_day(minutes=121), seated_day(minutes=121)
    snoozed.hold()
    assert [day.mode for day in (invited, due, snoozed)] == ["invited", "due", "snoozed"]
    for day in (invited, due, snoozed):
        day.press()
        assert day.mode == "acknowledged"
        assert len(day.facts("acknowledged")) == 1


def test_acknowledging_shows_the_card_of_the_first_stretch() -> None:
    day = seated_day(minutes=121)
    day.press()
    first = day.snapshot.first_stretch
    assert first is not None
    assert isinstance(day.screen, BigWords), "large: whoever is on the way already can read it"
    assert day.screen.lines == first.title_lines


def test_a_press_while_nothing_is_due_shows_today_for_6_s() -> None:
    day = seated_day(minutes=75)
    day.press()
    assert day.screen == Card(
        "Today", ("Seated   1 h 15", "Longest  1 h 15", "Breaks   0", "Next in  45 min"), "press: stretch now"
    )
    day.wait(seconds=5.924)
    assert day.mode == "today"
    day.wait(seconds=0.001)
    assert day.mode == "watching"


def test_today_is_shown_off_the_chair_as_well_and_the_dark_panel_lights_when_the_button_is_felt() -> None:
    day = seated_day()
    day.rise(minutes=30)
    assert day.text == ""
    day.down()
    assert Mark.FELT in marks(day)
    day.up()
    day.wait(seconds=0.1)
    assert "Breaks   1" in day.text
    assert Mark.FELT not in marks(day)
    day.wait(seconds=6)
    assert day.text == ""


def test_what_falls_due_while_today_shows_takes_its_place() -> None:
    for settings, mode in (
        (Settings(), "invited"),
        (Settings(limits=Limits(invite_after_s=3600.0, due_after_s=3600.0)), "due"),
    ):
        day = Day(settings)
        day.sit(seconds=3598)
        day.press()
        assert day.mode == "today"
        day.wait(seconds=2)
        assert day.mode == mode


def test_a_second_press_while_today_shows_asks_for_a_routine() -> None:
    day = seated_day()
    day.press()
    day.press()
    assert day.mode == "acknowledged"
    day.rise(seconds=2)
    assert [details_of(fact) for fact in day.facts("guide_started")] == [{"asked": 1}]


def test_a_routine_asked_for_off_the_chair_begins_at_once() -> None:
    day = seated_day()
    day.rise(minutes=30)
    day.press()
    day.press()
    assert day.mode == "guiding"
    assert day.times("guide_started") == day.times("acknowledged")


def test_a_card_asked_for_with_nobody_rising_lapses_after_2_min() -> None:
    day = seated_day()
    day.press()
    day.press()
    (asked,) = day.times("acknowledged")
    day.wait_until(asked + 119.999)
    assert day.mode == "acknowledged"
    day.wait(seconds=0.001)
    assert day.mode == "watching"


def test_a_press_once_acknowledged_does_nothing() -> None:
    day = seated_day(minutes=121)
    day.press()
    day.press()
    assert day.mode == "acknowledged"
    assert len(day.facts("acknowledged")) == 1


def test_acknowledged_and_still_seated_after_2_min_it_is_due_as_before() -> None:
    day = seated_day(minutes=120)
    day.wait(seconds=30)
    day.press()
    day.wait(seconds=119.9)
    assert day.mode == "acknowledged"
    assert not day.sounds
    day.wait(seconds=0.1)
    assert day.mode == "due"
    assert [nth for _, nth in day.sounds] == [1]


def test_who_rises_in_the_last_moment_of_it_has_asked_for_the_guide() -> None:
    day = seated_day()
    day.press()
    day.press()
    (asked,) = day.times("acknowledged")
    day.wait_until(asked + 119.5)
    day.rise(seconds=2)
    assert [details_of(fact) for fact in day.facts("guide_started")] == [{"asked": 1}]


def test_a_card_whose_time_ran_out_in_a_fidget_lapses_when_it_ends() -> None:
    day = seated_day()
    day.press()
    day.press()
    (asked,) = day.times("acknowledged")
    day.wait_until(asked + 119.5)
    day.fidget(1.0)
    assert day.mode == "watching"


def test_an_acknowledged_invite_goes_back_to_the_invite() -> None:
    day = seated_day(Settings(), minutes=61)
    day.press()
    day.wait(minutes=2)
    assert day.mode == "invited"


# ---- a hold


def test_a_hold_while_due_or_invited_snoozes_for_5_min() -> None:
    for day, before in ((seated_day(Settings(), minutes=61), "invited"), (seated_day(minutes=121), "due")):
        day.hold()
        (snoozed,) = day.facts("snoozed")
        assert details_of(snoozed) == {"until": snoozed.t + 300, "nth": 1}
        day.wait_until(snoozed.t + 299.999)
        assert day.mode == "snoozed"
        day.wait(seconds=0.001)
        assert day.mode == before


def test_the_snooze_stands_on_the_screen_with_its_minutes() -> None:
    day = seated_day(minutes=121)
    day.hold()
    assert day.text == "Snoozed 5 min press: stretch"
    day.wait(minutes=4)
    assert day.text == "Snoozed 1 min press: stretch"


def test_after_two_snoozes_of_one_sitting_time_a_hold_mutes() -> None:
    day = seated_day(minutes=121)
    for _ in range(3):
        day.hold()
        day.wait(minutes=6)
    assert [fact.name for fact in day.facts("snoozed", "muted")] == ["snoozed", "snoozed", "muted"]
    assert day.mode == "due"


def test_the_screen_says_what_a_hold_would_do_once_the_snoozes_are_spent() -> None:
    day = seated_day(Settings(reminders=ReminderSettings(snoozes=1)), minutes=61)
    assert day.text.endswith("hold: later")
    day.hold()
    day.wait(minutes=5, seconds=1)
    assert day.mode == "invited"
    assert day.snapshot.hold is Push.MUTE
    due = seated_day(Settings(limits=NO_INVITE.limits, reminders=ReminderSettings(snoozes=0)), minutes=120)
    assert due.text.endswith("hold: mute")


def test_the_screen_of_a_paused_guide_says_that_a_hold_gives_sound_back() -> None:
    day = seated_day(minutes=60)
    day.hold()
    day.press()
    day.press()
    day.rise(seconds=10)
    day.sit(seconds=3)
    assert day.mode == "paused"
    assert day.text.endswith("hold: unmute")


def test_the_next_sitting_time_has_its_own_snoozes() -> None:
    day = seated_day(minutes=121)
    day.hold()
    day.wait(minutes=6)
    day.hold()
    day.rise(minutes=5)
    day.sit(minutes=121)
    assert day.mode == "due"
    day.hold()
    assert [details_of(fact)["nth"] for fact in day.facts("snoozed")] == [1, 2, 1]


def test_a_full_break_ends_a_snooze() -> None:
    day = Day(Settings(limits=Limits(invite_after_s=60.0, due_after_s=60.0)))
    day.sit(seconds=60)
    day.hold()
    day.rise(seconds=120)
    day.hold()
    assert day.mode == "watching"
    day.sit(seconds=60)
    assert day.mode == "due", "the old snooze would last on"


def test_a_hold_once_acknowledged_snoozes() -> None:
    day = seated_day(minutes=121)
    day.press()
    day.hold()
    assert day.mode == "snoozed"


def test_a_hold_on_a_card_that_nothing_called_for_puts_it_away() -> None:
    day = seated_day()
    day.press()
    day.press()
    day.hold()
    assert day.mode == "watching"
    assert not day.facts("snoozed", "muted")


def test_no_snoozes_can_be_wanted() -> None:
    day = seated_day(Settings(limits=NO_INVITE.limits, reminders=ReminderSettings(snoozes=0)), minutes=121)
    day.hold()
    assert not day.facts("snoozed")
    assert day.facts("muted")


def test_a_snoozed_invite_that_falls_due_is_said_then_and_speaks_up_after_the_snooze() -> None:
    day = Day()
    day.sit(seconds=7190)
    day.hold()
    day.wait(seconds=60)
    assert day.times("due") == [7200]
    assert day.mode == "snoozed"
    day.wait(minutes=5)
    assert day.mode == "due"
    assert [at for at, _ in day.sounds] == [7191 + 300]


def test_a_hold_while_watching_mutes_for_60_min() -> None:
    day = seated_day()
    day.hold()
    (muted,) = day.facts("muted")
    assert details_of(muted) == {"until": muted.t + 3600}


def test_a_hold_while_today_shows_mutes() -> None:
    day = seated_day()
    day.press()
    day.hold()
    assert day.mode == "watching"
    assert day.facts("muted")


def test_a_hold_while_the_question_stands_means_nothing() -> None:
    day = seated_day(minutes=240)
    said = len(day.notes)
    day.hold()
    assert day.mode == "asking"
    assert len(day.notes) == said


def test_a_hold_while_snoozed_mutes_and_the_break_stays_put_off() -> None:
    day = seated_day(minutes=121)
    day.hold()
    day.wait(seconds=130)
    day.hold()
    (snoozed,), (muted,) = day.facts("snoozed"), day.facts("muted")
    assert day.mode == "snoozed"
    day.wait_until(details_of(snoozed)["until"])
    assert day.mode == "due"
    sounded = len(day.sounds)
    day.wait_until(details_of(muted)["until"] - 0.001)
    assert len(day.sounds) == sounded


def test_a_hold_while_snoozed_and_muted_gives_sound_back() -> None:
    day = seated_day(minutes=121)
    for _ in range(3):
        day.hold()
    assert [fact.name for fact in day.facts("snoozed", "muted", "unmuted")] == ["snoozed", "muted", "unmuted"]
    assert day.mode == "snoozed"


# ---- under a notice


def greeted_day() -> Day:
    """Somebody has just sat down on the second day, and its greeting shows."""
    day = seated_day(minutes=60)
    day.rise(hours=14)
    day.sit(seconds=6)
    assert day.text.startswith("Last time")
    return day


def thanked_day(*, minutes: float = 121) -> Day:
    """A guide has just been finished by a hold, too soon for the break to count."""
    day = seated_day(minutes=minutes)
    day.press()
    day.press()
    day.rise(seconds=10)
    day.hold()
    assert day.text.startswith("Thanks")
    return day


def test_a_press_under_the_greeting_ends_it_and_shows_today() -> None:
    day = greeted_day()
    day.press()
    assert day.text.startswith("Today")
    day.wait(seconds=6)
    assert day.text.startswith("Seated"), "the rest of the greeting would follow"


def test_no_press_under_a_notice_asks_for_a_break_unseen() -> None:
    day = greeted_day()
    day.press()
    assert not day.facts("acknowledged")
    day.press()
    assert day.facts("acknowledged")
    assert "rise, and it begins" in day.text


def test_a_press_under_the_thanks_ends_them_and_means_what_it_always_does() -> None:
    due, nothing_due = thanked_day(), thanked_day(minutes=30)
    due.press()
    assert due.mode == "guiding"
    assert not due.text.startswith("Thanks")
    nothing_due.press()
    assert nothing_due.text.startswith("Today")


def test_a_press_under_the_word_that_the_break_counts_shows_the_next_stretch() -> None:
    day = seated_day(minutes=121)
    day.rise(seconds=121)
    day.down()
    assert Mark.FELT in marks(day)
    day.wait(seconds=0.2)
    day.up()
    day.wait(seconds=0.1)
    assert not day.text.startswith("Break done")


def test_a_finger_ends_a_notice_when_it_comes_down() -> None:
    day = greeted_day()
    day.down()
    assert day.text.startswith("Seated")
    assert Mark.FELT in marks(day)


def test_a_hold_under_the_greeting_ends_it_and_shows_that_it_muted() -> None:
    day = greeted_day()
    day.hold()
    assert day.text.startswith("Muted")
    assert Mark.MUTED in marks(day)


def test_a_notice_never_covers_a_screen_that_says_what_a_press_does() -> None:
    day = seated_day(minutes=60)
    day.rise(hours=14)
    day.press()
    day.sit(seconds=5.5)
    assert day.mode == "today"
    assert day.text.startswith("Today"), "the greeting would be over it"
    asked = seated_day(minutes=60)
    asked.rise(hours=14)
    asked.sit()
    asked.press()
    asked.press()
    asked.wait(seconds=6)
    assert asked.facts("sat")[-1].said < asked.now
    assert "rise, and it begins" in asked.text


# ---- when the world moves on under a finger


def test_the_guide_that_began_under_a_finger_belongs_to_the_press() -> None:
    day = seated_day(minutes=121)
    day.rise(seconds=1.9)
    day.press()
    assert day.mode == "guiding"
    day.wait(minutes=3)
    assert day.facts("stretch_done")
    assert not day.facts("stretch_shown")


def test_a_press_for_today_under_which_the_guide_began_lets_it_go_on() -> None:
    day = Day(Settings(limits=NO_INVITE.limits, guide=GuideSettings(begins_after_s=0.0)))
    day.sit(seconds=7199.9)
    day.down()
    day.wait(seconds=0.2)
    day.rise(seconds=0.2)
    assert day.mode == "guiding"
    day.up()
    day.wait(seconds=0.1)
    assert day.mode == "guiding"


def test_a_hold_under_which_the_guide_began_snoozes_and_lets_it_go_on() -> None:
    day = seated_day(minutes=121)
    day.rise(seconds=1.9)
    day.hold()
    assert day.mode == "guiding"
    assert day.facts("snoozed")


def test_a_hold_that_mutes_lets_the_guide_go_on_that_began_under_it() -> None:
    day = seated_day(Settings(limits=NO_INVITE.limits, reminders=ReminderSettings(snoozes=0)), minutes=121)
    day.rise(seconds=1.9)
    day.hold()
    assert day.mode == "guiding"
    assert day.facts("muted")


def test_a_press_in_the_guide_that_ends_under_it_does_nothing_more() -> None:
    for gesture in (Day.press, Day.hold):
        day = seated_day(minutes=121)
        day.rise(seconds=2)
        day.wait(minutes=10)
        (ended,) = day.times("guide_ended")
        again = seated_day(minutes=121)
        again.rise()
        again.wait_until(ended - 0.1)
        gesture(again)
        assert again.times("guide_ended") == [ended]
        assert again.mode == "watching"


def marks(day: Day) -> frozenset[Mark]:
    """The marks on the screen."""
    screen = day.screen
    assert not isinstance(screen, Dark)
    return screen.marks


# ---- never this one


def guided_day(settings: Settings = NO_INVITE) -> Day:
    """The guide shows its second stretch."""
    day = seated_day(settings, minutes=121)
    day.rise(seconds=4)
    day.press()
    return day


def at_hand(day: Day) -> str:
    """The stretch that the guide shows."""
    guide = day.snapshot.guide
    assert guide is not None
    return guide.step.stretch.id


def test_held_for_3_s_in_the_guide_the_stretch_never_comes_again() -> None:
    day = guided_day()
    never = at_hand(day)
    day.down()
    day.wait(seconds=2.999)
    assert not day.facts("stretch_never")
    day.wait(seconds=0.001)
    assert [details_of(fact) for fact in day.facts("stretch_never")] == [{"stretch": never}]
    day.up()
    assert [details_of(fact)["how"] for fact in day.facts("guide_ended")] == ["finished"], (
        "finish stays the hold of 1 s"
    )
    begun = len(day.facts("stretch_started"))
    for _ in range(40):
        day.sit(hours=2)
        day.rise(minutes=10)
    later = [details_of(fact)["stretch"] for fact in day.facts("stretch_started")[begun:]]
    assert len(set(later)) > 10
    assert never not in later


def test_while_the_finger_is_down_the_screen_says_what_holding_on_means_and_then_that_it_is_done() -> None:
    day = guided_day()
    guide = day.snapshot.guide
    assert guide is not None
    name = guide.step.stretch.name
    day.down()
    day.wait(seconds=1)
    assert day.text == f"Hold on: no more {name}"
    day.wait(seconds=2)
    assert day.text.startswith(f"{name} Never again.")
    assert day.text.endswith(f"unsit stretches again {never_again(day)}")
    day.up()
    day.wait(seconds=5.9)
    assert day.text.startswith(f"{name} Never again.")
    day.wait(seconds=0.1)
    assert "Never again" not in day.text


def never_again(day: Day) -> str:
    """The stretch that was left out last."""
    return str(details_of(day.facts("stretch_never")[-1])["stretch"])


def test_let_go_before_3_s_the_guide_is_finished_and_nothing_left_out() -> None:
    day = guided_day()
    day.down()
    day.wait(seconds=2.9)
    day.up()
    day.wait(seconds=0.2)
    assert day.facts("guide_ended")
    assert not day.facts("stretch_never")
    assert day.text.startswith("Thanks")


def test_it_is_the_stretch_that_showed_when_the_finger_came_down() -> None:
    day = guided_day()
    day.wait(seconds=1)
    never = at_hand(day)
    day.down()
    day.wait(seconds=3)
    assert never_again(day) == never


def test_in_a_paused_guide_it_can_be_said_too() -> None:
    day = guided_day()
    never = at_hand(day)
    day.sit(seconds=3)
    assert day.mode == "paused"
    day.down()
    day.wait(seconds=3)
    assert never_again(day) == never


def test_muted_the_hold_gives_sound_back_and_the_long_one_leaves_the_stretch_out() -> None:
    day = seated_day(minutes=100)
    day.hold()
    day.press()
    day.press()
    day.rise(seconds=4)
    never = at_hand(day)
    day.down()
    day.wait(seconds=1)
    assert (day.mode, day.text[:8]) == ("guiding", "Hold on:")
    assert day.facts("unmuted")
    day.wait(seconds=2)
    assert never_again(day) == never
    assert day.mode != "guiding"


def test_outside_of_the_guide_a_long_hold_is_no_more_than_a_hold() -> None:
    day = guided_day()
    day.hold()
    day.rise(minutes=5)
    day.sit(minutes=10)
    told = len(day.notes)
    day.down()
    day.wait(seconds=4)
    assert [fact.name for fact in day.notes[told:]] == ["muted"]
    assert not day.text.startswith("Hold on")


def test_said_elsewhere_a_stretch_is_left_out_and_comes_again() -> None:
    day = Day(NO_INVITE)
    day.choose("stretch_never", "march")
    day.choose("stretch_never", "march")
    day.choose("stretch_again", "hip_circle")
    assert [(fact.name, details_of(fact)) for fact in day.notes] == [("stretch_never", {"stretch": "march"})]
    assert list(day.snapshot.left_out) == ["march"]
    day.choose("stretch_again", "march")
    assert list(day.snapshot.left_out) == []
    assert [fact.name for fact in day.notes] == ["stretch_never", "stretch_again"]


def test_what_was_left_out_stays_out_whatever_happens_to_the_power() -> None:
    day = guided_day()
    day.down()
    day.wait(seconds=3)
    day.up()
    never = never_again(day)
    day.cut_power(hours=9)
    assert day.snapshot.left_out == (never,)


def test_with_every_stretch_left_out_a_break_is_a_break_without_a_guide() -> None:
    day = Day(NO_INVITE)
    for stretch in day.stretches:
        day.choose("stretch_never", stretch)
    day.sit(hours=2)
    day.press()
    assert day.text.startswith("Off you go")
    day.rise(minutes=3)
    assert not day.facts("guide_started")
    assert day.facts("break_honoured")


def test_a_hold_that_began_before_the_break_was_one_puts_nothing_off() -> None:
    day = Day(NO_INVITE, [])
    day.sit(minutes=121)
    day.rise(seconds=119.5)
    day.hold()
    assert day.facts("full_break")
    assert not day.facts("snoozed")
    assert day.mode == "watching"
