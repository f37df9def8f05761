"""Blind worksheets: workbooks out, ratings in, every rejected cell explained."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import fastexcel
import xlsxwriter
from sqlalchemy import Engine
from xlsxwriter.utility import xl_rowcol_to_cell

from casework.audit import ratings
from casework.choices.questions import (
    ANSWERS,
    OUTCOME_CODES,
    OUTCOME_STRATA,
    QUESTIONS,
    REPORT_STRATA,
    STRATA,
    questions_of,
)
from casework.store.file_kinds import check_kind
from casework.store.refusal import Refused
from casework.store.words import neutralised, shown_name

SHEET, ABOUT = "Ratings", "About"
FORMATS = ("xlsx",)
KNOWN = {  # column -> heading of the rater's information
    "sample_ref": "Sample",
    "revision": "Revision",
    "stratum": "Stratum",
    "unit_type": "Kind",
    "unit_ref": "Reference",
    "report_ref": "Report",
    "class_code": "Recorded class",
    "ho_code": "Recorded code",
    "linked_refs": "Same victim and suspect, 24 months",
    "phrases": "Words that gave a signal",
}
ASKED = {
    "crimes_required": "Crimes that should have been recorded",
    "crimes_recorded": "Crimes that were recorded",
    **{q.code: q.words for q in QUESTIONS},
    "outcome_code_due": "Outcome code that the evidence supports",
    "evidence_note": "Note",
}
HEADINGS = {**KNOWN, **ASKED}
MOST_UNPACKED = 40_000_000
MOST_CRIMES = 99


@dataclass(frozen=True)
class Problem:
    """One rejected cell: its position, its content, what was expected, what to do."""

    sheet: str
    cell: str
    seen: str
    expected: str
    remedy: str


@dataclass(frozen=True)
class Outcome:
    """The result of a workbook: ratings kept, rows left empty, cells rejected."""

    kept: int
    left_empty: int
    problems: tuple[Problem, ...]


def is_asked(column: str, stratum: str) -> bool:
    """Whether a column is to be filled in for a unit of this stratum."""
    if column in ("crimes_required", "crimes_recorded"):
        return stratum in REPORT_STRATA
    if column == "outcome_code_due":
        return stratum in OUTCOME_STRATA
    return column == "evidence_note" or column in {q.code for q in questions_of(stratum)}


def workbook(units: Sequence[Mapping[str, Any]], *, cycle_ref: str, role: str, rater: str, marking: str) -> bytes:
    """The worksheet of one rater, without the outcome or anyone else's ratings.

    Cells that need no answer are shaded.
    """
    out = io.BytesIO()
    safe = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(out, {"in_memory": True, **safe})
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    shaded = book.add_format({"bg_color": "#DDE3EA"})
    sheet, about = book.add_worksheet(SHEET), book.add_worksheet(ABOUT)
    for part in (sheet, about):
        part.set_header(f"&C{marking}")
    for column, heading in enumerate(HEADINGS.values()):
        sheet.write_string(0, column, heading, bold)
    for line, unit in enumerate(units, start=1):
        held = unit["rating"] or {}
        values = dict(unit) | {"revision": held.get("revision", 0)} | {code: held.get(code) for code in ASKED}
        for column, code in enumerate(HEADINGS):
            if code in ASKED and not is_asked(code, unit["stratum"]):
                sheet.write_blank(line, column, None, shaded)
            else:
                _write(sheet, line, column, values.get(code), wrap)
                _restrict(sheet, line, column, code)
    sheet.freeze_panes(1, 1)
    sheet.set_column(0, len(KNOWN) - 1, 16)
    sheet.set_column(len(KNOWN), len(HEADINGS) - 1, 22)
    about.set_column(0, 0, 24)
    about.set_column(1, 1, 90)
    for line, (name, text) in enumerate(_about(cycle_ref, role, rater, marking)):
        about.write_string(line, 0, name, bold)
        about.write_string(line, 1, str(neutralised(text)), wrap)
    book.close()
    return out.getvalue()


def _write(sheet: Any, line: int, column: int, value: Any, form: Any) -> None:
    if isinstance(value, int):
        sheet.write_number(line, column, value)
    elif value is not None:
        sheet.write_string(line, column, str(neutralised(str(value)))[:32_000], form)


def _restrict(sheet: Any, line: int, column: int, code: str) -> None:
    """Add the checks that a spreadsheet itself can make."""
    if code in ("crimes_required", "crimes_recorded"):
        rule = {"validate": "integer", "criteria": "between", "minimum": 0, "maximum": MOST_CRIMES}
    elif code == "outcome_code_due":
        rule = {"validate": "list", "source": list(OUTCOME_CODES)}
    elif code in ASKED and code != "evidence_note":
        rule = {"validate": "list", "source": list(ANSWERS)}
    else:
        return
    sheet.data_validation(line, column, line, column, rule)


def _about(cycle_ref: str, role: str, rater: str, marking: str) -> list[tuple[str, str]]:
    return [
        ("Marking", marking),
        ("Cycle", cycle_ref),
        ("Role", role),
        ("Rater", shown_name(rater)),
        ("How to", "Read the whole report: call or log, the text of the crime, and the linked records named here."),
        ("Answers", ", ".join(ANSWERS) + ". Grey cells are not asked. An empty row is left for later."),
        ("Outcome", "The recorded outcome is hidden. Write the code that the evidence supports, 0 to 22."),
        ("Strata", "; ".join(f"{code} {name}" for code, name in STRATA.items())),
        ("Do not change", "Columns Sample and Revision: they identify the rating and the revision that it changes."),
    ]


def take_in(engine: Engine, name: str, content: bytes, *, cycle_ref: str, role: str, rater: str) -> Outcome:
    """Save every complete row.

    A row with a problem is not saved, and each of its faulty cells is explained. Raises Refused when the workbook as a
    whole is not the one handed out to this person.
    """
    rows, about = _read_sheet(name, content)
    _check_about(about, {"Cycle": cycle_ref, "Role": role, "Rater": rater})
    header = rows[0] if rows else []
    places = {code: header.index(heading) for code, heading in HEADINGS.items() if heading in header}
    missing = [heading for code, heading in HEADINGS.items() if code not in places]
    if missing:
        raise Refused(f"Sheet {SHEET}, row 1: missing {', '.join(missing)}. Use the worksheet as downloaded.")
    offered = {u["sample_ref"]: u for u in ratings.work_list(engine, cycle_ref, rater, role)}
    kept, empty, problems = 0, 0, []
    for line, row in enumerate(rows[1:], start=1):
        cells = {code: _plain(row[place]) for code, place in places.items()}
        if not any(cells.values()):
            continue
        found = _checked(cells, offered, line, places)
        if found is None:
            empty += 1
        elif isinstance(found, list):
            problems += found
        else:
            problem = _keep(engine, found, cells, role, rater, line, places)
            kept, problems = kept + (problem is None), problems + ([problem] if problem else [])
    return Outcome(kept, empty, tuple(problems))


def _read_sheet(name: str, content: bytes) -> tuple[list[list[str]], dict[str, str]]:
    check_kind(name, content, FORMATS)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            unpacked = sum(part.file_size for part in package.infolist())
        if unpacked > MOST_UNPACKED:
            raise Refused(f"The workbook unpacks to {unpacked:,} bytes: our worksheets are smaller.")
        book = fastexcel.read_excel(content)
        frames = {name: book.load_sheet(name, header_row=None, dtypes="string").to_polars() for name in (SHEET, ABOUT)}
    except Refused:
        raise
    except BaseException as problem:  # the reader may panic on damaged content, which is not an Exception in Python
        if isinstance(problem, KeyboardInterrupt | SystemExit | MemoryError):
            raise
        raise Refused(
            f"This is not our worksheet ({str(problem).splitlines()[0][:120] if str(problem) else 'unreadable'}). "
            f"Expected an .xlsx file with the sheets {SHEET} and {ABOUT}: download it again and fill that in."
        ) from problem
    rows = [[cell or "" for cell in row] for row in frames[SHEET].rows()]
    return rows, {row[0] or "": _plain(row[1] or "") for row in frames[ABOUT].rows() if len(row) > 1}


def _plain(text: str) -> str:
    """A cell without outer blanks and without the apostrophe against formulas."""
    text = text.strip()
    return text[1:] if text.startswith("'") and neutralised(text[1:]) != text[1:] else text


def _check_about(about: Mapping[str, str], wanted: Mapping[str, str]) -> None:
    for name, value in wanted.items():
        seen = about.get(name, "")
        if seen.casefold() != value.casefold():
            raise Refused(
                f"Sheet {ABOUT}, {name}: saw “{seen or 'nothing'}”, expected “{value}”. "
                "Choose the cycle, role and name that this worksheet was downloaded for."
            )


def _checked(
    cells: Mapping[str, str], offered: Mapping[str, Mapping[str, Any]], line: int, places: Mapping[str, int]
) -> dict[str, Any] | list[Problem] | None:
    """The answers of a row, or its problems.

    None when the rater left it empty or unchanged.
    """
    unit = offered.get(cells["sample_ref"])
    if unit is None:
        expected = "a sample of this worksheet that is yours to rate"
        remedy = "Restore the reference from the downloaded worksheet, or delete the row: another rater may have it."
        return [Problem(SHEET, _cell(line, places["sample_ref"]), cells["sample_ref"], expected, remedy)]
    given = {code: cells[code] for code in ASKED if is_asked(code, unit["stratum"])}
    held = unit["rating"] or {}
    if not any(given.values()) or (held and all(_same(given[c], held.get(c)) for c in given)):
        return None
    problems, answers = [], {}
    for code in ASKED:
        if code not in given:
            if cells[code]:
                problems.append(
                    Problem(
                        SHEET, _cell(line, places[code]), cells[code], "nothing: not asked of this stratum", "Clear it."
                    )
                )
            continue
        value, expected = _answer(code, given[code])
        answers[code] = value
        if expected:
            remedy = "Correct the cell and upload the workbook again; rows already saved are skipped."
            problems.append(Problem(SHEET, _cell(line, places[code]), given[code] or "nothing", expected, remedy))
    if not cells["revision"].isdigit():
        problems.append(
            Problem(SHEET, _cell(line, places["revision"]), cells["revision"] or "nothing", "a whole number",
                    "Restore it from the downloaded worksheet.")
        )  # fmt: skip
    return problems or {**answers, "sample_ref": cells["sample_ref"], "seen_revision": int(cells["revision"])}


def _same(cell: str, held: Any) -> bool:
    return cell == ("" if held is None else str(held))


def _answer(code: str, cell: str) -> tuple[Any, str]:
    """(value, "") or (None, what was expected)."""
    if code == "evidence_note":
        too_long = len(cell) > ratings.LONGEST_NOTE
        return (None, f"at most {ratings.LONGEST_NOTE:,} characters") if too_long else (cell, "")
    if code in ("crimes_required", "crimes_recorded"):
        is_number = cell.isascii() and cell.isdigit() and int(cell) <= MOST_CRIMES
        return (int(cell), "") if is_number else (None, f"a whole number, 0 to {MOST_CRIMES}")
    if code == "outcome_code_due":
        return (cell, "") if cell in OUTCOME_CODES else (None, "an outcome code 0 to 22, unsure or not_evaluable")
    answer = cell.casefold().replace(" ", "_")
    return (answer, "") if answer in ANSWERS else (None, f"one of {', '.join(ANSWERS)}")


def _keep(
    engine: Engine,
    found: dict[str, Any],
    cells: Mapping[str, str],
    role: str,
    rater: str,
    line: int,
    places: Mapping[str, int],
) -> Problem | None:
    answers = {k: v for k, v in found.items() if k not in ("sample_ref", "seen_revision")}
    try:
        ratings.rate(engine, found["sample_ref"], rater, role, answers, seen_revision=found["seen_revision"])
    except Refused as words:
        cell = _cell(line, places["revision"])
        return Problem(SHEET, cell, cells["revision"], str(words), "Download the worksheet again and check this row.")
    return None


def _cell(line: int, column: int) -> str:
    return str(xl_rowcol_to_cell(line, column))
