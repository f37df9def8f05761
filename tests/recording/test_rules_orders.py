"""Facts of orders, their breaches and case files, by worked example at every boundary. All people are invented."""

from datetime import datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import pytest
from worked import Row, made

from expectations import RULES
from expectations.engine import breaches_sql

AS_OF = [{"as_of_at": "2025-12-31 12:00:00+00"}]
CRIME: Row = {
    "crime_ref": "c1",
    "class_code": "8Q",
    "ho_code": "8/65",
    "is_stalking_or_harassment": True,
    "is_cancelled": False,
    "is_transferred": False,
    "recorded_at": "2025-03-01 12:00:00+00",
    "named_suspect_count": 1,
}
ORDER: Row = {"order_ref": "o1", "order_type": "spo_full", "victim_key": "v", "respondent_key": "s"}
PAIR: Row = {"crime_ref": "c1", "victim_key": "v", "suspect_key": "s", "reported_at": "2025-03-01 11:00:00+00"}


def london(moment: str | datetime) -> datetime:
    """A time of the London clock."""
    return datetime.fromisoformat(str(moment)[:16]).replace(tzinfo=ZoneInfo("Europe/London"))


def order(**values: Any) -> Row:
    """The facts of one order."""
    born = values.pop("birth_month", "1990-06")
    [row] = made(
        "core.order_facts",
        core_orders=[{**ORDER, **values}],
        core_extract_moments=AS_OF,
        core_persons=[{"person_key": "s", "birth_month": born}],
        core_pair_crimes=[PAIR],
        core_crimes=[{**CRIME, "unit_name": "an invented unit"}],
    )
    return row


class TestTerm:
    """ORD-03: two years by the calendar, interim orders a date."""

    @pytest.mark.parametrize(
        ("granted", "expires", "months", "is_lawful"),
        [
            ("2025-03-01", "2027-03-01", 24, True),
            ("2023-03-01", "2025-03-01", 24, True),  # over 29 February 2024: 731 days
            ("2023-03-01", "2025-02-28", 24, True),  # its last day completes two years
            ("2023-03-01", "2025-02-27", 23, False),
            ("2024-02-29", "2026-02-28", 24, True),  # no 29 February two years on
            ("2024-02-29", "2026-02-27", 23, False),
            ("2025-03-31", "2027-03-30", 24, True),
            ("2025-03-31", "2027-03-29", 23, False),
            ("2025-03-01", "2026-03-01", 12, False),
            ("2025-03-01", None, None, None),
        ],
    )
    def test_a_full_order(self, granted: str, expires: str | None, months: int | None, is_lawful: bool | None) -> None:
        row = order(granted_at=f"{granted} 12:00:00+00", expires_date=expires)
        assert (row["term_months"], row["has_lawful_term"]) == (months, is_lawful)

    def test_the_day_of_granting_is_that_of_the_london_clock(self) -> None:
        assert order(granted_at="2025-06-30 23:30:00+00", expires_date="2027-06-29")["has_lawful_term"] is False

    def test_an_interim_order(self) -> None:
        interim = {"order_type": "spo_interim", "granted_at": "2025-03-01 12:00:00+00"}
        assert order(**interim)["has_lawful_term"] is False
        assert order(**interim, expires_date="2025-03-29")["has_lawful_term"] is True

    def test_other_orders_have_no_such_term(self) -> None:
        nmo = order(order_type="nmo", granted_at="2025-03-01 12:00:00+00", expires_date="2025-09-01")
        assert nmo["has_lawful_term"] is None and not nmo["is_stalking_protection"]


class TestNotification:
    """ORD-04: elapsed days after service."""

    @pytest.mark.parametrize(
        ("notified", "days"),
        [
            ("2025-04-04 10:00:00+00", 3.0),
            ("2025-04-04 22:00:00+00", 3.5),
            (None, 274 + 2 / 24),  # never notified: up to the as-of moment
        ],
    )
    def test_days(self, notified: str | None, days: float) -> None:
        row = order(served_at="2025-04-01 10:00:00+00", notified_at=notified)
        assert row["days_to_notification"] == pytest.approx(days)

    def test_the_change_of_the_clocks_does_not_shift_it(self) -> None:
        # served before, notified after summer time began: 72 hours are three days
        row = order(served_at="2025-03-29 10:00:00+00", notified_at="2025-04-01 10:00:00+00")
        assert row["days_to_notification"] == 3.0

    def test_an_order_never_served_waits_for_nothing(self) -> None:
        row = order()
        assert (row["days_to_notification"], row["is_notification_due"]) == (None, False)

    @pytest.mark.parametrize(
        ("earlier", "is_due"),
        [
            ({}, False),  # the interim order of the same two people: its respondent has notified
            ({"victim_key": "w"}, True),
            ({"order_type": "spo_full"}, True),
            ({"granted_at": "2025-04-09 10:00:00+00"}, True),
        ],
    )
    def test_a_full_order_in_place_of_an_interim_one_asks_for_no_second_notification(
        self, earlier: Row, is_due: bool
    ) -> None:
        interim = {"order_ref": "o0", "order_type": "spo_interim", "victim_key": "v", "respondent_key": "s",
                   "granted_at": "2025-03-01 10:00:00+00", "served_at": "2025-03-01 12:00:00+00"}  # fmt: skip
        full = {**ORDER, "granted_at": "2025-04-01 10:00:00+00", "served_at": "2025-04-01 12:00:00+00"}
        rows = made("core.order_facts", core_orders=[full, interim | earlier], core_extract_moments=AS_OF)
        assert {row["order_ref"]: row["is_notification_due"] for row in rows} == {"o0": True, "o1": is_due}


@pytest.mark.parametrize(
    ("born", "is_of_age"),
    [("2030-05", None), ("2015-04", False), ("2015-03", None), ("2015-02", True), (None, None), ("1990-03", True)],
)
def test_only_the_month_of_the_tenth_birthday_leaves_the_age_open(born: str | None, is_of_age: bool | None) -> None:
    row = order(applied_at="2025-03-15 12:00:00+00", birth_month=born)
    assert row["is_respondent_of_age"] is is_of_age


def test_all_grounds_have_to_be_made_out() -> None:
    grounds = {"has_ground_acts": True, "has_ground_risk": True}
    assert order(**grounds, has_ground_necessary=True)["has_all_grounds"] is True
    assert order(**grounds, has_ground_necessary=False)["has_all_grounds"] is False
    assert order(**grounds)["has_all_grounds"] is False


@pytest.mark.parametrize(
    ("granted", "served", "expires", "is_in_order"),
    [
        ("2025-03-01 10:00:00+00", "2025-03-01 10:00:00+00", "2025-03-01", True),
        ("2025-03-01 10:00:01+00", "2025-03-01 10:00:00+00", "2027-03-01", False),
        ("2025-03-01 10:00:00+00", "2025-03-02 10:00:00+00", "2025-03-01", False),
        ("2025-03-01 10:00:00+00", "2025-03-02 10:00:00+00", None, True),
        (None, "2025-03-02 10:00:00+00", "2027-03-01", None),
        (None, "2025-03-02 10:00:00+00", "2025-03-01", False),
    ],
)
def test_dates_follow_one_another(granted: str | None, served: str, expires: str | None, is_in_order: bool) -> None:
    assert order(granted_at=granted, served_at=served, expires_date=expires)["are_dates_in_order"] is is_in_order


def test_an_order_stands_with_the_crime_of_its_pair() -> None:
    row = order(considered_at="2025-07-01 12:00:00+00")
    assert (row["crime_ref"], row["unit_name"], str(row["recorded_month"])) == ("c1", "an invented unit", "2025-07-01")


@pytest.mark.parametrize(
    ("low", "high", "court", "is_youth_court"),
    [
        (16, 16, "Invented Youth Court", True),
        (16, 16, "Invented Magistrates' Court", False),
        (16, 16, None, None),
        (17, 18, "Invented Magistrates' Court", None),
        (9, 10, "Invented Magistrates' Court", False),
    ],
)
def test_young_people_go_to_the_youth_court(low: int, high: int, court: str | None, is_youth_court: bool) -> None:
    given = {"order_ref": "o1", "is_stalking_protection": True, "applied_at": "2025-03-01 12:00:00+00", "court": court}
    [row] = made(
        "core.youth_order_facts",
        core_order_facts=[{**given, "respondent_age_at_least": low, "respondent_age_at_most": high}],
    )
    assert row["is_in_youth_court"] is is_youth_court


def test_adults_and_children_under_ten_are_not_for_the_youth_court() -> None:
    given = {"order_ref": "o1", "is_stalking_protection": True, "applied_at": "2025-03-01 12:00:00+00"}
    for age in (9, 18):
        ages = {"respondent_age_at_least": age, "respondent_age_at_most": age}
        assert not made("core.youth_order_facts", core_order_facts=[{**given, **ages}])


@cache
def days() -> list[Row]:
    return made("core.working_days")


class TestHearing:
    """ORD-09: hours that count, from the service of the notice to the hearing (London times).

    Domestic Abuse Act 2021, s.29(3): Sundays, Christmas Day, Good Friday and bank holidays are disregarded.
    """

    def facts(self, served: str, *orders: Row, kind: str = "dvpn", now: str = "2025-04-02 09:00+00") -> Row:
        notice = {"order_ref": "n1", "order_type": kind, "respondent_key": "s", "served_at": london(served)}
        near = (london(served).date() - timedelta(days=1), london(served).date() + timedelta(days=8))
        [row] = made(
            "core.order_hearing_facts",
            core_orders=[notice, *orders],
            core_order_facts=[{"order_ref": "n1"}],
            core_extract_moments=[{"as_of_at": now}],
            core_working_days=[day for day in days() if near[0] <= day["day"] <= near[1]],
        )
        return row

    def order(self, heard: str, kind: str = "dvpo", **more: Any) -> Row:
        return {"order_ref": "o1", "order_type": kind, "respondent_key": "s", "granted_at": london(heard), **more}

    @pytest.mark.parametrize(
        ("served", "due"),
        [
            ("2025-06-10 10:00", "2025-06-12 10:00"),  # Tuesday to Thursday
            ("2025-06-13 10:00", "2025-06-16 10:00"),  # Friday: Saturday counts, Sunday does not
            ("2025-06-14 10:00", "2025-06-17 10:00"),  # Saturday
            ("2025-06-15 10:00", "2025-06-18 00:00"),  # on a Sunday the time begins at its end
            ("2025-05-23 10:00", "2025-05-27 10:00"),  # Friday before a bank holiday on Monday
            ("2025-04-17 10:00", "2025-04-22 10:00"),  # Maundy Thursday: Good Friday, Sunday, Easter Monday
            ("2024-12-24 10:00", "2024-12-28 10:00"),  # Christmas Day and Boxing Day in the week
            ("2027-12-24 10:00", "2027-12-30 10:00"),  # Christmas Day on Saturday, with its substitute
            ("2026-12-24 10:00", "2026-12-30 10:00"),  # Boxing Day on Saturday, with its substitute
            ("2025-03-29 10:00", "2025-04-01 10:00"),  # clocks go forward: the Sunday has 23 hours
            ("2025-10-25 10:00", "2025-10-28 10:00"),  # clocks go back: the Sunday has 25
        ],
    )
    @pytest.mark.parametrize(("notice", "kind"), [("dvpn", "dvpo"), ("dapn", "dapo")])
    def test_days_that_do_not_count(self, served: str, due: str, notice: str, kind: str) -> None:
        row = self.facts(served, self.order(due, kind), kind=notice)
        assert (row["hours_to_hearing"], row["due_at"]) == (48.0, london(due))
        late = london(due) + timedelta(hours=1)
        if late.weekday() < 6:
            assert self.facts(served, self.order(late, kind), kind=notice)["hours_to_hearing"] == 49.0

    def test_a_refused_order_was_heard_when_applied_for(self) -> None:
        applied = {**self.order("2025-03-28 10:00"), "granted_at": None, "applied_at": london("2025-03-28 10:00")}
        assert self.facts("2025-03-27 10:00", applied)["hours_to_hearing"] == 24.0

    def test_without_an_order_the_hours_run_on_to_the_as_of_moment(self) -> None:
        other = {**self.order("2025-03-31 10:00"), "respondent_key": "t"}
        assert self.facts("2025-03-29 10:00", other)["hours_to_hearing"] == 14 + 24 + 24 + 10

    def test_the_order_of_the_other_act_is_no_answer(self) -> None:
        found = self.facts("2025-03-27 10:00", self.order("2025-03-28 10:00"), kind="dapn")
        assert found["hearing_at"] is None

    def test_beyond_the_list_of_bank_holidays_it_is_not_known(self) -> None:
        row = self.facts("2028-12-30 10:00", self.order("2029-01-02 10:00"))
        assert (row["hours_to_hearing"], row["due_at"]) == (None, None)


class TestBreach:
    """ORD-06 and ORD-07."""

    def facts(self, expires: str | None = "2025-06-30", **values: Any) -> Row:
        [row] = made(
            "core.order_breach_facts",
            core_order_breaches=[{"breach_ref": "b1", "order_ref": "o1", **values}],
            core_orders=[{**ORDER, "served_at": "2025-04-01 10:00:00+00", "expires_date": expires}],
            core_order_facts=[{"order_ref": "o1", "crime_ref": "c1"}],
            core_crimes=[CRIME],
            core_extract_moments=AS_OF,
        )
        return row

    @pytest.mark.parametrize(
        ("at", "is_live"),
        [
            ("2025-04-01 10:00:00+00", True),
            ("2025-04-01 09:59:59+00", False),
            ("2025-06-30 22:59:59+00", True),  # the last second of the day of expiry, London
            ("2025-06-30 23:00:00+00", False),
        ],
    )
    def test_a_breach_on_the_day_of_expiry_is_within(self, at: str, is_live: bool) -> None:
        assert self.facts(breached_at=at)["is_in_live_period"] is is_live

    def test_without_a_day_of_expiry_only_a_breach_before_service_is_certain(self) -> None:
        assert self.facts(None, breached_at="2025-05-01 10:00:00+00")["is_in_live_period"] is None
        assert self.facts(None, breached_at="2025-03-01 10:00:00+00")["is_in_live_period"] is False

    @pytest.mark.parametrize(
        ("crime", "reason", "arrested", "is_answered"),
        [
            ("c1", None, "2025-05-02 10:00:00+00", True),  # exactly 24 hours
            ("c1", None, "2025-05-02 10:00:01+00", False),
            ("c1", None, None, False),
            ("c1", "a reason", None, True),
            (None, "civil contempt", None, True),
            (None, None, "2025-05-01 11:00:00+00", False),
        ],
    )
    def test_an_answer(self, crime: str | None, reason: str | None, arrested: str | None, is_answered: bool) -> None:
        row = self.facts(
            breached_at="2025-05-01 10:00:00+00", crime_ref=crime, no_crime_rationale=reason, arrested_at=arrested
        )
        assert row["is_answered"] is is_answered

    def test_a_breach_of_today_may_still_be_answered(self) -> None:
        assert self.facts(breached_at="2025-12-31 10:00:00+00", crime_ref="c1")["is_answered"] is True

    def test_a_breach_without_a_crime_is_listed_against_its_order(self) -> None:
        con = duckdb.connect()
        con.execute(
            "create schema core; create table core.order_breach_facts as select * from (values"
            " ('c1', 'o1', true, 30.0, false), (null, 'o2', false, 1.0, false), (null, 'o3', true, 1.0, true))"
            " as t (crime_ref, order_ref, has_crime_or_reason, hours_to_arrest, is_answered)"
        )
        [rule] = [rule for rule in RULES if rule.code == "ORD-07"]
        assert con.execute(f"select record_type, record_ref, detail from ({breaches_sql(rule)})").fetchall() == [
            ("crime", "c1", "no arrest within 30.0 hours of the breach and no reason"),
            ("order", "o2", "no crime and no reason"),
        ]


class TestConsideration:
    """ORD-01: a row of the pair with considered_ts, or with the reason why not."""

    def considered(self, orders: list[Row], **values: Any) -> list[bool | None]:
        rows = made(
            "core.order_consideration_facts",
            core_crimes=[{**CRIME, "outcome_code": "16", **values}],
            core_pair_crimes=[PAIR],
            core_orders=orders,
        )
        return [row["is_order_considered"] for row in rows]

    def test_considered_or_explained(self) -> None:
        assert self.considered([{**ORDER, "considered_at": "2025-03-05 10:00:00+00"}]) == [True]
        assert self.considered([{**ORDER, "order_type": "spo_interim", "not_applied_rationale": "why"}]) == [True]
        assert self.considered([{**ORDER, "victim_key": None, "not_applied_rationale": "why"}]) == [True]

    def test_not_considered(self) -> None:
        at = "2025-03-05 10:00:00+00"
        assert self.considered([]) == [False]
        assert self.considered([ORDER]) == [False]
        assert self.considered([{**ORDER, "order_type": "nmo", "considered_at": at}]) == [False]
        assert self.considered([{**ORDER, "respondent_key": "another", "considered_at": at}]) == [False]
        assert self.considered([{**ORDER, "victim_key": "another", "considered_at": at}]) == [False]

    def test_without_a_named_suspect_there_is_nobody_to_bind(self) -> None:
        assert self.considered([], named_suspect_count=0, outcome_code="18") == [None]

    @pytest.mark.parametrize(
        "values", [{"is_cancelled": True}, {"is_transferred": True}, {"outcome_code": "1"}, {"class_code": "8L"}]
    )
    def test_other_crimes_are_not_examined(self, values: Row) -> None:
        assert self.considered([], **values) == []


class TestCaseFile:
    """FIL-01 to FIL-04 and ORD-08."""

    WHOLE = ("mg3", "mg5", "mg5_timeline", "mg6c", "mg6d", "mg6e")

    def facts(self, *items: Row, **values: Any) -> list[Row]:
        return made(
            "core.case_file_facts",
            core_crimes=[{**CRIME, "outcome_code": "1", **values}],
            core_outcomes=[
                {
                    "crime_ref": "c1",
                    "outcome_code": values.get("outcome_code", "1"),
                    "outcome_at": "2025-04-01 10:00:00+00",
                }
            ],
            core_case_file_items=[{"crime_ref": "c1", "is_present": True, **item} for item in items],
            core_extract_moments=AS_OF,
        )

    def test_a_whole_file(self) -> None:
        [row] = self.facts(*({"item": item} for item in self.WHOLE))
        assert (row["missing_item_count"], row["missing_items"]) == (0, "")

    def test_an_item_that_is_not_present_is_missing(self) -> None:
        [row] = self.facts({"item": "mg6e", "is_present": False}, *({"item": item} for item in self.WHOLE[1:-1]))
        assert (row["missing_item_count"], row["missing_items"]) == (2, "MG3, MG6E")
        for place, name in enumerate(("MG3", "MG5", "timeline in MG5", "MG6C", "MG6D", "MG6E")):
            [row] = self.facts(*({"item": item} for n, item in enumerate(self.WHOLE) if n != place))
            assert row["missing_items"] == name

    def test_a_file_that_was_not_delivered_lacks_everything(self) -> None:
        [row] = self.facts()
        assert row["missing_item_count"] == 6 and not row["has_order_request"] and row["is_checklist_complete"] is False

    @pytest.mark.parametrize(
        ("item", "days"),
        [
            ({"completed_at": "2025-04-29 10:00:00+00"}, 28.0),
            ({"completed_at": "2025-04-29 22:00:00+00"}, 28.5),
            ({"completed_at": None}, None),
            ({"is_present": False}, 274 + 2 / 24),
        ],
    )
    def test_days_to_special_measures(self, item: Row, days: float | None) -> None:
        [row] = self.facts({"item": "mg2", **item})
        assert row["days_to_special_measures"] == (None if days is None else pytest.approx(days))

    @pytest.mark.parametrize(
        ("quality", "is_complete"),
        [
            ("100%", True),
            ("100", True),
            ("99.5 %", False),
            ("Complete", True),
            ("incomplete", False),
            ("partly complete", False),
            ("met", None),
            (None, None),
        ],
    )
    def test_the_checklist(self, quality: str | None, is_complete: bool | None) -> None:
        [row] = self.facts({"item": "protocol_checklist", "item_quality": quality})
        assert row["is_checklist_complete"] is is_complete

    def test_serious_stalking_is_examined_for_early_advice_though_not_charged(self) -> None:
        [row] = self.facts(outcome_code="16")
        assert not row["is_charged"] and row["is_serious_stalking"] and not row["has_early_advice"]
        [row] = self.facts({"item": "eia"}, outcome_code="16")
        assert row["has_early_advice"]
        assert not self.facts(outcome_code="16", ho_code="195/12")

    @pytest.mark.parametrize("removed", [{"is_cancelled": True}, {"is_transferred": True}])
    def test_removed_crimes_have_no_file(self, removed: Row) -> None:
        assert not self.facts(**removed)
