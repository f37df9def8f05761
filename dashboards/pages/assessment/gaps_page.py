"""What we cannot see: the assessment's gaps, first those that decide which themes are the first three."""

from __future__ import annotations

import polars as pl

from dashboards.data import extract
from dashboards.data.published import Copy
from dashboards.pages.assessment import assessment_data, assessment_sections, registers_data
from dashboards.parts import extract_banner, figure, page
from dashboards.text import numbers
from dashboards.text.assessment import assessment_text


@page.whole("what we cannot see", "Not measured. Themes are scored from a force's own extract.")
def main() -> None:
    """Draw the page."""
    copy = page.begin("What the assessment does not know, and what decides which themes come first.")
    scores = assessment_data.scores(copy)
    extract_banner.sign(extract.find_extract(copy, instead=assessment_data.NO_THEMES))
    names = dict(assessment_data.names(scores))
    _gaps(copy, scores, names)
    _confidence(copy, scores)
    _facts(copy, names)
    _register(copy)


@page.section(
    "what we cannot see", "Not shown: the list of gaps is missing. That does not mean that there are none."
)
def _gaps(copy: Copy, scores: pl.DataFrame, names: dict[str, str]) -> None:
    """Draw the answer, and every gap of every theme."""
    gaps = copy.select(assessment_data.GAPS, order_by="place", may_be_empty=True)
    low = scores.filter(pl.col("confidence") == "Low")
    page.answer(_answer(gaps, low, names, assessment_text.is_ranked(scores)))
    page.facts(
        [
            ("Gaps", numbers.number(gaps.height), f"parts of {scores.height} themes, and themes of low confidence"),
            ("Not measured", numbers.number(_count(gaps, "not measured")), "parts without a measurement"),
            ("Judged", numbers.number(_count(gaps, "entered")), "parts scored by a judgement in the list of themes"),
            ("Low confidence", numbers.number(low.height), f"of {numbers.plural(scores.height, 'theme')}"),
        ]
    )
    assessment_sections.gaps(copy, gaps, scores, is_of_all=True)


def _count(gaps: pl.DataFrame, kind: str) -> int:
    return gaps.filter(pl.col("kind") == kind).height


def _answer(gaps: pl.DataFrame, low: pl.DataFrame, names: dict[str, str], is_ranked: bool) -> str:
    if gaps.is_empty():
        return "No gap is open: every part of every score is measured."
    tail = (
        "No theme has low confidence." if low.is_empty()
        else f"Low confidence: {numbers.listed(low['theme_name'].to_list(), 4)}."
    )  # fmt: skip
    named = gaps.with_columns(theme=pl.col("theme_code").replace_strict(names, default=pl.col("theme_code")))
    return f"{assessment_text.gaps_finding(named, is_ranked=is_ranked)}. {tail}"


@page.section("the confidence in each theme", heading="Confidence in each theme")
def _confidence(copy: Copy, scores: pl.DataFrame) -> None:
    """Draw every theme and component, lowest confidence first."""
    held = copy.select(assessment_data.CONFIDENCE, order_by="place", may_be_empty=True)
    if held.is_empty():
        return
    wide = held.pivot("component_name", index="theme_code", values="grade")
    named = (
        scores.sort("place")
        .select("theme_code", "theme_name", "confidence")
        .join(wide, on="theme_code", maintain_order="left")
    )
    high = named.filter(pl.col("confidence") == "High").height
    components = [name for name in wide.columns if name != "theme_code"]
    figure.Figure(
        key="confidence-by-theme",
        finding=f"{high} of {named.height} themes have high confidence",
        data=figure.Data(named, ("theme_name", "confidence", {name: name for name in components})),
        tables=(assessment_data.CONFIDENCE, assessment_data.SCORES),
    ).draw(copy)


@page.section("the facts", heading="Facts not measured")
def _facts(copy: Copy, names: dict[str, str]) -> None:
    """Draw the facts that are not measured of any theme."""
    held = copy.select(assessment_data.FACTS, order_by="place, theme_code", may_be_empty=True)
    missing = held.filter(pl.col("value").is_null() & ~pl.col("is_small"))
    if missing.is_empty():
        page.note("Every fact of every theme is measured.")
        return
    by_fact = missing.group_by("label", "note", maintain_order=True).agg(
        themes=pl.col("theme_code").str.join(", "), count=pl.len()
    )
    figure.Figure(
        key="facts-not-measured",
        finding=f"{numbers.plural(by_fact.height, 'fact')} not measured of one theme or more",
        data=figure.Data(by_fact, ("label", "themes", {"note": "Why"})),
        tables=(assessment_data.FACTS,),
    ).draw(copy)


@page.section("the register of gaps", heading="What is being done?")
def _register(copy: Copy) -> None:
    """Draw the intelligence requirement: the work on closing gaps."""
    held = registers_data.entered(page.server().home, copy)
    current = held.filter((pl.col("register") == "intelligence_gaps") & ~pl.col("is_closed"))
    if current.is_empty():
        page.note("The register has no gap yet. It is on the page Decisions and actions.")
        return
    late = current.filter(pl.col("is_overdue").fill_null(False)).height
    figure.Figure(
        key="intelligence-gaps",
        finding=f"{numbers.plural(current.height, 'gap')} in the register, {late} overdue",
        data=figure.Data(
            current,
            ({"title": "Gap"}, "theme_code", "owner", "due_date", "status"),
            {"owner": lambda v: v or "nobody yet", "due_date": lambda v: numbers.day(v) if v else "no date",
             "theme_code": lambda v: v or "several", "status": numbers.readable},
        ),
        tables=(assessment_data.ENTRIES,),
        caveats=(registers_data.INCLUDED,),
    ).draw(copy)  # fmt: skip


main()
