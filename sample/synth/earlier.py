"""The extract as it was on an earlier day: what was not there yet is left out, what happened later is empty.

A case that was closed later is open, a removal that came later is none. Due days may be after the day.
"""

from __future__ import annotations

import polars as pl

from sample.synth.clock import NONE
from sample.synth.codes import OFFENCES
from sample.synth.write import DATES, TIMES

BORN = {  # table -> the time from which a row is there
    "incident": "created_ts", "crime": "recorded_ts", "included_classification": "added_ts",
    "classification_history": "changed_ts", "removal": "removal_ts", "crime_flag": "set_ts", "crime_link": "linked_ts",
    "party_role": "first_added_ts", "outcome": "outcome_ts", "victim_engagement": "ts", "victim_contact": "ts",
    "risk_assessment": "started_ts", "review": "ts", "allocation": "from_ts", "investigator_absence": "from_ts",
    "line_of_enquiry": "raised_ts", "notice": "issued_ts", "order_breach": "ts", "order_event": "ts",
    "referral": "offered_ts", "custody": "arrest_ts", "bail": "start_ts", "cps_submission": "ts", "case_file": "ts",
    "case_step": "raised_ts", "staff_course": "completed_on",
}  # fmt: skip
PARENTS = {"risk_plan": ("risk_assessment", "ra"), "order_condition": ("order_", "order"),
           "order_event": ("order_", "order"), "order_breach": ("order_", "order"),
           "bail": ("custody", "custody")}  # fmt: skip
PLANNED = ("expires", "review_due", "next_due", "notify_due", "valid_until", "end_ts")


def cut(tables: dict[str, pl.DataFrame], until: int) -> None:
    """Leave in these tables what was there at this second, and nothing that happened after it."""
    number = len(tables["crime"])
    orders = tables["order_"]
    first = [pl.when(pl.col(name) != NONE).then(pl.col(name)) for name in ("considered_ts", "applied_ts", "granted_ts")]
    tables["order_"] = orders.filter(pl.coalesce(pl.min_horizontal(*first), pl.lit(NONE)) <= until)
    for table, born in BORN.items():
        tables[table] = tables[table].filter(pl.col(born) <= until)
    kept = tables["crime"]["crime"]
    for table, frame in tables.items():
        if "crime" in frame.columns and table != "crime":
            # a crime that no extract has stays missing (STR-11)
            tables[table] = frame.filter(pl.col("crime").is_in(kept.implode()) | ~pl.col("crime").is_between(0, number))
    for table, (parent, key) in PARENTS.items():
        tables[table] = tables[table].filter(pl.col(key).is_in(tables[parent][key].implode()))
    for table, frame in tables.items():
        later = [name for name in frame.columns if _is_past(name) and frame.schema[name].is_integer()]
        tables[table] = frame.with_columns(
            pl.when(pl.col(name) <= until).then(pl.col(name)).otherwise(NONE).alias(name) for name in later
        )
    _reopen(tables)
    _classify(tables)


def cut_text(frame: pl.DataFrame, until: str) -> pl.DataFrame:
    """The same of a table beside the extract: the day of each row is in its first column with a time."""
    days = [name for name in frame.columns if name.endswith(("_ts", "_date"))]
    if not days:
        return frame
    return frame.filter(pl.col(days[0]) <= until).with_columns(
        pl.when(pl.col(name) <= until).then(pl.col(name)).alias(name) for name in days
    )


def _is_past(name: str) -> bool:
    return (name.endswith("_ts") or name in (*TIMES, *DATES, "breach_at")) and name not in PLANNED


def _classify(tables: dict[str, pl.DataFrame]) -> None:
    """A crime has the class that it had then: the last of its history that is left."""
    last = tables["classification_history"].sort("crime", "seq").group_by("crime", maintain_order=True).last()
    names = ("ho_code", "class_code", "class_label", "cjs_code")
    rows = pl.DataFrame(OFFENCES, schema=["ho_code", "class_code", "class_label", "cjs_code", "kind"], orient="row")
    then = last.select("crime", "ho_code").join(rows.drop("kind"), on="ho_code", how="left", maintain_order="left")
    now = tables["crime"].join(then, on="crime", how="left", suffix="_then", maintain_order="left")
    changed = pl.col("ho_code_then").is_not_null() & (pl.col("ho_code_then") != pl.col("ho_code"))
    tables["crime"] = now.with_columns(
        ho_code_raw=pl.when(changed).then("ho_code_then").otherwise("ho_code_raw"),
        **{name: pl.when(changed).then(f"{name}_then").otherwise(name) for name in names},
    ).drop(f"{name}_then" for name in names)


def _reopen(tables: dict[str, pl.DataFrame]) -> None:
    """The last outcome that is left is the current one; a crime is closed if that is not 0, and removed if it was."""
    tables["outcome"] = tables["outcome"].with_columns(is_current=pl.col("seq") == pl.col("seq").max().over("crime"))
    ended = tables["outcome"].filter(pl.col("is_current") & (pl.col("code") != "0"))["crime"]
    removed = tables["removal"]["crime"]
    open_now = ~pl.col("crime").is_in(ended.implode()) & ~pl.col("crime").is_in(removed.implode())
    was_ended = pl.col("status").is_in(["closed", "cancelled", "transferred"])
    tables["crime"] = tables["crime"].with_columns(
        status=pl.when(open_now & was_ended).then(pl.lit("open")).otherwise(pl.col("status"))
    )
