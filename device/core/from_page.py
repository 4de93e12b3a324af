"""What a phone brings: the orders from the page, and the card that connects a phone."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from device.mind.rules import Action, Mode
from device.mind.snapshot import Notice, Owed, ShownCode
from device.mind.state import State
from device.words.effects import Cue, ForgetPhones
from device.words.events import (
    LONGEST_MUTE_S,
    Chosen,
    ClockRead,
    Event,
    Order,
    Ordered,
    OwnWifi,
    PairingEnded,
    PairingOpened,
)
from device.words.facts import ConnectSeen, Enough, Muted, StretchWanted
from device.words.instants import after, between, whole
from device.words.ports import PAIRING_S

_WIFI_S = 600.0
"""For how many seconds the panel shows the device's own Wi-Fi: somebody has to find it on a phone."""
_TOLD_S = 10.0
"""For how many seconds the panel says what became of a code."""
_STRETCHES_FROM = (
    *(Mode.STARTING, Mode.WATCHING, Mode.WHO, Mode.TODAY, Mode.CONNECTING),
    *(Mode.INVITED, Mode.DUE, Mode.SNOOZED, Mode.ACKNOWLEDGED, Mode.SHORT_OFFERED, Mode.MOVE_OFFERED),
    Mode.OFFICE_OFFERED,
)
"""Where the page may ask for a stretch. A question is answered at the device, and a guide is one already."""


class FromPage:
    """Takes in what comes from the page, and shows how to connect a phone."""

    def __init__(self, state: State, do: Callable[[Action], None]) -> None:
        self._state = state
        self._do = do

    def named(self) -> Mapping[Action, Callable[[], None]]:
        """Return the method for each action."""
        return {Action.CONNECT: self._connect, Action.FORGET_PHONES: self._forget}

    def hear(self, event: Event) -> None:
        """Take in an event from the page, and the date by which somebody is away; it ignores the others."""
        match event:
            case Chosen() | ClockRead():
                self._state.heed_date()
            case Ordered(at=at, order=Order.MUTE, until=until):
                self._mute(None if until is None else between(whole(at), whole(until)))
            case Ordered(order=Order.SOUND):
                self._do(Action.UNMUTE)
            case Ordered(order=Order.ENOUGH):
                self._have_enough()
            case Ordered(order=Order.STRETCH):
                self._want_stretch()
            case Ordered(order=Order.TRY_SOUND):
                self._state.sound(Cue.GUIDE_END)
            case PairingOpened(address=address, code=code) if self._state.mode is Mode.CONNECTING:
                self._state.code = ShownCode(address, code)
            case PairingEnded(name=name):
                self._end_pairing(name)
            case OwnWifi(name=name, password=password):
                self._heed_wifi(ShownCode(name, password, is_wifi=True) if name else None)

    # ---- orders

    def _mute(self, lasts_s: float | None) -> None:
        """Take the sound off for so many seconds, or the usual time. Once it is enough for today, it is off already."""
        state = self._state
        usual_s = state.settings.reminders.mute_s
        lasts_s = min(usual_s if lasts_s is None else lasts_s, LONGEST_MUTE_S)
        if lasts_s > 0 and not state.reminders.enough:
            state.hush()
            state.note(Muted(state.now, state.now, after(state.now, lasts_s)))

    def _have_enough(self) -> None:
        state = self._state
        if state.reminders.enough:
            return
        state.hush()
        state.note(Enough(state.now, state.now))
        state.heed_offers()

    def _want_stretch(self) -> None:
        state = self._state
        if state.mode in _STRETCHES_FROM and state.chair_is_known:
            state.hush()
            self.show_stretch()

    def show_stretch(self) -> None:
        """Show the first card, as a press would. But only a press says that somebody goes along."""
        state = self._state
        state.note(StretchWanted(state.now, state.now))
        if state.mode is not Mode.ACKNOWLEDGED:
            state.by_press = False
        state.enter(Mode.ACKNOWLEDGED, after(state.now, state.settings.reminders.acknowledged_s))

    # ---- connecting

    def offer(self) -> None:
        """Show by itself how to connect a phone, to somebody who is there, when nothing else is to be said.

        The page's code once; the device's own Wi-Fi as long as it is open, since nobody has a network before that.
        """
        state = self._state
        is_calm = state.mode in (Mode.WATCHING, Mode.UNCALIBRATED) and state.guide is None
        is_new = state.is_in_house and not state.memory.choices.connect_seen
        if is_calm and (state.own_wifi is not None or is_new):
            self._connect()

    def _connect(self) -> None:
        """Show how to connect a phone, unless a break or a guide has begun while the finger was down."""
        state = self._state
        if state.guide is None and state.memory.owed is None:
            if state.own_wifi is None:
                state.choose(ConnectSeen.name)
            state.enter(Mode.CONNECTING, after(state.now, PAIRING_S if state.own_wifi is None else _WIFI_S))

    def _heed_wifi(self, told: ShownCode | None) -> None:
        """Show the device's own Wi-Fi as soon as it is open, and no longer than it is."""
        state, before = self._state, self._state.own_wifi
        state.own_wifi = told
        if told is None and before is not None and state.mode is Mode.CONNECTING:
            state.rest()
        elif told is not None and told != before:
            self.offer()

    def _forget(self) -> None:
        state = self._state
        state.effects.append(ForgetPhones())
        state.tell(Notice.PHONES_FORGOTTEN, _TOLD_S)
        if state.mode is Mode.CONNECTING:
            state.rest()

    def _end_pairing(self, name: str) -> None:
        """Say which phone is connected, or that the code counts no more."""
        state = self._state
        is_shown = state.mode is Mode.CONNECTING
        if is_shown:
            state.rest()
        state.phone = name
        if (name or is_shown) and state.memory.owed is not Owed.DUE:
            state.tell(Notice.CONNECTED if name else Notice.CODE_SPENT, _TOLD_S)
