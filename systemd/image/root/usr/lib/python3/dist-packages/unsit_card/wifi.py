"""Reads wifi.txt: the networks that a person wants the device to join."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from unsit_card.faults import Fault, Found
from unsit_card.text import Written, unquoted

FILE = "wifi.txt"
_WORDS = {
    **dict.fromkeys(("network", "name", "ssid", "wifi", "wi-fi", "wlan", "netz", "netzwerk"), "network"),
    **dict.fromkeys(("password", "passphrase", "key", "passwort", "kennwort", "schlüssel"), "password"),
    **dict.fromkeys(("country", "land"), "country"),
    **dict.fromkeys(("hidden", "versteckt", "unsichtbar"), "hidden"),
}
_YES = {"yes": True, "ja": True, "true": True, "no": False, "nein": False, "false": False}
_CURLY = re.compile("[‘’“”„–—]")  # noqa: RUF001
_COUNTRIES = Path("/usr/share/zoneinfo/iso3166.tab")


@dataclass(slots=True)
class Network:
    """A Wi-Fi network of the person's."""

    name: str
    password: str = field(default="", repr=False)
    hidden: bool = False


@dataclass(slots=True)
class WifiFile:
    """What the file says, and what is wrong with it. A network with a fault is left out, and the others stay."""

    networks: list[Network] = field(default_factory=list)
    country: str = ""
    found: list[Found] = field(default_factory=list)


def wifi_of(file: Written, countries: Path = _COUNTRIES) -> WifiFile:
    """What the file says."""
    return _Reader(file.file, _known(countries)).read(file.lines)


class _Reader:
    def __init__(self, name: str, countries: frozenset[str]) -> None:
        self._name, self._countries = name, countries
        self._told = WifiFile()
        self._is_wrong = False
        self._said: set[str] = set()
        self._number = 0

    def read(self, lines: Sequence[tuple[int, str]]) -> WifiFile:
        for self._number, line in lines:
            word, sign, value = _split(line)
            if not sign or word not in _WORDS:
                self._complain(Fault.NO_WORD)
                continue
            getattr(self, f"_{_WORDS[word]}")(value)
        self._end_network()
        if not lines:
            self._told.found.append(Found(self._name, Fault.EMPTY))
        return self._told

    def _network(self, value: str) -> None:
        self._end_network()
        self._told.networks.append(Network(unquoted(value)))
        self._is_wrong, self._said = False, {"network"}
        if not 1 <= len(self._told.networks[-1].name.encode()) <= 32:
            self._complain(Fault.NETWORK)

    def _password(self, value: str) -> None:
        if not self._is_first("password"):
            return
        password = unquoted(value)
        if _CURLY.search(password):
            self._complain(Fault.CURLY)
        elif not 8 <= len(password.encode()) <= 63 and not re.fullmatch("[0-9A-Fa-f]{64}", password):
            self._complain(Fault.PASSWORD)
        else:
            self._told.networks[-1].password = password

    def _hidden(self, value: str) -> None:
        if not self._is_first("hidden"):
            return
        if (told := unquoted(value).lower()) in _YES:
            self._told.networks[-1].hidden = _YES[told]
        else:
            self._complain(Fault.HIDDEN)

    def _country(self, value: str) -> None:
        # It is the country of them all, so it spoils none.
        if (told := unquoted(value).upper()) in self._countries:
            self._told.country = told
        else:
            self._told.found.append(Found(self._name, Fault.COUNTRY, self._number))

    def _is_first(self, word: str) -> bool:
        if not self._said:
            self._complain(Fault.NO_NETWORK)
        elif word in self._said:
            self._complain(Fault.TWICE)
        else:
            self._said.add(word)
            return True
        return False

    def _end_network(self) -> None:
        if self._said and self._is_wrong:
            self._told.networks.pop()

    def _complain(self, fault: Fault) -> None:
        self._told.found.append(Found(self._name, fault, self._number))
        self._is_wrong = True


def _split(line: str) -> tuple[str, str, str]:
    """The word, the sign after it, and the rest, in which every sign counts."""
    if told := re.match(r"([^=:\s]+)\s*([=:])\s*(.*)", line):
        return told[1].lower(), told[2], told[3]
    return line, "", ""


def _known(countries: Path) -> frozenset[str]:
    try:
        lines = countries.read_text("utf-8").splitlines()
    except OSError:
        letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
        return frozenset(one + two for one in letters for two in letters)
    return frozenset(line[:2] for line in lines if re.match(r"[A-Z]{2}\t", line))
