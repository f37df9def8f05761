"""The duties of a part of the force: shares of enough cases alone, and none that gives another away."""

from __future__ import annotations

import polars as pl

from dashboards.pages.protection import protection_part_section
from dashboards.parts.filter_bar import Chosen
from dashboards.text.small_numbers import SmallNumbers

RULE = SmallNumbers(smallest_shown=5, fewest_in_share=30)
DUTIES = pl.DataFrame(
    {"measure_code": ["a", "b"], "measure_name": ["Risk assessed", "Plan made"], "section": ["risk", "risk"],
     "place": [1, 2]}
)  # fmt: skip
HERE = Chosen(part=("district", "District 1"))


def values(*parts: tuple[str, int, int]) -> pl.DataFrame:
    """The parts of measure a, as (part, met, due)."""
    return pl.DataFrame(
        [{"measure_code": "a", "breakdown_value": part, "numerator": met, "denominator": due, "value": met / due,
          "lower": 0.1, "upper": 0.9} for part, met, due in parts]
    )  # fmt: skip


def of_district_1(*parts: tuple[str, int, int]) -> pl.DataFrame:
    return protection_part_section.of_part(values(*parts), DUTIES, "District 1", RULE)


def test_a_duty_of_enough_cases_is_shown_and_one_without_a_row_is_not_zero() -> None:
    rows = of_district_1(("District 1", 60, 100), ("District 2", 70, 100))
    assert rows["is_hidden"].to_list() == [False, None]
    assert protection_part_section.answer(rows, HERE) == (
        "District 1, all periods: of 1 duty with enough cases, “Risk assessed” is met least: 60.0% (60 of 100)."
    )
    first, second = (protection_part_section._shown(row) for row in rows.iter_rows(named=True))
    assert (first["share"], first["met"], first["due"]) == (0.6, "60", "100")
    assert "share" not in second and second["due"] == "nothing was due, or not measured"


def test_few_cases_have_no_share_and_no_counts() -> None:
    rows = of_district_1(("District 1", 12, 29), ("District 2", 70, 100), ("District 3", 50, 90))
    assert rows["is_hidden"].to_list() == [True, None]
    shown = protection_part_section._shown(rows.row(0, named=True))
    assert "share" not in shown and "29" not in str(shown) and "12" not in str(shown)
    assert protection_part_section.answer(rows, HERE).endswith("no duty has enough cases for a share.")


def test_a_part_from_which_a_small_one_could_be_worked_out_is_hidden_too() -> None:
    rows = of_district_1(("District 1", 40, 60), ("District 2", 2, 60), ("District 3", 500, 900))
    assert rows["is_hidden"].to_list() == [True, None]


def test_duties_met_in_every_case_have_no_least() -> None:
    rows = of_district_1(("District 1", 60, 60))
    assert protection_part_section.answer(rows, HERE) == (
        "District 1, all periods: 1 duty with enough cases, each met in every case."
    )
