"""Facts as sentences. Facts hold ids only; names are those that people and things have now."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

from flask_babel import gettext as _

from peerlearn.accounts import rules
from peerlearn.core.events import sentences
from peerlearn.core.facts import Fact

_WORD = re.compile(r"(?<=[a-z])(?=[A-Z])")

Ids = Mapping[str, set[int]]  # by the key under which facts hold them, such as lesson_id
Titles = Mapping[str, Mapping[int, str]]


def _no_titles(ids: Ids) -> Titles:
    return {}


_titles_of: Callable[[Ids], Titles] = _no_titles


def offer_titles(ask: Callable[[Ids], Titles]) -> None:
    """Say how things are called that facts hold ids of, in one statement.

    A feature that stands above this one knows them. It says so before the first page is asked for.
    """
    global _titles_of
    _titles_of = ask


def titles_in(facts: Iterable[Fact]) -> Titles:
    """What the things in these facts are called; those without a title are left out."""
    ids: dict[str, set[int]] = {}
    for fact in facts:
        for key, value in fact.data.items():
            if key.endswith("_id") and isinstance(value, int):
                ids.setdefault(key, set()).add(value)
    return _titles_of(ids)


def people_in(facts: Iterable[Fact]) -> set[int]:
    """The ids of everybody who acts or is named in these facts."""
    found = set()
    for fact in facts:
        named = [value for key, value in fact.data.items() if key == "person_id" or key.endswith("_person_id")]
        found |= {value for value in [fact.actor_id, *named] if isinstance(value, int)}
    return found


def sentence(fact: Fact, names: Mapping[int, str], titles: Titles | None = None) -> str:
    """What happened, in words. A kind of fact without a sentence of its own is spelled out."""
    values = {key: _plain(value) for key, value in fact.data.items()}
    for key, known in (titles or {}).items():
        if fact.data.get(key) in known:
            values[key] = f"“{known[fact.data[key]]}”"
    person_id = fact.data.get("person_id")
    values["actor"] = names.get(fact.actor_id or 0, _("The system"))
    values["person"] = names.get(person_id, _("somebody")) if isinstance(person_id, int) else ""
    values["scope"] = _("for all") if fact.data.get("scope_id") == rules.EVERYWHERE else f"#{values.get('scope_id')}"
    if fact.data.get("role") in rules.ROLE_TITLES:
        values["role"] = _(rules.ROLE_TITLES[str(fact.data["role"])])
    words = sentences().get(fact.type)
    return _(words, **values) if words else _spelled(fact, values)


def _spelled(fact: Fact, values: Mapping[str, str]) -> str:
    happened = _WORD.sub(" ", fact.type).capitalize()
    details = ", ".join(
        f"{key.removesuffix('_id').replace('_', ' ')} {values[key]}"
        for key in sorted(fact.data)
        if fact.data[key] is not None
    )
    return f"{values['actor']}: {happened}" + (f" ({details})" if details else "")


def _plain(value: object) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(str(part).replace("_", " ") for part in value) or "–"
    return str(value).replace("_", " ")
