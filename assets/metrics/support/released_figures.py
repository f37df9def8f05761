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
#     "Shares are of rounded counts, with 95% intervals, and blank where the denominator is below thirty.",
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
# share = ["double", "Share of the cell that it is a part of", "0 to 1"]
# share_lower = ["double", "Lower end of the 95% interval", "0 to 1"]
# share_upper = ["double", "Upper end of the 95% interval", "0 to 1"]
# ///

"""core.disclosure_cells as released to commissioners: counts after disclosure control, and shares of released counts.

The settings choose a rule of strategic-assessment 6.5: counts of 1 to 7 are suppressed and others rounded to 5. A count
is also suppressed in a group below ten of which all or none share a property. The same applies where all have one
suspect, or where another count could be worked out from it.
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
    """Return one row per cell, as it may be released."""
    settings = dict(reference_settings.select("key", "value").iter_rows())
    rule = rule_of(settings)
    cells = core_disclosure_cells.sort("cell_ref").to_dicts()
    made = controlled(cells, core_released_before.sort("published_at", "cell_ref").to_dicts(), settings)
    z = settings["intervals.z"]
    return pl.DataFrame([_figure(row, made, rule, z) for row in cells], schema=SCHEMA)


def limits(cell: Cell, rule: Rule) -> tuple[int | None, int | None]:
    """Return the counts that a released number may represent. They are the same for every number, changed or not:
    different limits would reveal which count changed. A total that is not rounded is exact."""
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
