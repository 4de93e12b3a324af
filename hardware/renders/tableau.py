"""A tableau: what stands in front of the camera, and what is written on the picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import cos, radians, sin

from PIL import Image

from hardware.case.placing import Vector
from hardware.renders.camera.mesh import Look, Surface, sheet
from hardware.renders.camera.shot import PAPER, Shot
from hardware.renders.camera.studio import photograph
from hardware.renders.labels import NumberTag, Tag, check, labelled

_WIDE = 6000.0


@dataclass(frozen=True, slots=True)
class Tableau:
    """All that a picture needs."""

    surfaces: Sequence[Surface]
    shot: Shot
    tags: Sequence[Tag | NumberTag] = field(default_factory=tuple)

    def picture(self, *, quick: bool = False) -> Image.Image:
        if not quick:
            check(self.shot, self.tags)
        return labelled(photograph(self.surfaces, self.shot, quick=quick), self.shot, self.tags)


def table(colour: str = PAPER, z: float = 0.0) -> Surface:
    """A wide plane that all stands on."""
    return sheet((-_WIDE, -_WIDE, z), (_WIDE, -_WIDE, z), (-_WIDE, _WIDE, z), Look(colour, 0.03, 8))


def around(target: Vector, away: float, turn_deg: float, above_deg: float) -> Vector:
    """A camera's place: so far from the target, turned from straight in front to the right, and so far above."""
    turn, above = radians(turn_deg), radians(above_deg)
    flat = away * cos(above)
    return target[0] + flat * sin(turn), target[1] - flat * cos(turn), target[2] + away * sin(above)
