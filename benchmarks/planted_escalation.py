"""Escalation planted in invented forces: how much the product's test finds, and what else it calls.

    python benchmarks/planted_escalation.py --crimes 12000 --seeds 1 2 4 11 20 33

Forces are made in memory and not built: without errors in names each key is a person. Accounts are read by the
product's lexicon. Events, points of behaviour and persistence follow core.suspect_events, but a graver class and a
broken order bring no points here. Printed for each force and measure: pairs called rising of those planted, and pairs
called, whatever their direction, of all others tested, with 95% intervals.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import polars as pl

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from assets.methods.escalation import escalation
from assets.methods.intervals import wilson_interval
from assets.methods.text_signals import text_signals
from assets.reference import list_path
from sample.synth import make
from sample.synth.clock import DAY
from sample.synth.truth import COLLAPSE, suspect_events
from sample.synth.world import World

PAIR = ["true_person", "victim_true_person"]
SIGNALS = {  # item of reference.behaviour_items -> signals of the text
    "threat": ["has_threat"], "violence_or_effect": ["has_violence_or_effect"], "coercion": ["has_coercion"],
    "stalking_behaviour": ["has_stalking_behaviour"], "fixated_or_obsessive": ["is_fixated", "is_obsessive"],
    "online": ["is_online"],
}  # fmt: skip
ITEMS = dict(pl.read_csv(list_path("behaviour_items")).filter("is_on").select("item", "points").iter_rows())
SETTINGS = dict(pl.read_csv(list_path("settings")).select("key", "value").iter_rows())


def key(kind: str, number: str) -> pl.Expr:
    """A reference as the extract writes it."""
    return pl.lit(f"INV-{kind}") + pl.col(number).cast(pl.String).str.zfill(8)


def points(world: World) -> pl.DataFrame:
    """Points of behaviour of each crime, by the words of its account and of its log."""
    texts = pl.concat([
        world.tables["crime"].select(record_ref=key("C", "crime"), text="mo_text"),
        world.tables["incident"].select(record_ref=key("C", "incident"), text="log_text"),
    ])  # fmt: skip
    return points_of(texts)


def points_of(texts: pl.DataFrame) -> pl.DataFrame:
    """crime_id and severity: the points of all texts (record_ref, text) of each crime together."""
    read = text_signals(texts.with_columns(record_type=pl.lit("crime")), pl.read_csv(list_path("text_lexicon")))
    parts = [pl.any_horizontal(found).any() * ITEMS.get(item, 0) for item, found in SIGNALS.items()]
    return read.group_by(crime_id="record_ref").agg(severity=pl.sum_horizontal(parts))


def events(world: World) -> pl.DataFrame:
    """Events of pairs that have enough of them to be tested."""
    used = world.tables["party_role"].select(person_key=key("P", "person_key")).unique()
    reports = suspect_events(world, used.with_columns(true_person="person_key")).drop_nulls("victim_true_person")
    reports = reports.join(points(world), on="crime_id").sort(*PAIR, "reported_ts", "crime_id")
    wait, since = (
        pl.col("reported_ts").diff().over(PAIR),
        pl.col("reported_ts") - pl.col("reported_ts").min().over(PAIR),
    )
    lasting = (since > SETTINGS["behaviour.persistence_days"] * DAY) * ITEMS.get("persistence", 0)
    return (
        reports.with_columns(
            pl.col("severity") + lasting, event=(wait.is_null() | (wait > COLLAPSE * DAY)).cum_sum().over(PAIR)
        )
        .group_by(dyad=pl.concat_str(PAIR, separator="|"), event="event")
        .agg(at=pl.col("reported_ts").min() / DAY, severity=pl.col("severity").max())
        .filter(pl.len().over("dyad") >= SETTINGS["escalation.minimum_events"])
    )


def run(crimes: int, seed: int) -> pl.DataFrame:
    """Of one force and each measure: planted, found, others tested, others called."""
    world, _ = make(crimes, seed, "none")
    firsts = [int(rows[0]) for rows in world.escalating]
    planted = [
        f"INV-P{world.facts['suspect_key'][row]:08d}|INV-P{world.facts['victim_key'][row]:08d}" for row in firsts
    ]
    called = (pl.col("q") <= SETTINGS["escalation.false_discovery"]) & (pl.col("direction") != "")
    tested = escalation(events(world).drop("event")).with_columns(is_planted=pl.col("dyad").is_in(planted))
    return (
        tested.group_by("measure")
        .agg(
            planted=pl.col("is_planted").sum(),
            found=(pl.col("is_planted") & called & (pl.col("direction") == "rising")).sum(),
            others=(~pl.col("is_planted")).sum(),
            others_called=(~pl.col("is_planted") & called).sum(),
        )
        .sort("measure")
    )


def shown(label: str, row: dict[str, int]) -> str:
    """A row of the table, shares with their intervals."""
    cells = []
    for count, total in ((row["found"], row["planted"]), (row["others_called"], row["others"])):
        low, high = wilson_interval(count, total)
        cells.append(f"{count} of {total} ({100 * low:.1f}% to {100 * high:.1f}%)")
    return f"| {label} | {row['measure']} | {' | '.join(cells)} |"


def main() -> None:
    """Each force in turn, then all together."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--crimes", type=int, default=12_000)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 4, 11, 20, 33])
    given = parser.parse_args()
    print("| seed | measure | planted, called rising | others, called |\n|--:|:--|:--|:--|")
    parts = []
    for seed in given.seeds:
        parts.append(run(given.crimes, seed))
        for row in parts[-1].iter_rows(named=True):
            print(shown(str(seed), row), flush=True)
    for row in pl.concat(parts).group_by("measure").sum().sort("measure").iter_rows(named=True):
        print(shown("all", row))


if __name__ == "__main__":
    main()
