"""A changed definition is built beside the home first: what would move is told, and nothing of the home is touched."""

import fcntl
import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from commands import stra
from faults import forking
from home_by_hand import make_home
from small_home import copy_small_home

from casework.assessment import scheme
from casework.store.database import open_store
from casework.store.refusal import Refused
from pipelines.commands import plan as planned
from pipelines.commands.plan import Plan, _copied, lines
from pipelines.publication import compared as publications
from pipelines.publication import withheld
from pipelines.publication.compared import compared
from pipelines.tables.cards import ROOT

pytestmark = pytest.mark.slow


def test_an_edit_that_leaves_a_table_unbuilt_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A build withholds such a table and publishes the rest; an edit that does so must not be accepted."""
    data, home = copy_small_home(tmp_path)
    published = withheld.published
    monkeypatch.setattr("pipelines.dagster_records.build.build_home", lambda *given: [])
    monkeypatch.setattr(
        withheld, "published", lambda place: published(home) if place == home else {"metrics.v100": "Not published"}
    )
    found = planned.plan(data, home, None, lambda line: None)
    assert found.failures == ("metrics.v100: Not published",)
EFFECT = {"tables": {"command metrics.t": {"rows": 1, "of": 2}}}


def publish(home: Path, tables: dict[str, pl.DataFrame], grain: list[str]) -> Path:
    """Both audiences' copies of invented tables."""
    for audience in ("command", "commissioning"):
        folder = home / "published" / audience
        folder.mkdir(parents=True)
        entries: dict[str, Any] = {}
        for name, frame in tables.items() if audience == "command" else ():
            path = folder / f"{name}.parquet"
            frame.write_parquet(path)
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            entries[name] = {"file": path.name, "sha256": digest, "grain": grain}
        (folder / "manifest.json").write_text(json.dumps({"tables": entries}), encoding="utf-8")
    return home


def moved(tmp_path: Path, before: dict[str, Any], after: dict[str, Any], grain: list[str]) -> Plan:
    homes = [publish(tmp_path / name, {"metrics.t": pl.DataFrame(rows)}, grain) for name, rows in
             (("before", before), ("after", after))]  # fmt: skip
    found, appeared, gone = compared(homes[0], homes[1])
    return Plan(("reference.settings",), found, appeared, gone, ())


class TestWhatWouldMove:
    def test_by_row_and_figure_the_farthest_first(self, tmp_path: Path) -> None:
        before = {"k": ["a", "b", "c"], "share": [0.2, 0.5, 1.0], "count": [100, 50, 10]}
        after = {"k": ["a", "b", "c"], "share": [0.2, 0.9, 1.0], "count": [100, 50, 11]}
        found = moved(tmp_path, before, after, ["k"])
        [table] = found.moved
        assert (table.row_count, table.changed_count) == (3, 2)
        assert [(f["key"], f["column"], f["before"], f["after"]) for f in table.figures] == [
            ("b", "share", 0.5, 0.9), ("c", "count", 10, 11)
        ]  # fmt: skip
        told = "\n".join(lines(found))
        assert "command metrics.t: 2 of 3 rows would change" in told and "b: share 0.5 to 0.9" in told

    def test_rows_that_come_and_go_and_figures_that_are_lost(self, tmp_path: Path) -> None:
        found = moved(tmp_path, {"k": ["a", "b"], "n": [1, 2]}, {"k": ["b", "c"], "n": [None, 3]}, ["k"])
        assert found.moved[0].changed_count == 3
        assert [(f["key"], f["after"]) for f in found.moved[0].figures] == [("b", None)]

    def test_a_table_without_a_grain(self, tmp_path: Path) -> None:
        assert moved(tmp_path, {"n": [1, 2]}, {"n": [2, 4]}, []).moved[0].changed_count == 2

    def test_what_only_names_the_build_does_not_move(self, tmp_path: Path) -> None:
        same = {"k": ["a"], "n": [1]}
        found = moved(tmp_path, {**same, "run_ref": ["x"]}, {**same, "run_ref": ["y"]}, ["k"])
        assert found.moved == () and lines(found)[-1] == "No published figure would change."

    def test_tables_that_appear_or_go(self, tmp_path: Path) -> None:
        frame = pl.DataFrame({"k": ["a"]})
        one, two = publish(tmp_path / "one", {"metrics.old": frame}, []), publish(tmp_path / "two", {}, [])
        assert compared(one, two) == ((), (), ("command metrics.old",))
        assert compared(two, one) == ((), ("command metrics.old",), ())


class TestTheCopy:
    def test_every_rank_and_risk_of_a_theme_is_told(self, tmp_path: Path) -> None:
        rows = {"theme_code": [f"T{n}" for n in range(9)], "risk": [float(n) for n in range(9)], "rank": list(range(9))}
        after = {**rows, "risk": [n + 1.0 for n in range(9)], "rank": [9 - n for n in range(9)]}
        homes = [publish(tmp_path / name, {"metrics.theme_scores": pl.DataFrame(held)}, ["theme_code"])
                 for name, held in (("before", rows), ("after", after))]  # fmt: skip
        [table] = compared(homes[0], homes[1])[0]
        assert len(table.figures) == 18

    def test_what_a_killed_plan_left_is_taken_away_and_what_another_uses_is_not(self, tmp_path: Path) -> None:
        home = tmp_path / "home"
        home.mkdir()
        left, used = tmp_path / ".home-plan-left", tmp_path / ".home-plan-used"
        for folder in (left, used):
            folder.mkdir()
            (folder / "plan.lock").touch()
        with open(used / "plan.lock") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            with _copied(home) as scratch:
                assert scratch.is_dir() and not left.exists() and used.exists()
        assert not scratch.exists()


class TestAcceptance:
    def test_each_definition_is_a_version_and_is_logged(self, tmp_path: Path) -> None:
        engine = open_store(tmp_path)
        names = ["reference.settings", "rule TIM-01"]
        assert scheme.accept_definitions(engine, names, "Invented Analyst", "Limit of the law", EFFECT) == 3
        assert [(c["scheme_version"], c["key"]) for c in scheme.changes(engine)] == [
            (3, "rule TIM-01"), (2, "reference.settings")
        ]  # fmt: skip
        assert scheme.changes(engine)[0]["effect"] == EFFECT

    def test_nothing_changed_and_no_reason_are_refused(self, tmp_path: Path) -> None:
        engine = open_store(tmp_path)
        with pytest.raises(Refused, match="nothing to accept"):
            scheme.accept_definitions(engine, [], "Invented Analyst", "Why", EFFECT)
        with pytest.raises(Refused, match="Say why"):
            scheme.accept_definitions(engine, ["reference.settings"], "Invented Analyst", " ", EFFECT)
        assert scheme.version(engine) == 1


@pytest.mark.parametrize(("after", "moved"), [
    (35.67678188127776, 0),  # the sum of the same parts in another order
    (35.67678188, 1), (None, 1), (float("nan"), 1),
])  # fmt: skip
def test_the_last_digit_of_a_fraction_is_no_change(tmp_path: Path, after: float | None, moved: int) -> None:
    for name, value in (("before", 35.676781881277755), ("after", after)):
        frame = pl.DataFrame({"month": ["2026-11"], "expected": pl.Series([value], dtype=pl.Float64)})
        frame.write_parquet(tmp_path / f"{name}.parquet")
    paths = tmp_path / "before.parquet", tmp_path / "after.parquet"
    found = publications._differences("command", "metrics.t", *paths, ["month"])
    assert (0 if found is None else found.changed_count) == moved


def test_an_effect_that_is_not_the_one_that_was_seen_is_not_accepted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(planned, "plan", lambda *given: Plan(("reference.settings",), (), (), (), ()))
    home = make_home(tmp_path / "home")
    accept = ("--accept-by", "Invented Analyst", "--reason", "Invented", "--seen", "0123456789ab")
    said = stra("plan", "--data", tmp_path, "--home", home, *accept, code=1)
    assert "something has changed since" in said and scheme.version(open_store(home)) == 1


def test_an_edited_list_is_planned_accepted_and_only_then_built(tmp_path: Path) -> None:
    """The product copied and one judgement of it edited: the plan names what it moves and leaves the home alone."""
    product = tmp_path / "product"
    data, home = copy_small_home(tmp_path)
    for name in ("assets", "casework", "dashboards", "expectations", "pipelines", "sample"):
        shutil.copytree(ROOT / name, product / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("dagster.yaml", "pyproject.toml"):
        shutil.copy(ROOT / name, product / name)

    def there(*arguments: object) -> str:
        done = edited.run([*arguments, "--data", data, "--home", home], [])
        assert done.code == 0, done.said
        return done.said

    copy = (home / "published" / "command").resolve()
    judgements = product / "assets" / "reference" / "assessment" / "theme_judgements.csv"
    text = judgements.read_text(encoding="utf-8")
    judgements.write_text(text.replace("T7,public_expectation,3", "T7,public_expectation,4"), encoding="utf-8")
    accept = ("plan", "--accept-by", "Invented Analyst", "--reason", "Hate crime is a priority of the force", "--seen")
    with forking(tmp_path, PYTHONPATH=str(product)) as edited:
        told = there("plan")
        assert "edited since the last build: reference.theme_judgements" in told
        assert "command metrics.theme_scores: " in told and "T7: " in told and "Accepted" not in told
        assert "Accepted as version 2" in there(*accept, told.split("--seen ")[1].strip())
        assert (home / "published" / "command").resolve() == copy, "the plan published something"
        assert [path.name for path in tmp_path.iterdir() if "plan" in path.name] == []
        assert "CHANGED" not in there("build"), "the list was accepted with its effect"
    scores = pl.read_parquet((home / "published" / "command").resolve() / "metrics.theme_scores.parquet")
    assert set(scores["scheme_version"]) == {2}
