"""The lines under a headline figure: whether it changed, missing data, owner."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dashboards.data.published import Copy, optional
from dashboards.data.signals import VERDICTS
from dashboards.text import numbers
from dashboards.text.small_numbers import SmallNumbers

OWNERS = "reference.owners"
CHARGED, WHOLE = "charged_90", "all"  # measure of the charges that are monitored; the part that is the whole force
NO_PEERS = "no other force publishes this figure"
NOT_WATCHED = "not monitored: no monthly series"


@dataclass(frozen=True)
class Watch:
    """The verdicts of the copy by (measure_code, class or the whole force), and the owners by subject."""

    verdicts: Mapping[tuple[str, str], Mapping[str, Any]]
    owners: Mapping[str, str]

    def over_time(self, measure_code: str, part: str = WHOLE) -> str:
        """No clear change to Feb 2026."""
        row = self.verdicts.get((measure_code, part))
        return NOT_WATCHED if row is None else verdict_words(row)

    def owner(self, subject_code: str) -> str:
        """The post that owns the figure; says so if none is named."""
        return self.owners.get(subject_code, "not named (reference.owners)")


def watch(copy: Copy) -> Watch:
    """The verdicts and owners in the copy; what it does not publish is not watched."""
    held = optional(copy.select, VERDICTS, where="breakdown in ('none', 'class')", may_be_empty=True)
    rows = [] if held is None else held.iter_rows(named=True)
    return Watch(
        {(row["measure_code"], row["breakdown_value"]): row for row in rows},
        copy.names(OWNERS, "subject_code, owner"),
    )


def verdict_words(row: Mapping[str, Any]) -> str:
    """Whether a measure changed, from its row of metrics.measure_verdicts: what its last months say together.

    Where change is not judged, as of an offence class, the words are those of its chart.
    """
    if row.get("q_value") is None:
        return chart_words(row)
    if not row["is_change"]:
        return f"no clear change to {numbers.month(row['latest_period'])}"
    since, began = numbers.month(row["changed_since"]), "new" if row["is_new"] else "not new"
    return f"changed: {row['change_direction']} than expected since {since}, {began}"


def chart_words(row: Mapping[str, Any]) -> str:
    """What a control chart shows of its latest month: a row of metrics.measure_verdicts or metrics.theme_verdicts.

    The chance of a signal, or the signals expected by chance alone, is given beside it.
    """
    latest = numbers.month(row["latest_period" if "latest_period" in row else "latest_month"])
    since = numbers.month(row["segment_first_month"])
    if row["verdict"] == "not_enough_points":
        return f"{numbers.plural(row['segment_point_count'], 'month')} since {since}: too few for a chart"
    if row["verdict"] == "not_settled":
        return "not judged: without a time limit more may still be met"
    if row["verdict"] == "not_charted":
        return "too rare, or too even, for a chart"
    by_chance = f"(chance alone gives {numbers.decimal(row['expected_false_signals'], 1)} signals)"
    if row["verdict"] == "no_change":
        return f"no signal in {latest}, limits since {since} {by_chance}"
    said, chance = numbers.signal(row.get("signal") or "", row["verdict"]), row["chance_of_signal"]
    return (
        f"{latest} {said}, limits since {since}; chance alone would give a signal on {numbers.of_100(chance)} such "
        "charts"
    )


def missing_words(unknown: int | None, total: int | None, rule: SmallNumbers) -> str:
    """12 of 1,012 not known; a small count in words, without the total."""
    if unknown is None or not total:
        return "not known"
    if not unknown:
        return f"none of {rule.suppress_count(total)}"
    # with a total beside it, and the assessed count elsewhere, a small count could be worked out
    words = rule.suppress_count(unknown)
    return f"{words} not known" if rule.is_small(unknown) else f"{words} of {numbers.number(total)} not known"
