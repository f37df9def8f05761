"""What is put into a page: its kind by its first bytes before any library reads it, and how many the server holds."""

import csv
import io
import zipfile
from collections.abc import Callable
from typing import Any

import fastexcel
import pytest

from casework.assessment.plans import as_docx, as_html, files
from casework.store.file_kinds import check_kind
from casework.store.refusal import Refused
from dashboards.pages.audit import worksheet
from dashboards.registry import FOLDER
from dashboards.server.held_files import MOST_BYTES, MOST_FILES, MOST_SESSIONS, HeldFiles

Reader = Callable[[str, bytes], Any]
FORMS: dict[str, tuple[tuple[str, ...], Reader]] = {  # module with a form for files -> kinds it takes, what reads them
    "plan_section.py": (files.FORMATS, files.tables_of),
    "rating_section.py": (worksheet.FORMATS, worksheet._read_sheet),
}
TEXT = b"Number,Action\r\n1,Invented\r\n"


def packed(*parts: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for part in parts:
            package.writestr(part, "<x/>")
    return out.getvalue()


WORKBOOK = packed("[Content_Types].xml", "xl/workbook.xml")
DOCUMENT = packed("[Content_Types].xml", "word/document.xml")
GENUINE = {
    "a.csv": TEXT, "b.CSV": "Number;Action £\n".encode("cp1252"), "c.csv": "\ufeffNumber,Action".encode("utf-16"),
    "d.html": b"\xef\xbb\xbf\n <!doctype html>", "e.htm": b"<table>", "f.docx": DOCUMENT, "g.xlsx": WORKBOOK,
}  # fmt: skip
OTHERS = {  # neither form takes it, whatever its name says
    "a PDF": b"%PDF-1.7\n" + TEXT,
    "an old Office file": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512),
    "a picture": b"\x89PNG\r\n\x1a\n" + bytes(40),
    "a program": b"MZ\x90\x00" + bytes(60),
    "a gzip archive": b"\x1f\x8b\x08" + bytes(20),
    "an empty ZIP archive": b"PK\x05\x06" + bytes(18),
    "a database": b"SQLite format 3\x00" + bytes(80),
    "a Parquet file": b"PAR1" + bytes(20) + b"PAR1",
    "damaged": b"PK\x03\x04 broken",
    "with macros": packed("[Content_Types].xml", "xl/workbook.xml", "word/document.xml", "xl/vbaProject.bin"),
    "is no Office file": packed("notes.txt"),
    "no Office file": packed("[Content_Types].xml", "xl/workbook.xml", "word/document.xml"),  # two kinds at once
    "no text: byte 3 is zero": b"a,\x00b\n" + WORKBOOK,  # an archive behind text
    "it is empty": b" \r\n",
}


def test_every_form_for_files_is_tried_here() -> None:
    forms = {path.name for path in FOLDER.rglob("*.py") if "file_uploader(" in path.read_text("utf-8")}
    assert forms == set(FORMS)
    assert {kind for kinds, _ in FORMS.values() for kind in kinds} == {n.rpartition(".")[2].lower() for n in GENUINE}


@pytest.fixture
def no_library(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever reads a file's content fails the test: a refusal comes before it."""

    def read(*_: object, **__: object) -> None:
        raise AssertionError("a library read the file")

    for owner, name in ((fastexcel, "read_excel"), (as_docx, "tables"), (as_html, "tables"), (csv, "reader")):
        monkeypatch.setattr(owner, name, read)
    monkeypatch.setattr(zipfile.ZipFile, "open", read)


@pytest.mark.usefixtures("no_library")
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("seen", OTHERS)
def test_what_is_of_another_kind_is_refused_before_any_library_reads_it(form: str, seen: str) -> None:
    kinds, reader = FORMS[form]
    for kind in kinds:
        with pytest.raises(Refused) as refusal:
            reader(f"mine.{kind}", OTHERS[seen])
        words = str(refusal.value)
        assert words.startswith("mine.") and "expected " in words and seen in words, "which file, expected, seen"
        assert words.rstrip(".").count(". ") == 1, "and what to do"


@pytest.mark.usefixtures("no_library")
@pytest.mark.parametrize("form", FORMS)
def test_a_name_and_bytes_that_differ_are_refused_although_the_form_takes_either(form: str) -> None:
    kinds, reader = FORMS[form]
    tried = 0
    for own, content in GENUINE.items():
        for ending in (*GENUINE, "a.exe", "a", ".csv.exe", "a.csv "):
            is_same = check_words(own) == check_words(ending)
            if not (is_same and own.rpartition(".")[2].lower() in kinds):
                tried += 1
                with pytest.raises(Refused):
                    reader(ending, content)
    assert tried > 50


def check_words(name: str) -> str:
    kind = name.rpartition(".")[2].lower()
    return "html" if kind == "htm" else kind


@pytest.mark.parametrize("name", GENUINE)
def test_what_is_what_it_says_is_read(name: str) -> None:
    """Else the refusals above would prove nothing."""
    kind = check_words(name)
    assert check_kind(name, GENUINE[name], (kind,)) == kind


class TestHeld:
    def test_a_person_s_files_are_counted_over_all_their_sessions(self) -> None:
        held: dict[str, list[int]] = {}
        files = HeldFiles(lambda session: held.get(session, ()))
        assert all(files.takes("a", f"session {n}") for n in range(MOST_FILES))
        held |= {f"session {n}": [1_000] for n in range(MOST_FILES)}  # they arrive after the last one was let in
        assert not files.takes("a", "another session")
        assert files.takes("b", "session of another person")
        held.popitem()  # a page was closed
        assert files.takes("a", "another session")

    def test_and_their_bytes(self) -> None:
        held = {"one": [MOST_BYTES // 2], "two": [MOST_BYTES // 2 - 1]}
        files = HeldFiles(lambda session: held.get(session, ()))
        assert files.takes("a", "one") and files.takes("a", "two") and files.takes("a", "two")
        held["two"].append(1)
        assert not files.takes("a", "two") and not files.takes("a", "three")
        held["two"].clear()
        assert files.takes("a", "three")

    def test_what_is_remembered_is_bounded(self) -> None:
        files = HeldFiles(lambda session: ())
        assert all(files.takes("a", f"session {n}") for n in range(1_000))
        assert len(files._sessions["a"]) == MOST_SESSIONS
