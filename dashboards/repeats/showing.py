"""The lower half of the page on repeat and serial suspects: who is managed, would a list help, what a lens changes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from dashboards import figure, interval_charts, page, wording
from dashboards.breaks import regimes_of
from dashboards.published import Copy, NotAvailable
from dashboards.repeats import drawing, listing, saying

OVERLAP, FUNNEL = "metrics.management_overlap", "metrics.management_funnel"
BACKTEST, AFTER, LENSES = "metrics.ranking_backtest", "metrics.score_after_listing", "metrics.lens_agreement"
REGIMES = "core.recording_regimes"
METHODS = ("score", "event count", "sentencing harm")
NO_LENS = NotAvailable(
    "absent",
    "How far lists by different lenses of harm agree has not been computed: it needs more than one lens in this home.",
    "Put the force's copy of a harm index beside the extract and build again.",
)


def managed(copy: Copy, days: int, least: int) -> None:
    """Overlap of repeat suspects with orders, bail and programmes; the funnel of each programme."""
    page.heading("Managed and unmanaged")
    rows = copy.select(OVERLAP, where="window_days = $days", days=days)
    if isinstance(rows, NotAvailable) or rows.is_empty():
        page.missing(
            rows if isinstance(rows, NotAvailable) else NotAvailable("empty", "This window has no row."),
            "who is managed already",
        )
    else:
        _overlap(copy, rows.row(0, named=True), least)
    funnel = copy.select(FUNNEL)
    if isinstance(funnel, NotAvailable):
        page.missing(funnel, "the funnel of programmes")
        return
    wide = listing.funnel_rows(funnel)
    counts = (*listing.STAGES, "repeats")
    figure.show(
        copy,
        figure.Figure(
            key="programme-funnel",
            finding=listing.funnel_finding(wide),
            data=figure.Data(
                saying.masked(wide, counts),
                {
                    "programme": "Programme",
                    "identified": "Identified",
                    "ranked": "Ranked",
                    "adopted": "Adopted",
                    "plan": "Plan",
                    "review": "Review",
                    "exit": "Exit",
                    "repeats": "Repeat suspects",
                },
                row_heading="programme",
            ),
            tables=(FUNNEL,),
            caveats=(
                "Somebody in two programmes has a place in each.",
                "Repeat suspects: of those identified, people with two or more events in two years.",
            ),
        ),
    )


def _overlap(copy: Copy, row: Mapping[str, Any], least: int) -> None:
    rows = listing.managed_rows(row, least)
    if len(listing.unmeasured(row)) == len(listing.MEANS):
        page.missing(
            NotAvailable(
                "absent",
                "Neither orders nor bail nor programmes are in the extract: nobody is known to be managed or not.",
                "Add order_, bail or management to the extract and build again.",
            ),
            "who is managed already",
        )
        return
    not_delivered = listing.managed_caveat(row)
    if not_delivered:
        page.note(not_delivered)
    figure.show(
        copy,
        figure.Figure(
            key="managed-suspects",
            finding=listing.managed_finding(row, least),
            chart=interval_charts.dots(
                rows, label="label", value="share", lower="lower", upper="upper", has_labels_above=True
            ),
            alt=f"Share managed with 95 % interval, {saying.to_window(row['window_days'])}: "
            + "; ".join(r["label"].replace("\n", " ") for r in rows.iter_rows(named=True))
            + ".",
            data=figure.Data(
                saying.masked(saying.masked_part(rows, "count", "people"), ("people",)),
                {
                    "kind": "Managed by",
                    "count": "People",
                    "people": "Of",
                    "share": "Share",
                    "lower": "Lower limit",
                    "upper": "Upper limit",
                    "state": "State",
                },
                dict.fromkeys(("share", "lower", "upper"), wording.share),
                row_heading="kind",
            ),
            tables=(OVERLAP,),
            caveats=(
                "One person may have an order, bail and a programme: the parts add up to more than the whole.",
                f"No share is drawn of fewer than {least} people.",
            ),
        ),
    )


def the_list(copy: Copy) -> None:
    """The back-test, and what becomes of scores after listing."""
    page.heading("Would the list help?")
    rows = copy.select(BACKTEST, order_by="as_of_at, method")
    if isinstance(rows, NotAvailable):
        page.missing(rows, "what the list would have held")
    else:
        _backtest(copy, rows)
    after = copy.select(AFTER)
    if isinstance(after, NotAvailable):
        page.missing(after, "scores after listing")
    else:
        _after(copy, after)


def _backtest(copy: Copy, rows: pl.DataFrame) -> None:
    regimes = copy.select(REGIMES)
    if isinstance(regimes, NotAvailable):
        page.missing(regimes, "what the list would have held: without the list of recording changes it is not drawn")
        return
    rows = rows.with_columns(
        random_share=pl.col("captured_at_random") / pl.col("high_harm_event_count"),
        origin=pl.col("as_of_at").map_elements(saying.local_day, return_dtype=pl.Date),
        without=pl.col("listed_count") - pl.col("listed_with_high_harm_count"),
    )
    held = set(rows.drop_nulls("captured_share")["method"].to_list())
    methods = [m for m in METHODS if m in held]
    if not methods:
        page.missing(NotAvailable("empty", "No high-harm event followed any list."), "what the list would have held")
        return
    bearing = regimes_of(regimes, source="crime", codes={"S&H", "8L", "8Q"})
    page.facts(listing.list_facts(rows))
    page.note(listing.comparison(rows))
    figure.show(
        copy,
        figure.Figure(
            key="list-back-test",
            finding=listing.backtest_finding(rows),
            chart=drawing.capture(rows, methods, f"{listing.RANDOM}, as many", bearing),
            alt=f"Lines of the share of high-harm events by people on the list, {rows['as_of_at'].n_unique()} origins: "
            + "; ".join(_line(rows, method) for method in methods)
            + f"; {listing.RANDOM} {_reach(rows.filter(pl.col('method') == methods[0]), 'random_share')}.",
            data=figure.Data(
                saying.masked_part(
                    saying.masked_part(rows, "without", "listed_count"), "listed_with_high_harm_count", "listed_count"
                ),
                {
                    "origin": "Origin",
                    "method": "Ranked by",
                    "listed_count": "Listed",
                    "ranked_count": "Ranked",
                    "high_harm_event_count": "High-harm events of the year after",
                    "captured_count": "By people listed",
                    "captured_share": "Share",
                    "random_share": "Drawn at random",
                    "listed_with_high_harm_count": "Listed, with such an event",
                    "without": "Listed, without",
                    "stability": "Same as the month before",
                },
                dict.fromkeys(("captured_share", "random_share"), wording.share)
                | {"stability": lambda v: "no list before" if v is None else wording.share(v)},
                row_heading="origin",
            ),
            tables=(BACKTEST,),
            regimes=bearing,
            caveats=(
                "The share is of all high-harm events with a named suspect, by people who could not be ranked too.",
                *((saying.SENTENCING,) if "sentencing harm" in methods else ()),
            ),
        ),
    )


def _line(rows: pl.DataFrame, method: str) -> str:
    return f"{method} {_reach(rows.filter(pl.col('method') == method), 'captured_share')}"


def _reach(rows: pl.DataFrame, column: str) -> str:
    held = rows.sort("as_of_at").drop_nulls(column)
    if held.is_empty():
        return "not measured"
    values = held[column].to_list()
    low, high, last = min(values), max(values), values[-1]
    return f"{wording.share(low)} to {wording.share(high)}, last {wording.share(last)}"


def _after(copy: Copy, rows: pl.DataFrame) -> None:
    shown = listing.shown_cohorts(rows)
    if shown.is_empty():
        page.missing(NotAvailable("empty", "No group of five people and more was listed."), "scores after listing")
        return
    hidden = rows["cohort"].n_unique() - shown["cohort"].n_unique()
    page.note(listing.NO_SUCCESS)
    figure.show(
        copy,
        figure.Figure(
            key="after-listing",
            finding=listing.after_finding(shown),
            chart=drawing.after_listing(shown),
            alt="Lines of the mean score by months since the list was made: "
            + "; ".join(
                f"{cohort}, {wording.number(n)} people, {a:.1f} at first and {b:.1f} at last"
                for cohort, (a, b, n) in listing.falls(shown).items()
            )
            + ".",
            data=figure.Data(
                shown,
                {
                    "cohort": "Group",
                    "months_since": "Months since",
                    "person_count": "People",
                    "mean_score": "Mean score",
                    "mean_event_count": "Mean events in two years",
                },
                row_heading="cohort",
            ),
            tables=(AFTER,),
            caveats=("A group of fewer than five people is left out.",) if hidden else (),
        ),
    )


def lenses(copy: Copy) -> None:
    """How far lists by different lenses of harm agree, as the table's own card puts it."""
    page.heading("What the lens changes")
    rows = copy.select(LENSES)
    if isinstance(rows, NotAvailable):
        page.missing(NO_LENS if rows.kind == "absent" else rows, "what the lens changes")
        return
    columns = copy.tables[LENSES].get("columns", {})
    headings = {name: _heading(name, columns.get(name)) for name in rows.columns}
    figure.show(
        copy,
        figure.Figure(
            key="lens-agreement",
            finding="How far lists by different lenses of harm agree",
            data=figure.Data(
                rows,
                headings,
                {name: wording.share for name in rows.columns if _is_share(name, columns.get(name))},
                row_heading=rows.columns[0],
            ),
            tables=(LENSES,),
            caveats=(saying.SENTENCING,),
        ),
    )


def _heading(name: str, said: Any) -> str:
    meaning = str(said[1]) if isinstance(said, list | tuple) and len(said) > 1 else ""
    return meaning or wording.capital(wording.readable(name))


def _is_share(name: str, said: Any) -> bool:
    unit = str(said[2]) if isinstance(said, list | tuple) and len(said) > 2 else ""
    return unit == "0 to 1" and name.endswith("share")
