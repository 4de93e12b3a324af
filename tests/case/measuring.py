"""What is measured on solids: walls, overhangs, play, ways in and out, what an eye sees; on their triangles."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import cos, pi, sin
from typing import Any

import cadquery as cq
import numpy as np
from vtkmodules.util.numpy_support import numpy_to_vtk
from vtkmodules.vtkCommonCore import reference, vtkPoints
from vtkmodules.vtkCommonDataModel import vtkCellArray, vtkPolyData, vtkStaticCellLocator
from vtkmodules.vtkCommonMath import vtkMatrix4x4
from vtkmodules.vtkFiltersModeling import vtkCollisionDetectionFilter

Array = Any
Vector = tuple[float, float, float]

OPPOSITE = -0.85
"""Two faces are the two sides of one wall where their normals' product is below this."""
STEEP = -0.72
"""A face that looks down more than that, 45 degrees and a bit, hangs over."""
LEDGE = 0.8
"""So far a layer may stick out with nothing under it: two lines of a nozzle of 0.4 mm."""
FIRST_LAYERS = 1.2
"""So high over the bed an edge may be rounded: by 4 mm, that sticks out 0.6 mm a layer at most."""
_FAR = 2000.0
"""As far as a ray is followed."""
TOUCH = 0.05
"""Parts that lie on one another are lifted by that before it is asked whether they collide."""


@dataclass(frozen=True)
class Mesh:
    """A solid's triangles: corners, and each one's outward normal and area."""

    corners: Array
    """Triangle, corner, coordinate."""
    normals: Array
    areas: Array

    def moved(self, by: Iterable[float]) -> Mesh:
        return Mesh(self.corners + np.array(tuple(by)), self.normals, self.areas)


def mesh(*shapes: cq.Workplane, fine: float = 0.1) -> Mesh:
    """The triangles of all solids in these."""
    parts = []
    for shape in shapes:
        for solid in shape.solids().vals():
            vertices, triangles = solid.tessellate(fine, 0.4)
            points = np.array([vertex.toTuple() for vertex in vertices])
            parts.append(points[np.array(triangles)])
    corners = np.concatenate(parts)
    across = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    twice = np.linalg.norm(across, axis=1)
    kept = twice > 1e-9
    return Mesh(corners[kept], across[kept] / twice[kept, None], twice[kept] / 2)


def samples(of: Mesh, apart: float, chosen: Array | None = None) -> tuple[Array, Array]:
    """Points on the triangles about so far apart, each triangle's middle among them, and each point's triangle."""
    random = np.random.default_rng(1)
    index = np.arange(len(of.corners)) if chosen is None else np.flatnonzero(chosen)
    counts = np.ceil(of.areas[index] / apart**2).astype(int)
    which = np.repeat(index, counts)
    share = random.dirichlet((1.0, 1.0, 1.0), len(which))
    points = np.einsum("ij,ijk->ik", share, of.corners[which])
    middles = of.corners[index].mean(axis=1)
    return np.concatenate([points, middles]), np.concatenate([which, index])


def first_hits(of: Mesh, starts: Array, ways: Array) -> tuple[Array, Array]:
    """How far each ray goes until a triangle, inf for none, and which it is."""
    locator = vtkStaticCellLocator()
    locator.SetDataSet(_poly_data(of))
    locator.BuildLocator()
    far, which = np.full(len(starts), np.inf), np.full(len(starts), -1)
    along, part, cell = reference(0.0), reference(0), reference(0)
    at, local = [0.0, 0.0, 0.0], [0.0, 0.0, 0.0]
    for nth, (start, end) in enumerate(zip(starts, starts + ways * _FAR, strict=True)):
        if locator.IntersectWithLine(start, end, 1e-7, along, at, local, part, cell):
            far[nth], which[nth] = along.get() * _FAR, cell.get()
    return far, which


def thin_places(of: Mesh, least: float, apart: float = 1.2) -> list[tuple[float, Vector]]:
    """Where a wall is thinner than that, along its inward normal: how thick, and where."""
    points, triangles = samples(of, apart)
    normals = of.normals[triangles]
    far, which = first_hits(of, points - normals * 1e-4, -normals)
    facing = np.einsum("ij,ij->i", of.normals[which], normals) < OPPOSITE
    return _listed(far, points, facing & (far < least - 0.02))


def overhangs(of: Mesh, longest_bridge: float, apart: float = 1.2) -> list[tuple[float, Vector]]:
    """What hangs over by more than 45 degrees and isn't a bridge between two sides: its span, and where."""
    low = of.corners[:, :, 2].min()
    hanging = (of.areas > 0.05) & (of.normals[:, 2] < STEEP) & (of.corners[:, :, 2].max(axis=1) > low + FIRST_LAYERS)
    if not hanging.any():
        return []
    points, _ = samples(of, apart, hanging)
    points = points[points[:, 2] > low + FIRST_LAYERS]
    spans = _spans(of, points - np.array((0.0, 0.0, 0.2)))
    return _listed(spans, points, spans > longest_bridge)


def _spans(of: Mesh, points: Array) -> Array:
    """The shortest way from side to side below each point; 0 where an upright side is so near that it is a ledge."""
    best, nearest = np.full(len(points), np.inf), np.full(len(points), np.inf)
    upright = of.normals[:, 2] >= STEEP
    for nth in range(8):
        way = np.array((cos(nth * pi / 8), sin(nth * pi / 8), 0.0))
        ways = np.broadcast_to(way, points.shape)
        ahead, behind = first_hits(of, points, ways), first_hits(of, points, -ways)
        best = np.minimum(best, ahead[0] + behind[0])
        for far, which in (ahead, behind):
            nearest = np.minimum(nearest, np.where(upright[which], far, np.inf))
    return np.where(nearest <= LEDGE, 0.0, best)


def _listed(values: Array, points: Array, chosen: Array) -> list[tuple[float, Vector]]:
    found = [
        (round(float(value), 2), (round(float(x), 1), round(float(y), 1), round(float(z), 1)))
        for value, (x, y, z) in zip(values[chosen], points[chosen], strict=True)
    ]
    return sorted(found)


class Collision:
    """Whether two surfaces cut each other, as often as one of them is moved."""

    def __init__(self, one: Mesh, other: Mesh) -> None:
        self._low, self._high = one.corners.min(axis=(0, 1)), one.corners.max(axis=(0, 1))
        self._other_low, self._other_high = other.corners.min(axis=(0, 1)), other.corners.max(axis=(0, 1))
        self._place = vtkMatrix4x4()
        self._detection = vtkCollisionDetectionFilter()
        for nth, (each, place) in enumerate(((one, self._place), (other, vtkMatrix4x4()))):
            self._detection.SetInputData(nth, _poly_data(each))
            self._detection.SetMatrix(nth, place)
        self._detection.SetCollisionModeToFirstContact()
        self._detection.GenerateScalarsOff()

    def at(self, by: Array) -> bool:
        """With the first one moved by that much."""
        if (self._high + by < self._other_low).any() or (self._low + by > self._other_high).any():
            return False
        for axis in range(3):
            self._place.SetElement(axis, 3, float(by[axis]))
        self._detection.Modified()
        self._detection.Update()
        return bool(self._detection.GetNumberOfContacts())


def collide(one: Mesh, other: Mesh) -> bool:
    """Whether the two surfaces cut each other."""
    return Collision(one, other).at(np.zeros(3))


def _poly_data(of: Mesh) -> vtkPolyData:
    points, cells, data = vtkPoints(), vtkCellArray(), vtkPolyData()
    points.SetData(numpy_to_vtk(np.ascontiguousarray(of.corners.reshape(-1, 3)), deep=True))
    for nth in range(len(of.corners)):
        cells.InsertNextCell(3, (3 * nth, 3 * nth + 1, 3 * nth + 2))
    data.SetPoints(points)
    data.SetPolys(cells)
    return data


def blocked_at(
    moving: Mesh, fixed: Mesh, way: Vector, far: float = 60.0, lift: Vector = (0.0, 0.0, 0.0)
) -> float | None:
    """After how far a part on its way out hits what is there; None where it comes out, and goes in, freely.

    Each point of the part is followed outwards, and each point of what is there the other way onto the part.
    """
    out = np.array(way) / np.linalg.norm(way)
    lifted = moving.moved(out * TOUCH + np.array(lift))
    hits = []
    for points, other, along in ((_points(lifted), fixed, out), (_points(fixed), lifted, -out)):
        distances, _ = first_hits(other, points, np.broadcast_to(along, points.shape))
        hits.append(distances.min())
    return round(float(min(hits)), 2) if min(hits) <= far else None


def _points(of: Mesh) -> Array:
    """Its corners, and points a millimetre apart."""
    return np.concatenate([np.unique(of.corners.reshape(-1, 3).round(5), axis=0), samples(of, 1.0)[0]])


def fits(part: Mesh, around: Mesh, play: float, ways: Iterable[Vector]) -> list[Vector]:
    """The directions in which a part has less play than that."""
    collision = Collision(part, around)
    return [way for way in ways if collision.at(np.array(way) * (play - 0.01))]


def common_volume(one: cq.Workplane, other: cq.Workplane) -> float:
    """What two solids have in common, in mm³."""
    box, other_box = one.val().BoundingBox(), other.val().BoundingBox()
    for low, high in (("xmin", "xmax"), ("ymin", "ymax"), ("zmin", "zmax")):
        if getattr(box, high) < getattr(other_box, low) or getattr(other_box, high) < getattr(box, low):
            return 0.0
    return float(sum(solid.Volume() for solid in one.intersect(other).solids().vals()))


def hidden(points: Array, eye: Vector, behind: Mesh) -> list[Vector]:
    """The points that something hides from an eye."""
    starts = np.broadcast_to(np.array(eye), points.shape)
    ways = points - starts
    lengths = np.linalg.norm(ways, axis=1)
    far, _ = first_hits(behind, starts, ways / lengths[:, None])
    return [(float(x), float(y), float(z)) for x, y, z in points[far < lengths - 0.05]]
