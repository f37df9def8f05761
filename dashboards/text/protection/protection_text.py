"""Protection of victims in sentences. Pure: published rows in, plain words out.

A share is given with its denominator and interval. Data that was not supplied is "not measured", which is neither met
nor breached. `rule` suppresses small counts (dashboards/text/small_numbers.py).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from dashboards.data.verdicts import NO_PEERS, Watch, missing_words
from dashboards.text import numbers
from dashboards.text.assessment import explorer_text
from dashboards.text.content import Number, Runs, number, text
from dashboards.text.numbers import interval
from dashboards.text.small_numbers import TOO_FEW, SmallNumbers
from dashboards.text.tile import Tile

Row = Mapping[str, Any]

FUNNEL = "metrics.order_funnel"
NOT_TOLD = "not separated"
LATEST = "the latest twelve whole months of each"
SECTIONS = {  # section of the measures -> heading of the page
    "risk": "Is risk assessed, and reassessed after change?",
    "orders": "Are protective orders sought and renewed?",
    "breaches": "What happens when an order is breached?",
    "victims": "Are victims informed, heard and supported?",
    "investigation": "Is the case investigated?",
    "file": "Are case files complete?",
}
READING = (
    "Compliance means recorded as done, and in time where a time is set. Work may have been done and not recorded: a "
    "low share says where to look, not who failed. Data that was not supplied counts as neither compliance nor breach."
)
FOLLOW_UP = (
    "These show later events. They are not duties of the police alone: a court, a prosecutor, a service or a victim "
    "also decides. A second report does not mean that the first was handled badly."
)


def shared_words(definitions: Sequence[str]) -> str:
    """The sentences with which all of several definitions end; "" if they share none."""
    first = definitions[0]
    places = (place + 2 for place in range(len(first)) if first.startswith(". ", place))
    return next((first[at:] for at in places if all(words.endswith(first[at:]) for words in definitions)), "")


def definition(row: Row, shared: str = "") -> str:
    """What a measure counts, without the `shared` words, and how it differs from the standard of the same facts."""
    words = str(row["definition"]).removesuffix(shared).strip().rstrip(".")
    return f"{words}. {explorer_text.differs(row)}".rstrip()


def has_share(row: Row, rule: SmallNumbers) -> bool:
    """Whether a share may be given.

    Enough must be due, and neither the part nor the rest may be a small count.
    """
    due = row["due_count"]
    return row["status"] == "measured" and rule.may_show_share(row["met_count"], due)


def counted(row: Row, rule: SmallNumbers) -> str:
    """3,880 of 3,996; with the number that could not be assessed."""
    words = f"{rule.suppress_part(row['met_count'], row['due_count'])} of {rule.suppress_count(row['due_count'])}"
    return f"{words}; {rule.suppress_count(row['not_known_count'])} not known" if row["not_known_count"] else words


def state(row: Row, rule: SmallNumbers) -> str:
    """97.1%, 3,880 of 3,996; or why there is no share."""
    if row["status"] == "not measured":
        return f"not measured: {row['reason']}"
    if row["status"] == "nothing arose":
        return "nothing arose"
    if row["status"] == "nothing to judge":
        unknown, soon = rule.suppress_count(row["not_known_count"]), rule.suppress_count(row["not_yet_due_count"])
        return f"nothing to assess: {unknown} not known, {soon} not due yet"
    if row["status"] == "too little known":
        return f"{row['reason']}: {counted(row, rule)}"
    if has_share(row, rule):
        return f"{numbers.share(row['met_share'])}, {counted(row, rule)}"
    return counted(row, rule) if row["due_count"] >= rule.fewest_in_share else f"{counted(row, rule)}; {TOO_FEW}"


def shown(rows: pl.DataFrame, rule: SmallNumbers) -> pl.DataFrame:
    """The rows for chart and table: shares where allowed, small counts in words."""
    return pl.DataFrame([_shown(row, rule) for row in rows.iter_rows(named=True)], schema=SHOWN)


SHOWN = {
    "measure": pl.String, "label": pl.String, "share": pl.Float64, "lower": pl.Float64, "upper": pl.Float64,
    "met": pl.String, "due": pl.String, "late": pl.String, "missed": pl.String, "unknown": pl.String, "soon": pl.String,
    "median": pl.Float64, "advice": pl.String, "state": pl.String,
}  # fmt: skip
COLUMNS = {
    "measure": "Measure",
    "share": "Compliance",
    "lower": "Lower limit",
    "upper": "Upper limit",
    "met": "Compliant, count",
    "due": "Records assessed",
    "late": "Late",
    "missed": "Not done",
    "unknown": "Not known",
    "soon": "Not due yet",
    "median": "Median hours to done",
    "advice": "Line of the advice",
    "state": "In words",
}


def period(rows: pl.DataFrame) -> str:
    """Arising from Nov 2024 to Oct 2025, the latest twelve whole months of each; "" if nothing is counted."""
    held = rows.filter(pl.col("due_count") > 0)
    first, last = held["period_start"].min(), held["period_end"].max()
    if not isinstance(first, dt.date) or not isinstance(last, dt.date):
        return ""
    is_year = held.select((pl.col("period_end") == pl.col("period_start").dt.offset_by("11mo")).all()).item()
    latest = f", {LATEST}" if is_year else ""
    return f"arising from {numbers.month(first)} to {numbers.month(last)}{latest}"


# later events are not duties that anyone met or breached
FOLLOWED_COLUMNS = COLUMNS | {
    "share": "Happened in time",
    "met": "Happened in time, count",
    "late": "Later",
    "missed": "Did not happen",
    "median": "Median hours until it happened",
}


def _shown(row: Row, rule: SmallNumbers) -> dict[str, Any]:
    given = has_share(row, rule)
    is_counted = row["status"] not in ("not measured", "nothing arose")
    late, missed = _apart(row, rule) if is_counted else (numbers.NO_VALUE, numbers.NO_VALUE)

    def told(count: int | None) -> str:
        return rule.suppress_count(count) if is_counted else numbers.NO_VALUE

    return {
        "measure": row["measure_name"],
        "label": f"{row['measure_name']}\n{state(row, rule)}",
        "share": row["met_share"] if given else None,
        "lower": row["share_lower"] if given else None,
        "upper": row["share_upper"] if given else None,
        "met": rule.suppress_part(row["met_count"], row["due_count"]) if is_counted else numbers.NO_VALUE,
        "due": told(row["due_count"]),
        "late": late,
        "missed": missed,
        "unknown": told(row["not_known_count"]),
        "soon": told(row["not_yet_due_count"]),
        "median": row["median_hours"] if given else None,
        "advice": row["advice_rows"],
        "state": state(row, rule),
    }


def _apart(row: Row, rule: SmallNumbers) -> tuple[str, str]:
    """Late and not done, as separate counts.

    They are joined where a small count could be worked out from them and the total.
    """
    met, late, missed = row["met_count"], row["late_count"], row["missed_count"]
    if not any(map(rule.is_small, (met, late, missed))):
        return rule.suppress_count(late), rule.suppress_count(missed)
    if late + missed < rule.smallest_shown:
        return rule.suppress_count(late), rule.suppress_count(missed)
    return (NOT_TOLD if late else rule.suppress_count(late)), (NOT_TOLD if missed else rule.suppress_count(missed))


# the answer


def ranked(rows: pl.DataFrame, rule: SmallNumbers) -> list[Row]:
    """The duties that have a share, the lowest share first."""
    held = [row for row in rows.iter_rows(named=True) if row["kind"] == "duty" and has_share(row, rule)]
    return sorted(held, key=lambda row: row["met_share"])


def answer(rows: pl.DataFrame, rule: SmallNumbers) -> str:
    """For a chief officer: the lowest and highest of all duties, and what is not known."""
    held = ranked(rows, rule)  # all: the lowest of the leading duties alone would hide lower ones further down
    if not held:
        return f"Not measured. No duty has enough cases for a share. {measured(rows)}"
    words = f"Lowest compliance{_within(rows)}: {', then '.join(_estimate(row) for row in held[:2])}."
    if len(held) > 2:
        words += f" Highest: {_estimate(held[-1])}."
    enough = numbers.plural(len(held), "duty has", "duties have")
    return f"{words} {enough} enough cases for a share. {measured(rows)}"


def _within(rows: pl.DataFrame) -> str:
    words = period(rows)
    return f" in {LATEST}" if words.endswith(LATEST) else ""


def _estimate(row: Row) -> str:
    """A measure's share with its interval."""
    limits = interval(row["share_lower"], row["share_upper"])
    words = f"{numbers.share(row['met_share'])} of {numbers.number(row['due_count'])}, {limits}"
    return f'"{row["measure_name"]}" ({words})'


def _share_of(row: Row) -> str:
    return f'"{row["measure_name"]}" ({numbers.share(row["met_share"])} of {numbers.number(row["due_count"])})'


def tile(row: Row, watch: Watch, rule: SmallNumbers) -> Tile:
    """An important duty, with its verdict over time, missing data and owner."""
    given = has_share(row, rule)
    limits = f"{counted(row, rule).split(';')[0]}, {interval(row['share_lower'], row['share_upper'])}" if given else ""
    total = (row["due_count"] or 0) + (row["not_known_count"] or 0)
    return Tile(
        label=row["measure_name"],
        value=numbers.share(row["met_share"]) if given else "no share",
        small=limits or state(row, rule),
        over_time=watch.over_time(row["measure_code"]),
        peers=NO_PEERS,
        missing=missing_words(row["not_known_count"], total, rule),
        owner=watch.owner(row["section"]),
    )


def first_finding(leading: pl.DataFrame) -> str:
    """The finding of the first chart."""
    made = leading.filter(pl.col("status") == "measured").height
    return f"Compliance on record with {numbers.plural(made, 'leading duty', 'leading duties')}, lowest first"


def measured(rows: pl.DataFrame) -> str:
    """49 of 50 measures can be made from this extract."""
    missing = rows.filter(pl.col("status") == "not measured").height
    if not missing:
        return f"All {rows.height} measures can be made from this extract."
    return f"{rows.height - missing} of {rows.height} measures can be made from this extract."


def finding(rows: pl.DataFrame, rule: SmallNumbers) -> str:
    """The lowest and the highest share of some duties."""
    held = ranked(rows, rule)
    if not held:
        is_measured = (rows["status"] == "measured").any()
        return "Too few cases for a share of any of these duties" if is_measured else "No record could be assessed"
    if len(held) == 1:
        return f"Compliance: {_share_of(held[0])}"
    return f"Lowest compliance: {_share_of(held[0])}; highest: {_share_of(held[-1])}"


def least_kept_first(rows: pl.DataFrame, rule: SmallNumbers) -> pl.DataFrame:
    """The rows with a share in its order, then the rest in theirs."""
    has = pl.Series([has_share(row, rule) for row in rows.iter_rows(named=True)], dtype=pl.Boolean)
    return pl.concat([rows.filter(has).sort("met_share", "place"), rows.filter(~has).sort("place")])


def followed_finding(rows: pl.DataFrame, rule: SmallNumbers) -> str:
    """The events after a first report, or else the last event that has a share."""
    held = [row for row in rows.iter_rows(named=True) if has_share(row, rule)]
    if not held:
        return "Later events are not known, or of too few cases for a share"
    last = next((row for row in reversed(held) if str(row["measure_code"]).startswith("second_report")), held[-1])
    return f"Later events: {_share_of(last)}"


def _lower(text: str) -> str:
    return text if text[:2].isupper() else text[:1].lower() + text[1:]


def unmeasured(rows: pl.DataFrame) -> str:
    """The measures that are not available and why; "" if all are."""
    held = rows.filter(pl.col("status") == "not measured")
    if held.is_empty():
        return ""
    words = "; ".join(f"{row['measure_name']} ({row['reason']})" for row in held.iter_rows(named=True))
    return f"Not measured: {words}."


def alternative(frame: pl.DataFrame, what: str) -> str:
    """The chart in words."""
    return f"{what}, with 95% intervals: " + "; ".join(text.replace("\n", " ") for text in frame["label"]) + "."


# orders

STAGES = ("considered_count", "applied_count", "granted_count", "served_count", "breached_count", "enforced_count")
ENDED = ("refused_count", "withdrawn_count", "waiting_count", "unread_count")
NOW = ("live_count", "ending_count", "live_after_closing_count")


def funnel_finding(rows: pl.DataFrame, rule: SmallNumbers) -> str:
    """The stages that stalking protection orders reached."""
    held = rows.filter((pl.col("order_kind") == "stalking protection order") & pl.col("is_measured"))
    if held.is_empty():
        return "Stages of orders are not measured: orders were not supplied"
    row = held.row(0, named=True)
    if not row["considered_count"]:
        return "No stalking protection order is recorded as considered"
    steps = ("considered_count", "applied_count", "granted_count", "served_count")
    considered, applied, granted, served = (rule.suppress_count(row[step]) for step in steps)
    words = (
        f"Of {considered} stalking protection orders considered, {applied} were applied for, {granted} granted and "
        f"{served} served"
    )
    if row["breached_count"] is None:
        return f"{words}; breaches were not supplied"
    return f"{words}; {rule.suppress_count_or_none(row['breached_count'])} of them breached"


def not_granted(rows: pl.DataFrame, rule: SmallNumbers) -> str:
    """What became of stalking protection orders applied for and not granted; "" where none is, or none is known."""
    held = rows.filter((pl.col("order_kind") == "stalking protection order") & pl.col("refused_count").is_not_null())
    if held.is_empty():
        return ""
    counts = [int(held[name][0]) for name in ENDED]
    if not sum(counts):
        return "Every stalking protection order applied for was granted."
    total = rule.suppress_count(sum(counts))
    if any(rule.is_small(count) for count in counts):
        return f"Stalking protection orders applied for and not granted: {total}. {_SMALL_PART}"
    refused, withdrawn, waiting, unread = (numbers.number(count) for count in counts)
    return (
        f"Stalking protection orders applied for and not granted: {total}. Refused {refused}, withdrawn {withdrawn}, "
        f"waiting {waiting}, not known {unread}."
    )


_SMALL_PART = "How many were refused, withdrawn or wait is left out: a part is small."


def separated(rows: pl.DataFrame, rule: SmallNumbers) -> pl.DataFrame:
    """The four ends of applications, none of a kind with a small one: the others would give it away."""
    small = pl.any_horizontal(rule.find_small(pl.col(name)) for name in ENDED)
    if not rows.select(small.any()).item():
        return rows
    words = [
        pl.when(small).then(pl.lit(NOT_TOLD)).when(pl.col(name).is_null()).then(pl.lit(numbers.NO_VALUE))
        .otherwise(pl.col(name).map_elements(numbers.number, pl.String, skip_nulls=True)).alias(name)
        for name in ENDED
    ]  # fmt: skip
    return rows.with_columns(words)


def ending_finding(rows: pl.DataFrame, days: int | None) -> Runs:
    """The number of orders in force now, and of those ending soon.

    Bail with conditions is counted separately: it is not an order. `rows` are of metrics.order_funnel.
    """
    is_bail = pl.col("order_kind") == "conditional bail"
    orders = _binding(rows.filter(~is_bail), days, "Orders in force", "The number of orders in force")
    if not rows.select(is_bail.any()).item():
        return orders
    running = "The number of conditional bails in force"
    return (*orders, " ", *_binding(rows.filter(is_bail), days, "Conditional bails in force", running))


def _binding(rows: pl.DataFrame, days: int | None, name: str, what: str) -> Runs:
    held = rows.filter("is_measured")
    if held.is_empty():
        return text(f"{what} is not measured: not supplied.")
    if held["live_count"].null_count():
        return text(f"{what} is not measured: their end dates were not supplied.")
    kinds = tuple(held["order_kind"].to_list())

    def total(column: str) -> Number:
        return number(FUNNEL, column, "count", total="sum", order_kind=kinds)

    within = f" of them end within {days} days" if days else " of them end soon"
    words = text(f"{name}: ", total("live_count"), "; ", total("ending_count"), within)
    if held["live_after_closing_count"].null_count():
        return text(*words, ".")
    if not int(held["live_after_closing_count"].sum()):
        return text(*words, ", and none belongs to a closed case.")
    after = total("live_after_closing_count")
    return text(*words, ", and ", after, " belong to a closed case, so ask who monitors them.")


# case files


def gaps_finding(rows: pl.DataFrame, rule: SmallNumbers) -> str:
    """The item missing most often."""
    files = max(count or 0 for count in rows["file_count"].to_list())
    first = rows.sort("place").row(0, named=True)
    if not first["missing_count"]:
        return f"No item is missing from the files of {rule.suppress_count(files)} charged crimes"
    return (
        f"Missing most often from the files of {rule.suppress_count(files)} charged crimes: "
        f"{_lower(first['item_name'])} ({rule.suppress_count(first['missing_count'])})"
    )


def gaps_label(row: Row, rule: SmallNumbers) -> str:
    """MG5, summary of the case: 20 of 300."""
    of = rule.suppress_count(row["file_count"])
    return f"{row['item_name']}: {rule.suppress_count(row['missing_count'])} of {of}"
