"""`unsit office offer` on a real broker: who hears it, when, and what is refused."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest

from device.__main__ import main
from device.mqtt.broker import Broker
from device.mqtt.client import Arrival, Client, Hooks, Manners
from device.mqtt.rounds import one_round
from device.office.office_file import load_office
from device.office.store import OfficeStore
from tests.mosquitto import Mosquitto
from tests.waiting import WITHIN_S

TODAY = date.today()
DOCS = (Path(__file__).parents[2] / "docs/office.md").read_text("utf-8")


class Desk:
    """A desk with a session that the broker keeps while it is off."""

    def __init__(self, mosquitto: Mosquitto, name: str) -> None:
        self.heard: list[Arrival] = []
        manners = Manners(hears=[f"unsit/{name}/offer"], keeps_s=3600)
        self.client = Client(Broker("127.0.0.1", mosquitto.port), name, Hooks(message=self.heard.append), manners)

    def visit(self, count: int = 0) -> list[Arrival]:
        """Connect until it has heard so many messages, or only until the broker knows what it wants to hear."""
        self.client.open()
        ends_at = time.monotonic() + WITHIN_S
        while not self.client.is_hearing or len(self.heard) < count:
            assert time.monotonic() < ends_at
            one_round([self.client], ends_at)
        self.client.close()
        return self.heard


@pytest.fixture
def mosquitto(tmp_path: Path) -> Iterator[Mosquitto]:
    broker = Mosquitto(tmp_path / "broker").start()
    yield broker
    broker.stop()


@pytest.fixture
def office(mosquitto: Mosquitto, tmp_path: Path) -> Path:
    """An office of five desks in two teams, one of which has left."""
    file = tmp_path / "office.toml"
    file.write_text(f'name = "ACME"\n[broker]\nhost = "127.0.0.1"\nport = {mosquitto.port}\ntls = "no"\n', "utf-8")
    with closing(OfficeStore(load_office(file).database_url)) as store:
        store.lay_out()
        for desk, team in (("a", "north"), ("b", "north"), ("c", "south"), ("d", "south"), ("e", "south")):
            store.enrol(desk, team, TODAY)
        store.leave("e", TODAY)
    return file


def test_the_desks_of_a_team_hear_it_even_one_that_is_off_and_no_other_does(
    mosquitto: Mosquitto, office: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    desks = {name: Desk(mosquitto, name) for name in "ac"}
    for desk in desks.values():
        desk.visit()
    till = TODAY + timedelta(days=9)
    assert main(["office", "offer", "hourly", "--team", "north", "--till", str(till), "--office", str(office)]) == 0
    told = capsys.readouterr().out
    assert told.startswith(f"Suggested to 2 desks, till {till}: hourly, from ACME.\n")
    assert "stays at the desk" in told
    (heard,) = desks["a"].visit(1)
    says = {"id": f"hourly-{TODAY:%Y%m%d}", "preset": "hourly", "from": "ACME", "till": str(till)}
    assert (heard.topic, heard.is_retained, json.loads(heard.payload)) == ("unsit/a/offer", False, says)
    assert desks["c"].visit() == []
    assert main(["office", "offer", "half-hourly", "--office", str(office)]) == 0
    assert f"Suggested to 4 desks, till {TODAY + timedelta(weeks=4)}" in capsys.readouterr().out
    assert json.loads(desks["c"].visit(1)[0].payload)["preset"] == "half-hourly"


@pytest.mark.parametrize(
    ("more", "code", "says"),
    [
        (["--team", "west"], 64, "--team: there is no west; there are north, south"),
        (["--till", "2020-01-01"], 64, "--till 2020-01-01: allowed are"),
        (["--from", "thirteen long"], 64, "the panel has room for 12 letters of Latin alphabets; say --from NAME"),
        (["--from", "\u4f1a\u793e"], 64, "the panel has room for 12 letters"),
    ],
)
def test_what_makes_no_sense_is_refused_before_anything_is_sent(
    office: Path, capsys: pytest.CaptureFixture[str], more: list[str], code: int, says: str
) -> None:
    assert main(["office", "offer", "hourly", *more, "--office", str(office)]) == code
    assert says in capsys.readouterr().err


def test_a_name_that_is_too_long_for_the_panel_is_asked_for(office: Path, capsys: pytest.CaptureFixture[str]) -> None:
    office.write_text(office.read_text("utf-8").replace("ACME", "ACME Holdings International"), "utf-8")
    assert main(["office", "offer", "hourly", "--office", str(office)]) == 64
    assert "'ACME Holdings International' doesn't fit" in capsys.readouterr().err


def test_the_example_of_the_docs_works_as_it_is_written(
    mosquitto: Mosquitto, office: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (told,) = re.findall(r"```toml\n(.*?)```", DOCS, re.DOTALL)
    told = told.replace('"floor.example"', f'"127.0.0.1"\nport = {mosquitto.port}\ntls = "no"')
    office.write_text(told, "utf-8")
    examples = re.findall(r"^sudo unsit (office offer .*)$", DOCS, re.MULTILINE)
    assert examples
    for example in examples:
        # That day will be over.
        words = re.sub(r"--till \S+", f"--till {TODAY + timedelta(days=30)}", example).split()
        with closing(OfficeStore(load_office(office).database_url)) as store:
            store.enrol("a", words[words.index("--team") + 1], TODAY)
        assert main([*words, "--office", str(office)]) == 0
        assert "Suggested to 1 desk," in capsys.readouterr().out


def test_a_broker_that_is_away_is_named(mosquitto: Mosquitto, office: Path, capsys: pytest.CaptureFixture[str]) -> None:
    mosquitto.stop()
    assert main(["office", "offer", "hourly", "--office", str(office)]) == 69
    told = capsys.readouterr().err
    assert "4 of 4 desks weren't reached" in told
    assert str(mosquitto.port) in told
    with closing(OfficeStore(load_office(office).database_url)) as store:
        for desk in "bcd":
            store.leave(desk, TODAY)
    assert main(["office", "offer", "hourly", "--office", str(office)]) == 69
    assert "1 of 1 desk wasn't reached" in capsys.readouterr().err
    mosquitto.start()


def test_an_office_without_desks_says_so(office: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with closing(OfficeStore(load_office(office).database_url)) as store:
        for desk in "abcd":
            store.leave(desk, TODAY)
    assert main(["office", "offer", "hourly", "--office", str(office)]) == 69
    assert "no desk is enrolled" in capsys.readouterr().err


def test_a_date_that_is_none_is_said(office: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["office", "offer", "hourly", "--till", "soon", "--office", str(office)])
    assert "soon is no date; write it as 2027-01-07" in capsys.readouterr().err
