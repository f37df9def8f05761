"""Small numbers of wards. They are parts of districts, so from neither may follow what the other hides.

A part is named "District: Ward" (core.crime_breakdowns), and the parts of a district add up to it. So the marks of the
districts follow from the rows of the wards alone, whether or not those of the districts are read.
"""

from __future__ import annotations

import polars as pl

from dashboards.text.small_numbers import SmallNumbers

WARD = "ward"
OF_TYPE = ("measure_code", "period_type", "breakdown")
OF_PERIOD = (*OF_TYPE, "period_start")
OF_DISTRICT = (*OF_PERIOD, "district")
# the last colon divides the two, for a ward has none (core.ward_areas); without one it is of no known district
DISTRICT = pl.col("breakdown_value").str.extract(r"(?s)^(.*): ", 1).fill_null(pl.col("breakdown_value"))
HAS_ANY = (pl.col("numerator") > 0) | (pl.col("denominator") > 0).fill_null(value=False)


def marked(rows: pl.DataFrame, rule: SmallNumbers) -> pl.DataFrame:
    """The rows of wards with `is_hidden`, those of a period by name. Give every ward in every period.

    Where all wards of a district are hidden, one without a row gets a hidden one: which have none would say too much.
    """
    of = rows.with_columns(district=DISTRICT).sort("breakdown_value")  # equal counts are hidden in the order of names
    held = of_hidden_districts(pl.concat([within_districts(of, rule), _absent(of)], how="diagonal"), rule)
    found = with_those_without(held).filter(pl.col("is_hidden") | ~pl.col("is_absent"))
    order = ("measure_code", "period_type", "period_start", "breakdown_value")
    return found.drop("district", "is_absent").sort(order, descending=[False, False, True, False])


def within_districts(rows: pl.DataFrame, rule: SmallNumbers) -> pl.DataFrame:
    """The wards with `is_hidden`: small, or else another could be worked out from the district and the others."""
    return rule.mark_hidden(rows, *OF_DISTRICT).with_columns(is_absent=pl.lit(value=False))


def of_hidden_districts(rows: pl.DataFrame, rule: SmallNumbers) -> pl.DataFrame:
    """All wards of a district that is hidden are hidden too: they would add up to it."""
    count, total = pl.col("numerator").sum(), pl.col("denominator")
    summed = rows.group_by(OF_DISTRICT).agg(count, pl.when(total.count() > 0).then(total.sum()).alias("denominator"))
    # as the breakdown by district is marked: the parts of a period by name
    districts = rule.mark_hidden(summed.sort("district"), *OF_PERIOD).select(*OF_DISTRICT, is_of_hidden="is_hidden")
    joined = rows.join(districts, on=OF_DISTRICT, how="left", maintain_order="left")
    return joined.with_columns(is_hidden=pl.col("is_hidden") | pl.col("is_of_hidden")).drop("is_of_hidden")


def with_those_without(rows: pl.DataFrame) -> pl.DataFrame:
    """Where all wards with any are hidden, so are those without: else each has one or more, and six of six one each."""
    are_all = (pl.col("is_hidden") | ~HAS_ANY).all().over(OF_DISTRICT) & HAS_ANY.any().over(OF_DISTRICT)
    return rows.with_columns(is_hidden=pl.col("is_hidden") | are_all)


def _absent(rows: pl.DataFrame) -> pl.DataFrame:
    """A row of none for each ward that has no row in a period, but its district has, and the ward in another period."""
    names = rows.select(*OF_TYPE, "district", "breakdown_value").unique()
    of_period = [name for name in ("period_end", "is_whole", "is_drawn") if name in rows.columns]
    periods = rows.select(*OF_DISTRICT, *of_period, "denominator").unique(OF_DISTRICT)
    found = periods.join(names, on=[*OF_TYPE, "district"]).join(rows, on=[*OF_PERIOD, "breakdown_value"], how="anti")
    return found.with_columns(
        numerator=pl.lit(0, dtype=rows.schema["numerator"]),
        denominator=(pl.col("denominator") * 0).cast(rows.schema["denominator"]),
        is_hidden=pl.lit(value=False),
        is_absent=pl.lit(value=True),
    )
