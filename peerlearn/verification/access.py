"""The doors to a lesson that one may verify, and to a source that one's lessons cite."""

from __future__ import annotations

from dataclasses import dataclass

from peerlearn.accounts import queries as accounts
from peerlearn.accounts.models import Person
from peerlearn.core import clock
from peerlearn.core.errors import NotFound
from peerlearn.core.paging import Page
from peerlearn.lessons.rules import FOR_SOME
from peerlearn.review import access as review
from peerlearn.review import standing
from peerlearn.review.standing import Standing
from peerlearn.verification import heirs, keys, rules, sources
from peerlearn.verification.heirs import Waiting
from peerlearn.verification.keys import Asked
from peerlearn.verification.sources import Citing


@dataclass(frozen=True)
class Mailed:
    """What a mail asked, as it stands now: for whom, the lesson (None where it is not theirs to see), and its state."""

    asked: Asked
    state: str  # of rules.MAIL_STATES
    person: Person | None = None
    standing: Standing | None = None


def lesson_to_check(lesson_id: int, person: Person) -> Standing:
    """A published lesson that this person may verify."""
    found = review.lesson_to_stand(lesson_id, person, clock.organisation_zone())
    if "verify" not in found.offered:
        raise NotFound()
    return found


def lesson_left_behind(lesson_id: int) -> Waiting:
    """A lesson of somebody who left, for which nobody is here."""
    found = heirs.waiting_one(lesson_id)
    if found is None:
        raise NotFound()
    return found


def check_in_mail(key: str, visitor: Person | None) -> Mailed:
    """What the key in a mail opens. Nobody needs to be signed in; who is signed in opens only their own mail's."""
    asked = keys.asked_by(key)
    if asked is None:
        raise NotFound()
    if visitor is not None and visitor.id != asked.person_id:
        return Mailed(asked, rules.SOMEBODY_ELSES)
    person = visitor or accounts.person_by_id(asked.person_id)
    if person is None or not person.is_active:
        raise NotFound()
    found = standing.standing_of(asked.lesson_id, person, clock.organisation_zone())
    return Mailed(asked, _state(asked, found), person, found)


def _state(asked: Asked, found: Standing | None) -> str:
    if found is None:
        return rules.NOT_THEIRS
    lesson = found.lesson
    if lesson.classification in FOR_SOME:
        return rules.FOR_SOME_ONLY
    if not asked.is_about(lesson):
        return rules.CHECKED if asked.was_answered(lesson) else rules.CHANGED
    if "verify" not in found.offered:
        return rules.NOT_THEIRS
    return rules.TOO_LATE if asked.is_over else rules.OPEN


def source(key: str, person: Person, after: int | None = None) -> Page[Citing]:
    """The lessons that cite an address and that this person sees; where there is none, there is no such source."""
    found = sources.citing(key, person, after)
    if not found.rows:
        raise NotFound()
    return found
