"""What authors and curators do with lessons. None of it commits.

A draft is kept exactly as it was typed. When it is submitted it is read as a whole, brought into its canonical form,
rendered, and its questions are stored. Published revisions never change.
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import replace

from sqlalchemy import delete, insert
from sqlalchemy.orm.attributes import set_committed_value

from peerlearn.accounts import actions as accounts
from peerlearn.accounts.models import Person
from peerlearn.core import clock, markdown
from peerlearn.core.db import db
from peerlearn.core.deeds import deed
from peerlearn.core.deeds import publish as announce
from peerlearn.core.errors import Conflict, NotValid, TooMany
from peerlearn.core.text import slugify
from peerlearn.core.words import N_
from peerlearn.lessons import (
    addresses,
    beginning,
    catching_up,
    checking,
    citations,
    contributing,
    events,
    fileformat,
    freshness,
    hands,
    lengths,
    lint,
    merging,
    ordering,
    queries,
    rules,
    standing,
    templating,
    visibility,
)
from peerlearn.lessons.fileformat import Front, LessonFile
from peerlearn.lessons.models import OPEN_STATES, Lesson, LessonTopic, Revision, Topic
from peerlearn.lessons.pace import insist_on_pace
from peerlearn.lessons.preparing import Prepared as Prepared
from peerlearn.lessons.preparing import clean_source as clean_source
from peerlearn.lessons.preparing import extras_of_submission
from peerlearn.lessons.preparing import prepare as prepare
from peerlearn.lessons.quality import USUAL_RATING, Signs, quality
from peerlearn.lessons.rules import State
from peerlearn.lessons.showing import archive as archive
from peerlearn.lessons.showing import count_as_checked, make_findable
from peerlearn.lessons.showing import verify as verify
from peerlearn.lessons.topics import add_topic as add_topic
from peerlearn.lessons.topics import change_topic as change_topic
from peerlearn.quizzes import actions as quizzes
from peerlearn.quizzes import queries as quiz_queries
from peerlearn.quizzes.problem import Problem

ALREADY_MOVED = N_("This was submitted, withdrawn or decided meanwhile. Reload to see where it stands.")


class StaleDraft(Conflict):
    """Somebody saved another text meanwhile, perhaps you in another tab; `theirs` is that text."""

    default = N_("Another version of this draft was saved meanwhile. Nothing is lost: choose which text to keep.")

    def __init__(self, theirs: str, version: int) -> None:
        super().__init__()
        self.theirs = theirs
        self.version = version


class NotReady(NotValid):
    """A lesson that cannot be submitted yet; `problems` say why and how to mend it."""

    default = N_("A few things need a change before a curator can read this. They are listed below.")

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(None, {"source": [p.message for p in problems if p.level == "error"]})
        self.problems = tuple(problems)


# starting and writing


@deed
def start_lesson(
    *,
    kind: str,
    title: str,
    topics: Sequence[Topic],
    by: Person,
    front: Front | None = None,
    body: str | None = None,
    words_by: int | None = None,
) -> Lesson:
    """Open a new lesson of one's own. Its draft is the template of its kind, or `body` below `front`.

    `words_by` is whose the words of this body are, where somebody else wrote them.
    """
    if queries.open_drafts_of(by.id) >= rules.POLICY.open_drafts_maximum:
        raise TooMany(N_("You have many lessons in work. Finish or set aside one of them first."))
    lesson = beginning.new_lesson(kind, title, topics, by)
    text = templating.first_text(
        uid=lesson.uid,
        title=lesson.title,
        kind=rules.Kind(kind),
        topics=[topic.slug for topic in topics],
        front=replace(front or Front(), review_every=_days_between_checks(kind, topics)),
        body=body,
    )
    beginning.new_revision(lesson, text, by, words_by=words_by)
    announce(events.LessonStarted(lesson.id), by=by)
    return lesson


def _days_between_checks(kind: str, topics: Sequence[Topic]) -> int:
    return freshness.usual_days(kind, is_critical=_is_critical(topics))


def _is_critical(topics: Sequence[Topic]) -> bool:
    return any(topic.importance == freshness.CRITICAL for topic in topics)


@deed
def save_draft(
    revision: Revision, source: str, *, base_version: int, by: Person, words_by: int | None = None
) -> Revision:
    """Keep the text as it was typed. `base_version` is the version it was typed over; StaleDraft when that is gone.

    `words_by` is whose the new words are, where somebody else wrote them.
    """
    source = clean_source(source)
    if revision.source == source:
        return revision
    if revision.version != base_version:
        raise StaleDraft(revision.source, revision.version)
    if not rules.is_editable(revision.state):
        raise Conflict(N_("This is in review now. Withdraw it first, then change it."))
    file = fileformat.parse(source)
    with accounts.storing():
        hands.pass_on(revision, source, words_by or by.id)
        revision.source = source
        revision.saved_at = clock.now()
        revision.writer_id = by.id
        beginning.describe(revision, file)
    return revision


@deed
def discard(revision: Revision, *, by: Person) -> None:
    """Set a draft aside; it stays in the history and can be brought back."""
    if revision.state != State.DISCARDED:
        _move(revision, State.DISCARDED, rules.AUTHOR)


@deed
def revise(lesson: Lesson, *, by: Person) -> Revision:
    """Begin a new revision from the published one; the open one where there is one already."""
    found = queries.open_revision(lesson.id)
    if found is not None:
        return found
    base = db.session.get(Revision, lesson.published_id) if lesson.published_id else queries.newest_revision(lesson.id)
    return beginning.new_revision(lesson, base.source if base else "", by, over=base)


@deed
def restore(revision: Revision, *, by: Person) -> Revision:
    """Bring an earlier text back as a new draft. A draft in its way is set aside, not lost."""
    lesson = db.session.get_one(Lesson, revision.lesson_id)
    found = queries.open_revision(lesson.id)
    if found is not None and not rules.is_editable(found.state):
        raise Conflict(N_("A revision of this lesson is in review. Withdraw it first, then bring the old text back."))
    if found is not None:
        _move(found, State.DISCARDED, rules.AUTHOR)
    return beginning.new_revision(lesson, revision.source, by, over=revision)


@deed
def import_file(
    source: str,
    *,
    owner: Person,
    by: Person,
    file: LessonFile | None = None,
    over: tuple[int, int] | None = None,
) -> tuple[Lesson, Revision | None]:
    """Take in a lesson file: a new lesson, or a new draft of the one with its id; None when nothing is new in it.

    Importing the same file twice changes nothing. A draft in its way is set aside, not lost; one that was given back is
    changed. `file` is the text, if it was read before. `over` is the id and version of a draft that this text follows:
    it is changed too. Raises NotReady when the file cannot be read.
    """
    source = clean_source(source)
    file = file or fileformat.parse(source)
    topics = beginning.topics_of(file)
    if not file.ok or not topics:
        raise NotReady(lint.lint(file, lint.Known(topics=frozenset(t.slug for t in queries.active_topics()))))
    uid = standing.uid_of(file)
    lesson = queries.lesson_by_uid(uid) if uid else None
    if lesson is None:
        lesson = beginning.new_lesson(file.front.kind, file.front.title, topics, owner, uid=uid)
        announce(events.LessonStarted(lesson.id), by=by)
        return lesson, beginning.new_revision(lesson, source, by, file)
    if owner.id not in {author.person_id for author in lesson.authors}:
        raise NotValid(standing.FOREIGN if file.front.id else standing.FOREIGN_TITLE)
    now = standing.revision_of(lesson.id)
    if now is not None and standing.says(now.source, now.extras, source):
        return lesson, None
    follows = now is not None and (now.state != State.DRAFT or over == (now.id, now.version))
    if now is not None and now.state in OPEN_STATES and follows:
        return lesson, save_draft(now, source, base_version=now.version, by=by)
    if now is not None and now.state == State.DRAFT:
        _move(now, State.DISCARDED, rules.AUTHOR)
    return lesson, beginning.new_revision(lesson, source, by, file, over=now)


# submitting


@deed
def submit(
    revision: Revision, *, by: Person, prepared: Prepared | None = None, checked: Container[str] = ()
) -> Revision:
    """Hand a draft in for review; the same text twice counts once. Raises NotReady while anything blocks it.

    Raises Behind where it would undo what was published meanwhile.

    `checked` are the marks of the questions that this person checked. Raises NotChecked where one is still to be.
    """
    lesson = db.session.get_one(Lesson, revision.lesson_id)
    if revision.state == State.SUBMITTED and prepared and was_submitted_from(revision, prepared.given):
        return revision
    if not rules.may_move(revision.state, State.SUBMITTED, rules.AUTHOR):
        raise Conflict(ALREADY_MOVED)
    catching_up.insist(revision, lesson)
    if prepared is None or prepared.given != revision.source:
        prepared = prepare(lesson, revision.source)
    if lint.blocks(prepared.problems):
        raise NotReady(prepared.problems)
    topics = beginning.topics_of(prepared.file)
    published = db.session.get(Revision, lesson.published_id) if lesson.published_id else None
    checks = checking.insist(prepared.file, lesson.id, published, checked, by)
    with accounts.storing():
        revision.state = State.SUBMITTED
        hands.pass_on(revision, prepared.source, hands.NOBODY)
        revision.source = prepared.source
        revision.submitted_at = revision.saved_at = clock.now()
        revision.cards = [dict(card) for card in prepared.cards]
        revision.renderer = markdown.RENDERER_VERSION
        revision.quiz_id = quizzes.store_quiz(prepared.file.questions, prepared.html)
        beginning.describe(revision, prepared.file)
        revision.extras = extras_of_submission(prepared)
        revision.is_major = is_major_change(published, revision, prepared.file)
        if prepared.file.front.ai_assisted:
            checking.keep(revision, checks)
        if lesson.published_id is None:
            show_on_lesson(lesson, revision, topics, prepared.file, was_public=False)
    announce(events.RevisionSubmitted(lesson.id, revision.id, topics[0].id, revision.version), by=by)
    return revision


@deed
def hand_in(
    revision: Revision, prepared: Prepared, *, base_version: int, by: Person, checked: Container[str] = ()
) -> Revision:
    """Save what was typed and submit it. Sending the same form twice counts once."""
    if revision.state == State.SUBMITTED and was_submitted_from(revision, prepared.given):
        return revision
    save_draft(revision, prepared.given, base_version=base_version, by=by)
    insist_on_pace(revision, by)
    return submit(revision, by=by, prepared=prepared, checked=checked)


def export(revision: Revision) -> bytes:
    """The file of a revision: what the editor saves and what `content/` holds are the same bytes."""
    return revision.source.encode("utf-8")


def was_submitted_from(revision: Revision, typed: str) -> bool:
    """Whether this very text was what its author submitted."""
    return standing.was_typed(revision.extras, typed)


@deed
def withdraw(revision: Revision, *, by: Person) -> None:
    """Take a submitted revision back to go on writing."""
    if revision.state == State.DRAFT:
        return
    _move(revision, State.DRAFT, rules.AUTHOR)
    announce(events.RevisionWithdrawn(revision.lesson_id, revision.id), by=by)


# what review decides


@deed
def request_changes(revision: Revision, *, by: Person) -> None:
    """Give a revision back to its authors to be changed."""
    _move(revision, State.CHANGES_REQUESTED, rules.CURATOR)


@deed
def reject(revision: Revision, *, by: Person) -> None:
    """Refuse a revision; its authors may change it and hand it in again."""
    _move(revision, State.REJECTED, rules.CURATOR)


@deed
def publish(revision: Revision, *, by: Person, rating: float | None = None, is_checked: bool = True) -> Lesson:
    """Make a submitted revision the published one; the one before is kept as replaced. `rating`: 1 to 5, if rated.

    `is_checked`: somebody read the whole lesson, so that its next check counts from today.
    """
    if not rules.may_move(revision.state, State.PUBLISHED, rules.CURATOR):
        raise Conflict(ALREADY_MOVED)
    lesson = queries.lesson_by_id(revision.lesson_id)
    assert lesson is not None
    file = fileformat.parse(revision.source)
    lengths.insist(lesson.id, revision.minutes)
    old = db.session.get(Revision, lesson.published_id) if lesson.published_id else None
    if lesson.state == "archived":
        merging.end(lesson.id)
    with accounts.storing():
        revision.is_major = is_major_change(old, revision, file)
        if old is not None:
            old.state = State.SUPERSEDED
            db.session.flush()
        now = clock.now()
        revision.state, revision.published_at = State.PUBLISHED, now
        revision.extras = revision.extras | ({"rating": rating} if rating else {})
        is_first = lesson.published_at is None
        lesson.published_id, lesson.state = revision.id, "published"
        if is_first:
            contributing.settle_shares(lesson, revision, file)
            lesson.quality = quality(Signs(rating=rating or USUAL_RATING))
            lesson.worth = ordering.while_checked(lesson.quality)
        lesson.published_at = lesson.published_at or now
        lesson.major += 1 if revision.is_major else 0
        topics = beginning.topics_of(file) or [link.topic for link in lesson.topics]
        show_on_lesson(lesson, revision, topics, file, was_public=not is_first)
        if is_checked:
            count_as_checked(lesson, revision)
    make_findable(lesson, file)
    citations.keep(lesson.id, revision.source)
    contributing.adopt_pictures(lesson, revision.source)
    shares = tuple((author.person_id, author.share) for author in lesson.authors)
    topic_ids = tuple(topic.id for topic in topics)
    announce(events.LessonPublished(lesson.id, revision.id, lesson.major, is_first, topic_ids, shares), by=by)
    return lesson


# how it is done


def _move(revision: Revision, state: State, who: str) -> None:
    if not rules.may_move(revision.state, state, who):
        raise Conflict(ALREADY_MOVED)
    with accounts.storing():
        revision.state = state


def is_major_change(old: Revision | None, new: Revision, file: LessonFile) -> bool:
    """Whether a revision with this text changes what is to be learned."""
    if old is None:
        return True
    before = fileformat.parse(old.source)
    return rules.is_major(
        [f"{card.title}\n{card.body}" for card in before.cards],
        [f"{card.title}\n{card.body}" for card in file.cards],
        quiz_queries.meanings_of(old.quiz_id),
        quiz_queries.meanings_of(new.quiz_id),
    )


def show_on_lesson(
    lesson: Lesson, revision: Revision, topics: Sequence[Topic], file: LessonFile, *, was_public: bool
) -> None:
    """Let the lesson say what this revision says. Its address follows a new title."""
    if slugify(lesson.title) != slugify(revision.title):
        addresses.move_address(lesson, revision.title, was_public=was_public)
    lesson.title, lesson.summary, lesson.kind = revision.title, revision.summary, revision.kind
    lesson.minutes = rules.whole_minutes(revision.minutes)
    lesson.language, lesson.translation_of = file.front.language, file.front.translation_of or None
    lesson.topic_id = topics[0].id
    visibility.classify(lesson, file.front.classification, file.front.audience)
    db.session.execute(delete(LessonTopic).where(LessonTopic.lesson_id == lesson.id))
    rows = [{"lesson_id": lesson.id, "topic_id": topic.id, "position": n} for n, topic in enumerate(topics)]
    db.session.execute(insert(LessonTopic), rows)
    db.session.expire(lesson, ["topics"])
    set_committed_value(lesson, "is_critical", _is_critical(topics))
