"""Beginning a lesson from something that is there already: pasted notes, or another lesson. None of it commits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from peerlearn.accounts.models import Person
from peerlearn.core import copied
from peerlearn.core.db import db
from peerlearn.core.deeds import deed
from peerlearn.lessons import actions, fileformat, notes, templating
from peerlearn.lessons.fileformat import Card, Front
from peerlearn.lessons.models import Lesson, Origin, Topic
from peerlearn.lessons.rules import CLASSIFICATION, FOR_SOME, Kind
from peerlearn.quizzes import textform
from peerlearn.quizzes.question import Question


def text_of_notes(typed: str) -> str:
    """Notes as text: what was copied as the source of a page is read first."""
    return copied.text_of_html(typed) if copied.looks_like_html(typed) else typed


def cards_of_notes(typed: str, *, title: str) -> tuple[Card, ...]:
    """The cards that notes become in a lesson of this title."""
    return tuple(notes.cards_of(text_of_notes(actions.clean_source(typed)), title))


@deed
def from_notes(typed: str, *, kind: str, title: str, topics: Sequence[Topic], by: Person) -> Lesson:
    """Open a new lesson whose cards are somebody's notes, with the questions of the template below them."""
    body = _body(cards_of_notes(typed, title=title), kind)
    return actions.start_lesson(kind=kind, title=title, topics=topics, by=by, body=body)


@deed
def from_lesson(
    origin: Lesson,
    source: str,
    *,
    kind: str,
    title: str,
    topics: Sequence[Topic],
    with_questions: bool,
    by: Person,
) -> Lesson:
    """Open a new lesson with the cards of another one, which it names for good.

    Its questions come along only for who may know their answers; they get marks of their own.
    """
    file = fileformat.parse(source)
    body = _body(file.cards, kind, file.questions if with_questions else ())
    lesson = actions.start_lesson(
        kind=kind, title=title, topics=topics, by=by, front=_kept(file.front), body=body, words_by=origin.owner_id
    )
    db.session.add(Origin(lesson_id=lesson.id, origin_id=origin.id))
    db.session.flush()
    return lesson


def _kept(front: Front) -> Front:
    """What another lesson may take over from the top of a file; how it is taken is decided anew.

    What is not for everybody goes on being for the same teams.
    """
    return Front(
        summary=front.summary,
        tags=front.tags,
        language=front.language,
        sources=front.sources,
        prerequisites=front.prerequisites,
        related=front.related,
        try_it=front.try_it,
        ai_assisted=front.ai_assisted,
        classification=front.classification if front.classification in FOR_SOME else CLASSIFICATION,
        audience=front.audience,
    )


def _body(cards: Sequence[Card], kind: str, questions: Sequence[Question] = ()) -> str:
    printed = "\n\n".join(fileformat.print_card(card) for card in cards)
    if not questions:
        return f"{printed}\n\n{textform.TITLE}\n{templating.quiz_of(Kind(kind))}"
    return f"{printed}\n\n{textform.print_quiz([replace(question, uid='') for question in questions])}"
