"""Rows of metrics.measure_values as pages read them: small numbers marked, and the same period a year before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from assets.methods.comparison import Spread
from dashboards.charts.breaks import Regime
from dashboards.data import ward_rows
from dashboards.data.published import Copy, optional
from dashboards.data.ward_rows import WARD
from dashboards.text.small_numbers import SmallNumbers

VERDICTS = "metrics.measure_verdicts"
OF_PERIOD = ("measure_code", "period_type", "period_start", "breakdown")
OF_PART = (*OF_PERIOD, "breakdown_value", "second_breakdown", "second_value")  # the last two of pairs alone
BY_SUSPECT, NO_SUSPECT = "suspect_", "no suspect"  # how the breakdowns by suspect begin, and a part that all have


def read_spreads(copy: Copy) -> dict[str, Spread]:
    """Measure code -> how its monthly counts vary; a measure that is left out varies by chance alone."""
    rows = optional(
        copy.select, VERDICTS, columns="measure_code, extra_variance, pair_count", may_be_empty=True,
        where="breakdown = 'none' and extra_variance is not null",
    )  # fmt: skip
    return {} if rows is None else {code: Spread(extra, pairs) for code, extra, pairs in rows.iter_rows()}


def marked(rows: pl.DataFrame, rule: SmallNumbers) -> pl.DataFrame:
    """The rows with `is_hidden`: the small-number rule does not allow the figure. Give every part of a breakdown.

    `hidden_words` says what may be said of the whole force in its place. Of parts it is null: another could follow.
    Wards come last, and with a hidden row where they have none but may not be seen to have none (ward_rows).
    """
    if rows.is_empty():
        return rows.with_columns(is_hidden=pl.lit(False), hidden_words=pl.lit(None, dtype=pl.String))
    is_ward = pl.col("breakdown") == WARD
    found, wards = _marked(rows.filter(~is_ward), rule), rows.filter(is_ward)
    if not wards.is_empty():
        found = pl.concat([found, ward_rows.marked(wards, rule).select(found.columns)])
    wholes = found.select((pl.col("breakdown") == "none") & pl.col("is_hidden")).to_series()
    words: list[str | None] = [None] * found.height
    for place in wholes.arg_true():
        words[place] = _words(found.row(place, named=True), rule)
    return found.with_columns(hidden_words=pl.Series(words, dtype=pl.String))


def _marked(rows: pl.DataFrame, rule: SmallNumbers) -> pl.DataFrame:
    """The rows, in their order, with `is_hidden`. Equal counts are hidden in the order of names, on every page."""
    ordered = rows.with_row_index("at").sort("breakdown_value").with_columns(is_apart=_find_apart(rule))
    return rule.mark_hidden(ordered, *OF_PERIOD, "is_apart").sort("at").drop("is_apart", "at")


def _find_apart(rule: SmallNumbers) -> pl.Expr:
    """Rows of the crimes without a suspect, where these and those with one are two totals that may both be shown.

    The part is the same figure in each breakdown by suspect. It is shown in all of them or in none: hidden in one for
    another part's sake, it would be read in the next. This depends on no part but itself.
    """
    count, of = pl.col("numerator"), pl.col("denominator")
    is_none = pl.col("breakdown").str.starts_with(BY_SUSPECT) & (pl.col("breakdown_value") == NO_SUSPECT)
    with_one, of_these = (column.filter(~is_none).sum().over(*OF_PERIOD) for column in (count, of))
    is_shown = pl.when(of.is_null()).then(~rule.find_small(count)).otherwise(rule.find_shown(count, of))
    is_told = rule.find_small(with_one) | (of.is_not_null() & rule.find_small(of_these - with_one))
    return (is_none & is_shown & ~is_told).fill_null(value=False)


def _words(row: Mapping[str, Any], rule: SmallNumbers) -> str | None:
    """Fewer than 5; all but fewer than 5 of 294; fewer than 30 cases. None where the figure is shown."""
    count, of = row["numerator"], row["denominator"]
    if not row["is_hidden"]:
        return None
    if of is None:
        return rule.few
    return f"{rule.suppress_part(count, of)} of {of:,}" if rule.is_enough(of) else rule.too_few_cases


def with_last_year(rows: pl.DataFrame) -> pl.DataFrame:
    """The marked rows, each with that of the same period a year before."""
    keys = [name for name in OF_PART if name in rows.columns]
    before = rows.select(
        *(name for name in keys if name != "period_start"),
        pl.col("period_start").dt.offset_by("1y"),
        numerator_before="numerator", denominator_before="denominator", value_before="value",
        lower_before="lower", upper_before="upper",
        is_hidden_before="is_hidden", is_whole_before="is_whole",
    )  # fmt: skip
    return rows.join(before, on=keys, how="left", maintain_order="left")


def crossed(changes: Sequence[Regime], start: dt.date, last_month: dt.date) -> list[Regime]:
    """The recording changes after the start of the period a year before, until the end of this one."""
    return between(changes, start.replace(year=start.year - 1), last_month)


def between(changes: Sequence[Regime], first: dt.date, last_month: dt.date) -> list[Regime]:
    """The recording changes after a day, until the end of a month."""
    after = (last_month + dt.timedelta(days=31)).replace(day=1)
    return [regime for regime in changes if first < regime.valid_from < after]
