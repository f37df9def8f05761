"""The sections of the pages The assessment, Theme and What we cannot see."""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st

from dashboards import figure, filters, page, wording
from dashboards.assessment import drawing, reading, saying
from dashboards.breaks import crossed, regimes_of
from dashboards.published import Copy
from dashboards.table import html_table

THEME_PAGE = "theme"
WORTH = (
    "Worth is the expected gain in the risk of the three themes put at the top, if this one thing were known (expected "
    "value of partial perfect information)."
)


def _to_theme(row: Any) -> str | None:
    return f"{THEME_PAGE}?{filters.query(theme=str(row['theme_code']))}"


def matrix(copy: Copy, scores: pl.DataFrame) -> None:
    """Harm against likelihood, with all that stands beside it."""
    shown = scores.with_columns(
        place_words=pl.Series([saying.place(r) for r in scores.iter_rows(named=True)]),
        risk_words=pl.Series([saying.risk(r) for r in scores.iter_rows(named=True)]),
        override_words=pl.Series([saying.override_words(r) for r in scores.iter_rows(named=True)]),
        measured=pl.format("{} measured, {} judged of {}", "measured_count", "judged_count", "part_count"),
        grade=pl.Series([saying.grade(r) for r in scores.iter_rows(named=True)]),
    )
    figure.show(
        copy,
        figure.Figure(
            key="assessment-matrix",
            finding=saying.matrix_finding(scores),
            chart=drawing.matrix(scores),
            alt=saying.matrix_alt(scores),
            data=figure.Data(
                shown,
                {"theme_code": "Code", "theme_name": "Theme", "band": "Band", "harm": "Harm",
                 "likelihood": "Likelihood", "risk_words": "Risk (90 % interval)",
                 "place_words": "Place (90 % interval)",
                 "grade": "Organisational position", "priority": "Priority", "confidence": "Confidence",
                 "override_words": "Overrides", "measured": "Parts known"},
                {**dict.fromkeys(("harm", "likelihood", "priority"), lambda v: wording.decimal(v, 1)),
                 },
                row_heading="theme_name",
                links={"theme_name": _to_theme},
            ),
            tables=(reading.SCORES,),
            caveats=("A hollow mark has low confidence. Dotted lines join equal risk.", saying.INFORMED),
            is_lead=True,
        ),
    )  # fmt: skip


def places(copy: Copy, scores: pl.DataFrame, pairs: pl.DataFrame) -> None:
    """Places with their intervals, automatic and in force, and which order is not known."""
    order = saying.ranked(scores)
    if order.is_empty():
        return
    page.heading("Is the order known?")
    shown = order.with_columns(
        untold=pl.Series([saying.not_told_from(code, pairs) for code in order["theme_code"]]),
        override_words=pl.Series([saying.override_words(r) for r in order.iter_rows(named=True)]),
    )
    figure.show(
        copy,
        figure.Figure(
            key="assessment-places",
            finding=saying.places_finding(order, pairs),
            chart=drawing.places(order),
            alt=saying.places_alt(order),
            data=figure.Data(
                shown,
                {"theme_name": "Theme", "rank": "Place", "rank_low": "From place (90 % interval)",
                 "rank_high": "To place", "probability_top_3": "Among the first three",
                 "automatic_rank": "Place by itself", "override_words": "Overrides",
                 "rank_with_confidence": "Place if confidence weighed likelihood",
                 "untold": "Not distinguishable from"},
                {"probability_top_3": lambda v: wording.share(v, 0)},
                row_heading="theme_name",
            ),
            tables=(reading.SCORES, reading.PAIRS),
            caveats=(saying.NOT_KNOWN,),
            has_card_caveats=False,
        ),
    )  # fmt: skip


def changes(copy: Copy, scores: pl.DataFrame) -> None:
    """Signals that are real, and places beside the last assessment issued."""
    page.heading("What changed that is not noise?")
    verdicts = reading.rows(copy, reading.VERDICTS)
    found = saying.real_changes(scores, verdicts)
    for _, words in found:
        page.note(words)
    page.note(saying.by_chance(verdicts) if found else f"Nothing beyond chance. {saying.by_chance(verdicts)}")
    last = reading.rows(copy, reading.CHANGES)
    if last.is_empty():
        page.note("No earlier assessment was issued to hold this one against.")
        return
    shown = scores.join(last, on="theme_code").with_columns(pl.col("change").replace_strict(saying.CHANGES))
    row = shown.row(0, named=True)
    figure.show(
        copy,
        figure.Figure(
            key="assessment-changes",
            finding=f"Places beside {row['last_title']}, as of {wording.day(row['last_as_of_date'])}",
            data=figure.Data(
                shown,
                {"theme_name": "Theme", "rank": "Place now", "rank_low": "From", "rank_high": "To",
                 "last_rank": "Place then", "last_rank_low": "From, then", "last_rank_high": "To, then",
                 "change": "Change"},
                row_heading="theme_name",
            ),
            tables=(reading.CHANGES,),
        ),
    )  # fmt: skip


def decisions(copy: Copy, entries: pl.DataFrame) -> None:
    """What is to be decided: action, owner, due, cost."""
    page.heading("What is to be decided?")
    if entries.is_empty():
        page.note("No decision is waiting in the registers.")
        return
    asked = saying.asked(entries)
    if asked.is_empty():
        page.note("No decision is waiting in the registers. They stand on the page Decisions and actions.")
        return
    figure.show(
        copy,
        figure.Figure(
            key="assessment-decisions",
            finding=f"{wording.plural(asked.height, 'decision')} waiting",
            data=figure.Data(
                asked.with_columns(cost=pl.col("fields").str.json_path_match("$.cost").fill_null("not given")),
                {"decision": "Decision asked for", "title": "What it is about", "cost": "Cost",
                 "owner": "Owner", "due_date": "By when", "theme_code": "Theme"},
                {"owner": lambda v: v or "nobody yet", "due_date": lambda v: wording.day(v) if v else "no date",
                 "theme_code": lambda v: v or "several"},
                row_heading="decision",
            ),
            tables=(reading.ENTRIES,),
        ),
    )  # fmt: skip


def months(copy: Copy, row: dict[str, Any]) -> None:
    """The control chart of a theme, or why none is drawn."""
    page.heading("Is it changing?")
    points = reading.rows(copy, reading.MONTHS, "month", theme_code=row["theme_code"])
    regimes = reading.rows(copy, reading.REGIMES)
    if points.is_empty() or regimes.is_empty():
        page.note(
            "No line is drawn: months of one to four crimes are not shown to this audience, and a theme that counts "
            "crimes of others is known for a year alone."
        )
        return
    themes = reading.rows(copy, "reference.themes", theme_code=row["theme_code"])
    code = str(themes["break_class"][0]) if themes.height else "all"
    bearing = regimes_of(regimes.filter("moves_counts"), source="crime", codes={code})
    chart = drawing.months(points, bearing)
    counts = [int(count) for count in points["crime_count"].to_list()]
    signals = points.filter(pl.col("signal").fill_null("") != "").height
    figure.show(
        copy,
        figure.Figure(
            key="theme-months",
            finding=f"{row['theme_name']}: {wording.plural(signals, 'month')} of {points.height} beyond chance",
            chart=chart,
            alt=f"Crimes by month from {wording.month(points['month'][0])} to {wording.month(points['month'][-1])}, "
            f"between {wording.number(min(counts))} and {wording.number(max(counts))}; "
            f"changes of recording marked: {len(crossed(chart, bearing))}.",
            data=figure.Data(
                points,
                {"month": "Month", "crime_count": "Crimes", "centre_line": "Average", "lower_limit": "Lower limit",
                 "upper_limit": "Upper limit", "signal": "Signal"},
                {"month": wording.month, "signal": lambda v: wording.SIGNALS.get(v or "", "none"),
                 **dict.fromkeys(("centre_line", "lower_limit", "upper_limit"), lambda v: wording.decimal(v, 1))},
                row_heading="month",
            ),
            tables=(reading.MONTHS,),
            regimes=bearing,
        ),
    )  # fmt: skip


SECTIONS = {
    "scale": "Scale", "victims": "Victims", "suspects": "Suspects", "relationship": "Relationship",
    "place": "Place and online", "harm": "Harm", "outcomes": "Outcomes", "response": "Response", "forecast": "Forecast",
}  # fmt: skip


def facts(copy: Copy, row: dict[str, Any], held: pl.DataFrame) -> None:
    """All that is known of a theme: scale, victims, suspects, harm, outcomes, forecast, response."""
    page.heading("What is known of it?")
    measured = held.filter(pl.col("value").is_not_null()).height
    shown = held.with_columns(
        section=pl.col("section").replace_strict(SECTIONS),
        said=pl.Series([saying.value(r) for r in held.iter_rows(named=True)]),
        of=pl.Series([_of(r) for r in held.iter_rows(named=True)]),
    )
    figure.show(
        copy,
        figure.Figure(
            key="theme-facts",
            finding=f"{measured} of {held.height} facts are known of {wording.lowered(row['theme_name'])}",
            data=figure.Data(
                shown,
                {"section": "Section", "label": "Fact", "said": "Value (95 % interval)", "of": "Of", "period": "When",
                 "note": "Note"},
                {"note": lambda v: v or "none"},
                row_heading="label",
            ),
            tables=(reading.FACTS,),
        ),
    )  # fmt: skip


def _of(row: dict[str, Any]) -> str:
    if row["denominator"] is None:
        return "a count" if row["value"] is not None and row["unit"] not in ("share", "per 1,000") else "not told"
    return f"{wording.number(row['numerator'])} of {wording.number(row['denominator'])}"


def parts(copy: Copy, row: dict[str, Any]) -> None:
    """How the score is made: each part with what it rests on."""
    page.heading("How is it scored?")
    held = reading.rows(copy, reading.PARTS, "place", theme_code=row["theme_code"])
    if held.is_empty():
        return
    shown = held.with_columns(
        pl.col("dimension").str.to_titlecase(),
        scored=pl.Series([saying.part_score(r) for r in held.iter_rows(named=True)]),
        said=pl.Series(
            [
                "judged" if r["basis"] == "entered" else r["note"] if r["unit"] == "" and r["note"] else saying.value(r)
                for r in held.iter_rows(named=True)
            ]
        ),
    )
    figure.show(
        copy,
        figure.Figure(
            key="theme-parts",
            finding=f"Harm {row['harm']:.0f}, likelihood {row['likelihood']:.0f}: risk {saying.risk(row)}",
            data=figure.Data(
                shown,
                {"dimension": "Dimension", "part_name": "Part", "scored": "Score, 0 to 4", "points": "Points",
                 "weight": "Weight", "said": "Value (95 % interval)", "indicator": "What is measured", "note": "Note"},
                {"note": lambda v: v or "none", "points": lambda v: wording.decimal(v, 0)},
                row_heading="part_name",
            ),
            tables=(reading.PARTS,),
        ),
    )  # fmt: skip
    _confidence(copy, row)


def _confidence(copy: Copy, row: dict[str, Any]) -> None:
    held = reading.rows(copy, reading.CONFIDENCE, "place", theme_code=row["theme_code"])
    if held.is_empty():
        return
    low = held.filter(pl.col("grade").is_in(["Low", "not measured"])).height
    figure.show(
        copy,
        figure.Figure(
            key="theme-confidence",
            finding=f"Confidence is {row['confidence']}: {low} of {held.height} components are low or not measured",
            data=figure.Data(
                held.with_columns(
                    said=pl.Series([_component(r["component_code"], r["value"]) for r in held.iter_rows(named=True)])
                ),
                {"component_name": "What is looked at", "said": "Value", "grade": "Grade"},
                row_heading="component_name",
            ),
            tables=(reading.CONFIDENCE,),
        ),
    )


def _component(code: str, value: float | None) -> str:
    if value is None:
        return "not measured"
    return (
        wording.number(value)
        if code in ("independent_sources", "months_since_break", "days_since_last_crime")
        else (wording.share(value))
    )


def gaps(copy: Copy, held: pl.DataFrame, names: dict[str, str], *, is_of_all: bool = False) -> None:
    """What is not known, the gap that would change the order most first."""
    if held.is_empty():
        page.note("No gap is listed.")
        return
    named = held.with_columns(
        theme=pl.col("theme_code").replace_strict(names, default=pl.col("theme_code")),
        label=pl.col("theme_code") + " " + pl.col("gap").str.split(". ").list.first().str.split(":").list.first(),
        said=pl.col("kind").replace_strict(saying.KINDS),
    )
    dear = named.filter(pl.col("information_value").fill_null(0) >= 0.005).head(12)
    first = dear.row(0, named=True) if dear.height else None
    figure.show(
        copy,
        figure.Figure(
            key="assessment-gaps",
            finding=(
                "No single gap would change which themes stand at the top"
                if first is None
                else f"Knowing {first['theme']}: {first['gap'].split(':')[0].lower()} would change the order most"
            ),
            chart=drawing.worth(dear) if dear.height else None,
            alt="Worth of knowing each gap in points of risk: "
            + "; ".join(f"{r['label']} {r['information_value']:.2f}" for r in dear.iter_rows(named=True)) + ".",
            data=figure.Data(
                named,
                {**({"theme": "Theme"} if is_of_all else {}), "gap": "What is not known", "said": "Kind",
                 "information_value": "Worth, points of risk", "expected_move": "Places it would move the theme",
                 "note": "Note"},
                {"note": lambda v: v or "none", **dict.fromkeys(("information_value", "expected_move"), _worth)},
                row_heading="gap",
            ),
            tables=(reading.GAPS,),
            caveats=(WORTH,),
            is_lead=is_of_all,
        ),
    )  # fmt: skip


def _worth(value: float | None) -> str:
    return "not worked out" if value is None else wording.decimal(value)


def entries_of(copy: Copy, theme_code: str) -> None:
    """What the registers hold of a theme."""
    page.heading("What is being done?")
    held = reading.rows(copy, reading.ENTRIES, "register, entry_ref", theme_code=theme_code)
    current = held.filter(~pl.col("is_closed")) if held.height else held
    if current.is_empty():
        page.note("The registers hold no open entry of this theme.")
        return
    st.html(
        html_table(
            current,
            {"title": "Entry", "register": "Register", "owner": "Owner", "due_date": "Due", "status": "State"},
            caption="Open entries of the registers",
            formats={
                "owner": lambda v: v or "nobody yet",
                "due_date": lambda v: wording.day(v) if v else "no date",
                "register": wording.readable,
                "status": wording.readable,
            },
            row_heading="title",
        )
    )
