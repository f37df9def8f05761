"""The state of a home: whole, or failed, partial, late, stale; the same on pages, in `stra status` and in digests."""

import datetime as dt
import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from casework.store import backups, builds
from dashboards.data import home_state
from dashboards.data.home_state import HomeState
from dashboards.documents.digest import digest_text
from dashboards.parts import page
from dashboards.server.access import Person, Server
from pipelines.commands import cli
from pipelines.publication.publish import LIMITS
from pipelines.tables.cards import AUDIENCES, all_cards

NOW = dt.datetime(2026, 3, 10, 12, tzinfo=dt.UTC)
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
ROWS = b"PAR1 rows PAR1"
SHA256 = hashlib.sha256(ROWS).hexdigest()
OPEN, PERSON = "The publisher of open data", "Jane Invented"


def publish(
    home: Path, audience: str, *, at: dt.datetime, received: dict[str, dt.datetime] | None = None, run: str = "one",
    **more: Any,
) -> Path:  # fmt: skip
    """A copy with one table; `received` is publisher -> moment of its delivery."""
    folder = home / "published" / "copies" / audience / f"{len(list(home.rglob('manifest.json'))):06d}-{run}"
    folder.mkdir(parents=True)
    (folder / "core.crimes.parquet").write_bytes(ROWS)
    given = {OPEN: at} if received is None else received
    manifest = {
        "audience": audience, "published_at": at.isoformat(timespec="seconds"), "run_ref": run, "code_version": "1",
        "as_of": "2026-03-01",
        "tables": {"core.crimes": {"file": "core.crimes.parquet", "rows": 1200, "sha256": SHA256}},
        "sources": [{"source": f"s{n}", "publisher": publisher, "deliveries": [{"received_at": moment.isoformat()}]}
                    for n, (publisher, moment) in enumerate(given.items())],
        "withheld": {}, "rules": {"PASS": 3, "BREACH": 2},
    } | more  # fmt: skip
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    link = home / "published" / audience
    link.unlink(missing_ok=True)
    link.symlink_to(folder)
    return folder


def whole(home: Path, at: dt.datetime = NOW - HOUR, **more: Any) -> Path:
    """A home of three copies whose last build ended in order."""
    home.mkdir(exist_ok=True)
    (home / "warehouse.duckdb").write_bytes(b"")
    for audience in AUDIENCES:
        publish(home, audience, at=at, **more)
    ended(home, at)
    return home


def ended(home: Path, at: dt.datetime, result: str = "published", words: str = "") -> None:
    held = {"ended_at": at.isoformat(timespec="seconds"), "result": result, "words": words}
    (home / builds.LAST).write_text(json.dumps(held), encoding="utf-8")


def begun(home: Path, at: dt.datetime, process: int) -> None:
    held = {"process": process, "started_at": at.isoformat(), "line": "core.crimes: 5 rows"}
    (home / builds.RUNNING).write_text(json.dumps(held), encoding="utf-8")


def dead() -> int:
    process = subprocess.Popen([sys.executable, "-c", "pass"])
    process.wait()
    return process.pid


def read(home: Path, *audiences: str, **more: Any) -> HomeState:
    return home_state.read_state(home, audiences, now=NOW, **more)


def found(home: Path, *audiences: str, **more: Any) -> list[tuple[str, str]]:
    return [(trouble.kind, trouble.words) for trouble in read(home, *audiences, **more).troubles]


class TestWhole:
    def test_a_home_that_was_built_an_hour_ago(self, tmp_path: Path) -> None:
        state = read(whole(tmp_path))
        assert (state.kind, state.exit_code, state.troubles) == ("whole", 0, ())
        assert [(copy.audience, copy.row_count, copy.rules) for copy in state.copies] == [
            (audience, 1200, {"PASS": 3, "BREACH": 2}) for audience in AUDIENCES
        ]

    def test_published_files_of_one_audience_without_their_home(self, tmp_path: Path) -> None:
        """They do not say when a build last looked: the age of their deliveries is judged alone."""
        publish(tmp_path, "commissioning", at=NOW - 20 * DAY)
        assert found(tmp_path) == found(tmp_path, "commissioning") == []
        assert [kind for kind, _ in found(tmp_path, "commissioning", stale_days=19)] == ["stale"]

    def test_a_home_of_an_earlier_version_goes_by_its_publication(self, tmp_path: Path) -> None:
        home = whole(tmp_path)
        (home / builds.LAST).unlink()
        assert found(home) == []


class TestUnbuilt:
    def test_nothing_is_there(self, tmp_path: Path) -> None:
        for home in (None, tmp_path / "nowhere", tmp_path):
            state = home_state.read_state(home, now=NOW)
            assert (state.kind, state.exit_code, len(state.troubles)) == ("unbuilt", 1, 1)

    def test_a_first_build_that_failed_is_both(self, tmp_path: Path) -> None:
        (tmp_path / "warehouse.duckdb").write_bytes(b"")
        ended(tmp_path, NOW - HOUR, "failed", "the disk is full")
        assert [kind for kind, _ in found(tmp_path)] == ["unbuilt", "failed"]


class TestRefused:
    def test_a_delivered_file_that_was_refused_is_a_trouble_of_every_audience(self, tmp_path: Path) -> None:
        home = whole(tmp_path, refused_files=2)
        words = "2 delivered files or sheets are not loaded: nothing of it is in any figure."
        assert found(home) == found(home, "commissioning") == [("partial", words)]
        assert read(home).exit_code == 3

    def test_so_is_one_with_most_of_its_rows_in_quarantine(self, tmp_path: Path) -> None:
        home = whole(tmp_path, quarantined_files=1)
        words = "1 delivered file has many rows in quarantine: these are in no figure."
        assert (found(home), read(home).exit_code) == ([("partial", words)], 3)


class TestFailed:
    def test_a_build_that_failed_leaves_earlier_figures(self, tmp_path: Path) -> None:
        home = whole(tmp_path, NOW - 3 * HOUR)
        ended(home, NOW - HOUR, "failed", PERSON)
        words = "The build of 10 Mar 2026, 11:00 GMT did not finish: the figures are from before it."
        assert found(home) == [("failed", words)]
        assert (read(home).exit_code, read(home).troubles[0].cause) == (1, PERSON)

    def test_a_publication_since_then_ends_it(self, tmp_path: Path) -> None:
        """Dagster's own schedule publishes without a record of its end."""
        home = whole(tmp_path, NOW - HOUR)
        ended(home, NOW - 2 * HOUR, "failed")
        assert found(home) == []
        publish(home, AUDIENCES[0], at=NOW - 3 * HOUR)
        assert "failed" not in dict(found(home)), "to whichever audience"

    def test_a_killed_build_has_failed_until_another_ends(self, tmp_path: Path) -> None:
        home = whole(tmp_path, NOW - 3 * HOUR)
        begun(home, NOW - 2 * HOUR, dead())
        words = "The build begun 10 Mar 2026, 10:00 GMT was cut off: the figures are from before it."
        assert found(home) == [("failed", words)]
        ended(home, NOW - HOUR)
        assert found(home) == []

    def test_a_build_that_lives_was_not_cut_off(self, tmp_path: Path) -> None:
        home = whole(tmp_path, NOW - 3 * HOUR)
        begun(home, NOW - 2 * HOUR, os.getpid())
        state = read(home)
        assert state.troubles == () and state.running is not None

    @pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"ended_at": "yesterday", "result": "published"}'])
    def test_a_record_that_cannot_be_read_is_no_success(self, tmp_path: Path, text: str) -> None:
        home = whole(tmp_path)
        (home / builds.LAST).write_text(text, encoding="utf-8")
        assert found(home) == [("failed", "How the last build ended cannot be read.")]

    def test_a_result_that_nobody_knows_is_no_success(self, tmp_path: Path) -> None:
        home = whole(tmp_path)
        ended(home, NOW - HOUR, "perhaps")
        assert read(home).kind == "failed"


class TestPartial:
    def test_tables_withheld_are_counted_once_over_all_copies(self, tmp_path: Path) -> None:
        home = whole(tmp_path, withheld={"metrics.a": "Not published: ValueError"})
        assert found(home) == [("partial", "1 table is withheld.")]
        assert (read(home).exit_code, dict(read(home).withheld)) == (3, {"metrics.a": "Not published: ValueError"})

    def test_a_copy_that_is_not_there_or_cannot_be_read(self, tmp_path: Path) -> None:
        home = whole(tmp_path)
        (home / "published" / "integrity").unlink()
        (home / "published" / "command" / "manifest.json").write_text("{", encoding="utf-8")
        assert found(home) == [
            ("partial", "The copy of command cannot be read (JSONDecodeError)."),
            ("partial", "Nothing is published to integrity."),
        ]
        assert found(home, "commissioning") == [], "another audience's copy is not served here"

    @pytest.mark.parametrize("content", [None, b"", b"PAR1 ro", bytes([ROWS[0] ^ 1, *ROWS[1:]])])
    def test_a_file_that_is_lost_or_cut_short_or_has_a_flipped_bit(self, tmp_path: Path, content: bytes | None) -> None:
        home = whole(tmp_path)
        file = home / "published" / "command" / "core.crimes.parquet"
        file.unlink()
        if content is not None:
            file.write_bytes(content)
        assert found(home) == [("partial", "The copy of command has 1 damaged file: run stra verify.")]

    @pytest.mark.parametrize("name", ["core.crimes.parquet", "manifest.json"])
    def test_in_place_of_a_damaged_copy_the_newest_earlier_whole_one_is_shown(self, tmp_path: Path, name: str) -> None:
        home = whole(tmp_path, NOW - 3 * HOUR)
        second = publish(home, "command", at=NOW - 2 * HOUR, run="two")
        third = publish(home, "command", at=NOW - HOUR, run="three")
        server = Server(home, AUDIENCES, "INVENTED")
        for damaged, shown, moment in ((third, second, "10:00"), (second, second.with_name("000000-one"), "09:00")):
            file = damaged / name
            file.write_bytes(bytes([file.read_bytes()[0] ^ 64, *file.read_bytes()[1:]]))
            (kind, words), *_ = found(home, "command")
            instead = f"That of 10 Mar 2026, {moment} GMT is shown in its place: build again."
            assert (kind, words) == ("partial", f"The copy of command has 1 damaged file. {instead}")
            assert read(home, "command").copies[0].published_at.hour == int(moment[:2])
            copy = server.open("command", Person("Invented", "signed in", ("analyst",)), lambda table, count: "")
            assert copy.folder == shown.resolve()
        (tmp_path / "published" / "copies" / "command" / "000000-one" / name).unlink()
        assert read(home, "command").exit_code in (1, 3), "with no whole copy left, nothing passes for whole"

    def test_copies_of_two_builds_unless_one_is_publishing(self, tmp_path: Path) -> None:
        home = whole(tmp_path)
        publish(home, "command", at=NOW, run="two")
        ((kind, words),) = found(home)
        assert kind == "partial" and words.startswith("The copies of the audiences are from different builds: command")
        begun(home, NOW - HOUR, os.getpid())
        assert found(home) == []


class TestLate:
    @pytest.mark.parametrize(("hours", "kinds"), [(30, []), (31, ["late"])])
    def test_no_build_has_ended_for_longer_than_the_setting(self, tmp_path: Path, hours: int, kinds: list[str]) -> None:
        home = whole(tmp_path, NOW - hours * HOUR)
        assert [kind for kind, _ in found(home)] == kinds
        assert read(home).exit_code == (4 if kinds else 0)

    def test_a_build_with_nothing_new_counts(self, tmp_path: Path) -> None:
        home = whole(tmp_path, NOW - 31 * HOUR)
        ended(home, NOW - HOUR, "unchanged")
        assert found(home) == []

    def test_a_build_that_runs_for_too_long(self, tmp_path: Path) -> None:
        home = whole(tmp_path)
        begun(home, NOW - 31 * HOUR, os.getpid())
        words = "A build has been running since 9 Mar 2026, 05:00 GMT: one is expected every 30 hours."
        assert found(home) == [("late", words)]

    def test_an_end_that_is_to_come_says_nothing_of_its_age(self, tmp_path: Path) -> None:
        home = whole(tmp_path)
        ended(home, NOW + 2 * HOUR)
        assert found(home) == [
            ("late", "The last build ended 10 Mar 2026, 14:00 GMT, which is to come: check the clock.")
        ]

    def test_a_failed_build_of_long_ago_is_both_and_the_worse_comes_first(self, tmp_path: Path) -> None:
        home = whole(tmp_path, NOW - 60 * HOUR)
        ended(home, NOW - 40 * HOUR, "failed")
        assert ([kind for kind, _ in found(home)], read(home).exit_code) == (["failed", "late"], 1)


class TestStale:
    @pytest.mark.parametrize(("days", "kinds"), [(35, []), (36, ["stale"])])
    def test_nothing_delivered_for_longer_than_the_setting(self, tmp_path: Path, days: int, kinds: list[str]) -> None:
        home = whole(tmp_path, received={OPEN: NOW - days * DAY})
        assert [kind for kind, _ in found(home)] == kinds
        assert read(home).exit_code == (4 if kinds else 0)

    def test_open_data_do_not_hide_that_the_extract_no_longer_arrives(self, tmp_path: Path) -> None:
        home = whole(tmp_path, received={OPEN: NOW, home_state.EXTRACT: NOW - 40 * DAY})
        words = "Nothing of the force's extract has been delivered since 29 Jan 2026: one is expected every 35 days."
        assert found(home) == [("stale", words)]

    def test_without_any_delivery_nobody_knows(self, tmp_path: Path) -> None:
        assert found(whole(tmp_path, received={})) == [("stale", "When the latest delivery came is not known.")]

    def test_the_extract_has_the_publisher_that_its_cards_name(self) -> None:
        assert dict(all_cards()["raw.crime"].licence)["publisher"] == home_state.EXTRACT

    def test_a_copy_without_limits_has_those_that_are_shipped(self) -> None:
        assert home_state.SHIPPED == LIMITS


class TestBackups:
    """For those who run the machine: the figures do not rest on them."""

    def backed_up(self, home: Path, *, ended: dt.datetime, made: dt.datetime | None, words: str = "") -> Path:
        held = {"ended_at": ended.isoformat(), "words": words, "made_at": made and made.isoformat()}
        (whole(home) / backups.LAST).write_text(json.dumps(held), encoding="utf-8")
        return home

    def said(self, home: Path) -> list[tuple[str, str]]:
        assert found(home) == [], "no page and no /readyz says it"
        return found(home, with_backups=True)

    def test_a_home_that_was_never_backed_up_is_not_judged(self, tmp_path: Path) -> None:
        assert self.said(whole(tmp_path)) == []

    def test_a_backup_of_a_night_that_was_missed(self, tmp_path: Path) -> None:
        at = NOW - 30 * HOUR
        assert self.said(self.backed_up(tmp_path / "a", ended=at, made=at)) == []
        at = NOW - 31 * HOUR
        words = "No backup has been made since 9 Mar 2026, 05:00 GMT: one is expected every 30 hours."
        assert self.said(self.backed_up(tmp_path / "b", ended=at, made=at)) == [("unsaved", words)]
        publish(tmp_path / "b", "command", at=NOW - HOUR, run="one", limits={"keep.backup_hours": 200})
        assert self.said(tmp_path / "b") == [], "a force that backs up once a week sets it so"

    def test_one_that_was_not_made_says_of_when_the_last_one_is(self, tmp_path: Path) -> None:
        home = self.backed_up(tmp_path / "a", ended=NOW - HOUR, made=NOW - 25 * HOUR, words="no space: Jane Invented")
        words = "The backup of 10 Mar 2026, 11:00 GMT was not made. The last one before it is of 9 Mar 2026, 11:00 GMT."
        assert self.said(home) == [("unsaved", words)]
        assert read(home, with_backups=True).troubles[0].cause == "no space: Jane Invented"
        [first] = self.said(self.backed_up(tmp_path / "b", ended=NOW - HOUR, made=None, words="no key"))
        assert first[1] == "The backup of 10 Mar 2026, 11:00 GMT was not made. No backup was made before it."

    def test_a_record_that_cannot_be_read_is_no_backup(self, tmp_path: Path) -> None:
        for text in ("", "[]", '{"ended_at": "yesterday", "words": "", "made_at": null}'):
            (whole(tmp_path) / backups.LAST).write_text(text, encoding="utf-8")
            assert self.said(tmp_path) == [("unsaved", "How the last backup ended cannot be read.")]

    def test_whatever_is_wrong_with_the_figures_comes_first(self, tmp_path: Path) -> None:
        home = self.backed_up(tmp_path, ended=NOW - HOUR, made=None, words="no key")
        ended(home, NOW, "failed")
        state = read(home, with_backups=True)
        assert ([trouble.kind for trouble in state.troubles], state.exit_code) == (["failed", "unsaved"], 1)


class TestStatus:
    """`stra status`: exit code and JSON."""

    def run(self, home: Path, *more: str) -> tuple[int, str]:
        said = CliRunner().invoke(cli.app, ["status", "--home", str(home), *more])
        return said.exit_code, said.output

    @pytest.fixture
    def now(self) -> dt.datetime:
        return dt.datetime.now(dt.UTC).replace(microsecond=0)

    def test_exit_codes(self, tmp_path: Path, now: dt.datetime) -> None:
        home = whole(tmp_path / "a", now)
        assert self.run(home)[0] == 0
        ended(home, now - 40 * HOUR)
        assert self.run(home)[0] == 0, "the publication is newer"
        ended(home, now + HOUR / 2, "failed", f"core__crimes: {PERSON}")
        code, said = self.run(home)
        assert code == 1 and f"reason: core__crimes: {PERSON}" in said and said.endswith("State: failed.\n")
        for name, code, more in (("b", 3, {"withheld": {"metrics.a": "why"}}), ("c", 4, {"received": {}})):
            assert self.run(whole(tmp_path / name, now, **more))[0] == code
        assert self.run(tmp_path / "nowhere")[0] == 1

    def test_the_reply_to_a_program_keeps_its_keys_and_holds_no_word_of_a_failure(
        self, tmp_path: Path, now: dt.datetime
    ) -> None:
        home = whole(tmp_path, now, withheld={"metrics.a": "Not published: ValueError"})
        ended(home, now, "failed", PERSON)
        begun(home, now, os.getpid())
        code, said = self.run(home, "--json")
        reply = json.loads(said)
        assert code == 1 and PERSON not in said
        assert set(reply) == {"version", "state", "troubles", "last_build", "last_backup", "running", "copies", "disk"}
        assert (reply["version"], reply["state"], [t["kind"] for t in reply["troubles"]]) == (
            1, "failed", ["failed", "partial"],
        )  # fmt: skip
        assert reply["last_build"] == {"ended_at": now.isoformat(), "result": "failed", "seconds": None}
        assert reply["running"] == {"started_at": now.isoformat()}
        assert reply["copies"][0] == {
            "audience": "command", "published_at": now.isoformat(), "as_of": "2026-03-01", "run_ref": "one",
            "code_version": "1", "tables": 1, "rows": 1200, "deliveries": 1, "sources": 1,
            "latest_delivery": now.isoformat(), "refused_files": 0, "quarantined_files": 0, "left_out": {},
            "withheld": {"metrics.a": "Not published: ValueError"}, "rules": {"PASS": 3, "BREACH": 2},
        }  # fmt: skip

    def test_a_program_is_answered_without_a_home_too(self, tmp_path: Path) -> None:
        code, said = self.run(tmp_path / "nowhere", "--json")
        assert (code, json.loads(said)["state"], json.loads(said)["last_build"]) == (1, "unbuilt", None)


class TestSaid:
    """The same words on a page and in an alert."""

    def troubled(self, home: Path) -> HomeState:
        whole(home, NOW - 40 * HOUR, withheld={"metrics.a": "why"}, received={OPEN: NOW - 40 * DAY})
        ended(home, NOW - 39 * HOUR, "failed", "<b>Jane Invented</b>")
        return read(home)

    def test_a_page_shows_every_trouble_without_the_words_of_a_failure(self, tmp_path: Path) -> None:
        state = self.troubled(tmp_path)
        banner = page.state_banner(state)
        assert [kind for kind in page.STATES.values() if f"<strong>{kind}:</strong>" in banner] == [
            "A build failed", "Not everything is published", "Late", "No new data",
        ]  # fmt: skip
        assert banner.count("<p>") == 4 and "Jane" not in banner
        assert "1 table is withheld" not in page.state_banner(state, leave_out=home_state.WITHHELD)
        assert page.state_banner(read(whole(tmp_path / "other"))) == ""

    def test_an_alert_has_a_line_for_each(self, tmp_path: Path) -> None:
        lines = digest_text.build(self.troubled(tmp_path))
        assert [line.words for line in lines] == [
            "The build of 8 Mar 2026, 21:00 GMT did not finish: the figures are from before it. See stra status.",
            "1 table is withheld. See stra status.",
            "No build has ended since 8 Mar 2026, 21:00 GMT: one is expected every 30 hours. See stra status.",
            "Nothing has been delivered since 29 Jan 2026: one is expected every 35 days.",
        ]
        assert lines[-1].address == "what_was_delivered" and not any("Jane" in line.words for line in lines)
