"""The one bar of choices that several pages follow: a part of the force, and a period.

A choice is in the address, and is kept from page to page. A page's line in the registry says what it follows; a page
that does not follow a choice says so at its head. One part is chosen at a time: published figures are of one breakdown.
"""

from __future__ import annotations

import datetime as dt
import html
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboards.parts import filters
from dashboards.text import numbers
from dashboards.text.breakdowns import part_name

PART, PERIOD, WHOLE = "of", "covering", "whole"  # parameters of the address; the value that chooses nothing
BREAKDOWNS = {"district": "District", "unit": "Unit", "class": "Class", "relationship": "Relationship"}
PERIODS = ("rolling_12", "financial_year", "quarter")


@dataclass(frozen=True)
class Chosen:
    """What the bar asks for: (breakdown, part) and (type, start) of the period; None where nothing is chosen."""

    part: tuple[str, str] | None = None
    period: tuple[str, dt.date] | None = None

    @property
    def words(self) -> str:
        """Invented District 2, Q4 2025/26; the whole force, all periods."""
        part = "the whole force" if self.part is None else part_name(*self.part)
        return f"{part}, {'all periods' if self.period is None else period_words(*self.period)}"


def draw_bar(
    parts: Collection[tuple[str, str]], periods: Collection[tuple[str, dt.date]], follows: Collection[str]
) -> Chosen:
    """Draw the bar with the parts and the periods that are published; return the choices that the page `follows`.

    A part chosen elsewhere that the page does not follow stays in the bar, so that it is kept for the next page.
    """
    places, elsewhere = st.columns(2), kept().part
    if PART in st.query_params:  # a bar with one part alone keeps no choice by itself
        st.session_state.setdefault(filters.REMEMBERED, {})[PART] = st.query_params[PART]
    of = {WHOLE: "Whole force"} | {
        _joined(by, part): f"{BREAKDOWNS[by]}: {part_name(by, part)}"
        for by, part in parts
        if by in follows or (by, part) == elsewhere
    }
    part = read_choices({PART: filters.choose("Part of the force", of, PART, place=places[0])}).part
    return latest_year(followed(Chosen(part, show_period(periods, places[1])), follows), periods)


def latest_year(chosen: Chosen, periods: Collection[tuple[str, dt.date]]) -> Chosen:
    """The choices, of a part without a period those of the latest year: all periods together hide what changed."""
    year = next((period for period in periods if period[0] == "rolling_12"), None)
    return Chosen(chosen.part, year) if chosen.part is not None and chosen.period is None else chosen


def show_period(periods: Collection[tuple[str, dt.date]], place: DeltaGenerator) -> tuple[str, dt.date] | None:
    """Draw the choice of a period alone; returns it."""
    covering = {WHOLE: "The page's own periods"} | {
        _joined(kind, str(start)): numbers.capital(period_words(kind, start)) for kind, start in periods
    }
    return read_choices({PERIOD: filters.choose("Period", covering, PERIOD, place=place)}).period


def in_address() -> dict[str, str]:
    """The choices and the force as the address has them, for links that keep them."""
    return {key: st.query_params[key] for key in ("force", PART, PERIOD) if key in st.query_params}


def followed(chosen: Chosen, follows: Collection[str]) -> Chosen:
    """The choices that a page follows."""
    part = chosen.part if chosen.part is not None and chosen.part[0] in follows else None
    return Chosen(part, chosen.period if "period" in follows else None)


def read_choices(values: Mapping[str, str]) -> Chosen:
    """The choices as an address or the memory of this visit has them; what cannot be read chooses nothing."""
    by, _, part = values.get(PART, "").partition("|")
    kind, _, start = values.get(PERIOD, "").partition("|")
    try:
        period = (kind, dt.date.fromisoformat(start)) if kind in PERIODS else None
    except ValueError:
        period = None
    return Chosen((by, part) if by in BREAKDOWNS and part else None, period)


def kept() -> Chosen:
    """The choices in the address, else those made on another page of this visit."""
    remembered: Mapping[str, str] = st.session_state.get(filters.REMEMBERED, {})
    return read_choices({key: st.query_params.get(key) or remembered.get(key, "") for key in (PART, PERIOD)})


def kept_part(breakdown: str) -> str | None:
    """The part of this breakdown that is chosen, for a page with a filter of its own for it."""
    part = kept().part
    return part[1] if part is not None and part[0] == breakdown else None


def say_unfollowed(follows: Collection[str]) -> None:
    """Say at the head of a page which choices it does not follow; nothing where it follows all of them."""
    words = unfollowed(kept(), follows)
    if words:
        st.html(f'<p class="note not-followed">{html.escape(words)}</p>')


def unfollowed(chosen: Chosen, follows: Collection[str]) -> str:
    """The sentence for the choices that a page does not follow; "" without any."""
    missed, shows = [], []
    if chosen.part is not None and chosen.part[0] not in follows:
        missed.append(part_name(*chosen.part))
        shows.append("the whole force")
    if chosen.period is not None and "period" not in follows:
        missed.append(period_words(*chosen.period))
        shows.append("its own periods")
    if not missed:
        return ""
    return f"This page shows {numbers.listed(shows)}: it does not follow your choice of {numbers.listed(missed)}."


def period_words(kind: str, start: dt.date) -> str:
    """Year to Mar 2026; 2025/26; Q4 2025/26."""
    if kind == "quarter":
        return numbers.quarter(start)
    if kind == "rolling_12":
        return f"year to {numbers.month(numbers.last_month(start, 12))}"
    return f"{start.year}/{(start.year + 1) % 100:02d}"


def _joined(kind: str, value: str) -> str:
    return f"{kind}|{value}"
