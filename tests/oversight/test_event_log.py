"""The log of a home's running: one JSON object a line, of bounded size, without any person. The record of builds."""

import json
import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import typer

from casework.store import builds, event_log
from dashboards.server.counts import Counts
from pipelines.commands import build, watch
from pipelines.fetching.folder import DataFolder

PERSON = "Jane Invented"


def lines(home: Path, name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (home / "logs" / f"{name}.jsonl").read_bytes().splitlines()]


class TestLines:
    def test_an_event_is_one_object_with_its_moment(self, tmp_path: Path) -> None:
        event_log.write(tmp_path, "build ended", result="failed", exit_code=1, seconds=2.5)
        (line,) = lines(tmp_path, "builds")
        assert line.pop("at").endswith("+00:00")
        assert line == {"event": "build ended", "result": "failed", "exit_code": 1, "seconds": 2.5}
        file = tmp_path / "logs" / "builds.jsonl"
        assert stat.S_IMODE(file.stat().st_mode) == 0o600 and stat.S_IMODE(file.parent.stat().st_mode) == 0o700

    @pytest.mark.parametrize(
        "text",
        ["a\nb", "a\r\n{}", "\x1b[2J\x1b]0;title\x07", "\u202egnirts", "\u2066x\u2069", "\u2028\u2029\x85", "\x7f\x00"],
    )
    def test_no_text_ends_a_line_or_commands_a_terminal(self, tmp_path: Path, text: str) -> None:
        event_log.write(tmp_path, "page failed", error=text, place="x")
        raw = (tmp_path / "logs" / "server.jsonl").read_bytes()
        assert all(32 <= byte < 127 for byte in raw[:-1]) and raw.endswith(b"\n") and raw.count(b"\n") == 1
        assert json.loads(raw)["error"] == text

    def test_an_event_or_field_that_is_not_listed_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(ValueError, match="no event of the log"):
            event_log.write(tmp_path, "build ended", words=PERSON)
        with pytest.raises(ValueError, match="no event of the log"):
            event_log.write(tmp_path, "somebody signed in")
        assert not (tmp_path / "logs").exists()

    def test_no_field_is_for_words_names_or_values(self) -> None:
        """A field more is a decision: look at what it can hold."""
        assert set().union(*(fields for _, fields in event_log.EVENTS.values())) == {
            "engine", "process", "result", "exit_code", "seconds", "withheld_tables", "every_seconds", "new_lines",
            "identity", "audiences", "status", "count", "error", "place", "claim",
        }  # fmt: skip

    def test_an_error_is_its_class_and_our_line_without_its_words(self) -> None:
        try:
            event_log.write(None, "page failed", name=PERSON)
        except ValueError as error:
            kind, place = event_log.place_of(error)
        assert kind == "ValueError" and place.startswith("casework/store/event_log.py:")
        assert event_log.place_of(KeyError(PERSON)) == ("KeyError", "")

    def test_a_log_that_cannot_be_written_stops_nothing_and_is_said(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (tmp_path / "logs").write_text("a file", encoding="utf-8")
        event_log.write(tmp_path, "watching ended", process=1)
        assert "the log could not be written" in capsys.readouterr().err
        event_log.write(tmp_path / "nowhere", "watching ended", process=1)
        assert not (tmp_path / "nowhere").exists()


class TestRotation:
    def test_the_files_are_bounded_and_the_newest_lines_are_kept(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(event_log, "LARGEST", 1000)
        for number in range(300):
            event_log.write(tmp_path, "watching ended", process=number)
        event_log.write(tmp_path, "page failed", error="x" * 5000, place="")
        files = sorted((tmp_path / "logs").glob("builds*"))
        assert [file.name for file in files] == [f"builds{n}.jsonl" for n in (".1", ".2", ".3", ".4", "")]
        assert all(file.stat().st_size <= 1000 for file in files)
        kept = [one["process"] for n in (".4", ".3", ".2", ".1", "") for one in lines(tmp_path, f"builds{n}")]
        assert kept == list(range(300 - len(kept), 300)) and len(kept) > 40
        assert len(lines(tmp_path, "server")[0]["error"]) == event_log.LONGEST

    def test_two_writers_lose_and_mix_no_line(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        code = (
            "import sys; from pathlib import Path; from casework.store import event_log; event_log.LARGEST = 20_000\n"
            "for n in range(200): event_log.write(Path(sys.argv[1]), 'watching ended', process=n)"
        )
        root = Path(event_log.__file__).parents[2]
        writers = [subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], cwd=root) for _ in range(2)]
        assert [writer.wait(timeout=60) for writer in writers] == [0, 0]
        found = [one["process"] for n in (".1", "") for one in lines(tmp_path, f"builds{n}")]
        assert sorted(found) == sorted([*range(200)] * 2)


class TestRecord:
    """`last_build.json`, and what a build logs."""

    def test_ends_are_counted_by_result_with_their_seconds(self, tmp_path: Path) -> None:
        builds.record_end(tmp_path, "published", seconds=10)
        builds.record_end(tmp_path, "failed", "why", 2.5)
        builds.record_end(tmp_path, "published", seconds=5)
        last = builds.last_build(tmp_path)
        assert last is not None and (last.result, last.words, last.seconds) == ("published", "", 5.0)
        assert last.tally == {"published": (2, 15.0), "failed": (1, 2.5)}
        (tmp_path / builds.LAST).write_text("{", encoding="utf-8")
        builds.record_end(tmp_path, "failed", "why", 1)
        last = builds.last_build(tmp_path)
        assert last is not None and last.tally == {"failed": (1, 1.0)}, "a damaged record does not stop a build"

    def test_a_look_that_found_nothing_counts_no_build(self, tmp_path: Path) -> None:
        builds.record_end(tmp_path, "published", seconds=10)
        builds.record_look(tmp_path)
        last = builds.last_build(tmp_path)
        assert last is not None and (last.result, last.tally) == ("unchanged", {"published": (1, 10.0)})

    def test_a_watch_notes_its_looks_now_and_then(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(watch, "nothing_came", lambda *_: True)
        builds.record_end(tmp_path, "published")
        assert watch.build_if_new(tmp_path, tmp_path) == 0
        last = builds.last_build(tmp_path)
        assert last is not None and last.result == "published", "the last note is a moment old"
        monkeypatch.setattr(watch, "LOOKS_NOTED", -1)
        assert watch.build_if_new(tmp_path, tmp_path) == 0
        last = builds.last_build(tmp_path)
        assert last is not None and last.result == "unchanged"

    @pytest.mark.parametrize(
        ("failures", "held_back", "left_out", "result", "code"),
        [
            ([], {}, {}, "published", 0),
            ([], {"metrics.a": "why"}, {}, "partial", 3),
            ([], {}, {"crimes.csv": "no crime number"}, "partial", 3),
            ([f"step: {PERSON}"], {}, {}, "failed", 1),
        ],
    )
    def test_a_build_logs_its_start_and_end_without_the_words_of_a_failure(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failures: list[str], held_back: dict[str, str],
        left_out: dict[str, str], result: str, code: int,
    ) -> None:  # fmt: skip
        monkeypatch.setattr(build, "nothing_new", lambda *_: False)
        monkeypatch.setattr(build, "build_home", lambda *_: failures)
        monkeypatch.setattr(
            "pipelines.publication.withheld.published",
            lambda _, kind="withheld": held_back if kind == "withheld" else left_out,
        )
        ended = build.run_folder(DataFolder(tmp_path), tmp_path, None)
        assert isinstance(ended, typer.Exit) and ended.exit_code == code
        start, end = lines(tmp_path, "builds")
        assert (start["event"], start["engine"], start["process"]) == ("build started", "duckdb", os.getpid())
        assert (end["event"], end["result"], end["exit_code"], end["withheld_tables"]) == (
            "build ended", result, code, len(held_back),
        )  # fmt: skip
        assert PERSON not in (tmp_path / "logs" / "builds.jsonl").read_text(encoding="utf-8")
        last = builds.last_build(tmp_path)
        assert last is not None and last.result == result
        assert last.words == "; ".join(failures or [f"not loaded: {name}" for name in left_out])


def test_refusals_are_counted_each_and_logged_once_a_minute(tmp_path: Path) -> None:
    counts = Counts()
    for at in (0.0, 1.0, 59.0, 60.0, 61.0):
        counts.refused(tmp_path, 429, at)
    counts.refused(tmp_path, 404, 61.0)
    assert counts.refusals == {429: 5, 404: 1}
    assert [(one["status"], one["count"]) for one in lines(tmp_path, "server")] == [(429, 1), (429, 4), (404, 1)]
