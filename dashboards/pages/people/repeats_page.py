"""Repeat and serial suspects: how many, how soon, management, use of a list."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl
import streamlit as st

from assets.methods.intervals import wilson_interval
from dashboards.charts import intervals
from dashboards.data import extract
from dashboards.data.published import Copy, NotAvailable, optional
from dashboards.data.settings import read_settings, read_small_numbers
from dashboards.pages.people import areas_section, border_section, repeats_charts, repeats_sections
from dashboards.parts import chosen_section, extract_banner, figure, filters, page
from dashboards.parts.chosen_section import Measures
from dashboards.parts.chosen_values import Words
from dashboards.parts.filter_bar import Chosen
from dashboards.parts.outline import Section, in_sections
from dashboards.text import numbers
from dashboards.text.people import repeats_text
from dashboards.text.small_numbers import TOO_FEW, SmallNumbers

SUMMARY = "metrics.repeat_summary"
INCIDENCE, WEEKS, ESCALATION = (
    "metrics.next_event_incidence",
    "metrics.next_event_weeks",
    "metrics.escalation_summary",
)
CAUSES = ("same victim", "another victim", "death")
USUAL = "365"
SECTIONS = (  # heading -> what is missing under it
    (areas_section.HEADING, areas_section.SUBJECT),
    ("How soon are suspects reported again?", "time to the next event"),
    ("Is the behaviour getting worse?", "escalation"),
    ("Managed and unmanaged", "management of repeat suspects"),
    ("Would the list help?", "back-test of the list"),
    ("Do the lenses of harm agree?", "agreement of lenses"),
)
ESCALATION_COUNTS = (
    "dyad_count", "repeat_dyad_count", "tested_count", "able_count", "rising_count", "falling_count"
)  # fmt: skip
UNCOUNTED = "Not measured. Repeat suspects could not be counted."
BY_CHOICE = Measures(
    "repeats-chosen",
    Words("measure", "measures", "Share of people", "Again in twelve months", "People", "none is published for it"),
    ("people",),
    ("repeat_suspect_12m",),
)
NO_SUSPECTS = NotAvailable(
    "absent",
    "Suspects are named only in a force's own extract, and none is loaded. Open data name no suspects.",
    "Put the force's extract (crime, party_role and any other tables) into the folder force/ of the data folder and "
    "build again.",
)


@page.whole()
def main() -> None:
    """Draw the page."""
    copy = page.begin(
        "How many suspects are repeat suspects, how soon they are reported again, and whether a ranked list would "
        "help. Force figures only: no person is named.",
    )
    of = optional(extract.find_extract, copy)
    if of is None:
        page.answer("Not measured. Open data name no suspects, so repeat suspects cannot be counted.")
        page.note(repeats_text.ADVISORY)
        for heading, subject in SECTIONS:
            page.heading(heading)
            with page.section(subject):
                extract.find_extract(copy, instead=NO_SUSPECTS)
        return
    extract_banner.sign(of)
    rule = read_small_numbers(copy)
    chosen = chosen_section.bar(copy)
    first = chosen_section.lead(copy, chosen, rule, BY_CHOICE)
    held = _answer(copy, rule, has_answer=chosen != Chosen())
    days = int(USUAL) if held is None else held
    page.note(repeats_text.ADVISORY)
    areas, soon, worse, managed, the_list, lenses = (heading for heading, _ in SECTIONS)
    in_sections(
        *first,
        *([] if held is None else [Section("How many suspects are repeat suspects?", lambda: _many(copy, days, rule))]),
        Section(areas, lambda: areas_section.draw_areas(copy, days, rule)),
        Section(soon, lambda: _how_soon(copy, rule)),
        Section(worse, lambda: _worse(copy, rule)),
        Section(managed, lambda: repeats_sections.managed(copy, days, rule)),
        Section(the_list, lambda: repeats_sections.the_list(copy, rule)),
        Section(lenses, lambda: repeats_sections.lenses(copy, days, rule)),
    )


def _answer(copy: Copy, rule: SmallNumbers, *, has_answer: bool) -> int | None:
    """Draw the answer for the window chosen; returns its days, None if nothing was counted."""
    days: int | None = None
    with page.section("repeat and serial suspects", "" if has_answer else UNCOUNTED):
        days, row = _window_chosen(copy)
        if not has_answer:
            page.answer(repeats_text.answer(row, rule))
    return days


def _window_chosen(copy: Copy) -> tuple[int, dict[str, Any]]:
    """The days of the window chosen, and its row. Raises Missing."""
    rows = copy.select(SUMMARY, order_by="window_days")
    names = {str(d): f"{numbers.capital(repeats_text.window(d))} ({d:,} days)" for d in rows["window_days"]}
    days = int(filters.choose("Window", names, "window", default=USUAL, place=st.columns(2)[0]))
    return days, rows.filter(pl.col("window_days") == days).row(0, named=True)


@page.section("repeat and serial suspects")
def _many(copy: Copy, days: int, rule: SmallNumbers) -> None:
    """Draw the window chosen beside all windows, and people who are repeat only across forces."""
    rows = copy.select(SUMMARY, order_by="window_days")
    row = rows.filter(pl.col("window_days") == days).row(0, named=True)
    if row["suspect_count"] is None:
        copy.select(INCIDENCE)  # raises why suspects are not known
    page.facts(_facts(row, rule))
    _windows(copy, rows, rule)
    border_section.draw_border(copy, days, rule)


def _facts(row: Mapping[str, Any], rule: SmallNumbers) -> list[tuple[str, str, str]]:
    total, crimes, unknown = row["suspect_count"], row["crime_count"], row["unknown_suspect_crime_count"]
    return [
        (
            "Repeat suspects",
            rule.suppress_part(row["repeat_suspect_count"], total),
            (
                f"of {rule.suppress_count(total)} suspects: "
                f"{rule.suppress_share(row['repeat_suspect_count'], total)}; they "
                f"account for {numbers.number(row['repeat_event_count'])} of {numbers.number(row['event_count'])} "
                "events"
            ),
        ),
        (
            "Serial suspects: two or more victims",
            rule.suppress_part(row["serial_suspect_count"], total),
            (
                f"of {rule.suppress_count(total)} suspects: "
                f"{rule.suppress_share(row['serial_suspect_count'], total)}"
            ),
        ),
        (
            "Crimes with no named suspect",
            numbers.share(unknown / crimes if unknown is not None else None) if rule.is_enough(crimes) else "Too few",
            f"{numbers.number(unknown)} of {numbers.number(crimes)}: no suspect is counted",
        ),
        ("Window covered", *repeats_text.whole(row)),
        ("Records of people linked", *repeats_text.linked(row, rule)),
        *repeats_text.pairs(row),
    ]


def _windows(copy: Copy, rows: pl.DataFrame, rule: SmallNumbers) -> None:
    shown = pl.DataFrame([_window(row, rule) for row in rows.iter_rows(named=True)], infer_schema_length=None)
    figure.Figure(
        key="repeat-windows",
        finding=repeats_text.windows_finding(rows, rule),
        chart=intervals.dots(shown, label="label", value="share", lower="lower", upper="upper")
        if shown["share"].null_count() < shown.height
        else None,
        alt="Repeat suspects as a share of all suspects, with 95% interval, by window: "
        + "; ".join(r["label"].replace("\n", " ") for r in shown.iter_rows(named=True))
        + ".",
        data=figure.Data(
            rule.suppress_columns(
                rule.suppress_part_column(shown, "repeats", "suspects"),
                ("suspects", "serial", "repeat_dyads", "repeat_victims", "dyads", "victims"),
            ),
            {
                "window": "Window",
                "is_whole": "Window covered",
                "suspects": "Suspects",
                "repeats": "Repeat suspects",
                "share": "Share",
                "lower": "Lower limit",
                "upper": "Upper limit",
                "serial": "Serial suspects",
                "dyads": "Dyads of suspect and victim",
                "repeat_dyads": "Dyads with two or more events",
                "victims": "Victims",
                "repeat_victims": "Victims with two or more events",
                "crimes": "Crimes",
                "unknown": "Crimes with no named suspect",
            },
            dict.fromkeys(("share", "lower", "upper"), numbers.share),
        ),
        tables=(SUMMARY,),
        is_lead=True,
        caveats=("The axis does not begin at zero. Longer windows contain the shorter ones: this is not a trend.",),
    ).draw(copy)


def _window(row: Mapping[str, Any], rule: SmallNumbers) -> dict[str, Any]:
    total, again = row["suspect_count"], row["repeat_suspect_count"]
    has_share = rule.may_show_share(again, total)
    lower, upper = wilson_interval(again, total) if has_share else (None, None)
    name = numbers.capital(repeats_text.window(row["window_days"]))
    share = again / total if has_share else None
    few = f"{rule.suppress_part(again, total)} of {rule.suppress_count(total)}" if total else "no suspect named"
    said = f"{numbers.share(share)} of {rule.suppress_count(total)}" if has_share else few
    return {
        "window": name, "is_whole": row["is_whole_window"], "suspects": total, "repeats": again, "share": share,
        "lower": lower, "upper": upper, "serial": row["serial_suspect_count"], "dyads": row["dyad_count"],
        "repeat_dyads": row["repeat_dyad_count"], "victims": row["victim_count"],
        "repeat_victims": row["repeat_victim_count"], "crimes": row["crime_count"],
        "unknown": row["unknown_suspect_crime_count"],
        "label": f"{name}{'' if row['is_whole_window'] else ' (not fully covered)'}\n{said}",
    }  # fmt: skip


@page.section("time to the next event by week")
def _how_soon(copy: Copy, rule: SmallNumbers) -> None:
    with page.section(SECTIONS[1][1]):
        rows = copy.select(INCIDENCE, order_by="day")
        causes = [c for c in CAUSES if c in set(rows["cause"].to_list())]
        page.facts(repeats_text.headline_facts(rows, rule))
        is_enough = rule.is_enough(repeats_text.followed(rows))
        rows = rule.leave_out_shares(rows, "person_count", ("incidence", "lower", "upper"))
        figure.Figure(
            key="next-event",
            finding=repeats_text.incidence_finding(rows, rule),
            chart=repeats_charts.incidence(rows, causes) if is_enough else None,
            alt="Rising curves of the share of suspects by what came first, with 95% bands: "
            + "; ".join(repeats_text.curve_words(rows, cause) for cause in causes)
            + ".",
            data=figure.Data(
                rows.sort(pl.col("cause").replace_strict(dict(zip(CAUSES, range(3))), default=3), "day"),
                ("cause", "day", "incidence", "lower", "upper", "at_risk_count", "person_count"),
                dict.fromkeys(("incidence", "lower", "upper"), numbers.share),
            ),
            tables=(INCIDENCE,),
        ).draw(copy)
    weeks = copy.select(WEEKS, order_by="week")
    shown = repeats_text.shown_weeks(weeks, rule)
    above, below = repeats_text.outside(weeks)
    hidden = int(shown["is_hidden"].sum())
    few = f"No rate is given for {numbers.plural(hidden, 'week')} with {rule.few} events, or all but that"
    figure.Figure(
        key="next-event-weeks",
        finding=repeats_text.weeks_finding(weeks),
        chart=repeats_charts.weeks(shown, rule),
        alt=f"Next events per dyad and week at risk over {numbers.plural(weeks.height, 'week')}, compared with the "
        f"band that the same events at other dates would show. Above the band: weeks {repeats_text.runs(above)}; "
        "below: weeks "
        f"{repeats_text.runs(below)}." + (f" {few}, and a cross." if hidden else ""),
        data=figure.Data(
            rule.suppress_part_column(shown, "event_count", "at_risk_count"),
            ("week", "event_count", "at_risk_count", "hazard", "permuted_median", "permuted_lower",
             "permuted_upper"),
            dict.fromkeys(("permuted_median", "permuted_lower", "permuted_upper"), numbers.share)
            | {"hazard": lambda v: TOO_FEW if v is None else numbers.share(v)},
        ),
        tables=(WEEKS,),
        caveats=(f"{few}: its cross is no zero.",) if hidden else (),
    ).draw(copy)


@page.section(SECTIONS[2][1])
def _worse(copy: Copy, rule: SmallNumbers) -> None:
    rows = copy.select(ESCALATION, order_by="measure")
    least = read_settings(copy).get("escalation.minimum_events")
    page.note(repeats_text.untested(rows.row(0, named=True), None if least is None else round(least), rule))
    figure.Figure(
        key="escalation",
        finding=repeats_text.escalation_heading(rows, rule),
        data=figure.Data(
            rule.suppress_columns(
                rows.with_columns(
                    words=pl.struct(pl.all()).map_elements(
                        lambda row: repeats_text.escalation_finding(row, rule), return_dtype=pl.String
                    ),
                    measure=pl.col("measure").map_elements(numbers.capital, return_dtype=pl.String),
                ),
                [c for c in ESCALATION_COUNTS if c in rows.columns],
            ),
            ("measure", *(name for name in ESCALATION_COUNTS if name in rows.columns), {"words": "In words"}),
        ),
        tables=(ESCALATION,),
    ).draw(copy)


main()
