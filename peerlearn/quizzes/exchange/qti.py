"""QTI, the standard of the 1EdTech consortium, in the versions that are in use: 1.2, 2.x and 3.0."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from peerlearn.core.words import N_
from peerlearn.quizzes.exchange import packages, qti1_reading, qti1_writing, qti2_reading, qti2_writing
from peerlearn.quizzes.exchange.bounds import MAX_QUESTIONS
from peerlearn.quizzes.exchange.formats import Format, Mapped, write_each
from peerlearn.quizzes.exchange.reading import read_each
from peerlearn.quizzes.exchange.report import Losses, Reading, Refused, Writing
from peerlearn.quizzes.exchange.xmltree import Node
from peerlearn.quizzes.question import Question

_PLACES = N_("the picture and its places")
_STEP_WHYS = N_("explanations of single steps")
_SINGLE_WHYS = N_("explanations of single answers")
_PAIR_WHYS = N_("explanations of single pairs")
_UNIT_AND_WHYS = N_("the unit; explanations of single answers")


class Qti(Format):
    """What the versions have in common: a file of one is read as what it is, whatever it was taken for."""

    suffix = ".zip"
    mimetype = "application/zip"
    marks: tuple[bytes, ...] = ()

    def recognises(self, data: bytes, filename: str) -> bool:
        beginning = packages.beginning_of(data)
        return any(mark in beginning for mark in self.marks)

    def read(self, data: bytes, limit: int = MAX_QUESTIONS) -> Reading:
        return read_each(_items(data), _question_of, _title_of, limit)


def _items(data: bytes) -> Iterator[Node]:
    found = False
    for root in packages.documents(data):
        if root.name == "assessmentitem":
            found = True
            yield root
        elif root.name == "questestinterop":
            found = True
            yield from qti1_reading.items_in(root)
        elif root.name in ("assessmenttest", "manifest"):
            found = True
    if not found:
        raise Refused(N_("There is no QTI in this file. Export the questions as QTI 1.2, 2.1 or 3.0."))


def _question_of(item: Node, losses: Losses) -> Question:
    read = qti2_reading.question_of if item.name == "assessmentitem" else qti1_reading.question_of
    return read(item, losses)


def _title_of(item: Node) -> str:
    return qti2_reading.title_of(item) if item.name == "assessmentitem" else qti1_reading.title_of(item)


class Qti12(Qti):
    """The old version that Canvas and many others still speak."""

    slug = "qti12"
    title = "QTI 1.2"
    about = N_("A package for Canvas and for older systems. What Blackboard exports is read too.")
    marks = (b"<questestinterop", b"imsqti_xmlv1p2")
    mapping = {
        "single": Mapped(N_("multiple_choice_question"), N_("hints; that an answer stays at the end")),
        "multiple": Mapped(N_("multiple_answers_question"), N_("hints; that an answer stays at the end")),
        "true-false": Mapped(N_("true_false_question"), N_("hints")),
        "text": Mapped(N_("short_answer_question"), N_("hints; explanations of single answers")),
        "number": Mapped(N_("numerical_question with a range"), N_("hints; the unit; explanations of single answers")),
        "ordering": Mapped(N_("matching_question of steps and places"), N_("hints; explanations of single steps")),
        "matching": Mapped(N_("matching_question"), N_("hints; explanations of single pairs")),
        "cloze": Mapped(
            N_("multiple_dropdowns_question or fill_in_multiple_blanks_question"),
            N_("hints; explanations of single answers; choices, where some gaps are typed and some chosen"),
        ),
        "hotspot": Mapped(N_("multiple_choice_question from the list"), N_("hints; the picture and its places")),
        "reflection": Mapped(N_("essay_question, the model answer as feedback"), N_("hints; the explanation")),
    }

    def write(self, questions: Sequence[Question], title: str) -> Writing:
        written, fates = write_each(questions, qti1_writing.item_of)
        return Writing(qti1_writing.package_of(written, title), fates)


_ITEMS = {
    "single": Mapped(N_("choiceInteraction")),
    "multiple": Mapped(N_("choiceInteraction for several choices")),
    "true-false": Mapped(N_("choiceInteraction of True and False")),
    "text": Mapped(N_("textEntryInteraction with a mapping"), _SINGLE_WHYS),
    "number": Mapped(N_("textEntryInteraction of a float with tolerance"), _UNIT_AND_WHYS),
    "ordering": Mapped(N_("orderInteraction"), _STEP_WHYS),
    "matching": Mapped(N_("matchInteraction"), _PAIR_WHYS),
    "cloze": Mapped(N_("textEntryInteraction and inlineChoiceInteraction in the text"), _SINGLE_WHYS),
    "hotspot": Mapped(N_("choiceInteraction from the list"), _PLACES),
    "reflection": Mapped(N_("extendedTextInteraction, the model answer for scorers")),
}


class Qti21(Qti):
    """The version of most test systems."""

    slug = "qti21"
    title = "QTI 2.1"
    about = N_("A package for test systems such as TAO, Blackboard or OpenOlat. Versions 2.0 and 2.2 are read too.")
    marks = (b"<assessmentItem", b"<assessmentTest", b"imsqti_item_xmlv2p", b"imsqti_test_xmlv2p")
    mapping = _ITEMS
    dialect = qti2_writing.QTI21

    def write(self, questions: Sequence[Question], title: str) -> Writing:
        written, fates = write_each(questions, partial(qti2_writing.item_of, dialect=self.dialect))
        return Writing(qti2_writing.package_of(written, title, self.dialect), fates)


class Qti30(Qti21):
    """The newest version."""

    slug = "qti30"
    title = "QTI 3.0"
    about = N_("A package in the newest version of the standard.")
    marks = (b"<qti-assessment-item", b"<qti-assessment-test", b"imsqti_item_xmlv3p", b"imsqti_test_xmlv3p")
    dialect = qti2_writing.QTI30
