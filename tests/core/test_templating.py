"""The quick template engine says the same as Jinja's own."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask_babel import get_translations
from jinja2 import DictLoader, UndefinedError

from peerlearn.core import templating


@pytest.fixture
def small(app: Flask) -> Callable[..., str]:
    """Renders one of some templates in an environment made like the application's."""
    env = templating.Environment(app, undefined=app.jinja_env.undefined, autoescape=True)
    env.globals.update(organisation="Ours")
    env.loader = DictLoader(
        {
            "parts.html": "{% macro name(text) %}{{ text }} of {{ organisation }}{% endmacro %}",
            "page.html": "{% from 'parts.html' import name %}{{ name(who) }}",
            "hidden.html": "{% macro peek() %}{{ who }}{% endmacro %}",
            "curious.html": "{% from 'hidden.html' import peek %}{{ peek() }}",
        }
    )
    return lambda template, **values: env.get_template(template).render(**values)


def test_imported_macros_know_the_global_names(small: Callable[..., str]) -> None:
    assert small("page.html", who="<Ann>") == "&lt;Ann&gt; of Ours"
    assert small("page.html", who="Bo") == "Bo of Ours"


def test_imported_macros_do_not_see_what_a_page_was_given(small: Callable[..., str]) -> None:
    with pytest.raises(UndefinedError):
        small("curious.html", who="Ann")


def test_texts_are_escaped_and_take_values(app: Flask) -> None:
    page = app.jinja_env.from_string(
        "{{ _('Hello %(name)s & co', name=name) }}{{ ngettext('%(num)s x', '%(num)s y', 2) }}"
    )
    with app.test_request_context("/"):
        assert page.render(name="<Ann>") == "Hello &lt;Ann&gt; & co2 y"


def test_the_language_is_asked_once_a_request(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    monkeypatch.setattr(templating, "get_translations", lambda: asked.append(1) or get_translations())
    page = app.jinja_env.from_string("{{ _('One') }}{{ _('Two') }}")
    for _number in range(2):
        with app.test_request_context("/"):
            templating._forget(app)
            page.render()
    assert len(asked) == 2
