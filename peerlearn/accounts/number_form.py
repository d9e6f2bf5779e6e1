"""The numbers of an organisation as a form: one field for each that a feature offers."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext
from flask_wtf import FlaskForm

from peerlearn.accounts import numbers
from peerlearn.accounts.numbers import Held
from peerlearn.ui.fields import WholeNumberField


class NumbersForm(FlaskForm):
    """The numbers that may be set."""

    def values(self) -> dict[str, int | None]:
        """What was typed, by the name of the number."""
        return {name: self[name].data for name in numbers.offered()}

    def is_sent(self) -> bool:
        """Whether the form was sent and its numbers can be used."""
        return bool(self.validate_on_submit())  # type: ignore[no-untyped-call]

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether all fit their bounds and each other."""
        is_sound = bool(super().validate(extra_validators))
        found = numbers.problems(self.values())
        for name, (problem, values) in found.items():
            words = {key: gettext(value) if isinstance(value, str) else value for key, value in values.items()}
            self[name].errors = [*self[name].errors, gettext(problem, **words)]
        return is_sound and not found


def form_of(held: Held) -> NumbersForm:
    """The form, showing what holds until something was sent. Features offer their numbers after this was imported."""
    known = numbers.offered()
    fields = {name: WholeNumberField(gettext(number.title)) for name, number in known.items()}
    made: type[NumbersForm] = type("Numbers", (NumbersForm,), fields)
    form = made(data={name: held.of(number) for name, number in known.items()})
    for name in known:
        form[name].flags.required = True
    return form
