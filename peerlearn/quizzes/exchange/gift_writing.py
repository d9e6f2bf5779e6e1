"""Questions of ours as GIFT, all texts as Markdown."""

from __future__ import annotations

from collections.abc import Sequence

from peerlearn.core.words import N_
from peerlearn.quizzes.exchange import leaving, making
from peerlearn.quizzes.exchange.gift_reading import CLOZE, ORDERING, chunks, mark_of, question_of
from peerlearn.quizzes.exchange.reading import finished
from peerlearn.quizzes.exchange.report import LeftOut, Losses, shortened, title_of
from peerlearn.quizzes.question import Gap, Number, Option, Pair, Question
from peerlearn.quizzes.spelling import fold
from peerlearn.quizzes.textform import print_question

ARROW = N_("An arrow -> inside a pair or an answer is written as →, because -> parts pairs.")
_ESCAPED = str.maketrans({sign: f"\\{sign}" for sign in "~=#{}:\\"} | {"\n": "\\n"})
_FORMS = ("[html]", "[moodle]", "[plain]", "[markdown]")


def gift_of(question: Question, losses: Losses) -> str:
    """One question as GIFT, under our own text of it where GIFT does not hold all of it. Raises LeftOut."""
    leaving.insist_whole(question)
    asked = leaving.as_list(question, losses)
    leaving.lose(asked, losses, hints=True, pins=True, whys=True, replies=len(asked.gaps) > 1)
    labels = making.labels_of(asked) + [label for label in (ORDERING, CLOZE) if label == asked.kind]
    notes = [*([f"[id:{asked.uid}]"] if asked.uid else []), *(f"[tag:{label}]" for label in labels)]
    head = f"::{_text(shortened(title_of(asked.stem), 40))}::[markdown]"
    body = _cloze(asked, losses) if asked.kind == "cloze" else _stem(asked.stem, losses) + _answer(asked, losses)
    whole = "\n".join([*([f"// {' '.join(notes)}"] if notes else []), head + body])
    if _comes_back(question, whole):
        return whole
    if losses.all():
        losses.add(leaving.OWN)
    lines = (f"// | {line}".rstrip() for line in print_question(finished(question)).split("\n"))
    return "\n".join([f"// [peerlearn {mark_of(head + body)}]", *lines, whole])


def _comes_back(question: Question, written: str) -> bool:
    """Whether GIFT alone gives back the whole question."""
    try:
        found = [finished(question_of(chunk, Losses())) for chunk in chunks(written)]
    except LeftOut:
        return False
    return found == [finished(question)]


def _stem(text: str, losses: Losses) -> str:
    return _text(leaving.without_pictures(text, losses))


def _answer(question: Question, losses: Losses) -> str:
    if question.kind == "true-false":
        return _braced([_claim(question)], question.why)
    if question.kind == "number" and question.number:
        if question.number.unit:
            losses.add(leaving.UNIT, unit=question.number.unit)
        return _braced(_numbers(question, question.number, losses), question.why)
    if question.kind == "reflection":
        if question.why:
            losses.add(leaving.OPEN_WHY)
        return _braced([], question.model)
    if question.kind == "ordering":
        losses.add(leaving.STEPS)
        pairs = tuple(Pair(entry.text, str(place)) for place, entry in enumerate(question.entries, start=1))
        return _braced([_pair(pair, losses) for pair in pairs], question.why)
    if question.kind == "matching":
        return _braced([_pair(pair, losses) for pair in question.pairs], question.why)
    if question.kind == "text":
        return _braced(_forms(question, question.accepted, losses), question.why)
    return _braced([_option(option, question, losses) for option in question.options], question.why)


def _option(option: Option, question: Question, losses: Losses) -> str:
    text = _line(leaving.without_pictures(option.text, losses))
    why = _why(option.why)
    if question.kind == "single":
        weight = "%100%" if option.right else "%0%"
        return f"{'=' if option.right else '~'}{weight if text.startswith('%') else ''}{text}{why}"
    share = 100 / len(leaving.right_options(question))
    return f"~%{f'{share if option.right else -share:.5f}'.rstrip('0').rstrip('.')}%{text}{why}"


def _claim(question: Question) -> str:
    """`T` or `F`, what is said to those who were wrong, and to those who were right."""
    told = {option.right: _text(option.why) for option in question.options}
    letter = "T" if next(o.text for o in question.options if o.right) == "True" else "F"
    wrong, right = told.get(False, ""), told.get(True, "")
    return letter + (f"#{wrong}" if wrong or right else "") + (f"#{right}" if right else "")


def _numbers(question: Question, number: Number, losses: Losses) -> list[str]:
    """The right number, and wrong ones that are explained."""
    right = f"{number.value}:{number.tolerance or 0}"
    wrong = [f"=%0%{key.value}:{key.tolerance or 0}{_why(why)}" for key, why in leaving.wrong_numbers(question, losses)]
    return [f"#={right}", *wrong] if wrong else [f"#{right}"]


def _forms(question: Question, forms: Sequence[str], losses: Losses, gap: int = 0) -> list[str]:
    """Typed answers with what is said to them, wrong ones too; with an arrow they would be read as pairs."""
    right, wrong = leaving.replies_of(question, losses, gap)
    told = {fold(reply.answer): reply.why for reply in right}
    parts = [(form, told.get(fold(form), ""), "") for form in forms] + [(r.answer, r.why, "%0%") for r in wrong]
    return [_form(_unarrowed(form, losses), weight) + _why(_unarrowed(why, losses)) for form, why, weight in parts]


def _form(form: str, weight: str = "") -> str:
    text = _line(form.replace("*", "\\*"), "[plain]")
    return f"={weight or ('%100%' if text.startswith('%') else '')}{text}"


def _why(text: str) -> str:
    return f"#{_text(text)}" if text else ""


def _unarrowed(text: str, losses: Losses) -> str:
    """A text without arrows, beside answers that would be read as pairs."""
    if "->" in text:
        losses.add(ARROW)
    return text.replace("->", "→")


def _pair(pair: Pair, losses: Losses) -> str:
    left = _line(_unarrowed(leaving.without_pictures(pair.left, losses), losses))
    return f"={left} -> {_text(_unarrowed(pair.right, losses))}"


def _cloze(question: Question, losses: Losses) -> str:
    """A text with its one gap where the answer stands; with several, each is matched to what fills it."""
    pieces = leaving.pieces_of(question)
    if len(pieces) != 3:
        return _gaps(question, losses)
    before, gap, after = str(pieces[0]), question.gaps[0], str(pieces[2])
    parts = _chosen(question, gap, losses) if gap.choices else _forms(question, gap.accepted, losses, 1)
    return _stem(before, losses) + _braced(parts, question.why) + _stem(after, losses)


def _gaps(question: Question, losses: Losses) -> str:
    """The text with a number for each gap, and pairs of numbers and words."""
    losses.add(leaving.GAPS)
    text, gaps = "", 0
    for piece in leaving.pieces_of(question):
        gaps += isinstance(piece, Gap)
        text += f"[{gaps}]" if isinstance(piece, Gap) else piece
    right = [(gap.choices or gap.accepted)[0] for gap in question.gaps]
    spare = dict.fromkeys(choice for gap in question.gaps for choice in gap.choices if choice not in right)
    pairs = [*(Pair(f"[{n}]", word) for n, word in enumerate(right, start=1)), *(Pair("", word) for word in spare)]
    return _stem(text, losses) + _braced([_pair(pair, losses) for pair in pairs], question.why)


def _chosen(question: Question, gap: Gap, losses: Losses) -> list[str]:
    """The choices of a gap; one that begins like a weight says its own weight first."""
    told = {reply.answer: reply.why for side in leaving.replies_of(question, losses, 1) for reply in side}
    marks = [("=", "100"), *[("~", "0")] * len(gap.choices)]
    texts = [_line(choice, "[plain]") for choice in gap.choices]
    return [
        f"{mark}{f'%{weight}%' if text.startswith('%') else ''}{text}{_why(told.get(choice, ''))}"
        for (mark, weight), text, choice in zip(marks, texts, gap.choices, strict=False)
    ]


def _braced(parts: list[str], general: str) -> str:
    inside = [*parts, *([f"####{_text(general)}"] if general else [])]
    return "{" + "".join(f"\n\t{part}" for part in inside) + "\n}" if inside else "{}"


def _line(text: str, form: str = "[markdown]") -> str:
    """One answer; a text that begins like the name of a form says its own form first."""
    quoted = _text(text)
    return form + quoted if quoted.startswith(_FORMS) else quoted


def _text(text: str) -> str:
    return text.translate(_ESCAPED)
