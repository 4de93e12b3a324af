"""The model of the panel's chips against their data sheets, and luma's own drivers against the model."""

from __future__ import annotations

import errno
from collections.abc import Iterable, Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from luma.core.error import Error as LumaError
from luma.oled.device import sh1106, ssd1306
from PIL import Image, ImageChops
from smbus2 import i2c_msg

from hardware.simulated.controller import Controller, ModelBus, WireError, model_serial

DRIVERS = ("ssd1306", "sh1106", "ssd1309", "ssd1315")
WITH_WINDOWS = ("ssd1306", "ssd1309", "ssd1315")

SSD1306_SET_UP = bytes.fromhex("aed580a83fd300408d142000a1c8da12d9f1db40a4a6")
SH1106_SET_UP = bytes.fromhex("ae2010b0c8001040a1a6a83fa4d300d5f0d922da12db208d14")
"""What luma sends first."""

Pixels = set[tuple[int, int]]


def command(chip: Controller, *told: int) -> None:
    chip.write(bytes((0x00, *told)))


def data(chip: Controller, *told: int) -> None:
    chip.write(bytes((0x40, *told)))


def go_to(chip: Controller, page: int, column: int) -> None:
    command(chip, 0xB0 | page, column & 0x0F, 0x10 | column >> 4)


def lit(chip: Controller) -> Pixels:
    pixels = chip.picture().load()
    assert pixels is not None
    return {(x, y) for x in range(128) for y in range(64) if pixels[x, y]}


def blank(driver: str) -> Controller:
    """Upright, on, nothing lit, page addressing, at the first pixel of the glass."""
    chip = Controller(driver)
    columns = 132 if driver == "sh1106" else 128
    command(chip, *((0xA1, 0xC8) if driver == "sh1106" else (0x8D, 0x14, 0xA1, 0xC8)))
    for page in range(8):
        go_to(chip, page, 0)
        data(chip, *bytes(columns))
    go_to(chip, 0, (columns - 128) // 2)
    command(chip, 0xAF)
    assert not lit(chip)
    return chip


def refuses(chip: Controller, payload: Iterable[int]) -> str:
    with pytest.raises(WireError) as caught:
        chip.write(bytes(payload))
    return str(caught.value)


# ---- power


@pytest.mark.parametrize("driver", DRIVERS)
def test_it_is_dark_until_switched_on_and_then_shows_the_noise_it_woke_with(driver: str) -> None:
    chip = Controller(driver)
    assert not chip.on
    assert not lit(chip)
    command(chip, 0x8D, 0x14, 0xAF)
    assert chip.on
    assert 3000 < len(lit(chip)) < 5200


@pytest.mark.parametrize(("driver", "pump_is_needed"), [("ssd1306", True), ("ssd1315", True), ("ssd1309", False)])
def test_without_its_charge_pump_an_ssd1306_stays_dark(driver: str, pump_is_needed: bool) -> None:
    chip = blank(driver)
    data(chip, 0xFF)
    command(chip, 0x8D, 0x10)
    assert bool(lit(chip)) is not pump_is_needed


@pytest.mark.parametrize("driver", DRIVERS)
def test_off_is_black_and_the_memory_survives_it(driver: str) -> None:
    chip = blank(driver)
    data(chip, 0xFF)
    command(chip, 0xAE)
    assert not lit(chip)
    command(chip, 0xAF)
    assert lit(chip) == {(0, y) for y in range(8)}


@pytest.mark.parametrize(("driver", "contrast"), [("ssd1306", 0x7F), ("sh1106", 0x80)])
def test_a_reset_forgets_everything(driver: str, contrast: int) -> None:
    chip, fresh = blank(driver), Controller(driver)
    command(chip, 0x81, 0x12, 0xA7, 0x48, 0xD3, 0x05, 0xA8, 0x1F, 0x81)
    assert chip.contrast == 0x12
    chip.reset()
    assert (chip.on, chip.contrast) == (False, contrast)
    for each in (chip, fresh):
        command(each, 0x8D, 0x14, 0xAF)
    assert lit(chip) == lit(fresh)


# ---- where bytes go


@pytest.mark.parametrize("driver", DRIVERS)
def test_the_lowest_bit_is_the_topmost_pixel(driver: str) -> None:
    chip = blank(driver)
    data(chip, 0b0000_0001, 0b1000_0010)
    assert lit(chip) == {(0, 0), (1, 1), (1, 7)}


@pytest.mark.parametrize("driver", DRIVERS)
def test_page_addressing_stays_in_its_page(driver: str) -> None:
    chip = blank(driver)
    offset = 2 if driver == "sh1106" else 0
    go_to(chip, 3, 37 + offset)
    data(chip, 0x01, 0x01)
    command(chip, 0x0A)
    data(chip, 0x80)
    assert lit(chip) == {(37, 24), (38, 24), (0x2A - offset, 31)}


def test_page_addressing_begins_its_page_again_on_an_ssd1306() -> None:
    chip = blank("ssd1306")
    go_to(chip, 7, 127)
    data(chip, 0x01, 0x01)
    assert lit(chip) == {(127, 56), (0, 56)}


def test_page_addressing_ends_with_the_page_on_an_sh1106() -> None:
    chip = blank("sh1106")
    go_to(chip, 7, 129)
    data(chip, 0x01, 0xFF, 0xFF)
    assert lit(chip) == {(127, 56)}, "the last two of its 132 columns are not on the glass"
    assert "column 132 of 132" in refuses(chip, [0x40, 0xFF])


@pytest.mark.parametrize("driver", WITH_WINDOWS)
def test_horizontal_addressing_goes_round_its_window_row_by_row(driver: str) -> None:
    chip = blank(driver)
    command(chip, 0x20, 0x00, 0x21, 10, 11, 0x22, 2, 3)
    data(chip, 0x01, 0x02, 0x04, 0x08)
    assert lit(chip) == {(10, 16), (11, 17), (10, 26), (11, 27)}
    data(chip, 0x80)
    assert lit(chip) == {(10, 23), (11, 17), (10, 26), (11, 27)}


@pytest.mark.parametrize("driver", WITH_WINDOWS)
def test_vertical_addressing_goes_round_its_window_column_by_column(driver: str) -> None:
    chip = blank(driver)
    command(chip, 0x20, 0x01, 0x21, 10, 11, 0x22, 2, 3)
    data(chip, 0x01, 0x02, 0x04, 0x08, 0x80)
    assert lit(chip) == {(10, 23), (10, 25), (11, 18), (11, 27)}


def test_a_new_window_moves_the_pointer_to_its_beginning() -> None:
    chip = blank("ssd1306")
    command(chip, 0x20, 0x00, 0x21, 0, 127, 0x22, 0, 7)
    data(chip, *bytes(300))
    command(chip, 0x21, 5, 127)
    data(chip, 0x01)
    command(chip, 0x22, 6, 7)
    data(chip, 0x01)
    assert lit(chip) == {(5, 16), (6, 48)}


def test_column_remap_concerns_only_what_is_written_later() -> None:
    chip = blank("ssd1306")
    data(chip, 0x01)
    command(chip, 0xA0)
    assert lit(chip) == {(0, 0)}
    go_to(chip, 1, 0)
    data(chip, 0x01)
    assert lit(chip) == {(0, 0), (127, 8)}


# ---- how it is shown


@pytest.mark.parametrize("driver", DRIVERS)
def test_the_scan_direction_flips_what_is_there_at_once(driver: str) -> None:
    chip = blank(driver)
    data(chip, 0x02)
    command(chip, 0xC0)
    assert lit(chip) == {(0, 62)}


@pytest.mark.parametrize("driver", DRIVERS)
def test_the_start_line_becomes_the_topmost(driver: str) -> None:
    chip = blank(driver)
    data(chip, 0x01)
    command(chip, 0x40 + 8)
    assert lit(chip) == {(0, 56)}


@pytest.mark.parametrize(
    ("lines", "scan", "offset", "start_line", "outputs"),
    [
        # The data sheet's examples: which line of memory appears at which of the 64 outputs.
        (64, 0xC0, 0, 0, {0: 0, 63: 63}),
        (64, 0xC0, 8, 0, {0: 8, 55: 63, 56: 0, 63: 7}),
        (64, 0xC0, 0, 8, {0: 8, 55: 63, 56: 0, 63: 7}),
        (56, 0xC0, 0, 0, {0: 0, 55: 55, 56: None, 63: None}),
        (56, 0xC0, 8, 0, {0: 8, 47: 55, 48: None, 55: None, 56: 0, 63: 7}),
        (56, 0xC0, 0, 8, {0: 8, 55: 63, 56: None, 63: None}),
        (64, 0xC8, 0, 0, {0: 63, 63: 0}),
        (64, 0xC8, 8, 0, {0: 7, 7: 0, 8: 63, 63: 8}),
        (64, 0xC8, 0, 8, {0: 7, 7: 0, 8: 63, 63: 8}),
        (48, 0xC8, 0, 0, {0: 47, 47: 0, 48: None, 63: None}),
        (48, 0xC8, 8, 0, {0: None, 7: None, 8: 47, 55: 0, 56: None}),
        (48, 0xC8, 0, 8, {0: 55, 47: 8, 48: None, 63: None}),
    ],
)
def test_lines_reach_the_outputs_as_the_data_sheet_says(
    lines: int, scan: int, offset: int, start_line: int, outputs: dict[int, int | None]
) -> None:
    chip = blank("ssd1306")
    # Line n of the memory is marked in column n alone.
    for line in range(64):
        go_to(chip, line // 8, line)
        data(chip, 1 << line % 8)
    command(chip, 0xA8, lines - 1, scan, 0xD3, offset, 0x40 + start_line)
    seen = {y: x for x, y in lit(chip)}
    # The glass hangs with its last output at the top.
    assert {output: seen.get(63 - output) for output in outputs} == outputs
    assert len(seen) == lines


@pytest.mark.parametrize("driver", DRIVERS)
def test_inverse_and_all_lit_and_back(driver: str) -> None:
    chip = blank(driver)
    data(chip, 0x01)
    command(chip, 0xA7)
    assert len(lit(chip)) == 128 * 64 - 1
    assert (0, 0) not in lit(chip)
    command(chip, 0xA6, 0xA5)
    assert len(lit(chip)) == 128 * 64
    command(chip, 0xA4)
    assert lit(chip) == {(0, 0)}


# ---- the wire


def test_a_parameter_may_come_in_a_later_write() -> None:
    chip = blank("ssd1306")
    command(chip, 0x81)
    command(chip, 0x33, 0x20, 0x00, 0x21, 4)
    command(chip, 90)
    data(chip, 0x01)
    assert chip.contrast == 0x33
    assert lit(chip) == {(4, 0)}


def test_a_control_byte_that_announces_one_byte_is_followed_by_another_control_byte() -> None:
    chip = blank("ssd1306")
    chip.write(bytes.fromhex("80b1 c001 80 81 80 22 c002 00e3e3"))
    assert lit(chip) == {(0, 8), (1, 9)}
    assert chip.contrast == 0x22
    chip.write(bytes.fromhex("80b2 40 0101"))
    assert lit(chip) == {(0, 8), (1, 9), (2, 16), (3, 16)}


def test_a_write_without_payload_asks_only_who_is_there() -> None:
    chip = blank("ssd1306")
    chip.write(b"")
    assert not lit(chip)


@pytest.mark.parametrize(
    ("payload", "says"),
    [
        ([0x01, 0xE3], "control byte 01"),
        ([0x80], "byte it announces is missing"),
        ([0x00, 0x23], "unknown command 23"),
        ([0x00, 0x2F], "unknown command 2F"),
        ([0x00, 0xB8], "unknown command B8"),
        ([0x00, 0xFF], "unknown command FF"),
        ([0x00, 0x20, 0x03], "command 20: 03 is out of range"),
        ([0x00, 0x21, 0x80], "command 21: 80 is out of range"),
        ([0x00, 0x21, 0x00, 0x80], "command 21: 80 is out of range"),
        ([0x00, 0x22, 0x08], "command 22: 08 is out of range"),
        ([0x00, 0x21, 9, 8], "a window from 9 to 8"),
        ([0x00, 0x22, 3, 2], "a window from 3 to 2"),
        ([0x00, 0x8D, 0x15], "command 8D: 15 is out of range"),
        ([0x00, 0xA8, 0x0E], "command A8: 0E is out of range"),
        ([0x00, 0xD3, 0x40], "command D3: 40 is out of range"),
        ([0x00, 0xDA, 0x03], "command DA: 03 is out of range"),
        ([0x80, 0x81, 0x40, 0xFF], "data where command 81 lacks a parameter"),
        ([0x80, 0x18, 0x40, 0xFF], "data for column 128 of 128"),
        ([0x00, 0x20, 0x00, 0xB0], "command B0 is for page addressing only"),
        ([0x00, 0x20, 0x01, 0x00], "command 00 is for page addressing only"),
    ],
)
def test_an_ssd1306_refuses_what_its_data_sheet_does_not_know(payload: Sequence[int], says: str) -> None:
    assert says in refuses(blank("ssd1306"), payload)


@pytest.mark.parametrize("opcode", [0x21, 0x22, 0x2E, 0xA3, 0x34, 0xE0])
def test_an_sh1106_has_no_windows_and_no_scrolling(opcode: int) -> None:
    assert "unknown command" in refuses(blank("sh1106"), [0x00, opcode])


def test_what_luma_takes_for_parameters_an_sh1106_takes_for_columns() -> None:
    chip = blank("sh1106")
    command(chip, 0x20, 0x10, 0x8D, 0x14, 0x05)
    data(chip, 0x01)
    assert lit(chip) == {(0x45 - 2, 0)}


@pytest.mark.parametrize(
    ("driver", "payload"), [("sh1106", "ad8b 30 33"), ("sh1106", "ad8a"), ("ssd1306", "2e a30040 d580 d9f1 db40 e3")]
)
def test_volts_and_clocks_change_nothing_that_is_seen(driver: str, payload: str) -> None:
    chip = blank(driver)
    data(chip, 0x01)
    command(chip, *bytes.fromhex(payload))
    assert lit(chip) == {(0, 0)}


@settings(deadline=None)
@given(st.binary(max_size=40))
def test_no_bytes_do_anything_but_be_taken_or_refused(payload: bytes) -> None:
    for driver in DRIVERS:
        chip = Controller(driver)
        try:
            chip.write(payload)
        except WireError:
            continue
        assert chip.picture().size == (128, 64)


# ---- luma's own drivers on the model

PICTURES = st.binary(min_size=1024, max_size=1024).map(lambda pixels: Image.frombytes("1", (128, 64), pixels))

# luma 3.16 reads pictures by a call that Pillow 13 calls deprecated.
LUMA_AS_IT_COMES = pytest.mark.filterwarnings("ignore:Image.Image.getdata:DeprecationWarning")


def luma_on(bus: ModelBus, driver: str, rotation: int = 0) -> Any:
    kind = sh1106 if driver == "sh1106" else ssd1306
    return kind(model_serial(bus), rotate=rotation // 90)


def same(one: Image.Image, other: Image.Image) -> bool:
    return one.mode == other.mode == "1" and ImageChops.logical_xor(one, other).getbbox() is None


@LUMA_AS_IT_COMES
@pytest.mark.parametrize("driver", DRIVERS)
@pytest.mark.parametrize("rotation", [0, 180])
def test_a_picture_that_luma_sends_is_the_picture_that_is_seen(driver: str, rotation: int) -> None:
    bus = ModelBus(driver, 0x3C)
    device = luma_on(bus, driver, rotation)
    assert bus.picture().getbbox() is None, "luma begins with a clear panel"

    @settings(max_examples=20, deadline=None)
    @given(PICTURES)
    def draw(picture: Image.Image) -> None:
        device.display(picture)
        assert same(bus.picture(), picture.rotate(rotation))

    draw()
    device.hide()
    assert bus.picture().getbbox() is None
    device.contrast(0x21)
    device.show()
    assert bus.controller.contrast == 0x21
    assert bus.picture().getbbox() is not None


@LUMA_AS_IT_COMES
def test_with_the_wrong_driver_the_picture_is_not_right() -> None:
    bus = ModelBus("sh1106", 0x3C)
    with pytest.raises(WireError):
        luma_on(bus, "ssd1306")
    shifted = ModelBus("ssd1306", 0x3C)
    with pytest.raises(WireError):
        luma_on(shifted, "sh1106")


@LUMA_AS_IT_COMES
@pytest.mark.parametrize(
    ("driver", "set_up", "frame", "wire"),
    [
        ("ssd1306", SSD1306_SET_UP, [7, 1025], 1034),
        ("sh1106", SH1106_SET_UP, [4, 129] * 8, 1080),
    ],
)
def test_luma_writes_to_the_model_as_to_a_bus_it_opened_itself(
    driver: str, set_up: bytes, frame: list[int], wire: int
) -> None:
    writes: list[tuple[int, bytes]] = []
    bus = ModelBus(driver, 0x3D, lambda address, payload: writes.append((address, payload)))
    device = luma_on(bus, driver)
    assert writes[0] == (0x3D, b"\0" + set_up)
    writes.clear()
    transfers, sent = bus.transfers, bus.bytes
    device.clear()
    assert [len(payload) for _, payload in writes] == frame
    assert bus.transfers - transfers == len(frame)
    assert bus.bytes - sent == wire


# ---- the bus


def test_nobody_answers_at_another_address() -> None:
    bus = ModelBus("ssd1306", 0x3C)
    bus.open()
    with pytest.raises(OSError, match="not acknowledged") as caught:
        bus.i2c_rdwr(i2c_msg.write(0x3D, [0x00, 0xE3]))
    assert caught.value.errno == errno.EREMOTEIO
    assert bus.transfers == bus.bytes == 0


def test_a_panel_that_is_gone_answers_nothing_and_comes_back_as_it_wakes() -> None:
    writes = []
    bus = ModelBus("ssd1306", 0x3C, lambda *write: writes.append(write))
    serial = model_serial(bus)
    serial.command(0x8D, 0x14, 0xA5, 0xAF)
    assert bus.picture().getbbox() == (0, 0, 128, 64)
    bus.gone()
    assert bus.picture().getbbox() is None
    with pytest.raises(LumaError):
        serial.command(0xE3)
    with pytest.raises(OSError, match="not acknowledged"):
        serial.data([0xFF])
    bus.back()
    assert bus.picture().getbbox() is None
    serial.command(0xAF)
    assert bus.controller.on
    assert [payload.hex() for _, payload in writes] == ["008d14a5af", "00af"]


def test_it_refuses_the_transfers_it_was_asked_to() -> None:
    bus = ModelBus("ssd1306", 0x3C)
    serial = model_serial(bus)
    bus.refuse(2)
    bus.refuse(4, errno.ETIMEDOUT)
    serial.command(0x81, 1)
    with pytest.raises(LumaError):
        serial.command(0x81, 2)
    serial.command(0xE3)
    assert bus.controller.contrast == 1
    with pytest.raises(TimeoutError):
        serial.command(0x81, 3)
    serial.command(0x81, 4)
    assert (bus.controller.contrast, bus.transfers) == (4, 3)


def test_of_several_messages_those_before_the_refused_one_have_arrived() -> None:
    writes = []
    bus = ModelBus("ssd1306", 0x3C, lambda *write: writes.append(write))
    bus.open()
    bus.refuse(2)
    messages = [i2c_msg.write(0x3C, [0x00, 0x81, contrast]) for contrast in (5, 6, 7)]
    with pytest.raises(OSError, match="not acknowledged"):
        bus.i2c_rdwr(*messages)
    assert bus.controller.contrast == 5
    assert writes == [(0x3C, b"\x00\x81\x05")]


def test_what_smbus_cannot_send_at_once_the_model_does_not_take_either() -> None:
    bus = ModelBus("ssd1306", 0x3C)
    bus.open()
    with pytest.raises(ValueError, match="32 bytes"):
        bus.write_i2c_block_data(0x3C, 0x00, [0xE3] * 33)


def test_talking_on_a_closed_bus_is_a_defect() -> None:
    bus = ModelBus("ssd1306", 0x3C)
    serial = model_serial(bus)
    serial.cleanup()
    serial.cleanup()
    with pytest.raises(WireError, match="closed"):
        serial.command(0xE3)
