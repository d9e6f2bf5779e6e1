"""Finished questions to send around, and what each format is expected to give back of them."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st

from peerlearn.quizzes.exchange.plaintext import escaped
from peerlearn.quizzes.exchange.reading import finished
from peerlearn.quizzes.kinds.number import print_key, read_key
from peerlearn.quizzes.question import FLAGS, Entry, Gap, Number, Option, Pair, Question, Reply
from peerlearn.quizzes.spelling import matches
from tests.quizzes.questions import SPICE

WORD = st.text(st.characters(categories=("L", "N")), min_size=1, max_size=8)
SIGNS = [*"~=#{}:\\%*_`<>&'\"[]()|!?.,;-+@/$^", "->", "=>", "::", "//", "####", "%50%", "[html]", "é"]
SIGN = st.sampled_from(SIGNS)
AWKWARD = st.lists(SPICE | SIGN | WORD, min_size=1, max_size=6)
ANY_LINE = (AWKWARD.map(" ".join) | AWKWARD.map("".join)).map(lambda text: "x" + text.replace("![", "! [") + "x")
ANY_LINES = st.lists(ANY_LINE, min_size=1, max_size=4)
ANY_TEXT = ANY_LINES.map("\n".join) | ANY_LINES.map("\n\n".join)

PLAIN = st.lists(WORD | SIGN, min_size=1, max_size=6).map(lambda parts: " ".join(parts).strip()).filter(bool)
MARKED = st.one_of(
    PLAIN.map(escaped),
    WORD.map(lambda word: f"*{word}*"),
    WORD.map(lambda word: f"**{word}**"),
    WORD.map(lambda word: f"`{word}`"),
    WORD.map(lambda word: f"[{word}](https://example.org/a)"),
)
RICH_LINE = st.lists(MARKED, min_size=1, max_size=4).map(lambda parts: "So " + " and ".join(parts) + " so")
RICH_TEXT = st.lists(
    RICH_LINE | st.lists(RICH_LINE, min_size=1, max_size=3).map(lambda items: "\n".join(f"- {item}" for item in items)),
    min_size=1,
    max_size=3,
).map("\n\n".join)
UID = st.text("abcdefghijklmnopqrstuvwxyz0123456789", min_size=5, max_size=12)


def distinct(strategy: st.SearchStrategy[str], least: int, most: int) -> st.SearchStrategy[list[str]]:
    """Texts that differ in more than case and spaces."""
    return st.lists(strategy, min_size=least, max_size=most, unique_by=lambda text: " ".join(text.casefold().split()))


@st.composite
def sound(draw: st.DrawFn, line: st.SearchStrategy[str], text: st.SearchStrategy[str]) -> Question:
    """A finished question of any kind; `line` and `text` are the Markdown in it."""
    kinds = "single multiple true-false text number ordering matching cloze hotspot reflection"
    kind = draw(st.sampled_from(kinds.split()))
    why = text | st.just("")
    parts: dict[str, object] = {"stem": draw(text)}
    if kind in ("single", "multiple", "hotspot"):
        texts = draw(distinct(line, 3, 5))
        right = draw(st.integers(1, len(texts) - 1))
        area = "10,10 20x20" if kind == "hotspot" else ""
        parts["options"] = tuple(
            Option(t, n < right, "abcde"[n], draw(st.booleans()), draw(why), area) for n, t in enumerate(texts)
        )
    elif kind == "true-false":
        is_true = draw(st.booleans())
        parts["options"] = (
            Option("True", is_true, "a", why=draw(why)),
            Option("False", not is_true, "b", why=draw(why)),
        )
    elif kind == "text":
        right, *wrong = draw(distinct(PLAIN, 1, 5))
        accepted = (right, *wrong[:1])
        wrong = [*wrong[:1], *(form for form in wrong[1:] if not matches(form, accepted))]
        told = [*draw(st.lists(st.sampled_from(accepted), max_size=2, unique=True)), *wrong[1:]]
        parts |= {"accepted": accepted, "replies": tuple(Reply(answer, draw(text)) for answer in told)}
    elif kind == "number":
        value = draw(st.decimals(-(10**6), 10**6, places=3, allow_nan=False)).normalize()
        tolerance = draw(st.sampled_from(["", "0.5", "12"]))
        parts["number"] = Number(f"{value:f}" if value else "0", tolerance, draw(st.sampled_from(["", "kg", "m/s"])))
        wrong = draw(st.lists(st.sampled_from(["2000000", "-1000013 ± 0.5", "3000000 ± 2 g"]), unique=True))
        parts["replies"] = tuple(Reply(answer, draw(text)) for answer in wrong)
    elif kind == "ordering":
        texts = draw(distinct(line, 3, 5))
        parts["entries"] = tuple(Entry(t, "abcde"[n], draw(why)) for n, t in enumerate(texts))
    elif kind == "matching":
        lefts, rights = draw(distinct(line, 3, 3)), draw(distinct(PLAIN, 4, 4))
        whys = [*(draw(why) for _ in lefts), ""]  # what belongs nowhere is not explained
        parts["pairs"] = tuple(Pair(*pair) for pair in zip([*lefts, ""], rights, "abcd", whys, strict=True))
    elif kind == "reflection":
        parts["model"] = draw(text)
    else:
        forms = distinct(PLAIN, 1, 3).map(lambda f: Gap(accepted=tuple(f)))
        choices = distinct(PLAIN, 2, 4).map(lambda f: Gap(choices=tuple(f)))
        gaps = draw(st.lists(forms | choices, min_size=1, max_size=3))
        words = [draw(st.sampled_from(["The", "one", "is", "a \\{{ b", "`code`"])) for _ in range(len(gaps) + 1)]
        stem = words[0] + "".join(f" {{{{{n}}}}} {word}" for n, word in enumerate(words[1:], start=1))
        told = [
            Reply(answer, draw(text), n)
            for n, gap in enumerate(gaps, start=1)
            for answer in draw(st.lists(st.sampled_from(gap.choices or (*gap.accepted, "zzz")), unique=True))
        ]
        parts |= {"stem": stem, "gaps": tuple(gaps), "replies": tuple(told)}
    if parts.get("replies"):
        why = text
    return finished(
        Question(
            kind=kind,
            uid=draw(UID | st.just("")),
            flags=draw(st.frozensets(st.sampled_from(FLAGS))),
            why=draw(why).replace("\n\n", "\n"),
            hints=tuple(draw(st.lists(line, max_size=2))),
            card=draw(st.none() | st.integers(1, 99)),
            **parts,  # type: ignore[arg-type]
        )
    )


def without(
    question: Question, *, hints: bool = False, pins: bool = False, whys: bool = False, replies: bool = False
) -> Question:
    """The question as a format without hints, pinned answers, or explanations of steps, pairs or answers keeps it."""
    if replies:
        question = replace(question, replies=())
    if hints:
        question = replace(question, hints=())
    if pins:
        question = replace(question, options=tuple(replace(option, pinned=False) for option in question.options))
    if whys:
        entries = tuple(replace(entry, why="") for entry in question.entries)
        pairs = tuple(replace(pair, why="") for pair in question.pairs)
        question = replace(question, entries=entries, pairs=pairs)
    return question


def unitless(question: Question) -> Question:
    """A number question without its unit."""
    if not question.number:
        return question
    keys = ((reply, read_key(reply.answer)) for reply in question.replies)
    replies = tuple(replace(reply, answer=print_key(replace(key, unit=""))) for reply, key in keys if key)
    return replace(question, number=replace(question.number, unit=""), replies=replies)


def listed(question: Question) -> Question:
    """A question about a picture as the list of its places."""
    if question.kind != "hotspot":
        return question
    return replace(question, kind="single", options=tuple(replace(option, area="") for option in question.options))
