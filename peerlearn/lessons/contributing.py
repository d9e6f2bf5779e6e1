"""Who writes a lesson, and the pictures they bring. None of it commits."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from sqlalchemy import delete, insert, select, update

from peerlearn.accounts import actions as accounts
from peerlearn.accounts import queries as person_queries
from peerlearn.accounts.models import Person
from peerlearn.core.db import db
from peerlearn.core.deeds import deed
from peerlearn.core.errors import Conflict, NotAllowed, NotFound, NotValid, TooMany
from peerlearn.core.files import Picture as Image
from peerlearn.core.upsert import insert_into
from peerlearn.core.words import N_
from peerlearn.lessons import queries, rules
from peerlearn.lessons.models import EarlyReader, FormerAuthor, Lesson, LessonAuthor, Picture

_BRACKETS = re.compile(r"[\[\]\\]")


@deed
def set_authors(lesson: Lesson, people: Sequence[tuple[Person, float]], *, by: Person) -> None:
    """Say who wrote a lesson and with which shares; the owner comes first and stays. Only before it is published."""
    if lesson.published_id is not None:
        raise Conflict(N_("Authors are fixed once a lesson is published."))
    if by.id != lesson.owner_id:
        raise NotAllowed()
    ids = [person.id for person, _ in people]
    if not ids or ids[0] != lesson.owner_id or len(set(ids)) != len(ids):
        raise NotValid(N_("Each author stands here once, and you are the first of them."))
    problem = rules.shares_problem([share for _, share in people])
    if problem:
        raise NotValid(problem)
    if any(not person.is_active for person, _ in people):
        raise NotValid(N_("Somebody here cannot come in any more. Choose active colleagues."))
    _remember_leavers(lesson.id, ids)
    db.session.execute(delete(LessonAuthor).where(LessonAuthor.lesson_id == lesson.id))
    rows = [
        {"lesson_id": lesson.id, "person_id": person.id, "position": position, "share": share}
        for position, (person, share) in enumerate(people)
    ]
    db.session.execute(insert(LessonAuthor), rows)
    db.session.expire(lesson, ["authors"])


def _remember_leavers(lesson_id: int, staying: Sequence[int]) -> None:
    leaving = select(LessonAuthor.lesson_id, LessonAuthor.person_id).where(
        LessonAuthor.lesson_id == lesson_id, LessonAuthor.person_id.not_in(staying)
    )
    rows = [{"lesson_id": lesson_id, "person_id": person_id} for _lesson, person_id in db.session.execute(leaving)]
    if rows:
        db.session.execute(insert_into(FormerAuthor).values(rows).on_conflict_do_nothing())


@deed
def let_read(pairs: Sequence[tuple[int, int]]) -> None:
    """Let people (lesson, person) see the pictures of lessons that they are asked to read before publication."""
    if pairs:
        rows = [{"lesson_id": lesson_id, "person_id": person_id, "saw_keys": False} for lesson_id, person_id in pairs]
        db.session.execute(insert_into(EarlyReader).values(rows).on_conflict_do_nothing())


@deed
def let_read_no_more(lesson_id: int, person_id: int) -> None:
    """Whoever was asked said no. Who saw the keys is remembered."""
    mine = EarlyReader.lesson_id == lesson_id, EarlyReader.person_id == person_id
    db.session.execute(delete(EarlyReader).where(*mine, ~EarlyReader.saw_keys))


@deed
def show_keys(lesson_id: int, person_id: int) -> None:
    """An early reader is shown the keys."""
    mine = EarlyReader.lesson_id == lesson_id, EarlyReader.person_id == person_id
    db.session.execute(update(EarlyReader).where(*mine, ~EarlyReader.saw_keys).values(saw_keys=True))


@deed
def add_author(lesson: Lesson, person: Person, *, by: Person) -> None:
    """Let a colleague write along; all authors then have equal shares."""
    people = _people_of(lesson)
    if person.id in {known.id for known in people}:
        return
    everybody = [*people, person]
    if len(everybody) > rules.POLICY.authors_maximum:
        raise NotValid(N_("A lesson has one to five authors."))
    set_authors(lesson, list(zip(everybody, rules.even_shares(len(everybody)), strict=True)), by=by)


@deed
def add_author_by_email(lesson: Lesson, email: str, *, by: Person) -> None:
    """Let the colleague with this address write along."""
    person = person_queries.active_by_email(email)
    if person is None:
        message = N_("Nobody here has this address. Check the spelling.")
        raise NotValid(message, {"email": [message]})
    add_author(lesson, person, by=by)


@deed
def add_colleague(lesson: Lesson, person_id: int, *, by: Person) -> None:
    """Let this colleague write along, if they can still come in."""
    person = db.session.get(Person, person_id)
    if person is None or not person.is_active:
        raise NotFound()
    add_author(lesson, person, by=by)


@deed
def set_shares(lesson: Lesson, percents: Mapping[int, int | None], *, by: Person) -> None:
    """Say in whole percents how the credit for a lesson is split among its authors."""
    people = _people_of(lesson)
    shares = [(percents.get(person.id) or 0) / 100 for person in people]
    set_authors(lesson, list(zip(people, shares, strict=True)), by=by)


@deed
def remove_author(lesson: Lesson, person_id: int, *, by: Person) -> None:
    """Take a co-author off a lesson; the others then have equal shares."""
    people = _people_of(lesson)
    rest = [person for person in people if person.id != person_id]
    if len(rest) == len(people):
        return
    shares = rules.even_shares(len(rest)) if rest else ()
    set_authors(lesson, list(zip(rest, shares, strict=True)), by=by)


@deed
def add_picture(lesson: Lesson, image: Image, *, by: Person) -> Picture:
    """Keep a picture for a lesson; the same one twice is kept once. The file itself is stored already."""
    found = queries.picture_of(lesson.id, image.digest)
    if found is not None:
        return found
    if queries.picture_count(lesson.id) >= rules.POLICY.pictures_maximum:
        raise TooMany(N_("A lesson holds up to 40 pictures. Use one of those that are there."))
    picture = Picture(
        lesson_id=lesson.id,
        digest=image.digest,
        width=image.width,
        height=image.height,
        size=len(image.data),
        uploaded_by_id=by.id,
    )
    with accounts.storing():
        db.session.add(picture)
    return picture


def picture_line(digest: str, alt: str) -> str:
    """The Markdown that shows a picture."""
    return f"![{_BRACKETS.sub('', alt)}](/media/{digest})"


def _people_of(lesson: Lesson) -> list[Person]:
    whole = queries.lesson_by_id(lesson.id)
    return [author.person for author in whole.authors] if whole else []


def adopt_pictures(lesson: Lesson, source: str) -> None:
    """A picture taken over from another lesson becomes this lesson's too, so that it stays when the other goes."""
    wanted = queries.picture_digests(source)
    if not wanted:
        return
    rows = db.session.scalars(select(Picture).where(Picture.digest.in_(wanted))).all()
    own = {row.digest for row in rows if row.lesson_id == lesson.id}
    others = {row.digest: row for row in rows if row.digest not in own}
    for row in others.values():
        db.session.add(
            Picture(
                lesson_id=lesson.id,
                digest=row.digest,
                width=row.width,
                height=row.height,
                size=row.size,
                uploaded_by_id=row.uploaded_by_id,
            )
        )
