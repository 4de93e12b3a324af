"""Who starts by the settings on the card, and who may look at the files beside them, which have passwords."""

from __future__ import annotations

import re
import shlex
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from systemd.making.description import SYSTEMD, described

OVER = SYSTEMD / "image/root/usr/lib"
UNITS = OVER / "systemd/system"
CARD = "/boot/firmware"


def values(unit: str, key: str) -> list[str]:
    """What the image adds to that unit, or what it says of its own."""
    own = UNITS / unit
    text = (own if own.exists() else UNITS / f"{unit}.d/image.conf").read_text("utf-8")
    return [line.partition("=")[2] for line in text.splitlines() if line.startswith(f"{key}=")]


def has(command: Sequence[str], settings: Path) -> bool:
    """Whether the command, which asks grep, says yes to a file with these settings."""
    words = [str(settings) if word == f"{CARD}/unsit.toml" else word for word in command]
    return subprocess.run(words, check=False).returncode == 0


# ---- what the settings are asked


@pytest.mark.parametrize(
    ("text", "starts"),
    [
        ('[mqtt]\nhost = "a"\n', True),
        ('  [ mqtt ]\r\nhost = "a"\r\n', True),
        ('\ufeff[mqtt]\nhost = "a"\n', True),
        ('mqtt.host = "a"\n', True),
        ('"mqtt".host = "a"\n', True),
        ('mqtt = { host = "a" }\n', True),
        ('# [mqtt]\n[screens]\nlanguage = "de"  # no mqtt\n', False),
        ("", False),
    ],
)
def test_the_process_for_a_broker_starts_however_the_settings_name_one(text: str, starts: bool, tmp_path: Path) -> None:
    (tmp_path / "unsit.toml").write_text(text, "utf-8")
    (condition,) = values("unsit-mqtt.service", "ExecCondition")
    assert has(shlex.split(condition), tmp_path / "unsit.toml") == starts


def test_it_does_not_start_without_settings_nor_by_those_that_come_with_the_image(tmp_path: Path) -> None:
    (condition,) = values("unsit-mqtt.service", "ExecCondition")
    assert not has(shlex.split(condition), tmp_path / "none")
    assert not has(shlex.split(condition), SYSTEMD / "image/firmware/unsit.toml")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[page]\nreach = "house"\n', True),
        ("[page]\n  reach='this-computer'\n", True),
        ('page.reach = "house"\n', True),
        ('page = { port = 80, reach = "house" }\n', True),
        ('[page]\n"reach" = "house"\n', True),
        ('# reach = "house" is for all\n[page]\nport = 80\n', False),
        ("[page]\nport = 80  # whom the page reaches\n", False),
        ('name = "out of reach"\n', False),
    ],
)
def test_a_note_that_speaks_of_reach_does_not_say_who_may_open_the_page(text: str, said: bool, tmp_path: Path) -> None:
    (tmp_path / "unsit.toml").write_text(text, "utf-8")
    (asked,) = re.findall(r"(grep -\S+ .*) \"\$settings\"; then", (OVER / "unsit-image/page-reach").read_text("utf-8"))
    assert has([*shlex.split(asked), f"{CARD}/unsit.toml"], tmp_path / "unsit.toml") == said


# ---- who sees the files


def speaking() -> Iterator[str]:
    """The parts' services that answer or ask others, each of which has a user of its own."""
    for part in described().parts.values():
        for file in part.files:
            # The device itself has no network, and nobody speaks to it but over the line.
            if file.kind == "unit" and file.source.name != "unsit.service" and "\nUser=" in file.source.read_text():
                yield file.source.name


@pytest.mark.parametrize("unit", [*speaking()])
def test_whoever_speaks_to_others_does_not_see_the_wifis_password(unit: str) -> None:
    if CARD in [value.partition(":")[0] for value in values(unit, "TemporaryFileSystem")]:
        assert values(unit, "BindReadOnlyPaths") == [f"-{CARD}/unsit.toml"]
    else:
        hidden = " ".join(values(unit, "InaccessiblePaths")).split()
        # The FAT doesn't tell capitals from small letters, and neither does this name.
        assert {f"-{CARD}/wifi.txt", f"-{CARD}/wifi.txt.txt"} <= {*hidden}


@pytest.mark.parametrize("unit", ["avahi-daemon.service", "systemd-timesyncd.service"])
def test_debians_that_listen_do_not_see_the_card_at_all(unit: str) -> None:
    assert values(unit, "InaccessiblePaths") == [f"-{CARD}"]


def test_there_are_such_services() -> None:
    assert [*speaking()] == ["unsit-page.service", "unsit-meetings.service", "unsit-mqtt.service"]


# ---- when memory is short


def test_an_update_ends_before_the_device_does() -> None:
    (update,), (device,) = values("unsit-update.service", "OOMScoreAdjust"), values("unsit.service", "OOMScoreAdjust")
    assert int(update) > 0 > int(device)
    assert values("unsit-update.service", "OOMPolicy") == ["stop"]
