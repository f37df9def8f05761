"""Two breakdowns at once in the explorer: which there are, and the rows of one period with small numbers marked.

Beside each row is that of the same period a year before, whose small numbers are marked as a table of its own.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from dashboards.data.measure_rows import BY_SUSPECT, NO_SUSPECT, with_last_year
from dashboards.data.published import Copy, optional
from dashboards.pages.assessment import explorer_data as data
from dashboards.pages.assessment.explorer_data import VALUES, Choice
from dashboards.text.breakdowns import BREAKDOWNS, BY_TIME, NOT_KNOWN, in_order
from dashboards.text.small_numbers import SmallNumbers
from dashboards.text.small_tables import SmallTable, hidden_beside

PAIRS = "metrics.measure_pairs"
BOTH = ["breakdown_value", "second_value"]
EITHER = "(breakdown = $by and second_breakdown = $second) or (breakdown = $second and second_breakdown = $by)"
OF_PERIOD = ("measure_code", "period_type", "period_start", "period_end", "is_whole", "breakdown", "second_breakdown")


@dataclass(frozen=True)
class Peak:
    """The weekdays or hours of a part with most of those shown, and their count: several where they are equal."""

    part: str
    names: tuple[str, ...]
    count: int
    known: int | None  # crimes whose weekday or hour is known; None where that may not be said
    is_sure: bool  # all that are hidden are together fewer


def seconds(copy: Copy, code: str, period_type: str, breakdown: str, start: dt.date) -> list[str]:
    """The breakdowns that a measure has beside the one chosen; none where it has no pairs, or none so early."""
    rows = optional(
        copy.select, PAIRS,
        columns="distinct breakdown, second_breakdown",
        where="measure_code = $code and period_type = $kind and period_start <= $start "
        "and $by in (breakdown, second_breakdown)",
        may_be_empty=True, code=code, kind=data.published_kind(period_type), by=breakdown, start=start,
    )  # fmt: skip
    found = {other for pair in ([] if rows is None else rows.rows()) for other in pair}
    return [other for other in BREAKDOWNS if other in found - {breakdown}]


def parts(copy: Copy, choice: Choice, second: str) -> list[str]:
    """The parts of the second breakdown that any pair of the measure has. Raises Missing."""
    rows = copy.select(
        PAIRS,
        columns="distinct case when breakdown = $second then breakdown_value else second_value end as part",
        where=f"measure_code = $code and period_type = $kind and ({EITHER})", may_be_empty=True,
        code=choice.code, kind=data.published_kind(choice.period_type), by=choice.breakdown, second=second,
    )  # fmt: skip
    return rows.sort(in_order("part"))["part"].to_list()


def read_pairs(copy: Copy, choice: Choice, second: str, rule: SmallNumbers) -> pl.DataFrame:
    """The pairs of the period chosen, with a year before and `is_hidden`. Raises Missing.

    Those of the breakdown chosen are first in each pair. A count that is none has a row where it had one a year before.
    """
    before = choice.start.replace(year=choice.start.year - 1)
    where = "measure_code = $code and period_type = $kind and period_start in ($start, $before)"
    kind = data.published_kind(choice.period_type)
    asked: dict[str, Any] = {"code": choice.code, "kind": kind, "start": choice.start, "before": before,
                             "by": choice.breakdown, "second": second}  # fmt: skip
    rows = copy.select(PAIRS, where=f"{where} and ({EITHER})", may_be_empty=True, **asked)
    if rows.is_empty():
        return rows
    rows = data.as_asked(rows, choice.period_type)
    if rows["breakdown"][0] != choice.breakdown:
        turned = {"breakdown": "second_breakdown", "breakdown_value": "second_value"}
        rows = rows.rename(turned | {to: name for name, to in turned.items()})
    singles = copy.select(VALUES, where=f"{where} and breakdown in ($by, $second)", **asked)
    singles = data.as_asked(singles, choice.period_type)
    by_second = Choice(choice.measure, choice.period_type, second, "", choice.start)
    totals = [data.of_choice(singles, one, rule) for one in (choice, by_second)]
    found = []
    for start in (choice.start, before):
        own, first, other = (one.filter(pl.col("period_start") == start) for one in (rows, *totals))
        found.append(own if own.is_empty() else marked(own, first, other, rule))
    if choice.is_count:
        found += _none(found, singles)
    paired = with_last_year(pl.concat(found, how="diagonal_relaxed")).filter(pl.col("period_start") == choice.start)
    return paired.filter(~_is_none(is_count=choice.is_count)).sort(*(in_order(name) for name in BOTH))


def peaks(rows: pl.DataFrame, breakdown: str, second: str) -> list[Peak]:
    """The peak of each known part. Empty unless one of the two breakdowns is by time; of both it is the second."""
    part, time = BOTH if second in BY_TIME else BOTH[::-1]
    if not {breakdown, second} & set(BY_TIME):
        return []
    found = []
    for (name,), own in rows.filter(pl.col(part) != NOT_KNOWN).group_by(part, maintain_order=True):
        known, unknown = (own.filter((pl.col(time) == NOT_KNOWN) == is_not) for is_not in (False, True))
        shown = known.filter(~pl.col("is_hidden"), pl.col("numerator") > 0)
        most = shown.filter(pl.col("numerator") == pl.col("numerator").max()).sort(in_order(time))
        if most.is_empty():
            found.append(Peak(str(name), (), 0, None, is_sure=False))
            continue
        count = int(most["numerator"][0])
        # where one of the part is shown its total is shown too: so all that are known follow from what is not known
        all_known = None if unknown["is_hidden"].any() else int(known["numerator"].sum())
        is_sure = all_known is not None and all_known - int(shown["numerator"].sum()) < count
        found.append(Peak(str(name), tuple(most[time]), count, all_known, is_sure=is_sure))
    return found


def _none(found: Sequence[pl.DataFrame], singles: pl.DataFrame) -> list[pl.DataFrame]:
    """A count of none for each pair that only the other of two periods has, hidden pairs of none among them."""
    periods = singles.select("period_start", "period_end", "is_whole").unique()
    given = pl.concat(found, how="diagonal_relaxed")
    pairs = given.select("measure_code", "period_type", "breakdown", "second_breakdown", *BOTH).unique()
    absent = pairs.join(periods, how="cross").join(given, on=["period_start", *BOTH], how="anti")
    return [absent.with_columns(numerator=pl.lit(0, pl.Int64), value=pl.lit(0.0), is_hidden=pl.lit(False))]


def _is_none(*, is_count: bool) -> pl.Expr:
    """None was counted, neither now nor a year before, and neither is hidden: there is nothing to say."""
    is_hidden = pl.col("is_hidden") | pl.col("is_hidden_before").fill_null(value=False)
    counted = pl.col("numerator").fill_null(0) + pl.col("numerator_before").fill_null(0)
    return pl.lit(is_count) & (counted == 0) & ~is_hidden


def marked(rows: pl.DataFrame, first: pl.DataFrame, second: pl.DataFrame, rule: SmallNumbers) -> pl.DataFrame:
    """The pairs of one period with `is_hidden`; `first` and `second` are the totals of their rows and columns."""
    # a pair that has none is hidden too, where another would follow from it
    names = rows.select("breakdown_value").unique().join(rows.select("second_value").unique(), how="cross")
    pairs = names.join(rows.drop(OF_PERIOD, strict=False), on=BOTH, how="left").sort(BOTH)
    is_count = rows["denominator"].is_null().all()
    counts: dict[tuple[str, str], int] = {}
    rests: dict[tuple[str, str], int] = {}
    for part, other, count, of in pairs.select(*names.columns, "numerator", "denominator").iter_rows():
        counts[part, other] = count or 0
        if not is_count:
            rests[part, other] = (of or 0) - (count or 0)
    hidden_rows, hidden_columns = (
        frozenset(total.filter("is_hidden")["breakdown_value"].to_list()) for total in (first, second)
    )
    hidden = _hidden(SmallTable(counts, rests, hidden_rows, hidden_columns, rule), rows)
    of_period = [name for name in OF_PERIOD if name in rows.columns]
    marks = pairs.with_columns(
        *(pl.lit(rows[name][0]).alias(name) for name in of_period),
        is_hidden=pl.Series([pair in hidden for pair in counts], dtype=pl.Boolean),
    )
    return marks.filter(pl.col("is_hidden") | pl.col("numerator").is_not_null())


def _hidden(table: SmallTable, rows: pl.DataFrame) -> set[tuple[str, str]]:
    """The pairs to hide. Crimes without a suspect are the same figures by sex, age and ethnicity of the suspect."""
    sides = [rows[name][0] if name in rows.columns else "" for name in ("breakdown", "second_breakdown")]
    by_suspect = [side.startswith(BY_SUSPECT) for side in sides]
    if by_suspect[1]:
        return hidden_beside(table, NO_SUSPECT)
    if by_suspect[0]:
        return {(column, row) for row, column in hidden_beside(table.turned(), NO_SUSPECT)}
    return table.hidden()
