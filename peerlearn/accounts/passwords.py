"""Passwords are kept as argon2id hashes; a wrong address costs the same time as a wrong password."""

from __future__ import annotations

import unicodedata
from base64 import b64encode

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.low_level import ARGON2_VERSION
from flask import Flask, current_app

from peerlearn.accounts import rules


def init_app(app: Flask) -> None:
    """Choose the cost: full for people, small for tests, which sign in a thousand times."""
    hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1) if app.testing else PasswordHasher()
    app.extensions["passwords"] = hasher, _nobodys(hasher)


def hash_password(password: str) -> str:
    """What is kept of a password. Slow on purpose: call it before the write lock is taken."""
    hasher, _ = current_app.extensions["passwords"]
    return str(hasher.hash(_folded(password)))


def fits(password: str, kept: str | None) -> bool:
    """Whether a password is the one that was kept; always as slow, also where nothing was kept."""
    hasher, nobody = current_app.extensions["passwords"]
    usable = len(password) <= rules.POLICY.password_maximum
    try:
        hasher.verify(kept or nobody, _folded(password) if usable else b"")
    except (VerificationError, InvalidHashError):
        return False
    return kept is not None and usable


def is_outdated(kept: str) -> bool:
    """Whether a hash was made with an older cost and should be made anew while the password is known."""
    hasher, _ = current_app.extensions["passwords"]
    return bool(hasher.check_needs_rehash(kept))


def _nobodys(hasher: PasswordHasher) -> str:
    """A hash that no password has and that costs as much to compare with as any other of this cost."""
    salt, digest = (b64encode(bytes(length)).decode().rstrip("=") for length in (hasher.salt_len, hasher.hash_len))
    cost = f"m={hasher.memory_cost},t={hasher.time_cost},p={hasher.parallelism}"
    return f"$argon2id$v={ARGON2_VERSION}${cost}${salt}${digest}"


def _folded(password: str) -> bytes:
    """The same password from every keyboard, however it composes its signs."""
    return unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")
