"""Try the product on every Python with the lowest and the highest versions that pyproject.toml allows:
`python tests/tools/matrix.py WORK [--cell 3.11-lowest ...]`, or `make matrix`.

WORK is a folder for the environments and homes; 2 GB, since environments are removed one after another. In each cell
the versions are resolved and installed by uv, every module is imported, an invented force of 3,000 crimes is built and
verified, and every page of every audience is opened in a session. The published figures are compared with those of the
versions in requirements.lock, built by the Python that runs this. WORK/matrix.jsonl has one line a cell, with the
versions of all direct dependencies. Prints the table; exit code 1 where a cell failed.

Pythons are those on the PATH: none is downloaded. `--prove` writes the lowest versions that held, and on which Pythons,
to tests/house/proved_bounds.csv.
"""

import argparse
import csv
import datetime as dt
import importlib
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import time
import tomllib
from pathlib import Path
from typing import Any

from packaging.version import Version

ROOT = Path(__file__).resolve().parents[2]
PROVED = ROOT / "tests" / "house" / "proved_bounds.csv"
PYTHONS = ("3.11", "3.12", "3.13")
RESOLUTIONS = {"lowest": "lowest-direct", "highest": "highest"}  # as uv calls them
CELLS = [f"{python}-{which}" for which in RESOLUTIONS for python in PYTHONS]
STEPS = ("install", "import", "build", "verify", "figures", "pages")
AS_OF = "2026-03-31"
TOLERANCE = 1e-9  # of a float, relative: numerical libraries add in different orders
ROOMS = ("assets", "casework", "docs", "expectations", "sample", "stra", "pipelines", "dashboards")
NOT_IMPORTED = {  # module or the beginning of its name -> why
    "dashboards.pages.": "a page runs when it is imported: all are opened below",
    "dashboards.app": "it starts the server, which opens the pages",
    "pipelines.dagster_records.region": "needs the folders of a region",
    "pipelines.engines.in_spark": "needs Spark, which has an environment of its own",
    "pipelines.engines.spark": "needs Spark, which has an environment of its own",
}


class Failed(Exception):
    """A step of a cell went wrong; the words say how."""


def project() -> dict[str, Any]:
    """The product as pyproject.toml describes it."""
    found: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return found


def direct() -> list[str]:
    """What the product asks for, the tools of tests included, as written in pyproject.toml."""
    return [*project()["dependencies"], *project()["optional-dependencies"]["dev"]]


def lowest_asked(requirements: list[str]) -> dict[str, str]:
    """Name -> the lowest version that its range allows; exact ones included."""
    found = {}
    for asked in requirements:
        name, bounds = re.fullmatch(r"([A-Za-z0-9._-]+)(?:\[[\w,-]+\])?(.*)", asked).groups()  # type: ignore[union-attr]
        found[name] = re.search(r"(?:>=|==)\s*([\w.]+)", bounds)[1]  # type: ignore[index]
    return found


def run(*command: str, environment: dict[str, str] | None = None) -> str:
    """What a command printed. Raises Failed with its last words."""
    ran = subprocess.run(
        command, cwd=ROOT, env={**os.environ, **(environment or {})}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if ran.returncode:
        said = (ran.stdout + ran.stderr).strip()[-1500:]
        raise Failed(f"{' '.join(command[:4])} ...: exit {ran.returncode}: {said}")
    return ran.stdout


def stra(python: str, *arguments: str) -> str:
    """Run a command of the product in a cell."""
    return run(python, "-m", "pipelines.commands.cli", *arguments, environment={"PYTHONPATH": str(ROOT)})


def build(python: str, work: Path, home: Path, seed: Path | None) -> None:
    """A home of the invented force. References of people are drawn by chance, so that a seed home lends them."""
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)
    if seed is not None:
        shutil.copytree(seed / "identity", home / "identity")
    stra(python, "build", "--data", str(work / "data"), "--home", str(home), "--as-of", AS_OF)


def compare(reference: Path, home: Path) -> None:
    """Compare the published figures of two homes. Raises Failed with the differences."""
    run(sys.executable, "tests/tools/compare_homes.py", str(reference), str(home), str(TOLERANCE))


def prepare(work: Path) -> None:
    """The force, and its home by the versions of the lock: what every cell is compared with."""
    if (work / "reference" / "published").exists():
        return
    shutil.rmtree(work / "data", ignore_errors=True)
    stra(sys.executable, "synth", "--out", str(work / "data"), "--crimes", "3000", "--seed", "1")
    build(sys.executable, work, work / "seed", None)
    build(sys.executable, work, work / "reference", work / "seed")


def install(cell: str, work: Path) -> str:
    """Make the environment of a cell; the path of its Python."""
    version, which = cell.split("-")
    shutil.rmtree(work / "env", ignore_errors=True)
    (wanted := work / f"{cell}.txt").unlink(missing_ok=True)  # else uv prefers what stands there
    python = str(work / "env" / "bin" / "python")
    uv = ("uv", "--quiet", "--system-certs", "--no-python-downloads")
    run(*uv, "pip", "compile", "--refresh", "pyproject.toml", "--extra", "dev", "--python-version", version,
        "--resolution", RESOLUTIONS[which], "--no-header", "--no-annotate", "--output-file", str(wanted))  # fmt: skip
    run(*uv, "venv", "--python", version, str(work / "env"))
    run(*uv, "pip", "install", "--refresh", "--python", python, "--compile-bytecode", "--requirement", str(wanted))
    run(*uv, "pip", "check", "--python", python)
    return python


def try_cell(cell: str, work: Path) -> dict[str, Any]:
    """One cell: what was tried, how it ended, and with which versions."""
    began = time.monotonic()
    row: dict[str, Any] = {"cell": cell, "day": dt.datetime.now(dt.UTC).date().isoformat()}
    home = work / f"home-{cell}"
    steps = {
        "install": lambda: install(cell, work),
        "import": lambda: inside(row["python"], "modules"),
        "build": lambda: build(row["python"], work, home, work / "seed"),
        "verify": lambda: stra(row["python"], "verify", "--home", str(home)),
        "figures": lambda: compare(work / "reference", home),
        "pages": lambda: inside(row["python"], "pages", str(home)),
    }  # fmt: skip
    for step, act in steps.items():
        try:
            said = act()
        except Failed as words:
            row[step] = f"failed: {words}"
            if step in ("install", "build"):
                break
            continue
        if step == "install":
            row |= {"python": said, **inside(said, "versions")}
        row[step] = said if isinstance(said, int) else "held"
    shutil.rmtree(work / "env", ignore_errors=True)
    shutil.rmtree(home, ignore_errors=True)
    return row | {"minutes": round((time.monotonic() - began) / 60, 1)}


def inside(python: str, what: str, *arguments: str) -> Any:
    """Have the Python of a cell run a part of this module; what it answers."""
    folders = os.pathsep.join(map(str, (ROOT, ROOT / "tests" / "worlds", ROOT / "tests" / "tools")))
    said = run(python, str(Path(__file__)), "--inside", what, *arguments, environment={"PYTHONPATH": folders})
    return json.loads(said.splitlines()[-1])


def modules() -> int:
    """Import every module; how many there were."""
    names = sorted(
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for room in ROOMS
        for path in (ROOT / room).rglob("*.py")
    )
    for name in (chosen := [name for name in names if not name.startswith(tuple(NOT_IMPORTED))]):
        importlib.import_module(name)
    return len(chosen)


def opened_pages(home: Path) -> int:
    """Open every page of every audience in a session; how many there were. Raises SystemExit if one has a fault."""
    from whole_run import every_page

    os.environ.setdefault("STRA_MARKING", "OFFICIAL")
    seen, _ = every_page(home, frozenset())
    if faults := {page: found for page, found in seen.items() if found}:
        raise SystemExit(str(faults))
    return len(seen)


def versions() -> dict[str, Any]:
    """The versions of Python and of every direct dependency, as installed."""
    from importlib.metadata import version

    return {"version": platform.python_version(), "direct": {name: version(name) for name in lowest_asked(direct())}}


def table(rows: list[dict[str, Any]]) -> str:
    """The rows as Markdown."""
    lines = [f"| Python | versions | {' | '.join(STEPS)} |", "|---" * (2 + len(STEPS)) + "|"]
    for row in rows:
        python, which = row["cell"].split("-")
        said = [str(row.get(step, "not tried")).split(":")[0] for step in STEPS]
        lines.append(f"| {row.get('version', python)} | {which} | {' | '.join(said)} |")
    return "\n".join(lines)


def prove(rows: list[dict[str, Any]]) -> None:
    """Write down the lowest versions that held, and on which Pythons. Raises SystemExit if a lowest cell failed."""
    lowest = [row for row in rows if row["cell"].endswith("-lowest")]
    if not lowest or any("failed" in str(value) for row in lowest for value in row.values()):
        raise SystemExit("Nothing is proved: no cell of the lowest versions was tried, or one failed.")
    with PROVED.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["package", "lowest", "pythons", "held", "tried_on"])
        for name, asked in sorted(lowest_asked(direct()).items()):
            held = [row for row in lowest if Version(row["direct"][name]) == Version(asked)]
            if held:
                pythons = " ".join(row["version"] for row in held)
                steps = " ".join(step for step in STEPS if all(step in row for row in held))
                out.writerow([name, asked, pythons, steps, max(row["day"] for row in held)])


def main() -> int:
    """Try the cells that were asked for, and print what held."""
    asked = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    asked.add_argument("work", type=Path)
    asked.add_argument("--cell", nargs="+", choices=CELLS, default=CELLS)
    asked.add_argument("--prove", action="store_true", help="write down what WORK/matrix.jsonl proves; try nothing")
    given = asked.parse_args()
    work, record = given.work.resolve(), given.work.resolve() / "matrix.jsonl"
    if not given.prove:
        work.mkdir(parents=True, exist_ok=True)
        prepare(work)
        for cell in given.cell:
            row = try_cell(cell, work)
            with record.open("a", encoding="utf-8") as file:
                file.write(json.dumps(row) + "\n")
            print(cell, {k: v for k, v in row.items() if k != "direct"}, flush=True)
    latest = {row["cell"]: row for row in map(json.loads, record.read_text("utf-8").splitlines())}
    rows = [latest[cell] for cell in CELLS if cell in latest]
    print(table(rows))
    if given.prove:
        prove(rows)
    return int(any("failed" in str(value) for row in rows for value in row.values()))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--inside"]:
        what, *homes = sys.argv[2:]
        parts = {"modules": modules, "versions": versions, "pages": lambda: opened_pages(Path(homes[0]))}
        print(json.dumps(parts[what]()))
    else:
        raise SystemExit(main())
