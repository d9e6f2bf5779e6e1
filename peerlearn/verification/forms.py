"""What comes in about checks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from wtforms import DateField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from peerlearn.core.errors import NotValid

_ = cast(Callable[..., str], lazy_gettext)  # forms are made at import, translated when shown


class CheckForm(FlaskForm):
    """What the forms here have in common."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)  # type: ignore[no-untyped-call]

    def blame(self, error: NotValid) -> None:
        """Put the messages of a refusal beside the fields they are about."""
        for name, messages in error.fields.items():
            words = [gettext(message, **error.values) for message in messages]
            self._fields[name].errors = [*self._fields[name].errors, *words]


class ChangeForm(CheckForm):
    """When a source changed, and what."""

    changed_on = DateField(_("It changed on"), [InputRequired(_("Choose a day."))])
    note = TextAreaField(_("What changed"))


class OwnerForm(CheckForm):
    """Who carries a lesson on."""

    email = StringField(
        _("Mail address of a colleague"),
        [InputRequired(_("Write the address of a colleague.")), Length(max=320, message=_("This is too long."))],
    )
