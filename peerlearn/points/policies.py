"""The versions of the numbers of the rules: which holds, which held when, and how the next one comes into effect."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ScalarSelect, select
from sqlalchemy.orm import InstrumentedAttribute

from peerlearn.core.db import ask
from peerlearn.points import numbers, rules
from peerlearn.points.models import PointPolicy
from peerlearn.points.rule import Policy

_ALL = select(PointPolicy.version, PointPolicy.numbers, PointPolicy.at).order_by(PointPolicy.version)


@dataclass(frozen=True)
class History:
    """All versions, the first being what ships."""

    versions: tuple[Policy, ...]
    since: tuple[datetime, ...]  # of all but the first

    @property
    def newest(self) -> Policy:
        """The one that holds now."""
        return self.versions[-1]

    def of(self, version: int) -> Policy:
        """The version of this number."""
        return self.versions[version]

    def at(self, moment: datetime) -> Policy:
        """The one that held at a moment."""
        return self.versions[bisect_right(self.since, moment)]


def history() -> History:
    """All versions there are; one statement."""
    rows: Sequence[Any] = ask(_ALL).all()
    later = (numbers.applied(row.numbers, rules.POLICY, row.version) for row in rows)
    return History((rules.POLICY, *later), tuple(row.at for row in rows))


def newest(column: InstrumentedAttribute[Any]) -> ScalarSelect[Any]:
    """A column of the version that holds now, as part of a statement; null while only what ships holds."""
    return select(column).order_by(PointPolicy.version.desc()).limit(1).scalar_subquery()
