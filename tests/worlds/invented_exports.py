"""Three invented exports of an extract, in the manner of names and codes of three record systems.

None of these names is from a real system: in `invented_exports.csv` Niche-like names run together with capitals,
Athena-like ones are in capitals with underscores, CONNECT-like ones have blanks.
"""

import csv
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from assets.raw import extract_tables
from assets.readers.extract.values import code_sets

TABLES = extract_tables()
Export = dict[str, tuple[str, dict[str, str]]]  # our table -> the file's name, and our fields -> its columns

STYLES = ("niche", "athena", "connect")
# how these systems write a code of ours where they have no other word for it, and a truth
_SPELT: dict[str, Callable[[str], str]] = {
    "niche": lambda code: code.replace("_", " ").title(),
    "athena": lambda code: code.replace("_", " ").upper(),
    "connect": lambda code: code.replace("_", "-").capitalize(),
}
_TRUTHS = {"niche": ("true", "false"), "athena": ("Y", "N"), "connect": ("Yes", "No")}
# other words: style -> code set -> our code -> theirs; a person has to say what the last ones of CONNECT mean
_WORDS: dict[str, dict[str, dict[str, str]]] = {
    "niche": {
        "crime_status": {"open": "Under Investigation", "closed": "Filed"},
        "role": {"victim": "Injured Party"},
        "relationship": {"unknown": "Not Known", "ex_spouse": "Former Spouse"},
        "channel": {"999": "999 Call"},
    },
    "athena": {
        "crime_status": {"open": "LIVE", "closed": "FINALISED", "cancelled": "NO CRIMED"},
        "role": {"victim": "AGGRIEVED", "reporting_person": "INFORMANT"},
        "victim_support": {"yes": "Y", "no": "N"},
    },
    "connect": {
        "relationship": {"ex_partner": "Former Partner", "stranger": "Nobody known"},
        "crime_status": {"reopened": "Brought back"},
    },
}


def _exports() -> dict[str, Export]:
    with open(Path(__file__).with_name("invented_exports.csv"), encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    found: dict[str, Export] = {style: {} for style in STYLES}
    for row in rows:
        for style in STYLES:
            if not row["field"]:
                found[style][row["table"]] = (row[style], {})
            else:
                found[style][row["table"]][1][row["field"]] = row[style]
    return found


EXPORTS = _exports()


def their_code(style: str, code_set: str, code: str) -> str:
    """What this system writes for a code of ours."""
    return _WORDS[style].get(code_set, {}).get(code) or _SPELT[style](code)


def written(style: str, table: str, field: str, value: str) -> str:
    """A value of our layout as this system would write it."""
    kind = TABLES[table][field].removesuffix("?")
    if kind == "bool" and value in ("true", "false"):
        return _TRUTHS[style][value == "false"]
    code_set = kind.removeprefix("set:")
    if value in code_sets().get(code_set, ()):
        return their_code(style, code_set, value)
    return value


def export(folder: Path, style: str, extract: Mapping[str, Iterable[Mapping[str, str]]]) -> None:
    """Write the extract, its values as text, as this record system would; tables it has no name for as they are."""
    folder.mkdir(parents=True, exist_ok=True)
    for table, rows in extract.items():
        name, columns = EXPORTS[style].get(table, (table, {field: field for field in TABLES[table]}))
        with open(folder / f"{name}.csv", "w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow(columns.values())
            writer.writerows([written(style, table, field, row[field]) for field in columns] for row in rows)
