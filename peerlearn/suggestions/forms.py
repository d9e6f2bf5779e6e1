"""What comes in about suggestions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from wtforms import BooleanField, TextAreaField

from peerlearn.core.errors import NotValid
from peerlearn.suggestions.actions import Words

_ = cast(Callable[..., str], lazy_gettext)  # forms are made at import, translated when shown


class Form(FlaskForm):
    """A form with its token, as the type checker wants to see it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)  # type: ignore[no-untyped-call]

    def blame(self, error: NotValid) -> None:
        """Put the messages of a refusal beside the fields they are about."""
        for name, messages in error.fields.items():
            words = [gettext(message, **error.values) for message in messages]
            field = self._fields.get(name) or next(iter(self._fields.values()))
            field.errors = [*field.errors, *words]


class SuggestForm(Form):
    """The card or question as it should be."""

    new = TextAreaField(_("How it should be"))
    why = TextAreaField(_("Why?"))
    is_named = BooleanField(_("Thank me by name on the lesson, if it is taken over"))

    @property
    def words(self) -> Words:
        """What was filled in."""
        return Words(self.new.data or "", self.why.data or "", bool(self.is_named.data))


class HandForm(Form):
    """What somebody made of a suggestion and a text that changed since."""

    text = TextAreaField(_("How it should be now"))


class DeclineForm(Form):
    """Why a suggestion is not taken over."""

    reason = TextAreaField(_("Why not?"))
