"""Measures by month, district and unit: what counts, how months add up, and that the parts are the whole."""

import datetime as dt
import itertools
from collections import Counter
from collections.abc import Iterable

import pytest
from conftest import InventedForce
from worked import Row, made, only

from assets.methods.comparison import Spread, difference_of_shares, ratio_of_counts
from assets.reference import list_rows

AS_OF = [{"as_of_at": "2026-01-01 00:00+00"}]
CRIME = {"is_stalking_or_harassment": True, "recorded_date": "2025-06-10", "recorded_month": "2025-06-01",
         "reported_at": "2025-06-09 10:00+00", "recorded_at": "2025-06-10 10:00+00"}  # fmt: skip
MONTHS = [f"{year}-{month:02}-01" for year in (2024, 2025) for month in range(1, 13)]
COVERED = [{"series_ref": "s", "source": "extract", "offence_code": "S&H", "month": month} for month in MONTHS]
COUNTS = ("spo_applications", "spo_grants")
KINDS = {"recorded": "count", "charged_365": "share", "open_caseload": "count_at_end", "VIC-01": "share"}


def events(**given: list[Row]) -> dict[str, list[object]]:
    """Measure -> what its events are: met, not met or not known."""
    found: dict[str, list[object]] = {}
    for row in made("core.measure_events", core_extract_moments=AS_OF, **given):
        found.setdefault(row["measure_code"], []).append(row["is_met"])
    return {code: sorted(met, key=str) for code, met in found.items()}


@pytest.mark.parametrize(
    ("more", "recorded", "in_time"),
    [
        ({}, [True], [True]),  # exactly 24 hours
        ({"recorded_at": "2025-06-10 10:00:01+00"}, [True], [False]),
        ({"reported_at": "2025-06-11 10:00+00"}, [True], [None]),  # before its report
        ({"reported_at": None}, [True], [None]),
        ({"is_stalking_or_harassment": False}, None, None),
        ({"is_cancelled": True, "removed_at": "2026-01-01 00:00+00"}, None, None),
        ({"is_cancelled": True, "removed_at": "2026-01-01 00:00:01+00"}, [True], [True]),  # removed later
        ({"is_transferred": True, "removed_at": None}, None, None),
    ],
)
def test_a_crime_counts_as_recorded_unless_it_was_removed_by_the_as_of_moment(
    more: Row, recorded: list[object] | None, in_time: list[object] | None
) -> None:
    found = events(core_crimes=[CRIME | more])
    assert (found.get("recorded"), found.get("recorded_24h")) == (recorded, in_time)


def test_an_outcome_counts_once_the_crime_was_followed_that_long() -> None:
    crime = {"recorded_date": "2025-01-10", "removal_type": "", "is_principal": True, "followed_days": 200,
             "is_outcome_unread": False, "outcome_group": "Charged/Summonsed", "outcome_code": "1",
             "end_day": 120}  # fmt: skip
    found = events(core_outcome_times=[crime, crime | {"is_outcome_unread": True}, crime | {"is_principal": False}])
    assert found == {"outcome_90": [False, None], "outcome_180": [None, True], "charged_90": [False, None],
                     "charged_180": [None, True]}  # fmt: skip


def test_a_crime_has_an_arrest_if_the_first_was_within_thirty_days() -> None:
    """Given arrests on day 30, on day 31, before the record, without a time, and none; and a crime of last week."""
    crimes = [CRIME | {"crime_ref": ref, "recorded_at": "2025-06-10 10:00+00"} for ref in "abcde"]
    crimes.append(CRIME | {"crime_ref": "f", "recorded_date": "2025-12-25", "recorded_month": "2025-12-01"})
    times = {"a": "2025-07-10 22:30+00", "b": "2025-07-10 23:30+00", "c": "2025-06-09 10:00+00", "d": None}
    custodies = [{"crime_ref": ref, "arrested_at": at} for ref, at in times.items()]
    found = events(core_crimes=crimes, core_custodies=custodies)
    assert found["arrested_30"] == [False, False, None, True, True]


def test_an_order_is_followed_from_consideration_to_breach() -> None:
    """Given one applied for on day 28 and granted on day 90, one considered and no more, and a notice."""
    order = {"order_ref": "a", "crime_ref": "c", "is_stalking_protection": True, "applied_at": "2024-06-29 09:00+00",
             "granted_at": "2024-09-27 09:00+00"}  # fmt: skip
    other = order | {"order_ref": "b", "applied_at": None, "granted_at": None}
    given = {
        "core_order_facts": [order, other, other | {"order_ref": "n", "is_stalking_protection": False}],
        "core_orders": [{"order_ref": ref, "considered_at": "2024-06-01 09:00+00"} for ref in "abn"],
        "core_order_breaches": [{"order_ref": "a", "breached_at": "2025-09-27 09:00+00"}],
    }
    assert events(**given) == {
        "spo_applied_28": [False, True], "spo_granted_90": [True], "spo_refused_180": [False],
        "spo_breached_365": [True],
    }  # fmt: skip


def test_applications_and_grants_of_orders_count_in_the_month_of_each() -> None:
    """Given one of May granted in June by London's clock, one of the as-of day, one of the day after, and a notice."""
    order = {"order_ref": "a", "crime_ref": "c", "is_stalking_protection": True, "applied_at": "2025-05-10 09:00+00",
             "granted_at": "2025-05-31 23:30+00"}  # fmt: skip
    late = order | {"order_ref": "b", "applied_at": "2025-12-31 09:00+00", "granted_at": None}
    later = late | {"order_ref": "d", "applied_at": "2026-01-01 09:00+00"}
    notice = order | {"order_ref": "n", "is_stalking_protection": False}
    facts = [order, late, later, notice, order | {"order_ref": "p", "crime_ref": None}]
    given = {"core_extract_moments": AS_OF, "core_order_facts": facts}
    found = [(row["measure_code"], row["month"].isoformat()[:7], row["breakdown"], row["numerator"], row["denominator"])
             for row in made("metrics.measure_cells", **given)]  # fmt: skip
    assert sorted(found) == [
        ("spo_applications", "2025-05", "none", 1, None), ("spo_applications", "2025-12", "none", 1, None),
        ("spo_grants", "2025-06", "none", 1, None),
    ]  # fmt: skip
    gaps = [{"code": "spo_applications"}, {"code": "spo_grants"}]
    assert made("metrics.measure_cells", **given, core_supply_gaps=gaps) == []


def test_an_order_is_in_force_at_the_end_of_each_month_from_its_grant_to_its_last_day() -> None:
    """Given one that ends on the last day of April, one without an end, one discharged, an interim and its full one.

    Conditions of bail are bail, not an order.
    """
    full = {"order_ref": "a", "order_type": "spo_full", "granted_at": "2025-02-28 12:00+00"}
    orders = [
        full | {"expires_date": "2025-04-30"}, full | {"order_ref": "b", "granted_at": "2025-03-31 22:59+00"},
        full | {"order_ref": "c", "order_state": "discharged"},
        full | {"order_ref": "f", "order_type": "bail_condition"},
        full | {"order_ref": "d", "order_type": "spo_interim", "expires_date": "2025-12-31", "respondent_key": "r"},
        full | {"order_ref": "e", "granted_at": "2025-03-10 12:00+00", "expires_date": "2025-03-30",
                "respondent_key": "r"},
    ]  # fmt: skip
    spans = made("core.order_spans", core_orders=orders)
    months = [{"month": f"2025-{n:02}-01"} for n in range(1, 7)]
    given = {"core_order_spans": spans, "metrics_counted_month_ends": months, "core_extract_moments": AS_OF}
    rows = made("metrics.measure_crimes", **given)
    found = Counter(row["month"].isoformat()[:7] for row in rows if row["measure_code"] == "orders_in_force")
    assert found == {"2025-02": 2, "2025-03": 2, "2025-04": 2, "2025-05": 1, "2025-06": 1}
    ending = Counter(row["month"].isoformat()[:7] for row in rows if row["measure_code"] == "orders_ending")
    assert ending == {"2025-02": 1, "2025-03": 1, "2025-04": 1}, "of the first, 61 days before its end are too many"


def test_an_order_of_a_closed_case_counts_from_the_end_of_the_month_of_its_outcome() -> None:
    """Given an order on a case closed in March, and one on an open case."""
    span = {"order_kind": "other order", "in_force_from_at": "2025-02-10 12:00+00"}
    spans = [{"order_ref": ref, "crime_ref": ref} | span for ref in "ab"]
    crimes = [{"crime_ref": "a", "is_open": False, "outcome_at": "2025-03-31 22:59+00"},
              {"crime_ref": "b", "is_open": True}]  # fmt: skip
    months = [{"month": f"2025-{n:02}-01"} for n in range(1, 5)]
    rows = made("metrics.measure_crimes", core_order_spans=spans, core_crimes=crimes, core_extract_moments=AS_OF,
                metrics_counted_month_ends=months)  # fmt: skip
    found = [row["month"].month for row in rows if row["measure_code"] == "orders_case_closed"]
    assert sorted(found) == [3, 4]


@pytest.mark.parametrize(("refused", "is_met"), [("2025-06-30", True), ("2025-07-01", False), (None, False)])
def test_a_court_refuses_an_order_within_180_days_of_the_application(refused: str | None, is_met: bool) -> None:
    facts = [{"order_ref": "o", "crime_ref": "c", "is_stalking_protection": True, "applied_at": "2025-01-01 12:00+00"}]
    refusals = [{"order_ref": "o", "event_kind": "refused", "event_at": f"{refused} 12:00+00"}] if refused else []
    rows = made("core.measure_events", core_order_facts=facts, core_orders=[{"order_ref": "o"}],
                core_order_events=refusals, core_extract_moments=[{"as_of_at": "2026-01-01 00:00+00"}])  # fmt: skip
    [event] = only(rows, measure_code="spo_refused_180")
    assert (event["is_met"], event["month"].month) == (is_met, 1)


def test_what_the_extract_does_not_have_is_not_measured_and_is_no_share_of_zero() -> None:
    """Given crimes followed for a year, with and without a table of outcomes."""
    event = {"crime_ref": "c", "month": "2025-02-01", "is_met": False}
    needs = {"charged_365": "outcome", "arrested_30": "custody", "spo_breached_365": "order_breach"}
    counted = {"core_measure_events": [event | {"measure_code": code} for code in needs], "core_extract_moments": AS_OF}
    sources = ["crime", "party_role", "order_", "outcome", "custody", "order_breach"]
    for left_out in ("", *needs.values()):
        delivered = [{"source": source} for source in sources if source != left_out]
        gaps = made("core.supply_gaps", core_force_deliveries=delivered)
        found = {row["measure_code"] for row in made("metrics.measure_crimes", **counted, core_supply_gaps=gaps)}
        assert found == {code for code, need in needs.items() if need != left_out}


def test_duties_that_were_due_count_and_those_not_measured_do_not() -> None:
    states = ("met", "late", "missed", "not known", "not yet due")
    duties = [{"measure_code": code, "state": state} for code in ("risk_assessed", "file_complete") for state in states]
    counted = [row | {"crime_ref": "c"} for row in made("core.measure_events", core_protection_duties=duties)]
    rows = made("metrics.measure_crimes", core_measure_events=counted, core_extract_moments=AS_OF,
                core_supply_gaps=[{"code": "file_complete"}])  # fmt: skip
    assert sorted((row["measure_code"], str(row["is_met"])) for row in rows) == [
        ("risk_assessed", met) for met in ("False", "False", "None", "True")
    ]


def with_periods(cells: Iterable[Row], **given: list[Row]) -> dict[str, list[Row]]:
    """Cells of the whole, and the periods of their months."""
    cell = {"breakdown": "none", "breakdown_value": "all", "not_known_count": 0}
    shared = {"metrics_measure_cells": [cell | c for c in cells], "core_extract_moments": AS_OF,
              "metrics_demand_months": COVERED, **given}  # fmt: skip
    months = {name: shared[name] for name in ("metrics_measure_cells", "metrics_demand_months")}
    return {**shared, "metrics_measure_periods": made("metrics.measure_periods", **months)}


def values(*cells: Row, **given: list[Row]) -> dict[tuple[str, str, str], tuple[object, ...]]:
    """(period type, first month, part) -> counted, of, value."""
    rows = made("metrics.measure_values", **with_periods(cells, **given),
                reference_measures=[{"measure_code": c, "kind": k} for c, k in KINDS.items()])  # fmt: skip
    return {
        (r["period_type"], r["period_start"].isoformat()[:7], r["breakdown_value"]):
            (r["numerator"], r["denominator"], r["value"])
        for r in rows
    }  # fmt: skip


def test_months_add_up_to_quarters_financial_years_and_twelve_months() -> None:
    share = {"measure_code": "charged_365", "numerator": 1, "denominator": 4}
    found = values(*({**share, "month": f"2025-{n:02}-01"} for n in (2, 3, 4)))
    assert found["quarter", "2025-01", "all"] == (2, 8, 0.25)
    assert found["quarter", "2025-04", "all"] == (1, 4, 0.25)
    assert found["financial_year", "2024-04", "all"] == (2, 8, 0.25)
    assert found["rolling_12", "2024-05", "all"] == (3, 12, 0.25)  # to the end of April 2025
    assert found["rolling_12", "2025-01", "all"] == (3, 12, 0.25)  # to the end of December 2025
    assert found["to_date", "2024-01", "all"] == (3, 12, 0.25)  # all that the extract covers
    assert ("month", "2025-05", "all") not in found  # nothing was due: that is not zero


def test_a_month_without_crimes_is_a_zero_while_the_extract_covers_it() -> None:
    found = values({"measure_code": "recorded", "month": "2025-02-01", "numerator": 3})
    assert found["month", "2025-02", "all"] == (3, None, 3.0)
    assert found["month", "2025-03", "all"] == (0, None, 0.0)
    assert ("month", "2026-01", "all") not in found and ("month", "2023-12", "all") not in found


@pytest.mark.parametrize("most", [29, 30])
def test_parts_of_few_cases_have_rows_in_a_type_of_period_only_beside_one_of_enough(most: int) -> None:
    """Given 29 or 30 crimes in the north in March: all months have both parts, or none has. Counts always do."""
    cell = {"breakdown": "unit", "numerator": 1}
    of = {("N", "02"): 12, ("N", "03"): most, ("S", "02"): 3}
    parts = [cell | {"measure_code": "charged_365", "breakdown_value": unit, "month": f"2025-{month}-01",
                     "denominator": count} for (unit, month), count in of.items()]  # fmt: skip
    count = cell | {"measure_code": "recorded", "breakdown_value": "few", "month": "2025-02-01"}
    found = values(*parts, *(part | {"breakdown": "none", "breakdown_value": part["month"]} for part in parts), count)
    months = {(start, part) for kind, start, part in found if kind == "month" and part in ("N", "S")}
    assert months == ({("2025-02", "N"), ("2025-03", "N"), ("2025-02", "S")} if most == 30 else set())
    assert {part for kind, _, part in found if kind == "quarter"} >= {"N", "S"}, "42 or 41 in the quarter"
    assert found["to_date", "2024-01", "S"] == (1, 3, 1 / 3) and found["month", "2025-02", "few"] == (1, None, 1)
    assert ("month", "2025-02", "2025-02-01") in found, "the whole has every month"


def test_what_is_open_at_the_end_of_a_month_does_not_add_up() -> None:
    found = values(*({"measure_code": "open_caseload", "month": f"2025-{n:02}-01", "numerator": n} for n in (1, 2, 3)))
    assert found["quarter", "2025-01", "all"] == (3, None, 3.0)
    assert found["to_date", "2024-01", "all"] == (3, None, 3.0)


def test_no_share_is_given_where_more_is_not_known_than_known() -> None:
    share = {"measure_code": "charged_365", "month": "2025-02-01", "numerator": 2, "denominator": 4}
    assert values(share | {"not_known_count": 4})["month", "2025-02", "all"] == (2, 4, 0.5)
    assert values(share | {"not_known_count": 5})["month", "2025-02", "all"] == (2, 4, None)


def test_a_standard_is_kept_where_it_was_judged_and_not_breached() -> None:
    """A month that is still to come is a fault of the record: it counts to date alone."""
    count = {"rule_code": "VIC-01", "examined_count": 50, "breach_count": 2, "not_evaluable_count": 8, "unit_name": "A"}
    count |= {"table_name": "core.victim_service_facts"}
    other = {"rule_code": "VIC-01", "table_name": "core.incident_facts"}  # of no force
    found = values(*made(
        "metrics.measure_cells", core_extract_moments=AS_OF,
        quality_rule_results=[{k: count[k] for k in other} | {"measure_code": "VIC-01"}, other],
        quality_rule_counts=[
            *(count | {"recorded_month": month} for month in ("2025-02-01", "2026-01-01", None)),
            count | other | {"recorded_month": "2025-02-01"},
        ],
    ))  # fmt: skip
    assert found["month", "2025-02", "A"] == (40, 42, 40 / 42)
    assert found["to_date", "2024-01", "all"] == (120, 126, 120 / 126)
    assert ("month", "2026-01", "all") not in found


def test_a_standard_has_one_definition_though_several_duties_use_its_facts() -> None:
    rule = {"rule_code": "RSK-01", "table_name": "a", "title": "Risk is assessed", "description": "An assessment."}
    listed = made("reference.measures", quality_rule_results=[rule | {"measure_code": "RSK-01"}, rule])
    [row] = [r for r in listed if (r["measure_code"] or "").startswith("RSK")]
    assert row["definition"].startswith("An assessment. A crime counts in the London month of")


def test_a_month_is_whole_once_what_it_counts_had_time_to_happen() -> None:
    """As of the end of December: crimes of November were followed for 31 days, those of October for 61."""
    months = ("2025-10-01", "2025-11-01")
    cells = [{"measure_code": "charged_365", "month": m, "numerator": 1, "denominator": 4} for m in months]
    listed = {"measure_code": "charged_365", "kind": "share"}
    for as_of, (days, whole) in itertools.product(
        ("2025-12-31 23:59:59.999999+00", "2026-01-01 00:00+00"),  # as `--as-of 2025-12-31` has it, and midnight
        ((None, [True, True]), (31, [True, True]), (32, [True, False]), (62, [False, False])),
    ):
        rows = made("metrics.measure_values", **with_periods(cells, core_extract_moments=[{"as_of_at": as_of}]),
                    reference_measures=[listed | {"follow_days": days}])  # fmt: skip
        assert [r["is_whole"] for r in rows if r["period_type"] == "month"] == whole
        rows = made("metrics.measure_values", **with_periods(cells, core_extract_moments=[{"as_of_at": as_of}]),
                    reference_measures=[listed | {"follow_days": days, "is_open_ended": True}])  # fmt: skip
        assert [(r["is_whole"], r["is_drawn"]) for r in rows if r["period_type"] == "month"] == [
            (False, drawn) for drawn in whole
        ]


def test_a_sudden_rise_is_a_verdict_and_a_part_of_a_few_cases_has_exact_limits() -> None:
    counts = [100 + n % 7 for n in range(23)] + [180]
    value = {"measure_code": "recorded", "breakdown": "none", "breakdown_value": "all", "period_type": "month",
             "is_drawn": True, "denominator": None}  # fmt: skip
    months = zip(MONTHS, counts, strict=True)
    given = [value | {"period_start": month, "numerator": count, "value": float(count)} for month, count in months]
    few = [row | {"breakdown": "unit", "breakdown_value": "A", "numerator": 1, "value": 1.0} for row in given]
    measures = [{"measure_code": "recorded", "kind": "count", "recording_classes": "S&H"}]
    points = made("metrics.measure_points", metrics_measure_values=given + few, reference_measures=measures)
    verdicts = made("metrics.measure_verdicts", metrics_measure_points=points, reference_measures=measures)
    assert [(v["breakdown"], v["verdict"]) for v in verdicts] == [("none", "higher"), ("unit", "no_change")]
    assert verdicts[1]["chance_of_signal"] == pytest.approx(0.00405), "beyond either limit, or too long without a case"
    assert verdicts[0]["latest_period"] == dt.date(2025, 12, 1)
    assert verdicts[0]["expected_lower"] < 100 < verdicts[0]["expected_upper"] < 180


def test_a_duty_without_a_time_limit_is_drawn_and_not_judged() -> None:
    """Property returned "as soon as possible": 85% month after month, then 59, 34 and 5: the latest can still be."""
    shares = [84 + n % 3 for n in range(25)] + [59, 34, 5]
    months = [f"{2023 + n // 12}-{n % 12 + 1:02}-01" for n in range(len(shares))]
    cell = {"measure_code": "victim_property", "breakdown": "none", "breakdown_value": "all", "denominator": 100,
            "not_known_count": 0}  # fmt: skip
    cells = [cell | {"month": month, "numerator": met} for month, met in zip(months, shares, strict=True)]
    given = [{"measure_code": "victim_property", "breakdown": "none", "period_type": "month", "is_drawn": True,
              "period_start": month, "denominator": 100} for month in months]  # fmt: skip

    def verdict(*, is_open_ended: bool) -> dict[str, object]:
        duty = {"measure_code": "victim_property", "kind": "share", "recording_classes": "S&H", "unit": "share",
                "direction": "higher_is_better", "is_open_ended": is_open_ended}  # fmt: skip
        points = made("metrics.measure_points", metrics_measure_values=given, metrics_measure_cells=cells,
                      reference_measures=[duty])  # fmt: skip
        assert len(points) == len(shares)
        [row] = made("metrics.measure_verdicts", metrics_measure_points=points, reference_measures=[duty],
                     core_measure_targets=[
                         {"measure_code": "victim_property", "target": 0.8, "unit": "share"}])  # fmt: skip
        return row

    limited, open_ended = verdict(is_open_ended=False), verdict(is_open_ended=True)
    assert (limited["verdict"], limited["is_new"], limited["is_target_met"]) == ("lower", False, False)
    judged = ("expected_lower", "signal", "value_before", "is_target_met", "target_verdict")
    assert open_ended["verdict"] == "not_settled" and not any(open_ended[name] is not None for name in judged)


@pytest.mark.parametrize(
    ("classes", "breakdown", "part", "segments"),
    [
        ("S&H", "none", "all", 2), ("8Q", "none", "all", 1), ("8L,8R", "none", "all", 2), ("none", "none", "all", 1),
        ("S&H", "class", "8Q", 1), ("S&H", "class", "8R", 2), ("none", "class", "8R", 1),
    ],
)  # fmt: skip
def test_a_series_restarts_at_the_recording_changes_of_its_own_classes(
    classes: str, breakdown: str, part: str, segments: int
) -> None:
    """Given the Online Safety Act, which moved 8R and so the subgroup; orders are counted whatever is recorded."""
    values = [
        {"measure_code": "m", "breakdown": breakdown, "breakdown_value": part, "period_type": "month", "is_drawn": True,
         "denominator": None, "period_start": f"2024-{month:02}-01", "numerator": month, "value": float(month)}
        for month in range(1, 13)
    ]  # fmt: skip
    points = made(
        "metrics.measure_points", metrics_measure_values=values,
        reference_measures=[{"measure_code": "m", "kind": "count", "recording_classes": classes}],
        reference_recording_regimes=[{"regime_ref": "R24", "valid_from": "2024-06-30", "title": "Act",
                                      "source_name": "", "affects_codes": "8R,S&H", "moves_counts": True,
                                      "date_precision": "day"}],
    )  # fmt: skip
    assert len({point["segment"] for point in points}) == segments


def test_a_count_has_the_spread_of_its_own_months_and_chance_alone_is_the_least() -> None:
    def verdict(counts: list[int]) -> Row:
        point = {"series_ref": "s", "measure_code": "m", "breakdown": "none", "breakdown_value": "all", "segment": 1,
                 "segment_start_reason": "", "signal": "", "signal_direction": "", "limits_status": "too_few_points",
                 "chart_type": "none", "denominator": None}  # fmt: skip
        points = [
            point | {"month": f"{2024 + n // 12}-{n % 12 + 1:02}-01", "numerator": count, "value": float(count)}
            for n, count in enumerate(counts)
        ]
        kind = {"measure_code": "m", "kind": "count", "unit": "crimes"}
        [row] = made("metrics.measure_verdicts", metrics_measure_points=points, reference_measures=[kind])
        return row

    even, uneven = verdict([100, 101] * 7), verdict([80, 120] * 7)
    assert (even["extra_variance"], even["pair_count"]) == (0, 13)
    # each pair differs by 40: of 1,600 less 200, in units of twice the squared mean of 100
    assert uneven["extra_variance"] == pytest.approx((1600 - 200) / (2 * 100**2))
    expected = ratio_of_counts(120, 120, 1.96, Spread(uneven["extra_variance"], 13))
    assert (uneven["change_lower"], uneven["change_upper"]) == pytest.approx(expected, rel=0.005)
    assert verdict([50, 70] * 3)["extra_variance"] is None, "of five pairs there is no estimate"


@pytest.mark.parametrize(
    ("now", "before", "expected"),
    [
        ((180, None), (104, None), ratio_of_counts(180, 104)),
        ((56, 70), (48, 80), difference_of_shares(56, 70, 48, 80)),
    ],
)
def test_a_month_is_compared_with_the_same_a_year_before_unless_recording_changed(
    now: tuple[int, int | None], before: tuple[int, int | None], expected: tuple[float, float]
) -> None:
    held = [{"month": day, "numerator": count, "denominator": of, "value": count / (of or 1)}
            for day, (count, of) in (("2024-12-01", before), ("2025-12-01", now))]  # fmt: skip
    point = {"series_ref": "s", "measure_code": "m", "breakdown": "none", "breakdown_value": "all", "segment": 1,
             "segment_start_reason": "", "signal": "", "signal_direction": "", "limits_status": "too_few_points",
             "chart_type": "none"}  # fmt: skip

    def verdict(segments: tuple[int, int]) -> dict[str, object]:
        points = [point | row | {"segment": segment} for row, segment in zip(held, segments, strict=True)]
        kind = {"measure_code": "m", "kind": "count" if now[1] is None else "share", "unit": "crimes"}
        [row] = made("metrics.measure_verdicts", metrics_measure_points=points, reference_measures=[kind])
        return row

    row = verdict((1, 1))
    assert row["value_before"] == held[0]["value"]
    assert (row["change_lower"], row["change_upper"]) == pytest.approx(expected)
    across = verdict((1, 2))
    assert (across["value_before"], across["change_lower"], across["change_upper"]) == (None, None, None)


def assured(direction: str, target: float | None, limits: tuple[float | None, float | None],
            unit: str = "share", by: str = "none") -> tuple[object, object, object]:  # fmt: skip
    """Target, whether it is met and assurance of a month with 0.5 between the limits."""
    lower, upper = limits
    point = {"series_ref": "s", "measure_code": "m", "breakdown": by, "breakdown_value": "a", "month": "2025-01-01",
             "value": 0.5, "chart_type": "p_prime", "segment": 1, "segment_start_reason": "", "lower_limit": lower,
             "upper_limit": upper, "signal": "", "signal_direction": "",
             "limits_status": "drawn" if lower is not None else "too_few_points"}  # fmt: skip
    targets = [] if target is None else [{"measure_code": "m", "target": target, "unit": unit}]
    measure = {"measure_code": "m", "kind": "share", "unit": unit, "direction": direction}
    [row] = made("metrics.measure_verdicts", metrics_measure_points=[point], core_measure_targets=targets,
                 reference_measures=[measure])  # fmt: skip
    return row["target"], row["is_target_met"], row["target_verdict"]


@pytest.mark.parametrize(
    ("direction", "target", "met", "verdict"),
    [
        ("higher_is_better", 0.3, True, "consistently_met"),
        ("higher_is_better", 0.4, True, "consistently_met"),  # the lower limit itself meets it
        ("higher_is_better", 0.5, True, "hit_or_miss"),
        ("higher_is_better", 0.6, False, "hit_or_miss"),  # the upper limit itself meets it
        ("higher_is_better", 0.7, False, "consistently_missed"),
        ("lower_is_better", 0.7, True, "consistently_met"),
        ("lower_is_better", 0.6, True, "consistently_met"),
        ("lower_is_better", 0.5, True, "hit_or_miss"),
        ("lower_is_better", 0.4, False, "hit_or_miss"),
        ("lower_is_better", 0.3, False, "consistently_missed"),
        ("neither", 0.3, None, None),
    ],
)
def test_assurance_compares_the_target_with_the_limits_of_the_latest_month(
    direction: str, target: float, met: bool | None, verdict: str | None
) -> None:
    assert assured(direction, target, (0.4, 0.6)) == (target, met, verdict)


def test_without_limits_or_target_there_is_no_assurance() -> None:
    assert assured("higher_is_better", 0.3, (None, None)) == (0.3, True, None)
    assert assured("higher_is_better", None, (0.4, 0.6)) == (None, None, None)


def test_a_target_of_a_count_is_for_the_whole_force_alone() -> None:
    for by, unit, expected in (("district", "crimes", None), ("none", "crimes", 0.3), ("district", "share", 0.3)):
        assert assured("higher_is_better", 0.3, (0.4, 0.6), unit, by)[0] == expected


def test_a_force_s_own_target_comes_before_one_for_every_force() -> None:
    target = {"measure_code": "recorded_24h", "unit": "share"}
    rows = made(
        "core.measure_targets",
        reference_measure_targets=[target | {"force_code": code, "target": aim}
                                   for code, aim in ((None, 0.5), ("E1", 0.9), ("E3", 0.1))],
        core_force_scope=[{"force_code": code, "force_name": code} for code in ("E1", "E2")],
    )  # fmt: skip
    assert {row["force_code"]: row["target"] for row in rows} == {"E1": 0.9, "E2": 0.5}


# the invented force, against its delivered files and against the other tables


LISTED = list_rows("breakdowns")
BY_TIME = {row["breakdown"] for row in LISTED if row["is_by_time"] == "true"}  # of counts of recorded crimes alone
ALL_BREAKDOWNS = {row["breakdown"] for row in LISTED} - BY_TIME


def test_every_measure_adds_up_in_every_breakdown_and_period_that_it_has(invented_force: InventedForce) -> None:
    """A breakdown that has a type of period has every one of the whole, and no other; none of few cases alone."""
    with invented_force.connect() as con:
        wrong = con.execute("""
            with whole as (select * from metrics.measure_values where breakdown = 'none'),
            parts as (
                select
                    force_code, measure_code, period_type, period_start, breakdown, sum(numerator) as numerator,
                    sum(denominator) as denominator, sum(not_known_count) as not_known_count
                from metrics.measure_values
                where breakdown <> 'none'
                group by all
            ),
            due as (
                select w.*, p.breakdown as by
                from whole as w
                inner join (select distinct measure_code, period_type, breakdown from parts) as p
                    using (measure_code, period_type)
            )
            select
                coalesce(d.measure_code, p.measure_code), coalesce(d.period_type, p.period_type),
                coalesce(d.period_start, p.period_start), coalesce(p.breakdown, d.by), p.numerator, d.numerator
            from due as d
            full join parts as p
                on d.force_code = p.force_code and d.measure_code = p.measure_code and d.period_type = p.period_type
                and d.period_start = p.period_start and d.by = p.breakdown
            where (p.numerator, p.denominator, p.not_known_count)
                is distinct from (d.numerator, d.denominator, d.not_known_count)
        """).fetchall()
        few = con.execute("""
            select measure_code, breakdown, max(c.denominator) >= 30 or max(c.denominator) is null as is_due,
                bool_or(v.measure_code is not null) as is_there
            from metrics.measure_cells as c
            left join (select * from metrics.measure_values where period_type = 'month') as v
                using (measure_code, breakdown)
            where c.breakdown not in ('none', 'ward', 'weekday', 'hour') and c.month is not null
            group by all
        """).fetchall()
        held = con.execute("""
            select measure_code, any_value(k.kind), list(distinct breakdown)
            from metrics.measure_values
            inner join reference.measures as k using (measure_code)
            group by measure_code
        """).fetchall()
    assert wrong == []
    assert {row[2:] for row in few} == {(True, True), (False, False)}
    assert len(held) > 100
    for code, kind, breakdowns in held:  # the cards say why some have few or none
        is_standard = code[:3].isupper()
        due = set() if code in COUNTS else {"unit", "class"} if is_standard else ALL_BREAKDOWNS
        due = due - {"ward"} if kind == "median" else due
        due = due | BY_TIME if code in ("recorded", "recorded_harassment", "recorded_stalking") else due
        assert set(breakdowns) == {"none", *due}, code


DUTIES = "select measure_code, met_count, due_count from metrics.protection_measures where due_count > 0"
OPEN = """select 'open_caseload', sum(open_count), null from metrics.open_caseload
    where breakdown = 'force' and not is_as_of"""
MONTHS_OF_OPEN = """period_type = 'month'
    and period_start in (select month from metrics.open_caseload where breakdown = 'force' and not is_as_of)"""


@pytest.mark.parametrize(
    ("other", "measured"),
    [(DUTIES, "period_type = 'to_date'"), (OPEN, MONTHS_OF_OPEN)],
    ids=["duties of protection", "open crimes"],
)
def test_measures_are_the_figures_of_the_other_tables(invented_force: InventedForce, other: str, measured: str) -> None:
    with invented_force.connect() as con:
        theirs = con.execute(f"select * from ({other}) order by all").fetchall()
        codes = "(" + ", ".join(f"'{row[0]}'" for row in theirs) + ")"
        ours = con.execute(
            "select measure_code, sum(numerator), sum(denominator) from metrics.measure_values"
            f" where breakdown = 'none' and measure_code in {codes} and {measured} group by 1 order by all"
        ).fetchall()
    assert theirs and ours == theirs


def test_every_value_is_of_a_listed_measure_and_within_its_interval(invented_force: InventedForce) -> None:
    with invented_force.connect() as con:
        strange = con.execute(
            "select * from metrics.measure_values as v left join reference.measures as m using (measure_code)"
            " where m.measure_code is null or not coalesce(v.value between v.lower and v.upper, true)"
            " or (v.denominator is null) <> (m.kind in ('count', 'count_at_end'))"
        ).fetchall()
        codes = {code for (code,) in con.execute("select distinct measure_code from metrics.measure_values").fetchall()}
        first = con.execute("select min(period_start) from metrics.measure_values").fetchall()[0][0]
    assert strange == []
    assert {"recorded", "recorded_24h", "charged_365", "risk_assessed", "repeat_suspect_12m", "open_caseload"} <= codes
    assert first > dt.date(1990, 1, 1)
