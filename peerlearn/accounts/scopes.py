"""What a curator can be given, and who is ready for it: filled by features that know it and stand above this one."""

from __future__ import annotations

from collections.abc import Callable

Scopes = list[tuple[int, str]]


def _no_scopes() -> Scopes:
    return []


curator_scopes: Callable[[], Scopes] = _no_scopes


def offer_curator_scopes(provider: Callable[[], Scopes]) -> None:
    """Say what curators can be given: ids and names, one query."""
    global curator_scopes
    curator_scopes = provider


Judged = tuple[str | None, str]  # what is missing, in a sentence; and the reason that is to be kept


def _ready(person_id: int, scope_id: int, reason: str) -> Judged:
    return None, ""


judge: Callable[[int, int, str], Judged] = _ready


def judge_appointments(by: Callable[[int, int, str], Judged]) -> None:
    """Say who can be made curator of what: at once, or with a reason that is kept."""
    global judge
    judge = by


def judged(person_id: int, scope_id: int, reason: str) -> Judged:
    """Whether a person can be made curator with this reason, and whether it needs one."""
    return judge(person_id, scope_id, reason)


def curator_choices() -> Scopes:
    """The topics that exist now, by name."""
    return curator_scopes()
