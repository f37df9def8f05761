"""The command front page: what is named, in which order, and what is left out."""

import datetime as dt
from typing import Any

import polars as pl
from given_rows import GivenRows

from dashboards.text import numbers
from dashboards.text.content import text
from dashboards.text.front import glance_text
from dashboards.text.front.glance_text import Point
from dashboards.text.small_numbers import SmallNumbers

RULE = SmallNumbers(smallest_shown=5, fewest_in_share=30)


def finding(rank: int, kind: str = "change", **changed: Any) -> dict[str, Any]:
    row = {
        "attention_rank": rank, "kind": kind, "measure_code": f"m{rank}", "breakdown": "none", "breakdown_value": "all",
        "is_new": kind == "change", "sentence": f"Finding {rank}.", "question": f"Why {rank}?", "post": "Head of crime",
    }  # fmt: skip
    return row | changed


def frame(*rows: dict[str, Any]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), infer_schema_length=None)


def reader(found: pl.DataFrame | None = None, entries: pl.DataFrame | None = None) -> GivenRows:
    """The rows that the page holds, as it holds them."""
    held = GivenRows(RULE)
    if found is not None:
        held.hold(glance_text.ATTENTION, found)
    if entries is not None:
        held.hold(glance_text.ENTRIES, entries)
    return held


def words(*rows: dict[str, Any]) -> list[str]:
    return printed(glance_text.findings(frame(*rows)), reader(frame(*rows)))


def printed(points: list[Point], held: GivenRows) -> list[str]:
    return [held.in_words(point.runs) for point in points]


def test_a_finding_is_said_with_its_question_and_leads_to_its_chart() -> None:
    [line] = glance_text.findings(frame(finding(1)))
    assert words(finding(1)) == ["Finding 1. Ask the head of crime: Why 1?"]
    assert line.address == "explore?measure=m1&period=month&by=none"
    [line] = glance_text.findings(frame(finding(1, "outlier", breakdown="unit", breakdown_value="Unit 2")))
    assert line.address == "explore?measure=m1&period=rolling_12&by=unit&part_unit=Unit+2"


def test_three_are_named_in_the_order_of_their_rank_and_the_others_are_counted_by_kind() -> None:
    rows = [
        *(finding(n) for n in range(1, 5)), finding(5, is_new=False), finding(6, "outlier"), finding(7, "outlier"),
        finding(8, "duty"), finding(9, "order"),
    ]  # fmt: skip
    rows[1] |= {"measure_code": "m1"}  # the same measure in another part: the fourth is named in its place
    said = words(*rows)
    assert [line.partition(".")[0] for line in said[:3]] == ["Finding 1", "Finding 3", "Finding 4"]
    assert said[3:] == [
        "Found too: 1 new change, 1 earlier change and 2 differences between parts and the rest."
    ]
    held = frame(*rows)
    assert reader(held).in_words(glance_text.answer(held, None)) == (
        "4 new changes, 1 earlier change and 2 differences between parts and the rest."
    )


def test_without_a_finding_it_says_that_nothing_differs() -> None:
    assert words(finding(1, "duty")) == ["Nothing differs beyond chance."]
    owed = frame(finding(1, "duty"), finding(2, "duty"), finding(3, "duty"))
    said = printed(glance_text.duties(owed, text("Orders in force: 3.")), reader(owed))
    assert said == ["Finding 1.", "Finding 2.", "Orders in force: 3."]


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
        return reader(entries=entries).in_words(glance_text.answer(None, entries))

    assert answer(entries) == "1 decision is waiting, and 1 overdue."
    assert answer(frame(entry)) == "1 decision is waiting, and nothing is overdue."
    [line] = glance_text.waiting(frame(starter))
    assert line.runs == (answer(frame(starter)),) == ("No decision or action has been entered yet.",)
    assert answer(None).startswith("Neither findings nor decisions can be shown")
