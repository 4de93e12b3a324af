"""The sockets' pictures have each wire at the lug that the data names."""

from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree

import pytest

from hardware.drawings.socket_picture import socket_picture
from hardware.drawings.tables import end_text
from hardware.wiring.wires import Build, Wiring, builds, wiring

ALL = pytest.mark.parametrize("build", list(builds()), ids=Build.named)


def at_lugs(wired: Wiring, socket: str) -> dict[str, tuple[int, str]]:
    """By lug: the number of the wire at its height, and what stands at the wire's far end."""
    texts = [
        (text.text or "", float(text.get("x") or 0), float(text.get("y") or 0))
        for text in ElementTree.fromstring(socket_picture(wired, socket)).iter()
        if text.tag.endswith("text") and float(text.get("x") or 0) > 510
    ]
    lugs = {said: y for said, _, y in texts if said in ("tip", "sleeve")}
    return {
        lug: (
            next(int(said) for said, _, at in texts if said.isdecimal() and abs(at - y) < 30),
            next(said for said, x, at in texts if x > 700 and abs(at - y) < 30),
        )
        for lug, y in lugs.items()
    }


@ALL
@pytest.mark.parametrize("socket", ["socket", "chair socket"])
def test_each_wire_is_at_its_lug(build: Build, socket: str) -> None:
    wired = wiring(build)
    found = at_lugs(wired, socket)
    for wire in wired.at(socket):
        here, there = wire.ends if wire.ends[0].part == socket else wire.ends[::-1]
        assert found.pop(here.pin) == (wire.number, end_text(there))
    assert not found


def test_wires_that_change_places_do_so_in_the_picture() -> None:
    wired = wiring()
    lugs = {"tip": "sleeve", "sleeve": "tip"}
    swapped = tuple(
        replace(wire, ends=(wire.ends[0], replace(wire.ends[1], pin=lugs[wire.ends[1].pin])))
        if wire.ends[1].part == "socket"
        else wire
        for wire in wired.wires
    )
    before, after = at_lugs(wired, "socket"), at_lugs(replace(wired, wires=swapped), "socket")
    assert before["tip"] == after["sleeve"] != after["tip"]
