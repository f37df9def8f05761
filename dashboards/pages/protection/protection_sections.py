"""The sections of the page on the protection of victims.

Measures by section, orders, and missing items of files.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from dashboards.charts import intervals
from dashboards.data.published import Copy, Missing, NotAvailable, optional
from dashboards.data.register import Reader
from dashboards.pages.protection import order_life_section, protection_charts
from dashboards.parts import figure, page
from dashboards.text import numbers
from dashboards.text.protection import protection_text
from dashboards.text.protection.protection_text import FUNNEL
from dashboards.text.small_numbers import SmallNumbers

MEASURES, GAPS = "metrics.protection_measures", "metrics.case_file_gaps"
DEFINITIONS = "reference.measures"
FORMATS = {
    **dict.fromkeys(("share", "lower", "upper"), numbers.share),
    "median": lambda hours: numbers.NO_VALUE if hours is None else numbers.decimal(hours, 1),
}
SPO = "stalking protection order"


def measures(
    copy: Copy, key: str, rows: pl.DataFrame, rule: SmallNumbers, finding: str, *, is_lead: bool = False
) -> None:
    """Draw dots with intervals, and the table under them.

    What is not measured is named and keeps its row.
    """
    frame = protection_text.shown(rows, rule)
    is_followed = (rows["kind"] == "follow-up").all()
    figure.Figure(
        key=key,
        finding=finding,
        chart=intervals.dots(
            frame, label="label", value="share", lower="lower", upper="upper", has_labels_above=True
        ),
        alt=protection_text.alternative(
            frame, "Share that happened in time" if is_followed else "Compliance with each duty"
        ),
        data=figure.Data(frame, protection_text.FOLLOWED_COLUMNS if is_followed else protection_text.COLUMNS, FORMATS),
        tables=(MEASURES,),
        period=protection_text.period(rows),
        is_lead=is_lead,
        caveats=("The axis may not begin at zero.",),
    ).draw(copy)


def section(copy: Copy, name: str, rows: pl.DataFrame, rule: SmallNumbers) -> None:
    """Draw a section's duties."""
    held = rows.filter((pl.col("section") == name) & (pl.col("kind") == "duty"))
    missing = protection_text.unmeasured(held)
    if held.filter(pl.col("status") != "not measured").is_empty():
        page.missing(NotAvailable("absent", missing or "No measures are published."), protection_text.SECTIONS[name])
        return
    if missing:
        page.note(missing)
    measures(copy, f"protection-{name}", held, rule, protection_text.finding(held, rule))
    _define(copy, held)


def _define(copy: Copy, rows: pl.DataFrame) -> None:
    """Draw how each measure is counted, and how it differs from the standard of the same facts; nothing without it."""
    known = optional(copy.select, DEFINITIONS)
    if known is None or "differs" not in known.columns:  # a copy of an earlier release
        return
    by_code = {row["measure_code"]: row for row in known.iter_rows(named=True)}
    listed = [(name, by_code[code]) for code, name in rows.select("measure_code", "measure_name").iter_rows()
              if code in by_code]  # fmt: skip
    if not listed:
        return
    shared = protection_text.shared_words([row["definition"] for _, row in listed]) if len(listed) > 1 else ""
    each = [(name, protection_text.definition(row, shared)) for name, row in listed]
    page.fold("How each is counted", [*each, *([("All of these", shared)] if shared else [])])


@page.section("later events")
def followed(copy: Copy, rows: pl.DataFrame, rule: SmallNumbers) -> None:
    """Draw later events, which are not duties of the police alone."""
    if rows.filter(pl.col("status") != "not measured").is_empty():
        reason = protection_text.unmeasured(rows) or "The measures are not published."
        raise Missing("absent", reason)
    missing = protection_text.unmeasured(rows)
    if missing:
        page.note(missing)
    measures(copy, "protection-followed", rows, rule, protection_text.followed_finding(rows, rule))
    _define(copy, rows)


@page.section("stages of orders")
def orders(copy: Copy, days: int | None, rule: SmallNumbers) -> None:
    """Draw the stages of each kind of order, and the orders in force now."""
    rows = copy.select(FUNNEL, order_by="place")
    held = rows.filter("is_measured")
    if held.is_empty():
        raise Missing("absent", "Orders (order_) and bail are not supplied.")
    page.note(Reader(copy).in_words(protection_text.ending_finding(rows, days)))
    if words := protection_text.not_granted(rows, rule):
        page.note(words)
    counts = [*protection_text.STAGES, *protection_text.NOW]
    stages = _stages(rows, copy.headings(protection_text.STAGES, FUNNEL), rule)
    figure.Figure(
        key="order-funnel",
        finding=protection_text.funnel_finding(rows, rule),
        chart=protection_charts.bars(stages, label="label", count="count", unit="stalking protection orders"),
        alt="Stalking protection orders by the stage reached: " + "; ".join(stages["label"].to_list()) + ".",
        data=figure.Data(
            rule.suppress_columns(
                protection_text.separated(held, rule).with_columns(
                    order_kind=pl.col("order_kind").map_elements(numbers.capital, pl.String)
                ),
                counts,
            ),
            ("order_kind", *protection_text.STAGES, *protection_text.ENDED, *protection_text.NOW),
        ),
        tables=(FUNNEL,),
        caveats=(f"Ending soon: within {days} days." if days else "Ending soon: days are set in the settings.",),
    ).draw(copy)
    order_life_section.changes(copy, rows, rule)


def _stages(rows: pl.DataFrame, names: Mapping[str, str], rule: SmallNumbers) -> pl.DataFrame:
    """The stages of stalking protection orders, one row each; `names` are column -> stage.

    A stage that was not supplied keeps its row.
    """
    row = rows.filter(pl.col("order_kind") == SPO).row(0, named=True)
    return pl.DataFrame(
        [
            {
                "label": f"{words}: {'not measured' if row[column] is None else rule.suppress_count(row[column])}",
                "count": _drawn(row[column], rule),
            }
            for column, words in names.items()
        ],
        schema={"label": pl.String, "count": pl.Int64},
    )


def _drawn(count: int | None, rule: SmallNumbers) -> int | None:
    """The length of a bar; None for a small count."""
    return None if count is None or rule.is_small(count) else count


@page.section("missing items of case files")
def gaps(copy: Copy, rule: SmallNumbers) -> None:
    """Draw the items missing most often from the files of charges."""
    rows = copy.select(GAPS, order_by="place", may_be_empty=True)
    if rows.is_empty():
        raise Missing(
            "empty",
            "No file of a charged crime is supplied (case_file).",
            "Put the source's files into the data folder and build again.",
        )
    labels = [protection_text.gaps_label(row, rule) for row in rows.iter_rows(named=True)]
    labelled = rows.with_columns(
        label=pl.Series(labels, dtype=pl.String),
        missing_count=pl.when(~rule.find_small(pl.col("missing_count"))).then("missing_count"),
    )
    has_shares = not any(map(rule.is_small, rows["missing_count"]))
    figure.Figure(
        key="case-file-gaps",
        finding=protection_text.gaps_finding(rows, rule),
        chart=protection_charts.bars(labelled, label="label", count="missing_count", unit="files without the item"),
        alt="Files without an item, the most frequent first: " + "; ".join(labelled["label"].to_list()) + ".",
        data=figure.Data(
            rule.suppress_columns(rows, ("missing_count", "file_count")),
            # shares would reveal a small count
            ("item_name", "missing_count", "file_count",
             *(("missing_share", "running_share") if has_shares else ()), "rule_code"),
            dict.fromkeys(("missing_share", "running_share"), numbers.share),
        ),
        tables=(GAPS,),
    ).draw(copy)
