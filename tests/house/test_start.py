"""What a newcomer meets at the command line: a sentence, never a traceback."""

from __future__ import annotations

import re
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from peerlearn import cli, serving

ROOT = Path(__file__).parents[2]


@pytest.fixture
def taken() -> Iterator[int]:
    """A port on which somebody else listens."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield int(other.getsockname()[1])


def test_a_taken_port_is_told_with_what_to_type_instead(taken: int) -> None:
    with pytest.raises(click.ClickException, match=f"Port {taken} is taken. .* PORT={taken + 1}$"):
        serving.insist_free("127.0.0.1", taken)


@pytest.mark.parametrize("host", ["nowhere.invalid", "203.0.113.7"])
def test_an_address_of_another_machine_is_not_called_taken(host: str) -> None:
    with pytest.raises(click.ClickException, match=f"Nobody can listen on {re.escape(host)} port 8000 here: "):
        serving.insist_free(host, 8000)


def test_a_port_that_needs_rights_is_not_called_taken() -> None:
    assert "needs rights" in serving._why_not(PermissionError(13, "Permission denied"), "127.0.0.1", 80)


@pytest.mark.parametrize("command", [cli.serve, cli.demo_command])
@pytest.mark.parametrize("port", ["0", "65536", "99999", "-1", "many"])
def test_no_port_is_a_usage_error(command: click.Command, port: str) -> None:
    found = CliRunner().invoke(command, ["--port", port])
    assert found.exit_code == 2
    assert "Invalid value for '--port'" in found.output


def test_make_names_the_command_that_was_typed_and_not_a_file(tmp_path: Path) -> None:
    for name in ("requirements/base.txt", "pyproject.toml"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    bare = ["make", "-f", str(ROOT / "Makefile"), "run", "PYTHON=no-such-python"]
    found = subprocess.run(bare, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "name it: make run PYTHON=" in found.stdout
