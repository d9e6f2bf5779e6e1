"""How often somebody may try: per address and per account, in a moving window. When in doubt, no."""

from __future__ import annotations

import hashlib
import logging
from functools import cache, cached_property
from ipaddress import IPv6Address, ip_address
from typing import TYPE_CHECKING, Any

from flask import Flask, current_app

from peerlearn.accounts import rules
from peerlearn.core.errors import TooBusy, TooMany
from peerlearn.core.words import N_

if TYPE_CHECKING:
    from limits import RateLimitItem
    from limits.strategies import MovingWindowRateLimiter

log = logging.getLogger(__name__)
PATIENCE = 0.1  # seconds for one answer of a server that counts; at the first that does not come, it is no
TOO_OFTEN = N_("That was tried too often. Please wait a while and try again, or set a new password.")


class Limits:
    """The counts, in the storage that the settings name; a single process needs none but its memory."""

    def __init__(self, address: str) -> None:
        self.address = address
        if not address.startswith("memory:"):
            _ = self.limiter  # a mistake in the address is better told when the server starts

    @cached_property
    def limiter(self) -> MovingWindowRateLimiter:
        """What counts; the library is loaded when there is something to count."""
        from limits.storage import storage_from_string
        from limits.strategies import MovingWindowRateLimiter

        return MovingWindowRateLimiter(storage_from_string(self.address, **_how(self.address)))


def _how(address: str) -> dict[str, Any]:
    """How a server that counts is asked: who signs in waits for it no longer than `PATIENCE`, and is refused then."""
    if not address.startswith("redis"):
        return {}
    from redis.backoff import NoBackoff
    from redis.retry import Retry

    return {"socket_connect_timeout": PATIENCE, "socket_timeout": PATIENCE, "retry": Retry(NoBackoff(), 0)}


def init_app(app: Flask) -> None:
    """Know where to count."""
    app.extensions["limits"] = Limits(app.config["SETTINGS"].rate_limit_storage)


def count_sign_in(address: str | None, email_key: str) -> None:
    """Count a try to sign in; TooMany when there were too many mistakes from this address or for this account."""
    network = network_of(address)
    _count(rules.POLICY.tries_limit, "try", network)
    for limit in rules.POLICY.sign_in_limits:
        _insist(limit, _ask(limit, "sign-in", network, spend=False))
    _count(rules.POLICY.account_limit, "account", email_key)


def count_mistake(address: str | None) -> None:
    """Count a wrong password against its address. Right ones do not count: a whole office may come in through one."""
    for limit in rules.POLICY.sign_in_limits:
        _ask(limit, "sign-in", network_of(address))


def forgive_account(email_key: str) -> None:
    """The right password was given: earlier mistakes for this account count no more."""
    try:
        _limiter().clear(_parsed(rules.POLICY.account_limit), "account", _folded(email_key))
    except Exception:
        log.exception("the storage for limits did not answer")


def count_mail(address: str | None, email_key: str) -> None:
    """Count a wish for mail; TooMany when one mailbox or one address asks for too many."""
    for limit in rules.POLICY.sign_in_limits:
        _count(limit, "mail", network_of(address))
    _count(rules.POLICY.mail_limit, "mailbox", email_key)


def count_download(person_id: int) -> None:
    """Count a download of all that is kept of somebody; TooMany when there were too many."""
    _count(rules.POLICY.download_limit, "download", str(person_id))


def reset() -> None:
    """Forget all counts."""
    _limiter().storage.reset()


def network_of(address: str | None) -> str:
    """Where a visitor comes from: the address, or for IPv6 the network of one household (/64)."""
    try:
        parsed = ip_address(address or "")
    except ValueError:
        return "unknown"
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped is None:
        return parsed.exploded[:19]
    return str(getattr(parsed, "ipv4_mapped", None) or parsed)


def _limiter() -> MovingWindowRateLimiter:
    found: Limits = current_app.extensions["limits"]
    return found.limiter


@cache
def _parsed(limit: str) -> RateLimitItem:
    from limits import parse

    return parse(limit)


def _folded(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _count(limit: str, what: str, key: str) -> None:
    _insist(limit, _ask(limit, what, key))


def _ask(limit: str, what: str, key: str, *, spend: bool = True) -> bool:
    """Whether one more is within the limit; unless told otherwise it is spent."""
    try:
        ask = _limiter().hit if spend else _limiter().test
        return ask(_parsed(limit), what, _folded(key))
    except Exception as error:
        log.exception("the storage for limits did not answer")
        raise TooBusy() from error


def _insist(limit: str, allowed: bool) -> None:
    if not allowed:
        raise TooMany(TOO_OFTEN, retry_after=_parsed(limit).get_expiry())
