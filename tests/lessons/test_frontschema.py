"""The JSON Schema of the block at the top: what it accepts, reading and the checks accept too, and nothing else."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from peerlearn.lessons import fileformat, frontmatter, frontschema, lint, rules
from tests.lessons.written import FILLED, SLUGS

DOCS = Path(__file__).parents[2] / "docs"
SCHEMA = Draft202012Validator(frontschema.schema())
STEADY = settings(deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
SOUND: dict[str, Any] = {
    "title": "A title that fits",
    "summary": "A summary that is long enough.",
    "kind": "how-to",
    "topics": ["writing"],
}
# errors that concern more than the block at the top
ELSEWHERE = {"card-count", "no-questions", "draw-few", "draw-many"}
ELSEWHERE |= {"unknown-prerequisite", "unknown-related", "unknown-translation"}


def as_block(values: dict[str, Any]) -> str:
    """These values as somebody writes them: JSON is YAML."""
    return "\n".join(
        ["---", *(f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in values.items()), "---"]
    )


def reading_accepts(values: dict[str, Any]) -> bool:
    problems = lint.lint(fileformat.parse(as_block(values) + "\n"))
    return not [p for p in problems if p.level == "error" and p.code not in ELSEWHERE]


def test_the_shipped_file_is_the_schema() -> None:
    Draft202012Validator.check_schema(frontschema.schema())
    assert (DOCS / "lesson-front.schema.json").read_text("utf-8") == frontschema.as_text()
    assert set(frontschema.schema()["properties"]) == set(frontmatter.FIELDS)


def test_the_grammar_names_every_key_in_the_order_of_printing() -> None:
    page = (DOCS / "lesson-format.md").read_text("utf-8")
    table = page.split("## Front matter")[1].split("## Cards")[0]
    assert re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE) == list(frontmatter.FIELDS)
    required = re.findall(r"^\| `(\w+)` \|.*\| required \|$", table, re.MULTILINE)
    assert required == list(frontmatter.REQUIRED)


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"title": "short"},
        {"title": "x" * 80},
        {"title": "x" * 81},
        {"title": "ü" * 80},
        {"summary": "x" * 19},
        {"summary": "x" * 201},
        {"kind": "poem"},
        {"topics": "writing"},
        {"topics": []},
        {"topics": ["a", "b", "c"]},
        {"topics": ["a", "b", "c", "d"]},
        {"topics": ["No Good"]},
        {"topics": [["a"]]},
        {"tags": ["a"] * 1},
        {"tags": list("abcdef")},
        {"tags": ["x" * 301]},
        {"tags": []},
        {"language": "pt-BR"},
        {"language": "English"},
        {"language": ""},
        {"classification": "open"},
        {"classification": "restricted"},
        {"classification": "restricted", "audience": ["sales"]},
        {"classification": "confidential", "audience": "sales"},
        {"classification": "internal", "audience": ["sales"]},
        {"classification": "secret"},
        {"classification": ""},
        {"audience": ["sales"]},
        {"audience": []},
        {"classification": "restricted", "audience": []},
        {"classification": "restricted", "audience": [f"a{n}" for n in range(21)]},
        {"review_every": 90},
        {"review_every": "90"},
        {"review_every": 91},
        {"review_every": True},
        {"try_it": "x" * 300},
        {"try_it": "x" * 301},
        {"try_it": ["x"]},
        {"sources": [f"https://example.org/{n}" for n in range(20)]},
        {"sources": [f"https://example.org/{n}" for n in range(21)]},
        {"prerequisites": ["one", "two"]},
        {"prerequisites": ["One"]},
        {"prerequisites": list("abcdef")},
        {"related": ["one", "two"]},
        {"related": "one"},
        {"related": ["One"]},
        {"related": list("abcdef")},
        {"translation_of": "one"},
        {"translation_of": ""},
        {"translation_of": "One"},
        {"translation_of": ["one"]},
        {"ai_assisted": True},
        {"ai_assisted": "TRUE"},
        {"ai_assisted": "perhaps"},
        {"ai_assisted": 1},
        {"why_longer": ""},
        {"why_longer": "x" * 19},
        {"why_longer": "x" * 20},
        {"why_longer": "x" * 301},
        {"why_longer": ["x" * 20]},
        {"mode": "exam"},
        {"mode": "hard"},
        {"mode": ""},
        {"pass_mark": 50},
        {"pass_mark": 49},
        {"pass_mark": 101},
        {"pass_mark": "80 %"},
        {"pass_mark": "080"},
        {"pass_mark": "0080"},
        {"pass_mark": 80.5},
        {"draw": 60},
        {"draw": 61},
        {"draw": 0},
        {"draw": "5%"},
        {"time_limit": 20},
        {"time_limit": 20, "mode": "learn"},
        {"time_limit": 20, "mode": "check"},
        {"time_limit": 181, "mode": "check"},
        {"attempts": 2},
        {"attempts": 2, "mode": "exam"},
        {"attempts": 11, "mode": "exam"},
        {"id": "a-word"},
        {"id": "A Word"},
        {"id": "x" * 80},
        {"id": "x" * 81},
        {"id": ""},
        {"colour": "red"},
    ],
    ids=str,
)
def test_each_rule_stands_in_both(change: dict[str, Any]) -> None:
    values = SOUND | change
    assert SCHEMA.is_valid(values) == reading_accepts(values)


@pytest.mark.parametrize("name", frontmatter.REQUIRED)
def test_what_is_required_is_required_by_both(name: str) -> None:
    values = {key: value for key, value in SOUND.items() if key != name}
    assert not SCHEMA.is_valid(values)
    assert not reading_accepts(values)


SHORT = st.integers(-2, 200) | st.integers(-2, 200).map(str) | FILLED
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "id": SLUGS | FILLED,
    "title": FILLED | st.text("ab ü", min_size=1, max_size=90).map(frontmatter.plain_line).filter(bool),
    "summary": st.text("ab ü", min_size=1, max_size=220).map(frontmatter.plain_line).filter(bool),
    "kind": st.sampled_from([kind.value for kind in rules.Kind]) | FILLED,
    "topics": st.lists(SLUGS | FILLED, max_size=5, unique=True) | SLUGS,
    "tags": st.lists(FILLED, max_size=7, unique=True) | FILLED,
    "language": st.sampled_from(["en", "de", "pt-BR", "x"]) | FILLED,
    "classification": st.sampled_from(list(map(str, rules.Classification))) | FILLED,
    "audience": st.lists(SLUGS | FILLED, max_size=22, unique=True) | SLUGS,
    "review_every": st.sampled_from(rules.REVIEW_DAYS) | SHORT,
    "try_it": FILLED,
    "sources": st.lists(FILLED, max_size=22, unique=True),
    "prerequisites": st.lists(SLUGS | FILLED, max_size=7, unique=True),
    "related": st.lists(SLUGS | FILLED, max_size=7, unique=True) | SLUGS,
    "translation_of": SLUGS | FILLED,
    "why_longer": FILLED,
    "ai_assisted": st.booleans() | st.sampled_from(["true", "False", "no"]),
    "mode": st.sampled_from(["learn", "check", "exam"]) | FILLED,
    "pass_mark": SHORT,
    "draw": SHORT,
    "time_limit": SHORT,
    "attempts": SHORT,
}


@given(st.fixed_dictionaries({}, optional=VALUES))
@settings(STEADY, max_examples=400)
def test_both_judge_any_block_alike(change: dict[str, Any]) -> None:
    values = SOUND | change
    if len(as_block(values).encode()) < frontmatter.MAX_FRONT_BYTES:
        assert SCHEMA.is_valid(values) == reading_accepts(values)
