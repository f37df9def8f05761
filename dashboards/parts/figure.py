"""The one way to draw a chart or a table on a page.

It draws the finding, chart, text alternative, data, files and the caveats that the page gives. The caveats of its
tables, its source and where its numbers come from go to the foot of the page.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import plotly.graph_objects as go
import polars as pl
import streamlit as st

from dashboards.charts import sentences
from dashboards.charts.breaks import Regime, lettered, require_breaks
from dashboards.charts.style import CONFIG
from dashboards.data import extract
from dashboards.data.home_state import in_use_again
from dashboards.data.published import Columns, Copy
from dashboards.parts import outline, page, provenance
from dashboards.parts.downloads import csv_bytes, file_name, xlsx_bytes
from dashboards.parts.table import Link, html_table
from dashboards.server import visit
from dashboards.text import numbers
from dashboards.text.numbers import Format

UNLICENSED = "Not licensed for publication"  # of sources that are a force's own, or its commissioner's


@dataclass(frozen=True)
class Data:
    """The rows under a chart: its `columns` in order; `formats` apply on the page only.

    A column named alone gets the heading of its card: the first of the figure's tables that has one. Give a mapping
    where the page needs words of its own: ("month", {"share": "Compliance"}, "signal"). The first column heads the
    rows, unless `row_heading` names another.
    """

    rows: pl.DataFrame
    columns: Columns
    formats: Mapping[str, Format] = field(default_factory=dict)
    row_heading: str | None = None
    links: Mapping[str, Link] = field(default_factory=dict)


@dataclass(frozen=True)
class Figure:
    """A chart with all that must appear beside it; a table alone if `chart` is None.

    `tables` are the published tables it rests on; the foot of the page has their caveats and sources. `sources` names
    the ones in use where a table holds several. `regimes` are the recording changes that affect it; a chart over time
    is refused without them.
    """

    key: str
    finding: str
    data: Data
    tables: Sequence[str]
    sources: Sequence[str] = ()
    period: str = ""
    chart: go.Figure | None = None
    alt: str = ""
    caveats: Sequence[str] = ()
    regimes: Sequence[Regime] | None = None
    is_lead: bool = False  # the page's first figure, directly under the answer
    choose: Callable[[Mapping[str, Any]], None] | None = None  # is called with the point of the chart that is clicked
    # the table under the chart is unfolded: its links do by keyboard what `choose` does; a table alone does not scroll
    is_table_open: bool = False

    def draw(self, copy: Copy) -> None:
        """Draw the figure.

        Raises UnmarkedBreakError for a chart over time that crosses a recording change without marking it.
        """
        if self.is_lead:
            with st.container(key=f"lead_{self.key}"):
                st.header(numbers.unbroken(self.finding), anchor=False)
        else:
            st.subheader(numbers.unbroken(self.finding), anchor=False)
        if self.chart is not None:
            require_breaks(self.chart, self.regimes)
            _draw_chart(self)
            _key_of_changes(self.chart, self.regimes or ())
        columns = copy.headings(self.data.columns, *self.tables)
        table = html_table(
            self.data.rows,
            columns,
            caption=self.finding,
            formats=self.data.formats,
            links=self.data.links,
            row_heading=self.data.row_heading or next(iter(columns)),
            is_caption_visible=False,
            is_whole=self.chart is None and self.is_table_open,
        )
        if self.chart is None:
            st.html(table)
        else:
            rows, how = numbers.plural(self.data.rows.height, "row"), html.escape(sentences.carried(self.chart))
            is_open = " open" if self.is_table_open else ""
            st.html(
                f'<div class="folds"><details{is_open}><summary>Show the data ({rows})</summary>{table}</details>'
                + (f"<details><summary>How to read this chart</summary><p>{how}</p></details>" if how else "")
                + "</div>"
            )
        of_tables = tuple(copy.caveats(*self.tables))
        _downloads(copy, self, columns, [*self.caveats, *of_tables, source_line(copy, self, self.period)])
        notes = [*self.caveats, *([f"Period: {self.period}."] if self.period else [])]
        if notes:
            items = "".join(f"<li>{html.escape(text)}</li>" for text in notes)
            st.html(f'<ul class="caveats">{items}</ul>')
        made = provenance.block(copy, self.tables, columns, self.sources)
        name = outline.anchor(self.key)
        outline.add(outline.About(name, self.finding, of_tables, source_line(copy, self), made))


def _draw_chart(figure: Figure) -> None:
    """Draw the chart; a click on a point is answered by `choose`.

    After a click it is a new chart for the browser: else the next click on the same point would only undo the first.
    """
    if figure.choose is None:
        st.plotly_chart(figure.chart, theme=None, config=CONFIG, alt=figure.alt, key=f"chart_{figure.key}")
        return
    choose, count = figure.choose, f"clicks_{figure.key}"
    key = f"clicked_{st.session_state.setdefault(count, 0)}_{figure.key}"

    def clicked() -> None:
        points = st.session_state[key].selection.points
        if points:
            st.session_state[count] += 1
            choose(points[0])

    with st.container(key=f"chart_{figure.key}"):
        st.plotly_chart(
            figure.chart, theme=None, config=CONFIG, alt=figure.alt, key=key, on_select=clicked,
            selection_mode="points",
        )  # fmt: skip


def sources_of(copy: Copy, *tables: str) -> set[str]:
    """The delivered sources that tables rest on."""
    return {name for table in tables for name in copy.tables.get(table, {}).get("sources", [])}


def source_line(copy: Copy, figure: Figure, period: str = "") -> str:
    """Publisher, licence, period and freshness, from the manifest."""
    wanted = set(figure.sources) or sources_of(copy, *figure.tables)
    held = [source for source in copy.manifest.get("sources", []) if source.get("source") in wanted]
    publishers = list(dict.fromkeys(s["publisher"] for s in held if s.get("publisher")))
    licences = list(dict.fromkeys(s["licence"] for s in held if s.get("licence")))
    attributions = list(dict.fromkeys(s["attribution"] for s in held if s.get("attribution")))
    received = [d["received_at"] for s in held for d in s.get("deliveries", []) if d.get("received_at")]
    parts = [f"Source: {'; '.join(publishers)}" if publishers else "Source: this product's own build record"]
    parts += [f"Licence: {'; '.join(licences)}"] if licences else []
    parts += attributions
    parts += [f"Period: {period}"] if period else []
    parts += [f"Latest delivery {numbers.moment(max(received))}"] if received else []
    parts += [f"Published {numbers.moment(copy.manifest.get('published_at'))}"]
    again = in_use_again(copy.manifest)
    parts += [again] if again else []
    return ". ".join(part.rstrip(".") for part in parts) + "."


def is_invented(copy: Copy, figure: Figure) -> bool:
    """Whether the figure is of an invented force: public data and lists of the product beside it are real."""
    used = set(figure.sources) or sources_of(copy, *figure.tables)
    own = {s.get("source") for s in copy.manifest.get("sources", []) if s.get("licence") == UNLICENSED}
    is_own = bool(used & own) if used else not all(table.startswith("reference.") for table in figure.tables)
    return is_own and extract.is_invented(copy)


def _downloads(copy: Copy, figure: Figure, columns: Mapping[str, str], notes: Sequence[str]) -> None:
    marking, is_of_invented = page.server().marking, is_invented(copy, figure)
    rows = figure.data.rows
    with st.container(horizontal=True, gap="small", key=f"downloads_{figure.key}"):
        visit.hand_out(
            "Download CSV",
            lambda: csv_bytes(rows, columns),
            file_name(marking, figure.key, "csv"),
            "text/csv",
            copy.audience,
            is_invented=is_of_invented,
            count=rows.height,
            key=f"csv_{figure.key}",
        )
        visit.hand_out(
            "Download XLSX",
            lambda: xlsx_bytes(
                rows, columns, title=figure.finding, notes=notes, marking=marking, is_invented=is_of_invented
            ),
            file_name(marking, figure.key, "xlsx"),
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            copy.audience,
            is_invented=is_of_invented,
            count=rows.height,
            key=f"xlsx_{figure.key}",
        )
        st.html(outline.link(outline.anchor(figure.key)))


def _key_of_changes(chart: go.Figure, regimes: Sequence[Regime]) -> None:
    """Draw the key to the lettered lines of recording changes."""
    marks = lettered(chart, regimes)
    if marks:
        items = "".join(
            f"<li><b>{letter}</b> {html.escape(r.date_text)}: {html.escape(r.title)}."
            + (f" {html.escape(r.effect.rstrip('.'))}." if r.effect else "")
            + "</li>"
            for letter, r in marks
        )
        st.html(f'<p class="key-title">Recording changes marked on the chart</p><ul class="key">{items}</ul>')
