"""GeoJSON collections: the features of a file, and their properties as the rows of a table."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from assets.readers.csv.reader import CsvSpec, usable
from assets.readers.files import check_unchanged
from assets.readers.source import BrokenFile, DeliveredFile, Part, Reading


def is_collection(file: DeliveredFile) -> bool:
    return file.head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"{" and b'"FeatureCollection"' in file.head


def matches(file: DeliveredFile, spec: CsvSpec) -> bool:
    """Whether the properties at the head of a collection have every column."""
    return is_collection(file) and all(
        any(f'"{label}"'.encode() in file.head for label in labels) for labels in spec.columns.values()
    )


def features(file: DeliveredFile) -> list[Any]:
    """Every feature. Raises BrokenFile where the file was cut, or says itself that it is incomplete."""
    return list(collection(file)["features"])


def collection(file: DeliveredFile) -> dict[str, Any]:
    """The whole collection, with one feature at least. Raises BrokenFile like `features`."""
    try:
        text = file.path.read_text(encoding="utf-8-sig")
        whole = json.loads(text)
        found = whole["features"]
    except (ValueError, RecursionError, KeyError, TypeError) as problem:
        raise BrokenFile(
            "file", f"no complete GeoJSON ({problem})", "a FeatureCollection", "Download it again."
        ) from problem
    if re.search(r'"exceededTransferLimit"\s*:\s*true', text):
        raise BrokenFile("exceededTransferLimit", "true", "every feature", "Ask the publisher for the whole file.")
    if not isinstance(found, list) or not found:
        raise BrokenFile("features", "none", "at least one area", "Ask for the file again.")
    return dict(whole)


def read_features(part: Part, delivery_ref: str, out: Path, spec: CsvSpec) -> Reading:
    """One row for every feature, its properties as text; `line_number` is its number in the collection."""
    found = features(part.file)
    check_unchanged(part.file)
    given = [(feature.get("properties") if isinstance(feature, dict) else None) or {} for feature in found]
    reading = Reading(len(found), 0)
    table = {"delivery_ref": pa.array([delivery_ref] * len(found)), "line_number": pa.array(range(1, len(found) + 1))}
    for name, labels in spec.columns.items():
        values = [next((row[label] for label in labels if label in row), None) for row in given]
        table[name] = pa.array([None if value in (None, "") else str(value) for value in values], pa.string())
    pq.write_table(usable(pa.table(table), spec, reading), out, compression="zstd")
    return reading
