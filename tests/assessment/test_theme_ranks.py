"""How far the order of themes is known: the draws against a known truth, and the gap that was planted."""

import dataclasses

import numpy as np
import polars as pl
import pytest
from invented_themes import NO_POOLS, VALUES, WORKED, judged, scheme, value
from worked import Row

from assets.methods.assessment.ranks import gap_values, pairs, stability
from assets.methods.assessment.scheme import Scheme
from assets.methods.assessment.simulation import Draws, simulate
from benchmarks.theme_ranks import calibration

SCHEME = Scheme.from_rows(pl.DataFrame(scheme()))
STILL = dataclasses.replace(  # nothing is drawn but the data
    SCHEME,
    settings={
        **SCHEME.settings, "scoring.cut_point_spread": 0.0, "scoring.weight_concentration": 1e9,
        "scoring.entered_spread": 0.0,
    },
)  # fmt: skip


def draw(rows: list[Row], held: Scheme = SCHEME) -> Draws:
    themes = {row["theme_code"] for row in rows}
    return simulate(pl.DataFrame(rows, schema=VALUES), NO_POOLS, held, dict.fromkeys(themes, 1.0))


def _rest(part: str) -> dict[str, int | None]:
    return {other: score for other, score in WORKED.items() if other != part}


class TestDraws:
    def test_with_nothing_uncertain_every_draw_is_the_worked_example(self) -> None:
        risks = draw(judged("T1", dict(WORKED)), STILL).risks
        assert risks == pytest.approx(29.1667, abs=0.01)

    def test_a_part_that_is_not_measured_may_be_anything(self) -> None:
        scores = draw(judged("T1", {**WORKED, "financial": None})).scores["T1", "financial"]
        assert np.bincount(scores, minlength=5) / len(scores) == pytest.approx(0.2, abs=0.03)

    def test_a_share_from_many_crimes_hardly_moves_and_one_from_few_does(self) -> None:
        rest = _rest("physical")
        many = [*judged("T1", rest), value("T1", "physical", numerator=700, denominator=10000)]
        few = [*judged("T1", rest), value("T1", "physical", numerator=1, denominator=14)]
        assert set(draw(many, STILL).scores["T1", "physical"]) == {3}
        assert len(set(draw(few, STILL).scores["T1", "physical"])) >= 4

    def test_none_of_many_stays_none_more_often_than_not(self) -> None:
        rest = _rest("physical")
        scores = draw([*judged("T1", rest), value("T1", "physical", numerator=0, denominator=300)], STILL).scores
        assert (scores["T1", "physical"] == 0).mean() == pytest.approx(0.68, abs=0.05)

    def test_an_override_stands_in_place_of_what_is_measured_and_of_a_floor(self) -> None:
        row = value("T1", "physical", numerator=900, denominator=1000, floor_score=3, override_score=1)
        assert set(draw([row, *judged("T1", _rest("physical"))], STILL).scores["T1", "physical"]) == {1}

    def test_a_place_is_taken_among_the_pool(self) -> None:
        pools = pl.DataFrame(
            {"part_code": ["volume"] * 4, "theme_code": ["T1", "T1", "T2", "T2"],
             "value": [1500.0, 1000.0, 2000.0, 4000.0], "is_present": [True, False, True, False]}
        )  # fmt: skip
        rows = pl.DataFrame(
            [value("T1", "volume", "percentile", numerator=1500), *judged("T1", _rest("volume"))], schema=VALUES
        )
        assert set(simulate(rows, pools, STILL, {"T1": 1.0}).scores["T1", "volume"]) == {
            3
        }  # second of four, itself among them


CLEAR = [
    row
    for theme, score in zip("ABCD", (4, 2, 1, 0), strict=True)
    for row in judged(theme, dict.fromkeys(WORKED, score))
]


class TestOrder:
    def test_an_order_that_is_clear_is_known(self) -> None:
        found = {row["theme_code"]: row for row in stability(draw(CLEAR), 1, 0.9).iter_rows(named=True)}
        assert (found["A"]["rank_low"], found["A"]["rank_high"], found["A"]["probability_top"]) == (1, 1, 1.0)
        assert (found["D"]["rank_low"], found["D"]["probability_top"]) == (4, 0.0)

    def test_two_alike_are_not_distinguishable(self) -> None:
        rows = [*judged("A", dict(WORKED)), *judged("B", dict(WORKED)), *judged("D", dict.fromkeys(WORKED, 0))]
        found = {(r["theme_code"], r["other_theme_code"]): r["probability_above"] for r in pairs(draw(rows)).to_dicts()}
        assert found["A", "B"] == pytest.approx(0.5, abs=0.03)
        assert found["A", "B"] + found["B", "A"] == pytest.approx(1.0)
        assert found["A", "D"] > 0.99


class TestGaps:
    def test_the_planted_gap_is_worth_most(self) -> None:
        """B stands just below A, and the part of it with the heaviest weight is not known: knowing that decides."""
        level = dict.fromkeys(WORKED, 2)
        rows = [
            *judged("A", dict(level)),
            *judged("B", {**level, "psychological": None, "environmental": None}),
            *judged("C", dict.fromkeys(WORKED, 0)),
        ]
        found = gap_values(draw(rows), 1).sort("information_value", descending=True)
        assert found.row(0, named=True)["theme_code"] == "B"
        assert found.row(0, named=True)["part_code"] == "psychological"
        assert found.row(0, named=True)["information_value"] > 0.5

    def test_a_gap_that_changes_no_choice_is_worth_nothing(self) -> None:
        rows = [
            *judged("A", dict.fromkeys(WORKED, 4)), *judged("B", {**dict.fromkeys(WORKED, 1), "environmental": None}),
            *judged("C", dict.fromkeys(WORKED, 0)),
        ]  # fmt: skip
        found = gap_values(draw(rows), 1).filter(pl.col("part_code") == "environmental")
        assert found["information_value"].to_list() == pytest.approx([0.0] * 3, abs=1e-9)

    def test_scores_drawn_too_seldom_are_one_group(self) -> None:
        """30 draws of 1, and 10 each of 2 and 3: two groups, not three, and none without a draw."""
        scores, risks = np.repeat([1, 2, 3], [30, 10, 10]), np.repeat([5.0, 10.0, 20.0], [30, 10, 10])
        draws = Draws(("T1", "T2"), np.column_stack([risks, np.full(50, 12.0)]), {("T1", "physical"): scores})
        # the mean of T1 is 9, below 12; known to be 2 or 3 it is 15, in 20 of 50 draws
        assert gap_values(draws, 1)["information_value"].to_list() == pytest.approx([0.4 * (15 - 12)])


class TestAgainstASimulatedTruth:
    def test_the_chance_of_the_top_three_is_what_it_says(self) -> None:
        found = calibration(worlds=150, draws=400, seed=7)
        assert found.brier < found.brier_of_base_rate * 0.75
        for row in found.reliability.filter(pl.col("count") >= 60).iter_rows(named=True):
            assert row["observed"] == pytest.approx(row["said"], abs=0.12)
