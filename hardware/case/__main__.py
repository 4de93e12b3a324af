"""`make case`: writes the printed parts' files, what they take to print, and how long each wire is."""

from __future__ import annotations

import argparse
import tomllib
from collections.abc import Mapping
from pathlib import Path

from hardware.case import slicer
from hardware.case.lengths import lengths_text
from hardware.case.shipped import FILES, VARIANTS, parts, variant, write_part
from hardware.wiring import lengths

_FIGURES = "print.toml"


def main() -> None:
    """Write all, or one build's parts."""
    parser = argparse.ArgumentParser(prog="hardware.case", description="Write the case's parts for the printer.")
    parser.add_argument("--build", choices=[variant(each) for each in VARIANTS], help="only this build's")
    parser.add_argument("--to", type=Path, default=FILES, help="into this folder")
    asked = parser.parse_args()
    written: dict[str, Path] = {}
    for build in VARIANTS:
        if asked.build in (None, variant(build)):
            for name, path in parts(build):
                if path not in written:
                    written[path] = asked.to / path
                    write_part(name, build, written[path])
                    print(written[path].with_suffix(".stl"))
    Path(lengths.__file__).with_name(lengths.TABLE).write_text(lengths_text(), "utf-8")
    if slicer.is_there():
        _write_figures(
            asked.to / _FIGURES, {path: slicer.sliced(file.with_suffix(".stl")) for path, file in written.items()}
        )
    else:
        print("There is no prusa-slicer: the times and grams stay as they are.")


def _write_figures(file: Path, found: Mapping[str, slicer.PrintFigures]) -> None:
    kept = tomllib.loads(file.read_text("utf-8")) if file.exists() else {}
    asked = ", ".join(f"{name} {value}" for name, value in slicer.SETTINGS.items())
    lines = [f"# Written by `make case`: what each part takes to print, by PrusaSlicer with {asked}."]
    entries = kept | {
        path: {"minutes": of.minutes, "grams": of.grams, "metres": of.metres} for path, of in found.items()
    }
    for path, entry in sorted(entries.items()):
        lines.append(f'"{path}" = {{ {", ".join(f"{name} = {value}" for name, value in entry.items())} }}')
    file.write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main()
