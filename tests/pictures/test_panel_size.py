"""How large what is read standing is, measured where it is drawn, and that docs/panel.md says so."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from device.languages.language_files import languages
from device.languages.screen_words import vocabulary
from device.mind.snapshot import SAFETY
from device.pictures.drawing import pieces
from device.stretches.steps import StepKind
from device.words.effects import BigWords, Instruction, Movement, Screen
from tests import guided

DOC = (Path(__file__).parents[2] / "docs/panel.md").read_text("utf-8")
NAMES = {
    StepKind.TITLE: "its name",
    StepKind.PLACE: "where to go, what to hold on to",
    StepKind.SIDE: "the side",
    StepKind.TURN: "to turn round",
    StepKind.ASIDE: "what you couldn't see",
    StepKind.WATCH: "to watch first",
    StepKind.HOW: "how",
    StepKind.CARE: "the caution",
    StepKind.NOW: "now you",
}
MILLIMETRES = {"0.96": 0.170, "1.3": 0.227, "1.54": 0.274, "2.42": 0.430}
"""From one pixel to the next, by the inches of the panel."""


@cache
def sizes() -> dict[str, int]:
    """What there is to read, and how high its capitals are where they are lowest: any stretch, any language."""
    least: dict[str, int] = {}
    for language in languages():
        for stretch in guided.stretches(language):
            for step, screen in guided.pages(stretch, language):
                for what, high in measured(step.kind, screen):
                    least[what] = min(high, least.get(what, 99))
    return least


def measured(kind: StepKind, screen: Screen) -> Iterator[tuple[str, int]]:
    """Each piece of text on it: what it is for, and its capitals."""
    assert isinstance(screen, Instruction | Movement)
    roles = {screen.part: "which of how many", screen.clock: "the break's clock"}
    if isinstance(screen, Movement):
        roles[screen.count] = "the count"
    for piece in pieces(screen, 0.0):
        if piece.text:
            yield roles.get(piece.text, NAMES.get(kind, "the cue word")), piece.capitals


def minutes_of_arc(millimetres: float, metres: float) -> float:
    """How large that looks from there."""
    return math.degrees(math.atan(millimetres / 1000 / metres)) * 60


def rows(heading: str) -> list[list[str]]:
    """The cells of the table below that heading, its first two lines left out."""
    section = DOC.split(f"## {heading}\n")[1].split("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


@pytest.mark.uncounted
def test_the_table_of_sizes_says_what_is_drawn() -> None:
    told = {what: (int(high), int(minutes)) for what, high, minutes in rows("How large it is")}
    drawn = {what: (high, round(minutes_of_arc(high * MILLIMETRES["1.3"], 1.0))) for what, high in sizes().items()}
    assert told == drawn


def test_cue_and_count_are_16_minutes_of_arc_at_a_metre_and_nothing_is_under_10_pixels() -> None:
    least = sizes()
    assert least["the cue word"] == least["the count"] == 20
    assert min(least.values()) >= 10


def test_the_table_of_panels_says_how_far_away_one_may_stand() -> None:
    table = rows("Which panel for which distance")
    assert [row[0].removesuffix(" inch") for row in table] == list(MILLIMETRES)
    for (_, pitch, far, width), (inches, millimetres) in zip(table, MILLIMETRES.items(), strict=True):
        assert pitch == f"{millimetres:.3f} mm"
        metres = float(re.match(r"[\d.]+", far)[0])  # type: ignore[index]
        assert round(minutes_of_arc(20 * millimetres, metres)) == 16, inches
        assert width == f"{128 * millimetres:.0f} mm"


@pytest.mark.parametrize("language", languages())
def test_every_stretch_says_all_there_is_to_say(language: str) -> None:
    for stretch in guided.stretches(language):
        kinds = {step.kind for step, _ in guided.pages(stretch, language)}
        needed = set(NAMES) - {StepKind.SIDE, StepKind.TURN, StepKind.ASIDE} | {StepKind.MOVE}
        needed |= {StepKind.SIDE} if len(stretch.sides) > 1 else set()
        needed |= {StepKind.TURN} if stretch.figure.turns else set()
        needed |= {StepKind.ASIDE} if stretch.aside else set()
        assert kinds - {StepKind.COUNTS} == needed, stretch.id
        assert 2 <= len(stretch.how) <= 4


@pytest.mark.parametrize("language", languages())
def test_the_cards_of_safety_and_that_of_the_first_stretch_are_read_from_a_metre(language: str) -> None:
    say = vocabulary(language)
    caution = BigWords(say.lines("caution.lines"), say.text("caution.small"))
    safety = [BigWords(say.lines(f"safety.{each}"), say.text("safety.next", nth=1, of=len(SAFETY))) for each in SAFETY]
    cards = [BigWords(stretch.title_lines, say.text("first_card.footer")) for stretch in guided.stretches(language)]
    for card in (caution, *safety, *cards):
        small, *large = (piece.capitals for piece in pieces(card, 0.0))
        assert min(large) >= 15
        assert small == 10


def test_lines_stay_as_they_were_written_where_others_would_be_no_larger() -> None:
    for lines in (("Hurts more?", "Stop."), ("Left leg", "back")):
        assert [piece.text for piece in pieces(Instruction(lines), 0.0)] == list(lines)
