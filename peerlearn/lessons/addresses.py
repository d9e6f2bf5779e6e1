"""The addresses and ids of lessons and topics: each unique, and old ones lead on."""

from __future__ import annotations

import secrets

from sqlalchemy import delete, select

from peerlearn.core.db import db
from peerlearn.core.text import slugify
from peerlearn.lessons import queries
from peerlearn.lessons.models import FormerSlug, Lesson, Topic


def move_address(lesson: Lesson, title: str, *, was_public: bool) -> None:
    """A new address; the old one leads there if people may have kept it."""
    slug = free_slug(title, lesson.id)
    if slug == lesson.slug:
        return
    if was_public:
        db.session.add(FormerSlug(slug=lesson.slug, lesson_id=lesson.id))
    db.session.execute(delete(FormerSlug).where(FormerSlug.slug == slug))
    lesson.slug = slug


def free_slug(title: str, lesson_id: int | None) -> str:
    """An address made from a title at which no other lesson stands or stood."""
    wanted = slugify(title) or "lesson"
    slug, number = wanted, 2
    while queries.slug_is_taken(slug, lesson_id):
        slug, number = f"{wanted}-{number}", number + 1
    return slug


def free_uid(title: str) -> str:
    """An id made from a title that no lesson has."""
    wanted = slugify(title)
    uid = wanted or f"lesson-{secrets.token_hex(4)}"
    while queries.uid_is_taken(uid):
        uid = f"{wanted or 'lesson'}-{secrets.token_hex(3)}"
    return uid


def free_topic_slug(name: str) -> str:
    """An address made from a name at which no other topic stands."""
    wanted = slugify(name) or f"topic-{secrets.token_hex(3)}"
    taken = set(db.session.scalars(select(Topic.slug).where(Topic.slug.startswith(wanted, autoescape=True))))
    slug, number = wanted, 2
    while slug in taken:
        slug, number = f"{wanted}-{number}", number + 1
    return slug
