"""Held to account: what victims are promised, how often it is kept to, and whether that is changing."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl
import streamlit as st

from dashboards.data import extract, regimes
from dashboards.data.published import Copy
from dashboards.data.support import held_to_account_data, support_data
from dashboards.data.support.held_to_account_data import MEASURES, PUBLIC, RELEASED, quarters
from dashboards.pages.support.held_to_account_chart import by_quarter
from dashboards.parts import extract_banner, figure, filters, page
from dashboards.text import numbers
from dashboards.text.breakdowns import BREAKDOWNS
from dashboards.text.support import held_to_account_text as words
from dashboards.text.support import recommendations_text

ACTIONS = "core.public_actions"
WHOLE = "all"
BY = ("district", "domestic_abuse")  # the breakdowns that are released


@page.whole("held to account")
def main() -> None:
    """Draw the page."""
    copy = page.begin("What victims are promised, how often it is kept to, and whether that is changing.")
    extract_banner.sign(extract.scope(copy))
    rows, held = held_to_account_data.read_figures(copy)
    found = held_to_account_data.read_findings(copy)
    page.answer(words.answer(found, len(held)))
    page.meanings([("Deserves attention", said) for said in words.findings(found)])
    plan = pl.DataFrame(
        [{k: v for k, v in row.items() if k not in ("last_row", "row_before")} for row in held],
        infer_schema_length=None,
    ).with_columns(measure=pl.format("{}. {}", "plain_name", "plain_words"))
    parts = {WHOLE: "The whole plan", **{name: name for name in plan["section"].unique(maintain_order=True)}}
    places = st.columns(2)
    part = filters.choose("Part of the plan", parts, "part", place=places[0])
    shown = plan if part == WHOLE else plan.filter(pl.col("section") == part)
    page.heading("The plan")
    _plan(copy, shown, parts[part], quarters(rows))
    _actions(copy, shown)
    _recommendations(copy, held)
    page.heading("One measure by quarter and part")
    names = dict(shown.select("measure_code", "plain_name").iter_rows())
    places = st.columns(2)
    code = filters.choose("Measure by quarter", names, "measure", place=places[0])
    held_by = set(rows["breakdown"])
    offered = {key: BREAKDOWNS[key] for key in BY if key in held_by}
    by = filters.choose("By", offered, "by", default=BY[0], place=places[1]) if offered else BY[0]
    measure = shown.row(by_predicate=pl.col("measure_code") == code, named=True)
    page.note(words.definition(measure))
    own = rows.filter(pl.col("measure_code") == code, pl.col("breakdown").is_in(("none", by)))
    _trend(copy, own, names[code], str(measure["recording_classes"]))
    _parts(copy, own, names[code], by)
    page.note(support_data.key(copy))


def _quarter(start: dt.date) -> str:
    return numbers.quarter(start)


def _plan(copy: Copy, plan: pl.DataFrame, part: str, covered: list[dt.date]) -> None:
    period = f"{_quarter(covered[0])} to {_quarter(covered[-1])}"
    figure.Figure(
        key="action-plan",
        finding=f"{part}: the latest quarter, {_quarter(covered[-1])} unless it says otherwise",
        data=figure.Data(
            plan,
            {"measure": "Measure", "latest": "Latest", "before": "A year before",
             "status": "Compared with a year before", "trend": "By quarter: % or number"},
        ),
        tables=(RELEASED, PUBLIC, MEASURES),
        period=period,
        is_lead=True,
    ).draw(copy)  # fmt: skip


@page.section("the force's own actions", heading="What the force will do")
def _actions(copy: Copy, plan: pl.DataFrame) -> None:
    rows = recommendations_text.others(copy.select(ACTIONS, order_by="due_date, title", may_be_empty=True))
    rows = rows.join(plan.select("measure_code", "plain_name", "status"), on="measure_code", suffix="_of_measure")
    if rows.is_empty():
        page.note("The force has not yet said what it will do about these measures.")
        return
    table = [
        row
        | {
            "to_change": f"{row['plain_name']} ({row['status_of_measure'].lower()})",
            "owner": row["owner"] or words.NO_OWNER,
            "state": words.state(row),
        }
        for row in rows.iter_rows(named=True)
    ]
    figure.Figure(
        key="public-actions",
        finding=words.actions(rows["is_overdue"].to_list()),
        data=figure.Data(
            pl.DataFrame(table, infer_schema_length=None),
            {"title": "Action", "to_change": "To change", "owner": "Owner", "state": "State"},
        ),
        tables=(ACTIONS,),
    ).draw(copy)


@page.section("recommendations to the force", heading=recommendations_text.TITLE)
def _recommendations(copy: Copy, plan: list[dict[str, Any]]) -> None:
    rows = recommendations_text.listed(copy.select(ACTIONS, may_be_empty=True))
    if not rows:
        page.note("The force has not yet shown a recommendation of an inspection here.")
        return
    figure.Figure(
        key="public-recommendations",
        finding=recommendations_text.finding(rows),
        data=figure.Data(recommendations_text.table(rows, plan), recommendations_text.COLUMNS),
        tables=(ACTIONS, RELEASED),
    ).draw(copy)


@page.section("the quarters of a measure")
def _trend(copy: Copy, rows: pl.DataFrame, name: str, classes: str) -> None:
    if rows.is_empty():
        page.note(f"{name}: nothing is released for any quarter.")
        return
    changes = regimes.of_measure(copy, classes)
    parts = [(words.part(by, part), part) for by, part in rows.select("breakdown", "breakdown_value").unique().rows()]
    panels = [(said, rows.filter(pl.col("breakdown_value") == part)) for said, part in sorted(parts, key=words.place)]
    unit = "crimes" if rows["denominator_text"].null_count() == rows.height else "share"
    covered = quarters(rows)
    table = pl.DataFrame(
        [{"part": said, "quarter": _quarter(row["period_start"])}
         | {column: row[column] for column in ("numerator_text", "denominator_text", "value", "lower", "upper")}
         | {"said": words.figure(row)}
         for said, held in panels for row in held.sort("period_start").iter_rows(named=True)],
        infer_schema_length=None,
    )  # fmt: skip
    shares = dict.fromkeys(("lower", "upper"), lambda share: numbers.share(share, 0))
    figure.Figure(
        key="measure-by-quarter",
        finding=f"{name}, by quarter",
        chart=by_quarter(panels, changes, unit),
        alt=f"{name}: the force and each part, {numbers.plural(len(covered), 'quarter')}. Values are below.",
        regimes=changes,
        data=figure.Data(
            table,
            ({"part": "Part", "quarter": "Quarter", "said": "Figure"},
             "numerator_text", "denominator_text", "lower", "upper"),
            formats=shares,
        ),
        tables=(RELEASED,),
        caveats=[words.SCALES] if unit == "crimes" else [],
        period=f"{_quarter(covered[0])} to {_quarter(covered[-1])}",
    ).draw(copy)  # fmt: skip


@page.section("the parts of a measure")
def _parts(copy: Copy, rows: pl.DataFrame, name: str, by: str) -> None:
    covered = quarters(rows)
    table = [
        {"part": words.part(breakdown, part)}
        | {str(row["period_start"]): words.figure(row) for row in held.iter_rows(named=True)}
        for (breakdown, part), held in rows.sort("breakdown", "breakdown_value").group_by(
            "breakdown", "breakdown_value", maintain_order=True
        )
    ]
    table.sort(key=lambda row: words.place((row["part"], "")))
    figure.Figure(
        key=f"{by}-by-quarter",
        finding=f"{name}, by {BREAKDOWNS[by].lower()} and quarter",
        data=figure.Data(
            pl.DataFrame(table, infer_schema_length=None),
            {"part": BREAKDOWNS[by], **{str(q): _quarter(q) for q in covered}},
        ),
        tables=(RELEASED,),
        period=f"{_quarter(covered[0])} to {_quarter(covered[-1])}" if covered else "",
    ).draw(copy)


main()
