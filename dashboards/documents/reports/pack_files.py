"""The evidence pack for those who commission services: Word, PDF, HTML, a public summary, and the data.

`python -m dashboards.documents.reports.pack_files HOME OUT [TEMPLATE]` writes it into the folder OUT; `stra report
commissioning` does so. What is written is recorded in the home.
"""

from __future__ import annotations

import sys
from pathlib import Path

from dashboards.data.published import Copy
from dashboards.documents import data_annex, writer
from dashboards.documents.pack import evidence, whole
from dashboards.documents.register import Reader, Register, as_json
from dashboards.parts.downloads import file_name


def documents(copy: Copy, marking: str, template: Path | None = None) -> tuple[dict[str, bytes], bytes]:
    """File name -> content, and the register of numbers: the same bytes for the same copy. Raises Refused where there
    is nothing to pack."""
    reader = Reader(copy)
    register, found = Register(reader), evidence.gather(reader)
    pack, summary = whole.pack(found, register, marking), whole.summary(found, register, marking)
    files = {
        **writer.each_format("commissioning evidence", pack, register, marking, template),
        **writer.each_format("public summary", summary, register, marking, template),
    }
    for name, content in data_annex.files(copy, marking).items():
        stem, _, suffix = name.rpartition(".")
        files[file_name(marking, stem, suffix)] = content
    numbers = as_json(register)
    return files | {file_name(marking, "numbers", "json"): numbers}, numbers


REPORT = writer.Report("commissioning", documents)

if __name__ == "__main__":
    sys.exit(writer.main(REPORT, sys.argv[1:]))
