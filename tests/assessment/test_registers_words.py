"""What the page of decisions and actions says, from entries as they stand."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from audit_hands import store
from published_home import build_home, publish

from casework.assessment import registers
from casework.choices.register_kinds import KINDS
from dashboards.data.published import Copy, open_copy
from dashboards.data.scope import WHOLE
from dashboards.pages.assessment import registers_data, registers_text
from dashboards.pages.assessment.registers_data import Entry, Figures
from dashboards.text.small_numbers import SmallNumbers

DAY = dt.date(2026, 11, 24)
ANSWER = {"measure_code": "repeat_victims", "measure_name": "Invented figure", "value_type": "share", "page": "x",
          "status": "measured", "reason": None, "numerator": 150, "denominator": 1000, "value": 0.15, "lower": 0.129,
          "upper": 0.174, "period_start": dt.date(2025, 4, 1), "period_end": dt.date(2026, 3, 31),
          "is_so_far": False}  # fmt: skip
RULE = SmallNumbers(5, 30)
FIGURES = Figures({"repeat_victims": ANSWER}, RULE)
SNAPSHOT = {"metric_code": "repeat_victims", "value": 0.2, "numerator": 200, "denominator": 1000, "lower": 0.176,
            "upper": 0.226, "published_at": "2026-03-01T09:00:00+00:00", "manifest_hash": "abcdef" * 10 + "0000",
            "taken_at": "2026-03-02T09:00:00Z"}  # fmt: skip


def entry(ref: str = "a", revision: int = 1, is_closed: bool = False, register: str = "recommendations",
          **fields: Any) -> Entry:  # fmt: skip
    return Entry(register, ref, revision, {"title": f"Invented {ref}", "status": "open"} | fields, is_closed)


LATE = entry("late", due_date="2026-11-23", owner="Post")
ASKED = entry("asked", status="needs_decision")
BOTH = entry("both", due_date="2026-01-01", status="needs_decision")
DONE = entry("done", is_closed=True, status="done", due_date="2020-01-01", closing_words="Invented deed")
STARTER = entry("starter", revision=0, due_date="2025-03-27")
ALL = [LATE, ASKED, BOTH, DONE, STARTER, entry("open", owner="Post", due_date="2026-11-24")]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (LATE, "Overdue; open"),
        (ASKED, "Needs a decision"),
        (BOTH, "Overdue; needs a decision"),
        (DONE, "Done"),
        (entry(is_closed=True, status="declined"), "Not taken up"),
        (STARTER, "Starter, not confirmed; past its date"),
        (entry(revision=0), "Starter, not confirmed"),
        (entry(review="To be entered"), "Placeholder, no entry yet"),
    ],
)
def test_the_state_of_an_entry(given: Entry, words: str) -> None:
    assert registers_text.state(given, DAY) == words


def test_what_comes_first_is_what_is_late_then_what_waits_each_once() -> None:
    assert [e.ref for e in registers_text.first(ALL, DAY)] == ["both", "late", "asked"]
    assert registers_text.answer(ALL, DAY) == (
        "Of 4 open entries: 2 overdue, 2 waiting for a decision, 2 without an owner."
    )  # fmt: skip
    nothing = [DONE, STARTER, entry(title="To be entered: a lesson")]
    assert registers_text.answer(nothing, DAY) == "No entry of the registers is open."
    counts = [(label, value) for label, value, _ in registers_text.facts(ALL, DAY)]
    assert counts == [("Overdue", "2"), ("Needs a decision", "2"), ("Without an owner", "2"), ("Starters", "1")]


def test_a_starter_whose_date_is_over_is_told_apart() -> None:
    assert registers_text.late_starters(ALL, DAY).startswith("1 starter is past its date and is not counted here")
    assert registers_text.late_starters([LATE, DONE, entry(revision=0)], DAY) == ""
    assert registers_text.heading("recommendations", ALL) == (
        "Recommendations and control strategy: 5 entries, 1 starter not confirmed"
    )
    held = [LATE, entry(body="To be entered")]
    assert registers_text.heading("inspection", held).endswith("recommendations: 1 entry, 1 placeholder")


def test_columns_that_no_entry_fills_are_named_once_and_left_out() -> None:
    headings = registers_text.columns("recommendations")
    rows = registers_text.rows("recommendations", [LATE, ASKED], FIGURES, DAY, {})
    kept, said = registers_text.filled(rows, headings)
    assert list(kept) == ["title", "state", "owner", "due", "ref"]
    assert said.startswith("No entry shown here has anything under “Live figure now”, “At the snapshot”, ")
    assert registers_text.filled(rows.select("title", "owner"), {"title": "Action", "owner": "Owner"})[1] == ""


def test_what_comes_first_leads_to_the_place_where_it_is_changed() -> None:
    [row] = registers_text.first_rows([LATE], FIGURES, DAY).to_dicts()
    assert row["address"] == "decisions_and_actions?register=recommendations&shown=all&entry=late"


def test_a_register_lists_open_before_closed_and_the_kept_before_starters() -> None:
    rows = registers_text.rows("recommendations", ALL, FIGURES, DAY, {"T1": "Invented theme"})
    assert rows["ref"].to_list() == ["both", "late", "open", "asked", "starter", "done"]
    assert rows["owner"].to_list()[:2] == ["nobody yet", "Post"]
    assert rows["due"].to_list()[0] == "1 Jan 2026"
    assert rows["state"].to_list()[-1] == "Done: Invented deed"
    assert rows["now"].unique().to_list() == ["none chosen"]


@pytest.mark.parametrize("register", KINDS)
def test_every_register_has_a_table_whose_headings_are_its_fields(register: str) -> None:
    given = entry(register=register, theme_code="T1", factor="legal", heading="protect", grade="trial", relevance="0")
    rows = registers_text.rows(register, [given], FIGURES, DAY, {"T1": "Invented theme"})
    assert rows.columns == list(registers_text.columns(register))
    labels = {field.label for field in KINDS[register].fields if field.name not in registers_text.SHARED}
    assert labels <= set(registers_text.columns(register).values())
    if KINDS[register].field_of("theme_code"):
        assert rows["theme_code"][0] == "Invented theme"


def test_the_live_figure_stands_beside_its_snapshot() -> None:
    given = entry(metric_code="repeat_victims", snapshot=SNAPSHOT)
    assert registers_text.figure_now(given, FIGURES).startswith("Invented figure: 15.0%, 150 of 1,000")
    assert registers_text.figure_now(given, FIGURES).endswith(" (Apr 2025 to Mar 2026)")
    then = registers_text.figure_then(given, FIGURES)
    assert then.startswith("20.0%, 200 of 1,000") and "published 1 Mar 2026, manifest abcdefabcdef" in then
    assert registers_text.figure_then(entry(metric_code="repeat_victims"), FIGURES) == "none saved"
    assert registers_text.figure_now(entry(metric_code="other"), FIGURES) == "not published to this audience"


def test_a_small_number_is_told_neither_now_nor_in_a_snapshot() -> None:
    given = entry(metric_code="repeat_victims", snapshot=SNAPSHOT | {"numerator": 3, "value": 0.003})
    assert "fewer than 5 of 1,000" in registers_text.figure_then(given, FIGURES)
    few = Figures({"repeat_victims": ANSWER | {"numerator": 3, "value": 0.003}}, RULE)
    assert "fewer than 5 of 1,000" in registers_text.figure_now(given, few)


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    return open_copy(build_home(tmp_path / "home"), "command", WHOLE)


class TestReading:
    def test_what_is_kept_takes_the_place_of_its_starter(self, copy: Copy, tmp_path: Path) -> None:
        home = tmp_path / "home"
        starters = registers_data.entries(home, copy)
        assert starters and all(e.is_starter for e in starters)
        assert not (home / "casework.sqlite").exists()  # looking makes no store
        policy = next(e for e in starters if e.ref == "policy-M12e")
        assert policy.source.endswith("line M12e")
        registers.save(store(home), "policies", policy.ref, policy.fields, "Invented Analyst", seen_revision=0)
        found = registers_data.entries(home, copy)
        assert len(found) == len(starters)
        assert [e.revision for e in found if e.ref == policy.ref] == [1]

    def test_low_confidence_opens_a_gap_by_itself_until_somebody_keeps_it(self, tmp_path: Path) -> None:
        home = build_home(tmp_path / "gaps", leave_out=[registers_data.ENTRIES])
        gaps = {"theme_code": ["T2", "T3"], "gap": ["Confidence is low: invented", "Invented part: not measured"],
                "kind": ["low confidence", "not measured"]}  # fmt: skip
        content = {registers_data.GAPS: pl.DataFrame(gaps)}
        publish(home, "command", content, version="20261125T000000000000Z")
        copy = open_copy(home, "command", WHOLE)
        [gap] = registers_data.entries(home, copy)
        assert (gap.ref, gap.title, gap.is_starter) == ("gap-T2-confidence", "Confidence is low: invented", True)
        given = {**gap.fields, "owner": "Post"}
        registers.save(store(home), gap.register, gap.ref, given, "Invented Analyst", seen_revision=0)
        assert [(e.revision, e.fields["theme_code"]) for e in registers_data.entries(home, copy)] == [(1, "T2")]

    def test_a_figure_stands_once_however_many_lines_it_answers(self, copy: Copy) -> None:
        figures = registers_data.figures(copy)
        assert figures.names["repeat_victims"].startswith("Victims with two")
        assert len(figures.names) == len(set(figures.names))

    def test_a_snapshot_names_the_publication(self, copy: Copy, tmp_path: Path) -> None:
        row = registers_data.figures(copy).rows["repeat_victims"]
        taken = registers_data.snapshot(copy, row)
        assert (taken["value"], taken["numerator"], taken["denominator"]) == (0.15, 150, 1000)
        assert taken["published_at"] == json.loads((copy.folder / "manifest.json").read_text())["published_at"]
        engine = store(tmp_path)
        given = {"title": "x", "metric_code": "repeat_victims"}
        ref = registers.save(engine, "policies", "", given, "Invented Analyst", seen_revision=0)
        registers.take_snapshot(engine, "policies", ref, taken, "Invented Analyst", seen_revision=1)

    def test_without_the_tables_there_are_no_starters_figures_or_themes(self, tmp_path: Path) -> None:
        left_out = [registers_data.ENTRIES, registers_data.ANSWERS, registers_data.THEMES, "metrics.theme_gaps"]
        bare = open_copy(build_home(tmp_path / "bare", leave_out=left_out), "command", WHOLE)
        assert registers_data.entries(tmp_path / "bare", bare) == []
        assert (registers_data.figures(bare).rows, registers_data.themes(bare)) == ({}, {})
