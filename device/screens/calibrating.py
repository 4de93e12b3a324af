"""The screens of a calibration. They need no snapshot, since the device itself doesn't run meanwhile."""

from __future__ import annotations

from device.languages.screen_words import Vocabulary
from device.words.effects import BigWords


def calibrating(say: Vocabulary, step: str, nth: int, of: int, *, on_page: bool = False) -> BigWords:
    """What to do now. The small line says where it goes on: in the terminal, or on the page."""
    small = say.text("calibrate.on_page", nth=nth, of=of) if on_page else say.text("calibrate.small", nth=nth, of=of)
    return BigWords(say.lines(f"calibrate.{step}"), small)


def calibrated(say: Vocabulary, *, is_fine: bool) -> BigWords:
    """How the calibration ended."""
    if is_fine:
        return BigWords(say.lines("calibrate.done"), say.text("calibrate.done_small"))
    return BigWords(say.lines("calibrate.unfit"), say.text("calibrate.unfit_small"))
