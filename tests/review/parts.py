"""Which column says what of a lesson, by the parts that the table of acts names, and what of them a deed changed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from peerlearn.core.db import Base
from peerlearn.core.db import db as database
from peerlearn.lessons.machine import Part
from tests.review.deeds import World

KEPT = None  # what follows from other columns, or never changes
_COLUMNS: dict[str, dict[Part | None, str]] = {
    "lessons": {
        Part.PLACE: "state",
        Part.SHOWN: "slug title summary kind minutes language classification major published_id published_at topic_id "
        "translation_of",
        Part.CHECK: "verified_at check_on quality worth helps_few",
        Part.AUTHORS: "owner_id",
        Part.LENGTH: "minutes_allowed",
        KEPT: "id uid created_at version",
    },
    "revisions": {
        Part.PLACE: "state submitted_at published_at",
        Part.WORDS: "source title summary kind minutes words is_major hands cards extras renderer quiz_id writer_id "
        "saved_at base_id",
        KEPT: "id lesson_id number created_at version",
    },
    "reviews": {
        Part.PLACE: "state",
        Part.CLAIM: "responded_at claimed_by_id claimed_at claimed_until first_right_id first_right_until",
        Part.ASKED: "escalated_at escalated_up_at peers handed_up_at widened_at",
        Part.VERDICT: "decided_by_id decided_at first_approved_by_id first_approved_at first_approval reason "
        "reason_text rubric checklist goes_live_at similarity similar_id",
        KEPT: "id revision_id lesson_id topic_id submitted_by_id round submitted_at due_at decide_by hints is_blind "
        "appeal_of_id appeal_text version",
    },
}
PARTS = {
    table: {column: part for part, names in parts.items() for column in names.split()}
    for table, parts in _COLUMNS.items()
}
WHOLE = {
    "assignments": Part.ASKED,
    "early_readers": Part.ASKED,
    "remarks": Part.REMARKS,
    "remark_replies": Part.REMARKS,
    "reviewed_texts": Part.REMARKS,
    "lesson_authors": Part.AUTHORS,
    "former_authors": Part.AUTHORS,
    "lesson_topics": Part.SHOWN,
    "lesson_teams": Part.SHOWN,
    "lesson_links": Part.SHOWN,
    "former_slugs": Part.SHOWN,
    "lesson_merges": Part.MERGE,
    "written_parts": Part.CREDIT,
    "lesson_helpers": Part.CREDIT,
    "question_checks": Part.WORDS,
}
"""Tables of which each row is about one part."""
ADDED_TO = {"facts", "notices", "ledger", "awards", "active_days", "standing_acts", "review_acts", "source_changes"}
"""Where a deed only ever adds lines, also such as are about people. A line lives on when its remark is taken back."""
FREE = {"point_sums", "memories", "set_questions", "trainings", "holds", "holdings"}
"""What people who learn and write have of lessons, and follows what is shown."""
QUIZ = {"quizzes", "quiz_items", "items", "item_versions", "item_flags", "search_documents", "lesson_prints"}
"""What belongs to the text itself and is keyed otherwise."""
Row = tuple[Any, ...]


class Rows:
    """Every row of every table before anything was tried, and what a deed changed of them."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.before = {name: self._rows(name) for name in Base.metadata.tables}
        self.mine = {"review_id": self._ids("reviews"), "remark_id": self._ids("remarks", "review_id")}
        self.mine |= {"revision_id": self._ids("revisions"), "lesson_id": {world.lesson_id}}

    @staticmethod
    def _rows(name: str) -> dict[Row, Row]:
        table = Base.metadata.tables[name]
        at = [table.columns.keys().index(column.key) for column in table.primary_key]
        rows = database.session.connection().execute(table.select()).all()
        return {tuple(row[n] for n in at): tuple(row) for row in rows}

    def _ids(self, name: str, key: str = "lesson_id") -> set[int]:
        columns = Base.metadata.tables[name].columns.keys()
        at, about = columns.index("id"), columns.index(key)
        wanted = {self.world.lesson_id} if key == "lesson_id" else self._ids("reviews")
        return {row[at] for row in self._rows(name).values() if row[about] in wanted}

    def changed(self, tables: Iterable[str]) -> tuple[set[Part], list[str]]:
        """What a deed changed: the parts of this lesson, and the tables in which something else is another."""
        parts: set[Part] = set()
        elsewhere = []
        for name in sorted(set(tables) & set(Base.metadata.tables) - QUIZ - FREE):
            now, before = self._rows(name), self.before[name]
            keys = {key for key in now.keys() | before.keys() if now.get(key) != before.get(key)}
            if name in ADDED_TO:
                is_elsewhere = any(
                    self._line(name, before[key]) != self._line(name, now.get(key)) for key in keys & before.keys()
                )
            else:
                found = [self._parts(name, before.get(key), now.get(key)) for key in keys]
                is_elsewhere = None in found
                parts |= set().union(*(one for one in found if one is not None))
            if is_elsewhere:
                elsewhere.append(name)
        return parts, elsewhere

    @staticmethod
    def _line(name: str, row: Row | None) -> list[Any]:
        columns = Base.metadata.tables[name].columns.keys()
        return [value for column, value in zip(columns, row or (), strict=bool(row)) if column != "remark_id"]

    def _parts(self, name: str, before: Row | None, now: Row | None) -> set[Part] | None:
        """The parts in which a row of this lesson is another; None when it is not about this lesson."""
        row = dict(zip(Base.metadata.tables[name].columns.keys(), now or before or (), strict=True))
        key = "id" if name == "lessons" else next((key for key in self.mine if row.get(key) is not None), None)
        ids = self.mine["lesson_id"] if name == "lessons" else self.mine.get(key or "", set())
        is_new = name in ("revisions", "reviews") and before is None and row["lesson_id"] == self.world.lesson_id
        if not is_new and row.get(key or "") not in ids and not self._is_of_new(row):
            return None
        if name not in PARTS and name not in WHOLE:
            return set()
        if self._is_of_another_text(name, row):
            return {Part.NEXT}
        if name in WHOLE:
            return {WHOLE[name]}
        if before is None or now is None:
            return {Part.PLACE}
        changed = (column for column, old, new in zip(row, before, now, strict=True) if old != new)
        return {part for part in (PARTS[name][column] for column in changed) if part is not None}

    def _is_of_new(self, row: dict[str, Any]) -> bool:
        """Whether it is about a text or a review of this lesson that the deed made."""
        return any(
            row.get(key) is not None and row[key] in self._ids(table)
            for key, table in (("revision_id", "revisions"), ("review_id", "reviews"))
        )

    def _is_of_another_text(self, name: str, row: dict[str, Any]) -> bool:
        if name == "revisions":
            return bool(row["id"] != self.world.revision_id)
        if "review_id" in row and name != "reviews":
            about = self._rows("reviews").get((row["review_id"],)) or ()
            columns = Base.metadata.tables["reviews"].columns.keys()
            return bool(about) and about[columns.index("revision_id")] != self.world.revision_id
        return row.get("revision_id") not in (None, self.world.revision_id)
