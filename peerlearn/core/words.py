"""Marking words for translation where Flask may not be imported (rules, events, question kinds)."""


def N_(text: str) -> str:
    """The same text, seen by the message extractor; it is translated where it is shown."""
    return text
