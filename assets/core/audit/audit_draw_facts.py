# /// card
# description = "One row is a drawn stratum of an audit, with whether seed and frame hash give the same draw again."
# grain = ["cycle_ref", "stratum"]
# audience = ["integrity"]
# caveats = ["Every build checks this again from the stored frame, so that a later change of frame or sample shows."]
# [columns]
# "cycle_ref, stratum" = "columns"
# drawn_count = ["bigint", "Units drawn", "units"]
# is_frame_as_hashed = ["boolean", "The stored frame has the recorded hash"]
# is_draw_repeated = ["boolean", """Seed and hash give the same units in the same order, and the same random part is \
#     rated twice"""]
# is_reproducible = ["boolean", "The hash matches and the draw is repeated"]
# ///

"""Whether the sample of an audit can be drawn again: frame hash and draw, from the stored frame (AUD-01)."""

from __future__ import annotations

import polars as pl

from assets.methods import audit_sample

SCHEMA = {
    "cycle_ref": pl.String, "stratum": pl.String, "drawn_count": pl.Int64, "is_frame_as_hashed": pl.Boolean,
    "is_draw_repeated": pl.Boolean, "is_reproducible": pl.Boolean,
}  # fmt: skip


def audit_draw_facts(
    raw_casework_audit_cycles: pl.DataFrame,
    raw_casework_audit_strata: pl.DataFrame,
    raw_casework_audit_frames: pl.DataFrame,
    raw_casework_audit_samples: pl.DataFrame,
) -> pl.DataFrame:
    """Return one row per drawn stratum of an audit."""
    rows = []
    for cycle in raw_casework_audit_cycles.filter(pl.col("drawn_at").is_not_null()).iter_rows(named=True):
        ref = cycle["cycle_ref"]
        frame = raw_casework_audit_frames.filter(pl.col("cycle_ref") == ref)
        drawn = raw_casework_audit_samples.filter(pl.col("cycle_ref") == ref)
        keys = frame.select("stratum", "unit_type", "unit_ref").rows()
        is_hashed = audit_sample.frame_hash((s, (kind, unit)) for s, kind, unit in keys) == cycle["frame_hash"]
        strata = raw_casework_audit_strata.filter((pl.col("cycle_ref") == ref) & (pl.col("drawn_count") > 0))
        for stratum in strata.sort("stratum").iter_rows(named=True):
            units = [(kind, unit) for s, kind, unit in keys if s == stratum["stratum"]]
            kept = drawn.filter(pl.col("stratum") == stratum["stratum"]).sort("draw_number")
            is_repeated = _is_repeated(units, kept, cycle["seed"], cycle["frame_hash"])
            rows.append((ref, stratum["stratum"], kept.height, is_hashed, is_repeated, is_hashed and is_repeated))
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def _is_repeated(units: list[audit_sample.Unit], kept: pl.DataFrame, seed: int, marked: str) -> bool:
    """Whether the draw gives the same units in the same order, and the same part is rated twice."""
    if kept.height > len(units):
        return False
    again = audit_sample.draw(units, kept.height, seed, marked)
    twice = set(kept.filter("is_second_random").select("unit_type", "unit_ref").rows())
    return again == kept.select("unit_type", "unit_ref").rows() and twice == set(
        audit_sample.second_raters_share(again, seed, marked)
    )
