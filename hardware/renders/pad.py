"""The pad: no drawing of any maker's holds for all of them, so it is a plain one of a usual size."""

from __future__ import annotations

import cadquery as cq

from hardware.renders.camera.mesh import Look, Surface, rod, solid, tube

FILM, FOIL = Look("#2c2d31", 0.3, 30), Look("#44464c", 0.3, 30)
LEAD = Look("#2c2d31", 0.2, 20)
_ROWS, _COLUMNS = 3, 4


def pad(scale: float = 1.0) -> list[Surface]:
    """A film with contacts in rows; its middle at the origin. It is some 100 by 80 mm, `scale` times that in all."""
    wide, deep = 100 * scale, 80 * scale
    film = cq.Workplane("XY").box(wide, deep, 1.2, centered=(True, True, False)).edges("|Z").fillet(12 * scale)
    shown = [solid(film, FILM)]
    for row in range(_ROWS):
        for column in range(_COLUMNS):
            at = ((column - 1.5) * 22 * scale, (row - 1) * 23 * scale)
            shown.append(rod(16 * scale, 1.0, 1.8, FOIL, at))
    return shown


def lead_of_pad() -> Surface:
    """The beginning of its lead, of a pad as it is."""
    return tube([(0.0, 36.0, 1.0), (0.0, 46.0, 1.0), (4.0, 54.0, 1.0)], 2.6, LEAD)
