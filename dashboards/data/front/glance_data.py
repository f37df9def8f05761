"""The blocks of the command front page and of its one-page brief, read once for both."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from dashboards.data import signals
from dashboards.data.published import Copy, Missing, optional
from dashboards.data.register import Reader
from dashboards.data.settings import read_settings
from dashboards.text.content import Runs, text
from dashboards.text.front import glance_text
from dashboards.text.front.glance_text import SCORES, Point
from dashboards.text.protection import protection_text
from dashboards.text.protection.protection_text import FUNNEL
from dashboards.text.recording import trust_text
from dashboards.text.recording.trust_text import AUDITS, TRUST
from dashboards.text.small_numbers import SmallNumbers

DUTIES = "metrics.protection_measures"
PERIOD = ["measure_code", "period_type", "period_start", "breakdown", "breakdown_value"]


@dataclass(frozen=True)
class Glance:
    """The answer, and (question, points) of each block. `reader` has the rows of all their figures."""

    answer: Runs
    blocks: tuple[tuple[str, list[Point]], ...]
    reader: Reader


def read_glance(reader: Reader, entries: Callable[[], pl.DataFrame]) -> Glance:
    """Read the page. `entries` are those of the registers: published, or as they are at this moment.

    Of large tables the reader then holds the rows that are named, and no others.
    """
    copy, rule = reader.copy, reader.rule
    changed, kept = optional(read_signals, reader), optional(entries)
    blocks = (
        ("What has changed?", _points(lambda: glance_text.changes(_or_why(changed, copy), rule))),
        ("Where is the highest risk?", _points(lambda: glance_text.risks(reader.table(SCORES)))),
        ("Which duties are met least?", _points(lambda: _duties(reader, rule))),
        ("What awaits a decision?", _points(lambda: glance_text.waiting(entries() if kept is None else kept))),
        ("Can it be trusted?", _points(lambda: _trust(copy))),
    )
    return Glance(glance_text.answer(changed, kept, rule), blocks, reader)


def read_signals(reader: Reader) -> pl.DataFrame:
    """The signals, whose rows the reader then holds. Raises Missing."""
    changed = signals.read_signals(reader.copy)
    hold_signals(reader, changed)
    return changed


def hold_signals(reader: Reader, changed: pl.DataFrame) -> None:
    """Have the reader print signals from these rows."""
    reader.hold(signals.VERDICTS, changed)
    month = changed.rename({"latest_period": "period_start"}).with_columns(period_type=pl.lit("month"))
    reader.hold(signals.VALUES, month.select(*PERIOD, "numerator", "denominator"))


def _or_why(changed: pl.DataFrame | None, copy: Copy) -> pl.DataFrame:
    """The signals. Raises Missing where they could not be read."""
    return signals.read_signals(copy) if changed is None else changed


def _points(block: Callable[[], list[Point]]) -> list[Point]:
    """The points of a block; where its figures are missing, the reason in their place."""
    try:
        return block()
    except Missing as why:
        return [Point(text(f"Not shown: {why}"))]


def _duties(reader: Reader, rule: SmallNumbers) -> list[Point]:
    """The duties of the latest twelve months that are whole, and the orders."""
    copy = reader.copy
    kinds = copy.select(DUTIES, columns="measure_code", where="kind = 'duty'")
    names = copy.select(signals.MEASURES, columns="measure_code, measure_name")
    years = copy.select(
        signals.VALUES, where="period_type = 'rolling_12' and breakdown = 'none' and is_whole and value is not null"
    )
    latest = years.sort("period_end").unique("measure_code", keep="last").join(kinds, on="measure_code", how="semi")
    reader.hold(signals.VALUES, latest)
    orders = optional(copy.select, FUNNEL, where="is_measured", order_by="place", may_be_empty=True)
    days = read_settings(copy).get("protection.expiry_days")
    said: Runs = ()
    if orders is not None and orders.height:
        said = protection_text.ending_finding(orders, None if days is None else round(days))
    return glance_text.duties(latest.join(names, on="measure_code"), said, rule)


def _trust(copy: Copy) -> list[Point]:
    measures = trust_text.by_code(copy.select(TRUST))
    audits = optional(copy.select, AUDITS, may_be_empty=True)
    audit = None if audits is None else trust_text.whole_force(audits)
    return glance_text.trust(trust_text.headline(measures, audit), sorted(copy.withheld))
