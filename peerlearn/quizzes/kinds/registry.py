"""All kinds of question, by their word in the text form. A new kind is one more line here."""

from __future__ import annotations

from collections.abc import Iterable

from peerlearn.quizzes.kind import Kind
from peerlearn.quizzes.kinds.cloze import Cloze
from peerlearn.quizzes.kinds.hotspot import Hotspot
from peerlearn.quizzes.kinds.matching import Matching
from peerlearn.quizzes.kinds.multiple import Multiple
from peerlearn.quizzes.kinds.number import Number
from peerlearn.quizzes.kinds.ordering import Ordering
from peerlearn.quizzes.kinds.reflection import Reflection
from peerlearn.quizzes.kinds.single import Single
from peerlearn.quizzes.kinds.text import Text
from peerlearn.quizzes.kinds.true_false import TrueFalse
from peerlearn.quizzes.question import Question


def by_slug(kinds: Iterable[Kind]) -> dict[str, Kind]:
    """The kinds by slug; two with one slug are refused."""
    found: dict[str, Kind] = {}
    for kind in kinds:
        if kind.slug in found:
            raise ValueError(f"two question kinds are called {kind.slug!r}")
        found[kind.slug] = kind
    return found


KINDS = by_slug(
    [
        Single(),
        Multiple(),
        TrueFalse(),
        Text(),
        Number(),
        Ordering(),
        Matching(),
        Cloze(),
        Hotspot(),
        Reflection(),
    ]
)


def kind_of(question: Question) -> Kind:
    """The kind that knows this question."""
    return KINDS[question.kind]


def counts(kind: str) -> bool:
    """Whether questions of this kind are marked; others are asked, and leave marks, passes and statistics alone."""
    return KINDS[kind].counts
