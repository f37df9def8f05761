"""The pack of a scrutiny panel as one HTML page to print: cases under pseudonyms, each with its form. No reference.

`python -m dashboards.documents.reports.panel_pack HOME OUT [PANEL]` writes it.
"""

from __future__ import annotations

import html
import os
import sys
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from casework.audit import panels
from casework.audit.panel_words import ANSWERS, OVERALL
from casework.store.database import UNUSABLE, exists, in_words, open_store
from casework.store.refusal import Refused
from dashboards.documents.reports.handover import hand_over
from dashboards.pages.audit import panel_text
from dashboards.pages.audit.panel_sample import FACTS, STATES

STYLE = Path(__file__).with_name("report.css")
FORM = (
    "@page { size: A4; margin: 14mm; } .case { break-before: page; } caption { padding-top: 1rem; }"
    " .box { white-space: nowrap; margin-right: 1.2rem; }"
    " .lines { border: 1px solid #545B64; min-height: 6rem; padding: 0.3rem; }"
)


def write(home: Path, out: Path, panel_ref: str | None = None) -> Path:
    """Write the pack of a sample, else of the newest; returns `out`. Raises Refused where there is none."""
    held = panels.samples(open_store(home)) if exists(home) else []
    found = [s for s in held if panel_ref in (None, s["panel_ref"])]
    if not found:
        raise Refused(f"{home}: there is no sample {panel_ref or 'yet'}. Draw one on the page Scrutiny panel.")
    marking = os.environ.get("STRA_MARKING", "").strip() or "OFFICIAL"
    text = document(open_store(home), found[0]["panel_ref"], marking)
    ref = found[0]["panel_ref"]
    return hand_over(home, out, "stra report panel", ref, lambda entry: text, purpose="audit")


def document(engine: Engine, panel_ref: str, marking: str) -> str:
    """The pack as HTML."""
    sample = next(s for s in panels.samples(engine) if s["panel_ref"] == panel_ref)
    cases = panels.cases(engine, panel_ref)
    title = html.escape(f"Scrutiny panel: {sample['title']}")
    mark = f'<p class="marking">{html.escape(marking)}</p>'
    notes = [
        sample["settings"]["whose"],
        panel_text.how_drawn(sample, len(cases)),
        panel_text.PSEUDONYMS,
        panel_text.coarse(sample),
        *panel_text.measure_notes(sample["settings"]),
        panel_text.USE,
    ]
    if sample["settings"]["with_charged"]:
        notes.append(panel_text.LIVE)
    words = "".join(f"<p>{html.escape(note)}</p>" for note in notes)
    return (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{STYLE.read_text(encoding="utf-8")}{FORM}</style>'
        f"</head><body><main>{mark}<h1>{title}</h1>{words}"
        f"{''.join(_case(case, sample['questions']) for case in cases)}{mark}</main></body></html>"
    )


def _case(case: dict[str, Any], questions: dict[str, str]) -> str:
    facts = case["facts"]
    rows = [(words, facts[name]) for name, words in FACTS.items()]
    rows += [
        (f"Measures of protection: {words.lower()}", panel_text.measures(facts, state))
        for state, words in STATES.items()
    ]
    told = "".join(f'<tr><th scope="row">{html.escape(a)}</th><td>{html.escape(b)}</td></tr>' for a, b in rows)
    asked = "".join(
        f'<tr><th scope="row">{html.escape(words)}</th><td>{_boxes(ANSWERS)}</td></tr>' for words in questions.values()
    )
    return (
        f'<section class="case"><h2>Case {html.escape(case["case_ref"])}</h2>'
        f"<table><caption>What is known</caption><tbody>{told}</tbody></table>"
        f"<table><caption>What the panel finds</caption><tbody>{asked}"
        f'<tr><th scope="row">Overall</th><td>{_boxes(OVERALL)}</td></tr></tbody></table>'
        '<p>Comment; no name, no place, no reference:</p><p class="lines"></p></section>'
    )


def _boxes(words: dict[str, str]) -> str:
    return " ".join(f'<span class="box">☐ {html.escape(word)}</span>' for word in words.values())


if __name__ == "__main__":
    try:
        print(f"Written: {write(Path(sys.argv[1]), Path(sys.argv[2]), *sys.argv[3:4])}")
    except (Refused, *UNUSABLE) as problem:
        print(f"stra: {in_words(problem)}", file=sys.stderr)
        sys.exit(1)
