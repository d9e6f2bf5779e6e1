"""A learner whose questions are due: where most tests of practice begin."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from peerlearn.core import clock
from tests import factories
from tests.factories import Walk
from tests.page import Client


@pytest.fixture
def walk(app: Any) -> Walk:
    """Somebody who passed a lesson two days ago."""
    walk = Walk(factories.person(), factories.published_lesson().slug)
    walk.read()
    walk.quiz()
    return walk


@pytest.fixture
def now(walk: Walk) -> Iterator[datetime]:
    """Two days later: its questions are due."""
    with clock.at(walk.moment + timedelta(days=2)):
        yield clock.now()


@pytest.fixture
def browser(walk: Walk, now: datetime, client_for: Callable[..., Client]) -> Client:
    """The learner's browser."""
    return client_for(walk.person)
