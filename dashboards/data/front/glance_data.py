"""The blocks of the command front page and of its one-page brief, read once for both."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from dashboards.data.published import Copy, Missing, optional
from dashboards.data.register import Reader
from dashboards.data.settings import read_settings
from dashboards.text.content import Runs, text
from dashboards.text.front import glance_text
from dashboards.text.front.glance_text import ATTENTION, SCORES, Point
from dashboards.text.protection import protection_text
from dashboards.text.protection.protection_text import FUNNEL
from dashboards.text.recording import trust_text
from dashboards.text.recording.trust_text import AUDITS, TRUST


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
    copy = reader.copy
    found, kept = optional(read_attention, reader), optional(entries)
    blocks = (
        ("What deserves attention?", _points(lambda: glance_text.findings(_or_why(found, reader)))),
        ("Where is the highest risk?", _points(lambda: glance_text.risks(reader.table(SCORES)))),
        ("Which duties are missed most?", _points(lambda: _duties(copy, _or_why(found, reader)))),
        ("What awaits a decision?", _points(lambda: glance_text.waiting(entries() if kept is None else kept))),
        ("Can it be trusted?", _points(lambda: _trust(copy))),
    )
    return Glance(glance_text.answer(found, kept), blocks, reader)


def read_attention(reader: Reader) -> pl.DataFrame:
    """The findings in the order of their rank. Raises Missing."""
    return reader.table(ATTENTION, may_be_empty=True).sort("attention_rank")


def _or_why(found: pl.DataFrame | None, reader: Reader) -> pl.DataFrame:
    """The findings. Raises Missing where they could not be read."""
    return read_attention(reader) if found is None else found


def _points(block: Callable[[], list[Point]]) -> list[Point]:
    """The points of a block; where its figures are missing, the reason in their place."""
    try:
        return block()
    except Missing as why:
        return [Point(text(f"Not shown: {why}"))]


def _duties(copy: Copy, found: pl.DataFrame) -> list[Point]:
    """The duties of the latest twelve months that are whole, and the orders."""
    orders = optional(copy.select, FUNNEL, where="is_measured", order_by="place", may_be_empty=True)
    days = read_settings(copy).get("protection.expiry_days")
    said: Runs = ()
    if orders is not None and orders.height:
        said = protection_text.ending_finding(orders, None if days is None else round(days))
    return glance_text.duties(found, said)


def _trust(copy: Copy) -> list[Point]:
    measures = trust_text.by_code(copy.select(TRUST))
    audits = optional(copy.select, AUDITS, may_be_empty=True)
    audit = None if audits is None else trust_text.whole_force(audits)
    return glance_text.trust(trust_text.headline(measures, audit), sorted(copy.withheld))
