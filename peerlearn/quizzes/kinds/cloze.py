"""Cloze: a text with gaps to fill."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from html.parser import HTMLParser
from math import prod
from typing import Any

from peerlearn.core.words import N_, Said
from peerlearn.quizzes.answering import (
    MAX_TYPED,
    Answer,
    Blank,
    Choice,
    Explained,
    Grade,
    Presented,
    Render,
    Row,
    Seed,
    Unreadable,
    plain,
    token,
    values,
)
from peerlearn.quizzes.kind import Kind, check_texts, count_problem
from peerlearn.quizzes.marks import one_line
from peerlearn.quizzes.problem import Line, Problem, error
from peerlearn.quizzes.question import Gap, Question, Reply
from peerlearn.quizzes.replies import check_replies, print_reply, read_replies, reply_to, starts_reply, wrong_sign
from peerlearn.quizzes.spelling import fold, matches, nearly

LEAST, MOST, MOST_FORMS = 1, 5, 12
# One private-use character per gap stands in the Markdown while it is rendered.
_FIRST_STAND_IN = 0xE000
_STAND_INS = [chr(_FIRST_STAND_IN + n) for n in range(MOST)]


@dataclass(frozen=True)
class Cloze(Kind):
    """Fill the gaps of a text, by typing or by choosing; the mark is the share of right gaps."""

    slug = "cloze"
    title = N_("Fill the gaps")
    instruction = N_("Type or choose what belongs in each gap.")

    def starts_answer(self, line: str) -> bool:
        return starts_reply(line, placed=True)

    def parse(self, draft: Question, lines: Sequence[Line]) -> tuple[Question, list[Problem]]:
        written, problems = read_replies(lines, placed=True)
        gaps: list[Gap] = []
        out = []
        for text, gap in _split(draft.stem):
            out.append(text)
            if gap is not None:
                gaps.append(_read_gap(gap))
                out.append(f"{{{{{len(gaps)}}}}}")
        for reply, is_right in written:
            if reply.gap <= len(gaps) and is_right != _fits(gaps[reply.gap - 1], reply.answer):
                problems.append(wrong_sign(reply.line, is_right=not is_right))
        replies = tuple(reply for reply, _ in written)
        return replace(draft, stem="".join(out), gaps=tuple(gaps), replies=replies), problems

    def print(self, question: Question) -> list[str]:
        return [
            line
            for reply in question.replies
            for line in print_reply(reply, is_right=self.counts_as_right(question, reply))
        ]

    def print_stem(self, question: Question) -> str:
        out = []
        for text, place in _split(question.stem):
            gap = _gap_at(question, place)
            out.append(text)
            out.append("" if gap is None else f"{{{{{_print_gap(gap)}}}}}")
        return "".join(out)

    def normal_replies(self, question: Question) -> tuple[Reply, ...]:
        """Those of each gap together: of its forms and choices in their order, then the others."""

        def place(reply: Reply) -> tuple[int, int]:
            gap = question.gaps[reply.gap - 1] if 1 <= reply.gap <= len(question.gaps) else Gap()
            forms = [fold(form) for form in gap.choices or gap.accepted]
            answer = fold(reply.answer)
            return reply.gap, forms.index(answer) if answer in forms else len(forms)

        return tuple(sorted(question.replies, key=place))

    def counts_as_right(self, question: Question, reply: Reply) -> bool:
        return 1 <= reply.gap <= len(question.gaps) and _fits(question.gaps[reply.gap - 1], reply.answer)

    def check_key(self, question: Question) -> list[Problem]:
        line = question.line
        places = [place for _, place in _split(question.stem) if place is not None]
        problems = count_problem(line, len(question.gaps), LEAST, MOST)
        if places != [str(n) for n in range(1, len(question.gaps) + 1)]:
            problems.append(
                error(
                    line,
                    "gap-places",
                    Said(N_("Gaps and text do not fit together."), N_("Write each gap as {{answer}} once.")),
                )
            )
        if any("{{" in text.replace("\\{{", "") for text, _ in _split(question.stem)):
            problems.append(
                error(
                    line,
                    "gap-open",
                    Said(
                        N_("A gap is not closed."),
                        N_("End it with }} on the same line, or write \\{{ if no gap is meant."),
                    ),
                )
            )
        for gap in question.gaps:
            forms = gap.choices or gap.accepted
            problems += count_problem(line, len(forms), 2 if gap.choices else 1, MOST_FORMS)
            problems += check_texts([(line, form) for form in forms])
        return problems + check_replies(line, question.replies) + _check_places(question)

    def present(
        self,
        question: Question,
        seed: Seed,
        *,
        render: Render = plain,
        render_line: Render = plain,
        field: str = "answer",
    ) -> Presented:
        marks = _STAND_INS[: len(question.gaps)]
        stem = rest = render(_fill(question, marks))
        inside = _stands_in_text(str(stem), marks)
        pieces = []
        for n, mark in enumerate(marks, start=1):
            stem = stem.replace(mark, f"[{n}]")
            if inside:
                piece, rest = rest.split(mark, 1)
                pieces.append(piece)
        return Presented(
            kind=self.slug,
            uid=question.uid,
            field=field,
            instruction=self.instruction,
            stem=stem,
            blanks=tuple(
                Blank(f"{field}-{n}", n, _choices(question, gap, n, seed))
                for n, gap in enumerate(question.gaps, start=1)
            ),
            pieces=(*pieces, rest) if inside else (),
            hints=len(question.hints),
        )

    def read(
        self, question: Question, seed: Seed, form: Mapping[str, Any], *, field: str = "answer"
    ) -> Answer | Unreadable:
        given = []
        for n, gap in enumerate(question.gaps, start=1):
            text = one_line(next(iter(values(form, f"{field}-{n}")), ""))
            if gap.choices:
                known = {token(seed, question.uid, n, choice): choice for choice in gap.choices}
                text = known.get(text, "")
            if len(text) > MAX_TYPED:
                return Unreadable(N_("This answer is too long. A few words are enough."))
            given.append(text)
        if not any(given):
            return Unreadable(N_("Fill the gaps first."), blank=True)
        return Answer(self.slug, tuple(given))

    def grade(self, question: Question, answer: Answer) -> Grade:
        filled = list(zip(question.gaps, answer.value, strict=False))
        right = sum(_fits(gap, text) for gap, text in filled)
        near = any(
            nearly(text, gap.accepted) and not reply_to(text, question.replies, number)
            for number, (gap, text) in enumerate(filled, start=1)
            if not _fits(gap, text)
        )
        mark = right / max(1, len(question.gaps))
        return Grade(mark, near, N_("Almost: check the spelling.") if near else "")

    def guess_chance(self, question: Question) -> float:
        return prod(1 / len(gap.choices) if gap.choices else 0.0 for gap in question.gaps)

    def explain(
        self,
        question: Question,
        answer: Answer,
        seed: Seed,
        *,
        render: Render = plain,
        render_line: Render = plain,
    ) -> Explained:
        given = [*answer.value, *[""] * len(question.gaps)]
        return Explained(
            kind=self.slug,
            grade=self.grade(question, answer),
            given=self.describe(question, answer),
            correct="; ".join(_wanted(gap) for gap in question.gaps),
            rows=tuple(
                Row(
                    text=str(n),
                    right=_fits(gap, given[n - 1]),
                    given=given[n - 1],
                    wanted=_wanted(gap),
                    why=_said(question, n, given[n - 1], render),
                )
                for n, gap in enumerate(question.gaps, start=1)
            ),
            why=render(question.why) if question.why else "",
            card=question.card,
        )

    def describe(self, question: Question, answer: Answer) -> str:
        return "; ".join(text or "–" for text in answer.value)


def _said(question: Question, gap: int, text: str, render: Render) -> Any:
    reply = reply_to(text, question.replies, gap) if text else None
    return render(reply.why) if reply and reply.why else ""


def _check_places(question: Question) -> list[Problem]:
    """Explanations of gaps that are not there, and of choices that nobody can choose."""
    problems = []
    for reply in question.replies:
        line = reply.line or question.line
        if not 1 <= reply.gap <= len(question.gaps):
            message = Said(
                N_("There is no gap [%(gap)s]."),
                N_("Write the number of the gap you mean, counted from the beginning of the text."),
            )
            problems.append(error(line, "no-such-gap", message, gap=reply.gap))
            continue
        choices = question.gaps[reply.gap - 1].choices
        if choices and reply.answer not in choices:
            message = Said(
                N_("“%(answer)s” is no choice of gap [%(gap)s]."),
                N_("Write it as it stands there."),
            )
            problems.append(error(line, "no-such-choice", message, answer=reply.answer[:40], gap=reply.gap))
    return problems


def _split(stem: str) -> Iterator[tuple[str, str | None]]:
    """The stem's pieces, each with the inside of the gap after it; the last has none."""
    start = look = 0
    while (opening := stem.find("{{", look)) >= 0:
        look = opening + 2
        if opening and stem[opening - 1] == "\\":
            continue
        end = _gap_end(stem, look)
        if end is None:
            look = (stem + "\n").find("\n", look)
            continue
        yield stem[start:opening], stem[look:end]
        start = look = end + 2
    yield stem[start:], None


def _gap_end(stem: str, start: int) -> int | None:
    """Where the gap that opens before `start` closes on the same line."""
    at = start
    while at < len(stem) and stem[at] != "\n":
        if stem[at] == "\\":
            at += 2
        elif stem.startswith("}}", at):
            return at
        else:
            at += 1
    return None


def _read_gap(inside: str) -> Gap:
    """A gap from its text: forms parted by `|`, a leading `=` makes it a list of choices."""
    forms: list[str] = []
    form, at = "", 0
    chosen = inside.lstrip(" ").startswith("=")
    text = inside.lstrip(" ")[1:] if chosen else inside
    while at < len(text):
        if text[at] == "\\" and text[at + 1 : at + 2] in ("\\", "|", "}", "="):
            form, at = form + text[at + 1], at + 2
        elif text[at] == "|":
            forms, form, at = [*forms, form], "", at + 1
        else:
            form, at = form + text[at], at + 1
    found = tuple(one_line(text) for text in [*forms, form])
    return Gap(choices=found) if chosen else Gap(accepted=found)


def _print_gap(gap: Gap) -> str:
    forms = [form.replace("\\", "\\\\").replace("|", "\\|").replace("}", "\\}") for form in gap.choices or gap.accepted]
    if gap.choices:
        return "=" + "|".join(forms)
    return "|".join([f"\\{form}" if form.startswith("=") else form for form in forms[:1]] + forms[1:])


def _gap_at(question: Question, place: str | None) -> Gap | None:
    """The gap a stem's `{{n}}` stands for."""
    if place is None or not (place.isascii() and place.isdigit() and len(place) <= 2):
        return None
    return question.gaps[int(place) - 1] if 1 <= int(place) <= len(question.gaps) else None


def _fill(question: Question, marks: Sequence[str]) -> str:
    """The stem with a mark in each gap and without the escapes of braces."""
    stem = "".join(c for c in question.stem if c not in _STAND_INS)
    out = []
    for text, place in _split(stem):
        out.append(text.replace("\\{{", "{{"))
        if _gap_at(question, place) is not None:
            out.append(marks[int(place or 0) - 1] if int(place or 0) <= len(marks) else "")
    return "".join(out)


def _choices(question: Question, gap: Gap, number: int, seed: Seed) -> tuple[Choice, ...]:
    texts = sorted(gap.choices, key=lambda text: token(seed, "order", question.uid, number, text))
    return tuple(Choice(token(seed, question.uid, number, text), text) for text in texts)


def _fits(gap: Gap, text: str) -> bool:
    return text == gap.choices[0] if gap.choices else bool(text) and matches(text, gap.accepted)


def _wanted(gap: Gap) -> str:
    return gap.choices[0] if gap.choices else " / ".join(gap.accepted)


class _Texts(HTMLParser):
    """Collects what of a page is text a form field may stand in: no attribute, link, script or style."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.closed_to_fields = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.closed_to_fields += tag in _NO_FIELDS

    def handle_endtag(self, tag: str) -> None:
        self.closed_to_fields -= tag in _NO_FIELDS

    def handle_data(self, data: str) -> None:
        if not self.closed_to_fields:
            self.found.append(data)


_NO_FIELDS = ("a", "button", "label", "script", "style", "textarea", "select", "summary", "title")


def _stands_in_text(html: str, marks: Sequence[str]) -> bool:
    """Whether every mark stands exactly once, in order, where a form field may stand."""
    reader = _Texts()
    reader.feed(html)
    reader.close()
    text = "".join(reader.found)
    return [c for c in text if c in marks] == list(marks) and all(html.count(mark) == 1 for mark in marks)
