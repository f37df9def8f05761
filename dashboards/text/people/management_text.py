"""Who is managed, and whether the list would help, in sentences.

Pure: published rows in, plain words out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from assets.methods.intervals import wilson_interval
from dashboards.text import numbers
from dashboards.text.numbers import local_day
from dashboards.text.small_numbers import SmallNumbers

Row = Mapping[str, Any]

NO_SUCCESS = (
    "A fall alone is not a success: people are listed at a high point, and scores then fall whatever is done. A fall "
    "beyond that of people never managed would count, but who is managed is not chosen at random."
)
PROGRAMMES = {"mappa": "MAPPA", "iom": "IOM", "matac": "MATAC", "drive": "Drive", "dvds": "DVDS", "other": "Other"}

# managed

MEANS = (
    ("orders", "An order in force", "repeat_with_order_count", "is_orders_measured"),
    ("bail", "On bail", "repeat_with_bail_count", "is_bail_measured"),
    ("programmes", "In a programme", "repeat_with_programme_count", "is_programmes_measured"),
)


def unmeasured(row: Row) -> list[str]:
    """The means of management that were not delivered."""
    return [name for name, _, _, flag in MEANS if not row[flag]]


def managed_finding(row: Row, rule: SmallNumbers) -> str:
    """Repeat suspects who are managed, and serial suspects not known to be."""
    missing = unmeasured(row)
    if len(missing) == len(MEANS):
        return "Who is managed is not measured: orders, bail and programmes were not delivered"
    repeat, managed, serial = row["repeat_count"], row["repeat_managed_count"], row["serial_count"]
    if not repeat:
        return "No repeat suspects in this window"
    has_share = rule.may_show_share(managed, repeat)
    share = f" ({numbers.share(managed / repeat)})" if has_share else ""
    have = f"of {rule.suppress_count(repeat)} repeat suspects{share} have {_any_of(missing)}"
    words = f"{numbers.capital(rule.suppress_part(managed, repeat))} {have}"
    if not serial:
        return f"{words}; there are no serial suspects"
    unmanaged = row["serial_unmanaged_count"]
    if not unmanaged:
        return f"{words}; so do all {rule.suppress_count(serial)} serial suspects"
    of = f"{rule.suppress_part(unmanaged, serial)} of {rule.suppress_count(serial)} serial suspects"
    return f"{words}; {of} have none on record"


def _any_of(missing: Sequence[str]) -> str:
    words = {"orders": "an order", "bail": "bail", "programmes": "a programme"}
    held = [words[name] for name, *_ in MEANS if name not in missing]
    return held[0] if len(held) == 1 else " or ".join([", ".join(held[:-1]), held[-1]])


def managed_caveat(row: Row) -> str:
    """The data that was not delivered; "" if all was."""
    missing = unmeasured(row)
    if not missing:
        return ""
    return f"Not measured because not delivered: {numbers.listed(missing)}. Unmanaged means not known to be managed."


def managed_rows(row: Row, rule: SmallNumbers) -> pl.DataFrame:
    """Repeat suspects by means of management, with intervals.

    Undelivered means keep their row, without a figure.
    """
    missing = unmeasured(row)
    kinds = [(f"Any of these{' that were delivered' if missing else ''}", "repeat", row["repeat_managed_count"],
              len(missing) < len(MEANS))]  # fmt: skip
    kinds += [(label, "repeat", row[column], row[flag]) for _, label, column, flag in MEANS]
    kinds.append(("Serial suspects: any of these", "serial", row["serial_managed_count"], len(missing) < len(MEANS)))
    rows = []
    for label, group, count, is_measured in kinds:
        total = row[f"{group}_count"]
        has_share = is_measured and rule.may_show_share(count, total)
        lower, upper = wilson_interval(count, total) if has_share else (None, None)
        words = f"{rule.suppress_part(count, total)} of {rule.suppress_count(total)}" if is_measured else "not measured"
        words = f"{numbers.share(count / total)}, {words}" if has_share else words
        rows.append({
            "kind": label, "people": total, "count": count if is_measured else None,
            "share": count / total if has_share else None, "lower": lower, "upper": upper,
            "label": f"{label}\n{words}",
            "state": "measured" if has_share else "too few for a share" if is_measured else "not measured",
        })  # fmt: skip
    schema = {"kind": pl.String, "people": pl.Int64, "count": pl.Int64, "share": pl.Float64, "lower": pl.Float64,
              "upper": pl.Float64, "label": pl.String, "state": pl.String}  # fmt: skip
    return pl.DataFrame(rows, schema=schema)


STAGES = ("identified", "ranked", "adopted", "plan", "review", "exit")


def funnel_rows(rows: pl.DataFrame) -> pl.DataFrame:
    """One row per programme and one column per stage.

    Also the number of those identified who are repeat suspects.
    """
    wide = rows.pivot("stage", index="programme", values="person_count", aggregate_function="first")
    wide = wide.with_columns(pl.lit(0, dtype=pl.Int64).alias(s) for s in STAGES if s not in wide.columns)
    first = rows.filter(pl.col("stage") == STAGES[0]).select("programme", repeats="repeat_suspect_count")
    places = {name: i for i, name in enumerate(PROGRAMMES)}
    return (
        wide.select("programme", pl.col(*STAGES).fill_null(0))
        .join(first, on="programme", how="left")
        .with_columns(place=pl.col("programme").replace_strict(places, default=len(places)))
        .sort("place", "programme")
        .drop("place")
        .with_columns(programme=pl.col("programme").map_elements(programme, return_dtype=pl.String))
    )


def programme(code: str) -> str:
    """MAPPA."""
    return PROGRAMMES.get(code, numbers.capital(numbers.readable(code)))


def funnel_finding(wide: pl.DataFrame, rule: SmallNumbers) -> str:
    """The numbers identified, adopted, with a plan, and after an exit."""
    stages = ("identified", "adopted", "plan", "exit")
    total, adopted, plan, left = (rule.suppress_count(int(wide[stage].sum())) for stage in stages)
    return f"Of {total} places in programmes, {adopted} were adopted, {plan} had a plan and {left} reached an exit"


# the list

RANDOM = "drawn at random"


def latest(rows: pl.DataFrame, method: str) -> dict[str, Any] | None:
    """The last origin of a ranking method."""
    found = rows.filter(pl.col("method") == method).sort("as_of_at")
    return found.row(-1, named=True) if found.height else None


WAYS = {  # way of ranking -> the words of a sentence
    "event count": "a plain count of events in a year",
    "points table": "the force's own points table",
    "score": "the score",
    "regression": "a regression fitted on earlier years",
}
COUNT = "event count"
ORDERED = "The list is ordered by the simplest way that no other clearly beats"
RESAMPLED = (
    "Intervals resample people, each with all their events at all origins. Clearly means that the whole interval of "
    "the difference is above zero. The order of simplicity: count, points, score, regression."
)


def used(choice: pl.DataFrame) -> dict[str, Any] | None:
    """The way of ranking that orders the list; None where nobody is ranked."""
    found = choice.filter("is_used")
    return found.row(0, named=True) if found.height else None


def _with_limits(row: Row) -> str:
    limits = numbers.interval(row["share_lower"], row["share_upper"])
    return f"{numbers.share(row['mean_share'])} ({limits})"


def backtest_finding(choice: pl.DataFrame, rule: SmallNumbers) -> str:
    """What lists of the way used held over all origins, beside a plain count and chance."""
    way = used(choice)
    if way is None or way["mean_share"] is None:
        return "Whether the list would help is not measured: no high-harm event followed any list"
    beside = [] if way["method"] == COUNT else [
        f"by {WAYS[COUNT]} {numbers.share(row['mean_share'])}"
        for row in choice.filter(pl.col("method") == COUNT).drop_nulls("mean_share").iter_rows(named=True)
    ]  # fmt: skip
    return (
        f"Over {numbers.plural(way['origin_count'], 'origin')}, lists by {WAYS[way['method']]} held "
        f"{_with_limits(way)} of high-harm events of the following year "
        f"({rule.suppress_count(way['captured_count'])} of {rule.suppress_count(way['high_harm_event_count'])}); "
        + ", ".join([*beside, f"{RANDOM} {numbers.share(way['random_share'])}"])
    )


def verdict(choice: pl.DataFrame) -> str:
    """Which way orders the list and why; "use the count" where nothing beats the count."""
    way = used(choice)
    if way is None:
        return ""
    rivals = choice.filter(pl.col("method") != way["method"]).sort("place")
    untested = [WAYS[m] for m in choice.filter(~pl.col("is_tested")).sort("place")["method"]]
    if way["mean_share"] is None:
        words = "Use the count: no way of ranking could be tested."
    elif way["method"] == COUNT:
        words = f"Use the count: none of the others clearly holds more. {ORDERED}."
        leads = [_lead(row) for row in rivals.drop_nulls("difference").iter_rows(named=True)]
        words += f" Compared with the count: {'; '.join(leads)}." if leads else ""
    else:
        words = f"{ORDERED}: now {WAYS[way['method']]}."
        words += f" Compared with the count: {_lead(way)}." if way["difference"] is not None else ""
    if untested and way["mean_share"] is not None:
        words += f" Not made at every origin, so not compared: {numbers.listed(untested)}."
    return words


def _lead(row: Row) -> str:
    value, lower, upper = (points(row[name]) for name in ("difference", "difference_lower", "difference_upper"))
    return f"{row['method']} {value} points (95% interval {lower} to {upper})"


def points(difference: float | None) -> str:
    """A difference of two shares in points of per cent: +2.0; 0.0."""
    if difference is None:
        return "no figure"
    shown = f"{100 * difference:+.1f}"
    return "0.0" if float(shown) == 0 else shown.replace("-", "\N{MINUS SIGN}")


def origins_finding(rows: pl.DataFrame, method: str, rule: SmallNumbers) -> str:
    """What the latest list that a year has followed held, beside a plain count."""
    last, count = latest(rows, method), latest(rows, COUNT)
    if last is None or last["captured_share"] is None:
        return "The latest list is not tested: no high-harm event followed it"
    words = (
        f"The latest list that a year has followed, of {rule.suppress_count(last['listed_count'])} on "
        f"{numbers.day(local_day(last['as_of_at']))}, held {numbers.share(last['captured_share'])} of its high-harm "
        "events"
    )
    if method == COUNT or count is None or count["captured_share"] is None:
        return words
    return f"{words}; {WAYS[COUNT]} {numbers.share(count['captured_share'])}"


def list_facts(rows: pl.DataFrame, method: str, rule: SmallNumbers) -> list[tuple[str, str, str]]:
    """The last list by a way of ranking: people listed without an event, and how much lists change."""
    last = latest(rows, method)
    if last is None:
        return []
    total, hit = last["listed_count"], last["listed_with_high_harm_count"]
    without = rule.suppress_share(total - hit, total)
    facts = [
        (
            "Listed, no high-harm event followed",
            f"{rule.suppress_part(total - hit, total)} of {rule.suppress_count(total)}",
            (
                f"{without}: suspects on the list of {numbers.day(local_day(last['as_of_at']))} without a high-harm "
                "event in the following year"
            ),
        ),
    ]
    steady = rows.filter((pl.col("method") == method) & pl.col("stability").is_not_null())
    if steady.height:
        lowest, middle = steady.select(low=pl.col("stability").min(), mid=pl.col("stability").median()).row(0)
        facts.append(
            (
                "Unchanged from month to month",
                numbers.share(middle),
                (
                    f"of suspects on either list, median of {numbers.plural(steady.height, 'month')}; lowest "
                    f"{numbers.share(lowest)}"
                ),
            )
        )
    return facts


def shown_cohorts(rows: pl.DataFrame, rule: SmallNumbers) -> pl.DataFrame:
    """Cohorts with enough people to count at every month."""
    fewest = pl.col("person_count").min().over("cohort")
    return rows.filter(fewest >= rule.smallest_shown).sort("cohort", "months_since")


def falls(rows: pl.DataFrame) -> dict[str, tuple[float, float, int]]:
    """Cohort -> mean score when listed, at the end, and people."""
    found = {}
    for (cohort,), held in rows.drop_nulls("mean_score").group_by(["cohort"], maintain_order=True):
        ordered = held.sort("months_since")
        found[str(cohort)] = (ordered["mean_score"][0], ordered["mean_score"][-1], ordered["person_count"][0])
    return found


def after_finding(rows: pl.DataFrame, rule: SmallNumbers) -> str:
    """How scores changed in each cohort, and which changed further.

    A fall is never called a success.
    """
    moved = falls(rows)
    if not moved:
        return f"Scores after listing are not measured: no group has {rule.smallest_shown} people"
    parts = [f"{cohort} {a:.1f} to {b:.1f} ({numbers.number(n)} people)" for cohort, (a, b, n) in moved.items()]
    words = f"Mean score after listing: {'; '.join(parts)}"
    if {"adopted since", "never managed"} <= set(moved):
        since, never = (moved[c][0] - moved[c][1] for c in ("adopted since", "never managed"))
        if since > never:
            return f"{words}. It fell {since - never:.1f} points further among those adopted than those never managed"
        return f"{words}. It did not fall further among those adopted than those never managed"
    return words


# lenses

LENSES = ("sentencing", "severity", "behaviour")


def lens_finding(rows: pl.DataFrame, rule: SmallNumbers) -> str:
    """The two lenses of a window whose lists share least."""
    held = rows.drop_nulls("overlap").sort("overlap", "lens", "other_lens")
    if held.is_empty():
        return "Agreement between lists by different lenses of harm is not measured"
    least = held.row(0, named=True)
    both = rule.suppress_part(least["on_both_count"], least["listed_count"])
    words = (
        f"{numbers.capital(both)} of {rule.suppress_count(least['listed_count'])} people on the list by "
        f"{least['lens']} are also on the list by {least['other_lens']}"
    )
    if least["tau"] is None or least["lower"] is None or least["upper"] is None:
        return words
    return (
        f"{words}; over everyone measured by both, Kendall's tau is {least['tau']:.2f} (95% interval "
        f"{least['lower']:.2f} to {least['upper']:.2f})"
    )


def unseen_lenses(rows: pl.DataFrame) -> str:
    """Lenses measured for nobody or for too few; "" if all three were measured."""
    seen = {*rows["lens"].to_list(), *rows["other_lens"].to_list()}
    missing = [lens for lens in LENSES if lens not in seen]
    if not missing:
        return ""
    return f"Left out: harm by {numbers.listed(missing)} is not measured, or for too few people to compare."
