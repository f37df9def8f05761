"""Two breakdowns at once in the explorer: which there are, and the rows of one period with small numbers marked."""

from __future__ import annotations

import polars as pl

from dashboards.data.published import Copy, optional
from dashboards.pages.assessment import explorer_data as data
from dashboards.pages.assessment.explorer_data import VALUES, Choice
from dashboards.text.small_numbers import SmallNumbers
from dashboards.text.small_tables import SmallTable

PAIRS = "metrics.measure_pairs"


def seconds(copy: Copy, code: str, period_type: str, breakdown: str) -> list[str]:
    """The breakdowns that a measure has beside the one chosen; none where it has no pairs."""
    rows = optional(
        copy.select, PAIRS,
        columns="distinct breakdown, second_breakdown",
        where="measure_code = $code and period_type = $kind and $by in (breakdown, second_breakdown)",
        may_be_empty=True, code=code, kind=period_type, by=breakdown,
    )  # fmt: skip
    pairs = [] if rows is None else rows.rows()
    return sorted(other for pair in pairs for other in pair if other != breakdown)


def read(copy: Copy, choice: Choice, second: str, rule: SmallNumbers) -> pl.DataFrame:
    """The pairs of the period chosen, those of the breakdown chosen first, with `is_hidden`. Raises Missing."""
    where = "measure_code = $code and period_type = $kind and period_start = $start"
    either = "(breakdown = $by and second_breakdown = $second) or (breakdown = $second and second_breakdown = $by)"
    rows = copy.select(
        PAIRS, where=f"{where} and ({either})", may_be_empty=True,
        code=choice.code, kind=choice.period_type, start=choice.start, by=choice.breakdown, second=second,
    )  # fmt: skip
    if rows.is_empty():
        return rows
    if rows["breakdown"][0] != choice.breakdown:
        turned = {"breakdown": "second_breakdown", "breakdown_value": "second_value"}
        rows = rows.rename(turned | {to: name for name, to in turned.items()})
    singles = copy.select(
        VALUES, where=f"{where} and breakdown in ($by, $second)",
        code=choice.code, kind=choice.period_type, start=choice.start, by=choice.breakdown, second=second,
    )  # fmt: skip
    by_second = Choice(choice.measure, choice.period_type, second, "", choice.start)
    first, other = (data.of_choice(singles, one, rule) for one in (choice, by_second))
    return marked(rows, first, other, rule).sort("breakdown_value", "second_value")


def marked(rows: pl.DataFrame, first: pl.DataFrame, second: pl.DataFrame, rule: SmallNumbers) -> pl.DataFrame:
    """The pairs of one period with `is_hidden`; `first` and `second` are the totals of their rows and columns."""
    # a pair that has none is hidden too, where another would follow from it
    names = rows.select("breakdown_value").unique().join(rows.select("second_value").unique(), how="cross")
    pairs = names.join(rows, on=["breakdown_value", "second_value"], how="left").sort("breakdown_value", "second_value")
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
    hidden = SmallTable(counts, rests, hidden_rows, hidden_columns, rule).hidden()
    of_period = [name for name in ("period_type", "period_start", "period_end", "is_whole") if name in rows.columns]
    marks = pairs.with_columns(
        *(pl.lit(rows[name][0]).alias(name) for name in of_period),
        is_hidden=pl.Series([pair in hidden for pair in counts], dtype=pl.Boolean),
    )
    return marks.filter(pl.col("is_hidden") | pl.col("numerator").is_not_null())
