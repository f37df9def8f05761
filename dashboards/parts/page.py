"""The frame of every page: marking, question, answer, freshness and foot.

Also the page that explains why something is not available.
"""

from __future__ import annotations

import datetime as dt
import html
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from casework.store.database import today
from dashboards.data import extract, home_state
from dashboards.data.home_state import HomeState
from dashboards.data.published import ALL, Copy, Missing, NotAvailable
from dashboards.parts import filter_bar, filters, outline
from dashboards.parts.icons import Icon
from dashboards.parts.icons import row as icon_row
from dashboards.registry import follows, page_at
from dashboards.server import visit
from dashboards.server.access import Server
from dashboards.text import numbers, on_paper
from dashboards.text.tile import LINES, Line, Tile, shared_lines

STYLES = tuple(Path(__file__).with_name(name) for name in ("style.css", "print.css"))
# what is wrong with the home, in words for a page
STATES = {
    home_state.UNBUILT: "Not built", home_state.FAILED: "A build failed",
    home_state.PARTIAL: "Not everything is published", home_state.EARLIER: "An earlier publication is in use",
    home_state.LATE: "Late", home_state.STALE: "No new data",
}  # fmt: skip
# below the address of every page, whatever its prefix
DOCUMENTATION = '<p class="side-note"><a href="docs/" target="_blank">Documentation</a></p>'


def server() -> Server:
    """The settings that this server was started with."""
    return visit.server()


def begin(purpose: str, *, by_force: bool = True) -> Copy:
    """Draw the head of this page, with its question in the registry, and open its audience's copy.

    Without a copy, say why and end the page. If the extract has several forces, the user chooses one, unless the page
    is not `by_force`.
    """
    here = page_at(visit.address())
    state = _head(here.question)
    try:
        copy = visit.open_copy(here.audience)
    except Missing as why:
        _draw_banner(state_banner(state, leave_out=home_state.UNBUILT))  # the page itself says so
        stop(why.what)
    banner = state_banner(state, leave_out=home_state.WITHHELD if copy.withheld else "")
    words = html.escape(purpose)
    st.html(f'<p class="purpose">{words}</p><p class="freshness">{_freshness(copy)}</p>{banner}{_withheld(copy)}')
    filter_bar.say_unfollowed(follows(visit.address()))
    return _of_force(copy) if by_force and len(copy.forces) > 1 else copy


def _of_force(copy: Copy) -> Copy:
    """The copy of the force chosen in the URL or on the page; without a choice the page asks, and ends."""
    options = {"": "Choose a force", **copy.forces, ALL: "All forces together"}
    force = filters.choose("Force", options, "force", place=st.columns(2)[0])
    if not force:
        note(f"This extract holds {len(copy.forces)} forces, each with figures of its own. Choose one above.")
        end()
        st.stop()
    return copy.of(force)


def choose_force(copy: Copy, forces: Mapping[str, str], place: DeltaGenerator | None = None) -> str:
    """Let the user choose one of the forces of open data: at first the extract's own, if it is one of them."""
    real = (code for code, name in copy.forces.items() if not extract.is_invented_name(name))
    own = next((code for code in real if code in forces), None)
    force = filters.choose("Force", forces, "force", default=own, place=place)
    if copy.forces and own is None:
        names = numbers.listed(list(copy.forces.values()))
        note(f"These open data hold no figure of {names}. Shown is another force: {forces[force]}.")
    return force


def head(title: str, purpose: str = "") -> Server:
    """Draw the head of a page that may need no copy; returns the server's settings."""
    state = _head(title)
    if purpose:
        st.html(f'<p class="purpose">{html.escape(purpose)}</p>')
    _draw_banner(state_banner(state))
    return server()


def _head(title: str) -> HomeState:
    here = server()
    outline.begin()
    st.html(on_paper.style(here.marking) + f'<p class="marking">{html.escape(here.marking)}</p>')
    st.title(title, anchor=False)
    return home_state.read_state(here.home, here.audiences)


def answer(sentence: str) -> None:
    """Show the page's finding in one plain sentence."""
    st.html(f'<p class="answer">{html.escape(numbers.unbroken(sentence))}</p>')
    outline.reserve()


def facts(items: Sequence[tuple[str, str, str]]) -> None:
    """Show values in a row, each as (label, value, small print).

    The small print gives the denominator, year or interval.
    """
    cells = "".join(
        f"<div><dt>{html.escape(label)}</dt><dd{_size(value)}>{html.escape(value)}"
        f"<small>{html.escape(numbers.unbroken(small))}</small></dd></div>"
        for label, value, small in items
    )
    st.html(f'<dl class="facts">{cells}</dl>')


def icons(items: Iterable[Icon | None]) -> None:
    """Show icons of variation and assurance with their words; nothing without any."""
    shown = icon_row(items)
    if shown:
        st.html(shown)


def tiles(items: Sequence[Tile]) -> None:
    """Show headline figures side by side.

    Each has its verdicts, its missing data and its owner. What all of them would say is said once, below.
    """
    shared = shared_lines(items)
    cells = "".join(_tile(tile, [name for name in LINES if name not in shared]) for tile in items)
    st.html(f'<dl class="facts tiles">{cells}</dl>')
    if shared:
        same = "; ".join(f"{LINES[name].lower()}, {words}" for name, words in shared.items())
        note(f"The same for all of these: {same}.")


def _tile(tile: Tile, lines: Sequence[str]) -> str:
    below = "".join(
        f"<span><b>{LINES[name]}</b> {html.escape(numbers.unbroken(getattr(tile, name)))}</span>" for name in lines
    )
    return (
        f"<div><dt>{html.escape(tile.label)}</dt><dd{_size(tile.value)}>{html.escape(tile.value)}"
        f"<small>{html.escape(numbers.unbroken(tile.small))}{below}</small></dd></div>"
    )


def _size(value: str) -> str:
    """The text size: words are set smaller than figures."""
    return "" if len(value) <= 16 else ' class="words"'


def meanings(items: Iterable[tuple[str, str]]) -> None:
    """Show words and their meanings, one line each."""
    lines = "".join(f"<div><dt>{html.escape(name)}</dt><dd>{html.escape(words)}</dd></div>" for name, words in items)
    st.html(f'<dl class="meanings">{lines}</dl>')


def fold(summary: str, items: Iterable[tuple[str, str]]) -> None:
    """Show words and their meanings, one line each, once they are asked for."""
    lines = "".join(f"<div><dt>{html.escape(name)}</dt><dd>{html.escape(words)}</dd></div>" for name, words in items)
    st.html(
        f'<div class="folds"><details><summary>{html.escape(summary)}</summary><dl class="meanings">{lines}</dl>'
        "</details></div>"
    )


def briefing(blocks: Iterable[tuple[str, Sequence[Line]]]) -> None:
    """Show the blocks of a front page side by side, each as (question, lines)."""
    parts = (
        f"<section><h2>{html.escape(question)}</h2><ul>{''.join(map(_line, lines))}</ul></section>"
        for question, lines in blocks
    )
    st.html(f'<div class="briefing">{"".join(parts)}</div>')


def lines(read: Callable[[], list[Line]]) -> list[Line]:
    """The lines of a block; where its figures are missing, the reason in their place."""
    try:
        return read()
    except Missing as why:
        return [Line(f"Not shown: {why}")]


def _line(line: Line) -> str:
    words = html.escape(numbers.unbroken(line.words))
    if line.address:
        words = f'<a href="{html.escape(line.address, quote=True)}">{words}</a>'
    return f"<li>{words}</li>"


def heading(text: str) -> None:
    """Draw a section's heading."""
    outline.heading(text)


def note(text: str) -> None:
    """Show a note beside the figures."""
    st.html(f'<p class="note">{html.escape(numbers.unbroken(text))}</p>')


@contextmanager
def whole(subject: str = "this page", answer: str = "") -> Iterator[None]:
    """Draw a page to its foot. If it cannot be shown, give the `answer` that says so, and the reason.

    The functions that draw its parts are each a `section`: without one of them, the rest of the page is still drawn.
    """
    with section(subject, answer):
        yield
    end()


@contextmanager
def section(subject: str, without: str = "", *, heading: str = "", listed: str = "") -> Iterator[None]:
    """Draw a part of a page. Where its figures are missing, `without` is the answer, and the reason is in its place.

    The contents list has its `heading`, or the words of `listed` where its figure has a heading of its own.
    """
    if heading:
        outline.heading(heading)
    elif listed:
        outline.mark(listed)
    try:
        yield
    except Missing as why:
        if without:
            answer(without)
        missing(why.what, subject)


def missing(what: NotAvailable, subject: str) -> None:
    """Show inside a page that one part is not available, why, and what would help."""
    titles = {
        "withheld": "Withheld",
        "empty": "Nothing delivered yet",
        "absent": "Not measured",
        "denied": "Not for this audience",
        "damaged": "Could not be read",
        "no_home": "Nothing built yet",
        "not_published": "Nothing published yet",
    }
    remedy = f"<p>{html.escape(what.remedy)}</p>" if what.remedy else ""
    st.html(
        f'<div class="missing"><p><strong>{titles[what.kind]}: {html.escape(subject)}</strong></p>'
        f"<p>{html.escape(what.reason)}</p>{remedy}</div>"
    )


def stop(what: NotAvailable, subject: str = "this page") -> NoReturn:
    """Show why the page is not available, instead of figures, and end it."""
    missing(what, subject)
    end()
    st.stop()
    raise AssertionError("st.stop does not return")


def end() -> None:
    """Draw the contents list, and the foot: what is said of every figure, and the marking again."""
    outline.end()
    st.html(f'<p class="marking foot">{html.escape(server().marking)}</p>')


def state_banner(state: HomeState, *, leave_out: str = "") -> str:
    """What is wrong with the home, as HTML; '' if it is whole. The page itself says what is to `leave_out`."""
    said = [trouble for trouble in state.troubles if not leave_out or leave_out not in (trouble.kind, trouble.about)]
    lines = "".join(f"<p><strong>{STATES[t.kind]}:</strong> {html.escape(t.words)}</p>" for t in said)
    return f'<div class="state">{lines}</div>' if lines else ""


def _draw_banner(banner: str) -> None:
    if banner:
        st.html(banner)


def _withheld(copy: Copy) -> str:
    """The tables that this copy should hold and does not, with why; '' if it is whole."""
    tables = copy.withheld
    if not tables:
        return ""
    rows = "".join(f"<li>{html.escape(table)}: {html.escape(why)}</li>" for table, why in sorted(tables.items()))
    words = f"Withheld from this copy: {numbers.plural(len(tables), 'table')}. Everything else is shown."
    return f'<details class="missing"><summary>{words}</summary><ul>{rows}</ul></details>'


def as_of(copy: Copy) -> dt.date | None:
    """The London day that the force's extract reaches; None without one."""
    at = copy.manifest.get("as_of")
    return None if not at else numbers.local_day(dt.datetime.fromisoformat(str(at)))


def _freshness(copy: Copy) -> str:
    manifest = copy.manifest
    received = [d.get("received_at", "") for s in manifest.get("sources", []) for d in s.get("deliveries", [])]
    parts = [f"Published {numbers.moment(manifest.get('published_at'))}"]
    if received:
        parts.append(f"latest delivery {numbers.moment(max(received))}")
    day = as_of(copy)
    if day is not None:
        ago = numbers.plural(max(0, (today() - day).days), "day")
        parts.append(f"the force's extract as of {numbers.day(day)}, {ago} ago")
    return html.escape("; ".join(parts) + ".")
