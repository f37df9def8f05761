"""Measures of protection, the funnel of orders and the gaps of files, by worked example."""

import re
from datetime import date
from typing import Any

import pytest
from worked import Row, made, only

from assets.methods.intervals import wilson_interval
from assets.raw import extract_tables
from expectations import RULES

TABLES = extract_tables()
AS_OF = "2025-06-01 12:00+00"
MOMENT = [{"as_of_at": AS_OF}]
MARCH = date(2025, 3, 1)


def supplied(*left_out: str) -> list[Row]:
    return [{"source": table, "delivery_ref": "d"} for table in TABLES if table not in left_out]


def duties(measure: str, **counts: int) -> list[Row]:
    return [
        {"measure_code": measure, "record_ref": f"{state}{n}", "state": state.replace("_", " "), "month": MARCH,
         "arises_at": "2025-03-03 09:00+00",
         "done_at": "2025-03-03 15:00+00" if state in ("met", "late") else None}
        for state, count in counts.items() for n in range(count)
    ]  # fmt: skip


def measures(rows: list[Row], *left_out: str, **given: list[Row]) -> list[Row]:
    absent = given.pop("core_absent_fields", [])
    gaps = made("core.supply_gaps", core_force_deliveries=supplied(*left_out), core_absent_fields=absent)
    return made("metrics.protection_measures", core_protection_duties=rows, core_supply_gaps=gaps, **given)


def measure(code: str, rows: list[Row], *left_out: str, **given: list[Row]) -> Row:
    [row] = only(measures(rows, *left_out, **given), measure_code=code)
    return row


class TestMeasures:
    def test_a_share_is_of_what_was_due_with_its_interval_and_the_rest_beside_it(self) -> None:
        row = measure("risk_assessed", duties("risk_assessed", met=40, late=6, missed=4, not_known=3, not_yet_due=2))
        assert (row["status"], row["due_count"], row["met_count"], row["late_count"], row["missed_count"]) == (
            "measured", 50, 40, 6, 4
        )  # fmt: skip
        assert (row["not_known_count"], row["not_yet_due_count"]) == (3, 2)
        assert row["met_share"] == pytest.approx(0.8)
        assert (row["share_lower"], row["share_upper"]) == pytest.approx(wilson_interval(40, 50))
        assert row["median_hours"] == pytest.approx(6.0)
        assert row["measure_name"] == "Risk assessed within 24 hours of the report"

    def test_counted_is_the_latest_year_that_is_whole_and_what_is_due_later_is_beside_it(self) -> None:
        old = [row | {"month": date(2024, 2, 1)} for row in duties("risk_assessed", met=30, not_known=9)]
        rows = [*old, *duties("risk_assessed", met=40, missed=10, not_known=1), *duties("risk_plan_high", met=5)]
        later = [row | {"month": date(2025, 6, 1)} for row in duties("risk_assessed", not_yet_due=2)]
        years = [
            {"measure_code": "risk_assessed", "breakdown": "none", "period_type": kind, "is_drawn": is_drawn,
             "period_start": start, "period_end": end}
            for kind, is_drawn, start, end in (
                ("to_date", True, date(2023, 1, 1), date(2025, 6, 1)),
                ("rolling_12", True, date(2024, 3, 1), date(2025, 2, 1)),
                ("rolling_12", True, date(2024, 4, 1), MARCH),
                ("rolling_12", False, date(2024, 5, 1), date(2025, 4, 1)),
            )
        ]  # fmt: skip
        row = measure("risk_assessed", [*rows, *later], metrics_measure_values=years)
        assert (row["due_count"], row["met_count"], row["not_known_count"], row["not_yet_due_count"]) == (50, 40, 1, 2)
        assert (row["period_start"], row["period_end"]) == (date(2024, 4, 1), MARCH)
        young = measure("risk_assessed", [*rows, *later], metrics_measure_values=years[:1])
        assert (young["due_count"], young["not_known_count"], young["period_start"]) == (80, 10, date(2023, 1, 1))
        assert measure("risk_plan_high", rows, metrics_measure_values=years)["due_count"] == 5

    @pytest.mark.parametrize("met", [0, 7])
    def test_the_ends_of_the_interval_are_nought_and_one(self, met: int) -> None:
        row = measure("notice_avoided", duties("notice_avoided", met=met, missed=7 - met))
        assert (row["share_lower"], row["share_upper"]) == pytest.approx(wilson_interval(met, 7))
        assert row["median_hours"] is None

    def test_a_table_that_is_not_supplied_is_not_measured_and_never_nought(self) -> None:
        row = measure("breach_answered", [], "order_breach")
        assert (row["status"], row["reason"]) == ("not measured", "table order_breach not supplied")
        assert (row["due_count"], row["met_count"], row["met_share"]) == (None, None, None)

    def test_a_field_that_is_not_supplied_is_not_measured_either(self) -> None:
        row = measure("referral_offered", duties("referral_offered", missed=3),
                      core_absent_fields=[{"source": "referral", "field_name": "consent"}])  # fmt: skip
        assert (row["status"], row["reason"]) == ("not measured", "field referral.consent not supplied")
        assert row["missed_count"] is None

    @pytest.mark.parametrize("code", ["reassessed_order_served", "reassessed_breach_of_an_order"])
    def test_without_people_an_order_has_no_crime_and_is_not_said_not_to_have_arisen(self, code: str) -> None:
        row = measure(code, [], "party_role")
        assert (row["status"], row["reason"]) == ("not measured", "table party_role not supplied")

    def test_nothing_arose_and_nothing_to_judge_are_no_shares(self) -> None:
        empty = measure("order_hearing", [])
        assert empty["status"] == "nothing arose"
        assert [empty[f"{state}_count"] for state in ("due", "met", "late", "missed", "not_known")] == [0] * 5
        row = measure("order_hearing", duties("order_hearing", not_yet_due=2))
        assert (row["status"], row["met_share"], row["not_yet_due_count"]) == ("nothing to judge", None, 2)

    @pytest.mark.parametrize(("unknown", "status"), [(10, "measured"), (11, "too little known")])
    def test_no_share_where_more_than_half_is_not_known(self, unknown: int, status: str) -> None:
        row = measure("victim_needs", duties("victim_needs", met=8, late=2, not_known=unknown))
        assert (row["status"], row["due_count"], row["not_known_count"]) == (status, 10, unknown)
        shares = (row["met_share"], row["share_lower"], row["share_upper"])
        if status == "measured":
            assert row["reason"] is None and shares == pytest.approx((0.8, *wilson_interval(8, 10)))
        else:
            assert row["reason"] == "too many not known to give a share" and shares == (None, None, None)

    def test_every_measure_names_fields_of_the_layout_rules_that_exist_and_a_time_where_it_is_timed(self) -> None:
        rows = measures([])
        assert len(rows) == len(reference()) and {row["status"] for row in rows} == {"nothing arose"}
        known = {rule.code for rule in RULES}
        for row in reference():
            assert set((row["rule_codes"] or "").split()) <= known, row
            fields = [need.split(".") for need in row["needs"].split()]
            assert all(column in TABLES[table] for table, column in fields), row
            assert ("{limit}" in row["words"]) is bool(row["setting_key"]), row
            assert row["setting_key"] or row["timing"] != "limit", row
            assert len(row["words"].replace("{limit}", "24 hours")) <= 48, "one line above its dot"
            assert ("{limit}" in row["definition"]) is bool(row["setting_key"]), row

    def test_every_duty_has_a_definition_of_its_own_in_short_sentences(self) -> None:
        listed = {row["measure_code"]: row for row in made("reference.counted_measures")}
        for row in reference():
            definition = listed[row["measure_code"]]["definition"]
            assert "{" not in definition and (row["setting_key"] or "No time limit is set") in definition, definition
            assert "as-of moment is the end of the day" in definition, "what all share is said in each"
        for row in listed.values():
            sentences = re.split(r"(?<=[.:;]) (?=[A-Za-z_])", f"{row['definition']} {row['differs'] or ''}")
            assert max(len(sentence.split()) for sentence in sentences) <= 20, sentences
        own = [row["definition"] for row in reference()]
        # arrests after a breach and second reports differ by the time limit alone
        assert len(own) - len(set(own)) == 3


def test_the_terms_of_stalking_protection_orders() -> None:
    """Given full orders of 24 and 36 months and one without an end, and an interim one; later ones do not count."""
    full = {"order_type": "spo_full", "is_stalking_protection": True, "granted_at": "2025-01-01 09:00+00"}
    facts = [
        full | {"order_ref": "a", "term_months": 24, "expires_date": "2026-12-31", "served_at": "2025-01-03 09:00+00"},
        full | {"order_ref": "b", "term_months": 36, "expires_date": "2027-12-31", "served_at": "2025-07-01 09:00+00"},
        full | {"order_ref": "c"},
        full | {"order_ref": "d", "order_type": "spo_interim", "term_months": 1, "expires_date": "2025-02-10"},
        full | {"order_ref": "e", "granted_at": "2025-06-02 09:00+00"},
        full | {"order_ref": "f", "order_type": "nmo", "is_stalking_protection": False},
    ]
    orders = [{"order_ref": ref, "condition_count": count, "has_positive_requirement": ref == "a"}
              for ref, count in zip("abcdef", (3, 4, 8, 2, 9, 9), strict=True)]  # fmt: skip
    found = made("metrics.order_terms", core_order_facts=facts, core_orders=orders, core_extract_moments=MOMENT)
    by_type = {row["order_type"]: row for row in found}
    names = ("granted_count", "condition_median", "condition_highest", "positive_count", "under_two_years_count",
             "two_years_count", "longer_count", "endless_count", "days_to_service_median")  # fmt: skip
    assert [by_type["spo_full"][name] for name in names] == [3, 4.0, 8, 1, 0, 1, 1, 1, 2.0]
    assert [by_type["spo_interim"][name] for name in names] == [1, 2.0, 2, 0, 1, 0, 0, 0, None]


class TestRights:
    """The twelve rights of the Victims' Code: each part has a measure that exists, or says what is missing."""

    def rights(self) -> list[Row]:
        return made("reference.victim_rights")

    def test_every_part_has_a_measure_or_names_what_is_missing(self) -> None:
        rows = self.rights()
        assert sorted({row["right_number"] for row in rows}) == list(range(1, 13))
        known, rules = {row["measure_code"] for row in reference()}, {rule.code for rule in RULES}
        for row in rows:
            assert row["measure_code"] is None or row["measure_code"] in known
            assert row["rule_code"] is None or row["rule_code"] in rules
            assert row["measure_code"] or row["rule_code"] or row["missing_field"], row

    def test_its_figure_is_that_of_the_measure_or_of_the_standard(self) -> None:
        given = duties("victim_referred", met=40, missed=10)
        standard = {"measure_code": "TIM-01", "breakdown": "none", "period_type": "to_date", "numerator": 90,
                    "denominator": 100, "value": 0.9, "lower": 0.82, "upper": 0.95}  # fmt: skip
        rows = made("metrics.victim_rights", metrics_protection_measures=measures(given, "custody"),
                    metrics_measure_values=[standard, standard | {"period_type": "month"}])  # fmt: skip
        assert len(rows) == len(self.rights())
        found = {row["measure_code"] or row["rule_code"] or f"right {row['right_number']}": row for row in rows}
        shown = ("status", "met_count", "due_count", "met_share")
        assert [found["victim_referred"][name] for name in shown] == ["measured", 40, 50, pytest.approx(0.8)]
        assert [found["TIM-01"][name] for name in shown] == ["measured", 90, 100, 0.9]
        assert (found["right 1"]["status"], found["right 1"]["met_count"]) == ("no field", None)
        assert found["victim_told_custody"]["status"] == "not measured"


def reference() -> list[dict[str, str]]:
    import csv

    from pipelines.tables.cards import all_cards

    maker = all_cards()["reference.protection_measures"].maker
    assert maker is not None
    with maker.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def funnel(
    *orders: Row, left_out: tuple[str, ...] = (), core_absent_fields: list[Row] | None = None, **given: list[Row]
) -> dict[str, Row]:
    rows = [{"order_ref": f"n{n}", **order} for n, order in enumerate(orders)]
    spans = made("core.order_spans", core_orders=rows)
    stages = made(
        "core.order_stages", core_orders=rows, core_order_spans=spans, core_extract_moments=MOMENT, **given
    )
    found = made("metrics.order_funnel", core_order_stages=stages, core_force_deliveries=supplied(*left_out),
                 core_absent_fields=core_absent_fields or [])  # fmt: skip
    return {row["order_kind"]: row for row in found}


class TestOrders:
    def order(self, **more: Any) -> Row:
        return {"order_type": "spo_full", **more}

    def test_a_stage_counts_those_that_went_further(self) -> None:
        row = funnel(
            self.order(considered_at="2025-01-01 09:00+00"),
            self.order(not_applied_rationale="invented"),
            self.order(applied_at="2025-01-02 09:00+00"),
            self.order(order_type="spo_interim", granted_at="2025-01-03 09:00+00"),
            self.order(served_at="2025-01-04 09:00+00", granted_at="2025-01-03 09:00+00"),
            self.order(considered_at="2025-06-02 09:00+00"),  # after the as-of moment
        )["stalking protection order"]
        stages = ("considered_count", "applied_count", "granted_count", "served_count")
        assert [row[stage] for stage in stages] == [5, 3, 2, 1]

    def test_applied_for_and_not_granted_is_refused_withdrawn_waiting_or_unread(self) -> None:
        applied = {"applied_at": "2025-01-02 09:00+00"}
        states = ("refused", "withdrawn", "waiting", "granted", None, "refused")
        orders = [self.order(order_state=state, **applied) for state in states]
        orders += [
            self.order(order_state="refused", considered_at="2025-01-02 09:00+00"),  # not applied for
            self.order(order_state="refused", applied_at="2025-06-02 09:00+00"),  # after the as-of moment
            self.order(order_state="discharged", granted_at="2025-01-03 09:00+00", **applied),
        ]
        row = funnel(*orders)["stalking protection order"]
        ended = [row[f"{name}_count"] for name in ("refused", "withdrawn", "waiting", "unread")]
        assert (row["applied_count"], row["granted_count"], ended) == (7, 1, [2, 1, 1, 2])
        absent = [{"source": "order_", "field_name": "outcome"}]
        assert funnel(*orders, left_out=("order_event",), core_absent_fields=absent)[
            "stalking protection order"
        ]["refused_count"] is None

    def test_the_words_of_the_extract_say_what_became_of_an_order(self) -> None:
        rows = [{"order_id": str(n), "outcome": words, "delivery_ref": "d", "period": "p"}
                for n, words in enumerate((" Refused", "DISMISSED", "Revoked", "invented", None))]  # fmt: skip
        periods = [{"source": "order_", "delivery_ref": "d", "period": "p"}]
        found = made("core.orders", raw_order_=rows, core_current_periods=periods)
        states = {row["order_ref"]: row["order_state"] for row in found}
        assert states == {"0": "refused", "1": "refused", "2": "discharged", "3": None, "4": None}

    def test_breached_and_enforced(self) -> None:
        granted = self.order(granted_at="2025-01-03 09:00+00")
        breaches = [{"order_ref": "n0", "breached_at": "2025-02-01 09:00+00"},
                    {"order_ref": "n0", "breached_at": "2025-02-02 09:00+00", "arrested_at": "2025-02-03 09:00+00"},
                    {"order_ref": "n1", "breached_at": "2025-02-01 09:00+00"},
                    {"order_ref": "n2", "breached_at": "2025-06-02 09:00+00"}]  # fmt: skip
        row = funnel(granted, granted, granted, core_order_breaches=breaches)["stalking protection order"]
        assert (row["breached_count"], row["enforced_count"]) == (2, 1)
        none = funnel(granted, left_out=("order_breach",))["stalking protection order"]
        assert (none["granted_count"], none["breached_count"], none["enforced_count"]) == (1, None, None)

    @pytest.mark.parametrize(
        ("expires", "live", "ending"),
        [("2025-05-31", 0, 0), ("2025-06-01", 1, 1), ("2025-07-31", 1, 1), ("2025-08-01", 1, 0), (None, 1, 0)],
    )
    def test_binding_now_and_ending_within_sixty_days(self, expires: str | None, live: int, ending: int) -> None:
        row = funnel(self.order(granted_at="2025-01-03 09:00+00", expires_date=expires))["stalking protection order"]
        assert (row["live_count"], row["ending_count"]) == (live, ending)

    def test_binding_after_the_case_is_closed(self) -> None:
        order = self.order(granted_at="2025-01-03 09:00+00")
        facts = [{"order_ref": "n0", "crime_ref": "c1"}, {"order_ref": "n1", "crime_ref": "c2"}]
        crimes = [{"crime_ref": "c1", "is_open": False}, {"crime_ref": "c2", "is_open": True}]
        row = funnel(order, order, order, core_order_facts=facts, core_crimes=crimes)["stalking protection order"]
        assert (row["live_count"], row["live_after_closing_count"]) == (3, 1)
        without = funnel(order, left_out=("custody",))  # only bail is bound to a custody record
        assert without["stalking protection order"]["live_after_closing_count"] == 0
        assert without["conditional bail"]["live_after_closing_count"] is None

    def test_bail_with_conditions_is_a_kind_and_release_under_investigation_is_not(self) -> None:
        bails = [{"custody_ref": f"k{n}", "bail_type": "pre_charge_bail", "condition_count": n,
                  "started_at": "2025-05-01 09:00+00", "breached_at": "2025-05-05 09:00+00"}
                 for n in (0, 2)]  # fmt: skip
        bails.append({**bails[1], "bail_type": "rui", "custody_ref": "k3"})
        row = funnel(core_bails=bails)["conditional bail"]
        counts = ("granted_count", "breached_count", "enforced_count", "live_count")
        assert [row[name] for name in counts] == [1, 1, None, 1]

    def test_extended_bail_binds_once_and_only_while_its_last_row_does(self) -> None:
        first: Row = {"custody_ref": "k", "bail_type": "pre_charge_bail", "condition_count": 2,
                      "started_at": "2025-03-01 09:00+00", "breached_at": "2025-03-05 09:00+00"}  # fmt: skip
        extended = {
            **first,
            "started_at": "2025-05-01 09:00+00",
            "breached_at": None,
            "ended_at": "2025-06-20 09:00+00",
        }
        counts = ("granted_count", "breached_count", "live_count", "ending_count")
        row = funnel(core_bails=[first, extended])["conditional bail"]
        assert [row[name] for name in counts] == [1, 1, 1, 1]
        released = {**extended, "bail_type": "rui"}
        row = funnel(core_bails=[first, released])["conditional bail"]
        assert [row[name] for name in counts] == [1, 1, 0, 0]

    @pytest.mark.parametrize(
        ("ended", "live", "last_day", "days"),
        [
            ("2025-06-01 08:00+00", False, "2025-06-01", 0),  # this morning: over, though the day is not
            ("2025-06-01 12:00+00", False, "2025-06-01", 0),  # the as-of moment itself
            ("2025-06-01 12:00:01+00", True, "2025-06-01", 0),
            ("2025-06-02 23:00+00", True, "2025-06-02", 1),  # 00:00 on 3 June in London: no part of 3 June
            ("2025-06-02 23:00:01+00", True, "2025-06-03", 2),
            (None, True, None, None),
        ],
    )
    def test_bail_binds_until_the_moment_at_which_it_ends(
        self, ended: str | None, live: bool, last_day: str | None, days: int | None
    ) -> None:
        bail: Row = {"custody_ref": "k", "bail_type": "pre_charge_bail", "condition_count": 2,
                     "started_at": "2025-03-01 09:00+00", "ended_at": ended}  # fmt: skip
        [row] = made("core.order_stages", core_bails=[bail], core_extract_moments=MOMENT)
        told = (row["is_live"], str(row["ends_date"]) if row["ends_date"] else None, row["days_to_end"])
        assert told == (live, last_day, days)
        assert funnel(core_bails=[bail])["conditional bail"]["live_count"] == int(live)

    @pytest.mark.parametrize(
        ("order_type", "live"),
        [("dvpn", 0), ("dapn", 0), ("dvpo", 0), ("spo_interim", 0), ("dapo", 1), ("restraining_conviction", 1)],
    )
    def test_without_a_last_day_only_what_may_run_on_binds(self, order_type: str, live: int) -> None:
        order = self.order(order_type=order_type, granted_at="2025-01-03 09:00+00")
        assert sum(row["live_count"] for row in funnel(order).values()) == live
        dated = order | {"expires_date": "2025-06-02"}
        assert sum(row["live_count"] for row in funnel(dated).values()) == 1

    def test_an_interim_order_ends_with_the_full_one_of_the_same_two(self) -> None:
        interim = self.order(order_type="spo_interim", granted_at="2025-01-03 09:00+00", expires_date="2025-12-01",
                             respondent_key="r", victim_key="v")  # fmt: skip
        full = self.order(granted_at="2025-03-03 09:00+00", respondent_key="r", victim_key="v")
        kind = "stalking protection order"
        assert funnel(interim, full)[kind]["live_count"] == 1
        assert funnel(interim, full | {"victim_key": "w"})[kind]["live_count"] == 2
        assert funnel(interim, full | {"granted_at": "2025-06-03 09:00+00"})[kind]["live_count"] == 1  # not yet granted

    def test_a_discharged_order_does_not_bind(self) -> None:
        order = self.order(granted_at="2025-01-03 09:00+00")
        rows = funnel(order | {"order_state": "discharged"}, order | {"order_state": "granted"})
        assert rows["stalking protection order"]["live_count"] == 1

    def test_what_rests_on_a_field_that_is_absent_is_empty(self) -> None:
        order = self.order(granted_at="2025-01-03 09:00+00")
        bail = [{"custody_ref": "k", "bail_type": "pre_charge_bail", "condition_count": 2,
                 "started_at": "2025-05-01 09:00+00"}]  # fmt: skip
        missing = [("order_", "expires"), ("order_breach", "arrest_ts"), ("bail", "breached_ts"), ("bail", "end_ts")]
        rows = funnel(order, core_bails=bail, core_absent_fields=[
            {"source": source, "field_name": name} for source, name in missing
        ])  # fmt: skip
        spo, free = rows["stalking protection order"], rows["conditional bail"]
        empty = ("live_count", "ending_count", "live_after_closing_count")
        assert [spo[name] for name in ("granted_count", "breached_count", "enforced_count", *empty)] == [
            1, 0, None, None, None, None
        ]  # fmt: skip
        assert [free[name] for name in ("granted_count", "breached_count", *empty)] == [1, None, None, None, None]

    def test_bail_needs_bail_and_not_orders(self) -> None:
        row = funnel(self.order(order_type="bail_condition", granted_at="2025-01-03 09:00+00"), left_out=("bail",))
        assert (row["conditional bail"]["is_measured"], row["conditional bail"]["live_count"]) == (False, None)
        assert row["stalking protection order"]["is_measured"]

    def test_without_orders_nothing_is_measured(self) -> None:
        rows = funnel(left_out=("order_", "bail"))
        assert {row["is_measured"] for row in rows.values()} == {False}
        assert {row["considered_count"] for row in rows.values()} == {None}


class TestFiles:
    def gaps(self, items: list[Row], *left_out: str) -> list[Row]:
        facts = [{"crime_ref": ref, "is_charged": True, "charged_at": "2025-01-01 09:00+00"} for ref in ("c1", "c2")]
        facts.append({"crime_ref": "c3", "is_charged": False})
        return made("metrics.case_file_gaps", core_case_file_facts=facts, core_case_file_items=items,
                    core_extract_moments=MOMENT, core_force_deliveries=supplied(*left_out))  # fmt: skip

    def test_the_item_missing_most_comes_first(self) -> None:
        names = ("mg3", "mg5", "mg6c", "mg6d", "mg6e", "mg2", "order_conditions", "protocol_checklist")
        items = [{"crime_ref": ref, "item": item, "is_present": True} for ref in ("c1", "c2") for item in names]
        items[0]["is_present"] = False
        rows = sorted(self.gaps(items), key=lambda row: row["place"])
        assert [(row["item"], row["file_count"], row["missing_count"]) for row in rows[:3]] == [
            ("mg5_timeline", 2, 2), ("mg3", 2, 1), ("mg2", 2, 0)
        ]  # fmt: skip
        assert [row["running_share"] for row in rows[:2]] == pytest.approx([2 / 3, 1.0])

    def test_without_files_nothing_is_said(self) -> None:
        assert self.gaps([], "case_file") == []
