"""Which settings file is in force, which are passed over, and how a line is put into one."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path

import pytest

from device.settings.settings_file import SettingsError
from device.settings.settings_place import settle_reach, whence, written_into


def test_the_file_in_force_is_named_and_so_are_those_that_come_later(tmp_path: Path) -> None:
    first, second = tmp_path / "etc/unsit.toml", tmp_path / "boot/unsit.toml"
    for place in (first, second):
        place.parent.mkdir()
        place.touch()
    assert list(whence(first, [first, second])) == [f"from {first}", f"{second} is passed over: {first} comes first"]
    assert list(whence(second, [tmp_path / "none/unsit.toml", second])) == [f"from {second}"]


def test_without_a_file_the_first_place_is_named(tmp_path: Path) -> None:
    place = tmp_path / "unsit.toml"
    assert list(whence(None, [place])) == [f"defaults: there is no {place}, nor another file"]


def test_what_replaces_settings_in_this_call_is_named_with_a_file_and_without(tmp_path: Path) -> None:
    place, own = tmp_path / "unsit.toml", ["seat.kind=ads1115", "seat.address=0x49"]
    for file in (None, place):
        assert list(whence(file, [place], own))[1:] == [
            "but for --set seat.kind=ads1115",
            "but for --set seat.address=0x49",
        ]


@pytest.mark.parametrize("name", ["unsit.toml.txt", "Unsit.toml", "unsit (1).toml"])
def test_a_file_whose_name_is_not_quite_right_is_named(tmp_path: Path, name: str) -> None:
    (tmp_path / name).touch()
    _, line = whence(None, [tmp_path / "unsit.toml"])
    assert line == f"{tmp_path / name} is passed over: it would have to be named unsit.toml"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", '[panel]\ndriver = "sh1106"\n'),
        ("[limits]\npreset = 'hourly'", "[limits]\npreset = 'hourly'\n\n[panel]\ndriver = \"sh1106\"\n"),
        ("[panel]  # mine\nport = 3\n[pins]\n", '[panel]  # mine\ndriver = "sh1106"\nport = 3\n[pins]\n'),
        ('[panel]\ndriver = "ssd1306"\n', '[panel]\ndriver = "sh1106"\n'),
    ],
)
def test_a_line_is_put_where_it_belongs_and_all_else_stays(tmp_path: Path, before: str, after: str) -> None:
    file = tmp_path / "unsit.toml"
    file.write_text(before)
    assert written_into(file, "panel", {"driver": "sh1106"}) == str(file)
    assert file.read_text() == after
    assert [each.name for each in tmp_path.iterdir()] == ["unsit.toml"]


@pytest.mark.parametrize(
    "text", ["panel.driver = 'ssd1306'\n", "panel = {driver = 'ssd1306'}\n", "[panel\n", 'note = """\n[panel]\n"""\n']
)
def test_a_file_that_is_written_otherwise_is_left_alone(tmp_path: Path, text: str) -> None:
    file = tmp_path / "unsit.toml"
    file.write_text(text)
    assert written_into(file, "panel", {"driver": "sh1106"}) is None
    assert file.read_text() == text


def test_what_is_not_there_or_not_ours_to_write_is_left_alone(tmp_path: Path) -> None:
    assert written_into(None, "panel", {"driver": "sh1106"}) is None
    assert written_into(tmp_path / "none.toml", "panel", {"driver": "sh1106"}) is None


def test_a_power_cut_leaves_the_old_text_or_the_new_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "unsit.toml"
    file.write_text("[panel]\n")
    file.chmod(0o604)
    synced: list[str] = []
    monkeypatch.setattr(os, "fsync", lambda number: synced.append(os.readlink(f"/proc/self/fd/{number}")))
    assert written_into(file, "panel", {"driver": "sh1106"}) == str(file)
    assert settle_reach(str(tmp_path / "other"), "house", "house") == ("house", 8016)
    new = [tmp_path / "unsit.toml.new", tmp_path, tmp_path / "other/etc/unsit/unsit.toml.new"]
    assert synced[:3] == [str(each) for each in new], "the text is on the disk before it gets the name"
    assert file.stat().st_mode & 0o777 == 0o604


def test_several_values_are_written_and_read_back(tmp_path: Path) -> None:
    file = tmp_path / "unsit.toml"
    file.write_text("[panel]\nfirst_column = 2\n[sounds]\n")
    written_into(file, "panel", {"driver": "sh1106", "first_column": 0})
    assert tomllib.loads(file.read_text()) == {"panel": {"driver": "sh1106", "first_column": 0}, "sounds": {}}


def test_a_place_that_may_not_be_looked_at_is_passed_by(tmp_path: Path) -> None:
    first, nowhere = tmp_path / "unsit.toml", tmp_path / ("x" * 300)
    first.touch()
    assert list(whence(first, [first, nowhere])) == [f"from {first}"]


def test_who_may_reach_the_page_is_as_asked_else_as_the_settings_say_else_as_it_is_by_itself(tmp_path: Path) -> None:
    root, file = str(tmp_path), tmp_path / "etc/unsit/unsit.toml"
    assert settle_reach(root, "", "this-computer") == ("this-computer", 8016)
    assert not file.exists(), "what is the default needs no file"
    assert settle_reach(root, "", "house") == ("house", 8016)
    assert tomllib.loads(file.read_text("utf-8")) == {"page": {"reach": "house"}}
    assert settle_reach(root, "", "this-computer") == ("house", 8016)
    assert settle_reach(root, "this-computer", "house") == ("this-computer", 8016)
    assert settle_reach(root, "", "house") == ("this-computer", 8016)


def test_who_may_reach_the_page_is_written_into_the_file_in_force_and_the_rest_of_it_stays(tmp_path: Path) -> None:
    file = tmp_path / "boot/firmware/unsit.toml"
    file.parent.mkdir(parents=True)
    file.write_text("# mine\n[page]\nport = 9000  # and why\n[limits]\npreset = 'hourly'\n")
    assert settle_reach(str(tmp_path), "", "house") == ("house", 9000)
    assert "# mine" in file.read_text("utf-8")
    assert tomllib.loads(file.read_text("utf-8")) == {
        "page": {"port": 9000, "reach": "house"},
        "limits": {"preset": "hourly"},
    }
    assert not (tmp_path / "etc/unsit/unsit.toml").exists(), "it would be in force instead"


def test_a_file_in_which_it_cannot_be_written_is_named_and_left_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "etc/unsit/unsit.toml"
    file.parent.mkdir(parents=True)
    written = "page = {port = 9000}\n"
    file.write_text(written)
    with pytest.raises(SettingsError, match=r'put reach = "house" under \[page\] there yourself'):
        settle_reach(str(tmp_path), "house", "this-computer")
    assert file.read_text("utf-8") == written
    file.write_text("[page]\nreach = 5\n")
    with pytest.raises(SettingsError, match="must be text"):
        settle_reach(str(tmp_path), "house", "this-computer")
