"""Facts of the timeliness rules by worked example: recording-standards 1.2 and 6.2. All records are invented."""

from typing import Any

import pytest
from worked import Row, made, only

AS_OF = "2025-03-31 12:00:00+00"
MOMENTS: dict[str, Any] = {"core_extract_moments": [{"as_of_at": AS_OF, "events_limit_at": AS_OF}]}


def times(crime: Row, **given: list[Row]) -> Row:
    row = {"crime_ref": "C1", "class_code": "8Q", "is_open": True, "is_stalking_or_harassment": True, **crime}
    [found] = made("core.recording_time_facts", core_crimes=[row], **MOMENTS, **given)
    return found


@pytest.mark.parametrize(
    ("reported", "recorded", "day", "over"),
    [
        ("2025-03-01 10:00:00+00", "2025-03-02 10:00:00+00", "2025-03-02", 0),  # exactly 24 hours
        ("2025-03-01 10:00:00+00", "2025-03-02 10:00:01+00", "2025-03-02", 1 / 3600),
        # the clocks go forward: noon to one in the afternoon is 24 hours, noon to noon 23
        ("2025-03-29 12:00:00+00", "2025-03-30 13:00:00+01", "2025-03-30", 0),
        ("2025-03-29 12:00:00+00", "2025-03-30 12:00:00+01", "2025-03-30", -1),
        # and back: noon to noon is 25 hours
        ("2024-10-26 12:00:00+01", "2024-10-27 12:00:00+00", "2024-10-27", 1),
        ("2024-10-26 12:00:00+01", "2024-10-27 11:00:00+00", "2024-10-27", 0),
        # 72 hours until 31 March 2015
        ("2015-03-28 12:00:00+00", "2015-03-31 12:00:00+00", "2015-03-31", 0),
        ("2015-03-31 12:00:00+00", "2015-04-02 12:00:00+00", "2015-04-02", 24),
        (None, "2025-03-02 10:00:00+00", "2025-03-02", None),
        ("2025-03-02 10:00:00+00", None, None, None),
    ],
)
def test_hours_beyond_the_limit(
    reported: str | None, recorded: str | None, day: str | None, over: float | None
) -> None:
    found = times({"reported_at": reported, "recorded_at": recorded, "recorded_date": day})
    assert found["hours_over_limit"] == (over if over is None else pytest.approx(over, abs=1e-9))
    if over == 0:
        assert found["hours_over_limit"] <= 0, "exactly the limit keeps the standard"


def test_recorded_before_reported_and_at_the_same_moment() -> None:
    same = "2025-03-01 10:00:00+00"
    assert times({"reported_at": same, "recorded_at": same})["is_recorded_after_report"] is True
    early = times({"reported_at": same, "recorded_at": "2025-03-01 09:59:59+00"})
    assert early["is_recorded_after_report"] is False
    assert times({"reported_at": same})["is_recorded_after_report"] is None


def test_the_clock_starts_with_the_crimes_own_incident() -> None:
    crime = {"incident_ref": "I1", "reported_at": "2025-03-01 10:15:00+00"}
    incidents = [
        {"incident_ref": "I1", "created_at": "2025-03-01 10:00:00+00"},
        {"incident_ref": "I2", "created_at": "2025-02-01 10:00:00+00"},
    ]
    assert times(crime, core_incidents=incidents)["minutes_after_incident"] == 15
    missing = times(crime)
    assert missing["has_incident"] is True and missing["minutes_after_incident"] is None
    assert times({**crime, "incident_ref": None}, core_incidents=incidents)["has_incident"] is False


@pytest.mark.parametrize(
    ("code", "closed", "minutes"),
    [
        ("16", "2025-03-01 12:59:00+00", 59),
        ("16", "2025-03-01 13:00:00+00", 60),
        ("1", "2025-03-01 12:30:00+00", None),
        ("1A", "2025-03-01 12:30:00+00", None),
        ("0", "2025-03-01 12:30:00+00", None),
        ("16", "2025-03-01 11:30:00+00", None),  # before the recording: STR-08
    ],
)
def test_minutes_from_recording_to_closing(code: str, closed: str, minutes: float | None) -> None:
    outcomes = [{"crime_ref": "C1", "outcome_code": code, "outcome_at": closed}]
    found = times({"recorded_at": "2025-03-01 12:00:00+00"}, core_outcomes=outcomes)
    assert found["minutes_to_close"] == minutes
    assert found["is_closed_stalking"] is (minutes is not None)
    other = times({"recorded_at": "2025-03-01 12:00:00+00", "class_code": "8L"}, core_outcomes=outcomes)
    assert other["is_closed_stalking"] is False


@pytest.mark.parametrize(
    ("grade", "reviewed", "over"),
    [
        ("standard", "2025-03-03 12:00:00+00", 0),  # 28 days
        ("standard", "2025-03-02 12:00:00+00", 1),
        ("high", "2025-03-24 12:00:00+00", 0),  # 7 days
        ("high", "2025-03-23 12:00:00+00", 1),
        (None, "2025-03-03 12:00:00+00", 0),
        ("standard", None, 2),  # never reviewed: from the recording
        ("standard", "2025-04-02 12:00:00+00", 2),  # after the as-of date: not yet
    ],
)
def test_days_without_review(grade: str | None, reviewed: str | None, over: float) -> None:
    reviews = [{"crime_ref": "C1", "reviewed_at": reviewed}] if reviewed else []
    found = times({"recorded_at": "2025-03-01 12:00:00+00", "risk_grade": grade}, core_reviews=reviews)
    assert found["days_over_review_limit"] == over
    assert found["is_open_stalking_or_harassment"] is True


@pytest.mark.parametrize(
    ("incident", "to_be_settled", "is_settled"),
    [
        ({}, True, False),
        ({"created_at": "2025-03-30 12:00:00+00"}, False, False),  # exactly 24 hours old
        ({"no_crime_rationale": "no offence in law"}, True, True),
        ({"is_crime_related": False}, False, False),
        ({"is_crime_related": None}, True, None),
        ({"created_at": None}, True, None),
        ({"incident_ref": "I2"}, True, True),  # a crime names it
    ],
)
def test_an_incident_ends_as_a_crime_or_with_a_reason(incident: Row, to_be_settled: bool, is_settled: bool) -> None:
    row = {"incident_ref": "I1", "is_crime_related": True, "created_at": "2025-03-01 12:00:00+00", **incident}
    [found] = made(
        "core.incident_facts",
        core_incidents=[row],
        core_crimes=[{"crime_ref": "C1", "incident_ref": "I2"}],
        **MOMENTS,
    )
    assert found["is_to_be_settled"] is to_be_settled
    assert found["is_settled"] is is_settled


def series(measure: str, crimes: list[Row]) -> list[Row]:
    return only(made("core.recording_series_facts", core_crimes=crimes), measure=measure)


def test_midnight_is_that_of_london() -> None:
    # 23:00 UTC in July is midnight in London, midnight UTC is one o'clock
    crimes = [{"crime_ref": f"C{n}", "recorded_at": f"2025-07-02 10:00:{n:02}+00"} for n in range(49)]
    crimes.append({"crime_ref": "S", "recorded_at": "2025-07-01 23:00:00+00"})
    crimes.append({"crime_ref": "T", "recorded_at": "2025-07-03 00:00:00+00"})
    [month] = series("recorded at midnight", crimes)
    assert (month["series_ref"], month["crime_count"], month["counted"]) == ("2025-07", 51, 1)
    assert month["is_within_limits"] is True  # one of 51 is under 2 per cent
    crimes.append({"crime_ref": "U", "recorded_at": "2025-06-30 23:00:00+00"})  # 1 July in London
    [month] = series("recorded at midnight", crimes)
    assert (month["counted"], month["is_within_limits"]) == (2, False)


def test_exactly_two_per_cent_at_midnight_and_a_month_too_small_to_judge() -> None:
    crimes = [{"crime_ref": f"C{n}", "reported_at": "2025-01-02 10:00:01+00"} for n in range(49)]
    crimes.append({"crime_ref": "S", "reported_at": "2025-01-05 00:00:00+00"})
    crimes += [{"crime_ref": f"D{n}", "reported_at": "2025-02-05 00:00:00+00"} for n in range(9)]
    january, february = series("reported at midnight", crimes)
    assert (january["month_share"], january["is_within_limits"]) == (0.02, True)
    assert (february["month_share"], february["is_within_limits"]) == (1, None)
