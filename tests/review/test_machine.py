"""The life of a lesson's text: every place × every actor × every act, against the table, on a real database."""

from __future__ import annotations

import re
from collections.abc import Collection
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
    AS_IT_STANDS,
    BY_HOUSE,
    DO,
    FOR_SOME,
    OWN_TIME,
    RELATIONS,
    SCENES,
    SMALL_EDIT,
    World,
    build,
    place_of,
)

HOUSE = "house"
EVERYWHERE = [(scene, place) for scene, places in SCENES.items() for place in places]
_WRITES = re.compile(r"^\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+\"?(\w+)")
ADDED_TO = {"facts", "notices", "ledger", "awards", "active_days", "standing_acts", "review_acts"}
"""Where a deed only ever adds lines, also such as are about people."""
OF_PEOPLE = {"point_sums", "memories", "set_questions"}
"""What people who learn and write have of lessons, and follows what is shown."""
QUIZ = {"quizzes", "quiz_items", "items", "item_versions", "item_flags", "search_documents"}
"""What belongs to the text itself and is keyed otherwise."""


def expected(world: World, place: Place, actor: str, deed: str) -> Place | None:
    """What the table says: where it leads, or None when it is refused."""
    if deed in standing.DEEDS and (world.scene == SMALL_EDIT or place is Place.SUPERSEDED):
        is_shown = Place.PUBLISHED in ACTS[deed].places  # it is about the version that is shown, and this one is not
        return place if is_shown and set(ACTS[deed].who) & RELATIONS.get(actor, set()) else None
    for act in (ACTS[slug] for slug in AS_IT_STANDS.get(deed, (deed,))):
        is_of_it = act.only in ("", machine.FOR_SOME if world.scene == FOR_SOME else machine.FOR_ALL)
        if is_of_it and place in act.places and set(act.who) & RELATIONS.get(actor, set()):
            return _beside_the_table(world, place, actor, act)
    return None


def _beside_the_table(world: World, place: Place, actor: str, act: machine.Act) -> Place | None:
    """What a claim, closeness and what was said before leave of an act that the table allows."""
    decides = act.who == (machine.CURATOR,) and act.slug not in standing.DEEDS
    if decides and actor == "leading_curator":
        return None  # too close
    if decides and actor == "colleague" and world.scene != FOR_SOME:
        return None  # others come first
    if decides and actor == "first" and world.scene == FOR_SOME and place in (Place.APPROVED_ONCE, Place.SCHEDULED):
        return None  # somebody else is the second
    if decides and world.holder not in (None, actor) and act.slug != "release":
        return None  # a claim keeps the others out
    if act.slug == "request_changes" and world.holder is None:
        return None  # nobody has said yet what has to change
    if act.slug == "release" and actor != world.holder:
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
            for deed in sorted(DO):
                wrong += tried(world, place, actor, deed, rows, statements)
        for deed in sorted(BY_HOUSE):
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
            BY_HOUSE[deed](world) if me is None else DO[deed](world, me)
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
        found += [f"{deed} by {actor} changed {name} of others" for name in rows.changed_elsewhere(tables)]
    savepoint.rollback()
    database.session.expire_all()
    return found


def _of_house(world: World, place: Place, deed: str) -> Place:
    """Where the house leads a text; what it may not move stays where it is."""
    if deed == "publish_edit" and world.scene != SMALL_EDIT:
        return place  # no small edit
    return ACTS[deed].to(place) if place in ACTS[deed].places else place


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
