"""Which facts are events: those that happen now, and none that the line tells again."""

from __future__ import annotations

import json
from typing import Any

from device.topics.events import Happenings


def time(at: float, speed: float = 1.0) -> dict[str, Any]:
    return {"kind": "time", "at": at, "speed": speed, "reads": None, "right": False}


def fact(said: float, name: str = "sat", **details: object) -> dict[str, Any]:
    return {"kind": "fact", "t": said - 5, "said": said, "fact": name, "details": details, "when": None, "says": ""}


def test_a_fact_that_happens_is_an_event_with_its_details() -> None:
    it = Happenings()
    assert it.hear(time(100.0), 7.0) is None
    text = it.hear(fact(102.0, "of_tomorrow", seated_s=90.0), 9.0)
    assert text is not None
    assert json.loads(text) == {"event_type": "of_tomorrow", "seated_s": 90.0}


def test_what_the_line_has_kept_is_no_event() -> None:
    it = Happenings()
    assert it.hear(fact(99.0), 7.0) is None
    it.hear(time(100.0), 7.0)
    assert it.hear(fact(99.5), 7.0) is None
    assert it.hear(fact(100.0), 7.0) is None
    assert it.hear(fact(100.5), 7.5) is not None


def test_a_fact_that_comes_late_is_no_event() -> None:
    it = Happenings()
    it.hear(time(100.0), 0.0)
    assert it.hear(fact(105.0), 35.0) is not None
    assert it.hear(fact(105.0), 35.1) is None


def test_at_speed_it_is_late_by_our_time() -> None:
    it = Happenings()
    it.hear(time(100.0, speed=60.0), 0.0)
    assert it.hear(fact(105.0), 20.0) is not None
    assert it.hear(fact(105.0), 31.0) is None


def test_a_device_that_begins_anew_tells_its_past_again() -> None:
    it = Happenings()
    it.hear(time(100.0), 0.0)
    it.hear({"kind": "afresh"}, 1.0)
    assert it.hear(fact(105.0), 5.0) is None
    it.hear(time(3.0), 6.0)
    assert it.hear(fact(4.0), 7.0) is not None
    assert it.hear({"kind": "screen"}, 7.0) is None


def test_what_is_nobody_elses_business_is_said_without_its_details() -> None:
    it = Happenings()
    it.hear(time(100.0), 0.0)
    assert it.hear(fact(105.0, "chosen", what="conditions", value="back"), 5.0) == '{"event_type":"chosen"}'
