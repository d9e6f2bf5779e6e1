"""The scene that the tests of this folder attack."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.security.scene import Scene, build


@pytest.fixture
def scene(app: Flask) -> Scene:
    """Some of everything, and a browser for every role."""
    return build(app)
