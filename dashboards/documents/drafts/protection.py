"""Draft of the data protection impact assessment (DPA 2018, section 64)."""

from __future__ import annotations

from dashboards.data.published import optional
from dashboards.documents.drafts.evidence import LINKAGE, RULES, Evidence, latest_delivery, listed, questions, section
from dashboards.documents.parts import part
from dashboards.text import numbers
from dashboards.text.content import Block, Heading, Number, Table, number, paragraph, table, text

TITLE = "Data protection impact assessment (draft)"
RETENTION = "reference.retention_classes"
SUBJECTS = (
    ("Suspect", "table party_role, role suspect; named or not"),
    ("Offender", "table party_role, role offender; outcomes of charge and of court"),
    ("Victim", "table party_role, role victim; contacts, risk assessments, referrals to support"),
    ("Witness and others", "table party_role, other roles; counted, shown on no page"),
    ("Officer", "collar numbers of recording, supervising and investigating officers, and their absences"),
)
BASES = (
    ("Fact", "times, classes, outcomes and orders as in the record system"),
    ("Allegation", "a crime as it was reported; a suspect as named"),
    (
        "Assessment",
        "risk grades, needs assessments, audit ratings, scores of themes and of suspects; marked as such on pages",
    ),
    ("Intelligence", "none is loaded"),
)
MEASURES = (
    (
        "A user sees people they have no need to see",
        (
            "Each audience has its own folder. A role opens only certain kinds of rows in it; all else is denied by "
            "default where files are opened. The commissioning folder has only aggregates after disclosure control"
        ),
    ),
    (
        "A small count identifies a person",
        (
            "Counts of {small_counts} are suppressed for command. For commissioning, counts of 1 to 7 are suppressed "
            "and others rounded; before publication, an attack tries to work them out"
        ),
    ),
    (
        "Names leak",
        (
            "Only linkage reads names, birth dates and addresses. They are kept encrypted under the force's own key, "
            "outside the warehouse, and reach no table, log or quarantine"
        ),
    ),
    (
        "Two people are treated as one",
        "Links have a probability; two people review uncertain ones, and each decision is kept",
    ),
    (
        "A record is wrong or old",
        "Each build applies the recording standards; what cannot be assessed is reported and is not a pass",
    ),
    (
        "A list of people is treated as a decision",
        "The score only orders a list; its parts, events and back-test are shown beside it",
    ),
    (
        "Someone changes or hides what was done",
        (
            "The access log (section 62), accounts, overrides and changes of the scheme are chained by hash; "
            "manifests name the last row of each chain; `stra verify` names a changed or missing row"
        ),
    ),
    (
        "Data leave the machine",
        (
            "Nothing is sent: no telemetry, no request off the machine. A test runs a build, every page and every "
            "document under a network guard"
        ),
    ),
    (
        "Records are kept longer than needed",
        "Retention classes are data. A purge is logged first, erases people past theirs, and proves figures unchanged",
    ),
)


def blocks(evidence: Evidence) -> list[Block]:
    """The draft."""
    return [
        *_processing(evidence),
        *_necessity(),
        *_risks(evidence),
        *section(1, "Consultation and sign-off"),
        questions(
            "which affected people were consulted, and what did they say?",
            "advice of the data protection officer, with the date",
            "who accepts the remaining risks, and until when?",
        ),
    ]


def _processing(evidence: Evidence) -> list[Block]:
    told: list[Block] = [
        Heading(1, "What is processed"),
        paragraph(
            f"Records of stalking, harassment and related crimes of: {evidence.force}. Purpose: "
            "evidence for the strategic assessment, recording integrity, the protection of victims and the "
            "commissioning of support (law enforcement purposes, Part 3).",
        ),
    ]
    columns = (
        ("Table", 0.5, lambda source: numbers.readable(str(source["source"]))),
        ("Files", 0.2, lambda source: numbers.plural(len(source.get("deliveries", [])), "file")),
        ("Latest delivery", 0.3, latest_delivery),
    )
    sources = evidence.sources(of_people=True)
    if sources:
        told.append(table("Record-level tables loaded", sources, columns))
    else:
        told.append(paragraph("No record-level extract is in this copy."))
    told += [
        Heading(2, "Categories of people (section 38)"),
        _pairs("Categories of people", "Category", "Where it is held", SUBJECTS),
        Heading(2, "Facts and assessments (section 38)"),
        _pairs("Basis of a record", "Basis", "What", BASES),
        Heading(2, "Access by audience"),
        paragraph(
            "Integrity: records by reference, for the roles that keep and audit them. The access log has every "
            "viewing of records and every file handed out, with the user. "
            f"Command: aggregates, counts of {evidence.reader.rule.small_counts} suppressed. "
            "Commissioning: aggregates after disclosure control.",
        ),
        Heading(2, "Retention"),
        *_retention(evidence),
        questions("the classes below as the records manager confirms them", "retention of delivered files and backups"),
    ]
    return told


@part()
def _retention(evidence: Evidence) -> list[Block]:
    """The retention classes as set, marking those that are assumed."""
    columns = (
        ("Class", 0.24, lambda row: row["class_name"]),
        ("Applies to", 0.24, lambda row: row["applies_to"]),
        ("Basis", 0.52, lambda row: row["standing"]),
    )
    return [table("Retention classes", evidence.reader.table(RETENTION).iter_rows(named=True), columns)]


def _necessity() -> list[Block]:
    return [
        *section(
            1,
            "Necessity and proportionality",
            "Only the fields of the layout are loaded; other columns stay in the file. A page shows no more than its "
            "question needs, and no name.",
        ),
        questions(
            "the lawful basis and the policy document for sensitive processing (sections 35 and 42)",
            "why record-level data are necessary, and which less intrusive way was considered",
            "how people are informed, and how they use their rights",
        ),
    ]


def _risks(evidence: Evidence) -> list[Block]:
    run = evidence.manifest.get("run_ref")
    rows = tuple(
        (text(risk), text(measure.replace("{small_counts}", evidence.reader.rule.small_counts)), text(""))
        for risk, measure in MEASURES
    )
    told: list[Block] = [
        Heading(1, "Risks and measures"),
        Table(
            "Risks, and measures in the product",
            ("Risk to people", "Measure in the product", "Remaining risk (force)"),
            rows,
            (0.26, 0.5, 0.24),
        ),
        Heading(2, "Accuracy, as measured"),
    ]
    if optional(evidence.rows, RULES, run_ref=run):
        told.append(
            listed(
                text(
                    "Recording standards met: ",
                    _rules(evidence, "PASS"),
                    "; breached: ",
                    _rules(evidence, "BREACH"),
                    "; not measured: ",
                    _rules(evidence, "NOT_EVALUABLE"),
                    ".",
                ),
            )
        )
    said = "The error rate of linkage is not measured in this copy."
    if optional(evidence.reader.table, LINKAGE) is not None:
        said = "The page Review links and metrics.linkage_quality have the error rate of linkage, from its own sample."
    told += [
        paragraph(said),
        paragraph(
            "The force's own provider or proxy identifies users. Without either, a server starts only as a "
            "demonstration on its own machine, where any user can take any role.",
            kind="note",
        ),
    ]
    return told


def _rules(evidence: Evidence, status: str) -> Number:
    return number(RULES, "rule_code", "whole", total="count", run_ref=evidence.manifest.get("run_ref"), status=status)


def _pairs(caption: str, first: str, second: str, rows: tuple[tuple[str, str], ...]) -> Table:
    return Table(caption, (first, second), tuple((text(a), text(b)) for a, b in rows), (0.26, 0.74))
