"""What came in from the pages of practice: an answer, and how somebody likes to practise."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, cast

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import BooleanField, SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired

from peerlearn.core.errors import NotValid
from peerlearn.core.words import N_
from peerlearn.practice import numbers
from peerlearn.practice.models import DailySet, PracticeChoice, SetQuestion
from peerlearn.practice.rules import POLICY
from peerlearn.quizzes.answering import Answer, Unreadable
from peerlearn.quizzes.kinds.registry import kind_of
from peerlearn.quizzes.question import Question

_ = cast(Callable[[str], str], lazy_gettext)  # forms are made at import, translated when shown


def read_answer(daily_set: DailySet, asked: SetQuestion, form: Mapping[str, Any]) -> Answer | Unreadable:
    """The answer to a question of a set."""
    question = Question.from_json(asked.version.body)
    return kind_of(question).read(question, daily_set.seed, form)


def read_label(form: Mapping[str, Any]) -> tuple[str, int]:
    """What a device says of an answer that it kept: what it calls it, and how many seconds ago it was given."""
    key, ago = form.get("key", ""), form.get("ago", "")
    if not re.fullmatch(r"[0-9a-f-]{36}", key) or not re.fullmatch(r"[0-9]{1,9}", ago):
        raise NotValid(N_("Something is missing from this answer. Please give it once more."))
    return key, int(ago)


class ChoiceForm(FlaskForm):
    """How somebody likes to practise."""

    size = SelectField(
        _("Questions a day"),
        coerce=int,
        choices=[SelectChoice(str(number), str(number)) for number in range(POLICY.least_size, POLICY.most_size + 1)],
        validators=[InputRequired(_("Choose a number from 3 to 10."))],
    )
    by_mail = BooleanField(_("Send me the day’s questions by mail on workdays"))

    @classmethod
    def of(cls, choice: PracticeChoice | None) -> ChoiceForm:
        """The form as it stands for a person."""
        return cls(size=choice.size if choice else numbers.policy().size, by_mail=bool(choice and choice.by_mail))
