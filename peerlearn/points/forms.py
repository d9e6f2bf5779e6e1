"""What comes in about points: a reason, as clean text or with a message beside the field."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from wtforms import TextAreaField
from wtforms.validators import Length

from peerlearn.core.errors import NotValid
from peerlearn.points import numbers, rules
from peerlearn.points.numbers import Number
from peerlearn.points.rule import Policy
from peerlearn.ui.fields import WholeNumberField

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


class NumberField(WholeNumberField):
    """A number of the rules."""

    def __init__(self, number: Number, **kwargs: Any) -> None:
        super().__init__(_(number.title), **kwargs)
        self.number = number
        self.flags.required = True


class _Numbers(Form):
    """The numbers of the rules that may be changed."""

    def values(self) -> dict[str, int | None]:
        """What was typed, by the name of the number."""
        return {name: getattr(self, name).data for name in numbers.BY_NAME}

    def fill(self, policy: Policy) -> None:
        """Show the numbers of a policy."""
        for number in numbers.NUMBERS:
            getattr(self, number.name).data = number.of(policy)

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether all fit their bounds and each other."""
        is_sound = bool(super().validate(extra_validators))
        found = numbers.problems(self.values())
        for name, (problem, bounds) in found.items():
            field = getattr(self, name)
            field.errors = [*field.errors, gettext(problem, **bounds)]
        return is_sound and not found


NumbersForm = type("NumbersForm", (_Numbers,), {number.name: NumberField(number) for number in numbers.NUMBERS})


class EffectForm(Form):
    """Putting numbers that were tried into effect."""

    reason = TextAreaField(
        _("Reason"),
        [_LENGTH],
        description=_("Everybody reads it in the rule book, beside what changes. 10 characters or more."),
    )


def blame(form: Form, error: NotValid) -> None:
    """Put the messages of a refusal beside the fields they are about."""
    for name, messages in error.fields.items():
        field = form._fields[name]
        field.errors = [*field.errors, *(gettext(message) for message in messages)]
