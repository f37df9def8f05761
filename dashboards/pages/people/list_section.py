"""The ordered list of suspects; each score is shown with its components."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl
import streamlit as st

from dashboards.data.published import Copy
from dashboards.pages.people import suspects_data, suspects_text
from dashboards.pages.people.suspects_data import SUSPECTS, Setting
from dashboards.pages.people.suspects_text import (
    BANDED,
    COMPONENTS,
    LIST,
    ORDERS,
    POINTS,
    POINTS_ORDER,
    V100,
    V100_WINDOW,
)
from dashboards.parts import figure, filters, page
from dashboards.text import numbers

MOST = 100
WHO = {
    "all": "Everyone",
    "repeat": "Repeat: two or more events",
    "serial": "Serial: two or more victims",
    "three-victims": "Three or more victims",
    "unmanaged": "Repeat or serial, unmanaged",
    "serial-unmanaged": "Serial, unmanaged",
}
COLUMNS: tuple[str | dict[str, str], ...] = (
    {"place": "Position"},
    "person_ref",
    "rfgv_score",
    *COMPONENTS,
    "linkage_mark",
    "managed_by",
    "event_count",
    "crime_count",
    "victim_count",
    "vulnerable_victim_count",
    "harm_css",
    "harm_cchi",
    "harm_behaviour",
    "last_reported_at",
)


@page.section("priority suspects")
def draw_list(copy: Copy, setting: Setting, windows: list[int]) -> None:
    """Draw answer, filters and list."""
    head, places = st.container(), st.columns(3)
    why_no_v100 = suspects_data.v100_state(copy)
    words = {str(d): numbers.capital(suspects_text.window(d)) for d in windows}
    days = int(filters.choose("Window", words, "window", default="730", place=places[0]))
    way, why = suspects_data.way_used(copy)
    orders = {LIST: ("As the list is used", f"by {way}", "list_rank")} if way else {}
    orders |= ORDERS | ({POINTS: POINTS_ORDER} if setting.points.is_loaded else {})
    options = {key: of[0] for key, of in orders.items()} | ({} if why_no_v100 else {V100: "V100 list"})
    any_score = copy.select(SUSPECTS, columns="count(rfgv_score)", may_be_empty=True).item()
    usual = LIST if way else "score" if any_score else "events"
    order = filters.choose("Order by", options, "order", default=usual, place=places[2])
    if order == V100:
        days = V100_WINDOW
    rows = copy.select(SUSPECTS, where="window_days = $days", days=days, order_by="md5(person_ref)", may_be_empty=True)
    rows = suspects_data.with_management(copy, rows, days)
    is_compared = copy.tables.get(suspects_data.MANAGEMENT) is not None
    who_options = WHO if is_compared else {key: WHO[key] for key in ("all", "repeat", "serial", "three-victims")}
    who = filters.choose("Who", who_options, "who", place=places[1])
    with head:
        page.answer(suspects_text.answer(rows, days, setting.as_of_words, setting.lens))
        page.note(suspects_text.ADVISORY)
        if why:
            page.note(why)
        page.facts(_facts(rows, setting, is_compared=is_compared))
    if not is_compared:
        with page.section("management of repeat and serial suspects"):
            copy.select(suspects_data.MANAGEMENT)  # raises why it is not there
    chosen = _of_v100(copy, rows) if order == V100 else rows
    _show_list(copy, setting, _filtered(chosen, who), order, orders, days)
    if why_no_v100:
        page.note(f"The V100 list is not available as an order: {why_no_v100.rstrip('.')}.")
    page.heading("If this is wrong")
    page.note(suspects_text.CHALLENGE)


def _facts(rows: pl.DataFrame, setting: Setting, *, is_compared: bool) -> list[tuple[str, str, str]]:
    ranked = rows["rfgv_score"].count()
    serial_free = rows.filter(pl.col("is_serial") & ~pl.col("is_managed").fill_null(False)).height
    doubtful = rows.filter(pl.col("linkage_mark") == "doubtful").height
    unseen = rows.filter(pl.col("linkage_mark") == "not measured").height
    of = f"of {numbers.plural(rows.height, 'suspect')}"
    is_open = len(setting.measured.absent) == 3
    return [
        ("Ranked by score", numbers.number(ranked), of),
        ("Repeat", numbers.number(int(rows["is_repeat"].sum())), f"two or more events, {of}"),
        ("Serial", numbers.number(int(rows["is_serial"].sum())), f"two or more victims, {of}"),
        (
            "Serial and unmanaged",
            numbers.number(serial_free) if is_compared and not is_open else "not measured",
            suspects_text.why_unmanaged_is_open(setting.measured) or "no order in force, bail or programme on record",
        ),
        (
            "Linkage doubtful",
            numbers.number(doubtful),
            f"may be records of two people; linkage not measured for {numbers.number(unseen)} more",
        ),
    ]


def _filtered(rows: pl.DataFrame, who: str) -> pl.DataFrame:
    free = ~pl.col("is_managed").fill_null(True)
    conditions = {
        "repeat": pl.col("is_repeat"),
        "serial": pl.col("is_serial"),
        "three-victims": pl.col("victim_count") >= 3,
        "unmanaged": (pl.col("is_repeat") | pl.col("is_serial")) & free,
        "serial-unmanaged": pl.col("is_serial") & free,
    }
    return rows.filter(conditions[who]) if who in conditions else rows


def _of_v100(copy: Copy, rows: pl.DataFrame) -> pl.DataFrame:
    """The people of the V100 list, in its order.

    A person whose event began before the year has no score in it.
    """
    listed = copy.select(
        suspects_data.V100,
        columns="person_ref, rank, harm_days, linkage_mark as mark",
        order_by="rank, md5(person_ref)",
    )
    return listed.join(rows, on="person_ref", how="left", maintain_order="left").with_columns(
        linkage_mark=pl.coalesce("linkage_mark", "mark"),
        is_severity_assumed=pl.col("is_severity_assumed").fill_null(False),
    )


def _show_list(
    copy: Copy, setting: Setting, rows: pl.DataFrame, order: str, orders: Mapping[str, tuple[str, str, str]], days: int
) -> None:
    page.heading("The list")
    if rows.is_empty():
        page.note("No suspect meets this choice of filters. No data is missing.")
        return
    if order == V100:
        shown, by = rows, "by the V100 list"
    else:
        _, by, column = orders[order]
        shown = rows.sort(column, descending=order != LIST, nulls_last=True, maintain_order=True)
    shown = shown.head(MOST).with_row_index("place", offset=1)
    if order != V100:  # what has no value is in no order, so it has no position
        shown = shown.with_columns(place=pl.when(pl.col(column).is_not_null()).then("place"))
    records = shown.to_dicts()
    shown = shown.with_columns(
        managed_by=pl.Series([suspects_text.managed(r, setting.measured) for r in records], dtype=pl.String),
        no_score=pl.Series([suspects_text.why_no_score(r, setting.lens) for r in records], dtype=pl.String),
    )
    first, *others = COLUMNS
    v100 = ({"rank": "V100 rank"}, "person_ref", {"harm_days": "V100 harm, days"})
    columns = [*(v100 if order == V100 else (first,)), *others]
    if setting.points.is_loaded:
        columns += BANDED
    if (shown["no_score"] != "").any():
        columns.append({"no_score": "Why there is no score"})
    figure.Figure(
        key="people-to-look-at",
        tables=(SUSPECTS, suspects_data.MANAGEMENT, *((suspects_data.V100,) if order == V100 else ())),
        finding=f"{_many(shown.height, rows.height)}, {by}, highest first",
        data=figure.Data(
            shown,
            columns,
            {
                "place": lambda v: "none" if v is None else numbers.number(v),
                "rfgv_score": lambda v: "no score" if v is None else numbers.decimal(v, 1),
                **dict.fromkeys(COMPONENTS, suspects_text.component),
                **dict.fromkeys(("harm_css", "harm_cchi", "harm_behaviour", "harm_days"), suspects_text.harm),
                **dict.fromkeys(BANDED, suspects_text.points),
                "no_score": lambda v: v or "known",
                "last_reported_at": lambda at: numbers.day(at.date()) if at else numbers.NO_VALUE,
            },
            row_heading="person_ref",
            links={"person_ref": lambda r: suspects_text.address(person=r["person_ref"], window=str(days))},
        ),
        period=f"{suspects_text.window(days)} to {setting.as_of_words}",
        caveats=_caveats(shown, setting, order),
    ).draw(copy)


def _many(shown: int, of: int) -> str:
    people = numbers.plural(of, "suspect")
    return people if shown == of else f"The first {shown:,} of {people}"


def _caveats(shown: pl.DataFrame, setting: Setting, order: str) -> list[str]:
    found = [
        "Select a reference to see why the person is listed. Recency, frequency, gravity and victims run from 0 to 1 "
        "and make up the score"
        + (f"; gravity uses {setting.lens}." if setting.lens else "; the harm that gravity uses is not published."),
        suspects_text.scale(setting.settings),
        "People with the same value are in no particular order.",
        setting.points.words,
    ]
    if order == V100:
        found.append("The V100 list always covers a year: the events and the score beside it are of that year.")
    if order == LIST:
        found.append("The model card says what the way of ranking weighs (`stra report model-card`).")
    if order == "behaviour":
        found.append("Behaviour counts only events whose words could be read.")
    if shown["is_severity_assumed"].any():
        found.append("Severity is partly assumed for some suspects: no weight is published for the class.")
    if setting.measured.absent:
        found.append(suspects_text.why_unmanaged_is_open(setting.measured))
    return [caveat for caveat in found if caveat]
