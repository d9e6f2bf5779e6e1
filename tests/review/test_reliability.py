"""How ratings prove themselves: the worked examples, what counts as final, and the page that only its curator sees."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from peerlearn.core import clock
from peerlearn.core.db import db as database
from peerlearn.lessons.models import Revision
from peerlearn.review import actions, appealing, figures
from peerlearn.review.actions import Judgement
from peerlearn.review.models import Assignment, Report, Review
from peerlearn.review.reliability import NEWCOMER, Advice, Decided, error, reviewer
from tests import factories
from tests.conftest import Statements
from tests.factories import JUDGEMENT
from tests.page import text_of
from tests.review.test_actions import THURSDAY, Desk, facts
from tests.review.test_impartiality import Browser

NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)
WORDS = "It holds what people need, and the facts are right."


def test_a_newcomer_has_half() -> None:
    assert reviewer([]) == NEWCOMER
    assert (NEWCOMER.bias, NEWCOMER.variance, NEWCOMER.reliability) == (0.0, 0.64, 0.5)
    assert not NEWCOMER.is_trusted
    assert not NEWCOMER.is_on_probation


def test_the_worked_example() -> None:
    found = reviewer([1, 0.5, 1, 0, 0.5, 1, 0.5, 0.5])
    assert round(found.bias, 4) == 0.3846
    assert round(found.variance, 4) == 0.3490
    assert round(found.reliability, 4) == 0.6471
    assert not found.is_trusted  # 0.65 is needed


@pytest.mark.parametrize(
    ("errors", "trusted", "probation"),
    [([0.0] * 8, True, False), ([0.0] * 7, False, False), ([2, -2] * 4, False, True), ([2, -2] * 3, False, False)],
)
def test_eight_ratings_are_needed_to_say_more(errors: list[float], trusted: bool, probation: bool) -> None:
    found = reviewer(errors)
    assert (found.is_trusted, found.is_on_probation) == (trusted, probation)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, None),
        ({"disproved_after": 60}, 2.5),
        ({"disproved_after": 61}, None),
        ({"disproved_after": 60, "is_published": False}, None),
        ({"advised_rating": 3.25}, 1.25),
        ({"advised_rating": 4.75}, -0.25),
        ({"advised_rating": 3.25, "is_published": False}, 1.25),
        ({"advised_rating": 3.25, "disproved_after": 5}, 2.5),
        ({"advised_rating": 3.25, "disproved_after": 61}, 1.25),
        ({"is_published": False}, None),
        ({"is_published": False, "second_rating": 4.0}, 0.5),
        ({"is_published": False, "second_rating": 4.0, "advised_rating": 3.0}, 0.5),
        ({"rating": None}, None),
        ({"rating": None, "second_rating": 3.0, "advised_rating": 3.0}, None),
    ],
)
def test_what_a_rating_is_compared_with(changes: dict[str, Any], expected: float | None) -> None:
    values: dict[str, Any] = {"rating": 4.5, "is_published": True} | changes
    if days := values.pop("disproved_after", None):
        values["disproved_at"] = NOW + timedelta(days=days)
    assert error(Decided(submitted_at=NOW, decided_at=NOW, due_at=NOW, **values)) == expected


@pytest.fixture
def desk(db: Any) -> Desk:
    return Desk()


def hidden_advice(desk: Desk, *ratings: float, **values: Any) -> None:
    """The review is decided without the name, and colleagues rated it."""
    desk.review.is_blind = True
    for rating in ratings:
        row = {"rubric": dict.fromkeys(JUDGEMENT.rubric, rating), "person_id": factories.person().id} | values
        database.session.add(Assignment(review_id=desk.review.id, part="peer", state="done", until=THURSDAY, **row))
    database.session.commit()


def test_a_decision_carries_how_far_its_maker_can_be_relied_on(desk: Desk) -> None:
    hidden_advice(desk, 4.0, 3.0)
    with clock.at(THURSDAY):
        actions.approve(desk.fresh(), JUDGEMENT, by=desk.me(desk.tom))
        _lesson, review = factories.reviewed_lesson(desk.me(desk.author), desk.topic)
        actions.approve(desk.fresh(review), JUDGEMENT, by=desk.me(desk.tom))
    expected = reviewer([1.0]).reliability  # 4.5 where colleagues rated 3.5
    assert facts("ReviewDone")[-1]["reliability"] == round(expected, 4)


def test_a_rating_that_only_its_curator_gave_is_compared_with_nothing(desk: Desk) -> None:
    with clock.at(THURSDAY):
        actions.approve(desk.fresh(), JUDGEMENT, by=desk.me(desk.tom))
    with clock.at(THURSDAY + timedelta(days=100)):
        assert figures.reviewer_for(desk.tom.id) == NEWCOMER


@pytest.mark.parametrize(
    ("is_blind", "values", "expected"),
    [(True, {}, [1.5]), (True, {"is_shadow": True}, []), (False, {}, [])],
)
def test_advice_that_was_seen_or_counts_nowhere_is_compared_with_no_decision(
    desk: Desk, is_blind: bool, values: dict[str, Any], expected: list[float]
) -> None:
    hidden_advice(desk, 3.0, **values)
    desk.review.is_blind = is_blind
    database.session.commit()
    with clock.at(THURSDAY):
        actions.approve(desk.fresh(), JUDGEMENT, by=desk.me(desk.tom))
    assert [found for one in figures.decisions_of(desk.tom.id) if (found := error(one)) is not None] == expected


def test_the_first_of_two_is_compared_with_the_second(desk: Desk) -> None:
    with clock.at(THURSDAY):
        desk.fresh().lesson.classification = "restricted"
        lower = Judgement(dict.fromkeys(JUDGEMENT.rubric, 3.5), dict(JUDGEMENT.checklist), WORDS)
        actions.approve(desk.fresh(), lower, by=desk.me(desk.tom))
        assert figures.other_errors([desk.tom.id]) == {desk.tom.id: []}
        actions.approve(desk.fresh(), JUDGEMENT, by=desk.me(desk.uma))
    assert desk.fresh().state == "approved"
    assert figures.other_errors([desk.tom.id, desk.uma.id]) == {desk.tom.id: [-1.0], desk.uma.id: []}


def upheld(desk: Desk, shown: Revision, days: int) -> None:
    """So many days after the decision a reader was right that this text says something wrong."""
    report = Report(lesson_id=shown.lesson_id, revision_id=shown.id, topic_id=desk.topic.id, kind="wrong")
    report.reporter_id, report.state = factories.person().id, "upheld"
    report.decided_by_id, report.decided_at = desk.tom.id, THURSDAY + timedelta(days=days)
    database.session.add(report)
    database.session.commit()


def test_a_grave_report_and_an_appeal_count_against_it(desk: Desk) -> None:
    with clock.at(THURSDAY):
        rated = Judgement(dict.fromkeys(JUDGEMENT.rubric, 2.0), {}, WORDS)
        actions.reject(desk.fresh(), "other", rated, by=desk.me(desk.tom))
        again = appealing.appeal(desk.fresh(), WORDS, by=desk.me(desk.author))
        actions.approve(desk.fresh(again), JUDGEMENT, by=desk.me(desk.uma))
    database.session.commit()
    (decided,) = figures.decisions_of(desk.tom.id)
    assert error(decided) == -2.5
    upheld(desk, desk.revision, 3)
    (decided,) = figures.decisions_of(desk.uma.id)
    assert error(decided) == 2.5
    database.session.execute(update(Report).values(kind="unclear"))
    (decided,) = figures.decisions_of(desk.uma.id)
    assert error(decided) is None


@pytest.mark.parametrize(
    ("later", "expected"),
    [
        ([{}], 2.5),
        ([{}, {}], 2.5),
        ([{"is_major": True}], 0.0),
        ([{"is_major": True}, {}], 0.0),
        ([{"reviewed": True}], 0.0),
        ([{"reviewed": True}, {}], 0.0),
        ([{"published_at": None}, {}], 2.5),
    ],
)
def test_a_grave_report_on_a_small_edit_counts_against_whoever_approved_the_text(
    desk: Desk, later: list[dict[str, Any]], expected: float
) -> None:
    """Until another review read it, or it says something else."""
    hidden_advice(desk, 4.5)
    with clock.at(THURSDAY):
        actions.approve(desk.fresh(), JUDGEMENT, by=desk.me(desk.tom))
    database.session.commit()
    approved, edit = desk.revision, desk.revision
    for number, values in enumerate(later, 1):
        shown = {"published_at": THURSDAY + timedelta(days=number), "is_major": False, "state": "superseded"} | values
        reviewed = shown.pop("reviewed", False)
        known = {"lesson_id": approved.lesson_id, "source": approved.source, "writer_id": approved.writer_id}
        edit = Revision(number=approved.number + number, **known, **shown)
        database.session.add(edit)
        database.session.flush()
        if reviewed:
            database.session.add(review_of(edit, desk))
    upheld(desk, edit, 59)
    (decided,) = figures.decisions_of(desk.tom.id)
    assert error(decided) == expected
    adviser = database.session.scalars(select(Assignment.person_id)).one()
    assert figures.errors_of_advice([adviser])[adviser] == [expected]


def review_of(edit: Revision, desk: Desk) -> Review:
    """Another curator approved this text."""
    times = dict.fromkeys(("due_at", "decide_by", "decided_at"), edit.published_at)
    return Review(
        revision_id=edit.id,
        lesson_id=edit.lesson_id,
        topic_id=desk.topic.id,
        submitted_by_id=edit.writer_id,
        state="approved",
        decided_by_id=desk.uma.id,
        **times,
    )


def test_the_page_shows_ones_own_figures_only(desk: Desk, client_for: Browser, statements: Statements) -> None:
    moment = clock.now()
    with clock.at(moment - timedelta(hours=5)):
        _lesson, review = factories.reviewed_lesson(desk.me(desk.author), desk.topic)
    with clock.at(moment):
        actions.approve(desk.fresh(review), JUDGEMENT, by=desk.me(desk.tom))
    database.session.commit()
    browser = client_for(desk.tom)
    browser.get("/review/mine")
    statements.clear()
    page = text_of(browser.get("/review/mine").all("main")[0])
    assert len(statements) <= 5
    assert "5 hours" in page
    assert "0.50" in page
    assert "5 hours" not in text_of(client_for(desk.uma).get("/review/mine").all("main")[0])
    client_for(desk.author).get("/review/mine", status=403)


@pytest.mark.parametrize(
    ("score", "sd", "gap", "says"),
    [
        (4.0, 0.45, 0.0, "publish"),
        (4.0, 0.46, 0.0, "look"),
        (3.99, 0.30, 0.0, "look"),
        (3.0, 0.30, 1.0, "look"),
        (2.99, 0.30, 0.0, "revise"),
        (4.5, 0.30, 1.5, "disagreement"),
        (2.0, 0.30, 1.5, "disagreement"),
    ],
)
def test_what_advice_says_at_its_bounds(score: float, sd: float, gap: float, says: str) -> None:
    assert Advice(score, sd, gap).says == says
