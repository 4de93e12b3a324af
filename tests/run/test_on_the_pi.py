"""`unsit run` as on a Pi: the same command and parts, with mock pins and the modelled panel where the Pi's would be."""

from __future__ import annotations

import json
import logging
import os
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from device.__main__ import main
from device.phones.phones import Phones, hash_of
from device.settings.settings import Settings
from device.words.ports import PartError
from hardware import parts
from hardware.simulated.desk import SimulatedDesk
from tests.ear import Ear
from tests.waiting import until

SITS_AT_ONCE = ["--set", "settle.sit=0s", "--set", "screens.safety=0s"]
"""Whoever is on the chair is believed, and nothing is on the panel before that."""


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> SimulatedDesk:
    desk = SimulatedDesk(Settings())
    monkeypatch.setattr(parts, "is_a_pi", lambda: True)
    monkeypatch.setattr(parts, "open_factory", lambda _: desk.factory)
    monkeypatch.setattr(parts, "real_bus", lambda _: desk.i2c)
    return desk


def lit(desk: SimulatedDesk) -> bool:
    return desk.picture().getbbox() is not None


@contextmanager
def stopped_once_seated(desk: SimulatedDesk) -> Iterator[None]:
    """While this process is the device: sit down, and have systemd stop it as soon as the panel says so."""

    def is_told() -> bool:
        # A mock pin forgets what is put on it before the device takes it.
        desk.act("seat", True)
        return lit(desk)

    def stop() -> None:
        try:
            until(is_told)
        finally:
            os.kill(os.getpid(), signal.SIGTERM)

    with ThreadPoolExecutor(1) as systemd:
        stopping = systemd.submit(stop)
        yield
        stopping.result()


def test_on_a_pi_run_takes_its_parts_and_leaves_them_dark_and_silent(
    desk: SimulatedDesk, capsys: pytest.CaptureFixture[str]
) -> None:
    desk.power_up()
    with stopped_once_seated(desk):
        assert main(["run", *SITS_AT_ONCE]) == 0
    assert not lit(desk)
    assert desk.sounding_hz is None
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert all(fact["fact"] != "panel_lost" for fact in told)


def test_the_service_keeps_its_facts_where_systemd_says_and_history_adds_them_up(
    desk: SimulatedDesk, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("STATE_DIRECTORY", str(tmp_path))
    desk.power_up()
    began = time.monotonic()
    with stopped_once_seated(desk):
        assert main(["run", *SITS_AT_ONCE]) == 0
    lasted_s = time.monotonic() - began
    capsys.readouterr()
    assert main(["history", "--json"]) == 0
    days = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert sum(day["bouts"] for day in days) in {1, 2}, "or midnight has just been"
    assert 0 < sum(day["seated_s"] for day in days) < lasted_s
    assert main(["history", "--set", f"journal.file={tmp_path / 'journal.db'}"]) == 0
    assert "seated" in capsys.readouterr().out


def test_it_says_which_settings_are_in_force_and_that_nobody_has_told_the_time(
    desk: SimulatedDesk, tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level(logging.INFO)
    monkeypatch.setattr("device.run.clock.told_by", lambda: None)
    file = tmp_path / "unsit.toml"
    file.write_text("[limits]\npreset = 'hourly'\n")
    desk.power_up()
    with stopped_once_seated(desk):
        assert main(["run", "--config", str(file), *SITS_AT_ONCE]) == 0
    assert f"settings: from {file}" in caplog.messages
    assert any(line.startswith("the time isn't known yet") for line in caplog.messages)


def test_the_page_of_a_real_device_may_mute_it_and_make_it_sound_again(
    desk: SimulatedDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RUNTIME_DIRECTORY", str(tmp_path))

    def order() -> list[str]:
        try:
            until((tmp_path / "line").exists)
            with Ear(tmp_path / "line") as page:
                page.says('{"kind": "order", "nth": 1, "do": "mute", "to": {"for_s": 60}}\n')
                page.says('{"kind": "order", "nth": 2, "do": "sound", "to": true}\n')
                return [page.hears("fact")["fact"] for _ in range(2)]
        finally:
            os.kill(os.getpid(), signal.SIGTERM)

    desk.power_up()
    with ThreadPoolExecutor(1) as somebody:
        told = somebody.submit(order)
        assert main(["run", *SITS_AT_ONCE]) == 0
        assert told.result() == ["muted", "unmuted"]


def test_a_phone_is_paired_with_a_real_device_and_kept_where_systemd_says(
    desk: SimulatedDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, folder in (("RUNTIME_DIRECTORY", tmp_path), ("STATE_DIRECTORY", tmp_path / "state")):
        monkeypatch.setenv(name, str(folder))
        folder.mkdir(exist_ok=True)
    monkeypatch.setattr("device.phones.pairing.secrets.choice", lambda letters: letters[0])

    def pair() -> bool:
        try:
            until((tmp_path / "line").exists)
            with Ear(tmp_path / "line") as page:
                # The card comes by itself to whoever sits there first.
                while not page.hears("pairing")["open"]:
                    continue
                page.says(
                    '{"kind": "order", "nth": 1, "do": "pair", "to": {"code": "AAAAAA", "name": "Ada", '
                    f'"hash": "{hash_of("hers")}", "from": "192.168.1.7"}}}}\n'
                )
                return bool(page.hears("answer")["fine"])
        finally:
            os.kill(os.getpid(), signal.SIGTERM)

    def sit() -> bool:
        # A mock pin forgets what is put on it before the device takes it.
        desk.act("seat", True)
        return paired.done()

    desk.power_up()
    with ThreadPoolExecutor(2) as somebody:
        paired = somebody.submit(pair)
        sits = somebody.submit(until, sit)
        assert main(["run", *SITS_AT_ONCE, "--set", "page.reach=house"]) == 0
        assert paired.result()
        sits.result()
    phone = Phones(tmp_path / "state/phones.json").known("hers")
    assert phone is not None
    assert phone.name == "Ada"


def test_a_settings_error_is_shown_on_the_panel_and_stays_there(desk: SimulatedDesk, tmp_path: Path) -> None:
    file = tmp_path / "unsit.toml"
    file.write_text("[limits]\nduee_after = 3\n")
    assert main(["run", "--config", str(file)]) == 78
    assert lit(desk)


def test_a_back_end_that_is_refused_is_shown_on_the_panel_too(
    desk: SimulatedDesk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refused(_: str) -> None:
        raise PartError("pins: lgpio can't be used: permission denied")

    monkeypatch.setattr(parts, "open_factory", refused)
    assert main(["run"]) == 78
    assert lit(desk)
    assert capsys.readouterr().err.splitlines()[-1] == "unsit: pins: lgpio can't be used: permission denied"


def test_a_day_is_played_at_the_simulated_desk_only(desk: SimulatedDesk, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "--speed", "60"]) == 64
    assert "--hardware simulated" in capsys.readouterr().err
    assert not lit(desk)
