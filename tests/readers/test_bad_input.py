"""Bad input, file by file: each message names file and place, what was seen and what to do; no row is lost.

Archives are in test_bad_archives.py, files that change while they are read in test_changing_files.py.
"""

from pathlib import Path
from typing import Any

import pytest
from delivered import (
    OUTCOMES_HEADER,
    STREET_HEADER,
    STREET_NAME,
    deliver,
    outcome_row,
    outcomes,
    refused,
    says,
    street_row,
    table,
    taken_in,
)


class TestCutFiles:
    def test_truncated_after_a_whole_row_is_read_with_a_notice(self, tmp_path: Path) -> None:
        reading, rows = taken_in(tmp_path, table(street_row(1), street_row(2))[:-1])
        assert (reading.rows_read, len(rows)) == (2, 2)
        assert reading.notices == ["line 3: no line end after the last row; the file may have been cut"]

    def test_a_stray_quote_that_swallows_the_rest_is_refused(self, tmp_path: Path) -> None:
        rows = [street_row(n, location='"On or near High Street' if n == 2 else "x") for n in range(1, 50)]
        says(refused(tmp_path, table(*rows)), "line 3", "never closed", "remove the quote")

    @pytest.mark.parametrize("end", ["\n", "\r\n", ""])
    def test_a_header_without_rows_is_refused(self, tmp_path: Path, end: str) -> None:
        message = refused(tmp_path, (STREET_HEADER + end).encode())
        says(message, STREET_NAME, "line 1", "a header and no rows", "No rows is not zero crime", "ask the publisher")


class TestEncodings:
    def test_windows_1252_is_refused_with_line_byte_and_likely_encoding(self, tmp_path: Path) -> None:
        content = table(street_row(1), street_row(2, location="On or near Caf# Street")).replace(b"#", b"\xe9")
        message = refused(tmp_path, content)
        place = f"line 3, byte {content.index(0xE9) + 1} of the file"
        says(message, STREET_NAME, place, "0xE9", "Windows-1252", "'é'", "Save the file as UTF-8")

    @pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
    def test_utf_16_with_a_byte_order_mark_is_read_with_a_notice(self, tmp_path: Path, encoding: str) -> None:
        text = "\ufeff" + table(street_row(1, location="On or near Sqwâr"), street_row(2), end="\r\n").decode()
        reading, rows = taken_in(tmp_path, text.encode(encoding))
        assert (reading.rows_read, rows[0]["location"], rows[1]["line_number"]) == (2, "On or near Sqwâr", 3)
        assert reading.notices == ["first bytes: the file is UTF-16, not UTF-8; it was read as that"]

    def test_utf_16_that_is_cut_inside_a_character_is_refused(self, tmp_path: Path) -> None:
        content = ("\ufeff" + table(street_row(1)).decode()).encode("utf-16-le")[:-1]
        says(refused(tmp_path, content), STREET_NAME, "after line", "not UTF-16", "ask for it again")

    def test_a_byte_order_mark_of_utf_8_is_no_part_of_the_first_header(self, tmp_path: Path) -> None:
        plain, rows = taken_in(tmp_path, table(street_row(1), street_row(2)))
        marked, same = taken_in(tmp_path, b"\xef\xbb\xbf" + table(street_row(1), street_row(2)))
        assert (marked, same) == (plain, rows)


class TestRowsSetAside:
    def the_one(self, folder: Path, content: bytes, loaded: int = 2) -> Any:
        reading, rows = taken_in(folder, content)
        assert (reading.rows_read, len(rows)) == (loaded + 1, loaded)
        [row] = reading.quarantined
        assert row.line_number not in {r["line_number"] for r in rows}
        return row

    @pytest.mark.parametrize(("line", "count"), [("a,b,c", 3), (street_row(2) + ",surplus", 13), (" ", 1)])
    def test_a_ragged_row(self, tmp_path: Path, line: str, count: int) -> None:
        row = self.the_one(tmp_path, table(street_row(1), line, street_row(3)))
        assert (row.line_number, row.column_name, row.value) == (3, "", line)
        says(row.reason, "expected 12 values", f"the row has {count}", "correct the row")

    def test_a_ragged_last_row_with_its_line_end_is_not_a_cut_file(self, tmp_path: Path) -> None:
        assert self.the_one(tmp_path, table(street_row(1), street_row(2), "a,b,c")).line_number == 4

    def test_blank_cells_after_the_last_column_are_no_values(self, tmp_path: Path) -> None:
        _, plain = taken_in(tmp_path, table(street_row(1), street_row(2)))
        reading, rows = taken_in(tmp_path, table(street_row(1) + ",,", street_row(2)))
        assert (rows, reading.quarantined) == (plain, [])

    def test_a_cell_of_10_mb_over_many_lines(self, tmp_path: Path) -> None:
        cell = '"' + ("x" * 99 + "\n") * 100_000 + '"'
        row = self.the_one(tmp_path, table(street_row(1), street_row(2, location=cell), street_row(3)))
        assert (row.line_number, row.column_name) == (3, "location")

    def test_a_quote_that_stands_alone_costs_its_own_line_only(self, tmp_path: Path) -> None:
        lines = [street_row(1), street_row(2, location='"On or" near'), street_row(3, location='"On, near"')]
        row = self.the_one(tmp_path, table(*lines))
        assert (row.line_number, row.column_name, row.value) == (3, "", lines[1])
        says(row.reason, "quotes round a whole value", "correct the line")

    def test_a_quote_that_is_closed_by_a_later_one_does_not_swallow_the_rows_between(self, tmp_path: Path) -> None:
        lines = [street_row(1, location='"On or near'), street_row(2), street_row(3, location='"A, B"')]
        assert self.the_one(tmp_path, table(*lines)).line_number == 2

    def test_a_blank_line_is_no_row_but_is_told(self, tmp_path: Path) -> None:
        reading, rows = taken_in(tmp_path, table(street_row(1), "", "", street_row(2)))
        assert [r["line_number"] for r in rows] == [2, 5]
        assert reading.notices == ["line 3: blank; 2 blank line(s) in all were skipped"]

    @pytest.mark.parametrize(
        ("column", "value"),
        [("month", "2025-13"), ("month", "Jan 2025"), ("month", ""), ("month", "2025-02"), ("reported_by", ""),
         ("reported_by", "  "), ("crime_type", ""), ("longitude", "west"), ("longitude", "nan"),
         ("latitude", "51,279".replace(",", ";")), ("latitude", "inf")],
    )  # fmt: skip
    def test_a_row_that_means_nothing(self, tmp_path: Path, column: str, value: str) -> None:
        content = table(street_row(1), street_row(2, **{column: value}), street_row(3))
        row = self.the_one(tmp_path, content)
        assert (row.line_number, row.column_name, row.value) == (3, column, value)
        says(row.reason, "expected")

    def test_an_outcome_without_its_type(self, tmp_path: Path) -> None:
        content = outcomes(outcome_row(1), outcome_row(2, outcome_type=""))
        reading, _ = taken_in(tmp_path, content, "2025-01-kent-outcomes.csv")
        assert [(q.line_number, q.column_name) for q in reading.quarantined] == [(3, "outcome_type")]

    def test_a_row_with_several_faults_is_listed_once_with_the_first(self, tmp_path: Path) -> None:
        bad = street_row(2, month="?", reported_by="", longitude="?")
        assert self.the_one(tmp_path, table(street_row(1), bad, street_row(3))).column_name == "month"

    def test_line_numbers_are_those_of_an_editor_after_a_value_over_two_lines(self, tmp_path: Path) -> None:
        content = table(street_row(1, location='"On or\nnear"'), street_row(2, crime_type=""), street_row(3))
        reading, rows = taken_in(tmp_path, content)
        assert [r["line_number"] for r in rows] == [2, 5]
        assert rows[0]["location"] == "On or\nnear"
        assert [q.line_number for q in reading.quarantined] == [4]


class TestHeaders:
    def test_a_renamed_column(self, tmp_path: Path) -> None:
        header = STREET_HEADER.replace("Crime type", "Type of crime").replace("Month", "Months")
        message = refused(tmp_path, table(street_row(1), header=header))
        says(message, STREET_NAME, "line 1", "expected the columns Crime ID, Month", "'Type of crime'")
        says(message, "'Month' is missing (nearest: 'months')", "'Crime type' is missing", "add its new name")

    def test_a_column_that_nobody_knows_is_told_with_its_place(self, tmp_path: Path) -> None:
        reading, rows = taken_in(tmp_path, table("x," + street_row(1), header="Beat," + STREET_HEADER))
        assert reading.notices == ["line 1, column 1: 'Beat' is not known and was left out"]
        assert (rows[0]["month"], "Beat" in rows[0]) == ("2025-01", False)

    def test_capitals_and_blanks_and_the_order_of_columns_do_not_count(self, tmp_path: Path) -> None:
        _, plain = taken_in(tmp_path, table(street_row(1)))
        header, row = STREET_HEADER.upper().split(","), street_row(1).split(",")
        header[0] = " crime   id "
        _, rows = taken_in(tmp_path, table(",".join(row[::-1]), header=",".join(header[::-1])))
        assert rows == plain

    def test_a_column_that_may_be_absent_is_told(self, tmp_path: Path) -> None:
        content = table(street_row(1)[:-1], header=STREET_HEADER.removesuffix(",Context"))
        reading, rows = taken_in(tmp_path, content)
        assert reading.notices == ["line 1: no column 'Context'; taken as empty"]
        assert rows[0]["context"] is None

    def test_semicolons(self, tmp_path: Path) -> None:
        message = refused(tmp_path, table(street_row(1)).replace(b",", b";"))
        says(message, STREET_NAME, "line 1", "separated by something else than commas", "save it as comma-separated")


class TestWrongMonth:
    def test_no_row_is_of_the_month_in_the_name(self, tmp_path: Path) -> None:
        rows = [street_row(1, month="2025-02"), street_row(2, month="2025-03"), street_row(3, month="?")]
        message = refused(tmp_path, table(*rows))
        says(message, STREET_NAME, "line 2", "expected rows of 2025-01, as the file name says")
        says(message, "wrong month in the name: the rows are of 2025-02, 2025-03", "Rename the file")

    def test_a_month_in_the_name_that_does_not_exist(self, tmp_path: Path) -> None:
        says(refused(tmp_path, table(street_row(1)), "2025-13-kent-street.csv"), "wrong month in the name")

    def test_a_month_that_does_not_exist_is_no_month_even_where_the_name_agrees(self, tmp_path: Path) -> None:
        reading, _ = taken_in(tmp_path, table(street_row(1, month="2025-13")), "2025-13-kent-street.csv")
        assert [q.reason[:27] for q in reading.quarantined] == ["expected a month as YYYY-MM"]

    def test_one_row_that_agrees_saves_the_file(self, tmp_path: Path) -> None:
        reading, rows = taken_in(tmp_path, table(street_row(1, month="2025-02"), street_row(2)))
        assert [q.line_number for q in reading.quarantined] == [2]
        says(reading.quarantined[0].reason, "expected 2025-01 as in the name of the file", "rename the file")
        assert len(rows) == 1

    def test_a_row_that_agrees_but_is_of_no_use_agrees_all_the_same(self, tmp_path: Path) -> None:
        rows = [street_row(1, month="2025-02"), street_row(2, reported_by="")]
        reading, _ = taken_in(tmp_path, table(*rows))
        assert (reading.rows_read, reading.rows_loaded, len(reading.quarantined)) == (2, 0, 2)

    def test_a_name_without_a_month_says_nothing(self, tmp_path: Path) -> None:
        reading, _ = taken_in(tmp_path, table(street_row(1), street_row(2, month="2025-02")), "street.csv")
        assert reading.rows_loaded == 2


def test_a_header_of_the_other_table_decides_against_the_name(tmp_path: Path) -> None:
    [outcome] = deliver(tmp_path, table(outcome_row(1), header=OUTCOMES_HEADER), STREET_NAME)
    assert outcome.source == "police_uk_outcomes"
