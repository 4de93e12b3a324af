"""The hotspot: a name and a password of its own, open only while the device is in no network."""

from __future__ import annotations

import configparser
import re
from pathlib import Path

import pytest
from unsit_card.hotspot import Hotspot, comitup_conf, hotspot, known_networks, network_joined

OWN = Hotspot("unsit7", "kmpq2345")


def test_its_name_and_password_are_made_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.path.ismount", lambda _: True)
    made = hotspot(tmp_path / "hotspot")
    assert re.fullmatch(r"unsit\d", made.name)
    assert re.fullmatch(r"[a-z2-9]{8}", made.password)
    assert hotspot(tmp_path / "hotspot") == made
    assert (tmp_path / "hotspot").stat().st_mode & 0o777 == 0o640


def test_where_nothing_is_kept_it_is_made_at_each_start(tmp_path: Path) -> None:
    assert hotspot(tmp_path / "hotspot") != hotspot(tmp_path / "hotspot")
    (tmp_path / "hotspot").write_text("half a")
    assert re.fullmatch(r"unsit\d", hotspot(tmp_path / "hotspot").name)


def test_comitup_reads_its_settings_as_it_does() -> None:
    parser = configparser.ConfigParser()
    parser.read_string("[DEFAULT]\n" + comitup_conf(OWN))
    told = parser["DEFAULT"]
    assert (told["ap_name"], told["ap_password"]) == OWN
    assert not told.getboolean("enable_appliance_mode")
    assert not told.getboolean("enable_nuke")


@pytest.mark.parametrize(
    ("devices", "joined"),
    [
        (["wifi:connected:unsit7-0000", "loopback:connected (externally):lo"], False),
        (["wifi:disconnected:", "ethernet:unavailable:"], False),
        (["wifi:connecting (getting IP configuration):My House"], False),
        (["wifi:connected:My House"], True),
        (["wifi:connected:unsit7-0000", "ethernet:connected:Wired connection 1"], True),
        (["wifi:connected:a:b"], True),
        ([], False),
        ([""], False),
    ],
)
def test_a_network_is_joined_if_it_is_not_the_hotspot(devices: list[str], joined: bool) -> None:
    assert network_joined(devices, OWN.name) is joined


def test_a_known_network_is_one_that_is_not_the_hotspot() -> None:
    assert not known_networks(["802-3-ethernet:Wired connection 1", "802-11-wireless:unsit7-0000"], OWN.name)
    assert known_networks(["802-11-wireless:unsit7-0000", "802-11-wireless:My House"], OWN.name)
