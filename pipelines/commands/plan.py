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

from assets.readers.sql import literal
from pipelines.publication import withheld
from pipelines.system.build_lock import build_lock
from pipelines.tables.cards import all_cards
from pipelines.tables.warehouse import connect, fingerprint, state_of

AUDIENCES = ("command", "commissioning")  # what leaves the desks of those who keep the records
OF_THE_BUILD = ("quality.runs",)  # says that there was a build
NOT_FIGURES = ("run_ref", "scheme_hash")  # differ in every build, or sum up everything at once
MOST = 5  # figures named of each table
LAST_DIGITS = 1e-12  # relative: below it two fractions are one
ALL_OF = {"metrics.theme_scores": ("rank", "risk")}  # columns of which every figure is named, and no other
IN_USE = "plan.lock"
SHARED = ("casework.sqlite", "casework.sqlite-wal", "casework.sqlite-shm", "warehouse.duckdb", "warehouse.duckdb.wal")


@dataclass(frozen=True)
class Moved:
    """A published table that would differ, with the figures that move most."""

    audience: str
    table: str
    row_count: int
    changed_count: int  # rows changed, added or gone
    figures: tuple[dict[str, Any], ...]  # key, column, before, after


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
    entry = _manifest(folder)["tables"].get("quality.rule_results")
    if entry is None:
        return set()
    with duckdb.connect() as con:
        rows = con.execute(
            "select distinct rule_code, cast(rule_version as varchar) from read_parquet(?)",
            [str(folder / entry["file"])],
        ).fetchall()
    return {(str(code), str(version)) for code, version in rows}


def _manifest(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    return found


def compared(home: Path, scratch: Path) -> tuple[tuple[Moved, ...], tuple[str, ...], tuple[str, ...]]:
    """Tables that differ between two publications, appeared or are gone."""
    moved: list[Moved] = []
    appeared: list[str] = []
    gone: list[str] = []
    for audience in AUDIENCES:
        folders = [place / "published" / audience for place in (home, scratch)]
        before, after = (_manifest(folder)["tables"] for folder in folders)
        appeared += [f"{audience} {table}" for table in sorted(after.keys() - before.keys())]
        gone += [f"{audience} {table}" for table in sorted(before.keys() - after.keys())]
        for table in sorted(before.keys() & after.keys()):
            if before[table]["sha256"] != after[table]["sha256"] and table not in OF_THE_BUILD:
                paths = [folder / entry[table]["file"] for folder, entry in zip(folders, (before, after), strict=True)]
                found = _differences(audience, table, paths[0], paths[1], after[table]["grain"])
                moved += [found] if found is not None else []
    return tuple(moved), tuple(appeared), tuple(gone)


def _differences(audience: str, table: str, before: Path, after: Path, grain: list[str]) -> Moved | None:
    """How a table differs between two publications; None if only the build does."""
    with duckdb.connect() as con:
        for name, path in (("b", before), ("a", after)):
            con.execute(f"create view {name} as select * from read_parquet({literal(path)})")
        columns = dict(
            con.execute("select column_name, data_type from duckdb_columns() where table_name = 'a'").fetchall()
        )
        held = {
            name
            for (name,) in con.execute("select column_name from duckdb_columns() where table_name = 'b'").fetchall()
        }
        shared = [name for name in columns if name in held and name not in NOT_FIGURES]
        keys = [name for name in grain if name in shared]
        if not keys:
            return _without_keys(con, audience, table, shared)
        values = [name for name in shared if name not in keys]
        same = " and ".join(f'a."{k}" is not distinct from b."{k}"' for k in keys)
        differ = " or ".join(_differs(v, columns[v]) for v in values) or "false"
        joined = f"(select *, true as is_a from a) as a full join (select *, true as is_b from b) as b on {same}"
        ((count, changed),) = con.execute(
            f"select (select count(*) from a), count(*) from {joined} where is_a is null or is_b is null or {differ}"
        ).fetchall()
        if not changed:
            return None
        key = " || ' ' || ".join(f"coalesce(cast(a.\"{k}\" as varchar), '')" for k in keys)
        numbers = [v for v in values if columns[v] in ("DOUBLE", "BIGINT", "INTEGER", "HUGEINT", "FLOAT")]
        numbers, most = (list(ALL_OF[table]), 2 * count) if table in ALL_OF else (numbers, MOST)
        figures: list[dict[str, Any]] = []
        for name in numbers:
            # a probability and a count do not move alike: each column has its own scale
            figures += [
                {"key": k, "column": name, "before": b, "after": a, "size": size}
                for k, b, a, size in con.execute(
                    f'select {key}, b."{name}", a."{name}", abs(coalesce(a."{name}", 0) - coalesce(b."{name}", 0))'
                    f' / greatest((select max(abs("{name}")) from b), 1e-9) as size from {joined}'
                    f" where is_a and is_b and {_differs(name, columns[name])} order by size desc limit {most}"
                ).fetchall()
            ]
        figures = sorted(figures, key=lambda f: -f.pop("size"))[:most]
        return Moved(audience, table, count, changed, tuple(figures))


def _differs(name: str, kind: str) -> str:
    """SQL: whether a value moved. Sums of fractions may differ in their last digit, by the order of their parts."""
    differs = f'a."{name}" is distinct from b."{name}"'
    if kind not in ("DOUBLE", "FLOAT"):
        return f"({differs})"
    near = f'abs(a."{name}" - b."{name}") <= {LAST_DIGITS} * greatest(abs(a."{name}"), abs(b."{name}"))'
    numbers = f'isfinite(a."{name}") and isfinite(b."{name}")'
    return f"({differs} and not coalesce({numbers} and {near}, false))"


def _without_keys(con: duckdb.DuckDBPyConnection, audience: str, table: str, shared: list[str]) -> Moved | None:
    names = ", ".join(f'"{name}"' for name in shared)
    ((count, changed),) = con.execute(
        f"select (select count(*) from a), count(*) from ((select {names} from a except all select {names} from b)"
        f" union all (select {names} from b except all select {names} from a))"
    ).fetchall()
    return Moved(audience, table, count, changed, ()) if changed else None


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
