"""What comes in about what a team needs."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, cast

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import SelectMultipleField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.widgets import CheckboxInput, ListWidget

from peerlearn.lessons.models import Topic

_ = cast(Callable[[str], str], lazy_gettext)  # forms are made at import, translated when shown


class NeedsForm(FlaskForm):
    """Topics to choose from; those that were retired cannot be chosen."""

    topics = SelectMultipleField(
        _("Topics"), coerce=int, widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )

    def __init__(self, offered: Iterable[Topic], **values: Any) -> None:
        super().__init__(**values)  # type: ignore[no-untyped-call]
        self.topics.choices = [SelectChoice(topic.id, topic.name) for topic in offered]

    def validate_on_submit(self, extra_validators: Any = None) -> bool:
        """Whether the form was sent and everything in it can be used."""
        return bool(super().validate_on_submit(extra_validators))  # type: ignore[no-untyped-call]
