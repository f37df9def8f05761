"""Whole builds from a force extract: nobody is named where they must not be, and what is missing is not measured."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import legal_builds
import polars as pl
import pytest
from built_home import build, select
from invented_extract import Row, invented, write_csv

from assets.raw import extract_tables

TABLES = extract_tables()
pytestmark = pytest.mark.slow

CANARY = "Zqcanary"
PERSON = "Zqperson"  # the same for names of people, which lie encrypted and nowhere else
KEYS = ("person_key", "victim_key", "suspect_key", "respondent_key", "to_key")
# what says something of one person; a value that no code set knows, or that is no date or number
ABOUT_A_PERSON = {
    "person": ("birth_ym", "sex", "ethnicity_self", "pncid_hash", "dod"),
    "party_role": ("role", "relationship", "vulnerability", "age_at_offence", "named", "victim_support"),
    "referrals": ("sex", "ethnicity", "disability", "sexual_orientation", "religion", "contacts_n"),
}
IDENTITY = "person_key,forename,middle_name,surname,alias,date_of_birth,sex,postcode,phone,email,pncid\n"
PHASE_1 = ("incident", "crime", "classification_history", "removal", "party_role", "outcome", "crime_flag")


def with_canaries(extract: dict[str, list[Row]]) -> dict[str, list[Row]]:
    """A canary in every free text and every key of a person, and in some rows in what is said of one person."""
    for table, rows in extract.items():
        for row in rows:
            for field, kind in TABLES[table].items():
                if kind.startswith("free"):
                    row[field] = f"{CANARY} of {table}.{field} said so"
                elif field in KEYS and row[field] is not None:
                    row[field] = f"{row[field]}-{CANARY}"
        for number, field in enumerate(ABOUT_A_PERSON.get(table, ())):
            rows[number][field] = rows[number + 20][field] = f"{CANARY} {field}"
    return extract


def published(home: Path, audience: str) -> str:
    """All that an audience's copy holds, as text."""
    found = []
    for path in sorted((home / "published" / audience).resolve().iterdir()):
        if path.suffix == ".parquet":
            found += map(str, duckdb.sql(f"select * from read_parquet('{path}')").fetchall())
        else:
            found.append(path.read_text(encoding="utf-8"))
    return "\n".join(found)


def names_of(found: list[tuple[Any, ...]]) -> str:
    return "\n".join(map(str, found))


def test_nobody_is_named_and_a_broken_delivery_leaves_what_was_published(tmp_path: Path) -> None:
    data, home = tmp_path / "data", tmp_path / "home"
    extract = with_canaries(invented(60))
    write_csv(data / "force", extract)
    rows = [",".join([f"key{n}", *[PERSON] * IDENTITY.count(",")]) + "\n" for n in range(3)]
    (data / "force" / "person_identity.csv").write_text(IDENTITY + "".join(rows), encoding="utf-8")
    with open(data / "force" / "incident.csv", "a", encoding="utf-8") as stream:
        stream.write(f"i999,{CANARY} in a row that is ragged\n")
    said = build(data, home)

    assert CANARY in names_of(select(home, "select mo_text from raw.crime")), "the canaries are alive"
    assert select(home, "select count(*) from raw.unread_values")[0][0] > 7
    assert select(home, "select sum(rows_lost) from raw.deliveries") == [(0,)]
    places = {
        "what the build said": said,
        "command": published(home, "command"),
        "commissioning": published(home, "commissioning"),
        "quarantined rows": names_of(select(home, "select * from raw.quarantined_rows")),
        "unread values": names_of(select(home, "select * from raw.unread_values")),
        "deliveries": names_of(select(home, "select * from raw.deliveries")),
        "unrecognised files": names_of(select(home, "select * from raw.unrecognised_files")),
    }
    for folder in ("dagster", "docs", "quarantine"):
        for path in (home / folder).rglob("*"):
            if path.is_file():
                places[str(path)] = path.read_bytes().decode("utf-8", errors="replace")
    assert [place for place, text in places.items() if CANARY in text] == []
    assert PERSON not in said
    held = {path: path.read_bytes().lower() for path in home.rglob("*") if path.is_file()}
    names, header = PERSON.lower().encode(), IDENTITY.strip().encode()
    assert [path for path, content in held.items() if names in content or header in content] == [], (
        "nothing of the names of people is kept as they were delivered, nor the header of their file"
    )

    before = {audience: published(home, audience) for audience in ("command", "integrity")}
    crime = data / "force" / "crime.csv"
    crime.write_bytes(crime.read_bytes()[:-90])
    (data / "mapping.toml").write_text('[tables.crime.values.status]\n"Parked" = "parked"\n', encoding="utf-8")
    said = build(data, home, code=3)
    assert "REFUSED mapping.toml: [tables.crime.values.status] 'Parked': expected one of open, closed" in said
    (data / "mapping.toml").unlink()
    said = build(data, home, code=3)
    assert "REFUSED force/crime.csv: line 61: expected 32 values and a line end" in said and CANARY not in said
    counts = "select count(*) from core.crimes"
    assert select(home, counts) == [(60,)], "the last crimes that could be read still count"
    for audience, text in before.items():
        assert len(published(home, audience)) > 0.9 * len(text)


@pytest.mark.parametrize("delivered", ["only crimes", "phase 1", "no crimes"])
def test_what_was_not_delivered_is_not_measured(tmp_path: Path, delivered: str) -> None:
    data, home = tmp_path / "data", tmp_path / "home"
    extract = invented(60)
    wanted = {"only crimes": ("crime",), "phase 1": PHASE_1}.get(delivered, tuple(extract))
    write_csv(data, {table: extract[table] for table in wanted})
    if delivered == "no crimes":
        header = (data / "crime.csv").read_text(encoding="utf-8").splitlines()[0]
        (data / "crime.csv").write_text(header + "\n", encoding="utf-8")
    is_none = delivered == "no crimes"
    held = {name: pl.DataFrame([] if is_none and name == "crime" else extract[name]) for name in wanted}
    assert legal_builds.build(data, legal_builds.fresh_home(home), held) == []
    results = select(home, "select status, examined_count, needs, rule_code from quality.rule_results")
    assert results and not [r for r in results if r[0] == "ERROR"]
    absent = set(extract) - set(wanted)
    for status, examined, needs, rule in results:
        if {need.partition(".")[0] for need in needs.split(", ")} & absent:
            assert status == "NOT_EVALUABLE", rule
        if status == "PASS":
            assert examined > 0, f"{rule} passed on nothing"
