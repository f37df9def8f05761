"""Invented pairs of records and how they were linked, in the shape of the published tables. Plain functions."""

import datetime as dt
import random
from typing import Any

import polars as pl
from invented_figures import RECEIVED

from assets.methods.intervals import wilson_interval

LIMIT, START = 1.5, -13.2
FIELDS = ("forename", "surname", "date_of_birth", "middle_name", "sex", "postcode", "phone", "email", "pncid")
PATTERNS = [  # what agrees, and what it is worth
    {"forename": ("short or other form of one name", 3.4), "surname": ("same", 9.1),
     "postcode": ("same district", -2.4), "sex": ("same", 1.0), "pncid": ("different", -0.4)},
    {"forename": ("same, and the surname", 10.3), "surname": ("counted with the forename", 0.0),
     "date_of_birth": ("a generation apart", -5.8), "sex": ("different", -5.6), "postcode": ("same", 9.6),
     "phone": ("same", 9.7)},
    {"forename": ("same, and the surname", 10.3), "surname": ("counted with the forename", 0.0),
     "date_of_birth": ("one digit differs", 4.1), "email": ("made of the same name", 0.0), "sex": ("same", 1.0)},
]  # fmt: skip
REASONS = (None, "birth dates a generation apart", None)


def person_pairs(count: int = 6, *, is_decided: bool = False) -> pl.DataFrame:
    """Pairs the further from the limit the higher their number; the second has a contradiction."""
    rows: list[dict[str, Any]] = []
    for n in range(count):
        pattern = dict(PATTERNS[n % len(PATTERNS)])
        weights = {f: pattern.get(f, ("missing", 0.0)) for f in FIELDS}
        total = LIMIT + (0.1 + 0.3 * n) * (1 if n % 2 == 0 else -1)
        gap = total - START - sum(w for _, w in weights.values())
        level, weight = weights["forename"]
        weights["forename"] = (level, weight + gap)
        reason = REASONS[n % len(REASONS)]
        linked = total >= LIMIT and reason is None
        rows.append(
            {"person_key_l": f"P{n:03d}", "person_key_r": f"P{n + 500:03d}", "match_weight": total,
             "match_probability": 2**total / (1 + 2**total), "contradiction": reason, "is_linked": linked,
             "is_linked_by_weight": linked, "is_uncertain": True, "is_decided": is_decided}
            | {f"level_{f}": words for f, (words, _) in weights.items()}
            | {f"weight_{f}": w for f, (_, w) in weights.items()}
        )  # fmt: skip
    random.Random(3).shuffle(rows)  # the page must sort, not the file
    return pl.DataFrame(rows, schema_overrides={"contradiction": pl.String}, infer_schema_length=None)


def linkage_runs(manner: str = "increment", reason: str = "new or changed records") -> pl.DataFrame:
    """The last linkage, or why there was none."""
    counts = ("row_count", "left_out_count", "record_count", "new_record_count", "gone_record_count", "person_count",
              "comparison_count", "changed_ref_count")  # fmt: skip
    is_done = manner in ("full", "increment")
    values = (4_806, 2, 4_804, 240, 3, 4_632, 3_077, 3) if is_done else (None,) * len(counts)
    row = {"run_at": RECEIVED, "manner": manner, "reason": reason, "is_measured": manner != "none",
           "left_out_reason": "2 with no person_key" if is_done else None,
           "trained_on": dt.date(2026, 11, 1) if is_done else None,
           "link_weight": LIMIT if is_done else None}  # fmt: skip
    return pl.DataFrame([row | dict(zip(counts, values))], schema_overrides=dict.fromkeys(counts, pl.Int64) | {
        "left_out_reason": pl.String, "trained_on": pl.Date, "link_weight": pl.Float64})  # fmt: skip


def linkage_quality(reviewed: int = 60) -> pl.DataFrame:
    """Common names are linked worse than all pairs together; with `reviewed` 0 nothing is measured."""
    kinds = [("all", "all", 60, 44, 38, 34), ("name_frequency", "common", 24, 16, 8, 6),
             ("name_frequency", "middling", 20, 13, 14, 13), ("name_frequency", "rare", 16, 15, 16, 15),
             ("has_birth_date", "false", 8, 5, 0, 0), ("has_birth_date", "true", 52, 39, 38, 34)]  # fmt: skip
    if not reviewed:
        kinds = [("all", "all", 0, 0, 0, 0)]
    rows = []
    for kind, name, pairs, same, linked, right in kinds:
        shares = [(right / of, *wilson_interval(right, of, 1.96)) if of else (None,) * 3 for of in (linked, same)]
        rows.append((kind, name, pairs, same, linked, right, *shares[0], *shares[1]))
    names = ["stratum_type", "stratum", "reviewed_pair_count", "same_pair_count", "linked_pair_count",
             "right_pair_count", "precision", "precision_lower", "precision_upper", "recall", "recall_lower",
             "recall_upper"]  # fmt: skip
    floats = dict.fromkeys(names[6:], pl.Float64)
    return pl.DataFrame(rows, schema=names, orient="row", schema_overrides=floats, infer_schema_length=None)


def person_changes() -> pl.DataFrame:
    """A merge, a split and a move."""
    rows = [(2, dt.date(2026, 11, 24), "person-aa1", "merged into", "person-bb2", 2, "new or changed records"),
            (2, dt.date(2026, 11, 24), "person-cc3", "split off", "person-dd4", 1, "new or changed records"),
            (1, dt.date(2026, 10, 1), "person-ee5", "records moved to", "person-bb2", 1, "first linkage")]  # fmt: skip
    names = ["run_number", "changed_on", "person_ref", "change", "other_ref", "record_count", "reason"]
    return pl.DataFrame(rows, schema=names, orient="row")


def integrity_tables() -> dict[str, pl.DataFrame]:
    """What the integrity audience gets of it."""
    return {
        "core.person_pairs": person_pairs(), "core.person_changes": person_changes(),
        "raw.linkage_runs": linkage_runs(), "metrics.linkage_quality": linkage_quality(),
    }  # fmt: skip
