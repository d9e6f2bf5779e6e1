"""Each lint rule, both ways."""

from __future__ import annotations

import pytest

from peerlearn.lessons import lint, rules
from peerlearn.lessons.fileformat import parse
from peerlearn.lessons.inspection import Likeness
from peerlearn.lessons.lint import Known
from peerlearn.points.rule import Policy

GOOD = """---
id: good-lesson
title: Keep a lesson in good order
summary: What makes a lesson pass the checks, in three short cards.
kind: how-to
topics: [quality]
---

## One

Text of the first card.

## An example

!!! example "Case"
    It went well.

## Common mistakes

Text with a [link](/lessons/other) and `<code>`.

# Quiz

## single scenario ^aaaaa

Somebody asks you. What do you say?

- [x] This one ^a
  > Yes.
- [ ] That one, which is longer ^b
  > No.
- [ ] The other ^c
  > No.

Card: 1

## true-false ^bbbbb

It is so.

- [x] True ^a
  > Yes.
- [ ] False ^b
  > No.

## text ^ccccc

Name it.

= it

Why: Because.

## true-false variant ^vvvvv

It is so, too.

- [x] True ^a
  > Yes.
- [ ] False ^b
  > No.

Card: 1

## text variant ^wwwww

Name it again.

= it

Why: Because.

Card: 1
"""
KNOWN = Known(
    titles={7: "Another lesson entirely"},
    slugs=frozenset({"other"}),
    cards={"other": 3},
    nowhere=frozenset({"/topics/none"}),
    house="https://learn.firm.example",
    uids=frozenset({"other"}),
    languages={"other": "en"},
    topics=frozenset({"quality"}),
    pictures=frozenset({"a" * 64}),
)


def found(text: str, known: Known = KNOWN) -> dict[str, str]:
    return {problem.code: problem.level for problem in lint.lint(parse(text), known)}


def test_a_good_lesson_has_nothing_to_mend() -> None:
    assert found(GOOD) == {}


CHANGES: list[tuple[str, str, str, str]] = [
    ("Keep a lesson in good order", "Short", "title-length", "error"),
    ("Keep a lesson in good order", "x" * 81, "title-length", "error"),
    ("What makes a lesson pass the checks, in three short cards.", "Too short", "summary-length", "error"),
    ("[quality]", "[quality, b, c, d]", "many-topics", "error"),
    ("[quality]", "[unknown]", "unknown-topic", "error"),
    ("topics: [quality]", "topics: [quality]\ntags: [a, b, c, d, e, f]", "many-tags", "error"),
    ("topics: [quality]", f"topics: [quality]\ntry_it: {'x' * 301}", "long-field", "error"),
    ("Keep a lesson in good order", "How a lesson is kept in good order", "passive-title", "hint"),
    ("Keep a lesson in good order", "Another LESSON entirely", "same-title", "error"),
    ("Keep a lesson in good order", "Another lessons entirely", "similar-title", "warning"),
    ("kind: how-to", "kind: decision", "no-sources", "warning"),
    ("topics: [quality]", "topics: [quality]\nprerequisites:\n  - good-lesson", "unknown-prerequisite", "error"),
    ("topics: [quality]", "topics: [quality]\nprerequisites:\n  - nowhere", "unknown-prerequisite", "error"),
    ("topics: [quality]", "topics: [quality]\nrelated:\n  - good-lesson", "unknown-related", "error"),
    ("topics: [quality]", "topics: [quality]\nrelated:\n  - nowhere", "unknown-related", "error"),
    ("topics: [quality]", "topics: [quality]\nrelated: [a, b, c, d, e, other]", "many-related", "error"),
    ("topics: [quality]", "topics: [quality]\ntranslation_of: good-lesson", "unknown-translation", "error"),
    ("topics: [quality]", "topics: [quality]\ntranslation_of: nowhere", "unknown-translation", "error"),
    ("topics: [quality]", "topics: [quality]\ntranslation_of: other", "same-language", "warning"),
    ("topics: [quality]", "topics: [quality]\ntranslation_of: Other One", "bad-slug", "error"),
    ("## One\n\nText of the first card.\n\n", "", "card-count", "error"),
    ("## One\n", "## One\n\nx\n\n" + "## More\n\nx\n\n" * 5, "card-count", "error"),
    ("## One\n", "##\n", "card-title", "error"),
    ("## One\n", f"## {'x' * 81}\n", "card-title", "error"),
    ("## One\n", "## An Example\n", "same-card-title", "warning"),
    ("Text of the first card.\n", "", "empty-card", "error"),
    ("Text of the first card.", "word " * 2500, "too-long", "error"),
    ("topics: [quality]", "topics: [quality]\nwhy_longer: No time.", "why-longer", "error"),
    ("topics: [quality]", f"topics: [quality]\nwhy_longer: {'x' * 301}", "long-field", "error"),
    ("Text of the first card.", "word " * 1100, "long", "warning"),
    ("Text of the first card.", "word " * 620, "wordy", "warning"),
    ("Text of the first card.", "x" * 15_000, "too-many-characters", "error"),
    ("Text of the first card.", "[" * 500, "too-complex", "error"),
    ("## text ^ccccc", "## text variant ^ccccc", "few-questions", "error"),
    ("text variant", "text", "few-variants", "hint"),
    ("Because.\n\nCard: 1\n", "Because.\n\nCard: 2\n", "lone-variant", "warning"),
    ("Because.\n\nCard: 1\n", "Because.\n", "lone-variant", "warning"),
    ("topics: [quality]", "topics: [quality]\ndraw: 2", "draw-few", "error"),
    ("topics: [quality]", "topics: [quality]\ndraw: 4", "draw-many", "error"),
    ("topics: [quality]", "topics: [quality]\ndraw: 3", "draw-all", "warning"),
    ("topics: [quality]", "topics: [quality]\ntime_limit: 5", "time-limit-mode", "error"),
    ("topics: [quality]", "topics: [quality]\nattempts: 2", "attempts-mode", "error"),
    ("topics: [quality]", "topics: [quality]\nmode: exam", "exam-without-limit", "hint"),
    ("single scenario", "single", "no-scenario", "hint"),
    ("Card: 1", "Card: 9", "unknown-card", "error"),
    ("That one, which is longer", "All of the above", "of-the-above", "warning"),
    ('## An example\n\n!!! example "Case"', '## A case\n\n!!! note "Case"', "no-example", "hint"),
    ("## Common mistakes", "## Further", "no-mistake", "hint"),
    ("Text of the first card.", f"![](/media/{'a' * 64})", "no-alt", "error"),
    ("Somebody asks you.", f"![ ](/media/{'a' * 64})", "no-alt", "error"),
    ("Text of the first card.", f"![][plan]\n\n[plan]: /media/{'a' * 64}", "no-alt", "error"),
    ("Text of the first card.", f"![ ][Plan]\n\n> [plan]: </media/{'a' * 64}> 'Plan'", "no-alt", "error"),
    ("Text of the first card.", f"See ![\n](\n/media/{'a' * 64}\n)", "no-alt", "error"),
    ("Text of the first card.", f"![&nbsp;](/media/{'a' * 64})", "no-alt", "error"),
    ("Text of the first card.", f"![\u200b](/media/{'a' * 64} 'A title')", "no-alt", "error"),
    ("Text of the first card.", f"Look[^1]\n\n[^1]: ![](/media/{'a' * 64})", "no-alt", "error"),
    ("Text of the first card.", f"| A | B |\n|---|---|\n| ![](/media/{'a' * 64}) | b |", "no-alt", "error"),
    ("Text of the first card.", f"[![](/media/{'a' * 64})](/lessons/other)", "no-alt", "error"),
    ("[x] This one", f"[x] ![](/media/{'a' * 64}) This one", "no-alt", "error"),
    ("  > Yes.", f"  > Yes: ![](/media/{'a' * 64})", "no-alt", "error"),
    ("Why: Because.", f"Hint: ![](/media/{'a' * 64})\n\nWhy: Because.", "no-alt", "error"),
    ("Why: Because.", f"Why: Because ![ ](/media/{'a' * 64}).", "no-alt", "error"),
    ("Text of the first card.", "![x](https://example.org/x.png)", "foreign-picture", "error"),
    ("Text of the first card.", f"![x](/media/{'b' * 64})", "unknown-picture", "error"),
    ("(/lessons/other)", "(/lessons/nowhere)", "dead-link", "warning"),
    ("(/lessons/other)", "(/lessons/other/cards/4)", "dead-card", "warning"),
    ("(/lessons/other)", "(/lessons/other/cards/0)", "dead-card", "warning"),
    ("(/lessons/other)", "(/lessons/other/whole#card-4)", "dead-card", "warning"),
    ("(/lessons/other)", "(https://learn.firm.example/lessons/nowhere)", "dead-link", "warning"),
    ("(/lessons/other)", "[ref]\n\n[ref]: /lessons/nowhere 'There'\n\nSo", "dead-link", "warning"),
    (
        "[link](/lessons/other)",
        "[link]\n\n[link]: <https://learn.firm.example/lessons/none>\n\n",
        "dead-link",
        "warning",
    ),
    ("[link](/lessons/other)", "<http://learn.firm.example/lessons/none>", "dead-link", "warning"),
    ("[link](/lessons/other)", "https://LEARN.firm.example/lessons/none, and", "dead-link", "warning"),
    ("(/lessons/other)", "(/lessons/nowhere 'A title')", "dead-link", "warning"),
    ("(/lessons/other)", "(</lessons/nowhere>)", "dead-link", "warning"),
    ("(/lessons/other)", "(/lessons/nowhere?from=here)", "dead-link", "warning"),
    ("(/lessons/other)", "(/lessons/nowhere#part)", "dead-link", "warning"),
    ("(/lessons/other)", "(/lessons/nowhere/quiz)", "dead-link", "warning"),
    ("(/lessons/other)", "(\n/lessons/nowhere\n)", "dead-link", "warning"),
    ("(/lessons/other)", "(/topics/none)", "dead-link", "warning"),
    ("(/lessons/other)", "(https://learn.firm.example/topics/none?a=b)", "dead-link", "warning"),
    ("(/lessons/other)", "(/lessons?topic=none)", "dead-link", "warning"),
    ("(/lessons/other)", "(/practice/topics/none)", "dead-link", "warning"),
    ("(/lessons/other)", f"(/media/{'b' * 64})", "dead-link", "warning"),
    ("(/lessons/other)", "(some-lesson)", "lost-link", "warning"),
    ("(/lessons/other)", "(//learn.firm.example/lessons/other)", "lost-link", "warning"),
    ("[link](/lessons/other)", "[![What it shows](/media/" + "a" * 64 + ")](/lessons/nowhere)", "dead-link", "warning"),
    ("(/lessons/other)", "(#nowhere)", "dead-anchor", "warning"),
    ("(/lessons/other)", "()", "empty-link", "warning"),
    ("Text of the first card.", "# Big", "heading-one", "warning"),
    ("Text of the first card.", "#### Deep", "heading-skips", "warning"),
    ("!!! example", "!!! danger", "callout-kind", "warning"),
    ("    It went well.", "It went well.", "callout-empty", "warning"),
    ("Text of the first card.", "Text <b>bold</b>", "html", "warning"),
    ("Text of the first card.", "Text \u202egnp.exe", "direction-marks", "warning"),
    ("Text of the first card.", "word " * 33, "long-sentence", "hint"),
    ("Text of the first card.", "word word\n" * 17, "long-sentence", "hint"),
    ("Text of the first card.", "Institutional responsibilities necessitate. " * 20, "hard-to-read", "hint"),
    (
        "## One\n",
        "## *Check the next.*\n\n*Check the last.*\n",
        "template-text",
        "error",
    ),
    ("That one, which is longer", "What people often do instead", "template-text", "error"),
    ("That one, which is longer", "That one, see [there](/lessons/nowhere)", "dead-link", "warning"),
]


@pytest.mark.parametrize(("old", "new", "code", "level"), CHANGES, ids=[f"{n}-{c[2]}" for n, c in enumerate(CHANGES)])
def test_each_rule_speaks_up(old: str, new: str, code: str, level: str) -> None:
    assert old in GOOD
    assert found(GOOD.replace(old, new, 1)).get(code) == level


@pytest.mark.parametrize(
    "address",
    [
        "/lessons/other",
        "/lessons/other/",
        "/lessons/other?from=here",
        "/lessons/other/cards/3",
        "/lessons/other/whole",
        "/lessons/other/whole#card-1",
        "https://learn.firm.example/lessons/other",
        "https://elsewhere.example/lessons/nowhere",
        "#a-smaller-heading",
        "/lessons",
        "/lessons?topic=quality",
        "/practice/topics/quality",
        "http://learn.firm.example",
        "https://learn.firm.example.elsewhere.example/lessons/nowhere",
        "https://[nowhere",
        "/lessons/n%6fwhere",
        "mailto:someone@firm.example",
        "/topics/any",
    ],
)
def test_links_that_lead_somewhere_are_left_alone(address: str) -> None:
    text = GOOD.replace("Text with a [link](/lessons/other)", f"### A smaller heading\n\n[there]({address})")
    assert found(text) == {}


def test_links_to_headings_that_cannot_be_foretold_are_left_alone() -> None:
    assert found(GOOD.replace("Text with a [link](/lessons/other)", "### *Über* uns\n\n[there](#uber-uns)")) == {}
    assert found(GOOD.replace("Text with a [link](/lessons/other)", "### [Über](/lessons) uns\n\n[x](#uber)")) == {
        "dead-anchor": "warning"
    }


@pytest.mark.parametrize(
    "text",
    [
        "`![](/media/x)`",
        "```\n![](/media/x) [x](/lessons/nowhere)\n```",
        "\\![](/lessons/other)",
        "![a plan [with] brackets](/media/" + "a" * 64 + ")",
        "![The plan][plan] and ![plan][]\n\n[plan]: /media/" + "a" * 64,
        "[see](/lessons/other '![](x)')",
        "![][nobody]",
        "[x][nobody] and [nobody], <https://elsewhere.example/lessons/nowhere>",
        "`[x](/lessons/nowhere)` and \\[x](/lessons/nowhere)",
        "[unused]: /lessons/nowhere",
    ],
)
def test_what_is_no_picture_and_no_link_is_left_alone(text: str) -> None:
    assert not {"no-alt", "dead-link", "lost-link", "foreign-picture"} & set(
        found(GOOD.replace("Text of the first card.", text))
    )


def test_what_is_found_stands_at_its_line() -> None:
    text = GOOD.replace(
        "Text of the first card.", f"One.\n\n- A\n- See ![][p]\n  [x](lost) on\n\n[p]: /media/{'a' * 64}"
    )
    lines = text.split("\n")
    told = {problem.code: lines[problem.line - 1] for problem in lint.lint(parse(text), KNOWN)}
    assert told == {"no-alt": "- See ![][p]", "lost-link": "  [x](lost) on"}
    text = GOOD.replace("[ ] The other", "[ ] The [other](lost)")
    assert [text.split("\n")[p.line - 1] for p in lint.lint(parse(text), KNOWN)] == ["- [ ] The [other](lost) ^c"]


@pytest.mark.parametrize(
    "option",
    [
        "All of the above",
        "None of these.",
        "Both A and B",
        "b und c",
        "Alle genannten",
        "Keine der oben genannten",
        "Alles davon",
        "Toutes les réponses ci-dessus",
        "Aucune de ces réponses",
        "Todas las anteriores",
        "Ninguna de las anteriores",
        "Tutte le risposte precedenti",
        "Nenhuma das anteriores",
        "Geen van bovenstaande",
        "Żadne z powyższych",
        "Inget av ovanstående",
        "Ничего из вышеперечисленного",
        "以上都是",
        "上記のすべて",
    ],
)
def test_answers_stand_alone_in_many_languages(option: str) -> None:
    assert found(GOOD.replace("That one, which is longer", option))["of-the-above"] == "warning"


@pytest.mark.parametrize(
    "option",
    [
        "All colleagues",
        "None",
        "The line above the table",
        "Alle Kollegen",
        "Toutes les semaines",
        "Nada",
        "A and then B",
    ],
)
def test_answers_that_only_sound_so_are_left_alone(option: str) -> None:
    assert "of-the-above" not in found(GOOD.replace("That one, which is longer", option))


@pytest.mark.parametrize(("share", "level"), [(0.29, None), (0.3, "hint"), (0.84, "hint"), (0.85, "warning")])
def test_a_lesson_that_says_the_same_is_shown_with_its_share(share: float, level: str | None) -> None:
    problems = lint.lint(parse(GOOD), Known(similar=(Likeness("other", "Another lesson", share),)))
    assert [(each.code, each.level) for each in problems] == ([("similar-text", level)] if level else [])
    for each in problems:
        assert f"{round(share * 100)} %" in each.message
        assert "“Another lesson”" in each.message
        assert dict(each.values)["lesson"] == "other"


@pytest.mark.parametrize(
    ("words", "questions", "is_short"), [(149, 4, True), (150, 4, False), (149, 5, False), (10, 1, True)]
)
def test_a_short_lesson_is_told_what_publishing_brings(words: int, questions: int, is_short: bool) -> None:
    question = "## true-false\n\nIt is so.\n\n- [x] True\n  > Yes.\n- [ ] False\n  > No.\n\n"
    quiz = question * questions + "## reflection\n\nWhat do you do?\n\n= This.\n\n"
    file = parse(f"---\ntitle: A short one\n---\n\n## A\n\n{'word ' * (words - 1)}\n\n# Quiz\n\n{quiz}")
    assert lint.count_words(file) == words
    problems = [each for each in lint.lint(file) if each.code == "short"]
    assert [each.level for each in problems] == ["hint"] * is_short


def test_what_is_told_beforehand_is_what_is_paid() -> None:
    told, paid = rules.POLICY, Policy()
    assert (told.words_paid, told.questions_paid) == (paid.lesson_words, paid.lesson_questions)


def test_a_lesson_without_questions_says_how_to_begin() -> None:
    assert found(GOOD.partition("# Quiz")[0])["no-questions"] == "error"


def test_many_questions_are_a_warning() -> None:
    more = "".join(f"\n## text ^dddd{n}\n\nName {n}.\n\n= it\n\nWhy: Because.\n" for n in range(7))
    assert found(GOOD + more) == {"many-questions": "warning"}


def test_a_drawn_quiz_counts_what_is_drawn_and_needs_no_spares() -> None:
    more = "".join(f"\n## text ^dddd{n}\n\nName {n}.\n\n= it\n\nWhy: Because.\n" for n in range(7))
    terms = "topics: [quality]\nmode: check\ndraw: 4\ntime_limit: 1"
    text = (GOOD.split("\n## true-false variant")[0] + more).replace("topics: [quality]", terms)
    assert parse(text).asked == 4
    assert found(text) == {"time-limit-short": "warning"}
    assert found(text.replace("time_limit: 1", "time_limit: 2")) == {}


def test_the_longest_answer_must_not_always_be_right() -> None:
    options = "- [x] The long right one ^a\n  > Yes.\n- [ ] No ^b\n  > No.\n- [ ] Nor ^c\n  > No.\n"
    second = f"\n## single ^eeeee\n\nWhich?\n\n{options}"
    assert "longest-is-right" not in found(GOOD + second)
    first_too = GOOD.replace("[x] This one ", "[x] This one, the very longest of them ")
    assert found(first_too + second) == {"longest-is-right": "warning"}


def test_nor_must_all_right_answers_be_longer_than_the_wrong_ones() -> None:
    options = "- [x] The long right one ^a\n  > Yes.\n- [x] A right one ^b\n  > Yes.\n- [ ] Nor ^c\n  > No.\n"
    several = f"\n## multiple ^eeeee\n\nWhich?\n\n{options}"
    first_too = GOOD.replace("[x] This one ", "[x] This one, the very longest of them ")
    assert found(first_too + several) == {"longest-is-right": "warning"}
    assert found(first_too + several.replace("Nor", "Not even nearly")) == {}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Somebody asks you.", "Somebody asks you [this](/lessons/nowhere)."),
        ("Why: Because.", "Why: Because of [this](/lessons/nowhere)."),
        ("title:", "try_it: Read [this](/lessons/nowhere) today.\ntitle:"),
        ("title:", "sources:\n  - /lessons/nowhere\ntitle:"),
    ],
)
def test_links_outside_the_cards_lead_somewhere_too(old: str, new: str) -> None:
    assert old in GOOD
    assert found(GOOD.replace(old, new, 1)) == {"dead-link": "warning"}


def test_a_question_of_another_lesson_is_named() -> None:
    assert found(GOOD, Known(foreign_questions=frozenset({"aaaaa"}))) == {"foreign-question": "error"}


def test_what_was_not_looked_up_is_not_missed() -> None:
    text = GOOD.replace("[quality]", "[anything]").replace("/lessons/other", "/lessons/nowhere")
    assert found(text, Known()) == {}


SECRETS = [
    "-----BEGIN RSA PRIVATE KEY----- " + "a1B2c3D4" * 8,
    "AKIA" + "IOSFODNN7EXA1PLE",
    "glpat-" + "a1B2c3D4e5F6g7H8i9J0",
    "eyJhbGciOiJIUzI1NiIsInR5cCI6" + ".eyJzdWIiOiIxMjM0NTY3ODkwIiwi" + ".SflKxwRJSMeKKF2QT4fwpMeJf36P",
    "postgresql://admin:" + "hunter2hunter2@db.firm.org/x",
    "password = " + "Xk29fjQ81mzPq7",
]


def test_a_secret_in_the_reason_for_a_longer_lesson_blocks() -> None:
    text = GOOD.replace("topics: [quality]", f"topics: [quality]\nwhy_longer: It needs {SECRETS[0]} to be said.", 1)
    assert "secret" in {problem.code for problem in lint.lint(parse(text), KNOWN) if problem.level == "error"}


@pytest.mark.parametrize("secret", SECRETS, ids=range(len(SECRETS)))
def test_secrets_block_wherever_they_stand_and_are_not_repeated(secret: str) -> None:
    for old in ("Text of the first card.", "Somebody asks you.", "This one"):
        problems = lint.lint(parse(GOOD.replace(old, f"see {secret}", 1)), KNOWN)
        named = [problem for problem in problems if problem.code == "secret"]
        assert named
        assert named[0].level == "error"
        assert secret not in named[0].message


@pytest.mark.parametrize(
    "harmless",
    [
        "password: your-password",
        "Set `api_key = YOUR_API_KEY_HERE` first",
        "the secret: be kind to each other",
        "https://example.org/a:b@c",
        "git bisect 4f2a9c1b7d3e5f60718293a4b5c6d7e8f9012345",
        "AKIA is how keys begin",
    ],
)
def test_harmless_text_is_left_alone(harmless: str) -> None:
    codes = found(GOOD.replace("Text of the first card.", harmless))
    assert "secret" not in codes
    assert "maybe-secret" not in codes


def test_what_may_be_a_password_is_a_warning() -> None:
    text = GOOD.replace("Text of the first card.", "password = tiger29")
    assert found(text) == {"maybe-secret": "warning"}


@pytest.mark.parametrize(
    ("text", "code", "level"),
    [
        ("maria.k" + "@gmail.com", "mail-address", "warning"),
        ("+49 171 26" + "97 226", "phone-number", "warning"),
        ("DE02 1203 0000 " + "0000 2020 51", "bank-account", "warning"),
        ("5425 2334 3010 " + "9903", "card-number", "error"),
        ("398.259.791-" + "94", "person-number", "error"),
        ("SSN 219-09-" + "9998", "person-number", "error"),
    ],
)
def test_what_is_about_somebody_is_named_with_its_line_and_not_repeated(text: str, code: str, level: str) -> None:
    problems = lint.lint(parse(GOOD.replace("It went well.", f"Ask {text}.")), KNOWN)
    assert [(problem.code, problem.level, problem.line) for problem in problems] == [(code, level, 16)]
    assert text not in problems[0].message


def test_problems_are_few_and_errors_come_first() -> None:
    problems = lint.lint(parse(GOOD.replace("Text of the first card.", "<b>\n" * 300)), KNOWN)
    assert len(problems) <= lint.MAX_PROBLEMS
    levels = [problem.level for problem in problems]
    assert levels == sorted(levels, key=("error", "warning", "hint").index)


def test_every_message_can_be_said() -> None:
    for old, new, _, _ in CHANGES:
        for problem in lint.lint(parse(GOOD.replace(old, new, 1)), KNOWN):
            assert "%(" not in problem.message
