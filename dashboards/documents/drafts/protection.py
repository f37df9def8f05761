"""Draft of the data protection impact assessment (DPA 2018, section 64)."""

from __future__ import annotations

from dashboards.data.published import NotAvailable
from dashboards.documents.content import Block, Heading, Number, Paragraph, Table, number, text
from dashboards.documents.drafts.evidence import LINKAGE, RULES, Evidence, listed, questions, section
from dashboards.text import numbers

TITLE = "Data protection impact assessment (draft)"
RETENTION = "reference.retention_classes"
SUBJECTS = (
    ("Suspect", "table party_role, role suspect; named or not"),
    ("Offender", "table party_role, role offender; outcomes of charge and of court"),
    ("Victim", "table party_role, role victim; contacts, risk assessments, referrals to support"),
    ("Witness and others", "table party_role, other roles; counted, and shown on no page"),
    ("Officer", "collar numbers of recording, supervising and investigating officers, and their absences"),
)
BASES = (
    ("Fact", "times, classes, outcomes and orders as the record system holds them"),
    ("Allegation", "a crime as it was reported; a suspect as named"),
    (
        "Assessment",
        "risk grades, needs assessments, audit ratings, scores of themes and of suspects; marked as such on pages",
    ),
    ("Intelligence", "none is taken in"),
)
MEASURES = (
    (
        "Somebody sees people whom they need not see",
        (
            "Each audience has a folder of its own; a role opens kinds of rows of it and no others, denied by default "
            "where the files are opened; the commissioning folder holds aggregates after disclosure control"
        ),
    ),
    (
        "A small count tells of a person",
        (
            "Counts of {small_counts} are not shown to command; to commissioning 1 to 7 are not released, "
            "others are rounded, and an attack tries to work them out before anything is published"
        ),
    ),
    (
        "Names leak",
        (
            "Names, birth dates and addresses are read by linkage alone, kept encrypted beside the warehouse under the "
            "force's own key, and reach no table, log or quarantine"
        ),
    ),
    (
        "Two people are taken for one",
        "Links have a probability; uncertain ones are read by two people, and each decision is kept",
    ),
    (
        "A record is wrong or old",
        "Recording standards are held against each build; what cannot be judged is said and is no pass",
    ),
    (
        "A list of people is taken for a decision",
        "The score orders a list and does nothing else; its parts and events stand beside it, with the back-test",
    ),
    (
        "Somebody changes or hides what was done",
        (
            "The access log (section 62), accounts, overrides and changes of the scheme are chained by hash; "
            "manifests name the last row of each chain; `stra verify` names the row that is changed or gone"
        ),
    ),
    (
        "Data leave the machine",
        (
            "Nothing is sent: no telemetry, no request off the machine; a build, every page and every document under a "
            "guard on sockets are a test"
        ),
    ),
    (
        "Records are kept longer than they are needed",
        "Retention classes are data; a purge erases who is past theirs, is logged first, and proves that figures stand",
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
            "whom of those concerned was asked, and what did they say?",
            "advice of the data protection officer, with the day",
            "who accepts what is left of the risks, and until when?",
        ),
    ]


def _processing(evidence: Evidence) -> list[Block]:
    told: list[Block] = [
        Heading(1, "What is processed"),
        Paragraph(
            text(
                f"Records of stalking and harassment, and of the crimes beside them, of: {evidence.force}. Purpose: "
                "evidence for the strategic assessment, recording integrity, the protection of victims and the "
                "commissioning of support (law enforcement purposes, Part 3)."
            )
        ),
    ]
    rows = tuple(
        (
            text(numbers.readable(str(source["source"]))),
            text(numbers.plural(len(source.get("deliveries", [])), "file")),
            text(numbers.moment(max((d["received_at"] for d in source.get("deliveries", [])), default=None))),
        )
        for source in evidence.sources(of_people=True)
    )
    if rows:
        told.append(Table("Record-level tables taken in", ("Table", "Files", "Latest taken in"), rows, (0.5, 0.2, 0.3)))
    else:
        told.append(Paragraph(text("No record-level extract is in this copy.")))
    told += [
        Heading(2, "Categories of people (section 38)"),
        _pairs("Categories of people", "Category", "Where it is held", SUBJECTS),
        Heading(2, "Facts and assessments (section 38)"),
        _pairs("On what a record rests", "Basis", "What", BASES),
        Heading(2, "Who is shown what"),
        Paragraph(
            text(
                "Integrity: records by reference, to the roles that keep and audit them; every look at records and "
                "every file that is handed out stands in the access log with who did it. "
                f"Command: aggregates, counts of {evidence.reader.rule.small_counts} not shown. "
                "Commissioning: aggregates after disclosure control."
            )
        ),
        Heading(2, "How long it is kept"),
        *_retention(evidence),
        questions("the classes below as the records manager confirms them", "retention of delivered files and backups"),
    ]
    return told


def _retention(evidence: Evidence) -> list[Block]:
    """The retention classes as set, marking those that are assumed."""
    rows = evidence.reader.table(RETENTION)
    if isinstance(rows, NotAvailable):
        return [Paragraph(text("Retention classes are not in this copy."))]
    found = rows.select("class_name", "applies_to", "standing").iter_rows()
    return [
        Table(
            "Retention classes",
            ("Class", "What falls in it", "How sure"),
            tuple((text(name), text(what), text(standing)) for name, what, standing in found),
            (0.24, 0.24, 0.52),
        )
    ]


def _necessity() -> list[Block]:
    return [
        *section(
            1,
            "Necessity and proportionality",
            "Only the fields of the layout are taken in; a column that the layout does not name is left in the "
            "file. A page "
            "shows no more than its question needs, and no name.",
        ),
        questions(
            "the lawful basis and the policy document for sensitive processing (sections 35 and 42)",
            "why record-level data are necessary, and which less intrusive way was considered",
            "how people are told, and how they use their rights",
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
            "Risks, and what the product does about them",
            ("Risk to people", "Measure in the product", "What is left (force)"),
            rows,
            (0.26, 0.5, 0.24),
        ),
        Heading(2, "Accuracy, as measured"),
    ]
    if evidence.rows(RULES, run_ref=run):
        told.append(
            listed(
                text(
                    "Recording standards that hold: ",
                    _rules(evidence, "PASS"),
                    "; breached: ",
                    _rules(evidence, "BREACH"),
                    "; not measured: ",
                    _rules(evidence, "NOT_EVALUABLE"),
                    ".",
                ),
            )
        )
    linkage = evidence.reader.table(LINKAGE)
    said = "How often linkage errs is not measured in this copy."
    if not isinstance(linkage, NotAvailable):
        said = (
            "How often linkage errs, by its own sample, stands on the page Review links and in metrics.linkage_quality."
        )
    told += [
        Paragraph(text(said)),
        Paragraph(
            text(
                "Who somebody is, the force's own provider or proxy says; without either a server starts on its own "
                "machine alone, as a demonstration, and anybody there takes any role."
            ),
            "note",
        ),
    ]
    return told


def _rules(evidence: Evidence, status: str) -> Number:
    return number(RULES, "rule_code", "whole", total="count", run_ref=evidence.manifest.get("run_ref"), status=status)


def _pairs(caption: str, first: str, second: str, rows: tuple[tuple[str, str], ...]) -> Table:
    return Table(caption, (first, second), tuple((text(a), text(b)) for a, b in rows), (0.26, 0.74))
