"""Memory hears what is answered in lessons, and follows lessons and topics when they change."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import cast

from peerlearn.accounts.events import PersonChanged, RoleLapsed, RoleTaken
from peerlearn.core.afterwards import afterwards
from peerlearn.core.events import Recorded, always, listens
from peerlearn.learn import rules as learning
from peerlearn.learn.events import AttemptFinished, CheckStarted, LessonPassed, PassCorrected, QuestionAnswered
from peerlearn.lessons.events import LessonArchived, LessonHidden, LessonPublished, LessonShown, TopicChanged
from peerlearn.practice import awaiting, calibrating, following, growing, quizzed, refreshing, telling, withdrawing  # noqa: F401
from peerlearn.practice.events import DailySetFinished


@listens(QuestionAnswered, ahead=always)
def remember(records: Sequence[Recorded]) -> None:
    """What a quiz's answers say about memory; one answered too fast says nothing."""
    answers: dict[tuple[int, date], list[QuestionAnswered]] = {}
    for record in records:
        event = cast(QuestionAnswered, record.event)
        if record.actor_id is not None and event.counts and not event.is_rapid:
            answers.setdefault((record.actor_id, record.day), []).append(event)
    for (person_id, day), events in answers.items():
        quizzed.remember(person_id, events, day)


@listens(AttemptFinished, ahead=always)
def grow(records: Sequence[Recorded]) -> None:
    """What somebody holds grew with an attempt; nobody waits until that is added up."""
    if person_ids := {record.actor_id for record in records if record.actor_id is not None}:
        afterwards(growing.renew, *person_ids)


@listens(LessonPassed, PassCorrected, ahead=always)
def await_recall(records: Sequence[Recorded]) -> None:
    """A pass that proves little by itself waits for what it rests on, or finds that it was recalled before."""
    for record in records:
        event = record.event
        if not isinstance(event, LessonPassed | PassCorrected):
            continue
        if not learning.is_unproven(event.attempt_number, event.rests_on_told):
            continue
        if isinstance(event, LessonPassed) and record.actor_id is not None:
            awaiting.passed(record.actor_id, event, record.day)
        elif isinstance(event, PassCorrected) and event.passes:
            awaiting.passed_after_all(event)


@listens(CheckStarted, ahead=always)
def keep_back(records: Sequence[Recorded]) -> None:
    """What a check asks is taken out of sets that are drawn already: asking it there would tell it."""
    for record in records:
        if record.actor_id is not None:
            withdrawing.of_a_check(record.actor_id, record.day)


@listens(PersonChanged, RoleTaken, RoleLapsed)
def hide(records: Sequence[Recorded]) -> None:
    """Whoever leaves a team is not asked any more what was for that team alone."""
    for record in records:
        event = record.event
        if isinstance(event, PersonChanged) and "team_id" not in event.fields:
            continue
        if isinstance(event, PersonChanged | RoleTaken | RoleLapsed):
            withdrawing.of_hidden(event.person_id, record.day)


@listens(DailySetFinished, ahead=always)
def calibrate(records: Sequence[Recorded]) -> None:
    """Whoever finishes a set lets the month that ended be looked at; nobody waits for it."""
    afterwards(calibrating.catch_up)


@listens(LessonPublished, LessonShown, LessonArchived, LessonHidden, TopicChanged)
def follow(records: Sequence[Recorded]) -> None:
    """Memories follow what they are of."""
    for record in records:
        event = record.event
        if isinstance(event, LessonPublished | LessonShown):
            anew = isinstance(event, LessonShown) or not event.is_correction
            is_new = following.publication(event.lesson_id, event.revision_id, record.day, anew=anew)
            if is_new and isinstance(event, LessonPublished) and not event.is_first:
                refreshing.publication(event.lesson_id, event.revision_id, record.day)
        elif isinstance(event, LessonArchived | LessonHidden):
            following.archive(event.lesson_id, record.day)
        elif isinstance(event, TopicChanged):
            following.importance(event.topic_id)
