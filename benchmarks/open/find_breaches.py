"""Task 3, breaches of the recording standards: which records break which rule of docs/standards.md?

Given is the whole extract of an invented force without noise. The truth is what was planted and what was missed by
chance: the rule and the record. Decoys are records that nearly break a rule. The force was made beside the product's
rules and is part of their tests. So the product's score here says only that both read docs/standards.md alike.
"""

from __future__ import annotations

import polars as pl

from benchmarks.open import forces
from benchmarks.open.product import built
from benchmarks.open.task import Column, Frames, Given, Measure, Method, Task

KEY = ["rule_code", "record_type", "record_ref"]
COUNTED = ["8L", "8M", "8Q", "8R", "8U"]
RECORDS = ["crime", "incident", "order", "series"]  # of the extract; a delivery is none
HOURS, DAYS = pl.duration(hours=1), pl.duration(days=1)
USUAL, FEWEST = 0.6, 20  # what this share of like crimes have is expected of each, if there are that many


def make(crimes: int, seed: int) -> Given:
    """The extract; what breaks a rule, and what nearly does."""
    whole = forces.extract(crimes, seed)
    known = forces.truth(whole)
    return Given(forces.delivered(whole), {name: known[name] for name in ("planted_breaches", "decoys")})


def score(answer: pl.DataFrame, given: Given) -> dict[str, float | None]:
    """Precision and recall over breaches of all rules together, and the share of decoys that are called breaches."""
    real, decoys = given.truth["planted_breaches"], given.truth["decoys"]
    right = answer.join(real, on=KEY, how="semi").height
    return {
        "precision": right / answer.height if answer.height else 0.0,
        "recall": right / real.height,
        "decoys called": answer.join(decoys, on=KEY, how="semi").height / decoys.height,
    }


def perfect(given: Given) -> pl.DataFrame:
    """The truth as an answer."""
    return given.truth["planted_breaches"]


def baseline(inputs: Frames) -> pl.DataFrame:
    """Five time limits in their plainest reading: working days are seven in a week, and nobody is exempt."""
    crime = inputs["force/crime"].with_columns(
        forces.moment(c) for c in ("reported_ts", "recorded_ts", "needs_assessment_ts")
    )
    of_crime = crime.select("crime_id", "reported_ts", "recorded_ts", "class_code", "needs_assessment_ts")
    counted = of_crime.filter(pl.col("class_code").is_in(COUNTED))
    first = inputs["force/risk_assessment"].filter(pl.col("stage") == "initial")
    first = first.group_by("crime_id").agg(at=forces.moment("completed_ts").min())
    closed = inputs["force/outcome"].filter(pl.col("is_current") & (pl.col("code") != "0"))
    closed = closed.select("crime_id", ended=forces.moment("outcome_ts"), at=forces.moment("victim_informed_ts"))
    late = {
        "TIM-01": (of_crime, pl.col("recorded_ts") - pl.col("reported_ts") > 24 * HOURS),
        "TIM-02": (of_crime, pl.col("recorded_ts") - pl.col("reported_ts") > 72 * HOURS),
        "VIC-02": (counted, pl.col("needs_assessment_ts") - pl.col("recorded_ts") > 8 * DAYS),
        "RSK-02": (of_crime.join(first, on="crime_id"), pl.col("at") - pl.col("reported_ts") > 24 * HOURS),
        "VIC-03": (counted.join(closed, on="crime_id"),
                   (pl.col("at").fill_null(forces.end()) - pl.col("ended")) > 7 * DAYS),
    }  # fmt: skip
    parts = [rows.filter(where).select(rule_code=pl.lit(rule), record_type=pl.lit("crime"), record_ref="crime_id")
             for rule, (rows, where) in late.items()]  # fmt: skip
    return pl.concat(parts).unique()


def rival(inputs: Frames) -> pl.DataFrame:
    """One generic check: a crime of stalking or harassment that lacks what most crimes like it have.

    Like it are those of its class, relationship, outcome and grade of risk. It knows no standard: only which fact
    belongs to which rule. Beside it, recorded more than a day after the report.
    """
    crime, roles = inputs["force/crime"], inputs["force/party_role"]
    relation = roles.filter(pl.col("role") == "suspect").unique("crime_id", keep="first", maintain_order=True)
    outcome = inputs["force/outcome"].filter("is_current").select("crime_id", "code").unique("crime_id")
    grade = inputs["force/risk_assessment"].sort("started_ts").unique("crime_id", keep="last", maintain_order=True)
    like = ["class_code", "relationship", "code", "grade"]
    rows = crime.filter(pl.col("class_code").is_in(COUNTED))
    for other in (relation.select("crime_id", "relationship"), outcome, grade.select("crime_id", "grade")):
        rows = rows.join(other, on="crime_id", how="left")
    review, digital = inputs["force/review"], pl.col("type").is_in(["phone", "cctv"])
    having = {
        "VIC-01": crime.filter("vcop_enhanced"), "VIC-06": inputs["force/referral"],
        "RSK-01": inputs["force/risk_assessment"], "RSK-05": inputs["force/risk_plan"].join(
            inputs["force/risk_assessment"], on="ra_id"),
        "RSK-07": review.filter(pl.col("by_id").is_not_null()), "RSK-08": crime.filter("dmm_flag"),
        "INV-02": review.filter(pl.col("offence_check").is_not_null()),
        "INV-05": inputs["force/line_of_enquiry"].filter(digital), "OUT-09": inputs["force/victim_engagement"],
        "CLS-18": inputs["force/crime_flag"].filter(pl.col("flag") == "da"),
    }  # fmt: skip
    parts = []
    for rule, holders in having.items():
        has = rows.with_columns(has=pl.col("crime_id").is_in(holders["crime_id"].unique().implode()))
        usual = (pl.col("has").mean().over(like) >= USUAL) & (pl.len().over(like) >= FEWEST)
        parts.append(has.filter(usual & ~pl.col("has")).select(rule_code=pl.lit(rule), record_ref="crime_id"))
    late = forces.moment("recorded_ts") - forces.moment("reported_ts") > 24 * HOURS
    parts.append(crime.filter(late).select(rule_code=pl.lit("TIM-01"), record_ref="crime_id"))
    return pl.concat(parts).select("rule_code", pl.lit("crime").alias("record_type"), "record_ref")


def ours(inputs: Frames) -> pl.DataFrame:
    """quality.rule_breaches of a build with all rules."""
    from expectations import RULES

    tables = sorted({rule.table for rule in RULES} | {"core.force_deliveries", "core.absent_fields"})
    with built(inputs, tables, has_rules=True) as con:
        found: pl.DataFrame = con.sql(f"select distinct {', '.join(KEY)} from quality.rule_breaches").pl()
    return found.filter(pl.col("record_type").is_in(RECORDS))


TASK = Task(
    name="find_breaches",
    question="Which records break which rule of the recording standards?",
    crimes=2_500,
    seeds=(101, 102),
    asked={
        "rule_code": Column("text", "rule of [Standards](standards.md), such as `TIM-01`"),
        "record_type": Column("text", "`crime`, `incident`, `order` or `series`"),
        "record_ref": Column("text", "the record's reference: `crime_id`, `incident_id` or `order_id`"),
    },
    key=("rule_code", "record_type", "record_ref"),
    keys=None,
    is_whole=False,
    measures={
        "precision": Measure("share", True),
        "recall": Measure("share", True),
        "decoys called": Measure("share", False),
    },
    make=make,
    score=score,
    perfect=perfect,
    baseline=Method("five time limits", baseline),
    rival=Method("lacks what most crimes like it have", rival),
    ours=Method("rules of the product", ours),
)
