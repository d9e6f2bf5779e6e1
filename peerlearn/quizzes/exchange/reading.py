"""Reading a file question by question: the fate of each, and what is not read any more."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from random import Random
from typing import TypeVar

from peerlearn.core.words import N_
from peerlearn.quizzes import textform
from peerlearn.quizzes.exchange.bounds import MAX_QUESTIONS, TEXT_PER_QUESTION
from peerlearn.quizzes.exchange.report import (
    Budget,
    Exhausted,
    Fate,
    LeftOut,
    Losses,
    Reading,
    loss,
    shortened,
    title_of,
)
from peerlearn.quizzes.question import Entry, Option, Pair, Question

Item = TypeVar("Item")
Part = TypeVar("Part", Option, Entry, Pair)

MORE = N_("This file holds more than %(limit)s questions. The rest was not read; split the file to bring it too.")
MORE_TEXT = N_("This file holds more text than is read at once. The rest was not read; split the file to bring it too.")
NOTHING = N_("There are no questions in this file.")
NO_MODEL = N_("There is no model answer for what is written freely. Add one; without it nobody can be asked.")

_UID = re.compile(r"[a-z0-9]{5,12}")
_PART_UID = re.compile(r"[a-z0-9]{1,4}")


def read_each(
    items: Iterable[Item],
    read: Callable[[Item, Losses], Question],
    title: Callable[[Item], str] = lambda item: "",
    limit: int = MAX_QUESTIONS,
) -> Reading:
    """The fate of every item, in order. What is over the limits is not read, and the report says so."""
    budget, fates, remarks = Budget(limit * TEXT_PER_QUESTION), [], []
    for number, item in enumerate(items, start=1):
        if number > limit:
            remarks.append(loss(MORE, limit=limit))
            break
        try:
            fates.append(_fate(number, item, read, title, budget))
        except Exhausted:
            remarks.append(loss(MORE_TEXT))
            break
    return Reading(tuple(fates), tuple(remarks), None if fates else loss(NOTHING))


def _fate(
    number: int,
    item: Item,
    read: Callable[[Item, Losses], Question],
    title: Callable[[Item], str],
    budget: Budget,
) -> Fate:
    losses = Losses(budget)
    try:
        question = finished(read(item, losses))
    except LeftOut as reason:
        return Fate(number, shortened(title(item)), None, (*losses.all(), reason.loss))
    if question.kind == "reflection" and not question.model:
        losses.add(NO_MODEL)
    return Fate(number, title_of(question.stem) or shortened(title(item)), question, losses.all())


def finished(question: Question) -> Question:
    """The question as it is printed and read back: clean texts, each part with an id of its own."""
    bare = replace(
        question,
        uid=question.uid if _UID.fullmatch(question.uid) else "",
        options=_with_own_ids(question.options),
        entries=_with_own_ids(question.entries),
        pairs=_with_own_ids(question.pairs),
    )
    named = textform.with_ids([textform.normal(bare)], (), Random(0))[0]  # noqa: S311  # nosec B311  # thrown away
    pinned = tuple(replace(n, pinned=o.pinned) for n, o in zip(named.options, bare.options, strict=True))
    return textform.normal(replace(named, uid=bare.uid, options=pinned))


def _with_own_ids(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """The parts with the ids they came with, or without any where two are alike or one is no id of ours."""
    uids = [part.uid for part in parts]
    if len(set(uids)) == len(uids) and all(_PART_UID.fullmatch(uid) for uid in uids):
        return parts
    return tuple(replace(part, uid="") for part in parts)
