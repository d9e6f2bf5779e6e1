"""What a lesson is compared with while it is written: the library around it, as far as the checks ask for it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from flask import current_app
from sqlalchemy import ColumnElement, select, union_all
from werkzeug.exceptions import HTTPException
from werkzeug.routing import MapAdapter, RequestRedirect

from peerlearn.core.db import db
from peerlearn.lessons import alike, fileformat, lengths, links, prints, queries, reach, requirements, visibility
from peerlearn.lessons.fileformat import LessonFile
from peerlearn.lessons.inspection import Known, Likeness, Reach
from peerlearn.lessons.models import FormerSlug, Lesson, Revision
from peerlearn.lessons.rules import Classification


def known_around(lesson_id: int, file: LessonFile, *, compare: bool = True, writer_id: int | None = None) -> Known:
    """What lint compares a lesson with; the texts of other lessons only when asked to. At most eleven statements.

    Only what the text may mean is looked up, so that it takes the same time however many lessons there are. A lesson
    that its authors may not open is as if there were none; of a new one (0), somebody may be named who writes it.
    """
    source = fileformat.print_file(file)
    may_open = visibility.is_for(writer_id) if writer_id and not lesson_id else visibility.is_for_authors_of(lesson_id)
    rows = _meant(lesson_id, file, links.linked_lessons(source), may_open)
    others = [row for row in rows if row.id != lesson_id]
    slugs = frozenset(row.slug for row in rows)
    return Known(
        titles={row.id: row.title for row in others if row.classification != Classification.CONFIDENTIAL},
        slugs=slugs.union(row.former for row in rows if row.former),
        cards=card_counts(links.linked_cards(source) & slugs),
        similar=_nearest(lesson_id, file) if compare else (),
        nowhere=leading_nowhere(source),
        house=house(),
        uids=frozenset(row.uid for row in others),
        languages={row.uid: row.language for row in others},
        circular=requirements.leading_back(file.front.id, file.front.prerequisites),
        topics=frozenset(topic.slug for topic in queries.active_topics()),
        teams=visibility.team_slugs() if file.front.audience else None,
        reaches=reach.reaches([lesson_id]).get(lesson_id, ()),
        translates=_translates(file, {row.uid for row in others}),
        pictures=queries.pictures_usable(lesson_id, queries.picture_digests(source)),
        minutes_allowed=lengths.allowed(lesson_id) if lengths.is_long(file) else 0,
        foreign_questions=queries.foreign_questions(lesson_id, [q.uid for q in file.questions if q.uid]),
    )


def house() -> str:
    """The address at which people reach this site, without a slash at its end."""
    return str(current_app.config["SETTINGS"].base_url).rstrip("/")


def leading_nowhere(source: str) -> frozenset[str]:
    """The paths of this site that a text names and at which there is no page; nothing is looked up for it."""
    site = current_app.url_map.bind("")
    return frozenset(path for path in links.linked_paths(source) if not _is_page(site, path))


def _is_page(site: MapAdapter, path: str) -> bool:
    try:
        site.match(path, method="GET")
    except RequestRedirect:
        return True
    except HTTPException:
        return False
    return True


def _meant(lesson_id: int, file: LessonFile, linked: Collection[str], may_open: ColumnElement[bool]) -> Sequence[Any]:
    """Rows of the published lessons that a text may mean: by a link, by their id, or with a title like theirs."""
    meant = union_all(
        select(Lesson.id).where(Lesson.slug.in_(linked)),
        select(FormerSlug.lesson_id).where(FormerSlug.slug.in_(linked)),
        select(Lesson.id).where(Lesson.uid.in_(file.front.named)),
        select(prints.like_title(file.front.title, lesson_id).subquery().c.lesson_id),
    )
    return published_rows(may_open, Lesson.id.in_(meant))


def _translates(file: LessonFile, seen: Collection[str]) -> tuple[Reach, ...]:
    """How far a translation may go; nothing is told of a lesson that its authors may not see."""
    return reach.of_translations([file.front]).get(file.front.id, ()) if file.front.translation_of in seen else ()


_LISTED = (Lesson.id, Lesson.uid, Lesson.slug, Lesson.title, Lesson.classification, Lesson.language)


def published_rows(*which: ColumnElement[bool]) -> Sequence[Any]:
    """Ids, addresses and titles of these published lessons: a row for each old address that leads on to one."""
    statement = (
        select(*_LISTED, FormerSlug.slug.label("former"))
        .outerjoin(FormerSlug, FormerSlug.lesson_id == Lesson.id)
        .where(Lesson.state == "published", *which)
        .order_by(Lesson.id)
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
    found = alike.similar_published(file, lesson_id=lesson_id)
    return tuple(Likeness(each.slug, each.title, each.score) for each in found)
