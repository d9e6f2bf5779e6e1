"""Which texts the rule about passwords, keys and numbers of people reads: stated once, held against every column."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import JSON, String

from peerlearn.analysis import deciding
from peerlearn.core.db import Base
from peerlearn.core.db import db as database
from peerlearn.core.errors import NotValid
from peerlearn.lessons import sharing
from peerlearn.review import actions as review
from tests.security.scene import LEAVES, Scene, snapshot
from tests.security.test_fields import JUDGEMENT, undone, valid

pytestmark = pytest.mark.security

READ = frozenset(
    """
    assignments.text held_entries.note item_flags.reason ledger.reason lesson_requests.reason lesson_requests.title
    lesson_requests.why point_appeals.note point_appeals.text point_policies.reason remark_replies.text remarks.html
    remarks.replacement remarks.text reports.answer reports.html reports.text review_acts.note reviews.appeal_text
    reviews.reason_text source_changes.note standing_acts.reason suggestions.reason suggestions.why
    topics.description
    """.split()
)
LINTED = frozenset(
    """
    item_versions.body item_versions.html lesson_links.link lessons.summary lessons.title revisions.cards
    revisions.extras revisions.source revisions.summary revisions.title suggestions.new
    """.split()
)
"""Lessons: the rule is one of their lint rules, and they are handed in without an error or not at all."""
LEFT = {
    "codes, keys and figures of our own": """
        active_days.before active_days.work_days asked.confidence asked.ruling assignments.advice assignments.part
        assignments.rubric assignments.state attempts.mode attempts.state awards.badge calibrations.advice
        calibrations.rubric facts.type first_answers.confidence former_slugs.slug grants.role held_entries.detail
        held_entries.reason held_entries.rule held_entries.source held_entries.state held_entries.track item_flags.flag
        item_flags.level item_flags.state item_versions.digest item_versions.kind item_versions.meaning items.state
        items.uid
        jobs.error jobs.key jobs.name jobs.state jobs.taken_by
        league_seats.outcome ledger.detail ledger.rule ledger.source ledger.track lesson_links.key
        lesson_requests.state lesson_requests.title_key lessons.classification lessons.kind lessons.language
        lessons.slug lessons.state lessons.translation_of lessons.uid links.key_hash links.purpose model_months.buckets
        notices.kind
        notices.source number_versions.numbers people.board_mode people.language people.next_timezone
        people.password_hash
        people.timezone people.work_days pictures.digest point_appeals.state point_policies.numbers point_sums.period
        policy_trials.key policy_trials.numbers policy_trials.result policy_trials.state question_checks.mark
        reactions.kind readings.seen remarks.question_uid remarks.severity remarks.state reports.kind reports.state
        review_acts.act reviewed_texts.digest reviews.checklist reviews.first_approval reviews.peers reviews.reason
        reviews.rubric reviews.state revisions.hands revisions.kind revisions.state second_looks.reason
        second_looks.state sessions.key_hash set_questions.confidence set_questions.kind set_questions.ruling
        set_questions.synced_as source_changes.key standing_acts.act suggestions.place suggestions.state
        teams.name_key teams.slug topics.icon topics.importance topics.name_key topics.slug trainings.why
        trusted_edits.state
        """,
    "copies of what was read when it was written": """
        facts.data notices.data remarks.quoted reviewed_texts.source suggestions.old
        """,
    "mails that wait to be sent; they are told to one person, and forgotten when they went out": """
        jobs.payload
        """,
    "names and addresses of people, teams, topics and days: they are about somebody on purpose": """
        holidays.name links.email people.alias people.alias_key people.email people.email_key people.name
        sessions.device teams.name topics.name
        """,
    "answers: refusing one would take the question from whoever answers it": """
        asked.answer asked.typed first_answers.given item_figures.given readings.pretest_answer set_questions.answer
        """,
}

KEY = "ghp_" + "k7Rw2Zq9Xc4Vb1Nm6Ty3Ui8Op5As0Df2Gh4J"
SAID = f"Sign in with {KEY} and look again."
WORDS = "answer comment description note reason replacement reply text title why".split()
TYPED: dict[str, dict[str, str]] = {
    "requests.new": {"title": "", "topic": "0", "why": ""},
    "suggestions.send": {"new": "## First\n\nOther words that say the same.", "why": ""},
    "suggestions.decline": {"saves": "1", "reason": ""},
    "review.give_advice": JUDGEMENT | {"advice": "publish", "text": ""},
}
ROLES = ("employee", "author", "curator", "admin")


def test_the_table_names_every_column_once(app: Flask) -> None:
    """A new column for words is read, linted, or left for one of the reasons above; its author says which."""
    stated = [*READ, *LINTED, *(name for names in LEFT.values() for name in names.split())]
    assert len(stated) == len(set(stated))
    assert set(stated) == set(_columns())


def _columns() -> Iterator[str]:
    """Every column that can hold words."""
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if isinstance(column.type, String | JSON):
                yield f"{table.name}.{column.name}"


def _arrivals(scene: Scene) -> tuple[set[str], set[str]]:
    """Where a key is kept that somebody writes into every form, and the forms that took it."""
    kept, took = set[str](), set[str]()
    forms = valid(scene) | TYPED
    tokens = {role: scene.browsers[role].token() for role in ROLES}
    for endpoint, url in scene.urls("POST"):
        data = forms.get(endpoint, {})
        words = dict.fromkeys((name for name in WORDS if name in data or not data), SAID)
        for role in ROLES if words and endpoint not in LEAVES else ():
            with undone(scene.app):
                scene.browsers[role].twin().http.post(url, data=data | words | {"csrf_token": tokens[role]})
                database.session.remove()
                rows = snapshot().items()
                found = {f"{table}.{name}" for (table, _key), row in rows for name in row if KEY in repr(row[name])}
            kept |= found
            took |= {endpoint} if found else set()
    return kept, took


def test_no_form_keeps_a_key_for_others_to_read(scene: Scene) -> None:
    """Drafts keep what was typed: only their authors see them, and nobody hands them in so."""
    kept, took = _arrivals(scene)
    assert kept <= LINTED, kept
    assert took == {"lessons.start", "lessons.start_from_lesson"}


def test_the_forms_of_the_test_reach_what_is_read(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the rule the key arrives: nothing else keeps it out."""
    monkeypatch.setattr(sharing, "unleaked", lambda text, field: text)
    kept, _took = _arrivals(scene)
    elsewhere = {"item_flags.reason", "ledger.reason", "remarks.replacement", "review_acts.note", "reviews.appeal_text"}
    assert kept & READ == READ - elsewhere


def test_what_no_form_of_the_test_reaches_is_refused_too() -> None:
    for refused in (
        lambda: deciding.checked_reason(SAID),
        lambda: review.clean_replacement(f"First.\n{SAID}\n"),
        lambda: sharing.line(SAID, "note"),
    ):
        with pytest.raises(NotValid, match=r"seems to stand in line [12]\. Others would read it"):
            refused()


def test_words_about_passwords_and_colleagues_are_no_leak() -> None:
    for said in ("The password is missing here.", "Ask mei.tanaka@firm.com about it.", "Call +49 30 901820 first."):
        assert sharing.words(f" {said}\n", "text") == said
