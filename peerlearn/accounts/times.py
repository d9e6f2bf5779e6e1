"""Moments as people read them: `{{ moment|when }}` says "3 hours ago", `{{ moment|day }}` names the day."""

from __future__ import annotations

from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache
from typing import Any

from babel import Locale, dates
from flask import Flask, current_app, has_request_context, request
from flask.signals import request_started
from flask_babel import Babel, format_time, get_locale, get_timezone, gettext
from markupsafe import Markup
from sqlalchemy.exc import DBAPIError

from peerlearn.accounts import current, rules
from peerlearn.core import clock
from peerlearn.core.errors import TooBusy

_NEAR, _MOMENT, _MINUTE = timedelta(days=7), timedelta(seconds=45), timedelta(minutes=1)
ENGLISH = Locale("en", "001")  # as it is written the world over: the day before the month
_asker: ContextVar[tuple[Locale, tzinfo] | None] = ContextVar("asker", default=None)


def init_app(app: Flask) -> None:
    """Let pages speak the person's language and show the person's time."""
    Babel().init_app(app, locale_selector=_language, timezone_selector=_zone)
    request_started.connect(_forget, app)
    app.jinja_env.filters["when"] = when
    app.jinja_env.filters["day"] = day
    app.jinja_env.filters["weekday"] = weekday
    app.jinja_env.filters["month"] = month
    app.jinja_env.filters["clock_time"] = clock_time


def when(moment: datetime) -> Markup:
    """A moment in relative words while it is near, else its date; the exact time is in the tooltip."""
    return _moment(moment, _ago(moment), *_here())


def day(value: date | datetime) -> Markup:
    """A date, or the local date of a moment."""
    return _date(value, "medium", None, *_here())


def weekday(value: date) -> Markup:
    """A date of these days, by the name of its weekday."""
    return _date(value, "EEEE", "medium", *_here())


def month(value: date, short: bool = False) -> str:
    """The month of a date with its year, or its short name alone."""
    return str(dates.format_skeleton("MMM" if short else "yMMMM", value, locale=_here()[0]))


def clock_time(moment: datetime) -> str:
    """The local time of day of a moment."""
    return str(format_time(moment, "short"))


def relative(moment: datetime) -> str:
    """How long ago or how soon, in words."""
    return _words(moment, _ago(moment), *_here())


def _here() -> tuple[Locale, tzinfo]:
    """Language and time zone of whoever asks, asked for once a request."""
    found = _asker.get()
    if found is None:
        found = get_locale() or ENGLISH, get_timezone() or UTC
        if has_request_context():
            _asker.set(found)
    return found


def _forget(sender: Flask, **extra: object) -> None:
    _asker.set(None)


def _ago(moment: datetime) -> timedelta | None:
    """How far away a moment is, to the minute; nothing for just now, None when its date says more."""
    distance = moment - clock.now()
    if abs(distance) < _MOMENT:
        return timedelta()
    if abs(distance) > _NEAR:
        return None
    return timedelta(minutes=round(distance / _MINUTE))


# The same words for the same moment, told in the same language and zone from as far away: slow to spell out, so kept.


@lru_cache(maxsize=2048)
def _moment(moment: datetime, ago: timedelta | None, locale: Locale, zone: tzinfo) -> Markup:
    exact = dates.format_datetime(moment, "full", tzinfo=zone, locale=locale)
    return _marked(moment.isoformat(), _words(moment, ago, locale, zone), exact)


@lru_cache(maxsize=2048)
def _date(value: date, form: str, title: str | None, locale: Locale, zone: tzinfo) -> Markup:
    local = value.astimezone(zone).date() if isinstance(value, datetime) else value
    words, more = (one and dates.format_date(local, one, locale=locale) for one in (form, title))
    return _marked(value.isoformat(), words or "", more)


def _words(moment: datetime, ago: timedelta | None, locale: Locale, zone: tzinfo) -> str:
    if ago is None:
        return str(dates.format_date(moment.astimezone(zone).date(), "medium", locale=locale))
    if not ago:
        return gettext("just now")
    return str(dates.format_timedelta(ago, add_direction=True, locale=locale))


def _marked(machine: str, words: str, title: str | None) -> Markup:
    macro: Any = current_app.jinja_env.get_template("accounts/moment.html").module
    marked: Markup = macro.moment(machine, words, title)
    return marked


def _visitor_value(name: str) -> str | None:
    """A setting of the person who asks; None when nobody does or the database cannot say."""
    try:
        found = current.person_or_none()
    except (DBAPIError, TooBusy):
        return None
    return getattr(found, name) if found else None


def _language() -> Locale:
    chosen = _visitor_value("language")
    if chosen not in rules.LANGUAGES:
        chosen = request.accept_languages.best_match(rules.LANGUAGES) if request else None
    return _locale(chosen or "en")


@lru_cache(maxsize=64)
def _locale(language: str) -> Locale:
    """What is known about a language; looking it up reads files."""
    return ENGLISH if language == "en" else Locale.parse(language)


def _zone() -> str | None:
    return _visitor_value("timezone")
