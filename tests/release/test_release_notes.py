"""The notes of a release are its part of CHANGELOG.md, and nothing that is new is left out."""

from __future__ import annotations

from pathlib import Path

import pytest

from device import __version__
from systemd.making.release_notes import ChangesError, notes

CHANGES = """\
# Changes

What changed.

## Unreleased

## 1.1.0 - 2026-12-24

### Added
- A bell.

## 1.0.0 - 2026-11-30

- All of it.
"""


def test_the_notes_are_what_the_changes_say_of_that_version_and_of_no_other() -> None:
    assert notes(CHANGES, "1.1.0") == "# Unsit 1.1.0 - 2026-12-24\n\n### Added\n- A bell.\n"
    assert notes(CHANGES, "1.0.0") == "# Unsit 1.0.0 - 2026-11-30\n\n- All of it.\n"


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("## 1.1.0 - 2026-12-24", "## 1.1.0", 'no part for 1.1.0; allowed: "## 1.1.0 - 2026-11-30"'),
        ("## 1.1.0 - 2026-12-24", "## 11100 - 2026-12-24", "no part for 1.1.0"),
        (
            "## Unreleased\n",
            "## Unreleased\n\n### Added\n- A gong.\n",
            "lines under Unreleased; allowed: all that is new",
        ),
        ("- A bell.\n", "", "nothing under 1.1.0; allowed: what a person at the desk notices"),
    ],
)
def test_changes_that_arent_ready_are_refused_in_one_line(old: str, new: str, says: str) -> None:
    assert old in CHANGES
    with pytest.raises(ChangesError, match=r"^CHANGELOG\.md: [^\n]+$") as refused:
        notes(CHANGES.replace(old, new, 1), "1.1.0")
    assert says in str(refused.value)


def test_our_own_changes_have_a_part_for_the_version_that_comes_next() -> None:
    changes = (Path(__file__).parents[2] / "CHANGELOG.md").read_text("utf-8")
    assert f"## {__version__} - " in changes
    # While somebody works there are lines under Unreleased; `make release` refuses those.
    assert changes.index("## Unreleased") < changes.index(f"## {__version__} - ")
