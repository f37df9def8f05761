"""For `benchmarks/verdicts.py changes`: what is named as changed or different, where the truth is known.

Steady forces (`stra synth --steady --series`) in which nothing changes: on how many fronts is a change named as new?
Then the same forces with one thing planted: crimes of a district rise, or a unit closes otherwise than the rest. How
often is it named, and among the first three? The findings are those of methods.change and methods.attention.
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
from expectations import RULES

LISTS = ROOT / "assets" / "reference"
PARTS = ("none", "district", "unit")
UNKNOWN = ("not known", "not recorded")
AT_END = ("orders_in_force", "orders_ending", "orders_case_closed", "open_caseload", "repeat_suspect_12m",
          "repeat_victim_12m")  # fmt: skip
RISES = ((0.1, 9), (0.2, 9), (0.3, 6), (0.3, 3), (0.4, 3), (0.6, 3))  # how much, and for how many months
CRIMES, CLASS = "recorded", "8R"
RECORDED = ((0.25, 9), (0.5, 6), (0.5, 9), (1.0, 3))  # how much more of a class, and for how many months
UNIT_MEASURE, UNIT_SHARE, UNIT_CASES = "victim_not_supporting_365", 0.427, 470
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
        row |= {"measure_name": row["measure_code"], "post": ""}
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


def with_rise(points: pl.DataFrame, district: str, rise: float, months: int, seed: int) -> pl.DataFrame:
    """The crimes of a district, and what is due of them, are more by `rise` in its last months of recording."""
    is_part = (pl.col("breakdown") == "district") & (pl.col("breakdown_value") == district)
    return _with_rise(points, is_part, rise, months, ("unit", "class"), seed)


def with_class(points: pl.DataFrame, more: float, months: int, seed: int) -> pl.DataFrame:
    """Other crimes are recorded as CLASS in the last months, so that it has `more`; the count of all has them."""
    is_part = (pl.col("breakdown") == "class") & (pl.col("breakdown_value") == CLASS)
    return _with_rise(points, is_part, more, months, ("unit", "district"), seed)


def _with_rise(
    points: pl.DataFrame, is_part: pl.Expr, rise: float, months: int, spread: tuple[str, ...], seed: int
) -> pl.DataFrame:
    """More cases in a part and the force, and in the parts of the breakdowns of `spread` by their size."""
    random = np.random.default_rng(seed)
    start = points.filter(measure_code=CRIMES)["month"].unique().sort()[-months]
    is_there = is_part & (pl.col("month") >= start)
    there = points.filter(is_there).select("measure_code", "month", "numerator", "denominator")
    met = random.poisson(rise * there["numerator"].to_numpy())
    missed = random.poisson(rise * np.maximum(np.nan_to_num((there["denominator"] - there["numerator"]).to_numpy()), 0))
    more = there.select("measure_code", "month").with_columns(more=pl.Series(met), due=pl.Series(met + missed))
    return _with_more(points, is_there, more, spread, random)


def _with_more(
    points: pl.DataFrame, is_there: pl.Expr, more: pl.DataFrame, spread: tuple[str, ...], random: np.random.Generator
) -> pl.DataFrame:
    each = []
    for by in spread:
        of_breakdown = points.filter(breakdown=by, measure_code=CRIMES)
        parts = of_breakdown.group_by("breakdown_value").agg(pl.col("numerator").sum())
        sizes = parts["numerator"].to_numpy() / parts["numerator"].sum()
        each += [
            (code, month, by, part, one, other)
            for code, month, met, due in more.iter_rows()
            for part, one, other in zip(
                parts["breakdown_value"], random.multinomial(met, sizes), random.multinomial(due - met, sizes),
                strict=True,
            )
        ]  # fmt: skip
    names = ("measure_code", "month", "breakdown", "breakdown_value", "met", "missed")
    of_parts = pl.DataFrame(each, schema=list(names), orient="row")
    keys = ["measure_code", "month", "breakdown", "breakdown_value"]
    is_whole = (pl.col("breakdown") == "none") | is_there
    joined = points.join(more, on=["measure_code", "month"], how="left").join(of_parts, on=keys, how="left")
    return joined.with_columns(
        pl.col("numerator") + pl.when(is_whole).then("more").otherwise("met").fill_null(0),
        pl.col("denominator") + pl.when(is_whole).then("due").otherwise(pl.col("met") + pl.col("missed")).fill_null(0),
    ).drop("more", "due", "met", "missed")


def with_unit(points: pl.DataFrame, unit: str, seed: int) -> pl.DataFrame:
    """A unit of about UNIT_CASES in the latest twelve months has UNIT_SHARE of a measure; the rest as it was drawn."""
    random = np.random.default_rng(seed)
    is_there = (
        (pl.col("measure_code") == UNIT_MEASURE) & (pl.col("breakdown") == "unit") & (pl.col("breakdown_value") == unit)
    )
    rest = points.filter(pl.col("measure_code") == UNIT_MEASURE, breakdown="none")
    share = rest["numerator"].sum() / rest["denominator"].sum()
    odd = share + UNIT_SHARE - 0.274  # as far from the rest as the unit that was named on no front page
    there = points.filter(is_there).select("measure_code", "month", "numerator", "denominator")
    drawn = random.binomial(there["denominator"].cast(pl.Int64).to_numpy(), min(odd, 0.98))
    moved = there.with_columns(more=pl.Series(drawn) - pl.col("numerator")).select("measure_code", "month", "more")
    return (
        points.join(moved, on=["measure_code", "month"], how="left")
        .with_columns(pl.when((pl.col("breakdown") == "none") | is_there).then("more").otherwise(0).fill_null(0))
        .with_columns(pl.col("numerator") + pl.col("more"))
        .drop("more")
    )


def steady(folders: list[Path]) -> None:
    """Print on how many fronts of steady forces a change is named as new, and how many are named at all."""
    counted = [changes(points) for points in worlds(folders)]
    new = sum(bool(frame["is_new"].any()) for frame in counted)
    judged = sum(frame.height for frame in counted) / len(counted)
    print("| steady forces | series judged in each | fronts with a new change | share | changes named in all |")
    print("|--:|--:|--:|--:|--:|")
    every = sum(frame["is_change"].sum() for frame in counted)
    print(f"| {len(counted)} | {judged:.0f} | {new} | {new / len(counted):.1%} | {every} |")


def _named(points: pl.DataFrame, seed: int, rise: float, months: int) -> tuple[bool, bool, float]:
    """Whether a rise in one district is named, whether among the first three, and the false share of all changes.

    False is what is neither of that district nor of the whole force, which has its crimes too.
    """
    districts = points.filter(breakdown="district", measure_code="recorded")["breakdown_value"].unique().sort()
    district = [name for name in districts if name not in UNKNOWN][seed % (len(districts) - 1)]
    rose = with_rise(points, district, rise, months, seed)
    changed = changes(rose)
    every = changed.filter("is_change")["series_ref"]
    false = [ref for ref in every if not ref.endswith((f"|{district}", "|none|all"))]
    rows = attention(rose, changed).filter(kind="change", breakdown_value=district)
    hits = rows.filter(pl.col("measure_code").str.starts_with("recorded"))["attention_rank"].to_list()
    return bool(hits), bool(hits) and min(hits) <= 3, len(false) / max(len(every), 1)


def _rank_of_class(points: pl.DataFrame, more: float, months: int, seed: int) -> int:
    """The rank at which a recording change is named as one; 0 where it is not."""
    changed = with_class(points, more, months, seed)
    hits = attention(changed, changes(changed)).filter(kind="data", breakdown_value=CLASS)["attention_rank"]
    return int(hits.min() or 0)  # type: ignore[arg-type]


def power(folders: list[Path], most: int) -> None:
    """Print how often a rise of one district is named, and among the first three; then the unit that is unlike."""
    held = [points for _, points in zip(range(most), worlds(folders), strict=False)]
    print("| rise | months | named | among the first three | false, mean share of the changes named |")
    print("|--:|--:|--:|--:|--:|")
    for rise, months in RISES:
        found_each = [_named(points, seed, rise, months) for seed, points in enumerate(held)]
        named, first, false = (np.mean(column) for column in zip(*found_each, strict=True))
        print(f"| {rise:.0%} | {months} | {named:.0%} | {first:.0%} | {false:.1%} |")
    print("\n| more of a class | months | named as data | named first |")
    print("|--:|--:|--:|--:|")
    for more, months in RECORDED:
        ranks = [_rank_of_class(points, more, months, seed) for seed, points in enumerate(held)]
        known, leading = (np.mean(each) for each in (np.array(ranks) > 0, np.array(ranks) == 1))
        print(f"| {more:.0%} | {months} | {known:.0%} | {leading:.0%} |")
    named, first = 0, 0
    for seed, points in enumerate(held):
        units = points.filter(breakdown="unit", measure_code=UNIT_MEASURE)["breakdown_value"].unique().sort()
        unit = [name for name in units if name not in UNKNOWN][seed % (len(units) - 1)]
        odd = with_unit(points, unit, seed)
        hits = attention(odd, changes(odd)).filter(breakdown_value=unit, measure_code=UNIT_MEASURE)
        named += bool(hits.height)
        first += bool(hits.height) and hits["attention_rank"].min() == 1
    print(f"\nA unit {UNIT_SHARE - 0.274:.1%} above the rest: named in {named} of {len(held)}, first in {first}.")
