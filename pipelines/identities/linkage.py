"""Linkage in a build: from delivered names to keys and references alone.

Names are read in memory. Nothing here prints, logs or writes a name: messages give counts, and the rest is in the
encrypted identity store.
"""

from __future__ import annotations

import hashlib
import json
import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from assets.methods.linkage import process as methods
from assets.methods.linkage import register as linkage_register
from assets.methods.linkage.clusters import Limits
from assets.methods.linkage.levels import COMPARISONS
from assets.methods.linkage.model import TooManyComparisons
from assets.methods.linkage.text import normalised
from assets.methods.spread import Spread
from assets.readers import files
from assets.readers.extract.identities import TABLE, Identities, is_identities, read_identities, together
from assets.readers.source import BrokenFile, ExtractMapping
from assets.reference import list_path
from pipelines.delivery import parts, processing_log
from pipelines.fetching.folder import DataFolder
from pipelines.identities import erased_list
from pipelines.identities.identity_state import State, load, save
from pipelines.identities.identity_store import FOLDER, KEY, IdentityStore, NoIdentityKey, WrongIdentityKey, mark
from pipelines.system import machine, stops
from pipelines.tables.cards import ASSETS, all_cards, code_of
from pipelines.tables.sql import create_from_card, scalar
from pipelines.tables.warehouse import EngineLost, comment, record_state, state_of, transaction, write_frame

RUNS, LINKS, PAIRS, CHANGES = "raw.linkage_runs", "raw.person_links", "raw.person_pairs", "raw.person_ref_changes"
TABLES = (RUNS, LINKS, PAIRS, CHANGES)
PART_FAILED = re.compile(r"scoring a part stopped with (\w+)")  # as assets/methods/linkage/parts.py says it
# bytes that linkage needs: training compares a fixed number of pairs. Measured: 18,699 and 61,484 records in 1 GB and
# not in 0.8 or 0.9; 306,845 in 1.5 GB and not in 1.0
NEEDED, NEEDED_A_RECORD = machine.GB, 2_000
COMBINED = "combined"  # the manner of links that were made in several homes
Tell = Callable[[str], None]


@dataclass(frozen=True)
class Settings:
    """What reference.settings says of linkage."""

    limits: Limits
    most_comparisons: float
    review_band: float
    review_pairs: int
    rebuild_share: float
    rebuild_days: float


def take_in(
    con: duckdb.DuckDBPyConnection, home: Path, folder: DataFolder, tell: Tell, spread: Spread | None = None
) -> None:
    """Link what person_identity delivers; else say why and keep earlier links. `spread` is the engine's."""
    for table in TABLES:
        _ensure(con, table)
    mapping = folder.mapping
    if mapping.problem is not None:  # what the file of names is called is not known: what was linked stays
        return
    found = _current([name for name in folder.readable if is_identities(name, mapping)])
    if not found:
        # not where the links are of several homes, whose names are not here
        if con.execute(f"select 1 from {RUNS} where manner = ?", [COMBINED]).fetchone() is None:
            _not_measured(con, "no person_identity was delivered: each person key counts as one person")
        return
    decisions = _decisions(con)
    held = erased_list.held_list(home)
    paths = [folder.path / file for file in found]
    signature = _signature(paths, mapping, decisions, con) + (f"+{held.mark}" if held is not None else "")
    if _is_done(con, signature):
        return
    try:
        store = IdentityStore(home, is_demonstration(con))
        if store.made_key:
            tell(f"Demonstration: a key for invented names was made in {home / FOLDER}; a force gives its own in {KEY}")
        read = _without_erased(store, _read_names(con, home, folder, found))
        if read.frame.is_empty():  # a header alone, or only erased people
            named = f"{', '.join(found)} {'has' if len(found) == 1 else 'have'}"
            _not_measured(con, f"{named} no record to link: each person key counts as one person")
            return
        outcome = _link(con, home, store, read, decisions, spread)
    except (NoIdentityKey, WrongIdentityKey, TooManyComparisons, BrokenNames) as problem:
        _refused(con, signature, str(problem), tell)
    except EngineLost:  # no table could be made either
        raise
    except Exception as problem:  # unless somebody stopped it, the rest of the build goes on without new links
        if stops.was_stopped(problem):
            raise stops.BuildStopped(stops.STOPPED) from None
        if _is_out_of_memory(problem):
            _refused(con, signature, _too_large(read.frame.height), tell)
            return
        # a message may quote a value: only its kind is shown, or that of the fault on a worker
        on_worker = PART_FAILED.search(str(problem))
        kind = f"{on_worker[1]} on a worker" if on_worker else type(problem).__name__
        _refused(con, signature, f"linkage stopped with {kind}; nothing was overwritten", tell)
    else:
        _record(con, signature, {LINKS: outcome.links, PAIRS: outcome.pairs, CHANGES: outcome.changes}, outcome.run)
        tell(outcome.words())


def _is_out_of_memory(problem: BaseException | None) -> bool:
    """Whether DuckDB on this machine had no memory left; Splink wraps what DuckDB says."""
    while problem is not None and not isinstance(problem, duckdb.OutOfMemoryException):
        problem = problem.__cause__
    return problem is not None


def _too_large(records: int) -> str:
    had, needed = map(machine.in_words, (machine.linkage_memory(), NEEDED + NEEDED_A_RECORD * records))
    return (
        f"linkage keeps names in memory, and {had} were not enough: {records:,} records need about {needed}. Nothing"
        f" was overwritten. Set {machine.MEMORY} to more, or build on a machine with more memory."
    )


class BrokenNames(Exception):
    """A file of names cannot be read: nobody is linked by a part of the names. The words name the file."""


def _read_names(con: duckdb.DuckDBPyConnection, home: Path, folder: DataFolder, found: Sequence[str]) -> Identities:
    """The names in these files, together: each force may deliver its own."""
    read = []
    for file in found:
        processing_log.collected_names(home, file)
        try:
            read.append(read_identities(folder.path / file, parts.scoped(folder.mapping, file, parts.scopes(con))))
        except BrokenFile as problem:
            raise BrokenNames(f"{file}: {problem}") from None
    return together(read)


@dataclass(frozen=True)
class Outcome:
    """What a run came to; `run` is the row of raw.linkage_runs."""

    run: dict[str, Any]
    links: pl.DataFrame
    pairs: pl.DataFrame
    changes: pl.DataFrame

    def words(self) -> str:
        """One line for the person who waits."""
        r = self.run
        return (
            f"linkage ({r['manner']}): {r['record_count']:,} records are {r['person_count']:,} people;"
            f" {r['comparison_count']:,} comparisons, {r['changed_ref_count']:,} references merged, split or moved"
        )


def _link(
    con: duckdb.DuckDBPyConnection, home: Path, store: IdentityStore, read: Identities, decisions: pl.DataFrame,
    spread: Spread | None,
) -> Outcome:
    settings = _settings(con)
    names = con.execute("select full_name, variant from reference.forename_variants order by all").fetchall()
    variants = methods.variants_of(names)  # forename -> the full names that it may mean, itself first if it is one
    memory = f"{machine.linkage_memory() // machine.MB}MB"
    state = load(store)
    day = datetime.now(UTC).date()
    marks = _row_marks(read.frame)
    fresh = marks.join(state.marks, on=["person_key", "row_mark"], how="anti")["person_key"]
    gone = state.marks.join(marks, on="person_key", how="anti").height
    why_full = _why_full(state, settings, fresh.len() / max(1, read.frame.height), day, con)
    if why_full or state.model is None:
        most = settings.most_comparisons
        state = replace(state, records=state.records.clear())  # every record comes again: two of each are not kept
        linked = methods.link(read.frame, variants, settings.limits, most, decisions, None, spread, memory)
        records, clusters, manner = linked.records, linked.people.select("person_key", "cluster"), "full"
        people, pairs = linked.people, linked.pairs
        reason = why_full
    else:
        known = state.records.join(marks, on="person_key", how="semi")
        known = known.filter(~pl.col("person_key").is_in(fresh.implode()))
        more = normalised(read.frame.filter(pl.col("person_key").is_in(fresh.implode())), variants, known)
        members = state.register.members.rename({"person_ref": "cluster"})
        held = _frame(con, f"select person_key_l, person_key_r from {PAIRS} where is_decided")
        decided = pl.concat([held, decisions.select("person_key_l", "person_key_r")])
        roots = pl.concat([decided["person_key_l"], decided["person_key_r"]]).unique().sort().alias("person_key")
        linked = methods.link_more(known, members, more, state.model, settings.limits, decisions, roots, memory)
        records, manner, reason = pl.concat([known, more.select(known.columns)]), "increment", "new or changed records"
        people, clusters, pairs = _with_standing(con, linked, members, records)
    register = linkage_register.reconcile(state.register, clusters, day, reason, con=con)
    named = people.drop("cluster").join(register.members, on="person_key")
    trained = day if why_full else state.trained_on
    changes = register.log.filter(pl.col("run_number") == state.register.next_run).height
    run = {
        "run_at": datetime.now(UTC), "manner": manner, "reason": reason, "is_measured": True,
        "row_count": read.row_count, "left_out_count": sum(read.left_out.values()),
        "left_out_reason": "; ".join(f"{n:,} with {why}" for why, n in read.left_out.items()),
        "record_count": records.height, "new_record_count": fresh.len(), "gone_record_count": gone,
        "person_count": named["person_ref"].n_unique(),
        "comparison_count": int(linked.comparisons["comparison_count"].sum()),
        "changed_ref_count": changes, "trained_on": trained, "link_weight": settings.limits.link,
    }  # fmt: skip
    processing_log.combined(home, run)
    save(store, State(register, linked.model, records.sort("person_key"), marks, trained, _code_mark()))
    links = _links(named, records)
    erased = erased_list.read_erased(store).links().cast(dict(links.schema))  # type: ignore[arg-type]
    return Outcome(run, pl.concat([links, erased]), _review(pairs, named, decisions, settings), register.log)


def _without_erased(store: IdentityStore, read: Identities) -> Identities:
    """What was delivered without the people who were erased: they are read no further."""
    gone = list(erased_list.read_erased(store).tokens(read.frame["person_key"]))
    if not gone:
        return read
    left_out = {**read.left_out, "a person who was erased": len(gone)}
    return replace(read, frame=read.frame.filter(~pl.col("person_key").is_in(gone)), left_out=left_out)


def _why_full(state: State, settings: Settings, share: float, day: Any, con: duckdb.DuckDBPyConnection) -> str:
    """Why everything is linked again; '' if only new and changed records are."""
    held = scalar(con, f"select count(*) from {LINKS}")
    if state.model is None or state.trained_on is None:
        return "first linkage"
    if state.code_mark != _code_mark():
        return "full rebuild: the linkage method has changed"
    if not held:
        return "full rebuild: the warehouse had no links"
    if share > settings.rebuild_share:
        return f"full rebuild: more than {settings.rebuild_share:.0%} of the records are new or changed"
    if (day - state.trained_on).days > settings.rebuild_days:
        return f"full rebuild: the last was more than {settings.rebuild_days:.0f} days ago"
    return ""


def _with_standing(
    con: duckdb.DuckDBPyConnection, linked: methods.Linked, members: pl.DataFrame, records: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """People, clusters and pairs of an increment, with the untouched ones."""
    keys = linked.people["person_key"].implode()
    standing = members.filter(~pl.col("person_key").is_in(keys)).join(records, on="person_key", how="semi")
    clusters = pl.concat([linked.people.select("person_key", "cluster"), standing.select("person_key", "cluster")])
    before = _frame(con, f"select person_key, linkage_confidence from {LINKS}")
    kept = standing.join(before, on="person_key", how="left").select("person_key", "cluster", "linkage_confidence")
    pairs = _frame(con, f"select * from {PAIRS}")
    pairs = pairs.filter(methods.both_in(records["person_key"]) & ~methods.both_in(linked.people["person_key"]))
    return pl.concat([linked.people, kept]), clusters, _both_forms(linked.pairs, pairs)


def _both_forms(fresh: pl.DataFrame, held: pl.DataFrame) -> pl.DataFrame:
    """Fresh pairs and pairs of the warehouse in one form: levels by number."""
    numbers = [
        pl.col(f"level_{c.name}")
        .replace_strict({c.words(n): n for n in range(-1, len(c.levels))}, return_dtype=pl.Int8)
        .alias(f"level_{c.name}")
        for c in COMPARISONS
    ]
    plain = held.with_columns(
        *numbers, verdict=pl.when(pl.col("contradiction").is_not_null()).then(-1).otherwise(0).cast(pl.Int64)
    ).select(fresh.columns)
    return pl.concat([fresh, plain.cast(dict(fresh.schema))])  # type: ignore[arg-type]


def _links(named: pl.DataFrame, records: pl.DataFrame) -> pl.DataFrame:
    """What may leave: who belongs to whom, how surely, and the kind of record.

    No value of the record is in it.
    """
    # the rarer a name, the more easily a record finds its fellows: the rarer of the two counts
    counts = records.with_columns(
        _forename=pl.len().over("forename") / pl.len(), _surname=pl.len().over("surname") / pl.len()
    )
    rarest = pl.min_horizontal("_forename", "_surname")
    kinds = counts.select(
        "person_key",
        has_birth_date=pl.col("birth_date").is_not_null(),
        is_first_january=pl.col("is_first_january").fill_null(False),
        has_postcode=pl.col("postcode").is_not_null(),
        has_number=pl.any_horizontal(pl.col("phone", "email", "pncid").is_not_null()),
        name_part_count=pl.col("forename").is_not_null().cast(pl.Int64)
        + pl.col("other_forenames").list.len().cast(pl.Int64)
        + pl.col("surname_parts").list.len().cast(pl.Int64),
        name_frequency=pl.when(rarest.is_null()).then(pl.lit("no name")).when(rarest < 0.0005).then(pl.lit("rare"))
        .when(rarest < 0.005).then(pl.lit("middling")).otherwise(pl.lit("common")),
    )  # fmt: skip
    return (
        named.join(kinds, on="person_key")
        .with_columns(record_count=pl.len().over("person_ref").cast(pl.Int64))
        .select(c.name for c in all_cards()[LINKS].columns)
        .sort("person_key")
    )


def _review(pairs: pl.DataFrame, named: pl.DataFrame, decisions: pl.DataFrame, settings: Settings) -> pl.DataFrame:
    """Pairs for review: those nearest to the limit, and all that were decided on."""
    refs = named.select("person_key", "person_ref")
    both = (
        pairs.join(refs, left_on="person_key_l", right_on="person_key")
        .join(refs, left_on="person_key_r", right_on="person_key", suffix="_r")
        .join(decisions.select("person_key_l", "person_key_r", is_decided=pl.lit(True)),
              on=["person_key_l", "person_key_r"], how="left")
    )  # fmt: skip
    machine = (pl.col("match_weight") >= settings.limits.link) & pl.col("contradiction").is_null()
    together = pl.col("person_ref") == pl.col("person_ref_r")
    distance = (pl.col("match_weight") - settings.limits.link).abs()
    uncertain = (distance <= settings.review_band) | (machine != together)
    judged = both.with_columns(
        is_linked=together,
        is_linked_by_weight=machine,
        is_uncertain=uncertain,
        is_decided=pl.col("is_decided").fill_null(False),
        distance=pl.when(machine != together).then(0.0).otherwise(distance),
    )
    kept = pl.concat(
        [
            judged.filter("is_decided"),
            judged.filter(pl.col("is_uncertain") & ~pl.col("is_decided"))
            .sort("distance", "person_key_l", "person_key_r")
            .head(settings.review_pairs),
        ]
    )
    words = [
        pl.col(f"level_{c.name}").replace_strict(
            {n: c.words(n) for n in range(-1, len(c.levels))}, return_dtype=pl.String
        )
        for c in COMPARISONS
    ]
    columns = [c.name for c in all_cards()[PAIRS].columns]
    return kept.with_columns(words).select(columns).sort("person_key_l", "person_key_r")


def _row_marks(frame: pl.DataFrame) -> pl.DataFrame:
    """A mark of each delivered row, so that an unchanged record is known again."""
    with duckdb.connect() as con:
        con.execute("set temp_directory = ''")
        con.register("delivered", frame.to_arrow())
        columns = ", ".join(f'"{name}"' for name in frame.columns)
        marks: pl.DataFrame = con.sql(f"select person_key, hash({columns}) as row_mark from delivered").pl()
        return marks.sort("person_key")


def _current(names: Sequence[str]) -> list[str]:
    """The files that count, by name: those without a date are current, else those of the latest day."""
    days = {name: files.snapshot_date(name) for name in names}
    latest = None if None in days.values() else max(filter(None, days.values()), default=None)
    return sorted(name for name, day in days.items() if day == latest)


def is_demonstration(con: duckdb.DuckDBPyConnection) -> bool:
    """True where every force of the extract calls itself invented."""
    rows = con.execute("select name from raw.force").fetchall()
    return bool(rows) and all("invented" in str(name).lower() for (name,) in rows)


def _decisions(con: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """Settled pairs, by the same SQL that makes core.link_decisions."""
    maker = all_cards()["core.link_decisions"].maker
    assert maker is not None
    return _frame(
        con,
        "select person_key_l, person_key_r, case settled_verdict when 'same' then 1 else -1 end as verdict"
        f" from ({code_of(maker)}) where settled_verdict is not null order by all",
    )


def _frame(con: duckdb.DuckDBPyConnection, query: str) -> pl.DataFrame:
    """A query's result, whatever the connection has not read to its end yet."""
    frame: pl.DataFrame = con.cursor().sql(query).pl()
    return frame


def _settings(con: duckdb.DuckDBPyConnection) -> Settings:
    held: dict[str, float] = dict(
        con.execute("select key, value from reference.settings where key like 'linkage.%'").fetchall()
    )
    return Settings(
        Limits(held["linkage.link_weight"], held["linkage.average_weight"]), held["linkage.maximum_comparisons"],
        held["linkage.review_weight"], int(held["linkage.review_pairs"]), held["linkage.rebuild_share"],
        held["linkage.rebuild_days"],
    )  # fmt: skip


def _code_mark() -> str:
    """Changes with the code and the names that decide who is linked."""
    digest = hashlib.sha256()
    for path in [*sorted((ASSETS / "methods" / "linkage").glob("*.py")), list_path("forename_variants")]:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _signature(
    paths: Sequence[Path], mapping: ExtractMapping, decisions: pl.DataFrame, con: duckdb.DuckDBPyConnection
) -> str:
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.read_bytes())
    settings = con.execute(
        "select key, value from reference.settings where key like 'linkage.%' order by key"
    ).fetchall()
    parts = [mapping.mark(TABLE), json.dumps(decisions.rows()), repr(settings), _code_mark(), mark()]
    parts += [all_cards()[table].code_hash for table in TABLES]
    digest.update("|".join(parts).encode())
    return digest.hexdigest()


def _is_done(con: duckdb.DuckDBPyConnection, signature: str) -> bool:
    state = state_of(con, RUNS)
    return state is not None and state.fingerprint == signature


def _ensure(con: duckdb.DuckDBPyConnection, table: str) -> None:
    card = all_cards()[table]
    state = state_of(con, table)
    if state is None:
        create_from_card(con, card)
        comment(con, card)
        record_state(con, table, "empty", 0, time.monotonic())


def take_combined(con: duckdb.DuckDBPyConnection, held: Mapping[str, pl.DataFrame]) -> None:
    """Take the links of several homes, by table, as those of one run. It is measured where it was in any home."""
    runs = held[RUNS]
    without = runs.height - int(runs["is_measured"].sum())
    none = f"; {without} of them linked nobody: there each person key counts as one person" if without else ""
    counts = [name for name in runs.columns if name.endswith("_count")]
    run = {
        **runs.select(pl.col(counts).sum()).row(0, named=True), "run_at": datetime.now(UTC), "manner": COMBINED,
        "reason": f"linked in each of {runs.height} homes; nobody was looked for in two of them{none}",
        "is_measured": without < runs.height, "link_weight": runs["link_weight"].max(),
        "left_out_reason": "; ".join(sorted(set(runs["left_out_reason"].drop_nulls()) - {""})),
        "trained_on": runs["trained_on"].min(),
    }  # fmt: skip
    signature = hashlib.sha256("".join(str(held[table].hash_rows().sum()) for table in TABLES).encode()).hexdigest()
    _record(con, signature, held, run)


def _not_measured(con: duckdb.DuckDBPyConnection, reason: str) -> None:
    mark_of_none = hashlib.sha256(reason.encode()).hexdigest()
    if _is_done(con, mark_of_none):
        return
    with transaction(con):
        for table in (LINKS, PAIRS, CHANGES):
            if scalar(con, f"select count(*) from {table}"):
                con.execute(f"delete from {table}")
                record_state(con, table, mark_of_none, 0, time.monotonic())
        _write_run(con, mark_of_none, {"run_at": datetime.now(UTC), "manner": "none", "reason": reason,
                                       "is_measured": False})  # fmt: skip


def _refused(con: duckdb.DuckDBPyConnection, signature: str, reason: str, tell: Tell) -> None:
    """Say so, and leave what was linked before as it is."""
    tell(f"REFUSED {TABLE}: {reason}")
    held = scalar(con, f"select count(*) from {LINKS}")
    run = {"run_at": datetime.now(UTC), "manner": "refused", "reason": reason, "is_measured": held > 0}
    with transaction(con):
        # marked as open, so that the next build tries again even where nothing else has changed
        _write_run(con, f"refused {signature}", run)


def _record(
    con: duckdb.DuckDBPyConnection, signature: str, held: Mapping[str, pl.DataFrame], run: Mapping[str, Any]
) -> None:
    with transaction(con):
        for table in (LINKS, PAIRS, CHANGES):
            write_frame(con, all_cards()[table], held[table], signature)
        _write_run(con, signature, run)


def _write_run(con: duckdb.DuckDBPyConnection, signature: str, run: Mapping[str, Any]) -> None:
    names = [c.name for c in all_cards()[RUNS].columns]
    frame = pl.DataFrame([{name: run.get(name) for name in names}])
    write_frame(con, all_cards()[RUNS], frame, signature)
