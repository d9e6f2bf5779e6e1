"""The application that a storm breaks over: nothing is rolled back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from tests.conftest import own_application


@pytest.fixture(scope="module")
def storm_app(tmp_path_factory: pytest.TempPathFactory, migrated: str) -> Iterator[Flask]:
    """An application whose requests run in threads."""
    folder = tmp_path_factory.mktemp("storm")
    yield from own_application(folder, "storm", migrated)
