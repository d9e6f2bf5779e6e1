"""What comes in about requests."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, cast

from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from wtforms import SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]

from peerlearn.core.errors import NotValid
from peerlearn.lessons.models import Topic

_ = cast(Callable[..., str], lazy_gettext)  # forms are made at import, translated when shown
UNSURE = 0


class Form(FlaskForm):
    """A form with its token, as the type checker wants to see it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)  # type: ignore[no-untyped-call]

    def validate_on_submit(self, extra_validators: Any = None) -> bool:
        """Whether the form was sent and everything in it can be used."""
        return bool(super().validate_on_submit(extra_validators))  # type: ignore[no-untyped-call]

    def blame(self, error: NotValid) -> None:
        """Put the messages of a refusal beside the fields they are about."""
        for name, messages in error.fields.items():
            words = [gettext(message, **error.values) for message in messages]
            self._fields[name].errors = [*self._fields[name].errors, *words]


def _choices(topics: Iterable[Topic]) -> list[SelectChoice]:
    return [SelectChoice(topic.id, topic.name) for topic in topics]


class AskForm(Form):
    """What somebody wants to be able to do."""

    title = StringField(_("What do you want to be able to do?"))
    topic = SelectField(_("Topic"), coerce=int)
    why = TextAreaField(_("What for?"))

    def offer(self, topics: Sequence[Topic]) -> None:
        """Let people choose among these topics, or leave it open."""
        self.topic.choices = [SelectChoice(UNSURE, _("I am not sure")), *_choices(topics)]


class TakeForm(Form):
    """The topic that the lesson is filed under."""

    topic = SelectField(_("Topic"), coerce=int)

    def offer(self, topics: Sequence[Topic]) -> None:
        """Let people choose among these topics."""
        self.topic.choices = _choices(topics)


class AnswerForm(Form):
    """Which lesson answers a request."""

    lesson = StringField(_("Address of the lesson"))

    @property
    def slug(self) -> str:
        """The lesson that the address names."""
        address = (self.lesson.data or "").strip().split("?")[0].split("#")[0].rstrip("/")
        return address.rsplit("/", 1)[-1]


class CloseForm(Form):
    """Why a request is closed."""

    reason = StringField(_("Reason"))
