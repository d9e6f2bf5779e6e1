"""What does not come along on the way out, in the same words for every format."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from peerlearn.core.words import N_
from peerlearn.quizzes.exchange.report import LeftOut, Losses
from peerlearn.quizzes.kinds.number import read_key
from peerlearn.quizzes.kinds.registry import KINDS
from peerlearn.quizzes.question import Entry, Gap, Number, Option, Question, Reply

HINTS = N_("The hints are left out, because the format has none. Put what matters into the question.")
QUIET_HINTS = N_("The hints are in the file, but most systems do not show them.")
PINS = N_("Answers that stay at the end are shuffled there like the others.")
NOT_SHUFFLED = N_("Because an answer stays at the end, none of the answers are shuffled there.")
WHYS = N_("The explanations of single steps or pairs are left out. The explanation of the question stays.")
REPLIES = N_("The explanations of single answers are left out. The explanation of the question stays.")
OTHER_UNIT = N_("The explanation of “%(answer)s” is left out, because the format does not mix units.")
OPEN_WHY = N_("The explanation is left out; the model answer takes its place.")
UNIT = N_("The unit “%(unit)s” is not asked for there. Name it in the question.")
PLACES = N_("The picture and the places on it are left out; the list of names stays, to choose from.")
PICTURE = N_("A picture is not in the file: %(picture)s. Add it over there.")
STEPS = N_("It becomes a matching question of steps and places, because the format has no ordering.")
GAPS = N_("It becomes a matching question of gaps and words, because the format has one gap in a question at most.")
OWN = N_("All of it is in the file as a comment: other systems pass it over, and the import here reads it again.")
_GAP = re.compile(r"(?<!\\)\{\{(\d{1,2})\}\}", re.ASCII)
_PICTURE = re.compile(r"!\[([^\]\n]*)\]\([^()\s]*\)")


def without_pictures(text: str, losses: Losses) -> str:
    """Markdown without its pictures, each of which is reported with what it shows."""
    for alt in _PICTURE.findall(text):
        losses.add(PICTURE, picture=alt)
    return _PICTURE.sub("", text) if "![" in text else text


def as_list(question: Question, losses: Losses) -> Question:
    """A question about a picture as the list of its places to choose from."""
    if question.kind != "hotspot":
        return question
    losses.add(PLACES)
    options = tuple(replace(option, area="") for option in question.options)
    return replace(question, kind="single", options=options, stem=_PICTURE.sub("", question.stem).strip())


def lose(
    question: Question,
    losses: Losses,
    *,
    hints: bool = False,
    pins: bool = False,
    whys: bool = False,
    replies: bool = False,
) -> None:
    """Report what a format has no place for."""
    if hints and question.hints:
        losses.add(HINTS)
    if pins and any(option.pinned for option in question.options):
        losses.add(PINS)
    whys_of_parts = [*(entry.why for entry in question.entries), *(pair.why for pair in question.pairs)]
    if whys and any(whys_of_parts):
        losses.add(WHYS)
    if replies and question.replies:
        losses.add(REPLIES)


def replies_of(question: Question, losses: Losses, gap: int = 0) -> tuple[list[Reply], list[Reply]]:
    """What is said to right and to wrong single answers of a question, or of one of its gaps."""
    kind, told = KINDS[question.kind], [reply for reply in question.replies if reply.why and reply.gap == gap]
    bare = [replace(reply, why=without_pictures(reply.why, losses)) for reply in told]
    right = [reply for reply in bare if kind.counts_as_right(question, reply)]
    return right, [reply for reply in bare if reply not in right]


def wrong_numbers(question: Question, losses: Losses) -> Iterator[tuple[Number, str]]:
    """The wrong numbers that are explained, in the unit of the right one, and what is said about them."""
    for reply in replies_of(question, losses)[1]:
        key = read_key(reply.answer)
        if key and question.number and key.unit in ("", question.number.unit):
            yield key, reply.why
        else:
            losses.add(OTHER_UNIT, answer=reply.answer)


def pieces_of(question: Question) -> list[str | Gap]:
    """A text with gaps in its pieces: Markdown, gap, Markdown, gap, …, Markdown."""
    pieces: list[str | Gap] = []
    text = ""
    for place, part in enumerate(_GAP.split(question.stem)):
        if place % 2 == 0:
            text += part.replace("\\{{", "{{")
        elif 1 <= int(part) <= len(question.gaps):
            pieces += [text, question.gaps[int(part) - 1]]
            text = ""
    return [*pieces, text]


def right_options(question: Question) -> tuple[Option, ...]:
    """The options that are right."""
    return tuple(option for option in question.options if option.right)


def insist_whole(question: Question) -> None:
    """Leave out a question that is not finished: others would refuse it, or ask it wrongly."""
    parts: dict[str, tuple[Option | Entry | object, ...]] = {
        "text": question.accepted,
        "number": (question.number,) if question.number else (),
        "ordering": question.entries,
        "matching": tuple(pair for pair in question.pairs if pair.left),
        "cloze": question.gaps,
        "reflection": (question.model or question.stem,),
    }
    if not question.stem or not parts.get(question.kind, right_options(question)):
        raise LeftOut(N_("The question is not finished: it asks nothing, or no answer is right. Finish it first."))
