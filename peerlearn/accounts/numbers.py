"""Numbers that an organisation sets for itself. Each feature offers its own, beside the rules that use them.

What holds is a version in the database, and each replaces the one before from its moment on. A process keeps the values
of one version; the statement that says who has signed in brings the number of the newest. So a request works with what
holds and asks nothing more. Without a request what was seen last holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app, has_app_context
from sqlalchemy import func, select

from peerlearn.accounts.models import NumberVersion
from peerlearn.core.db import ask
from peerlearn.core.words import N_

NAME = "numbers"
OUT_OF_BOUNDS = N_("Choose a whole number from %(least)s to %(most)s.")
TOO_LOW = N_("This cannot be lower than “%(other)s”.")

Problem = tuple[str, dict[str, Any]]


@dataclass(frozen=True)
class Number:
    """One number that an organisation may set: what ships with PeerLearn, and from where to where it may go."""

    name: str
    title: str
    usual: int
    least: int
    most: int
    help: str
    at_least: str = ""  # the name of another one of the same group; never below that


@dataclass(frozen=True)
class Group:
    """Numbers that belong together."""

    title: str
    numbers: tuple[Number, ...]


GROUPS: list[Group] = []


def offer(title: str, *numbers: Number) -> Group:
    """Let administrators set these; a feature says so when it is imported."""
    GROUPS.append(Group(title, numbers))
    return GROUPS[-1]


def offered() -> dict[str, Number]:
    """All of them, by name."""
    return {number.name: number for group in GROUPS for number in group.numbers}


@dataclass(frozen=True)
class Held:
    """What holds: the number of the version, and all that it has otherwise than what ships."""

    version: int = 0
    changes: tuple[tuple[str, int], ...] = ()

    def of(self, number: Number) -> int:
        """The value of a number."""
        return dict(self.changes).get(number.name, number.usual)


USUAL = Held()


def problems(values: Mapping[str, int | None]) -> dict[str, Problem]:
    """What is wrong with these values, each a sentence with its numbers, by name. Every number needs one."""
    known, found = offered(), dict[str, Problem]()
    for name, number in known.items():
        value = values.get(name)
        if value is None or not number.least <= value <= number.most:
            found[name] = OUT_OF_BOUNDS, {"least": number.least, "most": number.most}
    whole = {name: value for name, value in values.items() if value is not None and name not in found}
    for name, number in known.items():
        if name in whole and whole[name] < whole.get(number.at_least, number.least):
            found[name] = TOO_LOW, {"other": known[number.at_least].title}
    return found


def changed(values: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Those of these values that are not what ships; names that are no longer offered are left out."""
    known = offered()
    return {name: value for name, value in values if name in known and known[name].usual != value}


def init_app(app: Flask) -> None:
    """Give a process a place for what holds. A test begins with what ships."""
    app.extensions[NAME] = USUAL if app.testing else None


def newest() -> Any:
    """The number of the version that holds, as a column; null while what ships holds."""
    return select(func.max(NumberVersion.version)).scalar_subquery()


def notice(version: int | None) -> None:
    """This version holds, as a statement just told. Its values are asked for where they are not known."""
    known: Held | None = current_app.extensions[NAME]
    if known is None or known.version != (version or 0):
        current_app.extensions[NAME] = _version(version) if version else USUAL


def held() -> Held:
    """What holds."""
    if not has_app_context():
        return USUAL
    if current_app.extensions[NAME] is None:
        notice(ask(select(newest())).scalar())
    found: Held = current_app.extensions[NAME]
    return found


def look() -> Held:
    """What holds by now, asked of the database: for work without a request that cannot be taken back."""
    notice(ask(select(newest())).scalar())
    return held()


def _version(version: int) -> Held:
    values = ask(select(NumberVersion.numbers).where(NumberVersion.version == version)).scalar() or {}
    return Held(version, tuple(sorted(changed(values.items()).items())))
