"""A question as a value: what is asked, what is right, and why."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple

VARIANT = "variant"  # a spare: asked on a retake instead of a missed question
FLAGS = ("scenario", "critical", VARIANT, "easy", "hard")


@dataclass(frozen=True, slots=True)
class Option:
    """One answer to choose from, with the explanation a learner sees afterwards.

    `area` is its place on a picture: `left,top widthxheight` in percent, as in `62,10 30x12.5`.
    """

    text: str
    right: bool = False
    uid: str = ""
    pinned: bool = False
    why: str = ""
    area: str = ""
    line: int = field(default=0, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Entry:
    """One step of an ordering question; the tuple of entries is the right order."""

    text: str
    uid: str = ""
    why: str = ""
    line: int = field(default=0, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Pair:
    """A left side and the right side that belongs to it; an empty left makes the right side a decoy."""

    left: str
    right: str
    uid: str = ""
    why: str = ""
    line: int = field(default=0, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Number:
    """A number with its tolerance and unit; digits are kept as text so that they stay exactly as written."""

    value: str
    tolerance: str = ""
    unit: str = ""

    @property
    def amount(self) -> Decimal:
        """The right value."""
        return Decimal(self.value)

    @property
    def slack(self) -> Decimal:
        """How far an answer may be away and still be right."""
        return Decimal(self.tolerance or "0")


@dataclass(frozen=True, slots=True)
class Gap:
    """A gap of a cloze text: either typed (accepted forms) or chosen (the first choice is right)."""

    accepted: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reply:
    """What is said to whoever gives this answer: a typed form, a number, or what fills a gap.

    Whether the answer is right follows from the key. `gap` counts from 1; 0 where there are no gaps.
    """

    answer: str
    why: str = ""
    gap: int = 0
    line: int = field(default=0, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a quiz.

    `stem` is Markdown; in a cloze question the places of its gaps are written `{{1}}`, `{{2}}` …, so that the stem
    never holds a key. `model` is what an open answer is compared with. Only the parts its kind needs are filled.
    `card` counts from 1. `line` is where it stood.
    """

    kind: str
    stem: str
    uid: str = ""
    flags: frozenset[str] = frozenset()
    options: tuple[Option, ...] = ()
    entries: tuple[Entry, ...] = ()
    pairs: tuple[Pair, ...] = ()
    accepted: tuple[str, ...] = ()
    number: Number | None = None
    gaps: tuple[Gap, ...] = ()
    replies: tuple[Reply, ...] = ()
    model: str = ""
    why: str = ""
    hints: tuple[str, ...] = ()
    card: int | None = None
    line: int = field(default=0, compare=False, repr=False)

    def to_json(self) -> dict[str, Any]:
        """The question as plain JSON values; `from_json` gives an equal question back."""
        found: dict[str, Any] = {"kind": self.kind, "stem": self.stem, "uid": self.uid}
        number = self.number
        parts: dict[str, Any] = {
            "flags": sorted(self.flags),
            "options": [_option_json(option) for option in self.options],
            "entries": [{"uid": e.uid, "text": e.text, "why": e.why} for e in self.entries],
            "pairs": [_pair_json(pair) for pair in self.pairs],
            "accepted": list(self.accepted),
            "number": number and {"value": number.value, "tolerance": number.tolerance, "unit": number.unit},
            "gaps": [{"accepted": list(g.accepted), "choices": list(g.choices)} for g in self.gaps],
            "replies": [_reply_json(reply) for reply in self.replies],
            "model": self.model,
            "why": self.why,
            "hints": list(self.hints),
            "card": self.card,
        }
        return found | {name: value for name, value in parts.items() if value}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Question:
        """The question that `to_json` wrote."""
        number = data.get("number")
        return cls(
            kind=data["kind"],
            stem=data["stem"],
            uid=data.get("uid", ""),
            flags=frozenset(data.get("flags", ())),
            options=tuple(Option(**o) for o in data.get("options", ())),
            entries=tuple(Entry(**e) for e in data.get("entries", ())),
            pairs=tuple(Pair(**p) for p in data.get("pairs", ())),
            accepted=tuple(data.get("accepted", ())),
            number=Number(**number) if number else None,
            gaps=tuple(Gap(tuple(g["accepted"]), tuple(g["choices"])) for g in data.get("gaps", ())),
            replies=tuple(Reply(**r) for r in data.get("replies", ())),
            model=data.get("model", ""),
            why=data.get("why", ""),
            hints=tuple(data.get("hints", ())),
            card=data.get("card"),
        )


class Told(NamedTuple):
    """An explanation of one answer, where it stands and what it is about."""

    line: int
    about: str
    why: str


def explanations(question: Question) -> Iterator[Told]:
    """What is said about single answers, in whatever part of the question they stand."""
    yield from (Told(option.line, option.text, option.why) for option in question.options)
    yield from (Told(entry.line, entry.text, entry.why) for entry in question.entries)
    yield from (Told(pair.line, pair.left or pair.right, pair.why) for pair in question.pairs)
    yield from (Told(reply.line, reply.answer, reply.why) for reply in question.replies)


class Text(NamedTuple):
    """A text of a question as a learner sees it, and the line of the file by which it is found."""

    line: int
    words: str
    is_line: bool = False  # shown without paragraphs, as an answer to choose is


def texts(question: Question) -> Iterator[Text]:
    """Everything in a question that is shown as Markdown."""
    for words in (question.stem, question.model, question.why, *question.hints):
        yield Text(question.line, words)
    for told in explanations(question):
        yield Text(told.line or question.line, told.why)
    for option in question.options:
        yield Text(option.line or question.line, option.text, is_line=True)
    for entry in question.entries:
        yield Text(entry.line or question.line, entry.text, is_line=True)
    for pair in question.pairs:
        yield Text(pair.line or question.line, pair.left, is_line=True)


def digest(question: Question) -> str:
    """A fingerprint of the whole question: equal exactly when the questions are equal."""
    return _hash(question.to_json())


def meaning(question: Question) -> str:
    """The version of an item: changes when its stem or its key changes, not when an explanation does."""
    number = question.number
    areas = sorted(o.area for o in question.options if o.right and o.area)
    return _hash(
        [
            question.kind,
            question.stem,
            sorted(o.text for o in question.options if o.right),
            [e.text for e in question.entries],
            sorted([p.left, p.right] for p in question.pairs if p.left),
            sorted(question.accepted),
            number and [str(number.amount.normalize()), str(number.slack.normalize()), number.unit],
            [[sorted(g.accepted), g.choices[:1]] for g in question.gaps],
            *filter(None, [areas, question.model]),
        ]
    )


def sight(question: Question) -> str:
    """A fingerprint of what a learner sees before answering: another key alone leaves it as it is.

    What is chosen comes back by its id, so each text keeps its own; right sides to match come back by their words.
    """
    return _hash(
        [
            question.kind,
            question.stem,
            sorted([o.uid, o.text, o.area] for o in question.options),
            sorted([e.uid, e.text] for e in question.entries),
            sorted([p.uid, p.left] for p in question.pairs if p.left),
            sorted(p.right for p in question.pairs),
            [sorted(g.choices) for g in question.gaps],
        ]
    )


def _option_json(option: Option) -> dict[str, Any]:
    """An option as plain values; what only some kinds have is left out where it is empty."""
    found = {name: getattr(option, name) for name in ("uid", "text", "right", "pinned", "why")}
    return found | ({"area": option.area} if option.area else {})


def _pair_json(pair: Pair) -> dict[str, Any]:
    found = {"uid": pair.uid, "left": pair.left, "right": pair.right}
    return found | ({"why": pair.why} if pair.why else {})


def _reply_json(reply: Reply) -> dict[str, Any]:
    found = {"answer": reply.answer, "why": reply.why}
    return found | ({"gap": reply.gap} if reply.gap else {})


def _hash(value: Any) -> str:
    canonical = json.dumps(value, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode("ascii")).hexdigest()
