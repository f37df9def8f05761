"""The survey beside recorded crime: two measures, which are never divided by each other."""

from __future__ import annotations

from dashboards.data.published import Copy
from dashboards.pages.open_data import comparison_text
from dashboards.parts import figure, page

SURVEY, RATES = "metrics.survey_prevalence", "metrics.recorded_rates"


@page.section("the share of adults who were stalked", heading="Beside the survey")
def show_survey(copy: Copy, force: str) -> None:
    """Draw the survey's shares beside the force's latest recorded rates."""
    asked = copy.select(SURVEY, where="need_code = 'stalking'", order_by="sex, age_from")
    if asked.is_empty():
        page.note(comparison_text.NOT_ASKED)
        return
    recorded = None
    with page.section("the recorded rate beside the survey"):
        recorded = copy.select(
            RATES,
            where="force_code = $force and offence_code in ('8Q', 'S&H') and rate_per_1000 is not null",
            order_by="period_end desc, source, offence_code desc",
            force=force,
        ).unique("offence_code", keep="first", maintain_order=True)
    rows = comparison_text.measures(asked, recorded)
    figure.Figure(
        key="survey-beside-recorded",
        finding=comparison_text.survey_finding(asked, recorded),
        data=figure.Data(
            rows,
            {"measure": "Measure", "figure": "Figure", "limits": "95% interval", "counted": "What is counted",
             "period": "Period"},
        ),
        tables=(SURVEY, RATES),
        caveats=comparison_text.TWO_MEASURES,
    ).draw(copy)  # fmt: skip
