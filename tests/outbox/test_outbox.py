"""The outbox: every fact of the journal goes once and in order, whatever was lost, forgotten or full meanwhile."""

from __future__ import annotations

import logging
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from device.history.diary import Days
from device.journal.forgetting import forget_all, forget_before
from device.journal.kept_days import days_of
from device.journal.layout import LAYOUT, name_of
from device.office.chain import whole_to
from device.outbox.cursor import CursorFile
from device.outbox.day_outbox import DayOutbox
from device.outbox.outbox import WINDOW, Outbox
from device.settings.settings import Screens, Settings
from device.topics.day_message import DayMessage, day_message_of
from device.topics.fact_message import FactMessage, fact_message_of
from device.topics.message_form import FactId
from device.topics.names import Topics
from device.topics.sent_message import SendAgain, Sent, sent_of
from tests.world import World

TOPICS = Topics("unsit", "desk-1")
SETTINGS = Settings(screens=Screens(safety_s=0))
LONG_S = 1e6
SOON_S = 100.0
"""What was told is in the journal, and was looked for."""


class Wire:
    """The far end: what was sent, and when the broker says that it has it."""

    def __init__(self) -> None:
        self.said: list[tuple[str, bytes, bool]] = []
        self.waiting: list[Callable[[], None]] = []
        self.is_quick = True
        self.refuses: Callable[[int], bool] = lambda _nth: False
        """Whether it refuses what is sent as so manieth, from 0 on."""

    def send(
        self,
        topic: str,
        payload: bytes,
        *,
        retain: bool = False,
        acknowledged: Callable[[], None] | None = None,
        refused: Callable[[], None] | None = None,
    ) -> None:
        answer = refused if self.refuses(len(self.said)) else acknowledged
        self.said.append((topic, payload, retain))
        if answer is not None:
            self.waiting.append(answer)

    def acknowledge(self) -> None:
        waiting, self.waiting = self.waiting, []
        for each in waiting:
            each()

    @property
    def facts(self) -> list[FactMessage]:
        return [fact_message_of(payload) for topic, payload, _ in self.said if topic == TOPICS.facts]

    @property
    def days(self) -> list[DayMessage]:
        return [day_message_of(payload) for topic, payload, _ in self.said if topic == TOPICS.days]

    @property
    def sent(self) -> list[Sent]:
        return [sent_of(payload) for topic, payload, kept in self.said if topic == TOPICS.sent and kept]


class Desk:
    """A device and its journal, and an outbox that is started again at will. Its `now` goes on by itself."""

    def __init__(self, folder: Path, real_s: float = 0.0) -> None:
        self.world = World(folder, SETTINGS, real_s=real_s)
        self.folder = folder / "state"
        self.folder.mkdir()
        self.wire = Wire()
        self.now = 0.0
        self.start()
        self.outbox.connected()
        self.go()

    @property
    def journal(self) -> Path:
        return self.world.file

    def start(self) -> None:
        self.cursor = CursorFile(self.folder)
        self.outbox = Outbox(TOPICS, self.journal, self.cursor, self.wire.send)

    def go(self, until_s: float = 0.0) -> None:
        """Attend until nothing is left to do before that time."""
        end = self.now + until_s
        for _ in range(1000):
            deadline = self.outbox.deadline
            if deadline is None or deadline > end:
                break
            self.now = max(self.now, deadline)
            self.outbox.attend({}, self.now)
            if self.wire.is_quick:
                self.wire.acknowledge()
        else:
            raise AssertionError("it never rests")
        self.now = end

    def again(self) -> None:
        """The connection was lost, and is there again."""
        self.outbox.lost()
        self.wire.waiting.clear()
        self.outbox.connected()
        self.go()

    def sit_some(self, times: int = 2) -> None:
        for _ in range(times):
            self.world.sit(minutes=20)
            self.world.rise(minutes=5)

    def tell(self) -> None:
        """The device tells what it said last, and the journal has it by the time that the outbox looks."""
        self.outbox.told(self.world.said[-1].said, self.now)
        self.go(LONG_S)

    def ids(self) -> list[FactId]:
        with closing(sqlite3.connect(self.journal)) as connection:
            return [FactId(*row) for row in connection.execute("SELECT run, nth FROM fact ORDER BY run, nth")]

    def book(self) -> str:
        with closing(sqlite3.connect(self.journal)) as connection:
            return name_of(connection)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def ids(messages: list[FactMessage]) -> list[FactId]:
    return [each.id for each in messages]


# ---- what the broker doesn't take


def test_refused_facts_are_tried_again_after_a_while_over_the_same_connection(desk: Desk) -> None:
    desk.sit_some(4)
    before = len(desk.wire.facts)
    desk.wire.refuses = lambda _nth: True
    desk.outbox.told(desk.world.said[-1].said, desk.now)
    desk.go(SOON_S)
    tried = len(desk.wire.facts) - before
    assert tried > 0
    desk.go(400.0)
    assert len(desk.wire.facts) == before + tried, "not again and again"
    desk.wire.refuses = lambda _nth: False
    desk.go(700.0)
    assert ids(desk.wire.facts)[before + tried :] == desk.ids()
    assert desk.wire.facts[before + tried].after is None
    assert desk.cursor.cursor.facts == desk.ids()[-1]


def test_after_a_refused_fact_those_behind_it_go_again_and_those_before_it_dont(desk: Desk) -> None:
    desk.sit_some(4)
    first = len(desk.wire.said)
    desk.wire.refuses = lambda nth: nth == first + 2
    desk.outbox.told(desk.world.said[-1].said, desk.now)
    desk.go(SOON_S)
    sent = ids(desk.wire.facts)
    assert desk.cursor.cursor.facts == sent[1]
    desk.go(700.0)
    assert ids(desk.wire.facts)[len(sent) :] == [each for each in desk.ids() if each > sent[1]]
    assert desk.wire.facts[len(sent)].after == sent[1]
    assert desk.cursor.cursor.facts == desk.ids()[-1]


def test_refused_days_are_tried_again_within_an_hour(desk: Desk) -> None:
    nights = Nights(desk)
    nights.outbox.connected()
    desk.sit_some(3)
    monday = desk.world.shows.date()
    desk.wire.refuses = lambda _nth: True
    while not nights.go(1):
        pass
    assert nights.cursor.cursor.days != monday
    assert len(nights.go(1)) == 2
    desk.wire.refuses = lambda _nth: False
    assert [day for _, day in nights.go(1)] == [monday]
    assert nights.cursor.cursor.days == monday
    assert nights.go(5) == []


# ---- each once, in order


def test_every_fact_goes_once_in_its_order_with_what_the_journal_says(desk: Desk) -> None:
    for _ in range(3):
        desk.sit_some()
        desk.tell()
    sent = desk.wire.facts
    assert ids(sent) == desk.ids()
    assert [(each.t, each.said, each.fact) for each in sent] == [
        (fact.t, fact.said, fact.name) for fact in desk.world.said
    ]
    assert {each.book for each in sent} == {desk.book()}
    assert [each.after for each in sent] == [None, *ids(sent)[:-1]]
    assert [each.when for each in sent if each.when] == [
        desk.world.began + timedelta(seconds=fact.t) for fact in desk.world.said
    ]
    assert not any(each.about or each.missing_from for each in sent)


def test_what_was_there_before_the_first_time_stays_where_it_is(tmp_path: Path) -> None:
    world = World(tmp_path, SETTINGS)
    world.sit(minutes=20)
    world.stop()
    desk = Desk(tmp_path, world.real_s + 5.0)
    before = desk.ids()
    desk.sit_some()
    desk.tell()
    assert ids(desk.wire.facts) == desk.ids()[len(before) :]
    assert desk.wire.sent[0].facts is None
    assert desk.wire.facts[0].after is None, "else the office would ask for what was never to be sent"
    desk.outbox.send_again(SendAgain(desk.book(), None, None))
    desk.go()
    assert min(ids(desk.wire.facts)) > before[-1]
    whole = None
    for each in desk.wire.facts:
        whole = whole_to(whole, each)
        assert whole is not None
    assert whole == desk.ids()[-1]


def test_of_a_journal_that_is_begun_later_nothing_is_left_out(tmp_path: Path) -> None:
    wire, journal, folder = Wire(), tmp_path / "journal.db", tmp_path / "state"
    folder.mkdir()
    outbox = Outbox(TOPICS, journal, CursorFile(folder), wire.send)
    outbox.connected()
    outbox.attend({}, 0.0)
    world = World(tmp_path, SETTINGS)
    world.sit(minutes=20)
    outbox.told(world.said[-1].said, 1.0)
    outbox.attend({}, 100.0)
    assert [each.fact for each in wire.facts] == [fact.name for fact in world.said]
    assert wire.facts[0].after is None


def test_no_more_are_on_their_way_than_the_window_holds(desk: Desk) -> None:
    desk.wire.is_quick = False
    desk.sit_some(10)
    desk.tell()
    assert len(desk.wire.facts) == WINDOW
    desk.wire.acknowledge()
    desk.go()
    assert ids(desk.wire.facts) == desk.ids()[: 2 * WINDOW]


def test_what_was_on_its_way_when_the_connection_was_lost_goes_again_from_the_first_unheard(desk: Desk) -> None:
    desk.wire.is_quick = False
    desk.sit_some(5)
    desk.tell()
    first, second, *_, last = desk.wire.waiting
    second()
    last()
    assert desk.cursor.cursor.facts is None, "the first one isn't acknowledged"
    first()
    assert desk.cursor.cursor.facts == desk.ids()[1]
    said = len(desk.wire.facts)
    desk.again()
    assert desk.wire.facts[said].id == desk.ids()[2]
    assert desk.wire.facts[said].after == desk.ids()[1]
    last()
    assert desk.cursor.cursor.facts == desk.ids()[1], "an acknowledgement over the old connection counts for nothing"


def test_after_a_week_without_a_connection_all_comes_in_order(desk: Desk) -> None:
    desk.outbox.lost()
    for _ in range(7):
        desk.sit_some(3)
        desk.world.wait(hours=22)
    desk.outbox.told(desk.world.said[-1].said, desk.now)
    assert desk.outbox.deadline is None
    desk.outbox.connected()
    desk.go()
    assert ids(desk.wire.facts) == desk.ids()


# ---- only looks after something was told


def test_it_looks_into_the_journal_only_once_what_was_told_must_be_there(desk: Desk) -> None:
    assert desk.outbox.deadline is None
    desk.outbox.told(5.0, desk.now)
    desk.outbox.told(9.0, desk.now + 30)
    assert desk.outbox.deadline == desk.now + 57.0


def test_it_asks_less_and_less_often_for_what_the_device_cant_write_and_then_waits_for_more(desk: Desk) -> None:
    desk.outbox.told(1e6, desk.now)
    looks = []
    while (deadline := desk.outbox.deadline) is not None:
        looks.append(deadline - desk.now)
        desk.go(looks[-1])
    assert looks == [57.0, 57.0, 114.0, 228.0, 456.0, *[600.0] * 6]
    desk.sit_some()
    desk.tell()
    assert ids(desk.wire.facts) == desk.ids()


def test_what_is_on_its_way_isnt_sent_again_by_a_look_for_what_the_device_hasnt_written(desk: Desk) -> None:
    desk.wire.is_quick = False
    desk.sit_some()
    desk.outbox.told(1e6, desk.now)
    desk.go(LONG_S)
    assert ids(desk.wire.facts) == desk.ids()


# ---- how far it was heard


def test_it_says_how_far_it_was_heard_before_it_sends_on_and_now_and_then(desk: Desk) -> None:
    assert desk.wire.sent == [Sent(desk.book(), None, None)]
    desk.sit_some()
    desk.tell()
    assert desk.wire.sent[1:] == [Sent(desk.book(), desk.ids()[-1], None)]
    assert desk.outbox.deadline is None
    said = len(desk.wire.said)
    desk.sit_some()
    desk.again()
    assert [topic for topic, _, _ in desk.wire.said[said:]][:2] == [TOPICS.sent, TOPICS.facts]


def test_it_sends_again_what_is_asked_for(desk: Desk) -> None:
    desk.sit_some()
    desk.tell()
    said = len(desk.wire.facts)
    other = SendAgain("00000000", None, None)
    assert desk.outbox.send_again(other) == f"there is no journal 00000000; there is {desk.book()}"
    assert desk.outbox.send_again(SendAgain(desk.book(), None, None, facts=False)) == ""
    assert desk.outbox.send_again(SendAgain(desk.book(), FactId(9, 9), None)) == ""
    desk.go()
    assert len(desk.wire.facts) == said
    assert desk.outbox.send_again(SendAgain(desk.book(), desk.ids()[2], None)) == ""
    desk.go()
    again = desk.wire.facts[said:]
    assert ids(again) == desk.ids()[3:]
    assert again[0].after == desk.ids()[2]


# ---- the cursor


def test_the_cursor_outlives_a_restart(desk: Desk) -> None:
    desk.sit_some()
    desk.tell()
    desk.start()
    desk.sit_some()
    desk.again()
    assert ids(desk.wire.facts) == desk.ids()


@pytest.mark.parametrize(
    "content", [None, b"", b"\0" * 300, b'{"book": "x"}', b'{"book": "", "missing": "", "heard": 3}']
)
def test_with_a_lost_or_broken_cursor_all_since_the_beginning_goes_again_and_that_is_said(
    desk: Desk, content: bytes | None, caplog: pytest.LogCaptureFixture
) -> None:
    desk.sit_some()
    desk.tell()
    file = desk.folder / "sent.json"
    file.unlink()
    if content is not None:
        file.write_bytes(content)
    desk.start()
    assert "all since the beginning is sent again" in caplog.text
    desk.again()
    assert ids(desk.wire.facts) == desk.ids() * 2


def test_a_cursor_without_its_beginning_goes_on(desk: Desk) -> None:
    desk.sit_some()
    desk.tell()
    (desk.folder / "began.json").write_bytes(b"\0")
    desk.start()
    desk.sit_some()
    desk.again()
    assert ids(desk.wire.facts) == desk.ids()


def test_facts_that_were_ended_begin_with_those_of_then(desk: Desk) -> None:
    desk.sit_some()
    desk.tell()
    desk.cursor.end_facts()
    desk.cursor.end_facts()
    sent, before = len(desk.wire.facts), len(desk.ids())
    desk.sit_some()
    silent = len(desk.ids())
    assert silent > before
    desk.start()
    desk.again()
    desk.sit_some()
    desk.tell()
    assert ids(desk.wire.facts)[sent:] == desk.ids()[silent:]


def test_a_full_disk_stops_nothing_is_said_once_and_heals(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    shutil.rmtree(desk.folder)
    for _ in range(3):
        desk.sit_some()
        desk.tell()
    assert ids(desk.wire.facts) == desk.ids()
    assert caplog.text.count("can't be written, so a restart sends some facts again") == 1
    desk.folder.mkdir()
    desk.sit_some()
    desk.tell()
    assert caplog.text.count("sent.json is written again") == 1
    assert CursorFile(desk.folder).cursor.facts == desk.ids()[-1]


# ---- another journal


def test_of_another_journal_all_is_sent_but_what_was_heard_from_the_one_before(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    desk.sit_some()
    desk.world.sit(minutes=10)
    desk.tell()
    heard = [(each.said, each.t, each.fact) for each in desk.wire.facts]
    book = desk.book()
    desk.journal.unlink()
    desk.world.wait(minutes=10)
    desk.world.rise(minutes=5)
    assert desk.book() != book
    desk.tell()
    sent = desk.wire.facts
    assert [(each.said, each.t, each.fact) for each in sent] == [
        (fact.said, fact.t, fact.name) for fact in desk.world.said
    ]
    new = sent[len(heard) :]
    assert {each.book for each in new} == {desk.book()}
    assert new[0].after is None
    assert f"all after {sent[len(heard) - 1].id} of {book}" in caplog.text
    desk.start()
    desk.again()
    assert len(desk.wire.facts) == len(sent)


def test_an_acknowledgement_of_the_old_journal_says_nothing_about_the_new_one(desk: Desk) -> None:
    desk.wire.is_quick = False
    desk.sit_some()
    desk.tell()
    forget_all(desk.journal)
    desk.sit_some()
    desk.outbox.told(desk.world.said[-1].said, desk.now)
    desk.wire.waiting[0]()
    desk.go(100)
    for each in desk.wire.waiting[:WINDOW]:
        each()
    assert desk.cursor.cursor.book == desk.book()
    assert desk.cursor.cursor.facts in (None, *desk.ids())


def test_a_newer_journal_and_none_are_said_once_and_it_goes_on_later(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    desk.sit_some()
    with closing(sqlite3.connect(desk.journal)) as connection:
        connection.execute(f"PRAGMA user_version = {LAYOUT + 1}")
    for _ in range(3):
        desk.tell()
    assert caplog.text.count("written by a newer Unsit") == 1
    with closing(sqlite3.connect(desk.journal)) as connection:
        connection.execute(f"PRAGMA user_version = {LAYOUT}")
    desk.tell()
    assert ids(desk.wire.facts) == desk.ids()


def test_a_journal_without_a_name_waits_for_the_device(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    desk.sit_some()
    with closing(sqlite3.connect(desk.journal)) as connection:
        connection.execute("PRAGMA application_id = 0")
    desk.tell()
    assert "it has no name yet" in caplog.text
    assert desk.wire.facts == []


# ---- what the journal forgot


def test_what_was_forgotten_before_it_was_heard_is_said(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    desk.sit_some()
    desk.tell()
    desk.outbox.lost()
    heard = desk.ids()
    desk.sit_some(3)
    desk.world.wait(minutes=2)
    forget_before(desk.journal, desk.world.shows - timedelta(minutes=30))
    assert desk.ids()
    assert desk.ids()[0] > heard[-1]
    for _ in range(2):
        desk.again()
    new = desk.wire.facts[len(heard) :]
    assert ids(new) == desk.ids()
    assert new[0].missing_from == FactId(heard[-1].run, heard[-1].nth + 1)
    assert [each.missing_from for each in new[1:]] == [None] * (len(new) - 1)
    assert caplog.text.count("has forgotten facts before they could be sent") == 1
    assert desk.cursor.cursor.missing == f"{new[0].missing_from} to {new[0].id} of {desk.book()}"


def test_what_was_heard_may_be_forgotten_without_a_word(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    desk.sit_some(3)
    desk.tell()
    forget_before(desk.journal, desk.world.shows - timedelta(minutes=30))
    desk.sit_some()
    desk.tell()
    assert not any(each.missing_from for each in desk.wire.facts)
    assert "forgotten" not in caplog.text


# ---- days


def closed(desk: Desk) -> Days:
    return days_of(desk.journal, {}, 900.0, last=desk.world.shows.date() - timedelta(days=1))


class Nights:
    """The days' outbox of a desk, at the desk's own clock."""

    def __init__(self, desk: Desk, draw: float = 0.5, *, is_alone: bool = True) -> None:
        self.desk, self.wire = desk, desk.wire
        self.ahead = timedelta(0)
        """How far the clock is wrong."""
        self.cursor = CursorFile(desk.folder)
        self.outbox = DayOutbox(
            TOPICS,
            desk.journal,
            self.cursor,
            desk.wire.send,
            lambda: 900.0,
            is_alone=is_alone,
            wall=lambda: desk.world.shows + self.ahead,
            draw=lambda: draw,
        )

    def go(self, hours: float) -> list[tuple[float, date]]:
        """Live so long; the hours of the clock at which days were sent."""
        sent = []
        for _ in range(round(hours * 60)):
            self.desk.world.wait(minutes=1)
            for _ in range(3):
                before = len(self.wire.days)
                self.outbox.attend({}, self.desk.world.real_s)
                if self.wire.is_quick:
                    self.wire.acknowledge()
                shows = self.desk.world.shows
                sent += [(round(shows.hour + shows.minute / 60, 2), each.day) for each in self.wire.days[before:]]
        return sent


def test_a_day_goes_in_the_night_after_it_at_a_second_within_an_hour(desk: Desk) -> None:
    nights = Nights(desk)
    nights.outbox.connected()
    desk.sit_some(3)
    monday = desk.world.shows.date()
    assert nights.go(48) == [(4.5, monday)]
    (message,) = nights.wire.days
    (day,) = closed(desk).values()
    figures = day.figures
    assert message == DayMessage(
        monday, desk.book(), 60, 20, figures.bouts, figures.breaks, figures.due, figures.honoured, 0, message.version
    )
    assert nights.cursor.cursor.days == monday
    assert [each.days for each in nights.wire.sent if each.facts is None][-1] == monday


def test_days_without_a_connection_go_together_when_it_is_there_and_again_when_asked_for(desk: Desk) -> None:
    nights = Nights(desk)
    for _ in range(3):
        desk.sit_some()
        nights.go(23)
    assert nights.wire.days == []
    assert nights.outbox.is_due
    nights.outbox.connected()
    days = [*closed(desk)]
    assert [day for _, day in nights.go(1)] == days
    nights.outbox.send_again(SendAgain(desk.book(), None, days[0]))
    assert [day for _, day in nights.go(1)] == days[1:]
    nights.outbox.send_again(SendAgain(desk.book(), None, None, days=False))
    assert nights.go(1) == []


@pytest.mark.parametrize("why", ["put off", "connected late", "asked for"])
def test_before_four_no_day_goes_as_it_may_still_change(desk: Desk, why: str) -> None:
    nights = Nights(desk)
    nights.outbox.connected()
    desk.sit_some()
    first = desk.world.shows.date()
    nights.go(24)
    nights.outbox.lost()
    desk.sit_some()
    tuesday = desk.world.shows.date()
    while desk.world.shows.date() == tuesday:
        nights.go(0.25)
    desk.sit_some()
    if why == "connected late":
        nights.outbox.is_due = True
    nights.outbox.connected()
    if why == "put off":
        nights.outbox.put_off(desk.world.real_s)
    if why == "asked for":
        nights.outbox.send_again(SendAgain(desk.book(), None, None))
    sent = nights.go(6)
    assert tuesday == first + timedelta(days=1)
    assert [hour >= 4 for hour, day in sent if day == tuesday] == [True]


def test_a_clock_that_was_once_ahead_stops_no_day(desk: Desk) -> None:
    ahead, nights = timedelta(days=1500), Nights(desk)
    nights.outbox.connected()
    desk.sit_some()
    nights.ahead = ahead
    nights.go(1)
    nights.ahead = timedelta(0)
    monday = desk.world.shows.date()
    assert [day for _, day in nights.go(30)] == [monday]


@pytest.mark.parametrize("began_ahead", [False, True])
def test_a_cursor_from_a_clock_that_was_once_ahead_stops_no_day(desk: Desk, *, began_ahead: bool) -> None:
    monday, later = desk.world.shows.date(), desk.world.shows.date() + timedelta(days=1500)
    file = CursorFile(desk.folder)
    file.begin(days=later if began_ahead else monday - timedelta(days=1))
    file.cursor = replace(file.cursor, days=later)
    file.keep()
    nights = Nights(desk)
    desk.sit_some()
    nights.outbox.connected()
    assert [day for _, day in nights.go(30)] == [monday]
    assert nights.cursor.cursor.days == monday


def test_a_clock_that_is_behind_where_there_is_no_connection_moves_no_cursor(desk: Desk) -> None:
    nights = Nights(desk)
    nights.outbox.connected()
    desk.sit_some()
    nights.go(24)
    heard = nights.cursor.cursor
    nights = Nights(desk)
    nights.ahead = -timedelta(days=100)
    nights.go(24)
    assert nights.cursor.cursor == heard


def test_a_day_that_wasnt_acknowledged_goes_again(desk: Desk) -> None:
    nights = Nights(desk)
    nights.outbox.connected()
    nights.wire.is_quick = False
    desk.sit_some()
    assert len(nights.go(24)) == 1
    nights.outbox.lost()
    nights.outbox.connected()
    nights.wire.is_quick = True
    assert len(nights.go(1)) == 1
    assert nights.go(5) == []


def test_the_first_time_of_all_no_day_before_yesterday_goes(tmp_path: Path) -> None:
    world = World(tmp_path, SETTINGS)
    for _ in range(4):
        world.sit(minutes=30)
        world.rise(hours=23)
        world.wait(minutes=30)
    world.sit(minutes=1)
    world.stop()
    desk = Desk(tmp_path, world.real_s + 5.0)
    assert len(closed(desk)) > 1
    nights = Nights(desk)
    nights.outbox.connected()
    assert [day for _, day in nights.go(2)] == [desk.world.shows.date() - timedelta(days=1)]
