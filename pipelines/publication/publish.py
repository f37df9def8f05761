"""Publication: each audience gets a complete folder, swapped in by one rename.

A killed publication leaves an unfinished folder beside the copy in use; the next one removes it.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import duckdb

from assets.raw import tables_of_people
from casework.store import versions
from casework.store.builds import number_of
from casework.upkeep import checks
from pipelines.delivery import inputs
from pipelines.delivery.ledger import LeftOut
from pipelines.publication import disclosure, provenance, withheld
from pipelines.system import stops
from pipelines.system.disk import flush
from pipelines.tables import forces
from pipelines.tables.cards import AUDIENCES, FORCE, Card, all_cards, published_to
from pipelines.tables.lineage import reads
from pipelines.tables.sql import scalar

Step = Callable[[str], None]
RESULTS = "quality.rule_results"
# when figures are late or stale, or a backup is missed: as shipped, for a build whose settings lack them
LIMITS = {"publish.late_hours": 30, "publish.stale_days": 35, "keep.backup_hours": 30}
IN_USE_AGAIN = "in_use_again"  # in a manifest: when an earlier publication came into use again, and why
UNFINISHED = ".unfinished-"
ROWS_IN_GROUP = 368_640  # each group of a file holds its own list of values: three of DuckDB's groups need a tenth less


def publish(
    con: duckdb.DuckDBPyConnection,
    home: Path,
    run_ref: str,
    code_version: str,
    as_of: date | None,
    step: Step = lambda name: None,
    left_out: Sequence[LeftOut] = (),
) -> dict[str, Path]:
    """Publish to every audience; return the folder of each.

    `step` is called with the name of each step as it begins.
    """
    publication = _Publication(con, home, run_ref, code_version, as_of, step, provenance.entries(), {}, left_out)
    unfinished = {}
    with ExitStack() as stopped:
        for audience in AUDIENCES:
            is_release = audience == disclosure.AUDIENCE and disclosure.is_built(con, disclosure.RELEASED)
            if is_release and disclosure.RELEASED not in withheld.reasons(con):
                disclosure.record(con, run_ref, datetime.now(UTC))  # first: what is not released after all does no harm
            stopped.callback(_sweep, home, audience)
            unfinished[audience] = _write_for(audience, publication)
        # all are written before any is in use: where the disk fills up, no audience is ahead of another
        stops.end_if_asked()
        stopped.pop_all()
    return put_in_use(home, unfinished, int(_setting(con, "publish.copies_kept", 3)), step)


@dataclass(frozen=True)
class _Publication:
    """What the copies of all audiences share."""

    con: duckdb.DuckDBPyConnection
    home: Path
    run_ref: str
    code_version: str
    as_of: date | None
    step: Step
    entries: dict[str, str]  # table -> where it comes from, as JSON
    written: dict[str, tuple[Path, dict[str, Any]]]  # table -> its file for an earlier audience, and its entry
    left_out: Sequence[LeftOut]


def _sweep(home: Path, audience: str) -> None:
    """Remove what a publication that was stopped or killed has left."""
    for left in (home / "published" / "copies" / audience).glob(f"{UNFINISHED}*"):
        shutil.rmtree(left, ignore_errors=True)


def _write_for(audience: str, p: _Publication) -> Path:
    """The unfinished copy of an audience, on the disk."""
    con, home, step = p.con, p.home, p.step
    copies = home / "published" / "copies" / audience
    copies.mkdir(parents=True, exist_ok=True)
    step(f"{audience}: sweep")
    _sweep(home, audience)
    unfinished = copies / f"{UNFINISHED}{datetime.now(UTC):%Y%m%dT%H%M%S%f}Z"
    unfinished.mkdir()
    tables, of_cards, held_back = {}, {}, withheld.reasons(con, audience)
    step(f"{audience}: write tables")
    there = _tables_there(con)
    for name, card in published_to(audience).items():
        if card.table not in held_back and card.table in there:
            tables[name], of_cards[name] = _write_table(p, card, unfinished), card.table
    step(f"{audience}: write provenance")
    origin = provenance.write(p.entries, of_cards, unfinished)
    step(f"{audience}: write manifest")
    manifest = {
        "audience": audience,
        "published_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "run_ref": p.run_ref,
        "code_version": p.code_version,
        versions.KEY: versions.VERSION,
        "settings_hash": _settings_hash(con),
        "as_of": p.as_of.isoformat() if p.as_of else None,
        "tables": tables,
        "provenance": origin,
        "sources": _sources(con, audience),
        **(_witness(con, home) if audience in inputs.BESIDE_THE_HOME else {}),
        **_rules(con, audience),
        "limits": {key: _setting(con, key, default) for key, default in LIMITS.items()},
        "refused_files": sum(one.is_whole for one in p.left_out),
        "quarantined_files": sum(not one.is_whole for one in p.left_out),
        # their names are for those who see every delivery
        **({"left_out": {one.name: one.reason for one in p.left_out}} if audience == "integrity" else {}),
        "withheld": {
            name: held_back[card.table]
            for name, card in sorted(published_to(audience).items()) if card.table in held_back
        },
    }
    (unfinished / "manifest.json").write_text(json.dumps(manifest, indent=1, ensure_ascii=False), encoding="utf-8")
    step(f"{audience}: flush")
    for path in [*unfinished.iterdir(), unfinished]:
        flush(path)
    for table, entry in tables.items():
        p.written.setdefault(table, (unfinished / entry["file"], entry))
    return unfinished


def put_in_use(
    home: Path, unfinished: Mapping[str, Path], keep: int, step: Step = lambda name: None
) -> dict[str, Path]:
    """Number the finished copies of audiences, swap their links, keep the newest `keep` of each.

    Copies are in order of their number, since a clock may be set back. The copy in use is never removed. What could
    still fail for want of room comes before the first link is swapped.
    """
    published = home / "published"
    targets = {}
    for audience, folder in unfinished.items():
        copies = folder.parent
        number = max((number_of(path) for path in _finished(copies)), default=0) + 1
        target = targets[audience] = copies / f"{number:06d}-{folder.name.removeprefix(UNFINISHED)}"
        step(f"{audience}: name the folder")
        os.rename(folder, target)
        flush(copies)
        fresh = _fresh_link(home, audience)
        fresh.unlink(missing_ok=True)
        fresh.symlink_to(target.relative_to(published))
    for audience in targets:
        step(f"{audience}: swap the link")
        os.replace(_fresh_link(home, audience), published / audience)
    flush(published)
    for audience, target in targets.items():
        step(f"{audience}: remove old copies")
        for old in sorted(_finished(target.parent), key=lambda path: (number_of(path), path.name))[:-keep]:
            if old != target:
                shutil.rmtree(old, ignore_errors=True)
    return targets


def copies_in_use(home: Path) -> dict[str, str]:
    """Audience -> the copy that its readers see, where there is one."""
    links = {audience: home / "published" / audience for audience in AUDIENCES}
    return {audience: str(link.readlink()) for audience, link in links.items() if link.is_symlink()}


def _fresh_link(home: Path, audience: str) -> Path:
    return home / "published" / f".{audience}.link"


def _finished(copies: Path) -> list[Path]:
    return [path for path in copies.iterdir() if not path.name.startswith(".")]


def _witness(con: duckdb.DuckDBPyConnection, home: Path) -> dict[str, Any]:
    """Hashes of what the copy was made from, so that later removals are noticed.

    They cover the last row of each log of decisions and of the record of documents.
    """
    return {"kept": inputs.kept_in(con), "logs": checks.marks(home), "documents": _last_document(home)}


def _last_document(home: Path) -> str:
    """NUMBER:HASH of the last line of the record of documents; '' if unreadable.

    Empty too if there is none.
    """
    try:
        last = json.loads((home / "reports.jsonl").read_text(encoding="utf-8").splitlines()[-1])
        return f"{last['sequence']}:{last['row_hash']}"
    except (OSError, ValueError, LookupError, TypeError):
        return ""


def differences_in_use(home: Path) -> list[str]:
    """What is not as it was published, of the copies in use; empty if all are whole."""
    return [line for audience in AUDIENCES for line in differences(home / "published" / audience)]


def differences(folder: Path) -> list[str]:
    """What in a published copy is not as its manifest says; empty when it is whole."""
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, json.JSONDecodeError) as problem:
        return [f"{folder}: the manifest cannot be read ({problem})"]
    wrong = []
    files = dict(manifest["tables"])
    if "provenance" in manifest:  # a copy of an earlier version has none
        files["the record of where numbers come from"] = manifest["provenance"]
    for what, entry in files.items():
        path = folder / entry["file"]
        if not path.is_file():
            wrong.append(f"{path}: expected {what}, the file is not there")
        elif (seen := inputs.sha256_of(path)) != entry["sha256"]:
            wrong.append(f"{path}: expected sha256 {entry['sha256']}, saw {seen}: it was changed after publication")
    known = {entry["file"] for entry in files.values()} | {"manifest.json"}
    wrong += [f"{p}: no entry in the manifest" for p in sorted(folder.iterdir()) if p.name not in known]
    return wrong


def _rules(con: duckdb.DuckDBPyConnection, audience: str) -> dict[str, Any]:
    """Results of standards by state, for an audience that sees them."""
    if audience not in all_cards()[RESULTS].audience:
        return {}
    rows = con.execute(f"select status, count(*) from {RESULTS} group by status order by all")
    return {"rules": dict(rows.fetchall())}


def _tables_there(con: duckdb.DuckDBPyConnection) -> set[str]:
    """Tables and views that the warehouse holds."""
    rows = con.execute("select distinct schema_name, table_name from duckdb_columns() where not internal").fetchall()
    return {f"{schema}.{name}" for schema, name in rows}


def _write_table(p: _Publication, card: Card, folder: Path) -> dict[str, Any]:
    """Write one parquet file with its rows in order, in bounded groups; a copy of it for each further audience.

    So two builds of the same input give the same bytes.
    """
    path = folder / f"{card.published_name}.parquet"
    if card.table in p.written:
        earlier, entry = p.written[card.table]
        shutil.copyfile(earlier, path)
        return entry
    select = f"select * from {card.table} order by {_order(card)}"
    options = f"format parquet, compression zstd, row_group_size {ROWS_IN_GROUP}"
    row_count = scalar(p.con, f"copy ({select}) to ? ({options})", [str(path)])
    return {
        "file": path.name,
        "rows": int(row_count),
        "sha256": inputs.sha256_of(path),
        "description": card.description,
        "grain": list(card.grain),
        "by_force": forces.mark_of(card),
        "caveats": list(card.caveats),
        "columns": {c.name: [c.type, c.meaning, c.unit] for c in card.columns},
        "headings": {c.name: c.heading for c in card.columns if c.heading},
        "sources": sorted(raw_sources_of(card.table)),
        **({} if row_count else _why_empty(p.con, card)),
    }


def _why_empty(con: duckdb.DuckDBPyConnection, card: Card) -> dict[str, str]:
    """Why a table of suspects is empty where the extract does not say who is suspected: unknown is not none."""
    is_of_suspects = card.path.parent.name == "people" or "suspect" in card.name
    if not is_of_suspects or "core.suspect_reports" not in forces.upstream(card.table):
        return {}
    are_unknown = scalar(con, "select count(*) > 0 and coalesce(max(named_suspect_count), 0) = 0 from core.crimes")
    why = "The extract does not say who is suspected: party_role has no named suspect of any crime."
    return {"why_empty": why} if are_unknown else {}


def _order(card: Card) -> str:
    """The order of a table's rows in its file. A page reads one force: rows of another are in other groups."""
    if not card.grain:
        return "all"
    first = [FORCE] if forces.mark_of(card) == "row" and FORCE not in card.grain else []
    return ", ".join([*first, *card.grain])


@cache
def raw_sources_of(table: str) -> frozenset[str]:
    """The delivered raw tables that a table rests on, however far up."""
    card = all_cards()[table]
    if card.schema == "raw" and card.maker is not None:
        return frozenset({card.name})
    return frozenset().union(*(raw_sources_of(upstream) for upstream in reads(card)))


def _sources(con: duckdb.DuckDBPyConnection, audience: str) -> list[dict[str, Any]]:
    """Publisher, licence, attribution and deliveries of each source, with rows.

    Rows of a delivered file are often people. An audience that may not see small counts does not see that a file holds
    one or two. Commissioners do not see the rows of a record-level file at all, since they are an exact total.
    """
    least = 1 if audience == "integrity" else int(_setting(con, "publish.smallest_row_count", 5))
    rows = con.execute(
        "select source, file_name, sha256, received_at, rows_loaded from raw.deliveries where status = 'loaded'"
        " order by all"
    ).fetchall()
    found: dict[str, list[dict[str, Any]]] = {}
    for source, name, sha256, received, loaded in rows:
        found.setdefault(source, []).append(
            {
                "file_name": name,
                "sha256": sha256,
                "received_at": received.isoformat(timespec="seconds"),
                **_rows(source, loaded, least, audience),
            }
        )
    return [
        {"source": source, **dict(all_cards()[f"raw.{source}"].licence), "deliveries": deliveries}
        for source, deliveries in found.items()
    ]


def _rows(source: str, loaded: int, least: int, audience: str) -> dict[str, int]:
    """The rows of a delivery as the audience may see them."""
    if audience == disclosure.AUDIENCE and source in tables_of_people():
        return {}
    return {"rows_below": least} if 0 < loaded < least else {"rows": loaded}


def _setting(con: duckdb.DuckDBPyConnection, key: str, default: float) -> float:
    row = con.execute("select value from reference.settings where key = ?", [key]).fetchone()
    return float(row[0]) if row else default


def _settings_hash(con: duckdb.DuckDBPyConnection) -> str:
    query = "select md5(string_agg(key || '=' || value::varchar, ';' order by key)) from reference.settings"
    return str(scalar(con, query))
