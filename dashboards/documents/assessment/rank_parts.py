"""Parts 5 and 6: the matrix with overrides and confidence; whether other schemes keep the order."""

from __future__ import annotations

from collections.abc import Callable

from dashboards.data.assessment import outliers
from dashboards.data.published import optional
from dashboards.documents.assessment import charts
from dashboards.documents.assessment.evidence import (
    CHANGES,
    OVERRIDES,
    PARTS,
    SCHEMES,
    UNDER_REPRESENTS,
    Evidence,
    Row,
    grade,
    score,
)
from dashboards.documents.assessment.highest import kept
from dashboards.documents.parts import part
from dashboards.text import numbers
from dashboards.text.assessment import assessment_text
from dashboards.text.content import (
    Block,
    Bullets,
    Chart,
    Heading,
    Number,
    PageBreak,
    Run,
    Runs,
    Table,
    number,
    paragraph,
    table,
    text,
)

HEADING = "Would other schemes keep the order?"
DIMENSIONS = {"harm": "Harm", "likelihood": "Likelihood", "organisation": "Organisational position"}


def matrix(evidence: Evidence) -> list[Block]:
    """Part 5."""
    return [
        PageBreak(),
        Heading(1, "Matrix"),
        matrix_chart(evidence),
        scores_table(evidence),
        paragraph(
            f"* A score of this theme was set by hand; the next column has its rank without. {UNDER_REPRESENTS}",
            kind="note",
        ),
        *_overrides(evidence),
        Heading(2, "Scores by part"),
        *_by_part(evidence),
        paragraph(
            "0 none, 1 minor, 2 moderate, 3 severe, 4 critical. Not measured means no score; it is not 0.",
            kind="note",
        ),
    ]


def matrix_chart(evidence: Evidence) -> Chart:
    """The drawing, with every theme's position in words."""
    alt: list[Runs] = [text("Harm against likelihood, each from 0 to 100.")]
    alt += [
        text(
            f"{row['theme_code']}: harm ",
            score(row, "harm", "one_decimal"),
            ", likelihood ",
            score(row, "likelihood", "one_decimal"),
            ", risk ",
            score(row, "risk", "one_decimal"),
            ".",
        )
        for row in evidence.scores
    ]
    words = tuple(run for part in alt for run in (*part, " "))
    return Chart(charts.matrix(evidence.scores), words[:-1], "Harm and likelihood of each theme")


def scores_table(evidence: Evidence) -> Table:
    """One line per theme, in the order of ranks."""
    columns = (
        ("Theme", 0.24, lambda row: f"{row['theme_code']} {row['theme_name']}{'*' if row['is_overridden'] else ''}"),
        ("Rank", 0.06, lambda row: _ranked(row, "rank")),
        ("Rank without overrides", 0.1, lambda row: _ranked(row, "automatic_rank")),
        ("Risk", 0.14, lambda row: score(row, "risk", "one_decimal")),
        ("Harm", 0.07, lambda row: score(row, "harm", "one_decimal")),
        ("Likelihood", 0.09, lambda row: score(row, "likelihood", "one_decimal")),
        ("Position", 0.13, grade),
        ("Confidence", 0.09, lambda row: score(row, "confidence", "words")),
        ("Overrides", 0.08, lambda row: score(row, "override_count", "whole")),
    )
    return table("Scores of the themes", evidence.scores, columns, numeric={1, 2, 3, 4, 5, 8})


def _ranked(row: Row, column: str) -> Run:
    return "own band" if row["rank"] is None else score(row, column, "whole")


@part()
def _overrides(evidence: Evidence) -> list[Block]:
    rows = [row for row in evidence.rows(PARTS) if row["override_ref"]]
    if not rows:
        return [paragraph("No score was set by hand.")]
    return [Heading(2, "Scores set by hand"), Bullets(tuple(_override(evidence, row) for row in rows))]


def _override(evidence: Evidence, row: Row) -> Runs:
    """An override: old and new score, last day and reason."""
    key = {"theme_code": row["theme_code"], "dimension": row["dimension"], "part_code": row["part_code"]}
    said = text(
        f"{row['override_ref']}: {numbers.in_sentence(evidence.name(row['theme_code']))}, ",
        f"{row['part_name'].lower()}, from ",
        number(PARTS, "automatic_score", "whole", **key),
        " to ",
        number(PARTS, "score", "whole", **key),
    )
    kept = optional(evidence.rows, OVERRIDES, override_ref=row["override_ref"])
    if not kept:
        return said
    until = number(OVERRIDES, "valid_to", "day", override_ref=row["override_ref"])
    return (*said, *text(", until ", until, f". {kept[0]['rationale']}"))


@part()
def _by_part(evidence: Evidence) -> list[Block]:
    return [_parts(evidence, dimension) for dimension in DIMENSIONS if evidence.rows(PARTS, dimension=dimension)]


def _parts(evidence: Evidence, dimension: str) -> Table:
    """Themes down, the parts of a dimension across."""
    parts = list(dict.fromkeys((r["part_code"], r["part_name"]) for r in evidence.rows(PARTS, dimension=dimension)))
    rows = []
    for theme in evidence.scores:
        code = theme["theme_code"]
        cells: list[Runs] = [text(f"{code} {theme['theme_name']}")]
        for part_code, _ in parts:
            key = {"theme_code": code, "dimension": dimension, "part_code": part_code}
            held = evidence.rows(PARTS, **key)
            mark = "*" if held and held[0]["override_ref"] else ""
            cells.append(text(number(PARTS, "score", "whole", **key), mark))
        rows.append(tuple(cells))
    shares = (0.25, *(0.75 / len(parts) for _ in parts))
    headings = ("Theme", *(name for _, name in parts))
    return Table(f"{DIMENSIONS[dimension]}: scores from 0 to 4", headings, tuple(rows), shares)


def schemes(evidence: Evidence) -> list[Block]:
    """Part 6."""
    return [
        Heading(1, HEADING),
        *_kept(evidence),
        ranks_chart(evidence),
        ranks_table(evidence),
        *_schemes(evidence),
        Heading(2, "Change since the last assessment"),
        *_changes(evidence),
        Heading(2, "Compared with other forces"),
        paragraph(_outside(evidence)),
    ]


def _kept(evidence: Evidence) -> list[Block]:
    if not evidence.is_ranking_shown:
        return [paragraph("Too little is known to rank the themes.")]
    return [paragraph(*kept(evidence.ranked[0])), paragraph(assessment_text.SCHEMES, kind="note")]


def ranks_chart(evidence: Evidence) -> Chart:
    """The drawing, with every theme's range in words."""
    words: list[Runs] = [
        text(
            f"{row['theme_code']}: rank ",
            score(row, "rank", "whole"),
            ", from ",
            score(row, "rank_low", "whole"),
            " to ",
            score(row, "rank_high", "whole"),
            ". ",
        )
        for row in evidence.ranked
    ]
    alt = ("Ranks by risk with their ranges over all schemes. ", *(run for part in words for run in part))
    caption = "Rank of each theme with its range over all schemes; a diamond is the rank without overrides"
    return Chart(charts.ranks(evidence.ranked), alt, caption)


def ranks_table(evidence: Evidence) -> Table:
    """Rank, range, and the schemes in which a theme is first or among the first three."""
    columns = (
        ("Theme", 0.26, lambda row: f"{row['theme_code']} {row['theme_name']}"),
        ("Rank", 0.07, lambda row: score(row, "rank", "whole")),
        ("From rank", 0.07, lambda row: score(row, "rank_low", "whole")),
        ("To rank", 0.07, lambda row: score(row, "rank_high", "whole")),
        ("First in", 0.07, lambda row: score(row, "first_scheme_count", "whole")),
        ("Among the first three in", 0.12, lambda row: score(row, "top_scheme_count", "whole")),
        ("Schemes that differ on the first three", 0.34, lambda row: row["differs_in"] or "none"),
    )
    caption = "Ranks by risk, 1 the highest; from and to: over all schemes"
    return table(caption, evidence.ranked, columns, numeric={1, 2, 3, 4, 5})


@part()
def _schemes(evidence: Evidence) -> list[Block]:
    """Every other scheme, its reason, and the themes that it puts first."""
    firsts: dict[str, list[Row]] = {}
    for row in sorted(evidence.rows(SCHEMES), key=lambda row: (row["scheme_place"], row["rank"], row["theme_code"])):
        if row["is_top"]:
            firsts.setdefault(row["scheme_name"], []).append(row)
    lines = tuple(
        (text(name), text(rows[0]["reason"]), text(", ".join(row["theme_code"] for row in rows)))
        for name, rows in firsts.items()
    )
    return [Table("Other schemes", ("Other scheme", "Why one may do so", "First three"), lines, (0.36, 0.42, 0.22))]


@part()
def _changes(evidence: Evidence) -> list[Block]:
    rows = {row["theme_code"]: row for row in evidence.rows(CHANGES)}
    held = [rows[row["theme_code"]] for row in evidence.scores if row["theme_code"] in rows]
    if not held:
        return [paragraph("No assessment has been issued before, so there is nothing to compare with.")]

    def then(column: str, form: str) -> Callable[[Row], Number]:
        return lambda row: number(CHANGES, column, form, theme_code=row["theme_code"])

    columns = (
        ("Theme", 0.34, lambda row: f"{row['theme_code']} {evidence.name(row['theme_code'])}"),
        ("Rank then", 0.08, then("last_rank", "whole")),
        ("From rank", 0.08, then("last_rank_low", "whole")),
        ("To rank", 0.08, then("last_rank_high", "whole")),
        ("As of", 0.14, then("last_as_of_date", "day")),
        ("Change since", 0.28, then("change", "beside_the_last")),
    )
    note = (
        "From and to: over all schemes then. A rank has changed only where the two ranges do not overlap. Ranks "
        "under another scheme, among other themes or with an override are not compared."
    )
    return [
        table("Ranks of the last assessment", held, columns, numeric={1, 2, 3}),
        paragraph(note, kind="note"),
    ]


def _outside(evidence: Evidence) -> str:
    """Whether published figures of the force are outside the funnel's outer limits."""
    found = outliers.words(evidence.reader.copy)
    if found == outliers.INVENTED:
        return "Not compared: no published figure of all forces includes this force, or the force is invented."
    return f"Published figures of this force outside the 99.8% limits of the funnel of forces: {found}."
