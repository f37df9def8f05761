"""Methods: every standard with its reading, authority, dates and numbers.

Also what is counted.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl

from casework.store.database import today
from dashboards.data.published import Copy, optional
from dashboards.parts import figure, filters, page
from dashboards.text import numbers
from dashboards.text.recording import standards_text

RESULTS, SETTINGS, FACTS = "quality.rule_results", "reference.settings", "reference.field_facts"
DAYS = ("applies_from", "source_date", "review_by")
STATES = {"established": "Established", "press": "From the press", "open": "Not established"}
TOPICS = {
    "law": "Law", "orders": "Orders", "guidance": "Guidance", "strategy": "Strategy", "survey": "Survey",
    "victims_code": "Victims' Code", "commissioning": "Commissioning", "funding": "Funding",
    "performance": "Performance", "governance": "Governance", "recording": "Recording",
    "accountability": "Accountability",
}  # fmt: skip
ALL = "all"
COUNTED = {  # what is counted: subject -> in words
    "States": "A standard holds when no record examined breaches it, and is breached when at least one does, of any "
    "severity. It is not measured when the extract lacks a field or table that it needs, or any record to "
    "examine. When the check itself failed, figures that depend on it are withheld, and the page says so.",
    "Examined": "The records that a standard applies to, on the dates when it applies.",
    "Not evaluable": "A record examined that lacks the value needed. It is counted separately: neither as met nor as a "
    "breach.",
    "Records assessed": "Examined less not evaluable. They are the denominator of every share, so shares of different "
    "standards cannot be added.",
    "Change": "A control chart needs, on average, at least one breach and one record that complies a month. With "
    "fewer, no change is called: chance alone gives months without a breach.",
    "Breaches": "References only, each with its crime, incident or order. Warnings are for the force crime registrar "
    "to decide: recording is a human decision, and nothing here corrects a record.",
    "As of": "Open cases are assessed as of the day of the extract. Days and months are London days and months; hours "
    "are elapsed hours across clock changes. Exactly the limit in hours or days meets it.",
}


@page.whole("the standards")
def main() -> None:
    """Draw the page."""
    copy = page.begin(
        "How every standard is read, its authority, and the settings that a force may change.",
        by_force=False,
    )
    rules = copy.select(RESULTS, order_by="rule_code, table_name")
    rules = rules.filter(pl.col("run_ref") == rules["run_ref"].max())
    held = optional(copy.select, SETTINGS, order_by="key")
    settings = [] if held is None else held.to_dicts()
    rows = [_row(rule, settings) for rule in rules.to_dicts()]
    dated = sum(row["binding"] != "always" for row in rows)
    codes = {row["rule_code"] for row in rows}
    page.answer(
        f"{numbers.plural(len(codes), 'standard is', 'standards are')} checked against the data, {dated} of them only "
        f"between dates. A force may change {numbers.plural(len(settings), 'setting')}."
    )
    groups = standards_text.groups(codes)
    group = filters.choose("Group", {ALL: "All groups"} | groups, "group")
    shown = [row for row in rows if group in (ALL, standards_text.group_of(row["rule_code"]))]
    _draw_group(copy, shown, groups.get(group, ""))
    page.heading("What is counted")
    for subject, words in COUNTED.items():
        page.note(f"{subject}. {words}")
    _show_settings(copy)
    _show_facts(copy, today())


def _row(rule: dict[str, Any], settings: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        **{key: rule[key] for key in ("rule_code", "title", "description", "authority", "dimension", "table_name")},
        "severity": standards_text.severity(rule),
        "binding": standards_text.binding(rule),
        "parameters": standards_text.parameters(rule, settings),
        "needs": standards_text.needs(rule),
        "rule_version": rule["rule_version"],
    }


def _draw_group(copy: Copy, rows: list[dict[str, Any]], group: str) -> None:
    figure.Figure(
        key="methods",
        finding=numbers.plural(len({row["rule_code"] for row in rows}), "standard")
        + (f": {group.lower()}" if group else "")
        + ", one row for each table that it applies to",
        tables=(RESULTS,),
        data=figure.Data(
            pl.DataFrame(rows),
            (
                "rule_code",
                "title",
                "description",
                "authority",
                "severity",
                "dimension",
                {"binding": "Applies"},
                "parameters",
                "needs",
                "table_name",
                "rule_version",
            ),
        ),
        is_lead=True,
    ).draw(copy)


@page.section("the settings that a force may change")
def _show_settings(copy: Copy) -> None:
    figure.Figure(
        key="settings",
        finding="Settings that a force may change, in assets/reference/settings.csv",
        tables=(SETTINGS,),
        data=figure.Data(
            copy.select(SETTINGS, order_by="key"),
            ("key", "value", "unit", "meaning", "authority"),
            {"value": lambda v: numbers.NO_VALUE if v is None else f"{v:g}", "unit": lambda v: v or ""},
        ),
    ).draw(copy)


@page.section("law, guidance and strategy")
def _show_facts(copy: Copy, day: dt.date) -> None:
    rows = copy.select(FACTS, order_by="topic, field_fact_code").to_dicts()
    late = sum(row["review_by"] < day for row in rows)
    unknown = sum(row["state"] == "open" for row in rows)
    figure.Figure(
        key="facts",
        finding=f"{numbers.plural(len(rows), 'fact')} of law, guidance and strategy outside the force: {unknown} "
        f"not established, {late or 'none'} past the review date on {numbers.day(day)}",
        tables=(FACTS,),
        data=figure.Data(
            pl.DataFrame([row | _looked_at(row, day) for row in rows]),
            (
                {"topic": "Topic"},
                "statement",
                "state",
                "applies_from",
                "source",
                "source_date",
                "review_by",
                "address",
            ),
            row_heading="statement",
        ),
    ).draw(copy)


def _looked_at(fact: dict[str, Any], day: dt.date) -> dict[str, str]:
    """The words of a fact's row: a day in full, and that somebody should have looked at it."""
    known = {name: "none" if fact[name] is None else numbers.day(fact[name]) for name in DAYS}
    due = known["review_by"] + ("; past" if fact["review_by"] < day else "")
    return known | {
        "review_by": due, "topic": TOPICS.get(fact["topic"], fact["topic"]),
        "state": STATES.get(fact["state"], fact["state"]),
    }  # fmt: skip


main()
