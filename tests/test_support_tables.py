"""Need, reach, waits and value of support for victims: by worked example."""

from __future__ import annotations

import datetime as dt
import math
from typing import Any

import pytest
from invented_support import AS_OF, BEFORE, YEAR, cells, offer, periods, residents, service, settings, victim
from worked import Row, made, only

DAY = dt.date(2025, 5, 5)


def of(rows: list[Row], measure: str, breakdown: str = "all", group: str = "all", period: str = YEAR) -> Row:
    [row] = only(rows, measure_code=measure, breakdown=breakdown, group_code=group, period_code=period)
    return row


class TestYears:
    @pytest.mark.parametrize(
        ("as_of", "code"),
        [
            ("2025-10-31 22:00:00+00", "2025-09-30"),
            ("2025-12-31 22:00:00+00", "2025-12-31"),
            ("2025-12-30 22:00:00+00", "2025-09-30"),
            ("2025-06-30 22:59:00+00", "2025-06-30"),
        ],
    )
    def test_end_with_the_last_whole_quarter_in_london(self, as_of: str, code: str) -> None:
        rows = made("core.support_periods", core_extract_moments=[AS_OF | {"as_of_at": as_of}])
        assert [(r["period_code"], r["period_type"]) for r in rows if r["place"] == 1] == [(code, "current")]

    def test_are_not_held_where_the_extract_begins_later(self) -> None:
        given = AS_OF | {"first_recorded_at": "2024-10-03 09:00:00+00"}
        rows = {r["period_code"]: r["is_held"] for r in made("core.support_periods", core_extract_moments=[given])}
        assert rows == {YEAR: True, BEFORE: False}

    def test_are_not_held_where_the_extract_ends_earlier(self) -> None:
        given = AS_OF | {"last_recorded_at": "2025-08-31 09:00:00+00"}
        rows = {r["period_code"]: r["is_held"] for r in made("core.support_periods", core_extract_moments=[given])}
        assert rows == {YEAR: False, BEFORE: True}

    def test_are_none_without_an_extract(self) -> None:
        assert made("core.support_periods", core_extract_moments=[{"as_of_at": None}]) == []


class TestOffers:
    def offers(self, *rows: Row, **more: Any) -> dict[str, Row]:
        given = [{"offered_at": "2025-05-05 12:00:00+00", **row} for row in rows]
        return {
            r["referral_ref"]: r
            for r in made("core.support_offers", core_service_referrals=given, core_extract_moments=[AS_OF], **more)
        }

    def test_programmes_with_suspects_and_offers_to_come_are_none(self) -> None:
        rows = self.offers(
            {"referral_ref": "R1", "service_ref": "S1"},
            {"referral_ref": "R2", "service_ref": "S4"},
            {"referral_ref": "R3", "offered_at": "2025-11-05 12:00:00+00"},
            core_services=[service("S1", "A", 1), service("S4", "P", 1, is_for_victims=False)],
        )
        assert set(rows) == {"R1"}

    @pytest.mark.parametrize(
        ("contacts", "said", "is_engaged"),
        [(2, False, True), (1, True, False), (None, True, True), (None, None, False), (0, None, False)],
    )
    def test_engaged_is_two_contacts_or_more_else_what_the_service_says(
        self, contacts: int | None, said: bool | None, is_engaged: bool
    ) -> None:
        row = {
            "referral_ref": "R",
            "accepted_at": "2025-05-06 12:00:00+00",
            "contact_count": contacts,
            "is_engaged": said,
        }
        assert self.offers(row)["R"]["is_engaged"] is is_engaged
        assert self.offers(row | {"accepted_at": None})["R"]["is_engaged"] is False

    def test_are_of_the_victim_named_else_of_the_principal_victim_of_the_crime(self) -> None:
        rows = self.offers(
            {"referral_ref": "R1", "victim_key": "K1"},
            {"referral_ref": "R2", "crime_ref": "C1"},
            {"referral_ref": "R3"},
            core_crimes=[{"crime_ref": "C1", "victim_key": "K2"}],
            core_people=[{"person_key": "K1", "person_ref": "P1"}, {"person_key": "K2", "person_ref": "P1"}],
        )
        assert {ref: row["person_ref"] for ref, row in rows.items()} == {"R1": "P1", "R2": "P1", "R3": None}

    def test_what_comes_after_the_as_of_moment_has_not_happened(self) -> None:
        row = {
            "referral_ref": "R",
            "accepted_at": "2025-11-06 12:00:00+00",
            "contact_count": 3,
            "completed_at": "2025-12-01 12:00:00+00",
        }
        found = self.offers(row)["R"]
        assert not (found["is_accepted"] or found["is_engaged"] or found["is_completed"] or found["acceptance_days"])

    def test_a_wait_that_ends_before_it_begins_is_none(self) -> None:
        row = {
            "referral_ref": "R",
            "accepted_at": "2025-05-07 12:00:00+00",
            "first_contact_at": "2025-05-06 12:00:00+00",
        }
        found = self.offers(row)["R"]
        assert (found["acceptance_days"], found["contact_days"]) == (2.0, None)


class TestVictims:
    def victims(self, crimes: list[Row], **more: Any) -> dict[str, Row]:
        given = [
            {
                "crime_ref": f"C{n}",
                "recorded_at": f"{row['recorded_date']} 09:00:00+00",
                "is_stalking_or_harassment": True,
                **{k: v for k, v in row.items() if k not in ("key", "age")},
            }
            for n, row in enumerate(crimes)
        ]
        parties = [
            {"crime_ref": f"C{n}", "person_key": row["key"], "party_role": "victim", "age_at_offence": row.get("age")}
            for n, row in enumerate(crimes)
        ]
        rows = made(
            "core.support_victims", core_crimes=given, core_parties=parties, core_support_periods=periods(), **more
        )
        return {r["person_ref"]: r for r in rows if r["period_code"] == YEAR}

    def test_one_person_with_two_records_counts_once_and_removed_crimes_do_not(self) -> None:
        people = [{"person_key": k, "person_ref": "P"} for k in ("K1", "K2")]
        rows = self.victims(
            [
                {"recorded_date": "2025-01-05", "key": "K1", "age": 24},
                {"recorded_date": "2025-02-05", "key": "K2", "age": 25},
                {"recorded_date": "2025-02-05", "key": "K3", "removal_code": "C2"},
                {"recorded_date": "2025-02-05", "key": "K4", "is_stalking_or_harassment": False},
                {"recorded_date": "2024-09-30", "key": "K5"},
            ],
            core_people=people,
        )
        assert {ref: row["age_band"] for ref, row in rows.items()} == {"P": "25 to 34"}

    def test_support_counts_when_it_was_offered_in_the_year(self) -> None:
        crimes = [{"recorded_date": "2025-01-05", "key": k} for k in ("V1", "V2", "V3")]
        offers = [
            offer(2, DAY, person_ref="V1"),
            offer(3, DAY, person_ref="V2"),
            offer(4, dt.date(2025, 10, 2), person_ref="V3"),
        ]
        rows = self.victims(crimes, core_support_offers=offers)
        assert [(r["is_offered"], r["is_accepted"]) for r in rows.values()] == [
            (True, True),
            (True, False),
            (False, False),
        ]

    def test_unknown_is_not_recorded_and_beats_nothing(self) -> None:
        crimes = [
            {"recorded_date": "2025-01-05", "key": "K1"},
            {"recorded_date": "2025-02-05", "key": "K2"},
            {"recorded_date": "2025-03-05", "key": "K3"},
        ]
        people = [{"person_key": k, "person_ref": "P"} for k in ("K1", "K2", "K3")]
        persons = [
            {"person_key": "K1", "sex": "female"},
            {"person_key": "K2", "sex": "Unknown"},
            {"person_key": "K3", "ethnicity_self_defined": "not stated"},
        ]
        [row] = self.victims(crimes, core_people=people, core_persons=persons).values()
        assert (row["sex"], row["ethnicity"]) == ("Female", None)

    def test_a_value_that_the_list_of_groups_does_not_know_is_never_told_by_its_own_words(self) -> None:
        crimes = [{"recorded_date": "2025-01-05", "key": k} for k in ("V1", "V2", "V3")]
        offers = [
            offer(2, DAY, person_ref="V1", religion="Canary of Invented Street", ethnicity="Arab"),
            offer(4, DAY, person_ref="V2", religion=" Muslim ", disability="Yes"),
        ]
        persons = [{"person_key": "V2", "ethnicity_self_defined": "A2", "sex": "F"}]
        rows = self.victims(crimes, core_support_offers=offers, core_persons=persons)
        assert (rows["V1"]["religion"], rows["V1"]["ethnicity"]) == ("Other value", "Other ethnic group")
        assert (rows["V2"]["religion"], rows["V2"]["disability"]) == ("Muslim", "Disabled")
        assert (rows["V2"]["ethnicity"], rows["V2"]["sex"]) == ("Asian or Asian British", "Female")
        assert (rows["V3"]["religion"], rows["V3"]["sex"]) == (None, None)


class TestCells:
    VICTIMS = (
        victim(1),
        victim(2),
        victim(3, sex=None),
        victim(8, is_offered=False, is_accepted=False, is_engaged=False, is_completed=False),
        victim(5, BEFORE),
    )

    def test_groups_add_up_to_their_total_not_recorded_included(self) -> None:
        rows = cells(list(self.VICTIMS))
        assert of(rows, "known")["person_count"] == 4 and of(rows, "known", period=BEFORE)["person_count"] == 1
        sexes = only(rows, measure_code="known", breakdown="sex", period_code=YEAR)
        assert {r["group_name"]: r["person_count"] for r in sexes} == {"Female": 1, "Male": 2, "Not recorded": 1}
        for row in rows:
            if row["total_ref"] is not None:
                groups = only(rows, total_ref=row["total_ref"], breakdown=row["breakdown"])
                [total] = only(rows, cell_ref=row["total_ref"])
                assert sum(g["person_count"] for g in groups) == total["person_count"], row["cell_ref"]

    def test_each_step_is_a_part_of_the_one_before(self) -> None:
        rows = cells(list(self.VICTIMS))
        assert of(rows, "accepted", "sex", "Male")["parent_ref"] == f"offered|{YEAR}|sex|Male"
        assert of(rows, "offered", "religion", "Christian")["parent_ref"] is None, "of the known it is not held"

    def test_what_was_not_delivered_is_not_measured(self) -> None:
        rows = cells(list(self.VICTIMS), supplied=[{"source": "crime"}])
        assert of(rows, "known")["person_count"] == 4
        assert of(rows, "offered")["person_count"] is None and of(rows, "charged")["person_count"] is None
        lacking = [{"source": "referrals", "field_name": name} for name in ("contacts_n", "completed_ts")]
        rows = cells(list(self.VICTIMS), absent=lacking)
        assert of(rows, "completed")["person_count"] is None
        assert of(rows, "engaged")["person_count"] is not None, "the service's own word is delivered"

    def test_a_group_behind_which_one_suspect_stands_is_marked(self) -> None:
        suspects = [
            {"period_code": YEAR, "person_ref": f"V{n}", "suspect_ref": s}
            for n, s in ((1, "S"), (2, "S"), (3, "S"), (8, "S"), (1, "T"))
        ]
        rows = cells(list(self.VICTIMS), suspects=suspects)
        assert of(rows, "known")["is_of_one_suspect"] is True
        rows = cells(list(self.VICTIMS), suspects=suspects[:3])
        assert of(rows, "known")["is_of_one_suspect"] is False
        assert of(rows, "offered")["is_of_one_suspect"] is True

    def test_who_is_supported_is_known_where_services_tell_it(self) -> None:
        rows = cells(list(self.VICTIMS), supplied=[{"source": "crime"}, {"source": "outcome"}])
        assert {r["person_count"] for r in only(rows, breakdown="support")} == {None}
        assert of(rows, "known")["person_count"] == 4

    def test_a_year_that_began_before_any_offer_was_told_is_not_measured(self) -> None:
        rows = cells(list(self.VICTIMS), [offer(1, dt.date(2024, 10, 3))])
        assert of(rows, "offered", period=BEFORE)["person_count"] is None
        assert of(rows, "offered")["person_count"] == 3

    def test_a_group_that_nobody_is_in_has_a_row_all_the_same(self) -> None:
        rows = cells(list(self.VICTIMS))
        assert of(rows, "offered", "religion", "Sikh")["person_count"] == 0
        for code in ("accepted", "not accepted"):
            assert of(rows, "known", "support", code, BEFORE)["person_count"] in (0, 1)
        assert of(rows, "known", "ethnicity", "Mixed or multiple")["person_count"] == 0

    def test_a_month_is_one_count_in_whichever_year_it_stands(self) -> None:
        rows = cells(list(self.VICTIMS), [offer(1, DAY), offer(2, dt.date(2023, 10, 5))])
        assert {
            r["cell_ref"] for r in only(rows, measure_code="referrals", breakdown="month") if r["person_count"]
        } <= {"referrals|month|2025-05-01", "referrals|month|2023-10-01"}


class TestNeed:
    def test_a_force_beside_its_districts_and_a_band_that_holds_others_count_nobody_twice(self) -> None:
        whole = made("metrics.support_need", core_resident_counts=residents(), core_support_areas=[])
        more = [r | {"area_code": "E23", "area_type": "force", "persons": 2 * r["persons"]} for r in residents()[:6]]
        wide = [r | {"age_band": "16+", "age_from": 16, "age_to": None, "persons": 51_000} for r in residents()[1::3]]
        newer = [residents()[0] | {"population_year": 2026}]
        given = [*residents(), *more, *wide, *newer]
        assert made("metrics.support_need", core_resident_counts=given, core_support_areas=[]) == whole

    def test_is_prevalence_times_residents_of_the_ages_asked(self) -> None:
        rows = made("metrics.support_need", core_resident_counts=residents(), core_support_areas=[])
        women, men = 2 * 51_000, 2 * 51_000
        [row] = only(rows, breakdown="all")
        assert row["resident_count"] == women + men
        assert row["need_count"] == pytest.approx(0.04 * women + 0.023 * men)
        spread = math.sqrt((women**2 * 0.04 * 0.96 + men**2 * 0.023 * 0.977) / 8000)
        assert row["need_upper"] == pytest.approx(row["need_count"] + 1.96 * spread)
        assert row["need_lower"] == pytest.approx(row["need_count"] - 1.96 * spread)
        areas = only(rows, breakdown="area")
        assert sum(r["need_count"] for r in areas) == pytest.approx(row["need_count"])
        # one survey serves both areas: their errors add up
        assert sum(r["need_upper"] - r["need_count"] for r in areas) == pytest.approx(1.96 * spread)

    def test_nothing_delivered_is_nothing_told(self) -> None:
        assert made("metrics.support_need", core_resident_counts=[], core_support_areas=[]) == []


def figure(
    measure: str, value: int | None, parent: str | None = None, breakdown: str = "all", group: str = "all", **more: Any
) -> Row:
    """A released figure."""
    ref = f"{measure}|{YEAR}|{breakdown}|{group}"
    return {
        "cell_ref": ref,
        "measure_code": measure,
        "period_code": YEAR,
        "breakdown": breakdown,
        "group_code": group,
        "group_name": group.capitalize(),
        "place": 0,
        "token": "" if value is not None else "*",
        "value": value,
        "text": "*" if value is None else f"{value:,}",
        "least": None if value is None else max(0, value - 2),
        "greatest": None if value is None else value + 2,
        "parent_ref": f"{parent}|{YEAR}|{breakdown}|{group}" if parent else None,
        **more,
    }


class TestGaps:
    def gaps(self, *figures: Row, **more: Any) -> dict[str, Row]:
        rows = made(
            "metrics.support_gaps", core_support_periods=periods(), metrics_released_figures=list(figures), **more
        )
        return {r["gap_code"]: r for r in rows if r["breakdown"] == "all"}

    def test_lie_between_the_released_steps_with_what_rounding_leaves_open(self) -> None:
        need = [
            {
                "need_code": "stalking",
                "breakdown": "all",
                "group_code": "all",
                "need_count": 1000.0,
                "need_lower": 900.0,
                "need_upper": 1100.0,
            }
        ]
        rows = self.gaps(
            figure("known", 200),
            figure("offered", 150),
            figure("accepted", 100),
            figure("referrals_accepted", 100),
            metrics_support_need=need,
            metrics_support_capacity=[{"service_name": "A", "capacity_count": 60.0, "period_code": YEAR}],
        )
        told = {c: (r["gap_count"], r["gap_lower"], r["gap_upper"]) for c, r in rows.items()}
        assert told == {
            "reporting": (800, 698, 902),
            "referral": (50, 46, 54),
            "take_up": (50, 46, 54),
            "capacity": (40, 38, 42),
        }

    def test_what_is_not_released_leaves_no_gap(self) -> None:
        rows = self.gaps(
            figure("known", 200), figure("offered", None), figure("accepted", 100), figure("referrals_accepted", 100)
        )
        assert rows["referral"]["gap_count"] is None and rows["take_up"]["gap_upper"] is None
        assert rows["reporting"]["gap_count"] is None and rows["capacity"]["gap_count"] is None


class TestCapacity:
    def capacity(self, *services: Row) -> list[Row]:
        told = figure("referrals_accepted", 100, breakdown="service", group="A")
        return made(
            "metrics.support_capacity",
            core_services=list(services),
            core_support_periods=periods(),
            metrics_released_figures=[told],
        )

    def test_areas_of_a_service_add_up_and_cost_is_of_the_rounded_count(self) -> None:
        [row] = self.capacity(
            service("S1", "A", 1.0), service("S2", "A", 2.0), service("S4", "P", 9.0, is_for_victims=False)
        )
        assert (row["capacity_fte"], row["capacity_count"], row["cost"]) == (3.0, 180.0, 135_000.0)
        assert row["over_capacity_count"] == -80.0 and row["unit_cost"] == 1350.0
        assert row["unit_cost_lower"] == pytest.approx(135_000 / 102) and row["unit_cost_upper"] == pytest.approx(
            135_000 / 98
        )

    def test_a_service_that_ended_half_way_counts_for_half_a_year(self) -> None:
        [row] = self.capacity(service("S1", "A", 1.0, to_date="2025-04-01"))
        assert row["capacity_fte"] == pytest.approx(183 / 365)

    def test_without_a_caseload_nothing_is_said_of_capacity(self) -> None:
        [row] = self.capacity(service("S1", "A", 1.0), service("S2", "A", 2.0, cases_per_fte=None, caseload_basis=None))
        assert row["capacity_count"] is None and row["over_capacity_count"] is None
        assert row["caseload_basis"] == "not stated and stated by the commissioner"

    def test_the_benchmark_of_another_role_is_named(self) -> None:
        raw = {
            "service_id": "S",
            "name": "A",
            "kind": "ISAC",
            "capacity_fte": "2",
            "from_date": "2024-04-01",
            "delivery_ref": "D",
            "period": "all",
        }
        current = [{"source": "services", "delivery_ref": "D", "period": "all"}]
        [row] = made("core.services", raw_services=[raw], core_current_periods=current)
        assert (row["cases_per_fte"], row["stated_cases_per_fte"]) == (65.0, None)
        assert row["caseload_basis"].startswith("IDVA benchmark")


class TestEquity:
    def test_ratio_to_the_largest_group_with_the_limits_of_katz(self) -> None:
        rows = made(
            "metrics.support_equity",
            core_support_periods=periods(),
            metrics_released_figures=[
                figure("offered", 200, breakdown="sex", group="Female"),
                figure("offered", 100, breakdown="sex", group="Male"),
                figure("accepted", 100, "offered", "sex", "Female", share=0.5, share_lower=0.43, share_upper=0.57),
                figure("accepted", 30, "offered", "sex", "Male", share=0.3, share_lower=0.2, share_upper=0.4),
                figure("offered", 300),
                figure("accepted", 130, "offered", share=130 / 300),
            ],
        )
        male, female = (next(r for r in rows if r["group_code"] == code) for code in ("Male", "Female"))
        assert male["reference_group"] == female["reference_group"] == "Female"
        assert male["rate_ratio"] == pytest.approx(0.6) and female["rate_ratio"] is None
        error = math.sqrt(1 / 30 - 1 / 100 + 1 / 100 - 1 / 200)
        assert male["ratio_upper"] == pytest.approx(0.6 * math.exp(1.96 * error))
        assert male["not_recorded_share"] == 0.0

    def test_how_many_are_not_recorded_is_told_of_the_step_before(self) -> None:
        rows = made(
            "metrics.support_equity",
            core_support_periods=periods(),
            metrics_released_figures=[
                figure("offered", 60, breakdown="religion", group="not recorded"),
                figure("offered", 300),
                figure("accepted", 30, "offered", "religion", "not recorded", share=0.5),
                figure("accepted", 100, "offered"),
            ],
        )
        assert {r["not_recorded_share"] for r in rows} == {0.2}
        assert {r["rate_ratio"] for r in rows} == {None}

    def test_where_all_of_a_group_reach_the_step_no_ratio_is_made(self) -> None:
        rows = made(
            "metrics.support_equity",
            core_support_periods=periods(),
            metrics_released_figures=[
                figure("offered", 200, breakdown="sex", group="Female"),
                figure("offered", 30, breakdown="sex", group="Male"),
                figure("accepted", 195, "offered", "sex", "Female", share=0.975, share_lower=0.94, share_upper=0.99),
                figure("accepted", 30, "offered", "sex", "Male", share=1.0, share_lower=0.88, share_upper=1.0),
            ],
        )
        assert {r["rate_ratio"] for r in rows} == {None}


class TestWaits:
    def test_a_month_without_a_wait_has_its_row_too(self) -> None:
        told = [figure("referrals_accepted", None, breakdown="month", group=f"2025-0{n}-01") for n in (5, 6)]
        rows = made(
            "metrics.support_waits",
            core_support_offers=[offer(2, DAY)],
            core_support_periods=periods(),
            core_services=[],
            metrics_released_figures=told,
        )
        assert [(r["group_code"], r["mean_days"]) for r in rows] == [("2025-05-01", None), ("2025-06-01", None)]

    def test_many_offers_to_few_victims_tell_no_wait(self) -> None:
        offers = [offer(2 * n, DAY, person_ref=f"V{n % 3}") for n in range(12)]
        told = figure("referrals_accepted", 10, breakdown="month", group="2025-05-01")
        [row] = made(
            "metrics.support_waits",
            core_support_offers=offers,
            core_support_periods=periods(),
            core_services=[],
            metrics_released_figures=[told],
        )
        assert row["mean_days"] is None

    def waits(self, count: int, text: str, value: int | None) -> list[Row]:
        offers = [offer(2 * n, DAY, acceptance_days=float(n)) for n in range(count)]
        told = figure("referrals_accepted", value, breakdown="month", group="2025-05-01", text=text)
        return made(
            "metrics.support_waits",
            core_support_offers=offers,
            core_support_periods=periods(),
            core_services=[],
            metrics_released_figures=[told],
        )

    def test_are_told_where_the_count_is_released(self) -> None:
        [row] = self.waits(9, "10", 10)
        assert (row["mean_days"], row["median_days"], row["month"]) == (4.0, 4.0, dt.date(2025, 5, 1))
        [row] = self.waits(5, "*", None)
        assert (row["mean_days"], row["median_days"], row["referral_text"]) == (None, None, "*")

    def test_a_wait_of_few_is_not_told_beside_a_figure_that_stands_from_before(self) -> None:
        [row] = self.waits(7, "10", 10)
        assert row["mean_days"] is None

    def test_a_month_is_charted_once_its_waits_are_over(self) -> None:
        months = [
            {"wait_code": "acceptance", "breakdown": "month", "month": dt.date(2025, m, 1), "mean_days": 3.0}
            for m in range(1, 11)
        ]
        rows = made("metrics.support_wait_points", metrics_support_waits=months, core_extract_moments=[AS_OF])
        assert [r["month"].month for r in rows] == list(range(1, 10)), "October ends on the as-of day"


class TestOptions:
    def options(self, accepted: int, **more: Any) -> list[Row]:
        row = {
            "service_name": "A",
            "capacity_fte": 4.0,
            "capacity_count": 240.0,
            "cost": 180_000.0,
            "accepted_count": accepted,
            **more,
        }
        return made("metrics.support_options", metrics_support_capacity=[row])

    def test_more_than_can_be_taken_grows_and_one_more_ends_it(self) -> None:
        stay, one = (next(r for r in self.options(250) if r["place"] == place) for place in (0, 1))
        assert (stay["status"], stay["mean_wait_days"], stay["share_within_14_days"]) == ("grows", None, 0.0)
        assert one["status"] == "steady" and one["mean_wait_days"] > 0
        assert (one["added_cost"], one["cost_per_added_case"]) == (45_000.0, 750.0)
        assert stay["break_even_fte"] == pytest.approx(250 / 60)

    def test_places_are_cases_a_year_times_the_time_of_one(self) -> None:
        stay = next(r for r in self.options(100) if r["place"] == 0)
        assert stay["places"] == math.ceil(240 * 90 / 365.25) and stay["load"] == pytest.approx(100 / 365.25 * 90)

    def test_what_a_service_can_take_and_whether_its_queue_grows_agree(self) -> None:
        """68 cases a year can be taken and 65 are accepted: no queue grows, however places are counted."""
        stay = next(r for r in self.options(65, capacity_fte=1.0, capacity_count=68.0) if r["place"] == 0)
        assert stay["status"] == "steady" and stay["break_even_fte"] < 1.0
        full = next(r for r in self.options(68, capacity_fte=1.0, capacity_count=68.0) if r["place"] == 0)
        assert full["status"] == "grows" and full["break_even_fte"] == pytest.approx(1.0)

    def test_cases_that_last_longer_make_longer_waits(self) -> None:
        rows = {(r["assumption"], r["option_code"]): r for r in self.options(225)}
        longer, as_stated, shorter = (
            rows[name, "stay"] for name in ("case_days +20 %", "as stated", "case_days -20 %")
        )
        assert longer["status"] == "grows" and longer["break_even_fte"] > 4.0
        assert as_stated["mean_wait_days"] > shorter["mean_wait_days"]

    def test_services_as_one_wait_less_than_each(self) -> None:
        rows = made(
            "metrics.support_options",
            metrics_support_capacity=[
                {
                    "service_name": name,
                    "capacity_fte": 1.0,
                    "capacity_count": 60.0,
                    "cost": 45_000.0,
                    "accepted_count": 50,
                }
                for name in ("A", "B")
            ],
        )
        [pooled] = only(rows, option_code="pooled")
        alone = [r for r in rows if r["option_code"] == "stay" and r["place"] == 0]
        assert all(pooled["mean_wait_days"] < r["mean_wait_days"] for r in alone)

    def test_nothing_is_worked_out_of_what_is_not_told(self) -> None:
        assert self.options(250, accepted_count=None) == self.options(250, capacity_count=None) == []


def test_the_settings_hold_what_the_tables_ask_for() -> None:
    keys = {row["key"] for row in settings()}
    assert {
        "disclosure.suppress_to",
        "need.support_wanted_share",
        "support.case_days",
        "support.wait_over_days",
    } <= keys
