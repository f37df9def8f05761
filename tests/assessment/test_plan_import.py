"""A force's published plan in the register: every format, what is not understood, and twice the same file."""

import io
import sqlite3
import time
import zipfile
from pathlib import Path
from typing import Any

import docx
import pytest
from commands import stra

from assets.reference import list_rows
from casework.access.access_log import verify_in
from casework.assessment import registers
from casework.assessment.plans import files, rows, words
from casework.assessment.plans.grid import Grid
from casework.assessment.plans.rows import Plan
from casework.assessment.plans.words import Words
from casework.store.database import FILE, open_store
from casework.store.refusal import Refused

KNOWN = Words.of(list_rows("plan_words"))
WHO = "Invented Analyst"
HEADINGS = ("Rec No.", "Recommendation", "Action", "Owner", "Due date", "Status", "March 2026 update", "Colour")
PLAN = (
    ("7", "By 27 March 2025, seek changes", "Ask the supplier", "Head of crime", "", "In progress", "Asked", "Red"),
    ("Recommendation 11", "Text of eleven", "Train", "", "31/12/2026", "Complete", "All trained", ""),
)


def separated(separator: str = ",", encoding: str = "utf-8", lines: Any = PLAN) -> bytes:
    out = [separator.join(f'"{cell}"' for cell in line) for line in (HEADINGS, *lines)]
    return "\r\n".join(out).encode(encoding)


def page(lines: Any = PLAN) -> bytes:
    made = "".join(f"<tr>{''.join(f'<td><p>{cell}</p></td>' for cell in line)}</tr>" for line in (HEADINGS, *lines))
    return f"<!doctype html><html><body><table>{made}</table></body></html>".encode()


def document(lines: Any = PLAN) -> Any:
    made = docx.Document()
    table = made.add_table(0, len(lines[0]))
    for line in lines:
        for cell, text in zip(table.add_row().cells, line, strict=True):
            cell.text = text
    return made


def written(made: Any) -> bytes:
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def read(name: str, content: bytes) -> Plan:
    return rows.read_plan(name, content, KNOWN)


def told(plan: Plan) -> list[tuple[Any, ...]]:
    return [(d.number, dict(d.fields), [(u.words, u.day) for u in d.updates], d.status) for d in plan.drafts]


EXPECTED = [
    ("7", {"asked": "By 27 March 2025, seek changes", "action": "Ask the supplier", "owner": "Head of crime",
           "due_date": "2025-03-27"}, [("March 2026: Asked", "")], "under_way"),
    ("11", {"asked": "Text of eleven", "action": "Train", "due_date": "2026-12-31"},
     [("March 2026: All trained", "")], "done"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("plan.csv", separated()), ("plan.csv", separated(";")), ("plan.csv", separated("\t", "utf-16")),
        ("plan.csv", b"Invented plan\n" + separated("|", "utf-8")), ("plan.html", page()),
        ("plan.docx", written(document((HEADINGS, *PLAN)))),
    ],
)  # fmt: skip
def test_each_format_gives_the_same_plan(name: str, content: bytes) -> None:
    plan = read(name, content)
    assert told(plan) == EXPECTED and plan.problems == []
    assert sum("'Colour' is not known" in notice for notice in plan.notices) == 1


def test_windows_text_is_read_and_said() -> None:
    line = ("7", "It’s £5", "", "", "", "", "", "")
    plan = read("plan.csv", separated(encoding="cp1252", lines=[line]))
    assert plan.drafts[0].fields["asked"] == "It’s £5" and "read as Windows-1252" in plan.notices[0]


def test_merged_cells_of_a_document_and_of_a_page_are_the_same() -> None:
    """Seven has two parts, its number and text are merged downwards; the heading of a part covers two columns."""
    made = document((
        ("No.", "Recommendation", "Sub recommendation/", "", "Initial response", "Evidence requirements of progress"),
        ("For chief constables", "", "", "", "", ""),
        ("7", "Seek", "7.1", "Processes", "Reply one", "Proof"), ("", "", "7.2", "Meanwhile", "Reply two", ""),
    ))  # fmt: skip
    table = made.tables[0]
    table.cell(0, 2).merge(table.cell(0, 3))
    table.cell(1, 0).merge(table.cell(1, 5))
    for column in (0, 1):
        table.cell(2, column).merge(table.cell(3, column))
    html = """<table><tr><th>No.<th>Recommendation<th colspan="2">Sub recommendation/<th>Initial response
        <th>Evidence requirements of progress</tr><tr><td colspan=100>For chief constables</td></tr>
        <tr><td rowspan=2>7<td rowspan='2'>Seek<td>7.1<td>Processes<td>Reply one<td>Proof
        <tr><td>7.2<td>Meanwhile<td>Reply two<td></table>"""
    for plan in (read("plan.docx", written(made)), read("plan.htm", html.encode())):
        assert [(d.number, dict(d.fields)) for d in plan.drafts] == [
            ("7", {"asked": "Seek"}),
            ("7.1", {"asked": "Processes", "action": "Reply one", "evidence": "Proof"}),
            ("7.2", {"asked": "Meanwhile", "action": "Reply two"}),
        ]
        assert plan.problems == [] and "goes over all columns" in plan.notices[0]


def test_a_cell_over_four_rows_is_in_each_of_them_and_in_no_more() -> None:
    grid = Grid("plan")
    for number, said in (("7", "first"), ("", "second"), ("", "third"), ("", "fourth"), ("8", "fifth")):
        grid.begin_line()
        if number:
            grid.add(number, lines=4)
        grid.add(said)
    assert [line.cells[0] for line in grid.table().lines] == ["7", "7", "7", "7", "8"]


def test_a_hostile_page_gives_its_text_and_nothing_else() -> None:
    html = """<script>document.write("<table><tr><td>No.<td>Action<tr><td>1<td>x</table>")</script>
        <!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><table><tr><td><table><tr><th>No.<th>Action<th>Update
        <tr><td>7<td onclick="steal('>')">&lt;b&gt;Do&lt;/b&gt; &a; &#99999999;<style>x</style>
        <td><table><tr><td>inner</table> it</table></table>"""
    [draft] = read("plan.html", html.encode()).drafts
    assert draft.fields["action"] == "<b>Do</b> &a; \ufffd;" and draft.updates[0].words == "inner it"


@pytest.mark.parametrize("piece", ["<!--", "<a x='", "</", "<script>", "&#x", "<![CDATA[", "<a b=", "<td colspan "])
def test_a_page_made_to_delay_is_read_in_seconds(piece: str) -> None:
    begun = time.process_time()
    with pytest.raises(Refused, match="expected a table with a column"):
        read("plan.html", ("<p>" + piece * 1_000_000)[:1_000_000].encode())
    assert time.process_time() - begun < 10


def with_text(text: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", "")
        package.writestr("word/document.xml", text)
    return out.getvalue()


W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
DEEP = ("<w:tbl><w:tr><w:tc>", "</w:tc></w:tr></w:tbl>")  # a table within a table


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("p.docx", with_text('<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'), "damaged or declares entities"),
        ("p.docx", with_text(f"<w:document {W}>{' ' * 20_000_001}</w:document>"), "at most 20,000,000 bytes"),
        ("p.docx", with_text("<a>" * 400 + "</a>" * 400), "nested too deep"),
        ("p.docx", with_text("<a>"), "damaged"),
        ("p.docx", with_text(f"<w:d {W}>{DEEP[0] * 13}{DEEP[1] * 13}</w:d>"), "12 deep"),
        ("p.docx", written(document(PLAN))[:2000], "damaged or has a password"),
        ("p.xlsx", b"PK\x05\x06" + bytes(18), "an empty ZIP archive"),
        ("p.doc", b"\xd0\xcf\x11\xe0", "an old Office file"), ("p.pdf", b"%PDF-1.7", "saw a PDF"),
        ("p.csv", b" ", "it is empty"), ("p.csv", b"x" * 5_000_001, "at most 5,000,000 bytes"),
        ("p.csv", b"a,b\n1,2\n", "saw the columns 'a', 'b'"), ("p.csv", b"plain", "saw no table"),
        ("p.csv", b"No,Action\n" + b"1,x\n" * 1001, "at most 1000 rows"),
        ("p.html", b"<table><tr>" + b"<td>x" * 61, "at most 60 columns"),
        ("p.html", b"<table>" * 13, "12 deep"),
    ],
)  # fmt: skip
def test_a_file_that_holds_no_plan_is_refused_in_words(name: str, content: bytes, why: str) -> None:
    with pytest.raises(Refused, match=why):
        read(name, content)


def test_what_a_reader_of_the_document_does_not_see_is_left_out() -> None:
    made = document((("No.", "Action"), ("7", "Do ")))
    cell = made.tables[0].cell(1, 1).paragraphs[0]
    cell.add_run("it")
    cell.add_run("hidden").font.hidden = True
    assert read("plan.docx", written(made)).drafts[0].fields["action"] == "Do it"


@pytest.mark.parametrize(
    ("line", "seen", "expected"),
    [
        (("seven", "x", "", "", "", "", "", ""), "seven", "one number of a recommendation"),
        (("7 and 8", "x", "", "", "", "", "", ""), "7 and 8", "one number of a recommendation"),
        (("", "x", "", "", "", "", "", ""), "x", "its cell is empty"),
        (("7", "x", "", "", "", "Amber", "", ""), "Amber", "a state that is known"),
        (("7", "x", "", "", "", "Complete", "", ""), "Complete", "what was done"),
    ],
)
def test_a_row_that_is_not_understood_is_named_and_the_rest_is_imported(line: Any, seen: str, expected: str) -> None:
    plan = read("plan.csv", separated(lines=[line, PLAN[1]]))
    [problem] = plan.problems
    assert problem.place == "line 2" and seen in problem.seen and expected in problem.expected and problem.remedy
    assert [draft.number for draft in plan.drafts] == ["11"]


def test_a_date_that_is_none_costs_the_date_alone_and_a_number_counts_once() -> None:
    lines = [("7", "x", "", "", "Spring", "", "", ""), ("7", "y", "", "", "", "", "", "")]
    plan = read("plan.csv", separated(lines=lines))
    assert [dict(draft.fields) for draft in plan.drafts] == [{"asked": "x"}]
    assert [(p.place, p.seen) for p in plan.problems] == [("line 2", "'Spring'"), ("line 3", "number 7 again")]


@pytest.mark.parametrize(
    ("said", "number"),
    [("7", "7"), ("07.", "7"), ("7.0", "7"), ("7.10", "7.10"), ("Rec. 7(a)", "7a"), ("R7", "7"), ("No 7", "7"),
     ("Recommendation 7.1:", "7.1"), ("7-8", ""), ("7-Jan", ""), ("1234", ""), ("", "")],
)  # fmt: skip
def test_a_number_has_one_spelling(said: str, number: str) -> None:
    assert words.number_of(said) == number


@pytest.mark.parametrize(
    ("said", "day"),
    [("27/03/25", "2025-03-27"), ("27 Mar 2025", "2025-03-27"), ("By 27th March 2025.", "2025-03-27"),
     ("2025-03-27 00:00:00", "2025-03-27"), ("31/02/2025", ""), ("March 2025", ""), ("27/03/25 or later", "")],
)  # fmt: skip
def test_a_day_is_the_whole_of_what_is_said(said: str, day: str) -> None:
    assert words.day(said) == day


def test_a_dated_heading_dates_its_update() -> None:
    known = [KNOWN.column(h) for h in ("Initial Constabulary Response 21st November 2024", "March 2026 update", "Cost")]
    assert known == ["action", "update", ""]
    assert words.when("Update 21st November 2024").day == "2024-11-21"
    assert (words.when("March 2026 update").words, words.when("March 2026 update").day) == ("March 2026", "")


def test_the_words_of_the_list_mean_fields_and_states_of_the_register() -> None:
    kind = registers.kind_of("inspection")
    fields = {means for _, means in KNOWN.columns} - {"number", "part", "text"}
    assert all(kind.field_of(name) for name in fields)
    assert set(KNOWN.states.values()) == {"needs_decision", "open", "under_way", "done", "declined"}
    assert all(words.plain(word) == word for word in KNOWN.states)


def given(tmp_path: Path, content: bytes, *more: object, code: int = 0) -> str:
    file = tmp_path / "plan.csv"
    file.write_bytes(content)
    return stra("register", "import", "--home", tmp_path, "--file", file, "--by", WHO, *more, code=code)


def kept(tmp_path: Path) -> dict[str, dict[str, Any]]:
    return {row["fields"]["number"]: row for row in registers.entries(open_store(tmp_path), "inspection")}


def test_a_plan_is_laid_over_its_starter_and_twice_the_same_changes_nothing(tmp_path: Path) -> None:
    assert "1 would be added: 11." in given(tmp_path, separated(), "--dry-run")
    assert not (tmp_path / FILE).exists()
    said = given(tmp_path, separated())
    assert "1 added: 11." in said and "1 changed: 7." in said and "Owners in the plan: Head of crime." in said
    held = kept(tmp_path)
    seven, eleven = held["7"], held["11"]
    assert seven["entry_ref"] == "super-complaint-2024-07" and seven["fields"]["title"].startswith("Summary: ")
    assert seven["fields"]["metric_code"] == "CLS-13" and seven["fields"]["status"] == "under_way"
    assert (eleven["fields"]["status"], eleven["is_closed"], eleven["fields"]["title"]) == ("done", 1, "Text of eleven")
    assert "public_measure" not in seven["fields"] | eleven["fields"]
    with sqlite3.connect(tmp_path / FILE) as con:
        before = con.execute("select count(*) from register_rows").fetchall()
        assert "2 the same as the plan: 7, 11." in given(tmp_path, separated())
        assert con.execute("select count(*) from register_rows").fetchall() == before
    log = verify_in(tmp_path, [])  # a row for each revision, and for closing
    assert log.faults == () and log.row_count == 3


def test_a_title_too_long_for_the_register_ends_after_a_whole_word(tmp_path: Path) -> None:
    given(tmp_path, separated(lines=[("12", "word " * 250, "", "", "", "", "", "")]))
    assert kept(tmp_path)["12"]["fields"]["title"] == "word " * 198 + "word…"


def test_a_later_plan_changes_what_differs_and_leaves_what_it_does_not_say(tmp_path: Path) -> None:
    given(tmp_path, separated())
    later = [("7", "", "", "", "", "Complete", "Installed", ""), ("11", "", "", "", "", "", "All trained twice", "")]
    assert "2 changed: 7, 11." in given(tmp_path, separated(lines=later))
    held = kept(tmp_path)
    assert held["7"]["fields"]["action"] == "Ask the supplier" and held["7"]["is_closed"] == 1
    assert "“Complete”" in held["7"]["fields"]["closing_words"]
    assert held["11"]["is_closed"] == 1 and held["11"]["fields"]["update"] == "March 2026: All trained twice"
    again = [("11", "", "", "", "", "Ongoing", "", "")]
    given(tmp_path, separated(lines=again))
    assert kept(tmp_path)["11"]["is_closed"] == 0


def test_updates_of_several_dates_are_revisions_in_their_order(tmp_path: Path) -> None:
    plan = b"No,Text,Update 1 March 2026,Update 21st November 2024\n12,T,Later,Earlier\n"
    given(tmp_path, plan)
    entry = kept(tmp_path)["12"]
    told = registers.history(open_store(tmp_path), "inspection", entry["entry_ref"])
    assert [(row["fields"]["update"], row["fields"]["updated_on"]) for row in told] == [
        ("Earlier", "2024-11-21"), ("Later", "2026-03-01"),
    ]  # fmt: skip
    assert "1 the same" in given(tmp_path, plan)
    said = given(tmp_path, plan.replace(b"Earlier", b"Rewritten"))
    assert "an earlier update of 12 differs from what is kept" in said and "1 the same" in said
    said = given(tmp_path, b"No,Text,Update 1 March 2025\n12,T,Old\n")
    assert "older than the one kept" in said and kept(tmp_path)["12"]["fields"]["update"] == "Later"


def test_what_is_not_understood_gives_code_3_and_no_file_code_1(tmp_path: Path) -> None:
    said = given(tmp_path, separated(lines=[("x", *PLAN[0][1:]), PLAN[1]]), code=3)
    assert "NOT IMPORTED line 2: expected one number" in said and list(kept(tmp_path)) == ["11"]
    long = given(tmp_path, separated(lines=[("12", "x", "y" * 4001, "", "", "", "", "")]), code=3)
    assert "What the force will do: at most 4000 characters; this has 4001" in long
    assert "expected a table" in given(tmp_path, b"a,b\n", code=1)
    stra("register", "import", "--home", tmp_path, "--file", tmp_path / "none", "--by", WHO, code=1)


def test_recommendations_of_another_body_are_other_entries(tmp_path: Path) -> None:
    given(tmp_path, separated())
    given(tmp_path, separated(), "--body", "Invented inspection")
    bodies = sorted(row["fields"]["body"] for row in registers.entries(open_store(tmp_path)))
    assert bodies == ["Invented inspection"] * 2 + ["Super-complaint report"] * 2


def test_the_separator_is_the_one_whose_columns_are_known() -> None:
    content = b"No;Action\n7;a, b\n"
    found = files.tables_of("p.csv", content)
    assert found.are_readings and len(found.tables) == 2
    assert read("p.csv", content).drafts[0].fields == {"action": "a, b"} and Words.of([]).column("No") == ""
