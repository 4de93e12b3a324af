"""What a person asks the journal for: history, why, export, forget."""

from __future__ import annotations

import gc
import json
import sqlite3
import sys
from contextlib import closing
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from PIL import Image

from device.__main__ import main
from device.history.shares import by_day
from device.journal.reader import runs
from device.settings.settings import Limits, MeetingSettings, Persons, ReminderSettings, Settings, Sounds
from device.settings.settings_file import load_settings
from device.words.events import Order
from tests.world import World

MIDNIGHT = datetime.combine(date.today() - timedelta(days=1), datetime.min.time()).astimezone()
HALF_HOURLY = Settings(
    limits=Limits(invite_after_s=1800.0, due_after_s=1800.0),
    reminders=ReminderSettings(mute_s=900.0),
    sounds=Sounds(hours="06:00-20:00"),
)


@pytest.fixture
def world(tmp_path: Path) -> World:
    """The day before today, from six in the morning."""
    return World(tmp_path, HALF_HOURLY, MIDNIGHT + timedelta(hours=6))


def asked(world: World, *words: str | Path) -> list[str]:
    return [*map(str, words), "--set", f"journal.file={world.file}"]


def a_morning(world: World) -> None:
    """From seven: due at 7:30, a reminder, a break at 7:35, then muted, then up at 8:05."""
    world.wait(hours=1)
    world.sit(minutes=35)
    world.rise(minutes=5)
    world.sit(minutes=10)
    world.push(1.5)
    world.wait(minutes=15)
    world.rise(minutes=15)
    world.stop()


def test_the_history_of_a_week_and_of_a_day(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    a_morning(world)
    for words in (["--week"], [], ["--month"], ["--since", f"{MIDNIGHT:%Y-%m-%d}"]):
        assert main(asked(world, "history", *words)) == 0
        told = capsys.readouterr().out
        assert f"{MIDNIGHT:%a %Y-%m-%d}" in told
        assert "1 h 00" in told
        assert "██!█▄" in told
    assert main(asked(world, "history", "--day", f"{MIDNIGHT:%Y-%m-%d}")) == 0
    told = capsys.readouterr().out
    assert "1: 1 in time, 0 late, 0 not taken" in told
    assert "muted once" in told
    assert main(asked(world, "history", "--day", "2020-01-01")) == 0
    assert "Nothing is noted" in capsys.readouterr().out


def test_garbage_is_collected_again_after_a_history_and_after_one_that_fails(world: World, tmp_path: Path) -> None:
    a_morning(world)
    assert main(asked(world, "history")) == 0
    assert gc.isenabled()
    assert main(["history", "--set", f"journal.file={tmp_path / 'none.db'}"]) == 66
    assert gc.isenabled()


def test_the_history_of_days_is_for_other_programs_too(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    a_morning(world)
    assert main(asked(world, "history", "--json")) == 0
    (told,) = map(json.loads, capsys.readouterr().out.splitlines())
    assert (told["seated_s"], told["due"], told["honoured"], told["mutes"]) == (60 * 60.0 + 1.6, 1, 1, 1)
    assert told["areas"] == {}


@pytest.mark.parametrize("kind", ["svg", "png"])
def test_a_week_is_drawn(world: World, tmp_path: Path, kind: str) -> None:
    a_morning(world)
    picture = tmp_path / f"week.{kind}"
    assert main(asked(world, "history", "--plot", picture)) == 0
    if kind == "png":
        with Image.open(picture) as drawn:
            colours = {colour for _, colour in drawn.convert("RGB").getcolors(1_000_000) or []}
        # Seated, off the chair, due and a full break are all in it.
        assert {(0x30, 0x61, 0x8C), (0xE3, 0xE8, 0xEC), (0xC8, 0x61, 0x1A), (0x3F, 0x8F, 0x5B)} <= colours
    else:
        assert "<svg" in picture.read_text()


def test_a_day_away_is_named_so_in_the_picture(world: World, tmp_path: Path) -> None:
    world.choose("away", f"{MIDNIGHT + timedelta(days=3):%Y-%m-%d}")
    world.rise(hours=30)
    world.sit(hours=1)
    world.rise(minutes=5)
    world.stop()
    picture = tmp_path / "week.svg"
    assert main(asked(world, "history", "--plot", picture)) == 0
    assert f"{MIDNIGHT + timedelta(days=1):%b} (away)" in picture.read_text()


def test_doubtful_time_is_hatched_in_the_picture_too(world: World, tmp_path: Path) -> None:
    world.sit(hours=5)
    world.rise(minutes=5)
    world.stop()
    picture = tmp_path / "week.svg"
    assert main(asked(world, "history", "--plot", picture)) == 0
    drawn = picture.read_text()
    assert "doubtful" in drawn
    assert "pattern" in drawn


def test_what_cannot_be_drawn_is_a_line(world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(asked(world, "history", "--plot", tmp_path / "week.png")) == 66
    assert "nothing to draw" in capsys.readouterr().err
    a_morning(world)
    assert main(asked(world, "history", "--plot", tmp_path / "week.gif")) == 64
    assert "allowed: a name that ends in .svg or .png" in capsys.readouterr().err
    assert main(asked(world, "history", "--plot", tmp_path / "none" / "week.png")) == 74
    assert "No such file" in capsys.readouterr().err


def test_without_matplotlib_it_says_what_to_install(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    a_morning(world)
    monkeypatch.setitem(__import__("sys").modules, "matplotlib.figure", None)
    for prefix, says in (("/opt/unsit", "sudo /opt/unsit/bin/pip install matplotlib"), (sys.base_prefix, "sudo apt ")):
        monkeypatch.setattr(sys, "prefix", prefix)
        assert main(asked(world, "history", "--plot", tmp_path / "week.png")) == 69
        assert says in capsys.readouterr().err


# ---- why


@pytest.mark.parametrize(
    ("at", "says"),
    [
        ("07:10:30", ["on the chair since 07:00", "Sitting time 10 min", "not due before 07:30"]),
        ("07:30:30", ["the break was due", "next reminder was to come at 07:31"]),
        ("07:31:30", ["It sounded at 07:31", "due since 07:30, reminder 1 of 4"]),
        ("07:33", ["the next reminder was to come at 07:34", "The last one was at 07:31"]),
        ("07:36", ["off the chair since 07:35", "the guide was on"]),
        ("07:55", ["on the chair since 07:40", "muted until 08:05"]),
        ("08:15", ["off the chair since 08:05", "it never sounds to an empty chair"]),
    ],
)
def test_why_it_sounded_or_did_not(world: World, capsys: pytest.CaptureFixture[str], at: str, says: list[str]) -> None:
    a_morning(world)
    assert main(asked(world, "why", "--at", f"{MIDNIGHT:%Y-%m-%d}T{at}")) == 0
    told = capsys.readouterr().out
    for part in says:
        assert part in told


def test_why_knows_of_snoozes_presses_quiet_hours_and_reminders_that_are_spent(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    world.wait(hours=1)
    world.sit(minutes=30)
    world.push(1.5)
    world.wait(minutes=6)
    world.push()
    world.wait(minutes=60)
    world.wait(hours=2.5)
    world.rise(hours=8)
    world.sit(minutes=80)
    world.stop()

    def why(at: str) -> str:
        assert main(asked(world, "why", "--at", f"{MIDNIGHT:%Y-%m-%d}T{at}")) == 0
        return capsys.readouterr().out

    assert "put off until 07:35, 1 of 2 times" in why("07:33")
    assert "somebody had asked for the break, and it waited until 07:38" in why("07:37")
    assert "all its reminders had sounded" in why("08:40")
    assert "nobody had moved for so long that it asked whether it was you" in why("11:02")
    assert "it was a time without sound: it may sound 06:00-20:00 on mon" in why("20:10")


def test_why_says_that_it_was_enough_for_that_day(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    world.wait(hours=1)
    world.sit(minutes=10)
    world.order(Order.ENOUGH)
    world.wait(hours=3)
    world.stop()
    assert main(asked(world, "why", "--at", f"{MIDNIGHT:%Y-%m-%d}T09:30")) == 0
    assert "No sound: somebody had said that it was enough for that day." in capsys.readouterr().out


def test_why_names_the_meeting_and_that_its_quiet_was_turned_off(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = replace(HALF_HOURLY, meetings=MeetingSettings(calendar=("work",)))
    world = World(tmp_path, settings, MIDNIGHT + timedelta(hours=6))
    world.have_meetings((world.at("07:20"), world.at("09:00")))
    world.wait(hours=1)
    world.sit(minutes=50)
    world.order(Order.SOUND)
    world.wait(minutes=30)
    world.stop()

    def why(at: str) -> str:
        assert main(asked(world, "why", "--at", f"{MIDNIGHT:%Y-%m-%d}T{at}")) == 0
        return capsys.readouterr().out

    assert "No sound: there was a meeting until 09:00." in why("07:40")
    assert "A meeting was on until 09:00, but somebody had put the sound back on in it." in why("07:50:30")
    assert "meeting" not in why("07:10")
    assert "The last one was at 07:5" in why("07:55")


def test_why_names_the_hours_and_the_plan_with_its_limit(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    day = f"{MIDNIGHT:%a}".lower()
    plan = 'plan=[{name = "early", hours = "06:00-08:00", limits.due_after = "20min"}]'
    asks = [f'hours.{day}="06:00-09:00, 10:00-18:00"', plan, "limits.preset=half-hourly"]
    settings = load_settings(None, asks, places=[])[0]
    world = World(tmp_path, settings, MIDNIGHT + timedelta(hours=6))
    world.wait(hours=1)
    world.sit(hours=2, minutes=30)
    world.stop()

    def why(at: str) -> str:
        assert main(asked(world, "why", "--at", f"{MIDNIGHT:%Y-%m-%d}T{at}")) == 0
        return capsys.readouterr().out

    assert "a break is due at 20 min, by the plan early." in why("07:10")
    assert "a break is due at 30 min." in why("08:10")
    assert f"No sound: it was outside of your hours: {day} 06:00-09:00, 10:00-18:00." in why("09:10")


def test_why_says_that_somebody_was_away(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    world.wait(hours=1)
    world.choose("away", f"{MIDNIGHT + timedelta(days=2):%Y-%m-%d}")
    world.sit(hours=3)
    world.rise(hours=20)
    world.sit(hours=3)
    world.rise(hours=24)
    world.stop()
    for day, hour in ((0, "09:30"), (1, "08:00")):
        assert main(asked(world, "why", "--at", f"{MIDNIGHT + timedelta(days=day):%Y-%m-%d}T{hour}")) == 0
        said = f"No sound: somebody had said that they were away until {MIDNIGHT + timedelta(days=2):%Y-%m-%d}."
        assert said in capsys.readouterr().out
    assert main(asked(world, "why", "--at", f"{MIDNIGHT + timedelta(days=2):%Y-%m-%d}T08:00")) == 0
    assert "away" not in capsys.readouterr().out


def test_why_dates_what_began_on_an_earlier_day(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    world.wait(hours=1)
    world.sit(hours=26)
    world.stop()
    assert main(asked(world, "why", "--at", f"{MIDNIGHT + timedelta(days=1):%Y-%m-%d}T08:30")) == 0
    told = capsys.readouterr().out
    assert f"08:30: on the chair since 07:00 on {MIDNIGHT:%Y-%m-%d}; but the seat has said taken since 07:00 on" in told


def test_why_where_the_device_was_off_is_a_line(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    a_morning(world)
    assert main(asked(world, "why", "--at", f"{MIDNIGHT:%Y-%m-%d}T05:00")) == 66
    assert "the device was off" in capsys.readouterr().err
    assert main(asked(world, "why")) == 66
    with pytest.raises(SystemExit):
        main(asked(world, "why", "--at", "27:00"))
    assert "write it as 14:05" in capsys.readouterr().err


# ---- export


def test_an_exported_day_plays_and_sums_up_as_the_history_does(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    a_morning(world)
    day, file = f"{MIDNIGHT:%Y-%m-%d}", tmp_path / "day.csv"
    assert main(asked(world, "export", "--day", day)) == 0
    printed = capsys.readouterr().out
    assert main(asked(world, "export", "--day", day, "--out", file)) == 0
    assert file.read_text() == printed
    assert main(["replay", str(file), "--summary"]) == 0
    figures = json.loads(capsys.readouterr().out)
    assert main(asked(world, "history", "--json")) == 0
    told = json.loads(capsys.readouterr().out)
    assert {name: told[name] for name in figures} == figures


def test_of_a_day_with_nothing_noted_the_last_day_with_something_is_named(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    says = "2020-01-01: nothing is noted of that day"
    for words in (["export", "--day", "2020-01-01"], ["why", "--at", "2020-01-01T10:00"]):
        assert main(asked(world, *words)) == 66
        assert capsys.readouterr().err == f"unsit: {says}\n", "the journal is empty"
    a_morning(world)
    for words in (["export", "--day", "2020-01-01"], ["why", "--at", "2020-01-01T10:00"]):
        assert main(asked(world, *words)) == 66
        assert capsys.readouterr().err == f"unsit: {says}; the last day with something is {MIDNIGHT:%Y-%m-%d}\n"


# ---- forget


def test_what_is_forgotten_is_in_no_byte_of_the_file(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    a_morning(world)
    aside = world.file.with_name("journal.db.damaged-1")
    aside.write_text("a damaged one")
    assert b"stretch" in world.file.read_bytes()
    assert main(asked(world, "forget", "--all", "--yes")) == 0
    assert "Forgotten" in capsys.readouterr().out
    kept = b"".join(file.read_bytes() for file in world.file.parent.glob("journal.db*"))
    assert b"guide_started" not in kept
    assert b"taken" not in kept
    assert not aside.exists()
    assert main(asked(world, "history")) == 0
    assert "Nothing is noted" in capsys.readouterr().out


def test_what_was_before_a_day_is_forgotten_and_the_rest_stays(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    world.wait(hours=1)
    world.sit(minutes=30)
    world.rise(hours=17)
    world.sit(minutes=20)
    world.rise(minutes=10)
    world.stop()
    today = MIDNIGHT + timedelta(days=1)
    assert main(asked(world, "forget", "--before", f"{today:%Y-%m-%d}")) == 0
    assert "Forgotten." in capsys.readouterr().out
    assert main(asked(world, "history", "--json")) == 0
    (told,) = map(json.loads, capsys.readouterr().out.splitlines())
    assert (told["day"], told["seated_s"]) == (f"{today:%Y-%m-%d}", 1200.0)
    with closing(sqlite3.connect(world.file)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_device_that_runs_goes_on_after_all_is_forgotten(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    world.wait(hours=1)
    world.sit(minutes=10)
    assert main(asked(world, "forget", "--all", "--yes")) == 0
    world.wait(minutes=10)
    world.rise(minutes=10)
    world.sit(minutes=10)
    world.rise(minutes=5)
    world.stop()
    capsys.readouterr()
    assert main(asked(world, "history", "--json")) == 0
    assert json.loads(capsys.readouterr().out)["seated_s"] >= 600.0


def test_what_was_not_deleted_is_not_said_to_be_forgotten(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    a_morning(world)
    assert main(asked(world, "forget", "--before", "2020-01-01")) == 0
    assert capsys.readouterr().out == "Nothing in the journal is from before 2020-01-01; nothing is deleted.\n"
    with closing(sqlite3.connect(world.file)) as connection, connection:
        connection.execute("UPDATE run SET clock_right = 0, clock = '1970-01-01T00:10:00+00:00'")
    assert main(asked(world, "forget", "--before", "2030-01-01")) == 0
    told = capsys.readouterr().out
    assert "Forgotten" not in told
    assert "1 runs in it have no known date: they stay, unless you delete --all." in told
    assert main(asked(world, "forget", "--all", "--yes")) == main(asked(world, "forget", "--all", "--yes")) == 0
    assert capsys.readouterr().out.endswith("The journal is empty; there is nothing to delete.\n")


def test_forgetting_what_is_not_there_is_a_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["forget", "--all", "--yes", "--set", f"journal.file={tmp_path / 'none.db'}"]) == 66
    assert "there is no journal" in capsys.readouterr().err
    (tmp_path / "odd.db").write_text("no journal at all, only text that is long enough to be read" * 20)
    assert main(["forget", "--all", "--yes", "--set", f"journal.file={tmp_path / 'odd.db'}"]) == 74
    assert "not a database" in capsys.readouterr().err


def test_a_bout_or_a_day_that_was_somebody_else_is_taken_out_and_the_day_says_so(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    a_morning(world)
    assert main(asked(world, "forget", "--bout", f"{MIDNIGHT:%Y-%m-%d}T07:10")) == 0
    assert "Forgotten" in capsys.readouterr().out
    assert main(asked(world, "history", "--json")) == 0
    (told,) = map(json.loads, capsys.readouterr().out.splitlines())
    assert (told["seated_s"], told["bouts"], told["due"], told["forgotten"]) == (pytest.approx(1501.6, abs=1), 1, 0, 1)
    assert main(asked(world, "history")) == 0
    assert "1 bout that was not you is left out of all figures." in capsys.readouterr().out
    assert main(asked(world, "forget", "--bout", f"{MIDNIGHT:%Y-%m-%d}T07:10")) == 0
    assert "No bout that is over" in capsys.readouterr().out
    assert main(asked(world, "forget", "--day", f"{MIDNIGHT:%Y-%m-%d}")) == 0
    assert main(asked(world, "history", "--json")) == 0
    told = capsys.readouterr()
    assert "seated_s" not in told.out
    assert main(asked(world, "forget", "--day", "2020-01-01")) == 0
    assert "nothing is deleted" in capsys.readouterr().out


def test_a_day_that_is_taken_out_leaves_the_days_beside_it(tmp_path: Path) -> None:
    world = World(tmp_path, HALF_HOURLY, datetime.fromisoformat("2026-03-02T22:00:00").astimezone())
    world.sit(hours=28)
    world.rise(minutes=10)
    world.stop()
    assert main(asked(world, "forget", "--day", "2026-03-03")) == 0
    days = by_day(runs(world.file), {})
    assert {f"{day}": round(told.figures.seated_s / 3600) for day, told in days.items()} == {
        "2026-03-02": 2,
        "2026-03-04": 2,
    }


def test_in_a_terminal_it_asks_before_anything_is_deleted_and_a_script_says_yes(
    world: World, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    a_morning(world)
    assert main(asked(world, "forget", "--all")) == 64
    assert "with --yes" in capsys.readouterr().err
    questions: list[str] = []
    answers = iter(["no", "yes"])
    monkeypatch.setattr("device.commands.history.in_terminal", lambda: True)

    def answer(question: str) -> str:
        questions.append(question)
        return next(answers)

    monkeypatch.setattr("builtins.input", answer)
    assert main(asked(world, "forget", "--all")) == 0
    assert "Nothing is deleted" in capsys.readouterr().out
    assert main(asked(world, "forget", "--all")) == 0
    assert "Forgotten" in capsys.readouterr().out
    assert "1 of 1 days, from" in questions[0]


def test_the_history_of_one_of_several_people(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shared = replace(HALF_HOURLY, persons=Persons(("Anna", "Bob")))
    world = World(tmp_path, shared, MIDNIGHT + timedelta(hours=6))
    world.sit(minutes=20)
    world.rise(minutes=10)
    world.choose("person", "Bob")
    world.sit(minutes=10)
    world.rise(hours=1)
    world.stop()
    assert main(asked(world, "history")) == 0
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()[2:4]] == ["Anna", "Bob"]
    assert main(asked(world, "history", "--person", "Bob", "--json")) == 0
    assert json.loads(capsys.readouterr().out)["seated_s"] == 600.0
    assert main(asked(world, "history", "--person", "Dora")) == 66
    said = capsys.readouterr().err
    assert said == 'unsit: nothing is noted of "Dora" on these days; on these days sat Anna, Bob\n'
