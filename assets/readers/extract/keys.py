"""Keys that identify nothing: words such as UNKNOWN, 9999999, and numbers that a spreadsheet made of references.

Such a value is no person and no crime. The words are the code set `placeholder_key`, which a force may edit.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

import duckdb

from assets.readers.sql import literal
from assets.reference import list_path

MADE_A_NUMBER = "[0-9]([.,][0-9]+)?[eE][+]?[0-9]+"  # 2.02E+10 is what many references become
ENDINGS = ("_id", "_key", "_ref")
LEFT_OUT = "is no key, because mapping.toml says so, [extract]: no_value"
_LONGEST = 30  # characters; what is longer is no placeholder
_LETTERS, _DIGITS = 3, 5  # equal signs, such as XXX and 99999, from which on they are no key


def is_key(name: str, kind: str) -> bool:
    """Whether a field identifies something, or refers to it."""
    return kind in ("key", "ref") or (kind == "text" and name.endswith(ENDINGS))


def is_of_force(name: str, kind: str) -> bool:
    """Whether a key is one that a record system gives, so that another force's may be the same."""
    return is_key(name, kind) and name != "service_id" and not name.endswith("_ref")


def plain_words(words: Iterable[str]) -> frozenset[str]:
    """Words in small letters and without blanks, as they are compared."""
    return frozenset(word.lower().replace(" ", "") for word in words)


def very_many(counts: str) -> str:
    """SQL of the number of records from which a key of people is asked about; `counts` has the number `n` of each."""
    setting = f"(select value from read_csv({literal(list_path('settings'))}) where key = 'keys.{{}}')"
    most, times = setting.format("many_crimes"), setting.format("many_times")
    return f"(select greatest({most}, {times} * quantile_disc(n, 0.95)) from {counts})"


def no_keys(
    con: duckdb.DuckDBPyConnection, table: str, name: str, kind: str, placeholders: Collection[str]
) -> list[str]:
    """The values of the column `given NAME` that are no keys.

    A number of equal digits is none unless the number beside it is there too. Where each key occurs once, a word that
    occurs once is a key. A reference to a crime is one if a crime has that key.
    """
    column = f'"given {name}"'
    words = plain_words(placeholders)
    listed = ", ".join(map(literal, sorted(words)))
    found = con.execute(
        f"select {column}, count(*), regexp_full_match({column}, '{MADE_A_NUMBER}') from {table}"
        f" where length({column}) <= {_LONGEST} and (regexp_full_match({column}, '{MADE_A_NUMBER}')"
        rf" or replace(lower({column}), ' ', '') in ({listed}) or not regexp_matches({column}, '[\p{{L}}\p{{N}}]')"
        f" or (left({column}, 1) = right({column}, 1) and length({column}) >= {_LETTERS}"
        f" and replace({column}, left({column}, 1), '') = '')) group by 1 order by 1"
    ).fetchall()
    taken = []
    for value, count, is_number in found:
        is_word = (kind != "ref" or name.endswith("_key")) and (kind != "key" or count > 1)
        if is_word and value.isdecimal() and value not in words:
            beside = f"{column} in ({literal(str(int(value) + 1))}, {literal(str(int(value) - 1))})"
            is_beside = con.execute(f"select 1 from {table} where {beside} limit 1").fetchall()
            is_word = len(value) >= _DIGITS and not is_beside
        taken += [value] if is_number or is_word else []
    return taken


def left_out(con: duckdb.DuckDBPyConnection, fields: Mapping[str, str], no_value: Sequence[str]) -> list[str]:
    """What the notices and the log of processing say of each key that a person said is no value.

    The table `text` has the rows as delivered.
    """
    found = []
    for name in [name for name, kind in fields.items() if no_value and is_key(name, kind.removesuffix("?"))]:
        rows = con.execute(
            f'select trim("{name}"), count(*) from text where lower(trim("{name}")) in'
            f" ({', '.join(literal(word.lower()) for word in no_value)}) group by 1 order by 1"
        ).fetchall()
        found += [f"{name}: {value!r} in {count:,} row(s) {LEFT_OUT}" for value, count in rows]
    return found


def why(value: str, name: str) -> str:
    """Why such a value is no key, and what to do."""
    if value[:1].isdigit() and "e" in value.lower():
        return f"expected a {name}; a spreadsheet made one number of many: format the column as text before it is saved"
    return (
        f"expected a {name}; the value is a placeholder, which identifies nothing: leave it empty, or say in"
        " mapping.toml, [extract]: no_value. If it is a key, take it out of reference.code_sets, placeholder_key"
    )
