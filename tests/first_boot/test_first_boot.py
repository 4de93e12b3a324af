"""A stock system becomes an Unsit from nothing to its end, with all that may be missing or wrong on the way."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from device.languages.screen_words import vocabulary
from device.pictures.drawing import draw
from device.screens.screens import cannot_start
from device.words.effects import Card
from tests.first_boot.conftest import Begins, StockDesk
from tests.first_boot.stock import ON_THE_CARD
from tests.first_boot.world import clock_server
from tests.real_kernel.desk import golden_picture

pytestmark = [pytest.mark.first_boot, pytest.mark.timeout(3600)]

STEPS = [f"early_setting_up_{number}_of_5" for number in range(1, 6)]
FIRST_SCREEN = "choosing_language"
LATE_S = 300.0
GERMAN = '[screens]\nlanguage = "de"\n'


def comes_to_its_end(desk: StockDesk) -> float:
    """Wait for the restart in the end and for the device; returns how long after the last power-on that was."""
    desk.until_shown("early_restarting_en")
    desk.until_restarted()
    return runs(desk)


def ends_without_a_restart(desk: StockDesk) -> None:
    """The same at a later start: the card has kept what was written into config.txt, so the firmware has read it."""
    desk.until_shown(f"{STEPS[4]}_en")
    runs(desk)
    assert golden_picture("early_restarting_en") not in desk.seen()


def runs(desk: StockDesk) -> float:
    """Wait for the device's first question, and look at what the set-up has left; returns how long that took."""
    shown_after_s = desk.until_shown(FIRST_SCREEN)
    is_set_up(desk)
    return shown_after_s


def is_set_up(desk: StockDesk) -> None:
    """The device is there, and the set-up has left what it should."""
    assert desk.shows("ActiveState") == "active"
    assert desk.systemctl("is-enabled", "unsit-set-up.service") == "disabled"
    text = desk.machine.do("cat", "/boot/firmware/config.txt")
    assert text.startswith(ON_THE_CARD["config.txt"])
    config = text.splitlines()
    assert config[-2:] == ["dtparam=i2c_arm=on", "dtparam=i2c_arm_baudrate=400000"]
    assert desk.machine.run("test", "-e", "/boot/firmware/unsit-set-up.txt").code


@pytest.mark.usefixtures("clock")
def test_all_is_well(begins: Begins, report: Callable[[str], None]) -> None:
    desk = begins()
    desk.computer.start()
    first_s = desk.until_shown(STEPS[0] + "_en")
    for step in STEPS:
        desk.until_shown(f"{step}_en")
    ends_s = desk.until_shown("early_restarting_en")
    again_s = comes_to_its_end(desk)
    report(f"first words {first_s:.0f} s after power-on, set up {ends_s:.0f} s, the device {again_s:.0f} s after that")
    # In this order and no other, and the device after them.
    at = [desk.seen().index(golden_picture(name)) for name in (*(f"{step}_en" for step in STEPS), FIRST_SCREEN)]
    assert at == sorted(at)
    assert desk.machine.do("hostname").strip() == "unsit"
    assert "Valid" in desk.machine.do("cloud-init", "schema", "--system")


@pytest.mark.usefixtures("clock")
def test_the_network_comes_five_minutes_late(begins: Begins) -> None:
    desk = begins()
    desk.computer.has_network = False
    desk.computer.start()
    desk.until_shown("early_waiting_for_network_en")
    desk.wait(LATE_S)
    assert desk.panel.picture().tobytes() == golden_picture("early_waiting_for_network_en")
    desk.computer.plug_in()
    comes_to_its_end(desk)


@pytest.mark.usefixtures("clock")
def test_without_a_network_it_waits_for_one_at_the_next_start_too(begins: Begins) -> None:
    desk = begins()
    desk.computer.has_network = False
    desk.computer.start()
    desk.until_shown("early_waiting_for_network_en")
    # Somebody carries it to where there is one.
    desk.computer.cut_power()
    desk.computer.has_network = True
    desk.computer.start()
    ends_without_a_restart(desk)


def test_in_1970_nothing_is_asked_of_the_index(begins: Begins) -> None:
    desk = begins()
    desk.computer.clock = "1970-01-01T00:00:00"
    desk.computer.start()
    desk.until_shown("early_waiting_for_clock_en")
    assert desk.index.asked == []
    with clock_server():
        comes_to_its_end(desk)
    assert desk.index.asked


@pytest.mark.usefixtures("clock")
def test_a_wrong_download_is_said_and_tried_again(begins: Begins) -> None:
    desk = begins()
    desk.index.is_tampered_with = True
    desk.computer.start()
    desk.until_shown("early_wrong_download_en")
    # With the line ends of Windows, which don't come through as they are.
    line = "A download isn't what it should be.\r$"
    assert desk.machine.do("grep", "--count", line, "/boot/firmware/unsit-set-up.txt") == "1\n"
    desk.index.is_tampered_with = False
    comes_to_its_end(desk)


@pytest.mark.usefixtures("clock")
def test_a_power_cut_while_it_installs_is_made_up_for(begins: Begins) -> None:
    desk = begins()
    desk.computer.start()
    desk.until_shown(f"{STEPS[3]}_en")
    desk.until(lambda: len(desk.index.asked) > 8, "download", 1200)
    desk.computer.cut_power()
    desk.begin()
    desk.computer.start()
    ends_without_a_restart(desk)


@pytest.mark.usefixtures("clock")
def test_broken_settings_are_said_on_the_panel_and_mended(begins: Begins) -> None:
    desk = begins(more={"unsit.toml": GERMAN.replace('"de"', "de").encode()})
    desk.computer.start()
    desk.until_shown("early_restarting_en")
    desk.until_restarted()
    says_what_is_wrong(desk, "not valid TOML: Invalid value (at line 2, column 12)")
    starts_with(desk, GERMAN.encode("utf-16"))
    says_what_is_wrong(desk, "line 1: is not UTF-8 text; save it as UTF-8")
    # What Notepad does is no mistake.
    starts_with(desk, b"\xef\xbb\xbf" + GERMAN.replace("\n", "\r\n").encode())
    asks_in_german(desk)
    is_set_up(desk)


def says_what_is_wrong(desk: StockDesk, line: str) -> None:
    """The panel has the device's own words for it."""
    said = f"/boot/firmware/unsit.toml: {line}"
    wanted = draw(cannot_start(vocabulary(), said), 0.0).tobytes()
    desk.until(lambda: wanted in desk.seen(), f"{said!r} on the panel", 1200)
    desk.until(lambda: desk.shows("ExecMainStatus") == "78", "exit", 60)


def asks_in_german(desk: StockDesk) -> None:
    """Its language is known, so the next question comes, in that language."""
    say = vocabulary("de")
    asks = Card(say.text("any.title"), say.lines("any.lines"), say.text("any.footer"), frozenset())
    wanted = draw(asks, 0.0).tobytes()
    desk.until(lambda: wanted in desk.seen(), "a question in German", 1200)


def starts_with(desk: StockDesk, settings: bytes) -> None:
    """Take the card out, write the settings in another computer, and put it in again."""
    desk.machine.shell("sync")
    desk.computer.cut_power()
    desk.computer.write_on_card("unsit.toml", settings)
    desk.begin()
    desk.computer.start()


@pytest.mark.usefixtures("clock")
def test_beside_the_user_data_of_imager_it_is_called_vendor_data(begins: Begins) -> None:
    desk = begins()
    # As Imager writes it, with a login.
    imagers = "#cloud-config\nhostname: office\nmanage_etc_hosts: true\nusers:\n- name: kim\n  shell: /bin/bash\n"
    desk.computer.write_on_card("vendor-data", desk.computer.read_from_card("user-data"))
    desk.computer.write_on_card("user-data", imagers.encode())
    desk.computer.start()
    comes_to_its_end(desk)
    assert desk.machine.do("hostname").strip() == "office"
    assert desk.machine.do("id", "-un", "kim").strip() == "kim"
