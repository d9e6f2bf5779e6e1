"""The addresses that a lesson cites, each in one form, so that two spellings of one address are one source.

They are read from the text alone: from its sources, its cards and its explanations, not from code. Nothing is fetched.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from urllib.parse import SplitResult, urlsplit

from peerlearn.lessons.inspection import CODE_SPAN, outside_fences

MOST = 100  # addresses of one lesson that are kept
LONGEST = 1_000  # letters of an address; what is longer leads to a search or a session, not to a document
SHOWN = 80
_PORTS = {"http": 80, "https": 443}
_FOUND = re.compile(r"https?://[^\s\x00-\x1f\x7f<>\"`\\|\[\]{}]{1,2000}", re.IGNORECASE)
_AFTER = ".,;:!?'*_~"  # what follows an address in a sentence and is no part of it


def cited(source: str) -> tuple[str, ...]:
    """The addresses that the text of a lesson cites, each once, in the order in which they stand there."""
    found = (
        normal(_without_end(one[0]))
        for _, line in outside_fences(source.split("\n"))
        for one in _FOUND.finditer(CODE_SPAN.sub("", line))
    )
    return tuple(dict.fromkeys(filter(None, found)))[:MOST]


def normal(address: str) -> str:
    """An address in the form in which addresses are compared; empty when it names nothing on the web.

    Scheme and host are small, the usual port, a name before the host and what follows # are left away.
    """
    try:
        parts = urlsplit(address.strip())
        host = _host_of(parts)
    except ValueError:
        return ""
    if parts.scheme not in _PORTS or not host:
        return ""
    query = f"?{parts.query}" if parts.query else ""
    whole = f"{parts.scheme}://{host}{parts.path or '/'}{query}"
    return whole if len(whole) <= LONGEST and whole.isprintable() and " " not in whole else ""


def key_of(link: str) -> str:
    """A short name of an address, by which it is looked up and which may stand in an address of ours."""
    return hashlib.blake2b(link.encode("utf-8", "replace"), digest_size=12).hexdigest()


def keys_of(links: Sequence[str]) -> dict[str, str]:
    """Addresses by their short names."""
    return {key_of(link): link for link in links}


def short(link: str) -> str:
    """An address as it stands in a sentence: shortened where it is long."""
    return link if len(link) <= SHOWN else f"{link[: SHOWN - 1]}…"


def _host_of(parts: SplitResult) -> str:
    host = (parts.hostname or "").rstrip(".")
    if ":" in host:
        host = f"[{host}]"
    port = parts.port
    return host if not host or port in (None, _PORTS.get(parts.scheme)) else f"{host}:{port}"


def _without_end(address: str) -> str:
    """An address as it stands in a sentence, without the signs after it: a bracket stays that was opened within."""
    while True:
        shorter = address.rstrip(_AFTER)
        if shorter.endswith(")") and shorter.count(")") > shorter.count("("):
            shorter = shorter[:-1]
        if shorter == address:
            return address
        address = shorter
