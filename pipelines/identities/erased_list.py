"""The list of people erased from a home. It is in the identity store, sealed.

It holds keyed hashes of their keys, each with a random token that takes the key's place in every row. People who
counted as two still count as two, and nobody can be found by it.
"""

import json
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Self

import polars as pl

from pipelines.identities.identity_store import (
    ERASED,
    FOLDER,
    KEY,
    KEY_FILE,
    IdentityStore,
    NoIdentityKey,
    bytes_frame,
    frame_bytes,
)
from pipelines.tables.cards import all_cards

TOKEN = "erased-"
LINKS, PAIRS, RUNS, CHANGES = "raw.person_links", "raw.person_pairs", "raw.linkage_runs", "raw.person_ref_changes"
LIST = {
    "key_hash": pl.String, "token": pl.String, "person_ref": pl.String, "last_event": pl.Date, "erased_on": pl.Date,
    "purge_ref": pl.String, "link": pl.String,
}  # fmt: skip


class ErasedUnknown(Exception):
    """People were erased, and who cannot be known without the key.

    Nothing is loaded.
    """


@dataclass(frozen=True)
class Erased:
    """The list of a home: one row a person key, by its keyed hash (`LIST`)."""

    store: IdentityStore
    rows: pl.DataFrame

    def tokens(self, keys: Iterable[str]) -> dict[str, str]:
        """Key -> token, of the keys that are on the list."""
        held = dict(self.rows.select("key_hash", "token").iter_rows())
        hashed = ((key, self.store.keyed_hash(key)) for key in keys if not key.startswith(TOKEN))
        return {key: held[mark] for key, mark in hashed if mark in held}

    def saved(self, rows: pl.DataFrame) -> Self:
        """The list with these rows in place of its own, written whole or not at all."""
        self.store.write({ERASED: frame_bytes(rows)})
        return replace(self, rows=rows)

    @property
    def mark(self) -> str:
        """Changes when somebody is put on the list or taken off; says nothing of who."""
        return self.store.keyed_hash(" ".join(self.rows["key_hash"].sort()))[:12]

    def links(self) -> pl.DataFrame:
        """The rows of raw.person_links of erased people who were linked, by token.

        They count as the people they were.
        """
        names = [c.name for c in all_cards()[LINKS].columns]
        rows = [json.loads(link) | {"person_key": token} for token, link in
                self.rows.filter(pl.col("link") != "").select("token", "link").iter_rows()]  # fmt: skip
        return pl.DataFrame([[row[name] for name in names] for row in rows], schema=names, orient="row",
                            infer_schema_length=None)  # fmt: skip


def open_list(home: Path, is_demonstration: bool) -> Erased:
    """The list, empty if nobody was erased.

    Raises NoIdentityKey or WrongIdentityKey.
    """
    return read_erased(IdentityStore(home, is_demonstration))


def read_erased(store: IdentityStore) -> Erased:
    """The list in a store that is open."""
    content = store.read(ERASED)
    return Erased(store, bytes_frame(content) if content is not None else pl.DataFrame(schema=LIST))


def held_list(home: Path) -> Erased | None:
    """The list of a home; None if nobody was ever erased.

    Raises ErasedUnknown or WrongIdentityKey.
    """
    folder = home / FOLDER
    if not (folder / f"{ERASED}.enc").is_file():
        return None
    try:
        return open_list(home, (folder / KEY_FILE).is_file())
    except NoIdentityKey as problem:
        raise ErasedUnknown(
            f"{home}: people were erased here; without {KEY} they cannot be recognised, so a delivery could bring"
            " them back. Nothing was loaded: set the key that the identities were kept with."
        ) from problem


def new_tokens(count: int) -> list[str]:
    """`count` tokens in ascending order, given to keys in their order.

    So ties between the erased are broken as before.
    """
    found: set[str] = set()
    while len(found) < count:
        found.add(TOKEN + secrets.token_hex(8))
    return sorted(found)


def named_by_token(rows: list[dict[str, Any]], erased: Erased | None) -> list[dict[str, Any]]:
    """Replace an erased record by its token in decisions on pairs of records.

    The store of decisions is only added to.
    """
    if erased is None or not erased.rows.height:
        return rows
    names = ("person_key_l", "person_key_r")
    tokens = erased.tokens({row[name] for row in rows for name in names})
    return [row | {name: tokens.get(row[name], row[name]) for name in names} for row in rows]
