"""The rules: what each signal does in each mode, as a table of named actions."""

from __future__ import annotations

from enum import Enum


class Mode(Enum):
    """The state has a name."""

    STARTING = "starting"
    """The stop-if-it-hurts card waits for a press."""
    CHOOSING = "choosing"
    """The questions of the first start: the language, and what is to be spared."""
    WATCHING = "watching"
    """Nothing is due, seated or away."""
    TODAY = "today"
    """Today's card, asked for by a press."""
    INVITED = "invited"
    DUE = "due"
    SNOOZED = "snoozed"
    ACKNOWLEDGED = "acknowledged"
    """The card of the first stretch waits for the person to rise."""
    GUIDING = "guiding"
    PAUSED = "paused"
    """Somebody sits in the middle of the guide."""
    ASKING = "asking"
    """Seated for so long that it may be a bag: still you?"""


class Push(Enum):
    """What the button would do."""

    GOT_IT = "got it"
    NEXT_ANSWER = "next answer"
    CHOOSE = "choose"
    TODAY = "today"
    SHOW = "show"
    NEXT = "next"
    ITS_ME = "it's me"
    LATER = "later"
    PUT_AWAY = "put away"
    MUTE = "mute"
    UNMUTE = "unmute"
    END = "end"
