"""The assessment: what it says, and what it leaves unsaid."""

import datetime as dt
import re
from pathlib import Path

import invented_assessment as invented
import polars as pl
import published_home
import pytest

from casework.store.refusal import Refused
from dashboards.data.published import AUDIENCES, Copy, open_copy
from dashboards.data.register import Reader, Register
from dashboards.data.scope import WHOLE
from dashboards.documents.as_docx import plain_words
from dashboards.documents.assessment import evidence, files, judgements
from dashboards.documents.assessment.judgement import LABELS
from dashboards.text.content import Callout, Chart, Document, Heading, Number, Table, runs_of
from dashboards.text.forms import printed
from dashboards.text.small_numbers import SmallNumbers

RULE = SmallNumbers(5, 30)
PARTS = [
    "Key judgements", "Scope, sources and method", "Horizon scan", "Themes", "Matrix",
    "Would other schemes keep the order?", "Priorities and resources", "Intelligence requirement", "Control strategy",
    "Glossary, guidance, marking and version", "Annex A: findings beyond chance",
]  # fmt: skip


def opened(home: Path) -> Copy:
    return open_copy(home, "command", WHOLE)


def made(home: Path) -> tuple[Document, Register, evidence.Evidence]:
    register = Register(Reader(opened(home)))
    found = evidence.gather(register.reader)
    return files.assessment(found, register, "OFFICIAL"), register, found


def said(document: Document, register: Register) -> str:
    """Everything that the document says, a text a line."""
    lines = [document.title, document.subtitle]
    texts = [runs for _, runs in document.facts] + [runs for block in document.blocks for runs in runs_of(block)]
    lines += [plain_words(runs, register) for runs in texts]
    return "\n".join(lines).replace("\u00a0", " ")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Read only: tests that change something copy it."""
    return invented.assessment_home(tmp_path_factory.mktemp("home"), audiences=AUDIENCES)


@pytest.fixture(scope="module")
def whole_text(home: Path) -> str:
    document, register, _ = made(home)
    return said(document, register)


# what it says


def test_it_has_ten_parts_and_begins_with_the_judgements(home: Path) -> None:
    document, _, _ = made(home)
    assert [b.text for b in document.blocks if isinstance(b, Heading) and b.level == 1] == PARTS
    assert isinstance(document.blocks[1], Callout)


def test_the_cover_says_whose_when_and_how_many_were_set_by_hand(home: Path) -> None:
    document, register, _ = made(home)
    facts = {name: "".join(register.printed(r).text if isinstance(r, Number) else str(r) for r in runs)
             for name, runs in document.facts}  # fmt: skip
    assert facts["As of"] == "31 Oct 2025"
    assert facts["Scores set by hand (overrides)"] == "1"
    assert facts["Scheme"] == "version 1, hash 9f2c41d07be3"
    assert "nvented" in document.subtitle
    assert "says nothing" not in document.title


def test_it_says_the_figures_of_its_tables(home: Path, whole_text: str) -> None:
    judged = published_home.tables()["command"]["metrics.measure_verdicts"]["q_value"].count()
    words = [
        f"Change was judged in {judged} series together. Of those named at most one in ten is by chance.",
        "Signal: online harassment and malicious communications, Oct 2025 is the latest of a run",
        "OV-0001: breaches of protective orders, physical, from 4 to 3, until 30 Jun 2099.",
        "Stalking by a partner or former partner ranks 1 by risk (36.4 of 100). Among the first three in 17 of 17",
        "Among the first three in 13 of 17 other schemes; rank 1 to 4 over all schemes.",
        "Of 12 parts of the risk of stalking by a partner or former partner 7 are measured, 3 judged, 2 filled in",
        "Cross-cutting: its crimes are in the other themes too", "Officers trained: no training table in the extract",
        "No row: political, social, environmental, legal, organisational.", "No assessment has been issued before",
        *(f"in the next twelve months: which held {held} of 3 earlier months" for held in range(4)),
    ]  # fmt: skip
    assert [one for one in words if one not in whole_text] == []
    assert not re.search(r"\b(almost certain|highly likely|remote chance)\b", whole_text), "no probability of a rank"
    after = set(re.findall(r"\d+ in 100 ([^.]*\.)", whole_text))
    assert after == {"such charts.", "findings would be by chance."}, "no yardstick word on a signal"


def test_the_weightiest_findings_are_judgements_with_their_question_and_the_rest_is_counted(home: Path) -> None:
    document, register, found = made(home)
    changed = [j for j in judgements.judgements(found) if j.kind == "change"]
    said = [plain_words(j.statement, register) for j in changed]
    assert said == [
        "Support offered: 60.0% (120 of 200) since July 2025, 75.0% expected (68.0% to 81.0%).",
        "Found too: 3 differences between parts and the rest: annex A.",
    ]
    assert plain_words(changed[0].so_what, register) == (
        "ask the head of public protection: What changed in the force in July 2025, and is it meant to last?"
    )
    assert plain_words(changed[0].confidence, register) == (
        "at this clearness 1 in 100 findings would be by chance."
    )
    [annex] = [b for b in document.blocks if isinstance(b, Table) and b.caption == "Findings beyond chance"]
    assert [plain_words(row[1], register) for row in annex.rows] == ["new", *["not new"] * 3]
    pack = files.slides(found, register, "OFFICIAL")
    slide = next(one for one in pack if one.title == "What deserves attention, by weight")
    assert len([block for block in slide.blocks if isinstance(block, Callout)]) == 2


@pytest.mark.parametrize("signal", ["beyond_limit", "shift", "trend", "two_of_three"])
def test_every_kind_of_signal_has_words_for_both_sides(signal: str) -> None:
    up, down = (printed("signal", {"signal": signal, "verdict": side}, "signal", RULE) for side in ("higher", "lower"))
    assert up != down
    assert "gives a signal" not in up + down
    assert ("limit" in up) == (signal in ("beyond_limit", "two_of_three"))


def test_a_copy_of_an_earlier_release_is_read_without_its_findings(tmp_path: Path) -> None:
    home = invented.assessment_home(tmp_path, metrics__attention=None)
    document, register, _ = made(home)
    assert "Change is not measured." in said(document, register)


def test_without_a_finding_it_says_that_nothing_differs(tmp_path: Path) -> None:
    none = published_home.tables()["command"]["metrics.attention"].clear()
    home = invented.assessment_home(tmp_path, metrics__attention=none, metrics__measure_verdicts=None)
    document, register, _ = made(home)
    assert "Nothing differs beyond chance." in said(document, register)


def test_every_judgement_has_its_confidence_and_what_follows(home: Path) -> None:
    _, _, found = made(home)
    held = judgements.judgements(found)
    assert [j.kind for j in held] == ["change"] * 2 + ["risk"] * 3 + ["order", "unseen", "decision"]
    assert all(judgement.kind in LABELS for judgement in held)
    for judgement in held:
        assert [line[0].text for line in judgement.block.lines] == ["Confidence: ", "So what: "]  # type: ignore[union-attr]
        assert all(len(line) > 1 for line in judgement.block.lines)


def test_a_rank_that_moved_beyond_both_intervals_is_a_sentence(tmp_path: Path) -> None:
    moves = pl.DataFrame(invented.changes())
    home = invented.assessment_home(tmp_path, metrics__theme_changes=moves, metrics__measure_verdicts=None)
    document, register, found = made(home)
    moved = [j for j in judgements.judgements(found) if j.kind == "change" and "rank " in str(j.statement[0])]
    assert len(moved) == 1
    words = plain_words(moved[0].statement, register).replace("\u00a0", " ")
    assert words == (
        "Stalking by others: rank 3, in the assessment as of 30 Apr 2025 rank 8; their ranges over the "
        "schemes do not overlap."
    )
    text = said(document, register)
    assert "Ranks of the last assessment" in text
    assert "\nhigher risk\n" in text
    assert "\nnot compared: overridden then or now\n" in text
    assert not re.search(r"\n(higher|lower)\n", text)
    assert "Change since" in text


@pytest.mark.parametrize("change", ["other scheme", "other themes", "overridden"])
def test_no_change_of_rank_is_called_where_places_cannot_be_compared(tmp_path: Path, change: str) -> None:
    rows = pl.DataFrame([row | {"change": change} for row in invented.changes()])
    home = invented.assessment_home(tmp_path, metrics__theme_changes=rows)
    document, register, found = made(home)
    assert not [j for j in judgements.judgements(found) if j.kind == "change" and "rank " in str(j.statement[0])]
    table = next(b for b in document.blocks if isinstance(b, Table) and b.caption == "Ranks of the last assessment")
    assert all(plain_words(row[-1], register).startswith("not compared: ") for row in table.rows)


def test_no_number_of_a_judgement_is_written_by_hand(home: Path) -> None:
    _, _, found = made(home)
    for judgement in judgements.judgements(found):
        if judgement.kind != "decision":  # its words and cost are those of the register
            written = " ".join(r for r in (*judgement.statement, *judgement.confidence) if isinstance(r, str))
            for plain in ("of 100",):
                written = written.replace(plain, "")
            assert not re.search(r"\d", written), written


def order_of(home: Path) -> tuple[str, str, str]:
    """The judgement on the order: statement, what it rests on, and what follows."""
    _, register, found = made(home)
    (order,) = (j for j in judgements.judgements(found) if j.kind == "order")
    return tuple(plain_words(runs, register) for runs in (order.statement, order.confidence, order.so_what))


def test_the_order_has_the_schemes_that_keep_it_and_what_else_they_put_first(home: Path, whole_text: str) -> None:
    said, others, follows = order_of(home)
    assert "first in 7 of 17 other" in said and "Do not move resources" in follows
    assert others == "others put there: controlling or coercive behaviour in 6, violence with injury in 4."
    assert "Harm alone\nan invented reason\nT1, T8, T2" in whole_text


def test_only_where_every_scheme_keeps_them_may_resources_follow(tmp_path: Path) -> None:
    rows = [row | {"kept_scheme_count": 17, "top_scheme_count": 17 if (row["rank"] or 9) <= 3 else 0}
            for row in invented.scores()]  # fmt: skip
    scores = pl.DataFrame(rows, infer_schema_length=None)
    said, others, follows = order_of(invented.assessment_home(tmp_path, metrics__theme_scores=scores))
    assert "first in 17 of 17 other" in said
    assert (others, follows) == ("no scheme puts another there.", "Resources may follow this order.")


def test_a_grade_says_which_others_are_possible(whole_text: str) -> None:
    assert "The force's position: grade B (A to D possible) (A best, D worst)." in whole_text
    assert "position B (A to D possible), from 25.0 to 65.0 of 100 (higher is worse)." in whole_text
    assert "position A." in whole_text


def test_a_gap_that_decides_nothing_is_not_said_to_matter(tmp_path: Path, whole_text: str) -> None:
    assert "Whether this theme is among the first three depends on it." in whole_text
    assert "this one leaves places 2 to 5 open." in whole_text
    gaps = pl.DataFrame([row | {"is_decisive": False} for row in invented.gaps()], infer_schema_length=None)
    document, register, _ = made(invented.assessment_home(tmp_path, metrics__theme_gaps=gaps))
    text = said(document, register)
    assert "Of the 4 gaps listed, none alone decides which themes are the first three." in text
    assert "depends on it" not in text



def test_words_that_must_and_must_not_stand(whole_text: str) -> None:
    assert not re.search(r"MoRiLE[- ]scor", whole_text, re.IGNORECASE)
    assert "MoRiLE-informed" in whole_text
    assert whole_text.count("Sentencing-based harm under-represents stalking") == 2


def test_no_count_from_one_to_four_stands_in_it(home: Path) -> None:
    document, register, _ = made(home)
    counted = [held for held in register.all() if held.number.form in ("count", "above", "measured")]
    assert counted
    assert not [held for held in counted if re.match(r"[1-4]( |$)", held.text)]
    assert "fewer than 5" in said(document, register)


def test_every_theme_has_a_chapter_with_a_chart_in_words(home: Path) -> None:
    document, _, _ = made(home)
    chapters = [b.text for b in document.blocks if isinstance(b, Heading) and b.level == 2]
    assert all(f"{code} {name}" in chapters for code, name, *_ in invented.THEMES)
    charts = [block for block in document.blocks if isinstance(block, Chart)]
    assert len(charts) == len(invented.THEMES) + 2
    assert all(len(chart.alt) > 3 and chart.caption for chart in charts)


def test_a_chart_over_time_marks_the_changes_of_recording(home: Path) -> None:
    document, _, _ = made(home)
    over_time = [b for b in document.blocks if isinstance(b, Chart) and "each month" in b.caption]
    assert over_time
    assert all(">A</text>" in chart.svg and "stroke-dasharray" in chart.svg for chart in over_time)


@pytest.mark.parametrize(
    "table",
    [name for name in invented.command_tables() if name != evidence.SCORES]
    + ["reference.recording_regimes", "core.extract_forces", "metrics.measure_verdicts", "quality.rule_results"],
)
def test_it_stands_without_any_one_table(tmp_path: Path, table: str) -> None:
    home = invented.assessment_home(tmp_path, **{table.replace(".", "__"): None})
    document, _, _ = made(home)
    assert [b.text for b in document.blocks if isinstance(b, Heading) and b.level == 1] == PARTS


def test_a_chapter_leads_to_decisions(whole_text: str) -> None:
    """Whom and where, which part changed, what is asked of whom by when, at what cost, and whether it works."""
    assert "Victims and places of T1\nByPartCrimesShareYear beforeChange" in whole_text
    assert "Sex of victim\nfemale\n930\n75.0%\n810\n+120" in whole_text
    assert "that differ most from the year before:" in whole_text
    assert "Sex of victim, female: 930 crimes, 810 the year before." in whole_text
    assert "no earlier year is comparable on online harassment and malicious communications." in whole_text
    assert "Nothing is asked of anyone yet on other harassment." in whole_text
    asked = (
        "Two more order officers. Decision asked for: approve two posts\nHead of public protection\n31 Dec 2025\n"
        "needs decision\n£96,000 a year\ninvented: breaches answered within a day"
    )
    assert asked in whole_text
    assert "Not known: no control chart of it" in whole_text


def test_without_registers_the_parts_say_so(tmp_path: Path) -> None:
    home = invented.assessment_home(tmp_path, core__register_entries=None)
    document, register, _ = made(home)
    text = said(document, register)
    assert "Not measured: core.register_entries is not published" in text
    assert "Whether a decision is asked for is not known" in text
    for claim in ("Nothing is asked", "no action is recorded", "No decision is asked for", "asks for no decision"):
        assert claim not in text


def test_without_scores_there_is_nothing_to_assess(tmp_path: Path) -> None:
    home = invented.assessment_home(tmp_path / "home", metrics__theme_scores=None)
    with pytest.raises(Refused, match="There is nothing to assess"):
        files.write(home, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_no_document_rests_on_an_override_that_is_over(tmp_path: Path) -> None:
    lapsed = invented.command_tables()["core.score_overrides"].with_columns(valid_to=pl.lit(dt.date(2025, 1, 31)))
    home = invented.assessment_home(tmp_path / "home", core__score_overrides=lapsed)
    with pytest.raises(Refused, match="The last day of OV-0001 has passed"):
        files.write(home, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_every_number_leads_to_a_published_table(home: Path) -> None:
    document, register, _ = made(home)
    tables = [block for block in document.blocks if isinstance(block, Table)]
    annex = next(table for table in tables if table.caption == "Tables that numbers come from")
    assert {str(row[0][0]) for row in annex.rows} == set(register.tables())
    assert set(register.tables()) - {"metrics.advice_figures", "reference.settings"} <= set(opened(home).tables)
