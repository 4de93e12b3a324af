"""What goes out on the line: each fact in words, and how things stand after each round of the loop."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import timedelta
from typing import Any, Protocol

from device import __version__
from device.languages.phrases import Phrases
from device.mind.snapshot import Snapshot
from device.screens.fact_sentences import Names, sentence, words_of
from device.screens.state_feed import feed_state, in_words
from device.settings.settings import Press
from device.stages.button import Finger, Gesture
from device.words.effects import Dark, Effect, Heard, Note, Screen, Show
from device.words.events import Button
from device.words.fact_codec import details_of
from device.words.facts import PanelBack, PanelLost
from device.words.instants import between
from device.words.ports import Clock, Wall


class Told(Protocol):
    """Where messages go: the line, or a scene's part of it."""

    @property
    def followed(self) -> bool: ...

    def tell(self, kind: str, *, kept: bool = True, **message: Any) -> None: ...

    def stand(self, kind: str, **message: Any) -> None: ...


class Feed:
    """Reports one run of the device, as a performer and an onlooker."""

    def __init__(
        self,
        line: Told,
        clock: Clock,
        wall: Wall,
        spoken: Callable[[str], tuple[Names, Phrases]],
        settings: Sequence[str],
        *,
        simulated: bool,
        language: str,
    ) -> None:
        """`spoken` has the names of the stretches and what is said, in the language asked for."""
        self._line = line
        self._clock = clock
        self._wall = wall
        self._spoken = spoken
        self._device: dict[str, Any] = {
            "version": __version__,
            "simulated": simulated,
            "began": clock.now(),
            "settings": list(settings),
        }
        self._screen: Screen = Dark()
        self._panel = "ok"
        self._finger = Finger(Press())
        self._mode = ""
        self._modes: set[str] = set()
        """The modes that may have given the present press its meaning."""
        self._speak(language)

    def _speak(self, language: str) -> None:
        self._language = language
        self._names, self._say = self._spoken(language)
        self._device |= {"language": language, "stretches": dict(self._names)}

    def go_by(self, settings: Sequence[str], spoken: Callable[[str], tuple[Names, Phrases]], language: str) -> None:
        """Report with these settings from now on."""
        self._device["settings"], self._spoken = list(settings), spoken
        self._speak(language)

    def perform(self, effect: Effect) -> None:
        """Tell a note, remember a screen, feel the button and ignore other effects."""
        if isinstance(effect, Show):
            self._screen = effect.screen
        if isinstance(effect, Heard) and isinstance(effect.event, Button):
            self._feel(effect.event.at)
            if self._finger.report(effect.event.at, effect.event.down) is Gesture.DOWN:
                self._modes = {self._mode}
        if isinstance(effect, Note):
            fact, now = effect.fact, self._clock.now()
            if isinstance(fact, PanelLost | PanelBack):
                self._panel = "broken" if isinstance(fact, PanelLost) else "ok"
            reads = self._wall.reads(now)
            when = None if reads is None else reads - timedelta(seconds=between(fact.t, now))
            self._line.tell(
                "fact",
                t=fact.t,
                said=fact.said,
                fact=fact.name,
                details=details_of(fact),
                when=when.isoformat() if when else None,
                says=sentence(fact, self._names, self._say),
            )

    def look(self, snapshot: Callable[[], Snapshot]) -> None:
        """Tell how things stand, if anybody follows."""
        self._feel(self._clock.now())
        if self._line.followed:
            now = snapshot()
            self._finger.go_by(now.settings.press)
            if now.language != self._language:
                self._speak(now.language)
            self._mode = now.mode.value
            if self._finger.felt:
                self._modes.add(self._mode)
            self._line.stand("device", **self._device)
            self._line.stand("standing", **asdict(in_words(feed_state(now), self._say)))
            self._line.stand("health", panel=self._panel)
            self._line.stand("screen", says=words_of(self._screen, self._say))
            if not self._device["simulated"]:
                # Nobody turns real clocks by hand, so once per round of the loop is enough.
                stand_time(self._line, self._clock, self._wall)

    def _feel(self, now: float) -> None:
        """Tell what the finger did, at the instants at which the core knows it too."""
        while (at := self._finger.next_deadline()) is not None and at <= now:
            if (did := _DID.get(self._finger.settle())) and self._line.followed:
                self._line.tell("button", kept=False, did=did, modes=sorted(self._modes))


_DID = {Gesture.PRESS: "press", Gesture.HOLD: "hold"}


def stand_time(line: Told, clock: Clock, wall: Wall, speed: float = 1.0) -> None:
    """Tell what the clocks read, whether they are right and how fast they run."""
    now = clock.now()
    reads = wall.reads(now)
    line.stand("time", at=now, speed=speed, reads=reads.isoformat() if reads else None, right=wall.is_right)
