"""The days of a lesson pass: its check comes near, is late, is long past; one touch in a mail makes it fresh again."""

from __future__ import annotations

from datetime import date, timedelta

from playwright.sync_api import expect

from peerlearn.core import clock
from peerlearn.core.db import db
from peerlearn.lessons.models import Lesson
from tests import factories
from tests.journeys.conftest import Arrive
from tests.journeys.house import House
from tests.journeys.test_10_still_right import PHONE, the_mail
from tests.journeys.visitor import Visitor

TITLE = "How to store a bicycle"
LATE, LONG_AGO = "Nobody has looked at this for a while", "This has not been checked for a long time"
DAYS = {-15: "", -14: "Check due soon", 0: "Check due soon", 1: "Check is late", 30: "Check is late"}
DAYS |= {31: "Not checked for long", 90: "Not checked for long"}
"""How the check is named so many days after it was due: the dates of the example in ENGINE E13."""


def today() -> date:
    return clock.today(clock.organisation_zone())


def at_its_day(slug: str, days: int) -> None:
    """As if it were so many days after the day of its check; the server has a clock of its own."""
    lesson = db.session.query(Lesson).filter_by(slug=slug).one()
    lesson.check_on = today() - timedelta(days=days)


def told_to_its_readers(reader: Visitor, slug: str) -> list[str]:
    reader.goes_to(f"/lessons/{slug}")
    return [words for words in (LATE, LONG_AGO) if reader.page.get_by_text(words).count()]


def test_a_lesson_goes_stale_and_is_fresh_again_after_one_touch(house: House, arrive: Arrive) -> None:
    def make() -> tuple[str, str, str]:
        owner = factories.person("Mara Lind")
        lesson = factories.published_lesson(owner, title=TITLE)
        return owner.email, lesson.slug, factories.person("Tom Reader").email

    email, slug, reads = house.furnish(make)
    owner, reader = arrive(), arrive()
    owner.signs_in(email)
    reader.signs_in(reads)
    for days, state in DAYS.items():
        house.furnish(lambda days=days: at_its_day(slug, days))
        owner.goes_to("/verification")
        if state:
            expect(owner.page.locator(".verification-row", has_text=TITLE)).to_contain_text(state)
        else:
            owner.sees("Everything is checked")
        expected = [LATE] if "late" in state else [LONG_AGO] if "long" in state else []
        assert told_to_its_readers(reader, slug) == expected, days
    phone = arrive(**PHONE)
    link = the_mail(house).removeprefix(house.url)
    phone.goes_to(link)
    phone.heading(f"Is “{TITLE}” still right?")
    phone.press("It is still right")
    phone.heading("This lesson is checked")
    assert told_to_its_readers(reader, slug) == []
    owner.goes_to("/verification")
    owner.sees("Everything is checked")
    checked = house.furnish(lambda: db.session.query(Lesson).filter_by(slug=slug).one().check_on)
    assert checked == house.furnish(today) + timedelta(days=180)
    phone.goes_to(link)
    phone.heading("This lesson is checked")
    phone.misses("It is still right")
