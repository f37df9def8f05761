"""Accuracy of linkage, beside Splink out of the box, on invented people whose truth is known.

    python benchmarks/linkage_accuracy.py --seeds 11 12 13 --crimes 20000 --people 8000

Two makers of people: the invented force, and the independent one of the tests (other names, other mistakes). Out of
the box means the ready comparisons and rules of Splink's own tutorial, trained the same way, clustered at 0.95. Both
run on the same records, in the same run.
"""

from __future__ import annotations

import argparse
import logging
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "worlds")]

import other_people

from assets.methods.linkage.process import Limits, link, variants_of
from assets.methods.linkage.quality import gaps, pairwise
from assets.reference import list_path
from sample.synth import write_force

NOISES = ("low", "medium", "heavy")


def variants() -> dict[str, list[str]]:
    """The forms of forenames that the product ships."""
    forms = pl.read_csv(list_path("forename_variants"))
    return variants_of(forms.select("full_name", "variant").iter_rows())


def settings() -> dict[str, float]:
    """The settings of linkage in reference.settings."""
    rows = pl.read_csv(list_path("settings")).filter(pl.col("key").str.starts_with("linkage."))
    return dict(rows.select("key", pl.col("value").cast(pl.Float64)).iter_rows())


def invented_force(crimes: int, seed: int, noise: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Identities of an invented force, and the true person of each record."""
    with tempfile.TemporaryDirectory() as folder:
        write_force(Path(folder), crimes, seed=seed, noise=noise, form="parquet")
        names = pl.read_parquet(Path(folder) / "force" / "person_identity.parquet")
        known = pl.read_parquet(Path(folder) / "truth" / "people.parquet")
        groups = pl.read_parquet(Path(folder) / "truth" / "name_groups.parquet")
        return names, known.join(names.select("person_key"), on="person_key").join(groups, on="true_person")


def out_of_the_box(names: pl.DataFrame) -> pl.DataFrame:
    """person_key and person, by the settings of Splink's tutorial."""
    import splink.comparison_library as cl
    from splink import Linker, SettingsCreator, block_on
    from splink.backends.duckdb import DuckDBAPI

    con = duckdb.connect()
    api = DuckDBAPI(connection=con)
    frame: Any = api.register(names.sort("person_key").to_arrow(), dataset_display_name="people")
    linker = Linker(
        frame,
        SettingsCreator(
            link_type="dedupe_only", unique_id_column_name="person_key",
            comparisons=[
                cl.ForenameSurnameComparison("forename", "surname"),
                cl.DateOfBirthComparison("date_of_birth", input_is_string=True),
                cl.PostcodeComparison("postcode"),
                cl.EmailComparison("email"),
                cl.ExactMatch("phone").configure(term_frequency_adjustments=True),
                cl.ExactMatch("sex"),
            ],
            blocking_rules_to_generate_predictions=[
                block_on("forename", "surname"), block_on("date_of_birth", "surname"),
                block_on("date_of_birth", "forename"), block_on("postcode", "surname"),
                block_on("postcode", "forename"), block_on("phone"), block_on("email"),
            ],
        ),
        log_level=logging.ERROR,
    )  # fmt: skip
    linker.training.estimate_probability_two_random_records_match(
        [block_on("forename", "surname", "date_of_birth"), block_on("email")], recall=0.7
    )
    linker.training.estimate_u_using_random_sampling(max_pairs=2e6, seed=1)
    for rule in (block_on("date_of_birth"), block_on("forename", "surname")):
        linker.training.estimate_parameters_using_expectation_maximisation(rule)
    predicted = linker.inference.predict(threshold_match_probability=0.5)
    clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(predicted, threshold_match_probability=0.95)
    found: pl.DataFrame = con.sql(f"select person_key, cluster_id as person from {clusters.physical_name}").pl()
    return found


def main() -> None:
    """Print one line a run and one for all seeds together."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, nargs="+", default=[11, 12, 13])
    parser.add_argument("--crimes", type=int, default=20_000)
    parser.add_argument("--people", type=int, default=8_000)
    parser.add_argument("--only-ours", action="store_true")
    asked = parser.parse_args()
    said = settings()
    limits = Limits(said["linkage.link_weight"], said["linkage.average_weight"])
    for maker in ("other people", "invented force"):
        for noise in NOISES:
            results: dict[str, list[pl.DataFrame]] = {"stra": [], "Splink out of the box": []}
            everybody = []
            for seed in asked.seeds:
                made = invented_force(asked.crimes, seed, noise) if maker == "invented force" else other_people.make(
                    asked.people, seed, noise
                )  # fmt: skip
                names, truth = made
                started = time.perf_counter()
                ours = link(names, variants(), limits, said["linkage.maximum_comparisons"]).people
                seconds = time.perf_counter() - started
                people = ours.select("person_key", person="cluster")
                everybody.append(_of_seed(seed, people.join(truth, on="person_key")))
                results["stra"].append(pairwise(people, truth, "name_group"))
                if not asked.only_ours:
                    results["Splink out of the box"].append(pairwise(out_of_the_box(names), truth, "name_group"))
                line = [f"{r[-1]['precision'][0]:.4f}/{r[-1]['recall'][0]:.4f}" for r in results.values() if r]
                about = f"{maker}, {noise}, seed {seed}: {names.height:,} records"
                print(f"{about}, {' against '.join(line)}, {seconds:.0f} s", flush=True)
            for who, parts in results.items():
                if parts:
                    print(f"  ALL SEEDS {maker}, {noise}, {who}: {_together(parts)}", flush=True)
            rows = pl.concat(everybody)
            found = gaps(rows.select("person_key", "person"), rows.drop("person"), "name_group")
            print("  recall below that of the others, points (95%): " + ", ".join(
                f"{r['name_group']} {100 * r['gap']:.1f} ({100 * r['lower']:.1f} to {100 * r['upper']:.1f})"
                for r in found.iter_rows(named=True)
            ), flush=True)  # fmt: skip


def _of_seed(seed: int, rows: pl.DataFrame) -> pl.DataFrame:
    """Keys that no other seed has, so that seeds may be counted together."""
    columns = ("person_key", "person", "true_person")
    return rows.with_columns(pl.format("{} {}", pl.lit(seed), c).alias(c) for c in columns)


def _together(parts: list[pl.DataFrame]) -> str:
    total = pl.concat(parts).group_by("name_group", maintain_order=True).agg(pl.col("^.*_count$").sum())
    rows = []
    for row in total.iter_rows(named=True):
        precision = row["right_pair_count"] / row["found_pair_count"]
        recall = row["right_pair_count"] / row["true_pair_count"]
        rows.append(f"{row['name_group']} {precision:.4f}/{recall:.4f} ({row['true_pair_count']:,})")
    return "; ".join(rows)


if __name__ == "__main__":
    main()
