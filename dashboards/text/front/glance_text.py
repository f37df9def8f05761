"""The command front page and its brief: what changed, the highest risks, what is owed, what waits, what to trust.

Every figure is a reference to its published row, so that the page and the document print the same words.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import polars as pl

from dashboards.data.signals import VALUES, VERDICTS
from dashboards.text import numbers
from dashboards.text.assessment import assessment_text
from dashboards.text.breakdowns import part_name
from dashboards.text.content import Number, Runs, joined, number, text
from dashboards.text.small_numbers import SmallNumbers

MOST = 3  # lines of a block
LIKELY = 0.5  # a theme less likely than that is not named among the highest risks
DUTIES, TRUST = "are_victims_protected", "can_we_trust_our_recording"
IS_STANDARD = pl.col("measure_code").str.contains(r"^[A-Z]+-\d")  # from a rule's code: TIM-01
NOTE = (
    "A change is named where a signal of a control chart began with the latest month. Earlier signals that go on are "
    "counted as standing. A signal says that something is different, not why. Of this many measures a few give one by "
    "chance alone. Small numbers are left out."
)
NOT_KNOWN_PARTS = ("not known", "not recorded", "not graded")
SCORES, ENTRIES = "metrics.theme_scores", "core.register_entries"
SIGNALS = ("higher", "lower")


@dataclass(frozen=True)
class Point:
    """One sentence with its figures, and the address of the page that it leads to; "" where it leads nowhere."""

    runs: Runs
    address: str = ""


def changes(signals: pl.DataFrame, rule: SmallNumbers) -> list[Point]:
    """The signals that began with the latest month: the force before districts and units, worse before better.

    `signals` are rows of metrics.measure_verdicts with those of reference.measures and the month's counts. Those that
    began before are counted.
    """
    new = signals.filter("is_new")
    leading = in_order(new, rule)
    lines = [change(row) for row in leading.head(MOST).iter_rows(named=True)]
    rest = leading[MOST:]
    if rest.height:
        of_force = rest.filter(~pl.col("is_part"))
        counted = text(_count(of_force), _one_or_more(of_force, " measure of the force", " measures of the force"))
        parts = "measures of districts or units"
        has_parts = of_force.height < rest.height
        more = (*counted, *((f", and {parts}",) if has_parts else ())) if of_force.height else (parts,)
        lines.append(Point(text("Changed too: ", *more, "."), "explore"))
    standards = named(new, rule).filter(IS_STANDARD, pl.col("breakdown") == "none")
    if standards.height:
        kinds = _one_or_more(standards, " recording standard.", " recording standards.")
        lines.append(Point(text("Changed too: ", _count(standards), kinds), TRUST))
    none = Point(text("No change beyond chance began in the latest month."), "explore")
    return [*(lines or [none]), *standing(signals, rule)]


def standing(signals: pl.DataFrame, rule: SmallNumbers) -> list[Point]:
    """How many signals of the force began before the latest month and go on."""
    held = named(signals.filter(~pl.col("is_new")), rule).filter(pl.col("breakdown") == "none")
    return [Point(text("Earlier changes that continue: ", *_kinds(held), "."), "explore")] if held.height else []


def _kinds(signals: pl.DataFrame) -> Runs:
    """3 measures of the force and 4 recording standards."""
    kinds = ((signals.filter(~IS_STANDARD), " measure of the force", " measures of the force"),
             (signals.filter(IS_STANDARD), " recording standard", " recording standards"))  # fmt: skip
    said = [text(_count(rows), _one_or_more(rows, one, many)) for rows, one, many in kinds if rows.height]
    return joined(said, " and ")


def _count(signals: pl.DataFrame) -> Number:
    """The number of these signals of the whole force."""
    codes = tuple(signals["measure_code"].to_list())
    key = {"breakdown": "none", "verdict": SIGNALS, "measure_code": codes}
    return number(VERDICTS, "measure_code", "whole", total="count", **key)


def _one_or_more(rows: pl.DataFrame, one: str, many: str) -> str:
    return one if rows.height == 1 else many


def in_order(signals: pl.DataFrame, rule: SmallNumbers) -> pl.DataFrame:
    """The signals that may be named, without those of standards: the force before its parts, worse before better."""
    ordered = named(signals, rule).with_columns(is_part=pl.col("breakdown") != "none", is_better=is_better())
    return ordered.filter(~IS_STANDARD).sort("is_part", "is_better", "measure_name", "breakdown_value")


def named(signals: pl.DataFrame, rule: SmallNumbers) -> pl.DataFrame:
    """The signals that may be named: of the force, a known district or a unit, and of no small number."""
    held = signals.filter(
        ~pl.col("breakdown_value").is_in(NOT_KNOWN_PARTS), pl.col("breakdown").is_in(("none", "district", "unit"))
    )
    return held.filter(pl.Series([may_show(row, rule) for row in held.iter_rows(named=True)], dtype=pl.Boolean))


def answer(signals: pl.DataFrame | None, entries: pl.DataFrame | None, rule: SmallNumbers) -> Runs:
    """The page in one sentence: how much has changed, and how much waits. None is what could not be read."""
    changed = () if signals is None else _changed(signals, rule)
    waits = () if entries is None else _waits(entries)
    if not changed and not waits:
        return text("Neither changes nor decisions can be shown: the reasons are below.")
    first, *rest = text(*changed, *(("; ",) if changed and waits else ()), *waits, ".")
    return text(first[:1].upper() + first[1:] if isinstance(first, str) else first, *rest)


def _changed(signals: pl.DataFrame, rule: SmallNumbers) -> Runs:
    held = named(signals, rule).filter(pl.col("breakdown") == "none")
    new, old = held.filter("is_new"), held.filter(~pl.col("is_new"))
    changed = _kinds(new) if new.height else ("no measure of the force",)
    more = ("; ", _count(old), _one_or_more(old, " earlier change continues", " earlier changes continue"))
    return text(*changed, " changed by more than chance in the latest month", *(more if old.height else ()))


def _waits(entries: pl.DataFrame) -> Runs:
    if not current_of(entries).height:
        return text("no decision or action has been entered yet")
    asked, late = asked_of(entries), _late(entries)
    refs = tuple(asked["entry_ref"].to_list())
    count = number(ENTRIES, "entry_ref", "whole", total="count", register="recommendations", entry_ref=refs)
    waiting = text(count, _one_or_more(asked, " decision is waiting", " decisions are waiting"))
    key = {"is_overdue": True, "is_closed": False, "is_starter": False}
    overdue = text(", and ", number(ENTRIES, "entry_ref", "whole", total="count", **key), " overdue")
    said = waiting if asked.height else text("no decision is waiting")
    return text(*said, *(overdue if late.height else text(", and nothing is overdue")))


def _late(entries: pl.DataFrame) -> pl.DataFrame:
    """The open entries whose day has passed."""
    return current_of(entries).filter(pl.col("is_overdue").fill_null(False))


def may_show(row: Mapping[str, Any], rule: SmallNumbers) -> bool:
    """Whether the latest value reveals no small number."""
    if row["denominator"] is None:
        return not rule.is_small(row["numerator"] or 0)
    return rule.may_show_share(row["numerator"], row["denominator"])


def is_better() -> pl.Expr:
    """Whether a signal is the better way; a measure without a better way counts as worse where it is higher."""
    is_higher = pl.col("verdict") == "higher"
    return pl.when(pl.col("direction") == "higher_is_better").then(is_higher).otherwise(~is_higher)


def change(row: Mapping[str, Any]) -> Point:
    """A signal in words, with its limits, leading to its chart."""
    by, part = row["breakdown"], row["breakdown_value"]
    where = "" if by == "none" else f", {part_name(by, part)}"
    key = {name: row[name] for name in ("measure_code", "breakdown", "breakdown_value")}

    def figure(column: str, form: str = "") -> Number:
        return number(VERDICTS, column, form or _form(row["unit"]), **key)

    counted = _counted(row, row["latest_period"], "month")
    usual = (figure("expected_lower"), " to ", figure("expected_upper"))
    value, month = text(figure("latest_value"), *counted), figure("latest_period", "month")
    if row["signal"] == "beyond_limit":
        side = ", above the usual " if row["verdict"] == "higher" else ", below the usual "
        said = text(*value, " in ", month, side, *usual, f"{_way(row)}.")
    else:
        said = text(*value, ". ", month, " ", figure("signal", "signal"), " (usual: ", *usual, f"){_way(row)}.")
    chosen = {"measure": row["measure_code"], "period": "month", "by": by}
    chosen |= {} if by == "none" else {f"part_{by}": part}
    return Point(text(f"{row['measure_name']}{where}: ", *said), f"explore?{urlencode(chosen)}")


def _form(unit: str) -> str:
    """How a value in this unit is printed."""
    if numbers.is_median(unit):
        return "shortest"
    return "share" if numbers.is_share(unit) else "two_decimals" if numbers.is_rate(unit) else "whole"


def _value(row: Mapping[str, Any], column: str, form: str, period_type: str, start: dt.date) -> Number:
    """A field of the measure's value in a period."""
    key = {"measure_code": row["measure_code"], "period_type": period_type, "period_start": start}
    part = {"breakdown": row["breakdown"], "breakdown_value": row["breakdown_value"]}
    return number(VALUES, column, form, **key, **part)


def _counted(row: Mapping[str, Any], start: dt.date, period_type: str) -> Runs:
    """ (10 of 50), of a share; days (of 240), of a median."""
    if row["denominator"] is None:
        return ()
    above, below = (_value(row, name, "whole", period_type, start) for name in ("numerator", "denominator"))
    if numbers.is_median(str(row.get("unit", ""))):
        return (" days (of ", below, ")")
    return (" (", above, " of ", below, ")")


def _way(row: Mapping[str, Any]) -> str:
    """, which is worse: where one way is better."""
    if row["direction"] == "neither":
        return ""
    is_good = (row["direction"] == "higher_is_better") == (row["verdict"] == "higher")
    return f", which is {'better' if is_good else 'worse'}"


def risks(scores: pl.DataFrame) -> list[Point]:
    """The themes of highest risk by name, with the probability of being among the first three."""
    if not assessment_text.is_ranked(scores):
        return [Point(_no_ranking(scores), "the_assessment")]
    top = assessment_text.ranked(scores).sort("probability_top_3", descending=True).head(MOST)
    likely = top.filter((pl.col("probability_top_3") >= LIKELY) | (pl.int_range(pl.len()) == 0))
    return [_risk(row) for row in likely.iter_rows(named=True)]


def _risk(row: Mapping[str, Any]) -> Point:
    likely = number(SCORES, "probability_top_3", "likelihood_in_sentence", theme_code=row["theme_code"])
    said = f" to be one of the three highest risks. Confidence in the evidence: {row['confidence'].lower()}."
    return Point(text(f"{row['theme_name']}: ", likely, said), f"theme?{urlencode({'theme': row['theme_code']})}")


def _no_ranking(scores: pl.DataFrame) -> Runs:
    """Why no order is shown; the share is the same for every theme."""
    known = scores.filter(pl.col("known_pair_share").is_not_null())
    if known.is_empty():
        return text(f"{assessment_text.NO_RANKING}: no two of them have a score.")
    share = number(SCORES, "known_pair_share", "whole_share", theme_code=known["theme_code"][0])
    return text(f"{assessment_text.NO_RANKING}: the data decide the order of ", share, " of the pairs of themes.")


def duties(rows: pl.DataFrame, orders: Runs, rule: SmallNumbers) -> list[Point]:
    """The duties that are met least in the latest twelve months, and the orders in force and ending.

    `rows` are of metrics.measure_values with the measures' names: one of each duty.
    """
    shown = pl.Series([rule.may_show_share(row["numerator"], row["denominator"]) for row in rows.to_dicts()])
    held = rows.filter(shown.cast(pl.Boolean)).sort("value", "measure_code").head(MOST - 1)
    lines = [*map(_duty, held.iter_rows(named=True)), *([Point(orders, DUTIES)] if orders else [])]
    return lines or [Point(text("No duty has enough cases in the latest twelve months, or none is known."), DUTIES)]


def _duty(row: Mapping[str, Any]) -> Point:
    def figure(column: str, form: str) -> Number:
        return _value(row, column, form, "rolling_12", row["period_start"])

    first, last = (figure(column, "month") for column in ("period_start", "period_end"))
    counted = _counted(row, row["period_start"], "rolling_12")
    said = text(f"{row['measure_name']}: ", figure("value", "share"), *counted, ", ", first, " to ", last, ".")
    return Point(said, f"explore?{urlencode({'measure': row['measure_code'], 'period': 'rolling_12', 'by': 'none'})}")


def waiting(entries: pl.DataFrame) -> list[Point]:
    """What awaits a decision, the nearest due date first, then what is overdue."""
    rows = [*asked_of(entries).head(MOST).to_dicts(), *_late(entries).head(MOST - 1).to_dicts()]
    titles = {row["title"]: text(row["title"], *_due(row), ".") for row in rows}
    lines = [Point(words, "decisions_and_actions") for words in titles.values()]
    said = "Nothing that was entered awaits a decision or is overdue."
    said = said if current_of(entries).height else "No decision or action has been entered yet."
    return lines or [Point(text(said), "decisions_and_actions")]


def asked_of(entries: pl.DataFrame) -> pl.DataFrame:
    """The entries that await a decision."""
    return assessment_text.asked(entries) if entries.height else entries


def current_of(entries: pl.DataFrame) -> pl.DataFrame:
    """The open entries that somebody has made or confirmed."""
    return entries.filter(~pl.col("is_closed") & ~pl.col("is_starter")) if entries.height else entries


def _due(row: Mapping[str, Any]) -> Runs:
    if row["due_date"] is None:
        return ()
    return (", due ", number(ENTRIES, "due_date", "day", register=row["register"], entry_ref=row["entry_ref"]))


def trust(headline: Runs, withheld: list[str]) -> list[Point]:
    """Whether the figures can be trusted, and the tables that this copy should hold and does not."""
    lines = [Point(headline, TRUST)]
    names = ", ".join(withheld[:MOST]) + (" and more" if len(withheld) > MOST else "")
    return [*lines, Point(text(f"Withheld from this copy: {names}."))] if withheld else lines
