"""Measures of an extract that is never written: the tables that they rest on, made in memory by the same SELECTs.

A build reads files, links people, checks with Great Expectations, publishes and keeps its tables. None of that is
done here, and nothing is on disk. What is counted is what a build of the same extract counts; a test compares them row
by row (tests/builds/test_synth_series.py). People are those that the extract's truth names, not those of a linkage.
"""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Mapping
from functools import cache
from pathlib import Path

import duckdb
import polars as pl

from assets.raw import extract_tables
from assets.readers.extract.values import OUTCOME_CODE
from assets.readers.sql import literal
from expectations import RULES
from expectations.engine import COUNTS, count_rules, resolved
from pipelines.builds import empty_warehouse
from pipelines.builds.tables import make_table
from pipelines.engines.choice import usual
from pipelines.publication.provenance import closure
from pipelines.standards import quality
from pipelines.tables.cards import Card, all_cards
from pipelines.tables.lineage import build_order, downstream_of
from pipelines.tables.sql import create_from_card

RULE_COUNTS, PERIODS, VALUES = "quality.rule_counts", "metrics.measure_periods", "metrics.measure_values"
COUNTED = ("metrics.measure_cells", PERIODS, "metrics.measure_medians", VALUES)  # made after the rules are counted
PEOPLE = "people"  # the true person of each key, beside the tables of the extract
RECEIVED = "2026-04-01 00:00:00+00"  # the day after the invented extract ends
SERIES = f"""
select measure_code, breakdown, breakdown_value, period_start as month, numerator, denominator, not_known_count, value,
    is_whole
from {VALUES}
order by all
"""


@cache
def _upstream() -> frozenset[str]:
    """All tables that the measures rest on, themselves included."""
    return frozenset(closure([VALUES]))


class InMemory:
    """One warehouse for one extract after the other; what no extract has stays as it is in an empty home."""

    def __init__(self) -> None:
        self.con = duckdb.connect()
        self.con.execute("set preserve_insertion_order = false; set timezone = 'UTC'; set threads = 1")
        with tempfile.TemporaryDirectory() as folder:
            empty_warehouse.provide(Path(folder))
            self.con.execute(f"attach {literal(str(Path(folder) / empty_warehouse.NAME))} as empty (read_only)")
            self.con.execute("copy from database empty to memory; detach empty")
        self.engine = usual(self.con)
        self._list_measures()

    def _list_measures(self) -> None:
        """Make reference.measures, which lists standards by what the rules found."""
        create_from_card(self.con, all_cards()["quality.rule_results"])
        self.con.executemany(
            "insert into quality.rule_results by name select $1 as rule_code, $2 as table_name, $3 as title,"
            " $4 as description, $5 as authority, $6 as measure_code, $7 as timing",
            [[r.code, r.table, r.title, r.description, r.authority, quality.measure_of(r), r.timing] for r in RULES],
        )
        make_table(self.engine, all_cards()["reference.measures"])

    def measures(self) -> list[str]:
        """The codes of all measures."""
        rows = self.con.execute("select measure_code from reference.measures order by measure_code").fetchall()
        return [code for (code,) in rows]

    def without(self, codes: Collection[str]) -> dict[str, list[str]]:
        """Why a measure has no series -> those of these codes that have none for that reason."""
        lacking = quality.lacking(self.con, {field for rule in RULES for field in rule.needs})
        found: dict[str, list[str]] = {}
        for code in codes:
            rules = [rule for rule in RULES if rule.code == code]
            if code[:3] in ("AUD", "DEL", "PUB"):
                reason = "on audits, deliveries or open data, of which an extract has none"
            elif rules and all(lacking & set(rule.needs) for rule in rules):
                reason = "rests on a field that the extract does not have"
            elif self.con.execute(f"select 1 from {RULE_COUNTS} where rule_code = ?", [code]).fetchone():
                reason = "its records have no month, or none in the months of the extract"
            else:
                reason = "nothing to count in this force"
            found.setdefault(reason, []).append(code)
        return found

    def series(self, extract: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
        """The months of metrics.measure_values: the columns that SERIES gives.

        `extract` has the tables of an extract as they would be exported, and `people`. Raises RuntimeError if a rule
        cannot be counted.
        """
        tables = {name: rows for name, rows in extract.items() if f"raw.{name}" in _upstream()}
        self._deliver(tables)
        self.con.register("links", extract[PEOPLE].to_arrow())
        self.con.execute(
            "create or replace table raw.person_links as select * from raw.person_links limit 0;"
            "insert into raw.person_links by name select person_key, true_person as person_ref,"
            " count(*) over (partition by true_person) as record_count from links"
        )
        self.con.unregister("links")
        for card in _made_from(frozenset(tables)):
            make_table(self.engine, card)
        self._count_rules()
        for table in COUNTED:
            make_table(self.engine, all_cards()[table])
            if table == PERIODS:  # the others would take longer than all the rest
                self.con.execute(f"delete from {PERIODS} where period_type <> 'month'")
        rows: pl.DataFrame = self.con.sql(SERIES).pl()
        return rows

    def _deliver(self, tables: Mapping[str, pl.DataFrame]) -> None:
        """Fill the raw tables, as the reader of the extract would."""
        for log in ("deliveries", "delivered_periods", "quarantined_rows"):
            self.con.execute(f"delete from raw.{log}")
        for name, rows in tables.items():
            self.con.register("given", rows.with_row_index("line_number", 2).to_arrow())
            if name == "outcome":
                self._set_aside()
            kinds = extract_tables()[name]
            values = ", ".join(
                f'{_as_read(column.name, kinds[column.name]) if column.name in rows.columns else "null::varchar"}'
                f' as "{column.name}"'
                for column in all_cards()[f"raw.{name}"].columns
                if column.name in kinds
            )
            is_view = self.con.execute(
                "select 1 from duckdb_views() where schema_name = 'raw' and view_name = ?", [name]
            ).fetchone()
            self.con.execute(
                (f'drop view raw."{name}"; ' if is_view else "")
                + f"create or replace table raw.\"{name}\" as select {literal(name)} as delivery_ref,"
                f" cast(line_number as bigint) as line_number, {values}, 'all' as period from given"
                + (f" where {_IS_OUTCOME}" if name == "outcome" else "")
            )
            self.con.unregister("given")
            self.con.execute(
                "insert into raw.deliveries by name select $1 as delivery_ref, $1 as source, $1 as file_name,"
                " $1 as sha256, cast($2 as timestamptz) as received_at, 'loaded' as status, '' as columns_absent,"
                " false as is_taken_away",
                [name, RECEIVED],
            )
            self.con.execute("insert into raw.delivered_periods values ($1, $1, 'all', $2)", [name, rows.height])

    def _set_aside(self) -> None:
        """Put the outcomes that are no code into quarantine."""
        refs = ", ".join(f"md5('{key}=' || {key})" for key in ("outcome_id", "crime_id", "authoriser_id"))
        self.con.execute(
            "insert into raw.quarantined_rows by name select 'outcome' as delivery_ref, line_number, 0 as group_number,"
            f" 'code' as column_name, code as value, 'no code' as reason, concat_ws(' ', {refs}) as row_refs"
            f" from given where not {_IS_OUTCOME}"
        )

    def _count_rules(self) -> None:
        """Fill quality.rule_counts by the rules' own conditions, without Great Expectations."""
        absent = quality.lacking(self.con, {field for rule in RULES for field in rule.needs})
        failed: dict[tuple[str, str], str] = {}
        measured = [rule for rule in quality.of_forces(self.con, RULES) if not absent & set(rule.needs)]
        count_rules(self.con, resolved(self.con, measured, failed), failed)
        if failed:
            raise RuntimeError(f"rules that could not be counted: {failed}")
        self.con.execute(f"create or replace table {RULE_COUNTS} as select '' as run_ref, * from {COUNTS}")


_IS_OUTCOME = f"regexp_full_match(code, '{OUTCOME_CODE}')"


def _as_read(name: str, kind: str) -> str:
    """SQL of a value as the reader of the extract leaves it: text, and moments in UTC."""
    if kind.rstrip("?") != "ts":
        return f'cast("{name}" as varchar)'
    form = "'%Y-%m-%dT%H:%M:%S.%fZ'"
    return (
        f"case when \"{name}\" like '%Z' then replace(\"{name}\", 'Z', '.000000Z')"
        f" else strftime(timezone('UTC', cast(\"{name}\" as timestamptz)), {form}) end"
    )


@cache
def _made_from(tables: frozenset[str]) -> tuple[Card, ...]:
    """What is made for each extract with these tables, in order."""
    logs = {"raw.deliveries", "raw.delivered_periods", "raw.person_links", "raw.quarantined_rows"}
    changing = downstream_of({f"raw.{table}" for table in tables} | logs) - downstream_of(set(quality.TABLES))
    return tuple(
        card
        for card in build_order()
        if card.table in changing & _upstream() and card.schema != "raw" and card.maker is not None
    )
