"""Where links and pictures in users' text may lead."""

from __future__ import annotations

import html
import re
import unicodedata

_HIDDEN_IN_ADDRESS = frozenset({"Cc", "Cf", "Cs", "Zs", "Zl", "Zp"})
_FOREIGN = re.compile(r"https?://[^/?#]", re.IGNORECASE)
_RELATIVE_IMAGE = re.compile(r"(?:[\w-][\w.-]*/)*[\w-][\w.-]*\.(?:png|jpe?g|webp|gif)", re.ASCII | re.IGNORECASE)


def _address(value: str) -> str:
    """An address as a browser reads it; empty when spaces, backslashes or invisible signs hide in it."""
    address = html.unescape(value).strip(" \n")
    if "\\" in address or any(unicodedata.category(sign) in _HIDDEN_IN_ADDRESS for sign in address):
        return ""
    return address


def safe_address(value: str) -> bool:
    """Links may lead to a place on the page, a page of this site, the web, or a mailbox; nowhere else."""
    address = _address(value)
    if address.startswith("/"):
        return not address.startswith("//")
    return address.startswith("#") or bool(_FOREIGN.match(address)) or address[:7].lower() == "mailto:"


def safe_picture(value: str) -> bool:
    """Pictures come from our own store or from beside the text: a picture elsewhere would report who reads."""
    address = _address(value)
    if ".." in address or "%" in address:
        return False
    return address.startswith("/media/") or bool(_RELATIVE_IMAGE.fullmatch(address))


def is_foreign(value: str) -> bool:
    """Whether a link leaves this site for the web."""
    return bool(_FOREIGN.match(_address(value)))
