"""The seat is calibrated at the simulated desk while the device is on: it counts nothing wrongly, and goes on by it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from device.commands.desk import live_desk
from device.desk.live import LiveDesk
from device.desk.virtual_desk import HandsError, check
from device.mind.snapshot import SeatTrouble
from device.run.moments import Moment
from device.run.restart import Start
from device.settings.calibration_file import read_calibration
from device.settings.settings import JournalSettings, Limits, Screens, SeatSettings, Settings
from device.stages.calibration import STEPS
from device.stretches.repertoire import repertoire
from device.words.effects import Effect, Note
from device.words.facts import Fact, PowerCut, Sat, SeatDrifted
from device.words.levels import SeatLevels
from tests.flying import FlyingClock

KINDS = pytest.mark.parametrize("kind", ["ads1115", "mcp3008"])
EACH_S, ENDS_S = 8.0, 3.2

Deed = tuple[float, Callable[[LiveDesk], object]]


class Desk:
    """A desk with an analog seat, at which days go by in no time, and a journal beside it."""

    def __init__(self, folder: Path, seat: SeatSettings, language: str = "en", own: SeatSettings | None = None) -> None:
        self.file = folder / "seat.toml"
        settings = Settings(
            limits=Limits(invite_after_s=1500.0, due_after_s=1800.0),
            screens=Screens(safety_s=0.0, language=language),
            journal=JournalSettings(file=str(folder / "journal.db")),
            seat=seat,
        )
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("device.desk.live.RunningClock", lambda _speed: FlyingClock())
            start = Start(settings, repertoire(settings), own_seat=own)
            self.things, self.live = live_desk(start, 1.0, None, remembers=True)
        self.facts: list[Fact] = []

    def perform(self, effect: Effect) -> None:
        if isinstance(effect, Note):
            self.facts.append(effect.fact)

    def lives(self, deeds: Sequence[Deed], until: float) -> None:
        for t, deed in deeds:
            self.live._hands.add(Moment(t, partial(deed, self.live)))
        self.live.stop_at(until)
        self.live.run(lambda: ([self], []))

    @property
    def outcome(self) -> tuple[bool, str]:
        """Whether it was fine, and what was said."""
        told = self.live.calibration.told()
        assert told is not None
        return told["fine"], told["why"]


def calibrating(at: float) -> list[Deed]:
    """Somebody who calibrates the seat from then on, and does as asked."""
    steps = [(at + 1 + nth * EACH_S, step_of(step)) for nth, step in enumerate(STEPS)]
    return [(at, lambda desk: desk._begin_calibration()), *steps]


def step_of(step: str) -> Callable[[LiveDesk], object]:
    return lambda desk: desk._do_step(step)


def does(part: str, so: bool) -> Callable[[LiveDesk], object]:
    return lambda desk: desk._do(part, so)


TAKES_S = 1 + len(STEPS) * EACH_S + ENDS_S


@KINDS
def test_a_seat_is_calibrated_and_counts_from_then_on(kind: str, tmp_path: Path) -> None:
    desk = Desk(tmp_path, SeatSettings(kind=kind))
    modes: list[SeatTrouble | None] = []

    def note(live: LiveDesk) -> None:
        assert live._device is not None
        modes.append(live._device.snapshot().seat)

    after = 20 + TAKES_S
    sits = (after + 5, does("seat", True))
    desk.lives([(10, note), *calibrating(20), (after + 1, note), sits, (after + 60, note)], after + 70)
    assert desk.outcome == (True, "empty it reads up to 0.006, seated 0.162 or more: 0.156 apart")
    assert modes == [SeatTrouble.UNCALIBRATED, None, None]
    kept = read_calibration(desk.file)
    assert kept is not None
    assert desk.live.chair.levels == desk.live.settings.seat.levels == kept[0].levels
    assert desk.live.settings.seat.calibrated
    assert [fact.t for fact in desk.facts if isinstance(fact, Sat)] == pytest.approx([after + 5], abs=1.0)


@KINDS
def test_what_is_sat_during_a_calibration_is_not_counted_and_the_count_goes_on_as_after_a_cut(
    kind: str, tmp_path: Path
) -> None:
    desk = Desk(tmp_path, SeatSettings(kind=kind, empty=0.006, seated=0.3))
    sits_since: list[float] = []

    def note(live: LiveDesk) -> None:
        assert live._device is not None
        snapshot = live._device.snapshot()
        sits_since.append(snapshot.now - snapshot.sitting_s)

    sits_again = (610 + TAKES_S, does("seat", True))
    deeds = [(10.0, does("seat", True)), (599.0, note), *calibrating(600), sits_again, (700.0, note)]
    desk.lives(deeds, 710.0)
    cut = next(fact for fact in desk.facts if isinstance(fact, PowerCut))
    assert not cut.counts
    assert cut.off_s == pytest.approx(TAKES_S, abs=2.0)
    before, afterwards = sits_since
    assert before == pytest.approx(10, abs=1)
    assert afterwards == pytest.approx(10 + (610 + TAKES_S) - 600, abs=3), "the time between isn't counted"


def test_who_leaves_it_finds_all_as_it_was(tmp_path: Path) -> None:
    desk = Desk(tmp_path, SeatSettings(kind="mcp3008"))
    leans: list[str] = []
    deeds = calibrating(20)[:4]

    def leave(live: LiveDesk) -> None:
        leans.append(live.chair.leans)
        live.calibration.leave()

    leaves: Deed = (42, leave)
    desk.lives([*deeds, leaves], 60)
    assert leans == ["left"]
    assert desk.live.chair.leans == "", "nobody leans any more"
    assert desk.live.calibration.told() is None
    assert not desk.file.exists()
    assert desk.live.settings.seat.levels is None


def test_each_calibration_says_on_the_panel_what_to_do(tmp_path: Path) -> None:
    desk = Desk(tmp_path, SeatSettings(kind="mcp3008"))
    pictures: list[bytes] = []
    looks: Deed = (25, lambda _: pictures.append(desk.things.picture().tobytes()))
    leaves: Deed = (30, lambda live: live.calibration.leave())
    again: list[Deed] = [(40, calibrating(0)[0][1]), (45, looks[1])]
    desk.lives([calibrating(20)[0], looks, leaves, (35, looks[1]), *again], 50)
    first, between, second = pictures
    assert first == second != between


def test_without_power_it_is_over(tmp_path: Path) -> None:
    desk = Desk(tmp_path, SeatSettings(kind="ads1115"))
    desk.lives([*calibrating(20)[:3], (35, does("power", False)), (60, does("power", True))], 80)
    assert not desk.live.calibration.is_on
    assert not desk.file.exists()
    assert any(isinstance(fact, PowerCut) for fact in desk.facts)


def test_only_the_step_that_is_asked_for_is_done(tmp_path: Path) -> None:
    desk = Desk(tmp_path, SeatSettings(kind="mcp3008"))
    told: list[object] = []
    deeds: list[Deed] = [
        (5, step_of("sit")),
        (20, lambda live: live._begin_calibration()),
        (22, step_of("left")),
        (24, lambda live: told.append((live.calibration.told(), live.levels["seat"]))),
        (25, lambda live: live._begin_calibration()),
    ]
    desk.lives(deeds, 30)
    assert told == [({"on": True, "step": "empty", "until": None, "spreads": {}}, False)]


def test_with_a_wire_off_a_step_is_asked_for_again_in_the_language_in_use(tmp_path: Path) -> None:
    desk = Desk(tmp_path, SeatSettings(kind="ads1115"), "de")
    told: list[Mapping[str, object] | None] = []

    def wire(is_off: bool) -> Callable[[LiveDesk], object]:
        def touch(live: LiveDesk) -> None:
            live.chair._is_off = is_off
            live.chair._put()

        return touch

    def note(live: LiveDesk) -> None:
        told.append(live.calibration.told())

    begins, *deeds = calibrating(30)
    fails: list[Deed] = [(10, begins[1]), (11, wire(True)), (12, step_of("empty")), (28, note), (29, wire(False))]
    desk.lives([*fails, *deeds, (31.5, note)], 30 + TAKES_S + 5)
    again = {
        "again": "kein Wert: sieh nach dem Kabel, und versuch es noch einmal",
        "todo": ["ein Kabel ist ab oder hat einen Kurzschluss: prüf Sensor und Widerstand"],
    }
    first, second = told
    assert first == {"on": True, "step": "empty", "until": None, "spreads": {}} | again
    assert second is not None
    assert (second["step"], second.get("again")) == ("empty", None), "the person tries again"
    assert desk.outcome[0]


def test_somebody_who_rises_too_early_hears_what_was_too_close(tmp_path: Path) -> None:
    desk = Desk(tmp_path, SeatSettings(kind="mcp3008"), "de")
    rises: Deed = (21 + 2 * EACH_S + 0.5, does("seat", False))
    desk.lives([*calibrating(20), rises], 20 + TAKES_S + 5)
    fine, why = desk.outcome
    assert not fine
    assert "während du dich nach links lehnst nur 0,006: zu nah beieinander" in why


def test_a_folder_that_can_t_be_written_is_one_line_and_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Desk(tmp_path, SeatSettings(kind="mcp3008"))

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("device.desk.calibrating.write_calibration", full)
    desk.lives(calibrating(20), 20 + TAKES_S + 5)
    assert desk.outcome == (False, f"{desk.file}: it can't be written: No space left on device")
    what_holds, to_type = (desk.live.calibration.told() or {})["todo"]
    assert what_holds == "what held before still holds"
    assert to_type.startswith("type this under [seat] in the settings: empty = 0.00")
    assert desk.live.settings.seat.levels is None


def test_without_a_journal_of_its_own_the_desk_goes_by_it_and_writes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The service's calibration is that of a real seat."""
    monkeypatch.setattr("device.journal.place._SERVICE_KEEPS_IT", tmp_path / "journal.db")
    desk = Desk(tmp_path, SeatSettings(kind="mcp3008"))
    start = desk.live.calibration.start
    desk.live.calibration.start = replace(start, settings=replace(start.settings, journal=JournalSettings()))
    desk.lives(calibrating(20), 20 + TAKES_S + 5)
    assert desk.outcome[0]
    assert desk.live.settings.seat.levels is not None
    assert not desk.file.exists()


def test_a_file_that_can_t_be_written_is_told_before_the_first_step(tmp_path: Path) -> None:
    desk = Desk(tmp_path, SeatSettings(kind="mcp3008"))
    desk.file.mkdir()
    news: list[bool] = []
    desk.lives([*calibrating(20)[:1], (21, lambda live: news.append(live.calibration.is_on))], 25)
    assert news == [False]
    assert desk.outcome == (False, f"{desk.file}: it can't be written: Is a directory")
    assert not any(isinstance(fact, PowerCut) for fact in desk.facts)


def test_settings_that_don_t_go_with_it_are_named_and_nothing_is_written(tmp_path: Path) -> None:
    desk = Desk(tmp_path, SeatSettings(kind="mcp3008"), own=SeatSettings(kind="mcp3008", empty=0.5))
    desk.lives(calibrating(20), 20 + TAKES_S + 5)
    assert desk.outcome[1].startswith("[seat] in the settings doesn't go with what was read")
    assert not desk.file.exists()


def test_levels_of_the_settings_beat_it_and_that_is_said(tmp_path: Path) -> None:
    seat = SeatSettings(kind="mcp3008", empty=0.02, seated=0.4)
    desk = Desk(tmp_path, seat)
    desk.lives(calibrating(20), 20 + TAKES_S + 5)
    assert desk.outcome[0]
    assert (desk.live.calibration.told() or {})["todo"] == [
        "[seat] in the settings has levels of its own, which beat these"
    ]
    assert desk.live.settings.seat.levels == seat.levels


def test_another_calibration_replaces_the_one_before_and_not_only_what_it_lacked(tmp_path: Path) -> None:
    before = SeatSettings(kind="mcp3008", empty=0.1, seated=0.6, sit_above=0.4, leave_below=0.3)
    desk = Desk(tmp_path, before, own=SeatSettings(kind="mcp3008"))
    desk.live.chair.empty, desk.live.chair.usual, desk.live.chair.weight = 0.006, 0.3, 0.3
    desk.live.chair._put()
    desk.lives(calibrating(20), 20 + TAKES_S + 5)
    levels = desk.live.settings.seat.levels
    assert levels is not None
    assert levels.seated == pytest.approx(0.3, abs=0.001)
    assert levels.thresholds.sit_above < 0.1


def test_levels_that_drift_show_at_the_chair_with_their_thresholds_and_do_so_after_a_start(tmp_path: Path) -> None:
    seat = SeatSettings(kind="mcp3008", empty=0.006, seated=0.3)
    desk = Desk(tmp_path, seat)
    assert seat.levels is not None
    drifts = SeatDrifted(10.0, 10.0, 0.02, 0.32, 0.006, 0.3, "")
    shown: list[SeatLevels | None] = []

    def drift(live: LiveDesk) -> None:
        for each in (live, *live._performers):
            each.perform(Note(drifts))

    deeds: list[Deed] = [
        (10, drift),
        (11, lambda live: shown.append(live.chair.levels)),
        (100, lambda live: live._begin_calibration()),
        (105, lambda live: live.calibration.leave()),
        (120, lambda live: shown.append(live.chair.levels)),
    ]
    desk.lives(deeds, 130)
    moved = seat.levels.moved(0.02, 0.32)
    assert [(each.empty, each.seated, each.thresholds) for each in shown if each] == [
        (moved.empty, moved.seated, moved.thresholds)
    ] * 2


def test_a_terminal_says_how_far_it_is_and_a_key_does_each_step(tmp_path: Path) -> None:
    desk, said = Desk(tmp_path, SeatSettings(kind="ads1115")), list[str]()
    desk.live.calibration.by_keys = True
    begins, looks = (
        calibrating(20)[0],
        [1.0, 21.0, *(22 + nth * EACH_S + s for nth in range(6) for s in (0, 0.5)), 80.0],
    )
    steps: list[Deed] = [(22.1 + nth * EACH_S, lambda live: live.do_step(live.calibration.step)) for nth in range(6)]
    notes: list[Deed] = [(at, lambda live: said.append(live.says)) for at in looks]
    desk.lives(sorted([begins, *steps, *notes], key=lambda deed: deed[0]), 81)
    assert said[0].endswith("not calibrated: k calibrates it")
    assert said[1].endswith("calibrating 1/6: press Enter")
    assert [line.split("   ")[-1] for line in said[2:-1]] == [
        f"calibrating {nth}/6: {so}" for nth in range(1, 7) for so in ("press Enter", "stay so")
    ]
    assert said[-1].endswith("level 0.01")


def test_where_a_step_reads_nothing_the_terminal_says_so(tmp_path: Path) -> None:
    desk, said = Desk(tmp_path, SeatSettings(kind="ads1115")), list[str]()
    assert desk.live.says.endswith("not calibrated: unsit calibrate")
    looks: Deed = (29, lambda live: said.append(live.says))
    desk.lives([*calibrating(20)[:1], (20.5, does("wire", True)), *calibrating(20)[1:2], looks], 30)
    assert "   calibrating 1/6: no level: see to the wire, and try again   " in said[0]


def test_where_a_calibration_fails_the_terminal_says_why(tmp_path: Path) -> None:
    desk = Desk(tmp_path, SeatSettings(kind="ads1115"))
    desk.lives([(10, lambda live: live._do_weigh(0.01)), *calibrating(20)], 20 + TAKES_S)
    assert not desk.outcome[0]
    assert desk.live.says.endswith(f"not calibrated: {desk.outcome[1]}")


def test_before_calibration_there_is_nothing_to_drift(tmp_path: Path) -> None:
    desk = Desk(tmp_path, SeatSettings(kind="mcp3008"))
    desk.live.perform(Note(SeatDrifted(10.0, 10.0, 0.02, 0.32, 0.006, 0.3, "")))
    assert desk.live.chair.levels is None


# ---- what is refused

STANDS = {"title": "", "level": 0.1, "power": True}


@pytest.mark.parametrize(
    ("stands", "says"),
    [
        ({"level": None}, "a contact has no levels"),
        ({"power": False}, "without power nothing can be read"),
        ({"title": "a day"}, "a recorded day plays"),
    ],
)
def test_a_desk_that_can_t_be_calibrated_says_why_in_a_line(stands: dict[str, object], says: str) -> None:
    with pytest.raises(HandsError, match=says):
        check({"do": "calibrate", "to": True}, STANDS | stands)
    check({"do": "calibrate", "to": False}, STANDS | stands)


def test_a_calibration_is_understood_and_its_steps_are_too() -> None:
    check({"do": "calibrate", "to": True}, STANDS)
    check({"do": "calibrate", "to": True}, None)
    check({"do": "there", "to": "left"}, STANDS)
    for to in ("up", 1, None, ["left"]):
        with pytest.raises(HandsError, match="one of empty, sit, left, right, forward, rise"):
            check({"do": "there", "to": to}, STANDS)


def test_a_contact_has_nothing_to_calibrate(tmp_path: Path) -> None:
    desk = Desk(tmp_path, SeatSettings())
    desk.lives(calibrating(20), 60)
    assert desk.live.calibration.told() is None
    assert not any(isinstance(fact, PowerCut) for fact in desk.facts)
