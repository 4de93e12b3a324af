"""All benchmarks in one table: this device beside what it is compared with, measured in the same run.

`python -m benchmarks` takes about six minutes; `--json FILE` keeps the figures, `--only NAME` runs some of them,
`--idle-s N` watches the idle processes for longer, `--traces DIR` replays recorded office days.
"""

from __future__ import annotations

import argparse
import json
import platform
from collections.abc import Callable, Iterable
from pathlib import Path

from benchmarks import broker, days, history, idle, page, press, sending, start, wire
from benchmarks.table import Row, text

_PARTS = ("idle", "wire", "sending", "press", "start", "days", "history", "page", "mqtt")


def main() -> None:
    """Measure, and print the table."""
    asked = _parser().parse_args()
    parts: dict[str, Callable[[], Iterable[Row]]] = {
        "idle": lambda: idle.rows(asked.idle_s),
        "wire": wire.rows,
        "sending": sending.rows,
        "press": press.rows,
        "start": start.rows,
        "days": lambda: days.rows(asked.traces),
        "history": lambda: history.rows(asked.traces),
        "page": lambda: page.rows(asked.idle_s),
        "mqtt": lambda: broker.rows(asked.idle_s),
    }
    rows = [row for name in asked.only or parts for row in parts[name]()]
    print(text(rows))
    if asked.json:
        told = {"python": platform.python_version(), "machine": platform.machine(), "rows": [r.as_json() for r in rows]}
        asked.json.write_text(json.dumps(told, indent=1) + "\n", "utf-8")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--json", type=Path, metavar="FILE")
    parser.add_argument("--only", action="append", choices=_PARTS)
    parser.add_argument("--idle-s", type=float, default=60.0, metavar="N")
    parser.add_argument("--traces", type=Path, metavar="DIR")
    return parser


if __name__ == "__main__":
    main()
