"""The strategic threat, risk and harm assessment as files: Word, PDF and HTML, a one-page brief, slides, its numbers.

`python -m dashboards.documents.reports.assessment_files HOME OUT [TEMPLATE]` writes them into the folder OUT; `stra
report assessment` does so. STRA_TEMPLATE names a force's own Word template where none is given. What is written is
recorded in the home.
"""

from __future__ import annotations

import sys
from pathlib import Path

from casework.store.database import today
from casework.store.refusal import Refused
from dashboards.data.published import Copy, NotAvailable
from dashboards.documents import as_pptx, writer
from dashboards.documents.assessment import evidence, whole
from dashboards.documents.records import Record
from dashboards.documents.register import Reader, Register, as_json
from dashboards.parts.downloads import file_name


def _refuse_lapsed(copy: Copy) -> None:
    """No document rests on an override whose last day is over. Raises Refused with what to do."""
    rows = copy.select("core.score_overrides", where="valid_to < $day", may_be_empty=True, day=today())
    if not isinstance(rows, NotAvailable) and not rows.is_empty():
        refs = ", ".join(rows["override_ref"].to_list())
        raise Refused(f"The last day of {refs} is over, and what is published still counts it. Build again first.")


def documents(copy: Copy, marking: str, template: Path | None = None) -> tuple[dict[str, bytes], bytes]:
    """File name -> content, and the register of numbers: the same bytes for the same copy. Raises Refused where there
    is nothing to assess."""
    reader = Reader(copy)
    register, found = Register(reader), evidence.gather(reader)
    assessment = whole.assessment(found, register, marking)
    brief = whole.brief(found, register, marking)
    slides = whole.slides(found, register, marking)
    files = {
        **writer.each_format("assessment", assessment, register, marking, template),
        **writer.each_format("brief", brief, register, marking, template),
        file_name(marking, "slides", "pptx"): as_pptx.render(assessment, slides, register),
    }
    numbers = as_json(register)
    return files | {file_name(marking, "numbers", "json"): numbers}, numbers


REPORT = writer.Report("command", documents, _refuse_lapsed)


def write(home: Path, out: Path, template: Path | None = None, *, is_handed_out: bool = True) -> list[Record]:
    """Write the documents into `out` and record them. Raises Refused where there is nothing to assess."""
    return writer.write(REPORT, home, out, template, is_handed_out=is_handed_out)


if __name__ == "__main__":
    sys.exit(writer.main(REPORT, sys.argv[1:]))
