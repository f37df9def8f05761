"""Explore: any measure, by month, district and unit, beside last year and the rest of the force."""

from __future__ import annotations

import datetime as dt

import polars as pl
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from assets.methods.comparison import CHANCE_ALONE
from dashboards.data import extract, measure_rows, regimes
from dashboards.data.measure_rows import BY_SUSPECT
from dashboards.data.published import Copy, optional
from dashboards.data.settings import read_settings, read_small_numbers
from dashboards.pages.assessment import explorer_data as data
from dashboards.pages.assessment import explorer_gaps_section as gaps_of
from dashboards.pages.assessment import explorer_map_section as map_of
from dashboards.pages.assessment import explorer_notes_section as desk
from dashboards.pages.assessment import explorer_pairs_data as pairs
from dashboards.pages.assessment import explorer_pairs_section as pairs_of
from dashboards.pages.assessment import explorer_parts_sections as parts_of
from dashboards.pages.assessment import explorer_records as records
from dashboards.pages.assessment import explorer_series_section as series_of
from dashboards.pages.assessment.explorer_data import Choice, Shown
from dashboards.parts import extract_banner, filters, forms, page
from dashboards.text import comparisons, numbers
from dashboards.text.assessment import explorer_text as text
from dashboards.text.breakdowns import BREAKDOWNS, BY_TIME, part_name

EVERY = "every"
ORDERS = {
    "value": "Value, highest first", "lowest": "Value, lowest first", "change": "Change on a year before",
    "name": "Name",
}  # fmt: skip
# of weekdays and hours their names are in the order of the week and of the day
ORDERS_IN_TIME = {"name": "Monday first, 00:00 first"} | {key: words for key, words in ORDERS.items() if key != "name"}


@page.whole("the measures", "Not measured. No measure has been published.")
def main() -> None:
    """Draw the page."""
    copy = page.begin(
        "Any measure, by period, district, unit and more, beside the year before and the rest of the force.",
    )
    of = extract.find_extract(copy)
    extract_banner.sign(of)
    views = st.container()
    choice, force, order, by, second = _chosen(copy)
    changes = regimes.of_measure(copy, choice.recording_classes)
    settings = read_settings(copy)
    spread = measure_rows.read_spreads(copy).get(choice.code, CHANCE_ALONE)
    z, rate = settings.get("intervals.z", 1.96), settings.get("attention.false_findings", 0.1)
    shown = Shown(copy, read_small_numbers(copy), z, changes, spread, rate, by)
    parts, wholes = data.read_parts(copy, choice, shown.rule)
    is_part = choice.part != EVERY and choice.breakdown != "none"
    leading, led = (choice, parts) if is_part else (data.whole_of(choice), wholes)
    forms.tell_done()
    series = data.series_of(leading, force)
    notes = optional(data.notes, page.server().home, series)
    is_answered = is_part and second != "none" and pairs_of.answer(shown, choice, second, EVERY)
    if not is_answered:
        series_of.answer(shown, leading, led, wholes, data.not_known(choice, parts, wholes))
    by_part, found = choice.breakdown != "none", parts
    if by_part:  # what was asked for comes first, under the answer
        by_name = BREAKDOWNS[choice.breakdown].lower()
        with page.section(f"{by_name} by period", listed=f"By {by_name}"):
            found = parts_of.ranked(shown, choice, parts, wholes, order)
            if choice.measure["kind"] == "share_at_end":
                page.note(text.OF_PEOPLE)
            elif choice.breakdown.startswith(BY_SUSPECT):
                page.note(text.OF_SUSPECTS)
            elif choice.breakdown == "relationship":
                page.note(text.OF_RELATIONSHIPS)
    if choice.breakdown == "district":
        with page.section("the map of districts"):
            map_of.draw(shown, choice, parts)
    if second != "none":
        both = f"{BREAKDOWNS[choice.breakdown].lower()} and {BREAKDOWNS[second].lower()}"
        with page.section(both, listed=f"By {both}"):
            pairs_of.draw(shown, choice, second, EVERY)
    if {choice.breakdown, second} & set(BY_TIME):
        page.note(text.of_times(settings.get("times.longest_span_hours", 3)))
    series_of.draw(shown, leading, led, notes or [])
    gaps_of.draw(shown, leading)
    records.draw(choice, EVERY)
    if second != "none":  # two breakdowns are a question of one period, and a long page
        page.note(text.NOT_OVER_TIME)
    elif by_part:
        with page.section(f"{by_name} over time", listed="Parts over time"):
            parts_of.over_time(shown, choice, found, order)
    page.note(comparisons.BY_CHANCE)
    desk.draw(leading, series, notes, views)


def _chosen(copy: Copy) -> tuple[Choice, str, str, str, str]:
    """What the filters ask for, the force, the order of the parts, and the breakdowns to look into and to pair with."""
    listed = data.measures(copy)
    top, below = st.columns([2, 1, 1]), st.columns([1, 1, 1, 1])
    names = {code: f"{numbers.capital(row['subject'])}: {row['measure_name']}" for code, row in listed.items()}
    code = filters.choose("Measure", names, "measure", default="recorded", place=top[0])
    periods = data.periods(copy, code)
    held = set(periods["period_type"])
    period_type = filters.choose(
        "Period", {key: words for key, words in text.PERIODS.items() if key in held}, "period", default="quarter",
        place=top[1], forgets="until",
    )  # fmt: skip
    of_type = periods.filter(pl.col("period_type") == period_type)
    start = filters.choose(
        "Which one", _named(of_type, period_type), "until", default=_latest_whole(of_type), place=top[2]
    )
    parts = data.parts(copy, code, period_type)
    by = set(parts["breakdown"])
    breakdown = filters.choose(
        "By", {key: words for key, words in BREAKDOWNS.items() if key in by}, "by", default="none", place=below[0]
    )
    own = parts.filter(pl.col("breakdown") == breakdown)["breakdown_value"].to_list()
    named = {part: part_name(breakdown, part) for part in own}
    offered = named if breakdown == "none" else {EVERY: text.EVERY_PART, **named}
    part = filters.choose("Part", offered, f"part_{breakdown}", place=below[1])
    order, second = "name", "none"
    if breakdown != "none":
        order = _order(breakdown, below[2])
        others = pairs.seconds(copy, code, period_type, breakdown, dt.date.fromisoformat(start))
        if others:
            paired = {"none": "Nothing else", **{other: BREAKDOWNS[other] for other in others}}
            second = filters.choose("And by", paired, f"and_{breakdown}", default="none", place=below[3])
    into = next((key for key in (breakdown, *BREAKDOWNS) if key in by and key != "none"), "none")
    choice = Choice(listed[code], period_type, breakdown, part, dt.date.fromisoformat(start))
    return choice, str(periods["force_code"][0]), order, into, second


def _order(breakdown: str, place: DeltaGenerator) -> str:
    """The order of the parts. By weekday or hour it is a choice of its own, and begins with that of the week or day."""
    if breakdown in BY_TIME:
        return filters.choose("Order by", ORDERS_IN_TIME, "order_in_time", place=place)
    return filters.choose("Order by", ORDERS, "order", place=place)


def _named(periods: pl.DataFrame, period_type: str) -> dict[str, str]:
    """Start -> words of each period, the latest first; one that is not whole says so."""
    return {
        start.isoformat(): text.period(period_type, start, end) + ("" if is_whole else " (not whole)")
        for start, end, is_whole in periods.select("period_start", "period_end", "is_whole").iter_rows()
    }


def _latest_whole(periods: pl.DataFrame) -> str:
    """The latest period that is whole; the latest of all if none is."""
    whole = periods.filter("is_drawn")
    latest = (periods if whole.is_empty() else whole)["period_start"].max()
    assert isinstance(latest, dt.date)
    return latest.isoformat()


main()
