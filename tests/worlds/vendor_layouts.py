"""Exports of record systems that the guesser was not made for, each a transformation of one invented extract.

`vendor_layouts/NAME.toml` says the files of a layout, a line a column: heading, source in the extract, forms, truth.
They were written without reading `pipelines/mapping`. All names are invented.
"""

from __future__ import annotations

import csv
import tomllib
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from zlib import crc32
from zoneinfo import ZoneInfo

import xlsxwriter
from commands import stra

Row = dict[str, str]
HERE = Path(__file__).with_name("vendor_layouts")
LONDON = ZoneInfo("Europe/London")
FORCE = "E23000013"
EPOCH = datetime(1899, 12, 30)
_LABELS = Path(__file__).resolve().parents[2] / "assets" / "reference" / "outcomes" / "outcome_labels.csv"
# of a file's row, the table that each of its records is of; a part of a crime is a row of party_role
TABLE = {"area": "small_areas", "oic": "investigator", "flag": "crime_flag", "party": "party_role"}
CLASSES = {"8L": "Harassment", "8Q": "Stalking", "8R": "Malicious communications", "105A": "Assault without injury"}
PERSON = ("birth_ym", "sex", "ethnicity_self", "date_of_birth")
KEYS = {
    "crime": ("crime_id",), "party_role": ("crime_id", "person_key", "role"), "person": ("person_key",),
    "outcome": ("outcome_id", "crime_id", "seq"), "investigator": ("person_id",), "crime_flag": ("crime_id", "flag"),
    "small_areas": ("lsoa_code", "area_code"), "custody": ("custody_id",), "incident": ("incident_id",),
}  # fmt: skip
CRIME_KEY = frozenset({"crime.crime_id", "crime.crime_ref", "*.crime_id"})
ADDED = frozenset({"party_role.first_added_ts", "allocation.from_ts", "classification_history.changed_ts"})
# besides the field that a column was made of, those that it may feed as well
ALSO = {
    "crime.crime_id": CRIME_KEY, "crime.crime_ref": CRIME_KEY, "crime.recorded_ts": ADDED, "crime.reported_ts": ADDED,
    "crime.ho_code": frozenset({"crime.ho_code_raw"}), "crime.class_code": frozenset({"crime.class_label"}),
    "outcome.code": frozenset({"outcome.code_raw"}), "crime.lsoa21": frozenset({"small_areas.lsoa_code"}),
    "small_areas.area_name": frozenset({"small_areas.area_code"}), "crime.force_code": frozenset({"*.force_code"}),
    "crime.oic_id": frozenset({"allocation.investigator_id", "investigator.person_id", "investigator.collar"}),
    "crime.recording_collar": frozenset({"investigator.person_id", "investigator.collar"}),
    "party_role.person_key": frozenset({"*.person_key"}), "person.person_key": frozenset({"*.person_key"}),
    "person.date_of_birth": frozenset({"person.birth_ym", "person_identity.date_of_birth"}),
    "investigator.person_id": frozenset({"investigator.collar", "crime.oic_id", "allocation.investigator_id"}),
    "crime_flag.flag": frozenset({"crime_flag.set_ts", "incident.da_flag"}),
    "crime.incident_id": frozenset({"incident.incident_id"}), "incident.incident_id": frozenset({"crime.incident_id"}),
}  # fmt: skip


@dataclass(frozen=True)
class Column:
    """A column of a file: its source is `record.field` or `none`, forms change a value one after another."""

    heading: str
    source: str
    forms: tuple[str, ...]
    truth: str

    @property
    def place(self) -> tuple[str, str]:
        """Table and field that it was made of."""
        record, _, field = self.source.partition(".")
        table = TABLE.get(record, "party_role" if record[-1:].isdigit() else record)
        return ("person" if table == "party_role" and field in PERSON else table), field

    @property
    def fields(self) -> frozenset[str]:
        """All that it may feed, as `table.field` or `*.field`; empty where it is no field of ours."""
        if self.truth:
            return frozenset(self.truth.split()) - {"none"}
        made = ".".join(self.place)
        return frozenset() if self.source == "none" else ALSO.get(made, frozenset()) | {made}


def layouts() -> dict[str, dict[str, object]]:
    """All layouts by name, as their files say."""
    return {path.stem: tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(HERE.glob("*.toml"))}


def columns(file: Row) -> list[Column]:
    """The columns of a file."""
    cells = [[cell.strip() for cell in line.split(" | ")] + ["", ""] for line in file["columns"].strip().split("\n")]
    return [Column(c[0], c[1], tuple(filter(None, c[2].split(" > "))), c[3]) for c in cells]


@cache
def extract(folder: Path, crimes: int) -> dict[str, list[Row]]:
    """An invented force's tables, thinned to so many crimes of its last 18 months, a suspect's together.

    Every ninth crime gets a second suspect, and no moment is in the hour that comes twice, which few exports can say.
    """
    if not folder.exists():
        stra("synth", "--out", folder, "--crimes", 2000, "--seed", 7)
    tables: dict[str, list[Row]] = {}
    for path in [*folder.glob("force/*.csv"), *folder.glob("commissioning/small_areas.csv")]:
        with path.open(encoding="utf-8", newline="") as stream:
            tables[path.stem] = [{k: _once(v) for k, v in row.items()} for row in csv.DictReader(stream)]
    suspect = {row["crime_id"]: row for row in tables["party_role"] if row["role"] == "suspect"}
    recent = [row for row in tables["crime"] if row["force_code"] == FORCE and row["recorded_ts"] >= "2024-10-01"]
    ours = [row["crime_id"] for row in recent]
    kept = set(sorted(ours, key=lambda c: (crc32(suspect.get(c, {"person_key": c})["person_key"].encode()), c))[:crimes])
    others = sorted(kept & set(suspect))
    for crime, other in zip(others[::9], others[4::9], strict=False):
        if suspect[crime]["person_key"] != suspect[other]["person_key"]:
            second = {"person_key": suspect[other]["person_key"], "relationship": "", "age_at_offence": ""}
            tables["party_role"].append({**suspect[crime], **second})
    born = {row["person_key"]: row["date_of_birth"] for row in tables.pop("person_identity")}
    for row in tables["person"]:
        row["date_of_birth"] = born.get(row["person_key"], "")
    calls = {row["incident_id"] for row in tables["crime"] if row["crime_id"] in kept}
    tables["incident"] = [row for n, row in enumerate(tables["incident"]) if row["incident_id"] in calls or n % 40 == 0]
    return {name: [row for row in rows if row.get("crime_id", min(kept)) in kept] for name, rows in tables.items()}


def make(layout: dict[str, object], tables: dict[str, list[Row]], vendor: Path, plain: Path) -> None:
    """Write the files of a layout, and beside them the tables and fields of the extract that they carry."""
    carried: dict[str, dict[tuple[str, ...], Row]] = defaultdict(dict)
    for file in layout["file"]:  # type: ignore[attr-defined]
        listed, lines = columns(file), []
        for n, records in enumerate(_records(tables, file["rows"])):
            lines.append([_shape(records, column, n) for column in listed])
            _carry(records, listed, carried)
        _write(vendor / file["name"], file, [c.heading for c in listed], lines)
    plain.mkdir(parents=True)
    for table, rows in carried.items():
        heads = list(dict.fromkeys(field for row in rows.values() for field in row))
        with (plain / f"{table}.csv").open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows([heads, *([row.get(head, "") for head in heads] for row in rows.values())])


def _once(text: str) -> str:
    if not text[:4].isdigit() or text[10:11] != "T":
        return text
    moment = datetime.fromisoformat(text).astimezone(LONDON)
    if moment.replace(fold=0).utcoffset() != moment.replace(fold=1).utcoffset():
        moment += timedelta(hours=2)
    return moment.isoformat()


def _records(tables: dict[str, list[Row]], rows: str) -> list[dict[str, Row]]:
    people = {row["person_key"]: row for row in tables["person"]}
    staff = {row["person_id"]: row for row in tables["investigator"]}
    areas = {row["lsoa_code"]: row for row in tables["small_areas"]}
    calls = {row["incident_id"]: row for row in tables["incident"]}
    of_crime: dict[str, dict[str, Row]] = {row["crime_id"]: {"crime": row} for row in tables["crime"]}
    for row in tables["party_role"]:
        row.update(people[row["person_key"]])
        found, n = of_crime[row["crime_id"]], 1
        while f"{row['role']}{n}" in found:
            n += 1
        found[f"{row['role']}{n}"] = row
    for row in tables["outcome"] + tables["custody"]:
        of_crime[row["crime_id"]]["outcome" if "seq" in row else "custody"] = row
    for row in tables["crime_flag"]:
        of_crime[row["crime_id"]].setdefault("flag", row) if row["flag"] == "da" else None
    for found in of_crime.values():
        crime = found["crime"]
        joined = {"oic": staff.get(crime["oic_id"]), "area": areas.get(crime["lsoa21"])}
        found.update({k: v for k, v in (joined | {"incident": calls.get(crime["incident_id"])}).items() if v})
    if rows == "crime":
        return list(of_crime.values())
    name = next((record for record, table in TABLE.items() if table == rows), rows)
    return [of_crime.get(row.get("crime_id", ""), {}) | {name: row} for row in tables[rows]]


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(LONDON)


@cache
def _labels() -> dict[str, str]:
    with _LABELS.open(encoding="utf-8", newline="") as stream:
        return {row["outcome_code"]: row["label"] for row in reversed(list(csv.DictReader(stream)))}


def _words(text: str, pairs: str) -> str:
    return dict(pair.split("=") for pair in pairs.split(";")).get(text, text)


# what a form makes of a value of the extract; an empty value stays empty, but for `else`
FORMS: dict[str, Callable[[str, str], str]] = {
    "at": lambda text, shown: _moment(text).strftime(shown),
    "AT": lambda text, shown: _moment(text).strftime(shown).upper(),
    "utc": lambda text, shown: _moment(text).astimezone(UTC).strftime(shown),
    "serial": lambda text, digits: f"{(_moment(text).replace(tzinfo=None) - EPOCH) / timedelta(1):.{digits}f}",
    "later": lambda text, days: (_moment(text) + timedelta(float(days))).isoformat(),
    "pad": lambda text, width: text.zfill(int(width)),
    "text": lambda text, shown: shown.replace("{}", text).replace("'", ""),
    "cut": lambda text, start: text[int(start) :],
    "outcome": lambda text, shown: shown.format(text, _labels().get(text, "Unknown code")),
    "class": lambda text, shown: shown.format(text, CLASSES.get(text, "Other")),
    "words": _words,
    "upper": lambda text, _: text.replace("_", " ").upper(),
    "title": lambda text, _: text.replace("_", " ").title(),
    "yes": lambda text, pair: pair.split("/")[text != "true"],
    "any": lambda text, shown: shown,
    "swap": lambda text, pair: text.replace(*pair.split("/")),
    "else": lambda text, shown: text or shown,
}


def _shape(records: dict[str, Row], column: Column, n: int) -> str:
    record, _, field = column.source.partition(".")
    text = records.get(record, {}).get(field, "")
    for form in column.forms:
        name, _, how = form.partition(" ")
        if name == "count":
            text = str(int(how) + 7 * n)
        elif name == "pick":
            text = how.split(";")[crc32(f"{column.heading}{n}".encode()) % len(how.split(";"))].strip()
        elif text or name == "else":
            text = FORMS[name](text, how)
    return text


def _carry(records: dict[str, Row], listed: list[Column], carried: dict[str, dict[tuple[str, ...], Row]]) -> None:
    for column in listed:
        record, (table, field) = column.source.partition(".")[0], column.place
        if not column.fields or record not in records:
            continue
        source = records[record]
        keys = {key: source[key] for key in KEYS.get(table, tuple(source)[:1])}
        row = carried[table].setdefault(tuple(keys.values()), keys)
        # names of areas and teams as the file shows them: no list says how they are to be written
        shown = _shape(records, column, 0) if field in ("area_name", "ward_name", "unit") else source.get(field, "")
        row[field] = _precise(shown, [c for c in listed if c.source == column.source])


def _precise(text: str, shown: list[Column]) -> str:
    """A moment as exact as the columns that show it: to the second, the minute or the day."""
    forms = " ".join(form for column in shown for form in column.forms)
    if not text or not {"at", "AT", "utc"} & set(forms.split()) or "%S" in forms:
        return text
    moment = _moment(text).replace(second=0)
    return (moment if "%H" in forms else moment.replace(hour=0, minute=0)).isoformat()


def _write(path: Path, file: dict[str, str], heads: list[str], lines: list[list[str]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    titles = [line.split(" | ") for line in file.get("titles", "").strip().split("\n") if line]
    if path.suffix != ".xlsx":
        with path.open("w", encoding=file.get("encoding", "utf-8"), newline="") as stream:
            csv.writer(stream, delimiter=file.get("delimiter", ",")).writerows([*titles, heads, *lines])
        return
    sheets: dict[str, list[list[str]]] = defaultdict(list)
    for line in lines:  # a sheet for each year of the column named, or one sheet
        sheets[line[heads.index(file["by"])] if "by" in file else file.get("sheet", "Sheet1")].append(line)
    numbers = {heads.index(c.heading) for c in columns(file) if any(f.startswith("serial") for f in c.forms)}
    with xlsxwriter.Workbook(path, {"in_memory": True}) as book:
        for name in sorted(sheets):
            sheet = book.add_worksheet(name)
            for n, row in enumerate([*titles, heads, *sheets[name]]):
                for m, cell in enumerate(row):
                    if m in numbers and cell[:1].isdigit():
                        sheet.write_number(n, m, float(cell))
                    else:
                        sheet.write_string(n, m, cell)
