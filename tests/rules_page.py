"""What the docs say of the rules: `python -m tests.rules_page` writes the README's button table and docs/modes.md."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby
from pathlib import Path

from device.mind.rules import RULES, Action, Mode, Signal
from device.settings.settings import Settings
from device.words.durations import span_text
from device.words.instants import MINUTE_S

PROJECT = Path(__file__).parents[1]
README = PROJECT / "README.md"
PAGE = PROJECT / "docs/modes.md"

BEGINS, ENDS = "<!-- Written by `make rules` from device/mind/rules.py. -->\n", "<!-- So far. -->"

_BY = Settings()
_HOLD, _LONG_HOLD = (span_text(each) for each in (_BY.press.hold_s, _BY.press.long_hold_s))
_MUTE, _SNOOZE = (f"{each / MINUTE_S:.0f} min" for each in (_BY.reminders.mute_s, _BY.reminders.snooze_s))
_TIMES = {1: "once", 2: "twice"}.get(_BY.reminders.snoozes, f"{_BY.reminders.snoozes} times")

_WHEN = {
    Mode.CHOOSING: "the first questions: language, troubles",
    Mode.STARTING: '"Stop if it hurts"',
    Mode.WATCHING: "nothing is due",
    Mode.TODAY: "today's figures",
    Mode.CONNECTING: "how to connect a phone",
    Mode.SHORT_OFFERED: "a short break is offered (`limits.short_every`)",
    Mode.MOVE_OFFERED: '45 min off the chair (`limits.standing = "half"`)',
    Mode.OFFICE_OFFERED: "the office suggests a preset",
    Mode.INVITED: "a break is offered",
    Mode.DUE: "due",
    Mode.SNOOZED: "it is put off",
    Mode.ACKNOWLEDGED: "the first card, until you get up",
    Mode.GUIDING: "in the guide",
    Mode.PAUSED: "while it pauses",
    Mode.ASKING: '"Still there?"',
    Mode.WHO: "a name: who sits?",
    Mode.SEAT_LOST: "the seat is lost",
    Mode.UNCALIBRATED: "the seat waits to be calibrated",
}
_DOES = {
    Action.NEXT_ANSWER: "the next answer, or no",
    Action.THIS_ANSWER: "this answer, or yes",
    Action.GET_IT: "the next card; after four they are gone for good",
    Action.SHOW_TODAY: f"today's figures for {span_text(_BY.screens.today_s)}",
    Action.ACKNOWLEDGE: "the first card; get up, and it begins",
    Action.SNOOZE: f"{_SNOOZE} later, {_TIMES}; then no sound for {_MUTE}",
    Action.MUTE: f"no sound for {_MUTE}",
    Action.SKIP: "on to the next stretch",
    Action.FINISH: "the guide ends",
    Action.ITS_ME: "yes, it's me",
    Action.NEXT_NAME: "the next name",
    Action.PUT_AWAY: "puts it away",
    Action.TAKE_OFFER: "takes it",
    Action.DECLINE_OFFER: "no thanks, for good",
    Action.CONNECT: f"no sound for {_MUTE}; with the page in the house: connect a phone",
    Action.FORGET_PHONES: "forget all phones",
    Action.NEVER_AGAIN: f"{_LONG_HOLD}: never this stretch again",
    Action.ASK_ANEW: f"{_LONG_HOLD} in the dark: the first questions",
}
"""What the person at the button sees of it."""

CALM = frozenset(
    {
        *(Mode.CHOOSING, Mode.STARTING, Mode.WATCHING, Mode.INVITED, Mode.DUE, Mode.SNOOZED),
        *(Mode.WHO, Mode.SEAT_LOST, Mode.UNCALIBRATED, Mode.SHORT_OFFERED, Mode.MOVE_OFFERED, Mode.OFFICE_OFFERED),
    }
)
"""Where the sitting time decides which it is."""
LEADS: Mapping[Action, frozenset[Mode]] = {
    **dict.fromkeys(
        (Action.REST, Action.READ_ON, Action.GET_IT, Action.LEAVE_IT, Action.PUT_AWAY, Action.ITS_ME, Action.TAKE_NAME),
        CALM,
    ),
    **dict.fromkeys(
        (Action.SNOOZE, Action.FORGET_PHONES, Action.FINISH, Action.NEVER_AGAIN, Action.STAY_DOWN, Action.MUTE), CALM
    ),
    **dict.fromkeys((Action.NEXT_ANSWER, Action.THIS_ANSWER, Action.TAKE_OFFER, Action.DECLINE_OFFER), CALM),
    Action.ASK_ANEW: frozenset({Mode.CHOOSING}),
    Action.SHOW_TODAY: frozenset({Mode.TODAY}),
    Action.CONNECT: frozenset({Mode.CONNECTING}) | CALM,
    Action.ACKNOWLEDGE: frozenset({Mode.ACKNOWLEDGED}),
    Action.ASK_STILL_YOU: frozenset({Mode.ASKING}),
    Action.BEGIN_ASKED: frozenset({Mode.GUIDING}),
    Action.BEGIN_UNASKED: frozenset({Mode.GUIDING}),
    Action.RESUME: frozenset({Mode.GUIDING}),
    Action.PAUSE_OR_END: frozenset({Mode.PAUSED}) | CALM,
    Action.STEP_OVER: frozenset({Mode.GUIDING}) | CALM,
    Action.SKIP: CALM,
}
"""To which mode an action leads; one that isn't here leads to none."""

_TOP = """\
# The modes

<!-- Written by `make rules` from device/mind/rules.py; change it there. -->

The device is always in one mode, and [the page](page.md) names it. One table says what happens: it leads from a
mode and a signal to an action (`RULES` in `device/mind/rules.py`). The device ignores every other pair on purpose.

The picture shows twelve modes as one. At the first start these are `choosing` and `starting`, until somebody has
answered. After that, while nothing else happens, the sitting time decides between `watching`, `invited`, `due` and
`snoozed`. While nothing is known of the chair, it is `seat_lost` or `uncalibrated`. `who` asks which of
[several people](persons.md) has sat down. If the settings ask for it, a [short break](limits.md) that is offered makes
it `short_offered` for two minutes, and long off the chair `move_offered` for 45. Rising at a short break begins no
guide. What [an office](office.md) suggests makes it `office_offered` for five minutes, once a day at the most, until
somebody has answered. While it is enough for today, while somebody is away until a date, and outside of the hours in
the settings, nothing is offered and nothing falls due, so it stays `watching`. Counting goes on.

```mermaid
stateDiagram-v2
    state "what the sitting time calls for" as calm {{
        {calm}
    }}
{arrows}
```

| mode | signal | the device |
|---|---|---|
{rows}
"""


_WHATEVER_THE_MODE = (
    "| there is no sound | as above | sound back on; about phones as above |",
    "| somebody is away | as above | they are back, and so is the sound |",
)


def button_table() -> str:
    """For the README: what a press and a hold do, modes in which they do the same together."""
    cells = [(_WHEN[mode], _press(mode), _hold(mode)) for mode in _WHEN]
    lines = [f"| when | a press | a hold ({_HOLD}) |", "|---|---|---|"]
    for does, group in groupby(cells, key=lambda cell: cell[1:]):
        lines.append(f"| {' or '.join(when for when, *_ in group)} | {does[0]} | {does[1]} |")
    return "\n".join([*lines, *_WHATEVER_THE_MODE]) + "\n"


def _press(mode: Mode) -> str:
    does = _DOES.get(RULES.get((mode, Signal.PRESS), Action.REST), "")
    # The card has been asked for already, or nobody has to rise.
    return {Mode.TODAY: "the first card", Mode.MOVE_OFFERED: "the guide begins"}.get(mode, does)


def _hold(mode: Mode) -> str:
    actions = (RULES.get((mode, signal)) for signal in (Signal.HOLD, Signal.LONG_HOLD))
    return "; ".join(_DOES[action] for action in actions if action is not None)


def page() -> str:
    """The whole of docs/modes.md."""
    calm = "\n        ".join(sorted(mode.value for mode in CALM))
    return _TOP.format(calm=calm, arrows="\n".join(_arrows()), rows="\n".join(_rows()))


def _arrows() -> Iterator[str]:
    told: dict[tuple[str, str], list[str]] = {}
    for (mode, signal), action in RULES.items():
        come_from = "calm" if mode in CALM else mode.value
        for leads in sorted({"calm" if each in CALM else each.value for each in LEADS.get(action, ())}):
            if leads != come_from and signal.value not in told.setdefault((come_from, leads), []):
                told[come_from, leads].append(signal.value)
    for (come_from, leads), signals in told.items():
        if signals:
            yield f"    {come_from} --> {leads}: {', '.join(signals)}"


def _rows() -> Iterator[str]:
    for (mode, signal), action in RULES.items():
        yield f"| `{mode.value}` | {signal.value} | {action.value} |"


def with_table(readme: str) -> str:
    """The README with the table as it should be."""
    before, _, rest = readme.partition(BEGINS)
    return before + BEGINS + "\n" + button_table() + "\n" + ENDS + rest.partition(ENDS)[2]


def main() -> None:
    """Write both."""
    README.write_text(with_table(README.read_text("utf-8")), "utf-8")
    PAGE.write_text(page(), "utf-8")


if __name__ == "__main__":
    main()
