"""Which way of ranking is used: the fit of the regression, the intervals by people, and the simplest unbeaten."""

from datetime import UTC, datetime, timedelta
from itertools import chain

import numpy as np
import polars as pl
import pytest
import statsmodels.api as sm
from scipy.optimize import minimize
from worked import Row, made, only

from assets.methods.rank_choice import FEATURES, choose_ranking, fit_weights, resampled_shares, ridge_poisson

NOW = datetime(2026, 4, 1, tzinfo=UTC)
SETTINGS = pl.DataFrame({"key": ["backtest.fewest_events", "backtest.ridge_penalty"],
                         "value": [50.0, 10.0]})  # fmt: skip
ORIGINS = [datetime(2024, month, 1, tzinfo=UTC) for month in range(1, 13)]


def groups() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Groups of people with three features, the last the same for everybody."""
    chance = np.random.default_rng(7)
    features = np.column_stack([chance.integers(0, 5, 60), chance.random(60), np.ones(60)]).astype(float)
    number = chance.integers(1, 30, 60).astype(float)
    expected = number * np.exp(-2 + 0.4 * features[:, 0] + 0.9 * features[:, 1])
    return features, number, chance.poisson(expected).astype(float)


def test_without_a_penalty_the_fit_is_that_of_statsmodels() -> None:
    features, number, events = groups()
    theirs = sm.GLM(events, sm.add_constant(features[:, :2]), family=sm.families.Poisson(), exposure=number).fit()
    ours = ridge_poisson(features, number, events, 1e-9)
    assert ours[:3] == pytest.approx(theirs.params, rel=1e-6) and ours[3] == 0


def test_with_a_penalty_the_fit_is_what_a_general_search_finds() -> None:
    features, number, events = groups()
    mean = np.average(features[:, :2], axis=0, weights=number)
    spread = np.sqrt(np.average((features[:, :2] - mean) ** 2, axis=0, weights=number))

    def loss(weights: np.ndarray) -> float:
        fitted = weights[0] + (features[:, :2] - mean) / spread @ weights[1:]
        return float(number @ np.exp(fitted) - events @ fitted + 40 / 2 * np.sum(weights[1:] ** 2))

    found = minimize(loss, np.zeros(3), method="BFGS", options={"gtol": 1e-7}).x
    ours = ridge_poisson(features, number, events, 40)
    assert ours[1:3] * spread == pytest.approx(found[1:], rel=1e-4)
    for faulty in (np.zeros(60), events):
        with pytest.raises(ValueError, match="an event, and a penalty"):
            ridge_poisson(features, number, faulty, 0 if faulty.any() else 1)


def test_too_few_events_are_counted_and_no_weight_is_fitted() -> None:
    alike = pl.DataFrame({"as_of_at": [NOW, NOW], "person_count": [90, 10], "event_count": [20, 29],
                          **{name: [0.0, 1.0] for name in FEATURES}})  # fmt: skip
    (row,) = fit_weights(alike, SETTINGS).to_dicts()
    assert (row["training_person_count"], row["training_event_count"], row["intercept"]) == (100, 49, None)
    one_more = alike.with_columns(event_count=pl.Series([20, 30]))
    assert fit_weights(one_more, SETTINGS).to_dicts()[0]["recency"] > 0


def captures(method: str, listed: set[int], people: int = 200, origins: int = 12) -> list[Row]:
    """Every person has an event after every origin; those of a set are listed."""
    return [{"method": method, "as_of_at": at, "person_digest": f"{person:03d}", "event_count": 1, "is_ranked": True,
             "is_listed": person in listed, "listed_share": 0.1}
            for at in ORIGINS[:origins] for person in range(people)]  # fmt: skip


def chosen(*parts: list[Row]) -> dict[str, Row]:
    return {row["method"]: row for row in choose_ranking(pl.DataFrame([*chain(*parts)])).to_dicts()}


def test_a_lead_by_a_few_people_at_every_origin_is_not_clear_and_the_count_stays() -> None:
    """Three people more at each of twelve origins are 36 events more, and still three people."""
    rows = chosen(captures("event count", set(range(20))), captures("score", set(range(23))))
    assert rows["event count"]["is_used"] and not rows["score"]["is_used"]
    assert rows["score"]["difference"] == pytest.approx(3 / 200) and rows["score"]["difference_lower"] <= 0
    assert (rows["score"]["mean_share"], rows["score"]["captured_count"]) == (23 / 200, 23 * 12)
    assert rows["score"]["random_share"] == pytest.approx(0.1) and rows["event count"]["beaten_by"] is None


def test_the_simplest_that_no_other_beats_is_used() -> None:
    rows = chosen(
        captures("event count", set(range(20))), captures("score", set(range(60))),
        captures("regression", set(range(61))),
    )  # fmt: skip
    assert [method for method, row in rows.items() if row["is_used"]] == ["score"]
    assert rows["event count"]["beaten_by"] == "score, regression"


def test_a_way_that_was_not_made_at_every_origin_is_not_compared() -> None:
    rows = chosen(captures("event count", set(range(20))), captures("regression", set(range(90)), origins=7))
    assert rows["event count"]["is_used"]
    assert [rows["regression"][name] for name in ("is_tested", "origin_count", "mean_share", "difference")] == [
        False, 7, None, None
    ]  # fmt: skip


def test_without_an_event_after_any_list_the_count_is_used_and_nothing_is_measured() -> None:
    nobody = {"as_of_at": NOW, "person_digest": None, "event_count": None, "is_ranked": False, "is_listed": False,
              "listed_share": 0.5}  # fmt: skip
    found = made("metrics.ranking_choice", core_ranked_suspects=[
        {"as_of_at": NOW, "is_current": True, "method": method, "suspect_ref": "A", "is_listed": True}
        for method in ("score", "event count", "sentencing harm")
    ])  # fmt: skip
    assert [(row["method"], row["is_used"], row["mean_share"]) for row in found] == [
        ("event count", True, None), ("score", False, None)
    ]  # fmt: skip
    empty = pl.DataFrame([nobody | {"method": "score"}], schema_overrides={"person_digest": pl.String,
                         "event_count": pl.Int64}).clear()  # fmt: skip
    assert choose_ranking(empty).is_empty()


def test_limits_by_people_are_those_of_their_spread() -> None:
    """A share of people who have one event each: the limits are near those of a binomial share."""
    events = np.ones((400, 1))
    listed = (np.arange(400) < 100).astype(float)[None, :, None]
    lower, upper = resampled_shares(events, listed, 1).limits(0)
    assert (lower, upper) == pytest.approx((0.25 - 0.0424, 0.25 + 0.0424), abs=0.006)
    with pytest.raises(ValueError, match="each origin needs an event"):
        resampled_shares(np.zeros((3, 1)), np.zeros((1, 3, 1)), 1)


def test_what_a_fit_learns_was_complete_and_on_record_at_its_origin() -> None:
    def event(days: float, ref: str, at: datetime = NOW, **changed: object) -> Row:
        return {"as_of_at": at, "is_current": at == NOW, "suspect_ref": "A", "victim_ref": f"V{ref}", "event_ref": ref,
                "event_at": at - timedelta(days=days), "behaviour_points": 9.0} | changed  # fmt: skip

    events = [event(10, "now"), event(10, "now", victim_ref="W"), event(200, "late", behaviour_points=1.0),
              event(400, "year"), event(800, "before", behaviour_points=None), event(1200, "long ago")]  # fmt: skip
    rows = made("core.ranking_features", core_suspect_events=events, core_as_of_moments=[
        {"as_of_at": NOW, "known_by_at": NOW, "is_current": True}
    ])  # fmt: skip
    (now,), (training,) = only(rows, is_training=False), only(rows, is_training=True)
    # now: two events of the year and one of the year before; training: one, one before, and one high-harm event since
    assert [round(np.exp(now[name]) - 1) for name in ("events_of_year", "events_before", "high_harm_events",
                                                      "victims")] == [2, 1, 2, 4]  # fmt: skip
    assert [round(np.exp(training[name]) - 1) for name in ("events_of_year", "events_before", "high_harm_events",
                                                           "victims")] == [1, 1, 1, 2]  # fmt: skip
    assert (now["later_count"], training["later_count"]) == (None, 1)
    assert (now["recency"], training["recency"]) == (1, pytest.approx(0.5 ** (30 / 180)))
