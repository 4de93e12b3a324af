"""`make renders`: writes the pictures of the device and of its steps to docs/build. With names, only those."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from hardware.renders.pictures import FOLDER, PICTURES, write_picture


def main() -> int:
    """Render all, or those that are named."""
    parser = argparse.ArgumentParser(prog="python -m hardware.renders", description=__doc__)
    parser.add_argument("names", nargs="*", choices=[[], *PICTURES], help="all without")
    parser.add_argument("--quick", action="store_true", help="rough, and in a tenth of the time")
    parser.add_argument("--into", type=Path, default=FOLDER, help="another folder than docs/build")
    chosen = parser.parse_args()
    for name in chosen.names or PICTURES:
        size = write_picture(name, chosen.into, quick=chosen.quick)
        print(f"{name}.png  {size / 1000:.0f} kB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
