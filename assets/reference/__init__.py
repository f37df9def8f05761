"""Lists that a force may edit and numbers that the product uses: one CSV and its card for each, by subject."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path


@cache
def list_path(name: str) -> Path:
    """Return the CSV file of a reference list, e.g. `list_path("forces")`. Raises FileNotFoundError where there is
    none."""
    found = sorted(Path(__file__).parent.rglob(f"{name}.csv"))
    if len(found) != 1:
        raise FileNotFoundError(f"assets/reference: expected one file {name}.csv, found {len(found)}")
    return found[0]


def list_rows(name: str) -> list[dict[str, str]]:
    """The rows of a reference list, as text. Raises FileNotFoundError like `list_path`."""
    with list_path(name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))
