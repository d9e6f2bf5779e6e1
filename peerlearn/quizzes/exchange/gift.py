"""GIFT: the plain text format of Moodle, which many systems and tools read."""

from __future__ import annotations

import re
from collections.abc import Sequence

from peerlearn.core.words import N_
from peerlearn.quizzes.exchange import gift_reading
from peerlearn.quizzes.exchange.bounds import MAX_QUESTIONS, decode
from peerlearn.quizzes.exchange.formats import Format, Mapped, write_each
from peerlearn.quizzes.exchange.gift_writing import gift_of
from peerlearn.quizzes.exchange.reading import read_each
from peerlearn.quizzes.exchange.report import Reading, Writing
from peerlearn.quizzes.question import Question

_PINS = N_("hints; that an answer stays at the end")
_HINTS = N_("hints")
_LOOKS_LIKE = re.compile(rb"(?m)^\s*(?:::|\$CATEGORY:|//)|\{\s*(?:[=~#T]|F\W|\})")


class Gift(Format):
    """Moodle's plain text format."""

    slug = "gift"
    title = "GIFT"
    about = N_("Plain text that can be read and mended by hand. Moodle and many tools understand it.")
    suffix = ".gift"
    mimetype = "text/plain"
    mapping = {
        "single": Mapped(N_("multiple choice, one right"), _PINS),
        "multiple": Mapped(N_("multiple choice with weights"), _PINS),
        "true-false": Mapped(N_("true/false"), _HINTS),
        "text": Mapped(N_("short answer"), _HINTS),
        "number": Mapped(N_("numerical with tolerance"), N_("hints; the unit")),
        "ordering": Mapped(N_("matching of steps and places"), N_("hints; explanations of single steps")),
        "matching": Mapped(N_("matching"), N_("hints; explanations of single pairs")),
        "cloze": Mapped(
            N_("missing word with one gap, matching of gaps and words with several"),
            N_("hints; of several gaps: other accepted forms, explanations of single answers"),
        ),
        "hotspot": Mapped(N_("multiple choice from the list"), N_("hints; the picture and its places")),
        "reflection": Mapped(N_("essay, the model answer as feedback"), N_("hints; the explanation")),
    }

    def recognises(self, data: bytes, filename: str) -> bool:
        """A text with GIFT's marks near its beginning."""
        if data[:1] == b"<" or b"\0" in data[:4096]:
            return False
        return filename.lower().endswith((".gift", ".gift.txt")) or bool(_LOOKS_LIKE.search(data[:4096]))

    def read(self, data: bytes, limit: int = MAX_QUESTIONS) -> Reading:
        chunks = gift_reading.chunks(decode(data))
        return read_each(chunks, gift_reading.question_of, lambda chunk: chunk.title, limit)

    def write(self, questions: Sequence[Question], title: str) -> Writing:
        written, fates = write_each(questions, gift_of)
        head = f"// {' '.join(title.split())}\n\n" if title.strip() else ""
        return Writing((head + "\n\n".join(written) + "\n").encode(), fates)
