"""Every page that the guide shows, of every stretch, in a language: as data, and with what it is for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from device.mind.rules import Mode
from device.mind.snapshot import GuideSnapshot
from device.screens import screens
from device.settings.settings import Limits, Settings, Stretching
from device.settings.settings import Screens as ScreenSettings
from device.stretches.repertoire import repertoire
from device.stretches.steps import Planned, Step, StepKind, steps
from device.stretches.stretch import Stretch
from device.words.effects import Screen
from tests.story import Day


def stretches(language: str = "en") -> tuple[Stretch, ...]:
    """All of them, those on the chair and on the floor as well."""
    asked = Stretching(seated="yes", without=())
    return repertoire(Settings(screens=ScreenSettings(language=language), stretches=asked)).stretches


def pages(stretch: Stretch, language: str) -> Iterator[tuple[Step, Screen]]:
    """What is told of it, and each second of what is done: 37 s after somebody rose, and once the break is done."""
    for away_s in (37, 130):
        settings = Settings(limits=Limits(invite_after_s=7200.0), screens=ScreenSettings(language=language))
        day = Day(settings)
        day.sit(minutes=30)
        day.rise(seconds=away_s)
        for step in steps([Planned(stretch, stretch.most)], settings.guide, 4.0):
            part = replace(step, nth=2, of=5)
            for second in range(int(step.lasts_s) if step.kind is StepKind.MOVE else 1):
                guide = GuideSnapshot(part, day.now - second, float(second))
                yield part, screens.compose(replace(day.snapshot, mode=Mode.GUIDING, guide=guide))[0]
