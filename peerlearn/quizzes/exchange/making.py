"""Questions of ours from the parts that other systems have, with a word about whatever does not fit."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import TypeVar

from peerlearn.core.words import N_
from peerlearn.quizzes.exchange.foreigntext import JOINED
from peerlearn.quizzes.exchange.report import (
    LeftOut,
    Losses,
)
from peerlearn.quizzes.kind import MAX_ENTRIES, MAX_HINTS
from peerlearn.quizzes.kinds.cloze import MOST_FORMS
from peerlearn.quizzes.kinds.number import print_key, read_key
from peerlearn.quizzes.kinds.registry import KINDS
from peerlearn.quizzes.kinds.true_false import FALSE, TRUE
from peerlearn.quizzes.question import FLAGS, Entry, Gap, Number, Option, Pair, Question, Reply, digest
from peerlearn.quizzes.replies import spelt_as

Item = TypeVar("Item")

NO_KEY = N_("The file does not say which answer is right. Mark it in the editor.")
PART_MARKS = N_("Part marks are not known here: an answer counts fully or not at all.")
TOO_MANY = N_("Only the first %(limit)s answers came along.")
ONE_NUMBER = N_("Of several right numbers the first came along. Widen the tolerance if the others should count.")
JOKER = N_("An answer with the joker * was left out: “%(answer)s”. Write down the forms that count.")
NO_NUMBER = N_("The right number cannot be read. Write the question anew.")
NO_UNIT = N_("The unit “%(unit)s” was left out. Name the unit in the question.")
NO_GAP = N_("It is a text with gaps, and no gap in it can be read. Write the question anew.")
SINGLE_WHYS = N_("Explanations of some answers were left out. Say what matters in the explanation.")
ONE_CHOICE = N_("A gap with one word to choose from is typed now. Add wrong words to choose it again.")
HINTS_CUT = N_("Only the first two hints came along.")

_FIRST_MARK = 0xE200
_MARKS = re.compile("[\ue200-\ue2ff]")
_MARK = re.compile("([\ue200-\ue2ff])")
_CARD = re.compile(r"card-([1-9]\d?)")
_TRUE = {"true", "t", "wahr", "richtig", "vrai", "verdadero", "vero", "waar"}
_FALSE = {"false", "f", "falsch", "faux", "falso", "onwaar"}


@dataclass(frozen=True, slots=True)
class Candidate:
    """An answer of a foreign question: `share` is 1 where it is right, 0 or less where it is wrong."""

    text: str
    share: float
    why: str = ""
    uid: str = ""
    pinned: bool = False
    area: str = ""


def labelled(question: Question, labels: Iterable[str]) -> Question:
    """The question with what its labels say: its flags and the card that teaches it."""
    said = {label.strip().lower() for label in labels}
    cards = [int(found[1]) for label in sorted(said) if (found := _CARD.fullmatch(label))]
    return replace(question, flags=frozenset(said & set(FLAGS)), card=cards[0] if cards else None)


def labels_of(question: Question) -> list[str]:
    """What `labelled` understands."""
    return [*sorted(question.flags), *([f"card-{question.card}"] if question.card else [])]


def hinted(question: Question, hints: Iterable[str], losses: Losses) -> Question:
    """The question with its hints, as many as it may have."""
    listed = [hint for hint in hints if hint.strip()]
    if len(listed) > MAX_HINTS:
        losses.add(HINTS_CUT)
    return replace(question, hints=tuple(listed[:MAX_HINTS]))


def name_of(question: Question) -> str:
    """A name for a question in a file: from its id, or for one without an id the same whenever it is the same."""
    return f"question-{question.uid}" if question.uid else f"item-{digest(question)[:16]}"


def choice(stem: str, answers: Sequence[Candidate], losses: Losses, *, several: bool = False) -> Question:
    """A question whose answers are ticked; two that read true and false make a true-false question."""
    answers = first_of(answers, losses)
    best = max((answer.share for answer in answers), default=0)
    right = [answer.share >= best > 0 or (several and answer.share > 0) for answer in answers]
    if not any(right):
        losses.add(NO_KEY)
    if any(0 < answer.share < best for answer in answers) or (0 < best < 1 and not several):
        losses.add(PART_MARKS)
    options = tuple(
        Option(answer.text, is_right, answer.uid, answer.pinned, answer.why, answer.area)
        for answer, is_right in zip(answers, right, strict=True)
    )
    if not several and (claim := _as_claim(options)):
        return Question("true-false", stem, options=claim)
    return Question("multiple" if several else "single", stem, options=options)


def claim(stem: str, is_true: bool, why_true: str = "", why_false: str = "") -> Question:
    """A true-false question."""
    options = (Option(TRUE, is_true, "a", why=why_true), Option(FALSE, not is_true, "b", why=why_false))
    return Question("true-false", stem, options=options)


def _as_claim(options: Sequence[Option]) -> tuple[Option, ...] | None:
    texts = [option.text.strip(" .*").casefold() for option in options]
    if len(texts) != 2:
        return None
    if texts[0] in _TRUE and texts[1] in _FALSE:
        names = (TRUE, FALSE)
    elif texts[0] in _FALSE and texts[1] in _TRUE:
        names = (FALSE, TRUE)
    else:
        return None
    return tuple(replace(option, text=name, pinned=False) for option, name in zip(options, names, strict=True))


def typed(stem: str, forms: Iterable[str], losses: Losses) -> Question:
    """A question whose answer is typed; what differs in case only is one form."""
    found = unlike(forms)
    if not found:
        losses.add(NO_KEY)
    return Question("text", stem, accepted=tuple(first_of(found, losses, 20)))


def numeric(stem: str, value: str, tolerance: str, unit: str, losses: Losses) -> Question:
    """A question whose answer is a number."""
    amount, slack = plain_number(value), plain_number(tolerance or "0")
    if amount is None or slack is None:
        raise LeftOut(NO_NUMBER)
    slack = slack.lstrip("-")
    key = Number(amount, "" if Decimal(slack) == 0 else slack, " ".join(unit.split()))
    if read_key(print_key(key)) != key and unit:
        losses.add(NO_UNIT, unit=unit)
        key = replace(key, unit="")
    if read_key(print_key(key)) != key:
        raise LeftOut(NO_NUMBER)
    return Question("number", stem, number=key)


def plain_number(text: str) -> str | None:
    """A number with a decimal point and without an exponent; None for what is none, or far too large or fine."""
    try:
        amount = Decimal(text.strip().replace("−", "-").replace(",", "."))
    except InvalidOperation:
        return None
    if not amount.is_finite() or abs(amount.adjusted()) > 14:
        return None if amount.is_nan() or amount.is_infinite() or amount != 0 else "0"
    return f"{round(amount, 9).normalize():f}" if amount else "0"


def middle(low: str, high: str, value: str | None = None) -> tuple[str, str]:
    """The middle of a range, or a value in it, and how far its ends are. Raises LeftOut."""
    least, most = plain_number(low), plain_number(high)
    if least is None or most is None:
        raise LeftOut(NO_NUMBER)
    centre = (Decimal(least) + Decimal(most)) / 2
    if value is not None and Decimal(plain_number(value) or "NaN") == centre:
        return value, f"{abs(Decimal(most) - centre):f}"
    return f"{centre:f}", f"{abs(Decimal(most) - centre):f}"


def ordering(stem: str, entries: Sequence[Entry], losses: Losses) -> Question:
    """A question whose steps are brought into order."""
    return Question("ordering", stem, entries=tuple(first_of(entries, losses)))


def matching(stem: str, pairs: Sequence[Pair], losses: Losses) -> Question:
    """A question of pairs."""
    return Question("matching", stem, pairs=tuple(first_of(pairs, losses)))


def gap_mark(place: int) -> str:
    """A sign that stands for a gap while the text around it is converted."""
    return chr(_FIRST_MARK + place)


def without_marks(text: str) -> str:
    """A foreign text without signs that we use as marks."""
    return _MARKS.sub("", text)


def cloze(text: str, gaps: Sequence[Gap], losses: Losses) -> Question:
    """A text with gaps: Markdown in which a `gap_mark` stands for each of them."""
    found: list[Gap] = []
    stem = ""
    for piece in _MARK.split(text):
        if not _MARKS.fullmatch(piece):
            stem += piece.replace("{{", "\\{{")
        elif ord(piece) - _FIRST_MARK < len(gaps):
            found.append(_bounded(gaps[ord(piece) - _FIRST_MARK], losses))
            stem += f"{{{{{len(found)}}}}}"
    if not found:
        raise LeftOut(NO_GAP)
    return Question("cloze", stem, gaps=tuple(found))


def _bounded(gap: Gap, losses: Losses) -> Gap:
    accepted, choices = (tuple(first_of(unlike(forms), losses, MOST_FORMS)) for forms in (gap.accepted, gap.choices))
    if len(choices) == 1:
        losses.add(ONE_CHOICE)
        return Gap(accepted=choices)
    return Gap(accepted, choices)


def replied(question: Question, told: Iterable[Reply], losses: Losses, general: str) -> Question:
    """The question with what is said to single answers, as far as we can say it, and with its explanation.

    Without a `general` one, the only explanation of right answers takes its place.
    """
    kind = KINDS[question.kind]
    found = spelt_as((reply for reply in told if reply.why), question.accepted)
    right = [reply for reply in found if kind.counts_as_right(question, reply)]
    if not general and len({reply.why for reply in right}) == 1:
        general, found = right[0].why, tuple(reply for reply in found if reply not in right)
        if "\n\n" in general:
            losses.add(JOINED)
    question = replace(question, why=general)
    known = len(kind.check_key(question))
    for reply in found[:MAX_ENTRIES]:
        more = replace(question, replies=(*question.replies, reply))
        if len(kind.check_key(more)) > known:
            losses.add(SINGLE_WHYS)
        else:
            question = more
    if len(found) > MAX_ENTRIES:
        losses.add(SINGLE_WHYS)
    return question


def unstarred(told: Iterable[Reply], losses: Losses) -> Iterator[Reply]:
    """What is said to answers in which a star is a joker, unless a backslash says it is a star."""
    for reply in told:
        if "*" not in reply.answer.replace("\\*", ""):
            yield replace(reply, answer=reply.answer.replace("\\*", "*"))
        elif reply.why:
            losses.add(SINGLE_WHYS)


def unlike(forms: Iterable[str]) -> list[str]:
    """The forms without those that differ in nothing that counts."""
    found: dict[str, str] = {}
    for form in forms:
        if form.strip():
            found.setdefault(" ".join(form.casefold().split()), form.strip())
    return list(found.values())


def first_of(parts: Sequence[Item], losses: Losses, limit: int = MAX_ENTRIES) -> Sequence[Item]:
    """As many of the parts as a question may have."""
    if len(parts) > limit:
        losses.add(TOO_MANY, limit=limit)
    return parts[:limit]
