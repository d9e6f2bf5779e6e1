"""The log: one line for each event, as JSON for machines or in words for people, and nothing in it about anybody.

Of an error it says what kind it was and where, never what it said: that quotes what people typed, or what they sign in
with. Nobody is named, not even by a number: who did what stands in the facts. What other packages write is cleaned of
addresses, secrets and query strings, and nothing can begin a line that is not ours.
"""

from __future__ import annotations

import json
import logging
import re
import sys
import time
import traceback
from datetime import UTC, datetime
from typing import Any, TextIO

from flask import Flask, Response, request

from peerlearn.core import trail

FORMATS = ("text", "json")
LEVELS = ("debug", "info", "warning", "error")
LONGEST = 4000  # characters of a message
HIDDEN = "[hidden]"
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_SECRETS = "password|passwd|secret|token|api_?key"
_CLEANED = (
    (re.compile(r"://[^\s/@]+@"), f"://{HIDDEN}@"),
    (re.compile(r"(?<![\w.+-])[\w.+-]{1,64}(?:@|%40)[\w.-]+"), "[address]"),
    (re.compile(r"(?i)\b((?:set-)?cookie|authorization)\b\s*[:=].*", re.S), rf"\1: {HIDDEN}"),
    (re.compile(r"(?i)\bip=\S+?(?=[,;\s]|:?$|:\s)|(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.]*\d)"), "[ip]"),
    (re.compile(r"(?i)\bbearer\s+\S+"), f"Bearer {HIDDEN}"),
    (re.compile(rf"(?i)(?<!\w)(\w*?(?:{_SECRETS})\w*['\"]?\s*[:=]\s*)(?![?%$\s])\S+"), rf"\1{HIDDEN}"),
    (re.compile(r"(/[^\s?]*)\?[^\s]+"), r"\1?…"),
    (re.compile(r"(?<![\w-])(?=[\w-]*\d)(?=[\w-]*[A-Za-z])[\w-]{24,}(?:\.[\w-]+)*"), HIDDEN),
)
requests = logging.getLogger("peerlearn.requests")


def clean(text: str) -> str:
    """A text without addresses, secrets and query strings, on one line and not too long."""
    text = text[:LONGEST]
    for pattern, instead in _CLEANED:
        text = pattern.sub(instead, text)
    return _CONTROLS.sub(lambda found: f"\\x{ord(found[0]):02x}", text)


def name_of(error: BaseException) -> str:
    """What kind of error it was, such as `peerlearn.core.errors.TooBusy`."""
    return f"{type(error).__module__}.{type(error).__qualname__}".removeprefix("builtins.")


def kind_of(error: BaseException) -> str:
    """What kind of error it was, with the code that a database or the system gave it; never what it said."""
    told = getattr(error, "orig", None) or error
    code = getattr(told, "sqlstate", None) or getattr(told, "sqlite_errorname", None) or getattr(told, "strerror", None)
    return f"{name_of(error)} ({clean(str(code))})" if code else name_of(error)


def story_of(error: BaseException) -> list[str]:
    """What kind of error it was and where, and the same of each error that led to it."""
    lines: list[str] = []
    seen: set[int] = set()
    found: BaseException | None = error
    while found is not None and id(found) not in seen:
        seen.add(id(found))
        lines.append(kind_of(found))
        frames = traceback.extract_tb(found.__traceback__, limit=-40)
        lines += [f"  {frame.filename}:{frame.lineno} in {frame.name}" for frame in frames]
        found = found.__cause__ or (None if found.__suppress_context__ else found.__context__)
    return lines


class Lines(logging.Formatter):
    """Makes one event a line of JSON, or of words."""

    def __init__(self, form: str) -> None:
        super().__init__()
        self.form = form

    def format(self, record: logging.LogRecord) -> str:
        """The line, or where words tell of an error the lines."""
        message = clean(record.getMessage())
        told = _told(record)
        error = record.exc_info[1] if record.exc_info else None
        story = story_of(error) if error else []
        moment = datetime.fromtimestamp(record.created, UTC)
        if self.form == "json":
            fixed = {"level": record.levelname.lower(), "logger": record.name, "message": message}
            line = {"time": moment.isoformat(timespec="milliseconds"), **fixed, **told}
            return json.dumps(line | ({"error": story} if story else {}), default=str)
        more = f" ({', '.join(f'{name} {value}' for name, value in told.items())})" if told else ""
        first = f"{moment:%Y-%m-%d %H:%M:%S}Z {record.levelname} {record.name}: {message}{more}"
        return "\n  ".join([first, *story])


def _told(record: logging.LogRecord) -> dict[str, Any]:
    """What the event is part of, and the figures that came with it."""
    now = trail.current()
    part_of = {"request_id": now.request_id, "endpoint": now.endpoint, "job": now.job} if now else {}
    figures: dict[str, Any] = getattr(record, "figures", {})
    told = {name: clean(value) if isinstance(value, str) else value for name, value in figures.items()}
    return {name: value for name, value in part_of.items() if value} | told


class Stderr(logging.StreamHandler[TextIO]):
    """Writes to what is standard error at that moment."""

    def __init__(self, form: str) -> None:
        logging.Handler.__init__(self)
        self.setFormatter(Lines(form))

    @property
    def stream(self) -> TextIO:  # type: ignore[override]
        """Where lines go."""
        return sys.stderr


def write(form: str, level: str) -> None:
    """Let everything in this process write its log this way from now on."""
    root = logging.getLogger()
    for handler in [each for each in root.handlers if isinstance(each, Stderr)]:
        root.removeHandler(handler)
    root.addHandler(Stderr(form))
    logging.getLogger("peerlearn").setLevel(level.upper())


def init_app(app: Flask) -> None:
    """Write a line for each request, where somebody wants to read as much."""
    if requests.isEnabledFor(logging.INFO):
        app.after_request_funcs.setdefault(None, []).insert(0, _request_line)  # the last to run: all others are over


def _request_line(response: Response) -> Response:
    now = trail.current()
    if now is not None:
        figures = {
            "method": request.method if request.method.isalpha() else "other",
            "status": response.status_code,
            "ms": round((time.perf_counter() - now.began) * 1000, 1),
            "statements": now.statements,
        }
        requests.info("request", extra={"figures": figures})
    return response
