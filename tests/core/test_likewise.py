"""A frozen value that is like another one but for some fields."""

from __future__ import annotations

from dataclasses import replace

import pytest

from peerlearn.core.likewise import but
from peerlearn.streaks.rules import Deeds
from peerlearn.streaks.run import Run


def test_it_is_what_replacing_fields_gives() -> None:
    for value, changes in (
        (Run(length=3, best=4), {"length": 5, "waited": 1}),
        (Deeds(sets=1), {}),
        (Run(), {"days": 2}),
    ):
        assert but(value, **changes) == replace(value, **changes)
    kept = Run(length=3)
    assert (but(kept, length=4).length, kept.length) == (4, 3)


def test_a_field_that_there_is_not_is_refused() -> None:
    with pytest.raises(TypeError):
        but(Deeds(), cakes=1)
