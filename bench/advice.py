"""What an author is told while typing: beside the same in a library of ten times as many lessons."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from random import Random
from typing import Any

from sqlalchemy import func, insert, select, update

from bench import data, measure
from bench.company import Bench
from bench.measure import Row
from peerlearn.core import prints, text
from peerlearn.core.db import db, reading, table_of
from peerlearn.lessons import fileformat, lint, surroundings
from peerlearn.lessons.models import Lesson, LessonPrint, Revision

MANY = 10_000
WORDS = 200  # of an added lesson
SAMPLES = 25


def advice(bench: Bench) -> Iterator[Row]:
    """Everything that is looked up and found for one text, with a thousand lessons and with ten thousand."""
    file = data.patterns(bench.app.config["SETTINGS"].content)[0].file
    file = replace(file, front=replace(file.front, title=f"{file.front.title} once more"))
    few, _count = _told(bench, file)
    widen(bench, file)
    many, count = _told(bench, file)
    name = f"advice while typing, {MANY:,} lessons"
    yield Row(name, f"{many:.2f} ms", f"{few:.2f} ms", many / few, 1.3, statements=count)


def _told(bench: Bench, file: fileformat.LessonFile) -> tuple[float, int]:
    """Milliseconds and statements."""
    with bench.app.app_context(), reading():
        tell = lambda: lint.lint(file, surroundings.known_around(0, file))  # noqa: E731 - said twice below
        tell()
        with measure.counted(bench.app) as seen:
            tell()
        quickest = measure.quickest(tell, SAMPLES)
        db.session.remove()
    return quickest, len(seen)


def widen(bench: Bench, like: fileformat.LessonFile) -> None:
    """Add published lessons of the words of one, until there are ten thousand."""
    chance, words = Random(2), text.words_of("\n".join(card.body for card in like.cards))
    with bench.app.app_context():
        row: dict[str, Any] = dict(db.session.execute(select(table_of(Lesson)).limit(1)).mappings().one())
        revision: dict[str, Any] = dict(db.session.execute(select(table_of(Revision)).limit(1)).mappings().one())
        first = (db.session.scalar(select(func.max(Lesson.id))) or 0) + 1
        last = (db.session.scalar(select(func.max(Revision.id))) or 0) + 1
        lessons, revisions, keys = [], [], []
        for number in range(MANY - data.LESSONS):
            title, body = (" ".join(chance.choices(words, k=count)) for count in (6, WORDS))
            own = {"uid": f"wide-{number}", "slug": f"wide-{number}", "title": title}
            lessons.append(row | own | {"id": first + number, "published_id": None})
            source = f"---\ntitle: {title}\n---\n\n## {title}\n\n{body}\n"
            revisions.append(revision | {"id": last + number, "lesson_id": first + number, "source": source})
            marks = prints.of_text(f"{title}\n{body}") | prints.of_title(title)
            keys += [{"key": key, "lesson_id": first + number} for key in marks]
        db.session.execute(insert(table_of(Lesson)), lessons)
        db.session.execute(insert(table_of(Revision)), revisions)
        shown = update(table_of(Lesson)).where(Lesson.id >= first)
        db.session.execute(shown.values(published_id=Lesson.id - first + last))
        db.session.execute(insert(table_of(LessonPrint)), keys)
        data.settle()
