"""Forecasts that add up: classes to the whole, districts to the force; and what of districts command may see."""

from datetime import date
from typing import Any

import invented_demand
import polars as pl
import pytest
from worked import Row, made, only

from dashboards.pages.demand import districts_section
from dashboards.text.small_numbers import SmallNumbers

RULE = SmallNumbers(5, 30)
NEXT = date(2026, 1, 1)
LAST = date(2025, 12, 1)
WEIGHTS = {"S&H": 110.0, "8Q": 60.0, "8L": 30.0}


def months(counts: dict[str, int], source: str = "extract") -> list[Row]:
    return [{"series_ref": f"{source}|F|{code}", "source": source, "force_code": "F", "offence_code": code,
             "month": LAST, "crime_count": count} for code, count in counts.items()]  # fmt: skip


def run(code: str, mean: float, source: str = "extract", **more: Any) -> Row:
    limits = {"lower_80": round(mean) - 10.0, "upper_80": round(mean) + 10.0,
              "lower_95": round(mean) - 20.0, "upper_95": round(mean) + 20.0}  # fmt: skip
    return {"series_ref": f"{source}|F|{code}", "force_code": "F", "model": "count model", "origin_month": LAST,
            "is_current": True, "month": NEXT, "months_ahead": 1, "mean": mean, "actual": None,
            **limits, **more}  # fmt: skip


def chosen(runs: list[Row]) -> list[Row]:
    return [{"series_ref": ref, "model": "count model", "is_chosen": True} for ref in {r["series_ref"] for r in runs}]


def reconciled(runs: list[Row], held: list[Row]) -> list[Row]:
    found = made(
        "metrics.reconciled_forecasts",
        metrics_forecast_runs=runs, metrics_forecast_backtest=chosen(runs), metrics_demand_months=held,
    )  # fmt: skip
    return list(found)


class TestClasses:
    def test_classes_and_whole_meet_in_proportion_to_what_is_expected(self) -> None:
        """T 110 and P 90: parts times 220 / 200, the whole times 180 / 200."""
        found = reconciled([run(c, mean) for c, mean in WEIGHTS.items()], months({"S&H": 90, "8Q": 60, "8L": 30}))
        assert {r["offence_code"]: r["expected_count"] for r in found} == pytest.approx({"S&H": 99, "8Q": 66, "8L": 33})
        stalking = only(found, offence_code="8Q")[0]
        assert (stalking["model_count"], stalking["is_reconciled"]) == (60.0, True)
        # 50, 70, 40 and 80 times 1.1
        assert [stalking[f"{side}_{level}"] for level in (80, 95) for side in ("lower", "upper")] == [55, 77, 44, 88]

    def test_the_order_of_the_rows_moves_no_digit(self) -> None:
        """In floats 0.1 + 0.2 + 0.3 is another sum than 0.3 + 0.2 + 0.1."""
        runs = [run(c, mean) for c, mean in {"S&H": 0.5, "8Q": 0.1, "8L": 0.2, "8M": 0.3}.items()]
        held = months({"S&H": 90, "8Q": 40, "8L": 30, "8M": 20})
        one, other = ({r["offence_code"]: r["expected_count"] for r in reconciled(x, held)} for x in (runs, runs[::-1]))
        assert one == other

    def test_a_class_without_a_crime_is_none_of_the_whole(self) -> None:
        held = months({"S&H": 90, "8Q": 60, "8L": 30, "8M": 0})
        assert all(r["is_reconciled"] for r in reconciled([run(c, mean) for c, mean in WEIGHTS.items()], held))

    @pytest.mark.parametrize("held", [
        {"S&H": 90, "8Q": 60, "8L": 20, "8U": 10}, {"S&H": 95, "8Q": 60, "8L": 30},
    ])  # fmt: skip
    def test_without_all_classes_of_the_whole_forecasts_stay_as_they_are(self, held: dict[str, int]) -> None:
        """A class that is not forecast; a publication that gives some classes only."""
        found = reconciled([run(c, mean) for c, mean in WEIGHTS.items()], months(held))
        assert {r["offence_code"]: r["expected_count"] for r in found} == WEIGHTS
        assert not any(r["is_reconciled"] for r in found)

    def test_each_origin_and_each_source_adds_up_by_itself(self) -> None:
        before = {"origin_month": date(2025, 10, 1), "is_current": False, "month": date(2025, 11, 1), "actual": 70}
        runs = [run(c, mean) for c, mean in WEIGHTS.items()] + [run(c, 50, **before) for c in ("S&H", "8Q")]
        runs += [run(c, 40, "publication") for c in WEIGHTS]
        held = months({"S&H": 90, "8Q": 60, "8L": 30}) + months({"S&H": 90, "8Q": 60, "8L": 30}, "publication")
        found = reconciled(runs, held)
        # earlier one class is not forecast; of the publication 80 of classes stand against 40
        assert [r["expected_count"] for r in only(found, is_current=False)] == [50.0, 50.0]
        by_class = {r["offence_code"]: r["expected_count"] for r in only(found, source="publication")}
        assert by_class == pytest.approx({"S&H": 160 / 3, "8Q": 80 / 3, "8L": 80 / 3})


def expected(part: str, mean: float, half: float, **more: Any) -> Row:
    code = "8Q" if part == "stalking" else "8L"
    return {"force_code": "F", "source": "extract", "offence_code": code, "origin_month": LAST, "is_current": True,
            "month": NEXT, "is_reconciled": True, "expected_count": mean, "actual": None,
            "lower_80": mean - half, "upper_80": mean + half, **more}  # fmt: skip


def pair(district: str, count: int, when: date = date(2025, 6, 1), code: str = "8Q") -> Row:
    return {"force_code": "F", "measure_code": "recorded", "period_type": "month", "period_start": when,
            "breakdown": "district", "breakdown_value": district, "second_breakdown": "class", "second_value": code,
            "numerator": count}  # fmt: skip


def by_district(forecasts: list[Row], pairs: list[Row]) -> list[Row]:
    return list(made("metrics.district_forecasts", metrics_reconciled_forecasts=forecasts, metrics_measure_pairs=pairs))


class TestDistricts:
    def test_districts_share_the_force_s_forecast_as_they_shared_its_crimes(self) -> None:
        """Of 400 stalking crimes 100 were in the East: 25 of the 100 expected."""
        pairs = [pair("East", 60), pair("East", 40, LAST), pair("West", 300), pair("West", 900, date(2024, 12, 1))]
        found = by_district([expected("stalking", 100, 12.816)], pairs)
        assert {r["district"]: r["expected_count"] for r in found} == pytest.approx({"East": 25, "West": 75})
        east = only(found, district="East")[0]
        assert (east["recorded_count"], east["month_count"], east["part"]) == (100, 1, "stalking (8Q)")
        # the force's spread is 10, that of chance: variance 25 + 0 + 100**2 * 100 * 300 / 400**3 = 29.69
        # root 5.0374; 1.2816 * 5.4486 / (2 * 5.0374) = 0.6931: 18.5 and 32.5; 1.96: 1.0600: 15.4 and 36.8
        assert [east[f"{side}_{level}"] for level in (80, 95) for side in ("lower", "upper")] == [19, 32, 16, 36]

    def test_what_the_force_s_forecast_may_miss_widens_those_of_districts(self) -> None:
        pairs = [pair("East", 100), pair("West", 300)]
        narrow, wide = (
            only(by_district([expected("stalking", 100, half)], pairs), district="East")[0] for half in (12.816, 30)
        )
        assert wide["lower_80"] < narrow["lower_80"] and wide["upper_80"] > narrow["upper_80"]

    def test_parts_and_months_are_added_and_earlier_totals_are_tested(self) -> None:
        earlier = {"origin_month": date(2025, 10, 1), "is_current": False}
        forecasts = [
            expected("stalking", 100, 13), expected("stalking", 80, 13, month=date(2026, 2, 1)),
            expected("others", 40, 9), expected("others", 20, 6, offence_code="8U"),
            expected("stalking", 50, 10, month=date(2025, 11, 1), actual=50, **earlier),
            expected("stalking", 50, 10, month=LAST, actual=50, **earlier),
        ]  # fmt: skip
        pairs = [
            *(pair(d, n) for d, n in (("East", 50), ("West", 50))),
            pair("East", 51, LAST), pair("West", 95, LAST), pair("East", 10, code="8L"),
        ]  # fmt: skip
        found = by_district(forecasts, pairs)
        east = {r["part"]: r for r in only(found, district="East")}
        assert east["stalking (8Q)"]["expected_count"] == pytest.approx(180 * 101 / 246)
        assert (east["other classes"]["expected_count"], east["other classes"]["test_count"]) == (60, 0)
        west = {r["part"]: r for r in only(found, district="West")}
        assert west["other classes"]["expected_count"] == 0 == west["other classes"]["upper_95"], "none recorded"
        # 100 were expected in two months, 50 in each district: 51 came in the East and 95 in the West
        held = {d: by["stalking (8Q)"] for d, by in (("East", east), ("West", west))}
        assert {d: (r["test_count"], r["held_80_count"], r["held_95_count"]) for d, r in held.items()} == {
            "East": (1, 1, 1), "West": (1, 0, 0)}  # fmt: skip

    def test_the_order_of_the_rows_moves_no_digit(self) -> None:
        forecasts = [expected("others", mean, 1, offence_code=c) for c, mean in (("8L", 0.1), ("8M", 0.2), ("8U", 0.3))]
        pairs = [pair("East", 9, code="8L")]
        assert by_district(forecasts, pairs) == by_district(forecasts[::-1], pairs)

    def test_no_district_has_a_forecast_where_classes_do_not_add_up(self) -> None:
        assert by_district([expected("stalking", 100, 13, is_reconciled=False)], [pair("East", 50)]) == []


class TestShown:
    def test_a_district_of_few_crimes_is_hidden_with_the_next_smallest(self) -> None:
        rows = invented_demand.district_forecasts()
        assert districts_section.hidden(rows, RULE) == []
        is_few = (pl.col("district") == "not known") & (pl.col("part") == "stalking (8Q)")
        few = rows.with_columns(recorded_count=pl.when(is_few).then(3).otherwise("recorded_count"))
        assert districts_section.hidden(few, RULE) == ["Invented East", "not known"]
        shown = districts_section.worded(few, RULE)
        assert shown.filter(pl.col("expected") == districts_section.HIDDEN)["district"].unique().sort().to_list() == [
            "Invented East", "not known"]  # fmt: skip
        west = shown.row(by_predicate=(pl.col("district") == "Invented West") & (pl.col("part") == "stalking (8Q)"))
        assert west == ("Invented West", "stalking (8Q)", "75", "82", "67 to 97", "60 to 105")

    def test_what_is_expected_may_be_few_too(self) -> None:
        rows = invented_demand.district_forecasts()
        is_few = (pl.col("district") == "Invented West") & (pl.col("part") == "other classes")
        few = rows.with_columns(expected_count=pl.when(is_few).then(4.2).otherwise("expected_count"))
        assert districts_section.hidden(few, RULE) == ["Invented West", "not known"]

    def test_how_often_earlier_totals_were_held(self) -> None:
        rows = invented_demand.district_forecasts()
        assert districts_section.finding(rows) == "Expected in 2 districts in 12 months from Nov 2025"
        assert districts_section.write_coverage(rows) == (
            "Of 72 earlier totals of districts the 80% intervals contained 75%, and the 95% intervals 100%."
        )
        assert districts_section.write_coverage(rows.with_columns(test_count=0)) == ""
