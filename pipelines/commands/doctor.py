"""Is the machine ready? Each line says what was looked for and what was found."""

from __future__ import annotations

import importlib.metadata
import shutil
import sys
from collections.abc import Iterator
from datetime import date

from casework.store.database import today
from pipelines.system.machine import MachineSettingWrong, in_words, limits, memory_of_machine
from pipelines.tables.cards import ROOT, CardError

PACKAGES = ("dagster", "duckdb", "polars", "great-expectations", "plotly", "streamlit")
FREE_GIB = 2


def examine() -> Iterator[tuple[str, bool]]:
    """(finding, is it fine) for Python, packages, disk space, cards and sources."""
    version = ".".join(map(str, sys.version_info[:3]))
    yield f"Python {version} (expected 3.11, 3.12 or 3.13)", (3, 11) <= sys.version_info[:2] <= (3, 13)
    for package in PACKAGES:
        try:
            yield f"{package} {importlib.metadata.version(package)}", True
        except importlib.metadata.PackageNotFoundError:
            yield f"{package} is not installed; run: make", False
    free = shutil.disk_usage(ROOT).free / 2**30
    yield f"{free:.0f} GiB free here (expected at least {FREE_GIB})", free >= FREE_GIB
    yield _memory()
    browser = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    yield f"browser for the tests: {browser or 'none found; only the tests need one'}", True
    try:
        from pipelines.tables.lineage import build_order

        yield f"{len(build_order())} tables, each with its card, below {ROOT.name}/assets", True
    except CardError as problem:
        yield str(problem), False
    yield _facts(today())
    from assets.raw import sources

    for name, source in sources().items():
        how = f"stra fetch {name}" if source.download is not None else "put by hand into the data folder"
        yield f"source {name}: {how}", True


def _facts(day: date) -> tuple[str, bool]:
    """Facts of the field that nobody has looked at in time. The machine is ready with them."""
    from assets.readers.field_facts import past_review

    count, late = past_review(day)
    if not late:
        return f"{count} facts of law, guidance and strategy, none past its review date", True
    words = f"{count} facts of law, guidance and strategy, {len(late)} past the review date: {', '.join(late)}. Look at"
    return f"{words} the sources in assets/reference/assessment/field_facts.csv, then correct the rows", True


def _memory() -> tuple[str, bool]:
    try:
        limit = limits(ROOT)
    except MachineSettingWrong as words:
        return str(words), False
    return f"{in_words(memory_of_machine())} of memory, of which DuckDB may use {in_words(limit.memory)}", True
