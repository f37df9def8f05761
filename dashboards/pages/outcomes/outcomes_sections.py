"""The sections of the page on outcomes below its first figure.

Each reads its table, states a finding and draws it.
"""

from __future__ import annotations

from collections.abc import Mapping

import plotly.graph_objects as go
import polars as pl
import streamlit as st

from dashboards.charts import intervals
from dashboards.charts.breaks import regimes_of
from dashboards.data import regimes
from dashboards.data.published import Copy, Missing, NotAvailable, optional
from dashboards.pages.outcomes import outcomes_charts, outcomes_text
from dashboards.parts import figure, filters, page
from dashboards.text import numbers
from dashboards.text.breakdowns import CLASSES, class_name
from dashboards.text.small_numbers import TOO_FEW, SmallNumbers

INCIDENCE, BY = "metrics.outcome_incidence", "metrics.outcome_incidence_by"
WAITING, SUSPECTS = "metrics.time_to_outcome", "metrics.suspect_charges"
RATIOS, ALTERNATES = "metrics.in_period_ratios", "metrics.alternate_charges"
REMOVED, ADVICE = "metrics.removed_crimes", "metrics.early_advice"
NO_CRIME = NotAvailable("empty", "No crimes in the last two years.")
NO_ADVICE = NotAvailable("absent", "The extract has no submissions to prosecutors (table cps_submission).")
SHARES = dict.fromkeys(("incidence", "open_share", "lower", "upper", "share"), numbers.share)


@page.section("outcomes over time")
def over_time(copy: Copy, code: str, rule: SmallNumbers) -> None:
    """Draw charges and outcomes 14, 15 and 16 by quarter of recording.

    Recording changes are marked.
    """
    rows = copy.select(
        INCIDENCE,
        where="offence_class = $code and day = 365 and cohort <> 'all' and incidence is not null",
        order_by="cohort, outcome_group",
        code=code,
    )
    bearing = regimes_of(regimes.read_regimes(copy), source="crime", codes={code, "S&H"})
    own = rows.filter(pl.col("outcome_group").is_in(list(outcomes_text.CODES)))
    rows = outcomes_text.guarded(outcomes_text.lately(own, rule), rule)
    if rows.is_empty():
        raise Missing("empty", "No quarter could be followed for a year yet.")
    gaps = (
        f"A cross is a share based on {rule.few} crimes, or one that would reveal them. A gap is a quarter with fewer "
        f"than {rule.fewest_in_share} crimes. Neither is a zero."
    )
    figure.Figure(
        key="outcomes-over-time",
        finding=outcomes_text.latest_finding(rows, code, rule),
        chart=outcomes_charts.over_time(rows, outcomes_text.CODES, bearing, rule),
        alt=f"Lines of the share of {class_name(code)} crimes with each outcome within 365 days, "
        "with 95% intervals, by quarter of recording; lines end at recording changes. "
        + "; ".join(_reach(rows, one, name) for one, name in outcomes_text.CODES.items())
        + ".",
        data=figure.Data(
            rows.with_columns(
                when=pl.col("cohort").map_elements(numbers.quarter, return_dtype=pl.String),
                named=pl.col("outcome_group").replace_strict(outcomes_text.CODES, return_dtype=pl.String),
                why=pl.when(pl.col("incidence").is_null()).then(pl.lit(TOO_FEW)).otherwise(pl.lit("")),
            ),
            ({"when": "Recorded", "named": "Outcome"}, "incidence", "lower", "upper", "at_risk_count",
             {"why": "Why no share"}),
            SHARES | {"incidence": lambda v: TOO_FEW if v is None else numbers.share(v)},
        ),
        tables=(INCIDENCE,),
        regimes=bearing,
        caveats=(
            "A quarter is shown once its crimes could be followed for a year.",
            gaps,
        ),
    ).draw(copy)


def _reach(rows: pl.DataFrame, code: str, name: str) -> str:
    held = rows.filter(pl.col("outcome_group") == code).drop_nulls("incidence").sort("cohort")["incidence"].to_list()
    if not held:
        return f"{name}: no figure"
    return f"{name}: {numbers.share(min(held))} to {numbers.share(max(held))}, last {numbers.share(held[-1])}"


@page.section("time to an outcome")
def waiting(copy: Copy, code: str, rule: SmallNumbers) -> None:
    """Draw time to an outcome of any kind, and the share still open."""
    rows = copy.select(WAITING, order_by="offence_class, day")
    rows = outcomes_text.guarded(rows, rule, "open_share").sort(outcomes_text.in_order(), "day")
    if any(map(rule.is_small, rows["at_risk_count"])):  # with the total, the small class could be worked out
        rows = rows.filter(pl.col("offence_class") != "S&H")
    last = _labelled(rows.filter(pl.col("day") == 365), "offence_class", "open_share", rule)
    figure.Figure(
        key="time-to-outcome",
        finding=outcomes_text.waiting_finding(rows, code, rule),
        chart=_dots(last, "open_share"),
        alt="Share of crimes without an outcome after 365 days with 95% interval, by class: "
        + "; ".join(last["label"].to_list())
        + ".",
        data=figure.Data(
            rule.suppress_columns(
                rows.with_columns(
                    named=_class_names(),
                    half=pl.struct("median_days", "open_share").map_elements(
                        outcomes_text.half_words, return_dtype=pl.String
                    ),
                ),
                ["at_risk_count"],
            ),
            ({"named": "Class"}, "day", "open_share", "lower", "upper", {"half": "Median time"}, "at_risk_count"),
            SHARES,
        ),
        tables=(WAITING,),
    ).draw(copy)


def _dots(rows: pl.DataFrame, value: str) -> go.Figure | None:
    """Shares with their intervals; no chart where none is known."""
    if rows[value].null_count() == rows.height:
        return None
    return intervals.dots(rows, label="label", value=value, lower="lower", upper="upper", has_labels_above=True)


def _apart(rows: pl.DataFrame) -> pl.DataFrame:
    """Counts by class, stalking first, without their total.

    A small count could be worked out from the total.
    """
    return rows.filter(pl.col("offence_class") != "S&H").sort(outcomes_text.in_order())


def _class_names() -> pl.Expr:
    return pl.col("offence_class").replace(CLASSES)


def _labelled(
    rows: pl.DataFrame, column: str, value: str, rule: SmallNumbers, names: Mapping[str, str] = CLASSES
) -> pl.DataFrame:
    """Rows with a `label`: name, share and denominator."""
    labels = []
    for row in rows.iter_rows(named=True):
        name, of = numbers.capital(names.get(row[column], row[column])), rule.suppress_count(row["at_risk_count"])
        told = numbers.share(row[value])
        labels.append(f"{name}: {told} of {of}" if row[value] is not None else f"{name}: no figure, {of} in total")
    return rows.with_columns(pl.Series("label", labels, dtype=pl.String))


@page.section("charges of suspects")
def suspects(copy: Copy, rule: SmallNumbers) -> None:
    """Draw charges by crime, by suspect and by course of conduct."""
    rows = outcomes_text.guarded(copy.select(SUSPECTS, order_by="day"), rule)
    order = pl.col("unit_type").replace_strict({name: n for n, name in enumerate(outcomes_text.WAYS)}, default=9)
    last = _labelled(rows.filter(pl.col("day") == 365).sort(order), "unit_type", "incidence", rule, outcomes_text.WAYS)
    figure.Figure(
        key="suspects-charged",
        finding=outcomes_text.suspects_finding(rows, rule),
        chart=_dots(last, "incidence"),
        alt="Share charged within 365 days with 95% interval: " + "; ".join(last["label"].to_list()) + ".",
        data=figure.Data(
            rule.suppress_columns(
                rows.sort(order, "day").with_columns(named=pl.col("unit_type").replace(outcomes_text.WAYS)),
                ["at_risk_count"],
            ),
            ({"named": "Counted by"}, "day", "incidence", "lower", "upper", "at_risk_count"),
            SHARES,
        ),
        tables=(SUSPECTS,),
    ).draw(copy)  # fmt: skip


@page.section("charges for another offence")
def alternates(copy: Copy, code: str, rule: SmallNumbers) -> None:
    """Draw charges for an offence other than the one recorded."""
    rows = _apart(copy.select(ALTERNATES, order_by="offence_class"))
    own = rows.filter(pl.col("offence_class") == code)
    counts = rows.with_columns(named=_class_names())
    parts = ("same_class_count", "as_harassment_count", "alternate_unknown_count")
    for column in parts:
        counts = rule.suppress_part_column(counts, column, "alternate_count")
    counts = rule.suppress_part_column(counts, "alternate_count", "charge_count")
    counts = rule.suppress_columns(counts, ["charge_count"])
    figure.Figure(
        key="alternate-charges",
        finding=outcomes_text.alternate_finding(own.row(0, named=True), rule) if own.height
        else "Charges for an offence other than the one recorded, by class",
        data=figure.Data(counts, ({"named": "Recorded as"}, "charge_count", "alternate_count", *parts)),
        tables=(ALTERNATES,),
    ).draw(copy)  # fmt: skip


@page.section("outcomes by relationship, flag and unit")
def by_part(copy: Copy, code: str, rule: SmallNumbers) -> None:
    """Draw charges within a year by relationship, flag, unit or regime."""
    rows = copy.select(
        BY,
        where="offence_class = $code and outcome_group = $charged and day = 365",
        order_by="breakdown, stratum",
        code=code,
        charged=outcomes_text.CHARGED_GROUP,
    )
    if rows.is_empty():
        raise Missing(*NO_CRIME)
    held = {key: words for key, words in outcomes_text.BREAKDOWNS.items() if key in rows["breakdown"].to_list()}
    chosen = filters.choose("By", held, "by", place=st.columns(2)[0])
    if "domestic_flag" not in held:
        page.note("By domestic abuse flag: not measured. No flags were delivered.")
    own = outcomes_text.guarded(rows.filter(pl.col("breakdown") == chosen), rule)
    if chosen == "regime":
        own = own.with_columns(stratum=pl.col("stratum").replace(_regime_names(copy)))
    shown = _labelled(own, "stratum", "incidence", rule, {})
    figure.Figure(
        key="charged-by-part",
        finding=outcomes_text.breakdown_finding(own, held[chosen], code),
        chart=_dots(shown, "incidence"),
        alt=f"Share charged within 365 days with 95% interval, by {held[chosen].lower()}: "
        + "; ".join(shown["label"].to_list()) + ".",
        data=figure.Data(
            rule.suppress_columns(own, ["at_risk_count", "followed_count"]),
            ({"stratum": held[chosen], "incidence": "Charged within 365 days"}, "lower", "upper", "at_risk_count",
             {"followed_count": "Followed for a year"}),
            SHARES,
        ),
        tables=(BY,),
        caveats=(f"In order of name, not ranked; no share of fewer than {rule.fewest_in_share} crimes. "
                 + intervals.CHANCE,),
    ).draw(copy)  # fmt: skip


def _regime_names(copy: Copy) -> dict[str, str]:
    rows = optional(regimes.read_regimes, copy)
    return {} if rows is None else {r.ref: f"From {r.date_text}: {r.title}" for r in regimes_of(rows)}


@page.section("early investigative advice")
def advice(copy: Copy, code: str, rule: SmallNumbers) -> None:
    """Draw shares with and without early investigative advice.

    Its note explains why the difference is not an effect.
    """
    rows = copy.select(
        ADVICE,
        where="offence_class = $code and outcome_group = $charged and day = 365",
        order_by="early_advice",
        code=code,
        charged=outcomes_text.CHARGED_GROUP,
        instead=NO_ADVICE,
    )
    if rows.is_empty():
        raise Missing(*NO_ADVICE)
    own = outcomes_text.guarded(rows, rule)
    figure.Figure(
        key="early-advice",
        finding=outcomes_text.advice_finding(own, code, rule),
        data=figure.Data(
            rule.suppress_columns(own, ["at_risk_count"]),
            ("early_advice", "incidence", "lower", "upper", "at_risk_count"),
            SHARES,
        ),
        tables=(ADVICE,),
    ).draw(copy)  # fmt: skip


@page.section("cancelled and transferred crimes")
def removed(copy: Copy, code: str, rule: SmallNumbers) -> None:
    """Draw cancelled and transferred crimes, which are in no share above."""
    rows = _apart(copy.select(REMOVED, order_by="offence_class"))
    own = rows.filter(pl.col("offence_class") == code)
    if rows["cancelled_count"].null_count() == rows.height:
        page.note("Cancelled and transferred crimes are not measured: removals were not delivered.")
    counts = rows.with_columns(named=_class_names())
    for column in ("cancelled_count", "transferred_count", "unread_count"):
        counts = rule.suppress_part_column(counts, column, "recorded_count")
    figure.Figure(
        key="removed-crimes",
        finding=outcomes_text.removed_finding(own.row(0, named=True), rule) if own.height
        else "Removed crimes, by class",
        data=figure.Data(
            rule.suppress_columns(counts, ["recorded_count"]),
            ({"named": "Class"}, "recorded_count", "cancelled_count", "transferred_count", "unread_count"),
        ),
        tables=(REMOVED,),
    ).draw(copy)  # fmt: skip


@page.section("in-period ratios")
def ratios(copy: Copy, code: str, rule: SmallNumbers) -> None:
    """Draw the ratios that others publish, under their own name."""
    rows = copy.select(RATIOS, where="offence_class = $code", order_by="title", code=code)
    if rows.is_empty():
        raise Missing(*NO_CRIME)
    counts = rows.with_columns(
        named=_class_names(),
        in_period_ratio=pl.when(~rule.find_small(pl.col("charge_count"))).then("in_period_ratio"),
    )
    figure.Figure(
        key="in-period-ratios",
        finding="In-period ratios: charges of one year over crimes or outcomes of the same year. They are not "
        "shares of crimes charged",
        data=figure.Data(
            rule.suppress_columns(counts, ["charge_count", "denominator_count"]),
            ("title", {"named": "Class"}, "charge_count", "denominator_count", "in_period_ratio"),
            {"in_period_ratio": lambda v: "no figure" if v is None else numbers.decimal(v, 3)},
        ),
        tables=(RATIOS,),
    ).draw(copy)  # fmt: skip
