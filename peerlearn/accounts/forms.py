"""What comes in about accounts: text in, clean values or messages beside the fields out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any, cast

from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import (
    DateField,
    HiddenField,
    IntegerField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, HiddenInput, ListWidget

from peerlearn.accounts import rules
from peerlearn.accounts.models import Person
from peerlearn.core.errors import NotValid

_ = cast(Callable[[str], str], lazy_gettext)  # forms are made at import, translated when shown

NEEDED = InputRequired(_("Please fill this in."))
SHORT = Length(max=320, message=_("This is too long."))
NO_TEAM = 0
Pairs = Sequence[tuple[Any, str]]
WEEKDAYS: Pairs = (
    ("1", _("Monday")),
    ("2", _("Tuesday")),
    ("3", _("Wednesday")),
    ("4", _("Thursday")),
    ("5", _("Friday")),
    ("6", _("Saturday")),
    ("7", _("Sunday")),
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
        words = [gettext(message) for message in messages]
        if name in form._fields:
            form._fields[name].errors = [*form._fields[name].errors, *words]
        else:
            form.form_errors = [*form.form_errors, *words]


def _choices(pairs: Iterable[tuple[Any, str]]) -> list[Any]:
    """Values and their words, as a select field wants them."""
    return [SelectChoice(value, words) for value, words in pairs]


def _team_id(value: object) -> int | None:
    number = int(str(value or NO_TEAM))
    return number or None


class SignInForm(Form):
    """Address and password."""

    email = StringField(_("Mail address"), [NEEDED, SHORT])
    password = PasswordField(_("Password"), [NEEDED])
    next = HiddenField()


class AddressForm(Form):
    """An address to which something is sent."""

    email = StringField(_("Mail address"), [NEEDED, SHORT])


class NewPasswordForm(Form):
    """A new password."""

    password = PasswordField(
        _("New password"), [NEEDED], description=_("At least 10 characters. A few words in a row work well.")
    )


class ChangePasswordForm(NewPasswordForm):
    """The current password and a new one."""

    old = PasswordField(_("Current password"), [NEEDED])


class JoinForm(Form):
    """Name and password of somebody who was invited."""

    name = StringField(_("Your name"), [NEEDED, SHORT])
    password = PasswordField(
        _("Choose a password"), [NEEDED], description=_("At least 10 characters. A few words in a row work well.")
    )


class FirstRunForm(JoinForm):
    """The first administrator."""

    email = StringField(_("Mail address"), [NEEDED, SHORT])


class _VersionedForm(Form):
    version = IntegerField(widget=HiddenInput(), validators=[NEEDED])


class SettingsForm(_VersionedForm):
    """How a person appears and when they work."""

    name = StringField(_("Name"), [NEEDED, SHORT])
    timezone = SelectField(_("Time zone"), validate_choice=False)
    work_days = SelectMultipleField(
        _("Working days"),
        choices=_choices(WEEKDAYS),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        validators=[InputRequired(_("Choose at least one day."))],
    )
    language = SelectField(_("Language"), choices=_choices(rules.LANGUAGES.items()))
    board_mode = RadioField(_("How leaderboards show you"))
    alias = StringField(_("Alias"), [Optional(), SHORT])

    @property
    def values(self) -> dict[str, Any]:
        """What the action takes."""
        names = ("name", "timezone", "work_days", "language", "board_mode", "alias", "version")
        return {name: self.data[name] for name in names} | {"alias": self.alias.data or ""}

    @classmethod
    def of(cls, person: Person) -> SettingsForm:
        """The form as it stands for a person, with all there is to choose."""
        form = cls(
            name=person.name,
            timezone=person.next_timezone or person.timezone,
            work_days=list(person.work_days),
            language=person.language,
            board_mode=person.board_mode,
            alias=person.alias,
            version=person.version,
        )
        form._offer()
        return form

    def _offer(self) -> None:
        self.timezone.choices = _choices((name, name.replace("_", " ")) for name in rules.zone_names())
        self.board_mode.choices = _choices((mode, gettext(rules.BOARD_MODE_TITLES[mode])) for mode in rules.BOARD_MODES)


class DayField(DateField):
    """A date, as browsers send it."""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Read it, or say how dates are written."""
        try:
            self.data = date.fromisoformat(valuelist[0].strip()) if valuelist and valuelist[0].strip() else None
        except ValueError as error:
            self.data = None
            raise ValueError(gettext("Write the date as year-month-day, such as 2026-12-24.")) from error


class AbsenceForm(Form):
    """From when to when somebody is away."""

    first_day = DayField(_("First day"), [NEEDED])
    last_day = DayField(_("Last day"), [NEEDED])

    @property
    def values(self) -> dict[str, Any]:
        """What the action takes."""
        return {"first_day": self.first_day.data, "last_day": self.last_day.data}


class HolidayForm(Form):
    """A day on which nobody works."""

    day = DayField(_("Day"), [NEEDED])
    name = StringField(_("Name"), [NEEDED, SHORT])

    @property
    def values(self) -> dict[str, Any]:
        """What the action takes."""
        return {"day": self.day.data, "name": self.name.data}


class PersonForm(Form):
    """Somebody an administrator adds."""

    name = StringField(_("Name"), [NEEDED, SHORT])
    email = StringField(_("Mail address"), [NEEDED, SHORT])
    team_id = SelectField(_("Team"), coerce=int)

    def offer(self, teams: Sequence[tuple[int, str]]) -> None:
        """Fill in the teams that can be chosen."""
        self.team_id.choices = _choices([(NO_TEAM, gettext("No team")), *teams])

    @property
    def team(self) -> int | None:
        """The chosen team's id."""
        return _team_id(self.team_id.data)


class EditPersonForm(PersonForm, _VersionedForm):
    """Somebody an administrator changes."""

    timezone = SelectField(_("Time zone"), validate_choice=False)

    def offer(self, teams: Sequence[tuple[int, str]]) -> None:
        """Fill in the teams and time zones that can be chosen."""
        super().offer(teams)
        self.timezone.choices = _choices((name, name.replace("_", " ")) for name in rules.zone_names())

    @property
    def values(self) -> dict[str, Any]:
        """What the action takes."""
        names = ("name", "email", "timezone", "version")
        return {name: self.data[name] for name in names} | {"team_id": self.team}

    @classmethod
    def of(cls, person: Person) -> EditPersonForm:
        """The form as it stands for a person."""
        return cls(
            name=person.name,
            email=person.email,
            team_id=person.team_id or NO_TEAM,
            timezone=person.next_timezone or person.timezone,
            version=person.version,
        )


class RoleForm(Form):
    """A role to give, and for what."""

    role = HiddenField(validators=[NEEDED])
    scope = IntegerField(_("For"), [Optional()])
    reason = StringField(_("Why"))


class EraseForm(Form):
    """The name of whoever is to be erased, typed by hand."""

    typed = StringField(_("Type the name to confirm"), [NEEDED])


class TeamForm(Form):
    """A team's name."""

    name = StringField(_("Name of the team"), [NEEDED, SHORT])


class InviteForm(Form):
    """Whom to invite, and into which team."""

    addresses = TextAreaField(
        _("Mail addresses"),
        [NEEDED, Length(max=10_000, message=_("This is too long."))],
        description=_("One a line, at most 50. Each person gets a link that works once, for 14 days."),
    )
    team_id = SelectField(_("Team"), coerce=int)

    def offer(self, teams: Sequence[tuple[int, str]]) -> None:
        """Fill in the teams that can be chosen."""
        self.team_id.choices = _choices([(NO_TEAM, gettext("No team")), *teams])

    @property
    def team(self) -> int | None:
        """The chosen team's id."""
        return _team_id(self.team_id.data)

    @property
    def listed(self) -> list[str]:
        """The addresses that were typed, one a line or with commas between."""
        text = str(self.addresses.data).replace(",", "\n").replace(";", "\n")
        return [line.strip() for line in text.splitlines() if line.strip()]


class ImportForm(Form):
    """A file of people."""

    file = FileField(_("CSV file"))


class ApplyImportForm(Form):
    """The same file again, after the dry run."""

    text = HiddenField(validators=[NEEDED])
    seen = HiddenField(validators=[NEEDED])
