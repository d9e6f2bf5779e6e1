"""The library as a folder for git: a file for each lesson, the topics, and the pictures that are shown.

The same library always gives the same bytes. Import the folder elsewhere, export that, and nothing differs.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from flask import current_app
from sqlalchemy import select

from peerlearn.core import files
from peerlearn.core.db import db
from peerlearn.core.errors import NotFound, NotValid
from peerlearn.core.words import N_
from peerlearn.lessons import fileformat, folders, queries, visibility
from peerlearn.lessons.models import OPEN_STATES, Lesson, LessonAuthor, Revision, Topic
from peerlearn.lessons.rules import State

PORTION = 200
ATTRIBUTES = "*.md text eol=lf\n*.toml text eol=lf\n*.webp binary\n"
_HANDED_IN = (State.PUBLISHED, State.SUBMITTED)  # in this order: what colleagues learn comes first


@dataclass(frozen=True)
class Exported:
    """A lesson on its way out: where it goes, its text, and whether that can be read again."""

    place: Path
    title: str
    text: str
    ok: bool = True


@dataclass
class Report:
    """What an export did."""

    lessons: int = 0
    pictures: int = 0
    changed: int = 0  # files that were not there in these bytes
    unreadable: tuple[str, ...] = ()  # titles of drafts that no import would take
    missing: tuple[str, ...] = ()  # pictures that are not on disk
    strays: tuple[Path, ...] = ()  # lesson files in the folder that no lesson of this export has


def lessons(owner_id: int | None = None, *, drafts: bool = False) -> Iterator[Exported]:
    """The lessons of everybody or of one author; with `drafts` what is being written too.

    Archived ones stay, and so do those that are not for all: a folder knows nobody whom it must not be shown to.
    """
    states = (*OPEN_STATES, State.PUBLISHED) if drafts else _HANDED_IN
    wanted = select(Lesson.id).where(Lesson.state != "archived", visibility.is_for_all()).order_by(Lesson.id)
    if owner_id is not None:
        mine = select(LessonAuthor.lesson_id).where(LessonAuthor.person_id == owner_id)
        wanted = wanted.where(Lesson.id.in_(mine))
    ids = db.session.scalars(wanted).all()
    for start in range(0, len(ids), PORTION):
        columns = (Lesson.id, Lesson.uid, Topic.slug, Revision.title, Revision.state, Revision.source)
        statement = (
            select(*columns).join(Revision, Revision.lesson_id == Lesson.id).join(Topic, Topic.id == Lesson.topic_id)
        )
        statement = statement.where(Lesson.id.in_(ids[start : start + PORTION]), Revision.state.in_(states))
        chosen = {}
        for row in db.session.execute(statement.order_by(Lesson.id)):
            if row.id not in chosen or (row.state == State.PUBLISHED) is not drafts:
                chosen[row.id] = row
        yield from (_exported(row.uid, row.slug, row.title, row.state, row.source) for row in chosen.values())


def _exported(uid: str, topic: str, title: str, state: str, source: str) -> Exported:
    """What was handed in is canonical already; a draft is printed so, if it can be read."""
    place = Path(folders.LESSONS, topic, f"{uid}{folders.SUFFIX}")
    if state in _HANDED_IN:
        return Exported(place, title, source)
    file = fileformat.parse(source)
    named = replace(file, front=replace(file.front, id=uid))
    first = next(iter(file.front.topics), topic)
    return Exported(place.parent.parent / first / place.name, title, fileformat.print_file(named), file.ok)


def write(folder: Path, *, owner_id: int | None = None, drafts: bool = False) -> Report:
    """Write the library into a folder; what is there in the same bytes is not touched, nothing is removed."""
    report, unreadable, missing = Report(), [], []
    digests: set[str] = set()
    places: set[Path] = set()
    for lesson in lessons(owner_id, drafts=drafts):
        if not lesson.ok:
            unreadable.append(lesson.title)
            continue
        report.changed += _put(folder, lesson.place, lesson.text.encode("utf-8"))
        report.lessons += 1
        places.add(folder / lesson.place)
        digests |= queries.picture_digests(lesson.text)
    kept = files.Store(current_app.config["SETTINGS"].media)
    for digest in sorted(digests):
        try:
            with kept.open(digest) as file:
                data = file.read()
        except NotFound:
            missing.append(digest)
            continue
        place = files.Store(Path(folders.PICTURES)).path_of(digest)
        report.changed += _put(folder, place, data)
        report.pictures += 1
    report.changed += _put(folder, Path(folders.TOPICS), topics_text().encode("utf-8"))
    report.changed += _put(folder, Path(".gitattributes"), ATTRIBUTES.encode())
    report.unreadable, report.missing = tuple(unreadable), tuple(missing)
    strays = (path for path in folders.lesson_paths(folder) if path not in places)
    report.strays = tuple(path.relative_to(folder) for path in strays)
    return report


def topics_text() -> str:
    """The active topics as `topics.toml` has them, by their addresses."""
    parts = []
    for topic in sorted(queries.active_topics(), key=lambda topic: topic.slug):
        values = {"slug": topic.slug, "name": topic.name, "description": topic.description, "icon": topic.icon}
        lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in values.items()]
        lines.append(f"hue = {topic.hue}")
        if topic.importance != "ordinary":
            lines.append(f'importance = "{topic.importance}"')
        parts.append("\n".join(["[[topic]]", *lines]))
    return "\n\n".join(parts) + "\n" if parts else ""


def _put(folder: Path, place: Path, data: bytes) -> bool:
    """Whether a file had to be written. It is there whole or not at all; links out of the folder are not followed."""
    path = folder
    for part in place.parts:
        path = path / part
        if path.is_symlink():
            raise NotValid(
                N_("%(name)s is a link to another place. Remove it, then export again."), name=folders.shown(path)
            )
    try:
        if path.is_file() and path.stat().st_size == len(data) and path.read_bytes() == data:
            return False
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".new-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            Path(name).chmod(0o644)
            Path(name).replace(path)
        except BaseException:
            with suppress(FileNotFoundError):
                Path(name).unlink()
            raise
    except OSError as trouble:
        message = N_("%(name)s cannot be written: %(reason)s.")
        raise NotValid(message, name=folders.shown(path), reason=folders.reason_of(trouble)) from None
    return True
