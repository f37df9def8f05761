"""Measures by month, district and unit: what counts, how months add up, and that the parts are the whole."""

import datetime as dt
import itertools
from collections import Counter
from collections.abc import Iterable

import pytest
from conftest import InventedForce
from worked import Row, made, only

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


@pytest.mark.parametrize(
    ("timing", "days", "is_open"),
    [
        ("settled", None, False), ("open", None, True), ("file.special_measures_days", 28, False),
        ("risk.reassessment_hours", 2, False), ("orders.arrest_hours", 1, False),
        ("victims.needs_assessment_days", 12, False),  # five working days: a week, and five days for bank holidays
    ],
)  # fmt: skip
def test_a_standard_is_judged_after_the_time_that_its_rule_names(timing: str, days: int | None, is_open: bool) -> None:
    rule = {"rule_code": "X-01", "table_name": "a", "title": "", "description": "", "measure_code": "X-01"}
    [row] = only(made("reference.measures", quality_rule_results=[rule | {"timing": timing}]), measure_code="X-01")
    assert (row["follow_days"], row["is_open_ended"]) == (days, is_open)


def test_a_duty_has_the_days_of_its_limit_and_a_hearing_more_for_days_that_the_act_leaves_out() -> None:
    days = {row["measure_code"]: row["follow_days"] for row in made("reference.counted_measures")}
    assert (days["risk_assessed"], days["breach_charge"], days["victim_needs"]) == (1, 90, 12)
    assert days["order_hearing"] == 2 + 5
    assert days["recorded"] is None and days["charged_365"] == 365


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


OPEN = """select 'open_caseload', sum(open_count), null from metrics.open_caseload
    where breakdown = 'force' and not is_as_of"""
MONTHS_OF_OPEN = """period_type = 'month'
    and period_start in (select month from metrics.open_caseload where breakdown = 'force' and not is_as_of)"""


def test_open_crimes_are_those_of_the_caseload(invented_force: InventedForce) -> None:
    with invented_force.connect() as con:
        theirs = con.execute(f"{OPEN} order by all").fetchall()
        codes = "(" + ", ".join(f"'{row[0]}'" for row in theirs) + ")"
        ours = con.execute(
            "select measure_code, sum(numerator), sum(denominator) from metrics.measure_values"
            f" where breakdown = 'none' and measure_code in {codes} and {MONTHS_OF_OPEN} group by 1 order by all"
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
