"""What is coming? in words and in a real browser: the forecast with its interval, and a refusal in plain words."""

from urllib.parse import quote

import invented_demand as demand
import polars as pl
import pytest
from dashboard_browser import Visit, plain
from page_read import Reader

from dashboards.pages.demand import demand_charts, demand_text
from dashboards.text.small_numbers import SmallNumbers

RULE = SmallNumbers(5, 30)

PAGE = "what_is_coming"
ALL, FEW, MET = demand.SERIES


def state(ref: str) -> dict[str, object]:
    return demand.forecast_states().row(by_predicate=pl.col("series_ref") == ref, named=True)


def ahead(ref: str) -> pl.DataFrame:
    return demand.demand_forecast().filter(pl.col("series_ref") == ref)


def held(ref: str) -> pl.DataFrame:
    return demand.demand_months().filter(pl.col("series_ref") == ref)


def kept(share: float) -> pl.DataFrame:
    return demand.forecast_backtest(share).filter(pl.col("series_ref") == ALL)


class TestWords:
    def test_the_answer_is_a_mean_and_how_far_the_intervals_reach(self) -> None:
        words = (
            "About 140 recorded crimes a month of stalking and harassment, all classes are expected from Nov 2025"
            " to Oct 2026; the 80% intervals range from 72 to 208"
        )
        assert plain(demand_text.answer(state(ALL), ahead(ALL), held(ALL), kept(0.78), RULE)) == words + "."
        assert plain(demand_text.answer(state(ALL), ahead(ALL), held(ALL), kept(0.47), RULE)) == (
            words + ". They are too narrow: in the back-test they contained 47% of values."
        )

    def test_few_crimes_in_a_month_are_not_told_by_month(self) -> None:
        words = demand_text.answer(state(FEW), ahead(FEW), held(FEW), kept(0.78), RULE)
        assert "Some months have fewer than 5 crimes" in words
        some = held(ALL).with_columns(crime_count=pl.when(pl.col("month") == demand.month(3)).then(2).otherwise(140))
        assert demand_text.is_small(ahead(ALL), some, RULE) and not demand_text.is_small(ahead(ALL), held(ALL), RULE)

    def test_what_a_model_was_made_from_is_what_it_saw(self) -> None:
        def made_from(model: str) -> str:
            chosen = kept(0.78).with_columns(is_chosen=pl.col("model") == model)
            return next(value for label, value, _ in demand_text.facts(state(ALL), chosen) if label == "Data used")

        assert (made_from("count model"), made_from("same month a year before")) == ("32 months", "20 months")

    def test_the_year_before_stands_beside_as_a_count_never_as_a_percentage(self) -> None:
        words = demand_text.finding(state(ALL), held(ALL), ahead(ALL), RULE)
        assert words == (
            "Stalking and harassment, all classes: 1,680 recorded crimes expected in 12 months; 1,680 were recorded in "
            "the same months a year before"
        )
        assert "were recorded" not in demand_text.finding(state(ALL), held(ALL).head(30), ahead(ALL), RULE)

    def test_an_interval_that_kept_far_less_than_it_promised_sends_the_reader_to_the_control_chart(self) -> None:
        assert "check the control chart" in demand_text.caution(kept(0.5))
        assert demand_text.caution(kept(0.78)) == ""

    def test_how_often_intervals_held_is_said_of_all_series_of_the_force(self) -> None:
        used = demand.forecast_backtest(0.78).filter("is_chosen")
        few = used.head(1).with_columns(forecast_count=26, coverage_80_share=0.5, coverage_95_share=0.8)
        untested = few.with_columns(forecast_count=0, coverage_80_share=None, coverage_95_share=None)
        assert plain(demand_text.history(pl.concat([used.tail(1), few, untested], how="vertical_relaxed"), "F")) == (
            "In the history of F (2 series) the 80% intervals contained 71% of 104 months forecast earlier, and the 95%"
            " intervals 90%. Each interval used only errors that were known at the time."
        )
        assert demand_text.history(untested, "F") == ""

    def test_what_is_probable_is_said_in_the_words_of_the_yardstick_and_only_where_it_is_no_open_question(self) -> None:
        def outlook(before: int | None, coverage: float = 0.78) -> str:
            months = held(ALL).with_columns(crime_count=pl.lit(before, pl.Int64))  # every month the same: the average
            return plain(demand_text.outlook(state(ALL), months, ahead(ALL), kept(coverage)))

        first = ahead(ALL).row(0, named=True)
        middle, low, high = (round(first[name]) for name in ("expected_count", "lower_80", "upper_80"))
        assert outlook(low).startswith("It is highly likely (90%) that more crimes of stalking and harassment")
        assert outlook(low).endswith(f"than the monthly average of the latest twelve months ({low:,}).")
        assert outlook(high).startswith("It is highly likely (90%) that fewer crimes of")
        assert outlook(low - 10 * (middle - low)).startswith("It is almost certain (more than 99%) that more")
        assert outlook(middle) == "", "more and fewer are both to be reckoned with"
        assert outlook(None) == "", "not held"
        assert outlook(low, 0.5) == "", "intervals that held less than they promise carry no probability"

    def test_the_line_is_broken_where_recording_changed_and_where_a_month_is_missing(self) -> None:
        from dashboards.charts.breaks import Regime

        change = Regime("R24", demand.month(15).replace(day=20), "day", "narrower", "")
        own = held(ALL).filter(pl.col("month") != demand.month(5))
        figure = demand_charts.forecast(own, ahead(ALL), (change,), RULE)
        line = next(trace for trace in figure.data if trace.name == "recorded" and trace.mode == "lines")
        gaps = [x[:7] for x, y in zip(line.x, line.y, strict=True) if y is None]
        # the first whole month under the new rules begins a line of its own, as in the model
        assert gaps == [f"{demand.month(5):%Y-%m}", f"{demand.month(16):%Y-%m}"]


@pytest.mark.browser
@pytest.mark.parametrize(
    ("ref", "shown", "answer"),
    [(ALL, ("demand-ahead", "forecast-back-test", "not-forecast"), "About 140"),
     (FEW, ("not-forecast",), "Some months have fewer than 5 crimes"), (MET, ("not-forecast",), "No forecast of")],
)  # fmt: skip
def test_each_series_is_forecast_or_refused_in_words(
    one_visit: Visit, read: Reader, ref: str, shown: tuple[str, ...], answer: str
) -> None:
    page = read(f"{PAGE}?series={quote(ref)}")
    assert page.answer.startswith(answer)
    assert ("80% intervals contained 78%" in page.text) is ("forecast-back-test" in shown)
    for key in shown:
        assert page.count(f".st-key-csv_{key} button") == 1
    assert page.count("[role=figure]") == ("demand-ahead" in shown) + 2
    one_visit.open(f"{read.address}/{page.asked}")
    assert one_visit.violations() == []
    one_visit.screenshot(f"what-is-coming-{ref.split('|')[-1]}-{ref[:3]}")
