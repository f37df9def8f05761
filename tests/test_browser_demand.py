"""What is coming? in words and in a real browser: the forecast with its interval, and a refusal in plain words."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import invented_demand as demand
import polars as pl
import pytest
from dashboard_browser import Visit, serving
from playwright.sync_api import Browser
from published_home import build_home, publish, tables

from dashboards.demand import drawing, saying

PAGE = "what_is_coming"
ALL, FEW, MET = demand.SERIES


def state(ref: str) -> dict[str, object]:
    return demand.forecast_states().row(by_predicate=pl.col("series_ref") == ref, named=True)


def ahead(ref: str) -> pl.DataFrame:
    return demand.demand_forecast().filter(pl.col("series_ref") == ref)


class TestWords:
    def test_the_answer_is_a_mean_and_where_most_months_lie(self) -> None:
        assert saying.answer(state(ALL), ahead(ALL)) == (
            "About 140 recorded crimes a month of stalking and harassment, all classes are to be expected from Nov 2025"
            " to Oct 2026; 8 in 10 months should lie between 72 and 208."
        )

    def test_a_refusal_says_why(self) -> None:
        words = saying.answer(state(MET), ahead(MET))
        assert words.startswith("No forecast of stalking and harassment, all classes: the way of recording changed")

    def test_few_crimes_are_not_told_by_month(self) -> None:
        words = saying.answer(state(FEW), ahead(FEW))
        assert "fewer than 5 crimes a month" in words and "2 " not in words.replace("2025", "").replace("2026", "")

    def test_the_year_before_stands_beside_as_a_count_never_as_a_percentage(self) -> None:
        held = demand.demand_months().filter(pl.col("series_ref") == ALL)
        words = saying.finding(state(ALL), held, ahead(ALL))
        assert words == (
            "Stalking and harassment, all classes: 1,680 recorded crimes expected in 12 months; 1,680 were recorded in "
            "the same months a year before"
        )
        assert "were recorded" not in saying.finding(state(ALL), held.head(30), ahead(ALL))

    def test_an_interval_that_kept_far_less_than_it_promised_is_called_too_narrow(self) -> None:
        tests = demand.forecast_backtest(0.5).filter(pl.col("series_ref") == ALL)
        assert "held 50 %" in saying.is_overconfident(tests).replace("\xa0", " ")
        assert saying.is_overconfident(demand.forecast_backtest().filter(pl.col("series_ref") == ALL)) == ""

    def test_the_line_is_broken_where_recording_changed_and_where_a_month_is_missing(self) -> None:
        from dashboards.breaks import Regime

        held = demand.demand_months().filter(pl.col("series_ref") == ALL)
        change = Regime("R24", demand.month(15).replace(day=20), "day", "narrower", "")
        figure = drawing.forecast(held.filter(pl.col("month") != demand.month(5)), ahead(ALL), (change,))
        line = next(trace for trace in figure.data if trace.name == "recorded" and trace.mode == "lines")
        gaps = [x[:7] for x, y in zip(line.x, line.y, strict=True) if y is None]
        assert gaps == [f"{demand.month(5):%Y-%m}", f"{demand.month(15):%Y-%m}"]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(build_home(tmp_path_factory.mktemp("home")), "command") as address:
        yield address


@pytest.mark.browser
def test_each_series_is_forecast_or_refused_in_words(browser: Browser, address: str) -> None:
    for ref, shown, answer in (
        (ALL, ("demand-ahead", "forecast-back-test", "not-forecast"), "About 140"),
        (FEW, ("not-forecast",), "Of racially or religiously aggravated harassment (8M) fewer than 5"),
        (MET, ("not-forecast",), "No forecast of"),
    ):
        visit = Visit(browser)
        page = visit.open(f"{address}/{PAGE}?series={ref.replace('|', '%7C').replace('&', '%26')}")
        assert page.locator(".answer").inner_text().startswith(answer)
        for key in shown:
            assert page.locator(f".st-key-csv_{key} button").count() == 1
        assert page.locator("[data-testid=stPlotlyChart]").count() == ("demand-ahead" in shown)
        assert (visit.violations(), visit.faults) == ([], [])
        visit.screenshot(f"what-is-coming-{ref.split('|')[-1]}-{ref[:3]}")
        visit.close()


@pytest.mark.browser
@pytest.mark.parametrize("gone", [f"metrics.{name}" for name in demand.NAMED])
def test_a_table_that_is_not_there_is_said(browser: Browser, tmp_path: Path, gone: str) -> None:
    with serving(build_home(tmp_path, leave_out=[gone]), "command") as address:
        visit = Visit(browser)
        page = visit.open(f"{address}/{PAGE}")
        assert page.locator(".missing").count() == 1
        assert visit.faults == []
        visit.close()


@pytest.mark.browser
def test_without_refusals_the_page_says_so(browser: Browser, tmp_path: Path) -> None:
    home, content = build_home(tmp_path), tables()["command"]
    content["metrics.forecast_states"] = demand.forecast_states().filter("is_forecast")
    publish(home, "command", content, version="20261125T000000000000Z")
    with serving(home, "command") as address:
        visit = Visit(browser)
        page = visit.open(f"{address}/{PAGE}")
        page.get_by_text("Every series of months held is forecast.").wait_for()
        visit.close()
