"""Questions of ours as QTI 1.2 in the flavour of Canvas, which most systems read that read QTI 1.2 at all."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from html import escape

from peerlearn.core.words import N_
from peerlearn.quizzes.exchange import leaving, making
from peerlearn.quizzes.exchange.packages import MANIFEST, manifest, zipped
from peerlearn.quizzes.exchange.qti1_reading import LABELS, ORIGIN
from peerlearn.quizzes.exchange.report import Losses, shortened, title_of
from peerlearn.quizzes.exchange.xmlwriting import Xml, document, tag, xhtml
from peerlearn.quizzes.question import Gap, Option, Pair, Question

TYPED_GAPS = N_("Gaps to choose from a list are typed there, because the format does not mix both in one text.")
TYPES = {
    "single": "multiple_choice_question",
    "multiple": "multiple_answers_question",
    "true-false": "true_false_question",
    "text": "short_answer_question",
    "number": "numerical_question",
    "ordering": "matching_question",
    "matching": "matching_question",
    "reflection": "essay_question",
}
_XMLNS = "http://www.imsglobal.org/xsd/ims_qtiasiv1p2"
_PACKAGE = "http://www.imsglobal.org/xsd/imsccv1p1/imscp_v1p1"
_RESPONSE = "response1"
_QUIZ, _ABOUT = "quiz/quiz.xml", "quiz/assessment_meta.xml"


def package_of(items: Sequence[Xml], title: str) -> bytes:
    """The whole package."""
    name = " ".join(title.split()) or "Quiz"
    section = tag("section", *items, ident="root_section")
    quiz = tag("questestinterop", tag("assessment", section, ident="quiz", title=name), xmlns=_XMLNS)
    about = tag(
        "quiz",
        tag("title", name),
        tag("quiz_type", "practice_quiz"),
        tag("shuffle_answers", "true"),
        identifier="quiz",
        xmlns="http://canvas.instructure.com/xsd/cccv1p0",
    )
    resources = [
        ("imsqti_xmlv1p2", _QUIZ, [_ABOUT]),
        ("associatedcontent/imscc_xmlv1p1/learning-application-resource", _ABOUT, []),
    ]
    listed = manifest(_PACKAGE, "IMS Content", "1.1.3", resources)
    return zipped({MANIFEST: listed, _QUIZ: document(quiz), _ABOUT: document(about)})


def item_of(question: Question, losses: Losses) -> Xml:
    """One question. Raises LeftOut."""
    leaving.insist_whole(question)
    asked = leaving.as_list(question, losses)
    leaving.lose(asked, losses, hints=True, pins=True, whys=True, replies=True)
    return _Writer(asked, losses).item()


class _Writer:
    """Writes one item."""

    def __init__(self, question: Question, losses: Losses) -> None:
        self.question = question
        self.losses = losses
        self.conditions: list[Xml] = []
        self.feedback: list[Xml] = []

    def item(self) -> Xml:
        question = self.question
        kind = self._gap_type() if question.kind == "cloze" else TYPES[question.kind]
        presentation = tag("presentation", *self._presentation())
        general = question.model if question.kind == "reflection" else question.why
        if general:
            self._say("general_fb", general)
            self.conditions.insert(0, _condition([tag("other")], shown="general_fb"))
        outcomes = tag("outcomes", tag("decvar", maxvalue="100", minvalue="0", varname="SCORE", vartype="Decimal"))
        return tag(
            "item",
            tag("itemmetadata", tag("qtimetadata", *self._meta(kind))),
            presentation,
            tag("resprocessing", outcomes, *self.conditions),
            *self.feedback,
            ident=making.name_of(question),
            title=shortened(title_of(question.stem), 60),
        )

    def _meta(self, kind: str) -> list[Xml]:
        labels = making.labels_of(self.question) + (["ordering"] if self.question.kind == "ordering" else [])
        said = {"question_type": kind, "points_possible": "1", ORIGIN: self.question.uid, LABELS: " ".join(labels)}
        return [
            tag("qtimetadatafield", tag("fieldlabel", name), tag("fieldentry", value))
            for name, value in said.items()
            if value
        ]

    def _presentation(self) -> list[Xml]:
        question = self.question
        if question.kind == "cloze":
            return self._gaps()
        stem = _material(xhtml(question.stem, self.losses))
        if question.kind == "text":
            values = [tag("varequal", form, respident=_RESPONSE) for form in question.accepted]
            self.conditions.append(_condition(values, score="100"))
            return [stem, _field()]
        if question.kind == "number":
            return [stem, self._number()]
        if question.kind == "reflection":
            if question.why:
                self.losses.add(leaving.OPEN_WHY)
            return [stem, _field()]
        if question.kind in ("matching", "ordering"):
            return [stem, *self._pairs()]
        return [stem, self._choices()]

    def _choices(self) -> Xml:
        options = self.question.options
        several = self.question.kind == "multiple"
        for option in options:
            if option.why:
                self._say(f"{_name(option)}_fb", option.why)
                self.conditions.append(_condition([_equal(option)], shown=f"{_name(option)}_fb"))
        right = [_equal(option) if option.right else tag("not", _equal(option)) for option in options]
        wanted = [tag("and", *right)] if several else [_equal(option) for option in options if option.right]
        self.conditions.append(_condition(wanted, score="100"))
        labels = [_label(_name(option), _material(xhtml(option.text, self.losses, line=True))) for option in options]
        cardinality = "Multiple" if several else "Single"
        return tag("response_lid", tag("render_choice", *labels), ident=_RESPONSE, rcardinality=cardinality)

    def _number(self) -> Xml:
        number = self.question.number
        assert number is not None
        if number.unit:
            self.losses.add(leaving.UNIT, unit=number.unit)
        low, high = (f"{bound:f}" for bound in (number.amount - number.slack, number.amount + number.slack))
        within = tag("and", tag("vargte", low, respident=_RESPONSE), tag("varlte", high, respident=_RESPONSE))
        exact = tag("varequal", f"{Decimal(number.value):f}", respident=_RESPONSE)
        self.conditions.append(_condition([tag("or", exact, within)], score="100"))
        return _field(fibtype="Decimal")

    def _pairs(self) -> list[Xml]:
        pairs = self.question.pairs
        if self.question.kind == "ordering":
            self.losses.add(leaving.STEPS)
            pairs = tuple(Pair(entry.text, str(n), entry.uid) for n, entry in enumerate(self.question.entries, start=1))
        rights = [_label(f"right-{n}", _material(_bare(pair.right))) for n, pair in enumerate(pairs, start=1)]
        asked = [(n, pair) for n, pair in enumerate(pairs, start=1) if pair.left]
        parts = []
        for n, pair in asked:
            name = f"response_{n}"
            value = tag("varequal", f"right-{n}", respident=name)
            self.conditions.append(_condition([value], score=f"{100 / len(asked):.2f}", action="Add"))
            left = _material(xhtml(pair.left, self.losses, line=True))
            parts.append(tag("response_lid", left, tag("render_choice", *rights), ident=name, rcardinality="Single"))
        return parts

    def _gap_type(self) -> str:
        gaps = self.question.gaps
        if all(gap.choices for gap in gaps):
            return "multiple_dropdowns_question"
        if any(gap.choices for gap in gaps):
            self.losses.add(TYPED_GAPS)
        return "fill_in_multiple_blanks_question"

    def _gaps(self) -> list[Xml]:
        """The text with `[gap1]` for each gap, and the answers to each."""
        chosen = all(gap.choices for gap in self.question.gaps)
        pieces = leaving.pieces_of(self.question)
        gaps = [piece for piece in pieces if isinstance(piece, Gap)]
        mark = making.gap_mark(0)
        html = xhtml("".join(mark if isinstance(piece, Gap) else piece for piece in pieces), self.losses).text
        for n in range(1, len(gaps) + 1):
            html = html.replace(mark, f"[gap{n}]", 1)
        return [_material(Xml(html)), *(self._gap(n, gap, len(gaps), chosen) for n, gap in enumerate(gaps, start=1))]

    def _gap(self, number: int, gap: Gap, count: int, chosen: bool) -> Xml:
        name = f"response_gap{number}"
        forms = gap.choices if chosen else gap.accepted or gap.choices[:1]
        right = forms[:1] if chosen else forms
        labels = [_label(f"gap{number}-{n}", _material(_bare(form))) for n, form in enumerate(forms, start=1)]
        for n in range(1, len(right) + 1):
            value = tag("varequal", f"gap{number}-{n}", respident=name)
            self.conditions.append(_condition([value], score=f"{100 / count:.2f}", action="Add"))
        named = _material(_bare(f"gap{number}"))
        return tag("response_lid", named, tag("render_choice", *labels), ident=name)

    def _say(self, ident: str, text: str) -> None:
        said = _material(xhtml(text, self.losses))
        self.feedback.append(tag("itemfeedback", tag("flow_mat", said), ident=ident))


def _material(html: Xml) -> Xml:
    """HTML inside XML: its marks are escaped once more, as the format wants it."""
    return tag("material", tag("mattext", html.text, texttype="text/html"))


def _bare(text: str) -> Xml:
    """A plain text as the HTML that shows it."""
    return Xml(escape(text, quote=False))


def _field(**attrs: str) -> Xml:
    render = tag("render_fib", tag("response_label", ident="answer1", rshuffle="No"), **attrs)
    return tag("response_str", render, ident=_RESPONSE, rcardinality="Single")


def _label(ident: str, material: Xml) -> Xml:
    return tag("response_label", material, ident=ident)


def _name(option: Option) -> str:
    return f"option-{option.uid}"


def _equal(option: Option) -> Xml:
    return tag("varequal", _name(option), respident=_RESPONSE)


def _condition(wanted: Sequence[Xml], *, score: str = "", shown: str = "", action: str = "Set") -> Xml:
    earned = [tag("setvar", score, action=action, varname="SCORE")] if score else []
    said = [tag("displayfeedback", feedbacktype="Response", linkrefid=shown)] if shown else []
    return tag("respcondition", tag("conditionvar", *wanted), *earned, *said, continue_="Yes" if shown else "No")
