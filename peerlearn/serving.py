"""The web server: gunicorn around an application that is there already, so that starting loads everything once."""

from __future__ import annotations

import atexit
import errno
import gc
import socket
import sys
from pathlib import Path

import click
from flask import Flask

from peerlearn.core.db import db, insist_on_answers
from peerlearn.core.working import Runner
from peerlearn.supervising import worker_beside

ROOT = Path(__file__).resolve().parent.parent
PORT = click.IntRange(1, 65535)


def insist_free(host: str, port: int) -> None:
    """Say in one sentence why nobody can listen on this address and port."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise click.ClickException(_why_not(error, host, port)) from error


def _why_not(error: OSError, host: str, port: int) -> str:
    if isinstance(error, PermissionError):
        return f"Port {port} needs rights you do not have. Choose one from 1024 on: make run PORT=8000"
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} is taken. Choose another one: make run PORT={port + 1}"
    return f"Nobody can listen on {host} port {port} here: {error.strerror}."


def launch(app: Flask, host: str, port: int, threads: int = 8, workers: int = 1, *, works: bool = True) -> None:
    """Serve this application until the process is stopped; `works`: a worker runs beside it."""
    from gunicorn import __main__ as program  # type: ignore[import-untyped]  # only who serves loads it
    from gunicorn.app.base import Application  # type: ignore[import-untyped]
    from gunicorn.glogging import Logger  # type: ignore[import-untyped]

    class Ours(Logger):  # type: ignore[misc]
        def setup(self, cfg: object) -> None:
            """What the server says stands in the same log as everything else."""
            super().setup(cfg)
            self.error_log.handlers.clear()
            self.error_log.propagate = True

    class Loaded(Application):  # type: ignore[misc]
        def init(self, parser: object, opts: object, args: object) -> dict[str, object]:
            """Nothing but the arguments decides, and whose log it is."""
            return {"logger_class": Ours}

        def load(self) -> Flask:
            return app

    insist_free(host, port)
    db.session.remove()
    db.engine.dispose()  # a connection must not be shared with the workers
    gc.freeze()
    if works:
        atexit.register(worker_beside(lambda: Runner(app)))
    insist_on_answers(db.engine)
    size = server_arguments(host, port, threads, workers)
    sys.argv = [str(program.__file__), "--chdir", str(ROOT), *size, "wsgi:app"]
    Loaded().run()


def server_arguments(host: str, port: int, threads: int = 8, workers: int = 1) -> list[str]:
    """How the web server runs an application, whichever it is: the benchmark starts its anchors the same way."""
    size = ["--workers", str(workers), "--threads", str(threads), "--worker-class", "gthread"]
    return ["--bind", f"{host}:{port}", *size, "--log-level", "warning", "--graceful-timeout", "10"]
