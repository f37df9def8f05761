"""How to read a chart, in a sentence worked with one of its own figures. Pure: rows in, words out.

A chart carries its sentence (`carry`), and the page shows it beside the chart. "" where nothing is drawn.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping

import plotly.graph_objects as go
import polars as pl

from dashboards.text import numbers


def carry(figure: go.Figure, sentence: str) -> go.Figure:
    """The figure with its sentence."""
    figure.layout.meta = sentence or None
    return figure


def carried(figure: go.Figure) -> str:
    """The sentence that a figure carries."""
    return figure.layout.meta or ""


def control(points: pl.DataFrame, unit: str, when: Callable[[dt.date], str], start: str = "month") -> str:
    """Of a control chart: its last point against its limits. `when` words the day in the column `start`."""
    held = points.filter(pl.col("value").is_not_null()).sort(start)
    if held.is_empty():
        return ""
    last = held.row(-1, named=True)
    value, low, high = (numbers.measured(last[name], unit) for name in ("value", "lower_limit", "upper_limit"))
    point = f"The last point, {when(last[start])}, is {value}"
    if last["limits_status"] != "drawn" or last["upper_limit"] is None or last["lower_limit"] is None:
        return f"{point}; the chart has no limits there, so a difference may be chance."
    if last["signal"]:
        rule = numbers.SIGNALS.get(last["signal"], last["signal"])
        return f"{point}, with limits {low} and {high}: a signal ({rule}), which chance alone seldom gives."
    return f"{point}, between the limits {low} and {high} and without a signal: chance alone could give it."


def gap(points: pl.DataFrame, unit: str) -> str:
    """Of a chart of gaps: its last point against the longest that chance gives."""
    last = points.sort("month").row(-1, named=True)
    point = f"The last point, {numbers.month(last['month'])}, is {numbers.number(last['value'])} {unit} without one"
    if last["longest_gap"] is None:
        return f"{point}; there is no limit, so it may be chance."
    most = numbers.number(int(last["longest_gap"]))
    if last["value"] > last["longest_gap"]:
        return f"{point}: a signal, for chance alone seldom gives more than {most}."
    return f"{point}: chance alone could give up to {most}. The line falls to 0 where there was one."


def intervals(rows: pl.DataFrame, label: str, value: str, lower: str, upper: str, unit: str = "share") -> str:
    """Of dots with intervals: the first one drawn."""
    held = rows.drop_nulls([value, lower, upper])
    if held.is_empty():
        return ""
    first = held.row(0, named=True)
    name = ", ".join(str(first[label]).splitlines())
    low, high = (numbers.measured(first[column], unit) for column in (lower, upper))
    return f"“{name}”: its line, {low} to {high}, is the 95% interval; dots whose lines overlap may differ by chance."


def quarters(rows: pl.DataFrame, name: str) -> str:
    """Of released figures by quarter: the last of `name` that is shown, and how many are not."""
    held = rows.drop_nulls("value").sort("period_start")
    if held.is_empty():
        return f"A cross is a quarter without a figure that may be shown; it is no zero. {name} has no other."
    last = held.row(-1, named=True)
    when, blank = numbers.quarter(last["period_start"]), rows.height - held.height
    crossed = f"{numbers.plural(blank, 'quarter has', 'quarters have')} a cross: no figure is shown, which is no zero."
    if last["lower"] is None:
        return f"The last point of “{name}”, {when}, is {last['numerator_text']}. {crossed}"
    value, low, high = (numbers.share(last[column], 0) for column in ("value", "lower", "upper"))
    of = f"{last['numerator_text']} of {last['denominator_text']}"
    return (
        f"The last point of “{name}”, {when}, is {value} ({of}). Its line, {low} to {high}, is the 95% interval. "
        f"{crossed}"
    )


def band(points: pl.DataFrame, name: str) -> str:
    """Of shares by month with a band: the last month of the leading line, `name`."""
    held = points.filter(pl.col("line") == name).drop_nulls(["share", "lower", "upper"]).sort("month")
    if held.is_empty():
        return ""
    last = held.row(-1, named=True)
    low, high = numbers.share(last["lower"]), numbers.share(last["upper"])
    return (
        f"In {numbers.month(last['month'])} it was {numbers.share(last['share'])} ({numbers.number(last['count'])} of "
        f"{numbers.number(last['of'])}); the band, {low} to {high}, is the 95% interval, wider where fewer are counted."
    )


def funnel(rows: pl.DataFrame, measure: str, highlight: str | None) -> str:
    """Of a funnel: the force in the ring, else the largest, against the limits for its size."""
    own = rows.filter(pl.col("force_code") == (highlight or ""))
    held = (rows.sort("denominator").tail(1) if own.is_empty() else own).drop_nulls(["value", "upper_998"])
    if held.is_empty():
        return ""
    force = held.row(0, named=True)
    value, low, high = (numbers.measured(force[name], measure) for name in ("value", "lower_998", "upper_998"))
    is_outside = (force["outlier"] or "").endswith("998")
    is_spread = force.get("is_overdispersed")
    spread = "chance and the usual spread between forces give" if is_spread else "chance alone gives"
    return (
        f"{force['short_name']} has {value}; {spread} a force of its size {low} to {high} (99.8% limits):"
        f" it is {'outside them' if is_outside else 'inside, so it is not unusual'}."
    )


def heat(values: Mapping[str, float | None], words: Mapping[str, str], period: str) -> str:
    """Of a heat map: the highest part of its latest period."""
    held = {name: value for name, value in values.items() if value is not None}
    if not held:
        return ""
    highest = max(held, key=lambda name: held[name])
    said = re.sub(r"<[^<>]+>", ", ", words.get(highest, "")).strip(", ")
    return f"The darkest square of {period} is {highest} ({said}): darker is higher, and blank is without a figure."


def incidence(rows: pl.DataFrame, cause: str, of: str) -> str:
    """Of curves that only rise: the last marked day of `cause` among `of`, such as suspects."""
    held = rows.filter((pl.col("cause") == cause) & pl.col("is_headline")).drop_nulls(["incidence", "lower", "upper"])
    if held.is_empty():
        return ""
    last = held.sort("day").row(-1, named=True)
    low, high = numbers.share(last["lower"]), numbers.share(last["upper"])
    return (
        f"The curve “{cause}” reaches {numbers.share(last['incidence'])} at day {last['day']:,}: the share of {of} for "
        f"whom that came first by then (95% interval {low} to {high})."
    )


def areas(values: Mapping[str, float | None], words: Mapping[str, str]) -> str:
    """Of a map: the highest area, and what the colours mean."""
    held = {name: value for name, value in values.items() if value is not None}
    if not held:
        return ""
    highest = max(held, key=lambda name: held[name])
    return (
        f"The highest is {highest} ({words[highest]}). Darker is higher, in up to three groups of equal width. "
        "A hatched area is hidden to protect few people, a white one has no figure."
    )
