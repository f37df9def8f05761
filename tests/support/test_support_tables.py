"""Need, gaps, capacity, equality, waits and options of support: by worked example."""

from __future__ import annotations

import datetime as dt
import math
from typing import Any

import pytest
from invented_support import AS_OF, SERVICES, YEAR, made_once, offer, offer_groups, periods, residents, service
from worked import Row, made, only

DAY = dt.date(2025, 5, 5)


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

    def test_where_the_list_gives_ages_each_age_has_its_own_prevalence(self) -> None:
        """No survey table by sex and age is shipped: this is a list as one would give it."""
        women = {("female", 16, 64): 0.06, ("female", 65, None): 0.01}
        given = women | {("male", 16, 64): 0.03, ("male", 65, None): 0.005}
        listed = [
            {
                "need_code": "stalking", "need_name": "Stalking in the last year", "sex": sex, "age_from": low,
                "age_to": high, "prevalence": share, "effective_sample": 4000, "survey_year": "invented year",
                "source": "invented",
            }
            for (sex, low, high), share in given.items()
        ]  # fmt: skip
        rows = made(
            "metrics.support_need",
            core_resident_counts=residents(), core_support_areas=[], reference_need_prevalence=listed,
        )  # fmt: skip
        [row] = only(rows, breakdown="all")
        people = {16: 2 * 40_000, 65: 2 * 11_000}
        assert row["need_count"] == pytest.approx(sum(share * people[low] for (_, low, _), share in given.items()))
        spread = math.sqrt(sum(people[low] ** 2 * p * (1 - p) / 4000 for (_, low, _), p in given.items()))
        assert row["need_upper"] == pytest.approx(row["need_count"] + 1.96 * spread)

    @pytest.mark.parametrize(
        "given", [[], [row | {"persons": 0} for row in residents()]], ids=["no row", "no resident"]
    )
    def test_without_residents_no_need_is_estimated(self, given: list[Row]) -> None:
        assert made("metrics.support_need", core_resident_counts=given, core_support_areas=[]) == []

    def test_a_count_of_residents_below_zero_is_left_out(self) -> None:
        wrong = residents()[1] | {"area_code": "A9", "persons": -5}
        whole = made("metrics.support_need", core_resident_counts=residents(), core_support_areas=[])
        assert only(made("metrics.support_need", core_resident_counts=[*residents(), wrong], core_support_areas=[]),
                    breakdown="all") == only(whole, breakdown="all")  # fmt: skip


class TestAreas:
    def test_an_area_has_the_name_that_most_of_its_rows_give(self) -> None:
        names = {"E01": "Invented Vale", "E02": "invented vale", "E03": "Invented Vale", "E04": None}
        given = [{"delivery_ref": "d", "period": "all", "lsoa_code": lsoa, "area_code": "A1", "area_name": name}
                 for lsoa, name in names.items()]  # fmt: skip
        counting = [{"source": "small_areas", "delivery_ref": "d", "period": "all"}]
        rows = made("core.support_areas", raw_small_areas=given, core_current_periods=counting)
        assert {(row["area_code"], row["area_name"]) for row in rows} == {("A1", "Invented Vale")}
        assert len(rows) == 4


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
            core_support_groups=offer_groups([offer(2, DAY)]),
            metrics_released_figures=told,
        )
        assert [(r["group_code"], r["mean_days"]) for r in rows] == [("2025-05-01", None), ("2025-06-01", None)]

    def test_many_offers_to_few_victims_tell_no_wait(self) -> None:
        offers = [offer(2 * n, DAY, person_ref=f"V{n % 3}") for n in range(12)]
        told = figure("referrals_accepted", 10, breakdown="month", group="2025-05-01")
        [row] = made(
            "metrics.support_waits",
            core_support_offers=offers,
            core_support_groups=offer_groups(offers),
            metrics_released_figures=[told],
        )
        assert row["mean_days"] is None

    def waits(self, count: int, text: str, value: int | None) -> list[Row]:
        offers = [offer(2 * n, DAY, acceptance_days=float(n)) for n in range(count)]
        told = figure("referrals_accepted", value, breakdown="month", group="2025-05-01", text=text)
        return made(
            "metrics.support_waits",
            core_support_offers=offers,
            core_support_groups=offer_groups(offers),
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

    def calendar(self, *offers: Row) -> set[tuple[Any, ...]]:
        """Wait, calendar year, service, median and referrals, of each wait that calendar years have."""
        rows = made(
            "metrics.support_waits",
            core_support_offers=list(offers),
            core_services=SERVICES,
            core_extract_moments=[{"as_of_at": "2026-01-01 00:00:00+00"}],
            reference_support_breakdowns=made_once("reference.support_breakdowns"),
        )
        assert all(r["period_code"].startswith("calendar ") for r in rows)
        return {
            (r["wait_code"], r["period_code"], r["group_name"], r["median_days"], r["referral_text"]) for r in rows
        }

    def test_a_calendar_year_tells_the_wait_of_thirty_victims_by_service_and_no_count(self) -> None:
        january, december = dt.date(2024, 1, 20), dt.date(2025, 12, 31)
        first = [offer(6 * n, january, sent_contact_days=3.0) for n in range(30)]  # S1, seen before the year began
        second = [offer(6 * n + 4, december, sent_contact_days=9.0) for n in range(29)]  # S2, one too few
        told = self.calendar(*first, *second)
        sent = {t[1:] for t in told if t[0] == "sent_contact"}
        assert sent == {
            ("calendar 2024", group, 3.0, "30 or more") for group in ("All", SERVICES[0]["service_name"])
        }
        more = self.calendar(*first, *second, offer(1000, december, sent_contact_days=9.0))
        assert ("sent_contact", "calendar 2025", "All", 9.0, "30 or more") in more
        assert not any(t[1] == "calendar 2025" and t[2] == SERVICES[0]["service_name"] for t in more)

    def test_a_calendar_year_that_began_before_the_offers_is_not_whole(self) -> None:
        assert self.calendar(*(offer(2 * n, dt.date(2025, 2, 1)) for n in range(60))) == set()
        assert self.calendar(*(offer(2 * n, dt.date(2025, 1, 31)) for n in range(60))) != set()

    def test_many_offers_to_few_victims_tell_no_calendar_year(self) -> None:
        assert self.calendar(*(offer(2 * n, dt.date(2025, 1, 9), person_ref=f"V{n % 29}") for n in range(90))) == set()

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
