"""Worksheets out and back in, estimates from settled ratings, and the report that may be shared."""

import datetime as dt
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import fastexcel
import pytest
import xlsxwriter
from audit_hands import REGISTRAR, answers, drawn_cycle, rate_all
from commands import stra
from sqlalchemy import Engine

from assets.methods.audit_estimates import METHOD
from casework.audit import ratings, results
from casework.store.refusal import Refused
from dashboards.data.audit import estimates
from dashboards.documents.reports import audit_report
from dashboards.pages.audit import worksheet
from dashboards.text.small_numbers import SmallNumbers

RULE = SmallNumbers(5, 30)

WHO = "rater one"
Rows = list[list[Any]]


def handed_out(engine: Engine, cycle: str, role: str = "first", who: str = WHO) -> bytes:
    units = ratings.work_list(engine, cycle, who, role)
    return worksheet.workbook(units, cycle_ref=cycle, role=role, rater=who, marking="OFFICIAL")


def sheets_of(content: bytes) -> dict[str, Rows]:
    book = fastexcel.read_excel(content)
    return {
        name: [list(row) for row in book.load_sheet(name, header_row=None, dtypes="string").to_polars().rows()]
        for name in book.sheet_names
    }


def filled(content: bytes, change: Callable[[dict[str, Rows], Callable[[str], int]], None] | None = None) -> bytes:
    """The workbook with every asked cell answered well, then changed."""
    sheets = sheets_of(content)
    rows = sheets["Ratings"]
    place = rows[0].index
    for row in rows[1:]:
        for code, heading in worksheet.ASKED.items():
            if code != "evidence_note" and worksheet.is_asked(code, row[place("Stratum")]):
                row[place(heading)] = "1" if code.startswith("crimes") else "15" if "outcome" in code else "pass"
    if change is not None:
        change(sheets, lambda code: place(worksheet.HEADINGS[code]))
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as book:
        for name, lines in sheets.items():
            sheet = book.add_worksheet(name)
            for line, cells in enumerate(lines):
                for column, cell in enumerate(cells):
                    sheet.write_string(line, column, cell or "")
    return out.getvalue()


def taken(engine: Engine, cycle: str, content: bytes, role: str = "first", who: str = WHO) -> worksheet.Outcome:
    return worksheet.take_in(engine, "ratings.xlsx", content, cycle_ref=cycle, role=role, rater=who)


def test_a_worksheet_is_blind_and_no_cell_of_it_is_a_formula(engine: Engine) -> None:
    cycle = drawn_cycle(engine, {"A": 6, "E": 3}, {"A": 6, "E": 3})
    sheets = sheets_of(handed_out(engine, cycle))
    header = sheets["Ratings"][0]
    assert "outcome" not in " ".join(header[: len(worksheet.KNOWN)]).casefold()
    assert header[header.index("Outcome code that the evidence supports")]
    assert not [cell for row in sheets["Ratings"][1:] for cell in row if cell == "15"]
    units = ratings.work_list(engine, cycle, WHO, "first")
    evil = [u | {"phrases": "=HYPERLINK(1)", "linked_refs": "+1", "rating": None} for u in units]
    out = sheets_of(worksheet.workbook(evil, cycle_ref=cycle, role="first", rater="=cmd", marking="OFFICIAL"))
    cells = [c for rows in out.values() for row in rows for c in row if c]
    assert "'=HYPERLINK(1)" in cells and "'+1" in cells and "'=cmd" in cells
    assert not [c for c in cells if c.startswith(("=", "+", "@"))]


def test_a_filled_worksheet_comes_back_once(engine: Engine) -> None:
    cycle = drawn_cycle(engine, {"A": 6, "E": 3}, {"A": 6, "E": 3})
    content = filled(handed_out(engine, cycle))
    assert (taken(engine, cycle, content).kept, results.progress(engine, cycle)["first"]) == (9, 9)
    again = taken(engine, cycle, content)
    assert (again.kept, again.left_empty, again.problems) == (0, 9, ())


def test_a_note_that_looks_like_a_formula_is_kept_as_text(engine: Engine) -> None:
    cycle = drawn_cycle(engine, {"A": 2}, {"A": 2})

    def change(sheets: dict[str, Rows], place: Callable[[str], int]) -> None:
        sheets["Ratings"][1][place("evidence_note")] = "=1+1"

    taken(engine, cycle, filled(handed_out(engine, cycle), change))
    held = [u["rating"]["evidence_note"] for u in ratings.work_list(engine, cycle, WHO, "first")]
    assert "=1+1" in held
    again = sheets_of(handed_out(engine, cycle))["Ratings"]
    assert "'=1+1" in {row[again[0].index("Note")] for row in again}


@pytest.mark.parametrize(
    ("code", "cell", "letter", "expected"),
    [
        ("class_correct", "yes", "M2", "one of pass, fail, unsure, not_evaluable"),
        ("class_correct", "", "M2", "one of pass"),
        ("outcome_code_due", "99", "W2", "an outcome code 0 to 22"),
        ("crimes_required", "1", "K2", "nothing: not asked of this stratum"),
        ("evidence_note", "x" * 2001, "X2", "at most 2,000 characters"),
        ("revision", "one", "B2", "a whole number"),
        ("sample_ref", "audit-elsewhere", "A2", "yours to rate"),
    ],
)
def test_a_rejected_cell_is_explained_and_its_row_alone_is_left_out(
    engine: Engine, code: str, cell: str, letter: str, expected: str
) -> None:
    cycle = drawn_cycle(engine, {"A": 4}, {"A": 4})

    def change(sheets: dict[str, Rows], place: Callable[[str], int]) -> None:
        sheets["Ratings"][1][place(code)] = cell

    found = taken(engine, cycle, filled(handed_out(engine, cycle), change))
    assert found.kept == 3
    [problem] = found.problems
    assert (problem.sheet, problem.cell, problem.seen) == ("Ratings", letter, cell or "nothing")
    assert expected in problem.expected and problem.remedy


def test_crimes_of_a_report_are_whole_numbers(engine: Engine) -> None:
    cycle = drawn_cycle(engine, {"E": 3}, {"E": 3})

    def change(sheets: dict[str, Rows], place: Callable[[str], int]) -> None:
        for line, cell in enumerate(("1.5", "-1", "100"), start=1):
            sheets["Ratings"][line][place("crimes_required")] = cell

    found = taken(engine, cycle, filled(handed_out(engine, cycle), change))
    assert (found.kept, [p.expected for p in found.problems]) == (0, ["a whole number, 0 to 99"] * 3)


def test_a_worksheet_that_is_older_than_a_rating_overwrites_nothing(engine: Engine) -> None:
    cycle = drawn_cycle(engine, {"A": 2}, {"A": 2})
    content = handed_out(engine, cycle)
    unit = ratings.work_list(engine, cycle, WHO, "first")[0]["sample_ref"]
    ratings.rate(engine, unit, WHO, "first", answers("A", class_correct="fail"))
    found = taken(engine, cycle, filled(content))
    assert found.kept == 1 and "since you opened it" in found.problems[0].expected
    held = {u["sample_ref"]: u["rating"] for u in ratings.work_list(engine, cycle, WHO, "first")}
    assert held[unit]["class_correct"] == "fail"


@pytest.mark.parametrize(
    ("role", "who", "words"), [("second", WHO, "About, Role"), ("first", "rater two", "About, Rater")]
)
def test_another_persons_worksheet_is_refused(engine: Engine, role: str, who: str, words: str) -> None:
    cycle = drawn_cycle(engine, {"A": 2}, {"A": 2})
    with pytest.raises(Refused, match=words):
        taken(engine, cycle, filled(handed_out(engine, cycle)), role, who)


def test_a_workbook_that_is_not_ours_is_refused_in_words(engine: Engine) -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        book.add_worksheet("Another")
    with pytest.raises(Refused, match="not our worksheet"):
        taken(engine, drawn_cycle(engine, {"A": 2}, {"A": 2}), out.getvalue())


def test_a_worksheet_without_a_column_is_refused(engine: Engine) -> None:
    cycle = drawn_cycle(engine, {"A": 2}, {"A": 2})

    def change(sheets: dict[str, Rows], place: Callable[[str], int]) -> None:
        sheets["Ratings"][0][place("flags_correct")] = "Flags"

    with pytest.raises(Refused, match="row 1: missing Are the flags right"):
        taken(engine, cycle, filled(handed_out(engine, cycle), change))


# estimates


def estimated(
    engine: Engine, sizes: dict[str, int], counts: dict[str, int], failing: dict[str, dict]
) -> tuple[str, dict]:
    cycle = drawn_cycle(engine, sizes, counts)
    rate_all(engine, cycle, failing)
    estimates.estimate(engine, cycle, REGISTRAR)
    return cycle, {(e["metric"], e["stratum"]): e for e in results.estimates(engine, cycle)}


def test_estimates_by_stratum_and_overall(engine: Engine) -> None:
    failing = {f"B-crime-{n:03d}": {"class_correct": "fail"} for n in range(1, 11)}
    _, found = estimated(engine, {"B": 20, "D": 60}, {"B": 20, "D": 30}, failing)
    b = found["classification_accuracy", "B"]
    assert (b["passed"], b["rated"], b["share"], b["method"]) == (10, 20, 0.5, METHOD)
    assert (b["lower"], b["upper"]) == (0.5, 0.5)  # all 20 were read
    both = found["classification_accuracy", "overall"]
    assert (both["strata"], both["population"]) == ("B D", 80)
    assert both["share"] == pytest.approx(20 / 80 * 0.5 + 60 / 80)  # a census of B, weighted by size
    assert found["outcome_accuracy", "overall"]["share"] == 1


def test_crimes_of_one_report_widen_the_interval(engine: Engine) -> None:
    """Two pairs of the crimes of A are of one report each; those of D are of a report each."""
    sizes, counts = {"A": 31, "D": 31}, {"A": 30, "D": 30}
    failing = {f"{s}-crime-{n:03d}": {"class_correct": "fail"} for s in "AD" for n in range(1, 5)}
    _, found = estimated(engine, sizes, counts, failing)
    a, d = (found["classification_accuracy", s] for s in "AD")
    assert (a["passed"], d["passed"]) == (26, 26)
    assert a["upper"] - a["lower"] > d["upper"] - d["lower"]


def test_what_cannot_be_judged_is_neither_passed_nor_failed(engine: Engine) -> None:
    failing = {"B-crime-001": {"within_24h": "not_evaluable"}, "B-crime-002": {"within_24h": "unsure"}}
    _, found = estimated(engine, {"B": 10}, {"B": 10}, failing)
    row = found["timeliness", "B"]
    assert (row["passed"], row["rated"], row["not_evaluable"], row["share"]) == (8, 8, 2, 1)
    _, found = estimated(
        engine, {"D": 5}, {"D": 5}, {f"D-crime-{n:03d}": {"within_24h": "unsure"} for n in range(1, 6)}
    )
    assert found["timeliness", "D"]["share"] is None


def test_signal_strata_stand_alone(engine: Engine) -> None:
    _, found = estimated(engine, {"B": 10, "C": 10, "D": 10}, {"B": 5, "C": 5, "D": 5}, {})
    assert found["timeliness", "overall"]["strata"] == "B D"
    assert "Chosen by a signal" in found["timeliness", "C"]["caveat"]


def test_recording_accuracy_comes_from_whole_reports_alone(engine: Engine) -> None:
    failing = {f"E-incident-{n:03d}": {"crimes_recorded": 0} for n in range(1, 11)}
    cycle, found = estimated(engine, {"E": 20, "H": 80}, {"E": 20, "H": 20}, failing)
    row = found["recording_accuracy", "overall"]
    assert row["share"] == pytest.approx(90 / 100)  # 10 of 20 in E; 20 drawn of H stand for 80
    assert row["lower"] < 0.8 and row["upper"] == pytest.approx(0.9)  # all of E were read, and all of H passed
    units = [u for u in results.rated_units(engine, cycle) if u["stratum"] not in ("E", "H")]
    with pytest.raises(Refused, match="cannot show a crime that was not recorded"):
        estimates.recording_accuracy(units, {})


def test_recorded_crime_gives_no_recording_accuracy_and_the_report_says_why(engine: Engine) -> None:
    cycle, found = estimated(engine, {"B": 10}, {"B": 10}, {})
    assert not [key for key in found if key[0] == "recording_accuracy"]
    assert "cannot show a crime" in audit_report.page(engine, cycle, "OFFICIAL", RULE)
    _, alone = estimated(engine, {"E": 6}, {"E": 6}, {})
    assert "not the force&#x27;s accuracy" in alone["recording_accuracy", "overall"]["caveat"].replace("'", "&#x27;")


def test_a_crime_too_many_does_not_make_up_for_one_missing(engine: Engine) -> None:
    failing = {"E-incident-001": {"crimes_recorded": 0}, "E-incident-002": {"crimes_recorded": 2}}
    _, found = estimated(engine, {"E": 4}, {"E": 4}, failing)
    assert found["recording_accuracy", "overall"]["share"] == 0.75


# the report


def test_what_rests_on_fewer_than_five_is_left_out_of_the_report(engine: Engine) -> None:
    cycle, found = estimated(engine, {"B": 40, "D": 4, "G": 20}, {"B": 40, "D": 4, "G": 20}, {})
    shown = {(e["metric"], e["stratum"]): e["hidden"] for e in audit_report.shared_rows(list(found.values()), RULE)}
    assert shown["timeliness", "D"] == "fewer than 5"
    assert shown["timeliness", "G"].startswith("suppressed") and shown["timeliness", "B"] == ""
    assert "4 of 4" not in audit_report.page(engine, cycle, "OFFICIAL", RULE)


def test_the_report_names_no_record_and_escapes_what_people_wrote(engine: Engine, tmp_path: Path) -> None:
    cycle, _ = estimated(engine, {"B": 12, "E": 8}, {"B": 12, "E": 8}, {"B-crime-001": {"class_correct": "fail"}})
    unit = next(u for u in results.rated_units(engine, cycle) if u["unit_ref"] == "B-crime-001")
    finding = {"category": "under_classified", "rule_code": "CLS-02", "severity": "high", "owner": "<b>North</b>",
               "due_date": "2026-06-30", "words": "her address"}  # fmt: skip
    results.add_finding(engine, unit["sample_ref"], REGISTRAR, finding)
    results.sign_off(engine, cycle, REGISTRAR, "<script>alert(1)</script>", dt.date(2026, 4, 30))
    text = audit_report.page(engine, cycle, "OFFICIAL", RULE)
    for secret in ("B-crime-001", "her address", "<script>", "<b>North"):
        assert secret not in text
    for part in ("Is stalking recorded as stalking?", "Precision achieved", "95% interval", "Kappa", "CLS-02",
                 "Re-audit due 30 Jul 2026", 'lang="en-GB"'):  # fmt: skip
        assert part in text
    assert "http" not in text


def test_the_report_is_written_from_the_command_line(engine: Engine, tmp_path: Path) -> None:
    report, out = ("report", "audit", "--home"), tmp_path / "out" / "report.html"
    assert "no audit has been started" in stra(*report, tmp_path / "nowhere", "--out", out, code=1)
    estimated(engine, {"B": 6}, {"B": 6}, {})
    stra(*report, tmp_path, "--out", out)
    assert "Not signed off" in out.read_text(encoding="utf-8")
