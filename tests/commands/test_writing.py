"""What commands write: into files whole or not at all, on screens whatever those can show, and in one line why not."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from device.__main__ import main
from device.commands.asking import CommandError
from device.commands.writing import written, written_along
from tests.commands.test_command_line import A_BREAK, UNSIT, complaint, unsit


@pytest.fixture
def day(tmp_path: Path) -> Path:
    file = tmp_path / "day.csv"
    file.write_text(A_BREAK)
    return file


def write(file: Path, text: str) -> None:
    with written(file) as draft:
        draft.write_text(text, "utf-8")


def names(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.iterdir())


def test_a_file_is_there_when_all_of_it_is(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    with written(file) as draft:
        draft.write_text("half")
        assert not file.exists()
        assert draft.suffix == ".txt"
    assert file.read_text() == "half"
    assert names(tmp_path) == ["a.txt"]


def test_what_breaks_off_leaves_what_was_there_and_nothing_else(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("before")

    def break_off() -> None:
        with written(file) as draft:
            draft.write_text("half")
            raise KeyError

    with pytest.raises(KeyError):
        break_off()
    assert file.read_text() == "before"
    assert names(tmp_path) == ["a.txt"]


def test_a_file_that_is_replaced_keeps_its_mode_and_what_links_to_it(tmp_path: Path) -> None:
    file, link = tmp_path / "a.txt", tmp_path / "link"
    file.write_text("before")
    file.chmod(0o600)
    link.symlink_to(file)
    write(link, "after")
    assert link.is_symlink()
    assert file.read_text() == "after"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_new_file_has_the_mode_that_the_umask_gives(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        write(tmp_path / "a.txt", "new")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "a.txt").stat().st_mode) == 0o640


def test_a_pipe_stays_a_pipe_and_gets_it_all(tmp_path: Path) -> None:
    pipe, read = tmp_path / "pipe", list[str]()
    os.mkfifo(pipe)
    reader = threading.Thread(target=lambda: read.append(pipe.read_text()))
    reader.start()
    write(pipe, "all of it")
    reader.join(10)
    assert read == ["all of it"]
    assert stat.S_ISFIFO(pipe.stat().st_mode)


def test_where_no_file_may_be_made_one_that_is_there_is_written_into(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    really = os.open

    def denied(path: str, flags: int, mode: int = 0o777, *, dir_fd: int | None = None) -> int:
        if flags & os.O_EXCL:
            raise PermissionError(13, "Permission denied")
        return really(path, flags, mode, dir_fd=dir_fd)

    file = tmp_path / "a.txt"
    file.write_text("before")
    monkeypatch.setattr(os, "open", denied)
    write(file, "after")
    assert file.read_text() == "after"
    with pytest.raises(CommandError, match=r"b\.txt: Permission denied"):
        write(tmp_path / "b.txt", "new")


@pytest.mark.parametrize(
    ("name", "says"),
    [("none/a.txt", "No such file"), ("x" * 256, "File name too long"), (".", "Is a directory")],
)
def test_what_cant_be_written_is_named(tmp_path: Path, name: str, says: str) -> None:
    with pytest.raises(CommandError, match=says) as caught:
        write(tmp_path / name, "")
    assert caught.value.code == 74
    assert names(tmp_path) == []


def test_of_lines_that_come_along_other_faults_are_no_matter_of_the_file(tmp_path: Path) -> None:
    file = tmp_path / "a.log"

    def write_along(to: Path) -> None:
        with written_along(to) as line:
            line("one")
            if to == file:
                raise BrokenPipeError

    with pytest.raises(BrokenPipeError):
        write_along(file)
    with pytest.raises(CommandError, match="No space left"):
        write_along(Path("/dev/full"))
    assert names(tmp_path) == []


# ---- the commands


@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize(
    "asked",
    [
        ["replay", "{day}"],
        ["replay", "{day}", "--summary"],
        ["replay", "{day}", "--bus-log", "{folder}/bus.log"],
        ["settings"],
        ["stretches", "list"],
        ["stretches", "show", "march"],
        ["stretches", "routine"],
        ["--help"],
        ["--version"],
        ["history", "--help"],
    ],
)
def test_a_full_disk_behind_the_output_is_one_line_and_74(
    asked: list[str], unbuffered: str, day: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONUNBUFFERED", unbuffered)
    words = [each.format(day=day, folder=tmp_path) for each in asked]
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run([*UNSIT, *words], stdout=full, stderr=subprocess.PIPE, text=True, check=False, timeout=60)
    assert done.stderr == "unsit: standard output: No space left on device\n"
    assert done.returncode == 74


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_closed_ends_are_no_fault(closed: str, tmp_path: Path) -> None:
    line = f"'{sys.executable}' -m device stretches list {closed}; echo $? > {tmp_path}/code"
    done = subprocess.run(["sh", "-c", line], capture_output=True, text=True, check=False, timeout=60)
    assert (tmp_path / "code").read_text() == "0\n"
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp437", "utf-8"])
def test_an_output_that_cant_show_a_letter_shows_another(
    encoding: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONIOENCODING", encoding)
    journal = f"journal.file={tmp_path}/Büro-日.db"
    settings = subprocess.run(
        [*UNSIT, "settings", "--set", journal], capture_output=True, check=True, timeout=60
    ).stdout
    (tmp_path / "unsit.toml").write_bytes(settings)
    again = subprocess.run(
        [*UNSIT, "settings", "--config", f"{tmp_path}/unsit.toml"], capture_output=True, check=True, timeout=60
    ).stdout
    # The comment beside each value now says that it comes from a file.
    first, second = ([line.partition(b"  # ")[0] for line in text.splitlines()[1:]] for text in (settings, again))
    assert second == first
    for asked in (["stretches", "list", "--set", "screens.language=de"], ["history", "--set", journal]):
        done = subprocess.run([*UNSIT, *asked], capture_output=True, check=False, timeout=60)
        assert b"Traceback" not in done.stderr
        assert done.returncode in (0, 66)


def test_pictures_and_logs_are_there_whole_or_not_at_all(day: Path, tmp_path: Path) -> None:
    before = names(tmp_path)
    for asked in (["--bus-log", "/dev/full"], ["--screenshot", "100=/dev/full/a.png"]):
        done = unsit("replay", day, *asked, code=74)
        assert done.stderr.startswith(f"unsit: {asked[1].removeprefix('100=')}: ")
        assert done.stderr.count("\n") == 1
    assert "/dev/full/a.gif: Not a directory" in complaint(
        "stretches", "render", "march", "--out", "/dev/full/a.gif", code=74
    )
    assert names(tmp_path) == before


def test_ctrl_c_ends_a_command_without_a_word(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("device.commands.settings.in_force_of", interrupted)
    assert main(["settings"]) == 130
    assert capsys.readouterr() == ("", "")
