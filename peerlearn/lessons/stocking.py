"""Many new lessons stored at once: the rows that `import_file` and `submit` leave, in a few statements for all of them.

A library of ten thousand lessons comes in with it. A test holds both ways against each other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, select, union
from sqlalchemy.exc import IntegrityError

from peerlearn.accounts.models import Person
from peerlearn.core import clock, markdown
from peerlearn.core.db import db
from peerlearn.core.deeds import deed
from peerlearn.core.deeds import publish as announce
from peerlearn.core.errors import Conflict
from peerlearn.core.text import clean_line, slugify
from peerlearn.lessons import beginning, checking, events, queries, rules, standing, visibility
from peerlearn.lessons.fileformat import LessonFile
from peerlearn.lessons.models import FormerSlug, Lesson, LessonAuthor, LessonTopic, Revision, Topic
from peerlearn.lessons.preparing import Prepared, extras_of_submission
from peerlearn.lessons.rules import State
from peerlearn.quizzes import actions as quizzes


@dataclass(frozen=True)
class Arrival:
    """A new lesson: its text, how it was read, and what was made ready if it is handed in."""

    text: str
    file: LessonFile
    prepared: Prepared | None


@deed
def store(arrivals: Sequence[Arrival], *, by: Person) -> list[int]:
    """Store these new lessons as this person's, those that were made ready handed in; the ids of the lessons."""
    topics = queries.topics_by_slug({slug for arrival in arrivals for slug in arrival.file.front.topics})
    if any(topics.keys().isdisjoint(arrival.file.front.topics) for arrival in arrivals):
        raise Conflict()
    slugs = _free_slugs([standing.uid_of(arrival.file) for arrival in arrivals])
    try:
        rows = [_lesson(arrival, slug, topics, by) for arrival, slug in zip(arrivals, slugs, strict=True)]
        made = dict(db.session.execute(insert(Lesson).returning(Lesson.uid, Lesson.id), rows).all())
        lesson_ids = [made[row["uid"]] for row in rows]
    except IntegrityError as trouble:
        raise Conflict() from trouble
    db.session.execute(insert(LessonAuthor), [{"lesson_id": lesson_id, "person_id": by.id} for lesson_id in lesson_ids])
    links = [
        {"lesson_id": lesson_id, "topic_id": topics[slug].id, "position": position}
        for lesson_id, arrival in zip(lesson_ids, arrivals, strict=True)
        for position, slug in enumerate(slug for slug in arrival.file.front.topics if slug in topics)
    ]
    db.session.execute(insert(LessonTopic), links)
    for_some = [
        (lesson_id, arrival.file.front.audience)
        for lesson_id, arrival in zip(lesson_ids, arrivals, strict=True)
        if arrival.prepared and arrival.file.front.classification in rules.FOR_SOME
    ]
    visibility.name_teams(for_some)
    handed_in = [arrival.prepared for arrival in arrivals if arrival.prepared]
    quiz_ids = iter(quizzes.store_quizzes([(ready.file.questions, ready.html) for ready in handed_in]))
    rows = [_revision(*pair, quiz_ids, by) for pair in zip(lesson_ids, arrivals, strict=True)]
    written = dict(db.session.execute(insert(Revision).returning(Revision.lesson_id, Revision.id), rows).all())
    handed = [(lesson_id, one.file) for lesson_id, one in zip(lesson_ids, arrivals, strict=True) if one.prepared]
    checks = [(lesson_id, written[lesson_id], checking.answered_for(file, by)) for lesson_id, file in handed]
    checking.keep_all(checks)
    for lesson_id, arrival in zip(lesson_ids, arrivals, strict=True):
        announce(events.LessonStarted(lesson_id), by=by)
        if arrival.prepared:
            first = topics[next(slug for slug in arrival.file.front.topics if slug in topics)]
            announce(events.RevisionSubmitted(lesson_id, written[lesson_id], first.id, 1), by=by)
    return lesson_ids


def _lesson(arrival: Arrival, slug: str, topics: Mapping[str, Topic], by: Person) -> dict[str, Any]:
    front = arrival.file.front
    row = {
        "uid": standing.uid_of(arrival.file),
        "slug": slug,
        "owner_id": by.id,
        "topic_id": next(topics[slug].id for slug in front.topics if slug in topics),
        "title": clean_line(front.title),
        "kind": front.kind,
        "summary": "",
        "minutes": 0,
        "language": rules.LANGUAGE,
        "translation_of": None,
        "classification": rules.CLASSIFICATION.value,
    }
    if arrival.prepared:
        shown = beginning.described(arrival.file)
        row |= {"title": shown["title"], "summary": shown["summary"], "language": front.language}
        row |= {"classification": front.classification, "translation_of": front.translation_of or None}
        row["minutes"] = rules.whole_minutes(shown["minutes"])
    return row


def _revision(lesson_id: int, arrival: Arrival, quiz_ids: Iterator[int], by: Person) -> dict[str, Any]:
    now, ready = clock.now(), arrival.prepared
    return beginning.described(arrival.file) | {
        "lesson_id": lesson_id,
        "number": 1,
        "state": str(State.SUBMITTED if ready else State.DRAFT),
        "source": ready.source if ready else arrival.text,
        "writer_id": by.id,
        "saved_at": now,
        "submitted_at": now if ready else None,
        "quiz_id": next(quiz_ids) if ready else None,
        "cards": [dict(card) for card in ready.cards] if ready else [],
        "renderer": markdown.RENDERER_VERSION if ready else 0,
        "extras": extras_of_submission(ready) if ready else {},
    }


def _free_slugs(wanted: Sequence[str]) -> list[str]:
    """For each of these an address at which no lesson stands or stood."""
    bare = [slugify(each) or "lesson" for each in wanted]
    taken: set[str] = set()
    for portion in standing.portions(set(bare)):
        now = select(Lesson.slug).where(Lesson.slug.in_(portion))
        before = select(FormerSlug.slug).where(FormerSlug.slug.in_(portion))
        taken |= set(db.session.scalars(union(now, before)))
    found = []
    for each in bare:
        slug, number = each, 2
        while slug in taken or (slug != each and queries.slug_is_taken(slug, None)):
            slug, number = f"{each}-{number}", number + 1
        taken.add(slug)
        found.append(slug)
    return found
