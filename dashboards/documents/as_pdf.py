"""A document as a tagged PDF (PDF/UA-1), set by Typst from data.

No text of the document is ever read as markup.
"""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import typst

from casework.store.refusal import Refused
from dashboards.data.register import Register, as_json
from dashboards.text.content import (
    BOX,
    Block,
    Bullets,
    Callout,
    Chart,
    Choice,
    Document,
    Heading,
    Number,
    PageBreak,
    Paragraph,
    Runs,
    Strong,
    Table,
    printed_words,
)  # fmt: skip

TEMPLATE = Path(__file__).with_name("document.typ")
# One picture on a page of its own size, for formats without vector drawings
PICTURE = b"""#set page(width: auto, height: auto, margin: 0pt)
#image(bytes(sys.inputs.drawing), format: "svg")
"""


def render(document: Document, register: Register) -> bytes:
    """The PDF, with the register of numbers attached."""
    content = {
        "title": document.title,
        "subtitle": document.subtitle,
        "marking": document.marking,
        "subject": document.subject,
        "facts": [[name, _runs(runs, register)] for name, runs in document.facts],
        "blocks": [_block(block, register) for block in document.blocks],
    }
    inputs = {"document": json.dumps(content, ensure_ascii=False), "register": as_json(register).decode()}
    try:
        made = typst.compile(
            TEMPLATE.read_bytes(),
            format="pdf",
            pdf_standards=["ua-1"],
            sys_inputs=inputs,
            timestamp=published_at(register),
        )
    except typst.TypstError as problem:
        said = " ".join(str(problem).split())
        raise Refused(
            f"The PDF cannot be made: {said}. Remove that text from its register or override."
        ) from problem
    assert isinstance(made, bytes)
    return made


def picture(svg: str, dots_an_inch: int = 180) -> bytes:
    """A drawing as PNG."""
    made = typst.compile(PICTURE, format="png", ppi=dots_an_inch, sys_inputs={"drawing": svg})
    assert isinstance(made, bytes)
    return made


def published_at(register: Register) -> dt.datetime:
    """When the copy was published.

    It is the date of everything made from the copy, so that a second run gives the same file.
    """
    at = dt.datetime.fromisoformat(str(register.reader.copy.manifest["published_at"]))
    return at if at.tzinfo else at.replace(tzinfo=dt.UTC)


def _block(block: Block, register: Register) -> dict[str, Any]:
    match block:
        case Heading(level=level, text=words):
            return {"kind": "heading", "level": level, "text": words}
        case Paragraph(runs=runs, kind=kind):
            return {"kind": kind, "runs": _runs(runs, register)}
        case Bullets(items=items):
            return {"kind": "bullets", "items": [_runs(item, register) for item in items]}
        case Callout(label=label, statement=statement, lines=lines):
            below = [_runs(line, register) for line in lines]
            return {"kind": "callout", "label": label, "statement": _runs(statement, register), "lines": below}
        case Table(caption=caption, headings=headings, rows=rows, widths=widths, numeric=numeric):
            shares = widths or tuple(1 / len(headings) for _ in headings)
            cells = [[_runs(cell, register) for cell in row] for row in rows]
            right = [i in numeric for i in range(len(headings))]
            return {"kind": "table", "caption": caption, "headings": headings, "rows": cells, "widths": shares,
                    "right": right}  # fmt: skip
        case Chart(svg=svg, alt=alt, caption=caption):
            words = "".join(part["text"] for part in _runs(alt, register))
            return {"kind": "chart", "svg": svg, "alt": words, "caption": caption}
        case PageBreak():
            return {"kind": "break"}


def _runs(runs: Runs, register: Register) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for run in runs:
        words = register.printed(run).text if isinstance(run, Number) else printed_words(run)
        box = isinstance(run, Choice)  # drawn as a box: the PDF's own fonts have no such character
        found.append({"text": words.removeprefix(BOX) if box else words, "strong": isinstance(run, Strong), "box": box})
    return found
