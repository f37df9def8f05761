# /// card
# description = """One row is a count that could be worked out from what is published, or that is protected. Protected \
#     counts have the smallest and largest value they could have."""
# grain = ["cell_ref", "person_count"]
# by_force = true
# audience = ["integrity"]
# caveats = [
#     "Exact counts: only for the people who keep the records.",
#     """A count named with "less" is of a whole without its part: what a share says of it. The attack knows shares, \
#     verdicts, and of a verdict the counts of the other year.""",
#     """The attack knows the rule, sums, parts and every earlier release, including groupings since removed. It takes \
#     a count that has not changed between two releases as one count. It does not know what a person knows from \
#     elsewhere.""",
# ]
# [columns]
# cell_ref = "columns"
# person_count = ["bigint", "Exact count", "victims, offers, crimes, duties or orders", "Counted"]
# is_earlier = ["boolean", "The count of an earlier release that has since changed, or of a group since removed"]
# least = ["bigint", "Smallest possible value", "victims, offers, crimes, duties or orders"]
# greatest = ["bigint", "Largest possible value; null without a bound", "victims, offers, crimes, duties or orders"]
# is_pinned = ["boolean", """Only one value is possible, and earlier releases do not already reveal it: the release is \
#     refused"""]
# ///

"""Whether a protected count can be worked out from this release and all earlier ones.

The attack knows the rule, which groups add up to which total and which counts are parts of which, now and in every
earlier release (assets/methods/disclosure/releases.py). It finds the smallest and largest value of each protected count
(assets/methods/disclosure/control.py). A count with a single possible value stops the release to commissioners: a
suppressed count, a small rounded one, or one that an earlier release protected.
"""

from __future__ import annotations

import polars as pl

from assets.methods.disclosure.cells import Release, controlled, in_release, spreads_of
from assets.methods.disclosure.control import MOST, PROTECTED
from assets.methods.disclosure.releases import read_earlier_releases

SCHEMA = {
    "cell_ref": pl.String, "person_count": pl.Int64, "is_earlier": pl.Boolean, "least": pl.Int64, "greatest": pl.Int64,
    "is_pinned": pl.Boolean,
}  # fmt: skip


def disclosure_attack(
    core_disclosure_cells: pl.DataFrame, core_released_before: pl.DataFrame, metrics_measure_verdicts: pl.DataFrame,
    reference_settings: pl.DataFrame,
) -> pl.DataFrame:  # fmt: skip
    """Return one row per suppressed count, with its possible values given all releases, and per rounded or earlier
    count with a single possible value."""
    settings = dict(reference_settings.select("key", "value").iter_rows())
    cells = core_disclosure_cells.sort("cell_ref").to_dicts()
    earlier = core_released_before.sort("published_at", "cell_ref").to_dicts()
    made = controlled(cells, earlier, settings, spreads_of(metrics_measure_verdicts))
    rows = in_release(cells, made)
    told = read_earlier_releases(rows, earlier, int(settings["disclosure.class_minimum"]))
    release = Release(rows, earlier, made, settings, told)
    pinned = set(release.leaks())
    hidden = {ref for ref, (cell, count) in made.items() if cell.token in PROTECTED and count is not None}
    hidden |= {name for name, count in release.rests.items() if count <= settings["disclosure.suppress_to"]}
    reached = release.attack.bounds(hidden | pinned)
    counts = {row["cell_ref"]: (row["cell_ref"], row["person_count"], False) for row in rows}
    counts |= {name: (row["cell_ref"], row["counted"], True) for name, row in told.moved.items()}
    counts |= {name: (name, count, name in told.rests) for name, count in release.rests.items()}
    return pl.DataFrame(
        [
            (*counts[name], low, high if high < MOST else None, name in pinned)
            for name, (low, high) in sorted(reached.items())
        ],
        schema=SCHEMA, orient="row",
    )  # fmt: skip
