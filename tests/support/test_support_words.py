"""Need, reach and value in sentences: nothing more exact than it is, and what is not known is said."""

from typing import Any

import polars as pl
import pytest
from invented_support import built, commissioning_tables

from dashboards.data.support import support_data
from dashboards.text.support import support_text

NEED = {"need_count": 29_734.7, "need_lower": 27_182.9, "need_upper": 32_286.5, "eligible_count": 14_867.4,
        "eligible_lower": 6_795.7, "eligible_upper": 30_995.0, "support_wanted_lower": 0.25,
        "support_wanted_upper": 0.96}  # fmt: skip


def shown(text: str, **more: Any) -> dict[str, Any]:
    value = int(text.replace(",", "")) if text[0].isdigit() else None
    return {"text": text, "value": value, "token": "" if value is not None else text, "share": None,
            "share_lower": None, "share_upper": None, "least": value, "greatest": value, **more}  # fmt: skip


@pytest.mark.parametrize(
    ("value", "words"),
    [(29_734.7, "29,700"), (943, "943"), (1_234, "1,230"), (0.4, "0"), (-835, "-835"), (None, "no figure")],
)
def test_an_estimate_has_three_figures(value: float | None, words: str) -> None:
    assert support_text.about(value) == words


def test_a_step_that_is_not_released_is_not_drawn_but_told() -> None:
    rows = support_text.funnel(NEED, {"known": shown("2,210"), "offered": shown("*")})
    assert rows["step"].to_list()[-2:] == ["Known to police", "Offered support"]
    assert rows["value"].to_list()[-1] is None and rows["words"].to_list()[-1] == "*"
    assert rows["limits"].to_list()[-1] == "suppressed"
    assert rows.row(1) == (
        "Of these, would take up support", 14_867.4, "14,900", "6,800 to 31,000",
        "survey interval, and an assumed share of 25% to 96%",
    )  # fmt: skip
    assert support_text.funnel(None, {}).is_empty()


@pytest.mark.parametrize(
    ("code", "value", "words"),
    [("capacity", -835.0, "room for 835"), ("capacity", 20.0, "20"), ("referral", 2365.0, "2,365"),
     ("reporting", 29_740.0, "29,700"),
     ("reporting", None, "suppressed or not measured")],
)  # fmt: skip
def test_a_gap(code: str, value: float | None, words: str) -> None:
    assert support_text.gap_size(code, value) == words


def test_each_sentence_has_the_figures_of_its_table() -> None:
    figures = {"known": shown("2,210"), "offered": shown("1,630"), "accepted": shown("*")}
    reach = support_text.reach(NEED, figures | {"known_stalking": shown("640")}, "the year to 31 Mar 2026")
    gap = {"gap_code": "take_up", "gap_name": "Offered", "gap_count": 2365.0, "gap_lower": 2361.0, "gap_upper": 2369.0}
    stay = {"service_name": "A", "option_code": "stay", "place": 0, "added_fte": 0.0, "assumption": "as stated",
            "status": "grows", "measured_days": 4.6, "model_days": 4.7, "wait_days": 45.4, "wait_lower": 6.2,
            "wait_upper": 80.0, "waiting_count": 56.0, "waiting_lower": 2.0, "waiting_upper": 110.0}  # fmt: skip
    more = stay | {"option_code": "add", "place": 1, "added_fte": 1.0, "wait_days": 4.4, "wait_lower": 4.3,
                   "wait_upper": 4.5}  # fmt: skip
    options = support_text.options(pl.DataFrame([stay, more]))
    said = [
        (reach, "About 29,700 people a year are expected to be stalked (27,200 to 32,300 by the survey's error"),
        (reach, "2,210 victims of stalking or harassment, 1,630 were offered support and how many were accepted by a"),
        (support_text.reach(None, figures, "the year"), "is not estimated: residents by sex and age were not"),
        (support_text.reach(None, {"known": shown("20")}, "the year"), "how many were offered support is not measured"),
        (support_text.largest_gap(pl.DataFrame([gap])), "2,365 (2,361 to 2,369 before rounding)"),
        (options, "the longest wait in a year would be 45.4 days (6.2 to 80.0), with A; more is accepted than it can"),
        (options, "Of A, 4.6 days are measured now, and the model gives 4.7 days. Waiting for a place in a year: 56"),
        (options, "With one more advocate: 4.4 days (4.3 to 4.5)."),
    ]  # fmt: skip
    assert [pair for pair in said if pair[1] not in pair[0]] == []
    limits = ((4.9, 4.8, 4.9), (4.9, None, 5.0), (None, 4.8, 4.9))
    assert [support_text.interval(*one, "{:.1f}".format) for one in limits] == ["4.9 (4.8 to 4.9)", "4.9", "no figure"]


def test_a_share_without_a_figure_says_why() -> None:
    assert (
        support_data.part(shown("1,630", share=0.739, share_lower=0.72, share_upper=0.757)) == "73.9% (72.0 to 75.7%)"
    )
    assert support_data.part(shown("*")) == "no share: too few, or suppressed"
    assert support_data.part(shown("not measured")) == support_data.part(None) == "not measured"


class TestMissingOut:
    def rows(self, ratio: float, low: float, high: float) -> pl.DataFrame:
        return pl.DataFrame(
            {"group_name": ["Female", "Male"], "reference_group": ["Female"] * 2, "rate_ratio": [None, ratio],
             "ratio_lower": [None, low], "ratio_upper": [None, high], "not_recorded_share": [0.2, 0.2]}
        )  # fmt: skip

    def test_a_group_that_differs_beyond_chance_is_named_with_its_ratio(self) -> None:
        assert support_text.missing_out(self.rows(0.6, 0.42, 0.84), "sex") == (
            "Male reach this step less often than Female: 0.60 times (0.42 to 0.84)"
        )
        assert "more often" in support_text.missing_out(self.rows(1.6, 1.2, 2.1), "sex")

    def test_chance_is_no_difference(self) -> None:
        assert support_text.missing_out(self.rows(0.9, 0.7, 1.2), "sex") == (
            "No group by sex differs beyond chance from the largest group, Female"
        )

    def test_what_is_not_recorded_stands_beside(self) -> None:
        rows = self.rows(0.9, 0.7, 1.2)
        assert support_text.not_recorded(rows).startswith("Not recorded for 20% of them")
        none, hidden = (rows.with_columns(not_recorded_share=pl.lit(v, dtype=pl.Float64)) for v in (0.0, None))
        assert support_text.not_recorded(none) == "The group is recorded for all of them."
        assert support_text.not_recorded(hidden) == "The number whose group is not recorded is suppressed."


class TestOptions:
    def test_a_service_that_is_not_calibrated_has_no_wait(self) -> None:
        rows = commissioning_tables()["metrics.support_options"]
        words = support_text.options(rows)
        assert words.startswith("With current staff the longest wait that can be foretold for a year's time is ")
        assert "1 of 2 services cannot be: the model does not give the measured wait of Invented Advocacy." in words
        [stay] = rows.filter((pl.col("service_name") == "Invented Advocacy") & (pl.col("place") == 0)).to_dicts()
        assert support_text.wait(stay) == support_text.waiting(stay) == "not calibrated"
        queue = commissioning_tables()["metrics.support_queue"]
        assert support_text.calibration(queue) == "The model gives the measured wait of 1 of 2 services"

    def test_a_range_without_width_is_said_to_be_the_models(self) -> None:
        row = {"wait_days": 4.83, "wait_lower": 4.8, "wait_upper": 4.84, "waiting_count": 0.0, "waiting_lower": 0.0,
               "waiting_upper": 0.0}  # fmt: skip
        assert support_text.wait(row) == "4.8 days in nearly every run of the model"
        assert support_text.waiting(row) == "nobody in nearly every run of the model"
        assert support_text.waiting(row | {"waiting_upper": 3.0}) == "nobody (0 to 3)"

    def test_the_capacity_of_a_record_without_load_has_no_upper_end(self) -> None:
        ends = {bound: {"capacity_count": count, "is_bounded": False}
                for bound, count in (("lower", 240.0), ("middle", 250.0), ("upper", 900.0))}  # fmt: skip
        assert support_text.capacity_range(ends) == "250 (240 or more)"
        bounded = {bound: row | {"is_bounded": True} for bound, row in ends.items()}
        assert support_text.capacity_range(bounded) == "250 (240 to 900)"


def test_the_invented_tables_are_those_of_the_product() -> None:
    texts = {row["text"] for row in built()["metrics.released_figures"]}
    assert "*" in texts and "0" in texts, "the fixture shows each kind of cell"
