"""What we write as QTI 2.1 and 3.0 keeps to the information model of the standard, whatever is in the questions.

The schemas of the consortium are not ours to ship, so its rules stand here as we read them; test systems refuse or
misread what breaks them.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings

from peerlearn.quizzes.exchange.registry import write
from peerlearn.quizzes.exchange.xmltree import Node, read_xml
from peerlearn.quizzes.question import Question
from tests.quizzes.exchange.sound import ANY_LINE, ANY_TEXT, RICH_LINE, RICH_TEXT, sound
from tests.quizzes.questions import EXAMPLES

VERSIONS = {"qti21": ("QTIv2.1 Package", "1.0.0"), "qti30": ("QTI Package", "3.0.0")}
ORDER = ("responsedeclaration", "outcomedeclaration", "itembody", "responseprocessing", "modalfeedback")
REQUIRED = {
    "assessmentitem": {"identifier", "title", "adaptive", "timedependent"},
    "responsedeclaration": {"identifier", "cardinality", "basetype"},
    "outcomedeclaration": {"identifier", "cardinality", "basetype"},
    "choiceinteraction": {"responseidentifier", "shuffle", "maxchoices"},
    "orderinteraction": {"responseidentifier", "shuffle"},
    "matchinteraction": {"responseidentifier", "shuffle", "maxassociations"},
    "inlinechoiceinteraction": {"responseidentifier", "shuffle"},
    "textentryinteraction": {"responseidentifier"},
    "extendedtextinteraction": {"responseidentifier"},
    "simplechoice": {"identifier"},
    "inlinechoice": {"identifier"},
    "simpleassociablechoice": {"identifier", "matchmax"},
    "modalfeedback": {"identifier", "outcomeidentifier", "showhide"},
    "mapping": {"defaultvalue"},
    "mapentry": {"mapkey", "mappedvalue"},
    "equal": {"tolerancemode"},
}
BLOCKS = set("p ul ol pre blockquote table div hr h1 h2 h3 h4 h5 h6 dl".split())
BLOCKS |= {"choiceinteraction", "orderinteraction", "matchinteraction", "extendedtextinteraction", "rubricblock"}
CHOICES = ("simplechoice", "simpleassociablechoice", "inlinechoice")
NAME = re.compile(r"[A-Za-z_][\w.-]*")
ANYTHING = settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])


def files_of(questions: list[Question], slug: str) -> dict[str, Node]:
    """The XML files of a package."""
    with zipfile.ZipFile(io.BytesIO(write(questions, slug, "Fire: a drill").data)) as archive:
        return {name: read_xml(archive.read(name)) for name in archive.namelist()}


def faults(item: Node) -> Iterator[str]:
    """What in an item is not as the standard wants it."""
    names = [node.name for node in item.nodes()]
    if set(names) - set(ORDER) or names != sorted(names, key=ORDER.index):
        yield f"parts in no order of the standard: {names}"
    for node in (item, *item.below()):
        if missing := REQUIRED.get(node.name, set()) - set(node.attrs):
            yield f"{node.name} without {missing}"
        if "identifier" in node.attrs and not NAME.fullmatch(node.get("identifier")):
            yield f"no identifier: {node.get('identifier')}"
    body = item.child("itembody")
    assert body is not None
    if any(isinstance(child, str) and child.strip() for child in body.children):
        yield "bare text in the body"
    if wrong := {node.name for node in body.nodes()} - BLOCKS:
        yield f"not a block in the body: {wrong}"
    yield from _of_responses(item, body)
    yield from _of_outcomes(item)


def _of_responses(item: Node, body: Node) -> Iterator[str]:
    asked = {node.get("responseidentifier"): node for node in body.below() if node.name.endswith("interaction")}
    declared = {node.get("identifier"): node for node in item.nodes("responsedeclaration")}
    if asked.keys() != declared.keys():
        yield f"asked {set(asked)}, declared {set(declared)}"
        return
    for name, response in declared.items():
        correct = response.child("correctresponse")
        values = [value.text() for value in correct.nodes("value")] if correct else []
        if response.get("cardinality") == "single" and len(values) > 1:
            yield f"{len(values)} right values of a single one"
        choices = [node.get("identifier") for node in asked[name].below(*CHOICES)]
        if len(choices) != len(set(choices)):
            yield "two choices of one name"
        if response.get("basetype") in ("identifier", "directedPair"):
            keys = [*values, *(entry.get("mapkey") for entry in response.below("mapentry"))]
            if unknown := {part for key in keys for part in key.split()} - set(choices):
                yield f"keys that are no choice: {unknown}"
        if response.get("cardinality") == "ordered" and sorted(values) != sorted(choices):
            yield "an order of some steps only"


def _of_outcomes(item: Node) -> Iterator[str]:
    known = {node.get("identifier") for node in item.nodes("responsedeclaration", "outcomedeclaration")}
    processing = item.child("responseprocessing")
    named = {node.get("outcomeidentifier") for node in item.nodes("modalfeedback")}
    for node in processing.below("variable", "correct", "mapresponse", "setoutcomevalue") if processing else ():
        named.add(node.get("identifier"))
    if named - known:
        yield f"used and not declared: {named - known}"


@pytest.mark.parametrize("slug", VERSIONS)
def test_a_package_is_as_the_standard_has_it(slug: str) -> None:
    files = files_of(list(EXAMPLES.values()), slug)
    manifest, test = files["imsmanifest.xml"], files["quiz.xml"]
    about = [manifest.first(name) for name in ("schema", "schemaversion")]
    assert tuple(node.text() for node in about if node) == VERSIONS[slug]
    resources = list(manifest.below("resource"))
    named = {node.get("identifier") for node in resources}
    assert len(named) == len(resources)
    assert {node.get("identifierref") for node in manifest.below("dependency")} <= named
    hrefs = {node.get("href") for node in resources}
    assert hrefs == {node.get("href") for node in manifest.below("file")} == set(files) - {"imsmanifest.xml"}
    assert {node.get("href") for node in test.below("assessmentitemref")} == hrefs - {"quiz.xml"}
    items = [node for name, node in files.items() if name.startswith("items/")]
    assert len({item.get("identifier") for item in items}) == len(EXAMPLES)
    assert [fault for item in items for fault in faults(item)] == []


@pytest.mark.parametrize("slug", VERSIONS)
@given(question=sound(ANY_LINE, ANY_TEXT) | sound(RICH_LINE, RICH_TEXT))
@ANYTHING
def test_any_question_is_as_the_standard_has_it(slug: str, question: Question) -> None:
    files = files_of([question], slug)
    assert list(faults(files["items/item-001.xml"])) == []
