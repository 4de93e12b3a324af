"""What a desk obeys, and the line that says why it doesn't."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.topics.commands import MOST_BYTES, Commanded, CommandRefusedError, Orderly
from device.topics.names import COMMANDS

SETTINGS = {"reminders.mute": '"45min"'}


def order(name: str, payload: bytes, *, retained: bool = False) -> Commanded:
    return Orderly().order(name, payload, SETTINGS, 0.0, retained=retained)


def why(name: str, payload: bytes, *, retained: bool = False) -> str:
    with pytest.raises(CommandRefusedError) as refused:
        order(name, payload, retained=retained)
    return str(refused.value)


@pytest.mark.parametrize(
    ("name", "payload", "do", "to"),
    [
        ("mute", b"ON", "mute", {"for_s": 2700.0}),
        ("mute", b"OFF", "sound", True),
        ("mute_until", b"2026-03-02T15:00:00+01:00", "mute", {"until": "2026-03-02T15:00:00+01:00"}),
        ("press", b"PRESS", "press", True),
        ("press", b"", "press", True),
        ("stretch", b"PRESS", "stretch", True),
    ],
)
def test_a_command_becomes_an_order(name: str, payload: bytes, do: str, to: object) -> None:
    assert order(name, payload) == Commanded(do, to)


def test_presets_and_minutes_take_the_place_of_what_was_set_before() -> None:
    assert order("preset", b"hourly").to == {
        "values": {"limits.preset": "hourly"},
        "reset": ["limits.due_after", "limits.invite_after"],
    }
    assert order("due_after", b"45.0").to == {
        "values": {"limits.due_after": "45min"},
        "reset": ["limits.invite_after"],
    }


@pytest.mark.parametrize(
    ("name", "payload", "says"),
    [
        ("mute", b"on", "mute 'on': allowed: ON or OFF"),
        ("mute_until", b"15:00", "mute_until '15:00': allowed: a time with its zone"),
        ("mute_until", b"2026-03-02T15:00:00", "a time with its zone"),
        ("press", b"twice", "press 'twice': allowed: PRESS, or nothing"),
        ("stretch", b"\xff", "stretch"),
        ("preset", b"never", "preset 'never': allowed: couple-of-hours, hourly, half-hourly"),
        ("due_after", b"0", "due_after '0': allowed: whole minutes from 1 to 720"),
        ("due_after", b"721", "whole minutes"),
        ("due_after", b"nan", "whole minutes"),
        ("due_after", b"inf", "whole minutes"),
        ("due_after", b"1.5", "whole minutes"),
        ("due_after", b"an hour", "whole minutes"),
        *(("due_after", each.encode(), "whole minutes") for each in ("1_0", "\u0664\u0665", "9e1", "+45", "45.", ".5")),
        *((name, each, "allowed: PRESS, or nothing") for name in ("press", "stretch") for each in (b"press", b"ON")),
        ("preset", b"Hourly", "allowed: couple-of-hours"),
        ("sound", b"ON", f"there is no command 'sound'; there are {', '.join(COMMANDS)}"),
    ],
)
def test_a_wrong_command_is_refused_with_what_is_allowed(name: str, payload: bytes, says: str) -> None:
    assert says in why(name, payload)


def test_a_retained_command_is_never_obeyed() -> None:
    assert why("mute", b"ON", retained=True) == "'mute': a retained command is never obeyed; send it without"


def test_a_long_command_is_not_even_read() -> None:
    assert "too long" in why("mute", b" " * MOST_BYTES + b"ON")


def test_ten_commands_in_ten_seconds_are_enough() -> None:
    it = Orderly()
    for nth in range(10):
        it.order("mute", b"ON", SETTINGS, nth * 0.1, retained=False)
    with pytest.raises(CommandRefusedError, match="too many commands; allowed: 10 in 10 s"):
        it.order("mute", b"ON", SETTINGS, 9.9, retained=False)
    it.order("mute", b"ON", SETTINGS, 10.0, retained=False)
    # Those that were refused don't count.
    it.order("mute", b"ON", SETTINGS, 10.1, retained=False)


@given(st.sampled_from([*COMMANDS, "else"]), st.binary(max_size=600), st.booleans())
def test_whatever_comes_is_an_order_or_one_line(name: str, payload: bytes, retained: bool) -> None:
    try:
        told = order(name, payload, retained=retained).do
    except CommandRefusedError as error:
        told = str(error)
    assert "\n" not in told
    assert len(told) < 300
    assert not (retained and told in ("mute", "sound", "press", "stretch", "set"))


def test_a_mute_before_the_device_has_said_how_long_one_lasts_is_refused() -> None:
    with pytest.raises(CommandRefusedError, match="hasn't said yet for how long"):
        Orderly().order("mute", b"ON", {}, 0.0, retained=False)
