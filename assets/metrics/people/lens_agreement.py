# /// card
# description = """One row is a pair of lenses of harm in a window: how similarly they rank people, and how many are \
#     on both lists. No person can be identified."""
# grain = ["window_days", "lens", "other_lens"]
# by_force = true
# audience = ["command", "integrity"]
# caveats = [
#     "Sentencing-based harm under-represents stalking: a course of conduct is one crime, and its sentence starts low.",
#     "Everyone who shares the last rank is on the list, so a list can be longer than its set length.",
#     "People measured by both lenses only.",
# ]
# [columns]
# window_days = ["bigint", "Window", "days", "Window (days)"]
# lens = ["varchar", "sentencing, severity or behaviour", "", "Ranked by"]
# other_lens = ["varchar", "severity or behaviour", "", "And by"]
# person_count = ["bigint", "People measured by both", "people", "People"]
# tau = ["double", "Kendall's tau-b: 1 same order, 0 no association", "-1 to 1", "Kendall's tau"]
# lower = ["double", "Lower 95% limit, bootstrap", "-1 to 1"]
# upper = ["double", "Upper 95% limit, bootstrap", "-1 to 1"]
# list_length = ["bigint", "Set length of each list", "people"]
# listed_count = ["bigint", "People on the list by the first lens", "people", "Listed"]
# other_listed_count = ["bigint", "People on the list by the second lens", "people", "On the other"]
# on_both_count = ["bigint", "People on both lists", "people", "On both"]
# overlap = ["double", """People on both lists, as a share of those on either \
#     (Jaccard)""", "0 to 1", "On both, of those on either"]
# ///

"""Whether two lenses of harm rank people alike, and how many people are on one list only."""

from __future__ import annotations

from itertools import combinations

import polars as pl

from assets.methods.rank_agreement import jaccard, kendall_tau

LENSES = {"harm_cchi": "sentencing", "harm_css": "severity", "harm_behaviour": "behaviour"}
SCHEMA = {
    "window_days": pl.Int64, "lens": pl.String, "other_lens": pl.String, "person_count": pl.Int64, "tau": pl.Float64,
    "lower": pl.Float64, "upper": pl.Float64, "list_length": pl.Int64, "listed_count": pl.Int64,
    "other_listed_count": pl.Int64, "on_both_count": pl.Int64, "overlap": pl.Float64,
}  # fmt: skip


def lens_agreement(metrics_repeat_suspects: pl.DataFrame, reference_settings: pl.DataFrame) -> pl.DataFrame:
    """Return one row per window and pair of lenses, for the people measured by both."""
    settings = dict(reference_settings.select("key", "value").iter_rows())
    length = int(settings["backtest.list_length"])
    rows = []
    for (window,), group in metrics_repeat_suspects.group_by("window_days", maintain_order=True):
        for lens, other in combinations(LENSES, 2):
            both = group.filter(pl.col(lens).is_not_null() & pl.col(other).is_not_null())
            # sums of the same weights differ in their last digits, and are no order of people
            both = both.with_columns(pl.col(lens, other).round(6)).sort(lens, other)
            if both.height < settings["shares.minimum_denominator"]:
                continue
            agreed = kendall_tau(both[lens].to_numpy(), both[other].to_numpy())
            one, two = (_top(both, name, length) for name in (lens, other))
            rows.append(
                (window, LENSES[lens], LENSES[other], both.height, agreed.tau, agreed.lower, agreed.upper,
                 length, len(one), len(two), len(one & two), jaccard(one, two))
            )  # fmt: skip
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def _top(people: pl.DataFrame, lens: str, length: int) -> set[str]:
    """Everyone who shares the last rank is on the list: no list depends on the order of rows."""
    return set(people.filter(pl.col(lens).rank("min", descending=True) <= length)["person_ref"])
