"""Canaries: words that stand only where a person must not look yet. No page may sing them."""

from __future__ import annotations

import re
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from peerlearn.accounts.models import Person
from peerlearn.core import clock, files
from peerlearn.core.db import db as database
from peerlearn.learn.models import Asked, Attempt
from peerlearn.lessons import actions as lessons
from peerlearn.lessons import contributing
from peerlearn.lessons.models import Lesson
from peerlearn.quizzes import textform
from peerlearn.quizzes.kinds.registry import KINDS, kind_of
from peerlearn.quizzes.question import Question
from peerlearn.review import actions as review
from peerlearn.review import queries as reviewing
from peerlearn.review.models import Review
from tests import factories
from tests.factories import Walk
from tests.page import Client, said

pytestmark = pytest.mark.security

KEYS = {
    "single": ("kkwhysingleright", "kkwhysinglewrong"),
    "multiple": ("kkwhymultiright", "kkwhymultiwrong"),
    "true-false": ("kkwhytrue", "kkwhyfalse"),
    "text": ("kkacceptedone", "kkacceptedtwo", "kkwhytext"),
    "number": ("734519", "kkwhynumber"),
    "ordering": ("kkwhyordering",),
    "matching": ("kkwhymatching",),
    "cloze": ("kkgapone", "kkgaptwo", "kkwhycloze"),
    "hotspot": ("kkwhyplaceright", "kkwhyplacewrong", "kkwhyhotspot"),
    "reflection": ("kkmodelanswer", "kkwhyreflection"),
}
PICTURE = files.Picture("0a" * 32, b"picture", 64, 48)
QUIZ = """
# Quiz

## single scenario ^kkaaa

Which of these comes first?

- [ ] The end ^a
  > kkwhysinglewrong
- [x] The start ^b
  > kkwhysingleright
- [ ] The middle ^c
  > kkwhysinglewrong again

## multiple ^kkbbb

Which of these are colours?

- [x] Red ^a
  > kkwhymultiright
- [ ] Table ^b
  > kkwhymultiwrong
- [x] Blue ^c
  > kkwhymultiright

## true-false ^kkccc

Water is wet.

- [x] True ^a
  > kkwhytrue
- [ ] False ^b
  > kkwhyfalse

## text ^kkddd

How is it called?

= kkacceptedone
= kkacceptedtwo

Why: kkwhytext

## number ^kkeee

How many are there?

= 734519

Why: kkwhynumber

## ordering ^kkfff

Put these into order.

1. Alpha ^a
2. Beta ^b
3. Gamma ^c
4. Delta ^d

Why: kkwhyordering

## matching ^kkggg

Match these.

- One => Uno ^a
- Two => Due ^b
- Three => Tre ^c

Why: kkwhymatching

## cloze ^kkhhh

The first word is {{kkgapone}} and the other is {{kkgaptwo}}.

Why: kkwhycloze

## hotspot ^kkiii

Where is the door?

![A plan of a room](/media/0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a)

- [ ] North => 40,0 20x10 ^a
  > kkwhyplacewrong
- [x] East => 90,40 10x20 ^b
  > kkwhyplaceright
- [ ] South => 40,90 20x10 ^c
  > kkwhyplacewrong

Why: kkwhyhotspot

## reflection ^kkjjj

What will you do?

= kkmodelanswer

Why: kkwhyreflection
"""
DRAFT = "kkdraftonly"
# word by word: a pattern of letters would find itself in a token of chance
SECRET = re.compile("|".join(sorted({*re.findall(r"kk[a-z]{5,}", QUIZ), *sum(KEYS.values(), ()), DRAFT}, reverse=True)))


def canary_lesson(author: Person, front: str = "") -> Lesson:
    """A published lesson with canaries in every key, a draft of a newer text, and an unpublished lesson."""
    topic = factories.topic()
    curator = factories.person(roles=(("curator", topic.id),))
    text = factories.lesson_text(topic, uid="canary-lesson", front=front).split("\n# Quiz")[0] + QUIZ
    lesson, revision = lessons.import_file(text, owner=author, by=author)
    assert revision is not None
    contributing.add_picture(lesson, PICTURE, by=author)
    lessons.submit(revision, by=author)
    database.session.commit()
    review_id = database.session.scalar(select(Review.id).where(Review.revision_id == revision.id))
    assert review_id is not None
    seen = reviewing.review_to_change(review_id, curator)
    assert seen is not None
    review.claim(seen.review, by=curator)
    review.approve(seen.review, factories.JUDGEMENT, by=curator)
    draft = lessons.revise(lesson, by=author)
    lessons.save_draft(draft, draft.source.replace("Go on", DRAFT, 1), base_version=draft.version, by=author)
    hidden = lessons.start_lesson(kind="how-to", title=f"{DRAFT} in a title", topics=[topic], by=author)
    database.session.commit()
    assert hidden.title
    return lesson


def everywhere(lesson: Lesson, author: Person, attempt_id: int | None) -> list[str]:
    """Every address at which an employee could look for a key."""
    slug = lesson.slug
    number = lesson.id
    found = ["/", "/lessons", f"/lessons/{slug}", f"/lessons/{slug}/before", f"/lessons/{slug}/report", "/inbox"]
    found += [f"/lessons/{slug}/cards/{n}" for n in range(1, 5)]
    found += [f"/boards/{tab}" for tab in ("around", "my-team", "teams", "season", "hall")]
    found += [f"/people/{author.id}/profile", "/me/settings", "/points", "/points/how", "/badges", "/help", "/write"]
    found += [f"/write/{number}{tail}" for tail in ("", "/history", "/file", "/pictures", "/authors", "/question")]
    found += [f"/review/{n}{tail}" for n in range(1, 9) for tail in ("", "/text", "/changes", "/decision")]
    found += ["/review", "/review/reports", "/review/reports/mine", f"/review/lessons/{number}/reports", "/audit"]
    found += [f"/attempts/{n}{tail}" for n in range(1, 4) for tail in ("", "/result")]
    found += [f"/attempts/{attempt_id}", f"/attempts/{attempt_id}/result"] if attempt_id else []
    words = sorted({word for keys in KEYS.values() for word in keys} | {DRAFT})
    return found + [f"/lessons?q={word}" for word in words]


def sung(browser: Client, urls: list[str]) -> dict[str, set[str]]:
    """Which canaries stand in which pages, headers included; the echo of what was searched for does not count."""
    found = {}
    for url in urls:
        response = browser.http.get(url)
        assert response.status_code < 500, url
        text = said(response) + str(response.headers)
        searched = url.partition("?q=")[2]
        hits = set(SECRET.findall(text)) - {searched}
        if searched and "/lessons/canary-lesson" in text:
            hits.add(searched)
        if hits:
            found[url] = hits
    return found


def test_no_page_shows_a_key_before_its_answer_is_stored(app: Flask, client_for: Any) -> None:
    author = factories.person("Ann Author")
    lesson = canary_lesson(author)
    learner = factories.person("Lea Learner")
    other = factories.person("Otto Other")
    curator = factories.person(roles=(("curator", factories.topic().id),))
    browser = client_for(learner)
    assert sung(browser, everywhere(lesson, author, None)) == {}, "before anything was begun"
    reviews = [url for url in everywhere(lesson, author, None) if url.startswith(("/review", "/write"))]
    assert sung(client_for(curator), reviews) == {}, "curator of another topic"
    walk = Walk(learner, lesson.slug, clock.now() - timedelta(minutes=30))
    walk.read()
    sitting = walk.start()
    attempt_id = sitting.attempt.id
    urls = everywhere(lesson, author, attempt_id)
    heard: set[str] = set()
    for _ in range(len(KEYS)):
        with clock.at(walk.moment):
            page = browser.post(f"/attempts/{attempt_id}/next")
        assert page.response.location in {f"/attempts/{attempt_id}"}
        row = waiting_question(attempt_id)
        kind = row.version.kind
        question_page = browser.get(f"/attempts/{attempt_id}")
        assert not set(SECRET.findall(question_page.text)) - heard, f"{kind} shows its key before the answer"
        assert_opaque(question_page.text, Question.from_json(row.version.body))
        empty = browser.http.post(
            f"/attempts/{attempt_id}/{row.position}",
            data={"csrf_token": question_page.csrf_token, "confidence": "certain", "answer": ""},
        )
        assert not set(SECRET.findall(empty.get_data(as_text=True))), f"{kind}: a refused answer tells"
        if row.position == 1:
            assert sung(browser, urls) == {}, f"before question {row.position} was answered"
        question = Question.from_json(row.version.body)
        data = wrong_answer(question, attempt_seed(attempt_id)) | {"confidence": "guess"}
        browser.post(f"/attempts/{attempt_id}/{row.position}", data)
        told = set(SECRET.findall(browser.get(f"/attempts/{attempt_id}").text))
        assert told, f"{kind}: nothing is explained"
        assert told <= set(KEYS[kind]) | {"kkwhysinglewrong"}, f"{kind} tells of other questions: {told}"
        elsewhere = [f"/lessons/{lesson.slug}", f"/attempts/{attempt_id}/result"] if row.position < len(KEYS) else []
        assert sung(browser, elsewhere) == {}, f"after {kind}"
    shown_to_me = {url: hits for url, hits in sung(browser, urls).items() if not url.startswith("/attempts/")}
    assert shown_to_me == {}, "keys stand only where they were answered"
    attempts = [url for url in urls if url.startswith("/attempts/")]
    assert sung(client_for(other), attempts) == {}, "a colleague sees nothing of my attempt"


def waiting_question(attempt_id: int) -> Asked:
    """The first question of an attempt that has no answer yet."""
    database.session.expire_all()
    waiting = select(Asked).where(Asked.attempt_id == attempt_id, Asked.answered_at.is_(None)).order_by(Asked.position)
    found = database.session.scalars(waiting.options(joinedload(Asked.version)).limit(1)).first()
    assert found is not None
    return found


def attempt_seed(attempt_id: int) -> int:
    return database.session.get_one(Attempt, attempt_id).seed


def wrong_answer(question: Question, seed: int) -> dict[str, Any]:
    """A readable answer that is not right, as a browser would send it."""
    shown = kind_of(question).present(question, seed)
    if question.options:
        return {shown.field: shown.choices[0].id}
    if question.kind in {"text", "reflection"}:
        return {shown.field: "something else"}
    if question.kind == "number":
        return {shown.field: "1"}
    if question.kind == "cloze":
        return {blank.name: "nothing" for blank in shown.blanks}
    if question.kind == "ordering":
        return {f"{shown.field}-{choice.id}": str(n) for n, choice in enumerate(shown.choices, start=1)} | {
            shown.field: [choice.id for choice in shown.choices]
        }
    return {f"{shown.field}-{left.id}": shown.choices[0].id for left in shown.lefts}


def assert_opaque(html: str, question: Question) -> None:
    """The ids in a page say nothing about the ids in the file."""
    values = re.findall(r'(?:type="(?:radio|checkbox)"|<option)[^>]*value="([^"]*)"', html)
    own = {option.uid for option in question.options} | {entry.uid for entry in question.entries}
    own |= {pair.uid for pair in question.pairs}
    assert not own & set(values), values


def test_order_and_ids_say_nothing_about_the_key() -> None:
    questions = textform.parse(QUIZ.strip()).questions
    draws = 2_000
    for question in questions:
        if question.kind not in {"single", "multiple"}:
            continue
        kind = KINDS[question.kind]
        right = {option.uid for option in question.options if option.right}
        places: Counter[int] = Counter()
        ranks: Counter[int] = Counter()
        for seed in range(draws):
            order = [option.uid for option in kind.shown(question, seed)]  # type: ignore[attr-defined]
            places.update(place for place, uid in enumerate(order) if uid in right)
            ids = [choice.id for choice in kind.present(question, seed).choices]
            ranked = sorted(range(len(ids)), key=ids.__getitem__)
            ranks.update(rank for rank, place in enumerate(ranked) if order[place] in right)
        expected = draws * len(right) / len(question.options)
        for found in (places, ranks):
            chi = sum((found[n] - expected) ** 2 / expected for n in range(len(question.options)))
            assert chi < 20, (question.kind, found)  # p < 0.0001 with two degrees of freedom


def test_hidden_people_stay_hidden(app: Flask, client_for: Any) -> None:
    team = factories.team()
    viewer = factories.person("Vera Viewer", team=team, board_mode="named")
    old = {"alias": "Kkoldalias", "alias_key": "kkoldalias"}
    hidden = factories.person("Kkhiddenname Person", team=team, board_mode="hidden", **old)
    owl = {"alias": "Night Owl", "alias_key": "night owl"}
    masked = factories.person("Kkmaskedname Person", team=team, board_mode="alias", **owl)
    slugs = [factories.published_lesson().slug]
    for who in (viewer, hidden, masked):
        for slug in slugs:
            walk = Walk(who, slug, clock.now() - timedelta(minutes=20))
            walk.read()
            walk.quiz()
    browser = client_for(viewer)
    for tab in ("", "/around", "/my-team", "/teams", "/season", "/hall"):
        text = browser.get(f"/boards{tab}").text.casefold()
        for canary in ("kkhidden", "kkmasked", "kkoldalias", f"/people/{masked.id}", f"/people/{hidden.id}"):
            assert canary not in text, f"{canary} stands on {tab}"
    for who in (hidden, masked):
        text = browser.get(f"/people/{who.id}/profile").text.casefold()
        assert "kkoldalias" not in text
        assert "night owl" not in text
