"""Looks at everything that an installation needs, from outside in. Whatever fails is a line, never a traceback."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from email.utils import parseaddr
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, current_app
from sqlalchemy.exc import SQLAlchemyError

from peerlearn.config import Settings
from peerlearn.core import clock
from peerlearn.core.db import database, db, reading
from peerlearn.operating import copies_sqlite, examination_of_data
from peerlearn.operating.finding import Finding, Level, bad, good, megabytes, or_good, warn

Check = Callable[[Settings], "list[Finding]"]
NEW_SECRET = "python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"  # noqa: S105  # nosec B105  # makes one
LOOPBACK = {"localhost", "127.0.0.1", "::1"}
LEAST_ROOM = 100_000_000  # bytes, without which nothing can be stored soon
ROOM = 1_000_000_000


def examine(app: Flask) -> Iterator[tuple[str, Finding]]:
    """What is found, each with the name of what it is about."""
    outside: list[tuple[str, Check]] = [
        ("settings", settings_of),
        ("limits", limits),
        ("folder", folder),
        ("disk", disk),
        ("mail", mail),
    ]
    with app.app_context(), reading():
        for subject, check in outside:
            yield from _found(app, subject, check)
        reached = list(_found(app, "database", examination_of_data.database_of))
        yield from reached
        if all(finding.level is not Level.BAD for _subject, finding in reached):
            for subject, check in examination_of_data.INSIDE:
                yield from _found(app, subject, check)
        db.session.remove()


def _found(app: Flask, subject: str, check: Check) -> Iterator[tuple[str, Finding]]:
    try:
        found = check(app.config["SETTINGS"])
    except SQLAlchemyError as error:
        db.session.rollback()
        said = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
        found = [bad(f"The database does not answer: {said}", "Is it running, and is PEERLEARN_DATABASE_URL right?")]
    except Exception as error:
        said = str(error) or type(error).__name__
        found = [bad(f"This could not be looked at: {said}", "Mend that, then look again.")]
    yield from ((subject, finding) for finding in found)


def settings_of(settings: Settings) -> list[Finding]:
    """Whether what is set makes sense."""
    return or_good(_settings(settings), f"People reach {settings.organisation} at {settings.base_url}")


def _settings(settings: Settings) -> Iterator[Finding]:
    if settings.demo:
        yield warn("This is a demo: its passwords are known to all.", "Unset PEERLEARN_DEMO to use it for real.")
    elif len(set(settings.secret_key)) < 12:
        yield warn("The secret does not look random.", f"Set PEERLEARN_SECRET_KEY to what this prints: {NEW_SECRET}")
    url = urlsplit(settings.base_url)
    if url.scheme not in {"http", "https"} or not url.hostname:
        yield bad(f"{settings.base_url} is no address.", "Set PEERLEARN_BASE_URL to one like https://learn.example.org")
        return
    if settings.secure and not settings.proxies:
        yield warn(
            "People come by https://, and no proxy is trusted: all share one sign-in limit.",
            "Set PEERLEARN_PROXIES to how many proxies stand in front.",
        )
    if not settings.secure and url.hostname not in LOOPBACK:
        yield warn(
            "Passwords travel unencrypted.", "Put a proxy with TLS in front and begin PEERLEARN_BASE_URL with https://"
        )
    if settings.trusted_hosts and url.hostname not in settings.trusted_hosts:
        yield bad(
            f"The host of the address, {url.hostname}, is not answered: every page is 400.",
            f"Add {url.hostname} to PEERLEARN_TRUSTED_HOSTS.",
        )
    if clock.zone(settings.timezone).key != settings.timezone:
        yield bad(
            f"This machine knows no time zone {settings.timezone}, so days begin by UTC.",
            "Set PEERLEARN_TIMEZONE to a name like Europe/Berlin, or install tzdata.",
        )


def limits(settings: Settings) -> list[Finding]:
    """Whether sign-in limits are counted."""
    if settings.rate_limit_storage.startswith("memory:"):
        return [good("Sign-in limits are counted in this process: right for one, wrong for --workers.")]
    limiter: Any = current_app.extensions["limits"].limiter
    if limiter.storage.check():
        return [good("Sign-in limits are counted in one place for all processes.")]
    return [bad("What counts sign-ins does not answer: nobody can sign in.", "Check PEERLEARN_RATE_LIMIT_STORAGE.")]


def folder(settings: Settings) -> list[Finding]:
    """Whether the instance folder is ours alone, and can be written to."""
    return or_good(_folder(settings), f"{settings.instance} is ours alone.")


def _folder(settings: Settings) -> Iterator[Finding]:
    place = settings.instance
    if not place.is_dir():
        yield bad(f"There is no folder {place}.", f"install -d -m 700 {place}")
        return
    for part in (place, settings.media):
        if part.exists() and not os.access(part, os.R_OK | os.W_OK | os.X_OK):
            yield bad(f"{part} cannot be written to.", f"Give it to the user that serves: chown -R USER {place}")
    if place.stat().st_mode & 0o077:
        yield warn(f"Other users of this machine may look into {place}.", f"chmod 700 {place}")


def disk(settings: Settings) -> list[Finding]:
    """Whether there is room for what comes, and for a backup."""
    places = {settings.instance}
    if database() == "sqlite":
        places.add(copies_sqlite.place().parent)
    used = sum(path.stat().st_size for path in settings.media.glob("??/*"))
    if database() == "sqlite" and copies_sqlite.place().exists():
        used += 2 * copies_sqlite.place().stat().st_size  # a copy of it, and the copy in the backup
    return [_room(place, used) for place in sorted(places) if place.is_dir()]


def _room(place: Path, backup: int) -> Finding:
    free = shutil.disk_usage(place).free
    said = f"{megabytes(free)} are free at {place}; a backup needs up to {megabytes(backup)}."
    if free < LEAST_ROOM:
        return bad(said, "Make room, or soon nothing can be stored.")
    if free < max(ROOM, backup):
        return warn(said, "Make room. Old backups may be what fills it.")
    return good(said)


def mail(settings: Settings) -> list[Finding]:
    """Whether mails go out: connects, and signs in, but sends nothing."""
    if not settings.smtp_url:
        return [warn("Nothing is sent: mails are kept in outbox/ of the instance folder.", "Set PEERLEARN_SMTP_URL.")]
    server = urlsplit(settings.smtp_url).hostname
    connection: Any = current_app.extensions["mailman"].get_connection("smtp")
    try:
        connection.open()
    except Exception as error:
        said = str(error) or type(error).__name__
        return [bad(f"The mail server {server} does not let us in: {said}", "Check PEERLEARN_SMTP_URL.")]
    finally:
        connection.close()
    host = parseaddr(settings.mail_from)[1].rpartition("@")[2]
    if host in {"", "localhost"}:
        return [warn(f"Mails come from {settings.mail_from}: most are thrown away.", "Set PEERLEARN_MAIL_FROM.")]
    return [good(f"The mail server {server} lets us in.")]
