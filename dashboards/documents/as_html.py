"""A document as one HTML page: nothing is loaded from elsewhere, every table and drawing can be heard as well as seen.

Each number is an element that names its reference, table, row and column.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from pathlib import Path

from dashboards.documents.content import (
    Block,
    Bullets,
    Callout,
    Chart,
    Document,
    Heading,
    Number,
    PageBreak,
    Paragraph,
    Runs,
    Strong,
    Table,
)  # fmt: skip
from dashboards.documents.register import Register, manifest_sha256

STYLE = Path(__file__).with_name("document.css")
FEW_PARTS = 6  # so many need no list of them


def render(document: Document, register: Register) -> bytes:
    """The page, in UTF-8."""
    mark = f'<p class="marking">{_escaped(document.marking)}</p>'
    copy = register.reader.copy
    facts = "".join(
        f"<div><dt>{_escaped(name)}</dt><dd>{_runs(runs, register)}</dd></div>" for name, runs in document.facts
    )
    head = (
        f'<!DOCTYPE html>\n<html lang="en-GB"><head><meta charset="utf-8"><title>{_escaped(document.title)}</title>'
        '<meta name="viewport" content="width=device-width">'
        f'<meta name="stra-publication" content="{_escaped(copy.folder.name)}">'
        f'<meta name="stra-manifest" content="{manifest_sha256(copy)}">'
        f"<style>{STYLE.read_text(encoding='utf-8')}</style></head>"
    )
    top = (
        f'<body><a class="skip" href="#content">Skip to the content</a><header>{mark}</header><main id="content">'
        f'<h1>{_escaped(document.title)}</h1><p class="subtitle">{_escaped(document.subtitle)}</p>'
        f'<dl class="facts">{facts}</dl>'
    )
    parts = "\n".join([*_blocks(document, register)])
    body = f"{top}\n{parts}\n</main><footer>{mark}</footer></body></html>\n"
    return (head + body).encode()


def _blocks(document: Document, register: Register) -> Iterator[str]:
    """Every block; before the second part, where the first has been read, the list of all where they are many."""
    places = [block for block in document.blocks if isinstance(block, Heading) and block.level == 1]
    for count, block in enumerate(document.blocks, start=1):
        if len(places) > FEW_PARTS and block is places[1]:
            links = "".join(f'<li><a href="#{_slug(h.text)}">{_escaped(h.text)}</a></li>' for h in places)
            yield f'<nav aria-label="Contents"><h2>Contents</h2><ul>{links}</ul></nav>'
        yield _block(block, count, register)


def _block(block: Block, count: int, register: Register) -> str:
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


def _table(table: Table, register: Register) -> str:
    kinds = [' class="number"' if i in table.numeric else "" for i in range(len(table.headings))]
    head = "".join(f'<th scope="col"{kind}>{_escaped(words)}</th>' for kind, words in zip(kinds, table.headings))
    body = []
    for row in table.rows:
        cells = [_runs(cell, register) for cell in row]
        others = "".join(f"<td{kind}>{cell}</td>" for kind, cell in zip(kinds[1:], cells[1:]))
        body.append(f'<tr><th scope="row"{kinds[0]}>{cells[0]}</th>{others}</tr>')
    label = _escaped(table.caption)
    return (
        f'<div class="table-scroll" tabindex="0" role="region" aria-label="{label}"><table><caption>{label}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{''.join(body)}</tbody></table></div>"
    )


def _runs(runs: Runs, register: Register) -> str:
    found = []
    for run in runs:
        if isinstance(run, Number):
            held = register.printed(run)
            row = _escaped(json.dumps(dict(run.key), ensure_ascii=False))
            found.append(
                f'<data value="{held.ref}" data-table="{_escaped(run.table)}" data-row="{row}" '
                f'data-column="{_escaped(run.column)}" data-form="{run.form}" data-total="{run.total}">'
                f"{_escaped(held.text)}</data>"
            )
        elif isinstance(run, Strong):
            found.append(f"<strong>{_escaped(run.text)}</strong>")
        else:
            found.append(_escaped(run))
    return "".join(found)


def _escaped(text: str) -> str:
    return html.escape(text, quote=True)


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
