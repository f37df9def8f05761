"""The daily or weekly lists as one HTML page for the meeting, rendered without a browser: references only.

`python -m dashboards.documents.reports.meeting_lists HOME OUT [daily|weekly] [UNIT]` writes it. That is a viewing
like one on the page: it is logged, and nothing is written where it cannot be.
"""

from __future__ import annotations

import html
import os
import sys
from pathlib import Path

from casework.store.refusal import Refused
from dashboards.data.published import Copy, NotAvailable, open_copy
from dashboards.data.scope import WHOLE
from dashboards.documents.reports.handover import hand_over
from dashboards.pages.protection import meeting_data, meeting_text
from dashboards.pages.protection.meeting_data import LISTS, STATES, Sheet
from dashboards.parts import extract_banner, figure
from dashboards.parts.table import html_table

STYLE = Path(__file__).with_name("report.css")
NARROW = (  # eight columns on a sheet of A4
    "table { font-size: 0.76rem; } th, td { padding: 0.2rem 0.4rem; } tbody th { overflow-wrap: anywhere; }"
    " .text, .long { min-width: 0; } @page { size: A4; margin: 12mm; } thead { display: table-header-group; }"
    " @media print { .table-scroll { overflow: visible; } tr { break-inside: avoid; } body { margin: 0; padding: 0; } }"
)
ALL_ROWS = 1_000_000  # paper has no downloads beside it: nothing is cut off


def write(home: Path, out: Path, period: str = "daily", unit: str = meeting_data.ALL) -> Path:
    """Write the lists; returns `out`. Raises Refused where there are none, or the viewing cannot be logged."""
    copy = open_copy(home, "integrity", WHOLE)
    if isinstance(copy, NotAvailable):
        raise Refused(f"{home}: {copy.reason} {copy.remedy}")
    known = meeting_data.units(copy)
    if period not in meeting_data.PERIODS or unit not in known:
        raise Refused(f"Expected daily or weekly and one of {', '.join(known)}; saw {period!r} and {unit!r}.")
    sheet = meeting_data.sheet(copy, period, unit)
    if isinstance(sheet, NotAvailable):
        raise Refused(f"{home}: {sheet.reason} {sheet.remedy}")
    marking = os.environ.get("STRA_MARKING", "").strip() or "OFFICIAL"
    return hand_over(
        home, out, "stra report lists", sheet.subject, lambda entry: document(copy, sheet, marking, entry.mark),
        purpose="management", count=sheet.rows.height,
    )  # fmt: skip


def document(copy: Copy, sheet: Sheet, marking: str, log_mark: str) -> str:
    """The lists as HTML; `log_mark` is the number and hash under which the viewing was logged."""
    title = html.escape(f"{meeting_data.PERIODS[sheet.period]} lists of {sheet.whose}")
    mark = f'<p class="marking">{html.escape(marking)}</p>'
    caveats = [meeting_text.NO_ADVICE, meeting_text.FRESHNESS, *figure.table_caveats(copy, (LISTS, STATES))]
    parts = [
        mark,
        f"<h1>{title}</h1>",
        f'<p class="state">{html.escape(meeting_text.answer(sheet))}</p>',
        _paragraph(_whose(copy)),
        *(_list(sheet, state["list_code"]) for state in sheet.states),
        f"<section><h2>What to know</h2>{''.join(_paragraph(words) for words in caveats)}</section>",
        _paragraph(f"As of {sheet.as_of}. Access log: {log_mark}."),
        mark,
    ]
    return (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{STYLE.read_text(encoding="utf-8")}{NARROW}'
        "</style></head>"
        f"<body><main>{''.join(parts)}</main></body></html>"
    )


def _paragraph(words: str) -> str:
    return f"<p>{html.escape(words)}</p>" if words else ""


def _whose(copy: Copy) -> str:
    found = extract_banner.of(copy)
    if isinstance(found, NotAvailable):
        return found.reason
    return f"{'Invented data. ' if found.is_invented else ''}{found.force_name}."


def _list(sheet: Sheet, code: str) -> str:
    state = next(s for s in sheet.states if s["list_code"] == code)
    rows = sheet.of(code)
    heading = meeting_text.heading(state, rows.height)
    table = ""
    if not rows.is_empty():
        table = html_table(
            rows,
            meeting_text.columns(code),
            caption=state["list_name"],
            formats=meeting_text.FORMATS,
            row_heading="record_ref",
            most=ALL_ROWS,
        )
    words = "".join(_paragraph(note) for note in meeting_text.notes(state))
    return f"<section><h2>{html.escape(heading)}</h2>{words}{table}</section>"


if __name__ == "__main__":
    try:
        print(f"Written: {write(Path(sys.argv[1]), Path(sys.argv[2]), *sys.argv[3:5])}")
    except Refused as words:
        print(f"stra: {words}", file=sys.stderr)
        sys.exit(1)
