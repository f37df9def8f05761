"""Figures of recording delay: distribution, months, units and classes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl
import streamlit as st

from dashboards.charts import across, intervals
from dashboards.charts.breaks import Regime, crossed, regimes_of
from dashboards.data import extract, regimes
from dashboards.data.published import Copy
from dashboards.pages.recording import delay_text
from dashboards.pages.recording.compliance import Part, months_words
from dashboards.parts import figure, filters, page
from dashboards.text import numbers
from dashboards.text.recording import trust_text
from dashboards.text.small_numbers import SmallNumbers

DELAYS, BINS, VALUES = "metrics.recording_delays", "metrics.recording_delay_bins", "metrics.measure_values"
SHARES = ("within_limit_share", "within_limit_lower", "within_limit_upper")
ALL, SH = "all", "stalking and harassment"
TIMES = "breakdown, value, recorded_month, median_hours, ninth_decile_hours, escalate_hours, over_escalation_count"


def read_delays(copy: Copy, rule: SmallNumbers) -> pl.DataFrame:
    """The delays of each group, with the measure of its share in time; no share of too few crimes. Raises Missing."""
    shares = copy.select(
        VALUES,
        columns="breakdown, breakdown_value, period_type, period_start, numerator, denominator, not_known_count, "
        "value, lower, upper",
        where="measure_code = 'recorded_24h' and (period_type = 'to_date' and breakdown in ('none', 'class', 'unit') "
        "or period_type = 'month' and breakdown = 'none')",
        may_be_empty=True,
    )
    return rule.leave_out_shares(with_shares(copy.select(DELAYS, columns=TIMES), shares), "measured_count", SHARES)


def with_shares(delays: pl.DataFrame, shares: pl.DataFrame) -> pl.DataFrame:
    """Rows of metrics.recording_delays, each with the counts, share and limits of its group in `shares`."""
    is_month = pl.col("period_type") == "month"
    within = shares.select(
        pl.when(is_month).then(pl.lit("month")).when(pl.col("breakdown") == "none").then(pl.lit(ALL))
        .otherwise("breakdown").alias("breakdown"),
        pl.when(is_month).then(pl.col("period_start").cast(pl.String))
        .otherwise(pl.col("breakdown_value").replace(ALL, SH)).alias("value"),
        (pl.col("denominator") + pl.col("not_known_count")).alias("crime_count"),
        pl.col("denominator").alias("measured_count"),
        pl.col("numerator").alias("within_limit_count"),
        pl.col("value").alias("within_limit_share"),
        pl.col("lower").alias("within_limit_lower"),
        pl.col("upper").alias("within_limit_upper"),
    )  # fmt: skip
    return delays.join(within, on=["breakdown", "value"], how="inner", maintain_order="left")


def bearing(copy: Copy) -> tuple[Regime, ...]:
    """The recording changes that charts over time must mark. Raises Missing."""
    return regimes_of(regimes.read_regimes(copy), source="crime", codes={"S&H", "8L", "8Q"})


def group_of(delays: pl.DataFrame, breakdown: str, value: str) -> dict[str, Any] | None:
    """The row of one group of crimes, as `read_delays` gives it."""
    rows = delays.filter((pl.col("breakdown") == breakdown) & (pl.col("value") == value))
    return rows.row(0, named=True) if rows.height else None


@page.section("the distribution of delays")
def show_distribution(
    copy: Copy, delays: pl.DataFrame, labels: Mapping[str, str], of: extract.Extract, rule: SmallNumbers
) -> None:
    """Draw bars of the time from report to record; time over the limit is hatched."""
    bins = copy.select(BINS, order_by="bin_number")
    groups = bins.select("breakdown", "value").unique().sort("breakdown", "value").rows()
    names = {
        ALL: "All stalking and harassment",
        **{f"{kind}:{name}": Part(kind, name).words(labels) for kind, name in groups if kind in ("class", "unit")},
    }
    key = filters.choose("Crimes", names, "part", place=st.columns(2)[0])
    kind, _, name = (key if key != ALL else f"{ALL}:{SH}").partition(":")
    rows = bins.filter((pl.col("breakdown") == kind) & (pl.col("value") == name))
    group = group_of(delays, kind, name)
    if rows.is_empty() or group is None:
        page.note("No delay of these crimes can be measured.")
        return
    rows = rule.leave_out_shares(rows, "measured_count", ("crime_share", "share_lower", "share_upper"))
    rows = rows.with_columns(
        is_late=pl.col("up_to_hours").is_null() | (pl.col("up_to_hours") > delay_text.LIMIT_HOURS),
        words=pl.struct("crime_count", "crime_share").map_elements(
            lambda r: f"{numbers.number(r['crime_count'])} ({numbers.share(r['crime_share'])})", return_dtype=pl.String
        ),
    )
    figure.Figure(
        key="recording-delay",
        tables=(BINS, VALUES),
        finding=delay_text.bins_finding(group, names[key]),
        chart=across.bars(rows, label="bin_label", value="crime_share", words="words", is_marked="is_late")
        if rows["crime_share"].null_count() < rows.height
        else None,
        alt=f"Bars of the time from report to record, {numbers.number(group['measured_count'])} crimes: "
        + "; ".join(f"{r['bin_label']} {r['words']}" for r in rows.iter_rows(named=True))
        + f". Bars beyond {delay_text.LIMIT_HOURS} hours are hatched.",
        data=figure.Data(
            rows,
            (
                "bin_label",
                "crime_count",
                "measured_count",
                "crime_share",
                "share_lower",
                "share_upper",
            ),
            dict.fromkeys(("crime_share", "share_lower", "share_upper"), numbers.share),
        ),
        period=of.period,
        caveats=(
            f"Hatched: later than the {delay_text.LIMIT_HOURS} hours of the standard.",
            (
                f"{numbers.number(group['crime_count'] - group['measured_count'])} of "
                f"{numbers.plural(group['crime_count'], 'crime')} have no delay that can be measured, and are in "
                "no share."
            ),
        ),
        is_lead=True,
    ).draw(copy)


@page.section("delays over time")
def show_months(copy: Copy, delays: pl.DataFrame) -> None:
    """Draw the share recorded in time by month, with intervals and recording changes."""
    changes = bearing(copy)
    months = trust_text.window(
        delays.filter(pl.col("breakdown") == "month")
        .sort("recorded_month")
        .select(
            pl.lit("in time").alias("line"),
            pl.col("recorded_month").alias("month"),
            pl.col("within_limit_share").alias("share"),
            pl.col("within_limit_lower").alias("lower"),
            pl.col("within_limit_upper").alias("upper"),
            pl.col("within_limit_count").alias("count"),
            pl.col("measured_count").alias("of"),
            "median_hours",
            "ninth_decile_hours",
            "over_escalation_count",
        )
    )
    if not months["of"].sum():
        page.note("No month has a delay that can be measured.")
        return
    held = months.filter(pl.col("share").is_not_null())
    last = held.row(-1, named=True) if held.height else None
    chart = None if last is None else intervals.shares_over_time(
        months, changes, unit="share recorded within 24 hours", names={"in time": "in time"},
        starts_at_zero=min(held["lower"].to_list()) < 0.5,
    )  # fmt: skip
    figure.Figure(
        key="recording-delay-by-month",
        tables=(DELAYS, VALUES),
        finding="No month has enough crimes for a share recorded within 24 hours"
        if last is None
        else f"{numbers.share(last['share'])} of {numbers.number(last['of'])} recorded within 24 hours in "
        f"{numbers.month(last['month'])} ({trust_text.interval(last, 'lower', 'upper')})",
        chart=chart,
        alt=f"Share of stalking and harassment recorded within 24 hours, by month, with 95% intervals. "
        f"{months_words(months)} {marks(chart, changes)}",
        data=figure.Data(
            months,
            (
                {
                    "month": "Month of recording",
                    "share": "In time",
                    "lower": "Lower limit",
                    "upper": "Upper limit",
                    "count": "In time, count",
                    "of": "Measured",
                },
                "median_hours",
                "ninth_decile_hours",
                "over_escalation_count",
            ),
            dict.fromkeys(("share", "lower", "upper"), numbers.share)
            | {"month": numbers.month}
            | dict.fromkeys(("median_hours", "ninth_decile_hours"), lambda h: numbers.decimal(h, 1)),
        ),
        regimes=changes,
        period=span(months),
        caveats=(
            "At most the last 36 months are shown. The band is the 95% interval of each month.",
            (
                "The control chart of standard TIM-01 shows its signals. It has crimes of every class, "
                "and those removed later. It is on the page Which standards are breached?"
            ),
        ),
    ).draw(copy)


def show_groups(copy: Copy, delays: pl.DataFrame, labels: Mapping[str, str], of: extract.Extract) -> None:
    """Draw units or classes side by side, with intervals."""
    kinds = {"unit": "Units", "class": "Classes"}
    held = {kind: name for kind, name in kinds.items() if kind in set(delays["breakdown"])}
    if not held:
        return
    kind = filters.choose("Compare", held, "by", place=st.columns(2)[0])
    rows = delays.filter((pl.col("breakdown") == kind) & (pl.col("measured_count") > 0)).with_columns(
        pl.col("value").map_elements(lambda name: Part(kind, name).words(labels), return_dtype=pl.String).alias("name")
    )
    if rows.is_empty():
        page.note("No delay can be measured here.")
        return
    rows = rows.with_columns(late_count=pl.col("measured_count") - pl.col("within_limit_count")).sort(
        "within_limit_share", "name"
    )
    drawn = rows.with_columns(label=pl.format("{}\n{} of {} late", "name", "late_count", "measured_count"))
    total = group_of(delays, ALL, SH)
    whole = total["within_limit_share"] if total else None
    figure.Figure(
        key=f"recording-delay-by-{kind}",
        tables=(DELAYS, VALUES),
        finding=delay_text.groups_finding(rows, whole, kind, "units" if kind == "unit" else "classes"),
        chart=intervals.dots(
            drawn,
            label="label",
            value="within_limit_share",
            lower="within_limit_lower",
            upper="within_limit_upper",
            whole=whole,
        )
        if rows["within_limit_share"].null_count() < rows.height
        else None,
        alt=f"Share recorded within 24 hours with 95% interval by {kind}, and a dashed line at the overall share: "
        + "; ".join(
            f"{r['name']} {numbers.share(r['within_limit_share'])} of {numbers.number(r['measured_count'])}"
            for r in rows.iter_rows(named=True)
        )
        + ".",
        data=figure.Data(
            rows,
            (
                {"name": kind.capitalize()},
                "within_limit_share",
                "within_limit_lower",
                "within_limit_upper",
                "within_limit_count",
                {"late_count": "Late"},
                "measured_count",
                "crime_count",
                "median_hours",
                "ninth_decile_hours",
                "over_escalation_count",
            ),
            dict.fromkeys(("within_limit_share", "within_limit_lower", "within_limit_upper"), numbers.share)
            | dict.fromkeys(("median_hours", "ninth_decile_hours"), lambda h: numbers.decimal(h, 1)),
        ),
        period=of.period,
        caveats=(
            "The dashed line is the overall share.",
            intervals.CHANCE,
        ),
    ).draw(copy)


def marks(chart: Any, bearing: tuple[Regime, ...]) -> str:
    """The number of recording changes in a chart, for its text alternative; "" without a chart."""
    if chart is None:
        return ""
    marked = numbers.plural(len(crossed(chart, bearing)), "recording change is", "recording changes are")
    return f"{marked} marked."


def span(rows: pl.DataFrame) -> str:
    """First to last month."""
    months = rows["month"].drop_nulls().sort()
    return f"{numbers.month(months[0])} to {numbers.month(months[-1])}" if months.len() else "no month"
