"""People leave: what they looked after and what they were writing goes on with somebody who is here.

Nothing is shown with an owner who has gone, and nothing is lost: what only they knew stays as it was until an
administrator names who carries it on.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import select

from peerlearn.accounts import queries as accounts
from peerlearn.accounts import rules as roles
from peerlearn.accounts.models import Person, Team
from peerlearn.core.db import db
from peerlearn.core.deeds import deed, publish
from peerlearn.core.errors import Conflict, NotValid
from peerlearn.core.words import N_
from peerlearn.lessons import fileformat, owners, showing, visibility
from peerlearn.lessons import queries as lessons
from peerlearn.lessons.models import Lesson, Revision
from peerlearn.lessons.rules import FOR_SOME
from peerlearn.review import handing_up
from peerlearn.verification import heirs
from peerlearn.verification.events import LessonHandedOver, LessonsLeftBehind, TextHandedOver

NOBODY = N_(
    "Its owner has left, and nobody who may see it is here to look after it. Ask an administrator to name somebody, "
    "then do this again."
)
CARRIED_ON = N_("Somebody carries this lesson on already.")
UNKNOWN = N_("Nobody here has this address. Check the spelling.")
OUTSIDE = N_("This lesson is not for everybody, and not for this colleague. Name one of those whom it is for.")


@deed
def hand_over(person_ids: Collection[int]) -> None:
    """Find somebody for the lessons of people who left, and let them look whether all is still right.

    Administrators are told where somebody is to be named.
    """
    rows = heirs.without_owner(None, of=person_ids)
    _give(rows, heirs.find(rows))
    _doubt(rows)
    tell_of_left_behind(of=person_ids)


@deed
def tell_of_left_behind(*, of: Collection[int] | None = None, among: Collection[int] | None = None) -> None:
    """Tell administrators of the lessons of these people, or of these lessons, for which somebody is to be named."""
    waiting = heirs.left_behind(of=of, among=among)
    told = handing_up.administrators() if waiting else ()
    for person_id, count in waiting.items():
        publish(LessonsLeftBehind(person_id, count, told), by=None)


@deed
def find_owners() -> int:
    """Find somebody for lessons that were left without; how many found somebody."""
    rows = heirs.without_owner(heirs.AT_ONCE)
    found = heirs.find(rows)
    rows = [row for row in rows if row.id in found]
    _give(rows, found)
    _doubt(rows)
    return len(rows)


@deed
def insist_on_owners(lesson_ids: Collection[int]) -> None:
    """Find owners for lessons that are shown from now on. Raises Conflict where nobody can look after one."""
    rows = heirs.without_owner(None, among=lesson_ids)
    found = heirs.find(rows)
    if len(found) < len(rows):
        raise Conflict(NOBODY)
    _give(rows, found)


def _give(rows: Sequence[Any], found: Mapping[int, int], by: Person | None = None) -> None:
    owners.hand_over(found)
    for row in rows:
        if row.id in found:
            told = LessonHandedOver if row.is_shown else TextHandedOver
            publish(told(row.id, row.owner_id, found[row.id]), by=by)


def _doubt(rows: Sequence[Any]) -> None:
    shown = [row.id for row in rows if row.is_shown]
    if shown:
        showing.doubt(shown)


@deed
def name_owner(lesson_id: int, email: str, *, by: Person) -> Person:
    """Name who carries on a lesson that somebody left, by their address. What is for some goes to none but these."""
    lesson = db.session.get(Lesson, lesson_id, with_for_update=True, populate_existing=True)
    waiting = heirs.waiting_one(lesson_id)
    if lesson is None or waiting is None:
        raise Conflict(CARRIED_ON)
    person = accounts.active_by_email(email)
    problem = UNKNOWN if person is None else None if _may_see(lesson, person) else OUTSIDE
    if person is None or problem:
        raise NotValid(problem, {"email": [problem or UNKNOWN]})
    _give([waiting], {lesson_id: person.id}, by)
    return person


def _may_see(lesson: Lesson, person: Person) -> bool:
    """Whether what is published of a lesson and what is written of it may be seen by this person."""
    texts = (lessons.open_revision(lesson.id), db.session.get(Revision, lesson.published_id or 0))
    fronts = [fileformat.parse(text.source).front for text in texts if text is not None]
    audiences = [set(front.audience) for front in fronts if front.classification in FOR_SOME]
    if not audiences or person.holds(roles.CURATOR, lesson.topic_id):
        return visibility.is_open_to(lesson, person)
    team = db.session.scalar(select(Team.slug).where(Team.id == person.team_id))
    return visibility.is_open_to(lesson, person) and all(team in audience for audience in audiences)
