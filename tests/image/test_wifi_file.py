"""wifi.txt: whatever a computer makes of it, the device joins the networks that are right and says what is wrong."""

from __future__ import annotations

import codecs
import ctypes
import ctypes.util
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from unsit_card.connections import connection, escaped
from unsit_card.faults import Fault, Found
from unsit_card.read import _PARTS, CONNECTIONS, settle
from unsit_card.text import Written, written
from unsit_card.wifi import FILE, Network, WifiFile, wifi_of

HOME = "network = Müller & Söhne\npassword = pass word=#1\\\"'\ncountry = de\n"


def told(text: str) -> WifiFile:
    lines = [(number, line) for number, line in enumerate(text.split("\n"), 1) if line]
    return wifi_of(Written(FILE, lines))


def read(card: Path, data: bytes, name: str = FILE) -> tuple[WifiFile | None, list[Found]]:
    (card / name).write_bytes(data)
    file, found = written(card, FILE)
    return wifi_of(file) if file else None, found


@pytest.mark.parametrize(
    "data",
    [
        HOME.encode(),
        HOME.replace("\n", "\r\n").encode("utf-8-sig"),
        HOME.replace("\n", "\r").encode(),
        codecs.BOM_UTF16_LE + HOME.encode("utf-16-le"),
        codecs.BOM_UTF16_BE + HOME.encode("utf-16-be"),
        HOME.encode("utf-16-le"),
        HOME.encode("utf-16-be"),
        HOME.encode("cp1252"),
        b"# my networks\n\n  \t\n" + HOME.replace(" = ", "=").encode(),
        "Netz: „Müller & Söhne“\nKennwort: “pass word=#1\\\"'”\nLAND: DE".encode(),
    ],
    ids=["plain", "notepad", "old mac", "utf-16", "utf-16 be", "no mark", "no mark be", "ansi", "comments", "german"],
)
def test_it_is_read_whatever_wrote_it(tmp_path: Path, data: bytes) -> None:
    wifi, found = read(tmp_path, data)
    assert wifi == WifiFile([Network("Müller & Söhne", "pass word=#1\\\"'")], "DE")
    assert not found


def test_several_networks_keep_their_order_and_each_its_password() -> None:
    wifi = told("network=a\npassword=12345678\n\nnetwork=b\nhidden=ja\nnetwork=c\npassword='  spaced  '")
    assert wifi.networks == [Network("a", "12345678"), Network("b", hidden=True), Network("c", "  spaced  ")]
    assert not wifi.found


@pytest.mark.parametrize(
    ("text", "fault", "line"),
    [
        ("network", Fault.NO_WORD, 1),
        ("My House\n12345678", Fault.NO_WORD, 1),
        ("password = 12345678", Fault.NO_NETWORK, 1),
        ("hidden = yes", Fault.NO_NETWORK, 1),
        ("network = ", Fault.NETWORK, 1),
        (f"network = {'ü' * 17}", Fault.NETWORK, 1),
        ("network = a\npassword = short", Fault.PASSWORD, 2),
        (f"network = a\npassword = {'x' * 64}", Fault.PASSWORD, 2),
        ("network = a\npassword = don’t tell", Fault.CURLY, 2),  # noqa: RUF001
        ("network = a\nhidden = perhaps", Fault.HIDDEN, 2),
        ("network = a\npassword = 12345678\npassword = 12345679", Fault.TWICE, 3),
        ("network = a\nhidden = no\nhidden = no", Fault.TWICE, 3),
        ("network = a\npasword = 12345678", Fault.NO_WORD, 2),
        ("", Fault.EMPTY, 0),
    ],
)
def test_a_fault_is_said_with_its_line_and_spoils_only_its_own_network(text: str, fault: Fault, line: int) -> None:
    wifi = told(f"{text}\nnetwork = right\npassword = 12345678" if text else "")
    assert wifi.found[0] == Found(FILE, fault, line)
    assert [each.name for each in wifi.networks] == (["right"] if text else [])


def test_a_network_that_is_there_three_times_is_three_connections(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("".join(f"network = a\npassword = 1234567{nth}\n" for nth in range(3)))
    assert settle(tmp_path, tmp_path / "root") == []
    texts = [file.read_text() for file in (tmp_path / "root" / CONNECTIONS).iterdir()]
    assert len({line for text in texts for line in text.splitlines() if line.startswith("uuid=")}) == 3


def test_a_file_that_breaks_its_reader_is_said_and_the_others_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_: object) -> list[Found]:
        raise ZeroDivisionError

    monkeypatch.setitem(_PARTS, FILE, breaks)
    (tmp_path / "name.txt").write_text("desk-2")
    assert settle(tmp_path, tmp_path / "root") == [Found(FILE, Fault.UNREAD)]
    assert (tmp_path / "root/etc/hostname").read_text() == "desk-2\n"


def test_a_wrong_country_is_said_and_the_network_is_joined(tmp_path: Path) -> None:
    table = tmp_path / "iso3166.tab"
    table.write_text("# a comment\nDE\tGermany\n")
    wifi = wifi_of(Written(FILE, [(1, "country = UK"), (2, "network = a")]), table)
    assert wifi == WifiFile([Network("a")], "", [Found(FILE, Fault.COUNTRY, 1)])


def test_sixty_four_hexadecimal_digits_are_a_key_and_may_be_longer_than_a_password() -> None:
    assert told(f"network = a\npassword = {'0aF9' * 16}").networks == [Network("a", "0aF9" * 16)]


@pytest.mark.parametrize(
    ("name", "data", "fault"),
    [
        (FILE, b"{\\rtf1 network = a}", Fault.NO_TEXT),
        (FILE, b"PK\x03\x04\x14\x00\x06\x00\x81", Fault.NO_TEXT),
        (FILE, b"\0", Fault.NO_TEXT),
        (FILE, b"#" * 65_000, Fault.TOO_LARGE),
        ("wifi.rtf", b"", Fault.OTHER_NAME),
        ("Wifi (1).txt", b"network = a", Fault.OTHER_NAME),
        ("wifi", b"network = a", Fault.OTHER_NAME),
    ],
)
def test_a_file_that_is_no_text_or_has_another_name_is_said(
    tmp_path: Path, name: str, data: bytes, fault: Fault
) -> None:
    wifi, found = read(tmp_path, data, name)
    assert wifi is None
    assert [each.fault for each in found] == [fault]
    assert name in str(found[0])


def test_the_ending_that_windows_hides_does_no_harm(tmp_path: Path) -> None:
    wifi, found = read(tmp_path, HOME.encode(), "WIFI.txt.TXT")
    assert wifi
    assert len(wifi.networks) == 1
    assert not found


def test_what_a_mac_and_editors_leave_beside_it_is_no_fault(tmp_path: Path) -> None:
    for name in ("._wifi.txt", "wifi.txt~", "wifi.txt.example"):
        (tmp_path / name).write_bytes(b"\0")
    assert written(tmp_path, FILE) == (None, [])
    assert written(tmp_path / "none", FILE) == (None, [])


@given(st.binary(max_size=400))
def test_no_file_makes_it_fail(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    read(tmp_path_factory.getbasetemp(), data)


# ---- what NetworkManager is told


def test_each_network_becomes_a_connection_for_root_alone(tmp_path: Path) -> None:
    card, root = tmp_path / "card", tmp_path / "root"
    card.mkdir()
    (card / FILE).write_text(f"{HOME}network = second\nhidden = yes\n", "utf-8")
    assert settle(card, root) == []
    files = sorted((root / CONNECTIONS).iterdir())
    assert [file.name for file in files] == ["unsit-wifi-1.nmconnection", "unsit-wifi-2.nmconnection"]
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    assert "hidden=true" not in files[0].read_text()
    assert "hidden=true" in files[1].read_text()
    assert "psk" not in files[1].read_text()
    assert (root / "run/unsit-card/country").read_text() == "DE"


def test_an_earlier_network_is_preferred_and_keeps_its_identity() -> None:
    first, again, second = connection(Network("a"), 0), connection(Network("a"), 5), connection(Network("b"), 1)
    assert value(first, "connection", "uuid") == value(again, "connection", "uuid")
    assert value(first, "connection", "uuid") != value(second, "connection", "uuid")
    assert int(value(first, "connection", "autoconnect-priority")) > int(
        value(second, "connection", "autoconnect-priority")
    )


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=8, max_size=63))
def test_every_password_reaches_network_manager_as_it_is(password: str) -> None:
    text = connection(Network("a;b\\c", password), 0)
    assert value(text, "wifi-security", "psk") == password
    assert bytes(int(each) for each in value(text, "wifi", "ssid").strip(";").split(";")) == b"a;b\\c"


def test_blanks_at_the_ends_and_tabs_are_written_as_signs() -> None:
    assert escaped(" a\tb  ") == "\\sa\\tb\\s\\s"
    assert escaped("  ") == "\\s\\s"


def value(text: str, group: str, key: str) -> str:
    """What the library that NetworkManager reads its files with makes of it."""
    found = ctypes.util.find_library("glib-2.0")
    if found is None:
        pytest.skip("takes GLib, which NetworkManager reads its files with")
    glib = ctypes.CDLL(found)
    for function in (glib.g_key_file_new, glib.g_key_file_get_string):
        function.restype = ctypes.c_void_p
    file = ctypes.c_void_p(glib.g_key_file_new())
    data = text.encode()
    assert glib.g_key_file_load_from_data(file, data, ctypes.c_size_t(len(data)), 0, None)
    read_back = glib.g_key_file_get_string(file, group.encode(), key.encode(), None)
    assert read_back
    try:
        return ctypes.string_at(read_back).decode()
    finally:
        glib.g_free(ctypes.c_void_p(read_back))
        glib.g_key_file_free(file)
