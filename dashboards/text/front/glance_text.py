"""The command front page and its brief: what differs, the highest risks, what is owed, what waits, what to trust.

Every figure is a reference to its published row, so that the page and the document print the same words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import polars as pl

from dashboards.text import numbers
from dashboards.text.assessment import assessment_text
from dashboards.text.content import Number, Runs, joined, number, text

MOST = 3  # lines of a block
DUTIES, TRUST = "are_victims_protected", "can_we_trust_our_recording"
EVERY = "is_it_changing"  # the page with all findings
NOTHING = "Nothing differs beyond chance."
BY_CHANCE = ("change", "outlier", "data")  # kinds of finding that are judged against chance
NOTE = (
    "Of the findings named, at most one in ten is by chance. A change is new for three months. A finding says that "
    "something is different, not why. Small numbers are left out."
)
ATTENTION = "metrics.attention"
SCORES, ENTRIES = "metrics.theme_scores", "core.register_entries"


@dataclass(frozen=True)
class Point:
    """One sentence with its figures, and the address of the page that it leads to; "" where it leads nowhere."""

    runs: Runs
    address: str = ""


def findings(rows: pl.DataFrame) -> list[Point]:
    """What differs beyond chance, the weightiest first, each with its question; the others are counted.

    `rows` are of metrics.attention, in the order of their rank.
    """
    held = rows.filter(pl.col("kind").is_in(BY_CHANCE))
    if held.is_empty():
        return [Point(text(NOTHING), EVERY)]
    named = leading(held, MOST)
    lines = [finding(row, asks=True) for row in named.iter_rows(named=True)]
    rest = held.join(named, on="attention_rank", how="anti")
    if rest.height:
        lines.append(Point(text("Found too: ", *counted(rest), "."), EVERY))
    return lines


def leading(rows: pl.DataFrame, most: int) -> pl.DataFrame:
    """The weightiest findings, one a measure: a rise in a district is often one in its units too."""
    return rows.unique("measure_code", keep="first", maintain_order=True).head(most)


def finding(row: Mapping[str, Any], *, asks: bool = False) -> Point:
    """A finding in words, leading to its chart; with the question, and the post to ask."""
    key = {"attention_rank": row["attention_rank"]}
    said: Runs = (number(ATTENTION, "sentence", "words", **key),)
    if asks:
        post = numbers.in_sentence(str(row["post"]))
        said = text(*said, f" Ask the {post}: ", number(ATTENTION, "question", "words", **key))
    return Point(said, address(row))


def address(row: Mapping[str, Any]) -> str:
    """The chart of a finding."""
    by, part = row["breakdown"], row["breakdown_value"]
    chosen = {"measure": row["measure_code"], "period": "month" if row["kind"] == "change" else "rolling_12", "by": by}
    chosen |= {} if by == "none" else {f"part_{by}": part}
    return f"explore?{urlencode(chosen)}"


def counted(rows: pl.DataFrame) -> Runs:
    """2 new changes, 1 earlier change that continues and 7 parts that differ from the rest of the force."""
    said = [text(_count(held), words) for held, words in _by_kind(rows)]
    return joined([joined(said[:-1], ", "), said[-1]], " and ")


def in_short(rows: pl.DataFrame) -> tuple[str, str]:
    """How many findings there are, in words, and the names of the leading ones."""
    held = rows.filter(pl.col("kind").is_in(BY_CHANCE))
    if held.is_empty():
        return "nothing beyond chance", "of every series of the force, its districts and units"
    said = [f"{found.height}{words}" for found, words in _by_kind(held)]
    return numbers.listed(said), " ".join(leading(held, MOST)["sentence"].to_list())


def _by_kind(rows: pl.DataFrame) -> list[tuple[pl.DataFrame, str]]:
    """New changes, earlier changes and parts unlike the rest, each with the words for their number."""
    is_change = pl.col("kind") != "outlier"
    kinds = (
        (rows.filter(is_change, "is_new"), " new change", " new changes"),
        (rows.filter(is_change, ~pl.col("is_new")), " earlier change", " earlier changes"),
        (rows.filter(~is_change), " difference between a part and the rest", " differences between parts and the rest"),
    )
    return [(held, _one_or_more(held, one, many)) for held, one, many in kinds if held.height]


def _count(rows: pl.DataFrame) -> Number:
    """The number of these findings."""
    return number(ATTENTION, "sentence", "whole", total="count", attention_rank=tuple(rows["attention_rank"].to_list()))


def answer(rows: pl.DataFrame | None, entries: pl.DataFrame | None) -> Runs:
    """The page in one sentence: how much differs, and how much waits. None is what could not be read."""
    found = () if rows is None else _found(rows)
    waits = () if entries is None else _waits(entries)
    if not found and not waits:
        return text("Neither findings nor decisions can be shown: the reasons are below.")
    first, *rest = text(*found, *(("; ",) if found and waits else ()), *waits, ".")
    return text(first[:1].upper() + first[1:] if isinstance(first, str) else first, *rest)


def _found(rows: pl.DataFrame) -> Runs:
    held = rows.filter(pl.col("kind").is_in(BY_CHANCE))
    return counted(held) if held.height else text("nothing differs beyond chance")


def _one_or_more(rows: pl.DataFrame, one: str, many: str) -> str:
    return one if rows.height == 1 else many


def _waits(entries: pl.DataFrame) -> Runs:
    if not current_of(entries).height:
        return text("no decision or action has been entered yet")
    asked, late = asked_of(entries), _late(entries)
    refs = tuple(asked["entry_ref"].to_list())
    count = number(ENTRIES, "entry_ref", "whole", total="count", register="recommendations", entry_ref=refs)
    waiting = text(count, _one_or_more(asked, " decision is waiting", " decisions are waiting"))
    key = {"is_overdue": True, "is_closed": False, "is_starter": False}
    overdue = text(", and ", number(ENTRIES, "entry_ref", "whole", total="count", **key), " overdue")
    said = waiting if asked.height else text("no decision is waiting")
    return text(*said, *(overdue if late.height else text(", and nothing is overdue")))


def _late(entries: pl.DataFrame) -> pl.DataFrame:
    """The open entries whose day has passed."""
    return current_of(entries).filter(pl.col("is_overdue").fill_null(False))


def risks(scores: pl.DataFrame) -> list[Point]:
    """The themes of highest risk, each with the other schemes that keep it among the first three."""
    if not assessment_text.is_ranked(scores):
        return [Point(_no_ranking(scores), "the_assessment")]
    return [_risk(row) for row in assessment_text.ranked(scores).head(MOST).iter_rows(named=True)]


def _risk(row: Mapping[str, Any]) -> Point:
    said = text(
        f"{row['theme_name']}: among the first three in ",
        number(SCORES, "top_scheme_count", "whole", theme_code=row["theme_code"]),
        " of ",
        number(SCORES, "scheme_count", "whole", theme_code=row["theme_code"]),
        f" other schemes. Confidence in the evidence: {row['confidence'].lower()}.",
    )
    return Point(said, f"theme?{urlencode({'theme': row['theme_code']})}")


def _no_ranking(scores: pl.DataFrame) -> Runs:
    """Why no order is shown; the share is the same for every theme."""
    known = scores.filter(pl.col("known_theme_share").is_not_null())
    if known.is_empty():
        return text(f"{assessment_text.NO_RANKING}: none of them has a rank.")
    share = number(SCORES, "known_theme_share", "whole_share", theme_code=known["theme_code"][0])
    return text(f"{assessment_text.NO_RANKING}: ", share, " of them have enough crimes.")


def duties(rows: pl.DataFrame, orders: Runs) -> list[Point]:
    """The duties that are missed most in their latest twelve months, and the orders in force and ending.

    `rows` are of metrics.attention, in the order of their rank.
    """
    held = rows.filter(pl.col("kind") == "duty").head(MOST - 1)
    lines = [*map(finding, held.iter_rows(named=True)), *([Point(orders, DUTIES)] if orders else [])]
    return lines or [Point(text("No duty has enough cases in the latest twelve months, or none is known."), DUTIES)]


def waiting(entries: pl.DataFrame) -> list[Point]:
    """What awaits a decision, the nearest due date first, then what is overdue."""
    rows = [*asked_of(entries).head(MOST).to_dicts(), *_late(entries).head(MOST - 1).to_dicts()]
    titles = {row["title"]: text(row["title"], *_due(row), ".") for row in rows}
    lines = [Point(words, "decisions_and_actions") for words in titles.values()]
    said = "Nothing that was entered awaits a decision or is overdue."
    said = said if current_of(entries).height else "No decision or action has been entered yet."
    return lines or [Point(text(said), "decisions_and_actions")]


def asked_of(entries: pl.DataFrame) -> pl.DataFrame:
    """The entries that await a decision."""
    return assessment_text.asked(entries) if entries.height else entries


def current_of(entries: pl.DataFrame) -> pl.DataFrame:
    """The open entries that somebody has made or confirmed."""
    return entries.filter(~pl.col("is_closed") & ~pl.col("is_starter")) if entries.height else entries


def _due(row: Mapping[str, Any]) -> Runs:
    if row["due_date"] is None:
        return ()
    return (", due ", number(ENTRIES, "due_date", "day", register=row["register"], entry_ref=row["entry_ref"]))


def trust(headline: Runs, withheld: list[str]) -> list[Point]:
    """Whether the figures can be trusted, and the tables that this copy should hold and does not."""
    lines = [Point(headline, TRUST)]
    names = ", ".join(withheld[:MOST]) + (" and more" if len(withheld) > MOST else "")
    return [*lines, Point(text(f"Withheld from this copy: {names}."))] if withheld else lines
