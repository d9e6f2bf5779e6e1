"""The doors to suggestions: what somebody may suggest words for, and which suggestions are theirs to see or decide."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from peerlearn.accounts.models import Person
from peerlearn.core.errors import Conflict, NotAllowed, NotFound
from peerlearn.learn import access as learn
from peerlearn.learn.queries import Standing
from peerlearn.lessons import fileformat
from peerlearn.lessons.fileformat import LessonFile
from peerlearn.lessons.models import Lesson
from peerlearn.lessons.rules import Classification
from peerlearn.quizzes import queries as quizzes
from peerlearn.suggestions import patching, queries, rules
from peerlearn.suggestions.queries import Found
from peerlearn.suggestions.rules import CARD, QUESTION, Place


@dataclass(frozen=True)
class Suggestable:
    """A lesson as somebody may suggest other words for it: its file, and whose keys they know already."""

    lesson: Lesson
    source: str
    file: LessonFile
    known: frozenset[str]  # ids of questions whose answers this person has been shown

    def places(self) -> Iterable[Place]:
        """What a suggestion can be about."""
        yield from (Place(CARD, str(number)) for number in range(1, len(self.file.cards) + 1))
        yield from (Place(QUESTION, one.uid) for one in self.file.questions if one.uid in self.known)

    def text_at(self, name: str) -> tuple[Place, str]:
        """A place by its name in the address, with its Markdown. A question whose key one does not know is missing."""
        place = Place.read(name)
        if place is None or place not in set(self.places()):
            raise NotFound()
        text = patching.text_at(self.file, place)
        if text is None:
            raise NotFound()
        return place, text


def lesson_to_mend(slug: str, person: Person) -> Suggestable:
    """A published lesson of others."""
    lesson, where = learn.lesson_to_learn(slug, person)
    if any(author.person_id == person.id for author in lesson.authors):
        raise NotAllowed(rules.OWN_LESSON)
    if lesson.classification == Classification.CONFIDENTIAL and not (where.reading or where.passed):
        raise NotAllowed(rules.UNOPENED)  # its text is shown to nobody of whom this is not on record
    assert lesson.published is not None
    source = queries.source_of(lesson.published.id)
    return Suggestable(lesson, source, fileformat.parse(source), _known(lesson, where))


def _known(lesson: Lesson, where: Standing) -> frozenset[str]:
    """The questions, in the wording of today, that this person has answered and whose key they may see."""
    assert lesson.published is not None
    seen = [attempt.id for attempt in where.finished if where.shows_keys_of(attempt)]
    versions = queries.answered(seen)
    if not versions:
        return frozenset()
    stored = quizzes.load_quiz(lesson.published.quiz_id)
    return frozenset(one.question.uid for one in stored if one.version_id in versions)


def suggestion_to_see(suggestion_id: int, person: Person) -> Found:
    """A suggestion of one's own, on one's own lesson or on a lesson of one's topics."""
    found = queries.suggestion_by_id(suggestion_id, person)
    if found is None or not found.visitor.may_see:
        raise NotFound()
    return found


def suggestion_to(act: str, suggestion_id: int, person: Person) -> Found:
    """A suggestion to do something with: missing for strangers, refused to those who may only look."""
    found = suggestion_to_see(suggestion_id, person)
    if act in rules.acts(found.suggestion.state, found.visitor):
        return found
    if rules.ACTS[act].who & found.visitor.parts:
        raise Conflict()
    raise NotAllowed()
