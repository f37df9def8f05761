"""The daily or weekly lists for the meeting, one page of references only.

It is rendered without a browser. Writing it is logged like a viewing of the page; nothing is written where the log
fails.
"""

from __future__ import annotations

from pathlib import Path

from casework.store.refusal import Refused
from dashboards.data import extract
from dashboards.data.home_state import in_use_again
from dashboards.data.protection import meeting_data
from dashboards.data.protection.meeting_data import LISTS, STATES, Sheet
from dashboards.data.published import Copy
from dashboards.data.register import Reader, Register
from dashboards.documents import as_html, tables, writer
from dashboards.text.content import Block, Document, Heading, paragraph
from dashboards.text.protection import meeting_text


def write(home: Path, out: Path, period: str = "daily", unit: str = meeting_data.ALL, force: str = "") -> Path:
    """Write the lists; returns `out`.

    Raises Refused if there are none, or the viewing cannot be logged.
    """
    copy = writer.opened(home, "integrity", force)
    known = meeting_data.units(copy)
    if period not in meeting_data.PERIODS or unit not in known:
        raise Refused(f"Expected daily or weekly and one of {', '.join(known)}; saw {period!r} and {unit!r}.")
    sheet = meeting_data.sheet(copy, period, unit)
    return writer.write_page(
        home, out, "stra report lists", sheet.subject,
        lambda entry: page(copy, sheet, writer.own_marking(), entry.mark),
        purpose="management", count=sheet.rows.height,
    )  # fmt: skip


def page(copy: Copy, sheet: Sheet, marking: str, log_mark: str) -> str:
    """The lists as HTML.

    `log_mark` is the receipt under which the viewing was logged.
    """
    return as_html.render(document(copy, sheet, marking, log_mark), Register(Reader(copy))).decode()


def document(copy: Copy, sheet: Sheet, marking: str, log_mark: str) -> Document:
    """The lists, then what a reader must know about them."""
    again = in_use_again(copy.manifest)
    caveats = [meeting_text.NO_ADVICE, meeting_text.FRESHNESS, *copy.caveats(LISTS, STATES)]
    caveats = [again, *caveats] if again else caveats
    blocks: list[Block] = [paragraph(meeting_text.answer(sheet), kind="lead"), paragraph(extract.whose(copy))]
    for state in sheet.states:
        blocks += _list(copy, sheet, state["list_code"])
    blocks += [
        Heading(1, "Caveats"),
        *(paragraph(words) for words in caveats),
        paragraph(f"As of {sheet.as_of}. Access log: {log_mark}."),
    ]
    title = f"{meeting_data.PERIODS[sheet.period]} lists of {sheet.whose}"
    return Document(title, "", marking, title, (), tuple(blocks))


def _list(copy: Copy, sheet: Sheet, code: str) -> list[Block]:
    state = next(s for s in sheet.states if s["list_code"] == code)
    rows = sheet.of(code)
    blocks: list[Block] = [
        Heading(1, meeting_text.heading(state, rows.height)),
        *(paragraph(note) for note in meeting_text.notes(state)),
    ]
    if not rows.is_empty():
        blocks.append(
            tables.of_rows(
                rows,
                copy.headings(meeting_text.columns(code), LISTS),
                caption=state["list_name"],
                formats=meeting_text.FORMATS,
                row_heading="record_ref",
            )
        )
    return blocks
