"""How a picture is taken: from where, of what, how wide; and which dot shows which place."""

from __future__ import annotations

from dataclasses import dataclass
from math import radians, tan

import numpy as np
from numpy.typing import NDArray

from hardware.case.placing import Vector

WIDTH = 830
"""As wide as a picture is in the README."""
PAPER = "#f3ebdf"


@dataclass(frozen=True, slots=True)
class Shot:
    """The camera and the light of a picture."""

    eye: Vector
    target: Vector
    lens_deg: float = 24.0
    """From the picture's lower to its upper edge."""
    height: int = 560
    reach: float = 120.0
    """Things throw shadows that are so near to the target."""
    lamp: Vector = (-0.75, -0.55, 1.0)
    """Where the lamp is, seen from the target."""
    background: str = PAPER
    width: int = WIDTH

    @property
    def range(self) -> tuple[float, float]:
        """The nearest and the farthest that is seen."""
        far = float(np.linalg.norm(np.subtract(self.target, self.eye)))
        return far / 8, far * 8

    def seen(self, place: Vector) -> tuple[float, float]:
        """The dot that shows a place, from the left and from the top."""
        right, up, ahead = self._axes()
        off = np.subtract(place, self.eye)
        scale = self.height / 2 / self._slope() / (off @ ahead)
        return float(self.width / 2 + scale * (off @ right)), float(self.height / 2 - scale * (off @ up))

    def places(self, depth: NDArray[np.float32]) -> NDArray[np.float32]:
        """The places that the dots show, by how far away they are from 0 to 1, as VTK counts that."""
        near, far = self.range
        away = near * far / (far - depth * (far - near))
        rows, columns = depth.shape
        right, up, ahead = (axis.astype(np.float32) for axis in self._axes())
        x = ((np.arange(columns, dtype=np.float32) + 0.5) / columns * 2 - 1) * self._slope() * columns / rows
        y = (1 - (np.arange(rows, dtype=np.float32) + 0.5) / rows * 2) * self._slope()
        ray = ahead + x[None, :, None] * right + y[:, None, None] * up
        found: NDArray[np.float32] = np.asarray(self.eye, np.float32) + away[:, :, None] * ray
        return found

    def _slope(self) -> float:
        return tan(radians(self.lens_deg) / 2)

    def _axes(self) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
        ahead = np.subtract(self.target, self.eye)
        ahead = ahead / np.linalg.norm(ahead)
        right = np.cross(ahead, (0, 0, 1))
        right = right / np.linalg.norm(right)
        return right, np.cross(right, ahead), ahead
