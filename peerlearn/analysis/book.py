"""The book that answers are entered into: abilities, difficulties and first answers, one answer after the other.

Read once for a portion of facts, changed in memory, written once: a thousand facts cost as many statements as ten.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cache
from typing import Any

from sqlalchemy import bindparam, func, insert, select

from peerlearn.analysis import rules
from peerlearn.analysis.models import EVERYTHING, Ability, FirstAnswer, ItemFigures, ItemReport
from peerlearn.analysis.observing import FIRST, PRETEST, Observation, Wording, parts_of, wordings_of
from peerlearn.analysis.rules import POLICY, ItemSummary
from peerlearn.core.db import Base, ask, database, table_of
from peerlearn.core.upsert import insert_for


@dataclass(frozen=True)
class Believed:
    """An ability, and by how many answers it was judged."""

    theta: float = 0.0
    answers: int = 0


@dataclass
class Figures:
    """A row of figures, to be changed in memory."""

    meaning_id: int
    item_id: int
    lesson_id: int
    difficulty: float
    rated: int = 0
    answers: int = 0
    pretests: int = 0
    pretests_right: int = 0
    seen: int = 0
    right: int = 0
    correlation: float | None = None
    median_seconds: float | None = None
    given: Mapping[str, Sequence[int]] = field(default_factory=dict)


@dataclass(frozen=True)
class Judged:
    """An item after a portion: its figures, what flags look at, and the question."""

    figures: Figures
    summary: ItemSummary
    wording: Wording


class Book:
    """What is known after a portion of answers, one entered after the other."""

    def __init__(self, observations: Sequence[Observation]) -> None:
        people = {each.person_id for each in observations}
        meanings = {each.wording.meaning_id for each in observations}
        self.wordings = {each.wording.meaning_id: each.wording for each in observations}
        self.abilities = _abilities(people) if people else {}
        self.figures, self.reporters = _figures(meanings) if meanings else ({}, {})
        self.answered = _answered(meanings, people) if people else set()
        self.windows = _windows(meanings) if meanings else {}
        self.changed: dict[tuple[int, int], Believed] = {}
        self.firsts: list[dict[str, Any]] = []
        for each in observations:
            self.enter(each)

    def enter(self, one: Observation) -> None:
        """Let one answer count."""
        item = self._item(one)
        if one.type == PRETEST:
            item.pretests += 1
            item.pretests_right += one.is_right
            return
        believed = self._believed(one)
        if one.type == FIRST:
            if (item.meaning_id, one.person_id) in self.answered:
                return
            self._keep(one, believed.theta)
            item.answers += 1
        self._move(one, item, believed)

    def _item(self, one: Observation) -> Figures:
        wording = one.wording
        known = self.figures.get(wording.meaning_id)
        if known is None:
            begun = rules.first_difficulty(wording.question.flags)
            known = Figures(wording.meaning_id, wording.item_id, one.lesson_id, begun)
            self.figures[wording.meaning_id] = known
        return known

    def _believed(self, one: Observation) -> Believed:
        """What is believed of a person in a topic; in a new one, what is believed of them in all."""
        overall = self.abilities.get((one.person_id, EVERYTHING), Believed())
        return self.abilities.get((one.person_id, one.topic_id), Believed(overall.theta))

    def _keep(self, one: Observation, theta: float) -> None:
        meaning_id = one.wording.meaning_id
        self.answered.add((meaning_id, one.person_id))
        answer = rules.FirstAnswer(theta, one.is_right, one.given, one.confidence, one.seconds)
        self.windows.setdefault(meaning_id, []).append(answer)
        key = {"meaning_id": meaning_id, "person_id": one.person_id, "fact_id": one.fact_id}
        self.firsts.append(key | asdict(answer))

    def _move(self, one: Observation, item: Figures, believed: Believed) -> None:
        """Move ability and difficulty; the ability in all topics moves beside that of the topic."""
        difficulty = item.difficulty
        for topic_id in dict.fromkeys((one.topic_id, EVERYTHING)):
            key = (one.person_id, topic_id)
            now = believed if topic_id == one.topic_id else self.abilities.get(key, Believed())
            theta, moved = rules.update(
                now.theta, item.difficulty, one.chance, one.is_right, person=now.answers, item=item.rated
            )
            difficulty = moved if topic_id == one.topic_id else difficulty
            self.abilities[key] = self.changed[key] = Believed(theta, now.answers + 1)
        item.difficulty, item.rated = difficulty, item.rated + 1

    def judged(self) -> list[Judged]:
        """Every item of the portion as its answers make it look now."""
        return [
            _judged(figures, self.windows.get(one, ()), self.wordings[one], self.reporters.get(one, 0))
            for one, figures in self.figures.items()
        ]

    def write(self, judged: Iterable[Judged]) -> None:
        """Store what changed, in three statements."""
        rows = [
            {"person_id": person, "topic_id": topic, "theta": now.theta, "answers": now.answers}
            for (person, topic), now in sorted(self.changed.items())
        ]
        _write(Ability, rows)
        _write(ItemFigures, [vars(each.figures) for each in sorted(judged, key=lambda each: each.figures.meaning_id)])
        if self.firsts:
            ask(insert(table_of(FirstAnswer)), self.firsts)


def _judged(figures: Figures, window: Sequence[rules.FirstAnswer], wording: Wording, reporters: int) -> Judged:
    """An item with the figures that its newest first answers give."""
    newest = window[-POLICY.window :]
    given = rules.count_given(newest)
    chosen = [parts_of(answer.given) for answer in newest]
    options = wording.question.options if newest else ()
    shares = [sum(option.uid in parts for parts in chosen) / len(chosen) for option in options]
    summary = rules.summarise(
        newest,
        shares,
        pretests=(figures.pretests, figures.pretests_right),
        reporters=reporters,
        learners=figures.answers,
    )
    figures.seen, figures.right = summary.answers, summary.right
    figures.correlation, figures.median_seconds = summary.correlation, summary.median_seconds
    figures.given = {answer: [each.people, each.abler, each.sure, each.certain] for answer, each in given.items()}
    return Judged(figures, summary, wording)


def judged_of(meanings: Collection[int]) -> list[Judged]:
    """These items as their answers make them look."""
    figures, reporters = _figures(meanings)
    windows, wordings = _windows(meanings), wordings_of(meanings)
    return [_judged(figures[one], windows.get(one, ()), wordings[one], reporters[one]) for one in sorted(figures)]


def _write(model: type[Base], rows: list[dict[str, Any]]) -> None:
    if rows:
        ask(_upsert(database(), model), rows)


@cache
def _upsert(database: str, model: type[Base]) -> Any:
    statement = insert_for(database, model)
    key = [column.name for column in table_of(model).primary_key]
    others = {name: value for name, value in statement.excluded.items() if name not in key}
    return statement.on_conflict_do_update(index_elements=key, set_=others)


def _abilities(people: Collection[int]) -> dict[tuple[int, int], Believed]:
    wanted = select(Ability.person_id, Ability.topic_id, Ability.theta, Ability.answers)
    rows = ask(wanted.where(Ability.person_id.in_(people)))
    return {(row.person_id, row.topic_id): Believed(row.theta, row.answers) for row in rows}


def _figures(meanings: Collection[int]) -> tuple[dict[int, Figures], dict[int, int]]:
    """The figures of these items, and how many people reported each."""
    reporters = select(func.count()).where(ItemReport.meaning_id == ItemFigures.meaning_id)
    table = table_of(ItemFigures)
    wanted = select(table, reporters.correlate(ItemFigures).scalar_subquery().label("reporters"))
    found, counted = {}, {}
    for row in ask(wanted.where(ItemFigures.meaning_id.in_(meanings))).mappings():
        values = dict(row)
        counted[row["meaning_id"]] = values.pop("reporters")
        found[row["meaning_id"]] = Figures(**values)
    return found, counted


def _answered(meanings: Collection[int], people: Collection[int]) -> set[tuple[int, int]]:
    known = select(FirstAnswer.meaning_id, FirstAnswer.person_id)
    known = known.where(FirstAnswer.meaning_id.in_(meanings), FirstAnswer.person_id.in_(people))
    return {(row.meaning_id, row.person_id) for row in ask(known)}


def _windows(meanings: Collection[int]) -> dict[int, list[rules.FirstAnswer]]:
    """The newest first answers to these items, the oldest first."""
    found: dict[int, list[rules.FirstAnswer]] = {}
    for row in ask(_newest(), {"meanings": sorted(meanings), "size": POLICY.window}):
        answer = rules.FirstAnswer(row.theta, row.is_right, row.given, row.confidence, row.seconds)
        found.setdefault(row.meaning_id, []).append(answer)
    return found


@cache
def _newest() -> Any:
    columns = ("meaning_id", "fact_id", "theta", "is_right", "given", "confidence", "seconds")
    place = func.row_number().over(partition_by=FirstAnswer.meaning_id, order_by=FirstAnswer.fact_id.desc())
    wanted = select(*(getattr(FirstAnswer, name) for name in columns), place.label("place"))
    newest = wanted.where(FirstAnswer.meaning_id.in_(bindparam("meanings", expanding=True))).subquery()
    return (
        select(*(newest.c[name] for name in columns))
        .where(newest.c.place <= bindparam("size"))
        .order_by(newest.c.meaning_id, newest.c.fact_id)
    )
