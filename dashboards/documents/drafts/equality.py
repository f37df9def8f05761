"""Draft of an equality impact assessment (Equality Act 2010, section 149)."""

from __future__ import annotations

from dashboards.data.published import optional
from dashboards.data.support.support_data import EQUITY
from dashboards.documents.drafts.evidence import Evidence, questions, section
from dashboards.documents.pack import shares
from dashboards.text import numbers
from dashboards.text.content import Block, Heading, Runs, Table, paragraph, text
from dashboards.text.support import support_text

TITLE = "Equality impact assessment (draft)"
CHARACTERISTICS = (
    ("Age", "age"),
    ("Disability", "disability"),
    ("Gender reassignment", ""),
    ("Marriage and civil partnership", ""),
    ("Pregnancy and maternity", ""),
    ("Race", "ethnicity"),
    ("Religion or belief", "religion"),
    ("Sex", "sex"),
    ("Sexual orientation", "sexual_orientation"),
)


def blocks(evidence: Evidence) -> list[Block]:
    """The draft."""
    held = {row["breakdown"] for row in optional(evidence.rows, EQUITY) or []}
    rows = tuple((text(name), _known(evidence, code if code in held else "")) for name, code in CHARACTERISTICS)
    told: list[Block] = [
        *section(
            1,
            "What is assessed",
            "Whether the figures and lists, and decisions based on them, treat people differently by a protected "
            "characteristic; and what is not recorded.",
        ),
        Table(
            "Protected characteristics: what is known",
            ("Characteristic", "Of victims offered support"),
            rows,
            (0.34, 0.66),
        ),
        Heading(1, "Who is offered support, and who takes it up"),
    ]
    for code, name in support_text.BREAKDOWNS.items():
        if code in held and code != "area":
            told += [Heading(2, name), _table(evidence, code)]
    if not held:
        told.append(paragraph("Not measured: referrals with characteristics of victims are not delivered."))
    return [
        *told,
        paragraph(
            "Counts are after disclosure control. A ratio whose interval includes 1 shows no difference beyond "
            "chance. A difference can have many causes.",
            kind="note",
        ),
        *section(
            1,
            "Lists of suspects",
            "The model card (stra report model-card) shows how the ranking treats groups: who is listed from each "
            "group, with the back-test. The score uses no protected characteristic, but may use what correlates with "
            "one.",
        ),
        *section(1, "What the force decides"),
        questions(
            "what explains the differences, and what will be done about them",
            "how missing characteristics will be recorded",
            "which affected people were consulted",
            "who signs it off, and when it is reviewed",
        ),
    ]


def _known(evidence: Evidence, code: str) -> Runs:
    if not code:
        return text("not recorded in any table that is loaded, so a difference would not be seen")
    rows = [
        r for r in evidence.rows(EQUITY, breakdown=code, measure_code="accepted") if r["not_recorded_share"] is not None
    ]
    if not rows:
        return text("the number not recorded is suppressed")
    return text("not recorded for ", shares.write_share(rows[0], "not_recorded_share", "share"), " of them")


def _table(evidence: Evidence, breakdown: str) -> Table:
    lines: list[tuple[Runs, ...]] = []
    for measure, words in (("offered", "offered, of known"), ("accepted", "accepted, of offered")):
        rows = evidence.rows(EQUITY, breakdown=breakdown, measure_code=measure)
        lines += [
            (text(row["group_name"]), text(words), shares.share(row), shares.ratio(row))
            for row in sorted(rows, key=lambda r: (r["place"], r["group_name"]))
        ]
    headings = ("Group", "Step", "Share (95% interval)", "Compared with the largest group")
    return Table(
        f"Steps of support, by {numbers.readable(breakdown)}", headings, tuple(lines), (0.28, 0.22, 0.26, 0.24)
    )
