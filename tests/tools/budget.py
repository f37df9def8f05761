"""What costs in a run of all tests: builds, linkages, visits of a browser, runs of Great Expectations and of Dagster.

Where STRA_BUDGET names a file, every process of pytest adds a line to it for each. `python tests/tools/budget.py FILE`
compares their numbers with `tests/budget.toml`, and names who used most of what is over it. No clock is asked: that
measures the machine. What a command does in a process of its own counts as one build by command, and as no more.
"""

import json
import os
import subprocess
import sys
import tomllib
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from functools import wraps
from pathlib import Path
from typing import Any

BUDGET = Path(__file__).resolve().parents[1] / "budget.toml"
RECORD = os.environ.get("STRA_BUDGET")
MOST = 10  # tests named of a kind that is over its budget


def watch(file: Path) -> None:
    """Count from now on, in this process and in those that it forks."""
    from dagster import JobDefinition
    from dashboard_browser import Visit

    from assets.methods.linkage import process
    from expectations import engine
    from pipelines.builds.session import Session

    for owner, name, kind, is_one in (
        (Session, "take_in", "in_process_builds", _always),
        (process, "link", "linkages", _always),
        (process, "link_more", "linkages", _always),
        (engine, "_validate", "great_expectations_runs", _always),
        (JobDefinition, "execute_in_process", "dagster_runs", _always),
        (Visit, "open", "browser_visits", _always),
        (subprocess.Popen, "__init__", "command_builds", _is_build),
    ):
        setattr(owner, name, _counted(getattr(owner, name), file, kind, is_one))


def _always(*_: Any, **__: Any) -> bool:
    return True


def _is_build(process: object, arguments: Any, *_: Any, **__: Any) -> bool:
    words = [str(word) for word in arguments] if isinstance(arguments, (list, tuple)) else []
    return "build" in words and any(Path(word).name in ("stra", "pipelines.commands.cli") for word in words)


def _counted(real: Any, file: Path, kind: str, is_one: Callable[..., bool]) -> Any:
    """The function, with a line in the file for each call that is one of the kind: kind and test."""

    @wraps(real)
    def counting(*arguments: Any, **named: Any) -> Any:
        if is_one(*arguments, **named):
            test = os.environ.get("PYTEST_CURRENT_TEST", "before the first test").partition(" (")[0]
            with file.open("a", encoding="utf-8") as lines:
                lines.write(json.dumps([kind, test]) + "\n")
        return real(*arguments, **named)

    return counting


def compare(record: str, budget: Mapping[str, int]) -> tuple[list[str], list[str]]:
    """Lines of what was used; and of what is wrong: over the budget, with who used most, or not counted at all."""
    users: dict[str, Counter[str]] = defaultdict(Counter)
    for kind, test in map(json.loads, record.splitlines()):
        users[kind][test.partition("[")[0]] += 1
    used, wrong = [], list[str]()
    for kind in sorted({*budget, *users}):
        number, most = users[kind].total(), budget.get(kind, 0)
        used.append(f"{kind}: {number} of at most {most}")
        if number > most:
            wrong.append(f"{kind}: {number}, expected at most {most} ({BUDGET.name}). Most of them:")
            wrong += [f"  {times} by {test}" for test, times in users[kind].most_common(MOST)]
        elif not number:
            wrong.append(f"{kind}: none was counted; tests/tools/budget.py looks for it at a place that is gone")
    return used, wrong


if __name__ == "__main__":
    used, wrong = compare(Path(sys.argv[1]).read_text("utf-8"), tomllib.loads(BUDGET.read_text("utf-8")))
    print("\n".join([*used, *wrong]))
    raise SystemExit(bool(wrong))
