"""Where each module of the device has its place; what comes first knows nothing of what comes later.

`python -m tests.layers` prints the files of the core, for coverage.
"""

from __future__ import annotations

CORE = (
    {"instants", "durations", "complaint", "skeleton", "zones"},
    {"props", "user_file"},
    {"figure"},
    {"events", "stretches"},
    {"effects"},
    {"settings", "stretch_file", "fact_form"},
    {"choices"},
    {"ports", "settings_file", "vocabulary"},
    {"phrases"},
    {"presence", "session", "button", "questions", "routine", "tally", "voice"},
    {"repertoire", "diary", "sentences"},
    {"status"},
    {"screens", "memory", "why", "standing", "day_page", "history"},
    {"coach"},
)
"""What decides. A module may import from the layers before its own."""

AROUND_IT = (
    {"told_time", "settings_place"},
    {"aside", "clock", "day_file", "facts", "service", "line"},
    {"calendar", "hands", "demo", "report"},
    {"daemon", "worn_pad"},
    {"restart"},
    {"live", "replay", "export"},
    {"virtual_desk"},
    {"commands.asking", "commands.desk"},
    {"commands.writing"},
    {f"commands.{each}" for each in ("demo", "history", "page", "parts", "replay", "settings", "stretches")},
    {"commands.run"},
    {"__main__"},
)
"""What runs it, in the same way."""

if __name__ == "__main__":
    print(",".join(f"device/{module}.py" for module in sorted(set().union(*CORE))))
