"""Writing documents into a folder, whole or not at all, and recording them in the home they were written from."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path

from casework.refusal import Refused
from dashboards.documents import records, seen
from dashboards.documents.records import Record
from dashboards.documents.register import manifest_sha256
from dashboards.published import Copy


def write(home: Path, out: Path, files: Mapping[str, bytes], copy: Copy, register: bytes) -> list[Record]:
    """Write the files into the folder `out` and record them. Raises Refused where it cannot be written."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            _replace(out / name, content)
    except OSError as problem:
        raise Refused(
            f"{out}: could not write ({problem.strerror}). Free some space or give another --out."
        ) from problem
    return _record(home, out, files, copy, register)


def _replace(path: Path, content: bytes) -> None:
    """Whole or not at all."""
    fresh = path.with_name(f".{path.name}.new")
    fresh.write_bytes(content)
    os.replace(fresh, path)


def _record(home: Path, out: Path, files: Mapping[str, bytes], copy: Copy, register: bytes) -> list[Record]:
    digest = records.keep_register(home, register)
    entries = []
    for name, content in files.items():
        numbers = seen.numbers(out / name)
        entries.append(
            {
                "path": str((out / name).resolve()),
                "sha256": hashlib.sha256(content).hexdigest(),
                "number_count": None if numbers is None else len(numbers),
                "audience": copy.audience,
                "publication": copy.folder.name,
                "manifest_sha256": manifest_sha256(copy),
                "register_sha256": digest,
            }
        )
    return records.append(home, entries)
