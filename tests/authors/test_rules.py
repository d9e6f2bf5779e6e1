"""The law of the author's pages, by table."""

from __future__ import annotations

from dataclasses import replace

import pytest

from peerlearn.authors import rules
from peerlearn.authors.rules import QUIZ, Figures, Share, Waits, next_step
from peerlearn.lessons.machine import Place

WELL = Figures(readers=40, passed=Share(38, 40, 40), kept={30: Share(90, 100, 20)}, cards=3, places={QUIZ: 40})


@pytest.mark.parametrize(
    ("part", "whole", "people", "percent"),
    [(3, 4, 5, 75), (3, 4, 4, None), (0, 0, 0, None), (0, 7, 7, 0), (2, 3, 6, 67)],
)
def test_a_share_is_told_of_five_people_or_more(part: int, whole: int, people: int, percent: int | None) -> None:
    assert Share(part, whole, people).percent() == percent


def test_where_readers_stop() -> None:
    figures = Figures(cards=3, places={1: 2, 3: 4, 4: 1, QUIZ: 5})
    assert figures.reach == [12, 10, 10, 6, 5]
    assert [(stop.card, stop.share.part, stop.share.whole) for stop in figures.stops] == [
        (1, 2, 12),
        (3, 4, 10),
        (None, 1, 6),
    ]
    assert figures.drop is not None
    assert figures.drop.card == 3
    assert Figures(cards=3, places={QUIZ: 9}).drop is None
    assert Figures(cards=3, places={1: 3, QUIZ: 1}).drop is None, "four readers are too few to tell"
    assert Figures().reach == [0, 0]


@pytest.mark.parametrize(
    ("state", "place", "waits", "figures", "slug", "is_due"),
    [
        ("quarantined", Place.PUBLISHED, Waits(red=1, remarks=2), WELL, "mend", False),
        ("archived", Place.STALE, Waits(), WELL, "leave", False),
        ("discarded", Place.PUBLISHED, Waits(), Figures(), "leave", False),
        ("changes_requested", Place.STALE, Waits(red=1, remarks=2), WELL, "key", True),
        ("changes_requested", Place.STALE, Waits(remarks=2, suggestions=1), WELL, "answer", True),
        ("rejected", Place.PUBLISHED, Waits(suggestions=1), WELL, "read_reason", True),
        ("published", Place.PUBLISHED, Waits(upheld=1, suggestions=1), WELL, "mend", True),
        ("submitted", Place.PUBLISHED, Waits(upheld=1), WELL, "wait", False),
        ("draft", Place.PUBLISHED, Waits(suggestions=1), WELL, "decide", True),
        ("draft", Place.STALE, Waits(amber=1), WELL, "write", True),
        ("submitted", Place.STALE, Waits(amber=1), WELL, "wait", False),
        ("scheduled", Place.STALE, Waits(), WELL, "wait", False),
        ("published", Place.DUE, Waits(amber=1), WELL, "check", True),
        ("published", Place.UNVERIFIED, Waits(), WELL, "check", True),
        ("published", Place.PUBLISHED, Waits(amber=1), WELL, "question", False),
        ("published", Place.PUBLISHED, Waits(), Figures(kept={30: Share(5, 10, 5)}), "sharpen", False),
        ("published", Place.PUBLISHED, Waits(), Figures(kept={30: Share(6, 10, 5)}), "nothing", False),
        ("published", Place.PUBLISHED, Waits(), Figures(kept={30: Share(1, 10, 4)}), "nothing", False),
        ("published", Place.PUBLISHED, Waits(), Figures(cards=3, places={2: 2, QUIZ: 6}), "drop", False),
        ("published", Place.PUBLISHED, Waits(), Figures(cards=3, places={2: 1, QUIZ: 6}), "nothing", False),
        ("published", Place.PUBLISHED, Waits(), Figures(passed=Share(2, 5, 5)), "pass", False),
        ("published", Place.PUBLISHED, Waits(), replace(WELL, reactions={"useful": 2, "unhelpful": 8}), "help", False),
        (
            "published",
            Place.PUBLISHED,
            Waits(),
            replace(WELL, reactions={"useful": 3, "unhelpful": 7}),
            "nothing",
            False,
        ),
        ("published", Place.PUBLISHED, Waits(), replace(WELL, reactions={"unhelpful": 9}), "nothing", False),
        ("published", Place.PUBLISHED, Waits(), WELL, "nothing", False),
    ],
)
def test_the_next_step(state: str, place: Place, waits: Waits, figures: Figures, slug: str, is_due: bool) -> None:
    step = next_step(state, place, waits, figures, is_owner=True)
    assert (step.slug, step.is_due) == (slug, is_due)
    assert step.why % step.values, "the reason can be said"


def test_a_check_is_for_the_owner() -> None:
    assert next_step("published", Place.STALE, Waits(), WELL, is_owner=False).slug == "nothing"


def test_small_teams_are_told_together() -> None:
    assert rules.tell_teams([("Sales", 4), ("Support", 5), ("Design", 9), ("Law", 1)]) == (
        [("Design", 9), ("Support", 5)],
        5,
    )
    assert rules.tell_teams([]) == ([], 0)


def test_helpful_counts_those_who_said_either() -> None:
    assert rules.helpful({"useful": 4, "unhelpful": 1, "clear": 9}, "useful", "unhelpful") == Share(4, 5, 5)
