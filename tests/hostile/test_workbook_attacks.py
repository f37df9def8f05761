"""Workbooks that say less, or more, than a reader of them sees: each is read exactly, with a notice, or refused."""

import time
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from published_workbooks import delivered, ods_of_xml, take, xlsx

from assets.raw import sources
from assets.readers.source import BrokenFile
from assets.readers.workbook.reader import sheet_names, sheet_rows

LABELS = ["crime_id", "class_code", "recorded_ts", "mo_text"]
ROW = ["C1", "8Q", "2026-01-19 17:08", "words"]


def with_sheet(folder: Path, rows: bytes, behind: bytes = b"", **members: bytes) -> Path:
    """A workbook whose sheet S has these rows, in XML, and other members."""
    path, sheet = folder / "crime.xlsx", "xl/worksheets/sheet1.xml"
    with zipfile.ZipFile(xlsx(folder / "plain.xlsx", {"S": [["first"]]})) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == sheet:
                before, after = content.split(b"<sheetData>")[0], content.split(b"</sheetData>")[1]
                content = before + b"<sheetData>" + rows + b"</sheetData>" + behind + after
            new.writestr(name, content)
        for name, content in members.items():
            new.writestr(name, content)
    return path


def of_crimes(path: Path, made: Any) -> Path:
    """A workbook of one crime; `made` changes it before it is closed."""
    with xlsxwriter.Workbook(path, {"date_1904": False}) as book:
        sheet = book.add_worksheet("crime")
        for number, row in enumerate([LABELS, ROW]):
            sheet.write_row(number, 0, row)
        made(book, sheet)
    return path


@pytest.mark.parametrize("rows", [
    b'<row r="1"><c r="AZZ1"><v>1</v></c></row><row r="1048576"><c><v>2</v></c></row>',
    b"<row r='1'><c r='AZZ1'><v>1</v></c></row><row r='1048576'><c r='A1048576'><v>2</v></c></row>",
    b'<row r="1"><c s="1>2" r="AZZ1"><v>1</v></c></row><row r="1048576"><c s="1>" r="A1048576"><v>2</v></c></row>',
    b'<row r="1"><c\nr="AZZ1" ><v>1</v></c></row><row r="1048576"><c t="n" r="A1048576"><v>2</v></c></row>',
])  # fmt: skip
def test_cells_far_apart_are_refused_however_they_say_their_place(tmp_path: Path, rows: bytes) -> None:
    """Each of these ended the process: the reader asked for the memory of 1,400 million cells."""
    with pytest.raises(BrokenFile, match="1,444,937,728 cells"):
        sheet_rows(delivered(with_sheet(tmp_path, rows)), "S")


def test_cells_without_a_place_are_read_one_after_another(tmp_path: Path) -> None:
    rows = b"<row><c><v>1</v></c><c/><c><v>3</v></c></row><row><c><v>2</v></c><c t='e'><v>#N/A</v></c></row>"
    found = sheet_rows(delivered(with_sheet(tmp_path, rows)), "S")
    assert found == [(1, ["1", None, "3"]), (2, ["2", "#N/A", None])]


@pytest.mark.parametrize("repeated", ['="16000"', ' = "16000"', '="+16000"', "='16000'"])
def test_cells_of_an_ods_that_are_repeated_are_counted_however_that_is_written(tmp_path: Path, repeated: str) -> None:
    value = 'table:y="&gt;>" office:value-type="float" office:value="1"'
    cell = f"<table:table-cell {value} table:number-columns-repeated{repeated}/>"
    row = f'<table:table-row table:x=">" table:number-rows-repeated="60000">{cell}</table:table-row>'
    path = ods_of_xml(tmp_path / "crime.ods", f'<table:table table:name="S">{row}</table:table>')
    with pytest.raises(BrokenFile, match="960,000,000 cells"):
        sheet_names(delivered(path))


def test_a_cell_of_text_like_tags_costs_no_more_than_its_length(tmp_path: Path) -> None:
    """48 kB of it took half a minute, and ten times as much an hour."""
    text = b":c " * 100_000 + b"<![CDATA[" + b"<c " * 50_000 + b"]]>"
    rows = b'<row r="1"><c r="A1" t="inlineStr"><is><t>' + text + b"</t></is></c></row>"
    began = time.thread_time()
    [(_, [cell])] = sheet_rows(delivered(with_sheet(tmp_path, rows)), "S")
    assert cell is not None and len(cell) >= 300_000
    assert time.thread_time() - began < 5


@pytest.mark.parametrize("entity", [
    b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hostname">]>',
    b'<!DOCTYPE a [<!ENTITY b "c"><!ENTITY d "&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY e "&d;&d;&d;&d;&d;&d;&d;&d;">]>',
    b'<!DOCTYPE a SYSTEM "http://a.invalid/a.dtd">',
])  # fmt: skip
@pytest.mark.parametrize("member", [
    "xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml",
    "xl/_rels/workbook.xml.rels",
])  # fmt: skip
def test_an_entity_in_any_part_of_a_workbook_is_refused(tmp_path: Path, entity: bytes, member: str) -> None:
    path = tmp_path / "crime.xlsx"
    with zipfile.ZipFile(xlsx(tmp_path / "a.xlsx", {"S": [["word"]]})) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == member:
                head, rest = content.split(b"?>", 1)
                content = head + b"?>" + entity + rest
            new.writestr(name, content)
    with pytest.raises(BrokenFile, match="a document type 'a' in its XML"):
        sheet_names(delivered(path))


@pytest.mark.parametrize("value", [b"", b"<v></v>", b"<v/>"])
def test_a_formula_that_nobody_worked_out_is_not_taken_for_an_empty_cell(tmp_path: Path, value: bytes) -> None:
    rows = b'<row r="1"><c r="A1"><v>1</v></c><c r="B1"><f>A1+1</f>' + value + b'</c><c r="C1"><v>3</v></c></row>'
    [(_, cells)] = sheet_rows(delivered(with_sheet(tmp_path, rows)), "S")
    assert cells == ["1", "#UNCALCULATED!", "3"]


def test_a_formula_whose_result_is_no_text_is_empty_and_one_with_a_value_has_it(tmp_path: Path) -> None:
    rows = (
        b'<row r="1"><c r="A1"><f>1+1</f><v>2</v></c><c r="B1" t="str"><f>IF(1,"","")</f><v></v></c>'
        b'<c r="C1"><f>[1]Other!A1</f><v>7</v></c></row>'
    )
    [(_, cells)] = sheet_rows(delivered(with_sheet(tmp_path, rows)), "S")
    assert [cell or None for cell in cells] == ["2", None, "7"]


def test_a_formula_alone_at_the_edge_of_a_sheet_is_refused_rather_than_lost(tmp_path: Path) -> None:
    for rows in (b'<row r="1"><c r="B1"><v>1</v></c><c r="C1"><f>A1</f></c></row>',
                 b'<row r="1"><c r="B1"><v>1</v></c></row><row r="2"><c r="B2"><f>A1</f></c></row>'):  # fmt: skip
        with pytest.raises(BrokenFile, match="#UNCALCULATED!"):
            sheet_rows(delivered(with_sheet(tmp_path, rows)), "S")


def test_the_values_of_an_external_link_are_those_that_were_saved_and_nothing_is_opened(tmp_path: Path) -> None:
    rows = b'<row r="1"><c r="A1"><f>[1]S!A1</f><v>5</v></c></row>'
    link = b'<externalLink xmlns="x"><externalBook r:id="rId1" xmlns:r="y"/></externalLink>'
    path = with_sheet(tmp_path, rows, **{"xl/externalLinks/externalLink1.xml": link})
    assert sheet_rows(delivered(path), "S") == [(1, ["5"])]


def test_a_hidden_sheet_and_hidden_rows_are_read_with_a_notice(tmp_path: Path) -> None:
    def made(book: xlsxwriter.Workbook, sheet: Any) -> None:
        sheet.write_row(2, 0, ["C2", *ROW[1:]])
        sheet.set_row(2, None, None, {"hidden": True})
        book.add_worksheet("Cover").activate()
        sheet.hide()

    taken = take(sources()["crime"], of_crimes(tmp_path / "crime.xlsx", made))
    assert taken.column("crime_id") == ["C1", "C2"]
    assert "sheet 'crime' is hidden in the workbook; it was read like the others" in taken.notices
    assert "hidden rows, which were read like the others: 1" in taken.notices


def test_a_name_merged_over_columns_with_values_is_refused(tmp_path: Path) -> None:
    def made(book: xlsxwriter.Workbook, sheet: Any) -> None:
        sheet.merge_range(0, 2, 0, 4, "recorded_ts")
        sheet.write_row(1, 0, ["C1", "8Q", "2026-01-19", "17:08", "words"])

    with pytest.raises(BrokenFile, match=r"sheet 'crime', row 1: expected one name for each column; saw 'recorded_ts'"):
        take(sources()["crime"], of_crimes(tmp_path / "crime.xlsx", made))


def test_merged_cells_below_the_names_and_columns_without_a_name_are_noted(tmp_path: Path) -> None:
    def made(book: xlsxwriter.Workbook, sheet: Any) -> None:
        sheet.write_row(2, 0, ["C2", "8Q", "2026-01-19 17:09"])
        sheet.merge_range(1, 3, 2, 3, "for both")
        sheet.write(1, 4, "without a name")

    taken = take(sources()["crime"], of_crimes(tmp_path / "crime.xlsx", made))
    assert taken.column("mo_text") == ["for both", None]
    assert "merged cells, of which the first alone has the value: 1" in taken.notices
    assert "columns with values and without a name, which were left out: 1" in taken.notices


def test_a_merged_title_above_the_names_is_a_title(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "crime.xlsx") as book:
        sheet = book.add_worksheet("crime")
        sheet.merge_range(0, 0, 0, 3, "Extract of crimes")
        for number, row in enumerate([LABELS, ROW], start=1):
            sheet.write_row(number, 0, row)
    taken = take(sources()["crime"], tmp_path / "crime.xlsx")
    assert (taken.column("crime_id"), taken.notices) == (
        ["C1"], ["rows of a title above the names of the columns, which were skipped: 1"]
    )  # fmt: skip


@pytest.mark.parametrize("is_1904", [False, True])
def test_dates_are_those_that_the_workbook_shows_whatever_it_counts_from(tmp_path: Path, is_1904: bool) -> None:
    with xlsxwriter.Workbook(tmp_path / "crime.xlsx", {"date_1904": is_1904}) as book:
        sheet = book.add_worksheet("crime")
        sheet.write_row(0, 0, LABELS)
        sheet.write_row(1, 0, ROW[:2])
        sheet.write_datetime(1, 2, datetime(2026, 1, 19, 17, 8), book.add_format({"num_format": "dd/mm/yyyy hh:mm"}))  # noqa: DTZ001
    assert take(sources()["crime"], tmp_path / "crime.xlsx").column("recorded_ts") == ["2026-01-19T17:08:00.000000Z"]


def test_numbers_of_days_are_dates_from_1900_and_refused_from_1904(tmp_path: Path) -> None:
    def written(is_1904: bool) -> Path:
        with xlsxwriter.Workbook(tmp_path / "crime.xlsx", {"date_1904": is_1904}) as book:
            sheet = book.add_worksheet("crime")
            sheet.write_row(0, 0, LABELS)
            sheet.write_row(1, 0, ROW[:2])
            sheet.write_datetime(1, 2, datetime(2026, 1, 19, 17, 8))  # noqa: DTZ001
        return tmp_path / "crime.xlsx"

    assert take(sources()["crime"], written(False)).column("recorded_ts") == ["2026-01-19T17:08:00.000000Z"]
    with pytest.raises(BrokenFile, match=r"column 'recorded_ts': expected dates; saw numbers of days .* from 1904"):
        take(sources()["crime"], written(True))


def test_a_workbook_of_the_old_kind_under_the_new_ending_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "crime.xlsx"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4000))
    source = sources()["crime"]
    assert source.parts(delivered(path)) == []
    problem = source.why_not(delivered(path))
    assert problem is not None and "before 2007" in str(problem)
