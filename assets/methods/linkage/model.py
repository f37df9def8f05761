"""Training and scoring with Splink on DuckDB, in memory: which pairs of records are one person, and why.

Added to Splink: the levels (linkage/levels), the count of comparisons before the run, and a prior that keeps estimates
from few pairs close to their usual values. Nothing here writes to a disk; DuckDB may not spill.
"""

from __future__ import annotations

import itertools
import logging
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import duckdb
import polars as pl

from assets.methods.linkage.levels import BLOCKING, COMPARISONS, TRAINING, Comparison, Level

APART = 1e-5  # bits between the weights of two levels, at least
RARE = 1e-7  # no level with a term is rarer than this among two strangers
SEED = 1
SAMPLED_PAIRS = (4e5, 2e6)  # pairs of strangers that are compared, fewest and most: it takes most of a small linkage
PAIRS_A_RECORD = 20
TRAINED_PAIRS = 1e6
PAIRS_AT_ONCE = 10e6  # more comparisons than this are made in parts: together they would not fit into memory
USUAL_PAIRS = 300  # weight of the usual share, in pairs of known people
TERMS = sorted({level.term for comparison in COMPARISONS for level in comparison.levels if level.term})


class TooManyComparisons(Exception):
    """The records would lead to more comparisons than the limit; the message gives the count of the worst rule."""


@dataclass(frozen=True)
class Model:
    """Estimated shares of the levels among one person's records (m) and strangers (u), and the prior match probability.
    """

    pair_probability: float
    m: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    u: Mapping[str, tuple[float, ...]] = field(default_factory=dict)


MEMORY = "6GB"  # where nobody says how much


def open_memory(memory: str = MEMORY, threads: int = 2) -> duckdb.DuckDBPyConnection:
    """A database in memory alone: identities never reach a scratch file."""
    con = duckdb.connect(config={"threads": threads, "memory_limit": memory})
    con.execute("set temp_directory = ''; set preserve_insertion_order = true")
    return con


def load(con: duckdb.DuckDBPyConnection, frame: pl.DataFrame, table: str) -> None:
    """Make a table of a frame, in its order, that goes with the connection."""
    con.register("given", frame.to_arrow())
    con.execute(f"create temp table {table} as select * from given")
    con.unregister("given")


def comparison_counts(con: duckdb.DuckDBPyConnection, records: str) -> pl.DataFrame:
    """Number of comparisons of each blocking rule, before any is made: one row per rule."""
    parts = [
        f"select '{' and '.join(rule)}' as blocking_rule,"
        f" cast(coalesce(sum(n * (n - 1) // 2), 0) as bigint) as comparison_count from (select count(*) as n"
        f" from {records} where {' and '.join(f'{c} is not null' for c in rule)} group by {', '.join(rule)})"
        for rule in BLOCKING
    ]
    counts: pl.DataFrame = con.sql(" union all ".join(parts)).pl()
    return counts


def candidates(con: duckdb.DuckDBPyConnection, known: str, fresh: str) -> pl.DataFrame:
    """Pairs that a blocking rule finds of a fresh record with a known one or with another fresh one."""
    parts = []
    for rule in BLOCKING:
        same = " and ".join(f"f.{column} = o.{column}" for column in rule)
        keys = "least(f.person_key, o.person_key) as person_key_l, greatest(f.person_key, o.person_key) as person_key_r"
        parts.append(f"select {keys} from {fresh} as f join {known} as o on {same}")
        parts.append(f"select {keys} from {fresh} as f join {fresh} as o on {same} and f.person_key < o.person_key")
    pairs: pl.DataFrame = con.sql(" union ".join(parts)).pl()
    return pairs.sort("person_key_l", "person_key_r")


def refuse_too_many(counts: pl.DataFrame, most: float) -> None:
    """Raise TooManyComparisons, in plain words, when the rules together lead to more than `most`."""
    total = int(counts["comparison_count"].sum())
    if total > most:
        worst = counts.sort("comparison_count", descending=True).row(0, named=True)
        raise TooManyComparisons(
            f"linkage would compare {total:,} pairs of records, more than the {most:,.0f} of reference.settings"
            f" (linkage.maximum_comparisons). Most, {worst['comparison_count']:,}, have the same"
            f" {worst['blocking_rule']}: look for a value that fills a field (an address or a date on very many"
            " records) and leave it out, or raise the limit."
        )


def train(con: duckdb.DuckDBPyConnection, records: str) -> Model:
    """Train on the records; the same records give the same model.

    Where there are too few records, the usual shares stay.
    """
    linker = _sampled(con, records)
    for rule in TRAINING:
        if not _expectation_maximisation(linker, rule):
            # a training that stops half-way leaves a linker without the comparisons of the rule's own columns
            _forget(linker)
            linker = _sampled(con, records)
            break
    model = _held_to_usual(con, records, linker)
    _forget(linker)
    return model


def _forget(linker: Any) -> None:
    """Drop the tables that a linker made: they grow with the records, and nobody reads them again."""
    linker.table_management.delete_tables_created_by_splink_from_db()


def sampled_pairs(con: duckdb.DuckDBPyConnection, records: str) -> float:
    """How many pairs of strangers show how often they agree: more for more records, within limits."""
    [(record_count,)] = con.sql(f"select count(*) from {records}").fetchall()
    fewest, most = SAMPLED_PAIRS
    return min(most, max(fewest, float(PAIRS_A_RECORD * record_count)))


def _sampled(con: duckdb.DuckDBPyConnection, records: str) -> Any:
    """A linker with the shares of agreement among strangers."""
    linker = _linker(con, records, start(con, records))
    linker.training.estimate_u_using_random_sampling(max_pairs=sampled_pairs(con, records), seed=SEED,
        min_count_per_level=None, num_chunks=1)  # fmt: skip
    return linker


class Scorer:
    """Splink over one table of records with one model.

    `terms` gives a query for each column of TERMS where `records` are only a part of all: how common its values are.
    """

    def __init__(
        self, con: duckdb.DuckDBPyConnection, records: str, model: Model, terms: Mapping[str, str] | None = None
    ) -> None:
        self._con, self._model = con, model
        self._linker = _linker(con, records, model)
        for column, query in (terms or {}).items():
            lookup = con.sql(query).to_arrow_table()
            frame = self._linker._db_api.register(lookup, dataset_display_name=_fresh(f"terms_{column}"))
            self._linker.table_management.register_term_frequency_lookup(frame, column)

    def blocked(self, least_weight: float, comparison_count: int) -> duckdb.DuckDBPyRelation:
        """Pairs that any blocking rule finds, of at least this weight: keys, weight, levels and their weights."""
        parts = max(1, math.ceil(comparison_count / PAIRS_AT_ONCE))
        found = self._linker.inference.predict(
            threshold_match_weight=least_weight, num_chunks_left=parts, num_chunks_right=1, warning_mode="never"
        )
        return self._con.sql(_with_levels(self._model, found.physical_name))

    def given(self, pairs: pl.DataFrame) -> duckdb.DuckDBPyRelation:
        """The same for given pairs (person_key_l, person_key_r), whatever their weight."""
        named = pairs.select(join_key_l="person_key_l", join_key_r="person_key_r", match_key=pl.lit("0"))
        frame = self._linker._db_api.register(named.to_arrow(), dataset_display_name=_fresh("given_pairs"))
        self._linker.table_management.register_blocked_pairs_for_predict(frame)
        found = self._linker.inference.predict(warning_mode="never")
        return self._con.sql(_with_levels(self._model, found.physical_name))


def terms_among(records: str, everybody: str) -> dict[str, str]:
    """For each column of TERMS the query of how common the values of `records` are among all."""
    return {
        column: f"select t.{column}, count(*) / any_value(a.n) as tf_{column} from {everybody} as t,"
        f" (select cast(count({column}) as double) as n from {everybody}) as a"
        f" where t.{column} in (select {column} from {records}) group by t.{column}"
        for column in TERMS
    }


_numbers = itertools.count()


def _fresh(name: str) -> str:
    """A name that no table in memory has yet."""
    return f"{name}_{next(_numbers)}"


def weights(model: Model, comparison: Comparison) -> list[float]:
    """Match weight of each level, in bits."""
    shares = zip(model.m[comparison.name], model.u[comparison.name], strict=True)
    return [math.log2(m / u) for m, u in shares]


def _with_levels(model: Model, predictions: str) -> str:
    """Add the level of each comparison, from its weight: no two levels have the same weight."""
    columns = ["person_key_l", "person_key_r", "match_weight", "match_probability"]
    for comparison in COMPARISONS:
        name = comparison.name
        last = len(comparison.levels) - 1
        cases = " ".join(
            f"when abs(mw_{name} - ({weight!r})) < {APART / 4} then {last - place}"
            for place, weight in enumerate(weights(model, comparison))
        )
        columns.append(f"cast(case when mw_{name} = 0 then -1 {cases} end as tinyint) as level_{name}")
        with_term = f" + mw_tf_adj_{name}" if any(level.term for level in comparison.levels) else ""
        columns.append(f"cast(mw_{name}{with_term} as float) as weight_{name}")
    return f"select {', '.join(columns)} from {predictions}"


def settings_of(model: Model) -> dict[str, Any]:
    """Splink's settings with this model: anyone can run bare Splink with them."""
    from splink import block_on

    return {
        "link_type": "dedupe_only",
        "unique_id_column_name": "person_key",
        "probability_two_random_records_match": model.pair_probability,
        "retain_matching_columns": False,
        "retain_intermediate_calculation_columns": True,
        "max_iterations": 15,
        "em_convergence": 0.001,
        "comparisons": [_comparison(c, model) for c in COMPARISONS],
        "blocking_rules_to_generate_predictions": [block_on(*rule) for rule in BLOCKING],
    }


def _comparison(comparison: Comparison, model: Model) -> dict[str, Any]:
    m = model.m.get(comparison.name, tuple(level.usual for level in comparison.levels))
    u = model.u.get(comparison.name)
    levels: list[dict[str, Any]] = [
        {"sql_condition": comparison.is_missing, "label_for_charts": "missing", "is_null_level": True}
    ]
    for place, level in enumerate(comparison.levels):
        entry: dict[str, Any] = {"sql_condition": level.sql, "label_for_charts": level.words, "m_probability": m[place]}
        if u is not None:
            entry["u_probability"] = u[place]
        if level.is_neutral:
            entry |= {"m_probability": m[place], "u_probability": u[place] if u else m[place],
                      "fix_m_probability": True, "fix_u_probability": True}  # fmt: skip
        if level.term:
            entry |= {"tf_adjustment_column": level.term, "tf_adjustment_weight": 1.0}
        levels.append(entry)
    return {"output_column_name": comparison.name, "comparison_levels": levels}


def _linker(con: duckdb.DuckDBPyConnection, records: str, model: Model) -> Any:
    """Splink's linker over a table of this connection."""
    from splink import Linker, SettingsCreator
    from splink.backends.duckdb import DuckDBAPI

    api = DuckDBAPI(connection=con)
    frame = api.register(records, dataset_display_name=records)
    return Linker(frame, SettingsCreator(**settings_of(model)), log_level=logging.ERROR, validate_settings=False)


def start(con: duckdb.DuckDBPyConnection, records: str) -> Model:
    """Prior probability that a pair is one person, from pairs that agree on name, birth date and sex."""
    row = con.execute(
        f"select count(*), (select coalesce(sum(n * (n - 1) // 2), 0) from (select count(*) as n from {records}"
        " where not is_first_january and forename is not null and surname is not null"
        f" group by forename, surname, birth_date)) from {records}"
    ).fetchall()[0]
    count, alike = int(row[0]), float(row[1])
    pairs = max(1.0, count * (count - 1) / 2)
    probability = (alike / 0.65 + 0.5) / pairs  # about two thirds of the pairs of one person agree on all three
    return Model(min(0.1, max(1e-9, probability)))


def _expectation_maximisation(linker: Any, rule: tuple[str, ...]) -> bool:
    """Train; False where there are too few pairs to learn from."""
    from splink import block_on
    from splink.internals.exceptions import EMTrainingException

    try:
        linker.training.estimate_parameters_using_expectation_maximisation(
            block_on(*rule), estimate_without_term_frequencies=True, fix_u_probabilities=True, max_pairs=TRAINED_PAIRS,
        )  # fmt: skip
    except EMTrainingException:
        return False
    except ValueError as problem:  # among records without two of one person, a share falls to zero
        if "m_probability value" not in str(problem):
            raise
        return False
    return True


def _held_to_usual(con: duckdb.DuckDBPyConnection, records: str, linker: Any) -> Model:
    """Trained shares, those from few pairs shrunk towards the usual ones; rounded, so that they repeat exactly."""
    start = linker._settings_obj._probability_two_random_records_match
    count = int(con.execute(f"select count(*) from {records}").fetchall()[0][0])
    seen = start * count * (count - 1) / 2
    m, u = {}, {}
    for comparison, trained in zip(COMPARISONS, linker._settings_obj.comparisons, strict=True):
        levels = [level for level in trained.comparison_levels if not level.is_null_level]
        found = [
            _number(level.m_probability) if level._has_estimated_m_values else None for level in levels
        ]
        same = _shares(comparison.levels, found, seen)
        # pairs drawn at random include a few of one person: they are taken out again
        drawn = _among_weighed(
            comparison.levels,
            [_number(level.u_probability) or 0.0 if level._has_estimated_u_values else 0.0 for level in levels],
        )
        strangers = tuple(
            m if level.is_neutral else round(max(RARE if level.term else level.rarest, u - start * m, u / 20), 9)
            for u, m, level in zip(drawn, same, comparison.levels, strict=True)
        )
        u[comparison.name] = strangers
        m[comparison.name] = _apart(same, strangers)
    return Model(float(f"{start:.6g}"), m, u)


def _shares(levels: tuple[Level, ...], found: list[float | None], seen: float) -> tuple[float, ...]:
    known = [0.0 if value is None else value for value in found]
    found = [
        None if value is None else share for value, share in zip(found, _among_weighed(levels, known), strict=True)
    ]
    weight = seen / (seen + USUAL_PAIRS)
    mixed = [
        level.usual if value is None or level.is_neutral else weight * value + (1 - weight) * level.usual
        for level, value in zip(levels, found, strict=True)
    ]
    return tuple(round(max(1e-4, value), 6) for value in mixed)


def _among_weighed(levels: tuple[Level, ...], shares: list[float]) -> list[float]:
    """Shares of the levels that carry a weight, among themselves; a neutral level keeps its own."""
    total = sum(share for level, share in zip(levels, shares, strict=True) if not level.is_neutral)
    if not total:
        return shares
    return [level.usual if level.is_neutral else share / total for level, share in zip(levels, shares, strict=True)]


def _apart(m: tuple[float, ...], u: tuple[float, ...]) -> tuple[float, ...]:
    """The same shares, moved slightly where two levels, or a level and a missing value, would weigh the same."""
    moved: list[float] = []
    taken = [0.0]
    for share, strangers in zip(m, u, strict=True):
        while any(abs(math.log2(share / strangers) - weight) < APART for weight in taken):
            share *= 1 + 2 * APART
        moved.append(share)
        taken.append(math.log2(share / strangers))
    return tuple(moved)


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, (int, float)) else None
