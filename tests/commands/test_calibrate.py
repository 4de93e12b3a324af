"""`unsit calibrate` and `unsit seat`, with somebody at the simulated desk who does as asked, or doesn't."""

from __future__ import annotations

import argparse
import math
import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest

from device.commands import calibrate
from device.commands import run as run_command
from device.commands.asking import CommandError, as_calibrated, settings_of
from device.run.loop import EventQueue
from device.settings.calibration_file import Calibration, read_calibration, write_calibration
from device.settings.settings import Screens, SeatSettings, Settings
from device.settings.settings_file import load_settings
from device.stages.calibration import STEPS, Unfit
from device.words.levels import SeatLevels, Thresholds, seat_levels
from device.words.ports import PartError
from hardware import seat_alone
from hardware.check import Ends
from hardware.seat_alone import SeatAlone
from hardware.simulated.desk import SimulatedDesk
from tests.commands.test_command_line import complaint, unsit

KINDS = pytest.mark.parametrize("kind", ["ads1115", "mcp3008"])
FOUND = Calibration(SeatLevels(0.006, 0.3, Thresholds(0.08, 0.05)), 0.02, 0.12)
LEVELS = {"empty": 0.006, "sit": 0.3, "left": 0.2, "right": 0.22, "forward": 0.15, "rise": 0.008}


class Hand:
    """The clock, and the person at it: each look takes a tenth of a second, and every second one is a press."""

    def __init__(self) -> None:
        self.at = 0.0
        self.said: list[str] = []
        self.on_wait: Callable[[], None] = lambda: None

    def now(self) -> float:
        return round(self.at, 3)

    def wait_s(self, until: float) -> float:
        return 0.0 * until

    def __enter__(self) -> Hand:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def say(self, line: str) -> None:
        self.said.append(line)

    def wait(self, level: float, says: str) -> bool:
        assert says or math.isnan(level) or level >= 0
        self.on_wait()
        self.at += 0.1
        return says == "press Enter" and round(self.at * 10) % 2 == 0


def guided(
    kind: str, levels: Mapping[str, float], language: str = "en", *, fails: Sequence[float] = ()
) -> tuple[Calibration | Unfit, dict[str, bytes], list[str]]:
    """A calibration with a person who reads those levels: what was found, the panel in each step, and what was said.

    The first tries of the first step read what `fails` says.
    """
    settings = Settings(seat=SeatSettings(kind=kind), screens=Screens(language=language))
    desk, hand, pictures = SimulatedDesk(settings), Hand(), dict[str, bytes]()
    with seat_alone.at_the_desk(desk, settings, EventQueue(), hand) as alone:
        tries = iter([*((STEPS[0], level) for level in fails), *((step, levels[step]) for step in STEPS)])

        def obey(_: float) -> None:
            step, level = next(tries)
            desk.weigh(level)
            pictures[step] = desk.picture().tobytes()

        found = calibrate.guided(replace(alone, pretend=obey), hand, settings)
    assert desk.picture().getbbox() is None, "the panel is left dark"
    return found, pictures, hand.said


@KINDS
def test_a_person_who_does_as_asked_calibrates_the_seat(kind: str) -> None:
    found, pictures, said = guided(kind, LEVELS)
    assert isinstance(found, Calibration)
    assert found.levels.empty == pytest.approx(0.007, abs=0.002)
    assert found.levels.seated == pytest.approx(0.3, abs=0.002)
    assert found.seated_least == pytest.approx(0.15, abs=0.002)
    assert len(set(pictures.values())) == len(STEPS), "each step has its own words on the panel"
    assert [line[0] for line in said if line[1:2] == "/"] == list("123456")


def test_the_panel_asks_in_the_person_s_language() -> None:
    english, german = guided("mcp3008", LEVELS)[1], guided("mcp3008", LEVELS, "de")[1]
    assert not set(english.values()) & set(german.values())


@KINDS
def test_a_lean_that_lifts_off_the_sensor_is_no_calibration(kind: str) -> None:
    found, _, _ = guided(kind, {**LEVELS, "left": 0.007})
    assert isinstance(found, Unfit)
    assert "while you lean left" in str(found.why)


@KINDS
def test_a_step_with_a_wire_off_is_asked_for_again_until_somebody_has_seen_to_the_wire(kind: str) -> None:
    found, _, said = guided(kind, LEVELS, fails=[1.0, 1.0])
    assert isinstance(found, Calibration)
    assert said[1:7] == 2 * [
        "1/6 Leave the chair empty, with nothing on it.",
        "    no level: see to the wire, and try again",
        "    a wire is off, or shorted: check sensor and resistor",
    ]
    assert [line[0] for line in said if line[1:2] == "/"] == list("11123456")


# ---- as a command


@pytest.fixture
def hand(monkeypatch: pytest.MonkeyPatch) -> Hand:
    """Somebody at the terminal, whose clock the command goes by."""
    hand = Hand()
    monkeypatch.setattr(calibrate, "in_terminal", lambda: True)
    monkeypatch.setattr(calibrate, "TerminalBar", lambda _: hand)
    monkeypatch.setattr(calibrate, "RunningClock", lambda: SimpleNamespace(now=hand.now, start=lambda: None))
    monkeypatch.setattr(calibrate, "_AWAKE_AFTER_S", 0.0)
    return hand


def run(folder: Path, *overrides: str) -> int:
    own = ["seat.kind=mcp3008", f"journal.file={folder}/journal.db", *overrides]
    return calibrate._calibrate(argparse.Namespace(config=None, overrides=own, hardware="simulated"))


def test_what_is_found_is_kept_beside_the_journal_and_said(
    hand: Hand, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(tmp_path) == 0
    kept = read_calibration(tmp_path / "seat.toml")
    assert kept is not None
    said = capsys.readouterr().out
    assert "Calibrated: empty it reads up to 0.007, seated 0.160 and more." in said
    assert f"It is in {tmp_path}/seat.toml, for the next start." in said
    assert hand.said[1] == "1/6 Leave the chair empty, with nothing on it."
    assert all(len(line) < 80 for line in hand.said)


def test_q_leaves_all_as_it_was_as_it_ends_the_live_level(
    hand: Hand, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def leave() -> None:
        raise calibrate.LeftEarly

    hand.on_wait = leave
    assert run(tmp_path) == 1
    assert capsys.readouterr().out == "Not calibrated: all is as it was.\n"
    assert not (tmp_path / "seat.toml").exists()
    own = argparse.Namespace(config=None, overrides=["seat.kind=mcp3008"], hardware="simulated")
    assert calibrate._show_level(own) == 0


def test_ctrl_c_leaves_all_as_it_was(hand: Hand, tmp_path: Path) -> None:
    assert run(tmp_path) == 0
    before = (tmp_path / "seat.toml").read_bytes()

    def interrupt() -> None:
        if any(line.startswith("4/6") for line in hand.said[-3:]):
            raise KeyboardInterrupt

    hand.on_wait = interrupt
    with pytest.raises(KeyboardInterrupt):
        run(tmp_path)
    assert (tmp_path / "seat.toml").read_bytes() == before
    assert [each.name for each in tmp_path.iterdir()] == ["seat.toml"]


@pytest.mark.usefixtures("hand")
def test_levels_that_overlap_are_told_with_what_to_do_and_nothing_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(calibrate._PRETENDED, "left", 0.007)
    assert run(tmp_path) == 1
    first, second, *more = capsys.readouterr().out.splitlines()
    assert first.startswith("Not calibrated: empty it reads up to 0.007, and while you lean left down to 0.007")
    assert second.startswith("  put a second sensor of the kind in parallel")
    assert all(line.startswith("  or ") for line in more)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("hand")
def test_settings_that_don_t_go_with_what_was_found_are_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(tmp_path, "seat.sit_above=0.5") == 1
    said = capsys.readouterr().out
    assert "but [seat] in the settings doesn't go with it. seat.sit_above = 0.5: is out of bounds; allowed: " in said
    assert "In force" not in said


def test_a_place_that_can_t_be_written_is_one_line_before_the_first_step(hand: Hand, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "seat.toml").mkdir()
    for folder, why in (("file", "Not a directory"), ("file/in/it", "Not a directory"), (".", "Is a directory")):
        with pytest.raises(CommandError, match=f"seat.toml: {why}$") as caught:
            run(tmp_path / folder)
        assert caught.value.code == 74
    assert hand.said == []


@pytest.mark.parametrize("had_one", [True, False])
def test_what_can_t_be_kept_in_the_end_is_printed_to_type_and_what_was_before_holds(
    hand: Hand, had_one: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    if had_one:
        write_calibration(tmp_path / "seat.toml", FOUND, datetime(2026, 3, 2, 8, 30, tzinfo=UTC))
    real = os.fsync

    def full(descriptor: int) -> None:
        if hand.said:
            raise OSError(28, "No space left on device")
        real(descriptor)

    monkeypatch.setattr("os.fsync", full)
    before = "the former calibration still holds" if had_one else "nothing has changed"
    with pytest.raises(CommandError, match=f"it can't be written: No space left on device; {before}$") as caught:
        run(tmp_path)
    assert caught.value.code == 74
    typed = tmp_path / "typed.toml"
    typed.write_text(capsys.readouterr().out.partition("into the settings:\n")[2])
    seat = load_settings(typed)[0].seat
    assert seat.levels is not None
    assert seat.seated == pytest.approx(0.3, abs=0.001)
    assert not seat.levels.fixed
    if had_one:
        assert read_calibration(tmp_path / "seat.toml") == (FOUND, datetime(2026, 3, 2, 8, 30, tzinfo=UTC))


def test_without_a_terminal_calibrate_says_so_and_writes_nothing(tmp_path: Path) -> None:
    own = ("--set", "seat.kind=mcp3008", "--set", f"journal.file={tmp_path}/j.db", "--hardware", "simulated")
    assert "run it in a terminal" in complaint("calibrate", *own, code=64)
    assert list(tmp_path.iterdir()) == []


def test_a_contact_has_nothing_to_calibrate_and_no_level() -> None:
    for command in ("calibrate", "seat"):
        assert "seat.kind is contact" in complaint(command, "--hardware", "simulated", code=64)


@KINDS
def test_without_a_terminal_seat_prints_one_reading(kind: str, tmp_path: Path) -> None:
    own = ("--set", f"seat.kind={kind}", "--set", f"journal.file={tmp_path}/j.db", "--hardware", "simulated")
    said = unsit("seat", *own).stdout
    assert said == "0.006 taken or empty: unknown; not calibrated: unsit calibrate\n"
    said = unsit("seat", *own, "--set", "seat.seated=0.3").stdout
    assert said == "0.000 empty; empty 0.000, seated 0.300; taken from 0.060 up, empty from 0.030 down\n"


@pytest.mark.usefixtures("hand")
@pytest.mark.parametrize("own", ["seat.seated=0.012", "seat.sit_above=0.31", "seat.empty=0.4"])
def test_seat_tells_one_truth_of_settings_that_don_t_go_with_the_calibration(
    own: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    monkeypatch.setattr(calibrate, "in_terminal", lambda: False)
    write_calibration(tmp_path / "seat.toml", FOUND, datetime(2026, 3, 2, 8, 30, tzinfo=UTC))
    overrides = ["seat.kind=mcp3008", f"journal.file={tmp_path}/j.db", own]
    assert calibrate._show_level(argparse.Namespace(config=None, overrides=overrides, hardware="simulated")) == 0
    assert capsys.readouterr().out.endswith(" taken or empty: unknown; not calibrated\n")
    (said,) = caplog.messages
    assert said.startswith(f"the seat counts as not calibrated: {own.replace('=', ' = ')}: is out of bounds; allowed: ")


def test_seat_says_when_it_was_calibrated(tmp_path: Path) -> None:
    write_calibration(tmp_path / "seat.toml", FOUND, datetime(2026, 3, 2, 8, 30, tzinfo=UTC))
    own = ("--set", "seat.kind=mcp3008", "--set", f"journal.file={tmp_path}/j.db", "--hardware", "simulated")
    level, origin = unsit("seat", *own).stdout.splitlines()
    assert level.endswith("empty; empty 0.006, seated 0.300; taken from 0.080 up, empty from 0.050 down")
    assert origin == "calibrated on 2026-03-02"


# ---- a simulated seat, and the service's calibration


@pytest.fixture
def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The calibration of a service whose real seat is calibrated."""
    file = tmp_path / "service" / "seat.toml"
    write_calibration(file, FOUND, datetime(2026, 3, 2, 8, 30, tzinfo=UTC))
    monkeypatch.setattr("device.journal.place._SERVICE_KEEPS_IT", file.with_name("journal.db"))
    return file


@pytest.mark.usefixtures("hand")
@pytest.mark.parametrize("hardware", ["simulated", "auto"])
def test_what_a_simulated_seat_reads_is_printed_and_never_kept_for_the_service(
    service: Path, hardware: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hardware.parts.is_a_pi", lambda: False)
    before = service.read_bytes()
    asked = argparse.Namespace(config=None, overrides=["seat.kind=mcp3008"], hardware=hardware)
    for folder in ("", str(service.parent)):
        if folder:
            monkeypatch.setenv("STATE_DIRECTORY", folder)
        assert calibrate._calibrate(asked) == 0
        calibrated, found, not_kept = capsys.readouterr().out.splitlines()
        assert calibrated.startswith("Calibrated: empty it reads up to 0.007")
        assert found.startswith("Found: empty 0.006, seated 0.300; taken from 0.0")
        assert not_kept.startswith("It isn't kept, since the seat is simulated: --set journal.file=")
        assert service.read_bytes() == before
        assert [each.name for each in service.parent.iterdir()] == ["seat.toml"]


@pytest.mark.usefixtures("hand")
def test_a_real_seat_s_calibration_is_kept_for_the_service(service: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    at_the_desk = seat_alone.at_the_desk
    monkeypatch.setattr(
        seat_alone, "on_the_pi", lambda settings, *rest: at_the_desk(SimulatedDesk(settings), settings, *rest)
    )
    before = service.read_bytes()
    asked = argparse.Namespace(config=None, overrides=["seat.kind=mcp3008"], hardware="pi")
    assert calibrate._calibrate(asked) == 0
    assert service.read_bytes() != before


@pytest.mark.usefixtures("hand", "service")
def test_a_simulated_seat_doesn_t_believe_the_service_s_calibration_and_a_real_one_does(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calibrate, "in_terminal", lambda: False)
    own = argparse.Namespace(config=None, overrides=["seat.kind=mcp3008"], hardware="simulated")
    assert calibrate._show_level(own) == 0
    assert capsys.readouterr().out == "0.006 taken or empty: unknown; not calibrated: unsit calibrate\n"
    assert run_command._start_of(own, None).settings.seat.levels is None
    assert as_calibrated(settings_of(own)).seat.levels == FOUND.levels


# ---- on a Pi


def test_while_the_service_runs_it_is_asked_to_stop(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Settings(seat=SeatSettings(kind="mcp3008"))
    desk = SimulatedDesk(settings)
    held = Ends(desk.factory, desk.i2c, list, lambda pin: "unsit" if pin == settings.pins.button else "")
    monkeypatch.setattr(seat_alone, "pi_ends", lambda _: held)
    with pytest.raises(PartError, match="sudo systemctl stop unsit"), alone_on_the_pi(settings):
        pass
    monkeypatch.setattr(seat_alone, "pi_ends", lambda _: replace(held, holder=lambda _: ""))
    with alone_on_the_pi(settings) as alone:
        assert alone.level() == pytest.approx(0.006, abs=0.001)


def alone_on_the_pi(settings: Settings) -> AbstractContextManager[SeatAlone]:
    return seat_alone.on_the_pi(settings, EventQueue(), Hand())


# ---- the bar


def test_the_bar_shows_the_level_and_both_thresholds() -> None:
    levels = seat_levels(0.0, 0.6, 0.4, 0.2)
    assert calibrate.drawn(0.5, None, 10) == "[#####.....] 0.500"
    assert calibrate.drawn(0.1, levels, 10) == "[#.<.>.....] 0.100"
    assert calibrate.drawn(1.0, levels, 10) == "[##<#>#####] 1.000"
    assert calibrate.drawn(math.nan, levels, 10) == "[..<.>.....]   -  "


def test_a_level_is_said_in_a_word() -> None:
    levels = seat_levels(0.0, 0.6, 0.4, 0.2)
    assert [calibrate.meaning(level, levels).split(":")[0] for level in (0.5, 0.3, 0.1, 1.0, math.nan)] == [
        "taken", "between", "empty", "full scale", "no answer",
    ]  # fmt: skip
    assert calibrate.meaning(0.3, None) == "taken or empty: unknown"


@pytest.mark.parametrize("columns", [20, 30, 40, 80, 200])
@pytest.mark.parametrize("says", ["press Enter", "stay so: 7 s", "taken", "full scale: a wire is off, or shorted"])
def test_a_bar_fits_into_its_terminal_and_ends_with_a_whole_word(columns: int, says: str) -> None:
    levels = seat_levels(0.02, 0.4, 0.05, 0.03)
    assert levels is not None
    for level in (0.3, math.nan):
        line = calibrate.bar_line(level, levels, says, columns - 1)
        assert len(line) < columns
        assert line.endswith((says, " ..."))
        assert ("<" in line) == (">" in line) == ("[" in line)
    assert calibrate.bar_line(0.3, None, "press Enter", 29).endswith("0.300 press Enter")


@pytest.mark.parametrize("width", [8, 10, 20, 50])
@pytest.mark.parametrize("thresholds", [(0.05, 0.03), (0.98, 0.97), (0.31, 0.3)])
def test_both_thresholds_have_a_place_of_their_own_in_every_bar(width: int, thresholds: tuple[float, float]) -> None:
    levels = SeatLevels(0.01, 0.985, Thresholds(*thresholds))
    bar = calibrate.drawn(0.3, levels, width)
    assert 0 < bar.index("<") < bar.index(">") <= width
    assert bar.index("]") == width + 1
