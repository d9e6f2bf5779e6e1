"""What happens to answers when a question turns out to be bad: they are marked again, or count for nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import bindparam, func, insert, literal, select, update
from sqlalchemy.orm import aliased

from peerlearn.accounts import queries as people
from peerlearn.accounts.models import Person
from peerlearn.core import clock
from peerlearn.core.db import ask, table_of
from peerlearn.core.deeds import deed, publish
from peerlearn.learn import finishing, queries
from peerlearn.learn.events import AnswerCorrected, PassCorrected
from peerlearn.learn.models import Asked, Attempt, Reading
from peerlearn.learn.remarking import PassChange, Row, Ruling, Try, changes_of_pass, marked_again
from peerlearn.quizzes.answering import Answer
from peerlearn.quizzes.kinds.registry import counts, kind_of
from peerlearn.quizzes.models import ItemVersion
from peerlearn.quizzes.question import Question


@dataclass(frozen=True)
class Key:
    """What was decided about a question: the question before, the wordings whose answers it is about, the one from now.

    Where its key was wrong, `question` has the right one, and the answers belong to the wording `version_id` from then
    on. `alike` are the old wordings that look the same, so that a page which shows one can be answered as the new one.
    """

    lesson_id: int
    item_id: int
    before: Question
    old_versions: frozenset[int]
    version_id: int
    question: Question
    ruling: Ruling = Ruling.KEY
    alike: frozenset[int] = frozenset()

    def marked(self, stored: Mapping[str, Any]) -> tuple[dict[str, Any], float]:
        """A stored answer as it is stored from now on, and its mark by what was decided."""
        kind = kind_of(self.question)
        answer = kind.carried_over(Answer.from_json(stored), self.before, self.question)
        return answer.to_json(), 1.0 if self.ruling is Ruling.FULL else kind.grade(self.question, answer).mark


@dataclass(frozen=True)
class Remarked:
    """What marking again changes: how many answers there are, and how many people pass now or no more.

    `marks` has the marks of the answers by their rows, `told` the people who hear of them.
    """

    answers: int
    gained: int
    lost: int
    marks: Mapping[int, float] = field(default_factory=dict)
    told: frozenset[int] = frozenset()


@dataclass
class _Person:
    """A person's attempts at a lesson before and after, and their answers to the question."""

    id: int
    before: list[Try]
    after: list[Try] = field(default_factory=list)
    concerned: list[tuple[int, Row]] = field(default_factory=list)  # attempt and answer, the first one first

    @property
    def changes(self) -> list[PassChange]:
        """With which attempt they pass now, where it is another one."""
        return changes_of_pass(self.before, self.after)

    @property
    def pass_now(self) -> str:
        """What changed in a word; the newest version of the lesson speaks."""
        for change in reversed(self.changes):
            if change.before is None or change.after is None:
                return "lost" if change.after is None else "gained"
        return "same"


def foreseen(key: Key, shown: Mapping[int, datetime] | None = None) -> Remarked:
    """What marking again would change, before anything is."""
    return _summed(_concerned(key, shown or {}))


@deed
def mark_again(key: Key, *, by: Person, shown: Mapping[int, datetime] | None = None) -> Remarked:
    """Mark all stored answers to a question by what was decided, and say what that changed for whom.

    `shown` says when people met the wrong key elsewhere: what they answered here after that is held against nobody.
    """
    concerned = _concerned(key, shown or {})
    if key.ruling is Ruling.LEFT_OUT:
        _store_left_out(concerned)
    else:
        _store_answers(key, concerned)
    _store_attempts(concerned)
    _announce(key, concerned, by)
    return _summed(concerned)


def _concerned(key: Key, shown: Mapping[int, datetime]) -> list[_Person]:
    people = [
        _marked(person_id, rows, key, shown.get(person_id))
        for person_id, rows in groupby(_rows(key), key=lambda row: row.person_id)
    ]
    return [person for person in people if person.concerned]


def _summed(concerned: Sequence[_Person]) -> Remarked:
    words = [person.pass_now for person in concerned]
    marks = {row.id: row.mark for person in concerned for _attempt_id, row in person.concerned}
    told = frozenset(person.id for person in concerned)
    return Remarked(len(marks), words.count("gained"), words.count("lost"), marks, told)


def _rows(key: Key) -> Sequence[Any]:
    """All attempts at the lesson of everybody who was asked the question, with their questions."""
    place = aliased(ItemVersion)
    wanted = select(Attempt.person_id).join(Attempt.asked).where(Asked.version_id.in_(key.old_versions))
    statement = (
        select(
            *(getattr(Attempt, name) for name in _ATTEMPT),
            Attempt.id.label("attempt_id"),
            Asked.id.label("asked_id"),
            Asked.version_id,
            Asked.mark,
            Asked.answer,
            Asked.answered_at,
            Asked.is_left_out,
            Asked.ruling,
            Asked.is_told,
            ItemVersion.kind,
            func.coalesce(place.item_id, ItemVersion.item_id).label("place"),
        )
        .join(Attempt.asked)
        .join(Asked.version)
        .outerjoin(place, place.id == Asked.instead_of_id)
        .where(Attempt.lesson_id == key.lesson_id, Attempt.person_id.in_(wanted))
        .order_by(Attempt.person_id, Attempt.id, Asked.position)
    )
    found: Sequence[Any] = ask(statement).all()
    return found


_ATTEMPT = ("person_id", "major", "total", "carried", "pass_percent", "state", "is_scored", "is_passed")


def _marked(person_id: int, rows: Iterable[Any], key: Key, shown: datetime | None) -> _Person:
    tries = []
    for _attempt_id, each in groupby(rows, key=lambda row: row.attempt_id):
        tries.append(_try(list(each), key, shown))
    person = _Person(person_id, tries, marked_again(tries, key.ruling))
    ruled = person.before if key.ruling is Ruling.LEFT_OUT else person.after  # what is left out is not there after it
    person.concerned = [(one.id, row) for one in ruled for row in one.rows if row.fresh is not None]
    return person


def _try(rows: Sequence[Any], key: Key, shown: datetime | None) -> Try:
    first = rows[0]
    return Try(
        id=first.attempt_id,
        major=first.major,
        total=first.total,
        carried=first.carried,
        percent=first.pass_percent,
        rows=tuple(_row(row, key, shown) for row in rows),
        is_finished=first.state == "finished",
        is_scored=first.is_scored,
        is_passed=first.is_passed,
    )


def _row(row: Any, key: Key, shown: datetime | None) -> Row:
    its_mark_counts = counts(row.kind) and not row.is_left_out
    found = Row(row.asked_id, row.place, row.mark or 0.0, counts=its_mark_counts, is_told=row.is_told)
    if row.version_id not in key.old_versions:
        return found
    if key.ruling is Ruling.LEFT_OUT:  # answered or not; open attempts are told by `underway`
        return replace(found, fresh=0.0) if its_mark_counts and row.state == "finished" else found
    if row.answered_at is None:
        return found
    answer, fresh = key.marked(row.answer)
    was_shown = (shown is not None and row.answered_at > shown) or row.ruling == Ruling.FULL
    return replace(found, fresh=fresh, answer=answer, was_shown=was_shown)


_ANSWER = (
    update(table_of(Asked))
    .where(Asked.id == bindparam("row"))
    .values(
        version_id=bindparam("new_version"),
        answer=bindparam("same_answer"),
        mark=bindparam("new_mark"),
        is_right=bindparam("now_right"),
        ruling=bindparam("decided"),
        saves=Asked.saves + 1,
    )
)
_LEFT_OUT = (
    update(table_of(Asked))
    .where(Asked.id == bindparam("row"))
    .values(is_left_out=True, ruling=str(Ruling.LEFT_OUT), saves=Asked.saves + 1)
)
_OUTCOME = (
    update(table_of(Attempt))
    .where(Attempt.id == bindparam("row"))
    .values(
        total=bindparam("now_total"),
        carried=bindparam("now_carried"),
        right=bindparam("now_right"),
        score=bindparam("now_score"),
        is_passed=bindparam("passes"),
        rests_on_told=bindparam("on_told"),
        saves=Attempt.saves + 1,
    )
)


def _store_answers(key: Key, concerned: Sequence[_Person]) -> None:
    """The answers are kept under the wording that is asked now: it explains them from now on."""
    rows = [
        {
            "row": row.id,
            "new_version": key.version_id,
            "same_answer": row.answer,
            "new_mark": row.mark,
            "now_right": row.is_right,
            "decided": str(key.ruling),
        }
        for person in concerned
        for _attempt_id, row in person.concerned
    ]
    if rows:
        ask(_ANSWER, rows)


def _store_left_out(concerned: Sequence[_Person]) -> None:
    """The answers stay as they are and count for nothing."""
    rows = [{"row": row.id} for person in concerned for _attempt_id, row in person.concerned]
    if rows:
        ask(_LEFT_OUT, rows)


def _store_attempts(concerned: Sequence[_Person]) -> None:
    """Store what changed of finished attempts; who loses a pass comes first, since only one attempt may hold it."""
    changed = [
        after
        for person in concerned
        for before, after in zip(person.before, person.after, strict=True)
        if after.is_finished and _outcome(before) != _outcome(after)
    ]
    rows = [
        {
            "row": one.id,
            "now_total": one.total,
            "now_carried": one.carried,
            "now_right": one.right,
            "now_score": one.score,
            "passes": one.is_passed,
            "on_told": one.rests_on_told,
        }
        for one in sorted(changed, key=lambda one: one.is_passed)
    ]
    if rows:
        ask(_OUTCOME, rows)


def _outcome(one: Try) -> tuple[int, float, int, bool]:
    return one.total, one.score, one.right, one.is_passed


def _announce(key: Key, concerned: Sequence[_Person], by: Person) -> None:
    for person in concerned:
        attempt_id, row = person.concerned[0]
        said = AnswerCorrected(
            person_id=person.id,
            lesson_id=key.lesson_id,
            item_id=key.item_id,
            version_id=key.version_id,
            attempt_id=attempt_id,
            is_right=row.is_right,
            pass_now=person.pass_now,
            ruling=key.ruling,
        )
        publish(said, by=by)
    for change in _corrected_passes(concerned, key.ruling):
        publish(change, by=by)


def _corrected_passes(concerned: Sequence[_Person], ruling: Ruling) -> list[PassCorrected]:
    """What is to be said of each pass that changed, as it would have been said when the attempt was finished."""
    changed = [(person.id, change) for person in concerned for change in person.changes]
    if not changed:
        return []
    speaking = {change.after.id if change.after else _id_of(change.before): change for _, change in changed}
    learners = people.people_by_id({person_id for person_id, _ in changed})
    found = []
    for sitting in queries.sittings(list(speaking)):
        learner, attempt = learners[sitting.attempt.person_id], sitting.attempt
        assert attempt.finished_at is not None
        passed = finishing.pass_of(sitting, learner)
        day = clock.day_of(attempt.finished_at, learner.timezone)
        passes = speaking[attempt.id].after is not None
        found.append(PassCorrected.of(learner.id, passes, attempt.finished_at, day, passed, ruling))
    return found


def _id_of(one: Try | None) -> int:
    assert one is not None
    return one.id


@deed
def keep_readings(old_revision_id: int, new_revision_id: int) -> None:
    """Let everybody go on reading where they were: the cards of both revisions are the same."""
    kept = [column for column in table_of(Reading).columns if column.name not in ("id", "revision_id")]
    there = select(Reading.person_id).where(Reading.revision_id == new_revision_id)
    rows = select(*kept, literal(new_revision_id)).where(
        Reading.revision_id == old_revision_id, Reading.person_id.not_in(there)
    )
    ask(insert(table_of(Reading)).from_select([*kept, table_of(Reading).c.revision_id], rows))
