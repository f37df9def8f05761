"""Scoring in parts: each part has all records of some blocks, so that a pair is found and scored on one machine.

A part is scored by Splink on DuckDB in memory, as all records together are on one machine: no weight differs.
"""

from __future__ import annotations

import math
from functools import partial

import duckdb
import polars as pl
import pyarrow as pa

from assets.methods.linkage.levels import BLOCKING, COMPARISONS
from assets.methods.linkage.model import TERMS, Model, Scorer, open_memory, terms_among
from assets.methods.spread import KEY, Spread

KEYS = tuple(f"block_{number}" for number in range(len(BLOCKING)))
PART_ROWS = 200_000  # a record is in up to as many blocks as there are rules
PART_PAIRS = 1_000_000  # scored at once
PART_MEMORY = "2GB"
SCORED = pa.schema(
    [("person_key_l", pa.string()), ("person_key_r", pa.string()), ("match_weight", pa.float64()),
     ("match_probability", pa.float64())]
    + [
        (f"{what}_{c.name}", kind)
        for c in COMPARISONS for what, kind in (("level", pa.int8()), ("weight", pa.float32()))
    ]
)  # fmt: skip


class PartFailed(Exception):
    """A part could not be scored. The words name the kind of fault alone: a fault may quote a name."""


def scored(
    spread: Spread, con: duckdb.DuckDBPyConnection, records: str, model: Model, least_weight: float, pair_count: int
) -> pl.DataFrame:
    """Pairs that any blocking rule finds, of at least this weight, as Scorer.blocked gives them, in any order."""
    given = con.sql(_placed(records)).to_arrow_table()
    placed = sum(given.num_rows - given.column(key).null_count for key in KEYS)
    parts = math.ceil(max(placed / PART_ROWS, pair_count / PART_PAIRS, 1))
    found = spread(given, KEYS, parts, partial(score_part, model=model, least_weight=least_weight), SCORED)
    return pl.DataFrame(found)


def _placed(records: str) -> str:
    """Records with a number for each block in which they have company.

    They also get the share of all that each of their values has, which a part alone could not count.
    """
    # counted in DuckDB, as Splink does: the quotients of polars differ in their last digit
    columns, joins = ["r.*"], []
    for term, query in terms_among(records, records).items():
        columns.append(f"t_{term}.tf_{term} as {_share(term)}")
        joins.append(f"left join ({query}) as t_{term} on t_{term}.{term} = r.{term}")
    for key, rule in zip(KEYS, BLOCKING, strict=True):
        names = ", ".join(rule)
        same = " and ".join(f"{key}.{column} = r.{column}" for column in rule)
        columns.append(f"case when {key}.n > 1 then (hash({', '.join(f'r.{column}' for column in rule)}) >> 1)::bigint"
                       f" end as {key}")  # fmt: skip
        joins.append(f"left join (select {names}, count(*) as n from {records} group by {names}) as {key} on {same}")
    return f"select {', '.join(columns)} from {records} as r {' '.join(joins)}"


def score_part(part: pa.Table, model: Model, least_weight: float) -> pa.Table:
    """The pairs of one part. Raises PartFailed."""
    try:
        with open_memory(PART_MEMORY, threads=1) as con:
            con.register("given", part)
            con.execute("create table blocks as select * from given")
            con.execute(
                f"create table records as select * exclude ({KEY}) from blocks"
                " qualify row_number() over (partition by person_key) = 1"
            )
            pairs = con.sql(" union all ".join(_pairs_of(number) for number in range(len(BLOCKING)))).pl()
            terms = {
                column: f"select distinct {column}, {_share(column)} as tf_{column} from records"
                f" where {column} is not null"
                for column in TERMS
            }
            scorer = Scorer(con, "records", model, terms)
            heavy = [_heavy(scorer.given(some), least_weight) for some in pairs.iter_slices(PART_PAIRS)]
    except Exception as problem:
        raise PartFailed(f"scoring a part stopped with {type(problem).__name__}") from None
    return pa.concat_tables(heavy) if heavy else SCORED.empty_table()


def _heavy(scored_pairs: duckdb.DuckDBPyRelation, least_weight: float) -> pa.Table:
    return scored_pairs.filter(f"match_weight >= {least_weight!r}").to_arrow_table().cast(SCORED)


def _pairs_of(number: int) -> str:
    """The pairs that a rule finds and none before it: those are found where the other's block is."""
    same = [" and ".join(f"f.{column} = o.{column}" for column in rule) for rule in BLOCKING]
    found = [f"not coalesce({earlier}, false)" for earlier in same[:number]]
    where = " and ".join([f"f.{KEY} = {number}", f"o.{KEY} = {number}", "f.person_key < o.person_key", *found])
    return (
        "select f.person_key as person_key_l, o.person_key as person_key_r"
        f" from blocks as f join blocks as o on {same[number]} where {where}"
    )


def _share(column: str) -> str:
    return f"share_of_{column}"
