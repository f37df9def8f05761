"""A document as one HTML page with nothing loaded from elsewhere.

Every table and drawing works with a screen reader. Each number is an element that names its reference, table, row and
column. Boxes to tick and spaces to write in are for the printed page.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from pathlib import Path

from dashboards.data.register import Register
from dashboards.text import on_paper
from dashboards.text.content import (
    Blank,
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

STYLE = Path(__file__).with_name("document.css")
FEW_PARTS = 6  # a document of up to this many parts needs no list of contents
WIDE = 8  # a table of this many columns is set smaller, to fit A4


def render(document: Document, register: Register | None = None) -> bytes:
    """The page, in UTF-8.

    `register` may be omitted where no number of the document is by reference. That applies to documents from the
    casework store alone: they have no publication, and the page names none.
    """
    mark = f'<p class="marking">{_escaped(document.marking)}</p>'
    facts = "".join(
        f"<div><dt>{_escaped(name)}</dt><dd>{_runs(runs, register)}</dd></div>" for name, runs in document.facts
    )
    subtitle = f'<p class="subtitle">{_escaped(document.subtitle)}</p>' if document.subtitle else ""
    head = (
        f'<!DOCTYPE html>\n<html lang="en-GB"><head><meta charset="utf-8"><title>{_escaped(document.title)}</title>'
        '<meta name="viewport" content="width=device-width">'
        f"{_publication(register)}<style>{STYLE.read_text(encoding='utf-8')}</style>"
        f"{on_paper.style(document.marking)}</head>"
    )
    top = (
        f'<body><a class="skip" href="#content">Skip to the content</a><header>{mark}</header><main id="content">'
        f"<h1>{_escaped(document.title)}</h1>{subtitle}"
        + (f'<dl class="facts">{facts}</dl>' if facts else "")
    )
    parts = "\n".join([*_blocks(document, register)])
    body = f"{top}\n{parts}\n</main><footer>{mark}</footer></body></html>\n"
    return (head + body).encode()


def _publication(register: Register | None) -> str:
    if register is None:
        return ""
    copy = register.reader.copy
    return (
        f'<meta name="stra-publication" content="{_escaped(copy.folder.name)}">'
        f'<meta name="stra-manifest" content="{copy.manifest_sha256()}">'
    )


def _blocks(document: Document, register: Register | None) -> Iterator[str]:
    """Every block, with a list of parts if there are many.

    The list follows the blocks before the first part; if there are none, it follows the first part.
    """
    parts = [block for block in document.blocks if isinstance(block, Heading) and block.level == 1]
    second = document.blocks[:1] == tuple(parts[:1])
    for count, block in enumerate(document.blocks, start=1):
        if len(parts) > FEW_PARTS and block is parts[second]:
            links = "".join(f'<li><a href="#{_slug(h.text)}">{_escaped(h.text)}</a></li>' for h in parts)
            yield f'<nav aria-label="Contents"><h2>Contents</h2><ul>{links}</ul></nav>'
        yield _block(block, count, register)


def _block(block: Block, count: int, register: Register | None) -> str:
    match block:
        case Heading(level=level, text=words):
            place = f' id="{_slug(words)}"' if level == 1 else ""
            return f"<h{level + 1}{place}>{_escaped(words)}</h{level + 1}>"
        case Paragraph(runs=runs, kind=kind):
            return f'<p class="{kind}">{_runs(runs, register)}</p>'
        case Bullets(items=items):
            return f"<ul>{''.join(f'<li>{_runs(item, register)}</li>' for item in items)}</ul>"
        case Callout(label=label, statement=statement, lines=lines):
            below = "".join(f"<p>{_runs(line, register)}</p>" for line in lines)
            said = _runs(statement, register)
            word = f'<span class="label">{_escaped(label)}</span>'
            return f'<div class="callout"><p class="statement">{word} {said}</p>{below}</div>'
        case Table():
            return _table(block, register)
        case Chart(svg=svg, alt=alt, caption=caption):
            drawn = svg.replace("<svg ", f'<svg role="img" aria-labelledby="alt-{count}" ', 1)
            return (
                f'<figure>{drawn}<figcaption>{_escaped(caption)}<span class="alt" id="alt-{count}">'
                f"{_runs(alt, register)}</span></figcaption></figure>"
            )
        case PageBreak():
            return '<div class="break"></div>'


def _table(table: Table, register: Register | None) -> str:
    kinds = [' class="number"' if i in table.numeric else "" for i in range(len(table.headings))]
    head = "".join(f'<th scope="col"{kind}>{_escaped(words)}</th>' for kind, words in zip(kinds, table.headings))
    body = []
    for row in table.rows:
        cells = [_runs(cell, register) for cell in row]
        drawn = "".join(
            f'<th scope="row"{kind}>{cell}</th>' if place == table.heading_column else f"<td{kind}>{cell}</td>"
            for place, (kind, cell) in enumerate(zip(kinds, cells))
        )
        body.append(f"<tr>{drawn}</tr>")
    label = _escaped(table.caption)
    wide = ' class="wide"' if len(table.headings) >= WIDE else ""
    return (
        f'<div class="table-scroll" tabindex="0" role="region" aria-label="{label}"><table{wide}>'
        f"<caption>{label}</caption>"
        f"<thead><tr>{head}</tr></thead><tbody>{''.join(body)}</tbody></table></div>"
    )


def _runs(runs: Runs, register: Register | None) -> str:
    found = []
    for run in runs:
        if isinstance(run, Number):
            if register is None:
                raise ValueError(f"{run.table}, {run.column}: a number by reference needs the register of its copy")
            held = register.printed(run)
            row = _escaped(json.dumps(dict(run.key), ensure_ascii=False))
            found.append(
                f'<data value="{held.ref}" data-table="{_escaped(run.table)}" data-row="{row}" '
                f'data-column="{_escaped(run.column)}" data-form="{run.form}" data-total="{run.total}">'
                f"{_escaped(held.text)}</data>"
            )
            continue
        words = _escaped(printed_words(run))
        match run:
            case Strong():
                found.append(f"<strong>{words}</strong>")
            case Choice():
                found.append(f'<span class="choice">{words}</span>')
            case Blank(lines=lines):
                found.append(f'<span class="blank">{words.strip()}{"<br>" * lines}</span>')
            case _:
                found.append(words)
    return "".join(found)


def _escaped(text: str) -> str:
    return html.escape(text, quote=True)


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
