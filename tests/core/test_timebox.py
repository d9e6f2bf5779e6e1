"""A time limit that holds, and leaves nobody behind."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from peerlearn.core.timebox import NoChildFree, OutOfTime, Timebox

HERE = "tests.core.test_timebox"


def double(message: dict[str, Any]) -> dict[str, Any]:
    """The work: it may be told to hang in the middle of a regular expression, to end, or to fail."""
    match message.get("do"):
        case "hang":
            re.match(r"(a+)+$", "a" * 60 + "b")
        case "work":
            until = time.process_time() + message["seconds"]
            while time.process_time() < until:
                pass
        case "sleep":
            time.sleep(message["seconds"])
        case "end":
            os._exit(3)
        case "who":
            return {"pid": os.getpid(), "secrets": [name for name in os.environ if "SECRET" in name]}
    return {"double": message.get("number", 0) * 2}


@pytest.fixture
def box() -> Iterator[Timebox]:
    box = Timebox(f"{HERE}:double", seconds=0.5, children=2, patience=20)
    yield box
    box.close()


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    state = Path(f"/proc/{pid}/stat")
    return not state.exists() or state.read_text().rpartition(")")[2].split()[0] != "Z"


def ends(pid: int, seconds: float = 3.0) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if not is_running(pid):
            return True
        time.sleep(0.02)
    return False


def test_a_child_answers_and_stays(box: Timebox) -> None:
    assert box.call({"number": 21}) == {"double": 42}
    assert box.call({"do": "who"})["pid"] == box.call({"do": "who"})["pid"] != os.getpid()


def test_a_hang_ends_in_time_and_the_next_call_works(box: Timebox) -> None:
    pid = box.call({"do": "who"})["pid"]
    started = time.monotonic()
    with pytest.raises(OutOfTime):
        box.call({"do": "hang"})
    assert time.monotonic() - started < 2
    assert not is_running(pid)
    assert box.call({"number": 1}) == {"double": 2}


def test_one_message_may_be_given_less_time(box: Timebox) -> None:
    """Half a second is enough for it, and a twentieth is not; sleeping costs nothing of either."""
    assert box.call({"do": "work", "seconds": 0.2, "number": 1}) == {"double": 2}
    assert box.call({"do": "sleep", "seconds": 0.2, "number": 1}, seconds=0.05) == {"double": 2}
    for seconds in (0.05, 0.0):
        with pytest.raises(OutOfTime):
            box.call({"do": "work", "seconds": 0.2}, seconds=seconds)
    assert box.call({"do": "work", "seconds": 0.2, "number": 3}) == {"double": 6}


def test_only_processor_time_is_held_against_the_work(box: Timebox) -> None:
    """On a busy machine work waits for its turn; sleeping stands for that. Too long a wait is the machine's fault."""
    assert box.call({"do": "sleep", "seconds": 1.2, "number": 4}) == {"double": 8}
    with pytest.raises(NoChildFree):
        box.call({"do": "sleep", "seconds": 2.2})
    assert box.call({"number": 5}) == {"double": 10}


def test_the_parent_ends_a_child_whose_own_clock_fails(box: Timebox) -> None:
    assert box.call({}) == {"double": 0}
    pid = box.call({"do": "who"})["pid"]
    os.kill(pid, signal.SIGSTOP)
    started = time.monotonic()
    with pytest.raises(NoChildFree):
        box.call({})
    assert time.monotonic() - started < 3
    assert not is_running(pid)


def test_a_child_that_ends_is_replaced(box: Timebox) -> None:
    with pytest.raises(OutOfTime):
        box.call({"do": "end"})
    pid = box.call({"do": "who"})["pid"]
    os.kill(pid, signal.SIGKILL)
    assert ends(pid)
    assert box.call({"number": 2}) == {"double": 4}


def test_answers_are_not_mixed_up_between_threads(box: Timebox) -> None:
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda number: box.call({"number": number})["double"], range(200)))
    assert answers == [number * 2 for number in range(200)]


def test_when_every_child_is_busy_one_does_not_wait_for_ever() -> None:
    box = Timebox(f"{HERE}:double", seconds=3, children=1, patience=0.1)
    box.call({})
    with ThreadPoolExecutor(1) as threads:
        sleeper = threads.submit(box.call, {"do": "sleep", "seconds": 1})
        time.sleep(0.2)
        with pytest.raises(NoChildFree):
            box.call({})
        assert sleeper.result() == {"double": 0}
    assert box.call({"number": 3}) == {"double": 6}
    box.close()


def test_a_child_is_told_no_secrets(box: Timebox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PEERLEARN_SECRET_KEY", "x")
    assert box.call({"do": "who"})["secrets"] == []


def test_a_function_that_does_not_exist_is_no_endless_wait() -> None:
    box = Timebox("peerlearn.core.timebox:nothing", seconds=0.5)
    with pytest.raises(NoChildFree):
        box.call({})
    box.close()


def run(program: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(program)], stdout=subprocess.PIPE, text=True, cwd=Path.cwd()
    )


START = f"""
    import os, signal, sys, time
    from peerlearn.core.timebox import Timebox
    box = Timebox("{HERE}:double", seconds=0.5)
    print(box.call({{"do": "who"}})["pid"], flush=True)
"""


@pytest.mark.parametrize(
    "ending", ["", "sys.exit(1)", "os._exit(0)", "os.kill(os.getpid(), signal.SIGKILL)", "os.kill(os.getpid(), 15)"]
)
def test_no_child_outlives_its_parent(ending: str) -> None:
    with run(f"{START}    {ending}") as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        parent.wait(5)
    assert ends(pid)


def test_a_child_at_work_ends_soon_after_its_parent() -> None:
    program = f"""{START}
    import threading
    threading.Thread(target=lambda: box.call({{"do": "hang"}}), daemon=True).start()
    time.sleep(0.2)
    os.kill(os.getpid(), signal.SIGKILL)
    """
    with run(program) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        parent.wait(5)
    assert ends(pid)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_after_a_fork_both_have_children_of_their_own() -> None:
    program = f"""{START}
    mine = os.fork()
    print(box.call({{"do": "who"}})["pid"], flush=True)
    if mine:
        os.waitpid(mine, 0)
    """
    with run(program) as parent:
        assert parent.stdout is not None
        pids = [int(line) for line in parent.stdout]
        parent.wait(5)
    assert len(pids) == 3
    assert len(set(pids)) == 2
    assert all(ends(pid) for pid in pids)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_a_fork_that_lives_on_does_not_keep_its_parents_child() -> None:
    program = f"""{START}
    if os.fork() == 0:
        os.close(1)
        time.sleep(6)
        os._exit(0)
    os.kill(os.getpid(), signal.SIGKILL)
    """
    with run(program) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        parent.wait(5)
        assert ends(pid)
