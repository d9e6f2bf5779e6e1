"""The law of the author's pages: what a figure means, from how many people it is told, and what an author does next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from peerlearn.core.words import N_
from peerlearn.learn import rules as learning
from peerlearn.lessons.machine import Place
from peerlearn.lessons.rules import State


@dataclass(frozen=True, slots=True)
class Policy:
    """Numbers an organisation may change."""

    told_from: int = 5  # people; fewer are too few to tell, and could be recognised
    stopped_days: int = 7  # whoever did not go on for so long stopped
    kept_days: tuple[int, ...] = (7, 30, 90)  # after passing
    kept_shown: int = 30
    many_stop: float = 0.25  # of those who come to a card
    little_kept: float = 0.6
    few_pass: float = 0.5


POLICY = Policy()
QUIZ = 99  # where somebody is who began the quiz: behind every card


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a number, and of how many people it tells."""

    part: int = 0
    whole: int = 0
    people: int = 0

    def percent(self, policy: Policy = POLICY) -> int | None:
        """In whole percents; None while too few people are behind it."""
        return round(100 * self.part / self.whole) if self.whole and self.people >= policy.told_from else None


@dataclass(frozen=True, slots=True)
class Stop:
    """A place at which readers stop: a card by its number, or the quiz that nobody begins."""

    card: int | None
    share: Share  # who stopped there, of those who came there


@dataclass(frozen=True)
class Figures:
    """What is known of a published lesson's learners; its authors are not among them."""

    readers: int = 0  # began to read
    passed: Share = Share()  # of those who finished the quiz
    at_once: Share = Share()  # first goes that passed
    cards: int = 0
    places: Mapping[int, int] = field(default_factory=dict)  # where those are who stopped or began the quiz: how many
    reactions: Mapping[str, int] = field(default_factory=dict)
    kept: Mapping[int, Share] = field(default_factory=dict)  # by days since passing
    questions: Sequence[tuple[int, Share, int]] = ()  # number, right first answers, flags
    teams: Sequence[tuple[str, int]] = ()

    @property
    def reach(self) -> list[int]:
        """How many came to the first card, the second …, and last to the quiz."""
        return [sum(count for place, count in self.places.items() if place >= stage) for stage in self._stages]

    @property
    def stops(self) -> list[Stop]:
        """The places at which somebody stopped, in order."""
        reach, found = self.reach, []
        for number, (came, went) in enumerate(pairwise(reach), 1):
            if came > went:
                card = number if number <= self.cards else None
                found.append(Stop(card, Share(came - went, came, came)))
        return found

    @property
    def drop(self) -> Stop | None:
        """Where most stop; None while nobody does, or too few read to tell."""
        told = [stop for stop in self.stops if stop.share.percent() is not None]
        return max(told, key=lambda stop: stop.share.part, default=None)

    @property
    def remembered(self) -> Share:
        """What is still known a month after passing."""
        return self.kept.get(POLICY.kept_shown, Share())

    @property
    def _stages(self) -> list[int]:
        return [*range(1, self.cards + 2), QUIZ]


def tell_teams(rows: Sequence[tuple[str, int]], policy: Policy = POLICY) -> tuple[list[tuple[str, int]], int]:
    """Teams with so many learners that nobody can be recognised, the largest first; and how many learn elsewhere."""
    told = sorted((row for row in rows if row[1] >= policy.told_from), key=lambda row: (-row[1], row[0]))
    return told, sum(count for _name, count in rows) - sum(count for _name, count in told)


def helpful(reactions: Mapping[str, int], helped: str, helped_not: str) -> Share:
    """How many of those who said either found the lesson helpful."""
    votes = reactions.get(helped, 0) + reactions.get(helped_not, 0)
    return Share(reactions.get(helped, 0), votes, votes)


# what to do next


@dataclass(frozen=True, slots=True)
class Waits:
    """What lies with an author: each a number of things on one lesson."""

    remarks: int = 0
    suggestions: int = 0
    red: int = 0  # questions that are asked no more until somebody decides
    amber: int = 0
    upheld: int = 0  # reports that a curator found right, and the text is still the same


@dataclass(frozen=True, slots=True)
class Step:
    """The one next thing to do for a lesson: what, why, and the endpoint where it is done."""

    slug: str
    words: str
    why: str
    endpoint: str
    values: Mapping[str, object] = field(default_factory=dict)
    is_due: bool = False  # it waits for the author; else it is an idea, or somebody else's turn


EDITOR, HISTORY, QUESTIONS = "lessons.edit", "lessons.history", "analysis.questions"
REPORTS, CHECK, SUGGESTIONS = "review.lesson_reports", "verification.check", "suggestions.board"
FIGURES = "authors.lesson"
_WRITING = {
    State.CHANGES_REQUESTED: Step(
        "answer", N_("Answer the remarks"), N_("A curator asked for changes. Open remarks: %(remarks)s."), EDITOR
    ),
    State.REJECTED: Step(
        "read_reason", N_("Read the reason"), N_("It was not accepted. The curator wrote down why."), EDITOR
    ),
    State.DRAFT: Step("write", N_("Go on writing"), N_("Your draft is not handed in yet."), EDITOR),
}
_WAITING = {
    State.SUBMITTED: Step("wait", N_("See where it stands"), N_("A curator reads it. It is not your turn."), EDITOR),
    State.SCHEDULED: Step("wait", N_("See where it stands"), N_("It is approved and goes live on its day."), EDITOR),
}
_GONE = {
    "quarantined": Step("mend", N_("Read why"), N_("A curator hid it. A new revision can mend it."), HISTORY),
    "archived": Step("leave", N_("See its history"), N_("It is not shown. A new revision returns it."), HISTORY),
    State.DISCARDED: Step("leave", N_("See its history"), N_("It was set aside, and can be brought back."), HISTORY),
}
_LATE = {
    Place.DUE: N_("Its check is due soon."),
    Place.STALE: N_("Its check is late."),
    Place.UNVERIFIED: N_("Nobody checked it for long, so it is not recommended any more."),
}


def next_step(
    state: str, place: Place, waits: Waits, figures: Figures, *, is_owner: bool, policy: Policy = POLICY
) -> Step:
    """What an author does next, the most urgent first: what is wrong, what waits, what could be better.

    `state` is that of the open revision, else that of the lesson. `place` says how late its check is.
    """
    if state in ("quarantined", "archived") or state == State.DISCARDED:
        return _GONE[state]
    if waits.red:
        why = N_("Answers speak against the key of a question. It rests until somebody decides.")
        return Step("key", N_("Look at the question"), why, QUESTIONS, is_due=True)
    if state in _WRITING and state != State.DRAFT:
        return _with(_WRITING[State(state)], is_due=True, remarks=waits.remarks)
    if waits.upheld and state not in _WAITING:
        why = N_("Readers were right about a problem that still stands there: %(upheld)s.")
        return Step("mend", N_("Mend it"), why, REPORTS, {"upheld": waits.upheld}, is_due=True)
    if waits.suggestions:
        why = N_("Readers suggest other words: %(suggestions)s.")
        step = Step("decide", N_("Decide about suggestions"), why, SUGGESTIONS, is_due=True)
        return _with(step, is_due=True, suggestions=waits.suggestions)
    if state == State.DRAFT:
        return _with(_WRITING[State.DRAFT], is_due=True)
    if state in _WAITING:
        return _WAITING[State(state)]
    if place in _LATE and is_owner:
        return Step("check", N_("Read it again"), _LATE[place], CHECK, is_due=True)
    return _idea(waits, figures, policy)


def _idea(waits: Waits, figures: Figures, policy: Policy) -> Step:
    """What could make a lesson better that needs nothing."""
    kept, passed, drop = figures.remembered.percent(policy), figures.passed.percent(policy), figures.drop
    if waits.amber:
        why = N_("Answers say that a question could be better: %(amber)s.")
        return Step("question", N_("Look at the questions"), why, QUESTIONS, {"amber": waits.amber})
    told = helpful(figures.reactions, learning.HELPED, learning.HELPED_NOT)
    if learning.is_unhelpful(told.part, told.whole):
        why = N_("It helped %(part)s of the %(whole)s who said so. Where readers stop and what they miss shows why.")
        return Step("help", N_("Help more of them"), why, FIGURES, {"part": told.part, "whole": told.whole})
    if kept is not None and kept < 100 * policy.little_kept:
        why = N_("A month after passing, %(kept)s %% of the answers are right.")
        return Step("sharpen", N_("Make the point clearer"), why, FIGURES, {"kept": kept})
    if drop is not None and drop.share.part >= policy.many_stop * drop.share.whole:
        share = drop.share.percent(policy)
        if drop.card is None:
            why = N_("%(share)s %% of those who read every card do not begin the quiz.")
            return Step("drop", N_("Look at the questions"), why, QUESTIONS, {"share": share})
        why = N_("%(share)s %% of those who come to card %(card)s stop there.")
        return Step("drop", N_("Look at that card"), why, FIGURES, {"share": share, "card": drop.card})
    if passed is not None and passed < 100 * policy.few_pass:
        why = N_("%(passed)s %% of those who finish the quiz pass it.")
        return Step("pass", N_("Look at the questions"), why, QUESTIONS, {"passed": passed})
    return Step("nothing", N_("See how it does"), N_("Nothing to do. It is checked and works."), FIGURES)


def _with(step: Step, *, is_due: bool, **values: object) -> Step:
    return Step(step.slug, step.words, step.why, step.endpoint, values, is_due)
