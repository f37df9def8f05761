"""Records to correct, in steps and sentences. Pure: rows in, text and frames out.

Warnings are for the force crime registrar to decide. Nothing here instructs anyone to change how a crime is recorded.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from dashboards.text import numbers

RECORD = ("record_type", "record_ref")
READ_THE_RECORD = "its text points to a breach: read the record"


@dataclass(frozen=True)
class Runs:
    """The earlier builds that the latest build can be compared with."""

    has_earlier: bool
    is_same_product: bool  # otherwise an entry may come or go because a rule is read differently

    @property
    def fixed_words(self) -> str:
        """Words for a breach no longer found on a record that still exists."""
        return "corrected" if self.is_same_product else "no longer found"


@dataclass(frozen=True)
class Step:
    """A group of entries with one action: URL part, words, and reason for its order."""

    key: str
    name: str
    why: str


STEPS = (  # in the order in which a unit should work
    Step("at-once", "Supervisor at once", "the rule requires it; then refer to the registrar"),
    Step("put-right", "Correct", "the record contradicts itself or its code list"),
    Step("refer", "Refer to the registrar", "the record may be right: the registrar decides"),
)
NAMES = {step.key: step.name for step in STEPS}
PLACES = {step.key: place for place, step in enumerate(STEPS)}


def runs_of(runs: pl.DataFrame) -> Runs:
    """Whether there is an earlier build, and whether the product is unchanged since.

    From quality.runs.
    """
    versions = runs.sort("started_at")["code_version"].to_list()
    return Runs(len(versions) > 1, len(versions) > 1 and versions[-1] == versions[-2])


def in_steps(rows: pl.DataFrame) -> pl.DataFrame:
    """The entries with `step` and `to_do`."""
    step = (
        pl.when("is_escalated")
        .then(pl.lit("at-once"))
        .when(pl.col("severity") == "error")
        .then(pl.lit("put-right"))
        .otherwise(pl.lit("refer"))
    )
    # fix_list gives the standard in place of a reason that could quote the record
    reason = pl.when(pl.col("reason") == pl.col("rule_title")).then(pl.lit(READ_THE_RECORD)).otherwise("reason")
    return rows.with_columns(step=step, reason=reason).with_columns(to_do=pl.col("step").replace_strict(NAMES))


def in_order(rows: pl.DataFrame) -> pl.DataFrame:
    """Step by step, the standard with most records first, then its oldest record."""
    return rows.sort(
        pl.col("step").replace_strict(PLACES),
        pl.struct(RECORD).n_unique().over("step", "rule_code"),
        "rule_code",
        "month",
        "record_ref",
        descending=[False, True, False, False, False],
        nulls_last=True,
    )


def record_count(rows: pl.DataFrame) -> int:
    """The number of records in the entries: a record can breach several standards."""
    return rows.select(RECORD).n_unique() if rows.height else 0


def finding(rows: pl.DataFrame, where: str) -> str:
    """The amount of work, in one sentence."""
    if rows.is_empty():
        return f"{where}: nothing is on the list for this choice."
    counts = {step.key: record_count(rows.filter(pl.col("step") == step.key)) for step in STEPS}
    words = {
        "at-once": "for a supervisor at once",
        "put-right": "to correct",
        "refer": "to refer to the registrar",
    }
    parts = [f"{numbers.number(counts[key])} {words[key]}" for key in words if counts[key]]
    return f"{where}: {numbers.plural(record_count(rows), 'record')} to check, {numbers.listed(parts)}."


def standards_of(rows: pl.DataFrame, *, has_earlier_run: bool) -> pl.DataFrame:
    """One row per step and standard: records, first month, and new records."""
    return (
        rows.group_by("step", "to_do", "rule_code", "rule_title", maintain_order=True)
        .agg(
            record_count=pl.struct(RECORD).n_unique(),
            unit_count=pl.col("unit_name").n_unique(),
            oldest_month=pl.col("month").min(),
            new_count=pl.col("is_new").sum() if has_earlier_run else pl.lit(None, dtype=pl.UInt32).first(),
        )
        .with_columns(pl.col("record_count", "unit_count", "new_count").cast(pl.Int64))
        .sort(
            pl.col("step").replace_strict(PLACES),
            "record_count",
            "rule_code",
            descending=[False, True, False],
        )
    )


def first_words(standards: pl.DataFrame, step: Step, most: int = 3) -> list[tuple[str, str]]:
    """(6 records, appear to breach TIM-02, “Recorded within 72 hours”), by records.

    Standards beyond `most` are counted.
    """
    one, many = ("breaches", "breach") if step.key == "put-right" else ("appears to breach", "appear to breach")
    rows = standards.filter(pl.col("step") == step.key)
    named = [
        (
            numbers.plural(r["record_count"], "record"),
            f"{one if r['record_count'] == 1 else many} {r['rule_code']}, “{r['rule_title']}”",
        )
        for r in rows.head(most).iter_rows(named=True)
    ]
    rest = rows.height - len(named)
    return [*named, ("", f"and {numbers.plural(rest, 'more standard')}: see “By standard”")] if rest else named


def by_unit(rows: pl.DataFrame) -> pl.DataFrame:
    """One row per unit: entries in each step, most urgent entries first."""
    if rows.is_empty():
        return pl.DataFrame(schema={"unit_name": pl.String} | dict.fromkeys(NAMES, pl.Int64) | {"records": pl.Int64})
    counts = rows.group_by("unit_name").agg(
        *((pl.col("step") == step.key).sum().cast(pl.Int64).alias(step.key) for step in STEPS),
        pl.len().cast(pl.Int64).alias("entries"),
        pl.struct(RECORD).n_unique().cast(pl.Int64).alias("records"),
    )
    return counts.sort(*NAMES, "unit_name", descending=[True, True, True, False])


def ended_finding(ended: pl.DataFrame, where: str, runs: Runs) -> str:
    """The breaches that the latest build no longer found.

    Corrected, removed, or no longer required; never all called fixed.
    """
    counts = dict(ended["ended_as"].value_counts().iter_rows()) if ended.height else {}
    if not counts:
        return f"{where}: nothing on the last list has been corrected since"
    parts = [f"{numbers.number(counts.get('fixed', 0))} {runs.fixed_words}"]
    parts += [f"{numbers.number(counts['gone'])} no longer in the extract"] if counts.get("gone") else []
    parts += [f"{numbers.number(counts['rule changed'])} whose rule changed"] if counts.get("rule changed") else []
    return f"{where}: {numbers.listed(parts)} since the last build"
