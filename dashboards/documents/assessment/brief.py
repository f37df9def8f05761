"""The one-page brief: the command front page on one sheet of A4, from the same blocks and in the same words."""

from __future__ import annotations

from dashboards.data.front import glance_data
from dashboards.data.register import Register
from dashboards.text.content import Block, Bullets, Document, Heading, Paragraph, Runs, all_numbers, paragraph
from dashboards.text.front import glance_text
from dashboards.text.front.glance_text import ENTRIES

TITLE, SUBJECT = "At a glance: stalking and harassment", "The front page of the assessment, on one page"


def brief(register: Register, subtitle: str, facts: tuple[tuple[str, Runs], ...], marking: str) -> Document:
    """The front page. Entries of the registers are as published: a document rests on one publication alone."""
    reader = register.reader
    held = glance_data.read_glance(reader, lambda: reader.table(ENTRIES, may_be_empty=True))
    blocks: list[Block] = [Paragraph(held.answer, "lead")]
    for question, points in held.blocks:
        blocks += [Heading(1, question), Bullets(tuple(point.runs for point in points))]
    blocks.append(paragraph(glance_text.NOTE, kind="note"))
    document = Document(TITLE, subtitle, marking, SUBJECT, facts, tuple(blocks))
    register.take(all_numbers(document))
    return document
