"""Core tables, by worked example: these rows were delivered, those facts follow."""

from datetime import date

import pytest
from worked import Row, made, only


def delivery(ref: str, name: str, snapshot: str | None = None, received: int = 1) -> Row:
    at = f"2026-01-0{received} 00:00"
    return {"delivery_ref": ref, "source": "police_uk_street", "file_name": name, "snapshot_date": snapshot,
            "received_at": at, "status": "loaded"}  # fmt: skip


def holds(ref: str, period: str = "Kent Police|2025-01") -> Row:
    return {"delivery_ref": ref, "source": "police_uk_street", "period": period, "row_count": 5}


class TestCurrentPeriods:
    """Settled points: without a date is current and wins, later dates win over earlier."""

    def winner(self, *deliveries: Row) -> Row:
        [row] = made(
            "core.current_periods",
            raw_deliveries=list(deliveries),
            raw_delivered_periods=[holds(d["delivery_ref"]) for d in deliveries],
        )
        return row

    def test_without_a_date_wins_over_any_snapshot(self) -> None:
        assert (
            self.winner(delivery("a", "x.csv"), delivery("b", "2026-02-25/x.csv", "2026-02-25", 9))["delivery_ref"]
            == "a"
        )

    def test_the_later_snapshot_wins(self) -> None:
        old, new = delivery("a", "o.csv", "2026-02-25", 9), delivery("b", "n.csv", "2026-03-25", 1)
        assert self.winner(old, new)["delivery_ref"] == "b"

    def test_of_two_undated_files_the_one_received_last_and_the_clash_is_counted(self) -> None:
        row = self.winner(delivery("a", "x.csv", None, 1), delivery("b", "y.csv", None, 2))
        assert (row["delivery_ref"], row["undated_count"], row["candidate_count"]) == ("b", 2, 2)

    def test_of_two_archives_fetched_on_one_day_the_later_month_wins(self) -> None:
        later = delivery("a", "2026-03-02/2026-01.zip!2025-01/2025-01-kent-street.csv", "2026-03-02", 1)
        earlier = delivery("b", "2026-03-02/2025-06.zip!2025-01/2025-01-kent-street.csv", "2026-03-02", 2)
        assert self.winner(later, earlier)["delivery_ref"] == "a"

    def test_periods_are_replaced_one_by_one(self) -> None:
        rows = made(
            "core.current_periods",
            raw_deliveries=[delivery("a", "a.csv", None, 1), delivery("b", "b.csv", None, 2)],
            raw_delivered_periods=[holds("a"), holds("a", "Kent Police|2025-02"), holds("b")],
        )
        assert {(r["period"], r["delivery_ref"]) for r in rows} == {
            ("Kent Police|2025-01", "b"),
            ("Kent Police|2025-02", "a"),
        }


def street(line: int, **changes: object) -> Row:
    row = {"delivery_ref": "d1", "line_number": line, "crime_id": f"{line:064x}", "month": "2025-01",
           "reported_by": "Kent Police", "longitude": "0.5", "latitude": "51.2", "lsoa_code": "E01000001",
           "crime_type": "Burglary", "last_outcome_category": "Under investigation",
           "period": "Kent Police|2025-01"}  # fmt: skip
    return {**row, **changes}


CURRENT = {**holds("d1"), "undated_count": 1, "candidate_count": 1}


def crimes(*rows: Row, lsoas: list[Row] | None = None) -> list[Row]:
    listed = [{"lsoa_code": "E01000001", "is_2011": True, "is_2021": False}] if lsoas is None else lsoas
    found = made(
        "core.recorded_crimes", raw_police_uk_street=list(rows), core_current_periods=[CURRENT], core_lsoas=listed
    )
    return sorted(found, key=lambda r: r["line_number"])


class TestRecordedCrimes:
    def test_a_row_is_typed_and_its_force_is_known_by_code(self) -> None:
        [row] = crimes(street(2))
        assert (row["month"], row["force_code"], row["longitude"]) == (date(2025, 1, 1), "E23000032", 0.5)
        assert str(row["crime_ref"]).replace("-", "") == f"{2:064x}"[:32]

    def test_rows_without_an_id_that_are_equal_in_every_column_are_separate_incidents(self) -> None:
        same = {"crime_id": None, "crime_type": "Anti-social behaviour", "last_outcome_category": None}
        assert len(crimes(street(2, **same), street(3, **same))) == 2

    def test_an_id_is_not_a_key(self) -> None:
        rows = crimes(street(2), street(3, crime_id=f"{2:064x}", location="On or near Elsewhere"))
        assert len(rows) == 2 and rows[0]["crime_ref"] == rows[1]["crime_ref"]

    def test_only_the_delivery_that_counts_is_used(self) -> None:
        assert crimes(street(2, delivery_ref="superseded")) == []

    def test_a_blank_id_is_expected_for_anti_social_behaviour_only(self) -> None:
        facts = [
            r["is_crime_id_as_expected"]
            for r in crimes(
                street(2, crime_id=None, crime_type="Anti-social behaviour"),
                street(3, crime_id=None),
                street(4, crime_id="12ab"),
                street(5, crime_id="z" * 64),
                street(6, crime_id=f"{1:064x}"),
            )
        ]
        assert facts == [True, False, False, False, True]

    def test_words_outside_the_published_lists_are_told(self) -> None:
        facts = [
            r["is_in_published_lists"]
            for r in crimes(street(2, crime_type="Witchcraft"), street(3, last_outcome_category="Shrug"), street(4))
        ]
        assert facts == [False, False, True]

    def test_a_force_in_no_list_is_kept_without_a_code_and_never_guessed(self) -> None:
        [row] = crimes(street(2, reported_by="Ruritania Police"))
        assert (row["force_code"], row["reported_by"]) == (None, "Ruritania Police")

    def test_no_location_is_not_a_wrong_location(self) -> None:
        none, wrong, half = crimes(
            street(2, longitude=None, latitude=None, lsoa_code=None, location="No Location"),
            street(3, longitude="151.2"),
            street(4, latitude=None),
        )
        assert none["is_location_plausible"] is None and none["is_lsoa_of_vintage"] is None
        assert wrong["is_location_plausible"] is False
        assert half["is_location_plausible"] is None

    def test_lsoa_codes_are_2011_to_june_2023_and_2021_after(self) -> None:
        in_2023, in_2025, unknown = crimes(
            street(2, month="2023-06"), street(3, month="2025-01"), street(4, lsoa_code="E09")
        )
        assert [in_2023["is_lsoa_of_vintage"], in_2025["is_lsoa_of_vintage"]] == [True, False]
        assert unknown["is_lsoa_of_vintage"] is False

    def test_without_the_lsoa_list_nothing_is_said(self) -> None:
        [row] = crimes(street(2), lsoas=[])
        assert row["is_lsoa_of_vintage"] is None


class TestCoverage:
    """Did not supply is never zero."""

    def table(self, *crimes: tuple[str, str]) -> list[Row]:
        return made(
            "core.coverage",
            core_recorded_crimes=[
                {"delivery_ref": "d", "line_number": i, "force_code": force, "month": month}
                for i, (force, month) in enumerate(crimes)
            ],
        )

    def test_a_month_without_a_file_is_not_supplied_and_has_no_count(self) -> None:
        rows = self.table(("E23000032", "2025-01-01"), ("E23000032", "2025-03-01"))
        [gap] = only(rows, force_code="E23000032", month=date(2025, 2, 1))
        assert (gap["is_supplied"], gap["row_count"], gap["is_expected"]) == (False, None, True)
        [held] = only(rows, force_code="E23000032", month=date(2025, 1, 1))
        assert (held["is_supplied"], held["row_count"]) == (True, 1)

    def test_a_known_absence_is_not_expected_and_says_why(self) -> None:
        rows = self.table(("E23000032", "2025-01-01"))
        [absent] = only(rows, force_code="E23000005")
        assert not absent["is_expected"] and "change of system" in absent["absence_reason"]

    def test_greater_manchester_was_expected_before_its_change_of_system(self) -> None:
        rows = self.table(("E23000032", "2018-01-01"))
        assert only(rows, force_code="E23000005")[0]["is_expected"]

    def test_a_force_outside_england_and_wales_is_shown_where_it_supplies_and_expected_nowhere(self) -> None:
        rows = self.table(("PSNI", "2025-01-01"), ("E23000032", "2025-02-01"))
        assert [(r["month"], r["is_supplied"], r["is_expected"]) for r in only(rows, force_code="PSNI")] == [
            (date(2025, 1, 1), True, False)
        ]


@pytest.mark.parametrize(
    ("table", "source", "key"),
    [("core.incidents", "incident", "incident_id"),
     ("core.included_classifications", "included_classification", "crime_id")],
)  # fmt: skip
def test_of_a_month_delivered_twice_only_the_current_delivery_counts(table: str, source: str, key: str) -> None:
    rows = [{"delivery_ref": ref, "line_number": 2, key: ref, "period": "2026-01"} for ref in ("earlier", "current")]
    current = {"source": source, "delivery_ref": "current", "period": "2026-01"}
    [row] = made(table, **{f"raw_{source}": rows, "core_current_periods": [current]})
    assert "current" in row.values()


class TestPublishedLabels:
    """Nothing is dropped in silence: a force or class that nobody knows is seen, with the first line it stands on."""

    def home_office(self, line: int, force: str, code: str) -> Row:
        return {"delivery_ref": "d1", "line_number": line, "force_name": force, "offence_code": code,
                "offence_subgroup": "Stalking and harassment"}  # fmt: skip

    def test_unknown_forces_and_classes_are_told_and_known_ones_pass(self) -> None:
        rows = made(
            "core.published_labels",
            raw_home_office_recorded_crime=[
                self.home_office(2, "Kent", "8L"),
                self.home_office(3, "Ruritania", "8L"),
                self.home_office(4, "Ruritania", "8Z"),
                self.home_office(5, "London, City of", "8Q"),
                self.home_office(6, "Action Fraud", "8Q"),
            ],
        )
        facts = ("label_type", "label", "first_line_number", "row_count")
        unknown = [tuple(row[fact] for fact in facts) for row in only(rows, is_known=False)]
        assert sorted(unknown) == [("force", "Ruritania", 3, 2), ("offence_class", "8Z", 4, 1)]
        assert len(only(rows, is_known=True)) == 5

    def test_regions_and_countries_of_the_ons_tables_are_no_forces(self) -> None:
        rows = made(
            "core.published_labels",
            raw_ons_pfa_offences=[
                {"delivery_ref": "d1", "line_number": n, "area_code": code}
                for n, code in enumerate(("K04000001", "E12000001", "E23000032", "E23999999"))
            ],
        )
        assert [(r["label"], r["is_known"]) for r in rows] == [("E23000032", True), ("E23999999", False)]
