"""Hotspot: point at a place on a picture, or choose it from a list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any, ClassVar

from peerlearn.core.words import N_, Said
from peerlearn.quizzes.answering import Answer, Explained, Grade, Presented, Render, Seed, Unreadable, plain
from peerlearn.quizzes.kinds.choice import ChoiceKind, one_only, right_and_wrong
from peerlearn.quizzes.marks import Item, quote_arrows, split_arrow, split_id, unquote_arrows, with_id
from peerlearn.quizzes.pictures import LEAST_SIDE, Area, canonical_area, pictures_in, read_area, without_pictures
from peerlearn.quizzes.problem import Problem, error
from peerlearn.quizzes.question import Option, Question


@dataclass(frozen=True)
class Hotspot(ChoiceKind):
    """Point at the right place of a picture; each place stands in a list too, and of several right ones any will do."""

    slug = "hotspot"
    title = N_("Point at the picture")
    instruction = N_("Choose a place on the picture or in the list.")
    most: ClassVar[int] = 6
    any_will_do: ClassVar[bool] = True

    def read_option(self, item: Item) -> Option:
        body, uid, pinned = split_id(item.text[1:].strip(" \t"))
        name, area = split_arrow(body) or (unquote_arrows(body), "")
        return Option(
            text=name,
            right=item.text[0] in "xX",
            uid=uid,
            pinned=pinned,
            why=item.why,
            area=canonical_area(unquote_arrows(area)),
            line=item.line,
        )

    def print_option(self, option: Option) -> str:
        name = quote_arrows(option.text)
        body = f"{name}{' ' if name else ''}=> {quote_arrows(option.area)}" if option.area else name
        return with_id(body, option.uid, option.pinned)

    def check_key(self, question: Question) -> list[Problem]:
        problems = _check_picture(question) + super().check_key(question) + right_and_wrong(question)
        for option in question.options:
            problems += _check_area(option)
        return problems + _check_overlaps(question)

    def shown(self, question: Question, seed: Seed) -> list[Option]:
        """The places as one reads the picture: from top to bottom, from left to right, whatever is right."""
        return sorted(question.options, key=_reading_order)

    def present(
        self,
        question: Question,
        seed: Seed,
        *,
        render: Render = plain,
        render_line: Render = plain,
        field: str = "answer",
    ) -> Presented:
        asked = replace(question, stem=without_pictures(question.stem))
        shown = super().present(asked, seed, render=render, render_line=render_line, field=field)
        return replace(shown, picture=next(iter(pictures_in(question.stem)), None))

    def read(
        self, question: Question, seed: Seed, form: Mapping[str, Any], *, field: str = "answer"
    ) -> Answer | Unreadable:
        return one_only(super().read(question, seed, form, field=field))

    def grade(self, question: Question, answer: Answer) -> Grade:
        right = {option.uid for option in question.options if option.right}
        return Grade(1.0 if len(answer.value) == 1 and right.issuperset(answer.value) else 0.0)

    def guess_chance(self, question: Question) -> float:
        return 0.0

    def explain(
        self,
        question: Question,
        answer: Answer,
        seed: Seed,
        *,
        render: Render = plain,
        render_line: Render = plain,
    ) -> Explained:
        found = super().explain(question, answer, seed, render=render, render_line=render_line)
        return replace(found, picture=next(iter(pictures_in(question.stem)), None))


def _reading_order(option: Option) -> tuple[float, float, str]:
    area = read_area(option.area) or Area(0, 0, 0, 0)
    return area.top, area.left, option.uid


def _check_picture(question: Question) -> list[Problem]:
    problems = []
    if len(pictures_in(question.stem)) != 1:
        message = Said(
            N_("The question has no picture of its own, or several."),
            N_("Put exactly one of this lesson on a line of its own: ![what it shows](/media/…)."),
        )
        problems.append(error(question.line, "one-picture", message))
    elif not without_pictures(question.stem):
        message = Said(N_("The question shows a picture and asks nothing yet."), N_("Write what to look for."))
        problems.append(error(question.line, "no-stem", message))
    return problems


def _check_area(option: Option) -> list[Problem]:
    area = read_area(option.area)
    if area is None:
        message = Said(
            N_("This says no place in the picture."),
            N_("Write where it is, in percent of the picture: - [ ] Name => left,top widthxheight."),
        )
        return [error(option.line, "area-form", message)]
    if not area.is_inside:
        message = Said(
            N_("This place ends outside the picture."),
            N_("Keep left and width, and top and height, to at most 100 together."),
        )
        return [error(option.line, "area-outside", message)]
    if not area.is_large_enough:
        message = Said(
            N_("This place is too small to be hit."), N_("Make it at least %(least)s percent wide and high.")
        )
        return [error(option.line, "area-small", message, least=LEAST_SIDE)]
    return []


def _check_overlaps(question: Question) -> list[Problem]:
    placed = [(option, area) for option in question.options if (area := read_area(option.area))]
    message = Said(N_("“%(one)s” and “%(other)s” cover each other."), N_("Move them apart or make one smaller."))
    return [
        error(other.line, "area-overlap", message, one=one.text[:60], other=other.text[:60])
        for (one, mine), (other, theirs) in combinations(placed, 2)
        if mine.overlaps(theirs)
    ]
