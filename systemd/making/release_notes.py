"""Turns a version's part of CHANGELOG.md into the notes of its release."""

from __future__ import annotations

import re


class ChangesError(Exception):
    """CHANGELOG.md isn't ready for that release; the message says in one line what to change."""


def notes(changes: str, version: str) -> str:
    """What CHANGELOG.md says of that version. Raises ChangesError."""
    parts = _parts(changes)
    if _has_lines(parts.get("Unreleased", "")):
        raise ChangesError(f"CHANGELOG.md: lines under Unreleased; allowed: all that is new under {version}")
    dated = next((title for title in parts if re.fullmatch(rf"{re.escape(version)} - \d{{4}}-\d\d-\d\d", title)), None)
    if dated is None:
        raise ChangesError(
            f'CHANGELOG.md: no part for {version}; allowed: "## {version} - 2026-11-30", the date of the day'
        )
    if not _has_lines(parts[dated]):
        raise ChangesError(f"CHANGELOG.md: nothing under {version}; allowed: what a person at the desk notices")
    return f"# Unsit {dated}\n\n{parts[dated].strip()}\n"


def _parts(changes: str) -> dict[str, str]:
    """The text below each heading of a version, by that heading."""
    cut = re.split(r"^## +(.+?) *$", changes, flags=re.MULTILINE)
    return dict(zip(cut[1::2], cut[2::2], strict=True))


def _has_lines(part: str) -> bool:
    return any(line.strip() and not line.startswith("#") for line in part.splitlines())
