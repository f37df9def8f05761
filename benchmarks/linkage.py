"""Linkage against bare Splink with the same settings on the same records, in one run; and an increment of it.

    python benchmarks/linkage.py --records 1000000 --increment 5000
    python benchmarks/linkage.py --records 3000000 --only ours      # memory
    .venv-spark/bin/python benchmarks/linkage.py --records 1000000 --spark-master 'local[2]'

Each part runs in a process of its own, and is given the records as a parquet file of delivered rows:

- ours: normalise, count comparisons, train, score, weigh the pairs missing within groups, cluster, reconcile
  with an empty register;
- bare: the same normalised records (their making is not counted for it), Splink's u by random sampling, EM, predict and
  its own clustering at a threshold, with the settings that ours uses: levels, terms, blocking rules, sample sizes;
- increment: N records linked to the others with the model of the full run;
- spark: ours with pairs scored by the workers of a cluster, where --spark-master names one. Seconds of processors are
  those of this process alone, unless Spark is local. Its people and pairs are compared with those of ours.

Names are made up of syllables with frequencies like those of real ones (the 1,000 commonest surnames are about half of
all), so that the number of comparisons grows as with real names. Peak memory is that of the process (ru_maxrss).
Targets: ours at most 1.2 times bare; 3 million within 8 GB; the increment at most 3% of ours.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime as dt
import importlib
import json
import logging
import os
import pickle
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from assets.methods.linkage import model as linkage_model
from assets.methods.linkage.levels import TRAINING
from assets.methods.linkage.process import PAIR, Limits, Linked, link, link_more, variants_of
from assets.methods.linkage.register import Register, reconcile
from assets.methods.linkage.text import normalised
from assets.reference import list_path

LIMITS = Limits(2.5, -4.0)  # as reference.settings
SYLLABLES = np.array([a + b for a in "bdfghjklm" for b in "aeio"])
DAY = dt.date(2026, 1, 1)


def words(count: int, parts: int, rng: np.random.Generator) -> np.ndarray[Any, Any]:
    """A number of different invented names."""
    made = SYLLABLES[rng.integers(0, SYLLABLES.size, (count * 2, parts))]
    joined = np.unique(["".join(row) for row in made])
    return rng.permutation(joined)[:count]


def skewed(names: np.ndarray[Any, Any], size: int, rng: np.random.Generator, power: float) -> np.ndarray[Any, Any]:
    """Names of a number of people, few of them common."""
    return names[(names.size * rng.random(size) ** power).astype(int)]


def records(count: int, seed: int) -> pl.DataFrame:
    """Delivered rows: about three people for every four records, a quarter of the further records with an error."""
    rng = np.random.default_rng(seed)
    people = count * 3 // 4
    forenames, surnames = words(3000, 3, rng), words(20_000 + count // 20, 4, rng)
    who = np.concatenate([np.arange(people), (people * rng.random(count - people) ** 1.5).astype(int)])
    first, last = skewed(forenames, people, rng, 3.0), skewed(surnames, people, rng, 3.0)
    born = rng.integers(-9000, 13_000, people)
    homes = rng.integers(0, 1_500_000, people)
    copy = np.arange(count) >= people
    amiss = rng.random((5, count)) < np.array([0.08, 0.05, 0.06, 0.25, 0.3])[:, None]
    amiss[:4] &= copy
    day = born[who] + np.where(amiss[2], rng.choice([1, -1, 9, 365, 30], count), 0)
    home = np.where(amiss[3], rng.integers(0, 1_500_000, count), homes[who])
    phone = np.where(amiss[3], rng.integers(0, 10**9, count), (who * 7919) % 10**9)
    letters = np.array(list("ABDEFGHJLNPQRSTUWXYZ"))
    frame = pl.DataFrame(
        {
            "person_key": np.char.add("K", np.arange(count).astype(str)),
            "forename": np.where(amiss[0], np.char.add(first[who], "a"), first[who]),
            "surname": np.where(amiss[1], skewed(surnames, count, rng, 3.0), last[who]),
            "date_of_birth": pl.Series(day).cast(pl.Int32).cast(pl.Date).dt.strftime("%Y-%m-%d"),
            "sex": np.where(who % 2 == 0, "F", "M"),
            "area": home % 240, "sector": home // 240 % 9 + 1, "one": letters[home // 2160 % 20],
            "two": letters[home // 43_200 % 20], "number": phone, "has_phone": ~amiss[4],
        }
    )  # fmt: skip
    return frame.select(
        "person_key", "forename", "surname", "date_of_birth", "sex",
        postcode=pl.format("ZZ{} {}{}{}", "area", "sector", "one", "two"),
        phone=pl.when("has_phone").then(pl.format("07{}", pl.col("number").cast(pl.String).str.zfill(9))),
    )  # fmt: skip


def variants() -> dict[str, list[str]]:
    forms = pl.read_csv(list_path("forename_variants"))
    return variants_of(forms.select("full_name", "variant").iter_rows())


class Clock:
    """Seconds by the clock, and of the processors: the latter are more reliable where other work runs."""

    def __init__(self) -> None:
        self._started = time.perf_counter(), time.process_time()

    def figures(self) -> dict[str, float]:
        return {"seconds": time.perf_counter() - self._started[0], "processor": time.process_time() - self._started[1]}


def ours(folder: Path) -> dict[str, Any]:
    """The whole of linkage, and what an increment needs of it."""
    importlib.import_module("splink.backends.duckdb")  # counted on no side
    names, forms = pl.read_parquet(folder / "records.parquet"), variants()
    clock = Clock()
    found = link(names, forms, LIMITS, 1e12)
    register = reconcile(Register.empty(), found.people, DAY, "first linkage")
    times = clock.figures()
    _keep(folder, found, register)
    return {**times, "people": register.people.height,
            "comparisons": int(found.comparisons["comparison_count"].sum()), "pairs": found.pairs.height}  # fmt: skip


def spark(folder: Path, master: str, settings: dict[str, str] | None = None) -> dict[str, Any]:
    """Ours, with the pairs scored on a cluster."""
    from pipelines.engines import spark as engine

    importlib.import_module("splink.backends.duckdb")  # counted on no side
    names, forms = pl.read_parquet(folder / "records.parquet"), variants()
    session = engine.Spark(engine.start(master, {"spark.local.dir": str(folder / "local"), **(settings or {})}))
    try:
        clock, before = Clock(), processor_of_children()
        found = link(names, forms, LIMITS, 1e12, spread=session.spread)
        times, children = clock.figures(), processor_of_children() - before
    finally:
        session.stop()
    found.people.write_parquet(folder / "people_of_spark.parquet")
    found.pairs.sort(PAIR).write_parquet(folder / "pairs_of_spark.parquet")
    return {**times, "processor": times["processor"] + children, "people": found.people["cluster"].n_unique(),
            "comparisons": int(found.comparisons["comparison_count"].sum()), "pairs": found.pairs.height}  # fmt: skip


def processor_of_children() -> float:
    """Processor seconds of all processes below this one: Java, and the Python of local workers."""
    parents, used = {}, {}
    for place in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            fields = (place / "stat").read_text().rpartition(")")[2].split()
            parents[int(place.name)] = int(fields[1])
            used[int(place.name)] = sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")
    below = {os.getpid()}
    for _ in parents:
        found = {process for process, parent in parents.items() if parent in below} - below
        if not found:
            break
        below |= found
    return sum(used[process] for process in below - {os.getpid()})


def _keep(folder: Path, found: Linked, register: Register) -> None:
    found.people.write_parquet(folder / "people.parquet")
    found.pairs.sort(PAIR).write_parquet(folder / "pairs.parquet")
    found.records.write_parquet(folder / "normalised.parquet")
    register.members.write_parquet(folder / "members.parquet")
    (folder / "model.pickle").write_bytes(pickle.dumps(found.model))


def bare(folder: Path) -> dict[str, Any]:
    """Splink alone, with the settings of ours."""
    from splink import Linker, SettingsCreator, block_on
    from splink.backends.duckdb import DuckDBAPI

    held = pl.read_parquet(folder / "normalised.parquet")
    clock = Clock()
    with linkage_model.open_memory() as con:
        linkage_model.load(con, held, "records")
        api = DuckDBAPI(connection=con)
        frame: Any = api.register("records", dataset_display_name="records")
        model = linkage_model.start(con, "records")
        linker = Linker(frame, SettingsCreator(**linkage_model.settings_of(model)), log_level=logging.ERROR,
                        validate_settings=False)  # fmt: skip
        linker.training.estimate_u_using_random_sampling(
            max_pairs=linkage_model.sampled_pairs(con, "records"), seed=linkage_model.SEED, min_count_per_level=None,
            num_chunks=1,
        )
        for rule in TRAINING:
            linker.training.estimate_parameters_using_expectation_maximisation(
                block_on(*rule), estimate_without_term_frequencies=True, max_pairs=linkage_model.TRAINED_PAIRS
            )
        predicted = linker.inference.predict(threshold_match_weight=-6.0, warning_mode="never")
        clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(
            predicted, threshold_match_weight=LIMITS.link
        )
        people = con.sql(f"select count(distinct cluster_id) from {clusters.physical_name}").pl().item()
        times = clock.figures()
    return {**times, "people": people}


def increment(folder: Path) -> dict[str, Any]:
    """New records linked to known ones. Reading the known ones counts, as it does in a build."""
    importlib.import_module("splink.backends.duckdb")  # counted on no side
    fresh, forms = pl.read_parquet(folder / "fresh.parquet"), variants()
    model = pickle.loads((folder / "model.pickle").read_bytes())
    clock = Clock()
    known = pl.read_parquet(folder / "normalised.parquet")
    members = pl.read_parquet(folder / "members.parquet").rename({"person_ref": "cluster"})
    found = link_more(known, members, normalised(fresh, forms, known), model, LIMITS)
    return {**clock.figures(), "people": found.people["cluster"].n_unique(),
            "comparisons": int(found.comparisons["comparison_count"].sum())}  # fmt: skip


PARTS = {"ours": ours, "bare": bare, "increment": increment}
ON_A_CLUSTER = "spark"
COMPARED = ("people", "pairs")


def run(part: str, folder: Path, master: str) -> dict[str, Any]:
    """One part in a process of its own."""
    command = [sys.executable, __file__, "--part", part, "--folder", str(folder), "--spark-master", master]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    said: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return said


def _are_same(one: Path, other: Path) -> bool:
    return pl.read_parquet(one).equals(pl.read_parquet(other))


def main() -> None:
    """Make the records, run the parts, print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--increment", type=int, default=5_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", choices=PARTS)
    parser.add_argument("--spark-master", default="")
    parser.add_argument("--part", choices=[*PARTS, ON_A_CLUSTER], help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.part:
        is_spark = asked.part == ON_A_CLUSTER
        result = spark(asked.folder, asked.spark_master) if is_spark else PARTS[asked.part](asked.folder)
        result["memory_gb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
        print(json.dumps(result))
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        made = records(asked.records + asked.increment, asked.seed)
        late = made.sample(asked.increment, seed=asked.seed)
        made.join(late, on="person_key", how="anti").write_parquet(folder / "records.parquet")
        late.write_parquet(folder / "fresh.parquet")
        del made, late
        parts = [asked.only] if asked.only else ["ours", ON_A_CLUSTER] if asked.spark_master else list(PARTS)
        results = {part: run(part, folder, asked.spark_master) for part in parts}
        if ON_A_CLUSTER in parts:
            same = [_are_same(folder / f"{what}.parquet", folder / f"{what}_of_spark.parquet") for what in COMPARED]
            results["equal"] = dict(zip(COMPARED, same, strict=True))
    for part, result in results.items():
        said = [f"{k} {v:,.2f}" if isinstance(v, float) else f"{k} {v:,}" for k, v in result.items()]
        print(f"{part}: {', '.join(said)}")
    if not asked.only and not asked.spark_master:
        for by in ("seconds", "processor"):
            full, rival, more = (results[part][by] for part in PARTS)
            print(f"by {by}, {asked.records:,} records: ours {full / rival:.2f} times bare (target 1.2),"
                  f" increment of {asked.increment:,} {more / full:.1%} of the full run (target 3%)")  # fmt: skip


if __name__ == "__main__":
    main()
