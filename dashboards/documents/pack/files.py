"""The evidence pack for commissioners, its public summary, and the data.

The pack and the summary are written as Word, PDF and HTML, with a register of their numbers. The data is written as CSV
and ODS.
"""

from __future__ import annotations

from pathlib import Path

from dashboards.data import extract
from dashboards.data.published import Copy, optional
from dashboards.data.register import Reader, Register, as_json
from dashboards.data.support.support_data import NEED, WAITS, key
from dashboards.documents import annex, data_annex, parts, writer
from dashboards.documents.pack import account, reach, value
from dashboards.documents.pack.evidence import Evidence, gather
from dashboards.parts.downloads import file_name
from dashboards.text import numbers
from dashboards.text.content import (
    Block,
    Document,
    Heading,
    PageBreak,
    Paragraph,
    Runs,
    all_numbers,
    number,
    paragraph,
    text,
)

SUBJECT = "Evidence for commissioning support of victims of stalking and harassment"
TITLE, SUMMARY = "Commissioning evidence: stalking and harassment", "Support for victims of stalking and harassment"
PUBLISHING = (
    "Under the Specified Information Order, as amended in 2021, a policing body publishes how it contributes to "
    "national priorities. This pack is evidence for such a statement; it is not the statement."
)


def pack(evidence: Evidence, register: Register, marking: str) -> Document:
    """The document in nine parts.

    Its numbers are entered in the register before the annex lists them.
    """
    blocks: list[Block] = [
        *reach.in_short(evidence),
        *reach.need(evidence),
        *reach.demand(evidence),
        *reach.offers(evidence),
        *reach.funnel(evidence),
        *reach.waits(evidence),
        *reach.equity(evidence),
        *value.cost(evidence),
        *value.options(evidence),
        *value.unknown(evidence),
        PageBreak(),
        Heading(1, "Data and sources"),
        paragraph(
            "The data annex beside this document (CSV, and one ODS workbook with notes, units and the key) has "
            "every released figure.",
        ),
        paragraph(PUBLISHING, kind="note"),
    ]
    document = Document(TITLE, _subtitle(evidence), marking, SUBJECT, facts(evidence), tuple(blocks))
    register.take(all_numbers(document))
    return Document(TITLE, document.subtitle, marking, SUBJECT, document.facts, (*blocks, *annex.blocks(register)))


def summary(evidence: Evidence, register: Register, marking: str) -> Document:
    """One page in plain language, for the public."""
    of_all = {"need_code": "stalking", "breakdown": "all", "group_code": "all"}
    told: list[Runs] = []
    if optional(evidence.rows, NEED, **of_all):
        told.append(
            text(
                "We estimate that about ",
                number(NEED, "need_count", "about", **of_all),
                " people here are stalked in a year. This is from a national survey, not a count. It could be from ",
                number(NEED, "need_lower", "about", **of_all),
                " to ",
                number(NEED, "need_upper", "about", **of_all),
                ".",
            )
        )
    told += [
        evidence.clause("known", f"victims of stalking or harassment were known to police in {evidence.year.words}"),
        evidence.clause("offered", "were offered support"),
        evidence.clause("accepted", "got support"),
    ]
    wait = {"wait_code": "acceptance", "period_code": evidence.year.code, "breakdown": "all", "group_code": "all"}
    if any(row["mean_days"] is not None for row in optional(evidence.rows, WAITS, **wait) or []):
        told.append(text("They waited ", number(WAITS, "mean_days", "one_decimal", **wait), " days on average."))
    blocks: list[Block] = [
        paragraph("What we know, and do not know, about support for people who are stalked or harassed.", kind="lead"),
        *(Paragraph(words) for words in told),
        Heading(1, "What we do not know"),
        reach.bullets(
            "Most people who are stalked do not report it to police. We do not know what happens to them.",
            "We cannot say that support changed what happened afterwards.",
        ),
        Heading(1, "How these numbers protect people"),
        paragraph(key(evidence.reader.copy)),
        Heading(1, "If this is about you"),
        paragraph(
            "In danger now, call 999. To report, call 101 or go to a police station. A victim can ask for support "
            "without reporting to police.",
        ),
    ]
    document = Document(SUMMARY, _subtitle(evidence), marking, SUBJECT, facts(evidence), tuple(blocks))
    register.take(all_numbers(document))
    return document


def facts(evidence: Evidence) -> tuple[tuple[str, Runs], ...]:
    """The facts on the cover."""
    manifest = evidence.reader.copy.manifest
    return (
        ("Year", text(numbers.capital(evidence.year.words))),
        *parts.publication(manifest),
        (
            "Disclosure control",
            text("applied to every count, by the rule in the settings; the last part has the key"),
        ),
        ("State", text("draft until the policing body adopts it")),
    )


def _subtitle(evidence: Evidence) -> str:
    return extract.named(optional(extract.scope, evidence.reader.copy))


def documents(copy: Copy, marking: str, template: Path | None = None) -> tuple[dict[str, bytes], bytes]:
    """File name -> content, and the register of numbers.

    The same copy gives the same bytes. Raises Refused if there is nothing to pack.
    """
    reader = Reader(copy)
    register, found = Register(reader), gather(reader)
    made = {"commissioning evidence": pack(found, register, marking),
            "public summary": summary(found, register, marking)}  # fmt: skip
    plan = optional(account.document, reader, register, _subtitle(found), marking, facts(found))
    if plan is not None:
        made["held to account"] = plan
    files: dict[str, bytes] = {}
    for name, document in made.items():
        files |= writer.each_format(name, document, register, marking, template)
    for name, content in data_annex.files(copy, marking).items():
        stem, _, suffix = name.rpartition(".")
        files[file_name(marking, stem, suffix)] = content
    held = as_json(register)
    return files | {file_name(marking, "numbers", "json"): held}, held


REPORT = writer.Report("commissioning", documents)
