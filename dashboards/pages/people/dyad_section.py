"""A suspect and a victim over time, for the case file.

It shows references, dates and codes only.
"""

from __future__ import annotations

import html
import re

import polars as pl
import streamlit as st

from dashboards.charts.breaks import regimes_of
from dashboards.data import regimes
from dashboards.data.published import Copy
from dashboards.pages.people import person_section, suspects_text, timeline_chart
from dashboards.pages.people.suspects_data import ESCALATION, SUSPECTS, TIMELINE, Setting
from dashboards.parts import figure, page
from dashboards.text import numbers

LABELS = "Where labels would overlap, only the first is shown; the table has them all."
CASE_FILE = (
    "For the case file: the downloads have references, dates and codes only. Check each record in its own system "
    "before you rely on it."
)
GRADES = "Risk assessments: an open diamond is standard, a full diamond medium, a star high."


@page.section("the timeline of suspect and victim")
def draw_dyad(copy: Copy, setting: Setting, ref: str) -> None:
    """Draw the view of one dyad."""
    if TIMELINE not in copy.tables:
        person_section.back()
    entries = copy.select(TIMELINE, where="dyad_ref = $ref", ref=ref, may_be_empty=True)
    if entries.is_empty():
        page.answer(
            f"No suspect and victim have the reference “{ref[: person_section.LONGEST_REF]}” in reports that count now."
        )
        page.note("The reference may be mistyped, or a later build may have linked the records differently.")
        person_section.back()
        return
    entries = timeline_chart.with_words(entries)
    first = entries.row(0, named=True)
    page.answer(_answer(entries, first))
    page.note(suspects_text.ADVISORY)
    whose = html.escape(
        suspects_text.address(person=first["person_ref"], window=st.query_params.get("window", "730")), quote=True
    )
    st.html(f'<p class="back"><a href="{whose}">The suspect, {html.escape(first["person_ref"])}</a></p>')
    _say_linkage(copy, first["person_ref"])
    _show_changes(copy, ref, has_victim=first["victim_ref"] is not None)
    _show_timeline(copy, setting, entries, ref)
    page.heading("If this is wrong")
    page.note(suspects_text.CHALLENGE)


def _answer(entries: pl.DataFrame, first: suspects_text.Row) -> str:
    counts = dict(entries["entry_type"].value_counts().iter_rows())
    reports = entries.filter(pl.col("entry_type") == "report")
    events = reports["event_number"].n_unique()
    start, end = reports["entry_at"].min(), reports["entry_at"].max()
    victim = f"victim {first['victim_ref']}" if first["victim_ref"] is not None else "no victim on the record"
    more = [
        numbers.plural(counts[kind], one, many)
        for kind, one, many in (
            ("order granted", "order granted", "orders granted"),
            ("order breach", "breach", "breaches"),
            ("arrest", "arrest", "arrests"),
        )
        if counts.get(kind)
    ]
    said = f"; {numbers.listed(more)}" if more else ""
    when = f"{numbers.day(start.date())} to {numbers.day(end.date())}"  # type: ignore[union-attr]
    return (
        f"Suspect {first['person_ref']}, {victim}: {numbers.plural(events, 'event')} in "
        f"{numbers.plural(reports.height, 'report')}, {when}{said}."
    )


def _say_linkage(copy: Copy, ref: str) -> None:
    """Draw whether the suspect's records belong to one person.

    The victim's linkage mark is not published.
    """
    marks = copy.select(SUSPECTS, columns="linkage_mark", where="person_ref = $ref", ref=ref, limit=1)
    if marks.height:
        mark = marks.item(0, 0)
        page.note(f"Linkage of the suspect's records: {mark}. {suspects_text.LINKAGE.get(mark, '')}")


@page.section("the tests of escalation", heading="Is the behaviour getting worse?")
def _show_changes(copy: Copy, ref: str, *, has_victim: bool) -> None:
    tests = copy.select(ESCALATION, where="dyad_ref = $ref", ref=ref, may_be_empty=True)
    if not has_victim:
        page.note("Not tested: no victim is on the record, so repeat reports of the same two people cannot be found.")
        return
    frequency, severity = suspects_text.changes(tests, ref)
    page.facts(
        [
            ("Frequency", numbers.capital(frequency), "whether events come closer together or further apart"),
            ("Severity", numbers.capital(severity), "behavioural severity, from the text of records"),
        ]
    )
    page.note(
        "No change beyond chance does not prove that nothing is changing. With few events, only a strong trend can be "
        "found."
    )


def _show_timeline(copy: Copy, setting: Setting, entries: pl.DataFrame, ref: str) -> None:
    page.heading("Timeline of the records")
    bearing = None
    with page.section("the chart of the timeline"):
        bearing = regimes_of(regimes.read_regimes(copy), source="crime", codes={"S&H", "8L", "8Q"})
    period, later = timeline_chart.period_of(entries)
    figure.Figure(
        key=f"timeline-{re.sub(r'[^a-z0-9]+', '-', ref.lower()).strip('-')[:40] or 'dyad'}",
        tables=(TIMELINE,),
        finding=f"{numbers.plural(entries.height, 'entry', 'entries')} from {period}{later}",
        chart=None if bearing is None else timeline_chart.chart(entries, bearing, setting.as_of),
        regimes=bearing,
        alt=timeline_chart.in_words(entries),
        data=figure.Data(
            entries,
            (
                "entry_at",
                "entry_type",
                "words",
                {"record_ref": "Record"},
                "event_number",
                {"person_ref": "Suspect"},
                "victim_ref",
            ),
            {
                "event_number": lambda n: "none" if n is None else f"{n}",
                "victim_ref": lambda v: v or "none on the record",
            },
        ),
        period=period,
        caveats=(CASE_FILE, GRADES, LABELS),
    ).draw(copy)
