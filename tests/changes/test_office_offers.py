"""What the office may order, what is refused, and what a preset that somebody has taken changes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from device.changes.changes import Changes
from device.changes.office import MOST_AN_HOUR, TakesPresets, offering_orders
from device.run.clock import DeskWall, RecordedClock, RunningClock
from device.run.orders import OrderError, Orders
from device.run.restart import Start
from device.settings.layers import InForce, in_force
from device.stretches.repertoire import repertoire
from device.words.effects import Silence, TakePreset
from device.words.events import Chosen, Event
from tests.waiting import until

NOON = datetime(2026, 3, 2, 12, tzinfo=timezone(timedelta(hours=1)))
OFFER = {"id": "spring-26", "preset": "hourly", "from": "ACME", "till": "2026-03-31"}


class Core:
    """A core at noon, what it hears, and how many seconds have gone by."""

    def __init__(self) -> None:
        self.heard: list[Event] = []
        self.clock, self.wall, self.now = RecordedClock(), DeskWall(), 0.0
        self.wall.set(0.0, NOON)
        told = offering_orders(lambda event: self.heard.append(event(0.5)), self.clock, self.wall, lambda: self.now)
        self.orders = Orders(told, now=lambda: 10.0 * len(self.heard))

    def refuses(self, **changed: object) -> str:
        with pytest.raises(OrderError) as refused:
            self.orders("offer", {**OFFER, **changed})
        assert self.heard == []
        return str(refused.value)


@pytest.fixture
def core() -> Core:
    return Core()


def test_what_the_office_suggests_reaches_the_core_as_a_choice(core: Core) -> None:
    assert core.orders("offer", OFFER) == {}
    assert core.heard == [Chosen(0.5, "office_offer", "spring-26 hourly 2026-03-31 ACME")]


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"id": ""}, "'' is no id; allowed: up to 40 letters, digits, - and _"),
        ({"id": "a b"}, "'a b' is no id"),
        ({"id": "x" * 41}, "is no id"),
        ({"id": "spring\n"}, "is no id"),
        ({"preset": "daily"}, "no preset 'daily'; allowed: couple-of-hours, hourly, half-hourly"),
        ({"from": ""}, "'' is no name for the panel; allowed: up to 12 letters that it can draw"),
        ({"from": "thirteen long"}, "is no name for the panel"),
        ({"from": " ACME"}, "is no name for the panel"),
        ({"from": "\u4f1a\u793e"}, "is no name for the panel"),
        ({"from": "A\tB"}, "is no name for the panel"),
        ({"till": "soon"}, "'soon' is no date; write it as 2027-01-07"),
        ({"till": "2026-03-01"}, "2026-03-01 is past, or too far off; allowed are 2026-03-02 to 2027-03-03"),
        ({"till": "2027-03-04"}, "is past, or too far off"),
        ({"till": 5}, "offer takes an object with id, preset, from, till"),
        ({"more": "x"}, "offer takes an object with id, preset, from, till"),
    ],
)
def test_what_makes_no_sense_is_refused_in_a_line(core: Core, changed: dict[str, object], says: str) -> None:
    assert says in core.refuses(**changed)


def test_who_does_not_know_the_date_lets_the_core_look_at_it_later(core: Core) -> None:
    core.wall.is_right = False
    core.orders("offer", {**OFFER, "till": "2020-01-01"})
    assert core.heard


def test_a_flood_of_suggestions_is_refused_and_an_hour_later_there_is_room(core: Core) -> None:
    for nth in range(MOST_AN_HOUR):
        core.orders("offer", {**OFFER, "id": str(nth)})
    with pytest.raises(OrderError, match="the device takes 5 an hour"):
        core.orders("offer", OFFER)
    core.now = 3600.0
    core.orders("offer", OFFER)
    assert len(core.heard) == MOST_AN_HOUR + 1


# ---- what is taken


class Desk:
    """Settings in force beside a file that may have others, and what the device goes by."""

    def __init__(self, folder: Path, file: str = "", overrides: tuple[str, ...] = ()) -> None:
        (folder / "unsit.toml").write_text(file, "utf-8")
        self.waiting: list[Callable[[], object]] = []
        found = in_force(folder / "unsit.toml", overrides, changes=lambda _: folder / "changes.toml")
        self.changes = Changes(found, self._made(found), self._made, RunningClock())
        self.changes.join(lambda _, do: self.waiting.append(do), lambda start: self.went_by.append(start))
        self.went_by: list[Start] = []

    def _made(self, found: InForce) -> Start:
        return Start(found.settings, repertoire(found.settings))

    def takes(self, preset: str) -> tuple[float, float]:
        """The limits after somebody has taken that preset."""
        TakesPresets(self.changes).perform(TakePreset(preset))
        until(lambda: self.waiting)
        until(lambda: self.changes.told["trouble"] or self.changes.told["values"]["limits.preset"] == f'"{preset}"')
        return self.limits

    @property
    def limits(self) -> tuple[float, float]:
        while self.waiting:
            self.waiting.pop(0)()
        limits = self.went_by[-1].settings.limits
        return limits.invite_after_s, limits.due_after_s


def test_a_preset_that_is_taken_is_a_change_as_on_the_page_and_holds_at_the_next_start(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    assert desk.takes("hourly") == (3000.0, 3600.0)
    assert desk.changes.told["from"]["limits.preset"] == "page"
    again = in_force(tmp_path / "unsit.toml", changes=lambda _: tmp_path / "changes.toml")
    assert again.settings.limits.due_after_s == 3600.0


def test_numbers_of_ones_own_from_the_page_go(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.changes.orders["set"]({"values": {"limits.due_after": "90min", "limits.heads_up": "1min"}})
    assert desk.takes("half-hourly") == (1500.0, 1800.0)
    assert desk.changes.told["from"]["limits.due_after"] == "preset"
    assert desk.changes.told["from"]["limits.heads_up"] == "page"


def test_numbers_of_ones_own_in_the_settings_file_give_way_as_well(tmp_path: Path) -> None:
    desk = Desk(tmp_path, '[limits]\ndue_after = "90min"\n')
    desk.changes.take_preset("hourly")
    assert desk.limits == (3000.0, 3600.0)
    assert desk.changes.told["from"]["limits.due_after"] == "page"


def test_what_the_command_line_says_otherwise_is_told_with_the_settings(tmp_path: Path) -> None:
    desk = Desk(tmp_path, overrides=("limits.due_after=90min",))
    desk.changes.take_preset("hourly")
    assert desk.changes.told["trouble"]["text"].startswith("the preset {preset} is taken, but the command line")


def test_what_cannot_be_kept_is_told_with_the_settings(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    (tmp_path / "changes.toml").mkdir()
    desk.changes.take_preset("hourly")
    assert desk.changes.told["trouble"]["text"].startswith("the preset {preset} can't be taken")
    assert desk.changes.told["values"]["limits.preset"] == '"couple-of-hours"'


def test_other_effects_change_nothing(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    TakesPresets(desk.changes).perform(Silence())
    assert not desk.waiting
