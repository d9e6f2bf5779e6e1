"""Parameters of the memory model for one organisation: found offline, and taken only when they predict better.

The fitting itself is the `fsrs` package's optimizer. It needs PyTorch, which is large and which nothing else here
needs; so it is an extra that operators install when they want it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from math import log
from typing import Any

from fsrs import Card, Rating, ReviewLog

from peerlearn.practice import memory, past
from peerlearn.practice.memory import Parameters
from peerlearn.practice.rules import POLICY

Histories = list[list[ReviewLog]]  # of one person and item each, oldest first
NOT_INSTALLED = "Fitting needs PyTorch, pandas and tqdm; not all are installed here: pip install 'fsrs[optimizer]'"


def report() -> str:
    """Fit on the older reviews, judge on the newer ones, and say what to do."""
    histories = logs_of(past.histories())
    count = sum(map(len, histories))
    if count < POLICY.fit_least:
        return f"{count} reviews are too few: {POLICY.fit_least} are needed."
    older, newer = split(histories)
    try:
        found = fit(older)
    except ImportError:
        return NOT_INSTALLED
    return verdict(log_loss(newer, memory.used().parameters), log_loss(newer, found), found)


def verdict(before: float, after: float, found: Parameters) -> str:
    """What to do with parameters that change the log loss of answers they were not fitted to."""
    if not before - after >= POLICY.fit_gain:  # nor what is no number
        return f"Keep the parameters: log loss {before:.4f} would become {after:.4f}, too little to gain."
    return (
        f"Log loss {before:.4f} becomes {after:.4f}. Set this, start PeerLearn again, "
        f"and run `peerlearn practice recompute`:\nPEERLEARN_MEMORY={','.join(f'{one:g}' for one in found)}"
    )


def fit(histories: Histories) -> Parameters:
    """Parameters that fit these reviews. ImportError when the optimizer is not installed."""
    from fsrs import Optimizer  # not there without PyTorch

    optimizer: Any = Optimizer([entry for entries in histories for entry in entries])
    return tuple(optimizer.compute_optimal_parameters())


def logs_of(answers: Mapping[tuple[int, int], Sequence[tuple[date, int]]]) -> Histories:
    """Answers as the memory model reads them: noon of each day, each person's item a card of its own."""
    return [
        [ReviewLog(number, Rating(rating), datetime.combine(day, time(12), UTC), None) for day, rating in days]
        for number, days in enumerate(answers.values(), start=1)
    ]


def split(histories: Histories, share: float = 0.8) -> tuple[Histories, Histories]:
    """The items whose first answer is older, and the others: what is judged was not fitted."""
    by_age = sorted(histories, key=lambda entries: entries[0].review_datetime)
    cut = int(len(by_age) * share)
    return by_age[:cut], by_age[cut:]


def log_loss(histories: Histories, parameters: Parameters) -> float:
    """How surprised the model is by what was recalled: the mean negative log likelihood of later answers."""
    losses = [loss for entries in histories for loss in _losses(entries, parameters)]
    return sum(losses) / len(losses) if losses else 0.0


def _losses(entries: Sequence[ReviewLog], parameters: Parameters) -> list[float]:
    model, card, losses = memory.scheduler(0.9, parameters), Card(card_id=1), []
    for number, entry in enumerate(entries):
        if number:
            chance = min(0.9999, max(0.0001, model.get_card_retrievability(card, entry.review_datetime)))
            losses.append(-log(chance if entry.rating != Rating.Again else 1 - chance))
        card, _ = model.review_card(card, entry.rating, entry.review_datetime)
    return losses
