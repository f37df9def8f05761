"""The model card: every figure from settings and back-test, questions left to the force, no barrier, no person."""

import re
from pathlib import Path

import invented_people as people
import invented_suspect_figures as suspects
import polars as pl
import pytest
from commands import stra
from dashboard_browser import ROOT, Visit
from published_home import build_home, publish, tables

from casework.store.refusal import Refused
from dashboards.data.published import open_copy
from dashboards.data.scope import WHOLE
from dashboards.documents.reports import algo_care, model_card
from dashboards.text.small_numbers import SmallNumbers

HEADINGS = ["Advisory", "Lawful", "Granularity", "Ownership", "Challengeable", "Accuracy", "Responsible", "Explainable"]


def settings(**changed: float) -> pl.DataFrame:
    """The product's own settings, some changed."""
    rows = pl.read_csv(ROOT / "assets" / "reference" / "settings.csv")
    changes = {key.replace("__", "."): float(value) for key, value in changed.items()}
    return rows.with_columns(pl.col("value").cast(pl.Float64)).with_columns(
        value=pl.col("key").replace_strict(changes, default=pl.col("value"), return_dtype=pl.Float64)
    )


def published(home: Path, leave_out: tuple[str, ...] = (), **changed: float) -> Path:
    build_home(home)
    content = tables()["integrity"] | {"reference.settings": settings(**changed)}
    content["metrics.repeat_summary"] = suspects.repeat_summary()
    kept = {name: frame for name, frame in content.items() if name not in leave_out}
    publish(home, "integrity", kept, version="20261125T000000000000Z")
    return home


def card(home: Path) -> str:
    copy = open_copy(home, "integrity", WHOLE)
    return model_card.page(copy, "OFFICIAL")


def words(text: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", re.sub(r"<style>.*?</style>", "", text, flags=re.S)))


def test_the_card_answers_what_it_can_and_asks_what_only_the_force_can(tmp_path: Path) -> None:
    text = card(published(tmp_path))
    assert re.findall(r"<h3>(.*?)</h3>", text) == HEADINGS
    said = words(text)
    assert said.count("To be answered by the force:") == len(HEADINGS) + 1
    for part in (
        "Draft, not signed off",
        "Invented force: no real police force is described here.",
        "Advisory only",
        "Suspects are not offenders",
        "lists by the score held 27.0%",
        "training event count 90",
        "No suspect is named in 300 of 2,900 crimes",
        "Listed, no high-harm event followed: 70 of 100 (70.0%, 95% interval 60.4% to 78.1%",
        "Religion or belief not measured",
        "Race not measured",
        "Sex in the table above, as sex",
        "What is the lawful basis under Part 3",
        "Frequency is 0.5 at 4 events, and gravity at a harm of 200.",
    ):
        assert part in said.replace("\xa0", " "), part
    assert 'lang="en-GB"' in text and "http" not in text
    assert not re.search(r"(person|suspect|victim)_ref", text)


def test_the_force_s_own_points_table_stands_on_the_card_where_it_is_loaded(tmp_path: Path) -> None:
    assert "A force may load its own points table" in words(card(published(tmp_path / "without")))
    home = published(tmp_path / "with")
    content = tables()["integrity"] | {"reference.settings": settings(), "core.rfgv_bands": people.points_bands()}
    content |= {"core.list_states": people.points_states(),
                "metrics.ranking_backtest": suspects.ranking_with_points()}  # fmt: skip
    publish(home, "integrity", content, version="20261126T000000000000Z")
    said = words(card(home)).replace("\xa0", " ")
    assert "Points table: the force's own, matac.csv" in said.replace("&#x27;", "'")
    bands = said.index("Recency: days since the last report 0 to below 28 10.5 board of May")
    assert bands < said.index("Victims: distinct victims in the window 0 or more 0 not stated")


def test_no_figure_is_the_card_s_own(tmp_path: Path) -> None:
    changed = published(tmp_path, rfgv__half_life_days=77, rfgv__recency_weight=0.4, rfgv__lens=3,
                        backtest__list_length=55, events__collapse_days=9)  # fmt: skip
    said = words(card(changed))
    for part in ("halves in 77 days", "recency 0.4", "behaviour read from free text", "has 55 people", "within 9 days"):
        assert part in said, part
    for name in ("model_card.py", "algo_care.py"):
        text = (ROOT / "dashboards" / "documents" / "reports" / name).read_text(encoding="utf-8")
        code = re.sub(r"#.*|2018|2010|0 to 100|0 to 1\b|section 4|Part 3", "", text)
        assert [n for n in re.findall(r"(?<![\w.{:\[,-])\d{2,}(?!\w)", code) if n not in ("2000",)] == [], name


def test_groups_stand_beside_the_whole_with_a_warning_where_they_are_few() -> None:
    rows = model_card.group_rows(suspects.ranking_by_group(), {"score": 6, "event count": 6}, SmallNumbers(5, 30))
    by = {(r["method"], r["group_name"]): r for r in rows.iter_rows(named=True)}
    assert by["score", "under 25"]["warning"] == (
        "captured is based on about 1 people per origin; false positives is based on about 6 people per origin"
    )
    assert by["score", "male"]["warning"] == "none"  # 210 places at six origins: 35
    assert by["score", "female"]["times_wrong"] == pytest.approx((220 / 7800) / (456 / 15790))
    sentence = model_card.spread(rows, "score")
    assert "sex: 2.82% (female) to 2.95% (male)" in sentence and "under 25" not in sentence
    none = model_card.group_rows(suspects.ranking_by_group(), {}, SmallNumbers(5, 10_000))
    assert "not measured" in model_card.spread(none, "score")


@pytest.mark.parametrize("table", ["metrics.ranking_backtest", "metrics.ranking_by_group", "metrics.repeat_summary",
                                   "reference.settings", "core.extract_forces"])  # fmt: skip
def test_what_is_not_published_is_not_measured(tmp_path: Path, table: str) -> None:
    said = words(card(published(tmp_path, leave_out=(table,))))
    if table == "core.extract_forces":
        assert "No force extract is in this copy" in said
    else:
        assert said.count("Not measured:") >= 1
    assert "None" not in said


def test_a_setting_that_is_not_there_is_said() -> None:
    assert algo_care.setting({}, "rfgv.half_life_days") == "not set"
    assert "Gravity is based on not set." in algo_care.formula({})
    assert algo_care.accuracy(None, None, SmallNumbers(5, 30))[0].startswith("Not measured")


def test_the_command_line_writes_it_and_refuses_an_empty_home(tmp_path: Path) -> None:
    report, out = ("report", "model-card", "--home"), tmp_path / "out" / "card.html"
    with pytest.raises(Refused):
        model_card.write(tmp_path / "nowhere", tmp_path / "card.html")
    assert "No figures have been built yet" in stra(*report, tmp_path / "nowhere", "--out", out, code=1)
    stra(*report, published(tmp_path / "home"), "--out", out)
    assert "ALGO-CARE self-assessment" in out.read_text(encoding="utf-8")


@pytest.mark.browser
@pytest.mark.parametrize("width", [1440, 390])
def test_the_document_has_no_barrier(visit: Visit, tmp_path: Path, width: int) -> None:
    path = model_card.write(published(tmp_path), tmp_path / "card.html")
    visit.page.set_viewport_size({"width": width, "height": 900})
    visit.page.set_content(path.read_text(encoding="utf-8"))
    assert visit.violations() == []
    assert visit.page.evaluate("() => document.documentElement.scrollWidth") <= width
