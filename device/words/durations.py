"""Durations as people write them: a number and its unit, such as "90s", "2h" or "1h 30min"."""

from __future__ import annotations

import re

_UNITS_S = {"h": 3600.0, "min": 60.0, "m": 60.0, "s": 1.0, "ms": 0.001}
# Not `\d`, which also matches the digits of other scripts.
_PART = r"([0-9]{1,12}(?:\.[0-9]{1,12})?)\s*(h|min|ms|m|s)"


def duration_s(text: str) -> float:
    """The duration in seconds, rounded to milliseconds. Raises ValueError if it isn't one or has no unit."""
    if not re.fullmatch(rf"\s*(?:{_PART}\s*)+", text):
        raise ValueError("is no duration, a number with h, min, s or ms behind it")
    return round(sum(float(number) * _UNITS_S[unit] for number, unit in re.findall(_PART, text)), 3)


def duration_text(span_s: float) -> str:
    """The shortest text that `duration_s` reads as the same duration."""
    span_ms = round(span_s * 1000)
    for unit in ("h", "min", "s"):
        unit_ms = round(_UNITS_S[unit] * 1000)
        if span_ms % unit_ms == 0 and (span_ms or unit == "s"):
            return f"{span_ms // unit_ms}{unit}"
    return f"{span_ms}ms"


def span_text(span_s: float) -> str:
    """The duration as people say it: hours and minutes, minutes, or seconds if it is less than a minute."""
    minutes = int(span_s // 60)
    if 0 < span_s < 60:
        return f"{int(span_s)} s"
    return f"{minutes // 60} h {minutes % 60:02d}" if minutes >= 60 else f"{minutes} min"
