"""One contract for all kinds of question, and the marking of each by table."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from random import Random
from typing import Any

import pytest
from flask import Flask
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from peerlearn.quizzes import answering
from peerlearn.quizzes.answering import Answer, Presented, Unreadable, token
from peerlearn.quizzes.kinds.registry import KINDS, by_slug, kind_of
from peerlearn.quizzes.question import Gap, Number, Option, Question, Reply, meaning, sight, texts
from peerlearn.quizzes.rendered import render_texts
from peerlearn.quizzes.textform import with_ids
from tests.quizzes.questions import CANARY, EXAMPLES, questions

SEEDS = 10_000
CHI_SQUARE_LIMIT = {2: 15.1, 3: 18.4, 4: 21.1}  # 1 chance in 10,000 by degrees of freedom


class Form(dict[str, list[str]]):
    """A posted form as the web framework gives it."""

    def getlist(self, name: str) -> Sequence[str]:
        return super().get(name, [])


def fill(question: Question, seed: int, answer: Answer) -> dict[str, Any]:
    """The form a browser would post to give this answer to this presentation, found by reading each control back."""
    kind, shown = kind_of(question), kind_of(question).present(question, seed)
    if question.kind in TYPED:
        return {"answer": answer.value[0]}
    if question.kind == "cloze":
        ids = [{c.text: c.id for c in blank.choices} for blank in shown.blanks]
        return {b.name: i.get(v, v) for b, i, v in zip(shown.blanks, ids, answer.value, strict=True)}
    ids = {c.text: c.id for c in (*shown.choices, *shown.lefts)}
    if question.kind == "ordering":
        texts = {e.uid: e.text for e in question.entries}
        return {f"answer-{ids[texts[uid]]}": str(place) for place, uid in enumerate(answer.value, start=1)}
    if question.kind == "matching":
        pairs = {p.uid: p for p in question.pairs}
        links = [link.split("=") for link in answer.value]
        return {f"answer-{ids[pairs[a].left]}": ids[pairs[b].right] for a, b in links}
    assert isinstance(kind.present(question, seed), Presented)
    return {"answer": [ids[o.text] for o in question.options if o.uid in answer.value]}


#: kind -> (answer, mark) from right over partly right to wrong
MARKS: dict[str, list[tuple[tuple[str, ...], float]]] = {
    "single": [(("b",), 1), (("a",), 0), (("d",), 0)],
    "multiple": [
        (("a", "b"), 1),
        (("a",), 1 / 2),
        (("a", "b", "c"), 1 / 2),
        (("a", "c"), 0),
        (("c", "d"), 0),
        (("a", "b", "c", "d"), 0),
    ],
    "true-false": [(("a",), 1), (("b",), 0)],
    "text": [((CANARY,), 1), ((f"  GIT \u3000 {CANARY.upper()} ",), 1), (("ｇｉｔ " + CANARY,), 1), (("no",), 0)],
    "number": [(("73591.25",), 1), (("73.591,75 kg",), 1), (("73 590.75",), 1), (("73591.76",), 0), (("1",), 0)],
    "ordering": [
        (("a", "b", "c", "d"), 1),
        (("d", "a", "b", "c"), 2 / 3),
        (("a", "b", "d", "c"), 1 / 3),
        (("b", "a", "d", "c"), 0),
        (("d", "c", "b", "a"), 0),
    ],
    "matching": [
        (("a=a", "b=b", "c=c"), 1),
        (("a=a", "b=b", "c=d"), 2 / 3),
        (("a=a", "b=a", "c=a"), 1 / 3),
        (("a=a",), 1 / 3),
        (("a=b", "b=c", "c=a"), 0),
    ],
    "cloze": [((CANARY, "bisect"), 1), ((CANARY, "log"), 1 / 2), (("", "bisect"), 1 / 2), (("x", "blame"), 0)],
    "hotspot": [(("b",), 1), (("d",), 1), (("a",), 0), (("c",), 0)],
    "reflection": [((CANARY,), 0), (("Two lines\n\nand  two spaces",), 0)],
}

TYPED = ("text", "number", "reflection")
ALL = pytest.mark.parametrize("slug", sorted(KINDS))


@ALL
def test_marks(slug: str) -> None:
    question, kind = EXAMPLES[slug], KINDS[slug]
    for value, mark in MARKS[slug]:
        grade = kind.grade(question, Answer(slug, value))
        assert grade.mark == pytest.approx(mark), value
        assert grade.right == (mark == 1), value


@ALL
def test_an_answer_survives_the_form_whatever_the_order(slug: str) -> None:
    question, kind = EXAMPLES[slug], KINDS[slug]
    for seed in range(20):
        for value, mark in MARKS[slug]:
            form = fill(question, seed, Answer(slug, value))
            for posted in (form, Form({k: [v] if isinstance(v, str) else v for k, v in form.items()})):
                answer = kind.read(question, seed, posted)
                assert isinstance(answer, Answer)
                assert kind.grade(question, answer).mark == pytest.approx(mark)
                assert Answer.from_json(json.loads(json.dumps(answer.to_json()))) == answer


@ALL
def test_nothing_answered_is_said(slug: str) -> None:
    for form in ({}, {"answer": ""}, {"answer": []}, {"other": "x"}):
        found = KINDS[slug].read(EXAMPLES[slug], 1, form)
        assert isinstance(found, Unreadable)
        assert found.blank
        assert found.message.endswith(".")


HOSTILE: list[Any] = [
    "x" * 1_000_000,
    "\x00",
    "\ud800",
    "\u202e",
    "nan",
    "inf",
    "-inf",
    "1e999",
    "9" * 400,
    "٣" * 90,
    "-1",
    "0",
    "99",
    "1" * 5000,
    "a",
    "b",
    "{{1}}",
    "<script>",
    "²",
    ["a"] * 100_000,
    [None, 3, b"x", {}],
    None,
    7,
]


@ALL
@pytest.mark.parametrize("value", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_forms_give_a_clean_answer_or_a_message(slug: str, value: Any) -> None:
    question, kind = EXAMPLES[slug], KINDS[slug]
    shown = kind.present(question, 1)
    names = ["answer", *(f"answer-{c.id}" for c in (*shown.choices, *shown.lefts)), *(b.name for b in shown.blanks)]
    given_: Mapping[str, Any] = dict.fromkeys(names, value) if not isinstance(value, int | type(None)) else {}
    found = kind.read(question, 1, given_)
    if isinstance(found, Answer):
        assert 0 <= kind.grade(question, found).mark < 1
        assert len("".join(found.value)) < 5000
        json.dumps(found.to_json(), ensure_ascii=False).encode()
    else:
        assert found.message


@ALL
def test_a_stored_answer_to_another_version_is_only_wrong(slug: str) -> None:
    kind = KINDS[slug]
    for value in ((), ("gone",), ("gone=lost",), ("gone", "gone", "gone", "gone", "gone")):
        answer = Answer(slug, value)
        assert not kind.grade(EXAMPLES[slug], answer).right
        kind.explain(EXAMPLES[slug], answer, 1)
        kind.describe(EXAMPLES[slug], answer)


@ALL
def test_keys_never_stand_in_what_is_presented(slug: str) -> None:
    question, kind = EXAMPLES[slug], KINDS[slug]
    for seed in range(5):
        shown = kind.present(question, seed)
        for text in (repr(shown), json.dumps(asdict(shown))):
            assert CANARY not in text
            assert "73591" not in text
            assert "right" not in text.replace("right order", "").replace("right answer", "")
        assert shown.uid == question.uid
        assert shown.hints == len(question.hints)


def with_another_key(question: Question) -> Question:
    """The same question, but something else is right, and for other reasons."""
    return replace(
        question,
        options=tuple(replace(o, right=not o.right, why="") for o in question.options),
        accepted=("other",) if question.accepted else (),
        number=question.number and Number("1", "2", question.number.unit),
        entries=tuple(reversed(question.entries)),
        model="other",
        gaps=tuple(
            Gap(choices=tuple(reversed(g.choices))) if g.choices else Gap(accepted=("other",)) for g in question.gaps
        ),
        why="",
    )


@settings(max_examples=150, deadline=None)
@given(questions().filter(lambda q: q.kind != "matching") | st.sampled_from(list(EXAMPLES.values())), st.integers())
def test_what_is_presented_does_not_change_with_the_key(question: Question, seed: int) -> None:
    """Turning another option into the right one changes not one byte of the page."""
    (question,) = with_ids([question], (), Random(1))
    entries = [entry.uid for entry in question.entries]
    assume(len(set(entries)) == len(entries) and question.kind != "matching")
    kind = kind_of(question)
    assert kind.present(with_another_key(question), seed) == kind.present(question, seed)


@pytest.mark.parametrize("slug", [slug for slug in KINDS if slug != "matching"])
def test_another_key_alone_leaves_what_is_seen(slug: str) -> None:
    question = EXAMPLES[slug]
    turned = with_another_key(question)
    assert (sight(turned), meaning(turned) != meaning(question)) == (sight(question), True)
    assert sight(replace(question, stem="Else?")) != sight(question)


def test_other_partners_are_another_key_and_other_words_another_sight() -> None:
    question = EXAMPLES["matching"]
    first, second, *rest = question.pairs
    turned = (replace(first, right=second.right), replace(second, right=first.right), *rest)
    assert sight(replace(question, pairs=turned)) == sight(question)
    assert sight(replace(question, pairs=(replace(first, right="other"), second, *rest))) != sight(question)


@ALL
def test_a_page_that_was_open_before_another_key_says_the_same_after_it(slug: str) -> None:
    """What a learner chose is read as what they saw, also where another partner belongs to it now."""
    question, kind = EXAMPLES[slug], KINDS[slug]
    turned = with_another_key(question)
    if slug == "matching":
        first, second, *rest = question.pairs
        other = (replace(first, right=second.right), replace(second, right=first.right), *rest)
        turned = replace(question, pairs=other)
    assert sight(turned) == sight(question)
    for value, _mark in MARKS[slug]:
        form = fill(question, 7, Answer(slug, value))
        before, after = kind.read(question, 7, form), kind.read(turned, 7, form)
        assert isinstance(before, Answer)
        assert isinstance(after, Answer)
        assert kind.describe(turned, after) == kind.describe(question, before)


def test_ids_that_are_others_texts_now_are_another_sight() -> None:
    question = EXAMPLES["single"]
    first, second, *rest = question.options
    swapped = (replace(first, text=second.text), replace(second, text=first.text), *rest)
    assert sight(replace(question, options=swapped)) != sight(question)


def test_of_several_right_options_any_will_do() -> None:
    question = EXAMPLES["single"]
    uids = [option.uid for option in question.options]
    both = replace(question, options=tuple(replace(o, right=o.uid in uids[:2]) for o in question.options))
    kind = kind_of(both)
    marks = [kind.grade(both, Answer("single", (uid,))).mark for uid in uids]
    assert marks == [1, 1, *[0] * (len(uids) - 2)]
    assert kind.guess_chance(both) == 2 / len(uids)
    assert [(problem.level, problem.code) for problem in kind.check(both)] == [("hint", "one-right")]
    none = replace(question, options=tuple(replace(o, right=True) for o in question.options))
    assert [problem.code for problem in kind.check(none) if problem.level == "error"] == ["right-and-wrong"]


def test_partners_of_a_matching_say_nothing() -> None:
    """With every right side moved on to the next left side the same texts stand in the page."""
    question, kind = EXAMPLES["matching"], KINDS["matching"]
    rights = [pair.right for pair in question.pairs]
    pairs = zip(question.pairs, [*rights[1:], rights[0]], strict=True)
    other = kind.present(replace(question, pairs=tuple(replace(p, right=right) for p, right in pairs)), 7)
    shown = kind.present(question, 7)
    assert other.lefts == shown.lefts
    assert sorted(c.text for c in other.choices) == sorted(c.text for c in shown.choices)
    assert {c.id for c in other.choices} == {c.id for c in shown.choices}


def test_places_stand_as_the_picture_is_read() -> None:
    question, kind = EXAMPLES["hotspot"], KINDS["hotspot"]
    for seed in range(20):
        options = tuple(Random(seed).sample(question.options, 4))
        shown = kind.present(replace(question, options=options), seed)
        assert [c.text for c in shown.choices] == ["Margin", "Head", "Corner", "Foot"]


def test_ids_cannot_be_worked_out_without_the_secret_of_the_house(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The ids of a file are guessable, and so are seeds: only the secret keeps them from telling the right order."""
    answering.seal(app.config["SECRET_KEY"])  # whichever application was made last
    ours = token(7, "order1", "a")
    monkeypatch.setitem(answering._SEAL, "key", b"")
    assert token(7, "order1", "a") != ours
    answering.seal(app.config["SECRET_KEY"])
    assert token(7, "order1", "a") == ours


@ALL
def test_the_same_seed_gives_the_same_page(slug: str) -> None:
    question, kind = EXAMPLES[slug], KINDS[slug]
    assert kind.present(question, "s") == kind.present(question, "s")
    if slug not in TYPED:
        assert kind.present(question, 1) != kind.present(question, 2)


def _key_place(question: Question, shown: Presented) -> int:
    """Where the (first) right thing stands on the page."""
    if question.options:
        wanted = next(o.text for o in question.options if o.right)
    elif question.entries:
        wanted = question.entries[0].text
    elif question.pairs:
        wanted = question.pairs[0].right
    else:
        return [c.text for c in shown.blanks[1].choices].index("bisect")
    return [c.text for c in shown.choices].index(wanted)


@pytest.mark.parametrize(
    ("slug", "places"), [("single", 3), ("multiple", 4), ("ordering", 4), ("matching", 4), ("cloze", 3)]
)
def test_the_place_of_the_key_is_chance(slug: str, places: int) -> None:
    question, kind = EXAMPLES[slug], KINDS[slug]
    counts = Counter(_key_place(question, kind.present(question, seed)) for seed in range(SEEDS))
    assert set(counts) == set(range(places))
    wanted = SEEDS / places
    assert sum((count - wanted) ** 2 / wanted for count in counts.values()) < CHI_SQUARE_LIMIT[places - 1]


def test_true_stands_before_false_whatever_is_right() -> None:
    question = EXAMPLES["true-false"]
    turned = replace(question, options=tuple(reversed(question.options)))
    for seed in range(20):
        for each in (question, turned):
            assert [c.text for c in KINDS["true-false"].present(each, seed).choices] == ["True", "False"]


def test_pinned_options_stay_last() -> None:
    for seed in range(50):
        assert KINDS["single"].present(EXAMPLES["single"], seed).choices[-1].text == "None of these"


@ALL
def test_ids_on_the_page_say_nothing(slug: str) -> None:
    shown = KINDS[slug].present(EXAMPLES[slug], 3)
    ids = [c.id for c in (*shown.choices, *shown.lefts, *(c for b in shown.blanks for c in b.choices))]
    assert len(set(ids)) == len(ids)
    assert all(len(i) == 16 for i in ids)
    other = KINDS[slug].present(EXAMPLES[slug], 4)
    assert not set(ids) & {c.id for c in (*other.choices, *other.lefts)}


@ALL
def test_it_is_explained(slug: str) -> None:
    question, kind = EXAMPLES[slug], KINDS[slug]
    value, _ = MARKS[slug][-1]
    found = kind.explain(question, Answer(slug, value), 1, render=lambda text: f"<{text}>")
    assert not found.grade.right
    assert found.given
    assert found.correct
    if kind.why_required:
        assert found.why == f"<{CANARY}>"
    assert bool(found.model) == bool(found.ratings) == (not kind.counts)
    assert found.picture == kind.present(question, 1).picture
    if question.options:
        assert [row.text for row in found.rows] == [c.text for c in kind.present(question, 1).choices]
        assert {row.text for row in found.rows if row.right} == {o.text for o in question.options if o.right}
        assert all(row.why == f"<{CANARY}>" for row in found.rows)
        assert any(row.chosen for row in found.rows)


#: kind -> answer -> what is said to the parts of it
SAID: list[tuple[Question, tuple[str, ...], tuple[str, ...]]] = [
    (EXAMPLES["text"], (CANARY,), (f"Right: {CANARY}",)),
    (EXAMPLES["text"], (" NO ",), (f"Wrong: {CANARY}",)),
    (EXAMPLES["text"], (f"git {CANARY}",), ("",)),
    (EXAMPLES["text"], ("else",), ("",)),
    (EXAMPLES["number"], ("73591",), ("",)),
    (EXAMPLES["number"], ("2.5",), (f"Wrong: {CANARY}",)),
    (EXAMPLES["number"], ("-1 kg",), (f"Wrong: {CANARY}",)),
    (EXAMPLES["number"], ("1 g",), ("",)),
    (EXAMPLES["number"], ("4",), ("",)),
    (EXAMPLES["cloze"], ("X", "bisect"), (f"Wrong: {CANARY}", f"Right: {CANARY}")),
    (EXAMPLES["cloze"], (CANARY, "blame"), ("", f"Wrong: {CANARY}")),
    (EXAMPLES["cloze"], ("bisect", ""), ("", "")),
    (replace(EXAMPLES["number"], replies=(Reply("73591 ± 5 kg", "Near"),)), ("73591.25",), ("",)),
    (replace(EXAMPLES["number"], replies=(Reply("73591 ± 5 kg", "Near"),)), ("73594",), ("Near",)),
    (replace(EXAMPLES["number"], replies=(Reply("73591.25 g", "Grams"),)), ("73591.25 g",), ("Grams",)),
    (replace(EXAMPLES["number"], replies=(Reply("73591.25 g", "Grams"),)), ("73591.25",), ("",)),
]


@pytest.mark.parametrize(("question", "value", "said"), SAID)
def test_what_is_said_belongs_to_what_was_answered(
    question: Question, value: tuple[str, ...], said: tuple[str, ...]
) -> None:
    found = kind_of(question).explain(question, Answer(question.kind, value), 1)
    assert (tuple(row.why for row in found.rows) or (found.said,)) == said


def test_a_wrong_form_that_is_expected_is_no_slip_of_spelling() -> None:
    question = Question("text", "?", accepted=("affection",), replies=(Reply("effection", "Another word."),))
    kind = kind_of(question)
    assert kind.grade(question, Answer("text", ("afection",))).near_miss
    assert not kind.grade(question, Answer("text", ("effection",))).near_miss
    gap = Question("cloze", "{{1}}", gaps=(Gap(("affection",)),), replies=(Reply("effection", "Another word.", 1),))
    assert KINDS["cloze"].grade(gap, Answer("cloze", ("afection",))).near_miss
    assert not KINDS["cloze"].grade(gap, Answer("cloze", ("effection",))).near_miss


@ALL
def test_replies_are_told_whole_to_those_who_check(slug: str) -> None:
    question = EXAMPLES[slug]
    rows = KINDS[slug].replies(question, render=lambda text: f"<{text}>")
    assert [row.right for row in rows] == ["Right" in reply.why for reply in question.replies]
    assert [row.why for row in rows] == [f"<{reply.why}>" for reply in question.replies]


@ALL
def test_a_kind_speaks(slug: str) -> None:
    kind = KINDS[slug]
    assert kind.slug == slug
    assert kind.title
    assert kind.instruction.endswith((".", "?"))
    assert kind.check(EXAMPLES[slug]) == []


ODD = st.text(max_size=40) | st.sampled_from(["1", "a", "a=a", "=", "-1", "9" * 400, "\x00", "\ud800", "", "matches"])
POSTED = ODD | st.lists(ODD, max_size=4) | st.none() | st.integers() | st.binary(max_size=4)


@settings(max_examples=150, deadline=None)
@given(questions() | st.sampled_from(list(EXAMPLES.values())), st.integers(), st.data())
def test_no_question_and_no_answer_breaks_a_kind(question: Question, seed: int, data: st.DataObject) -> None:
    kind = kind_of(question)
    kind.check(question)
    shown = kind.present(question, seed)
    assert 0 <= kind.guess_chance(question) <= 1
    names = ["answer", "rating", *(f"answer-{c.id}" for c in (*shown.choices, *shown.lefts)), "answer-1", "answer-2"]
    ids = st.sampled_from([c.id for c in (*shown.choices, *shown.lefts)] or ["x"])
    form = data.draw(st.dictionaries(st.sampled_from(names), POSTED | ids, max_size=8))
    found = kind.read(question, seed, form)
    stored = Answer(question.kind, data.draw(st.lists(ODD, max_size=6).map(tuple)))
    for answer in (stored, *([found] if isinstance(found, Answer) else [])):
        grade = kind.grade(question, answer)
        assert 0 <= grade.mark <= 1
        assert kind.explain(question, answer, seed).grade == grade
        kind.describe(question, answer)
        said = kind.rate(answer, form)
        assert (said is None) == kind.counts
        json.dumps(answer.to_json())


def test_two_kinds_with_one_name_are_refused() -> None:
    with pytest.raises(ValueError, match="single"):
        by_slug([KINDS["single"], KINDS["single"]])


@pytest.mark.parametrize(
    ("form", "typed", "right", "near"),
    [
        ("bisect", "bisect", True, False),
        ("bisect", "bisct", False, True),
        ("bisect", "bsiect", False, True),
        ("bisect", "bsct", False, False),
        ("Straße", "STRASSE", True, False),
        ("naïve", "nai\u0308ve", True, False),
        ("git bisect", "git  bisect", True, False),
        ("don't", "don’t", True, False),
        ("git log --oneline", "git log —oneline", True, False),
        ("well-known", "well\u2011known", True, False),
        ("well-known", "well\u00ad-known\u200b", True, False),
        ('"x"', "„x“", True, False),
        ("İstanbul", "istanbul", True, False),
        ("ΟΔΟΣ", "οδος", True, False),
        ("café", "cafe", False, True),
        ("cote", "côté", False, True),
        ("é", "e", False, True),
        ("é", "", False, False),
        ("\u0301", "", False, False),
        ("abcde", "abcd", False, False),
        ("port 1234", "port 1235", False, False),
        ("continuous delivery", "continous delivry", False, True),
        ("continuous delivery", "continous delivr", False, True),
        ("continuous delivery", "contnous delvr", False, False),
        ("abcde fghijk", "abcd fghij", False, True),  # twelve letters, two slips
        ("abcde fghijk", "abcd fghi", False, False),
        ("abcdefghi jklmnopq", "bcdefghi jklmno", False, True),  # eighteen, three
        ("abcdefghi jklmnopq", "bcdefghi jklmn", False, False),
        *[("Paris", typed, True, False) for typed in ("Paris.", "paris!", "“Paris”", "'Paris'", "(Paris).", "Paris ?")],
        *[("Paris", typed, False, False) for typed in ("-Paris", "Paris+", "#Paris", "Pari.", ".Paris", "“”", ".")],
        ("St. Gallen", "St. Gallen.", True, False),
        ("हिन्दी", "हिन्दी!", True, False),
        ("ça va", "¿ça va ?", True, False),
        ("bisect", "bisct.", False, True),
        *[("C++", typed, right, False) for typed, right in (("C++", True), ("C", False), ("C++.", False))],
        *[(".env", typed, right, False) for typed, right in ((".env", True), ("env", False), (".env.", False))],
        *[("-1", typed, right, False) for typed, right in (("-1", True), ("1", False), ("−1", True))],
        *[(":q", typed, right, False) for typed, right in ((":q", True), (":q!", False))],
        *[("git add", typed, right, False) for typed, right in (("git add.", True), ("git add -p", False))],
        *[("etc.", typed, right, False) for typed, right in (("etc.", True), ("etc", False))],
        ("print", "print()", False, False),
        ("cd", "cd ..", False, False),
    ],
)
def test_spelling(form: str, typed: str, right: bool, near: bool) -> None:
    grade = KINDS["text"].grade(Question("text", "?", accepted=("unrelated", form)), Answer("text", (typed,)))
    assert (grade.right, grade.near_miss) == (right, near)
    assert bool(grade.message) == near


@pytest.mark.parametrize(
    ("key", "typed", "right"),
    [
        (Number("12.5", "0.5", "kg"), "12", True),
        (Number("12.5", "0.5", "kg"), "13,0 kg", True),
        (Number("12.5", "0.5", "kg"), "13.0001", False),
        (Number("0.3"), "0.30", True),
        (Number("0.3"), "0.1+0.2", False),
        (Number("0.3"), "3e-1", True),
        (Number("1234"), "1,234", True),
        (Number("1234"), "1.234", True),
        (Number("1234"), "1'234", True),
        (Number("1.234"), "1,234", True),
        (Number("1234567.5"), "1,234,567.5", True),
        (Number("1234567.5"), "1.234.567,5", True),
        (Number("1234567.5"), "1 234 567,5", True),
        (Number("1234"), "12,34", False),
        (Number("-4", "", "°C"), "−4°C", True),
        (Number("-4"), "4", False),
        (Number("20", "", "€"), "€ 20", True),
        (Number("50", "", "%"), "50 %", True),
        (Number("5"), "٥", True),
        (Number("0", "0.1"), "-0.1", True),
        (Number("10", "", "kg"), "10 kg.", True),
        (Number("10", "", "µm"), "10 μm", True),
        (Number("10", "", "kg"), "10 KG", False),
    ],
)
def test_numbers(key: Number, typed: str, right: bool) -> None:
    question = Question("number", "?", number=key)
    answer = KINDS["number"].read(question, 1, {"answer": typed})
    assert (isinstance(answer, Answer) and KINDS["number"].grade(question, answer).right) == right


@pytest.mark.parametrize("typed", ["nan", "inf", "-Infinity", "1e999", "1e-999", "abc", "1.2.3", "--1", "1/2", "0x10"])
def test_no_numbers(typed: str) -> None:
    question = Question("number", "?", number=Number("1", "1000"))
    found = KINDS["number"].read(question, 1, {"answer": typed})
    assert isinstance(found, Unreadable) or not KINDS["number"].grade(question, found).right


@pytest.mark.parametrize("typed", ["1/2", "1⁄2", "½", "1½", "1 / 2", "1:2", "1x10", "1·10^3", "1×10³"])
def test_what_must_be_worked_out_is_not_a_number_with_a_unit(typed: str) -> None:
    question = Question("number", "?", number=Number("1"))
    assert isinstance(KINDS["number"].read(question, 1, {"answer": typed}), Unreadable)


@pytest.mark.parametrize(("unit", "typed"), [("/s", "1/s"), ("km/h", "1 km/h"), ("x", "1x"), ("m^2", "1 m^2")])
def test_a_unit_may_hold_signs(unit: str, typed: str) -> None:
    question = Question("number", "?", number=Number("1", "", unit))
    assert KINDS["number"].grade(question, Answer("number", (typed,))).right


def test_a_wrong_unit_is_a_near_miss() -> None:
    grade = KINDS["number"].grade(EXAMPLES["number"], Answer("number", ("73591.25 g",)))
    assert (grade.mark, grade.near_miss) == (0, True)


def test_one_choice_takes_one() -> None:
    shown = KINDS["single"].present(EXAMPLES["single"], 1)
    found = KINDS["single"].read(EXAMPLES["single"], 1, {"answer": [c.id for c in shown.choices]})
    assert found == Unreadable("Choose one answer only.")


def test_ids_of_another_attempt_are_refused() -> None:
    other = KINDS["single"].present(EXAMPLES["single"], 2).choices[0].id
    found = KINDS["single"].read(EXAMPLES["single"], 1, {"answer": other})
    assert isinstance(found, Unreadable)
    assert not found.blank


def test_each_entry_needs_its_own_place() -> None:
    shown = KINDS["ordering"].present(EXAMPLES["ordering"], 1)
    found = KINDS["ordering"].read(EXAMPLES["ordering"], 1, {f"answer-{c.id}": "1" for c in shown.choices})
    assert found == Unreadable("Give each of them a place of its own.")


def test_gaps_stand_in_the_text_only_where_a_field_may() -> None:
    question = Question("cloze", "A {{1}} b {{2}}.", "cloze1", gaps=(Gap(("x",)), Gap(("y",))))
    kind = KINDS["cloze"]
    assert kind.present(question, 1, render=lambda text: f"<p>{text}</p>").pieces == ("<p>A ", " b ", ".</p>")
    for html in ('<img alt="{}">', "<a>{}</a>", "{0}{0}", "nothing"):
        shown = kind.present(question, 1, render=lambda text, html=html: html.format(text))
        assert shown.pieces == ()
        assert all(ord(c) < 0xE000 or ord(c) > 0xF8FF for c in shown.stem)


def test_options_that_differ_only_in_their_place_are_told_apart() -> None:
    question = replace(
        EXAMPLES["multiple"], options=tuple(Option(str(n), n == 0, uid=f"o{n}", why="x") for n in range(5))
    )
    assert KINDS["multiple"].guess_chance(question) == pytest.approx(1 / 31)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_no_answer_at_all_gets_no_mark_and_is_explained(kind: str) -> None:
    question = EXAMPLES[kind]
    nothing = Answer(kind, ())
    assert KINDS[kind].grade(question, nothing).mark == 0
    assert KINDS[kind].explain(question, nothing, 1)


@pytest.mark.parametrize("slug", sorted(EXAMPLES))
def test_the_texts_of_a_question_are_those_that_are_rendered(slug: str) -> None:
    question = EXAMPLES[slug]
    rendered, told = render_texts(question), [text for text in texts(question) if text.words]
    assert {text.words for text in told if text.is_line} == set(rendered["line"])
    stems = {question.stem} | {
        words for words in rendered["block"] if words[:10] == question.stem[:10] or "\ue000" in words
    }
    assert {text.words for text in told if not text.is_line} - stems == set(rendered["block"]) - stems
    assert question.stem in {text.words for text in told}
