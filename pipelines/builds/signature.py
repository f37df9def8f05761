"""What a build is made from, so that one with nothing new is not run."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path

from pipelines.builds import casework_rows
from pipelines.delivery import intake
from pipelines.fetching.folder import DataFolder
from pipelines.identities.identity_store import mark
from pipelines.publication.publish import IN_USE_AGAIN
from pipelines.tables.cards import AUDIENCES

RECORD = "build.json"  # in the home


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
    """True if the last build finished with the same files, code and day, and its publication is in use.

    Needs no warehouse. False if the mapping queries a database.
    """
    is_same = _last(home) == signature(folder, home, as_of) and not folder.mapping.queries
    return is_same and not is_earlier_in_use(home)


def nothing_came(folder: DataFolder, home: Path) -> bool:
    """True if the last build finished with the same files and code, for whatever day.

    What the mapping queries in a database is new each day.
    """
    last = _last(home)
    if last is None or last != {**signature(folder, home, None), "as_of": last.get("as_of")}:
        return False
    built_on = datetime.fromtimestamp((home / RECORD).stat().st_mtime, UTC).date()
    return not folder.mapping.queries or built_on == datetime.now(UTC).date()


def is_earlier_in_use(home: Path) -> bool:
    """Whether an audience uses an earlier publication again (publication/back.py), or one that cannot be read."""
    manifests = (home / "published" / audience / "manifest.json" for audience in AUDIENCES)
    try:
        return any(IN_USE_AGAIN in json.loads(path.read_text(encoding="utf-8")) for path in manifests)
    except (OSError, ValueError):
        return True


def _last(home: Path) -> dict[str, str] | None:
    """What the last build was made from; None if a part of what it made is not there."""
    made = ["warehouse.duckdb", *(f"published/{audience}/manifest.json" for audience in AUDIENCES)]
    try:
        last: dict[str, str] = json.loads((home / RECORD).read_text(encoding="utf-8"))
    except (FileNotFoundError, json.JSONDecodeError):
        return None
    return last if all((home / name).is_file() for name in made) else None
