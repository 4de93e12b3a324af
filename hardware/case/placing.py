"""Where everything sits in the case, in millimetres and degrees: the case's own sizes follow from its parts.

The case's frame: x to the right and y away from the person who sits in front, z up; its origin is the middle of the
front edge, on the desk side of the floor. The face leans back; along it `s` counts from that edge upwards.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import atan2, cos, degrees, radians, sin, tan

from hardware.wiring.outlines import Outline, outlines
from hardware.wiring.wires import SHIPPED, Build

LEAN_DEG = 30.0
"""From vertical. Somebody seated 70 cm away looks down on the desk by as much."""
LEAN_TAN = tan(radians(LEAN_DEG))
WALL = 2.0
FACE = 2.4
FLOOR = 2.8
BACK = 2.4
PLAY = 0.3
"""Between what is printed and what goes into it, on each side."""
SCREW = 2.5
PILOT = 2.1
"""The hole that a screw of 2.5 mm cuts its thread into."""
THROUGH = SCREW + 0.3
"""The hole that it passes without touching."""
LIP = 1.2
"""How far a rail reaches over what slides into it."""
DOT, DOTS_APART = 2.0, 3.6
"""The small holes for air and sound, and from one to the next."""
BOSS = 6.6
HEAD = 5.0
SUNK = 1.2
"""How deep the heads beneath the floor lie in it."""
STANDOFF = 3.6
"""Under the Pi and the strip board: a screw of 6 mm through the Pi ends in the floor."""
RAIL = 1.6
PAD = 1.8
"""The panel's board stands so far behind the face, so that its glass just doesn't touch."""

PORTS_AT_BACK = ("power", "micro USB", "mini HDMI", "HDMI", "headphones")
"""The ports along the edge at the back wall, which has an opening for power alone."""

Vector = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a part's own frame lies in the case: leant about its x, then turned about z, then moved."""

    at: Vector
    lean_deg: float = 0.0
    turn_deg: float = 0.0

    def of(self, point: Vector) -> Vector:
        """A point of the part, in the case's frame."""
        x, y, z = point
        lean, turn = radians(self.lean_deg), radians(self.turn_deg)
        y, z = y * cos(lean) - z * sin(lean), y * sin(lean) + z * cos(lean)
        x, y = x * cos(turn) - y * sin(turn), x * sin(turn) + y * cos(turn)
        return self.at[0] + x, self.at[1] + y, self.at[2] + z


@dataclass(frozen=True, slots=True)
class CaseSizes:
    """The sizes of a case for one build."""

    build: Build
    inner_half: float
    """From the middle to a side's inner face."""
    depth: float
    slope: float
    """The face's length from the floor to the top."""

    @property
    def half(self) -> float:
        """From the middle to a side's outer face."""
        return self.inner_half + WALL

    @property
    def height(self) -> float:
        return self.slope * cos(radians(LEAN_DEG))

    @property
    def back(self) -> float:
        """The y of the back wall's inner face."""
        return self.depth - BACK


STRIP_Y = 19.5
"""The front edge of the strip board: behind what holds the panel."""
BETWEEN_BOARDS = 0.7
_BESIDE_BOARD = 2.7
_BEHIND_PORTS = 0.4
PANEL_S = 9.0
"""The panel's lower edge, along the face: what guides it ends above the floor."""
_ABOVE_PANEL = 4.0


def sizes(build: Build = SHIPPED) -> CaseSizes:
    """The case's sizes for these parts."""
    board, panel = outlines()[build.board], outlines()[build.panel]
    beyond = max(box[3] for box in board.ports.values()) - board.size[0]
    inner_half = board.size[0] / 2 + max(_BESIDE_BOARD, beyond + 1.0) + PLAY
    depth = STRIP_Y + outlines()["board"].size[1] + BETWEEN_BOARDS + board.size[1] + _behind(board) + BACK
    return CaseSizes(build, inner_half, depth, PANEL_S + panel.size[1] + _ABOVE_PANEL)


def on_face(x: float, s: float, depth: float = 0.0) -> Vector:
    """A point on the face: `s` along it from the floor's edge upwards, `depth` behind its outside."""
    lean = radians(LEAN_DEG)
    return x, s * sin(lean) + depth * cos(lean), s * cos(lean) - depth * sin(lean)


def _behind(board: Outline) -> float:
    """From the board's edge to the back wall: its ports stick out, and it is let down in front of that wall."""
    return _BEHIND_PORTS - min(box[1] for name, box in board.ports.items() if name in PORTS_AT_BACK)


def places(build: Build = SHIPPED) -> dict[str, Placement]:
    """Where each bought part sits, by its name in wires.toml; the Pi is `header`."""
    case, board, panel = sizes(build), outlines()[build.board], outlines()[build.panel]
    floor = FLOOR + STANDOFF
    placed = {
        # Turned, so that its ports are at the back wall.
        "header": Placement((board.size[0] / 2, case.back - _behind(board), floor), turn_deg=180),
        "panel": Placement(on_face(-panel.size[0] / 2, PANEL_S, FACE + PAD + panel.size[2]), lean_deg=90 - LEAN_DEG),
        # Between its two rails, the left one at the floor's edge.
        "board": Placement((-case.inner_half + PLAY + RAIL + PLAY, STRIP_Y, floor)),
        "button": Placement((case.inner_half - 17.0, case.back - 16.7, case.height)),
        "socket": Placement((6.0, case.depth, 25.0), lean_deg=-90.0),
    }
    if build.seat == "force":
        # Turned, so that its pins are where the panel's bar isn't.
        wide, deep, _ = outlines()["converter"].size
        x, y = holder_middle(build)
        on_ledges = floor + HOLDER_PLATE + HOLDER_LEDGE
        placed["converter"] = Placement((x + wide / 2, y + deep / 2, on_ledges), turn_deg=180.0)
    return placed


def grips(build: Build = SHIPPED) -> dict[str, tuple[float, float, float, float]]:
    """The largest grip of each plug for power, as it is in its port: left, bottom, right and top."""
    found = {}
    for kind, (along, up) in outlines()[build.board].power.items():
        x, _, z = places(build)["header"].of((along, 0.0, up))
        wide, high, _ = outlines()[kind].size
        found[kind] = x - wide / 2, z - high / 2, x + wide / 2, z + high / 2
    return found


def eye_angle_deg(distance: float, above_desk: float, build: Build = SHIPPED) -> float:
    """By how many degrees an eye so far away and so high is off the panel's normal; positive where it is higher."""
    _, y, z = on_face(0, PANEL_S + outlines()[build.panel].size[1] / 2)
    return degrees(atan2(above_desk - z, distance + y)) - LEAN_DEG


# ---- what joins the printed parts

FRONT_SCREW = (-5.0, 12.0)
"""From a side's inner face inwards, and from the front: a screw from beneath into the hood, on each side."""
REAR_SCREW_X = -4.0
"""From a side's inner face inwards: a screw through the back wall into the hood, on each side."""
BOSS_HIGH = 8.0
BOSS_DEPTH = 10.0
"""How far a boss of the hood reaches forward from the back wall."""
BAR_RISE = 6.0
"""The bar lies so far behind the face's inside."""
BAR = (6.6, 3.0)
"""Its width and thickness."""
_BELOW_PINS = 6.4

HOLDER_PLATE = 2.0
HOLDER_LEDGE = 2.6
"""Between the holder's plate and the converter there is room for the heads of two screws."""
JOINT = 0.9
"""The radius of a soldered joint of a pin."""
HOLDER_SCREWS = 11.0
"""From the holder's middle to each of its two screws."""


CLIP_SOCKET = Placement((0.0, 6.4 + BACK, 11.0), lean_deg=-90.0)
"""Where the chair's socket sits in the clip, in the clip's frame."""
CLIP_TIE_Y = -12.0
"""The cable tie that holds the pad's lead: beyond the socket's lugs."""


def rear_screw_z(build: Build = SHIPPED) -> float:
    """How high the screws through the back wall are: over what stands beside them."""
    tallest = max(box[5] for box in outlines()[build.board].ports.values())
    return max(22.0, FLOOR + STANDOFF + tallest + BOSS_HIGH / 2 + 1.0)


def holder_middle(build: Build = SHIPPED) -> tuple[float, float]:
    """The middle of the converter's holder, beside the strip board."""
    return sizes(build).inner_half - 18.0, STRIP_Y + 9.5


def bar_s(build: Build = SHIPPED) -> float:
    """The middle of the bar that holds the panel, along the face: under the panel's pins, over all on the floor."""
    return PANEL_S + min(y for _, y in outlines()[build.panel].pins.values()) - _BELOW_PINS


_FEET_X, _FEET_Y = 15.0, (10.6, 9.0)
"""From a side inwards, from the front, and from the back; clear of every screw."""
FOOT_DEPTH = 0.8


def feet(build: Build = SHIPPED) -> list[tuple[float, float]]:
    """The middles of the four recesses for feet in the base's underside."""
    case = sizes(build)
    xs = (_FEET_X - case.inner_half, case.inner_half - _FEET_X)
    return [(x, y) for x in xs for y in (_FEET_Y[0], case.depth - _FEET_Y[1])]


def bar_reach(build: Build = SHIPPED) -> float:
    """From the middle of the panel to each of the bar's two screws."""
    panel = outlines()[build.panel]
    return panel.size[0] / 2 + panel.spread / 2 + PLAY + BOSS / 2
