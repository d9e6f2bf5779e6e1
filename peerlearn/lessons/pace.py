"""How much one person hands in: a flood of texts would keep curators from what others wrote."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select

from peerlearn.accounts.models import Person
from peerlearn.core import clock
from peerlearn.core.db import ask
from peerlearn.core.errors import NotValid
from peerlearn.lessons import rules
from peerlearn.lessons.models import Revision


def insist_on_pace(revision: Revision, by: Person) -> None:
    """Raise NotValid where this person handed in enough other texts within a day."""
    now = clock.now()
    others = select(func.count()).where(
        Revision.writer_id == by.id, Revision.submitted_at > now - timedelta(days=1), Revision.id != revision.id
    )
    problem = rules.pace_problem(ask(others).scalar_one(), by.created_at, now)
    if problem:
        raise NotValid(problem)
