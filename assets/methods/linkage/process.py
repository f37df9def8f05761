"""Linkage of records of people, from records to clusters: normalise, count comparisons, train, score, cluster.

The order of the steps belongs here; each step is in the module of its name.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import duckdb
import numpy as np
import polars as pl

from assets.methods.linkage import clusters as linkage_clusters
from assets.methods.linkage import model as linkage_model
from assets.methods.linkage import parts as linkage_parts
from assets.methods.linkage.clusters import Limits
from assets.methods.linkage.model import Model, Scorer
from assets.methods.linkage.text import normalised
from assets.methods.spread import Spread

KEPT_WEIGHT = -6.0  # pairs below are not worth a reviewer's time; they are weighed again where a cluster needs them
PAIR = ["person_key_l", "person_key_r"]
Variants = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Linked:
    """Result of a linkage run.

    `people`: person_key, cluster, confidence. `pairs`: keys, weight, probability, level and weight by comparison.
    `records`: normalised, with names: they go into the identity store and nowhere else.
    """

    people: pl.DataFrame
    pairs: pl.DataFrame
    model: Model
    comparisons: pl.DataFrame
    records: pl.DataFrame


def variants_of(rows: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """Forename -> the full names that it may be short for, itself first where it is one; from (full name, variant)."""
    full: dict[str, set[str]] = defaultdict(set)
    for name, variant in rows:
        full[name].add(name)
        full[variant].add(name)
    return {name: sorted(groups, key=lambda group: (group != name, group)) for name, groups in full.items()}


def link(
    identities: pl.DataFrame,
    variants: Variants,
    limits: Limits,
    most_comparisons: float,
    decisions: pl.DataFrame | None = None,
    model: Model | None = None,
    spread: Spread | None = None,
    memory: str = linkage_model.MEMORY,
) -> Linked:
    """Link all records. `decisions`: person_key_l, person_key_r, verdict (1 one person, -1 two).

    `spread` scores pairs on the machines of a cluster; the rest is done here. `memory` is what the database may use.
    Raises TooManyComparisons before any comparison is made.
    """
    records = normalised(identities, variants)
    with linkage_model.open_memory(memory) as con:
        linkage_model.load(con, records, "records")
        counts = linkage_model.comparison_counts(con, "records")
        linkage_model.refuse_too_many(counts, most_comparisons)
        learnt = model or linkage_model.train(con, "records")
        scorer = Scorer(con, "records", learnt)
        total = int(counts["comparison_count"].sum())
        if spread is None:
            found = scorer.blocked(KEPT_WEIGHT, total).pl()
        else:
            found = linkage_parts.scored(spread, con, "records", learnt, KEPT_WEIGHT, total)
        pairs = judged(found, decisions)
        pairs = _with_decided(scorer, pairs, decisions, records["person_key"])
        pairs = with_missing(scorer, pairs, records["person_key"], limits)
    return Linked(put_together(records["person_key"], pairs, limits), pairs, learnt, counts, records)


def link_more(
    known: pl.DataFrame,
    members: pl.DataFrame,
    fresh: pl.DataFrame,
    model: Model,
    limits: Limits,
    decisions: pl.DataFrame | None = None,
    roots: pl.Series | None = None,
    memory: str = linkage_model.MEMORY,
) -> Linked:
    """Link new or changed records to the known ones, without training again.

    In: `known` and `fresh` normalised records, `members` person_key and cluster of the known ones, `roots` keys of
    records on which reviewers have decided. Out: people and pairs of the records that are fresh, or share a
    cluster with a root or with a record that a fresh one links to. All others are unchanged.
    """
    roots = pl.Series("person_key", [], pl.String) if roots is None else roots
    with linkage_model.open_memory(memory) as con:
        # a view: to copy a million known records would take longer than to link the fresh ones
        con.register("known", known.to_arrow())
        linkage_model.load(con, fresh, "fresh")
        con.execute("create view everybody as select * from known union all by name select * from fresh")
        candidates = linkage_model.candidates(con, "known", "fresh")
        touched = pl.concat([candidates["person_key_l"], candidates["person_key_r"], fresh["person_key"], roots])
        members = members.join(known.select("person_key"), on="person_key", how="semi")
        around = members.filter(pl.col("person_key").is_in(touched.implode())).select("cluster").unique()
        fellows = members.join(around, on="cluster", how="semi")
        _part(con, pl.concat([touched, fellows["person_key"]]).unique())
        scorer = Scorer(con, "part", model, linkage_model.terms_among("part", "everybody"))
        # pairs within the clusters that may change are weighed in the same run of the scorer
        compared = pl.concat([candidates, _within(fellows)]).unique().sort(PAIR)
        scored = judged(scorer.given(compared).pl(), decisions)
        worth_a_look = (pl.col("match_weight") >= KEPT_WEIGHT) | (pl.col("verdict") == 1)
        new_pairs = scored.filter(worth_a_look).join(candidates, on=PAIR, how="semi")
        reached = _reached(new_pairs, members, fresh["person_key"], roots, limits)
        keys = reached["person_key"].sort()
        inside = _within(reached)
        kept = pl.concat([new_pairs.filter(both_in(keys)).select(PAIR), inside]).unique()
        pairs = _with_scored(scorer, scored.join(kept, on=PAIR, how="semi"), inside, decisions)
        pairs = _with_decided(scorer, pairs, decisions, keys)
        pairs = with_missing(scorer, pairs, keys, limits)
    counts = pl.DataFrame({"blocking_rule": ["new records"], "comparison_count": [candidates.height]})
    return Linked(put_together(keys, pairs, limits), pairs, model, counts, fresh)


def _within(members: pl.DataFrame) -> pl.DataFrame:
    """Every pair of two records of one cluster."""
    both = members.join(members, on="cluster", suffix="_r").filter(pl.col("person_key") < pl.col("person_key_r"))
    return both.select(person_key_l="person_key", person_key_r="person_key_r")


def _part(con: duckdb.DuckDBPyConnection, keys: pl.Series) -> None:
    """The records of these keys as a table of their own."""
    con.register("wanted_keys", keys.rename("person_key").to_frame().to_arrow())
    con.execute(
        "create or replace table part as select e.* from everybody as e join wanted_keys as w"
        " on e.person_key = w.person_key order by e.person_key"
    )
    con.unregister("wanted_keys")


def _reached(
    scored: pl.DataFrame, members: pl.DataFrame, fresh: pl.Series, roots: pl.Series, limits: Limits
) -> pl.DataFrame:
    """person_key and cluster of the fresh records and of every member of a cluster with a root or a link to one."""
    linked = scored.filter(
        (pl.col("verdict") == 1) | ((pl.col("verdict") == 0) & (pl.col("match_weight") >= limits.link))
    )
    touched = pl.concat([linked["person_key_l"], linked["person_key_r"], roots])
    clusters = members.filter(pl.col("person_key").is_in(touched.implode()))["cluster"]
    old = members.filter(pl.col("cluster").is_in(clusters.implode()) & ~pl.col("person_key").is_in(fresh.implode()))
    new = pl.DataFrame({"person_key": fresh, "cluster": "new " + fresh})
    return pl.concat([old.select("person_key", "cluster"), new])


def judged(pairs: pl.DataFrame, decisions: pl.DataFrame | None) -> pl.DataFrame:
    """Pairs with their contradiction and verdict: that of two reviewers, else -1 for a contradiction, else 0."""
    pairs = pairs.with_columns(contradiction=linkage_clusters.contradiction())
    verdict = pl.when(pl.col("contradiction").is_not_null()).then(-1).otherwise(0)
    if decisions is None or decisions.is_empty():
        return pairs.with_columns(verdict=verdict.cast(pl.Int64))
    said = _ordered(decisions).rename({"verdict": "_said"})
    joined = pairs.join(said, on=PAIR, how="left", maintain_order="left")
    return joined.with_columns(verdict=pl.coalesce("_said", verdict).cast(pl.Int64)).drop("_said")


def with_missing(scorer: Scorer, pairs: pl.DataFrame, keys: pl.Series, limits: Limits) -> pl.DataFrame:
    """The pairs, and those that no blocking rule found within what would be one cluster."""
    left, right = _places(keys, pairs["person_key_l"]), _places(keys, pairs["person_key_r"])
    verdict = pairs["verdict"].to_numpy()
    linked = (verdict == 1) | ((verdict == 0) & (pairs["match_weight"].to_numpy() >= limits.link))
    label = linkage_clusters.components(len(keys), left[linked], right[linked])
    groups = pl.DataFrame({"person_key": keys, "group": label}).filter(np.bincount(label)[label] > 2)
    both = groups.join(groups, on="group", suffix="_r").filter(pl.col("person_key") < pl.col("person_key_r"))
    return _with_scored(scorer, pairs, both.select(person_key_l="person_key", person_key_r="person_key_r"), None)


def _with_decided(
    scorer: Scorer, pairs: pl.DataFrame, decisions: pl.DataFrame | None, keys: pl.Series
) -> pl.DataFrame:
    """The pairs, and decided pairs that no rule finds, where both records still exist."""
    if decisions is None or decisions.is_empty():
        return pairs
    known = decisions.filter(both_in(keys))
    return _with_scored(scorer, pairs, _ordered(known).select(PAIR), known)


def _with_scored(
    scorer: Scorer, pairs: pl.DataFrame, wanted: pl.DataFrame, decisions: pl.DataFrame | None
) -> pl.DataFrame:
    """The pairs, and the wanted ones that are not yet among them."""
    missing = wanted.join(pairs.select(PAIR), on=PAIR, how="anti")
    if missing.is_empty():
        return pairs
    more = judged(scorer.given(missing.sort(PAIR)).pl(), decisions)
    return pl.concat([pairs, more.select(pairs.columns)])


def both_in(keys: pl.Series) -> pl.Expr:
    """True for pairs of two records of these keys."""
    wanted = keys.implode()
    return pl.col("person_key_l").is_in(wanted) & pl.col("person_key_r").is_in(wanted)


def put_together(keys: pl.Series, pairs: pl.DataFrame, limits: Limits) -> pl.DataFrame:
    """One row per record: its cluster, named after its first key, and the confidence of its weakest link."""
    left, right = _places(keys, pairs["person_key_l"]), _places(keys, pairs["person_key_r"])
    weight, verdict = pairs["match_weight"].to_numpy(), pairs["verdict"].to_numpy()
    person = linkage_clusters.refine(len(keys), left, right, weight, verdict, limits)
    inside = person[left] == person[right]
    best = np.zeros(len(keys))
    probability = np.where(verdict == 1, 1.0, pairs["match_probability"].to_numpy())
    np.maximum.at(best, left[inside], probability[inside])
    np.maximum.at(best, right[inside], probability[inside])
    # keys are sorted: the first of a person is where its number comes first
    _, first, person, count = np.unique(person, return_index=True, return_inverse=True, return_counts=True)
    weakest = np.ones(count.size)
    np.minimum.at(weakest, person, best)
    confidence = pl.Series(weakest).set(pl.Series(count < 2), None)
    return pl.DataFrame(
        {"person_key": keys, "cluster": keys.gather(first[person]), "linkage_confidence": confidence.gather(person)}
    )


def _ordered(decisions: pl.DataFrame) -> pl.DataFrame:
    one, two = pl.col("person_key_l"), pl.col("person_key_r")
    return decisions.select(
        person_key_l=pl.min_horizontal(one, two), person_key_r=pl.max_horizontal(one, two), verdict="verdict"
    ).unique(PAIR, keep="last", maintain_order=True)


def _places(keys: pl.Series, wanted: pl.Series) -> linkage_clusters.Ints:
    """Row number of each wanted key; keys are sorted."""
    places: linkage_clusters.Ints = np.asarray(keys.search_sorted(wanted), dtype=np.int64)
    return places
