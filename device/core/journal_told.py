"""A journal that forgets: the panel says so once, when somebody sits there to read it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from device.mind.rules import Mode
from device.mind.snapshot import Notice
from device.mind.state import State
from device.words.events import Event, JournalKept, JournalTrouble

_TOLD_S = 10.0
"""For how many seconds the panel says it."""
_NOTICES: Mapping[JournalTrouble, Notice] = {
    JournalTrouble.IN_MEMORY: Notice.JOURNAL_IN_MEMORY,
    JournalTrouble.UNWRITTEN: Notice.JOURNAL_UNWRITTEN,
    JournalTrouble.ANEW: Notice.JOURNAL_ANEW,
}


class JournalTold:
    """Follows how the journal is kept. Counting goes on all the same."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._trouble: JournalTrouble | None = None
        self._is_told = True

    def hear(self, event: Event) -> None:
        """Take in how the journal is kept; it ignores other events."""
        if isinstance(event, JournalKept) and event.trouble is not self._trouble:
            self._trouble = event.trouble
            self._is_told = False

    def deadlines(self) -> Iterator[tuple[float, Callable[[], None]]]:
        """All that happens by time alone. It is in the future, or happens now."""
        state = self._state
        sits = state.presence.settled and state.presence.seated
        if self._trouble is None or self._is_told or not sits or state.mode is not Mode.WATCHING:
            return
        if not state.reminders.levels.off_hours:
            yield max(state.now, state.notice_until), self._tell

    def _tell(self) -> None:
        assert self._trouble is not None, "there is something to tell"
        self._is_told = True
        self._state.tell(_NOTICES[self._trouble], _TOLD_S)
