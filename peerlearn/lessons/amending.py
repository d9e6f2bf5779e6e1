"""A published lesson gets other words without waiting in the queue: somebody wrote them, a curator decided about them.

It is a revision like any other, so the history shows it and it can be undone. None of it commits.
"""

from __future__ import annotations

from sqlalchemy import func, select

from peerlearn.accounts import actions as accounts
from peerlearn.accounts.models import Person
from peerlearn.core import clock, markdown
from peerlearn.core.db import db
from peerlearn.core.deeds import deed
from peerlearn.core.deeds import publish as announce
from peerlearn.core.errors import Conflict
from peerlearn.core.words import N_
from peerlearn.lessons import (
    actions,
    beginning,
    catching_up,
    citations,
    contributing,
    events,
    lengths,
    lint,
    queries,
    rules,
)
from peerlearn.lessons.models import Lesson, Revision
from peerlearn.lessons.preparing import Prepared, extras_of_submission
from peerlearn.lessons.rules import State
from peerlearn.lessons.showing import make_findable
from peerlearn.quizzes import actions as quizzes

IN_REVIEW = N_("A new revision of this lesson waits for a decision. Decide about that one first, then come back.")
NOT_SHOWN = N_("This lesson is not shown now, so there is nothing to change for readers.")


@deed
def amend(lesson: Lesson, prepared: Prepared, *, writer: Person, by: Person) -> Revision:
    """Publish this text in the place of the published one; `writer` wrote what is new in it, `by` found it right.

    A draft of the authors takes the change over where both go together; else its authors choose before they hand it in.
    Raises NotReady while anything blocks the text.
    """
    old = db.session.get(Revision, lesson.published_id) if lesson.published_id else None
    if old is None or lesson.state != "published":
        raise Conflict(NOT_SHOWN)
    draft = queries.open_revision(lesson.id)
    if draft is not None and not rules.is_editable(draft.state):
        raise Conflict(IN_REVIEW)
    if lint.blocks(prepared.problems):
        raise actions.NotReady(prepared.problems)
    lengths.insist(lesson.id, prepared.minutes)
    topics = beginning.topics_of(prepared.file) or [link.topic for link in lesson.topics]
    with accounts.storing():
        revision = _successor(old, prepared, writer)
        revision.is_major = actions.is_major_change(old, revision, prepared.file)
        old.state = State.SUPERSEDED
        db.session.flush()
        db.session.add(revision)
        db.session.flush()
        lesson.published_id = revision.id
        lesson.major += 1 if revision.is_major else 0
        actions.show_on_lesson(lesson, revision, topics, prepared.file, was_public=True)
    make_findable(lesson, prepared.file)
    citations.keep(lesson.id, revision.source)
    contributing.adopt_pictures(lesson, revision.source)
    if draft is not None:
        catching_up.take_in(draft, lesson)
    shares = tuple((author.person_id, author.share) for author in lesson.authors)
    topic_ids = tuple(topic.id for topic in topics)
    announce(events.LessonPublished(lesson.id, revision.id, lesson.major, False, topic_ids, shares), by=by)
    return revision


def _successor(old: Revision, prepared: Prepared, writer: Person) -> Revision:
    now = clock.now()
    newest = db.session.scalar(select(func.max(Revision.number)).where(Revision.lesson_id == old.lesson_id)) or 0
    revision = Revision(
        lesson_id=old.lesson_id,
        number=newest + 1,
        state=State.PUBLISHED,
        source=prepared.source,
        base_id=old.id,
        writer_id=writer.id,
        cards=[dict(card) for card in prepared.cards],
        renderer=markdown.RENDERER_VERSION,
        quiz_id=quizzes.store_quiz(prepared.file.questions, prepared.html),
        extras=extras_of_submission(prepared) | {name: old.extras[name] for name in ("rating",) if name in old.extras},
        saved_at=now,
        submitted_at=now,
        published_at=now,
    )
    beginning.describe(revision, prepared.file)
    return revision
