# /// card
# description = "One row is a count released to commissioners, after disclosure control."
# grain = ["cell_ref"]
# by_force = true
# audience = ["command", "integrity", "commissioning"]
# caveats = [
#     """Counts of 1 to 7 are suppressed (*); other counts are rounded to the nearest 5. Zero is shown as 0, and not \
#     measured as such. The settings may use another rule.""",
#     """A count is also suppressed in a group below ten of which all or none share a property. So is a count whose \
#     people all have one suspect, a count of a measure that is of very few victims, and a count from which another \
#     could be worked out.""",
#     """A published figure changes only when its count changes by three or more. Limits allow for that and for \
#     rounding, equally for every number. Rounded groups need not add up to their total.""",
#     """Shares are of exact counts, in steps of one point, or of two where a smaller step could give a small number \
#     away, so within a point. They are blank where the denominator may be below fifty, and where few are left.""",
#     """Intervals of shares are of the released share and the rounded denominator. A change is called one by the \
#     exact counts of both quarters, and its interval never contradicts that.""",
#     """Known to police: most victims are not. For the last months, some support will be offered, accepted or \
#     completed later.""",
# ]
# [columns]
# cell_ref = "columns"
# measure_code = ["varchar", """Measure of reference.support_measures or reference.public_measures, or the count that \
#     it is a share of"""]
# period_code = ["varchar", "Year, by its last day; or quarter, by its first: quarter 2026-01-01"]
# breakdown = ["varchar", "all, a characteristic, area, support, month, service, district or domestic_abuse"]
# "group_code, group_name" = "columns"
# place = ["integer", "Order"]
# token = ["varchar", """Empty where a number is shown, * where it is suppressed, not released where its total is \
#     suppressed or earlier releases would give a count, otherwise not measured"""]
# value = ["bigint", "The released number", "victims, offers, crimes, duties or orders"]
# text = ["varchar", "As shown in every format: number or token"]
# least = ["bigint", "Smallest count that the number may represent", "victims, offers, crimes, duties or orders"]
# greatest = ["bigint", "Largest count that the number may represent", "victims, offers, crimes, duties or orders"]
# total_ref = ["varchar", "Cell that is the total of its breakdown"]
# parent_ref = ["varchar", "Cell that it is a part of"]
# share = ["double", "Share of the cell that it is a part of, from exact counts", "0 to 1"]
# share_lower = ["double", "Lower end of the 95% interval", "0 to 1"]
# share_upper = ["double", "Upper end of the 95% interval", "0 to 1"]
# before_ref = ["varchar", "Cell of the same quarter a year before; null without a time limit"]
# change_lower = ["double", "Lower 95% limit of the change since then; null where recording changed in between"]
# change_upper = ["double", "Upper 95% limit of the change since then; null where recording changed in between"]
# change = ["varchar", """higher, lower, no clear change, not comparable where recording changed in between, or not \
#     settled without a time limit; null where either value is not shown""", "", "Change"]
# ///

"""core.disclosure_cells as released to commissioners: controlled counts, shares of exact counts, and verdicts.

The settings choose a rule of strategic-assessment 6.5: counts of 1 to 7 are suppressed and others rounded to 5. A count
is also suppressed in a group below ten of which all or none share a property. The same applies where all have one
suspect, or where another count could be worked out from it. A verdict is that of the force's own pages.
"""

from __future__ import annotations

import math

import polars as pl

from assets.methods.comparison import CHANCE_ALONE, HIGHER, LOWER, Spread, difference_by_limits
from assets.methods.disclosure.cells import Made, Row, controlled, rule_of, spreads_of
from assets.methods.disclosure.control import Rule
from assets.methods.disclosure.shares import MONTHS, limits
from assets.methods.intervals import wilson_interval

SCHEMA = {
    "cell_ref": pl.String, "measure_code": pl.String, "period_code": pl.String, "breakdown": pl.String,
    "group_code": pl.String, "group_name": pl.String, "place": pl.Int64, "token": pl.String, "value": pl.Int64,
    "text": pl.String, "least": pl.Int64, "greatest": pl.Int64, "total_ref": pl.String, "parent_ref": pl.String,
    "share": pl.Float64, "share_lower": pl.Float64, "share_upper": pl.Float64, "before_ref": pl.String,
    "change_lower": pl.Float64, "change_upper": pl.Float64, "change": pl.String,
}  # fmt: skip
Limits = tuple[float, float, float]  # a value and its own limits


def released_figures(
    core_disclosure_cells: pl.DataFrame, core_released_before: pl.DataFrame, metrics_measure_verdicts: pl.DataFrame,
    reference_settings: pl.DataFrame,
) -> pl.DataFrame:  # fmt: skip
    """Return one row per cell, as it may be released."""
    settings = dict(reference_settings.select("key", "value").iter_rows())
    rule, z = rule_of(settings), settings["intervals.z"]
    spreads = spreads_of(metrics_measure_verdicts)
    cells = core_disclosure_cells.sort("cell_ref").to_dicts()
    earlier = core_released_before.sort("published_at", "cell_ref").to_dicts()
    made = controlled(cells, earlier, settings, spreads)
    rows = [_figure(row, made, rule) | _share(row, made, rule, z, spreads) for row in cells]
    return pl.DataFrame(rows, schema=SCHEMA)


def _figure(row: Row, made: Made, rule: Rule) -> dict[str, object]:
    cell = made[row["cell_ref"]][0]
    least, greatest = limits(cell, rule)
    kept = {name: row[name] for name in SCHEMA if name in row}
    return kept | {
        "token": cell.token.value, "value": cell.value, "text": cell.text, "least": least, "greatest": greatest,
    }  # fmt: skip


def _share(row: Row, made: Made, rule: Rule, z: float, spreads: dict[str, Spread]) -> dict[str, object]:
    """The share with its limits, and the verdict with those of the change: all but the verdict of released figures."""
    ref, before = row["cell_ref"], row.get("before_ref")
    own = _limits(ref, row["parent_ref"], made, z)
    is_share = own is not None and row["parent_ref"] is not None
    share, low, high = own if own is not None and is_share else (None, None, None)
    found: dict[str, object] = {"share": share, "share_lower": low, "share_upper": high,
                                "change": None if own is None else row.get("not_compared")}  # fmt: skip
    change = made[ref][0].share.change
    if before is None or change is None or own is None:
        return found
    then = _limits(before, _year_before(row["parent_ref"], ref, before), made, z)
    assert then is not None, f"{ref}: a verdict without a figure of a year before"
    if row["parent_ref"] is not None:
        ends = difference_by_limits(own, then)
    else:
        distance = _distance(own[0], then[0], rule, z, spreads.get(row["measure_code"], CHANCE_ALONE))
        ends = own[0] - then[0] - distance, own[0] - then[0] + distance
    lower = max(ends[0], 0.0) if change == HIGHER else min(ends[0], 0.0)
    upper = min(ends[1], 0.0) if change == LOWER else max(ends[1], 0.0)
    return found | {"change": change, "change_lower": lower, "change_upper": upper}


def _year_before(parent_ref: str | None, ref: str, before: str) -> str | None:
    """The whole of the cell a year before: that of the cell, in the other quarter."""
    return None if parent_ref is None else parent_ref.replace(ref.split("|")[1], before.split("|")[1])


def _limits(ref: str, parent_ref: str | None, made: Made, z: float) -> Limits | None:
    """A released count, or a released share with the limits that it has of the released whole."""
    cell = made[ref][0]
    if parent_ref is None:
        return None if cell.value is None else (cell.value, cell.value, cell.value)
    share, whole = cell.share.value, made[parent_ref][0].value
    if share is None or whole is None:
        return None
    return share, *wilson_interval(share * whole, whole, z)


def _distance(now: float, then: float, rule: Rule, z: float, spread: Spread) -> float:
    """Half the interval of the change of a count. Its variance is the sum, the force's spread, and that of rounding.

    The spread is rounded up, so that no month follows from it.
    """
    extra = math.ceil(1000 * spread.extra) / 1000
    rounding = (rule.round_to**2 - 1) / 6
    return spread.quantile(z) * math.sqrt(now + then + rounding + extra * (now**2 + then**2) / MONTHS)
