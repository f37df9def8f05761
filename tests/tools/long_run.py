"""`make long`: sweeps over the whole system, one after another; docs/reliability.md gets what came of them.

A sweep that ended at this commit is not made again, so that a run that was stopped goes on. The longest keep which of
their cases went well, and go on behind them.
"""

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parents[2]
PAGE, CACHE = ROOT / "docs" / "reliability.md", ROOT / ".cache"
HEADING = "## The last run of `make long`"
SPARK = str(ROOT / ".venv-spark" / "bin" / "python")
FILES = ("tests/builds/test_legal_extracts.py", "tests/pages/test_withheld_tables.py", "tests/builds/test_isolation.py")


@dataclass(frozen=True)
class Sweep:
    """What pytest is asked for, by which Python, with what in its environment."""

    arguments: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    python: str = sys.executable


SWEEPS = {
    "generated extracts, and what no figure rests on": Sweep(
        FILES[:1], {"LEGAL": os.environ.get("LEGAL", "24"), "LEGAL_LOG": str(CACHE / "legal.jsonl")}
    ),
    "each page without each of its tables": Sweep(FILES[1:2], {"WITHHELD": "all"}),
    "a fault in a table": Sweep(
        FILES[2:], {"ISOLATION": os.environ.get("ISOLATION", "40"), "ISOLATION_LOG": str(CACHE / "isolation.jsonl")}
    ),
    "the other tests marked long": Sweep(("-m", "long", "tests", *(f"--ignore={file}" for file in FILES))),
    "twelve homes on Spark": Sweep(
        ("tests/spark/test_legal_homes.py",), {"SPARK_LOG": str(CACHE / "spark.jsonl")}, SPARK
    ),
    "tables and functions on Spark": Sweep(("-m", "representative", "tests/spark"), python=SPARK),
}


def made(sweep: Sweep) -> dict[str, int]:
    """How many tests passed, failed and were skipped; one that could not even begin has failed."""
    report = CACHE / "long.xml"
    report.unlink(missing_ok=True)
    command = [sweep.python, "-m", "pytest", f"--junitxml={report}", *sweep.arguments]
    code = subprocess.run(command, cwd=ROOT, env=os.environ | sweep.environment, check=False).returncode
    return counted(report.read_text(encoding="utf-8") if report.exists() else "", code)


def counted(report: str, code: int) -> dict[str, int]:
    """The counts of a report of pytest. Exit codes: 0 all passed, 1 some failed, else it did not come to its end."""
    suites = ElementTree.fromstring(report).findall("testsuite") if report else []
    tests, failures, errors, skipped = (
        sum(int(suite.get(name, 0)) for suite in suites) for name in ("tests", "failures", "errors", "skipped")
    )
    failed = max(failures + errors, int(code not in (0, 1)))
    return {"passed": max(0, tests - failed - skipped), "failed": failed, "skipped": skipped}


def written(page: str, commit: str, day: str, results: Mapping[str, Mapping[str, int]]) -> str:
    """The page with what is said of the last run, in place of what was said of the one before."""
    rows = [f"| {name} | {of['passed']} | {of['failed']} | {of['skipped']} |\n" for name, of in results.items()]
    ended = "" if results.keys() == SWEEPS.keys() else f" It was ended after {len(results)} of {len(SWEEPS)} sweeps."
    said = f"On {day}, at commit `{commit}`.{ended}\n\n| sweep | passed | failed | skipped |\n|---|--:|--:|--:|\n"
    return re.sub(rf"(?<={re.escape(HEADING)}\n\n).*?(?=\n## |\Z)", lambda _: said + "".join(rows), page, flags=re.S)


def main() -> int:
    """Make every sweep that is left at this commit; 1 if any test failed."""
    commit, *changed = (
        subprocess.run(["git", *asked], cwd=ROOT, check=True, capture_output=True, text=True).stdout.strip()
        for asked in (["rev-parse", "--short=12", "HEAD"], ["diff", "--name-only", "HEAD", ":!docs/reliability.md"])
    )
    kept = CACHE / "long.json"
    held = json.loads(kept.read_text(encoding="utf-8")) if kept.exists() else {}
    results = held["results"] if held.get("commit") == commit and not any(changed) else {}
    commit += " with changes" if any(changed) else ""
    for name, sweep in SWEEPS.items():
        if name not in results or results[name]["failed"]:
            results[name] = made(sweep)
            kept.write_text(json.dumps({"commit": commit, "results": results}), encoding="utf-8")
            day = datetime.now(UTC).date().isoformat()
            PAGE.write_text(written(PAGE.read_text(encoding="utf-8"), commit, day, results), encoding="utf-8")
    return int(any(result["failed"] for result in results.values()))


if __name__ == "__main__":
    raise SystemExit(main())
