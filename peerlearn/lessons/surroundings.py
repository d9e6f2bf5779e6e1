"""What a lesson is compared with while it is written: the library around it, as far as the checks ask for it."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from flask import current_app
from sqlalchemy import ColumnElement, Row, select

from peerlearn.core.db import db
from peerlearn.lessons import fileformat, lengths, links, queries, visibility
from peerlearn.lessons.fileformat import LessonFile
from peerlearn.lessons.inspection import Known, Likeness
from peerlearn.lessons.models import FormerSlug, Lesson, Revision
from peerlearn.lessons.rules import Classification


def known_around(lesson_id: int, file: LessonFile, *, compare: bool = True) -> Known:
    """What lint compares a lesson with; the texts of other lessons only when asked to. At most nine statements."""
    rows = published_rows(visibility.is_for(visibility.owner_of(lesson_id)))
    others = [row for row in rows if row.id != lesson_id]
    source = fileformat.print_file(file)
    slugs = frozenset(row.slug for row in rows)
    return Known(
        titles={row.id: row.title for row in others if row.classification != Classification.CONFIDENTIAL},
        slugs=slugs.union(row.former for row in rows if row.former),
        cards=card_counts(links.linked_cards(source) & slugs),
        similar=_nearest(lesson_id, file) if compare else (),
        house=str(current_app.config["SETTINGS"].base_url).rstrip("/"),
        uids=frozenset(row.uid for row in others),
        topics=frozenset(topic.slug for topic in queries.active_topics()),
        teams=visibility.team_slugs() if file.front.audience else None,
        pictures=queries.pictures_usable(lesson_id, queries.picture_digests(source)),
        minutes_allowed=lengths.allowed(lesson_id) if lengths.is_long(file) else 0,
        foreign_questions=queries.foreign_questions(lesson_id, [q.uid for q in file.questions if q.uid]),
    )


def published_rows(for_whom: ColumnElement[bool]) -> Sequence[Row[int, str, str, str, str, str]]:
    """Ids, addresses and titles of these published lessons: a row for each old address that leads on to one."""
    statement = (
        select(Lesson.id, Lesson.uid, Lesson.slug, Lesson.title, Lesson.classification, FormerSlug.slug.label("former"))
        .outerjoin(FormerSlug, FormerSlug.lesson_id == Lesson.id)
        .where(Lesson.state == "published", for_whom)
    )
    return db.session.execute(statement).all()


def card_counts(slugs: Collection[str]) -> dict[str, int]:
    """How many cards these published lessons have."""
    if not slugs:
        return {}
    statement = (
        select(Lesson.slug, Revision.cards)
        .join(Revision, Revision.id == Lesson.published_id)
        .where(Lesson.slug.in_(slugs), Lesson.state == "published")
    )
    return {slug: len(cards) for slug, cards in db.session.execute(statement)}


def _nearest(lesson_id: int, file: LessonFile) -> tuple[Likeness, ...]:
    found = queries.similar_published(file, lesson_id=lesson_id)
    return tuple(Likeness(each.slug, each.title, each.score) for each in found)
