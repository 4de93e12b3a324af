"""The virtual desk: the simulated desk on the line, and at times a recorded day beside it."""

from __future__ import annotations

import re
import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from device.desk.chair import Chair
from device.desk.live import SCENES, Listen, LiveDesk
from device.files.complaint import Complaint, ComplaintError, brief
from device.run.feed import stand_time
from device.run.line import KEPT, Line, Message, Obey
from device.run.orders import Answer, OrderError
from device.stages.calibration import STEPS
from device.words.events import Chosen
from device.words.instants import HOUR_S

_FASTEST = 600.0
_FARTHEST_S = 48 * HOUR_S


class HandsError(ComplaintError):
    """The desk can't do what was asked; the message is one line that says what it can do."""


def _flag(value: object) -> bool:
    return isinstance(value, bool)


def _speed(value: object) -> bool:
    return _number(value) and (value == 0 or 1 <= value <= _FASTEST)  # type: ignore[operator]


def _level(value: object) -> bool:
    return _number(value) and 0 <= value <= 1  # type: ignore[operator]


def _step(value: object) -> bool:
    return _number(value) and abs(value) <= _FARTHEST_S  # type: ignore[arg-type]


def _calibration_step(value: object) -> bool:
    return value in STEPS


def _stretch(value: object) -> bool:
    return isinstance(value, str) and bool(re.fullmatch("[a-z0-9_]{1,60}", value))


def _number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


_ALLOWED: Mapping[str, tuple[Callable[[object], bool], str | Complaint]] = {
    **dict.fromkeys(("seat", "button", "panel", "power", *SCENES, "play"), (_flag, "true or false")),
    "weigh": (_level, "a level of the seat's sensor, 0 to 1"),
    "speed": (_speed, Complaint("0, or 1 to {most}", most=f"{_FASTEST:g}")),
    "step": (_step, Complaint("seconds, at most {most} either way", most=f"{_FARTHEST_S:g}")),
    "calibrate": (_flag, "true or false"),
    "there": (_calibration_step, Complaint("one of {steps}", steps=", ".join(STEPS))),
    **dict.fromkeys(("never", "again"), (_stretch, "the id of a stretch")),
    "skip": (lambda value: value is True, "true"),
}


_WHILE_PLAYING = ("play", "speed", "skip")
"""What a person may do while a recorded day plays; the day's own hands do everything else."""


def understood(message: object) -> tuple[str, Any]:
    """What to do, and the value for it. Raises HandsError."""
    if not isinstance(message, Mapping) or set(message) != {"do", "to"}:
        raise HandsError("write it as {example}", example='{"do": "seat", "to": true}')
    do, to = message["do"], message["to"]
    if not isinstance(do, str) or do not in _ALLOWED:
        raise HandsError(
            "there is nothing called {what} to do; allowed: {allowed}",
            what=brief(do),
            allowed=", ".join(_ALLOWED),
        )
    accepts, says = _ALLOWED[do]
    if not accepts(to):
        raise HandsError("{do} to {to}; allowed: {says}", do=do, to=brief(to), says=says)
    return do, to


def check(message: object, desk: Mapping[str, Any] | None) -> None:
    """Raise HandsError for what isn't understood, or can't be done at a desk that stands so."""
    do, to = understood(message)
    if do != "calibrate" or not to or desk is None:
        return
    if desk["title"]:
        raise HandsError("a recorded day plays: go back to your desk first")
    if desk["level"] is None:
        raise HandsError("a contact has no levels: there is nothing to calibrate")
    if not desk["power"]:
        raise HandsError("without power nothing can be read: put the plug back first")


class Scene:
    """One desk as the line sees it. While the line shows another one, this one tells it nothing."""

    def __init__(self, line: Line, title: str = "") -> None:
        """A recorded day has a title; the person's own desk has none."""
        self._line = line
        self._title = title
        # The desk's loop tells, the line shows and hides, and both may tell the state of the desk.
        self._lock = threading.RLock()
        self._told: deque[tuple[str, Message]] = deque(maxlen=KEPT)
        self._stands: dict[str, Message] = {}
        self._is_shown = False

    @property
    def followed(self) -> bool:
        """Somebody follows, and the line shows this desk."""
        return self._is_shown and self._line.followed

    def tell(self, kind: str, *, kept: bool = True, **message: Any) -> None:
        """As the line does."""
        with self._lock:
            if kept:
                self._told.append((kind, message))
            if self._is_shown:
                self._line.tell(kind, kept=kept, **message)

    def stand(self, kind: str, **message: Any) -> None:
        """As the line does."""
        with self._lock:
            self._stands[kind] = message
            if self._is_shown:
                self._line.stand(kind, **message)

    def stand_again(self) -> None:
        """Tell all present states again, for a newcomer. Without power nothing else would tell them."""
        with self._lock:
            for kind, message in self._stands.items():
                self._line.stand(kind, **message)

    def stand_desk(self, desk: LiveDesk) -> None:
        """Tell the state of that desk, and how its time runs."""
        # With the lock, the last to tell is also the last to look.
        with self._lock:
            told = {**desk.levels, **_on(desk.chair), "calibration": desk.calibration.told()}
            self.stand("desk", title=self._title, over=desk.is_over, pace=desk.pace, **told)
            stand_time(self, desk.clock, desk.wall, desk.clock.speed)

    def show(self) -> None:
        """Show this desk from now on, and tell again what it told before."""
        with self._lock:
            self._line.start_afresh()
            self._is_shown = True
            for kind, message in self._told:
                self._line.tell(kind, **message)
            self.stand_again()

    def hide(self) -> None:
        """Stop showing this desk."""
        with self._lock:
            self._is_shown = False


def _on(chair: Chair) -> Mapping[str, Any]:
    """What is on that chair, and what its sensor reads."""
    levels = chair.levels
    return {
        "pad": chair.reads,
        "blinks": chair.pad.blinks,
        "cat_is_there": chair.cat_is_there,
        "weight": chair.weight,
        "usual": (chair.empty, chair.usual),
        "level": chair.level if chair.is_analog else None,
        "thresholds": levels and (levels.thresholds.leave_below, levels.thresholds.sit_above),
        "known": levels and (levels.empty, levels.seated),
        "leans": chair.leans,
    }


@dataclass(frozen=True, slots=True)
class Set:
    """The parts of a scene."""

    desk: LiveDesk
    listen: Listen
    show_panel: Callable[[], None]
    """Tell the panel's picture again."""
    obey: Obey
    first_code: Callable[[], str]
    """Returns a code that pairs the first browser; empty where none is paired."""
    close: Callable[[], None]


Build = Callable[[Scene], Set]


class VirtualDesk:
    """The person's own desk and, on request, a recorded day. Meanwhile time at their own desk is paused."""

    def __init__(self, path: Path, own: Build, recorded: Build, title: str) -> None:
        """Open the line at that path. Raises NoLineError if that can't be done."""
        self._recorded, self._title = recorded, title
        self._playing: threading.Thread | None = None
        self._is_over = False
        # A call before all is set up waits for that. So does the end, for a day that is being set up.
        self._lock = threading.RLock()
        with self._lock:
            self._line = Line(path, self._welcome, self._obey, self._take_order)
            self._own = self._shown = self._set(own, "")
            self._own[0].show()

    def run(self) -> None:
        """Be the device at the person's own desk until told to stop."""
        own = self._own[1]
        try:
            own.desk.run(own.listen)
        finally:
            with self._lock:
                self._is_over = True
                self._play(False)
            self._line.close()
            own.close()

    def stop(self) -> None:
        """End it."""
        self._own[1].desk.stop()

    def first_code(self) -> str:
        """A code that lets whoever starts this desk in, where all have to pair."""
        return self._own[1].first_code()

    def _set(self, build: Build, title: str) -> tuple[Scene, Set]:
        scene = Scene(self._line, title)
        built = build(scene)
        built.desk.changed = partial(scene.stand_desk, built.desk)
        return scene, built

    def _welcome(self) -> None:
        with self._lock:
            scene, built = self._shown
            scene.stand_again()
            built.show_panel()
            built.desk.look_around()

    # ---- what followers ask for

    def _obey(self, message: object) -> None:
        do, to = understood(message)
        with self._lock:
            self._do(do, to)

    def _take_order(self, do: object, to: object) -> Answer:
        with self._lock:
            own = self._own[1]
            if self._playing is not None:
                raise OrderError("a recorded day plays: go back to your desk first")
            if not own.desk.levels["power"]:
                raise OrderError("without power the device does nothing: put the plug back first")
            return own.obey(do, to)

    def _do(self, do: str, to: Any) -> None:
        if self._playing is not None and do not in _WHILE_PLAYING:
            return
        desk = self._shown[1].desk
        match do:
            case "play":
                self._play(to)
            case "speed":
                desk.set_speed(float(to))
            case "step":
                desk.step_clock(float(to))
            case "never" | "again":
                desk.tell(partial(Chosen, name=f"stretch_{do}", value=to))
            case "skip":
                desk.skip()
            case "calibrate":
                desk.calibrate(to)
            case "there":
                desk.do_step(to)
            case "weigh":
                desk.weigh(float(to))
            case _:
                desk.set(do, to)

    def _play(self, recorded: bool) -> None:
        with self._lock:
            if recorded != (self._playing is not None) and not (recorded and self._is_over):
                self._change_scene(recorded)

    def _change_scene(self, recorded: bool) -> None:
        scene, built = self._shown
        scene.hide()
        if recorded:
            built.desk.leave()
            self._shown = self._set(self._recorded, self._title)
            day = self._shown[1]
            self._playing = threading.Thread(target=day.desk.run, args=(day.listen,), name="recorded day")
            self._playing.start()
        else:
            assert self._playing is not None, "only what plays can end"
            built.desk.stop()
            self._playing.join()
            built.close()
            self._playing, self._shown = None, self._own
            self._own[1].desk.come_back()
        self._shown[0].show()
        self._welcome()
