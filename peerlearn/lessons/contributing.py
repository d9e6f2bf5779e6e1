"""Who writes a lesson, and the pictures they bring. None of it commits."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

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
from peerlearn.lessons import fileformat, hands, queries, rules
from peerlearn.lessons.fileformat import LessonFile
from peerlearn.lessons.models import OPEN_STATES, EarlyReader, FormerAuthor, Lesson, LessonAuthor, Picture, Revision

HANDED_IN = N_("Authors stay as they are while curators have the text. Take it back first.")
_BRACKETS = re.compile(r"[\[\]\\]")


@deed
def set_authors(lesson: Lesson, people: Sequence[tuple[Person, float]], *, by: Person, is_chosen: bool = True) -> None:
    """Say who wrote a lesson and with which shares; the owner comes first and stays. Only before it is published.

    Shares that nobody chose follow what each wrote when it is published. While its text is with curators nobody joins
    or leaves: whoever judges it must know whose work it is, and nobody who judged it may become one of its authors.
    """
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
    before = select(LessonAuthor.person_id).where(LessonAuthor.lesson_id == lesson.id)
    if set(ids) != set(db.session.scalars(before)) and _is_handed_in(lesson.id):
        raise Conflict(HANDED_IN)
    _remember_leavers(lesson.id, ids)
    db.session.execute(delete(LessonAuthor).where(LessonAuthor.lesson_id == lesson.id))
    whole = {"lesson_id": lesson.id, "is_chosen": is_chosen}
    rows = [
        {**whole, "person_id": person.id, "position": position, "share": share}
        for position, (person, share) in enumerate(people)
    ]
    db.session.execute(insert(LessonAuthor), rows)
    db.session.expire(lesson, ["authors"])


def _is_handed_in(lesson_id: int) -> bool:
    """Whether curators have a text of this lesson, or it waits for its day. It stays so until this request ends."""
    states = select(Revision.state).where(Revision.lesson_id == lesson_id, Revision.state.in_(OPEN_STATES))
    return any(not rules.is_editable(state) for state in db.session.scalars(states.with_for_update()))


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
    """Let a colleague write along; shares follow what each wrote then."""
    people = _people_of(lesson)
    if person.id in {known.id for known in people}:
        return
    everybody = [*people, person]
    if len(everybody) > rules.POLICY.authors_maximum:
        raise NotValid(N_("A lesson has one to five authors."))
    _set_evenly(lesson, everybody, by=by)


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
    """Take a co-author off a lesson; shares of the others follow what each wrote then."""
    people = _people_of(lesson)
    rest = [person for person in people if person.id != person_id]
    if len(rest) == len(people):
        return
    _set_evenly(lesson, rest, by=by)


@deed
def let_shares_follow(lesson: Lesson, *, by: Person) -> None:
    """Choose no shares any more: they follow what each author wrote."""
    _set_evenly(lesson, _people_of(lesson), by=by)


def _set_evenly(lesson: Lesson, people: Sequence[Person], *, by: Person) -> None:
    """Shares are equal until what each wrote is counted, when the lesson is published."""
    shares = rules.even_shares(len(people)) if people else ()
    set_authors(lesson, list(zip(people, shares, strict=True)), by=by, is_chosen=False)


@dataclass(frozen=True)
class SoFar:
    """What each author wrote of the newest text, and the shares that follow; empty where shares are chosen or fixed."""

    by_person: Mapping[int, rules.Written]
    shares: Mapping[int, float]


def written_so_far(lesson: Lesson, revision: Revision | None) -> SoFar:
    """What the authors of a lesson, which comes with them, wrote of the text that is to be published first."""
    if revision is None or lesson.published_id is not None or not _are_following(lesson.authors):
        return SoFar({}, {})
    file = fileformat.parse(revision.source)
    written = hands.written(hands.of(revision), revision.source, file)
    return SoFar(written, shares_of(lesson.authors, written))


def settle_shares(lesson: Lesson, revision: Revision, file: LessonFile) -> None:
    """Give authors who chose no shares those that follow from this text, for good; `lesson` comes with its authors."""
    if _are_following(lesson.authors):
        shares = shares_of(lesson.authors, hands.written(hands.of(revision), revision.source, file))
        for author in lesson.authors:
            author.share = shares[author.person_id]


def shares_of(authors: Sequence[LessonAuthor], written: Mapping[int, rules.Written]) -> dict[int, float]:
    """The shares that follow from what each author wrote. Who only looks after the lesson for others has none."""
    sharing = [author.person_id for author in authors if author.share or author.person_id in written]
    shares = rules.shares_of([written.get(person_id, rules.Written()) for person_id in sharing])
    return {author.person_id: 0.0 for author in authors} | dict(zip(sharing, shares, strict=True))


def _are_following(authors: Sequence[LessonAuthor]) -> bool:
    """Whether there is credit to share and nobody chose how."""
    return len(authors) > 1 and not any(author.is_chosen for author in authors)


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
