"""Taking in answers that were given without a network. They count once, by the time at which they were given."""

from __future__ import annotations

from enum import StrEnum

from peerlearn.accounts.models import Person
from peerlearn.core import clock
from peerlearn.core.deeds import deed
from peerlearn.core.words import N_
from peerlearn.practice import actions, rules
from peerlearn.practice.models import SetQuestion
from peerlearn.practice.queries import Sitting
from peerlearn.quizzes.answering import Answer, Unreadable


class Fate(StrEnum):
    """What became of an answer that came in."""

    COUNTED = "counted"
    ELSEWHERE = "elsewhere"  # the question was answered in another way meanwhile
    LATE = "late"
    HASTY = "hasty"


WORDS = {
    Fate.ELSEWHERE: N_("You had answered this question elsewhere meanwhile, and that answer counts."),
    Fate.LATE: N_(
        "This answer is older than %(hours)s hours, so it does not count. The question comes back in practice."
    ),
    Fate.HASTY: N_(
        "It came faster than most people can read, so this answer is not marked. The question is asked once more."
    ),
}


@deed
def take_in(
    sitting: Sitting,
    asked: SetQuestion,
    given: Answer | Unreadable,
    confidence: str | None,
    *,
    key: str,
    seconds_ago: int,
    by: Person,
) -> Fate:
    """Let an answer count that was given so many seconds ago. The same one again changes nothing and hears the same."""
    if asked.answered_at:
        return _counted(asked) if asked.synced_as == key else Fate.ELSEWHERE
    now, drawn = clock.now(), sitting.daily_set.started_at
    at = rules.moment_offline(seconds_ago, now, drawn)
    if at is None:
        return Fate.LATE
    answers = 1 + sum(row.answered_at is not None for row in sitting.questions)
    offline = actions.Offline(at, key, rules.seconds_at_most(now - drawn, answers))
    actions.answer(sitting, asked.position, given, confidence, offline=offline, by=by)
    return _counted(asked)


def _counted(asked: SetQuestion) -> Fate:
    return Fate.HASTY if asked.is_rapid else Fate.COUNTED
