"""What a build is made from, so that one with nothing new is not run."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

from pipelines.cards import AUDIENCES
from pipelines.delivery import casework_rows, intake
from pipelines.delivery.folder import DataFolder
from pipelines.people.identity_store import mark


def signature(folder: DataFolder, home: Path, as_of: date | None) -> dict[str, str]:
    """What a build is made from: files, code, day and casework."""
    return {
        "data": str(folder.path),
        "tree": folder.fingerprint,
        "code": intake.code_version(),
        "as_of": str(as_of),
        "casework": casework_rows.mark(home),
        "identities": mark(),
    }


def nothing_new(folder: DataFolder, home: Path, as_of: date | None) -> bool:
    """True if the last build finished with the same files, code and day.

    Needs no warehouse. False if the mapping queries a database.
    """
    record = home / "build.json"
    if not record.is_file() or not (home / "warehouse.duckdb").is_file():
        return False
    if not all((home / "published" / audience / "manifest.json").is_file() for audience in AUDIENCES):
        return False
    try:
        as_before = bool(json.loads(record.read_text(encoding="utf-8")) == signature(folder, home, as_of))
    except json.JSONDecodeError:
        return False
    return as_before and not folder.mapping.queries
