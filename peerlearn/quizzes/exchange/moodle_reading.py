"""Moodle XML into questions of ours."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from peerlearn.core.words import N_
from peerlearn.quizzes.exchange import foreigntext as texts
from peerlearn.quizzes.exchange import making, moodle_cloze
from peerlearn.quizzes.exchange.foreigntext import Foreign
from peerlearn.quizzes.exchange.leaving import without_pictures
from peerlearn.quizzes.exchange.making import Candidate
from peerlearn.quizzes.exchange.report import LeftOut, Losses, Refused
from peerlearn.quizzes.exchange.xmltree import Node
from peerlearn.quizzes.question import Entry, Pair, Question, Reply

NOT_MOODLE = N_("This XML file holds no Moodle quiz. Export the questions from Moodle as “Moodle XML”.")
DESCRIPTION = N_("It is a text without a question (a description). Put its text on a card of the lesson.")
UNKNOWN = N_("Questions of the kind “%(kind)s” cannot be asked here. Ask the same in another way.")
CALCULATED = N_("Questions that calculate with chance numbers cannot be asked here. Write one with fixed numbers.")
CASE = N_("Capital letters do not matter here, so “%(answer)s” is right in any spelling of its case.")
WHOLE = N_("What was said about right, partly right and wrong answers as a whole was left out.")
OTHER_UNITS = N_("Only the first unit came along. Others are not converted here.")
ATTACHMENTS = N_("Files cannot be handed in here. The question asks for words now.")
TEMPLATE = N_("The text that waited in the answer field was left out. Put it into the question if it matters.")

_FORMS = {"html": texts.HTML, "markdown": texts.MARKDOWN, "plain_text": texts.PLAIN}
_SAID_ANYWAY = {"", "your answer is correct.", "your answer is partially correct.", "your answer is incorrect."}
_YES = ("1", "true", "yes")


def questions_in(root: Node) -> Iterator[Node]:
    """The questions of a quiz; what only names a category is passed over. Raises Refused."""
    if root.name != "quiz":
        raise Refused(NOT_MOODLE)
    return (node for node in root.nodes("question") if node.get("type") != "category")


def title_of(node: Node) -> str:
    """The name of a question, or else how it begins."""
    return _raw(node, "name") or texts.words(_foreign(node.child("questiontext")), Losses())


def question_of(node: Node, losses: Losses) -> Question:
    """One question. Raises LeftOut."""
    kind = node.get("type").lower()
    read = _READERS.get(kind)
    if kind == "description":
        raise LeftOut(DESCRIPTION)
    if kind.startswith("calculated"):
        raise LeftOut(CALCULATED)
    if read is None:
        raise LeftOut(UNKNOWN, kind=kind)
    question = read(node, losses)
    if any(_raw(node, name).lower() not in _SAID_ANYWAY for name in _WHOLE):
        losses.add(WHOLE)
    hints = (texts.paragraph(_foreign(hint), losses) for hint in node.nodes("hint"))
    question = making.hinted(question, hints, losses)
    tags = node.child("tags")
    labels = [_raw(tag, "text") or tag.text().strip() for tag in tags.nodes("tag")] if tags else []
    return making.labelled(replace(question, uid=_said(node, "idnumber")), labels)


_WHOLE = ("correctfeedback", "partiallycorrectfeedback", "incorrectfeedback")


def _foreign(node: Node | None) -> Foreign:
    """The text of an element and the form it says it is in."""
    if node is None:
        return Foreign("")
    inner = node.child("text")
    text = inner.text() if inner is not None else "" if node.nodes() else node.text()
    return Foreign(text.strip(), _FORMS.get(node.get("format") or "html", texts.LOOSE))


def _said(node: Node, name: str) -> str:
    """The bare words of an element."""
    child = node.child(name)
    return child.text().strip() if child is not None else ""


def _raw(node: Node, name: str) -> str:
    """The words of an element whose text stands in `text`, on one line and without marks."""
    child = node.child(name)
    if child is None:
        return ""
    foreign = _foreign(child)
    return texts.words(Foreign(foreign.text[:1000], foreign.form), Losses())


def _block(node: Node | None, losses: Losses) -> str:
    foreign = _foreign(node)
    text = texts.block(foreign, losses)
    return without_pictures(text, losses) if "@@PLUGINFILE@@" in text else text


def _stem(node: Node, losses: Losses) -> str:
    return _block(node.child("questiontext"), losses)


def _general(node: Node, losses: Losses) -> str:
    return texts.paragraph(_foreign(node.child("generalfeedback")), losses)


def _share(answer: Node) -> float:
    try:
        return float(answer.get("fraction", "0")) / 100
    except ValueError:
        return 0.0


def _choice(node: Node, losses: Losses) -> Question:
    keeps_order = _said(node, "shuffleanswers").lower() in ("0", "false")
    answers = [
        Candidate(
            texts.line(_foreign(answer), losses),
            _share(answer),
            _block(answer.child("feedback"), losses),
            pinned=keeps_order,
        )
        for answer in node.nodes("answer")
    ]
    several = node.get("type") != "multichoice" or _said(node, "single").lower() not in (*_YES, "")
    question = making.choice(_stem(node, losses), answers, losses, several=several)
    return replace(question, why=_general(node, losses))


def _claim(node: Node, losses: Losses) -> Question:
    told = {_raw_answer(answer).lower(): answer for answer in node.nodes("answer")}
    whys = {name: _block(answer.child("feedback"), losses) for name, answer in told.items()}
    right = [name for name, answer in told.items() if _share(answer) > 0]
    if right not in (["true"], ["false"]):
        losses.add(making.NO_KEY)
    question = making.claim(_stem(node, losses), right == ["true"], whys.get("true", ""), whys.get("false", ""))
    return replace(question, why=_general(node, losses))


def _raw_answer(answer: Node) -> str:
    foreign = _foreign(answer)
    return texts.words(Foreign(foreign.text, texts.PLAIN), Losses())


def _typed(node: Node, losses: Losses) -> Question:
    forms: list[str] = []
    told: list[Reply] = []
    for answer in node.nodes("answer"):
        text = _raw_answer(answer)
        told.append(Reply(text, _block(answer.child("feedback"), losses)))
        if _share(answer) < 1:
            losses.add(making.PART_MARKS) if _share(answer) > 0 else None
        elif "*" in text.replace("\\*", ""):
            losses.add(making.JOKER, answer=text)
        else:
            forms.append(text.replace("\\*", "*"))
            if _said(node, "usecase") == "1":
                losses.add(CASE, answer=text)
    question = making.typed(_stem(node, losses), forms, losses)
    return making.replied(question, making.unstarred(told, losses), losses, _general(node, losses))


def _number(node: Node, losses: Losses) -> Question:
    answers = node.nodes("answer")
    right = [answer for answer in answers if _share(answer) >= 1 and _raw_answer(answer) != "*"]
    if not right:
        raise LeftOut(making.NO_NUMBER)
    if len(right) > 1:
        losses.add(making.ONE_NUMBER)
    if any(0 < _share(answer) < 1 for answer in answers):
        losses.add(making.PART_MARKS)
    value, tolerance = _raw_answer(right[0]), _said(right[0], "tolerance") or "0"
    question = making.numeric(_stem(node, losses), value, tolerance, _unit(node, losses), losses)
    told = [
        Reply(f"{_raw_answer(answer)} ± {_said(answer, 'tolerance') or 0}", _block(answer.child("feedback"), losses))
        for answer in answers
    ]
    return making.replied(question, making.unstarred(told, losses), losses, _general(node, losses))


def _unit(node: Node, losses: Losses) -> str:
    units = node.child("units")
    listed = units.nodes("unit") if units else []
    if len(listed) > 1:
        losses.add(OTHER_UNITS)
    return _said(listed[0], "unit_name") if listed else ""


def _matching(node: Node, losses: Losses) -> Question:
    pairs = []
    for part in node.nodes("subquestion"):
        form = texts.HTML if node.get("type") == "ddmatch" else texts.PLAIN
        right = texts.words(Foreign(_foreign(part.child("answer")).text, form), losses)
        pairs.append(Pair(texts.line(_foreign(part), losses), right))
    question = making.matching(_stem(node, losses), pairs, losses)
    return replace(question, why=_general(node, losses))


def _ordering(node: Node, losses: Losses) -> Question:
    answers = sorted(node.nodes("answer"), key=_share)
    entries = [Entry(texts.line(_foreign(answer), losses)) for answer in answers]
    question = making.ordering(_stem(node, losses), entries, losses)
    return replace(question, why=_general(node, losses))


def _essay(node: Node, losses: Losses) -> Question:
    general, model = _general(node, losses), _block(node.child("graderinfo"), losses).strip()
    if _raw(node, "responsetemplate"):
        losses.add(TEMPLATE)
    if _said(node, "attachments") not in ("", "0"):
        losses.add(ATTACHMENTS)
    why = general if model not in ("", general) else ""
    return Question("reflection", _stem(node, losses), model=model or general, why=why)


def _gaps(node: Node, losses: Losses) -> Question:
    foreign = _foreign(node.child("questiontext"))
    found = moodle_cloze.gaps_in(making.without_marks(foreign.text), foreign.is_html, losses)
    question = making.cloze(texts.block(Foreign(found.text, foreign.form), losses), found.gaps, losses)
    return making.replied(question, found.told, losses, _general(node, losses))


def _missing_words(node: Node, losses: Losses) -> Question:
    foreign = _foreign(node.child("questiontext"))
    boxes = [
        (_raw(box, "text") or texts.words(_foreign(box), losses), _said(box, "group"))
        for box in node.nodes("dragbox", "selectoption")
    ]
    text, gaps = moodle_cloze.missing_words(making.without_marks(foreign.text), boxes)
    question = making.cloze(texts.block(Foreign(text, foreign.form), losses), gaps, losses)
    return replace(question, why=_general(node, losses))


Reader = Callable[[Node, Losses], Question]
_READERS: dict[str, Reader] = {
    "multichoice": _choice,
    "multichoiceset": _choice,
    "truefalse": _claim,
    "shortanswer": _typed,
    "numerical": _number,
    "matching": _matching,
    "ddmatch": _matching,
    "ordering": _ordering,
    "essay": _essay,
    "cloze": _gaps,
    "multianswer": _gaps,
    "gapselect": _missing_words,
    "ddwtos": _missing_words,
}
