"""Access log: who did what with records of people, and whether the log is intact."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl
import streamlit as st

from casework.access import access_log, accounts, sign_ins
from casework.choices.processing_words import KINDS_OF_PROCESSING, PURPOSES
from casework.choices.role_words import ROLES
from casework.store.database import UNUSABLE, in_words, open_store
from casework.store.refusal import Refused
from casework.upkeep import checks
from dashboards.parts import filters, forms, page
from dashboards.parts.downloads import csv_bytes, file_name, xlsx_bytes
from dashboards.parts.table import html_table, listed
from dashboards.server import visit
from dashboards.text import numbers

AUDIENCE = "integrity"
MOST = 200
ANY = "any"
COLUMNS = {
    "sequence": "No.", "logged_at": "When", "kind": "What was done", "who": "Who", "who_kind": "Known by",
    "place": "Where", "subject": "Records", "record_count": "How many", "recipient": "Recipient", "purpose": "Purpose",
}  # fmt: skip
# As hashed in the chain, so in UTC.
CHAIN_COLUMNS = {
    "logged_at": "When (UTC)", "audience": "Audience", "previous_hash": "Hash of the row before", "row_hash": "Hash",
}  # fmt: skip
Row = Mapping[str, Any]


@page.whole()
def main() -> None:
    """Draw the page."""
    here = page.head(
        "Access log",
        "Collection, alteration, consultation, disclosure, combination and erasure of records of people: who, when, "
        "what and to whom (Data Protection Act 2018, section 62).",
    )
    assert here.home is not None  # nobody is admitted without one
    try:
        draw_log(here.home, here.marking)
    except (Refused, *UNUSABLE) as problem:
        page.answer("The log cannot be shown.")
        forms.tell(in_words(problem), "missing")
    page.note(
        "The log may be used only to check that processing was lawful, for self-monitoring, for the integrity and "
        "security of data, and for criminal proceedings (section 62(4)). Viewing it is logged too."
    )


def draw_log(home: Path, marking: str) -> None:
    """Draw the section.

    Raises Refused if the log cannot be read, or this view of it cannot be logged.
    """
    engine = open_store(home)
    kind = filters.choose("What was done", {ANY: "Anything"} | KINDS_OF_PROCESSING, "kind")
    visit.consult(AUDIENCE, f"the access log: {kind}", None, is_drawn=True)
    held = access_log.entries(engine, None)  # this view included
    _whole(home, held)
    shown = [row for row in held if kind in (ANY, row["kind"])]
    page.heading("What was done")
    if shown:
        words = numbers.plural(len(shown), "row") + (f", the latest {MOST} shown" if len(shown) > MOST else "")
        st.html(html_table(_frame(shown[:MOST]), COLUMNS, caption=f"The access log: {words}", row_heading="sequence"))
        _take_away(shown, kind, marking)
    else:
        page.note("No row of this kind.")
    _sign_ins(sign_ins.latest(engine, MOST))
    _accounts(accounts.history(engine)[:MOST])


def _whole(home: Path, held: Sequence[Row]) -> None:
    """Draw whether the log and the chains beside it are as they were written.

    They are compared with the receipts of the publications.
    """
    kept = checks.published_marks(home)
    faults, marks = checks.faults(home, kept), [found for found in kept if access_log.CHAIN.name in found]
    counts = Counter(row["kind"] for row in held)
    if faults:
        page.answer(f"The log is damaged: {numbers.plural(len(faults), 'fault')}.")
        found = pl.DataFrame({"fault": faults})
        st.html(html_table(found, {"fault": "Fault"}, caption="Faults found"))
    else:
        page.answer(
            f"The log is intact: {numbers.plural(len(held), 'row')}, each as it was written, compared with "
            f"{numbers.plural(len(marks), 'publication')} kept here."
        )
    page.facts([(_short(kind), numbers.number(counts[kind]), "rows") for kind in KINDS_OF_PROCESSING])
    page.note(
        "Someone who can write to the whole home can forge all of it. Keep the receipt of the last row elsewhere, and "
        "compare the log with it: stra log verify --mark NUMBER:HASH."
    )
    if held:
        page.note(f"Receipt of the last row: {held[0]['sequence']}:{held[0]['row_hash'][:12]}")


def _short(kind: str) -> str:
    return KINDS_OF_PROCESSING[kind].partition(":")[0]


def _moment(text: str) -> str:
    return numbers.moment(text, has_seconds=True)


def _frame(rows: Sequence[Row]) -> pl.DataFrame:
    made = [
        {
            **row,
            "sequence": str(row["sequence"]),
            "logged_at": _moment(row["logged_at"]),
            "kind": _short(row["kind"]),
            "recipient": row["recipient"] or "none",
            "purpose": PURPOSES[row["purpose"]],
        }
        for row in rows
    ]
    return pl.DataFrame(made, infer_schema_length=None).with_columns(pl.col("record_count").cast(pl.Int64))


def _take_away(rows: Sequence[Row], kind: str, marking: str) -> None:
    """Draw the download of the rows with hashes, for checks of the chain elsewhere.

    The download is itself a disclosure.
    """
    columns = {**COLUMNS, **CHAIN_COLUMNS}
    name = f"access-log-{kind}"
    frame = pl.DataFrame([dict(row) for row in rows], infer_schema_length=None)
    notes = ["Each row's hash is SHA-256 over its fields, the hash of the row before included, as one JSON list."]
    with st.container(horizontal=True, gap="small", key="take_away"):
        visit.hand_out(
            "Download CSV", lambda: csv_bytes(frame, columns), file_name(marking, name, "csv"), "text/csv", AUDIENCE,
            is_invented=False, count=frame.height, key="csv_access_log",
        )  # fmt: skip
        visit.hand_out(
            "Download XLSX",
            lambda: xlsx_bytes(frame, columns, title="The access log", notes=notes, marking=marking),
            file_name(marking, name, "xlsx"),
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            AUDIENCE,
            is_invented=False,  # what people did is real, whatever data they saw
            count=frame.height,
            key="xlsx_access_log",
        )


def _sign_ins(rows: Sequence[Row]) -> None:
    page.heading("Sign-ins")
    if not rows:
        page.note("No sign-ins: this server runs as a demonstration, or nobody has signed in yet.")
        return
    columns = {
        "Who": lambda row: row["identity"],
        "Began": lambda row: _moment(row["began_at"]),
        "Last action": lambda row: _moment(row["last_used_at"]),
        "Ended": lambda row: f"{_moment(row['ended_at'])}: {row['end_reason']}" if row["ended_at"] else "open",
    }
    st.html(listed(rows, columns, "Sign-ins, the newest first"))


def _accounts(rows: Sequence[Row]) -> None:
    page.heading("Account changes")
    if not rows:
        page.note("No account has been created here.")
        return
    columns = {
        "Account": lambda row: row["identity"],
        "Roles": lambda row: numbers.listed([ROLES.get(r, r) for r in json.loads(row["roles"])], 9) or "none",
        "State": lambda row: "disabled" if row["is_disabled"] else "open",
        "Changed": lambda row: _moment(row["changed_at"]),
        "By": lambda row: row["changed_by"],
        "Why": lambda row: row["reason"],
    }
    st.html(listed(rows, columns, "Changes of accounts, the newest first"))


main()
