"""The open benchmark: its scorers, its plain methods, and what it says of an answer that cannot be scored."""

import inspect
import sys
from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path
from types import CodeType

import polars as pl
import pytest

from benchmarks.open import __main__ as command
from benchmarks.open import (
    link_people,
    order_effect,
    outcome_incidence,
    rank_suspects,
    repeat_suspects,
    series_change,
)
from benchmarks.open.run import HEADING, cells, make_files, score_answers, seeds_of, table, written
from benchmarks.open.task import Given, Malformed, Task, checked, read_answer
from benchmarks.open.tasks import DEVELOPMENT, TASKS
from sample.synth import make as make_force
from sample.synth.clock import EXTRACT

SMALL = {"outcome_incidence": 8_000, "nowcast_charges": 3_000, "order_effect": 6_000, "series_change": 20_000}
EVERY = pytest.mark.parametrize("task", TASKS, ids=lambda task: task.name)
LONGEST = 50  # lines of a baseline, with what it calls

Wrong = Callable[[pl.DataFrame, Given], pl.DataFrame]
# answers that no reading of a task calls right
WRONG: dict[str, Wrong] = {
    "link_people": lambda right, given: right.with_columns(person_ref="person_key"),
    "repeat_suspects": lambda right, given: right.with_columns(~pl.col("is_repeat", "is_serial")),
    "find_breaches": lambda right, given: right.head(right.height // 2).vstack(
        given.truth["decoys"].select(right.columns).head(5)
    ),
    "outcome_incidence": lambda right, given: right.with_columns(incidence=1 - pl.col("incidence")),
    "series_change": lambda right, given: right.with_columns(~pl.col("changed")),
    "nowcast_charges": lambda right, given: right.with_columns(pl.col("charged", "lower", "upper") + 10),
    "rank_suspects": lambda right, given: repeat_suspects.keys(given.inputs).join(
        given.truth["serious"], on="person_key", how="anti"
    ).with_columns(rank=pl.int_range(1, pl.len() + 1)),
    "order_effect": lambda right, given: right.with_columns(pl.all() * 2),
}  # fmt: skip


@cache
def small(task: Task) -> Given:
    """A little force with a seed for development."""
    return task.make(SMALL.get(task.name, 900), DEVELOPMENT[0])


def names(code: CodeType) -> set[str]:
    """The names in a function, and in what is nested in it."""
    nested = [names(part) for part in code.co_consts if isinstance(part, CodeType)]
    return set(code.co_names).union(*nested)


def of_benchmark(function: Callable[..., object]) -> set[Callable[..., object]]:
    """The function, and those of the benchmark that it calls by name in its own module."""
    found: set[Callable[..., object]] = set()
    ahead = [function]
    while ahead:
        one = ahead.pop()
        found.add(one)
        module = vars(sys.modules[one.__module__])
        called = [module.get(name) for name in names(inspect.unwrap(one).__code__)]
        ahead += [other for other in called if inspect.isfunction(other) and other not in found
                  and other.__module__.startswith("benchmarks.")]  # fmt: skip
    return found


class TestEachTask:
    @EVERY
    def test_the_truth_has_the_best_score_and_a_wrong_answer_a_worse_one(self, task: Task) -> None:
        given = small(task)
        right = checked(task, task.perfect(given), given.inputs, "truth")
        wrong = checked(task, WRONG[task.name](right, given), given.inputs, "wrong")
        best, worse = task.score(right, given), task.score(wrong, given)
        assert best.keys() == worse.keys() == task.measures.keys()
        for name, measure in task.measures.items():
            top, other = best[name], worse[name]
            assert top is not None
            if measure.more_is_better is None:  # the share of intervals that hold the truth
                assert top == 1 > (other or 0)
            elif other is not None:
                assert top >= other if measure.more_is_better else top <= other, name
        ordered = [name for name, measure in task.measures.items() if measure.more_is_better is not None]
        assert any(best[name] != worse[name] for name in ordered)

    @EVERY
    def test_its_baseline_and_rival_answer_what_is_asked_and_no_better_than_the_truth(self, task: Task) -> None:
        given = small(task)
        best = task.score(task.perfect(given), given)
        for method in (task.baseline, task.rival):
            score = task.score(checked(task, method.answer(given.inputs), given.inputs, method.name), given)
            for name, measure in task.measures.items():
                if measure.more_is_better and name != "precision":
                    assert (score[name] or 0) <= (best[name] or 0), (method.name, name)

    @EVERY
    def test_its_baseline_is_short(self, task: Task) -> None:
        parts = of_benchmark(task.baseline.answer)
        assert 3 < sum(len(inspect.getsource(part).splitlines()) for part in parts) <= LONGEST, parts

    @EVERY
    def test_what_is_given_holds_nothing_of_the_truth(self, task: Task) -> None:
        given = small(task)
        named = {"record_ref"} if task.keys is None else set(task.key)  # an engagement has a reference of its own
        known = {name for frame in given.truth.values() for name in frame.columns} - named
        assert known and all(frame.height for frame in given.truth.values()), "the truth says something"
        for place, frame in given.inputs.items():
            assert not place.startswith("truth") and not known & set(frame.columns), place

    @EVERY
    def test_seeds_for_scoring_are_no_seeds_for_development(self, task: Task) -> None:
        assert not set(task.seeds) & set(DEVELOPMENT) and len(set(task.seeds)) == len(task.seeds)
        assert seeds_of(task, ["scoring"]) == task.seeds and seeds_of(task, ["7", "8"]) == [7, 8]

    @EVERY
    def test_its_page_says_its_columns_and_its_size(self, task: Task) -> None:
        page = (Path(__file__).parents[2] / "docs" / "open-benchmark.md").read_text("utf-8")
        assert f"| `{task.name}` |" in page and f"| {task.crimes:,} | {task.seeds[0]} " in page
        assert all(f"`{column}`" in page for column in task.asked)
        assert all(f"{task.crimes:,} | {task.seeds[0]} {word} {task.seeds[-1]} |" in page
                   for word in ("and" if len(task.seeds) == 2 else "to",))  # fmt: skip


class TestScores:
    def test_pairs_of_records_are_counted(self) -> None:
        """Of three true pairs one is found, and one that is none."""
        people = pl.DataFrame({"person_key": list("abcd"), "true_person": list("xxxy")})
        answer = pl.DataFrame({"person_key": list("abcd"), "person_ref": list("1122")})
        score = link_people.score(answer, Given({}, {"people": people}))
        assert score == {"precision": 0.5, "recall": pytest.approx(1 / 3), "F1": pytest.approx(0.4)}

    def test_a_person_is_called_if_a_key_is(self) -> None:
        people = pl.DataFrame({"person_key": ["a", "b", "c"], "true_person": ["x", "x", "y"]})
        suspects = pl.DataFrame({"true_person": ["x", "y"], "is_repeat": [True, False], "is_serial": [True, False]})
        answer = people.select("person_key", is_repeat=pl.Series([False, True, True]), is_serial=pl.lit(False))
        score = repeat_suspects.score(answer, Given({}, {"people": people, "suspects": suspects}))
        assert score == {"F1 repeat": pytest.approx(2 / 3), "F1 serial": 0}

    def test_a_change_that_is_dated_far_off_is_not_found(self) -> None:
        since = date(2025, 1, 1)
        changed = [True, True, False]
        truth = pl.DataFrame({"series": list("abc"), "changed": changed, "from_month": [since, since, None]})
        said = [date(2025, 3, 1), date(2024, 6, 1), date(2024, 6, 1)]
        answer = pl.DataFrame({"series": list("abc"), "changed": [True] * 3, "from_month": said})
        score = series_change.score(answer, Given({}, {"changes": truth}))
        assert score == {"false alarms": 1, "changes found": 0.5, "months off": 2}

    def test_only_the_first_of_a_list_count(self) -> None:
        events = pl.DataFrame({"person_key": ["p60", "p60", "p10", "unknown"], "event": list("abcd")})
        answer = pl.DataFrame({"person_key": [f"p{n}" for n in range(1, 121)], "rank": range(1, 121)})
        score = rank_suspects.score(answer, Given({}, {"serious": events}))
        assert score == {"by the first 50": 0.25, "by the first 100": 0.75}

    def test_reports_after_service_are_kept_in_the_ratio_that_is_the_truth(self) -> None:
        crimes, seed = SMALL["order_effect"], DEVELOPMENT[0]
        given = small(order_effect.TASK)
        f = make_force(crimes, seed, "none", has_story=False)[0].facts
        whole = pl.DataFrame({"pair": f["pair"], "day": (f["reported"] - EXTRACT) // 86400}).unique()
        after = (pl.col("day") - pl.col("served_day")).is_between(1, order_effect.FOLLOWED)
        before, now = (rows.join(given.inputs["orders"], on="pair").filter(after).height
                       for rows in (whole, given.inputs["reports"]))  # fmt: skip
        assert before > 60
        assert now / before == pytest.approx(given.truth["effect"]["ratio"][0], abs=3 * (0.25 / before) ** 0.5)
        assert whole.height - given.inputs["reports"].height == before - now, "nothing else is left out"

    def test_orders_go_to_pairs_with_more_reports(self) -> None:
        given = small(order_effect.TASK)
        chosen = order_effect.eligible(given.inputs["reports"]).join(given.inputs["orders"], on="pair", how="left")
        share = chosen.group_by(pl.col("burst") > 2).agg(pl.col("served_day").is_not_null().mean()).sort("burst")
        few, many = share["served_day"]
        assert many > few + 0.1

    def test_crimes_that_are_open_have_an_outcome_to_come(self) -> None:
        given = small(outcome_incidence.TASK)
        seen = outcome_incidence.shares(outcome_incidence.known(given.inputs), given.inputs["cells"])
        both = seen.join(given.truth["incidence"], on=outcome_incidence.KEY)
        more = both.filter(pl.col("day") == 365).select(pl.col("incidence_right") - pl.col("incidence")).to_series()
        assert more.min() >= 0 and more.sum() > 0.02


SERIES = series_change.TASK
MALFORMED: dict[str, tuple[Callable[[pl.DataFrame], pl.DataFrame], str]] = {
    "no column": (lambda rows: rows.drop("changed"),
                  "column changed: expected true or false; seen columns series, from_month, size"),
    "another kind": (lambda rows: rows.with_columns(changed=pl.lit(0.5)),
                     "column changed: expected true or false; seen kind Float64"),
    "a word": (lambda rows: rows.with_columns(changed=pl.lit("perhaps")),
               "column changed: expected true or false; seen 'perhaps'"),
    "no date": (lambda rows: rows.with_columns(from_month=pl.lit("01/02/2025")),
                "column from_month: expected date or empty; seen '01/02/2025'"),
    "empty": (lambda rows: rows.with_columns(changed=pl.lit(None, pl.Boolean)),
              "column changed: expected true or false; seen 120 empty values"),
    "twice": (lambda rows: pl.concat([rows, rows.head(1)]),
              "column series: expected each once; seen 00-00 more than once"),
    "unknown": (lambda rows: pl.concat([rows, rows.head(1).with_columns(series=pl.lit("x"))]),
                "column series: expected values of the given files; seen x"),
    "too few": (lambda rows: rows.tail(119),
                "column series: expected all 120 rows; seen 1 missing, such as 00-00"),
}  # fmt: skip


class TestAnswers:
    @pytest.mark.parametrize("fault", MALFORMED)
    def test_a_malformed_answer_gets_its_message(self, fault: str) -> None:
        change, message = MALFORMED[fault]
        given = small(SERIES)
        with pytest.raises(Malformed) as found:
            checked(SERIES, change(SERIES.perfect(given)), given.inputs, "answers/series_change/1.csv")
        assert str(found.value) == f"answers/series_change/1.csv: {message}"

    @pytest.mark.parametrize(
        ("rows", "message"),
        [([(0.0, 0.4, 0.6)], "column ratio: expected number from 0.001; seen 0.0"),
         ([(0.5, float("nan"), 0.6)], "column lower: expected number from 0.001; seen a number that is not finite"),
         ([(0.5, 0.6, 0.4)], "column lower: expected no more than upper; seen 0.6 above 0.4"),
         ([(0.5, 0.4, 0.6)] * 2, "column ratio, lower, upper: expected one row; seen 2 rows")],
    )  # fmt: skip
    def test_numbers_are_in_their_range_and_one_row_is_one(self, rows: list[tuple[float, ...]], message: str) -> None:
        answer = pl.DataFrame(rows, schema=list(order_effect.TASK.asked), orient="row")
        with pytest.raises(Malformed) as found:
            checked(order_effect.TASK, answer, {}, "a")
        assert str(found.value) == f"a: {message}"

    def test_a_missing_file_is_named(self, tmp_path: Path) -> None:
        with pytest.raises(Malformed) as found:
            read_answer(tmp_path, SERIES, 7)
        expected = "column series, changed, from_month: expected a file, .parquet or .csv; seen none"
        assert str(found.value) == f"{tmp_path}/series_change/7.parquet: {expected}"

    def test_a_file_that_is_none_is_named(self, tmp_path: Path) -> None:
        (tmp_path / "series_change").mkdir()
        (tmp_path / "series_change" / "7.parquet").write_text("no table", "utf-8")
        with pytest.raises(Malformed, match=r"7\.parquet: .*from_month: expected a \.parquet file; seen"):
            read_answer(tmp_path, SERIES, 7)

    def test_answers_as_csv_or_parquet_are_scored_alike(self, tmp_path: Path) -> None:
        folder = tmp_path / "series_change"
        folder.mkdir()
        for seed in (7, 8):
            answer = SERIES.perfect(SERIES.make(SERIES.crimes, seed))
            if seed == 7:
                answer.write_csv(folder / "7.csv")
            else:
                answer.write_parquet(folder / "8.parquet")
        said: list[str] = []
        scores, faults = score_answers(tmp_path, TASKS, ["7", "8"], 1, said.append)
        perfect = {"false alarms": 0, "changes found": 1, "months off": 0}
        assert scores == {"series_change": [perfect, perfect]} and not faults
        assert len(said) == len(TASKS) - 1 and said[0].startswith("link_people: no answers")

    def test_the_command_names_what_is_wrong_and_gives_no_score(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (tmp_path / "series_change").mkdir()
        SERIES.perfect(SERIES.make(SERIES.crimes, 7)).write_csv(tmp_path / "series_change" / "7.csv")
        asked = ["open", "score", "--answers", str(tmp_path), "--tasks", "series_change", "--seeds", "7"]
        monkeypatch.setattr(sys, "argv", asked)
        assert command.main() == 0
        assert "| yours | 0.0% | 100.0% | 0.00 |" in capsys.readouterr().out
        monkeypatch.setattr(sys, "argv", [*asked, "8"])
        assert command.main() == 1
        said = capsys.readouterr()
        assert "8.parquet: column series" in said.err and "yours" not in said.out

    def test_the_truth_is_written_beside_seeds_for_development_alone(self, tmp_path: Path) -> None:
        for seed in (DEVELOPMENT[0], SERIES.seeds[0]):
            make_files(tmp_path, [SERIES], [str(seed)], 1, lambda line: None)
        files = {file.relative_to(tmp_path / "series_change").as_posix() for file in tmp_path.rglob("*.parquet")}
        assert files == {"1/inputs/series.parquet", "1/truth/changes.parquet", "101/inputs/series.parquet"}


class TestPage:
    def test_the_last_run_replaces_the_one_before(self) -> None:
        page = f"# Page\n\n{HEADING}\n\nold\n\n### old\n\n| a |\n"
        assert written(page, ["new", "", "more", ""]) == f"# Page\n\n{HEADING}\n\nnew\n\nmore\n"

    def test_a_task_without_a_method_of_ours_says_so(self) -> None:
        score = {"error of log": 0.5, "inside 95% interval": 1.0, "width of log interval": 0.25}
        rows = table(order_effect.TASK, {"baseline": [score], "rival": [score], "truth": [score]}, 2)
        assert rows[2] == "1 force of 40,000 crimes." and "| ours: none yet | | | |" in rows
        assert "| baseline: before and after | 0.50 | 100.0% | 0.25 |" in rows

    def test_a_score_has_its_mean_and_its_range(self) -> None:
        scores = [{"false alarms": 0.1, "changes found": 0.5, "months off": 1.0},
                  {"false alarms": 0.3, "changes found": 0.5, "months off": None}]  # fmt: skip
        assert list(cells(SERIES, scores)) == ["20.0% (10.0% to 30.0%)", "50.0%", "1.00"]
