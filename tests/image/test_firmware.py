"""What of config.txt the model of the firmware believes, as Raspberry Pi's documentation has it."""

from __future__ import annotations

import pytest

from tests.image.firmware import NO_PI, PI_3B, PI_4B, PI_ZERO_2_W, FirmwareError, Pi, settled


def test_the_last_of_two_lines_counts_and_an_initramfs_has_no_equals_sign() -> None:
    config = settled("os_prefix=a/\n# os_prefix=c/\nos_prefix=b/\ninitramfs initrd.img followkernel\n", NO_PI)
    assert config == {"os_prefix": "b/", "initramfs": "initrd.img"}


@pytest.mark.parametrize(
    ("pi", "expected"), [(PI_3B, "three"), (PI_ZERO_2_W, "zero"), (PI_4B, "four"), (NO_PI, "plain")]
)
def test_a_section_is_for_its_board_until_the_next_section(pi: Pi, expected: str) -> None:
    text = "kernel=plain\n[pi3]\nkernel=three\n[pi02]\nkernel=zero\n[pi4]\nkernel=four\n[all]\ncmdline=all.txt\n"
    config = settled(text, pi)
    assert config == {"kernel": expected, "cmdline": "all.txt"}


def test_a_line_that_means_nothing_is_told() -> None:
    with pytest.raises(FirmwareError, match="'os_prefix b/'"):
        settled("os_prefix b/", NO_PI)
