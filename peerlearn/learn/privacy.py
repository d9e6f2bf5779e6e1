"""What learning keeps of a person. Marks that a check or an exam may not tell yet are left empty."""

from __future__ import annotations

from sqlalchemy import ColumnElement, select

from peerlearn.core.privacy import emptied, keeps
from peerlearn.learn import withheld
from peerlearn.learn.models import Asked, Attempt, Reaction, Reading
from peerlearn.quizzes.answering import Answer
from peerlearn.quizzes.kinds.reflection import Reflection
from peerlearn.quizzes.models import ItemVersion

_FREE = Asked.version_id.in_(select(ItemVersion.id).where(ItemVersion.kind == Reflection.slug))


def _of(person_id: int) -> ColumnElement[bool]:
    return Asked.attempt_id.in_(select(Attempt.id).where(Attempt.person_id == person_id))


def _untold(person_id: int) -> ColumnElement[bool]:
    open_ones = select(Attempt.id).where(Attempt.person_id == person_id, Attempt.state == "open")
    return Asked.version_id.in_(withheld.versions(person_id)) | Asked.attempt_id.in_(open_ones)


def _open(person_id: int) -> ColumnElement[bool]:
    return (Attempt.person_id == person_id) & (Attempt.state == "open")


keeps(Reading, "person_id")
keeps(Attempt, "person_id", without="seed", veil=(_open, "right score is_passed rests_on_told"))
keeps(
    Asked,
    "attempt_id",
    owner=_of,
    veil=(_untold, "mark is_right ruling is_told instead_of_id"),
    erased=emptied(_FREE, answer=Answer(Reflection.slug, ("",)).to_json(), typed=None),
)
keeps(Reaction, "person_id")
