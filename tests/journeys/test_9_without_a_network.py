"""On a train: the day's questions and a lesson are on the phone, answers wait there, count once, and leave nothing."""

from __future__ import annotations

import re
import time
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Locator, Route, expect
from sqlalchemy import delete, func, select, update

from peerlearn.accounts.models import Person, Session
from peerlearn.core import clock
from peerlearn.core.db import db
from peerlearn.core.facts import Fact
from peerlearn.lessons.models import Lesson, Revision
from peerlearn.points.models import LedgerEntry
from peerlearn.practice import actions
from peerlearn.practice.models import DailySet, Memory, SetQuestion
from peerlearn.quizzes.kinds.registry import KINDS
from peerlearn.quizzes.models import ItemVersion, QuizItem
from tests import factories
from tests.factories import Walk
from tests.journeys import company, texts
from tests.journeys.conftest import Arrive
from tests.journeys.house import House
from tests.journeys.visitor import Visitor

SLUG = "all-ten-kinds"
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
CHOICES = {
    "single": ["I offer to do the work myself"],
    "multiple": ["What you expected", "The steps to repeat it"],
    "true-false": ["False"],
    "hotspot": ["Address"],
}
TYPED = {"text": "Git Bisect", "number": "10,4 kg"}
ORDER = ["Warn the others", "Call the fire brigade", "Fight the fire if it is small"]
PAIRS = {"200": "Here it is", "404": "Not here", "500": "Something broke"}
KEPT = """async () => {
  const names = (await caches.keys()).filter((name) => name.startsWith("peerlearn-person-")).sort();
  const pages = [];
  for (const name of names) {
    for (const request of await (await caches.open(name)).keys()) pages.push(new URL(request.url).pathname);
  }
  const opened = await new Promise((resolve) => {
    const request = indexedDB.open("peerlearn");
    request.onsuccess = () => resolve(request.result);
  });
  const rows = {};
  for (const name of opened.objectStoreNames) {
    rows[name] = await new Promise((resolve) => {
      const request = opened.transaction(name).objectStore(name).count();
      request.onsuccess = () => resolve(request.result);
    });
  }
  opened.close();
  return { names, pages, rows };
}"""
UNSEEN = """async () => {
  const person = Number(document.querySelector("[data-person]").dataset.person);
  const opened = await new Promise((resolve) => {
    const request = indexedDB.open("peerlearn");
    request.onsuccess = () => resolve(request.result);
  });
  const writing = opened.transaction("news", "readwrite");
  writing.objectStore("news").put({ question: "0/0", person, fate: "gone", message: "Not seen yet" });
  await new Promise((resolve) => { writing.oncomplete = resolve; });
  opened.close();
}"""
FILES = "async () => (await caches.keys()).filter((name) => name.startsWith('peerlearn-files-'))"
SAID = """async (words) => {
  const [name] = (await caches.keys()).filter((each) => each.startsWith("peerlearn-person-"));
  const pages = await caches.open(name);
  const said = await (await pages.match("/practice/offline/day"))?.text();
  if (words === null) return said ?? null;
  await pages.put("/practice/offline/day", new Response(words));
  await pages.delete("/practice/offline");
  return said;
}"""
YESTERDAY = "Sun Jan 04 2026"
TOOK_TODAY = "kept === new Date().toDateString()"
NOTHING = {"names": [], "pages": [], "rows": {"answers": 0, "lessons": 0, "news": 0}}


def somebody(lesson: Lesson, name: str) -> str:
    """Somebody who works every day, read a lesson weeks ago, and for whom all its questions are due."""
    person = factories.person(name, work_days="1234567")
    Walk(person, lesson.slug, clock.now() - timedelta(weeks=3)).read()
    actions.choose(size=10, by_mail=False, by=person)
    quiz = select(Revision.quiz_id).where(Revision.id == lesson.published_id).scalar_subquery()
    versions = select(ItemVersion).join(QuizItem, QuizItem.version_id == ItemVersion.id).where(QuizItem.quiz_id == quiz)
    day = clock.now().date() - timedelta(days=20)
    trace = {"rank": 1, "stability": 9.0, "difficulty": 5.0, "answered_on": day, "interval": 9, "due_on": day}
    db.session.add_all(
        Memory(
            person_id=person.id,
            item_id=version.item_id,
            version_id=version.id,
            lesson_id=lesson.id,
            topic_id=lesson.topic_id,
            **trace,
        )
        for version in db.session.scalars(versions)
        if KINDS[version.kind].counts
    )
    return person.email


def people() -> tuple[str, ...]:
    topic = factories.topic("All kinds")
    curator = factories.person("Jon Berg", roles=(("curator", topic.id),))
    lesson = company.published(texts.all_ten_kinds(topic.slug), factories.person("Ada Author"), curator)
    assert lesson.slug == SLUG
    names = ("Tia Train", "Ben Bus", "Nell None", "Ivy Installed")
    return tuple(somebody(lesson, name) for name in names)


@pytest.fixture(scope="module")
def emails(house: House) -> tuple[str, ...]:
    """Two people who travel, one whose browser has no scripts, and one whose phone takes the day along by itself."""
    return house.furnish(people)


def test_on_a_train(house: House, arrive: Arrive, emails: tuple[str, ...]) -> None:
    phone = arrive(**PHONE, color_scheme="dark")
    files_of_an_earlier_release(phone)
    phone.signs_in(emails[0])
    takes_the_day_along(phone)
    house.let_time_pass()
    phone.context.set_offline(True)
    opens_everything_again(phone)
    answers_all(phone)
    sends_in_vain(house, phone)
    back_in_the_network(house, phone)
    counted_once(house, emails[0])
    hears_how_it_went(phone)
    phone.page.evaluate(UNSEEN)
    assert phone.page.evaluate(KEPT)["rows"]["news"] == 1
    phone.signs_out()
    assert phone.page.evaluate(KEPT) == NOTHING


def files_of_an_earlier_release(phone: Visitor) -> None:
    phone.goes_to("/sign-in")
    phone.page.evaluate("() => caches.open('peerlearn-files-earlier')")


def waits(visitor: Visitor, script: str, wanted: str) -> None:
    """Until what the browser keeps is what is wanted."""
    latest = time.monotonic() + 20
    while not visitor.page.evaluate(f"async () => {{ const kept = await ({script})(); return {wanted}; }}"):
        assert time.monotonic() < latest, f"{wanted}: {visitor.page.evaluate(script)}"
        visitor.page.wait_for_timeout(100)


def takes_the_day_along(phone: Visitor) -> None:
    phone.goes_to(f"/lessons/{SLUG}")
    waits(phone, KEPT, f"kept.pages.includes('/lessons/{SLUG}/whole')")
    phone.goes_to("/practice")
    phone.press("Take today’s questions along", within="main")
    phone.heading("Practice without a network")
    phone.sees("This page is kept on this device")
    expect(phone.page.locator("[data-question]")).to_have_count(9)
    phone.page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
    waits(phone, FILES, "kept.length === 1 && kept[0] !== 'peerlearn-files-earlier'")
    waits(
        phone, KEPT, "kept.pages.includes('/practice/offline') && kept.pages.some((one) => one.startsWith('/media/'))"
    )


def opens_everything_again(phone: Visitor) -> None:
    phone.page.reload()
    phone.settled()
    phone.heading("Practice without a network")
    phone.sees("You are offline. Your answers are kept on this device and count when you are back.")
    phone.misses("the password stays with you")
    expect(phone.page.locator(".hotspot img")).to_have_js_property("complete", True)
    assert phone.page.locator(".hotspot img").evaluate("(img) => img.naturalWidth") > 0
    phone.follow("Every kind of question", within="main")
    phone.heading("Every kind of question")
    phone.sees("Fighting a fire alone.")
    phone.goes_to("/boards")
    phone.heading("Practice without a network")


def answers_all(phone: Visitor) -> None:
    questions = phone.page.locator("[data-question]")
    half(phone, questions.first)
    for number in range(questions.count()):
        question = questions.nth(number)
        classes = question.locator(".question").get_attribute("class") or ""
        one(question, classes.split("question-")[-1])
        question.locator(".learn-confidence-option", has_text="Fairly sure").tap()
        question.get_by_role("button", name="Keep my answer").press("Enter")
        done = question.locator("[data-done]")
        expect(done).to_contain_text("Your answer is kept on this device.")
        expect(done).to_be_focused()
        expect(phone.page.locator("[data-waiting]")).to_contain_text(f"Answers that wait on this device: {number + 1}")
    phone.page.reload()
    phone.settled()
    expect(phone.page.locator("[data-waiting]")).to_contain_text("Answers that wait on this device: 9")
    expect(phone.page.locator("[data-question] form").locator("visible=true")).to_have_count(0)


def half(phone: Visitor, question: Locator) -> None:
    """An answer that is not one is not kept."""
    kind = (question.locator(".question").get_attribute("class") or "").split("question-")[-1]
    if kind == "ordering":  # it is always whole
        return
    question.locator(".learn-confidence-option", has_text="Fairly sure").tap()
    question.get_by_role("button", name="Keep my answer").tap()
    expect(question.get_by_role("alert")).to_have_text("Answer the whole question first.")
    phone.settled()


def one(question: Locator, kind: str) -> None:
    """Answer a question rightly."""
    for words in CHOICES.get(kind, ()):
        question.locator(".question-option", has_text=words).click()
    if kind in TYPED:
        question.locator(".question-typed input").fill(TYPED[kind])
    elif kind == "matching":
        for left, right in PAIRS.items():
            question.get_by_label(left).select_option(label=right)
    elif kind == "cloze":
        question.get_by_label("Gap 1 of 2").select_option(label="left join")
        question.get_by_label("Gap 2 of 2").fill("NULL")
    elif kind == "ordering":
        for place, words in enumerate(ORDER):
            while question.locator("[data-entry-text]").all_inner_texts().index(words) > place:
                question.get_by_role("button", name=f"Move up: {words}").click()


def sends_in_vain(house: House, phone: Visitor) -> None:
    """There is a network, but nobody answers: that loses nothing either."""
    house.close()
    phone.context.set_offline(False)
    phone.button("Send them now").click()
    phone.sees("They could not be sent just now. They stay here, and we try again by ourselves.")
    phone.goes_to("/lessons")
    phone.sees("The page you asked for cannot be reached just now.")
    expect(phone.page.locator("[data-waiting]")).to_contain_text("Answers that wait on this device: 9")


def back_in_the_network(house: House, phone: Visitor) -> None:
    house.open()
    phone.button("Send them now").click()
    for question in phone.page.locator("[data-question]").all():
        expect(question.locator("[data-done]")).to_contain_text("Right")
    expect(phone.page.locator("[data-news]")).to_contain_text("Answers of this device that came in: 9")
    expect(phone.page.locator("[data-waiting]")).to_be_hidden()
    phone.settled()


def counted_once(house: House, email: str) -> None:
    def found() -> tuple[int, int, int]:
        person_id = db.session.scalar(select(Person.id).where(Person.email == email))
        facts = select(func.count()).where(Fact.type == "ItemReviewed", Fact.actor_id == person_id)
        rows = select(func.count()).where(SetQuestion.synced_at.is_not(None), SetQuestion.is_right)
        paid = select(func.count()).where(LedgerEntry.person_id == person_id, LedgerEntry.rule == "L2")
        return (db.session.scalar(facts) or 0, db.session.scalar(rows) or 0, db.session.scalar(paid) or 0)

    assert house.furnish(found) == (9, 9, 9)


def hears_how_it_went(phone: Visitor) -> None:
    phone.follow("See how they went", within="main")
    phone.heading("What you answered without a network")
    phone.sees(re.compile("^9 answers have come in"))
    phone.sees(re.compile(r"^\d+ XP earned"))
    phone.page.get_by_text("Explanation", exact=True).first.click()
    phone.settled()
    phone.goes_to("/practice")
    expect(phone.page.locator("[data-news]")).to_be_hidden()
    assert phone.page.evaluate(KEPT)["rows"]["answers"] == 0


def test_what_cannot_be_read_comes_back_and_what_is_late_is_told(
    house: House, arrive: Arrive, emails: tuple[str, ...]
) -> None:
    traveller = arrive()
    traveller.context.add_init_script("delete ServiceWorkerRegistration.prototype.sync")  # not every browser has it
    traveller.signs_in(emails[2])
    traveller.goes_to("/practice")
    traveller.press("Take today’s questions along", within="main")
    traveller.page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
    waits(traveller, KEPT, "kept.pages.includes('/practice/offline')")
    house.let_time_pass()
    traveller.context.set_offline(True)
    number, text, judged = (of_kind(traveller, kind) for kind in ("number", "text", "true-false"))
    number.locator(".question-typed input").fill("very heavy")
    keeps(number)
    one(text, "text")
    keeps(text)
    traveller.page.evaluate(LONG_AGO, text.get_attribute("data-question"))
    house.furnish(set_of_three_days_ago)
    traveller.context.set_offline(False)
    expect(number.get_by_role("alert")).to_have_text("This cannot be read as a number. Use digits, for example 12.5.")
    expect(text).to_contain_text("This answer is older than 48 hours, so it does not count.")
    expect(number.locator(".question-typed input")).to_have_value("very heavy")
    traveller.page.reload()
    expect(number.locator(".question-typed input")).to_have_value("very heavy")
    traveller.settled()
    one(judged, "true-false")
    keeps(judged)
    expect(judged).to_contain_text("Right")
    traveller.follow("See how they went", within="main")
    traveller.sees(re.compile("^1 answer has come in"))
    traveller.sees(re.compile("This cannot be read as a number.* You had written: “very heavy”."))
    traveller.sees(re.compile("This answer is older than 48 hours"))
    traveller.page.reload()
    expect(traveller.page.locator("[data-others]")).to_be_hidden()
    traveller.follow("To practice", within="main")
    for question in (number, text):
        traveller.goes_to("/practice/offline")
        expect(question.locator("form")).to_be_visible()
    one(number, "number")
    a_busy_server(traveller, number)
    traveller.button("Send them now").click()
    expect(number).to_contain_text("Right")


def a_busy_server(traveller: Visitor, question: Locator) -> None:
    """What the server could not take just now stays."""

    def busy(route: Route) -> None:
        route.fulfill(status=503, json={"message": "We are very busy for a moment."})

    traveller.page.route("**/sync", busy)
    keeps(question)
    traveller.button("Send them now").click()
    traveller.sees("They could not be sent just now. They stay here, and we try again by ourselves.")
    waits(traveller, KEPT, "kept.rows.answers === 1")
    traveller.page.unroute("**/sync", busy)
    traveller.faults.clear()  # that it was busy


def set_of_three_days_ago() -> None:
    db.session.execute(update(DailySet).values(started_at=clock.now() - timedelta(days=3)))


def of_kind(traveller: Visitor, kind: str) -> Locator:
    return traveller.page.locator("[data-question]", has=traveller.page.locator(f".question-{kind}"))


def keeps(question: Locator) -> None:
    question.locator(".learn-confidence-option", has_text="Certain").click()
    question.get_by_role("button", name="Keep my answer").click()
    expect(question.locator("[data-done]")).to_be_visible()


LONG_AGO = """async (question) => {
  const opened = await new Promise((resolve) => {
    const request = indexedDB.open("peerlearn");
    request.onsuccess = () => resolve(request.result);
  });
  const answers = opened.transaction("answers", "readwrite").objectStore("answers");
  const earlier = Date.now() - 50 * 3600 * 1000;
  answers.get(question).onsuccess = ({ target }) => answers.put({ ...target.result, at: earlier });
  await new Promise((resolve) => { answers.transaction.oncomplete = resolve; });
  opened.close();
}"""


def test_twenty_lessons_are_kept(arrive: Arrive, emails: tuple[str, ...]) -> None:
    reader = arrive()
    reader.signs_in(emails[2])
    reader.goes_to(f"/lessons/{SLUG}")
    waits(reader, KEPT, "kept.rows.lessons === 1")
    keep = """async (url) => {
      const person = Number(document.querySelector("[data-person]").dataset.person);
      for (let n = 1; n <= 24; n += 1) {
        const lesson = { url: `${url}?edition=${n}`, title: `Lesson ${n}`, edition: "1" };
        await globalThis.peerlearnKept.keepLesson(person, lesson);
      }
    }"""
    reader.page.evaluate(keep, f"/lessons/{SLUG}/whole")
    found = reader.page.evaluate(KEPT)
    assert found["rows"]["lessons"] == 20
    assert found["pages"].count(f"/lessons/{SLUG}/whole") == 20


def test_somebody_else_finds_nothing(house: House, arrive: Arrive, emails: tuple[str, ...]) -> None:
    """A session that ends by itself keeps the answers for the person; the next person finds none of it."""
    phone = arrive(**PHONE)
    phone.signs_in(emails[1])
    phone.goes_to("/practice")
    phone.press("Take today’s questions along", within="main")
    phone.page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
    waits(phone, KEPT, "kept.pages.includes('/practice/offline')")
    house.let_time_pass()
    phone.context.set_offline(True)
    question = phone.page.locator("[data-question]", has=phone.page.locator(".question-true-false"))
    one(question, "true-false")
    question.locator(".learn-confidence-option", has_text="Certain").tap()
    question.get_by_role("button", name="Keep my answer").tap()
    waits(phone, KEPT, "kept.rows.answers === 1")
    house.furnish(lambda: ends_sessions_of(emails[1]))
    phone.context.set_offline(False)
    phone.button("Send them now").click()
    phone.sees("Please sign in again to send them.")
    assert phone.page.evaluate("() => peerlearnKept.keepPage(0, peerlearnKept.OFFLINE)") is None, "that is no such page"
    phone.goes_to("/sign-in")
    waits(phone, KEPT, "!kept.names.length && kept.rows.answers === 1")
    phone.signs_in(emails[0])
    waits(phone, KEPT, "!kept.rows.answers")


def ends_sessions_of(email: str) -> None:
    person = db.session.scalars(select(Person).where(Person.email == email)).one()
    for session in db.session.scalars(select(Session).where(Session.person_id == person.id)):
        db.session.delete(session)


def test_nothing_is_different_without_a_worker_or_scripts(arrive: Arrive, emails: tuple[str, ...]) -> None:
    plain = arrive()
    plain.context.add_init_script("delete Navigator.prototype.serviceWorker")
    plain.signs_in(emails[2])
    plain.goes_to("/practice")
    plain.press("Take today’s questions along", within="main")
    plain.heading("Practice without a network")
    bare = arrive(java_script_enabled=False)
    bare.page.goto("/sign-in")
    bare.page.get_by_label("Mail address").fill(emails[2])
    bare.page.get_by_label("Password").fill(factories.PASSWORD)
    bare.page.locator("main").get_by_role("button", name="Sign in").click()
    bare.goes_to("/practice")
    expect(bare.page.get_by_text("Take today’s questions along")).to_be_hidden()
    bare.goes_to("/practice/offline")
    bare.sees("Practice without a network needs JavaScript.")


def test_a_phone_takes_the_day_along_by_itself_where_its_person_wants_it(
    house: House, arrive: Arrive, emails: tuple[str, ...]
) -> None:
    """Once a day, on whatever page, and with no page open; not before it was wanted, and not after it is not."""

    def sets(forget: bool = False) -> tuple[int, int]:
        mine = select(Person.id).where(Person.email == emails[3]).scalar_subquery()
        found = db.session.scalars(select(DailySet.id).where(DailySet.person_id == mine)).all()
        begun = select(func.count()).where(SetQuestion.set_id.in_(found), SetQuestion.asked_at.is_not(None))
        told = len(found), db.session.scalar(begun) or 0
        if forget:
            db.session.execute(delete(SetQuestion).where(SetQuestion.set_id.in_(found)))
            db.session.execute(delete(DailySet).where(DailySet.id.in_(found)))
            db.session.commit()
        return told

    phone = arrive(**PHONE)
    phone.signs_in(emails[3])
    phone.goes_to("/lessons")
    phone.page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
    phone.page.wait_for_timeout(500)
    assert house.furnish(sets) == (0, 0), "nobody asked for it"
    phone.goes_to("/practice")
    phone.press("Take today’s questions along", within="main")
    expect(phone.page.get_by_label("Take each workday’s questions along by itself")).to_be_checked()
    took_the_day(phone)
    assert house.furnish(lambda: sets(forget=True)) == (1, 0), "no clock starts"
    phone.page.evaluate(SAID, YESTERDAY)
    phone.goes_to("/lessons")
    took_the_day(phone)
    assert house.furnish(lambda: sets(forget=True)) == (1, 0)
    phone.goes_to("/")
    phone.page.wait_for_timeout(500)
    assert house.furnish(sets) == (0, 0), "once a day"
    phone.page.evaluate(SAID, YESTERDAY)
    calls_the_worker(house, phone)
    took_the_day(phone)
    assert house.furnish(lambda: sets(forget=True)) == (1, 0)
    phone.goes_to("/practice/offline")
    phone.page.get_by_label("Take each workday’s questions along by itself").uncheck()
    waits(phone, f"() => ({SAID})(null)", "kept === 'never'")
    phone.goes_to("/lessons")
    phone.page.wait_for_timeout(500)
    assert house.furnish(sets) == (0, 0), "not wanted any more"
    phone.goes_to("/practice/offline")
    expect(phone.page.get_by_label("Take each workday’s questions along by itself")).not_to_be_checked()


def took_the_day(phone: Visitor) -> None:
    """Until the questions are kept, and it is noted that they are those of today: nothing that began before goes on."""
    waits(phone, KEPT, "kept.pages.includes('/practice/offline')")
    waits(phone, f"() => ({SAID})(null)", TOOK_TODAY)


def calls_the_worker(house: House, phone: Visitor) -> None:
    """What a browser does now and then for an installed app."""
    browser = phone.context.new_cdp_session(phone.page)
    found: list[dict[str, Any]] = []
    browser.on("ServiceWorker.workerRegistrationUpdated", lambda told: found.extend(told["registrations"]))
    browser.send("ServiceWorker.enable")
    phone.page.wait_for_timeout(300)
    call = {"origin": phone.page.evaluate("location.origin"), "registrationId": found[-1]["registrationId"]}
    browser.send("ServiceWorker.dispatchPeriodicSyncEvent", call | {"tag": "day"})
    browser.detach()
