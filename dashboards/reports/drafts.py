"""Drafts that a force completes: data protection, transparency, equality, quality and accessibility, each as Word, PDF
and HTML.

`python -m dashboards.reports.drafts HOME OUT [TEMPLATE]` writes them into the folder OUT; `stra report drafts` does so.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from casework.refusal import Refused
from dashboards.documents import as_docx, as_html, as_pdf, writing
from dashboards.documents.drafts import whole
from dashboards.documents.drafts.evidence import Evidence
from dashboards.documents.records import Record
from dashboards.documents.register import Reader, Register, as_json
from dashboards.downloads import file_name
from dashboards.published import Copy, NotAvailable, open_copy

AUDIENCE = "integrity"


def write(home: Path, out: Path, template: Path | None = None) -> list[Record]:
    """Write the drafts into `out` and record them. Raises Refused where nothing is published."""
    copy = open_copy(home, AUDIENCE)
    if isinstance(copy, NotAvailable):
        raise Refused(f"{home}: {copy.reason} {copy.remedy}")
    if out.exists() and not out.is_dir():
        raise Refused(f"{out}: expected a folder for the documents, saw a file. Give another --out.")
    marking = os.environ.get("STRA_MARKING", "").strip() or "OFFICIAL"
    files, register = documents(copy, marking, template)
    return writing.write(home, out, files, copy, register)


def documents(copy: Copy, marking: str, template: Path | None = None) -> tuple[dict[str, bytes], bytes]:
    """File name -> content, and the register of numbers: the same bytes for the same copy."""
    own = os.environ.get("STRA_TEMPLATE", "").strip()
    template = template or (Path(own) if own else None)
    reader = Reader(copy)
    files: dict[str, bytes] = {}
    register, found = Register(reader), Evidence(reader)
    for name in whole.DRAFTS:
        made = whole.document(name, found, register, marking)
        files[file_name(marking, name, "docx")] = as_docx.render(made, register, template)
        files[file_name(marking, name, "pdf")] = as_pdf.render(made, register)
        files[file_name(marking, name, "html")] = as_html.render(made, register)
    numbers = as_json(register)
    return files | {file_name(marking, "numbers", "json"): numbers}, numbers


if __name__ == "__main__":
    try:
        written = write(Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]) if len(sys.argv) > 3 else None)
    except Refused as words:
        print(f"stra: {words}", file=sys.stderr)
        sys.exit(1)
    for record in written:
        print(f"Written: {record.path}")
    print(f"Recorded as {written[-1].mark}. Keep this mark elsewhere: it is the witness of what was written.")
