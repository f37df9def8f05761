"""Small areas: where events lie, who comes up again there, and shares drawn to the mean, by worked example."""

from typing import Any

import polars as pl
import pytest
from invented_suspects import report
from test_repeat_suspects import events
from worked import Row, made, only

from assets.methods.intervals import wilson_interval
from assets.methods.shrinkage import shrunk_shares
from assets.methods.small_areas import compared_areas

PERIOD = [{"source": "lsoa_ward_lookup_2024", "period": "all", "delivery_ref": "d"}]
# repeat suspects of suspects, by area: they differ beyond chance
DIFFERING = {"A": (30, 60), "B": (10, 100), "C": (2, 80), "D": (45, 300), "E": (1, 4), "F": (15, 30), "G": (9, 29)}


def areas(*crimes: tuple[str | None, str | None], wards: dict[str, str] | None = None) -> list[tuple[Any, ...]]:
    """Type, code and name of the area of crimes given by LSOA and postcode sector, in their order."""
    given = [{"crime_ref": f"C{n}", "lsoa_code": lsoa, "postcode_sector": sector}
             for n, (lsoa, sector) in enumerate(crimes)]  # fmt: skip
    lookup = [
        {"delivery_ref": ref, "lsoa21_code": lsoa, "ward24_code": code, "ward24_name": f"Ward {code}",
         "ltla24_name": "Town", "period": "all"}
        for ref, known in (("d", wards or {}), ("superseded", {"L1": "W9"})) for lsoa, code in known.items()
    ]  # fmt: skip
    found = made("core.crime_areas", core_crimes=given, raw_lsoa_ward_lookup_2024=lookup, core_current_periods=PERIOD)
    rows = {row["crime_ref"]: (row["area_type"], row["area_code"], row["area_name"]) for row in found}
    return [rows.get(crime["crime_ref"]) or () for crime in given]


class TestAreas:
    def test_an_lsoa_stands_for_its_ward_where_the_list_knows_most(self) -> None:
        ward = ("ward", "W1", "Ward W1, Town")
        assert areas(("L1", "AB1 2"), ("L2", None), ("L9", "AB1 2"), wards={"L1": "W1", "L2": "W1"}) == [ward, ward, ()]
        assert areas(("L1", None), ("L9", None), ("L8", None), wards={"L1": "W1"})[1] == ("lsoa", "L9", "L9")

    def test_without_the_list_the_lsoa_itself_stands(self) -> None:
        assert areas(("L1", "AB1 2"), (None, "AB1 2")) == [("lsoa", "L1", "L1"), ()], "half have one: no other level"

    def test_where_few_have_an_lsoa_the_postcode_sector_stands_for_all(self) -> None:
        sector = ("postcode_sector", "AB1 2", "AB1 2")
        assert areas(("L1", None), (None, "AB1 2"), (None, "AB1 2"), wards={"L1": "W1"}) == [(), sector, sector]

    def test_without_any_field_no_crime_has_an_area(self) -> None:
        assert areas((None, None), (None, None)) == [(), ()]


def test_suspects_and_repeat_suspects_of_an_area_are_counted_once_and_none_is_dropped() -> None:
    reports = [
        report("C1", 300), report("C2", 20),  # S: two events, in two areas
        report("C3", 60, suspect_ref="T"), report("C4", 58, suspect_ref="T"),  # one event, from C3 on
        report("C5", 10, suspect_ref="U"), report("C6", 5, suspect_ref="U", victim_ref="W"),  # the second has no area
        report("C7", 400, suspect_ref="T", victim_ref="X"),
    ]  # fmt: skip
    found = events(*reports)
    windows = made("core.suspect_windows", core_suspect_events=found, core_reports_as_of=reports)
    placed = [{"crime_ref": ref, "area_type": "lsoa", "area_code": area, "area_name": area}
              for ref, area in (("C1", "L1"), ("C2", "L2"), ("C3", "L2"), ("C4", "L3"), ("C5", "L2"), ("C7", "L1"))]
    rows = made("metrics.repeat_by_area", core_suspect_events=found, core_suspect_windows=windows,
                core_crime_areas=placed)  # fmt: skip
    counts = {
        days: {row["area_code"]: (row["suspect_count"], row["repeat_suspect_count"])
               for row in only(rows, window_days=days)} for days in (90, 365, 730)
    }  # fmt: skip
    assert counts[90] == {"L2": (3, 1), "none": (1, 1)}, "S has one event in the window, U two"
    assert counts[365] == {"L1": (1, 1), "L2": (3, 2), "none": (1, 1)}
    assert counts[730]["L1"] == (2, 2), "T comes up again in the longer window"
    assert {row["area_name"] for row in only(rows, area_code="none")} == {"No area on the record"}


def compared(counts: dict[str, tuple[int, int]], **none: int) -> dict[str, Row]:
    given = [{"window_days": 365, "area_type": "ward", "area_code": area, "area_name": area,
              "repeat_suspect_count": count, "suspect_count": total} for area, (count, total) in counts.items()]
    if none:
        given.append({"window_days": 365, "area_type": "none", "area_code": "none", "area_name": "No area", **none})
    settings = pl.DataFrame(made("reference.settings"), infer_schema_length=None)
    rows = compared_areas(pl.DataFrame(given), settings)
    return {row["area_code"]: row for row in rows.iter_rows(named=True)}


def test_shares_stand_as_counted_and_drawn_to_the_mean() -> None:
    rows = compared(DIFFERING, suspect_count=50, repeat_suspect_count=25)
    units = pl.DataFrame([(area, *pair) for area, pair in DIFFERING.items()],
                         schema=["unit", "numerator", "denominator"], orient="row")  # fmt: skip
    for drawn in shrunk_shares(units).iter_rows(named=True):
        row = rows[drawn["unit"]]
        count, total = DIFFERING[drawn["unit"]]
        assert row["share"] == count / total
        assert (row["lower"], row["upper"]) == pytest.approx(wilson_interval(count, total))
        assert (row["shrunk_share"], row["shrunk_lower"], row["shrunk_upper"], row["weight"]) == pytest.approx(
            (drawn["shrunk"], drawn["lower"], drawn["upper"], drawn["weight"])
        )
        expected = row["weight"] * row["share"] + (1 - row["weight"]) * row["mean_share"]
        assert row["shrunk_share"] == pytest.approx(expected)
    assert rows["E"]["weight"] < rows["F"]["weight"] < rows["A"]["weight"]
    none = rows["none"]
    assert (none["share"], none["shrunk_share"], none["rank"]) == (0.5, None, None)
    assert none["unshrunk_reason"] == none["unranked_reason"] == "no area on the record"


def test_an_area_of_fewer_than_thirty_suspects_has_no_place() -> None:
    rows = compared(DIFFERING)
    assert {area: row["rank"] for area, row in rows.items()} == {
        "A": 1, "F": 2, "D": 3, "B": 4, "C": 5, "E": None, "G": None
    }  # fmt: skip
    assert rows["G"]["unranked_reason"] == "fewer than 30 suspects" and rows["G"]["unshrunk_reason"] is None
    assert rows["F"]["unranked_reason"] is None, "thirty are enough"


def test_fewer_than_three_areas_are_not_compared() -> None:
    rows = compared({"A": (30, 60), "B": (5, 60)}, suspect_count=3, repeat_suspect_count=0)
    assert rows["A"]["share"] == 0.5 and rows["A"]["upper"] > 0.5
    for area in "AB":
        assert [rows[area][name] for name in ("shrunk_share", "weight", "mean_share", "rank")] == [None] * 4
        assert rows[area]["unshrunk_reason"] == rows[area]["unranked_reason"] == "fewer than 3 areas"


def test_equal_shares_share_a_place_and_nobody_is_a_value() -> None:
    rows = compared({"A": (30, 60), "B": (30, 60), "C": (0, 60), "D": (2, 60)})
    assert [rows[area]["rank"] for area in "ABCD"] == [1, 1, 4, 3]
    assert made("metrics.repeat_by_area") == []
