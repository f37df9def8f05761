"""Records to correct: who deals with each, by when, what became of it; and that no figure changes by it."""

import datetime as dt

import invented_recording as recording
import polars as pl
import pytest
from sqlalchemy import Engine

from casework.access import access_log
from casework.recording import corrections
from casework.recording.corrections import Entry
from casework.store.refusal import Refused
from dashboards.text.recording import corrections_text

TODAY = dt.date(2026, 11, 28)
FIRST, SECOND = Entry("TIM-01", "crime", "c001"), Entry("TIM-01", "crime", "c002")
SERGEANT, REGISTRAR = "Invented Sergeant", "Invented Registrar"
TO_DO_BY = {"owner": "Invented Team", "due_date": "2026-12-01"}


def change(engine: Engine, seen: dict[Entry, int], status: str, who: str = SERGEANT, **given: str) -> int:
    return corrections.change(engine, seen, status, who, TODAY, **given)


def held(engine: Engine) -> dict[str, tuple[object, ...]]:
    names = ("status", "owner", "due_date", "revision")
    return {row["record_ref"]: tuple(row[name] for name in names) for row in corrections.latest(engine)}


def test_a_record_is_assigned_disputed_and_accepted_by_somebody_else(engine: Engine) -> None:
    assert change(engine, {FIRST: 0, SECOND: 0}, "assigned", **TO_DO_BY) == 2
    change(engine, {FIRST: 1}, "disputed", words="Reported to another force first")
    with pytest.raises(Refused, match="You disputed c001: somebody else decides"):
        change(engine, {FIRST: 2}, "accepted", words="So it is")
    with pytest.raises(Refused, match="c002 is not disputed"):
        change(engine, {FIRST: 2, SECOND: 1}, "accepted", REGISTRAR, words="So it is")
    change(engine, {FIRST: 2}, "accepted", REGISTRAR, words="So it is")
    assert held(engine) == {
        "c001": ("accepted", "Invented Team", "2026-12-01", 3), "c002": ("assigned", "Invented Team", "2026-12-01", 1),
    }  # fmt: skip
    newest = access_log.entries(engine, 1)[0]
    assert (newest["kind"], newest["who"]) == ("alteration", "invented registrar")
    assert "c001" not in newest["subject"], "the log names how many, and no record"


def test_what_changed_since_it_was_seen_is_not_overwritten(engine: Engine) -> None:
    change(engine, {FIRST: 0}, "assigned", **TO_DO_BY)
    with pytest.raises(Refused, match="1 of 2 were changed since you opened them"):
        change(engine, {FIRST: 0, SECOND: 0}, "corrected")
    assert set(held(engine)) == {"c001"}, "all of them or none"


@pytest.mark.parametrize(
    ("status", "given", "words"),
    [
        ("assigned", {"owner": "Invented Team"}, "due date"),
        ("assigned", {"due_date": "2026-12-01"}, "person or team"),
        ("assigned", TO_DO_BY | {"due_date": "2026-11-27"}, "before today"),
        ("assigned", TO_DO_BY | {"due_date": "soon"}, "Expected a due date"), ("disputed", {}, "give the reason"),
        ("open", {}, "give the reason"), ("gone", {}, "Expected one of"),
        ("corrected", {"words": "x" * 201}, "at most 200"), ("corrected", {"words": "a\x00b"}, "no document"),
    ],
)  # fmt: skip
def test_what_is_incomplete_is_refused(engine: Engine, status: str, given: dict[str, str], words: str) -> None:
    with pytest.raises(Refused, match=words):
        change(engine, {FIRST: 0}, status, **given)
    assert held(engine) == {}


def test_the_states_of_the_list(engine: Engine) -> None:
    """Given one past its due date, one reported as corrected before the build, one after it, one nobody dealt with."""
    entries = recording.fix_list().filter(pl.col("rule_code") == "TIM-01")
    third, fourth = Entry("TIM-01", "crime", "c003"), Entry("TIM-01", "crime", "c004")
    change(engine, {FIRST: 0, SECOND: 0}, "assigned", **TO_DO_BY)
    change(engine, {third: 0, fourth: 0}, "corrected")
    rows = [row | {"changed_at": "2026-11-20T09:00:00.000000Z"} if row["record_ref"] == "c003" else row
            for row in corrections.latest(engine)]  # fmt: skip
    found = corrections_text.with_states(entries, rows, dt.date(2026, 12, 2), "2026-11-24T01:10:00+00:00")
    states = dict(found.select("record_ref", "state").iter_rows())
    assert states == {
        "c000": "open", "c001": "overdue", "c002": "overdue", "c003": "still-found", "c004": "corrected",
        "c005": "open", "c006": "open", "c007": "open",
    }  # fmt: skip
    assert found.height == entries.height, "what people decide takes no breach away"
    on_the_day = corrections_text.with_states(entries, rows, dt.date(2026, 12, 1), "2026-11-24T01:10:00+00:00")
    assert on_the_day.filter(pl.col("record_ref") == "c001")["state"].item() == "assigned"
    assert corrections_text.finding(found, "All units") == (
        "All units: of 8 entries, 4 open, 2 overdue, 1 corrected at source and 1 still found"
    )
    assert corrections_text.by_unit(found).select("unit_name", "overdue", "still-found", "next_due").rows() == [
        ("Unit B", 1, 1, dt.date(2026, 12, 1)), ("Unit A", 1, 0, dt.date(2026, 12, 1)),
    ]  # fmt: skip
    assert corrections_text.options(found)["overdue"] == "Overdue (2)"


def test_what_left_the_list_says_what_the_unit_had_reported(engine: Engine) -> None:
    change(engine, {Entry("TIM-01", "crime", "c101"): 0}, "corrected")
    ended = corrections_text.reported(recording.ended_breaches(), corrections.latest(engine))
    assert ended.select("record_ref", "reported").rows() == [
        ("c101", "Corrected at source"), ("c102", "not dealt with here"), ("c103", "not dealt with here"),
    ]  # fmt: skip
