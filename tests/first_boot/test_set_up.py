"""What the set-up concludes from what it finds; tests/first_boot/test_first_boot.py has it done for real."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from systemd.first_boot.set_up import card_may_be_broken, cause_of, has_network
from systemd.making.early_pictures import early_screens

HEAD = "Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT\n"
LOCAL = "eth0\t0002000A\t00000000\t0001\t0\t0\t100\t00FFFFFF\t0\t0\t0\n"
OUT = "wlan0\t00000000\t0202000A\t0003\t0\t0\t100\t00000000\t0\t0\t0\n"
NOWHERE = f"{'0' * 32} 00 {'0' * 32} 00 {'0' * 32} ffffffff 00000001 00000000 00200200       lo\n"
BY_6 = f"{'0' * 32} 00 {'0' * 32} 00 fe80{'0' * 27}1 00000064 00000001 00000000 00450003     eth0\n"


@pytest.mark.parametrize(
    ("by_4", "by_6", "there"),
    [
        (HEAD, NOWHERE, False),
        (HEAD + LOCAL, NOWHERE, False),
        (HEAD + LOCAL + OUT, NOWHERE, True),
        (HEAD, NOWHERE + BY_6, True),
        ("", None, False),
    ],
)
def test_there_is_a_network_once_there_is_a_way_out(by_4: str, by_6: str | None, there: bool, tmp_path: Path) -> None:
    (tmp_path / "route").write_text(by_4)
    if by_6 is not None:
        (tmp_path / "ipv6_route").write_text(by_6)
    assert has_network(tmp_path) == there


@pytest.mark.parametrize(
    ("said", "picture"),
    [
        (["ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.", "more"], "wrong-download"),
        (["ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device"], "no-room"),
        (["WARNING: Retrying: [SSL: CERTIFICATE_VERIFY_FAILED] certificate is not yet valid"], "no-answer"),
        (["NewConnectionError: [Errno -3] Temporary failure in name resolution", "ERROR: No matching"], "no-answer"),
        (["Where the page is to be reached can't be settled; the line above says why."], "wrong-settings"),
        (["Unsit needs Python 3.11 or newer; here: Python 3.9", ""], "cannot-install"),
        ([], "cannot-install"),
    ],
)
def test_what_kept_it_from_installing_is_told_by_a_picture(said: list[str], picture: str) -> None:
    assert cause_of(said).picture == picture
    assert picture in {screen.name for screen in early_screens()}


def test_what_it_doesnt_know_is_told_in_the_last_words() -> None:
    assert str(cause_of(["first", "Unsit needs Python 3.11", ""])) == "Unsit needs Python 3.11"


def test_a_card_that_cant_be_written_keeps_it_from_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    with card_may_be_broken():
        raise OSError(errno.EROFS, "Read-only file system")
    assert capsys.readouterr().err == "unsit-set-up.txt can't be changed: Read-only file system\n"
