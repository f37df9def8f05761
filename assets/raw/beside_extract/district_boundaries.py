# /// card
# description = "One row is a district with its outline, simplified for a map on a page."
# grain = ["delivery_ref", "line_number"]
# audience = []
# caveats = [
#     "To be delivered by hand: a force chooses which districts it shows, and names them as its extract does.",
#     """Simplified when it is read: a line is off by at most a thousandth of the map's longer side. Of very detailed \
#     files it is more, and a notice says how much. Parts smaller than twice that are left out.""",
#     "Outer rings only: for small maps, not for measuring. line_number is the number of the feature in the file.",
#     "Every delivery is here, superseded ones too: read core.district_boundaries.",
# ]
# publisher = "The force, in its own copy"
# licence = "None stated: a force's own copy, never shipped"
# published = "as delivered"
# attribution = "Boundaries of districts: as delivered by the force."
# [columns]
# district = ["varchar", "Name of the district, as delivered"]
# force_code = ["varchar", "ONS code of the force that the outline is for; empty for every force"]
# rings_json = ["varchar", "Outer rings as JSON, each a list of points east and north", "km from the south-west corner"]
# ///

"""Boundaries of a force's districts: one GeoJSON file, recognised by its name.

A feature that cannot be drawn goes to quarantine with its number in the file; the rest is used. A file without any
usable feature, too large, or in other coordinates by its own statement is refused whole.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from assets.readers.features import collection
from assets.readers.files import check_unchanged
from assets.readers.outlines import (
    DEGREES,
    METRES,
    MOST_POINTS,
    Points,
    Unusable,
    on_plane,
    outer_rings,
    simplified,
    unit_of,
    within_country,
)  # fmt: skip
from assets.readers.source import BrokenFile, DeliveredFile, Part, QuarantinedRow, Reading, Source
from assets.readers.workbook.reader import write_rows

Names = dict[str, str | None]

COLUMNS = ("district", "force_code", "rings_json")
MOST_BYTES, MOST_FEATURES = 20_000_000, 500
EXPECTED = "a GeoJSON FeatureCollection: a feature for each district, with a property `district`"
DO = "Export the boundaries as GeoJSON in longitude and latitude (WGS84), and deliver that."
_FILE_NAME = re.compile(r"(?:^|[/!])[^/!]*districts?[ _-]?boundar(?:y|ies)[^/!]*\.(?:geo)?json$", re.IGNORECASE)
_CODE = re.compile("[EWSNK][0-9]{8}")
# what a file may say of its coordinates, at the end of its name of them
_SYSTEMS = {"CRS84": DEGREES, "4326": DEGREES, "4258": DEGREES, "27700": METRES}


def parts(file: DeliveredFile) -> list[Part]:
    """The file itself, if its name says so and it may be JSON."""
    is_json = file.head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"{"
    return [Part(file)] if is_json and _FILE_NAME.search(file.name) else []


def why_not(file: DeliveredFile) -> BrokenFile | None:
    """The reason why a file of such a name has no boundaries of districts."""
    start = file.head[:60].decode("utf-8", errors="replace").strip()
    return BrokenFile("start of the file", repr(start) if start else "nothing", EXPECTED, DO)


@dataclass(frozen=True)
class Fault:
    """Why the feature of this number cannot be used."""

    number: int
    column: str
    seen: str
    expected: str
    do: str
    name: str | None = None

    def row(self) -> QuarantinedRow:
        """The feature in quarantine."""
        place = f"feature {self.number}" + (f", {self.name}" if self.name else "")
        return QuarantinedRow(
            self.number, self.column, self.seen[:500], f"{place}: expected {self.expected}; {self.do}"
        )  # fmt: skip


@dataclass
class Found:
    """The features of a file: those that can be drawn, with their rings as delivered, and the others."""

    usable: list[tuple[int, Names, list[Points]]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def keep(self, number: int, names: Names, rings: Callable[[], list[Points]]) -> bool:
        """Keep a feature, or set it aside where its rings cannot be drawn."""
        try:
            self.usable.append((number, names, rings()))
        except Unusable as why:
            do = "export the boundaries again"
            self.faults.append(Fault(number, "rings_json", why.seen, why.expected, do, names["district"]))
            return False
        return True

    def require_any(self) -> None:
        """Raise BrokenFile where no feature can be used, with the reason of the first."""
        if not self.usable:
            first = min(self.faults, key=lambda fault: fault.number)
            place = f"feature {first.number}, {first.column}"
            raise BrokenFile(place, first.seen[:200], first.expected, f"No feature can be used. {DO}")


def read_rows(part: Part, delivery_ref: str, out: Path) -> Reading:
    """One row for every feature that can be drawn. Raises BrokenFile."""
    if part.file.size > MOST_BYTES:
        raise BrokenFile(
            "file", f"{part.file.size:,} bytes", f"at most {MOST_BYTES:,} bytes",
            "Deliver generalised boundaries: for a page, points 20 metres apart are enough.",
        )  # fmt: skip
    whole = collection(part.file)
    check_unchanged(part.file)
    given = whole["features"]
    if len(given) > MOST_FEATURES:
        raise BrokenFile(
            "features", f"{len(given):,}", f"at most {MOST_FEATURES} districts",
            "Deliver one feature for each district, its parts in a MultiPolygon.",
        )  # fmt: skip
    declared = _declared(whole.get("crs"))
    found = _drawable(given)
    found.require_any()
    unit = declared or unit_of([rings for *_, rings in found.usable])
    within = Found(faults=found.faults)
    for number, names, rings in found.usable:
        within.keep(number, names, partial(within_country, rings, unit))
    within.require_any()
    drawn, tolerance = simplified(on_plane([rings for *_, rings in within.usable], unit))
    rows = [
        (number, names | {"rings_json": json.dumps([ring.round(3).tolist() for ring in rings], separators=(",", ":"))})
        for (number, names, _), rings in zip(within.usable, drawn, strict=True)
    ]
    write_rows(rows, COLUMNS, delivery_ref, out)
    before, after = (sum(len(ring) for rings in kept for ring in rings) for kept in (_rings(within), drawn))
    notice = f"outlines simplified from {before:,} points to {after:,}: a line is off by at most {tolerance:.3f} km"
    faults = [fault.row() for fault in sorted(within.faults, key=lambda fault: fault.number)]
    return Reading(len(given), len(rows), faults, [notice] if before > MOST_POINTS else [])


def _rings(found: Found) -> list[list[Points]]:
    return [rings for *_, rings in found.usable]


def _declared(said: Any) -> str | None:
    """The unit that the file's own statement of its coordinates means; None without one. Raises BrokenFile."""
    if said is None:
        return None
    properties = said.get("properties") if isinstance(said, dict) else None
    name = str(properties.get("name")) if isinstance(properties, dict) else repr(said)
    unit = _SYSTEMS.get(re.split(r"[:/]", name.strip())[-1].upper())
    if unit is None:
        expected = "longitude and latitude (EPSG:4326) or the British National Grid (EPSG:27700)"
        raise BrokenFile("crs", repr(name[:100]), expected, DO)
    return unit


def _drawable(given: list[Any]) -> Found:
    """The features with a name and an outline, wherever that is."""
    found, seen = Found(), dict[tuple[str, str], int]()
    for number, feature in enumerate(given, start=1):
        properties = feature.get("properties") if isinstance(feature, dict) else None
        names = _names(properties)
        key = ((names["district"] or "").casefold(), names["force_code"] or "")
        fault = next(_wrong_names(number, names, properties, seen.get(key)), None)
        if fault is not None:
            found.faults.append(fault)
        elif found.keep(number, names, partial(outer_rings, feature.get("geometry"))):
            seen[key] = number
    return found


def _names(properties: Any) -> Names:
    """District and force of a feature, as text without blanks around it."""
    held = properties if isinstance(properties, dict) else {}
    words = {name: held.get(name) for name in COLUMNS[:2]}
    return {name: str(value).strip() if isinstance(value, str | int) else None for name, value in words.items()}


def _wrong_names(number: int, names: Names, properties: Any, before: int | None) -> Iterator[Fault]:
    """What is wrong with the names of a feature; `before` is an earlier one with the same."""
    district, force = names["district"], names["force_code"]
    if not district:
        held = ", ".join(map(str, properties)) if isinstance(properties, dict) and properties else "none"
        expected = "a property `district` with the name as in the extract"
        yield Fault(number, "district", f"properties: {held}", expected, "rename the property that holds it")
    if force and not _CODE.fullmatch(force):
        expected = "the ONS code of a force, such as E23000013, or nothing"
        yield Fault(number, "force_code", force, expected, "correct it", district)
    if before is not None:
        seen = f"{district} again (feature {before})"
        yield Fault(number, "district", seen, "each district once", "put its parts into one MultiPolygon", district)


SOURCE = Source(
    table="district_boundaries",
    columns=COLUMNS,
    parts=parts,
    read=read_rows,
    looks_like=lambda name: _FILE_NAME.search(name) is not None,
    why_not=why_not,
)
