"""Settings: one frozen value read from PEERLEARN_* variables. The defaults work on a laptop."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

from peerlearn.core.logs import FORMATS, LEVELS

DEMO_SECRET = "a-demo-is-not-a-secret-and-says-so-on-every-page"  # noqa: S105  # refused outside a demo


NO_MEMORY = "PEERLEARN_MEMORY must hold the 21 numbers that `peerlearn practice fit` prints, or nothing."


class SettingsError(Exception):
    """A setting is missing or cannot be used; the message says which and how to mend it."""


@dataclass(frozen=True)
class Settings:
    """Everything that differs between installations."""

    secret_key: str = ""
    database_url: str = ""
    instance: Path = Path("instance")
    demo: bool = False
    testing: bool = False
    base_url: str = "http://127.0.0.1:8000"
    organisation: str = "PeerLearn"
    timezone: str = "Europe/Berlin"
    signup_domains: tuple[str, ...] = ()
    smtp_url: str = ""
    mail_from: str = "PeerLearn <peerlearn@localhost>"
    trusted_hosts: tuple[str, ...] = ()
    proxies: int = 0
    rate_limit_storage: str = "memory://"
    metrics_token: str = ""
    log_format: str = "text"
    log_level: str = "warning"
    slow_query_ms: int = 200  # 0: none is slow
    blind_percent: int = 10
    second_look_percent: int = 5
    memory: tuple[float, ...] = ()  # parameters of the memory model; none are the package's own
    content: Path = field(default_factory=lambda: Path(__file__).resolve().parent.parent / "content")

    @property
    def secure(self) -> bool:
        """Whether people reach this instance over https."""
        return self.base_url.startswith("https://")

    @property
    def media(self) -> Path:
        """Where uploaded images lie."""
        return self.instance / "media"

    @classmethod
    def from_env(cls, env: Mapping[str, str] | None = None) -> Settings:
        """Read the settings; raise SettingsError with a sentence that says what to do."""
        env = os.environ if env is None else env

        def get(name: str, default: str = "") -> str:
            return env.get(f"PEERLEARN_{name}", default).strip()

        def listed(name: str) -> tuple[str, ...]:
            return tuple(part.strip().lower() for part in get(name).split(",") if part.strip())

        def percent(name: str, default: int) -> int:
            share = get(name, str(default))
            if not share.isdecimal() or int(share) > 100:
                raise SettingsError(f"PEERLEARN_{name} must be a number from 0 to 100.")
            return int(share)

        def one_of(name: str, words: tuple[str, ...], default: str) -> str:
            if (word := get(name, default).lower()) not in words:
                raise SettingsError(f"PEERLEARN_{name} must be one of {', '.join(words)}.")
            return word

        demo = get("DEMO") in {"1", "true", "yes"}
        instance = Path(get("INSTANCE", "instance")).resolve()
        secret = get("SECRET_KEY") or (DEMO_SECRET if demo else "")
        if not demo and secret in {"", DEMO_SECRET}:
            raise SettingsError("Set PEERLEARN_SECRET_KEY to a long random text, or PEERLEARN_DEMO=1 for a demo.")
        if not demo and len(secret) < 32:
            raise SettingsError("PEERLEARN_SECRET_KEY is too short: use 32 characters or more.")
        proxies = get("PROXIES", "0")
        if not proxies.isdecimal():
            raise SettingsError("PEERLEARN_PROXIES must be a number: how many proxies stand in front.")
        slow = get("SLOW_QUERY_MS", str(cls.slow_query_ms))
        if not slow.isdecimal():
            raise SettingsError("PEERLEARN_SLOW_QUERY_MS must be a number of milliseconds; 0 logs no statement.")
        log_format = one_of("LOG_FORMAT", FORMATS, cls.log_format)
        database = get("DATABASE_URL") or env.get("DATABASE_URL", "") or f"sqlite:///{instance / 'peerlearn.db'}"
        if not database.startswith(("sqlite:///", "postgresql://", "postgresql+psycopg://", "postgres://")):
            raise SettingsError("PEERLEARN_DATABASE_URL should begin with sqlite:/// or postgresql://")
        return cls(
            secret_key=secret,
            database_url=database,
            instance=instance,
            demo=demo,
            base_url=get("BASE_URL", cls.base_url).rstrip("/"),
            organisation=get("ORGANISATION", "PeerLearn"),
            timezone=get("TIMEZONE", cls.timezone),
            signup_domains=listed("SIGNUP_DOMAINS"),
            smtp_url=get("SMTP_URL"),
            mail_from=get("MAIL_FROM", cls.mail_from),
            trusted_hosts=listed("TRUSTED_HOSTS"),
            proxies=int(proxies),
            rate_limit_storage=get("RATE_LIMIT_STORAGE", "memory://"),
            metrics_token=_token(get("METRICS_TOKEN")),
            log_format=log_format,
            log_level=one_of("LOG_LEVEL", LEVELS, "info" if log_format == "json" else cls.log_level),
            slow_query_ms=int(slow),
            blind_percent=percent("BLIND_PERCENT", cls.blind_percent),
            second_look_percent=percent("SECOND_LOOK_PERCENT", cls.second_look_percent),
            memory=_numbers(get("MEMORY")),
        )

    def flask_config(self) -> dict[str, object]:
        """The same settings under the names that Flask and its extensions know."""
        url = driver_url(self.database_url)
        return {
            "SECRET_KEY": self.secret_key,
            "SQLALCHEMY_DATABASE_URI": url,
            "SQLALCHEMY_ENGINE_OPTIONS": {"pool_pre_ping": url.startswith("postgresql"), "hide_parameters": True},
            "SETTINGS": self,
            "TESTING": self.testing,
            "SESSION_COOKIE_NAME": "__Host-peerlearn" if self.secure else "peerlearn",
            "SESSION_COOKIE_HTTPONLY": True,
            "SESSION_REFRESH_EACH_REQUEST": False,  # a session ends when its row does
            "SESSION_COOKIE_SAMESITE": "Lax",
            "SESSION_COOKIE_SECURE": self.secure,
            "PREFERRED_URL_SCHEME": "https" if self.secure else "http",
            "TRUSTED_HOSTS": self._hosts(),
            "MAX_CONTENT_LENGTH": 6 * 1024 * 1024,
            "MAX_FORM_MEMORY_SIZE": 1024 * 1024,
            "MAX_FORM_PARTS": 2000,
            "WTF_CSRF_TIME_LIMIT": None,
            "BABEL_DEFAULT_TIMEZONE": self.timezone,
            "MAIL_DEFAULT_SENDER": self.mail_from,
            **self._mail_server(),
        }

    def _hosts(self) -> list[str] | None:
        """The host names that are answered: those that are set, else the public one and this machine itself.

        An instance without https is tried out under whatever name it has, so there every name is answered.
        """
        if self.trusted_hosts:
            return list(self.trusted_hosts)
        name = urlsplit(self.base_url).hostname
        return [name, "localhost", "127.0.0.1", "[::1]"] if self.secure and name else None

    def _mail_server(self) -> dict[str, object]:
        """Where mail goes: `smtp://user:password@host:587` (STARTTLS), `smtps://…` (TLS), or nowhere when not set."""
        if not self.smtp_url:
            return {}
        url = urlsplit(self.smtp_url)
        if url.scheme not in {"smtp", "smtps"} or not url.hostname:
            raise SettingsError("PEERLEARN_SMTP_URL should look like smtp://user:password@mail.example.org:587")
        return {
            "MAIL_SERVER": url.hostname,
            "MAIL_PORT": url.port or (465 if url.scheme == "smtps" else 587),
            "MAIL_USERNAME": unquote(url.username) if url.username else None,
            "MAIL_PASSWORD": unquote(url.password) if url.password else None,
            "MAIL_USE_SSL": url.scheme == "smtps",
            "MAIL_USE_TLS": url.scheme == "smtp" and bool(url.username),
            "MAIL_TIMEOUT": 10,
        }


def driver_url(address: str) -> str:
    """A database's address with the driver that is used for it."""
    for prefix in ("postgres://", "postgresql://"):
        if address.startswith(prefix):
            return f"postgresql+psycopg://{address.removeprefix(prefix)}"
    return address


def _token(text: str) -> str:
    """A word that nobody guesses, or none."""
    if text and len(text) < 20:
        raise SettingsError("PEERLEARN_METRICS_TOKEN is too short: use 20 characters or more, or leave it out.")
    return text


def _numbers(text: str) -> tuple[float, ...]:
    """Numbers between commas."""
    try:
        return tuple(float(part) for part in text.split(",") if part.strip())
    except ValueError:
        raise SettingsError(NO_MEMORY) from None
