"""How long a part prints and what it takes of filament, by PrusaSlicer, if it is installed."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

_PROGRAM = "prusa-slicer"
SETTINGS = {
    "layer-height": "0.2",
    "nozzle-diameter": "0.4",
    "perimeters": "3",
    "fill-density": "15%",
    "filament-type": "PLA",
    "filament-diameter": "1.75",
    "filament-density": "1.24",
    "temperature": "210",
    "bed-temperature": "60",
}
"""What is asked for. All else is as the slicer has it: no supports, no brim, the speeds of a slow printer."""
_UNITS = {"d": 24 * 60, "h": 60, "m": 1, "s": 1 / 60}


@dataclass(frozen=True, slots=True)
class PrintFigures:
    """What one part takes."""

    minutes: int
    grams: float
    metres: float


def is_there() -> bool:
    """Whether the slicer is installed."""
    return shutil.which(_PROGRAM) is not None


def sliced(stl: Path) -> PrintFigures:
    """Slice a part that lies as it is printed. Raises CalledProcessError."""
    with TemporaryDirectory() as folder:
        result = Path(folder) / "part.gcode"
        asked = [f"--{name}={value}" for name, value in SETTINGS.items()]
        command = [_PROGRAM, "--export-gcode", *asked, "--output", str(result), str(stl)]
        subprocess.run(command, check=True, capture_output=True)
        return figures_of(result.read_text("utf-8"))


def figures_of(gcode: str) -> PrintFigures:
    """What the slicer has noted at the end of the G-code."""
    spans = re.findall(r"(\d+)([dhms])", _noted(gcode, "estimated printing time (normal mode)"))
    return PrintFigures(
        minutes=round(sum(int(count) * _UNITS[unit] for count, unit in spans)),
        grams=round(float(_noted(gcode, "filament used [g]")), 1),
        metres=round(float(_noted(gcode, "filament used [mm]")) / 1000, 2),
    )


def _noted(gcode: str, name: str) -> str:
    found = re.search(rf"^; {re.escape(name)} = (.+)$", gcode, re.MULTILINE)
    assert found, name
    return found[1]
