"""Retention: people past their clear period, their purge, and its proof.

A purge is logged before anything is erased. It writes down whom it erases (erased_list.py), erases, and builds again.
Then every figure published before is compared with the one after. If it is killed, the next run completes it.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from assets.raw import extract_tables
from assets.readers.extract.identities import is_identities
from pipelines.builds.signature import nothing_new
from pipelines.dagster_records import build
from pipelines.delivery import inputs
from pipelines.delivery.key_checks import SPELLINGS
from pipelines.fetching.folder import DataFolder, read_folder
from pipelines.identities import erased_list, erased_rows, linkage
from pipelines.identities.erased_list import LINKS, LIST, Erased
from pipelines.identities.erased_rows import fields_of_people
from pipelines.identities.identity_store import KEY, NoIdentityKey
from pipelines.people import erasure
from pipelines.publication import compared
from pipelines.system.build_lock import build_lock
from pipelines.system.disk import write_whole
from pipelines.tables.sql import scalar
from pipelines.tables.warehouse import connect

FOLDER = "purge"  # below the home: what a purge that is under way needs; gone when it is done
PENDING = "pending.json"
WITH_PEOPLE = "integrity"  # the audience whose copies hold rows of people
DECIDED = "metrics.linkage_quality"
Tell = Callable[[str], None]

# every key of a person whose period is over, with what the list keeps of it
_DUE = """
with due as (
    select person_ref, class_code, class_name, last_event_date
    from core.retention_reviews
    where kept_because is null and clear_until_date < $as_of
),
keys as (
    select person_key, coalesce(person_ref, person_key) as person_ref from core.people
    union
    select p.person_key, coalesce(k.person_ref, p.person_key)
    from (
        select person_key from core.parties union select person_key from core.custodies
        union select victim_key from core.orders union select respondent_key from core.orders
    ) as p
    left join core.people as k on p.person_key = k.person_key
)
select k.person_key, d.person_ref, d.class_code, d.class_name, d.last_event_date
from keys as k inner join due as d on k.person_ref = d.person_ref
where k.person_key is not null and k.person_key not like 'erased-%'
order by k.person_key
"""
_CRIMES = """
with parts as (
    select crime_ref, person_key from core.parties union select crime_ref, person_key from core.custodies
),
judged as (
    select crime_ref, bool_and(person_key in (select person_key from due)) as is_cleared
    from parts
    where person_key is not null and person_key not like 'erased-%'
    group by crime_ref
    having bool_or(person_key in (select person_key from due))
)
select count(*), count(*) filter (where is_cleared) from judged
"""


class PurgeRefused(Exception):
    """The purge was not begun and nothing was erased; the message says why."""


@dataclass(frozen=True)
class Review:
    """The people due as of a day, with their classes and files.

    `people`: one row a person key, with person_key, person_ref, class_code, class_name and last_event_date. `classes`:
    class -> people. `files`: the delivered files that hold them.
    """

    as_of: date
    people: pl.DataFrame
    crime_count: int
    cleared_count: int
    decision_count: int
    files: tuple[str, ...]

    @property
    def person_count(self) -> int:
        return self.people["person_ref"].n_unique()

    @property
    def mark(self) -> str:
        """Mark of these people on this day: accepting it accepts no others."""
        said = json.dumps([self.as_of.isoformat(), self.people.rows()], default=str)
        return hashlib.sha256(said.encode()).hexdigest()[:12]

    def lines(self) -> list[str]:
        """The review in words and counts; nobody is named."""
        by_class = self.people.group_by("class_name").agg(pl.col("person_ref").n_unique()).sort("class_name")
        told = [f"as of {self.as_of}: {self.person_count:,} people past their clear period"]
        told += [f"    {name}: {count:,}" for name, count in by_class.iter_rows()]
        told.append(
            f"crimes they have a part in: {self.crime_count:,}; all stay. In {self.cleared_count:,} nobody else"
            " remains: their free text is erased, and their place kept to about a kilometre"
        )
        told += _decisions_told(self.decision_count)
        told.append(
            "also erased: earlier published copies of the integrity audience, records of runs, kept refused files"
        )
        return told + _files_told(self.files)


@dataclass
class Proof:
    """The result of a purge as kept below docs: counts, and figures that differ."""

    as_of: str
    purge_ref: str
    accepted_by: str
    purged_at: str
    person_count: int
    crime_count: int
    decision_count: int
    files: list[str]
    rows: dict[str, int] = field(default_factory=dict)
    tables: list[dict[str, Any]] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    @property
    def unreconciled(self) -> list[dict[str, Any]]:
        """The tables that differ for no reason in what they count."""
        return [table for table in self.tables if table["changed_rows"] and not table["reason"]]

    @property
    def is_reconciled(self) -> bool:
        """Whether all was built and every published figure is what it was."""
        return not self.failures and not self.unreconciled

    def lines(self) -> list[str]:
        """The proof in words: rows per table, then every table that differs."""
        told = [f"erased: {self.person_count:,} people"]
        told += [f"    {table}: {count:,} rows" for table, count in sorted(self.rows.items())]
        differing = [table for table in self.tables if table["changed_rows"]]
        told.append(f"published tables compared with those before: {len(self.tables)}; {len(differing)} differ")
        for table in differing:
            told.append(
                f"    {table['audience']} {table['table']}: {table['changed_rows']:,} of {table['rows']:,} rows"
                f" ({table['reason'] or 'NOT RECONCILED'})"
            )
            told += [f"        {f['key']}: {f['column']} {f['before']} to {f['after']}" for f in table["figures"]]
        return told + _decisions_told(self.decision_count) + _files_told(tuple(self.files))


def _decisions_told(count: int) -> list[str]:
    if not count:
        return []
    return [f"readers' decisions that name one of them by key: {count:,}; they stay: the casework store is append-only"]


def _files_told(files: tuple[str, ...]) -> list[str]:
    if not files:
        return []
    told = "delivered files with their keys or names (others may have free text about them), for the force to erase:"
    return [told, *(f"    {name}" for name in files)]


def review(home: Path, as_of: date) -> Review:
    """The people who are due.

    Raises PurgeRefused if the home has changed since its last build, WarehouseBusy during one.
    """
    with build_lock(home):
        return _review(home, as_of)


def _review(home: Path, as_of: date) -> Review:
    folder, _ = _last_build(home)
    with _warehouse(home) as con:
        people = con.sql(_DUE, params={"as_of": as_of}).pl()
        con.register("due", people.to_arrow())
        ((crimes, cleared),) = con.execute(_CRIMES).fetchall()
        decided = scalar(
            con,
            "select count(*) from raw.casework_link_decisions where person_key_l in (select person_key from due)"
            " or person_key_r in (select person_key from due)",
        )
        files = _files_with(con, folder) if people.height else ()
    return Review(as_of, people, crimes, cleared, decided, files)


@contextmanager
def _warehouse(home: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as con:
        con.execute("set timezone = 'UTC'")
        yield con


def _files_with(con: duckdb.DuckDBPyConnection, folder: DataFolder) -> tuple[str, ...]:
    """Delivered files with a row of somebody due, and those with names of people."""
    parts = [
        f"select distinct delivery_ref from raw.{table} where {name} in (select person_key from due)"
        for table in extract_tables()
        for name in fields_of_people(table)
    ]
    held = con.execute(
        f"select distinct file_name from raw.deliveries where delivery_ref in ({' union '.join(parts)}) order by all"
    ).fetchall()
    names = {name for name in folder.names if is_identities(name, folder.mapping)}
    return tuple(sorted({name for (name,) in held} | names))


def _last_build(home: Path) -> tuple[DataFolder, date | None]:
    """(data folder, day asked for) of the last build.

    Raises PurgeRefused if a build would give something else now. Then a difference could not be separated from what is
    new.
    """
    try:
        said = json.loads((home / "build.json").read_text(encoding="utf-8"))
        data = Path(said["data"])
        as_of = None if said["as_of"] == "None" else date.fromisoformat(said["as_of"])
    except (OSError, ValueError, KeyError) as problem:
        raise PurgeRefused(
            f"{home}: expected a home that was built; its build.json cannot be read. Run stra build."
        ) from problem
    if not data.is_dir():
        raise PurgeRefused(
            f"{home}: it was built from {data}, and that folder is not there. The purge rebuilds from it, to prove that"
            " published figures are unchanged: put it back, or build from its new place."
        )
    folder = read_folder(data)
    if not nothing_new(folder, home, as_of):
        raise PurgeRefused(
            f"{home}: something has changed since the last build (files in {data}, decisions or the code), or a"
            " database would be queried again, so that figures could not be compared with those before. Run stra build"
            " first."
        )
    return folder, as_of


def purge(home: Path, as_of: date, who: str, seen: str, tell: Tell) -> Proof:
    """Erase the people seen to be due, build again, prove that figures hold.

    Raises PurgeRefused before anything was erased. `Proof.failures` has the errors if the erased home could not be
    built.
    """
    home = home.resolve()
    with build_lock(home):
        pending = pending_purge(home)
        if pending is None:
            folder, asked = _last_build(home)
            pending = _begin(home, folder.path, asked, _review(home, as_of), who, seen)
        proof = Proof(**pending["proof"])
        with _list(home) as erased:
            _erase(home, erased, proof, tell)
    folder = read_folder(Path(pending["data"]))
    proof.failures = build.build_home(folder, home, _day(pending["built_as_of"]), lambda line: None)
    if not proof.failures:
        _finish(home, proof)
    return proof


def complete(home: Path, tell: Tell) -> Proof:
    """Complete a purge that was interrupted. Raises PurgeRefused where none was."""
    if pending_purge(home.resolve()) is None:
        raise PurgeRefused(f"{home}: no purge was interrupted here.")
    return purge(home, date.min, "", "", tell)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def pending_purge(home: Path) -> dict[str, Any] | None:
    """The record of a purge that did not end; None if there is none."""
    file = home / FOLDER / PENDING
    if not file.is_file():
        return None
    said: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    with _list(home) as erased:
        begun = said["proof"]["purge_ref"] in erased.rows["purge_ref"].to_list()
    return said if begun else None  # killed before it had written down whom: nothing was erased


@contextmanager
def _list(home: Path) -> Iterator[Erased]:
    """The list of the erased, ready to be written."""
    try:
        held = erased_list.held_list(home)
        if held is None:
            with _warehouse(home) as con:
                is_demonstration = linkage.is_demonstration(con)
            held = erased_list.open_list(home, is_demonstration)
    except (NoIdentityKey, erased_list.ErasedUnknown) as problem:
        raise PurgeRefused(
            f"{home}: erased people are kept as a hash under the key {KEY}, so that a delivery cannot bring them"
            f" back, and the environment has none that can serve. Set it and run this again. ({problem})"
        ) from problem
    yield held


def _begin(home: Path, data: Path, built_as_of: date | None, found: Review, who: str, seen: str) -> dict[str, Any]:
    """Log the purge, keep what was published, and write down whom it erases.

    From then on it is completed.
    """
    if not who.strip():
        raise PurgeRefused("A purge needs a name: say who accepts it.")
    if seen != found.mark:
        raise PurgeRefused(
            f"the mark of who is due is {found.mark} now, and {seen} was seen: something has changed since. Read it"
            " again; nothing was erased."
        )
    if altered := inputs.kept_differences(home):
        raise PurgeRefused(f"rows were changed after they were loaded, which a purge would hide: {altered[0]}")
    if not found.people.height:
        raise PurgeRefused(f"as of {found.as_of} nobody is past their clear period: there is nothing to erase.")
    with _list(home) as erased:
        _logged(home, who, found)
        now, ref = datetime.now(UTC), secrets.token_hex(6)
        proof = Proof(
            found.as_of.isoformat(), ref, who, now.isoformat(timespec="seconds"), found.person_count, found.crime_count,
            found.decision_count, list(found.files),
        )  # fmt: skip
        shutil.rmtree(home / FOLDER, ignore_errors=True)
        for audience in compared.AUDIENCES:
            shutil.copytree(home / "published" / audience, home / FOLDER / "published" / audience)
        said = {
            "data": str(data),
            "built_as_of": built_as_of.isoformat() if built_as_of else None,
            "proof": asdict(proof),
        }
        write_whole(home / FOLDER / PENDING, json.dumps(said))
        erased.saved(pl.concat([erased.rows, _listed(home, erased, found, ref, now.date())]))
    return said


def _logged(home: Path, who: str, found: Review) -> None:
    """Log the erasure before it is done. Raises PurgeRefused.

    Data Protection Act 2018, section 62.
    """
    from casework.access.access_log import NOT_SIGNED_IN, Action, record_in, server_account
    from casework.store.refusal import Refused

    subject = f"retention purge as of {found.as_of}: {found.person_count} people, {found.crime_count} crimes kept"
    try:
        record_in(
            home,
            Action(
                kind="erasure", who=f"{who} (as given on the command line; {server_account()})",
                who_kind=NOT_SIGNED_IN, audience="", place="stra purge",
                subject=subject, record_count=found.person_count, recipient="", purpose="retention",
            ),
        )  # fmt: skip
    except Refused as words:
        raise PurgeRefused(f"the purge could not be logged, so nothing was erased. {words}") from words


def _listed(home: Path, erased: Erased, found: Review, ref: str, day: date) -> pl.DataFrame:
    """The rows of the list for people due: a keyed hash and a random token each."""
    with _warehouse(home) as con:
        links = {
            row["person_key"]: row
            for row in con.sql(f"select * from {LINKS} order by person_key").pl().iter_rows(named=True)
        }
        alike = f"select kept, list(distinct spelling) from {SPELLINGS} where ends_with(column_name, '_key') group by 1"
        in_other_capitals = dict(con.execute(alike).fetchall())
    rows = []
    for row, token in zip(found.people.iter_rows(named=True), erased_list.new_tokens(found.people.height), strict=True):
        link, key = links.get(row["person_key"]), row["person_key"]
        said = json.dumps(link | {"person_key": None}) if link else ""
        rows += [
            (erased.store.keyed_hash(one), token, link and link["person_ref"], row["last_event_date"], day, ref,
             said if one == key else "") for one in (key, *in_other_capitals.get(key, ()))
        ]  # fmt: skip
    return pl.DataFrame(rows, schema=LIST, orient="row")


def _erase(home: Path, erased: Erased, proof: Proof, tell: Tell) -> None:
    """Erase them from everything that holds them.

    The order does not matter: each step may be repeated.
    """
    tell("erasing: rows of deliveries")
    done = erased_rows.erase_rows(home, erased)
    proof.rows = dict(done.rows)
    tell("erasing: identities, refused files, records of runs")
    proof.rows["identities"] = erasure.erase_identities(erased)
    proof.rows["refused files"] = erasure.empty_quarantine(home)
    erasure.remove_traces(home)
    tell("erasing: rewriting the warehouse")
    erasure.renew_warehouse(home, erased)
    con = connect(home)
    try:
        erased_rows.note_hashes(con, home, erased_rows.kept_files(home))
    finally:
        con.close()
    (home / "build.json").unlink(missing_ok=True)  # so that a build does not take the home for finished
    tell("rebuilding")


def _finish(home: Path, proof: Proof) -> None:
    """Compare what is published with what was, and keep the proof.

    Earlier copies with people in them are removed.
    """
    proof.tables = _compared(home, proof)
    copies = home / "published" / "copies" / WITH_PEOPLE
    current = (home / "published" / WITH_PEOPLE).resolve()
    for earlier in copies.iterdir():
        if earlier.resolve() != current:
            shutil.rmtree(earlier)
    write_whole(proof_file(home, proof), json.dumps(asdict(proof), indent=1, default=str))
    shutil.rmtree(home / FOLDER)


def proof_file(home: Path, proof: Proof) -> Path:
    """Where the proof is kept: by the day, and the purge where there is more than one."""
    return home / "docs" / f"purge-{proof.purged_at[:10]}-{proof.purge_ref}.json"


def _compared(home: Path, proof: Proof) -> list[dict[str, Any]]:
    """One row an audience and table: rows, rows that differ, and the reason.

    The reason is given if it comes from what the table counts.
    """
    moved, appeared, gone = compared.compared(home / FOLDER, home)
    found = {(m.audience, m.table): m for m in moved}
    rows = []
    for audience in compared.AUDIENCES:
        manifest = json.loads((home / "published" / audience / "manifest.json").read_text(encoding="utf-8"))
        for table, entry in sorted(manifest["tables"].items()):
            differs = found.get((audience, table))
            rows.append(
                {
                    "audience": audience, "table": table, "rows": entry["rows"],
                    "changed_rows": differs.changed_count if differs else 0,
                    "figures": [dict(f) for f in differs.figures] if differs else [],
                    "reason": _reason(table, proof) if differs else "",
                }
            )  # fmt: skip
    for name, word in [(n, "published only now") for n in appeared] + [(n, "no longer published") for n in gone]:
        audience, table = name.split(" ")
        rows.append({"audience": audience, "table": f"{table} ({word})", "rows": 0, "changed_rows": 1, "figures": [],
                     "reason": ""})  # fmt: skip
    return rows


def _reason(table: str, proof: Proof) -> str:
    """Why a table may differ; '' if it may not.

    Windows are shorter than clear periods, so only one table may.
    """
    if table == DECIDED and proof.decision_count:
        return "counts pairs of records that readers decided on; pairs of an erased person are no longer read"
    return ""
