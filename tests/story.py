"""Tells a day at the desk in plain verbs, on simulated time, to the coach alone.

Every deadline the coach asks for is kept to the millisecond, as the loop would keep it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from device.mind.snapshot import SAFETY, Snapshot
from device.run.restart import Start, Trail, by_plan
from device.settings.settings import SeatSettings, Settings
from device.stretches.repertoire import in_every_language, repertoire
from device.stretches.steps import StepKind
from device.stretches.stretch import Stretch
from device.words.effects import Cue, Dark, Effect, Heard, Movement, Note, Play, Screen, Show, Silence
from device.words.events import (
    Button,
    Chosen,
    ClockRead,
    DayEnded,
    Event,
    Hours,
    JournalKept,
    JournalTrouble,
    Level,
    Meeting,
    Order,
    Ordered,
    OwnWifi,
    PairingEnded,
    PairingOpened,
    Panel,
    PlanOn,
    Power,
    QuietHours,
    Seat,
    SeatSensor,
    Tick,
)
from device.words.facts import Fact
from device.words.instants import A_MOMENT_S, HOUR_S, MINUTE_S, after
from device.words.past import Readings

PLAIN = Settings()
"""The settings as they come."""


class Day:
    """A person, a chair, a button, and what the device makes of it.

    The chair is empty and the button up at first (unless it is held), and the safety card has been seen.
    """

    def __init__(
        self,
        settings: Settings = PLAIN,
        stretches: Sequence[Stretch] | None = None,
        *,
        safety_s: float = 0.0,
        held: bool = False,
        asks: Sequence[str] = (),
    ) -> None:
        shown = replace(settings, screens=replace(settings.screens, safety_s=safety_s))
        self.now = 0.0
        shows = repertoire(settings)
        shows = shows if stretches is None else replace(shows, stretches=tuple(stretches))
        self._start = Start(
            shown, shows, asks=asks, languages=in_every_language(settings) if asks else {}, plans=by_plan(settings)
        )
        self._trail = Trail()
        self._taken = False
        self.coach = self._start.coach()
        self.told: list[tuple[float, Effect]] = []
        self._tell(Seat(0.0, False))
        self._tell(Button(0.0, held))

    # ---- what happens

    def wait(self, *, hours: float = 0, minutes: float = 0, seconds: float = 0) -> None:
        """Let time pass."""
        self.wait_until(after(self.now, hours * HOUR_S + minutes * MINUTE_S + seconds))

    def wait_until(self, at: float) -> None:
        """Let time pass up to an instant, that instant's deadlines included."""
        while (deadline := self.coach.next_deadline()) is not None and deadline <= at:
            self.now = deadline
            self._tell(Tick(deadline))
        self.now = at

    def sit(self, *, hours: float = 0, minutes: float = 0, seconds: float = 0) -> None:
        """Somebody sits down, and so much time passes."""
        self._tell(Seat(self.now, True))
        self.wait(hours=hours, minutes=minutes, seconds=seconds)

    def rise(self, *, hours: float = 0, minutes: float = 0, seconds: float = 0) -> None:
        """They rise, and so much time passes."""
        self._tell(Seat(self.now, False))
        self.wait(hours=hours, minutes=minutes, seconds=seconds)

    def fidget(self, seconds: float = 3.0) -> None:
        """The chair is empty for a moment."""
        self.rise(seconds=seconds)
        self.sit()

    def touch(self, seconds: float = 3.0) -> None:
        """The empty chair is taken for a moment."""
        self.sit(seconds=seconds)
        self.rise()

    def down(self) -> None:
        """A finger goes down on the button."""
        self._tell(Button(self.now, True))

    def up(self) -> None:
        """It goes up again."""
        self._tell(Button(self.now, False))

    def press(self, times: int = 1) -> None:
        """A press, or several; 0.3 s each."""
        for _ in range(times):
            self._push(0.2)

    def read_safety(self) -> None:
        """A press for each card of safety."""
        self.press(len(SAFETY))

    def hold(self) -> None:
        """A hold; 1.6 s."""
        self._push(1.5)

    def until(self, kind: StepKind) -> None:
        """So much time passes that the guide has come to such a step."""
        given_up_at = self.now + HOUR_S
        while (guide := self.snapshot.guide) is None or guide.step.kind is not kind:
            self.wait(seconds=0.5)
            assert self.now < given_up_at, f"the guide comes to no step {kind}"

    def change(self, section: str, *, answers: str = "", **values: object) -> None:
        """Somebody changes settings of a section on the page, which may answer a question of the device."""
        settings = self._start.settings
        settings = replace(settings, **{section: replace(getattr(settings, section), **values)})
        asks = [topic for topic in self._start.asks if topic != answers]
        self._start = start = replace(self._start, settings=settings, repertoire=repertoire(settings), asks=asks)
        self._keep(self.coach.go_by(self.now, start.usual, start.plans, start.asks))

    def choose(self, name: str, value: str = "") -> None:
        """Somebody chooses on the page, or in the terminal."""
        self._tell(Chosen(self.now, name, value))

    def order(self, order: Order, *, minutes: float | None = None) -> None:
        """Somebody orders this on the page; a mute for so many minutes, or for the usual time."""
        self._tell(Ordered(self.now, order, None if minutes is None else after(self.now, minutes * MINUTE_S)))

    def have_code(self, code: str = "KLM234", address: str = "unsit.local:8016") -> None:
        """There is a code now by which a phone can be connected."""
        self._tell(PairingOpened(self.now, address, code))

    def end_code(self, name: str = "") -> None:
        """A phone of that name is connected; without a name, the code is spent in vain."""
        self._tell(PairingEnded(self.now, name))

    def open_wifi(self, name: str = "unsit7", password: str = "kmpq2345") -> None:
        """The device has a Wi-Fi of its own; without a name, none any more."""
        self._tell(OwnWifi(self.now, name, password))

    @property
    def offered(self) -> tuple[Stretch, ...]:
        """Those that the settings leave in."""
        return self._start.repertoire.stretches

    @property
    def stretches(self) -> list[str]:
        """The ids of those that the settings leave in."""
        return [stretch.id for stretch in self._start.repertoire.stretches]

    def clock(self, shows: str, stepped_s: float = 0.0) -> None:
        """The wall clock reads this, after such a jump."""
        self._tell(ClockRead(self.now, datetime.fromisoformat(shows), stepped_s))

    def quiet(self, quiet: bool) -> None:
        """Quiet hours, or no more."""
        self._tell(QuietHours(self.now, quiet))

    def hours(self, within: bool) -> None:
        """The person's hours begin, or are over."""
        self._tell(Hours(self.now, within))

    def meeting(self, *, minutes: float = 0, began: str = "A") -> None:
        """The calendar says that this meeting is on, for so many minutes more; for none, that none is."""
        self._tell(
            Meeting(self.now, after(self.now, minutes * MINUTE_S) if minutes else None, began if minutes else "")
        )

    def plan(self, name: str) -> None:
        """Another plan is in force."""
        self._tell(PlanOn(self.now, name))

    def midnight(self) -> None:
        """The day ends."""
        self._tell(DayEnded(self.now))

    def lose_seat(self, *, hours: float = 0, minutes: float = 0, seconds: float = 0) -> None:
        """The seat's sensor gives no level any more, and so much time passes."""
        self._tell(SeatSensor(self.now, False))
        self.wait(hours=hours, minutes=minutes, seconds=seconds)

    def find_seat(self, *, taken: bool, minutes: float = 0, seconds: float = 0) -> None:
        """The sensor gives a level again, this one, and so much time passes."""
        self._tell(SeatSensor(self.now, True))
        self._tell(Seat(self.now, taken))
        self.wait(minutes=minutes, seconds=seconds)

    def reads(self, level: float) -> None:
        """The seat's sensor tells this level."""
        self._tell(Level(self.now, level))

    def panel(self, present: bool) -> None:
        """The panel goes, or comes back."""
        self._tell(Panel(self.now, present))

    def journal(self, trouble: JournalTrouble | None) -> None:
        """The journal is kept so."""
        self._tell(JournalKept(self.now, trouble))

    def cut_power(
        self,
        *,
        hours: float = 0,
        minutes: float = 0,
        seconds: float = 0,
        known: bool = True,
        taken: bool | None = None,
        new_day: bool = False,
        lost: bool = False,
        seat: SeatSettings | None = None,
    ) -> None:
        """The plug is pulled for so long. When it is back, the chair is as it was or as said, or the seat is `lost`.

        `seat` is what the seat is set to from then on, as after a calibration.

        Where it isn't `known` how long that was, no instant passes: `learn` may tell later.
        """
        off_s = hours * HOUR_S + minutes * MINUTE_S + seconds
        if seat is not None:
            self._start = replace(self._start, settings=replace(self._start.settings, seat=seat))
        past = self._trail.past(Readings(self.now))
        self.now = after(self.now, off_s if known else A_MOMENT_S)
        self.coach = self._start.coach(self.now)
        self.coach.recall(past)
        self._tell(Power(self.now, off_s if known else None, new_day))
        chair = SeatSensor(self.now, False) if lost else Seat(self.now, self._taken if taken is None else taken)
        self._tell(chair)
        self._tell(Button(self.now, False))

    def learn(self, *, hours: float = 0, minutes: float = 0, seconds: float = 0, new_day: bool = False) -> None:
        """The network tells the time, and so how long the power was off."""
        self._tell(Power(self.now, hours * HOUR_S + minutes * MINUTE_S + seconds, new_day))

    # ---- what the device made of it

    @property
    def mode(self) -> str:
        """The name of the state."""
        return self.coach.mode.value

    @property
    def snapshot(self) -> Snapshot:
        """How things stand at this instant."""
        self._tell(Tick(self.now))
        return self.coach.snapshot()

    @property
    def screens(self) -> list[Screen]:
        """Everything that was shown, in order."""
        return [effect.screen for _, effect in self.told if isinstance(effect, Show)]

    @property
    def screen(self) -> Screen:
        """What is shown."""
        return self.screens[-1]

    @property
    def text(self) -> str:
        """All that can be read on the screen; empty when it is dark."""
        return text_of(self.screen)

    @property
    def notes(self) -> list[Fact]:
        """Every fact, in the order it was said."""
        return [effect.fact for _, effect in self.told if isinstance(effect, Note)]

    @property
    def sounds(self) -> list[tuple[float, int]]:
        """The reminders: when each sounded, and which one it was."""
        return [(at, effect.nth) for at, effect in self._played() if effect.cue is Cue.REMINDER]

    @property
    def cues(self) -> list[Cue]:
        """The guide's cues."""
        return [effect.cue for _, effect in self._played() if effect.cue is not Cue.REMINDER]

    def did(self, kind: type[Effect]) -> int:
        """How many effects of that kind there were."""
        return sum(isinstance(effect, kind) for _, effect in self.told)

    @property
    def silences(self) -> list[float]:
        """When it was told to be silent."""
        return [at for at, effect in self.told if isinstance(effect, Silence)]

    def facts(self, *names: str) -> list[Fact]:
        """The facts of these names."""
        return [fact for fact in self.notes if fact.name in names]

    def times(self, *names: str) -> list[float]:
        """When the facts of these names were true."""
        return [fact.t for fact in self.facts(*names)]

    # ---- details

    def _push(self, seconds: float) -> None:
        self.down()
        self.wait(seconds=seconds)
        self.up()
        self.wait(seconds=0.1)

    def _played(self) -> list[tuple[float, Play]]:
        return [(at, effect) for at, effect in self.told if isinstance(effect, Play)]

    def _tell(self, event: Event) -> None:
        if isinstance(event, Seat):
            self._taken = event.taken
        self._trail.perform(Heard(event))
        self._keep(self.coach.handle(event))

    def _keep(self, effects: Sequence[Effect]) -> None:
        for effect in effects:
            self._trail.perform(effect)
        self.told += [(self.now, effect) for effect in effects]


def text_of(screen: Screen) -> str:
    """All that can be read on a screen, in one line."""
    if isinstance(screen, Dark):
        return ""
    if isinstance(screen, Movement):
        return f"{screen.count} {screen.part} {screen.clock}"
    texts = (getattr(screen, name, "") for name in ("title", "heading", "number", "unit", "caption"))
    return " ".join(filter(None, [*texts, *getattr(screen, "lines", ()), *_below(screen)]))


def _below(screen: Screen) -> list[str]:
    return [getattr(screen, name, "") for name in ("footer", "small", "part", "clock")]
