"""What a home holds of one person, or of one crime: for a request under the Data Protection Act 2018, section 45.

Every table that names the person, a crime of the person, or a record of that crime is searched. What is
about other people is left out, and counted (section 45(4)(e)): their rows, their keys, columns about the other side of
a crime, and free text, which can name anybody. Whether more has to be given or may be withheld is for the force.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from assets.raw import extract_tables
from casework.store.refusal import Refused
from pipelines.identities.erased_rows import free_fields
from pipelines.identities.identity_state import load
from pipelines.identities.identity_store import FOLDER, KEY, IdentityStore, NoIdentityKey
from pipelines.tables.cards import all_cards

SCHEMAS = ("raw", "core", "metrics", "quality")
PEOPLE = (
    "person_ref", "person_key", "record_key", "victim_key", "suspect_key", "recipient_key", "respondent_key", "to_key",
    "victim_ref", "suspect_ref", "person_key_l", "person_key_r", "old_person_ref", "new_person_ref",
)  # fmt: skip
CRIMES = ("crime_ref", "crime_id", "force_crime_ref", "parent_crime_ref", "receiving_crime_ref", "other_id")
# keys of what hangs on a crime or a person -> how tables of the product call it
RECORDS = {
    "incident_id": ("incident_ref",), "custody_id": ("custody_ref",), "order_id": ("order_ref",),
    "notice_id": ("notice_ref",), "breach_id": ("breach_ref",), "referral_id": ("referral_ref",),
    "pair_id": ("pair_ref",), "ra_id": ("assessment_ref", "risk_assessment_ref"), "outcome_id": ("outcome_ref",),
    "review_id": ("review_ref",), "step_id": ("step_ref",),
}  # fmt: skip
SIDES = {"victim": ("victim",), "suspect": ("suspect", "offender", "subject")}  # side of a crime -> the roles on it
# a table or column with one of these words in its name is about the people of one side
WORDS_OF = {
    "victim": ("victim", "risk", "referral", "support", "vulnerab", "dash"),
    "suspect": ("suspect", "custod", "bail", "release", "arrest"),
}
RECORD_TYPES = {"crime": "crimes", "person": "people", "incident": "incident_id", "order": "order_id"}
FREE = frozenset({"text", *(name for table in extract_tables() for name in free_fields(table))})
ANOTHER, ANOTHER_CRIME, WITHHELD = "[another person]", "[another crime]", "[withheld: about another person]"
TEXT = "[withheld: free text, to be reviewed]"


@dataclass(frozen=True)
class Held:
    """The rows of one table: as they may be handed out, and how many of other people were left out."""

    table: str
    description: str
    meanings: Mapping[str, str]  # column -> its words
    rows: pl.DataFrame
    left_out: int = 0


@dataclass
class Found:
    """All that was found, and by which references and keys."""

    asked: str
    person_refs: frozenset[str] = frozenset()
    person_keys: frozenset[str] = frozenset()
    crimes: frozenset[str] = frozenset()
    tables: list[Held] = field(default_factory=list)
    identity: Held | None = None
    identity_note: str = ""

    @property
    def names(self) -> frozenset[str]:
        """Every reference and key by which the log, a decision or a document can name the person or a crime."""
        return self.person_refs | self.person_keys | self.crimes

    @property
    def left_out(self) -> int:
        """Rows of other people that are not handed out."""
        return sum(held.left_out for held in self.tables)


def gather(home: Path, *, person: str = "", case: str = "", is_whole: bool = False) -> Found:
    """Everything of a person, by reference or key, or of a crime. `is_whole` leaves nothing out.

    Raises Refused where nobody and nothing has this reference.
    """
    with closing(duckdb.connect(str(home / "warehouse.duckdb"), read_only=True)) as con:
        con.execute("set timezone = 'UTC'")
        found = _whom(con, person, case)
        roles = _roles(con, found)
        records = _records(con, found, roles, is_whole=is_whole)
        for table, columns in _tables(con).items():
            held = _select_rows(con, table, columns, found, records, roles, is_whole=is_whole)
            if held is not None:
                found.tables.append(held)
    if person:
        found.identity, found.identity_note = _identity(home, found.person_keys)
    return found


def _whom(con: duckdb.DuckDBPyConnection, person: str, case: str) -> Found:
    if case:
        there = con.execute("select 1 from core.crimes where crime_ref = ?", [case]).fetchone()
        if there is None:
            raise Refused(f"Expected a crime of this home with --case, saw {case!r}: there is none of this reference.")
        return Found(f"crime {case}", crimes=frozenset({case}))
    sql = """
        select person_ref, person_key from core.people
        where person_ref in (select person_ref from core.people where person_ref = $asked or person_key = $asked)
    """
    rows = con.execute(sql, {"asked": person}).fetchall()
    if not rows:
        raise Refused(f"Expected a person of this home with --person, saw {person!r}: there is none of this reference.")
    keys = frozenset(key for _, key in rows)
    crimes = con.execute(
        "select distinct crime_ref from core.parties where person_key in (select unnest($keys::varchar[]))"
        " or record_key in (select unnest($keys::varchar[]))",
        {"keys": sorted(keys)},
    ).fetchall()
    refs = frozenset(ref for ref, _ in rows)
    return Found(f"person {min(refs)}", refs, keys, frozenset(ref for (ref,) in crimes))


def _roles(con: duckdb.DuckDBPyConnection, found: Found) -> dict[str, set[str]]:
    """Crime -> the roles of the person in it."""
    rows = con.execute(
        "select crime_ref, party_role from core.parties where person_key in (select unnest($keys::varchar[]))"
        " or record_key in (select unnest($keys::varchar[]))",
        {"keys": sorted(found.person_keys)},
    ).fetchall()
    roles: dict[str, set[str]] = {}
    for crime, role in rows:
        roles.setdefault(crime, set()).add(str(role).lower())
    return roles


def _tables(con: duckdb.DuckDBPyConnection) -> dict[str, list[str]]:
    """Table -> its columns; decisions come from the casework store itself."""
    found: dict[str, list[str]] = {}
    for schema, table, column in con.execute(
        "select schema_name, table_name, column_name from duckdb_columns() where not internal order by all"
    ).fetchall():
        if schema in SCHEMAS and not table.startswith("casework_"):
            found.setdefault(f"{schema}.{table}", []).append(column)
    return found


def _records(
    con: duckdb.DuckDBPyConnection, found: Found, roles: Mapping[str, set[str]], *, is_whole: bool
) -> dict[str, set[str]]:
    """Key of a kind of record -> those that hang on the person or on a crime of theirs."""
    records: dict[str, set[str]] = {}
    for table, fields in _tables(con).items():
        keys = [name for name in fields if name in RECORDS]
        people, crimes = [n for n in fields if n in PEOPLE], [n for n in fields if n in CRIMES[:3]]
        where = _where(people, crimes)
        if not table.startswith("raw.") or not keys or not where:
            continue
        rows = con.sql(f"select * from {table} where {where}", params=_bound(where, found)).pl()
        for row in rows.iter_rows(named=True):
            if is_whole or not _is_row_of_others(table, row, people, crimes, found, roles):
                for key in keys:
                    records.setdefault(key, set()).update([] if row[key] is None else [str(row[key])])
    return records


def _where(people: Sequence[str], crimes: Sequence[str]) -> str:
    parts = [f'"{name}"::varchar in (select unnest($people::varchar[]))' for name in people]
    parts += [f'"{name}"::varchar in (select unnest($crimes::varchar[]))' for name in crimes]
    return " or ".join(parts)


def _bound(where: str, found: Found, **more: Sequence[str]) -> dict[str, Sequence[str]]:
    """The values that a condition binds, and no other."""
    known = {"people": sorted(found.person_refs | found.person_keys), "crimes": sorted(found.crimes), **more}
    return {name: values for name, values in known.items() if re.search(rf"\${name}\b", where)}


def _select_rows(
    con: duckdb.DuckDBPyConnection, table: str, columns: Sequence[str], found: Found, records: Mapping[str, set[str]],
    roles: Mapping[str, set[str]], *, is_whole: bool,
) -> Held | None:  # fmt: skip
    """The rows of a table that are of the person or the crime."""
    people, crimes = [c for c in columns if c in PEOPLE], [c for c in columns if c in CRIMES]
    conditions, bound = [_where(people, crimes)], {}
    for key, names in RECORDS.items():
        for column in {key, *names} & set(columns):
            conditions.append(f'"{column}"::varchar in (select unnest(${key}::varchar[]))')
            bound[key] = sorted(records.get(key, ()))
    if {"record_type", "record_ref"} <= set(columns):
        for kind, named in RECORD_TYPES.items():
            wanted = f"record_ref::varchar in (select unnest(${named}::varchar[]))"
            conditions.append(f"(record_type = '{kind}' and {wanted})")
            if named in RECORDS:
                bound[named] = sorted(records.get(named, ()))
    where = " or ".join(part for part in conditions if part)
    if not where:
        return None
    schema, name = table.split(".")
    rows = con.sql(
        f'select * from "{schema}"."{name}" where {where} order by all', params=_bound(where, found, **bound)
    ).pl()
    if rows.is_empty():
        return None
    card = all_cards().get(table)
    meanings = {column.name: column.meaning for column in card.columns} if card else {}
    left_out = 0
    if not is_whole:
        kept = [_without_others(table, row, people, crimes, found, roles) for row in rows.iter_rows(named=True)]
        left_out = kept.count(None)
        handed = [row for row in kept if row is not None]
        rows = pl.DataFrame(
            {c: pl.Series([None if r[c] is None else str(r[c]) for r in handed], dtype=pl.String) for c in rows.columns}
        )
    return Held(table, card.description if card else "", meanings, rows, left_out)


def _mine(row: Mapping[str, Any], found: Found, crimes: Sequence[str], roles: Mapping[str, set[str]]) -> set[str]:
    """The sides on which the person is: of the row's crime, or of the pair that the row names."""
    held = {role for crime in crimes if row[crime] is not None for role in roles.get(str(row[crime]), ())}
    held |= {side for side in SIDES for part in ("key", "ref") if str(row.get(f"{side}_{part}")) in found.names}
    return {side for side, words in SIDES.items() if any(role.startswith(words) for role in held)}


def _side_of(name: str) -> str:
    """The side that a table or column is about; "" for neither, or both."""
    return next((side for side, words in WORDS_OF.items() if any(word in name for word in words)), "")


def _is_row_of_others(
    table: str, row: Mapping[str, Any], people: Sequence[str], crimes: Sequence[str], found: Found,
    roles: Mapping[str, set[str]],
) -> bool:  # fmt: skip
    """Whether a row names other people alone, or is of a table about the other side of the crime."""
    named = {str(row[column]) for column in people if row[column] is not None}
    if named:
        return not named & (found.person_refs | found.person_keys)
    side, has_crime = _side_of(table), any(row[crime] is not None for crime in crimes)
    return bool(side) and has_crime and side not in _mine(row, found, crimes, roles)


def _without_others(
    table: str, row: Mapping[str, Any], people: Sequence[str], crimes: Sequence[str], found: Found,
    roles: Mapping[str, set[str]],
) -> dict[str, Any] | None:  # fmt: skip
    """A row as it may be handed out; None where it is about other people alone."""
    if _is_row_of_others(table, row, people, crimes, found, roles):
        return None
    own, mine = found.person_refs | found.person_keys, _mine(row, found, crimes, roles)
    result: dict[str, Any] = {}
    is_shared = bool(mine) or any(row[crime] is not None for crime in crimes)  # the row has two sides
    for column, value in row.items():
        if value is None:
            result[column] = None
        elif column in people and str(value) not in own:
            result[column] = ANOTHER
        elif column in CRIMES and str(value) not in found.crimes:
            result[column] = ANOTHER_CRIME
        elif column in FREE:
            result[column] = TEXT
        else:
            result[column] = WITHHELD if is_shared and _is_of_others(column, mine, people) else value
    return result


def _is_of_others(column: str, mine: set[str], people: Sequence[str]) -> bool:
    """Whether a column is about a side of the crime on which the person is not."""
    side = _side_of(column)
    return bool(side) and side not in mine and column not in people and not column.endswith("_count")


def _identity(home: Path, keys: frozenset[str]) -> tuple[Held | None, str]:
    """The person's names, where the key of the identity store is given. Raises WrongIdentityKey."""
    if not (home / FOLDER / "salt").is_file():
        return None, "This home has no names of people."
    try:
        records = load(IdentityStore(home, is_demonstration=(home / FOLDER / "demonstration.key").is_file())).records
    except NoIdentityKey:
        return None, f"Names are encrypted and were not read: {KEY} was not given."
    if "person_key" not in records.columns:
        return None, "This home has no names of people."
    rows = records.filter(pl.col("person_key").is_in(sorted(keys)))
    shown = rows.select(c for c in rows.columns if rows.schema[c].base_type() not in (pl.List, pl.Struct, pl.Binary))
    if shown.is_empty():
        return None, "No name of this person was delivered."
    return Held("identity", "Names and dates of birth, as they were delivered for linkage.", {}, shown), ""


def is_named(words: str, names: frozenset[str]) -> bool:
    """Whether a text has one of the references as a whole word."""
    return any(word in names for word in _words(words))


def _words(text: str) -> Iterator[str]:
    """The words of a text, with and without the marks at their ends."""
    for part in re.split(r"[\s,;:=()\[\]{}\"']+", text):
        yield part
        yield part.strip(".")
