"""The revisions of the database's tables: which one a database has, which is the newest, and how to get there.

Alembic is large. Only who changes tables loads it; a server only compares two names.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import click
from flask import Flask, current_app
from sqlalchemy import inspect, text
from sqlalchemy.engine import Connection

from peerlearn.core.db import db

FOLDER = Path(__file__).resolve().parents[2] / "migrations"
_STATED = re.compile(r"^(?P<what>(?:down_)?revision)\b[^=\n]*= *[\"'](?P<name>\w+)[\"']", re.MULTILINE)


@cache
def known() -> tuple[str, ...]:
    """All revisions from the first to the newest, as the migrations state them.

    They are read once: a running server knows those of its own code, whatever is installed beside it meanwhile.
    """
    after: dict[str | None, str] = {}
    for path in FOLDER.glob("versions/*.py"):
        stated = {found["what"]: found["name"] for found in _STATED.finditer(path.read_text(encoding="utf-8"))}
        after[stated.get("down_revision")] = stated["revision"]
    names = [after[None]]
    while names[-1] in after:
        names.append(after[names[-1]])
    return tuple(names)


def newest() -> str:
    """The revision that nothing follows."""
    return known()[-1]


def found_in(connection: Connection) -> str | None:
    """The revision a database is at; None when it has no tables of ours yet."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return found


def commands() -> click.Group:
    """The commands of whoever writes migrations."""
    from flask_migrate.cli import db as group  # type: ignore[import-not-found]

    found: click.Group = group
    return found


def init_app(app: Flask) -> None:
    """Make an application one whose tables can be changed."""
    from flask_migrate import Migrate

    Migrate().init_app(app, db, directory=str(FOLDER), render_as_batch=True, compare_type=True)


def upgrade(connection: Connection | None = None) -> None:
    """Bring the database to the newest revision: the application's, or in its transaction the one that is connected."""
    from alembic import command

    if "migrate" not in current_app.extensions:
        init_app(current_app._get_current_object())  # type: ignore[attr-defined]
    config = current_app.extensions["migrate"].migrate.get_config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def titles_after(revision: str | None) -> list[str]:
    """What the migrations after this revision do, in their own words."""
    from alembic.script import ScriptDirectory

    scripts = ScriptDirectory(str(FOLDER))
    later = known()[known().index(revision) + 1 :] if revision else known()
    return [f"{name}: {scripts.get_revision(name).doc}" for name in later]
