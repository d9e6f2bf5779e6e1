"""A suggestion as a patch: the text of one card or question, put into a lesson file, or into a newer text of it."""

from __future__ import annotations

from dataclasses import replace

from peerlearn.core.errors import NotValid
from peerlearn.core.following import Following
from peerlearn.core.replacing import replaced
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


def fit(base: str, newest: str, place: Place, new: str) -> str | None:
    """The newest text with a suggestion that was made on `base`, wherever its card or question is by now.

    None where the two do not go together; lines are the smallest thing.
    """
    lines, old = lines_now(base, newest, place), text_at(fileformat.parse(base), place)
    done = replaced(newest, lines, old, new) if lines and old is not None else None
    return done.source if done else None


def place_now(base: str, newest: str, place: Place) -> Place | None:
    """Where the card or question of an older text is in the newest one; None when it is gone."""
    now = fileformat.parse(newest)
    if place.sort != CARD:
        return place if _found(now, place) else None
    lines = lines_now(base, newest, place)
    number = sum(each.line <= lines[0] for each in now.cards) if lines else 0
    return Place(CARD, str(number)) if number else None


def lines_now(base: str, newest: str, place: Place) -> tuple[int, int] | None:
    """The lines that the card or question of an older text takes in the newest one; None when it is gone.

    A question is known by its id. A card is known by a title that stands once in both, else by what it says. What was
    written on below it belongs to it, also the rest of it below a heading that is new.
    """
    before, now = fileformat.parse(base), fileformat.parse(newest)
    old = _found(before, place)
    if old is None:
        return None
    same = _namesake(before, now, place)
    named = _lines_of(now, newest, same) if same else None
    followed = Following(base, newest).lines(*_lines_of(before, base, old))
    if followed is None or (named and not (followed[0] <= named[1] and named[0] <= followed[1])):
        return named
    parts = now.cards if place.sort == CARD else now.questions
    ends = [_lines_of(now, newest, part)[1] for part in parts if part.line <= followed[1]]
    first, last = named or followed
    return min(first, followed[0]), max(last, followed[1], *ends[-1:])


def _namesake(before: LessonFile, now: LessonFile, place: Place) -> Card | Question | None:
    """The question of the same id, or the only card of the same title, if that was the only one before."""
    if place.sort != CARD:
        return _found(now, place)
    title = before.cards[place.number - 1].title
    same = [card for card in now.cards if card.title == title]
    return same[0] if len(same) == 1 == sum(card.title == title for card in before.cards) else None


def _lines_of(file: LessonFile, text: str, part: Card | Question) -> tuple[int, int]:
    """The first and the last line of a card or question that says something."""
    if isinstance(part, Card):
        return part.line, part.body_line + part.body.count("\n") if part.body else part.line
    lines = text.split("\n")
    end = next((other.line - 1 for other in file.questions if other.line > part.line), len(lines))
    return part.line, max(n for n in range(part.line, end + 1) if n == part.line or lines[n - 1].strip())
