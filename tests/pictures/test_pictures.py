"""The pictures of stretches for people, and the page of the docs that shows them."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest
from PIL import Image, ImageSequence

from device.pictures.moving_pictures import moving, render, strip
from device.pictures.piece import HEIGHT, WIDTH
from device.stretches.repertoire import shipped
from device.stretches.stretch import Stretch
from tests.golden import assert_golden
from tests.stretch_page import PAGE, PANEL, PICTURES, page, panel

EVERY_STRETCH = pytest.mark.parametrize("stretch", shipped(), ids=lambda stretch: stretch.id)


@EVERY_STRETCH
def test_the_golden_strip_of_its_poses(stretch: Stretch) -> None:
    assert_golden(strip(stretch.figure), f"{stretch.id}_strip")


@EVERY_STRETCH
def test_the_moving_picture_in_the_docs_is_the_panel_s(stretch: Stretch) -> None:
    with Image.open(PICTURES / f"{stretch.id}.gif") as kept:
        shown = [(on_off(frame), frame.info["duration"]) for frame in ImageSequence.Iterator(kept)]
    assert shown == [(on_off(picture), lasts_ms) for picture, lasts_ms in moving(stretch)], "make stretches"


def on_off(picture: Image.Image) -> bytes:
    """Its pixels at the panel's size, whatever it was stored as."""
    at_size = picture.convert("L").resize((WIDTH, HEIGHT), Image.Resampling.NEAREST)
    return at_size.point([0] * 128 + [255] * 128).convert("1", dither=Image.Dither.NONE).tobytes()


def test_it_moves_at_ten_frames_a_second_where_it_moves() -> None:
    for stretch in shipped():
        lasts_ms = [each for _, each in moving(stretch)]
        assert min(lasts_ms) == 100
        assert sum(each == 100 for each in lasts_ms) > len(lasts_ms) / 2


def test_the_page_in_the_docs_is_up_to_date_and_shows_every_stretch() -> None:
    assert PAGE.read_text("utf-8") == page(), "make stretches"
    assert {file.stem for file in PICTURES.iterdir()} == {stretch.id for stretch in shipped()}


def test_the_panel_in_the_readme_is_up_to_date() -> None:
    with Image.open(PANEL) as kept:
        assert kept.convert("RGB").tobytes() == panel().tobytes(), "make stretches"


@EVERY_STRETCH
def test_lines_stay_in_their_picture(stretch: Stretch, tmp_path: Path) -> None:
    render(stretch, tmp_path / "it.svg")
    svg = ElementTree.parse(tmp_path / "it.svg").getroot()
    assert len(svg.findall("{*}g")) == 2 * len(stretch.figure.poses)
    assert svg.findall(".//{*}circle")


def test_a_strip_is_written_larger(tmp_path: Path) -> None:
    stretch = shipped()[0]
    render(stretch, tmp_path / "it.png")
    with Image.open(tmp_path / "it.png") as written:
        assert written.size == tuple(3 * side for side in strip(stretch.figure).size)
