"""The studio: puts surfaces under a soft light and takes their picture, the same one every time.

VTK tells for every dot what is seen there: its colour, where it is, and which way it faces. A lamp and the whole sky,
each many small lights, then shine on the dots that nothing hides from them: that gives soft shadows and dark corners.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import cos, pi, sin, sqrt
from typing import Any

import numpy as np
import vtkmodules.vtkRenderingOpenGL2  # noqa: F401  # Without it there is nothing that draws.
from numpy.typing import NDArray
from PIL import Image
from vtkmodules.util.numpy_support import numpy_to_vtk, vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkFloatArray, vtkObject, vtkUnsignedCharArray
from vtkmodules.vtkCommonDataModel import vtkImageData
from vtkmodules.vtkRenderingCore import vtkActor, vtkPolyDataMapper, vtkRenderer, vtkRenderWindow, vtkTexture

from hardware.renders.camera.colours import linear, of_light, to_light
from hardware.renders.camera.mesh import Surface
from hardware.renders.camera.shot import Shot

Numbers = NDArray[np.float32]

_FINER = 2
"""So many dots for one of the picture, in both directions: for smooth edges."""
_LAMPS, _SKIES = 20, 44
_QUICK_LAMPS, _QUICK_SKIES = 4, 12
_GOLDEN = (sqrt(5) - 1) / 2
_LAMP, _SKY, _AROUND = 0.82, 0.74, 0.08
_LAMP_COLOUR, _SKY_COLOUR = (1.0, 0.95, 0.87), (0.94, 0.97, 1.0)
_LAMP_WIDE = 0.13
_MAP_DOTS = 1200
"""Of the picture that a light takes of what it shines on."""
_OFF_MM = 0.5
"""A dot's place is taken so far in front of its surface, or that would hide it from the light."""


@dataclass(frozen=True, slots=True)
class SmallLight:
    """One of the many lights: from where, and how strong in red, green and blue."""

    towards: Numbers
    strength: Numbers
    gleams: bool
    """One sees it in what shines; the sky is too wide for that."""


@dataclass(frozen=True, slots=True)
class SeenDots:
    """What the camera sees, dot by dot; only those that show a surface."""

    which: NDArray[np.bool_]
    places: Numbers
    facing: Numbers
    colour: Numbers
    shine: Numbers
    sharpness: Numbers
    glows: NDArray[np.bool_]


def photograph(surfaces: Sequence[Surface], shot: Shot, *, quick: bool = False) -> Image.Image:
    """Take the picture."""
    vtkObject.GlobalWarningDisplayOff()
    finer = 1 if quick else _FINER
    seen = _seen(surfaces, shot, finer)
    light = np.full((*seen.which.shape, 3), linear(shot.background), np.float32)
    light[seen.which] = np.where(seen.glows[:, None], seen.colour, _lit(surfaces, seen, shot, quick))
    rows, columns = shot.height, shot.width
    return of_light(light.reshape(rows, finer, columns, finer, 3).mean(axis=(1, 3)))


# ---- what the camera sees


def _seen(surfaces: Sequence[Surface], shot: Shot, finer: int) -> SeenDots:
    size = (shot.width * finer, shot.height * finer)

    def taken(paint: Callable[[Any, Surface], None]) -> tuple[Numbers, Numbers]:
        window, renderer = _stage(surfaces, size, paint)
        _look_from(renderer, shot)
        window.Render()
        dots = _dots(window, size), _depth(window, size)
        window.Finalize()
        return dots

    colour, depth = taken(_paint_colour)
    facing, _ = taken(_paint_facing)
    how, _ = taken(_paint_how)
    which = depth < 1.0
    places = shot.places(depth)[which]
    normal = facing[which] * 2 - 1
    normal /= np.maximum(np.linalg.norm(normal, axis=1, keepdims=True), 1e-6)
    normal *= np.where(((np.asarray(shot.eye, np.float32) - places) * normal).sum(axis=1) < 0, -1, 1)[:, None]
    shine, sharpness, glows = how[which].T
    return SeenDots(which, places, normal, colour[which], shine, sharpness * 128, glows > 0.5)


def _stage(
    surfaces: Sequence[Surface], size: tuple[int, int], paint: Callable[[Any, Surface], None] | None
) -> tuple[Any, Any]:
    renderer, window = vtkRenderer(), vtkRenderWindow()
    renderer.SetBackground(0, 0, 0)
    for surface in surfaces:
        mapper, actor = vtkPolyDataMapper(), vtkActor()
        mapper.SetInputData(surface.mesh)
        mapper.ScalarVisibilityOff()
        actor.SetMapper(mapper)
        actor.GetProperty().LightingOff()
        if paint:
            paint(actor, surface)
        renderer.AddActor(actor)
    window.SetOffScreenRendering(True)
    window.SetMultiSamples(0)
    window.SetSize(*size)
    window.AddRenderer(renderer)
    return window, renderer


def _paint_colour(actor: Any, surface: Surface) -> None:
    if surface.picture:
        actor.SetTexture(_texture(surface.picture))
        actor.GetProperty().SetColor(1, 1, 1)
    else:
        # The root keeps dark colours apart in 256 steps; `_dots` squares it again.
        actor.GetProperty().SetColor(*(part**0.5 for part in linear(surface.look.colour)))


def _paint_facing(actor: Any, surface: Surface) -> None:
    normals = vtk_to_numpy(surface.mesh.GetPointData().GetNormals())
    mesh = type(surface.mesh)()
    mesh.ShallowCopy(surface.mesh)
    codes = np.ascontiguousarray(((normals + 1) / 2) ** 0.5 * 255).round().astype(np.uint8)
    mesh.GetPointData().SetScalars(numpy_to_vtk(codes, deep=True))
    actor.GetMapper().SetInputData(mesh)
    actor.GetMapper().ScalarVisibilityOn()
    actor.GetMapper().SetColorModeToDirectScalars()


def _paint_how(actor: Any, surface: Surface) -> None:
    look = surface.look
    actor.GetProperty().SetColor(look.shine**0.5, (look.sharpness / 128) ** 0.5, float(look.glows))


def _texture(picture: Image.Image) -> Any:
    dots = (to_light(picture) ** 0.5 * 255).round().astype(np.uint8)[::-1]
    data, texture = vtkImageData(), vtkTexture()
    data.SetDimensions(picture.width, picture.height, 1)
    data.GetPointData().SetScalars(numpy_to_vtk(np.ascontiguousarray(dots).reshape(-1, 3), deep=True))
    texture.SetInputData(data)
    texture.InterpolateOn()
    texture.MipmapOn()
    return texture


def _look_from(renderer: Any, shot: Shot) -> None:
    camera = renderer.GetActiveCamera()
    camera.SetPosition(*shot.eye)
    camera.SetFocalPoint(*shot.target)
    camera.SetViewUp(0, 0, 1)
    camera.SetViewAngle(shot.lens_deg)
    camera.SetClippingRange(*shot.range)


def _dots(window: Any, size: tuple[int, int]) -> Numbers:
    found = vtkUnsignedCharArray()
    window.GetPixelData(0, 0, size[0] - 1, size[1] - 1, 0, found, 0)
    parts: Numbers = vtk_to_numpy(found).reshape(size[1], size[0], 3)[::-1].astype(np.float32) / 255
    return parts**2


def _depth(window: Any, size: tuple[int, int]) -> Numbers:
    found = vtkFloatArray()
    window.GetZbufferData(0, 0, size[0] - 1, size[1] - 1, found)
    depth: Numbers = vtk_to_numpy(found).reshape(size[1], size[0])[::-1].copy()
    return depth


# ---- light


def _lights(shot: Shot, quick: bool) -> Iterator[SmallLight]:
    lamps, skies = (_QUICK_LAMPS, _QUICK_SKIES) if quick else (_LAMPS, _SKIES)
    middle = np.asarray(shot.lamp) / np.linalg.norm(shot.lamp)
    side = np.cross(middle, (0, 0, 1))
    side /= np.linalg.norm(side)
    for nth in range(lamps):
        turn, off = 2 * pi * nth * _GOLDEN, _LAMP_WIDE * sqrt((nth + 0.5) / lamps)
        towards = middle + off * (cos(turn) * side + sin(turn) * np.cross(side, middle))
        yield _small(towards, _LAMP / lamps, _LAMP_COLOUR, gleams=True)
    for nth in range(skies):
        up = (nth + 0.5) / skies
        turn, flat = 2 * pi * nth * _GOLDEN, sqrt(1 - up * up)
        yield _small(np.array((flat * cos(turn), flat * sin(turn), up)), _SKY / skies, _SKY_COLOUR, gleams=False)


def _small(towards: Any, strength: float, colour: Sequence[float], *, gleams: bool) -> SmallLight:
    unit = (towards / np.linalg.norm(towards)).astype(np.float32)
    return SmallLight(unit, np.float32(strength) * np.asarray(colour, dtype=np.float32), gleams)


def _lit(surfaces: Sequence[Surface], seen: SeenDots, shot: Shot, quick: bool) -> Numbers:
    """The light that comes from each dot to the camera."""
    of_lamp = _stage(surfaces, (_MAP_DOTS, _MAP_DOTS), None)
    of_sky = _stage([each for each in surfaces if not each.thin], (_MAP_DOTS, _MAP_DOTS), None)
    diffuse = np.full_like(seen.colour, _AROUND)
    shiny = np.zeros_like(seen.colour)
    to_eye = np.asarray(shot.eye, np.float32) - seen.places
    to_eye /= np.linalg.norm(to_eye, axis=1, keepdims=True)
    places = seen.places + _OFF_MM * shot.reach / 200 * seen.facing
    for light in _lights(shot, quick):
        slant = seen.facing @ light.towards
        towards = np.flatnonzero(slant > 0)
        reached = _reached(*(of_lamp if light.gleams else of_sky), places[towards], light, shot)
        slant[towards] *= reached
        slant = np.maximum(slant, 0)
        diffuse += slant[:, None] * light.strength
        if not light.gleams:
            continue
        half = to_eye + light.towards
        gleam = (half * seen.facing).sum(axis=1) / np.linalg.norm(half, axis=1)
        gleam = np.where(slant > 0, np.maximum(gleam, 0) ** seen.sharpness, 0)
        shiny += gleam[:, None] * light.strength
    of_lamp[0].Finalize()
    of_sky[0].Finalize()
    light_back: Numbers = seen.colour * diffuse + seen.shine[:, None] * shiny
    return light_back


def _reached(window: Any, renderer: Any, places: Numbers, light: SmallLight, shot: Shot) -> NDArray[np.bool_]:
    """Which places this light shines on: those that it sees itself."""
    target, far = np.asarray(shot.target, np.float32), 2 * shot.reach
    up = np.array((0, 1, 0) if abs(light.towards[2]) > 0.9 else (0, 0, 1), np.float32)
    camera = renderer.GetActiveCamera()
    camera.ParallelProjectionOn()
    camera.SetParallelScale(shot.reach)
    camera.SetFocalPoint(*(float(each) for each in target))
    camera.SetPosition(*(float(each) for each in target + far * light.towards))
    camera.SetViewUp(*(float(each) for each in up))
    camera.SetClippingRange(1.0, 2 * far)
    window.Render()
    depth = _depth(window, (_MAP_DOTS, _MAP_DOTS))[::-1]
    right = np.cross(up, light.towards)
    right /= np.linalg.norm(right)
    off = places - target
    axes = np.stack((right, np.cross(light.towards, right), light.towards)).astype(np.float32)
    across, along, near = (off @ axes.T).T
    column = ((across / shot.reach + 1) / 2 * _MAP_DOTS).astype(np.int32)
    row = ((along / shot.reach + 1) / 2 * _MAP_DOTS).astype(np.int32)
    on_map = (column >= 0) & (column < _MAP_DOTS) & (row >= 0) & (row < _MAP_DOTS)
    column, row = np.clip(column, 0, _MAP_DOTS - 1), np.clip(row, 0, _MAP_DOTS - 1)
    own = (far - near - 1.0) / (2 * far - 1.0)
    reached: NDArray[np.bool_] = ~on_map | (own <= depth[row, column] + 0.0006)
    return reached
