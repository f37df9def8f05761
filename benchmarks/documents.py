"""Time to write the assessment's documents from a built home: each format, and all of them with start-up.

    python benchmarks/documents.py --home HOME

Each format is rendered alone in one process (best of three), then `stra report assessment` is run as a whole, from the
start of the process to the record of the documents. Target: a document of 30 pages in at most 20 seconds.
"""

from __future__ import annotations

import argparse
import io
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from pypdf import PdfReader

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from dashboards.data.published import Copy, open_copy
from dashboards.data.register import Reader, Register
from dashboards.data.scope import WHOLE
from dashboards.documents import as_docx, as_html, as_pdf, as_pptx
from dashboards.documents.assessment import evidence, files
from dashboards.text.content import Document, Slide

TARGET_SECONDS, TARGET_PAGES, RUNS = 20, 30, 3


def timed(name: str, make: Callable[[], bytes]) -> bytes:
    """Print the best of some runs."""
    best, content = float("inf"), b""
    for _ in range(RUNS):
        start = time.perf_counter()
        content = make()
        best = min(best, time.perf_counter() - start)
    print(f"{name:<10} {best:6.2f} s {len(content) / 1000:8,.0f} kB")
    return content


def content_of(copy: Copy) -> tuple[Document, tuple[Slide, ...], Register]:
    """The content of all formats."""
    register = Register(Reader(copy))
    found = evidence.gather(register.reader)
    return files.assessment(found, register, "OFFICIAL"), files.slides(found, register, "OFFICIAL"), register


def main() -> int:
    """Print timings; 1 where the target is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--home", type=Path, required=True)
    home = parser.parse_args().home
    copy = open_copy(home, "command", WHOLE)
    if not isinstance(copy, Copy):
        print(f"{home}: {copy.reason} {copy.remedy}", file=sys.stderr)
        return 2
    start = time.perf_counter()
    document, slides, register = content_of(copy)
    print(f"content    {time.perf_counter() - start:6.2f} s, {len(register.all()):,} numbers")
    timed("html", lambda: as_html.render(document, register))
    pdf = timed("pdf", lambda: as_pdf.render(document, register))
    timed("docx", lambda: as_docx.render(document, register))
    timed("pptx", lambda: as_pptx.render(document, slides, register))
    pages = len(PdfReader(io.BytesIO(pdf)).pages)
    with tempfile.TemporaryDirectory() as work:
        held = Path(work) / "home"
        shutil.copytree(copy.folder.parents[2], held / "published", symlinks=True)
        command = [
            sys.executable,
            "-m",
            "pipelines.commands.cli",
            "report",
            "assessment",
            "--home",
            str(held),
            "--out",
            work,
        ]
        start = time.perf_counter()
        subprocess.run(command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=True, capture_output=True)
        seconds = time.perf_counter() - start
    print(f"all files  {seconds:6.2f} s with start-up; the assessment has {pages} pages (target {TARGET_SECONDS} s for "
          f"{TARGET_PAGES})")  # fmt: skip
    return 0 if seconds <= TARGET_SECONDS and pages >= TARGET_PAGES else 1


if __name__ == "__main__":
    sys.exit(main())
