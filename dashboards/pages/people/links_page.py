"""Review links: people read uncertain pairs of records, blind.

The next build applies their decisions, and linkage is assessed with them.
"""

from __future__ import annotations

import polars as pl
import streamlit as st

from assets.methods.agreement import cohens_kappa
from casework.people import links
from casework.store.database import UNUSABLE, exists, in_words, open_store
from casework.store.refusal import Refused
from dashboards.data.published import Copy, Missing, optional
from dashboards.data.settings import read_settings
from dashboards.pages.people import links_sections, links_text, review_section
from dashboards.pages.people.review_section import PAIRS, Bench
from dashboards.parts import extract_banner, filters, forms, page
from dashboards.text import numbers

LIMIT = "linkage.link_weight"
PARTS = {
    "read": "Read pairs",
    "third": "Where readers disagree",
    "decided": "Decided pairs",
    "quality": "Quality of links",
    "changes": "Changes to people",
}


@page.whole("the decisions on links", "Not shown: the casework store does not answer.")
def main() -> None:
    """Draw the page."""
    copy = page.opened(
        "Do two records belong to one person? Two people read each uncertain pair; the next build applies their "
        "decision.",
        by_force=False,
    )
    extract_banner.sign_where_held(copy, extract_banner.ALONE)
    home = page.server().home
    assert home is not None  # page.opened read a copy in it
    try:
        held = links.everything(open_store(home)) if exists(home) else {}
    except (Refused, *UNUSABLE) as problem:
        raise Missing("damaged", in_words(problem)) from problem
    pairs = optional(copy.select, PAIRS, may_be_empty=True)
    limit = _limit(copy)
    queue = [] if pairs is None else links_text.nearest_first(pairs, limit)
    counts = links.progress(held, queue)
    page.answer(links_text.answer(counts) if queue else _nothing_to_read(copy, pairs))
    value, small = links_text.kappa(cohens_kappa(links.blind_verdicts(held)))
    page.facts(
        [
            ("Uncertain pairs", numbers.number(counts["pairs"]), "those nearest the limit are read first"),
            ("To be read", numbers.number(counts["unread"]), f"and {counts['half']:,} by a second reader"),
            ("Settled", numbers.number(counts["settled"]), f"{counts['untold']:,} more where readers are unsure"),
            ("Readers disagree", numbers.number(counts["differ"]), "for a third person to decide"),
            ("Kappa of two readers", value, small),
        ]
    )
    columns = st.columns(2)
    with columns[0]:
        who = forms.ask_who()
    part = filters.choose("Part", PARTS, "links", place=columns[1])
    forms.tell_done()
    if part == "quality":
        links_sections.show_quality(copy)
        links_sections.show_run(copy)
    elif part == "changes":
        links_sections.show_changes(copy)
    else:
        with page.section("pairs of records"):
            read = copy.select(PAIRS, may_be_empty=True)  # before the store is opened, which makes it
            bench = Bench(open_store(home), copy, read, queue, limit, who)
            if part == "read":
                review_section.draw_pairs(bench)
            elif part == "third":
                review_section.show_third(bench)
            else:
                links_sections.show_decided(bench, held)
    page.note(
        f"{forms.NAMES} Decisions are never overwritten, and every action is logged "
        "with its time. Names of people in the records are encrypted and not on this page, which shows keys only."
    )


def _limit(copy: Copy) -> float | None:
    """The weight from which records are linked.

    That of the last linkage, or the setting for the next.
    """
    where = "link_weight is not null"
    runs = optional(copy.select, links_sections.RUNS, columns="link_weight", where=where, may_be_empty=True)
    return float(runs.item(0, 0)) if runs is not None and runs.height else read_settings(copy).get(LIMIT)


def _nothing_to_read(copy: Copy, pairs: pl.DataFrame | None) -> str:
    runs = optional(copy.select, links_sections.RUNS)
    if runs is None:
        return "No pair is waiting: no linkage of records of people has been published."
    if pairs is None:
        return f"The pairs cannot be shown. {links_text.last_run(runs.row(0, named=True))}"
    return f"No pair is waiting. {links_text.last_run(runs.row(0, named=True))}"


main()
