"""Records to correct: those of a unit in order of work, and those corrected."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from casework.store.database import today
from dashboards.charts import across
from dashboards.charts.style import DARK, NAVY, ORANGE, PAPER, PLUM
from dashboards.data import extract
from dashboards.data.published import Copy, optional
from dashboards.pages.recording import corrections_section
from dashboards.pages.recording.compliance import Part
from dashboards.parts import extract_banner, figure, filter_bar, filters, page
from dashboards.parts.outline import Section, in_sections
from dashboards.text import numbers
from dashboards.text.recording import corrections_text, fix_list_text, standards_text
from dashboards.text.recording.fix_list_text import Runs

LIST, ENDED, RUNS, RESULTS = "metrics.fix_list", "metrics.ended_breaches", "quality.runs", "quality.rule_results"
ALL, OFF = "all", "Off the list since the last build"
LOOKS = {"at-once": (PLUM, PAPER, ""), "put-right": (NAVY, PAPER, "/"), "refer": (ORANGE, DARK, "")}
PRODUCT_CHANGED = (
    "The product changed between the two builds. An entry may be gone because a rule is read differently, not "
    "because the record was changed. So nothing here is called corrected."
)
STATUSES = {"gone": "no longer in the extract", "rule changed": "the rule changed"}


@page.whole("records to correct", "Not measured. There are no records of a force to examine.")
def main() -> None:
    """Draw the page."""
    copy = page.begin(
        "Each unit's records to check, the most urgent first. References only: open the record in its own system.",
    )
    extract_banner.sign(extract.find_extract(copy))
    _draw(copy)


@page.section("records to correct")
def _draw(copy: Copy) -> None:
    rows = fix_list_text.in_steps(copy.select(LIST, may_be_empty=True))
    held = optional(corrections_section.read_corrections)
    rows = corrections_text.with_states(rows, held or [], today(), str(copy.manifest.get("published_at")))
    head, places = st.container(), [*st.columns(3), *st.columns(3)]
    unit, group, shown = _chosen(rows, places)
    where = "All units" if unit == ALL else unit
    if held is None:
        page.missing(corrections_section.UNREAD, "what is done about the records")
    builds = optional(copy.select, RUNS)
    runs = Runs(False, False) if builds is None else fix_list_text.runs_of(builds)
    with head:
        page.answer(fix_list_text.finding(shown, where))
        page.facts(_facts(shown, optional(_ended, copy, unit, group), runs))
    if shown.is_empty():
        page.note("No record is on the list for this unit, group and action. That is a result, not missing data.")
    else:
        by_standard = fix_list_text.standards_of(shown, has_earlier_run=runs.has_earlier)
        in_sections(
            Section("What to do first", lambda: _first(copy, by_standard, shown, unit)),
            Section("What is done about them", lambda: corrections_section.draw_corrections(copy, shown, where)),
            Section("By standard", lambda: _show_standards(copy, by_standard, unit)),
            Section("By record", lambda: _show_records(copy, shown, unit, runs)),
            Section(OFF, lambda: _show_ended(copy, unit, group, runs, held or [])),
        )
        return
    page.heading(OFF)
    _show_ended(copy, unit, group, runs, held or [])


def _first(copy: Copy, by_standard: pl.DataFrame, shown: pl.DataFrame, unit: str) -> None:
    """Draw the order of work, and the units where none is chosen."""
    _show_first(by_standard)
    if unit == ALL and shown["unit_name"].n_unique() > 1:
        _show_units(copy, shown)


def _chosen(rows: pl.DataFrame, places: Sequence[DeltaGenerator]) -> tuple[str, str, pl.DataFrame]:
    """The unit, the group of rules, and the entries that the filters leave."""
    names = {name: "Unit not known" if name == "not known" else name for name in rows["unit_name"].unique().sort()}
    kept = filter_bar.kept_part("unit")
    unit = filters.choose("Unit", {ALL: "All units"} | names, "unit", default=kept, place=places[0])
    named = rows.select("rule_code", "rule_title").unique("rule_code").sort("rule_code").iter_rows()
    rules = {code: f"{code} {title}" for code, title in named}
    groups = standards_text.groups(rows["rule_code"]) | rules
    group = filters.choose("Group of rules, or rule", {ALL: "All groups"} | groups, "group", place=places[1])
    steps = {step.key: step.name for step in fix_list_text.STEPS if step.key in set(rows["step"])}
    step = filters.choose("What to do", {ALL: "Everything"} | steps, "severity", place=places[2])
    shown = rows if unit == ALL else rows.filter(pl.col("unit_name") == unit)
    shown = _of_group(shown, group)
    shown = shown if step == ALL else shown.filter(pl.col("step") == step)
    state = filters.choose("What is done about it", corrections_text.options(shown), "state", place=places[3])
    shown = corrections_text.chosen(shown, state)
    officers = {ref: ref for ref in shown["investigator_ref"].drop_nulls().unique().sort()}
    officer = filters.choose("Officer in the case", {ALL: "All officers"} | officers, "officer", place=places[4])
    shown = shown if officer == ALL else shown.filter(pl.col("investigator_ref") == officer)
    months = {str(day): numbers.month(day) for day in shown["month"].drop_nulls().unique().sort(descending=True)}
    month = filters.choose("Month", {ALL: "All months"} | months, "month", place=places[5])
    return unit, group, shown if month == ALL else shown.filter(pl.col("month").cast(pl.String) == month)


def _facts(shown: pl.DataFrame, ended: pl.DataFrame | None, runs: Runs) -> list[tuple[str, str, str]]:
    items = []
    for step in fix_list_text.STEPS:
        part = shown.filter(pl.col("step") == step.key)
        rules = numbers.plural(part["rule_code"].n_unique(), "standard")
        items.append((step.name, numbers.number(fix_list_text.record_count(part)), f"records, by {rules}; {step.why}"))
    items.append(
        (
            "All entries",
            numbers.number(shown.height),
            (
                f"on {numbers.plural(fix_list_text.record_count(shown), 'record')}, by "
                f"{numbers.plural(shown['rule_code'].n_unique(), 'standard')}: a record can breach several"
            ),
        )
    )
    if not runs.has_earlier:
        return [
            *items,
            ("Since the last build", "First build", "the next build will show what is new and what is corrected"),
        ]
    fixed = None if ended is None else ended.filter(pl.col("ended_as") == "fixed").height
    new = int(shown["is_new"].sum() or 0)
    small = f"{numbers.plural(new, 'entry is', 'entries are')} new"
    if not runs.is_same_product:
        small += "; the product also changed, so rules may be read differently"
    return [*items, (f"{numbers.capital(runs.fixed_words)} since the last build", numbers.number(fixed), small)]


def _show_first(by_standard: pl.DataFrame) -> None:
    """Draw the order of work in three lines."""
    items = []
    for number, step in enumerate((s for s in fix_list_text.STEPS if s.key in set(by_standard["step"])), start=1):
        lines = "".join(
            f"<li><b>{html.escape(count)}</b> {html.escape(words)}</li>"
            for count, words in fix_list_text.first_words(by_standard, step)
        )
        items.append(f"<div><dt>{number}. {html.escape(step.name)}</dt><dd><ul>{lines}</ul></dd></div>")
    st.html(f'<dl class="meanings">{"".join(items)}</dl>')


def _show_units(copy: Copy, shown: pl.DataFrame) -> None:
    units = fix_list_text.by_unit(shown)
    parts = [
        across.Part(s.key, s.name.lower(), *LOOKS[s.key]) for s in fix_list_text.STEPS if s.key in set(shown["step"])
    ]
    figure.Figure(
        key="fix-list-by-unit",
        tables=(LIST,),
        finding=f"{numbers.number(shown.height)} entries in {numbers.plural(units.height, 'unit')}: choose a unit "
        "for its own list",
        chart=across.stacked(units, label="unit_name", parts=parts),
        alt="Stacked bars of entries by unit. "
        + "; ".join(
            f"{row['unit_name']}: " + ", ".join(f"{row[p.column]} {p.name}" for p in parts if row[p.column])
            for row in units.iter_rows(named=True)
        )
        + ".",
        data=figure.Data(
            units,
            ("unit_name", {step.key: step.name for step in fix_list_text.STEPS}, "entries", "records"),
            links={"unit_name": lambda r: f"fix_list?{filters.query(unit=r['unit_name'])}"},
        ),
        caveats=("Units differ in work and size: a longer list does not mean worse recording.",),
    ).draw(copy)


def _show_standards(copy: Copy, by_standard: pl.DataFrame, unit: str) -> None:
    keys = copy.names(RESULTS, "rule_code, min(table_name) as table_name", where="true group by rule_code")
    part = "" if unit == ALL else Part("unit", unit).key
    figure.Figure(
        key=f"fix-list-standards{_suffix(unit)}",
        tables=(LIST,),
        finding=f"{numbers.plural(by_standard['rule_code'].n_unique(), 'standard')} to work through, in this order",
        data=figure.Data(
            by_standard,
            (
                "rule_code",
                {"record_count": "Records"},
                "rule_title",
                {"to_do": "What to do", "new_count": "New", "oldest_month": "Oldest record"},
            ),
            {
                "oldest_month": lambda month: numbers.month(month) if month else "not known",
                "new_count": lambda n: "first build" if n is None else numbers.number(n),
            },
            links={
                "rule_code": lambda r: (
                    standards_text.address(f"{r['rule_code']}@{keys[r['rule_code']]}", part)
                    if r["rule_code"] in keys
                    else None
                )
            },
        ),
        caveats=("Each rule's code links to its wording, its compliance and its records.",),
    ).draw(copy)


def _show_records(copy: Copy, shown: pl.DataFrame, unit: str, runs: Runs) -> None:
    columns = ("record_ref", {"to_do": "What to do"}, "rule_code", "reason", "unit_name",
               "investigator_ref", {"state_words": "What is done", "owner": "By", "due": "Due", "done_words": "Reason"},
               "class_code", "month", {"known": "Known since"}, "record_type")  # fmt: skip
    known = pl.col("first_seen_at").dt.date().map_elements(numbers.day, return_dtype=pl.String)
    rows = fix_list_text.in_order(shown).with_columns(
        known=pl.when(pl.col("is_new") & runs.has_earlier).then(pl.lit("new")).otherwise(known).fill_null("not known"),
        state_words=pl.col("state").replace_strict(corrections_text.STATES),
    )
    figure.Figure(
        key=f"fix-list{_suffix(unit)}",
        tables=(LIST,),
        finding=f"{'All units' if unit == ALL else unit}: {numbers.plural(rows.height, 'entry', 'entries')} on "
        f"{numbers.plural(fix_list_text.record_count(rows), 'record')}",
        data=figure.Data(
            rows,
            columns,
            {
                "month": lambda month: numbers.month(month) if month else "not known",
                "class_code": lambda code: code or "not known",
                "investigator_ref": lambda ref: ref or "not known",
                "due": lambda day: numbers.day(day) if day else "none",
            },
        ),
    ).draw(copy)


def _ended(copy: Copy, unit: str, group: str) -> pl.DataFrame:
    """The entries of the unit and group chosen that the latest build no longer found. Raises Missing."""
    rows = copy.select(ENDED, where="is_since_last_run", order_by="ended_as, rule_code, record_ref", may_be_empty=True)
    rows = rows if unit == ALL else rows.filter(pl.col("unit_name") == unit)
    return _of_group(rows, group)


def _of_group(rows: pl.DataFrame, group: str) -> pl.DataFrame:
    """The rows of a group of rules, or of one rule by its code; all of them where none is chosen."""
    code = pl.col("rule_code")
    return rows if group == ALL else rows.filter((code == group) | (code.str.split("-").list.first() == group))


@page.section("entries off the list")
def _show_ended(copy: Copy, unit: str, group: str, runs: Runs, held: Sequence[Mapping[str, Any]]) -> None:
    ended, where = _ended(copy, unit, group), "All units" if unit == ALL else unit
    ended = corrections_text.reported(ended, held)
    if not runs.has_earlier:
        page.note(
            "This is the first build here, so there is nothing to compare with. The next build shows what is off the "
            "list."
        )
        return
    if ended.is_empty():
        page.note(f"{fix_list_text.ended_finding(ended, where, runs)}.")
        return
    figure.Figure(
        key=f"put-right{_suffix('' if unit == ALL else unit)}",
        tables=(ENDED,),
        finding=fix_list_text.ended_finding(ended, where, runs),
        data=figure.Data(
            ended.with_columns(pl.col("ended_as").replace(STATUSES | {"fixed": runs.fixed_words})),
            ("ended_as", {"reported": "State before"}, "record_ref", "record_type", "rule_code", "rule_title",
             "unit_name", "first_seen_at"),
            {"first_seen_at": lambda at: numbers.day(at.date()) if at else numbers.NO_VALUE},
            row_heading="record_ref",
        ),
        caveats=() if runs.is_same_product else (PRODUCT_CHANGED,),
    ).draw(copy)


def _suffix(unit: str) -> str:
    """-invented-unit-a: the files of a unit carry its name."""
    slug = re.sub(r"[^a-z0-9]+", "-", unit.lower()).strip("-")
    return f"-{slug}" if slug and unit != ALL else ""


main()
