"""What stays at the desk whatever it shares: answers that are nobody else's business."""

from __future__ import annotations

from collections.abc import Mapping

from device.words.fact_codec import details_of
from device.words.fact_form import Plain
from device.words.facts import Fact, OfficeAnswered, PersonChosen, TopicChosen

_OWN = (TopicChosen, PersonChosen, OfficeAnswered)
"""Troubles of the body, people's names, and whether somebody has taken what the office suggests."""


def told_details(fact: Fact) -> Mapping[str, Plain]:
    """The details that a broker may hear; none of a fact that is nobody else's business."""
    return {} if isinstance(fact, _OWN) else details_of(fact)
