"""What comes in about lessons: text in, clean values or messages beside the fields out."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, cast

from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import AnyOf, InputRequired, Length, Optional, ValidationError
from wtforms.widgets import CheckboxInput, HiddenInput, ListWidget

from peerlearn.core import copied, files
from peerlearn.core.errors import NotValid
from peerlearn.lessons import rules
from peerlearn.lessons.models import Topic

_ = cast(Callable[[str], str], lazy_gettext)  # forms are made at import, translated when shown

COLOURS = (
    _("Red"),
    _("Orange"),
    _("Gold"),
    _("Olive"),
    _("Green"),
    _("Sea green"),
    _("Teal"),
    _("Sky blue"),
    _("Blue"),
    _("Violet"),
    _("Purple"),
    _("Pink"),
)  # the twelve steps of the look, a twelfth of the colour circle each
_DRAFT = re.compile(r"[a-z0-9-]{1,60}")
NOTES = copied.MAX_CHARS
SIZES = {files.MAX_SIDE: _("As large as it is useful"), 800: _("Medium"), 400: _("Small")}
NEEDED = InputRequired(_("Please fill this in."))
ICONS = (
    "book-open",
    "briefcase",
    "bug",
    "calendar-clock",
    "chart-column",
    "clipboard-check",
    "code",
    "compass",
    "database",
    "file-text",
    "globe",
    "graduation-cap",
    "headphones",
    "headset",
    "heart",
    "key-round",
    "languages",
    "lightbulb",
    "lock",
    "mail",
    "message-circle",
    "message-circle-heart",
    "network",
    "palette",
    "pen-line",
    "presentation",
    "puzzle",
    "rocket",
    "scale",
    "settings",
    "shield-check",
    "table",
    "table-2",
    "target",
    "users",
    "workflow",
    "wrench",
    "zap",
)


class Form(FlaskForm):
    """A form with its token, as the type checker wants to see it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[no-untyped-call]

    def validate_on_submit(self, extra_validators: Any = None) -> bool:
        """Whether the form was sent and everything in it can be used."""
        return bool(super().validate_on_submit(extra_validators))  # type: ignore[no-untyped-call]


def blame(form: Form, error: NotValid) -> None:
    """Put the messages of a refusal beside the fields they are about, the others on top of the form."""
    for name, messages in (error.fields or {"": [error.message]}).items():
        words = [gettext(message, **error.values) for message in messages]
        if name in form._fields:
            form._fields[name].errors = [*form._fields[name].errors, *words]
        else:
            form.form_errors = [*form.form_errors, *words]


class StartForm(Form):
    """What a new lesson is about."""

    title = StringField(
        _("Title"),
        [
            NEEDED,
            Length(
                rules.POLICY.title_minimum,
                rules.POLICY.title_maximum,
                message=_("Use 8 to 80 characters, so that it says something and fits into a list."),
            ),
        ],
        description=_("What can a colleague do afterwards? You can change it later."),
    )
    topic = SelectField(_("Topic"), coerce=int, validate_choice=True)
    kind = RadioField(_("Kind of lesson"), default=str(rules.Kind.HOW_TO))

    def offer(self, topics: Sequence[Topic]) -> None:
        """Let people choose among these topics and all kinds."""
        self.topic.choices = [SelectChoice(topic.id, topic.name) for topic in topics]
        self.kind.choices = [
            SelectChoice(str(kind), f"{gettext(title)}: {gettext(rules.KIND_PURPOSES[kind])}")
            for kind, title in rules.KIND_TITLES.items()
        ]


class NotesForm(StartForm):
    """Notes that become a lesson."""

    notes = TextAreaField(
        _("Notes"),
        [NEEDED, Length(max=NOTES, message=_("This is too long for one lesson. Use a part of it."))],
        description=_("Paste what you have: from a document, a page, a chat or a mail. Headings become cards."),
    )


class EditForm(Form):
    """The text of a lesson, and what it was typed over: that text and its version."""

    source = TextAreaField(_("The lesson"))
    base = TextAreaField()
    base_version = IntegerField(widget=HiddenInput(), default=0)
    published = IntegerField(widget=HiddenInput())  # what a draft is put together with, if not with another draft
    draft = HiddenField()
    checked = SelectMultipleField(choices=[], validate_choice=False)

    @property
    def text(self) -> str:
        """What was typed."""
        return self.source.data or ""

    @property
    def marks(self) -> frozenset[str]:
        """The questions that the author says to have checked."""
        return frozenset(self.checked.data or ())

    @property
    def base_text(self) -> str | None:
        """What it was typed over; None when the form does not tell."""
        return self.base.data

    @property
    def kept(self) -> str | None:
        """The name under which a device keeps this text until it is told that it is safe here."""
        return self.draft.data if _DRAFT.fullmatch(self.draft.data or "") else None


class PictureForm(Form):
    """A picture and what it shows."""

    picture = FileField(_("Picture"), description=_("PNG, JPEG, WebP or GIF, up to 4 MB."))
    alt = StringField(
        _("What it shows"),
        [
            InputRequired(_("Say in a few words what the picture shows.")),
            Length(max=300, message=_("Use at most 300 characters.")),
        ],
        description=_("For colleagues who cannot see it, and for slow connections. Name what matters in it."),
    )
    side = SelectField(
        _("Size"),
        choices=[SelectChoice(str(side), title) for side, title in SIZES.items()],
        default=str(files.MAX_SIDE),
    )
    left = IntegerField(_("Left"), [Optional()], default=0)
    top = IntegerField(_("Top"), [Optional()], default=0)
    right = IntegerField(_("Right"), [Optional()], default=0)
    bottom = IntegerField(_("Bottom"), [Optional()], default=0)

    @property
    def cut(self) -> files.Cut:
        """What is cut off at each side."""
        return files.Cut(self.left.data or 0, self.top.data or 0, self.right.data or 0, self.bottom.data or 0)

    def validate_side(self, field: SelectField) -> None:
        """Something of the picture is left."""
        if not self.cut.leaves_enough:
            raise ValidationError(_("Leave at least a tenth of the picture each way."))


class QuestionsForm(Form):
    """A file of questions."""

    file = FileField(_("File"), description=_("Moodle XML, GIFT, QTI, XLSX or CSV, up to 6 MB."))


class AuthorForm(Form):
    """A colleague who writes along."""

    email = StringField(_("Mail address of a colleague"), [NEEDED, Length(max=320, message=_("This is too long."))])


class TopicForm(Form):
    """A topic."""

    name = StringField(_("Name"), [NEEDED, Length(2, 60, message=_("Use 2 to 60 characters."))])
    description = StringField(_("Description"), [Optional(), Length(max=200, message=_("Use at most 200 characters."))])
    icon = SelectField(
        _("Icon"), choices=[SelectChoice(name, name.replace("-", " ")) for name in ICONS], default="book-open"
    )
    hue = RadioField(
        _("Colour"),
        [AnyOf([str(30 * step) for step in range(len(COLOURS))], message=_("Choose a colour."))],
        choices=[SelectChoice(str(30 * step), name) for step, name in enumerate(COLOURS)],
        validate_choice=False,
        default="210",
    )
    importance = SelectField(
        _("How surely it must be remembered"),
        choices=[SelectChoice(slug, _(title)) for slug, title in rules.IMPORTANCE_TITLES.items()],
        default="ordinary",
    )


class TopicChangeForm(TopicForm):
    """A topic that exists."""

    is_active = BooleanField(_("Lessons can be written for this topic"))


class AudienceForm(Form):
    """Who a lesson is for."""

    classification = RadioField(_("It is"))
    teams = SelectMultipleField(_("Teams"), widget=ListWidget(prefix_label=False), option_widget=CheckboxInput())
    was = HiddenField()  # who it was for when the page was made

    def begin_at(self, now: str) -> None:
        """Refuse a choice that was made over another one than what stands there now; the next one is made over it."""
        if self.was.data and self.was.data != now:
            changed = gettext("Somebody changed who it is for since you opened this page. Look again, then save.")
            self.classification.errors = [*self.classification.errors, changed]
        self.was.data = now

    def offer(self, teams: Sequence[tuple[str, str]]) -> None:
        """Let people choose among all classes, each with what it means, and among these teams."""
        self.classification.choices = [
            SelectChoice(str(each), f"{gettext(title)}: {gettext(rules.CLASSIFICATION_MEANINGS[each])}")
            for each, title in rules.CLASSIFICATION_TITLES.items()
        ]
        self.teams.choices = [SelectChoice(slug, name) for slug, name in teams]

    def validate_teams(self, field: Any) -> None:
        """What is not for all names who it is for."""
        if self.classification.data in rules.FOR_SOME and not field.data:
            raise ValidationError(gettext("Choose at least one team: without that nobody could learn it."))

    @property
    def chosen(self) -> tuple[str, list[str]]:
        """The class and the teams; a lesson for all names none."""
        classification = str(self.classification.data)
        return classification, list(self.teams.data or ()) if classification in rules.FOR_SOME else []


class StateForm(Form):
    """A button that acts on a revision as it was seen."""

    version = HiddenField()
