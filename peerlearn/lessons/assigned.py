"""Passwords that are written beside their names: `password: …`, addresses with a password, arguments of commands.

A value counts when it looks like a secret and not like a word, a name of a variable, a path or an invented example.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Literal

from peerlearn.lessons.keys import is_invented

Certainty = Literal["sure", "maybe"]

_OPENS = (
    r"passwords?|passwd|passwrd|passphrase|passcode|pass|pwd|passwort|kennwort|mot de passe|mdp|contraseña|contrasena"
    r"|senha|wachtwoord|lösenord|losenord|passord|adgangskode|salasana|hasło|haslo|heslo|jelszó|parola|şifre|sifre"
    r"|пароль|密码|密碼|パスワード|비밀번호"
)
_KEY = (
    r"secret|secret[_ -]?key|secret[_ -]?access[_ -]?key|api[_ -]?key|api[_ -]?token|api[_ -]?secret|access[_ -]?key"
    r"|access[_ -]?token|auth[_ -]?token|auth[_ -]?key|refresh[_ -]?token|client[_ -]?secret|bearer[_ -]?token"
    r"|bot[_ -]?token|private[_ -]?key|encryption[_ -]?key|signing[_ -]?key|token|credentials?|shared[_ -]?key"
    r"|account[_ -]?key|license[_ -]?key|webhook[_ -]?secret|_?authtoken|schlüssel|clave|clé|chiave|chave|sleutel"
)
_NAMED = re.compile(
    rf"(?<![^\W\d_])(?:(?P<password>{_OPENS})|(?P<key>{_KEY}))(?![^\W_])(?P<after>[\"'`*_)\]]{{0,4}})"
    r"(?:(?:[ \t]\([^()\n]{1,40}\))?[ \t]{0,3}(?P<sign>:=|=>|[:=：|])[*_]{0,2}[ \t]{0,3}"
    r"|[ \t]{1,3}(?P<verb>is|was|are|ist|lautet|war|es|est|è|é|är|er|on|jest|je|to)[ \t]{1,3}(?:now |jetzt |:)?"
    r"|(?P<space>[ \t]{1,3})(?=[\"'`]))"
    r"(?P<quote>[\"'`*“„«]{0,4})(?P<value>[^\s\"'`“”„«»|]{4,200})",
    re.IGNORECASE,
)
_FLAG = re.compile(
    r"(?<![\w-])--?(?:[a-z]{1,12}-)?(?:password|passwd|token|secret|api-key|pass)[ =][\"']?([^\s\"'`]{4,200})"
)
_LOGIN = re.compile(
    r"(?<![\w-])(?:curl\b[^\n]{0,120}?\s(?:-u|--user)\s?[\"']?[^\s:\"']{1,60}:|sshpass\s+-p\s?[\"']?"
    r"|mysql(?:dump)?\b[^\n]{0,80}?\s-p|(?<=login )[^\s]{1,60} password )([^\s\"'`]{4,100})"
)
_HEADER = re.compile(r"\b(?:Bearer|Basic|Token|ApiKey)[ \t]{1,3}([A-Za-z0-9+/_.~=-]{16,800})", re.IGNORECASE)
_ADDRESS = re.compile(
    r"\b[a-z][a-z0-9+.-]{1,16}://([^\s:/@<>\"'`]{0,60}):([^\s/@<>\"'`]{3,100})@([\w.\[-]{1,100})", re.IGNORECASE
)

_PLACEHOLDER = re.compile(
    r"^(?:your|my|the|some|new|old|insert|enter|replace|put|dein|mein|ihr|mon|votre|tu|su|sua)(?:[-_ ]|(?-i:[A-Z]))"
    r"|change[-_]?(?:me|it|this)|dummy|foo|bar\b|test[-_]?(?:password|token|key|secret)|^password\d{0,3}$|passwor[dt]\b"
    r"|passwd|^tiger$|secret[-_]?(?:key|here|value)|todo|redacted|masked|hidden|removed|geheim|secret$|\.\.\.|…|•|\*\*|xxx"
    r"|here$|example|sample|invented|placeholder|fake|mock",
    re.IGNORECASE,
)
_REFERENCE = re.compile(
    r"[<>{}()\[\]]|^[$/~.]|^%\w+%|%s|^@\w+$|\$[A-Z_]{2}|^(?:https?|file|ssm|vault|arn|op|keyvault|env|sm|s3|gs):|://"
    r"|\.(?:pem|key|txt|json|ya?ml|env|crt|md|py|js|ini|toml|conf|com|org|net|de)\b|^(?:os|process|env|settings|config"
    r"|self|args|secrets|vars|request|this|app|data|form|user|params|options|ctx|context)[.\[]|->|::|^-{0,2}[a-z_-]+="
)
_VARIABLE = re.compile(
    r"^(?:[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+|[a-z]+[0-9]?(?:_[a-z0-9]+)+|[a-z]{1,}\d?(?:[A-Z][a-z]+)+\d?)$"
)
_TERM = re.compile(
    r"^(?:base|sha|md|utf|oauth|argon|pbkdf|hs|rs|es|ps|ed|rsa|aes|ipv|http|tls|ssl|fido|webauthn|scrypt|bcrypt|crypt"
    r"|python|pep|rfc|iso|nist|windows|win|version|ver|step|page|part|chapter|schritt|seite|kapitel|day|web|level|gpt|x"
    r"|v|k)[-_.]?\d[\w.]{0,11}(?:[-/][a-z]+)*$",
    re.IGNORECASE,
)
_AMOUNT = re.compile(r"^[\d.,:/–—-]+(?:[a-zA-Zäöü%°€$]{1,3}|[-–]?[a-zà-ÿ]{3,})?$")
_PLAIN_WORD = re.compile(r"^[^\W\d_]+[!?.,:;]*$")
_SPECIAL = re.compile(r"[!@#$%^&*+=?~]")
_EVERYDAY = frozenset(
    "123456 1234567 12345678 123456789 qwerty qwertz azerty sunshine monkey dragon letmein iloveyou football baseball"
    " master shadow superman batman princess welcome trustno1 starwars hunter2 admin123 hallo123 passw0rd p@ssw0rd"
    " p@ssword abc123 qwerty123 schatz sommer winter hallo liebe ninja michael charlie donald mustang whatever".split()
)


def secrets_in(line: str) -> Iterator[Certainty]:
    """How surely a line tells a password or a key that stands beside its name, for each that it seems to tell."""
    small = line.lower()
    if "://" in small and "@" in small:
        for found in _ADDRESS.finditer(line):
            if not _is_no_secret(found[2]) and found[2].casefold() not in ("pass", "pw", "pwd", found[1].casefold()):
                yield "sure"
    for pattern, mark in ((_FLAG, "-"), (_LOGIN, "-p"), (_LOGIN, "-u"), (_LOGIN, "login ")):
        for found in pattern.finditer(line) if mark in small else ():
            if verdict := _weigh(found[1], certain_place=True):
                yield verdict
    if "bearer" in small or "basic" in small or "apikey" in small or "token" in small:
        for found in _HEADER.finditer(line):
            if not _is_no_secret(found[1]) and _variety(found[1]) >= 3:
                yield "sure"
    for found in _NAMED.finditer(line):
        if verdict := _named(found):
            yield verdict


def _named(found: re.Match[str]) -> Certainty | None:
    value = found["value"].rstrip(".,;:!?)*_") if found["verb"] else found["value"].rstrip(".,;)*")
    if found["space"] and (found["password"] or "").casefold() == "pass":  # “pass `this` to that”
        return None
    certain_place = bool(found["quote"]) or found["sign"] not in (None, "|")
    if found["password"] and value.casefold() in _EVERYDAY and certain_place:
        return "maybe"
    if found["key"] and len(value) < 8:
        return None
    if found["key"] and not found["quote"] and found["verb"] and _variety(value) < 3:
        return None
    if found["password"] and value.isdigit() and len(value) >= 6 and certain_place:
        return None if is_invented(value) else "maybe"
    return _weigh(value, certain_place=certain_place)


def _weigh(value: str, *, certain_place: bool) -> Certainty | None:
    """How surely a value is a secret, from its signs alone."""
    if len(value) < 5 or _is_no_secret(value) or (_PLAIN_WORD.match(value) and not _is_jumbled(value)):
        return None
    variety = _variety(value)
    if (variety >= 3 and len(value) >= 10) or (len(value) >= 20 and _is_jumbled(value)):
        return "sure"
    letters_and_more = any(c.isalpha() for c in value) and variety >= 2
    has_more = any(c.isdigit() for c in value) or bool(_SPECIAL.search(value))
    if letters_and_more and has_more and (certain_place or variety >= 3):
        return "maybe"
    return "maybe" if len(value) >= 8 and certain_place and _is_jumbled(value) else None


def _is_no_secret(value: str) -> bool:
    """Whether a value is invented, stands for another one, or is a word, a term, an amount or a date."""
    return (
        is_invented(value)
        or bool(_PLACEHOLDER.search(value))
        or bool(_REFERENCE.search(value))
        or bool(_VARIABLE.match(value))
        or bool(_TERM.match(value))
        or bool(_AMOUNT.match(value))
    )


def _variety(value: str) -> int:
    """How many sorts of signs a value mixes: small and large letters, digits, special signs."""
    sorts = (any(c.islower() for c in value), any(c.isupper() for c in value), any(c.isdigit() for c in value))
    return sum(sorts) + bool(_SPECIAL.search(value))


def _is_jumbled(value: str) -> bool:
    """Whether signs follow each other as chance puts them, and not as in words."""
    if len(set(value)) < 7:
        return False
    turns = sum(_sort(one) != _sort(other) for one, other in pairwise(value))
    letters = [c for c in value.casefold() if c.isalpha()]
    vowels = sum(c in "aeiouyäöüáéíóúàèùâêîôû" for c in letters)
    return turns >= max(5, len(value) / 5) or (
        len(letters) >= 8 and len(letters) == len(value) and value.isascii() and vowels / len(letters) < 0.15
    )


def _sort(sign: str) -> int:
    return 0 if sign.islower() else 1 if sign.isupper() else 2 if sign.isdigit() else 3
