"""What a changed definition would move: a second build, compared with the home.

The change may be to a weight, a setting, a code list, a rule or a SELECT. The build that would publish it runs on a
copy of the home. Then every published figure of the two is compared. The home itself is not touched.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import signal
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from pipelines.publication import withheld
from pipelines.publication.compared import Moved, compared, manifest
from pipelines.system.build_lock import build_lock
from pipelines.tables.cards import all_cards
from pipelines.tables.warehouse import connect, fingerprint, state_of

IN_USE = "plan.lock"
SHARED = ("casework.sqlite", "casework.sqlite-wal", "casework.sqlite-shm", "warehouse.duckdb", "warehouse.duckdb.wal")


@dataclass(frozen=True)
class Plan:
    """`definitions`: edits since the last build; `failures`: of the second build."""

    definitions: tuple[str, ...]
    moved: tuple[Moved, ...]
    appeared: tuple[str, ...]
    gone: tuple[str, ...]
    failures: tuple[str, ...]

    @property
    def mark(self) -> str:
        """Mark of this effect: accepting it accepts this effect and no other."""
        return hashlib.sha256(json.dumps(self.as_effect(), sort_keys=True, default=str).encode()).hexdigest()[:12]

    def as_effect(self) -> dict[str, Any]:
        """What is kept with the acceptance."""
        return {
            "definitions": list(self.definitions),
            "tables": {f"{m.audience} {m.table}": {"rows": m.changed_count, "of": m.row_count} for m in self.moved},
            "figures": [{"table": m.table, **figure} for m in self.moved for figure in m.figures[:1]],
            "appeared": list(self.appeared),
            "gone": list(self.gone),
        }


def plan(data: Path, home: Path, as_of: date | None, tell: Callable[[str], None]) -> Plan:
    """Build on a copy of the home and compare.

    Raises WarehouseBusy while another build runs.
    """
    from pipelines.dagster_records.build import build_home
    from pipelines.fetching.folder import read_folder

    with _copied(home) as scratch:
        edited = _edited(scratch)
        failures = build_home(read_folder(data), scratch, as_of, tell)
        kept = withheld.published(home)
        failures += [f"{t}: {why}" for t, why in withheld.published(scratch).items() if t not in kept]
        if failures:
            return Plan(edited, (), (), (), tuple(failures))
        moved, appeared, gone = compared(home, scratch)
        return Plan((*edited, *_rules_changed(home, scratch)), moved, appeared, gone, ())


@contextmanager
def _copied(home: Path) -> Iterator[Path]:
    """A copy of the home to build in, which cannot harm the original.

    Loaded files are linked, never written.
    """
    prefix = f".{home.resolve().name}-plan-"
    _sweep(home.resolve().parent, prefix)
    scratch = Path(tempfile.mkdtemp(prefix=prefix, dir=home.resolve().parent))
    with _ended_in_order(), open(scratch / IN_USE, "w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield from _filled(home, scratch)


def _filled(home: Path, scratch: Path) -> Iterator[Path]:
    try:
        with build_lock(home):
            for name in SHARED:
                if (home / name).is_file():
                    shutil.copy2(home / name, scratch / name)
            for name in ("identity",):
                if (home / name).is_dir():
                    shutil.copytree(home / name, scratch / name)
            if (home / "raw").is_dir():
                shutil.copytree(home / "raw", scratch / "raw", copy_function=_linked)
        yield scratch
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _sweep(folder: Path, prefix: str) -> None:
    """Remove the copies of killed plans: nobody holds their lock any more."""
    for left in folder.glob(f"{prefix}*"):
        try:
            with open(left / IN_USE) as handle:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(left, ignore_errors=True)
        except BlockingIOError:
            continue
        except OSError:  # killed before it was marked
            shutil.rmtree(left, ignore_errors=True)


@contextmanager
def _ended_in_order() -> Iterator[None]:
    """Remove the copy if the plan is asked to end.

    Works in the main thread only: no other receives the signal.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _linked(source: str, target: str) -> str:
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
    return target


def _edited(home: Path) -> tuple[str, ...]:
    """The tables whose own card or maker has changed since the last build.

    Changes of the tables upstream are left out.
    """
    con = connect(home)
    try:
        found = []
        for card in all_cards().values():
            held = state_of(con, card.table) if card.maker is not None and card.schema != "raw" else None
            if held is not None and held.fingerprint.split("+")[0] != fingerprint(con, card):
                found.append(card.table)
        return tuple(sorted(found))
    finally:
        con.close()


def _rules_changed(home: Path, scratch: Path) -> tuple[str, ...]:
    """The rules whose version is another, or that came or went."""
    before, after = (_rule_versions(place / "published" / "integrity") for place in (home, scratch))
    return tuple(f"rule {code}" for code in sorted({code for code, _ in before ^ after}))


def _rule_versions(folder: Path) -> set[tuple[str, str]]:
    entry = manifest(folder)["tables"].get("quality.rule_results")
    if entry is None:
        return set()
    with duckdb.connect() as con:
        rows = con.execute(
            "select distinct rule_code, cast(rule_version as varchar) from read_parquet(?)",
            [str(folder / entry["file"])],
        ).fetchall()
    return {(str(code), str(version)) for code, version in rows}


def lines(found: Plan) -> list[str]:
    """The plan in words: ranks of themes first, then every table that would move."""
    told = [f"edited since the last build: {', '.join(found.definitions) or 'nothing'}"]
    ordered = sorted(found.moved, key=lambda m: (m.table != "metrics.theme_scores", m.audience, m.table))
    for moved in ordered:
        told.append(f"{moved.audience} {moved.table}: {moved.changed_count:,} of {moved.row_count:,} rows would change")
        told += [
            f"    {f['key']}: {f['column']} {_number(f['before'])} to {_number(f['after'])}" for f in moved.figures
        ]
    told += [f"would be newly published: {name}" for name in found.appeared]
    told += [f"would no longer be published: {name}" for name in found.gone]
    if not (found.moved or found.appeared or found.gone):
        told.append("No published figure would change.")
    return told


def _number(value: float | int | None) -> str:
    return "no figure" if value is None else f"{value:,.4g}" if isinstance(value, float) else f"{value:,}"
