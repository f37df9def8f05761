"""One person: reasons for the rank, certainty, links, and present management."""

from __future__ import annotations

import html

import polars as pl
import streamlit as st

from dashboards.charts import across
from dashboards.data.published import Copy, optional
from dashboards.pages.people import suspects_data, suspects_text
from dashboards.pages.people.suspects_data import DYADS, ESCALATION, SUSPECTS, TIMELINE, Setting
from dashboards.parts import figure, filters, page
from dashboards.text import numbers

OF_DYADS = "dyad_ref in (select unnest(string_split($refs, chr(31))))"
LONGEST_REF = 80  # characters of a reference that a message repeats


@page.section("this person")
def draw_person(copy: Copy, setting: Setting, windows: list[int], ref: str) -> None:
    """Draw the view of one reference."""
    head, places = st.container(), st.columns(3)
    rows = copy.select(SUSPECTS, where="person_ref = $ref", ref=ref, order_by="window_days", may_be_empty=True)
    back(window=st.query_params.get("window", "730"))
    if rows.is_empty():
        with head:
            _say_unknown(copy, ref)
        return
    words = {str(d): numbers.capital(suspects_text.window(d)) for d in windows}
    days = int(filters.choose("Window", words, "window", default="730", place=places[0]))
    here = suspects_data.with_management(copy, rows.filter(pl.col("window_days") == days), days)
    with head:
        page.answer(_answer(ref, here, days, setting))
        page.note(suspects_text.ADVISORY)
    if not here.is_empty():
        _show_place(copy, setting, here, days)
    _show_windows(copy, rows)
    _show_dyads(copy, ref, days)
    _show_management(setting, here)
    _show_linkage(rows.row(-1, named=True) if here.is_empty() else here.row(0, named=True))
    page.heading("If this is wrong")
    page.note(suspects_text.CHALLENGE)


def back(**chosen: str) -> None:
    """Draw the link back to the list."""
    st.html(f'<p class="back"><a href="{html.escape(suspects_text.address(**chosen), quote=True)}">The list</a></p>')


def _say_unknown(copy: Copy, ref: str) -> None:
    page.answer(f"No suspect with the reference “{ref[:LONGEST_REF]}” is named in an event that counts now.")
    page.note(
        "The reference may be mistyped, or its reports may be older than the longest window. A later build may also "
        "have linked the records differently."
    )
    moved = optional(
        copy.select,
        suspects_data.CHANGES, columns="change, other_ref", where="person_ref = $ref", ref=ref,
        order_by="run_number desc, other_ref", limit=1, may_be_empty=True,
    )  # fmt: skip
    if moved is not None and moved.height:
        change, other = moved.row(0)
        address = html.escape(suspects_text.address(person=other), quote=True)
        st.html(f'<p class="note">It was {html.escape(change)} <a href="{address}">{html.escape(other)}</a>.</p>')


def _answer(ref: str, here: pl.DataFrame, days: int, setting: Setting) -> str:
    if here.is_empty():
        return f"{ref} has no event in {_period(days, setting)}: choose a longer window."
    row = here.row(0, named=True)
    events = numbers.plural(row["event_count"], "event")
    crimes = numbers.plural(row["crime_count"], "crime")
    victims = numbers.plural(row["victim_count"], "victim") if row["victim_count"] else "no victim on record"
    return (
        f"{ref} is suspected in {events} ({crimes} as recorded) with {victims} in {_period(days, setting)}. "
        f"Linkage: {row['linkage_mark']}."
    )


def _period(days: int, setting: Setting) -> str:
    return f"the {'year' if days == 365 else suspects_text.window(days)} to {setting.as_of_words}"


def _show_place(copy: Copy, setting: Setting, here: pl.DataFrame, days: int) -> None:
    row = here.row(0, named=True)
    parts = suspects_text.components(row, setting.settings)
    page.heading("Why this rank?")
    page.facts(
        [
            (
                "Score, 0 to 100",
                "no score" if row["rfgv_score"] is None else numbers.decimal(row["rfgv_score"], 1),
                suspects_text.why_no_score(row, setting.lens) or f"linkage: {row['linkage_mark']}",
            ),
            *(
                (name, suspects_text.component(row[column]), "0 to 1")
                for column, (name, _) in suspects_text.COMPONENTS.items()
            ),
        ]
    )
    figure.Figure(
        key="person-components",
        tables=(SUSPECTS,),
        finding=suspects_text.place_finding(row, parts, setting.lens),
        chart=across.bars(
            parts.with_columns(pl.col("value").fill_null(0.0)), label="component", value="value", words="words"
        ),
        alt="Bars of the four components of the score, 0 to 1: "
        + "; ".join(f"{r['component']} {r['words']}" for r in parts.iter_rows(named=True))
        + f". Linkage: {row['linkage_mark']}.",
        data=figure.Data(
            parts,
            (
                "component",
                {"value": "Value, 0 to 1"},
                "weight",
                {"points": "Points of the score", "says": "What it measures"},
            ),
            {
                "value": suspects_text.component,
                "points": lambda v: "not known" if v is None else numbers.decimal(v, 1),
                "weight": lambda v: "not published" if v is None else numbers.share(v, 0),
            },
        ),
        period=_period(days, setting).removeprefix("the "),
        caveats=[c for c in (suspects_text.harms(row, setting.lens), suspects_text.scale(setting.settings)) if c],
    ).draw(copy)
    if setting.points.is_loaded:
        _show_points(copy, setting, row)


def _show_points(copy: Copy, setting: Setting, row: suspects_text.Row) -> None:
    """Draw the sum by the force's own points table, always with its parts."""
    rank = "no rank" if row["banded_rank"] is None else f"rank {numbers.number(row['banded_rank'])} by points"
    page.facts(
        [
            (name, suspects_text.points(row[column]), rank if column == "banded_score" else "by the force's own table")
            for column, name in copy.headings(suspects_text.BANDED, SUSPECTS).items()
            if column != "banded_rank"
        ]
    )
    page.note(f"{setting.points.words} Linkage: {row['linkage_mark']}.")


def _show_windows(copy: Copy, rows: pl.DataFrame) -> None:
    page.heading("Events by window")
    shown = rows.with_columns(
        window=pl.col("window_days").map_elements(
            lambda d: numbers.capital(suspects_text.window(d)), return_dtype=pl.String
        )
    )
    figure.Figure(
        key="person-windows",
        tables=(SUSPECTS,),
        finding=f"{numbers.plural(rows['event_count'].to_list()[-1], 'event')} in the longest window",
        data=figure.Data(
            shown,
            (
                "window",
                "event_count",
                "crime_count",
                {"victim_count": "Number of victims"},
                "rfgv_score",
                {column: name for column, (name, _) in suspects_text.COMPONENTS.items()},
                "linkage_mark",
                "last_reported_at",
            ),
            {
                "rfgv_score": lambda v: "no score" if v is None else numbers.decimal(v, 1),
                **dict.fromkeys(suspects_text.COMPONENTS, suspects_text.component),
            },
        ),
        caveats=("A score compares suspects within one window: do not compare two windows.",),
    ).draw(copy)


@page.section("the victims of these events", heading="Victims")
def _show_dyads(copy: Copy, ref: str, days: int) -> None:
    dyads = copy.select(
        DYADS, where="suspect_ref = $ref and window_days = $days", ref=ref, days=days,
        order_by="event_count desc, last_reported_at desc, dyad_ref", may_be_empty=True,
    )  # fmt: skip
    if dyads.is_empty():
        page.note("No event in this window has a victim on the record.")
    else:
        said = [("not measured", "not measured")] * dyads.height
        with page.section("tests of escalation"):
            tests = copy.select(ESCALATION, may_be_empty=True, where=OF_DYADS, refs="\x1f".join(dyads["dyad_ref"]))
            said = [suspects_text.changes(tests, dyad) for dyad in dyads["dyad_ref"]]
        shown = dyads.with_columns(
            frequency=pl.Series([f for f, _ in said], dtype=pl.String),
            severity=pl.Series([s for _, s in said], dtype=pl.String),
        )
        figure.Figure(
            key="person-dyads",
            tables=(DYADS, ESCALATION),
            finding=f"{numbers.plural(dyads.height, 'victim')}: "
            f"{numbers.number(int(dyads['is_repeat'].sum()))} with two or more events",
            data=figure.Data(
                shown,
                (
                    "victim_ref",
                    "event_count",
                    "crime_count",
                    "first_event_at",
                    "last_reported_at",
                    {
                        "frequency": "Frequency over time",
                        "severity": "Severity over time",
                        "dyad_ref": "Dyad",
                    },
                ),
                links={
                    name: lambda r: suspects_text.address(dyad=r["dyad_ref"], window=str(days))
                    for name in ("victim_ref", "dyad_ref")
                },
            ),
            caveats=("Select a victim to see the timeline of the two. Tests use all events, in every window.",),
        ).draw(copy)
    alone = optional(
        copy.select,
        TIMELINE, columns="dyad_ref, record_ref", may_be_empty=True, order_by="entry_at, record_ref", ref=ref,
        where="person_ref = $ref and victim_ref is null and entry_type = 'report'",
    )  # fmt: skip
    if alone is not None and alone.height:
        links = ", ".join(
            f'<a href="{html.escape(suspects_text.address(dyad=dyad), quote=True)}">{html.escape(crime)}</a>'
            for dyad, crime in alone.head(20).iter_rows()
        )
        st.html(
            f'<p class="note">{numbers.plural(alone.height, "report")} without a victim on the record, in all years: '
            f"{links}.</p>"
        )


def _show_management(setting: Setting, here: pl.DataFrame) -> None:
    page.heading("How is this person managed?")
    if here.is_empty():
        page.note("Not compared: no event in this window.")
        return
    row = here.row(0, named=True)
    if row["is_managed"] is None:
        page.note("Not compared: management is checked for repeat and serial suspects of the window only.")
        return
    measured = setting.measured
    page.facts(
        [
            ("Orders in force", _count(row["order_count"], measured.orders), "on this person"),
            ("Bail", _count(row["bail_count"], measured.bail), "not ended"),
            (
                "Programmes",
                str(row["programmes"]) if row["programmes"] else _count(row["programme_count"], measured.programmes),
                "adopted and not ended",
            ),
        ]
    )


def _count(count: int, is_measured: bool | None) -> str:
    return numbers.number(count) if is_measured or count else "not measured"


def _show_linkage(row: suspects_text.Row) -> None:
    page.heading("Are these records one person?")
    confidence = row["linkage_confidence"]
    page.note(
        f"Linkage: {row['linkage_mark']}. {suspects_text.LINKAGE.get(row['linkage_mark'], '')}"
        + (f" Probability: {numbers.decimal(confidence, 3)}." if confidence is not None else "")
    )
    if row["linkage_mark"] == "doubtful":
        st.html('<p class="note"><a href="review_links?links=read">Review links: read the uncertain pairs</a></p>')
