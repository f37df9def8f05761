"""`stra export-case`: what is held of one person or crime, and by whom it was seen, for a subject access request."""

from __future__ import annotations

import json
import os
import secrets
import shutil
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipelines.commands.failure import explained, fail
from pipelines.commands.options import Home
from pipelines.system.disk import flush

if TYPE_CHECKING:
    import polars as pl

    from dashboards.documents.reports.subject_access import Answer, Part
    from pipelines.people.subject_access import Found

PRIVATE_FILE, PRIVATE_FOLDER = 0o600, 0o700
STAFF = (
    "who", "actor", "viewer", "reader_ref", "rater_ref", "changed_by", "recorded_by", "owner", "analyst", "decided_by",
    "drawn_by", "registrar",
)  # fmt: skip
FREE = ("evidence_note", "words", "comment", "rationale", "finding", "done_words", "reason", "detail", "recipient")
# table of the store -> the column that names a crime, or a record
OF_CRIMES = {
    "audit_frames": "unit_ref", "audit_samples": "unit_ref", "panel_frames": "crime_ref", "panel_cases": "crime_ref",
    "record_corrections": "record_ref",
}  # fmt: skip
OTHER = "[another reference]"
OF_SAMPLES = ("audit_assignments", "audit_drafts", "audit_ratings", "audit_findings")


def export_case(
    home: Home,
    out: Annotated[Path, typer.Option(help="New folder for the document and a CSV file of each table.")],
    by: Annotated[str, typer.Option(help="Who answers the request, for the log and the document.")],
    reason: Annotated[str, typer.Option(help="The request, such as its number: for the log and the document.")],
    person: Annotated[str, typer.Option(help="Reference or key of the person.")] = "",
    case: Annotated[str, typer.Option(help="Reference of a crime, instead of a person.")] = "",
    with_others: Annotated[
        bool, typer.Option("--with-others", help="For the person who reviews the answer: leave out nothing.")
    ] = False,
) -> None:
    """Write all that is held of one person or crime, and by whom it was seen; others are left out. It is logged."""
    from pipelines.people import subject_access
    from pipelines.system.build_lock import build_lock

    if bool(person.strip()) == bool(case.strip()):
        raise typer.BadParameter("expected --person or --case, one of them")
    if not by.strip() or not reason.strip():
        raise typer.BadParameter("expected words with --by and --reason: the answer is logged with them")
    if not (home / "warehouse.duckdb").is_file():
        raise fail(f"{home}: nothing has been built here yet, so nothing is held. Run stra build first.")
    target, home = out.absolute(), home.resolve()
    if target.exists():
        raise fail(f"{out}: expected a new folder, saw one that is there. Give another --out.")
    if target.resolve().is_relative_to(home):
        raise fail(f"{out}: expected a folder outside the home. Give another --out.")
    try:
        with build_lock(home):
            found = subject_access.gather(home, person=person.strip(), case=case.strip(), is_whole=with_others)
            answer = _answer(home, found, by, reason, target.name, is_whole=with_others)
            count = _write(answer, target)
    except Exception as problem:
        raise explained(problem, home) from problem
    typer.echo(f"{target}: {answer.asked}, {sum(p.rows.height for p in answer.parts):,} rows in {count} files.")
    if not with_others:
        typer.echo(f"Left out as about other people: {found.left_out:,} rows. Free text is withheld.")
    if answer.identity is None and person:
        typer.echo(answer.identity_note)
    typer.echo(f"Logged as {answer.receipt}. Review it before it is handed out: no rule of law was applied to it.")


def _answer(home: Path, found: Found, by: str, reason: str, folder: str, *, is_whole: bool) -> Answer:
    """Everything of the answer, once it is logged. Raises Refused where it cannot be: nothing is written then."""
    from casework.access import access_log
    from casework.store.words import one_line
    from dashboards.documents.reports.subject_access import Answer, Part, force_of

    by, reason = one_line(by), one_line(reason)
    seen, views = _seen(home, found, is_whole=is_whole)
    decisions = _decisions(home, found, is_whole=is_whole)
    whole = ", with other people" if is_whole else ""
    entry = access_log.record_in(
        home,
        access_log.by_command(
            "disclosure", "integrity", "stra export-case", f"all that is held of {found.asked}{whole}: {reason}",
            record_count=sum(held.rows.height for held in found.tables), recipient=f"{by}, folder {folder}",
            purpose="lawfulness",
        ),
    )  # fmt: skip
    tables = [Part(h.table, h.description, h.meanings, h.rows, h.left_out) for h in found.tables]
    held = found.identity
    identity = None if held is None else Part(held.table, held.description, held.meanings, held.rows)
    return Answer(
        found.asked, by, reason, f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC", entry.mark, identity, found.identity_note,
        tables, decisions, _documents(home, found), seen, views, is_whole, force_of(home),
    )  # fmt: skip


def _write(answer: Answer, target: Path) -> int:
    """Write the folder beside its place and rename it, so that it is there whole or not at all."""
    from dashboards.documents.reports import subject_access
    from dashboards.documents.writer import own_marking

    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    fresh.mkdir(mode=PRIVATE_FOLDER)
    try:
        made = subject_access.files(answer, own_marking())
        for name, content in made.items():
            handle = os.open(fresh / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE)
            with open(handle, "wb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
        flush(fresh)
        os.rename(fresh, target)
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        raise
    flush(target.parent)
    return len(made)


def _frame(rows: Sequence[Mapping[str, Any]]) -> pl.DataFrame:
    import polars as pl

    names = list(rows[0]) if rows else []
    return pl.DataFrame(
        {n: pl.Series([None if row[n] is None else str(row[n]) for row in rows], dtype=pl.String) for n in names}
    )


def _decisions(home: Path, found: Found, *, is_whole: bool) -> list[Part]:
    """What people decided about the person or the crime."""
    from sqlalchemy import or_

    from casework.store.database import exists, open_store, reading, rows
    from casework.store.tables import METADATA
    from dashboards.documents.reports.subject_access import Part
    from pipelines.people.subject_access import is_named

    if not exists(home):
        return []
    held: dict[str, list[dict[str, Any]]] = {}
    with reading(open_store(home)) as con:
        for name in ("link_decisions", "link_assignments"):
            table = METADATA.tables[name]
            keys = sorted(found.person_keys)
            wanted = or_(table.c.person_key_l.in_(keys), table.c.person_key_r.in_(keys))
            held[name] = rows(con, table.select().where(wanted))
        for name, column in OF_CRIMES.items():
            table = METADATA.tables[name]
            held[name] = rows(con, table.select().where(table.c[column].in_(sorted(found.crimes))))
        samples = sorted(row["sample_ref"] for row in held["audit_samples"])
        for name in OF_SAMPLES:
            table = METADATA.tables[name]
            held[name] = rows(con, table.select().where(table.c.sample_ref.in_(samples)))
        cases = {(row["panel_ref"], row["case_ref"]) for row in held["panel_cases"]}
        for name in ("panel_answers", "panel_actions"):
            found_rows = rows(con, METADATA.tables[name].select())
            held[name] = [row for row in found_rows if (row["panel_ref"], row["case_ref"]) in cases]
        held["events"] = [
            row
            for row in rows(con, METADATA.tables["events"].select())
            if is_named(f"{row['subject_ref']} {row['detail']}", found.names)
        ]
    staff: dict[str, str] = {}
    return [
        Part(f"casework.{name}", "", {}, _frame([_own(row, found, staff, is_whole=is_whole) for row in each]))
        for name, each in held.items()
        if each
    ]


def _own(row: Mapping[str, Any], found: Found, staff: dict[str, str], *, is_whole: bool) -> dict[str, Any]:
    """A row of the store as it may be handed out: other people's keys and free text withheld, staff numbered."""
    from pipelines.people.subject_access import ANOTHER, PEOPLE, TEXT

    if is_whole:
        return dict(row)
    result = {}
    for name, value in row.items():
        if value in (None, ""):
            result[name] = value
        elif name in PEOPLE and value not in found.person_keys:
            result[name] = ANOTHER
        elif name == "subject_ref":
            result[name] = " ".join(word if word in found.names else OTHER for word in str(value).split())
        elif name in STAFF:
            result[name] = staff.setdefault(str(value), f"member of staff {len(staff) + 1}")
        else:
            result[name] = TEXT if name in FREE else value
    return result


def _seen(home: Path, found: Found, *, is_whole: bool) -> tuple[Part, int]:
    """The entries of the access log that name the person or the crime, and how many are of lists that may."""
    from casework.access import access_log
    from casework.store.chain import read_rows
    from casework.store.database import exists, open_store, reading
    from dashboards.documents.reports.subject_access import Part
    from pipelines.people.subject_access import is_named

    kept: list[dict[str, Any]] = []
    staff: dict[str, str] = {}
    views = 0
    if exists(home):
        with reading(open_store(home)) as con:
            earlier, entries = read_rows(con, access_log.EARLIER), read_rows(con, access_log.CHAIN)
        of_people = {held.table for held in found.tables}
        for row in [*map(_as_now, earlier), *entries]:
            if is_named(row["subject"], found.names):
                who = row["who"] if is_whole else staff.setdefault(row["who"], f"member of staff {len(staff) + 1}")
                kept.append({
                    "when": row["logged_at"], "who": who, "kind": row["kind"], "where": row["place"],
                    "records": row["record_count"], "purpose": row["purpose"], "entry": row["sequence"],
                })  # fmt: skip
            elif row["kind"] in ("consultation", "disclosure") and any(name in row["subject"] for name in of_people):
                views += 1
    return Part("access_log", "Entries of the access log that name this reference", {}, _frame(kept)), views


def _as_now(row: Mapping[str, Any]) -> dict[str, Any]:
    """A viewing of an earlier version in the form of today's log."""
    return {
        "logged_at": row["viewed_at"], "who": row["viewer"], "kind": "consultation", "place": row["page"],
        "record_count": row["record_count"], "purpose": "", "sequence": row["sequence"], "subject": row["subject"],
    }  # fmt: skip


def _documents(home: Path, found: Found) -> Part:
    """The documents on record whose register of numbers names the person or the crime."""
    from dashboards.documents import records
    from dashboards.documents.reports.subject_access import Part
    from pipelines.people.subject_access import is_named

    named = []
    for record in records.read_records(home)[0]:
        register = home / records.REGISTERS / f"{record.register_sha256}.json"
        words = json.dumps(json.loads(register.read_text(encoding="utf-8"))) if register.is_file() else ""
        if is_named(words, found.names):
            named.append({"written": record.written_at, "file": Path(record.path).name, "audience": record.audience,
                          "record": record.mark})  # fmt: skip
    return Part("documents", "Documents whose numbers rest on this person or crime", {}, _frame(named))
