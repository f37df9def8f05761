"""Whole builds from a force extract: nobody is named where they must not be, and what is missing is not measured.

Builds, all of 60 crimes: one by the command, since all that it says and every file it leaves are looked at; and two
without Dagster, one of them of crimes alone. What lacks something else is drawn in test_legal_extracts.
"""

from pathlib import Path
from typing import Any

import duckdb
import legal_builds
import polars as pl
import pytest
from built_home import build, build_home, select
from invented_extract import Row, invented, write_csv

from assets.raw import extract_tables
from pipelines.builds.session import open_session
from pipelines.fetching.folder import read_folder

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
    with open_session(home, read_folder(data)) as session:
        session.take_in()
    [(reason,)] = select(home, "select reason from raw.deliveries where source = 'mapping' and status = 'refused'")
    assert "[tables.crime.values.status] 'Parked': expected one of open, closed" in reason
    (data / "mapping.toml").unlink()
    lines: list[str] = []
    assert build_home(read_folder(data), home, tell=lines.append) == []
    [(reason,)] = select(home, "select reason from raw.deliveries where source = 'crime' and status = 'refused'")
    assert reason.startswith("force/crime.csv: line 61: expected 32 values and a line end")
    assert CANARY not in "\n".join([reason, *lines])
    counts = "select count(*) from core.crimes"
    assert select(home, counts) == [(60,)], "the last crimes that could be read still count"
    for audience, text in before.items():
        assert len(published(home, audience)) > 0.9 * len(text)


def test_what_was_not_delivered_is_not_measured(tmp_path: Path) -> None:
    """Crimes alone: no rule that needs another table has a result, which is looked at in every legal extract."""
    crimes = {"crime": invented(60)["crime"]}
    write_csv(tmp_path / "data", crimes)
    held = {table: pl.DataFrame(rows) for table, rows in crimes.items()}
    assert legal_builds.build(tmp_path / "data", legal_builds.fresh_home(tmp_path / "home"), held) == []
