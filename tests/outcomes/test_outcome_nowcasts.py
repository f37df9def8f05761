"""What was known of crimes on each past day, and the nowcast of months that are not complete."""

from datetime import date, timedelta
from typing import Any

import pytest
from invented_outcomes import AS_OF_DATE, CHARGED, MOMENTS, NOT_SUPPORTING, SUPPORTING, outcome, time
from worked import Row, made

MEASURES = [{"measure_code": code, "follow_days": int(code.split("_")[-1 if code[-1].isdigit() else 1])} for code in (
    "outcome_90", "outcome_180", "outcome_365", "charged_90", "charged_180", "charged_365", "charged_365_stalking",
    "victim_not_supporting_365")]  # fmt: skip


def states(*outcomes: Row, **changed: Any) -> list[tuple[str | None, int | None, int, int | None]]:
    """Code, and days from recording: since, known from, and until. The crime was recorded 400 days ago."""
    rows = made("core.outcome_state_counts", core_outcome_times=[time(0, **changed)],
                core_known_outcomes=made("core.known_outcomes", core_extract_moments=MOMENTS,
                                         core_outcomes=list(outcomes)))  # fmt: skip

    def after(day: date | None) -> int | None:
        return None if day is None else (day - AS_OF_DATE).days + 400

    assert all(row["crime_count"] == 1 and row["is_stalking"] for row in rows)
    found = [(row["outcome_code"], *(after(row[name]) for name in ("since_date", "held_from", "held_until")))
             for row in rows]  # fmt: skip
    return sorted(found, key=lambda state: state[2])


class TestWhatWasKnown:
    def test_open_until_its_outcome(self) -> None:
        assert states(outcome("16", 370)) == [(None, None, 0, 30), ("16", 30, 30, None)]
        assert states() == [(None, None, 0, None)]

    def test_a_later_charge(self) -> None:
        assert states(outcome("16", 370), outcome("1", 200, 3)) == [
            (None, None, 0, 30), ("16", 30, 30, 200), ("1", 200, 200, None)
        ]  # fmt: skip

    def test_an_outcome_of_the_same_group_counts_from_the_first(self) -> None:
        assert states(outcome("14", 370), outcome("16", 300, 3))[-1] == ("16", 30, 100, None)
        assert states(outcome("16", 370), outcome("15", 300, 3), outcome("16", 250, 4))[-1] == ("16", 150, 150, None)

    def test_a_crime_opened_anew_is_open(self) -> None:
        assert states(outcome("15", 370), outcome("0", 300, 3))[-1] == (None, None, 100, None)

    def test_an_outcome_before_the_recording_is_known_from_then(self) -> None:
        assert states(outcome("18", 402)) == [("18", -2, 0, None)]

    def test_times_against_the_numbers_wait_for_those_before(self) -> None:
        """The second is of day 100, the third of day 50: on day 60 only the first holds, at the end the third."""
        assert states(outcome("15", 370), outcome("16", 300, 3), outcome("1", 350, 4)) == [
            (None, None, 0, 30), ("15", 30, 30, 100), ("1", 50, 100, None)
        ]  # fmt: skip

    def test_nothing_after_the_as_of_moment(self) -> None:
        assert states(outcome("16", 370), outcome("1", -1, 3))[-1] == ("16", 30, 30, None)

    @pytest.mark.parametrize("changed", [{"removal_type": "cancelled"}, {"is_principal": False},
                                         {"is_outcome_unread": True}])  # fmt: skip
    def test_crimes_that_the_measures_leave_out(self, changed: Row) -> None:
        assert states(outcome("16", 370), **changed) == []


MONTHS = [date(2022 + (3 + n) // 12, (3 + n) % 12 + 1, 1) for n in range(48)]  # to March 2026


def counts(is_stalking: bool, code: str, group: str, per_month: int, days: int) -> list[Row]:
    """`per_month` crimes on the 9th of each month, with this outcome after `days`, as known on 31 March 2026."""
    rows = []
    for month in MONTHS:
        recorded = month + timedelta(days=8)
        of = {"is_stalking": is_stalking, "recorded_date": recorded, "crime_count": per_month}
        closed = recorded + timedelta(days=days)
        held = closed <= AS_OF_DATE
        rows.append(of | {"outcome_code": None, "outcome_group": None, "since_date": None, "held_from": recorded,
                          "held_until": closed if held else None})  # fmt: skip
        if held:
            rows.append(of | {"outcome_code": code, "outcome_group": group, "since_date": closed, "held_from": closed,
                              "held_until": None})  # fmt: skip
    return rows


def nowcasts(*rows: Row, months: list[date] = MONTHS) -> list[Row]:
    return made(
        "metrics.outcome_nowcasts", core_outcome_state_counts=list(rows), core_extract_moments=MOMENTS,
        metrics_demand_months=[{"source": "extract", "offence_code": "S&H", "month": month} for month in months],
        reference_measures=MEASURES,
    )  # fmt: skip


# Each month 10 of 100 crimes are charged after 60 days, all stalking, and 40 have outcome 16 after 40.
ROWS = (*counts(True, "1", CHARGED, 10, 60), *counts(False, "16", NOT_SUPPORTING, 40, 40),
        *counts(False, "15", SUPPORTING, 50, 4_000))  # fmt: skip


@pytest.fixture(scope="module")
def found() -> dict[tuple[str, date], Row]:
    return {(row["measure_code"], row["month"]): row for row in nowcasts(*ROWS)}


Found = dict[tuple[str, date], Row]


class TestNowcasts:
    def test_the_share_that_will_be_charged(self, found: Found) -> None:
        # recorded on 9 March: open for 22 days. On 9 February: outcome 16 of 40, and 60 still open for 50 days.
        for month, of_open in ((MONTHS[-1], 100), (MONTHS[-2], 60)):
            row = found["charged_365", month]
            assert (row["crime_count"], row["met_count"], row["open_count"]) == (100, 0, of_open)
            assert row["value"] == pytest.approx(0.1) and row["lower_80"] < 0.1 < row["upper_80"] < row["upper_95"]
            assert row["is_shown"] is False, "the usual share is never wrong here, so the nowcast is no better"

    def test_each_measure_has_its_own_events(self, found: Found) -> None:
        for code, share in {"charged_90": 0.1, "victim_not_supporting_365": 0.4, "outcome_365": 0.5,
                            "charged_365_stalking": 1.0}.items():  # fmt: skip
            assert found[code, MONTHS[-1]]["value"] == pytest.approx(share), code

    def test_months_are_in_it_until_they_are_complete(self, found: Found) -> None:
        months = sorted(month for code, month in found if code == "charged_365")
        assert (months[0], months[-1], len(months)) == (date(2025, 4, 1), date(2026, 3, 1), 12)
        # the last day of December had its 90 days on 31 March
        assert min(month for code, month in found if code == "charged_90") == date(2026, 1, 1)

    def test_a_gap_in_the_extract_is_not_bridged(self) -> None:
        months = {row["measure_code"] for row in nowcasts(*ROWS, months=[*MONTHS[:20], *MONTHS[36:]])}
        assert months == {"outcome_90", "charged_90", "outcome_180", "charged_180"}, "a year is not enough for a year"

    def test_without_an_extract_there_is_none(self) -> None:
        assert nowcasts() == []
