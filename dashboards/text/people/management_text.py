"""Who is managed, and whether the list would help, in sentences.

Pure: published rows in, plain words out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from assets.methods.intervals import wilson_interval
from dashboards.data.points_table import METHOD
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


def at_random(row: Row) -> float | None:
    """Expected share of events held by a random list of the same size."""
    total = row["high_harm_event_count"]
    return None if not total or row["captured_at_random"] is None else float(row["captured_at_random"] / total)


def better_at(rows: pl.DataFrame, method: str = "score") -> tuple[int, int]:
    """Origins at which a method captured more than the count of events, of how many."""
    wide = rows.pivot("method", index="as_of_at", values="captured_share", aggregate_function="first")
    if not {method, "event count"} <= set(wide.columns):
        return 0, 0
    both = wide.drop_nulls([method, "event count"])
    return both.filter(pl.col(method) > pl.col("event count")).height, both.height


def backtest_finding(rows: pl.DataFrame, rule: SmallNumbers) -> str:
    """What the list of the last origin would have captured.

    It is compared with a simple count and with chance.
    """
    score = latest(rows, "score")
    if score is None or score["captured_share"] is None:
        return "Whether the list would help is not measured: no high-harm event followed any list"
    words = (
        f"A list of {rule.suppress_count(score['listed_count'])} made on "
        f"{numbers.day(local_day(score['as_of_at']))} would have included the suspects of "
        f"{numbers.share(score['captured_share'])} of high-harm events in the following year"
    )
    count, chance = latest(rows, "event count"), at_random(score)
    beside = []
    if count is not None and count["captured_share"] is not None:
        beside.append(f"a simple count of events {numbers.share(count['captured_share'])}")
    if chance is not None:
        beside.append(f"a list drawn at random {numbers.share(chance)}")
    return f"{words}; {', '.join(beside)}" if beside else words


def comparison(rows: pl.DataFrame) -> str:
    """Score compared with count over all origins, without a test: they overlap."""
    better, of = better_at(rows)
    if not of:
        return "The score and a simple count cannot be compared: one of them is missing."
    return (
        f"The score captured more than a simple count of events at {better} of {numbers.plural(of, 'origin')}. "
        "Origins share most of their year, so this is not a test: it shows how steady the difference is."
    )


def points_comparison(rows: pl.DataFrame) -> str:
    """The force's own points table compared with the count over all origins.

    "" if the points table ranked nobody.
    """
    last = latest(rows, METHOD)
    better, of = better_at(rows, METHOD)
    if last is None or last["captured_share"] is None or not of:
        return ""
    return (
        f"By the force's own points table, the list made on {numbers.day(local_day(last['as_of_at']))} would have "
        f"included the suspects of {numbers.share(last['captured_share'])} of those events. It captured more than a "
        f"simple count of events at {better} of {numbers.plural(of, 'origin')}."
    )


def list_facts(rows: pl.DataFrame, rule: SmallNumbers) -> list[tuple[str, str, str]]:
    """The last origin: events captured, people listed without one, list turnover."""
    score = latest(rows, "score")
    if score is None:
        return []
    total, hit = score["listed_count"], score["listed_with_high_harm_count"]
    without = rule.suppress_share(total - hit, total)
    facts = [
        (
            "High-harm events by suspects on the list",
            f"{rule.suppress_count(score['captured_count'])} of {rule.suppress_count(score['high_harm_event_count'])}",
            f"{numbers.number(score['of_ranked_count'])} of them by suspects who could be ranked",
        ),
        (
            "Listed, no high-harm event followed",
            f"{rule.suppress_part(total - hit, total)} of {rule.suppress_count(total)}",
            f"{without}: suspects on the list without a high-harm event in the following year",
        ),
    ]
    steady = rows.filter((pl.col("method") == "score") & pl.col("stability").is_not_null())
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
