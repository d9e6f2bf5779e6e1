"""What an item of QTI 1.2 gives points for: its conditions, read without running them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from peerlearn.quizzes.exchange import making
from peerlearn.quizzes.exchange.report import LeftOut
from peerlearn.quizzes.exchange.xmltree import Node

_EQUAL = ("varequal", "varsubstring")
_LOWER, _UPPER = ("vargte", "vargt"), ("varlte", "varlt")


@dataclass
class Scoring:
    """Which answers earn how much, and which feedback is shown for them."""

    points: dict[tuple[str, str], float] = field(default_factory=dict)
    ranges: dict[str, tuple[str, str]] = field(default_factory=dict)
    said: dict[tuple[str, str], str] = field(default_factory=dict)
    general: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, item: Node) -> Scoring:
        """The scoring of an item."""
        scoring = cls()
        for condition in item.below("respcondition"):
            scoring._take(condition)
        return scoring

    def _take(self, condition: Node) -> None:
        asked = condition.child("conditionvar")
        wanted = list(_wanted(asked)) if asked is not None else []
        links = [node.get("linkrefid") for node in condition.nodes("displayfeedback")]
        sums = condition.nodes("setvar")
        score = sum(map(_amount, sums)) if sums else float("correct" in links)  # Blackboard says no more than that
        for key in wanted:
            if score and (score > 0 or key not in self.points):
                self.points[key] = max(score, self.points.get(key, score))
        if score > 0 and asked is not None:
            self._bounds(asked)
        if links and len(wanted) == 1:
            self.said.setdefault(wanted[0], links[0])
        elif links and asked is not None and asked.child("other") is not None and not score:
            self.general += links

    def _bounds(self, asked: Node) -> None:
        low = {node.get("respident"): node.text().strip() for node in asked.below(*_LOWER)}
        high = {node.get("respident"): node.text().strip() for node in asked.below(*_UPPER)}
        for name in low.keys() & high.keys():
            self.ranges.setdefault(name, (low[name], high[name]))

    def share(self, response: str, value: str) -> float:
        """What an answer earns, as a share of the most that one of the same part earns."""
        best = max((points for (name, _), points in self.points.items() if name == response), default=0)
        return self.points.get((response, value), 0) / best if best > 0 else 0

    def values(self, response: str) -> list[str]:
        """The answers of a part that earn points, in the order in which they stand."""
        return [value for (name, value), points in self.points.items() if name == response and points > 0]

    def pairs(self, response: str, lefts: Sequence[str]) -> dict[str, str]:
        """What belongs to each of these left sides, where pairs are written as `left right`."""
        found: dict[str, str] = {}
        for value in self.values(response):
            parts = value.replace(",", " ").replace(".", " ").split()
            if len(parts) == 2 and parts[0] in lefts:
                found.setdefault(*parts)
        return found

    def number(self, response: str) -> tuple[str, str]:
        """A right number and its tolerance. Raises LeftOut."""
        values = [value for value in self.values(response) if making.plain_number(value) is not None]
        if response in self.ranges:
            return making.middle(*self.ranges[response], values[0] if values else None)
        if not values:
            raise LeftOut(making.NO_NUMBER)
        return values[0], "0"


def _wanted(node: Node) -> Iterator[tuple[str, str]]:
    """The answers a condition asks for; those that must not be given are left out."""
    for child in node.nodes():
        if child.name in _EQUAL:
            yield child.get("respident"), child.text().strip()
        elif child.name != "not":
            yield from _wanted(child)


def _amount(setvar: Node) -> float:
    if setvar.get("varname", "SCORE").upper() not in ("SCORE", "QUE_SCORE", "SCORVAR", "MARKS", ""):
        return 0.0
    if setvar.text().strip() == "SCORE.max":  # all there is
        return 1.0
    try:
        amount = float(setvar.text().strip() or "0")
    except ValueError:
        return 0.0
    return -amount if setvar.get("action").lower() == "subtract" else amount
