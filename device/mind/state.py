"""The state of the core, and the few methods that change it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from device.mind.memory import Memory
from device.mind.rules import Mode
from device.mind.snapshot import Notice, Owed, ShownCode
from device.settings.choices import choice
from device.settings.settings import Settings
from device.settings.settings_file import goes_by_preset
from device.stages.button import Finger
from device.stages.people import WhoSits
from device.stages.presence import Presence
from device.stages.questions import Questions
from device.stages.reminders import Reminders
from device.stages.session import Session
from device.stretches.guide import Guide
from device.stretches.repertoire import Repertoire
from device.stretches.steps import Planned, StepKind
from device.stretches.stretch import Stretch
from device.words.effects import ClosePairing, Cue, Effect, Note, OpenPairing, Play, Silence
from device.words.facts import Fact, OfficeOffered, Sounded, Unmuted
from device.words.instants import after

_CALLED_OFF = (Mode.INVITED, Mode.DUE, Mode.SNOOZED)
"""Where nothing is offered any more, once it is enough or somebody is away."""
_CALLED_FROM = (Mode.WATCHING, Mode.TODAY, Mode.CONNECTING)
"""Where what is owed is called in, once there are offers again."""
WHO_SITS_S = 15.0
"""For how many seconds a name is held out."""
_ASKED_ANEW_S = 120.0
"""For how many seconds repeated questions wait for a finger."""


@dataclass(eq=False)
class State:
    """All that the core knows now. A change that others have to know of is noted as a fact."""

    settings: Settings
    repertoire: Repertoire
    now: float
    effects: list[Effect] = field(default_factory=list)
    """The effects since the last event."""

    presence: Presence = field(init=False)
    memory: Memory = field(init=False)
    finger: Finger = field(init=False)

    mode: Mode = Mode.WATCHING
    lapses_at: float | None = None
    """When the mode ends by itself; None for never."""
    lit_at: float = field(init=False)
    """When an unanswered card last lit up."""

    guide: Guide | None = None
    guide_ended_at: float | None = None
    guided_absence: bool = False
    """The guide has already had its chance since the chair emptied."""
    by_press: bool = True
    """A press, not the page, asked for the stretch that is waited for."""
    at_hand: Stretch | None = None
    """The stretch that the guide showed when a finger last came down."""

    asks: Collection[str] = ()
    """The topics that the device asks about while they have no answer."""
    languages: Mapping[str, Repertoire] = field(default_factory=dict)
    questions: Questions | None = None
    who: WhoSits | None = None
    """The question who sits now, if it is open."""
    safety_nth: int = 0
    """Which card of safety waits for a press: 0 is the first."""

    code: ShownCode | None = None
    """The code by which a phone can be connected; None while there is none."""
    own_wifi: ShownCode | None = None
    """The device's own Wi-Fi; None while it isn't open."""
    phone: str = ""
    """The name of the phone that was connected last; empty for none."""

    offer: tuple[Mode, float] | None = None
    """The mode in which the panel offers a short break, to move or what the office suggests, and until when."""

    offered_at_hand: OfficeOffered | None = None
    """What the office suggested when a finger last came down."""

    reminding: bool = False
    """A reminder may still sound."""
    its_me_at: float = field(init=False)
    """When a press last said that a person sits there."""
    doubted_since: float | None = None
    """The `unmoved_since` that the device last asked about, so that it asks only once; None if it never asked."""
    wall: tuple[float, datetime] | None = None
    """An instant and what the wall clock showed then."""

    notice: Notice | None = None
    notice_until: float = field(init=False)

    def __post_init__(self) -> None:
        self.presence = Presence(self.settings.settle, self.now)
        self.memory = Memory(self.settings, self.now)
        self.finger = Finger(self.settings.press)
        self.lit_at = self.its_me_at = self.notice_until = self.now

    def go_by(self, settings: Settings, repertoire: Repertoire) -> None:
        """Use these from now on. A guide that has begun goes on as it is."""
        if self.who is not None and settings.persons.names != self.settings.persons.names:
            self.who = None
        self.settings, self.repertoire = settings, repertoire
        self.presence.go_by(settings.settle)
        self.memory.go_by(settings)
        self.finger.go_by(settings.press)

    # ---- what is known

    @property
    def session(self) -> Session:
        """The present sitting time."""
        return self.memory.session

    @property
    def reminders(self) -> Reminders:
        """What decides when the device may sound."""
        return self.memory.reminders

    @property
    def spoken(self) -> Repertoire:
        """The stretches and words in the language in use."""
        return self.languages.get(self.language, self.repertoire)

    @property
    def language(self) -> str:
        """The language in use: the one chosen at the device, if there is one to choose; else that of the settings."""
        chosen = self.memory.choices.value("language")
        return chosen if chosen is not None and chosen in self.languages else self.settings.screens.language

    @property
    def is_unwarned(self) -> bool:
        """Nobody has yet put away the stop-if-it-hurts card."""
        return self.settings.screens.safety_s > 0 and not self.memory.choices.safety_seen

    @property
    def is_in_house(self) -> bool:
        """Phones in the house may be connected."""
        return self.settings.page.reach == "house"

    @property
    def cautions(self) -> bool:
        """The guide shows the stop-if-it-hurts card."""
        return self.guide is not None and self.guide.step.kind is StepKind.CAUTION

    @property
    def unmoved_since(self) -> float:
        """When there was last a sign of a person on the chair: the pad changed, or a press said so."""
        return max(self.presence.since, self.its_me_at)

    @property
    def back_on(self) -> date | None:
        """The day until which somebody is away. It follows from the clock, so nothing is said when that day comes."""
        return None if self.wall is None else self.memory.choices.back_on(self.wall[1].date())

    @property
    def office_offer(self) -> OfficeOffered | None:
        """The preset that the office suggests, while the clock says that it may be taken; not one that is in force."""
        offer = None if self.wall is None else self.memory.choices.offered(self.wall[1].date())
        return offer if offer is not None and not goes_by_preset(self.settings.limits, offer.preset) else None

    @property
    def was_asked(self) -> bool:
        """Whether the panel has asked today about what the office suggests."""
        return self.wall is not None and self.memory.choices.was_asked(self.wall[1].date())

    def routine(self) -> tuple[Planned, ...]:
        """The routine of the next break."""
        offered = self.spoken.without(self.memory.choices.left_out, self.spared)
        return offered.routine(self.memory.routines, self.settings.guide)

    @property
    def spared(self) -> tuple[str, ...]:
        """The conditions chosen at the device; none if the settings name conditions, which take precedence."""
        return () if self.settings.stretches.conditions else self.memory.choices.conditions

    # ---- what is said

    def note(self, fact: Fact) -> None:
        """Note a fact that is said now."""
        self.memory.take(fact)
        self.effects.append(Note(fact))

    def choose(self, name: str, value: str = "") -> None:
        """Note a choice, unless it has been made already."""
        fact = choice(self.now, name, value)
        if not self.memory.choices.are_as(fact):
            self.note(fact)

    def sound(self, cue: Cue, nth: int = 1) -> None:
        """Play a cue, unless the device is silenced."""
        if self.reminders.silenced:
            return
        self.effects.append(Play(cue, nth))
        if cue is Cue.REMINDER:
            self.note(Sounded(self.now, self.now, cue.value, nth))

    def hush(self) -> None:
        """Stop all sound."""
        self.reminding = False
        self.effects.append(Silence())

    def sound_again(self) -> None:
        """Sound is on again, after a mute or after enough for today."""
        self.note(Unmuted(self.now, self.now))

    def heed_offers(self) -> None:
        """Call off what is offered if there are no offers any more; if there are again, call in what is owed."""
        changes = _CALLED_OFF if self.reminders.no_offers else _CALLED_FROM
        if self.mode in changes and (self.reminders.no_offers or self.memory.owed is not None):
            self.rest()

    def heed_date(self) -> None:
        """See whether somebody is away, by what they said and by the clock."""
        away, was_away = self.back_on is not None, self.reminders.away
        self.reminders.away = away
        if away and not was_away:
            self.hush()
        if away != was_away:
            self.heed_offers()

    def tell(self, notice: Notice, lasts_s: float) -> None:
        """Show a notice for `lasts_s` seconds."""
        self.notice, self.notice_until = notice, after(self.now, lasts_s)

    def greet(self) -> None:
        """Show yesterday's figures at a day's first sitting, if there are any; once it is known whose."""
        if self.who is not None:
            self.who.greets = True
        elif self.memory.last_day is not None and not self.reminders.levels.off_hours:
            self.tell(Notice.GREETING, self.settings.screens.greeting_s)

    # ---- the seat

    @property
    def is_calibrated(self) -> bool:
        """Whether it is known what the seat's levels mean. A contact has none."""
        return self.settings.seat.kind == "contact" or self.settings.seat.levels is not None

    @property
    def chair_is_known(self) -> bool:
        """Whether anything is known of the chair. If not, it is neither taken nor empty."""
        return self.memory.lost_at is None and self.is_calibrated

    # ---- which mode it is

    def enter(self, mode: Mode, lapses_at: float | None = None) -> None:
        """Enter a mode. If `lapses_at` is given, it ends then at the latest.

        A code counts only while its card is shown.
        """
        if self.mode is Mode.CONNECTING:
            self.code = None
            self.effects.append(ClosePairing())
        if mode is Mode.CONNECTING:
            self.effects.append(OpenPairing())
        self.mode, self.lapses_at = mode, lapses_at

    def rest(self) -> None:
        """Go back to the mode that the sitting time calls for; a guide that has begun goes on."""
        if self.guide is not None:
            return
        snoozed_until = self.reminders.snoozed_until
        if self.memory.owed is None or not self.chair_is_known:
            self.be_idle()
        elif snoozed_until is not None and snoozed_until > self.now:
            self.enter(Mode.SNOOZED, snoozed_until)
        else:
            self.enter(Mode.DUE if self.memory.owed is Owed.DUE else Mode.INVITED)

    def be_idle(self) -> None:
        """Enter the mode for when no break is owed.

        First come the open questions, then a seat that tells nothing, then an offer, then the safety card, then who
        sits.
        """
        choices = self.memory.choices
        open_ones = [topic for topic in self.asks if choices.value(topic) is None]
        if self.questions is None and open_ones:
            self.questions = Questions(open_ones, list(self.languages))
        if self.questions is not None:
            # Repeated questions have answers already, so they lapse by themselves.
            lapses_at = None if open_ones else after(self.now, _ASKED_ANEW_S)
            self.enter(Mode.CHOOSING, lapses_at)
        elif not self.chair_is_known:
            self.enter(Mode.UNCALIBRATED if self.memory.lost_at is None else Mode.SEAT_LOST)
        elif self.offer is not None and self.offer[1] > self.now:
            self.enter(*self.offer)
        elif self.is_unwarned:
            self.enter(Mode.STARTING)
        elif self.who is not None and self.presence.seated:
            self.who.until = self.who.until or after(self.now, WHO_SITS_S)
            self.enter(Mode.WHO, self.who.until)
        else:
            self.enter(Mode.WATCHING)
