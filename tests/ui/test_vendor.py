"""What came from elsewhere is what is recorded, and its licence is shipped with it."""

import hashlib
import json
from typing import Any

import pytest

from peerlearn.ui import routes

STATIC = routes.TEMPLATES.parent / "static"
RECORDS: list[dict[str, Any]] = json.loads((STATIC / "vendor" / "vendor.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record["name"])
def test_files_are_as_recorded(record: dict[str, Any]) -> None:
    assert record["version"]
    assert record["licence"] in {"MIT", "ISC", "OFL-1.1"}
    assert len((STATIC / record["licence_text"]).read_text(encoding="utf-8")) > 200
    for name, expected in record["files"].items():
        assert hashlib.sha256((STATIC / name).read_bytes()).hexdigest() == expected, name


def test_nothing_lies_there_unrecorded() -> None:
    recorded = {name for record in RECORDS for name in record["files"]}
    lying = {path.relative_to(STATIC).as_posix() for path in (STATIC / "vendor").iterdir() if path.is_file()}
    assert lying - recorded == {"vendor/vendor.json"}
