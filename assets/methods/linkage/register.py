"""Register of people: a random reference, minted once, that follows its person from run to run.

After each run the clusters of records are matched with the register by the records they share. The reference with most
shared records is kept, among equals the oldest. Merges and splits are logged with the day and the reason. Frame in,
frame out; the register knows keys and references, no name.
"""

import datetime as dt
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

import duckdb
import polars as pl

from assets.methods.linkage.model import load, open_memory

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # no letter that is read as another letter or a figure
LENGTH = 12
# a random byte selects a letter; bytes beyond the last whole round of the alphabet are left out, so that no letter is
# likelier than another
_LETTERS = bytes(ord(ALPHABET[byte % len(ALPHABET)]) for byte in range(256))
_UNEVEN = bytes(range(256 - 256 % len(ALPHABET), 256))
MINTED_AT_ONCE = 100_000
MEMBERS = {"person_key": pl.String, "person_ref": pl.String}
PEOPLE = {"person_ref": pl.String, "minted_on": pl.Date}
LOG = {
    "run_number": pl.Int64, "changed_on": pl.Date, "person_ref": pl.String, "change": pl.String, "other_ref": pl.String,
    "record_count": pl.Int64, "reason": pl.String,
}  # fmt: skip


@dataclass(frozen=True)
class Register:
    """`members`: the person of each record, records no longer delivered included; `people`: every reference ever
    minted.
    """

    members: pl.DataFrame
    people: pl.DataFrame
    log: pl.DataFrame
    next_run: int = 1

    @classmethod
    def empty(cls) -> Self:
        return cls(pl.DataFrame(schema=MEMBERS), pl.DataFrame(schema=PEOPLE), pl.DataFrame(schema=LOG))


def mint(count: int) -> list[str]:
    """Mint a number of new references: random, so that nothing can be read from them."""
    letters = b""
    while len(letters) < LENGTH * count:
        letters += secrets.token_bytes(LENGTH * count + 64).translate(_LETTERS, _UNEVEN)
    text = letters.decode("ascii")
    return ["P-" + text[start : start + LENGTH] for start in range(0, LENGTH * count, LENGTH)]


def reconcile(
    register: Register,
    clusters: pl.DataFrame,
    day: dt.date,
    reason: str,
    new_refs: Callable[[int], list[str]] = mint,
    con: duckdb.DuckDBPyConnection | None = None,
) -> Register:
    """The register after a run. In: `clusters` person_key and cluster, one row per record of the run.

    The joins are made beside `con`, which may spill to disk: they see keys and references, no name. Without it they
    are made in memory.
    """
    with open_memory() if con is None else con.cursor() as work:
        # as tables: a frame that is only shown to the database is a copy that it cannot spill
        load(work, clusters, "clusters")
        load(work, register.members, "members")
        load(work, register.people, "minted_before")
        work.execute(OVERLAPS)
        work.execute(KEPT)
        _match_contested(work)
        minted = _minted(work, new_refs)
        load(work, minted, "minted")
        work.execute(REFS)
        log: pl.DataFrame = work.sql(CHANGES).pl()
        members: pl.DataFrame = work.sql(MEMBERS_NOW).pl()
    changes = log.select(
        pl.lit(register.next_run, pl.Int64).alias("run_number"), pl.lit(day).alias("changed_on"),
        "person_ref", "change", "other_ref", "record_count", pl.lit(reason).alias("reason"),
    )  # fmt: skip
    people = minted.select("person_ref", minted_on=pl.lit(day))
    return Register(
        members,
        pl.concat([register.people, people]),
        pl.concat([register.log, changes]),
        register.next_run + 1,
    )


# how many records of a reference are in each cluster
OVERLAPS = """
create temp table found as
select c.cluster, m.person_ref, count(*) as shared
from clusters as c
join members as m on m.person_key = c.person_key
group by c.cluster, m.person_ref
"""
# nearly every overlap is the only one of its cluster and of its reference: the cluster keeps the reference. The others
# are contested, and have an order: the largest first, then the reference that was minted first
KEPT = """
create temp table contested as
select row_number() over (order by o.shared desc, p.minted_on nulls last, o.person_ref, o.cluster) as turn, o.*
from found as o
left join minted_before as p on p.person_ref = o.person_ref
where o.cluster in (select cluster from found group by cluster having count(*) > 1)
   or o.person_ref in (select person_ref from found group by person_ref having count(*) > 1);

create temp table kept as
select cluster, person_ref from found anti join contested using (cluster, person_ref);

drop table found;
drop table minted_before;
"""
UNNAMED = "select distinct cluster from clusters anti join kept using (cluster) order by cluster"
REFS = """
create temp table refs as
select cluster, person_ref from kept union all select cluster, person_ref from minted;

drop table minted;
"""
# each part of an earlier person that now has another reference
CHANGES = """
select
    o.person_ref,
    case when o.person_ref not in (select person_ref from kept) then 'merged into'
         when o.cluster not in (select cluster from kept) then 'split off'
         else 'records moved to' end as change,
    r.person_ref as other_ref,
    o.shared as record_count
from contested as o
join refs as r on r.cluster = o.cluster
where r.person_ref <> o.person_ref
order by o.person_ref, other_ref
"""
# a record that is no longer delivered keeps its reference; if that was merged, it goes where most of its records are
MEMBERS_NOW = """
with merged as (
    select o.person_ref, arg_min(r.person_ref, o.turn) as now_ref
    from contested as o
    join refs as r on r.cluster = o.cluster
    where o.person_ref not in (select person_ref from kept)
    group by o.person_ref
)
select c.person_key, r.person_ref
from clusters as c
join refs as r on r.cluster = c.cluster
union all
select m.person_key, coalesce(g.now_ref, m.person_ref)
from members as m
anti join clusters as c on c.person_key = m.person_key
left join merged as g on g.person_ref = m.person_ref
order by person_key
"""


def _match_contested(work: duckdb.DuckDBPyConnection) -> None:
    """Add to `kept`, in the order of turns, each contested overlap whose cluster and reference are both free."""
    clusters: set[str] = set()
    refs: set[str] = set()
    kept: list[tuple[str, str]] = []
    for cluster, ref in work.sql("select cluster, person_ref from contested order by turn").pl().iter_rows():
        if cluster not in clusters and ref not in refs:
            clusters.add(cluster)
            refs.add(ref)
            kept.append((cluster, ref))
    load(work, pl.DataFrame(kept, schema={"cluster": pl.String, "person_ref": pl.String}, orient="row"), "matched")
    work.execute("insert into kept select cluster, person_ref from matched")


def _minted(work: duckdb.DuckDBPyConnection, new_refs: Callable[[int], list[str]]) -> pl.DataFrame:
    """A new reference for each cluster that keeps none, in the order of their names."""
    unnamed: pl.DataFrame = work.sql(UNNAMED).pl()
    pieces = []
    for some in unnamed.iter_slices(MINTED_AT_ONCE):
        fresh = new_refs(some.height)
        if len(fresh) != some.height:
            raise ValueError(f"{some.height} references were asked for, {len(fresh)} came")
        pieces.append(some.with_columns(person_ref=pl.Series(fresh, dtype=pl.String)))
    return pl.concat(pieces) if pieces else unnamed.with_columns(person_ref=pl.lit("", pl.String))
