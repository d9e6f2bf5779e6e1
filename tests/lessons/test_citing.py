"""The addresses that a lesson cites: which they are, and when two of them are one."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from peerlearn.core.db import db
from peerlearn.lessons import citing
from peerlearn.lessons.models import Lesson, LessonLink
from tests import factories


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("https://a.example/Path", "https://a.example/Path"),
        (" HTTPS://A.Example/Path ", "https://a.example/Path"),
        ("https://a.example", "https://a.example/"),
        ("https://a.example./x", "https://a.example/x"),
        ("https://a.example:443/x", "https://a.example/x"),
        ("http://a.example:80/x", "http://a.example/x"),
        ("http://a.example:443/x", "http://a.example:443/x"),
        ("https://a.example:8443/x", "https://a.example:8443/x"),
        ("https://a.example/x#part-2", "https://a.example/x"),
        ("https://a.example/x?b=1&a=2#y", "https://a.example/x?b=1&a=2"),
        ("https://a.example/x?", "https://a.example/x"),
        ("https://me:secret@a.example/x", "https://a.example/x"),
        ("http://[2001:DB8::1]:8080/x", "http://[2001:db8::1]:8080/x"),
        ("http://a.example/x", "http://a.example/x"),  # not the same as with https
        ("https://a.example/x/", "https://a.example/x/"),
        ("ftp://a.example/x", ""),
        ("/lessons/another", ""),
        ("a.example/x", ""),
        ("mailto:me@a.example", ""),
        ("javascript:alert(1)", ""),
        ("https://", ""),
        ("https://a.example:port/", ""),
        ("https://[broken/", ""),
        ("https://a b.example/", ""),
        ("https://a.example/" + "x" * 982, "https://a.example/" + "x" * 982),
        ("https://a.example/" + "x" * 983, ""),
        ("", ""),
    ],
)
def test_an_address_has_one_form(typed: str, meant: str) -> None:
    assert citing.normal(typed) == meant
    assert citing.normal(meant) == meant


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("See [the rules](https://a.example/rules).", ["https://a.example/rules"]),
        ("See [the rules](<https://a.example/rules> 'Title').", ["https://a.example/rules"]),
        ("See https://a.example/rules, and (https://b.example/).", ["https://a.example/rules", "https://b.example/"]),
        ("<https://a.example/rules>", ["https://a.example/rules"]),
        ("[rules]: https://a.example/rules", ["https://a.example/rules"]),
        ("https://a.example/wiki/Mercury_(planet)", ["https://a.example/wiki/Mercury_(planet)"]),
        ("(see https://a.example/wiki/Mercury_(planet))", ["https://a.example/wiki/Mercury_(planet)"]),
        ("**https://a.example/rules**", ["https://a.example/rules"]),
        ("[https://a.example](https://a.example)", ["https://a.example/"]),
        ('sources:\n  - "https://a.example/rules"\n  - https://A.example/rules#2', ["https://a.example/rules"]),
        ("Call `curl https://a.example/api` first.", []),
        ("```\ncurl https://a.example/api\n```\nhttps://b.example/x", ["https://b.example/x"]),
        ("| https://a.example/x | y |", ["https://a.example/x"]),
        ("[another](/lessons/another)", []),
        ("Nothing.", []),
    ],
)
def test_what_a_text_cites(text: str, found: list[str]) -> None:
    assert list(citing.cited(text)) == found


def test_a_text_with_very_many_addresses_keeps_the_first() -> None:
    text = "\n".join(f"https://a.example/{number}" for number in range(citing.MOST + 1))
    assert citing.cited(text)[-1] == f"https://a.example/{citing.MOST - 1}"


def test_a_long_address_is_short_in_a_sentence() -> None:
    assert citing.short("x" * 80) == "x" * 80
    assert citing.short("x" * 81) == "x" * 79 + "…"


def links_of(lesson: Lesson) -> set[str]:
    rows = db.session.execute(select(LessonLink.key, LessonLink.link).where(LessonLink.lesson_id == lesson.id)).all()
    assert all(key == citing.key_of(link) for key, link in rows)
    return {link for _, link in rows}


def test_what_is_published_is_what_is_cited(app: Any, statements: list[str]) -> None:
    one, two = "https://a.example/one", "https://a.example/two"
    author = factories.person()
    lesson, waiting = factories.reviewed_lesson(author, factories.topic(), front=factories.cites(one))
    assert links_of(lesson) == set()
    factories.approve(waiting, factories.person(roles=factories.curator_of(waiting.topic_id)))
    assert links_of(lesson) == {one}
    statements.clear()
    factories.republish(lesson, lambda text: text.replace("Then show", "Now show"))
    assert links_of(lesson) == {one}
    assert not [statement for statement in statements if "lesson_links" in statement and "SELECT" not in statement]
    factories.republish(
        lesson, lambda text: text.replace(one, two).replace("Then show", f"See [it]({two}#b). Then show")
    )
    assert links_of(lesson) == {two}
    factories.republish(lesson, lambda text: text.replace(two, "a book"))
    assert links_of(lesson) == set()
