"""What stands in deploy/: each file as the tool it is for would judge it, and that it calls what there is."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import compose_spec
import crossplane
import kubernetes_validate
import pytest
import yaml

from peerlearn import cli
from peerlearn.config import Settings

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
UNITS = sorted(DEPLOY.glob("systemd/*"))
MANIFESTS = sorted(path for path in DEPLOY.glob("kubernetes/*.yaml") if path.name != "kustomization.yaml")
EXPOSURE = 25  # of 100, as systemd judges: the most that a service may be open to


def documents() -> Iterator[dict[str, Any]]:
    for path in MANIFESTS:
        yield from yaml.safe_load_all(path.read_text())


def containers() -> Iterator[dict[str, Any]]:
    """All of our own, in whatever pod."""
    for found in documents():
        spec = found.get("spec", {})
        template = spec.get("template") or spec.get("jobTemplate", {}).get("spec", {}).get("template")
        for kind in ("initContainers", "containers"):
            yield from template["spec"].get(kind, ()) if template else ()


def compose() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((DEPLOY / "compose/compose.yaml").read_text())
    return found


# what tools say


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_systemd_takes_each_unit(path: Path, tmp_path: Path) -> None:
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.skip("there is no systemd-analyze")
    for unit in UNITS:  # a timer names its service
        said = unit.read_text().replace("/opt/peerlearn/.venv/bin/peerlearn", sys.executable)
        (tmp_path / unit.name).write_text(said)
    asked = [program, "verify", "--man=no", "--recursive-errors=no", str(tmp_path / path.name)]
    judged = subprocess.run(asked, capture_output=True, text=True)
    assert (judged.returncode, judged.stderr) == (0, "")


@pytest.mark.parametrize("path", [unit for unit in UNITS if unit.suffix == ".service"], ids=lambda path: path.name)
def test_systemd_finds_each_service_closed(path: Path) -> None:
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.skip("there is no systemd-analyze")
    asked = [program, "security", "--offline=yes", f"--threshold={EXPOSURE}", "--no-pager", str(path)]
    judged = subprocess.run(asked, capture_output=True, text=True)
    assert judged.returncode == 0, judged.stdout[-2000:] + judged.stderr


def test_nginx_knows_every_line(tmp_path: Path) -> None:
    around = tmp_path / "nginx.conf"
    around.write_text(f"events {{}}\nhttp {{ include {DEPLOY / 'nginx/peerlearn.conf'}; }}\n")
    judged = crossplane.parse(str(around), strict=True)
    assert (judged["status"], judged["errors"]) == ("ok", [])


def test_compose_takes_the_file() -> None:
    found = compose_spec.PyCompose.from_json(json.dumps(compose()))
    assert set(found.services or ()) == {"database", "limits", "upgrade", "web", "worker"}


def test_kubernetes_takes_each_manifest() -> None:
    kinds = set()
    for found in documents():
        for version in ("1.30", kubernetes_validate.latest_version()):
            kubernetes_validate.validate(found, version, strict=True)
        kinds.add(found["kind"])
    assert kinds >= {"Deployment", "Service", "Ingress", "CronJob", "PersistentVolumeClaim"}
    listed = yaml.safe_load((DEPLOY / "kubernetes/kustomization.yaml").read_text())
    assert sorted(listed["resources"]) == [path.name for path in MANIFESTS]


# that they call what there is


def calls() -> Iterator[list[str]]:
    """The words after `peerlearn` wherever it is called."""
    for path in DEPLOY.glob("systemd/*.service"):
        yield from (shlex.split(found) for found in re.findall(r"bin/peerlearn ([^\n']+)", path.read_text()))
    for service in compose()["services"].values():
        if service["image"] == "peerlearn":
            yield service["command"]
    for container in containers():
        if container["image"] == "peerlearn":
            yield container.get("args") or shlex.split(
                re.findall(r"peerlearn (backup .*)", container["command"][-1])[0]
            )
    docker = (DEPLOY / "container/Dockerfile").read_text()
    yield yaml.safe_load(re.findall(r"^CMD (.*)$", docker, re.MULTILINE)[0])


@pytest.mark.parametrize("words", list(calls()), ids=" ".join)
def test_each_command_is_one_of_ours(words: list[str]) -> None:
    command = cli.peerlearn.get_command(click.Context(cli.peerlearn), words[0])
    assert command is not None
    command.make_context(words[0], list(words[1:]), resilient_parsing=False)


def test_each_setting_is_one_of_ours() -> None:
    files = [*DEPLOY.rglob("*"), ROOT / "docs/deploy-compose.md", ROOT / "docs/deploy-kubernetes.md"]
    named = {name for path in files if path.is_file() for name in re.findall(r"PEERLEARN_[A-Z_]+", path.read_text())}
    known = set(re.findall(r"`(PEERLEARN_[A-Z_]+)`", (ROOT / "docs/operate.md").read_text()))
    assert named <= known
    values = yaml.safe_load((DEPLOY / "kubernetes/settings.yaml").read_text())["data"]
    secret = {"PEERLEARN_SECRET_KEY": "x" * 40, "PEERLEARN_DATABASE_URL": "postgresql://peerlearn:x@database/peerlearn"}
    settings = Settings.from_env(values | secret)
    assert settings.proxies == 1
    assert "localhost" in settings.flask_config()["TRUSTED_HOSTS"]  # by which probes ask


def test_the_container_is_built_of_what_there_is() -> None:
    docker = (DEPLOY / "container/Dockerfile").read_text()
    copied = {word for line in re.findall(r"^COPY (?!--)(.*)$", docker, re.MULTILINE) for word in line.split()[:-1]}
    assert all((ROOT / name).exists() for name in copied)
    let_in = {line[1:] for line in (ROOT / ".dockerignore").read_text().split() if line.startswith("!")}
    assert {name.split("/")[0] for name in copied} == let_in


def test_every_pod_and_container_has_no_rights_that_it_needs_not() -> None:
    ours = list(containers())
    assert len(ours) >= 5
    for container in ours:
        context = container["securityContext"]
        assert context["readOnlyRootFilesystem"]
        assert not context["allowPrivilegeEscalation"]
        assert context["capabilities"] == {"drop": ["ALL"]}
        assert "memory" in container["resources"]["limits"]
    for name, service in compose()["services"].items():
        if name not in ("database", "limits"):
            assert service["read_only"]
            assert service["cap_drop"] == ["ALL"]


def test_releases_agree() -> None:
    listed = yaml.safe_load((DEPLOY / "kubernetes/kustomization.yaml").read_text())
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert [image["newTag"] for image in listed["images"]] == [project["version"]]
