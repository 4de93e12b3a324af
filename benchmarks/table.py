"""The table: each row a quantity, what this device takes, what it is measured against, and what is wanted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One quantity, measured for this device and for another, side by side."""

    quantity: str
    unit: str
    ours: float
    wanted: str = ""
    """In words; the figures of noisy computers pass no judgement by themselves."""
    against: str = ""
    theirs: float | None = None

    @property
    def ratio(self) -> float | None:
        """Ours for one of theirs."""
        return self.ours / self.theirs if self.theirs else None

    def as_json(self) -> dict[str, object]:
        """For other programs."""
        return {**asdict(self), "ratio": self.ratio}


_HEADINGS = ("quantity", "unit", "Unsit", "wanted", "against", "takes", "ratio")


def text(rows: Sequence[Row]) -> str:
    """The rows below each other, numbers to the right."""
    cells = [_HEADINGS, *(_cells(row) for row in rows)]
    widths = [max(len(line[column]) for line in cells) for column in range(len(_HEADINGS))]
    numbers = {2, 5, 6}
    lines = (
        "  ".join(
            cell.rjust(width) if column in numbers else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in cells
    )
    return "\n".join(lines)


def _cells(row: Row) -> tuple[str, ...]:
    theirs, ratio = _figure(row.theirs), _figure(row.ratio)
    return row.quantity, row.unit, _figure(row.ours), row.wanted, row.against, theirs, ratio


def _figure(value: float | None) -> str:
    """Three digits that count, or all of a larger number."""
    if value is None:
        return ""
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"
