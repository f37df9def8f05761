# /// card
# description = "One row is a kind of record of people, with how well its pairs are linked, judged by two readers."
# grain = ["stratum_type", "stratum"]
# audience = ["integrity", "command"]
# caveats = [
#     """Only pairs settled by two readers. Readers see the uncertain ones first, so the shares are lower than over \
#     all pairs. Without reviewed pairs nothing is measured.""",
#     "The weight is assessed alone, before decisions are applied. Intervals are Wilson 95% intervals.",
#     "A kind with few reviewed pairs gives little evidence: read the interval.",
# ]
# [columns]
# stratum_type = ["varchar", "Kind: all, content of the record, how common its name is, or self-defined ethnicity"]
# stratum = ["varchar", "Value of the kind"]
# reviewed_pair_count = ["bigint", "Pairs settled by readers", "pairs", "Pairs reviewed"]
# same_pair_count = ["bigint", "Of these, one person according to the readers", "pairs"]
# linked_pair_count = ["bigint", "Of these, linked by their weight", "pairs"]
# right_pair_count = ["bigint", "Linked by their weight, and one person", "pairs", "Linked and one person"]
# precision = ["double", "Share of linked pairs that are one person; null where none was linked"]
# precision_lower = ["double", "Lower limit"]
# precision_upper = ["double", "Upper limit"]
# recall = ["double", "Share of pairs of one person that were linked; null where there is none"]
# recall_lower = ["double", "Lower limit"]
# recall_upper = ["double", "Upper limit"]
# ///

"""Quality of linkage according to readers: precision and recall of the pairs they settled.

It is given by kind of record, so that worse linkage of a group is visible. The weight is assessed alone, before
decisions are applied, because applied decisions would always agree with themselves.
"""

from __future__ import annotations

import polars as pl

from assets.methods.intervals import wilson_interval

SCHEMA = {
    "stratum_type": pl.String, "stratum": pl.String, "reviewed_pair_count": pl.Int64, "same_pair_count": pl.Int64,
    "linked_pair_count": pl.Int64, "right_pair_count": pl.Int64, "precision": pl.Float64,
    "precision_lower": pl.Float64, "precision_upper": pl.Float64, "recall": pl.Float64, "recall_lower": pl.Float64,
    "recall_upper": pl.Float64,
}  # fmt: skip
KINDS = ("has_birth_date", "is_first_january", "has_postcode", "has_number", "name_part_count", "name_frequency")


def linkage_quality(
    core_link_decisions: pl.DataFrame,
    core_person_pairs: pl.DataFrame,
    core_people: pl.DataFrame,
    core_persons: pl.DataFrame,
    reference_settings: pl.DataFrame,
) -> pl.DataFrame:
    """Return one row per kind of record and value; a pair counts once for the kind of each of its two records."""
    z = dict(reference_settings.select("key", "value").iter_rows())["intervals.z"]
    settled = core_link_decisions.filter(pl.col("settled_verdict").is_not_null()).join(
        core_person_pairs.select("person_key_l", "person_key_r", "is_linked_by_weight"),
        on=["person_key_l", "person_key_r"],
    )
    pairs = settled.select(
        "person_key_l", "person_key_r", same=pl.col("settled_verdict") == "same", linked="is_linked_by_weight"
    )
    kinds = core_people.join(core_persons, on="person_key", how="left").select(
        "person_key",
        *(pl.col(name).cast(pl.String) for name in KINDS),
        ethnicity_self_defined=pl.col("ethnicity_self_defined").fill_null("not stated"),
    )
    rows = [_row("all", "all", pairs, z)]
    for name in (*KINDS, "ethnicity_self_defined"):
        of = kinds.select("person_key", stratum=name)
        left = pairs.join(of, left_on="person_key_l", right_on="person_key")
        right = pairs.join(of, left_on="person_key_r", right_on="person_key")
        both = pl.concat([left, right]).unique(["person_key_l", "person_key_r", "stratum"])
        rows += [_row(name, str(key[0]), group, z) for key, group in sorted(both.group_by("stratum"), key=_label)]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def _label(item: tuple[tuple[object, ...], pl.DataFrame]) -> str:
    return str(item[0][0])


def _row(kind: str, stratum: str, pairs: pl.DataFrame, z: float) -> tuple[object, ...]:
    same, linked = int(pairs["same"].sum()), int(pairs["linked"].sum())
    right = pairs.filter(pl.col("same") & pl.col("linked")).height
    return (kind, stratum, pairs.height, same, linked, right, *_share(right, linked, z), *_share(right, same, z))


def _share(count: int, total: int, z: float) -> tuple[float | None, float | None, float | None]:
    return (count / total, *wilson_interval(count, total, z)) if total else (None, None, None)
