"""A canary in every field of every record of a person never reaches those who commission services."""

import json
from pathlib import Path

import duckdb
import pytest
from guarded_run import CANARY, run_once

from pipelines.tables.cards import AUDIENCES

pytestmark = pytest.mark.slow
TOLD_TO_OTHERS = "integrity"


@pytest.fixture(scope="module")
def home() -> Path:
    """The home of the whole run; nothing of it was refused or withheld."""
    run = run_once()
    assert run.told["build"] == ""
    for audience in AUDIENCES:
        manifest = json.loads((run.home / "published" / audience / "manifest.json").read_text(encoding="utf-8"))
        assert manifest["withheld"] == {}
    with duckdb.connect(str(run.home / "warehouse.duckdb"), read_only=True) as con:
        assert con.sql("select reason from raw.deliveries where status = 'refused'").fetchall() == []
    return run.home


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


def test_nothing_that_a_page_sends_names_a_person_or_a_crime_but_to_those_who_work_on_records(home: Path) -> None:
    """Its text, the hover text and data of its charts and the rows of its tables, as they reach the browser."""
    naming = run_once().told["naming"]
    assert (naming["command"], naming["commissioning"]) == ([], [])
    assert len(naming["integrity"]) >= 2, "else it would pass for want of a key"


def test_the_canary_is_seen_where_records_are_shown(home: Path) -> None:
    """Else the test above would pass for want of a canary."""
    assert CANARY in texts_of(home / "published" / TOLD_TO_OTHERS)
