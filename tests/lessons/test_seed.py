"""What ships becomes topics and lessons, pictures included."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from flask import Flask, current_app
from sqlalchemy import select

from peerlearn import seed
from peerlearn.config import Settings
from peerlearn.core import files
from peerlearn.core.db import db as database
from peerlearn.lessons import queries
from peerlearn.lessons.models import Picture
from tests import factories


@pytest.fixture
def settings(app: Flask, db: Any) -> Settings:
    found: Settings = current_app.config["SETTINGS"]
    return found


def test_pictures_that_ship_are_what_they_are_called_and_are_shown_somewhere(settings: Settings) -> None:
    store = files.Store(settings.content / "pictures")
    shown = {
        d for path in seed.lesson_files(settings.content) for d in queries.picture_digests(path.read_text("utf-8"))
    }
    assert set(store.digests()) == shown
    for digest in shown:
        picture = files.read_stored(store, digest)
        assert hashlib.sha256(picture.data).hexdigest() == digest
        assert len(picture.data) < 100_000
        assert max(picture.width, picture.height) <= files.MAX_SIDE


def test_a_lesson_is_handed_in_with_its_pictures_once(settings: Settings) -> None:
    person = factories.person()
    seed.topics(settings.content, by=person)
    path = next(p for p in seed.lesson_files(settings.content) if queries.picture_digests(p.read_text("utf-8")))
    lesson = seed.hand_in(path, by=person)
    assert lesson is not None
    database.session.commit()
    row = database.session.scalars(select(Picture).where(Picture.lesson_id == lesson.id)).one()
    with files.Store(settings.media).open(row.digest) as file:
        assert row.size == len(file.read())
    assert seed.hand_in(path, by=person) is None
