"""The command front page: what is named, in which order, and what is left out."""

import datetime as dt
from typing import Any

import polars as pl
from given_rows import GivenRows

from dashboards.data.front import glance_data
from dashboards.text import numbers
from dashboards.text.content import text
from dashboards.text.front import glance_text
from dashboards.text.front.glance_text import Point
from dashboards.text.small_numbers import SmallNumbers

RULE = SmallNumbers(smallest_shown=5, fewest_in_share=30)
NONE_NEW = "No change beyond chance began in the latest month."
MARCH = dt.date(2026, 3, 1)


def signal(code: str, **changed: Any) -> dict[str, Any]:
    counted = {
        "measure_code": code, "measure_name": f"Measure {code}", "breakdown": "none", "breakdown_value": "all",
        "latest_period": MARCH, "latest_value": 294.0, "expected_lower": 180.0, "expected_upper": 262.0,
        "verdict": "higher", "unit": "crimes", "direction": "neither", "numerator": 294, "denominator": None,
        "signal": "beyond_limit", "is_new": True,
    }  # fmt: skip
    return counted | changed


def share(code: str, met: int, of: int, **changed: Any) -> dict[str, Any]:
    values = {"unit": "share", "numerator": met, "denominator": of, "latest_value": met / of}
    limits = {"expected_lower": 0.9, "expected_upper": 0.98, "direction": "higher_is_better", "verdict": "lower"}
    return signal(code, **(values | limits | changed))


def frame(*rows: dict[str, Any]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), infer_schema_length=None)


def reader(signals: pl.DataFrame | None = None, entries: pl.DataFrame | None = None) -> GivenRows:
    """The rows that the page holds, as it holds them."""
    found = GivenRows(RULE)
    if signals is not None:
        glance_data.hold_signals(found, signals)
    if entries is not None:
        found.hold(glance_text.ENTRIES, entries)
    return found


def words(*rows: dict[str, Any]) -> list[str]:
    return printed(glance_text.changes(frame(*rows), RULE), reader(frame(*rows)))


def printed(points: list[Point], held: GivenRows) -> list[str]:
    return [held.in_words(point.runs) for point in points]


def test_a_change_is_named_with_its_size_and_what_was_expected_and_leads_to_its_chart() -> None:
    [line] = glance_text.changes(frame(signal("recorded")), RULE)
    assert words(signal("recorded")) == ["Measure recorded: 294 in Mar 2026, above the usual 180 to 262."]
    assert line.address == "explore?measure=recorded&period=month&by=none"
    district = signal("recorded", breakdown="district", breakdown_value="District 2")
    [line] = glance_text.changes(frame(district), RULE)
    assert words(district)[0].startswith("Measure recorded, District 2: 294")
    assert "part_district=District+2" in line.address


def test_a_run_of_months_within_the_limits_is_not_called_beyond_them() -> None:
    assert "is the latest of a run of months above the average" in words(signal("recorded", signal="shift"))[0]


def test_worse_comes_before_better_and_the_force_before_its_districts() -> None:
    better = share("b", 990, 1000, verdict="higher")
    district = share("a", 800, 1000, breakdown="district", breakdown_value="District 1")
    assert [said.partition(":")[0] for said in words(better, district, share("c", 850, 1000))] == [
        "Measure c", "Measure b", "Measure a, District 1",
    ]  # fmt: skip
    assert words(share("c", 850, 1000))[0].endswith(
        "85.0% (850 of 1,000) in Mar 2026, below the usual 90.0% to 98.0%, which is worse."
    )


def test_small_numbers_and_parts_that_are_not_known_are_left_out() -> None:
    few = signal("few", numerator=3, latest_value=3.0)
    all_but_few = share("most", 998, 1000)
    unknown = signal("u", breakdown="district", breakdown_value="not known")
    assert words(few, all_but_few, unknown) == [NONE_NEW]


def test_the_rest_is_counted_and_standards_are_counted_apart() -> None:
    rows = [*(signal(f"m{n}") for n in range(5)), share("TIM-01", 850, 1000)]
    assert words(*rows)[-2:] == ["Changed too: 2 measures of the force.", "Changed too: 1 recording standard."]
    district = signal("d", breakdown="district", breakdown_value="District 1")
    assert words(*rows[:5], district)[-1] == (
        "Changed too: 2 measures of the force, and measures of districts or units."
    )
    said = glance_text.answer(frame(*rows), None, RULE)
    assert reader(frame(*rows)).in_words(said) == (
        "5 measures of the force and 1 recording standard changed by more than chance in the latest month."
    )


def test_what_began_before_the_latest_month_stands_and_is_not_called_a_change_of_it() -> None:
    """Said before: 36 measures and 60 standards changed in the latest month. 7 of them began in it."""
    old = [signal(f"m{n}", is_new=False) for n in range(3)] + [share("TIM-01", 850, 1000, is_new=False)]
    stands = "Earlier changes that continue: 3 measures of the force and 1 recording standard."
    assert words(*old) == [NONE_NEW, stands]
    assert words(signal("new"), *old)[1:] == [stands]
    for new, said in ([signal("new")], "1 measure of the force"), ([], "No measure of the force"):
        rows = frame(*new, *old)
        assert reader(rows).in_words(glance_text.answer(rows, None, RULE)) == (
            f"{said} changed by more than chance in the latest month; 4 earlier changes continue."
        )


def test_data_beyond_the_limit_are_named_with_their_age_and_younger_ones_are_not() -> None:
    end = dt.date(2026, 3, 31)
    assert numbers.too_old(end, dt.date(2026, 5, 16), 45) == "Data end on 31 Mar 2026, 46 days ago. "
    assert numbers.too_old(end, dt.date(2026, 5, 15), 45) == numbers.too_old(None, end, 45) == ""


def test_what_awaits_a_decision_is_named_with_its_day() -> None:
    entry = {
        "register": "recommendations", "entry_ref": "R1", "title": "Assign every order an owner", "fields": "{}",
        "status": "needs_decision", "due_date": dt.date(2026, 12, 1), "is_closed": False, "is_starter": False,
        "is_overdue": False,
    }  # fmt: skip
    late = entry | {"entry_ref": "R2", "title": "Train call takers", "status": "open", "is_overdue": True}
    starter = late | {"entry_ref": "R3", "title": "A starter", "is_starter": True}
    entries = frame(entry, late, starter)
    assert printed(glance_text.waiting(entries), reader(entries=entries)) == [
        "Assign every order an owner, due 1 Dec 2026.", "Train call takers, due 1 Dec 2026.",
    ]  # fmt: skip

    def answer(entries: pl.DataFrame | None) -> str:
        return reader(entries=entries).in_words(glance_text.answer(None, entries, RULE))

    assert answer(entries) == "1 decision is waiting, and 1 overdue."
    assert answer(frame(entry)) == "1 decision is waiting, and nothing is overdue."
    [line] = glance_text.waiting(frame(starter))
    assert line.runs == (answer(frame(starter)),) == ("No decision or action has been entered yet.",)
    assert answer(None).startswith("Neither changes nor decisions can be shown")


def test_the_worst_duties_come_first_and_those_of_few_cases_not_at_all() -> None:
    def duty(name: str, met: int, due: int) -> dict[str, Any]:
        return {
            "measure_name": name, "measure_code": name.lower(), "numerator": met, "denominator": due,
            "value": met / due, "period_start": dt.date(2025, 4, 1), "period_end": MARCH,
            "period_type": "rolling_12", "breakdown": "none", "breakdown_value": "all",
        }  # fmt: skip

    rows = frame(duty("Good", 95, 100), duty("Bad", 20, 100), duty("Worse", 10, 100), duty("Few", 1, 6))
    held = GivenRows(RULE, metrics__measure_values=rows)
    said = printed(glance_text.duties(rows, text("Orders in force: 3."), RULE), held)
    assert said == [
        "Worse: 10.0% (10 of 100), Apr 2025 to Mar 2026.",
        "Bad: 20.0% (20 of 100), Apr 2025 to Mar 2026.",
        "Orders in force: 3.",
    ]
    [none] = printed(glance_text.duties(rows.tail(1), (), RULE), held)
    assert none.startswith("No duty has enough cases"), "a heading has an answer"
