"""data.police.uk, quirk by quirk, as seen in the real files: nothing is corrected, dropped or merged on the way in.

The rows are made here and reproduce the quirk that a test names; `delivered.deliver` asserts for each of them
that rows read are rows loaded plus rows set aside.
"""

from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from delivered import (
    STREET_HEADER,
    Outcome,
    crime_id,
    deliver,
    refused,
    street_row,
    table,
    taken_in,
    zipped,
)

from assets.raw.open_data import police_uk_outcomes, police_uk_street
from assets.readers import files
from assets.readers.csv import reader
from assets.readers.police_uk import month_in_name

NOWHERE = {"longitude": "", "latitude": "", "lsoa_code": "", "lsoa_name": ""}
STREET = "2025-01-kent-street.csv"


def street(folder: Path, *rows: str, name: str = STREET, end: str = "\n") -> list[dict[str, Any]]:
    """Rows of a street file all of which are of use."""
    reading, loaded = taken_in(folder, table(*rows, end=end), name)
    assert (reading.quarantined, reading.notices) == ([], [])
    assert reading.rows_read == len(rows)
    return loaded


def periods(rows: list[dict[str, Any]]) -> list[tuple[str, int]]:
    con = duckdb.connect()
    con.register("rows", pa.Table.from_pylist(rows))
    query = f"select {police_uk_street.SOURCE.period} as period, count(*) from rows group by all order by all"
    return con.execute(query).fetchall()


class TestLayout:
    def test_a_row_is_loaded_as_delivered_with_delivery_and_line(self, tmp_path: Path) -> None:
        [row] = street(tmp_path, street_row(7))
        assert row == {
            "delivery_ref": "ref", "line_number": 2, "crime_id": crime_id(7), "month": "2025-01",
            "reported_by": "Kent Police", "falls_within": "Kent Police", "longitude": "1.081",
            "latitude": "51.279", "location": "On or near High Street", "lsoa_code": "E01024044",
            "lsoa_name": "Canterbury 001A", "crime_type": "Burglary",
            "last_outcome_category": "Under investigation", "context": None,
        }  # fmt: skip

    def test_the_raw_columns_are_those_of_the_published_headers(self) -> None:
        def named(source_columns: tuple[str, ...]) -> list[str]:
            return [name.replace("_", " ") for name in source_columns]

        assert named(police_uk_street.SOURCE.columns) == STREET_HEADER.lower().split(",")
        assert named(police_uk_outcomes.SOURCE.columns)[-1] == "outcome type"
        assert len(police_uk_outcomes.SOURCE.columns) == 10


class TestRedeliveries:
    def test_another_order_and_revised_outcomes_are_another_delivery_of_the_same_period(
        self, tmp_path: Path
    ) -> None:
        first = street(tmp_path, street_row(1), street_row(2))
        again = street(tmp_path, street_row(2), street_row(1, last_outcome_category="Unable to prosecute suspect"))
        assert periods(first) == periods(again) == [("Kent Police|2025-01", 2)]
        assert [r["crime_id"] for r in first] == [r["crime_id"] for r in again][::-1]

    @pytest.mark.parametrize(
        ("name", "day"),
        [("data-police-uk/2025-01/2025-01-kent-street.csv", None),
         ("data-police-uk-vintages/committed-2026-02-25/2025-05/2025-05-x-street.csv", date(2026, 2, 25)),
         ("police-uk/2026-03-02/2026-01.zip!2026-01/2026-01-kent-street.csv", date(2026, 3, 2)),
         ("police-uk/2026-02.zip!2024-01/2024-01-kent-street.csv", date(2026, 2, 28)),
         ("police-uk/2024-02.zip", date(2024, 2, 29)),
         ("police-uk/latest.zip!2024-01/2024-01-kent-street.csv", None),
         ("as-of-2025-01-31.zip!2025-01-kent-street.csv", date(2025, 1, 31)),
         ("2026-01-01/2026-02-02/a.csv", date(2026, 2, 2)),
         ("2026-02-31/a.csv", None), ("a/2026-02-01.csv", None), ("12026-02-01/a.csv", None),
         ("2026-13.zip!a.csv", None)],
    )  # fmt: skip
    def test_the_day_of_a_snapshot_is_in_its_folder_or_archive(self, name: str, day: date | None) -> None:
        assert files.snapshot_date(name) == day

    def test_a_force_that_supplied_nothing_has_no_rows_and_an_empty_file_is_not_zero_crime(
        self, tmp_path: Path
    ) -> None:
        message = refused(tmp_path, table(), "2025-01-greater-manchester-street.csv")
        assert "No rows" in message


class TestNames:
    @pytest.mark.parametrize(
        ("name", "street", "outcome"),
        [("2025-01-kent-street.csv", True, False), ("a.zip!2025-01/2025-01-kent-outcomes.csv", False, True),
         ("x/2025-01-city-of-london-street (1).csv", True, False), ("2025-01-KENT-STREET.CSV", True, False),
         ("2025-01-kent-stop-and-search.csv", False, False), ("high-street.csv", False, False),
         ("2025-01-kent-street/notes.csv", False, False)],
    )  # fmt: skip
    def test_which_names_say_they_are_ours(self, name: str, street: bool, outcome: bool) -> None:
        looks = (police_uk_street.SOURCE.looks_like(name), police_uk_outcomes.SOURCE.looks_like(name))
        assert looks == (street, outcome)

    @pytest.mark.parametrize(
        ("name", "month"),
        [("2025-01/2025-02-kent-street.csv", "2025-02"), ("2025-01.zip!2025-03-kent-street.csv", "2025-03"),
         ("2025-01-31-kent.csv", None), ("street.csv", None), ("2025-01/street.csv", None)],
    )  # fmt: skip
    def test_the_month_in_a_name(self, name: str, month: str | None) -> None:
        assert month_in_name(name) == month

    def test_content_decides_before_the_name(self, tmp_path: Path) -> None:
        [outcome] = deliver(tmp_path, table(street_row(1)), "my-download.txt")
        assert (outcome.source, outcome.broken) == ("police_uk_street", None)

    def test_the_archive_holds_stop_and_search_files_that_are_not_ours(self, tmp_path: Path) -> None:
        search = b"Type,Date,Part of a policing operation,Policing operation,Latitude,Longitude\nPerson search,,,,,\n"
        members = {"2025-01/2025-01-kent-stop-and-search.csv": search, f"2025-01/{STREET}": table(street_row(1))}
        found: list[Outcome] = deliver(tmp_path, zipped(members), "2025-01.zip")
        assert [o.source for o in found] == ["", "police_uk_street"]
        assert found[0].description.startswith("comma-separated text with the columns Type, Date")

    def test_both_tables_are_downloaded_in_one_monthly_archive(self) -> None:
        download = police_uk_street.SOURCE.download
        assert download is not None
        assert download == police_uk_outcomes.SOURCE.download
        url = download.base_url + download.path.format(month="2025-01")
        assert (url, download.folder) == ("https://data.police.uk/data/archive/2025-01.zip", "police-uk")


def test_an_ordinary_month_never_needs_the_careful_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every quirk above, in one file: DuckDB reads it alone, checks included."""

    def never(*arguments: Any) -> Any:
        raise AssertionError("the careful path was taken")

    monkeypatch.setattr(reader, "_read_carefully", never)
    rows = [
        street_row(1), street_row(1, location="On or near "), street_row(2, location="No Location", **NOWHERE),
        street_row(crime_id="", crime_type="Anti-social behaviour", last_outcome_category=""),
        street_row(3, location="On or near Pant Y Dŵr"), street_row(4, location='"On or near A, B"'),
        street_row(5, lsoa_code="", lsoa_name=""), street_row(6, crime_type="Violent crime"),
    ]  # fmt: skip
    for end in ("\n", "\r\n"):
        assert len(street(tmp_path, *rows, end=end)) == 8
