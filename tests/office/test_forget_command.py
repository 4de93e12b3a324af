"""`unsit office forget`: nothing of the desk is left in the database, nor at the broker."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from device.__main__ import main
from device.mqtt.broker import Broker
from device.mqtt.client import Arrival, Client, Hooks, Manners
from device.mqtt.rounds import one_round
from device.office.clearing import ClearingError, clear
from device.office.office_file import Office
from device.office.store import OfficeStore
from device.topics.names import STATES, Topics
from tests.mosquitto import Mosquitto, free_port
from tests.office.desks import TODAY, a_day, collecting, days_in, office_at
from tests.waiting import WITHIN_S

GONE, STAYS = Topics("unsit", "desk-badcafe0"), Topics("unsit", "desk-00c0ffee")


@pytest.fixture
def mosquitto(tmp_path: Path) -> Iterator[Mosquitto]:
    broker = Mosquitto(tmp_path / "broker").start()
    yield broker
    broker.stop()


@pytest.fixture
def office(tmp_path: Path, mosquitto: Mosquitto) -> Office:
    """An office with a day of two desks."""
    office = office_at(tmp_path, mosquitto, f"sqlite:///{tmp_path}/office.db")
    with collecting(office, mosquitto, office.database_url, [GONE.desk, STAYS.desk]) as both:
        for each in (GONE, STAYS):
            both.desks.send(each.desk, "days", [a_day(TODAY - timedelta(days=1))])
        both.until(lambda: len(days_in(office.database_url)) == 2)
    return office


def kept(mosquitto: Mosquitto, topics: Topics, keep: dict[str, bytes] | None = None) -> dict[str, bytes]:
    """What the broker keeps of a desk; at first it is given more to keep."""
    heard: list[Arrival] = []
    name = f"looks-{time.monotonic_ns()}"
    manners = Manners(hears=[f"{topics.root}/#", name])
    client = Client(Broker("127.0.0.1", mosquitto.port), name, Hooks(message=heard.append), manners)
    client.open()
    try:
        _until(client, lambda: client.is_hearing)
        for topic, payload in (keep or {}).items():
            client.send(topic, payload, retain=True)
        # What is kept comes before what is sent now.
        client.send(name, b"end")
        _until(client, lambda: any(each.topic == name for each in heard) and not client.unacknowledged)
    finally:
        client.close()
    return {each.topic: each.payload for each in heard if each.is_retained}


def _until(client: Client, holds: Callable[[], bool]) -> None:
    ends_at = time.monotonic() + WITHIN_S
    while not holds():
        assert time.monotonic() < ends_at
        one_round([client], time.monotonic() + 0.1)


def all_of(topics: Topics) -> dict[str, bytes]:
    own = (topics.availability, topics.sent, topics.offer)
    return dict.fromkeys((*own, *(topics.state(name) for name in STATES)), b"something")


def test_the_broker_keeps_nothing_of_a_forgotten_desk(
    office: Office, mosquitto: Mosquitto, capsys: pytest.CaptureFixture[str]
) -> None:
    for each in (GONE, STAYS):
        kept(mosquitto, each, all_of(each))
    assert kept(mosquitto, GONE) == all_of(GONE)
    assert main(["office", "forget", GONE.desk, "--yes", "--office", str(office.file)]) == 0
    said = capsys.readouterr().out
    assert "2 rows are deleted here" in said
    assert "The broker keeps nothing of it any more." in said
    assert "It can't delete" in said
    assert "password" not in said, "none was given"
    assert kept(mosquitto, GONE) == {}
    assert kept(mosquitto, STAYS) == all_of(STAYS)
    assert [desk for desk, _ in days_in(office.database_url)] == [STAYS.desk]


def test_what_a_forgotten_desk_sends_later_is_not_stored(office: Office, mosquitto: Mosquitto) -> None:
    assert main(["office", "forget", GONE.desk, "--yes", "--office", str(office.file)]) == 0
    with collecting(office, mosquitto, office.database_url, []) as both:
        for each in (GONE, STAYS):
            both.desks.send(each.desk, "days", [a_day(TODAY - timedelta(days=2))])
        both.until(lambda: (STAYS.desk, TODAY - timedelta(days=2)) in days_in(office.database_url))
    assert GONE.desk not in {desk for desk, _ in days_in(office.database_url)}


def test_without_a_broker_the_rows_are_gone_and_it_says_what_is_left(
    office: Office, mosquitto: Mosquitto, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    mosquitto.stop()
    monkeypatch.setattr("device.office.clearing._WITHIN_S", 0.5)
    assert main(["office", "forget", GONE.desk, "--yes", "--office", str(office.file)]) == 69
    assert f"the broker still has what it keeps of {GONE.desk}: try again later" in capsys.readouterr().err
    assert [desk for desk, _ in days_in(office.database_url)] == [STAYS.desk]


def test_a_broker_that_nobody_reaches_is_named() -> None:
    with pytest.raises(ClearingError, match=r"127\.0\.0\.1"):
        clear(Broker("127.0.0.1", free_port()), GONE, 0.5)


def test_nothing_is_deleted_unless_somebody_means_it(
    office: Office, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = ["office", "forget", GONE.desk, "--office", str(office.file)]
    assert main(asked) == 64
    assert "--yes" in capsys.readouterr().err
    monkeypatch.setattr("device.commands.brokers.office_forget.in_terminal", lambda: True)
    monkeypatch.setattr("builtins.input", lambda _: "y")
    assert main(asked) == 0
    assert "Nothing is deleted." in capsys.readouterr().out
    assert len(days_in(office.database_url)) == 2
    monkeypatch.setattr("builtins.input", lambda _: "yes")
    assert main(asked) == 0
    assert len(days_in(office.database_url)) == 1


def test_whether_its_password_still_holds_is_said_as_it_is(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    forget = ["office", "forget", "d3", "--yes", "--office", str(office.file)]
    assert main(["office", "enrol", "d3", "--team", "Hill", "--office", str(office.file)]) == 0
    assert main(forget) == 0
    said = capsys.readouterr().out
    assert "Of d3, 1 row is deleted here." in said
    assert "The desk's password holds until `unsit office revoke` takes it away." in said
    assert main(["office", "revoke", "d3", "--office", str(office.file)]) == 0
    assert "What is stored" not in capsys.readouterr().out, "nothing is"
    assert main(forget) == 0, "what the broker keeps may be cleared again"
    said = capsys.readouterr().out
    assert "Nothing of d3 is stored here." in said
    assert "password" not in said


def test_an_access_file_that_makes_no_sense_is_one_line(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    (office.folder / "access").mkdir()
    (office.folder / "access/users.json").write_text("{}")
    assert main(["office", "forget", GONE.desk, "--yes", "--office", str(office.file)]) == 74
    assert "users.json: makes no sense" in capsys.readouterr().err
    assert len(days_in(office.database_url)) == 2


def test_a_desk_that_never_was_is_said_and_so_is_a_wrong_name(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["office", "forget", "desk-unknown", "--office", str(office.file)]) == 66
    assert "there is no desk called desk-unknown; `unsit office list` lists them" in capsys.readouterr().err
    assert main(["office", "enrol", "floor-3", "--bridge", "--office", str(office.file)]) == 0
    assert main(["office", "forget", "floor-3", "--office", str(office.file)]) == 66, "it is no desk"
    capsys.readouterr()
    with pytest.raises(SystemExit):
        main(["office", "forget", "a/#", "--yes", "--office", str(office.file)])
    assert "allowed: up to 40 letters" in capsys.readouterr().err
    with closing(OfficeStore(office.database_url)) as store:
        assert len(store.stays()) == 2
