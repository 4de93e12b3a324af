"""The service and the journal: what is said of it is what the setting shares, and no more."""

from __future__ import annotations

import json
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from device.__main__ import main
from device.journal.layout import name_of
from device.journal.place import changes_file
from device.mqtt.broker import Broker
from device.mqtt.journal_talks import add_journal
from device.mqtt.service import BothEnds, MqttService
from device.mqtt.stop import Stop
from device.settings.changes_file import write_changes
from device.settings.settings import JournalSettings, MqttSettings, Screens, Settings
from device.topics.message_form import FactId
from device.topics.sent_message import SendAgain
from tests.mosquitto import Mosquitto
from tests.mqtt.at_the_desk import TOPICS, Witness, does, soon
from tests.rig import HALF_HOURLY, Rig
from tests.waiting import until
from tests.world import World

NOON = datetime.now().replace(hour=12, minute=0, second=0, microsecond=0).astimezone()
YESTERDAY = NOON.date() - timedelta(days=1)


@pytest.fixture
def world(tmp_path: Path) -> World:
    """A device that began yesterday at eight."""
    eight = NOON.replace(tzinfo=None, hour=8) - timedelta(days=1)
    return World(tmp_path, Settings(screens=Screens(safety_s=0)), eight.astimezone())


def live(world: World) -> None:
    world.sit(minutes=20)
    world.rise(minutes=5)


def ids_in(world: World) -> list[FactId]:
    with closing(sqlite3.connect(world.file)) as connection:
        return [FactId(*row) for row in connection.execute("SELECT run, nth FROM fact ORDER BY run, nth")]


def book_of(world: World) -> str:
    with closing(sqlite3.connect(world.file)) as connection:
        return name_of(connection)


def ids(heard: Witness) -> list[str]:
    return [json.loads(each)["id"] for each in heard.payloads(TOPICS.facts)]


@contextmanager
def serving(world: World, mosquitto: Mosquitto, share: str, draw: float = 0.0) -> Iterator[MqttService]:
    """The service in a thread of its own, beside no device that it could hear."""
    settings = replace(
        world.start_of.settings, journal=JournalSettings(file=str(world.file)), mqtt=MqttSettings(share=share)
    )
    broker = Broker("127.0.0.1", mosquitto.port)
    service, stop = MqttService(BothEnds(world.file.with_name("line"), broker, TOPICS, share), soon()), Stop()
    add_journal(service, settings, TOPICS, lambda: draw, lambda: NOON)
    thread = threading.Thread(target=service.run, args=(stop,))
    thread.start()
    try:
        yield service
    finally:
        stop.come()
        thread.join(20)
        assert not thread.is_alive()
        stop.close()


@pytest.mark.parametrize("share", ["live", "facts"])
def test_facts_go_and_go_again_when_asked_for(share: str, world: World, mosquitto: Mosquitto, heard: Witness) -> None:
    with serving(world, mosquitto, share):
        until(lambda: heard.last(TOPICS.sent))
    live(world)
    with serving(world, mosquitto, share) as service:
        numbers = [*map(str, ids_in(world))]
        until(lambda: ids(heard) == numbers)
        until(lambda: service.client.is_hearing)
        order = SendAgain(book_of(world), ids_in(world)[1], None, days=False)
        heard.says(TOPICS.command("resend"), "nonsense")
        heard.says(TOPICS.command("resend"), order.as_bytes().decode())
        until(lambda: ids(heard) == [*numbers, *numbers[2:]])
    said = {each.topic for each in heard.heard}
    assert (TOPICS.availability in said) == (share == "live")
    assert not any(topic.startswith(TOPICS.state("")) for topic in said) or share == "live"


def test_an_order_to_send_again_that_is_not_obeyed_is_refused_in_a_line(
    world: World, mosquitto: Mosquitto, heard: Witness
) -> None:
    resend, book = TOPICS.command("resend"), book_of(world)
    with serving(world, mosquitto, "facts") as service:
        until(lambda: heard.last(TOPICS.sent))
        until(lambda: service.client.is_hearing)
        heard.says(resend, "nonsense")
        heard.waits_for(TOPICS.refused, "resend: it is no JSON")
        heard.says(resend, SendAgain(book, None, None).as_bytes().decode(), retain=True)
        heard.waits_for(TOPICS.refused, "resend: a retained command is never obeyed; send it without")
        heard.says(resend, SendAgain(book, None, None, facts=False, days=False).as_bytes().decode())
        heard.waits_for(TOPICS.refused, "resend: it asks for nothing; allowed: after, days_after or both")
        heard.says(resend, SendAgain("00000000", None, None).as_bytes().decode())
        heard.waits_for(TOPICS.refused, f"resend: there is no journal 00000000; there is {book}")
        heard.says(resend, SendAgain(book, None, None).as_bytes().decode())
        heard.waits_for(TOPICS.refused, "resend: too many commands; allowed: 1 in 10 s")


def test_days_go_with_facts_too(world: World, mosquitto: Mosquitto, heard: Witness) -> None:
    live(world)
    world.wait(hours=24)
    with serving(world, mosquitto, "facts"):
        until(lambda: heard.last(TOPICS.days))
    assert date.fromisoformat(json.loads(heard.last(TOPICS.days) or "")["id"]) == YESTERDAY
    assert ids(heard) == [], "what was there before the first time stays where it is"


def test_with_days_alone_it_comes_says_them_and_goes(world: World, mosquitto: Mosquitto, heard: Witness) -> None:
    live(world)
    world.wait(hours=24)
    with serving(world, mosquitto, "days") as service:
        until(lambda: heard.payloads(TOPICS.sent)[-1:] and json.loads(heard.payloads(TOPICS.sent)[-1])["days"])
        until(lambda: not service.client.is_connected)
    assert {each.topic for each in heard.heard} == {TOPICS.days, TOPICS.sent}


def test_what_was_there_before_the_first_time_is_not_said_to_be_heard(
    world: World, mosquitto: Mosquitto, heard: Witness, capsys: pytest.CaptureFixture[str]
) -> None:
    with serving(world, mosquitto, "facts"):
        until(lambda: heard.last(TOPICS.sent))
    assert main(["mqtt", "--set", f"journal.file={world.file}", "--set", "mqtt.host=broker"]) == 0
    assert f"facts heard: none of journal {book_of(world)}\ndays heard: none\n" in capsys.readouterr().out


def test_with_days_alone_it_says_at_the_start_what_it_waits_for(
    world: World, mosquitto: Mosquitto, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    with serving(world, mosquitto, "days", draw=1.0):
        until(lambda: "only days are shared: it connects to 127.0.0.1" in caplog.text)


def test_a_day_goes_by_what_was_changed_on_the_page(world: World, mosquitto: Mosquitto, heard: Witness) -> None:
    world.sit(minutes=150)
    world.rise(minutes=10)
    world.wait(hours=24)
    changes = changes_file(replace(world.start_of.settings, journal=JournalSettings(file=str(world.file))))
    changed = replace(world.start_of.settings, limits=replace(world.start_of.settings.limits, in_time_s=3600.0))
    write_changes(changes, changed, ["limits.in_time"])
    with serving(world, mosquitto, "days"):
        until(lambda: heard.last(TOPICS.days))
    day = json.loads(heard.last(TOPICS.days) or "")
    assert (day["dues"], day["in_time"]) == (1, 1)


def test_with_days_alone_nobody_sees_a_desk_that_waits_for_its_second(world: World, mosquitto: Mosquitto) -> None:
    with serving(world, mosquitto, "days", draw=1.0):
        live(world)
    assert "unsit-desk-7" not in mosquitto.log.read_text("utf-8")


def test_the_command_sends_on_where_it_was_and_says_how_far_it_was_heard(
    world: World, mosquitto: Mosquitto, heard: Witness, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    sets = (f"journal.file={world.file}", "mqtt.host=127.0.0.1", f"mqtt.port={mosquitto.port}")
    words = [word for each in (*sets, f"mqtt.desk={TOPICS.desk}", "mqtt.share=facts") for word in ("--set", each)]
    assert main(["mqtt", *words]) == 0
    assert "heard: nothing so far" in capsys.readouterr().out
    for _ in range(2):
        before = len(heard.payloads(TOPICS.sent))
        with running(["mqtt", "run", "--line", str(tmp_path / "line"), *words]):
            until(lambda: len(heard.payloads(TOPICS.sent)) > before)  # noqa: B023 - asked at once
            until(lambda: ids(heard) == [*map(str, ids_in(world))])
        live(world)
    assert main(["mqtt", *words]) == 0
    assert f"facts heard: up to {ids(heard)[-1]} of journal {book_of(world)}" in capsys.readouterr().out
    (tmp_path / "mqtt" / "sent.json").write_bytes(b"?")
    assert main(["mqtt", *words]) == 0
    assert "heard: it can't be read: it is no JSON" in capsys.readouterr().out


@pytest.mark.slow
def test_a_fact_comes_within_a_minute_and_a_bit_after_it_was_told(
    tmp_path: Path, mosquitto: Mosquitto, heard: Witness
) -> None:
    journal = tmp_path / "journal.db"
    desk = Rig(tmp_path, replace(HALF_HOURLY, journal=JournalSettings(file=str(journal))))
    words = ["mqtt", "run", "--line", str(desk.line), "--set", f"journal.file={journal}"]
    words += ["--set", "mqtt.host=127.0.0.1", "--set", f"mqtt.port={mosquitto.port}", "--set", "mqtt.desk=desk-7"]
    with desk.desk_alone():
        until(journal.exists)
        with running(words):
            until(lambda: heard.last(TOPICS.sent))
            does(desk, "seat", True)
            for _ in range(4):
                with suppress(AssertionError):
                    until(lambda: heard.last(TOPICS.facts))
            assert json.loads(heard.last(TOPICS.facts) or "{}")["fact"] == "sat"


@contextmanager
def running(words: Sequence[str]) -> Iterator[None]:
    process = subprocess.Popen([sys.executable, "-m", "device", *words], stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
