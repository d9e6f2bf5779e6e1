"""How a lesson and a revision begin, with what lists show of their text. Deeds in `actions` call it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select

from peerlearn.accounts import actions as accounts
from peerlearn.accounts.models import Person
from peerlearn.core.db import db
from peerlearn.core.errors import NotValid
from peerlearn.core.text import clean_line
from peerlearn.core.words import N_
from peerlearn.lessons import addresses, fileformat, hands, lint, queries, rules
from peerlearn.lessons.fileformat import LessonFile
from peerlearn.lessons.models import Lesson, LessonAuthor, LessonTopic, Revision, Topic


def new_lesson(kind: str, title: str, topics: Sequence[Topic], owner: Person, uid: str = "") -> Lesson:
    """A lesson without a text yet, at a free address."""
    if not 1 <= len(topics) <= rules.POLICY.topics_maximum:
        raise NotValid(N_("Choose one to three topics."), {"topics": [N_("Choose one to three topics.")]})
    title = clean_line(title)
    uid = uid or addresses.free_uid(title)
    lesson = Lesson(
        uid=uid,
        slug=addresses.free_slug(uid, None),
        owner_id=owner.id,
        topic_id=topics[0].id,
        title=title,
        kind=str(rules.Kind(kind)),
    )
    with accounts.storing():
        db.session.add(lesson)
    db.session.add(LessonAuthor(lesson_id=lesson.id, person_id=owner.id))
    for position, topic in enumerate(topics):
        db.session.add(LessonTopic(lesson_id=lesson.id, topic_id=topic.id, position=position))
    with accounts.storing():
        pass
    return lesson


def new_revision(
    lesson: Lesson,
    source: str,
    by: Person,
    file: LessonFile | None = None,
    *,
    over: Revision | None = None,
    words_by: int | None = None,
) -> Revision:
    """The next draft of a lesson; `file` is its text, if it was read before, `over` what it goes on from.

    `words_by` is whose its words are, where somebody else wrote them.
    """
    number = db.session.scalar(select(func.max(Revision.number)).where(Revision.lesson_id == lesson.id)) or 0
    revision = Revision(
        lesson_id=lesson.id, number=number + 1, source=source, base_id=lesson.published_id, writer_id=by.id, extras={}
    )
    if over is not None and lesson.published_id is None:
        revision.hands = hands.taken_over(over, source, by.id)
    if words_by not in (None, by.id):
        revision.hands = hands.all_by(words_by or hands.NOBODY, source).stored()
    describe(revision, file or fileformat.parse(source))
    revision.title = revision.title or lesson.title
    with accounts.storing():
        db.session.add(revision)
    return revision


def described(file: LessonFile) -> dict[str, Any]:
    """What lists show of a text, as far as it can be read."""
    words = lint.count_words(file)
    return {
        "title": file.front.title[:300],
        "summary": file.front.summary[:1000],
        "kind": file.front.kind,
        "words": words,
        "minutes": rules.minutes(words, file.asked),
    }


def describe(revision: Revision, file: LessonFile) -> None:
    """Repeat in a revision what lists show of its text; what cannot be read stays as it was."""
    for name, value in described(file).items():
        setattr(revision, name, value if value or name not in ("title", "kind") else getattr(revision, name))
    revision.title, revision.kind = revision.title or "", revision.kind or rules.Kind.HOW_TO


def topics_of(file: LessonFile) -> list[Topic]:
    """The active topics that a file names, in its order."""
    found = queries.topics_by_slug(file.front.topics)
    return [found[slug] for slug in file.front.topics if slug in found]
