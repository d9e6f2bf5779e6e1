"""`python -m bench.year`: a year of learners, with and without practice; prints a table and keeps it in a file."""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path

from bench.year import report
from bench.year.parts import lived
from bench.year.world import Plan


def main() -> int:
    """Live, print, keep."""
    parser = argparse.ArgumentParser(prog="bench.year", description=__doc__)
    parser.add_argument("--learners", type=int, default=200, help="how many, two for each pair (200)")
    parser.add_argument("--weeks", type=int, default=52, help="how long the year is (52)")
    parser.add_argument("--chance", type=int, default=1, help="the seed: the same one goes the same way (1)")
    parser.add_argument("--write", type=Path, help="a file in which the table is kept")
    chosen = parser.parse_args()
    start = time.monotonic()
    plan = Plan(max(1, chosen.learners // 2), chosen.weeks, chosen.chance)
    found = lived(plan, os.cpu_count() or 1)
    table = "\n".join(report.lines(found, plan))
    print(f"{table}\n{time.monotonic() - start:.0f} s")
    if chosen.write:
        chosen.write.parent.mkdir(parents=True, exist_ok=True)
        chosen.write.write_text(table + "\n", encoding="utf-8")
    return 1 if found.differences else 0


if __name__ == "__main__":
    sys.exit(main())
