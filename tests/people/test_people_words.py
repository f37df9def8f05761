"""Priority suspects, in words and on lanes: what is said of a score, a mark, a test; and what is never said."""

from typing import Any

import invented_figures as figures
import invented_people as invented
import polars as pl
import pytest

from dashboards.charts.breaks import regimes_of
from dashboards.pages.people import suspects_text, timeline_chart
from dashboards.pages.people.suspects_text import Measured

ALL = Measured(True, True, True)
SETTINGS = dict(invented.settings().select("key", "value").iter_rows())
REGIMES = regimes_of(figures.regimes(), source="crime", codes={"S&H"})


def row(ref: str = invented.WORST, **changed: Any) -> dict[str, Any]:
    rows = invented.repeat_suspects().filter(pl.col("window_days") == 730, pl.col("person_ref") == ref)
    return rows.row(0, named=True) | changed


def entries(dyad: str = invented.DYAD) -> pl.DataFrame:
    return timeline_chart.with_words(invented.dyad_timeline().filter(pl.col("dyad_ref") == dyad))


def test_each_sentence_has_the_figures_of_its_table() -> None:
    rows = invented.repeat_suspects().filter(pl.col("window_days") == 730)
    none = rows.with_columns(rfgv_score=pl.lit(None, dtype=pl.Float64), gravity=pl.lit(None, dtype=pl.Float64))
    held = {"rfgv.lens": 2.0, "rfgv.half_events": 4.0, "rfgv.half_severity": 200.0, "rfgv.half_behaviour": 10.0}
    answer = suspects_text.answer(rows, 730, "31 Oct 2025", "severity")
    said = [
        (answer, "113 of 114 people suspected in the two years to 31 Oct 2025 can be ranked by score. 3 are repeat"),
        (answer, "2 serial suspects (two or more victims)"),
        (suspects_text.answer(rows.drop_nulls("rfgv_score"), 365, "x", "severity"), "113 people are ranked in the"),
        (suspects_text.answer(none, 730, "x", "sentencing"), "none can be ranked by score: gravity is not known"),
        (suspects_text.answer(rows.clear(), 90, "x", None), "No suspect is named in an event in the 90 days to x."),
        (suspects_text.scale(held), "Frequency is 0.5 with 4 events, gravity with a harm of 200."),
        (suspects_text.scale(held | {"rfgv.lens": 3.0}), "a harm of 10."),
        (timeline_chart.in_words(entries()), "report 6"), (timeline_chart.in_words(entries()), "threat 3"),
        (timeline_chart.in_words(entries()), "orders run to 27 Aug 2026"),
    ]  # fmt: skip
    assert [pair for pair in said if pair[1] not in pair[0]] == []
    assert suspects_text.scale({"rfgv.lens": 2.0}) == "", "a copy of before has no such setting"
    assert [timeline_chart.behaviours_of(f"class 8Q: {words}") for words in (
        "threat, graver class", "behaviour not measured", "no behaviour found",
    )] == [["threat", "graver class"], [], []]  # fmt: skip


def test_lanes_are_named_and_an_order_runs_from_grant_to_expiry() -> None:
    rows = entries()
    assert rows["entry_at"].is_sorted()
    assert rows.filter(pl.col("entry_type").str.starts_with("order"))["words"].to_list() == [
        "stalking protection order", "stalking protection order, crime C4", "stalking protection order"
    ]  # fmt: skip
    chart = timeline_chart.chart(rows, REGIMES, invented.AS_OF.date())
    traces = {trace.name: trace for trace in chart.data}
    for name, days in (("stalking protection order", (350, -300)), ("threat", (100, 60, 20))):
        assert [x[:10] for x in traces[name].x] == [f"{invented.ago(n):%Y-%m-%d}" for n in days]
    assert list(traces["Risk assessments"].marker.symbol) == ["diamond", "star"], "told apart by shape"
    assert any(a.text == "as of 31 Oct 2025" for a in chart.layout.annotations)


# a score that is not known


@pytest.mark.parametrize(
    ("lens", "changed", "why"),
    [
        ("severity", {}, "an event has no severity weight"),
        ("sentencing", {}, "no days in the force's own copy of the harm index"),
        ("behaviour", {"harm_behaviour": None}, "no event has words that could be read"),
        (None, {}, "harm is not known"),
    ],
)
def test_a_missing_score_names_its_component_and_the_reason(lens: str | None, changed: Any, why: str) -> None:
    said = suspects_text.why_no_score(row(invented.OPEN, **changed), lens)
    assert said.startswith("gravity is not known (")
    assert why in said


def test_a_known_score_needs_no_reason_and_names_what_made_it() -> None:
    assert suspects_text.why_no_score(row(), "severity") == ""
    parts = suspects_text.components(row(), SETTINGS)
    assert suspects_text.place_finding(row(), parts, "severity") == "Score 82.5 of 100, mainly because of recency"
    assert parts["points"].sum() == pytest.approx(100 * 0.25 * (0.93 + 0.87 + 0.9 + 0.6))
    tied = row(recency=1.0, gravity=1.0)
    assert suspects_text.place_finding(tied, suspects_text.components(tied, SETTINGS), None).endswith(
        "because of recency and gravity"
    )


def test_an_unknown_component_is_not_zero_and_brings_no_points() -> None:
    parts = {r["component"]: r for r in suspects_text.components(row(invented.OPEN), SETTINGS).iter_rows(named=True)}
    assert (parts["Gravity"]["value"], parts["Gravity"]["points"]) == (None, None)
    assert parts["Gravity"]["words"] == "not known"
    assert suspects_text.components(row(), {})["points"].null_count() == 4


def test_harm_that_was_not_measured_says_so() -> None:
    assert suspects_text.harm(None) == "not measured"
    said = suspects_text.harms(row(), "severity")
    assert "severity 210.0, partly from an assumed weight; sentencing not measured; behaviour 14.0" in said


# what manages


@pytest.mark.parametrize(
    ("counts", "measured", "words"),
    [
        ((2, 1, 1, "matac"), ALL, "2 orders in force; on bail; matac"),
        ((0, 0, 0, None), ALL, "nothing on record"),
        ((0, 0, 0, None), Measured(True, False, True), "nothing on record (bail not measured)"),
        ((1, 0, 0, None), Measured(True, None, None), "1 order in force (bail and programmes not measured)"),
        ((0, 0, 0, None), Measured(), "not measured"),
    ],
)
def test_nothing_on_record_is_not_said_of_what_was_not_delivered(counts: Any, measured: Measured, words: str) -> None:
    names = ("order_count", "bail_count", "programme_count", "programmes")
    assert suspects_text.managed(dict(zip(names, counts)) | {"is_managed": True}, measured) == words


def test_who_was_not_compared_is_not_called_unmanaged() -> None:
    assert suspects_text.managed({"is_managed": None}, ALL) == "not compared: neither repeat nor serial"


# escalation


def test_rising_is_said_only_where_it_is_called() -> None:
    tests = invented.dyad_escalation()
    assert suspects_text.changes(tests, invented.DYAD) == ("rising, beyond chance", "no change beyond chance")
    assert suspects_text.changes(tests, "d4") == ("too few events to test",) * 2
    untested = tests.with_columns(status=pl.lit("not tested"))
    assert suspects_text.changes(untested, invented.DYAD) == ("too few events to test",) * 2


# the timeline


def test_an_order_without_an_end_runs_to_the_as_of_day() -> None:
    rows = entries().filter(pl.col("entry_type") != "order expires").to_dicts()
    ((_, end, _),) = timeline_chart.order_spans(rows, invented.AS_OF.date())
    assert end == invented.AS_OF


def test_what_a_file_says_is_text_on_the_chart_too() -> None:
    chart = timeline_chart.chart(entries(invented.HOSTILE_DYAD), REGIMES, None)
    assert not [a.text for a in chart.layout.annotations if "<s>" in (a.text or "")]
    assert not [t.hovertemplate for t in chart.data if "<s>" in t.hovertemplate]
