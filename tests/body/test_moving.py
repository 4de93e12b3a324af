"""A stretch's figure as data: the strokes that the panel's figure has."""

from __future__ import annotations

import json

import pytest

from device.body.moving import moving
from device.body.skeleton import Circle, Straight
from device.stretches.repertoire import shipped
from device.stretches.stretch import Stretch


@pytest.mark.parametrize("stretch", shipped(), ids=lambda stretch: stretch.id)
def test_each_frame_has_the_strokes_of_the_figure_at_that_moment(stretch: Stretch) -> None:
    figure = stretch.figure
    told = moving(figure)
    assert len(json.dumps(told)) < 400_000
    assert told["frames"][0]["at"] == 0.0
    assert told["frames"][-1]["at"] < figure.grown_s + figure.loop_s
    for frame in told["frames"][::7]:
        strokes = figure.strokes_at(frame["at"], other_side=False)
        for one, other in zip(frame["strokes"], strokes, strict=True):
            if isinstance(other, Circle):
                assert one == pytest.approx([other.x, other.y, other.radius], abs=0.051)
            else:
                assert isinstance(other, Straight)
                assert one[:4] == pytest.approx([other.x0, other.y0, other.x1, other.y1], abs=0.051)
                assert one[4] == 1 or not other.far or one[4] == 2
                assert one[4] == 2 or not other.thing


@pytest.mark.parametrize("stretch_id", ["hip_lunge", "leg_swing", "side_lunge"])
def test_the_other_side_is_that_of_the_panel(stretch_id: str) -> None:
    figure = next(each.figure for each in shipped() if each.id == stretch_id)
    frame = moving(figure, other_side=True)["frames"][5]
    lines = [each for each in figure.strokes_at(frame["at"], other_side=True) if isinstance(each, Straight)]
    told = [each for each in frame["strokes"] if len(each) > 3]
    assert [each[:2] for each in told] == [pytest.approx([line.x0, line.y0], abs=0.051) for line in lines]
    assert [each[4] == 1 for each in told] == [line.far for line in lines]


def test_a_longer_hold_takes_longer_and_no_more_frames() -> None:
    figure = next(each.figure for each in shipped() if each.id == "hip_lunge")
    usual = moving(figure)
    since, until = figure.held_s
    longer = moving(figure, until - since + 10)
    assert longer["loop_s"] == pytest.approx(usual["loop_s"] + 10)
    assert len(longer["frames"]) <= len(usual["frames"]) + 2
    assert moving(figure, 1e9) == usual, "nobody holds that for so long"
