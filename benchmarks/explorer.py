"""Time on the server for the data of a view of the page Explore, beside the same query written by hand.

    python benchmarks/explorer.py --home HOME --work FOLDER [--views 200] [--measures N] [--again]

The copy has the rows that two million crimes over nine years, 12 districts and 500 units would give. It is made by SQL
from a built home: the home's own measures, breakdowns and parts, but 12 districts and 500 units in place of its own,
and every part in each of 108 months, their quarters, financial years and years to each month. Counts are the share of
two million crimes that a part has in such a period, less or more by up to a third; every tenth unit has few crimes, so
that the small-number rule has work. Charts have points for the whole, districts and units.

A view is a measure, type of period, breakdown, part and period, drawn at random. Its data are all that the page reads
and works out before it draws: choices, parts, the year before, hidden figures, points and verdict. The hand-written
query joins the same rows with those of a year before, and hides nothing. Target: 0.3 s in 95 of 100 views.

Pairs of breakdowns are those of the home, in the same periods of the last three years; a pair has the product of the
shares of its two parts, and no row where no crime is expected. A view with pairs reads them beside all of the above.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import shutil
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import duckdb

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from dashboards.data import published
from dashboards.data.published import Copy, open_copy
from dashboards.data.scope import WHOLE
from dashboards.data.settings import read_small_numbers
from dashboards.pages.assessment import explorer_data as data
from dashboards.pages.assessment import explorer_pairs_data as pairs
from dashboards.pages.assessment.explorer_data import Choice

View = TypeVar("View")
TARGET_SECONDS = 0.3
CRIMES, MONTHS, DISTRICTS, UNITS = 2_000_000, 108, 12, 500
MADE = """
create table values_made as
with held as (select * from read_parquet('{values}')),
measures as (
    select measure_code, any_value(force_code) as force_code, bool_or(denominator is not null) as is_share
    from held
    group by measure_code
    order by measure_code
    limit {measures}
),
kinds as (select distinct measure_code, breakdown from held semi join measures using (measure_code)),
parts as (
    select 'none' as breakdown, 'all' as part, 1.0 as weight
    union all
    select 'district', 'District ' || lpad(n::varchar, 2, '0'), 1.0 / {districts}
    from range(1, {districts} + 1) as r (n)
    union all
    select 'unit', 'Unit ' || lpad(n::varchar, 3, '0'), case when n % 10 = 0 then 0.02 else 1.1 end / {units}
    from range(1, {units} + 1) as r (n)
    union all
    select breakdown, breakdown_value, 1.0 / count(*) over (partition by breakdown)
    from (select distinct breakdown, breakdown_value from held where breakdown not in ('none', 'district', 'unit'))
),
months as (
    select (last - to_months(n::integer))::date as month
    from range(0, {months}) as r (n)
    cross join (select max(period_start) as last from held where period_type = 'month' and is_whole)
),
periods as (
    select 'month' as period_type, month as period_start, month as period_end, 1 as length from months
    union all
    select 'rolling_12', (month - interval 11 month)::date, month, 12 from months
    where month - interval 11 month >= (select min(month) from months)
    union all
    select 'quarter', min(month), max(month), 3 from months group by date_trunc('quarter', month)
    union all
    select 'financial_year', min(month), max(month), 12 from months
    group by date_trunc('year', month - interval 3 month) having count(*) = 12
    union all
    select 'to_date', min(month), max(month), {months} from months
),
counted as (
    select
        m.force_code, m.measure_code, p.period_type, p.period_start, p.period_end, true as is_whole, k.breakdown,
        t.part as breakdown_value, m.is_share, hash(m.measure_code) % 90 / 100.0 + 0.05 as share,
        cast({crimes} / {months} * p.length * t.weight
            * (0.7 + hash(m.measure_code, t.part, p.period_type, p.period_start) % 60 / 100.0) as bigint) as crimes
    from measures as m
    inner join kinds as k using (measure_code)
    inner join parts as t on k.breakdown = t.breakdown
    cross join periods as p
),
shared as (
    select *, case when is_share then cast(crimes * share as bigint) else crimes end as numerator,
        case when is_share then crimes end as denominator
    from counted
    where crimes > 0 or not is_share
)
select
    force_code, measure_code, period_type, period_start, period_end, is_whole, breakdown, breakdown_value, numerator,
    denominator, cast(0 as bigint) as not_known_count, numerator / coalesce(denominator, 1) as value,
    case when is_share then 0.9 * numerator / denominator end as lower,
    case when is_share then least(1.0, 1.1 * numerator / denominator) end as upper
from shared
order by measure_code, period_type, period_start, breakdown, breakdown_value
"""
POINTS = """
select
    force_code, measure_code || '|' || breakdown || '|' || breakdown_value as series_ref, measure_code, breakdown,
    breakdown_value, period_start as month, numerator, denominator, value, 'xmr' as chart_type, 1 as segment,
    cast(null as varchar) as segment_start_reason, true as is_baseline, value as centre_line,
    value * 0.9 as lower_limit, value * 1.1 as upper_limit,
    cast(null as varchar) as signal, cast(null as varchar) as signal_direction,
    'drawn' as limits_status, cast(null as double) as gap, cast(null as double) as longest_gap
from values_made
where period_type = 'month' and breakdown in ('none', 'district', 'unit')
order by series_ref, month
"""
PAIRS_MADE = """
with kinds as (
    select distinct measure_code, period_type, breakdown, second_breakdown
    from read_parquet('{pairs}')
    semi join values_made using (measure_code)
),
singles as (
    select *, coalesce(denominator, numerator) as crimes,
        coalesce(denominator, numerator) / sum(coalesce(denominator, numerator))
            over (partition by measure_code, period_type, period_start, breakdown) as share
    from values_made
    where period_start >= (select max(period_end) from values_made) - interval 36 month
),
paired as (
    select
        a.force_code, a.measure_code, a.period_type, a.period_start, a.period_end, a.is_whole, k.breakdown,
        a.breakdown_value, k.second_breakdown, b.breakdown_value as second_value,
        cast(a.crimes * b.share * (0.7 + hash(a.breakdown_value, b.breakdown_value) % 60 / 100.0) as bigint) as crimes,
        a.denominator is not null as is_share, hash(a.measure_code) % 90 / 100.0 + 0.05 as of_these
    from kinds as k
    inner join singles as a using (measure_code, period_type, breakdown)
    inner join singles as b
        on k.measure_code = b.measure_code and k.second_breakdown = b.breakdown and k.period_type = b.period_type
        and a.period_start = b.period_start
)
select
    force_code, measure_code, period_type, period_start, period_end, is_whole, breakdown, breakdown_value,
    second_breakdown, second_value,
    case when is_share then cast(crimes * of_these as bigint) else crimes end as numerator,
    case when is_share then crimes end as denominator, cast(0 as bigint) as not_known_count,
    case when is_share then of_these else crimes end as value,
    case when is_share then 0.9 * of_these end as lower, case when is_share then least(1.0, 1.1 * of_these) end as upper
from paired
where crimes > 0
order by measure_code, period_type, period_start, breakdown, second_breakdown, breakdown_value, second_value
"""
BY_HAND = """
select v.*, b.numerator, b.denominator, b.value
from read_parquet('{file}') as v
left join read_parquet('{file}') as b
    on b.measure_code = v.measure_code and b.period_type = v.period_type and b.breakdown = v.breakdown
    and b.breakdown_value = v.breakdown_value and b.period_start = v.period_start - interval 1 year
where v.measure_code = $code and v.period_type = $kind and v.breakdown in ('none', $by)
order by v.period_start desc, v.breakdown, v.breakdown_value
"""


def made(home: Path, work: Path, measures: int) -> Copy:
    """The copy with that many rows, in the folder `work`."""
    source = open_copy(home, "command", WHOLE)
    folder = work / "published" / "copies" / "command" / "1"
    shutil.rmtree(work / "published", ignore_errors=True)
    shutil.copytree(source.folder, folder)
    (work / "published" / "command").symlink_to(folder.resolve())
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    con = duckdb.connect()
    con.execute(
        MADE.format(
            values=folder / f"{data.VALUES}.parquet", measures=measures or 10_000, districts=DISTRICTS, units=UNITS,
            months=MONTHS, crimes=CRIMES,
        )
    )  # fmt: skip
    pairs_made = PAIRS_MADE.format(pairs=source.folder / f"{pairs.PAIRS}.parquet")
    con.execute(f"set temp_directory = '{work}'")
    of = ((data.VALUES, "select * from values_made"), (data.POINTS, POINTS), (pairs.PAIRS, pairs_made))
    for table, select in of:
        path = folder / f"{table}.parquet"
        [(count,)] = con.execute(f"copy ({select}) to '{path}' (format parquet, compression zstd)").fetchall()
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        entry = manifest["tables"].get(table, manifest["tables"][data.VALUES])
        manifest["tables"][table] = entry | {"file": path.name, "rows": count, "sha256": digest}
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    con.close()
    return open_copy(work, "command", WHOLE)


def views(copy: Copy, count: int) -> list[Choice]:
    """That number of views, drawn at random, always the same."""
    chance, measures = random.Random(20), list(data.measures(copy).values())
    found = []
    for _ in range(count):
        measure = chance.choice(measures)
        periods = data.periods(copy, measure["measure_code"])
        kind = chance.choice(["month", "quarter", "financial_year", "rolling_12"])
        parts = data.parts(copy, measure["measure_code"], kind)
        by = chance.choice(sorted(set(parts["breakdown"])))
        part = chance.choice(parts.filter(breakdown=by)["breakdown_value"].to_list())
        start = chance.choice(periods.filter(period_type=kind)["period_start"].to_list())
        found.append(Choice(measure, kind, by, part, start))
    return found


def of_the_page(copy: Copy, choice: Choice) -> None:
    """All that the page reads and works out for a view."""
    data.measures(copy)
    data.periods(copy, choice.code)
    data.parts(copy, choice.code, choice.period_type)
    data.read_parts(copy, choice, read_small_numbers(copy))
    data.points(copy, choice)
    data.verdict(copy, choice)


def paired_views(copy: Copy, count: int) -> list[tuple[Choice, str]]:
    """That number of views of the latest periods that have pairs, each with the breakdown that goes with its own."""
    chance = random.Random(21)
    found: list[tuple[Choice, str]] = []
    for choice in views(copy, 20 * count):
        latest = data.periods(copy, choice.code).filter(period_type=choice.period_type)["period_start"].max()
        held = choice.start == latest and pairs.seconds(
            copy, choice.code, choice.period_type, choice.breakdown, choice.start
        )
        if held and len(found) < count:
            found.append((choice, chance.choice(held)))
    return found


def with_pairs(copy: Copy, choice: Choice, second: str) -> None:
    """What a view reads and works out with its pairs."""
    of_the_page(copy, choice)
    pairs.seconds(copy, choice.code, choice.period_type, choice.breakdown, choice.start)
    pairs.parts(copy, choice, second)
    pairs.read_pairs(copy, choice, second, read_small_numbers(copy))


def timed(name: str, wanted: list[View], show: Callable[[View], object]) -> float:
    """Print the median and the 95th percentile of the views; returns the latter, in seconds.

    Processor seconds are printed too: on a machine with other work, seconds say how busy it is.
    """
    taken: dict[str, list[float]] = {"seconds": [], "processor seconds": []}
    for view in wanted:
        start, used = time.perf_counter(), time.process_time()
        show(view)
        taken["seconds"].append(time.perf_counter() - start)
        taken["processor seconds"].append(time.process_time() - used)
    for what, found in taken.items():
        middle, most = statistics.median(found), statistics.quantiles(found, n=20)[-1]
        print(f"{name:<16} {what:<18} p50 {middle:6.3f}   p95 {most:6.3f}   longest {max(found):6.3f}", flush=True)
    return statistics.quantiles(taken["seconds"], n=20)[-1]


def main() -> int:
    """Print timings; 1 where the target is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--views", type=int, default=200)
    parser.add_argument("--measures", type=int, default=0, help="fewer measures than the home has, to try it out")
    parser.add_argument("--again", action="store_true", help="use the copy that an earlier run made in the folder")
    given = parser.parse_args()
    copy = open_copy(given.work, "command", WHOLE) if given.again else made(given.home, given.work, given.measures)
    print(f"{copy.count(data.VALUES):,} rows of {data.VALUES}, {len(data.measures(copy))} measures", flush=True)
    wanted = views(copy, given.views)
    published._read_rows.cache_clear()  # it keeps what it has read: every view is timed as its first visitor sees it
    data.measures(copy)  # once for each publication, for all its readers
    most = timed("the page's data", wanted, lambda choice: of_the_page(copy, choice))
    paired = paired_views(copy, given.views)
    published._read_rows.cache_clear()
    timed(f"with {len(paired)} pairs", paired, lambda view: with_pairs(copy, *view))
    con = duckdb.connect(config={"threads": 2})
    sql = BY_HAND.format(file=copy.folder / f"{data.VALUES}.parquet")

    def by_hand(choice: Choice) -> object:
        return con.sql(sql, params={"code": choice.code, "kind": choice.period_type, "by": choice.breakdown}).pl()

    timed("by hand", wanted, by_hand)
    return int(most > TARGET_SECONDS)


if __name__ == "__main__":
    sys.exit(main())
