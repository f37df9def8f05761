"""Keys that identify nothing: words such as UNKNOWN, 9999999, and numbers that a spreadsheet made of references.

Such a value is no person and no crime. The words are the code set `placeholder_key`, which a force may edit.
"""

from __future__ import annotations

from collections.abc import Collection

import duckdb

from assets.readers.sql import literal

MADE_A_NUMBER = "[0-9]([.,][0-9]+)?[eE][+]?[0-9]+"  # 2.02E+10 is what many references become
ENDINGS = ("_id", "_key", "_ref")
_LONGEST = 30  # characters; what is longer is no placeholder
_LETTERS, _DIGITS = 3, 5  # equal signs, such as XXX and 99999, from which on they are no key


def is_key(name: str, kind: str) -> bool:
    """Whether a field identifies something, or refers to it."""
    return kind in ("key", "ref") or (kind == "text" and name.endswith(ENDINGS))


def no_keys(
    con: duckdb.DuckDBPyConnection, table: str, name: str, kind: str, placeholders: Collection[str]
) -> list[str]:
    """The values of the column `given NAME` that are no keys.

    A number of equal digits is none unless the number beside it is there too. Where each key occurs once, a word that
    occurs once is a key. A reference to a crime is one if a crime has that key.
    """
    column = f'"given {name}"'
    words = {word.lower().replace(" ", "") for word in placeholders}
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


def why(value: str, name: str) -> str:
    """Why such a value is no key, and what to do."""
    if value[:1].isdigit() and "e" in value.lower():
        return f"expected a {name}; a spreadsheet made one number of many: format the column as text before it is saved"
    return (
        f"expected a {name}; the value is a placeholder, which identifies nothing: leave it empty, or say in"
        " mapping.toml, [extract]: no_value. If it is a key, take it out of reference.code_sets, placeholder_key"
    )
