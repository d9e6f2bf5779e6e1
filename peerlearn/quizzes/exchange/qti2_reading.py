"""QTI 2.0 to 3.0 into questions of ours."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from peerlearn.core.words import N_
from peerlearn.quizzes.exchange import making
from peerlearn.quizzes.exchange.htmltext import BREAK, markdown_of, plain_of
from peerlearn.quizzes.exchange.making import Candidate
from peerlearn.quizzes.exchange.qti2_places import area_of, picture_size
from peerlearn.quizzes.exchange.qti2_scoring import Response, responses_of, tolerance_of
from peerlearn.quizzes.exchange.qti2_texts import (
    OUTSIDE,
    around,
    own_id,
    trimmed,
    with_words,
    without_feedback,
    without_interactions,
)
from peerlearn.quizzes.exchange.report import LeftOut, Losses
from peerlearn.quizzes.exchange.xmltree import Node
from peerlearn.quizzes.question import Entry, Gap, Pair, Question

NO_INTERACTION = N_("It is a text without a question. Put its text on a card of the lesson.")
MANY = N_("It asks several questions at once. Split it into one question each.")
UNKNOWN = N_("It asks in a way that is not known here (“%(kind)s”). Ask the same in another way.")
UPLOAD = N_("Files cannot be handed in here. Ask for an answer in words.")
WHOLE = N_("Of several explanations of the whole question the first came along.")
NO_PICTURE = N_("The picture did not come along. Put it into the question in the editor, then check the places on it.")
SHAPES = N_("Places that are round or crooked became the rectangles around them.")
TWICE = N_("What had several partners has the first of them now.")

NOT_ASKED = ("endattemptinteraction", "mediainteraction", "portablecustominteraction")  # the last is how one is run
INLINE = ("textentryinteraction", "inlinechoiceinteraction")
HINT, GENERAL = "HINT", "GENERAL"
_ITEM_ID = re.compile(r"question-([a-z0-9]{5,12})")
_WORD = re.compile(r"\w")


def title_of(item: Node) -> str:
    """How the question begins, or its title."""
    body = item.child("itembody")
    text = markdown_of(body, Losses(), without_interactions) if body else ""
    return text[:1000] or item.get("title")


def question_of(item: Node, losses: Losses) -> Question:
    """One question. Raises LeftOut."""
    return _Item(item, losses).question()


@dataclass
class _Item:
    """One item while it is read."""

    node: Node
    losses: Losses

    @cached_property
    def body(self) -> Node:
        return self.node.child("itembody") or Node("itembody")

    @cached_property
    def interactions(self) -> list[Node]:
        return [node for node in self.body.below() if node.name.endswith("interaction")]

    @cached_property
    def responses(self) -> dict[str, Response]:
        return responses_of(self.node)

    @property
    def labels(self) -> list[str]:
        return self.node.get("label").split()

    def question(self) -> Question:
        asked = [node for node in self.interactions if node.name not in NOT_ASKED]
        if not asked:
            raise LeftOut(NO_INTERACTION)
        if all(node.name in INLINE for node in asked):
            question = self.inline(asked)
        elif len(asked) > 1:
            raise LeftOut(MANY)
        else:
            question = self.block(asked[0])
        hints = [self.text(node) for node in self.node.nodes("modalfeedback") if node.get("outcomeidentifier") == HINT]
        question = making.hinted(question, hints, self.losses)
        found = _ITEM_ID.fullmatch(self.node.get("identifier"))
        why = question.why or self.general(question)
        return making.labelled(replace(question, uid=found[1] if found else "", why=why), self.labels)

    def block(self, node: Node) -> Question:
        read = _READERS.get(node.name)
        if node.name == "uploadinteraction":
            raise LeftOut(UPLOAD)
        if read is None:
            raise LeftOut(UNKNOWN, kind=node.name.removesuffix("interaction"))
        return read(self, node)

    # texts

    def stem(self, replaced: Callable[[Node], str | None] | None = None) -> str:
        """What is asked: the text of the body, and the prompt where it says something else."""
        text = markdown_of(self.body, self.losses, replaced or without_interactions).strip()
        for prompt in self.body.below("prompt"):
            said = markdown_of(prompt, self.losses)
            if said and said not in text:
                text = f"{text}\n\n{said}".strip()
        return text

    def text(self, node: Node) -> str:
        return markdown_of(node, self.losses, without_feedback)

    def line(self, node: Node) -> str:
        return " ".join(self.text(node).split("\n")).replace("  ", " ").strip()

    def words(self, node: Node) -> str:
        return plain_of(trimmed(node), self.losses)

    def why_of(self, choice: Node) -> str:
        """What is said about an answer: inside it, or in a feedback of its name."""
        inside = [self.text(node) for node in choice.nodes("feedbackinline", "feedbackblock")]
        named = [self.text(node) for node in self._feedback() if node.get("identifier") == choice.get("identifier")]
        return "\n\n".join(filter(None, inside)) or next(filter(None, named), "")

    def _feedback(self) -> list[Node]:
        return [node for node in self.node.nodes("modalfeedback") if node.get("outcomeidentifier") != HINT]

    def general(self, question: Question) -> str:
        """What is said about the question as a whole."""
        choices = {node.get("identifier") for node in self.body.below() if node.get("identifier")}
        spare = [node for node in self._feedback() if node.get("identifier") not in choices]
        spare.sort(key=lambda node: node.get("outcomeidentifier") != GENERAL)
        told = list(dict.fromkeys(filter(None, map(self.text, spare))))
        if len(told) > 1:
            self.losses.add(WHOLE)
        return told[0] if told else ""

    # kinds

    def response(self, node: Node) -> Response:
        return self.responses.get(node.get("responseidentifier")) or Response()

    def choice(self, node: Node) -> Question:
        response = self.response(node)
        shuffled = node.get("shuffle").lower() == "true"
        answers = [
            Candidate(
                self.line(option),
                response.share(option.get("identifier")),
                self.why_of(option),
                own_id(option),
                shuffled and option.get("fixed").lower() == "true",
            )
            for option in node.below("simplechoice", "hottext")
        ]
        keeps_text = with_words if node.name == "hottextinteraction" else None
        several = response.cardinality == "multiple" and node.get("maxchoices") != "1"
        return making.choice(self.stem(keeps_text), answers, self.losses, several=several)

    def ordering(self, node: Node) -> Question:
        options = {option.get("identifier"): option for option in node.below("simplechoice")}
        order = [value for value in self.response(node).correct if value in options]
        if len(set(order)) < len(options):
            self.losses.add(making.NO_KEY)
            order = [*order, *options]
        listed = [options[value] for value in dict.fromkeys(order)]
        entries = [Entry(self.line(option), own_id(option), self.why_of(option)) for option in listed]
        return making.ordering(self.stem(), entries, self.losses)

    def matching(self, node: Node) -> Question:
        sets = [part.nodes("simpleassociablechoice") for part in node.nodes("simplematchset")]
        lefts, rights = (sets[0], sets[1]) if len(sets) == 2 else ([], [])
        return self._paired(node, lefts, rights)

    def association(self, node: Node) -> Question:
        """Pairs among one list: the side that is named first is the left one."""
        choices = node.nodes("simpleassociablechoice")
        firsts = {pair.split()[0] for pair in self.response(node).best if pair.split()}
        lefts = [choice for choice in choices if choice.get("identifier") in firsts]
        return self._paired(node, lefts, [choice for choice in choices if choice not in lefts])

    def _paired(self, node: Node, lefts: Sequence[Node], rights: Sequence[Node]) -> Question:
        partner: dict[str, str] = {}
        for value in self.response(node).best:
            first, _, second = value.strip().partition(" ")
            if first in partner:
                self.losses.add(TWICE)
            partner.setdefault(first, second.strip())
        texts = {right.get("identifier"): self.words(right) for right in rights}
        pairs = [
            Pair(self.line(left), texts.get(partner.get(left.get("identifier"), ""), ""), own_id(left))
            for left in lefts
        ]
        if any(not pair.right for pair in pairs) or not pairs:
            self.losses.add(making.NO_KEY)
        used = set(partner.values())
        decoys = [Pair("", texts[r.get("identifier")], own_id(r)) for r in rights if r.get("identifier") not in used]
        return making.matching(self.stem(), [*pairs, *decoys], self.losses)

    def reflection(self, node: Node) -> Question:
        models = [self.text(part) for part in self.node.below("rubricblock") if "scorer" in part.get("view").lower()]
        model = next(filter(None, models), "")
        general = "" if model else self.general(Question("reflection", ""))
        return Question("reflection", self.stem(), model=model or general, why="")

    def hotspot(self, node: Node) -> Question:
        response = self.response(node)
        size = picture_size(node)
        places = list(node.below("hotspotchoice"))
        if any(place.get("shape").lower() not in ("rect", "default") for place in places):
            self.losses.add(SHAPES)
        self.losses.add(NO_PICTURE)
        answers = [
            Candidate(
                place.get("hotspotlabel") or place.get("label") or place.get("identifier"),
                response.share(place.get("identifier")),
                self.why_of(place),
                own_id(place),
                area=area_of(place, size),
            )
            for place in places
        ]
        question = making.choice(self.stem(), answers, self.losses, several=True)
        return replace(question, kind="hotspot")

    def gap_match(self, node: Node) -> Question:
        """Words to be dragged into gaps of a text: each gap may be any of the words."""
        words = {part.get("identifier"): self.words(part) for part in node.nodes("gaptext")}
        right = {place: word for word, _, place in (value.strip().partition(" ") for value in self.response(node).best)}
        gaps: list[Gap] = []

        def place(part: Node) -> str | None:
            if part.name == "gap":
                first = words.get(right.get(part.get("identifier"), ""), "")
                gaps.append(Gap(choices=(first, *(word for word in words.values() if word != first))))
                return making.gap_mark(len(gaps) - 1) if len(gaps) < 100 else ""
            return "" if part.name in ("gaptext", "gapimg") or part.name in OUTSIDE else None

        return making.cloze(markdown_of(self.body, self.losses, place), gaps, self.losses)

    def inline(self, asked: Sequence[Node]) -> Question:
        if len(asked) == 1 and asked[0].name == "textentryinteraction" and not self._is_gap(asked[0]):
            return self.typed(asked[0])
        gaps = [self.gap(node) for node in asked]
        places = {id(node): number for number, node in enumerate(asked[:100])}

        def place(part: Node) -> str | None:
            if part.name in INLINE:
                return making.gap_mark(places[id(part)]) if id(part) in places else ""
            return "" if part.name in OUTSIDE else None

        return making.cloze(markdown_of(self.body, self.losses, place), gaps, self.losses)

    def _is_gap(self, node: Node) -> bool:
        """Whether words follow the field in its line, or the item says that it is a text with gaps."""
        if self.response(node).is_number:
            return False
        if "cloze" in self.labels:
            return True
        parts = list(around(self.body, node))
        after = parts[parts.index(node) + 1 :] if node in parts else []
        words = "".join(part if isinstance(part, str) else BREAK for part in after).split(BREAK)[0]
        return bool(_WORD.search(words))

    def typed(self, node: Node) -> Question:
        response = self.response(node)
        if response.is_number:
            value = next(iter(response.best), "")
            return making.numeric(self.stem(), value, tolerance_of(self.node, value), "", self.losses)
        return making.typed(self.stem(), response.best, self.losses)

    def gap(self, node: Node) -> Gap:
        response = self.response(node)
        if node.name == "textentryinteraction":
            return Gap(accepted=tuple(response.best))
        texts = {choice.get("identifier"): self.words(choice) for choice in node.nodes("inlinechoice")}
        right = [texts[value] for value in response.best if value in texts][:1]
        if not right:
            self.losses.add(making.NO_KEY)
        return Gap(choices=(*right, *(text for text in texts.values() if text not in right)))


_READERS: dict[str, Callable[[_Item, Node], Question]] = {
    "choiceinteraction": _Item.choice,
    "hottextinteraction": _Item.choice,
    "orderinteraction": _Item.ordering,
    "matchinteraction": _Item.matching,
    "associateinteraction": _Item.association,
    "extendedtextinteraction": _Item.reflection,
    "hotspotinteraction": _Item.hotspot,
    "gapmatchinteraction": _Item.gap_match,
}
