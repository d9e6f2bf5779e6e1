"""What a new text of a lesson changes in an older one: its head, card by card, question by question, word by word."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import chain

from peerlearn.core.moving import out_of_order
from peerlearn.core.outline import Outline
from peerlearn.core.rewording import Part, is_changed, reworded
from peerlearn.lessons import fileformat, picturing
from peerlearn.lessons.fileformat import Card, LessonFile
from peerlearn.lessons.outlines import outline_of
from peerlearn.quizzes.kinds.registry import KINDS
from peerlearn.quizzes.question import Option, Question, explanations, texts

SAME, CHANGED, NEW, GONE = "same", "changed", "new", "gone"
LIKE = 0.4
"""Cards of different titles that share more than this are one card that was changed."""

PARTS = 100
"""A text of more cards and questions than these is no lesson yet: it is compared as a whole."""

Words = tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as a text shows it."""

    digest: str
    alt: str


@dataclass(frozen=True, slots=True)
class CardChange:
    """One card, before and after; a number is None where there was none, or is none any more."""

    old_number: int | None
    number: int | None
    title: Words
    body: Words
    pictures_gone: tuple[Picture, ...] = ()
    pictures_new: tuple[Picture, ...] = ()
    has_moved: bool = False  # to another place among the cards that stayed

    @property
    def state(self) -> str:
        """What became of it."""
        if self.old_number is None:
            return NEW
        if self.number is None:
            return GONE
        return CHANGED if is_changed(self.title) or is_changed(self.body) else SAME


@dataclass(frozen=True, slots=True)
class OptionChange:
    """One answer to choose from; None where it was not there, or is not any more."""

    text: Words
    why: Words
    was_right: bool | None
    is_right: bool | None

    @property
    def is_key_changed(self) -> bool:
        """Whether something else is right now."""
        return bool(self.was_right) != bool(self.is_right)

    @property
    def state(self) -> str:
        """What became of it."""
        if self.was_right is None or self.is_right is None:
            return NEW if self.was_right is None else GONE
        return CHANGED if self.is_key_changed or is_changed(self.text) or is_changed(self.why) else SAME


@dataclass(frozen=True, slots=True)
class QuestionChange:
    """One question, before and after. `answer` is what is right where nothing is chosen from options."""

    old_number: int | None
    number: int | None
    kind: str
    stem: Words
    options: tuple[OptionChange, ...]
    answer: Words
    why: Words
    rest: Words  # its kind, what it is marked as, its hints and its card
    pictures_gone: tuple[Picture, ...] = ()
    pictures_new: tuple[Picture, ...] = ()

    @property
    def is_key_changed(self) -> bool:
        """Whether something else is right now, of a question that stood there before."""
        stayed = self.old_number is not None and self.number is not None
        return stayed and (is_changed(self.answer) or any(option.is_key_changed for option in self.options))

    @property
    def state(self) -> str:
        """What became of it."""
        if self.old_number is None:
            return NEW
        if self.number is None:
            return GONE
        texts = (self.stem, self.answer, self.why, self.rest)
        is_same = not any(map(is_changed, texts)) and all(option.state == SAME for option in self.options)
        return SAME if is_same else CHANGED


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two texts of a lesson. `whole` is told where one of them cannot be read as a lesson; then the rest is empty."""

    front: Words = ()
    cards: tuple[CardChange, ...] = ()
    questions: tuple[QuestionChange, ...] = ()
    whole: Words = ()

    @property
    def is_same(self) -> bool:
        """Whether nothing that the file says is different."""
        if is_changed(self.front + self.whole) or any(one.state != SAME for one in self.questions):
            return False
        return all(card.state == SAME and not card.has_moved for card in self.cards)


def compare(old: str, new: str) -> Comparison:
    """What changed between two texts of a lesson."""
    before, after = fileformat.parse(old), fileformat.parse(new)
    most = max(len(file.cards) + len(file.questions) for file in (before, after))
    if most > PARTS or not (_is_read(old, before) and _is_read(new, after)):
        return Comparison(whole=reworded(old, new))
    return Comparison(
        front=reworded(fileformat.print_front(before.front) + "\n", fileformat.print_front(after.front) + "\n"),
        cards=tuple(_cards(before.cards, after.cards)),
        questions=tuple(_questions(before, after)),
    )


def _is_read(text: str, file: LessonFile) -> bool:
    """Whether a file holds all that its text says, whatever else is to be mended in it."""
    return file.ok or "".join(fileformat.print_file(file).split()) == "".join(text.split())


def _cards(old: Sequence[Card], new: Sequence[Card]) -> Iterator[CardChange]:
    """The cards in their new order; those that are gone stand where they were."""
    partner = _paired(old, new)
    taken = {j: i for i, j in partner.items()}
    stayed = sorted(partner)
    moved = out_of_order([partner[i] for i in stayed])
    gone = [i for i in range(len(old)) if i not in partner]
    for j, card in enumerate(new):
        before = taken.get(j)
        while gone and before is not None and gone[0] < before:
            yield _card(gone[0], old[gone[0]], None, None)
            gone.pop(0)
        yield _card(before, old[before] if before is not None else None, j, card, has_moved=j in moved)
    yield from (_card(i, old[i], None, None) for i in gone)


def _card(i: int | None, old: Card | None, j: int | None, new: Card | None, *, has_moved: bool = False) -> CardChange:
    before, after = (old.body if old else ""), (new.body if new else "")
    gone, added = _pictures([outline_of(before)], [outline_of(after)])
    return CardChange(
        old_number=None if i is None else i + 1,
        number=None if j is None else j + 1,
        title=reworded(old.title if old else "", new.title if new else ""),
        body=reworded(before, after),
        pictures_gone=gone,
        pictures_new=added,
        has_moved=has_moved,
    )


def _paired(old: Sequence[Card], new: Sequence[Card]) -> dict[int, int]:
    """Which old card is which new one: by its title, else by what it says, in order."""
    titles = [[card.title.casefold() for card in cards] for cards in (old, new)]
    once = [title for title in titles[0] if titles[0].count(title) == titles[1].count(title) == 1]
    partner = {titles[0].index(title): titles[1].index(title) for title in once}
    free = [j for j in range(len(new)) if j not in set(partner.values())]
    for i in (i for i in range(len(old)) if i not in partner):
        like = next((j for j in free if _likeness(old[i], new[j]) > LIKE), None)
        if like is not None:
            partner[i] = like
            free.remove(like)
    return partner


def _likeness(one: Card, other: Card) -> float:
    words = [f"{card.title} {card.body}".split() for card in (one, other)]
    return float(SequenceMatcher(None, words[0], words[1], autojunk=False).ratio())


def _questions(before: LessonFile, after: LessonFile) -> Iterator[QuestionChange]:
    """The questions in their new order, then those that are gone; a question is known by its id."""
    old = {_name(question, n): (n, question) for n, question in enumerate(before.questions, start=1)}
    for number, question in enumerate(after.questions, start=1):
        yield _question(old.pop(_name(question, number), None), (number, question))
    yield from (_question(found, None) for found in old.values())


def _name(question: Question, number: int) -> str:
    return question.uid or f"#{number}"


_Numbered = tuple[int, Question]


def _question(old: _Numbered | None, new: _Numbered | None) -> QuestionChange:
    before, after = (old[1] if old else None), (new[1] if new else None)
    stems = _stem(before), _stem(after)
    gone, added = _pictures(_outlines(before), _outlines(after))
    shown = after or before
    assert shown is not None
    return QuestionChange(
        old_number=old[0] if old else None,
        number=new[0] if new else None,
        kind=shown.kind,
        stem=reworded(*stems),
        options=tuple(_options(before.options if before else (), after.options if after else ())),
        answer=reworded(_answer(before), _answer(after)),
        why=reworded(_why(before), _why(after)),
        rest=reworded(_rest(before), _rest(after)),
        pictures_gone=gone,
        pictures_new=added,
    )


def _stem(question: Question | None) -> str:
    return KINDS[question.kind].print_stem(question) if question else ""


def _answer(question: Question | None) -> str:
    """What is right where nothing is chosen from options, as the file says it."""
    if question is None or question.options:
        return ""
    entries = tuple(replace(entry, why="") for entry in question.entries)
    pairs = tuple(replace(pair, why="") for pair in question.pairs)
    return "\n".join(KINDS[question.kind].print(replace(question, entries=entries, pairs=pairs, replies=())))


def _why(question: Question | None) -> str:
    """What is said about the whole, and about single answers that are no options."""
    if question is None:
        return ""
    told = () if question.options else explanations(question)
    return "\n\n".join([*filter(None, [question.why]), *(f"{one.about}: {one.why}" for one in told if one.why)])


def _rest(question: Question | None) -> str:
    if question is None:
        return ""
    head = " ".join([question.kind, *sorted(question.flags)])
    parts = [
        head,
        *(f"Hint: {hint}" for hint in question.hints),
        *([f"Card: {question.card}"] if question.card else []),
    ]
    return "\n".join(parts)


def _options(old: Sequence[Option], new: Sequence[Option]) -> Iterator[OptionChange]:
    before = {option.uid or f"#{n}": option for n, option in enumerate(old)}
    for n, option in enumerate(new):
        yield _option(before.pop(option.uid or f"#{n}", None), option)
    yield from (_option(option, None) for option in before.values())


def _option(old: Option | None, new: Option | None) -> OptionChange:
    return OptionChange(
        text=reworded(_text_of(old), _text_of(new)),
        why=reworded(old.why if old else "", new.why if new else ""),
        was_right=old.right if old else None,
        is_right=new.right if new else None,
    )


def _text_of(option: Option | None) -> str:
    """What an answer says, with its place on a picture and whether it stays last."""
    if option is None:
        return ""
    return " ".join(
        filter(None, (option.text, f"({option.area})" if option.area else "", "(!)" if option.pinned else ""))
    )


def _pictures(old: Iterable[Outline], new: Iterable[Outline]) -> tuple[tuple[Picture, ...], tuple[Picture, ...]]:
    """The pictures that went and those that came; another description of the same one is both."""
    before, after = dict.fromkeys(_ours(old)), dict.fromkeys(_ours(new))
    return tuple(one for one in before if one not in after), tuple(one for one in after if one not in before)


def _ours(outlines: Iterable[Outline]) -> Iterator[Picture]:
    for picture in chain.from_iterable(outline.pictures for outline in outlines):
        if own := picturing.OWN.fullmatch(picture.address):
            yield Picture(own[1], " ".join(picture.alt.split()))


def _outlines(question: Question | None) -> Iterator[Outline]:
    """What is in all texts of a question."""
    for text in texts(question) if question else ():
        yield outline_of(text.words, inline=text.is_line)
