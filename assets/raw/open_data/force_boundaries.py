# /// card
# description = "One row is a police force area with its boundary, as delivered."
# grain = ["delivery_ref", "force_code"]
# audience = []
# caveats = [
#     "Ultra generalised: for small maps only, distances and borders are not exact.",
#     """Of December 2016 in the copy by hand, of December 2023 when fetched. Names differ between files (Devon and \
#     Cornwall, Devon & Cornwall): join on codes.""",
#     "line_number is the number of the area in the collection.",
# ]
# publisher = "ONS Open Geography"
# licence = "Open Government Licence v3.0"
# published = "December 2016; fetched: December 2023"
# attribution = """Source: Office for National Statistics licensed under the Open Government Licence v3.0. Contains OS \
#     data © Crown copyright and database right 2016."""
# [columns]
# force_code = "columns"
# force_name = ["varchar", "Police force area as ONS geography names it"]
# geometry_json = ["varchar", "GeoJSON geometry, Polygon or MultiPolygon", "degrees, WGS84"]
# ///

"""Boundaries of police force areas: GeoJSON of the ONS, in degrees of longitude and latitude (WGS84)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from assets.readers.features import features, is_collection
from assets.readers.files import check_unchanged
from assets.readers.source import DeliveredFile, Download, Part, QuarantinedRow, Reading, Source
from assets.readers.workbook.reader import write_rows

COLUMNS = ("force_code", "force_name", "geometry_json")
# Name of the property with the code, and of the one with the name: the number is the year of the boundaries.
_PROPERTIES = re.compile(r"PFA[0-9]{2}(CD|NM)")
_LOOKUP = re.compile(r"(LAD|CSP)[0-9]{2}CD")


def parts(file: DeliveredFile) -> list[Part]:
    """The file itself when it is a GeoJSON collection of police force areas, and no lookup of them."""
    head = file.head.decode("utf-8", errors="replace")
    is_ours = is_collection(file) and _PROPERTIES.search(head) is not None and _LOOKUP.search(head) is None
    return [Part(file)] if is_ours else []


def read_rows(part: Part, delivery_ref: str, out: Path) -> Reading:
    """One row for every feature; `line_number` is its number in the collection. Raises BrokenFile."""
    found = features(part.file)
    check_unchanged(part.file)
    rows: list[tuple[int, dict[str, str | None]]] = []
    quarantined: list[QuarantinedRow] = []
    seen: set[str] = set()
    for number, feature in enumerate(found, start=1):
        row = _row(feature)
        fault = _fault(row, feature, seen)
        if fault is None:
            seen.add(str(row["force_code"]))
            rows.append((number, row))
        else:
            column, reason = fault
            quarantined.append(QuarantinedRow(number, column, (row.get(column) or "")[:500], reason))
    write_rows(rows, COLUMNS, delivery_ref, out)
    return Reading(len(found), len(rows), quarantined)


def _row(feature: Any) -> dict[str, str | None]:
    properties = feature.get("properties") if isinstance(feature, dict) else None
    row: dict[str, str | None] = {}
    for name, value in (properties or {}).items():
        if found := _PROPERTIES.fullmatch(name):
            row["force_code" if found[1] == "CD" else "force_name"] = str(value)
    if isinstance(feature, dict) and feature.get("geometry"):
        row["geometry_json"] = json.dumps(feature["geometry"], separators=(",", ":"))
    return row


def _fault(row: dict[str, str | None], feature: Any, seen: set[str]) -> tuple[str, str] | None:
    """(column, reason) of what makes a feature useless, or None."""
    if not re.fullmatch("[EW][0-9]{8}", row.get("force_code") or ""):
        return "force_code", "expected the ONS code of a police force area; ask for the file again"
    if row["force_code"] in seen:
        return "force_code", "expected every area once; ask the publisher which one is meant"
    if not row.get("force_name"):
        return "force_name", "expected the name of the area; ask for the file again"
    geometry = feature.get("geometry") or {}
    if not isinstance(geometry, dict) or geometry.get("type") not in ("Polygon", "MultiPolygon"):
        return "geometry_json", "expected a Polygon or MultiPolygon; ask for the file again"
    if not all(-9 <= x <= 3 and 49 <= y <= 61 for x, y in _points(geometry.get("coordinates"))):
        return "geometry_json", "expected degrees (WGS84) in England or Wales; ask for the file in that projection"
    return None


def _points(coordinates: Any) -> Iterator[tuple[float, float]]:
    """Every point of nested rings; one that is no pair of numbers is nowhere."""
    if not isinstance(coordinates, list) or not coordinates:
        yield (float("nan"), float("nan"))
    elif isinstance(coordinates[0], list):
        for inner in coordinates:
            yield from _points(inner)
    elif len(coordinates) >= 2 and all(isinstance(number, int | float) for number in coordinates):
        yield (coordinates[0], coordinates[1])
    else:
        yield (float("nan"), float("nan"))


SOURCE = Source(
    table="force_boundaries",
    columns=COLUMNS,
    parts=parts,
    read=read_rows,
    looks_like=lambda name: re.search(r"force_boundaries[^/!]*\.(geo)?json$", name, re.IGNORECASE) is not None,
    download=Download(
        "https://services1.arcgis.com",
        "/ESMARspQHYMw9BZ9/arcgis/rest/services/Police_Force_Areas_December_2023_EW_BUC/FeatureServer/0/query"
        "?outFields=*&where=1%3D1&outSR=4326&f=geojson",
        "reference",
        file_name="force_boundaries_december_2023_buc.geojson",
    ),
)
