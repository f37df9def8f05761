"""In brief: need, reach, waits, who is missing out, and whether the force keeps its promises."""

from __future__ import annotations

from urllib.parse import urlencode

import polars as pl

from dashboards.data import extract
from dashboards.data.published import Copy, optional
from dashboards.data.support import held_to_account_data, support_data
from dashboards.data.support.support_data import CAPACITY, EQUITY, GAPS, NEED, WAITS
from dashboards.parts import extract_banner, front, page
from dashboards.text import numbers
from dashboards.text.support import held_to_account_text as promises
from dashboards.text.support import support_text
from dashboards.text.tile import Line

NEED_PAGE, WAITS_PAGE, EQUITY_PAGE, PROMISES_PAGE = (
    "need_and_reach", "services_and_waits", "who_is_missing_out", "held_to_account",
)  # fmt: skip


@page.whole("the front page", "Not measured. These figures come from the force's extract and from services.")
def main() -> None:
    """Draw the page."""
    copy = page.begin(
        "Who needs support, who reaches it, and what the force owes victims. Each line leads to its page.",
    )
    extract_banner.sign(extract.scope(copy))
    found = optional(held_to_account_data.read_findings, copy)
    plan = optional(held_to_account_data.read_figures, copy)
    front.answer(
        copy,
        "Whether the force keeps its promises to victims is not published here."
        if plan is None or found is None
        else promises.answer(found, len(plan[1])),
    )
    page.briefing(
        [
            ("How great is the need, and who reaches support?", page.lines(lambda: _need(copy))),
            ("How long do victims wait?", page.lines(lambda: _waits(copy))),
            ("Who is missing out?", page.lines(lambda: _equity(copy))),
            ("Does the force keep its promises?", page.lines(lambda: _promises(copy))),
        ]
    )
    page.note(support_data.key(copy))


def _need(copy: Copy) -> list[Line]:
    year = support_data.current(copy)
    rows = support_data.figures(copy, year, "all")
    of_all = "need_code = 'stalking' and breakdown = 'all' and group_code = 'all'"
    needed = optional(copy.select, NEED, where=of_all, may_be_empty=True)
    need = None if needed is None or needed.is_empty() else needed.row(0, named=True)
    gaps = copy.select(GAPS, where="breakdown = 'all'", order_by="place", may_be_empty=True)
    said = support_text.reach(need, support_data.of_all(rows), year.words)
    return [Line(said, NEED_PAGE), Line(f"{support_text.largest_gap(gaps)}.", NEED_PAGE)]


def _waits(copy: Copy) -> list[Line]:
    year = support_data.current(copy)
    waits = copy.select(
        WAITS, where="period_code = $code and breakdown = 'all'", may_be_empty=True, code=year.code
    )
    by_code = {row["wait_code"]: row for row in waits.iter_rows(named=True)}
    lines = []
    for code in support_text.BRIEF_WAITS:
        name = support_text.WAITS[code]
        days = by_code.get(code, {}).get("mean_days")
        said = "suppressed or not measured" if days is None else f"{numbers.decimal(days, 1)} days on average"
        lines.append(Line(f"{numbers.capital(name)}: {said}, {year.words}.", WAITS_PAGE))
    capacity = optional(copy.select, CAPACITY, order_by="service_name", may_be_empty=True)
    if capacity is not None and capacity.height:
        lines.append(Line(support_text.capacity(capacity), WAITS_PAGE))
    return lines


def _equity(copy: Copy) -> list[Line]:
    """What is said of each characteristic, at the first step of support that is held."""
    rows = copy.select(EQUITY, order_by="place, group_name")
    lines = []
    for breakdown in support_text.BREAKDOWNS:
        held = rows.filter((pl.col("breakdown") == breakdown) & pl.col("rate_ratio").is_not_null())
        step = next((code for code in support_text.STEP_OF if code in held["measure_code"]), None)
        if step is not None:
            said = support_text.missing_out(held.filter(pl.col("measure_code") == step), breakdown)
            address = f"{EQUITY_PAGE}?{urlencode({'characteristic': breakdown, 'step': step})}"
            lines.append(Line(f"{numbers.capital(numbers.readable(step))}: {said}.", address))
    return lines[:3] or [Line("No group has enough victims to be compared.", EQUITY_PAGE)]


def _promises(copy: Copy) -> list[Line]:
    return [Line(said, PROMISES_PAGE) for said in promises.findings(held_to_account_data.read_findings(copy))]


main()
