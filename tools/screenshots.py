"""Make the pictures of README and docs again: a demo of its own, walked through with a browser.

    make screenshots                              the pictures in docs/pictures/
    python tools/screenshots.py --all somewhere   every page, in a folder of your choice
    python tools/screenshots.py --instance kept   keep the demo in this folder and use it again

Each page is taken for desktop and phone, light and dark.
"""

from __future__ import annotations

import argparse
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from random import Random
from typing import Any
from urllib.request import urlopen

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from peerlearn import demo, demo_cast
from peerlearn.accounts.models import Person
from peerlearn.app import create_app
from peerlearn.config import Settings
from peerlearn.core.db import db, set_reading
from peerlearn.learn import access, pool
from peerlearn.learn import actions as learn
from peerlearn.learn import queries as learning
from peerlearn.learn.models import Reading
from peerlearn.lessons.models import Lesson, Revision
from peerlearn.quizzes.question import Question
from peerlearn.review.models import Review

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "pictures"
SHIPPED = ("today", "lesson", "question", "result", "editor", "review", "league", "boards", "badges")
SINGLES = ("welcome-desktop-light", "catalogue-desktop-light", "card-phone-light")
SIZES = {"desktop": (1280, 800), "phone": (390, 844)}
COLOURS = ("light", "dark")
BIGGEST = 60 * 1024
LEARNERS = ("Mei Tanaka", "Sofia Rossi", "Elif Demir", "Nora Berg", "Felix Braun")  # the first who has a lesson left
AUTHOR, CURATOR, ADMIN = "Lukas Weber", "Priya Raman", "Alina Popescu"


class Camera:
    """Takes a page in every size and colour, if it is wanted."""

    def __init__(self, folder: Path, wanted: tuple[str, ...] | None) -> None:
        self.folder, self.wanted = folder, wanted
        folder.mkdir(parents=True, exist_ok=True)

    def take(self, page: Page, name: str) -> None:
        """The page as it stands, once for each look that is wanted."""
        for size, (width, height) in SIZES.items():
            for colour in COLOURS:
                if not self._is_wanted(name, f"{name}-{size}-{colour}"):
                    continue
                page.set_viewport_size({"width": width, "height": height})
                page.emulate_media(color_scheme=colour, reduced_motion="reduce")  # type: ignore[arg-type]
                page.evaluate("() => scrollTo(0, 0)")
                page.wait_for_timeout(250)
                self._keep(page.screenshot(animations="disabled"), self.folder / f"{name}-{size}-{colour}.webp")
        print(f"  {name}")

    def _is_wanted(self, name: str, picture: str) -> bool:
        return self.wanted is None or name in self.wanted or picture in self.wanted

    def _keep(self, png: bytes, path: Path) -> None:
        picture = Image.open(BytesIO(png)).convert("RGB")
        for quality in (82, 70, 55, 40):
            picture.save(path, "WEBP", quality=quality, method=6)
            if path.stat().st_size <= BIGGEST:
                return


class Demo:
    """A demo instance that is served while the pictures are taken."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.environment = os.environ | {
            "PEERLEARN_DEMO": "1",
            "PEERLEARN_INSTANCE": str(folder),
            "PEERLEARN_BASE_URL": self.url,
            "PEERLEARN_PROXIES": "1",
        }
        self.app = create_app(Settings.from_env(self.environment))

    @contextmanager
    def served(self) -> Iterator[Demo]:
        """Prepare the company, serve it, and stop at the end."""
        command = [sys.executable, "-m", "peerlearn"]
        subprocess.run([*command, "demo", "--prepare-only"], cwd=ROOT, env=self.environment, check=True)
        served = subprocess.Popen([*command, "serve", "--port", str(self.port)], cwd=ROOT, env=self.environment)
        try:
            for _try in range(300):
                try:
                    urlopen(f"{self.url}/healthz", timeout=2).close()
                    break
                except OSError:
                    time.sleep(0.1)
            yield self
        finally:
            served.terminate()
            served.wait(timeout=20)

    def person(self, name: str) -> Person:
        """Somebody of the company."""
        company = demo.Company(self.app.config["SETTINGS"])
        company.found()
        return company.person(name)

    def ask(self, statement: Any) -> Any:
        """The first thing the database finds."""
        with self.app.app_context():
            return db.session.scalars(statement).first()


def lesson_left(at: Demo) -> tuple[str, str]:
    """A learner, and a lesson that is left for them to be shown."""
    for name in LEARNERS:
        if slug := lesson_for(at, name):
            return name, slug
    raise SystemExit("There is no lesson left to show; use a new demo.")


def lesson_for(at: Demo, name: str) -> str | None:
    """A lesson that this person has not begun and is not asked about beforehand, with a choice as first question."""
    with at.app.app_context():
        set_reading(False)
        person = at.person(name)
        for row in learning.new_for(person, 60):
            lesson, where = access.lesson_to_learn(row.lesson.slug, person)
            if where.reading:
                continue
            reading = learn.start_reading(lesson, where, by=person)
            assert lesson.published is not None
            assert lesson.published.quiz_id is not None
            first = pool.drawable(lesson.published.quiz_id)[0]
            if reading.pretest_version_id is None and first.kind == "single":
                db.session.rollback()
                return str(row.lesson.slug)
        return None


def answer_the_rest(at: Demo, name: str, attempt_id: int) -> None:
    """Answer the questions that are left, rightly and after some thought."""
    with at.app.app_context():
        set_reading(False)
        person = at.person(name)
        newest = select(Reading).where(Reading.person_id == person.id).order_by(Reading.id.desc()).limit(1)
        db.session.scalars(newest).one().started_at -= timedelta(minutes=4)
        sitting = access.sitting_of(attempt_id, person)
        for asked in sitting.attempt.asked:
            if asked.answered_at is None:
                learn.next_question(sitting.attempt, by=person)
                assert asked.asked_at is not None
                asked.asked_at -= timedelta(seconds=20)
                given = demo_cast.answer_of(Question.from_json(asked.version.body), True, Random(0))
                learn.answer(sitting, asked.position, given, "certain", by=person)
        db.session.commit()


class Walk:
    """One signed-in person's window."""

    def __init__(self, browser: Browser, at: Demo, number: int, name: str | None) -> None:
        address = {"X-Forwarded-For": f"192.0.2.{number}"}
        self.page = browser.new_context(base_url=at.url, extra_http_headers=address).new_page()
        if name:
            self.page.goto("/sign-in")
            self.page.get_by_label("Mail address").fill(f"{demo_cast.clean_name(name)}@demo.example")
            self.page.get_by_label("Password").fill(demo_cast.PASSWORD)
            self.page.locator("main").get_by_role("button", name="Sign in", exact=True).click()
            self.page.wait_for_load_state()

    def go(self, path: str) -> Page:
        """Open a page."""
        self.page.goto(path)
        return self.page


def learner(browser: Browser, at: Demo, camera: Camera) -> None:
    """From today's page through a lesson to what it brings."""
    who, slug = lesson_left(at)
    walk = Walk(browser, at, 2, who)
    for name, path in (
        ("today", "/"),
        ("catalogue", "/lessons"),
        ("lesson", f"/lessons/{slug}"),
        ("league", "/boards/league"),
        ("boards", "/boards/around"),
        ("teams", "/boards/teams"),
        ("weeks", "/boards"),
        ("badges", "/badges"),
        ("receipts", "/points"),
        ("rules", "/points/how"),
        ("inbox", "/inbox"),
        ("settings", "/me/settings"),
    ):
        camera.take(walk.go(path), name)
    page = walk.go(f"/lessons/{slug}")
    page.locator("main").get_by_role("button", name="Start").click()
    page.wait_for_url("**/cards/1")
    camera.take(page, "card")
    while "/cards/" in page.url:
        page.locator("main form button").click()
        page.wait_for_load_state()
    page.locator(".question-option").nth(1).click()
    page.get_by_label("Fairly sure").check()
    camera.take(page, "question")
    attempt_id = int(page.url.rsplit("/", 1)[1])
    page.get_by_role("button", name="Answer", exact=True).click()
    page.wait_for_load_state()
    camera.take(page, "feedback")
    answer_the_rest(at, who, attempt_id)
    camera.take(walk.go(f"/attempts/{attempt_id}/result"), "result")


def others(browser: Browser, at: Demo, camera: Camera) -> None:
    """What a visitor, an author, a curator and an administrator see."""
    camera.take(Walk(browser, at, 10, None).go("/"), "welcome")
    draft = select(Lesson.id).join(Revision, Revision.lesson_id == Lesson.id).where(Revision.state == "draft")
    lesson_id = at.ask(draft)
    with at.app.app_context():
        owner = db.session.get_one(Person, db.session.get_one(Lesson, lesson_id).owner_id).name
    author = Walk(browser, at, 11, owner)
    author.go(f"/write/{lesson_id}").locator(".sight-title").wait_for()
    camera.take(author.page, "editor")
    camera.take(author.go("/write"), "desk")
    with at.app.app_context():
        waiting = db.session.scalars(select(Review).where(Review.state == "open").order_by(Review.id)).first()
        review_id = waiting.id if waiting else None
    curator = Walk(browser, at, 12, ADMIN)
    camera.take(curator.go("/people"), "people")
    curator = Walk(browser, at, 13, curator_of(at, review_id))
    camera.take(curator.go("/review"), "queue")
    if review_id:
        camera.take(curator.go(f"/review/{review_id}"), "review")
        camera.take(curator.go(f"/review/{review_id}/decision"), "decision")
        camera.take(curator.go(f"/review/{review_id}/text"), "text")


def curator_of(at: Demo, review_id: int | None) -> str:
    """Somebody who may decide about this review."""
    with at.app.app_context():
        found = select(Review).where(Review.id == review_id).options(joinedload(Review.lesson))
        waiting = db.session.scalars(found).one_or_none()
        for character in demo_cast.company(at.app.config["SETTINGS"].content)[0]:
            person = at.person(character.name)
            if waiting and person.holds("curator", waiting.topic_id) and person.id != waiting.lesson.owner_id:
                return character.name
    return CURATOR


def main() -> None:
    """Take all pictures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--all", type=Path, help="take every page, into this folder")
    parser.add_argument("--instance", type=Path, help="keep the demo here")
    wanted = parser.parse_args()
    names = ("chromium", "chromium-browser", "google-chrome")
    chromium = os.environ.get("PEERLEARN_CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    if chromium is None:
        raise SystemExit("The pictures need a Chromium. Install one, or name it in PEERLEARN_CHROMIUM.")
    camera = Camera(wanted.all or PICTURES, None if wanted.all else SHIPPED + SINGLES)
    with (
        tempfile.TemporaryDirectory() as folder,
        Demo(wanted.instance or Path(folder)).served() as at,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        learner(browser, at, camera)
        others(browser, at, camera)
        browser.close()


if __name__ == "__main__":
    main()
