"""Quality of linkage: pairwise precision and recall against a truth or against reviewed pairs."""

from __future__ import annotations

import math

import polars as pl


def pairwise(people: pl.DataFrame, truth: pl.DataFrame, by: str | None = None) -> pl.DataFrame:
    """Precision and recall over pairs of records, in total and, with `by`, for each group of the truth.

    In: `people` person_key and person; `truth` person_key, true_person and the column `by`. A pair counts for the
    group of its first record when both are of one group, else only for the total.
    """
    joined = truth.join(people, on="person_key")
    groups: list[tuple[str, pl.DataFrame]] = [("all", joined)]
    if by is not None:
        groups += [(str(key[0]), rows) for key, rows in sorted(joined.group_by(by), key=lambda item: str(item[0][0]))]
    return pl.DataFrame([{"name_group": name, **_counts(rows)} for name, rows in groups])


def _counts(rows: pl.DataFrame) -> dict[str, float | int | None]:
    found, real = _pairs(rows, ["person"]), _pairs(rows, ["true_person"])
    both = _pairs(rows, ["person", "true_person"])
    return {
        "record_count": rows.height,
        "found_pair_count": found,
        "true_pair_count": real,
        "right_pair_count": both,
        "precision": both / found if found else None,
        "recall": both / real if real else None,
    }


def _pairs(rows: pl.DataFrame, columns: list[str]) -> int:
    sizes = rows.group_by(columns).len()["len"].cast(pl.Int64)
    return int((sizes * (sizes - 1) // 2).sum())


def gaps(people: pl.DataFrame, truth: pl.DataFrame, by: str, z: float = 1.96) -> pl.DataFrame:
    """Difference of each group's recall from that of everybody else: one row per group.

    In: as pairwise. Out: name_group, recall, others_recall, gap (others less group: above 0 the group is linked worse),
    lower and upper (95% by default). A person with many records has many pairs, so people are the clusters of a ratio
    of totals (Cochran, Sampling Techniques, 1977, chapter 6): a few people may make a gap by chance alone.
    """
    joined = truth.join(people, on="person_key")
    real = joined.group_by("true_person").agg(pl.col(by).first(), pair_count=_pair_count(pl.len()))
    right = joined.group_by("true_person", "person").len().group_by("true_person").agg(
        right_count=_pair_count(pl.col("len")).sum()
    )  # fmt: skip
    counts = real.join(right, on="true_person").filter(pl.col("pair_count") > 0)
    rows = []
    for group in sorted(counts[by].unique().to_list()):
        recall, variance = _ratio(counts.filter(pl.col(by) == group))
        others, other_variance = _ratio(counts.filter(pl.col(by) != group))
        gap, half = others - recall, z * math.sqrt(variance + other_variance)
        rows.append((group, recall, others, gap, gap - half, gap + half))
    columns = ["name_group", "recall", "others_recall", "gap", "lower", "upper"]
    return pl.DataFrame(rows, schema=columns, orient="row")


def _pair_count(records: pl.Expr) -> pl.Expr:
    records = records.cast(pl.Int64)
    return records * (records - 1) // 2


def _ratio(counts: pl.DataFrame) -> tuple[float, float]:
    """Share of the pairs that were found, and its variance."""
    total = float(counts["pair_count"].sum())
    share = float(counts["right_count"].sum()) / total
    apart = counts["right_count"] - share * counts["pair_count"]
    return share, float((apart**2).sum()) / total**2
