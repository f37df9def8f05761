"""How an extract is delivered: its files' form, their order, their names. No form changes a figure."""

import random
from collections.abc import Callable
from pathlib import Path

import polars as pl
from legal_extract import TABLES, Extract
from published_workbooks import ods, xlsx

from assets.readers.extract.identities import TABLE as IDENTITIES

MOST_IN_A_CELL = 32_000  # characters that a workbook's cell can hold
Form = Callable[[Extract, Path, random.Random], None]


def csv(extract: Extract, data: Path, chance: random.Random) -> None:
    """One comma-separated file for each table."""
    for table, rows in extract.items():
        rows.write_csv(_folder(data) / f"{table}.csv")


def semicolons(extract: Extract, data: Path, chance: random.Random) -> None:
    for table, rows in extract.items():
        rows.write_csv(_folder(data) / f"{table}.csv", separator=chance.choice(";\t|"), include_bom=True)


def other_encoding(extract: Extract, data: Path, chance: random.Random) -> None:
    for table, rows in extract.items():
        text = rows.write_csv(line_terminator="\r\n")
        (_folder(data) / f"{table}.csv").write_bytes(text.encode("utf-16"))


def parquet(extract: Extract, data: Path, chance: random.Random) -> None:
    for table, rows in extract.items():
        rows.write_parquet(_folder(data) / f"{table}.parquet")


def typed_parquet(extract: Extract, data: Path, chance: random.Random) -> None:
    """Moments and booleans with the types that a database gives, where every value has that type."""
    for table, rows in extract.items():
        for name in rows.columns:
            kind = TABLES[table][name].removesuffix("?")
            column = rows[name]
            if kind == "bool" and column.is_in(["true", "false"]).all():
                rows = rows.with_columns(pl.col(name) == "true")
            if kind == "ts" and column.str.contains("(Z|[+-][0-9]{2}:[0-9]{2})$").all():
                zoned = pl.col(name).str.to_datetime("%Y-%m-%dT%H:%M:%S%#z", time_zone="UTC", strict=False)
                if not rows.select((zoned.is_null() & pl.col(name).is_not_null()).any()).item():
                    rows = rows.with_columns(zoned)
        rows.write_parquet(_folder(data) / f"{table}.parquet")


def workbook(extract: Extract, data: Path, chance: random.Random) -> None:
    """One workbook with a sheet for each table; what does not fit into a cell comes as CSV."""
    fits = {table: rows for table, rows in extract.items() if table != IDENTITIES and _fits(rows)}
    csv({table: rows for table, rows in extract.items() if table not in fits}, data, chance)
    if fits:
        write, ending = chance.choice(((xlsx, "xlsx"), (ods, "ods")))
        write(_folder(data) / f"extract.{ending}", {t: [tuple(r.columns), *r.rows()] for t, r in fits.items()})


def json(extract: Extract, data: Path, chance: random.Random) -> None:
    """Lists of objects, or one object a line; a table without rows comes as CSV, since JSON names no columns then."""
    for table, rows in extract.items():
        if rows.is_empty() or table == IDENTITIES:
            csv({table: rows}, data, chance)
        elif chance.random() < 0.5:
            rows.write_json(_folder(data) / f"{table}.json")
        else:
            rows.write_ndjson(_folder(data) / f"{table}.jsonl")


def uk_dates(extract: Extract, data: Path, chance: random.Random) -> None:
    """19/01/2026 17:08:03+00:00, and the mapping says that the day comes first."""
    found = {}
    for table, rows in extract.items():
        names = [n for n in rows.columns if TABLES[table][n].startswith(("ts", "date")) and table != IDENTITIES]
        iso = r"^(\d{4})-(\d\d)-(\d\d)T?"
        found[table] = rows.with_columns(
            pl.col(name).str.replace(iso, "$3/$2/$1 ").str.strip_chars().alias(name) for name in names
        )
    csv(found, data, chance)
    _map(data, ["[extract]", 'dates = "DD/MM/YYYY"'])


def mapped(extract: Extract, data: Path, chance: random.Random) -> None:
    """Files and columns under the names of another record system."""
    lines = []
    for table, rows in extract.items():
        theirs = {name: f"Their {name.replace('_', ' ').title()}" for name in rows.columns}
        lines += [f"[tables.{table}]", f'file = "T{table.upper()}"', f"[tables.{table}.fields]"]
        lines += [f'{ours} = "{their}"' for ours, their in theirs.items()]
        rows.rename(theirs).write_csv(_folder(data) / f"T{table.upper()}.csv")
    _map(data, lines)


def shuffled(extract: Extract, data: Path, chance: random.Random) -> None:
    """Rows and columns in another order."""
    seed = chance.randrange(1_000)
    mixed = {table: rows.sample(fraction=1, shuffle=True, seed=seed) for table, rows in extract.items()}
    csv({table: rows.select(rows.columns[::-1]) for table, rows in mixed.items()}, data, chance)


def unknown_columns(extract: Extract, data: Path, chance: random.Random) -> None:
    more = (pl.lit("x").alias("Zq unknown"), pl.lit(7).alias("zq_other"))
    csv({table: rows.with_columns(*more) for table, rows in extract.items()}, data, chance)


def in_parts(extract: Extract, data: Path, chance: random.Random) -> None:
    """Each table in three files of one folder, of which the second is Parquet."""
    for table, rows in extract.items():
        if table == IDENTITIES:
            csv({table: rows}, data, chance)
            continue
        third = rows.height // 3
        rows.head(third).write_csv(_folder(data) / f"{table}_1.csv")
        rows.slice(third, third).write_parquet(_folder(data) / f"{table}_2.parquet")
        rows.slice(2 * third).write_csv(_folder(data) / f"{table}_3.csv")


def all_at_once(extract: Extract, data: Path, chance: random.Random) -> None:
    """Rows in another order, with columns that nobody knows, and each table in one of the other forms."""
    tables = list(extract)
    chance.shuffle(tables)
    forms = (semicolons, other_encoding, parquet, typed_parquet, workbook, json, in_parts, uk_dates, mapped,
             unknown_columns)  # fmt: skip
    for place, form in enumerate(forms):
        mine = {table: extract[table].sample(fraction=1, shuffle=True, seed=5) for table in tables[place :: len(forms)]}
        form(mine, data, chance)


FORMS: dict[str, Form] = {
    form.__name__: form
    for form in (
        csv, semicolons, other_encoding, parquet, typed_parquet, workbook, json, uk_dates, mapped, shuffled,
        unknown_columns, in_parts, all_at_once,
    )
}  # fmt: skip


def _fits(rows: pl.DataFrame) -> bool:
    longest = rows.select(pl.all().str.len_chars().max()).row(0) if rows.height else ()
    return max((length or 0 for length in longest), default=0) < MOST_IN_A_CELL


def _map(data: Path, lines: list[str]) -> None:
    with open(data / "mapping.toml", "a", encoding="utf-8") as stream:
        stream.write("\n".join([*lines, ""]))


def _folder(data: Path) -> Path:
    folder = data / "force"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
