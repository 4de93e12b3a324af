"""The table of rules, and what the docs say of it."""

from __future__ import annotations

import pytest

from device.mind.rules import PUSHES, RULES, Action, Mode, Signal
from tests.core.test_properties import IN_MODE
from tests.rules_page import BEGINS, ENDS, LEADS, PAGE, README, button_table, page, with_table

BY_STATE = {Action.UNMUTE, Action.COME_BACK, Action.PUT_AWAY, Action.READ_ON}
"""What a push means where the state says so."""


def test_every_action_is_of_some_use() -> None:
    assert set(Action) == set(RULES.values()) | BY_STATE


def test_every_action_of_a_press_and_a_hold_has_its_name() -> None:
    pushed = {action for (_, signal), action in RULES.items() if signal in (Signal.PRESS, Signal.HOLD)}
    assert pushed | BY_STATE == set(PUSHES)


@pytest.mark.parametrize(("mode", "signal"), RULES, ids=lambda each: each.name.lower())
def test_a_rule_leads_where_the_docs_draw_its_arrow(mode: Mode, signal: Signal) -> None:
    day = IN_MODE[mode]()
    day.coach._apply(signal)
    assert day.coach.mode in {mode} | LEADS.get(RULES[mode, signal], frozenset())


def test_the_readme_has_the_buttons_table() -> None:
    readme = README.read_text("utf-8")
    assert BEGINS in readme
    assert ENDS in readme
    assert readme == with_table(readme), "`make rules` writes it anew"
    assert len(button_table().splitlines()) > 8


def test_the_page_of_the_modes_is_up_to_date() -> None:
    assert PAGE.read_text("utf-8") == page(), "`make rules` writes it anew"
