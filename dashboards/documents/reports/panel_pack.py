"""The pack of a scrutiny panel, one page to print, without references.

Cases are under pseudonyms, each with its form.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from casework.audit import panels
from casework.choices.panel_words import ANSWERS, OVERALL
from casework.store.database import exists, open_store
from casework.store.refusal import Refused
from dashboards.data.audit.panel_sample import FACTS, STATES
from dashboards.documents import as_html, writer
from dashboards.text import numbers
from dashboards.text.audit import panel_text
from dashboards.text.content import Blank, Block, Choice, Document, Heading, PageBreak, Runs, Table, paragraph, text

COMMENT_LINES = 4
WIDTHS = (0.35, 0.65)


def write(home: Path, out: Path, panel_ref: str | None = None) -> Path:
    """Write the pack of a sample, by default the newest; returns `out`.

    Raises Refused if there is none.
    """
    held = panels.samples(open_store(home)) if exists(home) else []
    found = [s for s in held if panel_ref in (None, s["panel_ref"])]
    if not found:
        raise Refused(f"{home}: there is no sample {panel_ref or 'yet'}. Draw one on the page Scrutiny panel.")
    ref = found[0]["panel_ref"]
    made = page(open_store(home), ref, writer.own_marking())
    return writer.write_page(home, out, "stra report panel", ref, lambda entry: made, purpose="audit")


def page(engine: Engine, panel_ref: str, marking: str) -> str:
    """The pack as HTML."""
    return as_html.render(document(engine, panel_ref, marking)).decode()


def document(engine: Engine, panel_ref: str, marking: str) -> Document:
    """An introduction to the pack, then each case on a page of its own."""
    sample = next(s for s in panels.samples(engine) if s["panel_ref"] == panel_ref)
    cases = panels.cases(engine, panel_ref)
    notes = [
        sample["settings"]["whose"],
        panel_text.how_drawn(sample, len(cases)),
        panel_text.PSEUDONYMS,
        panel_text.coarse(sample),
        *panel_text.measure_notes(sample["settings"]),
        panel_text.USE,
        *([panel_text.LIVE] if sample["settings"]["with_charged"] else []),
    ]
    blocks: list[Block] = [paragraph(note) for note in notes]
    for case in cases:
        blocks += _case(case, sample["questions"])
    title = f"Scrutiny panel: {sample['title']}"
    return Document(title, "", marking, title, (), tuple(blocks))


def _case(case: dict[str, Any], questions: dict[str, str]) -> list[Block]:
    facts = case["facts"]
    known: list[tuple[Runs, ...]] = [(text(words), text(numbers.quarter(facts[name]))) for name, words in FACTS.items()]
    known += [
        (text(f"Protection measures: {words.lower()}"), text(panel_text.measures(facts, state)))
        for state, words in STATES.items()
    ]
    asked: list[tuple[Runs, ...]] = [(text(words), _choices(ANSWERS)) for words in questions.values()]
    asked += [
        (text("Overall"), _choices(OVERALL)),
        (text("Comment; no name, no place, no reference"), (Blank(COMMENT_LINES),)),
    ]
    return [
        PageBreak(),
        Heading(1, f"Case {case['case_ref']}"),
        Table("What is known", ("Fact", "On record"), tuple(known), WIDTHS),
        Table("Panel's findings", ("Question", "Answer"), tuple(asked), WIDTHS),
    ]


def _choices(words: dict[str, str]) -> Runs:
    return tuple(Choice(word) for word in words.values())
