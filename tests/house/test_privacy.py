"""No column that names a person is forgotten: each is told and erased as its feature says, or named with a reason."""

from __future__ import annotations

import re

from flask import Flask

from peerlearn.core import privacy
from peerlearn.core.db import Base

WITHOUT_A_KEY = re.compile(r"(^|_)(person|actor|people|email|address)(_id|_key)?$")
NOT_OF_A_PERSON: dict[tuple[str, str], str] = {
    ("people", "email"): "the person's own row, told by its id",
    ("people", "email_key"): "the same",
    ("links", "email"): "told with the person's links; an invitation goes with whoever is erased",
    ("league_weeks", "people"): "how many",
}


def test_every_column_that_names_a_person_is_declared(base_app: Flask) -> None:
    declared = {(part.table.name, part.column) for part in privacy.PARTS}
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            place = table.name, column.name
            if privacy.names_somebody(column) or (WITHOUT_A_KEY.search(column.name) and place not in NOT_OF_A_PERSON):
                assert (place in declared) != (place in privacy.NOT_THEIRS), (
                    f"{table.name}.{column.name}: say in the feature's privacy.py what a person is told of it"
                )


def test_declarations_name_what_there_is_and_hide_other_people(base_app: Flask) -> None:
    names = [part.name for part in privacy.PARTS]
    assert len(names) == len(set(names))
    for part in privacy.PARTS:
        known = set(part.table.columns.keys())
        assert {*part.shown, *part.veiled, *part.fate.values} <= known, part.name
        others = {name for name in part.shown if name != part.column and privacy.names_somebody(part.table.c[name])}
        assert not others or part.name == "review/recusals", part.name  # whose work somebody leaves to others is theirs
    assert all(privacy.NOT_THEIRS.values())


def test_what_goes_leaves_nothing_that_points_to_it(base_app: Flask) -> None:
    """A row that others refer to cannot go: a database would refuse, and with it the whole erasure."""
    gone = {part.table.name for part in privacy.PARTS if part.fate.goes}
    pointed = {key.column.table.name for table in Base.metadata.tables.values() for key in table.foreign_keys}
    assert not gone & pointed
