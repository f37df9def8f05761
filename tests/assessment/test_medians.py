"""Medians of times: which events count, their median and interval, small numbers, and the words on "Explore"."""

import csv
import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from fractions import Fraction
from statistics import median

import invented_measures
import polars as pl
import pytest
from conftest import InventedForce
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom
from test_measures import AS_OF, COVERED
from worked import Row, made

from assets.methods.comparison import difference_by_limits
from dashboards.pages.assessment import explorer_data
from dashboards.pages.assessment.explorer_data import Choice
from dashboards.text import comparisons, numbers
from dashboards.text.assessment import explorer_text
from dashboards.text.small_numbers import SmallNumbers

RULE = SmallNumbers(smallest_shown=5, fewest_in_share=30)
PART = {"district": "D", "unit": "U", "class": "8Q", "relationship": "r", "domestic_abuse": "n", "online": "n",
        "risk": "r", "victim_sex": "f", "victim_age": "a", "victim_ethnicity": "e",
        "suspect_sex": "m", "suspect_age": "b", "suspect_ethnicity": "w"}  # fmt: skip


def times(**given: list[Row]) -> dict[str, list[tuple[str | None, int | None]]]:
    """Measure -> (month of the event, days) of each."""
    found = defaultdict(list)
    for row in made("metrics.measure_times", core_extract_moments=AS_OF, metrics_demand_months=COVERED, **given):
        found[row["measure_code"]].append((row["month"] and row["month"].isoformat()[:7], row["days"]))
    return {code: sorted(rows, key=str) for code, rows in found.items()}


def recorded(*days: str) -> dict[str, list[Row]]:
    """Crimes a, b, c ... reported and recorded on these days."""
    refs = "abcdefghij"[: len(days)]
    return {
        "core_measure_events": [{"measure_code": "recorded", "crime_ref": ref} for ref in refs],
        "core_crimes": [
            {"crime_ref": ref, "recorded_date": day, "reported_at": f"{day} 09:00+00"}
            for ref, day in zip(refs, days, strict=True)
        ],
    }


def outcome(ref: str, number: int, code: str | None, day: str | None) -> Row:
    group = {"1": "Charged/Summonsed", "16": "Evidential difficulties", None: None}.get(code, "Other")
    at = None if day is None else f"{day} 12:00+00"
    return {"crime_ref": ref, "sequence_number": number, "outcome_code": code, "outcome_group": group,
            "outcome_at": at, "outcome_date": day}  # fmt: skip


class TestWhatCounts:
    def test_the_first_outcome_and_the_first_charge_count_in_the_month_in_which_they_were(self) -> None:
        """Given outcome 16 on day 20 and a charge on day 50; and a crime that is only charged, on the day itself."""
        outcomes = [outcome("a", 1, "16", "2025-03-21"), outcome("a", 2, "1", "2025-04-20"),
                    outcome("b", 1, "0", "2025-02-20"), outcome("b", 2, "1", "2025-03-01")]  # fmt: skip
        found = times(**recorded("2025-03-01", "2025-03-01"), core_outcomes=outcomes)
        assert found == {"days_to_outcome": [("2025-03", 0), ("2025-03", 20)],
                         "days_to_charge": [("2025-03", 0), ("2025-04", 50)]}  # fmt: skip

    def test_a_later_period_changes_no_earlier_one(self) -> None:
        before = [outcome("a", 1, "16", "2025-03-21")]
        later = [*before, outcome("a", 2, "0", "2025-05-01"), outcome("a", 3, "16", "2025-06-01")]
        assert times(**recorded("2025-03-01"), core_outcomes=before) == times(
            **recorded("2025-03-01"), core_outcomes=later
        )

    @pytest.mark.parametrize(
        ("rows", "days"),
        [
            ([("a", 1, None, "2025-03-05"), ("a", 2, "16", "2025-03-21")], [(None, None)]),  # perhaps the first
            ([("a", 1, "16", "2025-03-21"), ("a", 2, None, "2025-03-25")], [("2025-03", 20)]),
            ([("a", 1, "16", None)], [(None, None)]),
            ([("a", 1, "16", "2025-02-21")], [("2025-02", 0)]),  # before the recording
            ([("a", 1, "16", "2026-01-02")], []),  # after the as-of day
            ([("b", 1, "16", "2025-03-21")], []),  # removed, or out of scope
        ],
    )
    def test_what_cannot_be_timed_is_not_known(
        self, rows: list[tuple[str, int, str | None, str | None]], days: list[object]
    ) -> None:
        found = times(**recorded("2025-03-01"), core_outcomes=[outcome(*row) for row in rows])
        assert found.get("days_to_outcome", []) == days
        found = times(**recorded("2025-03-01"), core_outcomes=[outcome("a", 1, "16", "2025-03-21")],
                      core_quarantined_outcomes=[{"crime_ref": "a"}])  # fmt: skip
        assert found["days_to_outcome"] == [(None, None)], "one that was set aside may have been the first"

    def test_events_of_the_first_year_of_the_extract_are_left_out(self) -> None:
        """The extract begins in January 2024: crimes of 2023 with an outcome in December 2024 are not in it."""
        outcomes = [outcome("a", 1, "16", "2024-12-31"), outcome("b", 1, "16", "2025-01-01")]
        found = times(**recorded("2024-12-01", "2024-12-01"), core_outcomes=outcomes)
        assert found["days_to_outcome"] == [("2025-01", 31)]

    def test_arrests_and_grants_of_orders(self) -> None:
        """London days: an arrest at 23:30 UTC in summer is of the next day. One of b's two arrests has no time."""
        arrested = {"a": ["2025-07-10 23:30+00", "2025-08-01 10:00+00"], "b": ["2025-07-10 10:00+00", None],
                    "c": ["2025-05-31 10:00+00"]}  # fmt: skip
        custodies = [{"crime_ref": ref, "arrested_at": at} for ref, held in arrested.items() for at in held]
        order = {"order_ref": "o", "crime_ref": "a", "is_stalking_protection": True, "order_type": "spo_full",
                 "applied_at": "2025-06-01 09:00+00", "granted_at": "2025-06-29 09:00+00"}  # fmt: skip
        others = [
            order | {"order_ref": "p", "applied_at": None}, order | {"order_ref": "q", "granted_at": None},
            order | {"order_ref": "r", "is_stalking_protection": False},
            order | {"order_ref": "s", "order_type": "spo_interim", "granted_at": "2025-06-04 09:00+00"},
        ]
        orders = [{"order_ref": ref, "considered_at": "2025-06-12 09:00+00" if ref == "o" else None} for ref in "opqrs"]
        found = times(
            **recorded("2025-06-10", "2025-06-10", "2025-06-10"), core_custodies=custodies,
            core_order_facts=[order, *others], core_orders=orders,
        )  # fmt: skip
        assert found["days_to_arrest"] == [("2025-05", 0), ("2025-07", 31), (None, None)]
        assert found["days_to_full_spo"] == [("2025-06", 28), ("2025-06", None)]
        assert found["days_to_interim_spo"] == [("2025-06", 3)]
        # the report is of 10 June in the worked crimes; an application before it counts as on the day
        assert found["days_report_to_spo_considered"] == [("2025-06", 2)]
        assert found["days_report_to_spo_applied"] == [("2025-06", 0)] * 3


def medians(parts: dict[str, Sequence[int]], month: str = "2025-02-01") -> dict[tuple[str, str], tuple[float, ...]]:
    """(breakdown, part) -> median, lower and upper limit of a month, given the days of each district's events."""
    events, described = [], []
    for part, days in parts.items():
        for place, day in enumerate(days):
            ref = f"{part}-{place}"
            events.append({"measure_code": "days_to_charge", "crime_ref": ref, "month": month, "days": day})
            described.append({"crime_ref": ref, **PART, "district": part})
    rows = made(
        "metrics.measure_medians", metrics_measure_times=events, core_crime_breakdowns=described,
        metrics_measure_periods=[{"month": month, "period_type": "month", "period_start": month, "period_end": month}],
    )  # fmt: skip
    return {
        (r["breakdown"], r["breakdown_value"]): (r["median_days"], r["lower_days"], r["upper_days"])
        for r in rows if r["second_breakdown"] == "none"
    }  # fmt: skip


def exact_rank(total: int) -> int:
    """The highest rank with at most 2.5% of the binomial distribution below it."""
    below, rank = Fraction(0), 0
    ways = 1
    while below + Fraction(ways, 2**total) <= Fraction(25, 1000):
        below += Fraction(ways, 2**total)
        ways = ways * (total - rank) // (rank + 1)
        rank += 1
    return rank


class TestMedians:
    def test_a_worked_example(self) -> None:
        """Of 40 charges on days 1 to 40 the median is 20.5, and the exact limits are ranks 14 and 27."""
        assert exact_rank(40) == 14
        found = medians({"A": range(1, 41)})
        assert found["district", "A"] == found["none", "all"] == (20.5, 14, 27)
        assert set(found) == {(name, part if name != "district" else "A") for name, part in PART.items()} | {
            ("none", "all")
        }

    def test_the_limits_are_of_the_exact_ranks_or_cover_more(self) -> None:
        """Days 1 to n: so each limit is its own rank. Against the binomial law, by fractions and by scipy."""
        sizes = (30, 31, 35, 43, 44, 50, 67, 94, 100, 138, 240, 301, 999, 1000)
        found = medians({str(n): range(1, n + 1) for n in sizes})
        for n in sizes:
            middle, lower, upper = found["district", str(n)]
            assert middle == (n + 1) / 2 and upper == n + 1 - lower
            assert exact_rank(n) - 1 <= lower <= exact_rank(n), n
            assert 1 - 2 * binom.cdf(lower - 1, n, 0.5) >= 0.95, n

    @settings(max_examples=25)
    @given(
        st.lists(st.lists(st.integers(0, 60), min_size=1, max_size=80), min_size=1, max_size=4),
    )
    def test_they_are_those_of_plain_python_in_every_part_and_in_the_whole(self, drawn: list[list[int]]) -> None:
        parts = {f"D{place}": days for place, days in enumerate(drawn)}
        whole = [day for days in drawn for day in days]
        found = medians(parts)
        for key, days in [*((("district", part), days) for part, days in parts.items()), (("none", "all"), whole)]:
            assert (key in found) == (len(days) >= 30)
            if key in found:
                middle, lower, upper = found[key]
                assert middle == median(days)
                in_order, rank = sorted(days), exact_rank(len(days))
                assert lower in (in_order[rank - 1], in_order[rank - 2])
                assert upper in (in_order[-rank], in_order[1 - rank])

    def test_there_is_none_of_fewer_than_thirty(self) -> None:
        found = medians({"A": [5] * 29, "B": [5] * 30})
        assert ("district", "A") not in found and found["district", "B"] == (5, 5, 5)


def test_a_pair_has_the_median_of_the_events_in_both_parts() -> None:
    """Stalking that is flagged as domestic abuse: 30 events on days 1 to 30; not flagged: 29, too few, and 31 of 8L."""
    groups = (("8Q", "flagged", range(1, 31)), ("8Q", "not flagged", range(29)), ("8L", "not flagged", [7] * 31))
    given, described = [], []
    for klass, flag, days in groups:
        for place, day in enumerate(days):
            ref, month = f"{klass}{flag}{place}", f"2025-0{1 + place % 3}-01"
            given.append({"measure_code": "days_to_outcome", "crime_ref": ref, "month": month, "days": day})
            described.append({"crime_ref": ref, **PART, "class": klass, "domestic_abuse": flag})
    kinds = (("quarter", "2025-01-01"), ("rolling_12", "2024-04-01"))
    periods = [{"month": f"2025-0{n}-01", "period_type": kind, "period_start": start, "period_end": "2025-03-01"}
               for n in (1, 2, 3) for kind, start in kinds]  # fmt: skip
    found = made("metrics.measure_medians", metrics_measure_times=given, metrics_measure_periods=periods,
                 core_crime_breakdowns=described)  # fmt: skip
    by_abuse = [r for r in found if (r["breakdown"], r["second_breakdown"]) == ("class", "domestic_abuse")]
    assert {(r["period_type"], r["breakdown_value"], r["second_value"], r["median_days"]) for r in by_abuse} == {
        ("quarter", "8Q", "flagged", 15.5), ("quarter", "8L", "not flagged", 7),
    }, "quarters alone, of thirty at least"  # fmt: skip
    assert {(r["breakdown"], r["second_breakdown"]) for r in found if r["second_breakdown"] != "none"} == {
        ("district", "class"), ("class", "relationship"), ("class", "domestic_abuse"), ("class", "risk"),
    }  # fmt: skip
    whole = [{"measure_code": "days_to_outcome", "breakdown": "none", "period_type": "quarter",
              "period_start": "2025-01-01", "period_end": "2025-03-01", "is_whole": True}]  # fmt: skip
    pairs = made("metrics.measure_pairs", metrics_measure_values=whole, metrics_measure_times=given,
                 metrics_measure_medians=found, core_crime_breakdowns=described,
                 reference_measures=[{"measure_code": "days_to_outcome", "kind": "median"}])  # fmt: skip
    by_abuse = [r for r in pairs if (r["breakdown"], r["second_breakdown"]) == ("class", "domestic_abuse")]
    assert {(r["breakdown_value"], r["second_value"]): (r["numerator"], r["denominator"], r["value"], r["lower"])
            for r in by_abuse} == {
        ("8Q", "flagged"): (30, 30, 15.5, 10), ("8Q", "not flagged"): (29, 29, None, None),
        ("8L", "not flagged"): (31, 31, 7, 7),
    }  # fmt: skip
    assert {(r["breakdown"], r["second_breakdown"]) for r in pairs} == {
        ("district", "class"), ("class", "relationship"), ("class", "domestic_abuse"), ("class", "risk"),
    }  # fmt: skip


def values(events: Sequence[tuple[str | None, int | None]]) -> dict[tuple[str, str], Row]:
    """(period type, first month) -> row of the whole force, given the month and days of each event."""
    given = [{"measure_code": "days_to_charge", "crime_ref": str(place), "month": month, "days": days}
             for place, (month, days) in enumerate(events)]  # fmt: skip
    described = [{"crime_ref": str(place), **PART} for place in range(len(events))]
    cells = made("metrics.measure_cells", metrics_measure_times=given, core_crime_breakdowns=described)
    shared = {"metrics_demand_months": COVERED, "core_extract_moments": AS_OF}
    periods = made("metrics.measure_periods", metrics_measure_cells=cells, metrics_demand_months=COVERED)
    found = made("metrics.measure_medians", metrics_measure_times=given, metrics_measure_periods=periods,
                 core_crime_breakdowns=described)  # fmt: skip
    rows = made(
        "metrics.measure_values", metrics_measure_cells=cells, metrics_measure_periods=periods,
        metrics_measure_medians=found, **shared,
        reference_measures=[{"measure_code": "days_to_charge", "kind": "median"}],
    )  # fmt: skip
    return {(r["period_type"], r["period_start"].isoformat()[:7]): r for r in rows if r["breakdown"] == "none"}


class TestPeriods:
    EVENTS = [("2025-01-01", 10)] * 30 + [("2025-02-01", 20)] * 20 + [("2025-03-01", 40)] * 45

    def test_a_longer_period_has_the_median_of_all_its_events(self) -> None:
        found = values(self.EVENTS)
        assert {key: (row["numerator"], row["denominator"], row["value"]) for key, row in found.items()
                if key[0] in ("month", "quarter", "financial_year")} == {
            ("month", "2025-01"): (30, 30, 10), ("month", "2025-02"): (20, 20, None),
            ("month", "2025-03"): (45, 45, 40),
            ("quarter", "2025-01"): (95, 95, 20), ("financial_year", "2024-04"): (95, 95, 20),
        }  # fmt: skip
        assert found["to_date", "2024-01"]["value"] == found["rolling_12", "2025-01"]["value"] == 20
        assert found["rolling_12", "2024-03"]["value"] == 10  # to the end of February: 30 of 10 days, 20 of 20
        assert (found["quarter", "2025-01"]["lower"], found["quarter", "2025-01"]["upper"]) == (20, 40)

    def test_a_period_with_months_of_the_first_year_is_not_whole(self) -> None:
        found = values(self.EVENTS)
        assert found["quarter", "2025-01"]["is_whole"] and found["rolling_12", "2025-01"]["is_whole"]
        assert not found["financial_year", "2024-04"]["is_whole"] and not found["rolling_12", "2024-06"]["is_whole"]

    def test_without_its_day_an_event_is_not_known_to_date(self) -> None:
        found = values([*self.EVENTS, *[(None, None)] * 95])
        assert (found["to_date", "2024-01"]["not_known_count"], found["to_date", "2024-01"]["value"]) == (95, 20)
        found = values([*self.EVENTS, *[(None, None)] * 96])
        assert found["to_date", "2024-01"]["value"] is found["to_date", "2024-01"]["lower"] is None
        assert found["quarter", "2025-01"]["value"] == 20


def charted(days: Sequence[float]) -> tuple[list[Row], Row]:
    """The points of a measure with these medians in 24 months, and its verdict."""
    months = [f"{year}-{number:02}-01" for year in (2023, 2024) for number in range(1, 13)]
    part = {"measure_code": "days_to_arrest", "breakdown": "none", "breakdown_value": "all"}
    events = {"numerator": 40, "denominator": 40, "not_known_count": 0}
    cells = [part | events | {"month": month} for month in months]
    periods = [part | {"period_type": "month", "period_start": month} for month in months]
    medians = [period | {"second_breakdown": "none", "median_days": of}
               for period, of in zip(periods, days, strict=True)]  # fmt: skip
    rows = [period | {"is_drawn": True, "denominator": 40} for period in periods]
    measures = [
        {"measure_code": "days_to_arrest", "kind": "median", "unit": "median days", "recording_classes": "S&H"}
    ]
    points = made("metrics.measure_points", metrics_measure_values=rows, metrics_measure_cells=cells,
                  metrics_measure_medians=medians, reference_measures=measures,
                  reference_recording_regimes=[])  # fmt: skip
    [verdict] = made("metrics.measure_verdicts", metrics_measure_points=points, reference_measures=measures)
    return points, verdict


class TestCharts:
    def test_a_median_has_a_chart_of_individual_values_however_short_the_times(self) -> None:
        """Two or six days are no small number: limits are of the moving ranges, and a rise to 30 is a signal."""
        points, verdict = charted([2.0 + 4 * (place % 2) for place in range(23)] + [30.0])
        assert {point["chart_type"] for point in points} == {"xmr"}
        assert (verdict["verdict"], verdict["signal"], verdict["latest_value"]) == ("higher", "beyond_limit", 30)
        assert verdict["expected_lower"] < 2 < 6 < verdict["expected_upper"] < 30

    def test_medians_that_differ_by_their_rounding_alone_have_no_limits_and_no_signal(self) -> None:
        points, verdict = charted([3.0 + (place % 6 == 0) for place in range(23)] + [5.0])
        assert {(point["chart_type"], point["limits_status"], point["signal"]) for point in points} == {
            ("none", "no_variation", "")
        }
        assert (verdict["verdict"], verdict["expected_lower"]) == ("not_charted", None)


WHOLE = {"is_whole": True, "is_whole_before": True, "is_hidden": False, "is_hidden_before": False}
ROW = {"value": 12.0, "lower": 10.0, "upper": 15.0, "numerator": 240, "denominator": 240, **WHOLE}


class TestWords:
    def test_a_median_has_its_interval_and_its_events(self) -> None:
        said = [words(ROW, is_count=False, events="charges") for words in (comparisons.value, comparisons.detail)]
        assert said == ["median 12 days", "95% interval 10 to 15, of 240 charges"]
        assert comparisons.days(12.5) == "12.5 days" and comparisons.days(1) == "1 day"
        assert explorer_text.target(30, {"direction": "neither"}, is_count=False, events="charges") == "30 days"

    @pytest.mark.parametrize(
        ("before", "words"),
        [
            ((10, 8, 14), "difference 2 days, 95% interval -2.5 to 5.6: no clear change"),
            ((5, 4, 6), "difference 7 days, 95% interval 4.8 to 10.2: clearly longer"),
            ((20.5, 18, 24), "difference -8.5 days, 95% interval -12.5 to -4.6: clearly shorter"),
        ],
    )
    def test_it_is_compared_by_the_limits_of_both(self, before: tuple[float, ...], words: str) -> None:
        row = ROW | dict(zip(("value_before", "lower_before", "upper_before"), before, strict=True))
        assert comparisons.compare(row, 1.96, is_count=False, events="charges").alone == words
        none = row | {"value_before": None}
        assert comparisons.compare(none, 1.96, is_count=False, events="charges").alone == comparisons.NO_LAST_YEAR

    def test_equal_medians_of_equal_days_are_the_same(self) -> None:
        row = WHOLE | dict.fromkeys(("value", "lower", "upper", "value_before", "lower_before", "upper_before"), 0.0)
        assert comparisons.compare(row, 1.96, is_count=False, events="arrests").alone == "the same"

    def test_limits_that_do_not_hold_the_value_are_refused(self) -> None:
        with pytest.raises(ValueError, match="not between its limits"):
            difference_by_limits((9, 10, 15), (10, 8, 14))

    def test_days_are_whole_where_they_are(self) -> None:
        assert numbers.measured(12.5, "median days") == "12.5" and numbers.measured(12.0, "median days") == "12"


def test_a_part_with_few_events_is_hidden_with_another_and_has_neither_value_nor_interval() -> None:
    rows = invented_measures.command_tables()["metrics.measure_values"]
    listed = invented_measures.command_tables()["reference.measures"]
    [measure] = listed.filter(pl.col("measure_code") == "days_to_charge").to_dicts()
    choice = Choice(measure, "month", "district", "every", dt.date(2025, 1, 1))
    assert choice.events == "charges" and not choice.is_count
    found = explorer_data.of_choice(rows.filter(pl.col("measure_code") == "days_to_charge"), choice, RULE)
    of_one = found.filter(pl.col("period_start") == choice.start).sort("breakdown_value")
    assert of_one["is_hidden"].to_list() == [False, True, True]
    hidden = of_one.row(2, named=True)
    assert comparisons.value(hidden, is_count=False, events="charges") == comparisons.HIDDEN
    assert comparisons.detail(hidden, is_count=False, events="charges") == ""


# the invented force, against its delivered files in plain Python


def delivered(force: InventedForce, name: str, folder: str = "force") -> list[dict[str, str]]:
    with open(force.data / folder / f"{name}.csv", encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))
