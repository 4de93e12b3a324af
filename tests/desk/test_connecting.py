"""Connecting a phone at the virtual desk: from the hold on the button to the list of phones, with the whole device."""

from __future__ import annotations

import http.client
import json
import logging
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from device.history.day_file import read_day
from device.phones.phones import Phones, hash_of
from device.settings.settings import PageSettings
from device.words.effects import Connect
from tests.ear import Ear
from tests.rig import HALF_HOURLY, Rig
from tests.waiting import WITHIN_S, until


class Desk:
    """A desk in a house, and somebody on its line."""

    def __init__(self, folder: Path, page: Ear, rig: Rig) -> None:
        self.folder, self.page, self.rig = folder, page, rig
        self.phones = Phones(folder / "phones.json")
        self.heard: list[dict[str, Any]] = []

    @property
    def card(self) -> Connect | None:
        """The card that the panel shows, if it has a code."""
        device = self.rig.live._device
        shown = device and device._coach._shown
        return shown if isinstance(shown, Connect) and shown.code else None

    def connects(self) -> Connect:
        """A press for today's card, a hold for the code."""
        if self.card is None:
            self.pushes(("button", True), ("button", False))
            self.hears("standing", lambda told: told["mode"].startswith("today"))
            self.pushes(("button", True))
        until(lambda: self.card is not None)
        card = self.card
        assert card is not None
        self.pushes(("button", False))
        self.lets_pass(0.1)
        return card

    def lets_pass(self, seconds: float) -> None:
        """Time at the desk."""
        ends_at = self.rig.live.clock.now() + seconds
        until(lambda: self.rig.live.clock.now() > ends_at)

    def pushes(self, *deeds: tuple[str, Any]) -> None:
        """The button, at the desk."""
        self.page.does(*deeds)

    def hears(self, kind: str, holds: Any = lambda _: True) -> dict[str, Any]:
        """The next message of that kind that is so; all that comes before is kept."""
        while True:
            self.heard.append(self.page.hears())
            if self.heard[-1]["kind"] == kind and holds(self.heard[-1]):
                return self.heard[-1]

    def orders(self, do: str, to: Any) -> dict[str, Any]:
        """The answer."""
        self.page.says(json.dumps({"kind": "order", "nth": len(self.heard), "do": do, "to": to}) + "\n")
        return self.hears("answer")

    def pairs(self, code: str, token: str) -> dict[str, Any]:
        """Somebody types the code."""
        return self.orders("pair", {"code": code, "hash": hash_of(token), "name": "Ada", "from": "192.168.1.7"})


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    rig = Rig(tmp_path, replace(HALF_HOURLY, page=PageSettings(port=0, reach="house")))
    with rig.desk_alone(), Ear(rig.line) as page:
        page.hears("standing")
        page.does(("seat", True), ("speed", 60))
        desk = Desk(tmp_path, page, rig)
        # The first card comes by itself.
        until(lambda: desk.card is not None)
        page.does(("speed", 1))
        yield desk


def test_a_phone_is_connected_by_the_code_on_the_panel_and_the_code_is_nowhere_else(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    card = desk.connects()
    assert card.address == f"{socket.gethostname().partition('.')[0]}.local:{desk.rig.settings.page.port}"
    assert desk.rig.settings.page.port != 0
    desk.hears("pairing", lambda told: told["open"])
    assert desk.pairs("AAAAAA", "thief")["fine"] is False
    assert desk.phones.all() == ()
    answer = desk.pairs(card.code, "ada's token")
    assert answer["fine"]
    assert desk.phones.known("ada's token")
    desk.hears("pairing", lambda told: not told["open"])
    until(lambda: desk.card is None)
    desk.page.does(("speed", 600))
    desk.lets_pass(130.0)  # by then all is in the journal
    said = json.dumps([each for each in desk.heard if each["kind"] != "panel"])
    written = b"".join(file.read_bytes() for file in desk.folder.iterdir() if file.is_file())
    assert (desk.folder / "journal.db").exists()
    assert card.code not in said + caplog.text
    assert card.code.encode() not in written


def test_a_hold_on_the_card_forgets_all_phones(desk: Desk) -> None:
    assert desk.pairs(desk.connects().code, "ada's token")["fine"]
    until(lambda: desk.card is None)
    desk.connects()
    desk.pushes(("button", True))
    until(lambda: desk.phones.all() == ())
    assert desk.phones.known("ada's token") is None
    desk.pushes(("button", False))
    until(lambda: desk.card is None)


def test_after_a_power_cut_the_code_counts_no_more(desk: Desk) -> None:
    code = desk.connects().code
    desk.page.does(("power", False), ("power", True))
    desk.hears("desk", lambda told: not told["power"])
    desk.hears("pairing", lambda told: not told["open"])
    assert desk.pairs(code, "ada's token")["fine"] is False


def test_a_recorded_day_neither_pairs_a_phone_nor_forgets_one(tmp_path: Path) -> None:
    day = tmp_path / "day.csv"
    day.write_text("t,input,value\n0,seat,taken\n60,button,down\n63,button,up\n1000,end,\n")
    rig = Rig(tmp_path, replace(HALF_HOURLY, page=PageSettings(reach="house")), day=read_day(day))
    with rig.desk_alone(), Ear(rig.line) as page:
        desk = Desk(tmp_path, page, rig)
        desk.hears("standing")
        for do, to in (("pair", {}), ("forget", {"all": True})):
            assert desk.orders(do, to)["why"]["text"] == "this device takes no order {what}"


def test_whoever_starts_the_desk_is_told_an_address_that_lets_them_in_once(tmp_path: Path) -> None:
    options = ("--hardware", "simulated", "--set", "page.reach=house", "--set", "page.port=0")
    words, env = [sys.executable, "-m", "device", "run", *options], os.environ | {"PYTHONPATH": os.getcwd()}
    with subprocess.Popen(words, cwd=tmp_path, env=env, stderr=subprocess.PIPE, text=True) as desk:
        assert desk.stderr is not None
        try:
            told = [next(desk.stderr), next(desk.stderr)]
            assert "a phone opens http://" in told[0]
            assert "the desk is at" in told[1]
            address = told[1].split()[-1]
            assert leads_to(address) == ("/welcome", True)
            assert leads_to(address) == ("/pair#wrong", False)
        finally:
            desk.terminate()


def leads_to(address: str) -> tuple[str | None, bool]:
    """Where the page leads a browser that opens this address, and whether it gets a cookie."""
    parts = urlsplit(address)
    page = http.client.HTTPConnection(parts.netloc, timeout=WITHIN_S)
    browser = {"accept": "text/html", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}
    try:
        page.request("GET", parts.path, headers=browser)
        answer = page.getresponse()
        return answer.getheader("location"), answer.getheader("set-cookie") is not None
    finally:
        page.close()
