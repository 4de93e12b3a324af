"""What is sent of a picture: exact on the controller model whatever comes after what, and little of it."""

from __future__ import annotations

import errno
import warnings
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from luma.core.interface.serial import noop
from luma.oled.device import ssd1306
from PIL import Image, ImageDraw

from device.pictures.drawing import draw
from device.words.effects import BigNumber
from hardware.panel.bus import Serial
from hardware.panel.delta import Changes, packed, page_runs, windows, wire_bytes
from hardware.simulated.controller import HEIGHT, WIDTH, ModelBus, model_serial

SET_UP = {
    "ssd1306": bytes.fromhex("00 8D 14 20 00 A1 C8 DA 12 AF"),
    "sh1106": bytes.fromhex("00 A1 C8 DA 12 AF"),
}
EVERY_WAY = pytest.mark.parametrize(("driver", "changes"), [("ssd1306", windows), ("sh1106", page_runs)])
WHOLE = {"ssd1306": 1034, "sh1106": 1080}
BLACK = bytes(1024)


@st.composite
def pictures(drawing: st.DrawFn) -> Image.Image:
    """From a speck to noise all over."""
    if drawing(st.integers(0, 9)) == 0:
        return Image.frombytes("1", (WIDTH, HEIGHT), drawing(st.binary(min_size=1024, max_size=1024)))
    picture = Image.new("1", (WIDTH, HEIGHT))
    pen = ImageDraw.Draw(picture)
    points = st.tuples(st.integers(0, WIDTH - 1), st.integers(0, HEIGHT - 1))
    for one, other in drawing(st.lists(st.tuples(points, points), max_size=12)):
        pen.line([one, other], fill=1)
    return picture


def panel(driver: str) -> tuple[ModelBus, Serial]:
    bus = ModelBus(driver, 0x3C)
    serial = model_serial(bus)
    serial.transfer([SET_UP[driver]])
    return bus, serial


# ---- exact


@EVERY_WAY
@given(sequence=st.lists(pictures(), min_size=1, max_size=6))
def test_after_any_sequence_of_pictures_the_panel_shows_the_last(
    driver: str, changes: Changes, sequence: list[Image.Image]
) -> None:
    bus, serial = panel(driver)
    held = None
    for picture in sequence:
        wanted = packed(picture)
        serial.transfer(changes(held, wanted))
        held = wanted
        assert bus.picture().tobytes() == picture.tobytes()


@EVERY_WAY
@given(before=pictures(), after=pictures())
def test_it_is_never_more_than_the_whole_picture(
    driver: str, changes: Changes, before: Image.Image, after: Image.Image
) -> None:
    writes = changes(packed(before), packed(after))
    assert wire_bytes(writes) <= WHOLE[driver]
    assert wire_bytes(changes(None, packed(after))) == WHOLE[driver]


@EVERY_WAY
@given(picture=pictures())
def test_of_the_same_picture_nothing_is_sent(driver: str, changes: Changes, picture: Image.Image) -> None:
    del driver
    assert changes(packed(picture), packed(picture)) == []


@given(pictures())
def test_a_picture_is_packed_as_luma_does_it(picture: Image.Image) -> None:
    sent: list[int] = []
    with warnings.catch_warnings():
        # luma uses what Pillow is giving up.
        warnings.simplefilter("ignore", DeprecationWarning)
        driver = ssd1306(noop())
        driver.data = sent.extend
        driver.display(picture)
    assert bytes(sent) == packed(picture)


@given(pictures())
def test_upside_down_is_half_a_turn(picture: Image.Image) -> None:
    assert packed(picture, upside_down=True) == packed(picture.rotate(180))


@EVERY_WAY
@given(before=pictures(), after=pictures())
def test_what_is_refused_half_way_is_mended_by_the_whole(
    driver: str, changes: Changes, before: Image.Image, after: Image.Image
) -> None:
    bus, serial = panel(driver)
    serial.transfer(changes(None, packed(before)))
    writes = changes(packed(before), packed(after))
    for nth in range(1, len(writes) + 1):
        bus.refuse(nth, errno.EREMOTEIO)
        with pytest.raises(OSError, match="not acknowledged"):
            serial.transfer(writes)
        serial.transfer(changes(None, packed(after)))
        assert bus.picture().tobytes() == after.tobytes()


# ---- little


def spots(*at: tuple[int, int]) -> bytes:
    """A memory with a byte here and there: page and column."""
    memory = bytearray(1024)
    for page, column in at:
        memory[page * WIDTH + column] = 0xFF
    return bytes(memory)


@EVERY_WAY
@pytest.mark.parametrize(
    ("at", "costs"),
    [
        ([(3, 60)], {"ssd1306": 11, "sh1106": 8}),
        ([(3, 60), (3, 62)], {"ssd1306": 13, "sh1106": 10}),
        # Far apart on one page: the pages, or the page, need not be said again.
        ([(3, 2), (3, 100)], {"ssd1306": 11 + 8, "sh1106": 8 + 7}),
        # On different pages, but one below the other: the columns need not be said again.
        ([(0, 60), (7, 60)], {"ssd1306": 11 + 8, "sh1106": 16}),
        # A square is one window.
        ([(page, column) for page in (2, 3, 4) for column in range(50, 60)], {"ssd1306": 40, "sh1106": 51}),
    ],
    ids=str,
)
def test_a_change_costs_as_little_as_it_can(
    driver: str, changes: Changes, at: list[tuple[int, int]], costs: dict[str, int]
) -> None:
    assert wire_bytes(changes(BLACK, spots(*at))) == costs[driver]


def test_where_windows_would_be_dearer_the_whole_is_sent() -> None:
    ragged = spots(*((page, column + 8 * (page % 2)) for page in range(8) for column in range(120)))
    assert wire_bytes(windows(BLACK, ragged)) == WHOLE["ssd1306"]


def span(minutes: int) -> str:
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02}"


def test_a_minute_on_the_seated_screen_is_150_bytes_at_most_but_for_full_tens() -> None:
    minutes = [
        packed(draw(BigNumber("Seated", str(minute), "min", f"break in {span(120 - minute)}", minute / 120), 0.0))
        for minute in range(118)
    ]
    costs = [wire_bytes(windows(before, after)) for before, after in pairwise(minutes)]
    assert max(cost for minute, cost in enumerate(costs, 1) if minute % 10) <= 150
    assert max(cost for minute, cost in enumerate(costs, 1) if minute not in {10, 100}) <= 200, "two digits change"


def test_many_small_changes_are_few_calls_of_the_kernel(monkeypatch: pytest.MonkeyPatch) -> None:
    bus, serial = panel("ssd1306")
    calls: list[int] = []
    send = bus.i2c_rdwr

    def count(*messages: object) -> None:
        calls.append(len(messages))
        send(*messages)  # type: ignore[arg-type]  # passed on as they come

    monkeypatch.setattr(bus, "i2c_rdwr", count)
    writes = windows(BLACK, spots(*((page, column) for page in range(8) for column in range(8 * page, 128, 40))))
    serial.transfer(writes)
    assert calls == [min(42, len(writes) - at) for at in range(0, len(writes), 42)]
    serial.transfer([b"\x00\xe3"] * 100)
    assert calls[-3:] == [42, 42, 16]
