"""A home by hand: two publications, rows of a delivery, decisions, identities and a warehouse. No build is needed.

Everything in it is invented.
"""

import hashlib
import json
from pathlib import Path

import duckdb

from casework.access import access_log
from casework.upkeep import checks
from pipelines.publication.publish import UNFINISHED, put_in_use
from pipelines.tables.cards import AUDIENCES

RUNS = ("20260301T010000Z", "20260302T010000Z", "20260303T010000Z")
KEEP = 9


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def publish(home: Path, run_ref: str, audiences: tuple[str, ...] = AUDIENCES) -> None:
    """Publish two tables that say of which run they are."""
    kept = {path.relative_to(home).as_posix(): sha256(path) for path in sorted((home / "raw").rglob("*.parquet"))}
    for audience in audiences:
        folder = home / "published" / "copies" / audience / f"{UNFINISHED}{run_ref}"
        folder.mkdir(parents=True)
        tables = {}
        for table in ("core.coverage", "metrics.measure_values"):
            path = folder / f"{table}.parquet"
            path.write_bytes(f"{table} of {run_ref}, invented".encode() * 40 + b"PAR1")  # as a whole file ends
            tables[table] = {"file": path.name, "rows": 1, "sha256": sha256(path)}
        day = f"{run_ref[:4]}-{run_ref[4:6]}-{run_ref[6:8]}"
        manifest = {
            "audience": audience, "published_at": f"{day}T01:10:00+00:00", "run_ref": run_ref, "code_version": "1",
            "as_of": day, "tables": tables, "sources": [], "withheld": {},
            **({} if audience == "commissioning" else {"kept": kept, "logs": checks.marks(home), "documents": ""}),
        }  # fmt: skip
        (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
        put_in_use(home, {audience: folder}, KEEP)


def log(home: Path, words: str) -> None:
    """One row more in the access log."""
    access_log.record_in(home, access_log.by_command("consultation", "integrity", "a test", words))


def make_home(home: Path) -> Path:
    """The home, with the first two runs published."""
    for name, content in {
        "raw/crime/d1.parquet": b"rows of a delivery, invented" * 9,
        "raw/outcome/d2.parquet": b"rows of another, invented" * 9,
        "identity/salt": b"0123456789abcdef",
        "identity/check.enc": b"encrypted, invented",
        "quarantine/d3/reason.txt": b"force/crime.csv: no such column\n",
        "docs/data_dictionary.html": b"<p>invented</p>",
        "dagster/history/runs.db": b"records of runs",
        "spill/left": b"what memory does not hold",
        "digests.toml": b'[registrar]\nrole = "auditor"\nfolder = "/nowhere"\n',
        "last_build.json": b'{"ended_at": "2026-03-02T01:10:00+00:00", "result": "published", "words": ""}',
    }.items():
        path = home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    with duckdb.connect(str(home / "warehouse.duckdb")) as con:
        con.execute("create table t as select range as n, hash(range) as h from range(200000)")
    log(home, "first")
    for run_ref in RUNS[:2]:
        publish(home, run_ref)
    home.chmod(0o700)
    return home
