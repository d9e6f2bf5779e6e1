"""The life of a lesson's text: every place × every actor × every act, against the table, on a real database."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from peerlearn.core import clock
from peerlearn.core.db import Base
from peerlearn.core.db import db as database
from peerlearn.core.errors import DomainError
from peerlearn.lessons import machine
from peerlearn.lessons.machine import ACTS, Place
from peerlearn.review import rules, standing
from tests import factories
from tests.conftest import Statements
from tests.review.life import (
    ACTORS,
    ADVISE,
    ADVISED,
    AS_IT_STANDS,
    BY_HOUSE,
    CLOSE,
    DO,
    FIRST,
    FOR_TWO,
    HANDED_UP,
    LAPSED,
    OWN_TEAM,
    OWN_TIME,
    RELATIONS,
    SCENES,
    SECOND,
    SMALL_EDIT,
    TENDING,
    WIDENED,
    World,
    build,
    place_of,
)

HOUSE = "house"
OPEN = (Place.SUBMITTED, Place.IN_REVIEW, Place.APPROVED_ONCE)
EVERYWHERE = [(scene, place) for scene, places in SCENES.items() for place in places]
_WRITES = re.compile(r"^\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+\"?(\w+)")
ADDED_TO = {"facts", "notices", "ledger", "awards", "active_days", "standing_acts", "review_acts"}
"""Where a deed only ever adds lines, also such as are about people."""
OF_PEOPLE = {"point_sums", "memories", "set_questions", "trainings"}
"""What people who learn and write have of lessons, and follows what is shown."""
QUIZ = {"quizzes", "quiz_items", "items", "item_versions", "item_flags", "search_documents"}
"""What belongs to the text itself and is keyed otherwise."""


def expected(world: World, place: Place, actor: str, deed: str) -> Place | None:
    """What the table says: where it leads, or None when it is refused."""
    if deed in standing.DEEDS and (world.scene == SMALL_EDIT or place is Place.SUPERSEDED):
        is_shown = Place.PUBLISHED in ACTS[deed].places  # it is about the version that is shown, and this one is not
        return place if is_shown and set(ACTS[deed].who) & RELATIONS.get(actor, set()) else None
    if deed in ADVISE:
        return place if actor == "adviser" and place in OPEN else None
    if world.scene == HANDED_UP and actor == "admin" and deed not in standing.DEEDS:
        actor = "curator"
        world = replace(world, holder="curator" if world.holder else None)
    elif world.scene == HANDED_UP and RELATIONS.get(actor) == {machine.CURATOR}:
        return None  # too close, every one of them
    for act in (ACTS[slug] for slug in AS_IT_STANDS.get(deed, (deed,))):
        is_of_it = act.only in ("", machine.FOR_SOME if world.scene in FOR_TWO else machine.FOR_ALL)
        if is_of_it and place in act.places and set(act.who) & RELATIONS.get(actor, set()):
            return _beside_the_table(world, place, actor, act)
    return None


def _beside_the_table(world: World, place: Place, actor: str, act: machine.Act) -> Place | None:
    """What a claim, closeness and what was said before leave of an act that the table allows."""
    decides = act.who == (machine.CURATOR,) and act.slug not in standing.DEEDS
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
    if decides and world.holder not in (None, actor) and act.slug != "release":
        return None  # a claim keeps the others out
    if act.slug == "request_changes" and world.holder is None:
        return None  # nobody has said yet what has to change
    if act.slug == "release" and actor not in (world.holder, "holder" if world.scene == LAPSED else None):
        return place  # nothing to give back
    if act.slug == "submit" and world.scene == SMALL_EDIT and actor == "owner":
        return ACTS["publish_edit"].to(Place.SUBMITTED)  # the house lets it go live
    return act.to(place)


def written(statements: Statements) -> set[str]:
    """The tables that were written to."""
    return {found.group(1) for found in map(_WRITES.match, statements) if found}


class Rows:
    """Every row of every table before anything was tried, and what a deed changed of them."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.before = {name: self._rows(name) for name in Base.metadata.tables}

    def _rows(self, name: str) -> set[tuple[str, ...]]:
        rows = database.session.execute(Base.metadata.tables[name].select())
        return {tuple(map(repr, row)) for row in rows}

    def changed_elsewhere(self, tables: Collection[str]) -> list[str]:
        """Which of these tables have other rows than before that are not about the text."""
        mine = {"revision_id": self._ids("revisions"), "review_id": self._ids("reviews")}
        mine["lesson_id"] = {repr(self.world.lesson_id)}
        return [name for name in sorted(tables) if self._is_changed(name, mine)]

    def _ids(self, table: str) -> set[str]:
        columns = Base.metadata.tables[table].columns.keys()
        at, lesson = columns.index("id"), columns.index("lesson_id")
        return {row[at] for row in self._rows(table) if row[lesson] == repr(self.world.lesson_id)}

    def _is_changed(self, name: str, mine: dict[str, set[str]]) -> bool:
        if name in QUIZ | OF_PEOPLE:
            return False
        now, before = self._rows(name), self.before[name]
        if name in ADDED_TO:
            return bool(before - now)
        columns = Base.metadata.tables[name].columns.keys()
        key = "id" if name == "lessons" else next((key for key in mine if key in columns), None)
        if key is None:
            return now != before
        ids = mine["lesson_id"] if name == "lessons" else mine[key]
        return any(row[columns.index(key)] not in ids for row in now ^ before)


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize(("scene", "place"), EVERYWHERE, ids=[f"{scene}: {place}" for scene, place in EVERYWHERE])
def test_every_actor_and_act_moves_a_text_as_the_table_says_or_changes_nothing(
    scene: str, place: Place, statements: Statements
) -> None:
    world = build(scene, place)
    wrong: list[str] = []
    with clock.at(world.now):
        assert place_of(world) is place
        rows = Rows(world)
        for actor in ACTORS:
            for deed in sorted(DO | ADVISE):
                wrong += tried(world, place, actor, deed, rows, statements)
        for deed in sorted(BY_HOUSE | TENDING):
            wrong += tried(world, place, HOUSE, deed, rows, statements)
    assert not wrong, "\n".join(wrong)


def tried(world: World, place: Place, actor: str, deed: str, rows: Rows, statements: Statements) -> list[str]:
    """What is wrong with a deed that is tried and taken back. Done without writing anything is as good as refused."""
    is_house = actor == HOUSE
    wanted = _of_house(world, place, deed) if is_house else expected(world, place, actor, deed)
    savepoint = database.session.begin_nested()
    me = None if is_house else factories.reloaded(world.people[actor])
    statements.clear()
    try:
        with clock.at(world.now + OWN_TIME.get(deed, timedelta())):
            (BY_HOUSE | TENDING)[deed](world) if me is None else (DO | ADVISE)[deed](world, me)
            database.session.flush()
        done = True
    except DomainError:
        done = False
    found = []
    if not done:
        if written(statements) or database.session.new or database.session.dirty or database.session.deleted:
            found.append(f"{deed} by {actor} was refused and left something behind")
        if wanted not in (None, place) or (wanted is place and not is_house):
            found.append(f"{deed} by {actor} was refused, and should lead to {wanted}")
    else:
        tables, now = written(statements), place_of(world)
        if wanted is None and (tables or now is not place):
            found.append(f"{deed} by {actor} should be refused")
        elif wanted is not None and now is not wanted:
            found.append(f"{deed} by {actor} led to {now}, not {wanted}")
        elsewhere = () if deed in TENDING else tables  # the house looks at all that waits
        found += [f"{deed} by {actor} changed {name} of others" for name in rows.changed_elsewhere(elsewhere)]
    savepoint.rollback()
    database.session.expire_all()
    return found


def _of_house(world: World, place: Place, deed: str) -> Place:
    """Where the house leads a text; what it may not move stays where it is."""
    if deed in TENDING or (deed == "publish_edit" and world.scene != SMALL_EDIT):
        return place  # it moves nothing, or it is no small edit
    return ACTS[deed].to(place) if place in ACTS[deed].places else place


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
    assert rows.changed_elsewhere({"lessons", "people", "reviews"}) == ["lessons", "people"]


def test_every_act_of_a_person_is_tried() -> None:
    names = {slug for deed in DO for slug in AS_IT_STANDS.get(deed, (deed,))}
    assert names | set(BY_HOUSE) == set(ACTS)
    assert {place for places in SCENES.values() for place in places} == set(Place)


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
