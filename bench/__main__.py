"""`python -m bench`: PeerLearn beside its anchors. Ends with 1 when a goal is missed, unless only asked to report."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.company import running
from bench.measure import Row
from bench.rows import ALL


def main() -> int:
    """Measure, print, judge."""
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--report", action="store_true", help="only print, whatever comes out")
    parser.add_argument("--only", default="", help="only rows whose function has this in its name")
    chosen = parser.parse_args()
    start = time.monotonic()
    missed = 0
    with TemporaryDirectory(prefix="bench-") as folder, running(Path(folder)) as bench:
        print(f"{bench.size}\n")
        print(f"{'':38}{'statements':>11}{'ours':>15}{'anchor':>15}{'found':>11}{'goal':>11}")
        for measure in ALL:
            if chosen.only in measure.__name__:
                for row in measure(bench):
                    missed += not row.is_met
                    print(line_of(row), flush=True)
    print(f"\n{missed or 'No'} goals missed, {time.monotonic() - start:.0f} s")
    return 1 if missed and not chosen.report else 0


def line_of(row: Row) -> str:
    """A row as text."""
    count = "" if row.statements is None else str(row.statements)
    found, goal = f"{row.found:.2f} {row.unit}", f"{row.goal:g} {row.unit}"
    return (
        f"{row.name:38}{count:>11}{row.ours:>15}{row.anchor:>15}{found:>11}{goal:>11}  {'' if row.is_met else 'MISSED'}"
    )


if __name__ == "__main__":
    sys.exit(main())
