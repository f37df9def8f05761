"""The document for a subject access request, and a CSV file of each table: see pipelines/people/subject_access.py."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from dashboards.data import extract, scope
from dashboards.data.published import Missing, open_copy
from dashboards.documents import as_html
from dashboards.parts.downloads import csv_bytes
from dashboards.text import numbers
from dashboards.text.content import Block, Bullets, Document, Heading, Table, paragraph, text

TITLE = "What is held: answer to a subject access request"
DOCUMENT = "what_is_held.html"
SHOWN_ROWS = 5  # rows of a table that the document itself shows
LAW = (
    "Data Protection Act 2018, section 45, for processing for law enforcement purposes. Other processing falls under "
    "Article 15 of the UK GDPR. What may be restricted under section 45(4) is for the force to decide: this document "
    "decides nothing."
)
REDACTED = (
    "Other people are left out: rows about them, their references, columns about the other side of a crime, and free "
    "text, which can name anybody. Members of staff are numbered."
)
WHOLE = "NOT FOR THE PERSON: it names other people and staff, and has free text. It is for those who review the answer."


@dataclass(frozen=True)
class Part:
    """A table of the answer: its file, what a row is, the words of its columns, the rows."""

    name: str
    description: str
    meanings: Mapping[str, str]
    rows: pl.DataFrame
    left_out: int = 0

    @property
    def file(self) -> str:
        """The name of its CSV file."""
        return f"{self.name}.csv"


@dataclass(frozen=True)
class Answer:
    """Everything of the answer, and the receipt of the access log under which it was made."""

    asked: str
    by: str
    reason: str
    made_at: str
    receipt: str
    identity: Part | None
    identity_note: str
    tables: Sequence[Part]
    decisions: Sequence[Part]
    documents: Part
    seen: Part
    list_views: int
    is_whole: bool
    force: str  # whose extract it is; of an invented one this says so

    @property
    def parts(self) -> list[Part]:
        """Every part with rows, in the order of the document."""
        first = [] if self.identity is None else [self.identity]
        return [part for part in (*first, *self.tables, *self.decisions, self.documents, self.seen) if part.rows.height]


def force_of(home: Path) -> str:
    """Whose extract the home holds, in a sentence; '' if nothing is published."""
    try:
        return extract.whose(open_copy(home, "integrity", scope.WHOLE))
    except Missing:
        return ""


def files(answer: Answer, marking: str) -> dict[str, bytes]:
    """File name -> content."""
    made = {DOCUMENT: as_html.render(document(answer, marking))}
    return made | {part.file: csv_bytes(part.rows, {c: c for c in part.rows.columns}) for part in answer.parts}


def document(answer: Answer, marking: str) -> Document:
    """The document that people read."""
    left_out = sum(part.left_out for part in answer.tables)
    count = sum(part.rows.height for part in answer.tables)
    blocks: list[Block] = [
        paragraph(WHOLE if answer.is_whole else REDACTED, kind="lead"),
        paragraph(LAW),
        Heading(1, "Who the person is"),
        *([_shown(answer.identity)] if answer.identity is not None else [paragraph(answer.identity_note)]),
        Heading(1, "What is recorded"),
        paragraph(f"{_rows(count)} in {numbers.plural(len(answer.tables), 'table')}."),
        *([paragraph(f"Left out, as about other people: {_rows(left_out)}.")] if left_out else []),
    ]
    for part in answer.tables:
        blocks += _part(part)
    blocks.append(Heading(1, "What people decided"))
    for part in answer.decisions:
        blocks += _part(part)
    if not any(part.rows.height for part in answer.decisions):
        blocks.append(paragraph("Nothing."))
    blocks += [Heading(1, "Documents"), *_whole(answer.documents, "No document that is on record.")]
    blocks += [
        Heading(1, "By whom it was seen"),
        *_whole(answer.seen, "The access log has no entry that names this reference."),
        paragraph(
            f"Lists of many records are logged by their table and number of records, not by each record. "
            f"{numbers.plural(answer.list_views, 'entry', 'entries')} of that kind may have shown this one too.",
        ),
        Heading(1, "What is not in this answer"),
        Bullets(tuple(text(words) for words in (
            "The force's own record systems, and the delivered files themselves.",
            "Backups, and copies of documents that were handed out.",
            "Logs of the server, which name no person.",
        ))),
    ]  # fmt: skip
    facts = (
        ("Asked for", text(answer.asked)),
        ("Made", text(answer.made_at)),
        ("By", text(answer.by)),
        ("Reason", text(answer.reason)),
        ("Access log", text(answer.receipt)),
        ("State", text(WHOLE if answer.is_whole else "draft, to be reviewed before it is handed out")),
    )
    return Document(TITLE, answer.force, marking, TITLE, facts, tuple(blocks))


def _rows(count: int) -> str:
    return numbers.plural(count, "row")


def _part(part: Part) -> list[Block]:
    if not part.rows.height and not part.left_out:
        return []
    blocks: list[Block] = [Heading(2, part.name)]
    if part.description:
        blocks.append(paragraph(part.description))
    left = f" Left out: {_rows(part.left_out)} about other people." if part.left_out else ""
    if not part.rows.height:
        return [*blocks, paragraph(left.strip())]
    blocks.append(paragraph(f"{_rows(part.rows.height)}, in {part.file}.{left}"))
    return [*blocks, _shown(part)] if part.rows.height <= SHOWN_ROWS else blocks


def _whole(part: Part, nothing: str) -> list[Block]:
    if not part.rows.height:
        return [paragraph(nothing)]
    headings = tuple(part.rows.columns)
    rows = tuple(tuple(text(_cell(value)) for value in row) for row in part.rows.iter_rows())
    return [Table(part.description, headings, rows)]


def _shown(part: Part) -> Table:
    """A few rows beside one another: a line for each column, with its meaning."""
    columns = [part.rows.get_column(name).to_list() for name in part.rows.columns]
    lines = [
        (text(part.meanings.get(name) or numbers.capital(numbers.readable(name))), *(text(_cell(v)) for v in values))
        for name, values in zip(part.rows.columns, columns, strict=True)
        if any(value is not None for value in values)
    ]
    headings = ("Field", *(f"Row {number}" for number in range(1, part.rows.height + 1)))
    return Table(part.description or part.name, headings, tuple(lines))


def _cell(value: Any) -> str:
    return "" if value is None else str(value)
