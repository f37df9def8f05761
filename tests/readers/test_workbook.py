"""Workbooks: every cell as text with the row numbers of the sheet, and nothing hostile gets as far as the reader."""

import random
import shutil
import zipfile
from datetime import datetime
from pathlib import Path

import duckdb
import pytest
import xlsxwriter
from published_workbooks import delivered, ods, ods_of_xml, xlsx

from assets.readers.source import BrokenFile
from assets.readers.workbook import guards
from assets.readers.workbook.reader import is_workbook, plain_label, sheet_head, sheet_names, sheet_rows, write_rows

SMALL = {"Table P4 ": [["Area", "Number"], ["Kent", 5], [None, None], ["Surrey", "-00"]]}
MAKERS = {"xlsx": xlsx, "ods": ods}


def repacked(path: Path, target: Path, changes: dict[str, bytes]) -> Path:
    """The same workbook with members added or replaced."""
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, changes.pop(name, None) or old.read(name))
        for name, content in changes.items():
            new.writestr(name, content)
    return target


def refusal(path: Path) -> BrokenFile:
    with pytest.raises(BrokenFile) as refused:
        sheet_names(delivered(path))
    return refused.value


@pytest.mark.parametrize("kind", MAKERS)
def test_rows_have_the_sheet_s_own_numbers_and_a_sheet_name_may_end_in_a_blank(tmp_path: Path, kind: str) -> None:
    file = delivered(MAKERS[kind](tmp_path / f"table.{kind}", SMALL))
    assert is_workbook(file)
    assert sheet_names(file) == ["Table P4 "]
    assert sheet_rows(file, "Table P4 ") == [
        (1, ["Area", "Number"]), (2, ["Kent", "5"]), (3, [None, None]), (4, ["Surrey", "-00"]),
    ]  # fmt: skip
    assert sheet_head(file, "Table P4 ")[1] == ["Kent", "5"]


@pytest.mark.parametrize("kind", MAKERS)
def test_cells_are_text_as_they_stand(tmp_path: Path, kind: str) -> None:
    cells = [" -00 ", 0, -45, 12345678, 37.2, "8/65", "007", "a\nb", "  "]
    file = delivered(MAKERS[kind](tmp_path / f"table.{kind}", {"S": [cells]}))
    assert sheet_rows(file, "S") == [(1, [" -00 ", "0", "-45", "12345678", "37.2", "8/65", "007", "a\nb", "  "])]


def test_a_code_that_excel_made_a_date_comes_as_that_date(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "dates.xlsx") as workbook:
        as_date = workbook.add_format({"num_format": "d-mmm"})
        workbook.add_worksheet("S").write_datetime(0, 0, datetime(2022, 8, 29), as_date)  # noqa: DTZ001
    assert sheet_rows(delivered(tmp_path / "dates.xlsx"), "S") == [(1, ["2022-08-29 00:00:00"])]


def test_a_cell_in_error_is_not_taken_for_an_empty_one(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "errors.xlsx") as workbook:
        sheet = workbook.add_worksheet("S")
        sheet.write_row(2, 1, ["Kent", 5, None])
        sheet.write_row(3, 1, ["Surrey"])
        sheet.write_formula(3, 3, "=1/0", None, "#DIV/0!")
    rows = sheet_rows(delivered(tmp_path / "errors.xlsx"), "S")
    assert rows[2:] == [(3, ["Kent", "5", None]), (4, ["Surrey", None, "#DIV/0!"])]


def test_a_cell_in_error_of_an_ods_is_not_taken_for_an_empty_one(tmp_path: Path) -> None:
    value = '<table:table-cell office:value-type="string"><text:p>Kent</text:p></table:table-cell>'
    error = '<table:table-cell office:value-type="string" office:string-value="" calcext:value-type="error"/>'
    rows = f"<table:table-row><table:table-cell/>{value}{error}</table:table-row>"
    path = ods_of_xml(tmp_path / "a.ods", f'<table:table table:name="A &amp; B">{rows}</table:table>')
    assert sheet_rows(delivered(path), "A & B") == [(1, ["Kent", "#ERROR!"])]


def test_two_workbooks_of_one_path_are_not_taken_for_each_other(tmp_path: Path) -> None:
    path = tmp_path / "member.xlsx"
    assert sheet_rows(delivered(xlsx(path, {"S": [["first"]]})), "S") == [(1, ["first"])]
    assert sheet_rows(delivered(xlsx(path, {"S": [["second"]]})), "S") == [(1, ["second"])]


def test_a_workbook_that_changes_while_it_is_read_is_refused(tmp_path: Path) -> None:
    file = delivered(xlsx(tmp_path / "table.xlsx", SMALL))
    with open(file.path, "ab") as stream:
        stream.write(b"\0")
    with pytest.raises(BrokenFile, match="still being written"):
        sheet_rows(file, "Table P4 ")


@pytest.mark.parametrize(("published", "plain"), [
    ("Stalking and harassment5", "Stalking and harassment"),
    ("Stalking\nand harassment", "Stalking and harassment"),
    ("Stalking and harassment 4", "Stalking and harassment"),
    ("ENGLAND AND WALES7,8", "ENGLAND AND WALES"),
    ("North West 7,8", "North West"),
    ("Total recorded crime (excluding fraud3)", "Total recorded crime (excluding fraud)"),
    ("Residential burglary\n(households)6,8", "Residential burglary (households)"),
    ("Non-residential  burglary5,6", "Non-residential burglary"),
    ("Humberside [note 4]", "Humberside"),
    ("Wiltshire ", "Wiltshire"),
    ("Aviation Security (SO18)", "Aviation Security (SO18)"),
    ("Death or serious injury - unlawful driving", "Death or serious injury - unlawful driving"),
    ("202311", "202311"),
    ("MYE2018", "MYE2018"),
])  # fmt: skip
def test_footnote_marks_line_breaks_and_outer_blanks_are_no_part_of_a_label(published: str, plain: str) -> None:
    assert plain_label(published) == plain


def test_rows_are_written_as_text_and_empty_is_null(tmp_path: Path) -> None:
    out = tmp_path / "rows.parquet"
    write_rows([(7, {"code": "8Q", "name": ""}), (9, {"name": " x "})], ("code", "name"), "d1", out)
    assert duckdb.sql(f"select * from '{out}'").fetchall() == [("d1", 7, "8Q", None), ("d1", 9, None, " x ")]
    assert duckdb.sql(f"describe from '{out}'").fetchall()[1][1] == "BIGINT"


def test_an_encrypted_xlsx_is_refused(tmp_path: Path) -> None:
    """Office keeps an encrypted workbook as a stream of this name inside a file of the old kind."""
    path = tmp_path / "locked.xlsx"
    path.write_bytes(guards.OLE + bytes(1000) + "EncryptedPackage".encode("utf-16-le") + bytes(1000))
    assert is_workbook(delivered(path))
    assert "encrypted workbook" in refusal(path).seen


def test_an_encrypted_ods_is_refused(tmp_path: Path) -> None:
    path = ods_of_xml(tmp_path / "locked.ods", "", entry="<manifest:encryption-data/>")
    assert "encrypted workbook" in refusal(path).seen


def test_a_workbook_with_an_encrypted_member_is_refused(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "locked.xlsx", SMALL)
    content = bytearray(path.read_bytes())
    flags = content.rindex(b"PK\x01\x02") + 8
    content[flags] |= 1
    path.write_bytes(content)
    assert "encrypted workbook" in refusal(path).seen


@pytest.mark.parametrize("member", ["xl/vbaProject.bin", "xl/macrosheets/sheet1.xml"])
def test_an_xlsx_with_macros_is_refused(tmp_path: Path, member: str) -> None:
    path = repacked(xlsx(tmp_path / "a.xlsx", SMALL), tmp_path / "macro.xlsx", {member: b"x"})
    problem = refusal(path)
    assert member in problem.seen
    assert "without macros" in problem.expected


def test_an_ods_with_macros_is_refused_and_one_with_an_empty_library_is_not(tmp_path: Path) -> None:
    plain = ods(tmp_path / "a.ods", SMALL)
    empty = {"Basic/script-lc.xml": b"<x/>", "Basic/Standard/script-lb.xml": b"<x/>"}
    assert sheet_names(delivered(repacked(plain, tmp_path / "b.ods", dict(empty)))) == ["Table P4 "]
    path = repacked(plain, tmp_path / "c.ods", empty | {"Basic/Standard/Module1.xml": b"<x/>"})
    assert "macros" in refusal(path).seen


@pytest.mark.parametrize("content", [b"PK\x03\x04 and nothing behind it", b"PK\x03\x04" + bytes(3000)])
def test_what_only_begins_like_a_workbook_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "no.xlsx"
    path.write_bytes(content)
    assert "no workbook" in refusal(path).seen


def test_a_zip_without_the_parts_of_a_workbook_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "no.xlsx"
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("crimes.csv", "a,b\n1,2\n")
    assert "crimes.csv" in refusal(path).seen


def test_a_cut_workbook_is_refused(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "table.xlsx", SMALL)
    path.write_bytes(path.read_bytes()[:-200])
    assert "cut" in refusal(path).seen


def test_a_workbook_with_a_damaged_member_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "table.xlsx"
    with zipfile.ZipFile(xlsx(tmp_path / "a.xlsx", SMALL)) as old, zipfile.ZipFile(path, "w") as stored:
        for name in old.namelist():
            stored.writestr(name, old.read(name))
    path.write_bytes(path.read_bytes().replace(b"sheetData", b"sheetdata", 1))
    assert "CRC" in refusal(path).seen


@pytest.mark.parametrize("kind", MAKERS)
def test_a_workbook_damaged_anywhere_is_refused_or_read(tmp_path: Path, kind: str) -> None:
    """Bytes changed, members renamed, cut or lost: no fault but a refusal, and no reading without end."""
    chance = random.Random(20)
    sound = MAKERS[kind](tmp_path / f"sound.{kind}", {"S": [["Area", "Number"], *(["Kent", n] for n in range(20))]})
    refused = 0
    for number in range(150):
        path = tmp_path / f"{number}.{kind}"
        if number % 2:
            damage(sound, path, chance)
        else:
            content = bytearray(sound.read_bytes())
            for _ in range(chance.randrange(1, 6)):
                content[chance.randrange(len(content))] = chance.randrange(256)
            path.write_bytes(content[: chance.choice([len(content), chance.randrange(1, len(content))])])
        try:
            file = delivered(path)
            rows = [sheet_rows(file, sheet) for sheet in sheet_names(file)]
            assert all(len(of_sheet) <= 21 for of_sheet in rows)
        except BrokenFile:
            refused += 1
    assert refused > 100


def damage(sound: Path, target: Path, chance: random.Random) -> None:
    """Write the workbook again with members lost, renamed, changed or cut."""
    with zipfile.ZipFile(sound) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = bytearray(old.read(name))
            what = chance.random()
            if what < 0.08:
                continue
            if what < 0.16:
                name = f"{name}x"
            elif what > 0.7:
                content[chance.randrange(len(content))] = chance.randrange(256)
            elif what > 0.6:
                del content[chance.randrange(len(content)) :]
            new.writestr(name, bytes(content))


@pytest.mark.parametrize(("changed", "seen"), [
    ({"content.xml": b"<office:document-content><table:table><table:table-row>"}, "no element found"),
    ({"content.xml": b"<a><b></a>"}, "mismatched tag"),
    ({"content.xml": b'<!DOCTYPE a [<!ENTITY b "c">]><a/>'}, "a document type 'a' in its XML"),
])  # fmt: skip
def test_an_ods_whose_xml_ends_too_early_is_refused_before_it_is_read(
    tmp_path: Path, changed: dict[str, bytes], seen: str
) -> None:
    """The sheet reader looked for the end of the table for ever."""
    path = repacked(ods(tmp_path / "sound.ods", SMALL), tmp_path / "cut.ods", changed)
    assert seen in refusal(path).seen


def test_a_workbook_that_expands_a_hundredfold_is_refused(tmp_path: Path) -> None:
    path = repacked(
        xlsx(tmp_path / "a.xlsx", SMALL), tmp_path / "bomb.xlsx", {"xl/padding.xml": bytes(guards.SMALL_BYTES)}
    )
    assert path.stat().st_size < 2_000_000
    problem = refusal(path)
    assert "zip bomb" in problem.seen
    assert "100 times" in problem.expected


def test_a_workbook_may_expand_as_much_as_the_home_office_s(tmp_path: Path) -> None:
    """14.9 MB that hold 359 MB: 24 times. A small one may expand more: it stays small."""
    padding = {"xl/media/padding.bin": bytes(150_000_000)}
    path = repacked(xlsx(tmp_path / "a.xlsx", SMALL), tmp_path / "b.xlsx", padding)
    assert sheet_names(delivered(path)) == ["Table P4 "]


def test_a_member_that_lies_about_its_size_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "lie.xlsx"
    big = repacked(xlsx(tmp_path / "a.xlsx", SMALL), tmp_path / "b.xlsx", {"xl/media/a.bin": bytes(1_000_000)})
    content = big.read_bytes()
    assert content.count((1_000_000).to_bytes(4, "little")) == 2
    path.write_bytes(content.replace((1_000_000).to_bytes(4, "little"), (10).to_bytes(4, "little")))
    assert "CRC" in refusal(path).seen


def test_formatted_cells_without_a_value_do_not_count(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "styled.xlsx") as workbook:
        sheet = workbook.add_worksheet("S")
        sheet.write(0, 0, "only")
        sheet.write_blank(1_048_575, 16_383, None, workbook.add_format({"bold": True}))
    assert sheet_rows(delivered(tmp_path / "styled.xlsx"), "S") == [(1, ["only"])]


def test_the_blank_rest_of_an_ods_sheet_does_not_count(tmp_path: Path) -> None:
    rest = '<table:table-cell table:number-columns-repeated="16384"/>'
    rows = (
        '<table:table-row><table:table-cell office:value-type="string"><text:p>only</text:p></table:table-cell>'
        f'</table:table-row><table:table-row table:number-rows-repeated="1048575">{rest}</table:table-row>'
    )
    path = ods_of_xml(tmp_path / "a.ods", f'<table:table table:name="S">{rows}</table:table>')
    assert sheet_rows(delivered(path), "S") == [(1, ["only"])]


def test_a_refused_workbook_stays_refused_when_the_next_source_asks(tmp_path: Path) -> None:
    path = tmp_path / "old.xls"
    path.write_bytes(guards.OLE + bytes(5000))
    assert str(refusal(path)) == str(refusal(path))
    shutil.copy(xlsx(tmp_path / "new.xlsx", SMALL), path)
    assert sheet_names(delivered(path)) == ["Table P4 "]
