"""Who may call a view. Every view declares its gate; an application with an undeclared view does not start."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from flask import Flask

View = TypeVar("View", bound=Callable[..., Any])
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True)
class Gate:
    """What a view asks of a visitor: nothing, to be signed in, or one of some permissions."""

    kind: str  # "public", "signed_in" or "requires"
    permissions: tuple[str, ...] = ()


class Gatekeeper(Protocol):
    """How a higher feature answers for the visitor of this request."""

    def is_signed_in(self) -> bool: ...
    def may(self, permission: str) -> bool: ...


def _mark(name: str, value: object) -> Callable[[View], View]:
    def mark(view: View) -> View:
        setattr(view, name, value)
        return view

    return mark


def public(view: View) -> View:
    """Anyone may call this view, signed in or not."""
    return _mark("gate", Gate("public"))(view)


def signed_in(view: View) -> View:
    """Every person who has signed in may call this view."""
    return _mark("gate", Gate("signed_in"))(view)


def requires(*permissions: str) -> Callable[[View], View]:
    """Only a person with one of these permissions may call this view."""
    return _mark("gate", Gate("requires", permissions))


def reads(view: View) -> View:
    """This view changes nothing although it is called by POST (a preview): it takes no write lock."""
    return _mark("reads", True)(view)


def slow_first(view: View) -> View:
    """This view does slow work (a password hash, an image) before it writes: it calls `start_writing` itself."""
    return _mark("slow_first", True)(view)


def takes_files(*names: str) -> Callable[[View], View]:
    """This view reads uploaded files from these fields; a file anywhere else is refused before the view is called."""
    return _mark("files", frozenset(names))


def gate_of(view: Callable[..., Any]) -> Gate | None:
    """The gate that a view declares."""
    return getattr(view, "gate", None)


def check_gates(app: Flask) -> None:
    """Refuse to start when a view declares no gate."""
    missing = sorted(name for name, view in app.view_functions.items() if gate_of(view) is None)
    if missing:
        raise RuntimeError("these views declare no gate (@public, @signed_in or @requires): " + ", ".join(missing))
