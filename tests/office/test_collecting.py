"""Collecting on a real broker: nothing is lost, nothing is there twice, and nothing keeps the rest from it."""

from __future__ import annotations

import json
import logging
import random
import signal
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from device.mqtt.broker import Broker
from device.mqtt.client import Client, Hooks, Manners
from device.mqtt.rounds import one_round
from device.office.office_file import Office
from device.office.post import fact_row
from device.office.store import HEARD, OfficeStore
from device.topics.message_form import FactId
from device.topics.sent_message import Sent
from tests.mosquitto import Mosquitto
from tests.office.desks import (
    BOOK,
    KEEPS_ALL,
    TODAY,
    CollectorProcess,
    a_day,
    a_fact,
    chain,
    collecting,
    days_in,
    facts_in,
    office_at,
    rows_in,
)
from tests.postgres import Postgres
from tests.waiting import until

YESTERDAY = TODAY - timedelta(days=1)


@pytest.fixture
def mosquitto(tmp_path: Path) -> Iterator[Mosquitto]:
    broker = Mosquitto(tmp_path / "broker", KEEPS_ALL).start()
    yield broker
    broker.stop()


@pytest.fixture
def office(tmp_path: Path, mosquitto: Mosquitto, url: str) -> Office:
    return office_at(tmp_path, mosquitto, url)


def test_days_and_facts_are_stored_once_however_often_they_come(office: Office, mosquitto: Mosquitto, url: str) -> None:
    with collecting(office, mosquitto, url, ["d1", "d2"]) as both:
        for _ in range(3):
            both.desks.send("d1", "facts", chain(1, 40))
            both.desks.send("d1", "days", [a_day(YESTERDAY)])
            both.desks.send("d2", "facts", chain(1, 2))
        both.until(lambda: both.desks.taken == 129 and len(facts_in(url)) == 42 and len(days_in(url)) == 1)
        both.until(lambda: {row.nth for row in rows_in(url, HEARD)} == {40, 2})
    assert facts_in(url) == [*(("d1", nth) for nth in range(1, 41)), ("d2", 1), ("d2", 2)]
    assert {(row.desk, row.nth) for row in rows_in(url, HEARD)} == {("d1", 40), ("d2", 2)}


def test_who_has_no_password_of_the_office_cannot_take_its_place(
    office: Office, mosquitto: Mosquitto, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "password").write_text("secret\n")
    (tmp_path / "password").chmod(0o600)
    with collecting(office, mosquitto, office.database_url) as both:
        thief = Client(Broker("127.0.0.1", mosquitto.port), "office", Hooks(), Manners())
        thief.open()
        try:
            while not thief.is_connected:
                one_round([thief, both.client])
            both.rounds(0.3)
        finally:
            thief.close()
        assert both.client.is_connected
    assert "the connection is lost" not in caplog.text


def test_what_comes_while_nobody_collects_waits_at_the_broker(office: Office, mosquitto: Mosquitto, url: str) -> None:
    with collecting(office, mosquitto, url) as both:
        both.client.close()
        both.desks.send("d1", "facts", chain(1, 300))
        both.until(lambda: both.desks.taken == 300)
        both.client.open()
        both.until(lambda: len(facts_in(url)) == 300)


def test_a_database_that_is_away_is_waited_for_and_nothing_is_lost(
    tmp_path: Path, mosquitto: Mosquitto, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level(logging.INFO)
    monkeypatch.setattr("device.office.store._PATIENCE_S", 0.05)
    url = f"sqlite:///{tmp_path}/office.db"
    office = office_at(tmp_path, mosquitto, url, "")
    with collecting(office, mosquitto, url) as both, closing(sqlite3.connect(tmp_path / "office.db")) as other:
        both.rounds(0.1)
        other.execute("BEGIN IMMEDIATE")
        both.desks.send("d1", "facts", chain(1, 50))
        both.until(lambda: "nothing can be stored now" in caplog.text)
        both.desks.send("d1", "facts", chain(51, 700))
        for _ in range(3):
            both.later(6.0)
        assert facts_in(url) == []
        # Nothing of it is acknowledged, so that it comes again over the next connection, under other numbers.
        both.until(lambda: both.desks.taken == 700 and len(both.collector._waiting) == 700)
        mosquitto.stop()
        both.until(lambda: not both.client.is_connected)
        assert both.collector._waiting == []
        mosquitto.start()
        both.until(lambda: both.client.is_hearing)
        other.rollback()
        both.later(60.0)
        both.until(lambda: len(facts_in(url)) == 700)
    assert caplog.text.count("nothing can be stored now; it waits at the broker and comes later") == 1
    assert caplog.text.count("storing works again") == 1


def test_while_the_database_is_away_nothing_is_due_before_the_next_try(
    tmp_path: Path, mosquitto: Mosquitto, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("device.office.store._PATIENCE_S", 0.05)
    url = f"sqlite:///{tmp_path}/office.db"
    office = office_at(tmp_path, mosquitto, url)
    with collecting(office, mosquitto, url) as both, closing(sqlite3.connect(tmp_path / "office.db")) as other:
        both.desks.send("d1", "facts", chain(3, 4))
        both.until(lambda: len(facts_in(url)) == 2)
        other.execute("BEGIN IMMEDIATE")
        # By then there is something to tidy up, and to order again.
        now = time.monotonic() + 7 * 3600.0
        for _ in range(3):
            both.collector.attend({}, now)
            assert both.collector.deadline == now + 5.0
            now += 5.0
        other.rollback()
        both.collector.attend({}, now)
        both.until(lambda: orders(both))


def test_a_postgresql_that_is_stopped_is_waited_for_too(
    tmp_path: Path, mosquitto: Mosquitto, postgres: Postgres, postgres_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    url = postgres_url
    caplog.set_level(logging.INFO)
    with collecting(office_at(tmp_path, mosquitto, url), mosquitto, url) as both:
        both.desks.send("d1", "facts", chain(1, 10))
        both.until(lambda: len(facts_in(url)) == 10)
        postgres.stop()
        both.desks.send("d1", "facts", chain(11, 400))
        both.until(lambda: "nothing can be stored now" in caplog.text and both.desks.taken == 400)
        postgres.start()
        both.later(6.0)
        both.until(lambda: len(facts_in(url)) == 400)
    assert caplog.text.count("nothing can be stored now") == 1


def test_what_makes_no_sense_is_put_aside_and_keeps_nothing_from_the_rest(
    office: Office, mosquitto: Mosquitto, url: str, caplog: pytest.LogCaptureFixture
) -> None:
    nonsense = [b"", b"\xff\xfe", b"{", b"[]", b'{"id": 1}', b"[" * 9000, a_fact(2, 1)[:-9], b"x" * 30_000]
    with collecting(office, mosquitto, url) as both:
        both.desks.send("d1", "facts", [*nonsense, *chain(1, 1)])
        both.desks.send("d1", "days", [*nonsense, a_day(TODAY + timedelta(days=30)), a_day(YESTERDAY)])
        both.desks.send("d1", "sent", nonsense)
        both.desks.send("stranger", "facts", chain(1, 5))
        both.desks.send("d1", "facts", chain(2, 2))
        both.until(lambda: len(facts_in(url)) == 2 and len(days_in(url)) == 1)
        both.until(lambda: "put aside" in caplog.text)
        both.client.close()
        both.client.open()
        both.until(lambda: both.client.is_hearing)
        both.rounds(0.3)
        assert both.collector._waiting == [], "the broker keeps none of it"
    assert facts_in(url) == [("d1", 1), ("d1", 2)], "nothing of a desk that isn't enrolled"
    assert days_in(url) == [("d1", YESTERDAY)]
    assert len(caplog.text.splitlines()) <= 2


def test_a_single_message_that_is_put_aside_is_one(
    tmp_path: Path, mosquitto: Mosquitto, caplog: pytest.LogCaptureFixture
) -> None:
    office = office_at(tmp_path, mosquitto, f"sqlite:///{tmp_path}/office.db")
    with collecting(office, mosquitto, office.database_url) as both:
        both.desks.send("d1", "days", [b"{}"])
        both.until(lambda: "put aside" in caplog.text)
    assert "put aside 1 message (1: `id` is missing), the last on" in caplog.text


def test_nothing_from_before_a_desk_joined_is_kept(office: Office, mosquitto: Mosquitto, url: str) -> None:
    with collecting(office, mosquitto, url) as both:
        both.desks.send("d1", "days", [a_day(TODAY - timedelta(days=each)) for each in (9, 8, 7, 6)])
        both.until(lambda: len(days_in(url)) == 2)
        both.rounds(0.3)
    assert days_in(url) == [("d1", TODAY - timedelta(days=7)), ("d1", TODAY - timedelta(days=6))]


# ---- what the broker has lost


def orders(both: object) -> list[dict[str, object]]:
    return [json.loads(each.payload) for each in both.desks.heard if each.topic == "unsit/d1/set/resend"]  # type: ignore[attr-defined]


def test_a_fact_that_never_came_is_ordered_again_and_then_all_is_well(
    office: Office, mosquitto: Mosquitto, url: str
) -> None:
    with collecting(office, mosquitto, url) as both:
        both.desks.send("d1", "facts", [*chain(1, 3), *chain(6, 8)])
        both.until(lambda: len(facts_in(url)) == 6)
        both.later(10.0)
        both.rounds(0.2)
        assert orders(both) == [], "it may be on its way"
        both.later(31.0)
        both.until(lambda: orders(both))
        assert orders(both) == [{"book": BOOK, "after": "1.3"}]
        both.desks.send("d1", "facts", chain(4, 8))
        both.until(lambda: [row.nth for row in rows_in(url, HEARD)] == [8])
        both.later(7200.0)
        both.rounds(0.2)
        assert len(orders(both)) == 1
    assert len(facts_in(url)) == 8


def test_what_a_desk_has_sent_last_must_have_come(office: Office, mosquitto: Mosquitto, url: str) -> None:
    with collecting(office, mosquitto, url) as both:
        both.desks.send("d1", "days", [a_day(YESTERDAY - timedelta(days=1))])
        both.desks.send("d1", "sent", [Sent(BOOK, FactId(2, 9), YESTERDAY).as_bytes()])
        both.until(lambda: both.collector._chains.lacks and len(days_in(url)) == 1)
        both.later(31.0)
        both.until(lambda: orders(both))
        day_before = (YESTERDAY - timedelta(days=1)).isoformat()
        assert orders(both) == [{"book": BOOK, "after": None, "days_after": day_before}]
        both.later(60.0)
        both.rounds(0.2)
        assert len(orders(both)) == 1, "not again so soon"


def test_each_day_that_a_desk_has_sent_must_have_come(office: Office, mosquitto: Mosquitto, url: str) -> None:
    before, first, last = (TODAY - timedelta(days=each) for each in (3, 2, 1))
    with collecting(office, mosquitto, url) as both:
        both.desks.send("d1", "days", [a_day(before)])
        # The broker loses the later day, and the desk begins again at the earlier one.
        both.desks.send("d1", "sent", [Sent(BOOK, None, last).as_bytes()])
        both.desks.send("d1", "days", [a_day(first)])
        both.desks.send("d1", "sent", [Sent(BOOK, None, first).as_bytes(), Sent(BOOK, None, before).as_bytes()])
        both.until(lambda: len(days_in(url)) == 2 and both.desks.taken == 5)
        both.later(31.0)
        both.until(lambda: orders(both))
        assert orders(both) == [{"book": BOOK, "days_after": first.isoformat()}]
        both.desks.send("d1", "days", [a_day(last)])
        both.until(lambda: len(days_in(url)) == 3)
        both.later(7200.0)
        assert both.collector._chains.lacks == {}


def test_a_later_day_that_is_there_hides_no_earlier_one(office: Office, mosquitto: Mosquitto, url: str) -> None:
    before, first, last = (TODAY - timedelta(days=each) for each in (3, 2, 1))
    with collecting(office, mosquitto, url) as both:
        both.desks.send("d1", "days", [a_day(before)])
        both.desks.send("d1", "sent", [Sent(BOOK, None, first).as_bytes()])
        both.desks.send("d1", "days", [a_day(last)])
        both.desks.send("d1", "sent", [Sent(BOOK, None, last).as_bytes()])
        both.until(lambda: len(days_in(url)) == 2 and both.desks.taken == 4)
        both.later(31.0)
        both.until(lambda: orders(both))
        assert orders(both) == [{"book": BOOK, "days_after": before.isoformat()}]
        # The desk may have forgotten it: it isn't ordered for ever.
        for turn in range(400):
            both.later(31.0 + 3600.0 * (turn + 1))
        assert both.collector._chains.lacks == {}


def test_two_journals_of_a_desk_are_both_ordered_and_the_old_one_no_more(
    office: Office, mosquitto: Mosquitto, url: str
) -> None:
    new = "00c0ffee"
    with collecting(office, mosquitto, url) as both:
        both.desks.send("d1", "facts", [a_fact(5, 4), a_fact(7, 6, book=new)])
        both.until(lambda: len(facts_in(url)) == 2)
        both.later(31.0)
        both.until(lambda: len(orders(both)) == 2)
        assert orders(both) == [{"book": BOOK, "after": None}, {"book": new, "after": None}]
        both.desks.send("d1", "sent", [Sent(new, FactId(1, 7), None).as_bytes()])
        both.until(lambda: both.desks.taken == 3 and len(both.collector._chains.lacks) == 1)
        assert list(both.collector._chains.lacks) == [("d1", new)]


def test_a_fact_that_is_put_aside_breaks_no_chain(
    office: Office, mosquitto: Mosquitto, url: str, caplog: pytest.LogCaptureFixture
) -> None:
    too_long = a_fact(3, 2).replace(b'"sat"', b'"%s"' % (b"s" * 65))
    no_time = a_fact(4, 3).replace(b'"t":1.0', b'"t":"noon"')
    with collecting(office, mosquitto, url) as both:
        both.desks.send("d1", "facts", [*chain(1, 2), too_long, no_time, *chain(5, 6)])
        both.desks.send("stranger", "facts", [no_time])
        both.until(lambda: [row.nth for row in rows_in(url, HEARD)] == [6])
        both.until(lambda: "put aside 3 messages" in caplog.text)
        both.later(7200.0)
        both.rounds(0.2)
        assert orders(both) == []
    assert [nth for _, nth in facts_in(url)] == [1, 2, 5, 6]


def test_a_fact_that_the_database_refuses_breaks_no_chain(
    office: Office, mosquitto: Mosquitto, url: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    refused = {3: {"fact": None}}
    monkeypatch.setattr(
        "device.office.collecting.fact_row",
        lambda desk, says, today: fact_row(desk, says, today) | refused.get(says.id.nth, {}),
    )
    with collecting(office, mosquitto, url) as both:
        both.desks.send("d1", "facts", chain(1, 5))
        both.until(lambda: [row.nth for row in rows_in(url, HEARD)] == [5])
        both.until(lambda: "put aside 1 message" in caplog.text)
    assert [nth for _, nth in facts_in(url)] == [1, 2, 4, 5]


def test_what_the_desk_has_forgotten_itself_is_ordered_no_more_than_once(
    office: Office, mosquitto: Mosquitto, url: str
) -> None:
    with collecting(office, mosquitto, url) as both:
        both.desks.send("d1", "facts", [*chain(1, 3), a_fact(9, 3, missing_from=4)])
        both.until(lambda: len(facts_in(url)) == 4)
        both.later(31.0)
        both.rounds(0.2)
        assert orders(both) == [], "nothing that was sent is missing"
        both.desks.send("d1", "facts", [a_fact(20, 15, missing_from=16)])
        both.until(lambda: len(facts_in(url)) == 5)
        both.later(31.0)
        both.until(lambda: orders(both))
        assert orders(both) == [{"book": BOOK, "after": "1.9"}], "15 was sent, and may still be there"
        both.desks.send("d1", "facts", [a_fact(20, 9, missing_from=10)])
        both.until(lambda: [row.nth for row in rows_in(url, HEARD)] == [20])
        both.later(7200.0)
        both.rounds(0.2)
        assert len(orders(both)) == 1


def test_of_two_collectors_one_orders(office: Office, mosquitto: Mosquitto, url: str) -> None:
    with collecting(office, mosquitto, url) as both, closing(OfficeStore(url)) as store:
        both.desks.send("d1", "facts", chain(5, 6))
        both.until(lambda: len(facts_in(url)) == 2)
        other = type(both)(office, mosquitto, store).collector
        other.client = both.client
        other._chains.lacks.update({("d1", BOOK): next(iter(both.collector._chains.lacks.values()))})
        both.later(31.0)
        other._chains.lacks[("d1", BOOK)].looks_at = 0.0
        other.attend({}, 1.0)
        both.until(lambda: orders(both))
        both.rounds(0.2)
        assert len(orders(both)) == 1


# ---- as processes


def test_a_collector_that_is_killed_again_and_again_loses_nothing(
    tmp_path: Path, mosquitto: Mosquitto, office: Office, url: str
) -> None:
    log, drawn = tmp_path / "log", random.Random(22)
    with collecting(office, mosquitto, url) as both:
        both.client.close()
        for turn in range(3):
            process = CollectorProcess(office, log)
            both.desks.send("d1", "facts", chain(turn * 200 + 1, turn * 200 + 200))
            least = turn * 200 + drawn.randrange(150)
            both.until(lambda least=least: len(facts_in(url)) > least)  # type: ignore[misc]
            process.end(signal.SIGKILL)
        before, process = log.read_text().count("collecting from"), CollectorProcess(office, log)
        both.until(lambda: log.read_text().count("collecting from") > before)
        both.until(lambda: [row.nth for row in rows_in(url, HEARD)] == [600])
        assert process.end() == 0
    assert facts_in(url) == [("d1", nth) for nth in range(1, 601)]
    assert [row.nth for row in rows_in(url, HEARD)] == [600]


def test_two_collectors_share_a_database(tmp_path: Path, mosquitto: Mosquitto, url: str) -> None:
    offices = []
    for name in ("office", "office-b"):
        (tmp_path / name).mkdir()
        offices.append(office_at(tmp_path / name, mosquitto, url, f'user = "{name}"\n'))
    with collecting(offices[0], mosquitto, url) as both:
        both.client.close()
        processes = [CollectorProcess(each, tmp_path / "log") for each in offices]
        until(lambda: (tmp_path / "log").read_text().count("collecting from 127.0.0.1") == 2)
        both.desks.send("d1", "facts", chain(1, 600))
        both.until(lambda: len(facts_in(url)) > 100)
        processes[0].end(signal.SIGKILL)
        both.until(lambda: len(facts_in(url)) == 600)
        assert processes[1].end() == 0
    assert "nothing can be stored" not in (tmp_path / "log").read_text()


def test_it_ends_when_it_is_told_to_and_stores_what_it_has(
    tmp_path: Path, mosquitto: Mosquitto, office: Office, url: str
) -> None:
    with collecting(office, mosquitto, url) as both:
        both.client.close()
        process = CollectorProcess(office, tmp_path / "log")
        until(lambda: "collecting from" in (tmp_path / "log").read_text())
        both.desks.send("d1", "facts", chain(1, 5))
        both.until(lambda: both.desks.taken == 5)
        assert process.end() == 0
    assert "Traceback" not in (tmp_path / "log").read_text()


def test_without_a_broker_it_says_so_once_and_waits(tmp_path: Path, mosquitto: Mosquitto) -> None:
    office = office_at(tmp_path, mosquitto, f"sqlite:///{tmp_path}/office.db")
    mosquitto.stop()
    process = CollectorProcess(office, tmp_path / "log")
    until(lambda: "broker.port: nobody listens at 127.0.0.1" in (tmp_path / "log").read_text())
    mosquitto.start()
    until(lambda: "collecting from 127.0.0.1" in (tmp_path / "log").read_text())
    assert process.end() == 0


@pytest.mark.parametrize("names_one", [False, True])
def test_a_password_that_is_missing_is_said_and_not_called_wrong(tmp_path: Path, names_one: bool) -> None:
    closed = Mosquitto(tmp_path / "closed", ["allow_anonymous false"]).start()
    try:
        file = tmp_path / "secret"
        office = office_at(tmp_path, closed, f"sqlite:///{tmp_path}/office.db", f'password = "{file}"\n' * names_one)
        process = CollectorProcess(office, tmp_path / "log")
        missing = file if names_one else tmp_path / "password"
        until(lambda: str(missing) in (tmp_path / "log").read_text())
        process.end()
    finally:
        closed.stop()
    said = (tmp_path / "log").read_text()
    if not names_one:
        assert f"it wants a password, and there is no {missing}: `unsit office enrol` makes it" in said
    assert "refuses" not in said
    assert len(said.splitlines()) == 1
