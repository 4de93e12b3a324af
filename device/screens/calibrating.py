"""The screens of a calibration. They need no snapshot, since the device itself doesn't run meanwhile."""

from __future__ import annotations

from device.languages.screen_words import Vocabulary
from device.words.effects import BigWords


def calibrating(say: Vocabulary, step: str, nth: int, of: int) -> BigWords:
    """What to do now."""
    return BigWords(say.lines(f"calibrate.{step}"), say.text("calibrate.small", nth=nth, of=of))


def calibrated(say: Vocabulary, *, is_fine: bool) -> BigWords:
    """How the calibration ended."""
    if is_fine:
        return BigWords(say.lines("calibrate.done"), say.text("calibrate.done_small"))
    return BigWords(say.lines("calibrate.unfit"), say.text("calibrate.unfit_small"))
