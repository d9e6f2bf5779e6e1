"""A lesson's text in any place of its life, and everybody who might do something to it."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select, update

from peerlearn.accounts.models import Person, Team
from peerlearn.analysis.models import ItemFlag
from peerlearn.core import clock
from peerlearn.core.db import db
from peerlearn.lessons import access as lesson_access
from peerlearn.lessons import actions as lessons
from peerlearn.lessons import machine
from peerlearn.lessons.machine import Place
from peerlearn.lessons.models import Lesson, Revision, Topic
from peerlearn.quizzes.models import ItemVersion, QuizItem
from peerlearn.review import actions, assigning, escalating, rules, standing
from peerlearn.review.actions import Words
from peerlearn.review.models import Assignment, Recusal, Review, Training
from tests import factories
from tests.factories import MONDAY
from tests.review.deeds import DO, NOW, REASON, SOURCE, World, leave, shown_text, stand, supersede, to_decide

DAYS_LATER = {Place.DUE: 170, Place.STALE: 190, Place.UNVERIFIED: 280}  # the last is late enough to be archived
LIVE = (*machine.SHOWN, Place.QUARANTINED, Place.ARCHIVED, Place.SUPERSEDED)

FIRST, FOR_SOME, SMALL_EDIT = "first text", "for some", "small edit of a trusted author"
OWN_TEAM = "for some, and a curator of the owner's team is free"
LAPSED, WIDENED, HANDED_UP, ADVISED = "claim that is over", "late", "everybody is too close", "advice is awaited"
TAKEN_BACK, SECOND_ROUND, MERGED = "taken back out of a review", "handed in again", "merged"
LONGER, REWORDED = "a longer lesson", "with another question than the one that is shown"
LEFT = "all who wrote it have left"
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
    TAKEN_BACK: (Place.DRAFT,),
    SECOND_ROUND: (Place.SUBMITTED,),
    MERGED: (Place.ARCHIVED,),
    LONGER: (Place.SUBMITTED,),
    REWORDED: (Place.SUBMITTED, Place.SCHEDULED),
    LEFT: (Place.DRAFT, Place.SUBMITTED, Place.SCHEDULED, Place.PUBLISHED, Place.QUARANTINED, Place.ARCHIVED),
}
REMARKED = (TAKEN_BACK, SECOND_ROUND)
ON_TOP = (SMALL_EDIT, REWORDED)
"""Where the text is a new version of a lesson that is shown."""
ASKED = "why_longer: The whole restore has to be seen once, from the copy to the first sign-in.\n"
LONG = "\n\nWe write it down here." * 420  # with the rest of the lesson about eleven minutes


_AUTHOR, _CURATOR = {machine.AUTHOR, machine.KEEPER}, {machine.CURATOR, machine.KEEPER}
RELATIONS = {
    "owner": {machine.OWNER, machine.AUTHOR},
    "co_author": {machine.AUTHOR},
    "writing_curator": _AUTHOR,  # curates the topic, and wrote along: that alone counts
    "former_author": {machine.KEEPER},  # curates the topic, and wrote along before: nothing is left of it
    "curator": _CURATOR,
    "holder": _CURATOR,
    "first": _CURATOR,  # approved it as the first of two, where somebody did
    "leading_curator": _CURATOR,  # leads the owner's team
    "colleague": _CURATOR,  # of the owner, but where a lesson is for some and nobody of the team is free
    "on_probation": _CURATOR,
    "new_curator": _CURATOR,  # who has found their eye on no lesson yet
    "recusing_curator": _CURATOR,  # leaves the owner's work to others for good
    "curator_apart": _CURATOR,  # whose work the owner leaves to others
    "foreign_curator": {machine.KEEPER},  # of another topic
    "admin": {machine.KEEPER, machine.ADMIN},
    "adviser": {machine.PEER},
    "signed out": {machine.OWNER},  # with the link that the owner was mailed
}
CLOSE = ("leading_curator", "recusing_curator", "curator_apart")
"""Who is too close to decide about a submission, whatever becomes of it."""
SECOND = ("colleague", "on_probation", "new_curator")
NOBODY = ("lead", "auditor", "employee", "team_mate")
ACTORS = tuple(name for name in (*RELATIONS, *NOBODY) if name != "signed out")
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
        "team_mate": (),
    }
    known = {"created_at": MONDAY - timedelta(days=60)}  # who is new hands in little a day
    own = {"owner": {"team": team} | known, "team_mate": {"team": team}} | (
        {} if for_some else {"colleague": {"team": team}}
    )
    return {name: factories.person(name, roles=role, **own.get(name, {})) for name, role in roles.items()}


def build(scene: str, place: Place) -> World:
    """The world in which a text of that kind is in that place."""
    topic, team = factories.topic(), factories.team()
    people = cast(topic, team, for_some=scene == FOR_SOME)
    known = {"on_probation": "probation", "new_curator": "new"}
    db.session.add_all(Training(person_id=people[name].id, why=why, lessons_left=3) for name, why in known.items())
    owner = people["owner"].id
    pairs = (people["recusing_curator"].id, owner), (owner, people["curator_apart"].id)
    db.session.add_all(Recusal(person_id=who, about_id=about, at=MONDAY - timedelta(days=1)) for who, about in pairs)
    with clock.at(MONDAY):
        other_id = _known_lesson(topic, people["holder"])
        world = _begun(scene, topic, people)
        world.other_id = other_id
        _bring(world, place, people)
        factories.reviewed_lesson(factories.reloaded(people["owner"].id), topic)  # beside it: nothing is done to it
    world.now += timedelta(days=DAYS_LATER.get(place, 0))
    with clock.at(world.now):
        _stage(world, people)
    return world


def _known_lesson(topic: Topic, curator: Person) -> int:
    """A lesson by somebody else that is decided: whoever is new can find their eye on it. Its check is far away."""
    lesson, review = factories.reviewed_lesson(factories.person(), topic)
    factories.approve(review, factories.reloaded(curator.id))
    lesson.check_on = (MONDAY + timedelta(days=3_000)).date()
    db.session.commit()
    return lesson.id


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
    elif world.scene == MERGED:
        DO["merge"](world, factories.reloaded(people["curator"].id))
    elif world.scene == LEFT:
        leave(world, "owner", "co_author", "writing_curator")
    db.session.commit()
    world.doors.clear()


def _begun(scene: str, topic: Topic, people: dict[str, Person]) -> World:
    owner = people["owner"]
    front = f"classification: restricted\naudience: [{owner.team.slug}]\n" if scene in FOR_TWO else ""
    front += factories.cites(SOURCE) + (ASKED if scene == LONGER else "")
    text = factories.lesson_text(topic, front=front)
    text = text.replace("Then show each step.", f"Then show each step.{LONG if scene == LONGER else ''}")
    lesson, revision = lessons.import_file(text, owner=owner, by=owner)
    assert revision is not None
    named = [people[name] for name in ("co_author", "writing_curator")]
    lessons.contributing.set_authors(lesson, [(owner, 0.4), (people["former_author"], 0.6)], by=owner)
    lessons.contributing.set_authors(lesson, [(owner, 0.5), *((one, 0.25) for one in named)], by=owner)
    world = World(scene, lesson.id, revision.id, people={name: one.id for name, one in people.items()})
    world.is_for_some = scene in FOR_TWO
    db.session.commit()
    if scene in ON_TOP:
        lessons.submit(revision, by=owner)
        DO["approve"](world, people["holder"])
        _meet_readers(world)
        _go_on(world, topic)
    return world


def _go_on(world: World, topic: Topic) -> None:
    """The owner begins a new version of what is shown."""
    owner = world.people["owner"]
    if world.scene == SMALL_EDIT:
        for _ in range(2):
            factories.published_lesson(factories.reloaded(owner), topic)
    me = factories.reloaded(owner)
    draft = lessons.revise(lesson_access.lesson_to_edit(world.lesson_id, by=me).lesson, by=me)
    old, new = ("What comes first?", "What is the first thing?") if world.scene == REWORDED else ("each", "each single")
    lessons.save_draft(draft, draft.source.replace(old, new, 1), base_version=draft.version, by=me)
    world.revision_id = draft.id
    world.doors.clear()
    db.session.commit()


def _bring(world: World, place: Place, people: dict[str, Person]) -> None:
    owner, holder, first = (factories.reloaded(people[name].id) for name in ("owner", "holder", "first"))
    revision = db.session.get_one(Revision, world.revision_id)
    if place is Place.DISCARDED:
        lessons.discard(revision, by=owner)
    elif place is not Place.DRAFT or world.scene == TAKEN_BACK:
        # a small edit that waits was handed in by somebody who was not trusted then
        by = people["co_author"] if world.scene == SMALL_EDIT else owner
        lessons.submit(revision, by=factories.reloaded(by.id))
        assigning.ask_people([(world.review_id(), people["adviser"].id)], "peer", {world.review_id(): NOW})
        db.session.commit()
    if place is Place.APPROVED_ONCE or (world.scene in FOR_TWO and place in (Place.SCHEDULED, *LIVE)):
        DO["approve"](world, first)
    if place not in (Place.DRAFT, Place.DISCARDED, Place.SUBMITTED, Place.APPROVED_ONCE) or world.scene in REMARKED:
        _remark(world, holder)
        world.holder = "holder" if place is Place.IN_REVIEW else None
        world.is_blocked = place is Place.IN_REVIEW
    if place in (Place.CHANGES_REQUESTED, Place.REJECTED):
        DO["request_changes" if place is Place.CHANGES_REQUESTED else "reject"](world, holder)
    if place is Place.SCHEDULED or place in LIVE:
        world.now = MONDAY
        DO["schedule" if place is Place.SCHEDULED else "approve"](world, holder)
        world.now = NOW
    if world.scene == TAKEN_BACK:
        DO["withdraw"](world, owner)
    if world.scene == SECOND_ROUND:
        DO["request_changes"](world, holder)
        world.doors.clear()
        DO["submit"](world, owner)
        world.holder = "holder"  # who asked for the changes comes first for a day
    db.session.commit()
    _bring_live(world, place, holder)
    world.doors.clear()


def _bring_live(world: World, place: Place, holder: Person) -> None:
    """What comes once it is published."""
    if place in LIVE:
        _meet_readers(world)
    if place in (Place.QUARANTINED, Place.ARCHIVED) and world.scene != MERGED:
        stand("quarantine" if place is Place.QUARANTINED else "archive")(world, holder)
    if place is Place.SUPERSEDED:
        supersede(world)
    db.session.commit()


def _remark(world: World, holder: Person) -> None:
    """The holder says what has to change, and suggests words."""
    review = to_decide(world, holder)
    actions.remark(review, Words("blocking", rules.Place(), actions.written(REASON)), by=holder)
    lines = rules.lines_of(review.revision.source)
    at = next(number for number, line in enumerate(lines, 1) if "Forgetting the last step" in line)
    better = lines[at - 1].replace("the last", "the very last")
    words = Words("suggestion", rules.Place(line_from=at, line_to=at), actions.written(""), better)
    world.remark_id = actions.remark(review, words, by=holder).id
    db.session.commit()


def _meet_readers(world: World) -> None:
    """Colleagues read it: one suggests other words, and a question is doubted."""
    team_id = factories.reloaded(world.people["owner"]).team_id
    roles = (("curator", 0),)  # of every topic
    world.readers = tuple(factories.person(roles=roles, team_id=team_id).id for _ in range(2))
    reader = factories.person(team_id=team_id if world.is_for_some else None)
    lesson = factories.reloaded_lesson(world.lesson_id)
    world.suggestion_id = factories.suggested(lesson, factories.reloaded(reader), "Start with", "Begin with").id
    versions = select(ItemVersion).join(QuizItem, QuizItem.version_id == ItemVersion.id)
    asked = versions.where(QuizItem.quiz_id == shown_text(world).quiz_id, ItemVersion.kind == "single")
    version = db.session.scalars(asked).one()
    row = ItemFlag(item_id=version.item_id, meaning_id=version.id, lesson_id=world.lesson_id)
    row.flag, row.level, row.answers = "miskey", "red", 12
    db.session.add(row)
    db.session.commit()
    world.flag_id = row.id


def place_of(world: World) -> Place:
    """Where the text is, read from the rows alone."""
    stored = db.session.scalar(select(Revision.state).where(Revision.id == world.revision_id))
    if stored == "published":
        lesson = db.session.get_one(Lesson, world.lesson_id, populate_existing=True)
        return standing.place_of(lesson, world.zone())[0]
    columns = Review.claimed_until, Review.first_approved_by_id
    row = db.session.execute(select(*columns).where(Review.id == world.review_id())).first()
    claimed = row is not None and rules.is_claimed(row[0], world.now)
    return machine.place_of(str(stored), claimed=claimed, approved_once=row is not None and row[1] is not None)
