"""A line that counts up while something long works."""

from __future__ import annotations

import sys
from collections.abc import Callable

import click

Show = Callable[[int], None]


def progress(label: str, total: int) -> Show:
    """What to call with how much is done; on a terminal one line that changes, elsewhere a line for each quarter."""
    interactive = sys.stdout.isatty()
    told = 0

    def show(done: int) -> None:
        nonlocal told
        quarter = 4 * done // max(1, total)
        if interactive:
            click.echo(f"\r{label} {done}/{total}", nl=done >= total)
        elif quarter > told:
            click.echo(f"{label} {done}/{total}")
        told = quarter

    return show
