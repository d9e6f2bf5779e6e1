"""A file that is older than what was changed on the site undoes nothing: it is put together with it, or refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from peerlearn.accounts.models import Person
from peerlearn.core.db import db as database
from peerlearn.lessons import actions, amending, ancestry, queries
from peerlearn.lessons.ancestry import Older, Published
from peerlearn.lessons.importing import Plan
from peerlearn.lessons.models import Lesson, Revision, Topic
from tests import factories
from tests.lessons.test_importing import fates, imported, planned, reasons

OLD, PATCHED = "Start with what the reader wants to do.", "Begin with what the reader wants to achieve."
ELSEWHERE, MINE = "Then show each step.", "Then show every step."


@pytest.fixture
def author(db: Any) -> Person:
    return factories.person()


@pytest.fixture
def lesson(author: Person) -> Lesson:
    return factories.published_lesson(author, factories.topic())


@pytest.fixture
def file(lesson: Lesson, tmp_path: Path) -> Path:
    """The lesson as it was exported before a curator published a patch of it."""
    path = tmp_path / "a.md"
    path.write_text(published(lesson), "utf-8")
    patch(lesson, OLD, PATCHED)
    return path


def published(lesson: Lesson) -> str:
    return database.session.get_one(Revision, lesson.published_id).source


def patch(lesson: Lesson, old: str, new: str) -> None:
    found = queries.lesson_by_id(lesson.id)
    assert found is not None
    assert old in published(found)
    curator = factories.person("Tom", roles=factories.curator_of(found.topic_id))
    prepared = actions.prepare(found, published(found).replace(old, new))
    amending.amend(found, prepared, writer=factories.person(), by=curator)
    database.session.commit()
    database.session.refresh(lesson)


def change(file: Path, old: str, new: str) -> None:
    file.write_text(file.read_text("utf-8").replace(old, new), "utf-8")


def told(plan: Plan) -> list[str]:
    return [problem.message for each in plan.files for problem in each.problems if problem.code == "older-file"]


def draft_of(lesson: Lesson) -> Revision | None:
    return queries.open_revision(lesson.id)


def test_an_old_file_alone_begins_no_draft_and_says_so(lesson: Lesson, author: Person, file: Path) -> None:
    plan = imported(file.parent, author)
    assert fates(plan) == ["unchanged"]
    assert draft_of(lesson) is None
    assert told(plan) == [
        "The lesson was changed on the site after this file was written: revision 2."
        " Export it to have that change in your folder too. On the site both are put together."
    ]


@pytest.mark.parametrize("hand_in", [True, False])
def test_an_old_file_that_was_changed_is_put_together_with_the_patch(
    lesson: Lesson, author: Person, file: Path, hand_in: bool
) -> None:
    change(file, ELSEWHERE, MINE)
    dry = planned(file.parent, author, hand_in=hand_in)
    assert (fates(dry), len(told(dry)), draft_of(lesson)) == (["update"], 1, None)
    imported(file.parent, author, hand_in=hand_in)
    draft = draft_of(lesson)
    assert draft is not None
    assert PATCHED in draft.source
    assert MINE in draft.source
    assert draft.base_id == lesson.published_id
    again = planned(file.parent, author, hand_in=hand_in)
    assert fates(again) == ["unchanged"], "what came of the file stands there already"


def test_a_file_that_changes_the_same_line_is_refused(lesson: Lesson, author: Person, file: Path) -> None:
    change(file, OLD, "Start with what a reader wants to do.")
    plan = planned(file.parent, author)
    assert (fates(plan), reasons(plan)) == (["refused"], ["older-file"])
    assert "choose what stays in these lines" in told(plan)[0]


def test_a_file_that_has_the_patch_goes_on_from_it(lesson: Lesson, author: Person, file: Path) -> None:
    file.write_text(published(lesson).replace(ELSEWHERE, MINE), "utf-8")
    plan = imported(file.parent, author)
    assert (fates(plan), told(plan)) == (["update"], [])
    change(file, PATCHED, "Begin with what a reader wants to achieve.")
    assert told(planned(file.parent, author)) == []


def test_a_file_as_it_was_typed_is_known_when_it_is_old(author: Person, tmp_path: Path) -> None:
    """With other line ends and without the marks that were added when it was handed in."""
    topic: Topic = factories.topic()
    lesson = factories.published_lesson(author, topic)
    first = database.session.get_one(Revision, lesson.published_id)
    typed = first.source.replace("\n## ", "\n\n## ")
    first.extras = first.extras | {"submitted_from": queries.fingerprint(typed)}
    (tmp_path / "a.md").write_text(typed.replace("\n", "\r\n"), "utf-8", newline="")
    patch(lesson, OLD, PATCHED)
    plan = planned(tmp_path, author)
    assert (fates(plan), len(told(plan))) == (["unchanged"], 1)


def test_of_several_older_texts_the_nearest_is_gone_on_from() -> None:
    first, second, third = "a\nb\nc\nd\ne\n", "a\nB\nc\nd\ne\n", "a\nB\nc\nD\ne\n"
    history = [Published(number, text, {}) for number, text in ((3, third), (2, second), (1, first))]
    for text, expected in (
        (third, None),
        (third + "f\n", None),
        (second + "f\n", Older(3, third + "f\n")),
        (first + "f\n", Older(3, third + "f\n")),
        ("a\nB\nc\nd!\ne\n", Older(3, None)),
        ("a\nB\nc\nD!\ne\n", None),
    ):
        assert ancestry.older_than(history, text) == expected, text
    assert ancestry.older_than([], "a\n") is None
