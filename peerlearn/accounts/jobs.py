"""What accounts do by themselves: sign-ins that ended and links that work no more are not kept."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from peerlearn.accounts import numbers
from peerlearn.accounts.models import Link, Session
from peerlearn.accounts.numbers import Number
from peerlearn.core import clock
from peerlearn.core.forgetting import forget
from peerlearn.core.jobs import routine
from peerlearn.core.schedule import daily
from peerlearn.core.words import N_

SIGN_INS = Number(
    "sign_ins_kept_days",
    N_("Sign-ins that ended, and links that work no more, in days"),
    30,
    1,
    365,
    N_("After that nobody can see from which device somebody came in, or that a link was sent."),
)
numbers.offer(N_("How long things are kept"), SIGN_INS)


@routine("accounts.forget", N_("Forget sign-ins that ended and links that work no more"), daily(5))
def forget_sign_ins() -> Iterator[None]:
    """Session and link, once they have been over for as long as the organisation keeps them."""
    before = clock.now() - timedelta(days=numbers.look().of(SIGN_INS))
    for model in (Session, Link):
        while forget(model, model.expires_at < before):
            yield
        yield
