"""Words that colleagues read: cleaned, and refused where a password, a key or a number of somebody slipped into them.

Lessons hear of it from their lint rules. Reasons, remarks, answers, reports and requests are no lessons: whoever keeps
such words takes them from here. What may only be a password, and how to reach somebody, is left to whoever writes.
"""

from __future__ import annotations

from peerlearn.core.errors import NotValid
from peerlearn.core.text import clean_block, clean_line
from peerlearn.core.words import N_
from peerlearn.lessons.leaks import leaks_in

LEAK = N_(
    "A password, a key or the number of a card or a person seems to stand in line %(line)s. Others would read it:"
    " write an invented one instead, and have a real one replaced where it is used."
)


def words(raw: str, field: str) -> str:
    """Words of one or more lines as they are kept. Raises NotValid at this field."""
    return unleaked(clean_block(raw).strip(), field)


def line(raw: str, field: str) -> str:
    """A line of words as it is kept. Raises NotValid at this field."""
    return unleaked(clean_line(raw), field)


def unleaked(text: str, field: str) -> str:
    """The text as it is. Raises NotValid at this field for what opens a door or is a person's number."""
    for problem in leaks_in(list(enumerate(text.split("\n"), start=1))):
        if problem.level == "error":
            raise NotValid(LEAK, {field: [LEAK]}, line=problem.line)
    return text
