"""The fix list in steps: escalated first, a warning referred and never ordered, nothing called fixed that is not."""

import invented_recording as recording
import polars as pl
import pytest
from invented_recording import PHRASE

from dashboards.text.recording import fix_list_text

SAME = fix_list_text.Runs(has_earlier=True, is_same_product=True)
ROWS = fix_list_text.in_steps(recording.fix_list())


def test_each_entry_is_in_the_step_of_its_severity() -> None:
    steps = dict(ROWS.select("rule_code", "step").unique().iter_rows())
    assert steps == {"TIM-02": "at-once", "STR-04": "put-right", "TIM-01": "refer", "CLS-05": "refer"}
    assert set(ROWS.filter(pl.col("severity") == "warn")["to_do"]) == {"Supervisor at once", "Refer to the registrar"}


def test_the_most_urgent_stand_first_and_then_the_standard_with_most_records() -> None:
    assert fix_list_text.in_order(ROWS)["rule_code"].unique(maintain_order=True).to_list() == [
        "TIM-02", "STR-04", "TIM-01", "CLS-05",
    ]  # fmt: skip


def test_words_of_a_record_are_replaced_by_a_pointer_to_it() -> None:
    assert not ROWS["reason"].str.contains(PHRASE, literal=True).any()
    assert set(ROWS.filter(pl.col("rule_code") == "CLS-05")["reason"]) == {fix_list_text.READ_THE_RECORD}


def test_records_are_counted_once_however_many_standards_they_breach() -> None:
    assert (ROWS.height, fix_list_text.record_count(ROWS)) == (12, 11)
    assert fix_list_text.finding(ROWS, "All units") == (
        "All units: 11 records to check, 1 for a supervisor at once, 1 to correct and 10 to refer to the registrar."
    )
    assert fix_list_text.finding(ROWS.clear(), "Unit A") == "Unit A: nothing is on the list for this choice."


def test_what_is_new_is_not_known_in_a_first_run() -> None:
    later = fix_list_text.standards_of(ROWS, has_earlier_run=True)
    assert later.filter(pl.col("rule_code") == "TIM-01").select("record_count", "new_count").row(0) == (8, 2)
    first = fix_list_text.standards_of(ROWS, has_earlier_run=False)
    assert first["new_count"].null_count() == first.height == 4


def test_the_first_standards_are_named_and_the_rest_is_counted() -> None:
    standards = fix_list_text.standards_of(ROWS, has_earlier_run=True)
    refer = next(step for step in fix_list_text.STEPS if step.key == "refer")
    assert fix_list_text.first_words(standards, refer, most=1) == [
        ("8 records", "appear to breach TIM-01, “Recorded within 24 hours”"),
        ("", "and 1 more standard: see “By standard”"),
    ]
    right = next(step for step in fix_list_text.STEPS if step.key == "put-right")
    assert fix_list_text.first_words(standards, right) == [("1 record", "breaches STR-04, “Class and code agree”")]


def test_units_are_counted_step_by_step() -> None:
    units = fix_list_text.by_unit(ROWS)
    assert units["unit_name"].to_list() == ["Unit B", "Unit A", "not known"]
    assert units.select("at-once", "put-right", "refer", "entries", "records").row(0) == (1, 0, 4, 5, 4)
    assert fix_list_text.by_unit(ROWS.clear()).height == 0


def test_gone_and_changed_are_not_called_put_right() -> None:
    ended = pl.DataFrame({"ended_as": ["fixed", "gone", "gone", "rule changed"]})
    assert fix_list_text.ended_finding(ended, "Unit A", SAME) == (
        "Unit A: 1 corrected, 2 no longer in the extract and 1 whose rule changed since the last build"
    )
    gone = ended.filter(pl.col("ended_as") == "gone")
    assert fix_list_text.ended_finding(gone, "Unit A", SAME).startswith("Unit A: 0 corrected")
    assert fix_list_text.ended_finding(gone.clear(), "Unit A", SAME).endswith("has been corrected since")


def test_where_the_product_changed_nothing_is_called_put_right() -> None:
    changed = fix_list_text.Runs(has_earlier=True, is_same_product=False)
    words = fix_list_text.ended_finding(pl.DataFrame({"ended_as": ["fixed", "gone"]}), "Unit A", changed)
    assert words == "Unit A: 1 no longer found and 1 no longer in the extract since the last build"


@pytest.mark.parametrize(
    ("versions", "runs"),
    [
        (["1"], fix_list_text.Runs(has_earlier=False, is_same_product=False)),
        (["1", "1"], SAME),
        (["1", "2"], fix_list_text.Runs(has_earlier=True, is_same_product=False)),
        (["1", "2", "2"], SAME),
    ],
)
def test_a_build_is_compared_with_the_one_before_it(versions: list[str], runs: fix_list_text.Runs) -> None:
    held = pl.DataFrame({"started_at": range(len(versions)), "code_version": versions})
    assert fix_list_text.runs_of(held.reverse()) == runs
