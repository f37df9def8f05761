"""What leads to decisions on one theme: whom it concerns, what changed, what is done about it and what is asked."""

from __future__ import annotations

from dashboards.data.at_work import verdict_of
from dashboards.data.published import optional
from dashboards.documents.assessment.evidence import (
    BREAKDOWNS,
    FACTS,
    Evidence,
    Row,
    by_place,
    due,
    entry,
    field,
    live,
    owner,
    starter,
)
from dashboards.documents.parts import part
from dashboards.text import numbers
from dashboards.text.breakdowns import BREAKDOWNS as NAMES
from dashboards.text.breakdowns import LARGEST, part_name
from dashboards.text.content import Block, Bullets, Heading, Runs, Table, joined, number, paragraph, table, text

READING = (
    "Each chapter names the parts of a theme that differ most from the year before. It does not judge whether "
    "chance explains them. Such a part is not the cause. Whether an action works is read from the control chart of "
    "its live figure: it shows a change and not its cause. Actions for all themes are in the control strategy."
)


def blocks(evidence: Evidence, row: Row) -> list[Block]:
    """Whom and where, what changed, resources, and what is asked of whom by when."""
    return [
        *_who_and_where(evidence, row),
        Heading(3, "Drivers"),
        *_drivers(evidence, row),
        Heading(3, "Resources"),
        *_resources(evidence, row),
        Heading(3, "What is being done, and options"),
        *_asked(evidence, row),
    ]


def name_of(row: Row) -> str:
    """The theme's name within a sentence."""
    return numbers.in_sentence(row["theme_name"])


@part()
def _who_and_where(evidence: Evidence, row: Row) -> list[Block]:
    """Victims by sex, age and ethnicity, their relationship to the suspect, and the places."""
    code = row["theme_code"]
    held = evidence.rows(BREAKDOWNS, theme_code=code)
    if not held or row["band"] == "comparator":
        return []
    lines = tuple(_part(code, one) for by in NAMES for one in by_place(held) if one["breakdown"] == by)
    headings = ("By", "Part", "Crimes", "Share", "Year before", "Change")
    return [
        Table(f"Victims and places of {code}", headings, lines, (0.22, 0.3, 0.1, 0.12, 0.13, 0.13),
              frozenset({2, 3, 4, 5}), 1)
    ]  # fmt: skip


def _key(code: str, row: Row) -> dict[str, str]:
    return {"theme_code": code, "breakdown": row["breakdown"], "breakdown_value": row["breakdown_value"]}


def _part(code: str, row: Row) -> tuple[Runs, ...]:
    key = _key(code, row)
    is_compared = row["count_before"] is not None
    return (
        text(NAMES[row["breakdown"]]),
        text(part_name(row["breakdown"], row["breakdown_value"])),
        text(number(BREAKDOWNS, "numerator", "count", **key)),
        text(number(BREAKDOWNS, "value", "guarded_share", **key)),
        text(number(BREAKDOWNS, "count_before", "count", **key)) if is_compared else text("not comparable"),
        text(number(BREAKDOWNS, "change_count", "change", **key)) if is_compared else text(""),
    )


@part()
def _drivers(evidence: Evidence, row: Row) -> list[Block]:
    """The change of the theme, the parts that differ most, and what the horizon scan says of it."""
    scan = [entry for entry in evidence.entries("pestelo") if entry["theme_code"] == row["theme_code"]]
    # the first sentence: the horizon scan has the rest
    outside = [
        text(f"{numbers.capital(field(one, 'factor'))}: {one['title'].split('. ')[0]}{starter(one)}") for one in scan
    ]
    found = [*_change(evidence, row), *([Bullets(tuple(outside))] if outside else [])]
    if not outside:
        found.append(paragraph(f"The horizon scan has no row on {name_of(row)}."))
    return found


def _change(evidence: Evidence, row: Row) -> list[Block]:
    code, name = row["theme_code"], name_of(row)
    held = optional(evidence.rows, BREAKDOWNS, theme_code=code)
    if held is None:
        return [paragraph(f"Which part changed is not measured on {name}.")]
    compared = [one for one in by_place(held) if one["change_count"] is not None]
    if not compared:
        return [paragraph(f"Which part changed is not known: no earlier year is comparable on {name}.")]
    largest = sorted(compared, key=lambda one: -abs(one["change_count"]))[:LARGEST]
    said = text(f"Parts of {name}", *_both_years(evidence, code), " that differ most from the year before:")
    return [paragraph(*said), Bullets(tuple(_moved(code, one) for one in largest))]


def _both_years(evidence: Evidence, code: str) -> Runs:
    """ (162 crimes, 128 the year before)."""
    facts = {one["fact_code"]: one for one in optional(evidence.rows, FACTS, theme_code=code) or []}
    years = [facts.get(name) for name in ("crimes_year", "crimes_year_before")]
    if any(one is None or one["value"] is None for one in years):
        return ()
    now, before = (
        number(FACTS, "value", "amount", theme_code=code, section=one["section"], fact_code=one["fact_code"])
        for one in years
        if one is not None
    )
    return text(" (", now, " crimes, ", before, " the year before)")


def _moved(code: str, row: Row) -> Runs:
    key = _key(code, row)
    return text(
        f"{NAMES[row['breakdown']]}, {part_name(row['breakdown'], row['breakdown_value'])}: ",
        number(BREAKDOWNS, "numerator", "count", **key), " crimes, ",
        number(BREAKDOWNS, "count_before", "count", **key), " the year before.",
    )  # fmt: skip


@part()
def _resources(evidence: Evidence, row: Row) -> list[Block]:
    """The open crimes, who holds them, and what nobody has delivered."""
    facts = {one["fact_code"]: one for one in evidence.rows(FACTS, theme_code=row["theme_code"])}

    def fact(code: str, column: str = "value", form: str = "amount") -> Runs:
        held = facts.get(code)
        if held is None or held["value"] is None:
            return text("too few to show" if held is not None and held.get("is_small") else "not measured")
        return text(number(FACTS, column, form, theme_code=row["theme_code"], section=held["section"], fact_code=code))

    said = joined((
        text("open crimes: ", *fact("open")),
        text("without an investigator: ", *fact("unallocated")),
        text("investigators who hold any: ", *fact("caseload_mean", "denominator", "count")),
        text("their open crimes of all themes, on average: ", *fact("caseload_mean")),
        text("crimes held at a high caseload: ", *fact("caseload_high")),
        text("investigators trained: ", *fact("training")),
    ), "; ")  # fmt: skip
    return [paragraph(f"{row['theme_name']}: ", *said, ".")]


@part()
def _asked(evidence: Evidence, row: Row) -> list[Block]:
    """The actions of the theme: what is asked of whom by when, at what cost, and whether it works."""
    held = [one for one in evidence.entries("recommendations") if one["theme_code"] == row["theme_code"]]
    if not held:
        return [paragraph(f"Nothing is asked of anyone yet on {name_of(row)}.")]
    columns = (
        ("Action", 0.2, lambda one: (f"{one['title']}{starter(one)}", *_decision(one))),
        ("Asked of", 0.12, owner),
        ("By", 0.1, due),
        ("Status", 0.08, lambda one: entry(one, "status", "state")),
        ("Cost", 0.12, lambda one: field(one, "cost") or "none given"),
        ("Expected effect", 0.14, lambda one: field(one, "effect") or "none given"),
        ("Live figure, now", 0.12, lambda one: live(evidence, one["metric_code"])),
        ("Does it work?", 0.12, lambda one: verdict_of(evidence.reader.copy, one["metric_code"])),
    )
    return [table(f"Actions on {row['theme_code']}", held, columns)]


def _decision(row: Row) -> Runs:
    asked = field(row, "decision_asked")
    return text(f". Decision asked for: {asked}") if asked else ()
