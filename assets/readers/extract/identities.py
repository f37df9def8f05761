"""Reader of person_identity: in memory alone, and without any of its values in a message.

Only linkage reads this file. A row that cannot be used is counted, not quoted.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from assets.readers.csv.reader import plain
from assets.readers.source import BrokenFile, TableMapping

TABLE = "person_identity"
FIELDS = {
    "person_key": "key", "forename": "free?", "middle_name": "free?", "surname": "free?", "alias": "free?",
    "date_of_birth": "free?", "sex": "free?", "postcode": "free?", "phone": "free?", "email": "free?", "pncid": "free?",
}  # fmt: skip
NEEDED = ("person_key", "forename", "surname")


@dataclass(frozen=True)
class Identities:
    """The usable rows, the number read, and the number left out by reason."""

    frame: pl.DataFrame
    row_count: int
    left_out: Mapping[str, int]
    sha256: str


def is_identities(name: str, mapping: TableMapping) -> bool:
    """Whether a file has names of people, by its own name or the one that the mapping gives."""
    stem = name.replace("!", "/").rsplit("/", 1)[-1].lower().split(".")[0]
    return stem in (TABLE, (mapping.file or TABLE).lower())


def read_identities(path: Path, mapping: TableMapping) -> Identities:
    """Read a csv or parquet file. Raises BrokenFile, whose words name columns but no value."""
    content = path.read_bytes()
    given = _parquet(content) if content.startswith(b"PAR1") else _csv(content)
    by_plain = {plain(label): label for label in given.columns}
    theirs = {ours: by_plain.get(plain(mapping.fields.get(ours, ours))) for ours in FIELDS}
    missing = [mapping.fields.get(ours, ours) for ours in NEEDED if theirs[ours] is None]
    if missing:
        raise BrokenFile(
            "columns", f"a file without {', '.join(missing)}", f"the columns of {TABLE}",
            "Deliver it with them, or say in mapping.toml what they are called.",
        )  # fmt: skip
    frame = given.select(
        (pl.col(label).cast(pl.String).str.strip_chars() if label else pl.lit(None, pl.String)).alias(ours)
        for ours, label in theirs.items()
    ).with_columns(pl.when(pl.col(name).str.len_chars() > 0).then(pl.col(name)).alias(name) for name in FIELDS)
    keyed = frame.filter(pl.col("person_key").is_not_null())
    once = keyed.unique("person_key", keep="first", maintain_order=True)
    left_out = {"no person_key": frame.height - keyed.height, "a person_key once more": keyed.height - once.height}
    return Identities(
        once, frame.height, {why: n for why, n in left_out.items() if n}, hashlib.sha256(content).hexdigest()
    )


def _parquet(content: bytes) -> pl.DataFrame:
    try:
        return pl.read_parquet(io.BytesIO(content))
    except (pl.exceptions.PolarsError, OSError):
        raise _unreadable("a complete parquet file") from None


def _csv(content: bytes) -> pl.DataFrame:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    head = text.split("\n", 1)[0]
    separator = max(",;\t|", key=head.count)
    try:
        return pl.read_csv(io.BytesIO(text.encode()), separator=separator, infer_schema=False, raise_if_empty=True)
    except (pl.exceptions.PolarsError, OSError):
        raise _unreadable("a csv file with as many fields in each row as in its header") from None


def _unreadable(expected: str) -> BrokenFile:
    return BrokenFile("file", "one that cannot be read", expected, "Deliver it again; nothing of it is repeated here.")
