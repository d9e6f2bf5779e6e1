"""A time limit that holds: work done in a warm child process that is ended when it takes too long.

Python cannot stop a thread, and a regular expression that hangs also holds the interpreter, so every other request of
the process would wait with it. A process can be stopped. The child reads one JSON line, answers with one JSON line and
waits for the next; it is started at the first call and kept.

What counts is the processor time that the work takes: nobody hears that their text is too long because others are at
work. On a busy machine it may take up to TIMES as long by the clock; then the machine is too busy, and the work is not
judged.

Three things end it, none of which needs the others:
* its own alarm clocks (`setitimer`, default action: the kernel ends it even in the middle of a regular expression), one
  of processor time and one of real time;
* a timer of the parent, half a second later, also where there are no such alarms;
* the end of its input: when the parent ends in whatever way, the pipe closes, so no child outlives its parent by more
  than the limit.
"""

from __future__ import annotations

import atexit
import contextlib
import importlib
import json
import logging
import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

log = logging.getLogger(__name__)

Message = dict[str, Any]
START_SECONDS = 20.0
GRACE_SECONDS = 0.5
LEAST_SECONDS = 0.001  # an alarm clock that is set to nothing never rings
TIMES = 4  # as long as its processor time the work may take by the clock
_BY_THE_CLOCK = {
    -number for name in ("SIGALRM", "SIGKILL") if (number := getattr(signal, name, 0))
}  # how a child ended
_ROOT = Path(__file__).resolve().parents[2]
_KEPT = ("PATH", "LANG", "LC_ALL", "SYSTEMROOT", "TEMP", "TMP", "VIRTUAL_ENV")


class OutOfTime(Exception):
    """The work took more processor time than its limit, or ended its child."""


class NoChildFree(Exception):
    """Every child was busy, none could be started, or one was not given its time: nothing is known of the work."""


class Timebox:
    """Calls `function` (a `package.module:name` taking and giving a dict of plain values) with a limit.

    The limit is in seconds of processor time.
    """

    def __init__(
        self,
        function: str,
        *,
        seconds: float,
        children: int = 2,
        patience: float = 3.0,
        exercise: Message | None = None,
    ) -> None:
        """`exercise` is done once by each child before its first message, without a limit: it loads the tools."""
        self.function = function
        self.exercise = exercise
        self.seconds = seconds
        self.patience = patience
        self.children = children
        self._living: list[subprocess.Popen[bytes]] = []
        self._seats = self._empty_seats()
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self._leave_to_parent)
        atexit.register(self.close)

    def call(self, message: Message, *, seconds: float | None = None) -> Message:
        """The function's answer; OutOfTime when it takes longer, NoChildFree when the machine is too busy.

        `seconds` gives this one message less time than others.
        """
        limit = self.seconds if seconds is None else max(LEAST_SECONDS, min(seconds, self.seconds))
        seats = self._seats
        try:
            child = seats.get(timeout=self.patience)
        except queue.Empty:
            raise NoChildFree("every child is busy") from None
        try:
            if child is None or child.poll() is not None:
                self._dismiss(child)
                child = None
                child = self._start()
            answer = self._ask(child, [limit, message], TIMES * self.seconds + GRACE_SECONDS)
            if answer is None:
                ended, child = child, None
                self._dismiss(ended)
                if ended.returncode in _BY_THE_CLOCK:
                    raise NoChildFree(f"less than {limit} s of processor time in {TIMES} times {self.seconds} s")
                raise OutOfTime(f"no answer within {limit} s of processor time")
            return answer
        finally:
            seats.put(child)

    def close(self) -> None:
        """End all children, politely first. Later calls start new ones."""
        for child in list(self._living):
            self._dismiss(child)

    def _empty_seats(self) -> queue.LifoQueue[subprocess.Popen[bytes] | None]:
        """One seat for each child that may live; a child sits down when it is started."""
        seats: queue.LifoQueue[subprocess.Popen[bytes] | None] = queue.LifoQueue()
        for _ in range(self.children):
            seats.put(None)
        return seats

    def _start(self) -> subprocess.Popen[bytes]:
        environment = {name: os.environ[name] for name in _KEPT if name in os.environ}
        order = (self.function, str(TIMES * self.seconds), json.dumps(self.exercise))
        child = subprocess.Popen(  # noqa: S603 - our own interpreter, module and function
            [sys.executable, "-m", "peerlearn.core.timebox", *order],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment | {"PYTHONPATH": str(_ROOT)},
        )
        self._living.append(child)
        if self._ask(child, None, START_SECONDS) is None:
            self._dismiss(child)
            log.error("The child process for %s did not start.", self.function)
            raise NoChildFree("the child did not start")
        return child

    @staticmethod
    def _ask(child: subprocess.Popen[bytes], message: list[Any] | None, seconds: float) -> Message | None:
        """Send a message (none: only listen) and read one line; nothing when the child ended or had to be ended."""
        assert child.stdin is not None
        assert child.stdout is not None
        timer = threading.Timer(seconds, child.kill)
        timer.daemon = True
        timer.start()
        try:
            if message is not None:
                child.stdin.write(json.dumps(message).encode() + b"\n")
                child.stdin.flush()
            line = child.stdout.readline()
        except OSError:
            return None
        finally:
            timer.cancel()
        answer: Message | None = json.loads(line) if line.endswith(b"\n") else None
        return answer

    def _dismiss(self, child: subprocess.Popen[bytes] | None) -> None:
        if child is None:
            return
        with contextlib.suppress(OSError):
            if child.stdin is not None:
                child.stdin.close()
        try:
            child.wait(timeout=GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
        if child.stdout is not None:
            child.stdout.close()
        with contextlib.suppress(ValueError):
            self._living.remove(child)

    def _leave_to_parent(self) -> None:
        """After a fork the children belong to the parent: close our ends, or they would miss its end."""
        for child in self._living:
            for pipe in (child.stdin, child.stdout):
                with contextlib.suppress(OSError):
                    if pipe is not None:
                        pipe.close()
            child.returncode = 0
        self._living = []
        self._seats = self._empty_seats()


def serve(function: Callable[[Message], Message], by_the_clock: float, exercise: Message | None) -> None:
    """The child's whole life: a line in with a limit and a message, a line out, until the input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if exercise is not None:
        function(exercise)
    answers = sys.stdout.buffer
    answers.write(b"{}\n")
    answers.flush()
    alarm = getattr(signal, "setitimer", None)
    for line in sys.stdin.buffer:
        seconds, message = json.loads(line)
        if alarm is not None:
            alarm(signal.ITIMER_PROF, seconds)
            alarm(signal.ITIMER_REAL, by_the_clock)
        answer = function(message)
        if alarm is not None:
            alarm(signal.ITIMER_PROF, 0)
            alarm(signal.ITIMER_REAL, 0)
        answers.write(json.dumps(answer).encode() + b"\n")
        answers.flush()


if __name__ == "__main__":
    module, _, name = sys.argv[1].partition(":")
    serve(getattr(importlib.import_module(module), name), float(sys.argv[2]), json.loads(sys.argv[3]))
