"""Make the files of the tasks, score a folder of answers, and run the methods that the page lists."""

from __future__ import annotations

import re
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.open.product import write
from benchmarks.open.task import Malformed, Measure, Task, checked, read_answer
from benchmarks.open.tasks import DEVELOPMENT, TASKS

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "open-benchmark.md"
HEADING = "## The last run"
Scores = list[dict[str, float | None]]  # one item a seed
Say = Callable[[str], None]


def seeds_of(task: Task, asked: Sequence[str]) -> Sequence[int]:
    """The seeds of a task: `development`, `scoring`, or the numbers given."""
    named = {"development": DEVELOPMENT, "scoring": task.seeds}
    return named[asked[0]] if asked[0] in named else [int(seed) for seed in asked]


def make_files(out: Path, tasks: Sequence[Task], asked: Sequence[str], scale: int, say: Say) -> None:
    """Write `TASK/SEED/inputs` of each seed, and `TASK/SEED/truth` of the development seeds alone."""
    for task in tasks:
        for seed in seeds_of(task, asked):
            given = task.make(task.crimes * scale, seed)
            folder = out / task.name / str(seed)
            write(given.inputs, folder / "inputs")
            if seed in DEVELOPMENT:
                write(given.truth, folder / "truth")
        say(f"{task.name}: {len(seeds_of(task, asked))} seeds")


def score_answers(
    answers: Path, tasks: Sequence[Task], asked: Sequence[str], scale: int, say: Say
) -> tuple[dict[str, Scores], list[str]]:
    """The scores of each task that has a folder of answers, and what is wrong with the answers, one line each.

    A task with a fault in one answer has no scores: a mean over the other seeds would be of an easier task.
    """
    scores: dict[str, Scores] = {}
    faults: list[str] = []
    for task in tasks:
        if not (answers / task.name).is_dir():
            say(f"{task.name}: no answers ({answers / task.name} is not a folder)")
            continue
        found: Scores = []
        seeds = seeds_of(task, asked)
        for seed in seeds:
            try:
                place, rows = read_answer(answers, task, seed)
                given = task.make(task.crimes * scale, seed)
                found.append(task.score(checked(task, rows, given.inputs, place), given))
            except Malformed as fault:
                faults.append(str(fault))
        if len(found) == len(seeds):
            scores[task.name] = found
    return scores, faults


def run_task(task: Task, asked: Sequence[str], scale: int) -> dict[str, Scores]:
    """The scores of each method, and of the truth as an answer."""
    scores: dict[str, Scores] = {}
    for seed in seeds_of(task, asked):
        given = task.make(task.crimes * scale, seed)
        scores.setdefault("truth", []).append(task.score(task.perfect(given), given))
        for who, method in task.methods.items():
            if method is None:
                continue
            answer = checked(task, method.answer(given.inputs), given.inputs, f"{who} of {task.name}")
            scores.setdefault(who, []).append(task.score(answer, given))
    return scores


def run(asked: Sequence[str], scale: int, page: Path | None, say: Say) -> list[str]:
    """Run all methods of all tasks; return the lines of the page, and write them into it where there is one."""
    started, used, lines = time.monotonic(), time.process_time(), list[str]()
    commit, changed = (_git(*words) for words in (
        ("rev-parse", "--short=12", "HEAD"), ("diff", "--name-only", "HEAD", "--", ":!docs/open-benchmark.md"),
    ))  # fmt: skip
    for task in TASKS:
        before = time.monotonic()
        lines += [*table(task, run_task(task, asked, scale), scale), ""]
        say(f"{task.name}: {time.monotonic() - before:.0f} s")
    minutes, used = (time.monotonic() - started) / 60, (time.process_time() - used) / 60
    day = datetime.now(UTC).date().isoformat()
    seeds = "" if asked[0] == "scoring" else f", seeds {' '.join(asked)}"
    head = (f"On {day}, at commit `{commit}`{' with changes' if changed else ''}{seeds}. All eight took"
            f" {minutes:.1f} minutes by the clock, and {used:.1f} of a processor.")  # fmt: skip
    said = [head, "", *lines]
    if page is not None:
        page.write_text(written(page.read_text(encoding="utf-8"), said), encoding="utf-8")
    return said


def table(task: Task, scores: Mapping[str, Scores], scale: int) -> list[str]:
    """The table of one task, a row for each method."""
    crimes, seeds = f"{task.crimes * scale:,}", max(map(len, scores.values()))
    rows = [f"### {task.name}", "", f"{seeds} {'force' if seeds == 1 else 'forces'} of {crimes} crimes.", "",
            f"| method | {' | '.join(task.measures)} |", f"|---|{'--:|' * len(task.measures)}"]  # fmt: skip
    names = {who: f"{who}: {method.name}" if method else f"{who}: none yet" for who, method in task.methods.items()}
    for who, name in {**names, "truth": "the truth as an answer", "yours": "yours"}.items():
        if who in scores:
            rows.append(f"| {name} | {' | '.join(cells(task, scores[who]))} |")
        elif who in names and "yours" not in scores:
            rows.append(f"| {name} |{' |' * len(task.measures)}")
    return rows


def cells(task: Task, scores: Scores) -> Iterator[str]:
    """Each measure's mean over the seeds, with the lowest and the highest."""
    for name, measure in task.measures.items():
        values = [score[name] for score in scores]
        known = [value for value in values if value is not None]
        if not known:
            yield ""
            continue
        mean, lowest, highest = (shown(measure, of) for of in (sum(known) / len(known), min(known), max(known)))
        is_range = measure.more_is_better is not None and lowest != highest
        yield f"{mean} ({lowest} to {highest})" if is_range else mean


def shown(measure: Measure, value: float) -> str:
    """A figure in its form."""
    return f"{value:.1%}" if measure.form == "share" else f"{value:.2f}"


def written(page: str, said: Sequence[str]) -> str:
    """The page with what is said of the last run, in place of what was said of the one before."""
    text = "\n".join(said).rstrip("\n") + "\n"
    return re.sub(rf"(?<={re.escape(HEADING)}\n\n).*?(?=\n## |\Z)", lambda _: text, page, flags=re.S)


def _git(*words: str) -> str:
    found = subprocess.run(["git", *words], cwd=ROOT, check=True, capture_output=True, text=True)
    return found.stdout.strip()
