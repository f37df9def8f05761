"""The files of the drafts that a force completes.

The drafts cover data protection, transparency, equality, quality and accessibility. Each is written as Word, PDF and
HTML, with one register of their numbers.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from dashboards.data.published import Copy
from dashboards.data.register import Reader, Register, as_json
from dashboards.documents import parts, writer
from dashboards.documents.drafts import accessibility, equality, protection, quality, transparency
from dashboards.documents.drafts.evidence import OPEN, Evidence
from dashboards.parts.downloads import file_name
from dashboards.text.content import Block, Document, all_numbers, paragraph, text

ORIGIN = "Each number comes from a row of the published copy; numbers.json, beside this draft, names the row."
SUBJECT = "Stalking and harassment evidence"
Blocks = Callable[[Evidence], list[Block]]
DRAFTS: dict[str, tuple[str, Blocks]] = {
    "data-protection-impact": (protection.TITLE, protection.blocks),
    "algorithmic-transparency": (transparency.TITLE, transparency.blocks),
    "equality-impact": (equality.TITLE, equality.blocks),
    "quality-and-methods": (quality.TITLE, quality.blocks),
    "accessibility-statement": (accessibility.TITLE, accessibility.blocks),
}


def document(name: str, evidence: Evidence, register: Register, marking: str) -> Document:
    """One draft; the register written beside it gives the sources of its numbers."""
    title, blocks = DRAFTS[name]
    facts = (
        ("Force", text(evidence.force)),
        *parts.publication(evidence.manifest),
        ("State", text(f"draft. The force completes the lines that begin “{OPEN.strip()}”")),
    )
    made = Document(title, SUBJECT, marking, title, facts, (*blocks(evidence), paragraph(ORIGIN, kind="note")))
    register.take(all_numbers(made))
    return made


def documents(copy: Copy, marking: str, template: Path | None = None) -> tuple[dict[str, bytes], bytes]:
    """File name -> content, and the register of numbers.

    The same copy gives the same bytes.
    """
    reader = Reader(copy)
    files: dict[str, bytes] = {}
    register, found = Register(reader), Evidence(reader)
    for name in DRAFTS:
        made = document(name, found, register, marking)
        files |= writer.each_format(name, made, register, marking, template)
    held = as_json(register)
    return files | {file_name(marking, "numbers", "json"): held}, held


REPORT = writer.Report("integrity", documents)
