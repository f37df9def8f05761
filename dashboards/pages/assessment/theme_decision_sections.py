"""The sections of the page Theme that lead to decisions: whom and where, what changed, what is asked of whom."""

from __future__ import annotations

from typing import Any

import polars as pl

from dashboards.data.at_work import verdict_of
from dashboards.data.published import Copy
from dashboards.pages.assessment import assessment_data, registers_data
from dashboards.parts import figure, page
from dashboards.text import numbers
from dashboards.text.breakdowns import BREAKDOWNS, LARGEST, part_name
from dashboards.text.small_numbers import SmallNumbers

NOT_COMPARABLE = "not comparable"
WORKS = "Whether an action works is read from the control chart of its live figure: it shows a change, not its cause."


@page.section("victims and places")
def who_and_where(copy: Copy, row: dict[str, Any], rule: SmallNumbers) -> None:
    """Draw the victims and places of a theme, beside the year before, with the parts that differ most."""
    held = copy.select(
        assessment_data.BREAKDOWNS, where="theme_code = $code", may_be_empty=True, code=row["theme_code"]
    )
    if held.is_empty():
        about = numbers.in_sentence(row["theme_name"])
        page.note(f"Not measured: {about} has too few crimes, or no whole year of them.")
        return
    order = pl.col("breakdown").replace_strict({name: place for place, name in enumerate(BREAKDOWNS)})
    shown = held.sort(order, "place").to_dicts()
    figure.Figure(
        key="theme-breakdowns",
        finding=drivers(row["theme_name"], shown),
        data=figure.Data(
            pl.DataFrame([_line(one, rule) for one in shown]),
            ({"by": "By", "part": "Part", "crimes": "Crimes", "share": "Share of the theme",
              "before": "Year before", "change": "Difference"},),
            row_heading="part",
        ),
        tables=(assessment_data.BREAKDOWNS,),
    ).draw(copy)  # fmt: skip


def drivers(theme: str, rows: list[dict[str, Any]]) -> str:
    """The parts that differ most from the year before, without a verdict; or that it is not known."""
    name, compared = numbers.in_sentence(theme), [row for row in rows if row["change_count"] is not None]
    if not compared:
        return f"Which part of {name} changed is not known: no earlier year is comparable"
    largest = sorted(compared, key=lambda row: -abs(row["change_count"]))[:LARGEST]
    named = [
        f"{part_name(row['breakdown'], row['breakdown_value'])} ({_signed(row['change_count'])})"
        for row in largest
    ]
    parts = numbers.plural(len(compared), "part")
    return f"Largest differences from the year before, of {parts}: {numbers.listed(named, LARGEST)}"


def _signed(change: int) -> str:
    return f"{change:+,}".replace("-", "\N{MINUS SIGN}") if change else "0"


def _line(row: dict[str, Any], rule: SmallNumbers) -> dict[str, str]:
    is_compared = row["count_before"] is not None
    return {
        "by": BREAKDOWNS[row["breakdown"]],
        "part": part_name(row["breakdown"], row["breakdown_value"]),
        "crimes": f"{numbers.number(row['numerator'])} of {numbers.number(row['denominator'])}",
        "share": rule.suppress_share(row["numerator"], row["denominator"]),
        "before": numbers.number(row["count_before"]) if is_compared else NOT_COMPARABLE,
        "change": _signed(row["change_count"]) if is_compared else NOT_COMPARABLE,
    }


@page.section("the entries of the registers")
def asked(copy: Copy, row: dict[str, Any]) -> None:
    """Draw what is asked of whom by when on a theme, its cost and expected effect, and whether it works."""
    held = registers_data.entered(page.server().home, copy)
    current = held.filter((pl.col("theme_code") == row["theme_code"]) & ~pl.col("is_closed"))
    if current.is_empty():
        about = numbers.in_sentence(row["theme_name"])
        page.note(f"The registers have no open entry on {about}: nothing is asked of anyone yet.")
        return
    is_action = pl.col("register") == "recommendations"
    shown = current.sort(~is_action, "register", "entry_ref").with_columns(
        pl.when(is_action).then(pl.col("fields").str.json_path_match(f"$.{name}").fill_null("none given")).alias(name)
        for name in ("cost", "effect")
    )
    works = [
        verdict_of(copy, one["metric_code"]) if one["register"] == "recommendations" else None
        for one in shown.iter_rows(named=True)
    ]
    count = shown.filter(is_action).height
    figure.Figure(
        key="theme-asked",
        finding=f"{numbers.plural(count, 'action')} on {numbers.in_sentence(row['theme_name'])}, "
        f"of {numbers.plural(current.height, 'open entry', 'open entries')}",
        data=figure.Data(
            shown.with_columns(works=pl.Series(works, dtype=pl.String)),
            ({"title": "Entry"}, "register", {"owner": "Asked of", "due_date": "By"}, "status",
             {"cost": "Cost", "effect": "Expected effect", "works": "Does it work?"}),
            {"owner": lambda v: v or "nobody yet", "due_date": lambda v: numbers.day(v) if v else "no date",
             "register": numbers.readable, "status": numbers.readable,
             **dict.fromkeys(("cost", "effect", "works"), lambda v: v or "no action")},
        ),
        tables=(assessment_data.ENTRIES,),
        caveats=(registers_data.INCLUDED, WORKS),
    ).draw(copy)  # fmt: skip
