"""The survey's share of adults, and the sentence that puts it beside the recorded rate."""

import invented_figures as invented
import polars as pl
import pytest
from published_home import FORCES
from worked import made

from assets.methods.intervals import wilson_interval
from dashboards.pages.open_data import comparison_text

KENT = "E23000032"


def test_the_share_is_the_survey_s_with_wilson_limits_of_the_effective_sample() -> None:
    asked = {"need_code": "stalking", "sex": "female", "age_from": 16, "prevalence": 0.25, "effective_sample": 400,
             "survey_year": "invented"}  # fmt: skip
    [row] = made("metrics.survey_prevalence", reference_need_prevalence=[asked])
    assert (row["victim_share"], row["age_to"], row["survey_year"]) == (0.25, None, "invented")
    assert (row["share_lower"], row["share_upper"]) == pytest.approx(wilson_interval(100, 400), rel=1e-9)


@pytest.mark.parametrize("unknown", ["prevalence", "effective_sample"])
def test_a_share_or_a_sample_that_is_not_known_gives_no_limits(unknown: str) -> None:
    asked = {"need_code": "stalking", "sex": "male", "age_from": 16, "prevalence": 0.02, "effective_sample": 400}
    [row] = made("metrics.survey_prevalence", reference_need_prevalence=[{**asked, unknown: None}])
    assert (row["share_lower"], row["share_upper"]) == (None, None)


def test_both_measures_are_named_in_their_own_units_and_never_divided() -> None:
    asked, rates = invented.survey(), invented.rates(FORCES).filter(pl.col("force_code") == KENT)
    rate = f"{rates['rate_per_1000'][0]:.2f}"
    assert comparison_text.survey_finding(asked, rates) == (
        "By survey, 4.0% of women and 2.3% of men were stalked in the year ending March 2024. Kent Police "
        f"recorded {rate} crimes of stalking and harassment per 1,000 residents in the year ending Dec 2018"
    )
    by_age = pl.concat([asked.with_columns(age_to=24), asked.with_columns(age_from=25)], how="vertical_relaxed")
    assert "4.0% of women of 16 to 24" in comparison_text.survey_finding(by_age, rates)
    rows = comparison_text.measures(asked, rates)
    assert rows["figure"].to_list() == ["4.0%", "2.3%", f"{rate} per 1,000 residents"]
    assert rows["limits"].to_list()[:2] == ["3.6% to 4.5%", "2.0% to 2.7%"]
    assert rows["counted"].to_list()[1:] == [
        "people, in a survey of England and Wales", "crimes that Kent Police recorded",
    ]  # fmt: skip


@pytest.mark.parametrize("recorded", [None, invented.rates(FORCES).clear()])
def test_without_a_recorded_rate_the_survey_is_shown_and_the_rate_not_measured(recorded: pl.DataFrame | None) -> None:
    asked = invented.survey()
    assert comparison_text.survey_finding(asked, recorded).endswith(". The recorded rate of this force is not measured")
    assert comparison_text.measures(asked, recorded).height == 2
