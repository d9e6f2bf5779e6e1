"""A lesson grows old. Its owner hears of it by mail, reads it again on a phone and says that it is still right."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from peerlearn.core import clock
from peerlearn.core.db import db
from peerlearn.verification import tending
from tests import factories
from tests.journeys.conftest import Arrive
from tests.journeys.house import House

PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "color_scheme": "dark"}


def an_old_lesson(title: str = "How to order a badge") -> tuple[str, str]:
    """A lesson that was published 170 days ago: its owner's address, and its own."""
    owner = factories.person("Mara Lind")
    with clock.at(clock.now() - timedelta(days=185)):
        lesson = factories.published_lesson(owner, title=title)
    return owner.email, lesson.slug


def the_mail(house: House) -> str:
    """What the owner is written; the address in it."""

    def write() -> str:
        tending.tell_of_checks()
        db.session.flush()
        [key] = tending.to_mail()
        with house.app.test_request_context(base_url=house.url):
            letter = tending.write(*key)
        assert letter is not None
        found = re.search(r"https?://\S+", letter.text)
        assert found is not None
        return found[0]

    return house.furnish(write)


def test_a_stale_lesson_is_verified_from_a_mail(house: House, arrive: Arrive) -> None:
    """The mail's link needs no signing in: a phone that never was here says with one touch that all is still right."""
    _email, slug = house.furnish(an_old_lesson)
    reader = arrive()
    reader.signs_in(house.furnish(lambda: factories.person("Tom Reader").email))
    reader.goes_to(f"/lessons/{slug}")
    reader.sees("Nobody has looked at this for a while")
    link = the_mail(house)
    owner = arrive(**PHONE)
    owner.goes_to(link.removeprefix(house.url))
    owner.heading("Is “How to order a badge” still right?")
    owner.press("It is still right")
    owner.heading("This lesson is checked")
    owner.sees("Thank you: “How to order a badge” is checked.")
    reader.goes_to(f"/lessons/{slug}")
    reader.misses("Nobody has looked at this for a while")


def test_whoever_wants_to_read_it_first_signs_in(house: House, arrive: Arrive) -> None:
    email, _slug = house.furnish(lambda: an_old_lesson("How to lend a bicycle"))
    owner = arrive(**PHONE)
    owner.goes_to(the_mail(house).removeprefix(house.url))
    owner.follow("Read it first")
    owner.fill("Mail address", email)
    owner.fill("Password", factories.PASSWORD)
    owner.press("Sign in", within="main")
    owner.heading("Is “How to lend a bicycle” still right?")
    owner.press("It is still right")
    owner.sees("Thank you: “How to lend a bicycle” is checked.")
    owner.sees("Everything is checked")
