"""The command line as its user has it: a process of its own, what it prints, and how it ends."""

from __future__ import annotations

import argparse
import json
import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

import device.commands
from device.__main__ import _OFFERED, main
from device.commands.asking import settings_of
from device.journal.layout import open_journal
from device.journal.rows import choose
from device.settings.choices import choice
from device.settings.settings import Settings
from device.stretches.repertoire import repertoire
from hardware.simulated.controller import Controller

UNSIT = [sys.executable, "-m", "device"]

A_BREAK = """\
t,input,value
0,clock,2026-03-02T08:30:00+01:00
10,seat,taken
1000,seat,empty
1003,seat,taken
1950,button,down
1950.3,button,up
1955,seat,empty
2180,seat,taken
2400,end,
"""


@pytest.fixture
def day(tmp_path: Path) -> Path:
    file = tmp_path / "day.csv"
    file.write_text(A_BREAK)
    return file


def unsit(*arguments: object, code: int = 0) -> subprocess.CompletedProcess[str]:
    """Run it to its end."""
    done = subprocess.run([*UNSIT, *map(str, arguments)], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    return done


def complaint(*arguments: object, code: int) -> str:
    """What it says on refusing: one line, and nothing else."""
    done = unsit(*arguments, code=code)
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    return done.stderr


def facts(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


ALREADY_SEATED = """\
t,input,value
0,seat,taken
0,clock,2026-03-02T23:50:00+01:00
900,clock,2026-03-03T09:00:00+01:00
1830,seat,empty
2080,seat,taken
2400,end,
"""

HALF_HOURLY = ("--set", "limits.preset=half-hourly")


def test_every_file_of_commands_offers_what_is_known_of_it() -> None:
    folder = Path(device.commands.__path__[0])
    offering = [file for file in folder.rglob("*.py") if "def offer(" in file.read_text()]
    files = {".".join(file.relative_to(folder).with_suffix("").parts) for file in offering}
    assert set(_OFFERED) == files
    for file, names in _OFFERED.items():
        commands = argparse.ArgumentParser().add_subparsers()
        import_module(f"device.commands.{file}").offer(commands)
        assert tuple(commands.choices) == names


def test_a_table_of_days_waits_for_nothing_that_it_has_no_use_for(tmp_path: Path) -> None:
    open_journal(tmp_path / "journal.db").close()
    asked = ["history", "--month", "--set", f"journal.file={tmp_path / 'journal.db'}"]
    loads = f"import sys; from device.__main__ import main; main({asked}); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", loads], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.splitlines()[-1].split())
    assert "device.journal.kept_days" in loaded
    useless = {
        "device.core.coach",
        "device.screens.screens",
        "device.stretches.repertoire",
        "device.run.loop",
        "schedule",
        "PIL",
        "gpiozero",
    }
    assert not loaded & useless


def test_replay_tells_the_facts_of_a_day(day: Path) -> None:
    told = facts(unsit("replay", day, *HALF_HOURLY).stdout)
    assert [(fact["fact"], fact["t"]) for fact in told if "stretch" not in fact["fact"]] == [
        ("sat", 10.0),
        ("invite", 1510.0),
        ("due", 1810.0),
        ("sound", 1870.0),
        ("acknowledged", 1950.325),
        ("guide_started", 1957.0),
        ("left", 1955.0),
        ("bout", 1955.0),
        ("full_break", 2075.0),
        ("break_honoured", 2075.0),
        ("guide_ended", pytest.approx(1957 + 180, abs=27)),
        ("sat", 2180.0),
    ]
    assert all(fact["said"] >= fact["t"] for fact in told)
    assert next(fact for fact in told if fact["fact"] == "bout")["seated_s"] == 1945.0


def test_replay_sums_a_day_up(day: Path) -> None:
    figures = json.loads(unsit("replay", day, *HALF_HOURLY, "--summary").stdout)
    assert figures.pop("stretches_done") >= 2
    assert figures == {
        "seated_s": 2165.0,
        "share": 0.906,
        "bouts": 2,
        "longest_s": 1945.0,
        "over_30": 1,
        "over_60": 0,
        "over_120": 0,
        "breaks": 1,
        "full_breaks": 1,
        "due": 1,
        "honoured": 1,
        "in_time": 1,
        "late": 0,
        "not_taken": 0,
        "doubtful_s": 0.0,
        "rose_after_s": 145.0,
        "snoozes": 0,
        "mutes": 0,
        "enough": 0,
        "sounds": 1,
    }


def test_what_the_bus_log_says_is_what_the_eye_saw(day: Path, tmp_path: Path) -> None:
    log, shots = tmp_path / "bus.log", {t: tmp_path / f"{t}.png" for t in ("600", "1900.5", "2010", "2399")}
    asked = [part for t, file in shots.items() for part in ("--screenshot", f"{t}={file}")]
    unsit("replay", day, *HALF_HOURLY, "--bus-log", log, *asked)
    panel = Controller("ssd1306")
    writes = [line.split() for line in log.read_text().splitlines()]
    for t, file in shots.items():
        while writes and float(writes[0][0]) <= float(t):
            _, address, payload = writes.pop(0)
            assert int(address, 16) == 0x3C
            panel.write(bytes.fromhex(payload))
        seen = Image.open(file)
        assert seen.size == (128, 64)
        assert seen.convert("1").tobytes() == panel.picture().tobytes()
        assert seen.convert("1").getbbox() is not None


def test_the_parts_change_no_fact_and_the_same_day_gives_the_same_bytes(day: Path, tmp_path: Path) -> None:
    first, second = tmp_path / "first.log", tmp_path / "second.log"
    bare = unsit("replay", day, *HALF_HOURLY).stdout
    assert unsit("replay", day, *HALF_HOURLY, "--bus-log", first).stdout == bare
    assert unsit("replay", day, *HALF_HOURLY, "--bus-log", second).stdout == bare
    assert first.read_bytes() == second.read_bytes()


def test_a_panel_that_goes_and_comes_back_is_a_fact_and_hurts_no_count(day: Path, tmp_path: Path) -> None:
    shot = tmp_path / "back.png"
    rows = A_BREAK.replace("1000,seat", "500,panel,gone\n800,panel,back\n1000,seat")
    gone = tmp_path / "gone.csv"
    gone.write_text(rows)
    told = facts(unsit("replay", gone, *HALF_HOURLY, "--screenshot", f"805={shot}").stdout)
    assert [fact["fact"] for fact in told if fact["fact"].startswith("panel")] == ["panel_lost", "panel_back"]
    others = [fact for fact in told if not fact["fact"].startswith("panel")]
    assert others == facts(unsit("replay", day, *HALF_HOURLY).stdout)
    assert Image.open(shot).convert("1").getbbox() is not None


def test_a_clock_step_is_a_fact_and_moves_no_seated_second(day: Path, tmp_path: Path) -> None:
    stepped = tmp_path / "stepped.csv"
    stepped.write_text(A_BREAK.replace("1000,seat", "700,clock,2026-03-03T09:41:40+01:00\n1000,seat"))
    told = facts(unsit("replay", stepped, *HALF_HOURLY).stdout)
    assert [(fact["t"], fact["by_s"]) for fact in told if fact["fact"] == "clock_stepped"] == [(700.0, 90_000.0)]
    assert [fact for fact in told if fact["fact"] != "clock_stepped"] == facts(
        unsit("replay", day, *HALF_HOURLY).stdout
    )


def test_a_malformed_day_is_not_half_played(tmp_path: Path) -> None:
    bad = tmp_path / "bad.csv"
    bad.write_text("t,input,value\n10,seat,taken\n9,seat,empty\n")
    line = complaint("replay", bad, code=65)
    assert f"{bad}: line 3: t falls back" in line


def test_a_day_that_is_not_there_is_named(tmp_path: Path) -> None:
    assert "none.csv: can't be read: No such file" in complaint("replay", tmp_path / "none.csv", code=66)
    assert "none.csv: can't be read: No such file" in complaint(
        "run", "--terminal", "--hardware", "simulated", "--play", tmp_path / "none.csv", code=66
    )


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["run", "--speed", "0"], "0.1 to 10000"),
        (["replay", "day.csv", "--screenshot", "soon=a.png"], "T=FILE.png"),
        (["replay", "day.csv", "--screenshot", "5=a.gif"], "T=FILE.png"),
        (["run", "--speed", "fast"], "--speed: fast is no number; allowed: a number from 0.1 to 10000"),
        (["run", "--hardware", "sim"], '--hardware: there is no "sim"; nearest: simulated'),
        (["hist"], 'there is no "hist"; nearest: history'),
        (["histroy"], 'there is no "histroy"; nearest: history'),
        (["xyz"], 'there is no "xyz"; there are run, page, demo'),
        (["stretches", "lis"], 'there is no "lis"; nearest: list'),
        (["stretches", "routine", "--minutes", "11"], "--minutes: 11; allowed: a whole number from 1 to 10"),
        (["stretches", "routine", "--minutes", "2.5"], "--minutes: 2.5; allowed: a whole number from 1 to 10"),
        (["stretches", "routine", "--breaks", "999999999"], "--breaks: 999999999; allowed: a whole number from 1 to"),
        (["history", "--since", "0001-01-01"], "--since: 0001-01-01: write it as 2026-03-02; years are 1970 to 2199"),
        (["export", "--day", "9999-12-31"], "--day: 9999-12-31: write it as 2026-03-02; years are 1970 to 2199"),
        (["why", "--at", "0001-01-01T00:00"], "--at: 0001-01-01: write it as 2026-03-02"),
    ],
)
def test_what_is_asked_wrongly_is_answered_with_how_it_is_written(arguments: list[str], says: str) -> None:
    assert says in unsit(*arguments, code=2).stderr


def test_who_asks_for_nothing_is_told_what_there_is() -> None:
    text = unsit().stdout
    for command in ("run", "demo", "history", "why", "stretches", "settings", "check"):
        assert re.search(rf"^    {command}\b", text, re.MULTILINE), command
    assert "`unsit demo` is a good beginning" in text


def test_files_that_cant_be_written_are_named(day: Path, tmp_path: Path) -> None:
    nowhere = tmp_path / "nowhere"
    assert "a.log: No such file" in complaint("replay", day, "--bus-log", nowhere / "a.log", code=74)
    assert "the day ends at 2400 s" in complaint("replay", day, "--screenshot", f"9999={tmp_path}/a.png", code=64)
    done = unsit("replay", day, "--screenshot", f"5={nowhere}/a.png", code=74)
    assert "a.png: No such file" in done.stderr


@pytest.mark.parametrize(
    "command", [["run", "--terminal", "--hardware", "simulated"], ["demo"], ["check"], ["settings"], ["silence"]]
)
def test_a_settings_error_is_one_line_and_78(command: list[str]) -> None:
    line = complaint(*command, "--set", "limits.due_afte=3h", code=78)
    assert "limits.due_after" in line


def test_the_settings_say_first_which_plan_is_in_force_now(tmp_path: Path) -> None:
    file = tmp_path / "unsit.toml"
    file.write_text(unsit("settings", "--set", 'plan=[{name = "always", limits.due_after = "1h"}]').stdout)
    assert re.match(
        r"# Unsit's settings in force.*\n# Plan in force: always, since it is \w+day \d\d:\d\d \(mon-sun all day\)\.\n",
        file.read_text(),
    )
    assert "# Plan in force: always" in unsit("settings", "--config", file).stdout
    assert "Plan in force" not in unsit("settings").stdout


def test_settings_are_printed_as_a_file_that_loads_again(tmp_path: Path) -> None:
    file = tmp_path / "unsit.toml"
    file.write_text(unsit("settings", "--set", "limits.preset=hourly").stdout)
    again = unsit("settings", "--config", file).stdout
    # The comment beside each value now says that it comes from a file.
    first, second = (
        [line.partition("  # ")[0] for line in text.splitlines()[1:]] for text in (file.read_text(), again)
    )
    assert second == first
    assert 'due_after = "1h"' in again
    assert file.read_text().startswith("# Unsit's settings in force, defaults and --set.\n")
    assert again.startswith(f"# Unsit's settings in force, from {file}.\n")


def test_a_stretch_is_left_out_and_comes_again_by_a_word_in_the_terminal(tmp_path: Path) -> None:
    journal = ("--set", f"journal.file={tmp_path / 'journal.db'}")
    assert "there is no journal yet" in complaint("stretches", "never", "march", *journal, code=66)
    open_journal(tmp_path / "journal.db").close()
    assert unsit("stretches", "never", "march", *journal).stdout.startswith("Marching won't come again")
    assert 'there is no stretch "marsch"; nearest: march' in complaint(
        "stretches", "again", "marsch", *journal, code=64
    )
    listed = unsit("stretches", "list", *journal).stdout
    assert "(march)\n  never again, as you said; `unsit stretches again` takes it back\n" in listed
    assert listed.count("never again") == 1
    assert "Marching" not in unsit("stretches", "routine", "--breaks", "9", *journal).stdout
    assert unsit("stretches", "again", "march", *journal).stdout.startswith("Marching may come again")
    assert "never again" not in unsit("stretches", "list", *journal).stdout


def test_troubles_that_were_chosen_at_the_device_leave_stretches_out_in_the_terminal_too(tmp_path: Path) -> None:
    file = tmp_path / "journal.db"
    journal = ("--set", f"journal.file={file}")
    open_journal(file).close()
    choose(file, choice(0.0, "conditions", "knee, balance"))
    listed = unsit("stretches", "list", *journal).stdout
    assert "(hip_lunge)\n  left out for knee, as chosen at the device\n" in listed
    shown = {each.id for each in repertoire(Settings()).without((), ("knee", "balance")).stretches}
    assert listed.count("as chosen at the device") == len(repertoire(Settings()).stretches) - len(shown)
    routines = unsit("stretches", "routine", "--breaks", "20", *journal).stdout
    assert routines.startswith("Left out, as chosen at the device: stretches that don't suit knee, balance.\n")
    assert "Hip lunge" not in routines
    assert "Hip lunge" in unsit("stretches", "routine", "--breaks", "20").stdout
    # What the settings say has the last word.
    own = unsit("stretches", "list", *journal, "--set", "stretches.conditions=['shoulder']").stdout
    assert "as chosen" not in own


def test_the_language_that_was_chosen_at_the_device_is_that_of_the_lists_unless_the_settings_name_one(
    tmp_path: Path,
) -> None:
    file, settings = tmp_path / "journal.db", tmp_path / "unsit.toml"
    settings.write_text(f'[journal]\nfile = "{file}"\n')
    open_journal(file).close()
    choose(file, choice(0.0, "language", "de"))
    for asked in (["list"], ["show", "march"], ["routine", "--breaks", "9"]):
        assert "Gehen am Platz" in unsit("stretches", *asked, "--config", settings).stdout
        own = unsit("stretches", *asked, "--config", settings, "--set", "screens.language=en").stdout
        assert "Marching" in own
    settings.write_text(f'[journal]\nfile = "{file}"\n[screens]\nlanguage = "en"\n')
    assert "Marching" in unsit("stretches", "list", "--config", settings).stdout
    choose(file, choice(0.0, "language", "xx"))
    settings.write_text(f'[journal]\nfile = "{file}"\n')
    assert "Marching" in unsit("stretches", "list", "--config", settings).stdout, "a language that is no longer there"


def test_the_stretches_are_listed_with_their_cautions() -> None:
    text = unsit("stretches", "list").stdout
    for name in ("march", "hip_lunge", "psoas_reach", "leg_back", "chest_open", "walk"):
        assert name in text
    assert text.count("Stop if  ") == text.count("Care     ") >= 20
    assert unsit("stretches").stdout == text
    assert "hip_lunge" not in unsit("stretches", "list", "--set", "stretches.conditions=['knee']").stdout


def test_a_stretch_is_shown_even_one_that_is_left_out_and_in_the_language_of_the_screens() -> None:
    text = unsit("stretches", "show", "figure_four", "--set", "screens.language=de").stdout
    assert text.startswith("Die Vier (figure_four)\n")


@pytest.mark.parametrize("kind", ["gif", "png", "svg"])
def test_a_stretch_is_drawn_into_a_file(kind: str, tmp_path: Path) -> None:
    file = tmp_path / f"it.{kind}"
    assert unsit("stretches", "render", "march", "--out", file).stdout == ""
    assert file.stat().st_size > 1000


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("show", "hip_lung"), 64, 'there is no stretch "hip_lung"; nearest: hip_lunge'),
        (("show", "zzz"), 64, 'there is no stretch "zzz"; there are hip_lunge, psoas_reach, '),
        (("render", "march", "--out", "it.jpg"), 64, "--out it.jpg: allowed: a name that ends in .gif, .png, .svg"),
        (("render", "march", "--out", "/nowhere/it.gif"), 74, "/nowhere/it.gif: No such file or directory"),
        (("list", "--set", "screens.language=fr"), 78, 'screens.language: there is no "fr"; allowed: de, en'),
    ],
)
def test_what_cannot_be_shown_is_told_in_a_line(arguments: tuple[str, ...], code: int, told: str) -> None:
    assert complaint("stretches", *arguments, code=code).startswith(f"unsit: {told}")


def test_the_routines_of_the_next_breaks_are_told() -> None:
    text = unsit("stretches", "routine", "--minutes", "5", "--breaks", "3").stdout
    assert [line for line in text.splitlines() if not line.startswith(" ")] == ["5.0 min"] * 3
    assert "  Hip lunge " in text
    assert " each side" in text


def test_help_says_when_to_stop() -> None:
    assert unsit("--help").stdout.rstrip().endswith("This is no medical advice.")


@pytest.mark.parametrize("command", ["", "run", "demo", "replay", "check", "stretches", "settings", "silence"])
def test_each_command_explains_itself(command: str) -> None:
    assert unsit(*command.split(), "--help").stdout.startswith(f"usage: unsit {command}".rstrip())


def test_it_knows_its_version() -> None:
    assert unsit("--version").stdout.startswith("unsit 0.")


def test_off_a_pi_the_pis_commands_say_so() -> None:
    assert "Raspberry Pi" in complaint("run", "--hardware", "pi", code=78)
    done = unsit("check", "--set", "seat.kind=ads1115", code=69)
    assert "Raspberry Pi" in done.stderr
    assert "settings   but for --set seat.kind=ads1115\n" in done.stdout
    assert "Raspberry Pi" in unsit("seat", "--hardware", "pi", "--set", "seat.kind=ads1115", code=69).stderr


def test_in_a_narrow_terminal_check_breaks_no_word() -> None:
    terminal = Terminal("check", columns=40)
    assert terminal.wait() == 69
    rows = terminal.seen.split("unsit:")[0].splitlines()
    assert rows[0].startswith("settings   defaults: ")
    assert all(len(row) <= 40 for row in rows)
    assert all(row.startswith(" " * 11) for row in rows[1:])


def test_who_reads_only_the_first_line_ends_it_quietly(day: Path) -> None:
    replay = subprocess.Popen([*UNSIT, "replay", str(day)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert replay.stdout is not None
    assert replay.stderr is not None
    replay.stdout.close()
    assert replay.stderr.read() == ""
    replay.stderr.close()
    assert replay.wait(timeout=30) == 0


# ---- live


def read_until(stream: Any, fact: str) -> list[dict[str, Any]]:
    """Facts as they come, up to the first of that name."""
    told: list[dict[str, Any]] = []
    for line in stream:
        told.append(json.loads(line))
        if told[-1]["fact"] == fact:
            break
    return told


@pytest.mark.parametrize(("rows", "number"), [(A_BREAK, signal.SIGTERM), (ALREADY_SEATED, signal.SIGINT)])
def test_a_played_day_is_told_live_as_in_replay_and_goes_on_until_told_to_stop(
    tmp_path: Path, rows: str, number: signal.Signals
) -> None:
    day = tmp_path / "day.csv"
    day.write_text(rows)
    asked = ["run", "--terminal", "--hardware", "simulated", "--play", str(day), "--speed", "1000", *HALF_HOURLY]
    with subprocess.Popen([*UNSIT, *asked], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True) as device:
        assert device.stdout is not None
        told = read_until(device.stdout, "guide_ended")
        assert device.poll() is None
        device.send_signal(number)
        device.stdout.read()
        assert device.wait(timeout=10) == 0
    expected = facts(unsit("replay", day, *HALF_HOURLY).stdout)
    ends_at = next(index for index, fact in enumerate(expected) if fact["fact"] == "guide_ended")
    assert told == expected[: ends_at + 1]


class Terminal:
    """A terminal with the device in it, and somebody who types."""

    def __init__(self, *arguments: str, columns: int = 140, lines: int = 45) -> None:
        self.seen = ""
        self._pid, self._end = pty.fork()
        if self._pid == 0:
            os.environ.update(COLUMNS=str(columns), LINES=str(lines), PYTHONIOENCODING="utf-8")
            os.execv(sys.executable, [*UNSIT, *arguments])

    def type(self, keys: str) -> None:
        os.write(self._end, keys.encode())

    def read_until(self, text: str, within_s: float = 20.0) -> str:
        """All that came since last time, up to where `text` has been seen."""
        start, deadline = len(self.seen), time.monotonic() + within_s
        while text not in self.seen[start:]:
            assert time.monotonic() < deadline, f"{text!r} was not seen in {self.seen[start:]!r}"
            if select.select([self._end], [], [], 0.2)[0]:
                self.seen += os.read(self._end, 65536).decode(errors="replace")
        return self.seen[start:]

    def wait(self) -> int:
        """Read to the end; returns the exit code."""
        while True:
            try:
                data = os.read(self._end, 65536)
            except OSError:
                break
            if not data:
                break
            self.seen += data.decode(errors="replace")
        _, status = os.waitpid(self._pid, 0)
        os.close(self._end)
        return os.waitstatus_to_exitcode(status)


def test_in_a_terminal_a_seat_without_calibration_says_so_and_a_key_calibrates_it() -> None:
    terminal = Terminal("run", "--terminal", "--hardware", "simulated", "--set", "seat.kind=ads1115", columns=80)
    terminal.read_until("not calibrated: k calibrates it")
    assert "\n" not in terminal.read_until("lighter").split("+ -")[-1]
    terminal.type("k")
    terminal.read_until("calibrating 1/6: press Enter")
    terminal.type("\n")
    terminal.read_until("calibrating 1/6: stay so")
    terminal.type("q")
    assert terminal.wait() == 0


@pytest.mark.parametrize("command", ["calibrate", "seat"])
def test_in_a_narrow_terminal_a_seat_is_told_in_whole_words_and_q_ends_it(command: str) -> None:
    analog = ("--hardware", "simulated", "--set", "seat.kind=mcp3008")
    terminal = Terminal(command, *analog, columns=30)
    terminal.read_until({"calibrate": "press Enter", "seat": "unknown"}[command])
    terminal.type("q")
    assert terminal.wait() == {"calibrate": 1, "seat": 0}[command]
    rows = re.sub(r"\x1b\[K|\r(?!\n)", "\n", terminal.seen).splitlines()
    assert all(len(row) <= 30 and row == row.lstrip() for row in rows), rows


def test_in_a_terminal_the_panel_is_drawn_and_keys_are_hands() -> None:
    terminal = Terminal("run", "--terminal", "--hardware", "simulated", *HALF_HOURLY)
    terminal.read_until("chair empty")
    assert "q quit" in terminal.seen
    terminal.type("s")
    terminal.read_until("somebody on the chair")
    terminal.type("fff")
    terminal.read_until("x600")
    terminal.read_until("due")
    terminal.type("b")
    terminal.read_until("A press: silence, and the card of the first stretch.")
    terminal.type("fs")
    terminal.read_until("The guide begins.")
    terminal.type("fff")
    terminal.read_until("The guide is through.")
    terminal.type("h")
    terminal.read_until("No sound for 1 h 00")
    terminal.type("q")
    assert terminal.wait() == 0
    # The terminal is given back as it was: the usual screen, with a cursor.
    assert terminal.seen.rstrip().endswith("\x1b[?25h\x1b[?1049l")


def test_in_a_terminal_no_phone_is_connected_since_there_is_no_page() -> None:
    set_so = ("--set", "page.reach=house", "--set", "screens.safety=0s")
    terminal = Terminal("run", "--terminal", "--hardware", "simulated", *set_so)
    terminal.read_until("hold: no sound for a while")
    terminal.type("b")
    terminal.read_until("press: stretch now   hold: no sound for a while")
    terminal.type("q")
    assert terminal.wait() == 0


def test_in_a_small_window_the_keys_and_what_goes_on_are_there_all_the_same() -> None:
    at_once = ("--set", "settle.sit=0s")
    terminal = Terminal("run", "--terminal", "--hardware", "simulated", *HALF_HOURLY, *at_once, columns=60, lines=14)
    terminal.read_until("The panel takes 66x")
    terminal.read_until("this window is 60x14")
    terminal.read_until("chair empty")
    # The cards of safety come first, one a press.
    for _ in range(4):
        terminal.type("b")
        terminal.read_until("press: ")
    terminal.read_until("A press: ")
    terminal.type("s")
    terminal.read_until("Somebody sits down.")
    terminal.type("n")
    terminal.read_until("a silent offer on the panel.")
    terminal.type("n")
    terminal.read_until("a break is due.")
    terminal.type("q")
    assert terminal.wait() == 0


def test_at_80_by_24_nothing_is_cut() -> None:
    terminal = Terminal("stretches", "show", "hip_lunge", columns=80, lines=24)
    terminal.read_until("q quit   space more of the text")
    text = terminal.read_until("Tuck the") + terminal.seen
    for _ in range(6):
        terminal.type(" ")
        text += terminal.read_until("\x1b[J")
    for word in ("Stop if", "Care", "Sources"):
        assert f"  {word} " in text
    longest = max(len(line) for line in re.sub(r"\x1b\[[?0-9]*[A-Za-z]", "\n", text).splitlines())
    assert longest <= 80
    terminal.type("q")
    assert terminal.wait() == 0


def test_the_demo_tells_its_hour_with_the_times_of_the_settings_and_ends_by_itself() -> None:
    limits = ("limits.due_after=20min", "limits.invite_after=15min", "limits.full_break=3min")
    own = [word for each in (*limits, "reminders.after_due=['90s']") for word in ("--set", each)]
    # Half a minute each: they run side by side.
    with ThreadPoolExecutor() as at_once:
        usual, others = at_once.map(lambda words: unsit("demo", *words).stdout, ([], own))
    story = ["sits down", "due", "sounds", "press: silence", "guide begins", "Stretch: ", "honoured"]
    places = [usual.index(word) for word in story]
    assert places == sorted(places)
    assert "30 min of sitting: the break is due" in usual
    assert "20 min of sitting: the break is due" in others
    assert "Ignored for 1 min" in others
    assert "3 min off the chair: the count starts again" in others


def written(folder: Path, *rows: str) -> Path:
    """A day file of these rows."""
    file = folder / "rows.csv"
    file.write_text("\n".join(["t,input,value", *rows]) + "\n")
    return file


def test_a_power_cut_in_a_day_file_leaves_the_panel_dark_and_the_facts_the_same(tmp_path: Path) -> None:
    rows = ["5,seat,taken", "900,power,cut", "960,power,on", "1000,button,down", "1001.5,button,up", "1900,end,"]
    day = written(tmp_path, *rows)
    told = unsit("replay", day, *HALF_HOURLY).stdout
    seen = {t: tmp_path / f"{t}.png" for t in (890, 930, 990)}
    shots = [word for t, file in seen.items() for word in ("--screenshot", f"{t}={file}")]
    assert unsit("replay", day, *HALF_HOURLY, *shots).stdout == told
    lit = {t: Image.open(file).convert("1").getbbox() is not None for t, file in seen.items()}
    assert lit == {890: True, 930: False, 990: True}
    assert [fact["fact"] for fact in facts(told)][1:4] == ["resumed", "power_cut", "sat"]


def test_what_a_day_file_carries_takes_the_place_of_the_computers_own(tmp_path: Path) -> None:
    rows = ["0,setting,limits.due_after=10min", "0,routine,march hip_circle", "0,seat,taken", "900,seat,empty"]
    day = written(tmp_path, *rows, "999,end,")
    told = facts(unsit("replay", day).stdout)
    assert [fact["t"] for fact in told if fact["fact"] == "due"] == [600.0]
    begun = [fact["stretch"] for fact in told if fact["fact"] == "stretch_started"]
    assert begun
    assert not {"march", "hip_circle"} & set(begun)
    told = facts(unsit("replay", day, "--set", "limits.due_after=5min").stdout)
    assert [fact["t"] for fact in told if fact["fact"] == "due"] == [300.0]
    assert "line 2: setting: unknown key limits.due" in complaint(
        "replay", written(tmp_path, "0,setting,limits.due=3"), code=65
    )


def test_languages_are_listed_with_what_they_lack(tmp_path: Path) -> None:
    words = '[language]\nname = "Polski"\n[away]\nheading = "Poza fotelem"\n[cues]\ndown = "na dno"\n'
    (tmp_path / "pl").mkdir()
    (tmp_path / "pl/words.toml").write_text(words, "utf-8")
    own = "--set", f"languages.folder={tmp_path}"
    assert [line.split() for line in unsit("languages").stdout.splitlines()] == [
        ["de", "Deutsch", "lacks", "nothing"],
        ["en", "English", "lacks", "nothing"],
    ]
    listed = unsit("languages", *own).stdout.splitlines()
    assert re.fullmatch(
        rf"pl  Polski  +words\.toml lacks \d+; .*; settings\.toml lacks \d+ \({tmp_path}/pl\)", listed[2]
    )
    lacking = unsit("languages", "pl", *own).stdout.splitlines()
    assert "  away.caption" in lacking
    assert "  cues.up" in lacking
    assert "  hip_lunge.title" in lacking
    assert "  away.heading" not in lacking
    assert "  cues.down" not in lacking
    (tmp_path / "pl").rename(tmp_path / "PL")
    assert (
        f"{tmp_path}/PL is passed over: it would have to be named by two small letters"
        in unsit("languages", *own).stdout
    )
    (tmp_path / "PL").rename(tmp_path / "pl")
    assert complaint("languages", "fr", *own, code=64) == 'unsit: there is no language "fr"; allowed: de, en, pl\n'


def test_a_mistake_in_a_language_of_one_s_own_stops_the_start_with_a_line(tmp_path: Path) -> None:
    (tmp_path / "pl").mkdir()
    (tmp_path / "pl/words.toml").write_text('[duo]\nheading = "Wstań"\n', "utf-8")
    told = f"unsit: {tmp_path}/pl/words.toml: duo.heading: unknown key; allowed: those of en/words.toml\n"
    for asked in (
        ["languages"],
        ["stretches", "list", "--set", "screens.language=pl"],
        ["demo", "--set", "screens.language=pl"],
    ):
        assert complaint(*asked, "--set", f"languages.folder={tmp_path}", code=78) == told


def test_a_recorded_day_that_asks_for_what_is_not_here_is_told_with_its_line(tmp_path: Path) -> None:
    rows = ["0,setting,stretches.minutes=5", '0,setting,"stretches.leave_out=[""mine""]"', "9,end,"]
    says = complaint("replay", written(tmp_path, *rows), code=65)
    assert 'rows.csv: line 3: setting: stretches.leave_out: there is no "mine"' in says
    assert "--set stretches.folder=" in says
    says = complaint("replay", written(tmp_path, "0,setting,screens.language=fr", "9,end,"), code=65)
    assert 'line 2: setting: screens.language: there is no "fr"' in says
    assert "--set languages.folder=" in says or "takes languages.folder" in says
    says = complaint("replay", written(tmp_path, *rows), "--set", "stretches.folder=/none", code=78)
    assert says.startswith("unsit: stretches.folder: /none is no folder")


def test_a_recorded_day_that_names_a_file_is_not_played_and_the_file_stays_as_it_is(tmp_path: Path) -> None:
    victim = tmp_path / "notes.txt"
    victim.write_text("mine")
    day = written(tmp_path, f"0,setting,journal.file={victim}", "1,seat,taken", "100,end,")
    for asked in (["replay", day], ["run", "--terminal", "--hardware", "simulated", "--play", day, "--speed", "1000"]):
        says = complaint(*asked, code=65)
        assert f"{day}: line 2: setting: journal.file is not for a recorded day" in says
    assert victim.read_text() == "mine"
    assert sorted(each.name for each in tmp_path.iterdir()) == ["notes.txt", "rows.csv"]


@pytest.mark.parametrize(("own", "reach"), [([], "this-computer"), (["--set", "page.reach=house"], "house")])
def test_a_recorded_day_does_not_say_who_may_open_this_computers_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, own: list[str], reach: str
) -> None:
    served: list[Settings] = []

    def page(settings: Settings, *_: object) -> None:
        served.append(settings)
        raise subprocess.CalledProcessError(70, "page")

    monkeypatch.setattr("device.commands.run.page_beside", page)
    day = tmp_path / "day.csv"
    day.write_text('t,input,value\n0,setting,page.reach="house"\n0,seat,taken\n100,end,\n')
    assert main(["run", "--hardware", "simulated", "--play", str(day), *own]) == 70
    assert [each.page.reach for each in served] == [reach]


def test_where_chatter_was_thinned_replay_says_so(tmp_path: Path) -> None:
    done = unsit("replay", written(tmp_path, "5,thinned,30 changes of the seat are left out", "6,end,"))
    assert "5 s: 30 changes of the seat are left out; facts near there may differ" in done.stderr


def test_a_panel_is_looked_at_for_two_weeks_and_not_for_thirty_years(tmp_path: Path) -> None:
    day = written(tmp_path, "0,panel,back", "0,seat,taken", "300000000,end,")
    assert "lasts 3472 days, too long to look at the panel all the time; allowed: up to 14" in complaint(
        "replay", day, code=65
    )


def test_power_rows_are_for_replay(tmp_path: Path) -> None:
    day = written(tmp_path, "5,power,cut", "9,power,on")
    says = complaint("run", "--terminal", "--hardware", "simulated", "--play", day, code=64)
    assert "has power rows, which are for `unsit replay`" in says


def test_a_day_on_which_settings_changed_is_played_at_the_desk_as_it_is_replayed(tmp_path: Path) -> None:
    day = tmp_path / "day.csv"
    rows = ["t,input,value", "0,chosen,safety_seen", "10,seat,taken", "400,setting,limits.due_after=10min"]
    rows += ["400,setting,limits.invite_after=10min", "900,seat,empty", "1000,end,"]
    day.write_text("\n".join(rows) + "\n")
    replayed = facts(unsit("replay", day).stdout)
    asked = ["run", "--terminal", "--hardware", "simulated", "--play", str(day), "--speed", "1000"]
    with subprocess.Popen([*UNSIT, *asked], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True) as device:
        assert device.stdout is not None
        played = read_until(device.stdout, "due")
        device.terminate()
    assert [fact["t"] for fact in replayed if fact["fact"] == "due"] == [610]
    assert played == replayed[: len(played)]


def test_every_command_goes_by_what_was_changed_on_the_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("STATE_DIRECTORY", str(tmp_path))
    (tmp_path / "changes.toml").write_text('[stretches]\nminutes = 5\n[languages]\nfolder = ""\n')
    assert main(["settings"]) == 0
    out, err = capsys.readouterr()
    assert "\nminutes = 3  # default\n" in out
    assert err.endswith("changes.toml is passed over: languages.folder can only be changed in the settings file\n")
    (tmp_path / "changes.toml").write_text("[stretches]\nminutes = 5\n")
    assert main(["settings"]) == 0
    assert "\nminutes = 5  # page\n" in capsys.readouterr().out


def test_a_simulated_seat_does_not_go_by_what_was_changed_at_the_real_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STATE_DIRECTORY", str(tmp_path / "real"))
    (tmp_path / "real").mkdir()
    (tmp_path / "real/changes.toml").write_text("[stretches]\nminutes = 5\n")
    (tmp_path / "changes.toml").write_text("[stretches]\nminutes = 7\n")
    asked = argparse.Namespace(config=None, overrides=[])
    assert settings_of(asked).stretches.minutes == 5
    assert settings_of(asked, simulated=True).stretches.minutes == 3
    asked.overrides = [f"journal.file={tmp_path}/journal.db"]
    assert settings_of(asked, simulated=True).stretches.minutes == 7
