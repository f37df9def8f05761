"""The lists of the management meeting, by worked example: who is on, who is just outside, what cannot be told."""

import csv
import datetime as dt
from typing import Any

import pytest
from conftest import InventedForce
from worked import Row, made, only

from assets.raw import extract_tables
from pipelines.tables.cards import all_cards

TABLES = extract_tables()
AS_OF = "2025-06-02 08:00+00"
MOMENT = [{"as_of_at": AS_OF}]
CRIME: Row = {"crime_ref": "c1", "class_code": "8Q", "is_stalking_or_harassment": True, "is_open": True,
              "is_included_stalking_or_harassment": False, "unit_name": "Unit A",
              "recorded_at": "2025-03-03 10:00+00"}  # fmt: skip

STAGE: Row = {"record_type": "order", "record_ref": "o1", "crime_ref": "c1", "is_live": False,
              "order_kind": "restraining order"}  # fmt: skip
MEASURES = [
    {"measure_code": f"reassessed_{event}", "status": status, "place": place,
     "measure_name": f"Reassessed after {event}", "reason": reason}
    for place, (event, status, reason) in enumerate(
        [("arrest", "measured", None), ("release", "measured", None),
         ("change_of_bail", "not measured", "table bail not supplied")]
    )
]  # fmt: skip


def supplied(*left_out: str) -> list[Row]:
    return [{"source": table, "delivery_ref": "d"} for table in TABLES if table not in left_out]


def lists(*left_out: str, crimes: list[Row] | None = None, absent: list[Row] | None = None, **given: Any) -> list[Row]:
    gaps = made("core.supply_gaps", core_force_deliveries=supplied(*left_out), core_absent_fields=absent or [])
    return made(
        "metrics.meeting_lists",
        core_extract_moments=given.pop("core_extract_moments", MOMENT),
        core_crimes=[CRIME] if crimes is None else crimes,
        core_supply_gaps=gaps,
        core_absent_fields=absent or [],
        **given,
    )


def refs(rows: list[Row], list_code: str, period: str = "daily") -> list[str]:
    held = only(rows, list_code=list_code, period=period)
    return [row["record_ref"] for row in sorted(held, key=lambda row: row["place"])]


def graded(ref: str, grade: str | None, at: str | None, **more: Any) -> Row:
    return {"assessment_ref": ref, "crime_ref": "c1", "risk_grade": grade, "completed_at": at, **more}


class TestNewHighRisk:
    @pytest.mark.parametrize(
        ("at", "daily", "weekly"),
        [
            ("2025-06-02 08:00+00", 1, 1),  # the as-of moment itself
            ("2025-06-02 08:00:01+00", 0, 0),  # a second later
            ("2025-06-01 08:00:01+00", 1, 1),
            ("2025-06-01 08:00+00", 0, 1),  # exactly 24 hours: the window of the day before
            ("2025-05-26 08:00:01+00", 0, 1),
            ("2025-05-26 08:00+00", 0, 0),
            (None, 0, 0),  # nobody says when
        ],
    )
    def test_the_windows_end_with_the_as_of_moment(self, at: str | None, daily: int, weekly: int) -> None:
        rows = lists(core_risk_assessments=[graded("a1", "high", at)])
        assert (len(refs(rows, "new_high_risk")), len(refs(rows, "new_high_risk", "weekly"))) == (daily, weekly)

    def test_high_again_is_not_new_and_high_after_medium_is(self) -> None:
        now = graded("a2", "high", "2025-06-02 07:00+00")
        before = graded("a1", "high", "2025-03-04 09:00+00")
        assert refs(lists(core_risk_assessments=[before, now]), "new_high_risk") == []
        rows = lists(core_risk_assessments=[graded("a1", "medium", "2025-03-04 09:00+00"), now])
        [row] = only(rows, list_code="new_high_risk", period="daily")
        assert (row["record_ref"], row["unit_name"], row["risk_grade"], row["reason"]) == (
            "c1", "Unit A", "high", "graded high, medium before"
        )  # fmt: skip
        first = only(lists(core_risk_assessments=[now]), list_code="new_high_risk", period="daily")
        assert first[0]["reason"] == "graded high, not graded before"

    def test_the_grade_beside_it_is_that_of_the_as_of_moment(self) -> None:
        rows = lists(core_risk_assessments=[
            graded("a1", "high", "2025-06-01 12:00+00"), graded("a2", "medium", "2025-06-02 07:00+00"),
            graded("a3", "standard", "2025-06-02 09:00+00"),
        ])  # fmt: skip
        assert [row["risk_grade"] for row in only(rows, list_code="new_high_risk")] == ["medium", "medium"]

    def test_removed_crimes_and_other_classes_are_left_out_and_later_removals_are_not(self) -> None:
        given = [graded("a1", "high", "2025-06-02 07:00+00")]
        other = CRIME | {"is_stalking_or_harassment": False}
        assert refs(lists(crimes=[other], core_risk_assessments=given), "new_high_risk") == []
        included = other | {"is_included_stalking_or_harassment": True}
        assert refs(lists(crimes=[included], core_risk_assessments=given), "new_high_risk") == ["c1"]
        for removed, expected in (("2025-06-01 09:00+00", []), (None, []), ("2025-06-03 09:00+00", ["c1"])):
            rows = lists(core_risk_assessments=given, core_removals=[{"crime_ref": "c1", "removed_at": removed}])
            assert refs(rows, "new_high_risk") == expected

    def test_the_oldest_stands_first(self) -> None:
        crimes = [CRIME | {"crime_ref": f"c{n}"} for n in (1, 2, 3)]
        hours = (("c1", "05"), ("c2", "03"), ("c3", "07"))
        rows = lists(crimes=crimes, core_risk_assessments=[
            graded(f"a{ref}", "high", f"2025-06-02 {hour}:00+00") | {"crime_ref": ref} for ref, hour in hours
        ])  # fmt: skip
        assert refs(rows, "new_high_risk") == ["c2", "c1", "c3"]


class TestBreaches:
    def breach(self, **more: Any) -> Row:
        return {"breach_ref": "b1", "order_ref": "o1", "breached_at": "2025-06-02 01:00+00", **more}

    def reason(self, absent: list[Row] | None = None, **more: Any) -> str:
        rows = lists(core_order_breaches=[self.breach(**more)], core_order_stages=[STAGE], absent=absent)
        [row] = only(rows, list_code="order_breaches", period="daily")
        assert (row["record_type"], row["crime_ref"], row["unit_name"]) == ("breach", "c1", "Unit A")
        return str(row["reason"])

    def test_what_was_done_by_then_is_said_in_codes_alone(self) -> None:
        order = ", the crime given is that of the order"
        assert self.reason() == f"restraining order breached, no crime recorded, no arrest dated{order}"
        assert self.reason(crime_ref="c1", arrested_at="2025-06-02 02:00+00") == (
            "restraining order breached, a crime is recorded, an arrest is dated"
        )
        told = self.reason(no_crime_rationale="invented words of a record", arrested_at="2025-06-02 09:00+00")
        assert told == f"restraining order breached, a written reason why there is no crime, no arrest dated{order}"

    def test_what_is_not_supplied_is_not_taken_for_not_done(self) -> None:
        absent = [{"source": "order_breach", "field_name": name} for name in ("crime_id", "arrest_ts")]
        assert self.reason(absent) == (
            "restraining order breached, whether a crime is recorded is not supplied, arrests are not supplied"
            ", the crime given is that of the order"
        )

    @pytest.mark.parametrize(
        ("recorded", "crime", "words"),
        [("2025-06-02 07:00+00", "c2", "a crime is recorded, no arrest dated"),
         ("2025-06-02 09:00+00", "c1", "no crime recorded, no arrest dated, the crime given is that of the order")],
    )  # fmt: skip
    def test_the_crime_of_a_breach_stands_once_it_is_recorded(self, recorded: str, crime: str, words: str) -> None:
        crimes = [CRIME, CRIME | {"crime_ref": "c2", "unit_name": "Unit B", "recorded_at": recorded}]
        rows = lists(crimes=crimes, core_order_breaches=[self.breach(crime_ref="c2")], core_order_stages=[STAGE])
        [row] = only(rows, list_code="order_breaches", period="daily")
        assert (row["crime_ref"], row["reason"]) == (crime, f"restraining order breached, {words}")

    def test_without_a_crime_of_the_order_none_is_given(self) -> None:
        rows = lists(core_order_breaches=[self.breach()], core_order_stages=[STAGE | {"crime_ref": None}])
        [row] = only(rows, list_code="order_breaches", period="daily")
        assert row["crime_ref"] is None and row["reason"].endswith(", no arrest dated")

    @pytest.mark.parametrize(
        ("at", "daily", "weekly"),
        [("2025-06-01 08:00:01+00", 1, 1), ("2025-06-01 08:00+00", 0, 1), ("2025-06-02 08:00:01+00", 0, 0),
         ("2025-05-26 08:00+00", 0, 0), (None, 0, 0)],
    )  # fmt: skip
    def test_the_windows(self, at: str | None, daily: int, weekly: int) -> None:
        rows = lists(core_order_breaches=[self.breach(breached_at=at)])
        assert (len(refs(rows, "order_breaches")), len(refs(rows, "order_breaches", "weekly"))) == (daily, weekly)
        bail = [{"custody_ref": "k1", "breached_at": at}, {"custody_ref": "k1", "breached_at": "2024-06-01 08:00+00"}]
        rows = lists(core_bails=bail, core_custodies=[{"custody_ref": "k1", "crime_ref": "c1"}])
        assert (len(refs(rows, "bail_breaches")), len(refs(rows, "bail_breaches", "weekly"))) == (daily, weekly)


class TestDyads:
    def dyad(self, **more: Any) -> Row:
        return {"dyad_ref": "d1", "suspect_ref": "s", "victim_ref": "v", "window_days": 365, "event_count": 3,
                "is_repeat": True, "last_reported_at": "2025-06-02 01:00+00", **more}  # fmt: skip

    def test_two_who_were_reported_again_stand_with_the_crime_of_that_report(self) -> None:
        reports = [{"is_current": True, "dyad_ref": "d1", "crime_ref": "c1", "reported_at": "2025-06-02 01:00+00"},
                   {"is_current": True, "dyad_ref": "d1", "crime_ref": "c0", "reported_at": "2025-01-02 01:00+00"},
                   {"is_current": False, "dyad_ref": "d1", "crime_ref": "a0",
                    "reported_at": "2025-06-02 01:00+00"}]  # fmt: skip
        people = [{"person_ref": ref, "linkage_mark": "sure"} for ref in ("s", "v")]
        rows = lists(metrics_repeat_dyads=[self.dyad()], core_reports_as_of=reports, core_people=people)
        [row] = only(rows, list_code="repeat_dyads", period="daily")
        assert (row["record_ref"], row["crime_ref"], row["reason"]) == ("d1", "c1", "3 events in 365 days")

    @pytest.mark.parametrize(
        ("marks", "words"),
        [(("one record", "sure"), ""), (("likely", "doubtful"), ", linkage of people doubtful"),
         (("not measured", "doubtful"), ", linkage of people not measured"),
         (("sure", None), ", linkage of people not measured")],
    )  # fmt: skip
    def test_how_surely_they_are_the_same_two_is_said(self, marks: tuple[str, str | None], words: str) -> None:
        people = [{"person_ref": r, "linkage_mark": m} for r, m in zip(("s", "v"), marks, strict=True) if m]
        rows = lists(metrics_repeat_dyads=[self.dyad()], core_people=people)
        assert {row["reason"] for row in rows} == {f"3 events in 365 days{words}"}

    @pytest.mark.parametrize(
        "decoy",
        [{"is_repeat": False}, {"window_days": 730}, {"last_reported_at": "2025-06-01 08:00+00"},
         {"last_reported_at": "2025-06-02 08:00:01+00"}],
    )  # fmt: skip
    def test_decoys(self, decoy: Row) -> None:
        assert refs(lists(metrics_repeat_dyads=[self.dyad(**decoy)]), "repeat_dyads") == []


class TestOverdue:
    def duty(self, event: str = "arrest", **more: Any) -> Row:
        return {"measure_code": f"reassessed_{event}", "record_ref": "c1", "crime_ref": "c1", "state": "missed",
                "arises_at": "2025-05-20 08:00+00", "due_at": "2025-05-22 08:00+00", **more}  # fmt: skip

    def overdue(self, *duties: Row, is_open: bool = True) -> list[Row]:
        return lists(crimes=[CRIME | {"is_open": is_open}], core_protection_duties=list(duties),
                     metrics_protection_measures=MEASURES)  # fmt: skip

    def test_a_crime_stands_once_from_the_duty_that_fell_due_first(self) -> None:
        later = self.duty("release", arises_at="2025-05-21 08:00+00", due_at="2025-05-23 08:00+00")
        [row] = only(self.overdue(self.duty(), later), period="daily")
        assert row["hours_overdue"] == pytest.approx(11 * 24)
        assert row["arises_at"] == dt.datetime(2025, 5, 20, 8, tzinfo=dt.UTC)
        assert row["reason"] == "not reassessed after: arrest, release"

    @pytest.mark.parametrize("state", ["met", "late", "not yet due", "not known"])
    def test_what_is_done_or_not_due_or_not_known_is_not_overdue(self, state: str) -> None:
        assert self.overdue(self.duty(state=state)) == []

    def test_other_duties_and_what_is_not_measured_are_not_on_it(self) -> None:
        assert self.overdue(self.duty() | {"measure_code": "risk_assessed"}, self.duty("change_of_bail")) == []

    @pytest.mark.parametrize(
        ("due", "periods"),
        [("2025-05-26 08:00:01+00", ["daily", "weekly"]), ("2025-05-26 08:00+00", ["weekly"]),
         ("2025-05-05 08:00:01+00", ["weekly"]), ("2025-05-05 08:00+00", [])],
    )  # fmt: skip
    def test_a_closed_case_leaves_the_list_and_an_open_one_never(self, due: str, periods: list[str]) -> None:
        duty = self.duty(arises_at="2025-05-01 08:00+00", due_at=due)
        assert sorted(row["period"] for row in self.overdue(duty, is_open=False)) == periods
        assert len(self.overdue(duty)) == 2


class TestEnding:
    def stage(self, ref: str, days: int | None, record_type: str = "order", **more: Any) -> Row:
        ends = dt.date(2025, 6, 2) + dt.timedelta(days=days) if days is not None else None
        return {"record_type": record_type, "record_ref": ref, "crime_ref": "c1", "is_live": True, "ends_date": ends,
                "days_to_end": days,
                "order_kind": "conditional bail" if record_type == "bail" else "restraining order", **more}  # fmt: skip

    def test_what_ends_first_stands_first_and_decoys_do_not_stand(self) -> None:
        stages = [self.stage("o14", 14), self.stage("o0", 0), self.stage("o15", 15), self.stage("o60", 60),
                  self.stage("o61", 61), self.stage("open", None), self.stage("over", 3, is_live=False),
                  self.stage("k3", 3, "bail"), self.stage("k4", 4, "bail"), self.stage("k15", 15, "bail")]  # fmt: skip
        rows = lists(core_order_stages=stages)
        assert refs(rows, "orders_ending") == ["o0", "o14"]
        assert refs(rows, "orders_ending", "weekly") == ["o0", "o14", "o15", "o60"]
        assert (refs(rows, "bail_ending"), refs(rows, "bail_ending", "weekly")) == (["k3"], ["k3", "k4"])

    def test_conditions_of_bail_kept_among_orders_stand_with_bail(self) -> None:
        rows = lists(core_order_stages=[self.stage("o3", 3, order_kind="conditional bail")])
        assert (refs(rows, "orders_ending", "weekly"), refs(rows, "bail_ending")) == ([], ["o3"])

    def test_an_order_without_a_crime_stands_and_bail_of_another_class_does_not(self) -> None:
        stages = [self.stage("o1", 1, crime_ref=None), self.stage("k1", 1, "bail", crime_ref=None)]
        rows = lists(core_order_stages=stages)
        assert (refs(rows, "orders_ending"), refs(rows, "bail_ending")) == (["o1"], [])


class TestStates:
    def states(self, *left_out: str, absent: list[Row] | None = None, **given: Any) -> dict[str, Row]:
        gaps = made("core.supply_gaps", core_force_deliveries=supplied(*left_out), core_absent_fields=absent or [])
        rows = made("metrics.meeting_list_states", core_supply_gaps=gaps,
                    core_extract_moments=given.pop("core_extract_moments", MOMENT), **given)  # fmt: skip
        return {row["list_code"]: row for row in only(rows, period="daily")}

    def test_an_empty_list_is_nought_and_one_that_is_not_fed_is_not_measured(self) -> None:
        states = self.states("order_breach", absent=[{"source": "bail", "field_name": "breached_ts"}])
        assert (states["new_high_risk"]["is_measured"], states["new_high_risk"]["record_count"]) == (True, 0)
        told = {code: states[code]["reason"] for code in ("order_breaches", "bail_breaches")}
        assert told == {"order_breaches": "table order_breach not supplied",
                        "bail_breaches": "field bail.breached_ts not supplied"}  # fmt: skip
        assert {states[code]["record_count"] for code in told} == {None}
        assert states["bail_ending"]["is_measured"]

    def test_without_assessments_nothing_is_called_overdue(self) -> None:
        assert self.states("risk_assessment")["overdue_reassessments"]["is_measured"] is False
        rows = lists("risk_assessment", core_protection_duties=[TestOverdue().duty()],
                     metrics_protection_measures=MEASURES)  # fmt: skip
        assert rows == []

    def test_without_an_extract_no_list_is_measured(self) -> None:
        states = self.states(*TABLES, core_extract_moments=[{"as_of_at": None}])
        assert {row["is_measured"] for row in states.values()} == {False}
        assert lists(*TABLES, core_extract_moments=[{"as_of_at": None}],
                     core_risk_assessments=[graded("a1", "high", AS_OF)]) == []  # fmt: skip

    def test_what_has_no_time_and_what_is_older_is_counted_beside_the_list(self) -> None:
        states = self.states(
            core_crimes=[CRIME, *(CRIME | {"crime_ref": ref, "is_open": False} for ref in ("c2", "c3"))],
            core_risk_assessments=[graded("a1", "high", None), graded("a2", "medium", None)],
            core_order_breaches=[{"breach_ref": "b1"}, {"breach_ref": "b2", "breached_at": AS_OF}],
            core_protection_duties=[TestOverdue().duty(), TestOverdue().duty(crime_ref="c2", record_ref="c2")],
            metrics_meeting_lists=[{"list_code": "overdue_reassessments", "period": "daily", "record_ref": "c1",
                                    "crime_ref": "c1"}],
            metrics_protection_measures=MEASURES,
        )  # fmt: skip
        assert (states["new_high_risk"]["undated_count"], states["order_breaches"]["undated_count"]) == (1, 1)
        overdue = states["overdue_reassessments"]
        assert (overdue["record_count"], overdue["older_count"]) == (1, 1)
        assert overdue["not_seen"] == "Reassessed after change_of_bail (table bail not supplied)"
        assert states["orders_ending"]["undated_count"] is None

    @pytest.mark.parametrize(
        ("crime", "event", "older"),
        [({}, "arrest", 0), ({"is_open": False}, "arrest", 1), ({"is_open": None}, "arrest", 1),
         ({"is_open": False}, "change_of_bail", 0), ({"crime_ref": "another", "is_open": False}, "arrest", 0)],
    )  # fmt: skip
    def test_older_are_cases_not_open_alone_and_of_measures_that_are_measured(
        self, crime: Row, event: str, older: int
    ) -> None:
        given = {"core_protection_duties": [TestOverdue().duty(event)], "metrics_protection_measures": MEASURES}
        states = self.states(core_crimes=[CRIME | crime], **given)
        assert states["overdue_reassessments"]["older_count"] == older

    def test_the_words_hold_the_window_of_the_settings(self) -> None:
        assert self.states()["new_high_risk"]["rule_words"].startswith(
            "Graded high in a risk assessment completed in the last 24 hours"
        )


def test_every_list_names_fields_of_the_layout_and_a_setting() -> None:
    held = {}
    for name in ("meeting_lists", "settings"):
        maker = all_cards()[f"reference.{name}"].maker
        assert maker is not None
        with maker.open(encoding="utf-8", newline="") as stream:
            held[name] = list(csv.DictReader(stream))
    keys = {row["key"]: row["unit"] for row in held["settings"]}
    for row in held["meeting_lists"]:
        assert keys[row["setting_key"]] in ("hours", "days"), row
        assert "{window}" in row["rule_words"] and row["period"] in ("daily", "weekly"), row
        for need in row["needs"].split():
            table, _, column = need.partition(".")
            assert column in TABLES[table], need


@pytest.mark.slow
class TestBuilt:
    def test_what_is_listed_is_what_the_records_say(self, invented_force: InventedForce) -> None:
        """Of the invented force, told anew from the facts by other queries."""
        with invented_force.connect() as con:
            counts = dict(con.execute(
                "select list_code, count(*) from metrics.meeting_lists where period = 'weekly' group by list_code"
            ).fetchall())  # fmt: skip
            states = con.execute("select is_measured from metrics.meeting_list_states").fetchall()
            [(breaches, ending, dyads)] = con.execute(
                """select
                    (select count(*) from core.order_breaches, core.extract_moments
                     where breached_at between as_of_at - interval 7 day and as_of_at),
                    (select sum(ending_count) from metrics.order_funnel where order_kind <> 'conditional bail'),
                    (select count(*) from metrics.repeat_dyads, core.extract_moments
                     where window_days = 365 and is_repeat
                     and last_reported_at between as_of_at - interval 7 day and as_of_at)"""
            ).fetchall()
        assert set(states) == {(True,)}
        assert (counts.get("order_breaches", 0), counts["orders_ending"], counts["repeat_dyads"]) == (
            breaches, ending, dyads
        )  # fmt: skip
        assert counts["new_high_risk"] > 0

    def test_no_list_holds_anything_later_than_the_as_of_moment(self, invented_force: InventedForce) -> None:
        with invented_force.connect() as con:
            [(late,)] = con.execute(
                "select count(*) from metrics.meeting_lists, core.extract_moments"
                " where arises_at > as_of_at or hours_overdue < 0 or days_to_end < 0"
            ).fetchall()
        assert late == 0
