"""Whoever asks a command to stop hears no complaint of what was being done at that moment."""

from __future__ import annotations

import signal
from collections.abc import Iterator

import pytest

from peerlearn.operating.commands import STOPPING, tidily


@pytest.fixture(autouse=True)
def handlers(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    before = {number: signal.getsignal(number) for number in STOPPING}
    monkeypatch.setattr("sys.unraisablehook", lambda _complaint: pytest.fail("a complaint was told"))
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


class HalfWritten:
    """A library's file that complains when it is left before it is whole, as zip files do."""

    def __enter__(self) -> None:
        signal.raise_signal(signal.SIGTERM)

    def __exit__(self, *_error: object) -> None:
        raise ValueError("half written")


@pytest.mark.parametrize("number", STOPPING)
def test_a_stop_ends_as_an_interruption(number: signal.Signals) -> None:
    with pytest.raises(KeyboardInterrupt), tidily():
        signal.raise_signal(number)


def test_what_a_library_says_of_it_is_not_told() -> None:
    with pytest.raises(KeyboardInterrupt) as stopped, tidily(), HalfWritten():
        pytest.fail("it went on")
    assert stopped.value.__cause__ is None
    assert stopped.value.__suppress_context__


class ThrownAway:
    """Something that complains while it is thrown away."""

    def __del__(self) -> None:
        raise ValueError("thrown away half written")


def test_what_is_said_while_things_are_thrown_away_is_not_told() -> None:
    with pytest.raises(KeyboardInterrupt), tidily():
        try:
            signal.raise_signal(signal.SIGTERM)
        finally:
            ThrownAway()


def test_a_second_stop_does_not_disturb_the_tidying() -> None:
    tidied = []
    with pytest.raises(KeyboardInterrupt), tidily():
        try:
            signal.raise_signal(signal.SIGINT)
        finally:
            signal.raise_signal(signal.SIGTERM)
            tidied.append(True)
    assert tidied


def test_an_error_stays_what_it_is_and_the_handlers_come_back() -> None:
    before = {number: signal.getsignal(number) for number in STOPPING}
    with pytest.raises(ValueError, match="of its own"), tidily():
        raise ValueError("of its own")
    assert {number: signal.getsignal(number) for number in STOPPING} == before
