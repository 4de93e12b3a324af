"""Whole guided breaks as they are seen: what is drawn every half second, in every language, short and long."""

from __future__ import annotations

import re
from itertools import groupby, pairwise, product
from typing import NamedTuple

import pytest

from device.languages.language_files import languages
from device.pictures.drawing import pieces
from device.settings.settings import Limits, Screens, Settings, Stretching
from device.stretches.steps import StepKind
from device.stretches.stretch import Kind
from device.words.effects import Instruction, Movement, Screen, Show
from tests.story import Day

BREAKS = list(product(languages(), (3, 6), ("by-turns", "hips", "glutes-and-core")))


class Look(NamedTuple):
    """What somebody sees at an instant of the guide."""

    at: float
    kind: StepKind
    screen: Screen
    drawn: list[str]
    """Each text on the picture."""
    held_out: bool
    """What was to be held has been: the figure is on its way back."""


def due(language: str, minutes: int, routine: str) -> Day:
    """A break that somebody is about to take."""
    settings = Settings(
        limits=Limits(invite_after_s=7200.0),
        screens=Screens(language=language),
        stretches=Stretching(minutes=minutes, routine=routine),
    )
    day = Day(settings)
    day.sit(minutes=121)
    day.rise(seconds=2)
    return day


def looks(day: Day) -> list[Look]:
    """Every half second, from the first title to the end."""
    seen: list[Look] = []
    while (guide := day.snapshot.guide) is not None:
        drawn = [piece.text for piece in pieces(day.screen, day.now) if piece.text]
        step = guide.step
        held_out = step.stretch.kind is Kind.HOLD and guide.elapsed_s >= step.figure.held_s[1]
        seen.append(Look(day.now, step.kind, day.screen, drawn, held_out))
        day.wait(seconds=0.5)
    return seen


@pytest.mark.parametrize(("language", "minutes", "routine"), BREAKS)
def test_a_whole_guided_break_leaves_no_question_open(language: str, minutes: int, routine: str) -> None:
    day = due(language, minutes, routine)
    began = day.now
    seen = looks(day)
    assert day.now - began <= minutes * 60 * 1.15 + 4, "as long as asked, all reading included"
    for look in seen:
        assert isinstance(look.screen, Instruction | Movement)
        clock = look.screen.clock
        assert clock in look.drawn, "the break's clock"
        assert re.fullmatch(r"\w+ \d:\d\d", clock) or clock == day.snapshot.words.text("guide.counted"), "what it means"
        if isinstance(look.screen, Instruction):
            # Nothing lies over it, and it isn't cut short.
            words = [text for text in look.drawn if text not in (look.screen.part, look.screen.clock)]
            assert " ".join(words).split() == " ".join(look.screen.lines).split()
        else:
            assert look.screen.moving.figure.cue_at(look.screen.moving.elapsed_s(look.at)) in look.drawn
            if not look.held_out:
                assert any(re.fullmatch(r"[1-9]\d*(x| s)", text) for text in look.drawn), "how much is left"
            else:
                # A nought there would be one more thing to wonder at; the word says that it is back from here.
                assert look.screen.count == ""
        if look.kind is StepKind.MOVE:
            assert any(re.fullmatch(r"\d/\d", text) for text in look.drawn), "which of how many"
        elif look.kind not in (StepKind.WATCH, StepKind.HOW, StepKind.ASIDE, StepKind.COUNTS):
            assert any(re.fullmatch(r"\w+ \d/\d", text) for text in look.drawn), "and of what"


@pytest.mark.parametrize(("language", "minutes", "routine"), BREAKS)
def test_each_stretch_says_all_of_it_and_each_page_stands_long_enough(
    language: str, minutes: int, routine: str
) -> None:
    day = due(language, minutes, routine)
    day.wait(minutes=minutes * 2)
    shown = [(at, effect.screen) for at, effect in day.told if isinstance(effect, Show)]
    guided = [(at, screen.lines if isinstance(screen, Instruction) else None) for at, screen in shown]
    pages = [(lines, next(run)[0]) for lines, run in groupby(guided, key=lambda each: each[1])]
    for (lines, at), (_, until) in pairwise(pages):
        if lines is not None:
            assert until - at >= 1 + 0.25 * len(" ".join(lines).split()), lines


@pytest.mark.parametrize(("language", "minutes", "routine"), BREAKS)
def test_that_the_break_is_done_is_said_once_where_one_can_choose(language: str, minutes: int, routine: str) -> None:
    """Before a stretch or an exercise, and so never while one moves or between its sides."""
    kinds = [kind for kind, _ in groupby(look.kind.value for look in looks(due(language, minutes, routine)))]
    assert kinds.count("counts") == 1
    assert kinds[kinds.index("counts") + 1] in ("title", "now")


@pytest.mark.parametrize("language", languages())
def test_a_stretch_is_told_before_it_is_done(language: str) -> None:
    kinds = [kind for kind, _ in groupby(look.kind.value for look in looks(due(language, 6, "by-turns")))]
    told = " ".join(kind for kind in kinds if kind != "counts")
    each = "title place watch (aside )?how care now (side move (turn )?side )?move ?"
    assert re.fullmatch(f"({each})+", told), told
    assert kinds.count("counts") == 1
