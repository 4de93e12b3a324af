"""Settings changed by order of the page, on a device as on a Pi: with mock pins, a modelled panel, and a real line."""

from __future__ import annotations

import json
import os
import signal
import socket
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from device.__main__ import main
from device.run.clock import RunningClock
from device.settings.calibration_file import read_calibration
from device.settings.changes_file import before_file, read_changes
from device.settings.settings import SeatSettings, Settings
from device.words.ports import PartError
from hardware import parts, seat_alone
from hardware.check import Ends
from hardware.simulated.desk import SimulatedDesk
from tests.changing import Orderer
from tests.ear import Ear
from tests.waiting import until

AT_ONCE = ["--set", "settle.sit=0s", "--set", "screens.safety=0s"]


class Page(Orderer):
    """The same beside the device's own folder."""

    def __init__(self, ear: Ear, folder: Path, desk: SimulatedDesk) -> None:
        super().__init__(ear)
        self.desk = desk
        self.file = folder / "changes.toml"


def listens(line: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as ear, suppress(OSError):
        ear.connect(str(line))
        return True
    return False


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> SimulatedDesk:
    desk = SimulatedDesk(Settings())
    monkeypatch.setattr(parts, "is_a_pi", lambda: True)
    monkeypatch.setattr(parts, "open_factory", lambda _: desk.factory)
    monkeypatch.setattr(parts, "real_bus", lambda _: desk.i2c)
    return desk


@pytest.fixture
def on_page(desk: SimulatedDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Runs the device while somebody at the page does as told, and stops it then."""
    monkeypatch.setenv("RUNTIME_DIRECTORY", str(tmp_path))
    monkeypatch.setenv("STATE_DIRECTORY", str(tmp_path))

    def run(story: Callable[[Page], None], *more: str) -> None:
        def told() -> None:
            try:
                until(partial(listens, tmp_path / "line"))
                with Ear(tmp_path / "line") as ear:
                    story(Page(ear, tmp_path, desk))
            finally:
                os.kill(os.getpid(), signal.SIGTERM)

        desk.power_up()
        with ThreadPoolExecutor(1) as somebody:
            done = somebody.submit(told)
            code = main(["run", *AT_ONCE, *more])
            done.result()
        assert code == 0

    return run


def test_a_change_is_in_force_at_once_is_kept_and_is_told(on_page: Callable[..., None], tmp_path: Path) -> None:
    def story(page: Page) -> None:
        told = page.told("settings")
        assert (told["values"]["limits.due_after"], told["from"]["limits.due_after"]) == ('"2h"', "preset")
        assert (told["file"], told["trouble"], told["confirm_by"]) == (None, None, None)
        assert page.changes(limits__due_after="90min") == {"kind": "answer", "nth": 1, "fine": True}
        told = page.told("settings", lambda told: told["values"]["limits.due_after"] == '"90min"')
        assert told["from"]["limits.due_after"] == "page"
        assert told["from"]["settle.sit"] == "command"

    on_page(story)
    assert read_changes(tmp_path / "changes.toml") == {"limits.due_after": "90min"}


def test_what_does_not_go_is_refused_and_nothing_is_written(on_page: Callable[..., None]) -> None:
    def story(page: Page) -> None:
        answer = page.changes(limits__due_after="13h")
        assert answer["fine"] is False
        assert answer["why"]["text"] == "{key} = {shown}: {what}; allowed: {says}"
        assert answer["why"]["values"]["what"] == "is out of bounds"
        assert page.changes(stretches__areas_out=["psoas", "hips", "glutes"])["fine"] is False
        nonsenses: list[Any] = [True, {}, {"value": {}}, {"values": []}, {"reset": "all"}, {"reset": [1]}]
        for nonsense in nonsenses:
            assert page.orders("set", nonsense)["fine"] is False
        assert page.orders("keep", 1)["fine"] is False
        assert not page.file.exists()

    on_page(story)


def test_a_change_is_heard_by_the_sitting_that_goes_on(on_page: Callable[..., None]) -> None:
    def story(page: Page) -> None:
        page.desk.act("seat", True)
        sat = page.fact()
        assert sat["fact"] == "sat"
        time.sleep(1.2)
        assert page.changes(limits__due_after="1s", limits__invite_after="1s")["fine"]
        due = page.fact()
        assert due["fact"] == "due"
        assert due["t"] > sat["t"] + 1

    on_page(story)


def test_new_wiring_that_nobody_confirms_goes_back_by_itself_and_the_count_goes_on(
    on_page: Callable[..., None], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("device.changes.changes.CONFIRM_WITHIN_S", 1.0)

    def story(page: Page) -> None:
        page.desk.act("seat", True)
        assert page.fact()["fact"] == "sat"
        assert page.changes(reminders__snoozes=4)["fine"]
        assert page.changes(pins__button=22)["confirm_within_s"] == 1.0
        told = page.told("settings", lambda told: told["confirm_by"] is not None)
        assert told["values"]["pins.button"] == "22"
        assert read_changes(before_file(page.file)) == {"reminders.snoozes": 4}
        assert page.changes(reminders__snoozes=5)["fine"]
        told = page.told("settings", lambda told: told["values"]["pins.button"] == "27")
        assert told["trouble"]["text"] == "nobody said that the new wiring works: the old one is back"
        assert told["values"]["reminders.snoozes"] == "5"
        assert read_changes(page.file) == {"reminders.snoozes": 5}
        assert not before_file(page.file).exists()

    on_page(story)
    told = [json.loads(line)["fact"] for line in capsys.readouterr().out.splitlines()]
    assert told == ["sat"], "the count goes on over both changes of parts"


def test_new_wiring_that_somebody_confirms_stays(on_page: Callable[..., None], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("device.changes.changes.CONFIRM_WITHIN_S", 1.0)

    def story(page: Page) -> None:
        assert page.changes(pins__button=22)["confirm_within_s"] == 1.0
        assert page.orders("keep", True)["fine"]
        page.told("settings", lambda told: told["confirm_by"] is None and told["values"]["pins.button"] == "22")
        time.sleep(1.2)
        assert read_changes(page.file) == {"pins.button": 22}
        assert not before_file(page.file).exists()

    on_page(story)


def test_new_wiring_that_somebody_sees_fail_is_taken_back_at_once(on_page: Callable[..., None]) -> None:
    def story(page: Page) -> None:
        assert page.orders("keep", False)["fine"], "there is nothing to take back yet"
        assert page.changes(pins__button=22)["confirm_within_s"] == 60.0
        assert page.orders("keep", False)["fine"]
        told = page.told("settings", lambda told: told["trouble"] is not None)
        assert told["trouble"]["text"] == "the new wiring is taken back: the old one holds again"
        assert (told["values"]["pins.button"], told["confirm_by"]) == ("27", None)
        assert not before_file(page.file).exists()

    on_page(story)


def test_a_start_after_a_cut_goes_back_to_the_wiring_before(
    on_page: Callable[..., None], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "changes.toml").write_text("[pins]\nbutton = 22\n")
    before_file(tmp_path / "changes.toml").write_text("[limits]\ndue_after = '90min'\n")

    def story(page: Page) -> None:
        told = page.told("settings")
        assert (told["values"]["pins.button"], told["values"]["limits.due_after"]) == ("27", '"90min"')
        assert told["trouble"]["text"] == "nobody said that the new wiring works: the old one is back"

    on_page(story)
    assert "settings: nobody said that the new wiring works: the old one is back" in caplog.messages


def test_new_wiring_with_which_the_parts_cannot_be_opened_goes_back_at_once(
    on_page: Callable[..., None], desk: SimulatedDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(backend: str) -> Any:
        if backend == "lgpio":
            raise PartError("pins: lgpio can't be used: permission denied")
        return desk.factory

    monkeypatch.setattr(parts, "open_factory", refused)

    def story(page: Page) -> None:
        page.desk.act("seat", True)
        assert page.fact()["fact"] == "sat"
        assert page.changes(pins__backend="lgpio")["confirm_within_s"] == 60.0
        told = page.told("settings", lambda told: told["trouble"] is not None)
        assert told["trouble"]["values"]["why"] == "pins: lgpio can't be used: permission denied"
        assert (told["values"]["pins.backend"], told["confirm_by"]) == ('"gpiod"', None)
        assert read_changes(page.file) == {}

    on_page(story)


def test_another_seat_takes_a_start_of_its_own_and_the_line_stays_open(
    on_page: Callable[..., None],
) -> None:
    def story(page: Page) -> None:
        page.desk.act("seat", True)
        assert page.fact()["fact"] == "sat"
        assert page.changes(seat__kind="ads1115")["fine"]
        page.told("settings", lambda told: told["values"]["seat.kind"] == '"ads1115"')
        assert [page.fact()["fact"] for _ in range(2)] == ["resumed", "power_cut"]
        assert page.orders("set", {"reset": ["all"]})["fine"]
        page.told("settings", lambda told: told["values"]["seat.kind"] == '"contact"')

    on_page(story)


def test_systemd_hears_of_one_start_and_one_stop(on_page: Callable[..., None], monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    monkeypatch.setattr("device.run.service.ServiceManager._say", lambda _, state: said.append(state))

    def story(page: Page) -> None:
        assert page.changes(pins__button=22)["fine"]
        page.told("settings", lambda told: told["values"]["pins.button"] == "22")
        assert page.changes(seat__kind="ads1115")["fine"]
        page.told("settings", lambda told: told["values"]["seat.kind"] == '"ads1115"')

    on_page(story)
    assert [each for each in said if each != "WATCHDOG=1"] == ["READY=1", "STOPPING=1"]


# ---- the seat


@pytest.fixture
def on_sensors(monkeypatch: pytest.MonkeyPatch, desk: SimulatedDesk) -> SimulatedDesk:
    """The same with force sensors, on a clock that runs 40 times as fast, so that nobody has to stay for so long."""
    analog = SimulatedDesk(replace(desk.settings, seat=SeatSettings(kind="ads1115")))
    monkeypatch.setattr(parts, "open_factory", lambda _: analog.factory)
    monkeypatch.setattr(parts, "real_bus", lambda _: analog.i2c)
    monkeypatch.setattr(seat_alone, "pi_ends", lambda _: Ends(analog.factory, analog.i2c, list))
    monkeypatch.setattr("device.commands.run.RunningClock", partial(RunningClock, 40.0))
    analog.weigh(0.006)
    return analog


WEIGHS = {"empty": 0.006, "sit": 0.3, "left": 0.21, "right": 0.23, "forward": 0.16, "rise": 0.007}


def asks_for(step: str, told: dict[str, Any]) -> bool:
    return told.get("step") == step and told["until"] is None


def test_the_seat_of_a_real_device_is_calibrated_step_by_step_from_the_page(
    on_page: Callable[..., None], on_sensors: SimulatedDesk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def story(page: Page) -> None:
        assert page.told("standing")["seat"] == "uncalibrated"
        assert page.told("level")["level"] == pytest.approx(0.006, abs=0.001)
        assert page.orders("calibrate", True)["fine"]
        for step, level in WEIGHS.items():
            page.told("calibration", partial(asks_for, step))
            on_sensors.weigh(level)
            assert page.orders("there", step)["fine"]
        assert page.told("calibration", lambda told: "fine" in told)["fine"]
        page.told("settings", lambda told: told["values"]["seat.calibrated"] != '""')
        assert page.told("standing", lambda told: told["seat"] is None)
        assert page.told("level", lambda told: told["thresholds"])["known"][1] > 0.1
        on_sensors.weigh(0.3)
        while page.fact()["fact"] != "sat":
            pass

    on_page(story, "--set", "seat.kind=ads1115")
    found = read_calibration(tmp_path / "seat.toml")
    assert found is not None
    told = [json.loads(line)["fact"] for line in capsys.readouterr().out.splitlines()]
    # To a clock that runs so fast the wall clock seems to step.
    assert [fact for fact in told if fact != "clock_stepped"] == ["resumed", "power_cut", "sat"]


def test_a_calibration_that_is_left_changes_nothing(
    on_page: Callable[..., None], on_sensors: SimulatedDesk, tmp_path: Path
) -> None:
    def story(page: Page) -> None:
        assert page.orders("calibrate", True)["fine"]
        page.told("calibration", lambda told: told["on"])
        assert page.orders("calibrate", False)["fine"]
        assert page.orders("set", {"values": {"reminders.snoozes": 3}})["fine"]
        page.setting("reminders.snoozes", "3")

    on_page(story, "--set", "seat.kind=ads1115")
    assert not (tmp_path / "seat.toml").exists()
    assert on_sensors.picture().getbbox() is None


def test_a_calibration_that_everybody_has_left_ends_by_itself(
    on_page: Callable[..., None], on_sensors: SimulatedDesk
) -> None:
    def story(page: Page) -> None:
        assert page.orders("calibrate", True)["fine"]
        page.told("calibration", lambda told: told["on"])
        assert page.fact()["fact"] == "resumed"

    on_page(story, "--set", "seat.kind=ads1115")
    assert on_sensors.picture().getbbox() is None


def test_a_contact_has_nothing_to_calibrate(on_page: Callable[..., None]) -> None:
    def story(page: Page) -> None:
        refused = page.orders("calibrate", True)
        assert refused["why"]["text"] == "a contact has no levels: there is nothing to calibrate"
        assert not page.orders("calibrate", 1)["fine"]
        assert not page.orders("there", "up")["fine"]
        assert "level" not in page.latest

    on_page(story)
