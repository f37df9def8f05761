"""How well `stra map` places the columns of layouts that it has not seen, and which figures a build of them gives.

`python tests/tools/score_layouts.py --out FOLDER [--build] [LAYOUT ...]` prints a line a layout (`fit`: right or asked)
and what is wrong or missed. With --build it builds what `stra map` wrote after each question was answered with the
truth, builds the same rows as `stra` wants them, and compares five measures, month by month. That is for layouts that
carry a synthetic force, not for those of public descriptions.
"""

import argparse
import json
import re
import sys
import tomllib
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from shutil import rmtree
from typing import Any

sys.path[:0] = [str(Path(__file__).resolve().parents[1] / "worlds")]
MEASURES = ("recorded", "recorded_24h", "charged_365", "repeat_suspect_12m", "open_caseload")
HEAD = f"{'layout':20}columns  right  asked  wrong  missed  foreign  questions  unasked     fit"


@dataclass
class Score:
    """What became of a layout's columns: of those that carry a field of ours, and of foreign ones left out or asked."""

    right: int = 0
    asked: int = 0
    missed: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    foreign: int = 0
    questions: int = 0

    def carrying(self) -> int:
        """Columns that carry a field of ours."""
        return self.right + self.asked + len(self.missed) + sum("(foreign)" not in line for line in self.wrong)

    def line(self, name: str) -> str:
        """A line of the table."""
        unasked, fit = (n / self.carrying() for n in (self.right, self.right + self.asked))
        return (
            f"{name:20}{self.carrying():7}{self.right:7}{self.asked:7}{len(self.wrong):7}{len(self.missed):8}"
            f"{self.foreign:9}{self.questions:11}{unasked:9.1%}{fit:8.1%}"
        )


def score(files: tuple[Any, ...], reply: dict[str, Any]) -> Score:
    """Compare the reply of `stra map --json` to `{}` with the truth of a layout's files."""
    questions = [q for q in reply["questions"] if q["otherwise"] != "yes"]  # others are confirmations
    asked = {(file, c.heading) for q in questions for file, c in _true_options(q, files).values() if c.fields}
    for seen in reply["files"]:
        for told in seen["columns"]:
            about = {"file": seen["name"], "words": f"'{told['label']}'", "options": told["options"]}
            asked |= {(file, column.heading) for file, column in _true_options(about, files).values()}
    uses = _uses(files, tomllib.loads(reply["text"]))
    found = Score(questions=len(questions))
    for file, column in [(each, column) for each in files for column in each.columns]:
        used = uses.get((file, column.heading), [])
        bad = [target for target, block in used if not _is_true(target, column, block, file)]
        place = f"{file.name}: {column.heading} ({' or '.join(sorted(column.fields)) or 'foreign'})"
        if bad:
            found.wrong.append(f"{place} is {', '.join(bad)}")
        elif not column.fields:
            found.foreign += 1
        elif used:
            found.right += 1
        elif (file, column.heading) in asked:
            found.asked += 1
        else:
            found.missed.append(place)
    return found


def _file(name: str, files: tuple[Any, ...]) -> Any:
    """The file that a name such as `crimes.xlsx#2024` or `crimes` is of; an only file may go by its sheet's name."""
    near = [file for file in files if Path(file.name).stem.casefold() in name.casefold() or len(files) == 1]
    return max(near, key=lambda file: len(file.name), default=None)


def _true_options(question: dict[str, Any], files: tuple[Any, ...]) -> dict[str, tuple[Any, Any]]:
    """The options of a question that are true, each with the file and the column that it is about."""
    file, (field_named, _, _) = _file(question["file"], files), question["words"].partition(":")
    found: dict[str, tuple[Any, Any]] = {}
    for column in file.columns if file else ():
        marks = {f"{mark[0]}{column.heading}{mark[1]}" for mark in ("''", '""', "[]")}
        is_named = any(mark in question["words"] for mark in marks)
        true = {part for f in column.fields for part in (f, f.partition(".")[2]) if is_named}
        true |= {"no field of the extract"} if is_named and not column.fields else set()
        true |= {column.heading} if field_named in column.fields else set()  # crime.status: which column?
        if column.field == field_named.partition(".")[2]:  # crime.status: what does 'LIVE' mean?
            pairs = [p for form in column.forms if form.startswith("words ") for p in form[6:].split(";")]
            true |= {ours for ours, theirs in (p.split("=") for p in pairs) if f"'{theirs}'" in question["words"]}
        found |= {option: (file, column) for option in question["options"] if option.partition(" of the ")[0] in true}
        found |= {option: (file, column) for option in question["options"] if option.partition(" of each ")[0] in true}
    return found


def _uses(files: tuple[Any, ...], mapping: dict[str, Any]) -> dict[tuple[Any, str], list[tuple[str, dict[str, str]]]]:
    """The fields that read each column, and their blocks; a made key such as `=[Ref]/victim 1` reads none."""
    found: dict[tuple[Any, str], list[tuple[str, dict[str, str]]]] = {}
    for table, blocks in mapping.get("tables", {}).items():
        for block in blocks if isinstance(blocks, list) else [blocks]:
            names = block.get("file", "")
            for name, value in block.get("fields", {}).items():
                heads = re.findall(r"\[([^\]]+)\]", value) if value.startswith("=") else [value]
                for read in (_file(one, files) for one in ([names] if isinstance(names, str) else names)):
                    for head in heads if "]/" not in value else ():
                        found.setdefault((read, head), []).append((f"{table}.{name}", block["fields"]))
    return found


def _is_true(target: str, column: Any, block: dict[str, str], file: Any) -> bool:
    """Whether a column carries the field, of the block's person or outcome; a relationship may be of either side."""
    if not {target, f"*.{target.partition('.')[2]}"} & column.fields:
        return False
    if not column.record[-1].isdigit() or target.endswith(".relationship"):
        return True
    of = next((c.record for c in file.columns if c.heading == block.get("person_key")), column.record)
    said = {block.get("role", "="), block.get("seq", "=")}
    return of == column.record and said <= {"=", f"={column.record[:-1]}", f"={column.record[-1]}"}


def true_answers(files: tuple[Any, ...], questions: list[dict[str, Any]]) -> dict[str, str]:
    """The answers of somebody who knows the export: what each column is, what its words mean, whose crimes they are."""
    given: dict[str, str] = {}
    for asked in questions:
        fit = [*_true_options(asked, files), *(option for option in asked["options"] if "Cleveland" in option)]
        if fit:
            given[asked["key"]] = fit[0]
        elif asked["words"].startswith("Are the days in ") or any(
            asked["words"] == f"Is it {c.table}?" for file in files for c in file.columns
        ):
            given[asked["key"]] = "yes"
    return given


def run(*arguments: object, given: str = "") -> Any:
    """A command of the product in this process, with its exit code, its standard output and all that it said."""
    from typer.testing import CliRunner

    from pipelines.commands.cli import app

    return CliRunner().invoke(app, list(map(str, arguments)), input=given)


def figures(home: Path) -> dict[tuple[str, str], list[tuple[object, ...]]]:
    """Of each measure, whole and by district: its published numbers by period and district; none where none are."""
    import stra

    found = {}
    for code in MEASURES if (home / "published").exists() else ():
        for by in (None, "district"):
            frames = [stra.open(home, role="analyst").measure(code, by=by, period=p) for p in ("month", "to_date")]
            shown = ("period_start", "breakdown_value", "numerator", "denominator")
            if rows := [row for frame in frames for row in frame.select(shown).rows()]:
                found[code, by or "force"] = sorted(rows, key=str)
    return found


def compare_builds(files: tuple[Any, ...], folder: Path) -> tuple[int, int, list[int]]:
    """Build both forms of a layout: figures equal, figures possible, exit codes of the plain and the vendor's form."""
    said: dict[str, Any] = {}
    answers: dict[str, str] = {}
    for _ in range(3):  # an answer may open another question
        given = json.dumps({"answers": answers})
        said = json.loads(run("map", "--data", folder / "vendor", "--json", given=given).stdout)
        answers |= true_answers(files, said["questions"])
    (folder / "vendor" / "mapping.toml").write_text(said["text"], encoding="utf-8")
    made, codes = {}, []
    for kind in ("plain", "vendor"):
        done = run("build", "--data", folder / kind, "--home", folder / f"home_{kind}")
        (folder / f"{kind}.log").write_text(done.output, encoding="utf-8")
        made[kind] = figures(folder / f"home_{kind}")
        codes.append(done.exit_code)
    for key, rows in made["plain"].items():
        found = made["vendor"].get(key)
        print(f"  {'.'.join(key):30}{'equal' if found == rows else 'DIFFERS' if found else 'not given'}", flush=True)
    return sum(made["vendor"].get(key) == rows for key, rows in made["plain"].items()), len(made["plain"]), codes


def score_all(out: Path, crimes: int, chosen: Collection[str] = ()) -> Iterator[tuple[str, tuple[Any, ...], Score]]:
    """Write the layouts that are chosen, or all, each into a folder of its name, and score what `stra map` replies.

    Without a number of crimes, the layouts are those of public descriptions.
    """
    from layout_export import layouts, read_described, read_extract, write, write_plain

    tables = read_extract(out / "synth", crimes) if crimes else read_described()
    for name, files in layouts(described=not crimes).items():
        if not chosen or name in chosen:
            rmtree(out / name, ignore_errors=True)
            write(files, tables, out / name / "vendor")
            if crimes:
                write_plain(files, tables, out / name / "plain")
            said = run("map", "--data", out / name / "vendor", "--json", given="{}").stdout
            (out / name / "map.json").write_text(said, encoding="utf-8")
            yield name, files, score(files, json.loads(said))


def main() -> None:
    """Score the layouts that are named, or all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=lambda path: Path(path).resolve(), required=True)
    parser.add_argument("--build", action="store_true")
    parser.add_argument("layout", nargs="*")
    chosen = parser.parse_args()
    lines = [HEAD]
    for crimes in (0, 500):
        for name, files, found in score_all(chosen.out, crimes, chosen.layout):
            lines.append(found.line(name))
            told = [f"  {kind}: {line}" for kind in ("wrong", "missed") for line in getattr(found, kind)]
            print(HEAD, lines[-1], *told, sep="\n", flush=True)
            if chosen.build and crimes:
                equal, possible, codes = compare_builds(files, chosen.out / name)
                lines[-1] += f"   figures {equal} of {possible}, exit codes {codes[0]} and {codes[1]}"
    print(*lines, sep="\n")


if __name__ == "__main__":
    main()
