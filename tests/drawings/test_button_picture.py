"""The button's picture has each wire at the lug that the data names."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from hardware.drawings.button_picture import button_picture
from hardware.drawings.tables import end_text
from hardware.wiring.wires import Build, builds, wiring


@pytest.mark.parametrize("build", list(builds()), ids=Build.named)
def test_each_wire_is_at_its_lug(build: Build) -> None:
    wired = wiring(build)
    texts = [
        (text.text or "", float(text.get("y") or 0))
        for text in ElementTree.fromstring(button_picture(wired)).iter()
        if text.tag.endswith("text")
    ]
    wires = wired.at("button")
    assert len(wires) == 2
    for wire in wires:
        here, there = wire.ends if wire.ends[0].part == "button" else wire.ends[::-1]
        lug = next(y for said, y in texts if said == here.pin.partition(" ")[0])
        beside = {said for said, y in texts if abs(y - lug) < 30}
        assert {str(wire.number), end_text(there)} <= beside
    assert any("3 mm wide, 10 mm long" in said for said, _ in texts)
