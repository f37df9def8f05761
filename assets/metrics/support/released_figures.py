# /// card
# description = "One row is a count that was released to those who commission services, after disclosure control."
# grain = ["cell_ref"]
# audience = ["command", "integrity", "commissioning"]
# caveats = [
#     """Counts of 1 to 7 are not released (*), 8 and more are rounded to the nearest 5; nought is nought and not \
#     measured is said. Settings may ask for another rule.""",
#     """Nor is a count released where fewer than ten are in the group and all or none of them share something, where \
#     one suspect is behind all, or where another could be worked out by it.""",
#     """A figure stands until its count has moved by three or more: limits allow for that and for rounding, alike \
#     for every number. Rounded groups need not add up to their total.""",
#     "Shares are of the rounded counts, with 95 % intervals, and blank where fewer than thirty are below the line.",
#     """Known to police: most victims are not. Of the last months, support will still be offered, accepted or \
#     completed.""",
# ]
# [columns]
# cell_ref = "columns"
# measure_code = ["varchar", "Measure"]
# period_code = "columns"
# breakdown = ["varchar", "all, a characteristic, area, support, month or service"]
# "group_code, group_name" = "columns"
# place = ["integer", "Order"]
# token = ["varchar", "Empty where a number is shown, * where it is not released, else not measured"]
# value = ["bigint", "The released number", "victims or offers"]
# text = ["varchar", "As it stands in every format: number or token"]
# least = ["bigint", "Least count that the number may stand for", "victims or offers"]
# greatest = ["bigint", "Greatest count that it may stand for", "victims or offers"]
# total_ref = ["varchar", "The cell that the groups of its breakdown add up to"]
# parent_ref = ["varchar", "The cell that it is a part of"]
# share = ["double", "Of the cell that it is a part of", "0 to 1"]
# share_lower = ["double", "Lower end of the 95 % interval", "0 to 1"]
# share_upper = ["double", "Upper end of the 95 % interval", "0 to 1"]
# ///

"""What those who commission services are shown of core.disclosure_cells: counts after disclosure control, and shares of
what is shown.

One of the rules of strategic-assessment 6.5, by settings: counts of 1 to 7 are not released and others rounded to 5;
nor is a count where the group is below ten and all or none of it share something, or where one suspect is behind all,
nor further ones by which another could be worked out.
"""

from __future__ import annotations

import polars as pl

from assets.methods.disclosure.cells import Made, Row, controlled, rule_of
from assets.methods.disclosure.control import Cell, Rule, Token, possible, share
from assets.methods.disclosure.releases import STEADY
from assets.methods.intervals import wilson_interval

SCHEMA = {
    "cell_ref": pl.String, "measure_code": pl.String, "period_code": pl.String, "breakdown": pl.String,
    "group_code": pl.String, "group_name": pl.String, "place": pl.Int64, "token": pl.String, "value": pl.Int64,
    "text": pl.String, "least": pl.Int64, "greatest": pl.Int64, "total_ref": pl.String, "parent_ref": pl.String,
    "share": pl.Float64, "share_lower": pl.Float64, "share_upper": pl.Float64,
}  # fmt: skip


def released_figures(
    core_disclosure_cells: pl.DataFrame, core_released_before: pl.DataFrame, reference_settings: pl.DataFrame
) -> pl.DataFrame:
    """One row per cell, as it may be released."""
    settings = dict(reference_settings.select("key", "value").iter_rows())
    rule = rule_of(settings)
    cells = core_disclosure_cells.sort("cell_ref").to_dicts()
    made = controlled(cells, core_released_before.sort("published_at", "cell_ref").to_dicts(), settings)
    z = settings["intervals.z"]
    return pl.DataFrame([_figure(row, made, rule, z) for row in cells], schema=SCHEMA)


def limits(cell: Cell, rule: Rule) -> tuple[int | None, int | None]:
    """What a released number may stand for. The same for every number, whether its count has moved since or not: limits
    that differed would tell whose count did. A total that stays exact is what it says."""
    if cell.token is not Token.SHOWN:
        return None, None
    low, high = possible(Cell(cell.token, cell.value), rule)
    if cell.is_exact:
        return cell.value, cell.value
    return (0, 0) if cell.value == 0 else (max(0, low - STEADY), high + STEADY)


def _figure(row: Row, made: Made, rule: Rule, z: float) -> dict[str, object]:
    cell = made[row["cell_ref"]][0]
    whole = made[row["parent_ref"]][0] if row["parent_ref"] is not None else None
    part = share(cell, whole, rule) if whole is not None else None
    low, high = (None, None)
    if part is not None and cell.value is not None and whole is not None and whole.value is not None:
        low, high = wilson_interval(cell.value, whole.value, z)
    least, greatest = limits(cell, rule)
    kept = {name: row[name] for name in SCHEMA if name in row}
    return kept | {
        "token": cell.token.value, "value": cell.value, "text": cell.text, "least": least, "greatest": greatest,
        "share": part, "share_lower": low, "share_upper": high,
    }  # fmt: skip
