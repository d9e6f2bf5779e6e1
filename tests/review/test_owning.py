"""Of two curators one is from the team that owns the lesson, where such a curator is free."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, func, select

from peerlearn.accounts.models import Absence, Grant, Person
from peerlearn.core import clock
from peerlearn.core.db import db
from peerlearn.core.errors import NotAllowed
from peerlearn.lessons.models import Lesson, LessonAuthor, Revision
from peerlearn.review import actions, assigning, owning, queries
from peerlearn.review.models import Review
from peerlearn.review.owning import AFTER_YOU, THEIRS, Within
from tests import factories
from tests.conftest import Statements
from tests.page import Client
from tests.review.test_pages import RATED, words

Browser = Callable[[Person], Client]

# the law


@pytest.mark.parametrize(
    ("first", "me", "another", "refuses", "sentence"),
    [
        (None, False, True, False, AFTER_YOU),
        (None, False, False, False, None),
        (None, True, True, False, None),
        (None, True, False, False, None),
        (True, False, True, False, None),
        (True, False, False, False, None),
        (True, True, True, False, None),
        (False, False, True, True, THEIRS),
        (False, False, False, False, None),  # nobody from there is free: anybody may
        (False, True, True, False, None),
        (False, True, False, False, None),
    ],
)
def test_one_of_the_two_is_from_the_team(
    first: bool | None, me: bool, another: bool, refuses: bool, sentence: str | None
) -> None:
    found = Within(first, me, another)
    assert (found.refuses, found.sentence) == (refuses, sentence)


# on a database


class House:
    """A restricted lesson that waits; two curators from other teams, and one from the team of its owner."""

    def __init__(self) -> None:
        self.topic = factories.topic()
        self.team = factories.team()
        self.owner = factories.person("Ada Owner", team=self.team)
        self.out, self.other = (factories.person(name, roles=self.role) for name in ("Ott Out", "Uri Other"))
        self.inside = factories.person("Ina Inside", roles=self.role, team=self.team)
        front = f"classification: restricted\naudience: [{self.team.slug}]\n"
        self.lesson, self.review = factories.reviewed_lesson(self.owner, self.topic, front=front)

    @property
    def role(self) -> tuple[tuple[str, int], ...]:
        return factories.curator_of(self.topic.id)

    def fresh(self) -> Review:
        db.session.commit()
        db.session.expire_all()
        statement = select(Review).where(Review.id == self.review.id).options(*queries.for_actions())
        return db.session.scalars(statement).unique().one()

    def approve(self, person: Person) -> str:
        """Where the revision stands after this person approved it."""
        actions.approve(self.fresh(), factories.JUDGEMENT, by=factories.reloaded(person))
        db.session.commit()
        return db.session.scalars(select(Revision.state).where(Revision.id == self.review.revision_id)).one()


@pytest.fixture
def house(db: Any) -> House:
    return House()


@pytest.mark.parametrize(
    "order", [("out", "inside"), ("inside", "out"), ("inside", "other")], ids=lambda order: " then ".join(order)
)
def test_the_two_may_come_in_any_order(house: House, order: tuple[str, str]) -> None:
    first, last = (getattr(house, name) for name in order)
    assert house.approve(first) == "submitted"
    assert house.approve(last) == "published"


def test_after_one_from_outside_another_from_outside_cannot_approve(house: House, client_for: Browser) -> None:
    browser = client_for(house.other)
    address = f"/review/{house.review.id}"
    assert AFTER_YOU in words(browser.get(f"{address}/decision"))
    house.approve(house.out)
    with pytest.raises(NotAllowed) as refused:
        house.approve(house.other)
    assert str(refused.value) == THEIRS
    db.session.rollback()
    review, other = house.fresh(), factories.reloaded(house.other)
    with pytest.raises(NotAllowed):
        actions.approve(review, factories.JUDGEMENT, by=other, goes_live_at=clock.now() + timedelta(days=3))
    db.session.rollback()
    page = browser.get(f"{address}/decision")
    assert THEIRS in words(page)
    assert "Approve and publish" not in words(page)
    assert "Approve it for a later day" not in words(page)
    assert THEIRS in browser.post(f"{address}/approve", RATED, token_from="/review", status=403).text
    inside = client_for(house.inside).get(f"{address}/decision")
    assert THEIRS not in words(inside)
    assert "Approve and publish" in words(inside)


def test_it_can_still_be_sent_back_by_anybody(house: House) -> None:
    house.approve(house.out)
    other = factories.reloaded(house.other)
    blocking = actions.Words("blocking", actions.Place(), actions.written("This has to change, please."))
    actions.remark(house.fresh(), blocking, by=other)
    actions.request_changes(house.fresh(), actions.Judgement({}, {}), by=factories.reloaded(house.other))
    assert house.fresh().state == "changes_requested"


def leaves_the_house(house: House) -> None:
    house.inside.is_active = False


def curates_no_more(house: House) -> None:
    db.session.execute(delete(Grant).where(Grant.person_id == house.inside.id))


def changes_team(house: House) -> None:
    house.inside.team_id = factories.team().id


def is_away(house: House) -> None:
    today = clock.today(clock.organisation_zone())
    days = {"first_day": today - timedelta(days=1), "last_day": today + timedelta(days=20)}
    db.session.add(Absence(person_id=house.inside.id, **days, is_travel=False))


def is_too_close(house: House) -> None:
    db.session.add(Grant(person_id=house.inside.id, role="lead", scope_id=house.team.id))


def has_no_time(house: House) -> None:
    actions.decline(house.fresh(), "busy", by=factories.reloaded(house.inside))


def wrote_it_too(house: House) -> None:
    db.session.add(LessonAuthor(lesson_id=house.lesson.id, person_id=house.inside.id, position=1, share=0.0))


def owner_has_no_team(house: House) -> None:
    db.session.get_one(Person, house.owner.id).team_id = None


@pytest.mark.parametrize(
    "happened",
    [
        leaves_the_house,
        curates_no_more,
        changes_team,
        is_away,
        is_too_close,
        has_no_time,
        wrote_it_too,
        owner_has_no_team,
    ],
    ids=lambda happened: str(happened.__name__),
)
def test_where_nobody_from_there_can_decide_anybody_may(house: House, happened: Callable[[House], None]) -> None:
    house.approve(house.out)
    happened(house)
    assert house.approve(house.other) == "published"


def test_whoever_left_another_lesson_to_others_is_still_awaited(house: House) -> None:
    _lesson, another = factories.reviewed_lesson(factories.person(), house.topic)
    statement = select(Review).where(Review.id == another.id).options(*queries.for_actions())
    another = db.session.scalars(statement).unique().one()
    actions.decline(another, "busy", by=factories.reloaded(house.inside))
    house.approve(house.out)
    with pytest.raises(NotAllowed):
        house.approve(house.other)


def test_who_owns_the_lesson_now_counts(house: House) -> None:
    house.approve(house.out)
    db.session.get_one(Lesson, house.lesson.id).owner_id = factories.person(team_id=house.other.team_id).id
    assert house.approve(house.other) == "published"


def test_only_those_who_could_approve_it_are_asked(house: House) -> None:
    house.approve(house.out)
    assert assigning._pairs(clock.now(), "UTC") == [(house.review.id, house.inside.id)]
    house.inside.is_active = False
    db.session.commit()
    assert assigning._pairs(clock.now(), "UTC") == [(house.review.id, house.other.id)]


def test_the_page_keeps_to_its_statements(house: House, client_for: Browser, statements: Statements) -> None:
    browser = client_for(house.other)
    browser.get("/review")
    for _ in range(3):
        factories.person(roles=house.role, team=house.team)
    address = f"/review/{house.review.id}/decision"
    db.session.expire_all()
    statements.clear()
    browser.get(address)
    assert len(statements) <= 5, "\n".join(statements)


def test_an_approval_of_what_is_for_all_asks_nothing_about_teams(house: House, statements: Statements) -> None:
    taken = []
    for front in ("", f"classification: restricted\naudience: [{house.team.slug}]\n"):
        _lesson, review = factories.reviewed_lesson(factories.person(), house.topic, front=front)
        seen = queries.review_to_change(review.id, factories.reloaded(house.other))
        assert seen is not None
        by = factories.reloaded(house.other)
        statements.clear()
        owning.insist(seen.review, by)
        taken.append(len(statements))
    assert taken == [0, 1]


def test_no_review_is_left_to_somebody_who_is_not_there(house: House) -> None:
    """Whoever is named as free by the rule can really approve."""
    house.approve(house.out)
    waits = select(func.count(Review.id)).where(owning.waits_for_team(Review), Review.id == house.review.id)
    assert db.session.scalar(waits, owning.values(house.inside)) == 1
    assert house.approve(house.inside) == "published"
