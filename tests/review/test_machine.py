"""The life of a lesson's text: every place × every actor × every act, against the table, on a real database."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from peerlearn.accounts.models import Person
from peerlearn.core import clock
from peerlearn.core.db import Base
from peerlearn.core.db import db as database
from peerlearn.core.errors import DomainError
from peerlearn.lessons import machine
from peerlearn.lessons.machine import ACTS, Act, Part, Place
from peerlearn.review import rules
from tests import factories
from tests.conftest import Statements
from tests.review.deeds import AS_IT_STANDS, BY_HOUSE, DO, OWN_TIME, TENDING, World
from tests.review.life import (
    ACTORS,
    ADVISED,
    CLOSE,
    FIRST,
    FOR_TWO,
    HANDED_UP,
    LAPSED,
    LEFT,
    LONGER,
    MERGED,
    NOBODY,
    ON_TOP,
    OWN_TEAM,
    RELATIONS,
    REWORDED,
    SCENES,
    SECOND,
    SECOND_ROUND,
    SMALL_EDIT,
    WIDENED,
    build,
    place_of,
)
from tests.review.parts import PARTS, WHOLE, Rows

HOUSE, SIGNED_OUT = "house", "signed out"
OPEN = (Place.SUBMITTED, Place.IN_REVIEW, Place.APPROVED_ONCE)
EVERYWHERE = [(scene, place) for scene, places in SCENES.items() for place in places]
OF_SHOWN = {act.slug for act in machine.AFTERWARDS}
"""What is done to the version that colleagues are shown, whatever becomes of another one."""
TO_ANSWERS, TO_REMARKS = ("accept", "answer", "settle"), ("unremark", "reply", "resolve")
_WRITES = re.compile(r"^\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+\"?(\w+)")
Wanted = tuple[Place, Act] | None  # where it leads, as which act; None when it is refused


def expected(world: World, place: Place, actor: str, deed: str) -> Wanted:
    """What the table says, and what a claim, closeness and what was said before leave of it."""
    who = RELATIONS.get(actor, set()) | {machine.READER}
    if world.scene == HANDED_UP and deed not in OF_SHOWN:
        is_in, who = (actor == "admin"), (who | {machine.CURATOR} if actor == "admin" else who - {machine.CURATOR})
        if is_in:
            actor, world = "curator", replace(world, holder="curator" if world.holder else None)
    for act in (ACTS[slug] for slug in AS_IT_STANDS.get(deed, (deed,))):
        is_of_it = act.only in ("", machine.FOR_SOME if world.is_for_some else machine.FOR_ALL)
        is_other = act.slug in OF_SHOWN and (world.scene in ON_TOP or place is Place.SUPERSEDED)
        if not is_of_it or not set(act.who) & who or not (is_other or place in act.places):
            continue
        if deed == "accept_words" and not world.suggestion_id:
            return None
        if act.slug in OF_SHOWN and not _of_shown(world, place, actor, act):
            return None
        if is_other:
            return _beside_what_is_shown(world, place, act)
        to = _beside_the_table(world, place, actor, act, deed)
        is_let_go = act.slug == "submit" and to is Place.PUBLISHED
        return None if to is None else (to, ACTS["publish_edit"] if is_let_go else act)
    return None


def _beside_what_is_shown(world: World, place: Place, act: Act) -> Wanted:
    """What becomes of a text when something is done to the version that is shown, which is another one."""
    if Place.PUBLISHED not in act.places and act.slug != "verify_many":
        return None
    if act.slug == "correct" and world.scene == REWORDED and place is not Place.DRAFT:
        return ACTS["recall"].to(place), ACTS["recall"]
    return place, act


def _of_shown(world: World, place: Place, actor: str, act: Act) -> bool:
    """What closeness, another version that waits, and for whom it is leave of an act on what is shown."""
    is_waiting = world.scene in ON_TOP and place is not Place.DRAFT
    if act.slug in ("take_over", "hand_in_words", "merge", "unmerge") and actor in CLOSE:
        return False
    if act.slug == "unmerge":
        return world.scene == MERGED
    if act.slug == "name_owner":
        return world.scene == LEFT
    if act.slug == "verify_by_mail" and world.scene == LEFT:
        return False  # the link is for somebody who is here
    if act.slug in ("take_over", "merge") and is_waiting:
        return False  # first the version that waits
    if act.slug == "report":
        return machine.AUTHOR not in RELATIONS.get(actor, set()) and _sees(world, actor)
    return act.slug != "doubt" or _sees(world, actor)


def _sees(world: World, actor: str) -> bool:
    """Whether the lesson is for somebody: also one that is for some is, for its team and those who look after it."""
    relations = RELATIONS.get(actor, set())
    of_it = {machine.AUTHOR, machine.CURATOR} & relations or actor in ("former_author", "team_mate")
    return not world.is_for_some or bool(of_it)


def _beside_the_table(world: World, place: Place, actor: str, act: Act, deed: str) -> Place | None:
    """What a claim, closeness and what was said before leave of an act that the table allows."""
    if act.slug in TO_ANSWERS and (not world.remark_id or (place in OPEN and world.scene != SECOND_ROUND)):
        return None  # nobody said anything that authors may know
    if act.slug in TO_REMARKS and (not world.remark_id or (act.slug == "unremark" and not _made_it(world, actor))):
        return None
    if act.who == (machine.PEER,) and world.scene == SECOND_ROUND:
        return None  # who was asked before the changes
    if world.scene == LONGER and deed in ("approve", "schedule"):
        return None  # that it may be longer has to be said
    decides = act.who == (machine.CURATOR,) and act.slug not in OF_SHOWN
    if decides and actor in CLOSE:
        return None
    comes_second = actor in SECOND and (actor != "colleague" or world.scene not in FOR_TWO)
    if decides and comes_second and world.scene != WIDENED:
        return None  # others come first
    if decides and actor == "first" and world.scene in FOR_TWO and place in (Place.APPROVED_ONCE, Place.SCHEDULED):
        return None  # somebody else is the second
    if world.scene == OWN_TEAM and act.slug in ("approve_second", "schedule_second") and actor != "colleague":
        return None  # one of the two is from the owner's team
    if world.scene == ADVISED and act.slug in ("approve", "schedule"):
        return None  # publishing waits for advice
    if act.holds and world.holder not in (None, actor):
        return None  # a claim keeps the others out
    if act.slug == "request_changes" and not world.is_blocked:
        return None  # nobody has said yet what has to change
    if act.slug in ("release", "decline") and actor not in (world.holder, "holder" if world.scene == LAPSED else None):
        return place  # nothing to give back
    if act.slug == "submit" and world.scene == SMALL_EDIT and actor == "owner":
        return ACTS["publish_edit"].to(Place.SUBMITTED)  # the house lets it go live
    return act.to(place)


def _made_it(world: World, actor: str) -> bool:
    """Whether somebody made the remark that there is, on the text as it waits now."""
    return actor == "holder" and world.scene not in (SECOND_ROUND, HANDED_UP)


def _of_house(world: World, place: Place, deed: str) -> tuple[Place, Act | None]:
    """Where the house leads a text; what it may not move stays where it is."""
    act = ACTS.get(deed)
    if world.scene == LEFT and deed == "go_live":
        return place, act  # not before it has an owner
    if act is None or deed in TENDING or (deed == "publish_edit" and world.scene != SMALL_EDIT):
        return place, act  # it moves nothing, or it is no small edit
    return act.to(place) if place in act.places else place, act


def written(statements: Statements) -> set[str]:
    """The tables that were written to."""
    return {found.group(1) for found in map(_WRITES.match, statements) if found}


def actors_in(scene: str) -> tuple[str, ...]:
    """Everybody, where a text stands as usual; else without those whom what happened besides cannot concern."""
    unconcerned = () if scene in (FIRST, *FOR_TWO) else NOBODY
    unconcerned += () if scene in FOR_TWO else ("first",)  # who is a curator like others, where one approval is enough
    return tuple(one for one in ACTORS if one not in unconcerned)


def deeds_in(scene: str, place: Place) -> list[str]:
    """Everything, where a text stands as usual; else what can depend on what happened besides."""
    if scene == LEFT:
        return ["name_owner"]
    if scene == FIRST or place is Place.PUBLISHED:
        return sorted(DO)
    if scene == MERGED:
        return ["bring_back", "merge", "unmerge"]
    depends = {"correct", "merge", "verify", "accept_words"} if scene in ON_TOP else set()
    return sorted(set(DO) - OF_SHOWN - {"accept_words"} | depends)


class Trials:
    """One world in which everything is tried and taken back; what nobody changed is not asked again."""

    def __init__(self, scene: str, place: Place, statements: Statements) -> None:
        self.world, self.place, self.statements = build(scene, place), place, statements
        self.people: dict[str, Person] = {}
        self.rows = Rows(self.world)
        self.savepoint = database.session.begin_nested()

    def me(self, actor: str) -> Person:
        if actor not in self.people:
            self.people[actor] = factories.reloaded(self.world.people[actor])
        return self.people[actor]

    def is_dirty(self) -> bool:
        return bool(database.session.new or database.session.dirty or database.session.deleted)

    def take_back(self) -> None:
        self.savepoint.rollback()
        database.session.expire_all()
        self.people.clear()
        self.world.doors.clear()
        self.savepoint = database.session.begin_nested()

    def tried(self, actor: str, deed: str) -> list[str]:
        """What is wrong with a deed that is tried and taken back. Done without writing is as good as refused."""
        world, place, is_house = self.world, self.place, actor == HOUSE
        wanted = _of_house(world, place, deed) if is_house else expected(world, place, actor, deed)
        me = None if actor in (HOUSE, SIGNED_OUT) else self.me(actor)
        self.statements.clear()
        try:
            with clock.at(world.now + OWN_TIME.get(deed, timedelta())):
                (BY_HOUSE | TENDING)[deed](world) if is_house else DO[deed](world, me)
                database.session.flush()
            done = True
        except DomainError:
            done = False
        tables = written(self.statements)
        is_touched = bool(tables) or self.is_dirty()
        found = self._judged(done, tables, wanted, f"{deed} by {actor}", is_tending=deed in TENDING or is_house)
        if is_touched:
            self.take_back()
        return found

    def _judged(self, done: bool, tables: set[str], wanted: Any, what: str, *, is_tending: bool) -> list[str]:
        to, act = wanted or (None, None)
        if not done:
            found = [f"{what} was refused and left something behind"] if tables or self.is_dirty() else []
            if wanted is not None and not (is_tending and to is self.place):
                found.append(f"{what} was refused, and should lead to {to}")
            return found
        now = place_of(self.world) if tables else self.place
        if wanted is None:
            return [f"{what} should be refused: it wrote {sorted(tables)}"] if tables or now is not self.place else []
        found = [] if now is to else [f"{what} led to {now}, not {to}"]
        parts, elsewhere = self.rows.changed(tables)
        allowed = set(act.changes if act else ()) | ({Part.PLACE} if act and act.leads_to else set())
        if parts - allowed:
            found.append(f"{what} changed {', '.join(sorted(parts - allowed))}, of which the table says nothing")
        return found + [f"{what} changed {name} of others" for name in elsewhere if not is_tending]


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize(("scene", "place"), EVERYWHERE, ids=[f"{scene}: {place}" for scene, place in EVERYWHERE])
def test_every_actor_and_act_moves_a_text_as_the_table_says_or_changes_nothing(
    scene: str, place: Place, statements: Statements
) -> None:
    trials = Trials(scene, place, statements)
    wrong: list[str] = []
    with clock.at(trials.world.now):
        assert place_of(trials.world) is place
        for actor in actors_in(scene):
            for deed in deeds_in(scene, place):
                wrong += trials.tried(actor, deed)
        wrong += trials.tried(SIGNED_OUT, "verify_by_mail")
        for deed in sorted(BY_HOUSE | TENDING):
            wrong += trials.tried(HOUSE, deed)
        trials.take_back()
        assert {name: trials.rows._rows(name) for name in trials.rows.before} == trials.rows.before
    assert not wrong, "\n".join(wrong)


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize(("before", "after"), [(before, after) for before, after, _words in machine.BY_TIME])
def test_what_follows_from_the_calendar_follows_without_a_deed(
    before: Place, after: Place, statements: Statements
) -> None:
    """Day after day a text stays where it is, until the day comes; and nobody writes anything for that."""
    world = build(FIRST, before)
    statements.clear()
    found = {before}
    for _ in range(200):
        world.now += timedelta(days=1)
        with clock.at(world.now):
            now = place_of(world)
        found.add(now)
        if now is not before:
            break
    assert found == {before, after}
    assert not written(statements)


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize("deed", sorted(TENDING))
def test_what_the_house_does_twice_is_done_once(deed: str, statements: Statements) -> None:
    """Whatever it asks, tells or opens when something is late; the second look finds nothing left to do."""
    world = build(FIRST, Place.SUBMITTED)
    with clock.at(world.now + timedelta(days=8)):
        TENDING[deed](world)
        database.session.flush()
        statements.clear()
        assert not TENDING[deed](world)
        assert not written(statements)


def test_a_deed_is_seen_that_changes_something_of_others(db: Any) -> None:
    world = build(SMALL_EDIT, Place.DRAFT)
    rows = Rows(world)
    database.session.execute(Base.metadata.tables["lessons"].update().values(version=99))
    database.session.execute(Base.metadata.tables["people"].update().values(name="Somebody"))
    parts, elsewhere = rows.changed({"lessons", "people", "reviews"})
    assert (parts, elsewhere) == (set(), ["lessons", "people"])


def test_a_deed_is_seen_that_changes_another_part(db: Any) -> None:
    world = build(FIRST, Place.SUBMITTED)
    rows = Rows(world)
    review = Base.metadata.tables["reviews"]
    mine = review.c.lesson_id == world.lesson_id
    database.session.execute(review.update().where(mine).values(claimed_by_id=world.people["curator"], peers="few"))
    assert rows.changed({"reviews", "lessons"}) == ({Part.CLAIM, Part.ASKED}, [])
    database.session.execute(Base.metadata.tables["remarks"].delete())
    assert rows.changed({"reviews", "remarks"}) == ({Part.CLAIM, Part.ASKED}, [])


def test_each_column_says_something_of_one_part() -> None:
    """A new column is put where it belongs, so that a deed which changes it is seen."""
    for name, columns in PARTS.items():
        assert set(columns) == set(Base.metadata.tables[name].columns.keys()), name
    assert not set(WHOLE) - set(Base.metadata.tables)


def test_every_act_of_a_person_is_tried() -> None:
    names = {slug for deed in DO for slug in AS_IT_STANDS.get(deed, (deed,))}
    assert names | set(BY_HOUSE) | set(TENDING) - {"lapse"} | {"recall"} == set(ACTS)
    assert {place for places in SCENES.values() for place in places} == set(Place)


def test_what_may_happen_to_a_review_follows_from_the_table() -> None:
    """The history of reviews has words of its own; who does what, and where that leads, it takes from the table."""
    states = {slug: {str(one) for one in act.states} for slug, act in rules.ACTS.items()}
    leads = {slug: str(act.leads_to) for slug, act in rules.ACTS.items() if act.leads_to}
    assert states["claimed"] == states["approved"] == states["submitted"] == {"open"}
    assert states["went_live"] == {"approved"}
    assert states["withdrawn"] == {"open", "approved"}  # also what waits for its day
    assert states["answered"] == {str(one) for one in rules.State} - {"open"}
    assert leads == {
        "submitted": "open",
        "withdrawn": "withdrawn",
        "approved": "approved",
        "scheduled": "approved",
        "changes_requested": "changes_requested",
        "rejected": "rejected",
    }


def test_the_drawing_in_the_docs_is_that_of_the_code() -> None:
    page = Path(__file__).parents[2] / "docs" / "life-of-a-lesson.md"
    text = page.read_text(encoding="utf-8")
    assert text.split("```mermaid\n")[1].split("```")[0] == machine.drawing(), "put there what machine.drawing() says"
    assert machine.listing() in text, "put there what machine.listing() says"


def test_every_place_can_be_reached_and_left() -> None:
    reached = {act.leads_to for act in ACTS.values()} | {new for _, new, _ in machine.BY_TIME} | {Place.DRAFT}
    left = {place for act in ACTS.values() for place in act.places if act.to(place) is not place}
    assert reached == set(Place) | {None}
    assert set(Place) - left == {Place.DISCARDED, Place.SUPERSEDED}  # brought back as a new draft
