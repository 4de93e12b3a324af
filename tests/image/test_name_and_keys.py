"""name.txt and ssh-key.txt: the device's name in the house, and who may come in."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from unsit_card.faults import Fault, Found
from unsit_card.names import KEY_FILE, NAME_FILE, host_name_of, keys_of
from unsit_card.read import KEYS, settle
from unsit_card.text import Written

from device.pictures.drawing import pieces
from device.words.effects import BigWords
from tests.tools import takes

INSTALL = Path(__file__).parents[2] / "docs/install.md"
KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGcF1h3tVtGxEmQy8rQ0m3m9mVfXW0Y2n8o3o1h7pQfT me@my computer"


def name_of(*lines: str) -> tuple[str, list[Found]]:
    return host_name_of(Written(NAME_FILE, list(enumerate(lines, 1))))


@pytest.mark.parametrize("line", ["Desk-2", "desk-2.local", "name = desk-2", '"desk-2"', "Hostname: desk-2"])
def test_a_name_is_taken_however_it_is_put(line: str) -> None:
    assert name_of(line) == ("desk-2", [])


@pytest.mark.parametrize(
    "line",
    ["my desk", "büro", "-desk", "desk-", "desk_2", "a" * 64, "a.b", "localhost", "12", "ſ", '""'],  # noqa: RUF001
)
def test_a_name_that_no_house_would_find_is_refused_in_one_line(line: str) -> None:
    assert name_of(line) == ("", [Found(NAME_FILE, Fault.HOST_NAME, 1)])


def test_an_empty_file_and_a_second_line_are_said() -> None:
    assert name_of() == ("", [Found(NAME_FILE, Fault.EMPTY)])
    assert name_of("desk", "other") == ("desk", [Found(NAME_FILE, Fault.TWO_NAMES, 2)])


def test_without_a_file_the_device_has_its_own_name_and_nobody_comes_in(tmp_path: Path) -> None:
    assert settle(tmp_path, tmp_path / "root") == []
    assert (tmp_path / "root/etc/hostname").read_text() == "unsit\n"
    assert "127.0.1.1\tunsit\n" in (tmp_path / "root/etc/hosts").read_text()
    assert not (tmp_path / "root" / KEYS).exists()


@takes({"ssh-keygen": "openssh-client"})
def test_a_key_that_is_made_as_the_docs_say_is_taken(tmp_path: Path) -> None:
    told = INSTALL.read_text("utf-8").partition("### A key for ssh")[2].partition("\n### ")[0]
    (command,) = re.findall(r"```\n(ssh-keygen .*)\n```", told)
    secret = tmp_path / re.findall(r"`(id_\w+)` is the secret one", told)[0]
    assert command == f"ssh-keygen -t {secret.name.removeprefix('id_')}", "that is what the file is called then"
    subprocess.run([*command.split(), "-q", "-N", "", "-f", str(secret)], check=True)
    (tmp_path / KEY_FILE).write_text(secret.with_suffix(".pub").read_text("utf-8"), "utf-8")
    assert f"`{secret.name}.pub`" in told
    assert settle(tmp_path, tmp_path / "root") == []
    assert (tmp_path / "root" / KEYS).read_text().startswith("ssh-")


def test_a_name_and_a_key_are_settled(tmp_path: Path) -> None:
    (tmp_path / NAME_FILE).write_text("Desk-2\r\n")
    (tmp_path / KEY_FILE).write_text(f"\ufeff# mine\r\n{KEY}\r\n", "utf-8")
    assert settle(tmp_path, tmp_path / "root") == []
    assert (tmp_path / "root/etc/hostname").read_text() == "desk-2\n"
    assert (tmp_path / "root" / KEYS).read_text() == f"{KEY}\n"


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("-----BEGIN OPENSSH PRIVATE KEY-----", Fault.PRIVATE_KEY),
        ('command="reboot" ' + KEY, Fault.NO_PUBLIC_KEY),
        ("ssh-ed25519 short", Fault.NO_PUBLIC_KEY),
        ("my password", Fault.NO_PUBLIC_KEY),
    ],
)
def test_what_is_no_public_key_lets_nobody_in(line: str, fault: Fault) -> None:
    assert keys_of(Written(KEY_FILE, [(3, line)])) == ([], [Found(KEY_FILE, fault, 3)])


def test_an_empty_file_of_keys_is_said() -> None:
    assert keys_of(Written(KEY_FILE, [])) == ([], [Found(KEY_FILE, Fault.EMPTY)])


@pytest.mark.parametrize("fault", Fault)
@pytest.mark.parametrize("language", ["en", "de"])
def test_what_the_panel_says_of_a_fault_fits(fault: Fault, language: str) -> None:
    lines, small = Found("ssh-key.txt", fault, 12, "ssh-key.txt").words(language)
    assert len(lines) == 2
    assert {*lines, small} <= {piece.text for piece in pieces(BigWords(lines, small), 0.0)}


def test_of_a_package_on_the_card_the_panel_says_the_name() -> None:
    lines, small = Found("unsit-meetings_0.1.0_all.deb", Fault.OLDER).words("de")
    assert {*lines, small} <= {piece.text for piece in pieces(BigWords(lines, small), 0.0)}


# ---- the device's own key


@takes({"ssh-keygen": "openssh-client"})
def test_its_own_key_is_kept_and_without_room_for_it_there_is_one_all_the_same(tmp_path: Path) -> None:
    text = (Path(__file__).parents[2] / "systemd/image/root/usr/lib/unsit-image/host-key").read_text()
    text = text.replace("/kept", str(tmp_path / "kept")).replace("/run/unsit-card", str(tmp_path))
    key = tmp_path / "host-key"
    # A file in place of the folder stands for a partition that takes nothing.
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept/ssh").write_text("")
    subprocess.run(["sh", "-c", text], check=True, capture_output=True)
    passing = key.read_text()
    assert "PRIVATE KEY" in passing
    (tmp_path / "kept/ssh").unlink()
    subprocess.run(["sh", "-c", text], check=True)
    kept = key.read_text()
    subprocess.run(["sh", "-c", text], check=True)
    assert key.read_text() == kept == (tmp_path / "kept/ssh/host-key").read_text() != passing
