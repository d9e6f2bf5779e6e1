"""The numbers of reading that an organisation may set, the rules with those that hold, and a lesson's terms by them."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from peerlearn.accounts import numbers
from peerlearn.accounts.numbers import Held, Number
from peerlearn.core.words import N_
from peerlearn.learn.rules import POLICY, Policy
from peerlearn.lessons import freshness
from peerlearn.lessons.models import Lesson
from peerlearn.quizzes.numbers import policy as quiz_policy
from peerlearn.quizzes.rules import Terms

DWELL = Number(
    "dwell_percent",
    N_("Least time with a lesson, in percent of its reading time"),
    round(100 * POLICY.dwell_share),
    0,
    100,
    N_("A quiz that begins sooner pays no points."),
)
PRETEST = Number(
    "pretest_percent",
    N_("How often a question comes before reading, in percent"),
    round(100 * POLICY.pretest_share),
    0,
    100,
    N_("It tells what was known before, and makes reading more careful."),
)
numbers.offer(N_("Reading"), DWELL, PRETEST)


def policy() -> Policy:
    """The rules of reading as they hold here."""
    return _policy(numbers.held())


@lru_cache(maxsize=16)
def _policy(held: Held) -> Policy:
    return replace(POLICY, dwell_share=held.of(DWELL) / 100, pretest_share=held.of(PRETEST) / 100)


def terms_of(lesson: Lesson) -> Terms:
    """How the quiz of a published lesson is taken; in a critical topic it has to be passed wholly, or as is set."""
    assert lesson.published is not None
    is_critical = lesson.topic.importance == freshness.CRITICAL
    return Terms.of(lesson.published.extras, quiz_policy(), is_critical=is_critical)
