"""What figures a field feeds: so a question says what stays "not measured" without its answer.

It is read from what measures, duties and standards say that they need, so a new one is named here by itself.
"""

from __future__ import annotations

from functools import cache

from assets.raw import extract_tables
from assets.reference import list_rows
from expectations import RULES

NAMED = 3  # figures that a question names
COUNTED = ("crime.crime_id", "crime.recorded_ts")  # without them no crime is counted
_LISTS = (("own_measures", "measure_name"), ("protection_measures", "words"))


@cache
def figures_of(field: str) -> tuple[str, ...]:
    """The measures, duties and standards that need a field, as `table.name`; a table is needed with its own fields."""
    table, _, name = field.partition(".")
    is_own = not extract_tables().get(table, {}).get(name, "?").endswith("?")
    wanted = {field, table} if is_own else {field}
    rows = (
        (row[words].replace("{limit}", "the limit"), row["needs"]) for of, words in _LISTS for row in list_rows(of)
    )
    # a measure that says nothing of its needs is of crimes alone
    found = [words for words, needs in rows if (wanted & set(needs.split()) if needs else field in COUNTED)]
    return (*found, *(f"{rule.title} ({rule.code})" for rule in RULES if field in rule.needs))


def effect_of(field: str) -> str:
    """A sentence: which figures rest on a field, and that they are not measured without it."""
    found = figures_of(field)
    if not found:
        return "No figure rests on it alone: without an answer it is left out."
    more = f" and {len(found) - NAMED} more" if len(found) > NAMED else ""
    return f"Without an answer these are not measured: {'; '.join(found[:NAMED])}{more}."
