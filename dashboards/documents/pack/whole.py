"""The whole pack and its public summary, put together from their parts."""

from __future__ import annotations

from dashboards.documents import annex
from dashboards.documents.content import Block, Document, Heading, PageBreak, Paragraph, Runs, all_numbers, number, text
from dashboards.documents.pack import reach, value
from dashboards.documents.pack.evidence import Evidence
from dashboards.documents.register import Register
from dashboards.pages.support.support_data import NEED, WAITS, key
from dashboards.parts import extract_banner
from dashboards.text import numbers

SUBJECT = "Evidence for commissioning support of victims of stalking and harassment"
TITLE, SUMMARY = "Commissioning evidence: stalking and harassment", "Support for victims of stalking and harassment"
PUBLISHING = (
    "Under the Specified Information Order, as amended in 2021, a policing body publishes how it contributes to "
    "national priorities. This pack is evidence for such a statement, and none by itself."
)


def pack(evidence: Evidence, register: Register, marking: str) -> Document:
    """The document in ten parts; its numbers are entered in the register before the annex lists them."""
    blocks: list[Block] = [
        *reach.in_short(evidence),
        *reach.need(evidence),
        *reach.demand(evidence),
        *reach.offers(evidence),
        *reach.funnel(evidence),
        *reach.waits(evidence),
        *reach.equity(evidence),
        *value.outcomes(evidence),
        *value.cost(evidence),
        *value.options(evidence),
        *value.unknown(evidence),
        PageBreak(),
        Heading(1, "Data and where numbers come from"),
        Paragraph(
            text(
                "The data annex beside this document (CSV, and one ODS workbook with notes, units and the key) holds "
                "every released figure."
            )
        ),
        Paragraph(text(PUBLISHING), "note"),
    ]
    document = Document(TITLE, _subtitle(evidence), marking, SUBJECT, facts(evidence), tuple(blocks))
    register.take(all_numbers(document))
    return Document(TITLE, document.subtitle, marking, SUBJECT, document.facts, (*blocks, *annex.blocks(register)))


def summary(evidence: Evidence, register: Register, marking: str) -> Document:
    """One page in plain language, for anybody."""
    of_all = {"need_code": "stalking", "breakdown": "all", "group_code": "all"}
    told: list[Runs] = []
    if evidence.rows(NEED, **of_all):
        told.append(
            text(
                "We think that about ",
                number(NEED, "need_count", "about", **of_all),
                " people here are stalked in a year. Nobody has counted them: a national survey asks people, and we "
                "work out how many that would be here. It could be ",
                number(NEED, "need_lower", "about", **of_all),
                " or ",
                number(NEED, "need_upper", "about", **of_all),
                ".",
            )
        )
    told += [
        evidence.clause("known", f"victims of stalking or harassment were known to police in {evidence.year.words}"),
        evidence.clause("offered", "were offered support"),
        evidence.clause("accepted", "got it"),
    ]
    wait = {"wait_code": "acceptance", "period_code": evidence.year.code, "breakdown": "all", "group_code": "all"}
    if any(row["mean_days"] is not None for row in evidence.rows(WAITS, **wait)):
        told.append(text("They waited ", number(WAITS, "mean_days", "one_decimal", **wait), " days on average."))
    blocks: list[Block] = [
        Paragraph(
            text("What we know about support for people who are stalked or harassed, and what we do not."), "lead"
        ),
        *(Paragraph(words) for words in told),
        Heading(1, "What we do not know"),
        reach.bullets(
            "Most people who are stalked do not tell the police. We do not know how they fare.",
            "We cannot say that support changed what happened afterwards.",
        ),
        Heading(1, "How we keep people safe in these numbers"),
        Paragraph(text(key(evidence.reader.copy))),
        Heading(1, "If this is about you"),
        Paragraph(
            text(
                "In danger now, call 999. To report, call 101 or go to a police station. A victim can ask for support "
                "without reporting to police."
            )
        ),
    ]
    document = Document(SUMMARY, _subtitle(evidence), marking, SUBJECT, facts(evidence), tuple(blocks))
    register.take(all_numbers(document))
    return document


def facts(evidence: Evidence) -> tuple[tuple[str, Runs], ...]:
    """What stands on the cover."""
    manifest = evidence.reader.copy.manifest
    return (
        ("Year", text(numbers.capital(evidence.year.words))),
        ("Published", text(numbers.moment(manifest.get("published_at")))),
        (
            "Disclosure control",
            text("every count, by the rule of the settings; the last part has the key"),
        ),
        ("State", text("draft until the policing body adopts it")),
    )


def _subtitle(evidence: Evidence) -> str:
    return extract_banner.named(extract_banner.scope(evidence.reader.copy))
