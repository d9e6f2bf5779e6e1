"""Never silence: where nobody who comes first may decide, whoever comes second may; where no curator may at all,
administrators are asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, bindparam, exists, func, select, update
from sqlalchemy.orm import aliased

from peerlearn.accounts import rules as accounts
from peerlearn.accounts.models import Grant, Person
from peerlearn.core import clock
from peerlearn.core.db import UTCDateTime, ask, db, table_of
from peerlearn.core.deeds import publish
from peerlearn.lessons.models import LessonAuthor
from peerlearn.review import asking, conflicts, history, owning, precedence
from peerlearn.review.events import ReviewHandedUp
from peerlearn.review.impartiality import WAIVED
from peerlearn.review.models import Review

_NOTHING = ""  # what makes nobody too close


def hand_up(lesson_ids: Sequence[int] | None = None) -> int:
    """Ask whoever comes second, and administrators about what no curator may decide: how many reviews these are.

    What is open to more stays so.
    """
    now = clock.now()
    which, values = ({}, _values()) if lesson_ids is None else ({"some": True}, _values() | {"lessons": [*lesson_ids]})
    ask(_widen(**which), values | {"now": now})
    found = conflicts.without_curator(now, lesson_ids)
    if not found:
        return 0
    authors = _authors_of([review.lesson_id for review in found])
    ids = [review.id for review in found]
    free = who_may_stand_in(ids, now)
    everyone = administrators() if any(review_id not in free for review_id in ids) else ()
    handed_up = update(Review).where(Review.id.in_(ids)).values(handed_up_at=now, version=Review.version + 1)
    db.session.execute(handed_up, execution_options={"synchronize_session": "fetch"})
    history.note_all("handed_up", ((review.id, review.lesson_id, review.submitted_by_id) for review in found))
    for review in found:
        asked = free.get(review.id, ())
        who = authors.get(review.lesson_id, ()), asked, () if asked else everyone
        publish(ReviewHandedUp(review.id, review.lesson_id, *who), by=None)
    return len(found)


def is_needed() -> bool:
    """Whether there is anything to hand on."""
    without_first = ask(_without_first(), _values()).first()
    return without_first is not None or bool(conflicts.without_curator(clock.now()))


def _values() -> dict[str, Any]:
    return conflicts.bound(clock.now()) | {"today": clock.today(clock.organisation_zone())}


@cache
def _without_first(*, some: bool = False) -> Any:
    """The reviews that nobody who comes first may decide now, and that are not open to others yet."""
    waits = Review.state == "open", Review.widened_at.is_(None)
    statement = select(Review.id).where(*waits, ~_first_is_free())
    return statement.where(Review.lesson_id.in_(conflicts.LESSONS)) if some else statement


@cache
def _widen(*, some: bool = False) -> Any:
    """Open these reviews to whoever comes second."""
    now: Any = bindparam("now", type_=UTCDateTime)
    return update(table_of(Review)).where(Review.id.in_(_without_first(some=some))).values(widened_at=now)


@cache
def _first_is_free() -> ColumnElement[bool]:
    """Whether some curator who comes first is here, not too close, and has not left it to others."""
    curator, grant = aliased(Person), aliased(Grant)
    return exists().where(
        grant.person_id == curator.id,
        conflicts.curates(grant, Review.topic_id, Review.lesson_id),
        curator.is_active,
        ~asking.declined(curator.id, Review.id),
        asking.is_here_on(curator.id, owning.TODAY),
        ~conflicts.hand(curator.id, Review.lesson_id),
        conflicts.closeness(curator.id, Review, conflicts.BOUND).is_(None),
        precedence.comes_second(curator.id, Review).is_(None),
    )


def administrators() -> tuple[int, ...]:
    """Everybody who may stand in for curators."""
    roles = accounts.PERMISSIONS["stand_in"].roles
    statement = select(Grant.person_id).join(Person, Person.id == Grant.person_id)
    found = db.session.scalars(statement.where(Grant.role.in_(roles), Person.is_active).distinct())
    return tuple(sorted(found))


def who_may_stand_in(review_ids: Sequence[int], now: datetime) -> dict[int, tuple[int, ...]]:
    """Who of them may decide about each of these reviews; a review that none may is left out."""
    found: dict[int, tuple[int, ...]] = {}
    for review_id, person_id in ask(_free_administrators(), {"ids": list(review_ids)} | conflicts.bound(now)):
        found[review_id] = (*found.get(review_id, ()), person_id)
    return found


@cache
def _free_administrators() -> Any:
    """The administrators who had no hand in some reviews and whom nothing keeps that is not waived for them."""
    admin, grant = aliased(Person), aliased(Grant)
    close = conflicts.closeness(admin.id, Review, conflicts.BOUND)
    return (
        select(Review.id, admin.id)
        .select_from(Review)
        .join(grant, grant.role.in_(sorted(accounts.PERMISSIONS["stand_in"].roles)))
        .join(admin, admin.id == grant.person_id)
        .where(
            Review.id.in_(bindparam("ids", expanding=True)),
            admin.is_active,
            ~conflicts.hand(admin.id, Review.lesson_id),
            func.coalesce(close, _NOTHING).in_((_NOTHING, *sorted(WAIVED))),
        )
        .distinct()
        .order_by(Review.id, admin.id)
    )


def _authors_of(lesson_ids: Sequence[int]) -> dict[int, tuple[int, ...]]:
    statement = select(LessonAuthor.lesson_id, LessonAuthor.person_id).where(LessonAuthor.lesson_id.in_(lesson_ids))
    found: dict[int, tuple[int, ...]] = {}
    for lesson_id, person_id in db.session.execute(statement.order_by(LessonAuthor.position)):
        found[lesson_id] = (*found.get(lesson_id, ()), person_id)
    return found
