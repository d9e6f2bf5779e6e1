"""One form with every kind of field, for the portfolio."""

from __future__ import annotations

from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    EmailField,
    FileField,
    Form,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    validators,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]

from peerlearn.core.words import N_

ACCENTS = [
    SelectChoice("blue", N_("Blue")),
    SelectChoice("gold", N_("Gold")),
    SelectChoice("grey", N_("Grey")),
]


class SampleForm(Form):
    """What a person could be asked for, in every kind of control."""

    title = StringField(N_("Title"), [validators.InputRequired()], description=N_("Eight to eighty letters."))
    email = EmailField(
        N_("E-mail"),
        [validators.InputRequired(), validators.Email(message=N_("Please write it like mara@example.org."))],
    )
    body = TextAreaField(N_("Text"), description=N_("Plain words, short lines."))
    accent = SelectField(N_("Colour"), choices=ACCENTS)
    shape = RadioField(N_("Form"), choices=ACCENTS)
    picture = FileField(N_("Picture"))
    agreed = BooleanField(N_("Tell me when it is done"), description=N_("By mail, once."))


def sample_form(prefix: str) -> SampleForm:
    """The form as somebody sent it: one field is right, one is wrong, the rest is empty."""
    sent = {
        f"{prefix}-title": "Three lines that help",
        f"{prefix}-email": "mara",
        f"{prefix}-shape": "gold",
        f"{prefix}-accent": "blue",
    }
    form = SampleForm(MultiDict(sent), prefix=prefix)
    form.validate()
    return form
