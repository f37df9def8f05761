"""For `benchmarks/verdicts.py changes`: what is named as changed or different, where the truth is known.

Steady forces (`stra synth --steady --series`) in which nothing changes: on how many fronts is a change named as new?
Then the same forces with one thing planted: crimes of a district rise, a class is recorded otherwise, or a unit closes
otherwise than the rest. How often is it named, and among the first three? Last, all of these in one force: how much of
what is named is false? The findings are those of methods.change and methods.attention.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from assets.methods.attention import findings
from assets.methods.change import found
from benchmarks.planted_changes import (
    CLASS,
    CRIMES,
    SHARE,
    UNIT_MEASURE,
    UNIT_SHARE,
    UNKNOWN,
    USUAL_SHARE,
    parts,
    with_class,
    with_rise,
    with_share,
    with_unit,
)
from expectations import RULES

LISTS = ROOT / "assets" / "reference"
PARTS = ("none", "district", "unit")
AT_END = ("orders_in_force", "orders_ending", "orders_case_closed", "open_caseload", "repeat_suspect_12m",
          "repeat_victim_12m")  # fmt: skip
RISES = (*((rise, 3) for rise in (0.1, 0.2, 0.3, 0.4, 0.5, 0.6)), *((rise, 9) for rise in (0.1, 0.2, 0.3, 0.4)))
RECORDED = ((0.25, 9), (0.5, 6), (0.5, 9), (1.0, 3))  # how much more of a class, and for how many months
MIXED = {"rise": (0.5, 6), "class": (0.5, 9), "share": (0.8, 6)}  # size and months; of the share what is kept
STANDARD = {"subject": "recording", "direction": "higher_is_better", "rule_codes": "", "is_lead": False}
BARE = dict.fromkeys(("expected", "lower", "upper", "q_value", "latest_value"))


def settings() -> pl.DataFrame:
    """Key and value of the product's settings."""
    rows = pl.read_csv(LISTS / "settings.csv", infer_schema_length=0)
    return rows.select("key", pl.col("value").cast(pl.Float64, strict=False))


def listed() -> dict[str, dict[str, Any]]:
    """Each measure that is no standard, with its subject, direction and rules; `timing` of a duty."""
    with (LISTS / "assessment" / "own_measures.csv").open(encoding="utf-8") as file:
        own = [row | {"is_lead": True} for row in csv.DictReader(file)]
    measures: dict[str, dict[str, Any]] = {str(row["measure_code"]): row for row in own}
    with (LISTS / "protection" / "protection_measures.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            way = "higher_is_better" if row["kind"] == "duty" else "neither"
            leads = {"is_lead": row["is_lead"] == "true"}
            measures[row["measure_code"]] = row | leads | {"subject": "protection", "direction": way}
    return measures


def never_judged() -> list[str]:
    """Codes of what is counted at a month's end, and of duties and standards whose cases can always be met."""
    duties = [code for code, row in listed().items() if row.get("timing") == "open"]
    return [*AT_END, *duties, *(rule.code for rule in RULES if rule.timing == "open")]


def worlds(folders: list[Path]) -> Iterator[pl.DataFrame]:
    """The monthly points of each force, as metrics.measure_points has them, of the months that can be judged."""
    left_out = never_judged()
    for folder in folders:
        is_class = (pl.col("breakdown") == "class") & (pl.col("measure_code") == CRIMES)
        is_part = pl.col("breakdown").is_in(PARTS) | is_class
        rows = pl.read_parquet(folder / "series.parquet").filter(is_part, ~pl.col("measure_code").is_in(left_out))
        for world in rows.partition_by("seed"):
            yield _judged(world)


def _judged(world: pl.DataFrame) -> pl.DataFrame:
    """The whole months of a force, with the kind and name of each series."""
    of_force = world.filter(breakdown="none")
    kind = pl.when(pl.col("denominator").is_null().all()).then(pl.lit("count")).otherwise(pl.lit("share"))
    kind = pl.when(pl.col("measure_code").first().str.starts_with("days_")).then(pl.lit("median")).otherwise(kind)
    whole = of_force.filter("is_whole").select("measure_code", "month")
    kinds = of_force.group_by("measure_code").agg(kind=kind)
    return world.join(whole, on=["measure_code", "month"]).join(kinds, on="measure_code").with_columns(
        pl.col("numerator", "denominator").cast(pl.Float64),
        segment=pl.lit(1),
        series_ref=pl.concat_str("measure_code", "breakdown", "breakdown_value", separator="|"),
    )


def changes(points: pl.DataFrame) -> pl.DataFrame:
    """The change of every series, as metrics.measure_verdicts has it."""
    return found(points, settings().filter(key="attention.false_findings")["value"].item())


def attention(points: pl.DataFrame, changed: pl.DataFrame) -> pl.DataFrame:
    """The changes and outliers of a force in their order, as metrics.attention has them."""
    known, rows = listed(), [*_changed(points, changed), *_parts(points)]
    for row in rows:
        own = known.get(row["measure_code"], STANDARD)
        row |= {name: own[name] for name in ("subject", "direction", "rule_codes", "is_lead")}
        row |= {"measure_name": row["measure_code"], "post": "", "district": None}  # of a unit: not planted there
    return findings(pl.DataFrame(rows, infer_schema_length=None), settings())


def _changed(points: pl.DataFrame, changed: pl.DataFrame) -> list[dict[str, Any]]:
    series = points.group_by("series_ref").agg(
        pl.col("measure_code", "breakdown", "breakdown_value").first(), measure_kind=pl.col("kind").first(),
        period_end=pl.col("month").max(), latest_value=pl.col("value").sort_by("month").last(),
    )  # fmt: skip
    named = changed.filter("is_change").join(series, on="series_ref").rename({
        "changed_since": "period_start", "change_numerator": "numerator", "change_denominator": "denominator",
        "change_expected": "expected", "expected_from": "lower", "expected_to": "upper",
    })  # fmt: skip
    kinds = {True: "data", False: "change"}
    return [
        row | {"kind": kinds[row["breakdown"] == "class"], "rest_numerator": None, "rest_denominator": None}
        for row in named.to_dicts()
    ]


def _parts(points: pl.DataFrame) -> list[dict[str, Any]]:
    """The parts of the latest twelve months of every share, beside the rest of their force."""
    latest = pl.col("month") > pl.col("month").max().over("measure_code").dt.offset_by("-12mo")
    year = points.filter(pl.col("kind") == "share", latest, ~pl.col("breakdown_value").is_in(UNKNOWN))
    counted = year.group_by("measure_code", "breakdown", "breakdown_value").agg(
        pl.col("numerator", "denominator").sum().cast(pl.Int64),
        period_start=pl.col("month").min(), period_end=pl.col("month").max(),
    )  # fmt: skip
    counted = counted.filter(pl.col("breakdown") != "class")
    whole = counted.filter(breakdown="none").select("measure_code", all_n="numerator", all_d="denominator")
    parts = counted.filter(pl.col("breakdown") != "none", pl.col("denominator") >= 30).join(whole, on="measure_code")
    rows = parts.with_columns(
        rest_numerator=pl.col("all_n") - pl.col("numerator"), rest_denominator=pl.col("all_d") - pl.col("denominator")
    )
    return [row | BARE | {"kind": "outlier", "measure_kind": "share", "is_new": False} for row in rows.to_dicts()]


def steady(folders: list[Path]) -> None:
    """Print on how many fronts of steady forces a change is named as new, and how many are named at all."""
    counted = [changes(points) for points in worlds(folders)]
    new = sum(bool(frame["is_new"].any()) for frame in counted)
    judged = sum(frame.height for frame in counted) / len(counted)
    print("| steady forces | series judged in each | fronts with a new change | share | changes named in all |")
    print("|--:|--:|--:|--:|--:|")
    every = sum(frame["is_change"].sum() for frame in counted)
    print(f"| {len(counted)} | {judged:.0f} | {new} | {new / len(counted):.1%} | {every} |")


def false_share(changed: pl.DataFrame, district: str, planted: tuple[str, ...] = ()) -> float:
    """The share of the changes named that was not planted, where the crimes of one district rose; 0 without a change.

    What is counted of that district changed, and of the whole force, which has its crimes. The shares of both did not.
    """
    named = changed.filter("is_change")
    is_count, ref = pl.col("change_denominator").is_null(), pl.col("series_ref")
    is_true = ref.is_in(planted) | (is_count & (ref.str.ends_with("|none|all") | ref.str.ends_with(f"|{district}")))
    return named.filter(~is_true).height / max(named.height, 1)


def _rank(rows: pl.DataFrame, *where: pl.Expr) -> int:
    """The best rank of the findings asked for; 0 where there is none."""
    return int(rows.filter(*where)["attention_rank"].min() or 0)  # type: ignore[arg-type]


def _is_crimes(district: str) -> tuple[pl.Expr, ...]:
    of = (pl.col("kind") == "change", pl.col("breakdown_value") == district)
    return (*of, pl.col("measure_code").str.starts_with(CRIMES))


def _of_rise(points: pl.DataFrame, district: str, rise: float, months: int, seed: int) -> tuple[int, float]:
    """The rank at which a rise in one district is named, and the false share of the changes."""
    rose = with_rise(points, district, rise, months, seed)
    changed = changes(rose)
    return _rank(attention(rose, changed), *_is_crimes(district)), false_share(changed, district)


def _of_class(points: pl.DataFrame, more: float, months: int, seed: int) -> int:
    """The rank at which a recording change is named as one."""
    changed = with_class(points, more, months, seed)
    return _rank(attention(changed, changes(changed)), pl.col("kind") == "data", pl.col("breakdown_value") == CLASS)


def _of_unit(points: pl.DataFrame, seed: int) -> int:
    """The rank at which a unit unlike the rest is named, in a force that has units."""
    unit = _unit(points, seed)
    assert unit is not None
    odd = with_unit(points, unit, seed)
    return _rank(attention(odd, changes(odd)), *_is_unit(unit))


def _unit(points: pl.DataFrame, seed: int) -> str | None:
    units = sorted(parts(points, "unit", UNIT_MEASURE))
    return units[seed % len(units)] if units else None


def _is_unit(unit: str) -> tuple[pl.Expr, ...]:
    return pl.col("breakdown_value") == unit, pl.col("measure_code") == UNIT_MEASURE


def rises(held: list[pl.DataFrame]) -> None:
    """Print how often a rise is named among the first three: in the smallest district, and in the largest."""
    for place, size in ((0, "smallest"), (-1, "largest")):
        chosen = [parts(points, "district")[place] for points in held]
        crimes = [
            points.filter(measure_code=CRIMES, breakdown="district", breakdown_value=district)["numerator"].mean()
            for points, district in zip(held, chosen, strict=True)
        ]
        print(f"\nThe {size} district, of {np.mean(crimes):.0f} crimes a month:\n")  # type: ignore[arg-type]
        print("| rise | months | named | among the first three | false, mean share of the changes named |")
        print("|--:|--:|--:|--:|--:|")
        for rise, months in RISES:
            found_each = [
                _of_rise(points, district, rise, months, seed)
                for seed, (points, district) in enumerate(zip(held, chosen, strict=True))
            ]
            ranks, false = (np.array(column) for column in zip(*found_each, strict=True))
            first = (ranks > 0) & (ranks <= 3)
            print(f"| {rise:.0%} | {months} | {(ranks > 0).mean():.0%} | {first.mean():.0%} | {false.mean():.1%} |")


def power(folders: list[Path], most: int) -> None:
    """Print how often what is planted alone is named: a rise of one district, a class, a unit that is unlike."""
    held = [points for _, points in zip(range(most), worlds(folders), strict=False)]
    rises(held)
    print("\n| more of a class | months | named as data | named first |")
    print("|--:|--:|--:|--:|")
    for more, months in RECORDED:
        ranks = np.array([_of_class(points, more, months, seed) for seed, points in enumerate(held)])
        print(f"| {more:.0%} | {months} | {(ranks > 0).mean():.0%} | {(ranks == 1).mean():.0%} |")
    ranks = np.array([_of_unit(points, seed) for seed, points in enumerate(held) if _unit(points, seed)])
    above, named, first = f"{UNIT_SHARE - USUAL_SHARE:.1%}", (ranks > 0).sum(), (ranks == 1).sum()
    print(f"\nA unit {above} above the rest: named in {named} of {ranks.size}, first in {first}.")


def of_mixed(points: pl.DataFrame, seed: int) -> dict[str, float | None]:
    """What is named in a force with several changes: how many, what of them is false, and the rank of each planted one.

    A district rises, a class is recorded otherwise, a share falls in the whole force, and a unit is unlike the rest.
    Units that differ for good are no changes.
    """
    districts, unit = parts(points, "district"), _unit(points, seed)
    district = districts[seed % len(districts)]
    mixed = with_class(points, *MIXED["class"], seed)
    mixed = with_share(mixed, *MIXED["share"], seed)
    mixed = mixed if unit is None else with_unit(mixed, unit, seed)
    mixed = with_rise(mixed, district, *MIXED["rise"], seed)
    changed = changes(mixed)
    rows = attention(mixed, changed)
    return {
        "named": changed["is_change"].sum(),
        "false": false_share(changed, district, (f"{CRIMES}|class|{CLASS}", f"{SHARE}|none|all")),
        "rise": _rank(rows, *_is_crimes(district)),
        "class": _rank(rows, pl.col("kind") == "data", pl.col("breakdown_value") == CLASS),
        "share": _rank(rows, pl.col("measure_code") == SHARE, pl.col("breakdown") == "none"),
        "unit": None if unit is None else _rank(rows, *_is_unit(unit)),  # a small force has none with cases enough
    }


def mixed(folders: list[Path]) -> None:
    """Print what is named in forces with several changes each."""
    rows = pl.DataFrame([of_mixed(points, seed) for seed, points in enumerate(worlds(folders))])
    named = [f"{(rows[name] > 0).mean():.0%}" for name in ("rise", "class", "share", "unit")]
    print("| mixed forces | changes named in each | false, mean share | district | class | share | unit |")
    print("|--:|--:|--:|--:|--:|--:|--:|")
    print(f"| {rows.height} | {rows['named'].mean():.1f} | {rows['false'].mean():.1%} | {' | '.join(named)} |")
