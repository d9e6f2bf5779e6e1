"""QTI 1.2 into questions of ours: as Canvas and Blackboard write it, and as older systems do."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from html import escape

from peerlearn.core.words import N_
from peerlearn.quizzes.exchange import foreigntext as texts
from peerlearn.quizzes.exchange import making, qti1_blackboard
from peerlearn.quizzes.exchange.foreigntext import Foreign
from peerlearn.quizzes.exchange.making import Candidate
from peerlearn.quizzes.exchange.qti1_scoring import Scoring
from peerlearn.quizzes.exchange.report import LeftOut, Losses
from peerlearn.quizzes.exchange.xmltree import Node
from peerlearn.quizzes.question import Entry, Gap, Pair, Question, Reply

TEXT_ONLY = N_("It is a text without a question. Put its text on a card of the lesson.")
UPLOAD = N_("Files cannot be handed in here. Ask for an answer in words.")
ON_PICTURE = N_("A question about places on a picture cannot be read from this format. Write it anew in the editor.")
CALCULATED = N_("Questions that calculate with chance numbers cannot be asked here. Write one with fixed numbers.")
WHOLE = N_("What was said about right or wrong answers as a whole was left out.")
UNKNOWN = N_("It asks in a way that is not known here. Ask the same in another way.")

LABELS, ORIGIN = "peerlearn_labels", "peerlearn_id"
_REFUSED = {
    "text_only_question": TEXT_ONLY,
    "file_upload_question": UPLOAD,
    "calculated_question": CALCULATED,
    "hot_spot_question": ON_PICTURE,
}
_RESPONSES = ("response_lid", "response_str", "response_num", "response_grp", "response_xy")
_ID = re.compile(r"option-([a-z0-9]{1,4})")


def items_in(root: Node) -> Iterator[Node]:
    """The items of a file."""
    return root.below("item")


def title_of(item: Node) -> str:
    """How the question begins; the titles of items are often the same for all."""
    return _Item(item, Losses()).title()


def question_of(item: Node, losses: Losses) -> Question:
    """One question. Raises LeftOut."""
    return _Item(item, losses).question()


@dataclass
class _Item:
    """One item while it is read."""

    node: Node
    losses: Losses
    used: set[str] = field(default_factory=set)

    @cached_property
    def meta(self) -> dict[str, str]:
        """What the item says about itself."""
        found = {}
        for about in self.node.below("qtimetadatafield"):
            label, entry = about.child("fieldlabel"), about.child("fieldentry")
            if label is not None and entry is not None:
                found[label.text().strip().lower()] = entry.text().strip()
        if (node := self.node.first("qmd_itemtype")) is not None:
            found.setdefault("question_type", node.text().strip().lower().replace(" ", "_"))
        if (named := qti1_blackboard.kind_of(self.node)) is not None:
            found["question_type"] = named
        return found

    @cached_property
    def scoring(self) -> Scoring:
        """Which answers earn how much, and what is said about them."""
        return Scoring.of(self.node)

    @cached_property
    def responses(self) -> list[Node]:
        """The parts in which an answer is given."""
        presentation = self.node.child("presentation")
        return list(presentation.below(*_RESPONSES)) if presentation else []

    @cached_property
    def asks(self) -> Node | None:
        """The part that asks."""
        return qti1_blackboard.question_block(self.node.child("presentation"))

    def title(self) -> str:
        html = "".join(self._materials(self.asks))
        return texts.words(Foreign(html[:1000], texts.HTML), Losses()) or self.node.get("title")

    def question(self) -> Question:
        kind = self.meta.get("question_type", "").lower()
        if kind in _REFUSED:
            raise LeftOut(_REFUSED[kind])
        if not self.responses:
            raise LeftOut(TEXT_ONLY)
        question = self._read(kind)
        if question.kind == "reflection":
            question = replace(question, model=self.general(texts.block))
        elif not question.why:
            question = replace(question, why=self.general(texts.paragraph))
        if any(node.text().strip() and node.get("ident") not in self.used for node in self.node.nodes("itemfeedback")):
            self.losses.add(WHOLE)
        labels = self.meta.get(LABELS, "").split()
        return making.labelled(replace(question, uid=self.meta.get(ORIGIN, "")), labels)

    def _read(self, kind: str) -> Question:
        first = self.responses[0]
        if kind in ("multiple_dropdowns_question", "fill_in_multiple_blanks_question"):
            return self.named_gaps(chosen=kind == "multiple_dropdowns_question")
        if first.name == "response_grp":
            return self.groups()
        if first.name == "response_xy":
            raise LeftOut(ON_PICTURE)
        if first.name in ("response_str", "response_num"):
            return self.typed(kind)
        if first.get("rcardinality").lower() == "ordered" or "ims_o" in kind:
            return self.ordered(first)
        if sides := qti1_blackboard.sides(self.node.child("presentation")):
            return self.sides(*sides)
        return self.matching() if len(self.responses) > 1 else self.choice(first)

    # texts

    def stem(self) -> str:
        html = "".join(self._materials(self.asks))
        return texts.block(Foreign(html, texts.HTML), self.losses)

    def _materials(self, node: Node | None) -> Iterator[str]:
        """The texts that stand outside the answer parts, as HTML; a mark for each part that is typed in a text."""
        for child in node.nodes() if node else ():
            if child.name == "material":
                yield material(child)
            elif child.name in _RESPONSES:
                yield from self._inside(child)
            else:
                yield from self._materials(child)

    def _inside(self, response: Node) -> Iterator[str]:
        if len(self.responses) > 1 and response.name in ("response_str", "response_num"):
            yield making.gap_mark(min(200, self.responses.index(response)))

    def general(self, form: Callable[[Foreign, Losses], str]) -> str:
        names = dict.fromkeys(["general_fb", *self.scoring.general, "solution"])
        return next((text for name in names if (text := self.said(name, form))), "")

    def said(self, ident: str, form: Callable[[Foreign, Losses], str]) -> str:
        """A feedback of the item."""
        for node in self.node.nodes("itemfeedback"):
            if node.get("ident") == ident:
                self.used.add(ident)
                html = "".join(material(part) for part in node.below("material"))
                return form(Foreign(html, texts.HTML), self.losses)
        return ""

    def label(self, node: Node, form: Callable[[Foreign, Losses], str] = texts.line) -> str:
        """The text of an answer."""
        html = "".join(material(part) for part in node.below("material"))
        return form(Foreign(html, texts.HTML), self.losses)

    # kinds

    def choice(self, response: Node) -> Question:
        name = response.get("ident")
        reads = qti1_blackboard.word if self.meta.get("question_type") == qti1_blackboard.EITHER_OR else str
        answers = [
            Candidate(
                reads(self.label(label)),
                self.scoring.share(name, label.get("ident")),
                self.why_of(name, label.get("ident")),
                own_id(label.get("ident")),
            )
            for label in response.below("response_label")
        ]
        several = response.get("rcardinality").lower() == "multiple"
        return making.choice(self.stem(), answers, self.losses, several=several)

    def why_of(self, response: str, value: str) -> str:
        names = (value, self.scoring.said.get((response, value), f"{value}_fb"))
        return next((text for name in names if (text := self.said(name, texts.block))), "")

    def ordered(self, response: Node) -> Question:
        labels = {label.get("ident"): label for label in response.below("response_label")}
        order = [value for value in self.scoring.values(response.get("ident")) if value in labels]
        if len(set(order)) < len(labels):
            order = list(labels)
            self.losses.add(making.NO_KEY)
        entries = [Entry(self.label(labels[value]), own_id(value)) for value in dict.fromkeys(order)]
        return making.ordering(self.stem(), entries, self.losses)

    def typed(self, kind: str) -> Question:
        first = self.responses[0]
        name = first.get("ident")
        fib = first.first("render_fib")
        is_number = first.name == "response_num" or kind == "numerical_question"
        is_number = is_number or (fib is not None and fib.get("fibtype").lower() in ("decimal", "integer"))
        if len(self.responses) > 1:
            return self.inline_gaps()
        if is_number:
            value, tolerance = self.scoring.number(name)
            return making.numeric(self.stem(), value, tolerance, "", self.losses)
        forms = [value for value in self.scoring.values(name) if value]
        if kind == "essay_question" or not forms:
            return Question("reflection", self.stem())
        linked = ((form, self.scoring.said.get((name, form), "")) for form in forms)
        told = [Reply(form, self.said(ident, texts.block)) for form, ident in linked]
        question = making.typed(self.stem(), forms, self.losses)
        return making.replied(question, told, self.losses, self.general(texts.paragraph))

    def inline_gaps(self) -> Question:
        gaps = [Gap(accepted=tuple(self.scoring.values(response.get("ident")))) for response in self.responses]
        return making.cloze(self.stem(), gaps, self.losses)

    def named_gaps(self, *, chosen: bool) -> Question:
        """A text in which `[name]` stands for each gap."""
        gaps: list[Gap] = []
        places: dict[str, str] = {}
        for response in self.responses:
            labels = {label.get("ident"): self.label(label, texts.words) for label in response.below("response_label")}
            right = [labels[v] for v in self.scoring.values(response.get("ident")) if v in labels]
            if chosen:
                gap = Gap(choices=(*right[:1], *(text for text in labels.values() if text not in right[:1])))
            else:
                gap = Gap(accepted=tuple(right or labels.values() or self.scoring.values(response.get("ident"))))
            named = response.child("material")
            name = texts.words(Foreign(material(named), texts.HTML), Losses()) if named else ""
            places[name or response.get("ident").removeprefix("response_")] = making.gap_mark(len(gaps))
            gaps.append(gap)
        html = making.without_marks("".join(self._materials(self.asks)))
        for name, mark in places.items():
            html = html.replace(f"[{name}]", mark, 1) if len(gaps) < 100 else html
        return making.cloze(texts.block(Foreign(html, texts.HTML), self.losses), gaps, self.losses)

    def matching(self) -> Question:
        pairs, used = [], set()
        labels: dict[str, str] = {}
        for response in self.responses:
            here = {label.get("ident"): self.label(label, texts.words) for label in response.below("response_label")}
            labels |= here
            right = next((v for v in self.scoring.values(response.get("ident")) if v in here), "")
            used.add(labels.get(right, ""))
            pairs.append(Pair(self.label(_only_materials(response)), here.get(right, "")))
        decoys = [Pair("", text) for text in dict.fromkeys(labels.values()) if text not in used]
        return self._paired([*pairs, *decoys])

    def sides(self, lefts: Sequence[tuple[Node, Node]], rights: Sequence[Node]) -> Question:
        """A matching whose right sides stand in a block of their own, in the order of the labels of each left one."""
        words = [self.label(right, texts.words) for right in rights]
        pairs = []
        for left, response in lefts:
            places = {label.get("ident"): place for place, label in enumerate(response.below("response_label"))}
            right = next((places[v] for v in self.scoring.values(response.get("ident")) if v in places), len(words))
            pairs.append(Pair(self.label(_only_materials(left)), words[right] if right < len(words) else ""))
        used = {pair.right for pair in pairs}
        return self._paired([*pairs, *(Pair("", text) for text in words if text not in used)])

    def groups(self) -> Question:
        """Classic matching: some labels of a group may be matched to others."""
        group = self.responses[0]
        labels = {label.get("ident"): label for label in group.below("response_label")}
        lefts = [ident for ident, label in labels.items() if label.get("match_group")]
        right_of = self.scoring.pairs(group.get("ident"), lefts)
        rights = {ident: self.label(label, texts.words) for ident, label in labels.items() if ident not in lefts}
        pairs = [Pair(self.label(labels[left]), rights.get(right_of.get(left, ""), "")) for left in lefts]
        used = {pair.right for pair in pairs}
        return self._paired([*pairs, *(Pair("", text) for text in rights.values() if text not in used)])

    def _paired(self, pairs: Sequence[Pair]) -> Question:
        if any(pair.left and not pair.right for pair in pairs):
            self.losses.add(making.NO_KEY)
        places = [str(place) for place in range(1, len(pairs) + 1)]
        if "ordering" in self.meta.get(LABELS, "").split() and [pair.right for pair in pairs] == places:
            return making.ordering(self.stem(), [Entry(pair.left) for pair in pairs], self.losses)
        return making.matching(self.stem(), pairs, self.losses)


def material(node: Node) -> str:
    """The text of a material as HTML."""
    out = []
    for part in node.below():
        if part.name in ("mattext", "matemtext"):
            is_html = "html" in part.get("texttype").lower() or bool(part.nodes())
            out.append(_markup(part) if is_html else escape(part.text(), quote=False))
        elif part.name == "mat_formattedtext":
            out.append(escape(part.text(), quote=False) if "plain" in part.get("type").lower() else _markup(part))
        elif part.name == "matbreak":
            out.append("<br>")
        elif part.name in ("matimage", "matvideo", "mataudio", "matapplet", "matapplication"):
            out.append(f'<img alt="{escape(part.get("label"))}">')
    return "".join(out)


def _markup(node: Node) -> str:
    """What is inside an element as HTML: escaped markup as it is, and elements that stand there openly."""
    parts = []
    for child in node.children:
        if isinstance(child, str):
            parts.append(child)
        else:
            attrs = "".join(f' {name}="{escape(value)}"' for name, value in child.attrs.items())
            parts.append(f"<{child.name}{attrs}>{_markup(child)}</{child.name}>")
    return "".join(parts)


def _only_materials(response: Node) -> Node:
    """A response without the answers to choose from: what is asked in it."""
    return Node("", {}, [child for child in response.nodes() if not child.name.startswith(("render", "response"))])


def own_id(ident: str) -> str:
    """The id that we gave an answer when it was written, if it was."""
    found = _ID.fullmatch(ident)
    return found[1] if found else ""
