"""What the pages say, in the language of the screens. Their files have the English, in two braces or in `say()`."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from pathlib import Path

from device.files.complaint import Complaint

_STATIC = Path(__file__).parent / "static"
_TEXT = re.compile(r"\{\{(.+?)\}\}", re.DOTALL)
_NAV = re.compile(r"<!--nav (\S+)-->")
"""Where a page has the links to all pages, and its own address among them."""


@dataclass(frozen=True, slots=True)
class Texts:
    """A language, with its texts by the English ones."""

    language: str = "en"
    said: Mapping[str, str] = field(default_factory=dict)
    forms: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """The forms of texts with a number, by the English plural and then by the names of Unicode's CLDR."""
    languages: Sequence[str] = ("en",)
    """All languages that the device knows."""

    def say(self, text: str, /, **values: object) -> str:
        """That text in this language, with its values filled in."""
        return self.said.get(text, text).format(**values)

    def tell(self, complaint: Complaint) -> str:
        """The complaint in that language. Texts inside it are translated, too; names and numbers are not."""
        return self.say(complaint.text, **{name: self._of(value) for name, value in complaint.values.items()})

    def _of(self, value: object) -> object:
        match value:
            case Complaint():
                return self.tell(value)
            case str():
                return self.said.get(value, value)
        return value

    def page(self, name: str, also: Collection[str] = (), **values: object) -> str:
        """One of the pages; `values` fill in what only the request knows.

        `also` are the addresses of pages that aren't there for every device, and to which it links.
        """
        written = (_STATIC / name).read_text("utf-8").replace('lang="en"', f'lang="{self.language}"')
        written = _NAV.sub(lambda found: _links(found[1], also), written)
        return _TEXT.sub(lambda found: escape(self.say(" ".join(found[1].split()), **values)), written)

    def script(self) -> str:
        """The texts of the pages' scripts."""
        names = ("language", "languages", "said", "forms")
        return "".join(f"export const {name} = {json.dumps(getattr(self, name))};\n" for name in names)


def _links(own: str, also: Collection[str]) -> str:
    """The links to all pages; `own` is the address of the page that they stand in."""
    links = (_STATIC / "shared/nav.html").read_text("utf-8")
    for address in {own, *also}:
        links = re.sub(rf'(<a href="{re.escape(address)}" id="[a-z-]+") hidden', r"\1", links)
    return links.replace(f'href="{own}"', f'href="{own}" aria-current="page"')


def statics_in(name: str) -> list[str]:
    """The addresses of all that a page loads."""
    return re.findall(r'"(/static/[^"]+)"', (_STATIC / name).read_text("utf-8"))


def texts_in(name: str) -> list[str]:
    """All texts of a page, in English."""
    return [" ".join(found.split()) for found in _TEXT.findall((_STATIC / name).read_text("utf-8"))]
