"""What an item of QTI 2 or 3 says is right."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from peerlearn.quizzes.exchange import making
from peerlearn.quizzes.exchange.xmltree import Node

_NUMBERS = ("float", "integer", "duration")


@dataclass
class Response:
    """One response of an item: its right answers, and what single answers are worth."""

    cardinality: str = "single"
    base_type: str = "identifier"
    correct: list[str] = field(default_factory=list)
    worth: dict[str, float] = field(default_factory=dict)

    @property
    def is_number(self) -> bool:
        """Whether a number is asked for."""
        return self.base_type in _NUMBERS

    @property
    def best(self) -> list[str]:
        """The right answers: those that are named, and those that are worth as much as any."""
        most = max(self.worth.values(), default=0.0)
        worthy = [value for value, worth in self.worth.items() if worth >= most > 0 or self._counts(worth)]
        return list(dict.fromkeys([*self.correct, *worthy]))

    def _counts(self, worth: float) -> bool:
        """Several parts add up where several answers belong together, so each of them is right."""
        return self.cardinality == "multiple" and worth > 0

    def _any_will_do(self, most: float) -> bool:
        """Whether one is chosen and the named one is worth as much as any: others may be worth as much."""
        return self.cardinality == "single" and most > 0 and all(self.worth.get(v, 0.0) >= most for v in self.correct)

    def share(self, value: str) -> float:
        """What an answer is worth, 1 being fully right."""
        if value in self.correct:
            return 1.0
        most = max(self.worth.values(), default=0.0)
        worth = self.worth.get(value, 0.0)
        if self._any_will_do(most) and worth >= most:
            return 1.0
        if self.correct:
            return 0.5 if most > 0 and 0 < worth < most and self.cardinality == "single" else 0.0
        return worth / most if most > 0 else 0.0


def responses_of(item: Node) -> dict[str, Response]:
    """The responses of an item by their names."""
    return {node.get("identifier"): _response(node) for node in item.nodes("responsedeclaration")}


def _response(node: Node) -> Response:
    correct = node.child("correctresponse")
    values = [value.text().strip() for value in correct.nodes("value")] if correct else []
    worth: dict[str, float] = {}
    for entry in node.below("mapentry"):
        worth[entry.get("mapkey")] = _float(entry.get("mappedvalue"))
    return Response(node.get("cardinality").lower(), node.get("basetype").lower(), [v for v in values if v], worth)


def tolerance_of(item: Node, value: str) -> str:
    """How far a number may be away; the larger side where the two differ."""
    for node in item.below("equal"):
        sides = [side for side in _sides(node.get("tolerance")) if side is not None]
        mode = node.get("tolerancemode").lower()
        if sides and mode == "absolute":
            return f"{max(sides):f}"
        if sides and mode == "relative" and (amount := making.plain_number(value)):
            return f"{abs(Decimal(amount)) * max(sides) / 100:f}"
    return "0"


def _sides(text: str) -> Iterator[Decimal | None]:
    for part in text.split()[:2]:
        try:
            side = Decimal(part)
        except InvalidOperation:
            continue
        yield abs(side) if side.is_finite() and side.adjusted() < 15 else None


def _float(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0
