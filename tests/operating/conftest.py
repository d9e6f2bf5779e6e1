"""Instances: a folder and a database each, as somebody who runs PeerLearn has them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import Result
from flask import Flask

from peerlearn.app import create_app
from peerlearn.core import revisions
from peerlearn.core.db import db
from peerlearn.core.files import Store
from tests.conftest import fresh_database, settings_for

ROOT = Path(__file__).parents[2]
Install = Callable[..., Flask]


@pytest.fixture
def install(tmp_path: Path, migrated: str) -> Iterator[Install]:
    """Makes an instance, with settings of its own if need be; with `empty` before its first upgrade."""
    with ExitStack() as stack:

        def make(name: str, *, empty: bool = False, **changes: Any) -> Flask:
            return stack.enter_context(_instance(tmp_path / name, name, "" if empty else migrated, changes))

        yield make


@contextmanager
def _instance(folder: Path, name: str, like: str, changes: dict[str, Any]) -> Iterator[Flask]:
    folder.mkdir(mode=0o700)
    for url in fresh_database(folder, name, like, durable=True):
        app = create_app(settings_for(url, folder, **changes))
        revisions.init_app(app)
        yield app
        rest(app)


def rest(app: Flask) -> None:
    """Close all connections, as stopping PeerLearn does."""
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def run(app: Flask, command: click.Command, *words: object) -> Result:
    """Run a command on an instance."""
    return app.test_cli_runner().invoke(command, [str(word) for word in words])


def store_of(app: Flask) -> Store:
    """The pictures of an instance."""
    return Store(app.config["SETTINGS"].media)


def begin(app: Flask, *words: object) -> subprocess.Popen[str]:
    """Begin a command on this instance in a process of its own."""
    settings = app.config["SETTINGS"]
    environment = os.environ | {
        "PEERLEARN_SECRET_KEY": settings.secret_key,
        "PEERLEARN_DATABASE_URL": settings.database_url,
        "PEERLEARN_INSTANCE": str(settings.instance),
    }
    return subprocess.Popen(
        [sys.executable, "-u", "-m", "peerlearn", *map(str, words)],
        cwd=ROOT,
        env=environment,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
