"""Whoever asks a command to stop hears no complaint of what was being done at that moment."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator

import pytest

from peerlearn.operating.commands import STOPPING, tidily


@pytest.fixture(autouse=True)
def complaints(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[object]]:
    before = {number: signal.getsignal(number) for number in STOPPING}
    told: list[object] = []
    monkeypatch.setattr("sys.unraisablehook", told.append)
    yield told
    for number, handler in before.items():
        signal.signal(number, handler)


class ThrownAway:
    """Something that complains while it is thrown away."""

    def __del__(self) -> None:
        raise ValueError("thrown away half written")


def work(number: signal.Signals, tidy: Callable[[], object]) -> None:
    """Be stopped in the middle of it."""
    with tidily():
        try:
            signal.raise_signal(number)
        finally:
            tidy()


def complain() -> None:
    raise ValueError("half written")


@pytest.mark.parametrize("number", STOPPING)
def test_a_stop_ends_as_an_interruption(number: signal.Signals) -> None:
    with pytest.raises(KeyboardInterrupt):
        work(number, list)


def test_what_a_library_says_of_it_is_not_told() -> None:
    with pytest.raises(KeyboardInterrupt) as stopped:
        work(signal.SIGTERM, complain)
    assert stopped.value.__suppress_context__


def test_what_is_said_while_things_are_thrown_away_is_not_told(complaints: list[object]) -> None:
    with pytest.raises(KeyboardInterrupt):
        work(signal.SIGTERM, ThrownAway)
    assert not complaints


def test_a_second_stop_does_not_disturb_the_tidying() -> None:
    tidied: list[bool] = []

    def tidy() -> None:
        signal.raise_signal(signal.SIGINT)
        tidied.append(True)

    with pytest.raises(KeyboardInterrupt):
        work(signal.SIGTERM, tidy)
    assert tidied


def test_an_error_stays_what_it_is_and_the_handlers_come_back() -> None:
    before = {number: signal.getsignal(number) for number in STOPPING}
    with pytest.raises(ValueError, match="half written"), tidily():
        complain()
    assert {number: signal.getsignal(number) for number in STOPPING} == before
