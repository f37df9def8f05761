"""Part 4: one chapter per theme, from scale and trend to response and gaps."""

from __future__ import annotations

from dashboards.data.published import optional
from dashboards.documents.assessment import charts, scope, theme_decisions
from dashboards.documents.assessment.changes import SIGNALS, signal_words
from dashboards.documents.assessment.evidence import (
    CONFIDENCE,
    FACTS,
    GAPS,
    MONTHS,
    VERDICTS,
    Evidence,
    Row,
    by_place,
    grade,
    score,
)
from dashboards.documents.assessment.highest import among_first, over_schemes
from dashboards.documents.assessment.theme_decisions import name_of
from dashboards.documents.parts import part
from dashboards.text import numbers as number_words
from dashboards.text.content import (
    Block,
    Bullets,
    Chart,
    Heading,
    Number,
    PageBreak,
    Paragraph,
    Runs,
    Strong,
    Table,
    number,
    paragraph,
    table,
    text,
)
from dashboards.text.forms import is_too_small
from dashboards.text.small_numbers import SmallNumbers

SECTIONS = {
    "scale": "Scale",
    "victims": "Victims",
    "suspects": "Suspects",
    "relationship": "Relationship",
    "place": "Place, online",
    "harm": "Harm",
    "outcomes": "Outcomes",
    "forecast": "Forecast",
    "response": "Response",
}
# the other components of confidence are counts
SHARES = ("suspect_identified", "parts_measured", "standards_broken", "linkage_precision", "recording_accuracy")
HEADINGS = ("What", "Part", "Figure", "95% interval", "Count", "Of", "Period")
WIDTHS = (0.29, 0.12, 0.13, 0.15, 0.08, 0.08, 0.15)


def blocks(evidence: Evidence) -> list[Block]:
    """All chapters, in the order of ranks; themes in a separate band follow."""
    found: list[Block] = [Heading(1, "Themes"), paragraph(theme_decisions.READING, kind="note")]
    for place, row in enumerate(evidence.scores):
        found += chapter(evidence, row, is_first=place == 0)
    return found


def chapter(evidence: Evidence, row: Row, is_first: bool) -> list[Block]:
    """One theme."""
    code = row["theme_code"]
    return [
        *([] if is_first else [PageBreak()]),
        Heading(2, f"{code} {row['theme_name']}"),
        Paragraph(_basis(row), "lead"),
        Paragraph(_standing(evidence, row)),
        Paragraph(_verdict(evidence, row)),
        *_months(evidence, code, row["theme_name"]),
        *_facts(evidence, row),
        *theme_decisions.blocks(evidence, row),
        Heading(3, "Confidence"),
        *_confidence(evidence, row),
        Heading(3, "Intelligence gaps"),
        *_gaps(evidence, row),
    ]


def _basis(row: Row) -> Runs:
    """How many parts of the risk are measured, judged and filled in."""
    return text(
        "Of ",
        score(row, "part_count", "whole"),
        f" parts of the risk of {name_of(row)} ",
        score(row, "measured_count", "whole"),
        " are measured, ",
        score(row, "judged_count", "whole"),
        " judged, ",
        score(row, "part_count", "not_known"),
        " filled in without data.",
    )


def _standing(evidence: Evidence, row: Row) -> Runs:
    risk = text(score(row, "risk", "one_decimal"), " of 100; confidence ", score(row, "confidence", "words"))
    said = (*risk, *_position(row))
    if row["rank"] is None:
        return text("Cross-cutting: its crimes are in the other themes too, so it has no rank. Risk ", *said)
    if not evidence.is_ranking_shown:
        return text("Too little is known to rank the themes. Risk ", *said)
    rank = score(row, "rank", "whole")
    first = text("; among the first three in ", *among_first(row), ". Risk ", *said)
    return text("Rank ", rank, " by risk, ", *over_schemes(row), *first)


def _position(row: Row) -> Runs:
    """The grade; where it is not known, the range of its score."""
    held = text("; organisational position ", *grade(row))
    if row["organisation_grade_best"] == row["organisation_grade_worst"]:
        return (*held, ".")
    low, high = (score(row, f"organisation_{end}", "one_decimal") for end in ("low", "high"))
    return (*held, *text(", from ", low, " to ", high, " of 100 (higher is worse)."))


def _verdict(evidence: Evidence, theme: Row) -> Runs:
    code, name = theme["theme_code"], name_of(theme)
    held = optional(evidence.rows, VERDICTS, theme_code=code)
    if not held:
        return text(f"Change over time is not measured of {name}.")
    row, key = held[0], {"theme_code": code}
    since = number(VERDICTS, "segment_first_month", "month", **key)
    latest = number(VERDICTS, "latest_month", "month", **key)
    if row["verdict"] in SIGNALS:
        return text(Strong("Signal: "), f"{name}, ", *signal_words(row))
    if row["verdict"] == "no_change":
        false = number(VERDICTS, "expected_false_signals", "one_decimal", **key)
        return text(
            f"No signal on the chart of {name} in ",
            latest,
            ", limits since ",
            since,
            " (chance alone gives ",
            false,
            " signals).",
        )
    if row["verdict"] == "not_enough_points":
        months = number(VERDICTS, "segment_point_count", "whole", **key)
        return text(f"Too few months of {name} since ", since, " (", months, ") for a chart.")
    return text(f"{theme['theme_name']}: too rare, or too even, for a chart.")


@part()
def _months(evidence: Evidence, code: str, name: str) -> list[Block]:
    rows = sorted(evidence.rows(MONTHS, theme_code=code), key=lambda row: row["month"])
    if not rows:
        no_line = (
            f"{name}: no line is drawn, because months of {evidence.reader.rule.small_counts} crimes are suppressed "
            "for this audience, and a theme that counts other themes' crimes is known for the year only."
        )
        return [paragraph(no_line)]
    themes = optional(evidence.rows, "reference.themes", theme_code=code)
    lettered = dict(zip((r.ref for r in scope.regimes(evidence.reader)), scope.LETTERS))
    bearing = set(str(themes[0].get("break_class") or "all").split(",")) if themes else None
    held = [(r.valid_from, lettered[r.ref]) for r in scope.regimes(evidence.reader, bearing) if r.ref in lettered]
    numbers = tuple(_month(code, row, "crime_count", "count") for row in rows)
    first, last = rows[0], rows[-1]
    low, high = (choose(rows, key=lambda row: row["crime_count"] or 0) for choose in (min, max))
    alt = text(
        f"Crimes recorded each month, {name}, from ",
        _month(code, first, "month", "month"),
        " to ",
        _month(code, last, "month", "month"),
        ". First ",
        numbers[0],
        ", last ",
        numbers[-1],
        "; lowest ",
        _month(code, low, "crime_count", "count"),
        " in ",
        _month(code, low, "month", "month"),
        ", highest ",
        _month(code, high, "crime_count", "count"),
        " in ",
        _month(code, high, "month", "month"),
        "; recording changes are marked." if held else "; no recording change affects it.",
    )
    return [Chart(charts.months(rows, held, evidence.reader.rule), alt, f"{name}: crimes recorded each month", numbers)]


def _month(code: str, row: Row, column: str, form: str) -> Number:
    return number(MONTHS, column, form, theme_code=code, month=row["month"])


@part()
def _facts(evidence: Evidence, theme: Row) -> list[Block]:
    """All facts in one table, in the order of the sections.

    A section without a fact is reported as not measured.
    """
    code = theme["theme_code"]
    rows, notes, missing = [], [], []
    for section, name in SECTIONS.items():
        held = evidence.rows(FACTS, theme_code=code, section=section)
        if not held:
            missing.append(name.lower())
        rows += [_fact(code, name, row, evidence.reader.rule) for row in by_place(held)]
        said = (f"{row['label']}: {row['note']}" for row in held if row["note"] and is_of_theme(row))
        notes += [note.replace(". ", "; ") for note in said]  # one sentence a theme
    found: list[Block] = []
    if rows:
        found.append(Table(f"What is known of {code}", HEADINGS, tuple(rows), WIDTHS, frozenset({2, 3, 4, 5})))
    if missing:
        found.append(paragraph(f"Not measured of {name_of(theme)}: {number_words.listed(missing, 10)}."))
    return [*found, paragraph(f"On {name_of(theme)}: {'; '.join(notes)}.", kind="note")] if notes else found


def is_not_measured(row: Row) -> bool:
    """Whether a fact has no value for a reason other than a small count."""
    return row["value"] is None and not row.get("is_small")


def is_of_theme(row: Row) -> bool:
    """Whether a note concerns this theme alone.

    It then gives why there is no value, or how well the theme's own forecast did.
    """
    return is_not_measured(row) or row["section"] == "forecast"


def meanings(evidence: Evidence) -> list[Block]:
    """What the facts of the chapters count, each once."""
    held: dict[str, str] = {}
    for row in by_place(optional(evidence.rows, FACTS) or []):
        if row["note"] and not is_of_theme(row):
            held.setdefault(row["label"], row["note"])
    if not held:
        return []
    lines = tuple((text(label), text(note)) for label, note in held.items())
    return [Heading(2, "What the facts count"), Table("Facts of the chapters", ("Fact", "Note"), lines, (0.45, 0.55))]


def _fact(code: str, section: str, row: Row, rule: SmallNumbers) -> tuple[Runs, ...]:
    key = {"theme_code": code, "section": row["section"], "fact_code": row["fact_code"]}
    interval: Runs = ("none",)
    if row["lower"] is not None and row["upper"] is not None:
        lower, upper = number(FACTS, "lower", "amount", **key), number(FACTS, "upper", "amount", **key)
        interval = ("suppressed",) if is_too_small(row, rule) else (lower, " to ", upper)
    return (
        text(row["label"]),
        text(section),
        text(number(FACTS, "value", "measured", **key)),
        interval,
        text(number(FACTS, "numerator", "above", **key)) if row["numerator"] is not None else text(""),
        text(number(FACTS, "denominator", "count", **key)) if row["denominator"] is not None else text(""),
        text(row["period"] or ""),
    )


def _confidence(evidence: Evidence, row: Row) -> list[Block]:
    said = paragraph(f"Confidence in {name_of(row)}: ", score(row, "confidence", "words"), ".")
    return [said, *_components(evidence, row)]


@part()
def _components(evidence: Evidence, row: Row) -> list[Block]:
    parts = evidence.rows(CONFIDENCE, theme_code=row["theme_code"])
    if not parts:
        return []

    def cell(code: str, column: str, form: str) -> Number:
        return number(CONFIDENCE, column, form, theme_code=row["theme_code"], component_code=code)

    def value(one: Row) -> Number:
        return cell(one["component_code"], "value", "share" if one["component_code"] in SHARES else "figure")

    columns = (
        ("Basis of confidence", 0.6, lambda one: one["component_name"]),
        ("Value", 0.2, value),
        ("Grade", 0.2, lambda one: cell(one["component_code"], "grade", "words")),
    )
    return [table(f"Confidence in {row['theme_code']}", by_place(parts), columns, numeric={1})]


@part()
def _gaps(evidence: Evidence, theme: Row) -> list[Block]:
    rows = evidence.rows(GAPS, theme_code=theme["theme_code"])
    if not rows:
        return [paragraph(f"No gap is open for {name_of(theme)}.")]
    unmeasured = [_gap(row) for row in rows if row["kind"] == "not measured"]
    found = [text(f"Not measured of {name_of(theme)}: {number_words.listed(unmeasured, 20)}.")] if unmeasured else []
    found += [text(_doubt(row, name_of(theme))) for row in by_place(rows) if row["kind"] != "not measured"]
    return [Bullets(tuple(found))]


def _gap(row: Row) -> str:
    """The part that is not measured; a gap of another kind as it is."""
    return number_words.in_sentence(str(row["gap"]).split(":")[0].removesuffix("."))


def _doubt(row: Row, name: str) -> str:
    """What was judged and why, or what makes confidence low."""
    if row["kind"] == "entered":
        return f"{str(row['gap']).split(':')[0]} of {name} is judged, not measured: {row['note'] or 'no reason given'}."
    note = f"; {number_words.in_sentence(row['note'])}" if row["note"] else ""
    return f"{number_words.capital(name)}: {number_words.in_sentence(row['gap'])}{note}."
