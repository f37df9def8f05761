"""Drafts that a force completes: they say what is measured, leave open what is the force's, and open elsewhere."""

import io
import re
from pathlib import Path

import docx
import polars as pl
import pytest
from invented_support import commissioning_tables, made_once
from published_home import build_home, publish, tables
from pypdf import PdfReader
from rendered_words import faults_of

from casework.store.refusal import Refused
from dashboards.data.published import Copy, open_copy
from dashboards.data.register import Reader, Register
from dashboards.data.scope import WHOLE
from dashboards.documents import writer
from dashboards.documents.drafts import files as draft_files
from dashboards.documents.drafts.evidence import OPEN, Evidence
from dashboards.text.content import Bullets, Heading


def opened(home: Path) -> Copy:
    return open_copy(home, "integrity", WHOLE)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The integrity copy, with what it holds of support too."""
    home = build_home(tmp_path_factory.mktemp("home"))
    support = {"metrics.support_equity": commissioning_tables()["metrics.support_equity"]}
    support["reference.retention_classes"] = pl.DataFrame(made_once("reference.retention_classes"))
    publish(home, "integrity", {**tables()["integrity"], **support}, version="20261125T000000000000Z")
    return home


@pytest.fixture(scope="module")
def files(home: Path) -> dict[str, bytes]:
    return draft_files.documents(opened(home), "OFFICIAL-SENSITIVE")[0]


def words(content: bytes) -> str:
    text = re.sub(r"<[^>]+>", " ", content.decode().split("</style>")[-1])
    return re.sub(r"\s+", " ", text.replace("\u00a0", " "))


def test_five_drafts_in_three_formats_named_by_their_marking(files: dict[str, bytes]) -> None:
    assert len(draft_files.DRAFTS) == 5
    for name in draft_files.DRAFTS:
        assert {f"OFFICIAL-SENSITIVE_{name}.{kind}" for kind in ("docx", "pdf", "html")} <= set(files)
    assert len(files) == 16


@pytest.mark.parametrize("name", draft_files.DRAFTS)
def test_a_draft_says_that_it_is_one_and_what_the_force_has_to_write(files: dict[str, bytes], name: str) -> None:
    text = words(files[f"OFFICIAL-SENSITIVE_{name}.html"])
    assert "(draft)" in text and "The force completes the lines that begin" in text
    assert text.count(OPEN.strip()) >= 2, "one on the cover, one at least in the text"
    assert faults_of(text) == []
    pdf = PdfReader(io.BytesIO(files[f"OFFICIAL-SENSITIVE_{name}.pdf"]))
    assert pdf.trailer["/Root"]["/MarkInfo"]["/Marked"] and "OFFICIAL-SENSITIVE" in pdf.pages[0].extract_text()
    word = docx.Document(io.BytesIO(files[f"OFFICIAL-SENSITIVE_{name}.docx"]))
    assert sum(p.style.name == "Heading 1" for p in word.paragraphs) >= 4


def test_no_question_of_the_force_is_answered_for_it(home: Path) -> None:
    found = Evidence(Reader(opened(home)))
    for name in draft_files.DRAFTS:
        made = draft_files.document(name, found, Register(found.reader), "OFFICIAL")
        asked = [item for block in made.blocks if isinstance(block, Bullets) for item in block.items]
        open_ones = [item for item in asked if str(item[0]).startswith(OPEN)]
        assert open_ones and all(len(item) == 1 for item in open_ones), name
        assert any(isinstance(block, Heading) for block in made.blocks)


def test_the_impact_assessment_counts_the_standards_of_this_build(files: dict[str, bytes], home: Path) -> None:
    copy = opened(home)
    run = copy.manifest["run_ref"]
    rules = copy.select("quality.rule_results", where="run_ref = $run", run=run)
    assert isinstance(rules, pl.DataFrame)
    breached = rules.filter(pl.col("status") == "BREACH").height
    text = words(files["OFFICIAL-SENSITIVE_data-protection-impact.html"])
    assert re.search(rf"breached: {breached} ; not measured", text), text[-1500:]


def test_equality_tells_what_is_not_recorded_and_what_no_table_holds(files: dict[str, bytes]) -> None:
    text = words(files["OFFICIAL-SENSITIVE_equality-impact.html"])
    assert re.search(r"Religion or belief not recorded for [\d.]+% of them", text)
    assert "Gender reassignment not recorded in any table that is loaded" in text
    assert "95% interval" in text and "the largest" in text


def test_without_referrals_it_says_that_nothing_is_measured(tmp_path: Path) -> None:
    made = draft_files.documents(opened(build_home(tmp_path)), "OFFICIAL")[0]
    text = words(made["OFFICIAL_equality-impact.html"])
    assert "Not measured: referrals with characteristics of victims are not delivered" in text


def test_the_same_copy_gives_the_same_bytes(home: Path, files: dict[str, bytes]) -> None:
    assert draft_files.documents(opened(home), "OFFICIAL-SENSITIVE")[0] == files


def test_where_nothing_is_published_it_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"No figures have been built|Nothing has been published"):
        writer.write(draft_files.REPORT, tmp_path / "nowhere", tmp_path / "out")


def test_retention_classes_stand_with_what_of_them_is_assumed(files: dict[str, bytes]) -> None:
    said = words(files["OFFICIAL-SENSITIVE_data-protection-impact.html"])
    assert "Group 2: ten-year clear period 8Q" in said and "That stalking belongs to this group is assumed" in said
