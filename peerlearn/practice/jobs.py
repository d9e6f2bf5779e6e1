"""What practice does by itself: what is held each night, the memory model each month, the day's questions by mail."""

from __future__ import annotations

from collections.abc import Iterator

from peerlearn.core import clock, mail
from peerlearn.core.afterwards import by_itself
from peerlearn.core.db import start_writing
from peerlearn.core.jobs import routine, while_more
from peerlearn.core.schedule import daily, every
from peerlearn.core.words import N_
from peerlearn.practice import calibrating, mailing, recompute


@routine("practice.recompute", N_("Add up what everybody holds"), daily(2))
def add_up() -> Iterator[int]:
    """Add up anew what everybody holds, for today."""
    return recompute.everybody(clock.today(clock.organisation_zone()))


routine("practice.calibrate", N_("Look at the memory model’s month"), daily(2, 30))(while_more(calibrating.catch_up))


@routine("practice.mail", N_("Mail the day’s questions, where it is morning"), every(60))
def mail_the_day() -> Iterator[None]:
    """Post the day's questions to those who want them; what goes wrong for one keeps nobody else from theirs."""
    for person_id in mailing.subscribers(clock.now()):
        with by_itself(f"the day's mail of person {person_id}"):
            start_writing()
            if letter := mailing.prepare(person_id):
                mail.post(letter)
        yield
