"""A question as the fields of a form, and back: the form writes the same text that can be typed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from peerlearn.quizzes import textform
from peerlearn.quizzes.kind import MAX_ENTRIES
from peerlearn.quizzes.kinds.number import print_key
from peerlearn.quizzes.kinds.registry import KINDS
from peerlearn.quizzes.pictures import pictures_in, read_area, without_pictures
from peerlearn.quizzes.problem import Line, Problem
from peerlearn.quizzes.question import Entry, Option, Pair, Question, Reply

OPTIONS = 6  # of a hotspot; the kinds with answers to tick have one less
STEPS = 7
PAIRS = 6
DECOYS = 2
REPLIES = 6  # to fill in; a question may hold more
SIDES = ("left", "top", "width", "height")
MAX_FIELD = 4_000
_UID = re.compile(r"[a-z0-9]{5,12}")
_SHORT_ID = re.compile(r"[a-z0-9]{1,4}")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_GAPS = ("1", "2", "3", "4", "5")
_BRACKETS = re.compile(r"[\[\]\\\n\r]")


@dataclass
class Fields:
    """What stands in the form of a question."""

    kind: str
    uid: str = ""
    stem: str = ""
    why: str = ""
    hints: list[str] = field(default_factory=lambda: ["", ""])
    card: str = ""
    flags: set[str] = field(default_factory=set)
    options: list[dict[str, Any]] = field(default_factory=list)
    pairs: list[dict[str, str]] = field(default_factory=list)
    steps: list[dict[str, str]] = field(default_factory=list)
    accepted: str = ""
    number: str = ""
    replies: list[dict[str, str]] = field(default_factory=list)
    model: str = ""
    picture: str = ""
    alt: str = ""


def empty(kind: str) -> Fields:
    """A form to fill in."""
    return _padded(Fields(kind=kind if kind in KINDS else "single"))


def of_question(question: Question) -> Fields:
    """A form that holds this question."""
    picture = next(iter(pictures_in(question.stem)), None) if question.kind == "hotspot" else None
    stem = KINDS[question.kind].print_stem(question)
    return _padded(
        Fields(
            kind=question.kind,
            uid=question.uid,
            stem=without_pictures(stem) if picture else stem,
            why=question.why,
            hints=[*question.hints[:2], *[""] * (2 - len(question.hints))],
            card=str(question.card or ""),
            flags=set(question.flags),
            options=[
                {"text": o.text, "right": o.right, "why": o.why, "uid": o.uid, "pinned": o.pinned} | _sides(o)
                for o in question.options
            ],
            pairs=[{"left": p.left, "right": p.right, "why": p.why, "uid": p.uid} for p in question.pairs],
            steps=[{"text": e.text, "why": e.why, "uid": e.uid} for e in question.entries],
            accepted="\n".join(question.accepted),
            number=print_key(question.number) if question.number else "",
            replies=[{"answer": r.answer, "why": r.why, "gap": str(r.gap or "")} for r in question.replies],
            model=question.model,
            picture=picture.address.removeprefix("/media/") if picture else "",
            alt=picture.alt if picture else "",
        )
    )


def from_post(form: Mapping[str, Any]) -> Fields:
    """The form as it was filled in."""

    def got(name: str) -> str:
        return str(form.get(name, ""))[:MAX_FIELD]

    getlist: Callable[[str], list[Any]] = getattr(form, "getlist", lambda name: [])
    right = {str(value) for value in getlist("right")}
    kind = got("kind")
    return Fields(
        kind=kind if kind in KINDS else "single",
        uid=got("uid"),
        stem=got("stem"),
        why=got("why"),
        hints=[got("hint-1"), got("hint-2")],
        card=got("card"),
        flags={str(value) for value in getlist("flag")} | ({got("level")} - {""}),
        options=[
            {
                "text": got(f"option-{n}"),
                "right": str(n) in right,
                "why": got(f"why-{n}"),
                "uid": got(f"uid-{n}"),
                "pinned": got(f"pinned-{n}") == "1",
                **{side: got(f"{side}-{n}")[:20] for side in SIDES if kind == "hotspot"},
            }
            for n in range(1, OPTIONS + 1)
        ],
        pairs=[
            {"left": got(f"left-{n}"), "right": got(f"partner-{n}"), "why": got(f"why-{n}"), "uid": got(f"uid-{n}")}
            for n in range(1, PAIRS + DECOYS + 1)
        ],
        steps=[{"text": got(f"step-{n}"), "why": got(f"why-{n}"), "uid": got(f"uid-{n}")} for n in range(1, STEPS + 1)],
        accepted=got("accepted"),
        number=got("number"),
        replies=[
            {"answer": got(f"reply-{n}"), "why": got(f"why-{n}"), "gap": got(f"gap-{n}")[:1]}
            for n in range(1, MAX_ENTRIES + 1)
            if f"reply-{n}" in form
        ],
        model=got("model"),
        picture=got("picture") if _DIGEST.fullmatch(got("picture")) else "",
        alt=got("alt"),
    )


def question_of(fields: Fields) -> tuple[Question, list[Problem]]:
    """The question that a form describes, and what is still missing in it."""
    kind = KINDS[fields.kind]
    question = Question(
        kind=fields.kind,
        stem=fields.stem.strip(),
        uid=fields.uid if _UID.fullmatch(fields.uid) else "",
        flags=frozenset(fields.flags),
        why=fields.why.strip(),
        hints=tuple(hint.strip() for hint in fields.hints if hint.strip()),
        card=int(fields.card) if fields.card.isdecimal() and 0 < int(fields.card) < 100 else None,
    )
    replies = tuple(_replies(fields))
    problems: list[Problem] = []
    if fields.kind == "cloze":
        question, problems = kind.parse(textform.normal(question), [])
        question = replace(question, replies=replies)
    elif fields.kind == "number":
        question, problems = kind.parse(question, [Line(1, f"= {fields.number.strip()}")])
        question = replace(question, replies=replies)
    else:
        question = replace(question, **_parts(fields))
    question = textform.normal(question)
    return question, [*problems, *kind.check(question)]


def text_of(fields: Fields) -> tuple[str, list[Problem]]:
    """The text to put into the file, and what is still missing."""
    question, problems = question_of(fields)
    return textform.print_question(question), problems


def appended(source: str, question_text: str) -> str:
    """The file with one more question at its end; one that stands there already (a double click) is not repeated."""
    if source.rstrip("\n").endswith(f"\n\n{question_text.rstrip()}"):
        return source
    titled = any(line.strip().lower() == textform.TITLE.lower() for line in source.split("\n"))
    parts = [source.rstrip("\n"), *([] if titled else [textform.TITLE]), question_text]
    return "\n\n".join(parts) + "\n"


def _parts(fields: Fields) -> dict[str, Any]:
    """The answer part of the kinds that are lists of texts."""
    parts = _PARTS.get(fields.kind, _ticked)
    return parts(fields)


def _ticked(fields: Fields) -> dict[str, Any]:
    filled = [o for o in fields.options if o["text"].strip() or o["why"].strip()]
    return {"options": _options(filled)}


def _true_false(fields: Fields) -> dict[str, Any]:
    texts = ("True", "False")
    return {"options": tuple(_option(o | {"text": t}) for t, o in zip(texts, fields.options, strict=False))}


def _accepted(fields: Fields) -> dict[str, Any]:
    accepted = tuple(line.strip() for line in fields.accepted.split("\n") if line.strip())
    return {"accepted": accepted, "replies": tuple(_replies(fields))}


def _replies(fields: Fields) -> Iterator[Reply]:
    """What is said to single answers; a gap that is not named is the first."""
    for reply in fields.replies:
        if reply["answer"].strip() or reply["why"].strip():
            place = (int(reply["gap"]) if reply["gap"] in _GAPS else 1) if fields.kind == "cloze" else 0
            yield Reply(reply["answer"].strip(), reply["why"].strip(), place)


def _ordered(fields: Fields) -> dict[str, Any]:
    filled = [s for s in fields.steps if s["text"].strip() or s["why"].strip()]
    return {"entries": tuple(Entry(s["text"].strip(), _short_id(s["uid"]), s["why"].strip()) for s in filled)}


def _matched(fields: Fields) -> dict[str, Any]:
    filled = [p for p in fields.pairs if p["left"].strip() or p["right"].strip()]
    return {
        "pairs": tuple(
            Pair(p["left"].strip(), p["right"].strip(), _short_id(p["uid"]), p["why"].strip()) for p in filled
        )
    }


def _pointed(fields: Fields) -> dict[str, Any]:
    """The places, and the stem with the picture under it."""
    filled = [o for o in fields.options if any(o[name].strip() for name in ("text", "why", *SIDES))]
    options = tuple(replace(option, area=_area(o)) for option, o in zip(_options(filled), filled, strict=True))
    if not fields.picture:
        return {"options": options}
    picture = f"![{_BRACKETS.sub(' ', fields.alt).strip()}](/media/{fields.picture})"
    return {"options": options, "stem": f"{without_pictures(fields.stem).strip()}\n\n{picture}"}


def _written(fields: Fields) -> dict[str, Any]:
    return {"model": fields.model}


_PARTS: dict[str, Callable[[Fields], dict[str, Any]]] = {
    "true-false": _true_false,
    "text": _accepted,
    "ordering": _ordered,
    "matching": _matched,
    "hotspot": _pointed,
    "reflection": _written,
}


def _area(option: Mapping[str, str]) -> str:
    """Four numbers as one place; what is no number stays to be seen in the message."""
    left, top, width, height = (_tenth(option[side]) for side in SIDES)
    return f"{left},{top} {width}x{height}" if left or top or width or height else ""


def _tenth(text: str) -> str:
    """A typed number with at most one decimal."""
    whole, _, rest = text.strip().replace(",", ".").partition(".")
    return f"{whole or 0}.{rest[:1]}" if rest.isdecimal() else whole


def _sides(option: Option) -> dict[str, str]:
    area = read_area(option.area)
    return {side: f"{getattr(area, side):g}" if area else "" for side in SIDES}


def _options(filled: Iterable[Mapping[str, Any]]) -> tuple[Option, ...]:
    """The answers that were filled in; where one is pinned all have an id, because the mark stands behind it."""
    options = tuple(map(_option, filled))
    return textform.named(options) if any(option.pinned and not option.uid for option in options) else options


def _option(option: Mapping[str, Any]) -> Option:
    return Option(
        text=option["text"].strip(),
        right=bool(option["right"]),
        uid=_short_id(option.get("uid", "")),
        pinned=bool(option.get("pinned")),
        why=option["why"].strip(),
    )


def _short_id(uid: str) -> str:
    return uid if _SHORT_ID.fullmatch(uid) else ""


def _padded(fields: Fields) -> Fields:
    blank = {"text": "", "right": False, "why": "", "uid": "", "pinned": False} | dict.fromkeys(SIDES, "")
    fields.options += [dict(blank) for _ in range(OPTIONS - len(fields.options))]
    pair = {"left": "", "right": "", "why": "", "uid": ""}
    fields.pairs += [dict(pair) for _ in range(PAIRS + DECOYS - len(fields.pairs))]
    told = len([reply for reply in fields.replies if reply["answer"] or reply["why"]])
    blank_reply = {"answer": "", "why": "", "gap": ""}
    wanted = min(MAX_ENTRIES, max(REPLIES, told + 2))
    fields.replies += [dict(blank_reply) for _ in range(wanted - len(fields.replies))]
    fields.steps += [{"text": "", "why": "", "uid": ""} for _ in range(STEPS - len(fields.steps))]
    return fields
