"""How well records were put together: pairwise precision and recall against a truth or against reviewed pairs."""

from __future__ import annotations

import polars as pl


def pairwise(people: pl.DataFrame, truth: pl.DataFrame, by: str | None = None) -> pl.DataFrame:
    """Precision and recall over pairs of records, in all and, with `by`, for each group of the truth.

    In: `people` person_key and person; `truth` person_key, true_person and the column `by`. A pair counts for the
    group of its first record when both are of one group, else for none but the total.
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
