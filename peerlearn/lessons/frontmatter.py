"""The block on top of a lesson file: YAML within narrow bounds, read as text only and printed in one way."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, fields

import yaml

from peerlearn.core.words import N_, Said
from peerlearn.lessons import rules
from peerlearn.quizzes import rules as quizzes
from peerlearn.quizzes.problem import Problem, error

_TEXTS = getattr(yaml, "CBaseLoader", yaml.BaseLoader)  # in C where it was built, five times as quick

MAX_FRONT_BYTES = 4096
MAX_DEPTH = 5
UID_MAXIMUM = 80
MARK = "---"
FLOW_LISTS = frozenset({"topics", "tags", "audience"})
BLOCK_LISTS = frozenset({"sources", "prerequisites", "related"})
REQUIRED = ("title", "summary", "kind", "topics")
ALONE, IN_FLOW, IN_BLOCK = "k: %s", "k: [%s]", "k:\n  - %s"  # where a value may stand

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_WORDS = re.compile(r"[A-Za-z][\w'’-]*(?: [\w'’()/-]+)+[.]?", re.ASCII)  # always plain; other texts are tried
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufeff]")
_HIDDEN = re.compile("[\u200b\u2028\u2029\u202a-\u202e\u2060\u2066-\u2069]")


@dataclass(frozen=True, slots=True)
class Front:
    """What stands above the cards. `lines` tells on which line each field begins."""

    id: str = ""
    title: str = ""
    summary: str = ""
    kind: str = ""
    topics: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    language: str = rules.LANGUAGE
    translation_of: str = ""  # the id of the lesson it says again in another language
    classification: str = rules.CLASSIFICATION.value
    audience: tuple[str, ...] = ()  # the teams it is for, where it is not for all
    review_every: int = rules.REVIEW_EVERY
    try_it: str = ""
    sources: tuple[str, ...] = ()
    prerequisites: tuple[str, ...] = ()
    related: tuple[str, ...] = ()  # ids of lessons to go on with
    ai_assisted: bool = False
    why_longer: str = ""  # than a lesson may be: a curator reads it and decides
    mode: str = quizzes.Mode.LEARN.value
    pass_mark: int = quizzes.DEFAULT.pass_percent
    draw: int = 0  # of the questions; 0 means all
    time_limit: int = 0  # minutes; 0 means none
    attempts: int = 0  # of a check in a day, of an exam in all; 0 means as usual
    lines: dict[str, int] = field(default_factory=dict, compare=False, repr=False)

    @property
    def named(self) -> frozenset[str]:
        """The ids of all other lessons that it names."""
        return frozenset({*self.prerequisites, *self.related, self.translation_of} - {""})

    def line_of(self, name: str) -> int:
        """The line of a field, or the first line of the file where it is missing."""
        return self.lines.get(name, 1)


NUMBERS = {
    "pass_mark": (
        *quizzes.DEFAULT.pass_percents,
        Said(N_("The pass mark cannot be read."), N_("Write a whole number of percent from 50 to 100.")),
    ),
    "draw": (1, 60, Said(N_("This is no number of questions to draw."), N_("Write how many one is asked, such as 5."))),
    "time_limit": (
        1,
        quizzes.DEFAULT.minutes_maximum,
        Said(N_("The time limit cannot be read."), N_("Write a whole number of minutes, up to 180.")),
    ),
    "attempts": (
        1,
        quizzes.DEFAULT.attempts_maximum,
        Said(N_("The number of attempts cannot be read."), N_("Write a whole number from 1 to 10.")),
    ),
}
FIELDS = tuple(f.name for f in fields(Front) if f.name != "lines")
Value = str | tuple[str, ...]
Trouble = tuple[object, ...]


def print_front(front: Front) -> str:
    """The canonical front matter with its two marks; a field that is empty or as usual is left out."""
    usual = Front()
    lines = [MARK]
    for name in FIELDS:
        value = getattr(front, name)
        if value == getattr(usual, name) and name not in REQUIRED:
            continue
        if name in FLOW_LISTS:
            lines.append(f"{name}: [{', '.join(_scalar(item, IN_FLOW) for item in value)}]")
        elif name in BLOCK_LISTS:
            lines += [f"{name}:", *(f"  - {_scalar(item, IN_BLOCK)}" for item in value)]
        elif isinstance(value, bool):
            lines.append(f"{name}: {str(value).lower()}")
        else:
            lines.append(f"{name}: {value if isinstance(value, int) else _scalar(value, ALONE)}".rstrip())
    return "\n".join([*lines, MARK])


def read_front(lines: list[str], problems: list[Problem]) -> tuple[Front, int]:
    """The front matter and the number (from 0) of the first line after it."""
    first = next((n for n, line in enumerate(lines) if line.strip()), len(lines))
    if first == len(lines) or lines[first].rstrip() != MARK:
        problems.append(
            error(
                1,
                "no-front",
                Said(
                    N_("The block at the top is missing."),
                    N_("Begin the file with a line ---, then title, summary, kind and topics, then ---."),
                ),
            )
        )
        return Front(), 0
    last = next((n for n in range(first + 1, len(lines)) if lines[n].rstrip() == MARK), None)
    if last is None:
        problems.append(
            error(
                first + 1, "open-front", Said(N_("The block at the top has no end."), N_("Close it with a line ---."))
            )
        )
        return Front(), first + 1
    text = "\n".join(lines[first + 1 : last])
    before = len(problems)
    found = _read_yaml(text, first + 2, problems)
    if not found and len(problems) > before:
        return Front(), last + 1  # what is missing cannot be told from what cannot be read
    return _front_of(found, problems), last + 1


def plain_line(text: str) -> str:
    """A one-line text without anything unseen in it, single spaces, none around it."""
    return " ".join(_HIDDEN.sub("", CONTROL.sub("", text)).split())


def _scalar(value: str, place: str) -> str:
    """A text as YAML reads it back: plain where it may be, else in double quotes."""
    if not value or _WORDS.fullmatch(value):
        return value
    if place == IN_FLOW and not _may_stand_in_list(value):
        return json.dumps(value, ensure_ascii=False)
    try:
        read = yaml.safe_load(place % value)
    except (yaml.YAMLError, ValueError):
        read = None
    return value if read in ({"k": value}, {"k": [value]}) else json.dumps(value, ensure_ascii=False)


def _may_stand_in_list(value: str) -> bool:
    return not set(value) & set(",[]{}")


def _read_yaml(text: str, first_line: int, problems: list[Problem]) -> dict[str, tuple[int, Value]]:
    """The fields of the front matter as texts and lists of texts, each with its line. Nothing else gets through."""
    if len(text.encode("utf-8", "replace")) > MAX_FRONT_BYTES:
        problems.append(
            error(
                first_line,
                "front-too-big",
                Said(N_("The block at the top is longer than 4 KB."), N_("Move text into the cards.")),
            )
        )
        return {}
    try:
        refused = _refused(text, first_line)
        node = None if refused else yaml.compose(text, Loader=_TEXTS)
    except yaml.YAMLError as trouble:
        mark = getattr(trouble, "problem_mark", None)
        line = first_line + (min(mark.line, text.count("\n")) if mark else 0)
        refused, node = _unreadable(line), None
    if refused:
        problems.append(refused)
        return {}
    if node is None:
        return {}
    if not isinstance(node, yaml.MappingNode):
        problems.append(_unreadable(first_line))
        return {}
    return dict(_fields(node, first_line, problems))


def _unreadable(line: int) -> Problem:
    return error(
        line,
        "front-unreadable",
        Said(
            N_("This line cannot be read."),
            N_("Write “name: value”, with the value in double quotes if it holds a colon or #."),
        ),
    )


def _refused(text: str, first_line: int) -> Problem | None:
    """What YAML can do and a lesson never needs: anchors, aliases, tags, deep nesting, several documents."""
    depth = 0
    for event in yaml.parse(text, Loader=_TEXTS):
        line = first_line + (event.start_mark.line if event.start_mark else 0)
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) or getattr(event, "tag", None):
            return error(
                line,
                "front-marks",
                Said(N_("The signs &, * and ! have a meaning here."), N_("Put this value in double quotes.")),
            )
        if depth > MAX_DEPTH or (isinstance(event, yaml.DocumentStartEvent) and event.explicit):
            return _unreadable(line)
    return None


def _fields(
    node: yaml.MappingNode, first_line: int, problems: list[Problem]
) -> Iterator[tuple[str, tuple[int, Value]]]:
    seen = set()
    for key, content in node.value:
        line = first_line + key.start_mark.line
        name = key.value if isinstance(key, yaml.ScalarNode) else ""
        if name not in FIELDS:
            problems.append(
                error(
                    line,
                    "unknown-field",
                    Said(N_("“%(name)s” is not known here."), N_("Use one of: %(names)s.")),
                    name=plain_line(name)[:40],
                    names=", ".join(FIELDS),
                )
            )
        elif name in seen:
            problems.append(
                error(
                    line,
                    "repeated-field",
                    Said(N_("“%(name)s” stands here twice."), N_("Keep one of them.")),
                    name=name,
                )
            )
        else:
            seen.add(name)
            value = _value(content)
            if value is None:
                problems.append(
                    error(
                        line,
                        "bad-value",
                        Said(
                            N_("“%(name)s” holds more than a text or a list of texts."),
                            N_("Write one text, or one text a line."),
                        ),
                        name=name,
                    )
                )
            else:
                yield name, (line, value)


def _value(node: yaml.Node) -> Value | None:
    if isinstance(node, yaml.ScalarNode):
        return plain_line(node.value)
    if isinstance(node, yaml.SequenceNode) and all(isinstance(part, yaml.ScalarNode) for part in node.value):
        return tuple(filter(None, (plain_line(part.value) for part in node.value)))
    return None


def _front_of(found: dict[str, tuple[int, Value]], problems: list[Problem]) -> Front:
    """The fields as they are meant, each checked for its form; how long they may be is for lint."""
    values: dict[str, object] = {"lines": {name: line for name, (line, _) in found.items()}}
    for name, (line, value) in found.items():
        if name in FLOW_LISTS | BLOCK_LISTS:
            listed = value if isinstance(value, tuple) else tuple(filter(None, [value]))
            values[name] = tuple(dict.fromkeys(listed))
        elif isinstance(value, tuple):
            problems.append(
                error(
                    line,
                    "bad-value",
                    Said(N_("“%(name)s” takes one text, not a list."), N_("Write it on the line of its name.")),
                    name=name,
                )
            )
        else:
            meant, trouble = _meant(name, value)
            if trouble:
                problems.append(error(line, f"bad-{name.replace('_', '-')}", trouble[0], **dict(trouble[1:])))
            else:
                values[name] = meant
    front = Front(**values)  # type: ignore[arg-type]
    for name in REQUIRED:
        if not getattr(front, name) and not any(p.code == f"bad-{name}" for p in problems):
            problems.append(
                error(
                    front.line_of(name),
                    f"no-{name}",
                    Said(N_("The block at the top has no “%(name)s:”."), N_("Add it.")),
                    name=name,
                )
            )
    for name in ("topics", "audience", "translation_of", "prerequisites", "related"):
        value = getattr(front, name)
        for slug in filter(None, (value,) if isinstance(value, str) else value):
            if not SLUG.fullmatch(slug):
                problems.append(
                    error(
                        front.line_of(name),
                        "bad-slug",
                        Said(
                            N_("“%(slug)s” holds other signs than small letters, digits and hyphens."),
                            N_("Write it with these only."),
                        ),
                        slug=slug[:60],
                    )
                )
    return front


Meant = tuple[object, tuple[Said, *tuple[tuple[str, str | int], ...]] | None]


def _whole(name: str, value: str) -> Meant:
    """A whole number within its bounds, with or without a sign for percent."""
    least, most, message = NUMBERS[name]
    digits = value.removesuffix("%").strip() if name == "pass_mark" else value
    if not re.fullmatch("[0-9]{1,3}", digits) or not least <= int(digits) <= most:
        return 0, (message,)
    return int(digits), None


def _meant(name: str, value: str) -> Meant:
    """A field's value in its own type, or what is wrong with it."""
    if name == "id" and value and (not SLUG.fullmatch(value) or len(value) > UID_MAXIMUM):
        return "", (
            Said(N_("The id has small letters, digits and hyphens only."), N_("Remove the line; it is added again.")),
        )
    if name == "kind" and value and value not in set(rules.Kind):
        return "", (
            Said(N_("There is no such kind of lesson."), N_("Use one of: %(kinds)s.")),
            ("kinds", ", ".join(rules.Kind)),
        )
    if name == "language":
        if value and not LANGUAGE.fullmatch(value):
            return "", (Said(N_("This is no code of a language."), N_("Write a short one such as en, de or pt-BR.")),)
        return value or rules.LANGUAGE, None
    if name == "classification" and value not in set(rules.Classification):
        message = Said(N_("There is no such classification."), N_("Use one of: %(classes)s."))
        return "", (message, ("classes", ", ".join(rules.Classification)))
    if name == "review_every":
        if value not in {str(days) for days in rules.REVIEW_DAYS}:
            days = ", ".join(map(str, rules.REVIEW_DAYS))
            return 0, (
                Said(N_("A lesson is not checked again after so many days."), N_("Use one of: %(days)s.")),
                ("days", days),
            )
        return int(value), None
    if name == "mode" and value not in set(quizzes.Mode):
        return "", (
            Said(N_("There is no such mode."), N_("Use one of: %(modes)s.")),
            ("modes", ", ".join(quizzes.Mode)),
        )
    if name in NUMBERS:
        return _whole(name, value)
    if name == "ai_assisted":
        if value.lower() not in {"true", "false"}:
            return False, (Said(N_("ai_assisted is neither true nor false."), N_("Write one of these two.")),)
        return value.lower() == "true", None
    return value, None
