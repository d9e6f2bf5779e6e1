"""The migrations build exactly the tables that the models describe, and can be undone; on every supported database."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import downgrade
from flask_migrate import upgrade as upgrade_to
from sqlalchemy import inspect, select, text
from sqlalchemy.exc import DBAPIError

from peerlearn.app import create_app
from peerlearn.core import fulltext, prints, revisions
from peerlearn.core.db import db, set_reading
from peerlearn.core.revisions import upgrade
from peerlearn.lessons import citing, fileformat, queries
from peerlearn.lessons.models import LessonPrint
from peerlearn.ready import check_ready
from peerlearn.streaks.models import ActiveDay
from tests.conftest import fresh_database, settings_for

pytestmark = pytest.mark.own_database


@pytest.fixture
def empty_app(tmp_path: Path) -> Iterator[Flask]:
    """An application on a database without tables."""
    for url in fresh_database(tmp_path, "migrations"):
        app = create_app(settings_for(url, tmp_path))
        with app.app_context():
            set_reading(False)
            yield app
            db.session.remove()
            db.engine.dispose()


def tables() -> set[str]:
    return {name for name in inspect(db.engine).get_table_names() if not fulltext.is_index_table(name)}


def test_head_is_what_the_models_say(empty_app: Flask) -> None:
    upgrade()

    def ours(thing: Any, name: str | None, kind: str, reflected: bool, other: Any) -> bool:
        table = name if kind == "table" else getattr(getattr(thing, "table", None), "name", None)
        return not fulltext.is_index_table(table)

    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_object": ours})
        assert compare_metadata(context, db.metadata) == []


def test_a_server_knows_the_newest_revision_without_alembic(empty_app: Flask) -> None:
    assert revisions.newest() == ScriptDirectory(str(revisions.FOLDER)).get_current_head()
    with pytest.raises(SystemExit, match="at revision none"):
        check_ready(empty_app)
    upgrade()
    assert check_ready(empty_app) is empty_app


def test_up_down_and_up_again(empty_app: Flask) -> None:
    upgrade()
    assert "ledger" in tables()
    downgrade(revision="base")
    assert tables() <= {"alembic_version"}
    upgrade()
    assert "ledger" in tables()


@pytest.mark.parametrize("table", ["ledger", "facts"])
@pytest.mark.parametrize("statement", ["UPDATE {table} SET id = id", "DELETE FROM {table}"])
def test_the_database_refuses_to_change_the_record(empty_app: Flask, table: str, statement: str) -> None:
    upgrade()
    with db.engine.begin() as connection:
        connection.execute(
            text("INSERT INTO facts (at, day, type, data) VALUES ('2026-01-05', '2026-01-05', 'X', '{}')")
        )
        if table == "ledger":
            connection.execute(
                text(
                    "INSERT INTO people (id, email, email_key, name, timezone, work_days, language, board_mode,"
                    " is_active, is_demo, created_at, version)"
                    " VALUES (1, 'a', 'a', 'A', 'UTC', '1', 'en', 'hidden', true, false, '2026-01-05', 1)"
                )
            )
            connection.execute(
                text(
                    "INSERT INTO ledger (person_id, track, rule, rule_version, source, entry_no, amount, at, day,"
                    " is_workday, reason, detail)"
                    " VALUES (1, 'xp', 'L1', 1, 's', 1, 10, '2026-01-05', '2026-01-05', true, '', '{}')"
                )
            )
    with pytest.raises(DBAPIError, match="only added to"), db.engine.begin() as connection:
        connection.execute(text(statement.format(table=table)))


ROWS = (
    "INSERT INTO topics (id, slug, name, name_key, description, icon, hue, is_active)"
    " VALUES (1, 't', 'T', 't', '', '', 0, true)",
    "INSERT INTO people (id, email, email_key, name, timezone, work_days, language, board_mode,"
    " is_active, is_demo, created_at, version)"
    " VALUES (1, 'a', 'a', 'A', 'UTC', '1', 'en', 'hidden', true, false, '2026-01-05', 1)",
    "INSERT INTO lessons (id, uid, slug, owner_id, topic_id, state, title, summary, kind, minutes, language,"
    " major, created_at, version)"
    " VALUES (1, 'u', 's', 1, 1, 'unpublished', 'T', '', 'demo', 1, 'en', 0, '2026-01-05', 1)",
    "INSERT INTO items (id, uid, created_at) VALUES (1, 'u', '2026-01-05')",
    "INSERT INTO item_versions (id, item_id, digest, meaning, kind, body, html, created_at)"
    " VALUES (1, 1, 'd', 'm', 'text', '{}', '{}', '2026-01-05')",
)


def test_a_database_with_rows_in_it_comes_up(empty_app: Flask) -> None:
    """Batch mode makes tables anew; what refers to them must not be in its way."""
    upgrade()
    downgrade(revision="0001")
    with db.engine.begin() as connection:
        for statement in ROWS:
            connection.execute(text(statement))
    upgrade()
    with db.engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM lessons JOIN topics ON topics.id = topic_id")) == 1
        assert connection.scalar(text("SELECT state FROM items JOIN item_versions ON item_id = items.id")) == "active"


def test_sets_that_were_begun_before_know_what_is_left(empty_app: Flask) -> None:
    upgrade()
    downgrade(revision="0005")
    question = (
        "INSERT INTO set_questions (set_id, position, item_id, version_id, lesson_id, kind, answered_at, mark,"
        " rapid_below, quick_below, is_right, is_rapid, spelling_asked, days_since, interval, saves)"
        " VALUES (1, {}, 1, 1, 1, 'due', {}, {}, 2, 0, false, false, false, 0, 0, 1)"
    )
    with db.engine.begin() as connection:
        for statement in (
            *ROWS,
            "INSERT INTO daily_sets (id, person_id, day, number, size, seed, started_at)"
            " VALUES (1, 1, '2026-01-05', 1, 5, 1, '2026-01-05')",
            question.format(1, "'2026-01-05'", 1),
            question.format(2, "NULL", "NULL"),
            question.format(3, "NULL", "NULL"),
        ):
            connection.execute(text(statement))
    upgrade_to(revision="0006")
    with db.engine.connect() as connection:
        assert connection.scalar(text("SELECT unanswered FROM daily_sets")) == 2
    upgrade()
    downgrade(revision="0008")
    with db.engine.connect() as connection:
        assert connection.scalar(text("SELECT unanswered FROM daily_sets")) == 2


def test_days_of_before_know_how_many_goals_were_met_until_then(empty_app: Flask) -> None:
    upgrade()
    downgrade(revision="0008")
    day = (
        "INSERT INTO active_days (person_id, day, week, work_days, is_workday, counts, sets, extra_sets, lessons,"
        ' reviews, due_reviews, "before", length, best, meets_goal, saves)'
        " VALUES (1, '{}', '{}', '1111100', true, true, 1, 0, 0, 0, 0, '{}', 1, 1, {}, 1)"
    )
    days = [
        ("2026-01-05", "2026-01-05", "{}", "false"),
        ("2026-01-06", "2026-01-05", '{"length": 1}', "true"),
        ("2026-01-12", "2026-01-12", '{"length": 2}', "true"),
        ("2026-01-19", "2026-01-19", '{"length": 3}', "false"),
    ]
    with db.engine.begin() as connection:
        for statement in (*ROWS, *(day.format(*values) for values in days)):
            connection.execute(text(statement))
    told = select(ActiveDay.before).order_by(ActiveDay.day)
    upgrade()
    assert db.session.scalars(told).all() == [{}, {"length": 1}, {"length": 2, "goals": 1}, {"length": 3, "goals": 2}]
    db.session.remove()
    downgrade(revision="0008")
    assert db.session.scalars(told).all() == [{}, {"length": 1}, {"length": 2}, {"length": 3}]
    db.session.remove()


def test_what_was_published_before_is_known_by_what_it_cites(empty_app: Flask) -> None:
    upgrade()
    downgrade(revision="0035")
    source = (
        "---\nsources:\n  - HTTPS://A.example:443/one#2\n---\n\nSee [two](https://a.example/two_(b)).\n"
        "```\nhttps://a.example/code\n```\nAlso `https://a.example/span`, https://me:pw@b.example.\n"
    )
    texts = [
        f"INSERT INTO revisions (id, lesson_id, number, state, source, writer_id, title, summary, kind, minutes, words,"
        f" is_major, cards, extras, renderer, created_at, saved_at, version) VALUES ({number}, 1, {number}, '{state}',"
        " :source, 1, '', '', 'demo', 1, 1, true, '[]', '{}', 1, '2026-01-05', '2026-01-05', 1)"
        for number, state in ((1, "superseded"), (2, "published"))
    ]
    with db.engine.begin() as connection:
        for statement in ROWS:
            connection.execute(text(statement))
        for number, statement in enumerate(texts):
            connection.execute(text(statement), {"source": source if number else "https://a.example/old"})
        connection.execute(text("UPDATE lessons SET published_id = 2, state = 'published'"))
    upgrade()
    with db.engine.connect() as connection:
        found = connection.execute(text("SELECT link, key FROM lesson_links WHERE lesson_id = 1")).all()
    assert {row.link: row.key for row in found} == {link: citing.key_of(link) for link in citing.cited(source)}
    assert {link for link, _ in found} == {"https://a.example/one", "https://a.example/two_(b)", "https://b.example/"}


def test_whoever_wrote_much_before_is_known_by_what_was_taken_over(empty_app: Flask) -> None:
    upgrade()
    downgrade(revision="0061")
    kept = "kind, minutes, words, is_major, cards, extras, renderer, created_at, saved_at, version"
    values = "'demo', 1, 20, true, '[]', '{}', 1, '2026-01-05', '2026-01-05', 1"
    suggestion = (
        "INSERT INTO suggestions (lesson_id, revision_id, place, old, new, why, suggester_id, is_named, state, reason,"
        " decided_by_id, decided_at, created_at, saves)"
        " VALUES (1, 1, 'card-1', 'a b c', 'a b d e', '', 1, false, '{}', '', {}, '2026-01-05', '2026-01-05', 1)"
    )
    with db.engine.begin() as connection:
        for statement in (
            *ROWS,
            f"INSERT INTO revisions (id, lesson_id, number, state, source, writer_id, title, summary, {kept})"
            f" VALUES (1, 1, 1, 'published', '', 1, '', '', {values})",
            suggestion.format("accepted", 1),
            suggestion.format("accepted", 1),
            suggestion.format("declined", 1),
            suggestion.format("open", "NULL"),
        ):
            connection.execute(text(statement))
    upgrade()
    with db.engine.connect() as connection:
        rows = connection.execute(text("SELECT lesson_id, person_id, share FROM written_parts")).all()
    assert [tuple(row) for row in rows] == [(1, 1, pytest.approx(0.2))]


def test_what_was_published_before_is_found_by_what_it_says(empty_app: Flask) -> None:
    upgrade()
    downgrade(revision="0062")
    cards = "## One\n\nWhat is said in the first card.\n\n```\n# Quiz\n```\n\n## Two\n\nWhat is said in the second.\n\n"
    source = f"---\ntitle: How this is said\n---\n\n{cards}# Quiz\n\nWhich of all of these cards says it?\n"
    lesson = (
        "INSERT INTO lessons (id, uid, slug, owner_id, topic_id, state, title, summary, kind, minutes, language,"
        " classification, major, created_at, version)"
        " VALUES ({0}, 'u{0}', 's{0}', 1, 1, '{1}', 'How this is said', '', 'demo', 1, 'en', '{2}', 0, '2026-01-05', 1)"
    )
    revision = (
        "INSERT INTO revisions (id, lesson_id, number, state, source, writer_id, title, summary, kind, minutes, words,"
        " is_major, cards, extras, renderer, created_at, saved_at, version) VALUES ({0}, {0}, 1, 'published',"
        " :source, 1, '', '', 'demo', 1, 1, true, '[]', '{{}}', 1, '2026-01-05', '2026-01-05', 1)"
    )
    kinds = (("published", "open"), ("published", "confidential"), ("archived", "open"), *[("published", "open")] * 50)
    with db.engine.begin() as connection:
        for statement in ROWS:
            connection.execute(text(statement))
        for number, (state, classification) in enumerate(kinds, start=2):
            connection.execute(text(lesson.format(number, state, classification)))
            connection.execute(text(revision.format(number)), {"source": source})
            connection.execute(text("UPDATE lessons SET published_id = id WHERE id > 1"))
    upgrade()
    found = db.session.execute(select(LessonPrint.key, LessonPrint.lesson_id).order_by(LessonPrint.key)).all()
    wanted = prints.of_text(queries.card_text(fileformat.parse(source))) | prints.of_title("How this is said")
    assert {row.key for row in found if row.lesson_id == 2} == wanted
    assert {row.lesson_id for row in found} == {2, *range(5, 54)}, "what fifty hold is kept for these alone"
    db.session.remove()
