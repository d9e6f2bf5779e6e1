"""The values that pass between a learner and a question: what is shown, answered, marked and explained."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from peerlearn.quizzes.marks import clean
from peerlearn.quizzes.pictures import Area, Picture

Render = Callable[[str], Any]
Seed = int | str
MAX_TYPED = 500
MAX_VALUES = 100


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to choose or to place, perhaps on a picture; its id says nothing about the key."""

    id: str
    text: Any
    area: Area | None = None


@dataclass(frozen=True, slots=True)
class Blank:
    """A gap to fill: typed when it has no choices."""

    name: str
    number: int
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class Presented:
    """All a learner may see of a question before answering it.

    `field` is the name of the form field (or the beginning of the names). `choices` are the options, the entries to
    order, or the right sides to match; `lefts` the left sides. `pieces` is the stem cut at its gaps, one piece more
    than `blanks`; it is empty where the gaps cannot stand inside the text, and the page lists them below it.
    """

    kind: str
    uid: str
    field: str
    instruction: str
    stem: Any
    choices: tuple[Choice, ...] = ()
    lefts: tuple[Choice, ...] = ()
    blanks: tuple[Blank, ...] = ()
    pieces: tuple[Any, ...] = ()
    unit: str = ""
    picture: Picture | None = None
    hints: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """What a learner answered, in ids of the question itself; the same whatever order was shown."""

    kind: str
    value: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """The answer as plain JSON values."""
        return {"kind": self.kind, "value": list(self.value)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Answer:
        """The answer that `to_json` wrote."""
        return cls(data["kind"], tuple(data["value"]))


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A form that holds no usable answer; the message says what to do."""

    message: str
    blank: bool = False


@dataclass(frozen=True, slots=True)
class Grade:
    """The mark of one answer, from 0 to 1. A near miss deserves one more try without penalty."""

    mark: float
    near_miss: bool = False
    message: str = ""

    @property
    def right(self) -> bool:
        """Right means full marks."""
        return self.mark == 1


@dataclass(frozen=True, slots=True)
class Row:
    """One line of an explanation: an option, a step, a pair or a gap.

    `right` means: an option that belongs to the key; a step, pair or gap that was answered rightly.
    """

    text: Any
    right: bool
    chosen: bool = False
    given: str = ""
    wanted: str = ""
    why: Any = ""
    area: Area | None = None


@dataclass(frozen=True, slots=True)
class Explained:
    """What a learner sees after answering: the mark, each part with its reason, and the right answer in words.

    `said` is the explanation that belongs to the answer as a whole, where its parts have none of their own.
    Where nothing is marked, `model` is shown beside the answer, and `ratings` are what learners may say of their own,
    `rating` what this one said.
    """

    kind: str
    grade: Grade
    given: str
    correct: str
    rows: tuple[Row, ...] = ()
    picture: Picture | None = None
    said: Any = ""
    model: Any = ""
    ratings: tuple[tuple[str, str], ...] = ()
    rating: str = ""
    why: Any = ""
    card: int | None = None


def plain(text: str) -> Any:
    """Text as it is; the page escapes it."""
    return text


class _HasUid(Protocol):
    @property
    def uid(self) -> str: ...


T = TypeVar("T", bound=_HasUid)
_SEAL = {"key": b""}


def seal(secret: str) -> None:
    """Mix the secret of this house into all ids and orders.

    The ids in lesson files are guessable (a, b, c …, in a question to order even in the right order), and so are seeds.
    Without a secret, somebody patient could try out which of them make the ids of a page, and read off the key.
    """
    _SEAL["key"] = hashlib.blake2b(secret.encode(), digest_size=32, person=b"quizzes").digest()


def token(seed: Seed, *parts: str | int) -> str:
    """An opaque id for one part of a question in one attempt."""
    text = "\x1f".join(str(part) for part in (seed, *parts))
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), key=_SEAL["key"], digest_size=8).hexdigest()


def shuffled(items: Sequence[T], seed: Seed, question: str) -> list[T]:
    """The items in the order this seed gives them."""
    return sorted(items, key=lambda item: token(seed, "order", question, item.uid))


def values(form: Mapping[str, Any], name: str) -> list[str]:
    """All texts posted under a name, cleaned; at most `MAX_VALUES` of them are looked at."""
    getlist = getattr(form, "getlist", None)
    found = getlist(name) if getlist else form.get(name, ())
    listed = found if isinstance(found, list | tuple) else [found]
    return [clean(value) for value in listed[:MAX_VALUES] if isinstance(value, str)]
