"""Settings from file and command line: what is in force, and the one line that says what is wrong."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from device.files.user_file import user_tables
from device.settings.layers import panel_settings
from device.settings.settings import JournalSettings, PanelSettings, Settings, Stretching
from device.settings.settings_file import SECTIONS, SettingsError, as_toml, lines_of, load_settings
from device.words.durations import duration_s, duration_text
from tests.settings.loading import complaint, loaded


def file_with(folder: Path, text: str) -> Path:
    file = folder / "unsit.toml"
    file.write_text(text, "utf-8")
    return file


def complaint_about(file: Path) -> str:
    with pytest.raises(SettingsError) as caught:
        load_settings(file)
    line = str(caught.value)
    assert "\n" not in line
    assert str(file) in line
    return line


def test_without_a_file_the_defaults_are_in_force() -> None:
    assert loaded() == Settings()
    assert Settings().limits.due_after_s == 7200
    assert Settings().limits.invite_after_s == 3600


@pytest.mark.parametrize(
    ("preset", "invite_s", "due_s"),
    [("couple-of-hours", 3600, 7200), ("hourly", 3000, 3600), ("half-hourly", 1500, 1800)],
)
def test_a_preset_sets_invite_and_due(preset: str, invite_s: float, due_s: float) -> None:
    limits = loaded(f"limits.preset={preset}").limits
    assert (limits.invite_after_s, limits.due_after_s) == (invite_s, due_s)


def test_own_numbers_override_the_preset() -> None:
    limits = loaded("limits.preset=hourly", "limits.due_after=90min", "limits.invite_after=40min").limits
    assert (limits.invite_after_s, limits.due_after_s) == (2400, 5400)


def test_an_invite_that_is_not_set_is_never_later_than_due() -> None:
    limits = loaded("limits.due_after=30min").limits
    assert (limits.invite_after_s, limits.due_after_s) == (1800, 1800)


def test_the_file_that_is_asked_for_is_read_and_the_command_line_beats_it(tmp_path: Path) -> None:
    file = file_with(tmp_path, '[limits]\ndue_after = "45min"\n[pins]\nseat = 5\n')
    settings, source = load_settings(file, ["pins.seat=6"])
    assert source == file
    assert settings.limits.due_after_s == 2700
    assert settings.pins.seat == 6


def test_the_first_place_that_has_a_file_wins(tmp_path: Path) -> None:
    etc, boot = tmp_path / "etc.toml", tmp_path / "boot.toml"
    boot.write_text("[pins]\nseat = 5\n")
    assert load_settings(None, [], [etc, boot])[0].pins.seat == 5
    etc.write_text("[pins]\nseat = 6\n")
    assert load_settings(None, [], [etc, boot])[0].pins.seat == 6


def test_a_bare_word_is_text_and_so_is_a_quoted_one() -> None:
    assert loaded("panel.driver=sh1106").panel.driver == "sh1106"
    assert loaded('panel.driver="sh1106"').panel.driver == "sh1106"
    assert loaded("panel.address=0x3D").panel.address == 0x3D
    assert loaded("sounds.hours=08:30-18:00").sounds.hours == "08:30-18:00"
    assert loaded('sounds.days=["mon", "tue"]').sounds.days == ("mon", "tue")


@pytest.mark.parametrize(
    ("override", "says"),
    [
        ("limits.due_afte=30min", ["--set", "limits.due_afte", "nearest: limits.due_after"]),
        ("due_after=30min", ["due_after", "nearest: limits.due_after"]),
        ("limits.due_after=30", ["limits.due_after", "30", "unit", '"1s" to "12h"']),
        ("limits.due_after=soon", ["limits.due_after", "soon", "duration", '"1s" to "12h"']),
        ("limits.due_after=13h", ["limits.due_after", "13h", "out of bounds", '"1s" to "12h"']),
        ("limits.due_after=08:30:00", ["limits.due_after", "unit"]),
        ("pins.seat=28", ["pins.seat", "28", "0 to 27"]),
        ("pins.seat=true", ["pins.seat", "whole number"]),
        ("pins.seat=17.5", ["pins.seat", "whole number"]),
        ("pins.backend=pigpio", ["pins.backend", "pigpio", '"lgpio"', '"rpigpio"']),
        ("panel.driver=3", ["panel.driver", "text"]),
        ("sounds.days=mon", ["sounds.days", "list"]),
        ('sounds.days=["mon", "funday"]', ["sounds.days", "funday", '"sun"']),
        ("sounds.hours=8-18", ["sounds.hours", "8-18", "08:30-18:00"]),
        ("sounds.hours=08:00-08:00", ["sounds.hours"]),
        ('reminders.after_due=["1min", "2min"]', ["reminders.after_due", '"2min" or more']),
        ('reminders.after_due=["1min","4min","8min","30min","60min"]', ["reminders.after_due", "4 times"]),
        ("limits.full_break=30s", ["limits.full_break", "limits.break_after"]),
        ("guide.ends_after=1s", ["guide.ends_after", "guide.pauses_after"]),
        ("pins.seat=27", ["pins.button", "GPIO27", "pins.seat"]),
        ("pins.buzzer=3", ["pins.buzzer", "GPIO3", "bus"]),
        ("limits", ["--set limits", "key=value"]),
        ("=3", ["key=value"]),
        ("pins.seat=", ["key=value"]),
        ("pins.seat=[1", ["[1", "TOML"]),
        ("pins.seat=5\npins.button=6", ["TOML"]),
        ("sounds.hours=\u0660\u0668:30-18:00", ["sounds.hours", "08:30-18:00"]),
        ("limits.due_after=\u0661\u0662min", ["limits.due_after", "duration"]),
        ("limits.due_after=" + "9" * 400 + "h", ["limits.due_after", "999...", "duration"]),
        ("pins.seat=" + "9" * 5000, ["pins.seat", "whole number"]),
        ("pins.seat=0x" + "F" * 5000, ["pins.seat", "0xfff", "...", "0 to 27"]),
        ("limits.due_after=0x" + "F" * 5000, ["limits.due_after", "unit"]),
        ("pins.seat=" + "[" * 3000, ["pins.seat", "TOML"]),
        ("pins.seat=" + "[" * 90 + "]" * 90, ["pins.seat", "[[[[", "whole number"]),
        ('journal.file="a\\u0000b"', ["journal.file", "NUL"]),
        ("stretches.folder=" + "x" * 256, ["stretches.folder", "255 bytes"]),
        ("journal.file=" + "/x" * 2100, ["journal.file", "a file"]),
        ("journal.file=\udcff", ["journal.file", "neither a TOML value nor bare words"]),
        ('journal.file="\udcff"', ["journal.file", "not UTF-8"]),
        ("k" * 5000 + "=1", ["unknown key kkkk"]),
        ('reminders.after_due=["13h"]', ["reminders.after_due", "12h"]),
        *(
            (f"persons.names={names}", ["persons.names", "2 to 8 different names of up to 12 letters"])
            for names in (
                "Anna",
                ["Anna"],
                ["Anna", ""],
                ["Anna", "anna"],
                ["Anna", " Bob"],
                ["Anna", "B  b"],
                ["Anna", "Bob the Builder"],
                ["Anna", "\u0411\u043e\u0431"],
                [*map(str, range(9))],
            )
        ),
        ("persons.ask_after=30", ["persons.ask_after", "unit"]),
    ],
)
def test_a_bad_setting_is_named_with_what_is_allowed(override: str, says: list[str]) -> None:
    line = complaint(override)
    for part in says:
        assert part in line


@pytest.mark.parametrize(
    ("override", "says"),
    [
        ("page.reach=world", ['page.reach = "world"', '"this-computer" or "house"']),
        ('page.proxy=["proxy.local"]', ["page.proxy", 'addresses in numbers, such as ["127.0.0.1"]']),
        ('page.proxy=["10.0.0.0/8"]', ["page.proxy", "addresses in numbers"]),
        ('page.proxy=["fe80::1%eth0"]', ["page.proxy", "addresses in numbers"]),
        ('page.proxy="127.0.0.1"', ["page.proxy", "must be a list"]),
        ('meetings.calendar=["work.ics"]', ["meetings.calendar", "begin with /", "`unsit meetings add NAME`"]),
        ('meetings.calendar=["Work"]', ["meetings.calendar"]),
        (f"meetings.calendar={['a'] * 11}", ["meetings.calendar", "up to 10"]),
    ],
)
def test_who_may_reach_the_page_is_said_in_words_and_addresses(override: str, says: list[str]) -> None:
    line = complaint(override)
    assert all(each in line for each in says)


@pytest.mark.parametrize("names", [(), ("Anna", "Bob"), ("Zo\u00eb", "Anna-Lena X."), tuple("ABCDEFGH")])
def test_names_are_taken_that_the_panel_can_show(names: tuple[str, ...]) -> None:
    written = ", ".join(f'"{name}"' for name in names)
    assert loaded(f"persons.names=[{written}]").persons.names == names


def test_the_page_is_this_computers_own_until_somebody_says_otherwise() -> None:
    assert Settings().page.reach == "this-computer"
    page = loaded("page.reach=house", 'page.proxy=["127.0.0.1", "::1"]').page
    assert (page.reach, page.proxy) == ("house", ("127.0.0.1", "::1"))


def test_a_stuck_button_is_down_for_longer_than_a_hold() -> None:
    assert "press.stuck: is not longer than press.hold" in complaint("press.stuck=2s", "press.hold=2s")


def test_a_long_hold_lies_between_a_hold_and_a_stuck_button() -> None:
    assert "press.long_hold: is not longer than press.hold" in complaint("press.long_hold=1s")
    assert "press.stuck: is not longer than press.long_hold" in complaint("press.long_hold=8s", "press.stuck=8s")


@pytest.mark.parametrize(
    ("override", "due_s"),
    [("limits.due_after=20 min", 1200), ("limits.due_after=1h 30min", 5400), ("limits.due_after = 20  min ", 1200)],
)
def test_bare_words_may_have_blanks_between_them(override: str, due_s: float) -> None:
    assert loaded(override).limits.due_after_s == due_s


def test_a_file_with_an_unknown_section_or_key_is_named(tmp_path: Path) -> None:
    assert "nearest: limits" in complaint_about(file_with(tmp_path, "[limit]\n"))
    assert "nearest: limits.preset" in complaint_about(file_with(tmp_path, "[limits]\npresets = 1\n"))
    assert "nearest: limits.due_after" in complaint_about(file_with(tmp_path, 'due_after = "2h"\n'))
    assert "`unsit settings`" in complaint_about(file_with(tmp_path, "[zzzz]\n"))


def test_a_key_of_two_lines_makes_a_complaint_of_one(tmp_path: Path) -> None:
    assert "limits.a b" in complaint_about(file_with(tmp_path, '[limits]\n"a\\nb" = 1\n'))
    assert "limits.?" in complaint_about(file_with(tmp_path, '[limits]\n"\\u001b" = 1\n'))


def test_a_missing_or_broken_file_is_named(tmp_path: Path) -> None:
    assert "No such file" in complaint_about(tmp_path / "none.toml")
    assert "line 1" in complaint_about(file_with(tmp_path, "[limits\n"))
    broken = tmp_path / "latin.toml"
    broken.write_bytes(b"# caf\xe9\n")
    assert "UTF-8" in complaint_about(broken)


def test_what_a_file_has_may_be_as_large_as_it_likes_the_complaint_is_not(tmp_path: Path) -> None:
    for text in (
        f'[pins]\nseat = "{"x" * 9000}"',
        f"[pins]\nseat = [{'0, ' * 3000}]",
        f"[{'x' * 9000}]",
        f"[limits]\n{'x' * 9000} = 1",
        f"{'x' * 9000} = 1",
        "[pins]\nseat = {a = {b = {c = {d = {e = {f = {g = {}}}}}}}}",
        "[pins]\nseat." + "a." * 4000 + "a = 1",
    ):
        assert len(complaint_about(file_with(tmp_path, text))) < 600


def test_a_file_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    assert load_settings(file_with(tmp_path, '\ufeff[limits]\npreset = "hourly"'))[0].limits.due_after_s == 3600


def test_a_place_for_settings_that_nobody_may_look_at_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("os.stat", denied)
    with pytest.raises(SettingsError, match=r"^/boot/unsit\.toml: can't be read: Permission denied"):
        load_settings(None, [], [Path("/boot/unsit.toml")])
    assert panel_settings(None, []) == PanelSettings()


TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0/"), max_size=60)


@given(TEXT, st.lists(TEXT, max_size=3))
@example('a"b\\c\u2028\x1b\x7f\x85\n\r', [])
def test_settings_of_any_text_load_again(name: str, ids: list[str]) -> None:
    asked = Settings(journal=JournalSettings(file=name), stretches=Stretching(leave_out=tuple(ids)))
    lines = lines_of(asked)
    assert all(line.isprintable() for line in lines)
    assert load_settings(None, lines, [])[0] == asked
    assert "\n".join(lines).splitlines() == lines
    tables = user_tables(as_toml(asked, Path(f"/{name}")), "settings")
    assert tables["journal"]["file"] == name
    assert tables["stretches"]["leave_out"] == ids


def test_a_buzzer_that_is_not_there_needs_no_pin_of_its_own() -> None:
    assert loaded("buzzer.kind=none", "pins.seat=18").pins.seat == 18


def test_on_another_bus_the_first_bus_has_no_pins() -> None:
    assert loaded("panel.port=3", "pins.seat=2").pins.seat == 2


def test_what_is_printed_loads_as_the_same_settings(tmp_path: Path) -> None:
    settings = loaded(
        "limits.preset=hourly",
        "sounds.hours=22:00-06:00",
        "panel.address=0x3d",
        "press.rearm=1.5s".replace("1.5s", "30ms"),
    )
    file = file_with(tmp_path, as_toml(settings, None))
    assert load_settings(file)[0] == settings


def test_of_broken_settings_the_panels_own_are_kept_to_show_what_is_wrong(tmp_path: Path) -> None:
    file = file_with(tmp_path, '[panel]\ndriver = "sh1106"\n[limits]\npreset = "never"\n')
    assert panel_settings(file, []) == PanelSettings(driver="sh1106")
    assert panel_settings(file_with(tmp_path, '[panel]\ndriver = "oled"\n'), []) == PanelSettings()
    assert panel_settings(file_with(tmp_path, "[panel"), []) == PanelSettings()
    assert panel_settings(file_with(tmp_path, "[panel]\nrotation = 180\n"), []) == PanelSettings(rotation=180)
    assert panel_settings(None, ["pins.seat=99"]) == PanelSettings()


def test_each_setting_is_printed_with_what_it_is_for() -> None:
    lines = as_toml(Settings(), Path("/somewhere/unsit.toml")).splitlines()
    assert "/somewhere/unsit.toml" in lines[0]
    for number, line in enumerate(lines):
        if " = " in line and not line.startswith("#"):
            assert lines[number - 1].startswith("# ")


def test_every_default_is_one_of_its_allowed_values() -> None:
    for section in SECTIONS.values():
        for setting in fields(section):
            assert setting.metadata["allowed"].accepts(getattr(section(), setting.name)), setting.name


@given(st.integers(0, 10**9))
def test_a_duration_reads_back_as_it_was_written(span_ms: int) -> None:
    assert duration_s(duration_text(span_ms / 1000)) == span_ms / 1000


@pytest.mark.parametrize(
    ("text", "span_s"), [("90s", 90), ("2h", 7200), ("1h 30min", 5400), ("30m", 1800), ("500ms", 0.5), ("1.5h", 5400)]
)
def test_durations_are_written_as_people_write_them(text: str, span_s: float) -> None:
    assert duration_s(text) == span_s


@pytest.mark.parametrize("text", ["", "90", "h", "-5s", "5 days", "1e3s", "5s!"])
def test_what_has_no_unit_or_is_no_number_is_no_duration(text: str) -> None:
    with pytest.raises(ValueError, match="duration"):
        duration_s(text)


@given(st.data())
def test_any_settings_within_bounds_survive_being_written_and_read(data: Any) -> None:
    mute_s = data.draw(st.integers(60_000, 43_200_000)) / 1000
    contrast = data.draw(st.integers(0, 255))
    settings = loaded(f"reminders.mute={duration_text(mute_s)}", f"panel.contrast={contrast}")
    assert settings.reminders.mute_s == mute_s
    assert settings.panel.contrast == contrast


def test_letters_that_would_end_a_line_or_a_text_are_written_so_that_they_load_again(tmp_path: Path) -> None:
    folder = 'a "quoted" \\ folder\u2028of two lines\U000e0001'
    settings = Settings(stretches=Stretching(folder=folder))
    file = tmp_path / "unsit.toml"
    file.write_text(as_toml(settings, None), "utf-8")
    assert len(file.read_text("utf-8").splitlines()) == len(as_toml(Settings(), None).splitlines())
    assert load_settings(file)[0].stretches.folder == folder


SECRET = "https://calendar.example/private-5eCre7/basic.ics?token=a1"


@pytest.mark.parametrize(
    "line",
    [
        f'calendar = ["{SECRET}"]',
        f'calendar = "{SECRET}"',
        f'calendar = ["work", "{SECRET.replace("https", "webcal")}"]',
        f'calendar = {{ work = "{SECRET}" }}',
    ],
)
def test_an_address_among_the_settings_is_refused_without_being_repeated(tmp_path: Path, line: str) -> None:
    file = tmp_path / "unsit.toml"
    file.write_text(f"[meetings]\n{line}\n", "utf-8")
    with pytest.raises(SettingsError) as told:
        load_settings(file)
    assert "5eCre7" not in str(told.value)
    assert "unsit meetings add NAME" in str(told.value)


@pytest.mark.parametrize("value", [SECRET, f'["{SECRET}"]', f'["{SECRET}"'])
def test_an_address_on_the_command_line_is_not_repeated_either(value: str) -> None:
    with pytest.raises(SettingsError) as told:
        load_settings(None, [f"meetings.calendar={value}"], places=())
    assert "5eCre7" not in str(told.value)


def test_calendars_are_paths_and_names() -> None:
    assert loaded('meetings.calendar=["/srv/team.ics", "work-2"]').meetings.calendar == ("/srv/team.ics", "work-2")
