"""An office by the number of its desks: messages a second, what each part costs, and from fact to row.

`python -m benchmarks.office` takes a quarter of an hour and wants nats-server and PostgreSQL; `--desks N` measures one
number of desks, `--speed N` plays that many times faster than true, `--json FILE` keeps the figures.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.office_cluster.office_trial import OfficeTrial, office_of
from tests.office_cluster.process_costs import Cost

_HOURS, _AT_ONCE_HOURS = 2.0, 9.0


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.office", description=__doc__)
    parser.add_argument("--desks", action="append", type=int, metavar="N")
    parser.add_argument("--speed", type=float, default=60.0, metavar="N")
    parser.add_argument("--json", type=Path, metavar="FILE")
    asked = parser.parse_args()
    figures = [_measured(desks, asked.speed) for desks in asked.desks or (10, 100, 1000)]
    print(_table(figures))
    if asked.json:
        asked.json.write_text(json.dumps(figures, indent=1) + "\n", "utf-8")


def _measured(desks: int, speed: float) -> dict[str, float]:
    with tempfile.TemporaryDirectory(prefix="unsit-office-") as folder, office_of(Path(folder), desks) as office:
        idle_cpu = _share(office, 30.0)
        before, began = office.costs, time.monotonic()
        load = os.getloadavg()[0]
        office.crowd.play(_HOURS, speed)
        office.settle()
        took_s, played = time.monotonic() - began, office.stored
        latencies, after = office.latencies_s(), office.costs
        began = time.monotonic()
        office.crowd.play_at_once(_AT_ONCE_HOURS)
        office.go_on(lambda: office.crowd.timed.acknowledged >= len(office.crowd.timed.told))
        sent_s = time.monotonic() - began
        office.settle()
        stored_s, held, last = time.monotonic() - began, office.held(), office.costs
        return {
            "desks": desks, "load of the computer": load,
            "facts": played, "facts a second, at speed": played / took_s,
            "fact to row, median s": latencies[len(latencies) // 2],
            "fact to row, p99 s": latencies[len(latencies) * 99 // 100],
            **{f"{part}, idle, % of a core": share for part, share in idle_cpu.items()},
            **{f"{part}, ms a fact": 1000 * (after[part].cpu_s - before[part].cpu_s) / played for part in after},
            **{f"{part}, MB": cost.memory_mb for part, cost in after.items()},
            "all at once: facts": held.said - played,
            "all at once: acknowledged a second": (held.said - played) / sent_s,
            "all at once: stored a second": (held.said - played) / stored_s,
            **{f"{part}, MB, all at once": cost.memory_mb for part, cost in last.items()},
            "lost": held.lost, "doubled": held.doubled,
        }  # fmt: skip


def _share(office: OfficeTrial, for_s: float) -> Mapping[str, float]:
    """Each part's share of a core while nothing is said."""
    before: Mapping[str, Cost] = office.costs
    office.rest(for_s)
    return {part: 100 * (cost.cpu_s - before[part].cpu_s) / for_s for part, cost in office.costs.items()}


def _table(figures: Sequence[Mapping[str, float]]) -> str:
    lines = [f"| {name} | " + " | ".join(f"{each[name]:.3g}" for each in figures) + " |" for name in figures[0]]
    return "\n".join([lines[0], "|---" * (len(figures) + 1) + "|", *lines[1:]])


if __name__ == "__main__":
    main()
