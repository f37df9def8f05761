"""The parts of the page being drawn: a contents list at its head, or sections of which one is drawn at a time.

And what is said of every figure once, behind one control at the foot: its sources, licences, caveats and provenance.
Beside a figure stay the caveats that its page gives it, because they change its reading. Those of its tables' cards
hold wherever the table is used, so they are at the foot.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboards.text import numbers

PARAMETER, ALL, OUTLINE = "section", "all", "outline"
FEWEST = 2  # headings that need a contents list
SUMMARY = "Sources, licences and caveats of this page"


@dataclass(frozen=True)
class About:
    """What must be said of a figure besides its own caveats; `provenance` is HTML."""

    name: str  # of the figure, in addresses within the page
    finding: str
    caveats: tuple[str, ...]
    source: str
    provenance: str


@dataclass(frozen=True)
class Section:
    """A part of a long page that is drawn alone."""

    title: str
    draw: Callable[[], None]

    @property
    def code(self) -> str:
        """Its name in the address."""
        return anchor(self.title)


@dataclass
class Outline:
    """What the page has drawn so far, and where its contents list goes; None on a page that needs none."""

    place: DeltaGenerator | None = None
    headings: list[str] = field(default_factory=list)
    figures: list[About] = field(default_factory=list)


def begin() -> None:
    """Start the outline of a page."""
    st.session_state[OUTLINE] = Outline()


def _current() -> Outline:
    outline: Outline = st.session_state.setdefault(OUTLINE, Outline())
    return outline


def anchor(title: str) -> str:
    """A title as a name in an address: Is it changing? -> is-it-changing."""
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")


def reserve() -> None:
    """Keep the place for the contents list."""
    _current().place = st.empty()


def heading(title: str) -> None:
    """Draw a section's heading, to which the contents list leads."""
    _current().headings.append(title)
    st.header(title, anchor=anchor(title))


def mark(title: str) -> None:
    """Have the contents list lead to what is drawn next, which has a heading of its own."""
    _current().headings.append(title)
    st.html(f'<div id="{anchor(title)}" tabindex="-1"></div>')


def in_sections(*sections: Section) -> None:
    """Draw the section that the address asks for, under links to all of them; without a request the first.

    `section=all` in the address draws all.
    """
    _current().place = None
    asked = st.query_params.get(PARAMETER, "")
    chosen = sections if asked == ALL else [s for s in sections if s.code == asked] or sections[:1]
    code = ALL if asked == ALL else chosen[0].code
    names = {section.code: section.title for section in sections} | {ALL: "All on one page"}
    links = [(f"?{urlencode(st.query_params.to_dict() | {PARAMETER: name})}", words) for name, words in names.items()]
    st.html(_links("Sections of this page", links, list(names).index(code)))
    if asked not in ("", code):
        st.html('<p class="note">The link asks for a section that is not on this page. The first is shown.</p>')
    if code != ALL:
        st.html(
            f'<p class="only-printed">Printed here: one of {len(sections)} sections of the page. '
            "“All on one page” prints every section.</p>"
        )
    for section in chosen:
        heading(section.title)
        section.draw()


def link(name: str) -> str:
    """The link beside a figure to what is said of it at the foot."""
    return f'<a class="to-foot" id="from-{name}" href="#about-{name}">Sources and caveats</a>'


def add(about: About) -> None:
    """Have the foot say this of a figure."""
    _current().figures.append(about)


def end() -> None:
    """Draw the contents list at its place, and the control at the foot."""
    outline = _current()
    if outline.place is not None and len(outline.headings) >= FEWEST:
        outline.place.html(_links("On this page", [(f"#{anchor(title)}", title) for title in outline.headings]))
    if outline.figures:
        st.html(foot(outline.figures))


def _links(label: str, links: Sequence[tuple[str, str]], current: int | None = None) -> str:
    items = "".join(
        f'<li><a href="{html.escape(address, quote=True)}"{" aria-current=true" if i == current else ""}>'
        f"{html.escape(words)}</a></li>"
        for i, (address, words) in enumerate(links)
    )
    return f'<nav class="contents" aria-label="{label}"><ul>{items}</ul></nav>'


def foot(figures: Sequence[About]) -> str:
    """What is said of the figures, as HTML: those with the same caveats and source share one entry."""
    groups: dict[tuple[tuple[str, ...], str], list[About]] = {}
    for one in figures:
        groups.setdefault((one.caveats, one.source), []).append(one)
    parts = "".join(_entry(caveats, source, held) for (caveats, source), held in groups.items())
    return f'<details class="foot-of-page"><summary>{SUMMARY}</summary>{parts}</details>'


def _entry(caveats: tuple[str, ...], source: str, figures: Sequence[About]) -> str:
    names = "".join(
        f'<div id="about-{one.name}" tabindex="-1"><p><strong>{_text(one.finding)}</strong> '
        f'<a href="#from-{one.name}">Back to the figure</a></p>{one.provenance}</div>'
        for one in figures
    )
    items = "".join(f"<li>{_text(text)}</li>" for text in caveats)
    return f'<section>{names}{f"<ul>{items}</ul>" if items else ""}<p class="source">{_text(source)}</p></section>'


def _text(text: str) -> str:
    return html.escape(numbers.unbroken(text))
