"""Sound deliveries, small and invented, in every form that the product reads: what mutations begin with.

A table of the extract is made from the kinds of its fields. Tables of publishers are the first lines of the sample.
"""

import csv
import gzip
import io
import json
import random
import zipfile
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter
from published_workbooks import ods

from assets.raw import extract_tables
from assets.readers.extract.identities import FIELDS as IDENTITY_FIELDS
from assets.readers.extract.identities import TABLE as IDENTITIES
from assets.readers.extract.values import code_sets

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "sample" / "open_data"
ROWS = 8
_MADE = datetime(2026, 1, 1)  # noqa: DTZ001
Grid = list[list[str]]  # a table: the first row has the labels

_MOMENTS = ("2026-01-19T17:08:00Z", "2025-11-02 08:00", "2025-06-30T23:59:59+01:00", "2024-02-29 00:00")
_VALUES: Mapping[str, tuple[str, ...]] = {
    "ts": _MOMENTS, "date": ("2025-12-01", "2024-02-29"), "month": ("1988-04",), "bool": ("true", "false"),
    "int": ("3", "0", "41"), "num": ("51.28", "-0.5", "12"), "ho": ("8/65", "8/30", "195/94"),
    "outcome": ("16", "1A", "0"), "class": ("8Q", "8L", "8U"), "free": ("he waited outside, \"again\"", ""),
}  # fmt: skip


def grid(table: str, fields: Mapping[str, str], number: int) -> Grid:
    """Rows of a table of the extract; no key is in two files, because the number of the file is in it."""
    kinds = {name: kind.removesuffix("?") for name, kind in fields.items()}
    return [list(fields), *([_value(name, kind, number, row) for name, kind in kinds.items()] for row in range(ROWS))]


def _value(name: str, kind: str, number: int, row: int) -> str:
    if kind == "key":
        return f"{name[:3].upper()}{number}-{row}"
    if kind.startswith("set:"):
        codes = code_sets()[kind.removeprefix("set:")]
        return codes[row % len(codes)]
    if kind in _VALUES:
        return _VALUES[kind][row % len(_VALUES[kind])]
    if name == "force_code":
        return "E23000013"
    # a reference to a row of the file of the same number, where there is one
    return f"{name[:3].upper()}{number}-{row}" if name.endswith(("_id", "_key", "_ref")) else f"word {row}"


def as_csv(rows: Grid, sign: str = ",", end: str = "\r\n", encoding: str = "utf-8") -> bytes:
    """A table as separated text."""
    text = io.StringIO()
    csv.writer(text, delimiter=sign, lineterminator=end).writerows(rows)
    return text.getvalue().encode(encoding, errors="replace")


def as_json(rows: Grid) -> bytes:
    """A table as a list of objects."""
    return json.dumps(_objects(rows), indent=1).encode()


def as_json_lines(rows: Grid) -> bytes:
    """A table as one object a line."""
    return "".join(json.dumps(row) + "\n" for row in _objects(rows)).encode()


def _objects(rows: Grid) -> list[dict[str, object]]:
    return [dict(zip(rows[0], row, strict=False)) for row in rows[1:]]


def as_parquet(rows: Grid) -> bytes:
    """A table as parquet of texts."""
    width = len(rows[0])
    names = [f"{label}.{rows[0][:place].count(label)}" if label in rows[0][:place] else label
             for place, label in enumerate(rows[0])]  # fmt: skip
    columns = [[row[place] if place < len(row) else None for row in rows[1:]] for place in range(width)]
    out = io.BytesIO()
    pq.write_table(pa.table(dict(zip(names, (pa.array(c, pa.string()) for c in columns), strict=True))), out)
    return out.getvalue()


def as_xlsx(rows: Grid, folder: Path) -> bytes:
    """A table as the only sheet of a workbook; numbers are numbers."""
    path = folder / "sound.xlsx"
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"created": _MADE})
        sheet = book.add_worksheet("Sheet 1")
        for number, row in enumerate(rows[:2000]):
            for place, value in enumerate(row[:16_000]):
                (sheet.write_number if value.isdecimal() and len(value) < 15 else sheet.write_string)(
                    number, place, float(value) if value.isdecimal() and len(value) < 15 else value[:30_000]
                )
    return path.read_bytes()


def as_ods(rows: Grid, folder: Path) -> bytes:
    """A table as the only sheet of an OpenDocument workbook."""
    path = folder / "sound.ods"
    plain = [["".join(sign for sign in value if sign >= " " or sign in "\t\n") for value in row] for row in rows]
    with zipfile.ZipFile(ods(path, {"Sheet 1": plain})) as package:
        return as_zip({name: package.read(name) for name in package.namelist()})


def as_zip(members: Mapping[str, bytes]) -> bytes:
    """An archive of files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in members.items():
            package.writestr(zipfile.ZipInfo(name, _MADE.timetuple()[:6]), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


WRITERS: Mapping[str, Callable[[Grid, Path], bytes]] = {
    "csv": lambda rows, _: as_csv(rows),
    "txt": lambda rows, _: as_csv(rows, ";", "\n", "cp1252"),
    "tsv": lambda rows, _: as_csv(rows, "\t", "\n", "utf-16"),
    "json": lambda rows, _: as_json(rows),
    "jsonl": lambda rows, _: as_json_lines(rows),
    "parquet": lambda rows, _: as_parquet(rows),
    "xlsx": as_xlsx,
    "ods": as_ods,
}
FORMATS = (*WRITERS, "zip", "gz", "geojson", "published", "mapping", "identities")


@cache
def published() -> dict[str, bytes]:
    """The first lines of every table of a publisher in the sample, and its small workbooks whole."""
    found = {}
    for path in sorted(SAMPLE.rglob("*.csv")):
        if "vintages" not in path.as_posix():
            found[path.name] = b"".join(path.read_bytes().splitlines(keepends=True)[:25])
    for path in sorted(SAMPLE.rglob("*.xlsx")):
        found[path.name] = path.read_bytes()
    points = [["component", "from_value", "to_value", "points", "source"]]
    points += [[name, "0" if name != "frequency" else "1", "", "5", "invented"]
               for name in ("recency", "frequency", "gravity", "victims")]  # fmt: skip
    found["rfgv_points.csv"] = as_csv(points)
    return found


@cache
def areas() -> dict[str, bytes]:
    """GeoJSON: boundaries of forces, cut to two, and of invented districts."""
    whole = json.loads((SAMPLE / "reference" / "force_boundaries_ugc.geojson").read_text())
    whole["features"] = sorted(whole["features"], key=lambda one: len(json.dumps(one)))[:2]
    square = [[-1.0, 52.0], [-0.9, 52.0], [-0.9, 52.1], [-1.0, 52.1], [-1.0, 52.0]]
    district = {
        "type": "FeatureCollection",
        "features": [
            {"type": "Feature", "properties": {"district_code": f"E0700000{n}", "district_name": f"Invented {n}"},
             "geometry": {"type": "Polygon", "coordinates": [[[x + n, y] for x, y in square]]}}
            for n in (1, 2)
        ],
    }  # fmt: skip
    return {"force_boundaries.geojson": json.dumps(whole).encode(),
            "district_boundaries.geojson": json.dumps(district).encode()}  # fmt: skip


MAPPING = b"""[extract]
dates = "DD/MM/YYYY"
no_value = ["N/A", "Unknown"]
[tables.crime]
file = "OCCURRENCE"
[tables.crime.fields]
crime_id = "Occ Id"
recorded_ts = "Recorded"
[tables.crime.values.status]
"Finalised" = "closed"
[[tables.party_role]]
file = "OCCURRENCE"
only_if = ["Suspect Id"]
[tables.party_role.fields]
crime_id = "Occ Id"
person_key = "Suspect Id"
role = "=suspect"
"""


def identities(number: int) -> Grid:
    """Invented names of people."""
    rows = grid(IDENTITIES, IDENTITY_FIELDS, number)
    chance = random.Random(number)
    for row in rows[1:]:
        row[1:6] = ["Invented", "", chance.choice(["Canaryname", "O'Canary", "Čanary"]), "", "1988-04-01"]
    return rows


def table_for(chance: random.Random, number: int) -> tuple[str, Grid]:
    """One of the tables of the extract."""
    table = chance.choice(sorted(extract_tables()))
    return table, grid(table, extract_tables()[table], number)


def compressed(content: bytes) -> bytes:
    """A file inside gzip, which the product refuses."""
    return gzip.compress(content, mtime=0)


def typed_parquet(rows: Grid, chance: random.Random) -> bytes:
    """The table with columns of types that no text has: nested, binary, decimal, times, dictionaries, intervals."""
    count = len(rows) - 1
    kinds: list[Callable[[], pa.Array]] = [
        lambda: pa.array([{"a": [n, None]} for n in range(count)]),
        lambda: pa.array([[str(n)] * n for n in range(count)]),
        lambda: pa.array([b"\xff\xfe\x00" + bytes([n]) for n in range(count)], pa.binary()),
        lambda: pa.array([None] * count, pa.null()),
        lambda: pa.array(range(count), pa.decimal128(38, 10)),
        lambda: pa.array([2**62 + n for n in range(count)], pa.int64()),
        lambda: pa.array([float("nan"), float("inf"), -0.0, 1e308, *([1.0] * count)][:count]),
        lambda: pa.array([n * 10**9 for n in range(count)], pa.timestamp("ns", tz="Europe/London")),
        lambda: pa.array([n - 3_000_000 for n in range(count)], pa.date32()),
        lambda: pa.array([n * 1000 for n in range(count)], pa.time32("ms")),
        lambda: pa.array(list(range(count)), pa.duration("us")),
        lambda: pa.array([str(n % 2) for n in range(count)]).dictionary_encode(),
        lambda: pa.array([n % 2 == 0 for n in range(count)]),
        lambda: pa.array([[(str(n), n)] for n in range(count)], pa.map_(pa.string(), pa.int64())),
        lambda: pa.array([-(2**63) + n for n in range(count)], pa.timestamp("us")),
        lambda: pa.array(["x" * 100_000] * count),
    ]  # fmt: skip
    table = pq.read_table(io.BytesIO(as_parquet(rows)))
    for _ in range(chance.randrange(1, 4)):
        place = chance.randrange(table.num_columns)
        table = table.set_column(place, table.column_names[place], chance.choice(kinds)())
    out = io.BytesIO()
    pq.write_table(table, out, compression=chance.choice(["snappy", "zstd", "gzip", "none"]),
                   row_group_size=chance.choice([1, 3, 1000]), version=chance.choice(["1.0", "2.6"]))  # fmt: skip
    return out.getvalue()
