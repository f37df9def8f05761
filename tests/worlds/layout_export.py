"""Exports of record systems that the guesser was not made for, each a transformation of one invented extract.

`tests/worlds/layouts/NAME.toml` says the files of a layout, a line a column: `heading | record.field | forms | truth`,
the truth only where it is not the field named. They were written without a look at `pipelines/mapping`. Those with
`sources` follow public descriptions, and carry the three dozen crimes of `_crimes`. All names are invented.
"""

import csv
import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zlib import crc32

import xlsxwriter
from commands import stra
from delivered_force import FORCE, LONDON, listed

Row = dict[str, str]
Tables = dict[str, list[Row]]
_HERE = Path(__file__).with_name("layouts")
_SAID: dict[str, Any] = tomllib.loads((_HERE / "_fields.toml").read_text(encoding="utf-8"))
SERIAL_ZERO = datetime(1899, 12, 30, tzinfo=LONDON)  # of spreadsheets
_OF_A_PERSON = ("birth_ym", "sex", "ethnicity_self", "date_of_birth")


@dataclass(frozen=True)
class Column:
    """A column of a file: the record and field that it is made of, and the forms that change a value one by one."""

    heading: str
    record: str
    field: str
    forms: tuple[str, ...]
    truth: str

    @property
    def table(self) -> str:
        """The table of the extract that its field is of."""
        record = self.record.rstrip("12")
        table = _SAID["tables"].get(record, record)
        return "person" if table == "party_role" and self.field in _OF_A_PERSON else str(table)

    @property
    def fields(self) -> frozenset[str]:
        """All that it may feed, as `table.field` or `*.field`; empty where it is no field of ours."""
        made = f"{self.table}.{self.field}"
        given = self.truth or ("none" if self.record == "none" else f"{made} {_SAID['also'].get(made, '')}")
        return frozenset(given.split()) - {"none"}


@dataclass(frozen=True, eq=False)
class ExportFile:
    """One file: its name, what one row is, its columns, its form."""

    name: str
    rows: str
    columns: tuple[Column, ...]
    form: Row


def layouts(*, described: bool) -> dict[str, tuple[ExportFile, ...]]:
    """The files of each layout by its name: of those that follow public descriptions, or of the others."""
    said = {path.stem: tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(_HERE.glob("[a-z]*.toml"))}
    return {
        name: tuple(ExportFile(f["name"], f["rows"], tuple(_columns(f["columns"])), f) for f in layout["file"])
        for name, layout in said.items()
        if ("sources" in layout) == described
    }


def read_tables(paths: Iterable[Path]) -> Tables:
    """The tables of CSV files by the files' names, with the days of birth of people."""
    tables: Tables = {}
    for path in paths:
        with path.open(encoding="utf-8", newline="") as stream:
            tables[path.stem] = [{k: _once(v) for k, v in row.items()} for row in csv.DictReader(stream)]
    born = {row["person_key"]: row["date_of_birth"] for row in tables.pop("person_identity", tables["person"])}
    tables["person"] = [row | {"date_of_birth": born.get(row["person_key"], "")} for row in tables["person"]]
    return tables


def read_extract(folder: Path, crimes: int) -> Tables:
    """An invented force's tables, thinned to so many crimes of its last 18 months, a suspect's crimes together.

    Every ninth crime gets a second suspect. No moment is in the hour that comes twice, which few exports can say.
    """
    if not folder.exists():
        stra("synth", "--out", folder, "--crimes", 2000, "--seed", 7)
    tables = read_tables([*folder.glob("force/*.csv"), folder / "commissioning" / "small_areas.csv"])
    suspect = {row["crime_id"]: row for row in tables["party_role"] if row["role"] == "suspect"}
    ours = [row for row in tables["crime"] if row["force_code"] == FORCE and row["crime_ref"]]
    recent = [row for row in ours if row["recorded_ts"] >= "2024-10-01"]
    order = {row["crime_id"]: suspect.get(row["crime_id"], {}).get("person_key", row["crime_id"]) for row in recent}
    kept = sorted(order, key=lambda crime: (crc32(order[crime].encode()), crime))[:crimes]
    named = [crime for crime in kept if crime in suspect]
    for crime, other in zip(named[::9], named[4::9], strict=False):
        if order[crime] != order[other]:
            tables["party_role"].append({**suspect[crime], "person_key": order[other], "relationship": ""})
    calls = {row["incident_id"] for row in recent if row["crime_id"] in set(kept)}
    tables["incident"] = [row for row in tables["incident"] if row["incident_id"] in calls]
    return {name: [r for r in rows if r.get("crime_id", kept[0]) in set(kept)] for name, rows in tables.items()}


def read_described() -> Tables:
    """The crimes that the layouts of public descriptions carry."""
    return read_tables((_HERE / "_crimes").glob("*.csv"))


def write(files: tuple[ExportFile, ...], tables: Tables, folder: Path) -> None:
    """Write the files of a layout."""
    for file in files:
        rows = enumerate(_records(tables, file.rows))
        _save(folder / file.name, file, [[_shape(row, column, n) for column in file.columns] for n, row in rows])


def write_plain(files: tuple[ExportFile, ...], tables: Tables, plain: Path) -> None:
    """Write what the files of a layout carry as the tables and fields of the extract."""
    carried: dict[str, dict[str, Row]] = defaultdict(dict)
    for file in files:
        for records in _records(tables, file.rows):
            for column in file.columns:
                _carry(records, column, file.columns, carried[column.table])
    for row in carried["crime"].values():  # where no column says it, a person does
        row.setdefault("force_code", tables["crime"][0]["force_code"])
    for table, rows in carried.items():
        heads = list(dict.fromkeys(field for row in rows.values() for field in row))
        if heads:
            _save_text(plain / f"{table}.csv", [heads, *([row.get(h, "") for h in heads] for row in rows.values())])


def _columns(text: str) -> list[Column]:
    found = []
    for line in text.strip().split("\n"):
        heading, source, forms, truth = [*(cell.strip() for cell in line.split(" | ")), "", ""][:4]
        record, _, field = source.partition(".")
        found.append(Column(heading, record, field, tuple(filter(None, forms.split(" > "))), truth))
    return found


def _once(text: str) -> str:
    if not text[:4].isdigit() or text[10:11] != "T":
        return text
    moment = _moment(text)
    twice = moment.replace(fold=0).utcoffset() != moment.replace(fold=1).utcoffset()
    return (moment + timedelta(hours=2 * twice)).isoformat()


def _records(tables: Tables, rows: str) -> list[dict[str, Row]]:
    """The records of each row of a file: of a crime and of what hangs on it, or of a row of a table and its crime."""
    people = {row["person_key"]: row for row in tables["person"]}
    tables = tables | {"party_role": [row | people[row["person_key"]] for row in tables["party_role"]]}
    found: dict[str, dict[str, Row]] = {row["crime_id"]: {"crime": row} for row in tables["crime"]}
    joins = ("oic oic_id investigator", "area lsoa21 small_areas", "incident incident_id incident")
    for name, key, table in map(str.split, joins):
        by_key = {next(iter(row.values())): row for row in tables.get(table, ())}
        for crime in found.values():
            crime |= {name: by_key[crime["crime"][key]]} if crime["crime"][key] in by_key else {}
    for row in tables["party_role"]:
        part = sum(name.startswith(row["role"]) for name in found[row["crime_id"]]) + 1
        found[row["crime_id"]][f"{row['role']}{part}"] = row
    for table in set(tables) - {"crime", "party_role"}:
        for row in tables[table]:  # the last of each, and of flags that of domestic abuse
            if row.get("crime_id") in found and row.get("flag", "da") == "da":
                name = "flag" if table == "crime_flag" else table
                found[row["crime_id"]] |= {name: row, f"{name}{row.get('seq', '')}": row}
    if rows == "crime":
        return list(found.values())
    of, _, role = rows.partition(" ")
    name = next((record for record, table in _SAID["tables"].items() if table == of), of)
    chosen = [row for row in tables[of] if not role or row["role"] == role]
    return [found.get(row.get("crime_id", ""), {}) | {name: row} for row in chosen]


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(LONDON)


@cache
def _labels() -> dict[str, str]:
    return {row["outcome_code"]: row["label"] for row in reversed(listed("outcomes/outcome_labels"))}


# what a form makes of a value of the extract; an empty value stays empty, but for `else`
FORMS: dict[str, Callable[[str, str], str]] = {
    "at": lambda text, shown: _moment(text).strftime(shown),
    "AT": lambda text, shown: _moment(text).strftime(shown).upper(),
    "utc": lambda text, shown: _moment(text).astimezone(UTC).strftime(shown),
    "day": lambda text, shown: date.fromisoformat(text).strftime(shown),
    "serial": lambda text, shown: str(round((_moment(text) - SERIAL_ZERO) / timedelta(1), 9 if shown else 6)),
    "later": lambda text, days: (_moment(text) + timedelta(float(days))).isoformat(),
    "pad": lambda text, width: text.zfill(int(width)),
    "text": lambda text, shown: shown.replace("{}", text).replace("'", ""),
    "cut": lambda text, start: text[int(start) :],
    "outcome": lambda text, shown: shown.format(text, _labels().get(text, "Unknown code")),
    "class": lambda text, shown: shown.format(text, _SAID["classes"].get(text, "Other")),
    "words": lambda text, pairs: dict(pair.split("=") for pair in pairs.split(";")).get(text, text),
    "upper": lambda text, _: text.replace("_", " ").upper(),
    "title": lambda text, _: text.replace("_", " ").title(),
    "yes": lambda text, pair: pair.split("/")[text != "true"],
    "swap": lambda text, pair: text.replace(pair[0], pair[1:]),
    "else": lambda text, shown: text or shown,
}


def _shape(records: dict[str, Row], column: Column, n: int) -> str:
    text = records.get(column.record, {}).get(column.field, "")
    for name, how in ((name, how) for name, _, how in (form.partition(" ") for form in column.forms)):
        if name == "count":
            text = str(int(how) + 7 * n)
        elif name == "pick":
            text = how.split(";")[crc32(f"{column.heading}{n}".encode()) % len(how.split(";"))]
        elif text or name == "else":
            text = FORMS[name](text, how)
    return text


def _carry(records: dict[str, Row], column: Column, beside: tuple[Column, ...], rows: dict[str, Row]) -> None:
    if not column.fields or column.record not in records:
        return
    source, field = records[column.record], column.field
    keys = {key: source[key] for key in _SAID["keys"][column.table]}
    row = rows.setdefault(str(keys), keys)
    # names of areas and teams as the file shows them: no list says how they are to be written
    text = _shape(records, column, 0) if field in ("area_name", "ward_name", "unit") else source[field]
    shown = " ".join(form for c in beside if (c.record, c.field) == (column.record, field) for form in c.forms)
    if text and {"at", "AT", "utc"} & set(shown.split()) and "%S" not in shown:  # as exact as the columns show it
        moment = _moment(text).replace(second=0)
        hour, minute = (23, 59) if field == "outcome_ts" else (0, 0)  # an outcome comes after that day's recording
        text = (moment if "%M" in shown else moment.replace(hour=hour, minute=minute)).isoformat()
        text = "" if field == "reported_ts" and "%M" not in shown else text  # days cannot say how many hours passed
    row["birth_ym" if field == "date_of_birth" else field] = text[:7] if field == "date_of_birth" else text


def _save(path: Path, file: ExportFile, lines: list[list[str]]) -> None:
    heads = [column.heading for column in file.columns]
    above, below = ([line.split(" | ") for line in file.form.get(of, "").splitlines()] for of in ("titles", "notes"))
    if path.suffix != ".xlsx":
        _save_text(path, [*above, heads, *lines, *below], file.form)
        return
    sheets: dict[str, list[list[str]]] = defaultdict(list)
    for line in lines:  # a sheet for each year, or whatever the column holds
        sheets[line[heads.index(file.form["by"])] if "by" in file.form else file.form["sheet"]].append(line)
    days = {n: form[7:] for n, c in enumerate(file.columns) for form in c.forms if form.startswith("serial")}
    path.parent.mkdir(parents=True, exist_ok=True)
    with xlsxwriter.Workbook(path) as book:
        shown = {form: book.add_format({"num_format": form or "General"}) for form in days.values()}
        for name in sorted(sheets):
            sheet = book.add_worksheet(name)
            for n, row in enumerate([*above, heads, *sheets[name], *below]):
                for m, cell in enumerate(row):
                    is_day = m in days and cell[:1].isdigit()
                    sheet.write(n, m, float(cell) if is_day else cell, shown[days[m]] if is_day else None)


def _save_text(path: Path, lines: list[list[str]], form: Row | None = None) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding=(form or {}).get("encoding", "utf-8"), newline="") as stream:
        csv.writer(stream, delimiter=(form or {}).get("delimiter", ",")).writerows(lines)
