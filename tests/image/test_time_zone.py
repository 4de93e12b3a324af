"""timezone.txt: the device's days and quiet hours are those of the house."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import pytest
from unsit_card.faults import Fault, Found
from unsit_card.read import settle
from unsit_card.text import Written
from unsit_card.zones import ZONE_FILE, ZONES, zone_in, zone_of

MIDDLE, NEW_YORK, CHICAGO = b"CET-1CEST,M3.5.0,M10.5.0/3", b"EST5EDT,M3.2.0,M11.1.0", b"CST6CDT,M3.2.0,M11.1.0"
RULES = {
    "Europe/Berlin": MIDDLE,
    "Europe/Busingen": MIDDLE,
    "Europe/Vienna": MIDDLE,
    "America/New_York": NEW_YORK,
    "America/Chicago": CHICAGO,
    "America/Indiana/Knox": CHICAGO,
    "UTC": b"UTC0",
    "EST5EDT": NEW_YORK,
    "right/Europe/Berlin": MIDDLE,
}
TABLE = """# a comment
AT\t+4813+01620\tEurope/Vienna
DE\t+5230+01322\tEurope/Berlin\tmost of Germany
DE\t+4742+00841\tEurope/Busingen\tBusingen
FR\t+4852+00220\tEurope/Paris
US\t+404251-0740023\tAmerica/New_York\tEastern (most areas)
US\t+415100-0873900\tAmerica/Chicago\tCentral (most areas)
"""


@pytest.fixture
def zones(tmp_path: Path) -> Path:
    """A folder as the system's, with a few zones."""
    folder = tmp_path / "zoneinfo"
    for name, rule in RULES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"TZif2\0\0\0\n" + rule + b"\n")
    (folder / "zone.tab").write_text(TABLE)
    (folder / "Europe/none").write_bytes(b"no zone")
    return folder


def told(lines: Sequence[str], zones: Path) -> tuple[str, list[Found]]:
    return zone_of(Written(ZONE_FILE, list(enumerate(lines, 1))), zones)


@pytest.mark.parametrize(
    ("line", "zone"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        ("europe/berlin", "Europe/Berlin"),
        ("timezone = America/New York", "America/New_York"),
        ('Zeitzone: "Europe/Vienna"', "Europe/Vienna"),
        ("America/Indiana/Knox", "America/Indiana/Knox"),
        ("utc", "UTC"),
    ],
)
def test_a_zone_is_taken_however_it_is_put(line: str, zone: str, zones: Path) -> None:
    assert told([line], zones) == (zone, [])


@pytest.mark.parametrize(
    "line",
    [
        *("Berlin", "CET", "EST5EDT", "Europe", "Europe/", "/Europe/Berlin", "Europe/Berlin/Mitte", "Europe/none"),
        *("right/Europe/Berlin", "../zoneinfo/Europe/Berlin", "Europe/../Europe/Berlin", "zone.tab", "a\0/b", '""'),
    ],
)
def test_what_is_no_zone_is_refused_in_one_line(line: str, zones: Path) -> None:
    assert told([line], zones) == ("", [Found(ZONE_FILE, Fault.ZONE, 1)])


def test_an_empty_file_and_a_second_line_are_said(zones: Path) -> None:
    assert told([], zones) == ("", [Found(ZONE_FILE, Fault.EMPTY)])
    assert told(["UTC", "Europe/Berlin"], zones) == ("UTC", [Found(ZONE_FILE, Fault.TWO_ZONES, 2)])


@pytest.mark.parametrize(
    ("country", "zone"), [("AT", "Europe/Vienna"), ("DE", "Europe/Berlin"), ("US", ""), ("XX", "")]
)
def test_a_country_gives_its_zone_if_all_its_parts_have_one_time(country: str, zone: str, zones: Path) -> None:
    assert zone_in(country, zones) == zone


def test_without_tables_nothing_is_guessed(zones: Path) -> None:
    # Its row is there, its file isn't.
    assert zone_in("FR", zones) == ""
    assert zone_in("DE", zones / "none") == ""
    assert told(["Europe/Berlin"], zones / "none") == ("", [Found(ZONE_FILE, Fault.ZONE, 1)])


# ---- what the system goes by; the zones are those of this computer


@pytest.fixture
def card(tmp_path: Path) -> Path:
    if not (ZONES / "zone.tab").exists():
        pytest.skip("takes the system's zones; first: apt install tzdata")
    folder = tmp_path / "card"
    folder.mkdir()
    return folder


def here(card: Path) -> str:
    return os.readlink(card.parent / "root/etc/localtime")


def test_the_zone_of_the_file_is_the_systems_and_counts_more_than_the_country(card: Path) -> None:
    (card / ZONE_FILE).write_text("\ufeffAmerica/New_York\r\n", "utf-8")
    (card / "wifi.txt").write_text("country = DE\n")
    root = card.parent / "root"
    (root / "etc").mkdir(parents=True)
    (root / "etc/localtime").symlink_to("/usr/share/zoneinfo/Etc/UTC")
    assert settle(card, root) == []
    assert here(card) == "/usr/share/zoneinfo/America/New_York"


def test_a_wrong_zone_is_said_and_the_countrys_holds(card: Path) -> None:
    (card / ZONE_FILE).write_text("Germany\n")
    (card / "wifi.txt").write_text("country = DE\n")
    assert settle(card, card.parent / "root") == [Found(ZONE_FILE, Fault.ZONE, 1)]
    assert here(card) == "/usr/share/zoneinfo/Europe/Berlin"


def test_without_either_the_systems_stays(card: Path) -> None:
    (card / "wifi.txt").write_text("country = US\n")
    assert settle(card, card.parent / "root") == []
    assert not (card.parent / "root/etc/localtime").is_symlink()
