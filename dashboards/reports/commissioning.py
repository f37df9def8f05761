"""The evidence pack for those who commission services: Word, PDF, HTML, a public summary, and the data.

`python -m dashboards.reports.commissioning HOME OUT [TEMPLATE]` writes it into the folder OUT; `stra report
commissioning` does so. What is written is recorded in the home.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from casework.refusal import Refused
from dashboards.documents import as_docx, as_html, as_pdf, data_annex, writing
from dashboards.documents.pack import evidence, whole
from dashboards.documents.records import Record
from dashboards.documents.register import Reader, Register, as_json
from dashboards.downloads import file_name
from dashboards.published import Copy, NotAvailable, open_copy

AUDIENCE = "commissioning"


def write(home: Path, out: Path, template: Path | None = None) -> list[Record]:
    """Write the pack into `out` and record it. Raises Refused where there is nothing to pack."""
    copy = open_copy(home, AUDIENCE)
    if isinstance(copy, NotAvailable):
        raise Refused(f"{home}: {copy.reason} {copy.remedy}")
    if out.exists() and not out.is_dir():
        raise Refused(f"{out}: expected a folder for the documents, saw a file. Give another --out.")
    marking = os.environ.get("STRA_MARKING", "").strip() or "OFFICIAL"
    files, register = documents(copy, marking, template)
    return writing.write(home, out, files, copy, register)


def documents(copy: Copy, marking: str, template: Path | None = None) -> tuple[dict[str, bytes], bytes]:
    """File name -> content, and the register of numbers: the same bytes for the same copy. STRA_TEMPLATE names a Word
    template where none is given. Raises Refused where there is nothing to pack."""
    own = os.environ.get("STRA_TEMPLATE", "").strip()
    template = template or (Path(own) if own else None)
    reader = Reader(copy)
    register, found = Register(reader), evidence.gather(reader)
    pack, summary = whole.pack(found, register, marking), whole.summary(found, register, marking)
    files = {}
    for name, document in (("commissioning evidence", pack), ("public summary", summary)):
        files[file_name(marking, name, "docx")] = as_docx.render(document, register, template)
        files[file_name(marking, name, "pdf")] = as_pdf.render(document, register)
        files[file_name(marking, name, "html")] = as_html.render(document, register)
    for name, content in data_annex.files(copy, marking).items():
        stem, _, suffix = name.rpartition(".")
        files[file_name(marking, stem, suffix)] = content
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
