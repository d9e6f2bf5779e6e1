"""Questions of ours as Moodle XML, all texts as Markdown, which Moodle shows as such."""

from __future__ import annotations

from collections.abc import Sequence

from peerlearn.quizzes.exchange import leaving, making, moodle_cloze
from peerlearn.quizzes.exchange.report import Losses, shortened, title_of
from peerlearn.quizzes.exchange.xmlwriting import Xml, tag
from peerlearn.quizzes.question import Gap, Option, Question
from peerlearn.quizzes.spelling import fold

TYPES = {
    "single": "multichoice",
    "multiple": "multichoice",
    "true-false": "truefalse",
    "text": "shortanswer",
    "number": "numerical",
    "ordering": "ordering",
    "matching": "matching",
    "cloze": "cloze",
    "reflection": "essay",
}


def quiz_of(questions: Sequence[Xml], title: str) -> Xml:
    """The whole file: a category with the lesson's name, and the questions."""
    name = " ".join(title.replace("/", "//").split())
    category = tag("question", tag("category", tag("text", f"$course$/top/{name}")), type="category")
    return tag("quiz", *([category] if name else []), *questions)


def question_of(question: Question, losses: Losses) -> Xml:
    """One question. Raises LeftOut."""
    leaving.insist_whole(question)
    asked = leaving.as_list(question, losses)
    leaving.lose(asked, losses, whys=True)
    stem = _cloze(asked, losses) if asked.kind == "cloze" else asked.stem
    general = asked.why or (asked.model if asked.kind == "reflection" else "")
    tags = [tag("tag", tag("text", label)) for label in making.labels_of(asked)]
    return tag(
        "question",
        tag("name", tag("text", shortened(title_of(asked.stem), 60))),
        _text("questiontext", stem, losses),
        _text("generalfeedback", general, losses),
        tag("idnumber", asked.uid),
        tag("defaultgrade", "1"),
        *_answer(asked, losses),
        *(_text("hint", hint, losses) for hint in asked.hints),
        *([tag("tags", *tags)] if tags else []),
        type=TYPES[asked.kind],
    )


def _text(name: str, text: str, losses: Losses, *more: Xml, form: str = "markdown", **attrs: str) -> Xml:
    return tag(name, tag("text", leaving.without_pictures(text, losses)), *more, format=form, **attrs)


def _cloze(question: Question, losses: Losses) -> str:
    out, gap = "", 0
    for piece in leaving.pieces_of(question):
        gap += isinstance(piece, Gap)
        told = leaving.replies_of(question, losses, gap)
        out += moodle_cloze.written(piece, *told, losses) if isinstance(piece, Gap) else piece
    return out


def _answer(question: Question, losses: Losses) -> list[Xml]:
    if question.kind in ("single", "multiple"):
        return _choices(question, losses)
    if question.kind == "true-false":
        return [_option(o, "100" if o.right else "0", losses, o.text.lower()) for o in question.options]
    if question.kind == "text":
        return [tag("usecase", "0"), *_forms(question, losses)]
    if question.kind == "number":
        return _number(question, losses)
    if question.kind == "ordering":
        steps = enumerate(question.entries, start=1)
        answers = [_text("answer", entry.text, losses, fraction=str(place)) for place, entry in steps]
        settings = {"layouttype": "VERTICAL", "selecttype": "ALL", "gradingtype": "RELATIVE_NEXT_EXCLUDE_LAST"}
        return [*(tag(name, value) for name, value in settings.items()), *answers]
    if question.kind == "matching":
        return [tag("shuffleanswers", "true"), *(_pair(p.left, p.right, losses) for p in question.pairs)]
    if question.kind == "reflection":
        return [tag("responseformat", "editor"), _text("graderinfo", question.model, losses)]
    return []


def _choices(question: Question, losses: Losses) -> list[Xml]:
    """Options in their order; where one of them stays at the end, Moodle shuffles none."""
    single = question.kind == "single"
    keeps_order = any(option.pinned for option in question.options)
    if keeps_order and not all(option.pinned for option in question.options):
        losses.add(leaving.NOT_SHUFFLED)
    share = 100 if single else 100 / len(leaving.right_options(question))
    wrong = "0" if single else f"-{_percent(share)}"
    return [
        tag("single", "true" if single else "false"),
        tag("shuffleanswers", "false" if keeps_order else "true"),
        *(_option(o, _percent(share) if o.right else wrong, losses, o.text) for o in question.options),
    ]


def _percent(share: float) -> str:
    return f"{share:.5f}".rstrip("0").rstrip(".")


def _option(option: Option, share: str, losses: Losses, text: str) -> Xml:
    feedback = _text("feedback", option.why, losses)
    return _text("answer", text, losses, feedback, fraction=share)


def _typed(text: str, *more: Xml, share: str = "100") -> Xml:
    return tag("answer", tag("text", text), *more, fraction=share, format="plain_text")


def _said(why: str, losses: Losses) -> list[Xml]:
    return [_text("feedback", why, losses)] if why else []


def _forms(question: Question, losses: Losses) -> list[Xml]:
    """Typed answers, with what is said to them, and wrong ones that are explained."""
    right, wrong = leaving.replies_of(question, losses)
    told = {fold(reply.answer): reply.why for reply in right}
    forms = [(form, told.get(fold(form), ""), "100") for form in question.accepted]
    forms += [(reply.answer, reply.why, "0") for reply in wrong]
    return [_typed(form.replace("*", "\\*"), *_said(why, losses), share=share) for form, why, share in forms]


def _number(question: Question, losses: Losses) -> list[Xml]:
    number = question.number
    if number is None:
        return []
    answer = _typed(number.value, tag("tolerance", number.tolerance or "0"))
    wrong = [
        _typed(key.value, tag("tolerance", key.tolerance or "0"), *_said(why, losses), share="0")
        for key, why in leaving.wrong_numbers(question, losses)
    ]
    unit = tag("units", tag("unit", tag("multiplier", "1"), tag("unit_name", number.unit)))
    shown = "0" if number.unit else "3"
    return [answer, *wrong, *([unit] if number.unit else []), tag("unitgradingtype", "0"), tag("showunits", shown)]


def _pair(left: str, right: str, losses: Losses) -> Xml:
    return _text("subquestion", left, losses, tag("answer", tag("text", right)))
