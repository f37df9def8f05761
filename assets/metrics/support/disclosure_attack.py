# /// card
# description = """One row is a count that is not released, with the least and greatest it could be for all that is \
#     published; or one that is rounded, or was released earlier, and could be one number alone."""
# grain = ["cell_ref", "person_count"]
# audience = ["integrity"]
# caveats = [
#     "Exact counts: for those who keep the records alone.",
#     """The attack knows the rule, sums, parts and every earlier release, groupings that are no more included. A \
#     count that has not moved between two releases it takes to be one count. What somebody knows of a person beside \
#     that it does not know.""",
# ]
# [columns]
# cell_ref = "columns"
# person_count = ["bigint", "Exact count", "victims or offers", "People"]
# is_earlier = ["boolean", "The count of an earlier release, which has moved since or is of a group that is no more"]
# least = ["bigint", "Least that it could be", "victims or offers"]
# greatest = ["bigint", "Greatest that it could be; empty where nothing bounds it", "victims or offers"]
# is_pinned = ["boolean", """It could be one number alone, and the earlier releases do not tell it by themselves: the \
#     release is refused"""]
# ///

"""Can a count that was not released be worked out from what was, and from every earlier release?

The attack knows the rule, which groups add up to which total and which counts are parts of which, today and in every
earlier release (assets/methods/disclosure/releases.py), and asks for the least and greatest number that each protected
count may be (assets/methods/disclosure/control.py). One that can be a single number stops the publication to those who
commission services: a count that is not released, a rounded one of few, or one that an earlier release had protected.
"""

from __future__ import annotations

import polars as pl

from assets.methods.disclosure.cells import Release, controlled
from assets.methods.disclosure.control import MOST, Token
from assets.methods.disclosure.releases import read_earlier_releases

SCHEMA = {
    "cell_ref": pl.String, "person_count": pl.Int64, "is_earlier": pl.Boolean, "least": pl.Int64, "greatest": pl.Int64,
    "is_pinned": pl.Boolean,
}  # fmt: skip


def disclosure_attack(
    core_disclosure_cells: pl.DataFrame, core_released_before: pl.DataFrame, reference_settings: pl.DataFrame
) -> pl.DataFrame:
    """One row per count that is not released, with what it could be for all that is published; and per rounded or
    earlier one that can be a single number."""
    settings = dict(reference_settings.select("key", "value").iter_rows())
    cells = core_disclosure_cells.sort("cell_ref").to_dicts()
    earlier = core_released_before.sort("published_at", "cell_ref").to_dicts()
    made = controlled(cells, earlier, settings)
    told = read_earlier_releases(cells, earlier, int(settings["disclosure.class_minimum"]))
    release = Release(cells, earlier, made, settings, told)
    pinned = set(release.leaks())
    hidden = {ref for ref, (cell, _) in made.items() if cell.token is Token.SUPPRESSED}
    reached = release.attack.bounds(hidden | pinned)
    counts = {row["cell_ref"]: (row["cell_ref"], row["person_count"], False) for row in cells}
    counts |= {name: (row["cell_ref"], row["counted"], True) for name, row in told.moved.items()}
    return pl.DataFrame(
        [
            (*counts[name], low, high if high < MOST else None, name in pinned)
            for name, (low, high) in sorted(reached.items())
        ],
        schema=SCHEMA, orient="row",
    )  # fmt: skip
