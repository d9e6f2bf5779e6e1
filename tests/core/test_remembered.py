"""Components drawn once: never the wrong markup, the wrong language or the wrong person."""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest
from flask import Flask
from flask_babel import support
from jinja2 import DictLoader
from markupsafe import Markup

from peerlearn.core import remembered, templating
from peerlearn.core.remembered import Remembered

PARTS = """{%- set pure = true -%}
{%- macro badge(label, number=0, parts=()) -%}
{{ seen(label) }}<b>{{ label }}</b>{{ number }}{% for part in parts %}{{ part }}{% endfor -%}
{% if caller is defined %}{{ caller() }}{% endif %}
{%- endmacro -%}
{%- macro greeting(name) -%}{{ seen(name) }}{{ _("Hello") }} {{ name }}{%- endmacro -%}"""


class Pair(NamedTuple):
    """Two words."""

    one: str
    two: str


@pytest.fixture
def seen() -> list[Any]:
    """What was really drawn."""
    return []


@pytest.fixture
def parts(app: Flask, seen: list[Any]) -> Any:
    """The macros above, as a template that imports them gets them."""
    env: Any = templating.Environment(app, autoescape=True, auto_reload=False)
    env.globals.update(app.jinja_env.globals, seen=lambda what: seen.append(what) or "")
    env.loader = DictLoader({"parts.html": PARTS})
    with app.test_request_context("/"):
        yield env.get_template("parts.html")._get_default_module()


def test_the_same_is_drawn_once(parts: Any, seen: list[Any]) -> None:
    assert isinstance(parts.badge, Remembered)
    assert parts.badge("Ann", number=2) == parts.badge("Ann", number=2) == "<b>Ann</b>2"
    assert seen == ["Ann"]


def test_two_people_never_get_each_others_drawing(parts: Any) -> None:
    assert [parts.greeting(name) for name in ("Ann", "Bo", "Ann")] == ["Hello Ann", "Hello Bo", "Hello Ann"]
    assert parts.badge("Ann", number=1) != parts.badge("Ann", number=2)


def test_two_languages_never_get_each_others_drawing(parts: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    german = support.NullTranslations()
    german.ugettext = {"Hello": "Hallo"}.get  # type: ignore[method-assign]
    assert parts.greeting("Ann") == "Hello Ann"
    token = templating._spoken.set(german)
    assert parts.greeting("Ann") == "Hallo Ann"
    templating._spoken.reset(token)
    assert parts.greeting("Ann") == "Hello Ann"


@pytest.mark.security
def test_markup_never_stands_for_text(parts: Any) -> None:
    trusted = parts.badge(Markup("<i>x</i>"))
    assert trusted == "<b><i>x</i></b>0"
    assert parts.badge("<i>x</i>") == "<b>&lt;i&gt;x&lt;/i&gt;</b>0"
    assert parts.badge("a", parts=(Markup("<i>"),)) == "<b>a</b>0<i>"
    assert parts.badge("a", parts=("<i>",)) == "<b>a</b>0&lt;i&gt;"
    assert parts.badge("a", parts=["<i>"]) == "<b>a</b>0&lt;i&gt;"
    assert parts.badge("a", parts=Pair("<i>", "b")) == "<b>a</b>0&lt;i&gt;b"


def test_equal_numbers_of_other_types_are_drawn_apart(parts: Any) -> None:
    assert [str(parts.badge("a", number=n)) for n in (1, True, 1.0)] == ["<b>a</b>1", "<b>a</b>True", "<b>a</b>1.0"]


def test_what_may_change_is_drawn_anew(parts: Any, seen: list[Any]) -> None:
    class Thing:
        label = "one"

        def __str__(self) -> str:
            return self.label

    thing = Thing()
    assert parts.badge(thing) == "<b>one</b>0"
    thing.label = "two"
    assert parts.badge(thing) == "<b>two</b>0"
    assert parts.badge("a", caller=lambda: "inside") == "<b>a</b>0inside"
    assert len(seen) == 3


def test_room_is_bounded(parts: Any, seen: list[Any]) -> None:
    for number in range(remembered.DRAWINGS + 1):
        parts.greeting(str(number))
    parts.greeting("0")
    assert len(seen) == remembered.DRAWINGS + 2


def test_addresses_are_those_of_the_request(app: Flask) -> None:
    for _time in range(2):
        with app.test_request_context("/"):
            assert templating.url_for("learn.lesson", slug="a b") == "/lessons/a%20b"
        with app.test_request_context("/", environ_overrides={"SCRIPT_NAME": "/here"}):
            assert templating.url_for("learn.lesson", slug="a b") == "/here/lessons/a%20b"
            assert templating.url_for("learn.lesson", slug="a", _external=True).startswith("http")
