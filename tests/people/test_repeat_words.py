"""Repeat and serial suspects in sentences: denominators, intervals, chance; what is not measured is never good news."""

import re
from typing import Any

import invented_suspect_figures as suspects
import polars as pl
import pytest

from dashboards.charts.blanks import WITHHELD
from dashboards.charts.breaks import UnmarkedBreakError, require_breaks
from dashboards.data.points_table import PointsTable
from dashboards.pages.people import areas_section, repeats_charts
from dashboards.text.people import management_text, repeats_text
from dashboards.text.small_numbers import SmallNumbers

RULE = SmallNumbers(5, 30)


def window(days: int = 365, **changed: Any) -> dict[str, Any]:
    return suspects.repeat_summary().filter(pl.col("window_days") == days).row(0, named=True) | changed


def overlap(days: int = 365, **changed: Any) -> dict[str, Any]:
    return suspects.management_overlap().filter(pl.col("window_days") == days).row(0, named=True) | changed


# the answer


def test_each_sentence_has_the_figures_of_its_table() -> None:
    windows, soon, wide = suspects.repeat_summary(), suspects.next_event_incidence(), suspects.management_funnel()
    unknown = soon.with_columns(incidence=pl.lit(None, dtype=pl.Float64))
    few = soon.with_columns(person_count=pl.lit(23))
    lenses = suspects.lens_agreement()
    year, quarter = (lenses.filter(pl.col("window_days") == days) for days in (365, 90))
    steps = management_text.funnel_rows(wide)
    said = [
        (repeats_text.answer(window(), RULE), "120 of 800 suspects are repeat suspects (15.0%, 95% interval 12.7% to"),
        (repeats_text.answer(window(), RULE), "24 of them with two or more victims. No suspect is named in 120 of"),
        (repeats_text.windows_finding(windows, RULE), "18.0% in three years: a longer window finds more"),
        (repeats_text.windows_finding(windows.head(1), RULE), "9.1% of suspects are repeat suspects in three months"),
        (repeats_text.windows_finding(windows.clear(), RULE), "No suspect is named in any window"),
        (repeats_text.incidence_finding(soon, RULE), "Within 365 days of a first event, 20.0% of suspects"),
        (repeats_text.incidence_finding(soon, RULE), "for the same victim and 4.0% for another victim"),
        (repeats_text.incidence_finding(unknown, RULE), "not measured"),
        (repeats_text.incidence_finding(few, RULE), "23 suspects were followed, too few for a share"),
        (repeats_text.headline_facts(soon, RULE)[-1][2], "another victim 4.0%"),
        (repeats_text.headline_facts(unknown, RULE)[0][1], "no figure"),
        (repeats_text.headline_facts(few, RULE)[0][1], "Too few"),
        (repeats_text.escalation_heading(suspects.escalation_summary(rising=9, falling=2), RULE),
         "of 40 dyads tested 9 become more frequent beyond chance and fewer than 5 less frequent"),
        (management_text.managed_finding(overlap(), RULE), "60 of 120 repeat suspects (50.0%) have an order"),
        (management_text.managed_finding(overlap(), RULE), "16 of 24 serial suspects have none"),
        (management_text.managed_finding(overlap(90), RULE), "8 of 20 repeat suspects have an order, bail"),
        (management_text.managed_finding(overlap(90), RULE), "fewer than 5 of fewer than 5 serial suspects have none"),
        (management_text.managed_finding(overlap(serial_unmanaged_count=0), RULE), "so do all 24 serial suspects"),
        (management_text.managed_finding(overlap(serial_count=0), RULE), "there are no serial suspects"),
        (management_text.managed_finding(overlap(repeat_count=0), RULE), "No repeat suspects in this window"),
        (management_text.funnel_finding(steps, RULE), "Of 70 places in programmes, 38 were adopted, 27 had a plan and"),
        (management_text.lens_finding(year, RULE), "40 of 101 people on the list by sentencing are also"),
        (management_text.lens_finding(year, RULE), "tau is 0.30 (95% interval 0.22 to 0.38)"),
        (management_text.lens_finding(quarter.with_columns(overlap=pl.lit(None)), RULE), "is not measured"),
        (management_text.unseen_lenses(quarter), "harm by sentencing is not measured"),
        (PointsTable().words, "A force may load its own points table"),
        (PointsTable(True, "loaded", "m.csv").words, "the force's own, m.csv. Points for recency (days since"),
        (PointsTable(True, "loaded, but a later table was refused: b.csv", "m.csv").words, "later table was refused"),
        (PointsTable(False, "not loaded: the points table was refused: b.csv").words, "is not used; the score applies"),
    ]  # fmt: skip
    assert [pair for pair in said if pair[1] not in pair[0]] == []
    assert steps["exit"].to_list() == [3, 0]
    assert [repeats_text.whole(window(days))[0] for days in (365, 1095)] == ["Yes", "No"]
    assert [repeats_text.runs(weeks) for weeks in ([2, 3, 4, 9], [], [1, 3, 5, 6])] == [
        "2 to 4 and 9", "none", "1, 3 and 5 to 6",
    ]  # fmt: skip
    assert management_text.managed_caveat(overlap()) == ""
    assert management_text.unseen_lenses(year) == ""


def test_without_suspects_or_crimes_nothing_is_divided() -> None:
    nobody = window(suspect_count=0, repeat_suspect_count=0, serial_suspect_count=0)
    assert "no suspect is named" in repeats_text.answer(nobody, RULE)
    assert repeats_text.linked(nobody, RULE)[0] == "Not measured"
    assert "No crime" in repeats_text.answer(window(crime_count=0, unknown_suspect_crime_count=0), RULE)
    assert "are not measured: the extract does not say who is suspected" in repeats_text.answer(
        nobody | {"unknown_suspect_crime_count": None}, RULE
    )


def test_fewer_than_five_people_are_not_told_apart() -> None:
    words = repeats_text.answer(window(suspect_count=3, repeat_suspect_count=1, serial_suspect_count=1), RULE)
    assert "fewer than 5 suspects are named" in words
    assert not re.search(r"\b[1-4] of\b", words)


def test_a_part_gives_away_neither_itself_nor_the_rest() -> None:
    assert repeats_text.linked(window(unlinked_suspect_count=3), RULE)[0] == "Nearly all"
    words = repeats_text.answer(window(suspect_count=120, repeat_suspect_count=2, serial_suspect_count=0), RULE)
    assert "fewer than 5 of 120 suspects are repeat suspects (too few for a share), 0 of them" in words
    few = suspects.repeat_summary().with_columns(repeat_suspect_count=2)
    assert repeats_text.windows_finding(few, RULE) == "Too few suspects are named for a share in any window"
    nearly_all = overlap(serial_count=40, serial_managed_count=38, serial_unmanaged_count=2)
    rows = management_text.managed_rows(nearly_all, RULE)
    assert rows.row(-1, named=True)["share"] is None
    assert RULE.suppress_part_column(rows, "count", "people")["count"].to_list()[-1] == "all but fewer than 5"
    nearly = suspects.ranking_backtest().with_columns(listed_with_high_harm_count=2)
    assert management_text.list_facts(nearly, "score", RULE)[0][1] == "all but fewer than 5 of 100"


@pytest.mark.parametrize(
    ("unseen", "value", "part"),
    [
        (0, "Yes", "every suspect"),
        (16, "98.0%", "not measured for 16 of 800"),
        (800, "Not measured", "no records were linked"),
    ],
)
def test_whether_people_were_linked_is_said(unseen: int, value: str, part: str) -> None:
    said, small = repeats_text.linked(window(unlinked_suspect_count=unseen), RULE)
    assert said == value and part in small


# how soon


def test_a_week_or_two_outside_the_band_is_chance() -> None:
    rows = suspects.next_event_weeks()
    assert repeats_text.weeks_finding(rows) == (
        "The next event of a dyad comes sooner than by chance: above the band in weeks 2 to 5 and below it in weeks 20 "
        "to 21"
    )
    calm = rows.with_columns(hazard=pl.when(pl.col("week") == 7).then(0.02).otherwise("permuted_median"))
    assert repeats_text.weeks_finding(calm).startswith("No week after an event differs beyond chance: 1 of 26")
    late = rows.with_columns(hazard=pl.when(pl.col("week") > 22).then(0.02).when(pl.col("week") < 5).then(-1.0)
                             .otherwise("permuted_median"))  # fmt: skip
    assert "later than by chance" in repeats_text.weeks_finding(late)
    nothing = rows.with_columns(hazard=pl.lit(None, dtype=pl.Float64))
    assert "not measured" in repeats_text.weeks_finding(nothing)


# worse


def test_escalation_is_never_asserted_where_no_test_says_so() -> None:
    rows = suspects.escalation_summary()
    words = repeats_text.escalation_heading(rows, RULE)
    assert words == "No dyad tested rises or falls beyond chance"
    for row in rows.iter_rows(named=True):
        assert "none of the 40 dyads tested rises or falls" in repeats_text.escalation_finding(row, RULE)
    untested = rows.with_columns(tested_count=0)
    assert "not measured" in repeats_text.escalation_heading(untested, RULE)
    assert "not measured" in repeats_text.escalation_finding(untested.row(0, named=True), RULE)


def test_a_test_that_could_not_have_told_is_no_finding() -> None:
    rows = suspects.escalation_summary().with_columns(able_count=0)
    assert "no order of the events tested could differ from chance" in repeats_text.escalation_heading(rows, RULE)
    half = suspects.escalation_summary().with_columns(able_count=pl.Series([0, 25]))
    assert "become more frequent is not measured: 40 were tested" in repeats_text.escalation_heading(half, RULE)
    assert "Severity: none of the 40" in repeats_text.escalation_heading(half, RULE)
    assert repeats_text.able(suspects.escalation_summary().drop("able_count").row(0, named=True)) == 40


def test_what_was_not_tested_is_not_called_stable() -> None:
    row = suspects.escalation_summary().row(0, named=True)
    assert "(2.1%) have the 5 events that a test needs" in repeats_text.untested(row, 5, RULE)
    assert "that does not mean no change" in repeats_text.untested(row, None, RULE)
    assert repeats_text.untested(row | {"dyad_count": 0}, 5, RULE) == "No dyad is known."


# managed


def test_what_was_not_delivered_is_not_measured_and_keeps_its_row() -> None:
    row = overlap(is_bail_measured=False)
    words = management_text.managed_finding(row, RULE)
    assert words.startswith("60 of 120 repeat suspects (50.0%) have an order or a programme")
    assert management_text.managed_caveat(row).startswith("Not measured because not delivered: bail.")
    rows = management_text.managed_rows(row, RULE)
    bail = rows.filter(pl.col("kind") == "On bail").row(0, named=True)
    assert (bail["count"], bail["share"], bail["state"]) == (None, None, "not measured")
    nothing = overlap(is_bail_measured=False, is_orders_measured=False, is_programmes_measured=False)
    assert "not measured" in management_text.managed_finding(nothing, RULE)
    assert set(management_text.managed_rows(nothing, RULE)["state"]) == {"not measured"}


def test_no_share_of_few_people() -> None:
    rows = management_text.managed_rows(overlap(90), RULE)
    assert rows["share"].is_null().all()
    assert set(rows["state"]) == {"too few for a share"}


# the list


def test_the_list_is_judged_beside_a_count_and_chance() -> None:
    choice, rows = suspects.ranking_choice(), suspects.ranking_backtest()
    assert management_text.backtest_finding(choice, RULE) == (
        "Over 6 origins, lists by the score held 27.0% (95% interval 24.0% to 30.0%) of high-harm events of the "
        "following year (350 of 1,200); by a plain count of events in a year 25.0%, drawn at random 4.0%"
    )
    assert management_text.verdict(choice) == (
        "The list is ordered by the simplest way that no other clearly beats: now the score. Compared with the count: "
        "score +2.0 points (95% interval +0.2 to +3.8). Not made at every origin, so not compared: a regression fitted "
        "on earlier years."
    )
    assert management_text.origins_finding(rows, "score", RULE) == (
        "The latest list that a year has followed, of 100 on 1 Mar 2024, held 25.0% of its high-harm events; a plain "
        "count of events in a year 27.5%"
    )
    assert ("Listed, no high-harm event followed", "70 of 100") in [
        fact[:2] for fact in management_text.list_facts(rows, "score", RULE)
    ]
    assert management_text.list_facts(rows, "regression", RULE) == []


def test_where_nothing_beats_the_count_the_page_says_use_the_count() -> None:
    words = management_text.verdict(suspects.ranking_choice("event count"))
    assert words.startswith("Use the count: none of the others clearly holds more.")
    assert "score +2.0 points (95% interval \N{MINUS SIGN}0.2 to +3.8)" in words
    untested = suspects.ranking_choice("event count").with_columns(mean_share=None, is_tested=False)
    assert management_text.verdict(untested) == "Use the count: no way of ranking could be tested."
    assert "is not measured" in management_text.backtest_finding(untested, RULE)


def test_a_fall_is_never_called_a_success() -> None:
    shown = management_text.shown_cohorts(suspects.score_after_listing(), RULE)
    assert set(shown["cohort"]) == {"adopted since", "never managed"}  # two people are no group
    words = management_text.after_finding(shown, RULE)
    assert "adopted since 70.0 to 67.5 (20 people)" in words
    assert words.endswith("It did not fall further among those adopted than those never managed")
    faster = shown.with_columns(
        mean_score=pl.when(pl.col("cohort") == "adopted since").then(70.0 - 4 * pl.col("months_since"))
        .otherwise("mean_score")
    )  # fmt: skip
    assert management_text.after_finding(faster, RULE).endswith(
        "It fell 15.0 points further among those adopted than those never managed"
    )
    assert "not measured" in management_text.after_finding(shown.clear(), RULE)
    for text in (words, management_text.after_finding(faster, RULE)):
        assert "success" not in text.lower()


# charts


def test_charts_tell_their_lines_apart_without_colour() -> None:
    rows = suspects.ranking_backtest()
    for chart in (
        repeats_charts.capture(rows, ["score", "event count"], "drawn at random", ()),
        repeats_charts.after_listing(management_text.shown_cohorts(suspects.score_after_listing(), RULE)),
        repeats_charts.incidence(suspects.next_event_incidence(), list(suspects.CAUSES)),
    ):
        named = [trace for trace in chart.data if trace.name and trace.showlegend is not False]
        assert len(named) >= 2
        assert len({trace.line.dash for trace in named}) == len(named)
        assert len({trace.marker.symbol for trace in named}) == len(named)


def test_weeks_outside_the_band_have_shapes_of_their_own() -> None:
    rule = SmallNumbers(2, 30)
    chart = repeats_charts.weeks(repeats_text.shown_weeks(suspects.next_event_weeks(), rule), rule)
    shapes = {t.name: t.marker.symbol for t in chart.data if t.mode == "markers" and t.name != WITHHELD}
    assert shapes == {"above the band": "triangle-up", "below the band": "triangle-down", "within the band": "circle"}


def test_the_back_test_is_a_chart_over_time_and_is_refused_without_its_changes() -> None:
    rows = suspects.ranking_backtest()
    with pytest.raises(UnmarkedBreakError):
        require_breaks(repeats_charts.capture(rows, ["score"], "drawn at random", ()), None)


def test_areas_give_away_no_count_from_one_to_four_nor_what_would_tell_it() -> None:
    rows = suspects.repeat_by_area((365,), Few=(3, 90), Nearly=(60, 62), Small=(2, 3), None_=(0, 40), Enough=(20, 90))
    shown = {row["area_name"]: row for row in areas_section.table_rows(rows, RULE).iter_rows(named=True)}
    for name in ("Few, Town", "Nearly, Town", "Small, Town"):
        row = shown[name]
        assert "fewer than 5" in row["repeat_suspect_count"]
        assert {row[column] for column in (*areas_section.DRAWN, "share", "lower", "upper", "rank")} == {None}
    assert shown["Small, Town"]["suspect_count"] == "fewer than 5"
    assert shown["None_, Town"]["share"] == 0 and shown["Enough, Town"]["shrunk_share"] is not None
    drawn = areas_section.drawn_areas(rows.filter(pl.col("area_code") != areas_section.NO_AREA), RULE)
    assert drawn["area_name"].to_list() == ["Enough, Town", "None_, Town"]


def test_areas_stand_apart_only_with_the_whole_interval() -> None:
    rows = suspects.repeat_by_area((365,)).filter(pl.col("area_code") != areas_section.NO_AREA)
    known = areas_section.drawn_areas(rows, RULE)
    said = areas_section.finding(rows, known, RULE)
    assert said.startswith("Highest: Abbey, Town, 48.4% (95% interval 40.2% to 57.7%). Of 3 areas with 30 suspects")
    assert said.endswith("or more, 1 is above the mean of all areas (21.1%) and 2 below it by the whole interval")
    figure = repeats_charts.areas(known, 0.2)
    assert [trace.name for trace in figure.data if trace.showlegend is not False] == [
        "mean of all areas", "shrunk towards the mean", "counted"
    ]  # fmt: skip
    alone = suspects.repeat_by_area((365,), A=(10, 100), B=(30, 100)).filter(
        pl.col("area_code") != areas_section.NO_AREA
    )
    held = areas_section.drawn_areas(alone, RULE)
    assert "not shrunk" in areas_section.alt(held, None) and "dashed line" not in areas_section.alt(held, None)
