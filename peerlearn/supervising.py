"""Web server and worker under one roof: a small process that starts a worker, and starts it again should it die.

The worker is a fork of the loaded application, which shares its memory. It ends with the process that asked for it,
whether that says so or is killed.
"""

from __future__ import annotations

import logging
import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress

from peerlearn.core.working import Runner

log = logging.getLogger(__name__)
LOOK = 0.5  # seconds between two looks at whether both are still there
REST = 5.0  # seconds before a worker that died is started again


def worker_beside(runner: Callable[[], Runner]) -> Callable[[], None]:
    """Let a worker run beside this process; what it returns lets it end, after the step that it is at."""
    parent = os.getpid()
    watcher = os.fork()
    if watcher == 0:
        _run(lambda: _watch(parent, runner))

    def end() -> None:
        if os.getpid() == parent:  # and not a web server's child that was told of this
            with suppress(ProcessLookupError):
                os.kill(watcher, signal.SIGTERM)

    return end


def work_until_told(runner: Runner) -> None:
    """Work in this process until Ctrl+C or SIGTERM; the step at hand is finished."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: runner.stop.set())
    runner.run()


def _run(main: Callable[[], None]) -> None:
    """The whole life of a forked process."""
    try:
        main()
    except Exception:
        log.exception("The worker ended")
        os._exit(1)
    os._exit(0)


def _watch(parent: int, runner: Callable[[], Runner]) -> None:
    told: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda given, _frame: told.append(given))
    worker = 0
    while not told and os.getppid() == parent:
        if not worker:
            worker = os.fork()
            if worker == 0:
                _run(lambda: work_until_told(runner()))
        if _has_ended(worker):
            log.error("The worker died; it is started again.")
            worker = 0
            time.sleep(REST)
        time.sleep(LOOK)
    if worker:
        with suppress(ProcessLookupError):
            os.kill(worker, signal.SIGTERM)
        with suppress(ChildProcessError):
            os.waitpid(worker, 0)


def _has_ended(worker: int) -> bool:
    return os.waitpid(worker, os.WNOHANG)[0] == worker
