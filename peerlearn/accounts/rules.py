"""The law of accounts: roles, permissions with their risks, passwords, names, limits."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo, available_timezones

from peerlearn.core.text import clean_line, is_mixed_script, name_key
from peerlearn.core.words import N_

EVERYWHERE = 0  # the scope of a grant that holds for all topics or teams

EMPLOYEE, CURATOR, LEAD, ADMIN, AUDITOR = "employee", "curator", "lead", "admin", "auditor"
GRANTED_ROLES = (CURATOR, LEAD, ADMIN, AUDITOR)
ROLE_TITLES = {
    EMPLOYEE: N_("Employee"),
    CURATOR: N_("Curator"),
    LEAD: N_("Team lead"),
    ADMIN: N_("Administrator"),
    AUDITOR: N_("Auditor"),
}

ACCOUNT_STATES = ("active", "inactive", "asked", "all")  # what the list of people is narrowed to
CAME_BY_THEMSELVES = ("invited", "registered", "first_run")  # ways of joining in which the new person acts

BOARD_MODES = ("hidden", "alias", "named")
BOARD_MODE_TITLES = {
    "hidden": N_("Hidden: I am on no board"),
    "alias": N_("Alias: boards show a name I choose"),
    "named": N_("Named: boards show my name"),
}


@dataclass(frozen=True)
class Permission:
    """Something a role may do. `risks` is a mask of the letters in RISKS."""

    slug: str
    title: str
    roles: frozenset[str]
    risks: str


RISKS = {
    "S": N_("Spam"),
    "P": N_("Personal data"),
    "X": N_("Markup"),
    "C": N_("Settings"),
    "M": N_("Trust"),
    "D": N_("Loss of data"),
    "$": N_("Points"),
}


def _permission(slug: str, title: str, risks: str, *roles: str) -> Permission:
    return Permission(slug, title, frozenset(roles), risks)


PERMISSIONS = {
    p.slug: p
    for p in (
        _permission("curate", N_("Review lessons of one's topics and decide on them"), "M$", CURATOR),
        _permission("stand_in", N_("Decide on a lesson when every curator is too close to it"), "M$", ADMIN),
        _permission("decide_reports", N_("Decide on reported problems of one's topics"), "M$", CURATOR),
        _permission("manage_people", N_("Add, invite, change and deactivate people"), "PM", ADMIN),
        _permission("manage_teams", N_("Add and change teams"), "C", ADMIN),
        _permission("manage_holidays", N_("Add and remove holidays"), "C", ADMIN),
        _permission("manage_topics", N_("Add and change topics"), "C", ADMIN),
        _permission("manage_roles", N_("Give and take roles"), "MC", ADMIN),
        _permission("decide_points", N_("Release, refuse or reverse points, with a reason"), "$M", ADMIN),
        _permission("see_economy", N_("See what each rule of points pays, never whom"), "P", ADMIN),
        _permission("see_memory_model", N_("See how well the memory model expects what people recall"), "P", ADMIN),
        _permission("change_points", N_("Try other numbers of points and put them into effect"), "$M", ADMIN),
        _permission("set_numbers", N_("Set how people learn here: pass marks, retakes, practice"), "M", ADMIN),
        _permission("operate", N_("See how PeerLearn runs, and let what failed be tried again"), "C", ADMIN),
        _permission("read_audit", N_("Read the record of what happened"), "P", ADMIN, AUDITOR),
        _permission("choose_needed_topics", N_("Choose which topics one's team needs for its work"), "C", LEAD, ADMIN),
        _permission("see_team", N_("See how one's team takes part, never individual points"), "P", LEAD, ADMIN),
    )
}


def permissions_of(roles: frozenset[str]) -> frozenset[str]:
    """The slugs of all permissions that these roles hold."""
    return frozenset(p.slug for p in PERMISSIONS.values() if p.roles & roles)


@dataclass(frozen=True)
class Policy:
    """Numbers an organisation may change."""

    password_minimum: int = 10
    password_maximum: int = 200
    name_minimum: int = 2
    name_maximum: int = 80
    reset_hours: int = 2
    invitation_days: int = 14
    session_days: int = 30
    sign_in_limits: tuple[str, ...] = ("6/minute", "30/hour")  # mistakes, and wishes for mail, per address
    tries_limit: str = "60/minute"  # right or wrong, per address: an office comes in through one
    account_limit: str = "10/hour"  # per account
    mail_limit: str = "5/hour"  # reset mails per address of a person
    download_limit: str = "10/hour"  # of all that is kept of a person, for each
    absence_days: int = 366  # the longest absence
    absence_back_days: int = 31  # how late an absence can be told of, and a holiday
    days_ahead: int = 730
    short_day_hours: int = 12  # a day of which a change of zones leaves less is nobody's working day


POLICY = Policy()
DEFAULT_WORK_DAYS = "12345"  # ISO weekdays, Monday is 1
LANGUAGES = {"en": "English"}  # one entry for each catalogue of translations
USUAL_PACE = 100
PACES = {
    USUAL_PACE: N_("As everybody"),
    150: N_("One and a half times as much"),
    200: N_("Twice as much"),
}
"""How much time people have where time is limited, in percent."""


def password_problem(password: str, email: str, name: str, policy: Policy = POLICY) -> str | None:
    """What is wrong with a new password, in a sentence; None when it is fine. Length counts, not classes."""
    folded = password.casefold()
    if len(password) < policy.password_minimum:
        return N_("Use at least 10 characters. A few words in a row work well.")
    if len(password) > policy.password_maximum:
        return N_("Use at most 200 characters.")
    if len(set(folded)) < 4:
        return N_("That is too easy to guess. Use a few different words.")
    local = email.split("@")[0].casefold()
    if folded in {email.casefold(), name.casefold()} or (len(local) > 5 and folded.startswith(local)):
        return N_("Your password should not be your name or address.")
    return None


# Days

Span = tuple[date, date]  # the first and the last day


def is_workday(day: date, work_days: str, days_off: Iterable[Span] = ()) -> bool:
    """Whether somebody works on a day: it is in their pattern, and neither a holiday nor an absence."""
    return str(day.isoweekday()) in work_days and not any(first <= day <= last for first, last in days_off)


@dataclass(frozen=True)
class Calendar:
    """Which days somebody works: the weekdays of their pattern without days off, which are holidays and absences."""

    work_days: str = DEFAULT_WORK_DAYS
    days_off: tuple[Span, ...] = ()

    @classmethod
    def read(cls, work_days: str, days_off: str) -> Calendar:
        """From the pattern, and days off as `queries.days_off` tells them: "2026-12-24/2026-12-31" and so on."""
        spans = (span.split("/") for span in days_off.split())
        return cls(work_days, tuple((date.fromisoformat(first), date.fromisoformat(last)) for first, last in spans))

    def is_workday(self, day: date) -> bool:
        """Whether this person works on a day."""
        return is_workday(day, self.work_days, self.days_off)

    def workdays(self, first: date, last: date) -> list[date]:
        """The days of work from one day to another, both included."""
        days = (first + timedelta(days=number) for number in range((last - first).days + 1))
        return [day for day in days if self.is_workday(day)]

    def next_workday(self, day: date) -> date:
        """The day itself when it is one of work, else the next that is; the day itself when none comes for years."""
        ahead = (day + timedelta(days=number) for number in range(POLICY.days_ahead))
        return next((later for later in ahead if self.is_workday(later)), day)


def absence_problem(first: date, last: date, today: date, policy: Policy = POLICY) -> str | None:
    """What is wrong with an absence, in a sentence; None when it is fine."""
    if last < first:
        return N_("The last day comes before the first.")
    if (last - first).days >= policy.absence_days:
        return N_("Use at most one year. You can add another absence after it.")
    return day_problem(first, today, policy)


def day_problem(day: date, today: date, policy: Policy = POLICY) -> str | None:
    """Whether a day off can still be told of, or already; the problem in a sentence."""
    if day < today - timedelta(days=policy.absence_back_days):
        return N_("That is too long ago. Days off can be added for the last 31 days.")
    if day > today + timedelta(days=policy.days_ahead):
        return N_("That is too far ahead. Days off can be added for the next two years.")
    return None


def holiday_name_problem(name: str, policy: Policy = POLICY) -> str | None:
    """What is wrong with the (clean) name of a holiday; None when it is fine."""
    return None if policy.name_minimum <= len(name) <= policy.name_maximum else N_("Use 2 to 80 letters.")


def zone_is_due(begins: date, today_old: date, today_new: date) -> bool:
    """Whether a changed time zone holds now: its first day has come in both zones, so that no day comes twice."""
    return begins <= min(today_old, today_new)


def is_cut_short(begins: date, old: ZoneInfo, new: ZoneInfo, policy: Policy = POLICY) -> bool:
    """Whether a change of zones leaves little or nothing of its first day: far to the east the clock has run ahead."""
    turns = max(_midnight(begins, old), _midnight(begins, new))
    return _midnight(begins + timedelta(days=1), new) - turns < timedelta(hours=policy.short_day_hours)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)


@cache
def zone_names() -> tuple[str, ...]:
    """The time zones a person can choose: places, not abbreviations."""
    regions = {
        "Africa",
        "America",
        "Antarctica",
        "Arctic",
        "Asia",
        "Atlantic",
        "Australia",
        "Europe",
        "Indian",
        "Pacific",
    }
    return ("UTC", *sorted(name for name in available_timezones() if name.split("/")[0] in regions))


def clean_email(typed: str) -> str | None:
    """The address as it is kept, in plain letters of mail; None when it is no address."""
    from email_validator import EmailNotValidError, validate_email

    try:
        found = validate_email(
            clean_line(typed), check_deliverability=False, allow_smtputf8=False, test_environment=True
        )
    except EmailNotValidError:
        return None
    return found.ascii_email


def email_key(typed: str) -> str:
    """What two addresses must differ in to be two accounts: case and width do not count."""
    return (clean_email(typed) or clean_line(typed)).casefold()


def is_open_domain(email: str, domains: Collection[str]) -> bool:
    """Whether people with this address may register themselves."""
    return email.rpartition("@")[2].casefold() in domains


def name_problem(name: str, policy: Policy = POLICY) -> str | None:
    """What is wrong with the (clean) name of a person or team, in a sentence; None when it is fine."""
    if not policy.name_minimum <= len(name) <= policy.name_maximum:
        return N_("Use 2 to 80 letters.")
    if name[0] in "=+-@" or not any(sign.isalpha() for sign in name):
        return N_("A name has letters and does not begin with = + - or @.")
    if is_mixed_script(name):
        return N_("One word of this name mixes letters of different scripts. Please type it in one script.")
    return None


RESERVED_ALIASES = (
    "admin", "administrator", "moderator", "curator", "auditor", "support", "system", "root", "peerlearn", "team lead",
    "staff", "owner", "anonymous", "nobody", "everyone", "me", "you",
)  # fmt: skip
_LOOK_ALIKES = str.maketrans(
    {
        **dict(zip("аеорсухкмтніјѕԁԛԝвһӏգʟ", "aeopcyxkmthijsdqwbhlql", strict=True)),
        **dict(zip("αεορυνικτχβηγ", "aeopuviktxbny", strict=True)),
        **dict(zip("0135|!$@", "oiesiisa", strict=True)),
        "l": "i",
        "ı": "i",
    }
)


def skeleton(name: str) -> str:
    """What a name looks like at a glance: look-alike letters, accents, case, spaces and signs do not count."""
    plain = "".join(s for s in unicodedata.normalize("NFKD", name_key(name)) if not unicodedata.combining(s))
    seen = re.sub(r"\W+$", "", plain).translate(_LOOK_ALIKES).replace("rn", "m").replace("vv", "w")
    return re.sub(r"[\W_]+", "", seen)


_RESERVED = frozenset(skeleton(word) for word in RESERVED_ALIASES)


def person_name_problem(name: str, policy: Policy = POLICY) -> str | None:
    """What is wrong with the (clean) name of a person: as for every name, and nobody is called like an office."""
    problem = name_problem(name, policy)
    if problem is None and skeleton(name) in _RESERVED:
        return N_("This name could be taken for someone official. Please use your own.")
    return problem


def alias_problem(alias: str, taken: Collection[str], policy: Policy = POLICY) -> str | None:
    """What is wrong with a (clean) alias, in a sentence. `taken` are the skeletons of colleagues' names and aliases."""
    problem = name_problem(alias, policy)
    if problem:
        return problem
    seen = skeleton(alias)
    if not seen or seen in _RESERVED:
        return N_("This alias could be taken for someone official. Please choose another one.")
    if seen in taken:
        return N_("This alias looks like a colleague's name or alias. Please choose another one.")
    return None


def clean_work_days(days: Collection[str]) -> str:
    """Chosen weekdays in the form they are kept: "135" for Monday, Wednesday and Friday."""
    return "".join(sorted(set(days) & set("1234567")))


def own_path(target: str | None) -> str | None:
    """The target when it is a path of this site to return to after signing in; None when it leads anywhere else."""
    if not target or len(target) > 2000 or not re.fullmatch(r"/[!-\[\]-~]*", target):
        return None
    meant = unquote(unquote(target))
    if re.match(r"/[/\\]", meant) or "\\" in meant or any(ord(sign) < 33 for sign in meant.split("?")[0]):
        return None
    try:
        parts = urlsplit(target)
    except ValueError:
        return None
    return None if parts.scheme or parts.netloc else target


_BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


def device_of(user_agent: str) -> str:
    """What a browser says of itself, as "Firefox, Linux"; empty when it says nothing we know."""
    browser = next((title for mark, title in _BROWSERS if mark in user_agent), "")
    system = next((title for mark, title in _SYSTEMS if mark in user_agent), "")
    return ", ".join(part for part in (browser, system) if part)
