"""What a page that follows the bar of choices draws of a choice: the bar, the answer, and the first figure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go
import polars as pl
import streamlit as st

from dashboards.charts import intervals
from dashboards.charts.breaks import regimes_of
from dashboards.data import measure_rows, regimes
from dashboards.data.published import Copy, Missing, optional
from dashboards.data.settings import read_settings
from dashboards.parts import chosen_values, figure, filter_bar, page
from dashboards.parts.chosen_values import MEASURES, VALUES, Compared, Words
from dashboards.parts.filter_bar import Chosen
from dashboards.parts.outline import Section
from dashboards.parts.table import Link
from dashboards.registry import follows
from dashboards.server import visit
from dashboards.text import comparisons, numbers
from dashboards.text.small_numbers import SmallNumbers

HEADING = "The part and period chosen"
MOST, OPEN = 15, 20  # measures drawn; rows of a table that is unfolded from the start
STALKING = ("S&H",)  # whose recording changes bear on every measure
EXPLORE = "explore"
REST = "Every other section of this page is of the whole force and has its own periods."


@dataclass(frozen=True)
class Measures:
    """The measures that a page shows of a choice: its key, its words, their subjects, and the codes that come first."""

    key: str
    words: Words
    subjects: tuple[str, ...]
    first: tuple[str, ...]


def bar(copy: Copy) -> Chosen:
    """Draw the bar; returns the choices that this page follows. A copy without measures by part has no bar."""
    held, own = optional(chosen_values.offered, copy), follows(visit.address())
    if held is not None:
        return filter_bar.draw_bar(*held, own)
    words = filter_bar.unfollowed(filter_bar.followed(filter_bar.kept(), own), ())
    if words:
        page.note(words)
    return Chosen()


def period(copy: Copy, part: tuple[str, str] | None) -> Chosen:
    """Draw the choice of a period, for a page that has its own choice of a part. Raises Missing."""
    _, periods = chosen_values.offered(copy)
    return Chosen(part, filter_bar.show_period(periods, st.columns(2)[0]))


def compared(copy: Copy) -> Compared:
    """What changes are judged with. Raises Missing."""
    changes = regimes_of(regimes.read_regimes(copy).filter("moves_counts"), source="crime", codes=STALKING)
    settings = read_settings(copy)
    z, rate = settings.get("intervals.z", 1.96), settings.get("attention.false_findings", 0.1)
    return Compared(z, changes, measure_rows.read_spreads(copy), rate)


def lead(copy: Copy, chosen: Chosen, rule: SmallNumbers, of: Measures) -> list[Section]:
    """Draw the answer to a choice; returns the section with its figure, none if nothing is chosen."""
    found: list[Section] = []
    if chosen == Chosen():
        return found
    with page.section(chosen.words, f"Not measured. {numbers.capital(chosen.words)} cannot be shown."):
        rows = chosen_values.read_measures(copy, chosen, chosen_values.measures(copy, of.subjects, of.first), rule)
        if rows.is_empty():
            raise Missing("empty", "No measure of this page is published.")
        page.answer(chosen_values.first(rows, chosen, of.words, compared(copy)))
        page.note(REST)
        title = numbers.capital(of.words.many)
        found.append(Section(HEADING, lambda: draw(copy, of.key, title, rows, chosen, of.words, is_lead=True)))
    return found


@page.section(HEADING)
def draw(
    copy: Copy,
    key: str,
    heading: str,
    rows: pl.DataFrame,
    chosen: Chosen,
    words: Words,
    *,
    tables: Sequence[str] = (VALUES, MEASURES),
    link: Link | None = None,
    is_lead: bool = False,
) -> None:
    """Draw the measures of what is chosen: dots with intervals, and a table with the whole force and a year before.

    Counts have the table alone. The first MOST are drawn. A measure's name leads to Explore; with a `link` its code has
    a column, and leads to another page.
    """
    frame = chosen_values.shown(rows, chosen, words, compared(copy), force=copy.force)
    drawn = frame.head(MOST)
    has_chart = drawn["share"].null_count() < drawn.height
    figure.Figure(
        key=key,
        finding=f"{heading.rstrip('?')}: {chosen.words}",
        chart=_chart(drawn) if has_chart else None,
        alt=f"{words.share} with 95% intervals: {'; '.join(_alt(drawn))}." if has_chart else "",
        data=_data(frame, chosen, words, link, is_of_counts=chosen_values.is_count(rows.row(0, named=True))),
        tables=tables,
        caveats=_caveats(rows, chosen, has_chart=has_chart),
        is_lead=is_lead,
        is_table_open=frame.height <= OPEN,
    ).draw(copy)


def _chart(frame: pl.DataFrame) -> go.Figure:
    return intervals.dots(frame, label="label", value="share", lower="lower", upper="upper", has_labels_above=True)


def _alt(frame: pl.DataFrame) -> list[str]:
    return [f"{row['measure']}: {row['state']}" for row in frame.iter_rows(named=True)]


def _caveats(rows: pl.DataFrame, chosen: Chosen, *, has_chart: bool) -> list[str]:
    found = []
    if has_chart:
        found.append("The axis may not begin at zero.")
        found += [f"The first {MOST} of {rows.height} are drawn. The table has all."] if rows.height > MOST else []
    if chosen.period is not None:
        found.append(comparisons.BY_CHANCE)
        if not rows["is_whole"].drop_nulls().all():
            found.append(f"{numbers.capital(chosen_values.PART_OF_PERIOD)}: later cases were not followed to the end.")
    return found


def _data(
    frame: pl.DataFrame, chosen: Chosen, words: Words, link: Link | None, *, is_of_counts: bool
) -> figure.Data:
    columns = {} if link is None else {"measure_code": numbers.capital(words.one)}
    columns |= {"measure": "Measure"}
    columns |= {} if is_of_counts else {"share": words.share, "lower": "Lower limit", "upper": "Upper limit"}
    columns |= {"counted": words.counted} | ({} if is_of_counts else {"of": words.of})
    columns |= {"whole": "Whole force"} if chosen.part is not None else {}
    columns |= {"before": "A year before", "changed": "On a year before"} if chosen.period is not None else {}
    links: dict[str, Link] = {} if link is None else {"measure_code": link}
    if EXPLORE in visit.opened_pages():
        links["measure"] = lambda row: row["address"]
    kept = frame.select(*columns, *sorted({"measure_code", "address"} - columns.keys()))
    return figure.Data(
        kept, columns, dict.fromkeys(chosen_values.SHARES, numbers.share), row_heading="measure", links=links
    )
