"""Weekday and hour of an offence in London: of a moment, or of the last incident of a course of conduct."""

import pytest
from worked import Row, made

NK = "not known"
NIGHT, EARLY, MORNING, NOON, LATE = (
    "00:00 to 02:59", "03:00 to 05:59", "09:00 to 11:59", "12:00 to 14:59", "21:00 to 23:59",
)  # fmt: skip
WITH_END = {"crime_ref": "another", "offence_from_at": "2025-01-01 10:00+00", "offence_to_at": "2025-01-01 11:00+00"}


def timed(*crimes: Row) -> dict[str, tuple[str, str]]:
    """Crime -> its weekday and hour."""
    rows = made("core.crime_breakdowns", core_crimes=list(crimes))
    return {row["crime_ref"]: (row["weekday"], row["hour"]) for row in rows}


def of_offence(start: str | None, end: str | None, *, is_conduct: bool | None = None) -> tuple[str, str]:
    """Weekday and hour of one offence of a force that enters ends: another crime has one."""
    crime = {"crime_ref": "C", "offence_from_at": start, "offence_to_at": end, "is_course_of_conduct": is_conduct}
    return timed(crime, WITH_END)["C"]


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2025-06-04 13:30+00", "2025-06-04 13:30+00", ("Wednesday", NOON)),  # a moment: 14:30 in summer time
        ("2025-06-04 13:30+00", None, ("Wednesday", NOON)),  # without an end it is a moment too
        ("2025-06-04 07:00+00", "2025-06-04 17:00+00", ("Wednesday", NK)),  # ten hours of one day
        ("2025-01-08 11:59+00", "2025-01-08 14:59+00", ("Wednesday", MORNING)),  # three hours, by its start
        ("2025-01-08 11:59+00", "2025-01-08 14:59:01+00", ("Wednesday", NK)),
        ("2025-01-08 23:30+00", "2025-01-09 00:30+00", (NK, LATE)),  # over midnight
        ("2025-01-08 23:30+00", "2025-01-09 00:00+00", (NK, LATE)),  # midnight is of the day that begins
        ("2025-01-01 10:00+00", "2025-01-29 10:00+00", (NK, NK)),  # four weeks
        (None, "2025-01-08 12:00+00", (NK, NK)),
        (None, None, (NK, NK)),
        ("2025-01-08 12:00+00", "2025-01-08 11:00+00", (NK, NK)),  # it ends before it starts
        ("2025-01-08 00:00+00", "2025-01-08 00:00+00", ("Wednesday", NK)),  # a day without a time
        ("2025-01-08 00:00+00", "2025-01-08 02:00+00", ("Wednesday", NK)),
        ("2025-01-08 00:00:01+00", None, ("Wednesday", NIGHT)),
        ("2025-06-03 23:00+00", None, ("Wednesday", NK)),  # midnight in London
        ("2025-06-03 23:30+00", "2025-06-03 23:40+00", ("Wednesday", NIGHT)),  # the day is that of London
        # over a clock change a span is as long as it was
        # 30 March 2025: 01:00 becomes 02:00. From 00:30 to 04:30 by the clock are three hours
        ("2025-03-30 00:30+00", "2025-03-30 03:30+00", ("Sunday", NIGHT)),
        ("2025-03-30 00:30+00", "2025-03-30 03:31+00", ("Sunday", NK)),
        ("2025-03-30 02:30+00", None, ("Sunday", EARLY)),  # 03:30 in summer time
        # 26 October 2025: 02:00 becomes 01:00. Both times 01:30 are an hour apart
        ("2025-10-26 00:30+00", "2025-10-26 01:30+00", ("Sunday", NIGHT)),
        ("2025-10-25 23:30+00", "2025-10-26 03:00+00", ("Sunday", NK)),  # 00:30 to 03:00 by the clock: 3.5 hours
    ],
)
def test_a_time_is_known_of_a_moment_or_a_short_span_alone(
    start: str | None, end: str | None, expected: tuple[str, str]
) -> None:
    assert of_offence(start, end) == expected


@pytest.mark.parametrize("class_code", ["8L", "8M", "8Q", "8U"])
@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2025-01-01 10:00+00", "2025-06-04 13:30+00", ("Wednesday", NOON)),  # months: of its last incident
        ("2025-01-08 23:30+00", "2025-01-09 00:30+00", ("Thursday", NIGHT)),
        ("2025-06-01 10:00+00", "2025-06-03 23:00+00", ("Wednesday", NK)),  # a last day without a time
        ("2025-06-04 13:30+00", None, ("Wednesday", NOON)),
        ("2025-06-04 13:30+00", "2025-06-01 13:30+00", (NK, NK)),
    ],
)
def test_a_course_of_conduct_has_the_time_of_its_last_incident(
    class_code: str, start: str, end: str | None, expected: tuple[str, str]
) -> None:
    crime = {"crime_ref": "C", "class_code": class_code, "offence_from_at": start, "offence_to_at": end}
    assert timed(crime, WITH_END)["C"] == expected
    other = timed({**crime, "class_code": "8R"}, WITH_END)["C"]
    assert other == (expected if end is None else (NK, LATE) if "23:30" in start else (NK, NK))


def test_a_course_of_conduct_without_an_end_is_no_moment() -> None:
    at = "2025-06-04 13:30+00"
    assert of_offence(at, None, is_conduct=True) == (NK, NK)
    assert of_offence(at, "2025-06-04 14:00+00", is_conduct=True) == ("Wednesday", NOON)
    assert of_offence(at, None, is_conduct=False) == ("Wednesday", NOON)


def test_of_a_force_that_enters_no_end_no_time_is_known() -> None:
    """It may have entered the first day of weeks. Beside it a force that enters ends keeps its own."""
    start = {"offence_from_at": "2025-06-04 13:30+00"}
    assert timed({"crime_ref": "C", **start}) == {"C": (NK, NK)}
    rows = made(
        "core.crime_breakdowns", core_force_scope=[{"force_code": "E1"}, {"force_code": "E2"}],
        core_crimes=[{"crime_ref": "without", "force_code": "E1", **start},
                     {"crime_ref": "with", "force_code": "E2", **start, "offence_to_at": "2025-06-04 13:40+00"}],
    )  # fmt: skip
    assert {row["crime_ref"]: row["weekday"] for row in rows} == {"without": NK, "with": "Wednesday"}


def test_the_hours_of_a_day_are_eight_bands_that_sort_and_the_week_has_seven_days() -> None:
    crimes = [{"crime_ref": f"{place:02}", "offence_from_at": f"2025-01-{6 + place % 7:02} {place:02}:59:59+00",
               "offence_to_at": f"2025-01-{6 + place % 7:02} {place:02}:59:59+00"} for place in range(24)]  # fmt: skip
    found = timed(*crimes)
    bands = [found[f"{place:02}"][1] for place in range(24)]
    assert bands == sorted(bands)
    assert sorted(set(bands)) == [f"{first:02}:00 to {first + 2:02}:59" for first in range(0, 24, 3)]
    assert [bands.count(band) for band in sorted(set(bands))] == [3] * 8
    assert [found[f"{place:02}"][0] for place in range(7)] == [
        "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday",
    ]  # fmt: skip
