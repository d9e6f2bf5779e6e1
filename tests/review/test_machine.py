"""The life of a lesson's text: every place × every actor × every act, against the table, on a real database."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text

from peerlearn.accounts.models import Person
from peerlearn.core import clock
from peerlearn.core.db import db as database
from peerlearn.core.errors import DomainError
from peerlearn.lessons import access as lesson_access
from peerlearn.lessons import actions as lessons
from peerlearn.lessons import machine
from peerlearn.lessons.machine import ACTS, Place
from peerlearn.lessons.models import Lesson, Revision
from peerlearn.review import access, actions, appealing, going_live, rules, standing
from peerlearn.review.actions import Judgement, Words
from peerlearn.review.models import Review
from tests import factories
from tests.factories import JUDGEMENT, MONDAY

ZONE = "UTC"
REASON = "Because the rule that it teaches has changed."
TABLES = ("lessons", "revisions", "reviews", "remarks", "review_acts", "standing_acts", "facts", "notices")
NOW = MONDAY + timedelta(hours=2)
DAYS_LATER = {Place.DUE: 170, Place.STALE: 190, Place.UNVERIFIED: 220}


@dataclass
class World:
    """One lesson's text in one place, and everybody who might do something to it."""

    lesson_id: int
    revision_id: int
    now: datetime
    people: dict[str, int] = field(default_factory=dict)
    holder: str | None = None
    beside: int = 0  # another lesson of the same people, which waits for review: nothing is done to it

    def review_id(self) -> int:
        found = select(Review.id).where(Review.revision_id == self.revision_id).order_by(Review.round.desc())
        return database.session.scalar(found.limit(1)) or 0

    def zone(self) -> str:
        return clock.organisation_zone()


def whole_lesson(world: World) -> Lesson:
    return database.session.get_one(Lesson, world.lesson_id)


def to_decide(world: World, me: Person) -> Review:
    return access.review_to_decide(world.review_id(), me)


def own_revision(world: World, me: Person) -> Revision:
    return lesson_access.revision_to_edit(world.lesson_id, by=me)[1]


def save(world: World, me: Person) -> None:
    revision = own_revision(world, me)
    changed = revision.source.replace("Then show", "Next show")
    lessons.save_draft(revision, changed, base_version=revision.version, by=me)


def stand(act: str) -> Callable[[World, Person], Any]:
    def deed(world: World, me: Person) -> None:
        found = access.lesson_to_stand(world.lesson_id, me, world.zone())
        standing.decide(found.lesson, act, REASON, by=me, zone_name=world.zone())

    return deed


DO: dict[str, Callable[[World, Person], Any]] = {
    "save": save,
    "submit": lambda world, me: lessons.submit(own_revision(world, me), by=me),
    "appeal": lambda world, me: appealing.appeal(access.review_to_appeal(world.lesson_id, me), REASON, by=me),
    "withdraw": lambda world, me: lessons.withdraw(own_revision(world, me), by=me),
    "discard": lambda world, me: lessons.discard(own_revision(world, me), by=me),
    "claim": lambda world, me: actions.claim(to_decide(world, me), by=me),
    "release": lambda world, me: actions.release(to_decide(world, me), by=me),
    "request_changes": lambda world, me: actions.request_changes(to_decide(world, me), Judgement({}, {}), by=me),
    "reject": lambda world, me: actions.reject(to_decide(world, me), "other", Judgement({}, {}, comment=REASON), by=me),
    "approve": lambda world, me: actions.approve(to_decide(world, me), JUDGEMENT, by=me),
    "schedule": lambda world, me: actions.approve(
        to_decide(world, me), JUDGEMENT, by=me, goes_live_at=world.now + timedelta(days=3)
    ),
    "publish_now": lambda world, me: going_live.publish_now(to_decide(world, me), by=me),
    **{act: stand(act) for act in ("verify", "quarantine", "show_again", "archive", "bring_back")},
}
BY_HOUSE = {"go_live", "supersede", "publish_edit", "expire", "hide_flagged", "hide_confidential"}
ACTORS = ("owner", "co_author", "curator", "holder", "writing_curator", "foreign_curator", "admin", "employee")
RELATIONS = {
    "owner": {machine.OWNER, machine.AUTHOR},
    "co_author": {machine.AUTHOR},
    "writing_curator": {machine.AUTHOR},  # curates the topic, and wrote along: that alone counts
    "curator": {machine.CURATOR},
    "holder": {machine.CURATOR},
}


def build(place: Place) -> World:
    topic, other = factories.topic(), factories.topic()
    people = {
        "owner": factories.person("Owner"),
        "co_author": factories.person("Co-author"),
        "curator": factories.person("Curator", roles=(("curator", topic.id),)),
        "holder": factories.person("Holder", roles=(("curator", topic.id),)),
        "writing_curator": factories.person("Both", roles=(("curator", topic.id),)),
        "foreign_curator": factories.person("Foreign", roles=(("curator", other.id),)),
        "admin": factories.person("Admin", roles=(("admin", 0),)),
        "employee": factories.person("Employee"),
    }
    owner, holder = people["owner"], people["holder"]
    with clock.at(MONDAY):
        lesson, revision = lessons.import_file(factories.lesson_text(topic), owner=owner, by=owner)
        assert revision is not None
        shares = [(owner, 0.5), (people["co_author"], 0.25), (people["writing_curator"], 0.25)]
        lessons.contributing.set_authors(lesson, shares, by=owner)
        database.session.commit()
        world = World(lesson.id, revision.id, NOW, {name: one.id for name, one in people.items()})
        world.beside = factories.reviewed_lesson(factories.reloaded(owner.id), topic)[0].id
        if place not in (Place.DRAFT, Place.DISCARDED):
            lessons.submit(revision, by=owner)
            database.session.commit()
        if place is Place.DISCARDED:
            lessons.discard(revision, by=owner)
        if place in (Place.IN_REVIEW, Place.CHANGES_REQUESTED):
            actions.remark(
                to_decide(world, holder), Words("blocking", rules.Place(), actions.written(REASON)), by=holder
            )
            world.holder = "holder" if place is Place.IN_REVIEW else None
        if place in (Place.CHANGES_REQUESTED, Place.REJECTED):
            DO["request_changes" if place is Place.CHANGES_REQUESTED else "reject"](world, holder)
        if place is Place.SCHEDULED:
            actions.approve(to_decide(world, holder), JUDGEMENT, by=holder, goes_live_at=NOW + timedelta(days=3))
        if place in (*machine.SHOWN, Place.QUARANTINED, Place.ARCHIVED, Place.SUPERSEDED):
            DO["approve"](world, holder)
        database.session.commit()
        if place in (Place.QUARANTINED, Place.ARCHIVED):
            stand("quarantine" if place is Place.QUARANTINED else "archive")(world, holder)
        if place is Place.SUPERSEDED:
            factories.republish(whole_lesson(world), lambda source: source.replace("Then show", "Next show"))
        database.session.commit()
    world.now += timedelta(days=DAYS_LATER.get(place, 0))
    return world


def place_of(world: World) -> Place:
    """Where the text is, read from the rows alone."""
    database.session.expire_all()
    revision = database.session.get_one(Revision, world.revision_id)
    found = database.session.scalar(select(Review).where(Review.id == world.review_id()))
    claimed = found is not None and rules.is_claimed(found.claimed_until, world.now)
    if revision.state != "published":
        return machine.place_of(revision.state, claimed=claimed)
    shown = standing.standing_of(world.lesson_id, factories.reloaded(world.people["owner"]), world.zone())
    assert shown is not None
    return shown.place


def snapshot() -> list[Any]:
    database.session.flush()
    return [database.session.execute(text(f"select * from {name} order by id")).all() for name in TABLES]


def rows_beside(world: World) -> list[Any]:
    """Everything stored about the other lesson."""
    database.session.flush()
    mine = (
        ("lessons", "id"),
        *((name, "lesson_id") for name in ("revisions", "reviews", "review_acts", "standing_acts")),
    )
    found = (f"select * from {name} where {column} = {world.beside} order by id" for name, column in mine)
    return [database.session.execute(text(statement)).all() for statement in found]


def expected(world: World, place: Place, actor: str, act: str) -> Place | None:
    """What the table says: where it leads, or None when it is refused."""
    mine = RELATIONS.get(actor, set())
    who = next((one for one in ACTS[act].who if one in mine), None)
    if who is None or not machine.may(act, place, who):
        return None
    if world.holder and actor != world.holder and who == machine.CURATOR and act != "release":
        return None  # a claim keeps the others out
    if act == "request_changes" and world.holder is None:
        return None  # nobody has said yet what has to change
    if act == "release" and actor != world.holder:
        return place  # nothing to give back
    return ACTS[act].leads_to or place


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize("place", list(Place))
def test_every_actor_and_act_moves_a_text_as_the_table_says_or_changes_nothing(place: Place) -> None:
    world = build(place)
    wrong: list[str] = []
    with clock.at(world.now):
        assert place_of(world) is place
        before, beside = snapshot(), rows_beside(world)
        for actor in ACTORS:
            for act in sorted(DO):
                if place is Place.SUPERSEDED and act in standing.DEEDS:
                    continue  # these are about the newer revision
                savepoint = database.session.begin_nested()
                wanted = expected(world, place, actor, act)
                try:
                    DO[act](world, factories.reloaded(world.people[actor]))
                    database.session.flush()
                    done = True
                except DomainError:
                    done = False
                if done and wanted is not None and place_of(world) is not wanted:
                    wrong.append(f"{act} by {actor} led to {place_of(world)}, not {wanted}")
                if done and rows_beside(world) != beside:
                    wrong.append(f"{act} by {actor} changed another lesson")
                if done and wanted is None and snapshot() != before:
                    wrong.append(f"{act} by {actor} should be refused")
                if not done and wanted is not None:
                    wrong.append(f"{act} by {actor} was refused, and should lead to {wanted}")
                savepoint.rollback()
                database.session.expire_all()
                if not done and snapshot() != before:
                    wrong.append(f"{act} by {actor} was refused and left something behind")
    assert not wrong, "\n".join(wrong)


def test_every_act_of_a_person_is_tried() -> None:
    assert set(DO) | BY_HOUSE == set(ACTS)


def test_the_table_and_the_acts_of_reviews_agree() -> None:
    """The history of reviews has its own words; where they decide, they lead where the table says."""
    words = {"claim": "claimed", "release": "released", "approve": "approved", "schedule": "scheduled"}
    words |= {
        "request_changes": "changes_requested",
        "reject": "rejected",
        "withdraw": "withdrawn",
        "appeal": "appealed",
    }
    for act, word in words.items():
        who = {rules.CURATOR: machine.CURATOR, rules.AUTHOR: machine.AUTHOR}[rules.ACTS[word].who]
        assert ACTS[act].who == (who,)
        assert {Place.SUBMITTED, Place.IN_REVIEW} <= set(ACTS[act].places) or act == "appeal"


def test_the_drawing_in_the_docs_is_that_of_the_code() -> None:
    page = Path(__file__).parents[2] / "docs" / "life-of-a-lesson.md"
    drawn = page.read_text(encoding="utf-8").split("```mermaid\n")[1].split("```")[0]
    assert drawn == machine.drawing(), "put there what machine.drawing() says"


def test_every_place_can_be_reached_and_left() -> None:
    reached = {act.leads_to for act in ACTS.values()} | {new for _, new, _ in machine.BY_TIME} | {Place.DRAFT}
    left = {place for act in ACTS.values() if act.leads_to for place in act.places}
    assert reached == set(Place) | {None}
    assert set(Place) - left == {Place.DISCARDED, Place.SUPERSEDED}  # brought back as a new draft
