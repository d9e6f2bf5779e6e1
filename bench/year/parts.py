"""A simulated year on all processors: its pairs divided among processes, each with a database of its own."""

from __future__ import annotations

import sys
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.company import SECRET, databases
from bench.year.report import merged
from bench.year.world import FIRST, Found, Plan, World
from peerlearn.app import create_app
from peerlearn.config import Settings
from peerlearn.core.revisions import upgrade


def lived(plan: Plan, processes: int) -> Found:
    """The whole year."""
    parts = [list(range(plan.pairs))[n::processes] for n in range(min(processes, plan.pairs))]
    with ProcessPoolExecutor(len(parts), mp_context=get_context("spawn")) as pool:
        return merged(list(pool.map(_part, [plan] * len(parts), parts)))


def _part(plan: Plan, pairs: list[int]) -> Found:
    with TemporaryDirectory(prefix="year-") as folder, databases(Path(folder)) as (url, _):
        app = create_app(Settings(secret_key=SECRET, database_url=url, instance=Path(folder)))
        with app.app_context():
            upgrade()
            return World(app, plan, pairs).live(_say if pairs[0] == 0 else lambda day: None)


def _say(day: date) -> None:
    if sys.stderr.isatty():
        week = (day - FIRST).days // 7 + 1
        print(f"\rweek {week} ", end="", file=sys.stderr, flush=True)
