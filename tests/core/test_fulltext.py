"""Finding lessons by their words, the same on both databases."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, event, make_url, text
from sqlalchemy.orm import Session

from peerlearn.core import fulltext

SERVER = os.environ.get("PEERLEARN_TEST_DATABASE_URL", "")
pytestmark = pytest.mark.own_database
KINDS = [
    "sqlite",
    pytest.param("postgresql", marks=pytest.mark.skipif(not SERVER, reason="no PostgreSQL server named")),
]


def postgresql() -> Iterator[Engine]:
    name = f"peerlearn_test_fulltext_{os.getpid()}"
    url = make_url(SERVER).set(drivername="postgresql+psycopg")
    admin = create_engine(url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    engine = create_engine(url.set(database=name))
    yield engine
    engine.dispose()
    with admin.connect() as connection:
        connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
    admin.dispose()


@pytest.fixture(scope="module", params=KINDS)
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    if request.param == "postgresql":
        yield from postgresql()
        return
    engine = create_engine("sqlite://")
    yield engine
    engine.dispose()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    with Session(engine) as session:
        for statement in fulltext.create_sql(engine.dialect.name):
            session.execute(text(statement))
        session.commit()
        yield session
        session.rollback()
        for statement in fulltext.drop_sql(engine.dialect.name):
            session.execute(text(statement))
        session.commit()


@pytest.fixture
def library(session: Session) -> Session:
    """Five lessons that speak of bugs, cafés and C++."""
    add = fulltext.upsert
    add(session, 1, title="Write a bug report", summary="Say what, where and when.", body="A report helps to mend it.")
    add(session, 2, title="Hold a meeting", summary="Short ones.", body="Nobody should report a bug in a meeting.")
    add(
        session,
        3,
        title="Café Zürich",
        summary="Où est le café?",
        body="naïve façade; it's setup.py in C++ at foo-bar.example.org/x",
    )
    add(session, 4, title="Questions only", questions="Which title is a bug title?")
    add(session, 5, title="Отчёт об ошибке", body="日本語のテキスト version 2.10")
    return session


def found(session: Session, query: str, **options: bool) -> list[int]:
    return [hit.lesson_id for hit in fulltext.search(session, query, 10, **options)]


def test_the_title_counts_most_and_questions_least(library: Session) -> None:
    assert found(library, "bug") == [1, 2, 4]
    relevances = [hit.relevance for hit in fulltext.search(library, "bug", 10)]
    assert relevances[0] == 1.0
    assert relevances == sorted(relevances, reverse=True)
    assert all(0 < relevance <= 1 for relevance in relevances)


def test_the_last_word_may_be_unfinished(library: Session) -> None:
    assert found(library, "write a rep") == [1]
    assert found(library, "repo bug") == []
    assert found(library, "mee") == [2]


def test_every_word_or_any_word(library: Session) -> None:
    assert found(library, "bug report meeting") == [2]
    assert set(found(library, "bug report meeting", every_word=False)) == {1, 2, 4}
    assert found(library, "how do I write", every_word=False) == [1]


@pytest.mark.parametrize(
    "query",
    [
        "cafe",
        "CAFÉ",
        "café",
        "cafe\u0301",
        "zurich",
        "naive facade",
        "setup",
        "setup.py",
        "foo-bar",
        "example",
        "it's c++",
        "FACADE",
    ],
)
def test_case_accents_and_signs_do_not_count(library: Session, query: str) -> None:
    assert found(library, query) == [3]


def test_other_scripts(library: Session) -> None:
    assert found(library, "ОТЧЕТ ошиб") == [5]
    assert found(library, "日本") == [5]
    assert found(library, "2.10") == [5]


HOSTILE = [
    '"',
    '""',
    "'",
    "''",
    "a AND",
    "AND",
    "OR",
    "NOT",
    "NEAR(",
    "NEAR(a b, 5)",
    "c++",
    "it's",
    "-x",
    "foo:bar",
    "title:bug",
    "*",
]
HOSTILE += [
    "bug*",
    "^bug",
    "{title}: bug",
    "(",
    ")",
    "a\x00b",
    "\x00",
    "🎉",
    "",
    " ",
    "\\",
    "\\'",
    "a:*",
    "!a",
    "a & | b",
    "<->",
    "%",
    "_",
]
HOSTILE += [
    "'); DROP TABLE search_documents; --",
    "x" * 10_240,
    "word " * 2_048,
    '"' * 10_240,
    "\ud800",
    "½ ² ß ﬁ",
    "\u202ebug",
    ":match",
]
HOSTILE += ["bug; select 1", "$$", "e'\\x'", "a''b", "ﷺ", "a\u0300" * 50, "١٢٣"]


@pytest.mark.security
@pytest.mark.parametrize("query", HOSTILE)
def test_nothing_a_person_types_is_an_error(library: Session, query: str) -> None:
    for every_word in (True, False):
        for hit in fulltext.search(library, query, 5, every_word=every_word):
            assert all(piece.text for piece in hit.snippet)
    assert found(library, "bug") == [1, 2, 4]


def test_what_was_there_before_is_replaced_or_removed(library: Session) -> None:
    fulltext.upsert(library, 1, title="Plan a holiday")
    assert found(library, "bug") == [2, 4]
    assert found(library, "holiday") == [1]
    fulltext.delete(library, 1)
    fulltext.delete(library, 99)
    assert found(library, "holiday") == []


def test_hostile_text_can_be_stored(session: Session) -> None:
    fulltext.upsert(session, 7, title="a\x00b \ud800 'x' \" \\", body="word " * 4_000 + "x" * 5_000)
    assert found(session, "word") == [7]


def test_one_statement(library: Session, engine: Engine) -> None:
    seen: list[str] = []

    def note(*given: Any) -> None:
        seen.append(given[2])

    event.listen(engine, "before_cursor_execute", note)
    fulltext.search(library, "bug", 10)
    event.remove(engine, "before_cursor_execute", note)
    assert len(seen) == 1


def test_many_matches_stay_quick_and_the_newest_are_ranked(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fulltext, "MAX_CANDIDATES", 50)
    for number in range(1, 121):
        fulltext.upsert(session, number, title=f"Lesson {number}", body="common words")
    hits = found(session, "common")
    assert len(hits) == 10
    assert min(hits) > 70


def test_a_snippet_shows_where_the_words_are(library: Session) -> None:
    (hit,) = fulltext.search(library, "meeting bug", 10)
    assert [piece.text for piece in hit.snippet if piece.matched] == ["bug", "meeting"]
    assert "".join(piece.text for piece in hit.snippet) == "Nobody should report a bug in a meeting."


def test_a_long_text_gives_a_short_snippet_around_the_match() -> None:
    value = "begin " + "filler " * 100 + "the <b>Café</b> stands\nhere " + "filler " * 100
    pieces = fulltext.snippet_of(["nothing here", value], ["cafe"])
    shown = "".join(piece.text for piece in pieces)
    assert [piece.text for piece in pieces if piece.matched] == ["Café"]
    assert "<b>" in shown
    assert shown.startswith("… filler")
    assert shown.endswith("filler …")
    assert "stands here" in shown
    assert len(shown) < fulltext.SNIPPET_CHARS + 10


def test_a_snippet_without_a_match_is_the_beginning() -> None:
    assert fulltext.snippet_of(["", "first words"], ["other"]) == (fulltext.Piece("first words", matched=False),)
    assert fulltext.snippet_of(["", ""], ["other"]) == ()


def test_questions_are_found_but_never_shown(library: Session) -> None:
    hits = {hit.lesson_id: hit for hit in fulltext.search(library, "bug", 10)}
    assert hits[4].snippet == ()


def test_the_tables_of_the_index_are_known() -> None:
    assert fulltext.is_index_table("search_documents")
    assert fulltext.is_index_table("search_documents_docsize")
    assert not fulltext.is_index_table("lessons")
    assert not fulltext.is_index_table(None)


@pytest.mark.parametrize("words", [["the"], ["a"], ["the", "a"], ["them", "b"], ["2a"], ["é", "the"], ["é"]])
@pytest.mark.parametrize("value", ["the other", "THE the_them _the_ the", "bathe a_b a b", "2a 2ab ™2a “the” the…", ""])
def test_plain_texts_show_the_same_words_as_others(words: list[str], value: str) -> None:
    whole, begun = frozenset(words), words[-1] if len(words[-1]) > 1 else ""
    plainly, carefully = (list(fulltext._places(text, whole, begun)) for text in (value, f"{value} ß"))
    assert plainly == carefully
