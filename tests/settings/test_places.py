"""The table of parts: what each takes up, and that no two take up the same."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import pytest

from device.settings import settings as settings_module
from device.settings.settings import PLACES, BuzzerSettings, Claim, PanelSettings, Place, Settings, claims, has_lookout
from device.settings.settings_file import SettingsError, load_settings


@pytest.fixture
def ranger(monkeypatch: pytest.MonkeyPatch) -> None:
    """One more part. Its address is the panel's contrast, any setting with a number will do here; one pin is fixed."""
    place = Place("seat.ranger", pins=(11,), addresses=("panel.contrast",), looks=True)
    monkeypatch.setattr(settings_module, "PLACES", (*PLACES, place))


def loaded(*overrides: str) -> Settings:
    return load_settings(None, overrides, [])[0]


def test_each_part_claims_its_pins_and_addresses() -> None:
    assert claims(Settings()) == [
        Claim(0x3C, False, "panel.address", is_set=True),
        Claim(17, True, "pins.seat", is_set=True),
        Claim(27, True, "pins.button", is_set=True),
        Claim(18, True, "pins.buzzer", is_set=True),
    ]


def test_each_kind_of_seat_claims_what_it_is_wired_to_and_no_more() -> None:
    def seat_claims(kind: str) -> list[tuple[int, bool]]:
        others = ("panel.address", "pins.button", "pins.buzzer")
        return [(each.number, each.is_pin) for each in claims(loaded(f"seat.kind={kind}")) if each.owner not in others]

    assert seat_claims("contact") == [(17, True)]
    assert seat_claims("ads1115") == [(17, True), (0x48, False)]
    # The kernel takes both select pins, whichever is wired.
    assert seat_claims("mcp3008") == [(gpio, True) for gpio in (7, 8, 9, 10, 11)]


@pytest.mark.parametrize("gpio", [7, 8, 9, 10, 11])
@pytest.mark.parametrize("other", ["pins.button", "pins.buzzer"])
def test_the_pins_of_spi_are_nobody_elses_while_the_seat_is_on_it(gpio: int, other: str) -> None:
    with pytest.raises(SettingsError, match=f"^--set: {other}: GPIO{gpio} is the mcp3008's already; allowed: a pin of"):
        loaded("seat.kind=mcp3008", f"{other}={gpio}")
    for kind in ("contact", "ads1115"):
        loaded(f"seat.kind={kind}", f"{other}={gpio}")
    # The seat's own pin is not in use then.
    loaded("seat.kind=mcp3008", f"pins.seat={gpio}")


@pytest.mark.parametrize("address", [0x48, 0x4B])
def test_the_panel_and_the_seats_converter_cannot_have_one_address(address: int) -> None:
    says = rf"^--set: seat\.address: 0x{address:02X} is panel\.address already; allowed: an address of its own$"
    with pytest.raises(SettingsError, match=says):
        loaded("seat.kind=ads1115", f"panel.address={address}", f"seat.address={address}")
    loaded("seat.kind=mcp3008", f"panel.address={address}", f"seat.address={address}")


def test_a_part_that_the_settings_do_without_claims_nothing() -> None:
    without = replace(Settings(), buzzer=BuzzerSettings(kind="none"))
    assert "pins.buzzer" not in [claim.owner for claim in claims(without)]
    assert loaded("buzzer.kind=none", "pins.buzzer=17").pins.buzzer == 17


@pytest.mark.parametrize(("one", "other"), list(combinations(["pins.seat", "pins.button", "pins.buzzer"], 2)))
def test_two_parts_cannot_have_the_same_pin(one: str, other: str) -> None:
    with pytest.raises(SettingsError, match=r"GPIO5 is pins\.\w+ already; allowed: a pin of its own"):
        loaded(f"{one}=5", f"{other}=5")


@pytest.mark.parametrize("gpio", [2, 3])
def test_the_pins_of_the_bus_are_nobodys_unless_the_bus_is_another_one(gpio: int) -> None:
    with pytest.raises(SettingsError, match=f"GPIO{gpio} belongs to the panel's bus; allowed: any other pin"):
        loaded(f"pins.button={gpio}")
    assert loaded(f"pins.button={gpio}", "panel.port=3").pins.button == gpio


@pytest.mark.usefixtures("ranger")
def test_two_chips_cannot_have_the_same_address() -> None:
    with pytest.raises(SettingsError, match=r"panel\.contrast: 0x3D is panel\.address already; allowed: an address of"):
        loaded("panel.address=0x3D", "panel.contrast=0x3D")
    # A pin of that number is another matter.
    assert loaded("panel.contrast=0x11") == replace(Settings(), panel=PanelSettings(contrast=0x11))


@pytest.mark.usefixtures("ranger")
def test_a_pin_that_cannot_be_set_is_named_by_its_part() -> None:
    assert Claim(11, True, "the ranger's", is_set=False) in claims(Settings())
    with pytest.raises(SettingsError, match=r"pins\.seat: GPIO11 is the ranger's already; allowed: a pin of its own"):
        loaded("pins.seat=11")


def test_of_the_shipped_parts_only_a_converter_looks_now_and_then() -> None:
    assert [has_lookout(loaded(f"seat.kind={kind}")) for kind in ("contact", "ads1115", "mcp3008")] == [
        False,
        True,
        True,
    ]


@pytest.mark.usefixtures("ranger")
def test_a_part_that_looks_now_and_then_is_known() -> None:
    assert has_lookout(Settings())
