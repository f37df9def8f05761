"""The open benchmark: make the files of the tasks, score a folder of answers, or run the methods of the page.

    python -m benchmarks.open make --out FOLDER --seeds development
    python -m benchmarks.open score --answers FOLDER
    python -m benchmarks.open run
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from benchmarks.open.run import PAGE, make_files, run, score_answers, table
from benchmarks.open.tasks import TASKS


def main() -> int:
    """0 if all went well, 1 if an answer is missing or malformed, 2 for wrong use."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.open", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(dest="command", required=True)
    make = commands.add_parser("make", help="write the files of each task and seed")
    make.add_argument("--out", type=Path, required=True)
    score = commands.add_parser("score", help="score answers, TASK/SEED.parquet or .csv")
    score.add_argument("--answers", type=Path, required=True)
    whole = commands.add_parser("run", help="run baselines, rivals and our own methods, and write the page")
    whole.add_argument("--no-page", action="store_true", help="print the tables and leave the page as it is")
    for command, seeds in ((make, "development"), (score, "scoring"), (whole, "scoring")):
        command.add_argument("--seeds", nargs="+", default=[seeds], help="development, scoring, or numbers")
        command.add_argument("--scale", type=int, default=1, help="times as many crimes in each force")
    for command in (make, score):
        command.add_argument("--tasks", nargs="+", choices=[task.name for task in TASKS])
    given = parser.parse_args()
    if given.seeds[0] not in ("development", "scoring") and not all(seed.isdigit() for seed in given.seeds):
        parser.error(f"--seeds: expected development, scoring or numbers; seen {' '.join(given.seeds)}")
    if given.command == "run":
        kept = given.no_page or given.scale != 1 or given.seeds != ["scoring"]
        print("\n".join(run(given.seeds, given.scale, None if kept else PAGE, note)))
        return 0
    tasks = [task for task in TASKS if not given.tasks or task.name in given.tasks]
    if given.command == "make":
        make_files(given.out, tasks, given.seeds, given.scale, note)
        return 0
    scores, faults = score_answers(given.answers, tasks, given.seeds, given.scale, note)
    for task in tasks:
        if task.name in scores:
            print("\n".join(table(task, {"yours": scores[task.name]}, given.scale)) + "\n")
    print("\n".join(faults), file=sys.stderr)
    return int(bool(faults) or not scores)


def note(line: str) -> None:
    """What is done, beside the tables."""
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
