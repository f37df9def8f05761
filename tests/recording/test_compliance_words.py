"""Compliance in words and series: when a chart may call a change, and what shares are of."""

import datetime as dt

import invented_recording as recording
import polars as pl
import pytest
from invented_figures import month
from invented_recording import TIMES, UNITS

from dashboards.pages.recording import compliance
from dashboards.pages.recording.compliance import Part
from dashboards.text.recording import standards_text
from dashboards.text.small_numbers import SmallNumbers
from pipelines.tables.cards import all_cards


def test_the_invented_tables_have_the_columns_of_the_real_ones() -> None:
    cards = all_cards()
    for name, frame in (recording.command_tables() | recording.integrity_tables()).items():
        columns = {column.name for column in cards[name].columns}
        if name == "core.crimes":  # the pages read two columns of many
            assert set(frame.columns) < columns
        else:
            assert set(frame.columns) | {"force_code"} == columns | {"force_code"}, name


def test_a_part_finds_its_counts_and_months() -> None:
    counts = compliance.described(recording.standards().filter(measure_code="TIM-01"))
    parts = compliance.parts_of(counts)
    assert [part.key for part in parts] == ["all", "unit:Unit A", "unit:Unit B", "class:8L", "class:8Q"]
    unit_b = Part("unit", UNITS[1])
    assert compliance.to_date(counts, unit_b)["examined_count"].to_list() == [2000]
    assert compliance.months_of(counts, unit_b)["of"].unique().to_list() == [69]
    assert Part("class", "8Q").words({"8Q": "Stalking"}) == "Class 8Q, Stalking"
    of_no_unit = recording.standards().filter(measure_code="TIM-01").with_columns(
        breakdown_value=pl.when(pl.col("breakdown") == "unit").then(pl.lit("not known")).otherwise("breakdown_value")
    )
    assert "unit" not in {part.breakdown for part in compliance.parts_of(compliance.described(of_no_unit))}


def test_why_no_change_is_called_has_its_counts() -> None:
    months = pl.DataFrame([
        {"month": month(i, dt.date(2024, 2, 1)), "numerator": 40 - n, "denominator": 40, "value": 1 - n / 40,
         "segment": 1, "limits_status": "too_few_breaches"}
        for i, n in enumerate([1, 0] * 13)
    ])  # fmt: skip
    said = compliance.why_no_limits(months)
    assert said.startswith("13 breaches and 1,027 met in the 26 months since Feb 2024.")
    short = months.head(4).with_columns(limits_status=pl.lit("too_few_points"))
    assert compliance.why_no_limits(short).startswith("There are 4 months since Feb 2024")
    assert "It needs whole months of the extract" in compliance.why_no_limits(months.clear())
    key = standards_text.key({"rule_code": "TIM-01", "table_name": TIMES})
    assert standards_text.address(key, "unit:A & B").endswith(
        "?rule=TIM-01%40core.recording_time_facts&part=unit%3AA+%26+B"
    )


def test_what_could_not_be_judged_is_in_no_denominator_over_time() -> None:
    counts = compliance.described(recording.standards().filter(measure_code="STR-04"))
    tenth = compliance.months_of(counts, compliance.WHOLE).row(9, named=True)
    assert (tenth["examined_count"], tenth["not_evaluable_count"], tenth["of"], tenth["count"]) == (138, 130, 8, 8)


def test_units_are_called_low_only_where_the_interval_says_so() -> None:
    rows = pl.DataFrame({"value": [0.80, 0.93, None], "upper": [0.90, 0.99, None]})
    assert compliance.parts_finding(rows, 0.95, "unit", "units") == (
        "1 of 2 units is below the whole force's compliance of 95.0%, given the 95% intervals"
    )
    assert compliance.parts_finding(rows.tail(2), 0.95, "unit", "units").startswith("No unit is below the")


def test_a_month_without_a_share_is_not_the_latest() -> None:
    months = pl.DataFrame(
        {
            "month": [dt.date(2025, 1, 1), dt.date(2025, 2, 1)],
            "share": [0.5, None],
            "lower": [0.2, None],
            "upper": [0.8, None],
            "of": [10, 0],
        }
    )
    assert compliance.months_finding(months) == (
        "50.0% of 10 records assessed met it in Jan 2025 (95% interval 20.0% to 80.0%)"
    )
    assert compliance.months_words(months.tail(1)) == "No month has a share."


# shares of a rule's result


@pytest.mark.parametrize(
    ("status", "breached", "examined", "unknown", "words"),
    [
        ("BREACH", 5, 4000, 3900, "5 of 100 (5.0%)"),
        ("PASS", 0, 40, 0, "0 of 40 (0.0%)"),
        ("PASS", 0, 40, 40, "no figure"),
        ("NOT_EVALUABLE", None, 0, 0, "no figure"),
        ("ERROR", None, 0, 0, "no figure"),
    ],
)
def test_a_share_is_of_the_records_judged(
    status: str, breached: int | None, examined: int, unknown: int, words: str
) -> None:
    row = {
        "status": status,
        "breach_count": breached,
        "examined_count": examined,
        "not_evaluable_count": unknown,
    }
    assert standards_text.breach_words(row, SmallNumbers(5, 30)) == words
