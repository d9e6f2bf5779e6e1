"""Letting questions rest and asking them again: in new attempts, in those that are open, and in practice."""

from __future__ import annotations

from collections.abc import Collection

from peerlearn.learn import underway
from peerlearn.practice import actions as practice
from peerlearn.quizzes import actions as quizzes


def rest(item_ids: Collection[int], state: str) -> None:
    """Ask nobody these items (paused or retired)."""
    quizzes.set_item_state(item_ids, state)
    underway.leave_out(item_ids)
    practice.pause_items(item_ids)


def ask_again(item_ids: Collection[int]) -> None:
    """Ask these items again."""
    quizzes.set_item_state(item_ids, "active")
    practice.resume_items(item_ids)
