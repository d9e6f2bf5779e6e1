"""GIFT, as people and Moodle write it, into questions of ours."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from peerlearn.core.words import N_
from peerlearn.quizzes import textform
from peerlearn.quizzes.exchange import foreigntext as texts
from peerlearn.quizzes.exchange import making
from peerlearn.quizzes.exchange.foreigntext import Foreign
from peerlearn.quizzes.exchange.making import Candidate
from peerlearn.quizzes.exchange.report import LeftOut, Losses
from peerlearn.quizzes.question import Entry, Gap, Pair, Question, Reply

NO_ANSWER = N_("It has no answer part and asks nothing (a description). Put its text on a card of the lesson.")
NOT_CLOSED = N_("Its answer part is not closed with }. Mend it in the file and import it again.")
NO_ARROW = N_("One of its pairs has no ->. Mend it in the file and import it again.")
ORDERING, CLOZE = "ordering", "cloze"
OWN, OWN_LINE = "own", "line"
MENDED = N_(
    "It was changed in the file. What GIFT cannot hold, such as places and some explanations, did not come along."
)
TYPED = ("text", "number", "cloze")

_ESCAPE = re.compile(r"\\([~=#{}:\\n])")
_PROTECTED = {sign: chr(0xE100 + place) for place, sign in enumerate("~=#{}:\\n")}
_RESTORED = {ord(stand_in): "\n" if sign == "n" else sign for sign, stand_in in _PROTECTED.items()}
_STAND_INS = re.compile("[\ue100-\ue10f]")
_FORM = re.compile(r"\s*\[(html|moodle|plain|markdown)\]")
_FORMS = {"html": texts.HTML, "plain": texts.PLAIN, "markdown": texts.MARKDOWN, "moodle": texts.LOOSE}
_NOTE = re.compile(r"\[(id|tag):([^\]\n]{1,100})\]")
_OWN = re.compile(r"\s*// \[peerlearn ([0-9a-f]{12})\]$")
_OWN_LINE = re.compile(r"\s*// \|(?: (.*))?$")
_WEIGHT = re.compile(r"%(-?\d{1,3}(?:\.\d{1,5})?)%")
_CLAIM = re.compile(r"(t|true|f|false)\s*(?:#|$)", re.IGNORECASE)
_RANGE = re.compile(r"\s*(\S+?)\s*\.\.\s*(\S+)\s*$")
_COMMENT = re.compile(r"\s*//")
_STAR = re.compile(r"(?<!\\)\*")


@dataclass
class Chunk:
    """The text of one question and what the comments above it say."""

    text: str
    notes: list[tuple[str, str]] = field(default_factory=list)

    def notes_of(self, kind: str) -> list[str]:
        """What the comments say of one kind, in their order."""
        return [value for name, value in self.notes if name == kind]

    @property
    def title(self) -> str:
        """Its title, or else how it begins."""
        bare = self.text.strip()
        name, rest = _named(bare)
        return _restored(name or _FORM.sub("", rest))


@dataclass(frozen=True)
class _Answer:
    """One answer as it stands between its mark and the next."""

    mark: str
    text: Foreign
    weight: float | None
    why: Foreign


def chunks(text: str) -> Iterator[Chunk]:
    """The questions of a file. Empty lines part them, but not inside their answers."""
    lines: list[str] = []
    notes: list[tuple[str, str]] = []
    depth, after_empty = 0, False
    for line in [*text.split("\n"), ""]:
        bare = line.strip()
        begins = bare.startswith(("::", "$CATEGORY"))
        if lines and ((not bare and depth <= 0) or (begins and after_empty)):
            yield Chunk("\n".join(lines), notes)
            lines, notes, depth = [], [], 0
        after_empty = not bare
        if _COMMENT.match(line) and depth <= 0:
            notes += _said(line) if not lines else []
        elif bare and not bare.startswith("$CATEGORY") and not _COMMENT.match(line):
            lines.append(line)
            plain = _ESCAPE.sub("", line)
            depth += plain.count("{") - plain.count("}")
    if lines:
        yield Chunk("\n".join(lines), notes)


def _said(line: str) -> list[tuple[str, str]]:
    """What a comment says: a line of the question as we write it, or any of the notes that Moodle understands too."""
    if found := _OWN.match(line):
        return [(OWN, found[1])]
    if found := _OWN_LINE.match(line):
        return [(OWN_LINE, found[1] or "")]
    return _NOTE.findall(line)


def mark_of(text: str) -> str:
    """By what we know that a question is as it was written, however its lines are broken."""
    return hashlib.sha256(" ".join(text.split()).encode()).hexdigest()[:12]


def _own(chunk: Chunk) -> Question | None:
    """The question as we wrote it into the comments above it."""
    lines = chunk.notes_of(OWN_LINE)
    found = textform.parse("\n".join([textform.TITLE, "", *lines])).questions if chunk.notes_of(OWN) else ()
    return found[0] if len(found) == 1 else None


def question_of(chunk: Chunk, losses: Losses) -> Question:
    """The question of a chunk: as our own comments hold it, unless somebody changed it. Raises LeftOut."""
    own = _own(chunk)
    if own and mark_of(chunk.text) in chunk.notes_of(OWN):
        question = own
    else:
        question = _plain(chunk, losses)
        if own:
            losses.add(MENDED)
            question = making.hinted(question, own.hints, losses)
    uid = next(iter(chunk.notes_of("id")), "")
    return making.labelled(replace(question, uid=uid.strip()), chunk.notes_of("tag"))


def _plain(chunk: Chunk, losses: Losses) -> Question:
    """The question as GIFT itself holds it. Raises LeftOut."""
    _, text = _named(_shielded(chunk.text))
    form, text = _form_of(text, texts.LOOSE)
    start, end = text.find("{"), text.rfind("}")
    if start < 0:
        raise LeftOut(NO_ANSWER)
    if end < start:
        raise LeftOut(NOT_CLOSED)
    before, inside, after = text[:start], text[start + 1 : end].strip(), text[end + 1 :].rstrip()
    inside, _, general = inside.rpartition("####") if "####" in inside else (inside, "", "")
    reader = _Reader(form, before, inside.strip(), after, losses, chunk.notes_of("tag"))
    question = reader.question()
    if question.kind == "reflection":
        return replace(question, model=texts.block(_foreign(general, form), losses))
    why = texts.paragraph(_foreign(general, form), losses)
    if question.kind in TYPED:
        told = reader.replies(question)
        is_chosen = any(gap.choices for gap in question.gaps)
        return making.replied(question, told if is_chosen else making.unstarred(told, losses), losses, why)
    return replace(question, why=why)


@dataclass
class _Reader:
    """One question in its three parts."""

    form: str
    before: str
    inside: str
    after: str
    losses: Losses
    labels: list[str]

    def question(self) -> Question:
        inside = self.inside
        if not inside:
            return Question("reflection", self.stem())
        if inside.startswith("#"):
            return self.number(inside[1:])
        if "~" in inside:
            return self.gap() if self.is_gap else self.choice()
        if "=" in inside and "->" in inside:
            return self.matching()
        if _CLAIM.match(inside):
            return self.claim()
        return self.gap() if self.is_gap else self.typed()

    @property
    def is_gap(self) -> bool:
        """Whether the answer stands inside the text: a word is missing there."""
        return bool(self.after.strip()) or CLOZE in self.labels

    def stem(self) -> str:
        text = f"{self.before.rstrip()} _____ {self.after.strip()}" if self.after.strip() else self.before
        return texts.block(_foreign(text, self.form), self.losses)

    def answers(self, inside: str) -> list[_Answer]:
        parts = re.findall(r"~?=[^=~]*|~[^=~]*|^[^=~]+", inside)
        return [self._answer(part) for part in parts]

    def _answer(self, part: str) -> _Answer:
        mark = "=" if part.startswith(("=", "~=")) else part[0] if part[0] == "~" else "="
        body = part.lstrip("~=").strip()
        weight = _WEIGHT.match(body)
        body, _, why = body[weight.end() if weight else 0 :].partition("#")
        form, body = _form_of(body, self.form)
        why_form, why = _form_of(why, self.form)
        return _Answer(mark, _foreign(body, form), float(weight[1]) if weight else None, _foreign(why, why_form))

    def choice(self) -> Question:
        answers = self.answers(self.inside)
        candidates = [
            Candidate(texts.line(a.text, self.losses), _share(a), texts.block(a.why, self.losses)) for a in answers
        ]
        several = all(answer.mark == "~" for answer in answers)
        return making.choice(self.stem(), candidates, self.losses, several=several)

    def claim(self) -> Question:
        said, *whys = self.inside.split("#")
        is_true = said.strip().lower().startswith("t")
        told = [texts.block(_foreign(why, self.form), self.losses) for why in [*whys, "", ""]]
        wrong, right = told[:2]
        why_true, why_false = (right, wrong) if is_true else (wrong, right)
        return making.claim(self.stem(), is_true, why_true, why_false)

    def typed(self) -> Question:
        answers = self.answers(self.inside)
        return making.typed(self.stem(), self.forms(answers), self.losses)

    def forms(self, answers: list[_Answer]) -> list[str]:
        """The forms that count fully, as they are typed."""
        found = []
        for answer in answers:
            text = texts.words(Foreign(answer.text.text, texts.PLAIN), self.losses)
            if _share(answer) < 1:
                self.losses.add(making.PART_MARKS) if _share(answer) > 0 else None
            elif _STAR.search(text):
                self.losses.add(making.JOKER, answer=text)
            else:
                found.append(text.replace("\\*", "*"))
        return found

    def replies(self, question: Question) -> Iterator[Reply]:
        """What is said to single answers that are typed or fill the gap."""
        for answer in self.answers(self.inside.removeprefix("#").strip()):
            text = texts.words(Foreign(answer.text.text, texts.PLAIN), Losses())
            if question.kind == "number":
                text = " ± ".join(_sides(text))
            yield Reply(text, texts.block(answer.why, self.losses), int(question.kind == "cloze"))

    def gap(self) -> Question:
        answers = self.answers(self.inside)
        chosen = any(answer.mark == "~" for answer in answers)
        right = [answer for answer in answers if _share(answer) >= 1]
        if chosen and len(right) != 1:
            return self.choice()
        forms = self.forms(right)
        if chosen:
            wrong = [texts.words(a.text, self.losses) for a in answers if a not in right]
            gap = Gap(choices=(*(texts.words(a.text, self.losses) for a in right), *wrong))
        else:
            gap = Gap(accepted=tuple(forms))
        text = making.without_marks(self.before) + making.gap_mark(0) + making.without_marks(self.after)
        return making.cloze(texts.block(_foreign(text, self.form), self.losses), [gap], self.losses)

    def number(self, inside: str) -> Question:
        answers = self.answers(inside.strip()) if inside.strip() else []
        right = [answer for answer in answers if _share(answer) >= 1]
        if not right:
            raise LeftOut(making.NO_NUMBER)
        if any(0 < _share(answer) < 1 for answer in answers):
            self.losses.add(making.PART_MARKS)
        if len(right) > 1:
            self.losses.add(making.ONE_NUMBER)
        value, tolerance = _value_of(right[0].text.text)
        return making.numeric(self.stem(), value, tolerance, "", self.losses)

    def matching(self) -> Question:
        pairs = []
        for part in filter(None, (part.strip() for part in self.inside.split("="))):
            left, arrow, right = part.partition("->")
            if not arrow:
                raise LeftOut(NO_ARROW)
            form, left = _form_of(left, self.form)
            right = texts.words(Foreign(_restored(right), texts.PLAIN), self.losses)
            pairs.append(Pair(texts.line(_foreign(left, form), self.losses), right))
        if ORDERING in self.labels and [pair.right for pair in pairs] == [str(n + 1) for n in range(len(pairs))]:
            return making.ordering(self.stem(), [Entry(pair.left) for pair in pairs], self.losses)
        return making.matching(self.stem(), pairs, self.losses)


def _named(text: str) -> tuple[str, str]:
    """The title between double colons, and the rest."""
    end = text.find("::", 2) if text.startswith("::") else -1
    return (text[2:end].strip(), text[end + 2 :].strip()) if end >= 0 else ("", text)


def _form_of(text: str, otherwise: str) -> tuple[str, str]:
    """The form a text says it is in, and the text without saying so."""
    found = _FORM.match(text)
    return (_FORMS[found[1]], text[found.end() :]) if found else (otherwise, text)


def _shielded(text: str) -> str:
    """The text with a stand-in for each sign that a backslash takes its meaning from."""
    return _ESCAPE.sub(lambda found: _PROTECTED[found[1]], _STAND_INS.sub("", text.strip()))


def _restored(text: str) -> str:
    return text.translate(_RESTORED)


def _foreign(text: str, form: str) -> Foreign:
    return Foreign(_restored(text.strip()), form)


def _share(answer: _Answer) -> float:
    if answer.weight is not None:
        return answer.weight / 100
    return 1.0 if answer.mark == "=" else 0.0


def _value_of(text: str) -> tuple[str, str]:
    """A number and its tolerance from `5:0.5` or `4.5..5.5`. Raises LeftOut."""
    found = _RANGE.match(text)
    return making.middle(found[1], found[2]) if found else _sides(text)


def _sides(text: str) -> tuple[str, str]:
    value, _, tolerance = text.partition(":")
    return value, tolerance.strip() or "0"
