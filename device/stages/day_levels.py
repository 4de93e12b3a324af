"""What the calendar says about the present hour, as far as it holds back sound and offers."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class DayLevels:
    """Levels that are told anew at each start."""

    quiet: bool = False
    """These are hours without sound."""
    off_hours: bool = False
    """These are none of the person's hours."""
    meeting_until: float | None = None
    """When the present meeting ends, in monotonic seconds; None without one."""
    meeting: str = ""
    """Which meeting it is, by its beginning."""
    sound_in: str = ""
    """The meeting in which somebody wants sound."""
    plan: str = ""
    """The name of the plan in force; empty for none."""

    @property
    def in_meeting(self) -> bool:
        """Whether a meeting is on in which nothing may sound."""
        return self.meeting_until is not None and self.meeting != self.sound_in
