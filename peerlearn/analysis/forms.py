"""What comes in about a flagged question: a reason."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from wtforms import TextAreaField

from peerlearn.core.errors import NotValid

_ = cast(Callable[..., str], lazy_gettext)  # forms are made at import, translated when shown


PREFIXES = {"full_marks": "full", "leave_out": "out"}  # of the reasons that are checked before it is foreseen


class ReasonForm(FlaskForm):
    """Why somebody decides so."""

    reason = TextAreaField(_("Your reason"))

    def __init__(self, prefix: str, **kwargs: Any) -> None:
        super().__init__(prefix=prefix, **kwargs)  # type: ignore[no-untyped-call]

    def blame(self, error: NotValid) -> None:
        """Put the messages of a refusal beside the field."""
        self.reason.errors = [gettext(text, **error.values) for text in error.fields.get("reason", [error.message])]
