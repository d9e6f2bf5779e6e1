"""Which questions an attempt asks: drawn from the pool, or what was missed before, with spares in its place."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from peerlearn.learn.rules import Told
from peerlearn.quizzes.answering import token

Key = tuple[int, str]  # a question whatever its wording: the item, and what it means


@dataclass(frozen=True, slots=True)
class Candidate:
    """A question that can be asked. What does not `count` is asked the first time, and never missed."""

    version_id: int
    key: Key
    card: int | None = None
    is_spare: bool = False
    counts: bool = True
    told: Told = Told.NOTHING  # what the person was told of it before


@dataclass(frozen=True, slots=True)
class Past:
    """A question that a person was asked before: in whose place it stood, and whether it was ever right there."""

    key: Key
    place: Key
    was_right: bool


@dataclass(frozen=True, slots=True)
class Draw:
    """What an attempt asks. `total` questions count; `carried` of them were right before.

    `instead_of` gives, for each question that is asked, the missed one in whose place it stands, if it is another.
    """

    asked: tuple[Candidate, ...]
    instead_of: tuple[Candidate | None, ...]
    total: int
    carried: int


def draw(candidates: Sequence[Candidate], past: Sequence[Past], size: int, seed: int, *, use_spares: bool) -> Draw:
    """The questions of one attempt, in the order of the quiz. `size` is how many count; 0 means all of them.

    What was told before is asked last: where others are left, and where no spare stands for its card.
    """
    places = _places(candidates, past, size, seed)
    right = {one.place for one in past if one.was_right}
    missed = [one for one in places if one.key not in right]
    others = [] if past else [one for one in candidates if not (one.counts or one.is_spare)]
    used = {one.key for one in past}
    spares = _by_chance((one for one in candidates if one not in places and one.key not in used and one.counts), seed)
    spares.sort(key=lambda one: (one.told, not one.is_spare))  # the real spares first, then what was never drawn
    asked = []
    for place in _in_order(candidates, missed + others):
        is_known = place.key in used or place.told
        spare = _spare_for(place, spares, untold=place.key not in used) if use_spares and is_known else None
        asked.append((spare or place, place if spare else None))
        if spare:
            spares.remove(spare)
    return Draw(tuple(a for a, _ in asked), tuple(i for _, i in asked), len(places), len(places) - len(missed))


def _spare_for(known: Candidate, spares: Iterable[Candidate], *, untold: bool) -> Candidate | None:
    """A question that the person has not seen here and that tests the same card; `untold`: nor elsewhere."""
    same = (one for one in spares if one.card is not None and one.card == known.card)
    return next((one for one in same if not (untold and one.told)), None)


def _places(candidates: Sequence[Candidate], past: Sequence[Past], size: int, seed: int) -> list[Candidate]:
    """The questions to be right: those of earlier attempts, filled up to the size of the quiz."""
    pool = [one for one in candidates if one.counts and not one.is_spare]
    begun = {one.place for one in past}
    kept = [one for one in pool if one.key in begun]
    new = [one for one in pool if one.key not in begun]
    fresh, told = [one for one in new if not one.told], [one for one in new if one.told]
    wanted = max(0, (size or len(pool)) - len(kept))
    chosen = _spread(fresh, wanted, seed)
    return _in_order(candidates, kept + chosen + _spread(told, wanted - len(chosen), seed))


def _spread(pool: Sequence[Candidate], size: int, seed: int) -> list[Candidate]:
    """So many of them by chance, from as many cards as there are."""
    cards: dict[int | None, list[Candidate]] = {}
    for one in _by_chance(pool, seed):
        cards.setdefault(one.card, []).append(one)
    rounds = zip_longest(*cards.values())
    return [one for each in rounds for one in each if one is not None][:size]


def _by_chance(candidates: Iterable[Candidate], seed: int) -> list[Candidate]:
    return sorted(candidates, key=lambda one: token(seed, "draw", one.key[0]))


def _in_order(candidates: Sequence[Candidate], chosen: Sequence[Candidate]) -> list[Candidate]:
    return [one for one in candidates if one in chosen]
