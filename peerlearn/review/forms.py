"""What comes in about reviews and reports: text in, clean values or messages beside the fields out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, cast

from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import Optional

from peerlearn.core.errors import NotValid
from peerlearn.quizzes.marks import clean
from peerlearn.review import actions, advice, advising, reporting, rules, trust
from peerlearn.review.rules import Place

_ = cast(Callable[..., str], lazy_gettext)  # forms are made at import, translated when shown
CARD, QUESTION = "card-", "question-"


class Form(FlaskForm):
    """A form of this feature, filled from the request that is under way unless told otherwise."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)  # type: ignore[no-untyped-call]


def blame(form: Form, error: NotValid) -> None:
    """Put the messages of a refusal beside the fields they are about, the others on top of the form."""
    for name, messages in (error.fields or {"": [error.message]}).items():
        words = [gettext(message, **error.values) for message in messages]
        if name in form._fields:
            form._fields[name].errors = [*form._fields[name].errors, *words]
        else:
            form.form_errors = [*form.form_errors, *words]


def offered(choices: Iterable[tuple[str, str]]) -> list[SelectChoice]:
    """Values and their words as a field offers them."""
    return [SelectChoice(value, words) for value, words in choices]


def _translated(choices: Mapping[Any, str]) -> list[SelectChoice]:
    return offered((str(key), _(words)) for key, words in choices.items())


def _rating(value: float) -> str:
    """A rating as people read it: `4.5`, or `4 · good`."""
    words = rules.RATING_WORDS.get(value)
    return _("%(rating)s · %(words)s", rating=f"{value:g}", words=_(words)) if words else f"{value:g}"


RATINGS = offered([("", _("not rated")), *((str(value), _rating(value)) for value in rules.RATINGS)])


def _rated(name: str, field_id: str | None = None) -> SelectField:
    return SelectField(
        _(rules.RUBRIC[name]),
        choices=RATINGS,
        description=_(rules.RUBRIC_HELP[name]),
        validate_choice=False,
        id=field_id,
    )


def _checked(name: str) -> RadioField:
    return RadioField(_(rules.CHECKLIST[name]), choices=_translated(rules.CHECK_ANSWERS), validate_choice=False)


def _seen(text: str | None) -> str:
    """Typed text without signs that nobody sees and no page can show."""
    return clean(text or "")


def _rubric(form: Form) -> dict[str, float]:
    known = {str(value): value for value in rules.RATINGS}
    return {name: known[form._fields[name].data] for name in rules.RUBRIC if form._fields[name].data in known}


class RemarkForm(Form):
    """A remark on a line, a question or the whole."""

    severity = RadioField(
        _("What kind of remark"),
        choices=_translated(rules.SEVERITY_TITLES),
        default="note",
        validate_choice=False,
    )
    line_from = IntegerField(_("From line"), [Optional()])
    line_to = IntegerField(_("To line"), [Optional()])
    question = SelectField(_("Question"), choices=[], validate_choice=False)
    text = TextAreaField(_("Your remark"), filters=[_seen])
    replacement = TextAreaField(_("What should stand there instead"), filters=[_seen])

    def words(self) -> actions.Words:
        """The remark that was typed. Raises NotValid; rendering may take a moment."""
        if not self.validate():
            raise NotValid(fields={"": []})
        first, last = self.line_from.data, self.line_to.data
        severity = str(self.severity.data or "")
        replacement = None
        if severity == rules.Severity.SUGGESTION:
            replacement = actions.clean_replacement(self.replacement.data or "")
        place = Place(first if first is not None else last, last if last is not None else first, question=self._asked())
        return actions.Words(severity, place, actions.written(self.text.data or ""), replacement)

    def _asked(self) -> str | None:
        return (self.question.data or None) and str(self.question.data)


class DecisionForm(Form):
    """Rubric, checklist and words for the authors. Which of them are needed depends on the decision."""

    version = HiddenField()
    correct = _rated("correct")
    clear = _rated("clear")
    useful = _rated("useful")
    quiz = _rated("quiz")
    check_facts = _checked("facts")
    check_safe = _checked("safe")
    check_one_idea = _checked("one_idea")
    check_sources = _checked("sources")
    check_questions = _checked("questions")
    check_accessible = _checked("accessible")
    may_be_longer = BooleanField(_("It may be longer than ten minutes"))
    is_its_own = BooleanField(_("It is a lesson of its own"))
    comment = TextAreaField(_("Words for the authors"), filters=[_seen])
    goes_live_on = DateField(_("Publish on"), [Optional()])
    reason = SelectField(
        _("Why it cannot be accepted"),
        choices=[SelectChoice("", _("Choose a reason")), *_translated(rules.REJECT_REASONS)],
        validate_choice=False,
    )

    def judgement(self) -> actions.Judgement:
        """What was filled in; what is not a rating or an answer counts as left out."""
        checks = {name: str(self._fields[f"check_{name}"].data) for name in rules.CHECKLIST}
        checklist = {name: value for name, value in checks.items() if value in rules.CHECK_ANSWERS}
        said = bool(self.may_be_longer.data), bool(self.is_its_own.data)
        return actions.Judgement(_rubric(self), checklist, self.comment.data or "", *said)

    @property
    def day(self) -> date | None:
        """The day on which it shall go live; None when none was typed that exists."""
        return self.goes_live_on.data

    @property
    def seen_version(self) -> int | None:
        """The version of the review that the page showed."""
        text = str(self.version.data or "")
        return int(text) if text.isdecimal() and len(text) < 10 else None


class AdviceForm(Form):
    """What a colleague who knows the topic thinks of a lesson."""

    correct = _rated("correct", "advice-correct")
    clear = _rated("clear", "advice-clear")
    useful = _rated("useful", "advice-useful")
    quiz = _rated("quiz", "advice-quiz")
    advice = RadioField(_("What would you do?"), choices=_translated(advice.ADVICE), validate_choice=False)
    text = TextAreaField(_("Words for the curator"), filters=[_seen])

    def given(self) -> advising.Given:
        """What was filled in; what is not a rating counts as left out."""
        return advising.Given(_rubric(self), str(self.advice.data or ""), self.text.data or "")


class RatingForm(Form):
    """The four ratings alone."""

    correct = _rated("correct", "known-correct")
    clear = _rated("clear", "known-clear")
    useful = _rated("useful", "known-useful")
    quiz = _rated("quiz", "known-quiz")

    def rubric(self) -> dict[str, float]:
        """What was rated."""
        return _rubric(self)


class CalibrationForm(RatingForm):
    """The four ratings, and what one would do."""

    advice = RadioField(_("What would you do?"), choices=_translated(advice.ADVICE), validate_choice=False)


class AuditForm(Form):
    """What a curator found in a small edit."""

    verdict = RadioField(_("What did you find?"), choices=_translated(trust.VERDICTS), validate_choice=False)
    reason = TextAreaField(_("Why"), filters=[_seen])


class SecondLookForm(AuditForm):
    """What a curator found in a lesson that another one approved."""

    verdict = RadioField(_("What did you find?"), choices=_translated(trust.VERDICTS_AGAIN), validate_choice=False)


class StandingForm(Form):
    """What should happen to a published lesson, and why."""

    version = HiddenField()
    reason = TextAreaField(_("Why"), filters=[_seen])

    @property
    def seen_version(self) -> int | None:
        """The version of the lesson that the page showed."""
        return number_in(str(self.version.data or ""))


class JoinForm(Form):
    """Which lesson stays when two say the same, and why."""

    version = HiddenField()
    into = RadioField(_("Which lesson stays?"), validate_choice=False)
    address = StringField(_("Or the address of another lesson"), filters=[_seen])
    reason = TextAreaField(_("Why"), filters=[_seen])

    @property
    def seen_version(self) -> int | None:
        """The version of the lesson that the page showed."""
        return number_in(str(self.version.data or ""))

    @property
    def target(self) -> int | str:
        """The lesson that stays: its id, or the address that was typed."""
        return str(self.address.data or "").strip() or number_in(str(self.into.data or "")) or ""


def number_in(text: str) -> int | None:
    """A number that a form brings back."""
    return int(text) if text.isdecimal() and len(text) < 10 else None


class AppealForm(Form):
    """Why another curator should look."""

    text = TextAreaField(_("Why another curator should look"), filters=[_seen])


class RecusalForm(Form):
    """Whose work somebody leaves to others."""

    email = StringField(_("Mail address of a colleague"), filters=[_seen])


class DeclineForm(Form):
    """Why a curator leaves a review to others."""

    reason = RadioField(_("Why"), choices=_translated(rules.DECLINE_REASONS), validate_choice=False)


class ReplyForm(Form):
    """An author's answer to a remark."""

    reply = StringField(_("Your answer"), filters=[_seen])
    done = BooleanField(_("This is done"))


class ReportForm(Form):
    """What is wrong with a lesson, and where."""

    kind = RadioField(_("What is wrong?"), choices=_translated(rules.REPORT_KINDS), validate_choice=False)
    place = SelectField(_("Where?"), choices=[], validate_choice=False)
    text = TextAreaField(_("What did you notice?"), filters=[_seen])
    hide_name = BooleanField(_("Do not show my name to the authors"))

    def problem(self) -> reporting.Problem:
        """The report that was typed. Raises NotValid; rendering may take a moment."""
        place = str(self.place.data or "")
        card, question = None, None
        if place.startswith(CARD) and place.removeprefix(CARD).isdecimal() and len(place) < 10:
            card = int(place.removeprefix(CARD))
        elif place.startswith(QUESTION):
            question = place.removeprefix(QUESTION)
        elif place:
            raise NotValid(rules.NO_PLACE, fields={"place": [rules.NO_PLACE]})
        words = actions.written(self.text.data or "", rules.POLICY.report_text_maximum)
        return reporting.Problem(str(self.kind.data or ""), card, question, words, bool(self.hide_name.data))


class AnswerForm(Form):
    """A curator's answer to a report."""

    answer = TextAreaField(_("Your answer"), filters=[_seen])
