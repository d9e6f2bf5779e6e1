"""The ways to say no. Each carries a sentence for the person and becomes a page, never a traceback."""

from __future__ import annotations

from peerlearn.core.words import N_


class DomainError(Exception):
    """Something a person asked for cannot be done; `message` says why and what to do."""

    status = 400
    default = N_("That did not work. Please go back and try again.")

    def __init__(self, message: str | None = None, **values: object) -> None:
        self.message = message or self.default
        self.values = values
        super().__init__(self.message % values if values else self.message)


class NotFound(DomainError):
    """There is no such thing, or it is not this person's to know of: both answer alike."""

    status = 404
    default = N_("We could not find that page. It may have moved, or the link may be incomplete.")


class NotAllowed(DomainError):
    """The person may know of the thing but not do this to it."""

    status = 403
    default = N_("This is not open to you. If you think it should be, ask an administrator.")


class NotValid(DomainError):
    """What came in cannot be used; `fields` maps a field's name to its messages."""

    status = 422
    default = N_("Something in what you entered needs a change.")

    def __init__(
        self, message: str | None = None, fields: dict[str, list[str]] | None = None, **values: object
    ) -> None:
        super().__init__(message, **values)
        self.fields = fields or {}


class Conflict(DomainError):
    """Somebody else was quicker, or the form is older than what is stored."""

    status = 409
    default = N_("This changed while you were working on it. Please reload and look again.")


class TooMany(DomainError):
    """A limit was reached; `retry_after` is in seconds."""

    status = 429
    default = N_("That was a little too often. Please wait a moment and try again.")

    def __init__(self, message: str | None = None, retry_after: int = 60, **values: object) -> None:
        super().__init__(message, **values)
        self.retry_after = retry_after


class TooBusy(DomainError):
    """The database could not take the change just now; nothing was saved."""

    status = 503
    default = N_("We are very busy for a moment. Nothing was saved. Please try again in a few seconds.")
    retry_after = 5
