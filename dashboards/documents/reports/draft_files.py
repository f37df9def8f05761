"""Drafts that a force completes: data protection, transparency, equality, quality and accessibility, each as Word, PDF
and HTML.

`python -m dashboards.documents.reports.draft_files HOME OUT [TEMPLATE]` writes them into the folder OUT; `stra report
drafts` does so.
"""

from __future__ import annotations

import sys
from pathlib import Path

from dashboards.data.published import Copy
from dashboards.documents import writer
from dashboards.documents.drafts import whole
from dashboards.documents.drafts.evidence import Evidence
from dashboards.documents.register import Reader, Register, as_json
from dashboards.parts.downloads import file_name


def documents(copy: Copy, marking: str, template: Path | None = None) -> tuple[dict[str, bytes], bytes]:
    """File name -> content, and the register of numbers: the same bytes for the same copy."""
    reader = Reader(copy)
    files: dict[str, bytes] = {}
    register, found = Register(reader), Evidence(reader)
    for name in whole.DRAFTS:
        made = whole.document(name, found, register, marking)
        files |= writer.each_format(name, made, register, marking, template)
    numbers = as_json(register)
    return files | {file_name(marking, "numbers", "json"): numbers}, numbers


REPORT = writer.Report("integrity", documents)

if __name__ == "__main__":
    sys.exit(writer.main(REPORT, sys.argv[1:]))
