"""The template engine at its quickest: what stays the same is worked out once, the language is asked once a request."""

from __future__ import annotations

from collections.abc import Callable, MutableMapping
from contextvars import ContextVar
from functools import lru_cache
from types import FunctionType, MethodType
from typing import Any

from flask import Flask, current_app, has_request_context, request
from flask.sansio.app import App
from flask.signals import request_started
from flask.templating import Environment as FlaskEnvironment
from flask_babel import get_locale, get_translations
from jinja2 import Template as JinjaTemplate
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from jinja2.runtime import Context as JinjaContext
from jinja2.runtime import Macro
from jinja2.utils import internalcode
from markupsafe import Markup

from peerlearn.core.remembered import PLAIN, Drawings, Remembered

KEPT = 4096
_spoken: ContextVar[Any] = ContextVar("spoken", default=None)


class Template(JinjaTemplate):
    """A template whose macros are made ready once: all templates know the same global names, so none needs its own.

    Macros of a template that calls itself `pure` are also drawn only once for the same arguments.
    """

    def _get_default_module(self, ctx: JinjaContext | None = None) -> Any:
        if self._module is None:
            module = self.make_module()
            environment: Any = self.environment
            if getattr(module, "pure", False) and not environment.auto_reload:
                for name, macro in vars(module).items():
                    if isinstance(macro, Macro):
                        setattr(module, name, Remembered(macro, environment.drawings, spoken))
            self._module = module
        return self._module


class Context(JinjaContext):
    """Jinja's context, but it asks macros and plain functions only once how they want to be called."""

    @internalcode
    def call(self, called: Any, /, *args: Any, **named: Any) -> Any:
        kind = type(called)
        if kind is Remembered or kind is Macro:
            taken = None
        elif kind is FunctionType or kind is MethodType:
            taken = getattr(called, "jinja_pass_arg", None)
            if taken is not None and taken is not ESCAPING:
                return super().call(called, *args, **named)
        else:
            return super().call(called, *args, **named)
        if named:
            named.pop("_loop_vars", None)
            named.pop("_block_vars", None)
        return called(*args, **named) if taken is None else called(self.eval_ctx, *args, **named)


class Environment(FlaskEnvironment):
    """Flask's environment, but a template takes the global names as they are when it is first loaded.

    Jinja chains the two mappings instead; walking that chain costs every page and every import of a macro.
    """

    template_class = Template
    context_class = Context

    def __init__(self, app: App, **options: Any) -> None:
        super().__init__(app, **options)
        self.drawings = Drawings()
        self.address: Callable[..., str] = lru_cache(maxsize=KEPT, typed=True)(_address)
        self.found: dict[str, JinjaTemplate] = {}

    def get_template(self, name: Any, parent: str | None = None, globals: Any = None) -> JinjaTemplate:  # noqa: A002
        """A template by its name; one that was found before is not looked for again."""
        known = self.found.get(name) if globals is None and type(name) is str else None
        if known is None:
            known = super().get_template(name, parent, globals)
            if globals is None and type(name) is str and not self.auto_reload:
                self.found[name] = known
        return known

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        return {**self.globals, **(d or {})}


def init_app(app: Flask) -> None:
    """Lend templates the quick `_` and `url_for`. Called when every feature has said its names."""
    env: Any = app.jinja_env
    env.globals.update(_=_gettext, gettext=_gettext, ngettext=_ngettext, url_for=url_for)
    request_started.connect(_forget, app)


def url_for(endpoint: str, **values: Any) -> str:
    """The address of a page, worked out once for the same values; only within a request, like every link of a page."""
    if not has_request_context() or endpoint[0] == "." or not PLAIN.issuperset(map(type, values.values())):
        return current_app.url_for(endpoint, **values)
    env: Any = current_app.jinja_env
    address: str = env.address(request.environ.get("SCRIPT_NAME", ""), endpoint, **values)
    return address


def _address(under: str, endpoint: str, /, **values: Any) -> str:
    return current_app.url_for(endpoint, **values)


def language() -> str:
    """The language of the request, as a page says it: for screen readers and hyphenation."""
    locale = get_locale()
    return locale.language if locale else "en"


def words(text: str) -> str:
    """A text in the language of the request."""
    said: str = spoken().ugettext(text)
    return said


@pass_eval_context
def _gettext(how: EvalContext, text: str, /, **values: Any) -> str:
    if not how.autoescape:
        return words(text) % values
    if not values:
        return _phrase(spoken(), text)
    return Markup(words(text)) % values  # noqa: S704  # nosec B704  # from the catalogue; values are escaped


@pass_eval_context
def _ngettext(how: EvalContext, one: str, many: str, number: int, /, **values: Any) -> str:
    said = spoken().ungettext(one, many, number)
    return (Markup(said) if how.autoescape else said) % {"num": number, **values}  # noqa: S704  # nosec B704


@lru_cache(maxsize=KEPT)
def _phrase(translations: Any, text: str) -> Markup:
    """A text without values, ready for a page."""
    return Markup(translations.ugettext(text)) % {}  # noqa: S704  # nosec B704  # from the catalogue, not from people


def spoken() -> Any:
    """The language of the request, as what translates into it."""
    found = _spoken.get()
    if found is None:
        found = get_translations()
        if has_request_context():
            _spoken.set(found)
    return found


def _forget(sender: Flask, **extra: object) -> None:
    _spoken.set(None)


ESCAPING: Any = getattr(_gettext, "jinja_pass_arg", None)
