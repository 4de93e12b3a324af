"""What stays at the desk whatever it shares: answers that are nobody else's business."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from device.mind.rules import Mode
from device.words.fact_codec import details_of
from device.words.fact_form import Plain
from device.words.facts import Fact, OfficeAnswered, PersonChosen, TopicChosen

_OWN = (TopicChosen, PersonChosen, OfficeAnswered)
"""Troubles of the body, people's names, and whether somebody has taken what the office suggests."""

_OWN_QUESTIONS = frozenset(each.value for each in (Mode.CHOOSING, Mode.WHO, Mode.OFFICE_OFFERED))
"""What a press or a hold says there is the answer to a question about the same."""


def is_own_answer(modes: Collection[str]) -> bool:
    """Whether what a finger did may answer such a question: it did it in one of these modes."""
    return not _OWN_QUESTIONS.isdisjoint(modes)


def told_details(fact: Fact) -> Mapping[str, Plain]:
    """The details that a broker may hear; none of a fact that is nobody else's business."""
    return {} if isinstance(fact, _OWN) else details_of(fact)
