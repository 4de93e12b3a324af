"""`make drawings`: writes all that is drawn from the wiring, and the tables in the docs."""

from __future__ import annotations

import sys

from hardware.drawings.drawn import DRAWN
from hardware.drawings.tables import DOCUMENTS, PROJECT, NoTableError, written


def main() -> int:
    """Write everything anew; 1 if a document asks for a table that isn't there."""
    folder = PROJECT / "docs/build"
    folder.mkdir(exist_ok=True)
    for name, draw in DRAWN.items():
        (folder / f"{name}.svg").write_text(draw(), "utf-8")
    for document in DOCUMENTS:
        file = PROJECT / document
        if not file.exists():
            continue
        try:
            file.write_text(written(file.read_text("utf-8")), "utf-8")
        except NoTableError as error:
            print(f"{document}: {error}", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
