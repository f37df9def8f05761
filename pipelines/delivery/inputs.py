"""Are the inputs of a home what they were when its figures were published?

The rows of each delivery are in a file below `raw`. The intake keeps its hash. Manifests of the audiences that work
beside the home print it. Figures cannot be verified over rows that somebody has changed since.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import duckdb

from assets.readers import files
from assets.readers.source import BrokenFile, DeliveredFile
from pipelines.delivery.ledger import parquet_of
from pipelines.fetching.folder import is_mapping
from pipelines.tables.warehouse import transaction

BESIDE_THE_HOME = ("command", "integrity")  # the third audience's folder is read on other machines
Manifest = dict[str, Any]


def record_kept(con: duckdb.DuckDBPyConnection, home: Path) -> None:
    """Note the hash of every file below `raw` that was written since the last time."""
    fresh = con.execute(
        "select d.delivery_ref, d.source, d.reader_version from raw.deliveries as d"
        " anti join build.kept_files as k using (delivery_ref, reader_version)"
        " where d.status in ('loaded', 'superseded') order by all"
    ).fetchall()
    there = [(ref, source, version) for ref, source, version in fresh if parquet_of(home, source, ref).is_file()]
    with ThreadPoolExecutor() as pool:
        hashes = list(pool.map(lambda row: sha256_of(parquet_of(home, row[1], row[0])), there))
    with transaction(con):
        for (ref, source, version), sha256 in zip(there, hashes, strict=True):
            con.execute("insert or replace into build.kept_files values (?, ?, ?, ?)", [ref, source, version, sha256])


def kept_in(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """File below the home -> sha256, of every loaded delivery, for a manifest."""
    rows = con.execute(
        "select k.source, k.delivery_ref, k.sha256 from build.kept_files as k"
        " inner join raw.deliveries as d using (delivery_ref, reader_version)"
        " where d.status in ('loaded', 'superseded') order by all"
    ).fetchall()
    return {parquet_of(Path(), source, ref).as_posix(): sha256 for source, ref, sha256 in rows}


def kept_differences(home: Path) -> list[str]:
    """Which files below `raw` are not what the published figures were made from."""
    wrong = {}
    for manifest in _manifests(home):
        for name, sha256 in manifest.get("kept", {}).items():
            path = home / name
            if not path.is_file():
                wrong[name] = f"{path}: expected the rows of a delivery, the file is not there"
            elif (seen := sha256_of(path)) != sha256:
                wrong[name] = (
                    f"{path}: expected sha256 {sha256}, saw {seen}: these rows were changed after they were loaded. "
                    "If a build did not finish, run it again; else restore the file from a backup, or build a new "
                    "home from the deliveries"
                )
    return [wrong[name] for name in sorted(wrong)]


def delivered_differences(home: Path, data_dir: Path) -> tuple[list[str], list[str]]:
    """(changed, cannot be compared) of the delivered files behind published figures."""
    wanted = {
        delivery["file_name"].split("#")[0]: delivery["sha256"]
        for manifest in _manifests(home)
        for source in manifest["sources"]
        for delivery in source["deliveries"]
    }
    changed, absent = [], []
    for outer in sorted({name.split("!")[0] for name in wanted}):
        inside = {name: sha256 for name, sha256 in wanted.items() if name.split("!")[0] == outer}
        if is_mapping(outer):
            absent.append(f"{data_dir / outer}: its rows came from a database, which has only today's rows")
            continue
        if not (data_dir / outer).is_file():
            absent.append(f"{data_dir / outer}: no longer there; its rows are compared with their own hash")
            continue
        seen = dict(_hashes(data_dir / outer, outer))
        changed += [
            f"{data_dir / outer}: {name}: expected sha256 {sha256}, saw {seen.get(name, 'no such part')}: it was "
            "changed after it was loaded"
            for name, sha256 in sorted(inside.items())
            if seen.get(name) != sha256
        ]
    return changed, absent


def names_documents(home: Path) -> bool:
    """Whether documents had been written when figures were last published."""
    return any(manifest.get("documents") for manifest in _manifests(home))


def _hashes(path: Path, name: str) -> Iterator[tuple[str, str]]:
    """(name, sha256 or fault) of a file or of each member of an archive."""
    with tempfile.TemporaryDirectory() as scratch:
        for found in files.open_file(path, name, Path(scratch)):
            if isinstance(found, DeliveredFile):
                yield found.name, found.sha256
            else:
                part, problem = found
                assert isinstance(problem, BrokenFile)
                yield part, str(problem)


def _manifests(home: Path) -> Iterator[Manifest]:
    for audience in BESIDE_THE_HOME:
        path = home / "published" / audience / "manifest.json"
        try:
            yield json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            continue  # that a manifest cannot be read is said by publish.differences


def sha256_of(path: Path) -> str:
    """SHA-256 of a file's content."""
    with open(path, "rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()
