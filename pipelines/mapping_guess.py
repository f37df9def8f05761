"""Which table of the extract a file of a record system is, and which field each of its columns.

A guess is made from names and from a sample of the values, and says how sure it is. Where two answers are about as
good there is none: a person is asked.
"""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
from scipy.optimize import linear_sum_assignment

from assets.readers import files
from assets.readers.csv_records import lines, records
from assets.readers.extract import TABLES, required
from assets.readers.extract_files import header_of, is_parquet
from assets.readers.identities import TABLE as IDENTITIES
from assets.readers.identities import is_identities
from assets.readers.mapping import ExtractMapping
from assets.readers.source import BrokenFile, DeliveredFile
from pipelines import intake
from pipelines.database import as_text
from pipelines.mapping_words import code_of, fit, likeness

SAMPLE = 5_000  # rows that are looked at
LIKELY = 0.5  # a column below this is not proposed
SURE = 0.6  # a table from here on is taken without a question where --yes says so
CLOSE = 0.05  # two answers that differ by less are as good


@dataclass(frozen=True)
class Sheet:
    """A file that no source knows: the name it goes by in a mapping, and a sample of its columns."""

    name: str  # below the data folder
    stem: str
    columns: Mapping[str, tuple[str, ...]]  # label -> values that are not empty


@dataclass
class FieldGuess:
    """The column that a field may be; None where none is likely. `rivals` are columns as good, `also` other fields
    that the column may as well be."""

    label: str | None = None
    score: float = 0.0
    rivals: tuple[str, ...] = ()
    also: tuple[str, ...] = ()


@dataclass
class TableGuess:
    """What one file may be. `rivals` are tables that it may as well be."""

    sheet: Sheet
    table: str
    score: float
    fields: dict[str, FieldGuess]
    rivals: tuple[str, ...] = ()
    values: dict[str, dict[str, str | None]] = field(default_factory=dict)  # field -> theirs -> ours, None: unknown


def unknown_files(data_dir: Path, mapping: ExtractMapping) -> tuple[list[Sheet], dict[str, set[str]]]:
    """The csv and parquet files that no source recognises; and table -> its absent fields where a file is known."""
    sheets: dict[str, Sheet] = {}
    known: dict[str, set[str]] = {}
    with tempfile.TemporaryDirectory() as scratch:
        for name, size, _ in intake.scan(data_dir):
            if size == intake.NOT_A_FILE or is_identities(name, mapping.table(IDENTITIES)):
                continue
            for found in files.open_file(data_dir / name, name, Path(scratch)):
                if not isinstance(found, DeliveredFile):
                    continue
                try:
                    ours = _recognised(replace(found, mapping=mapping))
                except BrokenFile:
                    continue
                stem = Path(found.name.replace("!", "/"))
                if ours is None and stem.suffix.lower() in (".csv", ".parquet"):
                    # the same name in another folder is another delivery of the same table
                    if stem.stem.casefold() not in sheets and (columns := _sample(found)):
                        sheets[stem.stem.casefold()] = Sheet(found.name, stem.stem, columns)
                elif ours in TABLES:
                    labels = {label.casefold() for label in header_of(found) or ()}
                    called = mapping.table(ours).fields
                    known[ours] = {f for f in TABLES[ours] if called.get(f, f).casefold() not in labels}
    return list(sheets.values()), known


def _recognised(file: DeliveredFile) -> str | None:
    return next((source.table for source in intake.sources().values() if source.parts(file)), None)


def _sample(file: DeliveredFile) -> dict[str, tuple[str, ...]]:
    labels = header_of(file) or []
    kept: list[list[str]] = [[] for _ in labels]
    for row in itertools.islice(_rows(file), SAMPLE):
        for values, value in zip(kept, row):
            if value is not None and value.strip():
                values.append(value.strip())
    return {label: tuple(values) for label, values in zip(labels, kept) if label.strip()}


def _rows(file: DeliveredFile) -> Iterator[Sequence[str | None]]:
    if is_parquet(file):
        for batch in pq.ParquetFile(file.path).iter_batches(batch_size=SAMPLE):
            for row in batch.to_pylist():
                yield [as_text(value) for value in row.values()]
        return
    try:
        yield from (record.fields for record in itertools.islice(records(lines(file)), 1, None) if not record.fault)
    except BrokenFile:  # what was read up to there will do
        return


def guess(sheets: Sequence[Sheet], tables: Sequence[str]) -> list[TableGuess]:
    """The most likely table of each file, each table once; files that are like none are left out."""
    guesses = [[as_table(sheet, table) for table in tables] for sheet in sheets]
    scores = np.array([[g.score for g in row] for row in guesses]).reshape(len(sheets), len(tables))
    taken = dict(zip(*linear_sum_assignment(-scores), strict=True))
    found = []
    for number, choice in taken.items():
        best = guesses[number][choice]
        others = [g for n, g in enumerate(guesses[number]) if n != choice and g.score >= best.score - CLOSE]
        spoken_for = {tables[c] for n, c in taken.items() if n != number and scores[n, c] > scores[number, c] + CLOSE}
        best.rivals = tuple(g.table for g in others if g.table not in spoken_for)
        if best.score >= LIKELY * 0.8:
            found.append(best)
    return sorted(found, key=lambda g: -g.score)


def as_table(sheet: Sheet, table: str) -> TableGuess:
    """The file read as this table: its columns handed out to the fields, each once."""
    fields, labels = TABLES[table], list(sheet.columns)
    scores = np.array([[_score(sheet, label, table, name) for label in labels] for name in fields])
    scores = scores.reshape(len(fields), len(labels))
    pairs = [(f, c) for f, c in zip(*linear_sum_assignment(-scores), strict=True) if scores[f, c] >= LIKELY]
    free = set(range(len(labels))) - {c for _, c in pairs}
    unmet = set(range(len(fields))) - {f for f, _ in pairs}
    names = list(fields)
    found = {name: FieldGuess() for name in fields}
    for f, c in pairs:
        limit = scores[f, c] - CLOSE
        rivals = [labels[other] for other in sorted(free) if scores[f, other] >= limit]
        also = [names[other] for other in sorted(unmet) if scores[other, c] >= limit]
        found[names[f]] = FieldGuess(labels[c], float(scores[f, c]), tuple(rivals), tuple(also))
    total = sum(scores[f, c] for f, c in pairs)
    covered = 0.6 * total / max(1, len(labels)) + 0.4 * total / len(fields)
    missing = any(found[name].label is None for name in required(fields))
    score = (0.45 * likeness(sheet.stem, table, table) + 0.55 * covered) * (0.6 if missing else 1.0)
    return TableGuess(sheet, table, float(score), found)


def _score(sheet: Sheet, label: str, table: str, name: str) -> float:
    kind = TABLES[table][name]
    values = sheet.columns[label]
    if kind.startswith("set:") and fit(kind, values) > 0.95 and len(set(values)) > 2:
        return max(0.6, likeness(label, name, table))  # the codes themselves say what it is
    named = likeness(label, name, table)
    return named * (0.3 + 0.7 * fit(kind, values)) if named else 0.0


def with_values(found: TableGuess) -> TableGuess:
    """Adds what the codes of its columns mean, where that is beyond doubt."""
    for name, chosen in found.fields.items():
        kind = TABLES[found.table][name].removesuffix("?")
        if chosen.label is None or not kind.startswith(("set:", "outcome")):
            continue
        seen = sorted(set(found.sheet.columns[chosen.label]))
        meant: dict[str, str | None]
        if kind == "outcome":
            meant = {value: None for value in seen if not fit(kind, [value])}
        else:
            codes = {value: code_of(kind.removeprefix("set:"), value) for value in seen}
            meant = {value: code for value, code in codes.items() if code is None or code != value.lower()}
        if meant:
            found.values[name] = meant
    return found
