"""For `benchmarks/verdicts.py release`: what commissioners read of a home beside what its chief officers read.

Shares against the exact ones, beside the rival: shares of the rounded counts, from 30 on. Verdicts against those that
"Explore" gives of the same measure, part and quarter. Then the attack on this release and on all before: how many
numbers each protected count may be, and what shares and verdicts add to what counts give away.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from assets.methods.comparison import CHANCE_ALONE
from assets.methods.disclosure.cells import Made, Release, controlled, in_release, rule_of, spreads_of
from assets.methods.disclosure.control import MOST, NO_SHARE, PROTECTED, Share, is_rounded
from assets.methods.disclosure.releases import read_earlier_releases
from dashboards.data import measure_rows
from dashboards.data.published import Copy, open_copy
from dashboards.data.regimes import of_measure
from dashboards.data.scope import WHOLE
from dashboards.data.settings import read_settings, read_small_numbers
from dashboards.text import comparisons

ENOUGH, RIVAL = 50, 30  # cases from which shares are asked to be good, and from which the rival shows one
VALUES = "metrics.measure_values"
WORDS = {"clearly higher": "higher", "clearly more": "higher", "clearly lower": "lower", "clearly fewer": "lower",
         "no clear change": "no clear change", "the same": "no clear change"}  # fmt: skip


def shares(con: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """How far shares are from the exact ones, in points: those of the home, and the rival's of the same counts."""
    con.execute(f"""
        create or replace temp view released_shares as
        select
            c.person_count / w.person_count as exact,
            w.person_count >= {ENOUGH} as is_enough,
            f.share as own,
            case when v.value >= {RIVAL} and f.value <= v.value then f.value / v.value end as rival
        from metrics.released_figures as f
        inner join metrics.released_figures as v on f.parent_ref = v.cell_ref
        inner join core.disclosure_cells as c on f.cell_ref = c.cell_ref
        inner join core.disclosure_cells as w on f.parent_ref = w.cell_ref
        where w.person_count > 0
    """)
    found = [
        con.sql(f"""
            select
                '{title}' as design,
                case when is_enough then '{ENOUGH} or more' else 'below {ENOUGH}' end as cases,
                count(*) as "all",
                count({name}) as shown,
                100 * quantile_cont(abs({name} - exact), 0.95) as "95th percentile",
                100 * max(abs({name} - exact)) as largest
            from released_shares
            group by is_enough
            order by is_enough desc
        """).pl()
        for title, name in (("released", "own"), ("of rounded counts", "rival"))
    ]  # fmt: skip
    return pl.concat(found)


def chief_verdicts(copy: Copy) -> Iterator[tuple[tuple[Any, ...], str]]:
    """(measure, quarter, breakdown, part) -> the verdict on the change since a year before, as "Explore" gives it."""
    settings, rule = read_settings(copy), read_small_numbers(copy)
    spreads = measure_rows.read_spreads(copy)
    listed = copy.select("reference.measures", columns="measure_code, kind, recording_classes").to_dicts()
    for measure in listed:
        rows = copy.select(
            VALUES, where="measure_code = $code and period_type = 'quarter' and breakdown in "
            "('none', 'district', 'domestic_abuse')", may_be_empty=True, code=measure["measure_code"],
        )  # fmt: skip
        changes = of_measure(copy, measure["recording_classes"])
        for row in measure_rows.with_last_year(measure_rows.marked(rows, rule)).iter_rows(named=True):
            said = comparisons.compare(
                row, settings["intervals.z"], is_count=measure["kind"].startswith("count"),
                breaks=measure_rows.crossed(changes, row["period_start"], row["period_end"]),
                spread=spreads.get(measure["measure_code"], CHANCE_ALONE),
            )  # fmt: skip
            verdict = WORDS.get(said.verdict)
            if verdict is not None and measure["kind"] != "median":
                key = measure["measure_code"], row["period_start"], row["breakdown"], row["breakdown_value"].lower()
                yield key, verdict


def conflicts(con: duckdb.DuckDBPyConnection, home: Path) -> pl.DataFrame:
    """The verdicts that both give, and those of one alone, as a table of chief by copy."""
    own = {
        (code, start, by, part.lower()): change
        for code, start, by, part, change in con.sql(
            "select measure_code, period_start, breakdown, breakdown_value, change from metrics.released_measures"
            " where value is not null and value_before is not null"
        ).fetchall()
    }
    chief = dict(chief_verdicts(open_copy(home, "command", WHOLE)))
    pairs = [{"chief": chief[key], "copy": own[key] or "none given"} for key in chief.keys() & own.keys()]
    return pl.DataFrame(pairs).group_by("chief", "copy").len("verdicts").sort("chief", "copy")


def read_release(con: duckdb.DuckDBPyConnection) -> tuple[list[dict[str, Any]], list[dict[str, Any]], dict[str, float]]:
    """The exact cells, the releases before and the settings, of a home with one force."""
    cells = con.sql("select * from core.disclosure_cells order by cell_ref").pl().to_dicts()
    earlier = con.sql("select * from core.released_before order by published_at, cell_ref").pl().to_dicts()
    return cells, earlier, dict(con.sql("select key, value from reference.settings").fetchall())


def attack(con: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """How many numbers each protected count may be, by kind, of counts alone and with shares and verdicts."""
    cells, earlier, settings = read_release(con)
    spreads = spreads_of(con.sql("select * from metrics.measure_verdicts").pl())
    start = time.process_time()
    made = controlled(cells, earlier, settings, spreads)
    print(f"\nThe release, with its attack: {time.process_time() - start:.1f} processor seconds, "
          f"{len({row['published_at'] for row in earlier})} releases before.")  # fmt: skip
    bare = {ref: (replace(cell, share=_unsaid(cell.share)), count) for ref, (cell, count) in made.items()}
    without = [{name: row[name] for name in row if not name.startswith(("share", "rest_"))} for row in earlier]
    alone, beside = _ranges(cells, without, bare, settings), _ranges(cells, earlier, made, settings)
    few = int(settings["disclosure.suppress_to"])
    found = []
    for kind, counts in beside.items():
        # that few are left is what a missing share says, and the rule for few allows
        limit = (1, few) if kind == f"rest (1 to {few})" else (0, MOST)
        before = {name: (max(low, limit[0]), min(high, limit[1])) for name, (low, high) in alone[kind].items()}
        for title, ranges in (("counts alone", before), ("shares and verdicts too", counts)):
            wide = sorted(high - low + 1 for low, high in ranges.values())
            found.append({
                "protected": kind, "reader knows": title, "counts": len(wide), "narrowest": min(wide, default=None),
                "two numbers": wide.count(2), "median": wide[len(wide) // 2] if wide else None,
                "narrowed": sum(ranges[name] != before[name] for name in ranges),
            })  # fmt: skip
    return pl.DataFrame(found)


def _unsaid(share: Share) -> Share:
    """Nothing of the share; the rest stays a number that may be asked for."""
    return NO_SHARE if share.rest == NO_SHARE.rest else replace(NO_SHARE, rest=(0, MOST - 1))


def _ranges(
    cells: list[dict[str, Any]], earlier: list[dict[str, Any]], made: Made, settings: dict[str, float]
) -> dict[str, dict[str, tuple[int, int]]]:
    """Kind of protected count -> the least and greatest number that each may be."""
    rows, rule = in_release(cells, made), rule_of(settings)
    known = read_earlier_releases(rows, earlier, int(settings["disclosure.class_minimum"]))
    release = Release(rows, earlier, made, settings, known)
    few, limit = rule.suppress_to, rule.unrounded_below
    held = {row["cell_ref"]: (row["person_count"], made[row["cell_ref"]][0]) for row in rows if row["person_count"]}
    kinds = {
        f"suppressed (1 to {few})": [r for r, (n, cell) in held.items() if cell.token in PROTECTED and n <= few],
        f"rounded (below {limit})": [r for r, (n, cell) in held.items() if is_rounded(cell, rule) and n < limit],
        f"rest (1 to {few})": [name for name, n in release.rests.items() if n <= few],
        f"rest ({few + 1} to {limit - 1})": [name for name, n in release.rests.items() if few < n < limit],
    }
    return {kind: release.attack.bounds(names) for kind, names in kinds.items()}
