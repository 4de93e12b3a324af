"""The card that connects a phone: whatever looks at the panel reads its QR code, and an eye its letters."""

from __future__ import annotations

import sys
from itertools import combinations

import pytest
import zxingcpp
from hypothesis import example, given
from hypothesis import strategies as st
from PIL import Image

from device.pictures.drawing import draw, pieces, wandering
from device.pictures.piece import HEIGHT, WIDTH
from device.settings.settings import PanelSettings
from device.words.effects import Connect, Mark, Show
from hardware.panel.oled import OledPanel
from hardware.simulated.controller import ModelBus, model_serial
from tests.golden import FOLDER, assert_golden
from tests.pictures.test_drawing import overlap

LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
CARD = Connect("unsit.local:8016", "KLM234", ("press: close", "hold: forget"))
HOSTS = st.from_regex(r"[a-z0-9][a-z0-9-]{0,24}\.(local|box|lan)", fullmatch=True)


def seen(picture: Image.Image) -> list[str]:
    """What a phone's camera makes of it: the panel's dots are a few dots of the camera each."""
    larger = picture.convert("L").resize((4 * picture.width, 4 * picture.height), Image.Resampling.NEAREST)
    return [each.text for each in zxingcpp.read_barcodes(larger)]


class Nobody:
    """Hears nothing of the panel."""

    def put(self, event: object) -> None:
        pass


@pytest.mark.parametrize("driver", ["ssd1306", "sh1106"])
@pytest.mark.parametrize("rotation", [0, 180])
def test_another_decoder_reads_the_code_from_the_panel_s_pixels(driver: str, rotation: int) -> None:
    settings = PanelSettings(driver=driver, rotation=rotation)
    bus = ModelBus(driver, settings.address, lambda *_: None, settings.first_column)
    panel = OledPanel(settings, Nobody(), lambda: model_serial(bus))
    panel.perform(Show(CARD), 0.0)
    assert bus.controller.on
    assert seen(bus.picture()) == ["HTTP://UNSIT.LOCAL:8016/P/KLM234"]


@pytest.mark.parametrize("name", ["connecting", "connecting_felt"])
def test_another_decoder_reads_the_code_from_the_golden_picture(name: str) -> None:
    with Image.open(FOLDER / f"{name}.png") as picture:
        assert seen(picture) == ["HTTP://UNSIT.LOCAL:8016/P/KLM234"]


@given(HOSTS.filter(lambda host: len(host) <= 26), st.text(LETTERS, min_size=6, max_size=6))
@example("unsit.local", "WWWWWW")
def test_any_name_that_fits_and_any_code_are_read(host: str, code: str) -> None:
    card = Connect(f"{host}:8016", code, CARD.footer)
    assert seen(draw(card, 0.0)) == [f"http://{host}:8016/P/{code}".upper()]
    assert code in [piece.text for piece in pieces(card, 0.0)]


@given(st.from_regex(r"[a-z0-9.-]{1,98}", fullmatch=True), st.text(LETTERS, min_size=6, max_size=6), st.booleans())
@example("a", "WWWWWW", True)
@example("w" * 26, "WWWWWW", True)
@example("w" * 27, "WWWWWW", True)
def test_whatever_the_name_the_code_is_whole_and_nothing_overlaps(host: str, code: str, felt: bool) -> None:
    card = Connect(f"{host}:8016", code, CARD.footer, frozenset({Mark.FELT} if felt else ()))
    shown = list(pieces(card, 0.0))
    (large,) = [piece for piece in shown if piece.text == code]
    assert large.capitals >= 20
    assert large.box[2] <= WIDTH
    assert large.box[3] <= HEIGHT
    for one, other in combinations([piece for piece in shown if piece.box[1] < HEIGHT], 2):
        assert not overlap(one, other), (one, other)


def test_a_name_that_is_too_long_for_the_code_is_told_in_letters() -> None:
    card = Connect("a-computer-of-a-long-name.fritz.box:8016", "KLM234", CARD.footer)
    texts = [piece.text for piece in pieces(card, 0.0)]
    assert seen(draw(card, 0.0)) == []
    assert "".join(texts[:-2]) == card.address
    assert texts[-2:] == ["KLM234", "press: close   hold: forget"]


def test_without_segno_address_and_code_are_told_in_letters(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "segno", None)
    assert [piece.text for piece in pieces(CARD, 0.0)] == [
        "unsit.local:8016",
        "KLM234",
        "press: close   hold: forget",
    ]


def test_an_address_in_numbers_is_broken_where_a_person_would() -> None:
    card = Connect("192.168.178.123:8016", "KLM234", CARD.footer)
    assert [piece.text for piece in pieces(card, 0.0)][1:3] == ["192.168.178", ".123:8016"]
    assert seen(draw(card, 0.0)) == ["HTTP://192.168.178.123:8016/P/KLM234"]


def test_the_card_stays_where_it_is_for_its_two_minutes() -> None:
    assert [piece.box for piece in wandering(CARD, 0.0, 7)] == [piece.box for piece in pieces(CARD, 0.0)]


def test_a_finger_is_seen_to_be_felt_and_moves_nothing() -> None:
    before = {piece.box for piece in pieces(CARD, 0.0)}
    felt = {piece.box for piece in pieces(Connect(CARD.address, CARD.code, CARD.footer, frozenset({Mark.FELT})), 0.0)}
    assert before < felt


@given(st.from_regex(r"unsit[0-9]", fullmatch=True), st.text("abcdefghjknpqrstuvxyz23456789", min_size=8, max_size=8))
@example("unsit0", "nnnnnnnn")
def test_a_phone_reads_the_device_s_own_wifi_and_an_eye_its_name_and_password(name: str, password: str) -> None:
    card = Connect(name, password, ("your phone", "joins it"), is_wifi=True)
    assert seen(draw(card, 0.0)) == [f"WIFI:T:WPA;S:{name};P:{password};;"]
    assert {name, password, *card.footer} <= {piece.text for piece in pieces(card, 0.0)}


def test_the_page_about_installing_shows_that_card() -> None:
    card = Connect("unsit2", "kapq2345", ("your phone", "joins it"), is_wifi=True)
    picture = draw(card, 0.0).convert("L").resize((2 * WIDTH, 2 * HEIGHT), Image.Resampling.NEAREST)
    assert_golden(picture, "../../docs/own-wifi")
