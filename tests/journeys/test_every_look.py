"""The main pages in the dark, on the narrowest phone, and without JavaScript."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from peerlearn.accounts.models import Person
from peerlearn.core import clock
from peerlearn.core.db import db
from peerlearn.lessons import actions as lessons
from peerlearn.lessons import citing
from peerlearn.points import actions as points
from peerlearn.points import appealing
from peerlearn.verification import keys
from tests import factories
from tests.journeys.conftest import Arrive
from tests.journeys.house import House
from tests.journeys.learning import goes_on, hears, reads, starts
from tests.points.deeds import entries_of, happen
from tests.points.records import passed

PLACES = (
    "/",
    "/lessons",
    "/lessons/{slug}",
    "/write",
    "/write/{own}/figures",
    "/write/{draft}/audience",
    "/lessons/{secret}",
    "/write/new",
    "/write/new/notes",
    "/write/new/from",
    "/write/new/from/{slug}",
    "/requests",
    "/requests/new",
    "/suggestions",
    "/suggestions/{suggestion}",
    "/lessons/{slug}/suggest/card-1",
    "/review",
    "/review/reports",
    "/review/lessons/{lesson}/merge",
    "/review/{review}",
    "/review/{review}/background",
    "/review/{review}/decision",
    "/verification",
    "/verification/mail/{check}",
    "/verification/left-behind",
    "/verification/left-behind/{left}",
    "/verification/sources",
    "/verification/sources/{source}",
    "/review/advice",
    "/review/audits",
    "/review/audits/approvals/{look}",
    "/review/calibration",
    "/review/mine",
    "/practice",
    "/practice/offline",
    "/practice/offline/results",
    "/practice/memory-model",
    "/operating/status",
    "/operating/work",
    "/boards",
    "/boards/league",
    "/boards/around",
    "/boards/teams",
    "/badges",
    "/points",
    "/points/how",
    "/points/held",
    "/points/entries/{entry}/appeal",
    "/points/appeals/{appeal}",
    "/points/economy",
    "/points/numbers",
    "/how-we-learn",
    "/points/numbers/{trial}",
    "/inbox",
    "/me/settings",
    "/me/privacy",
    "/me/levels",
    "/me/recusals",
    "/people",
    "/teams",
    "/topics",
    "/audit",
    "/help",
    "/people/{person}/profile",
    "/ui",
)
LOOKS: dict[str, dict[str, Any]] = {
    "dark": {"color_scheme": "dark"},
    "narrow": {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True},
}


def people() -> dict[str, str]:
    """Somebody who may go everywhere, an ordinary learner, and a lesson."""
    source = "https://handbook.example.org/travel/expenses/limits-and-receipts?edition=2026&language=en"
    lesson = factories.published_lesson(title="How to begin well", front=factories.cites(source))
    look = factories.second_look(lesson)
    everywhere = factories.person("Ada Everywhere", roles=(("admin", 0), ("curator", 0)))
    learner = factories.person("Mara Lind")
    own = factories.published_lesson(everywhere, title="How to look at figures")
    _waiting, review = factories.reviewed_lesson(learner, factories.topic())
    words = "Start with what the reader wants to do."
    made = factories.suggested(lesson, learner, words, "Begin with a need.")
    front = f"classification: confidential\naudience: [{factories.team().slug}]\n"
    secret = factories.published_lesson(title="What few may know", front=front)
    entry, appeal = decided_points(learner, everywhere)
    topic = factories.topic()
    draft = lessons.start_lesson(kind="how-to", title="A draft of mine", topics=[topic], by=everywhere)
    db.session.commit()
    return {
        "entry": str(entry),
        "appeal": str(appeal),
        "draft": str(draft.id),
        "left": str(factories.left_behind(topic).id),
        "secret": secret.slug,
        "suggestion": str(made.id),
        "source": citing.key_of(source),
        "slug": lesson.slug,
        "own": str(own.id),
        "check": keys.key_for(own),
        "review": str(review.id),
        "lesson": str(lesson.id),
        "look": str(look.id),
        "trial": str(factories.tried_numbers(everywhere).id),
        "person": str(everywhere.id),
        "email": everywhere.email,
        "learner": learner.email,
    }


def decided_points(learner: Person, everywhere: Person) -> tuple[int, int]:
    """A decision about points of whoever goes everywhere, and an appeal of somebody else against another one."""
    first = factories.person("Fay First", roles=(("admin", 0),))
    for person in (everywhere, learner):
        happen(passed(1), by=person, at=clock.now())
        points.reverse(entries_of(person)[0], "Two people shared one account that day.", by=first)
    words = "I had noted my answers the evening before."
    return entries_of(everywhere)[-1].id, appealing.appeal(entries_of(learner)[-1], words, by=learner)


@pytest.fixture(scope="module")
def known(house: House) -> dict[str, str]:
    """What the pages are about."""
    return house.furnish(people)


@pytest.mark.parametrize("look", LOOKS)
def test_every_main_page(look: str, known: dict[str, str], arrive: Arrive) -> None:
    stranger = arrive(**LOOKS[look])
    stranger.goes_to("/")
    stranger.signs_in(known["email"])
    for place in PLACES:
        stranger.goes_to(place.format(**known))
        expect(stranger.page.locator("h1")).to_have_count(1)


HIDDEN = """() => {
  const focused = document.activeElement;
  const bar = document.querySelector(".tabbar").getBoundingClientRect();
  return Boolean(focused.closest("main")) && focused.getBoundingClientRect().bottom > bar.top;
}"""


def test_what_has_the_focus_is_never_under_the_bar_of_a_phone(known: dict[str, str], arrive: Arrive) -> None:
    learner = arrive(**LOOKS["narrow"])
    learner.signs_in(known["learner"])
    page = learner.goes_to("/me/settings")
    for _step in range(40):
        page.keyboard.press("Tab")
        assert not page.evaluate(HIDDEN), page.evaluate("() => document.activeElement.outerHTML")


def test_learning_without_javascript(house: House, known: dict[str, str], arrive: Arrive) -> None:
    learner = arrive(java_script_enabled=False)
    learner.signs_in(known["learner"])
    starts(learner, known["slug"])
    assert reads(learner) == 3
    for words in ("The start", "True"):
        house.let_time_pass(40)
        learner.field(words, within=".question").check()
        learner.field("Certain", within=".learn-confidence").check()
        learner.press("Answer", within="main")
        hears(learner, "Right")
        goes_on(learner)
    house.let_time_pass(40)
    learner.page.locator(".question-typed input").fill("last step")
    learner.field("Certain", within=".learn-confidence").check()
    learner.press("Answer", within="main")
    hears(learner, "Right")
    goes_on(learner)
    learner.heading("Learned: How to begin well")
    learner.sees(re.compile("XP earned"))
