"""Two publications compared: every published figure that differs."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from assets.readers.sql import literal

AUDIENCES = ("command", "commissioning")  # what leaves the desks of those who keep the records
OF_THE_BUILD = ("quality.runs",)  # says that there was a build
NOT_FIGURES = ("run_ref", "scheme_hash")  # differ in every build, or sum up everything at once
MOST = 5  # figures named of each table
LAST_DIGITS = 1e-12  # relative: below it two fractions are one
ALL_OF = {"metrics.theme_scores": ("rank", "risk")}  # columns of which every figure is named, and no other


@dataclass(frozen=True)
class Moved:
    """A published table that would differ, with the figures that move most."""

    audience: str
    table: str
    row_count: int
    changed_count: int  # rows changed, added or gone
    figures: tuple[dict[str, Any], ...]  # key, column, before, after


def manifest(folder: Path) -> dict[str, Any]:
    """What the manifest of a published copy says."""
    found: dict[str, Any] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    return found


def compared(home: Path, scratch: Path) -> tuple[tuple[Moved, ...], tuple[str, ...], tuple[str, ...]]:
    """Tables that differ between two publications, appeared or are gone."""
    moved: list[Moved] = []
    appeared: list[str] = []
    gone: list[str] = []
    for audience in AUDIENCES:
        folders = [place / "published" / audience for place in (home, scratch)]
        before, after = (manifest(folder)["tables"] for folder in folders)
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
