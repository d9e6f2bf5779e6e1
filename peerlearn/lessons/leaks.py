"""Keys and passwords that slipped into a lesson: a short list of patterns that hardly ever mean anything else."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from peerlearn.core.words import N_
from peerlearn.lessons.inspection import Found, Subject, rule, say

SECRETS = tuple(
    (name, re.compile(pattern))
    for name, pattern in (
        (N_("a private key"), r"-----BEGIN (?:[A-Z]+ ){0,3}PRIVATE KEY"),
        (N_("an AWS access key"), r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"),
        (N_("a GitHub token"), r"\b(?:gh[pousr]_[A-Za-z0-9]{36,255}|github_pat_[A-Za-z0-9_]{40,255})"),
        (N_("a GitLab token"), r"\bgl(?:pat|dt|rt|ptt)-[A-Za-z0-9_-]{20,64}"),
        (N_("a Slack token"), r"\bxox[abeoprs]-[A-Za-z0-9-]{20,200}"),
        (N_("a Slack webhook"), r"hooks\.slack\.com/services/T[A-Z0-9]{6,12}/B[A-Z0-9]{6,12}/[A-Za-z0-9]{20,30}"),
        (N_("a Google API key"), r"\bAIza[0-9A-Za-z_-]{35}\b"),
        (N_("a Stripe key"), r"\b(?:sk|rk)_live_[0-9A-Za-z]{20,120}"),
        (N_("a SendGrid key"), r"\bSG\.[A-Za-z0-9_-]{20,24}\.[A-Za-z0-9_-]{39,50}"),
        (N_("an npm token"), r"\bnpm_[A-Za-z0-9]{36}\b"),
        (N_("a PyPI token"), r"\bpypi-AgEI[A-Za-z0-9_-]{50,400}"),
        (N_("an API key"), r"\bsk-(?:proj-|ant-)?[A-Za-z0-9_-]{32,200}"),
        (N_("a signed token"), r"\beyJ[A-Za-z0-9_-]{15,600}\.eyJ[A-Za-z0-9_-]{15,1200}\.[A-Za-z0-9_-]{20,600}"),
        (N_("a password in an address"), r"\b[a-z][a-z0-9+]{1,12}://[^\s:/@<>]{1,60}:[^\s:/@<>*$]{6,80}@[\w.-]{3,}"),
    )
)
_ASSIGNED = re.compile(
    r"\b(?:password|passwd|secret|api[_-]?key|access[_-]?token|client[_-]?secret)\b[\"']?\s{0,3}[:=]\s{0,3}[\"']?"
    r"([A-Za-z0-9+/_.!#$%-]{12,100})",
    re.IGNORECASE,
)


@rule
def no_secrets(subject: Subject) -> Found:
    """What opens doors does not belong into a lesson."""
    for number, line in _raw_lines(subject):
        name = next((name for name, pattern in SECRETS if pattern.search(line)), None)
        if name:
            message = N_("This looks like %(what)s. Take it out, and have it replaced where it is used.")
            yield say("error", number, "secret", message, what=name)
        elif (assigned := _ASSIGNED.search(line)) and _is_random(assigned[1]):
            message = N_("This looks like a password or a key. Use an invented one, such as “your-password”.")
            yield say("warning", number, "maybe-secret", message)


def _raw_lines(subject: Subject) -> Iterator[tuple[int, str]]:
    file = subject.file
    for name in ("title", "summary", "try_it", "tags", "sources"):
        value = getattr(file.front, name)
        for part in (value,) if isinstance(value, str) else value:
            yield file.front.line_of(name), part
    for card in file.cards:
        yield card.line, card.title
        yield from enumerate(card.body.split("\n"), start=card.body_line)
    for question in file.questions:
        yield question.line, " ".join(_texts_of(question.to_json()))


def _texts_of(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from _texts_of(part)
    elif isinstance(value, list):
        for part in value:
            yield from _texts_of(part)


def _is_random(value: str) -> bool:
    """Whether a value mixes letters and digits as generated ones do; words and placeholders do not."""
    kinds = (any(c.islower() for c in value), any(c.isupper() for c in value), any(c.isdigit() for c in value))
    return sum(kinds) == 3 and len(set(value)) >= 10
