"""Compare the rules in Spark with DuckDB's and with Great Expectations' own Spark engine: `.venv-spark/bin/python
tests/tools/compare_rules.py HOME WORK`.

HOME is a built home. Its tables of facts go to WORK as Parquet. The condition of each rule runs over them in Spark:
every breach must have the reference and the words that it has in DuckDB. Great Expectations counts the
breaches once more, on Spark and not on DuckDB. Prints what differs, and at the end how many rules are equal.
"""

import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import duckdb

from expectations import RULES
from expectations.engine import batches_of, breaches_sql, resolved, stated, view_sql
from expectations.rule import Rule
from pipelines.engines.translation import for_spark, translate

SHOWN = 3  # breaches that are printed of a rule that differs
Breaches = Counter[tuple[Any, ...]]


class Rules:
    """The facts of a database in Spark, and the rules that are compared over them."""

    def __init__(self, con: duckdb.DuckDBPyConnection, rules: Iterable[Rule], work: Path) -> None:
        from compare_engines import SMALL

        from pipelines.engines import spark

        self.con, self.rules = con, resolved(con, list(rules), {})
        self.spark = spark.Spark(spark.start("local[2]", SMALL))
        self.types: dict[str, dict[str, str]] = {}
        work.mkdir(parents=True, exist_ok=True)
        for table in sorted({rule.table for rule in self.rules}):
            kinds = {name: kind for name, kind, *_ in con.execute(f"describe {table}").fetchall()}
            file = work / f"{table}.parquet"
            con.execute(f"copy (select {for_spark(kinds)} from {table}) to '{file}' (format parquet)")
            self.spark.read(table, [file])
            self.types[table] = kinds

    def in_spark(self, table: str, query: str) -> Any:
        """The rows in Spark of a query over one table."""
        schema, name = table.split(".")
        return self.spark.session.sql(translate(table, query, {schema: {name: self.types[table]}}))

    def breaches(self, rule: Rule) -> tuple[Breaches, Breaches]:
        """The breaches of a rule in DuckDB and in Spark, each with its reference and words."""
        query = breaches_sql(rule)
        in_duckdb: Breaches = Counter(self.con.execute(query).fetchall())
        return in_duckdb, Counter(tuple(row) for row in self.in_spark(rule.table, query).collect())

    def counted(self) -> dict[tuple[str, str], int | None]:
        """Rule -> the breaches that Great Expectations counts on Spark."""
        import great_expectations as gx

        context = gx.get_context(mode="ephemeral")
        context.variables.progress_bars = {"globally": False}  # type: ignore[assignment]
        source = context.data_sources.add_spark("spark", persist=False)
        found: dict[tuple[str, str], int | None] = {}
        for number, rules in enumerate(batches_of(self.rules)):
            asset = source.add_dataframe_asset(f"batch_{number:03d}")
            frame = self.in_spark(rules[0].table, view_sql(rules))
            batch = asset.add_batch_definition_whole_dataframe("all").get_batch({"dataframe": frame})
            suite = gx.ExpectationSuite(name=rules[0].table, expectations=[stated(rule) for rule in rules])
            result = batch.validate(suite, result_format={"result_format": "BASIC", "partial_unexpected_count": 0})
            for item in result.results:
                meta = item.expectation_config.meta if item.expectation_config is not None else {}
                found[meta["rule_code"], meta["table"]] = item.result.get("unexpected_count")
        return found

    def differences(self) -> Iterator[str]:
        """What differs, a line each."""
        counted = self.counted()
        for rule in self.rules:
            in_duckdb, in_spark = self.breaches(rule)
            if in_duckdb != in_spark:
                only = [*(in_duckdb - in_spark)][:SHOWN], [*(in_spark - in_duckdb)][:SHOWN]
                counts = f"{in_duckdb.total()} breaches became {in_spark.total()}"
                yield f"{rule.code} {rule.table}: {counts}; {only[0]} became {only[1]}"
            # of a table without a row Great Expectations counts nothing
            if in_duckdb.total() != (counted.get(rule.key) or 0):
                words = f"Great Expectations on Spark counts {counted.get(rule.key)}"
                yield f"{rule.code} {rule.table}: {in_duckdb.total()} breaches; {words}"

    def stop(self) -> None:
        """End the session."""
        self.spark.stop()


def main(arguments: list[str]) -> int:
    """Print the comparison; 1 if a rule differs."""
    home, work = map(Path, arguments)
    con = duckdb.connect(str(home / "warehouse.duckdb"), read_only=True)
    con.execute("set timezone = 'UTC'")
    judged = con.execute(
        "select rule_code, table_name from quality.rule_results where status in ('PASS', 'BREACH')"
    ).fetchall()
    rules = Rules(con, [rule for rule in RULES if rule.key in judged], work)
    try:
        found = list(rules.differences())
    finally:
        rules.stop()
    print("\n".join([*found, f"{len(rules.rules)} rules compared; {len(found)} differences"]))
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
