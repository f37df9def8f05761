"""The sentences that state what a chart shows. Pure: rows in, one sentence out.

No sentence gives a percentage change by itself or ranks forces. A missing month is never treated as a quiet one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from dashboards.text import numbers

VERDICTS = {
    "no_change": "No signal in the latest period",
    "higher": "A signal, higher",
    "lower": "A signal, lower",
    "not_enough_points": "Too few months for limits",
    "not_charted": "Drawn without limits: its periods overlap",
}


def series_finding(series: Mapping[str, Any]) -> str:
    """The verdict of a metrics.control_chart_series row as a sentence."""
    sentence = (series.get("verdict_sentence") or "").strip()
    return sentence or f"{VERDICTS.get(series['verdict'], 'No verdict')}."


def short_title(series: Mapping[str, Any]) -> str:
    """The series' title without its force, which the page names already."""
    return str(series["title"]).removesuffix(f": {series['force_name']}")


def chart_finding(series: Mapping[str, Any], points: pl.DataFrame) -> str:
    """The chart's finding: signals since the limits began, or a line's latest figure."""
    held = points.filter(pl.col("value").is_not_null()).sort("month")
    drawn = held.filter(pl.col("limits_status") == "drawn")
    if drawn.is_empty():
        latest = numbers.measured(series["latest_value"], series["unit"])
        when = numbers.period(series["latest_month"], series["period_months"])
        return f"{short_title(series)}: {latest}, {when}, drawn without limits"
    current = drawn.filter(pl.col("segment") == drawn["segment"].max())
    since, signals = numbers.month(current["month"][0]), current.filter(pl.col("signal") != "")
    points_held = (
        numbers.plural(current.height, "month")
        if series["period_months"] == 1
        else numbers.plural(current.height, "point")
    )
    if signals.is_empty():
        return f"{short_title(series)}: no signal in {points_held} since {since}"
    sides = [
        f"{n} {side}"
        for side in ("higher", "lower")
        if (n := signals.filter(pl.col("signal_direction") == side).height)
    ]
    head = f"{short_title(series)}: {signals.height} of {points_held} since {since}"
    return f"{head} {'gives' if signals.height == 1 else 'give'} a signal, {' and '.join(sides)}"


def span(series: Mapping[str, Any]) -> str:
    """First to last period of a series."""
    first, last = (numbers.period(series[k], series["period_months"]) for k in ("first_month", "latest_month"))
    return f"{first} to {last}"


def chart_words(series: Mapping[str, Any], points: pl.DataFrame, marks: int) -> str:
    """Text alternative of a control chart or a line over time."""
    held = points.filter(pl.col("value").is_not_null())
    signals = held.filter(pl.col("signal") != "").height
    kind = "Control chart" if (points["limits_status"] == "drawn").any() else "Line chart without limits"
    months = series["period_months"]
    words = f"{kind}. {series['title']}, {span(series)}, {numbers.plural(held.height, 'point')}. "
    if held.height:
        low, high = held.sort("value").row(0, named=True), held.sort("value").row(-1, named=True)
        words += (
            f"Lowest {numbers.measured(low['value'], series['unit'])}, {numbers.period(low['month'], months)}; highest "
            f"{numbers.measured(high['value'], series['unit'])}, {numbers.period(high['month'], months)}. "
        )
    if kind.startswith("Control"):
        words += f"{numbers.plural(signals, 'point is a signal', 'points are signals')}. "
    return words + f"{numbers.plural(marks, 'recording change is marked', 'recording changes are marked')}."


def in_funnel(forces: pl.DataFrame) -> pl.DataFrame:
    """The forces that a funnel can place: those with a value and limits."""
    return forces.filter(pl.all_horizontal(pl.col("value", "denominator", "target", "upper_998").is_not_null()))


def funnel_finding(forces: pl.DataFrame, what: str) -> str:
    """How many forces are outside the 99.8% limits."""
    rows = in_funnel(forces)
    high = rows.filter(pl.col("outlier") == "high_998").height
    low = rows.filter(pl.col("outlier") == "low_998").height
    if not high and not low:
        return f"{what}: none of {numbers.plural(rows.height, 'force')} is outside the 99.8% limits"
    sides = [f"{high} above" if high else "", f"{low} below" if low else ""]
    return (
        f"{what}: {high + low} of {numbers.plural(rows.height, 'force')} "
        f"{'is' if high + low == 1 else 'are'} outside the 99.8% limits, {' and '.join(s for s in sides if s)}"
    )


def rate_as_funnel_row(rate: Mapping[str, Any]) -> dict[str, Any]:
    """A row of metrics.recorded_rates with a funnel's column names, without limits."""
    limits = dict.fromkeys(("target", "lower_95", "upper_95", "lower_998", "upper_998"))
    names = {name: rate[name] for name in ("source", "force_code", "force_name", "period_start", "period_end")}
    return {
        **names, **limits, "short_name": rate["force_name"], "measure": "rate_per_1000",
        "value": rate["rate_per_1000"],
        "numerator": rate["crime_count"], "denominator": rate["population"],
        "denominator_year": rate["population_year"],
        "outlier": "",
    }  # fmt: skip


def force_position(row: Mapping[str, Any], unit: str, forces: int | None = None) -> str:
    """One force's position, with its numerator, denominator and year.

    `forces` adds the number of forces compared.
    """
    value, year = numbers.measured(row["value"], row["measure"]), row.get("denominator_year")
    of = (
        f"{numbers.number(row['numerator'])} of {numbers.number(row['denominator'])}"
        if numbers.is_share(row["measure"])
        else f"{numbers.number(row['numerator'])} offences, {numbers.number(row['denominator'])} residents"
    )
    of += f" in {year}" if year else ""
    alone = f"{numbers.OUTLIERS[row['outlier'] or '']} for a force of its size"
    return (
        f"{row['short_name']} is {alone if forces is None else peer_verdict(row, forces)}: {value}"
        + ("" if numbers.is_share(row["measure"]) else f" {unit}")
        + f" ({of})."
    )


def peer_verdict(row: Mapping[str, Any], forces: int) -> str:
    """A funnel's verdict on one unit, for the middle of a sentence.

    It says what chance allows among that number of forces. `row` has the funnel's `outlier`, `is_overdispersed`,
    `upper_998` and `unused_reason`.
    """
    if row.get("upper_998") is None:
        return f"not compared ({row.get('unused_reason') or 'it has no figure for this period'})"
    among = f"among {numbers.plural(forces, 'force')}"
    spread = "chance and the usual spread between forces" if row.get("is_overdispersed") else "chance"
    outlier = row.get("outlier") or ""
    if not outlier:
        return f"within what {spread} {'allow' if ' and ' in spread else 'allows'} {among}"
    words = f"{numbers.OUTLIERS[outlier]} {among}"
    if outlier.endswith("998"):
        return f"{words}, more than {spread} would give"
    return f"{words}, where chance alone puts about one in twenty outside"


def delivery_finding(deliveries: pl.DataFrame) -> str:
    """Whether all rows are accounted for, and how many were refused."""
    read, loaded, quarantined = (
        int(deliveries[c].sum() or 0) for c in ("rows_read", "rows_loaded", "rows_quarantined")
    )
    refused = deliveries.filter(pl.col("status") == "refused").height
    lost = read - loaded - quarantined
    sources = deliveries["source"].n_unique()
    words = (
        f"{numbers.plural(deliveries.height, 'delivery', 'deliveries')} from {numbers.plural(sources, 'source')}: "
        f"{numbers.number(read)} rows read, {numbers.number(loaded)} loaded, {numbers.number(quarantined)} quarantined"
    )
    words += ", none lost" if lost == 0 else f", {numbers.number(abs(lost))} unaccounted for"
    return words + (f". {numbers.plural(refused, 'file was', 'files were')} refused." if refused else ".")


def records_of_no_force(rows: pl.DataFrame) -> str:
    """The records that nothing links to a force, by kind: they are in no force's figures."""
    kinds = ", ".join(f"{numbers.number(row['row_count'])} {row['record_type']}" for row in rows.iter_rows(named=True))
    return f"Nothing links these records to one force, so no force's figures have them: {kinds}."


def coverage_finding(coverage: pl.DataFrame) -> str:
    """How many of the expected force-months were supplied."""
    expected = coverage.filter(pl.col("is_supplied") | (pl.col("absence_reason").fill_null("") == ""))
    supplied, known = int(expected["is_supplied"].sum()), coverage.height - expected.height
    words = f"{numbers.number(supplied)} of {numbers.number(expected.height)} force-months expected were supplied"
    return words + (f"; {numbers.number(known)} more are absent for a known reason" if known else "")


def rules_finding(results: pl.DataFrame) -> str:
    """The number of rules in each of the four states."""
    counts = {status: results.filter(pl.col("status") == status).height for status in numbers.RULE_STATES}
    breach = results.filter(pl.col("status") == "BREACH")
    refer = breach.filter(pl.col("severity") == "warn").height
    info = breach.filter(pl.col("severity") == "info").height
    parts = [
        f"{numbers.plural(counts['PASS'], 'standard met by every record', 'standards met by every record')}",
        f"{counts['BREACH'] - refer - info} breached",
        f"{refer} to refer to the registrar",
    ]
    parts += [f"{info} for information"] if info else []
    parts += [f"{counts['NOT_EVALUABLE']} not measured"] if counts["NOT_EVALUABLE"] else []
    parts += [f"{counts['ERROR']} could not be checked"] if counts["ERROR"] else []
    return ", ".join(parts)


def map_finding(forces: pl.DataFrame, name: str) -> str:
    """The values that divide the forces into three equal groups, and missing forces."""
    values = forces["value"].drop_nulls().sort().to_list()
    measure = forces["measure"].drop_nulls()[0]
    words = name
    if len(values) >= 3:
        low, high = (numbers.measured(values[len(values) * i // 3], measure) for i in (1, 2))
        words += f": a third of forces are under {low}, a third at {high} or more"
    blank = forces.filter(pl.col("value").is_null())["short_name"].sort().to_list()
    return words + (f"; no figure for {numbers.listed(blank)}" if blank else "")


def spread_finding(areas: pl.DataFrame, force: str) -> str:
    """The smallest number of areas with half of the force's records."""
    counts = areas.filter(~pl.col("is_unassigned"))["crime_count"].drop_nulls().sort(descending=True).to_list()
    total = max(areas["force_crime_count"].drop_nulls().to_list(), default=0) or sum(counts)
    held = 0
    for i, count in enumerate(counts, start=1):
        held += count
        if 2 * held >= total:
            return (
                f"{i} of {numbers.plural(len(counts), 'area')} {'has' if i == 1 else 'have'} half of what {force} "
                f"recorded ({numbers.number(held)} of {numbers.number(total)})"
            )
    return f"{numbers.plural(len(counts), 'area')} of {force} with a figure"


def demand_finding(areas: pl.DataFrame, force: str, offence: str, period: str) -> str:
    """The area that recorded most, as a share of the force's own count."""
    named = areas.filter(~pl.col("is_unassigned") & pl.col("crime_count").is_not_null()).sort(
        "crime_count", descending=True
    )
    if named.is_empty():
        return f"No area of {force} has a figure for {offence.lower()}, {period}"
    top = named.row(0, named=True)
    words = f"{top['area_name']} recorded {numbers.number(top['crime_count'])}"
    if top["force_crime_count"]:
        words += f" of {force}'s {numbers.number(top['force_crime_count'])}"
    words += f" offences of {offence.lower()}"
    if top["share_of_force"] is not None:
        words += f" ({numbers.share(top['share_of_force'])})"
    return f"{words}, the most of {numbers.plural(named.height, 'area')}, {period}"


def outcome_finding(outcomes: pl.DataFrame, force: str, crime_type: str) -> str:
    """The most frequent outcome of one month's crimes, with its counts."""
    top = outcomes.sort("crime_count", descending=True).row(0, named=True)
    return (
        f"{top['outcome_type']}: {numbers.number(top['crime_count'])} of {numbers.number(top['month_crime_count'])} "
        f"({numbers.share(top['outcome_share'])}) crimes of {crime_type.lower()}, {force}, "
        f"{numbers.month(top['month'])}"
    )
