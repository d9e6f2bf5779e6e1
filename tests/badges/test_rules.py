"""What badges ask, without a database."""

from __future__ import annotations

import pytest

from peerlearn.badges import measures, rules
from peerlearn.badges.badge import Badge
from peerlearn.badges.rules import BADGES, BY_SLUG
from peerlearn.streaks.run import POLICY

NOTHING = dict.fromkeys(measures.MEASURES, 0.0) | {"calibration_gap": 1.0}

TIERS = {
    "first-recall": {"recalled_items": (1,)},
    "daily-five": {"daily_sets": (10, 50, 200)},
    "long-memory": {"long_recalls": (10, 50, 200)},
    "evergreen": {"evergreen_items": (25, 100, 300)},
    "topic-holder": {"questions_of_a_topic": (10, 20, 30)},
    "comeback": {"comebacks": (5, 25, 100)},
    "clean-start": {"clean_lessons": (5, 25, 100)},
    "explorer": {"topics_passed": (5, 10, 20)},
    "well-calibrated": {"sure_answers": (50, 100, 200), "calibration_gap": (0.10, 0.07, 0.05)},
    "good-weeks": {"weekly_goals": (4, 12, 40)},
    "streak": {"longest_streak": (10, 50, 200)},
    "brave-guess": {"pretests": (10, 50, 150)},
    "first-lesson": {"lessons_approved": (1,)},
    "sharp-eye": {"reports_upheld": (3, 15, 50), "report_precision": (0.6, 0.6, 0.6)},
    "reviewer": {"reviews_in_time": (10, 50, 200)},
    "newcomers-friend": {"newcomers_helped": (1, 5, 15)},
    "teach-back": {"taught_back": (1, 3, 10)},
    "gardener": {"checks_in_time": (5, 25, 100)},
    "fixer": {"suggestions_accepted": (5, 25, 100)},
    "author": {"good_lessons": (3, 10, 30)},
    "lasting-lesson": {"kept_by": (10, 30, 100)},
    "impact": {"impact": (10, 50, 250)},
    "question-smith": {"good_questions": (10, 50, 150)},
    "gap-filler": {"gaps_filled": (1, 3, 10)},
}


def test_the_tiers_are_those_of_the_specification() -> None:
    assert {badge.slug: {c.measure: c.tiers for c in badge.criteria} for badge in BADGES} == TIERS


def test_the_news_of_days_come_at_every_tier() -> None:
    assert all(tier % POLICY.goals_told == 0 for tier in TIERS["good-weeks"]["weekly_goals"])
    assert all(tier % POLICY.days_for_a_freeze == 0 for tier in TIERS["streak"]["longest_streak"])


def test_every_measure_is_known_and_used() -> None:
    assert {name for badge in BADGES for name in badge.measures} == set(measures.MEASURES)


@pytest.mark.parametrize("slug", TIERS)
@pytest.mark.parametrize("tier", [1, 2, 3])
def test_each_tier_is_reached_exactly_at_its_threshold(slug: str, tier: int) -> None:
    badge = BY_SLUG[slug]
    if tier > badge.tiers:
        return
    values = NOTHING | {c.measure: c.tiers[tier - 1] for c in badge.criteria}
    assert badge.reached(values) == tier
    for criterion in badge.criteria:
        if criterion.measure == "report_precision" and tier > 1:
            continue
        worse = criterion.tiers[tier - 1] + (0.001 if criterion.at_most else -0.001)
        assert badge.reached(values | {criterion.measure: worse}) == tier - 1


@pytest.mark.parametrize("badge", BADGES, ids=lambda badge: badge.slug)
def test_what_is_missing_agrees_with_the_award(badge: Badge) -> None:
    start = rules.progress(badge, NOTHING, 0)
    assert start.steps
    assert start.part < 0.2
    for sentence, numbers in start.steps:
        assert "%(" not in sentence % numbers
    best = NOTHING | {c.measure: c.tiers[-1] for c in badge.criteria}
    assert rules.progress(badge, best, badge.tiers).is_complete


def test_progress_is_the_weakest_criterion() -> None:
    halfway = rules.progress(BY_SLUG["well-calibrated"], NOTHING | {"sure_answers": 25, "calibration_gap": 0.05}, 0)
    assert halfway.percent == 50
    assert [numbers["left"] for _, numbers in halfway.steps] == [25]
    off = rules.progress(BY_SLUG["well-calibrated"], NOTHING | {"sure_answers": 60, "calibration_gap": 0.25}, 0)
    assert off.percent == 40
    assert [numbers["goal"] for _, numbers in off.steps] == [10]


def test_at_most_three_suggestions_that_are_near() -> None:
    def near(slug: str, part: float) -> rules.Progress:
        return rules.Progress(BY_SLUG[slug], 0, part, ())

    parts = {"explorer": 0.19, "reviewer": 0.2, "good-weeks": 0.9, "brave-guess": 0.5, "teach-back": 0.3}
    found = rules.suggestions(near(slug, part) for slug, part in parts.items())
    assert [item.badge.slug for item in found] == ["good-weeks", "brave-guess", "teach-back"]
    assert rules.suggestions([rules.Progress(BY_SLUG["first-lesson"], 1, 1.0, ())]) == []


@pytest.mark.parametrize(
    ("holders", "active", "words"),
    [
        (10, 29, None),
        (0, 30, None),
        (25, 100, "common"),
        (24, 100, "uncommon"),
        (10, 100, "uncommon"),
        (9, 100, "rare"),
        (3, 100, "rare"),
        (2, 100, "epic"),
        (1, 100, "epic"),
        (1, 101, "legendary"),
    ],
)
def test_rarity(holders: int, active: int, words: str | None) -> None:
    assert rules.rarity(holders, active) == words


def test_every_badge_listens_to_something() -> None:
    for badge in BADGES:
        assert badge.listens
        assert badge.slug.replace("-", "").isalpha()


def test_one_that_is_left_is_said_in_the_singular() -> None:
    (step,) = rules.progress(BY_SLUG["explorer"], NOTHING | {"topics_passed": 4}, 0).steps
    assert step[0] == "One more topic"
