"""What each topic of a desk is called."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

STATES = (
    *("seated", "due", "muted", "mode", "sitting_since", "sitting", "today", "muted_until"),
    *("seat", "panel", "version", "preset", "due_after"),
)
"""Each state of a desk, which stands on the broker until the next one of that name."""
COMMANDS = ("mute", "mute_until", "press", "stretch", "preset", "due_after", "resend")
"""What a desk may be told."""


@dataclass(frozen=True, slots=True)
class Topics:
    """The topics of one desk."""

    base: str
    """What the topics of all desks begin with."""
    desk: str

    @property
    def root(self) -> str:
        """What the topics of this desk begin with, without the slash."""
        return f"{self.base}/{self.desk}"

    @property
    def availability(self) -> str:
        """Whether the desk can be heard: `online` or `offline`."""
        return f"{self.root}/availability"

    def state(self, name: str) -> str:
        """How something stands, one of STATES."""
        return f"{self.root}/state/{name}"

    @property
    def event(self) -> str:
        """What happens now."""
        return f"{self.root}/event"

    @property
    def button(self) -> str:
        """What a finger did on the button."""
        return f"{self.root}/button"

    @property
    def facts(self) -> str:
        """All that happened, each with its identity."""
        return f"{self.root}/facts"

    @property
    def days(self) -> str:
        """The totals of each day."""
        return f"{self.root}/days"

    @property
    def sent(self) -> str:
        """The last fact and day that the broker has acknowledged."""
        return f"{self.root}/sent"

    def command(self, name: str) -> str:
        """What the desk is told, one of COMMANDS."""
        return f"{self.root}/set/{name}"

    @property
    def commands(self) -> str:
        """A filter for all of these."""
        return f"{self.root}/set/+"

    def commanded(self, topic: str) -> str | None:
        """The name of the command whose topic this is; None if it is no such topic."""
        before, _, name = topic.rpartition("/")
        return name if before == f"{self.root}/set" else None

    @property
    def refused(self) -> str:
        """Why a command was not obeyed."""
        return f"{self.root}/refused"

    @property
    def offer(self) -> str:
        """What the office suggests to the desk. No topic has an answer: that stays at the desk."""
        return f"{self.root}/offer"


def made_up_name(machine: str) -> str:
    """A desk's name, made from the computer's own, which can't be told from it."""
    return f"desk-{sha256(f'unsit desk {machine.strip()}'.encode()).hexdigest()[:8]}"
