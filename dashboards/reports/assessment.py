"""The strategic threat, risk and harm assessment as files: Word, PDF and HTML, a one-page brief, slides, its numbers.

`python -m dashboards.reports.assessment HOME OUT [TEMPLATE]` writes them into the folder OUT; `stra report assessment`
does so. STRA_TEMPLATE names a force's own Word template where none is given. What is written is recorded in the home.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from casework.refusal import Refused
from casework.store import today
from dashboards.documents import as_docx, as_html, as_pdf, as_pptx, writing
from dashboards.documents.assessment import evidence, whole
from dashboards.documents.records import Record
from dashboards.documents.register import Reader, Register, as_json
from dashboards.downloads import file_name
from dashboards.published import Copy, NotAvailable, open_copy

AUDIENCE = "command"


def write(home: Path, out: Path, template: Path | None = None) -> list[Record]:
    """Write the documents into `out` and record them. Raises Refused where there is nothing to assess."""
    copy = open_copy(home, AUDIENCE)
    if isinstance(copy, NotAvailable):
        raise Refused(f"{home}: {copy.reason} {copy.remedy}")
    if out.exists() and not out.is_dir():
        raise Refused(f"{out}: expected a folder for the documents, saw a file. Give another --out.")
    _refuse_lapsed(copy)
    marking = os.environ.get("STRA_MARKING", "").strip() or "OFFICIAL"
    own = os.environ.get("STRA_TEMPLATE", "").strip()
    files, register = documents(copy, marking, template or (Path(own) if own else None))
    return writing.write(home, out, files, copy, register)


def _refuse_lapsed(copy: Copy) -> None:
    """No document rests on an override whose last day is over. Raises Refused with what to do."""
    rows = copy.select("core.score_overrides", where="valid_to < $day", may_be_empty=True, day=today())
    if not isinstance(rows, NotAvailable) and not rows.is_empty():
        refs = ", ".join(rows["override_ref"].to_list())
        raise Refused(f"The last day of {refs} is over, and what is published still counts it. Build again first.")


def documents(copy: Copy, marking: str, template: Path | None = None) -> tuple[dict[str, bytes], bytes]:
    """File name -> content, and the register of numbers: the same bytes for the same copy."""
    reader = Reader(copy)
    register, found = Register(reader), evidence.gather(reader)
    assessment = whole.assessment(found, register, marking)
    brief = whole.brief(found, register, marking)
    slides = whole.slides(found, register, marking)
    files = {
        file_name(marking, "assessment", "docx"): as_docx.render(assessment, register, template),
        file_name(marking, "assessment", "pdf"): as_pdf.render(assessment, register),
        file_name(marking, "assessment", "html"): as_html.render(assessment, register),
        file_name(marking, "brief", "docx"): as_docx.render(brief, register, template),
        file_name(marking, "brief", "pdf"): as_pdf.render(brief, register),
        file_name(marking, "brief", "html"): as_html.render(brief, register),
        file_name(marking, "slides", "pptx"): as_pptx.render(assessment, slides, register),
    }
    numbers = as_json(register)
    return files | {file_name(marking, "numbers", "json"): numbers}, numbers


if __name__ == "__main__":
    try:
        made = write(Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]) if len(sys.argv) > 3 else None)
    except Refused as words:
        print(f"stra: {words}", file=sys.stderr)
        sys.exit(1)
    for record in made:
        print(f"Written: {record.path}")
    print(f"Recorded as {made[-1].mark}. Keep this mark elsewhere: it is the witness of what was written.")
