"""More time for somebody holds in the quiz that is open before them; less holds from the next one on."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from sqlalchemy import bindparam, select, update

from peerlearn.accounts.models import Person
from peerlearn.core import clock
from peerlearn.core.db import ask, table_of
from peerlearn.learn.models import Attempt
from peerlearn.lessons.models import Revision
from peerlearn.quizzes.rules import Terms

_OPEN = (
    select(Attempt.id, Attempt.started_at, Attempt.due_at, Revision.extras, Person.pace)
    .join(Revision, Revision.id == Attempt.revision_id)
    .join(Person, Person.id == Attempt.person_id)
    .where(Attempt.person_id.in_(bindparam("people", expanding=True)), Attempt.state == "open")
    .where(Attempt.due_at > bindparam("now"))
)
_TABLE = table_of(Attempt)
_LENGTHEN = update(_TABLE).where(_TABLE.c.id == bindparam("attempt")).values(due_at=bindparam("until"))


def follow_pace(person_ids: Collection[int]) -> None:
    """Let open attempts of these people take as long as their pace allows, counted from their beginning."""
    longer = []
    for row in ask(_OPEN, {"people": sorted(person_ids), "now": clock.now()}):
        limit = Terms.of(row.extras).seconds(row.pace)
        until = row.started_at + timedelta(seconds=limit) if limit else row.due_at
        if until > row.due_at:
            longer.append({"attempt": row.id, "until": until})
    if longer:
        ask(_LENGTHEN, longer)
