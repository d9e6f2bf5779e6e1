"""The lesson file: read, printed, and read again."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from peerlearn.core.allowance import thread_seconds
from peerlearn.lessons import fileformat, frontmatter, lint
from peerlearn.lessons.fileformat import Card, Front, LessonFile, parse, print_file
from peerlearn.lessons.preparing import extras_of
from peerlearn.quizzes.question import Option, Question
from peerlearn.quizzes.rules import Mode, Terms

CONTENT = Path(__file__).resolve().parents[2] / "content" / "lessons"
FILES = sorted(CONTENT.rglob("*.md"))
FRONT = (
    "---\nid: a-lesson\ntitle: A title that fits\nsummary: A summary that is long enough.\n"
    "kind: how-to\ntopics: [x]\n---\n"
)


def codes(text: str) -> list[str]:
    return [problem.code for problem in parse(text).problems]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_shipped_lessons_print_back_byte_for_byte_and_pass_lint(path: Path) -> None:
    text = path.read_bytes().decode()
    file = parse(text)
    assert print_file(file) == text
    assert not file.problems
    assert [p for p in lint.lint(file) if p.level != "hint"] == []


def test_lessons_ship() -> None:
    assert len(FILES) >= 30


def test_the_parts_are_found_with_their_lines() -> None:
    file = parse(f"{FRONT}\n## One\n\ntext\n\n## Two\n\n\nmore\n\n# Quiz\n\n## text ^abcde\n\nq\n\n= a\n\nWhy: b\n")
    assert file.front.topics == ("x",)
    assert file.front.line_of("kind") == 5
    assert [(card.title, card.body, card.line, card.body_line) for card in file.cards] == [
        ("One", "text", 9, 11),
        ("Two", "more", 13, 16),
    ]
    assert file.questions[0].line == 20
    assert file.ok


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "no-front"),
        ("## Card\n", "no-front"),
        ("---\ntitle: x\n", "open-front"),
        ("---\ntitle: [x\n---\n", "front-unreadable"),
        ("---\n- a\n---\n", "front-unreadable"),
        ("---\ntitle: a: b\n---\n", "front-unreadable"),
        ("---\na: &x 1\n---\n", "front-marks"),
        ("---\na: *x\n---\n", "front-marks"),
        ("---\na: !!python/object/apply:os.system [id]\n---\n", "front-marks"),
        ("---\na: !x 1\n---\n", "front-marks"),
        ("---\na: [[[[[[x]]]]]]\n---\n", "front-unreadable"),
        ("---\ntitle: [[x]]\n---\n", "bad-value"),
        ("---\ntitle: {a: b}\n---\n", "bad-value"),
        ("---\ntitle: [a]\n---\n", "bad-value"),
        ("---\ntitle: a\ntitle: b\n---\n", "repeated-field"),
        ("---\ncolour: red\n---\n", "unknown-field"),
        ("---\nkind: poem\n---\n", "bad-kind"),
        ("---\nreview_every: 7\n---\n", "bad-review-every"),
        ("---\nai_assisted: maybe\n---\n", "bad-ai-assisted"),
        ("---\nlanguage: English please\n---\n", "bad-language"),
        ("---\nmode: hard\n---\n", "bad-mode"),
        ("---\npass_mark: 49\n---\n", "bad-pass-mark"),
        ("---\npass_mark: 80.5\n---\n", "bad-pass-mark"),
        ("---\ndraw: all\n---\n", "bad-draw"),
        ("---\ntime_limit: 0\n---\n", "bad-time-limit"),
        ("---\ntime_limit: ٣\n---\n", "bad-time-limit"),
        ("---\nattempts: 11\n---\n", "bad-attempts"),
        ("---\nid: No Good\n---\n", "bad-id"),
        ("---\ntopics: [No Good]\n---\n", "bad-slug"),
        ("---\ntitle: x\n---\n", "no-summary"),
        ("---\n" + "a: b\n" * 1000 + "---\n", "front-too-big"),
        (FRONT + "text\n", "before-card"),
        (FRONT + "## a\n\n```\ncode\n", "open-fence"),
        (FRONT + "## a\n\nx\x00y\n", "hidden-character"),
        (FRONT + "## a\n\n# Quiz\n\n## poem\n\nq\n", "unknown-kind"),
        ("x" * 100_001, "too-big"),
    ],
)
def test_what_cannot_be_read_is_named(text: str, code: str) -> None:
    assert code in codes(text)


@pytest.mark.parametrize(
    "value", ["2024-01-01", "yes", "no", "null", "12", "0x1f", "1e3", "on", "~", "1:30", "=", "<<"]
)
def test_yaml_never_turns_text_into_something_else(value: str) -> None:
    assert parse(f"---\ntitle: {value}\n---\n").front.title == value
    assert parse(print_file(LessonFile(Front(title=value)))).front.title == value


def test_headings_and_the_quiz_inside_code_are_code() -> None:
    file = parse(f"{FRONT}\n## One\n\n```\n## not a card\n# Quiz\n```\n\n## Two\n\nx\n")
    assert [card.title for card in file.cards] == ["One", "Two"]
    assert "## not a card" in file.cards[0].body
    assert file.questions == ()


def test_a_fence_that_swallows_the_quiz_is_named() -> None:
    text = f"{FRONT}\n## One\n\n```\ncode\n\n# Quiz\n\n## text\n\n```\nq\n```\n\n= a\n"
    assert "open-fence" in codes(text)


def test_line_ends_and_a_byte_order_mark_do_not_matter() -> None:
    text = f"{FRONT}\n## One\n\na\n"
    assert parse("\ufeff" + text.replace("\n", "\r\n")) == parse(text) == parse(text.replace("\n", "\r"))


def test_only_meant_line_breaks_survive_at_line_ends() -> None:
    file = parse(f"{FRONT}\n## One\n\na   \nb  \n\nc \t\n```\nd  \n```\n")
    assert file.cards[0].body == "a  \nb\n\nc\n```\nd  \n```"


def test_wrong_encodings_are_no_text() -> None:
    assert fileformat.decode("ü".encode("latin-1")) is None
    assert fileformat.decode("ü".encode("utf-16")) is None
    assert fileformat.decode("\ufeffü".encode()) == "ü"


@pytest.mark.parametrize(
    "bomb",
    [
        "---\n" + "[" * 4000 + "\n---\n",
        "---\n" + "{a: " * 900 + "\n---\n",
        "---\na: &a [x]\n" + "".join(f"b{n}: &b{n} [*a, *a]\n" for n in range(100)) + "---\n",
        "---\n" + "- " * 2000 + "\n---\n",
        "---\n" + "? " * 2000 + "\n---\n",
        "---\n" + "a: 'x\n" * 600 + "---\n",
        FRONT + "## a\n" * 20_000,
        FRONT + "```\n" * 20_001,
        FRONT + "~" * 90_000,
        FRONT + "# Quiz\n\n## single\n\nq\n\n" + "- [ ] a\n" * 10_000,
        FRONT + "# Quiz\n" * 10_000,
        FRONT + " " * 90_000,
        "\n" * 90_000,
        FRONT + "## a\n\n" + "![" * 40_000,
        FRONT + "## a\n\n" + "a. " * 30_000,
        FRONT + "## a\n\n" + "*" * 90_000,
        FRONT + "## a\n\n" + "](" * 40_000,
        FRONT + "## a\n\n" + "password=" * 10_000,
        FRONT + "## a\n\n" + "eyJ" * 30_000,
        FRONT + "## a\n\n" + "https://a:" * 9_000,
    ],
    ids=range(20),
)
def test_hostile_files_take_no_time(bomb: str) -> None:
    start = thread_seconds()
    file = parse(bomb)
    lint.lint(file)
    print_file(file)
    assert thread_seconds() - start < 2


LINE = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=40)
TEXT = st.lists(
    st.sampled_from(["## x", "# Quiz", "```", "~~~~", "", "  ", "---", "- a", "a: b", "text  ", "{{a}}"]) | LINE,
    max_size=12,
).map("\n".join)
SLUG = st.from_regex(r"[a-z0-9]{1,8}(-[a-z0-9]{1,6}){0,2}", fullmatch=True)


@example("```\n# Quiz\n```")
@given(st.text(max_size=400) | TEXT.map(lambda text: FRONT + text) | TEXT)
@settings(max_examples=300, deadline=None)
def test_any_text_can_be_read_and_its_print_is_stable(text: str) -> None:
    first = print_file(parse(text))
    file = parse(first)
    assert print_file(file) == first


@given(
    st.builds(
        Front,
        id=SLUG,
        title=LINE,
        summary=LINE,
        kind=st.sampled_from(["how-to", "demo"]),
        topics=st.lists(SLUG, max_size=3, unique=True).map(tuple),
        tags=st.lists(LINE, max_size=4, unique=True).map(tuple),
        language=st.sampled_from(["en", "pt-BR"]),
        review_every=st.sampled_from([30, 180]),
        try_it=LINE,
        sources=st.lists(LINE, max_size=3, unique=True).map(tuple),
        ai_assisted=st.booleans(),
        why_longer=LINE,
        mode=st.sampled_from(["learn", "check", "exam"]),
        pass_mark=st.integers(50, 100),
        draw=st.integers(0, 60),
        time_limit=st.integers(0, 180),
        attempts=st.integers(0, 10),
    )
)
@settings(max_examples=300, deadline=None)
def test_front_matter_comes_back_as_it_was(front: Front) -> None:
    clean = {
        name: frontmatter.plain_line(getattr(front, name)) for name in ("title", "summary", "try_it", "why_longer")
    }
    lists = {
        name: tuple(dict.fromkeys(filter(None, map(frontmatter.plain_line, getattr(front, name)))))
        for name in ("tags", "sources")
    }
    front = replace(front, **clean, **lists)
    printed = fileformat.print_front(front)
    if len(printed.encode()) < 4000:
        assert parse(printed + "\n").front == front


def test_terms_of_a_quiz_are_printed_only_where_they_are_not_as_usual() -> None:
    usual = f"{FRONT[:-4]}mode: learn\npass_mark: 75 %\n---\n\n## One\n"
    assert print_file(parse(usual)) == f"{FRONT}\n## One\n"
    terms = "mode: exam\npass_mark: 100\ndraw: 5\ntime_limit: 20\n"
    own = f"{FRONT[:-4]}{terms}---\n\n## One\n"
    assert print_file(parse(own)) == own
    assert Terms.of(extras_of(parse(own))) == Terms(Mode.EXAM, 100, 5, 20)


def test_a_whole_lesson_made_in_code_comes_back() -> None:
    question = Question(
        kind="single",
        stem="# Quiz\n\n## not a question",
        uid="abcde",
        options=tuple(
            Option(text, right, uid, why="Because.")
            for text, right, uid in [("x", True, "a"), ("y", False, "b"), ("z", False, "c")]
        ),
    )
    front = Front(id="x", title="A title: with colon", summary='He said "no"', kind="how-to", topics=("a",))
    file = LessonFile(front, (Card("One", "text"), Card("Two", "> quote\n\n- list")), (question,))
    assert parse(print_file(file)) == file
