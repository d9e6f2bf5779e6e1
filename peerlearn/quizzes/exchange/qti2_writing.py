"""Questions of ours as items of QTI 2.1 or 3.0: one set of items, two spellings."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from peerlearn.quizzes.exchange import leaving, making
from peerlearn.quizzes.exchange.packages import MANIFEST, manifest, zipped
from peerlearn.quizzes.exchange.qti2_reading import GENERAL, HINT
from peerlearn.quizzes.exchange.report import Losses, shortened, title_of
from peerlearn.quizzes.exchange.xmlwriting import Xml, document, tag, xhtml
from peerlearn.quizzes.question import Entry, Gap, Option, Question

_CAPITAL = re.compile(r"(?=[A-Z])")
_RESPONSE, _SCORE, _FEEDBACK = "RESPONSE", "SCORE", "FEEDBACK"


@dataclass(frozen=True)
class Dialect:
    """How a version of QTI spells the same things."""

    schema: tuple[str, str]  # of a package, with its version
    namespace: str
    package: str
    item_type: str
    test_type: str
    prefixed: bool

    def tag(self, name: str, *inside: Xml | str, **attrs: str | int | float | bool) -> Xml:
        """An element of QTI; names are given as QTI 2 spells them."""
        if not self.prefixed:
            return tag(name, *inside, **attrs)
        return tag("qti-" + _hyphened(name), *inside, **{_hyphened(key): value for key, value in attrs.items()})


def _hyphened(name: str) -> str:
    return "-".join(part.lower() for part in _CAPITAL.split(name))


QTI21 = Dialect(
    ("QTIv2.1 Package", "1.0.0"),
    "http://www.imsglobal.org/xsd/imsqti_v2p1",
    "http://www.imsglobal.org/xsd/imscp_v1p1",
    "imsqti_item_xmlv2p1",
    "imsqti_test_xmlv2p1",
    prefixed=False,
)
QTI30 = Dialect(
    ("QTI Package", "3.0.0"),
    "http://www.imsglobal.org/xsd/imsqtiasi_v3p0",
    "http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1",
    "imsqti_item_xmlv3p0",
    "imsqti_test_xmlv3p0",
    prefixed=True,
)


def package_of(items: Sequence[Xml], title: str, dialect: Dialect) -> bytes:
    """The whole package: the items, a test that names them in order, and the manifest."""
    names = [f"items/item-{number:03}.xml" for number in range(1, len(items) + 1)]
    q = dialect.tag
    refs = [q("assessmentItemRef", identifier=f"item-{n:03}", href=name) for n, name in enumerate(names, start=1)]
    section = q("assessmentSection", *refs, identifier="section", title="Quiz", visible=True)
    part = q("testPart", section, identifier="part", navigationMode="nonlinear", submissionMode="individual")
    name = " ".join(title.split()) or "Quiz"
    test = q("assessmentTest", part, identifier="quiz", title=name, xmlns=dialect.namespace)
    resources = [(dialect.test_type, "quiz.xml", names), *((dialect.item_type, name, ()) for name in names)]
    files = {MANIFEST: manifest(dialect.package, *dialect.schema, resources), "quiz.xml": document(test)}
    return zipped(files | {name: document(item) for name, item in zip(names, items, strict=True)})


def item_of(question: Question, losses: Losses, dialect: Dialect) -> Xml:
    """One question. Raises LeftOut."""
    leaving.insist_whole(question)
    asked = leaving.as_list(question, losses)
    leaving.lose(asked, losses, whys=True, replies=True)
    if asked.hints:
        losses.add(leaving.QUIET_HINTS)
    return _Writer(asked, losses, dialect).item()


class _Writer:
    """Writes one item."""

    def __init__(self, question: Question, losses: Losses, dialect: Dialect) -> None:
        self.question = question
        self.losses = losses
        self.q = dialect.tag
        self.namespace = dialect.namespace
        self.cardinality = "single"

    def item(self) -> Xml:
        question, q = self.question, self.q
        declared, body = self._asked()
        labels = making.labels_of(question) + (["cloze"] if question.kind == "cloze" else [])
        model = self._model() if question.kind == "reflection" else []
        label = {"label": " ".join(labels)} if labels else {}
        return q(
            "assessmentItem",
            *declared,
            *self._outcomes(),
            q("itemBody", *body, *model),
            self._processing(),
            *self._feedback(),
            identifier=making.name_of(question),
            title=shortened(title_of(question.stem), 60),
            adaptive=False,
            timeDependent=False,
            toolName="PeerLearn",
            **label,
            xmlns=self.namespace,
        )

    def _asked(self) -> tuple[list[Xml], list[Xml]]:
        """The declarations of the responses, and what stands in the body."""
        kind = self.question.kind
        if kind == "cloze":
            return self._gaps()
        stem = xhtml(self.question.stem, self.losses)
        if kind in ("text", "number"):
            field = self.q("textEntryInteraction", responseIdentifier=_RESPONSE, expectedLength=30)
            return [self._typed()], [stem, tag("p", field)]
        if kind == "reflection":
            field = self.q("extendedTextInteraction", responseIdentifier=_RESPONSE, expectedLines=5)
            return [self._declared("string")], [stem, field]
        if kind == "ordering":
            return self._ordering(stem)
        return self._matching(stem) if kind == "matching" else self._choices(stem)

    def _declared(
        self, base_type: str, values: Sequence[str] = (), name: str = _RESPONSE, worth: float = 0, **attrs: bool
    ) -> Xml:
        """A response with its right values; `worth` is what each of them earns. A single one has one correct value."""
        q = self.q
        named = values[:1] if self.cardinality == "single" else values
        correct = [q("correctResponse", *(q("value", value) for value in named))] if named else []
        entries = [q("mapEntry", mapKey=value, mappedValue=f"{worth:g}", **attrs) for value in values]
        mapping = [q("mapping", *entries, defaultValue="0")] if worth else []
        return q(
            "responseDeclaration",
            *correct,
            *mapping,
            identifier=name,
            cardinality=self.cardinality,
            baseType=base_type,
        )

    def _choices(self, stem: Xml) -> tuple[list[Xml], list[Xml]]:
        options = self.question.options
        several = self.question.kind == "multiple"
        self.cardinality = "multiple" if several else "single"
        right = [_name(option) for option in options if option.right]
        declared = self._declared("identifier", right, worth=1 if self._any_will_do() else 0)
        choices = [
            self.q("simpleChoice", self._line(o.text), identifier=_name(o), **({"fixed": True} if o.pinned else {}))
            for o in options
        ]
        most = 0 if several else 1
        asked = self.q("choiceInteraction", *choices, responseIdentifier=_RESPONSE, shuffle=True, maxChoices=most)
        return [declared], [stem, asked]

    def _ordering(self, stem: Xml) -> tuple[list[Xml], list[Xml]]:
        self.cardinality = "ordered"
        entries = self.question.entries
        declared = self._declared("identifier", [_name(entry) for entry in entries])
        choices = [self.q("simpleChoice", self._line(entry.text), identifier=_name(entry)) for entry in entries]
        return [declared], [stem, self.q("orderInteraction", *choices, responseIdentifier=_RESPONSE, shuffle=True)]

    def _matching(self, stem: Xml) -> tuple[list[Xml], list[Xml]]:
        self.cardinality = "multiple"
        pairs = self.question.pairs
        full = [pair for pair in pairs if pair.left]
        values = [f"option-{pair.uid} right-{pair.uid}" for pair in full]
        declared = self._declared("directedPair", values, worth=round(1 / len(full), 4))
        lefts = [self._side(f"option-{pair.uid}", self._line(pair.left)) for pair in full]
        rights = [self._side(f"{'right' if p.left else 'option'}-{p.uid}", tag("span", p.right)) for p in pairs]
        sets = (self.q("simpleMatchSet", *lefts), self.q("simpleMatchSet", *rights))
        return [declared], [
            stem,
            self.q("matchInteraction", *sets, responseIdentifier=_RESPONSE, shuffle=True, maxAssociations=len(full)),
        ]

    def _side(self, name: str, text: Xml) -> Xml:
        return self.q("simpleAssociableChoice", text, identifier=name, matchMax=1)

    def _typed(self) -> Xml:
        number = self.question.number
        if self.question.kind == "text" or number is None:
            return self._declared("string", self.question.accepted, worth=1, caseSensitive=False)
        if number.unit:
            self.losses.add(leaving.UNIT, unit=number.unit)
        return self._declared("float", [number.value])

    def _gaps(self) -> tuple[list[Xml], list[Xml]]:
        pieces = leaving.pieces_of(self.question)
        gaps = [piece for piece in pieces if isinstance(piece, Gap)]
        mark = making.gap_mark(0)
        html = xhtml("".join(mark if isinstance(piece, Gap) else piece for piece in pieces), self.losses).text
        declared = []
        for number, gap in enumerate(gaps, start=1):
            name = f"{_RESPONSE}{number}"
            html = html.replace(mark, self._gap(gap, name).text, 1)
            values = [f"choice-{name}-1"] if gap.choices else gap.accepted
            spelt = {} if gap.choices else {"caseSensitive": False}
            base_type = "identifier" if gap.choices else "string"
            declared.append(self._declared(base_type, values, name, round(1 / len(gaps), 4), **spelt))
        return declared, [Xml(html)]

    def _gap(self, gap: Gap, name: str) -> Xml:
        if not gap.choices:
            return self.q("textEntryInteraction", responseIdentifier=name, expectedLength=20)
        choices = [
            self.q("inlineChoice", choice, identifier=f"choice-{name}-{number}")
            for number, choice in enumerate(gap.choices, start=1)
        ]
        return self.q("inlineChoiceInteraction", *choices, responseIdentifier=name, shuffle=True)

    def _line(self, text: str) -> Xml:
        return xhtml(text, self.losses, line=True)

    def _outcomes(self) -> list[Xml]:
        q = self.q
        outcomes = [q("outcomeDeclaration", identifier=_SCORE, cardinality="single", baseType="float")]
        if any(option.why for option in self.question.options):
            outcomes.append(
                q("outcomeDeclaration", identifier=_FEEDBACK, cardinality=self.cardinality, baseType="identifier")
            )
        if self.question.why:
            default = q("defaultValue", q("value", "general"))
            outcomes.append(
                q("outcomeDeclaration", default, identifier=GENERAL, cardinality="single", baseType="identifier")
            )
        if self.question.hints:
            outcomes.append(q("outcomeDeclaration", identifier=HINT, cardinality="single", baseType="identifier"))
        return outcomes

    def _processing(self) -> Xml:
        """How a score comes about, and that what is said about a choice is shown."""
        q, question = self.q, self.question
        steps = []
        if question.kind in ("text", "matching") or self._any_will_do():
            steps.append(q("setOutcomeValue", q("mapResponse", identifier=_RESPONSE), identifier=_SCORE))
        elif question.kind == "cloze":
            parts = [q("mapResponse", identifier=f"{_RESPONSE}{n}") for n in range(1, len(question.gaps) + 1)]
            steps.append(q("setOutcomeValue", q("sum", *parts), identifier=_SCORE))
        elif question.kind != "reflection":
            steps.append(self._all_or_nothing())
        if any(option.why for option in question.options):
            steps.append(q("setOutcomeValue", q("variable", identifier=_RESPONSE), identifier=_FEEDBACK))
        return q("responseProcessing", *steps)

    def _any_will_do(self) -> bool:
        """Whether there are several right options to choose one of."""
        return self.question.kind == "single" and len(leaving.right_options(self.question)) > 1

    def _all_or_nothing(self) -> Xml:
        q = self.q
        sides = (q("variable", identifier=_RESPONSE), q("correct", identifier=_RESPONSE))
        slack = self.question.number.tolerance or "0" if self.question.number else ""
        within = q("equal", *sides, toleranceMode="absolute", tolerance=f"{slack} {slack}")
        fits = within if slack else q("match", *sides)
        full = q("setOutcomeValue", q("baseValue", "1", baseType="float"), identifier=_SCORE)
        return q("responseCondition", q("responseIf", fits, full))

    def _model(self) -> list[Xml]:
        return (
            [self.q("rubricBlock", xhtml(self.question.model, self.losses), view="scorer")]
            if self.question.model
            else []
        )

    def _feedback(self) -> list[Xml]:
        question = self.question
        said = [(_FEEDBACK, _name(option), option.why) for option in question.options if option.why]
        said += [(GENERAL, "general", question.why)] if question.why else []
        said += [(HINT, f"hint-{number}", hint) for number, hint in enumerate(question.hints, start=1)]
        return [
            self.q(
                "modalFeedback",
                self._said(text),
                outcomeIdentifier=outcome,
                identifier=name,
                showHide="show",
            )
            for outcome, name, text in said
        ]

    def _said(self, text: str) -> Xml:
        html = xhtml(text, self.losses)
        return self.q("contentBody", html) if self.namespace == QTI30.namespace else html


def _name(part: Option | Entry) -> str:
    return f"option-{part.uid}"
