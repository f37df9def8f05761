"""Demand ahead in sentences. Pure: published rows in, plain words out.

Every forecast is given with its interval.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from statistics import NormalDist
from typing import Any

import polars as pl

from dashboards.data.verdicts import NO_PEERS
from dashboards.text import numbers
from dashboards.text.small_numbers import SmallNumbers
from dashboards.text.tile import Tile

Z_80 = NormalDist().inv_cdf(0.9)
OPEN_FROM, OPEN_TO = 0.225, 0.775  # between them more and fewer are both plausible, and no sentence is given
YEAR = 12  # months
TOO_NARROW = 0.65  # an 80% interval that contained less than this in the back-test
ASSUMES = (
    "The forecast assumes that recording and conduct continue as before. It does not allow for a future operation, "
    "campaign, law or recording change. It says nothing about crimes that are not recorded."
)
MODELS = {
    "same month a year before": "the same month a year before",
    "exponential smoothing": "exponential smoothing of the months since the last recording change",
    "count model": "a count model with seasons and a step at each recording change",
}


def offence(state: Mapping[str, Any]) -> str:
    """stalking and harassment, all classes; stalking (8Q)."""
    name = str(state["offence_label"])
    name = name[:1].lower() + name[1:]
    return f"{name}, all classes" if state["offence_code"] == "S&H" else f"{name} ({state['offence_code']})"


def whole(value: float, rule: SmallNumbers) -> str:
    """Expected or recorded crimes as whole numbers; a small count in words."""
    return rule.suppress_count(round(value))


def reach(low: float, high: float, rule: SmallNumbers) -> str:
    """70 to 110; fewer than 5 to 12."""
    return f"{whole(low, rule)} to {whole(high, rule)}"


def is_small(ahead: pl.DataFrame, held: pl.DataFrame, rule: SmallNumbers) -> bool:
    """Whether a month, expected or recorded, would reveal a small count of crimes."""
    return _mean(ahead) < rule.smallest_shown or any(map(rule.is_small, held["crime_count"].drop_nulls()))


def _mean(ahead: pl.DataFrame) -> float:
    """Mean number of crimes expected per month, over the months ahead."""
    return float(ahead["expected_count"].sum()) / max(1, ahead.height)


def answer(state: Mapping[str, Any], ahead: pl.DataFrame, held: pl.DataFrame, tests: pl.DataFrame,
           rule: SmallNumbers) -> str:  # fmt: skip
    """The page's answer in one sentence."""
    if is_small(ahead, held, rule):
        return f"Some months have {rule.few} crimes of {offence(state)}: too few to show by month."
    low, high = min(ahead["lower_80"].to_list()), max(ahead["upper_80"].to_list())
    words = (
        f"About {numbers.number(round(_mean(ahead)))} recorded crimes a month of {offence(state)} are expected "
        f"from {numbers.month(ahead['month'][0])} to {numbers.month(ahead['month'][-1])}; the 80% intervals range "
        f"from {whole(low, rule)} to {whole(high, rule)}"
    )
    kept = _kept(tests)
    if kept is not None and kept < TOO_NARROW:
        return f"{words}. They are too narrow: in the back-test they contained {numbers.share(kept, 0)} of values."
    return f"{words}."


def finding(state: Mapping[str, Any], held: pl.DataFrame, ahead: pl.DataFrame, rule: SmallNumbers) -> str:
    """The months ahead compared with the same months a year before.

    Never as a percentage.
    """
    ahead_months = ahead["month"].to_list()
    year_before = [month.replace(year=month.year - 1) for month in ahead_months]
    before = held.filter(pl.col("month").is_in(year_before))["crime_count"].to_list()
    total = float(ahead["expected_count"].sum())
    words = f"{whole(total, rule)} recorded crimes expected in {numbers.plural(len(ahead_months), 'month')}"
    if len(before) == len(ahead_months) and None not in before:
        words += f"; {whole(sum(before), rule)} were recorded in the same months a year before"
    return f"{numbers.capital(offence(state))}: {words}"


def tile(state: Mapping[str, Any], ahead: pl.DataFrame, over_time: str, owner: str, rule: SmallNumbers) -> Tile:
    """The next month; `over_time` says what the chart of the months held shows."""
    first = ahead.row(0, named=True)
    return Tile(
        label=f"Expected in {numbers.month(first['month'])}",
        value=whole(first["expected_count"], rule),
        small=f"recorded crimes; 80% interval {reach(first['lower_80'], first['upper_80'], rule)}, 95% interval "
        f"{reach(first['lower_95'], first['upper_95'], rule)}",
        over_time=over_time,
        peers=NO_PEERS,
        missing=f"none of {numbers.plural(state['point_count'], 'month')} in a row: incomplete months are left out",
        owner=owner,
    )


def outlook(state: Mapping[str, Any], held: pl.DataFrame, ahead: pl.DataFrame, tests: pl.DataFrame) -> str:
    """The probability that next month exceeds the average of the latest twelve months.

    The same month of a year before may by itself be low or high. In words of the probability yardstick, from the 80%
    interval with each side taken as half of a normal distribution. "" if the probability is near evens, or if one of
    the twelve months is not held. "" too if intervals contained less than they should.
    """
    first = ahead.row(0, named=True)
    year = held.sort("month").tail(YEAR)["crime_count"].drop_nulls()
    kept = _kept(tests)
    if len(year) < YEAR or kept is None or kept < TOO_NARROW:
        return ""
    average = float(year.sum()) / YEAR
    edge = first["upper_80"] if average > first["expected_count"] else first["lower_80"]
    width = abs(edge - first["expected_count"]) / Z_80
    if not width:
        return ""
    more = NormalDist().cdf((first["expected_count"] - average) / width)
    if OPEN_FROM < more < OPEN_TO:
        return ""
    words = numbers.yardstick(more if more >= OPEN_TO else 1 - more)
    return (
        f"It is {words} that {'more' if more >= OPEN_TO else 'fewer'} crimes of {offence(state)} are recorded in "
        f"{numbers.month(first['month'])} than the monthly average of the latest twelve months "
        f"({numbers.number(average)})."
    )


def facts(state: Mapping[str, Any], tests: pl.DataFrame) -> list[tuple[str, str, str]]:
    """The reliability of the forecast."""
    chosen = tests.filter("is_chosen").row(0, named=True)
    items = [
        ("Method", str(chosen["model"]).capitalize(), MODELS[chosen["model"]]),
        ("Data used", *_made_from(state, str(chosen["model"]))),
    ]
    if not chosen["forecast_count"]:
        return [*items, ("Tested on", "nothing yet", "too few months to test forecasts from earlier months")]
    tested = f"of {numbers.number(chosen['forecast_count'])} forecasts made in {chosen['origin_count']} earlier months"
    return [
        *items,
        ("Within the 80% interval", numbers.share(chosen["coverage_80_share"], 0), tested),
        ("Within the 95% interval", numbers.share(chosen["coverage_95_share"], 0), tested),
        ("Error", f"{numbers.decimal(chosen['scaled_error'])} times", "the error of using last year's month"),
    ]


def _made_from(state: Mapping[str, Any], model: str) -> tuple[str, str]:
    """The months that a model uses.

    Only the count model uses months before a recording change: as many as have an estimated step.
    """
    has_steps = model == "count model"
    count = state["stepped_count"] if has_steps else state["own_count"]
    changes = numbers.plural(state["break_count"], "recording change")
    if not state["break_count"]:
        small = f"{numbers.month(state['first_month'])} to {numbers.month(state['latest_month'])}"
    elif has_steps and state["step_count"]:
        steps = numbers.plural(state["step_count"], "recording change")
        small = f"since {numbers.month(state['stepped_month'])}; {steps}, each with its own step"
    else:
        small = f"since the last of {changes}; {state['point_count']} months in all"
    return numbers.plural(count, "month"), small


def _kept(tests: pl.DataFrame) -> float | None:
    """Share of actual values within the 80% interval, for the model used."""
    share: float | None = tests.filter("is_chosen")["coverage_80_share"][0]
    return share


def history(used: pl.DataFrame, force: str) -> str:
    """How often the intervals of all series of a force contained what was recorded; "" where none is tested.

    `used`: the back-test of the model used for each series.
    """
    tested = used.filter(pl.col("forecast_count") > 0)
    total = int(tested["forecast_count"].sum())
    if not total:
        return ""
    inside_80, inside_95 = (
        float((tested["forecast_count"] * tested[f"coverage_{level}_share"]).sum()) / total for level in (80, 95)
    )
    return (
        f"In the history of {force} ({numbers.plural(tested.height, 'series', 'series')}) the 80% intervals contained "
        f"{numbers.share(inside_80, 0)} of {numbers.number(total)} months forecast earlier, and the 95% intervals "
        f"{numbers.share(inside_95, 0)}. Each interval used only errors that were known at the time."
    )


def caution(tests: pl.DataFrame) -> str:
    """A warning where back-test intervals contained much less than they should, else ""."""
    share = _kept(tests)
    if share is None or share >= TOO_NARROW:
        return ""
    return "These months are irregular: check the control chart before you plan with this forecast."


def alt(held: pl.DataFrame, ahead: pl.DataFrame, breaks: Sequence[dt.date], rule: SmallNumbers) -> str:
    """The chart in words."""
    last = held.row(-1, named=True)
    begin, last = held.row(0, named=True), held.row(-1, named=True)
    words = (
        f"Line of recorded crimes by month, {numbers.month(begin['month'])} to {numbers.month(last['month'])}, last "
        f"{whole(last['crime_count'], rule)}; then expected crimes with 80% and 95% bands: "
        f"{_expected(ahead, 0, rule)}, {_expected(ahead, -1, rule)}."
    )
    if breaks:
        words += f" The line is broken at {numbers.plural(len(breaks), 'recording change')}."
    return words


def _expected(ahead: pl.DataFrame, place: int, rule: SmallNumbers) -> str:
    row = ahead.row(place, named=True)
    limits = reach(row["lower_80"], row["upper_80"], rule)
    return f"{whole(row['expected_count'], rule)} ({limits}) in {numbers.month(row['month'])}"
