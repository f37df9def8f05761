"""A canary in every field of every record of a person never reaches those who commission services."""

from __future__ import annotations

from pathlib import Path

import duckdb
import polars as pl
import pytest
from commands import stra

from assets.raw import extract_tables
from pipelines.delivery import intake

TABLES = extract_tables()
pytestmark = pytest.mark.whole
CANARY = "CANARY"
TOLD_TO_OTHERS = "integrity"


def with_canaries(folder: Path) -> int:
    """Put a canary of its own into every cell that takes any text; how many columns took one."""
    count = 0
    for path in sorted(folder.rglob("*.csv")):
        if path.stem.rstrip("_") in {name.rstrip("_") for name in intake.of_people()}:
            kinds = TABLES.get(path.stem, TABLES.get(f"{path.stem}_", {}))
            free = [c for c, kind in kinds.items() if kind.rstrip("?") in ("text", "free") and not c.endswith("_id")]
            rows = pl.read_csv(path, infer_schema=False)
            free = [c for c in free if c in rows.columns and c not in ("force_code", "person_key", "victim_key")]
            count += len(free)
            rows.with_columns(pl.lit(f"{CANARY} {path.stem} {c}").alias(c) for c in free).write_csv(path)
    return count


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("canary")
    stra("synth", "--out", str(root / "data"), "--crimes", "3000", "--seed", "1")
    assert with_canaries(root / "data") > 40
    said = stra("build", "--data", str(root / "data"), "--home", str(root / "home"))
    assert "Published to" in said and "REFUSED" not in said and "WITHHELD" not in said
    return root / "home"


def texts_of(folder: Path) -> str:
    """Every text of every table, and every other file whole."""
    found = [path.read_text(encoding="utf-8") for path in folder.iterdir() if path.suffix == ".json"]
    with duckdb.connect() as con:
        for path in sorted(folder.glob("*.parquet")):
            rows = con.sql(f"select cast(t as varchar) from read_parquet('{path}') as t").fetchall()
            found += [row[0] for row in rows]
    return "\n".join(found)


def test_no_canary_is_published_to_those_who_commission_services(home: Path) -> None:
    texts = texts_of(home / "published" / "commissioning")
    assert len(texts) > 10_000
    assert CANARY not in texts


def test_nor_does_a_key_or_a_reference_of_a_person_or_a_crime(home: Path) -> None:
    texts = texts_of(home / "published" / "commissioning")
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as con:
        people = con.sql("select person_key from core.people union select person_ref from core.people").fetchall()
        crimes = con.sql("select crime_ref from core.crimes").fetchall()
    assert people and crimes
    assert [ref for (ref,) in people + crimes if ref in texts] == []


def test_the_canary_is_seen_where_records_are_shown(home: Path) -> None:
    """Else the test above would pass for want of a canary."""
    assert CANARY in texts_of(home / "published" / TOLD_TO_OTHERS)
