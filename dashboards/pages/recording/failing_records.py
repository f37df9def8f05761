"""The records that breach one standard, with the reason in words.

For rules on text, also the words that matched.
"""

from __future__ import annotations

from typing import Any

import polars as pl
from streamlit.delta_generator import DeltaGenerator

from dashboards.data.published import Copy, optional
from dashboards.pages.recording import compliance
from dashboards.pages.recording.compliance import Part
from dashboards.parts import figure, filters, page
from dashboards.text import numbers

RECORDS, BREACHES, TEXTS, CRIMES = "metrics.breach_records", "quality.rule_breaches", "core.text_signals", "core.crimes"
ALL = "all"
OF_EXTRACT = ("crime", "incident", "order")
SEPARATOR = "\x1f"  # between references bound to one query
Rule = dict[str, Any]


def draw_records(copy: Copy, rule: Rule, part: Part, name: str, place: DeltaGenerator) -> None:
    """Draw the records that breach the standard, in the part chosen.

    For rules on other things, draw their references.
    """
    page.heading("Records in breach")
    if rule.get("record_type") in OF_EXTRACT:
        with page.section("unit, class and month of the records"):
            rows = copy.select(
                RECORDS, where="rule_code = $rule", order_by="month desc, record_ref", rule=rule["rule_code"],
                may_be_empty=True,
            )  # fmt: skip
            if rows.height:
                _show_extract_records(copy, rule, rows, part, name, place)
                return
    _show_references(copy, rule)


def _show_extract_records(
    copy: Copy, rule: Rule, rows: pl.DataFrame, part: Part, name: str, place: DeltaGenerator
) -> None:
    if part != compliance.WHOLE:
        rows = rows.filter(pl.col("unit_name" if part.breakdown == "unit" else "class_code") == part.name)
    held = rows["month"].drop_nulls().unique().sort(descending=True)
    month = filters.choose(
        "Month", {ALL: "All months"} | {f"{m:%Y-%m}": numbers.month(m) for m in held}, "month", place=place
    )
    shown = rows if month == ALL else rows.filter(pl.col("month").dt.strftime("%Y-%m") == month)
    phrases: dict[str, str] = {}
    breaches = numbers.plural(rule["breach_count"], "breach", "breaches")
    caveats = [
        f"The rule counts {breaches} in all. A record can breach a standard more than once: its reasons are in one row."
    ]
    if shown["is_read_from_text"].any():
        shown = _with_phrases(copy, shown)
        phrases = {"phrases": "Words matched"}
        caveats.append("Words matched are quoted from the record, for this audience only. They decide nothing.")
    action = ": refer to the registrar" if rule["severity"] == "warn" else ""
    where = "" if part == compliance.WHOLE else f", {numbers.lowered(name)}"
    figure.Figure(
        key=f"failing-{rule['rule_code'].lower()}",
        tables=(RECORDS,),
        finding=f"{numbers.plural(shown.height, *_verbs(rule, 'record', 'records'))} {rule['rule_code']}{where}"
        + (f", {numbers.month(shown['month'][0])}" if month != ALL and shown.height else "")
        + action,
        data=figure.Data(
            shown,
            ("record_ref", "record_type", {"reason": "What is wrong"} | phrases, "unit_name", "class_code", "month",
             {"first_seen_at": "First found (build date)"}),
            {
                "month": lambda month: numbers.month(month) if month else "not known",
                "phrases": lambda words: words or "none",
                "class_code": lambda code: code or "not known",
                "first_seen_at": lambda at: numbers.day(at.date()) if at else numbers.NO_VALUE,
            },
        ),
        caveats=caveats,
    ).draw(copy)


def _verbs(rule: Rule, one: str, many: str) -> tuple[str, str]:
    """Record breaches, records breach; a warning only appears to be a breach."""
    if rule["severity"] == "warn":
        return f"{one} appears to breach", f"{many} appear to breach"
    return f"{one} breaches", f"{many} breach"


def _with_phrases(copy: Copy, rows: pl.DataFrame) -> pl.DataFrame:
    """The words that the lexicon matched in the crime's MO and incident log."""
    refs = SEPARATOR.join(rows.filter(pl.col("record_type") == "crime")["record_ref"])
    logs = optional(
        copy.select,
        CRIMES,
        columns="crime_ref, any_value(incident_ref) as incident_ref",
        where="crime_ref in (select unnest(string_split($refs, chr(31)))) and incident_ref is not null "
        "group by crime_ref",
        refs=refs,
    )
    found = [_phrases(copy, "crime", refs).rename({"record_ref": "crime_ref"})]
    if logs is not None and logs.height:
        of_logs = _phrases(copy, "incident", SEPARATOR.join(logs["incident_ref"].unique()))
        found.append(
            logs.join(of_logs.rename({"record_ref": "incident_ref"}), on="incident_ref")
            .with_columns(phrases="log: " + pl.col("phrases"))
            .select("crime_ref", "phrases")
        )
    together = pl.concat(found).group_by("crime_ref", maintain_order=True).agg(pl.col("phrases").str.join("; "))
    return rows.join(together, left_on="record_ref", right_on="crime_ref", how="left", maintain_order="left")


def _phrases(copy: Copy, record_type: str, refs: str) -> pl.DataFrame:
    rows = optional(
        copy.select,
        TEXTS,
        columns="record_ref, phrases",
        where="record_type = $kind and phrases is not null "
        "and record_ref in (select unnest(string_split($refs, chr(31))))",
        kind=record_type,
        refs=refs,
    )
    return pl.DataFrame(schema={"record_ref": pl.String, "phrases": pl.String}) if rows is None else rows


@page.section("the references in breach")
def _show_references(copy: Copy, rule: Rule) -> None:
    """Draw the references of a rule on deliveries, rows, months or units."""
    rows = copy.select(
        BREACHES,
        columns="record_type, record_ref, detail",
        order_by="record_type, record_ref",
        may_be_empty=True,
        where="rule_code = $rule and run_ref = $run",
        rule=rule["rule_code"],
        run=rule["run_ref"],
    )
    found = numbers.plural(rows.height, *_verbs(rule, "reference", "references"))
    action = ": refer to the registrar" if rule["severity"] == "warn" else ""
    figure.Figure(
        key=f"failing-{rule['rule_code'].lower()}",
        tables=(BREACHES,),
        finding=f"{found} {rule['rule_code']}{action}",
        data=figure.Data(
            rows,
            ("record_type", "record_ref", "detail"),
            row_heading="record_ref",
        ),
    ).draw(copy)
