"""Whole lessons to test with: any lesson in its normal form, and the ways in which people write one by hand."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from hypothesis import strategies as st

from peerlearn.lessons import fileformat, rules
from peerlearn.lessons.fileformat import Card, Front, LessonFile
from peerlearn.lessons.frontmatter import plain_line
from peerlearn.quizzes.marks import UNSEEN
from peerlearn.quizzes.question import Question
from tests.quizzes.questions import EXAMPLES, questions

SIGNS = st.characters(exclude_categories=("Cs", "Cc")).filter(lambda sign: not UNSEEN.search(sign))
LINES = st.text(SIGNS, max_size=30).map(plain_line) | st.sampled_from(
    [
        "a: b",
        "# no comment",
        "[x]",
        "“quoted” – dash",
        "yes",
        "12",
        "2024-01-01",
        "*bold*",
        "日本語",
        "مرحبا",
        "👩‍🔬 works",
    ]
)
FILLED = LINES.filter(bool)
SLUGS = st.from_regex(r"[a-z][a-z0-9]{0,7}(-[a-z0-9]{1,6}){0,2}", fullmatch=True)
PARTS = st.sampled_from(
    [
        "A paragraph with **bold** and [a link](https://example.org).",
        "```python\n## no card\n# Quiz\n\nx = 1  \n```",
        "~~~~\n```\n# Quiz\n~~~~",
        '!!! mistake "Leaving it out"\n    It shows “41 rows”.',
        "- one\n- two\n    - deeper",
        "| a | b |\n|---|---|\n| 1 | 2 |",
        f"![what it shows](/media/{'0a' * 32})",
        "### A smaller heading",
        "a line  \nwith a meant break",
        "---",
        "> a quote\n> of two lines",
        "Überraschung – 日本語, עברית, 👩‍🔬",
        "\\## no card",
    ]
)
BODIES = st.lists(PARTS | FILLED, max_size=5).map("\n\n".join)


@st.composite
def fronts(draw: st.DrawFn) -> Front:
    """Any front matter in its normal form."""
    several = lambda item, most: st.lists(item, max_size=most, unique=True).map(tuple)  # noqa: E731
    return Front(
        id=draw(SLUGS),
        title=draw(FILLED),
        summary=draw(FILLED),
        kind=draw(st.sampled_from([kind.value for kind in rules.Kind])),
        topics=draw(st.lists(SLUGS, min_size=1, max_size=3, unique=True).map(tuple)),
        tags=draw(several(FILLED, 5)),
        language=draw(st.sampled_from(["en", "de", "pt-BR", "zh-Hant"])),
        translation_of=draw(SLUGS | st.just("")),
        classification=draw(st.sampled_from(list(map(str, rules.Classification)))),
        audience=draw(several(SLUGS, 4)),
        review_every=draw(st.sampled_from(rules.REVIEW_DAYS)),
        try_it=draw(LINES),
        sources=draw(several(FILLED | st.just("https://example.org/a?b=c#d"), 4)),
        prerequisites=draw(several(SLUGS, 3)),
        related=draw(several(SLUGS, 3)),
        ai_assisted=draw(st.booleans()),
        why_longer=draw(LINES),
        mode=draw(st.sampled_from(["learn", "check", "exam"])),
        pass_mark=draw(st.integers(50, 100)),
        draw=draw(st.integers(0, 60)),
        time_limit=draw(st.integers(0, 180)),
        attempts=draw(st.integers(0, 10)),
    )


def distinct(listed: list[Question]) -> tuple[Question, ...]:
    """The questions, each with a mark of its own."""
    return tuple(replace(question, uid=f"mark{number}") for number, question in enumerate(listed))


@st.composite
def lessons(draw: st.DrawFn) -> LessonFile:
    """Any lesson, as reading a canonical file gives it: what a print of it leaves out is left out."""
    cards = [Card(draw(LINES), draw(BODIES)) for _ in range(draw(st.integers(0, 4)))]
    asked = draw(st.lists(st.sampled_from(list(EXAMPLES.values())) | questions(), max_size=4))
    made = LessonFile(draw(fronts()), tuple(cards), distinct(asked))
    return fileformat.parse(fileformat.print_file(made))


def by_hand(text: str, chance: Random, *, airy: bool = True) -> str:
    """The same lesson as somebody might write it: loose spaces, other bullets, other line ends, or `airy`."""
    lines = text.split("\n")
    fenced, _open = fileformat._fenced(lines, 0)
    out = []
    for line, code in zip(lines, fenced, strict=True):
        if not code:
            if line and not line.endswith("  ") and chance.random() < 0.2:
                line += chance.choice([" ", "\t"])
            if line.startswith("- [") and chance.random() < 0.5:
                line = f"*{line[1:]}"
        out.append(line)
        if airy and not code and not line and chance.random() < 0.3:
            out.append("")
    loose = chance.choice(["\n", "\r\n", "\r"]).join(out)
    return chance.choice(["", "\ufeff", "\n\n"]) + loose + chance.choice(["", "\n\n", "  \n"])
