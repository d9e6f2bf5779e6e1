"""The key of every kind of question can be chosen anew, and stored answers follow it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import pytest
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from peerlearn.accounts.models import Person
from peerlearn.analysis.keyform import corrected, parts_of
from peerlearn.analysis.models import ItemFlag
from peerlearn.core.db import db as database
from peerlearn.core.errors import NotValid
from peerlearn.learn.models import Asked
from peerlearn.quizzes.answering import Answer
from peerlearn.quizzes.kinds.registry import KINDS, kind_of
from peerlearn.quizzes.models import ItemVersion
from peerlearn.quizzes.question import Question
from peerlearn.quizzes.textform import normal
from tests import factories
from tests.analysis.crowd import Reply, caught_up, room
from tests.page import Client
from tests.quizzes.questions import EXAMPLES


@dataclass(frozen=True)
class Case:
    """A question whose key is wrong, what people answer instead, and the fields that make that the key."""

    text: str
    given: tuple[str, ...]
    fields: Mapping[str, str]
    said: str  # the answer in words, before and after


CASES = {
    "ordering": Case(
        "In which order?\n\n1. One ^a\n2. Two ^b\n3. Three ^c\n",
        ("b", "a", "c"),
        {"place-b": "1", "place-a": "2"},
        "Two → One → Three",
    ),
    "matching": Case(
        "What belongs together?\n\n- France => Rome ^a\n- Italy => Paris ^b\n- Spain => Oslo ^c\n- => Madrid ^d\n",
        ("a=b", "b=a", "c=d"),
        {"partner-a": "b", "partner-b": "a", "partner-c": "d"},
        "France = Paris; Italy = Rome; Spain = Madrid",
    ),
    "cloze": Case(
        "Water boils at {{=90|100|110}} degrees and is called {{vapour}}.\n",
        ("100", "steam"),
        {"gap-1": "100", "gap-2": "steam\nhot steam"},
        "",
    ),
}


@pytest.mark.parametrize("slug", CASES)
def test_answers_are_marked_again_by_the_key_that_was_chosen(
    db: object, client_for: Callable[[Person], Client], slug: str
) -> None:
    case = CASES[slug]
    topic = factories.topic()
    more = f"\n## {slug} ^wrongkey\n\n{case.text}\nWhy: So it is.\n"
    here = room(factories.published_lesson(factories.person(), topic, more=more))
    question = here.questions[3].question
    for _ in range(13):
        here.take(factories.person(team=None), Reply(3, case.given))
    caught_up()
    database.session.commit()
    flag_id = database.session.scalars(select(ItemFlag.id).where(ItemFlag.flag == "miskey")).one()
    curator, address = client_for(factories.person(roles=(("curator", topic.id),))), f"/review/questions/{flag_id}"
    fields = curator.get(address).fields(f"{address}/foresee")
    assert "This is the key as it is." in curator.post(f"{address}/correct", fields, status=422).text
    spoilt = fields | dict.fromkeys(case.fields, "")
    kept = curator.post(f"{address}/correct", spoilt, status=422).fields(f"{address}/foresee")
    assert {name for name in fields if kept[name] != fields[name]} <= {"csrf_token", *case.fields}
    seen = curator.post(f"{address}/foresee", fields | case.fields | {"deed": "correct"}, status=200)
    assert "13 answers are marked again." in seen.text
    curator.post(f"{address}/correct", seen.fields(f"{address}/correct"), to="/review/questions")
    assert "13 answers were marked again." in curator.get("/review/questions").text
    row, body = database.session.execute(
        select(Asked, ItemVersion.body).join(Asked.version).where(ItemVersion.kind == slug)
    ).first() or (None, None)
    assert row is not None
    assert (row.mark, row.is_right) == (1, True)
    now, answer = Question.from_json(body), Answer.from_json(row.answer)
    assert kind_of(now).grade(now, answer).right
    before = kind_of(question).describe(question, Answer(slug, case.given))
    assert kind_of(now).describe(now, answer) == before
    assert case.said in before


@pytest.mark.parametrize("slug", [slug for slug, kind in KINDS.items() if kind.counts])
def test_a_form_that_says_what_the_key_is_already_is_told_so(slug: str) -> None:
    question = EXAMPLES[slug]
    form = MultiDict({part.name: part.value for part in parts_of(question)})
    form.update({f"why-{part.uid}": part.why for part in parts_of(question)})
    if number := question.number:
        form["number"] = f"{number.value} ± {number.tolerance} {number.unit}"
    form.update({"why": question.why, "accepted": "\n".join(question.accepted)})
    form.setlist("key", [option.uid for option in question.options if option.right])
    form.update({f"why-{option.uid}": option.why for option in question.options})
    with pytest.raises(NotValid, match="This is the key as it is"):
        corrected(question, form)


@pytest.mark.parametrize(
    ("slug", "spoilt"),
    [
        ("ordering", {"place-a": "2"}),
        ("ordering", {"place-a": "5"}),
        ("ordering", {"place-a": "²"}),
        ("matching", {"partner-a": "b"}),
        ("matching", {"partner-a": "z"}),
        ("cloze", {"gap-2": "nothing of these"}),
    ],
)
def test_what_makes_no_key_is_refused(slug: str, spoilt: Mapping[str, str]) -> None:
    question = EXAMPLES[slug]
    form = {part.name: part.value for part in parts_of(question)}
    with pytest.raises(NotValid):
        corrected(question, form | spoilt)


def test_a_partner_may_come_from_what_belonged_to_nothing() -> None:
    question = replace(EXAMPLES["matching"], why="")
    form = {part.name: part.value for part in parts_of(question)}
    found = corrected(question, form | {"partner-c": "d"})
    assert [(pair.left, pair.right) for pair in found.pairs][2:] == [("Spain", "Oslo"), ("", "Madrid")]
    answer = Answer("matching", ("a=a", "b=b", "c=d"))
    assert kind_of(found).carried_over(answer, question, found) == Answer("matching", ("a=a", "b=b", "c=c"))


def test_what_is_said_to_single_answers_is_written_anew_with_the_key() -> None:
    text = EXAMPLES["text"]
    new = corrected(
        text, MultiDict({"accepted": "No\nbisect", "why": "So.", "reply-1": "Not any more.", "reply-2": "Yes."})
    )
    assert [(reply.answer, reply.why) for reply in new.replies] == [
        (text.replies[0].answer, "Not any more."),
        ("No", "Yes."),
    ]
    assert kind_of(new).check(normal(new)) == []
    number = corrected(EXAMPLES["number"], MultiDict({"number": "1 ± 2 kg", "why": "So.", "reply-1": "Wrong."}))
    assert number.replies == ()
    silent = corrected(text, MultiDict({"accepted": "bisect", "why": "So."}))
    assert silent.replies == ()
