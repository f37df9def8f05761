"""The lower half of the page on repeat and serial suspects.

Who is managed, whether a list would help, and what a lens changes.
"""

from __future__ import annotations

import polars as pl

from dashboards.charts import intervals
from dashboards.charts.breaks import regimes_of
from dashboards.data import points_table, regimes
from dashboards.data.published import Copy, Missing, NotAvailable
from dashboards.pages.people import repeats_charts
from dashboards.parts import figure, page
from dashboards.text import numbers
from dashboards.text.people import management_text, repeats_text
from dashboards.text.small_numbers import SmallNumbers

OVERLAP, FUNNEL = "metrics.management_overlap", "metrics.management_funnel"
BACKTEST, AFTER, LENSES = "metrics.ranking_backtest", "metrics.score_after_listing", "metrics.lens_agreement"
CHOICE = "metrics.ranking_choice"
NO_LENS = NotAvailable(
    "absent",
    "Agreement between lists by different lenses of harm is not known: two lenses measure too few people.",
    "Severity needs the published weights. Behaviour needs texts of crimes. Sentencing needs the force's own copy of "
    "an index.",
)


@page.section("the funnel of programmes")
def managed(copy: Copy, days: int, rule: SmallNumbers) -> None:
    """Draw the overlap of repeat suspects with orders, bail and programmes.

    Also the funnel of each programme.
    """
    _overlap(copy, days, rule)
    funnel = copy.select(FUNNEL)
    wide = management_text.funnel_rows(funnel)
    counts = (*management_text.STAGES, "repeats")
    figure.Figure(
        key="programme-funnel",
        finding=management_text.funnel_finding(wide, rule),
        data=figure.Data(
            rule.suppress_columns(wide, counts),
            (
                "programme",
                "identified",
                "ranked",
                "adopted",
                "plan",
                "review",
                "exit",
                {"repeats": "Repeat suspects"},
            ),
        ),
        tables=(FUNNEL,),
        caveats=(
            "A person in two programmes counts in each.",
            "Repeat suspects: those identified who have two or more events in two years.",
        ),
    ).draw(copy)


@page.section("management of repeat suspects")
def _overlap(copy: Copy, days: int, rule: SmallNumbers) -> None:
    held = copy.select(OVERLAP, where="window_days = $days", days=days)
    if held.is_empty():
        raise Missing("empty", "This window has no data.")
    row = held.row(0, named=True)
    rows = management_text.managed_rows(row, rule)
    if len(management_text.unmeasured(row)) == len(management_text.MEANS):
        raise Missing(
            "absent",
            "The extract has no orders, bail or programmes, so who is managed is not known.",
            "Add order_, bail or management to the extract and build again.",
        )
    not_delivered = management_text.managed_caveat(row)
    if not_delivered:
        page.note(not_delivered)
    figure.Figure(
        key="managed-suspects",
        finding=management_text.managed_finding(row, rule),
        chart=intervals.dots(
            rows, label="label", value="share", lower="lower", upper="upper", has_labels_above=True
        ),
        alt=f"Share managed with 95% interval, {repeats_text.to_window(row['window_days'])}: "
        + "; ".join(r["label"].replace("\n", " ") for r in rows.iter_rows(named=True))
        + ".",
        data=figure.Data(
            rule.suppress_columns(rule.suppress_part_column(rows, "count", "people"), ("people",)),
            (
                {"kind": "Managed by", "count": "People", "people": "Of"},
                "share",
                {"lower": "Lower limit", "upper": "Upper limit"},
                "state",
            ),
            dict.fromkeys(("share", "lower", "upper"), numbers.share),
        ),
        tables=(OVERLAP,),
        caveats=(
            "A person may have an order, bail and a programme, so the parts add up to more than the whole.",
            f"Shares of fewer than {rule.fewest_in_share} people are not shown.",
        ),
    ).draw(copy)


def the_list(copy: Copy, rule: SmallNumbers) -> None:
    """Draw the back-test, and the scores after listing."""
    _backtest(copy, rule)
    _after(copy, rule)


@page.section("back-test of the list: the list of recording changes is missing")
@page.section("back-test of the list")
def _backtest(copy: Copy, rule: SmallNumbers) -> None:
    bearing = regimes_of(regimes.read_regimes(copy), source="crime", codes={"S&H", "8L", "8Q"})
    choice = copy.select(CHOICE, order_by="place")
    rows = copy.select(BACKTEST, order_by="as_of_at, method").with_columns(
        origin=pl.col("as_of_at").map_elements(numbers.local_day, return_dtype=pl.Date),
        without=pl.col("listed_count") - pl.col("listed_with_high_harm_count"),
    )
    held = rows.drop_nulls("captured_share")["method"].unique().sort().to_list()
    way = management_text.used(choice)
    page.note(management_text.verdict(choice))
    if way is None or way["method"] not in held:
        raise Missing("empty", "No high-harm event followed any list.")
    methods = sorted(held, key=lambda method: method != way["method"])
    page.facts(management_text.list_facts(rows, way["method"], rule))
    figure.Figure(
        key="ways-of-ranking",
        finding=management_text.backtest_finding(choice, rule),
        data=figure.Data(
            rule.suppress_columns(choice, ("captured_count", "high_harm_event_count")),
            (
                "method",
                "is_used",
                "mean_share",
                "share_lower",
                "share_upper",
                "captured_count",
                "high_harm_event_count",
                "random_share",
                {
                    "difference": "More than a count, points",
                    "difference_lower": "Lower limit of that",
                    "difference_upper": "Upper limit of that",
                },
                "beaten_by",
                "origin_count",
            ),
            dict.fromkeys(("mean_share", "share_lower", "share_upper", "random_share"), numbers.share)
            | dict.fromkeys(("difference", "difference_lower", "difference_upper"), management_text.points)
            | {"beaten_by": lambda v: v or "none"},
        ),
        tables=(CHOICE,),
        caveats=(management_text.RESAMPLED, points_table.find_points_table(copy).words),
    ).draw(copy)
    figure.Figure(
        key="list-back-test",
        finding=management_text.origins_finding(rows, way["method"], rule),
        chart=repeats_charts.capture(rows, methods, f"{management_text.RANDOM}, same size", bearing),
        alt=f"Lines of the share of high-harm events by suspects listed, {rows['as_of_at'].n_unique()} origins: "
        + "; ".join(_line(rows, method) for method in methods)
        + f"; {management_text.RANDOM} {_reach(rows.filter(pl.col('method') == methods[0]), 'captured_at_random')}.",
        data=figure.Data(
            rule.suppress_part_column(
                rule.suppress_part_column(rows, "without", "listed_count"),
                "listed_with_high_harm_count",
                "listed_count",
            ),
            (
                "origin",
                "method",
                "listed_count",
                "ranked_count",
                "high_harm_event_count",
                "captured_count",
                "captured_share",
                "captured_at_random",
                "listed_with_high_harm_count",
                {"without": "Listed, no high-harm event"},
                "stability",
            ),
            dict.fromkeys(("captured_share", "captured_at_random"), numbers.share)
            | {"stability": lambda v: "no earlier list" if v is None else numbers.share(v)},
        ),
        tables=(BACKTEST,),
        regimes=bearing,
        caveats=(
            "The share is of all high-harm events with a named suspect, including suspects without a rank.",
        ),
    ).draw(copy)


def _line(rows: pl.DataFrame, method: str) -> str:
    return f"{method} {_reach(rows.filter(pl.col('method') == method), 'captured_share')}"


def _reach(rows: pl.DataFrame, column: str) -> str:
    held = rows.sort("as_of_at").drop_nulls(column)
    if held.is_empty():
        return "not measured"
    values = held[column].to_list()
    low, high, last = min(values), max(values), values[-1]
    return f"{numbers.share(low)} to {numbers.share(high)}, last {numbers.share(last)}"


@page.section("scores after listing")
def _after(copy: Copy, rule: SmallNumbers) -> None:
    rows = copy.select(AFTER)
    shown = management_text.shown_cohorts(rows, rule)
    if shown.is_empty():
        raise Missing("empty", f"No group of {rule.smallest_shown} or more people was listed.")
    hidden = rows["cohort"].n_unique() - shown["cohort"].n_unique()
    page.note(management_text.NO_SUCCESS)
    figure.Figure(
        key="after-listing",
        finding=management_text.after_finding(shown, rule),
        chart=repeats_charts.after_listing(shown),
        alt="Lines of the mean score by months since the list was made: "
        + "; ".join(
            f"{cohort}, {numbers.number(n)} people, {a:.1f} at the start and {b:.1f} at the end"
            for cohort, (a, b, n) in management_text.falls(shown).items()
        )
        + ".",
        data=figure.Data(shown, ("cohort", "months_since", "person_count", "mean_score", "mean_event_count")),
        tables=(AFTER,),
        caveats=(f"A group of {rule.few} people is suppressed.",) if hidden else (),
    ).draw(copy)


@page.section("agreement of lenses")
def lenses(copy: Copy, days: int, rule: SmallNumbers) -> None:
    """Draw how far lists by different lenses of harm agree in a window."""
    order = "overlap, lens, other_lens"
    rows = copy.select(LENSES, where="window_days = $days", order_by=order, instead=NO_LENS, days=days)
    if rows.is_empty():
        raise Missing(*NO_LENS)
    unseen = management_text.unseen_lenses(rows)
    if unseen:
        page.note(unseen)
    if management_text.LENSES[0] in rows["lens"].to_list():
        page.note(repeats_text.SENTENCING)
    shown = rule.find_shown(pl.col("on_both_count"), pl.col("listed_count"))
    counts = rows.with_columns(overlap=pl.when(shown).then("overlap"))
    counts = rule.suppress_part_column(counts, "on_both_count", "listed_count")
    counts = rule.suppress_part_column(counts, "listed_count", "person_count")
    figure.Figure(
        key="lens-agreement",
        finding=management_text.lens_finding(rows, rule),
        data=figure.Data(
            rule.suppress_columns(counts, ("person_count", "other_listed_count")),
            (
                "lens",
                "other_lens",
                {"person_count": "People measured by both"},
                "tau",
                "lower",
                "upper",
                {"listed_count": "On the first list"},
                "other_listed_count",
                "on_both_count",
                "overlap",
            ),
            {"overlap": lambda v: numbers.share(v, 0)},
        ),
        tables=(LENSES,),
        caveats=("Kendall's tau: 1 if both lists have the same order, 0 if the orders are unrelated.",),
    ).draw(copy)
