"""The registers in words. Pure: entries in, plain words out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

import polars as pl

from casework.assessment.registers import is_overdue
from casework.choices.register_kinds import CHOICE, KINDS, PUBLIC, STATES, THEME, WORDS_ALONE
from dashboards.pages.assessment import advice_text as advice
from dashboards.pages.assessment.registers_data import Entry, Figures
from dashboards.text import numbers

SHOWN = {"open": "Open", "closed": "Closed", "all": "All"}
STARTER = "Starter, not confirmed"
PLACEHOLDER = "Placeholder, no entry yet"
NO_OWNER = "nobody yet"
NO_DATE = "no date"
NO_FIGURE = "none chosen"
NO_SNAPSHOT = "none saved"
NOT_GIVEN = "not given"
ALONE = {WORDS_ALONE: "no figure: its words alone"}
PAGE = "decisions_and_actions"
POSTS = (
    "An owner is a post, never a person. Overdue is calculated from the due date and today's date. A change here "
    "reaches the published tables and the documents with the next build."
)
STARTERS = (
    "A starter is supplied with the product. It counts as an entry only once someone in the force saves it, changed or "
    "unchanged."
)
FIRST_COLUMNS = {
    "title": "Entry", "register": "Register", "state": "State", "owner": "Owner", "due": "Due", "now": "Live figure now"
}  # fmt: skip
MISSING = {NO_OWNER, NO_DATE, NO_FIGURE, NO_SNAPSHOT, NOT_GIVEN}
SHARED = {"title", "owner", "due_date", "metric_code", "status"}


def state(entry: Entry, today: dt.date) -> str:
    """The state of an entry, in words."""
    is_late = is_overdue(entry.fields, entry.is_closed, today)
    if entry.is_starter:
        return f"{STARTER}; past its date" if is_late else STARTER
    if entry.is_closed:
        return STATES.get(str(entry.fields.get("status")), STATES["done"])
    if entry.is_placeholder:
        return f"{PLACEHOLDER}; past its date" if is_late else PLACEHOLDER
    words = STATES.get(str(entry.fields.get("status", "open")), STATES["open"])
    return f"Overdue; {words.lower()}" if is_late else words


def open_entries(entries: Sequence[Entry]) -> list[Entry]:
    """The entries that the force keeps and has not closed; a placeholder is none."""
    return [entry for entry in entries if not (entry.is_starter or entry.is_closed or entry.is_placeholder)]


def overdue(entries: Sequence[Entry], today: dt.date) -> list[Entry]:
    """The open entries past their due date, the oldest first."""
    late = [entry for entry in open_entries(entries) if is_overdue(entry.fields, entry.is_closed, today)]
    return sorted(late, key=lambda entry: str(entry.fields["due_date"]))


def undecided(entries: Sequence[Entry]) -> list[Entry]:
    """The open entries that wait for a decision."""
    return [entry for entry in open_entries(entries) if entry.fields.get("status") == "needs_decision"]


def first(entries: Sequence[Entry], today: dt.date) -> list[Entry]:
    """The entries to look at first: overdue, then undecided; each entry once."""
    late = overdue(entries, today)
    return late + [entry for entry in undecided(entries) if entry not in late]


def answer(entries: Sequence[Entry], today: dt.date) -> str:
    """For a chief officer: overdue entries, decisions asked of them, missing owners."""
    current = open_entries(entries)
    if not current:
        return "No entry of the registers is open."
    parts = [
        f"{numbers.number(len(overdue(entries, today)))} overdue",
        f"{numbers.number(len(undecided(entries)))} waiting for a decision",
        f"{numbers.number(len(ownerless(entries)))} without an owner",
    ]
    return f"Of {numbers.plural(len(current), 'open entry', 'open entries')}: {', '.join(parts)}."


def ownerless(entries: Sequence[Entry]) -> list[Entry]:
    """The open entries without an owner."""
    return [entry for entry in open_entries(entries) if not entry.fields.get("owner")]


def facts(entries: Sequence[Entry], today: dt.date) -> list[tuple[str, str, str]]:
    """The counts, each with its total."""
    current = open_entries(entries)
    of = f"of {numbers.plural(len(current), 'open entry', 'open entries')}, on {numbers.day(today)}"
    starters = [entry for entry in entries if entry.is_starter]
    return [
        ("Overdue", numbers.number(len(overdue(entries, today))), of),
        ("Needs a decision", numbers.number(len(undecided(entries))), of),
        ("Without an owner", numbers.number(len(ownerless(entries))), of),
        ("Starters", numbers.number(len(starters)), "not yet confirmed by the force"),
    ]


def figure_now(entry: Entry, figures: Figures) -> str:
    """The entry's live figure as published, or why there is none."""
    code = str(entry.fields.get("metric_code") or "")
    if not code:
        return NO_FIGURE
    row = figures.rows.get(code)
    if row is None:
        return "not published to this audience"
    when = advice.period_words(row)
    return f"{row['measure_name']}: {advice.figure_words(row, figures.rule)}" + (f" ({when})" if when else "")


def figure_then(entry: Entry, figures: Figures) -> str:
    """The live figure in the evidence snapshot, under the same small-number rule."""
    kept, row = entry.fields.get("snapshot"), figures.rows.get(str(entry.fields.get("metric_code") or ""))
    if not kept:
        return NO_SNAPSHOT
    if row is None:
        return f"saved {_published(kept)}; the figure is not published to this audience now"
    words = advice.figure_words({**row, **kept, "status": "measured"}, figures.rule)
    return f"{words} (published {_published(kept)}, manifest {str(kept['manifest_hash'])[:12]})"


def _published(kept: Mapping[str, Any]) -> str:
    return numbers.moment(kept["published_at"]).split(",")[0]


def due(entry: Entry) -> str:
    """The due date, or that there is none."""
    day = entry.fields.get("due_date")
    return numbers.day(dt.date.fromisoformat(str(day))) if day else NO_DATE


def first_rows(entries: Sequence[Entry], figures: Figures, today: dt.date) -> pl.DataFrame:
    """The entries to look at first, a line each."""
    return pl.DataFrame(
        [
            {
                "title": entry.title,
                "register": KINDS[entry.register].name,
                "state": state(entry, today),
                "owner": entry.fields.get("owner") or NO_OWNER,
                "due": due(entry),
                "now": figure_now(entry, figures),
                "address": address(entry),
            }
            for entry in first(entries, today)
        ],
        schema=dict.fromkeys((*FIRST_COLUMNS, "address"), pl.String),
    )


def address(entry: Entry) -> str:
    """The address of the form for the entry."""
    return f"{PAGE}?{urlencode({'register': entry.register, 'shown': 'all', 'entry': entry.ref})}"


def late_starters(entries: Sequence[Entry], today: dt.date) -> str:
    """Starters whose sources set a date that has passed; "" if there are none."""
    count = sum(entry.is_starter and is_overdue(entry.fields, False, today) for entry in entries)
    if not count:
        return ""
    what = numbers.plural(count, "starter is past its date and is", "starters are past their date and are")
    return f"{what} not counted here: not yet confirmed by the force."


def heading(register: str, entries: Sequence[Entry]) -> str:
    """Policies: 3 entries, 1 placeholder, 6 starters that nobody has confirmed."""
    starters = sum(entry.is_starter for entry in entries)
    empty = sum(entry.is_placeholder and not entry.is_starter for entry in entries)
    words = f"{KINDS[register].name}: {numbers.plural(len(entries) - starters - empty, 'entry', 'entries')}"
    words += f", {numbers.plural(empty, 'placeholder')}" if empty else ""
    return f"{words}, {numbers.plural(starters, 'starter')} not confirmed" if starters else words


def filled(made: pl.DataFrame, headings: Mapping[str, str]) -> tuple[dict[str, str], str]:
    """The columns that some entry fills, and one sentence on those that none does ("" where all are)."""
    missing = [name for name in headings if set(made[name].to_list()) <= MISSING]
    said = numbers.listed((f"“{headings[name]}”" for name in missing), len(headings))
    kept = {name: heading for name, heading in headings.items() if name not in missing}
    return kept, f"No entry shown here has anything under {said}." if missing else ""


def columns(register: str) -> dict[str, str]:
    """Column -> heading of a register's table: the shared columns, then its own."""
    kind = KINDS[register]
    own = {field.name: field.label for field in kind.fields if field.name not in SHARED}
    names = {"title": kind.fields[0].label, "state": "State"}
    if kind.field_of("owner"):
        names["owner"] = "Owner"
    due_date = kind.field_of("due_date")
    if due_date:
        names["due"] = due_date.label
    if kind.field_of("metric_code"):
        names |= {"now": "Live figure now", "then": "At the snapshot"}
    return names | own | {"ref": "Reference"}


def rows(
    register: str, entries: Sequence[Entry], figures: Figures, today: dt.date, names: Mapping[str, str]
) -> pl.DataFrame:
    """A register, one line per entry, every cell in words; `names` are those of themes and public measures."""
    headings = columns(register)
    return pl.DataFrame(
        [
            {name: _cell(entry, name, figures, today, names) for name in headings}
            for entry in sorted(entries, key=lambda entry: _order(entry, today))
        ],
        schema=dict.fromkeys(headings, pl.String),
    )


def _order(entry: Entry, today: dt.date) -> tuple[bool, bool, bool, str, str]:
    """The sort key: open before closed, kept before starters, overdue, then date."""
    is_late = is_overdue(entry.fields, entry.is_closed, today)
    return entry.is_closed, entry.is_starter, not is_late, str(entry.fields.get("due_date") or "9999"), entry.ref


def _cell(entry: Entry, name: str, figures: Figures, today: dt.date, names: Mapping[str, str]) -> str:
    made = {
        "title": lambda: entry.title,
        "state": lambda: _closed_words(entry, today),
        "owner": lambda: str(entry.fields.get("owner") or NO_OWNER),
        "due": lambda: due(entry),
        "now": lambda: figure_now(entry, figures),
        "then": lambda: figure_then(entry, figures),
        "ref": lambda: entry.ref,
    }
    if name in made:
        return made[name]()
    field, value = KINDS[entry.register].field_of(name), str(entry.fields.get(name) or "")
    if not value or field is None:
        return NOT_GIVEN
    if field.kind == CHOICE:
        return field.choices.get(value, value)
    return names.get(value, value) if field.kind in (THEME, PUBLIC) else value


def _closed_words(entry: Entry, today: dt.date) -> str:
    words = state(entry, today)
    return f"{words}: {entry.fields.get('closing_words', '')}" if entry.is_closed else words


def chosen(entries: Sequence[Entry], shown: str) -> list[Entry]:
    """The entries of one register that a key of SHOWN selects."""
    if shown == "all":
        return list(entries)
    return [entry for entry in entries if entry.is_closed == (shown == "closed")]


def short(entry: Entry, longest: int = 70) -> str:
    """An entry as one line of a list to choose from."""
    title = entry.title if len(entry.title) <= longest else entry.title[: longest - 1].rstrip() + "…"
    return f"{title} ({entry.ref})"
