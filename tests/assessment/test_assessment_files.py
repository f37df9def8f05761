"""The files of the assessment: marked, recorded, the same bytes twice, and a changed number, row or file is found."""

import html
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import docx
import invented_assessment as invented
import polars as pl
import pptx
import pytest
from dashboard_browser import Visit
from docx.oxml.ns import qn
from pypdf import PdfReader
from typer.testing import CliRunner

from casework.access import access_log
from casework.store.database import open_store
from casework.store.refusal import Refused
from dashboards.data.front import glance_data
from dashboards.data.published import AUDIENCES, Copy, open_copy
from dashboards.data.register import Reader
from dashboards.data.scope import WHOLE
from dashboards.documents import records
from dashboards.documents.assessment import files as assessment_files
from dashboards.documents.checks import Verdict, check, check_file
from dashboards.text.front import glance_text
from pipelines.commands.cli import app
from pipelines.publication.publish import _last_document

ROOT = Path(__file__).resolve().parents[2]


def opened(home: Path) -> Copy:
    return open_copy(home, "command", WHOLE)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Read only: tests that change something copy it."""
    return invented.assessment_home(tmp_path_factory.mktemp("home"), audiences=AUDIENCES)


@pytest.fixture(scope="module")
def master(home: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Documents written once, and a copy of all that: records name the place where a document was written."""
    work, kept = (tmp_path_factory.mktemp(name) for name in ("work", "kept"))
    shutil.copytree(home, work / "home", symlinks=True)
    assessment_files.write(work / "home", work / "out")
    shutil.copytree(work, kept / "copy", symlinks=True)
    return work, kept / "copy"


@pytest.fixture
def written(master: tuple[Path, Path]) -> tuple[Path, Path]:
    """A home and the folder with its documents, as they were written."""
    work, kept = master
    shutil.rmtree(work)
    shutil.copytree(kept, work, symlinks=True)
    return work / "home", work / "out"


# the files


def test_the_files_carry_the_marking_and_are_recorded(written: tuple[Path, Path]) -> None:
    home, out = written
    documents = {f"OFFICIAL_{name}.{kind}" for name in ("assessment", "brief") for kind in ("docx", "pdf", "html")}
    names = documents | {"OFFICIAL_slides.pptx", "OFFICIAL_numbers.json"}
    assert {p.name for p in out.iterdir()} == names
    held, faults = records.read_records(home)
    assert not faults
    assert {Path(r.path).name for r in held} == names
    assert check(home) == Verdict()


def test_the_brief_is_one_page_and_the_slides_are_eight(written: tuple[Path, Path]) -> None:
    _, out = written
    assert len(PdfReader(out / "OFFICIAL_brief.pdf").pages) == 1
    assert "Key judgements" in PdfReader(out / "OFFICIAL_assessment.pdf").pages[0].extract_text()
    assert "Scope, sources" in PdfReader(out / "OFFICIAL_assessment.pdf").pages[1].extract_text()
    assert len(list(pptx.Presentation(str(out / "OFFICIAL_slides.pptx")).slides)) == 8


def test_the_brief_says_what_the_front_page_says(written: tuple[Path, Path]) -> None:
    """The same blocks, in the same words and order: only what was entered since the build may differ."""
    home, out = written
    reader = Reader(opened(home))
    held = glance_data.read_glance(reader, lambda: reader.table(glance_text.ENTRIES))
    said = [held.answer, *(point.runs for _, points in held.blocks for point in points)]
    page = html.unescape(re.sub(r"<[^>]+>", "", (out / "OFFICIAL_brief.html").read_text("utf-8")))
    places = [page.find(reader.in_words(runs)) for runs in said]
    assert len(places) >= 8
    assert -1 not in places
    assert places == sorted(places)
    assert all(question in page for question, _ in held.blocks)


def test_the_brief_and_the_assessment_name_the_same_finding(home: Path) -> None:
    made, _ = assessment_files.documents(opened(home), "OFFICIAL")
    for name in ("brief", "assessment"):
        assert "60.0% (120 of 200) since July 2025" in html.unescape(made[f"OFFICIAL_{name}.html"].decode())


def test_another_process_writes_the_same_bytes(home: Path, tmp_path: Path) -> None:
    mine, _ = assessment_files.documents(opened(home), "OFFICIAL-SENSITIVE")
    shutil.copytree(home, tmp_path / "home", symlinks=True)
    command = [
        sys.executable,
        "-m",
        "pipelines.commands.cli",
        "report",
        "assessment",
        "--home",
        str(tmp_path / "home"),
        "--out",
        str(tmp_path / "out"),
    ]
    environment = {**os.environ, "STRA_MARKING": "OFFICIAL-SENSITIVE", "PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert {p.name: p.read_bytes() for p in (tmp_path / "out").iterdir()} == mine


@pytest.mark.browser
def test_the_pages_have_no_barrier(visit: Visit, master: tuple[Path, Path]) -> None:
    """One on a desk, one on a phone: they are of one style."""
    for name, width in (("assessment", 1440), ("brief", 390)):
        visit.page.set_viewport_size({"width": width, "height": 900})
        visit.page.set_content((master[0] / "out" / f"OFFICIAL_{name}.html").read_text("utf-8"))
        assert visit.violations() == []
        for narrow in (width, 390):
            visit.page.set_viewport_size({"width": narrow, "height": 900})
            assert visit.page.evaluate("() => document.documentElement.scrollWidth") <= narrow


# tampering


def changed_docx(path: Path, change: tuple[str, str], ref: str = "") -> None:
    """Put other words into the document, or into the number with this reference."""
    word = docx.Document(str(path))
    for control in word.element.body.iter(qn("w:sdt")) if ref else ():
        if control.find(f"{qn('w:sdtPr')}/{qn('w:tag')}").get(qn("w:val")) == ref:
            texts = [t for t in control.iter(qn("w:t")) if change[0] in t.text]
            for t in texts:
                t.text = t.text.replace(*change)
    if not ref:
        for paragraph in word.paragraphs:
            for run in paragraph.runs:
                run.text = run.text.replace(*change) if change[0] in run.text else run.text
    word.save(str(path))


def reference(out: Path, table: str, column: str, form: str = "", **row: str) -> tuple[str, str]:
    numbers = json.loads((out / "OFFICIAL_numbers.json").read_text("utf-8"))["numbers"]
    found = [n for n in numbers if n["table"] == table and n["column"] == column and n["row"] == row]
    found = [n for n in found if form in ("", n["form"])]
    return found[0]["ref"], found[0]["printed"]


def test_a_number_changed_in_word_is_named_with_its_row(written: tuple[Path, Path]) -> None:
    home, out = written
    ref, before = reference(out, "metrics.theme_scores", "risk", theme_code="T1")
    changed_docx(out / "OFFICIAL_assessment.docx", (before, "12.3"), ref)
    faults = check(home).faults
    assert "OFFICIAL_assessment.docx: expected sha256" in faults[0]
    assert f"{ref}: expected '{before}', saw '12.3' (metrics.theme_scores, row theme_code T1, column risk)" in faults[1]
    assert all("OFFICIAL_assessment.docx" in fault for fault in faults)


def test_a_number_changed_in_the_page_is_named_with_its_row(written: tuple[Path, Path]) -> None:
    home, out = written
    ref, before = reference(out, "metrics.theme_scores", "top_scheme_count", theme_code="T5")
    page = out / "OFFICIAL_brief.html"
    text = page.read_text("utf-8")
    place = re.search(rf'<data value="{ref}"[^>]*>', text)
    assert place is not None
    page.write_text(text[: place.end()] + "1" + text[place.end() + len(before) :], "utf-8")
    faults = check(home).faults
    assert len(faults) == 2
    place_of_row = "(metrics.theme_scores, row theme_code T5, column top_scheme_count)"
    assert f"{ref}: expected '{before}', saw '1' {place_of_row}" in faults[1]


def test_a_number_taken_out_is_found(written: tuple[Path, Path]) -> None:
    home, out = written
    page = out / "OFFICIAL_brief.html"
    page.write_text(re.sub(r"<data [^>]*>[^<]*</data>", "99", page.read_text("utf-8"), count=1), "utf-8")
    assert "1 taken out" in check(home).faults[1]


def test_words_changed_around_the_numbers_are_found_and_told_apart(written: tuple[Path, Path]) -> None:
    home, out = written
    changed_docx(out / "OFFICIAL_brief.docx", ("trusted", "doubted"))
    verdict = check(home)
    assert len(verdict.faults) == 1
    assert "its numbers are all as published; something else in it was changed" in verdict.remarks[0]


@pytest.mark.parametrize("name", ["OFFICIAL_assessment.pdf", "OFFICIAL_slides.pptx", "OFFICIAL_numbers.json"])
def test_any_other_changed_file_is_named(written: tuple[Path, Path], name: str) -> None:
    home, out = written
    with (out / name).open("ab") as handle:
        handle.write(b"x")
    assert name in check(home).faults[0]


def test_a_published_row_that_was_changed_is_named_with_what_the_document_says(written: tuple[Path, Path]) -> None:
    home, _ = written
    path = opened(home).folder / "metrics.theme_scores.parquet"
    rows = pl.read_parquet(path)
    rows.with_columns(risk=pl.when(pl.col("theme_code") == "T2").then(99.0).otherwise("risk")).write_parquet(path)
    faults = check(home).faults
    assert len(faults) == 1
    assert "metrics.theme_scores, row theme_code T2, column risk: the documents of" in faults[0]
    assert "say '24.2'" in faults[0]
    assert "now gives '99.0'" in faults[0]


def test_a_changed_row_is_not_blamed_on_a_document_that_was_changed_elsewhere(written: tuple[Path, Path]) -> None:
    home, out = written
    path = opened(home).folder / "metrics.theme_scores.parquet"
    rows = pl.read_parquet(path)
    rows.with_columns(risk=pl.when(pl.col("theme_code") == "T2").then(99.0).otherwise("risk")).write_parquet(path)
    changed_docx(out / "OFFICIAL_brief.docx", ("trusted", "doubted"))
    faults = check(home).faults
    assert len(faults) == 2
    assert "OFFICIAL_brief.docx: expected sha256" in faults[0]
    assert "the published row now gives '99.0'" in faults[1]


def test_a_changed_manifest_is_named(written: tuple[Path, Path]) -> None:
    home, _ = written
    path = opened(home).folder / "manifest.json"
    path.write_text(path.read_text("utf-8") + "\n", "utf-8")
    assert "manifest.json: expected sha256" in check(home).faults[0]


def test_a_document_that_was_moved_is_said_and_can_be_checked_where_it_lies(written: tuple[Path, Path]) -> None:
    home, out = written
    moved = out.with_name("elsewhere.docx")
    (out / "OFFICIAL_assessment.docx").rename(moved)
    verdict = check(home)
    assert not verdict.faults
    assert "no longer there" in verdict.remarks[0]
    assert "as it was written on" in check_file(home, moved).remarks[0]
    ref, before = reference(out, "metrics.theme_scores", "risk", theme_code="T1")
    changed_docx(moved, (before, "12.3"), ref)
    assert f"{ref}: expected '{before}', saw '12.3'" in check_file(home, moved).faults[1]


def test_a_document_of_another_home_is_refused(written: tuple[Path, Path], tmp_path: Path) -> None:
    home, _ = written
    stranger = tmp_path / "stranger.html"
    stranger.write_text("<p>hello</p>", "utf-8")
    with pytest.raises(Refused, match="no record of such a document"):
        check_file(home, stranger)
    with pytest.raises(Refused, match="no such file"):
        check_file(home, tmp_path / "absent.pdf")


def test_a_publication_that_is_no_longer_kept_is_said(written: tuple[Path, Path]) -> None:
    home, out = written
    shutil.rmtree(opened(home).folder)
    verdict = check(home)
    assert not verdict.faults
    assert "no longer kept" in verdict.remarks[0]
    ref, before = reference(out, "metrics.theme_scores", "risk", theme_code="T1")
    changed_docx(out / "OFFICIAL_assessment.docx", (before, "12.3"), ref)
    assert f"{ref}: expected '{before}', saw '12.3'" in check(home).faults[1]


def test_a_register_that_was_changed_is_found(written: tuple[Path, Path]) -> None:
    home, _ = written
    path = next((home / "reports").glob("*.json"))
    path.write_text(path.read_text("utf-8").replace("36.4", "12.3"), "utf-8")
    assert "the register was changed" in check(home).faults[0]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda lines: [lines[0].replace("command", "commend"), *lines[1:]], "the line was changed"),
        (lambda lines: lines[1:], "it does not follow the line before"),
        (lambda lines: [lines[1], lines[0], *lines[2:]], "it does not follow the line before"),
        (lambda lines: ["nonsense", *lines], "expected the record of a document"),
    ],
)
def test_a_record_that_was_changed_is_found_and_nothing_follows_it(
    written: tuple[Path, Path], change: object, words: str
) -> None:
    home, out = written
    path = home / records.FILE
    path.write_text("\n".join(change(path.read_text("utf-8").splitlines())) + "\n", "utf-8")  # type: ignore[operator]
    assert any(words in fault for fault in check(home).faults)
    with pytest.raises(Refused, match="Nothing can follow a damaged record"):
        assessment_files.write(home, out)


@pytest.mark.parametrize("left", [7, 0, None])
def test_a_record_that_lost_its_end_or_was_taken_away_is_missed_by_the_next_publication(
    written: tuple[Path, Path], left: int | None
) -> None:
    home, _ = written
    path = home / records.FILE
    manifest = (home / "published" / "command").resolve() / "manifest.json"
    held = json.loads(manifest.read_text("utf-8"))
    manifest.write_text(json.dumps(held | {"documents": _last_document(home)}), "utf-8")
    assert _last_document(home) == f"8:{records.read_records(home)[0][-1].row_hash}"
    if left is None:
        path.unlink()
    else:
        path.write_text("".join(f"{line}\n" for line in path.read_text("utf-8").splitlines()[:left]), "utf-8")
    assert any("no. 8 was in it when figures were published, and is no longer" in f for f in check(home).faults)
    assert CliRunner().invoke(app, ["verify", "--home", str(home)]).exit_code == 1


def test_documents_written_again_are_held_against_their_own_publication(written: tuple[Path, Path]) -> None:
    home, out = written
    invented.published_home.publish(
        home, "command", {**invented.published_home.tables()["command"], **invented.command_tables()},
        version="20261125T011000000000Z",
    )  # fmt: skip
    assert check(home) == Verdict()
    assessment_files.write(home, out)
    assert check(home) == Verdict()
    assert len(records.read_records(home)[0]) == 16


def test_the_command_says_what_was_found(written: tuple[Path, Path]) -> None:
    home, out = written
    run = CliRunner()
    assert run.invoke(app, ["verify", "--home", str(home)]).exit_code == 0
    fine = run.invoke(app, ["verify", "--home", str(home), "--document", str(out / "OFFICIAL_brief.docx")])
    assert fine.exit_code == 0
    assert "The document is as it was written" in fine.stdout
    with (out / "OFFICIAL_brief.docx").open("ab") as handle:
        handle.write(b"x")
    wrong = run.invoke(app, ["verify", "--home", str(home)])
    assert wrong.exit_code == 1
    assert "documents differ from what was written" in wrong.stderr


def test_what_cannot_be_opened_any_more_is_said(written: tuple[Path, Path]) -> None:
    home, out = written
    (out / "OFFICIAL_brief.docx").write_bytes(b"not a document")
    assert "cannot be read any more" in check(home).faults[1]
    with zipfile.ZipFile(out / "OFFICIAL_brief.docx", "w") as packed:
        packed.writestr("word/document.xml", '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')
    assert "cannot be read any more" in check(home).faults[1]


def test_a_command_hands_documents_out_and_a_page_that_keeps_them_does_not(home: Path, tmp_path: Path) -> None:
    """A page's documents lie in the home until somebody takes one: that is logged then, with who does."""
    own = tmp_path / "home"
    shutil.copytree(home, own, symlinks=True)
    before = access_log.entries(open_store(own), None)
    assessment_files.write(own, tmp_path / "kept", is_handed_out=False)
    assert access_log.entries(open_store(own), None) == before
    assessment_files.write(own, tmp_path / "out")
    [row] = access_log.entries(open_store(own), None)[: -len(before) or None]
    assert (row["kind"], row["audience"], row["recipient"]) == ("disclosure", "command", "folder out")
    assert row["who"].startswith("command line; ")
