"""What the public may hold the force to account for, in words."""

import csv
import datetime as dt
import json
import re
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from worked import made

from dashboards.charts import sentences
from dashboards.charts.breaks import Regime
from dashboards.pages.support.held_to_account_chart import by_quarter
from dashboards.text.support import held_to_account_text as words
from dashboards.text.support import recommendations_text as recommendations

ROOT = Path(__file__).resolve().parents[2]
DUTY = {"subject": "protection", "direction": "higher_is_better"}
OUTCOME = {"subject": "outcomes", "direction": "neither"}
FEWER_IS_BETTER = {"subject": "people", "direction": "lower_is_better"}


def row(
    met: str = "95", due: str | None = "100", value: float | None = 0.95, change: str | None = None
) -> dict[str, Any]:
    return {"numerator_text": met, "denominator_text": due, "value": value, "change": change, "value_before": None,
            "period_start": dt.date(2026, 1, 1)}  # fmt: skip


@pytest.mark.parametrize(
    ("given", "text"),
    [
        (row(), "95%"),
        (row("10", "15", None), "10 of 15"),
        (row("*", "15", None), "*"),
        (row("not released", "*", None), "*"),
        (row("not measured", "not measured", None), "not measured"),
        (row("1,230", None, 1230.0), "1,230"),
        (row("*", None, None), "*"),
        (row("0", "0", None), "none due"),
    ],
)
def test_a_figure_is_what_is_released(given: dict[str, Any], text: str) -> None:
    assert words.figure(given) == text


@pytest.mark.parametrize(
    ("given", "measure", "text"),
    [
        (row(change="higher"), DUTY, "Better: met more often"),
        (row(change="lower"), DUTY, "Worse: met less often"),
        (row(change="no clear change"), DUTY, "No clear change"),
        (row(change="higher"), OUTCOME, "More often"),
        (row(change="lower"), FEWER_IS_BETTER, "Better: less often"),
        (row("600", None, 600.0, "lower"), OUTCOME, "Fewer"),
        (row(), DUTY, "No figure a year ago"),
        (row() | {"value_before": 0.9}, DUTY, "Not compared, as it could reveal few people"),
        (row("*", "40", None), DUTY, "Fewer than can be shown"),
        (row("10", "15", None), DUTY, "Too few for a share, or all but a few"),
        (row("0", "0", None), DUTY, "Nothing was due"),
        (row("not measured", "not measured", None), DUTY, "Not measured"),
        (None, DUTY, "Not measured"),
    ],
)
def test_a_status_says_what_happened_since_a_year_before(given: Any, measure: dict[str, str], text: str) -> None:
    assert words.status(given, measure) == text


def test_a_change_that_is_no_finding_among_all_that_is_compared_is_none() -> None:
    assert words.status(row(change="lower"), DUTY, 40) == "No clear change among 40 compared"
    assert words.status(row(change="no clear change"), DUTY, 40) == "No clear change"
    assert words.status(row("*", "40", None), DUTY, 40) == "Fewer than can be shown"


def test_each_sentence_counts_each_measure_and_action_once() -> None:
    rows = pl.DataFrame({"breakdown": ["none", "none", "district", "none"], "is_better": [False, False, True, True],
                         "sentence": ["A.", "B.", "C.", "D."]})  # fmt: skip
    said = "Of 8 measures, 2 are worse and 1 is better than a year ago by more than chance. Districts have 1 finding."
    assert words.answer(rows, 8) == said
    assert words.answer(rows.clear(), 8) == "Of 8 measures, none differs from a year ago by more than chance."
    assert words.findings(rows) == ["Worse: A.", "Worse: B.", "Better: C.", "Better: D."]
    assert words.findings(rows.clear()) == ["No measure differs from a year ago by more than chance."]
    quarters = [dt.date(2025, 7, 1), dt.date(2025, 10, 1), dt.date(2026, 1, 1)]
    assert words.trend([row(), row(value=None) | {"period_start": quarters[1]}], quarters) == "–, –, 95"
    assert words.actions([True, False, None]).endswith("3 actions, 1 of them overdue when this was published")
    assert words.actions([False]).endswith("1 action, none of them overdue when this was published")
    late = {"status": "under_way", "is_overdue": True, "due_date": dt.date(2026, 2, 28)}
    assert words.state(late) == "Overdue; under way; due 28 Feb 2026"
    assert words.state({"status": "done", "is_overdue": None, "due_date": None}) == "Done; no date"


def test_an_entry_is_public_only_by_choice_of_a_measure() -> None:
    def entry(ref: str, **more: Any) -> dict[str, Any]:
        held = {"public_measure": more.pop("measure")} if "measure" in more else {}
        fields = json.dumps({"number": "7.1", "update": "Said", "updated_on": "2026-03-01", "body": "B"} | held)
        return {"register": "recommendations", "entry_ref": ref, "title": "T", "fields": fields,
                "is_starter": False, "is_placeholder": False, **more}  # fmt: skip

    rows = made(
        "core.public_actions",
        core_register_entries=[
            entry("a", measure="risk_assessed"), entry("b"), entry("c", measure="open_caseload"),
            entry("d", measure="risk_assessed", is_starter=True), entry("e", measure="words_alone"),
            entry("f", measure="risk_assessed", register="inspection"), entry("g", register="inspection"),
            entry("h", measure="words_alone", register="inspection"),
            entry("i", measure="risk_assessed", is_placeholder=True),
        ],
    )  # fmt: skip
    columns = ("entry_ref", "measure_code", "number", "body", "update_words", "updated_on")
    assert sorted(tuple(row[name] for name in columns) for row in rows) == [
        ("a", "risk_assessed", None, None, None, None),
        ("f", "risk_assessed", "7.1", "B", "Said", dt.date(2026, 3, 1)),
        ("h", None, "7.1", "B", "Said", dt.date(2026, 3, 1)),
    ]


def test_recommendations_are_by_number_with_the_released_figure_and_its_interval() -> None:
    def given(number: str, measure: str | None, said: str | None = None) -> dict[str, Any]:
        return {"register": "inspection", "entry_ref": number, "title": f"Asks {number}", "number": number, "body": "B",
                "measure_code": measure, "status": "open", "is_overdue": False, "due_date": None,
                "update_words": said, "updated_on": dt.date(2026, 3, 1) if said else None}  # fmt: skip

    last = quarter(dt.date(2026, 1, 1), "90", "100", 0.9)
    few = last | {"numerator_text": "*", "value": None}
    plan = [{"measure_code": code, "plain_name": code.upper(), "last_row": row}
            for code, row in (("m", last), ("n", None), ("o", few))]  # fmt: skip
    frame = pl.DataFrame([given("10", "m", "Did it"), given("7.2", "n"), given("7", None), given("7.10", "o")])
    rows = recommendations.listed(frame)
    shown = recommendations.table(rows, plan).select("number", "did", "figure").rows()
    assert shown == [
        ("7", "nothing yet", "none"),
        ("7.2", "nothing yet", "N: not measured"),
        ("7.10", "nothing yet", "O, Q4 2025/26: withheld: too few"),
        ("10", "Did it (1 Mar 2026)", "M, Q4 2025/26: 90% (90 of 100; 95% interval 85% to 95%)"),
    ]
    assert recommendations.finding(rows) == "4 recommendations shown, 1 with what the force says it did"
    assert recommendations.listed(frame.drop("update_words")) == []  # a copy of an earlier version
    assert recommendations.others(frame).is_empty()


def test_the_public_s_words_name_no_form_or_code() -> None:
    path = ROOT / "assets" / "reference" / "assessment" / "public_measures.csv"
    lines = list(csv.DictReader(path.open(encoding="utf-8")))
    assert lines
    for line in lines:
        told = f"{line['plain_name']} {line['plain_words']} {line['commitment']}"
        assert re.findall(r"\b(?:MG\d+|[A-Z]{3,}|8[LMQRU])\b|\{|_", told) == [], line["measure_code"]
        assert line["plain_words"].endswith(".") and not line["commitment"].endswith("."), line["measure_code"]


QUARTERS = [dt.date(2025, 1, 1), dt.date(2025, 4, 1), dt.date(2025, 7, 1), dt.date(2025, 10, 1)]


def quarter(start: dt.date, met: str, due: str | None, value: float | None) -> dict[str, Any]:
    interval = {"lower": value - 0.05, "upper": value + 0.05} if value is not None and due else {}
    return {"period_start": start, "numerator_text": met, "denominator_text": due, "value": value,
            "lower": None, "upper": None, **interval}  # fmt: skip


def drawn(rows: list[dict[str, Any]], *changes: Regime) -> dict[str, Any]:
    """The traces of one panel by name."""
    frame = pl.DataFrame(rows, infer_schema_length=None, schema_overrides={"value": pl.Float64})
    chart = by_quarter([("Whole force", frame)], changes, "share")
    return {trace.name: trace for trace in chart.data} | {"read": sentences.carried(chart)}


def test_a_withheld_quarter_is_neither_zero_nor_joined_over() -> None:
    held = [quarter(QUARTERS[0], "90", "100", 0.9), quarter(QUARTERS[1], "*", "*", None),
            quarter(QUARTERS[2], "80", "100", 0.8), quarter(QUARTERS[3], "85", "100", 0.85)]  # fmt: skip
    traces = drawn(held)
    assert list(traces["Whole force"].y) == [0.9, None, 0.8, 0.85]
    assert traces["Whole force"].connectgaps is False
    points = traces["Whole force: values"]
    assert list(points.y) == [0.9, 0.8, 0.85]
    assert [round(more, 2) for more in points.error_y.array] == [0.05] * 3
    assert points.customdata[0][1] == "90% (90 of 100; 95% interval 85% to 95%)"
    assert [said for _, said in traces["Whole force: no figure"].customdata] == ["withheld: too few"]
    assert traces["read"] == (
        "The last point of “Whole force”, Q3 2025/26, is 85% (85 of 100). Its line, 80% to 90%, is the 95% interval. "
        "1 quarter has a cross: no figure is shown, which is no zero."
    )


def test_a_quarter_that_is_missing_is_a_gap_and_a_recording_change_breaks_the_line() -> None:
    ends = [quarter(QUARTERS[0], "90", "100", 0.9), quarter(QUARTERS[1], "90", "100", 0.9),
            quarter(QUARTERS[3], "85", "100", 0.85)]  # fmt: skip
    assert list(drawn(ends)["Whole force"].y) == [0.9, 0.9, None, 0.85]
    assert [said for _, said in drawn(ends)["Whole force: no figure"].customdata] == [
        "nothing is released for this quarter"
    ]
    change = Regime("R", dt.date(2025, 8, 1), "day", "A new form", "")
    whole = [quarter(start, "90", "100", 0.9) for start in QUARTERS]
    assert list(drawn(whole, change)["Whole force"].y) == [0.9, 0.9, None, 0.9, None, 0.9]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (quarter(QUARTERS[0], "10", "15", None), "10 of 15: no share is shown"),
        (quarter(QUARTERS[0], "0", "0", None), "nothing was due"),
        (quarter(QUARTERS[0], "not measured", "not measured", None), "not measured"),
        (quarter(QUARTERS[0], "1,230", None, 1230.0), "1,230"),
        (quarter(QUARTERS[0], "*", None, None), "withheld: too few"),
    ],
)
def test_a_point_says_what_it_is_of_or_why_there_is_none(given: dict[str, Any], said: str) -> None:
    assert words.write_figure(given) == said
