"""The integrity front page: what came in, what broke, whose turn it is, and which audits are due."""

import datetime as dt

import polars as pl

from dashboards.text.front import work_text

DAY = dt.datetime(2026, 11, 27, 23, 30, tzinfo=dt.UTC)


def deliveries(*changes: dict[str, object]) -> pl.DataFrame:
    row = {"file_name": "force/crime.csv", "received_at": DAY, "rows_read": 10, "rows_quarantined": 2,
           "status": "loaded", "reason": ""}  # fmt: skip
    return pl.DataFrame([row | change for change in changes], infer_schema_length=None)


def test_what_came_in_names_the_latest_day_what_was_refused_and_what_is_unknown() -> None:
    earlier = {"received_at": DAY - dt.timedelta(days=3)}
    refused = {"file_name": "force/outcome.csv", "status": "refused", "reason": "expected 5 columns, saw 4.",
               "rows_quarantined": 9}  # fmt: skip
    assert [line.words for line in work_text.came_in(deliveries({}, earlier, refused), 1)] == [
        "2 files on 27 Nov 2026, 20 rows.",
        "force/outcome.csv was refused: expected 5 columns, saw 4.",
        "4 rows of the files in use were set aside as faulty.",
        "1 file was not recognised, and not used.",
    ]
    assert [line.words for line in work_text.came_in(deliveries({}).clear(), 0)] == ["Nothing has been delivered."]


def test_what_broke_names_what_failed_what_is_withheld_and_what_fell() -> None:
    rule = {"rule_code": "TIM-01", "title": "Recorded in 24 hours", "status": "BREACH", "severity": "error",
            "table_name": "core.crimes"}  # fmt: skip
    rule |= {"measure_code": "TIM-01"}
    results = pl.DataFrame([rule, rule | {"rule_code": "STR-01", "measure_code": None, "status": "ERROR"}])
    found = {"measure_code": "TIM-01", "post": "Force crime registrar", "is_better": False, "attention_rank": 1,
             "sentence": "Recorded in 24 hours, Unit F: 83.0%.", "kind": "outlier", "breakdown": "unit",
             "breakdown_value": "Unit F"}  # fmt: skip
    attention = pl.DataFrame([
        found | {"attention_rank": 4, "measure_code": "recorded_24h", "sentence": "Second."}, found,
        found | {"attention_rank": 2, "is_better": True}, found | {"attention_rank": 3, "post": "Head of crime"},
        found | {"attention_rank": 5, "is_better": None},
    ])  # fmt: skip
    assert [line.words for line in work_text.broke(results, attention, {"metrics.x": "because"})] == [
        "STR-01 could not be checked.",
        "1 table is withheld: metrics.x.",
        "Recorded in 24 hours, Unit F: 83.0%.",
        "Second.",
        "0 standards met by every record, 1 breached, 0 to refer to the registrar, 1 could not be checked.",
    ]


def test_the_unit_with_the_most_urgent_records_comes_first() -> None:
    def entries(unit: str, count: int, **more: object) -> list[dict[str, object]]:
        row = {"unit_name": unit, "is_escalated": False, "severity": "error", "reason": "r", "rule_title": "t"}
        return [row | more] * count

    rows = pl.DataFrame([*entries("A", 9), *entries("B", 2, is_escalated=True), *entries("B", 1, severity="warn")])
    assert [line.words for line in work_text.turns(rows)] == [
        "B: 2 urgent, for a supervisor, 1 for the registrar to read.", "A: 9 to correct.",
    ]  # fmt: skip
    assert [line.words for line in work_text.turns(rows.clear())] == ["No record is on the list."]


def test_audits_that_are_due_again_come_before_those_that_are_open() -> None:
    held = [{"title": "Autumn", "signed_off_at": None}, {"title": "Spring", "signed_off_at": "2026-05-01"}]
    due = [{"title": "Spring", "reaudit_due": "2026-11-01"}]
    assert [line.words for line in work_text.audits(held, due, DAY.date())] == [
        "Audit “Spring” was to be repeated on 1 Nov 2026.", "Autumn is not signed off.",
    ]  # fmt: skip
    assert "No audit has been started" in work_text.audits([], [], DAY.date())[0].words
