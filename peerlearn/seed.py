"""What ships in `content/` becomes topics and lessons. Safe to run twice: what is there already stays as it is."""

from __future__ import annotations

import tomllib
from pathlib import Path

from flask import current_app
from sqlalchemy import select

from peerlearn.accounts.models import Person
from peerlearn.core import files
from peerlearn.core.db import db
from peerlearn.core.deeds import deed
from peerlearn.lessons import actions as lessons
from peerlearn.lessons import contributing, queries
from peerlearn.lessons.models import Lesson, Revision, Topic


def lesson_files(content: Path) -> list[Path]:
    """The lesson files that ship, in the order of their addresses."""
    return sorted((content / "lessons").rglob("*.md"))


@deed
def topics(content: Path, *, by: Person) -> int:
    """Add the topics that are missing; how many were added."""
    known = set(db.session.scalars(select(Topic.slug)))
    rows = tomllib.loads((content / "topics.toml").read_text(encoding="utf-8"))["topic"]
    missing = [row for row in rows if row["slug"] not in known]
    for row in missing:
        lessons.add_topic(**row, by=by)
    return len(missing)


@deed
def take_in(path: Path, *, by: Person) -> Revision | None:
    """Import one lesson file as this person's draft, with the pictures it shows; None when it is here already."""
    source = path.read_text(encoding="utf-8")
    lesson, revision = lessons.import_file(source, owner=by, by=by)
    if revision:
        take_in_pictures(source, lesson, by=by)
    return revision


@deed
def take_in_pictures(source: str, lesson: Lesson, *, by: Person) -> None:
    """Give a lesson the pictures that its text names and that ship, each kept ready under its digest."""
    settings = current_app.config["SETTINGS"]
    shipped, kept = files.Store(settings.content / "pictures"), files.Store(settings.media)
    for digest in sorted(queries.picture_digests(source)):
        picture = files.read_stored(shipped, digest)
        kept.put(picture.data)
        contributing.add_picture(lesson, picture, by=by)


@deed
def hand_in(path: Path, *, by: Person) -> Lesson | None:
    """Import one lesson file as this person's and hand it in for review; None when it is here already."""
    revision = take_in(path, by=by)
    if revision is None:
        return None
    lessons.submit(revision, by=by)
    return db.session.get_one(Lesson, revision.lesson_id)
