"""What became of crimes in sentences: denominators, intervals, no small count, nothing told before its time."""

import datetime as dt
import re

import invented_outcome_figures as outcomes
import polars as pl
import pytest

from assets.methods.survival.estimates import followed_share_limits
from dashboards.charts.breaks import Regime
from dashboards.data.verdicts import Watch
from dashboards.pages.outcomes import outcomes_charts, outcomes_text
from dashboards.text import numbers
from dashboards.text.small_numbers import TOO_FEW, SmallNumbers
from pipelines.tables.cards import all_cards

RULE = SmallNumbers(5, 30)


def year(code: str = "8Q", **changed: float) -> pl.DataFrame:
    return outcomes_text.merged(outcomes.matured_outcomes(**changed).filter(pl.col("offence_class") == code), RULE)


def test_the_figures_of_the_page_tests_have_the_columns_of_the_cards() -> None:
    for table, frame in outcomes.command_tables().items():
        # the force is in every table made for each force, and in no invented figure
        assert set(frame.columns) == {c.name for c in all_cards()[table].columns} - {"force_code"}, table


def test_the_answer_names_share_count_denominator_and_interval() -> None:
    words = outcomes_text.answer({"8Q": year(), "8L": year("8L")}, outcomes.LAST, RULE)
    assert words == (
        "90 of 1,000 stalking crimes (9.0%, 95% interval 7.3% to 10.9%) and 126 of 1,400 harassment crimes (9.0%, "
        "95% interval 7.6% to 10.6%) were charged within 365 days. These crimes were recorded in the year to 31 Oct "
        "2024, and each was followed for a year."
    )
    assert outcomes_text.others({"8Q": year(), "8L": year("8L")}, RULE) == (
        "Most frequent other outcomes: victim does not support action (47.0% of stalking, 47.0% of harassment); "
        "evidence lacking though the victim supports action (29.0% of stalking, 29.0% of harassment)"
    )


def test_limits_are_those_of_the_published_tables() -> None:
    low, high = followed_share_limits(90, 1000)
    assert (low, high) == (pytest.approx(0.0733, abs=1e-4), pytest.approx(0.1087, abs=1e-4))
    assert followed_share_limits(0, 10) == (0, pytest.approx(0.3085, abs=1e-4))
    assert followed_share_limits(10, 10) == (pytest.approx(0.6915, abs=1e-4), 1)
    assert followed_share_limits(180, 2000, 2) == (pytest.approx(low), pytest.approx(high))


def test_every_bar_is_whole_and_no_small_group_stands_apart() -> None:
    rows = year("8M")
    assert rows.group_by("day").agg(pl.col("outcome_count").sum())["outcome_count"].to_list() == [40] * 3
    apart = rows.filter(~pl.col("part").is_in([outcomes_text.CHARGED, outcomes_text.OPEN]))
    assert not apart["outcome_count"].is_between(1, 4).any()
    assert "Out of court" not in rows["part"].to_list()
    assert "Out of court" in year()["part"].to_list()
    words = outcomes_text.answer({"8M": rows}, outcomes.LAST, RULE)
    assert "Fewer than 5 of 40" in words and TOO_FEW in words
    tiles = outcomes_text.tiles({"8M": rows}, {}, Watch({}, {}), {}, RULE)
    assert [tile.value for tile in tiles] == ["Too few", "Too few"]


@pytest.mark.parametrize(("code", "part"), [("8M", "8M"), ("S&H", "all")])
def test_a_tile_has_the_verdict_on_the_charges_of_its_own_class(code: str, part: str) -> None:
    few = {"verdict": "not_enough_points", "segment_first_month": dt.date(2025, 1, 1), "segment_point_count": 3,
           "latest_period": dt.date(2025, 3, 1)}  # fmt: skip
    watch = Watch({("charged_90", part): few, ("charged_365", part): few | {"segment_point_count": 9}}, {})
    tiles = outcomes_text.tiles({code: year("8M")}, {}, watch, {}, RULE)
    assert tiles[0].over_time == "within 90 days: 3 months since Jan 2025: too few for a chart"
    assert "months since" not in tiles[1].over_time


def test_a_share_that_gives_a_small_count_away_is_not_given() -> None:
    rows = outcomes.outcome_incidence_by().filter((pl.col("breakdown") == "unit") & (pl.col("offence_class") == "8Q"))
    assert outcomes_text.guarded(rows, RULE)["incidence"].to_list() == [0.12, 0.08, None]
    words = outcomes_text.breakdown_finding(outcomes_text.guarded(rows, RULE), "Unit", "8Q")
    assert words == "Stalking (8Q): charged within 365 days, by unit", "no part is called first or last"
    assert (
        outcomes_text.estimated({"incidence": 0.1, "lower": 0.0, "upper": 1.0, "at_risk_count": 30}, RULE)
        == TOO_FEW
    )
    assert outcomes_text.estimated({"incidence": None, "at_risk_count": 30}, RULE) == "not known yet"


def test_quarters_and_waits_in_words() -> None:
    assert numbers.quarter("2025-Q4") == "Q3 2025/26"
    rows = outcomes.outcome_incidence().filter(pl.col("offence_class") == "8Q")
    assert outcomes_text.latest_finding(rows, "8Q", RULE) == (
        "Stalking (8Q): 6.3% (95% interval 4.3% to 8.3%) of 250 crimes recorded in Q3 2024/25 charged within "
        "365 days, the latest quarter followed for a year"
    )
    waits = outcomes.time_to_outcome()
    words = outcomes_text.waiting_finding(waits, "8Q", RULE)
    assert words.startswith("Stalking (8Q): half have an outcome within 28 days")
    assert "not known yet" in outcomes_text.waiting_finding(waits, "8M", RULE)


def test_how_long_half_wait_is_said_only_where_it_is_known() -> None:
    young = {"median_days": None, "open_share": None}
    assert outcomes_text.half_words(young) == "the median time to an outcome is not known yet"
    assert outcomes_text.half_words(young | {"open_share": 0.6}) == "fewer than half have an outcome within a year"
    assert "not known yet" in outcomes_text.half_words(young | {"open_share": 0.4})


def test_where_one_part_is_hidden_the_next_smallest_is_too() -> None:
    parts = [("Charged or summonsed", 3), ("A", 40), ("B", 40), ("C", 12), ("No outcome yet", 5)]
    rows = pl.DataFrame([
        {"named": "Stalking (8Q)", "day": 365, "part": name, "outcome_count": count, "crime_count": 100,
         "share": count / 100, "lower": 0.0, "upper": 1.0} for name, count in parts
    ])  # fmt: skip
    found = outcomes_text.protected(rows, RULE)
    assert found.filter("is_hidden")["part"].to_list() == ["Charged or summonsed", "No outcome yet"]
    assert found.filter("is_hidden")["share"].null_count() == 2
    assert outcomes_text.protected(rows.filter(pl.col("outcome_count") > 4), RULE).filter("is_hidden").is_empty()


def test_early_advice_is_called_no_effect() -> None:
    rows = outcomes.early_advice().filter(pl.col("offence_class") == "8Q")
    assert outcomes_text.advice_finding(rows, "8Q", RULE).endswith("This does not show the effect of advice")


def test_no_line_crosses_a_recording_change() -> None:
    rows = outcomes.outcome_incidence().filter((pl.col("offence_class") == "8Q") & pl.col("incidence").is_not_null())
    change = Regime("R24", dt.date(2024, 1, 31), "day", "Communications offences", "")
    within = outcomes_charts.over_time(rows, {"14": "No suspect"}, [change], RULE).data[0]
    assert sum(value is None for value in within.y) == 2, "the quarter with the change stands alone"
    at_start = outcomes_charts.over_time(
        rows, {"14": "No suspect"}, [Regime("X", dt.date(2024, 1, 1), "day", "X", "")], RULE).data[0]
    assert sum(value is None for value in at_start.y) == 1
    assert None not in outcomes_charts.over_time(rows, {"14": "No suspect"}, [], RULE).data[0].y


def test_nothing_is_told_as_a_bare_change() -> None:
    said = [outcomes_text.DEFINITIONS, outcomes_text.NOT_EVERY,
            outcomes_text.answer({"8Q": year()}, outcomes.LAST, RULE),
            outcomes_text.suspects_finding(outcomes.suspect_charges(), RULE),
            outcomes_text.alternate_finding(outcomes.alternate_charges().row(0, named=True), RULE),
            outcomes_text.removed_finding(outcomes.removed_crimes().row(0, named=True), RULE)]  # fmt: skip
    assert not [text for text in said if re.search(r"\b(rose|fell|up|down) (by )?\d|[+-]\d+(\.\d)? %", text)]
    assert said[4].startswith("Stalking (8Q): 18 of 180 charges were for an offence other than the one recorded")
    assert "recorded (10.0%" in said[4]
    assert "fewer than 5 transferred" in said[5]
