"""A clock that is set back: what came first of deliveries, builds, releases, log lines and digests stays first.

The clock of this process alone is set; elsewhere figures were of an hour ago and a failed build looked like an old one.
"""

import datetime as dt
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from audit_hands import store
from built_home import select
from test_home_state import dead, publish, whole

from casework.access import access_log as log
from casework.store import builds
from casework.store import database as stores
from dashboards.data import home_state
from dashboards.documents.digest.subscriptions import Subscription
from pipelines.commands import watch
from pipelines.delivery import messages

HOUR, DAY, BACK = dt.timedelta(hours=1), dt.timedelta(days=1), dt.timedelta(hours=12)
OURS = ("casework.", "dashboards.", "pipelines.")
SetClock = Callable[[dt.timedelta], None]


@pytest.fixture
def set_clock(monkeypatch: pytest.MonkeyPatch) -> SetClock:
    """Give a function that sets the clock of all our modules."""
    shift = dt.timedelta(0)

    class Clock(dt.datetime):
        @classmethod
        def now(cls, tz: dt.tzinfo | None = None) -> Any:
            return dt.datetime.now(tz) + shift

    class Module:
        """`datetime` as a module, with that class."""

        datetime = Clock

        def __getattr__(self, name: str) -> Any:
            return getattr(dt, name)

    for name, module in list(sys.modules.items()):
        if name.startswith(OURS):
            if getattr(module, "datetime", None) is dt.datetime:
                monkeypatch.setattr(module, "datetime", Clock)
            if getattr(module, "dt", None) is dt:
                monkeypatch.setattr(module, "dt", Module())

    def to(by: dt.timedelta) -> None:
        nonlocal shift
        shift = by

    return to


def crimes(home: Path) -> int:
    ((count,),) = select(home, "select count(*) from core.crimes")
    return int(count)


class TestStateOfTheHome:
    @pytest.fixture
    def home(self, tmp_path: Path) -> Path:
        return whole(tmp_path / "home", dt.datetime.now(dt.UTC).replace(microsecond=0) - dt.timedelta(minutes=1))

    def kinds(self, home: Path) -> list[str]:
        return [trouble.kind for trouble in home_state.read_state(home).troubles]

    @pytest.mark.parametrize("back", [dt.timedelta(minutes=5), HOUR, 400 * DAY])
    def test_a_failure_is_seen_although_the_publication_looks_newer(
        self, home: Path, set_clock: SetClock, back: dt.timedelta
    ) -> None:
        set_clock(-back)
        builds.record_end(home, builds.FAILED, "the disk is full")
        assert "failed" in self.kinds(home)

    @pytest.mark.parametrize("back", [dt.timedelta(minutes=5), HOUR, 400 * DAY])
    def test_a_killed_build_is_seen_although_the_end_of_the_last_looks_newer(
        self, home: Path, set_clock: SetClock, back: dt.timedelta
    ) -> None:
        builds.record_end(home, builds.PUBLISHED)
        set_clock(-back)
        self.killed(home)
        assert "failed" in self.kinds(home)
        builds.record_end(home, builds.PUBLISHED)
        assert "failed" not in self.kinds(home), "a build has ended since"

    def test_a_publication_since_ends_a_failure_although_it_looks_older(self, home: Path, set_clock: SetClock) -> None:
        builds.record_end(home, builds.FAILED, "the disk is full")
        set_clock(-HOUR)
        self.killed(home)
        assert "failed" in self.kinds(home)
        for audience in ("command", "integrity", "commissioning"):
            folder = publish(home, audience, at=dt.datetime.now(dt.UTC) - HOUR, run="two")
            numbered = folder.rename(folder.with_name(f"000100-{folder.name}"))
            (home / "published" / audience).unlink()
            (home / "published" / audience).symlink_to(numbered)
        assert "failed" not in self.kinds(home)

    def killed(self, home: Path) -> None:
        """A notice that a process left behind which is no longer there."""
        notice = messages.Notice(home, lambda line: None)
        notice.say("core.crimes: 5 rows")
        path = home / builds.RUNNING
        path.write_text(path.read_text().replace(f'"process": {builds.os.getpid()}', f'"process": {dead()}'))


@pytest.mark.parametrize(("minutes", "is_said"), [(9, False), (11, True), (60, True), (60 * 24 * 366, True)])
def test_what_is_to_come_is_said(tmp_path: Path, minutes: int, is_said: bool) -> None:
    """The moments of a build and of a delivery, read by a clock that was set back."""
    home, at = whole(tmp_path / "home", dt.datetime(2026, 3, 29, 1, tzinfo=dt.UTC)), dt.timedelta(minutes=minutes)
    found = home_state.read_state(home, now=dt.datetime(2026, 3, 29, 1, tzinfo=dt.UTC) - at).troubles
    assert [trouble.kind for trouble in found] == (["late", "stale"] if is_said else [])
    assert all(trouble.words.endswith("check the clock.") for trouble in found)


def test_the_log_stays_one_chain_in_the_order_of_its_lines(tmp_path: Path, set_clock: SetClock) -> None:
    engine = store(tmp_path)
    for hours in (0, -1, -24, 1, -1):
        set_clock(hours * HOUR)
        log.record(engine, log.Action("consultation", "invented viewer", log.SIGNED_IN, "integrity", "daily_meeting",
                                      "daily lists of Unit A", 7))  # fmt: skip
    held = log.entries(engine)
    assert [row["sequence"] for row in held] == [5, 4, 3, 2, 1]
    assert held[0]["logged_at"] < held[1]["logged_at"], "the clock was set"
    assert log.verify(engine) == log.Verdict(5, ())
    assert stores.FILE in {path.name for path in tmp_path.iterdir()}


@pytest.mark.parametrize(
    ("every", "days", "is_due"),
    [("day", 0, False), ("day", 1, True), ("week", 6, False), ("week", 7, True),
     ("day", -1, True), ("week", -400, True)],  # sent on a day that is to come: else none is sent until then
)  # fmt: skip
def test_a_digest_does_not_wait_for_a_day_that_a_wrong_clock_gave(every: str, days: int, is_due: bool) -> None:
    today = dt.date(2026, 10, 25)
    assert Subscription("one", "registrar", every).is_due(today - days * DAY, today) is is_due


def test_a_watch_notes_its_look_although_the_last_build_is_to_come(tmp_path: Path, set_clock: SetClock) -> None:
    set_clock(30 * DAY)
    builds.record_end(tmp_path, builds.PUBLISHED)
    set_clock(dt.timedelta(0))
    watch._note_look(tmp_path)
    last = builds.last_build(tmp_path)
    assert last is not None and last.result == builds.UNCHANGED
    assert abs(last.ended_at - dt.datetime.now(dt.UTC)) < HOUR
