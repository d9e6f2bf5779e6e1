"""A lesson's text in any place of its life, everybody who might do something to it, and every act that is tried."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from peerlearn.accounts.models import Person, Team
from peerlearn.core import clock
from peerlearn.core.db import db
from peerlearn.core.errors import NotFound
from peerlearn.learn import access as learning
from peerlearn.lessons import access as lesson_access
from peerlearn.lessons import actions as lessons
from peerlearn.lessons import machine
from peerlearn.lessons.machine import Place
from peerlearn.lessons.models import Lesson, Revision, Topic
from peerlearn.review import (
    access,
    actions,
    advising,
    appealing,
    assigning,
    escalating,
    going_live,
    lapsing,
    reporting,
    rules,
    standing,
    tending,
    trusting,
)
from peerlearn.review.actions import Judgement, Words
from peerlearn.review.advising import Given
from peerlearn.review.models import Assignment, Recusal, Review, Training
from peerlearn.review.reporting import Problem
from peerlearn.verification import actions as verification
from tests import factories
from tests.factories import JUDGEMENT, MONDAY

ZONE = "UTC"
REASON = "Because the rule that it teaches has changed."
NOW = MONDAY + timedelta(hours=2)
DAYS_LATER = {Place.DUE: 170, Place.STALE: 190, Place.UNVERIFIED: 280}  # the last is late enough to be archived
LIVE = (*machine.SHOWN, Place.QUARANTINED, Place.ARCHIVED, Place.SUPERSEDED)

FIRST, FOR_SOME, SMALL_EDIT = "first text", "for some", "small edit of a trusted author"
OWN_TEAM = "for some, and a curator of the owner's team is free"
LAPSED, WIDENED, HANDED_UP, ADVISED = "claim that is over", "late", "everybody is too close", "advice is awaited"
FOR_TWO = (FOR_SOME, OWN_TEAM)
SCENES: dict[str, tuple[Place, ...]] = {
    FIRST: tuple(place for place in Place if place is not Place.APPROVED_ONCE),
    FOR_SOME: (Place.SUBMITTED, Place.IN_REVIEW, Place.APPROVED_ONCE, Place.SCHEDULED, Place.PUBLISHED),
    OWN_TEAM: (Place.SUBMITTED, Place.APPROVED_ONCE),
    SMALL_EDIT: (Place.DRAFT, Place.SUBMITTED),
    LAPSED: (Place.SUBMITTED,),
    WIDENED: (Place.SUBMITTED, Place.IN_REVIEW),
    HANDED_UP: (Place.SUBMITTED, Place.IN_REVIEW),
    ADVISED: (Place.SUBMITTED, Place.IN_REVIEW),
}


@dataclass
class World:
    """One lesson's text in one place, and everybody who might do something to it."""

    scene: str
    lesson_id: int
    revision_id: int
    now: datetime = NOW
    people: dict[str, int] = field(default_factory=dict)
    holder: str | None = None
    readers: tuple[int, ...] = ()  # three whose word counts, and who may learn it

    def review_id(self) -> int:
        found = select(Review.id).where(Review.revision_id == self.revision_id).order_by(Review.round.desc())
        return db.session.scalar(found.limit(1)) or 0

    def zone(self) -> str:
        return clock.organisation_zone()


def whole_lesson(world: World) -> Lesson:
    return db.session.get_one(Lesson, world.lesson_id)


def to_decide(world: World, me: Person) -> Review:
    return access.review_to_decide(world.review_id(), me)


def own_revision(world: World, me: Person) -> Revision:
    return lesson_access.revision_to_edit(world.lesson_id, by=me)[1]


def save(world: World, me: Person) -> None:
    revision = own_revision(world, me)
    changed = revision.source.replace("Start with what", "Begin with what")
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
ADVISE: dict[str, Callable[[World, Person], Any]] = {
    "advise": lambda world, me: advising.give(
        access.advice_to_give(world.review_id(), me), Given(JUDGEMENT.rubric, "publish"), by=me
    ),
    "decline_advice": lambda world, me: advising.decline(access.advice_to_give(world.review_id(), me), by=me),
    "check_answers": lambda world, me: advising.check_answers(access.advice_to_give(world.review_id(), me), by=me),
}
"""What whoever is asked for advice does: it leaves the text where it is."""

AS_IT_STANDS = {
    "approve": ("approve", "approve_first", "approve_second"),
    "schedule": ("schedule", "approve_first", "schedule_second"),
}
"""One deed that the table has under several names: which of them it is depends on the lesson and on who approved it."""


def report(world: World, kind: str, person_id: int) -> None:
    """A reader who may learn it says that something is wrong."""
    me = factories.reloaded(person_id)
    slug = whole_lesson(world).slug
    reporting.report(learning.lesson_to_read(slug, me)[0], Problem(kind), by=me)


def supersede(world: World) -> None:
    """The owner hands in a new version, and a curator approves it."""
    owner = factories.reloaded(world.people["owner"])
    found = lesson_access.lesson_to_edit(world.lesson_id, by=owner)
    if found.revision is not None or found.lesson.published_id is None:
        raise NotFound()  # a newer version begins from one that is shown
    draft = lessons.revise(found.lesson, by=owner)
    lessons.save_draft(draft, draft.source.replace("Then show", "Later show"), base_version=draft.version, by=owner)
    lessons.submit(draft, by=owner)
    review = db.session.scalars(select(Review).where(Review.revision_id == draft.id)).one()
    inside = world.readers[:1] if world.scene in FOR_TWO else ()  # one of two is from the owner's team
    for person_id in (world.people["curator"], *inside):
        curator = factories.reloaded(person_id)
        actions.approve(access.review_to_decide(review.id, curator), JUDGEMENT, by=curator)


def hide_flagged(world: World) -> None:
    if not world.readers:
        raise NotFound()
    for person_id in world.readers:
        report(world, "unsafe", person_id)


def hide_confidential(world: World) -> None:
    if not world.readers:
        raise NotFound()
    report(world, "confidential", world.readers[0])


def publish_edit(world: World) -> None:
    revision = db.session.get_one(Revision, world.revision_id)
    if not trusting.publish_small(revision, whole_lesson(world).topic_id, world.people["owner"]):
        raise NotFound()


BY_HOUSE: dict[str, Callable[[World], Any]] = {
    "publish_edit": publish_edit,
    "go_live": lambda world: going_live.go_live_due(),
    "supersede": supersede,
    "hide_flagged": hide_flagged,
    "hide_confidential": hide_confidential,
    "expire": lambda world: verification.tell(),
}
TENDING: dict[str, Callable[[World], Any]] = {
    "hand_up": lambda world: tending.hand_up_stranded(),
    "ask_for_advice": lambda world: tending.ask_for_advice(),
    "ask_curators": lambda world: tending.ask_curators(),
    "escalate": lambda world: escalating.escalate(),
    "lapse": lambda world: lapsing.tend(),
}
"""What the house does for those who wait: it asks, tells and opens, and leaves every text where it is."""

OWN_TIME = {"go_live": timedelta(days=4)}
"""When the house does something, where that is not the time of the scene: days after it."""

RELATIONS = {
    "owner": {machine.OWNER, machine.AUTHOR},
    "co_author": {machine.AUTHOR},
    "writing_curator": {machine.AUTHOR},  # curates the topic, and wrote along: that alone counts
    "former_author": set(),  # curates the topic, and wrote along before: nothing is left
    "curator": {machine.CURATOR},
    "holder": {machine.CURATOR},
    "first": {machine.CURATOR},  # approved it as the first of two, where somebody did
    "leading_curator": {machine.CURATOR},  # leads the owner's team
    "colleague": {machine.CURATOR},  # of the owner, but where a lesson is for some and nobody of the team is free
    "on_probation": {machine.CURATOR},
    "new_curator": {machine.CURATOR},  # who has found their eye on no lesson yet
    "recusing_curator": {machine.CURATOR},  # leaves the owner's work to others for good
    "curator_apart": {machine.CURATOR},  # whose work the owner leaves to others
}
CLOSE = ("leading_curator", "recusing_curator", "curator_apart")
"""Who is too close to decide about a submission, whatever becomes of it."""
SECOND = ("colleague", "on_probation", "new_curator")
NOBODY = ("lead", "adviser", "foreign_curator", "auditor", "admin", "employee")
ACTORS = (*RELATIONS, *NOBODY)
DECIDERS = ("curator", "holder", "first", *SECOND)
"""Who may decide about a submission, sooner or later."""


def cast(topic: Topic, team: Team, *, for_some: bool) -> dict[str, Person]:
    """Everybody, by the name of their part."""
    curates, other = factories.curator_of(topic.id), factories.topic()
    roles: dict[str, tuple[tuple[str, int], ...]] = {
        "owner": (),
        "co_author": (),
        "writing_curator": curates,
        "former_author": curates,
        "curator": curates,
        "holder": curates,
        "first": curates,
        "leading_curator": (*curates, ("lead", team.id)),
        "colleague": curates,
        "on_probation": curates,
        "new_curator": curates,
        "recusing_curator": curates,
        "curator_apart": curates,
        "lead": (("lead", team.id),),
        "adviser": (),
        "foreign_curator": factories.curator_of(other.id),
        "auditor": (("auditor", 0),),
        "admin": (("admin", 0),),
        "employee": (),
    }
    own = {"owner": {"team": team}} | ({} if for_some else {"colleague": {"team": team}})
    return {name: factories.person(name, roles=role, **own.get(name, {})) for name, role in roles.items()}


def build(scene: str, place: Place) -> World:
    """The world in which a text of that kind is in that place."""
    topic, team = factories.topic(), factories.team()
    people = cast(topic, team, for_some=scene == FOR_SOME)
    known = {"on_probation": "probation", "new_curator": "new"}
    db.session.add_all(Training(person_id=people[name].id, why=why, lessons_left=3) for name, why in known.items())
    owner = people["owner"].id
    db.session.add(Recusal(person_id=people["recusing_curator"].id, about_id=owner))
    db.session.add(Recusal(person_id=owner, about_id=people["curator_apart"].id))
    with clock.at(MONDAY):
        _known_lesson(topic, people["holder"])
        world = _begun(scene, topic, people)
        _bring(world, place, people)
        factories.reviewed_lesson(factories.reloaded(people["owner"].id), topic)  # beside it: nothing is done to it
    world.now += timedelta(days=DAYS_LATER.get(place, 0))
    with clock.at(world.now):
        _stage(world, people)
    return world


def _known_lesson(topic: Topic, curator: Person) -> None:
    """A lesson by somebody else that is decided: whoever is new can find their eye on it. Its check is far away."""
    lesson, review = factories.reviewed_lesson(factories.person(), topic)
    factories.approve(review, factories.reloaded(curator.id))
    lesson.check_on = (MONDAY + timedelta(days=3_000)).date()
    db.session.commit()


def _stage(world: World, people: dict[str, Person]) -> None:
    """What happened besides, in scenes where something did."""
    review = db.session.get(Review, world.review_id())
    if world.scene == LAPSED:
        DO["claim"](world, factories.reloaded(people["holder"].id))
        world.now += timedelta(days=3)
    elif world.scene == WIDENED and review:
        world.now += timedelta(days=8)
        with clock.at(world.now):
            escalating.escalate()
        if world.holder:  # meanwhile the claim is over
            review.claimed_until = world.now + timedelta(days=1)
    elif world.scene == HANDED_UP and review:
        for name in (*(one for one in DECIDERS if one not in SECOND), *SECOND):
            actions.decline(to_decide(world, factories.reloaded(people[name].id)), "conflict", by=people[name])
        assert review.handed_up_at == world.now
        if world.holder:
            world.holder = "admin"
            DO["claim"](world, factories.reloaded(people["admin"].id))
    elif world.scene == ADVISED and review:
        review.peers = "asked"
        asked = update(Assignment).where(Assignment.review_id == review.id, Assignment.part == "peer")
        db.session.execute(asked.values(until=world.now + timedelta(days=1)))
    db.session.commit()


def _begun(scene: str, topic: Topic, people: dict[str, Person]) -> World:
    owner = people["owner"]
    front = f"classification: restricted\naudience: [{owner.team.slug}]\n" if scene in FOR_TWO else ""
    lesson, revision = lessons.import_file(factories.lesson_text(topic, front=front), owner=owner, by=owner)
    assert revision is not None
    named = [people[name] for name in ("co_author", "writing_curator")]
    lessons.contributing.set_authors(lesson, [(owner, 0.4), (people["former_author"], 0.6)], by=owner)
    lessons.contributing.set_authors(lesson, [(owner, 0.5), *((one, 0.25) for one in named)], by=owner)
    world = World(scene, lesson.id, revision.id, people={name: one.id for name, one in people.items()})
    db.session.commit()
    if scene == SMALL_EDIT:
        lessons.submit(revision, by=owner)
        DO["approve"](world, people["holder"])
        for _ in range(2):
            factories.published_lesson(factories.reloaded(owner.id), topic)
        me = factories.reloaded(owner.id)
        draft = lessons.revise(lesson_access.lesson_to_edit(lesson.id, by=me).lesson, by=me)
        small = draft.source.replace("Then show each step", "Then show each single step", 1)
        lessons.save_draft(draft, small, base_version=draft.version, by=me)
        world.revision_id = draft.id
        db.session.commit()
    return world


def _bring(world: World, place: Place, people: dict[str, Person]) -> None:
    owner, holder, first = (factories.reloaded(people[name].id) for name in ("owner", "holder", "first"))
    revision = db.session.get_one(Revision, world.revision_id)
    if place is Place.DISCARDED:
        lessons.discard(revision, by=owner)
    elif place is not Place.DRAFT:
        # a small edit that waits was handed in by somebody who was not trusted then
        by = people["co_author"] if world.scene == SMALL_EDIT else owner
        lessons.submit(revision, by=factories.reloaded(by.id))
        assigning.ask_people([(world.review_id(), people["adviser"].id)], "peer", {world.review_id(): NOW})
        db.session.commit()
    if place is Place.APPROVED_ONCE or (world.scene in FOR_TWO and place in (Place.SCHEDULED, *LIVE)):
        DO["approve"](world, first)
    if place in (Place.IN_REVIEW, Place.CHANGES_REQUESTED):
        words = Words("blocking", rules.Place(), actions.written(REASON))
        actions.remark(to_decide(world, holder), words, by=holder)
        world.holder = "holder" if place is Place.IN_REVIEW else None
    if place in (Place.CHANGES_REQUESTED, Place.REJECTED):
        DO["request_changes" if place is Place.CHANGES_REQUESTED else "reject"](world, holder)
    if place is Place.SCHEDULED or place in LIVE:
        world.now = MONDAY
        DO["schedule" if place is Place.SCHEDULED else "approve"](world, holder)
        world.now = NOW
    db.session.commit()
    if place in (Place.QUARANTINED, Place.ARCHIVED):
        stand("quarantine" if place is Place.QUARANTINED else "archive")(world, holder)
    if place is Place.SUPERSEDED:
        supersede(world)
    if place in LIVE:
        roles = (("curator", 0),)  # of every topic
        world.readers = tuple(factories.person(roles=roles, team_id=owner.team_id).id for _ in range(3))
    db.session.commit()


def place_of(world: World) -> Place:
    """Where the text is, read from the rows alone."""
    db.session.expire_all()
    revision = db.session.get_one(Revision, world.revision_id)
    found = db.session.scalar(select(Review).where(Review.id == world.review_id()))
    claimed = found is not None and rules.is_claimed(found.claimed_until, world.now)
    once = found is not None and found.first_approved_by_id is not None
    if revision.state != "published":
        return machine.place_of(revision.state, claimed=claimed, approved_once=once)
    shown = standing.standing_of(world.lesson_id, factories.reloaded(world.people["owner"]), world.zone())
    assert shown is not None
    return shown.place
