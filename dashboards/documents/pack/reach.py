"""Parts 1 to 5: need, recorded demand, the funnel and its gaps, waits, equity."""

from __future__ import annotations

import polars as pl

from dashboards.data.published import optional
from dashboards.data.support.support_data import EQUITY, GAPS, NEED, OPTIONS, WAIT_POINTS, WAITS
from dashboards.documents.pack import shares
from dashboards.documents.pack.evidence import Evidence, Row, months
from dashboards.documents.parts import part
from dashboards.documents.svg import NAVY, Drawing
from dashboards.text import numbers
from dashboards.text.content import (
    Block,
    Bullets,
    Chart,
    Heading,
    Number,
    Paragraph,
    Runs,
    Table,
    joined,
    number,
    paragraph,
    table,
    text,
)
from dashboards.text.support import support_text

WIDTH = 680
VICTIMS = "victims of stalking or harassment were known to police in"


def in_short(evidence: Evidence) -> list[Block]:
    """The funnel in a few sentences, the largest gap first."""
    told: list[Block] = [
        Heading(1, "In short"),
        Paragraph(
            joined(
                [
                    evidence.clause("known", f"{VICTIMS} {evidence.year.words}"),
                    evidence.clause("offered", "were offered support"),
                    evidence.clause("accepted", "were taken on by a service"),
                ]
            ),
            "lead",
        ),
    ]
    of_all = {"need_code": "stalking", "breakdown": "all", "group_code": "all"}
    lines: list[Runs] = []
    if optional(evidence.rows, NEED, **of_all):
        low, high = (number(NEED, name, "about", **of_all) for name in ("need_lower", "need_upper"))
        lines.append(
            text("People expected to be stalked in a year: about ", number(NEED, "need_count", "about", **of_all),
                 " (", low, " to ", high, "), an estimate.")
        )  # fmt: skip
    rows = optional(evidence.rows, GAPS, breakdown="all") or []
    gaps = [r for r in rows if r["gap_code"] in support_text.RELEASED_GAPS]
    held = sorted((r for r in gaps if r["gap_count"] is not None), key=lambda r: -r["gap_count"])
    if held:
        lines.append(text(f"The largest known gap: {numbers.in_sentence(held[0]['gap_name'])}, ",
                          *_gap(held[0], "gap_count"), "."))  # fmt: skip
    options = optional(evidence.reader.table, OPTIONS)
    if options is not None:
        lines.append(text(support_text.options(options)))
    return [*told, Bullets(tuple(lines))] if lines else told


@part("Need")
def need(evidence: Evidence) -> list[Block]:
    """Part 1."""
    rows = evidence.rows(NEED)
    of_all = {"need_code": "stalking", "breakdown": "all", "group_code": "all"}
    lead = text(
        "About ",
        number(NEED, "need_count", "about", **of_all),
        " people a year are expected to be stalked (",
        number(NEED, "need_lower", "about", **of_all),
        " to ",
        number(NEED, "need_upper", "about", **of_all),
        "): survey prevalence by sex times ",
        number(NEED, "resident_count", "whole", **of_all),
        " residents of 16 and over. It is an estimate, not a count.",
    )
    columns = (
        ("Group", 0.34, lambda row: row["group_name"]),
        ("Expected", 0.18, lambda row: _need_number(row, "need_count")),
        ("95% interval", 0.26, lambda row: (_need_number(row, "need_lower"), " to ", _need_number(row, "need_upper"))),
        ("Residents of 16 and over", 0.22, lambda row: number(NEED, "resident_count", "whole", **_key(row))),
    )
    in_order = sorted(rows, key=lambda r: (r["breakdown"], r["group_name"]))
    expected = table("Expected victims of stalking in a year", in_order, columns, numeric={1, 3})
    survey = rows[0]
    years = f"Residents of {survey['population_year']}; survey of the {survey['survey_year']}."
    note = (
        f"{years} The interval covers only the survey's error: neither age, nor place, nor how stalking is defined. "
        "No district has an estimate: the survey would give each the same share of its residents."
    )
    return [Paragraph(lead, "lead"), expected, paragraph(note, kind="note")]


def _key(row: Row) -> dict[str, str]:
    return {name: row[name] for name in ("need_code", "breakdown", "group_code")}


def _need_number(row: Row, column: str) -> Number:
    return number(NEED, column, "about", **_key(row))


def demand(evidence: Evidence) -> list[Block]:
    """Part 2."""
    told: list[Block] = [
        Heading(1, "Recorded demand"),
        Paragraph(evidence.clause("known", f"{VICTIMS} {evidence.year.words}")),
    ]
    told.append(Paragraph(evidence.clause("known_stalking", "of them were victims of recorded stalking")))
    if evidence.before:
        told.append(paragraph("In the year before: ", evidence.cell("known", period=evidence.before), "."))
    lines = tuple(
        (text(row["group_name"]), text(evidence.cell("known", "area", row["group_code"])))
        for row in evidence.figures("area", "known")
    )
    if lines:
        told.append(Table("Victims known to police, by area", ("Area", "Victims"), lines, (0.7, 0.3), frozenset({1})))
    said = (
        "Victims known to police are not all victims; the number changes with reporting and recording. No forecast is "
        "released to this audience: forecasts use counts without disclosure control."
    )
    return [*told, paragraph(said, kind="note")]


def funnel(evidence: Evidence) -> list[Block]:
    """Part 3."""
    told: list[Block] = [Heading(1, "From need to support"), _chart(evidence)]
    columns = (
        ("Step", 0.36, lambda step: step[1]),
        ("Victims", 0.16, lambda step: evidence.cell(step[0])),
        ("Share (95% interval)", 0.32,
         lambda step: evidence.share(step[0]) if step[0] in support_text.STEP_OF else "all"),
        ("Of", 0.16, lambda step: support_text.STEP_OF.get(step[0], "")),
    )  # fmt: skip
    return [*told, table("Steps of support", support_text.STEPS, columns, numeric={1}), *_gaps(evidence)]


@part()
def _gaps(evidence: Evidence) -> list[Block]:
    lines = tuple(
        (text(row["gap_name"]), _gap(row, "gap_count"), text(*_gap(row, "gap_lower"), " to ", *_gap(row, "gap_upper")))
        for row in sorted(evidence.rows(GAPS, breakdown="all"), key=lambda r: r["place"])
    )
    if not lines:
        return []
    said = "A capacity gap below zero is spare capacity. From, to: the range that the rounded counts allow."
    return [
        Table("Gaps between the steps", ("Gap", "People", "From, to"), lines, (0.56, 0.2, 0.24), frozenset({1})),
        paragraph(said, kind="note"),
    ]


def _gap(row: Row, column: str) -> Runs:
    form = "whole" if row["gap_code"] in support_text.RELEASED_GAPS else "about"
    return text(number(GAPS, column, form, breakdown="all", group_code="all", gap_code=row["gap_code"]))


def _chart(evidence: Evidence) -> Chart:
    """Bars of the released steps; a suppressed step has words and no bar."""
    held = [(name, row) for code, name in support_text.STEPS for row in evidence.figures("all", code)]
    most = max((row["value"] for _, row in held if row["value"]), default=1)
    sheet = Drawing(WIDTH, 16 + 34 * len(held))
    for place, (name, row) in enumerate(held):
        top = 8 + 34 * place
        sheet.words(210, top + 17, name, anchor="end")
        if row["value"]:
            sheet.box(220, top, 360 * row["value"] / most, 24, NAVY)
        sheet.words(228 + 360 * (row["value"] or 0) / most, top + 17, row["text"], is_bold=True)
    alt: list[Runs] = [text(f"{name}: ", evidence.cell(row["measure_code"]), ". ") for name, row in held]
    return Chart(
        sheet.svg(),
        ("Bars, one for each step. ", *(run for part in alt for run in part)),
        f"Victims known to police and supported, {evidence.year.words}",
    )


@part("Waits")
def waits(evidence: Evidence) -> list[Block]:
    """Part 4."""
    rows = [row for row in evidence.rows(WAITS, period_code=evidence.year.code) if row["breakdown"] != "month"]
    if not rows:
        return [paragraph("No wait is released or measured.")]
    rows = sorted(rows, key=lambda r: (r["wait_code"], r["breakdown"], r["group_name"]))
    columns = (
        ("Wait", 0.34, lambda row: row["wait_name"]),
        ("Service", 0.28, lambda row: "All services" if row["breakdown"] == "all" else row["group_name"]),
        ("Mean (days)", 0.13, lambda row: _wait(row, "mean_days")),
        ("Median (days)", 0.13, lambda row: _wait(row, "median_days")),
        ("Referrals", 0.12, lambda row: number(WAITS, "referral_text", "words", **_wait_key(row))),
    )
    told: list[Block] = [table("Waits for support", rows, columns, numeric={2, 3, 4})]
    points = optional(evidence.reader.table, WAIT_POINTS)
    if points is not None:
        for code in support_text.WAITS:
            said = support_text.wait_verdict(points.filter(pl.col("wait_code") == code), code)
            told.append(paragraph(f"{said}."))
    return told


def _wait_key(row: Row) -> dict[str, str]:
    return {name: row[name] for name in ("wait_code", "period_code", "breakdown", "group_code")}


def _wait(row: Row, column: str) -> Runs:
    return text(number(WAITS, column, "one_decimal", **_wait_key(row)))


@part("Who is missing out?")
def equity(evidence: Evidence) -> list[Block]:
    """Part 5."""
    told: list[Block] = [
        paragraph(
            "Equality Act 2010, section 149: groups of victims compared with the largest, for each step of "
            "support. A ratio whose interval includes 1 shows no difference beyond chance.",
        ),
    ]
    held = {row["breakdown"] for row in evidence.rows(EQUITY)}
    for breakdown, name in support_text.BREAKDOWNS.items():
        if breakdown in held and breakdown != "area":
            told += [Heading(2, name), *_groups(evidence, breakdown)]
    absent = [name for code, name in support_text.BREAKDOWNS.items() if code not in held]
    if absent:
        told.append(paragraph(f"Not measured: {numbers.listed(absent)}. No delivered record has it."))
    return told


def _groups(evidence: Evidence, breakdown: str) -> list[Block]:
    rows = evidence.rows(EQUITY, breakdown=breakdown, measure_code="accepted")
    if not rows:
        return [paragraph("Not measured.")]
    columns = (
        ("Group", 0.28, lambda row: row["group_name"]),
        ("Accepted, of those offered", 0.22,
         lambda r: (shares.write_share(r, "text", "words"), " of ", shares.write_share(r, "whole_text", "words"))),
        ("Share (95% interval)", 0.25, shares.share),
        ("Compared with the largest group", 0.25, shares.ratio),
    )  # fmt: skip
    unknown = next((row for row in rows if row["not_recorded_share"] is not None), None)
    said = (
        text(
            "Not recorded for ",
            shares.write_share(unknown, "not_recorded_share", "share"),
            " of those offered.",
        )
        if unknown is not None
        else text("The number not recorded is suppressed.")
    )
    caption = f"Accepted by a service, by {support_text.BREAKDOWNS[breakdown].lower()}"
    in_order = sorted(rows, key=lambda r: (r["place"], r["group_name"]))
    return [table(caption, in_order, columns), Paragraph(said, "note")]


def bullets(*lines: str) -> Bullets:
    """A list of plain sentences."""
    return Bullets(tuple(text(line) for line in lines))


def offers(evidence: Evidence) -> list[Block]:
    """Offers of support by month, for the annex of part 2."""
    rows = sorted(evidence.figures("month", "referrals"), key=lambda r: r["group_code"])
    columns = (
        ("Month", 0.5, lambda row: months(row["group_code"])),
        ("Offers", 0.25, lambda row: evidence.month("referrals", row["group_code"])),
        ("Accepted", 0.25, lambda row: evidence.month("referrals_accepted", row["group_code"])),
    )
    return [table("Offers of support by month", rows, columns, numeric={1, 2})] if rows else []
