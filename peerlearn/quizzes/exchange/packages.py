"""Content packages: a zip archive with a manifest that lists its files."""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import unquote

from peerlearn.quizzes.exchange.bounds import Package, is_package
from peerlearn.quizzes.exchange.report import Refused
from peerlearn.quizzes.exchange.xmltree import Node, read_xml
from peerlearn.quizzes.exchange.xmlwriting import Xml, document, tag

MANIFEST = "imsmanifest.xml"
_THEN = (1980, 1, 1, 0, 0, 0)  # the same questions make the same bytes


def documents(data: bytes) -> Iterator[Node]:
    """The XML files of a package in the order in which they are asked, or the one XML file it is."""
    if not is_package(data):
        yield read_xml(data)
        return
    package = Package(data)
    for name in _in_order(package):
        yield read_xml(package.read(name))


def beginning_of(data: bytes) -> bytes:
    """Enough of a file, or of a package's manifest and first files, to see what it holds."""
    if not is_package(data):
        return data[:8192]
    try:
        package = Package(data)
        return b"".join(package.read(name)[:8192] for name in _xml_names(package)[:4])
    except Refused:
        return b""


def _xml_names(package: Package) -> list[str]:
    """The XML files, the manifest first. Blackboard calls them `.dat`, and only some of those hold questions."""
    names = [
        name
        for name in package.names
        if name.lower().endswith(".xml")
        or (name.lower().endswith(".dat") and b"<questestinterop" in package.read(name)[:4096])
    ]
    return sorted(names, key=lambda name: not name.lower().endswith(MANIFEST))


def _in_order(package: Package) -> list[str]:
    names = _xml_names(package)
    listed: list[str] = []
    for name in names:
        head = package.read(name)[:4096] if not name.lower().endswith(MANIFEST) else b"<manifest"
        if any(mark in head for mark in (b"<manifest", b"<assessmentTest", b"<qti-assessment-test")):
            found = [
                _resolved(name, node.get("href") or node.get("file"))
                for node in _references(read_xml(package.read(name)))
            ]
            listed = listed + found if b"<manifest" in head else found + listed
    known = set(names)
    return list(dict.fromkeys([name for name in listed if name in known] + names))


def _references(root: Node) -> Iterator[Node]:
    return root.below("assessmentitemref", "resource", "file")


def _resolved(name: str, href: str) -> str:
    """The name a reference means, as it would be spelled in the archive."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(name), unquote(href[:500])))


def zipped(files: Mapping[str, bytes]) -> bytes:
    """An archive of these files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            member = zipfile.ZipInfo(name, _THEN)
            member.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(member, data)
    return out.getvalue()


def manifest(namespace: str, schema: str, version: str, resources: Sequence[tuple[str, str, Sequence[str]]]) -> bytes:
    """The list of a package's resources: the type, the file, and what it needs besides, of each."""
    listed = [
        tag(
            "resource",
            tag("file", href=href),
            *(tag("dependency", identifierref=_identifier(other)) for other in needs),
            identifier=_identifier(href),
            type=kind,
            href=href,
        )
        for kind, href, needs in resources
    ]
    about = tag("metadata", tag("schema", schema), tag("schemaversion", version))
    body: tuple[Xml, ...] = (about, tag("organizations"), tag("resources", *listed))
    return document(tag("manifest", *body, identifier="manifest", xmlns=namespace))


def _identifier(href: str) -> str:
    return "r-" + "".join(sign if sign.isalnum() else "-" for sign in href)
