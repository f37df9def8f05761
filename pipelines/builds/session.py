"""One build: its folders, its connection, and its messages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path

import duckdb

from pipelines.builds import casework_rows
from pipelines.builds.tables import Built, build_table, is_current
from pipelines.delivery import accepted_lists, intake, ledger, reference_lists
from pipelines.engines.choice import usual
from pipelines.engines.engine import Engine, Start
from pipelines.fetching.folder import DataFolder
from pipelines.identities import erased_list, erased_rows
from pipelines.publication import publish, withheld
from pipelines.publication.dictionary import write_dictionary
from pipelines.standards import quality
from pipelines.system import stops
from pipelines.system.build_lock import build_lock
from pipelines.system.machine import limits
from pipelines.tables import lake, warehouse_kept
from pipelines.tables.cards import Card, all_cards
from pipelines.tables.lineage import build_order, downstream_of, reads
from pipelines.tables.sql import scalar
from pipelines.tables.warehouse import PERIODS, Held, drop_without_card

HAS_FEW_ROWS = "select coalesce(sum(rows_loaded), 0) < 500_000 from raw.deliveries where status = 'loaded'"
Tell = Callable[[str], None]
Progress = Callable[[int, int, str], None]


@dataclass(frozen=True)
class Session:
    """What every asset needs.

    `tell` gets one line at a time; `progress` done, total and the file at hand.
    """

    con: duckdb.DuckDBPyConnection
    home: Path
    folder: DataFolder
    run_ref: str
    started_at: datetime
    wanted_as_of: date | None
    tell: Tell
    progress: Progress
    engine: Engine

    def take_in(self) -> int:
        """Load what is new and settle what counts; return the number of files seen."""
        erased = erased_list.held_list(self.home)  # first: without it nothing may come in
        ledger.request(self.con, self.wanted_as_of, self.folder.mapping)
        casework_rows.take_in(self.con, self.home, erased)
        looked_at = intake.take_in(self.con, self.home, self.folder, self.progress)
        if erased is not None:
            erased_rows.hold_back(self.con, self.home, erased, self.tell)
        if limits(self.home).threads is None and scalar(self.con, HAS_FEW_ROWS):
            self.con.execute("set threads = 1")  # to share few rows out takes longer than it saves
        self.must_build(all_cards()[PERIODS])
        self.link()
        return looked_at

    def link(self) -> None:
        """Link the records of people in memory; messages and tables hold no name."""
        from pipelines.identities import linkage

        if words := accepted_lists.notice():
            self.tell(f"CHANGED {words}")
        for table in (*reference_lists.CHECKED, "reference.forename_variants"):
            self.must_build(all_cards()[table])
        reference_lists.check(self.con)
        linkage.take_in(self.con, self.home, self.folder, self.tell, self.engine.spread)

    def build(self, card: Card, held: Held | None = None) -> Built:
        """Make one table unless it is current, by what is `held`, which many tables may share.

        If it cannot be made, it is withheld with what rests on it, and the build goes on.
        """
        held = Held(self.con) if held is None else held
        if reason := withheld.resting_on(card, self.failed):
            return self._withhold(card, held, reason)
        try:
            built = self.must_build(card, held)
        except Exception as fault:
            if stops.was_stopped(fault):
                raise stops.BuildStopped(stops.STOPPED) from None
            if withheld.must_stop(fault):
                raise
            self.tell(f"{card.table}: could not be built: {fault}")
            return self._withhold(card, held, withheld.reason_of(fault))
        if self.failed.pop(card.table, None):
            withheld.recover(self.con, card)
        return built

    def _withhold(self, card: Card, held: Held, reason: str) -> Built:
        withheld.fail(self.con, card, reason)
        held.note(card.table, None)
        self.failed[card.table] = reason
        return Built(card.table, 0, False, 0.0, reason)

    def must_build(self, card: Card, held: Held | None = None) -> Built:
        """Make one table unless it is current. Raises what its code raises."""
        built = build_table(self.con, card, held, self.engine)
        if not built.was_current:
            self.tell(f"{card.table}: {built.row_count:,} rows, {built.seconds:.1f} s")
        return built

    @cached_property
    def failed(self) -> dict[str, str]:
        """Table -> why it could not be built, in this build or the one before."""
        return withheld.failed(self.con)

    def run_rules(self) -> None:
        """Evaluate all rules; their results are tables."""
        self.engine.end_runs()
        quality.run_rules(self.con, self.home, self.run_ref, self.failed)

    def publish(self) -> dict[str, Path]:
        """Record the build, write the data dictionary and publish to every audience."""
        write_dictionary(self.home / "docs" / "data_dictionary.html")
        as_of, code = ledger.described_day(self.con, self.wanted_as_of), intake.code_version()
        mapping = self.folder.mapping
        stated = mapping.made_on or mapping.covers[1]
        why = "the last moment in what was delivered"
        if stated and as_of and as_of <= stated:  # no later than the day of receipt
            key = "made_on" if mapping.made_on else "until"
            why = f"mapping.toml, [extract]: {key}" if as_of == stated else f"the day of receipt; {key} is later"
        self.tell(f"As of {as_of or 'no day'}: {'--as-of' if self.wanted_as_of is not None else why}")
        for line in ledger.span_outside_crimes(self.con):
            self.tell(line)
        quality.record_run(self.con, self.run_ref, self.started_at, as_of, code)
        left_out = ledger.left_out(self.con, self.home, self.folder.names)
        return publish.publish(self.con, self.home, self.run_ref, code, as_of, left_out=left_out)

    def build_undelivered(self) -> None:
        """Build the stale tables whose sources were never delivered.

        There are two hundred of them where open data alone is delivered. They are no part of a run of Dagster, whose
        records would take longer than the tables. What reads a table that is still to come is left to the run.
        """
        delivered = {source for (source,) in self.con.execute("select distinct source from raw.deliveries").fetchall()}
        held, to_come = Held(self.con), downstream_of(set(quality.TABLES))
        for card in self.stale_tables():
            rests_on = publish.raw_sources_of(card.table)
            if not rests_on or rests_on & delivered or to_come & {card.table, *reads(card)}:
                to_come.add(card.table)
            else:
                self.build(card, held)

    def stale_tables(self) -> list[Card]:
        """Tables that something has changed under, in the order in which they are built."""
        stale: dict[str, Card] = {}
        held = Held(self.con)
        for card in built_tables():
            # the rules run in every build, so tables made from their results are built again
            changed = stale.keys() | set(quality.TABLES)
            if changed & set(reads(card)) or not is_current(self.con, card, held):
                stale[card.table] = card
        return list(stale.values())


@contextmanager
def open_session(
    home: Path,
    folder: DataFolder,
    as_of: date | None = None,
    tell: Tell = lambda line: None,
    progress: Progress = lambda done, total, what: None,
    prepare: Callable[[Path], None] = lambda home: None,
    start: Start = usual,
) -> Iterator[Session]:
    """The one writer of a home. Raises WarehouseBusy when another build holds it.

    `prepare` is called with the home once it is held, before its warehouse is opened; `start` gives the engine.
    """
    with build_lock(home):
        prepare(home)
        warehouse_kept.keep(home, tell)
        con = warehouse_kept.open_whole(home, tell)
        ledger.create_log_tables(con)
        now = quality.after_earlier_runs(con, datetime.now(UTC))
        try:
            run_ref = f"{now:%Y%m%dT%H%M%S}Z"
            engine = start(con)
            lake.forget_lost(home, con)
            drop_without_card(con)
            yield Session(con, home, folder, run_ref, now, as_of, tell, progress, engine)
        finally:
            con.close()
            warehouse_kept.ended(home)


def built_tables() -> list[Card]:
    """Every table that is made from SQL, Python or a reference file, after the tables it reads."""
    return [card for card in build_order() if card.maker is not None and card.schema != "raw"]
