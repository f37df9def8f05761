"""Need and reach: expected victims, known victims, and the reach of support."""

from __future__ import annotations

import polars as pl

from dashboards.charts import across
from dashboards.data.published import Copy, optional
from dashboards.data.support import support_data
from dashboards.data.support.support_data import AREA_STEPS, FIGURES, GAPS, NEED, Row, Year
from dashboards.pages.support import support_head
from dashboards.parts import figure, page
from dashboards.text import numbers
from dashboards.text.support import support_text


@page.whole("need and reach")
def main() -> None:
    """Draw the page."""
    copy, year = support_head.opened(
        "How many people are expected to be stalked, how many are known to police, and how many are supported."
    )
    rows = support_data.figures(copy, year, "all", "area")
    needed = optional(_needed, copy)
    need = None if needed is None else _find_group(needed, "all", "all")
    figures = support_data.of_all(rows)
    page.answer(support_text.reach(need, figures, year.words))
    page.facts(_facts(need, figures))
    _funnel(copy, need, figures, year)
    _gaps(copy, year)
    with page.section("the reach by area and the need by sex"):
        _areas(copy, rows, year)
        _spread(copy, year)
        _by_sex(copy, _needed(copy))
    page.note(support_data.key(copy))


def _needed(copy: Copy) -> pl.DataFrame:
    return copy.select(NEED, where="need_code = 'stalking'", may_be_empty=True)


def _find_group(rows: pl.DataFrame, breakdown: str, code: str) -> Row | None:
    found = rows.filter((pl.col("breakdown") == breakdown) & (pl.col("group_code") == code))
    return None if found.is_empty() else found.row(0, named=True)


def _facts(need: Row | None, figures: dict[str, Row]) -> list[tuple[str, str, str]]:
    told = [
        ("Known as stalked", support_data.text(figures.get("known_stalking")), "victims of recorded stalking"),
        ("Known to police", support_data.text(figures.get("known")), "victims of stalking or harassment"),
    ]
    if need is not None:
        limits = support_text.between(need["need_lower"], need["need_upper"])
        small = (
            f"{limits} by the survey's error alone; of {numbers.number(need['resident_count'])} residents of 16 and "
            f"over, {need['population_year']}; survey of the {need['survey_year']}"
        )
        told.insert(0, ("Expected to be stalked", f"about {support_text.about(need['need_count'])}", small))
    for code, name, whole in (("offered", "Offered support", "known"), ("accepted", "Accepted", "offered")):
        row = figures.get(code)
        share = support_data.part(row)
        told.append((name, support_data.text(row), f"{share} of those {whole}" if "%" in share else share))
    return told


def _funnel(copy: Copy, need: Row | None, figures: dict[str, Row], year: Year) -> None:
    steps = support_text.funnel(need, figures)
    drawn = steps.filter(pl.col("value").is_not_null()).with_columns(label="step")
    finding = f"From need to completed support, {year.words}"
    figure.Figure(
        key="need-to-support",
        finding=finding,
        chart=across.bars(drawn, label="label", value="value", words="words"),
        alt=f"Bar chart: {finding}. " + "; ".join(f"{r['step']} {r['words']}" for r in drawn.iter_rows(named=True)),
        data=figure.Data(steps, ("step", {"words": "People", "limits": "Range", "basis": "Basis of the range"})),
        tables=(FIGURES, NEED),
        period=year.words,
        is_lead=True,
    ).draw(copy)


@page.section("the gaps between the steps")
def _gaps(copy: Copy, year: Year) -> None:
    rows = copy.select(GAPS, where="breakdown = 'all'", order_by="place", may_be_empty=True)
    figure.Figure(
        key="support-gaps",
        finding=support_text.largest_gap(rows),
        data=figure.Data(
            rows.with_columns(
                size=pl.struct("gap_code", "gap_count").map_elements(
                    lambda r: support_text.gap_size(r["gap_code"], r["gap_count"]), return_dtype=pl.String
                ),
                limits=pl.struct("gap_code", "gap_lower", "gap_upper").map_elements(
                    lambda r: " to ".join(
                        support_text.gap_size(r["gap_code"], r[n]) for n in ("gap_lower", "gap_upper")
                    ),
                    return_dtype=pl.String,
                ),
            ),
            ("gap_name", {"size": "People", "limits": "Range"}),
        ),
        tables=(GAPS,),
        period=year.words,
    ).draw(copy)


def _areas(copy: Copy, rows: pl.DataFrame, year: Year) -> None:
    areas = rows.filter(pl.col("breakdown") == "area")
    if areas.is_empty():
        return
    wide = areas.pivot("measure_code", index=["group_code", "group_name", "place"], values="text").sort(
        "place", "group_name"
    )
    columns = {"group_name": "Area"}
    columns |= {code: name for code, name in (support_text.STALKING, *support_text.STEPS) if code in wide.columns}
    unplaced = wide.filter(pl.col("group_code") == "not recorded")
    finding = f"Reach by area, {year.words}"
    if not unplaced.is_empty() and "known" in wide.columns:
        finding += f"; {unplaced['known'][0]} known victims have no area"
    figure.Figure(
        key="reach-by-area",
        finding=finding,
        data=figure.Data(wide, columns),
        tables=(FIGURES,),
        period=year.words,
        caveats=(support_text.NO_NEED_BY_AREA,),
    ).draw(copy)


def _spread(copy: Copy, year: Year) -> None:
    """Each step with the victims without an area: in proportion, and with none or all of them."""
    rows = copy.select(AREA_STEPS, order_by="place, group_name", may_be_empty=True)
    known = rows.filter(pl.col("measure_code") == "known")
    if known.is_empty() or known["unplaced_text"][0] == "0":
        return
    shown = rows.with_columns(
        words=pl.struct("spread_count", "spread_lower", "spread_upper").map_elements(
            support_text.spread, return_dtype=pl.String
        )
    )
    wide = shown.pivot("measure_code", index=["group_code", "group_name"], values="words")
    columns = {"group_name": "Area"}
    columns |= {code: name for code, name in (support_text.STALKING, *support_text.STEPS) if code in wide.columns}
    figure.Figure(
        key="reach-with-unplaced",
        finding=f"{known['unplaced_text'][0]} known victims without an area, spread in proportion (none to all)",
        data=figure.Data(wide, columns),
        tables=(AREA_STEPS,),
        period=year.words,
    ).draw(copy)


def _by_sex(copy: Copy, needed: pl.DataFrame) -> None:
    rows = needed.filter(pl.col("breakdown") == "sex").sort("need_count", descending=True)
    if rows.is_empty():
        return
    top = rows.row(0, named=True)
    figure.Figure(
        key="need-by-sex",
        finding=f"{numbers.share(top['need_count'] / rows['need_count'].sum(), 0)} of those expected to be stalked "
        f"are {top['group_name'].lower()}",
        data=figure.Data(
            rows.with_columns(
                need=pl.col("need_count").map_elements(support_text.about, return_dtype=pl.String),
                limits=pl.struct("need_lower", "need_upper").map_elements(
                    lambda r: support_text.between(r["need_lower"], r["need_upper"]), return_dtype=pl.String
                ),
            ),
            ({"group_name": "Sex", "need": "Expected to be stalked", "limits": "Range"}, "resident_count",
             "population_year", "survey_year"),
            {"population_year": str},
        ),
        tables=(NEED,),
    ).draw(copy)  # fmt: skip


main()
