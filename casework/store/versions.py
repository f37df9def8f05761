"""A home of a later version is left alone: which version it has, which the product has, and what to do."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from casework.store.address import FILE
from casework.store.refusal import Refused
from casework.store.tables import VERSION, newer

__all__ = ["KEY", "VERSION", "of_copy", "refuse_newer"]

KEY = "home_version"  # in the manifest of a publication


def refuse_newer(home: Path) -> None:
    """Raise Refused where a newer product wrote to a home. Nothing is written, and a server is not asked."""
    found = _of_store(home / FILE)
    if found > VERSION:
        raise Refused(newer(f"{home}: the casework store has version {found}"))
    for path in sorted((home / "published").glob("*/manifest.json")):
        try:
            manifest = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            continue  # who reads it says what is wrong with it
        if words := of_copy(manifest):
            raise Refused(f"{home}: {words[:1].lower()}{words[1:]}")


def of_copy(manifest: object) -> str:
    """Why a published copy is not read, where a newer product wrote it; else nothing."""
    held: Mapping[str, Any] = manifest if isinstance(manifest, dict) else {}
    version = held.get(KEY, 0)
    if isinstance(version, int) and version <= VERSION:
        return ""
    return newer(f"The published copy has version {version}")


def _of_store(path: Path) -> int:
    """The version of a store, 0 where there is none or it cannot be read: who opens it says why."""
    if not path.is_file():
        return 0
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=15)) as con:
            return int(con.execute("select coalesce(max(version), 0) from schema_versions").fetchone()[0])
    except sqlite3.Error:
        return 0
