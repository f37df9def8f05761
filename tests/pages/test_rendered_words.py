"""No page says a change as a bare percentage and none shows red, amber and green: every rendered text is read."""

import re

import pytest
from dashboard_browser import ROOT
from rendered_words import faults_of


@pytest.mark.parametrize(
    "text",
    [
        "Recorded stalking rose by 12 %", "up 12%", "12 % more than last year", "(+4.2 %)", "fell 3.1 per cent",
        "a decrease of 7 %", "8 % lower", "−3 %", "12 % on the previous month", "RAG", "red/amber/green", "Red, amber",
        "stalking ▲ 12", "traffic light", "changed: 5 %", "grew in May by 5.0 %",
        "rose from 100 to 112 (12 %)", "a rise of about 12 %", "rose sharply, by 12 %", "reduced by 12 %",
        "a reduction of 12 %", "12 % reduction", "12 % year on year", "12 % compared to 2024", "12 % on a year ago",
        "12 percentage points higher", "a 12% year-on-year increase", "↗ 12 %", "112 % of last year", "declined by 3 %",
    ],
)  # fmt: skip
def test_what_may_not_be_said_is_found(text: str) -> None:
    assert faults_of(text)


@pytest.mark.parametrize(
    "text",
    [
        "97.1% of 3,996, 95% interval 96.5% to 97.6%", "Lower 95% limit", "outside 99.8% limits", "12 of 100",
        "No signal: October 2025 had 4,300 recorded crimes", "above the upper 99.8% limit",
        "Within the 80% interval 79%", "2.5 points below the others", "Change from chance", "2017-18", "fewer than 5",
        "a green bean", "below 95%", "▲ Refer to the registrar", "who came up again: three months 9.1%",
        "95% lower limit",
    ],
)  # fmt: skip
def test_what_may_be_said_is_not(text: str) -> None:
    assert faults_of(text) == []


def test_no_chart_and_no_style_uses_red_and_green_to_judge() -> None:
    colours = re.compile(r"""["'](?:red|green|amber|darkred|darkgreen|orangered|limegreen)["']""", re.IGNORECASE)
    used = [path.name for path in sorted((ROOT / "dashboards").rglob("*.py"))
            if colours.search(path.read_text(encoding="utf-8"))]  # fmt: skip
    assert used == []
