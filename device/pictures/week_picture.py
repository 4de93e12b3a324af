"""Draws days as bands from morning to evening, with matplotlib if that is installed."""

from __future__ import annotations

import logging
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from device.history.day_words import SIGNS, hours_of
from device.words.durations import span_text
from device.words.facts import FellDue, FullBreak
from device.words.instants import HOUR_S
from device.words.record import Span, Strip

KINDS = (".svg", ".png")

_SEATED, _AWAY, _DUE, _BREAK, _INK, _PALE = "#30618c", "#e3e8ec", "#c8611a", "#3f8f5b", "#22303a", "#7b8892"

_DOUBTFUL: dict[str, Any] = {"facecolor": "white", "edgecolor": _SEATED, "hatch": "////", "linewidth": 0}


class MissingLibrary(Exception):  # noqa: N818 - it says what is wrong, and what to do
    """matplotlib isn't there; one line."""


def draw_week(strips: Sequence[Strip], file: Path) -> None:
    """Draw each day as a band of sitting and absence, with signs for due breaks and full breaks.

    Raises OSError if the file can't be written, and MissingLibrary.
    """
    try:
        from matplotlib.figure import Figure
    except ImportError as error:
        raise MissingLibrary(f"drawing takes matplotlib: {_how_to_install()}") from error
    days = len(strips)
    # Without this, matplotlib logs its search for fonts.
    logging.getLogger("matplotlib").setLevel(logging.WARNING)
    figure = Figure(figsize=(11, 1.7 + 0.55 * days), facecolor="white")
    figure.set_layout_engine("constrained", w_pad=0.2, h_pad=0.15)
    axes = figure.add_subplot()
    for row, strip in enumerate(strips):
        _draw_day(axes, row, strip)
    _dress(axes, strips)
    figure.savefig(file, dpi=150)


def _draw_day(axes: Any, row: int, strip: Strip) -> None:
    axes.broken_barh(_bars([(strip.begins_s, strip.ends_s)]), (row - 0.3, 0.6), color=_AWAY, linewidth=0)
    axes.broken_barh(_bars(strip.seated), (row - 0.3, 0.6), color=_SEATED, linewidth=0)
    axes.broken_barh(_bars(strip.doubtful), (row - 0.3, 0.6), **_DOUBTFUL)
    for fact, colour, sign in ((FellDue.name, _DUE, "v"), (FullBreak.name, _BREAK, "|")):
        at = [when / HOUR_S for when, each in strip.moments if each == fact]
        place = row - 0.4 if sign == "v" else row
        axes.scatter(at, [place] * len(at), marker=sign, color=colour, s=42 if sign == "v" else 150, zorder=3)
    doubtful_s = sum(until - since for since, until in strip.doubtful)
    sums = span_text(strip.seated_s) + (f"\n{span_text(doubtful_s)} doubtful" if doubtful_s else "")
    axes.annotate(sums, (1.01, row), xycoords=("axes fraction", "data"),
                  va="center", color=_INK, fontsize=11)  # fmt: skip


def _dress(axes: Any, strips: Sequence[Strip]) -> None:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    first, last = hours_of(strips)
    axes.set_xlim(max(0, first - 0.25), min(24, last + 0.25))
    axes.set_ylim(len(strips) - 0.4, -0.75)
    hours = range(first, min(24, last + 1), 1 if last - first <= 15 else 2)
    axes.set_xticks(list(hours), [f"{hour}:00" for hour in hours], color=_PALE, fontsize=10)
    names = [f"{strip.day:%a} {strip.day.day} {strip.day:%b}" + _about(strip) for strip in strips]
    axes.set_yticks(range(len(strips)), names, color=_INK, fontsize=11)
    axes.set_title(f"On the chair, {_between(strips)}", loc="left", color=_INK, fontsize=15, pad=14)
    axes.grid(axis="x", color=_AWAY, linewidth=0.8, zorder=0)
    axes.set_axisbelow(True)
    axes.tick_params(length=0)
    for spine in axes.spines.values():
        spine.set_visible(False)
    signs = [
        Patch(color=_SEATED, label=SIGNS["seated"]),
        Patch(color=_AWAY, label=SIGNS["away"]),
        *([Patch(**_DOUBTFUL, label=SIGNS["doubtful"])] if any(strip.doubtful for strip in strips) else []),
        Line2D([], [], marker="v", color=_DUE, linestyle="", label=SIGNS[FellDue.name]),
        Line2D([], [], marker="|", color=_BREAK, linestyle="", markersize=12, label=SIGNS[FullBreak.name]),
    ]
    axes.legend(handles=signs, loc="upper center", bbox_to_anchor=(0.5, -0.06 - 0.25 / len(strips)), ncols=5,
                frameon=False, labelcolor=_INK)  # fmt: skip


def _about(strip: Strip) -> str:
    """What is to be said of a day's name."""
    return (" (about)" if strip.about else "") + (" (away)" if strip.away else "")


def _between(strips: Sequence[Strip]) -> str:
    first, last = strips[0].day, strips[-1].day
    end = f"{last.day} {last:%B %Y}"
    return end if first == last else f"{first.day} {first:%B} to {end}"


def _how_to_install() -> str:
    """In a virtual environment Unsit doesn't see the system's libraries."""
    own = sys.prefix != sys.base_prefix
    return f"sudo {sys.prefix}/bin/pip install matplotlib" if own else "sudo apt install python3-matplotlib"


def _bars(spans: Sequence[Span]) -> list[tuple[float, float]]:
    """The spans in matplotlib's form: begin and length."""
    return [(since / HOUR_S, (until - since) / HOUR_S) for since, until in spans]
