"""Moodle XML: what Moodle exports and imports with everything a question has."""

from __future__ import annotations

from collections.abc import Sequence

from peerlearn.core.words import N_
from peerlearn.quizzes.exchange import moodle_reading, moodle_writing
from peerlearn.quizzes.exchange.bounds import MAX_QUESTIONS
from peerlearn.quizzes.exchange.formats import Format, Mapped, write_each
from peerlearn.quizzes.exchange.reading import read_each
from peerlearn.quizzes.exchange.report import Reading, Writing
from peerlearn.quizzes.exchange.xmltree import looks_like_xml, read_xml
from peerlearn.quizzes.exchange.xmlwriting import document
from peerlearn.quizzes.question import Question

_ORDER = N_("which answers stay at the end; all of them stay in order instead")


class MoodleXml(Format):
    """What Moodle exports and imports."""

    slug = "moodle"
    title = "Moodle XML"
    about = N_("For Moodle, with hints and explanations.")
    suffix = ".xml"
    mimetype = "application/xml"
    mapping = {
        "single": Mapped(N_("multichoice, one answer"), _ORDER),
        "multiple": Mapped(N_("multichoice with weights"), _ORDER),
        "true-false": Mapped(N_("truefalse")),
        "text": Mapped(N_("shortanswer")),
        "number": Mapped(N_("numerical with tolerance and unit")),
        "ordering": Mapped(N_("ordering"), N_("explanations of single steps")),
        "matching": Mapped(N_("matching"), N_("explanations of single pairs")),
        "cloze": Mapped(N_("cloze with SHORTANSWER and MULTICHOICE gaps")),
        "hotspot": Mapped(N_("multichoice from the list"), N_("the picture and its places")),
        "reflection": Mapped(N_("essay, the model answer as information for graders")),
    }

    def recognises(self, data: bytes, filename: str) -> bool:
        """An XML file whose first element is a quiz."""
        return looks_like_xml(data) and b"<quiz" in data[:4096].replace(b"\0", b"") and b"canvas" not in data[:4096]

    def read(self, data: bytes, limit: int = MAX_QUESTIONS) -> Reading:
        nodes = moodle_reading.questions_in(read_xml(data))
        return read_each(nodes, moodle_reading.question_of, moodle_reading.title_of, limit)

    def write(self, questions: Sequence[Question], title: str) -> Writing:
        written, fates = write_each(questions, moodle_writing.question_of)
        return Writing(document(moodle_writing.quiz_of(written, title)), fates)
