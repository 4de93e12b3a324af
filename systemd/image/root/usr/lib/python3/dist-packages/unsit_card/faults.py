"""What can be wrong with a file of the person's: a line for the journal, and a few words for the panel."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple


class Fault(Enum):
    """For each: the line in English, and the panel's small line in English and in German."""

    UNREAD = "can't be read", "can't be read", "nicht lesbar"
    NO_TEXT = "is no plain text; save it as plain text, for instance with Notepad", "no plain text", "kein reiner Text"
    TOO_LARGE = "is too large; allowed: up to 64 kB", "too large", "zu groß"
    OTHER_NAME = "is passed over: it has to be named {wanted}", "name it {wanted}", "muss {wanted} heißen"
    NO_WORD = (
        "has no word and = at its beginning; allowed: network, password, country, hidden",
        "network = ...",
        "netz = ...",
    )
    NO_NETWORK = "comes before the first network; write its network = line first", "first: network =", "zuerst: netz ="
    NETWORK = (
        "the name of a network has 1 to 32 signs; an umlaut counts as two, an emoji as four",
        "name: 1-32, ü is 2",
        "1-32 Zeichen, ü: 2",
    )
    PASSWORD = (
        "the password of a network has 8 to 63 signs; an umlaut counts as two, an emoji as four",
        "8-63 signs, ü is 2",
        "8-63 Zeichen, ü: 2",
    )
    CURLY = (
        "the password has a curly quote or a long dash, which a word processor makes of ' or -; write it with Notepad",
        "curly quotes",
        "Anführungszeichen",
    )
    COUNTRY = "a country is two letters such as DE, GB or US", "country: DE, GB ...", "Land: DE, AT ..."
    HIDDEN = "hidden is yes or no", "hidden: yes or no", "versteckt: ja, nein"
    TWICE = "is said twice for one network", "said twice", "steht zweimal da"
    EMPTY = "says nothing", "says nothing", "ist leer"
    HOST_NAME = (
        "a name is 1 to 63 letters from a to z, digits and hyphens, with no hyphen at either end",
        "only a-z, 0-9 and -",
        "nur a-z, 0-9 und -",
    )
    TWO_NAMES = "has more than one line; allowed: one name", "one line only", "nur eine Zeile"
    ZONE = (
        "a time zone is a name such as Europe/Berlin, America/New_York or UTC",
        "Europe/Berlin ...",
        "Europe/Berlin ...",
    )
    TWO_ZONES = "has more than one line; allowed: one time zone", "one line only", "nur eine Zeile"
    NO_PUBLIC_KEY = "is no public key; it begins with a word such as ssh-ed25519", "no public key", "kein Schlüssel"
    PRIVATE_KEY = (
        "has a private key: keep that to yourself, and put its other half here, the file that ends in .pub",
        "private key: .pub!",
        "geheim! nimm .pub",
    )
    OLDER = "is no newer than what runs, so it isn't installed", "no newer version", "nicht neuer"
    ALONE = (
        "is alone, so it isn't installed; put all four packages of that release here",
        "all four files",
        "alle vier Dateien",
    )
    NOT_OURS = "is no package of Unsit, so it isn't installed", "no Unsit package", "kein Unsit-Paket"

    @property
    def line(self) -> str:
        """What the journal says of it."""
        return self.value[0]

    def small(self, language: str) -> str:
        """What the panel says of it in its small line."""
        return self.value[2 if language == "de" else 1]


class Found(NamedTuple):
    """A fault, and where it is."""

    file: str
    fault: Fault
    line: int = 0
    """From 1; 0 for the whole file."""
    wanted: str = ""
    """The name that the file would have to have."""

    def __str__(self) -> str:
        where = f"{self.file}: line {self.line}" if self.line else self.file
        return f"{where}: {self.fault.line.format(wanted=self.wanted)}"

    def words(self, language: str) -> tuple[tuple[str, ...], str]:
        """Up to two large lines for the panel, and the small one."""
        which = f"{'Zeile' if language == 'de' else 'line'} {self.line}" if self.line else ""
        # Of a package its name is enough, and all that there is room for.
        name = self.wanted or (self.file.partition("_")[0] if self.file.lower().endswith(".deb") else self.file)
        return tuple(filter(None, (name, which))), self.fault.small(language).format(wanted=self.wanted)
