"""What the boxes of the larger case's Pi hold: the ports of a Pi 3 and of a Pi 4, which are in other places."""

from __future__ import annotations

import pytest

from hardware.wiring.outlines import outlines

USB, NETWORK = (13.1, 16.0), (16.0, 13.6)
"""How wide, and how high over the board."""


@pytest.mark.parametrize(
    ("middle", "size"),
    [(9.0, USB), (27.0, USB), (45.75, NETWORK), (10.25, NETWORK), (29.0, USB), (47.0, USB)],
    ids=["4: USB 3", "4: USB 2", "4: network", "3: network", "3: one USB", "3: other USB"],
)
def test_each_port_at_the_side_is_in_its_box(middle: float, size: tuple[float, float]) -> None:
    board, (wide, high) = outlines()["full"], size
    _, front, bottom, right, back, top = board.ports["USB and network"]
    assert front <= middle - wide / 2
    assert back >= middle + wide / 2
    assert round(top - bottom, 1) >= high
    assert right > board.size[0] + 2.3


def test_each_power_plug_is_in_the_middle_of_its_port() -> None:
    for name in ("zero", "full"):
        board = outlines()[name]
        left, _, bottom, right, _, top = board.ports["power"]
        for plug, (along, up) in board.power.items():
            assert left + 3.5 <= along <= right - 3.5, plug
            assert bottom + 1.3 <= up <= top - 1.3, plug
