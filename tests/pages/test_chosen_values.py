"""The measures of what the bar of choices asks for: shares of enough cases alone, and none that gives another away."""

import datetime as dt

import polars as pl
import pytest

from dashboards.charts.breaks import Regime
from dashboards.parts import chosen_values
from dashboards.parts.chosen_values import Compared, Words
from dashboards.parts.filter_bar import Chosen
from dashboards.text.small_numbers import SmallNumbers

RULE = SmallNumbers(smallest_shown=5, fewest_in_share=30)
WORDS = Words("duty", "duties", "Compliance", "Met", "Of", "nothing was due")
START, YEAR_BEFORE = dt.date(2025, 4, 1), dt.date(2024, 4, 1)
HERE = Chosen(part=("district", "District 1"))
THIS_YEAR = Chosen(HERE.part, ("financial_year", START))
COMPARED = Compared(1.96, (), {}, 0.1)
LISTED = pl.DataFrame({"measure_code": ["a", "b"], "measure_name": ["Risk assessed", "Plan made"], "kind": "share"})


def values(
    *parts: tuple[str, int, int | None], start: dt.date = START, by: str = "district", is_whole: bool = True
) -> pl.DataFrame:
    """The parts of measure a, as (part, counted, of)."""
    return pl.DataFrame(
        [{"measure_code": "a", "period_type": "financial_year", "period_start": start,
          "period_end": start.replace(year=start.year + 1, month=3), "is_whole": is_whole, "breakdown": by,
          "breakdown_value": part, "numerator": count, "denominator": of,
          "value": float(count) if of is None else count / of, "lower": 0.1, "upper": 0.9}
         for part, count, of in parts],
        schema_overrides={"denominator": pl.Int64},
    )  # fmt: skip


def of_district_1(*parts: tuple[str, int, int | None], chosen: Chosen = HERE) -> pl.DataFrame:
    return chosen_values.of_part(values(*parts), LISTED, chosen, RULE)


def drawn(rows: pl.DataFrame, chosen: Chosen = HERE, compared: Compared = COMPARED) -> list[dict[str, object]]:
    return chosen_values.shown(rows, chosen, WORDS, compared).to_dicts()


def test_a_duty_of_enough_cases_is_shown_and_one_without_a_row_is_not_zero() -> None:
    rows = of_district_1(("District 1", 60, 100), ("District 2", 70, 100))
    assert rows["is_hidden"].to_list() == [False, None]
    assert chosen_values.least(rows, HERE, WORDS) == (
        "District 1, all periods: of 1 duty with enough cases, “Risk assessed” is met least: 60.0% (60 of 100)."
    )
    first, second = drawn(rows)
    assert (first["share"], first["counted"], first["of"]) == (0.6, "60", "100")
    assert second["share"] is None and second["of"] == second["state"] == "nothing was due"
    assert second["address"] is None, "Explore has no such figure"


def test_few_cases_have_no_share_and_no_counts() -> None:
    rows = of_district_1(("District 1", 12, 29), ("District 2", 70, 100), ("District 3", 50, 90))
    assert rows["is_hidden"].to_list() == [True, None]
    shown = drawn(rows)[0]
    assert shown["share"] is None and "29" not in str(shown) and "12" not in str(shown)
    assert chosen_values.least(rows, HERE, WORDS).endswith("no duty has enough cases for a share.")
    assert chosen_values.first(rows, HERE, WORDS, COMPARED).endswith("no duty has a figure (too few for a share).")


@pytest.mark.parametrize(("to_date", "says"), [(True, "too few for a share"), (False, "nothing was due")])
def test_parts_that_have_rows_to_date_alone_are_of_too_few_and_not_of_none(to_date: bool, says: str) -> None:
    """A breakdown of few cases has no rows in a year (metrics.measure_values); one that the measure lacks has none."""
    held = [values(("all", 9, 40), by="none"), values(("all", 9, 40), by="none", start=YEAR_BEFORE)]
    held += [values(("District 1", 9, 29)).with_columns(period_type=pl.lit("to_date"))] if to_date else []
    first, second = drawn(chosen_values.of_part(pl.concat(held), LISTED, THIS_YEAR, RULE), THIS_YEAR)
    assert (first["state"], first["share"], first["address"]) == (says, None, None)
    assert first["before"] == ("hidden to protect few people" if to_date else "no figure")
    assert first["whole"] == "22.5%" and second["state"] == "nothing was due"


def test_a_part_from_which_a_small_one_could_be_worked_out_is_hidden_too() -> None:
    rows = of_district_1(("District 1", 40, 60), ("District 2", 2, 60), ("District 3", 500, 900))
    assert rows["is_hidden"].to_list() == [True, None]


def test_duties_met_in_every_case_have_no_least() -> None:
    rows = of_district_1(("District 1", 60, 60))
    assert chosen_values.least(rows, HERE, WORDS) == (
        "District 1, all periods: 1 duty with enough cases, each met in every case."
    )


class TestBesideIt:
    def rows(self, *, earlier: int = 40, is_whole: bool = True, whole: tuple[int, int] = (130, 200)) -> pl.DataFrame:
        held = [
            values(("District 1", 60, 100), ("District 2", 70, 100), is_whole=is_whole),
            values(("District 1", earlier, 100), ("District 2", 70, 100), start=YEAR_BEFORE),
            values(("all", *whole), by="none"),
        ]
        return chosen_values.of_part(pl.concat(held), LISTED, THIS_YEAR, RULE)

    def test_the_whole_force_and_a_year_before_are_of_the_same_measure_and_period(self) -> None:
        shown = drawn(self.rows(), THIS_YEAR)[0]
        assert (shown["whole"], shown["before"]) == ("65.0%", "40.0%")
        assert str(shown["changed"]).endswith(": clearly higher")
        assert chosen_values.first(self.rows(), THIS_YEAR, WORDS, COMPARED).startswith(
            "District 1, 2025/26: “Risk assessed” 60.0%, 95% interval 10.0% to 90.0% (60 of 100). Whole force: 65.0%. "
            "A year before: 40.0%; difference 20.0 points"
        )

    def test_a_hidden_year_before_is_in_words_and_nothing_is_judged(self) -> None:
        shown = drawn(self.rows(earlier=2), THIS_YEAR)[0]
        assert (shown["before"], shown["changed"]) == ("hidden to protect few people",) * 2

    def test_a_hidden_whole_force_says_no_more_than_it_may(self) -> None:
        assert drawn(self.rows(whole=(198, 200)), THIS_YEAR)[0]["whole"] == "all but fewer than 5 of 200"

    def test_a_part_of_a_period_says_so_and_is_not_compared(self) -> None:
        shown = drawn(self.rows(is_whole=False), THIS_YEAR)[0]
        assert str(shown["label"]).endswith("part of the period")
        assert str(shown["changed"]).startswith("not compared: ")

    def test_nothing_is_compared_across_a_recording_change(self) -> None:
        changed = Compared(1.96, [Regime("R1", dt.date(2025, 6, 1), "day", "New rules", "")], {}, 0.1)
        assert drawn(self.rows(), THIS_YEAR, changed)[0]["changed"] == "not comparable: New rules (1 Jun 2025)"


def test_a_count_has_no_share_and_a_small_one_is_in_words() -> None:
    listed = LISTED.with_columns(kind=pl.lit("count"))
    rows = chosen_values.of_part(
        values(("District 1", 60, None), ("District 2", 3, None), ("District 3", 9, None)), listed, HERE, RULE
    )
    assert chosen_values.first(rows, HERE, WORDS, COMPARED) == (
        "District 1, all periods: “Risk assessed” 60. Whole force: no figure."
    )
    assert (drawn(rows)[0]["counted"], drawn(rows)[0]["share"]) == ("60", None)
    small = chosen_values.of_part(values(("District 1", 3, None)), listed, HERE, RULE)
    assert drawn(small)[0]["counted"] == "hidden to protect few people"


@pytest.mark.parametrize(
    ("chosen", "force", "address"),
    [
        (HERE, "", "explore?measure=a&period=to_date&by=district&part_district=District+1"),
        (
            Chosen(("unit", "A & B"), ("quarter", START)), "E1",
            "explore?measure=a&period=quarter&by=unit&until=2025-04-01&part_unit=A+%26+B&force=E1",
        ),
        (Chosen(None, ("rolling_12", START)), "", "explore?measure=a&period=rolling_12&by=none&until=2025-04-01"),
    ],
)  # fmt: skip
def test_a_measure_leads_to_the_same_part_and_period_in_explore(chosen: Chosen, force: str, address: str) -> None:
    assert chosen_values.address("a", chosen, force) == address


def test_each_measure_has_its_own_latest_year_in_which_each_case_had_its_time() -> None:
    chosen = Chosen(HERE.part, ("rolling_12", START))
    counts = {dt.date(2025, 4, 1): 60, dt.date(2025, 3, 1): 70, dt.date(2024, 3, 1): 50}
    rows = [
        values((part, count, 100), start=start, by=by).with_columns(
            period_type=pl.lit("rolling_12"), period_end=pl.col("period_start").dt.offset_by("11mo"),
            is_whole=pl.lit(start < START), is_drawn=pl.lit(start < START),
        )
        for start, count in counts.items() for part, by in (("District 1", "district"), ("all", "none"))
    ]  # fmt: skip
    years = chosen_values.latest_years(pl.concat(rows))
    assert sorted(set(years["period_start"])) == [dt.date(2024, 3, 1), dt.date(2025, 3, 1)]
    found = chosen_values.of_part(years, LISTED, chosen, RULE)
    assert (found["value"][0], found["value_before"][0]) == (0.7, 0.5)
    assert chosen_values.least(found, chosen, WORDS).endswith("70.0% (70 of 100; year to Feb 2026).")
    shown = drawn(found, chosen)[0]
    assert shown["label"] == "Risk assessed\n70 of 100; whole force 70.0%; year to Feb 2026"
    assert "until=2025-03-01" in str(shown["address"])
    young = chosen_values.latest_years(pl.concat(rows[:2]))
    assert set(young["period_start"]) == {START}, "part of the period, where no year had its time"
