"""A folder of lessons comes in whole or not at all, and goes out as it came."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, current_app
from sqlalchemy import func, select

from peerlearn.accounts.models import Person
from peerlearn.core import clock, files, spread
from peerlearn.core.db import db as database
from peerlearn.core.errors import NotValid
from peerlearn.core.facts import Fact
from peerlearn.lessons import actions, checking, exporting, fileformat, folders, importing, queries
from peerlearn.lessons.chronicle import chapter_of
from peerlearn.lessons.importing import Fate, Plan
from peerlearn.lessons.models import Lesson, LessonAuthor, LessonTopic, Picture, QuestionCheck, Revision, Topic
from peerlearn.lessons.rules import State
from peerlearn.quizzes.models import Item, ItemVersion, QuizItem
from peerlearn.review.models import Review, ReviewAct
from tests import factories

CONTENT = Path(__file__).parents[2] / "content"


@pytest.fixture
def topic(db: Any) -> Topic:
    return factories.topic()


@pytest.fixture
def author(db: Any) -> Person:
    return factories.person()


@pytest.fixture
def folder(tmp_path: Path, topic: Topic) -> Path:
    """Three sound lessons; with the first a language model helped."""
    place = tmp_path / "ours" / "lessons" / topic.slug
    place.mkdir(parents=True)
    for number in range(3):
        front = "" if number else "ai_assisted: true\n"
        (place / f"{number}.md").write_text(factories.lesson_text(topic, front=front), "utf-8")
    return tmp_path / "ours"


def planned(folder: Path, owner: Person, *, hand_in: bool = True) -> Plan:
    nothing = lambda _done: None  # noqa: E731
    return importing.plan_folder(folder, owner=owner, hand_in=hand_in, on_read=nothing, on_ready=nothing)


def fates(plan: Plan) -> list[str]:
    return [str(each.fate) for each in plan.files]


def imported(folder: Path, owner: Person, *, hand_in: bool = True) -> Plan:
    plan = planned(folder, owner, hand_in=hand_in)
    importing.carry_out(plan, hand_in=hand_in, by=owner)
    database.session.commit()
    return plan


def count(model: type[Any]) -> int:
    return database.session.scalar(select(func.count()).select_from(model)) or 0


def reasons(plan: Plan) -> list[str]:
    return [problem.code for each in plan.files for problem in each.problems if problem.level == "error"]


def first_of(folder: Path) -> Path:
    return folders.lesson_paths(folder)[0]


def test_planning_changes_nothing(folder: Path, author: Person) -> None:
    plan = planned(folder, author)
    assert fates(plan) == ["new"] * 3
    assert not database.session.new
    assert (count(Lesson), count(Revision), count(Fact)) == (0, 0, 0)


@pytest.mark.parametrize("hand_in", [True, False])
def test_what_is_unchanged_makes_no_revision_and_what_is_changed_makes_one(
    folder: Path, author: Person, hand_in: bool
) -> None:
    imported(folder, author, hand_in=hand_in)
    assert (count(Lesson), count(Revision)) == (3, 3)
    states = set(database.session.scalars(select(Revision.state)))
    assert states == ({"submitted"} if hand_in else {"draft"})
    assert fates(imported(folder, author, hand_in=hand_in)) == ["unchanged"] * 3
    assert (count(Lesson), count(Revision), count(Review)) == (3, 3, 3 if hand_in else 0)
    path = first_of(folder)
    path.write_text(path.read_text("utf-8").replace("Then show each step.", "Then show every step."), "utf-8")
    if hand_in:
        assert reasons(planned(folder, author)) == ["in-review"]
        for revision in database.session.scalars(select(Revision)).all():
            actions.withdraw(revision, by=author)
        database.session.commit()
    assert fates(imported(folder, author, hand_in=hand_in)) == ["update", "unchanged", "unchanged"]
    lesson = queries.lesson_by_uid(fileformat.parse(path.read_text("utf-8")).front.id)
    assert lesson is not None
    history = [(one.number, one.state) for one in chapter_of(lesson.id, frozenset(State)).page.rows]
    assert history == [(2, "submitted" if hand_in else "draft"), (1, "discarded")]


def test_a_new_revision_of_a_published_lesson(author: Person, topic: Topic, tmp_path: Path) -> None:
    lesson = factories.published_lesson(author, topic)
    source = queries.sources_of([lesson.published_id or 0])[lesson.published_id or 0]
    path = tmp_path / "a.md"
    path.write_text(source, "utf-8")
    assert fates(imported(tmp_path, author)) == ["unchanged"]
    path.write_text(source.replace("Then show each step.", "Then show every step."), "utf-8")
    assert fates(imported(tmp_path, author)) == ["update"]
    newest = queries.newest_revision(lesson.id)
    assert newest is not None
    assert (newest.number, newest.state, newest.base_id) == (2, "submitted", lesson.published_id)
    assert count(Lesson) == 1


def test_a_file_without_an_id_is_the_same_lesson_the_next_time(author: Person, topic: Topic, tmp_path: Path) -> None:
    text = factories.lesson_text(topic, title="A title without an id", uid="away")
    path = tmp_path / "a.md"
    path.write_text(text.replace("id: away\n", "").replace("\n", "\r\n"), "utf-8")
    assert fates(imported(tmp_path, author)) == ["new"]
    assert fates(imported(tmp_path, author)) == ["unchanged"]
    assert database.session.scalars(select(Lesson.uid)).all() == ["a-title-without-an-id"]
    stranger = factories.person()
    assert reasons(planned(tmp_path, stranger)) == ["foreign-lesson"]


def test_one_refused_file_keeps_all_out(folder: Path, author: Person) -> None:
    (folder / "lessons" / "bad.md").write_text("no lesson", "utf-8")
    plan = planned(folder, author)
    assert sorted(fates(plan)) == ["new", "new", "new", "refused"]
    with pytest.raises(NotValid):
        importing.carry_out(plan, hand_in=True, by=author)
    assert (count(Lesson), count(Revision)) == (0, 0)


def test_an_import_that_fails_in_the_middle_leaves_nothing(folder: Path, author: Person, topic: Topic) -> None:
    plan = planned(folder, author)
    taken = plan.files[2].found.text
    actions.import_file(taken, owner=author, by=author)  # somebody is quicker
    database.session.commit()
    with pytest.raises(Exception):  # noqa: B017 - whatever it is called, it comes out
        importing.carry_out(plan, hand_in=True, by=author)
    database.session.rollback()
    assert count(Lesson) == 1


@pytest.fixture
def workday() -> Iterator[None]:
    """A moment of a Wednesday that does not pass: when an answer is due depends on it."""
    with clock.at(datetime(2026, 11, 25, 10, tzinfo=UTC)):
        yield


def test_many_at_once_are_stored_as_one_by_one(workday: None, author: Person, topic: Topic, folder: Path) -> None:
    texts = [each.found.text for each in planned(folder, author).files]
    imported(folder, author)
    at_once = rows_of_everything()
    database.session.rollback()
    for model in (ReviewAct, Review):
        for row in database.session.scalars(select(model)).all():
            database.session.delete(row)
    database.session.commit()
    other = factories.person()
    again = factories.topic()
    for number, text in enumerate(texts):
        moved = text.replace(f"topics: [{topic.slug}]", f"topics: [{again.slug}]").replace("id: lesson-", "id: other-")
        for mark in ("aaaa", "bbbb", "cccc"):
            moved = moved.replace(f"{mark}\n", f"{mark}z\n")
        moved = moved.replace("title: How", "title: Now how")
        _lesson, revision = actions.import_file(moved, owner=other, by=other)
        assert revision is not None, number
        actions.submit(revision, by=other, checked=checking.ALL)
    database.session.commit()
    one_by_one = rows_of_everything(after=at_once)
    assert one_by_one == at_once


IDENTITY = {"id", "lesson_id", "owner_id", "topic_id", "writer_id", "quiz_id", "person_id", "item_id", "version_id"}
IDENTITY |= {"revision_id", "submitted_by_id", "similar_id"}
OWN = {
    "uid",
    "slug",
    "title",
    "source",
    "created_at",
    "saved_at",
    "submitted_at",
    "version",
    "digest",
    "meaning",
    "body",
}
OWN |= {"due_at", "html", "cards", "similarity"}
TABLES = (Lesson, LessonAuthor, LessonTopic, Revision, Item, ItemVersion, QuizItem, Review, QuestionCheck)


def rows_of_everything(after: dict[str, Any] | None = None) -> dict[str, Any]:
    """What the tables hold of the newest three lessons, without what names them."""
    newest = database.session.scalars(select(Lesson.id).order_by(Lesson.id.desc()).limit(3)).all()
    found: dict[str, Any] = {}
    for model in TABLES:
        size = len(after[model.__tablename__]) if after else None
        rows = database.session.execute(select(model.__table__)).mappings().all()
        rows = sorted(rows, key=lambda row: [row[c.name] for c in model.__table__.primary_key.columns])
        kept = [{k: v for k, v in row.items() if k not in IDENTITY | OWN} for row in rows[-size if size else 0 :]]
        for row in kept:
            row |= {name: row[name] is not None for name in ("handed_up_at", "widened_at") if name in row}
            if "extras" in row:
                row["extras"] = {k: v for k, v in row["extras"].items() if k not in ("topics", "submitted_from")}
        found[model.__tablename__] = kept
    assert len(newest) == 3
    return found


def test_a_topic_comes_along_and_an_unknown_one_is_refused(author: Person, topic: Topic, folder: Path) -> None:
    path = first_of(folder)
    path.write_text(path.read_text("utf-8").replace(f"topics: [{topic.slug}]", "topics: [brand-new]"), "utf-8")
    for hand_in in (True, False):
        assert reasons(planned(folder, author, hand_in=hand_in)) == ["unknown-topic"]
    (folder / "topics.toml").write_text('[[topic]]\nslug = "brand-new"\nname = "Brand new"\nhue = 40\n', "utf-8")
    assert [row.slug for row in imported(folder, author).topics] == ["brand-new"]
    assert imported(folder, author).topics == ()
    assert queries.topics_by_slug(["brand-new"])["brand-new"].hue == 40


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[[topic", "cannot be read"),
        ("topic = 3", "[[topic]]"),
        ("topic = [3]", "no table"),
        ('[[topic]]\nslug = "A B"\nname = "x"', "small letters"),
        ('[[topic]]\nslug = "a"', "needs a name"),
        ('[[topic]]\nslug = "a"\nname = "x"\nhue = 999', "0 to 359"),
        ('[[topic]]\nslug = "a"\nname = "x"\nhue = true', "0 to 359"),
        ('[[topic]]\nslug = "a"\nname = "x"\nicon = "../x"', "icon is one of"),
        ('[[topic]]\nslug = "a"\nname = "x"\ncolour = "red"', "colour"),
        ('[[topic]]\nslug = "a"\nname = "x"\n[[topic]]\nslug = "a"\nname = "y"', "same slug"),
        ("a = " + "[" * 5000, "cannot be read"),
    ],
)
def test_topics_that_cannot_be_read_are_told(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "topics.toml").write_text(text, "utf-8")
    with pytest.raises(NotValid) as refused:
        folders.topics_of(tmp_path)
    assert words in refused.value.message % refused.value.values


def test_the_same_id_or_mark_in_two_files(folder: Path, author: Person, topic: Topic) -> None:
    paths = folders.lesson_paths(folder)
    shutil.copy(paths[0], paths[0].with_name("copy.md"))
    plan = planned(folder, author)
    assert reasons(plan) == ["same-id", "same-id"]
    told = {each.found.name: each.problems[0].message for each in plan.files if each.fate is Fate.REFUSED}
    assert any("copy.md" in message for message in told.values())
    paths[0].with_name("copy.md").write_text(
        paths[0].read_text("utf-8").replace("id: lesson-", "id: copy-").replace("title: How", "title: Now how"), "utf-8"
    )
    assert set(reasons(planned(folder, author))) == {"same-mark"}


def test_lessons_of_one_folder_may_name_each_other_first(folder: Path, author: Person) -> None:
    paths = folders.lesson_paths(folder)
    other = fileformat.parse(paths[2].read_text("utf-8")).front.id
    text = paths[0].read_text("utf-8").replace("\n---\n", f"\nprerequisites:\n  - {other}\n---\n", 1)
    paths[0].write_text(text, "utf-8")
    assert fates(planned(folder, author)) == ["new"] * 3
    paths[2].unlink()
    assert reasons(planned(folder, author)) == ["unknown-prerequisite"]


def test_pictures_come_along_if_they_are_what_they_say(author: Person, tmp_path: Path, app: Flask) -> None:
    path = next(p for p in folders.lesson_paths(CONTENT) if queries.picture_digests(p.read_text("utf-8")))
    digest = next(iter(queries.picture_digests(path.read_text("utf-8"))))
    shutil.copy(CONTENT / "topics.toml", tmp_path / "topics.toml")
    (tmp_path / "lessons").mkdir()
    shutil.copy(path, tmp_path / "lessons" / "a.md")
    assert reasons(planned(tmp_path, author)) == ["unknown-picture"]
    place = files.Store(tmp_path / "pictures").path_of(digest)
    place.parent.mkdir(parents=True)
    shutil.copy(files.Store(CONTENT / "pictures").path_of(digest), place)
    place.write_bytes(place.read_bytes() + b"more")
    assert reasons(planned(tmp_path, author)) == ["unknown-picture"]
    shutil.copy(files.Store(CONTENT / "pictures").path_of(digest), place)
    imported(tmp_path, author)
    assert database.session.scalars(select(Picture.digest)).all() == [digest]
    assert files.Store(current_app.config["SETTINGS"].media).path_of(digest).is_file()


PLANNING, STORING = 6, 20
HANDED_UP = 7  # among them who administrators are, because none of them may decide either


@pytest.mark.parametrize("rows", [3, 30])
@pytest.mark.parametrize("has_curator", [True, False])
def test_an_import_asks_the_same_for_few_and_many(
    rows: int, has_curator: bool, author: Person, topic: Topic, tmp_path: Path, statements: list[str]
) -> None:
    if has_curator:
        factories.person(roles=(("curator", topic.id),))
    for number in range(rows):
        (tmp_path / f"{number:02}.md").write_text(factories.lesson_text(topic), "utf-8")
    statements.clear()
    plan = planned(tmp_path, author)
    assert len(statements) == PLANNING
    statements.clear()
    importing.carry_out(plan, hand_in=True, by=author)
    once = [each for each in statements if "lesson_prints" not in each]  # each is looked for among its like
    assert len(once) == STORING + (0 if has_curator else HANDED_UP)


def test_work_is_spread_in_order() -> None:
    numbers = [str(number) for number in range(100)]
    assert list(spread.spread(int, numbers, few=10)) == list(range(100))
    assert list(spread.spread(int, numbers[:5])) == list(range(5))


def test_what_goes_wrong_apart_comes_out() -> None:
    with pytest.raises(ValueError):
        list(spread.spread(int, ["x"] * 20, few=10))


# going out


def test_drafts_are_only_exported_when_asked_for(folder: Path, author: Person, tmp_path: Path) -> None:
    imported(folder, author, hand_in=False)
    out = tmp_path / "out"
    assert exporting.write(out).lessons == 0
    assert exporting.write(out, drafts=True).lessons == 3
    assert exporting.write(out, owner_id=factories.person().id, drafts=True).lessons == 0
    assert len(exporting.write(out).strays) == 3
    again = exporting.write(out, drafts=True)
    assert (again.changed, again.strays) == (0, ())


def test_colleagues_get_what_is_published_not_what_is_being_changed(
    author: Person, topic: Topic, tmp_path: Path
) -> None:
    lesson = factories.published_lesson(author, topic)
    draft = actions.revise(lesson, by=author)
    changed = draft.source.replace("Then show each step.", "Then show every step.")
    actions.save_draft(draft, changed, base_version=draft.version, by=author)
    exporting.write(tmp_path / "a")
    exporting.write(tmp_path / "b", drafts=True)
    texts = [next((tmp_path / name).rglob("*.md")).read_text("utf-8") for name in "ab"]
    assert texts == [changed.replace("every step", "each step"), changed]


def test_an_unreadable_draft_is_left_out_and_named(author: Person, topic: Topic, tmp_path: Path) -> None:
    _lesson, draft = actions.import_file(factories.lesson_text(topic), owner=author, by=author)
    assert draft is not None
    actions.save_draft(draft, "---\ntitle: [\n---\n", base_version=draft.version, by=author)
    report = exporting.write(tmp_path, drafts=True)
    assert (report.lessons, len(report.unreadable)) == (0, 1)


def test_an_export_follows_no_link_out_of_its_folder(folder: Path, author: Person, tmp_path: Path) -> None:
    imported(folder, author)
    (tmp_path / "elsewhere").mkdir()
    out = tmp_path / "out"
    out.mkdir()
    (out / "lessons").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(NotValid):
        exporting.write(out)
    assert list((tmp_path / "elsewhere").iterdir()) == []
