"""Which standards are breached? Every rule's state; and one standard in detail."""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st

from assets.methods.intervals import wilson_interval
from dashboards.charts import across, intervals
from dashboards.charts.style import DARK, LILAC, ORANGE, PAPER, PLUM, QUIET, RULE, TURQUOISE
from dashboards.data.published import Copy, optional
from dashboards.data.settings import read_small_numbers
from dashboards.pages.recording import chosen_standards_section, standard_sections
from dashboards.parts import chosen_section, chosen_values, extract_banner, figure, filters, page
from dashboards.parts.filter_bar import Chosen
from dashboards.parts.outline import Section, in_sections
from dashboards.text import findings, numbers
from dashboards.text.recording import standards_text
from dashboards.text.small_numbers import SmallNumbers

RUNS, RESULTS = "quality.runs", "quality.rule_results"
ALL = "all"
LARGEST = 12  # shares drawn
STATES = (  # state (sign, words) -> meaning and look in a stacked bar; what needs a decision first
    (numbers.RULE_STATES["ERROR"], "the check failed: figures that depend on it are withheld", (DARK, PAPER, "x")),
    (numbers.RULE_STATES["BREACH"], "records breach the standard", (PLUM, PAPER, "")),
    (numbers.REFER, "warnings for the force crime registrar to decide", (ORANGE, DARK, "")),
    (numbers.FOR_INFORMATION, "noted; no automatic action", (LILAC, DARK, "")),
    (numbers.RULE_STATES["NOT_EVALUABLE"], "the data needed were not delivered", (RULE, QUIET, "/")),
    (numbers.RULE_STATES["PASS"], "no record breaches the standard", (TURQUOISE, DARK, "")),
)
SHOWN_FIRST = (5, 1, 2, 3, 4, 0)  # the order in which they are counted on the page


@page.whole("the results of the standards")
def main() -> None:
    """Draw the page."""
    copy = page.begin("All recording standards, and the records that breach them.")
    extract_banner.sign_where_held(copy)
    results = copy.select(RESULTS, order_by="rule_code, table_name")
    rule = read_small_numbers(copy)
    results = _described(_latest(copy, results), rule)
    head, bar, places = st.container(), st.container(), st.columns([1.6, 1, 1, 1])
    names = _names(results)
    standard = filters.choose("Standard", {ALL: "All standards"} | names, "rule", place=places[0])
    if standard == ALL:
        with bar:
            chosen = chosen_section.bar(copy)
        with head:
            rows = _answer(copy, results, chosen, rule)
            page.facts(_state_counts(results))
        _show_all(copy, results, places, chosen, rows)
    else:
        one = results.filter(pl.col("key") == standard).row(0, named=True)
        standard_sections.draw_standard(copy, one, head, places[1:])


def _answer(copy: Copy, results: pl.DataFrame, chosen: Chosen, rule: SmallNumbers) -> pl.DataFrame | None:
    """Draw the answer; returns the standards with what is chosen, None where nothing is."""
    rows: pl.DataFrame | None = None
    if chosen == Chosen():
        page.answer(findings.rules_finding(results) + ".")
        return rows
    with page.section(chosen.words, f"Not measured. {numbers.capital(chosen.words)} cannot be shown."):
        rows = chosen_standards_section.of_all(copy, results, chosen, rule)
        page.answer(chosen_values.least(rows, chosen, chosen_standards_section.WORDS))
        page.note(chosen_section.REST)
    return rows


def _names(results: pl.DataFrame) -> dict[str, str]:
    """Each standard in words; with its table if it applies to several."""
    rows = results.sort("rule_code", "table_name").with_columns(alike=pl.len().over("rule_code", "title"))
    return {
        r["key"]: f"{r['rule_code']} {r['title']}" + (f" ({r['table_name']})" if r["alike"] > 1 else "")
        for r in rows.iter_rows(named=True)
    }


def _latest(copy: Copy, results: pl.DataFrame) -> pl.DataFrame:
    """The results of the newest run held."""
    runs = optional(copy.select, RUNS, columns="run_ref", order_by="started_at desc")
    known = [] if runs is None else runs["run_ref"].to_list()
    newest = next((run for run in known if run in set(results["run_ref"])), results["run_ref"][-1])
    latest = results.filter(pl.col("run_ref") == newest)
    if "measure_code" in latest.columns:
        return latest
    # a copy of an earlier release, whose measure of a code added up all its rules
    return latest.with_columns(measure_code=pl.when(pl.len().over("rule_code") == 1).then("rule_code"))


def _described(results: pl.DataFrame, rule: SmallNumbers) -> pl.DataFrame:
    """The results with words and shares of records assessed; decisions needed first."""
    rows = results.to_dicts()
    order = {" ".join(words): i for i, (words, _, _) in enumerate(STATES)}
    judged = [standards_text.judged_count(row) for row in rows]
    described = results.with_columns(
        pl.Series("key", [standards_text.key(row) for row in rows], dtype=pl.String),
        pl.Series("state", [standards_text.state(row) for row in rows], dtype=pl.String),
        pl.Series("group", [standards_text.group_of(row["rule_code"]) for row in rows], dtype=pl.String),
        pl.Series("how_many", [standards_text.breach_words(row, rule) for row in rows], dtype=pl.String),
        pl.Series("judged_count", judged, dtype=pl.Int64),
        pl.Series(
            "breach_share",
            [
                None if row["breach_count"] is None or not of or not rule.is_enough(of) else row["breach_count"] / of
                for row, of in zip(rows, judged)
            ],
            dtype=pl.Float64,
        ),
    )
    state = pl.col("state").replace_strict(order, default=len(order))
    return described.sort(
        state, "breach_count", "rule_code", "table_name", descending=[False, True, False, False], nulls_last=True
    )


def _state_counts(results: pl.DataFrame) -> list[tuple[str, str, str]]:
    counts = dict(results["state"].value_counts().iter_rows())
    shown = [STATES[i] for i in SHOWN_FIRST]
    return [
        (
            f"{sign} {words.partition(':')[0].capitalize()}",
            numbers.number(counts.get(f"{sign} {words}", 0)),
            meaning,
        )
        for (sign, words), meaning, _ in shown
    ]


def _show_all(
    copy: Copy, results: pl.DataFrame, places: list[Any], chosen: Chosen, rows: pl.DataFrame | None
) -> None:
    """Draw all standards that the filters leave; first, with what is chosen, its `rows`."""
    states = list(dict.fromkeys(results["state"]))
    state = filters.choose("State", {ALL: "All states"} | {_slug(s): s for s in states}, "state", place=places[1])
    groups = standards_text.groups(results["rule_code"])
    group = filters.choose("Group", {ALL: "All groups"} | groups, "group", place=places[2])
    dimension = filters.choose(
        "Quality dimension",
        {ALL: "All dimensions"} | {d: d for d in results["dimension"].unique().sort()},
        "dimension",
        place=places[3],
    )
    shown = results
    shown = shown.filter(pl.col("state").is_in([s for s in states if _slug(s) == state])) if state != ALL else shown
    shown = shown.filter(pl.col("group") == group) if group != ALL else shown
    shown = shown.filter(pl.col("dimension") == dimension) if dimension != ALL else shown
    if shown.is_empty():
        page.note("No standard has this state in this group and dimension.")
        return
    by_group = [Section("By group", lambda: _show_groups(copy, shown))]
    held = None if rows is None else rows.filter(pl.col("measure_code").is_in(shown["measure_code"].implode()))
    keys = dict(shown.select("measure_code", "key").iter_rows())
    first = [] if held is None or held.is_empty() else [
        chosen_standards_section.section(copy, held, chosen, keys.__getitem__)
    ]  # fmt: skip
    in_sections(
        *first,
        *(by_group if state == ALL and shown["group"].n_unique() > 1 else []),
        Section("By standard", lambda: _show_rules(copy, shown)),
        Section("Largest shares in breach", lambda: _show_largest(copy, shown)),
    )


def _show_groups(copy: Copy, shown: pl.DataFrame) -> None:
    parts = [
        across.Part(f"state_{i}", f"{sign} {words.partition(':')[0]}", fill, ink, hatching)
        for i, ((sign, words), _, (fill, ink, hatching)) in enumerate(STATES)
    ]
    names = standards_text.groups(shown["rule_code"])
    counted = pl.DataFrame(
        [
            {"group": name, "rules": shown.filter(pl.col("group") == code).height}
            | {
                part.column: shown.filter((pl.col("group") == code) & (pl.col("state") == " ".join(state[0]))).height
                for part, state in zip(parts, STATES)
            }
            for code, name in names.items()
        ]
    )
    broken = counted.filter(pl.col("state_1") + pl.col("state_2") > 0).height
    figure.Figure(
        key="standards-by-group",
        tables=(RESULTS,),
        finding=f"{broken} of {numbers.plural(counted.height, 'group')} of standards "
        f"{'has' if broken == 1 else 'have'} a breach or a referral",
        chart=across.stacked(counted, label="group", parts=parts),
        alt="Stacked bars: standards of each group by state. "
        + "; ".join(
            f"{row['group']}: "
            + ", ".join(f"{row[part.column]} {part.name[2:]}" for part in parts if row[part.column])
            for row in counted.iter_rows(named=True)
        )
        + ".",
        data=figure.Data(counted, ("group", {"rules": "Standards"}, {part.column: part.name for part in parts})),
        caveats=("Counts of standards, not of records: one record is enough to breach a standard.",),
        is_lead=True,
    ).draw(copy)


def _show_rules(copy: Copy, shown: pl.DataFrame) -> None:
    figure.Figure(
        key="standards",
        finding=f"{numbers.plural(shown.height, 'standard')}, by state",
        tables=(RESULTS,),
        data=_data(shown),
        caveats=(
            "The share is of the records assessed: examined less not evaluable.",
            "A standard that applies to several tables has several rows.",
            "The code of a standard links to its records.",
        ),
    ).draw(copy)


@page.section("shares with their intervals")
def _show_largest(copy: Copy, shown: pl.DataFrame) -> None:
    """Draw the largest shares of records in breach, by the lower end of their intervals.

    A handful of records therefore does not lead.
    """
    failing = shown.filter((pl.col("status") == "BREACH") & (pl.col("judged_count") > 0))
    failing = failing.filter(pl.col("record_type").fill_null("") != "series")
    if failing.is_empty():
        page.note("No standard of records is breached.")
        return
    failing = failing.filter(pl.col("breach_share").is_not_null())
    if failing.is_empty():
        page.note("No standard that is breached has enough records assessed for a share.")
        return
    limits = [wilson_interval(*counts) for counts in failing.select("breach_count", "judged_count").iter_rows()]
    held = failing.hstack(pl.DataFrame(limits, schema=["breach_lower", "breach_upper"], orient="row"))
    held = held.sort("breach_lower", descending=True)
    drawn = held.head(LARGEST).with_columns(label=pl.format("{} {}\n{}", "rule_code", "title", "how_many"))
    top = drawn.row(0, named=True)
    figure.Figure(
        key="breached-standards",
        tables=(RESULTS,),
        finding=f"Largest share in breach: {top['rule_code']}, {top['how_many']} records assessed",
        chart=intervals.dots(
            drawn,
            label="label",
            value="breach_share",
            lower="breach_lower",
            upper="breach_upper",
            has_labels_above=True,
        ),
        alt="Dots with 95% intervals: share of records assessed that breach a standard. "
        + "; ".join(
            f"{r['rule_code']} {r['how_many']}, interval {numbers.share(r['breach_lower'])} to "
            f"{numbers.share(r['breach_upper'])}"
            for r in drawn.iter_rows(named=True)
        )
        + ".",
        data=figure.Data(
            held,
            (
                "rule_code",
                "title",
                "state",
                {"breach_share": "Share in breach", "breach_lower": "Lower limit", "breach_upper": "Upper limit"},
                "breach_count",
                {"judged_count": "Records assessed"},
                "not_evaluable_count",
            ),
            dict.fromkeys(("breach_share", "breach_lower", "breach_upper"), numbers.share),
            links={"rule_code": lambda r: standards_text.address(r["key"])},
        ),
        caveats=(
            f"At most {LARGEST} are shown, in order of the lower limit of the interval.",
            "Standards examine different records: their shares cannot be added.",
        ),
    ).draw(copy)


def _data(rows: pl.DataFrame) -> figure.Data:
    return figure.Data(
        rows,
        ("rule_code", "title", "state", "breach_count",
         {"judged_count": "Records assessed", "breach_share": "Share in breach"}, "not_evaluable_count",
         "examined_count", "dimension", "authority", "table_name"),
        {
            "breach_count": lambda n: numbers.NO_VALUE if n is None else numbers.number(n),
            "breach_share": numbers.share,
        },
        links={"rule_code": lambda r: standards_text.address(r["key"])},
    )


def _slug(state: str) -> str:
    """✕ breached -> breached: the URL carries words only."""
    return state.partition(" ")[2].replace(" ", "-").replace(":", "")


main()
