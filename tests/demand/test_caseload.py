"""Open caseload and new demand per investigator: by worked example, and counted again from the files of an invented
force by other means."""

import datetime as dt
from collections import defaultdict
from typing import Any

import invented_demand
import polars as pl
import pytest
from worked import Row, made, only

from dashboards.pages.demand import demand_charts, workload_text
from dashboards.text.small_numbers import SmallNumbers

RULE = SmallNumbers(5, 30)

FORCE = "E23000013"
AS_OF = "2026-03-20 12:00:00+00"
MOMENTS = [{"as_of_at": AS_OF, "first_recorded_at": "2024-01-01 00:00:00+00"}]
SOURCES = ("allocation", "investigator", "investigator_absence")
SUPPLIED = [{"force_code": FORCE, "source": source} for source in SOURCES]


def crime(ref: str, recorded: str, status: str = "open", **more: object) -> Row:
    return {"crime_ref": ref, "force_code": FORCE, "recorded_at": f"{recorded} 09:00:00+00", "status": status,
            "is_open": status in ("open", "reopened"), **more}  # fmt: skip


def outcome(ref: str, code: str | None, day: str | None, number: int = 1) -> Row:
    return {"outcome_ref": f"{ref}-{number}", "crime_ref": ref, "outcome_code": code, "sequence_number": number,
            "outcome_at": day and f"{day} 10:00:00+00"}  # fmt: skip


class TestOpenSpans:
    def spans(self, crimes: list[Row], outcomes: list[Row], removals: list[Row] | None = None,
              counted: list[Row] | None = None, **given: list[Row],
              ) -> dict[str, list[tuple[str, str | None, bool]]]:  # fmt: skip
        spans = counted or [{"crime_ref": c["crime_ref"], "counts_from": c["recorded_at"]} for c in crimes]
        rows = made("core.open_crime_spans", core_crimes=crimes, core_outcomes=outcomes,
                    core_removals=removals or [], core_stalking_harassment_spans=spans, **given)  # fmt: skip
        found = defaultdict(list)
        for r in sorted(rows, key=lambda r: r["open_from_at"]):
            until = r["open_until_at"] and f"{r['open_until_at']:%Y-%m-%d}"
            found[r["crime_ref"]].append((f"{r['open_from_at']:%Y-%m-%d}", until, r["is_end_unknown"]))
        return dict(found)

    def test_open_from_recording_to_the_outcome_and_again_when_it_is_opened_anew(self) -> None:
        crimes = [crime("C1", "2026-01-05"), crime("C2", "2026-01-05", "closed"), crime("C3", "2026-01-05")]
        rows = self.spans(crimes, [
            outcome("C2", "16", "2026-02-01"), outcome("C3", "16", "2026-02-01"), outcome("C3", "0", "2026-02-10", 2),
            outcome("C3", "1", "2026-03-01", 3), outcome("C1", "0", "2026-01-06"),
        ])  # fmt: skip
        assert rows["C2"] == [("2026-01-05", "2026-02-01", False)]
        assert rows["C3"] == [("2026-01-05", "2026-02-01", False), ("2026-02-10", "2026-03-01", False)]
        assert rows["C1"] == [("2026-01-05", "2026-01-06", False), ("2026-01-06", None, False)]

    def test_an_outcome_numbered_lower_and_dated_later_changes_nothing(self) -> None:
        crimes = [crime("C1", "2026-01-05", "closed")]
        rows = self.spans(crimes, [outcome("C1", "16", "2026-02-01", 2), outcome("C1", "0", "2026-02-20", 1)])
        assert rows["C1"] == [("2026-01-05", "2026-02-01", False)]

    def test_a_removal_and_a_change_of_class_end_it(self) -> None:
        crimes = [crime("C1", "2026-01-05", "cancelled"), crime("C2", "2026-01-05")]
        removals = [{"crime_ref": "C1", "removal_code": "C2", "removed_at": "2026-01-20 09:00:00+00"}]
        counted = [{"crime_ref": "C1", "counts_from": "2026-01-05 09:00:00+00"},
                   {"crime_ref": "C2", "counts_from": "2026-01-10 09:00:00+00",
                    "counts_until": "2026-02-01 09:00:00+00"}]  # fmt: skip
        rows = self.spans(crimes, [], removals, counted)
        assert rows == {"C1": [("2026-01-05", "2026-01-20", False)], "C2": [("2026-01-10", "2026-02-01", False)]}

    def test_a_removal_without_a_day_is_no_crime_open_for_ever(self) -> None:
        crimes = [crime(ref, "2026-01-05", status) for ref, status in (("C1", "cancelled"), ("C2", "open"))]
        removals = [{"crime_ref": ref, "removal_code": "C2", "removed_at": None} for ref in ("C1", "C2")]
        assert self.spans(crimes, [], removals) == {ref: [("2026-01-05", None, True)] for ref in ("C1", "C2")}

    def test_what_ended_on_a_day_that_cannot_be_told_is_marked(self) -> None:
        crimes = [crime("C1", "2026-01-05", "closed"), crime("C2", "2026-01-05"), crime("C3", "2026-01-05")]
        crimes += [crime("C4", "2026-01-05"), crime("C5", "2026-01-05")]
        rows = self.spans(crimes, [outcome("C2", "16", None), outcome("C3", None, "2026-01-07")],
                          core_quarantined_outcomes=[{"crime_ref": "C4"}, {"crime_ref": None}])  # fmt: skip
        assert [rows[ref][0][2] for ref in ("C1", "C2", "C3", "C4", "C5")] == [True, True, True, True, False]


ALLOCATIONS: list[Row] = [
    {"crime_ref": ref, "investigator_ref": who, "allocated_at": f"{start} 10:00:00+00",
     "ended_at": end and f"{end} 10:00:00+00"}
    for ref, who, start, end in (("C1", "A", "2026-01-06", None), ("C1", "B", "2026-02-10", None),
                                 ("C2", "A", "2026-01-06", None), ("C3", "X", "2026-01-06", "2026-02-15"))
]  # fmt: skip
PEOPLE: list[Row] = [
    {"investigator_ref": ref, "unit_name": unit, "pip_level": 2} for ref, unit in (("A", "U1"), ("B", "U2"))
]


class TestHoldings:
    def at(self, moment: str, **given: list[Row]) -> dict[str, Row]:
        spans = [{"crime_ref": ref, "force_code": FORCE, "open_from_at": "2026-01-05 09:00:00+00",
                  "open_until_at": until, "is_end_unknown": False}
                 for ref, until in (("C1", None), ("C2", "2026-02-28 23:59:00+00"), ("C3", None))]  # fmt: skip
        rows = made("core.caseload_holdings", core_extract_moments=MOMENTS, core_open_crime_spans=spans,
                    **{"core_force_deliveries": SUPPLIED, **given})  # fmt: skip
        return {r["crime_ref"]: r for r in rows if f"{r['measured_at']:%Y-%m-%d %H}" == moment}

    def test_the_last_allocation_holds_it_until_it_ends(self) -> None:
        given: dict[str, list[Row]] = {"core_allocations": ALLOCATIONS, "core_investigators": PEOPLE}
        january = self.at("2026-02-01 00", **given)
        assert [january[ref]["investigator_ref"] for ref in ("C1", "C2", "C3")] == ["A", "A", "X"]
        assert [january[ref]["is_investigator_known"] for ref in ("C1", "C2", "C3")] == [True, True, False]
        february = self.at("2026-03-01 00", **given)
        assert set(february) == {"C1", "C3"}  # C2 was closed a minute before midnight
        assert (february["C1"]["investigator_ref"], february["C1"]["unit_name"]) == ("B", "U2")
        assert february["C3"]["investigator_ref"] is None
        assert set(self.at("2026-03-20 12", **given)) == {"C1", "C3"}

    def test_what_happens_at_midnight_belongs_to_the_day_that_begins(self) -> None:
        """Opened, closed, allocated, assessed, absent and back at the midnight that ends January."""
        midnight, then = "2026-02-01 00:00:00+00", "2026-01-05 09:00:00+00"
        spans = [{"crime_ref": ref, "force_code": FORCE, "open_from_at": start, "open_until_at": until,
                  "is_end_unknown": False}
                 for ref, start, until in (("opened", midnight, None), ("closed", then, midnight),
                                           ("open", then, None))]  # fmt: skip
        given: dict[str, list[Row]] = {
            "core_open_crime_spans": spans, "core_extract_moments": MOMENTS, "core_force_deliveries": SUPPLIED,
            "core_allocations": [{"crime_ref": "open", "investigator_ref": who, "allocated_at": at}
                                 for who, at in (("A", then), ("B", midnight))],
            "core_risk_assessments": [{"crime_ref": "open", "assessment_ref": grade, "risk_grade": grade,
                                       "completed_at": at} for grade, at in (("high", then), ("medium", midnight))],
            "core_investigator_absences": [
                {"investigator_ref": "A", "absent_from_at": then, "absent_to_at": midnight},
                {"investigator_ref": "B", "absent_from_at": midnight, "absent_to_at": "2026-05-01 00:00:00+00"},
            ],
        }  # fmt: skip
        rows = made("core.caseload_holdings", **given)
        ends = {(f"{r['measured_at']:%m-%d}", r["crime_ref"]): r for r in rows if not r["is_as_of"]}
        assert {key for key in ends if key[0] == "02-01"} == {("02-01", "closed"), ("02-01", "open")}
        assert {key for key in ends if key[0] == "03-01"} == {("03-01", "opened"), ("03-01", "open")}
        held = [(r["investigator_ref"], r["risk_grade"], r["is_investigator_away"])
                for r in (ends["02-01", "open"], ends["03-01", "open"])]  # fmt: skip
        assert held == [("A", "high", True), ("B", "medium", True)]
        month_ends = made("metrics.counted_month_ends", metrics_demand_months=months(14))
        crimes = made("metrics.measure_crimes", core_open_crime_spans=spans, core_extract_moments=MOMENTS,
                      metrics_counted_month_ends=month_ends)  # fmt: skip
        counted = made("metrics.measure_cells", metrics_measure_crimes=crimes)
        whole = {f"{r['month']:%m}": r["numerator"] for r in only(counted, breakdown="none")}
        assert [whole["01"], whole["02"]] == [2, 2], "as many as metrics.measure_cells counts"

    def test_what_happens_at_an_as_of_moment_within_a_day_has_happened(self) -> None:
        """It may be the moment of the latest record: that crime is open, and one closed then is not."""
        spans = [{"crime_ref": ref, "force_code": FORCE, "open_from_at": start, "open_until_at": until,
                  "is_end_unknown": False}
                 for ref, start, until in (("opened", AS_OF, None),
                                           ("closed", "2026-01-05 09:00:00+00", AS_OF))]  # fmt: skip
        for as_of, refs in ((AS_OF, ["opened"]), ("2026-03-20 00:00:00+00", ["closed"])):
            rows = made("core.caseload_holdings", core_open_crime_spans=spans, core_force_deliveries=SUPPLIED,
                        core_extract_moments=[{**MOMENTS[0], "as_of_at": as_of}])  # fmt: skip
            assert [r["crime_ref"] for r in rows if r["is_as_of"]] == refs

    def test_risk_and_absence_are_those_of_the_moment(self) -> None:
        assessed = [{"crime_ref": "C1", "assessment_ref": ref, "risk_grade": grade,
                     "completed_at": f"{day} 09:00:00+00"}
                    for ref, grade, day in (("1", "high", "2026-01-07"), ("2", "medium", "2026-02-20"))]  # fmt: skip
        away = [{"investigator_ref": "A", "absent_from_at": "2026-01-20 00:00:00+00",
                 "absent_to_at": "2026-02-03 00:00:00+00"}]  # fmt: skip
        given: dict[str, list[Row]] = {
            "core_allocations": ALLOCATIONS, "core_investigators": PEOPLE,
            "core_risk_assessments": assessed, "core_investigator_absences": away,
        }  # fmt: skip
        january, february = self.at("2026-02-01 00", **given), self.at("2026-03-01 00", **given)
        assert (january["C1"]["risk_grade"], february["C1"]["risk_grade"]) == ("high", "medium")
        assert january["C2"]["risk_grade"] is None
        assert (january["C1"]["is_investigator_away"], february["C1"]["is_investigator_away"]) == (True, False)
        unknown = self.at("2026-02-01 00", **given, core_force_deliveries=SUPPLIED[:2])
        assert unknown["C1"]["is_investigator_away"] is None

    def test_only_an_assessment_with_a_grade_replaces_one_and_of_two_at_once_the_higher_reference(self) -> None:
        assessed = [{"crime_ref": ref, "assessment_ref": number, "risk_grade": grade,
                     "completed_at": f"{day} 09:00:00+00"}
                    for ref, number, grade, day in (
                        ("C1", "1", "high", "2026-01-07"), ("C1", "2", None, "2026-02-20"),
                        ("C3", "1", "standard", "2026-01-07"), ("C3", "2", "high", "2026-01-07"))]  # fmt: skip
        march = self.at("2026-03-01 00", core_allocations=ALLOCATIONS, core_investigators=PEOPLE,
                        core_risk_assessments=assessed)  # fmt: skip
        assert {ref: row["risk_grade"] for ref, row in march.items()} == {"C1": "high", "C3": "high"}

    def test_without_assessments_or_their_grades_risk_is_not_measured(self) -> None:
        given: dict[str, list[Row]] = {"core_allocations": ALLOCATIONS, "core_investigators": PEOPLE}
        supplied = [*SUPPLIED, {"force_code": FORCE, "source": "risk_assessment"}]
        absent = [{"force_code": FORCE, "source": "risk_assessment", "field_name": "grade"}]
        for measured, more in ((False, {}), (True, {"core_force_deliveries": supplied}),
                               (False, {"core_force_deliveries": supplied, "core_absent_fields": absent})):  # fmt: skip
            rows = self.at("2026-02-01 00", **given, **more)
            assert {row["is_risk_measured"] for row in rows.values()} == {measured}

    @pytest.mark.parametrize("missing", [0, 1])
    def test_without_allocations_or_investigators_nothing_is_measured(self, missing: int) -> None:
        given = [row for n, row in enumerate(SUPPLIED) if n != missing]
        assert self.at("2026-02-01 00", core_allocations=ALLOCATIONS, core_investigators=PEOPLE,
                       core_force_deliveries=given) == {}  # fmt: skip


def months(count: int, end: dt.date = dt.date(2026, 2, 1), leave_out: int | None = None) -> list[Row]:
    first = end.year * 12 + end.month - count
    return [{"source": "extract", "offence_code": "S&H", "force_code": FORCE, "crime_count": 60,
             "month": dt.date((first + n) // 12, (first + n) % 12 + 1, 1)}
            for n in range(count) if n != leave_out]  # fmt: skip


def holding(ref: str, who: str | None, unit: str | None = "U1", *, level: int = 2, risk: str | None = "standard",
            is_known: bool = True, is_as_of: bool = False, unclear: bool = False) -> Row:  # fmt: skip
    return {"month": "2026-02-01", "measured_at": "2026-03-01 00:00:00+00", "is_as_of": is_as_of, "crime_ref": ref,
            "force_code": FORCE, "is_end_unknown": unclear, "investigator_ref": who,
            "is_investigator_known": is_known and who is not None, "unit_name": unit if is_known else None,
            "pip_level": level, "risk_grade": risk, "is_risk_measured": True,
            "is_investigator_away": False}  # fmt: skip


def loads(*sizes: int, unit: str = "U1", start: int = 0) -> list[Row]:
    return [holding(f"{unit}{start + n}-{k}", f"{unit}{start + n}", unit) for n, size in enumerate(sizes)
            for k in range(size)]  # fmt: skip


class TestOpenCaseload:
    def table(self, rows: list[Row], covered: list[Row] | None = None) -> list[Row]:
        return made("metrics.open_caseload", core_caseload_holdings=rows,
                    metrics_demand_months=months(12) if covered is None else covered)  # fmt: skip

    def test_mean_median_90th_and_highest_over_those_who_hold_any(self) -> None:
        held = [*loads(1, 1, 2, 2, 3, 4, 5, 6, 7, 19), holding("N", None), holding("X", "?", is_known=False),
                holding("U", "U10", unclear=True)]  # fmt: skip
        [row] = only(self.table(held), breakdown="force")
        assert (row["open_count"], row["investigator_count"], row["crimes_per_investigator"]) == (52, 10, 5.0)
        assert (row["median_count"], row["percentile_90_count"], row["highest_count"]) == (3.5, 7, 19)
        assert (row["unallocated_count"], row["unknown_holder_count"], row["unclear_count"]) == (1, 1, 1)
        [unit] = only(self.table(held), breakdown="unit")
        assert (unit["stratum"], unit["open_count"], unit["crimes_per_investigator"]) == ("U1", 50, 5.0)
        assert (unit["percentile_90_count"], unit["highest_count"]) == (None, None)

    def test_few_investigators_have_no_90th_and_nobody_s_caseload_is_told(self) -> None:
        rows = self.table(loads(1, 2, 3, 4, 5))
        [row] = only(rows, breakdown="force")
        assert (row["median_count"], row["percentile_90_count"], row["highest_count"]) == (3.0, None, None)
        four = self.table(loads(1, 2, 3, 4))
        assert {(r["investigator_count"], r["crimes_per_investigator"], r["median_count"]) for r in four} == {
            (None, None, None)
        }
        assert {r["breakdown"]: r["open_count"] for r in four} == {"force": 10, "unit": None, "level": None, "risk": 10}
        twenty = self.table([*loads(*[2] * 10), *loads(*[3] * 10, unit="U2")])
        for column in ("highest_count", "percentile_90_count"):
            assert {r[column] for r in twenty if r["breakdown"] != "force"} == {None}

    def test_what_nobody_holds_cannot_be_worked_out_from_the_parts(self) -> None:
        rows = self.table([*loads(*[4] * 7), holding("N1", None), holding("N2", None)])
        assert [r["open_count"] for r in only(rows, breakdown="force")] == [30]
        for breakdown in ("unit", "level", "risk"):
            assert [r["open_count"] for r in only(rows, breakdown=breakdown)] == [28]
        assert {r["unallocated_count"] for r in rows if r["breakdown"] != "force"} == {None}

    def test_a_grade_of_few_crimes_is_joined_with_the_next(self) -> None:
        held = [*loads(*[2] * 8), *(holding(f"M{n}", "U10", risk="medium") for n in range(6)),
                *(holding(f"H{n}", "U11", risk="high") for n in range(2))]  # fmt: skip
        risks = {r["stratum"]: r["open_count"] for r in only(self.table(held), breakdown="risk")}
        assert risks == {"standard": 16, "grades with few crimes, together": 8}

    def test_without_assessments_there_is_no_breakdown_by_risk(self) -> None:
        held = [{**row, "risk_grade": None, "is_risk_measured": False} for row in loads(*[2] * 6)]
        assert {r["breakdown"] for r in self.table(held)} == {"force", "unit", "level"}
        known = [{**row, "risk_grade": None} for row in loads(*[2] * 6)]
        assert [r["stratum"] for r in only(self.table(known), breakdown="risk")] == ["not assessed"]

    def test_a_unit_of_few_is_joined_with_the_next_so_that_it_cannot_be_worked_out(self) -> None:
        rows = self.table([*loads(9, unit="U9"), *loads(*[2] * 6, unit="U6"), *loads(*[3] * 7, unit="U7")])
        units = {r["stratum"]: (r["open_count"], r["investigator_count"]) for r in only(rows, breakdown="unit")}
        assert units == {"units with few investigators, together": (21, 7), "U7": (21, 7)}
        several = [*loads(1, 1, 1, unit="A"), *loads(2, 2, 2, unit="B"), *loads(*[2] * 6, unit="U6")]
        open_counts = {r["stratum"]: r["open_count"] for r in only(self.table(several), breakdown="unit")}
        assert open_counts == {"units with few investigators, together": 9, "U6": 12}

    def test_a_moment_is_left_out_where_a_month_before_it_is_not_held(self) -> None:
        held = loads(*[2] * 6)
        assert self.table(held, months(11)) == []
        assert self.table(held, months(12, leave_out=4)) == []
        assert self.table(held, months(13, leave_out=0)) != []
        now = [{**row, "is_as_of": True, "month": "2026-03-01"} for row in held]
        assert {r["is_as_of"] for r in self.table(now, months(12))} == {True}
        assert self.table(now, months(12, end=dt.date(2026, 1, 1))) == []


class TestDemand:
    def table(self, allocations: list[Row], **given: list[Row]) -> list[Row]:
        crimes = [{"crime_ref": f"C{n}", "force_code": FORCE, "is_stalking_or_harassment": True} for n in range(30)]
        people = [{"investigator_ref": f"I{n}"} for n in range(6)]
        return made("metrics.investigator_demand", core_allocations=allocations, core_crimes=crimes,
                    core_investigators=people, core_extract_moments=MOMENTS,
                    **{"core_force_deliveries": SUPPLIED, "metrics_demand_months": months(2), **given})  # fmt: skip

    def allocated(self, holders: int, consulted: str | None = None) -> list[Row]:
        return [{"crime_ref": f"C{n}", "investigator_ref": f"I{n % holders}", "allocated_at": "2026-02-03 10:00:00+00",
                 "single_point_of_contact_consulted_at": consulted} for n in range(12)]  # fmt: skip

    def test_crimes_recorded_for_each_to_whom_one_was_allocated(self) -> None:
        rows = self.table([*self.allocated(6), {"crime_ref": "C20", "investigator_ref": "?",
                                                "allocated_at": "2026-02-04 10:00:00+00"}])  # fmt: skip
        [january, february] = sorted(rows, key=lambda r: r["month"])
        assert (february["investigator_count"], february["new_crimes_per_investigator"]) == (6, 10.0)
        assert february["unknown_holder_count"] == 1
        assert (january["investigator_count"], january["new_crimes_per_investigator"]) == (0, None)
        assert {r["consulted_count"] for r in rows} == {None}
        four = {r["month"].month: r["investigator_count"] for r in self.table(self.allocated(4))}
        assert four == {1: 0, 2: None}
        assert {r["new_crimes_per_investigator"] for r in self.table(self.allocated(4))} == {None}

    def test_consultations_are_counted_by_month_and_not_measured_where_none_is_recorded(self) -> None:
        rows = self.table(self.allocated(6, "2026-01-09 10:00:00+00"))
        assert {r["month"].month: r["consulted_count"] for r in rows} == {1: 12, 2: 0}
        rows = self.table(self.allocated(6, "2026-02-09 10:00:00+00"))  # in January the field was not filled yet
        assert {r["month"].month: r["consulted_count"] for r in rows} == {1: None, 2: 12}
        absent = [{"source": "allocation", "field_name": "spoc_consult_ts"}]
        rows = self.table(self.allocated(6, "2026-01-09 10:00:00+00"), core_absent_fields=absent)
        assert {r["consulted_count"] for r in rows} == {None}

    def test_a_crime_consulted_in_two_months_is_one_crime_of_twelve_months_held_whole(self) -> None:
        twice = [*self.allocated(6, "2025-03-09 10:00:00+00"), *self.allocated(6, "2026-02-09 10:00:00+00")]
        for held, told in ((months(12), 12), (months(11), None), (months(13, leave_out=5), None)):
            rows = self.table(twice, metrics_demand_months=held)
            assert {r["month"]: r["consulted_year_count"] for r in rows}[dt.date(2026, 2, 1)] == told
        late = self.table(self.allocated(6, "2025-04-09 10:00:00+00"), metrics_demand_months=months(14))
        assert {r["consulted_year_count"] for r in late} == {None}

    def test_without_a_list_of_investigators_there_is_no_row(self) -> None:
        assert self.table(self.allocated(6), core_force_deliveries=SUPPLIED[:1]) == []


class TestWords:
    """On the page: no number of one to four, and none that could be worked out from the others."""

    def row(self, open_count: int, unallocated: int, unlisted: int, people: int | None = 6, **more: Any) -> Row:
        return {"open_count": open_count, "unallocated_count": unallocated, "unknown_holder_count": unlisted,
                "investigator_count": people, "away_open_count": 0, "unclear_count": 0, **more}  # fmt: skip

    def test_few_that_nobody_holds_cannot_be_worked_out_from_caseloads(self) -> None:
        few = self.row(30, 2, 0)
        assert workload_text.open_words(few, RULE) == "28 and fewer than 5 more"
        assert workload_text.not_held_words(few, RULE) == ("fewer than 5", "0")
        assert workload_text.open_words(self.row(40, 2, 10), RULE) == "40"
        assert workload_text.not_held_words(self.row(40, 2, 10), RULE) == ("12 together", "12 together")
        assert workload_text.apart(self.row(40, 2, 10), RULE) == [
            "Open crimes not allocated, or allocated to an investigator who is not on the list: 12."
        ]
        assert workload_text.not_held_words(self.row(40, 20, 10), RULE) == ("20", "10")
        assert workload_text.not_held_words(self.row(30, 20, 7, None), RULE) == ("all but fewer than 5 together",) * 2

    def test_table_and_download_hold_the_words_and_numbers_stay_numbers(self) -> None:
        rows = workload_text.with_words(pl.DataFrame([self.row(30, 2, 0), self.row(30, 0, 0, None)]), RULE, RULE)
        assert rows["open_count"].to_list() == ["28 and fewer than 5 more", "30"]
        assert rows["unallocated_count"].to_list() == ["fewer than 5", "0"]
        assert rows["investigator_count"].to_list() == ["6", "fewer than 5"]
        assert workload_text.with_words(pl.DataFrame([self.row(30, 0, 6)]), RULE, RULE)["open_count"].to_list() == [30]

    def test_consultations_of_twelve_months_are_told_only_where_they_are_all_held(self) -> None:
        month = {"month": dt.date(2026, 2, 1), "consulted_count": 9, "consulted_year_count": 57}
        assert "57 in the twelve months to Feb 2026, each crime counted once" in workload_text.consulted_words(
            pl.DataFrame([month]), RULE)
        part = workload_text.consulted_words(pl.DataFrame([{**month, "consulted_year_count": None}]), RULE)
        assert "9 in Feb 2026. The twelve-month count is not measured" in part


def test_the_chart_is_drawn_to_the_day_that_its_title_is_of() -> None:
    force = invented_demand.open_caseload().filter(pl.col("breakdown") == "force")
    mean = {"crimes_per_investigator": "mean"}
    (line,) = demand_charts.monthly(force, mean, (), unit="open crimes").data
    title = workload_text.caseload_finding(force, RULE, RULE)
    assert f"{line.y[-1]:.1f} for each of 126" in title, "the as-of day, after the last month end"
    assert workload_text.caseload_lines(force, mean).endswith(f"to 19 Nov 2025: mean, last {line.y[-1]:.1f}.")
