"""Whether a published lesson is shown: verified, hidden, archived, shown again. None of it commits.

Who may do it and why is for review to say; here is what it does. What is hidden or archived leaves the catalogue, the
search and everybody's daily questions in the same transaction.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import Boolean, Float, bindparam, update

from peerlearn.accounts import actions as accounts
from peerlearn.accounts.models import Person
from peerlearn.core import clock, fulltext
from peerlearn.core.db import ask, db, table_of
from peerlearn.core.deeds import deed
from peerlearn.core.deeds import publish as announce
from peerlearn.core.errors import Conflict
from peerlearn.core.words import N_
from peerlearn.lessons import catching_up, events, fileformat, freshness, merging, ordering, prints, queries, rules
from peerlearn.lessons.fileformat import LessonFile
from peerlearn.lessons.models import Lesson, Revision
from peerlearn.lessons.rules import State

_NOW: Any = bindparam("now", type_=Float)
_RATE: Any = (
    update(table_of(Lesson))
    .where(Lesson.id == bindparam("for_lesson"))
    .values(quality=_NOW, worth=ordering.worth(_NOW), helps_few=bindparam("few", type_=Boolean))
)


@deed
def verify(lesson: Lesson, *, by: Person) -> None:
    """Somebody read a published lesson again and found it still right."""
    with accounts.storing():
        count_as_checked(lesson, db.session.get_one(Revision, lesson.published_id))


@deed
def verify_all(lessons: Mapping[int, int], *, by: Person) -> None:
    """Somebody found published lessons still right, each for so many days; a statement for each number of days."""
    today, now = clock.today(clock.organisation_zone()), clock.now()
    for days in sorted(set(lessons.values())):
        ids = [lesson_id for lesson_id, own in lessons.items() if own == days]
        changed = update(table_of(Lesson)).where(Lesson.id.in_(ids))
        fresh = {"check_on": freshness.due_on(today, days), "worth": ordering.while_checked(Lesson.quality)}
        ask(changed.values(verified_at=now, version=Lesson.version + 1, **fresh))


@deed
def archive(lesson: Lesson, *, by: Person | None) -> None:
    """Take a published lesson out of the catalogue; what people learned from it stays. `by` None: nobody did it."""
    if lesson.state == "archived":
        return
    if lesson.state not in ("published", "quarantined"):
        raise Conflict(N_("Only a published lesson can be archived."))
    _hide(lesson, "archived")
    announce(events.LessonArchived(lesson.id), by=by)


@deed
def quarantine(lesson: Lesson, *, by: Person | None) -> None:
    """Hide a published lesson from everybody but its authors and curators, until somebody has looked into it.

    `by` None: nobody decided it, what readers reported did.
    """
    if lesson.state != "published":
        raise Conflict(N_("Only a published lesson can be hidden."))
    _hide(lesson, "quarantined")
    announce(events.LessonHidden(lesson.id, lesson.owner_id, lesson.version), by=by)


@deed
def show_again(lesson: Lesson, *, by: Person) -> None:
    """Bring a hidden or archived lesson back into the catalogue as it was; whoever does it found it right."""
    if lesson.state not in ("quarantined", "archived") or lesson.published_id is None:
        raise Conflict(N_("This lesson is shown already."))
    revision = db.session.get_one(Revision, lesson.published_id)
    if lesson.state == "archived":
        merging.end(lesson.id)
    with accounts.storing():
        lesson.state = "published"
        count_as_checked(lesson, revision)
    make_findable(lesson, fileformat.parse(revision.source))
    announce(events.LessonShown(lesson.id, revision.id, lesson.owner_id, lesson.version), by=by)


@deed
def rate(qualities: Mapping[int, float], helps_few: Collection[int] = ()) -> None:
    """Keep how good lessons are, 0 to 100, what they count, and which help few so far.

    It is no change: nobody who edits one is disturbed.
    """
    if qualities:
        today = clock.today(clock.organisation_zone())
        rows = [{"for_lesson": id_, "now": value, "few": id_ in helps_few} for id_, value in qualities.items()]
        ask(_RATE, [row | {"today": today} for row in rows])


@deed
def doubt(lesson_ids: Collection[int]) -> None:
    """Let somebody read these lessons again now, because something happened that casts doubt on them."""
    today = clock.today(clock.organisation_zone())
    sooner = update(table_of(Lesson)).where(Lesson.id.in_(lesson_ids), Lesson.check_on > today)
    ask(sooner.values(check_on=today, version=Lesson.version + 1))


def count_as_checked(lesson: Lesson, revision: Revision) -> None:
    """From today on the lesson is checked, for as long as its text says, or its topics allow."""
    lesson.verified_at = clock.now()
    days = int(revision.extras.get("review_every") or rules.REVIEW_EVERY)
    days = freshness.days_between(days, is_critical=queries.is_critical(lesson))
    lesson.check_on = freshness.due_on(clock.today(clock.organisation_zone()), days)
    lesson.worth = ordering.while_checked(lesson.quality)


@deed
def schedule(revision: Revision, *, by: Person, rating: float | None = None) -> None:
    """Let an approved revision wait for its day; until then the published one stays."""
    if not rules.may_move(revision.state, State.SCHEDULED, rules.CURATOR):
        raise Conflict(N_("This was withdrawn or decided meanwhile. Reload to see where it stands."))
    with accounts.storing():
        revision.state = State.SCHEDULED
        revision.extras = revision.extras | ({"rating": rating} if rating else {})


@deed
def hand_back_in(revision: Revision, *, by: Person) -> None:
    """Let a rejected text wait once more exactly as it was: for an appeal."""
    if revision.state != State.REJECTED or revision.saved_at != revision.submitted_at:
        raise Conflict(N_("An appeal is about the text as it was decided on. Yours has changed: hand it in instead."))
    catching_up.insist(revision, db.session.get_one(Lesson, revision.lesson_id))
    with accounts.storing():
        revision.state = State.SUBMITTED


def make_findable(lesson: Lesson, file: LessonFile) -> None:
    """Put a lesson into the search index: its cards and what its questions ask, never keys or explanations.

    From then on others are told when they write nearly the same. What is confidential stands in no index. Who finds
    what is restricted is for those who search to ask.
    """
    if file.front.classification == rules.Classification.CONFIDENTIAL:
        _make_unfindable(lesson)
        return
    cards = queries.card_text(file)
    tags = " ".join(file.front.tags)
    fulltext.upsert(
        db.session(),
        lesson.id,
        title=lesson.title,
        summary=f"{lesson.summary} {tags}".strip(),
        body=cards,
        questions=fileformat.plain_questions(file.questions),
    )
    prints.keep(lesson.id, lesson.title, cards)


def _make_unfindable(lesson: Lesson) -> None:
    fulltext.delete(db.session(), lesson.id)
    prints.forget(lesson.id)


def _hide(lesson: Lesson, state: str) -> None:
    with accounts.storing():
        lesson.state = state
    _make_unfindable(lesson)
