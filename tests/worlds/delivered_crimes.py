"""Rows of crimes as a supplier may write them, for files of an extract."""

import io
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

HEADER = "crime_id,crime_ref,force_code,recorded_ts,ho_code,mo_text,s1_1a,coc_count,lat,status"
TOLD = "Jane Doe of 5 High Street was followed"  # what no message may repeat


def row(number: int, **changes: str) -> str:
    values = {
        "crime_id": f"c{number}", "crime_ref": f"42/{number}/25", "force_code": "E23000013",
        "recorded_ts": "2025-03-01T10:00:00Z", "ho_code": "8/65", "mo_text": TOLD, "s1_1a": "false",
        "coc_count": "3", "lat": "51.5", "status": "open",
    }  # fmt: skip
    assert not set(changes) - set(values)
    return ",".join((values | changes).values())


def table(*rows: str, header: str = HEADER, end: str = "\n") -> bytes:
    return "".join(line + end for line in (header, *rows)).encode()


def parquet(**columns: Any) -> bytes:
    target = io.BytesIO()
    pq.write_table(pa.table(columns), target)
    return target.getvalue()


def crimes(*keys: str) -> dict[str, list[str]]:
    """The columns that a crime needs."""
    count = len(keys)
    return {"crime_id": list(keys), "class_code": ["8Q"] * count, "recorded_ts": ["2025-03-01T10:00:00Z"] * count}
