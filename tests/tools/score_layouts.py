"""How well `stra map` places the columns of layouts that it has not seen, and which figures a build of them gives.

`python tests/tools/score_layouts.py [--tree TREE] [--out FOLDER] [--build] [LAYOUT ...]` needs TREE's `.venv`, of which
it takes the product; layouts are this tree's. Prints a line a layout, then what is wrong or missed, column by column.
With --build each layout and the same tables as `stra` wants them are built from `stra map --yes`, and compared.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from shutil import rmtree

sys.path[:0] = [str(Path(__file__).resolve().parents[1] / "worlds")]
MEASURES = ("recorded", "recorded_24h", "charged_365", "repeat_suspect_12m", "open_caseload")


@dataclass
class Score:
    """What became of a layout's columns: of those that carry a field of ours, and of the foreign ones."""

    right: int = 0
    asked: int = 0
    missed: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    foreign: int = 0  # left out, or asked about
    questions: int = 0

    @property
    def carrying(self) -> int:
        """Columns that carry a field of ours; a foreign one that is used is counted as wrong only."""
        return self.right + self.asked + len(self.missed) + sum("foreign" not in line for line in self.wrong)

    @property
    def line(self) -> str:
        """As a line of the table."""
        sound = self.right + self.asked
        return (
            f"{self.carrying:8}{self.right:7}{self.asked:7}{len(self.wrong):7}{len(self.missed):8}{self.foreign:9}"
            f"{self.questions:11}{self.right / self.carrying:10.1%}{sound / self.carrying:10.1%}"
        )


HEAD = f"{'layout':20}{'columns':>8}  right  asked  wrong  missed  foreign  questions  unasked     sound"


def score(files: Iterable[dict[str, str]], reply: dict[str, object]) -> Score:
    """Compare the reply of `stra map --json` to `{}` with the truth of a layout's files."""
    from vendor_layouts import columns

    placed = list(_placed(tomllib.loads(str(reply["text"]))))
    questions = [q for q in reply["questions"] if q["otherwise"] != "yes"]  # type: ignore[attr-defined]
    options = [
        (str(seen["name"]), column["label"])
        for seen in reply["files"]  # type: ignore[attr-defined]
        for column in seen["columns"]
        if column["options"]
    ]
    found = Score(questions=len(questions))
    stems = [Path(file["name"]).stem for file in files]
    for file, stem in zip(files, stems, strict=True):

        def here(name: str, stem: str = stem) -> bool:
            return max((s for s in stems if s.casefold() in name.casefold()), key=len, default="") == stem

        listed = {column.heading: column for column in columns(file)}
        for heading, column in listed.items():
            uses = [(target, block) for name, head, target, block in placed if here(name) and head == heading]
            quoted = re.compile(rf"['\"\[]{re.escape(heading)}['\"\]]")
            asked = any(here(q["file"]) and quoted.search(q["words"]) for q in questions)
            asked = asked or any(here(name) and label == heading for name, label in options)
            bad = [t for t, block in uses if not _fits(t, column.fields) or not _of_one(column, t, block, listed)]
            where = f"{file['name']}: {heading} ({' or '.join(sorted(column.fields)) or 'foreign'})"
            if bad:
                found.wrong.append(f"{where} is {', '.join(bad)}")
            elif not column.fields:
                found.foreign += 1
            elif uses:
                found.right += 1
            elif asked:
                found.asked += 1
            else:
                found.missed.append(where)
    return found


def _placed(mapping: dict[str, object]) -> Iterator[tuple[str, str, str, dict[str, str]]]:
    """File, column, `table.field` and block of each column that a mapping reads; made keys (`=[a]/victim 1`) are none."""
    for table, blocks in mapping.get("tables", {}).items():  # type: ignore[attr-defined]
        for block in blocks if isinstance(blocks, list) else [blocks]:
            for name, value in block.get("fields", {}).items():
                heads = re.findall(r"\[([^\]]+)\]", value) if value.startswith("=") else [value]
                for file in block["file"] if isinstance(block.get("file"), list) else [block.get("file", "")]:
                    for head in heads if "]/" not in value else ():
                        yield file, head, f"{table}.{name}", block["fields"]


def _fits(target: str, fields: frozenset[str]) -> bool:
    return target in fields or f"*.{target.partition('.')[2]}" in fields


def _of_one(column: object, target: str, block: dict[str, str], listed: dict[str, object]) -> bool:
    """Whether a column of the first suspect is in a block of the first suspect; a relationship may be of either side."""
    part = column.source.partition(".")[0]  # type: ignore[attr-defined]
    if not part[-1:].isdigit() or target.endswith(".relationship"):
        return True
    key = listed.get(block.get("person_key", ""))
    role = block.get("role", "=")
    whole = key is None or key.source.partition(".")[0] == part  # type: ignore[attr-defined]
    return whole and (not role.startswith("=") or role in ("=", f"={part.rstrip('0123456789')}"))


def run(*arguments: object, given: str = "") -> tuple[int, str]:
    """A command of the product in this process: exit code and what it said."""
    from typer.testing import CliRunner

    from pipelines.commands.cli import app

    done = CliRunner().invoke(app, list(map(str, arguments)), input=given)
    return done.exit_code, done.output + (f"\n{done.exception!r}" if done.exit_code else "")


def figures(home: Path) -> dict[tuple[str, str], list[tuple[object, ...]]]:
    """Of each measure, whole and by district: its values by period and district, as published."""
    import stra

    found: dict[tuple[str, str], list[tuple[object, ...]]] = {}
    try:
        opened = stra.open(home, role="analyst")
    except Exception as fault:  # a home without anything published has no figure
        print(f"  nothing is published: {fault}")
        return {}
    for code in MEASURES:
        for by in (None, "district"):
            frames = [opened.measure(code, by=by, period=period) for period in ("month", "to_date")]
            told = ("period_start", "breakdown_value", "numerator", "denominator")
            rows = [row for frame in frames for row in frame.select(told).rows() if row[1] != "not known"]
            if rows:
                found[code, by or "force"] = sorted(rows, key=str)
    return found


def main() -> None:
    """Score the layouts that are named, or all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tree", type=Path)
    parser.add_argument("--out", type=Path, default=Path("/tmp/stra-layouts"))
    parser.add_argument("--crimes", type=int, default=500)
    parser.add_argument("--build", action="store_true")
    parser.add_argument("layout", nargs="*")
    chosen = parser.parse_args()
    if chosen.tree:  # start over with the product of that tree
        python, rest = chosen.tree / ".venv" / "bin" / "python", sys.argv[1:]
        at = next(n for n, word in enumerate(rest) if word.startswith("--tree"))
        del rest[at : at + (1 if "=" in rest[at] else 2)]
        command = [str(python), str(Path(__file__).resolve()), *rest, "--out", str(chosen.out.resolve())]
        os.chdir(chosen.tree)
        os.execv(python, command)
    from vendor_layouts import extract, layouts, make

    scores: dict[str, Score] = {}
    for name, layout in layouts().items():
        if chosen.layout and name not in chosen.layout:
            continue
        folder = chosen.out / name
        rmtree(folder, ignore_errors=True)
        make(layout, extract(chosen.out / "synth", chosen.crimes), folder / "vendor", folder / "plain")
        _, said = run("map", "--data", folder / "vendor", "--json", given="{}")
        (folder / "map.json").write_text(said)
        scores[name] = score(layout["file"], json.loads(said))  # type: ignore[arg-type]
        print(HEAD, f"{name:20}{scores[name].line}", sep="\n", flush=True)
        for kind in ("wrong", "missed"):
            for line in getattr(scores[name], kind):
                print(f"  {kind}: {line}", flush=True)
        if chosen.build:
            _compare(folder)
    print(HEAD, *(f"{name:20}{found.line}" for name, found in scores.items()), sep="\n")


def _compare(folder: Path) -> None:
    run("map", "--data", folder / "vendor", "--yes")
    made = {}
    for kind in ("plain", "vendor"):
        code, said = run("build", "--data", folder / kind, "--home", folder / f"home_{kind}")
        (folder / f"{kind}.log").write_text(said)
        made[kind] = figures(folder / f"home_{kind}")
        print(f"  build of {kind}: exit code {code}")
    for key, rows in made["plain"].items():
        given = made["vendor"].get(key)
        print(f"  {'.'.join(key):30}{'not given' if not given else 'equal' if given == rows else 'DIFFERS'}")
    equal = sum(made["vendor"].get(key) == rows for key, rows in made["plain"].items())
    print(f"  figures given: {equal} of {len(made['plain'])}", flush=True)


if __name__ == "__main__":
    main()
