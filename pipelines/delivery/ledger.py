"""The account of deliveries: what came, its outcome, and that no row was lost.

Only this module writes to the log tables.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from assets.raw import extract_tables
from assets.readers import files
from assets.readers.source import NO_MAPPING, BrokenFile, ExtractMapping, QuarantinedRow, Reading, Source
from assets.readers.sql import literal
from pipelines.delivery import parts
from pipelines.delivery.key_checks import check_keys, read_as_keys
from pipelines.tables.cards import Card, all_cards, code_of
from pipelines.tables.sql import create_from_card, scalar
from pipelines.tables.warehouse import check_against_card, comment, record_state, state_of, transaction

LOG_TABLES = (
    "raw.deliveries", "raw.delivered_periods", "raw.quarantined_rows", "raw.unread_values", "raw.unrecognised_files",
    "raw.requested_as_of", "raw.requested_force", "raw.stated_span", "raw.released_cells", "raw.combined_deliveries",
)  # fmt: skip
TAKEN_IN = ("loaded", "superseded")
TICK = timedelta(microseconds=1)  # the smallest step of a moment in the warehouse


@dataclass
class Delivery:
    """The outcome of one part of a file, before it is recorded.

    Neither reading nor fault: it holds nothing new.
    """

    ref: str
    source: str
    file_name: str
    sha256: str
    snapshot_date: date | None
    reader_version: str = ""
    reading: Reading | None = None
    broken: BrokenFile | None = None
    periods: list[tuple[str, int]] = field(default_factory=list)
    rows: int | None = None  # of what is refused, as far as they can be counted
    is_private: bool = False  # the file has more than this table, such as names of people
    part_of: str | None = None  # what the file is a part of; None where a file is a delivery of its own


@dataclass
class FileOutcome:
    """The outcome of one file of the data folder: deliveries, or not recognised."""

    name: str
    size: int
    modified_ns: int
    sha256: str = ""
    deliveries: list[Delivery] = field(default_factory=list)
    unrecognised: list[tuple[str, int, str, str]] = field(default_factory=list)

    @property
    def is_final(self) -> bool:
        """False for a file that was still being written: it is looked at again next time."""
        return not any(d.broken is not None and "still being written" in d.broken.do for d in self.deliveries)


@dataclass(frozen=True)
class Held:
    """A delivery that is already accounted for."""

    file_name: str
    snapshot_date: date | None
    reader_version: str
    status: str
    received_at: datetime


class Ledger:
    """The log tables and what they hold, kept in memory while files come in."""

    def __init__(self, con: duckdb.DuckDBPyConnection, home: Path, data_dir: Path, readers_hash: str) -> None:
        self.con, self.home, self.data_dir, self.readers_hash = con, home, data_dir, readers_hash
        create_log_tables(con)
        self.held = {
            row[0]: Held(*row[1:])
            for row in con.execute(
                "select delivery_ref, file_name, snapshot_date, reader_version, status, received_at from raw.deliveries"
            ).fetchall()
        }
        self.latest = max((held.received_at for held in self.held.values()), default=datetime.min.replace(tzinfo=UTC))
        unknown = con.execute("select file_name from raw.unrecognised_files").fetchall()
        self.troubled = {_file_of(h.file_name) for h in self.held.values() if h.status not in TAKEN_IN}
        self.troubled |= {_file_of(name) for (name,) in unknown}
        self.content = dict(con.execute("select file_name, sha256 from build.files").fetchall())

    def files_known(self) -> set[tuple[str, int, int]]:
        """(name, size, time) of the files that these readers have looked at."""
        rows = self.con.execute(
            "select file_name, size_bytes, modified_ns from build.files where reader_version = ?", [self.readers_hash]
        ).fetchall()
        return set(rows)

    def reader_of(self, ref: str) -> str | None:
        """The version of the reader that took a delivery in; None when it never was."""
        held = self.held.get(ref)
        return held.reader_version if held is not None and held.status in TAKEN_IN else None

    def forget_files_gone(self, names: Iterable[str]) -> None:
        """Remove records of unrecognised files that are no longer in the folder."""
        self.con.execute(
            "delete from raw.unrecognised_files where not list_has_any($names, [split_part(file_name, '!', 1),"
            " split_part(split_part(file_name, '!', 1), '#', 1)])",
            {"names": list(names)},
        )

    def record(self, outcomes: list[FileOutcome]) -> None:
        """Account for files in one transaction: each is recorded whole or not at all."""
        with transaction(self.con):
            for outcome in sorted(outcomes, key=lambda o: o.name):
                if outcome.name in self.troubled:
                    self._forget_trouble(outcome.name)
                went_back = self.content.get(outcome.name) not in (None, outcome.sha256)
                for delivery in outcome.deliveries:
                    self._record_delivery(delivery, went_back)
                self.content[outcome.name] = outcome.sha256
            self._insert("raw.unrecognised_files", [row for o in outcomes for row in o.unrecognised])
            final = [o for o in outcomes if o.is_final]
            self._insert(
                "build.files",
                [(o.name, o.size, o.modified_ns, o.sha256, self.readers_hash) for o in final],
                "or replace",
            )

    def _forget_trouble(self, name: str) -> None:
        """Replace the record of a refused or unknown file that is looked at again."""
        ours = "(file_name = $name or starts_with(file_name, $name || '!') or starts_with(file_name, $name || '#'))"
        gone = self.con.execute(
            f"delete from raw.deliveries where status in ('refused', 'unchanged') and {ours} returning delivery_ref",
            {"name": name},
        ).fetchall()
        for (ref,) in gone:
            self.held.pop(ref, None)
        self.con.execute(f"delete from raw.unrecognised_files where {ours}", {"name": name})

    def _record_delivery(self, d: Delivery, went_back: bool) -> None:
        if d.broken is not None:
            self._keep_in_quarantine(d)
            rows = "" if d.rows is None else f" Rows that are not loaded: {d.rows:,}."
            self._write(d, Reading(0, 0), "refused", f"{d.file_name}: {d.broken}{rows}")
            return
        twin = self.held.get(d.ref)
        if twin is not None and twin.file_name != d.file_name:
            self._record_copy(d, twin)
            d = replace(d, file_name=twin.file_name, snapshot_date=_stronger(twin.snapshot_date, d.snapshot_date))
        if twin is not None and went_back and twin.file_name == d.file_name and twin.status in TAKEN_IN:
            # the file holds again what it held before: the sender took the later content back
            now = self._now()
            self.con.execute("update raw.deliveries set received_at = ? where delivery_ref = ?", [now, d.ref])
            twin = replace(twin, received_at=now)
            self.held[d.ref] = twin
        if d.reading is None or (twin is not None and twin.reader_version == d.reader_version):
            return
        if twin is not None:
            for table in ("raw.delivered_periods", "raw.quarantined_rows", "raw.unread_values", parts.REPEATS):
                self.con.execute(f"delete from {table} where delivery_ref = ?", [d.ref])
        self._write(d, d.reading, "loaded", "")
        self._insert("raw.delivered_periods", [(d.ref, d.source, period, count) for period, count in d.periods])
        self._insert_by_line("raw.quarantined_rows", d, d.reading.quarantined)
        self._insert_by_line("raw.unread_values", d, d.reading.unread)

    def _record_copy(self, d: Delivery, twin: Held) -> None:
        """Count the same content under two names once, by its stronger claim.

        The claim is to be current.
        """
        claim = _stronger(twin.snapshot_date, d.snapshot_date)
        if claim != twin.snapshot_date:
            self.con.execute("update raw.deliveries set snapshot_date = ? where delivery_ref = ?", [claim, d.ref])
            self.held[d.ref] = replace(twin, snapshot_date=claim)
        ref = hashlib.sha256(f"unchanged {d.ref} {d.file_name}".encode()).hexdigest()[:16]
        reason = f"the same content was loaded as {twin.file_name}"
        self._write(replace(d, ref=ref, reading=None), Reading(0, 0), "unchanged", reason)

    def _write(self, d: Delivery, r: Reading, status: str, reason: str) -> None:
        earlier = self.held.get(d.ref)
        if earlier is not None:
            self.con.execute("delete from raw.deliveries where delivery_ref = ?", [d.ref])
        received = earlier.received_at if earlier is not None else self._now()
        lost = r.rows_read - r.rows_loaded - len(r.quarantined)
        row = (
            *(d.ref, d.source, d.file_name, d.sha256, received, d.snapshot_date),
            *(r.rows_read, r.rows_loaded, len(r.quarantined), lost),
            *(status, reason, "; ".join(r.notices), len(r.notices), d.reader_version),
            *(", ".join(r.absent), d.part_of, False, None),
        )
        self._insert("raw.deliveries", [row])
        self.held[d.ref] = Held(d.file_name, d.snapshot_date, d.reader_version, status, received)
        if status not in TAKEN_IN:
            self.troubled.add(_file_of(d.file_name))

    def _now(self) -> datetime:
        """The moment, and never one before that of a delivery which is held.

        Of two deliveries the later counts: a clock that was set back would make the earlier one count again.
        """
        self.latest = max(datetime.now(UTC), self.latest + TICK)
        return self.latest

    def _insert(self, table: str, rows: list[tuple[Any, ...]], manner: str = "") -> None:
        if rows:
            marks = ", ".join("(" + ", ".join("?" * len(rows[0])) + ")" for _ in rows)
            self.con.execute(f"insert {manner} into {table} values {marks}", [value for row in rows for value in row])

    def _insert_by_line(self, table: str, d: Delivery, rows: list[QuarantinedRow]) -> None:
        """By way of Arrow: a wrong format of dates puts every row of a large table here."""
        if not rows:
            return
        given = pa.table(
            {
                "delivery_ref": [d.ref] * len(rows),
                "source": [d.source] * len(rows),
                "line_number": pa.array([row.line_number for row in rows], pa.int64()),
                "group_number": pa.array([row.group_number for row in rows], pa.int64()),
                "column_name": [row.column_name for row in rows],
                "value": [row.value[:500] for row in rows],
                "reason": [row.reason for row in rows],
                "row_refs": [row.row_refs for row in rows],
            }
        )
        self.con.register("set_aside", given)
        columns = ", ".join(f'"{c.name}"' for c in all_cards()[table].columns if c.name in given.column_names)
        self.con.execute(f"insert into {table} by name select {columns} from set_aside")
        self.con.unregister("set_aside")

    def _keep_in_quarantine(self, d: Delivery) -> None:
        """Keep a refused file beside its reason, whatever happens to the data folder.

        Words about people stay where they were delivered (settled points, identities and free text).
        """
        original = self.data_dir / _file_of(d.file_name)
        folder = self.home / "quarantine" / d.ref
        folder.mkdir(parents=True, exist_ok=True)
        reason = f"{d.file_name}: {d.broken}\n"
        # a mapping that cannot be used may have an address with its password in it
        if original.is_file() and os.access(original, os.R_OK) and d.source != "mapping":
            if files.holds_identities(d.file_name) or files.mentions_identities(original):
                reason += f"{original.name} has names of people and is not kept here.\n"
            elif d.is_private or any(kind.startswith("free") for kind in extract_tables().get(d.source, {}).values()):
                reason += f"{original.name} has free text about people and is not kept here: keep the original.\n"
            elif not (folder / original.name).exists():
                shutil.copyfile(original, folder / original.name)  # its mode is of the data folder, not of the home
        (folder / "reason.txt").write_text(reason, encoding="utf-8")


def _stronger(one: date | None, other: date | None) -> date | None:
    """The claim that counts of two: one without a date is current, else the later."""
    return None if one is None or other is None else max(one, other)


def _file_of(name: str) -> str:
    """The file of a delivery: `a.zip!b.csv` and `c.xlsx#P1` name its parts."""
    return name.split("!")[0].split("#")[0]


def create_log_tables(con: duckdb.DuckDBPyConnection) -> None:
    """The tables that account for deliveries, made from their cards."""
    for table in LOG_TABLES:
        card = all_cards()[table]
        create_from_card(con, card, "create table if not exists")
        for column in card.columns:  # a home of older code has fewer, and a new one may be between them
            con.execute(f'alter table {table} add column if not exists "{column.name}" {column.type}')
        names = [column.name for column in card.columns]
        held = [name for name, *_ in con.execute(f"describe {table}").fetchall()]
        if held != names and set(held) == set(names):
            con.execute(f"create or replace table {table} as select {', '.join(names)} from {table}")
            comment(con, card)
    # a line of older code made one row
    con.execute("update raw.quarantined_rows set group_number = 0 where group_number is null")


@dataclass(frozen=True)
class LeftOut:
    """What of the files in the folder is in no figure, and why: a file, sheet or list, or only many rows of it.

    `table` is the one that it is, or is like.
    """

    name: str
    table: str
    reason: str
    is_whole: bool


def left_out(con: duckdb.DuckDBPyConnection, home: Path, names: Iterable[str]) -> list[LeftOut]:
    """All that stays out of the files delivered now: the one place that says so, for commands, states and pages.

    Single rows in quarantine, files whose records a later one has, and files of an unknown kind are no trouble.
    """
    share = scalar(con, "select value from reference.settings where key = 'publish.quarantine_share'")
    found = con.execute(
        "select file_name, source, reason, true from raw.deliveries where status = 'refused'"
        " union all select file_name, table_name, reason, true from raw.unrecognised_files where table_name <> ''"
        " union all select file_name, source, format('{:,} of {:,} rows are in quarantine', q, n), rows_loaded = 0 from"
        "  (select *, rows_quarantined as q, rows_read as n, sum(q) over (partition by source) as all_q,"
        "   sum(n) over (partition by source) as all_n from raw.deliveries where status = 'loaded')"
        " where q > 1 and q > $share * n and (all_q > $share * all_n or rows_loaded = 0) order by all",
        {"share": share},
    ).fetchall() + parts.apart(con, home)  # fmt: skip
    there = set(names)
    return [
        LeftOut(name, table, reason.removeprefix(f"{name}: "), is_whole)
        for name, table, reason, is_whole in found
        if there & {name.split("!")[0], _file_of(name)}
    ]


def request(con: duckdb.DuckDBPyConnection, as_of: date | None, mapping: ExtractMapping = NO_MAPPING) -> None:
    """Keep what the figures are asked to be: of which day and force, and of which days the extract has all crimes.

    Beside the day that is asked for is that of the extract: `made_on`, else `until`. Of both it is the last moment.
    """
    end_of_day = "timezone('Europe/London', cast(? as date) + interval 1 day) - interval 1 microsecond"
    with transaction(con):
        for table, values, given in (
            ("requested_as_of", f"{end_of_day}, {end_of_day}", [as_of, mapping.made_on or mapping.covers[1]]),
            ("requested_force", "?", [mapping.force]),
            ("stated_span", "?, ?", list(mapping.covers)),
        ):
            con.execute(f"delete from raw.{table}")
            if any(given):
                con.execute(f"insert into raw.{table} select {values}", given)


def span_outside_crimes(con: duckdb.DuckDBPyConnection) -> list[str]:
    """A line where no recorded crime is in the span of days that mapping.toml states: then no month is whole."""
    found = con.execute(
        "select concat_ws(' and ', 'from ' || covers_from, 'until ' || covers_until), first_recorded_at::date,"
        " last_recorded_at::date from core.extract_moments"
        " where covers_until < first_recorded_at::date or covers_from > last_recorded_at::date"
    ).fetchall()
    return [
        f"mapping.toml, [extract]: expected days of the crimes, recorded from {first} to {last}; saw {stated}."
        " No month is whole: correct the days, or take them out."
        for stated, first, last in found
    ]


def described_day(con: duckdb.DuckDBPyConnection, wanted: date | None) -> date | None:
    """The day the figures describe.

    The day asked for, else of the extract's last moment, else the end of the last period.
    """
    if wanted is not None:
        return wanted
    found: date | None = scalar(
        con,
        "select coalesce((select cast(timezone('Europe/London', as_of_at) as date) from core.extract_moments),"
        " (select max(d) from (select max(last_day(month)) as d from core.coverage where is_supplied union all"
        " select max(last_day(cast(period_start + to_months(period_months - 1) as date)))"
        " from core.recorded_counts)))",
    )
    return found


def parquet_of(home: Path, table: str, ref: str) -> Path:
    """The file with the rows of a delivery."""
    return home / "raw" / table / f"{ref}.parquet"


def settle(con: duckdb.DuckDBPyConnection, home: Path, sources: Mapping[str, Source]) -> None:
    """Settle which deliveries are superseded, the views and each table's state.

    Called after the intake.
    """
    with transaction(con):
        # in a home of older code: files of a source that no table reads any more count for nothing
        known = {"known": list(sources)}
        con.execute("delete from raw.delivered_periods where not list_contains($known, source)", known)
        con.execute(
            "update raw.deliveries set status = 'superseded', reason = 'no table reads such a file any more'"
            " where status = 'loaded' and not list_contains($known, source)",
            known,
        )
        parts.note_forces(con, home)
        current = all_cards()["core.current_periods"].maker
        assert current is not None
        con.execute(f"create or replace temp table counting as {code_of(current)}")
        con.execute(
            "update raw.deliveries as d set status = c.status, reason = c.reason from ("
            " select delivery_ref, case when is_counting then 'loaded' else 'superseded' end as status, case when"
            "  is_counting then '' else 'another delivery of the same periods counts: ' || newer end as reason"
            " from (select p.delivery_ref, bool_or(n.delivery_ref = p.delivery_ref) as is_counting,"
            "   max(f.file_name) as newer"
            "  from raw.delivered_periods as p inner join counting as n on p.source = n.source and p.period = n.period"
            "  inner join raw.deliveries as f on n.delivery_ref = f.delivery_ref"
            "  inner join raw.deliveries as o on p.delivery_ref = o.delivery_ref"
            "   and o.of_force is not distinct from f.of_force"
            "  group by p.delivery_ref)) as c"
            " where d.delivery_ref = c.delivery_ref and d.status in ('loaded', 'superseded')"
            " and (d.status, d.reason) <> (c.status, c.reason)"
        )
        con.execute("drop table counting")
        repeats = {table: parts.set_repeats_aside(con, home, source) for table, source in sources.items()}
        spelt = check_keys(con, home, sources)
        rows = con.execute(
            "select source, delivery_ref, reader_version, rows_loaded from raw.deliveries"
            " where status in ('loaded', 'superseded') order by source, delivery_ref"
        ).fetchall()
        is_moved = _is_moved(con, home)
        for table, source in sources.items():
            ours = [row for row in rows if row[0] == table]
            mark = ",".join(f"{ref} {version}" for _, ref, version, _ in ours)
            mark += repeats[table] + "".join(spelt.get(table, {}).values())
            is_changed = _remember(con, all_cards()[f"raw.{table}"], mark, sum(row[3] for row in ours))
            if is_changed or (is_moved and ours):
                view = _view(home, source, [row[1] for row in ours], spelt.get(table, ()))
                con.execute(f"create or replace view raw.{table} as {view}")
        for table in LOG_TABLES:
            card = all_cards()[table]
            count = check_against_card(con, card)
            content = f"select md5(coalesce(string_agg(t::varchar, '' order by t::varchar), '')) from {table} t"
            _remember(con, card, scalar(con, content), count)
    for table in LOG_TABLES:
        comment(con, all_cards()[table])


def _is_moved(con: duckdb.DuckDBPyConnection, home: Path) -> bool:
    """Whether the home was elsewhere at the last build: its views name files by their whole path.

    Their rows are the same, so nothing made from them is stale.
    """
    path = str(home.resolve())
    if con.execute("select path from build.home").fetchall() == [(path,)]:
        return False
    con.execute("delete from build.home")
    con.execute("insert into build.home values (?)", [path])
    return True


def _view(home: Path, source: Source, refs: list[str], spelt: Iterable[str]) -> str:
    columns = ", ".join(f'"{c}"' for c in source.columns)
    if not refs:
        names = ("delivery_ref", *source.columns, "period")
        nothing = ", ".join(f'cast(null as varchar) as "{name}"' for name in names)
        return f"select cast(null as bigint) as line_number, {nothing} where false"
    paths = ", ".join(literal(parquet_of(home.resolve(), source.table, ref)) for ref in refs)
    kept = read_as_keys(source.table, spelt, f"read_parquet([{paths}])")
    rows = f"select delivery_ref, line_number, {columns}, {source.period} as period from {kept}"
    return rows + (f" anti join {parts.REPEATS} using (delivery_ref, line_number)" if source.is_extract else "")


def _remember(con: duckdb.DuckDBPyConnection, card: Card, content: str, count: int) -> bool:
    """Note what a table now is; False when it is what it was."""
    mark = hashlib.sha256((card.code_hash + content).encode()).hexdigest()
    state = state_of(con, card.table)
    if state is not None and state.fingerprint == mark:
        return False
    record_state(con, card.table, mark, count, time.monotonic())
    return True
