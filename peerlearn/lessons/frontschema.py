"""The block on top of a lesson as a JSON Schema, for editors: drawn from the same numbers that reading uses."""

from __future__ import annotations

import json
from typing import Any

from peerlearn.lessons import rules
from peerlearn.lessons.frontmatter import FIELDS, LANGUAGE, NUMBERS, REQUIRED, SLUG, UID_MAXIMUM
from peerlearn.quizzes import rules as quizzes

_TITLES = {
    "id": "A word of its own in the library; it never changes. Leave it out in a new lesson.",
    "title": "What the lesson teaches, as it stands in lists.",
    "summary": "What one can do afterwards, in a sentence.",
    "kind": "What the lesson is for.",
    "topics": "One to three topics.",
    "tags": "Up to five words.",
    "language": "The language of the text.",
    "translation_of": "Id of the lesson that this one says again in another language.",
    "classification": "Who it is for: all colleagues (open, internal), or those in the audience.",
    "audience": "The teams that a restricted or confidential lesson is for.",
    "review_every": "Days until somebody looks at it again.",
    "try_it": "One sentence: what to do at work this week.",
    "sources": "Links to where the facts come from.",
    "prerequisites": "Ids of lessons to learn first.",
    "related": "Ids of lessons to go on with.",
    "ai_assisted": "Whether any of the text came from a model.",
    "why_longer": "Why it takes more than ten minutes: a curator reads it and decides.",
    "mode": "Explained after each answer (learn), or at the end (check, exam).",
    "pass_mark": "Percent of the marks that pass.",
    "draw": "How many of the questions each person is asked.",
    "time_limit": "Minutes from beginning to handing in.",
    "attempts": "How often one may try: a check in a day, an exam in all.",
}
_NEEDS_MODE = ("time_limit", "attempts")
_FOR_SOME = {"properties": {"classification": {"enum": sorted(rules.FOR_SOME)}}, "required": ["classification"]}
_HAS_AUDIENCE = {"properties": {"audience": {"minLength": 1, "minItems": 1}}, "required": ["audience"]}


def schema() -> dict[str, Any]:
    """The schema. Texts count as they are kept: on one line, with single spaces."""
    limited = {"properties": {"mode": {"enum": [m.value for m in quizzes.Mode if m is not quizzes.Mode.LEARN]}}}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "The block on top of a PeerLearn lesson",
        "type": "object",
        "properties": {name: {"description": _TITLES[name]} | _field(name) for name in FIELDS},
        "required": list(REQUIRED),
        "additionalProperties": False,
        "allOf": [
            *({"if": {"required": [name]}, "then": limited | {"required": ["mode"]}} for name in _NEEDS_MODE),
            {"if": _FOR_SOME, "then": _HAS_AUDIENCE},
            {"if": _HAS_AUDIENCE, "then": _FOR_SOME},
        ],
    }


def as_text() -> str:
    """The schema as the file that ships with the docs."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


def _field(name: str) -> dict[str, Any]:
    policy = rules.POLICY
    slug, line = _whole(SLUG.pattern), {"type": "string", "minLength": 1, "maxLength": policy.line_maximum}
    if name in NUMBERS:
        least, most, _message = NUMBERS[name]
        return _number(least, most, percent=name == "pass_mark")
    fields: dict[str, dict[str, Any]] = {
        "id": {"type": "string", "maxLength": UID_MAXIMUM, "pattern": f"^(?:{SLUG.pattern})?$"},
        "title": _text(policy.title_minimum, policy.title_maximum),
        "summary": _text(policy.summary_minimum, policy.summary_maximum),
        "kind": {"enum": [kind.value for kind in rules.Kind]},
        "topics": _one_or_list({"type": "string", "pattern": slug}, 1, policy.topics_maximum),
        "tags": _one_or_list(line, 0, policy.tags_maximum),
        "language": {"type": "string", "pattern": f"^(?:{LANGUAGE.pattern})?$"},
        "translation_of": {"type": "string", "pattern": f"^(?:{SLUG.pattern})?$"},
        "classification": {"enum": [each.value for each in rules.Classification]},
        "audience": _one_or_list({"type": "string", "pattern": slug}, 0, policy.teams_maximum),
        "review_every": {"enum": [*rules.REVIEW_DAYS, *map(str, rules.REVIEW_DAYS)]},
        "try_it": _text(0, policy.line_maximum),
        "sources": _one_or_list(line, 0, policy.sources_maximum),
        "prerequisites": _one_or_list({"type": "string", "pattern": slug}, 0, policy.tags_maximum),
        "related": _one_or_list({"type": "string", "pattern": slug}, 0, policy.tags_maximum),
        "ai_assisted": {
            "anyOf": [{"type": "boolean"}, {"type": "string", "pattern": "^(?:[Tt][Rr][Uu][Ee]|[Ff][Aa][Ll][Ss][Ee])$"}]
        },
        "why_longer": _text_or_none(policy.longer_minimum, policy.line_maximum),
        "mode": {"enum": [mode.value for mode in quizzes.Mode]},
    }
    return fields[name]


def _whole(pattern: str) -> str:
    return f"^(?:{pattern})$"


def _text(least: int, most: int) -> dict[str, Any]:
    return {"type": "string", "minLength": least, "maxLength": most}


def _text_or_none(least: int, most: int) -> dict[str, Any]:
    return {"anyOf": [{"const": ""}, _text(least, most)]}


def _one_or_list(item: dict[str, Any], least: int, most: int) -> dict[str, Any]:
    """A list of texts; a single one may stand alone."""
    listed = {"type": "array", "items": item, "minItems": least, "maxItems": most, "uniqueItems": True}
    return {"anyOf": [item, listed]}


def _number(least: int, most: int, *, percent: bool) -> dict[str, Any]:
    """A whole number, or its digits in quotes."""
    digits = "|".join(f"0{{0,{3 - len(str(n))}}}{n}" for n in range(least, most + 1))
    sign = " ?%?" if percent else ""
    return {
        "anyOf": [
            {"type": "integer", "minimum": least, "maximum": most},
            {"type": "string", "pattern": f"^(?:{digits}){sign}$"},
        ]
    }
