"""The key of a question as fields of a form, to choose it anew, and back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask_babel import gettext as _

from peerlearn.analysis import rules
from peerlearn.core.errors import NotValid
from peerlearn.core.text import clean_block
from peerlearn.core.words import N_
from peerlearn.quizzes.kinds.number import read_key
from peerlearn.quizzes.kinds.registry import kind_of
from peerlearn.quizzes.question import Gap, Question, meaning
from peerlearn.quizzes.replies import spelt_as

WRONG_NUMBER = N_("Write the number like this: 12.5 ± 0.5 kg. Use a decimal point and no thousands marks.")
OWN_PLACES = N_("Give each of them a place of its own.")
OWN_PARTNERS = N_("Choose a partner for each of them, every one once.")
NO_FILLING = N_("Choose what fills each gap.")
Choices = list[tuple[str, str]]


@dataclass(frozen=True)
class Part:
    """One part of a key, like the place of a step; without choices it is typed, one accepted form a line."""

    name: str
    label: str
    value: str
    choices: Choices
    uid: str = ""  # of what has an explanation of its own
    why: str = ""


def parts_of(question: Question) -> Iterator[Part]:
    """The parts of a key that is not one choice, number or text, as they stand."""
    places = [(str(place), str(place)) for place in range(1, len(question.entries) + 1)]
    for place, entry in enumerate(question.entries, start=1):
        yield Part(f"place-{entry.uid}", entry.text, str(place), places, entry.uid, entry.why)
    rights = sorted(((pair.uid, pair.right) for pair in question.pairs), key=lambda right: right[1].casefold())
    for pair in question.pairs:
        if pair.left:
            yield Part(f"partner-{pair.uid}", pair.left, pair.uid, rights, pair.uid, pair.why)
    for number, gap in enumerate(question.gaps, start=1):
        choices = [(choice, choice) for choice in sorted(gap.choices)]
        value = gap.choices[0] if gap.choices else "\n".join(gap.accepted)
        yield Part(f"gap-{number}", _("Gap %(number)s", number=number), value, choices)


def corrected(question: Question, form: Mapping[str, Any]) -> Question:
    """The question with the key that was chosen, and with the explanations that go with it."""
    found = _with_replies(_with_key(question, form), form)
    if question.why or form.get("why"):
        found = replace(found, why=_text(form, "why"))
    if meaning(found) == meaning(question):
        raise NotValid(rules.KEY_UNCHANGED)
    return found


def _with_key(question: Question, form: Mapping[str, Any]) -> Question:
    if question.options:
        return _with_options(question, form)
    if question.entries:
        return _with_order(question, form)
    if question.pairs:
        return _with_partners(question, form)
    if question.gaps:
        gaps = enumerate(question.gaps, start=1)
        return replace(question, gaps=tuple(_with_filling(gap, _text(form, f"gap-{n}")) for n, gap in gaps))
    if question.number:
        number = read_key(_text(form, "number"))
        if number is None:
            raise NotValid(WRONG_NUMBER)
        return replace(question, number=number)
    return replace(question, accepted=_lines(_text(form, "accepted")))


def _with_replies(question: Question, form: Mapping[str, Any]) -> Question:
    """What is said to single answers, as it was written anew; what nobody can hear any more is left out."""
    whys = (_text(form, f"reply-{number}") for number in range(1, len(question.replies) + 1))
    written = (replace(reply, why=why) for reply, why in zip(question.replies, whys, strict=True) if why)
    if question.number:
        kind = kind_of(question)
        return replace(question, replies=tuple(r for r in written if not kind.counts_as_right(question, r)))
    return replace(question, replies=spelt_as(written, question.accepted))


def _with_options(question: Question, form: Mapping[str, Any]) -> Question:
    getlist: Callable[[str], list[str]] = getattr(form, "getlist", lambda name: [])
    chosen = set(getlist("key"))
    options = (
        replace(option, right=option.uid in chosen, why=_text(form, f"why-{option.uid}")) for option in question.options
    )
    return replace(question, options=tuple(options))


def _with_order(question: Question, form: Mapping[str, Any]) -> Question:
    entries = {
        _text(form, f"place-{entry.uid}"): replace(entry, why=_text(form, f"why-{entry.uid}"))
        for entry in question.entries
    }
    places = [str(place) for place in range(1, len(question.entries) + 1)]
    if entries.keys() != set(places):
        raise NotValid(OWN_PLACES)
    return replace(question, entries=tuple(entries[place] for place in places))


def _with_partners(question: Question, form: Mapping[str, Any]) -> Question:
    """Each left side gets the right side that was chosen; decoys are what is left over."""
    rights = {pair.uid: pair.right for pair in question.pairs}
    lefts = [pair for pair in question.pairs if pair.left]
    chosen = [_text(form, f"partner-{pair.uid}") for pair in lefts]
    if len(set(chosen)) < len(chosen) or not rights.keys() >= set(chosen):
        raise NotValid(OWN_PARTNERS)
    partners = dict(zip((pair.uid for pair in lefts), (rights.pop(uid) for uid in chosen), strict=True))
    decoys = iter(rights.values())
    pairs = (
        replace(pair, right=partners[pair.uid], why=_text(form, f"why-{pair.uid}"))
        if pair.left
        else replace(pair, right=next(decoys))
        for pair in question.pairs
    )
    return replace(question, pairs=tuple(pairs))


def _with_filling(gap: Gap, text: str) -> Gap:
    """The gap with what fills it: typed forms, or the choice that is right, which stands first."""
    if not gap.choices:
        return replace(gap, accepted=_lines(text))
    if text not in gap.choices:
        raise NotValid(NO_FILLING)
    return replace(gap, choices=(text, *(choice for choice in gap.choices if choice != text)))


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line for line in map(str.strip, text.split("\n")) if line)


def _text(form: Mapping[str, Any], name: str) -> str:
    return clean_block(str(form.get(name, ""))[:4000]).strip()
