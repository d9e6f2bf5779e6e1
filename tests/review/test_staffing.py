"""How many curators the work needs: the worked examples, and what the queue says of it."""

from __future__ import annotations

from typing import Any

import pytest

from peerlearn.review.staffing import POLICY, Policy, needed, utilisation
from tests import factories
from tests.page import text_of
from tests.review.test_actions import Desk
from tests.review.test_impartiality import Browser


@pytest.mark.parametrize(
    ("submissions", "policy", "expected"),
    [
        (40, Policy(reviews=2, minutes=12, hours_a_week=1.5), 16),
        (25, Policy(reviews=1, minutes=15, hours_a_week=2), 5),
        (0, POLICY, 0),
        (0.25, POLICY, 1),
        (5.25, POLICY, 1),  # exactly one
        (5.5, POLICY, 2),
    ],
)
def test_how_many_curators_are_needed(submissions: float, policy: Policy, expected: int) -> None:
    assert needed(submissions, policy) == expected


@pytest.mark.parametrize(("curators", "percent"), [(1, 100), (2, 50), (4, 25), (0, None)])
def test_how_busy_they_are(curators: int, percent: int | None) -> None:
    assert utilisation(5.25, curators) == percent


@pytest.fixture
def desk(db: Any) -> Desk:
    return Desk()


def test_the_queue_says_how_busy_its_curators_are(desk: Desk, client_for: Browser) -> None:
    factories.person(roles=(("curator", desk.topic.id),), is_active=False)
    factories.person(roles=(("curator", factories.topic().id),))
    for _ in range(9):
        factories.reviewed_lesson(desk.me(desk.author), desk.topic)
    page = text_of(client_for(desk.tom).get("/review").all("main")[0])
    assert "21 % of the time of 2 curators" in page  # 2.25 a week, 12 minutes each, of 2 × 63 minutes
    assert "1 curator is needed" in page
    assert "Somebody else could help" not in page
    for _ in range(28):
        factories.reviewed_lesson(desk.me(desk.author), desk.topic)
    page = text_of(client_for(desk.tom).get("/review").all("main")[0])
    assert "88 % of the time of 2 curators" in page
    assert "Somebody else could help" in page
