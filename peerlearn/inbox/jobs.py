"""What the inbox does by itself: old notices are not kept."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from peerlearn.accounts import numbers
from peerlearn.accounts.numbers import Number
from peerlearn.core import clock
from peerlearn.core.forgetting import forget
from peerlearn.core.jobs import routine
from peerlearn.core.schedule import daily
from peerlearn.core.words import N_
from peerlearn.inbox.models import Notice

NOTICES = Number(
    "notices_kept_days",
    N_("Notices, in days"),
    730,
    30,
    3650,
    N_("Read or not. What they told of stays, only the notice goes."),
)
numbers.offer(N_("Inbox"), NOTICES)


@routine("inbox.forget", N_("Forget old notices"), daily(5))
def forget_notices() -> Iterator[None]:
    """Notices that are older than the organisation keeps them."""
    before = clock.now() - timedelta(days=numbers.look().of(NOTICES))
    while forget(Notice, Notice.at < before):
        yield
