"""Two authors write one lesson at the same time, one of them on a train: not a word of either gets lost."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from peerlearn.lessons import actions as lessons
from peerlearn.lessons import contributing
from tests import factories
from tests.journeys import texts
from tests.journeys.conftest import Arrive
from tests.journeys.house import House
from tests.journeys.visitor import Visitor

# A browser that leaves a page gives it the network back for a moment, and the page saves. This one is killed instead.
NO_LAST_WORD = "() => { window.fetch = () => new Promise(() => {}); }"


def people() -> tuple[str, str, int]:
    topic = factories.topic("Meetings")
    mara, olga = factories.person("Mara Lind"), factories.person("Olga Berg")
    lesson, _ = lessons.import_file(texts.cards(topic.slug, "together"), owner=mara, by=mara)
    contributing.add_author(lesson, olga, by=mara)
    return mara.email, olga.email, lesson.id


def test_two_write_at_once(house: House, arrive: Arrive) -> None:
    mara_email, olga_email, lesson = house.furnish(people)
    mara, olga = arrive(), arrive()
    for visitor, email in ((mara, mara_email), (olga, olga_email)):
        visitor.signs_in(email)
        visitor.goes_to(f"/write/{lesson}")
    in_different_cards(mara, olga)
    lost_in_the_middle_of_a_sentence(mara, olga)
    in_the_same_line(mara, olga)


def source(visitor: Visitor) -> str:
    return visitor.field("The lesson, as Markdown").input_value()


def saved(visitor: Visitor, state: str = "saved") -> None:
    visitor.page.keyboard.press("Control+s")
    expect(visitor.page.locator(f"[data-save-state={state}]")).to_be_visible()


def writes(visitor: Visitor, card: str, words: str) -> None:
    visitor.page.locator(".edit-outline button", has_text=card).click()
    visitor.page.keyboard.press("End")
    visitor.page.keyboard.insert_text(f"\n\n{words}")


def in_different_cards(mara: Visitor, olga: Visitor) -> None:
    writes(mara, "Make a list of what is open", "Mara was here.")
    writes(olga, "Say it in one place", "Olga was here.")
    saved(mara)
    saved(olga)
    olga.sees("What Mara Lind changed meanwhile is in it too: card 1.")
    olga.settled()
    olga.button("Bring it into my text").click()
    expect(olga.field("The lesson, as Markdown")).to_have_value(re.compile("Mara was here.*Olga was here.", re.DOTALL))
    olga.page.keyboard.type(" And stays.")
    saved(olga)


def lost_in_the_middle_of_a_sentence(mara: Visitor, olga: Visitor) -> None:
    mara.context.set_offline(True)
    writes(mara, "Name one person for each thing", "A sentence that begins on the platform")
    saved(mara, "offline")
    mara.page.keyboard.type(" and ends in the tunnel.")
    writes(olga, "Make a list of what is open", "Olga writes on meanwhile.")
    saved(olga)
    mara.page.wait_for_function(
        "() => Object.values(localStorage).some((entry) => entry.includes('and ends in the tunnel.'))"
    )
    address = mara.page.url
    mara.page.evaluate(NO_LAST_WORD)
    mara.page.goto("about:blank")
    mara.context.set_offline(False)
    mara.goes_to(address)
    mara.sees("What you typed here earlier, without a connection, is back and saved.")
    for words in ("A sentence that begins on the platform and ends in the tunnel.", "Olga writes on meanwhile."):
        expect(mara.field("The lesson, as Markdown")).to_have_value(re.compile(re.escape(words)))


def in_the_same_line(mara: Visitor, olga: Visitor) -> None:
    olga.page.reload()
    for visitor, words in ((mara, "before noon"), (olga, "before the evening")):
        area = visitor.field("The lesson, as Markdown")
        area.fill(source(visitor).replace("Start with what somebody will ask about.", f"Start {words}."))
    saved(mara)
    saved(olga, "stale")
    olga.sees(re.compile("changed the same lines. Nothing is lost"))
    olga.settled()
    olga.press("See both and choose")
    olga.sees(re.compile("You and Mara Lind changed the same lines."))
    olga.sees("Start before noon.", within=".merge-place")
    olga.sees("Start before the evening.", within=".merge-place")
    olga.press("Put it together")
    for words in ("Start before noon.", "Start before the evening."):
        assert words in source(olga)
    expect(olga.page.locator("[data-left-over]")).to_be_hidden()
