"""What authors earn because learners still know their lesson later (ENGINE E6).

An answer shows that something was kept when it comes a week or more after the one before. How much of that is the
lesson's merit is told by those who were asked before they read it: a question that everybody gets right anyway brings
nothing. The credit grows with each doubling of what was gained, so no single hit outweighs many good lessons, and only
what it has grown since the last posting is paid.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from math import floor, log2
from typing import cast

from peerlearn.core.events import Event
from peerlearn.core.words import N_
from peerlearn.points.events import LessonRetained
from peerlearn.points.rule import EPSILON, IP, Pay, Policy, Rule
from peerlearn.quizzes.rules import gc


@dataclass
class Evidence:
    """What the learners of one lesson have shown. Answers count by the weight of whoever gave them."""

    learners: int = 0
    weight: float = 0.0
    answers: float = 0.0
    right: float = 0.0
    guessed: float = 0.0  # of these, as many as blind guessing would get right
    pretests: int = 0
    pretests_right: int = 0

    def add(self, weight: float, answers: int, right: int, guessed: float) -> None:
        """Count what one learner answered a week or more after the answer before."""
        self.learners += 1
        self.weight += weight
        self.answers += weight * answers
        self.right += weight * right
        self.guessed += weight * guessed


def gain(evidence: Evidence | LessonRetained, policy: Policy) -> float:
    """How much more is known for having learned the lesson: 0 to 1, guessing taken away from both sides."""
    if not evidence.answers:
        return 0.0
    chance = evidence.guessed / evidence.answers
    before = evidence.pretests_right + policy.baseline_answers * policy.baseline_right
    known_before = gc(before / (evidence.pretests + policy.baseline_answers), chance)
    return max(0.0, gc(evidence.right / evidence.answers, chance) - known_before)


def credit(evidence: Evidence | LessonRetained, policy: Policy) -> int:
    """All that a lesson has earned its authors so far."""
    if evidence.learners < policy.retention_learners:
        return 0
    impact = evidence.weight * gain(evidence, policy)
    return floor(policy.retention_step * log2(1 + impact / policy.retention_unit) + EPSILON)


def counts(day: date, since: int, passed: list[date], policy: Policy) -> bool:
    """Whether an answer shows what was kept: long enough after the one before, and in the first weeks after a pass."""
    longest = timedelta(days=policy.retention_days)
    return since >= policy.retention_gap and any(timedelta() <= day - pass_day <= longest for pass_day in passed)


def month_before(day: date) -> str:
    """The month that ended last, as its postings name it."""
    return (day.replace(day=1) - timedelta(days=1)).strftime("%Y-%m")


def _source(event: Event) -> str:
    retained = cast(LessonRetained, event)
    return f"lesson:{retained.lesson_id}:month:{retained.month}"


def _pay(event: Event, policy: Policy) -> Pay:
    retained = cast(LessonRetained, event)
    return Pay(
        max(0, credit(retained, policy) - retained.credited),
        N_("So far %(learners)s people have been asked again a week or more later, and this is what they still knew."),
    )


RETAINED = Rule(
    slug="T2",
    version=1,
    track=IP,
    event=LessonRetained,
    title=N_("Teach what stays"),
    sentence=N_(
        "Once a month a lesson pays its authors, split by their shares, for what its learners still know: questions "
        "answered a week or more after the last time, within %(retention_days)s days of passing, compared with what "
        "people knew before they read it. Each doubling of what was gained brings %(retention_step)s Impact."
    ),
    receipt=N_("People still know “%(lesson)s”"),
    who=lambda record: cast(LessonRetained, record.event).shares,
    source=_source,
    pay=_pay,
    demands=(
        N_("At least %(retention_learners)s learners were asked again."),
        N_("What authors, reviewers and curators of the lesson answer does not count."),
        N_("What people answer whose team an author leads counts half."),
        N_("Answers that came too fast to have been read do not count, nor answers by a key that was wrong."),
    ),
    is_posted=True,
)
