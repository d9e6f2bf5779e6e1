"""The command line before anything is set up: it lists what it can do, and says what is missing in one sentence."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import click
import pytest

from peerlearn import cli
from tests.operating.conftest import ROOT


def say(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """What a command says where no setting is made."""
    bare = {name: value for name, value in os.environ.items() if not name.startswith(("PEERLEARN_", "DATABASE_"))}
    return subprocess.run(
        [sys.executable, "-m", "peerlearn", *words],
        cwd=folder,
        env=bare | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_help_needs_no_settings(tmp_path: Path) -> None:
    said = say(tmp_path, "--help")
    assert (said.returncode, said.stderr) == (0, "")
    listed = {line.split()[0] for line in said.stdout.splitlines() if line.strip()}
    assert {"serve", "demo", "doctor", "backup", "people", "db"} <= listed
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", sorted({*cli.peerlearn.commands, "db"}))
def test_every_command_has_help(name: str) -> None:
    context = click.Context(cli.peerlearn)
    command = cli.peerlearn.get_command(context, name)
    assert command is not None
    assert command.help


@pytest.mark.parametrize("words", [("serve",), ("demo",), ("points", "verify"), ("db", "current"), ("backup", "x")])
def test_what_needs_settings_says_so(words: tuple[str, ...], tmp_path: Path) -> None:
    said = say(tmp_path, *words)
    assert said.returncode == 1
    assert said.stderr == "Set PEERLEARN_SECRET_KEY to a long random text, or PEERLEARN_DEMO=1 for a demo.\n"


def test_a_word_that_is_no_command_is_told(tmp_path: Path) -> None:
    said = say(tmp_path, "serv")
    assert said.returncode == 2
    assert "No such command 'serv'" in said.stderr
