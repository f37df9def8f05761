"""The sections of the page The assessment, and the gaps that other pages share."""

from __future__ import annotations

from typing import Any

import polars as pl

from dashboards.data.published import Copy
from dashboards.pages.assessment import assessment_charts, assessment_data, registers_data
from dashboards.parts import figure, filters, page
from dashboards.text import numbers
from dashboards.text.assessment import assessment_text

THEME_PAGE = "theme"
WORTH = (
    "Worth is the expected gain in the risk of the top three themes if this were known: the expected value of "
    "partial perfect information."
)


def _to_theme(row: Any) -> str | None:
    return f"{THEME_PAGE}?{filters.query(theme=str(row['theme_code']))}"


def matrix(copy: Copy, scores: pl.DataFrame) -> None:
    """Draw harm against likelihood, with its table and notes."""
    shown = scores.with_columns(
        place_words=pl.Series([assessment_text.place(r) for r in scores.iter_rows(named=True)]),
        risk_words=pl.Series([assessment_text.risk(r) for r in scores.iter_rows(named=True)]),
        override_words=pl.Series([assessment_text.override_words(r) for r in scores.iter_rows(named=True)]),
        measured=pl.format("{} measured, {} judged of {}", "measured_count", "judged_count", "part_count"),
        grade=pl.Series([assessment_text.grade(r) for r in scores.iter_rows(named=True)]),
    )
    figure.Figure(
        key="assessment-matrix",
        finding=assessment_text.matrix_finding(scores),
        chart=assessment_charts.matrix(scores) if assessment_text.is_ranked(scores) else None,
        alt=assessment_text.matrix_alt(scores),
        data=figure.Data(
            shown,
            ({"theme_code": "Code"}, "theme_name", "band", "harm", "likelihood",
             {"risk_words": "Risk (90% interval)", "place_words": "Rank (90% interval)",
             "grade": "Organisational position"}, "priority", "confidence", {"override_words": "Overrides",
             "measured": "Parts known"}),
            {**dict.fromkeys(("harm", "likelihood", "priority"), lambda v: numbers.decimal(v, 1)),
             },
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


@page.section("the certainty of the ranking")
def places(copy: Copy, scores: pl.DataFrame) -> None:
    """Draw ranks with their intervals, before and after overrides.

    Also says which order is not known.
    """
    order = assessment_text.ranked(scores)
    if order.is_empty():
        page.note("No theme has a rank.")
        return
    pairs = copy.select(assessment_data.PAIRS, may_be_empty=True)
    shown = order.with_columns(
        untold=pl.Series([assessment_text.not_told_from(code, pairs) for code in order["theme_code"]]),
        override_words=pl.Series([assessment_text.override_words(r) for r in order.iter_rows(named=True)]),
    )
    figure.Figure(
        key="assessment-places",
        finding=assessment_text.places_finding(order, pairs),
        chart=assessment_charts.places(order) if assessment_text.is_ranked(order) else None,
        alt=assessment_text.places_alt(order),
        data=figure.Data(
            shown,
            ("theme_name", "rank", "rank_low", "rank_high", "probability_top_3",
             "automatic_rank", {"override_words": "Overrides"}, "rank_with_confidence",
             {"untold": "Not distinguishable from"}),
            {"probability_top_3": lambda v: numbers.share(v, 0)},
        ),
        tables=(assessment_data.SCORES, assessment_data.PAIRS),
        caveats=(assessment_text.NOT_KNOWN,),
    ).draw(copy)  # fmt: skip


def changes(copy: Copy, scores: pl.DataFrame) -> None:
    """Draw real signals, and ranks compared with the last assessment."""
    _beyond_chance(copy, scores)
    _since_last(copy, scores)


@page.section("changes beyond chance")
def _beyond_chance(copy: Copy, scores: pl.DataFrame) -> None:
    verdicts = copy.select(assessment_data.VERDICTS, may_be_empty=True)
    found = assessment_text.real_changes(scores, verdicts)
    for _, words in found:
        page.note(words)
    page.note(
        assessment_text.by_chance(verdicts)
        if found
        else f"No change beyond chance. {assessment_text.by_chance(verdicts)}"
    )


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
    """Draw the gaps, the one that would change the order most first; without an order, as a table alone."""
    names, is_ranked = dict(assessment_data.names(scores)), assessment_text.is_ranked(scores)
    if held.is_empty():
        page.note("No gap is listed.")
        return
    named = held.with_columns(
        theme=pl.col("theme_code").replace_strict(names, default=pl.col("theme_code")),
        label=pl.col("theme_code") + " " + pl.col("gap").str.split(". ").list.first().str.split(":").list.first(),
        said=pl.col("kind").replace_strict(assessment_text.KINDS),
    )
    dear = named.filter(pl.col("information_value").fill_null(0) >= 0.005).head(12)
    first = dear.row(0, named=True) if dear.height and is_ranked else None
    figure.Figure(
        key="assessment-gaps",
        finding=(
            f"{numbers.plural(held.height, 'gap')}: {numbers.in_sentence(assessment_text.NO_RANKING)}, "
            "so none is the most valuable"
            if not is_ranked
            else "No single gap would change the top three themes"
            if first is None
            else f"Most valuable gap for the top three themes: {assessment_text.gap_words(first, first['theme'])}"
        ),
        chart=assessment_charts.worth(dear) if first is not None else None,
        alt="Worth of each gap in points of risk: "
        + "; ".join(f"{r['label']} {r['information_value']:.2f}" for r in dear.iter_rows(named=True)) + ".",
        data=figure.Data(
            named,
            ({"theme": "Theme"} if is_of_all else {}, "gap", {"said": "Kind"}, "information_value", "expected_move",
             "note"),
            {"note": lambda v: v or "none", **dict.fromkeys(("information_value", "expected_move"), _worth)},
            row_heading="gap",
        ),
        tables=(assessment_data.GAPS,),
        caveats=(WORTH,),
        is_lead=is_of_all,
    ).draw(copy)  # fmt: skip


def _worth(value: float | None) -> str:
    return "not calculated" if value is None else numbers.decimal(value)
