"""Surfaces for the pictures: of solids, of boxes and rods, of wires along a curve, and sheets that carry a picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import dist
from typing import Any

import cadquery as cq
from PIL import Image
from vtkmodules.vtkCommonCore import vtkPoints
from vtkmodules.vtkCommonDataModel import vtkCellArray, vtkPolyData
from vtkmodules.vtkCommonTransforms import vtkTransform
from vtkmodules.vtkFiltersCore import vtkAppendPolyData, vtkPolyDataNormals, vtkTubeFilter
from vtkmodules.vtkFiltersGeneral import vtkTransformPolyDataFilter
from vtkmodules.vtkFiltersSources import vtkCubeSource, vtkCylinderSource, vtkPlaneSource, vtkSphereSource

from hardware.case.placing import Placement, Vector

_FINE_MM, _FINE_RAD = 0.04, 0.15
_CREASE_DEG = 32.0
"""Where surfaces meet more sharply than that, one sees an edge."""


@dataclass(frozen=True, slots=True)
class Look:
    """What a surface looks like."""

    colour: str
    """Such as `#c8a050`."""
    shine: float = 0.12
    sharpness: float = 18.0
    """The larger, the smaller is the spot that shines."""
    glows: bool = False
    """It gives off its own colour, whatever light there is."""


@dataclass(frozen=True, slots=True)
class Surface:
    """One thing of one look."""

    mesh: Any
    look: Look
    picture: Image.Image | None = None
    """What a sheet carries in place of the look's colour."""
    thin: bool = False
    """The lamp alone makes it throw a shadow; under the sky, which is many lights, there would be many faint ones."""

    def placed(self, place: Placement) -> Surface:
        """The same, moved from a part's own frame to where that part is."""
        way = vtkTransform()
        way.Translate(*place.at)
        way.RotateZ(place.turn_deg)
        way.RotateX(place.lean_deg)
        return replace(self, mesh=_by(way, self.mesh))

    def moved(self, x: float = 0.0, y: float = 0.0, z: float = 0.0) -> Surface:
        return self.placed(Placement((x, y, z)))


def placed(surfaces: Sequence[Surface], place: Placement) -> list[Surface]:
    """All of them, moved as one."""
    return [each.placed(place) for each in surfaces]


def moved(surfaces: Sequence[Surface], x: float = 0.0, y: float = 0.0, z: float = 0.0) -> list[Surface]:
    """All of them, shifted as one."""
    return placed(surfaces, Placement((x, y, z)))


def solid(shape: cq.Workplane, look: Look) -> Surface:
    """A solid of CadQuery's."""
    points, triangles = vtkPoints(), vtkCellArray()
    for body in shape.vals():
        vertices, faces = body.tessellate(_FINE_MM, _FINE_RAD)
        first = points.GetNumberOfPoints()
        for vertex in vertices:
            points.InsertNextPoint(vertex.x, vertex.y, vertex.z)
        for face in faces:
            triangles.InsertNextCell(3)
            for corner in face:
                triangles.InsertCellPoint(first + corner)
    mesh = vtkPolyData()
    mesh.SetPoints(points)
    mesh.SetPolys(triangles)
    return Surface(_smooth(mesh), look)


def boxes(spans: Sequence[Sequence[float]], look: Look) -> Surface:
    """Boxes as one surface, each as left, front, bottom, right, back, top."""
    joined = vtkAppendPolyData()
    for left, front, bottom, right, back, top in spans:
        source = vtkCubeSource()
        source.SetBounds(left, right, front, back, bottom, top)
        source.Update()
        joined.AddInputData(source.GetOutput())
    joined.Update()
    return Surface(joined.GetOutput(), look)


def rod(diameter: float, bottom: float, top: float, look: Look, at: tuple[float, float] = (0.0, 0.0)) -> Surface:
    """An upright cylinder."""
    source = vtkCylinderSource()
    source.SetRadius(diameter / 2)
    source.SetHeight(top - bottom)
    source.SetResolution(64)
    source.Update()
    way = vtkTransform()
    way.Translate(*at, (bottom + top) / 2)
    way.RotateX(90)
    return Surface(_smooth(_by(way, source.GetOutput())), look)


def ball(diameter: float, at: Vector, look: Look, flat: float = 1.0) -> Surface:
    """A ball, pressed flat to a part of its height."""
    source = vtkSphereSource()
    source.SetRadius(diameter / 2)
    source.SetThetaResolution(24)
    source.SetPhiResolution(24)
    source.Update()
    way = vtkTransform()
    way.Translate(*at)
    way.Scale(1, 1, flat)
    return Surface(_by(way, source.GetOutput()), look)


def tube(points: Sequence[Vector], diameter: float, look: Look) -> Surface:
    """A wire that goes smoothly through the points, from the first to the last."""
    line, lines = vtkPoints(), vtkCellArray()
    way = curve(points)
    lines.InsertNextCell(len(way))
    for nth, point in enumerate(way):
        line.InsertNextPoint(*point)
        lines.InsertCellPoint(nth)
    mesh = vtkPolyData()
    mesh.SetPoints(line)
    mesh.SetLines(lines)
    round_it = vtkTubeFilter()
    round_it.SetInputData(mesh)
    round_it.SetRadius(diameter / 2)
    round_it.SetNumberOfSides(18)
    round_it.CappingOn()
    round_it.Update()
    return Surface(_smooth(round_it.GetOutput()), look, thin=True)


_STEPS = 14


def curve(points: Sequence[Vector]) -> list[Vector]:
    """Points along a smooth way through those given: Catmull and Rom's, which doesn't swing out between close ones."""
    ends = [_beyond(points[0], points[1]), *points, _beyond(points[-1], points[-2])]
    way = []
    for nth in range(1, len(ends) - 2):
        way += [_between(ends[nth - 1 : nth + 3], step / _STEPS) for step in range(_STEPS)]
    return [*way, points[-1]]


def _beyond(end: Vector, before: Vector) -> Vector:
    x, y, z = (2 * a - b for a, b in zip(end, before, strict=True))
    return x, y, z


def _between(four: Sequence[Vector], part: float) -> Vector:
    knots = [0.0]
    for one, other in pairwise(four):
        knots.append(knots[-1] + max(dist(one, other), 1e-3) ** 0.5)
    at = knots[1] + part * (knots[2] - knots[1])
    row, reach = list(four), 1
    while len(row) > 1:
        row = [_mix(one, other, at, knots, nth, reach) for nth, (one, other) in enumerate(pairwise(row))]
        row, reach = row, reach + 1
    return row[0]


def _mix(one: Vector, other: Vector, at: float, knots: Sequence[float], nth: int, reach: int) -> Vector:
    # The last of three rounds mixes over the middle span alone.
    first, last = (knots[nth], knots[nth + reach]) if reach < 3 else (knots[1], knots[2])
    share = (at - first) / (last - first)
    x, y, z = (a + share * (b - a) for a, b in zip(one, other, strict=True))
    return x, y, z


def sheet(corner: Vector, right: Vector, up: Vector, look: Look, picture: Image.Image | None = None) -> Surface:
    """A flat piece from its lower left corner to its lower right and its upper left one."""
    source = vtkPlaneSource()
    source.SetOrigin(*corner)
    source.SetPoint1(*right)
    source.SetPoint2(*up)
    source.Update()
    return Surface(source.GetOutput(), look, picture)


def _by(way: Any, mesh: Any) -> Any:
    changed = vtkTransformPolyDataFilter()
    changed.SetTransform(way)
    changed.SetInputData(mesh)
    changed.Update()
    return changed.GetOutput()


def _smooth(mesh: Any) -> Any:
    normals = vtkPolyDataNormals()
    normals.SetInputData(mesh)
    normals.SetFeatureAngle(_CREASE_DEG)
    normals.SplittingOn()
    normals.Update()
    return normals.GetOutput()
