"""Whether a memory model can be believed: pure figures of what it expected and what was recalled."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from math import ceil, log
from statistics import fmean

from peerlearn.core.words import N_
from peerlearn.practice.rules import POLICY, Policy


def log_loss(answers: Iterable[tuple[float, bool, float]]) -> float | None:
    """How surprised the model is by answers (predicted, right, guess chance): their mean negative log likelihood.

    Right is what was recalled, and what was guessed of the rest. None without answers.
    """
    chances = [(guess + (1 - guess) * predicted, right) for predicted, right, guess in answers]
    losses = [-log(min(0.9999, max(0.0001, chance if right else 1 - chance))) for chance, right in chances]
    return fmean(losses) if losses else None


def settled_months(today: date, policy: Policy = POLICY) -> list[date]:
    """The first days of the newest months of which no answer comes in any more, the newest first.

    An answer without a network may be `sync_hours` late, and the day is another one elsewhere.
    """
    first, months = (today - timedelta(days=ceil(policy.sync_hours / 24) + 1)).replace(day=1), []
    for _ in range(policy.calibrated_months):
        first = (first - timedelta(days=1)).replace(day=1)
        months.append(first)
    return months


def calibration(answers: Iterable[tuple[float, bool, float]]) -> Mapping[str, float]:
    """How far the model's belief is from what happened, for answers (predicted, right, guess chance) of a bucket."""
    listed = list(answers)
    if not listed:
        return {"count": 0, "predicted": 0.0, "found": 0.0, "gap": 0.0}
    count = len(listed)
    predicted = sum(p for p, _, _ in listed) / count
    share, guess = sum(right for _, right, _ in listed) / count, sum(c for _, _, c in listed) / count
    found = max(0.0, (share - guess) / (1 - guess)) if guess < 1 else 0.0
    return {"count": count, "predicted": predicted, "found": found, "gap": found - predicted}


VERDICTS = {
    "none": N_("Nothing was due in this month, so there is nothing to compare."),
    "few": N_(
        "Too few answers to judge the model: that takes %(least)s after one length of interval. Nothing has to be done."
    ),
    "fits": N_("The model can be believed: expected and recalled differ by less than %(gap)s points. Nothing to do."),
    "forgetful": N_(
        "People recall less than the model expects, so questions come later than they should. Ask whoever runs "
        "PeerLearn to look for better numbers with “peerlearn practice fit”."
    ),
    "keen": N_(
        "People recall more than the model expects, so questions come more often than they must. Ask whoever runs "
        "PeerLearn to look for better numbers with “peerlearn practice fit”."
    ),
    "both": N_(
        "After some intervals people recall less than the model expects, after others more. Ask whoever runs PeerLearn "
        "to look for better numbers with “peerlearn practice fit”."
    ),
}


def verdict(buckets: Iterable[tuple[int, float]], policy: Policy = POLICY) -> str:
    """What a month says, of (answers, recalled less expected) by interval: a key of `VERDICTS`."""
    listed = list(buckets)
    judged = [gap for count, gap in listed if count >= policy.calibration_least]
    if not judged:
        return "few" if any(count for count, _ in listed) else "none"
    low, high = min(judged) < -policy.calibration_gap, max(judged) > policy.calibration_gap
    return {(True, True): "both", (True, False): "forgetful", (False, True): "keen"}.get((low, high), "fits")
