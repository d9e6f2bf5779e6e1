"""The text form: what is printed is read back, byte for byte, and nothing is slow."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from peerlearn.core.allowance import thread_seconds
from peerlearn.quizzes import textform
from peerlearn.quizzes.marks import quote_arrows, split_id, unquote_arrows, with_id
from peerlearn.quizzes.question import Option, Question, Reply, digest, meaning
from tests.quizzes.questions import EXAMPLES, LINE, questions

BUG = """# Quiz

## single scenario ^k3f9x

Which title lets a developer start at once?

- [ ] It does not work ^a
  > Nobody can act on this.
- [x] CSV export drops the last row ^b
  > Right.
- [ ] URGENT!!! ^c!
  > Urgency is not information.

Hint: Think of what you would need.

Card: 2
"""


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(questions(), max_size=3))
def test_what_is_printed_is_read_back(listed: list[Question]) -> None:
    printed = textform.print_quiz(listed)
    found = textform.parse(printed).questions
    assert list(found) == listed
    assert textform.print_quiz(found) == printed


@settings(max_examples=60, deadline=None)
@given(questions())
def test_json_is_exact(question: Question) -> None:
    assert Question.from_json(question.to_json()) == question
    assert digest(Question.from_json(question.to_json())) == digest(question)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=300) | st.lists(LINE, max_size=12).map(lambda lines: "# Quiz\n" + "\n".join(lines)))
def test_any_text_can_be_read_and_its_print_is_stable(text: str) -> None:
    found = textform.parse(text)
    printed = textform.print_quiz(found.questions)
    again = textform.parse(printed).questions
    assert textform.print_quiz(again) == printed


@settings(max_examples=150, deadline=None)
@given(LINE, st.sampled_from(["", "a", "b1"]))
def test_escapes_go_both_ways(text: str, uid: str) -> None:
    text = text.strip(" \t")
    assert split_id(with_id(text, uid))[:2] == (text, uid)
    assert unquote_arrows(quote_arrows(text)) == text


def test_the_example_is_canonical() -> None:
    found = textform.parse(BUG)
    assert found.problems == ()
    assert textform.print_quiz(found.questions) == BUG
    question = found.questions[0]
    assert question.options[2].pinned
    assert question.options[1].line == 9
    assert question.flags == {"scenario"}
    assert question.card == 2


def test_all_examples_are_sound_and_survive() -> None:
    printed = textform.print_quiz(EXAMPLES.values())
    found = textform.parse(printed)
    assert found.problems == ()
    assert list(found.questions) == list(EXAMPLES.values())


def test_loose_writing_is_understood() -> None:
    text = (
        "# Quiz\r\n\r\n## Single ^abcde  \r\nWhich?\r\n* [X] Yes\r\n  it is\r\n  > Because.\r\n\r\n"
        "- [] No\r\n  > No.\r\n- [ ] 2 \\^3\r\n  > .\r\nwhy: one\r\ntwo"
    )
    found = textform.parse(text)
    assert found.problems == ()
    assert textform.print_quiz(found.questions) == (
        "# Quiz\n\n## single ^abcde\n\nWhich?\n\n- [x] Yes it is\n  > Because.\n- [ ] No\n  > No.\n"
        "- [ ] 2 \\^3\n  > .\n\nWhy: one\ntwo\n"
    )
    assert found.questions[0].options[2].text == "2 ^3"


def test_places_are_written_in_one_way() -> None:
    loose = spot(*PLACES[:2], "- [ ] B =>  20.0 , 0  10 × 10.50", "  > b", "- [ ] \\=> here => 40,0,10x10 ^z", "  > c")
    found = textform.parse(loose)
    assert found.problems == ()
    assert [o.area for o in found.questions[0].options] == ["0,0 10x10", "20,0 10x10.5", "40,0 10x10"]
    assert found.questions[0].options[2].text == "=> here"
    printed = textform.print_quiz(found.questions)
    assert "- [ ] \\=> here => 40,0 10x10 ^z\n" in printed
    assert textform.parse(printed).questions == found.questions


def test_a_model_answer_holds_anything() -> None:
    model = "Why: this\n\n## single\n\n```\n= code\n```\n\n    indented"
    question = Question("reflection", "> A quote.\n= no model", "abcde", model=model)
    printed = textform.print_quiz([question])
    assert "\n= Why: this\n=\n= ## single\n" in printed
    found = textform.parse(printed)
    assert found.problems == ()
    assert found.questions == (question,)


def test_code_in_a_stem_holds_anything() -> None:
    text = "# Quiz\n\n## text ^abcde\n\nWhat?\n\n```\n## single\n= x\nWhy: y\n```\n\n= markdown\n\nWhy: So it is.\n"
    found = textform.parse(text)
    assert found.problems == ()
    assert "## single" in found.questions[0].stem
    assert textform.print_quiz(found.questions) == text


def test_cloze_keeps_keys_out_of_the_stem() -> None:
    text = "# Quiz\n\n## cloze ^abcde\n\nA {{secret|other \\| form}} and {{=right|wrong}} and \\{{none}}.\n\nWhy: So.\n"
    found = textform.parse(text)
    assert found.problems == ()
    assert found.questions[0].stem == "A {{1}} and {{2}} and \\{{none}}."
    assert found.questions[0].gaps[0].accepted == ("secret", "other | form")
    assert textform.print_quiz(found.questions) == text


def test_what_is_said_to_single_answers_is_canonical() -> None:
    text = (
        "# Quiz\n\n## text ^abcde\n\n\\!= no answer\n\n"
        "= yes\n  > Said.\n= yeah\n!= no\n  > One.\n  >\n  > Two.\n\nWhy: So.\n\n"
        "## number ^abcdf\n\nHow?\n\n= 1 ± 0.5 kg\n!= 10 kg\n  > Ten times.\n\nWhy: So.\n\n"
        "## cloze ^abcdg\n\nA {{gap}} and {{=right|wrong}}.\n\\= [1] in the text\n\n"
        "= [1] gap\n  > Said.\n!= [2] wrong\n  > No.\n\nWhy: So.\n"
    )
    found = textform.parse(text)
    assert found.problems == ()
    assert textform.print_quiz(found.questions) == text
    assert found.questions[0].replies == (Reply("yes", "Said."), Reply("no", "One.\n\nTwo."))
    assert found.questions[2].replies == (Reply("gap", "Said.", 1), Reply("wrong", "No.", 2))


def test_replies_are_no_part_of_what_a_question_means() -> None:
    for slug in ("text", "number", "cloze"):
        bare = replace(EXAMPLES[slug], replies=())
        assert meaning(bare) == meaning(EXAMPLES[slug])
        assert "replies" not in bare.to_json()
        assert digest(bare) != digest(EXAMPLES[slug])


def q(heading: str, *lines: str) -> str:
    return "\n".join(["# Quiz", "", heading, "", "Stem?", "", *lines])


SHOWN = "![A room](/media/" + "0a" * 32 + ")"
PLACES = ("- [x] A => 0,0 10x10", "  > a", "- [ ] B => 20,0 10x10", "  > b")


def spot(*lines: str, picture: str = SHOWN, stem: str = "Where?") -> str:
    return "\n".join(["# Quiz", "", "## hotspot", "", stem, "", picture, "", *lines, "", "Why: So."])


THREE = ("- [x] A", "  > a", "- [ ] B", "  > b", "- [ ] C", "  > c")


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("", "no-quiz", 1),
        ("Quiz\n## single", "no-quiz", 1),
        ("# Quiz\nhello", "before-question", 2),
        (q("## sinlge", *THREE), "unknown-kind", 3),
        (q("## ", *THREE), "unknown-kind", 3),
        (q("## single loud", *THREE), "unknown-flag", 3),
        (q("## single easy hard", *THREE), "easy-and-hard", 3),
        (q("## single ^AB", *THREE), "bad-id", 3),
        (q("## single", *THREE[:4]), "count", 3),
        (q("## single", *THREE, "- [x] D", "  > d"), "one-right", 3),
        (q("## single", *THREE, "- [ ] D"), "no-option-why", 13),
        (q("## single", *THREE, "- [ ] b", "  > d"), "repeated-text", 13),
        (q("## single", "- [ ] X ^a", "  > x", "- [x] Y ^a", "  > y", "- [ ] Z", "  > z"), "repeated-id", 9),
        (q("## single", *THREE, "- [ ]", "  > d"), "empty-text", 13),
        (q("## single", *THREE, "stray"), "stray-line", 13),
        (q("## single", *THREE, "", "Hint: a", "Hint: b", "Hint: c"), "too-many-hints", 3),
        (q("## single", *THREE, "", "Hint:"), "empty-hint", 14),
        (q("## single", *THREE, "", "Card: x"), "bad-card", 14),
        (q("## single", *THREE, "", "Card: 1", "Card: 2"), "bad-card", 15),
        (q("## single", *THREE, "", "Why: a", "", "Why: b"), "second-why", 16),
        (q("## multiple", *THREE[:1], "  > a", "- [x] B", "  > b", "- [x] C", "  > c"), "right-and-wrong", 3),
        (q("## true-false", "- [x] Yes", "  > a", "- [ ] No", "  > b"), "true-false-texts", 3),
        (q("## text", "= a"), "no-why", 3),
        (q("## text", "Why: a"), "count", 3),
        (q("## number", "= many", "Why: a"), "no-number", 7),
        (q("## number", "= 12,5", "Why: a"), "no-number", 7),
        (q("## number", "= 1", "= 2", "Why: a"), "second-number", 8),
        (q("## number", "Why: a"), "number-missing", 3),
        (q("## number", "= 1", "  > a", "Why: a"), "right-number-why", 7),
        (q("## number", "= 1", "!= many", "  > a", "Why: a"), "no-number", 8),
        (q("## number", "= 1 ± 2", "!= 2 ± 1", "  > a", "Why: a"), "wrong-sign", 8),
        (q("## text", "= a", "!= b", "Why: a"), "no-reply-why", 8),
        (q("## text", "= a", "!= A", "  > b", "Why: a"), "wrong-sign", 8),
        (q("## text", "= a", "  > b", "!= a", "  > b", "Why: a"), "wrong-sign", 9),
        (q("## text", "= a", "!= b", "  > b", "!= B", "  > b", "Why: a"), "repeated-text", 10),
        (q("## text", "= a", *["!= b", "  > b"] * 21, "Why: a"), "too-many-replies", 3),
        (q("## cloze", "{{a}}", "!= [1] a", "  > b", "Why: a"), "wrong-sign", 8),
        (q("## cloze", "{{a}}", "= [1] b", "  > b", "Why: a"), "wrong-sign", 8),
        (q("## cloze", "{{a}}", "!= [2] b", "  > b", "Why: a"), "no-such-gap", 8),
        (q("## cloze", "{{=a|b}}", "!= [1] c", "  > b", "Why: a"), "no-such-choice", 8),
        (q("## ordering", "1. a", "2. b", "Why: a"), "count", 3),
        (q("## matching", "- a => 1", "- b => 2", "- c", "Why: a"), "no-arrow", 9),
        (q("## matching", "- a => 1", "- b => 2", "- c => 1", "Why: a"), "repeated-text", 9),
        (q("## cloze", "Why: a"), "count", 3),
        (q("## cloze", "{{open", "Why: a"), "gap-open", 3),
        (q("## cloze", "{{}}", "Why: a"), "empty-text", 3),
        (q("## single", "```", *THREE), "open-fence", 3),
        (q("## single", *THREE) + "\n\n" + q("## x ^abcde").removeprefix("# Quiz\n\n"), "unknown-kind", 14),
        (q("## single", *THREE) + "\x00", "hidden-character", 12),
        (q("## single", "a" * 5000, *THREE), "long-line", 7),
        (q("## single", "a\u202eb", *THREE), "hidden-character", 7),
        (q("## matching", "- a => 1", "- b => 2", "- c => 3", "- => 4", "  > x", "Why: a"), "decoy-why", 10),
        (q("## reflection", "Why: a"), "no-model", 3),
        (q("## reflection", "= a", "stray"), "stray-line", 8),
        (spot(*PLACES), "count", 3),
        (spot(*PLACES, "- [ ] C => 40,0 10x10", "  > c", picture=""), "one-picture", 3),
        (spot(*PLACES, "- [ ] C => 40,0 10x10", "  > c", picture=f"{SHOWN}\n{SHOWN}"), "one-picture", 3),
        (spot(*PLACES, "- [ ] C => 40,0 10x10", "  > c", stem=""), "no-stem", 3),
        (spot(*PLACES, "- [ ] C", "  > c"), "area-form", 13),
        (spot(*PLACES, "- [ ] C => left", "  > c"), "area-form", 13),
        (spot(*PLACES, "- [ ] C => 40,0 10x101", "  > c"), "area-outside", 13),
        (spot(*PLACES, "- [ ] C => 95,0 10x10", "  > c"), "area-outside", 13),
        (spot(*PLACES, "- [ ] C => 40,0 2.9x10", "  > c"), "area-small", 13),
        (spot(*PLACES, "- [ ] C => 25,5 10x10", "  > c"), "area-overlap", 13),
        (
            spot(*PLACES[:1], "  > a", "- [x] B => 20,0 9x9", "  > b", "- [x] C => 40,0 9x9", "  > c"),
            "right-and-wrong",
            3,
        ),
        (spot(*PLACES, "- [ ] A => 40,0 10x10", "  > c"), "repeated-text", 13),
    ],
)
def test_a_problem_names_its_line_and_the_remedy(text: str, code: str, line: int) -> None:
    found = [p for p in textform.parse(text).problems if p.code == code]
    assert found, textform.parse(text).problems
    assert found[0].line == line
    assert found[0].message.endswith(".")
    assert "%(" not in found[0].message


def test_an_id_used_twice_is_named() -> None:
    text = q("## single ^abcde", *THREE) + "\n\n" + q("## single ^abcde", *THREE).removeprefix("# Quiz\n\n")
    assert [p.code for p in textform.parse(text).problems] == ["repeated-question-id"]


def test_line_numbers_count_from_the_file() -> None:
    assert textform.parse(q("## single", "x"), first_line=41).problems[0].line == 43


@pytest.mark.parametrize(
    "text",
    [
        q("## single", *["- [ ] x ^a"] * 10_000),
        q("## ordering", *["1. x"] * 10_000),
        q("## matching", *["- a => b"] * 10_000),
        q("## text", *["= x"] * 10_000),
        "# Quiz\n" + "## single\n" * 10_000,
        q("## single", "- [ ] a\n" + "  > x\n" * 20_000),
        q("## single", "stray\n" * 20_000),
        q("## cloze", "{{" * 90_000),
        q("## cloze", ("{{" * 1900 + "\n") * 50),
        q("## cloze", ("\\" * 3900 + "\n") * 50),
        q("## matching", ("- " + "\\" * 3900 + "\n") * 50),
        q("## single", ("- [ ] " + " ^a" * 1300 + "\n") * 40),
        q("## number", ("= " + "1" * 3900 + "\n") * 50),
        q("## single", ("`" * 3900 + "\n") * 50),
        "x" * 10_000_000,
    ],
    ids=range(15),
)
def test_huge_texts_are_refused_fast(text: str) -> None:
    start = thread_seconds()
    found = textform.parse(text)
    assert thread_seconds() - start < 1.5
    assert not found.ok
    assert len(found.questions) <= textform.MAX_QUESTIONS
    assert len(found.problems) <= textform.MAX_PROBLEMS
    assert all(len(question.options) <= 40 for question in found.questions)


def test_too_many_options_are_named_at_the_first_one_too_many() -> None:
    problems = textform.parse(q("## single", *["- [ ] x ^a"] * 10_000)).problems
    assert [p.line for p in problems if p.code == "too-many-entries"] == [47]


def test_ids_are_added_and_kept() -> None:
    bare = textform.parse(q("## single", "- [x] A", "  > a", "- [ ] B ^a", "  > b", "- [ ] C", "  > c")).questions
    done = textform.with_ids([*bare, EXAMPLES["matching"]], taken={"abcde"}, rng=Random(1))
    assert [o.uid for o in done[0].options] == ["b", "a", "c"]
    assert len(done[0].uid) == 6
    assert done[1] == EXAMPLES["matching"]
    assert textform.with_ids(done, taken=(), rng=Random(2)) == done
    first = textform.with_ids(bare, taken=(), rng=Random(1))[0].uid
    assert textform.with_ids(bare, taken={first}, rng=Random(1))[0].uid != first


def test_meaning_follows_stem_and_key_only() -> None:
    single = EXAMPLES["single"]
    wrong, right, *rest = single.options
    same = Question("single", single.stem, options=(Option("Crimson", uid="a"), right, *rest), why="other")
    assert meaning(same) == meaning(single)
    assert digest(same) != digest(single)
    turned = Question("single", single.stem, options=(Option("Red", right=True), wrong, *rest))
    assert meaning(turned) != meaning(single)
    assert meaning(Question("single", "Else?", options=single.options)) != meaning(single)
    assert len({meaning(question) for question in EXAMPLES.values()}) == len(EXAMPLES)


def test_what_only_some_kinds_have_changes_no_other_fingerprint() -> None:
    """Questions that were stored long ago keep their fingerprints, and with them what people remember of them."""
    single = EXAMPLES["single"]
    assert digest(single).startswith("757a9620df0eea72")
    assert meaning(single).startswith("37f201e5d061952a")
    placed = replace(single, options=tuple(replace(o, area="1,2 30x40") for o in single.options))
    moved = replace(single, options=tuple(replace(o, area="9,2 30x40") for o in single.options))
    asking = replace(single, model="So.")
    assert len({meaning(q) for q in (single, placed, moved, asking)}) == 4
    for question in (placed, asking):
        assert Question.from_json(question.to_json()) == question
