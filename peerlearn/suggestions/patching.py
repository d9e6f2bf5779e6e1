"""A suggestion as a patch: the text of one card or question, put into a lesson file, merged onto the newest text."""

from __future__ import annotations

from dataclasses import dataclass, replace

from peerlearn.core.errors import NotValid
from peerlearn.core.following import Following
from peerlearn.core.merging import Disputed, merge
from peerlearn.core.words import N_
from peerlearn.lessons import fileformat
from peerlearn.lessons.fileformat import Card, LessonFile
from peerlearn.quizzes import textform
from peerlearn.quizzes.question import Question
from peerlearn.suggestions.rules import CARD, Place

ONE_CARD = N_("This is one card: keep its heading “## …” in the first line, and no other one.")
ONE_QUESTION = N_("This is one question: keep its first line as it is, and write no other question below.")


def text_at(file: LessonFile, place: Place) -> str | None:
    """The Markdown of a card or question; None when the lesson has no such place."""
    found = _found(file, place)
    if isinstance(found, Card):
        return fileformat.print_card(found)
    return textform.print_question(found) if found else None


def _found(file: LessonFile, place: Place) -> Card | Question | None:
    if place.sort == CARD:
        return file.cards[place.number - 1] if place.number <= len(file.cards) else None
    return next((question for question in file.questions if question.uid == place.key), None)


def patched(source: str, place: Place, text: str) -> str:
    """The lesson file with this text at that place. Raises NotValid for what is no card or no question."""
    file = fileformat.parse(source)
    if place.sort == CARD:
        card = _card_of(text)
        cards = tuple(card if n == place.number else each for n, each in enumerate(file.cards, start=1))
        return fileformat.print_file(replace(file, cards=cards))
    question = _question_of(text, place.key)
    questions = tuple(question if each.uid == place.key else each for each in file.questions)
    return fileformat.print_file(replace(file, questions=questions))


def _card_of(text: str) -> Card:
    file = fileformat.parse(f"---\n---\n\n{text}\n")
    if len(file.cards) != 1 or file.questions or any(one.code == "before-card" for one in file.problems):
        raise NotValid(ONE_CARD, {"new": [ONE_CARD]})
    if any(one.code == "open-fence" and one.level == "error" for one in file.problems):
        problem = N_("A block of code in it is not closed. End it with a line of three backticks.")
        raise NotValid(problem, {"new": [problem]})
    return file.cards[0]


def _question_of(text: str, uid: str) -> Question:
    parsed = textform.parse(f"{textform.TITLE}\n\n{text}\n")
    if len(parsed.questions) != 1 or parsed.questions[0].uid not in ("", uid):
        raise NotValid(ONE_QUESTION, {"new": [ONE_QUESTION]})
    wrong = next((one for one in parsed.problems if one.level == "error"), None)
    if wrong is not None:
        raise NotValid(wrong.message, {"new": [wrong.message]})
    return replace(parsed.questions[0], uid=uid)


@dataclass(frozen=True, slots=True)
class Fit:
    """What becomes of a suggestion on the newest text: the whole text, or where the two do not go together."""

    text: str
    conflicts: tuple[Disputed, ...] = ()

    @property
    def is_clean(self) -> bool:
        """Whether it can be taken over with one click."""
        return not self.conflicts


def fit(base: str, newest: str, place: Place, new: str) -> Fit:
    """Merge a suggestion that was made on `base` onto the newest text; lines are the smallest thing."""
    merged = merge(base, newest, patched(base, place, new))
    return Fit(merged.text, merged.conflicts)


def place_now(base: str, newest: str, place: Place) -> Place | None:
    """Where the card or question of an older text is in the newest one; None when it is gone."""
    now = fileformat.parse(newest)
    if place.sort != CARD:
        return place if _found(now, place) else None
    before = fileformat.parse(base)
    if place.number > len(before.cards):
        return None
    card = before.cards[place.number - 1]
    same = [n for n, each in enumerate(now.cards, start=1) if each.title == card.title]
    if len(same) == 1:
        return Place(CARD, str(same[0]))
    count = fileformat.print_card(card).count("\n") + 1
    lines = Following(base, newest).lines(card.line, card.line + count - 1) if card.line else None
    if lines is None:
        return None
    number = sum(each.line <= lines[1] for each in now.cards)
    return Place(CARD, str(number)) if number else None
