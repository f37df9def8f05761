"""One chain for every control chart: a SELECT of series, their points, their verdicts, and what bears on each."""

import dataclasses
import datetime as dt
from pathlib import Path

import polars as pl
import pytest
from dashboard_browser import Visit, serving
from published_home import publish, tables
from worked import Row, made, only

from assets.methods.spc import series
from pipelines.publication.disclosure import RELEASED
from pipelines.tables.cards import CardError, all_cards
from pipelines.tables.lineage import downstream_of, reads, tables_given
from pipelines.tables.warehouse import TableDiffers

CHANGE: Row = {"valid_from": "2023-01-01", "title": "new communications offences", "moves_counts": True,
               "source_name": "", "affects_codes": "8R,S&H"}  # fmt: skip
EVEN = [100, 102, 101, 99, 103, 98] * 4
CHARTS = {card.table: card for card in all_cards().values() if card.method == "spc.series.series_points"}
VERDICTS = {card.table: card for card in all_cards().values() if card.method.endswith("_verdicts")}


def months(code: str = "S&H", counts: list[int] = EVEN, start: int = 2022) -> list[Row]:
    """Months of an extract from January of a year."""
    return [
        {"series_ref": f"extract|F|{code}", "source": "extract", "force_code": "F", "offence_code": code,
         "month": f"{start + n // 12}-{n % 12 + 1:02}-01", "crime_count": count} for n, count in enumerate(counts)
    ]  # fmt: skip


# which recording changes bear on a series


def regimes(*affected: str, source: str = "") -> pl.DataFrame:
    rows = [(dt.date(2020 + n, 4, 1), f"to {codes}", True, source, codes) for n, codes in enumerate(affected)]
    names = ["valid_from", "title", "moves_counts", "source_name", "affects_codes"]
    return pl.DataFrame(rows, schema=names, orient="row")


@pytest.mark.parametrize(
    ("classes", "bearing"),
    [
        ("8Q", ["to all", "to 8L,8Q"]), ("8R", ["to all", "to 8R,S&H"]), ("8L,8R", ["to all", "to 8L,8Q", "to 8R,S&H"]),
        ("S&H", ["to all", "to 8R,S&H"]), ("all", ["to all"]), ("9A", ["to all"]), ("", []),
    ],
)  # fmt: skip
def test_a_change_bears_on_a_series_if_it_moves_one_of_its_own_classes(classes: str, bearing: list[str]) -> None:
    found = series.breaks_of(regimes("all", "8L,8Q", "8R,S&H"), "crime", classes)
    assert list(found.values()) == bearing


def test_a_change_of_another_source_or_one_that_moves_no_count_does_not_bear() -> None:
    assert series.breaks_of(regimes("all", source="mps_ward_offences"), "crime") == {}
    assert series.breaks_of(regimes("all").with_columns(moves_counts=False), "crime") == {}


# the SELECTs of series


@pytest.mark.parametrize("table", CHARTS)
def test_a_table_of_points_keeps_what_a_chart_shows(table: str) -> None:
    names = {column.name for column in CHARTS[table].columns}
    assert {"value", "segment", "is_baseline", "centre_line", "lower_limit", "upper_limit", "signal",
            "signal_direction", "limits_status"} <= names  # fmt: skip
    assert {"reference.recording_regimes", "reference.settings"} <= set(reads(CHARTS[table]))


def test_a_chart_rests_on_what_its_own_series_counts_and_on_no_other() -> None:
    """A rule that cannot be run, or a count that cannot be released, withholds the charts that rest on it alone."""
    # of every subject together
    measures = {"metrics.measure_points", "metrics.measure_verdicts"}
    charts = (CHARTS.keys() | VERDICTS.keys()) - measures
    released = {"metrics.support_wait_points"}  # rests on all that is released together: every measure too
    assert charts & downstream_of({"core.notice_facts"}) == released
    assert charts & downstream_of({RELEASED}) == released
    trust = {"metrics.recording_trust_chart", "metrics.recording_trust_series"}
    # a released count is compared with the spread of its months, which is found for all measures together
    assert charts & downstream_of({"quality.rule_counts"}) == trust | released


def test_the_rows_of_a_select_are_given_to_the_method_and_its_other_parameters_are_tables() -> None:
    card = CHARTS["metrics.measure_points"]
    assert tables_given(card) == {
        "reference_recording_regimes": "reference.recording_regimes", "reference_settings": "reference.settings"
    }  # fmt: skip
    with pytest.raises(CardError, match="no function named no_such"):
        tables_given(dataclasses.replace(card, method="spc.series.no_such"))
    with pytest.raises(CardError, match="no function named series_points"):
        tables_given(dataclasses.replace(card, method="spc.no_such.series_points"))


def test_a_select_without_a_column_of_the_card_makes_no_table(tmp_path: Path) -> None:
    maker = all_cards()["metrics.theme_verdicts"].maker
    assert maker is not None
    short = tmp_path / "theme_verdicts.sql"
    short.write_text(maker.read_text(encoding="utf-8").replace("as series_ref, theme_code,", "as series_ref,"))
    with pytest.raises(TableDiffers, match=r"metrics\.theme_verdicts"):
        made("metrics.theme_verdicts", short, metrics_theme_chart_points=[])


def test_a_series_without_any_value_has_a_verdict_on_its_last_point() -> None:
    points = made("metrics.control_chart_points", metrics_recorded_rates=[
        {"source": "s", "force_code": "F", "offence_code": "S&H", "period_months": 1,
         "period_start": f"2025-{n:02}-01", "crime_count": None} for n in (1, 2, 3)
    ])  # fmt: skip
    [row] = made("metrics.control_chart_series", metrics_control_chart_points=points)
    assert (row["point_count"], row["latest_month"], row["latest_value"]) == (0, dt.date(2025, 3, 1), None)
    assert row["verdict"] == "not_enough_points" and "no figure" in row["verdict_sentence"]


def test_figures_of_an_extract_bear_the_name_that_the_extract_gives() -> None:
    """The invented force has a real force's code, and was shown under that force's name."""
    points = [
        point
        for source in ("crime", "ons")
        for point in made("metrics.control_chart_points", metrics_recorded_rates=[
            {"source": source, "force_code": "E1", "offence_code": "S&H", "period_months": 1,
             "period_start": "2025-01-01", "crime_count": 9}
        ])
    ]  # fmt: skip
    rows = made(
        "metrics.control_chart_series", metrics_control_chart_points=points,
        reference_forces=[{"force_code": "E1", "force_name": "Real Police"}],
        core_extract_forces=[{"force_code": "E1", "force_name": "Invented Constabulary"}],
    )  # fmt: skip
    named = {row["source"]: row["force_name"] for row in rows}
    assert named == {"crime": "Invented Constabulary", "ons": "Real Police"}


# one more watched series is one SELECT

STALKING = """    select * from extract_months
    union all
    select
        series_ref, 'crime', force_code, 'stalking_count', 'Recorded stalking by month', 'crimes a month', month, 1,
        crime_count, null, '8Q'
    from metrics.demand_months
    where source = 'extract' and offence_code = '8Q'
"""


def with_stalking(folder: Path) -> tuple[list[Row], list[Row]]:
    """(points, series) of recorded crime with one SELECT more."""
    maker = all_cards()["metrics.control_chart_points"].maker
    assert maker is not None
    text = maker.read_text(encoding="utf-8")
    assert text.count("    select * from extract_months\n") == 1
    more = folder / "control_chart_points.sql"
    more.write_text(text.replace("    select * from extract_months\n", STALKING))
    charts = made(
        "metrics.control_chart_points", more, metrics_demand_months=months() + months("8Q", [*EVEN[:-1], 190]),
        reference_recording_regimes=[CHANGE],
    )  # fmt: skip
    return charts, made("metrics.control_chart_series", metrics_control_chart_points=charts)


def test_one_select_more_is_charted_and_judged_by_its_own_recording_changes(tmp_path: Path) -> None:
    points, judged = with_stalking(tmp_path)
    assert {row["segment"] for row in only(points, series_ref="extract|F|8Q")} == {1}
    assert {row["segment"] for row in only(points, series_ref="extract|F|S&H")} == {1, 2}
    [stalking] = only(judged, series_ref="extract|F|8Q")
    assert (stalking["title"], stalking["unit"]) == ("Recorded stalking by month: F", "crimes a month")
    assert (stalking["verdict"], stalking["segment_point_count"]) == ("higher", 24)
    assert "December 2023 had 190 recorded crimes" in stalking["verdict_sentence"]


@pytest.mark.browser
def test_one_select_more_is_on_the_page_of_watched_series(visit: Visit, tmp_path: Path) -> None:
    points, judged = with_stalking(tmp_path)
    content = tables()["command"] | {
        "metrics.control_chart_points": pl.DataFrame(points, infer_schema_length=None),
        "metrics.control_chart_series": pl.DataFrame(judged, infer_schema_length=None),
    }
    home = tmp_path / "home"
    publish(home, "command", content)
    with serving(home) as address:
        page = visit.open(f"{address}/is_it_changing?force=F&series=extract%7CF%7CS%26H")
        assert "Recorded stalking and harassment by month" in visit.every_text()
        visit.choose("Series", "Recorded stalking by month")
        page.locator(".answer", has_text="December 2023 had 190 recorded crimes").wait_for()
