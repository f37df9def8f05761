"""Parts 6 to 8: cost, options, and what is not known."""

from __future__ import annotations

from dashboards.data.support.support_data import CAPACITY, OPTIONS, key
from dashboards.documents.pack.evidence import Evidence, Row
from dashboards.documents.pack.reach import bullets
from dashboards.documents.parts import part
from dashboards.text.content import Block, Heading, Runs, number, paragraph, table, text
from dashboards.text.support import support_text


@part("Cost and capacity")
def cost(evidence: Evidence) -> list[Block]:
    """Part 6."""
    rows = sorted(evidence.rows(CAPACITY), key=lambda r: r["service_name"])
    columns = (
        ("Service", 0.28, lambda row: row["service_name"]),
        ("Workers", 0.1, lambda row: _capacity(row, "capacity_fte", "one_decimal")),
        ("Capacity a year", 0.13, lambda row: _capacity(row, "capacity_count", "whole")),
        ("Accepted", 0.12, lambda row: _capacity(row, "accepted_text", "words")),
        ("Cost a year", 0.15, lambda row: _capacity(row, "cost", "pounds")),
        ("Cost per accepted referral", 0.22, _unit),
    )
    bases = sorted({row["caseload_basis"] for row in rows})
    note = f"Cases per worker: {'; '.join(bases)}. No caseload for stalking advocates is published."
    return [
        table("Cost and capacity of services", rows, columns, numeric={1, 2, 3, 4}),
        paragraph(note, kind="note"),
    ]


def _capacity(row: Row, column: str, form: str) -> Runs:
    return text(number(CAPACITY, column, form, service_name=row["service_name"]))


def _unit(row: Row) -> Runs:
    if row["unit_cost"] is None:
        return text("not measured")
    names = ("unit_cost", "unit_cost_lower", "unit_cost_upper")
    value, low, high = (_capacity(row, name, "pounds")[0] for name in names)
    return text(value, " (", low, " to ", high, ")")


@part("Options")
def options(evidence: Evidence) -> list[Block]:
    """Part 7."""
    rows = evidence.reader.rows(OPTIONS)
    if not rows:
        return [paragraph("No option can be calculated: staff, cases a year or accepted referrals are missing.")]
    stated = sorted(
        (r for r in rows if r["assumption"] == "as stated"),
        key=lambda r: (r["option_code"] == "pooled", r["service_name"], r["place"]),
    )
    moved = sorted((r for r in rows if r["assumption"] != "as stated"), key=lambda r: (r["service_name"], r["place"]))
    columns = (
        ("Service", 0.17, lambda row: row["service_name"]),
        ("Option", 0.12, support_text.option_name),
        ("Workers", 0.08, lambda row: _option(row, "capacity_fte", "one_decimal")),
        ("Cost a year", 0.1, lambda row: _option(row, "cost", "pounds")),
        ("Wait measured now (days)", 0.09, lambda row: _now(row, "measured_days")),
        ("Model now (days)", 0.08, lambda row: _now(row, "model_days")),
        ("Wait in a year (days)", 0.14, lambda row: _range(row, "wait_days", "wait", "one_decimal")),
        ("Waiting for a place in a year", 0.13, lambda row: _range(row, "waiting_count", "waiting", "about")),
        ("Workers to break even", 0.09, lambda row: _option(row, "break_even_fte", "one_decimal")),
    )
    changed = (
        ("Service", 0.26, lambda row: row["service_name"]),
        ("Changed; option", 0.36,
         lambda row: f"{support_text.MOVED[row['assumption']]}; {support_text.option_name(row).lower()}"),
        ("Wait in a year (days)", 0.2, lambda row: _range(row, "wait_days", "wait", "one_decimal")),
        ("Waiting for a place in a year", 0.18, lambda row: _range(row, "waiting_count", "waiting", "about")),
    )  # fmt: skip
    return [
        paragraph(
            "This is a model, not a promise. It has a delay that load does not change and a number of places, both "
            "fitted to the waits on record. It runs for a year, week by week: people come at random and cases end "
            "at random. The range holds 95% of the runs at the fewest and the most places that agree with the "
            "record. Where the model does not give the measured wait, it is not calibrated and gives none. Workers "
            "to break even can just take what was accepted.",
        ),
        table("Options: no change, more advocates, or pooled services", stated, columns, numeric={2, 3, 4, 5, 8}),
        table("Sensitivity: one assumption changed by a fifth", moved, changed),
    ]


def _option(row: Row, column: str, form: str) -> Runs:
    return text(number(OPTIONS, column, form, service_name=row["service_name"], place=row["place"]))


def _now(row: Row, column: str) -> Runs:
    return text("not tried") if row[column] is None else _option(row, column, "one_decimal")


def _range(row: Row, value: str, ends: str, form: str) -> Runs:
    if row[value] is None:
        return text(support_text.NOT_CALIBRATED)
    low, high = (_option(row, f"{ends}_{end}", form)[0] for end in ("lower", "upper"))
    return text(_option(row, value, form)[0], " (", low, " to ", high, ")")


def unknown(evidence: Evidence) -> list[Block]:
    """Part 8."""
    return [
        Heading(1, "What is not known"),
        bullets(
            "The number of victims here: the estimate uses national prevalence by sex, nothing local and no age.",
            "The number of victims in a district: the survey would give each the same share of its residents.",
            "How many would accept an offer of support: the share is assumed, as no figure is published.",
            "How long a case lasts, where services do not report it: the time is assumed.",
            "Victims not known to police, and support found without police.",
            "Whether support changes outcomes: no figure here compares like with like, so none is given.",
            "Disability, sexual orientation and religion of victims not offered support.",
            "For recent months: support still to be offered, accepted or completed.",
        ),
        paragraph(key(evidence.reader.copy), kind="note"),
    ]
