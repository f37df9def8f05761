"""Delay, class, removal and reclassification in sentences.

Pure: published rows in, text and frames out.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from dashboards.text import numbers
from dashboards.text.recording import trust_text
from dashboards.text.small_numbers import TOO_FEW

Row = Mapping[str, Any]
LIMIT_HOURS = 24  # of the measure recorded_24h
REMOVALS = {  # counting-rules criterion -> in words
    "C1": "C1, transferred to another force",
    "C2": "C2, verified information shows no crime",
    "C3": "C3, part of another crime on record",
    "C4": "C4, recorded in error",
    "C5": "C5, self-defence claimed",
}
TRANSFERRED, VERIFIED = "C1", "C2"
CANCELLED = tuple(code for code in REMOVALS if code != TRANSFERRED)


def hours(value: float | None) -> str:
    """4.4 hours; in days from two days up."""
    if value is None:
        return numbers.NO_VALUE
    return f"{value / 24:.1f} days" if value > 48 else f"{value:.1f} hours"


def within_interval(row: Row) -> str:
    """Its 95% interval in words."""
    return trust_text.interval(row, "within_limit_lower", "within_limit_upper")


def delay_sentence(row: Row) -> str:
    """The share recorded within the limit, with denominator and interval."""
    if row["within_limit_share"] is None and row["measured_count"]:
        return "Too few crimes to say how soon stalking and harassment is recorded."
    if row["within_limit_share"] is None:
        return "How soon stalking and harassment is recorded is not measured."
    return (
        f"{numbers.share(row['within_limit_share'])} of stalking and harassment was recorded within "
        f"{LIMIT_HOURS} hours ({numbers.number(row['within_limit_count'])} of "
        f"{numbers.number(row['measured_count'])}; {within_interval(row)})."
    )


def class_sentence(row: Row | None) -> str:
    """The share of conduct by former partners recorded as stalking.

    By principal class.
    """
    if trust_text.is_too_few(row):
        return "Too few crimes by former partners to say how they are classified."
    if row is None or not trust_text.is_measured(row):
        return "How conduct by former partners is classified is not measured."
    return (
        f"Of stalking and harassment by former partners, {numbers.share(row['kept_share'])} was recorded as stalking "
        f"in {trust_text.span(row)} ({numbers.number(row['kept_count'])} of {numbers.number(row['judged_count'])}; "
        f"{trust_text.interval(row)})."
    )


def bins_finding(group: Row, name: str) -> str:
    """The crimes recorded within the limit, and those recorded far beyond it."""
    if group["within_limit_share"] is None and not group["measured_count"]:
        return f"{name}: no delay can be measured"
    share = (
        TOO_FEW
        if group["within_limit_share"] is None
        else f"{numbers.share(group['within_limit_share'])}, {within_interval(group)}"
    )
    return (
        f"{name}: {numbers.number(group['within_limit_count'])} of {numbers.number(group['measured_count'])} recorded "
        f"within {LIMIT_HOURS} hours ({share}), {numbers.number(group['over_escalation_count'])} after "
        f"more than {group['escalate_hours']:.0f}"
    )


def groups_finding(groups: pl.DataFrame, whole: float | None, one: str, many: str) -> str:
    """The number of units or classes slower than all together, by their intervals."""
    held = groups.filter(pl.col("within_limit_share").is_not_null())
    if groups.is_empty():
        return f"No {one} has a delay that can be measured"
    if whole is None or held.is_empty():
        return f"No {one} has enough crimes for a share"
    low = held.filter(pl.col("within_limit_upper") < whole).height
    if not low:
        return (
            f"No {one} is below the overall {numbers.share(whole)} recorded in time, given the 95% intervals"
        )
    verb = "is" if low == 1 else "are"
    return (
        f"{low} of {numbers.plural(held.height, one, many)} {verb} below the overall "
        f"{numbers.share(whole)} recorded in time, given the 95% intervals"
    )


def both_ways_finding(principal: Row | None, included: Row | None) -> str:
    """Stalking's share by principal class, and with included classes."""
    if trust_text.is_too_few(principal):
        return "Too few crimes by former partners for stalking's share of them"
    if principal is None or not trust_text.is_measured(principal):
        return "Stalking's share of conduct by former partners is not measured"
    words = (
        f"Former partners: {numbers.share(principal['kept_share'])} recorded as stalking by principal class in "
        f"{trust_text.span(principal)} ({numbers.number(principal['kept_count'])} of "
        f"{numbers.number(principal['judged_count'])})"
    )
    if trust_text.is_too_few(included):
        return words
    if included is None or not trust_text.is_measured(included):
        return words + "; included classes were not delivered"
    return (
        f"{words}, {numbers.share(included['kept_share'])} with included classes "
        f"({numbers.number(included['kept_count'])} of {numbers.number(included['judged_count'])})"
    )


def removals_by_code(census: pl.DataFrame) -> pl.DataFrame:
    """One row per criterion: removals that show its evidence, do not, or cannot."""
    names = ("removal_count", "evidenced_count", "evidence_unknown_count", "verified_count", "victim_informed_count")
    rows = census.group_by("removal_code").agg(*(pl.col(name).sum().cast(pl.Int64) for name in names))
    return rows.sort("removal_code").with_columns(
        pl.col("removal_code").replace(REMOVALS | {"not known": "Criterion not known"}).alias("criterion"),
        not_shown_count=pl.col("removal_count") - pl.col("evidenced_count") - pl.col("evidence_unknown_count"),
        not_told_count=pl.col("removal_count") - pl.col("victim_informed_count"),
    )


def with_total(codes: pl.DataFrame) -> pl.DataFrame:
    """Removals by criterion and, below them, of all criteria."""
    total = codes.select(pl.col(pl.Int64).sum()).with_columns(criterion=pl.lit("All"))
    return pl.concat([codes, total], how="diagonal")


def removals_finding(codes: pl.DataFrame) -> str:
    """Cancelled and transferred crimes, and how many show their criterion's evidence."""
    cancelled = int(codes.filter(pl.col("removal_code").is_in(CANCELLED))["removal_count"].sum())
    transferred = int(codes.filter(pl.col("removal_code") == TRANSFERRED)["removal_count"].sum())
    unknown = int(codes["removal_count"].sum()) - cancelled - transferred
    judged = int((codes["removal_count"] - codes["evidence_unknown_count"]).sum())
    shown = int(codes["evidenced_count"].sum())
    words = f"{numbers.plural(cancelled, 'crime')} cancelled and {numbers.number(transferred)} transferred"
    if unknown:
        words += f", {numbers.number(unknown)} removed by no criterion that is known"
    if not judged:
        return f"{words}; none can be assessed by what it shows"
    unshown = f"{numbers.number(judged - shown)} of {numbers.number(judged)}"
    return f"{words}; {unshown} do not show what their criterion asks for"


def lately_finding(census: pl.DataFrame) -> str:
    """The number of removals in the last twelve months of the census."""
    total = int(census["removal_count"].sum())
    if census["month"].null_count() == census.height:
        return f"{numbers.plural(total, 'removal')}, of which no day is known"
    count = int(trust_text.window(census, 12)["removal_count"].sum())
    last = numbers.month(census["month"].drop_nulls().sort()[-1])
    return f"{numbers.number(count)} of {numbers.plural(total, 'removal')} in the 12 months to {last}"


def told_sentence(codes: pl.DataFrame) -> str:
    """The number of victims informed that their crime was cancelled.

    A transfer is not a cancellation.
    """
    cancelled = codes.filter(pl.col("removal_code").is_in(CANCELLED))
    count, told = (int(cancelled[name].sum()) for name in ("removal_count", "victim_informed_count"))
    if not count:
        return "No crime was cancelled."
    verb = "does" if count - told == 1 else "do"
    return (
        f"Of {numbers.plural(count, 'cancellation')}, {numbers.number(told)} show when the victim was informed "
        f"({numbers.share(told / count)}) and {numbers.number(count - told)} {verb} not."
    )


def verified_sentence(codes: pl.DataFrame) -> str:
    """How many removals name a verifier besides the authoriser; how many of those that must have one do not."""
    count, verified = (int(codes[name].sum()) for name in ("removal_count", "verified_count"))
    asked = codes.filter(pl.col("removal_code") == VERIFIED)
    lacking = int((asked["removal_count"] - asked["verified_count"]).sum())
    of = numbers.plural(count, "removal")
    words = f"{numbers.number(verified)} of {of} name a verifier who is not the authoriser."
    if asked.is_empty():
        return f"{words} None is by C2, which needs one."
    needed = int(asked["removal_count"].sum())
    return f"{words} C2 needs one: {numbers.number(lacking)} of {numbers.number(needed)} have none."


def changes_by_direction(census: pl.DataFrame) -> pl.DataFrame:
    """One row per direction of change, downgrades of stalking first.

    It counts changes, and changes with a second check.
    """
    rows = census.group_by("direction", "is_downgrade").agg(
        pl.col("change_count").sum().cast(pl.Int64), pl.col("second_checked_count").sum().cast(pl.Int64)
    )
    unchecked = pl.col("change_count") - pl.col("second_checked_count")
    return rows.with_columns(
        unchecked_count=pl.when("is_downgrade").then(unchecked).otherwise(0),
        unneeded_count=pl.when("is_downgrade").then(0).otherwise(unchecked),
    ).sort(
        "is_downgrade", "change_count", "direction", descending=[True, True, False]
    )


def changes_finding(directions: pl.DataFrame) -> str:
    """The downgrades of stalking without the second check that each of them needs."""
    down = directions.filter("is_downgrade")
    count, unchecked = int(down["change_count"].sum()), int(down["unchecked_count"].sum())
    total = int(directions["change_count"].sum())
    if not count:
        return f"{numbers.plural(total, 'change')} of class or code, none of them a downgrade of stalking"
    return (
        f"{numbers.number(unchecked)} of {numbers.plural(count, 'downgrade')} of stalking "
        f"{'was' if unchecked == 1 else 'were'} not checked by a second person"
    )
