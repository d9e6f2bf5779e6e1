"""The gaps of Moodle: `{1:MULTICHOICE:=right~wrong}` in a text, and `[[1]]` with a list of words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from html import unescape
from typing import NamedTuple

from peerlearn.core.words import N_
from peerlearn.quizzes.exchange import leaving, making
from peerlearn.quizzes.exchange.plaintext import escaped_block
from peerlearn.quizzes.exchange.report import Losses
from peerlearn.quizzes.question import Gap, Reply
from peerlearn.quizzes.spelling import fold

TOLERANCE = N_("A gap takes exactly %(number)s, without a tolerance. Ask for it in its own question if that matters.")
SAID_EXACTLY = N_("What is said to %(number)s in a gap is said to exactly this number, without a tolerance.")
SEVERAL = N_("A gap with several right answers takes the first of them only.")
MAX_GAPS = 100

_TYPED = {"SHORTANSWER", "SA", "MW", "SHORTANSWER_C", "SAC", "MWC"}
_NUMBER = {"NUMERICAL", "NM"}
LONGEST = 4000
_GAP = re.compile(rf"\{{\d{{0,3}}:([A-Z_]{{2,20}}):((?:\\.|[^\\}}]){{0,{LONGEST}}})\}}", re.DOTALL)
_PLACE = re.compile(r"\[\[(\d{1,3})\]\]")
_WEIGHT = re.compile(r"%(-?\d{1,3}(?:\.\d{1,5})?)%")
_PART = re.compile(r"(?:\\.|[^\\~])+", re.DOTALL)
_WHY = re.compile(r"((?:\\.|[^\\#])*)#?(.*)", re.DOTALL)
_TAGS = re.compile(r"<[^<>]{0,500}>")
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_SPECIAL = re.compile(r"([\\}~#/\"])")


class Found(NamedTuple):
    """A text with a mark for each gap, the gaps, and what is said to those who fill them."""

    text: str
    gaps: list[Gap]
    told: list[Reply]


def gaps_in(text: str, is_html: bool, losses: Losses) -> Found:
    """What Moodle writes into a text as its gaps."""
    gaps: list[Gap] = []
    told: list[Reply] = []

    def take(found: re.Match[str]) -> str:
        answers = list(_answers(_undressed(found[2]) if is_html else found[2]))
        if found[1] in _NUMBER:
            answers = [_exact(answer, losses) for answer in answers]
        gap = _gap(found[1], answers, losses)
        if gap is None or len(gaps) >= MAX_GAPS:
            return found[0]
        gaps.append(gap)
        said = ((answer, why) for _, answer, why in answers if why)
        replies = (Reply(answer, escaped_block(why) if is_html else why, len(gaps)) for answer, why in said)
        told.extend(replies if gap.choices else making.unstarred(replies, losses))
        return making.gap_mark(len(gaps) - 1)

    return Found(_GAP.sub(take, text), gaps, told)


def missing_words(text: str, boxes: Sequence[tuple[str, str]]) -> tuple[str, list[Gap]]:
    """The text with a mark for each `[[number]]`, and the gaps: the box of that number and the others of its group."""
    gaps: list[Gap] = []

    def take(found: re.Match[str]) -> str:
        place = int(found[1]) - 1
        if not 0 <= place < len(boxes) or len(gaps) >= MAX_GAPS:
            return found[0]
        right, group = boxes[place]
        others = (word for word, of in boxes if of == group and word != right)
        gaps.append(Gap(choices=(right, *others)))
        return making.gap_mark(len(gaps) - 1)

    return _PLACE.sub(take, text), gaps


def written(gap: Gap, right: Sequence[Reply], wrong: Sequence[Reply], losses: Losses) -> str:
    """A gap of ours in Moodle's spelling, with what is said to those who fill it, where that is not too long."""
    told = {fold(reply.answer): reply.why for reply in right} | {reply.answer: reply.why for reply in wrong}
    spare = [] if gap.choices else [reply.answer for reply in wrong]
    text = _written(gap, spare, told)
    if len(text) > LONGEST:
        losses.add(leaving.REPLIES)
        text = _written(gap, [], {})
    return text


def _written(gap: Gap, spare: Sequence[str], told: Mapping[str, str]) -> str:
    def said(form: str, key: str) -> str:
        return f"{form}#{_quoted(told[key])}" if told.get(key) else form

    if gap.choices:
        first, *wrong = gap.choices
        marked = ((f"%0%{_quoted(text)}" if text[:1] in ("=", "%") else _quoted(text), text) for text in wrong)
        listed = [said(f"={_quoted(first)}", fold(first)), *(said(form, text) for form, text in marked)]
        return "{1:MULTICHOICE_S:" + "~".join(listed) + "}"
    forms = [said(f"={_starred(form)}", fold(form)) for form in gap.accepted]
    return "{1:SHORTANSWER:" + "~".join([*forms, *(said(f"%0%{_starred(form)}", form) for form in spare)]) + "}"


def _starred(form: str) -> str:
    return _quoted(form.replace("*", "\\*"))


def _gap(kind: str, answers: Sequence[tuple[float, str, str]], losses: Losses) -> Gap | None:
    right = [text for share, text, _ in answers if share >= 1]
    if any(0 < share < 1 for share, _, _ in answers):
        losses.add(making.PART_MARKS)
    if not right:
        return None
    if kind in _NUMBER:
        return Gap(accepted=tuple(right))
    if kind in _TYPED:
        return _typed(right, losses)
    if len(right) > 1:
        losses.add(SEVERAL)
    return Gap(choices=(right[0], *(text for _, text, _ in answers if text not in right)))


def _exact(answer: tuple[float, str, str], losses: Losses) -> tuple[float, str, str]:
    """A number of a gap without its tolerance, `value:tolerance`."""
    share, text, why = answer
    value, _, tolerance = (part.strip() for part in text.partition(":"))
    if tolerance.strip("0.") and (share >= 1 or why):
        losses.add(TOLERANCE if share >= 1 else SAID_EXACTLY, number=value)
    return share, value, why


def _typed(forms: Sequence[str], losses: Losses) -> Gap | None:
    plain = [form for form in forms if "*" not in form.replace("\\*", "")]
    for form in forms:
        if form not in plain:
            losses.add(making.JOKER, answer=form)
    return Gap(accepted=tuple(form.replace("\\*", "*") for form in plain)) if plain else None


def _answers(inside: str) -> Iterator[tuple[float, str, str]]:
    """Share, text and explanation of each answer."""
    for part in _PART.findall(inside):
        text, share = part.strip(), 0.0
        weight = _WEIGHT.match(text)
        if text.startswith("="):
            share, text = 1.0, text[1:]
        elif weight:
            share, text = float(weight[1]) / 100, text[weight.end() :]
        found = _WHY.match(text)
        if found and found[1].strip():
            yield share, _unquoted(found[1]), _ESCAPED.sub(r"\1", found[2].strip())


def _undressed(text: str) -> str:
    """The words inside a gap that stands in HTML."""
    return unescape(_TAGS.sub("", text))


def _unquoted(text: str) -> str:
    return " ".join(_ESCAPED.sub(r"\1", text).split())


def _quoted(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text)
