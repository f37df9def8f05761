"""Register of people: a random reference, minted once, that follows its person from run to run.

After each run the clusters of records are matched with the register by the records they share. The reference with most
shared records is kept, among equals the oldest. Merges and splits are logged with the day and the reason. Frame in,
frame out; the register knows keys and references, no name.
"""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # no letter that is read as another letter or a figure
LENGTH = 12
# a random byte selects a letter; bytes beyond the last whole round of the alphabet are left out, so that no letter is
# likelier than another
_LETTERS = bytes(ord(ALPHABET[byte % len(ALPHABET)]) for byte in range(256))
_UNEVEN = bytes(range(256 - 256 % len(ALPHABET), 256))
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
    def empty(cls) -> Register:
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
) -> Register:
    """The register after a run. In: `clusters` person_key and cluster, one row per record of the run."""
    overlaps = (
        clusters.join(register.members, on="person_key")
        .group_by("cluster", "person_ref")
        .agg(shared=pl.len())
        .join(register.people, on="person_ref", how="left")
        .sort("shared", "minted_on", "person_ref", "cluster", descending=[True, False, False, False], nulls_last=True)
    )
    kept = _matched(overlaps)
    unnamed = clusters.select(pl.col("cluster").unique().sort()).filter(~pl.col("cluster").is_in(list(kept)))
    fresh = new_refs(unnamed.height)
    if len(fresh) != unnamed.height:
        raise ValueError(f"{unnamed.height} references were asked for, {len(fresh)} came")
    minted = unnamed.with_columns(person_ref=pl.Series(fresh, dtype=pl.String))
    with_refs = pl.concat([_frame(kept), minted.cast(pl.String)])
    named = clusters.join(with_refs, on="cluster", how="left", maintain_order="left")
    people = pl.concat([register.people, minted.select("person_ref", minted_on=pl.lit(day))])
    # references of the clusters with a record of a known person: the log and absent records need them
    refs = dict(with_refs.join(overlaps.select("cluster").unique(), on="cluster", how="semi").iter_rows())
    log = _changes(overlaps, refs, kept, register.next_run, day, reason)
    members = _with_absent(register.members, named.select("person_key", "person_ref"), overlaps, refs, kept)
    return Register(members, people, pl.concat([register.log, log]), register.next_run + 1)


def _frame(kept: dict[str, str]) -> pl.DataFrame:
    names = {"cluster": pl.String, "person_ref": pl.String}
    return pl.DataFrame({"cluster": list(kept.keys()), "person_ref": list(kept.values())}, schema=names)


def _matched(overlaps: pl.DataFrame) -> dict[str, str]:
    """Cluster -> the reference that it keeps: each reference once, each cluster once, largest overlap first."""
    kept: dict[str, str] = {}
    taken: set[str] = set()
    for cluster, ref in overlaps.select("cluster", "person_ref").iter_rows():
        if cluster not in kept and ref not in taken:
            kept[cluster] = ref
            taken.add(ref)
    return kept


def _changes(
    overlaps: pl.DataFrame, refs: dict[str, str], kept: dict[str, str], run: int, day: dt.date, reason: str
) -> pl.DataFrame:
    """A row for each part of an earlier person that now has another reference."""
    homes = set(kept.values())
    rows = []
    for cluster, old, shared in overlaps.select("cluster", "person_ref", "shared").iter_rows():
        now = refs[cluster]
        if now == old:
            continue
        if old not in homes:
            rows.append((run, day, old, "merged into", now, shared, reason))
        elif cluster not in kept:
            rows.append((run, day, old, "split off", now, shared, reason))
        else:
            rows.append((run, day, old, "records moved to", now, shared, reason))
    return pl.DataFrame(rows, schema=LOG, orient="row").sort("person_ref", "other_ref")


def _with_absent(
    before: pl.DataFrame, now: pl.DataFrame, overlaps: pl.DataFrame, refs: dict[str, str], kept: dict[str, str]
) -> pl.DataFrame:
    """Keep the reference of records no longer delivered, or follow it where it was merged into another."""
    absent = before.join(now, on="person_key", how="anti")
    homes = set(kept.values())
    follows: dict[str, str] = {}
    for cluster, old in overlaps.select("cluster", "person_ref").iter_rows():
        if old not in homes:
            follows.setdefault(old, refs[cluster])
    absent = absent.with_columns(pl.col("person_ref").replace(follows))
    return pl.concat([now, absent]).sort("person_key")
