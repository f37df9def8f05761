"""Can a count that was not released be worked out from what was, and from every earlier release?

The attack knows the rule, which groups add up to which total and which counts are parts of which, and asks for the
least and greatest number that each protected count may be (assets/methods/disclosure.py). One that can be a single
number stops the publication to those who commission services.
"""

from __future__ import annotations

import polars as pl

from assets.methods.disclosure import MOST, bounds
from assets.methods.disclosure_cells import (
    both,
    controlled,
    learnt_before,
    learnt_from_rule,
    nested_of,
    rule_of,
    sums_of,
    together,
)  # fmt: skip

SCHEMA = {
    "cell_ref": pl.String, "person_count": pl.Int64, "least": pl.Int64, "greatest": pl.Int64, "is_pinned": pl.Boolean
}  # fmt: skip


def disclosure_attack(
    core_disclosure_cells: pl.DataFrame, core_released_before: pl.DataFrame, reference_settings: pl.DataFrame
) -> pl.DataFrame:
    """One row per count that is not released, with what it could be for all that is published."""
    settings = dict(reference_settings.select("key", "value").iter_rows())
    cells = core_disclosure_cells.sort("cell_ref").to_dicts()
    earlier = core_released_before.sort("published_at").to_dicts()
    made = controlled(cells, earlier, settings)
    found: list[dict[str, object]] = []
    for group in together(cells):
        told = learnt_before(group, earlier)
        reached = bounds(
            {row["cell_ref"]: made[row["cell_ref"]][0] for row in group}, sums_of(group), rule_of(settings),
            both(told, learnt_from_rule(group, made, settings)), nested_of(group),
        )  # fmt: skip
        found += [
            {"cell_ref": row["cell_ref"], "person_count": row["person_count"], "least": low,
             "greatest": high if high < MOST else None,
             # what an earlier release tells by itself is known already: nothing is gained by not publishing now
             "is_pinned": low == high and len(set(told.get(row["cell_ref"], (0, 1)))) > 1}
            for row in group if (limits := reached.get(row["cell_ref"])) is not None for low, high in [limits]
        ]  # fmt: skip
    return pl.DataFrame(found, schema=SCHEMA)
