"""The files of the assessment: the document, the front page as a one-page brief, and the slides.

The document and the brief are written as Word, PDF and HTML. A register of their numbers is written beside them.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from casework.store.database import today
from casework.store.refusal import Refused
from dashboards.data import extract
from dashboards.data.published import Copy, optional
from dashboards.data.register import Reader, Register, as_json
from dashboards.documents import annex, as_pptx, parts, writer
from dashboards.documents.assessment import action_parts, changes, final_part, judgements, rank_parts, scope, themes
from dashboards.documents.assessment.brief import brief
from dashboards.documents.assessment.evidence import Evidence, gather, score
from dashboards.documents.assessment.judgement import LABELS, Judgement
from dashboards.documents.records import Record
from dashboards.parts.downloads import file_name
from dashboards.text.content import (
    Block,
    Callout,
    Document,
    PageBreak,
    Paragraph,
    Runs,
    Slide,
    Strong,
    Table,
    all_numbers,
    numbers_in,
    paragraph,
    text,
)

SUBJECT = "Strategic threat, risk and harm assessment of stalking and harassment"
TITLE = "Strategic assessment: stalking and harassment"


def assessment(evidence: Evidence, register: Register, marking: str) -> Document:
    """The document in ten parts.

    Its numbers are entered in the register before the annex lists them.
    """
    blocks: list[Block] = [
        *judgements.blocks(evidence),
        PageBreak(),
        *scope.blocks(evidence),
        *action_parts.horizon(evidence),
        *themes.blocks(evidence),
        *rank_parts.matrix(evidence),
        *rank_parts.schemes(evidence),
        *action_parts.priorities(evidence),
        *action_parts.requirement(evidence),
        *action_parts.control_strategy(evidence),
        *final_part.blocks(evidence, marking),
        *changes.annex(evidence),
    ]
    document = Document(TITLE, _subtitle(evidence), marking, SUBJECT, facts(evidence), tuple(blocks))
    register.take(all_numbers(document))
    return Document(TITLE, document.subtitle, marking, SUBJECT, document.facts, (*blocks, *annex.blocks(register)))


def slides(evidence: Evidence, register: Register, marking: str) -> tuple[Slide, ...]:
    """Eight slides, each with its finding as the title."""
    held = judgements.judgements(evidence)
    of = {kind: [j for j in held if j.kind == kind] for kind in LABELS}
    made = (
        Slide(TITLE, (*_list_judgements(evidence), paragraph(f"{SUBJECT}. Marking: {marking}."))),
        Slide("Highest risks, and action on them", _callouts(of["risk"])),
        Slide(_changed(evidence), (*_callouts(of["change"]), *_by_chance(evidence))),
        Slide(
            "Harm and likelihood of each theme",
            (rank_parts.matrix_chart(evidence), *_callouts(of["order"][:1])),
        ),
        Slide(rank_parts.HEADING, (first_rows(rank_parts.ranks_table(evidence), 6),)),
        Slide("What we do not know", (*_callouts(of["unseen"]), *_gaps(evidence))),
        Slide("Decisions for you", _callouts(of["decision"])),
        Slide("Actions, owners, dates and live measures", _actions(evidence)),
    )
    for slide in made:
        register.take(numbers_in(slide.blocks))
    return made


def facts(evidence: Evidence) -> tuple[tuple[str, Runs], ...]:
    """The facts on the cover."""
    first, manifest = evidence.scores[0], evidence.reader.copy.manifest
    return (
        ("As of", text(score(first, "as_of_date", "day"))),
        *parts.publication(manifest),
        ("Scores set by hand (overrides)", judgements.cover_count()),
        (
            "Scheme",
            text("version ", score(first, "scheme_version", "whole"), ", hash ", score(first, "scheme_hash", "digits")),
        ),
        ("Method", text("MoRiLE-informed")),
        ("State", text("draft until a chief officer adopts it")),
    )


def _subtitle(evidence: Evidence) -> str:
    return extract.named(optional(extract.find_extract, evidence.reader.copy))


def _list_judgements(evidence: Evidence) -> list[Block]:
    lines = [Paragraph((Strong(_subtitle(evidence)),))]
    return [*lines, *(Paragraph((f"{name}: ", *runs)) for name, runs in facts(evidence))]


def _changed(evidence: Evidence) -> str:
    if changes.is_any(evidence):
        return "What deserves attention, by weight"
    return "Nothing differs beyond chance" if changes.is_measured(evidence) else "Change is not measured"


def _by_chance(evidence: Evidence) -> tuple[Paragraph, ...]:
    said = changes.by_chance(evidence)
    return (Paragraph(said),) if said else ()


def _callouts(held: list[Judgement]) -> tuple[Callout, ...]:
    return tuple(judgement.block for judgement in held)


def first_rows(table: Table, most: int) -> Table:
    """A table that fits a slide; its caption says what is left out."""
    if len(table.rows) <= most:
        return table
    caption = f"{table.caption} (the first {most} of {len(table.rows)}; the document has all)"
    return replace(table, caption=caption, rows=table.rows[:most])


def _gaps(evidence: Evidence) -> tuple[Block, ...]:
    tables = [block for block in action_parts.requirement(evidence) if isinstance(block, Table)]
    return tuple(first_rows(table, 5) for table in tables[:1])


def _actions(evidence: Evidence) -> tuple[Block, ...]:
    found = action_parts.control_strategy(evidence)[1:]
    return tuple(first_rows(block, 6) if isinstance(block, Table) else block for block in found)


def _refuse_lapsed(copy: Copy) -> None:
    """Check that no override in the copy has expired.

    Raises Refused with what to do.
    """
    rows = optional(copy.select, "core.score_overrides", where="valid_to < $day", may_be_empty=True, day=today())
    if rows is not None and not rows.is_empty():
        refs = ", ".join(rows["override_ref"].to_list())
        raise Refused(f"The last day of {refs} has passed, but published figures still include it. Build again first.")


def documents(copy: Copy, marking: str, template: Path | None = None) -> tuple[dict[str, bytes], bytes]:
    """File name -> content, and the register of numbers.

    The same copy gives the same bytes. Raises Refused if there is nothing to assess.
    """
    reader = Reader(copy)
    register, found = Register(reader), gather(reader)
    whole = assessment(found, register, marking)
    short = brief(register, _subtitle(found), facts(found)[:2], marking)
    pack = slides(found, register, marking)
    files = {
        **writer.each_format("assessment", whole, register, marking, template),
        **writer.each_format("brief", short, register, marking, template),
        file_name(marking, "slides", "pptx"): as_pptx.render(whole, pack, register),
    }
    held = as_json(register)
    return files | {file_name(marking, "numbers", "json"): held}, held


REPORT = writer.Report("command", documents, _refuse_lapsed)


def write(home: Path, out: Path, *, force: str = "", is_handed_out: bool = True) -> list[Record]:
    """Write the documents into `out` and record them.

    Raises Refused if there is nothing to assess.
    """
    return writer.write(REPORT, home, out, force=force, is_handed_out=is_handed_out)
