"""The rules: what each signal does in each mode, as a table of named actions."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum


class Mode(Enum):
    """The name of the state that the device is in."""

    STARTING = "starting"
    """The stop-if-it-hurts cards wait for presses."""
    CHOOSING = "choosing"
    """The questions of the first start: the language, and the person's conditions."""
    WATCHING = "watching"
    """Nothing is due, seated or away."""
    TODAY = "today"
    """Today's card, asked for by a press."""
    CONNECTING = "connecting"
    """How to connect a phone, asked for by a hold on today's card."""
    SHORT_OFFERED = "short_offered"
    """The panel offers a short break."""
    MOVE_OFFERED = "move_offered"
    """The panel offers to move, to somebody who has long been off the chair."""
    OFFICE_OFFERED = "office_offered"
    """The panel asks whether somebody takes the preset that the office suggests."""
    INVITED = "invited"
    DUE = "due"
    SNOOZED = "snoozed"
    ACKNOWLEDGED = "acknowledged"
    """The card of the first stretch waits for the person to rise."""
    GUIDING = "guiding"
    PAUSED = "paused"
    """Somebody sits in the middle of the guide."""
    ASKING = "asking"
    """The device asks whether a person still sits there: after so long it may be a bag."""
    WHO = "who"
    """The device asks who of several people sits now."""
    SEAT_LOST = "seat_lost"
    """The seat's sensor gives no level, so nothing is known of the chair."""
    UNCALIBRATED = "uncalibrated"
    """The seat gives levels, but nobody has said yet what they mean."""


class Push(Enum):
    """What the button would do."""

    READ_ON = "read on"
    GOT_IT = "got it"
    NEXT_ANSWER = "next answer"
    CHOOSE = "choose"
    TODAY = "today"
    SHOW = "show"
    NEXT = "next"
    ITS_ME = "it's me"
    NEXT_NAME = "next name"
    LATER = "later"
    PUT_AWAY = "put away"
    MUTE = "mute"
    UNMUTE = "unmute"
    BACK = "back"
    END = "end"
    CONNECT = "connect"
    FORGET = "forget"
    TAKE = "take"
    DECLINE = "decline"


class Signal(Enum):
    """What the stages tell the rules."""

    EMPTY = "the chair is empty"
    """The raw level went empty."""
    LEFT = "somebody has left"
    FULL_BREAK = "a full break is over"
    INVITE = "a stretch is offered"
    DUE = "a break is due"
    PRESS = "a press"
    HOLD = "a hold"
    LONG_HOLD = "a long hold"
    RISEN = "somebody gets up"
    """The level has been empty long enough for the guide."""
    SAT_DOWN = "somebody sits down"
    """The level has been taken long enough to pause the guide."""
    STAYED_DOWN = "somebody stays seated"
    """The level has been taken long enough to end the guide."""
    STEP_OVER = "a step is over"
    LAPSED = "its time is over"
    """The time of the mode is over."""
    REMINDER = "a reminder comes"
    STILL_YOU = "nobody has moved for hours"


class Action(Enum):
    """What a rule does."""

    READ_ON = "shows the next card of safety"
    GET_IT = "puts the cards of safety away for good"
    NEXT_ANSWER = "shows the next answer"
    THIS_ANSWER = "takes the answer that is shown"
    LEAVE_IT = "leaves all as it was"
    SHOW_TODAY = "shows today's figures"
    ASK_ANEW = "asks for language and conditions once more"
    ACKNOWLEDGE = "asks for the break: silence, and the card of the first stretch"
    SNOOZE = "puts off what is owed"
    PUT_AWAY = "puts the card away"
    TAKE_OFFER = "takes the preset that the office suggests"
    DECLINE_OFFER = "declines it, for good"
    MUTE = "takes the sound off for a while"
    UNMUTE = "puts the sound back on"
    COME_BACK = "says that whoever was away is back, and puts the sound back on"
    REMIND = "sounds a reminder"
    ASK_STILL_YOU = "asks whether somebody is still there"
    ITS_ME = "notes that a person sits there"
    NEXT_NAME = "holds the next name out"
    TAKE_NAME = "takes the name that is held out"
    REST = "goes back to what the sitting time calls for"
    BEGIN_UNASKED = "begins the guide, unless it has had its chance"
    BEGIN_ASKED = "begins the guide that was asked for"
    PAUSE_OR_END = "pauses the guide; after a full break it ends it"
    RESUME = "goes on with the guide"
    STEP_OVER = "goes on to the next step, or ends the guide"
    SKIP = "goes on to the next stretch, or ends the guide"
    FINISH = "ends the guide"
    CONNECT = "shows how to connect a phone; with page.reach this-computer it takes the sound off for a while"
    FORGET_PHONES = "forgets all phones"
    NEVER_AGAIN = "ends the guide and leaves its stretch out from now on"
    STAY_DOWN = "ends the guide, since somebody has sat down to stay"


RULES: Mapping[tuple[Mode, Signal], Action] = {
    (Mode.STARTING, Signal.PRESS): Action.GET_IT,
    (Mode.STARTING, Signal.HOLD): Action.MUTE,
    (Mode.STARTING, Signal.INVITE): Action.REST,
    (Mode.STARTING, Signal.DUE): Action.REST,
    (Mode.STARTING, Signal.STILL_YOU): Action.ASK_STILL_YOU,
    (Mode.CHOOSING, Signal.PRESS): Action.NEXT_ANSWER,
    (Mode.CHOOSING, Signal.HOLD): Action.THIS_ANSWER,
    (Mode.CHOOSING, Signal.LAPSED): Action.LEAVE_IT,
    (Mode.CHOOSING, Signal.INVITE): Action.REST,
    (Mode.CHOOSING, Signal.DUE): Action.REST,
    (Mode.CHOOSING, Signal.STILL_YOU): Action.ASK_STILL_YOU,
    (Mode.WATCHING, Signal.PRESS): Action.SHOW_TODAY,
    (Mode.WATCHING, Signal.HOLD): Action.MUTE,
    (Mode.WATCHING, Signal.LONG_HOLD): Action.ASK_ANEW,
    (Mode.WATCHING, Signal.INVITE): Action.REST,
    (Mode.WATCHING, Signal.DUE): Action.REST,
    (Mode.WATCHING, Signal.STILL_YOU): Action.ASK_STILL_YOU,
    (Mode.TODAY, Signal.PRESS): Action.ACKNOWLEDGE,
    (Mode.TODAY, Signal.HOLD): Action.CONNECT,
    (Mode.TODAY, Signal.LAPSED): Action.REST,
    (Mode.TODAY, Signal.INVITE): Action.REST,
    (Mode.TODAY, Signal.DUE): Action.REST,
    (Mode.TODAY, Signal.STILL_YOU): Action.ASK_STILL_YOU,
    (Mode.CONNECTING, Signal.PRESS): Action.PUT_AWAY,
    (Mode.CONNECTING, Signal.HOLD): Action.FORGET_PHONES,
    (Mode.CONNECTING, Signal.LAPSED): Action.REST,
    (Mode.CONNECTING, Signal.DUE): Action.REST,
    (Mode.SHORT_OFFERED, Signal.PRESS): Action.PUT_AWAY,
    (Mode.SHORT_OFFERED, Signal.HOLD): Action.MUTE,
    (Mode.SHORT_OFFERED, Signal.LAPSED): Action.REST,
    (Mode.SHORT_OFFERED, Signal.INVITE): Action.REST,
    (Mode.SHORT_OFFERED, Signal.DUE): Action.REST,
    (Mode.SHORT_OFFERED, Signal.STILL_YOU): Action.ASK_STILL_YOU,
    (Mode.MOVE_OFFERED, Signal.PRESS): Action.ACKNOWLEDGE,
    (Mode.MOVE_OFFERED, Signal.HOLD): Action.PUT_AWAY,
    (Mode.MOVE_OFFERED, Signal.LAPSED): Action.REST,
    (Mode.OFFICE_OFFERED, Signal.PRESS): Action.TAKE_OFFER,
    (Mode.OFFICE_OFFERED, Signal.HOLD): Action.DECLINE_OFFER,
    (Mode.OFFICE_OFFERED, Signal.LAPSED): Action.REST,
    (Mode.OFFICE_OFFERED, Signal.INVITE): Action.REST,
    (Mode.OFFICE_OFFERED, Signal.DUE): Action.REST,
    (Mode.OFFICE_OFFERED, Signal.STILL_YOU): Action.ASK_STILL_YOU,
    (Mode.INVITED, Signal.PRESS): Action.ACKNOWLEDGE,
    (Mode.INVITED, Signal.HOLD): Action.SNOOZE,
    (Mode.INVITED, Signal.DUE): Action.REST,
    (Mode.INVITED, Signal.LEFT): Action.BEGIN_UNASKED,
    (Mode.INVITED, Signal.FULL_BREAK): Action.REST,
    (Mode.INVITED, Signal.STILL_YOU): Action.ASK_STILL_YOU,
    (Mode.DUE, Signal.PRESS): Action.ACKNOWLEDGE,
    (Mode.DUE, Signal.HOLD): Action.SNOOZE,
    (Mode.DUE, Signal.RISEN): Action.BEGIN_UNASKED,
    (Mode.DUE, Signal.REMINDER): Action.REMIND,
    (Mode.DUE, Signal.FULL_BREAK): Action.REST,
    (Mode.DUE, Signal.STILL_YOU): Action.ASK_STILL_YOU,
    (Mode.SNOOZED, Signal.PRESS): Action.ACKNOWLEDGE,
    (Mode.SNOOZED, Signal.HOLD): Action.MUTE,
    (Mode.SNOOZED, Signal.RISEN): Action.BEGIN_UNASKED,
    (Mode.SNOOZED, Signal.LEFT): Action.BEGIN_UNASKED,
    (Mode.SNOOZED, Signal.LAPSED): Action.REST,
    (Mode.SNOOZED, Signal.FULL_BREAK): Action.REST,
    (Mode.SNOOZED, Signal.STILL_YOU): Action.ASK_STILL_YOU,
    (Mode.ACKNOWLEDGED, Signal.HOLD): Action.SNOOZE,
    (Mode.ACKNOWLEDGED, Signal.RISEN): Action.BEGIN_ASKED,
    (Mode.ACKNOWLEDGED, Signal.LAPSED): Action.REST,
    (Mode.ACKNOWLEDGED, Signal.STILL_YOU): Action.ASK_STILL_YOU,
    (Mode.GUIDING, Signal.PRESS): Action.SKIP,
    (Mode.GUIDING, Signal.HOLD): Action.FINISH,
    (Mode.GUIDING, Signal.LONG_HOLD): Action.NEVER_AGAIN,
    (Mode.GUIDING, Signal.STEP_OVER): Action.STEP_OVER,
    (Mode.GUIDING, Signal.SAT_DOWN): Action.PAUSE_OR_END,
    (Mode.PAUSED, Signal.PRESS): Action.SKIP,
    (Mode.PAUSED, Signal.HOLD): Action.FINISH,
    (Mode.PAUSED, Signal.LONG_HOLD): Action.NEVER_AGAIN,
    (Mode.PAUSED, Signal.RISEN): Action.RESUME,
    (Mode.PAUSED, Signal.STAYED_DOWN): Action.STAY_DOWN,
    (Mode.ASKING, Signal.PRESS): Action.ITS_ME,
    (Mode.ASKING, Signal.EMPTY): Action.REST,
    (Mode.WHO, Signal.PRESS): Action.NEXT_NAME,
    (Mode.WHO, Signal.HOLD): Action.MUTE,
    (Mode.WHO, Signal.LAPSED): Action.TAKE_NAME,
    (Mode.WHO, Signal.LEFT): Action.TAKE_NAME,
    (Mode.WHO, Signal.INVITE): Action.TAKE_NAME,
    (Mode.WHO, Signal.DUE): Action.TAKE_NAME,
    (Mode.SEAT_LOST, Signal.PRESS): Action.SHOW_TODAY,
    (Mode.SEAT_LOST, Signal.HOLD): Action.MUTE,
    (Mode.UNCALIBRATED, Signal.PRESS): Action.SHOW_TODAY,
    (Mode.UNCALIBRATED, Signal.HOLD): Action.MUTE,
}
"""What to do, by mode and signal. The device ignores any other pair on purpose."""

PUSHES: Mapping[Action, Push] = {
    Action.READ_ON: Push.READ_ON,
    Action.GET_IT: Push.GOT_IT,
    Action.NEXT_ANSWER: Push.NEXT_ANSWER,
    Action.THIS_ANSWER: Push.CHOOSE,
    Action.SHOW_TODAY: Push.TODAY,
    Action.ACKNOWLEDGE: Push.SHOW,
    Action.SKIP: Push.NEXT,
    Action.ITS_ME: Push.ITS_ME,
    Action.NEXT_NAME: Push.NEXT_NAME,
    Action.SNOOZE: Push.LATER,
    Action.PUT_AWAY: Push.PUT_AWAY,
    Action.MUTE: Push.MUTE,
    Action.UNMUTE: Push.UNMUTE,
    Action.COME_BACK: Push.BACK,
    Action.FINISH: Push.END,
    Action.CONNECT: Push.CONNECT,
    Action.FORGET_PHONES: Push.FORGET,
    Action.TAKE_OFFER: Push.TAKE,
    Action.DECLINE_OFFER: Push.DECLINE,
}
"""What the button's hints call each action of a press or a hold."""
