"""`python -m bench.fairness`: a company with honest people and tricksters; ends with 1 when a target is missed."""

from __future__ import annotations

import argparse
import sys
import time
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.company import SECRET, databases
from bench.fairness import findings, report
from bench.fairness.company import Company
from bench.fairness.page import page
from bench.fairness.plan import FIRST, Plan
from peerlearn.app import create_app
from peerlearn.config import Settings
from peerlearn.core.revisions import upgrade


def main() -> int:
    """Live, print, judge."""
    parser = argparse.ArgumentParser(prog="bench.fairness", description=__doc__)
    parser.add_argument("--honest", type=int, default=500, help="how many honest people (500)")
    parser.add_argument("--days", type=int, default=90, help="for how long (90)")
    parser.add_argument("--chance", type=int, default=1, help="the seed: the same one goes the same way (1)")
    parser.add_argument("--page", type=Path, default=Path("fairness.html"), help="where the page with plots is kept")
    parser.add_argument("--report", action="store_true", help="only print, whatever comes out")
    chosen = parser.parse_args()
    start, plan = time.monotonic(), Plan(chosen.honest, chosen.days, chosen.chance)
    with TemporaryDirectory(prefix="fairness-") as folder, databases(Path(folder)) as (url, _):
        app = create_app(Settings(secret_key=SECRET, database_url=url, instance=Path(folder)))
        with app.app_context():
            upgrade()
            company = Company(app, plan)
            company.live(_say)
            found = findings.of(company)
    print("\n".join(report.lines(found, plan)))
    chosen.page.write_text(page(found, plan), encoding="utf-8")
    print(f"{time.monotonic() - start:.0f} s; plots: {chosen.page}")
    missed = [figure for figure in report.figures(found) if not figure.is_met]
    return 1 if (missed or found.differences) and not chosen.report else 0


def _say(day: date) -> None:
    print(f"\rday {(day - FIRST).days + 1} ", end="", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
