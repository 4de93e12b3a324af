"""The two slots of the card: one byte says which one starts, and another that a slot is on trial."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest
from unsit_card.slots import SlotError, Starts, goes_back_to, other_slot, partition, running_slot
from unsit_card.trial import set_back

PROJECT = Path(__file__).parents[2]
TRIAL = PROJECT / "systemd/image/initramfs/scripts/local-premount/trial"
CARD_ID = re.findall(r'^_CARD_ID = "0x(\w{8})"', (PROJECT / "systemd/making/image_card.py").read_text(), re.MULTILINE)[
    0
]
CONFIG = "# How a Pi starts.\r\nos_prefix=a/\nkernel=vmlinuz\n"
WORDS = "root=LABEL=root-a ro panic=10 quiet\n"


@pytest.fixture
def card(tmp_path: Path) -> Path:
    (tmp_path / "config.txt").write_bytes(CONFIG.encode())
    for slot in "ab":
        (tmp_path / slot).mkdir()
    (tmp_path / "a/cmdline.txt").write_text(WORDS)
    return tmp_path


def test_one_byte_chooses_the_slot(card: Path) -> None:
    starts = Starts(card)
    assert starts.chosen() == "a"
    starts.choose("b")
    assert starts.chosen() == "b"
    assert (card / "config.txt").read_bytes() == CONFIG.replace("prefix=a", "prefix=b").encode()


def test_a_slot_on_trial_is_told_what_the_other_is_and_the_way_back(card: Path) -> None:
    words = Starts(card).words_on_trial("b", "a")
    assert words == f"root=LABEL=root-b ro panic=10 quiet unsit.trial=a,{CONFIG.index('a/')}\n"
    assert (running_slot(words), goes_back_to(words)) == ("b", "a")


def test_a_slot_that_has_proved_itself_starts_from_then_on_and_is_on_trial_no_more(card: Path) -> None:
    starts = Starts(card)
    (card / "b/cmdline.txt").write_text(starts.words_on_trial("b", "a"))
    starts.prove("b")
    words = (card / "b/cmdline.txt").read_text()
    assert starts.chosen() == "b"
    assert goes_back_to(words) == ""
    # The next update goes the other way, and the old word doesn't come along.
    assert starts.words_on_trial("a", "b").count("unsit.trial") == 1
    assert running_slot(starts.words_on_trial("a", "b")) == "a"


@pytest.mark.parametrize("config", ["", "os_prefix=c/\n", "#os_prefix=a/\n"])
def test_a_card_that_somebody_has_changed_is_left_alone(card: Path, config: str) -> None:
    (card / "config.txt").write_text(config)
    with pytest.raises(SlotError, match="os_prefix"):
        Starts(card).choose("b")
    assert (card / "config.txt").read_text() == config
    (card / "a/cmdline.txt").write_text("root=/dev/sda1\n")
    with pytest.raises(SlotError, match="doesn't name root-a"):
        Starts(card).words_on_trial("b", "a")
    with pytest.raises(SlotError, match="neither slot"):
        running_slot("root=/dev/sda1")


@pytest.mark.parametrize(
    ("mounted", "slot", "device"),
    [("/dev/mmcblk0p2", "b", "/dev/mmcblk0p3"), ("/dev/vda3", "a", "/dev/vda2"), ("/dev/vda3", "b", "/dev/vda3")],
)
def test_a_slot_is_a_partition_beside_the_one_that_runs(mounted: str, slot: str, device: str) -> None:
    assert partition(mounted, slot) == device
    assert {other_slot("a"), other_slot("b")} == {"a", "b"}


def test_the_initrd_of_a_slot_on_trial_sets_the_card_back(card: Path, tmp_path: Path) -> None:
    starts = Starts(card)
    words = starts.words_on_trial("b", "a")
    starts.choose("b")
    assert run_in_initrd(tmp_path, words).strip() == f"mounted PARTUUID={CARD_ID}-01"
    assert (card / "config.txt").read_bytes() == CONFIG.encode()


@pytest.mark.skipif(os.geteuid() != 0, reason="takes a command that root alone may run")
@pytest.mark.parametrize("breaks", ["mount() { false; }", "dd() { false; }"])
def test_a_card_that_the_initrd_cannot_set_back_is_said_and_set_back_later(
    card: Path, tmp_path: Path, breaks: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    starts = Starts(card)
    words = starts.words_on_trial("b", "a")
    starts.choose("b")
    assert "can't be told to go back" in run_in_initrd(tmp_path, words, breaks)
    assert starts.chosen() == "b"
    stand_in(tmp_path / "bin/mount", monkeypatch)
    set_back(goes_back_to(words), starts)
    assert starts.chosen() == "a"


@pytest.mark.parametrize("words", [WORDS, "root=LABEL=root-b unsit.trial=-,30", "unsit.trial=b", "xunsit.trial=a,30"])
def test_the_initrd_of_any_other_slot_leaves_it(card: Path, tmp_path: Path, words: str) -> None:
    Starts(card).choose("b")
    assert run_in_initrd(tmp_path, words) == ""
    assert Starts(card).chosen() == "b"


def stand_in(command: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a command do nothing."""
    command.parent.mkdir()
    command.write_text("#!/bin/sh\n")
    command.chmod(0o755)
    monkeypatch.setenv("PATH", f"{command.parent}:{os.environ['PATH']}")


def run_in_initrd(card: Path, words: str, breaks: str = "") -> str:
    """Run the script as the initrd does, in a shell that has a card in place of its mounts."""
    (card / "cmdline").write_text(words)
    text = TRIAL.read_text().replace("/run/trial", str(card)).replace("/proc/cmdline", str(card / "cmdline"))
    stands_in = "mount() { shift 4; echo mounted $1; }; umount() { :; }; local_device_setup() { DEV=$1; }\n"
    stands_in += f'log_warning_msg() {{ echo "$*"; }}\n{breaks}\n'
    text = text.replace(". /scripts/functions\n. /scripts/local\n", stands_in)
    ran = subprocess.run(
        ["sh", "-c", text], env={"ROOT": "/dev/vda3", "PATH": "/bin:/usr/bin"}, capture_output=True, text=True
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    return ran.stdout
