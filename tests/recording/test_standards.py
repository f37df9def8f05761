"""Standards in words, as the page Methods shows them."""

import re
from datetime import date
from typing import Any

import pytest

from dashboards.text.recording import standards_text
from expectations import RULES
from pipelines.standards.quality import measure_of

SETTINGS = [
    {"key": "timeliness.limit_hours", "value": 24.0, "unit": "hours", "authority": "recording-standards TIM-01"},
    {"key": "coordinates.latitude_max", "value": 61.2, "unit": "degrees", "authority": "recording-standards PUB-04"},
    {"key": "text.score", "value": 3.0, "unit": None, "authority": None},
]


def rule(code: str, **values: Any) -> dict[str, Any]:
    return {"rule_code": code, "severity": "warn", "parameters": "", **values}


def test_every_group_of_rules_has_a_name() -> None:
    assert {standards_text.group_of(r.code) for r in RULES} <= set(standards_text.GROUPS)


def test_a_rule_that_is_a_measure_says_first_what_it_examines_in_short_sentences() -> None:
    words = {measure: r.description for r in RULES if (measure := measure_of(r)) is not None}
    assert len(words) > 100
    assert [measure for measure, text in words.items() if not re.match(r"Examined: \w", text)] == []
    sentences = [s for text in words.values() for s in re.split(r"(?<=[.:;]) (?=\w)", text)]
    assert [s for s in sentences if len(s.split()) > 20] == [], "a stranger recounts the measure from these words"


def test_groups_come_in_our_order_and_unknown_ones_last() -> None:
    assert list(standards_text.groups(["XYZ-01", "PUB-01", "TIM-02", "TIM-01"]).items()) == [
        ("TIM", "Timeliness"),
        ("PUB", "Public data"),
        ("XYZ", "XYZ"),
    ]


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (None, None, "always"),
        (date(2020, 4, 1), None, "from 1 Apr 2020, by recorded date"),
        (None, date(2023, 4, 30), "to 30 Apr 2023, by recorded date"),
        (date(2018, 4, 1), date(2023, 4, 30), "from 1 Apr 2018 to 30 Apr 2023, by recorded date"),
    ],
)
def test_the_time_that_it_binds(first: date | None, last: date | None, words: str) -> None:
    assert standards_text.binding({"valid_from": first, "valid_to": last, "dated_by": "recorded_date"}) == words


def test_numbers_are_those_it_names_and_those_that_name_it() -> None:
    assert standards_text.parameters(rule("TIM-01"), SETTINGS) == "24 hours (timeliness.limit_hours)"
    assert standards_text.parameters(rule("CLS-04", parameters="text.score"), SETTINGS) == "3 (text.score)"
    assert standards_text.parameters(rule("PUB-04"), SETTINGS) == "61.2 degrees (coordinates.latitude_max)"
    assert standards_text.parameters(rule("TIM-02"), SETTINGS) == "none"
    assert standards_text.parameters(rule("TIM-0"), SETTINGS) == "none"


def test_severity_and_needs() -> None:
    assert standards_text.severity(rule("TIM-01")) == "warning for the registrar"
    assert (
        standards_text.severity(rule("TIM-02", is_escalated=True))
        == "warning for the registrar, to a supervisor at once"
    )
    assert standards_text.severity(rule("STR-01", severity="error")) == "error"
    assert standards_text.needs(rule("TIM-01", needs="crime.recorded_ts")) == "crime.recorded_ts"
    assert standards_text.needs(rule("DEL-01", needs="")) == "no field of the extract"
