"""Rules: the rule run of `stra build` against a hand-written DuckDB scan and Great Expectations on pandas, in one run.

    python benchmarks/rules.py --crimes 100000 300000 1000000 --work FOLDER [--repeats 5]

Makes an invented force of N crimes (`stra synth`) and builds it (`stra build`) once in FOLDER/N. Then it evaluates the
rules on its tables of facts, each time in a process of its own, the sides in turn and in reverse order every second
time:

- ours: `pipelines.standards.quality.run_rules` on the built warehouse: Great Expectations on every rule inside
  DuckDB, counts by month, unit and class, quality.rule_results, every reference with its words in
  quality.rule_breaches, the history of breaches, and Data Docs; all of it is timed;
- twenty: the same for the rules of benchmarks/rules.sql alone;
- scan: the queries of benchmarks/rules.sql, one a rule and table, written by hand: rows examined, breaches, rows not
  evaluable and the references, into a file of its own, in one transaction. Its counts and references must be those of
  ours;
- pandas: Great Expectations on pandas frames of the same rows, loaded from the same warehouse: the rules on one column
  (all that can be fed are), with the whole list of references. A frame has the columns that its rules need and is
released after them. Nothing is written; its counts must be those of ours.

The clock starts when the imports are done and the warehouse is open. Importing Great Expectations is counted on neither
side and printed apart: a build does it while files are read. Figures are medians; memory is the peak of the process.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import resource
import subprocess
import sys
import time
from collections import defaultdict
from pathlib import Path
from statistics import median
from typing import Any

import duckdb

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

SIDES = ("scan", "twenty", "ours", "pandas")  # in this order and back, pandas finds the results of ours
QUERIES = Path(__file__).with_suffix(".sql")
MEMORY = "1800MB"  # what a build allows DuckDB
SCAN = (
    "create table scan (rule_code varchar, table_name varchar, examined_count bigint, breach_count bigint,"
    " not_evaluable_count bigint, record_refs varchar[])"
)


def timed(arguments: list[str]) -> tuple[float, float]:
    """(seconds, peak memory in GB) of a process; raises CalledProcessError when it fails."""
    before = time.monotonic()
    process = subprocess.Popen(arguments, stdout=subprocess.DEVNULL, cwd=ROOT)
    _, state, usage = os.wait4(process.pid, 0)
    if os.waitstatus_to_exitcode(state) != 0:
        raise subprocess.CalledProcessError(os.waitstatus_to_exitcode(state), arguments)
    assert isinstance(usage, resource.struct_rusage)
    return time.monotonic() - before, usage.ru_maxrss / 2**20


def make(crimes: int, folder: Path) -> None:
    """Make the invented force and its warehouse, unless they exist already."""
    data, home = folder / "data", folder / "home"
    stra = [sys.executable, "-m", "pipelines.commands.cli"]
    for words, done, arguments in (
        ("synth", data / "README.txt", ["synth", "--out", str(data), "--crimes", str(crimes), "--seed", "1"]),
        ("build", home / "published", ["build", "--data", str(data), "--home", str(home)]),
    ):
        if not done.exists():
            seconds, memory = timed(stra + arguments)
            print(f"stra {words}, {crimes:,} crimes: {seconds:.0f} s, {memory:.2f} GB", flush=True)


class Clock:
    """Seconds since it was made; imports are the time before."""

    def __init__(self, before: float) -> None:
        self.started, self.processor = time.monotonic(), time.process_time()
        self.imports = self.started - before

    def read(self) -> dict[str, float]:
        seconds, processor = time.monotonic() - self.started, time.process_time() - self.processor
        return {"imports": self.imports, "seconds": seconds, "processor": processor}


def ours(home: Path, run_ref: str, only_by_hand: bool = False) -> dict[str, float]:
    """The rule run of a build on built tables: of all rules, or of those that were written by hand too."""
    before = time.monotonic()
    import expectations
    from expectations.engine import warm_up
    from pipelines.standards import quality
    from pipelines.tables.warehouse import connect

    if only_by_hand:
        by_hand = set(re.findall(r"select '([^']+)', '([^']+)',", QUERIES.read_text(encoding="utf-8")))
        expectations.RULES = tuple(rule for rule in expectations.RULES if rule.key in by_hand)
    warm_up()
    con = connect(home)
    clock = Clock(before)
    quality.run_rules(con, home, run_ref, {})
    return clock.read()


def scan(home: Path, result: Path) -> dict[str, float]:
    """One query a rule, by hand."""
    before = time.monotonic()
    queries = QUERIES.read_text(encoding="utf-8").split(";")
    result.unlink(missing_ok=True)
    con = duckdb.connect(str(result))
    con.execute(f"set memory_limit = '{MEMORY}'; set preserve_insertion_order = false; {SCAN}")
    con.execute(f"attach '{home / 'warehouse.duckdb'}' as warehouse (read_only); use warehouse")
    clock = Clock(before)
    con.execute("begin")
    for query in filter(str.strip, queries):
        con.execute(f"insert into {result.stem}.main.scan {query}")
    con.execute("commit")
    return clock.read()


def pandas(home: Path) -> dict[str, float]:
    """Great Expectations on frames: a frame for the rules that examine the same rows of a table."""
    before = time.monotonic()
    import great_expectations as gx

    from expectations import RULES
    from expectations.engine import expectation_of, warm_up

    warm_up()
    con = duckdb.connect(str(home / "warehouse.duckdb"), read_only=True)
    con.execute(f"set memory_limit = '{MEMORY}'; set preserve_insertion_order = false")
    settings = dict(con.execute("select key, value from reference.settings").fetchall())
    wanted = {(code, table): breaches for code, table, breaches in con.execute(
        "select rule_code, table_name, breach_count from quality.rule_results where status in ('PASS', 'BREACH')"
    ).fetchall()}  # fmt: skip
    batches = defaultdict(list)
    for rule in RULES:
        if rule.key in wanted and "column" in rule.arguments:
            batches[(rule.table, rule.examined, rule.record_ref)].append(rule.resolved(settings))
    clock = Clock(before)
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}  # type: ignore[assignment]
    source = context.data_sources.add_pandas("frames")
    counts: dict[tuple[str, str], tuple[int, int]] = {}
    for number, ((table, examined, record_ref), rules) in enumerate(batches.items()):
        columns = ", ".join(dict.fromkeys(f'"{rule.arguments["column"]}"' for rule in rules))
        frame = con.execute(f"select {record_ref} as record_ref_, {columns} from {table} where {examined}").df()
        batch = source.add_dataframe_asset(f"{number}").add_batch_definition_whole_dataframe("all")
        suite = gx.ExpectationSuite(name=f"{number}", expectations=[expectation_of(rule) for rule in rules])
        found = batch.get_batch({"dataframe": frame}).validate(
            suite, result_format={"result_format": "COMPLETE", "unexpected_index_column_names": ["record_ref_"]}
        )
        for one in found.results:
            meta = one.expectation_config.meta
            listed = one.result.get("unexpected_index_list") or []
            counts[meta["rule_code"], meta["table"]] = (one.result["unexpected_count"], len(listed))
        source.delete_asset(f"{number}")
    said = clock.read()
    different = {key: found for key, found in counts.items() if found != (wanted[key], wanted[key])}
    if different or counts.keys() != wanted.keys():
        raise SystemExit(f"pandas counts otherwise: {different or wanted.keys() - counts.keys()}")
    return {**said, "rules": len(counts)}


def check(home: Path, result: Path) -> tuple[int, int]:
    """(queries by hand, breaches they list); raises SystemExit unless scan and ours found the same."""
    con = duckdb.connect()
    con.execute(f"attach '{home / 'warehouse.duckdb'}' as home (read_only); attach '{result}' as hand (read_only)")
    unlike = con.execute(
        "select rule_code, table_name, r.status, r.examined_count, s.examined_count, r.breach_count, s.breach_count,"
        " r.not_evaluable_count, s.not_evaluable_count from hand.scan as s left join home.quality.rule_results as r"
        " using (rule_code, table_name) where r.status is null or r.status = 'ERROR'"
        " or (r.examined_count, coalesce(r.breach_count, 0), r.not_evaluable_count)"
        " <> (s.examined_count, s.breach_count, s.not_evaluable_count)"
    ).fetchall()
    mine = (
        "select rule_code, record_ref from home.quality.rule_breaches"
        " where rule_code in (select rule_code from hand.scan)"
    )
    theirs = "select rule_code, unnest(record_refs) from hand.scan"
    astray = con.execute(
        f"(({mine}) except all ({theirs})) union all (({theirs}) except all ({mine})) limit 5"
    ).fetchall()
    if unlike or astray:
        raise SystemExit(f"scan and ours differ: {unlike} {astray}")
    ((queries, breaches),) = con.execute("select count(*), sum(breach_count)::bigint from hand.scan").fetchall()
    return queries, breaches


def measure(folder: Path, repeats: int) -> dict[str, Any]:
    """One line of the table: medians by side."""
    found: dict[str, list[dict[str, float]]] = defaultdict(list)
    for number in range(repeats):
        for side in SIDES if number % 2 == 0 else SIDES[::-1]:
            said = folder / f"{side}.json"
            _, memory = timed(
                [sys.executable, __file__, "--side", side, "--work", str(folder), "--run", f"benchmark-{number}"]
            )
            found[side].append({**json.loads(said.read_text(encoding="utf-8")), "memory": memory})
    queries, breaches = check(folder / "home", folder / "scan.duckdb")
    middle = {
        side: {key: median(run[key] for run in runs) for key in ("imports", "seconds", "memory")}
        for side, runs in found.items()
    }
    for side, runs in found.items():
        each = ", ".join(f"{run['seconds']:.2f} ({run['processor']:.2f})" for run in runs)
        print(f"{side}, s (of the processors): {each}", flush=True)
    return {**middle, "queries": queries, "breaches": breaches, "pandas_rules": found["pandas"][0]["rules"]}


def one_side(side: str, folder: Path, run_ref: str) -> None:
    """What a child process does."""
    home, result = folder / "home", folder / "scan.duckdb"
    if side in ("ours", "twenty"):
        said = ours(home, run_ref, side == "twenty")
    else:
        said = scan(home, result) if side == "scan" else pandas(home)
    (folder / f"{side}.json").write_text(json.dumps(said), encoding="utf-8")


def main() -> None:
    """Print the table as Markdown."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--crimes", type=int, nargs="+", default=[100_000, 300_000, 1_000_000])
    parser.add_argument("--work", type=Path, required=True, help="a folder for files, about 8 GB at a million crimes")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--side", choices=SIDES, help=argparse.SUPPRESS)
    parser.add_argument("--run", default="benchmark", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.side:
        one_side(options.side, options.work, options.run)
        return
    lines = []
    for crimes in options.crimes:
        folder = options.work.resolve() / str(crimes)
        folder.mkdir(parents=True, exist_ok=True)
        make(crimes, folder)
        r = measure(folder, options.repeats)
        mine, some, hand, frames = r["ours"], r["twenty"], r["scan"], r["pandas"]
        print(
            f"{crimes:,} crimes: {r['queries']} queries by hand, {r['pandas_rules']} rules on pandas; imports"
            f" {mine['imports']:.1f} s (ours), {frames['imports']:.1f} s (pandas), not counted",
            flush=True,
        )
        lines.append(
            f"| {crimes:,} | {r['breaches']:,} | {hand['seconds']:.2f} "
            f"| {some['seconds']:.2f} ({some['seconds'] / hand['seconds']:.2f}) | {mine['seconds']:.2f} "
            f"| {frames['seconds']:.1f} ({frames['seconds'] / mine['seconds']:.1f}) "
            f"| {mine['memory']:.2f} | {hand['memory']:.2f} | {frames['memory']:.2f} |"
        )
    print(
        "| crimes | breaches of twenty rules | scan by hand, s | their run, s (times the scan) | run of all rules, s"
        " | pandas, s (times that) | peak memory, GB | of the scan | of pandas |\n|--:|--:|--:|--:|--:|--:|--:|--:|--:|"
    )
    print("\n".join(lines))


if __name__ == "__main__":
    main()
