"""What a curator can be given: filled by the feature that knows topics, which stands above this one."""

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


def curator_choices() -> Scopes:
    """The topics that exist now, by name."""
    return curator_scopes()
