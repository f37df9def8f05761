"""Recording delay and class: how soon, in which class, and later changes.

Later changes are cancellations and reclassifications.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from dashboards.charts import intervals
from dashboards.data import extract
from dashboards.data.published import Copy, optional
from dashboards.data.settings import read_small_numbers
from dashboards.pages.recording import census_figures, delay_figures, delay_text
from dashboards.pages.recording.compliance import months_words
from dashboards.parts import extract_banner, figure, page
from dashboards.parts.outline import Section, in_sections
from dashboards.text import numbers
from dashboards.text.recording import trust_text
from dashboards.text.small_numbers import SmallNumbers

PARTNERS, TRUST = "metrics.former_partner_classes", "metrics.recording_trust"
CLASSES = "reference.offence_classes"
PRINCIPAL, INCLUDED = "principal", "principal or included"


@page.whole(
    "recording delay and class",
    "Not measured. Open data cannot show when, or in which class, a crime was first recorded.",
)
def main() -> None:
    """Draw the page."""
    copy = page.begin(
        "How soon stalking and harassment is recorded, in which class, and what is cancelled or reclassified later.",
    )
    of = extract.find_extract(copy)
    extract_banner.sign(of)
    rule = read_small_numbers(copy)
    delays, measures = optional(delay_figures.read_delays, copy, rule), optional(copy.select, TRUST)
    whole = None if delays is None else delay_figures.group_of(delays, delay_figures.ALL, delay_figures.SH)
    by_code = {} if measures is None else trust_text.by_code(measures)
    principal = by_code.get(f"former_partner_stalking|{PRINCIPAL}")
    sentences = [delay_text.delay_sentence(whole)] if whole else ["How soon crimes are recorded is not measured."]
    page.answer(" ".join([*sentences, delay_text.class_sentence(principal)]))
    if whole:
        page.facts(_facts(whole, principal, by_code.get(f"former_partner_stalking|{INCLUDED}"), rule))
    labels = copy.names(CLASSES, "offence_code, offence_label")
    included = by_code.get(f"former_partner_stalking|{INCLUDED}")
    in_sections(
        Section("How soon are crimes recorded?", lambda: _show_delays(copy, labels, of, rule)),
        Section("Is the recording delay changing?", lambda: _show_months(copy, rule)),
        Section("Where are crimes recorded late?", lambda: _show_groups(copy, labels, of, rule)),
        Section(
            "Is conduct by former partners recorded as stalking?",
            lambda: _show_partners(copy, principal, included, rule),
        ),
        Section("What was cancelled or transferred?", lambda: census_figures.show_removals(copy, labels)),
        Section("What was reclassified?", lambda: census_figures.show_changes(copy)),
    )


@page.section("delays of recording")
def _show_delays(copy: Copy, labels: Mapping[str, str], of: extract.Extract, rule: SmallNumbers) -> None:
    delay_figures.show_distribution(copy, delay_figures.read_delays(copy, rule), labels, of, rule)


@page.section("delays of recording")
def _show_months(copy: Copy, rule: SmallNumbers) -> None:
    delay_figures.show_months(copy, delay_figures.read_delays(copy, rule))


@page.section("delays of recording")
def _show_groups(copy: Copy, labels: Mapping[str, str], of: extract.Extract, rule: SmallNumbers) -> None:
    delay_figures.show_groups(copy, delay_figures.read_delays(copy, rule), labels, of)


def _facts(
    whole: Mapping[str, Any],
    principal: Mapping[str, Any] | None,
    included: Mapping[str, Any] | None,
    rule: SmallNumbers,
) -> list[tuple[str, str, str]]:
    measured, is_enough = numbers.number(whole["measured_count"]), rule.is_enough(whole["measured_count"])
    median, ninth = (
        delay_text.hours(whole[name]) if is_enough else "Too few" for name in ("median_hours", "ninth_decile_hours")
    )
    items = [
        (
            f"Within {delay_text.LIMIT_HOURS} hours",
            "Too few" if not is_enough and whole["measured_count"] else numbers.share(whole["within_limit_share"]),
            f"{numbers.number(whole['within_limit_count'])} of {measured} crimes"
            + (f"; {delay_text.within_interval(whole)}" if whole["within_limit_share"] is not None else ""),
        ),
        (
            "Half are recorded within",
            median,
            f"nine in ten within {ninth}; {measured} crimes" if is_enough else f"{measured} crimes",
        ),
        (
            f"After more than {whole['escalate_hours']:.0f} hours",
            numbers.number(whole["over_escalation_count"]),
            f"of {measured} crimes; each needs a supervisor at once",
        ),
    ]
    for row, label in ((principal, "by principal class"), (included, "with included classes")):
        words = (
            f"{numbers.number(row['kept_count'])} of {numbers.number(row['judged_count'])}; "
            f"{trust_text.interval(row)}; {trust_text.span(row)}"
            if row is not None and trust_text.is_measured(row)
            else ""
        )
        items.append(trust_text.fact(row, f"Former partners: stalking, {label}", words))
    return items


@page.section("the class of conduct by former partners")
def _show_partners(
    copy: Copy,
    principal: Mapping[str, Any] | None,
    included: Mapping[str, Any] | None,
    rule: SmallNumbers,
) -> None:
    rows = copy.select(PARTNERS, order_by="basis, month", may_be_empty=True)
    bearing = delay_figures.bearing(copy)
    if rows.is_empty():
        page.note("No crime of class 8L or 8Q names a former partner: relationships may not have been delivered.")
        return
    months = trust_text.window(
        rows.select(
            pl.col("basis").alias("line"),
            "month",
            pl.col("stalking_share").alias("share"),
            pl.col("share_lower").alias("lower"),
            pl.col("share_upper").alias("upper"),
            pl.col("stalking_count").alias("count"),
            pl.col("denominator_count").alias("of"),
        )
    )
    months = rule.leave_out_shares(months, "of", ("share", "lower", "upper"))
    has_share = months["share"].null_count() < months.height
    names = {
        name: f"by {words}"
        for name, words in ((PRINCIPAL, "principal class"), (INCLUDED, "principal or included class"))
        if name in set(months["line"])
    }
    unit = "stalking's share (8Q of 8L and 8Q)"
    chart = intervals.shares_over_time(months, bearing, unit=unit, names=names) if has_share else None
    figure.Figure(
        key="former-partner-classes",
        tables=(PARTNERS,),
        finding=delay_text.both_ways_finding(principal, included),
        chart=chart,
        alt="Stalking's share of stalking and harassment by former partners, by month of recording, with 95% "
        f"intervals. By principal class: {months_words(months.filter(pl.col('line') == PRINCIPAL))} "
        f"{delay_figures.marks(chart, bearing)}",
        data=figure.Data(
            months.sort("month", "line"),
            {
                "month": "Month of recording",
                "line": "Counted by class",
                "share": "Stalking",
                "lower": "Lower limit",
                "upper": "Upper limit",
                "count": "Stalking, count",
                "of": "Stalking and harassment, count",
            },
            dict.fromkeys(("share", "lower", "upper"), numbers.share) | {"month": numbers.month},
        ),
        regimes=bearing,
        period=delay_figures.span(months),
        caveats=(
            "At most the last 36 months are shown. The band is the 95% interval of the share by principal class.",
            "Crimes recorded as harassment without a recorded reason are listed under rule CLS-01.",
        ),
    ).draw(copy)


main()
