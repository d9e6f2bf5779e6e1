"""Whether the memory model can be believed: what it expected against what was recalled, by length of interval.

A month is looked at once, as soon as none of its answers comes in any more. Whoever finishes a set then lets it happen
after the response, and the nightly command does it where nobody practises.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from math import sqrt

from sqlalchemy import select

from peerlearn.accounts import queries as accounts
from peerlearn.core import clock
from peerlearn.core.db import ask, start_writing
from peerlearn.core.deeds import deed, publish
from peerlearn.core.upsert import insert_into
from peerlearn.core.words import N_
from peerlearn.practice import belief, past, rules
from peerlearn.practice.events import MonthCalibrated
from peerlearn.practice.models import ModelMonth
from peerlearn.practice.rules import POLICY
from peerlearn.quizzes.kinds.registry import kind_of
from peerlearn.quizzes.question import Question

NAMES = (N_("under 7 days"), N_("7 to 20 days"), N_("21 to 59 days"), N_("60 days and more"))
SPANS = ("0–6", "7–20", "21–59", "60+")


@dataclass(frozen=True)
class Bucket:
    """The due answers of one tier of intervals."""

    name: str
    count: int
    predicted: float
    found: float  # share right, what guessing alone brings taken away

    @property
    def span(self) -> str:
        """Its days in few signs."""
        return SPANS[NAMES.index(self.name)]

    @property
    def gap(self) -> float:
        """How much more was recalled than expected."""
        return self.found - self.predicted

    @property
    def is_judged(self) -> bool:
        """Whether these are enough answers to say something."""
        return self.count >= POLICY.calibration_least

    @property
    def is_off(self) -> bool:
        """Whether the model is wrong by more than chance explains."""
        return self.is_judged and abs(self.gap) > POLICY.calibration_gap


@dataclass(frozen=True)
class Report:
    """One month of due answers."""

    first: date
    buckets: list[Bucket] = field(default_factory=list)
    log_loss: float | None = None

    @property
    def count(self) -> int:
        """How many answers there were."""
        return sum(bucket.count for bucket in self.buckets)

    @property
    def distance(self) -> float | None:
        """How far expected and recalled are apart: the root of the mean square over all answers; None without any."""
        if not self.count:
            return None
        return sqrt(sum(bucket.count * bucket.gap**2 for bucket in self.buckets) / self.count)

    @property
    def verdict(self) -> str:
        """What it says: a key of `belief.VERDICTS`."""
        return belief.verdict([(bucket.count, bucket.gap) for bucket in self.buckets], POLICY)

    @property
    def is_judged(self) -> bool:
        """Whether there are enough answers of some interval."""
        return any(bucket.is_judged for bucket in self.buckets)

    @property
    def is_off(self) -> bool:
        """Whether some interval is predicted badly."""
        return any(bucket.is_off for bucket in self.buckets)

    def lines(self) -> Iterator[str]:
        """The report for a terminal."""
        yield f"{self.first:%B %Y}: what the memory model expected, and what was recalled"
        for bucket in self.buckets:
            note = "  too far off" if bucket.is_off else "" if bucket.is_judged else "  too few"
            yield f"{bucket.name:18}{bucket.count:8} answers{bucket.predicted:9.3f}{bucket.found:9.3f}{note}"


def last_month(today: date) -> Report:
    """The month that ended last."""
    return of_month((today.replace(day=1) - timedelta(days=1)).replace(day=1))


def of_month(first: date) -> Report:
    """The due answers of the month that begins on a day."""
    before = (first + timedelta(days=31)).replace(day=1)
    since, until = (datetime.combine(day, time(), UTC) for day in (first, before))
    answers: dict[int, list[tuple[float, bool, float]]] = defaultdict(list)
    for interval, predicted, is_right, guess in answers_between(since, until):
        answers[rules.tier_of(interval)].append((predicted, is_right, guess))
    buckets = [_bucket(tier, answers[tier]) for tier in range(1, len(NAMES) + 1)]
    return Report(first, buckets, belief.log_loss(answer for listed in answers.values() for answer in listed))


def answers_between(since: datetime, until: datetime) -> Iterator[tuple[int, float, bool, float]]:
    """Each due answer of a time: the interval in days, the chance expected, whether it was right, that of guessing."""
    guesses: dict[int, float] = {}
    for version_id, body in past.asked_wordings(since, until):
        question = Question.from_json(body)
        guesses[version_id] = kind_of(question).guess_chance(question)
    for row in past.predictions(since, until):
        yield row.interval, row.predicted, row.is_right, guesses[row.version_id]


def _bucket(tier: int, answers: list[tuple[float, bool, float]]) -> Bucket:
    found = belief.calibration(answers)
    return Bucket(NAMES[tier - 1], int(found["count"]), found["predicted"], found["found"])


def catch_up() -> bool:
    """Look at the oldest of the newest months that nobody has looked at; whether more are left."""
    months = belief.settled_months(clock.today(clock.organisation_zone()))
    known = set(ask(select(ModelMonth.month).where(ModelMonth.month >= months[-1])).scalars())
    missing = [month for month in reversed(months) if month not in known]
    if missing:
        keep(of_month(missing[0]), tells=missing[0] == months[0])
    return len(missing) > 1


@deed
def keep(report: Report, *, tells: bool) -> None:
    """Write a month's report down, once; `tells`: administrators hear of it if anything was due."""
    start_writing()
    values = {"month": report.first, "log_loss": report.log_loss, "buckets": list(map(asdict, report.buckets))}
    statement = insert_into(ModelMonth).values(**values).on_conflict_do_nothing().returning(ModelMonth.month)
    if ask(statement).scalar() and tells and report.count:
        told_ids = tuple(accounts.active_administrators())
        publish(MonthCalibrated(report.first.isoformat(), report.is_off, told_ids), by=None)


def reports(limit: int = POLICY.calibrated_months) -> list[Report]:
    """The newest months, the newest first, from the first one on in which something was due."""
    statement = (
        select(ModelMonth.month, ModelMonth.buckets, ModelMonth.log_loss).order_by(ModelMonth.month.desc()).limit(limit)
    )
    found = [Report(month, [Bucket(**one) for one in buckets], loss) for month, buckets, loss in ask(statement)]
    while found and not found[-1].count:
        found.pop()
    return found
