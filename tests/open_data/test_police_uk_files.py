"""data.police.uk, quirk by quirk, as seen in the real files: nothing is corrected, dropped or merged on the way in.

The rows are made here and reproduce the quirk that a test names; `delivered.deliver` asserts for each of them
that rows read are rows loaded plus rows set aside.
"""

from __future__ import annotations

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
    outcome_row,
    outcomes,
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
OUTCOMES = "2025-01-kent-outcomes.csv"


def street(folder: Path, *rows: str, name: str = STREET, end: str = "\n") -> list[dict[str, Any]]:
    """Rows of a street file all of which are of use."""
    reading, loaded = taken_in(folder, table(*rows, end=end), name)
    assert (reading.quarantined, reading.notices) == ([], [])
    assert reading.rows_read == len(rows)
    return loaded


def outcome_rows(folder: Path, *rows: str) -> list[dict[str, Any]]:
    reading, loaded = taken_in(folder, outcomes(*rows), OUTCOMES)
    assert (reading.quarantined, reading.notices) == ([], [])
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

    def test_line_ends_crlf_in_some_files_and_lf_in_others_give_the_same_rows(self, tmp_path: Path) -> None:
        rows = [street_row(n) for n in range(1, 20)]
        assert street(tmp_path, *rows, end="\r\n") == street(tmp_path, *rows, end="\n")

    def test_utf_8_without_a_byte_order_mark_with_welsh_street_names(self, tmp_path: Path) -> None:
        names = ["On or near Pant Y Dŵr", "On or near Sqwâr Glyndŵr"]
        rows = street(tmp_path, *(street_row(n, location=name) for n, name in enumerate(names)))
        assert [r["location"] for r in rows] == names

    def test_context_is_always_empty(self, tmp_path: Path) -> None:
        assert [r["context"] for r in street(tmp_path, street_row(1), street_row(2))] == [None, None]

    def test_reported_by_equals_falls_within_but_both_are_kept(self, tmp_path: Path) -> None:
        [row] = street(tmp_path, street_row(1, falls_within="British Transport Police"))
        assert (row["reported_by"], row["falls_within"]) == ("Kent Police", "British Transport Police")

    def test_a_quoted_name_with_a_comma_is_one_value(self, tmp_path: Path) -> None:
        [row] = street(tmp_path, street_row(1, location='"On or near The ""Arches"", Upper"'))
        assert row["location"] == 'On or near The "Arches", Upper'


class TestCrimeId:
    def test_blank_for_anti_social_behaviour_and_for_a_few_of_every_other_type(self, tmp_path: Path) -> None:
        blank = {"crime_id": "", "last_outcome_category": ""}
        rows = street(tmp_path, street_row(crime_type="Anti-social behaviour", **blank), street_row(**blank))
        assert [(r["crime_id"], r["last_outcome_category"]) for r in rows] == [(None, None)] * 2

    def test_rows_without_an_id_that_are_equal_in_every_column_are_separate_incidents(self, tmp_path: Path) -> None:
        same = street_row(crime_id="", crime_type="Anti-social behaviour", last_outcome_category="", **NOWHERE)
        assert [r["line_number"] for r in street(tmp_path, same, same, same)] == [2, 3, 4]

    def test_the_same_id_in_one_month_at_up_to_five_places_as_in_derbyshire(self, tmp_path: Path) -> None:
        rows = street(tmp_path, *(street_row(1, location=f"On or near Street {n}") for n in range(5)))
        assert (len(rows), {r["crime_id"] for r in rows}) == (5, {crime_id(1)})

    def test_the_same_id_in_a_later_month_with_another_type_as_in_dyfed_powys(self, tmp_path: Path) -> None:
        [first] = street(tmp_path, street_row(1))
        later = street_row(1, month="2025-02", crime_type="Other theft")
        [second] = street(tmp_path, later, name="2025-02-kent-street.csv")
        assert first["crime_id"] == second["crime_id"]
        assert (first["crime_type"], second["crime_type"]) == ("Burglary", "Other theft")

    def test_northern_ireland_uses_one_set_of_ids_every_month_and_has_no_lsoa_and_no_outcome(
        self, tmp_path: Path
    ) -> None:
        force = "Police Service of Northern Ireland"
        psni = {"reported_by": force, "falls_within": force, "lsoa_code": "", "lsoa_name": "",
                "longitude": "-5.93", "latitude": "54.6", "last_outcome_category": ""}  # fmt: skip
        rows = []
        for month in ("2025-01", "2025-02"):
            name = f"{month}-northern-ireland-street.csv"
            rows += street(tmp_path, street_row(1, month=month, **psni), name=name)
        assert len({r["crime_id"] for r in rows}) == 1
        assert {(r["lsoa_code"], r["last_outcome_category"]) for r in rows} == {(None, None)}


class TestLocation:
    def test_no_location_has_blank_coordinates_and_lsoa(self, tmp_path: Path) -> None:
        [row] = street(tmp_path, street_row(1, location="No Location", **NOWHERE))
        assert row["location"] == "No Location"
        assert [row[column] for column in NOWHERE] == [None] * 4

    def test_no_location_is_spelled_otherwise_in_outcomes_files(self, tmp_path: Path) -> None:
        [row] = outcome_rows(tmp_path, outcome_row(1, location="No location", **NOWHERE))
        assert (row["location"], row["longitude"]) == ("No location", None)

    def test_a_force_without_any_location_as_cleveland_and_derbyshire(self, tmp_path: Path) -> None:
        rows = street(tmp_path, *(street_row(n, location="No Location", **NOWHERE) for n in range(9)))
        assert (len(rows), {r["latitude"] for r in rows}) == (9, {None})

    def test_an_empty_street_name_keeps_its_trailing_blank(self, tmp_path: Path) -> None:
        [row] = street(tmp_path, street_row(1, location="On or near "))
        assert row["location"] == "On or near "

    def test_coordinates_without_an_lsoa_as_in_btp_and_cumbria(self, tmp_path: Path) -> None:
        [row] = street(tmp_path, street_row(1, lsoa_code="", lsoa_name=""))
        assert (row["longitude"], row["lsoa_code"]) == ("1.081", None)

    def test_coordinates_keep_the_digits_they_were_delivered_with(self, tmp_path: Path) -> None:
        [row] = street(tmp_path, street_row(1, longitude="-0.100000", latitude="51.5"))
        assert (row["longitude"], row["latitude"]) == ("-0.100000", "51.5")

    def test_an_lsoa_outside_the_force_as_in_cumbria(self, tmp_path: Path) -> None:
        force = {"reported_by": "Cumbria Constabulary", "lsoa_code": "E01029970", "lsoa_name": "Ipswich 001A"}
        [row] = street(tmp_path, street_row(1, **force), name="2025-01-cumbria-street.csv")
        assert row["lsoa_name"] == "Ipswich 001A"

    def test_lsoas_of_2011_and_of_2021_and_names_of_authorities_that_are_gone(self, tmp_path: Path) -> None:
        rows = street(
            tmp_path,
            street_row(1, lsoa_code="E01000001", lsoa_name="City of London 001A"),
            street_row(2, lsoa_code="E01035716", lsoa_name="City of London 001H"),
            street_row(3, lsoa_code="E01019300", lsoa_name="Copeland 001A"),
        )
        assert [r["lsoa_code"] for r in rows] == ["E01000001", "E01035716", "E01019300"]
        assert rows[2]["lsoa_name"] == "Copeland 001A"

    def test_btp_has_no_id_no_outcome_and_lsoas_all_over_the_country(self, tmp_path: Path) -> None:
        force = {"reported_by": "British Transport Police", "falls_within": "British Transport Police",
                 "crime_id": "", "last_outcome_category": ""}  # fmt: skip
        rows = street(
            tmp_path,
            *(street_row(lsoa_name=f"{area} 001A", **force) for area in ("Leeds", "Cardiff", "Camden")),
            name="2025-01-btp-street.csv",
        )
        assert {(r["crime_id"], r["last_outcome_category"]) for r in rows} == {(None, None)}
        assert len(rows) == 3


class TestWords:
    @pytest.mark.parametrize(
        "outcome",
        ["Offender sent to prison", "Offender fined", "Awaiting court outcome", "Court result unavailable",
         "Under investigation", "Further action is not in the public interest",
         "Investigation complete; no suspect identified", "An outcome of next year"],
    )  # fmt: skip
    def test_outcomes_of_every_vintage_and_unknown_ones_are_loaded(self, tmp_path: Path, outcome: str) -> None:
        [row] = street(tmp_path, street_row(1, last_outcome_category=outcome))
        assert row["last_outcome_category"] == outcome

    def test_unknown_crime_types_and_forces_are_loaded(self, tmp_path: Path) -> None:
        [row] = street(
            tmp_path,
            street_row(1, crime_type="Violent crime", reported_by="A New Police"),
            name="2025-01-a-new-force-street.csv",
        )
        assert (row["crime_type"], row["reported_by"]) == ("Violent crime", "A New Police")

    def test_awaiting_court_outcome_here_is_suspect_charged_there(self, tmp_path: Path) -> None:
        [crime] = street(tmp_path, street_row(1, last_outcome_category="Awaiting court outcome"))
        [outcome] = outcome_rows(tmp_path, outcome_row(1, outcome_type="Suspect charged"))
        assert crime["crime_id"] == outcome["crime_id"]
        assert (crime["last_outcome_category"], outcome["outcome_type"]) == (
            "Awaiting court outcome", "Suspect charged",
        )  # fmt: skip


class TestOutcomes:
    def test_one_crime_has_up_to_24_rows_repeats_of_an_event_included(self, tmp_path: Path) -> None:
        rows = outcome_rows(tmp_path, *[outcome_row(1)] * 24)
        assert [r["line_number"] for r in rows] == list(range(2, 26))

    def test_the_month_is_that_of_the_outcome_whatever_the_crimes_own(self, tmp_path: Path) -> None:
        [crime] = street(tmp_path, street_row(1, month="2025-02"), name="2025-02-kent-street.csv")
        [earlier] = outcome_rows(tmp_path, outcome_row(1))
        assert (crime["month"], earlier["month"]) == ("2025-02", "2025-01")

    def test_an_outcome_of_a_crime_that_is_in_no_file_is_loaded(self, tmp_path: Path) -> None:
        [row] = outcome_rows(tmp_path, outcome_row(999))
        assert row["crime_id"] == crime_id(999)


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
        assert "No rows is not zero crime" in message


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
