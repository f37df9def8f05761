"""The sections of the page The assessment, and the gaps that other pages share."""

from __future__ import annotations

from typing import Any

import polars as pl

from dashboards.data.published import Copy
from dashboards.pages.assessment import assessment_charts, assessment_data, registers_data
from dashboards.parts import figure, filters, findings_section, page
from dashboards.text import numbers
from dashboards.text.assessment import assessment_text

THEME_PAGE = "theme"


def _to_theme(row: Any) -> str | None:
    return f"{THEME_PAGE}?{filters.query(theme=str(row['theme_code']))}"


def matrix(copy: Copy, scores: pl.DataFrame) -> None:
    """Draw harm against likelihood, with its table and notes."""
    shown = scores.with_columns(
        place_words=pl.Series([assessment_text.place(r) for r in scores.iter_rows(named=True)]),
        override_words=pl.Series([assessment_text.override_words(r) for r in scores.iter_rows(named=True)]),
        filled_count=pl.col("part_count") - pl.col("measured_count") - pl.col("judged_count"),
        grade=pl.Series([assessment_text.grade(r) for r in scores.iter_rows(named=True)]),
    )
    figure.Figure(
        key="assessment-matrix",
        finding=assessment_text.matrix_finding(scores),
        chart=assessment_charts.matrix(scores) if assessment_text.is_ranked(scores) else None,
        alt=assessment_text.matrix_alt(scores),
        data=figure.Data(
            shown,
            ({"theme_code": "Code"}, "theme_name", "band", "harm", "likelihood", "risk",
             {"place_words": "Rank (over all schemes)", "grade": "Organisational position"}, "priority", "confidence",
             {"override_words": "Overrides"}, "measured_count", "judged_count", {"filled_count": "Filled in"}),
            dict.fromkeys(("harm", "likelihood", "risk", "priority"), lambda v: numbers.decimal(v, 1)),
            row_heading="theme_name",
            links={"theme_name": _to_theme},
        ),
        tables=(assessment_data.SCORES,),
        caveats=(
            *(["A hollow mark has low confidence. Dotted lines join equal risk."]
              if assessment_text.is_ranked(scores) else []),
            assessment_text.INFORMED,
        ),
        is_lead=True,
    ).draw(copy)  # fmt: skip


@page.section("the ranking in other schemes")
def places(copy: Copy, scores: pl.DataFrame) -> None:
    """Draw ranks with their ranges over the schemes, before and after overrides; then every scheme."""
    order = assessment_text.ranked(scores)
    if order.is_empty():
        page.note("No theme has a rank.")
        return
    shown = order.with_columns(
        override_words=pl.Series([assessment_text.override_words(r) for r in order.iter_rows(named=True)]),
    )
    figure.Figure(
        key="assessment-places",
        finding=assessment_text.places_finding(order),
        chart=assessment_charts.places(order) if assessment_text.is_ranked(order) else None,
        alt=assessment_text.places_alt(order),
        data=figure.Data(
            shown,
            ("theme_name", "rank", "rank_low", "rank_high", "top_scheme_count", "first_scheme_count", "scheme_count",
             "differs_in", "automatic_rank", {"override_words": "Overrides"}, "rank_with_confidence"),
            {"differs_in": lambda v: v or "none"},
        ),
        tables=(assessment_data.SCORES,),
        caveats=(assessment_text.SCHEMES,),
    ).draw(copy)  # fmt: skip
    if assessment_text.is_ranked(order):
        _schemes(copy)


def _schemes(copy: Copy) -> None:
    """Draw every scheme with its reason and its first three."""
    rows = copy.select(assessment_data.SCHEMES, where="is_top", order_by="scheme_place, rank, theme_code")
    by_scheme = rows.group_by("scheme_name", "reason", "is_kept", maintain_order=True)
    shown = by_scheme.agg(pl.col("theme_code").str.join(", "))
    figure.Figure(
        key="assessment-schemes",
        finding=f"{shown.height} other schemes, and the themes that each puts first",
        data=figure.Data(
            shown.with_columns(kept=pl.when("is_kept").then(pl.lit("yes")).otherwise(pl.lit("no"))),
            ("scheme_name", "reason", {"theme_code": "First three", "kept": "The same three"}),
        ),
        tables=(assessment_data.SCHEMES,),
    ).draw(copy)


def changes(copy: Copy, scores: pl.DataFrame) -> None:
    """Draw what was found, signals of the themes' charts, and ranks compared with the last assessment."""
    findings_section.draw_findings(copy)
    _signals(copy, scores)
    _since_last(copy, scores)


@page.section("signals on the charts of themes", heading="Signals on the charts of themes")
def _signals(copy: Copy, scores: pl.DataFrame) -> None:
    verdicts = copy.select(assessment_data.VERDICTS, may_be_empty=True)
    for _, words in assessment_text.chart_signals(scores, verdicts):
        page.note(words)
    page.note(f"A signal asks for a look and is no change by itself. {assessment_text.by_chance(verdicts)}")


@page.section("the last assessment")
def _since_last(copy: Copy, scores: pl.DataFrame) -> None:
    last = copy.select(assessment_data.CHANGES, may_be_empty=True)
    if last.is_empty():
        page.note("No earlier assessment has been issued, so there is nothing to compare with.")
        return
    shown = scores.join(last, on="theme_code").with_columns(pl.col("change").replace_strict(assessment_text.CHANGES))
    row = shown.row(0, named=True)
    figure.Figure(
        key="assessment-changes",
        finding=f"Ranks compared with {row['last_title']}, as of {numbers.day(row['last_as_of_date'])}",
        data=figure.Data(
            shown,
            ({"theme_name": "Theme", "rank": "Rank now", "rank_low": "Rank from", "rank_high": "Rank to"},
             "last_rank", "last_rank_low", "last_rank_high", "change"),
        ),
        tables=(assessment_data.CHANGES,),
    ).draw(copy)  # fmt: skip


@page.section("the decisions needed")
def decisions(copy: Copy) -> None:
    """Draw the decisions: action, owner, due date, cost."""
    entries = registers_data.entered(page.server().home, copy)
    if entries.is_empty():
        page.note("No decision is waiting in the registers.")
        return
    asked = assessment_text.asked(entries)
    if asked.is_empty():
        page.note("No decision is waiting in the registers. They are on the page Decisions and actions.")
        return
    figure.Figure(
        key="assessment-decisions",
        finding=f"{numbers.plural(asked.height, 'decision')} waiting",
        data=figure.Data(
            asked.with_columns(cost=pl.col("fields").str.json_path_match("$.cost").fill_null("not given")),
            ({"decision": "Decision asked for", "title": "Subject"}, "cost", "owner",
             {"due_date": "Due"}, "theme_code"),
            {"owner": lambda v: v or "nobody yet", "due_date": lambda v: numbers.day(v) if v else "no date",
             "theme_code": lambda v: v or "several"},
        ),
        tables=(assessment_data.ENTRIES,),
        caveats=(registers_data.INCLUDED,),
    ).draw(copy)  # fmt: skip


def gaps(copy: Copy, held: pl.DataFrame, scores: pl.DataFrame, *, is_of_all: bool = False) -> None:
    """Draw the gaps: what decides the first three themes, then what moves its theme most."""
    names, is_ranked = dict(assessment_data.names(scores)), assessment_text.is_ranked(scores)
    if held.is_empty():
        page.note("No gap is listed.")
        return
    named = held.with_columns(
        theme=pl.col("theme_code").replace_strict(names, default=pl.col("theme_code")),
        said=pl.col("kind").replace_strict(assessment_text.KINDS),
        places=pl.when(is_ranked).then(pl.format("{} to {}", "rank_low", "rank_high")),
    )
    figure.Figure(
        key="assessment-gaps",
        finding=assessment_text.gaps_finding(named, is_ranked=is_ranked),
        data=figure.Data(
            named,
            ({"theme": "Theme"} if is_of_all else {}, "gap", {"said": "Kind", "places": "Places that it leaves open"},
             "note"),
            {"note": lambda v: v or "none", "places": lambda v: v or "moves no rank"},
            row_heading="gap",
        ),
        tables=(assessment_data.GAPS,),
        is_lead=is_of_all,
    ).draw(copy)  # fmt: skip
