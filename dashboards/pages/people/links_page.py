"""Review links: people read uncertain pairs of records, blind.

The next build applies their decisions, and linkage is assessed with them.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl
import streamlit as st

from assets.methods.agreement import cohens_kappa
from casework.people import links
from casework.people.links import Held, Pair
from casework.store.database import UNUSABLE, exists, in_words, open_store
from casework.store.refusal import Refused
from dashboards.charts import intervals
from dashboards.data.published import Copy, Missing, optional
from dashboards.data.settings import read_settings
from dashboards.pages.people import links_text, review_section
from dashboards.pages.people.review_section import PAIRS, Bench
from dashboards.parts import extract_banner, figure, filters, forms, page
from dashboards.text import numbers

LIMIT = "linkage.link_weight"
PARTS = {
    "read": "Read pairs",
    "third": "Where readers disagree",
    "decided": "Decided pairs",
    "quality": "Quality of links",
    "changes": "Changes to people",
}
QUALITY, RUNS, CHANGES = "metrics.linkage_quality", "raw.linkage_runs", "core.person_changes"


@page.whole("the decisions on links", "Not shown: the casework store does not answer.")
def main() -> None:
    """Draw the page."""
    copy = page.begin(
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
        show_quality(copy)
        show_run(copy)
    elif part == "changes":
        show_changes(copy)
    else:
        with page.section("pairs of records"):
            read = copy.select(PAIRS, may_be_empty=True)  # before the store is opened, which makes it
            bench = Bench(open_store(home), copy, read, queue, limit, who)
            if part == "read":
                review_section.draw_pairs(bench)
            elif part == "third":
                review_section.show_third(bench)
            else:
                show_decided(bench, held)
    page.note(
        f"{forms.NAMES} Decisions are never overwritten, and every action is logged "
        "with its time. Names of people in the records are encrypted and not on this page, which shows keys only."
    )


def _limit(copy: Copy) -> float | None:
    """The weight from which records are linked.

    That of the last linkage, or the setting for the next.
    """
    where = "link_weight is not null"
    runs = optional(copy.select, RUNS, columns="link_weight", where=where, may_be_empty=True)
    return float(runs.item(0, 0)) if runs is not None and runs.height else read_settings(copy).get(LIMIT)


def _nothing_to_read(copy: Copy, pairs: pl.DataFrame | None) -> str:
    runs = optional(copy.select, RUNS)
    if runs is None:
        return "No pair is waiting: no linkage of records of people has been published."
    if pairs is None:
        return f"The pairs cannot be shown. {links_text.last_run(runs.row(0, named=True))}"
    return f"No pair is waiting. {links_text.last_run(runs.row(0, named=True))}"


def show_decided(bench: Bench, held: Mapping[Pair, Held]) -> None:
    """Draw every decided pair, for download, and the weights of one of them."""
    page.heading("Decided pairs")
    rows = links_text.decided(held, bench.pairs)
    if rows.is_empty():
        page.note("No pair is decided yet: two readers must agree, or a third person must decide.")
        return
    waiting = rows.filter(pl.col("effect").is_in(list(links_text.OBEYED.values()))).height
    figure.Figure(
        key="decided-pairs",
        tables=(PAIRS,),
        finding=f"{numbers.plural(rows.height, 'pair')} decided; the next build will apply "
        f"{numbers.number(waiting)} of them",
        data=figure.Data(
            rows,
            (
                "person_key_l",
                "person_key_r",
                {
                    "settled": "Settled as",
                    "effect": "Effect",
                    "reason": "Why",
                    "first": "First reader",
                    "second": "Second reader",
                },
                "third",
                {"is_blind": "Blind"},
                "match_weight",
                {"decided_at": "Decided"},
            ),
            {"match_weight": lambda w: "not available" if w is None else f"{w:.1f}"},
        ),
        caveats=(
            "Person keys only: no names of people or readers. The log records who decided what.",
            "Blind: every reader decided before the weights were shown and did not change the decision after.",
        ),
    ).draw(bench.copy)
    pairs = list(rows.select("person_key_l", "person_key_r").iter_rows())
    pair = st.selectbox("Show the weights of", pairs, format_func=" and ".join, key=f"weights_of_{len(pairs)}")
    review_section.show_weights(bench, pair)


@page.section("the last linkage", heading="The last linkage")
def show_run(copy: Copy) -> None:
    """Draw the last linkage in words and counts."""
    runs = copy.select(RUNS)
    run = runs.row(0, named=True)
    page.note(links_text.last_run(run))
    if run["record_count"] is None:
        return
    page.facts(
        [
            ("Records", numbers.number(run["record_count"]), f"of {numbers.number(run['row_count'])} rows read"),
            ("People", numbers.number(run["person_count"]), "after linking"),
            ("New or changed", numbers.number(run["new_record_count"]), "records since the previous linkage"),
            (
                "References changed",
                numbers.number(run["changed_ref_count"]),
                "merged, split or moved: see Changes to people",
            ),
        ]
    )


@page.section("quality of links", heading="Quality of links")
def show_quality(copy: Copy) -> None:
    """Draw precision and recall from readers' verdicts, in all and by kind of record."""
    quality = copy.select(QUALITY)
    whole = quality.filter(pl.col("stratum_type") == "all").row(0, named=True)
    if not whole["reviewed_pair_count"]:
        raise Missing(
            "absent",
            "No build has used a pair that two readers settled, so how often linking is right is not known.",
            "Read pairs, then build again.",
        )
    page.note(
        f"Based on {numbers.plural(whole['reviewed_pair_count'], 'pair')} that readers settled before the last build; "
        "later decisions count in the next. Readers see uncertain pairs only, so linking is better over all pairs than "
        "it looks here. Look for a group that does worse than others."
    )
    page.note(links_text.worse_groups(quality))
    kinds = {k: words for k, words in links_text.KINDS.items() if k in set(quality["stratum_type"])}
    kind = filters.choose("Kind of record", kinds, "kind") if kinds else ""
    rows = quality.filter(pl.col("stratum_type") == kind)
    names = [links_text.group_name(kind, value) for value in rows["stratum"]]
    rows = rows.with_columns(group=pl.Series(names, dtype=pl.String))
    for measure in links_text.MEASURES:
        _show_measure(copy, rows, whole, measure)


def _show_measure(copy: Copy, rows: pl.DataFrame, whole: dict[str, object], measure: str) -> None:
    of, counted, total = links_text.MEASURES[measure]
    every = pl.concat([pl.DataFrame([whole], schema=rows.drop("group").schema).with_columns(group=pl.lit("All pairs")),
                       rows.select([*rows.drop("group").columns, "group"])])  # fmt: skip
    parts = [f"{r['group']}: {links_text.share_words(r, measure)}" for r in every.iter_rows(named=True)]
    figure.Figure(
        key=f"linkage-{measure}",
        tables=(QUALITY,),
        finding=links_text.quality_finding(whole, measure),
        chart=intervals.dots(
            every, label="group", value=measure, lower=f"{measure}_lower", upper=f"{measure}_upper",
            has_labels_above=True,
        ),
        alt=f"Dots with 95% intervals: share of {of} that {counted}. {'; '.join(parts)}.",
        data=figure.Data(
            every,
            ("group", {measure: numbers.capital(measure), f"{measure}_lower": "Lower limit",
             f"{measure}_upper": "Upper limit"}, "right_pair_count", {total: numbers.capital(of)},
             "reviewed_pair_count"),
            {c: lambda v: "not measured" if v is None else numbers.share(v)
             for c in (measure, f"{measure}_lower", f"{measure}_upper")},
        ),
        caveats=(intervals.CHANCE,),
    ).draw(copy)  # fmt: skip


@page.section("changes to people", heading="Changes to people")
def show_changes(copy: Copy) -> None:
    """Draw merges and splits of people, with a search by reference."""
    rows = copy.select(CHANGES, order_by="run_number desc, person_ref, other_ref", may_be_empty=True)
    if rows.is_empty():
        page.note("No reference has changed: every person still has their first reference.")
        return
    wanted = (st.text_input("Reference of a person, or part of it", key="changed_ref", max_chars=80) or "").strip()
    is_found = pl.any_horizontal(
        pl.col(c).str.to_lowercase().str.contains(wanted.lower(), literal=True) for c in ("person_ref", "other_ref")
    )
    found = rows.filter(is_found) if wanted else rows
    if found.is_empty():
        page.note(f"No change for “{wanted}”: no reference like it was merged, split or moved.")
        return
    people = numbers.plural(found["person_ref"].n_unique(), "person", "people")
    figure.Figure(
        key="person-changes",
        tables=(CHANGES,),
        finding=f"{numbers.plural(found.height, 'change')} of reference for {people}",
        data=figure.Data(
            found,
            ("person_ref", "change", "other_ref", "record_count", "changed_on", {"reason": "Why linked"}),
        ),
    ).draw(copy)


main()
