"""The lines of the integrity front page: what came in, what broke, whose turn it is, which audits are due. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

import polars as pl

from dashboards.text import findings, numbers
from dashboards.text.front import glance_text
from dashboards.text.recording import fix_list_text, standards_text
from dashboards.text.tile import Line

MOST = 3  # lines of a block
REGISTRAR = "Force crime registrar"  # who answers for standards, as reference.measures has it
TURNS = {"at-once": "urgent, for a supervisor", "put-right": "to correct", "refer": "for the registrar to read"}
DELIVERED, STANDARDS, LIST, AUDIT = "what_was_delivered", "which_standards_are_breached", "fix_list", "audit"


def came_in(deliveries: pl.DataFrame, unknown: int) -> list[Line]:
    """The latest day with a delivery, what was refused or set aside, and files that no source recognises."""
    if deliveries.is_empty():
        return [Line("Nothing has been delivered.", DELIVERED)]
    latest = deliveries["received_at"].max()
    assert isinstance(latest, dt.datetime)
    day = numbers.local_day(latest)
    files = deliveries.filter(pl.col("received_at").dt.convert_time_zone("Europe/London").dt.date() == day)
    rows = int(files["rows_read"].sum() or 0)
    lines = [
        Line(f"{numbers.plural(files.height, 'file')} on {numbers.day(day)}, {numbers.plural(rows, 'row')}.", DELIVERED)
    ]
    refused = deliveries.filter(pl.col("status") == "refused").sort("received_at", descending=True)
    lines += [
        Line(f"{row['file_name']} was refused: {row['reason']}", DELIVERED)
        for row in refused.head(MOST - 1).iter_rows(named=True)
    ]
    held = int(deliveries.filter(pl.col("status") == "loaded")["rows_quarantined"].sum() or 0)
    if held:
        was = "row of the files in use was", "rows of the files in use were"
        lines.append(Line(f"{numbers.plural(held, *was)} set aside as faulty.", DELIVERED))
    if unknown:
        lines.append(
            Line(f"{numbers.plural(unknown, 'file was', 'files were')} not recognised, and not used.", DELIVERED)
        )
    return lines


def broke(results: pl.DataFrame, attention: pl.DataFrame, withheld: Mapping[str, str]) -> list[Line]:
    """What could not be checked or published, standards that are met less often than chance allows, and the rest.

    `attention` are rows of metrics.attention.
    """
    failed = results.filter(pl.col("status") == "ERROR")
    lines = [Line(f"{row['rule_code']} could not be checked.", STANDARDS) for row in failed.iter_rows(named=True)]
    if withheld:
        names = numbers.listed(sorted(withheld), most=MOST)
        lines.append(Line(f"{numbers.plural(len(withheld), 'table is', 'tables are')} withheld: {names}."))
    lines += less_often(results, attention)
    return [*lines[: MOST + 1], Line(f"{findings.rules_finding(results)}.", STANDARDS)]


def less_often(results: pl.DataFrame, attention: pl.DataFrame) -> list[Line]:
    """What the registrar answers for and is met less often: than before, or in a part than elsewhere. Weightiest first.

    `attention` are rows of metrics.attention.
    """
    rules = {row["measure_code"]: row for row in results.iter_rows(named=True) if row.get("measure_code")}
    worse = attention.filter(pl.col("post") == REGISTRAR, ~pl.col("is_better")).sort("attention_rank")
    lines = []
    for row in worse.iter_rows(named=True):
        rule = rules.get(row["measure_code"])
        address = glance_text.address(row) if rule is None else standards_text.address(standards_text.key(rule))
        lines.append(Line(row["sentence"], address))
    return lines


def turns(entries: pl.DataFrame) -> list[Line]:
    """The units with the most urgent records to correct."""
    if entries.is_empty():
        return [Line("No record is on the list.", LIST)]
    counted = (
        fix_list_text.in_steps(entries)
        .group_by("unit_name")
        .agg((pl.col("step") == step).sum().alias(step) for step in TURNS)
        .sort(*TURNS, "unit_name", descending=[True, True, True, False])
    )
    lines = [
        Line(
            f"{row['unit_name'] or 'Unit not known'}: {_steps(row)}.", f"{LIST}?{urlencode({'unit': row['unit_name']})}"
        )
        for row in counted.head(MOST).iter_rows(named=True)
    ]
    rest = counted.height - len(lines)
    return [*lines, *([Line(f"{numbers.plural(rest, 'more unit')}.", LIST)] if rest > 0 else [])]


def _steps(row: Mapping[str, Any]) -> str:
    return ", ".join(f"{numbers.number(row[step])} {words}" for step, words in TURNS.items() if row[step])


def audits(held: Sequence[Mapping[str, Any]], due: Sequence[Mapping[str, Any]], day: dt.date) -> list[Line]:
    """Audits that are open, and those whose repetition is due."""
    if not held:
        return [Line("No audit has been started: recorded crime has not been compared with reports.", AUDIT)]
    opened = [Line(f"{one['title']} is not signed off.", AUDIT) for one in held if not one["signed_off_at"]]
    again = []
    for one in due:
        on = dt.date.fromisoformat(str(one["reaudit_due"]))
        when = f"{'was' if on < day else 'is'} to be repeated on {numbers.day(on)}"
        again.append(Line(f"Audit “{one['title']}” {when}.", AUDIT))
    return [*again, *opened][: MOST + 1] or [Line("Every audit is signed off, and none is due again.", AUDIT)]
