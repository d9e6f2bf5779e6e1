"""What comes in about points: a reason, as clean text or with a message beside the field."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from wtforms import TextAreaField
from wtforms.validators import Length

from peerlearn.core.errors import NotValid
from peerlearn.points import rules

_ = cast(Callable[[str], str], lazy_gettext)  # forms are made at import, translated when shown

_LENGTH = Length(max=rules.NOTE_MAXIMUM, message=_("Use at most 500 characters."))


class Form(FlaskForm):
    """A form as the type checker wants to see it."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]

    def is_sent(self) -> bool:
        """Whether the form was sent and its fields can be used."""
        return bool(self.validate_on_submit())  # type: ignore[no-untyped-call]


class DecisionForm(Form):
    """A decision about held points."""

    note = TextAreaField(
        _("Reason"),
        [_LENGTH],
        description=_("The person reads it. Needed when you do not release the points, 10 characters or more."),
    )


class ReversalForm(Form):
    """Taking an entry back."""

    reason = TextAreaField(
        _("Reason"),
        [_LENGTH],
        description=_("The person reads it beside the entry. 10 characters or more."),
    )


class AppealForm(Form):
    """What a decision about one's points overlooked."""

    text = TextAreaField(
        _("Your reason"),
        [_LENGTH],
        description=_("What did the decision overlook? 20 to 500 characters. Whoever looks again reads it."),
    )


class AppealDecisionForm(Form):
    """A decision about an appeal."""

    note = TextAreaField(
        _("Reason"),
        [_LENGTH],
        description=_("The person reads it. Needed when the decision stays, 10 characters or more."),
    )


def blame(form: Form, error: NotValid) -> None:
    """Put the messages of a refusal beside the fields they are about."""
    for name, messages in error.fields.items():
        field = form._fields[name]
        field.errors = [*field.errors, *(gettext(message) for message in messages)]
