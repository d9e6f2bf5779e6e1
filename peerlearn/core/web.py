"""The fixed stations of a request: gate, view, one commit or rollback, headers. Errors become pages."""

from __future__ import annotations

import logging
import re
import secrets
from typing import Any

from flask import Flask, Response, current_app, make_response, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError, CSRFProtect
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException, SecurityError, UnsupportedMediaType
from werkzeug.routing import IntegerConverter, Map
from werkzeug.wrappers import Response as BaseResponse

from peerlearn.core import afterwards, logs, slots, trail
from peerlearn.core.db import db, set_reading
from peerlearn.core.errors import Conflict, DomainError, NotAllowed, NotFound, TooBusy
from peerlearn.core.gates import SAFE_METHODS, Gatekeeper, gate_of
from peerlearn.core.paging import LARGEST_ID

log = logging.getLogger(__name__)
csrf = CSRFProtect()

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; frame-ancestors 'none'; "
    "base-uri 'none'"
)
HEADERS = (
    ("Content-Security-Policy", CONTENT_SECURITY_POLICY),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), microphone=(), geolocation=()"),
    ("Cache-Control", "no-store"),
)
STATUS_TEXTS = {
    400: "That request was not complete. Please go back, reload the page and try again.",
    405: "This page cannot be used that way. Please go back and use its buttons.",
    413: "That is too large to send. Please choose something smaller.",
    415: "Only what is typed into a form can be sent here.",
}
FOREIGN_HOST = "This server does not answer under that host name."
FORMS = frozenset({"", "application/x-www-form-urlencoded", "multipart/form-data"})
SAFE_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")  # of a request: a proxy's is taken over if it looks like this
LARGEST_TEXT_FORM = 3 * 1024 * 1024  # bytes of a form without files: its text may triple when it is encoded


class RowNumber(IntegerConverter):
    """A number in an address: one that is larger than a row's number can be is not found."""

    def __init__(self, url_map: Map, *args: Any, **kwargs: Any) -> None:
        super().__init__(url_map, *args, **kwargs)
        self.max = min(self.max or LARGEST_ID, LARGEST_ID)


def init_app(app: Flask) -> None:
    """Fit the stations to an application. Order matters: the request id first, the gate after the CSRF check."""
    app.url_map.converters["int"] = RowNumber
    app.before_request(_begin)
    app.teardown_request(_end)
    app.before_request(_insist_on_forms)
    csrf.init_app(app)
    app.before_request(_insist_on_text)
    app.before_request(_guard)
    afterwards.init_app(app)
    app.after_request(_headers)
    app.after_request(_settle)  # runs before the headers: Flask calls these in reverse order
    app.register_error_handler(DomainError, _domain_error)
    app.register_error_handler(CSRFError, _csrf_error)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(StaleDataError, _stale)
    app.register_error_handler(IntegrityError, _stale)
    app.register_error_handler(DataError, _not_storable)
    app.register_error_handler(DBAPIError, _database_error)
    app.register_error_handler(Exception, _unforeseen)
    app.jinja_env.globals["slot"] = slots.slot


def _view() -> Any:
    return current_app.view_functions.get(request.endpoint) if request.endpoint else None


def _begin() -> None:
    trail.begin(_request_id(), request.endpoint or "none")
    view = _view()
    only_reads = request.method in SAFE_METHODS or view is None
    set_reading(only_reads or getattr(view, "reads", False) or getattr(view, "slow_first", False))


def _end(_error: BaseException | None) -> None:
    trail.end()


def _request_id() -> str:
    brought = request.headers.get("X-Request-ID", "") if current_app.config["SETTINGS"].proxies else ""
    return brought if SAFE_ID.fullmatch(brought) else secrets.token_hex(8)


def _insist_on_forms() -> None:
    """Take forms only. Form fields read from JSON could be numbers, lists or half signs that no check expects."""
    if request.method in SAFE_METHODS or _view() is None:
        return
    if request.mimetype not in FORMS:
        raise UnsupportedMediaType()
    if request.mimetype != "multipart/form-data":
        request.max_content_length = LARGEST_TEXT_FORM


def _insist_on_text() -> None:
    """Refuse a file in a field that means text, and NUL in an address: no row has it, nor would each database."""
    view = _view()
    if view is None:
        return
    if request.method not in SAFE_METHODS and set(request.files) - getattr(view, "files", frozenset()):
        raise DomainError(STATUS_TEXTS[400])
    if "\0" in request.path or any("\0" in text for pair in request.args.items(multi=True) for text in pair):
        raise NotFound()


def _guard() -> BaseResponse | None:
    view = _view()
    gate = gate_of(view) if view else None
    if gate is None or gate.kind == "public":
        return None
    keeper: Gatekeeper = current_app.extensions["gatekeeper"]
    if not keeper.is_signed_in():
        if wants_json():
            return make_response({"message": _("Please sign in again.")}, 401)
        target = request.full_path.rstrip("?") if request.method in SAFE_METHODS else None
        return redirect(url_for("accounts.sign_in", next=target))
    if gate.kind == "requires" and not any(keeper.may(permission) for permission in gate.permissions):
        raise NotAllowed()
    return None


def _settle(response: Response) -> Response:
    """Commit what a successful unsafe request did; a GET or a refusal leaves nothing behind."""
    try:
        if request.method not in SAFE_METHODS and response.status_code < 400:
            db.session.commit()
        else:
            db.session.rollback()
    except (StaleDataError, IntegrityError) as error:
        return make_response(_stale(error))
    except DataError as error:
        return make_response(_not_storable(error))
    except Exception:
        log.exception("the change could not be stored")
        db.session.rollback()
        return make_response(_page(TooBusy()))
    finally:
        set_reading(True)
    return response


def _headers(response: Response) -> Response:
    headers = response.headers
    given = {name.lower() for name, _value in headers}
    headers.extend([(name, value) for name, value in HEADERS if name.lower() not in given])
    headers.add("X-Request-ID", trail.request_id() or "-")
    if request.is_secure:
        headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    if session.accessed:
        headers.add("Vary", "Cookie")
    return response


def wants_json() -> bool:
    """Whether the caller is a script of ours that asked for JSON."""
    return request.accept_mimetypes.best == "application/json"


def _page(error: DomainError) -> tuple[Any, int, dict[str, str]]:
    headers = {}
    retry_after = getattr(error, "retry_after", None)
    if retry_after:
        headers["Retry-After"] = str(retry_after)
    message = _(error.message, **error.values)
    if wants_json():
        return {"message": message, "fields": getattr(error, "fields", {})}, error.status, headers
    number = trail.request_id() if error.status >= 500 else ""
    page = render_template("ui/error.html", status=error.status, message=message, request_id=number)
    return page, error.status, headers


def _domain_error(error: DomainError) -> tuple[Any, int, dict[str, str]]:
    db.session.rollback()
    return _page(error)


def _stale(error: Exception) -> tuple[Any, int, dict[str, str]]:
    """Two requests changed the same thing at once: the second is told, and the database has kept the rule."""
    log.info("conflict: %s", logs.kind_of(error))
    return _domain_error(Conflict())


def _csrf_error(error: CSRFError) -> tuple[Any, int, dict[str, str]]:
    return _page(
        DomainError(_("This form was open for too long or came from another page. Go back, reload and send it again."))
    )


def _http_error(error: HTTPException) -> Any:
    if error.code is None or error.code < 400:
        return error
    if isinstance(error, SecurityError):  # a page has links, and none can be made for a host that is not ours
        return Response(f"{FOREIGN_HOST}\n", 400, content_type="text/plain; charset=utf-8")
    if error.code == 405 and request.method in SAFE_METHODS and not wants_json() and (above := _page_above()):
        return redirect(above)
    wrapped = DomainError(STATUS_TEXTS.get(error.code))
    wrapped.status = error.code
    if error.code == 404:
        wrapped.message = _("We could not find that page. It may have moved, or the link may be incomplete.")
    body, status, headers = _page(wrapped)
    if error.code == 405 and getattr(error, "valid_methods", None):
        headers["Allow"] = ", ".join(sorted(error.valid_methods))  # type: ignore[attr-defined]
    return body, status, headers


def _page_above() -> str | None:
    """The nearest page above an address that only takes forms: where whoever reloads what a form showed belongs."""
    adapter = current_app.create_url_adapter(request)
    path = request.path.rstrip("/")
    while adapter and path:
        path = path.rpartition("/")[0]
        if adapter.test(path or "/", "GET"):
            return f"{request.root_path}{path or '/'}"
    return None


def _not_storable(error: DataError) -> tuple[Any, int, dict[str, str]]:
    """What came in fits no column. Trying again would not help, so it is a refusal and not a busy database."""
    log.warning("refused by the database: %s", logs.kind_of(error))
    return _domain_error(DomainError(STATUS_TEXTS[400]))


def _database_error(error: DBAPIError) -> tuple[Any, int, dict[str, str]]:
    """A database that is locked, full or away costs the change, not the person's trust: say so and let them retry."""
    log.error("database error", exc_info=error)
    db.session.rollback()
    return _page(TooBusy())


def _unforeseen(error: Exception) -> tuple[Any, int, dict[str, str]]:
    if current_app.testing or current_app.debug:
        raise error
    log.error("unforeseen error", exc_info=error)
    db.session.rollback()
    wrapped = DomainError(_("Something went wrong on our side. Nothing was saved. Please try again."))
    wrapped.status = 500
    return _page(wrapped)
