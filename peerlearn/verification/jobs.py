"""What verification does by itself: owners are told of checks that come near."""

from __future__ import annotations

from collections.abc import Iterator

from peerlearn.core import mail
from peerlearn.core.afterwards import by_itself
from peerlearn.core.db import start_writing
from peerlearn.core.jobs import routine
from peerlearn.core.schedule import daily
from peerlearn.core.words import N_
from peerlearn.verification import tending


@routine("verification.mail", N_("Tell owners of checks that come near"), daily(7))
def remind() -> Iterator[None]:
    """Tell them on the page and by mail; what goes wrong for one keeps nobody else from theirs."""
    while tending.tell_of_checks():
        yield
    for key in list(tending.to_mail()):
        with by_itself(f"the reminder {key}"):
            start_writing()
            if letter := tending.write(*key):
                mail.post(letter)
        yield
